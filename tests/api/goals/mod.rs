//! Goals over HTTP: every goal of the plans can be entered, how they stand, what a wrong one is told, and who may.

mod activities;
mod kolada;
mod release;
mod values;

use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
    SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::with_app;
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

/// Unemployment of 18-24 against the nation: from 2 above in 2013 to 4 below in 2018.
pub fn unemployment() -> Value {
    json!({
        "title": "Arbetslösheten för unga 18–24 år ska minska", "plan": "Arbetsmarknadsstrategi",
        "indicator": "Arbetslösa 18–24 år, skillnad mot riket", "source": "external", "koladaKpi": "N03942",
        "koladaMunicipality": "0183", "comparesWith": "nation", "unit": "percentage_points", "decimals": 1,
        "baseline": {"year": 2013, "value": 2}, "target": {"year": 2018, "value": -4}, "direction": "fall",
        "owner": "Arbetsmarknadsenheten", "ageBounds": "18–24 år",
    })
}

/// A goal with some members otherwise; those that are null are left out.
pub fn changed(mut goal: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        goal[name] = value.clone();
    }
    goal
}

/// A goal entered by the chief.
pub fn enter(app: &TestApp, goal: Value) -> String {
    app.post(Enhetschef, "/goals", goal).expect(201).id()
}

/// A value entered by the chief.
pub fn value(app: &TestApp, goal: &str, value: Value) -> String {
    let path = format!("/goals/{goal}/values");
    app.post(Enhetschef, &path, value).expect(201).id()
}

fn status(app: &TestApp, goal: &str) -> Value {
    app.get(Syv, &format!("/goals/{goal}")).expect(200).body["status"].clone()
}

/// What stands in domain 6.1, with the figures of the plans; where a plan has none, with some that a municipality could choose.
fn of_the_plans() -> Vec<Value> {
    let sundbyberg = "Sundbybergs plan för unga 16–25";
    let gap = |title: &str, kpi: Option<&str>, from: f64, to: f64| {
        json!({
            "title": title, "plan": "Strängnäs arbetsmarknadsstrategi", "indicator": "Arbetslöshet, skillnad mot riket",
            "source": "external", "koladaKpi": kpi, "koladaMunicipality": kpi.map(|_| "0486"), "comparesWith": "nation",
            "unit": "percentage_points", "decimals": 1, "baseline": {"year": 2013, "value": from},
            "target": {"year": 2018, "value": to}, "direction": "fall", "owner": "Socialnämnden",
        })
    };
    let own = |title: &str,
               code: &str,
               kind: &str,
               unit: &str,
               direction: &str,
               from: i64,
               to: i64| {
        json!({
            "title": title, "plan": sundbyberg, "indicator": title, "source": "own_measure", "measureCode": code,
            "measuredAs": kind, "unit": unit, "decimals": 1, "baseline": {"year": 2025, "value": from},
            "target": {"year": 2028, "value": to}, "direction": direction, "owner": "Ungdomsteamet",
        })
    };
    let yearly = |title: &str, kpi: Option<&str>, place: &str| {
        json!({
            "title": title, "plan": "Strategi för minskat utanförskap", "indicator": title, "source": "external",
            "koladaKpi": kpi, "koladaMunicipality": kpi.map(|_| place), "unit": "percent", "decimals": 1,
            "target": {"year": 2026, "value": 100}, "direction": "rise",
        })
    };
    vec![
        own(
            "Minska antalet avbrott på gymnasieskolan",
            "dropouts",
            "count",
            "persons",
            "fall",
            40,
            30,
        ),
        changed(
            own(
                "Alla ungdomar 16–19 år ska erbjudas en insats",
                "shareOffered",
                "share",
                "percent",
                "rise",
                0,
                100,
            ),
            json!({"baseline": null, "measureDivision": "ageGroup", "measureCategory": "16-19"}),
        ),
        own(
            "Andelen som återupptar gymnasiestudier ska öka",
            "shareResumed",
            "share",
            "percent",
            "rise",
            20,
            35,
        ),
        own(
            "Andelen 20–24 år som återupptar studier ska öka",
            "shareResumedOutreach",
            "share",
            "percent",
            "rise",
            10,
            15,
        ),
        changed(
            gap(
                "Arbetslösheten bland unga 20–24 år ska minska",
                Some("N03942"),
                1.5,
                0.0,
            ),
            json!({"plan": sundbyberg, "koladaMunicipality": "0183"}),
        ),
        yearly(
            "Alla elever behöriga till nationellt program",
            Some("N15428"),
            "0486",
        ),
        yearly(
            "Alla fullgör gymnasiet inom fyra år",
            Some("N17461"),
            "0486",
        ),
        changed(
            gap(
                "Arbetslösheten en procentenhet under riket",
                Some("N03920"),
                0.0,
                -1.0,
            ),
            json!({"baseline": null}),
        ),
        gap("Den totala arbetslösheten ska minska", None, -0.3, -3.0),
        gap(
            "Arbetslösheten för unga 18–24 år ska minska",
            Some("N03942"),
            2.0,
            -4.0,
        ),
        gap(
            "Arbetslösheten för utrikes födda ska minska",
            None,
            -1.5,
            -3.0,
        ),
        json!({"title": "Kostnaderna för ekonomiskt bistånd ska halveras", "indicator": "Ekonomiskt bistånd", "source": "external", "confirmedTerms": ["ekonomiskt bistånd"],
            "unit": "million_kronor", "decimals": 0, "baseline": {"year": 2013, "value": 42}, "target": {"year": 2018, "value": 21}, "direction": "fall"}),
        json!({"title": "Inga unga 18–24 på bistånd av arbetsmarknadsskäl", "indicator": "Unga med bistånd", "source": "external",
            "unit": "persons", "decimals": 0, "baseline": {"year": 2013, "value": 61}, "target": {"year": 2018, "value": 0}, "direction": "reach"}),
        json!({"title": "Minst 200 arbetsmarknadsanställningar", "indicator": "Anställningar", "source": "external",
            "unit": "count", "decimals": 0, "baseline": {"year": 2013, "value": 90}, "target": {"year": 2018, "value": 200}, "direction": "rise"}),
        json!({"title": "Bättre än riket i arbetsförmedlingens rankinglista", "plan": "Söderhamns handlingsprogram", "indicator": "Placering",
            "source": "external", "unit": "rank", "decimals": 0, "baseline": {"year": 2009, "value": 243}, "target": {"year": 2012, "value": 145}, "direction": "fall"}),
        own(
            "Kostnad per deltagare",
            "costPerParticipant",
            "mean",
            "kronor",
            "fall",
            21_000,
            18_000,
        ),
        own(
            "Andel som går till arbete eller studier",
            "shareExitsToWorkOrStudies",
            "share",
            "percent",
            "rise",
            40,
            60,
        ),
        own(
            "Rörlighet: arbete eller studier på annan ort",
            "shareExitsElsewhere",
            "share",
            "percent",
            "rise",
            5,
            10,
        ),
    ]
}

