//! The contract: an OpenAPI 3.1 document built from the route table, the access table, the code lists and the errors, with
//! the words and shapes of `chapters`. The same document is committed as `api-spec/openapi.yaml`, served under the root,
//! rendered as readable pages, and held against every answer of every test.
//!
//! What is missing for a route of the table is told by [`gaps`], and a test fails for it.

pub mod chapters;
pub(super) mod code_lists;
mod document;
mod errors;
mod examples;
mod page;
mod public;
mod published;
pub mod shape;
mod words;
pub mod yaml;

pub use document::document;
pub(in crate::api) use page::escaped;
pub use published::{Published, STYLE};

use crate::api::routes::{Accepts, ROUTES};
use crate::policy::access_table::FIELDS;
use chapters::{Input, all_shown, described, path_parameter, property};

/// What the tables of the contract lack for the routes and fields there are, in plain words; empty when all is told.
pub fn gaps() -> Vec<String> {
    let mut gaps = Vec::new();
    for route in ROUTES {
        let name = route.operation.name();
        let Some(described) = described(route.operation) else {
            gaps.push(format!("{name} is not described in any chapter"));
            continue;
        };
        let words = [
            described.en.0,
            described.en.1,
            described.sv.0,
            described.sv.1,
        ];
        if words.iter().any(|text| text.is_empty()) {
            gaps.push(format!("{name} lacks words"));
        }
        let needs_body = matches!(route.accepts, Accepts::Json | Accepts::MergePatch);
        if needs_body != described.takes.is_some() {
            gaps.push(format!(
                "{name}: what it takes does not agree with the route"
            ));
        }
        for parameter in document::path_parameters(route.path) {
            if path_parameter(parameter).is_none() {
                gaps.push(format!("{name}: {{{parameter}}} is not described"));
            }
        }
        for input in described.takes.unwrap_or_default() {
            if let Input::Field(field, _) = input
                && property(route.operation.resource(), field).is_none()
            {
                gaps.push(format!("{name} takes {field}, which is not described"));
            }
        }
        if let Some(schema) = document::answer_schema(route, described)
            && !document::has_schema(&schema)
        {
            gaps.push(format!("{name} answers {schema}, which is not described"));
        }
    }
    for (resource, field, _) in FIELDS {
        if property(*resource, field).is_none() {
            gaps.push(format!("{}.{field} is not described", resource.name()));
        }
    }
    for shown in all_shown() {
        let known: Vec<&str> = crate::policy::access_table::field_names(shown.resource).collect();
        for property in shown.properties {
            if !known.is_empty() && !known.contains(&property.name) {
                let resource = shown.resource.name();
                gaps.push(format!(
                    "{resource}.{} is no field of the table",
                    property.name
                ));
            }
        }
    }
    gaps
}

/// The name of a schema from a name in camelCase.
fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

/// The name of a schema from a code with hyphens.
fn pascal_of_code(code: &str) -> String {
    code.split('-').map(pascal).collect()
}
