//! Plans over HTTP: the seven items that the rules on documentation ask for, revisions that never change and build on each
//! other, their follow-ups, the youth's copy, and that a plan comes before the first intervention.

use crate::episodes::{close, way_out};
use crate::on_both;
use crate::support::app::{Answer, TestApp};
use crate::support::world::Persona;
use crate::support::world::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::with_app;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::schema::plan_revisions;
use kaa::domain::codes::{Code, Measure};
use kaa::domain::id::{Id, PlanFollowUp, PlanRevision, Youth};
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn plan(app: &TestApp, persona: Persona, youth: Id<Youth>, body: Value) -> Answer {
    app.post(persona, &format!("/youths/{youth}/plan-revisions"), body)
}

fn first() -> Value {
    json!({"planningText": "Prova sig fram.", "goalType": "education", "goalText": "Klara gymnasiet."})
}

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// An open episode without a plan.
fn follow_olle(app: &TestApp) -> Id<Youth> {
    let olle = app.world.olle;
    let episode = json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
    app.post(Syv, &format!("/youths/{olle}/episodes"), episode)
        .expect(201);
    olle
}

/// A plan with everything that can stand in it.
fn whole(intervention: &str) -> Value {
    json!({
        "planningText": "Börjar på kaféet i december.\n\nLäser <matematik> på distans.",
        "goalType": "education",
        "goalText": "Klara gymnasiet på komvux.",
        "items": [
            {"what": "Gå upp klockan åtta", "responsibleParty": "youth", "plannedStartOn": "2026-11-25", "plannedEndOn": "2027-06-01"},
            {"what": "Vägledning varannan vecka", "responsibleParty": "municipality", "actor": "Karin Holm", "interventionId": intervention},
            {"what": "Praktik två dagar i veckan", "responsibleParty": "other_actor", "actor": "Kafé Signal", "plannedStartOn": "2026-12-01", "plannedEndOn": "2027-02-26"},
            {"what": "Prova på biblioteket", "responsibleParty": "other_actor", "actor": "Biblioteket", "endedOn": "2026-11-20", "endReason": "ended_by_youth"}
        ],
        "followUps": [{"dueOn": "2027-03-01", "kind": "evaluation"}, {"dueOn": "2027-01-15"}],
        "agreement": {"agreedOn": "2026-11-24", "form": "oral_documented", "agreedTo": "Praktiken och matematiken.", "notAgreedTo": "Att vi ringer skolan."}
    })
}

