//! Passwords: argon2id hashes, verified in the same time whether or not the account exists. What a password must be like is
//! decided in `domain::password`; hashing is slow on purpose and belongs on a thread where nobody else waits.

use crate::error::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use data_encoding::BASE32_NOPAD;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How costly a hash is.
#[derive(Debug, Clone, Copy)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for HashCost {
    /// The OWASP password storage minimum for argon2id with one lane.
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
        }
    }
}

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    /// The hash of a password that nobody knows, to verify against when there is no account.
    nobodys: Arc<str>,
    /// How often a hash has been computed, by all clones.
    computed: Arc<AtomicU64>,
    /// How many are being computed, and how many were at most.
    under_way: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
}

impl Passwords {
    /// A hasher of this cost.
    ///
    /// # Errors
    /// A cost that argon2 does not accept, or no random numbers.
    pub fn new(cost: HashCost) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(Error::internal)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobodys = hash_with(&argon2, &random_text()?)?.into();
        Ok(Self {
            argon2,
            nobodys,
            computed: Arc::default(),
            under_way: Arc::default(),
            most_at_once: Arc::default(),
        })
    }

    /// How many hashes have been computed: the work that was done, which a clock tells only roughly.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// How many hashes were computed at once at most.
    pub fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::Relaxed)
    }

    fn counted<T>(&self, work: impl FnOnce() -> T) -> T {
        self.computed.fetch_add(1, Ordering::Relaxed);
        let under_way = 1 + self.under_way.fetch_add(1, Ordering::SeqCst);
        self.most_at_once.fetch_max(under_way, Ordering::SeqCst);
        let given = work();
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        given
    }

    /// The hash to store, as a PHC string with its own salt.
    ///
    /// # Errors
    /// No random numbers.
    pub fn hash(&self, password: &str) -> Result<String> {
        self.counted(|| hash_with(&self.argon2, password))
    }

    /// Whether the password is that of the hash. Without a hash the same work is done, and the answer is no.
    pub fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        let is_known = hash.is_some();
        let parsed = PasswordHash::new(hash.unwrap_or(&self.nobodys));
        let is_right = self.counted(|| {
            parsed.is_ok_and(|hash| {
                self.argon2
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
        });
        is_known && is_right
    }
}

fn hash_with(argon2: &Argon2<'_>, password: &str) -> Result<String> {
    argon2
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(Error::internal)
}

/// 100 random bits as 20 letters and digits that nobody mistakes for each other.
///
/// # Errors
/// The system gives no random numbers.
pub fn random_text() -> Result<String> {
    let mut bytes = [0_u8; 13];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    let mut text = BASE32_NOPAD.encode(&bytes).to_lowercase();
    text.truncate(20);
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_password_is_verified_and_an_unknown_account_never_is() {
        let passwords = Passwords::new(HashCost {
            memory_kib: 64,
            passes: 1,
        })
        .unwrap();
        let hash = passwords.hash("en lång mening").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify("en lång mening", Some(&hash)));
        assert!(!passwords.verify("en annan mening", Some(&hash)));
        assert!(!passwords.verify("en lång mening", None));
        assert!(!passwords.verify("x", Some("not a hash")));
        assert_ne!(hash, passwords.hash("en lång mening").unwrap());
    }
}
