//! What the documents of an episode owe: each duty makes its task once, by whatever path it is met the task closes, and none
//! outlives the episode. How duties and tasks are compared is tested in `domain::duty`.

use crate::episodes::close;
use crate::support::TestApp;
use crate::support::world::Persona::{
    Administrator, Ambassador, Enhetschef, Socionom, Syv, Ungdomskonsulent,
};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::tasks;
use kaa::domain::id::{Id, Youth};
use kaa::domain::task::{TaskClosing, TaskKind};
use serde_json::{Value, json};

/// The tasks of a youth of one kind, oldest first: due, opens, why closed.
fn stored(
    app: &TestApp,
    youth: Id<Youth>,
    kind: TaskKind,
) -> Vec<(String, String, Option<TaskClosing>)> {
    tasks::table
        .filter(tasks::youth_id.eq(youth))
        .filter(tasks::kind.eq(kind))
        .order(tasks::id)
        .select((tasks::due_on, tasks::opens_on, tasks::closed_because))
        .load::<(chrono::NaiveDate, chrono::NaiveDate, Option<TaskClosing>)>(&mut app.db())
        .unwrap()
        .into_iter()
        .map(|(due, opens, why)| (due.to_string(), opens.to_string(), why))
        .collect()
}

fn row(due: &str, opens: &str, why: Option<TaskClosing>) -> (String, String, Option<TaskClosing>) {
    (due.to_owned(), opens.to_owned(), why)
}

/// An open episode without any document.
fn follow_olle(app: &TestApp) -> (Id<Youth>, String) {
    let olle = app.world.olle;
    let episode = json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
    let made = app
        .post(Syv, &format!("/youths/{olle}/episodes"), episode)
        .expect(201);
    (olle, made.id())
}

fn end(app: &TestApp, episode: &str) {
    let out = json!({"exitedOn": "2026-11-24", "deregistrationReason": "national_programme_or_equiv",
        "destination": "upper_secondary_studies", "destinationElsewhere": false});
    close(app, Syv, episode, 1, out).expect(200);
}

fn post(app: &TestApp, youth: Id<Youth>, below: &str, body: Value) -> Value {
    app.post(Syv, &format!("/youths/{youth}/{below}"), body)
        .expect(201)
        .body
}

fn plan() -> Value {
    json!({"planningText": "Prova sig fram.", "goalType": "education", "goalText": "Klara gymnasiet."})
}

fn mapping() -> Value {
    json!({"goals": "Mat.", "needs": "Tid.", "expectations": "Att ni ringer."})
}

use TaskClosing::{EpisodeEnded, Met, Withdrawn};

with_app!(an_episode_owes_a_mapping_and_a_plan, |app| {
    let (olle, episode) = follow_olle(&app);
    let (map, make_plan) = (TaskKind::MakeMapping, TaskKind::MakePlan);
    assert_eq!(
        stored(&app, olle, map),
        [row("2026-10-31", "2026-10-01", None)]
    );
    assert_eq!(
        stored(&app, olle, make_plan),
        [row("2026-11-30", "2026-10-01", None)]
    );
    // A change that has nothing to do with it leaves it alone.
    post(
        &app,
        olle,
        "contacts",
        json!({"channel": "sms", "result": "no_answer"}),
    );
    assert_eq!(stored(&app, olle, map).len(), 1);
    post(&app, olle, "mappings", mapping());
    assert_eq!(
        stored(&app, olle, map),
        [row("2026-10-31", "2026-10-01", Some(Met))]
    );
    assert_eq!(
        stored(&app, olle, make_plan)[0].2,
        None,
        "the plan is still owed"
    );
    post(&app, olle, "plan-revisions", plan());
    assert_eq!(stored(&app, olle, make_plan)[0].2, Some(Met));
    let more = json!({"basedOn": 1, "planningText": "x", "goalType": "work", "goalText": "x"});
    post(&app, olle, "plan-revisions", more);
    assert_eq!(stored(&app, olle, make_plan).len(), 1);
    assert!(app.db_settle().is_nothing());
    end(&app, &episode);
    // The next episode owes its own.
    post(
        &app,
        olle,
        "episodes",
        json!({"track": "kaa", "reason": "study_certificate"}),
    );
    assert_eq!(stored(&app, olle, map).len(), 2);
    assert_eq!(
        stored(&app, olle, map)[1],
        row("2026-12-24", "2026-11-24", None)
    );
    assert!(app.db_settle().is_nothing());
});

