//! Education contracts over HTTP: made in the outreach, with the youth and somebody else, signed, followed up and ended.

use crate::episodes::close;
use crate::support::app::{Answer, TestApp};
use crate::support::world::Persona;
use crate::support::world::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
    SyvElsewhere, Ungdomskonsulent,
};
use crate::with_app;
use diesel::prelude::*;
use kaa::db::schema::record_versions;
use kaa::domain::id::{EducationContract, Id, Youth};
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn make(app: &TestApp, persona: Persona, youth: Id<Youth>, body: Value) -> Answer {
    app.post(
        persona,
        &format!("/youths/{youth}/education-contracts"),
        body,
    )
}

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn contract() -> Value {
    json!({
        "parties": [
            {"kind": "youth", "name": "Bo Åkesson", "undertaking": "Studera på heltid."},
            {"kind": "municipality", "name": "Unga vuxna", "undertaking": "Vägledning varje månad."}
        ],
        "courses": [{"name": "Matematik 1b", "code": "MATMAT01b", "provider": "Komvux", "startsOn": "2027-01-11", "endsOn": "2027-06-09", "points": 100}],
        "startsOn": "2027-01-11", "endsOn": "2028-06-09",
        "followUps": [{"dueOn": "2027-06-15"}, {"dueOn": "2027-03-01"}]
    })
}

with_app!(a_contract_is_made_signed_followed_up_and_ended, |app| {
    let bo = app.world.bo;
    let made = make(&app, Syv, bo, contract()).expect(201);
    assert_eq!(made.body["episodeId"], json!(app.world.bo_episode));
    assert_eq!(made.body["parties"], contract()["parties"]);
    assert_eq!(made.body["courses"], contract()["courses"]);
    assert_eq!(made.body["followUps"][0]["dueOn"], "2027-03-01");
    let event = app.db_last_event("createEducationContract");
    assert_eq!(
        (event.subjects[0].0, event.subjects[0].1.as_str()),
        (Some(bo), "educationContracts")
    );
    let path = format!("/education-contracts/{}", made.id());
    app.send(Syv, "PATCH", &path, &[], Some(json!({})))
        .problem(428, "version-required");
    let signed = app
        .patch(Socionom, &path, 1, json!({"signedOn": "2026-11-24"}))
        .expect(200);
    assert_eq!(signed.body["courses"], contract()["courses"]);
    let stale = app.patch(Syv, &path, 1, json!({"signedOn": null}));
    assert_eq!(stale.header("etag"), Some("\"2\""));
    stale.problem(412, "stale-version");
    let ended = json!({"endedOn": "2026-11-24", "endReason": "ended_by_youth", "followUps": [{"dueOn": "2027-03-01", "doneOn": "2026-11-24"}]});
    let ended = app.patch(Syv, &path, 2, ended).expect(200);
    assert_eq!(
        ended.body["followUps"],
        json!([{"dueOn": "2027-03-01", "doneOn": "2026-11-24"}])
    );
    let listed = app
        .get(Enhetschef, &format!("/youths/{bo}/education-contracts"))
        .expect(200);
    assert_eq!(
        listed.column("educationContracts", "id"),
        [json!(made.id())]
    );
    let kept: i64 = record_versions::table
        .filter(record_versions::resource.eq("educationContracts"))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 3);
    let send = || {
        let headers = [("Idempotency-Key", "kontrakt-1")];
        app.send(
            Syv,
            "POST",
            &format!("/youths/{bo}/education-contracts"),
            &headers,
            Some(contract()),
        )
    };
    assert_eq!(send().expect(201).body, send().expect(201).body);
});

