//! Referrals over HTTP: the steps, the consent, and that those of the protected compartment leave no trace for anyone who
//! may not know of them.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Nobody, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{
    idempotency_keys, protected_answers, protected_referrals, protected_versions, record_versions,
    referrals,
};
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

const MISSING: &str = "/referrals/00000000-0000-7000-8000-000000000000";

fn of(youth: Id<Youth>) -> String {
    format!("/youths/{youth}/referrals")
}

fn refer(app: &TestApp, persona: Persona, target: &str) -> Answer {
    app.post(persona, &of(app.world.alva), json!({"target": target}))
}

fn at(answer: &Answer) -> String {
    format!("/referrals/{}", answer.id())
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn open_compartment(app: &TestApp, youth: Id<Youth>) {
    app.post(
        Enhetschef,
        &format!("/youths/{youth}/access-grants"),
        json!({"purpose": "protected_compartment", "reason": "Tillsyn enligt plan"}),
    )
    .expect(201);
}

fn counts(app: &TestApp) -> (i64, i64) {
    let mut conn = app.db();
    (
        referrals::table.count().get_result(&mut conn).unwrap(),
        protected_referrals::table
            .count()
            .get_result(&mut conn)
            .unwrap(),
    )
}

with_app!(a_referral_goes_its_way_from_offer_to_close, |mut_app| {
    let mut app = mut_app;
    let made = app
            .post(
                Syv,
                &of(app.world.alva),
                json!({"target": "employment_service", "recipient": "AF Sundbyberg", "note": "Vill jobba"}),
            )
            .expect(201);
    let path = at(&made);
    assert!(made.header("location").unwrap().ends_with(&path));
    assert_eq!(made.body["status"], "offered");
    assert_eq!(made.body["offeredOn"], "2026-11-24");
    assert_eq!(made.body["episodeId"], json!(app.world.alva_episode));
    assert_eq!(made.body["createdBy"], json!(app.world.user(Syv)));
    app.pass(Duration::days(1));
    let step = |version, body: Value| {
        app.patch(Ungdomskonsulent, &path, version, body)
            .expect(200)
    };
    let consented = step(
        1,
        json!({"status": "consented", "consentForm": "oral_documented", "consentedOn": "2026-11-25"}),
    );
    assert_eq!(consented.version(), 2);
    let sent = step(2, json!({"status": "sent", "answerDueOn": "2026-12-10"}));
    assert_eq!(sent.body["sentOn"], "2026-11-25");
    app.pass(Duration::days(3));
    let step = |version, body: Value| app.patch(Syv, &path, version, body).expect(200);
    assert_eq!(
        step(3, json!({"status": "received"})).body["receivedOn"],
        "2026-11-28"
    );
    let closed = step(4, json!({"status": "closed", "note": null}));
    assert_eq!(closed.body["closedOn"], "2026-11-28");
    assert_eq!(closed.body["note"], Value::Null);
    assert_eq!(closed.version(), 5);
    let read = app.get(Enhetschef, &path).expect(200);
    assert_eq!(read.body["status"], "closed");
    let kept: i64 = record_versions::table
        .filter(record_versions::resource.eq("referrals"))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 5);
    let event = app.db_last_event("updateReferral");
    assert_eq!(event.subjects[0].0, Some(app.world.alva));
    assert_eq!(event.subjects[0].1, "referrals");
});

