//! Goals as a release has them: what stood at the end of the period, by the follow-up of that period, with the figures of an own
//! measure from the releases themselves.

use super::{changed, enter, unemployment, value};
use crate::support::Persona::Enhetschef;
use crate::support::{TestApp, vault};
use crate::with_app;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::store::{Store, Threads};
use kaa::domain::codes::Code;
use kaa::domain::goal::GoalPeriod;
use kaa::domain::operation::Operation;
use kaa::service::goals::{GoalAtEnd, goals_at_end};
use kaa::statistics::document::{Goal, ReleaseDocument, YearValue};
use kaa::statistics::period::{Period, PeriodPart};
use serde_json::json;

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
