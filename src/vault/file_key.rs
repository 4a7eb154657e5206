//! The key of the embedded database's file as a whole: 256 random bits, never a passphrase, so that nothing has to be derived and
//! opening stays fast. It stands in a file of its owner alone or in the environment. It has nothing to do with the keys of the
//! texts in the database, which close them for whoever has the file open. What it enciphers is a matter of `db`.

use super::keys::{KeyError, read_private, write_private};
use data_encoding::HEXLOWER_PERMISSIVE;
use secrecy::zeroize::Zeroizing;
use std::path::Path;

/// Bytes of the key.
const LENGTH: usize = 32;

/// The key of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct FileKey(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey([hidden])")
    }
}

impl FileKey {
    /// A new key.
    ///
    /// # Errors
    /// No random bytes.
    pub fn fresh() -> Result<Self, KeyError> {
        let mut key = Zeroizing::new(vec![0; LENGTH]);
        getrandom::fill(&mut key).map_err(|cause| KeyError::Random(cause.to_string()))?;
        Ok(Self(key))
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// It is not 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        HEXLOWER_PERMISSIVE
            .decode(text.trim().as_bytes())
            .ok()
            .filter(|key| key.len() == LENGTH)
            .map(|key| Self(Zeroizing::new(key)))
            .ok_or(KeyError::FileKey)
    }

    /// The text form: 64 hexadecimal digits.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(data_encoding::HEXLOWER.encode(&self.0))
    }

    /// Reads a file that only its owner may read.
    ///
    /// # Errors
    /// It is not there, readable for others, or holds no key.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        Self::parse(&read_private(path)?)
    }

    /// Writes a file that was not there, for its owner alone.
    ///
    /// # Errors
    /// It exists, or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyError> {
        let line = Zeroizing::new(format!("{}\n", *self.text()));
        write_private(path, line.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_written_once_read_back_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("database.key");
        let key = FileKey::fresh().unwrap();
        key.write_new(&path).unwrap();
        assert!(matches!(key.write_new(&path), Err(KeyError::Exists(_))));
        assert_eq!(FileKey::read(&path).unwrap(), key);
        assert_ne!(FileKey::fresh().unwrap(), key);
        assert_eq!(format!("{key:?}"), "FileKey([hidden])");
    }

    #[test]
    fn a_passphrase_is_no_key() {
        for text in [
            "",
            "hemligt",
            &"ab".repeat(31),
            &"ab".repeat(33),
            &"xy".repeat(32),
        ] {
            assert!(
                matches!(FileKey::parse(text), Err(KeyError::FileKey)),
                "{text}"
            );
        }
        assert!(FileKey::parse(&format!(" {}\n", "Ab".repeat(32))).is_ok());
    }
}
