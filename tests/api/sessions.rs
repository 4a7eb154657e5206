//! Signing in, staying signed in and signing out, and what an attacker gets for trying.

use crate::support::Persona::{
    Administrator, Enhetschef, Expired, Loggranskare, Nobody, Socionom, Syv,
};
use crate::support::TestApp;
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{sessions, users};
use serde_json::{Value, json};

const PASSWORD: &str = "en mening som ingen gissar";

fn sign_in(app: &TestApp, username: &str, password: &str) -> crate::support::app::Answer {
    app.post(
        Nobody,
        "/sessions",
        json!({"username": username, "password": password}),
    )
}

fn with_token(
    app: &TestApp,
    token: &Value,
    method: &str,
    path: &str,
) -> crate::support::app::Answer {
    let bearer = format!("Bearer {}", token.as_str().unwrap());
    app.send(Nobody, method, path, &[("Authorization", &bearer)], None)
}

with_app!(a_sign_in_opens_and_a_sign_out_closes_at_once, |app| {
    app.db_give_password(Syv, PASSWORD);
    let session = sign_in(&app, "SYV", PASSWORD).expect(200);
    assert_eq!(session.body["expiresIn"], 300);
    let token = session.body["accessToken"].clone();
    with_token(&app, &token, "GET", "/youths").expect(200);
    assert_eq!(app.db_last_event("signIn").actor, Some(app.world.user(Syv)));
    with_token(&app, &token, "DELETE", "/sessions/current").expect(204);
    with_token(&app, &token, "GET", "/youths").problem(401, "unauthenticated");
    let renewed = app.post(
        Nobody,
        "/sessions/refresh",
        json!({"refreshToken": session.body["refreshToken"]}),
    );
    renewed.problem(401, "unauthenticated");
});

with_app!(tokens_are_stored_hashed, |app| {
    app.db_give_password(Syv, PASSWORD);
    let session = sign_in(&app, "syv", PASSWORD).expect(200);
    let stored: Vec<String> = sessions::table
        .select(sessions::refresh_hash)
        .load(&mut app.db())
        .unwrap();
    let token = session.body["refreshToken"].as_str().unwrap();
    assert!(stored.iter().all(|hash| hash != token));
    assert!(stored.contains(&kaa::auth::token::refresh_hash(token)));
});

with_app!(
    unknown_user_wrong_password_and_inactive_account_get_the_same_answer,
    |app| {
        app.db_give_password(Syv, PASSWORD);
        let wrong = sign_in(&app, "syv", "något annat").expect(401);
        assert_eq!(wrong.body["code"], "wrong-credentials");
        let unknown = sign_in(&app, "finns inte", PASSWORD).expect(401);
        assert_eq!(wrong.without_instance(), unknown.without_instance());
        diesel::update(users::table.find(app.world.user(Syv)))
            .set(users::is_active.eq(false))
            .execute(&mut app.db())
            .unwrap();
        let inactive = sign_in(&app, "syv", PASSWORD).expect(401);
        assert_eq!(wrong.without_instance(), inactive.without_instance());
        app.get(Syv, "/youths").problem(401, "unauthenticated");
    }
);