with_app!(a_contract_that_is_none_is_refused_by_field, |app| {
    let bo = app.world.bo;
    let youth = &contract()["parties"][0];
    for (change, pointer, code) in [
        (json!({"parties": null}), "/parties", "party-missing"),
        (json!({"parties": [youth]}), "/parties", "party-missing"),
        (
            json!({"parties": [{"kind": "youth", "name": "Bo"}]}),
            "/parties/0/undertaking",
            "required",
        ),
        (
            json!({"courses": [{"name": "Svenska 1", "provider": "Komvux", "startsOn": "2027-06-09", "endsOn": "2027-01-11"}]}),
            "/courses/0/endsOn",
            "wrong-date-order",
        ),
        (
            json!({"courses": [{"name": "Svenska 1", "provider": "Komvux", "startsOn": "2027-01-11", "endsOn": "2027-06-09", "points": 0}]}),
            "/courses/0/points",
            "out-of-range",
        ),
        (json!({"startsOn": null}), "/startsOn", "required"),
        (
            json!({"startsOn": "2026-08-31"}),
            "/startsOn",
            "before-episode",
        ),
        (
            json!({"startsOn": "2029-07-09", "endsOn": "2030-06-01", "followUps": []}),
            "/startsOn",
            "age-for-contract",
        ),
        (
            json!({"endsOn": "2027-01-10"}),
            "/endsOn",
            "wrong-date-order",
        ),
        (json!({"signedOn": "2026-11-25"}), "/signedOn", "in-future"),
        (json!({"endedOn": "2026-11-24"}), "/endedOn", "needs-other"),
        (
            json!({"endReason": "completed"}),
            "/endReason",
            "needs-other",
        ),
        (
            json!({"followUps": [{"dueOn": "2027-01-10"}]}),
            "/followUps/0/dueOn",
            "wrong-date-order",
        ),
        (
            json!({"followUps": [{"dueOn": "2027-03-01", "doneOn": "2026-11-25"}]}),
            "/followUps/0/doneOn",
            "in-future",
        ),
        (
            json!({"episodeId": app.world.alva_episode}),
            "/episodeId",
            "no-such-record",
        ),
        (json!({"salary": 1}), "/salary", "unknown-field"),
    ] {
        assert_eq!(
            make(&app, Syv, bo, with(contract(), change)).problem(422, "validation-failed"),
            one(pointer, code)
        );
    }
    // Of the duty no contract is made, and nobody is told an age that they may not be asked.
    make(&app, Syv, app.world.alva, contract()).problem(409, "no-open-episode");
    let named = with(contract(), json!({"episodeId": app.world.alva_episode}));
    assert_eq!(
        make(&app, Syv, app.world.alva, named).problem(422, "validation-failed"),
        one("/episodeId", "outreach-only")
    );
    // The ages are the municipality's own.
    app.patch(
        Administrator,
        "/settings",
        1,
        json!({"contractAgeFrom": 23}),
    )
    .expect(200);
    make(&app, Syv, bo, contract()).problem(422, "validation-failed");
    assert_eq!(
        app.patch(Administrator, "/settings", 2, json!({"contractAgeTo": 20}))
            .problem(422, "validation-failed"),
        one("/contractAgeTo", "out-of-range")
    );
    app.patch(
        Administrator,
        "/settings",
        2,
        json!({"contractAgeFrom": null}),
    )
    .expect(200);
    let made = make(&app, Syv, bo, contract()).expect(201);
    let bo_out = json!({"exitedOn": "2026-11-20", "deregistrationReason": "own_wish", "destination": "other"});
    close(&app, Syv, app.world.bo_episode, 1, bo_out).expect(200);
    let path = format!("/education-contracts/{}", made.id());
    app.patch(Syv, &path, 1, json!({"signedOn": "2026-11-24"}))
        .problem(409, "episode-closed");
});

with_app!(strangers_find_no_contract, |app| {
    let bo = app.world.bo;
    let missing = app
        .get(
            Syv,
            &format!("/education-contracts/{}", Id::<EducationContract>::fresh()),
        )
        .expect(404);
    let made = make(&app, Syv, bo, contract()).expect(201);
    let path = format!("/education-contracts/{}", made.id());
    for persona in [SyvElsewhere, EnhetschefElsewhere] {
        assert_eq!(
            app.get(persona, &path).without_instance(),
            missing.without_instance()
        );
    }
    for youth in [app.world.pia, app.world.dag] {
        let below = format!("/youths/{youth}/education-contracts");
        for hidden in [app.get(Syv, &below), make(&app, Syv, youth, contract())] {
            assert_eq!(hidden.without_instance(), missing.without_instance());
        }
    }
    for persona in [Ambassador, Loggranskare, Administrator] {
        app.get(persona, &path).problem(403, "forbidden");
        make(&app, persona, bo, contract()).problem(403, "forbidden");
    }
    for persona in [Ungdomskonsulent, Enhetschef] {
        app.get(persona, &path).expect(200);
        app.patch(persona, &path, 1, json!({"signedOn": "2026-11-24"}))
            .problem(403, "forbidden");
        make(&app, persona, bo, contract()).problem(403, "forbidden");
    }
});
