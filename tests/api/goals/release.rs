//! Goals as a release has them: what stood at the end of the period, by the follow-up of that period, with the figures of an own
//! measure from the releases themselves; and as the list has them, by the releases that stand today.

use super::{changed, enter, unemployment, value};
use crate::support::Persona::{Enhetschef, Syv};
use crate::support::{TestApp, vault};
use crate::with_app;
use diesel::connection::SimpleConnection;
use kaa::db::Conn;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::store::{Store, Threads};
use kaa::domain::codes::Code;
use kaa::domain::goal::GoalPeriod;
use kaa::domain::operation::Operation;
use kaa::service::goals::{GoalAtEnd, goals_at_end};
use kaa::statistics::document::{Goal, ReleaseDocument, YearValue};
use kaa::statistics::period::{Period, PeriodPart};
use serde_json::{Value, json};

fn door(app: &TestApp) -> Door {
    let threads = Threads {
        readers: 1,
        writers: 1,
    };
    Door::new(Store::open(&app.location(), threads).unwrap(), vault())
}

fn call(app: &TestApp) -> Call {
    Call {
        operation: Operation::ListGoals,
        identity: Identity::Console,
        at: app.clock.now(),
        request_id: "test".to_owned(),
    }
}

fn at_end(app: &TestApp, period: Period) -> Vec<GoalAtEnd> {
    let work = door(app);
    let work = work.run(call(app), move |tx| goals_at_end(tx, period));
    actix_web::rt::System::new().block_on(work).unwrap()
}

fn for_release(app: &TestApp, period: Period) -> Vec<Goal> {
    let goals = at_end(app, period);
    goals.iter().map(|goal| goal.document(&[])).collect()
}

fn period(year: i64, part: PeriodPart) -> Period {
    Period::new(year, part).unwrap()
}

fn of(year: i32, value: i64) -> YearValue {
    YearValue { year, value }
}

with_app!(a_release_has_the_goals_as_they_stood, |app| {
    let recent =
        json!({"baseline": {"year": 2022, "value": 2}, "target": {"year": 2027, "value": -4}});
    let goal = enter(&app, changed(unemployment(), recent));
    for (year, part, number) in [
        (2024, "full_year", -0.4),
        (2025, "tertial_1", -9.0),
        (2025, "full_year", -0.9),
        (2026, "tertial_1", -2.9),
    ] {
        value(
            &app,
            &goal,
            json!({"year": year, "period": part, "value": number}),
        );
    }
    let ended = json!({"title": "Avslutat", "endedOn": "2026-04-30"});
    enter(&app, changed(unemployment(), ended));
    let below = format!("/goals/{goal}/activities");
    let activity = |title: &str, starts: &str| {
        let body = json!({"title": title, "responsibleUnit": "Ungdomsteamet", "startsOn": starts});
        app.post(Enhetschef, &below, body).expect(201).id()
    };
    let early = activity("Fler pass", "2026-01-01");
    activity("Börjar senare", "2026-06-01");
    let follow = |body| {
        let path = format!("/goal-activities/{early}/follow-ups");
        app.post(Enhetschef, &path, body).expect(200);
    };
    follow(
        json!({"year": 2026, "period": "tertial_1", "status": "not_begun", "remedy": "Rekrytera"}),
    );
    follow(
        json!({"year": 2026, "period": "tertial_1", "status": "ongoing", "forecast": "Klart i höst", "followedUpOn": "2026-05-12"}),
    );
    follow(json!({"year": 2026, "period": "tertial_1_2", "status": "done"}));
    let goals = for_release(&app, period(2026, PeriodPart::Tertial1));
    assert_eq!(goals.len(), 1, "what had ended is not in it");
    let told = &goals[0];
    assert_eq!(told.series, [of(2024, -4), of(2025, -9), of(2026, -29)]);
    assert_eq!(
        (told.baseline, told.target),
        (Some(of(2022, 20)), of(2027, -40))
    );
    assert_eq!(told.status_code, "ahead");
    assert_eq!(told.status.sv, "Före vägen mot målet (tertial 1 2026)");
    assert_eq!(told.ahead_of_path, Some(1));
    assert!(!told.shall_rise);
    assert_eq!(told.activities.len(), 1);
    assert_eq!(told.activities[0].status_code, "ongoing");
    assert_eq!(told.activities[0].forecast.as_deref(), Some("Klart i höst"));
    assert_eq!(
        told.activities[0].followed_up_on.unwrap().to_string(),
        "2026-05-12"
    );
    // A year before: what came later was not known.
    let goals = for_release(&app, period(2025, PeriodPart::Tertial12));
    assert_eq!(goals.len(), 2);
    assert_eq!(goals[0].series, [of(2024, -4), of(2025, -90)]);
    assert_eq!(goals[0].activities, []);
    // Nothing of the earlier goal is known.
    assert_eq!(
        (goals[1].status_code.as_str(), &goals[1].series),
        ("no_data", &vec![])
    );
    let goals = for_release(&app, period(2026, PeriodPart::FullYear));
    assert_eq!(goals[0].activities[0].status_code, "done");
    assert_eq!(goals[0].activities[1].status_code, "not_begun");
});

