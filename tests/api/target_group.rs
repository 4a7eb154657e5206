//! Candidates and runs of the target group over HTTP and in the night: what is found, who decides, what a decision does, that
//! nothing is asked twice, and what happens on the 20th birthday. The rules are tested beside them.

use crate::facts::here;
use crate::on_both;
use crate::support::Persona::{
    Ambassador, Enhetschef, EnhetschefElsewhere, Socionom, SocionomStranger, Syv, SyvElsewhere,
    Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::{Answer, NOW};
use crate::support::world::{Persona, World};
use crate::with_app;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use kaa::clock::Clock;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::schema::{
    audit_events, episodes, interventions, target_group_candidates, target_group_runs, youths,
};
use kaa::db::store::{Store, Threads};
use kaa::domain::id::{Id, Youth};
use kaa::domain::operation::Operation;
use kaa::nightly::run_target_group;
use kaa::service::target_group_runs::run_next_batch;
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

/// Home and end of the skolplikt: with nothing else the youth is inside.
fn tell_home(app: &TestApp, youth: Id<Youth>) {
    let path = format!("/youths/{youth}");
    let version = app.get(Syv, &path).expect(200).version();
    let end =
        json!({"compulsorySchoolEndedOn": "2024-06-12", "compulsorySchoolBasis": "tenth_year"});
    app.patch(Syv, &path, version, end).expect(200);
    app.post(Syv, &format!("{path}/residences"), here("2020-01-01"))
        .expect(201);
}

fn enrol(app: &TestApp, youth: Id<Youth>, school: &str, from: &str) -> Answer {
    let programme = if school == "GY" {
        "national"
    } else {
        "unknown"
    };
    app.post(
        Syv,
        &format!("/youths/{youth}/enrolments"),
        json!({"schoolType": school, "programmeKind": programme, "startsOn": from, "source": "school"}),
    )
    .expect(201)
}

fn run(app: &TestApp, who: Persona) -> Value {
    app.post(who, "/target-group-runs", json!({}))
        .expect(201)
        .body["counts"]
        .clone()
}

fn pending(app: &TestApp, who: Persona) -> Vec<Value> {
    app.get(who, "/target-group-candidates?status=pending&limit=100")
        .expect(200)
        .body["candidates"]
        .as_array()
        .unwrap()
        .clone()
}

/// The waiting candidate of a youth.
#[track_caller]
fn candidate(app: &TestApp, who: Persona, youth: Id<Youth>) -> Value {
    let path = format!("/youths/{youth}/target-group-candidates?status=pending");
    let list = app.get(who, &path).expect(200);
    let rows = list.body["candidates"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{}", list.body);
    rows[0].clone()
}

fn decide(app: &TestApp, who: Persona, candidate: &Value, body: Value) -> Answer {
    let path = format!(
        "/target-group-candidates/{}",
        candidate["id"].as_str().unwrap()
    );
    app.patch(who, &path, candidate["version"].as_i64().unwrap(), body)
}

fn counts(changes: &[(&str, i64)]) -> Value {
    let mut counts = json!({"evaluated": 3, "enters": 0, "leaves": 0, "needsDecision": 0,
                            "outreachProposals": 0, "obsolete": 0, "closedByAge": 0});
    for (name, count) in changes {
        counts[*name] = json!(count);
    }
    counts
}

with_app!(
    a_run_finds_who_enters_leaves_and_must_be_decided_on,
    |app| {
        let (alva, olle) = (app.world.alva, app.world.olle);
        tell_home(&app, olle);
        tell_home(&app, alva);
        enrol(&app, alva, "GY", "2026-11-02");
        let first = app.post(Syv, "/target-group-runs", json!({})).expect(201);
        assert_eq!(first.body["forOn"], "2026-11-24");
        assert_eq!(
            first.body["startedBy"],
            json!(app.world.user(Syv).to_string())
        );
        assert!(first.body["finishedAt"].is_string());
        assert_eq!(
            first.body["counts"],
            counts(&[("enters", 1), ("leaves", 1)])
        );
        let enters = candidate(&app, Syv, olle);
        assert_eq!(enters["kind"], "enters");
        assert_eq!(enters["reason"], "compulsory_school_only");
        assert_eq!(enters["ruleVersion"], "KAA_2023");
        assert_eq!(enters["facts"]["residences"][0]["fromOn"], "2020-01-01");
        let leaves = candidate(&app, Syv, alva);
        assert_eq!(leaves["kind"], "leaves");
        assert_eq!(
            leaves["deregistrationReason"],
            "national_programme_or_equiv"
        );
        assert_eq!(leaves["sinceOn"], "2026-11-02");
        assert_eq!(leaves["failedPoints"], json!(["ongoing_education"]));
        // The same again finds nothing, whoever asks.
        assert_eq!(run(&app, Enhetschef), counts(&[]));
        assert_eq!(pending(&app, Syv).len(), 2);
        let filtered = app
            .get(Syv, "/target-group-candidates?kind=leaves&status=pending")
            .expect(200);
        assert_eq!(filtered.column("candidates", "id"), [leaves["id"].clone()]);
        let runs = app.get(Enhetschef, "/target-group-runs").expect(200);
        assert_eq!(runs.body["_meta"]["count"], 2);
        app.get(Enhetschef, &format!("/target-group-runs/{}", first.id()))
            .expect(200);
        let event = app.db_last_event("runTargetGroup");
        assert_eq!(event.outcome, "allowed");
        let found = app
            .db_events()
            .into_iter()
            .find(|event| event.operation == "runTargetGroup")
            .unwrap();
        for youth in [alva, olle] {
            assert!(found.subjects.iter().any(|(id, resource, fields)| {
                *id == Some(youth)
                    && resource == "targetGroupCandidates"
                    && fields.contains("facts")
            }));
        }
    }
);

with_app!(confirming_who_enters_opens_the_episode, |app| {
    let olle = app.world.olle;
    tell_home(&app, olle);
    run(&app, Syv);
    let enters = candidate(&app, Syv, olle);
    for who in [Ungdomskonsulent, Ambassador] {
        decide(&app, who, &enters, json!({"status": "confirmed"})).problem(403, "forbidden");
    }
    decide(&app, SyvElsewhere, &enters, json!({"status": "confirmed"})).problem(404, "not-found");
    let told =
        decide(&app, Syv, &enters, json!({"status": "pending"})).problem(422, "validation-failed");
    assert_eq!(told, one("/status", "not-in-list"));
    let told = decide(
        &app,
        Syv,
        &enters,
        json!({"status": "confirmed", "episode": {"enteredOn": "2026-11-25"}}),
    )
    .problem(422, "validation-failed");
    assert_eq!(told, one("/episode/enteredOn", "in-future"));
    let told = decide(
        &app,
        Syv,
        &enters,
        json!({"status": "confirmed", "closure": {}}),
    )
    .problem(422, "validation-failed");
    assert_eq!(told, one("/closure", "not-with-other"));
    let done = decide(&app, Syv, &enters, json!({"status": "confirmed"})).expect(200);
    assert_eq!(done.body["status"], "confirmed");
    assert_eq!(
        done.body["decidedBy"],
        json!(app.world.user(Syv).to_string())
    );
    let episode = app
        .get(
            Syv,
            &format!("/episodes/{}", done.body["episodeId"].as_str().unwrap()),
        )
        .expect(200);
    assert_eq!(episode.body["track"], "kaa");
    assert_eq!(episode.body["reason"], "compulsory_school_only");
    assert_eq!(episode.body["enteredOn"], "2026-11-24");
    // The one who comes second is told, and nothing is decided twice.
    decide(&app, Enhetschef, &enters, json!({"status": "confirmed"})).problem(412, "stale-version");
    decide(&app, Enhetschef, &done.body, json!({"status": "confirmed"})).problem(409, "conflict");
    assert_eq!(run(&app, Syv), counts(&[]));
    let event = app.db_last_event("decideCandidate");
    assert_eq!(event.outcome, "invalid");
});

with_app!(of_two_deciders_at_once_one_is_told_to_look_again, |app| {
    let olle = app.world.olle;
    tell_home(&app, olle);
    run(&app, Syv);
    let enters = candidate(&app, Syv, olle);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let deciders: Vec<_> = [Syv, Enhetschef, Socionom, Syv]
            .into_iter()
            .map(|who| {
                let (app, enters) = (&app, &enters);
                scope.spawn(move || decide(app, who, enters, json!({"status": "confirmed"})).status)
            })
            .collect();
        deciders
            .into_iter()
            .map(|decider| decider.join().unwrap())
            .collect()
    });
    let of = |status| statuses.iter().filter(|s| **s == status).count();
    assert_eq!((of(200), of(412)), (1, 3), "{statuses:?}");
    let open: i64 = episodes::table
        .filter(episodes::youth_id.eq(olle))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(open, 1);
});

