//! The duties of the compartment over HTTP: a report of concern that waits for nothing, a guardian contact that may wait with
//! a reason, a pause with its day; who sees them, how each ends, and that nothing outside tells of them.

use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Loggranskare,
    Socionom, SocionomStranger, Syv, Ungdomskonsulent,
};
use crate::support::app::Answer;
use crate::support::vault;
use crate::support::{Persona, TestApp};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::cipher::AllStored;
use kaa::db::schema::{
    assignments, audit_subjects, idempotency_keys, protected_tasks, protected_versions,
    record_versions,
};
use kaa::db::tasks::StoredTaskRow;
use kaa::db::types::Timestamp;
use kaa::domain::codes::AssignmentKind;
use kaa::domain::id::{Assignment, Id, Youth};
use kaa::domain::task::{TaskClosing, TaskKind};
use serde_json::{Value, json};

fn set(app: &TestApp, youth: Id<Youth>, version: Option<i64>, body: Value) -> Answer {
    app.put(
        Socionom,
        &format!("/youths/{youth}/protected-status"),
        version,
        body,
    )
}

fn active() -> Value {
    json!({"basis": "substance", "substanceStatus": "active_use"})
}

fn begun() -> Value {
    json!({"basis": "substance", "substanceStatus": "process_begun"})
}

/// Every task of the compartment about a youth, oldest first: kind, why closed.
fn stored(app: &TestApp, youth: Id<Youth>) -> Vec<(TaskKind, Option<TaskClosing>)> {
    let rows: Vec<StoredTaskRow> = protected_tasks::table
        .filter(protected_tasks::youth_id.eq(youth))
        .order(protected_tasks::id)
        .load(&mut app.db())
        .unwrap();
    let rows = rows.all_deciphered_in(&vault(), "protected_tasks").unwrap();
    rows.iter()
        .map(|row| (row.kind, row.closed_because))
        .collect()
}

fn open(app: &TestApp, youth: Id<Youth>) -> Vec<TaskKind> {
    let all = stored(app, youth).into_iter();
    all.filter(|(_, why)| why.is_none())
        .map(|(kind, _)| kind)
        .collect()
}

