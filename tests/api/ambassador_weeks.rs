//! What ambassadors are paid for, over HTTP: what a week comes to, the time reported besides, who approves it and what becomes of
//! an approval when something changes; and that no youth stands in any of it.

use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Loggranskare,
    Nobody, Socionom, Syv, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{contacts, youths};
use kaa::domain::codes::ProtectionLevel;
use serde_json::{Value, json};

/// An evening of three hours, yesterday, and a visit and an attempt this morning.
fn work(app: &TestApp) {
    let me = app.world.user(Ambassador);
    let session = json!({
        "kind": "street", "area": "Ör", "startsAt": "2026-11-23T16:00:00Z", "endsAt": "2026-11-23T19:00:00Z",
        "participants": [{"userId": me}, {"userId": app.world.user(AmbassadorStranger), "minutes": 60}],
    });
    app.post(Ambassador, "/outreach-sessions", session)
        .expect(201);
    let path = format!("/youths/{}/contacts", app.world.alva);
    for contact in [
        json!({"channel": "home_visit", "result": "reached", "minutes": 40, "occurredAt": "2026-11-24T07:00:00Z"}),
        json!({"channel": "phone", "result": "no_answer", "minutes": 5}),
        // In the session, and paid with it.
        json!({"channel": "street_outreach", "result": "reached", "minutes": 15, "occurredAt": "2026-11-23T17:00:00Z"}),
    ] {
        app.post(Ambassador, &path, contact).expect(201);
    }
    let hours =
        json!({"workedOn": "2026-11-23", "minutes": 60, "kind": "meeting", "note": "Teammöte."});
    app.post(Ambassador, "/work-hours", hours).expect(201);
}

fn weeks(app: &TestApp, persona: crate::support::Persona, query: &str) -> Answer {
    app.get(persona, &format!("/ambassador-weeks?{query}"))
        .expect(200)
}

fn row(answer: &Answer, place: usize) -> &Value {
    &answer.body["ambassadorWeeks"][place]
}

with_app!(a_week_is_what_was_done_in_it, |app| {
    work(&app);
    for persona in [Socionom, Ungdomskonsulent, Enhetschef] {
        let list = weeks(&app, persona, "week=2026-W48&weeks=1");
        assert_eq!(list.column("ambassadorWeeks", "userId").len(), 2);
        let mine = row(&list, 0);
        assert_eq!(mine["userId"], json!(app.world.user(Ambassador)));
        assert_eq!(mine["week"], "2026-W48");
        for (field, value) in [
            ("sessionCount", 1),
            ("sessionMinutes", 180),
            ("contactCount", 2),
            ("visitCount", 2),
            ("attemptCount", 1),
            ("contactMinutes", 45),
            ("youthsReached", 1),
            ("reportedMinutes", 60),
            ("countedMinutes", 285),
            ("daysWorked", 2),
        ] {
            assert_eq!(mine[field], json!(value), "{field}");
        }
        assert_eq!(mine["approvedMinutes"], Value::Null);
        assert_eq!(row(&list, 1)["sessionMinutes"], 60);
        // No youth is named.
        assert!(!list.body.to_string().contains(&app.world.alva.to_string()));
        assert!(!list.body.to_string().contains("Alva"));
    }
    // The ambassador has their own, as many weeks as are asked for, the latest first.
    let own = weeks(&app, Ambassador, "weeks=3");
    assert_eq!(
        own.column("ambassadorWeeks", "week"),
        [json!("2026-W48"), json!("2026-W47"), json!("2026-W46")]
    );
    assert_eq!(
        own.column("ambassadorWeeks", "userId")[0],
        json!(app.world.user(Ambassador))
    );
    let of_other = format!("userId={}", app.world.user(AmbassadorStranger));
    assert!(
        weeks(&app, Ambassador, &of_other)
            .column("ambassadorWeeks", "week")
            .is_empty()
    );
    let elsewhere = weeks(&app, EnhetschefElsewhere, "weeks=1");
    assert!(elsewhere.column("ambassadorWeeks", "week").is_empty());
    for persona in [Syv, Administrator, Loggranskare] {
        app.get(persona, "/ambassador-weeks")
            .problem(403, "forbidden");
    }
    app.get(Nobody, "/ambassador-weeks")
        .problem(401, "unauthenticated");
    for (query, code) in [
        ("week=2026-48", "not-week"),
        ("week=2026-W49", "in-future"),
        ("weeks=54", "out-of-range"),
    ] {
        let told = app
            .get(Socionom, &format!("/ambassador-weeks?{query}"))
            .problem(400, "invalid-parameter");
        assert_eq!(told[0].1, code, "{query}");
    }
});

