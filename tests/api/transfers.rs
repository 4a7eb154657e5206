//! Transfers over HTTP: who sees what until it is answered, what moves with the answer, and that one of two answers counts.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use diesel::prelude::*;
use kaa::db::schema::{access_grants, assignments, disclosures, transfers};
use kaa::db::types::Timestamp;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

fn of(youth: Id<Youth>) -> String {
    format!("/youths/{youth}/transfers")
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn ask(app: &TestApp, persona: Persona, youth: Id<Youth>) -> Answer {
    let body = json!({"toUnitId": app.world.unit_elsewhere, "reason": "Har flyttat"});
    app.post(persona, &of(youth), body)
}

fn answer(app: &TestApp, persona: Persona, path: &str, version: i64, body: Value) -> Answer {
    let version = format!("\"{version}\"");
    app.send(
        persona,
        "POST",
        &format!("{path}/decision"),
        &[("If-Match", &version)],
        Some(body),
    )
}

fn at(answer: &Answer) -> String {
    format!("/transfers/{}", answer.id())
}

with_app!(
    a_youth_moves_with_the_answer_and_what_was_done_stays,
    |app| {
        let youth = format!("/youths/{}", app.world.alva);
        let contact = app
            .post(
                Syv,
                &format!("{youth}/contacts"),
                json!({"channel": "phone", "result": "reached", "note": "Ses på torsdag"}),
            )
            .expect(201);
        app.post(
        Enhetschef,
        &format!("{youth}/access-grants"),
        json!({"purpose": "contact_notes", "reason": "Uppföljning av ett klagomål", "minutes": 60}),
    )
    .expect(201);
        let units = app.get(Syv, "/receiving-units").expect(200);
        assert_eq!(
            units.column("units", "id"),
            [json!(app.world.unit_elsewhere)]
        );
        let made = ask(&app, Syv, app.world.alva).expect(201);
        let path = at(&made);
        assert_eq!(made.body["status"], "pending");
        assert_eq!(made.body["fromUnitId"], json!(app.world.unit));
        // The receiver sees of the youth what the transfer shows, and nothing else.
        let seen = app.get(SyvElsewhere, &path).expect(200);
        assert_eq!(seen.body["givenName"], "Alva");
        assert_eq!(seen.body["birthYear"], 2009);
        assert!(!seen.body.to_string().contains("Lindqvist"));
        app.get(SyvElsewhere, &youth).problem(404, "not-found");
        app.get(SyvElsewhere, &of(app.world.alva))
            .problem(404, "not-found");
        for persona in [Syv, Ungdomskonsulent, SyvElsewhere, EnhetschefElsewhere] {
            let listed = app.get(persona, "/transfers?status=pending").expect(200);
            assert_eq!(
                listed.column("transfers", "id"),
                [json!(made.id())],
                "{persona:?}"
            );
        }
        let done = answer(&app, SyvElsewhere, &path, 1, json!({"status": "accepted"})).expect(200);
        assert_eq!(done.body["status"], "accepted");
        assert_eq!(done.body["decidedOn"], "2026-11-24");
        assert_eq!(done.body["decidedBy"], json!(app.world.user(SyvElsewhere)));
        assert_eq!(done.body["givenName"], Value::Null);
        assert_eq!(done.version(), 2);
        // The youth, the open episode and all that was written are there now.
        let moved = app.get(SyvElsewhere, &youth).expect(200);
        assert_eq!(moved.body["unitId"], json!(app.world.unit_elsewhere));
        assert_eq!(moved.body["handlerId"], Value::Null);
        assert_eq!(moved.version(), 2);
        let episode = app
            .get(
                SyvElsewhere,
                &format!("/episodes/{}", app.world.alva_episode),
            )
            .expect(200);
        assert_eq!(episode.body["unitId"], json!(app.world.unit_elsewhere));
        let contacts = app
            .get(SyvElsewhere, &format!("{youth}/contacts"))
            .expect(200);
        assert_eq!(
            contacts.body["contacts"][0]["authorId"],
            json!(app.world.user(Syv))
        );
        assert_eq!(contacts.body["contacts"][0]["note"], "Ses på torsdag");
        // In the old unit nobody is tied to the youth any more, and no glass stays broken.
        for persona in [Syv, Ambassador, Socionom, Enhetschef] {
            app.get(persona, &youth).problem(404, "not-found");
            let status = app
                .get(persona, &format!("/contacts/{}", contact.id()))
                .status;
            assert_eq!(status, 404, "{persona:?}");
        }
        let now = Timestamp::of(app.clock.now());
        let running: i64 = assignments::table
            .filter(assignments::youth_id.eq(app.world.alva))
            .filter(
                assignments::ends_at
                    .is_null()
                    .or(assignments::ends_at.gt(now)),
            )
            .count()
            .get_result(&mut app.db())
            .unwrap();
        let open: i64 = access_grants::table
            .filter(access_grants::expires_at.gt(now))
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!((running, open), (0, 0));
        // The transfer itself both still know of.
        assert_eq!(app.get(Syv, &path).expect(200).body["status"], "accepted");
        let listed = app.get(SyvElsewhere, &of(app.world.alva)).expect(200);
        assert_eq!(listed.column("transfers", "id"), [json!(made.id())]);
        let subjects = app.db_last_event("decideTransfer").subjects;
        for resource in [
            "transfers",
            "youths",
            "episodes",
            "assignments",
            "accessGrants",
        ] {
            assert!(subjects.iter().any(|s| s.1 == resource), "{resource}");
        }
        let versions = app
            .get(SyvElsewhere, &format!("{youth}/versions"))
            .expect(200);
        assert_eq!(versions.body["versions"][0]["operation"], "decideTransfer");
    }
);

with_app!(what_is_wrong_with_a_transfer_is_told_by_pointer, |app| {
    let wrong = |body: Value| {
        app.post(Syv, &of(app.world.alva), body)
            .problem(422, "validation-failed")
    };
    assert_eq!(
        wrong(json!({})),
        [pair("/toUnitId", "required"), pair("/reason", "required")]
    );
    for unit in [json!(app.world.unit), json!(app.world.alva)] {
        assert_eq!(
            wrong(json!({"toUnitId": unit, "reason": "x"})),
            [pair("/toUnitId", "no-such-record")]
        );
    }
    let elsewhere = app.world.unit_elsewhere;
    assert_eq!(
        wrong(json!({"toUnitId": elsewhere, "toMunicipalityCode": "0184", "reason": "x"})),
        [pair("/toMunicipalityCode", "not-with-other")]
    );
    assert_eq!(
        wrong(
            json!({"toUnitId": elsewhere, "reason": "x", "basis": "other", "basisReason": "Ett gott skäl"})
        ),
        [pair("/basis", "not-with-other")]
    );
    assert_eq!(
        wrong(json!({"toMunicipalityCode": "184", "toMunicipalityName": "Solna", "reason": "x"})),
        [pair("/toMunicipalityCode", "not-municipality-code")]
    );
    // Another municipality is another authority: there must be a basis.
    assert_eq!(
        wrong(json!({"toMunicipalityCode": "0184", "toMunicipalityName": "Solna", "reason": "x"})),
        [pair("/basis", "required")]
    );
    assert_eq!(
        wrong(json!({"toUnitId": elsewhere, "reason": "Är sjuk"})),
        [pair("/reason", "sensitive-terms")]
    );
    let made = ask(&app, Syv, app.world.alva).expect(201);
    ask(&app, Socionom, app.world.alva).problem(409, "transfer-pending");
    let path = at(&made);
    let answered =
        |body: Value| answer(&app, SyvElsewhere, &path, 1, body).problem(422, "validation-failed");
    assert_eq!(answered(json!({})), [pair("/status", "required")]);
    assert_eq!(
        answered(json!({"status": "pending"})),
        [pair("/status", "wrong-step")]
    );
    assert_eq!(
        answered(json!({"status": "refused"})),
        [pair("/decisionReason", "required")]
    );
    assert_eq!(
        answered(json!({"status": "accepted", "decidedOn": "2026-11-23"})),
        [pair("/decidedOn", "in-past")]
    );
    assert_eq!(
        answered(json!({"status": "accepted", "reference": "x"})),
        [pair("/reference", "not-with-other")]
    );
    app.send(
        SyvElsewhere,
        "POST",
        &format!("{path}/decision"),
        &[],
        Some(json!({})),
    )
    .problem(428, "version-required");
    answer(&app, SyvElsewhere, &path, 7, json!({"status": "accepted"}))
        .problem(412, "stale-version");
    answer(
        &app,
        SyvElsewhere,
        &path,
        1,
        json!({"status": "refused", "decisionReason": "Ingen plats i år"}),
    )
    .expect(200);
    answer(&app, SyvElsewhere, &path, 2, json!({"status": "accepted"}))
        .problem(409, "transfer-decided");
    // Refused, it is as before, and another may be asked for.
    app.get(Syv, &format!("/youths/{}", app.world.alva))
        .expect(200);
    ask(&app, Syv, app.world.alva).expect(201);
});

with_app!(each_side_gives_its_own_answers, |app| {
    let path = at(&ask(&app, Socionom, app.world.alva).expect(201));
    for (persona, status) in [
        (Syv, "accepted"),
        (Enhetschef, "refused"),
        (SyvElsewhere, "withdrawn"),
    ] {
        let body = json!({"status": status, "decisionReason": "Så är det"});
        assert_eq!(
            answer(&app, persona, &path, 1, body).problem(403, "forbidden-field"),
            [pair("/status", "not-open-to-role")],
            "{persona:?}"
        );
    }
    for persona in [Ambassador, Ungdomskonsulent, Administrator, Loggranskare] {
        answer(&app, persona, &path, 1, json!({"status": "accepted"})).problem(403, "forbidden");
        ask(&app, persona, app.world.bo).problem(403, "forbidden");
    }
    app.get(Ambassador, &path).problem(403, "forbidden");
    ask(&app, SyvElsewhere, app.world.alva).problem(404, "not-found");
    let done = answer(&app, Enhetschef, &path, 1, json!({"status": "withdrawn"})).expect(200);
    assert_eq!(done.body["status"], "withdrawn");
    assert_eq!(done.body["givenName"], Value::Null);
    // To the receiver it tells nothing of the youth any more.
    assert_eq!(
        app.get(SyvElsewhere, &path).expect(200).body["givenName"],
        Value::Null
    );
});

with_app!(
    of_a_protected_identity_nothing_is_told_and_the_chief_answers,
    |app| {
        ask(&app, SocionomStranger, app.world.pia).problem(404, "not-found");
        let made = ask(&app, Socionom, app.world.pia).expect(201);
        let path = at(&made);
        assert_eq!(made.body["givenName"], Value::Null);
        assert_eq!(made.body["birthYear"], Value::Null);
        for persona in [SyvElsewhere, Syv, SocionomStranger] {
            app.get(persona, &path).problem(404, "not-found");
            answer(&app, persona, &path, 1, json!({"status": "accepted"}))
                .problem(404, "not-found");
        }
        for persona in [Socionom, Enhetschef, EnhetschefElsewhere] {
            assert!(
                app.get(persona, "/transfers")
                    .expect(200)
                    .column("transfers", "id")
                    .is_empty()
            );
        }
        let seen = app.get(EnhetschefElsewhere, &path).expect(200);
        assert!(!seen.body.to_string().contains("Pia"));
        answer(
            &app,
            EnhetschefElsewhere,
            &path,
            1,
            json!({"status": "accepted"}),
        )
        .expect(200);
        let youth = format!("/youths/{}", app.world.pia);
        app.get(EnhetschefElsewhere, &youth).expect(200);
        app.get(SyvElsewhere, &youth).problem(404, "not-found");
        app.get(Socionom, &youth).problem(404, "not-found");
    }
);

with_app!(
    to_another_municipality_the_sender_records_the_answer,
    |app| {
        let alva = app.world.alva;
        let measure = app
        .post(
            Syv,
            &format!("/youths/{alva}/interventions"),
            json!({
                "kind": "talks", "responsibleParty": "municipality", "answer": "accepted",
                "offeredOn": "2026-11-01", "answeredOn": "2026-11-02", "startedOn": "2026-11-03",
            }),
        )
        .expect(201)
        .id();
        let consent = app
        .post(
            Syv,
            &format!("/youths/{alva}/consents"),
            json!({
                "recipientKind": "other_municipality", "recipientName": "Solna", "purpose": "Fortsatt stöd",
                "categories": ["contact_details", "occupation", "plan", "measures"], "givenBy": "youth", "form": "written",
            }),
        )
        .expect(201)
        .id();
        let body = json!({
            "toMunicipalityCode": "0184", "toMunicipalityName": "Solna", "reason": "Har flyttat", "consentId": consent,
        });
        let made = app.post(Syv, &of(alva), body).expect(201);
        let path = at(&made);
        app.get(SyvElsewhere, &path).problem(404, "not-found");
        assert_eq!(
            answer(&app, Syv, &path, 1, json!({"status": "accepted"}))
                .problem(422, "validation-failed"),
            [pair("/reference", "required")]
        );
        let accept = |ended: &str| {
            json!({
                "status": "accepted", "reference": "SOL 2026/7",
                "interventions": [{"id": measure, "endedOn": ended, "endReason": "moved"}],
            })
        };
        answer(
            &app,
            Syv,
            &path,
            1,
            json!({"status": "accepted", "reference": "SOL 2026/7"}),
        )
        .problem(409, "interventions-open");
        assert_eq!(
            answer(&app, Syv, &path, 1, accept("2026-11-25")).problem(422, "validation-failed")[0]
                .0,
            "/interventions/0/endedOn"
        );
        let done = answer(&app, Syv, &path, 1, accept("2026-11-20")).expect(200);
        assert_eq!(done.body["reference"], "SOL 2026/7");
        let episode = app
            .get(Syv, &format!("/episodes/{}", app.world.alva_episode))
            .expect(200);
        assert_eq!(episode.body["deregistrationReason"], "not_registered_here");
        assert_eq!(episode.body["exitedOn"], "2026-11-24");
        assert_eq!(
            app.get(Syv, &format!("/interventions/{measure}"))
                .expect(200)
                .body["endReason"],
            "moved"
        );
        let told = app
            .get(Syv, &format!("/youths/{alva}/disclosures"))
            .expect(200);
        let row = &told.body["disclosures"][0];
        assert_eq!(row["recipientKind"], "other_municipality");
        assert_eq!(row["recipientName"], "Solna");
        assert_eq!(row["means"], "transfer");
        assert_eq!(row["consentId"], json!(consent));
        // The youth stays in our register, with its history.
        app.get(Syv, &format!("/youths/{alva}")).expect(200);
    }
);

with_app!(a_withdrawn_consent_stops_the_handing_over, |app| {
    let bo = app.world.bo;
    let consent = app
        .post(
            Syv,
            &format!("/youths/{bo}/consents"),
            json!({
                "recipientKind": "other_municipality", "purpose": "Fortsatt stöd", "givenBy": "youth", "form": "written",
                "categories": ["contact_details", "occupation", "plan", "measures"],
            }),
        )
        .expect(201)
        .id();
    let body = json!({
        "toMunicipalityCode": "0184", "toMunicipalityName": "Solna", "reason": "Har flyttat", "consentId": consent,
    });
    let path = at(&app.post(Syv, &of(bo), body).expect(201));
    app.post(Syv, &format!("/consents/{consent}/withdrawal"), json!({}))
        .expect(200);
    answer(
        &app,
        Syv,
        &path,
        1,
        json!({"status": "accepted", "reference": "x"}),
    )
    .problem(409, "consent-withdrawn");
    let told: i64 = disclosures::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(told, 0);
    // Nothing of the answer was kept.
    assert_eq!(app.get(Syv, &path).expect(200).body["status"], "pending");
    answer(&app, Syv, &path, 1, json!({"status": "withdrawn"})).expect(200);
});

with_app!(of_two_answers_at_once_one_counts, |app| {
    let path = at(&ask(&app, Syv, app.world.alva).expect(201));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = [
            (SyvElsewhere, json!({"status": "accepted"})),
            (
                EnhetschefElsewhere,
                json!({"status": "refused", "decisionReason": "Ingen plats"}),
            ),
            (Enhetschef, json!({"status": "withdrawn"})),
        ]
        .into_iter()
        .map(|(persona, body)| {
            let (app, path) = (&app, &path);
            scope.spawn(move || answer(app, persona, path, 1, body).status)
        })
        .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let won = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(won, 1, "{statuses:?}");
    assert!(
        statuses.iter().all(|s| matches!(s, 200 | 412 | 409)),
        "{statuses:?}"
    );
    let version: i64 = transfers::table
        .select(transfers::version)
        .first(&mut app.db())
        .unwrap();
    assert_eq!(version, 2);
});

with_app!(of_two_who_ask_at_once_one_waits, |app| {
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = [Syv, Socionom]
            .into_iter()
            .map(|persona| {
                let app = &app;
                scope.spawn(move || ask(app, persona, app.world.alva).status)
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(
        statuses.contains(&201) && statuses.contains(&409),
        "{statuses:?}"
    );
});

with_app!(the_same_request_twice_asks_once, |app| {
    let once = || {
        app.send(
            Syv,
            "POST",
            &of(app.world.alva),
            &[("Idempotency-Key", "t1")],
            Some(json!({"toUnitId": app.world.unit_elsewhere, "reason": "Har flyttat"})),
        )
    };
    let first = once().expect(201);
    assert_eq!(once().expect(201).body, first.body);
    let ask_back = std::cell::OnceCell::new();
    let decide = |persona| {
        app.send(
            persona,
            "POST",
            &format!("{}/decision", at(&first)),
            &[("If-Match", "\"1\""), ("Idempotency-Key", "t2")],
            Some(json!({"status": "accepted"})),
        )
    };
    let done = decide(SyvElsewhere).expect(200);
    assert_eq!(decide(SyvElsewhere).expect(200).body, done.body);
    // Also by whoever never had the youth and does not get them.
    let refuse = || {
        let asked = ask_back.get_or_init(|| ask(&app, Syv, app.world.bo).expect(201));
        app.send(
            SyvElsewhere,
            "POST",
            &format!("{}/decision", at(asked)),
            &[("If-Match", "\"1\""), ("Idempotency-Key", "t3")],
            Some(json!({"status": "refused", "decisionReason": "Bor kvar hos er"})),
        )
    };
    let refused = refuse().expect(200);
    assert_eq!(refuse().expect(200).body, refused.body);
    // Whoever has lost sight of the youth does not get it back by an old key.
    once().problem(404, "not-found");
});
