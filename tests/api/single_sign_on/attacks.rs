//! What somebody may try who stands between browser, provider and service, or brings what is not theirs.

use super::forge::{Signer, unsigned, with_secret};
use super::{Place, Started, query_of, syv};
use crate::on_both;
use crate::support::Persona::Nobody;
use chrono::Duration;
use serde_json::{Value, json};

on_both!(a_token_with_one_thing_wrong_lets_nobody_in, |database| {
    let place = Place::new(database);
    let now = place.app.clock.now().timestamp();
    for (what, claim, value) in [
        ("issuer", "iss", json!("https://evil.example")),
        ("audience", "aud", json!("another client")),
        ("party", "azp", json!("another client")),
        ("nonce", "nonce", json!("of another flow")),
        ("expired", "exp", json!(now - 60)),
        ("not yet valid", "nbf", json!(now + 61)),
        ("of the future", "iat", json!(now + 61)),
        ("older than the flow", "iat", json!(now - 61)),
        ("nobody", "sub", json!("")),
    ] {
        let mut claims = syv();
        claims[claim] = value;
        place.is_refused(place.sign_in(&claims), what);
    }
    assert!(place.db_ties().is_empty());
    // The control: what the others differ from.
    place
        .app
        .clock
        .set(place.app.clock.now() + Duration::hours(1));
    place.sign_in(&syv()).expect(200);
});

on_both!(
    a_token_that_is_signed_otherwise_lets_nobody_in,
    |database| {
        let place = Place::new(database);
        type Make = Box<dyn Fn(&Value, &Signer) -> Option<String> + Send>;
        let head = |alg: &str| json!({"alg": alg, "typ": "JWT", "kid": "key-1"});
        let makes: Vec<(&str, Make)> = vec![
            (
                "no algorithm",
                Box::new(move |claims, _| Some(format!("{}.", unsigned(&head("none"), claims)))),
            ),
            (
                "the public key as a secret",
                Box::new(move |claims, signer| {
                    Some(with_secret(&head("HS256"), claims, &signer.public()))
                }),
            ),
            (
                "the published key as a secret",
                Box::new(move |claims, signer| {
                    let secret = signer.jwk().to_string().into_bytes();
                    Some(with_secret(&head("HS256"), claims, &secret))
                }),
            ),
            (
                "the client's secret",
                Box::new(move |claims, _| {
                    Some(with_secret(
                        &head("HS256"),
                        claims,
                        "en hemlighet: 100 % säker".as_bytes(),
                    ))
                }),
            ),
            (
                "a shared key among those published",
                Box::new(|claims, _| {
                    let head = json!({"alg": "HS256", "typ": "JWT", "kid": "shared"});
                    Some(with_secret(&head, claims, &[0, 0, 0]))
                }),
            ),
            (
                "another key of the same name",
                Box::new(|claims, _| Some(Signer::ec("key-1").token(claims))),
            ),
            (
                "a key that the token brings",
                Box::new(|claims, _| {
                    let own = Signer::ec("key-1");
                    let head = json!({"alg": "ES256", "kid": "key-1", "jwk": own.jwk()});
                    Some(own.token_with(&head, claims))
                }),
            ),
            (
                "an unknown key",
                Box::new(|claims, _| Some(Signer::ec("key-9").token(claims))),
            ),
            (
                "claims changed after the signing",
                Box::new(|claims, signer| {
                    let token = signer.token(&json!({"sub": "x"}));
                    let (_, signature) = token.rsplit_once('.').unwrap();
                    Some(format!("{}.{signature}", unsigned(&signer.head(), claims)))
                }),
            ),
            (
                "no signature",
                Box::new(|claims, signer| Some(unsigned(&signer.head(), claims))),
            ),
            (
                "an access token",
                Box::new(|claims, signer| {
                    let head = json!({"alg": "ES256", "kid": "key-1", "typ": "at+jwt"});
                    Some(signer.token_with(&head, claims))
                }),
            ),
        ];
        place.fake.told().more_keys =
            vec![json!({"kty": "oct", "k": "AAAA", "kid": "shared", "alg": "HS256"})];
        for (what, make) in makes {
            place.fake.told().make = make;
            place.is_refused(place.sign_in(&syv()), what);
        }
        assert!(place.db_ties().is_empty());
        place
            .app
            .clock
            .set(place.app.clock.now() + Duration::hours(2));
        place.fake.told().make = Box::new(|claims, signer| Some(signer.token(claims)));
        place.sign_in(&syv()).expect(200);
    }
);

on_both!(an_answer_counts_once_whatever_became_of_it, |database| {
    let place = Place::new(database);
    let started = place.start();
    let back = place.back(&started, &syv());
    place.complete(&back).expect(200);
    place.is_refused(place.complete(&back), "again");
    // A new code does not open an old flow, nor a new flow an old code.
    let fresh = place.back(&started, &syv());
    place.is_refused(place.complete(&fresh), "an old flow");
    let other = place.start();
    let old_code = json!({"flow": other.flow, "code": back["code"], "state": other.state()});
    place.is_refused(place.complete(&old_code), "an old code");
    // The flow went with the attempt.
    let right = place.back(&other, &syv());
    place.is_refused(place.complete(&right), "after a failed attempt");
    assert_eq!(place.fake.calls_of("/token"), 2);
    let alone = json!({"flow": started.flow, "secondFactorCode": "000000"});
    place.is_refused(place.complete(&alone), "a second factor alone");
});