/// The open task of a kind on the socionom's list.
fn task(app: &TestApp, kind: &str) -> (String, i64) {
    let seen = app
        .get(Socionom, &format!("/tasks?kind={kind}&includeLater=true"))
        .expect(200);
    let rows = seen.body["tasks"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{kind}: {}", seen.body);
    let id = rows[0]["id"].as_str().unwrap().to_owned();
    (id, rows[0]["version"].as_i64().unwrap())
}

fn deed(
    app: &TestApp,
    persona: Persona,
    (id, version): &(String, i64),
    what: &str,
    body: Value,
) -> Answer {
    let version = format!("\"{version}\"");
    app.send(
        persona,
        "POST",
        &format!("/tasks/{id}/{what}"),
        &[("If-Match", &version)],
        Some(body),
    )
}

fn reported() -> Value {
    json!({"reportedOn": "2026-11-24", "reference": "Dnr 2026/118"})
}

fn kinds(app: &TestApp, persona: Persona) -> Vec<Value> {
    app.get(persona, "/tasks?limit=200")
        .expect(200)
        .column("tasks", "kind")
}

fn guardian(app: &TestApp, persona: Persona, youth: Id<Youth>) -> Answer {
    let body = json!({"channel": "phone", "metWho": "guardian", "result": "reached"});
    app.post(persona, &format!("/youths/{youth}/contacts"), body)
        .expect(201)
}

const BOTH: [TaskKind; 2] = [TaskKind::ConcernReport, TaskKind::GuardianContact];

with_app!(
    active_use_under_18_makes_two_tasks_at_once_and_once,
    |app| {
        let alva = app.world.alva;
        let made = set(&app, alva, None, active()).expect(200);
        assert_eq!(open(&app, alva), BOTH);
        let list = app.get(Socionom, "/tasks").expect(200);
        assert_eq!(list.column("tasks", "dueOn"), ["2026-11-24", "2026-11-24"]);
        assert_eq!(
            list.column("tasks", "isOverdue"),
            [json!(false), json!(false)]
        );
        assert_eq!(list.column("tasks", "recordId"), [json!(alva), json!(alva)]);
        // Noted with the status, as of the compartment.
        let event = app.db_last_event("setProtectedStatus");
        let noted: Vec<&str> = event.subjects.iter().map(|s| s.1.as_str()).collect();
        assert_eq!(
            noted,
            ["protectedStatuses", "protectedTasks", "protectedTasks"]
        );
        // Said again in other words it is the same spell.
        let again = json!({"basis": "substance", "substanceStatus": "active_use", "note": "Samma"});
        set(&app, alva, Some(made.version()), again).expect(200);
        assert_eq!(open(&app, alva), BOTH);
        assert!(app.db_settle().is_nothing());
        // From 18 on there is neither.
        let now = Timestamp::of(app.clock.now());
        diesel::insert_into(assignments::table)
            .values((
                assignments::id.eq(Id::<Assignment>::fresh()),
                assignments::youth_id.eq(app.world.bo),
                assignments::user_id.eq(app.world.user(Socionom)),
                assignments::kind.eq(AssignmentKind::Support),
                assignments::starts_at.eq(now),
                assignments::created_at.eq(now),
                assignments::updated_at.eq(now),
                assignments::version.eq(1_i64),
            ))
            .execute(&mut app.db())
            .unwrap();
        set(&app, app.world.bo, None, active()).expect(200);
        assert!(open(&app, app.world.bo).is_empty());
    }
);

with_app!(two_who_set_it_at_once_make_them_once, |app| {
    let alva = app.world.alva;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let app = &app;
            scope.spawn(move || set(app, alva, None, active()));
        }
    });
    assert_eq!(open(&app, alva), BOTH);
    assert!(app.db_settle().is_nothing());
});

with_app!(nobody_but_the_socionom_assigned_sees_them, |app| {
    let alva = app.world.alva;
    // What the register owes stands there before.
    app.db_settle();
    let others = [
        Ambassador,
        AmbassadorStranger,
        Syv,
        Ungdomskonsulent,
        SocionomStranger,
        Enhetschef,
        EnhetschefElsewhere,
    ];
    let missing = app
        .get(Syv, "/tasks/00000000-0000-7000-8000-000000000000")
        .expect(404);
    let look = |persona: Persona| -> Vec<Value> {
        let lists = [
            "/tasks?includeLater=true".to_owned(),
            format!("/youths/{alva}/tasks"),
            format!("/youths/{alva}/tasks?isOpen=false"),
        ];
        lists
            .iter()
            .map(|path| app.get(persona, path).without_instance())
            .collect()
    };
    let before: Vec<_> = others.iter().map(|persona| look(*persona)).collect();
    let unit_before = app.get(Enhetschef, "/tasks?ofUnit=true").without_instance();
    let week_before = app
        .get(Enhetschef, "/weekly-summary?week=2026-W48")
        .without_instance();
    set(&app, alva, None, active()).expect(200);
    let reports = ["concern_report", "guardian_contact"].map(|kind| task(&app, kind));
    let after: Vec<_> = others.iter().map(|persona| look(*persona)).collect();
    assert_eq!(before, after);
    assert_eq!(
        unit_before,
        app.get(Enhetschef, "/tasks?ofUnit=true").without_instance()
    );
    assert_eq!(
        week_before,
        app.get(Enhetschef, "/weekly-summary?week=2026-W48")
            .without_instance()
    );
    for (id, version) in &reports {
        let path = format!("/tasks/{id}");
        for persona in others {
            assert_eq!(
                app.get(persona, &path).without_instance(),
                missing.without_instance(),
                "{persona:?}"
            );
            let patch = json!({"responsibleId": app.world.user(Socionom)});
            let given = app.patch(persona, &path, *version, patch);
            assert!([403, 404].contains(&given.status), "{persona:?}");
            let asked = (id.clone(), *version);
            for (what, body) in [
                ("answer", reported()),
                ("deferral", json!({"until": "2026-12-01", "reason": "x"})),
            ] {
                let refused = deed(&app, persona, &asked, what, body);
                // The chief may do neither to any task; everybody else finds none.
                let expected = if matches!(persona, Enhetschef | EnhetschefElsewhere) {
                    403
                } else {
                    404
                };
                assert_eq!(refused.status, expected, "{persona:?} {what}");
            }
        }
        for persona in [Administrator, Loggranskare] {
            app.get(persona, &path).problem(403, "forbidden");
        }
    }
    // With a reason the chief reads them, and does nothing to them.
    let reason =
        json!({"purpose": "protected_compartment", "reason": "Tillsyn enligt plan", "minutes": 10});
    app.post(Enhetschef, &format!("/youths/{alva}/access-grants"), reason)
        .expect(201);
    let (id, version) = &reports[0];
    let read = app.get(Enhetschef, &format!("/tasks/{id}")).expect(200);
    assert_eq!(read.body["kind"], "concern_report");
    assert!(app.db_last_event("readTask").is_break_glass);
    let listed = app
        .get(Enhetschef, &format!("/youths/{alva}/tasks"))
        .expect(200);
    let kinds = listed.column("tasks", "kind");
    for kind in ["concern_report", "guardian_contact"] {
        assert!(kinds.contains(&json!(kind)), "{kind}");
    }
    app.patch(
        Enhetschef,
        &format!("/tasks/{id}"),
        *version,
        json!({"responsibleId": null}),
    )
    .problem(403, "forbidden-field");
    // But no list of everybody's has them.
    assert!(
        app.get(Enhetschef, "/tasks?ofUnit=true")
            .expect(200)
            .column("tasks", "id")
            .is_empty()
    );
});