with_app!(
    the_seven_items_of_the_rules_stand_in_a_plan_and_on_the_youths_copy,
    |app| {
        let olle = follow_olle(&app);
        let guidance = json!({"kind": "study_career_guidance", "responsibleParty": "municipality"});
        let guidance = app
            .post(Syv, &format!("/youths/{olle}/interventions"), guidance)
            .expect(201)
            .id();
        let made = plan(&app, Syv, olle, whole(&guidance)).expect(201);
        let printed = app
            .get(Syv, &format!("/plan-revisions/{}/printout", made.id()))
            .expect(200);
        let page = String::from_utf8(printed.bytes).unwrap();
        let plan = &made.body;
        let told = |words: &[&str]| {
            for word in words {
                assert!(page.contains(word), "{word} is not on the copy");
            }
        };
        // 1. The individual planning and the goal of the interventions.
        assert!(
            plan["planningText"]
                .as_str()
                .unwrap()
                .starts_with("Börjar på kaféet")
        );
        assert_eq!(
            (plan["goalType"].as_str(), plan["goalText"].as_str()),
            (Some("education"), Some("Klara gymnasiet på komvux."))
        );
        told(&[
            "Börjar på kaféet i december.",
            "Läser &lt;matematik&gt; på distans.",
            "Utbildning",
            "Klara gymnasiet på komvux.",
        ]);
        // 2. What the individual answers for.
        assert_eq!(plan["items"][0]["responsibleParty"], "youth");
        told(&["Det här gör jag", "Gå upp klockan åtta"]);
        // 3. What the municipality answers for.
        assert_eq!(plan["items"][1]["responsibleParty"], "municipality");
        told(&[
            "Det här gör kommunen",
            "Vägledning varannan vecka",
            "Karin Holm",
        ]);
        // 4. What another actor answers for, and who that is.
        assert_eq!(
            (
                plan["items"][2]["responsibleParty"].as_str(),
                plan["items"][2]["actor"].as_str()
            ),
            (Some("other_actor"), Some("Kafé Signal"))
        );
        told(&[
            "Det här gör andra",
            "Praktik två dagar i veckan",
            "Kafé Signal",
        ]);
        // 5. When it is to begin and end.
        assert_eq!(
            (
                plan["items"][2]["plannedStartOn"].as_str(),
                plan["items"][2]["plannedEndOn"].as_str()
            ),
            (Some("2026-12-01"), Some("2027-02-26"))
        );
        told(&["2026-12-01", "2027-02-26"]);
        // 6. Why it ended.
        assert_eq!(
            (
                plan["items"][3]["endedOn"].as_str(),
                plan["items"][3]["endReason"].as_str()
            ),
            (Some("2026-11-20"), Some("ended_by_youth"))
        );
        told(&["<span class=\"date\">2026-11-20</span>: Avbruten av ungdomen"]);
        // 7. When it is followed up and evaluated.
        let days = json!([
            [plan["followUps"][0]["dueOn"], plan["followUps"][0]["kind"]],
            [plan["followUps"][1]["dueOn"], plan["followUps"][1]["kind"]]
        ]);
        assert_eq!(
            days,
            json!([["2027-01-15", "follow_up"], ["2027-03-01", "evaluation"]])
        );
        told(&["2027-01-15", "Uppföljning", "2027-03-01", "Utvärdering"]);
        // And what the youth agreed to, when and how.
        assert_eq!(plan["agreement"], whole("")["agreement"]);
        told(&[
            "Praktiken och matematiken.",
            "Att vi ringer skolan.",
            "Muntligt, dokumenterat, 2026-11-24.",
        ]);
        assert_eq!(plan["items"][1]["interventionId"], json!(guidance));
        assert_eq!(
            (plan["number"].as_i64(), plan["basedOn"].as_i64()),
            (Some(1), None)
        );
        let event = app.db_last_event("createPlanRevision");
        assert_eq!(
            (event.subjects[0].0, event.subjects[0].1.as_str()),
            (Some(olle), "planRevisions")
        );
    }
);

