//! Occupations over HTTP: what is ascertained, the series that follows, what lapses, and that a contact and its correction
//! record by themselves. The rule of the series is tested in `domain::occupation`.

use crate::episodes::{close, way_out};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::support::world::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::record_versions;
use kaa::domain::id::{Id, OccupationObservation, Youth};
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn record(app: &TestApp, persona: Persona, youth: Id<Youth>, body: Value) -> Answer {
    app.post(persona, &format!("/youths/{youth}/occupations"), body)
}

fn seen(kind: &str, as_of_on: &str) -> Value {
    json!({"kind": kind, "asOfOn": as_of_on, "source": "youth"})
}

/// Kind, first day and last day of each spell.
fn series(app: &TestApp, youth: Id<Youth>) -> Vec<Value> {
    app.get(Syv, &format!("/youths/{youth}/occupation-spells"))
        .expect(200)
        .body["occupationSpells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|spell| json!([spell["kind"], spell["startsOn"], spell["endsOn"]]))
        .collect()
}

/// What the youth's record says of the occupation.
fn now(app: &TestApp, youth: Id<Youth>) -> Value {
    let body = app.get(Syv, &format!("/youths/{youth}")).expect(200).body;
    json!([
        body["occupation"],
        body["occupationSince"],
        body["occupationAsOf"],
        body["occupationValidUntil"],
        body["lastKnownOccupation"]
    ])
}

with_app!(what_is_ascertained_counts_until_it_lapses, |app| {
    let mut app = app;
    let alva = app.world.alva;
    assert_eq!(now(&app, alva), json!([null, null, null, null, null]));
    assert_eq!(series(&app, alva), Vec::<Value>::new());
    let body = json!({"kind": "internship", "startsOn": "2026-11-02", "source": "guardian", "place": "Kafé Signal"});
    let made = record(&app, Ungdomskonsulent, alva, body).expect(201);
    assert_eq!(
        made.body["asOfOn"], "2026-11-24",
        "today, if nothing is told"
    );
    assert_eq!(made.body["validUntil"], "2027-01-23", "60 days");
    assert_eq!(
        made.body["recordedBy"],
        json!(app.world.user(Ungdomskonsulent))
    );
    assert!(made.body["contactId"].is_null());
    assert_eq!(
        made.header("location")
            .map(|place| place.ends_with(&made.id())),
        Some(true)
    );
    let event = app.db_last_event("recordOccupation");
    assert_eq!(
        (event.subjects[0].0, event.subjects[0].1.as_str()),
        (Some(alva), "occupations")
    );
    assert_eq!(
        now(&app, alva),
        json!([
            "internship",
            "2026-11-02",
            "2026-11-24",
            "2027-01-23",
            "internship"
        ])
    );
    // A known end is the last word.
    let path = format!("/occupations/{}", made.id());
    let ended = app
        .patch(Syv, &path, 1, json!({"expectedEndOn": "2026-12-19"}))
        .expect(200);
    assert_eq!(ended.body["validUntil"], "2026-12-19");
    app.pass(Duration::days(24));
    assert_eq!(now(&app, alva)[0], "internship");
    app.pass(Duration::days(1));
    // Nothing was written, and yet it is not known any more; what was known stays visible.
    assert_eq!(
        now(&app, alva),
        json!([
            "not_known",
            "2026-12-19",
            "2026-11-24",
            "2026-12-19",
            "internship"
        ])
    );
    assert_eq!(
        series(&app, alva),
        [
            json!(["internship", "2026-11-02", "2026-12-18"]),
            json!(["not_known", "2026-12-19", null])
        ]
    );
    let listed = app.get(Syv, "/youths").expect(200);
    assert!(
        listed
            .column("youths", "occupation")
            .contains(&json!("not_known"))
    );
});

with_app!(a_fact_about_the_past_cuts_the_series_anew, |app| {
    let alva = app.world.alva;
    record(&app, Syv, alva, json!({"kind": "work", "startsOn": "2026-01-10", "asOfOn": "2026-03-01", "source": "youth"})).expect(201);
    let none = record(&app, Syv, alva, seen("none", "2026-11-01"))
        .expect(201)
        .id();
    assert_eq!(
        series(&app, alva),
        [
            json!(["work", "2026-01-10", "2026-08-27"]),
            json!(["not_known", "2026-08-28", "2026-10-31"]),
            json!(["none", "2026-11-01", null])
        ]
    );
    let past = json!({"kind": "studies", "startsOn": "2026-06-01", "expectedEndOn": "2026-07-01", "asOfOn": "2026-11-20", "source": "school"});
    let past = record(&app, Socionom, alva, past).expect(201);
    assert_eq!(
        series(&app, alva),
        [
            json!(["work", "2026-01-10", "2026-05-31"]),
            json!(["studies", "2026-06-01", "2026-06-30"]),
            json!(["not_known", "2026-07-01", "2026-10-31"]),
            json!(["none", "2026-11-01", null])
        ]
    );
    assert_eq!(
        now(&app, alva)[0],
        "none",
        "the past does not change the present"
    );
    // Taken back with a reason, it counts as if it had never been made; nothing is deleted.
    let path = format!("/occupations/{}", past.id());
    assert_eq!(
        app.patch(Socionom, &path, 1, json!({"isVoid": true}))
            .problem(422, "validation-failed"),
        one("/isVoid", "needs-other")
    );
    assert_eq!(
        app.patch(Socionom, &path, 1, json!({"voidReason": "fel"}))
            .problem(422, "validation-failed"),
        one("/voidReason", "needs-other")
    );
    let void = json!({"isVoid": true, "voidReason": "Skolan förväxlade två elever."});
    app.patch(Socionom, &path, 1, void).expect(200);
    assert_eq!(series(&app, alva).len(), 3);
    app.patch(
        Syv,
        &format!("/occupations/{none}"),
        1,
        json!({"isVoid": true, "voidReason": "Fel."}),
    )
    .expect(200);
    assert_eq!(now(&app, alva)[0], "not_known");
    let listed = app
        .get(Syv, &format!("/youths/{alva}/occupations"))
        .expect(200);
    assert_eq!(
        listed.column("occupations", "isVoid"),
        [json!(true), json!(true), json!(false)]
    );
    let kept: i64 = record_versions::table
        .filter(record_versions::resource.eq("occupations"))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 5, "every version is kept");
});

