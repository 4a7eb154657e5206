//! The contact ladder over HTTP: what is proposed after an attempt that failed, the task that reminds of it, and the days since
//! a youth was reached and sought. The rules have their tests in `domain::contact_ladder`.

use crate::support::Persona;
use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, Loggranskare, Socionom, Syv,
    SyvElsewhere,
};
use crate::support::app::{Answer, TestApp};
use crate::with_app;
use chrono::Duration;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

fn tried(app: &TestApp, persona: Persona, youth: Id<Youth>, channel: &str, result: &str) -> Answer {
    let contact = json!({"channel": channel, "result": result});
    app.post(persona, &format!("/youths/{youth}/contacts"), contact)
        .expect(201)
}

fn next(app: &TestApp, persona: Persona, youth: Id<Youth>) -> Answer {
    app.get(persona, &format!("/youths/{youth}/next-attempt"))
}

fn proposed(body: &Value) -> (Value, Value, Value) {
    (
        body["proposedOn"].clone(),
        body["proposedChannel"].clone(),
        body["proposedStaff"].clone(),
    )
}

/// The open tasks for a next attempt on somebody's list, of days to come too.
fn tasks(app: &TestApp, persona: Persona) -> Vec<Value> {
    let list = "/tasks?kind=next_attempt&includeLater=true";
    let answer = app.get(persona, list).expect(200);
    answer.body["tasks"].as_array().unwrap().clone()
}

with_app!(each_failed_attempt_proposes_the_next_and_its_day, |app| {
    let alva = app.world.alva;
    let letter = tried(&app, Syv, alva, "letter", "returned");
    let sms = (json!("2026-12-01"), json!("sms"), json!(1));
    assert_eq!(proposed(&letter.body), sms);
    let told = next(&app, Ambassador, alva).expect(200);
    assert_eq!(proposed(&told.body), sms);
    // Whose contact that was is no ambassador's business.
    assert_eq!(told.body.get("contactId"), None);
    let to_handler = next(&app, Syv, alva).expect(200);
    assert_eq!(to_handler.body["contactId"], json!(letter.id()));
    assert_eq!(told.body["daysSinceTried"], 0);
    assert_eq!(told.body["daysSinceReached"], Value::Null);
    let [task] = &tasks(&app, Syv)[..] else {
        panic!("the handler is not reminded")
    };
    assert_eq!(
        (&task["dueOn"], &task["recordId"], &task["proposedChannel"]),
        (&json!("2026-12-01"), &json!(letter.id()), &json!("sms"))
    );
    assert_eq!(tasks(&app, Ambassador), Vec::<Value>::new());

    // An ambassador tries: the next step follows, and the task before it was done.
    let sms = tried(&app, Ambassador, alva, "sms", "no_answer");
    let phone = (json!("2026-11-27"), json!("phone"), json!(1));
    assert_eq!(proposed(&sms.body), phone);
    let [again] = &tasks(&app, Syv)[..] else {
        panic!("one task at a time")
    };
    assert_eq!(again["proposedChannel"], "phone");
    let task_path = format!("/tasks/{}", task["id"].as_str().unwrap());
    let closed = app.get(Syv, &task_path).expect(200);
    assert_eq!(closed.body["closedBecause"], "met");

    // Somebody is in touch: nothing is proposed any more.
    let reached = tried(&app, Socionom, alva, "phone", "reached");
    assert_eq!(
        proposed(&reached.body),
        (Value::Null, Value::Null, Value::Null)
    );
    assert_eq!(tasks(&app, Syv), Vec::<Value>::new());
    let told = next(&app, Syv, alva).expect(200);
    assert_eq!(
        proposed(&told.body),
        (Value::Null, Value::Null, Value::Null)
    );
    assert_eq!(told.body["daysSinceReached"], 0);
    let event = app.db_last_event("readNextAttempt");
    assert_eq!(event.subjects[0].0, Some(alva));
});

