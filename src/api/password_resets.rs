//! Lost passwords over HTTP: the token of a link is made and hashed here, and stands in one answer only, which is not kept.
//! What a link is good for is decided in `service::password_resets`.

use crate::auth::token::{fresh_refresh_token, refresh_hash};
use crate::db::password_resets::look_up_username;
use crate::domain::password::check_password;
use crate::error::{Error, Result};
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::password_resets::{self, SentReset};
use crate::service::sessions::account_key;
use serde_json::json;
use std::sync::Arc;

/// Makes a link.
pub async fn issue_password_reset(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let token = fresh_refresh_token()?;
    let hash = refresh_hash(&token);
    let mut told = backend
        .run(&request, move |tx, request, _| {
            let id = request.id("userId")?;
            password_resets::issue_password_reset(tx, id, &hash).map(Reply::document)
        })
        .await?;
    if let crate::http::reply::Content::Document(members) = &mut told.content {
        members.insert("token".to_owned(), json!(token));
    }
    Ok(told)
}

/// Sets a new password by a link. The password is hashed for whoever holds a link that works, and for nobody else.
pub async fn reset_password(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let read = request.fields().and_then(password_resets::read_reset);
    let prepared = match &read {
        Ok(sent) => prepare(&backend, &request, sent).await?,
        Err(_) => Prepared::default(),
    };
    backend
        .door_of(&request)
        .run(request.call(), move |tx| {
            let sent = read.as_ref().map_err(Error::clone)?;
            let Prepared {
                token_hash,
                new_hash,
                throttle_key,
            } = prepared.clone();
            password_resets::reset_password(tx, sent, &token_hash, new_hash, &throttle_key)?;
            Ok(Reply::nothing())
        })
        .await
}

#[derive(Clone, Default)]
struct Prepared {
    token_hash: String,
    new_hash: Option<String>,
    throttle_key: String,
}

async fn prepare(backend: &Backend, request: &Request, sent: &SentReset) -> Result<Prepared> {
    let token_hash = refresh_hash(&sent.token);
    let username =
        look_up_username(&backend.door_of(request), token_hash.clone(), request.at).await?;
    let Some(username) = username else {
        return Ok(Prepared {
            token_hash,
            ..Prepared::default()
        });
    };
    let mut new_hash = None;
    if check_password("", &sent.new_password, &username).is_none() {
        let password = sent.new_password.clone();
        let hash = backend
            .with_passwords(request, move |passwords| passwords.hash(&password))
            .await??;
        new_hash = Some(hash);
    }
    Ok(Prepared {
        token_hash,
        new_hash,
        throttle_key: account_key(&username),
    })
}
