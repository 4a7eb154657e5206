//! A provider that does not answer as one does: elsewhere, too much, too late, not at all. The service goes on, says so, and
//! lets nobody in.

use super::fake::Raw;
use super::forge::Signer;
use super::{Place, syv};
use crate::on_both;
use crate::support::Persona::{Nobody, Syv};
use crate::support::app::Answer;
use chrono::Duration;
use serde_json::{Value, json};

const METADATA: &str = "/.well-known/openid-configuration";

fn try_start(place: &Place) -> Answer {
    place
        .app
        .send(Nobody, "POST", "/single-sign-on/starts", &[], None)
}

#[track_caller]
fn is_unavailable(place: &Place, answer: Answer, what: &str) {
    let events = place.app.db_events();
    let last = events.last().unwrap();
    assert_eq!(answer.status, 503, "{what}: {}", answer.body);
    assert_eq!(answer.body["code"], "provider-unavailable", "{what}");
    assert_eq!(answer.header("retry-after"), Some("5"), "{what}");
    assert_eq!(last.outcome, "failed", "{what}");
    assert_eq!(
        last.error_code.as_deref(),
        Some("provider-unavailable"),
        "{what}"
    );
}

fn pass_a_moment(place: &Place) {
    place
        .app
        .clock
        .set(place.app.clock.now() + Duration::seconds(5));
}

on_both!(
    metadata_that_are_not_the_providers_are_not_believed,
    |database| {
        let place = Place::new(database);
        for (what, metadata) in [
            ("another issuer", json!({"issuer": "https://evil.example"})),
            ("no issuer", json!({"issuer": null})),
            (
                "nearly the issuer",
                json!({"issuer": format!("{}/", place.fake.issuer)}),
            ),
            ("no token endpoint", json!({"token_endpoint": null})),
            (
                "plain text to elsewhere",
                json!({"token_endpoint": "http://login.example/token"}),
            ),
            (
                "plain text for browsers",
                json!({"authorization_endpoint": "http://login.example/"}),
            ),
            ("no address", json!({"jwks_uri": "javascript:alert(1)"})),
            (
                "no code flow",
                json!({"response_types_supported": ["id_token"]}),
            ),
            (
                "no S256",
                json!({"code_challenge_methods_supported": ["plain"]}),
            ),
            (
                "no secrets",
                json!({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}),
            ),
        ] {
            place.fake.told().metadata = metadata;
            is_unavailable(&place, try_start(&place), what);
            pass_a_moment(&place);
        }
        place.fake.told().metadata = json!({});
        place.sign_in(&syv()).expect(200);
    }
);

on_both!(answers_that_are_none_end_at_their_limits, |database| {
    let place = Place::with(database, |config| {
        config.call_limit = std::time::Duration::from_millis(400);
    });
    let elsewhere = format!("{}/elsewhere", place.fake.issuer);
    let answers = || {
        [
            ("an error", Raw::json(500, &json!({}))),
            ("not there", Raw::json(404, &json!({}))),
            (
                "sent elsewhere",
                Raw::Of(302, vec![("Location", elsewhere.clone())], Vec::new()),
            ),
            (
                "moved for good",
                Raw::Of(308, vec![("Location", elsewhere.clone())], Vec::new()),
            ),
            ("no JSON", Raw::Of(200, Vec::new(), b"<html>".to_vec())),
            ("no object", Raw::json(200, &json!([1]))),
            ("nothing", Raw::Of(200, Vec::new(), Vec::new())),
            (
                "too much",
                Raw::json(200, &json!({"x": "x".repeat(300_000)})),
            ),
            (
                "too long a head",
                Raw::Of(200, vec![("X", "x".repeat(100_000))], b"{}".to_vec()),
            ),
            ("cut off", Raw::CutOff),
            ("silence", Raw::Silence),
            ("one byte at a time", Raw::Drip),
        ]
    };
    for (what, raw) in answers() {
        place.fake.told().raw.insert(METADATA, raw);
        is_unavailable(&place, try_start(&place), what);
        // Whoever signs in otherwise notices nothing.
        place.app.get(Syv, "/me").expect(200);
        pass_a_moment(&place);
    }
    place.fake.told().raw.clear();
    for (what, raw) in answers() {
        for path in ["/token", "/keys"] {
            // Nothing that was fetched before is believed any more, and no failure held against the address.
            place
                .app
                .clock
                .set(place.app.clock.now() + Duration::hours(1));
            let started = place.start();
            let back = place.back(&started, &syv());
            place.fake.told().raw.insert(path, raw.clone());
            is_unavailable(&place, place.complete(&back), &format!("{path}: {what}"));
            place.fake.told().raw.clear();
            // The code is spent, whatever the provider said.
            place.is_refused(place.complete(&back), what);
            pass_a_moment(&place);
        }
    }
    assert_eq!(place.fake.calls_of("/elsewhere"), 0);
    assert!(place.db_ties().is_empty());
    place
        .app
        .clock
        .set(place.app.clock.now() + Duration::hours(2));
    place.sign_in(&syv()).expect(200);
});

