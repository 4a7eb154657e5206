//! What the operator decides, read once from the command line and the environment. Secrets never show in a debug print.
//! Defaults stand here and in the README's table.

use crate::auth::anchor::AnchorKey;
use crate::auth::password::HashCost;
use crate::auth::single_sign_on::{ProviderConfig, ProviderConfigError};
use crate::auth::token::LONGEST_LIFE_SECONDS;
use crate::db::Location;
use crate::db::store::{PATIENCE, Threads};
use crate::db::usage::Limits;
use crate::exchange::national_file::{Profile, ProfileError};
use crate::exchange::roster::RosterMapping;
use crate::statistics::suppression::Threshold;
use crate::vault::Vault;
use chrono::Duration;

use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// The shortest secret that signs tokens, in bytes (RFC 7518, 3.2: as long as the hash).
pub const SHORTEST_SECRET: usize = 32;

/// Whom to turn to as long as the operator has not told: nobody.
pub const DEFAULT_CONTACT: &str = "https://kommun.example/kontakt";

/// Everything that can be decided.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the data is.
    pub location: Location,
    /// The address to listen on.
    pub listen: String,
    /// The keys of what is enciphered in the database.
    pub vault: Arc<Vault>,
    /// Signs access tokens and seals positions of lists and second factors.
    pub secret: SecretString,
    /// The secret before that one, for what is stored under it.
    pub previous_secret: Option<SecretString>,
    /// The provider of single sign-on, if there is one.
    pub single_sign_on: Option<ProviderConfig>,
    /// How often the keys that sign access tokens are looked up; less than the lead of a new key.
    pub key_lookup: std::time::Duration,
    /// How long an access token lives; five minutes at most.
    pub access_life: Duration,
    /// How long a sign-in lasts without being used.
    pub idle_life: Duration,
    /// How long a sign-in lasts at all.
    pub session_life: Duration,
    /// Sign-ins of different accounts that may fail from one address before each one that fails costs a wait.
    pub address_failures: i32,
    /// How often one account may do what is costly.
    pub limits: Limits,
    /// Cost of a password hash.
    pub hash_cost: HashCost,
    /// Threads that own connections.
    pub threads: Threads,
    /// How long anybody waits for the database before being told to come back; what is slow anyway is waited for longer.
    pub longest_wait: std::time::Duration,
    /// HTTP workers.
    pub workers: usize,
    /// Connections at once; further ones wait to be accepted.
    pub connections: usize,
    /// Whether `Forwarded` headers are believed: only behind a proxy that sets them.
    pub is_behind_proxy: bool,
    /// Counts below this are never published.
    pub threshold: Threshold,
    /// Whom the readers of the documentation turn to: an address or an e-mail address.
    pub contact: String,
    /// What the status words of a roster mean.
    pub roster_mapping: RosterMapping,
    /// How the half-yearly national file is written; without one by the draft that is shipped.
    pub own_national_profile: Option<Arc<Profile>>,
    /// Bytes of an ordinary request body.
    pub body_limit: usize,
    /// Bytes of a roster.
    pub roster_limit: usize,
    /// How long a request may take to arrive.
    pub arrival_limit: std::time::Duration,
    /// How long running requests get to finish at a stop.
    pub stop_limit: std::time::Duration,
    /// The Swedish hour at which the target group is run.
    pub nightly_hour: u32,
    /// How many of what a job goes through are taken in one step.
    pub job_batch: i64,
    /// Signs what is disposed of the log; without it nothing is.
    pub audit_key: Option<Arc<AnchorKey>>,
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Tokens could be forged by whoever guesses the secret.
    #[error(
        "KAA_SECRET is missing. It signs the sign-ins: set it to at least {SHORTEST_SECRET} random characters, for instance the output of `openssl rand -base64 48`"
    )]
    SecretMissing,
    /// Too short, or the same few characters over and over.
    #[error(
        "KAA_SECRET is too weak: it needs at least {SHORTEST_SECRET} characters, at least 12 of them different"
    )]
    SecretWeak,
    /// Nothing was ever sealed under a secret that is refused.
    #[error("KAA_SECRET_PREVIOUS is no secret that this service could have had: see KAA_SECRET")]
    PreviousSecret,
    /// The provider of single sign-on.
    #[error("{0}")]
    SingleSignOn(#[from] ProviderConfigError),
}

