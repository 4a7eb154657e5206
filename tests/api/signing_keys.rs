//! The rotation of the keys that sign access tokens, over a running service.

use crate::on_both;
use crate::support::Persona::{self, Administrator, Enhetschef, Loggranskare, Nobody, Syv};
use crate::support::TestApp;
use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use diesel::prelude::*;
use kaa::auth::password::{HashCost, Passwords};
use kaa::db::schema::{signing_keys, users};
use serde_json::{Value, json};

const PASSWORD: &str = "tre röda cyklar";

fn app(database: crate::support::TestDatabase) -> TestApp {
    let app = TestApp::with(database, |config| {
        config.key_lookup = std::time::Duration::from_millis(20);
    });
    let cost = HashCost {
        memory_kib: 64,
        passes: 1,
    };
    let hash = Passwords::new(cost).unwrap().hash(PASSWORD).unwrap();
    diesel::update(users::table.find(app.world.user(Syv)))
        .set(users::password_hash.eq(hash))
        .execute(&mut app.db())
        .unwrap();
    app
}

fn fresh_token(app: &TestApp) -> String {
    let body = json!({"username": "syv", "password": PASSWORD});
    let session = app.post(Nobody, "/sessions", body).expect(200);
    session.body["accessToken"].as_str().unwrap().to_owned()
}

fn header_of(token: &str) -> Value {
    let (header, _) = token.split_once('.').unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap()
}

fn opens(app: &TestApp, token: &str) -> bool {
    let bearer = format!("Bearer {token}");
    app.send(Nobody, "GET", "/me", &[("Authorization", &bearer)], None)
        .status
        == 200
}

/// Until the running service has heard of the latest key.
fn wait_for(app: &TestApp, kid: &Value) -> String {
    for _ in 0..500 {
        let token = fresh_token(app);
        if header_of(&token)["kid"] == *kid {
            return token;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the service has not heard of {kid}");
}

on_both!(
    a_rotation_signs_nobody_out_and_retires_the_old_key,
    |database| {
        let mut app = app(database);
        let old = fresh_token(&app);
        assert_eq!(header_of(&old)["alg"], "HS256");
        let rotate = |app: &TestApp| {
            app.send(Administrator, "POST", "/signing-keys", &[], None)
                .expect(200)
                .body
        };
        let made = rotate(&app);
        assert_eq!(made["signsFrom"], "2026-11-24T08:02:00.000000Z");
        let event = app.db_last_event("rotateSigningKey");
        assert_eq!(event.subjects[0].2, "signingKey");
        // It does not sign yet.
        assert_eq!(header_of(&fresh_token(&app))["kid"], header_of(&old)["kid"]);
        app.pass(Duration::minutes(2));
        let last_of_old = old;
        let new = wait_for(&app, &made["kid"]);
        assert!(opens(&app, &last_of_old) && opens(&app, &new));
        app.pass(Duration::minutes(5));
        assert!(!opens(&app, &last_of_old));
        // The second rotation forgets what nobody needs; the first has nothing to forget yet.
        let next = wait_for(&app, &made["kid"]);
        let second = rotate_anew(&app);
        app.pass(Duration::minutes(8));
        wait_for(&app, &second["kid"]);
        assert!(!opens(&app, &next), "two keys ago");
        rotate_anew(&app);
        let kids: Vec<String> = signing_keys::table
            .select(signing_keys::kid)
            .load(&mut app.db())
            .unwrap();
        assert_eq!(kids.len(), 2);
        assert!(!kids.contains(&made["kid"].as_str().unwrap().to_owned()));
    }
);

/// As the administrator, whose token of the test's own the service does not accept after a rotation.
fn rotate_anew(app: &TestApp) -> Value {
    let cost = HashCost {
        memory_kib: 64,
        passes: 1,
    };
    let hash = Passwords::new(cost).unwrap().hash(PASSWORD).unwrap();
    diesel::update(users::table.find(app.world.user(Administrator)))
        .set(users::password_hash.eq(hash))
        .execute(&mut app.db())
        .unwrap();
    let body = json!({"username": "administrator", "password": PASSWORD});
    let session = app.post(Nobody, "/sessions", body).expect(200);
    let bearer = format!("Bearer {}", session.body["accessToken"].as_str().unwrap());
    app.send(
        Nobody,
        "POST",
        "/signing-keys",
        &[("Authorization", &bearer)],
        None,
    )
    .expect(200)
    .body
}

on_both!(only_the_administrator_rotates, |database| {
    let app = app(database);
    for persona in [Syv, Enhetschef, Loggranskare] {
        app.send(persona, "POST", "/signing-keys", &[], None)
            .problem(403, "forbidden");
    }
    app.send(Persona::Nobody, "POST", "/signing-keys", &[], None)
        .problem(401, "unauthenticated");
});