with_app!(before_anybody_has_tried_the_first_step_is_proposed, |app| {
    let told = next(&app, Syv, app.world.alva).expect(200);
    assert_eq!(
        proposed(&told.body),
        (json!("2026-09-08"), json!("letter"), json!(1))
    );
    assert_eq!(told.body["contactId"], Value::Null);
    // In no episode nobody is sought.
    let told = next(&app, Syv, app.world.olle).expect(200);
    assert_eq!(told.body["proposedOn"], Value::Null);
    // Nobody writes to, or stands at the door of, a protected identity by a list.
    let told = next(&app, Socionom, app.world.pia).expect(200);
    assert_eq!(told.body["proposedChannel"], "sms");
});

with_app!(a_day_of_ones_own_goes_before_what_is_proposed, |app| {
    let alva = app.world.alva;
    let contact = json!({"channel": "phone", "result": "no_answer", "nextContactOn": "2026-11-26"});
    let path = format!("/youths/{alva}/contacts");
    app.post(Syv, &path, contact).expect(201);
    assert_eq!(tasks(&app, Syv), Vec::<Value>::new());
    let told = next(&app, Syv, alva).expect(200);
    assert_eq!(told.body["plannedOn"], "2026-11-26");
    assert_eq!(told.body["proposedChannel"], "letter");
    let planned = app
        .get(Syv, "/tasks?kind=next_contact&includeLater=true")
        .expect(200);
    assert_eq!(planned.column("tasks", "dueOn"), ["2026-11-26"]);
});

with_app!(a_no_sets_a_later_day_and_ends_nothing, |app| {
    let alva = app.world.alva;
    let declined = tried(&app, Syv, alva, "phone", "declined");
    // Sixty days on is a Saturday.
    assert_eq!(
        proposed(&declined.body),
        (json!("2027-01-25"), Value::Null, json!(1))
    );
    let [task] = &tasks(&app, Syv)[..] else {
        panic!("who declines is forgotten")
    };
    assert_eq!(task["dueOn"], "2027-01-25");
    let episode = app
        .get(Syv, &format!("/episodes/{}", app.world.alva_episode))
        .expect(200);
    assert_eq!(episode.body["exitedOn"], Value::Null);
});

with_app!(what_was_corrected_asks_for_nothing, |app| {
    let alva = app.world.alva;
    let contact = tried(&app, Syv, alva, "phone", "no_answer");
    let task = tasks(&app, Syv)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/contacts/{}", contact.id());
    let corrected = app
        .patch(Syv, &path, 1, json!({"result": "reached"}))
        .expect(200);
    assert_eq!(corrected.body["proposedOn"], Value::Null);
    let task = app.get(Syv, &format!("/tasks/{task}")).expect(200);
    assert_eq!(task.body["closedBecause"], "withdrawn");
    // The school's silence is not the youth's.
    let school = json!({"channel": "phone", "result": "no_answer", "metWho": "school"});
    let answer = app
        .post(Syv, &format!("/youths/{alva}/contacts"), school)
        .expect(201);
    assert_eq!(answer.body["proposedOn"], Value::Null);
    assert_eq!(tasks(&app, Syv), Vec::<Value>::new());
});

with_app!(an_attempt_that_is_written_down_late_asks_today, |app| {
    let alva = app.world.alva;
    let late =
        json!({"channel": "letter", "result": "returned", "occurredAt": "2026-10-05T10:00:00Z"});
    let answer = app
        .post(Syv, &format!("/youths/{alva}/contacts"), late)
        .expect(201);
    assert_eq!(answer.body["proposedOn"], "2026-11-24");
    // One from before it changes nothing of what is asked.
    let earlier =
        json!({"channel": "sms", "result": "no_answer", "occurredAt": "2026-09-20T10:00:00Z"});
    app.post(Syv, &format!("/youths/{alva}/contacts"), earlier)
        .expect(201);
    let [task] = &tasks(&app, Syv)[..] else {
        panic!("one task")
    };
    assert_eq!(task["recordId"], json!(answer.id()));
});

