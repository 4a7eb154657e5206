//! Private calendars over HTTP: what stands in one and what never does, who has one, and everything that ends it.

use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, Loggranskare, Nobody, Socionom, Syv,
};
use crate::support::TestApp;
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::api::ROOT;
use kaa::db::schema::{calendar_feeds, tasks};
use serde_json::json;

/// Makes a calendar's address, below the root.
fn make(app: &TestApp, persona: Persona) -> String {
    let made = app.send(persona, "PUT", "/me/calendar-feed", &[], None);
    let address = made.expect(200).body["address"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, place) = address.split_once(ROOT).unwrap();
    place.to_owned()
}

fn text(app: &TestApp, address: &str) -> String {
    let file = app.get(Nobody, address).expect(200);
    assert!(
        file.header("content-type")
            .unwrap()
            .starts_with("text/calendar")
    );
    assert_eq!(file.header("cache-control"), Some("no-store"));
    String::from_utf8(file.bytes).unwrap()
}

/// A contact that is to be followed up by whoever logs it.
fn follow_up(app: &TestApp, persona: Persona, on: &str) {
    let path = format!("/youths/{}/contacts", app.world.alva);
    let contact = json!({"channel": "phone", "result": "reached", "nextContactOn": on, "note": "Hemligt skäl"});
    app.post(persona, &path, contact).expect(201);
}

with_app!(a_calendar_has_days_and_nothing_of_whom, |app| {
    follow_up(&app, Ambassador, "2026-12-04");
    let address = make(&app, Ambassador);
    let file = text(&app, &address);
    assert!(file.contains("DTSTART;VALUE=DATE:20261204\r\n"), "{file}");
    assert!(file.contains("SUMMARY:Uppföljning\r\n"));
    assert!(file.contains("BEGIN:VALARM\r\n"));
    let list = app.get(Ambassador, "/tasks?includeLater=true").expect(200);
    let count = list.column("tasks", "id").len();
    assert_eq!(file.matches("BEGIN:VEVENT").count(), count);
    // No name, no reason, no kind, no id, nothing to click on.
    for id in list.column("tasks", "id") {
        assert!(!file.contains(id.as_str().unwrap()));
    }
    for word in [
        "Alva",
        "Lindqvist",
        "Hemligt",
        "contact",
        "http",
        "kind",
        "youth",
        &app.world.alva.to_string(),
    ] {
        assert!(!file.contains(word), "{word}: {file}");
    }
    // The same at every reading.
    assert_eq!(text(&app, &address), file);
    let event = app.db_last_event("readCalendarFeed");
    assert_eq!(event.actor, Some(app.world.user(Ambassador)));
    assert_eq!(event.outcome, "allowed");
    assert!(event.subjects.iter().all(|subject| subject.0.is_none()));
});

with_app!(a_task_of_the_compartment_looks_like_any_other, |app| {
    let address = make(&app, Socionom);
    let events = |file: &str| -> Vec<Vec<String>> {
        file.split("BEGIN:VEVENT")
            .skip(1)
            .map(|event| {
                event
                    .lines()
                    .filter(|line| !line.starts_with("UID") && !line.starts_with("DT"))
                    .map(str::to_owned)
                    .collect()
            })
            .collect()
    };
    let before = events(&text(&app, &address)).len();
    let status = json!({"basis": "substance", "substanceStatus": "active_use"});
    let path = format!("/youths/{}/protected-status", app.world.alva);
    app.put(Socionom, &path, None, status).expect(200);
    follow_up(&app, Socionom, "2026-12-04");
    let file = text(&app, &address);
    let after = events(&file);
    assert!(after.len() > before + 1, "{file}");
    assert!(after.windows(2).all(|pair| pair[0][..9] == pair[1][..9]));
});

with_app!(what_was_put_off_stands_on_the_later_day, |app| {
    follow_up(&app, Ambassador, "2026-11-24");
    let list = app.get(Ambassador, "/tasks").expect(200);
    let task = &list.body["tasks"][0];
    let path = format!("/tasks/{}/deferral", task["id"].as_str().unwrap());
    let version = format!("\"{}\"", task["version"]);
    let later = json!({"until": "2026-11-27", "reason": "Ses på fredag."});
    app.send(
        Ambassador,
        "POST",
        &path,
        &[("If-Match", &version)],
        Some(later),
    )
    .expect(200);
    let file = text(&app, &make(&app, Ambassador));
    assert!(file.contains("DTSTART;VALUE=DATE:20261127\r\n"), "{file}");
});

