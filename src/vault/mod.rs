//! The vault: enciphers what must not lie open in the database, and deciphers it again (AES-256-GCM-SIV, RFC 8452, by
//! aws-lc-rs). What is enciphered is bound to its place, so that a text moved to another record or column does not open.
//! Two sets of keys, one for the register and one for the protected compartment, each with versions; and one key for the
//! keyed hash by which an identity number is found. Which columns are enciphered is told in `db`; where keys come from, in
//! `keys`. No rule of who may read stands here.

pub mod file;
mod file_key;
mod keys;

pub use file_key::FileKey;
pub use keys::{KeyError, KeyFile, KeySource};

use crate::error::{Error, Result};
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// What every cipher text begins with; the digit is the format.
const MARK: &str = "kaa1:";

/// Which keys a text is enciphered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeySet {
    /// The register's.
    Register,
    /// The protected compartment's.
    Compartment,
}

impl KeySet {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Register, Self::Compartment];

    /// The set for the texts of a table: those of the compartment bear its name.
    pub fn of_table(table: &str) -> Self {
        if table.starts_with("protected_") {
            Self::Compartment
        } else {
            Self::Register
        }
    }

    /// What the set is called where operators read of it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Compartment => "compartment",
        }
    }

    /// What names the set in a cipher text.
    pub const fn letter(self) -> char {
        match self {
            Self::Register => 'r',
            Self::Compartment => 'p',
        }
    }
}

/// Where a text stands; it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The id of the record.
    pub record: Uuid,
    /// Which of several texts of the same record (a version); 0 where there is one.
    pub part: u64,
}

impl<'a> Place<'a> {
    /// The one text in a column of a record.
    pub const fn of(table: &'a str, column: &'a str, record: Uuid) -> Self {
        Self {
            table,
            column,
            record,
            part: 0,
        }
    }

    /// The bytes that are authenticated beside the text. Names of tables and columns hold neither `.` nor `|`.
    fn bound(&self, head: &str) -> Vec<u8> {
        format!(
            "{head}|{}.{}|{}|{}",
            self.table,
            self.column,
            self.record.simple(),
            self.part
        )
        .into_bytes()
    }
}

/// The keys, ready for use.
struct Loaded {
    ciphers: BTreeMap<(KeySet, u32), RandomizedNonceKey>,
    lookup: hmac::Key,
    fingerprints: BTreeMap<(KeySet, u32), String>,
    lookup_fingerprint: String,
}

impl Loaded {
    fn of(file: &KeyFile) -> std::result::Result<Self, KeyError> {
        let (mut ciphers, mut fingerprints) = (BTreeMap::new(), BTreeMap::new());
        for set in KeySet::ALL {
            for (version, bytes) in file.versions(set) {
                let cipher = RandomizedNonceKey::new(&AES_256_GCM_SIV, bytes)
                    .map_err(|_| KeyError::Damaged)?;
                ciphers.insert((set, version), cipher);
                fingerprints.insert((set, version), fingerprint(bytes));
            }
        }
        Ok(Self {
            ciphers,
            lookup: hmac::Key::new(hmac::HMAC_SHA256, file.lookup()),
            fingerprints,
            lookup_fingerprint: fingerprint(file.lookup()),
        })
    }

    fn newest(&self, set: KeySet) -> Option<(u32, &RandomizedNonceKey)> {
        self.ciphers
            .range((set, 0)..=(set, u32::MAX))
            .next_back()
            .map(|((_, version), cipher)| (*version, cipher))
    }
}

/// Tells keys apart without telling them: the beginning of an HMAC under the key itself.
fn fingerprint(key: &[u8]) -> String {
    let tag = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, key),
        b"kaa key fingerprint",
    );
    let start: Vec<u8> = tag.as_ref().iter().take(8).copied().collect();
    data_encoding::HEXLOWER.encode(&start)
}

/// Enciphers and deciphers. Several servers share the keys; a version that another has made is looked up when it is met.
pub struct Vault {
    source: KeySource,
    loaded: RwLock<Arc<Loaded>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({})", self.source)
    }
}

impl Vault {
    /// Reads the keys.
    ///
    /// # Errors
    /// They are not there, not readable, readable for others, or damaged.
    pub fn open(source: KeySource) -> std::result::Result<Self, KeyError> {
        let loaded = Loaded::of(&source.read()?)?;
        Ok(Self {
            source,
            loaded: RwLock::new(Arc::new(loaded)),
        })
    }

