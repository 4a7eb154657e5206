//! Tokens put together by hand, so that every part of one can be wrong: keys of each kind, heads, claims and signatures.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use aws_lc_rs::{hmac, signature};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// A key of a provider, or of an attacker.
pub struct Signer {
    pub kid: String,
    pub alg: &'static str,
    key: Key,
}

enum Key {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair, &'static dyn signature::RsaEncoding),
}

impl Signer {
    /// P-256, as quick to make as to use.
    pub fn ec(kid: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self::of(kid, "ES256", Key::Ec(key))
    }
    pub fn ec_384(kid: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
        Self::of(kid, "ES384", Key::Ec(key))
    }
    pub fn ed(kid: &str) -> Self {
        Self::of(kid, "EdDSA", Key::Ed(Ed25519KeyPair::generate().unwrap()))
    }
    pub fn rsa(kid: &str) -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        Self::of(kid, "RS256", Key::Rsa(key, &RSA_PKCS1_SHA256))
    }
    pub fn rsa_pss(kid: &str) -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        Self::of(kid, "PS256", Key::Rsa(key, &RSA_PSS_SHA256))
    }

    fn of(kid: &str, alg: &'static str, key: Key) -> Self {
        Self {
            kid: kid.to_owned(),
            alg,
            key,
        }
    }

    /// The public half as it stands in a set of keys.
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        let mut jwk = match &self.key {
            Key::Ec(key) => {
                let (x, y) = key.public_key().as_ref()[1..]
                    .split_at((key.public_key().as_ref().len() - 1) / 2);
                let curve = if x.len() == 32 { "P-256" } else { "P-384" };
                json!({"kty": "EC", "crv": curve, "x": text(x), "y": text(y)})
            }
            Key::Ed(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": text(key.public_key().as_ref())})
            }
            Key::Rsa(key, _) => {
                // SEQUENCE { INTEGER n, INTEGER e } of a key of 2048 bits.
                let der = key.public_key().as_ref();
                json!({"kty": "RSA", "n": text(&der[9..265]), "e": "AQAB"})
            }
        };
        jwk["kid"] = json!(self.kid);
        jwk["alg"] = json!(self.alg);
        jwk["use"] = json!("sig");
        jwk
    }

    /// The bytes of the public half, as they are published.
    pub fn public(&self) -> Vec<u8> {
        match &self.key {
            Key::Ec(key) => key.public_key().as_ref().to_vec(),
            Key::Ed(key) => key.public_key().as_ref().to_vec(),
            Key::Rsa(key, _) => key.public_key().as_ref().to_vec(),
        }
    }

    pub fn head(&self) -> Value {
        json!({"alg": self.alg, "typ": "JWT", "kid": self.kid})
    }

    /// A token with the head that belongs to the key.
    pub fn token(&self, claims: &Value) -> String {
        self.token_with(&self.head(), claims)
    }

    /// A token with any head.
    pub fn token_with(&self, head: &Value, claims: &Value) -> String {
        let text = unsigned(head, claims);
        let signature = match &self.key {
            Key::Ec(key) => key
                .sign(&SystemRandom::new(), text.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec(),
            Key::Ed(key) => key.sign(text.as_bytes()).as_ref().to_vec(),
            Key::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(
                    *encoding,
                    &SystemRandom::new(),
                    text.as_bytes(),
                    &mut signature,
                )
                .unwrap();
                signature
            }
        };
        format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

/// Head and claims, to be signed.
pub fn unsigned(head: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}", part(head), part(claims))
}

/// A token signed with a shared secret.
pub fn with_secret(head: &Value, claims: &Value, secret: &[u8]) -> String {
    let text = unsigned(head, claims);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes());
    format!("{text}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
}
