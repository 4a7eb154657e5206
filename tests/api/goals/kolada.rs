//! Values from Kolada: an answer that is sent, and the command that asks for it, at a made-up server on this host.

use super::{changed, enter, one, unemployment, value};
use crate::on_both;
use crate::support::Persona::{Enhetschef, Syv};
use crate::support::{TestApp, keys_text, run_program};
use crate::with_app;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

fn file(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn answer() -> Value {
    file(include_str!("../../data/kolada-v3.json"))
}

fn told(body: &Value) -> Vec<(Value, String, Value)> {
    let rows = body["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let outcome = row["outcome"].as_str().unwrap().to_owned();
        (row["year"].clone(), outcome, row["value"].clone())
    })
    .collect()
}

fn of(year: i32, outcome: &str, value: Value) -> (Value, String, Value) {
    (json!(year), outcome.to_owned(), value)
}

with_app!(
    a_difference_to_the_nation_is_taken_where_both_are_known,
    |app| {
        let goal = enter(&app, unemployment());
        let path = format!("/goals/{goal}/values/kolada");
        let tried = app.post(Enhetschef, &path, answer()).expect(200);
        // 7.9482758 less 7.6, rounded once.
        let expected = [
            of(2023, "created", json!(0.3)),
            of(2024, "missing", Value::Null),
            of(2025, "missing", Value::Null),
        ];
        assert_eq!(told(&tried.body), expected);
        assert_eq!(tried.body["rows"][1]["problems"][0]["code"], "no-nation");
        assert_eq!(tried.body["rows"][2]["problems"][0]["code"], "no-total");
        let values = format!("/goals/{goal}/values");
        assert_eq!(
            app.get(Syv, &values).expect(200).body["goalValues"],
            json!([])
        );
        let applied = format!("{path}?isApplied=true");
        app.post(Enhetschef, &applied, answer()).expect(200);
        let kept = app.get(Syv, &values).expect(200).body["goalValues"][0].clone();
        assert_eq!(kept["origin"], "kolada");
        assert_eq!(kept["source"], "Källa: Kolada (RKA), N03942");
        let again = app.post(Enhetschef, &applied, answer()).expect(200);
        assert_eq!(again.body["counts"]["unchanged"], 1);
        // Kolada corrects itself; what somebody has entered since stays.
        let mut corrected = answer();
        corrected["values"][0]["values"][2]["value"] = json!(8.1);
        let done = app
            .post(Enhetschef, &applied, corrected.clone())
            .expect(200);
        assert_eq!(told(&done.body)[0], of(2023, "changed", json!(0.5)));
        let id = kept["id"].as_str().unwrap();
        app.patch(
            Enhetschef,
            &format!("/goal-values/{id}"),
            2,
            json!({"value": 0.4}),
        )
        .expect(200);
        let done = app.post(Enhetschef, &applied, corrected).expect(200);
        assert_eq!(told(&done.body)[0], of(2023, "conflict", json!(0.5)));
        assert_eq!(done.body["rows"][0]["existingValue"], json!(0.4));
        assert_eq!(
            app.get(Syv, &values).expect(200).body["goalValues"][0]["value"],
            json!(0.4)
        );
    }
);