    /// Reads the keys again, after a rotation.
    ///
    /// # Errors
    /// As [`Vault::open`]; then the keys in use stay.
    pub fn read_again(&self) -> std::result::Result<(), KeyError> {
        let loaded = Arc::new(Loaded::of(&self.source.read()?)?);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(())
    }

    fn loaded(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Enciphers a text for its place, with the newest key of its table's set.
    ///
    /// # Errors
    /// 500 if the cipher refuses, which it does for no text that fits into memory.
    pub fn encipher(&self, place: &Place<'_>, text: &str) -> Result<String> {
        let (set, loaded) = (KeySet::of_table(place.table), self.loaded());
        let (version, cipher) = loaded
            .newest(set)
            .ok_or_else(|| Error::internal("the vault has no key"))?;
        let head = format!("{MARK}{}{version}", set.letter());
        let mut bytes = text.as_bytes().to_vec();
        let nonce = cipher
            .seal_in_place_append_tag(Aad::from(place.bound(&head)), &mut bytes)
            .map_err(|_| Error::internal("a text cannot be enciphered"))?;
        let mut whole = nonce.as_ref().to_vec();
        whole.append(&mut bytes);
        Ok(format!("{head}:{}", BASE64URL_NOPAD.encode(&whole)))
    }

    /// Deciphers a text at its place.
    ///
    /// # Errors
    /// 500: it lies open, its key is not known, it has been changed, or it stands in another place than the one it was
    /// written for.
    pub fn decipher(&self, place: &Place<'_>, cipher_text: &str) -> Result<String> {
        let set = KeySet::of_table(place.table);
        let told = |what: &str| {
            Error::internal(format!(
                "{}.{} of {}: {what}",
                place.table, place.column, place.record
            ))
        };
        let (head, version, body) = parts(cipher_text, set)
            .ok_or_else(|| told("not a cipher text of this table's keys"))?;
        let bytes = BASE64URL_NOPAD
            .decode(body.as_bytes())
            .map_err(|_| told("not a cipher text"))?;
        let mut loaded = self.loaded();
        if !loaded.ciphers.contains_key(&(set, version)) {
            // Another server may have rotated the keys since they were read here.
            self.read_again().map_err(Error::internal)?;
            loaded = self.loaded();
        }
        let cipher = loaded
            .ciphers
            .get(&(set, version))
            .ok_or_else(|| told("its key is not among those known"))?;
        let (nonce, rest) = bytes
            .split_at_checked(NONCE_LEN)
            .ok_or_else(|| told("too short"))?;
        let nonce =
            Nonce::try_assume_unique_for_key(nonce).map_err(|_| told("its nonce is not one"))?;
        let mut rest = rest.to_vec();
        let length = cipher
            .open_in_place(nonce, Aad::from(place.bound(head)), &mut rest)
            .map_err(|_| told("changed, or moved from another place"))?
            .len();
        rest.truncate(length);
        String::from_utf8(rest).map_err(|_| told("not a text"))
    }

    /// What every text of this table that is enciphered with the newest key begins with.
    ///
    /// # Errors
    /// 500: there is no key.
    pub fn newest_head(&self, table: &str) -> Result<String> {
        let set = KeySet::of_table(table);
        let newest = self.loaded().newest(set).map(|(version, _)| version);
        newest
            .map(|version| format!("{MARK}{}{version}:", set.letter()))
            .ok_or_else(|| Error::internal("the vault has no key"))
    }

    /// The keyed hash (HMAC-SHA-256) by which a value of a kind is found again without lying open, in base64url.
    pub fn lookup(&self, kind: &str, value: &str) -> String {
        let loaded = self.loaded();
        let mut context = hmac::Context::with_key(&loaded.lookup);
        for part in [kind, "\0", value] {
            context.update(part.as_bytes());
        }
        BASE64URL_NOPAD.encode(context.sign().as_ref())
    }

    /// What tells the keys apart without telling them: by set and version, and the lookup key's last.
    pub fn fingerprints(&self) -> (BTreeMap<(KeySet, u32), String>, String) {
        let loaded = self.loaded();
        (
            loaded.fingerprints.clone(),
            loaded.lookup_fingerprint.clone(),
        )
    }

    /// Where the keys come from.
    pub const fn source(&self) -> &KeySource {
        &self.source
    }
}

/// Whether a stored text is a cipher text at all.
pub fn is_enciphered(text: &str) -> bool {
    text.starts_with(MARK)
}

/// Head, version and body of a cipher text of this set.
fn parts(text: &str, set: KeySet) -> Option<(&str, u32, &str)> {
    let rest = text.strip_prefix(MARK)?;
    let (key, body) = rest.split_once(':')?;
    let version = key.strip_prefix(set.letter())?.parse().ok()?;
    let head = text.get(..MARK.len() + key.len())?;
    Some((head, version, body))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn vault() -> Vault {
        Vault::open(KeySource::Memory(Arc::new(RwLock::new(
            KeyFile::fresh().unwrap(),
        ))))
        .unwrap()
    }

    fn place(table: &'static str, record: u128) -> Place<'static> {
        Place::of(table, "note", Uuid::from_u128(record))
    }

    #[test]
    fn a_text_opens_in_its_place_and_in_no_other() {
        let vault = vault();
        let here = place("contacts", 7);
        let text = vault.encipher(&here, "Hon bor hos sin moster.").unwrap();
        assert!(text.starts_with("kaa1:r1:") && !text.contains("moster"));
        assert_eq!(
            vault.decipher(&here, &text).unwrap(),
            "Hon bor hos sin moster."
        );
        for elsewhere in [
            place("contacts", 8),
            place("interventions", 7),
            place("protected_referrals", 7),
            Place {
                column: "place",
                ..here
            },
            Place { part: 1, ..here },
        ] {
            assert!(vault.decipher(&elsewhere, &text).is_err(), "{elsewhere:?}");
        }
    }

    #[test]
    fn the_same_text_is_never_enciphered_alike() {
        let vault = vault();
        let here = place("contacts", 7);
        let once = vault.encipher(&here, "Ja").unwrap();
        assert_ne!(once, vault.encipher(&here, "Ja").unwrap());
    }

    #[test]
    fn a_changed_a_cut_and_an_open_text_are_refused() {
        let vault = vault();
        let here = place("contacts", 7);
        let text = vault.encipher(&here, "Ringde").unwrap();
        let changed = if text.ends_with('A') {
            format!("{}B", text.strip_suffix('A').unwrap())
        } else {
            let (rest, _) = text.split_at(text.len() - 1);
            format!("{rest}A")
        };
        let cut: String = text.chars().take(text.len() - 4).collect();
        for wrong in [
            changed.as_str(),
            cut.as_str(),
            "Ringde",
            "kaa1:r1:",
            "kaa1:r1:AA",
            "kaa1:rx:AA",
            "kaa1:",
            &text.replace("kaa1:r1", "kaa1:r9"),
            &text.replace("kaa1:r1", "kaa1:p1"),
        ] {
            assert!(vault.decipher(&here, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_register_and_the_compartment_have_keys_of_their_own() {
        let vault = vault();
        let (fingerprints, lookup) = vault.fingerprints();
        let mut all: Vec<String> = fingerprints.into_values().collect();
        all.push(lookup);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn after_a_rotation_the_old_text_opens_and_a_new_one_bears_the_new_version() {
        let file = Arc::new(RwLock::new(KeyFile::fresh().unwrap()));
        let mine = Vault::open(KeySource::Memory(Arc::clone(&file))).unwrap();
        let others = Vault::open(KeySource::Memory(Arc::clone(&file))).unwrap();
        let here = place("protected_referrals", 7);
        let old = mine.encipher(&here, "Beroendemottagningen").unwrap();
        let rotated = file.read().unwrap().rotated().unwrap();
        *file.write().unwrap() = rotated;
        mine.read_again().unwrap();
        let new = mine.encipher(&here, "Beroendemottagningen").unwrap();
        assert!(old.starts_with("kaa1:p1:") && new.starts_with("kaa1:p2:"));
        assert_eq!(mine.decipher(&here, &old).unwrap(), "Beroendemottagningen");
        let newest = mine.newest_head(here.table).unwrap();
        assert!(!old.starts_with(&newest) && new.starts_with(&newest));
        // The other server has not been told; it looks the key up when it meets it.
        assert_eq!(
            others.decipher(&here, &new).unwrap(),
            "Beroendemottagningen"
        );
        // Without the first version the old text is closed for good.
        let newest = file.read().unwrap().newest_alone();
        *file.write().unwrap() = newest;
        mine.read_again().unwrap();
        assert!(mine.decipher(&here, &old).is_err());
        assert!(mine.decipher(&here, &new).is_ok());
    }

    #[test]
    fn a_number_is_found_by_a_hash_that_depends_on_key_and_kind() {
        let (one, other) = (vault(), vault());
        let number = "200901052391";
        assert_eq!(
            one.lookup("personnummer", number),
            one.lookup("personnummer", number)
        );
        assert_ne!(
            one.lookup("personnummer", number),
            one.lookup("samordningsnummer", number)
        );
        assert_ne!(
            one.lookup("personnummer", number),
            other.lookup("personnummer", number)
        );
    }
}
