//! Single sign-on: at a provider that the tests make up and that does what it is told, and at a real one (`real`).

mod attacks;
mod command_line;
mod fake;
mod forge;
mod people;
mod real;
mod second_factor;
mod tokens;
mod unruly;

use crate::on_both;
use crate::support::Persona::Nobody;
use crate::support::app::Answer;
use crate::support::{TestApp, TestDatabase};
use diesel::prelude::*;
use fake::{Fake, query_of};
use kaa::auth::single_sign_on::ProviderConfig;
use kaa::auth::single_sign_on::claims::ClaimRules;
use kaa::db::schema::{single_sign_on_flows, single_sign_on_ties};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;

const REDIRECT: &str = "https://kaa.kommun.example/inloggad";

/// A service with a provider, both of the test's own.
struct Place {
    app: TestApp,
    fake: Fake,
}

/// How the service is told of a provider.
fn config_of(issuer: &str) -> ProviderConfig {
    ProviderConfig {
        issuer: issuer.to_owned(),
        client_id: "kaa & co".to_owned(),
        client_secret: SecretString::from("en hemlighet: 100 % säker"),
        redirect_uri: REDIRECT.to_owned(),
        scope: "openid profile".to_owned(),
        claims: ClaimRules {
            username: "preferred_username".to_owned(),
            ..ClaimRules::default()
        },
        makes_accounts: false,
        leaves_passwords: true,
        authorities: None,
        call_limit: Duration::from_secs(20),
    }
}

impl Place {
    fn new(database: TestDatabase) -> Self {
        Self::with(database, |_| {})
    }

    fn with(database: TestDatabase, configure: impl FnOnce(&mut ProviderConfig)) -> Self {
        let fake = Fake::start();
        let mut config = config_of(&fake.issuer);
        configure(&mut config);
        let app = TestApp::with(database, |all| all.single_sign_on = Some(config));
        Self { app, fake }
    }

    fn start(&self) -> Started {
        let answer = self
            .app
            .send(Nobody, "POST", "/single-sign-on/starts", &[], None);
        Started::of(&answer.expect(200))
    }

    /// What the browser brings back after somebody has signed in at the provider.
    fn back(&self, started: &Started, claims: &Value) -> Value {
        let now = self.app.clock.now().timestamp();
        let code = self.fake.authorize(&started.address, now, claims);
        json!({"flow": started.flow, "code": code, "state": started.state()})
    }

    fn complete(&self, back: &Value) -> Answer {
        self.app
            .post(Nobody, "/single-sign-on/completions", back.clone())
    }

    /// From the beginning to the end, with these claims.
    fn sign_in(&self, claims: &Value) -> Answer {
        let started = self.start();
        let back = self.back(&started, claims);
        self.complete(&back)
    }

    /// With the session of an answer.
    fn get(&self, session: &Answer, path: &str) -> Answer {
        let bearer = format!("Bearer {}", session.body["accessToken"].as_str().unwrap());
        self.app
            .send(Nobody, "GET", path, &[("Authorization", &bearer)], None)
    }

    #[track_caller]
    fn is_refused(&self, answer: Answer, what: &str) {
        let events = self.app.db_events();
        let last = events.last().unwrap();
        assert_eq!(answer.status, 401, "{what}: {}", answer.body);
        assert_eq!(answer.body["code"], "flow-not-valid", "{what}");
        assert_eq!(last.operation, "completeSingleSignOn", "{what}");
        assert_eq!(last.outcome, "refused", "{what}");
        assert_eq!(last.error_code.as_deref(), Some("flow-not-valid"), "{what}");
        assert_eq!(last.actor, None, "{what}");
    }

    fn db_ties(&self) -> Vec<(String, String)> {
        single_sign_on_ties::table
            .select((single_sign_on_ties::issuer, single_sign_on_ties::subject))
            .order(single_sign_on_ties::subject)
            .load(&mut self.app.db())
            .unwrap()
    }

    fn db_flows(&self) -> i64 {
        single_sign_on_flows::table
            .count()
            .get_result(&mut self.app.db())
            .unwrap()
    }
}

/// A flow that has begun.
struct Started {
    flow: String,
    address: String,
}

impl Started {
    fn of(answer: &Answer) -> Self {
        let text = |name: &str| answer.body[name].as_str().unwrap().to_owned();
        Self {
            flow: text("flow"),
            address: text("authorizationAddress"),
        }
    }

    fn state(&self) -> String {
        query_of(&self.address)["state"].clone()
    }
}

/// Who signs in, unless something else is told.
fn syv() -> Value {
    json!({"sub": "subject-1", "preferred_username": "syv"})
}