with_app!(a_report_of_concern_is_only_answered, |mut_app| {
    let mut app = mut_app;
    let alva = app.world.alva;
    set(&app, alva, None, active()).expect(200);
    let report = task(&app, "concern_report");
    deed(
        &app,
        Socionom,
        &report,
        "deferral",
        json!({"until": "2026-11-25", "reason": "Hinner inte"}),
    )
    .problem(409, "task-not-deferrable");
    let wrong = |body: Value| {
        deed(&app, Socionom, &report, "answer", body).problem(422, "validation-failed")
    };
    let pair = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        wrong(json!({})),
        [
            pair("/reportedOn", "required"),
            pair("/reference", "required")
        ]
    );
    assert_eq!(
        wrong(json!({"reportedOn": "2026-11-25", "reference": "1"})),
        [pair("/reportedOn", "in-future")]
    );
    // What was reported is not stored: there is no field for it.
    assert_eq!(
        wrong(json!({"reportedOn": "2026-11-24", "reference": "1", "content": "Han"})),
        [pair("/content", "unknown-field")]
    );
    assert_eq!(
        wrong(json!({"reportedOn": "2026-11-24", "reference": "x".repeat(101)})),
        [pair("/reference", "too-long")]
    );
    // A contact with the guardian does not stand in for it.
    guardian(&app, Ambassador, alva);
    assert_eq!(open(&app, alva), [TaskKind::ConcernReport]);
    let key: &[(&str, &str)] = &[("Idempotency-Key", "anmalan-1"), ("If-Match", "\"1\"")];
    let path = format!("/tasks/{}/answer", report.0);
    for _ in 0..2 {
        let answered = app
            .send(Socionom, "POST", &path, key, Some(reported()))
            .expect(200);
        assert_eq!(answered.body["closedBecause"], "answered");
        assert_eq!(answered.body["answeredOn"], "2026-11-24");
        assert_eq!(answered.body["answerReference"], "Dnr 2026/118");
    }
    // The stored answer lies with the compartment, and so does the version.
    let bodies: Vec<Option<kaa::db::cipher::CipherText>> = idempotency_keys::table
        .select(idempotency_keys::body)
        .load(&mut app.db())
        .unwrap();
    assert!(bodies.iter().all(Option::is_none));
    let kept: i64 = protected_versions::table
        .filter(protected_versions::resource.eq("protectedTasks"))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 1);
    let openly: i64 = record_versions::table
        .filter(record_versions::operation.eq("answerTask"))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(openly, 0);
    let later = (report.0.clone(), 2);
    deed(&app, Socionom, &later, "answer", reported()).problem(409, "task-closed");
    assert!(kinds(&app, Socionom).is_empty());
    // The same spell does not ask again; the next does.
    set(
        &app,
        alva,
        Some(1),
        json!({"basis": "substance", "substanceStatus": "active_use", "note": "Fortsatt"}),
    )
    .expect(200);
    assert!(open(&app, alva).is_empty());
    app.pass(Duration::days(3));
    set(&app, alva, Some(2), begun()).expect(200);
    app.pass(Duration::days(3));
    set(&app, alva, Some(3), active()).expect(200);
    assert_eq!(open(&app, alva), BOTH);
    assert_eq!(stored(&app, alva).len(), 4);
    assert!(app.db_settle().is_nothing());
});