with_app!(every_goal_of_the_plans_can_be_entered, |app| {
    let goals = of_the_plans();
    for goal in &goals {
        let made = app.post(Enhetschef, "/goals", goal.clone()).expect(201);
        let sent = goal.as_object().unwrap().iter();
        for (name, sent) in sent.filter(|(name, _)| *name != "confirmedTerms") {
            let shown = &made.body[name];
            match sent.as_f64() {
                Some(number) => assert_eq!(shown.as_f64(), Some(number), "{name}"),
                None if sent.is_object() => {
                    assert_eq!(shown["year"], sent["year"]);
                    assert_eq!(shown["value"].as_f64(), sent["value"].as_f64());
                }
                None => assert_eq!(shown, sent, "{name}"),
            }
        }
        assert_eq!(made.body["status"]["code"], "no_data");
    }
    let listed = app.get(Socionom, "/goals?limit=200").expect(200);
    assert_eq!(listed.body["goals"].as_array().unwrap().len(), goals.len());
});

with_app!(a_goal_is_entered_changed_and_ended, |app| {
    let made = app.post(Enhetschef, "/goals", unemployment()).expect(201);
    assert_eq!(made.version(), 1);
    assert_eq!(made.body["baseline"]["value"].to_string(), "2.0");
    assert_eq!(made.body["target"], json!({"year": 2018, "value": -4.0}));
    assert_eq!(made.body["tolerance"].as_f64(), Some(0.0));
    assert_eq!(made.body["staleAfterYears"], 2);
    let path = format!("/goals/{}", made.id());
    assert!(made.header("location").unwrap().ends_with(&path));
    app.send(Enhetschef, "PATCH", &path, &[], Some(json!({})))
        .problem(428, "version-required");
    let target = json!({"year": 2018, "value": -3.5});
    let patch = json!({"target": target, "tolerance": 0.2, "owner": null});
    let patched = app.patch(Enhetschef, &path, 1, patch).expect(200);
    assert_eq!(patched.body["target"], json!({"year": 2018, "value": -3.5}));
    assert_eq!(patched.body["owner"], Value::Null);
    assert_eq!(patched.body["plan"], "Arbetsmarknadsstrategi");
    app.patch(Enhetschef, &path, 1, json!({"title": "Annat"}))
        .problem(412, "stale-version");
    let ended = app
        .patch(Enhetschef, &path, 2, json!({"endedOn": "2026-11-01"}))
        .expect(200);
    assert_eq!(ended.version(), 3);
    assert_eq!(app.get(Syv, &path).expect(200).body, ended.body);
    let event = app.db_last_event("updateGoal");
    assert_eq!(event.subjects[0].1, "goals");
    enter(
        &app,
        changed(unemployment(), json!({"plan": null, "title": "Ett till"})),
    );
    let titles = |query: &str| {
        let listed = app.get(Ungdomskonsulent, &format!("/goals{query}"));
        listed.expect(200).column("goals", "title").len()
    };
    assert_eq!(titles(""), 2);
    assert_eq!(titles("?isRunning=true"), 1);
    assert_eq!(titles("?isRunning=false"), 1);
    assert_eq!(titles("?plan=Arbetsmarknadsstrategi"), 1);
    assert_eq!(titles("?plan=Annan"), 0);
    app.get(Syv, "/goals?plan=x&year=2018")
        .problem(400, "invalid-parameter");
    let first = app.get(Syv, "/goals?limit=1").expect(200);
    let next = app.get(Syv, first.next().unwrap()).expect(200);
    assert_eq!(next.column("goals", "title"), ["Ett till"]);
    // The same request again makes no second one.
    let key = [("Idempotency-Key", "ett-mal")];
    let ids = [0, 1].map(|_| {
        app.send(Enhetschef, "POST", "/goals", &key, Some(unemployment()))
            .expect(201)
            .id()
    });
    assert_eq!(ids[0], ids[1]);
});

