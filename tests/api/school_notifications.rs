//! What schools tell, over HTTP: taken in, seen, handled, and that neither an absence nor a stranger's number opens more
//! than it should.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Nobody, Socionom, SocionomStranger, Syv, SyvElsewhere,
    Ungdomskonsulent,
};
use crate::support::app::Answer;
use crate::support::world::ALVA_NUMBER;
use crate::support::{Persona, TestApp};
use crate::with_app;
use diesel::prelude::*;
use kaa::db::schema::{episodes, record_versions, school_notifications};
use serde_json::{Value, json};

/// Of the tax agency's published test numbers; nobody of the world has it.
const UNKNOWN_NUMBER: &str = "201002062394";

fn told(number: &str, kind: &str) -> Value {
    json!({
        "kind": kind, "identityNumber": number, "givenName": "Ebba", "familyName": "Okänd",
        "school": "Exempelgymnasiet", "schoolType": "GY", "studyPath": "SA",
        "occurredOn": "2026-10-01", "receivedOn": "2026-10-05"
    })
}

fn receive(app: &TestApp, by: Persona, number: &str, kind: &str) -> Answer {
    app.post(by, "/school-notifications", told(number, kind))
        .expect(201)
}

fn handle(app: &TestApp, by: Persona, notification: &Answer, body: Value) -> Answer {
    let version = format!("\"{}\"", notification.version());
    app.send(
        by,
        "POST",
        &format!("/school-notifications/{}/handling", notification.id()),
        &[("If-Match", &version)],
        Some(body),
    )
}

