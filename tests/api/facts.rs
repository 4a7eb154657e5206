//! Residences, enrolments and exam documents over HTTP, the facts of the youth itself, and what the rules make of them on any
//! day. The rules themselves are tested beside them, in `domain::target_group`.

use crate::support::Persona::{
    Ambassador, Enhetschef, EnhetschefElsewhere, Socionom, SocionomStranger, Syv, SyvElsewhere,
    Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use diesel::prelude::*;
use kaa::db::schema::{record_versions, youths};
use kaa::domain::codes::ProtectionLevel;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn add(app: &TestApp, who: Persona, youth: Id<Youth>, kind: &str, body: Value) -> Answer {
    app.post(who, &format!("/youths/{youth}/{kind}"), body)
}

pub fn here(from_on: &str) -> Value {
    json!({"kind": "registered_here", "fromOn": from_on, "source": "population_register"})
}

fn national(starts_on: &str) -> Value {
    json!({"schoolType": "GY", "programmeKind": "national", "startsOn": starts_on, "source": "school",
           "school": "Exempelgymnasiet", "municipalityCode": "0183", "studyPathCode": "VO"})
}

fn studiebevis() -> Value {
    json!({"kind": "GY_STUDIEBEVIS", "issuedOn": "2026-06-10", "source": "document"})
}

fn all() -> [(&'static str, Value); 3] {
    [
        ("residences", here("2020-01-01")),
        ("enrolments", national("2025-08-18")),
        ("exam-documents", studiebevis()),
    ]
}

/// The answer of the rules for a day.
fn verdict(app: &TestApp, youth: Id<Youth>, on: &str) -> Value {
    app.get(Syv, &format!("/youths/{youth}/target-group?on={on}"))
        .expect(200)
        .body
}

with_app!(facts_are_entered_listed_read_and_kept_in_versions, |app| {
    let alva = app.world.alva;
    for (kind, body) in all() {
        let made = add(&app, Syv, alva, kind, body.clone()).expect(201);
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&made.body[name], value, "{kind} {name}");
        }
        let place = format!("/{kind}/{}", made.id());
        assert!(made.header("location").unwrap().ends_with(&place));
        for who in [Syv, Socionom, Ungdomskonsulent, Enhetschef] {
            let read = app.get(who, &place).expect(200);
            assert_eq!(read.version(), 1);
            let list = app.get(who, &format!("/youths/{alva}/{kind}")).expect(200);
            assert_eq!(list.body["_meta"]["count"], 1);
        }
        let kept: i64 = record_versions::table
            .filter(record_versions::record_id.eq(Id::<Youth>::of(made.id().parse().unwrap())))
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(kept, 1);
    }
    let event = app.db_last_event("addExamDocument");
    assert_eq!(event.subjects[0].0, Some(alva));
    assert!(event.subjects[0].2.contains("issuedOn"));
});

with_app!(a_wrong_fact_is_marked_void_and_stays, |app| {
    let alva = app.world.alva;
    for (kind, body) in all() {
        let made = add(&app, Syv, alva, kind, body).expect(201);
        let place = format!("/{kind}/{}", made.id());
        let void = json!({"voidReason": "Gällde en annan person."});
        let struck = app.patch(Socionom, &place, 1, void.clone()).expect(200);
        assert_eq!(struck.body["voidReason"], void["voidReason"]);
        app.patch(Syv, &place, 2, json!({"voidReason": null}))
            .problem(409, "fact-void");
        app.patch(Syv, &place, 1, void)
            .problem(412, "stale-version");
        let list = app.get(Syv, &format!("/youths/{alva}/{kind}")).expect(200);
        assert_eq!(list.body["_meta"]["count"], 1, "it is still listed");
    }
    let facts = &verdict(&app, alva, "2026-11-24")["facts"];
    for name in ["residences", "enrolments", "examDocuments"] {
        assert_eq!(facts[name], json!([]), "{name}");
    }
});