with_app!(
    what_the_documents_owe_ends_with_the_episode_and_follows_the_settings,
    |app| {
        let (olle, episode) = follow_olle(&app);
        let days = json!({"mappingDueDays": 10});
        app.patch(Administrator, "/settings", 1, days).expect(200);
        post(
            &app,
            olle,
            "contacts",
            json!({"channel": "sms", "result": "no_answer"}),
        );
        assert_eq!(
            stored(&app, olle, TaskKind::MakeMapping),
            [row("2026-10-11", "2026-10-01", None)]
        );
        end(&app, &episode);
        for kind in [
            TaskKind::MakeMapping,
            TaskKind::MakePlan,
            TaskKind::LetterBefore20,
        ] {
            let left: Vec<_> = stored(&app, olle, kind)
                .into_iter()
                .map(|row| row.2)
                .collect();
            assert_eq!(left, [Some(EpisodeEnded)], "{kind:?}");
        }
        assert!(app.db_settle().is_nothing());
    }
);

with_app!(a_plan_is_followed_up_on_its_days, |app| {
    let (olle, episode) = follow_olle(&app);
    let kind = TaskKind::PlanFollowUp;
    let mut body = plan();
    body["followUps"] = json!([{"dueOn": "2026-12-15"}, {"dueOn": "2027-03-01", "kind": "evaluation"}, {"dueOn": "2027-04-01"}]);
    let made = post(&app, olle, "plan-revisions", body);
    let (first, second, third) = (
        row("2026-12-15", "2026-11-24", None),
        row("2027-03-01", "2026-11-24", None),
        row("2027-04-01", "2026-11-24", None),
    );
    assert_eq!(stored(&app, olle, kind), [first, second, third]);
    // On the list of whoever made the plan.
    let listed = app.get(Syv, "/tasks?kind=plan_follow_up").expect(200);
    assert_eq!(listed.column("tasks", "recordId")[0], made["id"]);
    let id = made["followUps"][0]["id"].as_str().unwrap();
    app.post(
        Socionom,
        &format!("/plan-follow-ups/{id}/completion"),
        json!({}),
    )
    .expect(200);
    assert_eq!(stored(&app, olle, kind)[0].2, Some(Met));
    // The next revision plans anew what the one before left.
    let mut next = plan();
    next["basedOn"] = json!(1);
    next["followUps"] = json!([{"dueOn": "2027-02-01"}]);
    post(&app, olle, "plan-revisions", next);
    let closed: Vec<_> = stored(&app, olle, kind)
        .into_iter()
        .map(|row| row.2)
        .collect();
    assert_eq!(closed, [Some(Met), Some(Withdrawn), Some(Withdrawn), None]);
    assert!(app.db_settle().is_nothing());
    end(&app, &episode);
    assert_eq!(stored(&app, olle, kind)[3].2, Some(EpisodeEnded));
});

with_app!(a_contract_is_followed_up_until_it_ends, |app| {
    let bo = app.world.bo;
    let kind = TaskKind::ContractFollowUp;
    let contract = json!({
        "parties": [
            {"kind": "youth", "name": "Bo", "undertaking": "Studera."},
            {"kind": "municipality", "name": "Unga vuxna", "undertaking": "Vägleda."}
        ],
        "startsOn": "2027-01-11", "endsOn": "2028-06-09",
        "followUps": [{"dueOn": "2027-03-01"}, {"dueOn": "2027-06-15"}, {"dueOn": "2027-10-01"}]
    });
    let made = post(&app, bo, "education-contracts", contract);
    assert_eq!(stored(&app, bo, kind).len(), 3);
    assert_eq!(
        stored(&app, bo, kind)[0],
        row("2027-03-01", "2026-11-24", None)
    );
    let path = format!("/education-contracts/{}", made["id"].as_str().unwrap());
    let done = json!({"followUps": [{"dueOn": "2027-03-01", "doneOn": "2026-11-24"}, {"dueOn": "2027-10-01"}]});
    app.patch(Socionom, &path, 1, done).expect(200);
    let closed =
        |app: &TestApp| -> Vec<_> { stored(app, bo, kind).into_iter().map(|row| row.2).collect() };
    assert_eq!(
        closed(&app),
        [Some(Met), Some(Withdrawn), None],
        "done, dropped, still to be done"
    );
    app.patch(
        Syv,
        &path,
        2,
        json!({"endedOn": "2026-11-24", "endReason": "ended_by_youth"}),
    )
    .expect(200);
    assert_eq!(closed(&app), [Some(Met), Some(Withdrawn), Some(Withdrawn)]);
    app.patch(Syv, &path, 3, json!({"endedOn": null, "endReason": null}))
        .expect(200);
    assert_eq!(closed(&app).last(), Some(&None), "in force again");
    let out = json!({"exitedOn": "2026-11-24", "deregistrationReason": "own_wish", "destination": "other"});
    close(&app, Syv, app.world.bo_episode, 1, out).expect(200);
    assert_eq!(closed(&app).last(), Some(&Some(EpisodeEnded)));
    assert!(app.db_settle().is_nothing());
});