with_app!(a_value_of_its_own_needs_no_nation, |app| {
    let plain =
        json!({"comparesWith": "none", "unit": "percent", "direction": "fall", "decimals": 2});
    let goal = enter(&app, changed(unemployment(), plain));
    value(&app, &goal, json!({"year": 2024, "value": 7.2}));
    let path = format!("/goals/{goal}/values/kolada?isApplied=true");
    let done = app.post(Enhetschef, &path, answer()).expect(200);
    let expected = [
        of(2023, "created", json!(7.95)),
        of(2024, "unchanged", json!(7.2)),
        of(2025, "missing", Value::Null),
    ];
    assert_eq!(told(&done.body), expected);
    // The form of version 2; of another key figure, so that nothing of it is the goal's.
    let old = file(include_str!("../../data/kolada-v2.json"));
    let other = app.post(Enhetschef, &path, old.clone()).expect(200);
    assert_eq!(other.body["counts"]["refused"], 1);
    assert_eq!(other.body["rows"][0]["problems"][0]["code"], "not-for-goal");
    let its_own = json!({"comparesWith": "none", "unit": "percent", "koladaKpi": "N00945", "koladaMunicipality": "1860", "baseline": null});
    let goal = enter(&app, changed(unemployment(), its_own));
    let path = format!("/goals/{goal}/values/kolada");
    let done = app.post(Enhetschef, &path, old).expect(200);
    assert_eq!(
        told(&done.body),
        [
            of(2009, "created", json!(12.3)),
            of(2010, "created", json!(12.0))
        ]
    );
});

with_app!(what_is_no_answer_of_kolada_is_refused, |app| {
    let goal = enter(&app, unemployment());
    let path = format!("/goals/{goal}/values/kolada");
    assert_eq!(
        app.post(Enhetschef, &path, json!({"results": []}))
            .problem(422, "unreadable-values"),
        one("/values", "not-kolada")
    );
    let mut strange = answer();
    strange["values"][1]["period"] = json!([]);
    assert_eq!(
        app.post(Enhetschef, &path, strange)
            .problem(422, "unreadable-values"),
        one("/values/1/period", "not-kolada")
    );
    let without = json!({"koladaKpi": null, "koladaMunicipality": null});
    let goal = enter(&app, changed(unemployment(), without));
    app.post(
        Enhetschef,
        &format!("/goals/{goal}/values/kolada"),
        answer(),
    )
    .problem(409, "goal-without-kolada");
    app.post(Syv, &path, answer()).problem(403, "forbidden");
});

// The command -------------------------------------------------------------------------------------