with_app!(
    a_guardian_contact_waits_with_a_reason_and_is_met_by_anybodys,
    |app| {
        let alva = app.world.alva;
        set(&app, alva, None, active()).expect(200);
        let contact = task(&app, "guardian_contact");
        let reason = json!({"until": "2026-12-08", "reason": "Rädd för sin far; socialtjänsten bedömer först."});
        deed(
            &app,
            Socionom,
            &contact,
            "deferral",
            json!({"until": "2026-12-08"}),
        )
        .problem(422, "validation-failed");
        deed(&app, Socionom, &contact, "deferral", reason).expect(200);
        assert_eq!(kinds(&app, Socionom), ["concern_report"]);
        // An ambassador reaches the mother: that meets it, and tells neither them nor the chief of it.
        let audit_of = |persona: Persona| {
            app.get(persona, "/audit-events?operation=logContact&limit=200")
                .expect(200)
                .column("auditEvents", "id")
                .len()
        };
        let before = audit_of(Enhetschef);
        let met = guardian(&app, Ambassador, alva);
        assert!(!met.body.to_string().contains("guardian_contact"));
        assert_eq!(open(&app, alva), [TaskKind::ConcernReport]);
        assert!(stored(&app, alva).contains(&(TaskKind::GuardianContact, Some(TaskClosing::Met))));
        let event = app.db_last_event("logContact");
        assert!(
            event.subjects.iter().all(|subject| subject.1 == "contacts"),
            "{event:?}"
        );
        assert_eq!(audit_of(Enhetschef), before + 1);
        let leaked: i64 = audit_subjects::table
            .filter(audit_subjects::resource.eq("tasks"))
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(leaked, 0);
        // Or the socionom says that it is done.
        set(&app, alva, Some(1), begun()).expect(200);
        set(&app, alva, Some(2), active()).expect(200);
    }
);

with_app!(a_guardian_contact_is_answered_with_its_day, |app| {
    let alva = app.world.alva;
    set(&app, alva, None, active()).expect(200);
    let contact = task(&app, "guardian_contact");
    assert_eq!(
        deed(&app, Socionom, &contact, "answer", reported()).problem(422, "validation-failed"),
        [
            ("/doneOn".to_owned(), "required".to_owned()),
            ("/reportedOn".to_owned(), "unknown-field".to_owned())
        ]
    );
    let done = deed(
        &app,
        Socionom,
        &contact,
        "answer",
        json!({"doneOn": "2026-11-24"}),
    )
    .expect(200);
    assert_eq!(done.body["answerReference"], Value::Null);
    assert_eq!(open(&app, alva), [TaskKind::ConcernReport]);
});