fn wrong(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

with_app!(
    a_number_of_the_register_ties_the_notification_to_the_youth,
    |app| {
        let taken = receive(&app, Syv, ALVA_NUMBER, "significant_absence");
        assert_eq!(taken.body["youthId"], json!(app.world.alva));
        assert_eq!(taken.body["status"], "pending");
        let event = app.db_last_event("receiveSchoolNotification");
        assert_eq!(event.outcome, "allowed");
        let listed = app
            .get(Socionom, "/school-notifications?status=pending")
            .expect(200);
        assert_eq!(
            listed.column("schoolNotifications", "id"),
            [json!(taken.id())]
        );
        let of_another_kind = app
            .get(Socionom, "/school-notifications?kind=started")
            .expect(200);
        assert!(
            of_another_kind
                .column("schoolNotifications", "id")
                .is_empty()
        );
    }
);

with_app!(an_absence_never_opens_an_episode, |app| {
    let before: i64 = episodes::table.count().get_result(&mut app.db()).unwrap();
    let taken = receive(&app, Syv, UNKNOWN_NUMBER, "significant_absence");
    let body = json!({"outcome": "preventive_contact", "register": true});
    let handled = handle(&app, Syv, &taken, body).expect(200);
    assert_eq!(handled.body["status"], "handled");
    let youth = handled.body["youthId"].as_str().unwrap().to_owned();
    let read = app.get(Syv, &format!("/youths/{youth}")).expect(200);
    assert_eq!(read.body["familyName"], "Okänd");
    assert_eq!(read.body["tracks"], json!([]));
    let after: i64 = episodes::table.count().get_result(&mut app.db()).unwrap();
    assert_eq!(before, after);
});

with_app!(nothing_is_kept_of_a_stranger_once_it_is_handled, |app| {
    let taken = receive(&app, Syv, UNKNOWN_NUMBER, "significant_absence");
    assert_eq!(taken.body["youthId"], Value::Null);
    assert_eq!(taken.body["identityNumber"], UNKNOWN_NUMBER);
    handle(&app, Syv, &taken, json!({"outcome": "preventive_contact"}))
        .problem(409, "person-not-registered");
    handle(&app, Syv, &taken, json!({"outcome": "no_action"})).problem(422, "validation-failed");
    let body = json!({"outcome": "no_action", "reason": "Annan kommun"});
    let handled = handle(&app, Syv, &taken, body.clone()).expect(200);
    for field in ["identityNumber", "givenName", "familyName", "youthId"] {
        assert_eq!(handled.body[field], Value::Null, "{field}");
    }
    handle(&app, Syv, &handled, body).problem(409, "notification-handled");
    let rest: i64 = record_versions::table
        .filter(record_versions::resource.eq("schoolNotifications"))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(rest, 0, "an old version would keep what is to be forgotten");
});

with_app!(what_is_wrong_is_named, |app| {
    let several = json!({
        "kind": "vanished", "identityNumber": "123", "givenName": "Ebba", "school": "",
        "schoolType": "KOMVUX", "occurredOn": "2027-01-01", "receivedOn": "2099-01-01"
    });
    let found = app
        .post(Syv, "/school-notifications", several)
        .problem(422, "validation-failed");
    assert_eq!(
        found,
        [
            wrong("/kind", "not-in-list"),
            wrong("/identityNumber", "identity-number"),
            wrong("/familyName", "required"),
            wrong("/school", "required"),
            wrong("/schoolType", "not-in-list"),
        ]
    );
    let mut ahead = told(ALVA_NUMBER, "significant_absence");
    ahead["occurredOn"] = json!("2026-10-06");
    let found = app
        .post(Syv, "/school-notifications", ahead)
        .problem(422, "validation-failed");
    assert_eq!(found, [wrong("/occurredOn", "in-future")]);
});

with_app!(whose_work_it_is_not_neither_reads_nor_handles, |app| {
    let taken = receive(&app, Syv, ALVA_NUMBER, "significant_absence");
    let address = format!("/school-notifications/{}", taken.id());
    for persona in [Ambassador, Ungdomskonsulent, Administrator] {
        app.get(persona, &address).problem(403, "forbidden");
        app.get(persona, "/school-notifications")
            .problem(403, "forbidden");
        app.post(
            persona,
            "/school-notifications",
            told(UNKNOWN_NUMBER, "ended"),
        )
        .problem(403, "forbidden");
    }
    app.get(Nobody, &address).problem(401, "unauthenticated");
    app.get(SyvElsewhere, &address).problem(404, "not-found");
    let body = json!({"outcome": "no_action", "reason": "Fel kommun"});
    handle(&app, SyvElsewhere, &taken, body.clone()).problem(404, "not-found");
    let elsewhere = app.get(SyvElsewhere, "/school-notifications").expect(200);
    assert!(elsewhere.column("schoolNotifications", "id").is_empty());
    let seen = app.get(Enhetschef, &address).expect(200);
    assert!(seen.body.get("identityNumber").is_none());
    handle(&app, Enhetschef, &taken, body).problem(403, "forbidden");
});

with_app!(
    a_protected_identity_is_seen_by_those_who_see_the_youth,
    |app| {
        give_number(&app, UNKNOWN_NUMBER);
        // The SYV is not assigned to Pia, and is told no more than they told.
        let taken = receive(&app, Syv, UNKNOWN_NUMBER, "significant_absence");
        assert_eq!(taken.body["youthId"], Value::Null);
        let address = format!("/school-notifications/{}", taken.id());
        let own = app.get(Syv, &address).expect(200);
        assert_eq!(own.body["youthId"], Value::Null);
        app.get(SocionomStranger, &address)
            .problem(404, "not-found");
        let listed = app
            .get(SocionomStranger, "/school-notifications")
            .expect(200);
        assert!(listed.column("schoolNotifications", "id").is_empty());
        let assigned = app.get(Socionom, &address).expect(200);
        assert_eq!(assigned.body["youthId"], json!(app.world.pia));
        let body = json!({"outcome": "preventive_contact", "register": true});
        handle(&app, Syv, &taken, body.clone()).problem(409, "already-exists");
        let handled = handle(&app, Socionom, &taken, body).expect(200);
        assert_eq!(handled.body["youthId"], json!(app.world.pia));
    }
);

with_app!(two_who_handle_at_once_do_not_handle_twice, |app| {
    let taken = receive(&app, Syv, ALVA_NUMBER, "significant_absence");
    let body = json!({"outcome": "preventive_contact"});
    handle(&app, Syv, &taken, body.clone()).expect(200);
    handle(&app, Socionom, &taken, body.clone()).problem(412, "stale-version");
    let address = format!("/school-notifications/{}/handling", taken.id());
    app.post(Socionom, &address, body)
        .problem(428, "version-required");
});

with_app!(a_notification_sent_twice_is_taken_in_once, |app| {
    let send = || {
        app.send(
            Syv,
            "POST",
            "/school-notifications",
            &[("Idempotency-Key", "n1")],
            Some(told(ALVA_NUMBER, "significant_absence")),
        )
        .expect(201)
    };
    assert_eq!(send().id(), send().id());
    let kept: i64 = school_notifications::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 1);
});