with_app!(
    the_youths_copy_is_a_page_of_its_own_without_what_is_ours,
    |app| {
        let olle = follow_olle(&app);
        let made = plan(&app, Syv, olle, first()).expect(201);
        let place = format!("/plan-revisions/{}/printout", made.id());
        let swedish = app.get(Enhetschef, &place).expect(200);
        assert_eq!(
            swedish.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(
            swedish.header("content-disposition"),
            Some("inline; filename=\"plan.html\"")
        );
        assert_eq!(swedish.header("content-language"), Some("sv"));
        assert_eq!(swedish.header("cache-control"), Some("no-store"));
        let policy = swedish.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-")
                && policy.ends_with("frame-ancestors 'none'"),
            "{policy}"
        );
        let page = String::from_utf8(swedish.bytes.clone()).unwrap();
        // The hash is that of the style which stands on the page.
        let style = page
            .split("<style>")
            .nth(1)
            .unwrap()
            .split("</style>")
            .next()
            .unwrap();
        use sha2::Digest;
        let hash = data_encoding::BASE64.encode(&sha2::Sha256::digest(style.as_bytes()));
        assert!(policy.contains(&hash));
        for there in [
            "<html lang=\"sv\">",
            "<title>Min plan – Olle von Essen</title>",
            "<h1>",
            "Unga vuxna",
            "@media print",
            "Inte tagit ställning",
            "Syv Andersson",
            "2026-11-24",
        ] {
            assert!(
                page.to_lowercase().contains(&there.to_lowercase()),
                "{there}"
            );
        }
        for ours in [
            made.id(),
            olle.to_string(),
            made.body["episodeId"].as_str().unwrap().to_owned(),
            app.world.user(Syv).to_string(),
        ] {
            assert!(!page.contains(&ours), "{ours}");
        }
        for foreign in [
            "<script",
            "src=",
            "href=",
            "onclick",
            "style=\"",
            "2007-03-10",
            "070-174",
            "Sturegatan",
            "avbrott gymnasium",
        ] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        let english = app
            .send(Syv, "GET", &place, &[("Accept-Language", "en")], None)
            .expect(200);
        let english = String::from_utf8(english.bytes).unwrap();
        assert!(
            english.contains("<html lang=\"en\">")
                && english.contains("My plan")
                && english.contains("Klara gymnasiet.")
        );
        let event = app.db_last_event("readPlanPrintout");
        let subjects: Vec<(&str, bool)> = event
            .subjects
            .iter()
            .map(|(youth, kind, _)| (kind.as_str(), *youth == Some(olle)))
            .collect();
        assert_eq!(subjects, [("planRevisions", true), ("youths", true)]);
        assert_eq!(event.subjects[1].2, "givenName,familyName");
        app.get(Ambassador, &place).problem(403, "forbidden");
        app.get(SyvElsewhere, &place).problem(404, "not-found");
    }
);

with_app!(a_revision_builds_on_the_one_in_force, |app| {
    let olle = follow_olle(&app);
    assert_eq!(
        plan(&app, Syv, olle, with(first(), json!({"basedOn": 1})))
            .problem(422, "validation-failed"),
        one("/basedOn", "no-such-record")
    );
    let one_made = plan(&app, Syv, olle, first()).expect(201);
    assert_eq!(one_made.header("etag"), Some("\"1\""));
    let again = plan(&app, Socionom, olle, first());
    assert_eq!(again.header("etag"), Some("\"1\""), "the number in force");
    again.problem(412, "stale-version");
    let second = with(
        first(),
        json!({"basedOn": 1, "goalType": "work", "goalText": "Ett jobb."}),
    );
    let two = plan(&app, Socionom, olle, second.clone()).expect(201);
    assert_eq!(
        (two.body["number"].as_i64(), two.body["basedOn"].as_i64()),
        (Some(2), Some(1))
    );
    let late = plan(&app, Syv, olle, second);
    assert_eq!(late.header("etag"), Some("\"2\""));
    late.problem(412, "stale-version");
    let listed = app
        .get(Ungdomskonsulent, &format!("/youths/{olle}/plan-revisions"))
        .expect(200);
    assert_eq!(
        listed.column("planRevisions", "number"),
        [json!(2), json!(1)]
    );
    let of_it = format!(
        "/youths/{olle}/plan-revisions?episodeId={}",
        app.world.alva_episode
    );
    assert_eq!(
        app.get(Syv, &of_it)
            .expect(200)
            .column("planRevisions", "id"),
        Vec::<Value>::new()
    );
    // What stood in the first stands there still.
    let old = app
        .get(Syv, &format!("/plan-revisions/{}", one_made.id()))
        .expect(200);
    assert_eq!(old.body, one_made.body);
    // The same request twice counts once.
    let third = with(first(), json!({"basedOn": 2}));
    let send = || {
        let headers = [("Idempotency-Key", "plan-1")];
        app.send(
            Syv,
            "POST",
            &format!("/youths/{olle}/plan-revisions"),
            &headers,
            Some(third.clone()),
        )
    };
    assert_eq!(send().expect(201).body, send().expect(201).body);
});

