//! An anchor of the log: where every lane of the audit had come at a moment, signed with a key that is kept outside the
//! database, so that whoever can write there cannot rewrite what happened before. What the anchor is held against stands in
//! `db::audit_chain`; how keys and files are handled on the command line in `cli::audit`.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

/// The form of the file, so that a later one can be told apart.
pub const FORMAT: &str = "kaa-audit-anchor-1";

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// Where a lane had come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Head {
    /// The lane.
    pub lane: i32,
    /// The position of its last event: how many it had had.
    pub position: i64,
    /// That event's hash, hexadecimal.
    pub hash: String,
}

impl Head {
    /// The hash as bytes; `None` for what is not hexadecimal.
    pub fn hash_bytes(&self) -> Option<Vec<u8>> {
        HEXLOWER_PERMISSIVE.decode(self.hash.as_bytes()).ok()
    }
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    /// [`FORMAT`].
    pub format: String,
    /// When, RFC 3339 in UTC.
    pub made_at: String,
    /// The last migration that had run.
    pub schema: String,
    /// The lanes, in their order.
    pub heads: Vec<Head>,
}

impl Statement {
    /// The bytes that are signed: every part with its length before it, so that no two statements give the same.
    fn to_signed(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut feed = |part: &[u8]| {
            bytes.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend(part);
        };
        for text in [&self.format, &self.made_at, &self.schema] {
            feed(text.as_bytes());
        }
        for head in &self.heads {
            feed(&head.lane.to_be_bytes());
            feed(&head.position.to_be_bytes());
            feed(head.hash.as_bytes());
        }
        bytes
    }
}

/// A signed statement, as the file holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Anchor {
    /// What is signed.
    pub statement: Statement,
    /// The public half of the key, base64.
    pub public_key: String,
    /// Ed25519 over the statement, base64.
    pub signature: String,
}

/// Why a key or an anchor cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AnchorError {
    /// The file of the key is not one that `kaa audit key` made.
    #[error("this is no signing key: make one with `kaa audit key`")]
    NoKey,
    /// The operating system gave no random numbers, or the library refused.
    #[error("the cryptographic library failed")]
    Library,
    /// The file is no anchor of this form.
    #[error("this is no anchor of the log that this version can read")]
    NoAnchor,
    /// The anchor was changed, or signed with another key.
    #[error("the signature does not hold: the anchor has been changed, or another key signed it")]
    WrongSignature,
}

/// The key that signs anchors. Never printed.
pub struct AnchorKey(Ed25519KeyPair);

impl std::fmt::Debug for AnchorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AnchorKey([secret])")
    }
}

impl AnchorKey {
    /// A new key.
    ///
    /// # Errors
    /// No random numbers.
    pub fn generate() -> Result<Self, AnchorError> {
        Ed25519KeyPair::generate()
            .map(Self)
            .map_err(|_| AnchorError::Library)
    }
    /// The key as its file holds it: PKCS #8 in PEM.
    ///
    /// # Errors
    /// The library refused.
    pub fn to_text(&self) -> Result<String, AnchorError> {
        let document = self.0.to_pkcs8v1().map_err(|_| AnchorError::Library)?;
        let body = BASE64.encode(document.as_ref());
        Ok(format!("{BEGIN}\n{body}\n{END}\n"))
    }
    /// The key of a file.
    ///
    /// # Errors
    /// It is none.
    pub fn of_text(text: &str) -> Result<Self, AnchorError> {
        let body = text
            .trim()
            .strip_prefix(BEGIN)
            .and_then(|rest| rest.strip_suffix(END))
            .ok_or(AnchorError::NoKey)?;
        let body: String = body.split_whitespace().collect();
        let document = BASE64
            .decode(body.as_bytes())
            .map_err(|_| AnchorError::NoKey)?;
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(&document)
            .map(Self)
            .map_err(|_| AnchorError::NoKey)
    }
    /// The public half, base64: to be kept where anchors are verified.
    pub fn public(&self) -> String {
        BASE64.encode(self.0.public_key().as_ref())
    }
    /// Signs the digest of a cut, which says what of the log has been disposed of.
    pub fn sign_cut(&self, digest: &[u8]) -> String {
        BASE64.encode(self.0.sign(&cut_bytes(digest)).as_ref())
    }
    /// Signs a statement.
    pub fn sign(&self, statement: Statement) -> Anchor {
        let signature = self.0.sign(&statement.to_signed());
        Anchor {
            statement,
            public_key: self.public(),
            signature: BASE64.encode(signature.as_ref()),
        }
    }
}

/// The bytes that are signed for a cut. A statement begins with a length, so that neither can stand for the other.
fn cut_bytes(digest: &[u8]) -> Vec<u8> {
    [b"kaa-audit-cut-1".as_slice(), digest].concat()
}

/// Whether the signature of a cut holds for this public key.
///
/// # Errors
/// It does not.
pub fn check_cut(digest: &[u8], signature: &str, public_key: &str) -> Result<(), AnchorError> {
    check_bytes(&cut_bytes(digest), signature, public_key)
}