with_app!(
    what_was_rejected_is_asked_again_only_on_other_facts,
    |app| {
        let olle = app.world.olle;
        tell_home(&app, olle);
        run(&app, Syv);
        let enters = candidate(&app, Syv, olle);
        let told = decide(&app, Syv, &enters, json!({"status": "rejected"}))
            .problem(422, "validation-failed");
        assert_eq!(told, one("/decisionReason", "required"));
        let why = json!({"status": "rejected", "decisionReason": "Går på en skola utomlands."});
        decide(&app, Socionom, &enters, why).expect(200);
        assert_eq!(run(&app, Syv), counts(&[]));
        let mut app = app;
        app.pass(Duration::days(1));
        assert_eq!(run(&app, Syv), counts(&[]));
        let paper =
            json!({"kind": "GY_STUDIEBEVIS", "issuedOn": "2026-06-10", "source": "document"});
        app.post(Syv, &format!("/youths/{olle}/exam-documents"), paper)
            .expect(201);
        assert_eq!(run(&app, Syv), counts(&[("enters", 1)]));
        assert_eq!(candidate(&app, Syv, olle)["reason"], "study_certificate");
    }
);

with_app!(a_decision_on_facts_that_have_changed_is_refused, |app| {
    let olle = app.world.olle;
    tell_home(&app, olle);
    run(&app, Syv);
    let before = candidate(&app, Syv, olle);
    enrol(&app, olle, "KOMVUX", "2026-08-20");
    decide(&app, Syv, &before, json!({"status": "confirmed"})).problem(409, "candidate-outdated");
    assert_eq!(
        run(&app, Syv),
        counts(&[("enters", 1), ("obsolete", 1)]),
        "asked anew on the new facts"
    );
    let path = format!(
        "/target-group-candidates/{}",
        before["id"].as_str().unwrap()
    );
    let dropped = app.get(Syv, &path).expect(200);
    assert_eq!(dropped.body["status"], "obsolete");
    assert_eq!(dropped.version(), 2);
    decide(&app, Syv, &dropped.body, json!({"status": "confirmed"}))
        .problem(409, "candidate-outdated");
    // Another day may give another answer on the same facts.
    let exam = json!({"kind": "IB_DIPLOMA", "issuedOn": "2026-06-10", "source": "document"});
    app.post(Syv, &format!("/youths/{olle}/exam-documents"), exam)
        .expect(201);
    assert_eq!(run(&app, Syv), counts(&[("obsolete", 1)]));
});

