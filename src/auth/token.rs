//! Tokens: signed access tokens that live for minutes (RFC 7519), and random refresh tokens that are stored hashed.
//! A token names the key that signed it (`kid`). Keys follow from the service's secret and their id, so that the database
//! holds only ids and times, and every server on it signs and accepts alike. A new key signs once every server has had time
//! to hear of it; the one before is accepted until the last token under it has run out.
//! Whether the session behind a token still runs is asked in the database at every request, not here.

use super::derived::derived_key;
use crate::domain::id::{Id, Session, User};
use crate::error::{Error, Result};
use chrono::{DateTime, Duration, Utc};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::{Arc, PoisonError, RwLock};

/// The longest an access token may live (national REST profile).
pub const LONGEST_LIFE_SECONDS: i64 = 300;
/// How long every server has to hear of a new key before it signs.
pub const LEAD_SECONDS: i64 = 120;
/// The key that signs until a first rotation.
const FIRST_KEY: &str = "0";
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

/// A key as it is known to every server: which, and from when it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its id, as tokens name it.
    pub kid: String,
    /// From when it signs.
    pub signs_from: DateTime<Utc>,
}

/// A key for a rotation now.
///
/// # Errors
/// The system gives no random numbers.
pub fn fresh_signing_key(now: DateTime<Utc>) -> Result<SigningKey> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(SigningKey {
        kid: HEXLOWER.encode(&bytes),
        signs_from: now + Duration::seconds(LEAD_SECONDS),
    })
}

/// Which keys of a list, in the order in which they sign, no token needs any more.
pub fn outlived(keys: &[SigningKey], now: DateTime<Utc>) -> Vec<String> {
    keys.iter()
        .zip(keys.iter().skip(1))
        .filter(|(_, next)| is_over(next.signs_from, now))
        .map(|(key, _)| key.kid.clone())
        .collect()
}

/// Whether the last token under a key has run out, when another signs since `replaced_at`.
fn is_over(replaced_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    replaced_at + Duration::seconds(LONGEST_LIFE_SECONDS) <= now
}

struct Key {
    known: SigningKey,
    signing: EncodingKey,
    verifying: DecodingKey,
}

/// Makes and reads access tokens.
#[derive(Clone)]
pub struct Tokens {
    secret: SecretString,
    life: Duration,
    /// In the order in which they sign.
    keys: Arc<RwLock<Vec<Key>>>,
}

impl Tokens {
    /// Tokens signed with keys of a secret (HS256), alive for at most five minutes.
    ///
    /// # Errors
    /// No key can be made of the secret.
    pub fn new(secret: &SecretString, life: Duration) -> Result<Self> {
        let tokens = Self {
            secret: secret.clone(),
            life: life.min(Duration::seconds(LONGEST_LIFE_SECONDS)),
            keys: Arc::default(),
        };
        tokens.set_keys(Vec::new())?;
        Ok(tokens)
    }

    /// Takes the keys of all rotations so far, besides which only the first key is known.
    ///
    /// # Errors
    /// No key can be made of the secret; those in use stay.
    pub fn set_keys(&self, rotated: Vec<SigningKey>) -> Result<()> {
        let first = SigningKey {
            kid: FIRST_KEY.to_owned(),
            signs_from: DateTime::<Utc>::MIN_UTC,
        };
        let mut keys = Vec::with_capacity(rotated.len() + 1);
        for known in std::iter::once(first).chain(rotated) {
            let key = derived_key(&self.secret, "access tokens v1", &known.kid)?;
            keys.push(Key {
                known,
                signing: EncodingKey::from_secret(&key),
                verifying: DecodingKey::from_secret(&key),
            });
        }
        keys.sort_by_key(|key| key.known.signs_from);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
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
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys
            .iter()
            .rfind(|key| key.known.signs_from <= now)
            .ok_or_else(|| Error::internal("no key signs"))?;
        let header = Header {
            kid: Some(key.known.kid.clone()),
            ..Header::new(Algorithm::HS256)
        };
        jsonwebtoken::encode(&header, &claims, &key.signing).map_err(Error::internal)
    }

