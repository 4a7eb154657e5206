//! Single sign-on over HTTP: the provider is called beside the database, and what a browser brings back is claimed before that,
//! so that it is good for one call. An attempt is carried through even if its caller hangs up: it leaves its event. Whom it
//! lets in is decided in `service::single_sign_on`.

use super::sessions::{answer, lives, origin};
use crate::auth::password::random_text;
use crate::auth::single_sign_on::flow::Flow;
use crate::auth::single_sign_on::{Fault, provider};
use crate::auth::token::{fresh_refresh_token, refresh_hash};
use crate::db::single_sign_on::{Brings, Claim, claim};
use crate::error::{Error, ErrorCode, Result};
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::sessions::{Origin, too_many};
use crate::service::single_sign_on::{self, Arrived, Completion, Returned};
use std::future::Future;
use std::sync::Arc;

/// Seconds after which a provider that has failed may be tried again.
const TRY_AGAIN: u64 = 5;

/// Begins a sign-in at the provider.
pub async fn start_single_sign_on(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    carry_through(start(backend, request)).await
}

/// Ends a sign-in at the provider with a session here.
pub async fn complete_single_sign_on(
    backend: Arc<Backend>,
    request: Arc<Request>,
) -> Result<Reply> {
    carry_through(complete(backend, request)).await
}

async fn carry_through(work: impl Future<Output = Result<Reply>> + 'static) -> Result<Reply> {
    actix_web::rt::spawn(work).await.map_err(Error::busy)?
}

async fn start(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let (flow, now) = (Flow::fresh()?, request.at);
    let address = match (request.must_be_readable(), backend.has_provider()) {
        (Err(error), _) => Err(error),
        (Ok(()), false) => Err(ErrorCode::SingleSignOnOff.into()),
        (Ok(()), true) => {
            let flow = flow.clone();
            call(&backend, move |provider| {
                provider.authorization_address(&flow, now)
            })
            .await
            .map_err(|fault| error_of(fault, &request))
        }
    };
    let (hash, from) = (flow.hash(), origin(&backend, &request));
    let (address, expires_at) = backend
        .door_of(&request)
        .run(request.call(), move |tx| {
            let address = address.clone()?;
            let from = from.as_ref().map(|origin| origin.key.as_str());
            let expires_at = single_sign_on::start(tx, &hash, from)?;
            Ok((address, expires_at))
        })
        .await?;
    let told = single_sign_on::told(&flow.text(), &address, expires_at);
    Ok(Reply::document(told))
}

async fn complete(backend: Arc<Backend>, request: Arc<Request>) -> Result<Reply> {
    let issuer = backend.issuer().map(str::to_owned);
    let read = request.fields().and_then(single_sign_on::read_returned);
    let (issuer, sent) = match (issuer, read) {
        (Some(issuer), Ok(sent)) => (issuer, sent),
        (None, Ok(_)) => return say(&backend, &request, ErrorCode::SingleSignOnOff.into()).await,
        (_, Err(error)) => return say(&backend, &request, error).await,
    };
    let from = origin(&backend, &request);
    let (flow, arrived) = match arrive(&backend, &request, &sent, from.clone()).await? {
        Ok(arrived) => arrived,
        Err((error, flow_hash)) => {
            return refuse(&backend, &request, error, flow_hash, from).await;
        }
    };
    let token = fresh_refresh_token()?;
    let completion = Completion {
        flow_hash: flow.hash(),
        issuer,
        second_factor_code: sent.second_factor_code,
        refresh_hash: refresh_hash(&token),
        address: from,
        password_of_nobody: password_of_nobody(&backend, &request).await?,
    };
    let (lives, factors) = (lives(&backend), backend.factors.clone());
    let completed = backend
        .door_of(&request)
        .run(request.call(), move |tx| {
            single_sign_on::complete(tx, &arrived, &completion, &factors, lives)
        })
        .await?;
    match completed {
        Ok(signed_in) => answer(&backend, signed_in, &token, request.at),
        Err((error, words)) => {
            tell(&request, words);
            Err(error)
        }
    }
}