with_app!(
    each_failure_after_the_third_doubles_the_wait_also_for_accounts_that_do_not_exist,
    |mut_app| {
        let mut app = mut_app;
        app.db_give_password(Syv, PASSWORD);
        for name in ["syv", "finns-inte"] {
            for _ in 0..4 {
                sign_in(&app, name, "fel fel fel fel").expect(401);
            }
            let held = sign_in(&app, name, PASSWORD);
            assert!(held.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
            held.problem(429, "too-many-attempts");
        }
        app.pass(Duration::seconds(5));
        sign_in(&app, "syv", PASSWORD).expect(200);
        let told = app
            .db_events()
            .into_iter()
            .filter(|event| event.operation == "signIn");
        assert_eq!(told.filter(|event| event.outcome == "refused").count(), 10);
    }
);

with_app!(
    a_refresh_token_is_used_once_and_its_reuse_ends_the_session,
    |app| {
        app.db_give_password(Syv, PASSWORD);
        let first = sign_in(&app, "syv", PASSWORD).expect(200);
        let refresh =
            |token: &Value| app.post(Nobody, "/sessions/refresh", json!({"refreshToken": token}));
        let second = refresh(&first.body["refreshToken"]).expect(200);
        assert_ne!(first.body["refreshToken"], second.body["refreshToken"]);
        with_token(&app, &second.body["accessToken"], "GET", "/youths").expect(200);
        refresh(&first.body["refreshToken"]).problem(401, "unauthenticated");
        with_token(&app, &second.body["accessToken"], "GET", "/youths")
            .problem(401, "unauthenticated");
        refresh(&second.body["refreshToken"]).problem(401, "unauthenticated");
    }
);

with_app!(a_sign_in_ends_by_itself, |mut_app| {
    let mut app = mut_app;
    app.db_give_password(Syv, PASSWORD);
    let session = sign_in(&app, "syv", PASSWORD).expect(200);
    let token = session.body["accessToken"].clone();
    app.pass(Duration::seconds(300));
    with_token(&app, &token, "GET", "/youths").problem(401, "unauthenticated");
    app.pass(Duration::minutes(55));
    app.post(
        Nobody,
        "/sessions/refresh",
        json!({"refreshToken": session.body["refreshToken"]}),
    )
    .problem(401, "unauthenticated");
});

with_app!(any_token_of_the_family_that_comes_back_ends_it, |mut_app| {
    let mut app = mut_app;
    app.db_give_password(Syv, PASSWORD);
    let refresh = |app: &TestApp, token: &Value| {
        app.post(Nobody, "/sessions/refresh", json!({"refreshToken": token}))
    };
    let mut family = vec![sign_in(&app, "syv", PASSWORD).expect(200).body];
    for _ in 0..4 {
        app.pass(Duration::minutes(4));
        let latest = family.last().unwrap()["refreshToken"].clone();
        family.push(refresh(&app, &latest).expect(200).body);
    }
    let in_use = family.last().unwrap();
    with_token(&app, &in_use["accessToken"], "GET", "/me").expect(200);
    // The very first one, four renewals ago.
    refresh(&app, &family[0]["refreshToken"]).problem(401, "unauthenticated");
    with_token(&app, &in_use["accessToken"], "GET", "/me").problem(401, "unauthenticated");
    refresh(&app, &in_use["refreshToken"]).problem(401, "unauthenticated");
    let event = app.db_last_event("refreshSession");
    assert_eq!(event.outcome, "refused");
    // A token that never was ends nothing.
    let other = sign_in(&app, "syv", PASSWORD).expect(200);
    refresh(&app, &json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
        .problem(401, "unauthenticated");
    with_token(&app, &other.body["accessToken"], "GET", "/me").expect(200);
});

with_app!(
    a_sign_in_that_is_renewed_ends_at_its_absolute_limit,
    |mut_app| {
        let mut app = mut_app;
        app.db_give_password(Syv, PASSWORD);
        let mut session = sign_in(&app, "syv", PASSWORD).expect(200).body;
        let renew = |app: &TestApp, session: &Value| {
            let token = json!({"refreshToken": session["refreshToken"]});
            app.post(Nobody, "/sessions/refresh", token)
        };
        for _ in 0..14 {
            app.pass(Duration::minutes(50));
            session = renew(&app, &session).expect(200).body;
        }
        // 11 hours and 40 minutes have passed: what is left are 20 minutes, not an hour.
        assert_eq!(session["refreshExpiresAt"], "2026-11-24T20:00:00.000000Z");
        app.pass(Duration::minutes(20));
        renew(&app, &session).problem(401, "unauthenticated");
    }
);

with_app!(
    one_sees_and_ends_ones_own_sessions_and_nobody_elses,
    |app| {
        app.db_give_password(Syv, PASSWORD);
        let other = sign_in(&app, "syv", PASSWORD).expect(200).body;
        let mine = app.get(Syv, "/me/sessions").expect(200);
        let ids = mine.column("sessions", "id");
        assert_eq!(ids.len(), 2);
        assert_eq!(mine.column("sessions", "isCurrent"), [true, false]);
        assert_eq!(
            mine.body["sessions"][0].as_object().unwrap().len(),
            5,
            "no hash is shown"
        );
        let seen = with_token(&app, &other["accessToken"], "GET", "/me/sessions").expect(200);
        assert_eq!(seen.column("sessions", "isCurrent"), [false, true]);
        // Somebody else's is not there, nor is one that never was.
        let theirs = format!("/me/sessions/{}", ids[1].as_str().unwrap());
        for persona in [Socionom, Administrator, Enhetschef] {
            app.send(persona, "DELETE", &theirs, &[], None)
                .problem(404, "not-found");
        }
        for nobody in [Nobody, Expired] {
            app.send(nobody, "DELETE", &theirs, &[], None)
                .problem(401, "unauthenticated");
        }
        with_token(&app, &other["accessToken"], "GET", "/me").expect(200);
        app.send(Syv, "DELETE", &theirs, &[], None).expect(204);
        assert_eq!(app.db_last_event("endMySession").subjects[0].1, "sessions");
        with_token(&app, &other["accessToken"], "GET", "/me").problem(401, "unauthenticated");
        let refreshed = json!({"refreshToken": other["refreshToken"]});
        app.post(Nobody, "/sessions/refresh", refreshed)
            .problem(401, "unauthenticated");
        app.send(Syv, "DELETE", &theirs, &[], None)
            .problem(404, "not-found");
        assert_eq!(
            app.get(Syv, "/me/sessions")
                .expect(200)
                .column("sessions", "id"),
            [ids[0].clone()]
        );
    }
);

with_app!(signing_out_everywhere_ends_all_and_only_ones_own, |app| {
    app.db_give_password(Syv, PASSWORD);
    let other = sign_in(&app, "syv", PASSWORD).expect(200).body;
    app.send(Syv, "DELETE", "/me/sessions", &[], None)
        .expect(204);
    app.get(Syv, "/me").problem(401, "unauthenticated");
    with_token(&app, &other["accessToken"], "GET", "/me").problem(401, "unauthenticated");
    app.get(Socionom, "/me").expect(200);
    let event = app.db_last_event("endMySessions");
    assert_eq!(event.actor, Some(app.world.user(Syv)));
    assert_eq!(event.subjects[0].2, "sessions");
});

with_app!(the_administrator_signs_somebody_out_everywhere, |app| {
    let path = format!("/users/{}/sessions", app.world.user(Syv));
    for persona in [Syv, Socionom, Enhetschef, Loggranskare] {
        app.send(persona, "DELETE", &path, &[], None)
            .problem(403, "forbidden");
    }
    app.get(Syv, "/me").expect(200);
    app.send(Administrator, "DELETE", &path, &[], None)
        .expect(204);
    app.get(Syv, "/me").problem(401, "unauthenticated");
    app.get(Administrator, "/me").expect(200);
    assert_eq!(app.db_last_event("endUserSessions").subjects[0].1, "users");
    let nobodys = format!("/users/{}/sessions", app.world.unit);
    app.send(Administrator, "DELETE", &nobodys, &[], None)
        .problem(404, "not-found");
});

with_app!(http_itself_is_answered_with_problems_too, |app| {
    let missing = app.get(Syv, "/nothing-here").expect(404);
    assert_eq!(
        missing.header("content-type"),
        Some("application/problem+json")
    );
    let wrong = app.send(Syv, "DELETE", "/units", &[], None).expect(405);
    assert_eq!(wrong.header("allow"), Some("GET, POST"));
    app.send_bytes(
        Syv,
        "POST",
        "/youths",
        &[],
        Some("text/plain"),
        Some(b"{}".to_vec()),
    )
    .problem(415, "unsupported-media-type");
    app.send_bytes(
        Syv,
        "POST",
        "/youths",
        &[],
        Some("application/json"),
        Some(b"{\"a\":".to_vec()),
    )
    .problem(400, "malformed-body");
    app.send_bytes(
        Syv,
        "POST",
        "/youths",
        &[],
        Some("application/json"),
        Some(vec![b' '; 300_000]),
    )
    .problem(413, "body-too-large");
    // Whoever is nobody is told that before what is wrong.
    app.send_bytes(
        Nobody,
        "POST",
        "/youths",
        &[],
        Some("text/plain"),
        Some(b"{}".to_vec()),
    )
    .problem(401, "unauthenticated");
    let english = app.send(
        Syv,
        "GET",
        "/nothing-here",
        &[("Accept-Language", "en")],
        None,
    );
    assert!(
        english.body["title"]
            .as_str()
            .unwrap()
            .starts_with("What you ask for")
    );
    let info = app.get(Nobody, "/api-info").expect(200);
    assert_eq!(info.body["apiStatus"], "active");
    app.get(Nobody, "/health/live").expect(200);
    app.get(Nobody, "/health/ready").expect(200);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(info.header(name), Some(value));
    }
    let traced = app.send(
        Syv,
        "GET",
        "/youths",
        &[(
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        )],
        None,
    );
    assert!(
        traced
            .header("traceparent")
            .unwrap()
            .starts_with("00-0af7651916cd43dd8448eb211c80319c-")
    );
});

with_app!(units_are_the_administrators, |app| {
    let made = app
        .post(Administrator, "/units", json!({"name": "Ny enhet"}))
        .expect(201);
    app.post(Administrator, "/units", json!({"name": "Ny enhet"}))
        .problem(422, "validation-failed");
    let unit = format!("/units/{}", made.id());
    app.patch(Administrator, &unit, 1, json!({"name": "Nyare enhet"}))
        .expect(200);
    app.get(Syv, &unit).problem(403, "forbidden");
    assert_eq!(
        app.get(crate::support::Persona::Enhetschef, "/units")
            .expect(200)
            .body["_meta"]["count"],
        1
    );
    assert_eq!(
        app.get(Administrator, "/units").expect(200).body["_meta"]["count"],
        3
    );
});
