//! Full requests and full answers, put together from the examples of their members. A test holds them against the schemas.

use super::chapters::{Described, ids, path_parameter, record_example};
use super::document::{answer_schema, inputs, path_parameters};
use crate::api::routes::{Accepts, Answers, Method, ROUTES, Route};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Language};
use crate::http::links::link;
use crate::http::problem;
use serde_json::{Map, Value, json};

/// A host that nobody has.
pub const HOST: &str = "kaa.kommun.example";

/// The beginning of a roster.
pub const ROSTER: &str =
    "personnummer;förnamn;efternamn;status\r\n20090105-2381;Alva;Lindqvist;avbrott gymnasium\r\n";

/// An address of the interface.
pub fn address(path: &str) -> String {
    format!("https://{HOST}{}{path}", crate::api::ROOT)
}

/// A full request.
pub fn request(route: &Route, described: &Described) -> Value {
    let is_patch = route.accepts == Accepts::MergePatch;
    let mut members = Map::new();
    for (property, _) in inputs(route, described.takes.unwrap_or_default()) {
        let value = property.example_value();
        let is_left_out = described.not_in_example.contains(&property.name) || value.is_null();
        // A secret is not changed in passing.
        let is_secret_of_patch = is_patch && property.is_write_only;
        if !is_left_out && !is_secret_of_patch {
            members.insert(property.name.to_owned(), value);
        }
    }
    Value::Object(members)
}

/// A full answer.
pub fn answer(route: &Route, described: &Described) -> Value {
    let name = answer_schema(route, described).unwrap_or_default();
    let mut record = match record_example(&name) {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let here = address(&filled(route.path));
    match route.answers {
        Answers::List(collection) => {
            let method = route.method.name();
            let first = format!("{here}?limit=20&page=1");
            let next =
                format!("{here}?limit=20&page=2&position=q3nZ8yB6nXw0sLr5dHc2uJm9aPeG7oKiF4tVbQ");
            let mut document = Map::new();
            document.insert(collection.to_owned(), json!([record]));
            document.insert(
                "_links".to_owned(),
                json!({
                    "self": link("self", method, &here),
                    "first": link("first", method, &first),
                    "next": link("next", method, &next),
                }),
            );
            document.insert(
                "_meta".to_owned(),
                json!({"limit": 20, "page": 1, "count": 1}),
            );
            Value::Object(document)
        }
        _ => {
            let id = record.get("id").and_then(Value::as_str);
            let (method, place) = match (route.answers, id) {
                (Answers::Created, Some(id)) => {
                    ("GET", address(&format!("{}/{id}", place_of(route))))
                }
                (Answers::Accepted, Some(id)) => ("GET", address(&format!("/jobs/{id}"))),
                (Answers::Record, Some(id)) if route.method.is_post() => {
                    ("GET", address(&format!("{}/{id}", place_of(route))))
                }
                _ if route.method.is_post() => ("POST", here),
                (Answers::Document, _) => (route.method.name(), here),
                _ => ("GET", here),
            };
            record.insert(
                "_links".to_owned(),
                json!({"self": link("self", method, &place)}),
            );
            Value::Object(record)
        }
    }
}

/// Where a record that a route makes or changes stands: at the path that reads it.
fn place_of(route: &Route) -> &'static str {
    ROUTES
        .iter()
        .filter(|reading| reading.method == Method::Get && reading.answers == Answers::Record)
        .filter(|reading| reading.operation.resource() == route.operation.resource())
        .find_map(|reading| reading.path.rsplit_once('/').map(|(place, _)| place))
        .unwrap_or(route.path)
}

/// A path with the ids of the examples.
fn filled(path: &str) -> String {
    path_parameters(path).fold(path.to_owned(), |filled, name| {
        let id = path_parameter(name).map_or(ids::YOUTH, |property| property.example);
        filled.replace(&format!("{{{name}}}"), id)
    })
}

/// A problem as the service tells it.
pub fn problem(code: ErrorCode) -> Value {
    let mut error = Error::from(code);
    match code {
        ErrorCode::ValidationFailed => {
            error.fields = vec![
                FieldError::new("/givenName", FieldCode::Required),
                FieldError::with("/note", FieldCode::TooLong, "10000"),
            ];
        }
        ErrorCode::InvalidParameter => {
            error.fields = vec![FieldError::with("limit", FieldCode::OutOfRange, "1-200")];
        }
        ErrorCode::ForbiddenField => error = Error::forbidden_field("/givenName".to_owned()),
        ErrorCode::StaleVersion => error = Error::stale(4),
        _ => {}
    }
    problem::document(&error, Language::English, ids::REQUEST)
}
