//! What may be done with a task besides the work it asks for, over HTTP: reading, giving it to somebody else, putting it
//! off, answering it; who may, and whose list it stands on afterwards.

use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Loggranskare,
    Nobody, Socionom, SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::{Persona, TestApp};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{assignments, users};
use kaa::db::types::Timestamp;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

/// A contact with a plan, and the task that it makes.
fn plan(app: &TestApp, persona: Persona, youth: Id<Youth>, next: &str) -> String {
    let body = json!({"channel": "phone", "result": "reached", "nextContactOn": next});
    let made = app
        .post(persona, &format!("/youths/{youth}/contacts"), body)
        .expect(201);
    app.get(persona, "/tasks?includeLater=true&limit=200")
        .expect(200)
        .body["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|task| task["recordId"] == json!(made.id()))
        .unwrap_or_else(|| panic!("no task on the list of {persona:?}"))["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn list(app: &TestApp, persona: Persona, query: &str) -> Vec<Value> {
    app.get(persona, &format!("/tasks?limit=200{query}"))
        .expect(200)
        .column("tasks", "id")
}

fn give(
    app: &TestApp,
    persona: Persona,
    task: &str,
    version: i64,
    to: Value,
) -> crate::support::app::Answer {
    app.patch(
        persona,
        &format!("/tasks/{task}"),
        version,
        json!({"responsibleId": to}),
    )
}

fn defer(
    app: &TestApp,
    persona: Persona,
    task: &str,
    version: i64,
    body: Value,
) -> crate::support::app::Answer {
    let version = format!("\"{version}\"");
    app.send(
        persona,
        "POST",
        &format!("/tasks/{task}/deferral"),
        &[("If-Match", &version)],
        Some(body),
    )
}

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

with_app!(a_task_is_read_by_those_who_may_know_of_it, |app| {
    let task = plan(&app, Ambassador, app.world.alva, "2026-11-30");
    let path = format!("/tasks/{task}");
    let seen = app.get(Syv, &path).expect(200);
    assert_eq!(seen.version(), 1);
    assert_eq!(
        seen.body["responsibleId"],
        json!(app.world.user(Ambassador))
    );
    assert_eq!(seen.body["familyName"], "Lindqvist-Björk");
    assert_eq!(seen.body["closedAt"], Value::Null);
    assert_eq!(
        app.get(Ambassador, &path).expect(200).body["familyName"],
        "L."
    );
    for persona in [Ungdomskonsulent, Socionom, SocionomStranger, Enhetschef] {
        app.get(persona, &path).expect(200);
    }
    for persona in [AmbassadorStranger, SyvElsewhere, EnhetschefElsewhere] {
        app.get(persona, &path).problem(404, "not-found");
    }
    for persona in [Administrator, Loggranskare] {
        app.get(persona, &path).problem(403, "forbidden");
    }
    app.get(Nobody, &path).problem(401, "unauthenticated");
    let event = app.db_last_event("readTask");
    assert!(event.outcome != "allowed");
    // Of one youth: all of them, to the ambassador their own.
    plan(&app, Syv, app.world.alva, "2026-11-28");
    let of_youth = |persona| {
        app.get(persona, &format!("/youths/{}/tasks", app.world.alva))
            .expect(200)
            .column("tasks", "dueOn")
    };
    // The last is the letter before the 20th birthday, which opens in two years.
    assert_eq!(
        of_youth(Ungdomskonsulent),
        ["2026-11-28", "2026-11-30", "2028-12-06"]
    );
    assert_eq!(of_youth(Ambassador), ["2026-11-30"]);
    app.get(
        AmbassadorStranger,
        &format!("/youths/{}/tasks", app.world.alva),
    )
    .problem(404, "not-found");
    let closed = app
        .get(
            Syv,
            &format!("/youths/{}/tasks?isOpen=false", app.world.alva),
        )
        .expect(200);
    assert!(closed.column("tasks", "id").is_empty());
});

with_app!(a_task_is_given_to_somebody_who_may_have_it, |mut_app| {
    let mut app = mut_app;
    let alva = app.world.alva;
    let task = plan(&app, Ungdomskonsulent, alva, "2026-11-24");
    assert_eq!(list(&app, Ungdomskonsulent, ""), [json!(task)]);
    assert_eq!(list(&app, Syv, ""), [json!(task)]);
    let world = app.world.clone();
    let user = |persona| json!(world.user(persona));
    // Who it is not: neither handler nor chief, but may give to an ambassador who is assigned.
    give(&app, SocionomStranger, &task, 1, user(Socionom)).problem(403, "forbidden-field");
    give(&app, Ambassador, &task, 1, user(Ambassador)).problem(403, "forbidden");
    give(&app, SyvElsewhere, &task, 1, user(Syv)).problem(404, "not-found");
    let given = give(&app, SocionomStranger, &task, 1, user(Ambassador)).expect(200);
    assert_eq!(given.version(), 2);
    assert_eq!(given.body["responsibleId"], user(Ambassador));
    assert_eq!(list(&app, Ambassador, ""), [json!(task)]);
    // It is theirs alone now.
    assert!(list(&app, Ungdomskonsulent, "").is_empty() && list(&app, Syv, "").is_empty());
    let event = app.db_last_event("reassignTask");
    assert_eq!(event.subjects[0].0, Some(alva));
    assert_eq!(event.subjects[0].1, "tasks");
    // The handler gives it on, the chief too.
    give(&app, Syv, &task, 1, user(Socionom)).problem(412, "stale-version");
    app.send(
        Syv,
        "PATCH",
        &format!("/tasks/{task}"),
        &[],
        Some(json!({"responsibleId": null})),
    )
    .problem(428, "version-required");
    give(&app, Syv, &task, 2, user(Socionom)).expect(200);
    assert_eq!(list(&app, Socionom, ""), [json!(task)]);
    give(&app, Enhetschef, &task, 3, user(SocionomStranger)).expect(200);
    // Not to those who may not see the youth, are elsewhere, gone or do no such work.
    for stranger in [AmbassadorStranger, SyvElsewhere] {
        assert_eq!(
            give(&app, Enhetschef, &task, 4, user(stranger)).problem(422, "validation-failed"),
            one("/responsibleId", "no-such-record")
        );
    }
    assert_eq!(
        give(&app, Enhetschef, &task, 4, json!("x")).problem(422, "validation-failed"),
        one("/responsibleId", "not-id")
    );
    diesel::update(users::table.find(app.world.user(SocionomStranger)))
        .set(users::is_active.eq(false))
        .execute(&mut app.db())
        .unwrap();
    // Who has left holds nothing back: it stands where it stood by itself.
    assert_eq!(list(&app, Ungdomskonsulent, ""), [json!(task)]);
    give(&app, Enhetschef, &task, 4, user(SocionomStranger)).problem(422, "validation-failed");
    let back = give(&app, Enhetschef, &task, 4, Value::Null).expect(200);
    assert_eq!(back.body["responsibleId"], user(Ungdomskonsulent));
    // Once done it is nobody's.
    app.pass(Duration::hours(1));
    app.post(
        Ungdomskonsulent,
        &format!("/youths/{alva}/contacts"),
        json!({"channel": "sms", "result": "reached"}),
    )
    .expect(201);
    give(&app, Enhetschef, &task, 6, user(Syv)).problem(409, "task-closed");
});

with_app!(an_ambassador_is_given_only_what_they_may_read, |app| {
    let body = json!({"kind": "talks", "responsibleParty": "municipality", "followUps": [{"dueOn": "2026-11-24"}]});
    app.post(
        Syv,
        &format!("/youths/{}/interventions", app.world.alva),
        body,
    )
    .expect(201);
    let task = list(&app, Syv, "")[0].as_str().unwrap().to_owned();
    app.get(Ambassador, &format!("/tasks/{task}"))
        .problem(404, "not-found");
    assert_eq!(
        give(&app, Syv, &task, 1, json!(app.world.user(Ambassador)))
            .problem(422, "validation-failed"),
        one("/responsibleId", "wrong-role")
    );
});

with_app!(
    a_task_given_to_an_ambassador_comes_back_when_the_assignment_ends,
    |app| {
        let task = plan(&app, Syv, app.world.alva, "2026-11-24");
        give(&app, Syv, &task, 1, json!(app.world.user(Ambassador))).expect(200);
        assert!(list(&app, Syv, "").is_empty());
        diesel::update(
            assignments::table.filter(assignments::user_id.eq(app.world.user(Ambassador))),
        )
        .set(assignments::ends_at.eq(Timestamp::of(app.clock.now())))
        .execute(&mut app.db())
        .unwrap();
        assert_eq!(list(&app, Syv, ""), [json!(task)]);
        assert!(list(&app, Ambassador, "").is_empty());
    }
);

with_app!(a_task_is_put_off_with_a_reason_and_comes_back, |mut_app| {
    let mut app = mut_app;
    let task = plan(&app, Ambassador, app.world.alva, "2026-11-24");
    let sound = json!({"until": "2026-11-27", "reason": "Bortrest till torsdag"});
    for persona in [Ungdomskonsulent, Socionom] {
        // They see it, and it is not on their list.
        defer(&app, persona, &task, 1, sound.clone()).problem(403, "forbidden");
    }
    defer(&app, Enhetschef, &task, 1, sound.clone()).problem(403, "forbidden");
    defer(&app, SyvElsewhere, &task, 1, sound.clone()).problem(404, "not-found");
    let wrong =
        |body: Value| defer(&app, Ambassador, &task, 1, body).problem(422, "validation-failed");
    assert_eq!(wrong(json!({}))[0], one("/until", "required")[0]);
    assert_eq!(
        wrong(json!({"until": "2026-11-24", "reason": "x"})),
        one("/until", "in-past")
    );
    assert_eq!(
        wrong(json!({"until": "2027-02-23", "reason": "x"})),
        one("/until", "too-far-ahead")
    );
    assert_eq!(
        wrong(json!({"until": "2026-11-27", "reason": " "})),
        one("/reason", "required")
    );
    // How far is the municipality's to decide.
    app.patch(
        Administrator,
        "/settings",
        1,
        json!({"mostDaysDeferred": 2}),
    )
    .expect(200);
    assert_eq!(wrong(sound.clone()), one("/until", "too-far-ahead"));
    app.patch(
        Administrator,
        "/settings",
        2,
        json!({"mostDaysDeferred": null}),
    )
    .expect(200);
    defer(&app, Ambassador, &task, 7, sound.clone()).problem(412, "stale-version");
    app.post(
        Ambassador,
        &format!("/tasks/{task}/deferral"),
        sound.clone(),
    )
    .problem(428, "version-required");
    let deferred = defer(&app, Ambassador, &task, 1, sound.clone()).expect(200);
    assert_eq!(deferred.version(), 2);
    assert_eq!(deferred.body["deferredUntil"], "2026-11-27");
    assert_eq!(deferred.body["deferralReason"], "Bortrest till torsdag");
    assert_eq!(deferred.body["isOverdue"], false);
    // For nobody's list until then, unless asked for.
    for persona in [Ambassador, Syv] {
        assert!(list(&app, persona, "").is_empty());
        let later = "&includeLater=true&kind=next_contact";
        assert_eq!(list(&app, persona, later), [json!(task)]);
    }
    app.pass(Duration::days(3));
    assert_eq!(list(&app, Syv, ""), [json!(task)]);
    app.pass(Duration::days(1));
    assert_eq!(
        app.get(Syv, "/tasks")
            .expect(200)
            .column("tasks", "isOverdue"),
        [json!(true)]
    );
    // The same request twice counts once.
    let key: &[(&str, &str)] = &[("Idempotency-Key", "skjut-1"), ("If-Match", "\"2\"")];
    let again = json!({"until": "2026-12-01", "reason": "Bortrest"});
    let path = format!("/tasks/{task}/deferral");
    for _ in 0..2 {
        let answer = app
            .send(Ambassador, "POST", &path, key, Some(again.clone()))
            .expect(200);
        assert_eq!(answer.version(), 3);
    }
    let event = app.db_last_event("deferTask");
    assert_eq!(event.subjects[0].0, Some(app.world.alva));
});

with_app!(what_the_work_itself_closes_is_not_answered, |app| {
    let task = plan(&app, Syv, app.world.alva, "2026-11-24");
    let answer = |persona: Persona| {
        app.send(
            persona,
            "POST",
            &format!("/tasks/{task}/answer"),
            &[("If-Match", "\"1\"")],
            Some(json!({"reportedOn": "2026-11-24", "reference": "1"})),
        )
    };
    answer(Syv).problem(409, "task-met-by-work");
    answer(Enhetschef).problem(403, "forbidden");
    answer(Socionom).problem(403, "forbidden");
    answer(AmbassadorStranger).problem(404, "not-found");
});

with_app!(the_chief_sees_the_unit_and_what_is_nobodys, |app| {
    let by_konsulent = plan(&app, Ungdomskonsulent, app.world.bo, "2026-11-25");
    let by_ambassador = plan(&app, Ambassador, app.world.alva, "2026-11-24");
    plan(&app, SyvElsewhere, app.world.dag, "2026-11-24");
    plan(&app, Socionom, app.world.pia, "2026-11-24");
    assert_eq!(
        list(&app, Enhetschef, "&ofUnit=true"),
        [json!(by_ambassador), json!(by_konsulent)]
    );
    assert!(list(&app, Enhetschef, "").is_empty());
    for persona in [Syv, Socionom, Ambassador] {
        assert_eq!(
            app.get(persona, "/tasks?ofUnit=true")
                .problem(403, "forbidden-field"),
            one("ofUnit", "not-open-to-role")
        );
    }
    // Walked in parts, forth and back.
    let first = app
        .get(Enhetschef, "/tasks?ofUnit=true&limit=1")
        .expect(200);
    assert_eq!(first.column("tasks", "id"), [json!(by_ambassador)]);
    let second = app.get(Enhetschef, first.next().unwrap()).expect(200);
    assert_eq!(second.column("tasks", "id"), [json!(by_konsulent)]);
    let back = second.body["_links"]["prev"]["href"]
        .as_str()
        .unwrap()
        .to_owned();
    let back = app.get(Enhetschef, &back).expect(200);
    assert_eq!(back.column("tasks", "id"), [json!(by_ambassador)]);
    let by_number = app
        .get(Enhetschef, "/tasks?ofUnit=true&limit=1&page=2")
        .expect(200);
    assert_eq!(by_number.column("tasks", "id"), [json!(by_konsulent)]);
    // Its planner leaves; Bo has no handler: nobody would be told of it.
    diesel::update(users::table.find(app.world.user(Ungdomskonsulent)))
        .set(users::is_active.eq(false))
        .execute(&mut app.db())
        .unwrap();
    assert_eq!(list(&app, Enhetschef, ""), [json!(by_konsulent)]);
});
