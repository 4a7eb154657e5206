//! Private calendars over HTTP: the address with its secret is made here and stands in one answer only, which is not kept. Who may
//! fetch one and what it tells is decided in `service::calendar_feeds`.

use super::ROOT;
use crate::auth::token::{fresh_refresh_token, refresh_hash};
use crate::db::audited::AuditedTx;
use crate::error::Result;
use crate::http::backend::Backend;
use crate::http::reply::{Content, Reply};
use crate::http::request::Request;
use crate::service::calendar_feeds;
use serde_json::json;
use std::sync::Arc;

/// Makes an address.
pub async fn make_calendar_feed(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let token = fresh_refresh_token()?;
    let hash = refresh_hash(&token);
    let address = format!("{}{ROOT}/calendar-feeds/{token}", request.base);
    let mut told = backend
        .run(&request, move |tx, _, _| {
            calendar_feeds::make_calendar_feed(tx, &hash).map(Reply::document)
        })
        .await?;
    if let Content::Document(members) = &mut told.content {
        members.insert("address".to_owned(), json!(address));
    }
    Ok(told)
}

/// The calendar at an address.
pub fn read_calendar_feed(tx: &mut AuditedTx<'_>, request: &Request) -> Result<Reply> {
    request.parameters()?.finish()?;
    let token = request.segment("feedToken")?;
    let file = calendar_feeds::read_calendar_feed(tx, token, &refresh_hash(token))?;
    let name = "uppfoljningar.ics".to_owned();
    Ok(Reply::file(MEDIA_TYPE, name, file.into_bytes()))
}

/// What a calendar is.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";
