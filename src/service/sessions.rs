//! Sign-ins: how they begin, are renewed and end, and what a failed one costs. Tokens and hashes are made elsewhere.

use super::reveal_page;
use super::second_factors::{Proof, prove};
use crate::auth::totp::FactorSealer;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::sessions::{self, Patience, SessionRow};
use crate::db::types::Timestamp;
use crate::domain::id::{Id, Session, User};
use crate::domain::operation::Resource;
use crate::domain::user::Staff;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::View;
use chrono::{DateTime, Duration, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv6Addr};

/// What failures of an account cost. The longest wait is short enough that nobody is locked out for good.
const PATIENCE_WITH_ACCOUNT: Patience = Patience {
    free: 3,
    longest: Duration::minutes(15),
    forgives_every: None,
};
/// The longest wait of an address: it may be that of a whole school.
const LONGEST_WAIT_OF_ADDRESS: Duration = Duration::minutes(1);
/// So that the mistakes of many people over a working day do not add up.
const ADDRESS_FORGIVES_EVERY: Duration = Duration::minutes(5);

/// Whom a failed attempt is counted against: the account as it was named, and the address; both hashed.
#[derive(Debug, Clone)]
pub struct ThrottleKeys {
    /// Of the account.
    pub account: String,
    /// Of the address, where it is known.
    pub address: Option<Origin>,
}

impl ThrottleKeys {
    /// The keys themselves.
    pub fn all(&self) -> Vec<&str> {
        let address = self.address.as_ref().map(|origin| origin.key.as_str());
        std::iter::once(self.account.as_str())
            .chain(address)
            .collect()
    }
}

/// Where attempts come from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// What they are counted under.
    pub key: String,
    /// How many may fail before each one costs a wait.
    pub free_failures: i32,
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

/// Begins a session for whoever has been verified by password, if the code proves their second factor or they have none.
/// `Err` inside is a refusal of which what was counted stays.
///
/// # Errors
/// The database does not answer, or a stored secret cannot be opened.
pub fn sign_in(
    tx: &mut AuditedTx<'_>,
    staff: Staff,
    (code, factors): (Option<&str>, &FactorSealer),
    refresh_hash: &str,
    keys: &ThrottleKeys,
    lives: Lives,
) -> Result<std::result::Result<SignedIn, ErrorCode>> {
    must_not_wait(tx, &keys.all())?;
    let refusal = match prove(tx, staff.id, code, factors)? {
        Proof::NotNeeded | Proof::Given => None,
        Proof::Missing => Some(ErrorCode::SecondFactorRequired),
        Proof::Wrong => {
            count_failure(tx, keys)?;
            Some(ErrorCode::WrongSecondFactor)
        }
    };
    if let Some(code) = refusal {
        // The password was right, which is worth knowing whose it was.
        tx.identify(staff);
        tx.refuse(code);
        return Ok(Err(code));
    }
    sessions::forget_failures(tx, &keys.account)?;
    begin(tx, staff, refresh_hash, false, lives).map(Ok)
}

/// Begins a session for whoever has been let in. `has_provider_factor`: the provider of single sign-on has asked for a second
/// factor.
///
/// # Errors
/// The database does not answer.
pub(in crate::service) fn begin(
    tx: &mut AuditedTx<'_>,
    staff: Staff,
    refresh_hash: &str,
    has_provider_factor: bool,
    lives: Lives,
) -> Result<SignedIn> {
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
            has_provider_factor,
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
    let failures = sessions::count_failure(tx, &keys.account, &PATIENCE_WITH_ACCOUNT)?;
    // Who tries one account on and on waits for it already. The address, behind which others sit, is for those who try many.
    if failures > PATIENCE_WITH_ACCOUNT.free {
        return Ok(());
    }
    count_address_failure(tx, keys.address.as_ref())
}

/// Refuses while attempts under any of these keys are held back, whether or not what was sent is right.
///
/// # Errors
/// 429 with the seconds to wait.
pub(in crate::service) fn must_not_wait(tx: &mut AuditedTx<'_>, keys: &[&str]) -> Result<()> {
    match sessions::held_back_until(tx, keys)? {
        Some(until) => Err(too_many(until - tx.now())),
        None => Ok(()),
    }
}

/// 429 with the seconds to wait.
pub fn too_many(wait: Duration) -> Error {
    Error {
        retry_after: Some(
            u64::try_from(wait.num_seconds())
                .unwrap_or(0)
                .saturating_add(1),
        ),
        ..Error::from(ErrorCode::TooManyAttempts)
    }
}

