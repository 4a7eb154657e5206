//! Keys of the vault: how they are made, rotated, written and read. A file that only its owner may read, or a text in the
//! environment (for a secrets manager). Whoever loses them has lost what they close; nothing here can bring it back.

use super::KeySet;
use data_encoding::BASE64;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// Bytes of a key.
const LENGTH: usize = 32;
/// The form of the file.
const FORMAT: u32 = 1;

type Bytes = Zeroizing<Vec<u8>>;

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No file of that name.
    #[error(
        "the keys are not at {0}. Without the keys with which this database was written its identity numbers and texts cannot be read; put them back, or name them with --keys or KAA_KEYS"
    )]
    Missing(PathBuf),
    /// A file is there already.
    #[error("{0} exists already; keys are never written over")]
    Exists(PathBuf),
    /// The operating system refuses.
    #[error("{file}: {cause}")]
    File {
        /// Which file.
        file: PathBuf,
        /// What it says.
        cause: std::io::Error,
    },
    /// Others than the owner may read the file.
    #[error(
        "{0} can be read by others: chmod 600 it, and rotate the keys if others have had access"
    )]
    ReadableByOthers(PathBuf),
    /// Not what `kaa keys new` writes.
    #[error("the keys are damaged or of another format")]
    Damaged,
    /// A passphrase, or something else that is no key of a database file.
    #[error(
        "the key of the database file is 64 hexadecimal digits, as `kaa database new-key` writes them"
    )]
    FileKey,
    /// The environment cannot be written to.
    #[error(
        "keys of the environment are rotated where they are kept: run `kaa keys rotate` with a file"
    )]
    FromEnvironment,
    /// No random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    Random(String),
}

/// Every key, by set and version.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyFile {
    register: BTreeMap<u32, Bytes>,
    compartment: BTreeMap<u32, Bytes>,
    lookup: Bytes,
}

/// As it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    register: BTreeMap<u32, String>,
    compartment: BTreeMap<u32, String>,
    lookup: String,
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyFile([hidden])")
    }
}

fn random_key() -> Result<Bytes, KeyError> {
    let mut key = Zeroizing::new(vec![0; LENGTH]);
    getrandom::fill(&mut key).map_err(|cause| KeyError::Random(cause.to_string()))?;
    Ok(key)
}

impl KeyFile {
    /// New keys, version 1 of each set.
    ///
    /// # Errors
    /// No random bytes.
    pub fn fresh() -> Result<Self, KeyError> {
        Ok(Self {
            register: BTreeMap::from([(1, random_key()?)]),
            compartment: BTreeMap::from([(1, random_key()?)]),
            lookup: random_key()?,
        })
    }

    /// These keys and one more version of each set. The lookup key stays: every tag would have to be made anew at once.
    ///
    /// # Errors
    /// No random bytes.
    pub fn rotated(&self) -> Result<Self, KeyError> {
        let mut next = self.clone();
        for keys in [&mut next.register, &mut next.compartment] {
            let version = keys.last_key_value().map_or(0, |(version, _)| *version) + 1;
            keys.insert(version, random_key()?);
        }
        Ok(next)
    }

    /// Only the newest version of each set, once nothing is enciphered with the others.
    pub fn newest_alone(&self) -> Self {
        let newest = |keys: &BTreeMap<u32, Bytes>| {
            keys.last_key_value()
                .map(|(version, key)| (*version, key.clone()))
                .into_iter()
                .collect()
        };
        Self {
            register: newest(&self.register),
            compartment: newest(&self.compartment),
            lookup: self.lookup.clone(),
        }
    }

    /// The keys of a set by their versions, oldest first.
    pub fn versions(&self, set: KeySet) -> impl Iterator<Item = (u32, &[u8])> {
        let keys = match set {
            KeySet::Register => &self.register,
            KeySet::Compartment => &self.compartment,
        };
        keys.iter().map(|(version, key)| (*version, key.as_slice()))
    }

    /// The key of the keyed hash.
    pub fn lookup(&self) -> &[u8] {
        &self.lookup
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// It is not what [`KeyFile::text`] gives.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let written: Written = serde_json::from_str(text).map_err(|_| KeyError::Damaged)?;
        let key = |text: &String| {
            BASE64
                .decode(text.as_bytes())
                .ok()
                .filter(|key| key.len() == LENGTH)
                .map(Zeroizing::new)
                .ok_or(KeyError::Damaged)
        };
        let keys = |written: &BTreeMap<u32, String>| {
            written
                .iter()
                .map(|(version, text)| Ok((*version, key(text)?)))
                .collect::<Result<BTreeMap<u32, Bytes>, KeyError>>()
        };
        let file = Self {
            register: keys(&written.register)?,
            compartment: keys(&written.compartment)?,
            lookup: key(&written.lookup)?,
        };
        let is_usable = !file.register.is_empty() && !file.compartment.is_empty();
        if written.format == FORMAT && is_usable {
            Ok(file)
        } else {
            Err(KeyError::Damaged)
        }
    }

    /// The text form: JSON, the keys in base64.
    ///
    /// # Errors
    /// Never for keys.
    pub fn text(&self) -> Result<Zeroizing<String>, KeyError> {
        let keys = |keys: &BTreeMap<u32, Bytes>| {
            keys.iter()
                .map(|(version, key)| (*version, BASE64.encode(key)))
                .collect()
        };
        let written = Written {
            format: FORMAT,
            register: keys(&self.register),
            compartment: keys(&self.compartment),
            lookup: BASE64.encode(&self.lookup),
        };
        serde_json::to_string_pretty(&written)
            .map(|text| Zeroizing::new(text + "\n"))
            .map_err(|_| KeyError::Damaged)
    }

