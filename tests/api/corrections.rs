//! Correction notes and sensitive words over HTTP: an objection stands beside the record and overwrites nothing; whoever
//! writes learns which words may be sensitive, and the chief learns how many were let stand.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Loggranskare, Socionom, SocionomStranger, Syv,
    SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use diesel::prelude::*;
use kaa::db::schema::{correction_notes, protected_correction_notes, sensitive_term_counts};
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

fn of(youth: Id<Youth>) -> String {
    format!("/youths/{youth}/correction-notes")
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn object_to(app: &TestApp, persona: Persona, resource: &str, id: &str) -> Answer {
    app.post(
        persona,
        &of(app.world.alva),
        json!({"resource": resource, "recordId": id, "text": "Så var det inte", "raisedBy": "youth"}),
    )
}

fn log(app: &TestApp, persona: Persona, body: Value) -> Answer {
    let path = format!("/youths/{}/contacts", app.world.alva);
    app.post(persona, &path, body)
}

fn counts(app: &TestApp) -> (i64, i64) {
    let mut conn = app.db();
    (
        correction_notes::table
            .count()
            .get_result(&mut conn)
            .unwrap(),
        protected_correction_notes::table
            .count()
            .get_result(&mut conn)
            .unwrap(),
    )
}

with_app!(an_objection_stands_beside_the_record, |app| {
    let contact = log(
        &app,
        Syv,
        json!({"channel": "phone", "result": "reached", "occupation": "none", "note": "Sover länge"}),
    )
    .expect(201);
    let body = json!({
        "resource": "contact", "recordId": contact.id(), "field": "occupation", "text": "Jag hade börjat jobba",
        "raisedBy": "youth", "raisedOn": "2026-11-20",
    });
    let made = app
        .post(Ungdomskonsulent, &of(app.world.alva), body)
        .expect(201);
    assert_eq!(made.body["episodeId"], json!(app.world.alva_episode));
    assert_eq!(
        made.body["createdBy"],
        json!(app.world.user(Ungdomskonsulent))
    );
    let path = format!("/correction-notes/{}", made.id());
    assert!(made.header("location").unwrap().ends_with(&path));
    assert_eq!(
        app.get(Syv, &path).expect(200).body["text"],
        "Jag hade börjat jobba"
    );
    assert_eq!(
        app.db_last_event("addCorrectionNote").subjects[0].1,
        "correctionNotes"
    );
    // Nothing was overwritten.
    let after = app
        .get(Syv, &format!("/contacts/{}", contact.id()))
        .expect(200);
    assert_eq!(after.body["occupation"], "none");
    assert_eq!(after.version(), contact.version());
    // Who reads the youth learns that there is one, and finds it by the record.
    let youth = format!("/youths/{}", app.world.alva);
    assert_eq!(app.get(Syv, &youth).expect(200).body["correctionNotes"], 1);
    assert!(
        app.get(Ambassador, &youth)
            .expect(200)
            .body
            .get("correctionNotes")
            .is_none()
    );
    object_to(&app, Syv, "youth", &app.world.alva.to_string()).expect(201);
    let beside = app
        .get(
            Syv,
            &format!("{}?recordId={}", of(app.world.alva), contact.id()),
        )
        .expect(200);
    assert_eq!(beside.column("correctionNotes", "id"), [json!(made.id())]);
    assert_eq!(
        app.get(Syv, &of(app.world.alva)).expect(200).body["_meta"]["count"],
        2
    );
    // What an objection says of a note is as closed to the chief as the note.
    let listed = app.get(Enhetschef, &of(app.world.alva)).expect(200);
    assert_eq!(listed.body["_meta"]["count"], 2);
    assert!(listed.body["correctionNotes"][0].get("text").is_none());
    app.post(
        Enhetschef,
        &format!("{youth}/access-grants"),
        json!({"purpose": "contact_notes", "reason": "Uppföljning av ett klagomål"}),
    )
    .expect(201);
    let listed = app.get(Enhetschef, &of(app.world.alva)).expect(200);
    assert_eq!(listed.body["correctionNotes"][0]["text"], "Så var det inte");
    assert!(app.db_last_event("listYouthCorrectionNotes").is_break_glass);
});

with_app!(the_record_is_the_youths_and_one_that_is_seen, |app| {
    let wrong = |body: Value| {
        app.post(Syv, &of(app.world.alva), body)
            .problem(422, "validation-failed")
    };
    assert_eq!(
        wrong(json!({})),
        [
            pair("/resource", "required"),
            pair("/recordId", "required"),
            pair("/text", "required"),
            pair("/raisedBy", "required"),
        ]
    );
    let base = |resource: &str, id: String| json!({"resource": resource, "recordId": id, "text": "Nej", "raisedBy": "guardian"});
    let elsewhere = [
        ("youth", app.world.bo.to_string()),
        ("episode", app.world.bo_episode.to_string()),
        ("episode", app.world.pia_episode.to_string()),
        ("contact", app.world.alva.to_string()),
        ("protected_status", app.world.alva.to_string()),
        ("referral", Id::<Youth>::fresh().to_string()),
        ("consent", Id::<Youth>::fresh().to_string()),
        ("disclosure", Id::<Youth>::fresh().to_string()),
    ];
    for (resource, id) in elsewhere {
        assert_eq!(
            wrong(base(resource, id)),
            [pair("/recordId", "no-such-record")],
            "{resource}"
        );
    }
    let mut body = base("youth", app.world.alva.to_string());
    body["raisedOn"] = json!("2026-11-25");
    assert_eq!(wrong(body.clone()), [pair("/raisedOn", "in-future")]);
    body["raisedOn"] = Value::Null;
    for field in ["shoeSize", "password"] {
        body["field"] = json!(field);
        assert_eq!(wrong(body.clone()), [pair("/field", "unknown-field")]);
    }
    for (resource, id) in [
        ("youth", app.world.alva.to_string()),
        ("episode", app.world.alva_episode.to_string()),
    ] {
        app.post(Syv, &of(app.world.alva), base(resource, id))
            .expect(201);
    }
    for persona in [Ambassador, Enhetschef, Administrator, Loggranskare] {
        object_to(&app, persona, "youth", "x").problem(403, "forbidden");
    }
    app.post(SyvElsewhere, &of(app.world.alva), json!({}))
        .problem(404, "not-found");
    app.get(SyvElsewhere, &of(app.world.alva))
        .problem(404, "not-found");
    app.post(Syv, &of(app.world.pia), json!({}))
        .problem(404, "not-found");
    assert_eq!(counts(&app), (2, 0));
});

with_app!(beside_the_compartment_an_objection_lies_in_it, |app| {
    let referral = app
        .post(
            Socionom,
            &format!("/youths/{}/referrals", app.world.alva),
            json!({"target": "addiction_care"}),
        )
        .expect(201)
        .id();
    let status = format!("/youths/{}/protected-status", app.world.alva);
    app.put(
        Socionom,
        &status,
        None,
        json!({"basis": "ill_health", "mayStartMeasures": true}),
    )
    .expect(200);
    let alva = app.world.alva.to_string();
    let told = [("referral", referral.as_str()), ("protected_status", &alva)];
    for (resource, id) in told {
        // To whoever does not know of it, it is a record that is not there.
        for persona in [Syv, SocionomStranger] {
            assert_eq!(
                object_to(&app, persona, resource, id).problem(422, "validation-failed"),
                [pair("/recordId", "no-such-record")]
            );
        }
        let made = object_to(&app, Socionom, resource, id).expect(201);
        let path = format!("/correction-notes/{}", made.id());
        app.get(Socionom, &path).expect(200);
        for persona in [Syv, SocionomStranger, Enhetschef] {
            app.get(persona, &path).problem(404, "not-found");
        }
    }
    assert_eq!(counts(&app), (0, 2));
    // Neither a count nor a list tells of them.
    let youth = format!("/youths/{}", app.world.alva);
    for persona in [Syv, Socionom] {
        assert_eq!(
            app.get(persona, &youth).expect(200).body["correctionNotes"],
            0
        );
    }
    for (persona, count) in [
        (Syv, 0),
        (SocionomStranger, 0),
        (Enhetschef, 0),
        (Socionom, 2),
    ] {
        assert_eq!(
            app.get(persona, &of(app.world.alva)).expect(200).body["_meta"]["count"],
            count
        );
    }
    // Its own texts are not looked through.
    let body = json!({"resource": "referral", "recordId": referral, "text": "Inget missbruk", "raisedBy": "youth"});
    app.post(Socionom, &of(app.world.alva), body).expect(201);
});

with_app!(
    whoever_writes_learns_which_words_and_lets_them_stand,
    |app| {
        let body = |confirmed: Option<Value>| {
            let mut body = json!({"channel": "sms", "result": "reached", "note": "Mår dåligt, tror han har ADHD. Pratar om LSS."});
            if let Some(words) = confirmed {
                body["confirmedTerms"] = words;
            }
            body
        };
        let refused = log(&app, Ambassador, body(None)).expect(422);
        let field = &refused.body["errors"][0];
        assert_eq!(field["pointer"], "/note");
        assert_eq!(field["code"], "sensitive-terms");
        assert_eq!(field["words"], json!(["adhd", "lss"]));
        assert!(field["detail"].as_str().unwrap().contains("confirmedTerms"));
        for words in [json!(["adhd"]), json!([])] {
            assert_eq!(
                log(&app, Ambassador, body(Some(words))).problem(422, "validation-failed"),
                [pair("/note", "sensitive-terms")]
            );
        }
        assert_eq!(
            log(&app, Ambassador, body(Some(json!(["adhd", "lss", "hiv"]))))
                .problem(422, "validation-failed"),
            [pair("/confirmedTerms", "terms-not-found")]
        );
        assert_eq!(
            log(&app, Ambassador, body(Some(json!("lss")))).problem(422, "validation-failed")[0],
            pair("/confirmedTerms", "not-list")
        );
        // The words that came back are sent as they came.
        let saved = log(&app, Ambassador, body(Some(field["words"].clone()))).expect(201);
        assert!(saved.body.get("confirmedTerms").is_none());
        // What stood is not asked for again; what is new is.
        let path = format!("/contacts/{}", saved.id());
        app.patch(Ambassador, &path, 1, json!({"minutes": 5}))
            .expect(200);
        assert_eq!(
            app.patch(Ambassador, &path, 2, json!({"note": "Har LSS"}))
                .problem(422, "validation-failed"),
            [pair("/note", "sensitive-terms")]
        );
        app.patch(
            Ambassador,
            &path,
            2,
            json!({"note": "Har LSS", "confirmedTerms": ["lss"]}),
        )
        .expect(200);
        assert_eq!(
            app.post(
                Ambassador,
                &format!("{path}/addenda"),
                json!({"text": "Är sjuk"})
            )
            .problem(422, "validation-failed"),
            [pair("/text", "sensitive-terms")]
        );
        app.post(
            Ambassador,
            &format!("{path}/addenda"),
            json!({"text": "Är sjuk", "confirmedTerms": ["sjuk"]}),
        )
        .expect(201);
    }
);

with_app!(every_free_text_of_the_register_is_looked_through, |app| {
    let alva = app.world.alva;
    let told = |path: &str, body: Value| {
        let path = format!("/youths/{alva}/{path}");
        app.post(Syv, &path, body).problem(422, "validation-failed")
    };
    let terms = |field: &str| pair(&format!("/{field}"), "sensitive-terms");
    assert_eq!(
        told(
            "interventions",
            json!({"kind": "talks", "responsibleParty": "municipality", "goal": "Sluta med droger", "provider": "BUP"})
        ),
        [terms("provider"), terms("goal")]
    );
    assert_eq!(
        told(
            "referrals",
            json!({"target": "ngo", "recipient": "Frikyrkan", "note": "Pratar om moskén"})
        ),
        [terms("recipient"), terms("note")]
    );
    assert_eq!(
        told(
            "contacts",
            json!({"channel": "phone", "result": "reached", "place": "Synagogan"})
        ),
        [terms("place")]
    );
    assert_eq!(
        told(
            "correction-notes",
            json!({"resource": "youth", "recordId": alva, "text": "Jag är inte sjuk", "raisedBy": "youth"})
        ),
        [terms("text")]
    );
    assert_eq!(
        told(
            "consents",
            json!({
                "recipientKind": "other", "recipientName": "Psykologmottagningen", "purpose": "Prata om ångest",
                "categories": ["notes"], "givenBy": "youth", "form": "written",
            })
        ),
        [terms("recipientName"), terms("purpose")]
    );
    assert_eq!(
        told(
            "disclosures",
            json!({
                "recipientKind": "ngo", "categories": ["notes"], "means": "phone",
                "basis": "other", "basisReason": "Orosanmälan gjordes",
            })
        ),
        [terms("basisReason")]
    );
    // One body with two texts is confirmed at once.
    let made = app.post(
        Syv,
        &format!("/youths/{alva}/interventions"),
        json!({
            "kind": "talks", "responsibleParty": "municipality", "goal": "Sluta med droger", "provider": "BUP",
            "confirmedTerms": ["BUP", "droger"],
        }),
    );
    let path = format!("/interventions/{}", made.expect(201).id());
    app.patch(Syv, &path, 1, json!({"answer": "accepted"}))
        .expect(200);
    // The compartment's own texts are not.
    app.post(
        Socionom,
        &format!("/youths/{alva}/referrals"),
        json!({"target": "addiction_care", "note": "Vill sluta med alkohol"}),
    )
    .expect(201);
});

with_app!(the_texts_of_plans_and_facts_are_looked_through_too, |app| {
    let (alva, bo) = (app.world.alva, app.world.bo);
    let terms = |field: &str| pair(&format!("/{field}"), "sensitive-terms");
    let at = |youth: Id<Youth>, path: &str| format!("/youths/{youth}/{path}");
    let told =
        |path: &str, body: Value| app.post(Syv, path, body).problem(422, "validation-failed");
    let mapping = json!({"goals": "Bli av med ångesten", "needs": "Ro", "expectations": "Att bli ledsagad till BUP"});
    assert_eq!(
        told(&at(alva, "mappings"), mapping.clone()),
        [terms("goals"), terms("expectations")]
    );
    let mut confirmed = mapping;
    confirmed["confirmedTerms"] = json!(["ångest", "bup"]);
    let kept = app.post(Syv, &at(alva, "mappings"), confirmed).expect(201);
    let path = format!("/mappings/{}", kept.id());
    app.patch(Syv, &path, 1, json!({"strengths": "Envis"}))
        .expect(200);
    assert_eq!(
        app.patch(Syv, &path, 2, json!({"strengths": "Envis, trots adhd"}))
            .problem(422, "validation-failed"),
        [terms("strengths")]
    );
    // Of a plan every part, and of the next revision what is new.
    let plan = json!({
        "basedOn": 1, "planningText": "Slutar med droger", "goalType": "work", "goalText": "Ett jobb",
        "items": [{"what": "Prata med en psykolog", "responsibleParty": "youth", "actor": "BUP"}],
        "agreement": {"agreedOn": "2026-11-24", "form": "oral_documented", "agreedTo": "Allt utom LSS"},
    });
    let of_plan = [
        terms("planningText"),
        terms("items/0/what"),
        terms("items/0/actor"),
        terms("agreement/agreedTo"),
    ];
    assert_eq!(told(&at(alva, "plan-revisions"), plan.clone()), of_plan);
    let mut next = plan;
    next["confirmedTerms"] = json!(["droger", "psykolog", "bup", "lss"]);
    app.post(Syv, &at(alva, "plan-revisions"), next.clone())
        .expect(201);
    next["basedOn"] = json!(2);
    next["goalText"] = json!("Ett jobb, efter behandlingshemmet");
    next.as_object_mut().unwrap().remove("confirmedTerms");
    assert_eq!(told(&at(alva, "plan-revisions"), next), [terms("goalText")]);
    let contract = json!({
        "parties": [
            {"kind": "youth", "name": "Bo Åkesson", "undertaking": "Sköta sin medicin."},
            {"kind": "other", "name": "Beroendemottagningen", "undertaking": "Samtal."}
        ],
        "startsOn": "2027-01-11", "endsOn": "2028-06-09", "followUps": [{"dueOn": "2027-06-15"}]
    });
    let of_contract = [terms("parties/0/undertaking"), terms("parties/1/name")];
    assert_eq!(told(&at(bo, "education-contracts"), contract), of_contract);
    let basis = json!({
        "track": "outreach_20_25", "reason": "study_certificate", "basis": "own_request",
        "basisText": "Vill ha hjälp ur sitt missbruk",
    });
    assert_eq!(told(&at(alva, "episodes"), basis), [terms("basisText")]);
    assert_eq!(
        told(
            &at(alva, "occupations"),
            json!({"kind": "other_activity", "source": "youth", "place": "Behandlingshemmet Eken"})
        ),
        [terms("place")]
    );
    let youth = at(alva, "");
    let youth = youth.trim_end_matches('/');
    let version = app.get(Syv, youth).expect(200).version();
    assert_eq!(
        app.patch(
            Syv,
            youth,
            version,
            json!({"schoolStatus": "Sjukskriven från GY"})
        )
        .problem(422, "validation-failed"),
        [terms("schoolStatus")]
    );
    let home =
        json!({"kind": "registered_here", "fromOn": "2020-01-01", "source": "population_register"});
    let home = app.post(Syv, &at(alva, "residences"), home).expect(201);
    let home = format!("/residences/{}", home.id());
    assert_eq!(
        app.patch(Syv, &home, 1, json!({"voidReason": "Bodde på sjukhus då"}))
            .problem(422, "validation-failed"),
        [terms("voidReason")]
    );
    let stands = json!({"voidReason": "Bodde på sjukhus då", "confirmedTerms": ["sjukhus"]});
    app.patch(Syv, &home, 1, stands).expect(200);
});

with_app!(beside_every_kind_of_fact_an_objection_can_stand, |app| {
    let alva = app.world.alva;
    let add = |path: &str, body: Value| {
        app.post(Syv, &format!("/youths/{alva}/{path}"), body)
            .expect(201)
            .id()
    };
    let from_school = |mut body: Value| {
        body["source"] = json!("school");
        body
    };
    let plan = json!({"basedOn": 1, "planningText": "Börjar i december.", "goalType": "work", "goalText": "Ett jobb", "items": [{"what": "Söka", "responsibleParty": "youth"}]});
    let mapping = json!({"goals": "Ett jobb", "needs": "Ro", "expectations": "Att ni ringer"});
    let facts = [
        (
            "occupation",
            "kind",
            add("occupations", from_school(json!({"kind": "studies"}))),
        ),
        ("mapping", "goals", add("mappings", mapping)),
        ("plan_revision", "items", add("plan-revisions", plan)),
        (
            "residence",
            "fromOn",
            add(
                "residences",
                from_school(json!({"kind": "registered_here", "fromOn": "2020-01-01"})),
            ),
        ),
        (
            "enrolment",
            "startsOn",
            add(
                "enrolments",
                from_school(
                    json!({"schoolType": "GY", "programmeKind": "national", "startsOn": "2025-08-20"}),
                ),
            ),
        ),
        (
            "exam_document",
            "kind",
            add(
                "exam-documents",
                from_school(json!({"kind": "GY_STUDIEBEVIS", "issuedOn": "2026-06-10"})),
            ),
        ),
    ];
    for (kind, field, id) in facts {
        let body = json!({"resource": kind, "recordId": id, "field": field, "text": "Så var det inte", "raisedBy": "youth"});
        let made = app.post(Syv, &of(alva), body.clone()).expect(201);
        assert_eq!(made.body["resource"], kind);
        // Of another youth it is no record of theirs.
        assert_eq!(
            app.post(Syv, &of(app.world.bo), body)
                .problem(422, "validation-failed"),
            [pair("/recordId", "no-such-record")]
        );
    }
});

with_app!(the_list_is_the_municipalitys, |app| {
    let settings = app.get(Administrator, "/settings").expect(200);
    assert!(settings.body["sensitiveTerms"].as_array().unwrap().len() > 100);
    let words = json!({"sensitiveTerms": [{"word": "*krokodil*", "category": "health"}]});
    app.patch(Administrator, "/settings", 1, words).expect(200);
    let say = |note: &str| {
        log(
            &app,
            Syv,
            json!({"channel": "sms", "result": "reached", "note": note}),
        )
    };
    say("Har ADHD").expect(201);
    let refused = say("Rädd för nilkrokodiler").expect(422);
    assert_eq!(refused.body["errors"][0]["words"], json!(["krokodil"]));
    let told = app
        .patch(
            Administrator,
            "/settings",
            2,
            json!({"sensitiveTerms": [{"word": "**", "category": "health"}, {"word": "x"}]}),
        )
        .problem(422, "validation-failed");
    assert_eq!(
        told,
        [
            pair("/sensitiveTerms/0/word", "too-short"),
            pair("/sensitiveTerms/1/category", "required")
        ]
    );
});

with_app!(the_chief_has_counts_and_no_text, |app| {
    let confirm = |persona, note: &str, words: Value| {
        log(
            &app,
            persona,
            json!({"channel": "sms", "result": "no_answer", "note": note, "confirmedTerms": words}),
        )
        .expect(201)
    };
    confirm(Ambassador, "Är sjuk", json!(["sjuk"]));
    confirm(Syv, "Är sjuk och har ångest", json!(["sjuk", "ångest"]));
    confirm(Syv, "LSS", json!(["lss"]));
    // What was refused was not saved, and is not counted.
    log(
        &app,
        Syv,
        json!({"channel": "sms", "result": "no_answer", "note": "LSS"}),
    )
    .expect(422);
    let path = "/sensitive-term-counts";
    let listed = app.get(Enhetschef, path).expect(200);
    let rows: Vec<(Value, Value, Value)> = listed.body["sensitiveTermCounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            assert_eq!(row.as_object().unwrap().len(), 3);
            (
                row["weekOn"].clone(),
                row["category"].clone(),
                row["confirmedCount"].clone(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (json!("2026-11-23"), json!("health"), json!(2)),
            (json!("2026-11-23"), json!("lss"), json!(1)),
        ]
    );
    assert_eq!(
        app.get(Enhetschef, &format!("{path}?from=2026-11-24"))
            .expect(200)
            .body["_meta"]["count"],
        0
    );
    app.get(Enhetschef, &format!("{path}?from=2026-11-24&to=2026-11-01"))
        .problem(400, "invalid-parameter");
    let first = app.get(Enhetschef, &format!("{path}?limit=1")).expect(200);
    let next = first.next().unwrap().to_owned();
    assert_eq!(
        app.get(Enhetschef, &next)
            .expect(200)
            .column("sensitiveTermCounts", "category"),
        ["lss"]
    );
    for persona in [Ambassador, Syv, Socionom, Administrator, Loggranskare] {
        app.get(persona, path).problem(403, "forbidden");
    }
    assert_eq!(
        app.get(Persona::EnhetschefElsewhere, path).expect(200).body["_meta"]["count"],
        0
    );
    let kept: i64 = sensitive_term_counts::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 2);
});

with_app!(a_confirmation_goes_with_sending_again, |app| {
    let id = "019ab3f4-6c90-7f28-9be1-04d7a3c8f506";
    let body = |confirmed: bool| {
        let mut body = json!({"id": id, "channel": "sms", "result": "reached", "note": "Är sjuk"});
        if confirmed {
            body["confirmedTerms"] = json!(["sjuk"]);
        }
        body
    };
    let send = |confirmed| {
        app.send(
            Ambassador,
            "POST",
            &format!("/youths/{}/contacts", app.world.alva),
            &[("Idempotency-Key", "k1")],
            Some(body(confirmed)),
        )
    };
    // A refusal is not kept under the key: the same key saves, and then gives the answer again.
    send(false).problem(422, "validation-failed");
    let saved = send(true).expect(201);
    assert_eq!(send(true).expect(201).body, saved.body);
    // Under its own id, too, it is answered with what was stored.
    assert_eq!(log(&app, Ambassador, body(true)).expect(201).id(), id);
    let kept: Vec<i64> = sensitive_term_counts::table
        .select(sensitive_term_counts::confirmed_count)
        .load(&mut app.db())
        .unwrap();
    assert_eq!(kept, [1]);
});
