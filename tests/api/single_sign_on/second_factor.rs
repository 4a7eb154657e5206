//! When the provider's second factor is enough, and when the person's own is asked for.

use super::{Place, query_of, syv};
use crate::on_both;
use crate::support::Persona::{Administrator, Syv};
use crate::support::TestDatabase;
use crate::support::app::Answer;
use chrono::Duration;
use diesel::prelude::*;
use kaa::auth::password::{HashCost, Passwords};
use kaa::auth::totp::{code_of, step_at};
use kaa::db::schema::users;
use serde_json::{Value, json};

const PASSWORD: &str = "tre röda cyklar";

fn place(database: TestDatabase) -> Place {
    Place::with(database, |config| {
        config.claims.factor_methods = vec!["mfa".to_owned()];
        config.claims.factor_classes = vec!["loa3".to_owned()];
    })
}

fn require_factor(place: &Place) {
    let version = place
        .app
        .get(Administrator, "/settings")
        .expect(200)
        .version();
    let body = json!({"secondFactorRoles": ["syv"]});
    place
        .app
        .patch(Administrator, "/settings", version, body)
        .expect(200);
}

fn claims(more: &Value) -> Value {
    let mut claims = syv();
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// Gives the SYV a second factor of their own: its secret and recovery codes.
fn own_factor(place: &Place) -> (Vec<u8>, Vec<String>) {
    let cost = HashCost {
        memory_kib: 64,
        passes: 1,
    };
    let hash = Passwords::new(cost).unwrap().hash(PASSWORD).unwrap();
    diesel::update(users::table.find(place.app.world.user(Syv)))
        .set(users::password_hash.eq(hash))
        .execute(&mut place.app.db())
        .unwrap();
    let body = json!({"currentPassword": PASSWORD});
    let enrolled = place
        .app
        .send(Syv, "PUT", "/me/second-factor", &[], Some(body))
        .expect(200);
    let secret = enrolled.body["secret"].as_str().unwrap();
    let secret = data_encoding::BASE32_NOPAD
        .decode(secret.as_bytes())
        .unwrap();
    let body = json!({"code": code(place, &secret, -1)});
    let path = "/me/second-factor/confirmation";
    let confirmed = place
        .app
        .send(Syv, "PUT", path, &[], Some(body))
        .expect(200);
    (
        secret,
        serde_json::from_value(confirmed.body["recoveryCodes"].clone()).unwrap(),
    )
}

fn code(place: &Place, secret: &[u8], off: i64) -> String {
    code_of(secret, step_at(place.app.clock.now()) + off)
}

/// Comes back without the second factor; the flow.
fn without(place: &Place) -> String {
    let started = place.start();
    let back = place.back(&started, &syv());
    place.complete(&back).problem(401, "second-factor-required");
    started.flow
}

fn with_code(place: &Place, flow: &str, code: &str) -> Answer {
    place.complete(&json!({"flow": flow, "secondFactorCode": code}))
}

on_both!(
    a_role_that_needs_a_second_factor_has_it_if_the_provider_says_so,
    |database| {
        let place = place(database);
        require_factor(&place);
        assert_eq!(query_of(&place.start().address)["acr_values"], "loa3");
        for more in [json!({"amr": ["pwd", "mfa"]}), json!({"acr": "loa3"})] {
            let session = place.sign_in(&claims(&more)).expect(200);
            place.get(&session, "/youths").expect(200);
            let me = place.get(&session, "/me").expect(200).body;
            assert_eq!(me["mustEnrolSecondFactor"], false);
            // Renewed, it is the same session.
            let renewed = json!({"refreshToken": session.body["refreshToken"]});
            let renewed = place.app.post(
                crate::support::Persona::Nobody,
                "/sessions/refresh",
                renewed,
            );
            place.get(&renewed.expect(200), "/youths").expect(200);
        }
        for more in [
            json!({}),
            json!({"amr": ["pwd"]}),
            json!({"acr": "loa2"}),
            json!({"amr": ["loa3"]}),
            json!({"acr": "mfa"}),
        ] {
            let session = place.sign_in(&claims(&more)).expect(200);
            place
                .get(&session, "/youths")
                .problem(403, "second-factor-missing");
            assert_eq!(
                place.get(&session, "/me").expect(200).body["mustEnrolSecondFactor"],
                true
            );
        }
        // What the provider has proved holds for that session alone.
        place
            .app
            .get(Syv, "/youths")
            .problem(403, "second-factor-missing");
    }
);

on_both!(
    without_a_word_of_the_operator_no_claim_is_a_second_factor,
    |database| {
        let place = Place::new(database);
        require_factor(&place);
        let session = place
            .sign_in(&claims(&json!({"amr": ["mfa"], "acr": "loa3"})))
            .expect(200);
        place
            .get(&session, "/youths")
            .problem(403, "second-factor-missing");
    }
);

on_both!(
    the_own_second_factor_is_asked_for_unless_the_provider_has_done_so,
    |database| {
        let place = place(database);
        let (secret, codes) = own_factor(&place);
        let flow = without(&place);
        let event = place.app.db_last_event("completeSingleSignOn");
        assert_eq!(event.error_code.as_deref(), Some("second-factor-required"));
        assert_eq!(event.actor, Some(place.app.world.user(Syv)));
        // Nobody is tied yet.
        assert!(place.db_ties().is_empty());
        with_code(&place, &flow, "000000").problem(401, "wrong-second-factor");
        let session = with_code(&place, &flow, &code(&place, &secret, 0)).expect(200);
        place.get(&session, "/youths").expect(200);
        assert_eq!(place.db_ties().len(), 1);
        // Once.
        place.is_refused(
            with_code(&place, &flow, &code(&place, &secret, 1)),
            "the flow again",
        );
        let flow = without(&place);
        with_code(&place, &flow, &code(&place, &secret, 0)).problem(401, "wrong-second-factor");
        with_code(&place, &flow, &codes[0]).expect(200);
        let flow = without(&place);
        with_code(&place, &flow, &codes[0]).problem(401, "wrong-second-factor");
        // In one go, for a client that asks beforehand.
        let started = place.start();
        let mut back = place.back(&started, &syv());
        back["secondFactorCode"] = json!(codes[1]);
        place.complete(&back).expect(200);
        // The provider's is enough.
        place.sign_in(&claims(&json!({"amr": ["mfa"]}))).expect(200);
    }
);

on_both!(
    what_waits_for_a_second_factor_is_bound_to_its_flow_and_short,
    |database| {
        let mut place = place(database);
        let (secret, codes) = own_factor(&place);
        let flow = without(&place);
        let other = place.start();
        place.is_refused(
            with_code(&place, &other.flow, &code(&place, &secret, 0)),
            "another flow",
        );
        place.is_refused(with_code(&place, "x", &code(&place, &secret, 0)), "no flow");
        // Somebody else's account does not come by the way.
        place.app.pass(Duration::minutes(10));
        place.is_refused(with_code(&place, &flow, &codes[0]), "after ten minutes");
        // An account that is closed in between is closed.
        let flow = without(&place);
        diesel::update(users::table.find(place.app.world.user(Syv)))
            .set(users::is_active.eq(false))
            .execute(&mut place.app.db())
            .unwrap();
        with_code(&place, &flow, &codes[0]).problem(403, "no-account");
        diesel::update(users::table.find(place.app.world.user(Syv)))
            .set(users::is_active.eq(true))
            .execute(&mut place.app.db())
            .unwrap();
        place.is_refused(with_code(&place, &flow, &codes[0]), "after a refusal");
    }
);

on_both!(
    a_tie_that_is_made_or_taken_in_between_ends_what_waits,
    |database| {
        let place = place(database);
        let (_, codes) = own_factor(&place);
        let flow = without(&place);
        // Another subject is tied first.
        let mut other = claims(&json!({"amr": ["mfa"]}));
        other["sub"] = json!("subject-2");
        place.sign_in(&other).expect(200);
        with_code(&place, &flow, &codes[0]).problem(403, "no-account");
        let path = format!("/users/{}/single-sign-on", place.app.world.user(Syv));
        place
            .app
            .send(Administrator, "DELETE", &path, &[], None)
            .expect(204);
        let flow = without(&place);
        place.sign_in(&claims(&json!({"amr": ["mfa"]}))).expect(200);
        place
            .app
            .send(Administrator, "DELETE", &path, &[], None)
            .expect(204);
        place.is_refused(with_code(&place, &flow, &codes[0]), "untied meanwhile");
    }
);

on_both!(wrong_codes_grow_the_wait_of_the_account, |database| {
    let mut place = place(database);
    let (secret, _) = own_factor(&place);
    let flow = without(&place);
    for _ in 0..4 {
        with_code(&place, &flow, "000000").problem(401, "wrong-second-factor");
    }
    let held = with_code(&place, &flow, &code(&place, &secret, 0));
    assert!(held.header("retry-after").is_some());
    held.problem(429, "too-many-attempts");
    // The same wait as for the password's way in, and not by way of another flow either.
    let body = json!({"username": "syv", "password": PASSWORD});
    place
        .app
        .post(crate::support::Persona::Nobody, "/sessions", body)
        .problem(429, "too-many-attempts");
    let other = without(&place);
    with_code(&place, &other, &code(&place, &secret, 0)).problem(429, "too-many-attempts");
    place.app.pass(Duration::seconds(5));
    with_code(&place, &flow, &code(&place, &secret, 0)).expect(200);
});

on_both!(of_two_with_the_same_flow_one_gets_in, |database| {
    let place = place(database);
    let (_, codes) = own_factor(&place);
    let flow = without(&place);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = codes[..4]
            .iter()
            .map(|code| scope.spawn(|| with_code(&place, &flow, code).status))
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let let_in = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(let_in, 1, "{statuses:?}");
});