    /// Writes a file that was not there, for its owner alone, durable before this returns.
    ///
    /// # Errors
    /// It exists, or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyError> {
        write_private(path, self.text()?.as_bytes())
    }

    /// Writes these keys in place of those of a file: beside it first, then in one step, so that a power cut leaves one
    /// or the other whole.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn replace(&self, path: &Path) -> Result<(), KeyError> {
        let beside = path.with_extension("new");
        match std::fs::remove_file(&beside) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(KeyError::File {
                    file: beside,
                    cause,
                });
            }
            _ => {}
        }
        self.write_new(&beside)?;
        std::fs::rename(&beside, path)
            .and_then(|()| sync_folder(path))
            .map_err(|cause| KeyError::File {
                file: path.to_owned(),
                cause,
            })
    }
}

/// Writes a file that was not there, for its owner alone, durable before this returns.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let told = |cause: std::io::Error| {
        if cause.kind() == std::io::ErrorKind::AlreadyExists {
            KeyError::Exists(path.to_owned())
        } else {
            KeyError::File {
                file: path.to_owned(),
                cause,
            }
        }
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(told)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_folder(path))
        .map_err(|cause| {
            // Half a file would be taken for damaged keys, and stand in the way of whole ones.
            let _ = std::fs::remove_file(path);
            told(cause)
        })
}

/// Makes the name of a new file durable.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Where keys are kept.
#[derive(Clone)]
pub enum KeySource {
    /// A file of its owner alone.
    File(PathBuf),
    /// A text that the environment has given.
    Environment(Zeroizing<String>),
    /// Memory, for tests.
    Memory(Arc<RwLock<KeyFile>>),
}

impl std::fmt::Display for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(_) => f.write_str("the environment"),
            Self::Memory(_) => f.write_str("memory"),
        }
    }
}

impl KeySource {
    /// Keys that the environment has given.
    pub fn environment(text: &str) -> Self {
        Self::Environment(Zeroizing::new(text.to_owned()))
    }

    /// Reads the keys.
    ///
    /// # Errors
    /// They are not there, readable for others, or damaged.
    pub fn read(&self) -> Result<KeyFile, KeyError> {
        match self {
            Self::File(path) => read_file(path),
            Self::Environment(text) => KeyFile::parse(text),
            Self::Memory(file) => Ok(file.read().unwrap_or_else(PoisonError::into_inner).clone()),
        }
    }

    /// Keeps other keys in place of these.
    ///
    /// # Errors
    /// They are the environment's, or the file cannot be written.
    pub fn replace(&self, keys: &KeyFile) -> Result<(), KeyError> {
        match self {
            Self::File(path) => keys.replace(path),
            Self::Environment(_) => Err(KeyError::FromEnvironment),
            Self::Memory(file) => {
                *file.write().unwrap_or_else(PoisonError::into_inner) = keys.clone();
                Ok(())
            }
        }
    }
}

fn read_file(path: &Path) -> Result<KeyFile, KeyError> {
    KeyFile::parse(&read_private(path)?)
}

/// Reads a file that only its owner may read.
pub(super) fn read_private(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    let told = |cause: std::io::Error| match cause.kind() {
        std::io::ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
        _ => KeyError::File {
            file: path.to_owned(),
            cause,
        },
    };
    let mut file = std::fs::File::open(path).map_err(told)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().map_err(told)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::ReadableByOthers(path.to_owned()));
        }
    }
    let mut text = Zeroizing::new(String::new());
    std::io::Read::read_to_string(&mut file, &mut text).map_err(told)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_nobody_else_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let keys = KeyFile::fresh().unwrap();
        keys.write_new(&path).unwrap();
        assert_eq!(KeySource::File(path.clone()).read().unwrap(), keys);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(
                KeySource::File(path).read(),
                Err(KeyError::ReadableByOthers(_))
            ));
        }
    }

    #[test]
    fn keys_are_never_written_over_but_by_a_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let keys = KeyFile::fresh().unwrap();
        keys.write_new(&path).unwrap();
        let others = KeyFile::fresh().unwrap();
        assert!(matches!(others.write_new(&path), Err(KeyError::Exists(_))));
        let source = KeySource::File(path);
        assert_eq!(source.read().unwrap(), keys);
        let rotated = keys.rotated().unwrap();
        source.replace(&rotated).unwrap();
        let read = source.read().unwrap();
        assert_eq!(read, rotated);
        assert_eq!(read.versions(KeySet::Register).count(), 2);
        assert_eq!(read.lookup(), keys.lookup());
    }

    #[test]
    fn a_missing_file_says_what_that_means_and_a_damaged_one_is_refused() {
        let missing = KeySource::File("no/such/keys.json".into())
            .read()
            .unwrap_err();
        assert!(missing.to_string().contains("cannot be read"));
        let text = KeyFile::fresh().unwrap().text().unwrap();
        assert!(KeyFile::parse(&text).is_ok());
        for wrong in [
            "",
            "{}",
            &text.replace("\"format\": 1", "\"format\": 2"),
            &text.replace("\"1\"", "\"x\""),
            r#"{"format":1,"register":{},"compartment":{},"lookup":""}"#,
            r#"{"format":1,"register":{"1":"AAAA"},"compartment":{"1":"AAAA"},"lookup":"AAAA"}"#,
        ] {
            assert!(matches!(KeyFile::parse(wrong), Err(KeyError::Damaged)));
        }
    }

    #[test]
    fn keys_do_not_show_in_a_debug_print() {
        let keys = KeyFile::fresh().unwrap();
        assert_eq!(format!("{keys:?}"), "KeyFile([hidden])");
    }
}
