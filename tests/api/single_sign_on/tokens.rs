//! ID tokens, one by one: which are accepted, and that each single thing that may be wrong with one is noticed.

use super::forge::{Signer, unsigned, with_secret};
use jsonwebtoken::jwk::Jwk;
use kaa::auth::single_sign_on::id_token::{Expected, LEEWAY, TokenFault, keys_of, verify};
use serde_json::{Value, json};

const NOW: i64 = 1_795_000_000;
const EXPECTED: Expected<'static> = Expected {
    issuer: "https://login.kommun.example",
    client_id: "kaa",
    nonce: "of this flow",
    began_at: NOW - 30,
    now: NOW,
};

fn claims() -> Value {
    json!({
        "iss": "https://login.kommun.example", "aud": "kaa", "sub": "s-1", "nonce": "of this flow",
        "iat": NOW, "exp": NOW + 300,
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    match value {
        Value::Null => claims.as_object_mut().unwrap().remove(name),
        value => claims
            .as_object_mut()
            .unwrap()
            .insert(name.to_owned(), value),
    };
    claims
}

fn published(keys: &[Value]) -> Vec<Jwk> {
    keys_of(json!({"keys": keys}).as_object().unwrap())
}

fn wrong(token: &str, keys: &[Jwk]) -> &'static str {
    match verify(token, keys, &EXPECTED) {
        Err(TokenFault::Wrong(words)) => words,
        Err(TokenFault::UnknownKey) => "unknown key",
        Ok(_) => "accepted",
    }
}

#[test]
fn a_right_token_of_each_accepted_algorithm_is_accepted() {
    for signer in [
        Signer::ec("1"),
        Signer::ec_384("1"),
        Signer::ed("1"),
        Signer::rsa("1"),
        Signer::rsa_pss("1"),
    ] {
        let keys = published(&[signer.jwk()]);
        let read = verify(&signer.token(&claims()), &keys, &EXPECTED);
        assert_eq!(read.unwrap()["sub"], "s-1", "{}", signer.alg);
        // Of one key alone the name may be left out, and a type need not be told.
        let head = json!({"alg": signer.alg});
        let read = verify(&signer.token_with(&head, &claims()), &keys, &EXPECTED);
        assert!(read.is_ok(), "{}", signer.alg);
    }
}

#[test]
fn what_a_token_says_must_be_right_to_the_letter() {
    let signer = Signer::ec("1");
    let keys = published(&[signer.jwk()]);
    let said = |claims: &Value| wrong(&signer.token(claims), &keys);
    assert_eq!(said(&claims()), "accepted");
    let issuer = "the token is by another issuer";
    let audience = "the token is for somebody else";
    let party = "the token was given to somebody else";
    let flow = "the token is of another flow";
    for (name, value, words) in [
        ("iss", json!("https://login.kommun.example/"), issuer),
        ("iss", json!("https://LOGIN.kommun.example"), issuer),
        ("iss", json!("https://evil.example"), issuer),
        ("iss", json!(["https://login.kommun.example"]), issuer),
        ("iss", Value::Null, issuer),
        ("aud", json!("other"), audience),
        ("aud", json!("KAA"), audience),
        ("aud", json!(["other"]), audience),
        ("aud", json!([]), audience),
        ("aud", json!({"kaa": true}), audience),
        ("aud", Value::Null, audience),
        ("aud", json!(["kaa", "other"]), party),
        ("azp", json!("other"), party),
        ("azp", json!(["kaa"]), party),
        ("nonce", json!("of another flow"), flow),
        ("nonce", json!(""), flow),
        ("nonce", Value::Null, flow),
        ("exp", json!(NOW - LEEWAY), "the token has run out"),
        ("exp", json!(0), "the token has run out"),
        ("exp", json!(i64::MIN), "the token has run out"),
        ("exp", Value::Null, "the token has no end"),
        ("exp", json!("never"), "a time of the token is none"),
        ("iat", json!(NOW + LEEWAY + 1), "the token is of the future"),
        ("iat", json!(i64::MAX), "the token is of the future"),
        (
            "iat",
            json!(NOW - 31 - LEEWAY),
            "the token is older than the flow",
        ),
        (
            "iat",
            Value::Null,
            "the token does not say when it was issued",
        ),
        ("nbf", json!(NOW + LEEWAY + 1), "the token is not valid yet"),
        ("nbf", json!(true), "a time of the token is none"),
    ] {
        assert_eq!(said(&with(name, value.clone())), words, "{name} {value}");
    }
    for (name, value) in [
        ("exp", json!(NOW - LEEWAY + 1)),
        ("exp", json!(NOW as f64 + 0.5)),
        ("iat", json!(NOW + LEEWAY)),
        ("iat", json!(NOW - 30 - LEEWAY)),
        ("nbf", json!(NOW + LEEWAY)),
        ("azp", json!("kaa")),
        ("aud", json!(["kaa"])),
    ] {
        assert_eq!(
            said(&with(name, value.clone())),
            "accepted",
            "{name} {value}"
        );
    }
    let mut several = with("aud", json!(["other", "kaa"]));
    several["azp"] = json!("kaa");
    assert_eq!(said(&several), "accepted");
}

#[test]
fn no_algorithm_is_taken_for_another_and_none_is_none() {
    for signer in [Signer::ec("1"), Signer::rsa("1")] {
        let jwk = signer.jwk();
        let keys = published(std::slice::from_ref(&jwk));
        // The public half as a shared secret, in every way in which somebody might have read it.
        let n_or_x = jwk["n"].as_str().or(jwk["x"].as_str()).unwrap().to_owned();
        for secret in [
            signer.public(),
            jwk.to_string().into_bytes(),
            n_or_x.clone().into_bytes(),
            data_encoding::BASE64URL_NOPAD
                .decode(n_or_x.as_bytes())
                .unwrap(),
            Vec::new(),
        ] {
            for alg in ["HS256", "HS384", "HS512"] {
                let head = json!({"alg": alg, "typ": "JWT", "kid": "1"});
                let token = with_secret(&head, &claims(), &secret);
                assert_eq!(
                    wrong(&token, &keys),
                    "the token's algorithm is not accepted"
                );
            }
            let head = json!({"alg": signer.alg, "typ": "JWT", "kid": "1"});
            let token = with_secret(&head, &claims(), &secret);
            assert_eq!(wrong(&token, &keys), "the signature does not hold");
        }
        for alg in ["none", "None", "NONE", "nOnE", "", "ES256K", "RS1"] {
            let text = unsigned(&json!({"alg": alg, "typ": "JWT", "kid": "1"}), &claims());
            for token in [format!("{text}."), text.clone(), format!("{text}.e30")] {
                assert_eq!(wrong(&token, &keys), "the token's head is wrong", "{alg}");
            }
        }
        // A right signature cut off.
        let token = signer.token(&claims());
        let (text, _) = token.rsplit_once('.').unwrap();
        assert_eq!(
            wrong(&format!("{text}."), &keys),
            "the signature does not hold"
        );
    }
    // Another algorithm than the key is for, of the same family.
    let signer = Signer::rsa_pss("1");
    let mut jwk = signer.jwk();
    jwk["alg"] = json!("RS256");
    let keys = published(&[jwk]);
    assert_eq!(
        wrong(&signer.token(&claims()), &keys),
        "the key is for another algorithm"
    );
}

#[test]
fn a_key_is_the_providers_and_never_one_that_the_token_brings() {
    let (signer, attacker) = (Signer::ec("1"), Signer::ec("1"));
    let keys = published(&[signer.jwk()]);
    assert_eq!(
        wrong(&attacker.token(&claims()), &keys),
        "the signature does not hold"
    );
    for head in [
        json!({"alg": "ES256", "kid": "1", "jwk": attacker.jwk()}),
        json!({"alg": "ES256", "kid": "1", "jku": "https://evil.example/keys"}),
        json!({"alg": "ES256", "kid": "1", "x5u": "https://evil.example/cert"}),
    ] {
        let said = wrong(&attacker.token_with(&head, &claims()), &keys);
        assert!(["the signature does not hold", "the token's head is wrong"].contains(&said));
    }
    for kid in ["2", "", "../../dev/null", "1' OR '1'='1"] {
        let head = json!({"alg": "ES256", "kid": kid});
        assert_eq!(
            wrong(&signer.token_with(&head, &claims()), &keys),
            "unknown key"
        );
    }
    let head = json!({"alg": "ES256", "kid": "1", "crit": ["b64"], "b64": false});
    assert_eq!(
        wrong(&signer.token_with(&head, &claims()), &keys),
        "the token demands what is not known here"
    );
    let head = json!({"alg": "ES256", "kid": "1", "typ": "at+jwt"});
    assert_eq!(
        wrong(&signer.token_with(&head, &claims()), &keys),
        "the token is of another type"
    );
    // Of several keys one must be named, and once.
    let other = Signer::ec("2");
    let two = published(&[signer.jwk(), other.jwk()]);
    let head = json!({"alg": "ES256"});
    assert_eq!(
        wrong(&signer.token_with(&head, &claims()), &two),
        "the token names no key"
    );
    let twins = published(&[signer.jwk(), attacker.jwk()]);
    assert_eq!(
        wrong(&signer.token(&claims()), &twins),
        "two keys have the token's name"
    );
}

#[test]
fn keys_that_do_not_sign_or_are_shared_are_left_out() {
    let signer = Signer::ec("1");
    let mut for_encryption = signer.jwk();
    for_encryption["use"] = json!("enc");
    let shared = json!({"kty": "oct", "k": "AAAA", "kid": "1", "alg": "HS256"});
    for key in [
        for_encryption,
        shared,
        json!({"kty": "EC", "kid": "1"}),
        json!(7),
    ] {
        assert!(published(std::slice::from_ref(&key)).is_empty(), "{key}");
    }
    assert!(keys_of(json!({}).as_object().unwrap()).is_empty());
    assert!(keys_of(json!({"keys": "1"}).as_object().unwrap()).is_empty());
    assert_eq!(published(&[json!({}), signer.jwk()]).len(), 1);
}

#[test]
fn what_is_no_token_is_none() {
    let keys = published(&[Signer::ec("1").jwk()]);
    for text in [
        "",
        ".",
        "..",
        "a.b.c",
        "e30.e30.e30",
        "å.å.å",
        &"a".repeat(70_000),
    ] {
        assert_ne!(wrong(text, &keys), "accepted");
    }
}
