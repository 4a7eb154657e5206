//! Signing in over HTTP: the password is verified beside the database, and unknown accounts, wrong passwords and inactive
//! people get the same answer after the same work. A second factor is asked for once the password is right. What a failure costs is decided in `service::sessions`.

use crate::auth::token::{fresh_refresh_token, refresh_hash};
use crate::db::sessions::{Attempt, look_up_attempt};
use crate::db::turns::Who;
use crate::domain::user::Staff;
use crate::error::{Error, ErrorCode, Result};
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::form::Form;
use crate::service::second_factors::LONGEST_CODE;
use crate::service::sessions::{
    self, Lives, Origin, SignedIn, ThrottleKeys, account_key, address_key,
};
use chrono::{DateTime, Utc};
use serde_json::{Map, json};
use std::sync::Arc;

/// Signs in with user name and password.
pub async fn sign_in(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let sent = request.fields().and_then(|fields| {
        let mut form = Form::of_body(fields);
        let username = form.text("username", 200);
        let username = form.require("username", username);
        let password = form.secret("password", crate::domain::password::LONGEST);
        let password = form.require("password", password);
        let code = form.secret("code", LONGEST_CODE);
        form.finish_with(
            username
                .zip(password)
                .map(|(name, password)| (name, password, code)),
        )
    });
    let (username, password, code) = match sent {
        Ok(sent) => sent,
        // Refused, but not without its event.
        Err(error) => {
            return backend
                .door_of(&request)
                .run(request.call(), move |_| Err(error.clone()))
                .await;
        }
    };
    let keys = throttle_keys(&username, &backend, &request);
    // Whoever has to wait is told at once, and again when their turn has come: of a flood that came all at once, a few are
    // counted and the rest costs nothing more.
    look_up(&backend, &request, &username, &keys).await?;
    let turn = backend.turn(Who::Named(keys.account.clone())).await?;
    let attempt = look_up(&backend, &request, &username, &keys).await?;
    let credential = attempt.credential.filter(|credential| credential.is_active);
    let hash = credential
        .as_ref()
        .map(|credential| credential.password_hash.clone());
    let is_right = turn
        .with_passwords(move |passwords| passwords.verify(&password, hash.as_deref()))
        .await?;
    let staff = credential.filter(|_| is_right).map(|credential| Staff {
        id: credential.user_id,
        role: credential.role,
        unit_id: credential.unit_id,
        session_id: None,
    });
    let token = fresh_refresh_token()?;
    let (hash, lives) = (refresh_hash(&token), lives(&backend));
    let factors = backend.factors.clone();
    let signed_in = backend
        .door_of(&request)
        .run(request.call(), move |tx| match staff {
            Some(staff) => {
                let second = (code.as_deref(), &factors);
                sessions::sign_in(tx, staff, second, &hash, &keys, lives)
            }
            None => {
                sessions::refuse_password(tx, &keys)?;
                Ok(Err(ErrorCode::WrongCredentials))
            }
        })
        .await??;
    drop(turn);
    answer(&backend, signed_in, &token, request.at)
}

/// What the attempt is checked against; refused, with its event, while it has to wait.
async fn look_up(
    backend: &Backend,
    request: &Request,
    username: &str,
    keys: &ThrottleKeys,
) -> Result<Attempt> {
    let attempt = look_up_attempt(
        &backend.door_of(request),
        username.to_lowercase(),
        keys.all().into_iter().map(str::to_owned).collect(),
        backend.passwords_closed_by().map(str::to_owned),
    )
    .await?;
    let Some(wait) = wait_of(attempt.blocked_until, request.at) else {
        return Ok(attempt);
    };
    let too_many = Error {
        retry_after: Some(wait),
        ..Error::from(ErrorCode::TooManyAttempts)
    };
    backend
        .door_of(request)
        .run(request.call(), move |_| Err(too_many.clone()))
        .await
}

/// Renews a sign-in with its refresh token.
pub async fn refresh(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let sent = request.fields().and_then(|fields| {
        let mut form = Form::of_body(fields);
        let token = form.secret("refreshToken", 200);
        let token = form.require("refreshToken", token);
        form.finish_with(token)
    });
    let token = fresh_refresh_token()?;
    let (new_hash, lives) = (refresh_hash(&token), lives(&backend));
    let signed_in = backend
        .door_of(&request)
        .run(request.call(), move |tx| match &sent {
            Ok(sent) => sessions::refresh(tx, &refresh_hash(sent), &new_hash, lives),
            Err(error) => Err(error.clone()),
        })
        .await?
        .ok_or(ErrorCode::Unauthenticated)?;
    answer(&backend, signed_in, &token, request.at)
}

pub(super) fn answer(
    backend: &Backend,
    signed_in: SignedIn,
    refresh_token: &str,
    now: DateTime<Utc>,
) -> Result<Reply> {
    let access_token = backend
        .tokens
        .issue(signed_in.user_id, signed_in.session_id, now)?;
    let mut members = Map::new();
    members.insert("accessToken".to_owned(), json!(access_token));
    members.insert("tokenType".to_owned(), json!("Bearer"));
    members.insert(
        "expiresIn".to_owned(),
        json!(backend.tokens.life().num_seconds()),
    );
    members.insert("refreshToken".to_owned(), json!(refresh_token));
    members.insert(
        "refreshExpiresAt".to_owned(),
        json!(crate::db::types::Timestamp::of(signed_in.expires_at).to_text()),
    );
    members.insert("userId".to_owned(), json!(signed_in.user_id));
    Ok(Reply::document(members))
}

pub(super) fn lives(backend: &Backend) -> Lives {
    Lives {
        idle: backend.config.idle_life,
        whole: backend.config.session_life,
    }
}

/// Seconds to wait, at least one.
pub(super) fn wait_of(blocked_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<u64> {
    let wait = blocked_until? - now;
    (wait > chrono::Duration::zero()).then(|| {
        u64::try_from(wait.num_seconds())
            .unwrap_or(0)
            .saturating_add(1)
    })
}

/// What the failures of an attempt are counted under.
fn throttle_keys(username: &str, backend: &Backend, request: &Request) -> ThrottleKeys {
    ThrottleKeys {
        account: account_key(username),
        address: origin(backend, request),
    }
}

/// Where a request comes from, if that is known.
pub(super) fn origin(backend: &Backend, request: &Request) -> Option<Origin> {
    request.from.map(|address| Origin {
        key: address_key(address),
        free_failures: backend.config.address_failures,
    })
}
