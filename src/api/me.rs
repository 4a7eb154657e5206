//! One's own password over HTTP: the current one is verified and the new one hashed beside the database.
//! A wrong one costs what a failed sign-in costs.

use super::sessions::wait_of;
use crate::db::audited::Identity;
use crate::db::idempotency::is_known;
use crate::db::sessions::look_up_own_attempt;
use crate::domain::id::{Id, User};
use crate::error::{Error, ErrorCode, Result};
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::me::{self, CheckedPasswords, passwords_of};
use crate::service::sessions::own_key;
use std::sync::Arc;

/// Changes one's own password.
pub async fn change_my_password(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let mut checked = CheckedPasswords::default();
    let mut key = String::new();
    if let Identity::Bearer { user_id, .. } = request.identity
        && backend.door_of(&request).may(request.call()).await?
        && !is_repeated(&backend, &request, user_id).await?
    {
        key = own_key("password", user_id);
        let attempt = look_up_own_attempt(&backend.door_of(&request), user_id, key.clone()).await?;
        if let Some(wait) = wait_of(attempt.blocked_until, request.at) {
            let too_many = Error {
                retry_after: Some(wait),
                ..Error::from(ErrorCode::TooManyAttempts)
            };
            return backend
                .door_of(&request)
                .run(request.call(), move |_| Err(too_many.clone()))
                .await;
        }
        if let Some(found) = check(&backend, &request, attempt.password_hash).await? {
            if found.agreed_with.is_none() {
                backend
                    .door_of(&request)
                    .run(request.call(), move |tx| {
                        me::count_wrong_password(tx, key.clone())
                    })
                    .await?;
                return Err(me::wrong_password());
            }
            checked = found;
        }
    }
    backend
        .run(&request, move |tx, request, _| {
            me::change_my_password(tx, request.fields()?, &checked, &key)?;
            Ok(Reply::nothing())
        })
        .await
}

/// Verifies and hashes; `None` when no current password was sent, which the operation tells.
async fn check(
    backend: &Backend,
    request: &Request,
    stored: Option<String>,
) -> Result<Option<CheckedPasswords>> {
    let Ok(fields) = request.fields() else {
        return Ok(None);
    };
    let (current, new) = passwords_of(&fields);
    let (Some(current), new) = (current.map(str::to_owned), new.map(str::to_owned)) else {
        return Ok(None);
    };
    let found = backend
        .with_passwords(request, move |passwords| -> Result<CheckedPasswords> {
            let agreed_with = stored.filter(|hash| passwords.verify(&current, Some(hash)));
            let new_hash = match (&agreed_with, new) {
                (Some(_), Some(new)) => Some(passwords.hash(&new)?),
                _ => None,
            };
            Ok(CheckedPasswords {
                agreed_with,
                new_hash,
            })
        })
        .await??;
    Ok(Some(found))
}

/// Whether the answer to this request was given before: then the current password is no longer the one that was sent.
async fn is_repeated(backend: &Backend, request: &Request, user_id: Id<User>) -> Result<bool> {
    match request.idempotency_key() {
        Ok(Some(key)) => {
            is_known(
                &backend.door_of(request),
                user_id,
                key.to_owned(),
                request.at,
            )
            .await
        }
        _ => Ok(false),
    }
}
