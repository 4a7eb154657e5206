//! No user content in error texts: a word that stands nowhere else is sent in every place where something can be sent, as a value
//! of the wrong type, too long, in a list, as a name, in addresses, headers and files, and must not come back in any problem.
//! Where things can be sent is read from the contract, so that a new field is tried too.

use crate::on_both;
use crate::support::Persona::{
    self, Administrator, Enhetschef, Loggranskare, Nobody, Socionom, Syv,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::contract::{DOCUMENT, resolved};
use crate::support::story::parameters;
use kaa::api::routes::{Accepts, ROUTES, Route};
use kaa::db::usage::Limits;
use kaa::domain::operation::Operation;
use serde_json::{Map, Value, json};

/// No word of ours, no field, and nothing that a code list has; with letters, digits and signs, as a number or an address has.
const MARKER: &str = "Zqx7-Wvü 19100101";

/// Whoever may do a deed, as far as somebody in the world may.
const CALLERS: [Persona; 6] = [
    Syv,
    Socionom,
    Enhetschef,
    Administrator,
    Loggranskare,
    Nobody,
];

/// Every writing in which it could come back.
fn holds_marker(answer: &Answer) -> bool {
    let headers: String = answer
        .headers
        .values()
        .map(|value| format!("{value}\n"))
        .collect();
    let said = (headers + &String::from_utf8_lossy(&answer.bytes)).to_lowercase();
    ["zqx7", "wvü", "wv%c3%bc", "19100101", "910101"]
        .iter()
        .any(|part| said.contains(part))
}

/// Wrong in every way that a value can be.
fn wrong_values() -> Vec<Value> {
    vec![
        json!(MARKER),
        json!(MARKER.repeat(2_000)),
        json!([MARKER]),
        json!([{MARKER: MARKER}]),
        json!({MARKER: MARKER}),
        json!(format!("\u{0}{MARKER}")),
        json!(19_100_101_i64),
    ]
}

struct Tried {
    app: TestApp,
    problems: Vec<String>,
    refused: usize,
}

impl Tried {
    fn look(&mut self, what: &str, answer: &Answer) {
        assert!(
            answer.status < 500,
            "{} ({what}): {}",
            answer.asked,
            answer.body
        );
        if answer.status < 400 {
            return;
        }
        self.refused += 1;
        if holds_marker(answer) {
            self.problems.push(format!(
                "{} ({what}): {}",
                answer.asked.replace(&MARKER.repeat(5), "…"),
                answer.body
            ));
        }
    }

    fn address(&self, route: &Route) -> String {
        let world = &self.app.world;
        let mut path = route.path.to_owned();
        for parameter in parameters(route) {
            let id = match parameter {
                "youthId" => world.alva.to_string(),
                "episodeId" => world.alva_episode.to_string(),
                "userId" => world.user(Socionom).to_string(),
                "unitId" => world.unit.to_string(),
                _ => uuid::Uuid::now_v7().to_string(),
            };
            path = path.replace(&format!("{{{parameter}}}"), &id);
        }
        path
    }

    /// Somebody for whom the deed is not closed beforehand, or else anybody.
    fn caller(&self, route: &Route) -> Persona {
        *CALLERS
            .iter()
            .find(|persona| {
                let Some(role) = persona.role() else {
                    return false;
                };
                kaa::policy::access_table::permission(route.operation, role)
                    != kaa::policy::access_table::Permission::No
            })
            .unwrap_or(&Nobody)
    }

    fn send(
        &mut self,
        what: &str,
        route: &Route,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) {
        let mut all = headers.to_vec();
        if route.needs_version && !headers.iter().any(|(name, _)| *name == "If-Match") {
            all.push(("If-Match", "\"1\""));
        }
        let body = body.or_else(|| (route.accepts != Accepts::Nothing).then(|| json!({})));
        let caller = self.caller(route);
        let answer = self.app.send(caller, route.method.name(), path, &all, body);
        self.look(what, &answer);
    }
}

/// Bodies in which one value is wrong and the others are as the contract shows them.
fn bodies(route: &Route) -> Vec<(String, Value)> {
    let operation = &DOCUMENT["paths"][route.path][route.method.name().to_lowercase()];
    let content = &operation["requestBody"]["content"]["application/json"];
    let example = content["examples"]["full"]["value"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let schema = resolved(&content["schema"]);
    let mut bodies = Vec::new();
    let names: Vec<String> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        for value in wrong_values() {
            let mut body = example.clone();
            body.insert(name.clone(), value);
            bodies.push((name.clone(), Value::Object(body)));
        }
        // Inside: the members of an object, or of the objects of a list.
        let inner = match example.get(&name) {
            Some(Value::Object(members)) => Some(members.clone()),
            Some(Value::Array(items)) => items.first().and_then(Value::as_object).cloned(),
            _ => None,
        };
        for (member, _) in inner.iter().flatten() {
            for value in wrong_values() {
                let mut inside: Map<String, Value> = inner.clone().unwrap_or_default();
                inside.insert(member.clone(), value);
                let mut body = example.clone();
                let whole = if example[&name].is_array() {
                    json!([inside])
                } else {
                    Value::Object(inside)
                };
                body.insert(name.clone(), whole);
                bodies.push((format!("{name}.{member}"), Value::Object(body)));
            }
        }
    }
    for name in [MARKER, "19100101-2394", "/~Zqx7"] {
        let mut body = example.clone();
        body.insert(name.to_owned(), json!(MARKER));
        bodies.push(("a name".to_owned(), Value::Object(body)));
    }
    bodies
}

/// Would sign the personas out.
const NOT_TRIED: &[Operation] = &[
    Operation::SignOut,
    Operation::EndMySessions,
    Operation::EndUserSessions,
    Operation::RotateSigningKey,
];

on_both!(nothing_that_was_sent_is_repeated_in_a_problem, |database| {
    // Or else most of it would be refused for being too much.
    let app = TestApp::with(database, |config| {
        config.address_failures = 1_000_000;
        config.limits = Limits {
            searches: 1_000_000,
            heavy: 1_000_000,
        };
    });
    let mut tried = Tried {
        app,
        problems: Vec::new(),
        refused: 0,
    };
    let encoded = kaa::percent::encoded(MARKER);
    for route in ROUTES
        .iter()
        .filter(|route| !NOT_TRIED.contains(&route.operation))
    {
        let path = tried.address(route);
        if matches!(route.accepts, Accepts::Json | Accepts::MergePatch) {
            for (what, body) in bodies(route) {
                // What guesses too often is told only that.
                tried
                    .app
                    .clock
                    .set(tried.app.clock.now() + chrono::Duration::milliseconds(1));
                tried.send(&what, route, &path, &[], Some(body));
            }
            for text in [
                format!("{{\"{MARKER}"),
                format!("\"{MARKER}\""),
                format!("{{\"a\":\"{MARKER}\",\"a\":1}}"),
            ] {
                let caller = tried.caller(route);
                let answer = tried.app.send_bytes(
                    caller,
                    route.method.name(),
                    &path,
                    &[("If-Match", "\"1\"")],
                    Some("application/json"),
                    Some(text.into_bytes()),
                );
                tried.look("no JSON", &answer);
            }
            let caller = tried.caller(route);
            let media = "text/zqx7-wv; charset=\"19100101\"";
            let answer = tried.app.send_bytes(
                caller,
                route.method.name(),
                &path,
                &[("If-Match", "\"1\"")],
                Some(media),
                Some(b"{}".to_vec()),
            );
            tried.look("media type", &answer);
        }
        let described =
            &DOCUMENT["paths"][route.path][route.method.name().to_lowercase()]["parameters"];
        let mut names: Vec<String> = described
            .as_array()
            .into_iter()
            .flatten()
            .map(resolved)
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
            .collect();
        if route.is_list() {
            names.push(encoded.clone());
        }
        for name in &names {
            for query in [
                format!("{name}={encoded}"),
                format!("{name}={}", encoded.repeat(50)),
                format!("{name}={encoded}&{name}={encoded}"),
                format!("{name}=%00{encoded}"),
                format!("{name}=%ff{encoded}"),
            ] {
                tried.send(name, route, &format!("{path}?{query}"), &[], None);
            }
        }
        for (name, value) in [
            ("If-Match", "Zqx7"),
            ("If-Match", "\"19100101x\""),
            ("Idempotency-Key", "Zqx7 Wv 19100101"),
            ("Accept-Language", "Zqx7;q=19100101"),
            ("traceparent", "00-19100101zqx7-19100101-01"),
        ] {
            tried.send(name, route, &path, &[(name, value)], None);
        }
        if let Some(parameter) = parameters(route).first() {
            let hidden = route.path.replace(&format!("{{{parameter}}}"), &encoded);
            if !hidden.contains('{') {
                tried.send("an id", route, &hidden, &[], None);
            }
        }
    }
    for media in ["text/csv", "text/plain", "application/json"] {
        let files = [
            format!("{MARKER};{MARKER}\n{MARKER};{MARKER}\n"),
            MARKER.to_owned(),
            format!("personnummer;personnummer;förnamn\n{MARKER}"),
            format!("personnummer\n{}", MARKER.repeat(10_000)),
        ];
        for file in files {
            for query in ["", "?asOf=2026-11-24", "?asOf=Zqx7", "?isApplied=19100101"] {
                let answer = tried.app.send_bytes(
                    Syv,
                    "POST",
                    &format!("/imports{query}"),
                    &[],
                    Some(media),
                    Some(file.clone().into_bytes()),
                );
                tried.look("a roster", &answer);
            }
        }
    }
    for path in [
        format!("/{encoded}"),
        format!("/youths/{encoded}/{encoded}"),
        format!("/problems/{encoded}"),
        format!("/documentation?language={encoded}"),
    ] {
        for method in ["GET", "DELETE", "PUT"] {
            let answer = tried.app.send(Syv, method, &path, &[], None);
            tried.look("an address", &answer);
        }
    }
    assert!(
        tried.problems.is_empty(),
        "{} repeated:\n{}",
        tried.problems.len(),
        tried.problems.join("\n")
    );
    assert!(tried.refused > 3_000, "only {} refused", tried.refused);
});