with_app!(
    a_contact_records_the_occupation_and_its_correction_corrects_it,
    |app| {
        let alva = app.world.alva;
        let contacts = format!("/youths/{alva}/contacts");
        let body = json!({"channel": "phone", "result": "reached", "metWho": "guardian", "occupation": "studies", "occurredAt": "2026-11-20T09:00:00Z"});
        let contact = app.post(Ambassador, &contacts, body).expect(201).id();
        let event = app.db_last_event("logContact");
        assert!(
            event
                .subjects
                .iter()
                .any(|(youth, kind, _)| (*youth, kind.as_str()) == (Some(alva), "occupations"))
        );
        let told = |app: &TestApp| -> Value {
            app.get(Syv, &format!("/youths/{alva}/occupations"))
                .expect(200)
                .body["occupations"][0]
                .clone()
        };
        let first = told(&app);
        assert_eq!(
            json!([
                first["kind"],
                first["asOfOn"],
                first["source"],
                first["contactId"],
                first["recordedBy"],
                first["isVoid"]
            ]),
            json!([
                "studies",
                "2026-11-20",
                "guardian",
                contact,
                app.world.user(Ambassador),
                false
            ])
        );
        assert_eq!(now(&app, alva)[0], "studies");
        let path = format!("/contacts/{contact}");
        // The note alone changes nothing of it.
        app.patch(Ambassador, &path, 1, json!({"note": "Ringde mamman."}))
            .expect(200);
        assert_eq!(told(&app)["version"], 1);
        app.patch(
            Ambassador,
            &path,
            2,
            json!({"occupation": "work", "metWho": "youth"}),
        )
        .expect(200);
        assert_eq!(
            json!([
                told(&app)["kind"],
                told(&app)["source"],
                told(&app)["version"]
            ]),
            json!(["work", "youth", 2])
        );
        assert_eq!(now(&app, alva)[0], "work");
        app.patch(Ambassador, &path, 3, json!({"occupation": null}))
            .expect(200);
        assert_eq!(told(&app)["isVoid"], true);
        assert_eq!(now(&app, alva)[0], Value::Null);
        app.patch(Ambassador, &path, 4, json!({"occupation": "none"}))
            .expect(200);
        assert_eq!(
            json!([
                told(&app)["kind"],
                told(&app)["isVoid"],
                told(&app)["voidReason"]
            ]),
            json!(["none", false, null])
        );
        // What the contact said is not changed beside it; what it did not say is completed.
        let observation = format!("/occupations/{}", told(&app)["id"].as_str().unwrap());
        for (change, pointer) in [
            (json!({"kind": "work"}), "/kind"),
            (json!({"asOfOn": "2026-11-21"}), "/asOfOn"),
            (json!({"source": "school"}), "/source"),
        ] {
            assert_eq!(
                app.patch(Syv, &observation, 4, change)
                    .problem(422, "validation-failed"),
                one(pointer, "told-by-contact")
            );
        }
        app.patch(Syv, &observation, 4, json!({"startsOn": "2026-09-01"}))
            .expect(200);
        assert_eq!(now(&app, alva)[1], "2026-09-01");
        // An attempt tells nothing, and nobody is reached and not reached.
        let attempt = json!({"channel": "sms", "result": "no_answer"});
        app.post(Syv, &contacts, attempt).expect(201);
        let both = json!({"channel": "sms", "result": "reached", "occupation": "not_reached"});
        assert_eq!(
            app.post(Syv, &contacts, both)
                .problem(422, "validation-failed"),
            one("/occupation", "not-with-other")
        );
        let count = app
            .get(Syv, &format!("/youths/{alva}/occupations"))
            .expect(200);
        assert_eq!(count.column("occupations", "id").len(), 1);
        assert!(
            app.get(Ambassador, &format!("/youths/{alva}"))
                .expect(200)
                .body
                .get("occupation")
                .is_none()
        );
    }
);

