//! Enrolling a second factor over HTTP: the password is verified beside the database, and a wrong password or code costs what
//! a failed sign-in costs. The answers hold secrets and are kept nowhere.

use super::sessions::wait_of;
use crate::db::audited::Identity;
use crate::db::sessions::look_up_own_attempt;
use crate::domain::password::LONGEST;
use crate::error::{Error, ErrorCode, Result};
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::sessions::own_key;
use crate::service::{me, second_factors};
use serde_json::Value;
use std::sync::Arc;

/// Begins an enrolment.
pub async fn enrol_second_factor(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let (agreed_with, key) = check_password(&backend, &request).await?;
    backend
        .run(&request, move |tx, request, backend| {
            let agreed_with = agreed_with.as_deref();
            let (fields, factors) = (request.fields()?, &backend.factors);
            second_factors::enrol_second_factor(tx, fields, agreed_with, &key, factors)
                .map(Reply::document)
        })
        .await
}

/// Makes new recovery codes.
pub async fn renew_recovery_codes(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let (agreed_with, key) = check_password(&backend, &request).await?;
    let fields = request.fields();
    let factors = backend.factors.clone();
    let told = backend
        .door_of(&request)
        .run(request.call(), move |tx| {
            let agreed_with = agreed_with.as_deref();
            second_factors::renew_recovery_codes(tx, fields.clone()?, agreed_with, &key, &factors)
        })
        .await?;
    told.map(Reply::document)
        .ok_or_else(second_factors::wrong_code)
}

/// The stored hash that the current password agrees with, and what failures are counted under. A wrong one is counted.
async fn check_password(backend: &Backend, request: &Request) -> Result<(Option<String>, String)> {
    let Some(attempt) = attempt(backend, request, "password").await? else {
        return Ok((None, String::new()));
    };
    let key = attempt.key;
    let fields = request.fields().unwrap_or_default();
    let sent = fields.get("currentPassword").and_then(Value::as_str);
    let sent = sent.filter(|text| text.chars().count() <= LONGEST);
    let (Some(sent), Some(stored)) = (sent.map(str::to_owned), attempt.password_hash) else {
        return Ok((None, key));
    };
    let hash = stored.clone();
    let is_right = backend
        .with_passwords(request, move |passwords| {
            passwords.verify(&sent, Some(&hash))
        })
        .await?;
    if is_right {
        return Ok((Some(stored), key));
    }
    backend
        .door_of(request)
        .run(request.call(), move |tx| {
            me::count_wrong_password(tx, key.clone())
        })
        .await?;
    Err(me::wrong_password())
}

/// Confirms an enrolment.
pub async fn confirm_second_factor(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let key = attempt(&backend, &request, "second factor")
        .await?
        .map(|attempt| attempt.key)
        .unwrap_or_default();
    let fields = request.fields();
    let factors = backend.factors.clone();
    let told = backend
        .door_of(&request)
        .run(request.call(), move |tx| {
            second_factors::confirm_second_factor(tx, fields.clone()?, &key, &factors)
        })
        .await?;
    told.map(Reply::document)
        .ok_or_else(second_factors::wrong_code)
}

struct Attempt {
    key: String,
    password_hash: Option<String>,
}

/// What an attempt of whoever may make one is checked against; refused while they have to wait.
async fn attempt(backend: &Backend, request: &Request, kind: &str) -> Result<Option<Attempt>> {
    let Identity::Bearer { user_id, .. } = request.identity else {
        return Ok(None);
    };
    if !backend.door_of(request).may(request.call()).await? {
        return Ok(None);
    }
    let key = own_key(kind, user_id);
    let found = look_up_own_attempt(&backend.door_of(request), user_id, key.clone()).await?;
    if let Some(wait) = wait_of(found.blocked_until, request.at) {
        let too_many = Error {
            retry_after: Some(wait),
            ..Error::from(ErrorCode::TooManyAttempts)
        };
        let refused: Result<()> = backend
            .door_of(request)
            .run(request.call(), move |_| Err(too_many.clone()))
            .await;
        refused?;
    }
    Ok(Some(Attempt {
        key,
        password_hash: found.password_hash,
    }))
}