with_app!(everything_wrong_is_told_by_name, |app| {
    let alva = app.world.alva;
    let wrong = |kind, body, expected: &[(&str, &str)]| {
        let told = add(&app, Syv, alva, kind, body).problem(422, "validation-failed");
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned()))
            .collect();
        assert_eq!(told, expected);
    };
    wrong(
        "residences",
        json!({"kind": "registered_here", "municipalityCode": "18A", "toOn": "x", "voidReason": "nej"}),
        &[
            ("/municipalityCode", "not-municipality-code"),
            ("/municipalityCode", "not-with-other"),
            ("/fromOn", "required"),
            ("/toOn", "not-date"),
            ("/source", "required"),
            ("/voidReason", "unknown-field"),
        ],
    );
    wrong(
        "residences",
        json!({"kind": "emigrated", "fromOn": "2026-11-25", "source": "roster"}),
        &[("/source", "not-in-list"), ("/fromOn", "in-future")],
    );
    wrong(
        "enrolments",
        json!({"schoolType": "KOMVUX", "programmeKind": "ib", "source": "youth", "isCancelled": true}),
        &[
            ("/startsOn", "required"),
            ("/isCancelled", "needs-other"),
            ("/programmeKind", "not-with-other"),
        ],
    );
    wrong(
        "exam-documents",
        json!({"kind": "DIPLOM", "issuedOn": "2008-01-01", "source": "youth"}),
        &[("/kind", "not-in-list")],
    );
    wrong(
        "exam-documents",
        json!({"kind": "IB_DIPLOMA", "issuedOn": "2008-01-01", "source": "youth"}),
        &[("/issuedOn", "before-birth")],
    );
});

with_app!(a_new_home_ends_the_one_that_stood_open, |app| {
    let alva = app.world.alva;
    let first = add(&app, Syv, alva, "residences", here("2009-01-05")).expect(201);
    let away = json!({"kind": "registered_elsewhere", "municipalityCode": "0184",
                      "fromOn": "2026-05-01", "source": "population_register"});
    let away = add(&app, Syv, alva, "residences", away).expect(201);
    assert_eq!(away.body["municipalityCode"], "0184");
    let first = app
        .get(Syv, &format!("/residences/{}", first.id()))
        .expect(200);
    assert_eq!(first.body["toOn"], "2026-04-30");
    assert_eq!(first.version(), 2);
    let event = app.db_last_event("addResidence");
    assert_eq!(event.subjects.len(), 2, "the ended one is noted too");
    // What would lie within another is refused.
    let told =
        add(&app, Syv, alva, "residences", here("2015-01-01")).problem(422, "validation-failed");
    assert_eq!(told, one("/fromOn", "overlaps-fact"));
    assert_eq!(verdict(&app, alva, "2026-04-30")["failedPoints"], json!([]));
    let gone = verdict(&app, alva, "2026-05-01");
    assert_eq!(gone["verdict"], "outside");
    assert_eq!(gone["failedPoints"], json!(["home"]));
    assert_eq!(gone["deregistrationReason"], "not_registered_here");
    assert_eq!(gone["sinceOn"], "2026-05-01");
});

with_app!(a_place_that_begins_later_is_known_from_today, |app| {
    let mut ahead = national("2027-01-11");
    let made = add(&app, Syv, app.world.alva, "enrolments", ahead.clone()).expect(201);
    assert_eq!(made.body["admittedOn"], "2026-11-24");
    ahead["admittedOn"] = json!("2026-11-25");
    let told =
        add(&app, Syv, app.world.alva, "enrolments", ahead).problem(422, "validation-failed");
    assert_eq!(told, one("/admittedOn", "in-future"));
});

