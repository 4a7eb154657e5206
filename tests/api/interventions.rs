//! Interventions over HTTP: offered, answered, started, ended, and the gate that says nothing of its reason.

use crate::episodes::{close, way_out};
use crate::support::app::{Answer, TestApp};
use crate::support::world::Persona;
use crate::support::world::Persona::{
    Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::with_app;
use diesel::prelude::*;
use kaa::db::schema::{interventions, measure_gates};
use kaa::domain::codes::{Code, Measure};
use kaa::domain::id::{Id, Intervention, Youth};
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn of_kind(kind: &str) -> Value {
    json!({"kind": kind, "responsibleParty": "municipality"})
}

fn offer(app: &TestApp, persona: Persona, youth: Id<Youth>, body: Value) -> Answer {
    app.post(persona, &format!("/youths/{youth}/interventions"), body)
}

fn db_gate(app: &TestApp, youth: Id<Youth>, may_start: bool) {
    let since: chrono::NaiveDate = "2026-11-20".parse().unwrap();
    diesel::delete(measure_gates::table.find(youth))
        .execute(&mut app.db())
        .unwrap();
    diesel::insert_into(measure_gates::table)
        .values((
            measure_gates::youth_id.eq(youth),
            measure_gates::may_start.eq(may_start),
            measure_gates::since_on.eq(since),
        ))
        .execute(&mut app.db())
        .unwrap();
}

with_app!(an_offer_is_answered_begun_and_ended, |app| {
    let alva = app.world.alva;
    let body = json!({
        "kind": "work_placement", "responsibleParty": "other_actor", "provider": "Coop Hallonbergen",
        "goal": "Prova på butik\ntre dagar i veckan",
        "followUps": [{"dueOn": "2026-12-18"}, {"dueOn": "2026-12-04", "isAtHost": true}]
    });
    let made = offer(&app, Syv, alva, body).expect(201);
    assert_eq!(made.body["offeredOn"], "2026-11-24");
    assert_eq!(made.body["answer"], "offered");
    assert_eq!(made.body["episodeId"], json!(app.world.alva_episode));
    assert_eq!(made.body["createdBy"], json!(app.world.user(Syv)));
    assert_eq!(
        made.body["followUps"],
        json!([
            {"dueOn": "2026-12-04", "doneOn": null, "isAtHost": true},
            {"dueOn": "2026-12-18", "doneOn": null, "isAtHost": false}
        ])
    );
    assert!(
        made.header("location")
            .unwrap()
            .ends_with(&format!("/interventions/{}", made.id()))
    );
    let event = app.db_last_event("offerIntervention");
    assert_eq!(event.subjects[0].0, Some(alva));
    let path = format!("/interventions/{}", made.id());
    app.send(Syv, "PATCH", &path, &[], Some(json!({})))
        .problem(428, "version-required");
    let said_yes = app
        .patch(Ungdomskonsulent, &path, 1, json!({"answer": "accepted"}))
        .expect(200);
    assert_eq!(
        said_yes.body["answeredOn"], "2026-11-24",
        "today, if no day is told"
    );
    let stale = app.patch(Socionom, &path, 1, json!({"answer": "declined"}));
    assert_eq!(stale.header("etag"), Some("\"2\""));
    stale.problem(412, "stale-version");
    app.patch(Syv, &path, 2, json!({"startedOn": "2026-11-24"}))
        .expect(200);
    let ended = app
        .patch(
            Socionom,
            &path,
            3,
            json!({"endedOn": "2026-11-24", "endReason": "completed", "goal": null}),
        )
        .expect(200);
    assert_eq!(ended.version(), 4);
    assert!(ended.body["goal"].is_null());
    assert_eq!(ended.body["followUps"].as_array().unwrap().len(), 2);
    // Follow-ups are sent whole; one is done (at the host, as it was said), one is dropped, one is new.
    let plan = json!({"followUps": [{"dueOn": "2026-12-04", "doneOn": "2026-11-24"}, {"dueOn": "2027-01-15"}]});
    let planned = app.patch(Syv, &path, 4, plan).expect(200);
    assert_eq!(
        planned.body["followUps"],
        json!([
            {"dueOn": "2026-12-04", "doneOn": "2026-11-24", "isAtHost": true},
            {"dueOn": "2027-01-15", "doneOn": null, "isAtHost": false}
        ])
    );
    assert_eq!(app.get(Enhetschef, &path).expect(200).body, planned.body);
});

with_app!(impossible_orders_are_refused_by_name, |app| {
    let alva = app.world.alva;
    let full = json!({"kind": "talks", "responsibleParty": "youth", "offeredOn": "2026-09-10", "answer": "accepted",
        "answeredOn": "2026-09-12", "startedOn": "2026-09-15", "endedOn": "2026-10-15", "endReason": "completed"});
    for (change, pointer, code) in [
        (
            json!({"offeredOn": "2026-08-31"}),
            "/offeredOn",
            "before-episode",
        ),
        (
            json!({"offeredOn": "2026-11-25"}),
            "/offeredOn",
            "in-future",
        ),
        (
            json!({"answeredOn": "2026-09-09"}),
            "/answeredOn",
            "wrong-date-order",
        ),
        (
            json!({"startedOn": "2026-09-11"}),
            "/startedOn",
            "wrong-date-order",
        ),
        (
            json!({"endedOn": "2026-09-14"}),
            "/endedOn",
            "wrong-date-order",
        ),
        (
            json!({"startedOn": "2026-12-01", "endedOn": null, "endReason": null}),
            "/startedOn",
            "in-future",
        ),
        (json!({"answer": "declined"}), "/startedOn", "not-accepted"),
        (
            json!({"answer": "offered"}),
            "/answeredOn",
            "not-with-other",
        ),
        (json!({"startedOn": null}), "/endedOn", "needs-other"),
        (json!({"endReason": null}), "/endedOn", "needs-other"),
        (json!({"endedOn": null}), "/endReason", "needs-other"),
        (
            json!({"endReason": "turned_20"}),
            "/endReason",
            "turned-20-early",
        ),
        (json!({"kind": "sällskap"}), "/kind", "not-in-list"),
        (
            json!({"responsibleParty": null}),
            "/responsibleParty",
            "required",
        ),
        (
            json!({"episodeId": app.world.bo_episode}),
            "/episodeId",
            "no-such-record",
        ),
        (
            json!({"provider": "x".repeat(201)}),
            "/provider",
            "too-long",
        ),
        (
            json!({"followUps": [{"doneOn": "2026-10-01"}]}),
            "/followUps/0/dueOn",
            "required",
        ),
        (
            json!({"followUps": [{"dueOn": "2026-10-01"}, {"dueOn": "2026-10-01"}]}),
            "/followUps/1/dueOn",
            "taken",
        ),
        (
            json!({"followUps": [{"dueOn": "2026-10-01", "doneOn": "2026-11-25"}]}),
            "/followUps/0/doneOn",
            "in-future",
        ),
        (json!({"minutes": 5}), "/minutes", "unknown-field"),
    ] {
        let problems =
            offer(&app, Syv, alva, with(full.clone(), change)).problem(422, "validation-failed");
        assert!(
            problems.contains(&(pointer.to_owned(), code.to_owned())),
            "{pointer} {code} in {problems:?}"
        );
    }
    let answer = app.send(
        Syv,
        "POST",
        &format!("/youths/{alva}/interventions"),
        &[("Accept-Language", "en")],
        Some(with(full.clone(), json!({"startedOn": "2026-09-11"}))),
    );
    assert_eq!(
        answer.body["errors"][0]["detail"],
        "The date cannot be before answeredOn."
    );
    let made = offer(&app, Syv, alva, full).expect(201);
    // The same rules hold for a change, by the record as it would be.
    let path = format!("/interventions/{}", made.id());
    assert_eq!(
        app.patch(Syv, &path, 1, json!({"answeredOn": "2026-09-16"}))
            .problem(422, "validation-failed"),
        one("/startedOn", "wrong-date-order")
    );
    for (change, pointer, code) in [
        (json!({"kind": "wellness"}), "/kind", "immutable"),
        (
            json!({"episodeId": app.world.bo_episode}),
            "/episodeId",
            "immutable",
        ),
        (json!({"offeredOn": null}), "/offeredOn", "required"),
        (json!({"answer": null}), "/answer", "required"),
    ] {
        assert_eq!(
            app.patch(Syv, &path, 1, change)
                .problem(422, "validation-failed"),
            one(pointer, code)
        );
    }
});

with_app!(the_konsulent_writes_work_and_placement, |app| {
    let alva = app.world.alva;
    let works = ["job_search_help", "work_placement", "subsidised_employment"];
    for &kind in Measure::ALL {
        let answer = offer(&app, Ungdomskonsulent, alva, of_kind(kind.code()));
        if works.contains(&kind.code()) {
            answer.expect(201);
        } else {
            assert_eq!(
                answer.problem(403, "forbidden-field"),
                one("/kind", "not-open-to-role")
            );
        }
    }
    let talks = offer(&app, Syv, alva, of_kind("talks")).expect(201).id();
    let path = format!("/interventions/{talks}");
    for change in [
        json!({"answer": "accepted"}),
        json!({"kind": "work_placement"}),
    ] {
        assert_eq!(
            app.patch(Ungdomskonsulent, &path, 1, change)
                .problem(403, "forbidden-field"),
            one("/kind", "not-open-to-role")
        );
    }
    let placement = offer(&app, Ungdomskonsulent, alva, of_kind("work_placement"))
        .expect(201)
        .id();
    let path = format!("/interventions/{placement}");
    app.patch(Ungdomskonsulent, &path, 1, json!({"kind": "talks"}))
        .problem(403, "forbidden-field");
    app.patch(
        Ungdomskonsulent,
        &path,
        1,
        json!({"kind": "job_search_help"}),
    )
    .expect(200);
    // The chief reads; nobody but the team writes.
    app.get(Enhetschef, &path).expect(200);
    for persona in [Enhetschef, Ambassador, Loggranskare] {
        offer(&app, persona, alva, of_kind("talks")).problem(403, "forbidden");
        app.patch(persona, &path, 2, json!({"answer": "accepted"}))
            .problem(403, "forbidden");
    }
});

with_app!(while_the_gate_is_closed_only_three_measures_begin, |app| {
    let alva = app.world.alva;
    let begun = json!({"offeredOn": "2026-09-10", "answer": "accepted", "answeredOn": "2026-09-10", "startedOn": "2026-09-10"});
    let before = offer(&app, Syv, alva, with(of_kind("wellness"), begun.clone()))
        .expect(201)
        .id();
    let agreed = offer(
        &app,
        Syv,
        alva,
        with(of_kind("komvux_studies"), json!({"answer": "accepted"})),
    )
    .expect(201)
    .id();
    db_gate(&app, alva, false);
    let always = [
        "talks",
        "study_career_guidance",
        "authority_contact_support",
    ];
    let mut refusals = Vec::new();
    for &kind in Measure::ALL {
        // A start dated before the gate was closed does not slip past it.
        let answer = offer(&app, Syv, alva, with(of_kind(kind.code()), begun.clone()));
        if always.contains(&kind.code()) {
            answer.expect(201);
        } else {
            refusals.push(answer.without_instance());
            assert_eq!(answer.problem(409, "measures-not-open"), []);
        }
    }
    refusals.dedup();
    assert_eq!(
        refusals.len(),
        1,
        "the refusal is the same whatever is asked"
    );
    let text = refusals[0].to_string().to_lowercase();
    for telling in [
        "drog",
        "missbruk",
        "ohälsa",
        "sjuk",
        "alva",
        "2026-11-20",
        "skyddad",
        "sekretess",
    ] {
        assert!(!text.contains(telling), "{telling} in {text}");
    }
    let path = format!("/interventions/{agreed}");
    for persona in [Syv, Socionom] {
        app.patch(persona, &path, 1, json!({"startedOn": "2026-11-24"}))
            .problem(409, "measures-not-open");
    }
    assert!(app.get(Syv, &path).expect(200).body["startedOn"].is_null());
    // Offering and answering go on, and what had begun may end.
    let offered = offer(&app, Syv, alva, of_kind("work_placement"))
        .expect(201)
        .id();
    app.patch(
        Ungdomskonsulent,
        &format!("/interventions/{offered}"),
        1,
        json!({"answer": "accepted"}),
    )
    .expect(200);
    let other = offer(
        &app,
        Syv,
        alva,
        with(of_kind("talks"), json!({"answer": "accepted"})),
    )
    .expect(201)
    .id();
    let other = format!("/interventions/{other}");
    app.patch(
        Syv,
        &other,
        1,
        json!({"kind": "wellness", "startedOn": "2026-11-24"}),
    )
    .problem(409, "measures-not-open");
    app.patch(Syv, &other, 1, json!({"startedOn": "2026-11-24"}))
        .expect(200);
    assert_eq!(
        app.patch(Syv, &other, 2, json!({"kind": "wellness"}))
            .problem(422, "validation-failed"),
        one("/kind", "immutable")
    );
    let before = format!("/interventions/{before}");
    app.patch(
        Syv,
        &before,
        1,
        json!({"endedOn": "2026-11-24", "endReason": "ended_by_provider"}),
    )
    .expect(200);
    db_gate(&app, alva, true);
    app.patch(Syv, &path, 1, json!({"startedOn": "2026-11-24"}))
        .expect(200);
});

with_app!(an_offer_belongs_to_an_open_episode, |app| {
    let (alva, olle) = (app.world.alva, app.world.olle);
    offer(&app, Syv, olle, of_kind("talks")).problem(409, "no-open-episode");
    for track in ["kaa", "outreach_20_25"] {
        app.post(
            Syv,
            &format!("/youths/{olle}/episodes"),
            json!({"track": track, "reason": "unknown"}),
        )
        .expect(201);
    }
    assert_eq!(
        offer(&app, Syv, olle, of_kind("talks")).problem(422, "validation-failed"),
        one("/episodeId", "required")
    );
    let episodes = app
        .get(Syv, &format!("/youths/{olle}/episodes"))
        .expect(200)
        .column("episodes", "id");
    let named = with(of_kind("talks"), json!({"episodeId": episodes[1]}));
    assert_eq!(
        offer(&app, Syv, olle, named).expect(201).body["episodeId"],
        episodes[1]
    );
    let made = offer(
        &app,
        Syv,
        alva,
        with(of_kind("talks"), json!({"offeredOn": "2026-10-01"})),
    )
    .expect(201)
    .id();
    close(&app, Syv, app.world.alva_episode, 1, way_out()).expect(200);
    let closed = with(
        of_kind("talks"),
        json!({"episodeId": app.world.alva_episode, "offeredOn": "2026-10-01"}),
    );
    offer(&app, Syv, alva, closed).problem(409, "episode-closed");
    app.patch(
        Syv,
        &format!("/interventions/{made}"),
        2,
        json!({"answer": "accepted"}),
    )
    .problem(409, "episode-closed");
});

with_app!(strangers_find_no_intervention, |app| {
    let world = &app.world;
    let missing = app
        .get(
            Syv,
            &format!("/interventions/{}", Id::<Intervention>::fresh()),
        )
        .expect(404);
    let alva = offer(&app, Syv, world.alva, of_kind("talks"))
        .expect(201)
        .id();
    let pia = offer(&app, Socionom, world.pia, of_kind("talks"))
        .expect(201)
        .id();
    let dag = offer(&app, SyvElsewhere, world.dag, of_kind("talks"))
        .expect(201)
        .id();
    for (persona, id) in [
        (SyvElsewhere, &alva),
        (EnhetschefElsewhere, &alva),
        (Syv, &pia),
        (Ungdomskonsulent, &pia),
        (SocionomStranger, &pia),
        (Enhetschef, &dag),
    ] {
        let path = format!("/interventions/{id}");
        assert_eq!(
            app.get(persona, &path).without_instance(),
            missing.without_instance()
        );
        if !matches!(persona, Enhetschef | EnhetschefElsewhere) {
            let changed = app.patch(persona, &path, 1, json!({"answer": "accepted"}));
            assert_eq!(changed.without_instance(), missing.without_instance());
        }
    }
    for youth in [world.pia, world.dag] {
        for hidden in [
            app.get(Syv, &format!("/youths/{youth}/interventions")),
            offer(&app, Syv, youth, of_kind("talks")),
        ] {
            assert_eq!(hidden.without_instance(), missing.without_instance());
        }
    }
    for persona in [Ambassador, AmbassadorStranger, Loggranskare] {
        for path in [
            format!("/interventions/{alva}"),
            "/interventions".to_owned(),
            format!("/youths/{}/interventions", world.alva),
        ] {
            app.get(persona, &path).problem(403, "forbidden");
        }
    }
    let listed = |persona, path: &str| {
        app.get(persona, path)
            .expect(200)
            .column("interventions", "id")
    };
    assert_eq!(
        listed(Socionom, &format!("/youths/{}/interventions", world.pia)),
        [json!(pia)]
    );
    assert_eq!(
        listed(Enhetschef, &format!("/youths/{}/interventions", world.pia)),
        [json!(pia)]
    );
    let every: Vec<(Id<Intervention>, Id<Youth>)> = interventions::table
        .select((interventions::id, interventions::youth_id))
        .load(&mut app.db())
        .unwrap();
    for persona in [
        Syv,
        Ungdomskonsulent,
        Socionom,
        SocionomStranger,
        Enhetschef,
        SyvElsewhere,
    ] {
        let readable: Vec<Value> = every
            .iter()
            .filter(|(_, youth)| *youth != world.pia)
            .filter(|(id, _)| app.get(persona, &format!("/interventions/{id}")).status == 200)
            .map(|(id, _)| json!(id))
            .collect();
        assert_eq!(listed(persona, "/interventions"), readable, "{persona:?}");
    }
});

with_app!(
    lists_of_interventions_are_narrowed_by_what_may_be_read,
    |app| {
        let (alva, bo) = (app.world.alva, app.world.bo);
        let on = |day: &str| json!({"offeredOn": day});
        let open = offer(&app, Syv, alva, with(of_kind("talks"), on("2026-10-01")))
            .expect(201)
            .id();
        let declined = offer(
            &app,
            Syv,
            alva,
            with(
                of_kind("wellness"),
                json!({"offeredOn": "2026-10-02", "answer": "declined"}),
            ),
        )
        .expect(201)
        .id();
        let of_bo = offer(&app, Syv, bo, with(of_kind("talks"), on("2026-10-03")))
            .expect(201)
            .id();
        let listed = |path: &str| app.get(Syv, path).expect(200).column("interventions", "id");
        assert_eq!(
            listed("/interventions"),
            [json!(of_bo), json!(declined), json!(open)]
        );
        assert_eq!(listed("/interventions?kind=talks&limit=1"), [json!(of_bo)]);
        assert_eq!(listed("/interventions?answer=declined"), [json!(declined)]);
        assert_eq!(
            listed("/interventions?isOpen=true"),
            [json!(of_bo), json!(open)]
        );
        assert_eq!(
            listed(&format!("/youths/{alva}/interventions?isOpen=false")),
            [json!(declined)]
        );
        let bo_out = json!({"exitedOn": "2026-11-20", "deregistrationReason": "own_wish", "destination": "other"});
        close(&app, Syv, app.world.bo_episode, 1, bo_out).expect(200);
        assert_eq!(listed("/interventions?isOpen=true"), [json!(open)]);
        for wrong in ["kind=x", "answer=ja", "isOpen=ja", "goal=x"] {
            app.get(Syv, &format!("/interventions?{wrong}"))
                .problem(400, "invalid-parameter");
        }
    }
);

with_app!(the_same_offer_counts_once, |app| {
    let path = format!("/youths/{}/interventions", app.world.alva);
    let send = |body: Value| {
        app.send(
            Syv,
            "POST",
            &path,
            &[("Idempotency-Key", "erbjud-1")],
            Some(body),
        )
    };
    let first = send(of_kind("talks")).expect(201);
    assert_eq!(send(of_kind("talks")).expect(201).body, first.body);
    send(of_kind("wellness")).problem(422, "idempotency-key-reused");
    assert_eq!(
        app.get(Syv, &path)
            .expect(200)
            .column("interventions", "id")
            .len(),
        1
    );
});