with_app!(confirming_who_leaves_closes_as_closing_does, |app| {
    let alva = app.world.alva;
    tell_home(&app, alva);
    enrol(&app, alva, "GY", "2026-11-02");
    let offer = json!({"kind": "talks", "answer": "accepted", "offeredOn": "2026-10-01",
                       "answeredOn": "2026-10-01", "startedOn": "2026-10-02", "responsibleParty": "municipality"});
    let measure = app
        .post(Syv, &format!("/youths/{alva}/interventions"), offer)
        .expect(201);
    run(&app, Syv);
    let leaves = candidate(&app, Syv, alva);
    let told = decide(&app, Syv, &leaves, json!({"status": "confirmed"}))
        .problem(422, "validation-failed");
    assert_eq!(told, one("/closure", "required"));
    let told = decide(
        &app,
        Syv,
        &leaves,
        json!({"status": "confirmed", "closure": {}}),
    )
    .problem(422, "validation-failed");
    assert_eq!(told, one("/closure/destination", "required"));
    let mut closure =
        json!({"destination": "upper_secondary_studies", "destinationElsewhere": false});
    let told = decide(
        &app,
        Syv,
        &leaves,
        json!({"status": "confirmed", "closure": closure}),
    )
    .problem(409, "interventions-open");
    assert_eq!(told, one("/closure/interventions", "intervention-open"));
    closure["interventions"] =
        json!([{"id": measure.id(), "endedOn": "2026-11-02", "endReason": "moved_to_studies"}]);
    let done = decide(
        &app,
        Syv,
        &leaves,
        json!({"status": "confirmed", "closure": closure}),
    )
    .expect(200);
    assert_eq!(
        done.body["episodeId"],
        json!(app.world.alva_episode.to_string())
    );
    let episode = app
        .get(Syv, &format!("/episodes/{}", app.world.alva_episode))
        .expect(200);
    assert_eq!(episode.body["exitedOn"], "2026-11-02");
    assert_eq!(
        episode.body["deregistrationReason"],
        "national_programme_or_equiv"
    );
    assert_eq!(run(&app, Syv), counts(&[]));
});

