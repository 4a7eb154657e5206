//! The second factor: time-based codes (RFC 6238 over HMAC-SHA-1, six digits, thirty seconds, as every authenticator app
//! makes them), recovery codes, and how the shared secret is kept. Whether a code was used before, and what a wrong one
//! costs, is decided in `service::second_factors`.

use super::derived::derived_key;
use crate::domain::id::{Id, User};
use crate::error::{Error, Result};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How long a code is the current one.
pub const STEP_SECONDS: i64 = 30;
/// Steps before and after the current one whose codes count too: clocks differ, and typing takes time.
const DRIFT: i64 = 1;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Bytes of a shared secret (RFC 4226, 4: 160 bits recommended).
const SECRET_BYTES: usize = 20;
/// Recovery codes made at once.
pub const RECOVERY_CODES: usize = 10;

/// The step that an instant lies in.
pub const fn step_at(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP_SECONDS)
}

/// The code of a step.
pub fn code_of(secret: &[u8], step: i64) -> String {
    let value = dynamic_truncation(secret, step) % 10_u32.pow(6);
    format!("{value:0width$}", width = DIGITS)
}

/// RFC 4226, 5.3.
fn dynamic_truncation(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 0x0f);
    let word = bytes
        .get(offset..offset + 4)
        .and_then(|four| <[u8; 4]>::try_from(four).ok())
        .unwrap_or_default();
    u32::from_be_bytes(word) & 0x7fff_ffff
}

/// The step whose code this is, if it counts now: at most one step off, and after `last_step`, whose code counted last.
pub fn counting_step(secret: &[u8], code: &str, now: DateTime<Utc>, last_step: i64) -> Option<i64> {
    let current = step_at(now);
    // Every step is looked at, so that the time says nothing.
    (current - DRIFT..=current + DRIFT)
        .map(|step| {
            let right = code_of(secret, step);
            let is_right = verify_slices_are_equal(right.as_bytes(), code.as_bytes()).is_ok();
            (step, is_right && step > last_step)
        })
        .fold(
            None,
            |found, (step, counts)| {
                if counts { found.or(Some(step)) } else { found }
            },
        )
}

/// Whether a text has the form of a code.
pub fn is_code(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A secret to share with an authenticator app.
///
/// # Errors
/// The system gives no random numbers.
pub fn fresh_secret() -> Result<Vec<u8>> {
    let mut secret = vec![0_u8; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(Error::internal)?;
    Ok(secret)
}

/// A secret as it is typed into an app.
pub fn secret_text(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// A secret as an app reads it from a QR code. User names need no escaping.
pub fn secret_address(secret: &[u8], username: &str) -> String {
    format!(
        "otpauth://totp/kaa:{username}?secret={}&issuer=kaa&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
        secret_text(secret)
    )
}

/// Recovery codes of 80 random bits each.
///
/// # Errors
/// The system gives no random numbers.
pub fn fresh_recovery_codes() -> Result<Vec<String>> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let mut bytes = [0_u8; 10];
            getrandom::fill(&mut bytes).map_err(Error::internal)?;
            let text = BASE32_NOPAD.encode(&bytes).to_lowercase();
            let parts: Vec<String> = text
                .as_bytes()
                .chunks(4)
                .map(|part| String::from_utf8_lossy(part).into_owned())
                .collect();
            Ok(parts.join("-"))
        })
        .collect()
}

/// What is stored of a recovery code. It has 80 random bits, so a plain hash is enough; whose it is stands in it.
pub fn recovery_hash(user_id: Id<User>, code: &str) -> String {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let digest = Sha256::new()
        .chain_update(b"kaa recovery code v1\0")
        .chain_update(user_id.uuid().as_bytes())
        .chain_update(plain.as_bytes())
        .finalize();
    HEXLOWER.encode(&digest)
}

/// Keeps shared secrets: sealed with a key that follows from the service's secret, and each for its owner alone. What was
/// sealed under the secret before this one opens still, so that the operator can change it.
#[derive(Clone)]
pub struct FactorSealer {
    current: Arc<RandomizedNonceKey>,
    previous: Option<Arc<RandomizedNonceKey>>,
}

/// A shared secret that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The secret.
    pub secret: Vec<u8>,
    /// Whether it was sealed under the secret before this one, and is to be sealed anew.
    pub is_of_previous: bool,
}

impl FactorSealer {
    /// A sealer of this service; `previous` is the secret that it had before.
    ///
    /// # Errors
    /// Only if the cipher refuses a key of its own length.
    pub fn new(secret: &SecretString, previous: Option<&SecretString>) -> Result<Self> {
        let key_of = |secret: &SecretString| {
            let key = derived_key(secret, "second factors v1", "")?;
            RandomizedNonceKey::new(&AES_256_GCM, &key)
                .map(Arc::new)
                .map_err(Error::internal)
        };
        Ok(Self {
            current: key_of(secret)?,
            previous: previous.map(key_of).transpose()?,
        })
    }