with_app!(wrong_steps_and_days_are_told_by_pointer, |app| {
    let made = app
        .post(
            Syv,
            &of(app.world.alva),
            json!({"target": "adult_education", "offeredOn": "2026-11-01"}),
        )
        .expect(201);
    let path = at(&made);
    let wrong = |body: Value| {
        app.patch(Syv, &path, 1, body)
            .problem(422, "validation-failed")
    };
    assert_eq!(
        wrong(json!({"status": "consented"})),
        [
            pair("/consentedOn", "required"),
            pair("/consentForm", "required")
        ]
    );
    // Past the consent: the wrong step, and what is missing for it.
    let skipped = wrong(json!({"status": "sent"}));
    for expected in [
        pair("/status", "wrong-step"),
        pair("/consentedOn", "consent-missing"),
        pair("/consentForm", "consent-missing"),
    ] {
        assert!(skipped.contains(&expected), "{expected:?}");
    }
    let told = app.send(
        Syv,
        "PATCH",
        &path,
        &[("If-Match", "\"1\""), ("Accept-Language", "en")],
        Some(json!({"status": "received", "receivedOn": "2026-11-02"})),
    );
    assert!(told.body.to_string().contains("declined, consented"));
    assert_eq!(
        wrong(
            json!({"status": "consented", "consentForm": "written", "consentedOn": "2026-10-31"})
        ),
        [pair("/consentedOn", "wrong-date-order")]
    );
    assert_eq!(
        wrong(json!({"status": "declined", "declinedOn": "2026-11-25"})),
        [pair("/declinedOn", "in-future")]
    );
    assert_eq!(
        wrong(json!({"offeredOn": "2026-08-31"})),
        [pair("/offeredOn", "before-episode")]
    );
    assert_eq!(
        wrong(json!({"offeredOn": null})),
        [pair("/offeredOn", "required")]
    );
    assert_eq!(
        wrong(json!({"sentOn": "2026-11-02"})),
        [pair("/sentOn", "not-with-other")]
    );
    assert_eq!(
        wrong(json!({"answerDueOn": "2026-12-02"})),
        [pair("/answerDueOn", "not-with-other")]
    );
    assert_eq!(
        wrong(json!({"status": "lost"})),
        [pair("/status", "not-in-list")]
    );
    assert_eq!(
        wrong(json!({"episodeId": app.world.bo_episode})),
        [pair("/episodeId", "no-such-record")]
    );
    assert_eq!(wrong(json!({"hint": 1})), [pair("/hint", "unknown-field")]);
    // To another recipient, sensitive or not, it is another referral.
    for target in ["ngo", "addiction_care"] {
        assert_eq!(
            wrong(json!({"target": target})),
            [pair("/target", "immutable")]
        );
    }
    app.patch(Syv, &path, 1, json!({"status": "declined"}))
        .expect(200);
    let reopened = app.patch(
        Syv,
        &path,
        2,
        json!({"status": "offered", "declinedOn": null}),
    );
    assert!(reopened.body.to_string().contains("gör en ny hänvisning"));
    assert_eq!(
        reopened.problem(422, "validation-failed"),
        [pair("/status", "wrong-step")]
    );
    // A new one begins as an offer.
    let begun = app
        .post(
            Syv,
            &of(app.world.alva),
            json!({"target": "ngo", "status": "consented", "consentForm": "written", "consentedOn": "2026-11-24"}),
        )
        .problem(422, "validation-failed");
    assert_eq!(begun[0], pair("/status", "wrong-step"));
    assert_eq!(
        app.post(Syv, &of(app.world.alva), json!({}))
            .problem(422, "validation-failed"),
        [pair("/target", "required")]
    );
    app.post(Syv, &of(app.world.olle), json!({"target": "ngo"}))
        .problem(409, "no-open-episode");
    app.send(Syv, "PATCH", &path, &[], Some(json!({})))
        .problem(428, "version-required");
    app.patch(Syv, &path, 1, json!({"note": "x"}))
        .problem(412, "stale-version");
    assert_eq!(counts(&app), (1, 0));
});