with_app!(impossible_occupations_are_refused_by_name, |app| {
    let alva = app.world.alva;
    for (change, pointer, code) in [
        (json!({"kind": "unknown"}), "/kind", "not-in-list"),
        (json!({"kind": null}), "/kind", "required"),
        (json!({"source": null}), "/source", "required"),
        (json!({"source": "rumour"}), "/source", "not-in-list"),
        (json!({"asOfOn": "2026-11-25"}), "/asOfOn", "in-future"),
        (
            json!({"startsOn": "2026-11-21"}),
            "/asOfOn",
            "wrong-date-order",
        ),
        (
            json!({"startsOn": "2008-12-31"}),
            "/startsOn",
            "before-birth",
        ),
        (
            json!({"expectedEndOn": "2026-11-01"}),
            "/expectedEndOn",
            "needs-other",
        ),
        (
            json!({"startsOn": "2026-11-01", "expectedEndOn": "2026-11-01"}),
            "/expectedEndOn",
            "wrong-date-order",
        ),
        (
            json!({"kind": "not_known", "expectedEndOn": "2026-12-01"}),
            "/expectedEndOn",
            "not-with-other",
        ),
        (json!({"place": "x".repeat(201)}), "/place", "too-long"),
        (json!({"isVoid": false}), "/isVoid", "not-at-first"),
        (json!({"mood": "low"}), "/mood", "unknown-field"),
    ] {
        let mut body = seen("work", "2026-11-20");
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(
            record(&app, Syv, alva, body).problem(422, "validation-failed"),
            one(pointer, code)
        );
    }
    for derived in ["validUntil", "contactId"] {
        let mut body = seen("work", "2026-11-20");
        body[derived] = json!("2030-01-01");
        record(&app, Syv, alva, body).problem(403, "forbidden-field");
    }
    record(&app, Syv, app.world.olle, seen("work", "2026-11-20")).problem(409, "no-open-episode");
});

with_app!(
    who_recorded_it_or_answers_for_the_youth_corrects_it,
    |app| {
        let alva = app.world.alva;
        let made = record(&app, Ungdomskonsulent, alva, seen("work", "2026-11-20")).expect(201);
        let path = format!("/occupations/{}", made.id());
        let place = json!({"place": "Coop"});
        app.patch(Socionom, &path, 1, place.clone())
            .problem(403, "forbidden");
        app.send(Syv, "PATCH", &path, &[], Some(place.clone()))
            .problem(428, "version-required");
        app.patch(Ungdomskonsulent, &path, 1, place.clone())
            .expect(200);
        let stale = app.patch(Syv, &path, 1, place.clone());
        assert_eq!(stale.header("etag"), Some("\"2\""));
        stale.problem(412, "stale-version");
        app.patch(Syv, &path, 2, json!({"place": "ICA"}))
            .expect(200);
        assert_eq!(app.get(Enhetschef, &path).expect(200).body["place"], "ICA");
        for persona in [Enhetschef, Ambassador, Administrator, Loggranskare] {
            app.patch(persona, &path, 3, place.clone())
                .problem(403, "forbidden");
            record(&app, persona, alva, seen("work", "2026-11-20")).problem(403, "forbidden");
        }
        let send = |body: Value| {
            let headers = [("Idempotency-Key", "syss-1")];
            app.send(
                Syv,
                "POST",
                &format!("/youths/{alva}/occupations"),
                &headers,
                Some(body),
            )
        };
        let first = send(seen("none", "2026-11-23")).expect(201);
        assert_eq!(
            send(seen("none", "2026-11-23")).expect(201).body,
            first.body
        );
        send(seen("work", "2026-11-23")).problem(422, "idempotency-key-reused");
    }
);