with_app!(of_two_who_write_at_once_one_is_told_of_the_other, |app| {
    let olle = follow_olle(&app);
    plan(&app, Syv, olle, first()).expect(201);
    for round in 1..4 {
        let body = with(first(), json!({"basedOn": round}));
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let both = [Syv, Socionom].map(|persona| {
                let (app, body) = (&app, body.clone());
                scope.spawn(move || plan(app, persona, olle, body).status)
            });
            both.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let made = answers.iter().filter(|status| **status == 201).count();
        let told = answers.iter().filter(|status| **status == 412).count();
        assert_eq!((made, told), (1, 1), "{answers:?}");
    }
    let numbers: Vec<i64> = plan_revisions::table
        .filter(plan_revisions::youth_id.eq(olle))
        .order(plan_revisions::number)
        .select(plan_revisions::number)
        .load(&mut app.db())
        .unwrap();
    assert_eq!(numbers, [1, 2, 3, 4]);
});

with_app!(no_database_lets_a_revision_be_changed, |app| {
    let olle = follow_olle(&app);
    plan(
        &app,
        Syv,
        olle,
        with(first(), json!({"followUps": [{"dueOn": "2027-01-15"}]})),
    )
    .expect(201);
    for sql in [
        "UPDATE plan_revisions SET goal_text = 'x'",
        "UPDATE plan_follow_ups SET due_on = '2030-01-01'",
    ] {
        let refused = app.db().batch_execute(sql).unwrap_err().to_string();
        assert!(refused.contains("never changes"), "{sql}: {refused}");
    }
});

with_app!(a_follow_up_is_done_beside_the_revision, |app| {
    let olle = follow_olle(&app);
    let due = json!({"followUps": [{"dueOn": "2026-11-24"}, {"dueOn": "2027-03-01", "kind": "evaluation"}]});
    let made = plan(&app, Syv, olle, with(first(), due)).expect(201);
    let id = made.body["followUps"][0]["id"].as_str().unwrap();
    let place = format!("/plan-follow-ups/{id}/completion");
    for (body, code) in [
        (json!({"doneOn": "2026-11-25"}), "in-future"),
        (json!({"doneOn": "2026-11-23"}), "wrong-date-order"),
        (json!({"doneOn": "snart"}), "not-date"),
    ] {
        assert_eq!(
            app.post(Syv, &place, body)
                .problem(422, "validation-failed"),
            one("/doneOn", code)
        );
    }
    let done = app.post(Socionom, &place, json!({})).expect(200);
    assert_eq!(done.body["followUps"][0]["doneOn"], "2026-11-24");
    assert!(done.body["followUps"][1]["doneOn"].is_null());
    assert_eq!(
        done.header("etag"),
        Some("\"1\""),
        "the revision is the same"
    );
    app.post(Syv, &place, json!({"doneOn": "2026-11-24"}))
        .expect(200);
    for persona in [Ungdomskonsulent, Enhetschef, Ambassador] {
        app.post(persona, &place, json!({}))
            .problem(403, "forbidden");
    }
    app.post(SyvElsewhere, &place, json!({}))
        .problem(404, "not-found");
    let missing = format!(
        "/plan-follow-ups/{}/completion",
        Id::<PlanFollowUp>::fresh()
    );
    app.post(Syv, &missing, json!({})).problem(404, "not-found");
    close(
        &app,
        Syv,
        made.body["episodeId"].as_str().unwrap(),
        1,
        way_out(),
    )
    .expect(200);
    app.post(Syv, &place, json!({}))
        .problem(409, "episode-closed");
});

