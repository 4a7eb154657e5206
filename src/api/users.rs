//! Passwords of staff over HTTP: they are hashed and verified beside the database, for those alone who may change them.
//! What a password must be like, and what changing it ends, is decided in `service`.

use crate::error::Result;
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::users;
use std::sync::Arc;

/// Makes a member of staff.
pub async fn create_user(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let hash = hash_of_new(&backend, &request).await?;
    backend
        .run(&request, move |tx, request, _| {
            let view = users::create_user(tx, request.fields()?, hash.clone())?;
            Ok(Reply::created(view, "/users"))
        })
        .await
}

/// Changes a member of staff.
pub async fn update_user(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let hash = hash_of_new(&backend, &request).await?;
    backend
        .run(&request, move |tx, request, _| {
            let (id, version) = (request.id("userId")?, request.version()?);
            let view = users::update_user(tx, id, version, request.fields()?, hash.clone())?;
            Ok(Reply::record(view))
        })
        .await
}

async fn hash_of_new(backend: &Backend, request: &Request) -> Result<Option<String>> {
    let fields = request.fields().unwrap_or_default();
    let Some(password) = users::password_of(&fields).map(str::to_owned) else {
        return Ok(None);
    };
    if !backend.door_of(request).may(request.call()).await? {
        return Ok(None);
    }
    let hash = backend
        .with_passwords(request, move |passwords| passwords.hash(&password))
        .await??;
    Ok(Some(hash))
}