    /// A shared secret as it is stored.
    ///
    /// # Errors
    /// The cipher fails.
    pub fn seal(&self, user_id: Id<User>, secret: &[u8]) -> Result<String> {
        let mut text = secret.to_vec();
        let nonce = self
            .current
            .seal_in_place_append_tag(Aad::from(user_id.uuid().as_bytes()), &mut text)
            .map_err(Error::internal)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut text);
        Ok(BASE64URL_NOPAD.encode(&sealed))
    }

    /// The shared secret, if it was sealed here for this person.
    pub fn open(&self, user_id: Id<User>, sealed: &str) -> Option<Opened> {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        if let Some(secret) = open_with(&self.current, user_id, &sealed) {
            return Some(Opened {
                secret,
                is_of_previous: false,
            });
        }
        open_with(self.previous.as_ref()?, user_id, &sealed).map(|secret| Opened {
            secret,
            is_of_previous: true,
        })
    }
}

fn open_with(key: &RandomizedNonceKey, user_id: Id<User>, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut rest = rest.to_vec();
    let owner = user_id.uuid();
    let aad = Aad::from(owner.as_bytes());
    let opened = key.open_in_place(nonce, aad, &mut rest).ok()?;
    Some(opened.to_vec())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const RFC_SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_4226_and_rfc_6238() {
        let hotp = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ];
        for (step, code) in (0_i64..).zip(hotp) {
            assert_eq!(code_of(RFC_SECRET, step), code);
        }
        // Eight digits there; the last six are ours.
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code_of(RFC_SECRET, step_at(at(seconds))), code[2..]);
        }
    }

    #[test]
    fn a_code_counts_one_step_off_and_never_at_or_before_the_last_that_counted() {
        let now = at(1_111_111_111);
        let step = step_at(now);
        let counts =
            |code_step, last| counting_step(RFC_SECRET, &code_of(RFC_SECRET, code_step), now, last);
        for near in [step - 1, step, step + 1] {
            assert_eq!(counts(near, 0), Some(near));
            assert_eq!(counts(near, near), None);
            assert_eq!(counts(near, near + 1), None);
            assert_eq!(counts(near, near - 1), Some(near));
        }
        assert_eq!(counts(step - 2, 0), None);
        assert_eq!(counts(step + 2, 0), None);
        for wrong in ["", "000000", "1405047", "14050471", "０５０４７１"] {
            assert_eq!(counting_step(RFC_SECRET, wrong, now, 0), None, "{wrong}");
        }
    }

    #[test]
    fn secrets_open_for_their_owner_under_their_own_secret_and_show_nothing() {
        let sealer = FactorSealer::new(&SecretString::from("a secret"), None).unwrap();
        let (owner, other) = (Id::fresh(), Id::fresh());
        let secret = fresh_secret().unwrap();
        let sealed = sealer.seal(owner, &secret).unwrap();
        let opened = |is_of_previous| {
            Some(Opened {
                secret: secret.clone(),
                is_of_previous,
            })
        };
        assert_eq!(sealer.open(owner, &sealed), opened(false));
        assert_eq!(sealer.open(other, &sealed), None);
        let (a, b) = (
            SecretString::from("a secret"),
            SecretString::from("another secret"),
        );
        let stranger = FactorSealer::new(&b, None).unwrap();
        assert_eq!(stranger.open(owner, &sealed), None);
        // After a change of the secret it opens once more, for its owner, and what is sealed anew is of the new one.
        let changed = FactorSealer::new(&b, Some(&a)).unwrap();
        assert_eq!(changed.open(owner, &sealed), opened(true));
        assert_eq!(changed.open(other, &sealed), None);
        let anew = changed.seal(owner, &secret).unwrap();
        assert_eq!(changed.open(owner, &anew), opened(false));
        assert_eq!(stranger.open(owner, &anew), opened(false));
        assert_eq!(sealer.open(owner, &anew), None);
        let mut bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).unwrap();
        for place in 0..bytes.len() {
            bytes[place] ^= 1;
            assert_eq!(sealer.open(owner, &BASE64URL_NOPAD.encode(&bytes)), None);
            bytes[place] ^= 1;
        }
        assert_eq!(sealer.open(owner, ""), None);
        assert_eq!(sealer.open(owner, "ä"), None);
        assert_ne!(sealer.seal(owner, &secret).unwrap(), sealed);
    }

    #[test]
    fn recovery_codes_differ_and_are_known_however_they_are_typed() {
        let (user, other) = (Id::fresh(), Id::fresh());
        let codes = fresh_recovery_codes().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let hashes: std::collections::BTreeSet<String> =
            codes.iter().map(|code| recovery_hash(user, code)).collect();
        assert_eq!(hashes.len(), RECOVERY_CODES);
        let code = &codes[0];
        assert_eq!(code.len(), 19);
        assert!(!is_code(code));
        let typed = code.to_uppercase().replace('-', " ");
        assert_eq!(recovery_hash(user, &typed), recovery_hash(user, code));
        assert_ne!(recovery_hash(other, code), recovery_hash(user, code));
    }
}
