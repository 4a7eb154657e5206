//! One's own page over HTTP: who I am, what I may do, my colleagues, my password.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Expired, Loggranskare, Nobody, Socionom, Syv,
    SyvElsewhere,
};
use crate::support::{Persona, TestApp};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::auth::password::{HashCost, Passwords};
use kaa::db::schema::{sessions, users};
use serde_json::{Value, json};

with_app!(everybody_reads_who_they_are, |app| {
    let me = app.get(Syv, "/me").expect(200);
    assert_eq!(me.body["id"], json!(app.world.user(Syv)));
    assert_eq!(me.body["role"], "syv");
    assert_eq!(me.body["unitName"], "Unga vuxna");
    assert!(!String::from_utf8_lossy(&me.bytes).contains("password"));
    let me = app.get(Administrator, "/me").expect(200);
    assert_eq!(me.body["unitId"], Value::Null);
    for persona in Persona::SIGNED_IN.iter().filter(|p| **p != Expired) {
        app.get(*persona, "/me").expect(200);
        app.get(*persona, "/me/access").expect(200);
    }
    for nobody in [Nobody, Expired] {
        for path in ["/me", "/me/access", "/me/colleagues"] {
            app.get(nobody, path).problem(401, "unauthenticated");
        }
    }
    let events = app.db_events();
    let first = events.iter().find(|event| event.operation == "readMe");
    assert_eq!(first.unwrap().subjects[0].1, "me");
});

with_app!(rights_are_told_as_the_table_has_them, |app| {
    let access = app.get(Ambassador, "/me/access").expect(200);
    assert_eq!(access.body["role"], "ambassador");
    assert_eq!(access.body["scopes"]["youths"], "assigned");
    assert_eq!(access.body["fields"]["youths"]["familyName"], "masked");
    let operations = access.body["operations"].as_array().unwrap();
    assert!(operations.contains(&json!("logContact")));
    assert!(!operations.contains(&json!("searchYouths")));
    let access = app.get(Loggranskare, "/me/access").expect(200);
    assert!(access.body["fields"].get("youths").is_none());
});

with_app!(colleagues_are_those_of_the_unit, |app| {
    let names = |persona, query: &str| {
        app.get(persona, &format!("/me/colleagues{query}"))
            .expect(200)
            .column("colleagues", "displayName")
    };
    let all = names(Enhetschef, "?limit=200");
    assert_eq!(all.len(), 8);
    assert!(!all.contains(&json!("SyvElsewhere Andersson")));
    let mut sorted = all.clone();
    sorted.sort_by_key(|name| name.as_str().unwrap().to_owned());
    assert_eq!(all, sorted);
    let row = &app.get(Syv, "/me/colleagues?limit=1").expect(200).body["colleagues"][0];
    assert_eq!(row.as_object().unwrap().len(), 3, "{row}");
    // The walk by links gives the same.
    let mut walked = Vec::new();
    let mut page = app.get(Syv, "/me/colleagues?limit=3").expect(200);
    loop {
        walked.extend(page.column("colleagues", "displayName"));
        let Some(next) = page.next().map(str::to_owned) else {
            break;
        };
        page = app.get(Syv, &next).expect(200);
    }
    assert_eq!(walked, all);
    assert_eq!(names(SyvElsewhere, "").len(), 2);
    for persona in [Ambassador, Administrator, Loggranskare] {
        app.get(persona, "/me/colleagues").problem(403, "forbidden");
    }
    app.get(Syv, "/me/colleagues?role=syv")
        .problem(400, "invalid-parameter");
});

const OLD: &str = "tre röda cyklar";
const NEW: &str = "fyra gröna cyklar";

fn with_password(app: &TestApp, persona: Persona) {
    let cost = HashCost {
        memory_kib: 64,
        passes: 1,
    };
    let hash = Passwords::new(cost).unwrap().hash(OLD).unwrap();
    diesel::update(users::table.find(app.world.user(persona)))
        .set(users::password_hash.eq(hash))
        .execute(&mut app.db())
        .unwrap();
}

