//! Members of staff over HTTP: who may read and change whom, what a member of staff must be, and that no access lingers.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Expired, Loggranskare, Nobody,
    Socionom, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::{Persona, TestApp};
use crate::with_app;
use diesel::prelude::*;
use kaa::db::schema::{assignments, idempotency_keys, sessions, users};
use kaa::domain::id::{Id, User};
use serde_json::{Value, json};

const PASSWORD: &str = "tre röda cyklar";

fn address(app: &TestApp, persona: Persona) -> String {
    format!("/users/{}", app.world.user(persona))
}

fn somebody(app: &TestApp) -> Value {
    json!({
        "username": "sara.lind", "displayName": "Sara Lind", "role": "syv",
        "unitId": app.world.unit, "password": PASSWORD
    })
}

with_app!(the_administrator_makes_a_person_who_can_sign_in, |app| {
    let made = app
        .post(Administrator, "/users", somebody(&app))
        .expect(201);
    assert_eq!(made.body["isActive"], true);
    assert_eq!(made.body["role"], "syv");
    assert!(made.body.get("password").is_none());
    assert!(!String::from_utf8_lossy(&made.bytes).contains("argon2"));
    let id = made.id();
    let place = made.header("location").unwrap();
    assert!(place.ends_with(&format!("/kaa/v1/users/{id}")), "{place}");
    let credentials = json!({"username": "Sara.Lind", "password": PASSWORD});
    let signed_in = app.post(Nobody, "/sessions", credentials).expect(200);
    assert_eq!(signed_in.body["userId"], json!(id));
    let event = app.db_last_event("createUser");
    assert_eq!(event.outcome, "allowed");
    assert_eq!(event.subjects[0].1, "users");
    assert!(!event.subjects[0].2.contains("password"));
});

with_app!(nobody_but_the_administrator_changes_people, |app| {
    for persona in [
        Ambassador,
        Syv,
        Ungdomskonsulent,
        Socionom,
        Enhetschef,
        Loggranskare,
    ] {
        app.post(persona, "/users", somebody(&app))
            .problem(403, "forbidden");
        app.patch(
            persona,
            &address(&app, Syv),
            1,
            json!({"displayName": "Nej"}),
        )
        .problem(403, "forbidden");
        // Not even oneself.
        app.patch(
            persona,
            &address(&app, persona),
            1,
            json!({"role": "enhetschef"}),
        )
        .problem(403, "forbidden");
    }
    for nobody in [Nobody, Expired] {
        app.post(nobody, "/users", somebody(&app))
            .problem(401, "unauthenticated");
    }
    // Refused before anything is said about mistakes.
    app.send_bytes(
        Ambassador,
        "POST",
        "/users",
        &[],
        Some("application/json"),
        Some(b"{".to_vec()),
    )
    .problem(403, "forbidden");
    assert_eq!(app.db_last_event("createUser").outcome, "refused");
});

with_app!(
    the_chief_reads_the_own_unit_and_others_are_hidden_like_missing_ones,
    |app| {
        let missing = app
            .get(Enhetschef, "/users/00000000-0000-7000-8000-000000000000")
            .expect(404);
        let hidden = app.get(Enhetschef, &address(&app, SyvElsewhere));
        assert_eq!(hidden.without_instance(), missing.without_instance());
        let hidden = app.get(Enhetschef, &address(&app, Administrator));
        assert_eq!(hidden.without_instance(), missing.without_instance());
        let seen = app.get(Enhetschef, &address(&app, Syv)).expect(200);
        assert_eq!(seen.body["username"], "syv");
        let names = |persona, query: &str| {
            app.get(persona, &format!("/users?limit=200{query}"))
                .expect(200)
                .column("users", "username")
        };
        let own = names(Enhetschef, "");
        assert!(own.contains(&json!("socionom")) && !own.contains(&json!("syvelsewhere")));
        assert!(!own.contains(&json!("administrator")));
        assert!(names(Enhetschef, &format!("&unitId={}", app.world.unit_elsewhere)).is_empty());
        assert_eq!(
            names(EnhetschefElsewhere, ""),
            ["syvelsewhere", "enhetschefelsewhere"]
        );
        for reader in [Administrator, Loggranskare] {
            assert!(names(reader, "").contains(&json!("syvelsewhere")));
            assert_eq!(
                names(reader, "&role=enhetschef"),
                ["enhetschef", "enhetschefelsewhere"]
            );
        }
        assert!(names(Administrator, "&isActive=false").is_empty());
        app.get(Syv, "/users").problem(403, "forbidden");
        let wrong = app
            .get(Administrator, "/users?role=chef&isActive=ja&x=1")
            .problem(400, "invalid-parameter");
        assert_eq!(wrong.len(), 3);
    }
);