with_app!(a_consent_cannot_be_taken_out_of_what_was_sent, |app| {
    let made = refer(&app, Socionom, "health_care").expect(201);
    let path = at(&made);
    let consent =
        json!({"status": "consented", "consentForm": "written", "consentedOn": "2026-11-24"});
    app.patch(Socionom, &path, 1, consent).expect(200);
    assert_eq!(
        app.patch(
            Socionom,
            &path,
            2,
            json!({"status": "sent", "consentForm": null})
        )
        .problem(422, "validation-failed"),
        [pair("/consentForm", "consent-missing")]
    );
    app.patch(Socionom, &path, 2, json!({"status": "sent"}))
        .expect(200);
    assert_eq!(
        app.patch(Socionom, &path, 3, json!({"consentedOn": null}))
            .problem(422, "validation-failed"),
        [pair("/consentedOn", "consent-missing")]
    );
});

with_app!(
    a_sensitive_recipient_is_open_to_the_assigned_socionom_alone,
    |app| {
        let targets = [
            "lss_officer",
            "social_services_intake",
            "addiction_care",
            "health_care",
            "youth_clinic",
            "social_insurance",
        ];
        let mut refused = Vec::new();
        for target in targets {
            for persona in [Syv, Ungdomskonsulent, SocionomStranger] {
                refused.push(refer(&app, persona, target).expect(403));
            }
        }
        for answer in &refused {
            assert_eq!(answer.without_instance(), refused[0].without_instance());
        }
        assert_eq!(
            refused[0].clone().problem(403, "forbidden-field"),
            [pair("/target", "not-open-to-role")]
        );
        assert_eq!(counts(&app), (0, 0));
        for target in targets {
            let made = refer(&app, Socionom, target).expect(201);
            assert_eq!(made.body["target"], target);
        }
        assert_eq!(counts(&app), (0, 6));
        // Also their history lies apart.
        let (kept, open): (i64, i64) = (
            protected_versions::table
                .count()
                .get_result(&mut app.db())
                .unwrap(),
            record_versions::table
                .count()
                .get_result(&mut app.db())
                .unwrap(),
        );
        assert_eq!((kept, open), (6, 0));
        let event = app.db_last_event("createReferral");
        assert_eq!(event.subjects[0].1, "protectedReferrals");
        // For a youth that one does not see there is no recipient of any kind.
        for (persona, youth) in [
            (Syv, app.world.pia),
            (Socionom, app.world.dag),
            (SyvElsewhere, app.world.alva),
        ] {
            for target in ["ngo", "addiction_care"] {
                app.post(persona, &of(youth), json!({"target": target}))
                    .problem(404, "not-found");
            }
        }
        // Assigned to one youth is not assigned to another.
        app.post(
            Socionom,
            &of(app.world.bo),
            json!({"target": "health_care"}),
        )
        .problem(403, "forbidden-field");
        app.post(
            Socionom,
            &of(app.world.pia),
            json!({"target": "health_care"}),
        )
        .expect(201);
        for persona in [Ambassador, Enhetschef, Administrator, Loggranskare] {
            refer(&app, persona, "health_care").problem(403, "forbidden");
            refer(&app, persona, "ngo").problem(403, "forbidden");
        }
    }
);

with_app!(
    a_protected_referral_and_a_missing_one_are_the_same_to_everybody_else,
    |app| {
        let made = refer(&app, Socionom, "addiction_care").expect(201);
        let path = at(&made);
        for persona in [
            Syv,
            Ungdomskonsulent,
            SocionomStranger,
            Enhetschef,
            EnhetschefElsewhere,
            SyvElsewhere,
        ] {
            let (hidden, missing) = (app.get(persona, &path), app.get(persona, MISSING));
            assert_eq!(hidden.status, 404, "{persona:?}");
            assert_eq!(hidden.without_instance(), missing.without_instance());
            assert_eq!(hidden.headers.len(), missing.headers.len());
        }
        for persona in [Syv, Ungdomskonsulent, SocionomStranger] {
            for body in [
                json!({"note": "x"}),
                json!({"status": "lost", "x": 1}),
                json!({"createdBy": 1}),
            ] {
                let (hidden, missing) = (
                    app.patch(persona, &path, 7, body.clone()),
                    app.patch(persona, MISSING, 7, body),
                );
                assert_eq!(hidden.status, 404, "{persona:?}");
                assert_eq!(hidden.without_instance(), missing.without_instance());
            }
            let bare = |path: &str| app.send(persona, "PATCH", path, &[], Some(json!({})));
            assert_eq!(
                bare(&path).without_instance(),
                bare(MISSING).without_instance()
            );
        }
        app.patch(Enhetschef, &path, 1, json!({"note": "x"}))
            .problem(403, "forbidden");
        app.get(Nobody, &path).problem(401, "unauthenticated");
        // A refused look into the compartment is found in the log.
        let refused = app.db_last_event("readReferral");
        assert!(matches!(refused.outcome.as_str(), "refused"));
    }
);