with_app!(a_plan_that_is_none_is_refused_by_field, |app| {
    let olle = follow_olle(&app);
    let item = |changes: Value| {
        with(
            json!({"what": "Praktik", "responsibleParty": "municipality"}),
            changes,
        )
    };
    for (change, pointer, code) in [
        (json!({"planningText": null}), "/planningText", "required"),
        (json!({"goalType": "fame"}), "/goalType", "not-in-list"),
        (json!({"goalText": ""}), "/goalText", "required"),
        (json!({"basedOn": "ett"}), "/basedOn", "not-number"),
        (json!({"basedOn": 0}), "/basedOn", "out-of-range"),
        (
            json!({"items": [item(json!({"what": null}))]}),
            "/items/0/what",
            "required",
        ),
        (
            json!({"items": [item(json!({"responsibleParty": null}))]}),
            "/items/0/responsibleParty",
            "required",
        ),
        (
            json!({"items": [item(json!({"responsibleParty": "other_actor"}))]}),
            "/items/0/actor",
            "required",
        ),
        (
            json!({"items": [item(json!({"plannedStartOn": "2026-12-01", "plannedEndOn": "2026-11-30"}))]}),
            "/items/0/plannedEndOn",
            "wrong-date-order",
        ),
        (
            json!({"items": [item(json!({"endedOn": "2026-11-20"}))]}),
            "/items/0/endedOn",
            "needs-other",
        ),
        (
            json!({"items": [item(json!({"endReason": "completed"}))]}),
            "/items/0/endReason",
            "needs-other",
        ),
        (
            json!({"items": [item(json!({"interventionId": Id::<PlanRevision>::fresh()}))]}),
            "/items/0/interventionId",
            "no-such-record",
        ),
        (
            json!({"followUps": [{"dueOn": "2026-11-23"}]}),
            "/followUps/0/dueOn",
            "in-past",
        ),
        (
            json!({"followUps": [{"dueOn": "2026-12-01"}, {"dueOn": "2026-12-01"}]}),
            "/followUps/1/dueOn",
            "taken",
        ),
        (
            json!({"followUps": [{"kind": "evaluation"}]}),
            "/followUps/0/dueOn",
            "required",
        ),
        (json!({"agreement": "ja"}), "/agreement", "not-object"),
        (
            json!({"agreement": {"agreedOn": "2026-11-25", "form": "written", "agreedTo": "Allt"}}),
            "/agreement/agreedOn",
            "in-future",
        ),
        (
            json!({"agreement": {"agreedOn": "2026-09-30", "form": "written", "agreedTo": "Allt"}}),
            "/agreement/agreedOn",
            "before-episode",
        ),
        (
            json!({"agreement": {"agreedOn": "2026-11-24", "form": "written"}}),
            "/agreement/agreedTo",
            "required",
        ),
        (
            json!({"agreement": {"agreedOn": "2026-11-24", "form": "nod", "agreedTo": "Allt"}}),
            "/agreement/form",
            "not-in-list",
        ),
        (
            json!({"agreement": {"agreedOn": "2026-11-24", "form": "written", "agreedTo": "Allt", "by": "x"}}),
            "/agreement/by",
            "unknown-field",
        ),
        (
            json!({"episodeId": app.world.bo_episode}),
            "/episodeId",
            "no-such-record",
        ),
    ] {
        let problems =
            plan(&app, Syv, olle, with(first(), change)).problem(422, "validation-failed");
        assert_eq!(problems, one(pointer, code));
    }
    close(&app, Syv, app.world.alva_episode, 1, way_out()).expect(200);
    let closed = json!({"basedOn": 1, "episodeId": app.world.alva_episode});
    plan(&app, Syv, app.world.alva, with(first(), closed)).problem(409, "episode-closed");
    plan(&app, Syv, app.world.alva, first()).problem(409, "no-open-episode");
});