with_app!(everything_wrong_with_a_person_is_told_at_once, |app| {
    let told = |body: Value| {
        app.post(Administrator, "/users", body)
            .problem(422, "validation-failed")
    };
    let pair = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        told(json!({})),
        [
            pair("/password", "required"),
            pair("/username", "required"),
            pair("/displayName", "required"),
            pair("/role", "required"),
        ]
    );
    assert_eq!(
        told(json!({
            "username": "Åsa Lind", "displayName": "x".repeat(121), "role": "chef", "password": "kort",
            "unitId": "x", "hash": "y"
        })),
        [
            pair("/username", "username"),
            pair("/password", "weak-password"),
            pair("/displayName", "too-long"),
            pair("/role", "not-in-list"),
            pair("/unitId", "not-id"),
            pair("/hash", "unknown-field"),
        ]
    );
    let with = |change: Value| {
        let mut body = somebody(&app);
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        told(body)
    };
    assert_eq!(
        with(json!({"username": "syv"})),
        [pair("/username", "taken")]
    );
    assert_eq!(
        with(json!({"username": "ab"})),
        [pair("/username", "username")]
    );
    assert_eq!(with(json!({"unitId": null})), [pair("/unitId", "required")]);
    assert_eq!(
        with(json!({"unitId": "00000000-0000-7000-8000-000000000000"})),
        [pair("/unitId", "no-such-record")]
    );
    assert_eq!(
        with(json!({"role": "administrator"})),
        [pair("/unitId", "not-with-other")]
    );
    assert_eq!(
        with(json!({"username": "sara.lind.2026", "password": "Sara.Lind.2026"})),
        [pair("/password", "easy-password")]
    );
    assert_eq!(
        with(json!({"password": 123_456_789_012_i64})),
        [pair("/password", "not-text")]
    );
    assert_eq!(
        with(json!({"password": "aaaaaaaaaaaaaa"})),
        [pair("/password", "easy-password")]
    );
    let event = app.db_last_event("createUser");
    assert_eq!(event.outcome, "invalid");
    assert!(event.subjects.is_empty());
});

with_app!(a_change_builds_on_the_version_in_force, |app| {
    let syv = address(&app, Syv);
    app.send(
        Administrator,
        "PATCH",
        &syv,
        &[],
        Some(json!({"displayName": "Ny"})),
    )
    .problem(428, "version-required");
    let changed = app
        .patch(Administrator, &syv, 1, json!({"displayName": "Ny"}))
        .expect(200);
    assert_eq!(changed.version(), 2);
    app.patch(Administrator, &syv, 1, json!({"displayName": "Nyare"}))
        .problem(412, "stale-version");
    app.patch(Administrator, &syv, 2, json!({"password": null}))
        .problem(422, "validation-failed");
    app.patch(Administrator, &syv, 2, json!({"isActive": null}))
        .problem(422, "validation-failed");
    app.patch(Administrator, &syv, 2, json!({"createdAt": "2026-01-01"}))
        .problem(403, "forbidden-field");
    // A new name alone ends nothing.
    app.get(Syv, "/me").expect(200);
});

with_app!(the_same_request_twice_makes_one_person, |app| {
    let key = [("Idempotency-Key", "en-nyckel")];
    let send = |body: Value| app.send(Administrator, "POST", "/users", &key, Some(body));
    let first = send(somebody(&app)).expect(201);
    let again = send(somebody(&app)).expect(201);
    assert_eq!(first.id(), again.id());
    let mut other = somebody(&app);
    other["password"] = json!("fyra gröna cyklar");
    send(other).problem(422, "idempotency-key-reused");
});

