//! Values of goals over HTTP: by hand and from files; what is wrong is told by line and heading, and nothing that came in
//! another way is overwritten.

use super::{changed, enter, one, unemployment, value};
use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Loggranskare, Socionom, Syv, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::with_app;
use serde_json::{Value, json};

with_app!(a_value_is_entered_changed_and_marked_void, |app| {
    let goal = enter(&app, unemployment());
    let below = format!("/goals/{goal}/values");
    let body =
        json!({"year": 2014, "value": 0.8, "source": "Arbetsförmedlingen", "note": "Preliminärt"});
    let made = app.post(Enhetschef, &below, body).expect(201);
    assert_eq!(made.body["period"], "full_year");
    assert_eq!(made.body["origin"], "by_hand");
    assert_eq!(made.body["value"].to_string(), "0.8");
    let path = format!("/goal-values/{}", made.id());
    assert!(made.header("location").unwrap().ends_with(&path));
    // Of a part of a year one value counts.
    let again = json!({"year": 2014, "value": 0.9});
    assert_eq!(
        app.post(Enhetschef, &below, again.clone())
            .problem(422, "validation-failed"),
        one("/year", "taken")
    );
    app.post(
        Enhetschef,
        &below,
        json!({"year": 2014, "period": "tertial_1", "value": 0.9}),
    )
    .expect(201);
    let patched = app
        .patch(Enhetschef, &path, 1, json!({"value": 0.7, "note": null}))
        .expect(200);
    assert_eq!(patched.body["source"], "Arbetsförmedlingen");
    assert_eq!(patched.version(), 2);
    app.patch(Enhetschef, &path, 1, json!({"value": 0.6}))
        .problem(412, "stale-version");
    let void = app
        .patch(Enhetschef, &path, 2, json!({"voidReason": "Fel år"}))
        .expect(200);
    assert_eq!(void.body["voidReason"], "Fel år");
    let event = app.db_last_event("updateGoalValue");
    assert_eq!(event.subjects[0].1, "goalValues");
    app.patch(Enhetschef, &path, 3, json!({"value": 0.6}))
        .problem(409, "fact-void");
    app.post(Enhetschef, &below, again).expect(201);
    let listed = |query: &str| {
        let page = app.get(Syv, &format!("{below}{query}")).expect(200);
        page.column("goalValues", "value")
    };
    assert_eq!(listed(""), [json!(0.7), json!(0.9), json!(0.9)]);
    assert_eq!(listed("?isVoid=true"), [json!(0.7)]);
    assert_eq!(listed("?isVoid=false"), [json!(0.9), json!(0.9)]);
    assert_eq!(app.get(Socionom, &path).expect(200).body, void.body);
    let kept = crate::support::kept_versions(&mut app.db(), "goalValues");
    assert_eq!(kept.len(), 5, "every version stays");
});

with_app!(what_is_wrong_with_a_value_is_told_by_name, |app| {
    let goal = enter(&app, unemployment());
    let below = format!("/goals/{goal}/values");
    for (body, told) in [
        (
            json!({}),
            [one("/year", "required"), one("/value", "required")].concat(),
        ),
        (
            json!({"year": 2014, "value": 0.85}),
            one("/value", "too-many-decimals"),
        ),
        (
            json!({"year": 2014, "value": "0,8"}),
            one("/value", "not-decimal"),
        ),
        (json!({"year": 2027, "value": 0}), one("/year", "in-future")),
        (
            json!({"year": 2014, "period": "q1", "value": 0}),
            one("/period", "not-in-list"),
        ),
        (
            json!({"year": 2014, "value": 0, "note": "Beror på missbruk"}),
            one("/note", "sensitive-terms"),
        ),
        (
            json!({"year": 2014, "value": 0, "voidReason": "Fel"}),
            one("/voidReason", "unknown-field"),
        ),
    ] {
        assert_eq!(
            app.post(Enhetschef, &below, body.clone())
                .problem(422, "validation-failed"),
            told,
            "{body}"
        );
    }
    let unknown = format!("/goals/{}/values", uuid::Uuid::now_v7());
    app.post(Enhetschef, &unknown, json!({}))
        .problem(404, "not-found");
    app.get(Syv, &unknown).problem(404, "not-found");
});

with_app!(
    values_are_the_chiefs_to_write_and_the_teams_to_read,
    |app| {
        let goal = enter(&app, unemployment());
        let id = value(&app, &goal, json!({"year": 2014, "value": 1}));
        let reads = [
            format!("/goals/{goal}/values"),
            format!("/goal-values/{id}"),
        ];
        for path in &reads {
            for persona in [Syv, Socionom, Ungdomskonsulent] {
                app.get(persona, path).expect(200);
            }
            for persona in [Ambassador, Administrator, Loggranskare] {
                app.get(persona, path).problem(403, "forbidden");
            }
        }
        for persona in [Syv, Socionom, Ungdomskonsulent, Ambassador, Administrator] {
            let body = json!({"year": 2015, "value": 1});
            app.post(persona, &reads[0], body.clone())
                .problem(403, "forbidden");
            app.patch(persona, &reads[1], 1, body)
                .problem(403, "forbidden");
            let answer = app.send_bytes(
                persona,
                "POST",
                &format!("{}/csv", reads[0]),
                &[],
                Some("text/csv"),
                Some(b"x".to_vec()),
            );
            answer.problem(403, "forbidden");
        }
    }
);