with_app!(the_weeks_are_a_file_for_pay, |app| {
    work(&app);
    let file = app
        .get(
            Ungdomskonsulent,
            "/ambassador-weeks/csv?week=2026-W48&weeks=1",
        )
        .expect(200);
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    assert!(text.starts_with("\u{feff}Vecka;Namn;Pass;"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("2026-W48;Ambassador Andersson;1;180;2;2;1;45;60;285;;"));
    assert!(
        file.header("content-disposition")
            .unwrap()
            .contains("ambassadorsveckor-2026-11-24.csv")
    );
    app.get(Ambassador, "/ambassador-weeks/csv")
        .problem(403, "forbidden");
});

with_app!(who_is_protected_is_in_no_count, |app| {
    work(&app);
    let before = weeks(&app, Socionom, "weeks=1");
    diesel::update(youths::table.find(app.world.alva))
        .set(youths::protection_level.eq(ProtectionLevel::ConfidentialityMarking))
        .execute(&mut app.db())
        .unwrap();
    let after = weeks(&app, Socionom, "weeks=1");
    assert_eq!(row(&before, 0)["contactCount"], 2);
    assert_eq!(row(&after, 0)["contactCount"], 0);
    assert_eq!(row(&after, 0)["contactMinutes"], 0);
    assert_eq!(row(&after, 0)["sessionMinutes"], 180);
});

with_app!(
    a_week_is_approved_by_somebody_else_and_what_changes_shows,
    |mut app| {
        work(&app);
        let approve =
            |app: &TestApp, persona, body: Value| app.post(persona, "/week-approvals", body);
        let week = json!({"userId": app.world.user(Ambassador), "week": "2026-W48"});
        for persona in [Ambassador, AmbassadorStranger, Syv, Administrator] {
            approve(&app, persona, week.clone()).problem(403, "forbidden");
        }
        let mut other = week.clone();
        other["approvedMinutes"] = json!(300);
        let told = approve(&app, Socionom, other.clone()).problem(422, "validation-failed");
        assert_eq!(told, [("/reason".to_owned(), "required".to_owned())]);
        for (change, pointer, code) in [
            (
                json!({"userId": app.world.user(Syv)}),
                "/userId",
                "no-such-record",
            ),
            (json!({"week": "2026-W49"}), "/week", "in-future"),
            (json!({"week": "i förrgår"}), "/week", "not-week"),
            (
                json!({"approvedMinutes": -1}),
                "/approvedMinutes",
                "out-of-range",
            ),
        ] {
            let mut body = week.clone();
            for (name, value) in change.as_object().unwrap() {
                body[name] = value.clone();
            }
            let told = approve(&app, Socionom, body).problem(422, "validation-failed");
            assert!(
                told.contains(&(pointer.to_owned(), code.to_owned())),
                "{told:?}"
            );
        }
        let made = approve(&app, Ungdomskonsulent, week.clone()).expect(201);
        assert_eq!(made.body["approvedMinutes"], 285);
        assert_eq!(made.body["countedMinutes"], 285);
        assert_eq!(
            made.body["approvedBy"],
            json!(app.world.user(Ungdomskonsulent))
        );
        approve(&app, Socionom, week).problem(409, "already-exists");
        let path = format!("/week-approvals/{}", made.id());
        app.get(Ambassador, &path).expect(200);
        app.get(AmbassadorStranger, &path).problem(404, "not-found");
        app.get(EnhetschefElsewhere, &path)
            .problem(404, "not-found");
        // Half an hour more is reported afterwards.
        app.pass(Duration::hours(1));
        let hours = json!({"workedOn": "2026-11-24", "minutes": 30, "kind": "planning"});
        app.post(Ambassador, "/work-hours", hours).expect(201);
        let list = weeks(&app, Ambassador, "weeks=1");
        assert_eq!(row(&list, 0)["approvedMinutes"], 285);
        assert_eq!(row(&list, 0)["differenceMinutes"], 30);
        assert_eq!(row(&list, 0)["approvalId"], json!(made.id()));
        app.patch(Ambassador, &path, 1, json!({"approvedMinutes": 400}))
            .problem(403, "forbidden");
        app.patch(Socionom, &path, 2, json!({}))
            .problem(412, "stale-version");
        // Anew, by what it comes to now: the minutes that stood there are not those.
        let again = json!({"approvedMinutes": null});
        let again = app.patch(Socionom, &path, 1, again).expect(200);
        assert_eq!(again.body["approvedMinutes"], 315);
        assert_eq!(again.body["approvedBy"], json!(app.world.user(Socionom)));
        let list = weeks(&app, Enhetschef, "weeks=1");
        assert_eq!(row(&list, 0)["differenceMinutes"], 0);
    }
);

with_app!(reported_time_is_the_ambassadors_own, |app| {
    let hours = json!({"workedOn": "2026-11-23", "minutes": 90, "kind": "training"});
    let made = app
        .post(Ambassador, "/work-hours", hours.clone())
        .expect(201);
    let path = format!("/work-hours/{}", made.id());
    for persona in [Syv, Socionom, Ungdomskonsulent, Enhetschef, Administrator] {
        app.post(persona, "/work-hours", hours.clone())
            .problem(403, "forbidden");
    }
    for persona in [Socionom, Ungdomskonsulent, Enhetschef] {
        app.get(persona, &path).expect(200);
        let list = app
            .get(persona, "/work-hours?from=2026-11-23&to=2026-11-23")
            .expect(200);
        assert_eq!(list.column("workHours", "id"), [json!(made.id())]);
        app.patch(persona, &path, 1, json!({"minutes": 0}))
            .problem(403, "forbidden");
    }
    app.get(AmbassadorStranger, &path).problem(404, "not-found");
    let others = app.get(AmbassadorStranger, "/work-hours").expect(200);
    assert!(others.column("workHours", "id").is_empty());
    for (change, pointer, code) in [
        (json!({"workedOn": "2026-11-25"}), "/workedOn", "in-future"),
        (json!({"minutes": 1441}), "/minutes", "out-of-range"),
        (json!({"kind": null}), "/kind", "required"),
        (json!({"note": "Ring 070-174 06 51"}), "/note", "tells-who"),
    ] {
        let told = app
            .patch(Ambassador, &path, 1, change)
            .problem(422, "validation-failed");
        assert_eq!(told, [(pointer.to_owned(), code.to_owned())]);
    }
    let none = app
        .patch(Ambassador, &path, 1, json!({"minutes": 0}))
        .expect(200);
    assert_eq!((none.version(), &none.body["minutes"]), (2, &json!(0)));
    app.patch(Ambassador, &path, 1, json!({"minutes": 5}))
        .problem(412, "stale-version");
    let counted: i64 = contacts::table.count().get_result(&mut app.db()).unwrap();
    assert_eq!(counted, 0);
});
