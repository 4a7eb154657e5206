//! The review of the log over HTTP: what is drawn and for whom, that nobody reviews themselves or learns of the compartment by
//! it, and that a review that is signed off stays as it is.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Nobody, Socionom,
    Syv, Ungdomskonsulent,
};
use crate::support::app::Answer;
use crate::support::{Persona, TestApp};
use crate::with_app;
use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::audit_chain::{NewEvent, NewSubject, append};
use kaa::db::schema::{log_review_rows, log_reviews, youths};
use kaa::db::types::Timestamp;
use kaa::domain::codes::AuditOutcome;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

fn wrong(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn this_month() -> Value {
    json!({"fromOn": "2026-11-01", "toOn": "2026-11-24"})
}

fn make(app: &TestApp, by: Persona, body: Value) -> Answer {
    app.post(by, "/log-reviews", body).expect(201)
}

fn rows(app: &TestApp, by: Persona, review: &Answer) -> Vec<Value> {
    let path = format!("/log-reviews/{}/rows?limit=200", review.id());
    app.get(by, &path).expect(200).body["logReviewRows"]
        .as_array()
        .unwrap()
        .clone()
}

/// Operation and reasons of each row, in the order of the operations.
fn drawn(rows: &[Value]) -> Vec<(String, Vec<String>)> {
    let mut drawn: Vec<_> = rows
        .iter()
        .map(|row| {
            let reasons = row["reasons"].as_array().unwrap();
            (
                row["event"]["operation"].as_str().unwrap().to_owned(),
                reasons
                    .iter()
                    .map(|reason| reason.as_str().unwrap().to_owned())
                    .collect(),
            )
        })
        .collect();
    drawn.sort();
    drawn
}

fn line(operation: &str, reasons: &[&str]) -> (String, Vec<String>) {
    (
        operation.to_owned(),
        reasons.iter().map(|reason| (*reason).to_owned()).collect(),
    )
}

fn judge(app: &TestApp, by: Persona, row: &Value, body: Value) -> Answer {
    let path = format!("/log-review-rows/{}", row["id"].as_str().unwrap());
    app.patch(by, &path, row["version"].as_i64().unwrap(), body)
}

fn sign_off(app: &TestApp, by: Persona, review: &Answer, version: i64) -> Answer {
    app.send(
        by,
        "POST",
        &format!("/log-reviews/{}/sign-off", review.id()),
        &[("If-Match", &format!("\"{version}\""))],
        Some(json!({"conclusion": "En fråga ställd."})),
    )
}

/// An event as an operation of the socionom would have left it.
fn db_event_of_compartment(app: &TestApp, resource: &'static str, youth: Id<Youth>) {
    let event = NewEvent {
        id: Id::fresh(),
        at: Timestamp::of(app.clock.now()),
        actor_id: Some(app.world.user(Socionom)),
        actor_kind: "staff",
        role: Socionom.role(),
        unit_id: Some(app.world.unit),
        session_id: None,
        operation: "listReferrals",
        outcome: AuditOutcome::Allowed,
        error_code: None,
        request_id: "test".to_owned(),
        is_break_glass: false,
        reason: None,
        subjects: vec![NewSubject {
            youth_id: Some(youth),
            resource,
            record_id: Some(Id::fresh()),
            fields: "id".to_owned(),
        }],
    };
    app.db()
        .transaction(|conn| append(conn, 4_000, &[event]))
        .unwrap();
}

with_app!(
    the_sample_tells_why_and_leaves_out_the_reviewer,
    |mut_app| {
        let mut app = mut_app;
        app.get(Syv, &format!("/youths/{}", app.world.alva))
            .expect(200);
        app.get(
            Ungdomskonsulent,
            &format!("/youths/{}/episodes", app.world.bo),
        )
        .expect(200);
        app.get(Socionom, &format!("/youths/{}/contacts", app.world.pia))
            .expect(200);
        app.get(Enhetschef, &format!("/youths/{}", app.world.bo))
            .expect(200);
        app.get(Administrator, "/users").expect(200);
        // Ten at night.
        app.pass(Duration::hours(13));
        app.get(Syv, "/youths").expect(200);
        let review = make(&app, Enhetschef, this_month());
        assert_eq!(review.body["kind"], "unit");
        assert_eq!(review.body["unitId"], json!(app.world.unit));
        assert_eq!(review.body["reviewerId"], json!(app.world.user(Enhetschef)));
        let found = rows(&app, Enhetschef, &review);
        // An empty answer names nobody: nothing was disclosed, and there is nothing to look at.
        let expected = [
            line("listYouths", &["odd_hours", "random"]),
            line("readYouth", &["random"]),
        ];
        let told = drawn(&found);
        for line in &expected {
            assert!(told.contains(line), "{told:?}");
        }
        assert_eq!(review.body["rowCount"], json!(found.len()));
        assert!(
            found
                .iter()
                .all(|row| row["actorId"] != json!(app.world.user(Enhetschef)))
        );
        assert!(
            found
                .iter()
                .all(|row| row["event"]["unitId"] == json!(app.world.unit))
        );
        // The event is shown as the log shows it, and its reading leaves its event.
        let read = app.db_last_event("listLogReviewRows");
        assert!(
            read.subjects
                .iter()
                .any(|subject| subject.1 == "auditEvents")
        );
        let created = app.db_last_event("createLogReview");
        assert_eq!(created.outcome, "allowed");
        assert_eq!(created.subjects[0].1, "logReviews");
    }
);

with_app!(each_targeted_rule_finds_its_event, |app| {
    let address = |street: &str| json!([{"kind": "registered", "street": street, "postalCode": "172 31", "city": "Sundbyberg"}]);
    let youth = |given: &str, family: &str, street: &str| {
        let body = json!({"givenName": given, "familyName": family, "birthDate": "2009-05-05", "addresses": address(street)});
        app.post(Socionom, "/youths", body).expect(201).id()
    };
    let kin = youth("Nova", "Andersson", "Storgatan 1");
    let neighbour = youth("Kim", "Ek", "STORGATAN 1");
    let stranger = youth("Lo", "Ek", "Storgatan 2");
    for id in [&kin, &neighbour, &stranger] {
        app.get(Syv, &format!("/youths/{id}")).expect(200);
    }
    app.get(Socionom, &format!("/youths/{}", app.world.pia))
        .expect(200);
    let glass =
        json!({"purpose": "contact_notes", "reason": "Uppföljning av ett klagomål", "minutes": 10});
    app.post(
        Enhetschef,
        &format!("/youths/{}/access-grants", app.world.alva),
        glass,
    )
    .expect(201);
    let of = |rows: &[Value], youth: &str| -> Vec<String> {
        let row = rows
            .iter()
            .find(|row| {
                row["event"]["operation"] == "readYouth"
                    && row["event"]["subjects"][0]["youthId"] == youth
            })
            .unwrap();
        row["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reason| reason.as_str().unwrap().to_owned())
            .filter(|reason| reason != "random")
            .collect()
    };
    let review = make(&app, Enhetschef, this_month());
    let found = rows(&app, Enhetschef, &review);
    assert_eq!(
        of(&found, &kin),
        ["same_surname", "same_address", "no_assignment"]
    );
    assert_eq!(of(&found, &neighbour), ["same_address", "no_assignment"]);
    assert_eq!(of(&found, &stranger), ["no_assignment"]);
    assert_eq!(
        of(&found, &app.world.pia.to_string()),
        ["protected_identity"]
    );
    // What has become of a youth of another unit is not told.
    let moved = make(&app, EnhetschefElsewhere, this_month());
    assert_eq!(moved.body["eventCount"], 0);
    diesel::update(youths::table.find(app.world.pia))
        .set(youths::unit_id.eq(app.world.unit_elsewhere))
        .execute(&mut app.db())
        .unwrap();
    let later = make(&app, Enhetschef, this_month());
    let found_later = rows(&app, Enhetschef, &later);
    assert_eq!(
        of(&found_later, &app.world.pia.to_string()),
        Vec::<String>::new()
    );
    // The chief's own break-glass is the log reviewer's to look at.
    assert!(
        !drawn(&found)
            .iter()
            .any(|(operation, _)| operation == "createAccessGrant")
    );
    let body = json!({"fromOn": "2026-11-01", "toOn": "2026-11-24", "unitId": app.world.unit});
    let independent = make(&app, Loggranskare, body);
    assert_eq!(independent.body["kind"], "independent");
    let told = drawn(&rows(&app, Loggranskare, &independent));
    let (_, reasons) = told
        .iter()
        .find(|(operation, _)| operation == "createAccessGrant")
        .unwrap();
    assert!(reasons.contains(&"break_glass".to_owned()), "{reasons:?}");
});

with_app!(what_must_be_seen_is_drawn_whatever_the_sizes, |app| {
    let sizes = json!({"logReviewRandomRows": 1, "logReviewTargetedRows": 1});
    app.patch(Administrator, "/settings", 1, sizes).expect(200);
    for _ in 0..5 {
        app.get(Socionom, &format!("/youths/{}", app.world.pia))
            .expect(200);
        app.get(Ungdomskonsulent, &format!("/youths/{}", app.world.bo))
            .expect(200);
    }
    let review = make(&app, Enhetschef, this_month());
    let found = rows(&app, Enhetschef, &review);
    let with = |reason: &str| {
        found
            .iter()
            .filter(|row| row["reasons"].as_array().unwrap().contains(&json!(reason)))
            .count()
    };
    assert_eq!(with("protected_identity"), 5);
    assert_eq!(with("random"), 1);
    assert!(
        with("no_assignment") >= 1 && found.len() <= 7,
        "{}",
        found.len()
    );
    assert_eq!(review.body["rules"]["randomRows"], 1);
    assert_eq!(review.body["eventCount"], 10);
});

with_app!(the_chiefs_review_tells_nothing_of_the_compartment, |app| {
    let alva = app.world.alva;
    db_event_of_compartment(&app, "protectedReferrals", alva);
    db_event_of_compartment(&app, "referrals", alva);
    let mine = make(&app, Enhetschef, this_month());
    let found = rows(&app, Enhetschef, &mine);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["event"]["subjects"][0]["resource"], "referrals");
    assert_eq!(mine.body["eventCount"], 1);
    let body = json!({"fromOn": "2026-11-01", "toOn": "2026-11-24", "unitId": app.world.unit});
    let whole = make(&app, Loggranskare, body);
    let all = rows(&app, Loggranskare, &whole);
    let resources: Vec<&Value> = all
        .iter()
        .flat_map(|row| row["event"]["subjects"].as_array().unwrap())
        .map(|subject| &subject["resource"])
        .collect();
    assert!(resources.contains(&&json!("protectedReferrals")));
    // And the chief does not see it by the log reviewer's review either.
    let missing = app
        .get(
            Enhetschef,
            "/log-reviews/00000000-0000-7000-8000-000000000000",
        )
        .expect(404);
    let hidden = app
        .get(Enhetschef, &format!("/log-reviews/{}", whole.id()))
        .expect(404);
    assert_eq!(hidden.without_instance(), missing.without_instance());
    app.get(Enhetschef, &format!("/log-reviews/{}/rows", whole.id()))
        .problem(404, "not-found");
    for row in &all {
        let path = format!("/log-review-rows/{}", row["id"].as_str().unwrap());
        app.get(Enhetschef, &path).problem(404, "not-found");
    }
    let listed = app.get(Enhetschef, "/log-reviews").expect(200);
    assert_eq!(listed.column("logReviews", "id"), [json!(mine.id())]);
    let listed = app.get(EnhetschefElsewhere, "/log-reviews").expect(200);
    assert!(listed.column("logReviews", "id").is_empty());
    app.get(EnhetschefElsewhere, &format!("/log-reviews/{}", mine.id()))
        .problem(404, "not-found");
    let listed = app.get(Loggranskare, "/log-reviews").expect(200);
    assert_eq!(listed.column("logReviews", "id").len(), 2);
});

with_app!(the_chief_is_reviewed_and_nobody_reviews_themselves, |app| {
    app.get(Enhetschef, &format!("/youths/{}", app.world.bo))
        .expect(200);
    app.get(Loggranskare, "/audit-events").expect(200);
    app.get(Administrator, "/users").expect(200);
    let mine = make(&app, Enhetschef, this_month());
    assert_eq!(mine.body["rowCount"], 0);
    let body = json!({"fromOn": "2026-11-01", "toOn": "2026-11-24", "unitId": app.world.unit});
    let whole = make(&app, Loggranskare, body);
    let found = rows(&app, Loggranskare, &whole);
    assert!(
        found
            .iter()
            .any(|row| row["actorId"] == json!(app.world.user(Enhetschef)))
    );
    // Those without a unit: the administrator, not the reviewer.
    let outside = make(&app, Loggranskare, this_month());
    assert_eq!(outside.body["unitId"], Value::Null);
    let found = rows(&app, Loggranskare, &outside);
    assert!(
        found
            .iter()
            .any(|row| row["actorId"] == json!(app.world.user(Administrator)))
    );
    assert!(
        found
            .iter()
            .all(|row| row["actorId"] != json!(app.world.user(Loggranskare)))
    );
    // A row about oneself, which another reviewer has made, is not there.
    let row = found[0]["id"].as_str().unwrap().to_owned();
    let me = app.world.user(Loggranskare);
    diesel::update(
        log_review_rows::table.filter(log_review_rows::event_id.eq(id_of(&found[0]["eventId"]))),
    )
    .set(log_review_rows::actor_id.eq(me))
    .execute(&mut app.db())
    .unwrap();
    app.get(Loggranskare, &format!("/log-review-rows/{row}"))
        .problem(404, "not-found");
    judge(
        &app,
        Loggranskare,
        &found[0],
        json!({"finding": "unremarkable"}),
    )
    .problem(404, "not-found");
    assert_eq!(rows(&app, Loggranskare, &outside).len(), found.len() - 1);
});

fn id_of(value: &Value) -> Id<kaa::domain::id::AuditEvent> {
    Id::of(uuid::Uuid::parse_str(value.as_str().unwrap()).unwrap())
}

with_app!(a_review_is_judged_followed_up_and_signed_off, |mut_app| {
    let mut app = mut_app;
    for _ in 0..3 {
        app.get(Ungdomskonsulent, &format!("/youths/{}", app.world.bo))
            .expect(200);
    }
    let review = make(&app, Enhetschef, this_month());
    let found = rows(&app, Enhetschef, &review);
    assert_eq!(found.len(), 3);
    let remark =
        |day: &str| json!({"finding": "to_ask", "note": "Varför sjukdom?", "followUpOn": day});
    let told = judge(&app, Enhetschef, &found[0], json!({"finding": "to_ask"}))
        .problem(422, "validation-failed");
    assert_eq!(
        told,
        [wrong("/note", "required"), wrong("/followUpOn", "required")]
    );
    let told =
        judge(&app, Enhetschef, &found[0], remark("2026-11-23")).problem(422, "validation-failed");
    assert_eq!(told, [wrong("/followUpOn", "in-past")]);
    let asked = judge(&app, Enhetschef, &found[0], remark("2026-12-01")).expect(200);
    assert_eq!(asked.body["finding"], "to_ask");
    assert_eq!(asked.body["event"]["operation"], "readYouth");
    judge(&app, Enhetschef, &found[0], remark("2026-12-01")).problem(412, "stale-version");
    let left = app
        .get(
            Enhetschef,
            &format!("/log-reviews/{}/rows?isJudged=false", review.id()),
        )
        .expect(200);
    assert_eq!(left.column("logReviewRows", "id").len(), 2);
    sign_off(&app, Enhetschef, &review, 1).problem(409, "review-unfinished");
    for row in &found[1..] {
        judge(&app, Enhetschef, row, json!({"finding": "unremarkable"})).expect(200);
    }
    let signed = sign_off(&app, Enhetschef, &review, 1).expect(200);
    assert_eq!(signed.body["conclusion"], "En fråga ställd.");
    assert_eq!(app.db_last_event("signOffLogReview").outcome, "allowed");
    sign_off(&app, Enhetschef, &review, 2).problem(409, "review-signed-off");
    let again = rows(&app, Enhetschef, &review);
    judge(&app, Enhetschef, &again[1], json!({"note": "Ändrad"})).problem(409, "review-signed-off");
    // The follow-up goes on after the sign-off, once.
    let waiting = app
        .get(Enhetschef, "/log-review-rows/to-follow-up")
        .expect(200);
    assert_eq!(
        waiting.column("logReviewRows", "id"),
        [again[0]["id"].clone()]
    );
    app.pass(Duration::days(3));
    let follow = |row: &Value, version: i64, body: Value| {
        let path = format!("/log-review-rows/{}/follow-up", row["id"].as_str().unwrap());
        app.put(Enhetschef, &path, Some(version), body)
    };
    let body = json!({"followUpOutcome": "explained", "followUpResult": "Vikarierade."});
    follow(&again[1], 2, body.clone()).problem(409, "conflict");
    let told = follow(&again[0], 2, json!({})).problem(422, "validation-failed");
    assert_eq!(
        told,
        [
            wrong("/followUpOutcome", "required"),
            wrong("/followUpResult", "required")
        ]
    );
    let done = follow(&again[0], 2, body.clone()).expect(200);
    assert_eq!(done.body["followedUpBy"], json!(app.world.user(Enhetschef)));
    follow(&again[0], 3, body).problem(409, "conflict");
    let waiting = app
        .get(Enhetschef, "/log-review-rows/to-follow-up")
        .expect(200);
    assert!(waiting.column("logReviewRows", "id").is_empty());
    let signed = app
        .get(Enhetschef, "/log-reviews?isSignedOff=true")
        .expect(200);
    assert_eq!(signed.column("logReviews", "id"), [json!(review.id())]);
    // No version keeps a copy of the event.
    let documents = crate::support::kept_versions(&mut app.db(), "logReviewRows");
    assert_eq!(documents.len(), 4);
    assert!(documents.iter().all(|document| document["event"].is_null()));
});

with_app!(behind_the_interface_a_signed_review_stays_too, |app| {
    app.get(Ungdomskonsulent, &format!("/youths/{}", app.world.bo))
        .expect(200);
    let review = make(&app, Enhetschef, this_month());
    let found = rows(&app, Enhetschef, &review);
    let refused = |sql: &str| assert!(app.db().batch_execute(sql).is_err(), "{sql}");
    refused("UPDATE log_review_rows SET ordinal = 7");
    judge(
        &app,
        Enhetschef,
        &found[0],
        json!({"finding": "unremarkable"}),
    )
    .expect(200);
    sign_off(&app, Enhetschef, &review, 1).expect(200);
    refused("UPDATE log_review_rows SET finding = 'unauthorised'");
    refused("UPDATE log_review_rows SET note = 'x'");
    refused("UPDATE log_reviews SET conclusion = 'x'");
    refused("UPDATE log_reviews SET signed_off_at = NULL, conclusion = NULL");
    refused("DELETE FROM log_review_rows");
    refused("DELETE FROM log_reviews");
    let kept: i64 = log_reviews::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 1);
});