on_both!(
    a_refused_code_is_the_callers_and_a_refused_secret_the_operators,
    |database| {
        let place = Place::new(database);
        let started = place.start();
        let mut back = place.back(&started, &syv());
        back["code"] = json!("invented");
        place.is_refused(place.complete(&back), "an invented code");
        let started = place.start();
        let back = place.back(&started, &syv());
        let refused = Raw::json(401, &json!({"error": "invalid_client"}));
        place.fake.told().raw.insert("/token", refused);
        is_unavailable(&place, place.complete(&back), "our secret");
        place.fake.told().raw.clear();
        place.fake.told().make = Box::new(|_, _| None);
        is_unavailable(&place, place.sign_in(&syv()), "no ID token");
    }
);

on_both!(
    a_secret_goes_into_the_form_where_the_provider_wants_it_there,
    |database| {
        let place = Place::new(database);
        place.fake.told().metadata =
            json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]});
        place.sign_in(&syv()).expect(200);
        let told = place.fake.told();
        let (_, body, proof) = told
            .seen
            .iter()
            .find(|(path, _, _)| path == "/token")
            .unwrap();
        assert!(body.contains("client_secret=en%20hemlighet"), "{body}");
        assert_eq!(proof, &None);
    }
);

on_both!(
    a_provider_that_is_down_is_not_called_again_and_again,
    |database| {
        let place = Place::new(database);
        place
            .fake
            .told()
            .raw
            .insert(METADATA, Raw::json(500, &json!({})));
        for _ in 0..5 {
            is_unavailable(&place, try_start(&place), "down");
        }
        assert_eq!(place.fake.calls_of(METADATA), 1);
        place.fake.told().raw.clear();
        pass_a_moment(&place);
        place.sign_in(&syv()).expect(200);
        place.sign_in(&syv()).expect(200);
        assert_eq!(place.fake.calls_of(METADATA), 2);
        place
            .app
            .clock
            .set(place.app.clock.now() + Duration::hours(1));
        place.sign_in(&syv()).expect(200);
        assert_eq!(place.fake.calls_of(METADATA), 3);
    }
);

on_both!(
    an_unknown_key_makes_the_keys_asked_for_once_a_minute,
    |database| {
        let place = Place::new(database);
        place.sign_in(&syv()).expect(200);
        assert_eq!(place.fake.calls_of("/keys"), 1);
        // The provider changes its key: within the minute it is not known yet, however often somebody tries.
        place.fake.told().signer = Signer::ec("key-2");
        for _ in 0..3 {
            place.is_refused(place.sign_in(&syv()), "within the minute");
        }
        assert_eq!(place.fake.calls_of("/keys"), 1);
        place
            .app
            .clock
            .set(place.app.clock.now() + Duration::minutes(1));
        place.sign_in(&syv()).expect(200);
        assert_eq!(place.fake.calls_of("/keys"), 2);
        // A key that nobody publishes costs a call a minute, and lets nobody in.
        place.fake.told().make =
            Box::new(|claims: &Value, _| Some(Signer::ec("key-9").token(claims)));
        for _ in 0..2 {
            place
                .app
                .clock
                .set(place.app.clock.now() + Duration::minutes(1));
            for _ in 0..3 {
                place.is_refused(place.sign_in(&syv()), "unknown");
            }
        }
        assert_eq!(place.fake.calls_of("/keys"), 4);
    }
);

on_both!(
    a_key_that_was_withdrawn_is_believed_for_an_hour_at_most,
    |database| {
        let place = Place::new(database);
        place.sign_in(&syv()).expect(200);
        place.fake.told().publishes = false;
        place.fake.told().more_keys = vec![Signer::ec("key-2").jwk()];
        place
            .app
            .clock
            .set(place.app.clock.now() + Duration::hours(1));
        place.is_refused(place.sign_in(&syv()), "withdrawn");
    }
);