with_app!(there_is_one_address_at_a_time_and_it_is_not_kept, |app| {
    let none = app.get(Ambassador, "/me/calendar-feed").expect(200);
    assert!(none.body["createdAt"].is_null());
    let first = make(&app, Ambassador);
    let told = app.get(Ambassador, "/me/calendar-feed").expect(200);
    assert!(told.body.get("address").is_none());
    assert_eq!(told.body["expiresAt"], "2027-11-24T08:00:00.000000Z");
    let (_, token) = first.rsplit_once('/').unwrap();
    let kept: Vec<String> = calendar_feeds::table
        .select(calendar_feeds::token_hash)
        .load(&mut app.db())
        .unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!kept[0].contains(token));
    let second = make(&app, Ambassador);
    app.get(Nobody, &first).problem(404, "not-found");
    text(&app, &second);
    app.send(Ambassador, "DELETE", "/me/calendar-feed", &[], None)
        .expect(204);
    app.get(Nobody, &second).problem(404, "not-found");
    for persona in [Administrator, Loggranskare] {
        app.send(persona, "PUT", "/me/calendar-feed", &[], None)
            .problem(403, "forbidden");
    }
});

with_app!(every_reason_for_no_calendar_looks_the_same, |app| {
    let address = make(&app, Ambassador);
    let gone = app
        .get(Nobody, "/calendar-feeds/aaaa")
        .problem(404, "not-found");
    let user = format!("/users/{}", app.world.user(Ambassador));
    let version = app.get(Administrator, &user).expect(200).version();
    app.patch(Administrator, &user, version, json!({"isActive": false}))
        .expect(200);
    assert_eq!(app.get(Nobody, &address).problem(404, "not-found"), gone);
    // Active again, it is not there again.
    app.patch(Administrator, &user, version + 1, json!({"isActive": true}))
        .expect(200);
    app.get(Nobody, &address).problem(404, "not-found");
    let event = app.db_last_event("readCalendarFeed");
    assert_eq!((event.actor, event.outcome.as_str()), (None, "refused"));
});

with_app!(whatever_signs_somebody_out_ends_the_calendar, |app| {
    let address = make(&app, Syv);
    let sessions = format!("/users/{}/sessions", app.world.user(Syv));
    app.send(Administrator, "DELETE", &sessions, &[], None)
        .expect(204);
    app.get(Nobody, &address).problem(404, "not-found");
    let address = make(&app, Socionom);
    let user = format!("/users/{}", app.world.user(Socionom));
    let version = app.get(Administrator, &user).expect(200).version();
    app.patch(
        Administrator,
        &user,
        version,
        json!({"role": "ungdomskonsulent"}),
    )
    .expect(200);
    app.get(Nobody, &address).problem(404, "not-found");
});

with_app!(a_calendar_runs_out_in_a_year, |mut app| {
    let address = make(&app, Ambassador);
    app.pass(Duration::days(364));
    text(&app, &address);
    app.pass(Duration::days(1));
    app.get(Nobody, &address).problem(404, "not-found");
});

with_app!(
    without_the_factor_that_the_role_must_have_there_is_none,
    |app| {
        let address = make(&app, Syv);
        let version = app.get(Administrator, "/settings").expect(200).version();
        let must = |roles: serde_json::Value, version| {
            app.patch(
                Administrator,
                "/settings",
                version,
                json!({"secondFactorRoles": roles}),
            )
            .expect(200);
        };
        must(json!(["syv"]), version);
        app.get(Nobody, &address).problem(404, "not-found");
        must(json!([]), version + 1);
        text(&app, &address);
    }
);

with_app!(a_calendar_is_not_fetched_all_the_time, |app| {
    let address = make(&app, Enhetschef);
    for _ in 0..60 {
        text(&app, &address);
    }
    let told = app.get(Nobody, &address);
    assert!(told.header("retry-after").is_some());
    told.problem(429, "too-many-requests");
});

with_app!(an_assignment_that_ends_takes_its_days_along, |app| {
    follow_up(&app, Ambassador, "2026-12-04");
    let address = make(&app, Ambassador);
    assert!(text(&app, &address).contains("VEVENT"));
    diesel::update(kaa::db::schema::assignments::table)
        .set(
            kaa::db::schema::assignments::ends_at
                .eq(Some(kaa::db::types::Timestamp::of(app.clock.now()))),
        )
        .execute(&mut app.db())
        .unwrap();
    assert!(!text(&app, &address).contains("VEVENT"));
    let open: i64 = tasks::table.count().get_result(&mut app.db()).unwrap();
    assert!(open > 0);
});
