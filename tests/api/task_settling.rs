//! A task is there exactly while its duty is, over HTTP: made once, closed by whatever path, never after the episode, and
//! the same after a restart.

use crate::support::Persona::{Ambassador, Enhetschef, Socionom, Syv, Ungdomskonsulent};
use crate::support::{Persona, TestApp};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::duties::is_backlog_settled;
use kaa::db::schema::{contacts, tasks};
use kaa::domain::id::{Id, Task, Youth};
use kaa::domain::task::{TaskClosing, TaskKind};
use serde_json::{Value, json};

/// Every task of a youth in the register, oldest first: kind, due, why closed, version. The letter before the 20th
/// birthday, which everybody in the duty has from the first day, has tests of its own.
fn stored(app: &TestApp, youth: Id<Youth>) -> Vec<(TaskKind, String, Option<TaskClosing>, i64)> {
    tasks::table
        .filter(tasks::youth_id.eq(youth))
        .filter(tasks::kind.ne(TaskKind::LetterBefore20))
        .order(tasks::id)
        .select((
            tasks::kind,
            tasks::due_on,
            tasks::closed_because,
            tasks::version,
        ))
        .load::<(TaskKind, chrono::NaiveDate, Option<TaskClosing>, i64)>(&mut app.db())
        .unwrap()
        .into_iter()
        .map(|(kind, due, why, version)| (kind, due.to_string(), why, version))
        .collect()
}

fn open_ids(app: &TestApp, youth: Id<Youth>) -> Vec<Id<Task>> {
    tasks::table
        .filter(tasks::youth_id.eq(youth))
        .filter(tasks::kind.ne(TaskKind::LetterBefore20))
        .filter(tasks::closed_at.is_null())
        .select(tasks::id)
        .load(&mut app.db())
        .unwrap()
}

fn contact(app: &TestApp, persona: Persona, youth: Id<Youth>, next: Option<&str>) -> Value {
    let body = json!({"channel": "phone", "result": "reached", "nextContactOn": next});
    app.post(persona, &format!("/youths/{youth}/contacts"), body)
        .expect(201)
        .body
}

fn day(text: &str) -> String {
    text.to_owned()
}

with_app!(
    a_plan_makes_one_task_which_closes_by_whatever_path,
    |mut_app| {
        let mut app = mut_app;
        let alva = app.world.alva;
        let next = TaskKind::NextContact;
        contact(&app, Ambassador, alva, Some("2026-12-01"));
        assert_eq!(stored(&app, alva), [(next, day("2026-12-01"), None, 1)]);
        let event = app.db_last_event("logContact");
        let noted: Vec<&str> = event.subjects.iter().map(|s| s.1.as_str()).collect();
        assert_eq!(noted, ["contacts", "tasks"]);
        // A change that has nothing to do with it leaves it alone.
        app.pass(Duration::hours(1));
        contact(&app, Syv, alva, None);
        assert_eq!(stored(&app, alva), [(next, day("2026-12-01"), None, 1)]);
        // The planner's next contact closes it and makes the next.
        app.pass(Duration::hours(1));
        let second = contact(&app, Ambassador, alva, Some("2026-12-08"));
        assert_eq!(
            stored(&app, alva),
            [
                (next, day("2026-12-01"), Some(TaskClosing::Met), 2),
                (next, day("2026-12-08"), None, 1),
            ]
        );
        // Another day moves it; no day takes it away.
        let path = format!("/contacts/{}", second["id"].as_str().unwrap());
        app.patch(Ambassador, &path, 1, json!({"nextContactOn": "2026-12-09"}))
            .expect(200);
        assert_eq!(stored(&app, alva)[1], (next, day("2026-12-09"), None, 2));
        app.patch(Ambassador, &path, 2, json!({"nextContactOn": null}))
            .expect(200);
        assert_eq!(
            stored(&app, alva)[1],
            (next, day("2026-12-09"), Some(TaskClosing::Withdrawn), 3)
        );
        assert!(app.db_settle().is_nothing());
    }
);

