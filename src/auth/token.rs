//! Tokens: signed access tokens that live for minutes (RFC 7519), and random refresh tokens that are stored hashed.
//! Whether the session behind a token still runs is asked in the database at every request, not here.

use crate::domain::id::{Id, Session, User};
use crate::error::{Error, Result};
use chrono::{DateTime, Duration, Utc};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The longest an access token may live (national REST profile).
pub const LONGEST_LIFE_SECONDS: i64 = 300;
const ISSUER: &str = "kaa";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Id<User>,
    sid: Id<Session>,
    iat: i64,
    exp: i64,
}

/// Makes and reads access tokens.
#[derive(Clone)]
pub struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    life: Duration,
}

impl Tokens {
    /// Tokens signed with a secret (HS256), alive for at most five minutes.
    pub fn new(secret: &SecretString, life: Duration) -> Self {
        let secret = secret.expose_secret().as_bytes();
        Self {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            life: life.min(Duration::seconds(LONGEST_LIFE_SECONDS)),
        }
    }

    /// How long a token lives.
    pub const fn life(&self) -> Duration {
        self.life
    }

    /// A token for a session.
    ///
    /// # Errors
    /// The token cannot be signed.
    pub fn issue(
        &self,
        user_id: Id<User>,
        session_id: Id<Session>,
        now: DateTime<Utc>,
    ) -> Result<String> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            sub: user_id,
            sid: session_id,
            iat: now.timestamp(),
            exp: (now + self.life).timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .map_err(Error::internal)
    }

    /// Whose token this is, if it is one of ours and alive.
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Option<(Id<User>, Id<Session>)> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The end is compared with our own clock, the only one there is.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying, &validation)
            .ok()?
            .claims;
        (now.timestamp() < claims.exp).then_some((claims.sub, claims.sid))
    }
}

/// A refresh token, as it is given out once: 256 random bits.
///
/// # Errors
/// The system gives no random numbers.
pub fn fresh_refresh_token() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// What is stored of a refresh token. It has 256 random bits, so a plain hash is enough.
pub fn refresh_hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn tokens(secret: &str) -> Tokens {
        Tokens::new(&SecretString::from(secret), Duration::seconds(900))
    }

    #[test]
    fn a_token_lives_five_minutes_at_most_and_only_under_its_own_secret() {
        let now: DateTime<Utc> = "2026-11-24T08:00:00Z".parse().unwrap();
        let (user, session) = (Id::fresh(), Id::fresh());
        let ours = tokens("a secret of more than thirty-two bytes");
        let token = ours.issue(user, session, now).unwrap();
        assert_eq!(ours.read(&token, now), Some((user, session)));
        assert_eq!(
            ours.read(&token, now + Duration::seconds(299)),
            Some((user, session))
        );
        assert_eq!(ours.read(&token, now + Duration::seconds(300)), None);
        assert_eq!(
            tokens("another secret of more than 32 bytes").read(&token, now),
            None
        );
        assert_eq!(ours.read("x.y.z", now), None);
    }

    #[test]
    fn a_token_without_signature_or_of_another_algorithm_is_nobodys() {
        let now: DateTime<Utc> = "2026-11-24T08:00:00Z".parse().unwrap();
        let ours = tokens("a secret of more than thirty-two bytes");
        let token = ours.issue(Id::fresh(), Id::fresh(), now).unwrap();
        let body = token.split('.').nth(1).unwrap();
        let none = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
        assert_eq!(ours.read(&format!("{none}.{body}."), now), None);
        let hs512 = BASE64URL_NOPAD.encode(br#"{"alg":"HS512","typ":"JWT"}"#);
        assert_eq!(ours.read(&format!("{hs512}.{body}.AAAA"), now), None);
    }

    #[test]
    fn refresh_tokens_differ_and_are_stored_hashed() {
        let token = fresh_refresh_token().unwrap();
        assert_eq!(token.len(), 43);
        assert_ne!(token, fresh_refresh_token().unwrap());
        assert_eq!(refresh_hash(&token).len(), 64);
        assert!(!refresh_hash(&token).contains(&token));
    }
}