with_app!(what_the_law_leaves_open_is_answered_once, |app| {
    let (alva, olle) = (app.world.alva, app.world.olle);
    for youth in [alva, olle] {
        tell_home(&app, youth);
        enrol(&app, youth, "FHS", "2026-11-02");
    }
    assert_eq!(run(&app, Syv), counts(&[("needsDecision", 2)]));
    let asked = candidate(&app, Syv, olle);
    assert_eq!(asked["causes"], json!(["folk_high_school"]));
    let told =
        decide(&app, Syv, &asked, json!({"status": "confirmed"})).problem(422, "validation-failed");
    assert_eq!(told, one("/decisionReason", "required"));
    let why = json!({"status": "confirmed", "decisionReason": "Kort kurs, ingen allmän kurs."});
    let done = decide(&app, Syv, &asked, why).expect(200);
    assert!(done.body["episodeId"].is_string());
    // Alva is followed already: rejecting ends the episode.
    let asked = candidate(&app, Syv, alva);
    let mut why = json!({"status": "rejected", "decisionReason": "Allmän kurs på heltid, motsvarar gymnasiet."});
    let told = decide(&app, Syv, &asked, why.clone()).problem(422, "validation-failed");
    assert_eq!(told, one("/closure", "required"));
    why["closure"] = json!({"exitedOn": "2026-11-02", "deregistrationReason": "national_programme_or_equiv",
                            "destination": "folk_high_school_studies", "destinationElsewhere": true});
    decide(&app, Socionom, &asked, why).expect(200);
    // The answers stand until the facts change.
    let mut app = app;
    for _ in 0..2 {
        assert_eq!(run(&app, Syv), counts(&[]));
        app.pass(Duration::days(1));
    }
});

with_app!(
    missing_facts_are_a_question_only_about_who_is_not_followed,
    |app| {
        // Nothing is known of anybody: Alva is followed, Olle is not.
        assert_eq!(run(&app, Syv), counts(&[("needsDecision", 1)]));
        assert_eq!(
            candidate(&app, Syv, app.world.olle)["causes"],
            json!(["home_unknown"])
        );
        // An episode that is closed on the facts as they are is an answer.
        crate::episodes::close(
            &app,
            Syv,
            app.world.alva_episode,
            1,
            crate::episodes::way_out(),
        )
        .expect(200);
        assert_eq!(run(&app, Syv), counts(&[]));
    }
);

with_app!(who_may_run_and_when, |app| {
    for who in [Ambassador, Ungdomskonsulent, Socionom] {
        app.post(who, "/target-group-runs", json!({}))
            .problem(403, "forbidden");
        app.get(who, "/target-group-runs").problem(403, "forbidden");
    }
    let told = app
        .post(Syv, "/target-group-runs", json!({"forOn": "2026-11-25"}))
        .problem(422, "validation-failed");
    assert_eq!(told, one("/forOn", "in-future"));
    let mine = app
        .post(Syv, "/target-group-runs", json!({"forOn": "2026-11-20"}))
        .expect(201);
    assert_eq!(mine.body["forOn"], "2026-11-20");
    // Each unit for itself.
    let place = format!("/target-group-runs/{}", mine.id());
    app.get(EnhetschefElsewhere, &place)
        .problem(404, "not-found");
    let theirs = app
        .post(SyvElsewhere, "/target-group-runs", json!({}))
        .expect(201);
    assert_eq!(theirs.body["counts"]["evaluated"], 1);
    let key = [("Idempotency-Key", "run-1")];
    let body = Some(json!({}));
    let first = app
        .send(Syv, "POST", "/target-group-runs", &key, body.clone())
        .expect(201);
    let again = app
        .send(Syv, "POST", "/target-group-runs", &key, body)
        .expect(201);
    assert_eq!(first.id(), again.id());
    app.get(Ambassador, "/target-group-candidates")
        .problem(403, "forbidden");
});