on_both!(
    a_sign_in_at_the_provider_gives_the_session_that_any_gives,
    |database| {
        let place = Place::new(database);
        let started = place.start();
        let asked = query_of(&started.address);
        assert_eq!(asked["client_id"], "kaa & co");
        assert_eq!(asked["redirect_uri"], REDIRECT);
        assert_eq!(asked["scope"], "openid profile");
        assert_eq!(asked["code_challenge"].len(), 43);
        assert!(!asked.contains_key("acr_values"));
        assert_eq!(
            place.app.db_last_event("startSingleSignOn").outcome,
            "allowed"
        );
        let back = place.back(&started, &syv());
        let session = place.complete(&back).expect(200);
        assert_eq!(session.body["tokenType"], "Bearer");
        let me = place.get(&session, "/me").expect(200).body;
        assert_eq!(me["username"], "syv");
        place.get(&session, "/youths").expect(200);
        let event = place.app.db_last_event("completeSingleSignOn");
        let syv_id = place.app.world.user(crate::support::Persona::Syv);
        assert_eq!(
            (event.outcome.as_str(), event.actor),
            ("allowed", Some(syv_id))
        );
        assert_eq!(event.subjects[0].2, "singleSignOn");
        assert_eq!(
            place.db_ties(),
            [(place.fake.issuer.clone(), "subject-1".to_owned())]
        );
        // It is renewed and ended as any.
        let renewed = json!({"refreshToken": session.body["refreshToken"]});
        let renewed = place
            .app
            .post(Nobody, "/sessions/refresh", renewed)
            .expect(200);
        let bearer = format!("Bearer {}", renewed.body["accessToken"].as_str().unwrap());
        let bearer = [("Authorization", bearer.as_str())];
        place
            .app
            .send(Nobody, "DELETE", "/sessions/current", &bearer, None)
            .expect(204);
        place.get(&session, "/me").problem(401, "unauthenticated");
        // The provider was shown what proves us, written as the protocol has it.
        let told = place.fake.told();
        let (_, body, proof) = told
            .seen
            .iter()
            .find(|(path, _, _)| path == "/token")
            .unwrap();
        assert!(!body.contains("client_secret"));
        let proof = proof.as_deref().unwrap().strip_prefix("Basic ").unwrap();
        let proof = String::from_utf8(data_encoding::BASE64.decode(proof.as_bytes()).unwrap());
        assert_eq!(
            proof.unwrap(),
            "kaa%20%26%20co:en%20hemlighet%3A%20100%20%25%20s%C3%A4ker"
        );
    }
);

on_both!(of_a_flow_nothing_is_stored_that_leads_to_it, |database| {
    let place = Place::new(database);
    let started = place.start();
    let rows: Vec<(String, Option<String>)> = single_sign_on_flows::table
        .select((
            single_sign_on_flows::flow_hash,
            single_sign_on_flows::address_hash,
        ))
        .load(&mut place.app.db())
        .unwrap();
    let back = place.back(&started, &syv());
    place.complete(&back).expect(200);
    let kept = format!("{rows:?} {:?}", place.app.db_events());
    let asked = query_of(&started.address);
    for secret in [
        &started.flow,
        &asked["state"],
        &asked["nonce"],
        &asked["code_challenge"],
        &"127.0.0.1".to_owned(),
        &back["code"].as_str().unwrap().to_owned(),
    ] {
        assert!(!kept.contains(secret.as_str()), "{secret}");
    }
    assert_eq!(place.db_flows(), 0);
});

on_both!(without_a_provider_there_is_no_single_sign_on, |database| {
    let app = TestApp::new(database);
    app.send(Nobody, "POST", "/single-sign-on/starts", &[], None)
        .problem(409, "single-sign-on-off");
    let body = json!({"flow": "x", "code": "x", "state": "x"});
    app.post(Nobody, "/single-sign-on/completions", body)
        .problem(409, "single-sign-on-off");
    assert_eq!(app.db_last_event("completeSingleSignOn").outcome, "invalid");
});

on_both!(what_is_missing_is_told_field_by_field, |database| {
    let place = Place::new(database);
    let wrong = |body: Value| place.complete(&body).problem(422, "validation-failed");
    let pair = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(wrong(json!({})), [pair("/flow", "required")]);
    assert_eq!(wrong(json!({"flow": "x"})), [pair("/code", "required")]);
    assert_eq!(
        wrong(json!({"flow": "x", "code": "y"})),
        [pair("/code", "needs-other")]
    );
    assert_eq!(
        wrong(json!({"flow": "x", "state": "y"})),
        [pair("/state", "needs-other")]
    );
    // Where somebody goes afterwards is not theirs to say.
    let elsewhere =
        json!({"flow": "x", "code": "y", "state": "z", "redirectUri": "https://evil.example"});
    assert_eq!(wrong(elsewhere), [pair("/redirectUri", "unknown-field")]);
    let body = json!({"redirect_uri": "https://evil.example"});
    place
        .app
        .post(Nobody, "/single-sign-on/starts", body)
        .problem(400, "malformed-body");
});
