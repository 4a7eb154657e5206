//! Every answer of every test is held against the published contract: its status must be listed, its media type and headers
//! as told, its body valid. What the service accepted must be what the contract says one may send, so that the contract
//! does not promise less than the service takes.

use super::app::Answer;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

/// The contract as it is served.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| kaa::api::contract::document(kaa::config::DEFAULT_CONTACT));

/// A request as it was sent.
pub struct Sent<'s> {
    pub method: &'s str,
    /// Path and query, without host.
    pub place: &'s str,
    pub media: Option<&'s str>,
    pub body: Option<&'s [u8]>,
}

/// Holds an answer, and the request that was accepted, against the contract.
#[track_caller]
pub fn check(sent: &Sent<'_>, answer: &Answer) {
    let (path, query) = sent.place.split_once('?').unwrap_or((sent.place, ""));
    let Some((template, item)) = find(path) else {
        // Health stands outside the root; everything else that is not in the contract does not exist.
        if !path.starts_with("/health/") || answer.status >= 400 {
            assert!(answer.status >= 400, "{} is in no contract", answer.asked);
            check_problem(answer);
        }
        return;
    };
    let Some(operation) = item.get(sent.method.to_ascii_lowercase()) else {
        assert_eq!(answer.status, 405, "{} is in no contract", answer.asked);
        check_problem(answer);
        assert!(answer.header("allow").is_some(), "{}", answer.asked);
        return;
    };
    let status = answer.status.to_string();
    let Some(response) = operation["responses"].get(&status) else {
        panic!(
            "{}: {status} is not in the contract: {}",
            answer.asked, answer.body
        );
    };
    let response = resolved(response);
    check_headers(response, answer);
    let key = format!("{} {template} {status}", sent.method);
    check_content(&key, response, answer);
    check_links(sent, answer);
    if answer.status < 300 {
        check_parameters(item, operation, query, answer);
        check_body(&format!("{key} request"), operation, sent, answer);
    }
}

fn check_headers(response: &'static Value, answer: &Answer) {
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        // What precedes every operation (an unreadable head of a request) has no headers of ours.
        if resolved(header)["required"] == true {
            let is_there = answer.header(&name.to_lowercase()).is_some();
            assert!(is_there, "{}: {name} is missing", answer.asked);
        }
    }
}

/// Every link is absolute and leads to an operation of the contract.
fn check_links(sent: &Sent<'_>, answer: &Answer) {
    let links = answer.body["_links"].as_object();
    for (relation, link) in links.into_iter().flatten() {
        assert_eq!(link["rel"], *relation, "{}", answer.asked);
        let href = link["href"].as_str().unwrap();
        let path = href.split('?').next().unwrap();
        let place = path.split_once(kaa::api::ROOT).map(|(host, _)| host);
        assert!(
            place.is_some_and(|host| host.starts_with("http")),
            "{}: {href}",
            answer.asked
        );
        let path = &path[place.unwrap_or_default().len()..];
        let method = link["method"].as_str().unwrap().to_ascii_lowercase();
        let is_there = find(path).is_some_and(|(_, item)| item.get(&method).is_some());
        assert!(
            is_there,
            "{}: {relation} leads to {method} {href}, which is in no contract",
            answer.asked
        );
    }
    let is_record = answer.status < 300 && answer.body.is_object();
    let is_ours = sent.place.contains("/openapi.json") || sent.place.contains("/api-info");
    let is_problem_page = sent.place.contains("/problems/");
    assert!(
        !is_record || is_ours || is_problem_page || answer.body["_links"]["self"].is_object(),
        "{}: no link to itself",
        answer.asked
    );
}

fn check_content(key: &str, response: &Value, answer: &Answer) {
    let Some(content) = response.get("content").and_then(Value::as_object) else {
        assert!(answer.bytes.is_empty(), "{}: a body", answer.asked);
        return;
    };
    let media = media_type(answer.header("content-type").unwrap_or_default());
    let Some(shape) = content.get(&media) else {
        panic!("{}: {media} is not in the contract", answer.asked);
    };
    if media.ends_with("json") {
        let validator = validator(&format!("{key} {media}"), &shape["schema"]);
        hold(&validator, &answer.body, &answer.asked);
        if media == "application/problem+json" {
            check_code(shape, answer);
        }
    }
}