with_app!(a_protected_identity_is_in_no_list_and_no_count, |app| {
    let pia = app.world.pia;
    let away = json!({"kind": "emigrated", "fromOn": "2026-11-02", "source": "authority"});
    app.post(Socionom, &format!("/youths/{pia}/residences"), away)
        .expect(201);
    let found = run(&app, Syv);
    assert_eq!(found, counts(&[("needsDecision", 1)]), "Olle alone");
    let youths: Vec<Value> = pending(&app, Enhetschef)
        .iter()
        .map(|row| row["youthId"].clone())
        .collect();
    assert_eq!(youths, [json!(app.world.olle.to_string())]);
    let leaves = candidate(&app, Socionom, pia);
    assert_eq!(leaves["kind"], "leaves");
    candidate(&app, Enhetschef, pia);
    let place = format!(
        "/target-group-candidates/{}",
        leaves["id"].as_str().unwrap()
    );
    for who in [Syv, SocionomStranger, Ungdomskonsulent] {
        app.get(who, &place).problem(404, "not-found");
    }
    let body = json!({"status": "confirmed", "closure": {"destination": "other"}});
    decide(&app, Syv, &leaves, body.clone()).problem(404, "not-found");
    decide(&app, Socionom, &leaves, body).expect(200);
});

with_app!(
    on_the_twentieth_birthday_the_duty_ends_and_outreach_is_proposed,
    |app| {
        let mut app = app;
        let olle = app.world.olle;
        tell_home(&app, olle);
        let episode = app
            .post(
                Syv,
                &format!("/youths/{olle}/episodes"),
                json!({"track": "kaa", "reason": "compulsory_school_only"}),
            )
            .expect(201);
        let measure = |body: Value| {
            let path = format!("/youths/{olle}/interventions");
            app.post(Syv, &path, body).expect(201).id()
        };
        let running = measure(
            json!({"kind": "talks", "answer": "accepted", "startedOn": "2026-11-24",
                                 "responsibleParty": "municipality"}),
        );
        let offered = measure(json!({"kind": "wellness", "responsibleParty": "municipality"}));
        // The day before nothing happens; the birthday is 2027-03-10.
        app.pass(Duration::days(105));
        assert_eq!(run(&app, Enhetschef)["closedByAge"], 0);
        app.pass(Duration::days(3));
        let found = run(&app, Enhetschef);
        assert_eq!(found["closedByAge"], 1);
        assert_eq!(found["outreachProposals"], 1);
        let closed = app
            .get(Syv, &format!("/episodes/{}", episode.id()))
            .expect(200);
        assert_eq!(closed.body["exitedOn"], "2027-03-10");
        assert_eq!(closed.body["deregistrationReason"], "turned_20");
        assert_eq!(closed.body["destination"], Value::Null);
        let ended = app
            .get(Syv, &format!("/interventions/{running}"))
            .expect(200);
        assert_eq!(ended.body["endedOn"], "2027-03-10");
        assert_eq!(ended.body["endReason"], "turned_20");
        let withdrawn = app
            .get(Syv, &format!("/interventions/{offered}"))
            .expect(200);
        assert_eq!(withdrawn.body["answer"], "withdrawn");
        assert_eq!(withdrawn.body["answeredOn"], "2027-03-10");
        let event = app.db_last_event("runTargetGroup");
        for resource in ["episodes", "interventions", "targetGroupCandidates"] {
            assert!(
                event
                    .subjects
                    .iter()
                    .any(|subject| subject.0 == Some(olle) && subject.1 == resource)
            );
        }
        assert_eq!(run(&app, Enhetschef), counts(&[]));
        // It needs a basis of its own.
        let proposal = candidate(&app, Syv, olle);
        assert_eq!(proposal["kind"], "outreach_proposal");
        let told = decide(&app, Syv, &proposal, json!({"status": "confirmed"}))
            .problem(422, "validation-failed");
        assert_eq!(told, one("/episode/basis", "required"));
        let told = decide(
            &app,
            Syv,
            &proposal,
            json!({"status": "confirmed", "episode": {"basis": "own_request"}}),
        )
        .problem(422, "validation-failed");
        assert_eq!(told, one("/episode/basisText", "required"));
        let done = decide(
        &app,
        Syv,
        &proposal,
        json!({"status": "confirmed", "episode": {"basis": "own_request", "basisText": "Vill ha hjälp."}}),
    )
    .expect(200);
        let outreach = app
            .get(
                Syv,
                &format!("/episodes/{}", done.body["episodeId"].as_str().unwrap()),
            )
            .expect(200);
        assert_eq!(outreach.body["track"], "outreach_20_25");
        assert_eq!(outreach.body["basis"], "own_request");
        assert_eq!(outreach.body["basisText"], "Vill ha hjälp.");
        assert_eq!(outreach.body["enteredOn"], "2027-03-12");
        assert_eq!(run(&app, Enhetschef), counts(&[]));
    }
);

