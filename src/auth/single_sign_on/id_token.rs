//! Whether a token says of somebody what the provider has said (OpenID Connect Core 1.0, 3.1.3.7): signed by a key of the
//! provider with an algorithm that we accept, for us, for this flow, and now. A key that the token brings or points to is
//! not looked at; algorithms with a shared secret, or none, do not exist here.

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

/// Seconds by which the provider's clock may be off.
pub const LEEWAY: i64 = 60;
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 64 * 1024;
/// Signatures that are accepted.
const ACCEPTED: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What a token must say.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// By whom.
    pub issuer: &'a str,
    /// For whom.
    pub client_id: &'a str,
    /// In which flow.
    pub nonce: &'a str,
    /// When the flow began, in seconds since 1970.
    pub began_at: i64,
    /// Now.
    pub now: i64,
}

/// Why a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// The key is not among those known; the provider may have a new one.
    UnknownKey,
    /// Anything else.
    Wrong(&'static str),
}

/// The keys of a set that could sign; what cannot be read is left out.
pub fn keys_of(set: &Map<String, Value>) -> Vec<Jwk> {
    set.get("keys")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok())
        .filter(|key| {
            let for_signing = matches!(
                key.common.public_key_use,
                None | Some(PublicKeyUse::Signature)
            );
            let is_public = matches!(
                key.algorithm,
                AlgorithmParameters::RSA(_)
                    | AlgorithmParameters::EllipticCurve(_)
                    | AlgorithmParameters::OctetKeyPair(_)
            );
            for_signing && is_public
        })
        .collect()
}

/// The claims of a token, once all of it is right.
///
/// # Errors
/// What is wrong.
pub fn verify(
    token: &str,
    keys: &[Jwk],
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, TokenFault> {
    use TokenFault::Wrong;
    if token.len() > LONGEST {
        return Err(Wrong("the token is too long"));
    }
    // An algorithm of no name that is known (`none` among them) is no header that can be read.
    let header =
        jsonwebtoken::decode_header(token).map_err(|_| Wrong("the token's head is wrong"))?;
    if !ACCEPTED.contains(&header.alg) {
        return Err(Wrong("the token's algorithm is not accepted"));
    }
    if header.crit.is_some() {
        return Err(Wrong("the token demands what is not known here"));
    }
    // An access token is no ID token.
    if header
        .typ
        .as_ref()
        .is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT"))
    {
        return Err(Wrong("the token is of another type"));
    }
    let key = key_of(header.kid.as_deref(), keys)?;
    if let Some(algorithm) = key.common.key_algorithm
        && algorithm.to_string().parse::<Algorithm>().ok() != Some(header.alg)
    {
        return Err(Wrong("the key is for another algorithm"));
    }
    let key = DecodingKey::from_jwk(key).map_err(|_| Wrong("the key cannot be used"))?;
    let mut validation = Validation::new(header.alg);
    // Everything that is said is compared below, with our own clock.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation)
        .map_err(|_| Wrong("the signature does not hold"))?
        .claims;
    check(&claims, expected).map_err(Wrong)?;
    Ok(claims)
}

/// The key of this name; without a name the only one.
fn key_of<'k>(kid: Option<&str>, keys: &'k [Jwk]) -> Result<&'k Jwk, TokenFault> {
    match (kid, keys) {
        (Some(kid), _) => {
            let mut found = keys
                .iter()
                .filter(|key| key.common.key_id.as_deref() == Some(kid));
            match (found.next(), found.next()) {
                (Some(key), None) => Ok(key),
                (None, _) => Err(TokenFault::UnknownKey),
                _ => Err(TokenFault::Wrong("two keys have the token's name")),
            }
        }
        (None, [key]) => Ok(key),
        (None, _) => Err(TokenFault::Wrong("the token names no key")),
    }
}

fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let seconds = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_i64()
            // Some providers write parts of a second.
            .or_else(|| value.as_f64().map(|seconds| seconds as i64))
            .map(Some)
            .ok_or("a time of the token is none"),
    };
    if text("iss") != Some(expected.issuer) {
        return Err("the token is by another issuer");
    }
    let audiences = match claims.get("aud") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !audiences.contains(&expected.client_id) {
        return Err("the token is for somebody else");
    }
    let party = claims.get("azp");
    if (audiences.len() > 1 || party.is_some())
        && party.and_then(Value::as_str) != Some(expected.client_id)
    {
        return Err("the token was given to somebody else");
    }
    if text("nonce") != Some(expected.nonce) {
        return Err("the token is of another flow");
    }
    let ends_at = seconds("exp")?.ok_or("the token has no end")?;
    if ends_at.saturating_add(LEEWAY) <= expected.now {
        return Err("the token has run out");
    }
    let issued_at = seconds("iat")?.ok_or("the token does not say when it was issued")?;
    if issued_at.saturating_sub(LEEWAY) > expected.now {
        return Err("the token is of the future");
    }
    if issued_at.saturating_add(LEEWAY) < expected.began_at {
        return Err("the token is older than the flow");
    }
    if seconds("nbf")?.is_some_and(|begins_at| begins_at.saturating_sub(LEEWAY) > expected.now) {
        return Err("the token is not valid yet");
    }
    Ok(())
}
