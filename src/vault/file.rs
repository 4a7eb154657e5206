//! Files that leave the database whole (backups): enciphered in chunks, so that any size passes through a little memory, and
//! cut off, reordered or lengthened they do not open (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015,
//! over AES-256-GCM). Each file has a key of its own, derived from the register's newest key, a fresh salt and the header.
//! What stands in a file and how it is checked is a matter of the command line.

use super::{KeyError, KeyFile, KeySet, Vault};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use data_encoding::BASE64;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Read, Write};

/// The first line of every such file.
const MAGIC: &str = "kaa enciphered file 1";
/// Bytes of open text in a chunk.
const CHUNK: usize = 64 * 1024;
/// Bytes that a chunk grows by.
const TAG: usize = 16;
/// The longest header that is read.
const HEADER_LIMIT: u64 = 16 * 1024;

/// What is told of a file before it is opened. It lies open, but cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// What it is: a copy of which database, in which form.
    pub content: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The version of the program that made it.
    pub program: String,
    /// The last migration of the database in it.
    pub schema: String,
    /// The version of the register's key.
    key_version: u32,
    /// Base64, 16 bytes.
    salt: String,
}

/// Why a file does not open.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Not such a file at all.
    #[error("this is not a file that kaa has enciphered")]
    Foreign,
    /// The key is not at hand.
    #[error(
        "it was enciphered with version {0} of the register's key, which is not among the keys at hand"
    )]
    KeyMissing(u32),
    /// The cipher says no.
    #[error("it does not open: other keys, or it has been changed or cut off")]
    Damaged,
    /// The keys cannot be read.
    #[error("{0}")]
    Keys(#[from] KeyError),
    /// The operating system says no.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Header {
    /// What is told of a file that is about to be made.
    ///
    /// # Errors
    /// No random bytes.
    pub fn new(content: &str, made_at: String, schema: String) -> Result<Self, FileError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|cause| KeyError::Random(cause.to_string()))?;
        Ok(Self {
            content: content.to_owned(),
            made_at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema,
            key_version: 0,
            salt: BASE64.encode(&salt),
        })
    }

    fn line(&self) -> Result<String, FileError> {
        serde_json::to_string(self).map_err(|_| FileError::Foreign)
    }

    fn key(&self, keys: &KeyFile) -> Result<LessSafeKey, FileError> {
        let salt = BASE64
            .decode(self.salt.as_bytes())
            .map_err(|_| FileError::Foreign)?;
        let line = self.line()?;
        let info: [&[u8]; 2] = [MAGIC.as_bytes(), line.as_bytes()];
        let (_, key) = keys
            .versions(KeySet::Register)
            .find(|(version, _)| *version == self.key_version)
            .ok_or(FileError::KeyMissing(self.key_version))?;
        let mut bytes = Zeroizing::new([0_u8; 32]);
        Salt::new(HKDF_SHA256, &salt)
            .extract(key)
            .expand(&info, HKDF_SHA256)
            .and_then(|derived| derived.fill(bytes.as_mut()))
            .map_err(|_| FileError::Damaged)?;
        UnboundKey::new(&AES_256_GCM, bytes.as_ref())
            .map(LessSafeKey::new)
            .map_err(|_| FileError::Damaged)
    }
}

/// The number of the chunk and whether it is the last: no two chunks of a file have the same, and none can take the place of
/// another.
fn nonce(number: u64, is_last: bool) -> Nonce {
    let mut bytes = [0_u8; NONCE_LEN];
    for (place, byte) in bytes.iter_mut().skip(3).zip(number.to_be_bytes()) {
        *place = byte;
    }
    if let Some(last) = bytes.last_mut() {
        *last = u8::from(is_last);
    }
    Nonce::assume_unique_for_key(bytes)
}

/// Reads until the buffer is full or the source has ended.
fn fill(source: &mut impl Read, buffer: &mut Vec<u8>, length: usize) -> std::io::Result<()> {
    let missing = u64::try_from(length.saturating_sub(buffer.len())).unwrap_or(0);
    source.take(missing).read_to_end(buffer).map(|_| ())
}

/// Enciphers everything a source gives. Gives the number of bytes read.
///
/// # Errors
/// The keys or the files.
pub fn encipher(
    vault: &Vault,
    header: &Header,
    mut source: impl Read,
    mut sink: impl Write,
) -> Result<u64, FileError> {
    let keys = vault.source().read()?;
    let newest = keys.versions(KeySet::Register).last();
    let header = Header {
        key_version: newest.map_or(0, |(version, _)| version),
        ..header.clone()
    };
    let key = header.key(&keys)?;
    writeln!(sink, "{MAGIC}\n{}", header.line()?)?;
    let (mut number, mut total) = (0_u64, 0_u64);
    let mut chunk = Vec::with_capacity(CHUNK + TAG);
    fill(&mut source, &mut chunk, CHUNK)?;
    loop {
        // The next is read first: only so is it known which is the last.
        let mut next = Vec::with_capacity(CHUNK + TAG);
        fill(&mut source, &mut next, CHUNK)?;
        let is_last = next.is_empty();
        total += u64::try_from(chunk.len()).unwrap_or(0);
        key.seal_in_place_append_tag(nonce(number, is_last), Aad::empty(), &mut chunk)
            .map_err(|_| FileError::Damaged)?;
        sink.write_all(&chunk)?;
        if is_last {
            sink.flush()?;
            return Ok(total);
        }
        chunk = next;
        number += 1;
    }
}

/// What is told of a file, without opening it.
///
/// # Errors
/// It is none of ours.
pub fn header(source: impl Read) -> Result<Header, FileError> {
    read_header(&mut BufReader::new(source))
}