with_app!(what_is_dated_after_the_birthday_is_for_a_person, |app| {
    let mut app = app;
    let olle = app.world.olle;
    tell_home(&app, olle);
    let episode = app
        .post(
            Syv,
            &format!("/youths/{olle}/episodes"),
            json!({"track": "kaa", "reason": "compulsory_school_only"}),
        )
        .expect(201);
    app.pass(Duration::days(110));
    let offer = json!({"kind": "talks", "responsibleParty": "municipality"});
    app.post(Syv, &format!("/youths/{olle}/interventions"), offer)
        .expect(201);
    let found = run(&app, Enhetschef);
    assert_eq!(
        (&found["closedByAge"], &found["leaves"]),
        (&json!(0), &json!(1))
    );
    let leaves = candidate(&app, Syv, olle);
    assert_eq!(leaves["deregistrationReason"], "turned_20");
    let body = json!({"status": "confirmed", "closure": {"exitedOn": "2027-03-14", "destination": "none"}});
    decide(&app, Syv, &leaves, body).expect(200);
    let closed = app
        .get(Syv, &format!("/episodes/{}", episode.id()))
        .expect(200);
    assert_eq!(closed.body["exitedOn"], "2027-03-14");
    // Closed by hand at 20: outreach is proposed all the same.
    assert_eq!(run(&app, Enhetschef)["outreachProposals"], 1);
    let why = json!({"status": "rejected", "decisionReason": "Vill inte."});
    decide(&app, Syv, &candidate(&app, Syv, olle), why).expect(200);
    assert_eq!(run(&app, Enhetschef)["outreachProposals"], 0);
});

with_app!(an_outreach_episode_may_tell_its_basis, |app| {
    let path = format!("/youths/{}/episodes", app.world.olle);
    let told = app
        .post(
            Syv,
            &path,
            json!({"track": "kaa", "reason": "unknown", "basis": "consent", "basisText": "x"}),
        )
        .problem(422, "validation-failed");
    assert_eq!(told, one("/basis", "not-with-other"));
    let told = app
        .post(
            Syv,
            &path,
            json!({"track": "outreach_20_25", "reason": "unknown", "basisText": "x"}),
        )
        .problem(422, "validation-failed");
    assert_eq!(told, one("/basisText", "needs-other"));
    let made = app
        .post(
            Syv,
            &path,
            json!({"track": "outreach_20_25", "reason": "unknown", "basis": "consent", "basisText": "Skriftligt."}),
        )
        .expect(201);
    assert_eq!(made.body["basis"], "consent");
});

fn wait<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(work)
}

fn today() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