with_app!(lists_betray_nothing_of_what_they_leave_out, |app| {
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(refer(&app, Syv, "ngo").expect(201).body["id"].clone());
        refer(&app, Socionom, "health_care").expect(201);
    }
    open.reverse();
    for persona in [Syv, Ungdomskonsulent, SocionomStranger, Enhetschef] {
        let whole = app.get(persona, &of(app.world.alva)).expect(200);
        assert_eq!(whole.column("referrals", "id"), open, "{persona:?}");
        assert_eq!(whole.body["_meta"]["count"], 3);
        // Page by page there is no gap either, and no page too many.
        let mut seen = Vec::new();
        let mut pages = 0;
        let mut page = app
            .get(persona, &format!("{}?limit=1", of(app.world.alva)))
            .expect(200);
        loop {
            pages += 1;
            seen.extend(page.column("referrals", "id"));
            let Some(next) = page.next().map(str::to_owned) else {
                break;
            };
            page = app.get(persona, &next).expect(200);
        }
        assert_eq!((pages, seen), (3, open.clone()));
        assert_eq!(
            app.get(persona, "/referrals")
                .expect(200)
                .column("referrals", "id"),
            open
        );
    }
    let mut seen = Vec::new();
    let mut page = app
        .get(Socionom, &format!("{}?limit=4", of(app.world.alva)))
        .expect(200);
    loop {
        seen.extend(page.column("referrals", "target"));
        let Some(next) = page.next().map(str::to_owned) else {
            break;
        };
        page = app.get(Socionom, &next).expect(200);
    }
    assert_eq!(
        seen,
        [
            "health_care",
            "ngo",
            "health_care",
            "ngo",
            "health_care",
            "ngo"
        ]
    );
    let resources: Vec<String> = app
        .db_last_event("listYouthReferrals")
        .subjects
        .into_iter()
        .map(|s| s.1)
        .collect();
    assert_eq!(
        resources,
        ["protectedReferrals", "referrals"],
        "the last page"
    );
    // Nobody lists everyone who is sent to health care, not even who may see each.
    for query in ["", "?target=health_care", "?status=offered"] {
        let listed = app.get(Socionom, &format!("/referrals{query}")).expect(200);
        assert!(
            listed
                .column("referrals", "target")
                .iter()
                .all(|target| *target == "ngo")
        );
    }
    assert_eq!(
        app.get(Syv, "/referrals?target=ngo&status=offered")
            .expect(200)
            .column("referrals", "id"),
        open
    );
    assert!(
        app.get(Syv, "/referrals?status=sent")
            .expect(200)
            .column("referrals", "id")
            .is_empty()
    );
    app.get(Syv, "/referrals?note=x")
        .problem(400, "invalid-parameter");
    app.get(Syv, &format!("{}?target=ngo", of(app.world.alva)))
        .problem(400, "invalid-parameter");
    assert!(
        app.get(SyvElsewhere, "/referrals")
            .expect(200)
            .column("referrals", "id")
            .is_empty()
    );
    app.get(SyvElsewhere, &of(app.world.alva))
        .problem(404, "not-found");
    app.get(Ambassador, &of(app.world.alva))
        .problem(403, "forbidden");
    // Of a protected identity: below the youth for the assigned and the chief, in no other list.
    app.post(Socionom, &of(app.world.pia), json!({"target": "ngo"}))
        .expect(201);
    assert_eq!(
        app.get(Socionom, "/referrals")
            .expect(200)
            .column("referrals", "id"),
        open
    );
    for persona in [Socionom, Enhetschef] {
        assert_eq!(
            app.get(persona, &of(app.world.pia))
                .expect(200)
                .column("referrals", "id")
                .len(),
            1
        );
    }
});