/// The code of a problem must be one of those listed for the status.
fn check_code(shape: &Value, answer: &Answer) {
    let code = answer.body["code"].as_str().unwrap();
    assert!(
        shape["examples"].get(code).is_some(),
        "{}: {code} is not in the contract: {}",
        answer.asked,
        answer.body
    );
}

fn check_problem(answer: &Answer) {
    let media = media_type(answer.header("content-type").unwrap_or_default());
    assert_eq!(media, "application/problem+json", "{}", answer.asked);
    let schema = json!({"$ref": "#/components/schemas/Problem"});
    hold(&validator("problem", &schema), &answer.body, &answer.asked);
}

/// Parameters that were accepted are described.
fn check_parameters(item: &'static Value, operation: &'static Value, query: &str, answer: &Answer) {
    let known: Vec<&str> = [item, operation]
        .into_iter()
        .filter_map(|place| place["parameters"].as_array())
        .flatten()
        .map(resolved)
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    for name in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = name.split('=').next().unwrap();
        assert!(
            known.contains(&name),
            "{}: the parameter {name} is not in the contract",
            answer.asked
        );
    }
}

/// A body that was accepted is one that the contract allows.
fn check_body(key: &str, operation: &Value, sent: &Sent<'_>, answer: &Answer) {
    let Some(body) = sent.body else {
        return;
    };
    let media = media_type(sent.media.unwrap_or_default());
    let Some(shape) = operation["requestBody"]["content"].get(&media) else {
        panic!("{}: a body of {media} is not in the contract", answer.asked);
    };
    if media.ends_with("json") {
        let body: Value = serde_json::from_slice(body).unwrap();
        let validator = validator(&format!("{key} {media}"), &shape["schema"]);
        hold(&validator, &body, &format!("{} (request)", answer.asked));
    }
}

fn media_type(text: &str) -> String {
    let media = text.split(';').next().unwrap_or_default();
    media.trim().to_ascii_lowercase()
}

#[track_caller]
fn hold(validator: &Validator, value: &Value, asked: &str) {
    let problems: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        problems.is_empty(),
        "{asked} is against the contract:\n{}\n{value}",
        problems.join("\n")
    );
}

/// The path of the contract that an address means: fixed words before ids.
fn find(path: &str) -> Option<(&'static str, &'static Value)> {
    let place = path.strip_prefix(kaa::api::ROOT)?;
    let paths = DOCUMENT["paths"].as_object()?;
    if let Some((template, item)) = paths.get_key_value(place) {
        return Some((template, item));
    }
    let fits = |template: &str| {
        let (ours, theirs): (Vec<&str>, Vec<&str>) =
            (template.split('/').collect(), place.split('/').collect());
        ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(ours, theirs)| {
                ours == theirs || (ours.starts_with('{') && !theirs.is_empty())
            })
    };
    let found = paths
        .iter()
        .filter(|(template, _)| fits(template))
        .min_by_key(|(template, _)| template.matches('{').count())?;
    Some((found.0, found.1))
}

/// What a reference leads to.
pub fn resolved(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(place) => DOCUMENT
            .pointer(place.strip_prefix('#').unwrap())
            .unwrap_or_else(|| panic!("{place} leads nowhere")),
        None => value,
    }
}

/// A validator of a schema of the contract, compiled once under its key.
pub fn validator(key: &str, schema: &Value) -> Arc<Validator> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);
    if let Some(known) = COMPILED.lock().unwrap().get(key) {
        return Arc::clone(known);
    }
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&whole(schema))
        .unwrap_or_else(|error| panic!("{key}: {error}"));
    let validator = Arc::new(validator);
    COMPILED
        .lock()
        .unwrap()
        .insert(key.to_owned(), Arc::clone(&validator));
    validator
}

/// A schema with the components it leads to, and no others: small ones compile fast.
fn whole(schema: &Value) -> Value {
    let all = &DOCUMENT["components"]["schemas"];
    let mut wanted = names_in(schema);
    let mut reached = BTreeSet::new();
    let mut schemas = Map::new();
    while let Some(name) = wanted.pop() {
        if reached.insert(name.clone()) {
            let schema = all.get(&name).unwrap_or_else(|| panic!("no schema {name}"));
            wanted.extend(names_in(schema));
            schemas.insert(name, schema.clone());
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "components": {"schemas": schemas},
    })
}

fn names_in(value: &Value) -> Vec<String> {
    value
        .to_string()
        .split("#/components/schemas/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}
