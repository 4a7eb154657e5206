//! The addresses that are open to all, as the contract tells them: what the interface is, its documentation, and what a
//! problem means. Health stands outside the root and belongs to those who run the service.

use super::document::response_name;
use super::examples;
use super::shape::{object_of, reference};
use crate::error::ErrorCode;
use serde_json::{Map, Value, json};

const TAG: &str = "Documentation";

/// Their chapter.
pub fn tag() -> Value {
    json!({
        "name": TAG,
        "x-name-sv": "Dokumentation",
        "description": "What the interface is, this documentation, and what a problem means. Open to all.",
        "x-description-sv": "Vad gränssnittet är, denna dokumentation, och vad ett problem betyder. Öppet för alla.",
    })
}

/// The errors they give.
pub fn error_sets() -> Vec<Vec<ErrorCode>> {
    vec![vec![ErrorCode::NotFound]]
}

/// Their paths.
pub fn paths() -> Map<String, Value> {
    let info = json!({"type": "object", "additionalProperties": false,
    "required": ["apiName", "apiVersion", "apiReleased", "apiDocumentation", "apiStatus"],
    "properties": {
        "apiName": {"type": "string", "description": "The name.", "x-description-sv": "Namnet."},
        "apiVersion": {"type": "string", "description": "Major, minor and patch version.", "x-description-sv": "Huvudversion, underversion och rättelse."},
        "apiReleased": {"type": "string", "format": "date", "description": "When this version was published.", "x-description-sv": "När denna version publicerades."},
        "apiDocumentation": {"type": "string", "format": "uri", "description": "Where the documentation stands.", "x-description-sv": "Var dokumentationen finns."},
        "apiStatus": {"type": "string", "enum": ["alpha", "beta", "active", "deprecated", "retired", "decommissioned"], "description": "Where it is in its life cycle.", "x-description-sv": "Var det är i sin livscykel."},
    }});
    let problem_type = json!({"type": "object", "additionalProperties": false,
    "required": ["type", "title", "status", "language"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "The kind of problem.", "x-description-sv": "Slaget av problem."},
        "title": {"type": "string", "description": "In one sentence.", "x-description-sv": "I en mening."},
        "status": {"type": "integer", "description": "Its HTTP status.", "x-description-sv": "Dess HTTP-status."},
        "language": {"type": "string", "enum": ["sv", "en"], "description": "The language of the title.", "x-description-sv": "Titelns språk."},
    }});
    let language = json!({"name": "language", "in": "query", "required": false, "example": "en",
        "description": "The language; otherwise `Accept-Language` decides.", "x-description-sv": "Språket; annars avgör `Accept-Language`.",
        "schema": {"type": "string", "enum": ["sv", "en"]}});
    object_of(json!({
        "/api-info": {"get": operation(
            "readApiInfo",
            ("Read what the interface is", "Name, version, date, status and where the documentation stands (VER.06, VER.07)."),
            ("Läs vad gränssnittet är", "Namn, version, datum, status och var dokumentationen finns (VER.06, VER.07)."),
            json!([]),
            json!({"application/json": {"schema": info, "examples": {"full": {"value": crate::api::info::api_info(&format!("https://{}", examples::HOST))}}}}),
            false,
        )},
        "/openapi.yaml": {"get": operation(
            "readOpenApiYaml",
            ("Fetch this contract as YAML", "The OpenAPI document of this version."),
            ("Hämta detta kontrakt som YAML", "OpenAPI-dokumentet för denna version."),
            json!([]), json!({"application/yaml": {"schema": {"type": "string"}}}), false,
        )},
        "/openapi.json": {"get": operation(
            "readOpenApiJson",
            ("Fetch this contract as JSON", "The OpenAPI document of this version."),
            ("Hämta detta kontrakt som JSON", "OpenAPI-dokumentet för denna version."),
            json!([]), json!({"application/json": {"schema": {"type": "object"}}}), false,
        )},
        "/documentation": {"get": operation(
            "readDocumentation",
            ("Read the documentation", "The documentation as a page, in Swedish or English."),
            ("Läs dokumentationen", "Dokumentationen som en sida, på svenska eller engelska."),
            json!([language, reference("parameters", "AcceptLanguage")]),
            json!({"text/html": {"schema": {"type": "string"}}}), false,
        )},
        "/documentation/style.css": {"get": operation(
            "readDocumentationStyle",
            ("Fetch the style of the documentation", "The style sheet of the documentation."),
            ("Hämta dokumentationens stil", "Dokumentationens stilmall."),
            json!([]), json!({"text/css": {"schema": {"type": "string"}}}), false,
        )},
        "/problems/{code}": {"get": operation(
            "readProblemType",
            ("Read what a problem means", "The address that the `type` of a problem names."),
            ("Läs vad ett problem betyder", "Adressen som ett problems `type` anger."),
            json!([
                {"name": "code", "in": "path", "required": true, "example": "not-found",
                 "description": "The code of the problem.", "x-description-sv": "Problemets kod.",
                 "schema": {"type": "string"}},
                reference("parameters", "AcceptLanguage"),
            ]),
            json!({"application/json": {"schema": problem_type, "examples": {"full": {
                "value": crate::api::info::problem_type("not-found", crate::error::Language::English)}}}}),
            true,
        )},
    }))
}

fn operation(
    name: &str,
    en: (&str, &str),
    sv: (&str, &str),
    parameters: Value,
    content: Value,
    may_miss: bool,
) -> Value {
    let mut responses = object_of(json!({"200": {
        "description": "What was asked for.",
        "x-description-sv": "Det som efterfrågades.",
        "content": content,
    }}));
    if may_miss {
        let missing = reference("responses", &response_name(&[ErrorCode::NotFound]));
        responses.insert("404".to_owned(), missing);
    }
    json!({
        "operationId": name,
        "tags": [TAG],
        "summary": en.0,
        "x-summary-sv": sv.0,
        "description": en.1,
        "x-description-sv": sv.1,
        "security": [],
        "parameters": parameters,
        "responses": responses,
    })
}
