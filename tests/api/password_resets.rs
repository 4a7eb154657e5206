//! A lost password: one-time links, whom they let in, and what an attacker gets for trying.

use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, Loggranskare, Nobody, Socionom, Syv,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{idempotency_keys, password_resets, users};
use serde_json::{Value, json};

const NEW: &str = "fyra gröna cyklar";

fn path_of(app: &TestApp, persona: Persona) -> String {
    format!("/users/{}/password-reset", app.world.user(persona))
}

fn issue(app: &TestApp, persona: Persona) -> Value {
    app.send(Administrator, "PUT", &path_of(app, persona), &[], None)
        .expect(200)
        .body
}

fn reset(app: &TestApp, token: &Value, password: &str) -> Answer {
    let body = json!({"token": token, "newPassword": password});
    app.post(Nobody, "/password-resets", body)
}

fn sign_in(app: &TestApp, password: &str) -> Answer {
    let body = json!({"username": "syv", "password": password});
    app.post(Nobody, "/sessions", body)
}

with_app!(a_link_sets_a_password_once_and_ends_every_session, |app| {
    let link = issue(&app, Syv);
    assert_eq!(link["expiresAt"], "2026-11-25T08:00:00.000000Z");
    assert_eq!(link["userId"], json!(app.world.user(Syv)));
    // Nothing has happened yet.
    app.get(Syv, "/me").expect(200);
    reset(&app, &link["token"], NEW).expect(204);
    app.get(Syv, "/me").problem(401, "unauthenticated");
    app.get(Socionom, "/me").expect(200);
    let event = app.db_last_event("resetPassword");
    assert_eq!(event.actor, Some(app.world.user(Syv)));
    assert_eq!(
        (event.outcome.as_str(), event.subjects[0].2.as_str()),
        ("allowed", "password")
    );
    sign_in(&app, NEW).expect(200);
    // Used up.
    reset(&app, &link["token"], "sex vita cyklar").problem(403, "link-not-valid");
    assert_eq!(app.db_last_event("resetPassword").outcome, "refused");
    sign_in(&app, NEW).expect(200);
});

with_app!(the_token_is_stored_nowhere, |app| {
    let key = [("Idempotency-Key", "en-nyckel")];
    let link = app
        .send(Administrator, "PUT", &path_of(&app, Syv), &key, None)
        .expect(200)
        .body;
    let token = link["token"].as_str().unwrap();
    assert_eq!(token.len(), 43);
    let stored: Vec<String> = password_resets::table
        .select(password_resets::token_hash)
        .load(&mut app.db())
        .unwrap();
    assert_eq!(stored, [kaa::auth::token::refresh_hash(token)]);
    let answers: i64 = idempotency_keys::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(answers, 0);
    let event = app.db_last_event("issuePasswordReset");
    assert_eq!(event.actor, Some(app.world.user(Administrator)));
    assert_eq!(event.subjects[0].2, "passwordReset");
    assert!(!format!("{event:?}").contains(token));
});

with_app!(
    a_link_that_was_replaced_has_run_out_or_never_was_gets_one_answer,
    |mut_app| {
        let mut app = mut_app;
        let never = reset(&app, &json!("A".repeat(43)), NEW);
        let first = issue(&app, Syv);
        let second = issue(&app, Syv);
        let replaced = reset(&app, &first["token"], NEW);
        diesel::update(users::table.find(app.world.user(Syv)))
            .set(users::is_active.eq(false))
            .execute(&mut app.db())
            .unwrap();
        let inactive = reset(&app, &second["token"], NEW);
        app.send(Administrator, "PUT", &path_of(&app, Syv), &[], None)
            .problem(409, "conflict");
        diesel::update(users::table.find(app.world.user(Syv)))
            .set(users::is_active.eq(true))
            .execute(&mut app.db())
            .unwrap();
        app.pass(Duration::hours(24));
        let late = reset(&app, &second["token"], NEW);
        let same = never.without_instance();
        assert_eq!(same["status"], 403);
        for answer in [replaced, inactive, late] {
            assert_eq!(answer.without_instance(), same);
        }
        sign_in(&app, NEW).problem(401, "wrong-credentials");
    }
);

with_app!(a_refused_password_leaves_the_link, |app| {
    let link = issue(&app, Loggranskare);
    for (bad, code) in [
        ("kort", "weak-password"),
        ("Stockholm2026", "easy-password"),
        ("jag är loggranskare!", "easy-password"),
    ] {
        assert_eq!(
            reset(&app, &link["token"], bad).problem(422, "validation-failed"),
            [("/newPassword".to_owned(), code.to_owned())]
        );
    }
    app.get(Loggranskare, "/me").expect(200);
    let missing = app
        .post(Nobody, "/password-resets", json!({"x": 1}))
        .problem(422, "validation-failed");
    assert_eq!(missing.len(), 3);
    reset(&app, &link["token"], NEW).expect(204);
});

with_app!(only_the_administrator_makes_links, |app| {
    for persona in [Syv, Socionom, Ambassador, Enhetschef, Loggranskare] {
        app.send(persona, "PUT", &path_of(&app, Syv), &[], None)
            .problem(403, "forbidden");
    }
    app.send(Nobody, "PUT", &path_of(&app, Syv), &[], None)
        .problem(401, "unauthenticated");
    let nobodys = format!("/users/{}/password-reset", app.world.unit);
    app.send(Administrator, "PUT", &nobodys, &[], None)
        .problem(404, "not-found");
});

with_app!(a_link_ends_the_wait_after_failed_sign_ins, |app| {
    for _ in 0..5 {
        sign_in(&app, "fel fel fel fel");
    }
    sign_in(&app, "fel fel fel fel").problem(429, "too-many-attempts");
    let link = issue(&app, Syv);
    reset(&app, &link["token"], NEW).expect(204);
    sign_in(&app, NEW).expect(200);
});