with_app!(what_is_wrong_with_a_goal_is_told_by_name, |app| {
    let told = |changes: Value| {
        let goal = changed(unemployment(), changes);
        app.post(Enhetschef, "/goals", goal)
            .problem(422, "validation-failed")
    };
    for (changes, pointer, code) in [
        (
            json!({"target": {"year": 2018, "value": -4.25}}),
            "/target/value",
            "too-many-decimals",
        ),
        (
            json!({"tolerance": 0.05}),
            "/tolerance",
            "too-many-decimals",
        ),
        (json!({"tolerance": -1}), "/tolerance", "out-of-range"),
        (
            json!({"target": {"year": 2018, "value": "-4"}}),
            "/target/value",
            "not-decimal",
        ),
        (
            json!({"target": {"year": 2018, "value": 1e300}}),
            "/target/value",
            "out-of-range",
        ),
        (
            json!({"target": {"year": 2012, "value": -4}}),
            "/target/year",
            "wrong-year-order",
        ),
        (
            json!({"target": {"year": 2018, "value": 3}}),
            "/target/value",
            "against-direction",
        ),
        (json!({"target": {"value": 3}}), "/target/year", "required"),
        (json!({"target": null}), "/target", "required"),
        (
            json!({"baseline": {"year": 1800, "value": 2}}),
            "/baseline/year",
            "out-of-range",
        ),
        (json!({"decimals": 9}), "/decimals", "out-of-range"),
        (json!({"unit": "percent"}), "/unit", "not-in-list"),
        (
            json!({"koladaKpi": "N3942"}),
            "/koladaKpi",
            "not-kolada-kpi",
        ),
        (
            json!({"koladaKpi": null}),
            "/koladaMunicipality",
            "needs-other",
        ),
        (
            json!({"koladaMunicipality": "18"}),
            "/koladaMunicipality",
            "not-municipality-code",
        ),
        (
            json!({"measureCode": "dropouts"}),
            "/measureCode",
            "not-with-other",
        ),
        (json!({"endedOn": "2027-01-01"}), "/endedOn", "in-future"),
        (
            json!({"title": "Hjälpa dem ur missbruk"}),
            "/title",
            "sensitive-terms",
        ),
        (json!({"youth": "Alva"}), "/youth", "unknown-field"),
    ] {
        assert_eq!(told(changes.clone()), one(pointer, code), "{changes}");
    }
    let own = json!({"source": "own_measure", "measureCode": "a b", "measureDivision": "sex"});
    assert_eq!(
        told(own),
        [
            ("/measureCode", "not-measure-name"),
            ("/measuredAs", "required"),
            ("/measureDivision", "needs-other"),
        ]
        .map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
    let goal = changed(
        unemployment(),
        json!({"title": "Färre sjuk av stress", "confirmedTerms": ["sjuk"]}),
    );
    app.post(Enhetschef, "/goals", goal).expect(201);
    // What the values are measured in is fixed as soon as there are some.
    let id = enter(&app, unemployment());
    let path = format!("/goals/{id}");
    app.patch(Enhetschef, &path, 1, json!({"decimals": 2}))
        .expect(200);
    value(&app, &id, json!({"year": 2014, "value": 0.85}));
    assert_eq!(
        app.patch(
            Enhetschef,
            &path,
            2,
            json!({"decimals": 1, "baseline": null})
        )
        .problem(422, "validation-failed"),
        one("/decimals", "immutable")
    );
});

with_app!(how_a_goal_stands_follows_from_what_is_known, |app| {
    let id = enter(
        &app,
        changed(
            unemployment(),
            json!({"baseline": {"year": 2022, "value": 2}, "target": {"year": 2027, "value": -4}}),
        ),
    );
    let empty = status(&app, &id);
    let nothing = json!({"code": "no_data", "year": null, "period": null, "value": null, "path": null, "aheadOfPath": null});
    assert_eq!(empty, nothing);
    value(&app, &id, json!({"year": 2023, "value": 0.5}));
    assert_eq!(status(&app, &id)["code"], "stale");
    assert_eq!(status(&app, &id)["year"], 2023);
    value(&app, &id, json!({"year": 2025, "value": -0.9}));
    let expected = json!({"code": "behind", "year": 2025, "period": "full_year", "value": -0.9, "path": -1.6, "aheadOfPath": -0.7});
    assert_eq!(status(&app, &id), expected);
    let part = value(
        &app,
        &id,
        json!({"year": 2026, "period": "tertial_1_2", "value": -2.8}),
    );
    let expected = json!({"code": "on_path", "year": 2026, "period": "tertial_1_2", "value": -2.8, "path": -2.8, "aheadOfPath": 0.0});
    assert_eq!(status(&app, &id), expected);
    let wrong = json!({"voidReason": "Fel månad"});
    app.patch(Enhetschef, &format!("/goal-values/{part}"), 1, wrong)
        .expect(200);
    assert_eq!(status(&app, &id)["code"], "behind");
    let listed = app.get(Syv, "/goals").expect(200);
    assert_eq!(listed.body["goals"][0]["status"], status(&app, &id));
});

with_app!(goals_are_the_chiefs_to_write_and_the_teams_to_read, |app| {
    let id = enter(&app, unemployment());
    let reads = [
        "/goals".to_owned(),
        "/goals/csv".to_owned(),
        format!("/goals/{id}"),
    ];
    for path in &reads {
        // Of the whole municipality, whatever the unit.
        for persona in [
            Syv,
            SyvElsewhere,
            Socionom,
            Ungdomskonsulent,
            EnhetschefElsewhere,
        ] {
            app.get(persona, path).expect(200);
        }
        for persona in [Ambassador, Administrator, Loggranskare] {
            app.get(persona, path).problem(403, "forbidden");
        }
    }
    let path = &reads[2];
    for persona in [Syv, Socionom, Ungdomskonsulent, Ambassador, Administrator] {
        let body = json!({"title": "Annat"});
        app.patch(persona, path, 1, body).problem(403, "forbidden");
        let refused = |persona: Persona| app.post(persona, "/goals", unemployment());
        refused(persona).problem(403, "forbidden");
    }
    let body = json!({"title": "Annat"});
    app.patch(EnhetschefElsewhere, path, 1, body).expect(200);
    let unknown = format!("/goals/{}", uuid::Uuid::now_v7());
    app.get(Syv, &unknown).problem(404, "not-found");
    app.send(Enhetschef, "DELETE", path, &[], None)
        .problem(405, "method-not-allowed");
});

with_app!(
    the_file_for_the_committee_opens_in_a_swedish_spreadsheet,
    |app| {
        let id = enter(
            &app,
            changed(
                unemployment(),
                json!({"title": "=1+1; \"mål\"", "target": {"year": 2027, "value": -4}}),
            ),
        );
        value(&app, &id, json!({"year": 2025, "value": -0.9}));
        let other = enter(
            &app,
            changed(unemployment(), json!({"title": "Utan aktiviteter"})),
        );
        assert_ne!(id, other);
        for title in ["Fler pass", "@Samverkan"] {
            let activity = json!({"title": title, "responsibleUnit": "Ungdomsteamet"});
            let path = format!("/goals/{id}/activities");
            app.post(Enhetschef, &path, activity).expect(201);
        }
        let file = app.get(Socionom, "/goals/csv").expect(200);
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        assert!(text.starts_with("\u{feff}Plan;Mål;Indikator;"));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<Vec<String>> = reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[1][1], "'=1+1; \"mål\"");
        assert_eq!(rows[1][11], "-0,9");
        assert_eq!(rows[1][14], "Efter vägen mot målet");
        assert_eq!(rows[1][16], "Fler pass");
        assert_eq!(rows[2][16], "'@Samverkan");
        assert_eq!(rows[3][1], "Utan aktiviteter");
        assert!(rows[3][16..].iter().all(String::is_empty));
        let english = app.send(Syv, "GET", "/goals/csv", &[("Accept-Language", "en")], None);
        let english = String::from_utf8(english.expect(200).bytes).unwrap();
        assert!(english.contains("Ahead of the path") && !english.contains("vägen"));
        assert_eq!(app.db_last_event("exportGoals").subjects.len(), 4);
    }
);