with_app!(strangers_and_readers_are_kept_out_of_the_facts, |app| {
    let (alva, pia) = (app.world.alva, app.world.pia);
    for (kind, body) in all() {
        let list = format!("/youths/{alva}/{kind}");
        app.get(Ambassador, &list).problem(403, "forbidden");
        for who in [Ungdomskonsulent, Enhetschef, Ambassador] {
            app.post(who, &list, body.clone()).problem(403, "forbidden");
        }
        for who in [SyvElsewhere, EnhetschefElsewhere] {
            app.get(who, &list).problem(404, "not-found");
        }
        app.post(SyvElsewhere, &list, body.clone())
            .problem(404, "not-found");
        let made = add(&app, Syv, alva, kind, body.clone()).expect(201);
        let place = format!("/{kind}/{}", made.id());
        app.get(SyvElsewhere, &place).problem(404, "not-found");
        app.patch(SyvElsewhere, &place, 1, json!({}))
            .problem(404, "not-found");
        app.patch(Ungdomskonsulent, &place, 1, json!({}))
            .problem(403, "forbidden");
        app.send(Syv, "PATCH", &place, &[], Some(json!({})))
            .problem(428, "version-required");
        // Of a protected identity only those assigned know.
        app.post(Syv, &format!("/youths/{pia}/{kind}"), body)
            .problem(404, "not-found");
        app.get(SocionomStranger, &format!("/youths/{pia}/{kind}"))
            .problem(404, "not-found");
    }
    app.get(SyvElsewhere, &format!("/youths/{alva}/target-group"))
        .problem(404, "not-found");
    app.get(SocionomStranger, &format!("/youths/{pia}/target-group"))
        .problem(404, "not-found");
    app.get(Ambassador, &format!("/youths/{alva}/target-group"))
        .problem(403, "forbidden");
});

with_app!(
    of_a_protected_identity_neither_school_nor_municipality_is_told,
    |app| {
        let pia = app.world.pia;
        let away = json!({"kind": "registered_elsewhere", "municipalityCode": "0184",
                          "fromOn": "2026-05-01", "source": "authority"});
        let told = add(&app, Socionom, pia, "residences", away).problem(422, "validation-failed");
        assert_eq!(told, one("/municipalityCode", "not-for-protected"));
        let told = add(&app, Socionom, pia, "enrolments", national("2025-08-18"))
            .problem(422, "validation-failed");
        assert_eq!(told, one("/municipalityCode", "not-for-protected"));
        let mut body = national("2025-08-18");
        body.as_object_mut().unwrap().remove("municipalityCode");
        let made = add(&app, Socionom, pia, "enrolments", body.clone()).expect(201);
        assert!(made.body.get("school").is_none(), "{}", made.body);
        let grant =
            json!({"purpose": "protected_address", "reason": "Ska möta ungdomen vid skolan."});
        app.post(Socionom, &format!("/youths/{pia}/access-grants"), grant)
            .expect(201);
        let read = app
            .get(Socionom, &format!("/enrolments/{}", made.id()))
            .expect(200);
        assert_eq!(read.body["school"], "Exempelgymnasiet");
        // With protected registration the school is not even noted, and the stay decides.
        diesel::update(youths::table.find(pia))
            .set(youths::protection_level.eq(ProtectionLevel::ProtectedRegistration))
            .execute(&mut app.db())
            .unwrap();
        let told = add(&app, Socionom, pia, "enrolments", body).problem(422, "validation-failed");
        assert_eq!(told, one("/school", "not-for-protected"));
        let body = json!({"kind": "staying_here", "fromOn": "2026-02-01", "source": "authority"});
        let path = format!("/youths/{pia}/target-group?on=2026-11-24");
        let before = app.get(Socionom, &path).expect(200);
        let causes = before.body["causes"].as_array().unwrap().clone();
        assert!(!causes.contains(&json!("home_unknown")) || before.body["verdict"] != "inside");
        add(&app, Socionom, pia, "residences", body).expect(201);
        let after = app.get(Socionom, &path).expect(200);
        assert_eq!(after.body["facts"]["isHomeByStay"], true);
        assert_eq!(after.body["failedPoints"], json!(["ongoing_education"]));
    }
);

