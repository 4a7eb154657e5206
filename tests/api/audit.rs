//! The audit as it is read: the reviewer's log, the chief's review list, a youth's own access list, and what each may not tell.

use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Expired,
    Loggranskare, Nobody, Socionom, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::{Persona, TestApp};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::audit_chain::{NewEvent, NewSubject, Verdict, append, verify};
use kaa::db::types::Timestamp;
use kaa::domain::codes::AuditOutcome;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

/// A lane that no thread of the service writes.
const LANE: i32 = 4_000;

/// An event as an operation would have left it.
fn db_event(
    app: &TestApp,
    who: Persona,
    operation: &'static str,
    outcome: AuditOutcome,
    subjects: &[(&'static str, Id<Youth>)],
) {
    let elsewhere = matches!(who, SyvElsewhere | EnhetschefElsewhere);
    let event = NewEvent {
        id: Id::fresh(),
        at: Timestamp::of(app.clock.now()),
        actor_id: Some(app.world.user(who)),
        actor_kind: "staff",
        role: who.role(),
        unit_id: Some(if elsewhere {
            app.world.unit_elsewhere
        } else {
            app.world.unit
        }),
        session_id: None,
        operation,
        outcome,
        error_code: None,
        request_id: format!("test {operation}"),
        is_break_glass: false,
        reason: None,
        subjects: subjects
            .iter()
            .map(|(resource, youth)| NewSubject {
                youth_id: Some(*youth),
                resource,
                record_id: Some(Id::fresh()),
                fields: "id,target".to_owned(),
            })
            .collect(),
    };
    app.db()
        .transaction(|conn| append(conn, LANE, &[event]))
        .unwrap();
}

fn events(app: &TestApp, persona: Persona, query: &str) -> Vec<Value> {
    app.get(persona, &format!("/audit-events?limit=200{query}"))
        .expect(200)
        .body["auditEvents"]
        .as_array()
        .unwrap()
        .clone()
}

fn operations(app: &TestApp, persona: Persona, query: &str) -> Vec<String> {
    events(app, persona, query)
        .iter()
        .map(|event| event["operation"].as_str().unwrap().to_owned())
        .collect()
}

with_app!(the_reviewer_reads_by_youth_by_user_and_by_time, |mut_app| {
    let mut app = mut_app;
    let alva = format!("/youths/{}", app.world.alva);
    app.get(Syv, &alva).expect(200);
    app.pass(Duration::hours(1));
    app.get(Ungdomskonsulent, &format!("/youths/{}", app.world.bo))
        .expect(200);
    app.get(SyvElsewhere, &alva).expect(404);
    app.pass(Duration::hours(1));
    let about = events(&app, Loggranskare, &format!("&youthId={}", app.world.alva));
    // Newest first: the try from elsewhere, then the reading.
    assert_eq!(about[0]["outcome"], "refused");
    assert_eq!(about[0]["actorName"], "SyvElsewhere Andersson");
    assert_eq!(about[0]["errorCode"], "not-found");
    assert_eq!(about[1]["outcome"], "allowed");
    assert_eq!(about[1]["role"], "syv");
    let subject = &about[1]["subjects"][0];
    assert_eq!(subject["youthId"], json!(app.world.alva));
    assert_eq!(subject["resource"], "youths");
    assert!(
        subject["fields"]
            .as_array()
            .unwrap()
            .contains(&json!("identityNumber"))
    );
    assert_eq!(about.len(), 2);
    let by_user = operations(
        &app,
        Loggranskare,
        &format!("&userId={}", app.world.user(Ungdomskonsulent)),
    );
    assert_eq!(by_user, ["readYouth"]);
    let span = "&from=2026-11-24T08:30:00Z&to=2026-11-24T09:30:00Z";
    assert_eq!(operations(&app, Loggranskare, span).len(), 2);
    assert_eq!(
        operations(&app, Loggranskare, &format!("{span}&outcome=refused")),
        ["readYouth"]
    );
    assert!(operations(&app, Loggranskare, "&isBreakGlass=true").is_empty());
    assert!(
        operations(&app, Loggranskare, "&operation=listAuditEvents")
            .iter()
            .all(|operation| operation == "listAuditEvents")
    );
    // Reading leaves its own event, about the youth that was asked for.
    let read = app
        .db_events()
        .into_iter()
        .find(|event| event.operation == "listAuditEvents")
        .unwrap();
    assert_eq!(
        read.subjects[0],
        (
            Some(app.world.alva),
            "auditEvents".to_owned(),
            String::new()
        )
    );
    assert_eq!(read.subjects.len(), 3);
    let wrong = app
        .get(
            Loggranskare,
            "/audit-events?youthId=x&userId=y&from=x&operation=x&outcome=z&isBreakGlass=ja&q=1",
        )
        .problem(400, "invalid-parameter");
    assert_eq!(wrong.len(), 7);
});

with_app!(only_the_reviewer_and_the_chief_read_the_log, |app| {
    for persona in [
        Ambassador,
        AmbassadorStranger,
        Syv,
        Ungdomskonsulent,
        Socionom,
        Administrator,
    ] {
        for path in [
            "/audit-events".to_owned(),
            format!("/youths/{}/access-report", app.world.alva),
        ] {
            app.get(persona, &path).problem(403, "forbidden");
        }
    }
    for nobody in [Nobody, Expired] {
        app.get(nobody, "/audit-events")
            .problem(401, "unauthenticated");
    }
    assert_eq!(app.db_last_event("listAuditEvents").outcome, "refused");
});

with_app!(the_chief_reads_the_events_of_the_own_unit, |app| {
    app.get(Syv, "/youths").expect(200);
    app.get(SyvElsewhere, "/youths").expect(200);
    app.get(Administrator, "/users").expect(200);
    let own: Vec<Value> = events(&app, Enhetschef, "")
        .iter()
        .map(|event| event["actorId"].clone())
        .collect();
    assert_eq!(own, [json!(app.world.user(Syv))]);
    let own = events(&app, EnhetschefElsewhere, "");
    assert_eq!(own[0]["actorId"], json!(app.world.user(SyvElsewhere)));
    assert_eq!(own.len(), 1);
    // By somebody of the other unit there is nothing, by filter or not.
    let query = format!("&userId={}", app.world.user(SyvElsewhere));
    assert!(events(&app, Enhetschef, &query).is_empty());
});

with_app!(the_log_is_walked_while_it_grows_by_its_reading, |app| {
    for _ in 0..7 {
        app.get(Syv, "/me").expect(200);
    }
    let mut seen = Vec::new();
    let mut page = app
        .get(Loggranskare, "/audit-events?limit=3&operation=readMe")
        .expect(200);
    loop {
        seen.extend(page.column("auditEvents", "id"));
        app.get(Syv, "/me").expect(200);
        let Some(next) = page.next().map(str::to_owned) else {
            break;
        };
        page = app.get(Loggranskare, &next).expect(200);
    }
    assert_eq!(seen.len(), 7);
    let mut different: Vec<String> = seen.iter().map(Value::to_string).collect();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 7);
});

with_app!(
    the_chiefs_list_does_not_tell_who_has_a_record_in_the_compartment,
    |app| {
        use AuditOutcome::{Allowed, Invalid, Refused};
        let alva = app.world.alva;
        // Only of the compartment: left out whole.
        db_event(
            &app,
            Socionom,
            "createReferral",
            Allowed,
            &[("protectedReferrals", alva)],
        );
        db_event(
            &app,
            Socionom,
            "setProtectedStatus",
            Allowed,
            &[("protectedStatuses", alva), ("youths", alva)],
        );
        db_event(
            &app,
            Socionom,
            "listReferrals",
            Allowed,
            &[("protectedReferrals", alva)],
        );
        // Mixed: the open part.
        db_event(
            &app,
            Socionom,
            "listReferrals",
            Allowed,
            &[("referrals", alva), ("protectedReferrals", alva)],
        );
        // A failed change of a referral names the youth: what it ran into may be of the compartment.
        db_event(
            &app,
            Socionom,
            "updateReferral",
            Invalid,
            &[("youths", alva)],
        );
        // Somebody tried to read what they may not.
        db_event(
            &app,
            Ungdomskonsulent,
            "readProtectedStatus",
            Refused,
            &[("youths", alva)],
        );
        // The chief's own, after a break-glass.
        db_event(
            &app,
            Enhetschef,
            "readProtectedStatus",
            Allowed,
            &[("protectedStatuses", alva)],
        );
        let subjects = |event: &Value| -> Vec<String> {
            event["subjects"]
                .as_array()
                .unwrap()
                .iter()
                .map(|subject| subject["resource"].as_str().unwrap().to_owned())
                .collect()
        };
        let told: Vec<(String, Vec<String>)> = events(&app, Enhetschef, "&to=2026-11-24T08:00:01Z")
            .iter()
            .filter(|event| event["operation"] != "listAuditEvents")
            .map(|event| {
                (
                    event["operation"].as_str().unwrap().to_owned(),
                    subjects(event),
                )
            })
            .rev()
            .collect();
        let row = |operation: &str, subjects: &[&str]| {
            (
                operation.to_owned(),
                subjects.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            told,
            [
                row("listReferrals", &["referrals"]),
                row("updateReferral", &[]),
                row("readProtectedStatus", &[]),
                row("readProtectedStatus", &["protectedStatuses"]),
            ]
        );
        // Asked for by youth, the events that are told without a youth do not come up either.
        let by_youth: Vec<String> = operations(&app, Enhetschef, &format!("&youthId={alva}"))
            .into_iter()
            .filter(|operation| operation != "listAuditEvents")
            .collect();
        assert_eq!(by_youth, ["readProtectedStatus", "listReferrals"]);
        let report = app
            .get(Enhetschef, &format!("/youths/{alva}/access-report"))
            .expect(200);
        let told: Vec<&Value> = report.body["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["operation"] != "listAuditEvents")
            .collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(
            told[1]["subjects"],
            json!([{"resource": "referrals", "fields": ["id", "target"]}])
        );
        // The reviewer reads all of it.
        let all: Vec<String> = operations(&app, Loggranskare, &format!("&youthId={alva}"))
            .into_iter()
            .filter(|operation| {
                operation.ends_with("Referral")
                    || operation.ends_with("Referrals")
                    || operation.ends_with("Status")
            })
            .collect();
        assert_eq!(all.len(), 7);
    }
);

with_app!(a_youth_gets_the_list_of_who_has_looked, |mut_app| {
    let mut app = mut_app;
    let alva = app.world.alva;
    app.get(Syv, "/youths").expect(200); // Alva, Bo and Olle
    app.pass(Duration::minutes(1));
    app.get(Ambassador, &format!("/youths/{alva}")).expect(200);
    app.pass(Duration::minutes(1));
    app.get(Ambassador, &format!("/youths/{alva}")).expect(200);
    app.get(AmbassadorStranger, &format!("/youths/{alva}"))
        .expect(404);
    app.pass(Duration::minutes(1));
    let report = app
        .get(Loggranskare, &format!("/youths/{alva}/access-report"))
        .expect(200);
    assert_eq!(report.body["isComplete"], true);
    assert_eq!(report.body["youthId"], json!(alva));
    let entries = report.body["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 4);
    let listed = &entries[3];
    assert_eq!(listed["operation"], "listYouths");
    assert_eq!(listed["actorName"], "Syv Andersson");
    // Of the others in the same list nothing is told.
    assert_eq!(listed["subjects"].as_array().unwrap().len(), 1);
    assert!(listed["subjects"][0].get("youthId").is_none());
    let text = String::from_utf8_lossy(&report.bytes);
    assert!(!text.contains(&app.world.bo.to_string()));
    let people = report.body["people"].as_array().unwrap();
    let ambassador = people
        .iter()
        .find(|person| person["actorName"] == "Ambassador Andersson")
        .unwrap();
    assert_eq!(ambassador["count"], 2);
    assert_eq!(ambassador["role"], "ambassador");
    // By period.
    let part = app
        .get(
            Loggranskare,
            &format!("/youths/{alva}/access-report?to=2026-11-24T08:00:30Z"),
        )
        .expect(200);
    assert_eq!(part.body["entries"].as_array().unwrap().len(), 1);
    // The reading stands in the youth's log in its turn.
    let event = app.db_last_event("readAccessReport");
    assert_eq!(event.subjects[0].0, Some(alva));
    app.get(
        Loggranskare,
        &format!("/youths/{alva}/access-report?from=x"),
    )
    .problem(400, "invalid-parameter");
    // The chief of the unit may, of another unit the youth is not there.
    app.get(Enhetschef, &format!("/youths/{alva}/access-report"))
        .expect(200);
    let missing = app
        .get(
            EnhetschefElsewhere,
            "/youths/00000000-0000-7000-8000-000000000000/access-report",
        )
        .expect(404);
    let hidden = app
        .get(
            EnhetschefElsewhere,
            &format!("/youths/{alva}/access-report"),
        )
        .expect(404);
    assert_eq!(hidden.without_instance(), missing.without_instance());
    assert!(matches!(
        verify(&mut app.db()).unwrap(),
        Verdict::Whole { .. }
    ));
});

with_app!(a_reason_that_was_disposed_of_is_told_as_such, |app| {
    use kaa::db::schema::audit_events;
    let glass =
        json!({"purpose": "contact_notes", "reason": "Uppföljning av ett klagomål", "minutes": 10});
    let path = format!("/youths/{}/access-grants", app.world.alva);
    app.post(Enhetschef, &path, glass).expect(201);
    let grants = |app: &TestApp| events(app, Loggranskare, "&operation=createAccessGrant");
    let told = grants(&app);
    assert_eq!(told[0]["reason"], "Uppföljning av ett klagomål");
    assert_eq!(told[0]["isReasonDisposedOf"], false);
    diesel::update(audit_events::table.filter(audit_events::is_break_glass.eq(true)))
        .set((
            audit_events::reason.eq(None::<kaa::db::cipher::CipherText>),
            audit_events::reason_salt.eq(None::<Vec<u8>>),
        ))
        .execute(&mut app.db())
        .unwrap();
    let told = grants(&app);
    assert_eq!(told[0]["reason"], Value::Null);
    assert_eq!(told[0]["isReasonDisposedOf"], true);
    // Where none was given, none was disposed of.
    let other = events(&app, Loggranskare, "&operation=listAuditEvents");
    assert_eq!(other[0]["isReasonDisposedOf"], false);
    assert!(matches!(
        verify(&mut app.db()).unwrap(),
        Verdict::Whole { .. }
    ));
});

with_app!(an_access_report_says_from_when_on_it_can_tell, |app| {
    use kaa::auth::anchor::AnchorKey;
    use kaa::domain::operation::Operation;
    let path = format!("/youths/{}/access-report", app.world.alva);
    let report = app.get(Loggranskare, &path).expect(200);
    assert_eq!(report.body["disposedOfBefore"], Value::Null);
    let told = app
        .patch(
            Administrator,
            "/settings",
            1,
            json!({"auditRetentionMonths": 23}),
        )
        .problem(422, "validation-failed");
    assert_eq!(told[0].0, "/auditRetentionMonths");
    let settings = app.get(Syv, "/settings").expect(200);
    assert_eq!(settings.body["auditRetentionMonths"], Value::Null);
    let months = json!({"auditRetentionMonths": 24});
    let set = app.patch(Administrator, "/settings", 1, months).expect(200);
    assert_eq!(set.body["auditRetentionMonths"], 24);
    // Something old is there to go.
    let old = NewEvent {
        id: Id::fresh(),
        at: Timestamp::of(app.clock.now() - Duration::days(900)),
        actor_id: None,
        actor_kind: "staff",
        role: None,
        unit_id: None,
        session_id: None,
        operation: Operation::ReadYouth.name(),
        outcome: AuditOutcome::Allowed,
        error_code: None,
        request_id: "old".to_owned(),
        is_break_glass: false,
        reason: None,
        subjects: Vec::new(),
    };
    append(&mut app.db(), LANE, &[old]).unwrap();
    let trimmed = app.db_trim(&std::sync::Arc::new(AnchorKey::generate().unwrap()));
    assert_eq!(trimmed.events, 1);
    let report = app.get(Loggranskare, &path).expect(200);
    assert_eq!(
        report.body["disposedOfBefore"],
        "2024-11-23T23:00:00.000000Z"
    );
    assert_eq!(report.body["isComplete"], true);
    // The log tells of it, to whoever reads all of it.
    let told = events(&app, Loggranskare, "&operation=trimAuditLog");
    assert_eq!(told[0]["actorKind"], "console");
    assert!(events(&app, Enhetschef, "&operation=trimAuditLog").is_empty());
});
