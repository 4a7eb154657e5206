//! Contacts over HTTP: the little that must be sent from the street, what is refused, corrections and addenda, and what of a
//! contact each role reads.

use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Loggranskare,
    Nobody, Socionom, SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::kept_versions;
use crate::support::world::Persona;
use crate::with_app;
use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use kaa::db::schema::{assignments, contacts, episodes, record_versions};
use kaa::db::types::Timestamp;
use kaa::domain::codes::{Reason, Track};
use kaa::domain::id::{Episode, Id, Youth};
use serde_json::{Value, json};
use uuid::Uuid;

const MISSING: &str = "/contacts/00000000-0000-7000-8000-000000000000";

fn of(youth: Id<Youth>) -> String {
    format!("/youths/{youth}/contacts")
}

fn log(app: &TestApp, persona: Persona, youth: Id<Youth>, body: Value) -> Answer {
    app.post(persona, &of(youth), body)
}

/// A text message that nobody answered.
fn attempt() -> Value {
    json!({"channel": "sms", "result": "no_answer"})
}

/// A talk in the street, with a note.
fn talk(note: &str) -> Value {
    json!({"channel": "street_outreach", "result": "reached", "note": note})
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn count(app: &TestApp) -> i64 {
    contacts::table.count().get_result(&mut app.db()).unwrap()
}

fn open_outreach(app: &TestApp, youth: Id<Youth>, entered_on: &str) -> Id<Episode> {
    let id = Id::fresh();
    let at = Timestamp::of(app.clock.now());
    diesel::insert_into(episodes::table)
        .values((
            episodes::id.eq(id),
            episodes::youth_id.eq(youth),
            episodes::unit_id.eq(app.world.unit),
            episodes::track.eq(Track::Outreach),
            episodes::reason.eq(Reason::Unknown),
            episodes::entered_on.eq(entered_on.parse::<NaiveDate>().unwrap()),
            episodes::created_at.eq(at),
            episodes::updated_at.eq(at),
            episodes::version.eq(1_i64),
        ))
        .execute(&mut app.db())
        .unwrap();
    id
}

fn end_assignment(app: &TestApp, persona: Persona) {
    let now = Timestamp::of(app.clock.now());
    diesel::update(assignments::table.filter(assignments::user_id.eq(app.world.user(persona))))
        .set(assignments::ends_at.eq(Some(now)))
        .execute(&mut app.db())
        .unwrap();
}

with_app!(a_tired_ambassador_sends_how_and_what_came_of_it, |app| {
    let made = log(&app, Ambassador, app.world.alva, attempt()).expect(201);
    assert_eq!(made.body["occurredAt"], "2026-11-24T08:00:00.000000Z");
    assert_eq!(made.body["direction"], "outbound");
    assert_eq!(made.body["metWho"], "youth");
    assert_eq!(made.body["isLocked"], false);
    assert_eq!(made.body["addenda"], json!([]));
    assert_eq!(made.body["authorId"], json!(app.world.user(Ambassador)));
    assert!(made.body.get("episodeId").is_none());
    assert_eq!(made.version(), 1);
    let place = format!("/contacts/{}", made.id());
    assert!(made.header("location").unwrap().ends_with(&place));
    let read = app.get(Ambassador, &place).expect(200);
    assert_eq!(read.body["id"], made.body["id"]);
    // To the others it lies in the open episode.
    let read = app.get(Syv, &place).expect(200);
    assert_eq!(read.body["episodeId"], json!(app.world.alva_episode));
    let event = app.db_last_event("logContact");
    assert_eq!(event.outcome, "allowed");
    assert_eq!(event.actor, Some(app.world.user(Ambassador)));
    // What was not reached asks for the next attempt.
    let kinds: Vec<&str> = event.subjects.iter().map(|told| told.1.as_str()).collect();
    assert_eq!(kinds, ["contacts", "tasks"]);
    assert_eq!(event.subjects[0].0, Some(app.world.alva));
});

with_app!(
    the_register_keeps_the_days_of_the_latest_attempt_and_the_latest_contact,
    |app| {
        let days = || {
            let alva = app
                .get(Syv, &format!("/youths/{}", app.world.alva))
                .expect(200);
            (
                alva.body["lastAttemptOn"].clone(),
                alva.body["lastReachedOn"].clone(),
                alva.version(),
            )
        };
        assert_eq!(days(), (Value::Null, Value::Null, 1));
        let at = |on: &str, result: &str| json!({"channel": "phone", "result": result, "occurredAt": on});
        // Half past eleven at night in London is the next day here.
        let reached = log(
            &app,
            Syv,
            app.world.alva,
            at("2026-11-10T23:30:00Z", "reached"),
        )
        .expect(201);
        assert_eq!(days(), (json!("2026-11-11"), json!("2026-11-11"), 1));
        log(
            &app,
            Ambassador,
            app.world.alva,
            at("2026-11-20T10:00:00+01:00", "no_answer"),
        )
        .expect(201);
        assert_eq!(days(), (json!("2026-11-20"), json!("2026-11-11"), 1));
        // An earlier one that is told later moves nothing.
        log(
            &app,
            Syv,
            app.world.alva,
            at("2026-11-01T10:00:00Z", "reached"),
        )
        .expect(201);
        assert_eq!(days(), (json!("2026-11-20"), json!("2026-11-11"), 1));
        // A correction counts.
        app.patch(
            Syv,
            &format!("/contacts/{}", reached.id()),
            1,
            json!({"result": "wrong_details"}),
        )
        .expect(200);
        assert_eq!(days(), (json!("2026-11-20"), json!("2026-11-01"), 1));
        let silent = app.get(Syv, "/youths?sort=lastContact").expect(200);
        assert_eq!(
            silent.column("youths", "givenName").last(),
            Some(&json!("Alva"))
        );
    }
);

with_app!(everything_wrong_is_told_by_pointer, |app| {
    let wrong = |persona, body: Value| {
        log(&app, persona, app.world.alva, body).problem(422, "validation-failed")
    };
    assert_eq!(
        wrong(Ambassador, json!({})),
        [pair("/channel", "required"), pair("/result", "required")]
    );
    let mut problems = wrong(
        Syv,
        json!({
            "channel": "pigeon", "result": 7, "direction": "up", "metWho": "cat", "minutes": 1441, "place": "x".repeat(201),
            "area": "y".repeat(101), "note": "z".repeat(10_001), "occurredAt": "yesterday", "nextContactOn": "soon",
            "occupation": "nap", "mood": "low"
        }),
    );
    problems.sort();
    assert_eq!(
        problems,
        [
            pair("/area", "too-long"),
            pair("/channel", "not-in-list"),
            pair("/direction", "not-in-list"),
            pair("/metWho", "not-in-list"),
            pair("/minutes", "out-of-range"),
            pair("/mood", "unknown-field"),
            pair("/nextContactOn", "not-date"),
            pair("/note", "too-long"),
            pair("/occupation", "not-in-list"),
            pair("/occurredAt", "not-instant"),
            pair("/place", "too-long"),
            pair("/result", "not-in-list"),
        ]
    );
    let with = |name: &str, value: Value| {
        let mut body = attempt();
        body[name] = value;
        body
    };
    for (name, value, code) in [
        ("occurredAt", json!("2026-11-24T08:02:01Z"), "in-future"),
        (
            "occurredAt",
            json!("2026-08-31T21:59:59Z"),
            "before-episode",
        ),
        ("nextContactOn", json!("2026-11-23"), "in-past"),
        ("occupation", json!("studies"), "not-with-other"),
        ("minutes", json!(-1), "out-of-range"),
        ("minutes", json!("20"), "not-number"),
        ("episodeId", json!(Uuid::now_v7()), "no-such-record"),
        ("episodeId", json!(app.world.bo_episode), "no-such-record"),
        ("id", json!("7"), "not-id"),
        ("id", json!(Uuid::nil()), "not-uuid-v7"),
        (
            "id",
            json!("f47ac10b-58cc-4372-a567-0e02b2c3d479"),
            "not-uuid-v7",
        ),
    ] {
        assert_eq!(
            wrong(Syv, with(name, value.clone())),
            [pair(&format!("/{name}"), code)],
            "{name} {value}"
        );
    }
    assert_eq!(count(&app), 0);
    // The first instant of the Swedish day on which the episode began, and a phone whose clock is ahead.
    log(
        &app,
        Syv,
        app.world.alva,
        with("occurredAt", json!("2026-08-31T22:00:00Z")),
    )
    .expect(201);
    let ahead = log(
        &app,
        Syv,
        app.world.alva,
        with("occurredAt", json!("2026-11-24T08:02:00Z")),
    );
    assert_eq!(
        ahead.expect(201).body["occurredAt"],
        "2026-11-24T08:00:00.000000Z"
    );
});

with_app!(
    the_ambassador_neither_names_an_episode_nor_learns_its_days,
    |app| {
        let refused = log(
            &app,
            Ambassador,
            app.world.alva,
            json!({"channel": "sms", "result": "no_answer", "episodeId": app.world.alva_episode}),
        )
        .problem(403, "forbidden-field");
        assert_eq!(refused, [pair("/episodeId", "not-open-to-role")]);
        let early = log(
            &app,
            Ambassador,
            app.world.alva,
            json!({"channel": "sms", "result": "no_answer", "occurredAt": "2026-08-01T10:00:00Z"}),
        );
        assert!(!early.body.to_string().contains("2026-09-01"));
        assert_eq!(
            early.problem(422, "validation-failed"),
            [pair("/occurredAt", "outside-episode")]
        );
        let early = log(
            &app,
            Syv,
            app.world.alva,
            json!({"channel": "sms", "result": "no_answer", "occurredAt": "2026-08-01T10:00:00Z"}),
        );
        assert!(early.body.to_string().contains("2026-09-01"));
        assert_eq!(count(&app), 0);
    }
);

with_app!(a_contact_belongs_to_the_episode_that_its_day_fits, |app| {
    log(&app, Syv, app.world.olle, attempt()).problem(409, "no-open-episode");
    let outreach = open_outreach(&app, app.world.alva, "2026-10-01");
    let episode_of =
        |body: Value| log(&app, Syv, app.world.alva, body).expect(201).body["episodeId"].clone();
    assert_eq!(episode_of(attempt()), json!(app.world.alva_episode));
    let mut named = attempt();
    named["episodeId"] = json!(outreach);
    assert_eq!(episode_of(named), json!(outreach));
    // After an episode has ended, only days within it, and only by its name.
    diesel::update(episodes::table.find(app.world.bo_episode))
        .set(episodes::exited_on.eq(Some("2026-11-15".parse::<NaiveDate>().unwrap())))
        .execute(&mut app.db())
        .unwrap();
    log(&app, Syv, app.world.bo, attempt()).problem(409, "no-open-episode");
    let late = |at: &str| {
        log(
            &app,
            Syv,
            app.world.bo,
            json!({"channel": "sms", "result": "no_answer", "occurredAt": at, "episodeId": app.world.bo_episode}),
        )
    };
    late("2026-11-15T22:59:59Z").expect(201);
    assert_eq!(
        late("2026-11-15T23:00:00Z").problem(422, "validation-failed"),
        [pair("/occurredAt", "after-episode")]
    );
});

with_app!(
    sending_again_under_the_same_id_creates_nothing_twice,
    |mut_app| {
        let mut app = mut_app;
        let id = Uuid::now_v7();
        let sent = json!({"id": id, "channel": "sms", "result": "reached", "note": "  Hej  ", "nextContactOn": "2026-11-24"});
        let first = log(&app, Ambassador, app.world.alva, sent.clone()).expect(201);
        assert_eq!(first.body["id"], json!(id));
        // Much later, when the planned day is past, the answer is still the stored one.
        app.pass(Duration::days(3));
        let again = log(&app, Ambassador, app.world.alva, sent.clone()).expect(201);
        assert_eq!(again.body["occurredAt"], first.body["occurredAt"]);
        assert_eq!(again.body["version"], 1);
        assert_eq!(count(&app), 1);
        let mut other = sent.clone();
        other["result"] = json!("no_answer");
        let mut named = sent.clone();
        named["occurredAt"] = json!("2026-11-24T07:00:00Z");
        let mut shorter = sent.clone();
        shorter.as_object_mut().unwrap().remove("note");
        for body in [other, named, shorter, json!({"id": id})] {
            log(&app, Ambassador, app.world.alva, body).problem(409, "already-exists");
        }
        // The same instant told is the same content.
        let mut told = sent.clone();
        told["occurredAt"] = json!("2026-11-24T09:00:00+01:00");
        log(&app, Ambassador, app.world.alva, told).expect(201);
        // Somebody else's or another youth's: nothing more is told.
        let theirs = log(&app, Syv, app.world.alva, sent.clone());
        let elsewhere = log(&app, SyvElsewhere, app.world.dag, sent.clone());
        let mine = log(
            &app,
            Ambassador,
            app.world.alva,
            json!({"id": id, "channel": "sms", "result": "returned"}),
        );
        assert_eq!(theirs.without_instance(), mine.without_instance());
        assert_eq!(elsewhere.without_instance(), mine.without_instance());
        assert!(
            !elsewhere
                .body
                .to_string()
                .contains(&app.world.alva.to_string())
        );
        assert_eq!(count(&app), 1);
        // Whoever has lost sight of the youth does not get it back by an old id.
        end_assignment(&app, Ambassador);
        log(&app, Ambassador, app.world.alva, sent).problem(404, "not-found");
    }
);

with_app!(
    what_was_corrected_is_still_answered_when_sent_again,
    |app| {
        let id = Uuid::now_v7();
        let sent = json!({"id": id, "channel": "sms", "result": "no_answer"});
        log(&app, Syv, app.world.alva, sent.clone()).expect(201);
        app.patch(
            Syv,
            &format!("/contacts/{id}"),
            1,
            json!({"result": "reached"}),
        )
        .expect(200);
        let again = log(&app, Syv, app.world.alva, sent).expect(201);
        assert_eq!(again.body["result"], "reached");
        assert_eq!(again.version(), 2);
        // The corrected content is not what was sent first.
        log(
            &app,
            Syv,
            app.world.alva,
            json!({"id": id, "channel": "sms", "result": "reached"}),
        )
        .problem(409, "already-exists");
    }
);

with_app!(the_same_key_counts_once, |app| {
    let send = |body| {
        app.send(
            Ambassador,
            "POST",
            &of(app.world.alva),
            &[("Idempotency-Key", "a1")],
            Some(body),
        )
    };
    let first = send(attempt()).expect(201);
    assert_eq!(send(attempt()).expect(201).body, first.body);
    send(talk("")).problem(422, "idempotency-key-reused");
    assert_eq!(count(&app), 1);
});

with_app!(
    a_contact_is_corrected_within_a_day_by_its_author_and_every_version_kept,
    |mut_app| {
        let mut app = mut_app;
        let made = log(&app, Ambassador, app.world.alva, talk("Fel")).expect(201);
        let path = format!("/contacts/{}", made.id());
        let change = json!({"note": "Rätt", "minutes": 20, "occupation": "none"});
        app.send(Ambassador, "PATCH", &path, &[], Some(change.clone()))
            .problem(428, "version-required");
        let changed = app.patch(Ambassador, &path, 1, change.clone()).expect(200);
        assert_eq!(changed.body["note"], "Rätt");
        assert_eq!(changed.body["minutes"], 20);
        assert_eq!(changed.version(), 2);
        let stale = app.patch(Ambassador, &path, 1, change.clone());
        assert_eq!(stale.header("etag"), Some("\"2\""));
        stale.problem(412, "stale-version");
        // Null empties what may be empty.
        let emptied = app
            .patch(
                Ambassador,
                &path,
                2,
                json!({"occupation": null, "minutes": null}),
            )
            .expect(200);
        assert_eq!(emptied.body["minutes"], Value::Null);
        for (body, pointer, code) in [
            (json!({"channel": null}), "/channel", "required"),
            (json!({"id": Uuid::now_v7()}), "/id", "immutable"),
            (
                json!({"occurredAt": "2026-11-25T08:00:00Z"}),
                "/occurredAt",
                "in-future",
            ),
            (
                json!({"occurredAt": "2026-08-25T08:00:00Z"}),
                "/occurredAt",
                "outside-episode",
            ),
            (json!({"addenda": []}), "/addenda", "unknown-field"),
        ] {
            assert_eq!(
                app.patch(Ambassador, &path, 3, body)
                    .problem(422, "validation-failed"),
                [pair(pointer, code)]
            );
        }
        assert_eq!(
            app.patch(
                Ambassador,
                &path,
                3,
                json!({"authorId": app.world.user(Syv)})
            )
            .problem(403, "forbidden-field"),
            [pair("/authorId", "not-open-to-role")]
        );
        // Who did not write it does not correct it: known to these, unknown to those.
        for persona in [Syv, Socionom, Ungdomskonsulent, Enhetschef, Administrator] {
            app.patch(persona, &path, 3, change.clone())
                .problem(403, "forbidden");
        }
        let missing = app.patch(AmbassadorStranger, MISSING, 3, change.clone());
        for persona in [AmbassadorStranger, SyvElsewhere] {
            let hidden = app.patch(persona, &path, 3, change.clone()).expect(404);
            assert_eq!(hidden.without_instance(), missing.without_instance());
        }
        let versions: Vec<i64> = record_versions::table
            .filter(record_versions::resource.eq("contacts"))
            .order(record_versions::version)
            .select(record_versions::version)
            .load(&mut app.db())
            .unwrap();
        assert_eq!(versions, [1, 2, 3]);
        app.pass(Duration::hours(24) - Duration::seconds(1));
        app.patch(Ambassador, &path, 3, json!({"minutes": 5}))
            .expect(200);
        app.pass(Duration::seconds(1));
        app.patch(Ambassador, &path, 4, json!({"minutes": 6}))
            .problem(409, "contact-locked");
        let locked = app.get(Ambassador, &path).expect(200);
        assert_eq!(locked.body["isLocked"], true);
        assert_eq!(locked.body["minutes"], 5);
    }
);

with_app!(
    a_planned_day_that_has_passed_does_not_hinder_a_correction,
    |mut_app| {
        let mut app = mut_app;
        let mut body = attempt();
        body["nextContactOn"] = json!("2026-11-24");
        let made = log(&app, Syv, app.world.alva, body).expect(201);
        app.pass(Duration::hours(20));
        let path = format!("/contacts/{}", made.id());
        app.patch(Syv, &path, 1, json!({"minutes": 3})).expect(200);
        assert_eq!(
            app.patch(Syv, &path, 2, json!({"nextContactOn": "2026-11-23"}))
                .problem(422, "validation-failed"),
            [pair("/nextContactOn", "in-past")]
        );
    }
);

with_app!(
    a_locked_contact_gets_addenda_and_the_ambassador_reads_their_own,
    |mut_app| {
        let mut app = mut_app;
        let made = log(&app, Ambassador, app.world.alva, talk("Ute")).expect(201);
        let path = format!("/contacts/{}", made.id());
        let addenda = format!("{path}/addenda");
        app.pass(Duration::days(2));
        let added = app
            .post(Ambassador, &addenda, json!({"text": "Han ringde sedan."}))
            .expect(201);
        assert_eq!(added.version(), 2);
        assert_eq!(added.body["addenda"][0]["text"], "Han ringde sedan.");
        app.post(Syv, &addenda, json!({"text": "Bokad tid hos mig."}))
            .expect(201);
        let read = app.get(Syv, &path).expect(200);
        assert_eq!(read.body["addenda"].as_array().unwrap().len(), 2);
        assert_eq!(
            read.body["addenda"][1]["authorId"],
            json!(app.world.user(Syv))
        );
        // What a colleague wrote beside it is not the ambassador's own.
        let own = app.get(Ambassador, &path).expect(200);
        assert_eq!(own.body["addenda"].as_array().unwrap().len(), 1);
        // The history keeps both.
        let kept = kept_versions(&mut app.db(), "contacts");
        assert_eq!(kept.len(), 3);
        assert_eq!(kept[2]["addenda"].as_array().unwrap().len(), 2);
        assert_eq!(
            app.post(Ambassador, &addenda, json!({"text": "  "}))
                .problem(422, "validation-failed"),
            [pair("/text", "required")]
        );
        assert_eq!(
            app.post(Syv, &addenda, json!({"text": "x".repeat(10_001), "by": 1}))
                .problem(422, "validation-failed"),
            [pair("/text", "too-long"), pair("/by", "unknown-field")]
        );
        app.post(Enhetschef, &addenda, json!({"text": "Bra"}))
            .problem(403, "forbidden");
        for persona in [AmbassadorStranger, SyvElsewhere] {
            app.post(persona, &addenda, json!({"text": "x"}))
                .problem(404, "not-found");
        }
    }
);

with_app!(each_role_reads_what_the_table_says, |app| {
    let by_syv = log(&app, Syv, app.world.alva, talk("Känsligt")).expect(201);
    let path = format!("/contacts/{}", by_syv.id());
    for persona in [Syv, Socionom, Ungdomskonsulent, SocionomStranger] {
        assert_eq!(app.get(persona, &path).expect(200).body["note"], "Känsligt");
    }
    let chief = app.get(Enhetschef, &path).expect(200);
    assert_eq!(chief.body["result"], "reached");
    assert!(chief.body.get("note").is_none() && chief.body.get("addenda").is_none());
    assert!(!app.db_last_event("readContact").is_break_glass);
    let missing = app.get(Syv, MISSING).expect(404);
    for persona in [
        Ambassador,
        AmbassadorStranger,
        SyvElsewhere,
        EnhetschefElsewhere,
    ] {
        let hidden = app.get(persona, &path).expect(404);
        assert_eq!(hidden.without_instance(), missing.without_instance());
    }
    for persona in [Administrator, Loggranskare] {
        app.get(persona, &path).problem(403, "forbidden");
    }
    app.get(Nobody, &path).problem(401, "unauthenticated");
    // Logging: the chief reads only.
    log(&app, Enhetschef, app.world.alva, attempt()).problem(403, "forbidden");
    for (persona, youth) in [
        (AmbassadorStranger, app.world.alva),
        (Ambassador, app.world.bo),
        (Syv, app.world.pia),
        (Syv, app.world.dag),
        (SyvElsewhere, app.world.alva),
    ] {
        log(&app, persona, youth, attempt()).problem(404, "not-found");
    }
    log(&app, Socionom, app.world.pia, attempt()).expect(201);
    log(&app, Ungdomskonsulent, app.world.bo, attempt()).expect(201);
});

with_app!(the_chief_reads_notes_with_a_reason_for_a_while, |mut_app| {
    let mut app = mut_app;
    let made = log(&app, Syv, app.world.alva, talk("Känsligt")).expect(201);
    let path = format!("/contacts/{}", made.id());
    let grant =
        json!({"purpose": "contact_notes", "reason": "Klagomål från vårdnadshavare", "minutes": 5});
    app.post(
        Enhetschef,
        &format!("/youths/{}/access-grants", app.world.alva),
        grant,
    )
    .expect(201);
    assert_eq!(
        app.get(Enhetschef, &path).expect(200).body["note"],
        "Känsligt"
    );
    let event = app.db_last_event("readContact");
    assert!(event.is_break_glass);
    assert!(event.subjects[0].2.split(',').any(|field| field == "note"));
    let listed = app.get(Enhetschef, &of(app.world.alva)).expect(200);
    assert_eq!(listed.column("contacts", "note"), [json!("Känsligt")]);
    assert!(app.db_last_event("listYouthContacts").is_break_glass);
    // Of this youth, of these data and for this while only.
    let bo = log(&app, Syv, app.world.bo, talk("Annat")).expect(201);
    let other = app
        .get(Enhetschef, &format!("/contacts/{}", bo.id()))
        .expect(200);
    assert!(other.body.get("note").is_none());
    app.get(
        Enhetschef,
        &format!("/youths/{}/protected-status", app.world.alva),
    )
    .problem(404, "not-found");
    app.pass(Duration::minutes(5));
    assert!(
        app.get(Enhetschef, &path)
            .expect(200)
            .body
            .get("note")
            .is_none()
    );
});

with_app!(lists_show_what_single_reads_show_latest_first, |app| {
    let at = |on: &str, channel: &str, result: &str| json!({"channel": channel, "result": result, "occurredAt": on});
    let alva = app.world.alva;
    let first = log(
        &app,
        Ambassador,
        alva,
        at("2026-11-01T10:00:00Z", "sms", "no_answer"),
    )
    .expect(201)
    .id();
    let second = log(
        &app,
        Syv,
        alva,
        at("2026-11-02T23:30:00Z", "phone", "reached"),
    )
    .expect(201)
    .id();
    let third = log(
        &app,
        Syv,
        app.world.bo,
        at("2026-11-03T10:00:00Z", "phone", "no_answer"),
    )
    .expect(201)
    .id();
    log(
        &app,
        Socionom,
        app.world.pia,
        at("2026-11-04T10:00:00Z", "phone", "reached"),
    )
    .expect(201);
    log(
        &app,
        SyvElsewhere,
        app.world.dag,
        at("2026-11-05T10:00:00Z", "phone", "reached"),
    )
    .expect(201);
    let ids = |persona, path: &str| app.get(persona, path).expect(200).column("contacts", "id");
    let all = [json!(third), json!(second), json!(first)];
    for persona in [Syv, Socionom, Ungdomskonsulent, Enhetschef] {
        assert_eq!(ids(persona, "/contacts"), all, "{persona:?}");
    }
    assert_eq!(ids(Ambassador, "/contacts"), [json!(first)]);
    assert!(ids(AmbassadorStranger, "/contacts").is_empty());
    for (query, expected) in [
        ("from=2026-11-03", &all[..2]),
        ("to=2026-11-02", &all[2..]),
        ("from=2026-11-03&to=2026-11-03", &all[..2]),
        ("channel=phone", &all[..2]),
        ("result=reached", &all[1..2]),
        (
            &format!("authorId={}", app.world.user(Ambassador)),
            &all[2..],
        ),
    ] {
        assert_eq!(
            ids(Enhetschef, &format!("/contacts?{query}")),
            expected,
            "{query}"
        );
    }
    assert_eq!(ids(Syv, &of(alva)), all[1..]);
    assert_eq!(ids(Ambassador, &of(alva)), [json!(first)]);
    assert_eq!(
        ids(
            Ambassador,
            &format!("{}?authorId={}", of(alva), app.world.user(Syv))
        ),
        [] as [Value; 0]
    );
    assert_eq!(ids(Enhetschef, &of(app.world.pia)).len(), 1);
    for (persona, youth) in [
        (Syv, app.world.pia),
        (AmbassadorStranger, alva),
        (Syv, app.world.dag),
    ] {
        app.get(persona, &of(youth)).problem(404, "not-found");
    }
    let wrong = app
        .get(
            Syv,
            "/contacts?from=2026-11-03&to=2026-11-02&channel=x&note=a",
        )
        .problem(400, "invalid-parameter");
    assert_eq!(
        wrong,
        [
            pair("channel", "not-in-list"),
            pair("to", "wrong-date-order"),
            pair("note", "unknown-field")
        ]
    );
    let event = app.db_last_event("listYouthContacts");
    assert_eq!(event.outcome, "refused");
    // Every row of a list is in the audit.
    ids(Enhetschef, "/contacts");
    assert_eq!(app.db_last_event("listContacts").subjects.len(), 3);
});

with_app!(a_long_list_is_walked_forth_and_back_by_time, |app| {
    for hour in 0..7 {
        // Two at the same instant, so that the id decides.
        let at = format!("2026-11-20T{:02}:00:00Z", hour / 2 + 8);
        log(
            &app,
            Syv,
            app.world.alva,
            json!({"channel": "sms", "result": "no_answer", "occurredAt": at}),
        )
        .expect(201);
    }
    let whole = app
        .get(Syv, "/contacts")
        .expect(200)
        .column("contacts", "id");
    let mut seen = Vec::new();
    let mut page = app
        .get(Syv, &format!("{}?limit=2", of(app.world.alva)))
        .expect(200);
    loop {
        seen.extend(page.column("contacts", "id"));
        let Some(next) = page.next().map(str::to_owned) else {
            break;
        };
        // Later ones do not shift the walk.
        log(&app, Syv, app.world.alva, attempt()).expect(201);
        page = app.get(Syv, &next).expect(200);
    }
    assert_eq!(seen, whole);
    let prev = page.body["_links"]["prev"]["href"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        app.get(Syv, &prev).expect(200).column("contacts", "id"),
        whole[4..6]
    );
});

with_app!(
    an_ambassador_whose_assignment_has_ended_reads_nothing_any_more,
    |app| {
        let made = log(&app, Ambassador, app.world.alva, talk("Mitt")).expect(201);
        let path = format!("/contacts/{}", made.id());
        app.get(Ambassador, &path).expect(200);
        end_assignment(&app, Ambassador);
        app.get(Ambassador, &path).problem(404, "not-found");
        app.patch(Ambassador, &path, 1, json!({"minutes": 1}))
            .problem(404, "not-found");
        app.post(Ambassador, &format!("{path}/addenda"), json!({"text": "x"}))
            .problem(404, "not-found");
        app.get(Ambassador, &of(app.world.alva))
            .problem(404, "not-found");
        let list = app.get(Ambassador, "/contacts").expect(200);
        assert!(list.column("contacts", "id").is_empty());
    }
);

with_app!(
    where_a_protected_identity_was_met_is_closed_like_their_address,
    |app| {
        let mut body = talk("Hemma");
        body["place"] = json!("Sturegatan 15");
        body["area"] = json!("Ör");
        let made = log(&app, Socionom, app.world.pia, body).expect(201);
        let path = format!("/contacts/{}", made.id());
        for answer in [
            &made,
            &app.get(Socionom, &path),
            &app.get(Enhetschef, &path),
        ] {
            assert!(answer.body.get("place").is_none() && answer.body.get("area").is_none());
        }
        // What is closed is not lost by a change of something else.
        app.patch(Socionom, &path, 1, json!({"minutes": 10}))
            .expect(200);
        let reason = json!({"purpose": "protected_address", "reason": "Ska göra hembesök i dag"});
        app.post(
            Socionom,
            &format!("/youths/{}/access-grants", app.world.pia),
            reason,
        )
        .expect(201);
        let opened = app.get(Socionom, &path).expect(200);
        assert_eq!(opened.body["place"], "Sturegatan 15");
        assert!(app.db_last_event("readContact").is_break_glass);
    }
);

with_app!(an_ambassador_tries_to_break_in, |app| {
    let theirs = log(&app, Syv, app.world.alva, talk("Hemligt")).expect(201);
    let path = format!("/contacts/{}", theirs.id());
    let own = log(&app, Ambassador, app.world.alva, talk("Eget")).expect(201);
    // Taking over by id, by author, by list, by filter, by another youth's address.
    for answer in [
        app.get(Ambassador, &path),
        app.patch(Ambassador, &path, 1, json!({"note": "x"})),
        app.post(Ambassador, &format!("{path}/addenda"), json!({"text": "x"})),
        app.get(Ambassador, &of(app.world.bo)),
        app.get(Ambassador, &format!("/youths/{}/referrals", app.world.alva)),
        app.get(
            Ambassador,
            &format!("/youths/{}/protected-status", app.world.alva),
        ),
        app.get(
            Ambassador,
            &format!("/youths/{}/access-grants", app.world.alva),
        ),
        app.post(
            Ambassador,
            &format!("/youths/{}/access-grants", app.world.alva),
            json!({"purpose": "contact_notes", "reason": "Jag vill veta mer"}),
        ),
        app.get(Ambassador, "/referrals"),
        app.get(Ambassador, "/access-grants"),
    ] {
        assert!(matches!(answer.status, 403..=405), "{}", answer.asked);
        assert!(!answer.body.to_string().contains("Hemligt"));
    }
    for body in [
        json!({"channel": "sms", "result": "reached", "authorId": app.world.user(Syv)}),
        json!({"channel": "sms", "result": "reached", "youthId": app.world.bo}),
        json!({"channel": "sms", "result": "reached", "isLocked": false}),
        json!({"channel": "sms", "result": "reached", "createdAt": "2026-11-24T08:00:00Z"}),
    ] {
        log(&app, Ambassador, app.world.alva, body).problem(403, "forbidden-field");
    }
    // Under the id of a contact that the ambassador does not see.
    let mut taken = talk("Hemligt");
    taken["id"] = json!(theirs.id());
    let answer = log(&app, Ambassador, app.world.alva, taken);
    assert!(!answer.body.to_string().contains("Hemligt"));
    answer.problem(409, "already-exists");
    for path in [
        "/contacts".to_owned(),
        format!("/contacts?authorId={}", app.world.user(Syv)),
        of(app.world.alva),
    ] {
        let listed = app.get(Ambassador, &path).expect(200);
        assert!(!listed.body.to_string().contains("Hemligt"), "{path}");
        assert!(
            listed
                .column("contacts", "id")
                .iter()
                .all(|id| *id == own.body["id"])
        );
    }
    assert_eq!(count(&app), 2);
});

with_app!(
    the_same_contact_sent_at_once_from_many_hands_is_stored_once,
    |app| {
        let sent = json!({"id": Uuid::now_v7(), "channel": "sms", "result": "reached"});
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| log(&app, Ambassador, app.world.alva, sent.clone()).status))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert_eq!(statuses, [201; 8]);
        assert_eq!(count(&app), 1);
    }
);

with_app!(
    what_is_logged_at_once_leaves_the_latest_day_in_the_register,
    |app| {
        let at = |day: u32| json!({"channel": "sms", "result": "reached", "occurredAt": format!("2026-11-{day:02}T10:00:00Z")});
        std::thread::scope(|scope| {
            for day in 10..18 {
                let (app, at) = (&app, &at);
                scope.spawn(move || log(app, Syv, app.world.alva, at(day)).expect(201));
            }
        });
        let alva = app
            .get(Syv, &format!("/youths/{}", app.world.alva))
            .expect(200);
        assert_eq!(alva.body["lastReachedOn"], "2026-11-17");
        assert_eq!(count(&app), 8);
    }
);