with_app!(the_rules_answer_for_any_day_with_the_facts, |app| {
    let alva = app.world.alva;
    let path = format!("/youths/{alva}");
    let unknown = verdict(&app, alva, "2026-11-24");
    assert_eq!(unknown["verdict"], "needs_decision");
    assert_eq!(
        unknown["causes"],
        json!(["compulsory_school_unknown", "home_unknown"])
    );
    let end =
        json!({"compulsorySchoolEndedOn": "2025-06-12", "compulsorySchoolBasis": "tenth_year"});
    let told = app
        .patch(
            Syv,
            &path,
            1,
            json!({"compulsorySchoolEndedOn": "2025-06-12"}),
        )
        .problem(422, "validation-failed");
    assert_eq!(told, one("/compulsorySchoolEndedOn", "needs-other"));
    app.patch(Syv, &path, 1, end.clone()).expect(200);
    app.patch(Ungdomskonsulent, &path, 2, end)
        .problem(403, "forbidden-field");
    add(&app, Syv, alva, "residences", here("2009-01-05")).expect(201);
    let mut school = national("2025-08-18");
    school["endsOn"] = json!("2026-03-31");
    school["isCancelled"] = json!(true);
    add(&app, Syv, alva, "enrolments", school).expect(201);
    let on = |day| {
        let body = verdict(&app, alva, day);
        (body["verdict"].clone(), body["reason"].clone())
    };
    assert_eq!(on("2026-03-31"), (json!("outside"), json!(null)));
    assert_eq!(
        on("2026-04-01"),
        (json!("inside"), json!("dropout_national_programme"))
    );
    let today = app
        .get(Ungdomskonsulent, &format!("{path}/target-group"))
        .expect(200);
    assert_eq!(today.body["evaluatedOn"], "2026-11-24");
    assert_eq!(today.body["ruleVersion"], "KAA_2023");
    assert_eq!(today.body["facts"]["enrolments"][0]["endsOn"], "2026-03-31");
    assert!(!today.body["facts"].to_string().contains("Exempelgymnasiet"));
    let early = verdict(&app, alva, "2014-12-31");
    assert_eq!(early["ruleVersion"], Value::Null);
    let died = json!({"deceasedOn": "2026-11-20"});
    app.patch(Syv, &path, 2, died).expect(200);
    assert_eq!(
        verdict(&app, alva, "2026-11-24")["deregistrationReason"],
        "deceased"
    );
    app.get(Syv, &format!("{path}/target-group?on=x"))
        .problem(400, "invalid-parameter");
    let event = app.db_last_event("readTargetGroup");
    assert_eq!(event.outcome, "invalid");
    let event = app
        .db_events()
        .into_iter()
        .rfind(|event| event.operation == "readTargetGroup" && event.outcome == "allowed")
        .unwrap();
    assert_eq!(event.subjects[0].0, Some(alva));
});

with_app!(the_same_request_twice_enters_one_fact, |app| {
    let alva = app.world.alva;
    let path = format!("/youths/{alva}/exam-documents");
    let key = [("Idempotency-Key", "betyg-1")];
    let first = app
        .send(Syv, "POST", &path, &key, Some(studiebevis()))
        .expect(201);
    let again = app
        .send(Syv, "POST", &path, &key, Some(studiebevis()))
        .expect(201);
    assert_eq!(first.id(), again.id());
    assert_eq!(app.get(Syv, &path).expect(200).body["_meta"]["count"], 1);
});

const HEADINGS: &str = "personnummer;förnamn;efternamn;status;program;inskriven från;inskriven till;betygsdokument;betygsdatum";

fn import(app: &TestApp, as_of: &str, rows: &[&str]) -> Answer {
    let file = format!("{HEADINGS}\n{}\n", rows.join("\n"));
    app.send_bytes(
        Syv,
        "POST",
        &format!("/imports?isApplied=true&asOf={as_of}"),
        &[],
        Some("text/csv"),
        Some(file.into_bytes()),
    )
    .expect(201)
}