with_app!(follow_ups_and_answers_are_settled_as_they_change, |app| {
    let alva = app.world.alva;
    let body = json!({
        "kind": "talks", "responsibleParty": "municipality",
        "followUps": [{"dueOn": "2026-12-04"}, {"dueOn": "2026-12-18"}]
    });
    let made = app
        .post(Syv, &format!("/youths/{alva}/interventions"), body)
        .expect(201);
    let path = format!("/interventions/{}", made.id());
    assert_eq!(open_ids(&app, alva).len(), 2);
    let done = json!({"followUps": [{"dueOn": "2026-12-04", "doneOn": "2026-11-24"}, {"dueOn": "2026-12-20"}]});
    app.patch(Syv, &path, 1, done).expect(200);
    let follow_up = TaskKind::FollowUp;
    assert_eq!(
        stored(&app, alva),
        [
            (follow_up, day("2026-12-04"), Some(TaskClosing::Met), 2),
            (
                follow_up,
                day("2026-12-18"),
                Some(TaskClosing::Withdrawn),
                2
            ),
            (follow_up, day("2026-12-20"), None, 1),
        ]
    );
    app.patch(Syv, &path, 2, json!({"answer": "declined"}))
        .expect(200);
    assert!(open_ids(&app, alva).is_empty());

    let refer = json!({"target": "adult_education"});
    let made = app
        .post(Syv, &format!("/youths/{alva}/referrals"), refer)
        .expect(201);
    let path = format!("/referrals/{}", made.id());
    let consent =
        json!({"status": "consented", "consentedOn": "2026-11-24", "consentForm": "written"});
    app.patch(Syv, &path, 1, consent).expect(200);
    assert!(open_ids(&app, alva).is_empty());
    app.patch(Syv, &path, 2, json!({"status": "sent"}))
        .expect(200);
    let waiting = open_ids(&app, alva);
    assert_eq!(waiting.len(), 1);
    app.patch(Syv, &path, 3, json!({"answerDueOn": "2026-12-24"}))
        .expect(200);
    assert_eq!(open_ids(&app, alva), waiting);
    let row = stored(&app, alva).pop().unwrap();
    assert_eq!(
        row,
        (TaskKind::AwaitReferralAnswer, day("2026-12-24"), None, 2)
    );
    app.patch(Syv, &path, 4, json!({"status": "received"}))
        .expect(200);
    let row = stored(&app, alva).pop().unwrap();
    assert_eq!(row.2, Some(TaskClosing::Met));
    assert!(app.db_settle().is_nothing());
});

with_app!(no_task_outlives_the_episode, |mut_app| {
    let mut app = mut_app;
    let alva = app.world.alva;
    contact(&app, Ambassador, alva, Some("2026-12-01"));
    app.pass(Duration::days(1));
    let close = json!({
        "exitedOn": "2026-11-25", "deregistrationReason": "not_registered_here", "destination": "none"
    });
    let path = format!("/episodes/{}/closure", app.world.alva_episode);
    app.send(Syv, "POST", &path, &[("If-Match", "\"1\"")], Some(close))
        .expect(200);
    let ended = (
        TaskKind::NextContact,
        day("2026-12-01"),
        Some(TaskClosing::EpisodeEnded),
        2,
    );
    assert_eq!(stored(&app, alva), std::slice::from_ref(&ended));
    // A later episode does not bring it back: the plan belonged to the one before.
    app.pass(Duration::days(1));
    let open = json!({"track": "kaa", "reason": "dropout_national_programme"});
    app.post(Syv, &format!("/youths/{alva}/episodes"), open)
        .expect(201);
    // It owes its own documents.
    let planned: Vec<_> = stored(&app, alva)
        .into_iter()
        .filter(|row| row.0 == TaskKind::NextContact)
        .collect();
    assert_eq!(planned, [ended]);
    assert!(app.db_settle().is_nothing());
});