fn read_header(source: &mut impl BufRead) -> Result<Header, FileError> {
    let mut lines = [String::new(), String::new()];
    let mut limited = source.take(HEADER_LIMIT);
    for line in &mut lines {
        limited
            .read_line(line)
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::InvalidData => FileError::Foreign,
                _ => FileError::Io(error),
            })?;
    }
    let [magic, header] = lines;
    if magic.trim_end() != MAGIC {
        return Err(FileError::Foreign);
    }
    serde_json::from_str(&header).map_err(|_| FileError::Foreign)
}

/// Deciphers a file. What has been written to the sink when this fails must not be used. Gives what is told of it and the
/// number of bytes written.
///
/// # Errors
/// It is none of ours, the key is missing, or it has been changed.
pub fn decipher(
    vault: &Vault,
    source: impl Read,
    mut sink: impl Write,
) -> Result<(Header, u64), FileError> {
    let mut source = BufReader::new(source);
    let header = read_header(&mut source)?;
    let key = header.key(&vault.source().read()?)?;
    let (mut number, mut total) = (0_u64, 0_u64);
    let mut chunk = Vec::with_capacity(CHUNK + TAG);
    fill(&mut source, &mut chunk, CHUNK + TAG)?;
    loop {
        let mut next = Vec::with_capacity(CHUNK + TAG);
        fill(&mut source, &mut next, CHUNK + TAG)?;
        let is_last = next.is_empty();
        let open = key
            .open_in_place(nonce(number, is_last), Aad::empty(), &mut chunk)
            .map_err(|_| FileError::Damaged)?;
        total += u64::try_from(open.len()).unwrap_or(0);
        sink.write_all(open)?;
        if is_last {
            sink.flush()?;
            return Ok((header, total));
        }
        chunk = next;
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::vault::KeySource;
    use std::sync::{Arc, RwLock};

    fn keys() -> Arc<RwLock<KeyFile>> {
        Arc::new(RwLock::new(KeyFile::fresh().unwrap()))
    }

    fn vault(keys: &Arc<RwLock<KeyFile>>) -> Vault {
        Vault::open(KeySource::Memory(Arc::clone(keys))).unwrap()
    }

    fn told() -> Header {
        Header::new("test", "2026-11-26T08:00:00Z".to_owned(), "1".to_owned()).unwrap()
    }

    fn made(vault: &Vault, open: &[u8]) -> Vec<u8> {
        let mut made = Vec::new();
        let total = encipher(vault, &told(), open, &mut made).unwrap();
        assert_eq!(total, open.len() as u64);
        made
    }

    #[test]
    fn a_file_of_any_length_opens_again_and_shows_nothing() {
        let vault = vault(&keys());
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
            let open: Vec<u8> = b"Kvistberg ".iter().copied().cycle().take(length).collect();
            let made = made(&vault, &open);
            assert!(!made.windows(9).any(|part| part == b"Kvistberg"));
            let mut back = Vec::new();
            let (header, total) = decipher(&vault, made.as_slice(), &mut back).unwrap();
            assert!(back == open && total == length as u64, "{length}");
            assert_eq!(header.content, "test");
        }
    }

    #[test]
    fn cut_off_lengthened_reordered_or_changed_it_does_not_open() {
        let vault = vault(&keys());
        let open = vec![7; 3 * CHUNK];
        let made = made(&vault, &open);
        let start = made.len() - 3 * (CHUNK + TAG);
        let part = |from: usize, to: usize| made.get(from..to).unwrap().to_vec();
        let chunk = |number: usize| {
            let from = start + number * (CHUNK + TAG);
            part(from, from + CHUNK + TAG)
        };
        let head = part(0, start);
        let (first, second, third) = (chunk(0), chunk(1), chunk(2));
        let mut changed = made.clone();
        *changed.last_mut().unwrap() ^= 1;
        let text = String::from_utf8(head.clone()).unwrap();
        let other_head = text.replace("\"test\"", "\"tezt\"").into_bytes();
        for (what, wrong) in [
            ("cut off", part(0, made.len() - 1)),
            ("without its last chunk", part(0, made.len() - CHUNK - TAG)),
            ("without its chunks", head.clone()),
            ("lengthened", [made.clone(), vec![0]].concat()),
            ("twice the last", [made.clone(), third.clone()].concat()),
            (
                "reordered",
                [head.clone(), second.clone(), first.clone(), third.clone()].concat(),
            ),
            ("changed", changed),
            (
                "of another header",
                [other_head, first, second, third].concat(),
            ),
        ] {
            let opened = decipher(&vault, wrong.as_slice(), std::io::sink());
            assert!(matches!(opened, Err(FileError::Damaged)), "{what}");
        }
        for foreign in [
            &b""[..],
            b"SQLite format 3\0",
            b"kaa enciphered file 1\n{}",
            &[255; 90],
        ] {
            let opened = decipher(&vault, foreign, std::io::sink());
            assert!(matches!(opened, Err(FileError::Foreign)), "{foreign:?}");
        }
    }

    #[test]
    fn it_needs_the_keys_it_was_made_with_also_after_a_rotation() {
        let mine = keys();
        let vault_of_mine = vault(&mine);
        let made = made(&vault_of_mine, b"open");
        assert!(matches!(
            decipher(&vault(&keys()), made.as_slice(), std::io::sink()),
            Err(FileError::Damaged)
        ));
        let rotated = mine.read().unwrap().rotated().unwrap();
        *mine.write().unwrap() = rotated;
        assert!(decipher(&vault_of_mine, made.as_slice(), std::io::sink()).is_ok());
        let newest = mine.read().unwrap().newest_alone();
        *mine.write().unwrap() = newest;
        assert!(matches!(
            decipher(&vault_of_mine, made.as_slice(), std::io::sink()),
            Err(FileError::KeyMissing(1))
        ));
    }
}