with_app!(without_a_plan_only_three_measures_begin, |app| {
    let olle = follow_olle(&app);
    let offer = |body: Value| app.post(Syv, &format!("/youths/{olle}/interventions"), body);
    let of_kind = |kind: &str| json!({"kind": kind, "responsibleParty": "municipality"});
    let begun = json!({"answer": "accepted", "startedOn": "2026-11-24"});
    for &kind in Measure::ALL {
        // Offering and saying yes are always possible.
        let agreed = offer(with(of_kind(kind.code()), json!({"answer": "accepted"}))).expect(201);
        let at_once = offer(with(of_kind(kind.code()), begun.clone()));
        let path = format!("/interventions/{}", agreed.id());
        let later = app.patch(Syv, &path, 1, json!({"startedOn": "2026-11-24"}));
        if matches!(
            kind,
            Measure::Talks | Measure::Guidance | Measure::AuthorityContact
        ) {
            at_once.expect(201);
            later.expect(200);
        } else {
            at_once.problem(409, "plan-missing");
            later.problem(409, "plan-missing");
        }
    }
    plan(&app, Socionom, olle, first()).expect(201);
    offer(with(of_kind("wellness"), begun)).expect(201);
});

with_app!(strangers_find_no_plan, |app| {
    let world = &app.world;
    let missing = app
        .get(
            Syv,
            &format!("/plan-revisions/{}", Id::<PlanRevision>::fresh()),
        )
        .expect(404);
    let next = with(first(), json!({"basedOn": 1}));
    let alva = plan(&app, Syv, world.alva, next.clone()).expect(201).id();
    let pia = plan(&app, Socionom, world.pia, next.clone())
        .expect(201)
        .id();
    let dag = plan(&app, SyvElsewhere, world.dag, next.clone())
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
        for below in ["", "/printout"] {
            let path = format!("/plan-revisions/{id}{below}");
            assert_eq!(
                app.get(persona, &path).without_instance(),
                missing.without_instance()
            );
        }
    }
    for youth in [world.pia, world.dag] {
        let path = format!("/youths/{youth}/plan-revisions");
        for hidden in [app.get(Syv, &path), plan(&app, Syv, youth, next.clone())] {
            assert_eq!(hidden.without_instance(), missing.without_instance());
        }
    }
    for persona in [Ambassador, Loggranskare, Administrator] {
        app.get(persona, &format!("/plan-revisions/{alva}"))
            .problem(403, "forbidden");
    }
    for persona in [Ungdomskonsulent, Enhetschef, Ambassador, Administrator] {
        plan(&app, persona, world.alva, next.clone()).problem(403, "forbidden");
    }
    app.get(Ungdomskonsulent, &format!("/plan-revisions/{alva}"))
        .expect(200);
});

on_both!(the_numbers_of_a_plan_have_no_gaps, |database| {
    let mut conn = database.migrated();
    // Foreign keys aside: the check alone must refuse.
    if matches!(conn, kaa::db::Conn::Sqlite(_)) {
        conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    } else {
        conn.batch_execute("SET session_replication_role = replica")
            .unwrap();
    }
    let episode = uuid::Uuid::now_v7();
    let text = || kaa::db::cipher::CipherText("x".to_owned());
    let mut insert = |number: i64, based_on: Option<i64>| {
        diesel::insert_into(plan_revisions::table)
            .values((
                plan_revisions::id.eq(Id::<PlanRevision>::fresh()),
                plan_revisions::youth_id.eq(Id::<Youth>::fresh()),
                plan_revisions::episode_id.eq(Id::<kaa::domain::id::Episode>::of(episode)),
                plan_revisions::number.eq(number),
                plan_revisions::based_on.eq(based_on),
                plan_revisions::planning_text.eq(text()),
                plan_revisions::goal_type.eq("work"),
                plan_revisions::goal_text.eq(text()),
                plan_revisions::items.eq(text()),
                plan_revisions::created_at.eq(kaa::db::types::Timestamp::of(
                    "2026-11-24T08:00:00Z".parse().unwrap(),
                )),
            ))
            .execute(&mut conn)
    };
    insert(1, None).unwrap();
    assert!(insert(1, None).is_err(), "a second first");
    assert!(insert(3, Some(1)).is_err(), "a gap");
    assert!(insert(2, None).is_err(), "building on nothing");
    insert(2, Some(1)).unwrap();
});