/// A release of a share of everybody, as it is kept.
fn release(year: i32, code: &str, value: Option<i64>) -> ReleaseDocument {
    let words = json!({"sv": "", "en": ""});
    let last_day = GoalPeriod::from_code(code).unwrap().last_day(year);
    serde_json::from_value(json!({
        "format": 1,
        "period": {"code": code, "label": words, "year": year, "firstDay": format!("{year}-01-01"), "lastDay": last_day},
        "countedAt": "2026-11-01T08:00:00Z", "threshold": 5, "hidden": {"hidden": 0, "cells": 1},
        "measures": [{"code": "shareOffered", "version": 1, "kind": "share", "unit": "percent", "title": words, "definition": words,
            "numerator": words, "denominator": words, "periodLogic": words, "breakdowns": [], "source": null}],
        "divisions": [],
        "tables": [{"name": "shareOffered", "measure": "shareOffered", "title": words, "unit": "percent", "decimals": 1, "axes": [],
            "cells": [{"at": [], "value": value, "isHidden": value.is_none()}]}],
        "goals": [], "notes": [],
    }))
    .unwrap()
}

with_app!(
    the_figures_of_an_own_measure_come_from_the_releases,
    |app| {
        let goal = json!({
            "title": "Alla ska erbjudas en insats", "indicator": "Andel erbjudna", "source": "own_measure", "measureCode": "shareOffered",
            "measuredAs": "share", "unit": "percent", "decimals": 1, "target": {"year": 2026, "value": 100}, "direction": "rise",
        });
        let goal = enter(&app, goal);
        // Before there were releases, and beside one that hides its figure.
        value(&app, &goal, json!({"year": 2023, "value": 71}));
        value(&app, &goal, json!({"year": 2025, "value": 88}));
        let standing = at_end(&app, period(2026, PeriodPart::Tertial1));
        let releases = [
            release(2024, "full_year", Some(802)),
            release(2025, "full_year", None),
            release(2026, "tertial_1", Some(913)),
            release(2026, "tertial_1_2", Some(999)),
        ];
        let given: Vec<&ReleaseDocument> = releases.iter().take(3).collect();
        let told = standing[0].document(&given);
        assert_eq!(told.series, [of(2023, 710), of(2024, 802), of(2026, 913)]);
        assert_eq!(
            (told.status_code.as_str(), told.ahead_of_path),
            ("behind", Some(-87))
        );
        // What a later release says was not known at the end of the period.
        let later: Vec<&ReleaseDocument> = releases.iter().collect();
        assert_eq!(standing[0].document(&later), told);
        assert_eq!(
            for_release(&app, period(2026, PeriodPart::Tertial1))[0].series,
            [of(2023, 710), of(2025, 880)]
        );
    }
);

// Live --------------------------------------------------------------------------------------------

/// Youths in the register since a day of a year, of whom the first are offered an intervention two weeks later.
fn fill(app: &TestApp, year: i32, many: usize, offered: usize) {
    for place in 0..many {
        let person = json!({"givenName": "Någon", "familyName": "Annan", "birthDate": format!("{}-03-{:02}", year - 17, place % 28 + 1),
            "legalSex": if place % 2 == 0 { "female" } else { "male" }});
        let youth = app.post(Syv, "/youths", person).expect(201).id();
        let episode = json!({"track": "kaa", "reason": "study_certificate", "enteredOn": format!("{year}-02-01")});
        app.post(Syv, &format!("/youths/{youth}/episodes"), episode)
            .expect(201);
        if place < offered {
            let offer = json!({"kind": "study_career_guidance", "responsibleParty": "municipality", "offeredOn": format!("{year}-02-15")});
            app.post(Syv, &format!("/youths/{youth}/interventions"), offer)
                .expect(201);
        }
    }
}

