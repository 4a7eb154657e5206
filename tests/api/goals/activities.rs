//! Activities for goals over HTTP: how they are followed up each tertial, and that no follow-up is overwritten.

use super::{enter, one, unemployment};
use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Loggranskare, Socionom, Syv, Ungdomskonsulent,
};
use crate::with_app;
use serde_json::{Value, json};

with_app!(an_activity_is_entered_changed_and_put_aside, |app| {
    let goal = enter(&app, unemployment());
    let below = format!("/goals/{goal}/activities");
    let body = json!({"title": "Fler pass", "responsibleUnit": "Ungdomsteamet", "startsOn": "2026-02-01", "endsOn": "2026-12-31"});
    let made = app.post(Enhetschef, &below, body).expect(201);
    assert_eq!(made.body["status"], "not_begun");
    assert_eq!(made.body["followUps"], json!([]));
    let path = format!("/goal-activities/{}", made.id());
    let patched = app
        .patch(
            Enhetschef,
            &path,
            1,
            json!({"endsOn": null, "isActive": false}),
        )
        .expect(200);
    assert_eq!(patched.version(), 2);
    app.patch(Enhetschef, &path, 1, json!({"title": "Annat"}))
        .problem(412, "stale-version");
    assert_eq!(app.get(Syv, &path).expect(200).body, patched.body);
    app.post(
        Enhetschef,
        &below,
        json!({"title": "Samverkan", "responsibleUnit": "Skolan"}),
    )
    .expect(201);
    let titles = |query: &str| {
        let page = app.get(Socionom, &format!("{below}{query}")).expect(200);
        page.column("goalActivities", "title")
    };
    assert_eq!(titles(""), ["Fler pass", "Samverkan"]);
    assert_eq!(titles("?isActive=true"), ["Samverkan"]);
    let wrong =
        json!({"title": "", "startsOn": "2026-03-01", "endsOn": "2026-02-01", "status": "done"});
    assert_eq!(
        app.post(Enhetschef, &below, wrong)
            .problem(403, "forbidden-field"),
        one("/status", "not-open-to-role")
    );
    let wrong = json!({"title": "", "startsOn": "2026-03-01", "endsOn": "2026-02-01"});
    assert_eq!(
        app.post(Enhetschef, &below, wrong)
            .problem(422, "validation-failed"),
        [
            one("/title", "required"),
            one("/responsibleUnit", "required"),
            one("/endsOn", "wrong-date-order"),
        ]
        .concat()
    );
    let unknown = format!("/goals/{}/activities", uuid::Uuid::now_v7());
    app.post(Enhetschef, &unknown, json!({}))
        .problem(404, "not-found");
});

with_app!(a_follow_up_is_never_overwritten, |app| {
    let goal = enter(&app, unemployment());
    let below = format!("/goals/{goal}/activities");
    let body = json!({"title": "Fler pass", "responsibleUnit": "Ungdomsteamet"});
    let id = app.post(Enhetschef, &below, body).expect(201).id();
    let path = format!("/goal-activities/{id}");
    let follow = |body: Value| {
        app.post(Enhetschef, &format!("{path}/follow-ups"), body)
            .expect(200)
    };
    let first = follow(
        json!({"year": 2026, "period": "tertial_1_2", "status": "ongoing", "forecast": "Klart i höst"}),
    );
    assert_eq!(first.version(), 2);
    assert_eq!(first.body["followUps"][0]["followedUpOn"], "2026-11-24");
    follow(
        json!({"year": 2026, "period": "tertial_1", "status": "not_begun", "remedy": "Rekrytera", "followedUpOn": "2026-05-12"}),
    );
    let last = follow(json!({"year": 2026, "period": "tertial_1_2", "status": "done"}));
    let told: Vec<(Value, Value, Value, Value)> = last.body["followUps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            ["period", "revision", "isInForce", "status"]
                .map(|name| of[name].clone())
                .into()
        })
        .collect();
    let of = |period: &str, revision: i64, is_in_force: bool, status: &str| {
        (
            json!(period),
            json!(revision),
            json!(is_in_force),
            json!(status),
        )
    };
    assert_eq!(
        told,
        [
            of("tertial_1", 1, true, "not_begun"),
            of("tertial_1_2", 1, false, "ongoing"),
            of("tertial_1_2", 2, true, "done"),
        ]
    );
    assert_eq!(last.body["status"], "done");
    assert_eq!(last.body["followUps"][1]["forecast"], "Klart i höst");
    assert_eq!(app.get(Syv, &path).expect(200).body, last.body);
    let listed = app.get(Syv, &below).expect(200);
    assert_eq!(
        listed.body["goalActivities"][0]["followUps"],
        last.body["followUps"]
    );
    assert_eq!(
        app.db_last_event("followUpGoalActivity").subjects[0].1,
        "goalActivities"
    );
    for (body, told) in [
        (
            json!({"year": 2026, "period": "half_year_1", "status": "done"}),
            one("/period", "not-in-list"),
        ),
        (
            json!({"year": 2027, "period": "tertial_1", "status": "done"}),
            one("/year", "in-future"),
        ),
        (
            json!({"year": 2026, "period": "tertial_1", "status": "done", "forecast": "Många i missbruk"}),
            one("/forecast", "sensitive-terms"),
        ),
        (
            json!({"year": 2026, "period": "tertial_1", "status": "done", "revision": 1}),
            one("/revision", "unknown-field"),
        ),
    ] {
        assert_eq!(
            app.post(Enhetschef, &format!("{path}/follow-ups"), body)
                .problem(422, "validation-failed"),
            told
        );
    }
});

with_app!(
    activities_are_the_chiefs_to_write_and_the_teams_to_read,
    |app| {
        let goal = enter(&app, unemployment());
        let below = format!("/goals/{goal}/activities");
        let body = json!({"title": "Fler pass", "responsibleUnit": "Ungdomsteamet"});
        let id = app.post(Enhetschef, &below, body.clone()).expect(201).id();
        let path = format!("/goal-activities/{id}");
        for address in [&below, &path] {
            for persona in [Syv, Socionom, Ungdomskonsulent] {
                app.get(persona, address).expect(200);
            }
            for persona in [Ambassador, Administrator, Loggranskare] {
                app.get(persona, address).problem(403, "forbidden");
            }
        }
        for persona in [Syv, Socionom, Ungdomskonsulent, Ambassador, Administrator] {
            app.post(persona, &below, body.clone())
                .problem(403, "forbidden");
            app.patch(persona, &path, 1, body.clone())
                .problem(403, "forbidden");
            let follow_up = json!({"year": 2026, "period": "tertial_1", "status": "done"});
            app.post(persona, &format!("{path}/follow-ups"), follow_up)
                .problem(403, "forbidden");
        }
    }
);
