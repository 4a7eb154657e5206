//! Positions of lists as they stand in an address: sealed, since the key that a list is sorted by may be a name.

use crate::db::paging::Position;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// Seals positions and opens those it has sealed.
#[derive(Clone)]
pub struct Sealer(Arc<RandomizedNonceKey>);

impl Sealer {
    /// A sealer whose key follows from the service's secret, so that several servers read each other's positions.
    /// `None` only if the cipher refuses a key of its own length.
    pub fn new(secret: &SecretString) -> Option<Self> {
        let key = Sha256::new()
            .chain_update(b"kaa list positions v1\0")
            .chain_update(secret.expose_secret().as_bytes())
            .finalize();
        RandomizedNonceKey::new(&AES_256_GCM, &key)
            .ok()
            .map(|key| Self(Arc::new(key)))
    }

    /// The text of a position. `list` names the list, so that a position of one does not open in another.
    pub fn seal(&self, list: &str, position: &Position) -> Option<String> {
        let mut text = vec![u8::from(position.is_backwards)];
        text.extend_from_slice(position.id.as_bytes());
        text.extend_from_slice(position.key.as_bytes());
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(list.as_bytes()), &mut text)
            .ok()?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut text);
        Some(BASE64URL_NOPAD.encode(&sealed))
    }

    /// The position of a text, if it was sealed here for this list.
    pub fn open(&self, list: &str, text: &str) -> Option<Position> {
        let sealed = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let opened = self
            .0
            .open_in_place(nonce, Aad::from(list.as_bytes()), &mut rest)
            .ok()?;
        let (direction, opened) = opened.split_first()?;
        let (id, key) = opened.split_at_checked(16)?;
        Some(Position {
            key: String::from_utf8(key.to_vec()).ok()?,
            id: Uuid::from_slice(id).ok()?,
            is_backwards: *direction == 1,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]
    use super::*;

    #[test]
    fn a_position_opens_for_its_own_list_and_shows_nothing() {
        let sealer = Sealer::new(&SecretString::from("a secret")).unwrap();
        let position = Position {
            key: "lindqvist\talva".to_owned(),
            id: Uuid::from_u128(7),
            is_backwards: true,
        };
        let text = sealer.seal("listYouths", &position).unwrap();
        assert_eq!(sealer.open("listYouths", &text), Some(position));
        assert_eq!(sealer.open("listContacts", &text), None);
        assert!(!text.contains("lindqvist"));
        assert_eq!(sealer.open("listYouths", "x"), None);
        assert_eq!(
            sealer.open("listYouths", &text.replace(&text[..4], "AAAA")),
            None
        );
    }
}