/// A release that a job has made, with what it published.
fn publish(app: &TestApp, year: i32, part: &str) -> (String, Value) {
    let asked = json!({"year": year, "period": part});
    let job = app
        .post(Enhetschef, "/statistics/releases", asked)
        .expect(202)
        .id();
    app.db_run_jobs();
    let job = app
        .get(Enhetschef, &format!("/jobs/{job}"))
        .expect(200)
        .body;
    let release = job["resultId"].as_str().expect("it is made").to_owned();
    let read = app.get(Enhetschef, &format!("/statistics/releases/{release}"));
    (release, read.expect(200).body["document"].clone())
}

fn withdraw(app: &TestApp, release: &str) {
    let path = format!("/statistics/releases/{release}/withdrawal");
    let reason = json!({"reason": "Fel i underlaget för perioden."});
    app.post(Enhetschef, &path, reason).expect(200);
}

/// The figure of everybody that a release publishes of a measure; nothing if it is hidden.
fn published(document: &Value, measure: &str) -> Option<f64> {
    let tables = document["tables"].as_array().unwrap();
    let cells = tables.iter().filter(|table| table["measure"] == measure);
    let mut totals = cells.filter_map(|table| {
        let names: Vec<&str> = table["dimensions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|axis| axis["name"].as_str().unwrap())
            .collect();
        let cells = table["cells"].as_array().unwrap();
        cells
            .iter()
            .find(|cell| names.iter().all(|name| cell[*name] == "total"))
    });
    totals.next().expect("the measure has a sum")["value"].as_f64()
}

fn share_offered(from: Value) -> Value {
    json!({
        "title": "Alla ska erbjudas en insats", "indicator": "Andel erbjudna", "source": "own_measure", "measureCode": "kaaOfferedShare",
        "measuredAs": "share", "unit": "percent", "decimals": 1, "baseline": from, "target": {"year": 2027, "value": 100},
        "direction": "rise",
    })
}

fn number(value: &Value, expected: f64) -> bool {
    (value.as_f64().unwrap() - expected).abs() < 1e-9
}

with_app!(
    the_list_shows_how_an_own_measure_stands_by_the_releases,
    |app| {
        let goal = enter(&app, share_offered(json!({"year": 2024, "value": 40})));
        let other = enter(&app, unemployment());
        let listed = |which: &str| {
            let list = app.get(Syv, "/goals").expect(200).body["goals"].clone();
            let one = app.get(Syv, &format!("/goals/{which}")).expect(200).body;
            let goals = list.as_array().unwrap();
            let listed = goals.iter().find(|goal| goal["id"] == *which).unwrap();
            for name in ["series", "status"] {
                assert_eq!(
                    listed[name], one[name],
                    "the list and the single read differ"
                );
            }
            one
        };
        // Nobody has published anything: nothing is known.
        let told = listed(&goal);
        assert_eq!(
            (&told["series"], &told["status"]["code"]),
            (&json!([]), &json!("no_data"))
        );
        fill(&app, 2025, 30, 18);
        let (_, year) = publish(&app, 2025, "full_year");
        let share = published(&year, "kaaOfferedShare").expect("30 and 18 are no small numbers");
        let told = listed(&goal);
        assert!(number(&told["series"][0]["value"], share), "{told}");
        assert_eq!(told["series"].as_array().unwrap().len(), 1);
        // The straight path from 40 in 2024 to 100 in 2027 is at 60 in 2025.
        let status = &told["status"];
        assert_eq!(
            (&status["year"], &status["period"]),
            (&json!(2025), &json!("full_year"))
        );
        assert!(number(&status["value"], share) && number(&status["path"], 60.0));
        assert!(number(&status["aheadOfPath"], share - 60.0), "{status}");
        // What somebody enters beside it does not change it; a year without a release has it.
        value(&app, &goal, json!({"year": 2025, "value": 99}));
        value(&app, &goal, json!({"year": 2024, "value": 41}));
        let beside = listed(&goal);
        assert_eq!(beside["status"], told["status"]);
        assert_eq!(beside["series"][1], told["series"][0]);
        assert!(number(&beside["series"][0]["value"], 41.0));
        // Part of the year after counts as that year, for a share.
        let (tertial, document) = publish(&app, 2026, "tertial_1");
        let share =
            published(&document, "kaaOfferedShare").expect("everybody is in the register yet");
        let told = listed(&goal);
        assert_eq!(told["status"]["period"], "tertial_1");
        assert!(number(&told["status"]["value"], share));
        assert!(
            number(&told["status"]["aheadOfPath"], share - 80.0),
            "{told}"
        );
        // The committee's file says the same.
        let file = app.get(Syv, "/goals/csv").expect(200);
        let file = String::from_utf8(file.bytes).unwrap();
        let value = format!("{share:.1}").replace('.', ",");
        assert!(
            file.contains(&format!(";2026;Tertial 1;{value};80,0;")),
            "{file}"
        );
        // A release that is withdrawn says nothing any more; the one before does.
        withdraw(&app, &tertial);
        assert_eq!(listed(&goal), beside);
        assert_eq!(listed(&other)["series"], json!([]));
        // A goal that is entered now, and one that is changed, see the releases at once.
        let made = app
            .post(
                Enhetschef,
                "/goals",
                share_offered(json!({"year": 2024, "value": 40})),
            )
            .expect(201);
        assert_eq!(made.body["status"], beside["status"]);
        let path = format!("/goals/{goal}");
        let patched = app.patch(Enhetschef, &path, 1, json!({"tolerance": 100}));
        let patched = patched.expect(200).body;
        assert_eq!(patched["series"], beside["series"]);
        assert_eq!(patched["status"]["code"], "on_path");
    }
);

with_app!(what_a_release_does_not_tell_is_said_to_be_missing, |app| {
    let own = |changes: Value| enter(&app, changed(share_offered(Value::Null), changes));
    let goals = [
        (own(json!({})), "hidden"),
        (own(json!({"measureCode": "annat"})), "no_measure"),
        (own(json!({"measuredAs": "count"})), "other_kind"),
        (
            own(json!({"measureDivision": "sex", "measureCategory": "other"})),
            "no_group",
        ),
        (
            own(json!({"measureCode": "youths", "measuredAs": "count", "unit": "persons"})),
            "part_of_year",
        ),
    ];
    // One offer among thirty gives away whose it was not: the share is hidden.
    fill(&app, 2026, 30, 1);
    let (_, document) = publish(&app, 2026, "tertial_1");
    assert_eq!(published(&document, "kaaOfferedShare"), None);
    for (goal, why) in &goals {
        value(
            &app,
            goal,
            json!({"year": 2026, "period": "tertial_1", "value": 12}),
        );
        let told = app.get(Syv, &format!("/goals/{goal}")).expect(200).body;
        let missing = json!([{"year": 2026, "period": "tertial_1", "value": null, "missing": why}]);
        assert_eq!(told["series"], missing);
        let status = json!({"code": "no_data", "year": null, "period": null, "value": null, "path": null, "aheadOfPath": null});
        assert_eq!(told["status"], status, "nothing stands in for it");
    }
});

with_app!(
    a_release_from_before_its_figures_were_kept_apart_speaks_as_well,
    |app| {
        let goal = enter(&app, share_offered(Value::Null));
        fill(&app, 2025, 30, 18);
        publish(&app, 2025, "full_year");
        let read = || app.get(Syv, &format!("/goals/{goal}")).expect(200).body;
        let apart = read();
        assert_eq!(apart["status"]["year"], 2025);
        let mut conn = app.db();
        let let_go = match &conn {
            Conn::Sqlite(_) => "DROP TRIGGER statistics_release_figures_no_delete",
            Conn::Pg(_) => "ALTER TABLE statistics_release_figures DISABLE TRIGGER USER",
        };
        let all = "DELETE FROM statistics_release_figures";
        assert!(
            conn.batch_execute(all).is_err(),
            "what was published changed"
        );
        conn.batch_execute(let_go).unwrap();
        conn.batch_execute(all).unwrap();
        assert_eq!(read(), apart);
    }
);