with_app!(
    a_guardian_who_was_reached_before_does_not_count,
    |mut_app| {
        let mut app = mut_app;
        let alva = app.world.alva;
        guardian(&app, Syv, alva);
        app.pass(Duration::hours(1));
        set(&app, alva, None, active()).expect(200);
        assert_eq!(open(&app, alva), BOTH);
        let tried = json!({"channel": "phone", "metWho": "guardian", "result": "no_answer"});
        app.post(Syv, &format!("/youths/{alva}/contacts"), tried)
            .expect(201);
        assert_eq!(open(&app, alva), BOTH);
    }
);

with_app!(
    they_end_with_the_status_the_episode_and_the_birthday,
    |mut_app| {
        let mut app = mut_app;
        let alva = app.world.alva;
        set(&app, alva, None, active()).expect(200);
        set(&app, alva, Some(1), begun()).expect(200);
        assert!(open(&app, alva).is_empty());
        assert!(
            stored(&app, alva)
                .iter()
                .all(|(_, why)| *why == Some(TaskClosing::Withdrawn))
        );
        set(&app, alva, Some(2), active()).expect(200);
        assert_eq!(open(&app, alva), BOTH);
        // Whoever closes the episode is told nothing.
        let close = json!({
            "exitedOn": "2026-11-24", "deregistrationReason": "national_programme_or_equiv",
            "destination": "upper_secondary_studies", "destinationElsewhere": false
        });
        let path = format!("/episodes/{}/closure", app.world.alva_episode);
        app.send(Syv, "POST", &path, &[("If-Match", "\"1\"")], Some(close))
            .expect(200);
        assert!(open(&app, alva).is_empty());
        assert!(kinds(&app, Socionom).is_empty());
        let event = app.db_last_event("closeEpisode");
        let is_of_register = |kind: &str| matches!(kind, "episodes" | "tasks" | "outcomeChecks");
        assert!(
            event
                .subjects
                .iter()
                .all(|subject| is_of_register(&subject.1)),
            "{event:?}"
        );
        assert!(app.db_settle().is_nothing());
        // Coming back in, the spell that still lasts asks anew, once.
        app.pass(Duration::days(1));
        let again = json!({"track": "kaa", "reason": "dropout_national_programme"});
        app.post(Syv, &format!("/youths/{alva}/episodes"), again)
            .expect(201);
        assert_eq!(open(&app, alva), BOTH);
        assert_eq!(kinds(&app, Socionom).len(), 2);
        // The eve of the 18th birthday, 5 January, and the day itself, on which nothing has been settled yet.
        app.pass(Duration::days(40));
        assert_eq!(kinds(&app, Socionom).len(), 2);
        app.pass(Duration::days(1));
        assert!(kinds(&app, Socionom).is_empty());
        let of_youth = app
            .get(Socionom, &format!("/youths/{alva}/tasks"))
            .expect(200);
        let of_compartment = |kind: &Value| {
            ["concern_report", "guardian_contact"]
                .map(Value::from)
                .contains(kind)
        };
        assert!(!of_youth.column("tasks", "kind").iter().any(of_compartment));
        assert_eq!(open(&app, alva), BOTH);
        let settled = app.db_settle();
        assert_eq!((settled.made, settled.closed), (0, 2));
        assert!(app.db_settle().is_nothing());
    }
);