/// A server that gives prepared answers, one for each call, and keeps what was asked.
struct Prepared {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Prepared {
    /// `answers` of status, further headers and body; `{base}` in a body stands for the server's own address.
    fn serve(answers: Vec<(&'static str, &'static str, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (own, kept) = (base.clone(), Arc::clone(&asked));
        std::thread::spawn(move || {
            for (status, headers, body) in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let line = request_line(&mut stream);
                kept.lock().unwrap().push(line);
                let body = body.replace("{base}", &own);
                let answer = format!(
                    "HTTP/1.1 {status}\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { base, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn request_line(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut part = [0; 1024];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut part).unwrap();
        assert!(count > 0, "the request ended early");
        bytes.extend_from_slice(&part[..count]);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    text.lines().next().unwrap().to_owned()
}

fn page(year: i32, own: f64, nation: f64, next: Option<&str>) -> String {
    let row = |place: &str, value: f64| {
        json!({"kpi": "N03942", "municipality": place, "period": year,
            "values": [{"gender": "T", "count": 1, "status": "", "value": value, "isdeleted": false}]})
    };
    json!({"values": [row("0183", own), row("0000", nation)], "count": 2, "next_url": next})
        .to_string()
}

fn fetch(app: &TestApp, base: Option<&str>, more: &[&str]) -> (i32, String) {
    let keys = keys_text();
    let mut environment = vec![("KAA_KEYS_TEXT", keys.as_str())];
    environment.extend(base.map(|base| ("KAA_KOLADA_URL", base)));
    let arguments = [&["kolada", "fetch"], more].concat();
    run_program(&app.location(), &environment, &arguments)
}

on_both!(
    the_command_asks_page_by_page_and_waits_when_told,
    |database| {
        let app = TestApp::new(database);
        let goal = enter(&app, unemployment());
        // Ended, or without a key figure: not asked for.
        enter(
            &app,
            changed(unemployment(), json!({"endedOn": "2020-01-01"})),
        );
        enter(
            &app,
            changed(
                unemployment(),
                json!({"koladaKpi": null, "koladaMunicipality": null}),
            ),
        );
        let answers = || {
            vec![
                ("429 Too Many Requests", "Retry-After: 0\r\n", String::new()),
                (
                    "200 OK",
                    "",
                    page(2014, 8.8, 8.0, Some("{base}/v3/data?page=2")),
                ),
                ("200 OK", "", page(2015, 7.5, 7.9, None)),
            ]
        };
        let server = Prepared::serve(answers());
        let base = format!("{}/v3/", server.base);
        let (code, said) = fetch(&app, Some(&base), &[]);
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains("2014 created 0.8") && said.contains("2015 created -0.4"),
            "{said}"
        );
        assert!(said.contains("This was a trial"));
        let first = "GET /v3/data/kpi/N03942/municipality/0183,0000 HTTP/1.1";
        assert_eq!(
            server.asked(),
            [first, first, "GET /v3/data?page=2 HTTP/1.1"]
        );
        let values = format!("/goals/{goal}/values");
        assert_eq!(
            app.get(Syv, &values).expect(200).body["goalValues"],
            json!([])
        );
        value(&app, &goal, json!({"year": 2015, "value": -0.9}));
        let server = Prepared::serve(answers());
        let base = format!("{}/v3", server.base);
        let (code, said) = fetch(&app, Some(&base), &["--apply"]);
        assert_eq!(code, 2, "{said}");
        assert!(
            said.contains("2015 conflict -0.4 (there is -0.9)"),
            "{said}"
        );
        let known = app.get(Syv, &values).expect(200);
        assert_eq!(
            known.column("goalValues", "value"),
            [json!(-0.9), json!(0.8)]
        );
        assert!(known.body["goalValues"][1]["createdBy"].is_null());
        let event = app.db_last_event("importKoladaValues");
        assert_eq!(event.subjects[0].1, "goals");
    }
);

on_both!(
    the_command_goes_nowhere_else_and_takes_no_half_answer,
    |database| {
        let app = TestApp::new(database);
        let goal = enter(&app, unemployment());
        for (answers, told) in [
            (
                vec![(
                    "200 OK",
                    "",
                    page(2014, 8.8, 8.0, Some("http://elsewhere.example/v3")),
                )],
                "goes on at another address",
            ),
            (
                vec![
                    ("200 OK", "", page(2014, 8.8, 8.0, Some("{base}/next"))),
                    ("500 Internal Server Error", "", String::new()),
                ],
                "status 500",
            ),
            (
                vec![(
                    "302 Found",
                    "Location: http://127.0.0.1:9/\r\n",
                    String::new(),
                )],
                "status 302",
            ),
            (vec![("200 OK", "", "<html>".to_owned())], "cannot be read"),
            (
                vec![("200 OK", "", r#"{"values": [{}]}"#.to_owned())],
                "not of Kolada's form at /values/0/kpi",
            ),
            (
                vec![("429 Too Many Requests", "Retry-After: 0\r\n", String::new()); 5],
                "again and again",
            ),
        ] {
            let server = Prepared::serve(answers);
            let (code, said) = fetch(&app, Some(&server.base), &["--apply"]);
            assert_eq!(code, 2, "{said}");
            assert!(said.contains(told), "{said}");
        }
        let values = app.get(Syv, &format!("/goals/{goal}/values")).expect(200);
        assert_eq!(values.body["goalValues"], json!([]));
        // Off until an address is given, and then one that may be called.
        for (base, told) in [
            (None, "Kolada is off"),
            (Some(""), "Kolada is off"),
            (
                Some("http://api.kolada.example/v3"),
                "KAA_KOLADA_URL must be an address",
            ),
        ] {
            let (code, said) = fetch(&app, base, &[]);
            assert_eq!(code, 1, "{said}");
            assert!(said.contains(told), "{said}");
        }
    }
);