/// Who comes back, or why nobody does, and which flow that ends.
async fn arrive(
    backend: &Arc<Backend>,
    request: &Request,
    sent: &Returned,
    from: Option<Origin>,
) -> Result<std::result::Result<(Flow, Arrived), (Error, Option<String>)>> {
    let not_valid = |words, hash| {
        tell(request, words);
        Ok(Err((ErrorCode::FlowNotValid.into(), hash)))
    };
    let Some(flow) = Flow::of_text(&sent.flow) else {
        return not_valid("there is no such flow", None);
    };
    let brings = match &sent.answer {
        // Looked at before the flow is claimed: an answer that was slipped into a browser ends nothing there.
        Some((_, state)) if !flow.is_state(state) => {
            return not_valid("the state is of another flow", None);
        }
        Some(_) => Brings::Code,
        None => Brings::SecondFactor,
    };
    let claimed = claim(
        &backend.door_of(request),
        flow.hash(),
        from.map(|origin| origin.key),
        brings,
        request.at,
    )
    .await?;
    let (row, code) = match (claimed, &sent.answer) {
        (Claim::Begun(row), Some((code, _))) => (row, code.clone()),
        (Claim::Recognised(row), _) => return Ok(Ok((flow, Arrived::Recognised(row)))),
        (Claim::Blocked(until), _) => {
            let error = too_many(until - request.at);
            return Ok(Err((error, None)));
        }
        (Claim::Unknown | Claim::Begun(_), _) => {
            return not_valid("the flow is unknown, over or used", None);
        }
    };
    let (began_at, now) = (row.created_at.utc(), request.at);
    let (ours, issuer) = (flow.clone(), sent.issuer.clone());
    let proven = call(backend, move |provider| {
        let returned = provider::Returned {
            code: &code,
            issuer: issuer.as_deref(),
        };
        provider.prove(&ours, &returned, began_at, now)
    });
    Ok(match proven.await {
        Ok(proven) => Ok((flow, Arrived::Proven(proven))),
        Err(fault) => Err((error_of(fault, request), Some(flow.hash()))),
    })
}

async fn call<T: Send + 'static>(
    backend: &Arc<Backend>,
    work: impl FnOnce(&provider::Provider) -> std::result::Result<T, Fault> + Send + 'static,
) -> std::result::Result<T, Fault> {
    backend
        .with_provider(work)
        .await
        .unwrap_or(Err(Fault::Unavailable("too many wait for the provider")))
}

/// A hash to put in the place of a password, where accounts are made.
async fn password_of_nobody(backend: &Arc<Backend>, request: &Request) -> Result<Option<String>> {
    if !backend.makes_accounts() {
        return Ok(None);
    }
    let password = random_text()?;
    let hash = backend
        .with_passwords(request, move |passwords| passwords.hash(&password))
        .await??;
    Ok(Some(hash))
}

fn error_of(fault: Fault, request: &Request) -> Error {
    let (code, retry_after, words) = match fault {
        Fault::Unavailable(words) => (ErrorCode::ProviderUnavailable, Some(TRY_AGAIN), words),
        Fault::Refused(words) => (ErrorCode::FlowNotValid, None, words),
    };
    tell(request, words);
    Error {
        retry_after,
        ..Error::from(code)
    }
}

/// For the operator, who has to find out why; holds nothing that was sent.
fn tell(request: &Request, reason: &'static str) {
    let request_id = &request.request_id;
    tracing::warn!(%request_id, reason, "no single sign-on");
}

/// Refused, but not without its event.
async fn say(backend: &Backend, request: &Request, error: Error) -> Result<Reply> {
    backend
        .door_of(request)
        .run(request.call(), move |_| Err(error.clone()))
        .await
}

/// Refused, and counted.
async fn refuse(
    backend: &Backend,
    request: &Request,
    error: Error,
    flow_hash: Option<String>,
    from: Option<Origin>,
) -> Result<Reply> {
    let code = error.code;
    if code == ErrorCode::TooManyAttempts {
        return say(backend, request, error).await;
    }
    backend
        .door_of(request)
        .run(request.call(), move |tx| {
            single_sign_on::refuse(tx, code, flow_hash.as_deref(), from.as_ref())
        })
        .await?;
    Err(error)
}
