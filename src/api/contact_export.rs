//! The contacts of a unit as a file over HTTP: made part by part while it is sent, each part once the log says who is in it. What
//! stands in it, and who may have it, is decided in `service` and `policy`.

use crate::clock::day_of;
use crate::db::audited::{Call, Door};
use crate::error::Result;
use crate::http::backend::Backend;
use crate::http::parts::{Making, Next, Part};
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::contact_export::{self, FilePart, continue_contacts};
use std::sync::Arc;

/// What the file is sent as.
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8";

/// Begins the file, and hands it over.
pub async fn export_contacts(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let asked = Arc::clone(&request);
    let door = backend.door_of(&request);
    let first = door
        .run(request.call(), move |tx| {
            asked.must_be_readable()?;
            contact_export::export_contacts(tx, asked.parameters()?, asked.language)
        })
        .await?;
    let name = format!("kontakter-{}.csv", day_of(request.at));
    let first = part(&door, &request.call(), first);
    Ok(Reply::parts(MEDIA_TYPE, name, first))
}

/// A part with what makes the next: as whoever asked, so that a sign-out or a lost role ends the file between two parts.
fn part(door: &Door, call: &Call, made: FilePart) -> Part {
    let (door, call) = (door.clone(), call.clone());
    let next = made.next.map(|progress| -> Next {
        Arc::new(move || -> Making {
            let (door, call, progress) = (door.clone(), call.clone(), progress.clone());
            Box::pin(async move {
                let made = door.run(call.clone(), move |tx| {
                    continue_contacts(tx, progress.clone())
                });
                Ok(part(&door, &call, made.await?))
            })
        })
    });
    Part {
        bytes: made.bytes,
        next,
    }
}
