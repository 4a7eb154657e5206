//! What anybody may read without signing in: what the interface is, and whether the service is well.
//! No operation and no personal data stands here; `tests/api/snapshots/public-routes.txt` lists these addresses.

use crate::api::ROOT;
use crate::error::{ErrorCode, Language};
use crate::http::problem;
use serde_json::{Value, json};

/// The day on which this version of the interface was published.
pub const RELEASED: &str = "2026-11-25";

/// The addresses that are open to all, besides signing in.
pub const PUBLIC: &[&str] = &[
    "/health/live",
    "/health/ready",
    "/kaa/v1/api-info",
    "/kaa/v1/problems/{code}",
    "/kaa/v1/openapi.yaml",
    "/kaa/v1/openapi.json",
    "/kaa/v1/documentation",
    "/kaa/v1/documentation/style.css",
];

/// What the interface is (national REST profile VER.06, VER.07).
pub fn api_info(base: &str) -> Value {
    json!({
        "apiName": "KAA",
        "apiVersion": env!("CARGO_PKG_VERSION"),
        "apiReleased": RELEASED,
        "apiDocumentation": format!("{base}{ROOT}/documentation"),
        "apiStatus": "active",
    })
}

/// The language that an address asks for, where it does.
pub fn language_asked(query: &str) -> Option<Language> {
    query.split('&').find_map(|pair| match pair {
        "language=sv" => Some(Language::Swedish),
        "language=en" => Some(Language::English),
        _ => None,
    })
}

/// What a problem type means, at the address that names it.
pub fn problem_type(code: &str, language: Language) -> Option<Value> {
    let code = ErrorCode::ALL.iter().find(|known| known.code() == code)?;
    Some(json!({
        "type": format!("{ROOT}/problems/{}", code.code()),
        "title": code.title(language),
        "status": code.status(),
        "language": problem::language_tag(language),
    }))
}