on_both!(a_run_that_was_cut_off_goes_on_where_it_was, |database| {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let world = World::insert(&mut database.migrated(), now);
    let threads = Threads {
        readers: 1,
        writers: 2,
    };
    let door = Door::new(
        Store::open(&database.location, threads).unwrap(),
        crate::support::vault(),
    );
    let clock = Clock::fixed(now);
    let conn = &mut database.connect();
    let unit = world.unit;
    let one_batch = || {
        let call = Call {
            operation: Operation::RunTargetGroup,
            identity: Identity::Console,
            at: now,
            request_id: "test".to_owned(),
        };
        wait(door.run(call, move |tx| run_next_batch(tx, unit, today(), false, 1)))
            .unwrap()
            .expect("it has not come to its end")
    };
    let first = one_batch();
    assert!(!first.is_finished);
    assert_eq!(first.counts.evaluated, 1);
    let second = one_batch();
    assert_eq!(second.counts.evaluated, 2, "the next youth");
    // The rest of it, and the other unit; nobody is asked about twice.
    let ran = wait(run_target_group(&door, &clock, today(), false, &|| false)).unwrap();
    assert_eq!(ran.len(), 2);
    let counts = ran
        .iter()
        .find(|ran| ran.unit_id == unit)
        .unwrap()
        .progress
        .counts;
    assert_eq!(counts.evaluated, 3, "Alva, Bo and Olle; Pia is not counted");
    assert_eq!(counts.needs_decision, 1);
    let rows = |conn: &mut _| -> (i64, i64) {
        (
            target_group_runs::table.count().get_result(conn).unwrap(),
            target_group_candidates::table
                .count()
                .get_result(conn)
                .unwrap(),
        )
    };
    assert_eq!(rows(conn), (2, 1));
    // The day's run is finished: the night does nothing more; whoever asks again finds nothing new.
    let again = wait(run_target_group(&door, &clock, today(), false, &|| false)).unwrap();
    assert!(again.is_empty());
    let asked = wait(run_target_group(&door, &clock, today(), true, &|| false)).unwrap();
    assert!(
        asked
            .iter()
            .all(|ran| ran.progress.counts.needs_decision == 0)
    );
    assert_eq!(rows(conn), (4, 1));
    // Asked to stop, it stops before the next batch.
    let stopped = wait(run_target_group(&door, &clock, today(), true, &|| true)).unwrap();
    assert!(stopped.is_empty());
    let by_console: i64 = audit_events::table
        .filter(audit_events::operation.eq("runTargetGroup"))
        .filter(audit_events::actor_kind.eq("console"))
        .count()
        .get_result(conn)
        .unwrap();
    assert_eq!(by_console, 6, "one event for each batch");
    let ahead = today().succ_opt().unwrap();
    assert!(wait(run_target_group(&door, &clock, ahead, true, &|| false)).is_err());
});

on_both!(
    the_night_closes_what_ends_by_age_as_the_service_itself,
    |database| {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let world = World::insert(&mut database.migrated(), now);
        let threads = Threads {
            readers: 1,
            writers: 1,
        };
        let door = Door::new(
            Store::open(&database.location, threads).unwrap(),
            crate::support::vault(),
        );
        let conn = &mut database.connect();
        diesel::update(youths::table.find(world.alva))
            .set(youths::birth_date.eq("2006-11-24".parse::<NaiveDate>().unwrap()))
            .execute(conn)
            .unwrap();
        let clock = Clock::fixed(now);
        wait(run_target_group(&door, &clock, today(), false, &|| false)).unwrap();
        let closed: (Option<NaiveDate>, Option<String>) = episodes::table
            .find(world.alva_episode)
            .select((episodes::exited_on, episodes::destination))
            .first(conn)
            .unwrap();
        assert_eq!(closed, (Some(today()), None));
        let left: i64 = interventions::table.count().get_result(conn).unwrap();
        assert_eq!(left, 0);
        let kinds: Vec<String> = target_group_candidates::table
            .filter(target_group_candidates::youth_id.eq(world.alva))
            .select(target_group_candidates::kind)
            .load(conn)
            .unwrap();
        assert_eq!(kinds, ["outreach_proposal"]);
    }
);

with_app!(a_candidate_is_a_task_until_it_is_decided_or_gone, |app| {
    let (alva, olle) = (app.world.alva, app.world.olle);
    for youth in [alva, olle] {
        tell_home(&app, youth);
    }
    enrol(&app, alva, "FHS", "2026-11-02");
    run(&app, Syv);
    let tasks = |who| -> Vec<Value> {
        app.get(who, "/tasks?limit=100").expect(200).body["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|task| task["kind"] == "decide_candidate")
            .cloned()
            .collect()
    };
    let mine = tasks(Syv);
    assert_eq!(mine.len(), 2, "{mine:?}");
    assert!(mine.iter().all(|task| task["dueOn"] == "2026-12-08"));
    let enters = candidate(&app, Syv, olle);
    assert!(mine.iter().any(|task| task["recordId"] == enters["id"]));
    decide(&app, Enhetschef, &enters, json!({"status": "confirmed"})).expect(200);
    assert_eq!(tasks(Syv).len(), 1, "decided by somebody else");
    let exam = json!({"kind": "IB_DIPLOMA", "issuedOn": "2026-06-10", "source": "document"});
    app.post(Syv, &format!("/youths/{alva}/exam-documents"), exam)
        .expect(201);
    run(&app, Enhetschef);
    let left = candidate(&app, Syv, alva);
    assert_eq!(left["kind"], "leaves");
    // The handler is asked, whoever ran it.
    assert_eq!(tasks(Syv).len(), 1);
    assert_eq!(tasks(Syv)[0]["recordId"], left["id"]);
});
