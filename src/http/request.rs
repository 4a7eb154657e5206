//! A request as the services need it: who, what, in which language, with which fields. What is wrong with it is told only
//! when it is asked for, inside the operation, so that a stranger is refused before being told about mistakes.

use super::json::read_object;
use super::position::Sealer;
use super::problem::language_of;
use crate::api::routes::{Accepts, Route};
use crate::db::audited::{Call, Identity};
use crate::db::paging::{DEFAULT_LIMIT, MOST, PageRequest};
use crate::domain::id::Id;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Language, Result};
use crate::service::Fields;
use crate::service::form::{Form, plain_name};
use actix_web::HttpRequest;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, IF_MATCH,
};
use actix_web::web::Bytes;
use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::net::IpAddr;

/// Parameters that belong to paging.
const PAGING: [&str; 3] = ["limit", "page", "position"];
/// The last page that is counted off; a walk by `_links.next` has no end.
const LAST_PAGE: i64 = 100_000;
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// A request.
pub struct Request {
    /// What is asked for.
    pub route: &'static Route,
    /// By whom.
    pub identity: Identity,
    /// When.
    pub at: DateTime<Utc>,
    /// The request, to find it in the log.
    pub request_id: String,
    /// The language of the answer.
    pub language: Language,
    /// Scheme and host as the client wrote them.
    pub base: String,
    /// The path as it was sent.
    pub path: String,
    /// The address it came from.
    pub from: Option<IpAddr>,
    query: String,
    parameters: Result<Vec<(String, String)>>,
    ids: Vec<(String, String)>,
    body: Result<Body>,
    if_match: Option<String>,
    idempotency_key: Option<String>,
}

enum Body {
    Nothing,
    Fields(Fields),
    Bytes(Bytes),
}