with_app!(the_ladder_is_the_municipalitys_own, |app| {
    let step = |channel: &str, days: i64| json!({"channel": channel, "afterDays": days});
    let set = |version, body| app.patch(Administrator, "/settings", version, body);
    let wrong = set(
        1,
        json!({"contactLadder": [step("sms", 2), step("sms", 0), {"channel": "pigeon", "afterDays": 3}]}),
    );
    assert_eq!(
        wrong.problem(422, "validation-failed"),
        [
            (
                "/contactLadder/1/afterDays".to_owned(),
                "out-of-range".to_owned()
            ),
            (
                "/contactLadder/2/channel".to_owned(),
                "not-in-list".to_owned()
            ),
        ]
    );
    let twice = set(
        1,
        json!({"contactLadder": [step("sms", 2), step("sms", 4)]}),
    );
    assert_eq!(
        twice.problem(422, "validation-failed"),
        [("/contactLadder/1/channel".to_owned(), "taken".to_owned())]
    );
    set(
        1,
        json!({"contactLadder": [step("sms", 2), step("street_outreach", 5)], "ladderPauseDays": 9, "declinedRetryDays": 3}),
    )
    .expect(200);
    let alva = app.world.alva;
    let by = |channel: &str, result: &str| proposed(&tried(&app, Syv, alva, channel, result).body);
    assert_eq!(
        by("sms", "no_answer"),
        // Five days on is a Sunday.
        (json!("2026-11-30"), json!("street_outreach"), json!(1))
    );
    assert_eq!(
        by("street_outreach", "no_answer"),
        (json!("2026-12-03"), json!("sms"), json!(1))
    );
    assert_eq!(
        by("sms", "declined"),
        (json!("2026-11-27"), Value::Null, json!(1))
    );
});

with_app!(
    lists_tell_the_days_since_a_youth_was_reached_and_sought,
    |app| {
        let alva = app.world.alva;
        tried(&app, Syv, alva, "phone", "reached");
        let mut app = app;
        app.pass(Duration::days(5));
        tried(&app, Syv, alva, "sms", "no_answer");
        app.pass(Duration::days(3));
        let days = |persona: Persona, path: &str, list: &str, key: &str| {
            let answer = app.get(persona, path).expect(200);
            let rows = answer.body[list].as_array().unwrap().clone();
            let row = rows
                .iter()
                .find(|row| row[key] == json!(alva))
                .unwrap_or_else(|| panic!("{path}"));
            (
                row["daysSinceReached"].clone(),
                row["daysSinceTried"].clone(),
            )
        };
        let expected = (json!(8), json!(3));
        assert_eq!(days(Ambassador, "/youths", "youths", "id"), expected);
        let forgotten = "/youths/forgotten?kind=not_reached&days=7";
        assert_eq!(days(Enhetschef, forgotten, "youths", "id"), expected);
        assert_eq!(
            days(Syv, "/tasks?includeLater=true", "tasks", "youthId"),
            expected
        );
        assert_eq!(days(Syv, "/episodes", "episodes", "youthId"), expected);
        let never = app
            .get(Syv, &format!("/youths/{}", app.world.bo))
            .expect(200);
        assert_eq!(never.body["daysSinceReached"], Value::Null);
        assert_eq!(never.body["daysSinceTried"], Value::Null);
    }
);

with_app!(who_may_not_see_the_youth_is_told_no_next_attempt, |app| {
    let alva = app.world.alva;
    next(&app, AmbassadorStranger, alva).problem(404, "not-found");
    next(&app, SyvElsewhere, alva).problem(404, "not-found");
    next(&app, Administrator, alva).problem(403, "forbidden");
    next(&app, Loggranskare, alva).problem(403, "forbidden");
    next(&app, Syv, app.world.pia).problem(404, "not-found");
    next(&app, Enhetschef, alva).expect(200);
});