on_both!(a_flow_belongs_to_the_browser_that_began_it, |database| {
    let place = Place::new(database);
    let (victim, attacker) = (place.start(), place.start());
    // Login CSRF: the attacker's answer, slipped into the victim's browser.
    let theirs = place.back(
        &attacker,
        &json!({"sub": "evil", "preferred_username": "syv"}),
    );
    let slipped = json!({"flow": victim.flow, "code": theirs["code"], "state": theirs["state"]});
    place.is_refused(place.complete(&slipped), "the attacker's state");
    // Code injection: the victim's code, brought to the attacker's flow. PKCE ends it at the provider ...
    let back = place.back(&victim, &syv());
    let injected = json!({"flow": attacker.flow, "code": back["code"], "state": attacker.state()});
    place.is_refused(place.complete(&injected), "the victim's code");
    // ... and where a provider forgets to look, the nonce does here.
    let (victim, attacker) = (place.start(), place.start());
    let now = place.app.clock.now().timestamp();
    let of_victim = query_of(&victim.address)["nonce"].clone();
    let mut claims = syv();
    claims["nonce"] = json!(of_victim);
    let code = place.fake.authorize(&attacker.address, now, &claims);
    let injected = json!({"flow": attacker.flow, "code": code, "state": attacker.state()});
    place.is_refused(place.complete(&injected), "the victim's nonce");
    // Nobody without the handle: state and code stand in an address that others may read.
    let back = place.back(&victim, &syv());
    for guess in ["", "x", back["state"].as_str().unwrap(), &"A".repeat(43)] {
        let without = json!({"flow": guess, "code": back["code"], "state": back["state"]});
        if !guess.is_empty() {
            place.is_refused(place.complete(&without), "without the handle");
        }
    }
    for state in ["", "x", attacker.state().as_str()] {
        let other = json!({"flow": victim.flow, "code": back["code"], "state": state});
        place.is_refused(place.complete(&other), "another state");
    }
    // None of that has ended the victim's own.
    place.complete(&back).expect(200);
});

on_both!(of_several_at_once_one_gets_in, |database| {
    let place = Place::new(database);
    let started = place.start();
    let back = place.back(&started, &syv());
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| place.complete(&back).status))
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let let_in = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(let_in, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 401].contains(status)));
    assert_eq!(place.fake.calls_of("/token"), 1);
});

on_both!(a_flow_is_short, |database| {
    let mut place = Place::new(database);
    let started = place.start();
    let back = place.back(&started, &syv());
    place.app.pass(Duration::minutes(10));
    place.is_refused(place.complete(&back), "after ten minutes");
    // What has run out is forgotten with the next.
    assert_eq!(place.db_flows(), 1);
    place.start();
    assert_eq!(place.db_flows(), 1);
});

on_both!(
    the_answer_of_another_provider_is_not_sent_to_this_one,
    |database| {
        let place = Place::new(database);
        let with_issuer = |started: &Started, issuer: &str| {
            let mut back = place.back(started, &syv());
            back["iss"] = json!(issuer);
            back
        };
        let started = place.start();
        let back = with_issuer(&started, "https://evil.example");
        place.is_refused(place.complete(&back), "another issuer");
        assert_eq!(place.fake.calls_of("/token"), 0);
        let started = place.start();
        place
            .complete(&with_issuer(&started, &place.fake.issuer))
            .expect(200);
        // A provider that says that it names itself is believed to do so always.
        place
            .app
            .clock
            .set(place.app.clock.now() + Duration::hours(1));
        place.fake.told().metadata =
            json!({"authorization_response_iss_parameter_supported": true});
        let started = place.start();
        place.is_refused(place.complete(&place.back(&started, &syv())), "no issuer");
        let started = place.start();
        place
            .complete(&with_issuer(&started, &place.fake.issuer))
            .expect(200);
    }
);

on_both!(failures_grow_the_wait_of_their_address, |database| {
    let place = Place::new(database);
    for _ in 0..21 {
        place.is_refused(
            place.complete(&json!({"flow": "x", "code": "x", "state": "x"})),
            "a guess",
        );
    }
    let started = place
        .app
        .send(Nobody, "POST", "/single-sign-on/starts", &[], None);
    assert!(started.header("retry-after").is_some());
    started.problem(429, "too-many-attempts");
    // Even with what is right; it stays good.
    place
        .app
        .clock
        .set(place.app.clock.now() + Duration::minutes(1));
    let started = place.start();
    let back = place.back(&started, &syv());
    for _ in 0..2 {
        place.is_refused(
            place.complete(&json!({"flow": "x", "code": "x", "state": "x"})),
            "a guess",
        );
    }
    place.complete(&back).problem(429, "too-many-attempts");
    assert_eq!(
        place.app.db_last_event("completeSingleSignOn").outcome,
        "refused"
    );
    place
        .app
        .clock
        .set(place.app.clock.now() + Duration::minutes(1));
    place.complete(&back).expect(200);
});

on_both!(nobody_begins_flows_without_end, |database| {
    let place = Place::new(database);
    for _ in 0..200 {
        place.start();
    }
    let held = place
        .app
        .send(Nobody, "POST", "/single-sign-on/starts", &[], None);
    assert!(held.header("retry-after").is_some());
    held.problem(429, "too-many-attempts");
    assert_eq!(
        place.app.db_last_event("startSingleSignOn").outcome,
        "refused"
    );
    place
        .app
        .clock
        .set(place.app.clock.now() + Duration::minutes(10));
    place.start();
});