with_app!(
    a_pause_comes_up_on_its_day_and_is_met_by_looking_at_it,
    |mut_app| {
        let mut app = mut_app;
        let alva = app.world.alva;
        let pause = |until: &str| json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": until});
        let made = set(&app, alva, None, pause("2026-11-30")).expect(200);
        assert_eq!(made.body["pausedUntil"], "2026-11-30");
        let seen = app.get(Syv, &format!("/youths/{alva}")).expect(200);
        assert_eq!(seen.body["mayStartMeasures"], false);
        assert!(!seen.body.to_string().contains("2026-11-30"));
        assert!(kinds(&app, Socionom).is_empty(), "not before its day");
        app.pass(Duration::days(6));
        assert_eq!(kinds(&app, Socionom), ["resume_after_pause"]);
        for persona in [
            Syv,
            Ungdomskonsulent,
            Ambassador,
            Enhetschef,
            SocionomStranger,
        ] {
            assert!(kinds(&app, persona).is_empty(), "{persona:?}");
        }
        let resume = task(&app, "resume_after_pause");
        deed(
            &app,
            Socionom,
            &resume,
            "deferral",
            json!({"until": "2026-12-24", "reason": "x"}),
        )
        .problem(409, "task-not-deferrable");
        deed(
            &app,
            Socionom,
            &resume,
            "answer",
            json!({"doneOn": "2026-11-30"}),
        )
        .problem(409, "task-met-by-work");
        // The gate stays closed until the socionom has looked: a day that passes decides nothing.
        assert_eq!(
            app.get(Syv, &format!("/youths/{alva}")).expect(200).body["mayStartMeasures"],
            false
        );
        set(&app, alva, Some(1), pause("2026-12-30")).expect(200);
        assert!(kinds(&app, Socionom).is_empty());
        assert_eq!(stored(&app, alva).len(), 1);
        set(
            &app,
            alva,
            Some(2),
            json!({"basis": "ill_health", "mayStartMeasures": true}),
        )
        .expect(200);
        assert_eq!(
            stored(&app, alva),
            [(TaskKind::ResumeAfterPause, Some(TaskClosing::Met))]
        );
        assert_eq!(
            app.get(Syv, &format!("/youths/{alva}")).expect(200).body["mayStartMeasures"],
            true
        );
    }
);

with_app!(
    the_gate_says_what_the_status_says_whatever_came_before,
    |mut_app| {
        let mut app = mut_app;
        let alva = app.world.alva;
        let statuses = [
            active(),
            begun(),
            json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": "2027-02-01"}),
            json!({"basis": "ill_health", "mayStartMeasures": true}),
            json!({"basis": "other", "mayStartMeasures": false}),
            json!({"basis": "substance", "substanceStatus": "no_known_obstacle"}),
            active(),
            json!({"basis": "other", "mayStartMeasures": true}),
        ];
        // Every status after every other.
        let mut version = None;
        for step in 0..statuses.len() * 3 {
            let place = (step * 5 + step / 8) % statuses.len();
            app.pass(Duration::hours(5));
            let said = set(&app, alva, version, statuses[place].clone()).expect(200);
            version = Some(said.version());
            let youth = app.get(Syv, &format!("/youths/{alva}")).expect(200);
            assert_eq!(
                youth.body["mayStartMeasures"], said.body["mayStartMeasures"],
                "step {step}"
            );
            let offer = json!({"kind": "wellness", "responsibleParty": "municipality", "answer": "accepted",
            "startedOn": youth.body["mayStartMeasuresSince"]});
            let is_open = youth.body["mayStartMeasures"] == true;
            let today = app.clock.now().date_naive().to_string();
            let mut offer = offer;
            offer["offeredOn"] = json!(today);
            offer["startedOn"] = json!(today);
            let begun = app.post(Syv, &format!("/youths/{alva}/interventions"), offer);
            assert_eq!(begun.status == 201, is_open, "step {step}: {}", begun.body);
            let talks = json!({"kind": "talks", "responsibleParty": "municipality", "answer": "accepted", "offeredOn": today, "startedOn": today});
            app.post(Syv, &format!("/youths/{alva}/interventions"), talks)
                .expect(201);
            assert!(app.db_settle().is_nothing(), "step {step}");
        }
    }
);

with_app!(
    a_task_of_the_compartment_goes_to_the_assigned_alone,
    |app| {
        let alva = app.world.alva;
        set(&app, alva, None, active()).expect(200);
        let (id, version) = task(&app, "guardian_contact");
        let give = |to: Persona| {
            app.patch(
                Socionom,
                &format!("/tasks/{id}"),
                version,
                json!({"responsibleId": app.world.user(to)}),
            )
        };
        for stranger in [SocionomStranger, Ungdomskonsulent, Enhetschef] {
            assert_eq!(
                give(stranger).problem(422, "validation-failed"),
                [("/responsibleId".to_owned(), "no-such-record".to_owned())]
            );
        }
        // Assigned, and not of the role.
        for other in [Syv, Ambassador] {
            assert_eq!(
                give(other).problem(422, "validation-failed"),
                [("/responsibleId".to_owned(), "wrong-role".to_owned())]
            );
        }
        give(Socionom).expect(200);
    }
);