/// Counts a wrong password of nobody who is known, or of somebody.
///
/// # Errors
/// 429 while attempts are held back: then nothing is counted, and a wrong one is not told from a right one.
pub fn refuse_password(tx: &mut AuditedTx<'_>, keys: &ThrottleKeys) -> Result<()> {
    must_not_wait(tx, &keys.all())?;
    count_failure(tx, keys)
}

/// Counts a failed attempt of nobody who is known against the address it came from, where that is known.
///
/// # Errors
/// The database does not answer.
pub(in crate::service) fn count_address_failure(
    tx: &mut AuditedTx<'_>,
    address: Option<&Origin>,
) -> Result<()> {
    if let Some(origin) = address {
        let patience = Patience {
            free: origin.free_failures,
            longest: LONGEST_WAIT_OF_ADDRESS,
            forgives_every: Some(ADDRESS_FORGIVES_EVERY),
        };
        sessions::count_failure(tx, &origin.key, &patience)?;
    }
    Ok(())
}

/// What failures of an account are counted under. Hashed: what somebody types for a user name may be a password.
pub fn account_key(username: &str) -> String {
    hashed("account", &username.to_lowercase())
}

/// What wrong passwords or codes of whoever is signed in are counted under: nothing that could be typed for a user name.
pub fn own_key(what: &str, user_id: Id<User>) -> String {
    hashed("own", &format!("{what} {user_id}"))
}

/// What failures from an address are counted under. Hashed: an address is personal data. Whoever has one address of IPv6 has the
/// whole network of its first 64 bits (RFC 6177), so that counts as one.
pub fn address_key(address: IpAddr) -> String {
    let counted = match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
            address.to_bits() & !u128::from(u64::MAX),
        )),
        v4 => v4,
    };
    hashed("address", &counted.to_string())
}

fn hashed(kind: &str, text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(format!("{kind}\0{text}").as_bytes()))
}

/// Renews a session: the refresh token changes each time. A token that was changed before, however long ago, is in the wrong
/// hands, or the one in use is: the session ends for both. `None` when the token opens nothing.
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
    let ends_at = session.created_at.utc() + lives.whole;
    let expires_at = (now + lives.idle).min(ends_at);
    // The limits may have been shortened since the session began.
    if expires_at <= now {
        sessions::end(tx, session.id)?;
        tx.refuse(ErrorCode::Unauthenticated);
        return Ok(None);
    }
    if let Some(spent) = &session.previous_refresh_hash {
        sessions::remember_spent(tx, spent, session.id, ends_at)?;
    }
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

/// The actor's own sessions that still run.
///
/// # Errors
/// 401.
pub fn list_my_sessions(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<View>> {
    let user_id = tx.staff()?.id;
    let page = sessions::list_open(tx, user_id, request)?;
    reveal_page(tx, page)
}

/// Ends one of the actor's own sessions, at once.
///
/// # Errors
/// 404 when it is somebody else's or runs no more.
pub fn end_my_session(tx: &mut AuditedTx<'_>, id: Id<Session>) -> Result<()> {
    let user_id = tx.staff()?.id;
    let open = sessions::find_open(tx, user_id, id)?.ok_or(ErrorCode::NotFound)?;
    let permit = tx.permit(Resource::Sessions, open.relation())?;
    sessions::end_open(tx, &permit, open.for_rules())?;
    tx.note(Resource::Sessions, None, Some(id.cast()), "ended");
    Ok(())
}

/// Ends all sessions of the actor's own, the one in use among them.
///
/// # Errors
/// The database does not answer.
pub fn end_my_sessions(tx: &mut AuditedTx<'_>) -> Result<()> {
    let staff = tx.staff()?;
    let own = Relation {
        is_own: true,
        ..Relation::default()
    };
    tx.permit(Resource::Sessions, &own)?;
    sessions::end_all(tx, staff.id, None)?;
    tx.note(Resource::Me, None, Some(staff.id.cast()), "sessions");
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_network_of_64_bits_is_one_address() {
        let key = |text: &str| address_key(text.parse().unwrap());
        assert_eq!(
            key("2001:db8:1:2::1"),
            key("2001:db8:1:2:ffff:ffff:ffff:ffff")
        );
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
        assert_ne!(key("192.0.2.7"), key("192.0.2.8"));
    }

    #[test]
    fn nobody_types_the_key_of_another_ones_own_attempts() {
        let id = Id::<User>::fresh();
        assert_ne!(
            own_key("password", id),
            account_key(&format!("password {id}"))
        );
    }
}
