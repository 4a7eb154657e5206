//! What becomes of exits to work or studies, over HTTP: checks are made at the closing, asked for as tasks, answered, and
//! answered by themselves when the youth comes back to an episode tied to the old one.

use crate::episodes::{close, way_out};
use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Socionom, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::app::TestApp;
use crate::with_app;
use chrono::Duration;
use serde_json::{Value, json};

/// Alva leaves for studies on the 20th of November; the ids of the two checks.
fn left(app: &TestApp) -> Vec<String> {
    close(app, Syv, app.world.alva_episode, 1, way_out()).expect(200);
    let checks = app
        .get(Syv, &format!("/youths/{}/outcome-checks", app.world.alva))
        .expect(200);
    assert_eq!(
        checks.column("outcomeChecks", "dueOn"),
        ["2027-02-20", "2027-05-20"]
    );
    assert_eq!(checks.column("outcomeChecks", "months"), [3, 6]);
    let ids = checks.column("outcomeChecks", "id");
    ids.iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

with_app!(
    an_exit_to_studies_is_checked_on_after_three_and_six_months,
    |app| {
        let mut app = app;
        let checks = left(&app);
        let asked = |app: &TestApp| {
            let tasks = app.get(Syv, "/tasks?kind=outcome_check").expect(200);
            tasks.column("tasks", "recordId")
        };
        // Not before its time, and then on the list of who closed the episode.
        assert_eq!(asked(&app), Vec::<Value>::new());
        app.pass(Duration::days(73));
        assert_eq!(asked(&app), Vec::<Value>::new());
        app.pass(Duration::days(1));
        assert_eq!(asked(&app), [json!(checks[0])]);
        app.pass(Duration::days(16));

        let path = format!("/outcome-checks/{}", checks[0]);
        app.send(Syv, "PATCH", &path, &[], Some(json!({"result": "unknown"})))
            .problem(428, "version-required");
        let answer = |body| app.patch(Ungdomskonsulent, &path, 1, body);
        assert_eq!(
            answer(json!({"result": "sustained"})).problem(422, "validation-failed"),
            [("/result".to_owned(), "needs-other".to_owned())]
        );
        assert_eq!(
            answer(json!({"result": "sustained", "source": "school", "checkedOn": "2026-11-19"}))
                .problem(422, "validation-failed"),
            [("/checkedOn".to_owned(), "before-exit".to_owned())]
        );
        assert_eq!(
            answer(json!({"months": 4})).problem(403, "forbidden-field"),
            [("/months".to_owned(), "not-open-to-role".to_owned())]
        );
        let answered = answer(json!({"result": "sustained", "source": "school"})).expect(200);
        assert_eq!(answered.body["checkedOn"], "2027-02-22");
        assert_eq!(
            answered.body["checkedBy"],
            json!(app.world.user(Ungdomskonsulent))
        );
        app.patch(Syv, &path, 1, json!({"result": "unknown"}))
            .problem(412, "stale-version");
        assert_eq!(asked(&app), Vec::<Value>::new());
        // An answer that was wrong is asked for again.
        app.patch(Syv, &path, 2, json!({"result": null}))
            .expect(200);
        assert_eq!(asked(&app), [json!(checks[0])]);
        let again = app.get(Syv, &path).expect(200);
        assert_eq!(again.body["source"], Value::Null);
        assert_eq!(again.body["checkedOn"], Value::Null);
        let event = app.db_last_event("answerOutcomeCheck");
        assert_eq!(event.subjects[0].0, Some(app.world.alva));
    }
);

with_app!(
    who_comes_back_begins_an_episode_tied_to_the_old_one,
    |app| {
        let mut app = app;
        let checks = left(&app);
        app.pass(Duration::days(100));
        let alva = app.world.alva;
        let again = app
            .post(
                Syv,
                &format!("/youths/{alva}/episodes"),
                json!({"track": "kaa", "reason": "dropout_national_programme"}),
            )
            .expect(201);
        assert_eq!(
            again.body["previousEpisodeId"],
            json!(app.world.alva_episode)
        );
        // What was due is still asked for; what was to come is answered by the coming back.
        let due = app.get(Syv, &format!("/outcome-checks/{}", checks[0]));
        assert_eq!(due.expect(200).body["result"], Value::Null);
        let to_come = app
            .get(Syv, &format!("/outcome-checks/{}", checks[1]))
            .expect(200);
        assert_eq!(to_come.body["result"], "interrupted");
        assert_eq!(to_come.body["checkedOn"], again.body["enteredOn"]);
        let tasks = app
            .get(Syv, "/tasks?kind=outcome_check&includeLater=true")
            .expect(200);
        assert_eq!(tasks.column("tasks", "recordId"), [json!(checks[0])]);
        // The first episode of somebody follows no other.
        let first = app
            .get(Syv, &format!("/episodes/{}", app.world.alva_episode))
            .expect(200);
        assert_eq!(first.body["previousEpisodeId"], Value::Null);
    }
);

with_app!(who_left_for_nothing_is_not_checked_on, |app| {
    let mut out = way_out();
    out["deregistrationReason"] = json!("not_registered_here");
    out["destination"] = json!("none");
    out["destinationElsewhere"] = Value::Null;
    close(&app, Syv, app.world.alva_episode, 1, out).expect(200);
    let checks = app
        .get(Syv, &format!("/youths/{}/outcome-checks", app.world.alva))
        .expect(200);
    assert_eq!(checks.column("outcomeChecks", "id"), Vec::<Value>::new());
});

with_app!(the_months_are_the_municipalitys_own, |app| {
    let set = |version, months: Value| {
        app.patch(
            Administrator,
            "/settings",
            version,
            json!({"outcomeCheckMonths": months}),
        )
    };
    assert_eq!(
        set(1, json!([3, 0, "6"])).problem(422, "validation-failed"),
        [
            (
                "/outcomeCheckMonths/1".to_owned(),
                "out-of-range".to_owned()
            ),
            ("/outcomeCheckMonths/2".to_owned(), "not-number".to_owned()),
        ]
    );
    let sorted = set(1, json!([12, 1, 12])).expect(200);
    assert_eq!(sorted.body["outcomeCheckMonths"], json!([1, 12]));
    close(&app, Syv, app.world.alva_episode, 1, way_out()).expect(200);
    let list = format!("/youths/{}/outcome-checks", app.world.alva);
    let checks = app.get(Syv, &list).expect(200);
    assert_eq!(
        checks.column("outcomeChecks", "dueOn"),
        ["2026-12-20", "2027-11-20"]
    );
});

with_app!(checks_are_read_and_answered_by_those_who_follow_up, |app| {
    let checks = left(&app);
    let path = format!("/outcome-checks/{}", checks[0]);
    let answer = json!({"result": "interrupted", "source": "youth"});
    app.get(Ambassador, &path).problem(403, "forbidden");
    app.get(Ambassador, "/outcome-checks")
        .problem(403, "forbidden");
    app.get(SyvElsewhere, &path).problem(404, "not-found");
    app.patch(SyvElsewhere, &path, 1, answer.clone())
        .problem(404, "not-found");
    app.get(Administrator, &path).problem(403, "forbidden");
    app.get(Enhetschef, &path).expect(200);
    app.patch(Enhetschef, &path, 1, answer.clone())
        .problem(403, "forbidden");
    app.patch(Socionom, &path, 1, answer).expect(200);
    let open = app
        .get(Enhetschef, "/outcome-checks?isAnswered=false")
        .expect(200);
    assert_eq!(open.column("outcomeChecks", "id"), [json!(checks[1])]);
    let found = app
        .get(
            Syv,
            "/outcome-checks?result=interrupted&dueBefore=2027-03-01",
        )
        .expect(200);
    assert_eq!(found.column("outcomeChecks", "id"), [json!(checks[0])]);
    let elsewhere = app.get(SyvElsewhere, "/outcome-checks").expect(200);
    assert_eq!(elsewhere.column("outcomeChecks", "id"), Vec::<Value>::new());
});