impl Request {
    /// Takes a request apart. `body` has arrived already, or has not for the reason told.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        route: &'static Route,
        http: &HttpRequest,
        identity: Identity,
        at: DateTime<Utc>,
        request_id: String,
        base: String,
        from: Option<IpAddr>,
        body: Result<Bytes>,
    ) -> Self {
        // What cannot be read as text is there, and is wrong; it must not pass for what was not sent.
        let header = |name: &str| {
            let value = http.headers().get(name)?;
            Some(value.to_str().unwrap_or_default().to_owned())
        };
        let body = told_once(http).and(body).and_then(|bytes| {
            // Nothing is unpacked here: what is packed would be read as something else, or grow without end (RFC 9110, 15.5.16).
            let coding = header(CONTENT_ENCODING.as_str());
            if route.accepts != Accepts::Nothing
                && coding.is_some_and(|coding| !coding.eq_ignore_ascii_case("identity"))
            {
                return Err(ErrorCode::UnsupportedMediaType.into());
            }
            read_body(
                route.accepts,
                header(CONTENT_TYPE.as_str()).as_deref(),
                bytes,
            )
        });
        Self {
            route,
            identity,
            at,
            request_id,
            language: language_of(header(ACCEPT_LANGUAGE.as_str()).as_deref()),
            base,
            path: http.path().to_owned(),
            from,
            query: http.query_string().to_owned(),
            parameters: read_query(http.query_string()),
            ids: http
                .match_info()
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body,
            if_match: header(IF_MATCH.as_str()),
            idempotency_key: header(IDEMPOTENCY_KEY),
        }
    }

    /// The call that goes through the door.
    pub fn call(&self) -> Call {
        Call {
            operation: self.route.operation,
            identity: self.identity,
            at: self.at,
            request_id: self.request_id.clone(),
        }
    }

    /// An id of the path.
    ///
    /// # Errors
    /// 404: what is no id names no record.
    pub fn id<T>(&self, name: &str) -> Result<Id<T>> {
        self.ids
            .iter()
            .find(|(known, _)| known == name)
            .filter(|(_, value)| value.len() == 36)
            .and_then(|(_, value)| uuid::Uuid::try_parse(value).ok())
            .map(Id::of)
            .ok_or_else(|| ErrorCode::NotFound.into())
    }

    /// A part of the path that is no id.
    ///
    /// # Errors
    /// 404: nothing stands there.
    pub fn segment(&self, name: &str) -> Result<&str> {
        self.ids
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .ok_or_else(|| ErrorCode::NotFound.into())
    }

    /// The fields of the body.
    ///
    /// # Errors
    /// 400, 408, 413 or 415.
    pub fn fields(&self) -> Result<Fields> {
        match &self.body {
            Ok(Body::Fields(fields)) => Ok(fields.clone()),
            Ok(_) => Err(ErrorCode::MalformedBody.into()),
            Err(error) => Err(error.clone()),
        }
    }

    /// The body as it was sent.
    ///
    /// # Errors
    /// 408, 413 or 415.
    pub fn bytes(&self) -> Result<Bytes> {
        match &self.body {
            Ok(Body::Bytes(bytes)) => Ok(bytes.clone()),
            Ok(_) => Err(ErrorCode::MalformedBody.into()),
            Err(error) => Err(error.clone()),
        }
    }

    /// Whether the body could be read, for operations that take none.
    ///
    /// # Errors
    /// 400, 408, 413 or 415.
    pub fn must_be_readable(&self) -> Result<()> {
        self.body.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    /// The parameters of the address besides paging.
    ///
    /// # Errors
    /// 400 for an address that cannot be read.
    pub fn parameters(&self) -> Result<Form> {
        let pairs = self.parameters.as_ref().map_err(Clone::clone)?;
        let mut seen = std::collections::HashSet::new();
        let is_list = self.route.is_list();
        for (name, _) in pairs {
            if !seen.insert(name) {
                return Err(wrong_parameter(plain_name(name), FieldCode::Twice));
            }
        }
        Ok(Form::of_parameters(
            pairs
                .iter()
                .filter(|(name, _)| !(is_list && PAGING.contains(&name.as_str())))
                .cloned(),
        ))
    }

    /// Which part of a list is asked for.
    ///
    /// # Errors
    /// 400 for a limit outside 1-200, a page below 1, or a position that was not made for this list.
    pub fn page(&self, sealer: &Sealer) -> Result<PageRequest> {
        let number = |name: &str, default: i64, most: i64| match self.parameter(name) {
            None => Ok(default),
            Some(text) => text
                .parse::<i64>()
                .ok()
                .filter(|number| (1..=most).contains(number))
                .ok_or_else(|| Error {
                    fields: vec![FieldError::with(
                        name.to_owned(),
                        FieldCode::OutOfRange,
                        format!("1-{most}"),
                    )],
                    ..Error::from(ErrorCode::InvalidParameter)
                }),
        };
        let position = match self.parameter("position") {
            None => None,
            Some(text) => Some(
                sealer
                    .open(self.route.operation.name(), text)
                    .ok_or_else(|| wrong_parameter("position", FieldCode::NotOurs))?,
            ),
        };
        Ok(PageRequest {
            limit: number("limit", DEFAULT_LIMIT, MOST)?,
            number: number("page", 1, LAST_PAGE)?,
            position,
        })
    }

    /// The version that a change builds on.
    ///
    /// # Errors
    /// 428 when it is not told, 400 when it is no version.
    pub fn version(&self) -> Result<i64> {
        self.version_if_told()?
            .ok_or_else(|| ErrorCode::VersionRequired.into())
    }

    /// The version that a change builds on, if it is told.
    ///
    /// # Errors
    /// 428 for `*`, 400 when it is no version.
    pub fn version_if_told(&self) -> Result<Option<i64>> {
        let Some(text) = self.if_match.as_deref().map(str::trim) else {
            return Ok(None);
        };
        if text == "*" {
            return Err(ErrorCode::VersionRequired.into());
        }
        text.strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .filter(|text| is_number(text))
            .and_then(|text| text.parse().ok())
            .map(Some)
            .ok_or_else(|| wrong_parameter("If-Match", FieldCode::NotVersion))
    }

    /// The key under which this request counts only once.
    ///
    /// # Errors
    /// 400 for a key that is empty, too long or not plain.
    pub fn idempotency_key(&self) -> Result<Option<&str>> {
        match self.idempotency_key.as_deref() {
            None => Ok(None),
            Some(key)
                if (1..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) =>
            {
                Ok(Some(key))
            }
            Some(_) => Err(wrong_parameter("Idempotency-Key", FieldCode::NotKey)),
        }
    }

    /// What makes two requests the same: operation, address, version and body. Keyed, because it is stored and the body may
    /// hold a password or an identity number, which a plain hash would let anybody with the database try out.
    pub fn fingerprint(&self, key: &hmac::Key) -> String {
        let mut signer = hmac::Context::with_key(key);
        let mut part = |bytes: &[u8]| {
            signer.update(&bytes.len().to_le_bytes());
            signer.update(bytes);
        };
        part(self.route.operation.name().as_bytes());
        part(self.path.as_bytes());
        part(self.query.as_bytes());
        part(self.if_match.as_deref().unwrap_or_default().as_bytes());
        match &self.body {
            // Fields are sorted and blanks are gone, so that the same content in another writing is the same.
            Ok(Body::Fields(fields)) => part(canonical(&Value::Object(fields.clone())).as_bytes()),
            Ok(Body::Bytes(bytes)) => part(bytes),
            Ok(Body::Nothing) | Err(_) => {}
        }
        data_encoding::HEXLOWER.encode(signer.sign().as_ref())
    }

    /// The whole address as it was asked.
    pub fn address(&self) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{}", self.base, self.path, self.query)
    }

    /// The limit in force, for links.
    pub fn limit_asked(&self) -> i64 {
        self.parameter("limit")
            .and_then(|text| text.parse().ok())
            .unwrap_or(DEFAULT_LIMIT)
    }
    /// The page asked for, for links.
    pub fn page_asked(&self) -> i64 {
        self.parameter("page")
            .and_then(|text| text.parse().ok())
            .unwrap_or(1)
    }
    /// The parameters that every link of a list repeats.
    pub fn other_parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters
            .iter()
            .flatten()
            .filter(|(name, _)| !PAGING.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .as_ref()
            .ok()?
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// 400 for one parameter or header.
fn wrong_parameter(name: &str, code: FieldCode) -> Error {
    Error {
        fields: vec![FieldError::new(name, code)],
        ..Error::from(ErrorCode::InvalidParameter)
    }
}

/// Headers that mean something once: of two, somebody on the way may have gone by the other one.
fn told_once(http: &HttpRequest) -> Result<()> {
    let names = [
        AUTHORIZATION.as_str(),
        CONTENT_TYPE.as_str(),
        IF_MATCH.as_str(),
        IDEMPOTENCY_KEY,
    ];
    match names
        .into_iter()
        .find(|name| http.headers().get_all(*name).count() > 1)
    {
        Some(name) => Err(wrong_parameter(name, FieldCode::Twice)),
        None => Ok(()),
    }
}

/// A version as the `ETag` has it: digits and nothing else, and no other writing of the same number.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

fn read_query(query: &str) -> Result<Vec<(String, String)>> {
    // Bytes that are no text would be read as replacement characters: another word than was sent.
    if percent_decode_str(query).decode_utf8().is_err() {
        return Err(ErrorCode::InvalidParameter.into());
    }
    actix_web::web::Query::<Vec<(String, String)>>::from_query(query)
        .map(actix_web::web::Query::into_inner)
        .map_err(|_| ErrorCode::InvalidParameter.into())
}

fn read_body(accepts: Accepts, content_type: Option<&str>, bytes: Bytes) -> Result<Body> {
    let (media_type, charset) = media_type_of(content_type.unwrap_or_default());
    match accepts {
        Accepts::Nothing if bytes.is_empty() => Ok(Body::Nothing),
        Accepts::Nothing => Err(ErrorCode::MalformedBody.into()),
        Accepts::Json | Accepts::MergePatch => {
            let is_known = media_type == "application/json"
                || (accepts == Accepts::MergePatch && media_type == "application/merge-patch+json");
            // JSON is UTF-8 (RFC 8259, 8.1).
            if !is_known || charset.is_some_and(|charset| charset != "utf-8") {
                return Err(ErrorCode::UnsupportedMediaType.into());
            }
            read_object(&bytes)
                .map(Body::Fields)
                .ok_or_else(|| ErrorCode::MalformedBody.into())
        }
        // In which letters a file is written is found out by reading it.
        Accepts::Roster | Accepts::Values => {
            if matches!(media_type.as_str(), "text/csv" | "application/octet-stream") {
                Ok(Body::Bytes(bytes))
            } else {
                Err(ErrorCode::UnsupportedMediaType.into())
            }
        }
    }
}

/// The media type and its character set, in small letters.
fn media_type_of(text: &str) -> (String, Option<String>) {
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    });
    (media_type, charset)
}

fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            let inner: Vec<String> = names
                .into_iter()
                .filter_map(|name| {
                    let value = members.get(name)?;
                    Some(format!(
                        "{}:{}",
                        Value::String(name.clone()),
                        canonical(value)
                    ))
                })
                .collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => {
            let inner: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", inner.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_fields_does_not_make_another_request() {
        let one = json!({"a": 1, "b": {"c": [1, 2], "d": null}});
        let other: Value =
            serde_json::from_str(r#"{ "b": {"d":null, "c":[1,2]}, "a":1 }"#).unwrap_or_default();
        assert_eq!(canonical(&one), canonical(&other));
        assert_ne!(
            canonical(&one),
            canonical(&json!({"a": 1, "b": {"c": [2, 1], "d": null}}))
        );
    }

    #[test]
    fn only_json_objects_of_the_right_type_are_read() {
        let read = |media: &str, text: &'static str| {
            read_body(
                Accepts::Json,
                Some(media),
                Bytes::from_static(text.as_bytes()),
            )
            .map(|_| ())
            .map_err(|error| error.code)
        };
        assert_eq!(read("application/json; charset=utf-8", "{}"), Ok(()));
        assert_eq!(
            read("application/json", "[]"),
            Err(ErrorCode::MalformedBody)
        );
        assert_eq!(read("application/json", "{"), Err(ErrorCode::MalformedBody));
        assert_eq!(
            read("text/plain", "{}"),
            Err(ErrorCode::UnsupportedMediaType)
        );
        assert_eq!(
            read("application/merge-patch+json", "{}"),
            Err(ErrorCode::UnsupportedMediaType)
        );
        for utf8 in ["charset=UTF-8", " Charset=\"utf-8\"", "v=1"] {
            assert_eq!(read(&format!("application/json;{utf8}"), "{}"), Ok(()));
        }
        for other in ["charset=latin1", "charset=utf-16", "v=1; charset="] {
            assert_eq!(
                read(&format!("application/json; {other}"), "{}"),
                Err(ErrorCode::UnsupportedMediaType)
            );
        }
        assert_eq!(read("", "{}"), Err(ErrorCode::UnsupportedMediaType));
        assert_eq!(
            read("application/json", r#"{"a":1,"a":2}"#),
            Err(ErrorCode::MalformedBody)
        );
    }
}