fn change(
    app: &TestApp,
    persona: Persona,
    current: &str,
    new: &str,
) -> crate::support::app::Answer {
    app.post(
        persona,
        "/me/password",
        json!({"currentPassword": current, "newPassword": new}),
    )
}

with_app!(a_new_password_ends_the_other_sessions, |app| {
    with_password(&app, Syv);
    let credentials = json!({"username": "syv", "password": OLD});
    app.post(Nobody, "/sessions", credentials.clone())
        .expect(200);
    let open = || -> i64 {
        sessions::table
            .filter(sessions::user_id.eq(app.world.user(Syv)))
            .filter(sessions::ended_at.is_null())
            .count()
            .get_result(&mut app.db())
            .unwrap()
    };
    assert_eq!(open(), 2);
    change(&app, Syv, OLD, NEW).expect(204);
    assert_eq!(open(), 1);
    app.get(Syv, "/me").expect(200);
    app.post(Nobody, "/sessions", credentials)
        .problem(401, "wrong-credentials");
    let credentials = json!({"username": "syv", "password": NEW});
    app.post(Nobody, "/sessions", credentials).expect(200);
    let event = app.db_last_event("changeMyPassword");
    assert_eq!(
        (event.outcome.as_str(), event.subjects[0].2.as_str()),
        ("allowed", "password")
    );
});

with_app!(what_is_wrong_with_a_new_password_is_told, |app| {
    with_password(&app, Socionom);
    let pair = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
    for (current, new, expected) in [
        (OLD, "kort", pair("/newPassword", "weak-password")),
        (OLD, "SOCIONOM", pair("/newPassword", "weak-password")),
        (OLD, OLD, pair("/newPassword", "same-password")),
        (OLD, "abababababab", pair("/newPassword", "easy-password")),
        (
            "fel lösenord",
            NEW,
            pair("/currentPassword", "wrong-password"),
        ),
    ] {
        assert_eq!(
            change(&app, Socionom, current, new).problem(422, "validation-failed"),
            expected
        );
    }
    let missing = app
        .post(Socionom, "/me/password", json!({"x": 1}))
        .problem(422, "validation-failed");
    assert_eq!(missing.len(), 3);
    for nobody in [Nobody, Expired] {
        change(&app, nobody, OLD, NEW).problem(401, "unauthenticated");
    }
    assert!(!String::from_utf8_lossy(&app.get(Socionom, "/me").expect(200).bytes).contains(OLD));
});

with_app!(wrong_passwords_cost_time, |mut_app| {
    let mut app = mut_app;
    with_password(&app, Syv);
    for _ in 0..4 {
        change(&app, Syv, "fel lösenord", NEW).problem(422, "validation-failed");
    }
    assert_eq!(app.db_last_event("changeMyPassword").outcome, "refused");
    let waiting = change(&app, Syv, OLD, NEW);
    assert!(waiting.header("retry-after").is_some());
    waiting.problem(429, "too-many-attempts");
    // Another person's tries are their own, and the sign-in of the same person is not held up.
    let credentials = json!({"username": "syv", "password": OLD});
    app.post(Nobody, "/sessions", credentials).expect(200);
    app.pass(Duration::minutes(2));
    change(&app, Syv, OLD, NEW).expect(204);
});

with_app!(the_same_change_sent_again_is_answered_again, |app| {
    with_password(&app, Syv);
    let key = [("Idempotency-Key", "byte-1")];
    let send = |new: &str| {
        let body = json!({"currentPassword": OLD, "newPassword": new});
        app.send(Syv, "POST", "/me/password", &key, Some(body))
    };
    send(NEW).expect(204);
    send(NEW).expect(204);
    send("fem blåa cyklar").problem(422, "idempotency-key-reused");
    change(&app, Syv, OLD, NEW).problem(422, "validation-failed");
});
