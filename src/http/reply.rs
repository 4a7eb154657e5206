//! An answer before it is written: what the service gives, with its status, version and place. How it is written, with links
//! and headers, stands here too; what it may hold was decided by `policy::reveal`.

use super::backend::Backend;
use super::links::{link, query_of};
use super::parts::Part;
use super::pieces::Pieces;
use super::problem::language_tag;
use super::request::Request;
use crate::db::paging::{Page, Position};
use crate::policy::reveal::View;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, ETAG, LOCATION, VARY,
};
use serde_json::{Map, Value, json};

/// What an operation answers.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The content.
    pub content: Content,
    /// The version of the record.
    pub version: Option<i64>,
    /// Where the record stands, below the root.
    pub place: Option<String>,
}

/// The content of an answer.
#[derive(Debug, Clone)]
pub enum Content {
    /// Nothing.
    Empty,
    /// A record or a document.
    Document(Map<String, Value>),
    /// A part of a list.
    List {
        /// The rows.
        rows: Vec<Map<String, Value>>,
        /// Where the page before ends.
        prev: Option<Position>,
        /// Where the next page begins.
        next: Option<Position>,
    },
    /// A page that stands alone, to be shown and printed.
    Page {
        /// A name to keep it under.
        name: String,
        /// The page.
        html: String,
        /// The hash of its style, which alone may be used.
        style_hash: String,
    },
    /// A file to keep.
    File {
        /// Its media type.
        media_type: &'static str,
        /// A name to keep it under.
        name: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A file to keep that is too long to be held in memory.
    Pieces {
        /// Its media type.
        media_type: String,
        /// A name to keep it under.
        name: String,
        /// Its bytes, piece by piece.
        pieces: Pieces,
    },
    /// A file to keep whose length is known at its end.
    Parts {
        /// Its media type.
        media_type: &'static str,
        /// A name to keep it under.
        name: String,
        /// Its beginning, which leads to the rest.
        first: Part,
    },
}

impl Reply {
    /// A record.
    pub fn record(view: View) -> Self {
        Self {
            status: 200,
            version: Some(view.version),
            content: Content::Document(view.fields),
            place: None,
        }
    }
    /// A record that has just been made, at `place` followed by its id.
    pub fn created(view: View, place: &str) -> Self {
        Self {
            status: 201,
            ..Self::record_at(view, place)
        }
    }
    /// The job by which something is made later.
    pub fn accepted(job: View) -> Self {
        Self {
            status: 202,
            ..Self::record_at(job, "/jobs")
        }
    }
    /// A record that stands elsewhere than at the address that was asked: at `place` followed by its id.
    pub fn record_at(view: View, place: &str) -> Self {
        let id = view
            .fields
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Self {
            place: Some(format!("{place}/{id}")),
            ..Self::record(view)
        }
    }
    /// Something that is no record and has no version.
    pub const fn document(members: Map<String, Value>) -> Self {
        Self {
            status: 200,
            content: Content::Document(members),
            version: None,
            place: None,
        }
    }
    /// A part of a list.
    pub fn list(page: Page<View>) -> Self {
        Self {
            status: 200,
            content: Content::List {
                rows: page.rows.into_iter().map(|view| view.fields).collect(),
                prev: page.prev,
                next: page.next,
            },
            version: None,
            place: None,
        }
    }
    /// A file to keep.
    pub const fn file(media_type: &'static str, name: String, bytes: Vec<u8>) -> Self {
        Self {
            status: 200,
            content: Content::File {
                media_type,
                name,
                bytes,
            },
            version: None,
            place: None,
        }
    }
    /// A file to keep that is too long to be held in memory.
    pub const fn pieces(media_type: String, name: String, pieces: Pieces) -> Self {
        Self {
            status: 200,
            content: Content::Pieces {
                media_type,
                name,
                pieces,
            },
            version: None,
            place: None,
        }
    }
    /// A file to keep whose length is known at its end.
    pub const fn parts(media_type: &'static str, name: String, first: Part) -> Self {
        Self {
            status: 200,
            content: Content::Parts {
                media_type,
                name,
                first,
            },
            version: None,
            place: None,
        }
    }
    /// A page that stands alone.
    pub const fn page(name: String, html: String, style_hash: String) -> Self {
        Self {
            status: 200,
            content: Content::Page {
                name,
                html,
                style_hash,
            },
            version: None,
            place: None,
        }
    }
    /// Done, and nothing to say.
    pub const fn nothing() -> Self {
        Self {
            status: 204,
            content: Content::Empty,
            version: None,
            place: None,
        }
    }

