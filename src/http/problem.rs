//! Problems as RFC 9457 tells them: one shape for every error, in the reader's language, and nothing of what was sent.

use crate::api::ROOT;
use crate::error::{Error, ErrorCode, FieldError, Language};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_LANGUAGE, ETAG, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use serde_json::{Value, json};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The document of a problem.
pub fn document(error: &Error, language: Language, request_id: &str) -> Value {
    let title = error.code.title(language);
    let detail = match error.fields.as_slice() {
        [] => title.to_owned(),
        fields => fields
            .iter()
            .map(|field| format!("{}: {}", field.pointer, field.detail(language)))
            .collect::<Vec<_>>()
            .join(" "),
    };
    let mut document = json!({
        "type": format!("{ROOT}/problems/{}", error.code.code()),
        "title": title,
        "status": error.code.status(),
        "detail": detail,
        "instance": format!("urn:uuid:{request_id}"),
        "code": error.code.code(),
    });
    if let Value::Object(members) = &mut document {
        if !error.fields.is_empty() {
            let fields = error
                .fields
                .iter()
                .map(|field| field_document(field, language));
            members.insert("errors".to_owned(), fields.collect());
        }
        if let Some(version) = error.current_version {
            members.insert("currentVersion".to_owned(), json!(version));
        }
    }
    document
}

fn field_document(field: &FieldError, language: Language) -> Value {
    let mut document = json!({
        "pointer": field.pointer,
        "code": field.code.code(),
        "detail": field.detail(language),
    });
    if let (Value::Object(members), false) = (&mut document, field.words.is_empty()) {
        members.insert("words".to_owned(), json!(field.words));
    }
    document
}

/// The answer that tells of an error. `allowed`: the methods of the address, for 405.
pub fn response(
    error: &Error,
    language: Language,
    request_id: &str,
    allowed: Option<&str>,
) -> HttpResponse {
    let status =
        StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response
        .content_type(MEDIA_TYPE)
        .insert_header((CONTENT_LANGUAGE, language_tag(language)))
        .insert_header((VARY, "Accept-Language"));
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, "Bearer"));
    }
    if let Some(seconds) = error.retry_after {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if let Some(version) = error.current_version {
        response.insert_header((ETAG, format!("\"{version}\"")));
    }
    if let Some(methods) = allowed {
        response.insert_header((ALLOW, methods));
    }
    response.body(document(error, language, request_id).to_string())
}

/// The tag of a language (BCP 47).
pub const fn language_tag(language: Language) -> &'static str {
    match language {
        Language::Swedish => "sv",
        Language::English => "en",
    }
}

/// The language a reader prefers: Swedish unless English is asked for with more weight.
pub fn language_of(accept_language: Option<&str>) -> Language {
    let mut weights = [0.0_f32, 0.0];
    for part in accept_language.unwrap_or_default().split(',') {
        let mut pieces = part.split(';');
        let tag = pieces
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let weight = pieces
            .find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok())
            .unwrap_or(1.0);
        let [swedish, english] = &mut weights;
        match tag.split('-').next() {
            Some("sv") => *swedish = swedish.max(weight),
            Some("en") => *english = english.max(weight),
            _ => {}
        }
    }
    let [swedish, english] = weights;
    if english > swedish {
        Language::English
    } else {
        Language::Swedish
    }
}

/// An error of HTTP itself, before any operation is known.
pub fn bare(code: ErrorCode, language: Language, request_id: &str) -> HttpResponse {
    response(&Error::from(code), language, request_id, None)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;
    use crate::error::FieldCode;

    #[test]
    fn the_language_with_more_weight_is_spoken() {
        assert_eq!(language_of(None), Language::Swedish);
        assert_eq!(language_of(Some("en-GB,sv;q=0.5")), Language::English);
        assert_eq!(language_of(Some("sv,en;q=0.9")), Language::Swedish);
        assert_eq!(language_of(Some("fi")), Language::Swedish);
    }

    #[test]
    fn a_problem_names_the_field_and_says_why() {
        let error = Error::invalid(vec![FieldError::with(
            "/minutes",
            FieldCode::OutOfRange,
            "0-1440",
        )]);
        let told = document(&error, Language::English, "r");
        assert_eq!(told["status"], 422);
        assert_eq!(told["errors"][0]["pointer"], "/minutes");
        assert!(
            told["detail"]
                .as_str()
                .is_some_and(|text| text.contains("0-1440"))
        );
    }
}