fn send(app: &TestApp, goal: &str, file: &str, is_applied: bool) -> Answer {
    let path = format!("/goals/{goal}/values/csv?isApplied={is_applied}");
    let bytes = Some(file.as_bytes().to_vec());
    app.send_bytes(Enhetschef, "POST", &path, &[], Some("text/csv"), bytes)
}

fn outcomes(answer: &Answer) -> Vec<(Value, String)> {
    let rows = answer.body["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        (
            row["line"].clone(),
            row["outcome"].as_str().unwrap().to_owned(),
        )
    })
    .collect()
}

with_app!(a_file_is_tried_before_it_is_carried_out, |app| {
    let goal = enter(&app, unemployment());
    value(&app, &goal, json!({"year": 2013, "value": 2}));
    value(&app, &goal, json!({"year": 2014, "value": 0.8}));
    let file = "\u{feff}år;period;värde;källa;anteckning\r\n2013;;2,0;AF;\r\n2014;helår;0,9;AF;\r\n2015;Helår;−0,4;AF;Preliminärt\r\n\
                2016;tertial 1–2;-1.6;AF;\r\n2017;;-2,85;AF;\r\n2015;;-0,5;;\r\n2016;;1;;Beror på missbruk\r\n2099;;1;;\r\n2018;;1;\r\n";
    let tried = send(&app, &goal, file, false).expect(200);
    let expected = [
        (2, "unchanged"),
        (3, "conflict"),
        (4, "created"),
        (5, "created"),
        (6, "refused"),
        (7, "refused"),
        (8, "refused"),
        (9, "refused"),
        (10, "refused"),
    ]
    .map(|(line, outcome)| (json!(line), outcome.to_owned()));
    assert_eq!(outcomes(&tried), expected);
    let counts = json!({"created": 2, "unchanged": 1, "changed": 0, "conflict": 1, "missing": 0, "refused": 5});
    assert_eq!(tried.body["counts"], counts);
    let problems = |line: usize| {
        let problems = tried.body["rows"][line - 2]["problems"].as_array().unwrap();
        let told = problems.iter().map(|problem| {
            let text = |name: &str| problem[name].as_str().unwrap().to_owned();
            (text("column"), text("code"))
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(problems(6), one("värde", "too-many-decimals"));
    assert_eq!(problems(7), one("år", "twice"));
    assert_eq!(problems(8), one("anteckning", "sensitive-terms"));
    assert_eq!(problems(9), one("år", "in-future"));
    assert_eq!(problems(10), one("", "wrong-cell-count"));
    assert_eq!(tried.body["rows"][1]["existingValue"].to_string(), "0.8");
    let known = || {
        let page = app.get(Syv, &format!("/goals/{goal}/values")).expect(200);
        page.column("goalValues", "value")
    };
    assert_eq!(known().len(), 2, "nothing was stored");
    let done = send(&app, &goal, file, true).expect(200);
    assert_eq!(outcomes(&done), outcomes(&tried));
    assert_eq!(known(), [json!(2.0), json!(0.8), json!(-0.4), json!(-1.6)]);
    // What came by a file is changed by a file; what came by hand is not.
    let later = "year,value\n2015,-0.5\n2014,0.9\n";
    assert_eq!(
        outcomes(&send(&app, &goal, later, true).expect(200)),
        [
            (json!(2), "changed".to_owned()),
            (json!(3), "conflict".to_owned())
        ]
    );
    assert_eq!(known(), [json!(2.0), json!(0.8), json!(-0.5), json!(-1.6)]);
    let again = send(&app, &goal, later, true).expect(200);
    assert_eq!(again.body["counts"]["unchanged"], 1);
    let event = app.db_last_event("importGoalValues");
    assert_eq!(event.subjects[0].1, "goals");
});

with_app!(a_file_of_which_nothing_can_be_read_is_refused, |app| {
    let goal = enter(&app, changed(unemployment(), json!({"title": "Ett mål"})));
    for (file, pointer, code) in [
        ("", "år", "no-heading"),
        ("år;källa\n2014;AF\n", "värde", "no-heading"),
        ("år;year;värde\n", "år", "heading-twice"),
        ("PK\u{3}\u{4}…", "", "not-text-file"),
    ] {
        assert_eq!(
            send(&app, &goal, file, true).problem(422, "unreadable-values"),
            one(pointer, code)
        );
    }
    let path = format!("/goals/{goal}/values/csv");
    app.send(Enhetschef, "POST", &path, &[], Some(json!({})))
        .problem(415, "unsupported-media-type");
    app.send_bytes(
        Enhetschef,
        "POST",
        &format!("{path}?apply=true"),
        &[],
        Some("text/csv"),
        Some(b"x".to_vec()),
    )
    .problem(400, "invalid-parameter");
});
