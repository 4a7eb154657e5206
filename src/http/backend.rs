//! What the ways in over HTTP stand on: the door, tokens, passwords, the clock, and the one hop from a request to the
//! database and back. Which operation an address means is decided in `api`.

use super::bounds::{Bound, Permit};
use super::idempotency::once;
use super::position::Sealer;
use super::reply::Reply;
use super::request::Request;
pub use crate::auth::password::Passwords;
use crate::auth::single_sign_on::provider::Provider;
use crate::auth::token::Tokens;
use crate::auth::totp::FactorSealer;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::audited::{AuditedTx, Door, Identity};
use crate::db::turns::Who;
use crate::db::usage;
use crate::domain::operation::{Burden, Effect};
use crate::error::{Error, ErrorCode, Result};
use actix_web::web;
use aws_lc_rs::hmac;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Password hashes computed at once. More would make everybody else wait for the processor.
const HASHES_AT_ONCE: usize = 1;
/// How long somebody waits for their turn: what has come in meanwhile is worth more than what nobody waits for any more.
const LONGEST_QUEUE: std::time::Duration = std::time::Duration::from_secs(10);
/// Rosters that are taken in and files that are written at once; each takes a processor, and a roster much memory.
const HEAVY_AT_ONCE: usize = 2;
/// Calls to the provider at once. A slow one must not take every thread there is.
const CALLS_AT_ONCE: usize = 8;

/// What a running service has.
pub struct Backend {
    /// What the operator decided.
    pub config: Config,
    /// The way to the database.
    pub door: Door,
    /// Access tokens.
    pub tokens: Tokens,
    /// Secrets of second factors.
    pub factors: FactorSealer,
    /// Password hashes.
    pub passwords: Passwords,
    /// The time.
    pub clock: Clock,
    /// Positions of lists.
    pub sealer: Sealer,
    /// What the fingerprints of requests are keyed with.
    fingerprints: hmac::Key,
    hashing: Bound,
    heavy: Bound,
    provider: Option<Arc<Provider>>,
    calling: Semaphore,
}

impl Backend {
    /// A backend over an open door.
    ///
    /// # Errors
    /// The configured cost of hashes, or the provider's configuration, is not usable.
    pub fn new(config: Config, door: Door, clock: Clock) -> Result<Self> {
        let provider = config.single_sign_on.clone().map(Provider::new);
        Ok(Self {
            provider: provider.transpose().map_err(Error::internal)?.map(Arc::new),
            calling: Semaphore::new(CALLS_AT_ONCE),
            tokens: Tokens::new(&config.secret, config.access_life)?,
            factors: FactorSealer::new(&config.secret, config.previous_secret.as_ref())?,
            passwords: Passwords::new(config.hash_cost)?,
            sealer: Sealer::new(&config.secret)
                .ok_or_else(|| Error::internal("the cipher refused its key"))?,
            fingerprints: hmac::Key::new(
                hmac::HMAC_SHA256,
                Sha256::new()
                    .chain_update(b"kaa request fingerprints v1\0")
                    .chain_update(config.secret.expose_secret().as_bytes())
                    .finalize()
                    .as_ref(),
            ),
            hashing: Bound::new(HASHES_AT_ONCE, LONGEST_QUEUE),
            heavy: Bound::new(HEAVY_AT_ONCE, config.arrival_limit),
            config,
            door,
            clock,
        })
    }

    /// The door, in the turn of whoever has sent a request.
    pub fn door_of(&self, request: &Request) -> Door {
        self.door.asked_by(request.identity, request.from)
    }

    /// Carries out an operation in its transaction: a POST that changes something counts once per `Idempotency-Key`.
    ///
    /// # Errors
    /// The operation's own, or 503.
    pub async fn run(
        self: &Arc<Self>,
        request: &Arc<Request>,
        work: impl Fn(&mut AuditedTx<'_>, &Request, &Self) -> Result<Reply> + Send + 'static,
    ) -> Result<Reply> {
        let door = self.door_of(request);
        let (backend, request) = (Arc::clone(self), Arc::clone(request));
        let counts_once =
            request.route.method.is_post() && request.route.operation.effect() == Effect::Change;
        door.run(request.call(), move |tx| {
            request.must_be_readable()?;
            if counts_once {
                once(tx, &request, &backend.fingerprints, |tx| {
                    work(tx, &request, &backend)
                })
            } else {
                work(tx, &request, &backend)
            }
        })
        .await
    }

    /// What is said to whoever has done what is costly more often than one account may, on whatever server.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn overdone(&self, request: &Request) -> Result<Option<Error>> {
        let operation = request.route.operation;
        let (Some(burden), Identity::Bearer { user_id, .. }) =
            (operation.burden(), request.identity)
        else {
            return Ok(None);
        };
        let limits = self.config.limits;
        let wait =
            usage::wait(&self.door_of(request), &limits, burden, user_id, request.at).await?;
        Ok(wait.map(|seconds| Error {
            retry_after: Some(seconds),
            ..Error::from(ErrorCode::TooManyRequests)
        }))
    }