impl Config {
    /// A configuration with the defaults.
    pub fn new(location: Location, vault: Arc<Vault>, secret: SecretString) -> Self {
        Self {
            location,
            vault,
            listen: "127.0.0.1:8080".to_owned(),
            secret,
            previous_secret: None,
            single_sign_on: None,
            key_lookup: std::time::Duration::from_secs(30),
            access_life: Duration::seconds(LONGEST_LIFE_SECONDS),
            idle_life: Duration::minutes(60),
            session_life: Duration::hours(12),
            address_failures: 20,
            limits: Limits::default(),
            hash_cost: HashCost::default(),
            threads: Threads {
                readers: 4,
                writers: 4,
            },
            longest_wait: PATIENCE,
            connections: 4096,
            workers: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            is_behind_proxy: false,
            threshold: Threshold::default(),
            contact: DEFAULT_CONTACT.to_owned(),
            roster_mapping: RosterMapping::default(),
            own_national_profile: None,
            body_limit: 256 * 1024,
            roster_limit: 32 * 1024 * 1024,
            arrival_limit: std::time::Duration::from_secs(30),
            stop_limit: std::time::Duration::from_secs(5),
            nightly_hour: 2,
            job_batch: 500,
            audit_key: None,
        }
    }
}

impl Config {
    /// How the half-yearly national file is written.
    ///
    /// # Errors
    /// Never for the draft that is built in.
    pub fn national_profile(&self) -> Result<Arc<Profile>, ProfileError> {
        match &self.own_national_profile {
            Some(profile) => Ok(Arc::clone(profile)),
            None => Profile::draft().map(Arc::new),
        }
    }
}

/// Checks the secret of a service that holds real data.
///
/// # Errors
/// It is missing or weak.
pub fn checked_secret(secret: Option<String>) -> Result<SecretString, ConfigError> {
    let secret = SecretString::from(secret.ok_or(ConfigError::SecretMissing)?);
    let text = secret.expose_secret();
    let different: std::collections::BTreeSet<char> = text.chars().collect();
    if text.is_empty() {
        Err(ConfigError::SecretMissing)
    } else if text.len() < SHORTEST_SECRET || different.len() < 12 {
        Err(ConfigError::SecretWeak)
    } else {
        Ok(secret)
    }
}

/// Checks the secret that a service had before, if it is told.
///
/// # Errors
/// It could never have been one.
pub fn checked_previous(secret: Option<String>) -> Result<Option<SecretString>, ConfigError> {
    secret
        .filter(|text| !text.is_empty())
        .map(|text| checked_secret(Some(text)).map_err(|_| ConfigError::PreviousSecret))
        .transpose()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::vault::{KeyFile, KeySource};
    use std::sync::RwLock;

    #[test]
    fn a_missing_short_or_monotonous_secret_is_refused() {
        assert!(matches!(
            checked_secret(None),
            Err(ConfigError::SecretMissing)
        ));
        assert!(matches!(
            checked_secret(Some(String::new())),
            Err(ConfigError::SecretMissing)
        ));
        for weak in ["hemligt", &"ab".repeat(40)] {
            assert!(matches!(
                checked_secret(Some(weak.to_owned())),
                Err(ConfigError::SecretWeak)
            ));
        }
        let strong = "Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e";
        assert!(checked_secret(Some(strong.to_owned())).is_ok());
        assert!(checked_previous(Some(strong.to_owned())).unwrap().is_some());
        assert!(checked_previous(None).unwrap().is_none());
        assert!(checked_previous(Some(String::new())).unwrap().is_none());
        assert!(matches!(
            checked_previous(Some("hemligt".to_owned())),
            Err(ConfigError::PreviousSecret)
        ));
    }

    #[test]
    fn the_secret_is_not_printed() {
        let secret = SecretString::from("Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e");
        let keys = Arc::new(RwLock::new(KeyFile::fresh().unwrap()));
        let vault = Arc::new(Vault::open(KeySource::Memory(keys)).unwrap());
        let config = Config::new(Location::Sqlite("kaa.db".into()), vault, secret);
        assert!(!format!("{config:?}").contains("Zx81"));
    }
}