with_app!(sent_twice_or_by_two_at_once_it_is_made_once, |app| {
    let (alva, bo) = (app.world.alva, app.world.bo);
    let body = json!({"channel": "sms", "result": "reached", "nextContactOn": "2026-12-01"});
    let path = format!("/youths/{alva}/contacts");
    for _ in 0..3 {
        app.send(
            Syv,
            "POST",
            &path,
            &[("Idempotency-Key", "k1")],
            Some(body.clone()),
        )
        .expect(201);
    }
    assert_eq!(open_ids(&app, alva).len(), 1);
    // Two handlers, one youth: each has their own plan, and no plan has two tasks.
    std::thread::scope(|scope| {
        for persona in [
            Syv,
            Ungdomskonsulent,
            Socionom,
            Syv,
            Ungdomskonsulent,
            Socionom,
        ] {
            let app = &app;
            scope.spawn(move || contact(app, persona, bo, Some("2026-12-01")));
        }
    });
    let causes: Vec<Id<kaa::domain::id::Record>> = tasks::table
        .filter(tasks::youth_id.eq(bo))
        .filter(tasks::closed_at.is_null())
        .select(tasks::cause_id)
        .load(&mut app.db())
        .unwrap();
    let distinct: std::collections::BTreeSet<_> = causes.iter().collect();
    assert_eq!(distinct.len(), causes.len());
    assert!(app.db_settle().is_nothing());
});

with_app!(
    what_an_earlier_version_left_is_settled_once_and_again_changes_nothing,
    |app| {
        let (alva, bo) = (app.world.alva, app.world.bo);
        contact(&app, Syv, alva, Some("2026-12-01"));
        contact(&app, Syv, bo, Some("2026-12-02"));
        // As the earlier version left it: facts, and no tasks.
        diesel::delete(tasks::table).execute(&mut app.db()).unwrap();
        assert!(!is_backlog_settled(&mut app.db()).unwrap());
        // Somebody works on one of them before it is through, as after a kill on the way.
        contact(&app, Ambassador, alva, None);
        assert_eq!(open_ids(&app, alva).len(), 1);
        let settled = app.db_settle();
        // The plan of one, and the letters of two whom nobody has worked on.
        assert_eq!((settled.made, settled.moved, settled.closed), (3, 0, 0));
        // All with an open episode, in both units.
        assert_eq!(settled.youths, 4);
        assert!(is_backlog_settled(&mut app.db()).unwrap());
        assert!(app.db_settle().is_nothing());
        assert_eq!(open_ids(&app, alva).len() + open_ids(&app, bo).len(), 2);
    }
);

with_app!(
    the_tasks_are_the_duties_after_a_long_day_of_work,
    |mut_app| {
        let mut app = mut_app;
        let (alva, bo) = (app.world.alva, app.world.bo);
        let personas = [Syv, Ungdomskonsulent, Socionom];
        for round in 0..12_i64 {
            app.pass(Duration::hours(7));
            let persona = personas[usize::try_from(round).unwrap() % 3];
            let youth = if round % 2 == 0 { alva } else { bo };
            let next = (round % 4 != 3).then(|| {
                (app.clock.now() + Duration::days(round % 5))
                    .date_naive()
                    .to_string()
            });
            contact(&app, persona, youth, next.as_deref());
            assert!(app.db_settle().is_nothing(), "round {round}");
        }
        // The reference: what the contacts alone say, computed anew.
        let kept: Vec<(TaskKind, String)> = stored(&app, alva)
            .into_iter()
            .filter(|row| row.2.is_none())
            .map(|row| (row.0, row.1))
            .collect();
        diesel::delete(tasks::table).execute(&mut app.db()).unwrap();
        app.db_settle();
        let anew: Vec<(TaskKind, String)> = stored(&app, alva)
            .into_iter()
            .map(|row| (row.0, row.1))
            .collect();
        let sorted = |mut rows: Vec<(TaskKind, String)>| {
            rows.sort();
            rows
        };
        assert_eq!(sorted(kept), sorted(anew));
        let planned: i64 = contacts::table
            .filter(contacts::next_contact_on.is_not_null())
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert!(planned > 4);
        app.get(Enhetschef, "/tasks?ofUnit=true").expect(200);
    }
);