with_app!(strangers_find_no_occupation, |app| {
    let world = &app.world;
    let missing = app
        .get(
            Syv,
            &format!("/occupations/{}", Id::<OccupationObservation>::fresh()),
        )
        .expect(404);
    let body = json!({"kind": "work", "source": "youth", "place": "Coop Ör"});
    let alva = record(&app, Syv, world.alva, body.clone()).expect(201).id();
    let pia = record(&app, Socionom, world.pia, body.clone())
        .expect(201)
        .id();
    let dag = record(&app, SyvElsewhere, world.dag, body).expect(201).id();
    for (persona, id) in [
        (SyvElsewhere, &alva),
        (EnhetschefElsewhere, &alva),
        (Syv, &pia),
        (Ungdomskonsulent, &pia),
        (SocionomStranger, &pia),
        (Enhetschef, &dag),
    ] {
        let path = format!("/occupations/{id}");
        assert_eq!(
            app.get(persona, &path).without_instance(),
            missing.without_instance()
        );
    }
    for youth in [world.pia, world.dag] {
        for below in ["occupations", "occupation-spells"] {
            let hidden = app.get(Syv, &format!("/youths/{youth}/{below}"));
            assert_eq!(hidden.without_instance(), missing.without_instance());
        }
        assert_eq!(
            record(&app, Syv, youth, seen("work", "2026-11-20")).without_instance(),
            missing.without_instance()
        );
    }
    // Where somebody with a protected identity works is closed like the address.
    let path = format!("/occupations/{pia}");
    assert!(
        app.get(Socionom, &path)
            .expect(200)
            .body
            .get("place")
            .is_none()
    );
    let reason = json!({"purpose": "protected_address", "reason": "Ska kontakta arbetsgivaren.", "minutes": 10});
    app.post(
        Socionom,
        &format!("/youths/{}/access-grants", world.pia),
        reason,
    )
    .expect(201);
    assert_eq!(
        app.get(Socionom, &path).expect(200).body["place"],
        "Coop Ör"
    );
    assert!(app.db_last_event("readOccupation").is_break_glass);
    for persona in [Ambassador, Loggranskare, Administrator] {
        for path in [
            format!("/occupations/{alva}"),
            "/occupations/lapsing".to_owned(),
            format!("/youths/{}/occupations", world.alva),
            format!("/youths/{}/occupation-spells", world.alva),
        ] {
            app.get(persona, &path).problem(403, "forbidden");
        }
    }
});

with_app!(what_lapses_stands_on_a_list_the_soonest_first, |app| {
    let (alva, bo, pia) = (app.world.alva, app.world.bo, app.world.pia);
    let lapsing = |persona, query: &str| {
        app.get(persona, &format!("/occupations/lapsing{query}"))
            .expect(200)
            .column("youths", "id")
    };
    assert_eq!(lapsing(Syv, ""), Vec::<Value>::new());
    // None counts 60 days: it has lapsed. The placement ends in two weeks. Work counts for months.
    record(&app, Syv, bo, seen("none", "2026-09-10")).expect(201);
    let placement = json!({"kind": "internship", "source": "youth", "expectedEndOn": "2026-12-08"});
    record(&app, Syv, alva, placement).expect(201);
    record(&app, Socionom, pia, seen("none", "2026-09-10")).expect(201);
    assert_eq!(lapsing(Syv, ""), [json!(bo), json!(alva)]);
    assert_eq!(lapsing(Syv, "?limit=1"), [json!(bo)]);
    assert_eq!(
        lapsing(Syv, "?before=2026-12-08"),
        [json!(bo)],
        "before the day, itself not included"
    );
    assert_eq!(
        lapsing(Enhetschef, "?before=2026-12-09"),
        [json!(bo), json!(alva)]
    );
    let mine = format!("?handlerId={}", app.world.user(Syv));
    assert_eq!(lapsing(Syv, &mine), [json!(alva)]);
    assert_eq!(lapsing(SyvElsewhere, ""), Vec::<Value>::new());
    assert_eq!(
        lapsing(Socionom, ""),
        [json!(bo), json!(alva)],
        "a protected identity is in nobody's list"
    );
    app.get(Syv, "/occupations/lapsing?before=snart")
        .problem(400, "invalid-parameter");
    let first = app.get(Syv, "/occupations/lapsing?limit=1").expect(200);
    let next = app.get(Syv, first.next().unwrap()).expect(200);
    assert_eq!(next.column("youths", "id"), [json!(alva)]);
    record(&app, Syv, bo, seen("not_reached", "2026-11-24")).expect(201);
    assert_eq!(lapsing(Syv, ""), [json!(alva)], "it was asked again");
    close(&app, Syv, app.world.alva_episode, 1, way_out()).expect(200);
    assert_eq!(
        lapsing(Syv, ""),
        Vec::<Value>::new(),
        "the episode has ended"
    );
});