    /// Writes the answer.
    pub fn write(self, request: &Request, backend: &Backend) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        response
            .insert_header((CONTENT_LANGUAGE, language_tag(request.language)))
            .insert_header((VARY, "Accept-Language"));
        if let Some(version) = self.version {
            response.insert_header((ETAG, format!("\"{version}\"")));
        }
        let place = self
            .place
            .map(|place| format!("{}{}{place}", request.base, crate::api::ROOT));
        if let (Some(place), 201 | 202) = (&place, self.status) {
            response.insert_header((LOCATION, place.clone()));
        }
        match self.content {
            Content::Empty => response.finish(),
            Content::Document(mut members) => {
                // What a change answers without a place of its own, like a sign-in, can only be had by asking so again.
                let is_record = self.version.is_some() && !request.route.method.is_post();
                let method = if place.is_some() || is_record {
                    "GET"
                } else {
                    request.route.method.name()
                };
                let here = place.unwrap_or_else(|| request.address());
                let own = link("self", method, &here);
                members.insert("_links".to_owned(), json!({"self": own}));
                response
                    .content_type("application/json")
                    .body(bytes_of(&Value::Object(members)))
            }
            Content::List { rows, prev, next } => response
                .content_type("application/json")
                .body(bytes_of(&list_document(rows, prev, next, request, backend))),
            Content::Page {
                name,
                html,
                style_hash,
            } => response
                .content_type("text/html; charset=utf-8")
                .insert_header((
                    CONTENT_SECURITY_POLICY,
                    format!(
                        "default-src 'none'; style-src '{style_hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    ),
                ))
                .insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
                .body(html),
            Content::File {
                media_type,
                name,
                bytes,
            } => response
                .content_type(media_type)
                .insert_header((
                    CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}\""),
                ))
                .body(bytes),
            Content::Pieces {
                media_type,
                name,
                pieces,
            } => response
                .content_type(media_type)
                .insert_header((
                    CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}\""),
                ))
                .body(pieces.into_body()),
            Content::Parts {
                media_type,
                name,
                first,
            } => response
                .content_type(media_type)
                .insert_header((
                    CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}\""),
                ))
                .body(first.into_body()),
        }
    }
}

/// A document as it is sent. Writing one in memory does not fail.
fn bytes_of(document: &Value) -> Vec<u8> {
    serde_json::to_vec(document).unwrap_or_default()
}

fn list_document(
    rows: Vec<Map<String, Value>>,
    prev: Option<Position>,
    next: Option<Position>,
    request: &Request,
    backend: &Backend,
) -> Value {
    let method = request.route.method.name();
    let (limit, number) = (request.limit_asked(), request.page_asked());
    let address = |number: i64, position: Option<&Position>| {
        let sealed = position.and_then(|position| {
            backend
                .sealer
                .seal(request.route.operation.name(), position)
        });
        let (limit, number) = (limit.to_string(), number.to_string());
        let mut pairs: Vec<(&str, &str)> = request.other_parameters().collect();
        pairs.push(("limit", &limit));
        pairs.push(("page", &number));
        if let Some(sealed) = &sealed {
            pairs.push(("position", sealed));
        }
        format!(
            "{}{}{}",
            request.base,
            request.path,
            query_of(pairs.into_iter())
        )
    };
    let mut links = Map::new();
    let mut add = |relation: &str, href: String| {
        links.insert(relation.to_owned(), link(relation, method, &href));
    };
    add("self", request.address());
    add("first", address(1, None));
    if let Some(position) = &prev {
        add(
            "prev",
            address(number.saturating_sub(1).max(1), Some(position)),
        );
    }
    if let Some(position) = &next {
        add("next", address(number.saturating_add(1), Some(position)));
    }
    let count = rows.len();
    let mut document = Map::new();
    // Moved, not copied: it is most of the answer.
    let rows = rows.into_iter().map(Value::Object).collect();
    document.insert(request.route.collection().to_owned(), Value::Array(rows));
    document.insert("_links".to_owned(), Value::Object(links));
    document.insert(
        "_meta".to_owned(),
        json!({"limit": limit, "page": number, "count": count}),
    );
    Value::Object(document)
}
