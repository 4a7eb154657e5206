//! A roster over HTTP: the file is read beside the database, for those alone who may send one. What becomes of it is
//! decided in `service::imports`.

use crate::clock::day_of;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::http::backend::{Backend, beside};
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::imports::{self, RosterUpload};
use chrono::NaiveDate;
use std::sync::Arc;

/// What the address says about a file.
struct Parameters {
    as_of: NaiveDate,
    is_applied: bool,
    file_name: Option<String>,
}

/// Takes in a roster, or tries what it would do.
pub async fn import_roster(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    // Whoever may not send a file learns nothing about it, and nobody's time is spent on it.
    let read = if backend.door_of(&request).may(request.call()).await? {
        read(&backend, &request).await
    } else {
        Err(ErrorCode::Forbidden.into())
    };
    backend
        .run(&request, move |tx, request, _| {
            let (upload, is_applied) = read.as_ref().map_err(Clone::clone)?;
            let run = imports::import_roster(
                tx,
                upload,
                *is_applied,
                request.language,
                &mut |_, _, _| {},
            )?;
            Ok(Reply::created(run.view, "/imports"))
        })
        .await
}

async fn read(backend: &Arc<Backend>, request: &Arc<Request>) -> Result<(RosterUpload, bool)> {
    let said = parameters(request)?;
    let bytes = request.bytes()?;
    let backend = Arc::clone(backend);
    let upload = beside(move || {
        let mapping = &backend.config.roster_mapping;
        let name = said.file_name.as_deref();
        RosterUpload::read(&bytes, name, said.as_of, mapping, &mut |_| {})
    })
    .await??;
    Ok((upload, said.is_applied))
}

fn parameters(request: &Request) -> Result<Parameters> {
    let mut form = request.parameters()?;
    let today = day_of(request.at);
    let as_of = form.date("asOf").unwrap_or(today);
    let is_applied = form.boolean("isApplied").unwrap_or(false);
    let file_name = form.text("fileName", 120);
    form.finish()?;
    // Ages in the future are not known; the reading itself would be wrong.
    if as_of > today {
        return Err(Error {
            fields: vec![FieldError::new("asOf", FieldCode::InFuture)],
            ..Error::from(ErrorCode::InvalidParameter)
        });
    }
    Ok(Parameters {
        as_of,
        is_applied,
        file_name,
    })
}