with_app!(an_occupation_that_lapses_is_to_be_confirmed, |app| {
    let mut app = app;
    let (olle, episode) = follow_olle(&app);
    let kind = TaskKind::ConfirmOccupation;
    let seen = |kind: &str| json!({"kind": kind, "source": "youth"});
    post(&app, olle, "occupations", seen("none"));
    assert_eq!(
        stored(&app, olle, kind),
        [row("2027-01-23", "2026-12-26", None)]
    );
    let listed = |app: &TestApp| {
        app.get(Enhetschef, "/tasks?kind=confirm_occupation&ofUnit=true")
            .expect(200)
            .column("tasks", "youthId")
    };
    assert!(listed(&app).is_empty(), "it opens four weeks before");
    app.pass(Duration::days(32));
    assert_eq!(listed(&app), [json!(olle)]);
    // A contact that tells it meets it, and the next is due when that lapses.
    let told = json!({"channel": "phone", "result": "reached", "occupation": "none"});
    let contact = post(&app, olle, "contacts", told);
    assert_eq!(
        stored(&app, olle, kind),
        [
            row("2027-01-23", "2026-12-26", Some(Met)),
            row("2027-02-24", "2027-01-27", None)
        ]
    );
    // A correction moves it; taken back, what was known before is asked for again.
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    app.patch(Syv, &path, 1, json!({"occupation": "work"}))
        .expect(200);
    assert_eq!(
        stored(&app, olle, kind)[1],
        row("2027-06-24", "2027-05-27", None)
    );
    app.patch(Syv, &path, 2, json!({"occupation": null}))
        .expect(200);
    let closed: Vec<_> = stored(&app, olle, kind)
        .into_iter()
        .map(|row| (row.0, row.2))
        .collect();
    assert_eq!(
        closed,
        [
            ("2027-01-23".to_owned(), Some(Met)),
            ("2027-06-24".to_owned(), Some(Withdrawn)),
            ("2027-01-23".to_owned(), None)
        ]
    );
    // What is not known does not lapse: nothing is owed until it is known again.
    post(&app, olle, "occupations", seen("declined_to_say"));
    assert_eq!(stored(&app, olle, kind)[2].2, Some(Met));
    post(&app, olle, "occupations", seen("internship"));
    assert_eq!(stored(&app, olle, kind).len(), 4);
    assert!(app.db_settle().is_nothing());
    end(&app, &episode);
    assert_eq!(stored(&app, olle, kind)[3].2, Some(EpisodeEnded));
});

with_app!(before_the_20th_birthday_a_letter_is_owed, |app| {
    let mut app = app;
    let kind = TaskKind::LetterBefore20;
    let youth = json!({"givenName": "Noa", "familyName": "Ek", "birthDate": "2007-02-10"});
    let made = app.post(Syv, "/youths", youth).expect(201).id();
    let noa: Id<Youth> = Id::of(uuid::Uuid::try_parse(&made).unwrap());
    let open = json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
    let episode = post(&app, noa, "episodes", open);
    assert_eq!(
        stored(&app, noa, kind),
        [row("2027-01-11", "2026-12-12", None)]
    );
    let letter = json!({"channel": "letter", "result": "no_answer"});
    post(&app, noa, "contacts", letter.clone());
    assert_eq!(
        stored(&app, noa, kind)[0].2,
        None,
        "too early to be the one that is meant"
    );
    let listed = |app: &TestApp| {
        app.get(Enhetschef, "/tasks?kind=letter_before_20&ofUnit=true")
            .expect(200)
            .column("tasks", "youthId")
    };
    assert!(listed(&app).is_empty());
    app.pass(Duration::days(18));
    assert_eq!(listed(&app), [json!(noa)]);
    post(
        &app,
        noa,
        "contacts",
        json!({"channel": "phone", "result": "reached"}),
    );
    assert_eq!(stored(&app, noa, kind)[0].2, None, "a talk is no letter");
    app.post(Ungdomskonsulent, &format!("/youths/{noa}/contacts"), letter)
        .expect(201);
    assert_eq!(stored(&app, noa, kind)[0].2, Some(Met));
    assert!(app.db_settle().is_nothing());
    // On the birthday it is gone, written or not: nobody is asked for what can no longer be done.
    let late = json!({"givenName": "Mio", "familyName": "Ek", "birthDate": "2007-01-20"});
    let late = app.post(Syv, "/youths", late).expect(201).id();
    let mio: Id<Youth> = Id::of(uuid::Uuid::try_parse(&late).unwrap());
    let open = json!({"track": "kaa", "reason": "study_certificate"});
    post(&app, mio, "episodes", open);
    assert_eq!(listed(&app), [json!(mio)]);
    app.pass(Duration::days(39));
    assert!(listed(&app).is_empty());
    app.get(Ambassador, &format!("/youths/{mio}/tasks"))
        .problem(404, "not-found");
    // Of the outreach no letter is owed.
    assert!(stored(&app, app.world.bo, kind).is_empty());
    assert!(episode["id"].is_string());
});
