//! The provider as this server knows it: its metadata (OpenID Connect Discovery 1.0, RFC 8414) and its keys, fetched when they
//! are needed and forgotten after an hour; where a browser is sent, and what a code is exchanged for. Blocks while it calls.

use super::claims::Proven;
use super::client::{Client, ClientProof, form, is_safe_address};
use super::flow::Flow;
use super::id_token::{Expected, TokenFault, keys_of, verify};
use super::{Fault, ProviderConfig, ProviderConfigError};
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::jwk::Jwk;
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How long what was fetched is believed: a key that the provider has withdrawn signs for so long at most.
const LIFE: Duration = Duration::hours(1);
/// An unknown key makes us ask for the keys anew, but not more often than this, whoever sends tokens.
const BETWEEN_KEYS: Duration = Duration::minutes(1);
/// After a call that has failed nobody calls again for so long.
const AFTER_FAILURE: Duration = Duration::seconds(5);

/// A provider.
pub struct Provider {
    config: ProviderConfig,
    client: Client,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Arc<Metadata>, DateTime<Utc>)>,
    keys: Option<(Arc<[Jwk]>, DateTime<Utc>)>,
    failed_at: Option<DateTime<Utc>>,
}

struct Metadata {
    authorization: String,
    token: String,
    keys: String,
    proof: ClientProof,
    names_itself: bool,
}

/// What a browser brought back.
#[derive(Debug, Clone)]
pub struct Returned<'a> {
    /// The code.
    pub code: &'a str,
    /// Who sent it, as the address says (RFC 9207).
    pub issuer: Option<&'a str>,
}

