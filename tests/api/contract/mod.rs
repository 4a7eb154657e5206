//! The published contract itself: that nothing is missing from it, that it agrees with the access table and with the file
//! that is committed, that its own examples are valid, and that it is served. Answers are held against it by `support`.

mod columns;

use crate::support::Persona::Nobody;
use crate::support::contract::{DOCUMENT, resolved, validator};
use crate::with_app;
use kaa::api::contract::chapters::all_shown;
use kaa::api::contract::{document, gaps, yaml};
use kaa::api::routes::{Accepts, Answers, ROUTES};
use kaa::config::DEFAULT_CONTACT;
use kaa::domain::operation::{Operation, Resource};
use kaa::policy::access_table::{FIELDS, FieldAccess, field_names};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Operations of the document: path, method, operation.
fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .filter(|(name, _)| *name != "parameters")
                .map(|(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

/// Every place in the document, with its pointer.
fn walk(value: &'static Value, pointer: &str, visit: &mut impl FnMut(&str, &'static Value)) {
    visit(pointer, value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, &format!("{pointer}/{name}"), visit);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{place}"), visit);
            }
        }
        _ => {}
    }
}

#[test]
fn nothing_is_missing() {
    let gaps = gaps();
    assert!(gaps.is_empty(), "the contract lacks:\n{}", gaps.join("\n"));
}

#[test]
fn the_committed_file_is_the_contract() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("api-spec/openapi.yaml");
    let text = yaml::write(&document(DEFAULT_CONTACT));
    if std::env::var_os("KAA_ACCEPT_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "api-spec/openapi.yaml differs; review it and accept it with KAA_ACCEPT_SNAPSHOTS=1"
    );
}