with_app!(only_the_chief_and_the_log_reviewer_review, |app| {
    app.get(Ungdomskonsulent, &format!("/youths/{}", app.world.bo))
        .expect(200);
    for persona in [Ambassador, Syv, Ungdomskonsulent, Socionom, Administrator] {
        app.post(persona, "/log-reviews", this_month())
            .problem(403, "forbidden");
        for path in ["/log-reviews", "/log-review-rows/to-follow-up"] {
            app.get(persona, path).problem(403, "forbidden");
        }
    }
    app.post(Nobody, "/log-reviews", this_month())
        .problem(401, "unauthenticated");
    // The chief reviews the own unit and names none.
    let elsewhere =
        json!({"fromOn": "2026-11-01", "toOn": "2026-11-24", "unitId": app.world.unit_elsewhere});
    app.post(Enhetschef, "/log-reviews", elsewhere)
        .problem(403, "forbidden-field");
    let nowhere =
        json!({"fromOn": "2026-11-01", "toOn": "2026-11-25", "unitId": Id::<Youth>::fresh()});
    let told = app
        .post(Loggranskare, "/log-reviews", nowhere)
        .problem(422, "validation-failed");
    assert_eq!(
        told,
        [
            wrong("/unitId", "no-such-record"),
            wrong("/toOn", "in-future")
        ]
    );
    let told = app
        .post(
            Enhetschef,
            "/log-reviews",
            json!({"fromOn": "2026-01-01", "toOn": "2026-11-01"}),
        )
        .problem(422, "validation-failed");
    assert_eq!(told, [wrong("/toOn", "too-late")]);
    // The log reviewer reads the chief's review, but judges only the own.
    let review = make(&app, Enhetschef, this_month());
    let found = rows(&app, Loggranskare, &review);
    judge(
        &app,
        Loggranskare,
        &found[0],
        json!({"finding": "unremarkable"}),
    )
    .problem(403, "forbidden");
    sign_off(&app, Loggranskare, &review, 1).problem(403, "forbidden");
    // Office hours in the wrong order are told.
    let told = app
        .patch(
            Administrator,
            "/settings",
            1,
            json!({"officeHoursFrom": 18, "officeHoursTo": 8}),
        )
        .problem(422, "validation-failed");
    assert_eq!(told, [wrong("/officeHoursTo", "out-of-range")]);
});