with_app!(
    the_chief_sees_protected_referrals_with_a_reason_for_a_while,
    |mut_app| {
        let mut app = mut_app;
        let made = refer(&app, Socionom, "addiction_care").expect(201);
        let path = at(&made);
        refer(&app, Syv, "ngo").expect(201);
        app.get(Enhetschef, &path).problem(404, "not-found");
        assert!(!app.db_last_event("readReferral").is_break_glass);
        open_compartment(&app, app.world.alva);
        let read = app.get(Enhetschef, &path).expect(200);
        assert_eq!(read.body["target"], "addiction_care");
        let event = app.db_last_event("readReferral");
        assert!(event.is_break_glass);
        assert_eq!(event.subjects[0].1, "protectedReferrals");
        let listed = app.get(Enhetschef, &of(app.world.alva)).expect(200);
        assert_eq!(
            listed.column("referrals", "target"),
            ["ngo", "addiction_care"]
        );
        assert!(app.db_last_event("listYouthReferrals").is_break_glass);
        app.patch(Enhetschef, &path, 1, json!({"note": "x"}))
            .problem(403, "forbidden");
        // Of this youth only.
        let pia = app
            .post(
                Socionom,
                &of(app.world.pia),
                json!({"target": "health_care"}),
            )
            .expect(201);
        app.get(Enhetschef, &at(&pia)).problem(404, "not-found");
        app.pass(Duration::minutes(15));
        app.get(Enhetschef, &path).problem(404, "not-found");
        let listed = app.get(Enhetschef, &of(app.world.alva)).expect(200);
        assert_eq!(listed.column("referrals", "target"), ["ngo"]);
    }
);

with_app!(
    a_stored_answer_of_the_compartment_lies_with_the_compartment,
    |app| {
        let send = |target: &str| {
            app.send(
                Socionom,
                "POST",
                &of(app.world.alva),
                &[("Idempotency-Key", "r1")],
                Some(json!({"target": target})),
            )
        };
        let first = send("addiction_care").expect(201);
        assert_eq!(send("addiction_care").expect(201).body, first.body);
        send("ngo").problem(422, "idempotency-key-reused");
        assert_eq!(counts(&app), (0, 1));
        let open: Vec<Option<kaa::db::cipher::CipherText>> = idempotency_keys::table
            .select(idempotency_keys::body)
            .load(&mut app.db())
            .unwrap();
        assert_eq!(open, [None]);
        let apart: i64 = protected_answers::table
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(apart, 1);
    }
);

with_app!(who_is_no_longer_assigned_loses_the_compartment, |app| {
    use kaa::db::schema::assignments;
    let made = refer(&app, Socionom, "lss_officer").expect(201);
    let path = at(&made);
    app.get(Socionom, &path).expect(200);
    diesel::update(assignments::table.filter(assignments::user_id.eq(app.world.user(Socionom))))
        .set(assignments::ends_at.eq(Some(kaa::db::types::Timestamp::of(app.clock.now()))))
        .execute(&mut app.db())
        .unwrap();
    app.get(Socionom, &path).problem(404, "not-found");
    app.patch(Socionom, &path, 1, json!({"note": "x"}))
        .problem(404, "not-found");
    assert!(
        app.get(Socionom, &of(app.world.alva))
            .expect(200)
            .column("referrals", "id")
            .is_empty()
    );
});