#[test]
fn every_route_is_in_it_with_its_operation() {
    for route in ROUTES {
        let method = route.method.name().to_ascii_lowercase();
        let operation = &DOCUMENT["paths"][route.path][&method];
        assert_eq!(operation["operationId"], route.operation.name());
        let has_body = operation.get("requestBody").is_some();
        assert_eq!(has_body, route.accepts != Accepts::Nothing);
        let names: Vec<&str> = operation["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|parameter| resolved(parameter)["name"].as_str())
            .collect();
        assert_eq!(names.contains(&"position"), route.is_list());
        assert!(!route.needs_version || names.contains(&"If-Match"));
    }
    let described = operations().len();
    let public = kaa::api::info::PUBLIC
        .iter()
        .filter(|path| path.starts_with(kaa::api::ROOT))
        .count();
    assert_eq!(described, ROUTES.len() + public);
}

#[test]
fn what_is_open_to_all_is_described() {
    for path in kaa::api::info::PUBLIC {
        let Some(place) = path.strip_prefix(kaa::api::ROOT) else {
            continue;
        };
        assert_eq!(DOCUMENT["paths"][place]["get"]["security"], json!([]));
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let mut named = BTreeSet::new();
    walk(&DOCUMENT, "", &mut |pointer, value| {
        if let Some(place) = value.get("$ref").and_then(Value::as_str) {
            let target = place.strip_prefix('#').unwrap();
            assert!(
                DOCUMENT.pointer(target).is_some(),
                "{pointer}: {place} leads nowhere"
            );
            named.insert(target.to_owned());
        }
    });
    for (kind, components) in DOCUMENT["components"].as_object().unwrap() {
        for name in components.as_object().unwrap().keys() {
            let place = format!("/components/{kind}/{name}");
            let is_optional =
                kind == "securitySchemes" || matches!(kind.as_str(), "parameters" | "headers");
            assert!(is_optional || named.contains(&place), "{place} is not used");
        }
    }
}

#[test]
fn every_operation_is_told_in_both_languages_with_all_that_belongs_to_it() {
    let mut ids = BTreeSet::new();
    let tags: BTreeSet<&str> = DOCUMENT["tags"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    for (path, method, operation) in operations() {
        let told = |name: &str| {
            let text = operation[name].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{method} {path} lacks {name}");
            text
        };
        assert!(ids.insert(told("operationId")));
        for name in ["summary", "x-summary-sv", "description", "x-description-sv"] {
            told(name);
        }
        assert!(!told("summary").ends_with('.'));
        assert!(tags.contains(operation["tags"][0].as_str().unwrap()));
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')));
        let is_open = operation.get("security").is_some();
        assert_eq!(operation.get("x-kaa-access").is_none(), is_open);
        if !is_open {
            for status in ["401", "403", "500", "503"] {
                assert!(responses.contains_key(status), "{method} {path}: {status}");
            }
        }
        let in_path = path.matches('{').count();
        let parameters = DOCUMENT["paths"][path]["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .chain(operation["parameters"].as_array().unwrap())
            .map(resolved);
        let described = parameters.filter(|parameter| {
            assert!(
                parameter["description"].is_string()
                    && parameter["x-description-sv"].is_string()
                    && parameter["schema"].is_object()
                    && parameter.get("example").is_some(),
                "{method} {path}: {parameter}"
            );
            parameter["in"] == "path"
        });
        assert_eq!(described.count(), in_path, "{method} {path}");
    }
}

#[test]
fn every_property_has_words_and_an_example() {
    walk(
        &DOCUMENT["components"]["schemas"],
        "",
        &mut |pointer, value| {
            let Some(properties) = value.get("properties").and_then(Value::as_object) else {
                return;
            };
            if pointer.ends_with("/properties") || !value.get("type").is_some_and(Value::is_string)
            {
                return;
            }
            assert_eq!(value["additionalProperties"], false, "{pointer}");
            for (name, property) in properties {
                // Of an object that may be null, as of one that may not: its members have examples of their own.
                let is_reference =
                    property.get("$ref").is_some() || property["anyOf"][0].get("$ref").is_some();
                let described = if property.get("description").is_some() {
                    property
                } else {
                    resolved(property)
                };
                for words in ["description", "x-description-sv"] {
                    assert!(
                        described[words].is_string(),
                        "{pointer}/{name} lacks {words}"
                    );
                }
                let inner = property["items"].get("$ref").is_some();
                assert!(
                    is_reference || inner || property["examples"].is_array(),
                    "{pointer}/{name} lacks an example"
                );
            }
        },
    );
}

#[test]
fn every_example_is_valid() {
    let mut count = 0;
    for (path, method, operation) in operations() {
        let contents = [
            &operation["requestBody"]["content"],
            &operation["responses"]["200"]["content"],
            &operation["responses"]["201"]["content"],
        ];
        for content in contents {
            for (media, shape) in content.as_object().into_iter().flatten() {
                let examples = shape["examples"].as_object();
                if media.ends_with("json") && !path.contains("openapi") {
                    assert!(examples.is_some(), "{method} {path} lacks an example");
                }
                for example in examples.into_iter().flatten().map(|(_, example)| example) {
                    let validator =
                        validator(&format!("example {}", shape["schema"]), &shape["schema"]);
                    let value = &example["value"];
                    let problems: Vec<String> = validator
                        .iter_errors(value)
                        .map(|e| format!("{}: {e}", e.instance_path()))
                        .collect();
                    assert!(
                        problems.is_empty(),
                        "{method} {path} {media}: {problems:?}\n{value}"
                    );
                    count += 1;
                }
            }
        }
        for parameter in operation["parameters"].as_array().unwrap() {
            let parameter = resolved(parameter);
            let key = format!("parameter {}", parameter["schema"]);
            let validator = validator(&key, &parameter["schema"]);
            assert!(
                validator.is_valid(&parameter["example"]),
                "{method} {path}: {parameter}"
            );
        }
    }
    let problem = validator("problem", &json!({"$ref": "#/components/schemas/Problem"}));
    for (code, example) in DOCUMENT["components"]["examples"].as_object().unwrap() {
        assert!(problem.is_valid(&example["value"]), "{code}");
    }
    // Each property's own example, which the full ones are made of.
    walk(
        &DOCUMENT["components"]["schemas"],
        "",
        &mut |pointer, value| {
            for example in value
                .get("examples")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let validator = validator(&format!("property {value}"), value);
                assert!(validator.is_valid(example), "{pointer}: {example}");
            }
        },
    );
    assert!(count >= ROUTES.len());
}

/// The fields of the access table are the properties of the answers, both ways; what is never shown is in no answer.
#[test]
fn fields_of_the_table_are_the_properties_of_the_answers() {
    for shown in all_shown() {
        let Some(schema) = DOCUMENT["components"]["schemas"].get(shown.name) else {
            continue; // no route leads there
        };
        let properties: BTreeSet<&str> = schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .filter(|name| *name != "_links")
            .collect();
        let fields: BTreeSet<&str> = field_names(shown.resource)
            .filter(|name| *name != "password")
            .collect();
        assert_eq!(properties, fields, "{}", shown.name);
    }
}

/// What may be sent is what somebody may set, and what somebody may set can be sent.
#[test]
fn what_may_be_set_can_be_sent_and_nothing_else() {
    for route in ROUTES {
        let resource = route.operation.resource();
        let is_change = matches!(route.answers, Answers::Created | Answers::Record);
        if !matches!(route.accepts, Accepts::Json | Accepts::MergePatch) || !is_change {
            continue;
        }
        let name = format!("{}Request", pascal(route.operation.name()));
        let sent = DOCUMENT["components"]["schemas"][&name]["properties"]
            .as_object()
            .unwrap();
        for (known, field, row) in FIELDS {
            // How far an activity has come is told by a follow-up of it.
            let is_of_follow_up = route.operation == Operation::FollowUpGoalActivity;
            let is_sent = sent.contains_key(*field) && !is_of_follow_up;
            let is_set = row
                .iter()
                .any(|access| matches!(access, FieldAccess::Write | FieldAccess::OwnWrite));
            assert!(
                *known != resource || !is_sent || is_set,
                "{name}: {field} is set by nobody"
            );
        }
    }
    // Every field that somebody may set is sent by some operation.
    for (resource, field, row) in FIELDS {
        let routes: Vec<_> = ROUTES
            .iter()
            .filter(|route| route.operation.resource() == *resource)
            .filter(|route| matches!(route.accepts, Accepts::Json | Accepts::MergePatch))
            .collect();
        let is_set = row
            .iter()
            .any(|access| matches!(access, FieldAccess::Write | FieldAccess::OwnWrite));
        // An addendum is sent by an operation of its own, as `text`.
        let is_sent_otherwise = (*resource, *field) == (Resource::Contacts, "addenda");
        if !is_set || routes.is_empty() || is_sent_otherwise {
            continue;
        }
        let is_sent = routes.iter().any(|route| {
            let name = format!("{}Request", pascal(route.operation.name()));
            let schema = &DOCUMENT["components"]["schemas"][&name];
            schema["properties"].get(*field).is_some()
        });
        assert!(
            is_sent,
            "{}.{field} can be set and not sent",
            resource.name()
        );
    }
}

fn pascal(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

with_app!(the_contract_is_served_under_the_root, |app| {
    let json = app.get(Nobody, "/openapi.json").expect(200);
    assert_eq!(json.body, *DOCUMENT);
    let yaml = app.get(Nobody, "/openapi.yaml").expect(200);
    assert_eq!(yaml.header("content-type"), Some("application/yaml"));
    assert_eq!(yaml.bytes, yaml::write(&DOCUMENT).into_bytes());
    let info = app.get(Nobody, "/api-info").expect(200);
    let documentation = info.body["apiDocumentation"].as_str().unwrap();
    let page = app.get(Nobody, documentation).expect(200);
    assert_eq!(page.header("content-language"), Some("sv"));
    app.send(Nobody, "DELETE", "/openapi.yaml", &[], None)
        .problem(405, "method-not-allowed");
});

with_app!(the_documentation_is_a_page_of_its_own, |app| {
    let swedish = app.get(Nobody, "/documentation").expect(200);
    let english = app.get(Nobody, "/documentation?language=en").expect(200);
    let asked = app.send(
        Nobody,
        "GET",
        "/documentation",
        &[("Accept-Language", "en")],
        None,
    );
    assert_eq!(english.bytes, asked.bytes);
    assert_eq!(
        swedish.header("content-security-policy"),
        Some(
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    );
    let style = app.get(Nobody, "/documentation/style.css").expect(200);
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    for (page, words) in [
        (swedish, ["Lista ungdomar", "Kodlistor"]),
        (english, ["List youths", "Code lists"]),
    ] {
        let html = String::from_utf8(page.bytes).unwrap();
        for forbidden in ["<script", "style=\"", "src=", "onclick"] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
        for word in words {
            assert!(html.contains(word), "{word}");
        }
        let ids: Vec<&str> = html
            .split(" id=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        let all: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(all.len(), ids.len(), "an id stands twice");
        for place in html.split("href=\"#").skip(1) {
            let anchor = place.split('"').next().unwrap();
            assert!(all.contains(anchor), "#{anchor} leads nowhere");
        }
        for route in ROUTES {
            assert!(all.contains(route.operation.name()));
        }
        for code in kaa::error::ErrorCode::ALL {
            assert!(all.contains(format!("problem-{}", code.code()).as_str()));
        }
    }
});
