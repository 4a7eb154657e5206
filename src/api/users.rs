//! Passwords of staff over HTTP: they are hashed and verified beside the database, for those alone who may change them.
//! What a password must be like, and what changing it ends, is decided in `service`.

use crate::db::audited::Identity;
use crate::db::users::look_up_password_hash;
use crate::error::Result;
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::Fields;
use crate::service::me::{self, CheckedPasswords};
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

/// Sets the own password.
pub async fn change_my_password(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let checked = check_passwords(&backend, &request).await?;
    backend
        .run(&request, move |tx, request, _| {
            me::change_my_password(tx, request.fields()?, &checked)?;
            Ok(Reply::nothing())
        })
        .await
}

async fn hash_of_new(backend: &Backend, request: &Request) -> Result<Option<String>> {
    let fields = request.fields().unwrap_or_default();
    let Some(password) = users::password_of(&fields).map(str::to_owned) else {
        return Ok(None);
    };
    if !backend.door.may(request.call()).await? {
        return Ok(None);
    }
    let hash = backend
        .with_passwords(move |passwords| passwords.hash(&password))
        .await??;
    Ok(Some(hash))
}

async fn check_passwords(backend: &Backend, request: &Request) -> Result<CheckedPasswords> {
    let nothing = CheckedPasswords {
        agreed_with: None,
        new_hash: None,
    };
    let Identity::Bearer { user_id, .. } = request.identity else {
        return Ok(nothing);
    };
    let fields: Fields = request.fields().unwrap_or_default();
    let (current, new) = me::passwords_of(&fields);
    let (Some(current), new) = (current.map(str::to_owned), new.map(str::to_owned)) else {
        return Ok(nothing);
    };
    if !backend.door.may(request.call()).await? {
        return Ok(nothing);
    }
    let stored = look_up_password_hash(&backend.door, user_id).await?;
    backend
        .with_passwords(move |passwords| {
            let agreed_with = stored.filter(|hash| passwords.verify(&current, Some(hash)));
            // The new one is hashed only for whoever knows the old one.
            let new_hash = match (&agreed_with, new) {
                (Some(_), Some(new)) => Some(passwords.hash(&new)?),
                _ => None,
            };
            Ok(CheckedPasswords {
                agreed_with,
                new_hash,
            })
        })
        .await?
}