with_app!(lss_is_only_ever_an_offer, |app| {
    let alva = app.world.alva;
    let path = format!("/youths/{alva}/referrals");
    for status in ["consented", "sent", "received", "closed"] {
        let body = json!({"target": "lss_officer", "status": status, "consentedOn": "2026-11-24",
            "consentForm": "written", "sentOn": "2026-11-24", "receivedOn": "2026-11-24", "closedOn": "2026-11-24"});
        let wrong = app
            .post(Socionom, &path, body)
            .problem(422, "validation-failed");
        assert!(
            wrong.contains(&("/status".to_owned(), "wrong-step".to_owned())),
            "{status}"
        );
    }
    let offered = app
        .post(Socionom, &path, json!({"target": "lss_officer"}))
        .expect(201);
    assert_eq!(offered.body["status"], "offered");
    let own = format!("/referrals/{}", offered.id());
    // Not without the youth's yes.
    app.patch(Socionom, &own, 1, json!({"status": "sent"}))
        .problem(422, "validation-failed");
    let consent =
        json!({"status": "consented", "consentedOn": "2026-11-24", "consentForm": "written"});
    app.patch(Socionom, &own, 1, consent).expect(200);
    app.patch(
        Socionom,
        &own,
        2,
        json!({"status": "sent", "consentedOn": null}),
    )
    .problem(422, "validation-failed");
    app.patch(Socionom, &own, 2, json!({"status": "sent"}))
        .expect(200);
    // Nobody but the socionom assigned makes one.
    for persona in [Syv, Ungdomskonsulent, SocionomStranger] {
        app.post(persona, &path, json!({"target": "lss_officer"}))
            .problem(403, "forbidden-field");
    }
});

/// The person applies for support under LSS themselves (LSS 8 §): no word of the interface says that anybody here does.
#[test]
fn the_contract_never_speaks_of_applying() {
    let text = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("api-spec/openapi.yaml"),
    )
    .unwrap()
    .to_lowercase()
    .replace("application/", "");
    assert!(text.contains("lss"));
    for word in [
        "ansök",
        "ansok",
        "apply for",
        "applies for",
        "applying for",
        "application",
    ] {
        assert!(!text.contains(word), "{word}");
    }
}

/// Ends the socionom's assignment to a youth at an instant.
fn let_go(app: &TestApp, youth: Id<Youth>, ends_at: &str) {
    let id: Id<Assignment> = assignments::table
        .filter(assignments::youth_id.eq(youth))
        .filter(assignments::user_id.eq(app.world.user(Socionom)))
        .select(assignments::id)
        .first(&mut app.db())
        .unwrap();
    app.patch(
        Enhetschef,
        &format!("/assignments/{id}"),
        1,
        json!({"endsAt": ends_at}),
    )
    .expect(200);
}