with_app!(a_beginning_and_an_end_become_one_enrolment, |app| {
    let alva = app.world.alva;
    let mut begun = told(ALVA_NUMBER, "started");
    begun["occurredOn"] = json!("2026-08-17");
    let recorded = json!({"outcome": "enrolment_recorded"});
    for _ in 0..2 {
        let taken = app
            .post(Syv, "/school-notifications", begun.clone())
            .expect(201);
        handle(&app, Syv, &taken, recorded.clone()).expect(200);
    }
    let read = || {
        app.get(Syv, &format!("/youths/{alva}/enrolments"))
            .expect(200)
    };
    assert_eq!(
        read().column("enrolments", "startsOn"),
        [json!("2026-08-17")]
    );
    assert_eq!(read().column("enrolments", "source"), [json!("school")]);
    let taken = receive(&app, Syv, ALVA_NUMBER, "ended");
    let done = handle(&app, Socionom, &taken, recorded).expect(200);
    assert_eq!(done.body["outcome"], "enrolment_recorded");
    assert_eq!(read().column("enrolments", "endsOn"), [json!("2026-10-01")]);
    let event = app.db_last_event("handleSchoolNotification");
    assert!(
        event
            .subjects
            .iter()
            .any(|subject| subject.1 == "enrolments")
    );
    let absence = receive(&app, Syv, ALVA_NUMBER, "significant_absence");
    let body = json!({"outcome": "enrolment_recorded"});
    let found = handle(&app, Syv, &absence, body).problem(422, "validation-failed");
    assert_eq!(found, [wrong("/outcome", "not-in-list")]);
});

fn tasks_of(app: &TestApp, by: Persona) -> Vec<(String, Value)> {
    let listed = app.get(by, "/tasks?limit=200").expect(200);
    listed.body["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| {
            let kind = task["kind"].as_str().unwrap().to_owned();
            (kind, task["dueOn"].clone())
        })
        .collect()
}

with_app!(
    a_notification_is_a_task_until_handled_and_an_absence_until_met,
    |app| {
        let handling = ("handle_school_notification".to_owned(), json!("2026-10-08"));
        let taken = receive(&app, Syv, ALVA_NUMBER, "significant_absence");
        assert_eq!(tasks_of(&app, Syv), [handling]);
        for other in [Ambassador, Ungdomskonsulent, SyvElsewhere] {
            assert_eq!(tasks_of(&app, other), [], "{other:?}");
        }
        handle(&app, Syv, &taken, json!({"outcome": "preventive_contact"})).expect(200);
        let today = app.clock.now().date_naive();
        let due = (today + chrono::Duration::days(7)).to_string();
        assert_eq!(
            tasks_of(&app, Syv),
            [("preventive_contact".to_owned(), json!(due))]
        );
        assert!(app.db_settle().is_nothing());
        let contact = json!({"channel": "phone", "result": "reached"});
        app.post(
            Socionom,
            &format!("/youths/{}/contacts", app.world.alva),
            contact,
        )
        .expect(201);
        assert_eq!(tasks_of(&app, Syv), []);
    }
);

with_app!(
    a_stranger_is_a_task_as_well_and_the_contact_can_be_answered,
    |app| {
        let taken = receive(&app, Syv, UNKNOWN_NUMBER, "significant_absence");
        let handling = ("handle_school_notification".to_owned(), json!("2026-10-08"));
        assert_eq!(tasks_of(&app, Syv), [handling]);
        let body = json!({"outcome": "preventive_contact", "register": true});
        handle(&app, Syv, &taken, body).expect(200);
        let listed = app.get(Syv, "/tasks").expect(200);
        assert_eq!(
            listed.column("tasks", "kind"),
            [json!("preventive_contact")]
        );
        let id = listed.column("tasks", "id")[0].as_str().unwrap().to_owned();
        let version = app.get(Syv, &format!("/tasks/{id}")).expect(200).version();
        let today = app.clock.now().date_naive().to_string();
        app.send(
            Syv,
            "POST",
            &format!("/tasks/{id}/answer"),
            &[("If-Match", &format!("\"{version}\""))],
            Some(json!({"doneOn": today})),
        )
        .expect(200);
        assert_eq!(tasks_of(&app, Syv), []);
        assert!(app.db_settle().is_nothing());
    }
);

/// Gives Pia, whose identity is protected, a number.
fn give_number(app: &TestApp, number: &str) {
    let pia = app.world.pia;
    crate::support::give_number(&mut app.db(), pia, number, true, "2026-01-01");
}
