//! Sign-ins: how they begin, are renewed and end, and what a failed one costs. Tokens and hashes are made elsewhere.

use crate::db::audited::AuditedTx;
use crate::db::sessions::{self, SessionRow};
use crate::db::types::Timestamp;
use crate::domain::id::{Id, Session, User};
use crate::domain::user::Staff;
use crate::error::{ErrorCode, Result};
use chrono::{DateTime, Duration, Utc};

/// Failures of an account that cost nothing; each after them doubles the wait.
const FREE_FAILURES_OF_ACCOUNT: i32 = 3;
/// An address may be that of a whole office.
const FREE_FAILURES_OF_ADDRESS: i32 = 20;
/// The longest wait, so that nobody is locked out for good.
const LONGEST_WAIT: Duration = Duration::minutes(15);

/// Whom a failed attempt is counted against: the account as it was named, and the address; both hashed.
#[derive(Debug, Clone)]
pub struct ThrottleKeys {
    /// Of the account.
    pub account: String,
    /// Of the address, where it is known.
    pub address: Option<String>,
}

/// How long sign-ins last.
#[derive(Debug, Clone, Copy)]
pub struct Lives {
    /// Without being used.
    pub idle: Duration,
    /// At all.
    pub whole: Duration,
}

/// A sign-in that has begun or been renewed.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn {
    /// Whose.
    pub user_id: Id<User>,
    /// Which.
    pub session_id: Id<Session>,
    /// When it must be renewed at the latest.
    pub expires_at: DateTime<Utc>,
}

/// Begins a session for whoever has been verified.
///
/// # Errors
/// The database does not answer.
pub fn sign_in(
    tx: &mut AuditedTx<'_>,
    staff: Staff,
    refresh_hash: &str,
    keys: &ThrottleKeys,
    lives: Lives,
) -> Result<SignedIn> {
    sessions::forget_failures(tx, &keys.account)?;
    let now = tx.now();
    let id = Id::fresh();
    let expires_at = now + lives.idle.min(lives.whole);
    sessions::insert(
        tx,
        &SessionRow {
            id,
            user_id: staff.id,
            refresh_hash: refresh_hash.to_owned(),
            previous_refresh_hash: None,
            created_at: Timestamp::of(now),
            refreshed_at: Timestamp::of(now),
            expires_at: Timestamp::of(expires_at),
            ended_at: None,
        },
    )?;
    tx.identify(Staff {
        session_id: Some(id),
        ..staff
    });
    Ok(SignedIn {
        user_id: staff.id,
        session_id: id,
        expires_at,
    })
}

/// Counts a failed attempt. What is counted stays although the attempt is refused.
///
/// # Errors
/// The database does not answer.
pub fn count_failure(tx: &mut AuditedTx<'_>, keys: &ThrottleKeys) -> Result<()> {
    tx.refuse(ErrorCode::WrongCredentials);
    sessions::count_failure(tx, &keys.account, FREE_FAILURES_OF_ACCOUNT, LONGEST_WAIT)?;
    if let Some(address) = &keys.address {
        sessions::count_failure(tx, address, FREE_FAILURES_OF_ADDRESS, LONGEST_WAIT)?;
    }
    Ok(())
}

/// Renews a session: the refresh token changes each time. A token that was changed before is in the wrong hands, or its
/// owner is: the session ends for both. `None` when the token opens nothing.
///
/// # Errors
/// The database does not answer.
pub fn refresh(
    tx: &mut AuditedTx<'_>,
    sent_hash: &str,
    new_hash: &str,
    lives: Lives,
) -> Result<Option<SignedIn>> {
    let Some((mut session, owner)) = sessions::find_by_refresh_hash(tx, sent_hash)? else {
        tx.refuse(ErrorCode::Unauthenticated);
        return Ok(None);
    };
    tx.identify(Staff {
        id: owner.user_id,
        role: owner.role,
        unit_id: owner.unit_id,
        session_id: Some(session.id),
    });
    let now = tx.now();
    let is_reused = session.refresh_hash != sent_hash;
    if is_reused || !owner.is_active {
        sessions::end(tx, session.id)?;
        tx.refuse(ErrorCode::Unauthenticated);
        return Ok(None);
    }
    let expires_at = (now + lives.idle).min(session.created_at.utc() + lives.whole);
    session.previous_refresh_hash = Some(session.refresh_hash);
    session.refresh_hash = new_hash.to_owned();
    session.refreshed_at = Timestamp::of(now);
    session.expires_at = Timestamp::of(expires_at);
    sessions::update(tx, &session)?;
    Ok(Some(SignedIn {
        user_id: owner.user_id,
        session_id: session.id,
        expires_at,
    }))
}

/// Ends the session in use, at once.
///
/// # Errors
/// 401 when nobody has signed in.
pub fn sign_out(tx: &mut AuditedTx<'_>) -> Result<()> {
    let id = tx.staff()?.session_id.ok_or(ErrorCode::Unauthenticated)?;
    sessions::end(tx, id)
}
