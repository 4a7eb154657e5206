//! Keys that follow from the service's one secret: a key for each purpose, so that none opens what another closes.
//! What they are used for stands where they are used; the keys of the register's own encryption do not come from here.

use crate::error::{Error, Result};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use secrecy::{ExposeSecret, SecretString};

/// The 256-bit key for a purpose, and of several for that purpose the one of this id (HKDF-SHA256, RFC 5869).
///
/// # Errors
/// Never for keys of this length.
pub fn derived_key(secret: &SecretString, purpose: &str, id: &str) -> Result<[u8; 32]> {
    let info: [&[u8]; 4] = [b"kaa\0", purpose.as_bytes(), b"\0", id.as_bytes()];
    let mut key = [0_u8; 32];
    Salt::new(HKDF_SHA256, &[])
        .extract(secret.expose_secret().as_bytes())
        .expand(&info, HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut key))
        .map_err(Error::internal)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_purpose_and_each_id_has_its_own_key_and_always_the_same() {
        let secret = SecretString::from("a secret of more than thirty-two bytes");
        let key = |purpose, id| derived_key(&secret, purpose, id).unwrap();
        assert_eq!(key("one", "1"), key("one", "1"));
        assert_ne!(key("one", "1"), key("one", "2"));
        assert_ne!(key("one", "1"), key("two", "1"));
        let other = SecretString::from("another secret of more than 32 bytes");
        assert_ne!(key("one", "1"), derived_key(&other, "one", "1").unwrap());
    }
}