impl Provider {
    /// A provider of this configuration. It is not called yet, so that the service starts without it.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub fn new(config: ProviderConfig) -> Result<Self, ProviderConfigError> {
        config.check()?;
        Ok(Self {
            client: Client::new(&config)?,
            config,
            known: Mutex::default(),
        })
    }

    /// What the operator decided.
    pub const fn config(&self) -> &ProviderConfig {
        &self.config
    }

    /// Where the browser of a flow is sent.
    ///
    /// # Errors
    /// The provider's metadata cannot be had.
    pub fn authorization_address(&self, flow: &Flow, now: DateTime<Utc>) -> Result<String, Fault> {
        let metadata = self.metadata(now)?;
        let (state, nonce, challenge) = (flow.state(), flow.nonce(), flow.challenge());
        let classes = self.config.claims.factor_classes.join(" ");
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", self.config.client_id.as_str()),
            ("redirect_uri", self.config.redirect_uri.as_str()),
            ("scope", self.config.scope.as_str()),
            ("state", state.as_str()),
            ("nonce", nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        if !classes.is_empty() {
            fields.push(("acr_values", classes.as_str()));
        }
        let address = &metadata.authorization;
        let mark = if address.contains('?') { '&' } else { '?' };
        Ok(format!("{address}{mark}{}", form(&fields)))
    }

    /// Who has come back in a flow that began at `began_at`. The code is used up by it.
    ///
    /// # Errors
    /// The provider does not answer, or what was brought back proves nobody.
    pub fn prove(
        &self,
        flow: &Flow,
        returned: &Returned<'_>,
        began_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Proven, Fault> {
        let config = &self.config;
        let metadata = self.metadata(now)?;
        // RFC 9207: the answer of another provider is not sent to this one.
        if returned
            .issuer
            .is_some_and(|issuer| issuer != config.issuer)
        {
            return Err(Fault::Refused("the answer is of another provider"));
        }
        if metadata.names_itself && returned.issuer.is_none() {
            return Err(Fault::Refused(
                "the answer does not say of which provider it is",
            ));
        }
        let answer = self.client.post(
            &metadata.token,
            (&config.client_id, &config.client_secret, metadata.proof),
            &[
                ("grant_type", "authorization_code"),
                ("code", returned.code),
                ("redirect_uri", &config.redirect_uri),
                ("code_verifier", &flow.verifier()),
            ],
        )?;
        let token = answer
            .get("id_token")
            .and_then(Value::as_str)
            .ok_or(Fault::Unavailable("the provider gives no ID token"))?;
        let nonce = flow.nonce();
        let expected = Expected {
            issuer: &config.issuer,
            client_id: &config.client_id,
            nonce: &nonce,
            began_at: began_at.timestamp(),
            now: now.timestamp(),
        };
        let verified = match verify(token, &self.keys(&metadata, now, false)?, &expected) {
            Err(TokenFault::UnknownKey) => {
                verify(token, &self.keys(&metadata, now, true)?, &expected)
            }
            other => other,
        };
        let claims = verified.map_err(|fault| match fault {
            TokenFault::UnknownKey => Fault::Refused("the token is signed by an unknown key"),
            TokenFault::Wrong(words) => Fault::Refused(words),
        })?;
        config
            .claims
            .proven(&config.issuer, &claims)
            .ok_or(Fault::Refused("the token is about nobody"))
    }

    fn metadata(&self, now: DateTime<Utc>) -> Result<Arc<Metadata>, Fault> {
        if let Some((metadata, at)) = &self.lock().metadata
            && is_within(LIFE, *at, now)
        {
            return Ok(Arc::clone(metadata));
        }
        let base = self.config.issuer.trim_end_matches('/');
        let fetched = self.fetch(&format!("{base}/.well-known/openid-configuration"), now)?;
        let metadata = Arc::new(Metadata::read(&self.config.issuer, &fetched)?);
        self.lock().metadata = Some((Arc::clone(&metadata), now));
        Ok(metadata)
    }

    /// The keys; with `anew`, fetched again unless that was done a moment ago.
    fn keys(
        &self,
        metadata: &Metadata,
        now: DateTime<Utc>,
        anew: bool,
    ) -> Result<Arc<[Jwk]>, Fault> {
        let life = if anew { BETWEEN_KEYS } else { LIFE };
        if let Some((keys, at)) = &self.lock().keys
            && is_within(life, *at, now)
        {
            return Ok(Arc::clone(keys));
        }
        let keys: Arc<[Jwk]> = keys_of(&self.fetch(&metadata.keys, now)?).into();
        self.lock().keys = Some((Arc::clone(&keys), now));
        Ok(keys)
    }

    fn fetch(&self, address: &str, now: DateTime<Utc>) -> Result<Map<String, Value>, Fault> {
        if self
            .lock()
            .failed_at
            .is_some_and(|at| is_within(AFTER_FAILURE, at, now))
        {
            return Err(Fault::Unavailable("the provider has just failed to answer"));
        }
        let fetched = self.client.get(address);
        self.lock().failed_at = fetched.is_err().then_some(now);
        fetched
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether something happened less than so long ago. A clock that was set back makes it long ago.
fn is_within(life: Duration, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - at) >= Duration::zero() && (now - at) < life
}

impl Metadata {
    fn read(issuer: &str, members: &Map<String, Value>) -> Result<Self, Fault> {
        let wrong = Fault::Unavailable;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        if text("issuer") != Some(issuer) {
            return Err(wrong("the metadata are of another issuer"));
        }
        let address = |name: &str| {
            text(name)
                .filter(|address| is_safe_address(address))
                .map(str::to_owned)
                .ok_or(wrong("an address of the metadata is missing or not safe"))
        };
        // What a provider does not tell of itself it may well do; what it says that it does not do, it does not.
        let lists = |name: &str, word: &str| match members.get(name) {
            Some(Value::Array(words)) => words.iter().any(|known| known == word),
            _ => true,
        };
        if !lists("response_types_supported", "code")
            || !lists("code_challenge_methods_supported", "S256")
        {
            return Err(wrong("the provider does not do the code flow with S256"));
        }
        let methods = "token_endpoint_auth_methods_supported";
        let proof = if lists(methods, "client_secret_basic") {
            ClientProof::Basic
        } else if lists(methods, "client_secret_post") {
            ClientProof::Post
        } else {
            return Err(wrong("the provider takes no secret of clients"));
        };
        let names_itself = members
            .get("authorization_response_iss_parameter_supported")
            .is_some_and(|value| value == &Value::Bool(true));
        Ok(Self {
            authorization: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            keys: address("jwks_uri")?,
            proof,
            names_itself,
        })
    }
}