with_app!(
    when_the_last_socionom_leaves_the_chief_is_asked_for_another,
    |app| {
        let alva = app.world.alva;
        set(&app, alva, None, active()).expect(200);
        let asked = |persona: Persona| {
            let list = app
                .get(persona, "/tasks?kind=assign_socionom&includeLater=true")
                .expect(200);
            list.body["tasks"].as_array().unwrap().clone()
        };
        assert!(asked(Enhetschef).is_empty());
        let_go(&app, alva, &app.clock.now().to_rfc3339());
        let line = asked(Enhetschef);
        assert_eq!(line.len(), 1);
        assert_eq!(line[0]["youthId"], json!(alva));
        // It says neither what waits nor why: its record is the youth, its day any day.
        assert_eq!(line[0]["recordId"], json!(alva));
        let path = format!("/tasks/{}", line[0]["id"].as_str().unwrap());
        // That something waits is for the chief's eyes alone, on every path, and the chief cannot hand it on or put it off.
        for persona in [
            Syv,
            Ungdomskonsulent,
            Ambassador,
            Socionom,
            SocionomStranger,
        ] {
            assert!(asked(persona).is_empty(), "{persona:?}");
            let of_youth = app.get(persona, &format!("/youths/{alva}/tasks"));
            assert!(
                !of_youth.body.to_string().contains("assign_socionom"),
                "{persona:?}"
            );
            app.get(persona, &path).problem(404, "not-found");
        }
        let give = json!({"responsibleId": app.world.user(Syv)});
        assert_eq!(
            app.patch(Enhetschef, &path, 1, give)
                .problem(422, "validation-failed"),
            [("/responsibleId".to_owned(), "wrong-role".to_owned())]
        );
        let id = line[0]["id"].as_str().unwrap().to_owned();
        let later = json!({"until": "2026-12-01", "reason": "Ingen finns"});
        deed(&app, Enhetschef, &(id, 1), "deferral", later).problem(403, "forbidden");
        // Another socionom finds the report on their list, and the line is gone.
        let body = json!({"userId": app.world.user(SocionomStranger), "kind": "support"});
        app.post(Enhetschef, &format!("/youths/{alva}/assignments"), body)
            .expect(201);
        assert!(asked(Enhetschef).is_empty());
        let reports = app
            .get(SocionomStranger, "/tasks?kind=concern_report")
            .expect(200);
        assert_eq!(reports.column("tasks", "youthId"), [json!(alva)]);
        assert!(app.db_settle().is_nothing());
    }
);

with_app!(
    of_a_protected_identity_the_chief_is_asked_without_a_name,
    |app| {
        let pia = app.world.pia;
        let pause =
            json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": "2026-12-10"});
        set(&app, pia, None, pause).expect(200);
        let_go(&app, pia, &app.clock.now().to_rfc3339());
        for query in ["", "&ofUnit=true"] {
            let path = format!("/tasks?kind=assign_socionom&includeLater=true{query}");
            let line = app.get(Enhetschef, &path).expect(200);
            assert_eq!(line.column("tasks", "youthId"), [json!(pia)], "{query}");
            for name in ["givenName", "familyName"] {
                assert!(line.body["tasks"][0].get(name).is_none(), "{name}");
            }
        }
        for persona in [Syv, Ungdomskonsulent, Socionom, SocionomStranger] {
            let path = "/tasks?kind=assign_socionom&includeLater=true";
            let none = app.get(persona, path).expect(200);
            assert!(none.column("tasks", "id").is_empty(), "{persona:?}");
        }
    }
);

with_app!(what_ends_by_its_day_is_noticed_in_the_night, |mut_app| {
    let mut app = mut_app;
    set(&app, app.world.alva, None, active()).expect(200);
    let_go(&app, app.world.alva, "2026-11-25T00:30:00Z");
    app.pass(Duration::days(1));
    let asked = |app: &TestApp| {
        app.get(Enhetschef, "/tasks?kind=assign_socionom")
            .expect(200)
            .column("tasks", "youthId")
    };
    assert!(asked(&app).is_empty());
    assert_eq!(app.db_settle_due().made, 1);
    assert_eq!(asked(&app), [json!(app.world.alva)]);
    assert!(app.db_settle_due().is_nothing());
    // Nor is a birthday forgotten: with 18 both duties of the compartment end, and the chief's with them.
    app.pass(Duration::days(42));
    assert_eq!(
        stored(&app, app.world.alva)
            .iter()
            .filter(|row| row.1.is_none())
            .count(),
        2
    );
    let settled = app.db_settle_due();
    assert_eq!(settled.closed, 3, "{settled:?}");
    assert!(asked(&app).is_empty());
    assert!(open(&app, app.world.alva).is_empty());
});