fn check_bytes(bytes: &[u8], signature: &str, public_key: &str) -> Result<(), AnchorError> {
    let decode = |text: &str| {
        BASE64
            .decode(text.trim().as_bytes())
            .map_err(|_| AnchorError::WrongSignature)
    };
    UnparsedPublicKey::new(&ED25519, decode(public_key)?)
        .verify(bytes, &decode(signature)?)
        .map_err(|_| AnchorError::WrongSignature)
}

impl Anchor {
    /// The anchor of a file.
    ///
    /// # Errors
    /// It is none.
    pub fn of_text(text: &str) -> Result<Self, AnchorError> {
        let anchor: Self = serde_json::from_str(text).map_err(|_| AnchorError::NoAnchor)?;
        let is_readable = anchor.statement.format == FORMAT
            && anchor
                .statement
                .heads
                .iter()
                .all(|head| head.hash_bytes().is_some());
        is_readable.then_some(anchor).ok_or(AnchorError::NoAnchor)
    }
    /// The anchor as its file holds it.
    ///
    /// # Errors
    /// Never, but for a fault of the library.
    pub fn to_text(&self) -> Result<String, AnchorError> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|_| AnchorError::Library)
    }
    /// Whether the signature holds for this public key. The key inside the anchor proves nothing by itself: whoever forges an
    /// anchor puts their own into it.
    ///
    /// # Errors
    /// It does not.
    pub fn check(&self, public_key: &str) -> Result<(), AnchorError> {
        check_bytes(&self.statement.to_signed(), &self.signature, public_key)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn statement() -> Statement {
        Statement {
            format: FORMAT.to_owned(),
            made_at: "2026-11-24T08:00:00.000000Z".to_owned(),
            schema: "20261126000006".to_owned(),
            heads: vec![Head {
                lane: 1,
                position: 3,
                hash: "ab01".to_owned(),
            }],
        }
    }

    #[test]
    fn a_key_comes_back_from_its_file_and_shows_nothing() {
        let key = AnchorKey::generate().unwrap();
        let text = key.to_text().unwrap();
        assert_eq!(AnchorKey::of_text(&text).unwrap().public(), key.public());
        assert_eq!(format!("{key:?}"), "AnchorKey([secret])");
        for wrong in ["", "x", &text.replace("PRIVATE", "PUBLIC"), &text[..60]] {
            assert_eq!(AnchorKey::of_text(wrong).unwrap_err(), AnchorError::NoKey);
        }
    }

    #[test]
    fn an_anchor_holds_for_its_key_and_no_other_and_for_no_other_words() {
        let key = AnchorKey::generate().unwrap();
        let text = key.sign(statement()).to_text().unwrap();
        let anchor = Anchor::of_text(&text).unwrap();
        assert_eq!(anchor.check(&key.public()), Ok(()));
        let other = AnchorKey::generate().unwrap();
        let wrong = Err(AnchorError::WrongSignature);
        assert_eq!(anchor.check(&other.public()), wrong);
        assert_eq!(anchor.check("not base64"), wrong);
        let changes: [fn(&mut Statement); 5] = [
            |s| s.made_at = "2026-11-25T08:00:00.000000Z".to_owned(),
            |s| s.schema = String::new(),
            |s| s.heads[0].position = 2,
            |s| s.heads[0].hash = "ab02".to_owned(),
            |s| s.heads.clear(),
        ];
        for change in changes {
            let mut changed = anchor.clone();
            change(&mut changed.statement);
            assert_eq!(changed.check(&key.public()), wrong);
        }
        // Signed by somebody else, with their key put in: it holds for that key alone.
        let forged = other.sign(statement());
        assert_eq!(forged.check(&forged.public_key), Ok(()));
        assert_eq!(forged.check(&key.public()), wrong);
    }

    #[test]
    fn a_signed_cut_holds_for_its_key_and_digest_alone_and_is_no_anchor() {
        let (key, other) = (
            AnchorKey::generate().unwrap(),
            AnchorKey::generate().unwrap(),
        );
        let signature = key.sign_cut(&[7; 32]);
        let public = key.public();
        let wrong = Err(AnchorError::WrongSignature);
        assert_eq!(check_cut(&[7; 32], &signature, &public), Ok(()));
        assert_eq!(check_cut(&[8; 32], &signature, &public), wrong);
        assert_eq!(check_cut(&[7; 32], &signature, &other.public()), wrong);
        assert_eq!(check_cut(&[7; 32], "", &public), wrong);
        let statement = key.sign(statement());
        let bytes = statement.statement.to_signed();
        assert_eq!(check_cut(&bytes, &statement.signature, &public), wrong);
    }

    #[test]
    fn what_is_no_anchor_is_refused() {
        let anchor = AnchorKey::generate().unwrap().sign(statement());
        let text = anchor.to_text().unwrap();
        for wrong in [
            "",
            "{}",
            &text.replace("anchor-1", "anchor-2"),
            &text.replace("ab01", "zz01"),
            &text.replace("\"lane\"", "\"street\""),
        ] {
            assert_eq!(Anchor::of_text(wrong), Err(AnchorError::NoAnchor));
        }
    }
}