    /// Refuses, but not without an event.
    ///
    /// # Errors
    /// The error given, or that whoever calls may not do the deed at all.
    pub async fn refuse(&self, request: &Request, error: Error) -> Result<Reply> {
        self.door_of(request)
            .run(request.call(), move |_| Err(error.clone()))
            .await
    }

    /// Whether there is a provider of single sign-on.
    pub const fn has_provider(&self) -> bool {
        self.provider.is_some()
    }

    /// Who the provider says it is.
    pub fn issuer(&self) -> Option<&str> {
        let provider = self.provider.as_deref()?;
        Some(&provider.config().issuer)
    }

    /// Whether whoever is new gets an account.
    pub fn makes_accounts(&self) -> bool {
        let provider = self.provider.as_deref();
        provider.is_some_and(|provider| provider.config().makes_accounts)
    }

    /// The provider whose people do not sign in by password.
    pub fn passwords_closed_by(&self) -> Option<&str> {
        let config = self.provider.as_deref()?.config();
        (!config.leaves_passwords).then_some(&config.issuer)
    }

    /// Calls the provider on a thread where nobody waits for the database. Whoever finds all turns taken waits no longer than
    /// a call may take.
    ///
    /// # Errors
    /// 503 when no turn comes, or the service is stopping; the work's own stands inside.
    pub async fn with_provider<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Provider) -> T + Send + 'static,
    ) -> Result<T> {
        let provider = self
            .provider
            .clone()
            .ok_or_else(|| Error::internal("there is no provider to call"))?;
        let longest = provider.config().call_limit;
        let _turn = tokio::time::timeout(longest, self.calling.acquire())
            .await
            .map_err(Error::busy)?
            .map_err(Error::busy)?;
        beside(move || work(&provider)).await
    }

    /// The right to do what takes much of the machine beside the database, until it is dropped: of each person one thing at a
    /// time. What takes little needs none.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn room_for(
        &self,
        burden: Option<Burden>,
        identity: Identity,
    ) -> Result<Option<Permit>> {
        match (burden, identity) {
            (Some(Burden::Heavy), Identity::Bearer { user_id, .. }) => {
                Ok(Some(self.heavy.permit(Who::Person(user_id.uuid())).await?))
            }
            _ => Ok(None),
        }
    }

    /// Does slow work with passwords where it holds nobody up, in the turn of whoever has sent a request.
    ///
    /// # Errors
    /// The work's own, or 503 when too many wait, or the service is stopping.
    pub async fn with_passwords<T: Send + 'static>(
        &self,
        request: &Request,
        work: impl FnOnce(&Passwords) -> T + Send + 'static,
    ) -> Result<T> {
        let who = match request.identity {
            Identity::Bearer { user_id, .. } => Who::Person(user_id.uuid()),
            _ => Who::Address(request.from),
        };
        self.turn(who).await?.with_passwords(work).await
    }

    /// The turn to do slow work with passwords, until it is dropped. What has to hold from before the work until after it is
    /// asked while it lasts.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn turn(&self, who: Who) -> Result<PasswordTurn<'_>> {
        Ok(PasswordTurn {
            passwords: &self.passwords,
            _permit: self.hashing.permit(who).await?,
        })
    }

    /// How many wait for their turn to do slow work with passwords.
    pub fn waiting_for_passwords(&self) -> usize {
        self.hashing.waiting()
    }
}

/// A turn to do slow work with passwords.
pub struct PasswordTurn<'b> {
    passwords: &'b Passwords,
    _permit: Permit,
}

impl PasswordTurn<'_> {
    /// Does slow work with passwords where it holds nobody up.
    ///
    /// # Errors
    /// 503 when the service is stopping.
    pub async fn with_passwords<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Passwords) -> T + Send + 'static,
    ) -> Result<T> {
        let passwords = self.passwords.clone();
        beside(move || work(&passwords)).await
    }
}

/// Does slow work on a thread of its own.
///
/// # Errors
/// 503 when there is none.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    web::block(work).await.map_err(Error::busy)
}