    /// Whose token this is, if it is one of ours and alive. The algorithm is ours to choose, not the token's; a key that the
    /// token brings or points to is not looked at; a token that names no key, or one that is unknown or over, is nobody's.
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Option<(Id<User>, Id<Session>)> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        let kid = header.kid.filter(|_| header.alg == Algorithm::HS256)?;
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let place = keys.iter().position(|key| key.known.kid == kid)?;
        let key = keys.get(place)?;
        if keys
            .get(place + 1)
            .is_some_and(|next| is_over(next.known.signs_from, now))
        {
            return None;
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The end is compared with our own clock, the only one there is.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.verifying, &validation)
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
    use aws_lc_rs::hmac;
    use serde_json::{Value, json};

    const SECRET: &str = "a secret of more than thirty-two bytes";

    fn tokens(secret: &str) -> Tokens {
        Tokens::new(&SecretString::from(secret), Duration::seconds(900)).unwrap()
    }

    fn now() -> DateTime<Utc> {
        "2026-11-24T08:00:00Z".parse().unwrap()
    }

    fn key(kid: &str, signs_from: DateTime<Utc>) -> SigningKey {
        SigningKey {
            kid: kid.to_owned(),
            signs_from,
        }
    }

    /// A token put together by hand, signed with a key of the attacker's choice.
    fn forged(header: &Value, claims: &Value, key: &[u8], algorithm: hmac::Algorithm) -> String {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let text = format!("{}.{}", part(header), part(claims));
        let tag = hmac::sign(&hmac::Key::new(algorithm, key), text.as_bytes());
        format!("{text}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
    }

    fn claims() -> Value {
        json!({
            "iss": "kaa", "aud": "kaa", "sub": Id::<User>::fresh(), "sid": Id::<Session>::fresh(),
            "iat": now().timestamp(), "exp": now().timestamp() + 300,
        })
    }

    #[test]
    fn a_token_lives_five_minutes_at_most_and_only_under_its_own_secret() {
        let now = now();
        let (user, session) = (Id::fresh(), Id::fresh());
        let ours = tokens(SECRET);
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
        assert_eq!(ours.read("", now), None);
    }

    #[test]
    fn a_token_without_signature_or_of_another_algorithm_is_nobodys() {
        let now = now();
        let ours = tokens(SECRET);
        let right = derived_key(&ours.secret, "access tokens v1", "0").unwrap();
        // The control: what the others differ from is accepted.
        let header = json!({"alg": "HS256", "typ": "JWT", "kid": "0"});
        let token = forged(&header, &claims(), &right, hmac::HMAC_SHA256);
        assert!(ours.read(&token, now).is_some());
        for (alg, algorithm) in [
            ("none", hmac::HMAC_SHA256),
            ("None", hmac::HMAC_SHA256),
            ("HS384", hmac::HMAC_SHA384),
            ("HS512", hmac::HMAC_SHA512),
            ("RS256", hmac::HMAC_SHA256),
            ("ES256", hmac::HMAC_SHA256),
            ("EdDSA", hmac::HMAC_SHA256),
        ] {
            let header = json!({"alg": alg, "typ": "JWT", "kid": "0"});
            let token = forged(&header, &claims(), &right, algorithm);
            assert_eq!(ours.read(&token, now), None, "{alg}");
            let (unsigned, _) = token.rsplit_once('.').unwrap();
            assert_eq!(ours.read(&format!("{unsigned}."), now), None, "{alg}");
            assert_eq!(ours.read(unsigned, now), None, "{alg}");
        }
        let (body, signature) = token.rsplit_once('.').unwrap();
        assert_eq!(ours.read(&format!("{body}."), now), None);
        let (head, _) = body.split_once('.').unwrap();
        let other = BASE64URL_NOPAD.encode(claims().to_string().as_bytes());
        assert_eq!(ours.read(&format!("{head}.{other}.{signature}"), now), None);
    }

    #[test]
    fn the_key_is_the_one_of_that_name_and_never_one_that_the_token_brings() {
        let now = now();
        let ours = tokens(SECRET);
        let right = derived_key(&ours.secret, "access tokens v1", "0").unwrap();
        let sign = |header: Value, key: &[u8]| forged(&header, &claims(), key, hmac::HMAC_SHA256);
        let jwk = json!({"kty": "oct", "k": BASE64URL_NOPAD.encode(b"mine"), "alg": "HS256"});
        for (header, key) in [
            // No name, an unknown one, one that a file or a query might be opened by.
            (json!({"alg": "HS256", "typ": "JWT"}), &right[..]),
            (json!({"alg": "HS256", "kid": "1"}), &right[..]),
            (json!({"alg": "HS256", "kid": ""}), &right[..]),
            (json!({"alg": "HS256", "kid": "../../dev/null"}), &b""[..]),
            (json!({"alg": "HS256", "kid": "0' OR '1'='1"}), &right[..]),
            // The attacker's own key, or the secret itself instead of what follows from it.
            (
                json!({"alg": "HS256", "kid": "0", "jwk": jwk}),
                &b"mine"[..],
            ),
            (
                json!({"alg": "HS256", "kid": "0", "jku": "https://x.example/k"}),
                &b"mine"[..],
            ),
            (json!({"alg": "HS256", "kid": "0"}), SECRET.as_bytes()),
            (json!({"alg": "HS256", "kid": "0"}), &b""[..]),
        ] {
            assert_eq!(ours.read(&sign(header.clone(), key), now), None, "{header}");
        }
    }

    #[test]
    fn claims_of_others_are_refused() {
        let now = now();
        let ours = tokens(SECRET);
        let right = derived_key(&ours.secret, "access tokens v1", "0").unwrap();
        let header = json!({"alg": "HS256", "kid": "0"});
        for (name, value) in [
            ("iss", json!("other")),
            ("aud", json!("other")),
            ("exp", json!(now.timestamp())),
            ("sub", json!("nobody")),
        ] {
            let mut wrong = claims();
            wrong
                .as_object_mut()
                .unwrap()
                .insert(name.to_owned(), value);
            let token = forged(&header, &wrong, &right, hmac::HMAC_SHA256);
            assert_eq!(ours.read(&token, now), None, "{name}");
            wrong.as_object_mut().unwrap().remove(name);
            let token = forged(&header, &wrong, &right, hmac::HMAC_SHA256);
            assert_eq!(ours.read(&token, now), None, "without {name}");
        }
    }

    #[test]
    fn a_new_key_signs_after_its_lead_and_the_old_one_is_accepted_until_its_last_token_runs_out() {
        let (rotated, ours, behind) = (now(), tokens(SECRET), tokens(SECRET));
        let keys = vec![fresh_signing_key(rotated).unwrap()];
        let signs_from = keys.first().unwrap().signs_from;
        assert_eq!(signs_from, rotated + Duration::seconds(LEAD_SECONDS));
        ours.set_keys(keys.clone()).unwrap();
        let issue = |at| ours.issue(Id::fresh(), Id::fresh(), at).unwrap();
        // Before it signs, a server that has not heard of it reads every token; afterwards it has to have heard.
        let old = issue(signs_from - Duration::seconds(1));
        let new = issue(signs_from);
        assert!(behind.read(&old, signs_from).is_some());
        assert!(behind.read(&new, signs_from).is_none());
        behind.set_keys(keys).unwrap();
        assert!(behind.read(&new, signs_from).is_some());
        // The last token of the old key lives out its five minutes, and not a second is added by its key.
        let last = signs_from + Duration::seconds(298);
        assert!(ours.read(&old, last).is_some());
        let right = derived_key(&ours.secret, "access tokens v1", FIRST_KEY).unwrap();
        let mut long = claims();
        let exp = json!(signs_from.timestamp() + 86_400);
        long.as_object_mut().unwrap().insert("exp".to_owned(), exp);
        let header = json!({"alg": "HS256", "kid": "0"});
        let stolen = forged(&header, &long, &right, hmac::HMAC_SHA256);
        assert!(ours.read(&stolen, last).is_some());
        let over = signs_from + Duration::seconds(LONGEST_LIFE_SECONDS);
        assert!(ours.read(&stolen, over).is_none());
        assert!(ours.read(&issue(over), over).is_some());
    }

    #[test]
    fn only_keys_that_no_token_needs_are_forgotten() {
        let at = |minutes| now() + Duration::minutes(minutes);
        let keys = [key("a", at(0)), key("b", at(10)), key("c", at(20))];
        assert_eq!(outlived(&keys, at(14)), Vec::<String>::new());
        assert_eq!(outlived(&keys, at(15)), ["a"]);
        assert_eq!(outlived(&keys, at(60)), ["a", "b"]);
        assert_eq!(outlived(&[], at(60)), Vec::<String>::new());
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