with_app!(
    nobody_changes_their_own_role_and_the_offices_stay_held,
    |app| {
        let own = address(&app, Administrator);
        app.patch(
            Administrator,
            &own,
            1,
            json!({"role": "enhetschef", "unitId": app.world.unit}),
        )
        .problem(409, "own-role");
        app.patch(Administrator, &own, 1, json!({"isActive": false}))
            .problem(409, "own-role");
        let chief = address(&app, Enhetschef);
        for change in [
            json!({"isActive": false}),
            json!({"role": "syv"}),
            json!({"unitId": app.world.unit_elsewhere}),
            json!({"role": "administrator", "unitId": null}),
        ] {
            app.patch(Administrator, &chief, 1, change)
                .problem(409, "last-of-role");
        }
        // The chief of the other unit does not count for this one; a second chief of the unit does.
        let mut second = somebody(&app);
        second["role"] = json!("enhetschef");
        let second = app.post(Administrator, "/users", second).expect(201).id();
        app.patch(Administrator, &chief, 1, json!({"isActive": false}))
            .expect(200);
        app.patch(
            Administrator,
            &format!("/users/{second}"),
            1,
            json!({"role": "socionom"}),
        )
        .problem(409, "last-of-role");
        // Two administrators: one may deactivate the other, and is then the last.
        let body = json!({
            "username": "admin2", "displayName": "Admin Två", "role": "administrator", "password": PASSWORD
        });
        let other = app.post(Administrator, "/users", body).expect(201).id();
        app.patch(
            Administrator,
            &format!("/users/{other}"),
            1,
            json!({"isActive": false}),
        )
        .expect(200);
    }
);

fn open_sessions(app: &TestApp, persona: Persona) -> i64 {
    sessions::table
        .filter(sessions::user_id.eq(app.world.user(persona)))
        .filter(sessions::ended_at.is_null())
        .count()
        .get_result(&mut app.db())
        .unwrap()
}

fn running_assignments(app: &TestApp, persona: Persona) -> i64 {
    assignments::table
        .filter(assignments::user_id.eq(app.world.user(persona)))
        .filter(assignments::ends_at.is_null())
        .count()
        .get_result(&mut app.db())
        .unwrap()
}

with_app!(no_access_lingers_after_a_new_role_unit_or_password, |app| {
    // A new password: signed out, still assigned.
    app.patch(
        Administrator,
        &address(&app, Ambassador),
        1,
        json!({"password": PASSWORD}),
    )
    .expect(200);
    assert_eq!(open_sessions(&app, Ambassador), 0);
    assert_eq!(running_assignments(&app, Ambassador), 1);
    app.get(Ambassador, "/youths")
        .problem(401, "unauthenticated");
    // A new role: signed out, off every case, and no stored answer is left that the new role could ask for again.
    app.send(
        Socionom,
        "POST",
        "/youths",
        &[("Idempotency-Key", "before")],
        Some(json!({"givenName": "Nova", "familyName": "Ek", "birthDate": "2009-05-05"})),
    )
    .expect(201);
    app.patch(
        Administrator,
        &address(&app, Socionom),
        1,
        json!({"role": "syv"}),
    )
    .expect(200);
    assert_eq!(open_sessions(&app, Socionom), 0);
    assert_eq!(running_assignments(&app, Socionom), 0);
    let stored: i64 = idempotency_keys::table
        .filter(idempotency_keys::user_id.eq(app.world.user(Socionom)))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(stored, 0);
    let event = app.db_last_event("updateUser");
    let concerned: Vec<_> = event
        .subjects
        .iter()
        .filter(|(_, resource, fields)| resource == "assignments" && fields == "endsAt")
        .filter_map(|(youth, ..)| *youth)
        .collect();
    assert_eq!(concerned.len(), 2);
    assert!(concerned.contains(&app.world.alva) && concerned.contains(&app.world.pia));
    // Deactivated: out at once, and the youth is without a handler on the chief's list.
    app.patch(
        Administrator,
        &address(&app, Syv),
        1,
        json!({"isActive": false}),
    )
    .expect(200);
    app.get(Syv, "/youths").problem(401, "unauthenticated");
    let forgotten = app
        .get(Enhetschef, "/youths/forgotten?kind=without_handler")
        .expect(200);
    assert!(
        forgotten
            .column("youths", "id")
            .contains(&json!(app.world.alva))
    );
    // Back again, without the old assignments.
    app.patch(
        Administrator,
        &address(&app, Syv),
        2,
        json!({"isActive": true}),
    )
    .expect(200);
    assert_eq!(running_assignments(&app, Syv), 0);
});

with_app!(password_hashes_are_stored_and_nothing_else, |app| {
    let id = app
        .post(Administrator, "/users", somebody(&app))
        .expect(201)
        .id();
    let id: Id<User> = Id::of(id.parse().unwrap());
    let stored: String = users::table
        .find(id)
        .select(users::password_hash)
        .first(&mut app.db())
        .unwrap();
    assert!(stored.starts_with("$argon2id$"));
    let kept = crate::support::kept_versions(&mut app.db(), "users");
    let text = serde_json::to_string(&kept).unwrap();
    assert!(text.contains("username"));
    assert!(!text.contains("argon2") && !text.contains(PASSWORD));
});