with_app!(the_same_seed_draws_the_same, |app| {
    use kaa::domain::log_review::{Draw, Reading, SampleRules};
    for _ in 0..30 {
        app.get(Syv, &format!("/youths/{}", app.world.alva))
            .expect(200);
    }
    let review = make(&app, Enhetschef, this_month());
    let drawn: Vec<String> = rows(&app, Enhetschef, &review)
        .iter()
        .map(|row| row["eventId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(drawn.len(), 20);
    let seed = data_encoding::HEXLOWER
        .decode(review.body["seed"].as_str().unwrap().as_bytes())
        .unwrap();
    let mut again = Draw::new(seed.try_into().unwrap(), SampleRules::default());
    let events = app
        .get(Loggranskare, "/audit-events?limit=200&operation=readYouth")
        .expect(200);
    for event in events.column("auditEvents", "id") {
        again.offer(&Reading {
            event: id_of(&event).uuid().into_bytes(),
            at: "2026-11-24T09:00:00".parse().unwrap(),
            is_break_glass: false,
            is_of_interest: true,
            youths: Vec::new(),
        });
    }
    let by_hand: Vec<String> = again
        .finish()
        .into_iter()
        .map(|(event, _)| uuid::Uuid::from_bytes(event).to_string())
        .collect();
    assert_eq!(drawn, by_hand);
});
