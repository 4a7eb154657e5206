//! Members of staff over HTTP: passwords are hashed beside the database, for those who will be let in.

use crate::error::Result;
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::users::{self, password_of};
use std::sync::Arc;

/// Makes a member of staff.
pub async fn create_user(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let hash = hash_of_sent(&backend, &request).await?;
    backend
        .run(&request, move |tx, request, _| {
            let view = users::create_user(tx, request.fields()?, hash.clone())?;
            Ok(Reply::created(view, "/users"))
        })
        .await
}

/// Changes a member of staff.
pub async fn update_user(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let hash = hash_of_sent(&backend, &request).await?;
    backend
        .run(&request, move |tx, request, _| {
            let (id, version) = (request.id("userId")?, request.version()?);
            let view = users::update_user(tx, id, version, request.fields()?, hash.clone())?;
            Ok(Reply::record(view))
        })
        .await
}

/// The hash of the password in the body. What is wrong with the request is told in the operation.
async fn hash_of_sent(backend: &Backend, request: &Request) -> Result<Option<String>> {
    let Ok(fields) = request.fields() else {
        return Ok(None);
    };
    let Some(password) = password_of(&fields).map(str::to_owned) else {
        return Ok(None);
    };
    if !backend.door.would_admit(request.call()).await? {
        return Ok(None);
    }
    let hash = backend
        .with_passwords(move |passwords| passwords.hash(&password))
        .await??;
    Ok(Some(hash))
}