with_app!(a_roster_tells_of_home_school_and_exam, |app| {
    let alva = app.world.alva;
    let facts = || verdict(&app, alva, "2026-11-24")["facts"].clone();
    let row = "200901052381;Alva;Lindqvist-Björk;inskriven gymnasium;VO;;;;";
    import(&app, "2026-10-01", &[row]);
    let known = facts();
    assert_eq!(known["residences"][0]["fromOn"], "2026-10-01");
    assert_eq!(known["enrolments"][0]["startsOn"], "2026-10-01");
    assert_eq!(known["enrolments"][0]["programmeKind"], "national");
    // The same roster again, and a later one that says the same, add nothing.
    import(&app, "2026-10-01", &[row]);
    import(&app, "2026-10-15", &[row]);
    assert_eq!(facts(), known);
    let left = "200901052381;Alva;Lindqvist-Björk;avbrott gymnasium;VO;;2026-11-06;;";
    import(&app, "2026-11-23", &[left]);
    let ended = facts();
    assert_eq!(ended["enrolments"][0]["endsOn"], "2026-11-06");
    assert_eq!(ended["enrolments"][0]["isCancelled"], true);
    assert_eq!(ended["enrolments"].as_array().unwrap().len(), 1);
    let list = app
        .get(Syv, &format!("/youths/{alva}/enrolments"))
        .expect(200);
    let enrolment = &list.body["enrolments"][0];
    assert_eq!(enrolment["source"], "roster");
    assert_eq!(enrolment["version"], 2);
    // Whoever changes what a roster said says where it comes from; then it is theirs.
    let place = format!("/enrolments/{}", enrolment["id"].as_str().unwrap());
    let told = app
        .patch(
            Syv,
            &place,
            2,
            json!({"endsOn": null, "isCancelled": false}),
        )
        .problem(422, "validation-failed");
    assert_eq!(told, one("/source", "not-in-list"));
    app.patch(
        Syv,
        &place,
        2,
        json!({"endsOn": null, "isCancelled": false, "source": "school"}),
    )
    .expect(200);
    import(&app, "2026-11-24", &[left]);
    assert_eq!(facts()["enrolments"][0]["endsOn"], Value::Null);
    let exam = "200901052381;Alva;Lindqvist-Björk;gymnasieexamen;;;;yrkesexamen;2026-11-20";
    import(&app, "2026-11-24", &[exam]);
    let document = &facts()["examDocuments"][0];
    assert_eq!(document["kind"], "GY_EXAMENSBEVIS_YRKESFORBEREDANDE");
    assert_eq!(document["issuedOn"], "2026-11-20");
    let event = app.db_last_event("importRoster");
    assert!(
        event
            .subjects
            .iter()
            .any(|(youth, resource, _)| *youth == Some(alva) && resource == "examDocuments")
    );
});

with_app!(what_cannot_be_read_of_school_is_left_out, |app| {
    let row = "200901052381;Alva;Lindqvist-Björk;studiebevis;;31/3;;diplom;2027-01-01";
    let run = import(&app, "2026-11-23", &[row]);
    let rows = app
        .get(Syv, &format!("/imports/{}/rows", run.id()))
        .expect(200);
    let codes: Vec<Value> = rows.body["rows"][0]["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["code"].clone())
        .collect();
    for code in ["date_syntax", "document_unknown", "date_in_future"] {
        assert!(codes.contains(&json!(code)), "{code}: {codes:?}");
    }
    let facts = &verdict(&app, app.world.alva, "2026-11-24")["facts"];
    assert_eq!(facts["examDocuments"][0]["kind"], "GY_STUDIEBEVIS");
    assert_eq!(facts["examDocuments"][0]["issuedOn"], "2026-11-23");
});
