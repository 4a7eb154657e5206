//! Sign-ins and the delays after failed ones. Refresh tokens are known here only by their hash.

use super::audited::{AuditedTx, Door};
use super::calendar_feeds;
use super::disclosed::disclosed;
use super::listing::load_page_by_id;
use super::paging::{Page, PageRequest};
use super::schema::{sessions, sign_in_delays, single_sign_on_ties, spent_refresh_tokens, users};
use super::types::Timestamp;
use crate::domain::id::{Id, Session, Unit, User};
use crate::domain::user::Role;
use crate::error::Result;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

/// A sign-in as it is stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true)]
pub struct SessionRow {
    pub id: Id<Session>,
    pub user_id: Id<User>,
    /// SHA-256 of the refresh token in use, in hexadecimal.
    pub refresh_hash: String,
    /// SHA-256 of the one before; those before that are in `spent_refresh_tokens`.
    pub previous_refresh_hash: Option<String>,
    pub created_at: Timestamp,
    pub refreshed_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Whether the provider of single sign-on has asked for a second factor.
    pub has_provider_factor: bool,
}

/// A sign-in that still runs, as its owner sees it.
pub struct OpenSession {
    row: SessionRow,
    is_current: bool,
}

disclosed!(OpenSession, Sessions, |r| youth: None, id: r.row.id, version: 1, {
    "id": r.row.id,
    "createdAt": r.row.created_at,
    "refreshedAt": r.row.refreshed_at,
    "expiresAt": r.row.expires_at,
    "isCurrent": r.is_current,
});

impl OpenSession {
    fn sealed(tx: &AuditedTx<'_>, row: SessionRow) -> Sealed<Self> {
        let in_use = tx.actor().staff().and_then(|staff| staff.session_id);
        let relation = Relation {
            is_own: tx.actor().user_id() == Some(row.user_id),
            ..Relation::default()
        };
        let is_current = in_use == Some(row.id);
        Sealed::new(Self { row, is_current }, relation)
    }
}

/// Failed sign-ins of an account or an address.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = sign_in_delays)]
pub struct DelayRow {
    pub throttle_key: String,
    pub failures: i32,
    pub blocked_until: Timestamp,
    pub updated_at: Timestamp,
}

/// What a sign-in is checked against.
#[derive(Clone, Queryable)]
pub struct Credential {
    pub user_id: Id<User>,
    pub role: Role,
    pub unit_id: Option<Id<Unit>>,
    pub password_hash: String,
    pub is_active: bool,
}

/// What is known before a password is verified: the account, if there is one, and until when attempts are held back.
pub struct Attempt {
    pub credential: Option<Credential>,
    pub blocked_until: Option<DateTime<Utc>>,
}

/// Looks up what a sign-in needs. The event follows with the sign-in itself. Whoever is somebody at the provider
/// `passwords_closed_by` has no credential.
///
/// # Errors
/// The database does not answer.
pub async fn look_up_attempt(
    door: &Door,
    username: String,
    throttle_keys: Vec<String>,
    passwords_closed_by: Option<String>,
) -> Result<Attempt> {
    door.look(move |conn| {
        let credential: Option<Credential> = users::table
            .filter(users::username.eq(&username))
            .select((
                users::id,
                users::role,
                users::unit_id,
                users::password_hash,
                users::is_active,
            ))
            .first(conn)
            .optional()?;
        let blocked_until: Option<Timestamp> = sign_in_delays::table
            .filter(sign_in_delays::throttle_key.eq_any(&throttle_keys))
            .select(diesel::dsl::max(sign_in_delays::blocked_until))
            .first(conn)?;
        let is_closed = match (&credential, &passwords_closed_by) {
            (Some(found), Some(issuer)) => diesel::select(diesel::dsl::exists(
                single_sign_on_ties::table
                    .filter(single_sign_on_ties::issuer.eq(issuer))
                    .filter(single_sign_on_ties::user_id.eq(found.user_id)),
            ))
            .get_result(conn)?,
            _ => false,
        };
        Ok(Attempt {
            credential: credential.filter(|_| !is_closed),
            blocked_until: blocked_until.map(Timestamp::utc),
        })
    })
    .await
}

/// What the change of one's own password is checked against.
pub struct OwnAttempt {
    pub password_hash: Option<String>,
    pub blocked_until: Option<DateTime<Utc>>,
}

/// Looks up what a change of one's own password needs. The event follows with the change itself.
///
/// # Errors
/// The database does not answer.
pub async fn look_up_own_attempt(
    door: &Door,
    user_id: Id<User>,
    throttle_key: String,
) -> Result<OwnAttempt> {
    door.look(move |conn| {
        let password_hash = users::table
            .find(user_id)
            .select(users::password_hash)
            .first(conn)
            .optional()?;
        let blocked_until: Option<Timestamp> = sign_in_delays::table
            .find(&throttle_key)
            .select(sign_in_delays::blocked_until)
            .first(conn)
            .optional()?;
        Ok(OwnAttempt {
            password_hash,
            blocked_until: blocked_until.map(Timestamp::utc),
        })
    })
    .await
}

/// What failures cost.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// So many cost nothing; each after them doubles the wait.
    pub free: i32,
    /// The longest wait.
    pub longest: Duration,
    /// One is forgiven whenever so much time has passed since the last; without it all are, after a day.
    pub forgives_every: Option<Duration>,
}

impl Patience {
    /// How many of the failures until `last` still count.
    fn remembered(&self, failures: i32, last: DateTime<Utc>, now: DateTime<Utc>) -> i32 {
        let passed = (now - last).max(Duration::zero());
        let forgiven = match self.forgives_every {
            Some(pause) => passed.num_seconds() / pause.num_seconds().max(1),
            None if passed >= Duration::days(1) => i64::MAX,
            None => 0,
        };
        failures
            .saturating_sub(i32::try_from(forgiven).unwrap_or(i32::MAX))
            .max(0)
    }
}

/// Counts a failure, and tells how many there are now.
///
/// # Errors
/// The database does not answer.
pub fn count_failure(
    tx: &mut AuditedTx<'_>,
    throttle_key: &str,
    patience: &Patience,
) -> Result<i32> {
    let now = tx.now();
    let known: Option<DelayRow> = sign_in_delays::table
        .find(throttle_key)
        .first(tx.conn())
        .optional()?;
    let failures = 1 + known.as_ref().map_or(0, |row| {
        patience.remembered(row.failures, row.updated_at.utc(), now)
    });
    let wait = match u32::try_from(failures - patience.free) {
        Ok(over) if over > 0 => patience.longest.min(Duration::seconds(
            1_i64
                .checked_shl(over.min(30))
                .unwrap_or(i64::from(i32::MAX)),
        )),
        _ => Duration::zero(),
    };
    let row = DelayRow {
        throttle_key: throttle_key.to_owned(),
        failures,
        blocked_until: Timestamp::of(now + wait),
        updated_at: tx.timestamp(),
    };
    if known.is_some() {
        diesel::update(sign_in_delays::table.find(throttle_key))
            .set(&row)
            .execute(tx.conn())?;
    } else {
        diesel::insert_into(sign_in_delays::table)
            .values(&row)
            .execute(tx.conn())?;
    }
    Ok(failures)
}

/// Until when attempts under any of these keys are held back, if they are. Asked again in the transaction that lets somebody in:
/// of many attempts at once, all may have been told before that they need not wait.
///
/// # Errors
/// The database does not answer.
pub fn held_back_until(
    tx: &mut AuditedTx<'_>,
    throttle_keys: &[&str],
) -> Result<Option<DateTime<Utc>>> {
    let now = tx.now();
    let until: Option<Timestamp> = sign_in_delays::table
        .filter(sign_in_delays::throttle_key.eq_any(throttle_keys))
        .select(diesel::dsl::max(sign_in_delays::blocked_until))
        .first(tx.conn())?;
    Ok(until.map(Timestamp::utc).filter(|until| *until > now))
}

/// Forgets failures of which none counts any more: whoever makes names up leaves a row for each.
///
/// # Errors
/// The database does not answer.
pub async fn forget_old_failures(door: &Door, now: DateTime<Utc>) -> Result<usize> {
    door.claim(move |conn| {
        let until = Timestamp::of(now - Duration::days(1));
        let old = sign_in_delays::table
            .filter(sign_in_delays::updated_at.lt(until))
            .filter(sign_in_delays::blocked_until.lt(Timestamp::of(now)));
        Ok(diesel::delete(old).execute(conn)?)
    })
    .await
}

/// Forgets the failures of an account after a right password.
///
/// # Errors
/// The database does not answer.
pub fn forget_failures(tx: &mut AuditedTx<'_>, throttle_key: &str) -> Result<()> {
    diesel::delete(sign_in_delays::table.find(throttle_key)).execute(tx.conn())?;
    Ok(())
}

/// Stores a sign-in.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, row: &SessionRow) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The running sessions of a person, in the order in which they began.
///
/// # Errors
/// The database does not answer.
pub fn list_open(
    tx: &mut AuditedTx<'_>,
    user_id: Id<User>,
    request: &PageRequest,
) -> Result<Page<Sealed<OpenSession>>> {
    let now = tx.timestamp();
    let query = sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .into_boxed();
    let page: Page<SessionRow> = load_page_by_id!(
        tx,
        request,
        query,
        false,
        sessions::id,
        |row: &SessionRow| row.id
    );
    page.try_map(|row| Ok(OpenSession::sealed(tx, row)))
}

/// A running session of a person, if it is one.
///
/// # Errors
/// The database does not answer.
pub fn find_open(
    tx: &mut AuditedTx<'_>,
    user_id: Id<User>,
    id: Id<Session>,
) -> Result<Option<Sealed<OpenSession>>> {
    let now = tx.timestamp();
    let row: Option<SessionRow> = sessions::table
        .find(id)
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|row| OpenSession::sealed(tx, row)))
}

/// Remembers a refresh token that has been used, until its session could not run any more, so that its reuse is told from
/// a token that never was; and forgets those of sessions that are over.
///
/// # Errors
/// The database does not answer.
pub fn remember_spent(
    tx: &mut AuditedTx<'_>,
    hash: &str,
    session_id: Id<Session>,
    until: DateTime<Utc>,
) -> Result<()> {
    let now = tx.timestamp();
    diesel::delete(spent_refresh_tokens::table.filter(spent_refresh_tokens::expires_at.le(now)))
        .execute(tx.conn())?;
    diesel::insert_into(spent_refresh_tokens::table)
        .values((
            spent_refresh_tokens::refresh_hash.eq(hash),
            spent_refresh_tokens::session_id.eq(session_id),
            spent_refresh_tokens::expires_at.eq(Timestamp::of(until)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The running session that a refresh token belongs to, be it the token in use or any before, with its owner.
///
/// # Errors
/// The database does not answer.
pub fn find_by_refresh_hash(
    tx: &mut AuditedTx<'_>,
    hash: &str,
) -> Result<Option<(SessionRow, Credential)>> {
    let now = tx.timestamp();
    let spent_in: Option<Id<Session>> = spent_refresh_tokens::table
        .find(hash)
        .select(spent_refresh_tokens::session_id)
        .first(tx.conn())
        .optional()?;
    let spent_in = spent_in.unwrap_or(Id::of(uuid::Uuid::nil()));
    Ok(sessions::table
        .inner_join(users::table)
        .filter(
            sessions::refresh_hash
                .eq(hash)
                .or(sessions::previous_refresh_hash.eq(hash))
                .or(sessions::id.eq(spent_in)),
        )
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .select((
            sessions::all_columns,
            (
                users::id,
                users::role,
                users::unit_id,
                users::password_hash,
                users::is_active,
            ),
        ))
        .first(tx.conn())
        .optional()?)
}

/// Stores a rotated or ended session.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, row: &SessionRow) -> Result<()> {
    diesel::update(sessions::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Ends sessions of a person: all, or all but the one in use. Their calendar's address goes too: it is a secret that was given
/// out in one of them.
///
/// # Errors
/// The database does not answer.
pub fn end_all(
    tx: &mut AuditedTx<'_>,
    user_id: Id<User>,
    except: Option<Id<Session>>,
) -> Result<()> {
    let now = tx.timestamp();
    let spared = except.unwrap_or(Id::of(uuid::Uuid::nil()));
    diesel::update(
        sessions::table
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::id.ne(spared)),
    )
    .set(sessions::ended_at.eq(now))
    .execute(tx.conn())?;
    calendar_feeds::delete(tx, user_id)
}

/// Ends one running session of the actor's own.
///
/// # Errors
/// The database does not answer.
pub fn end_open(tx: &mut AuditedTx<'_>, _: &Permit, open: &OpenSession) -> Result<()> {
    end(tx, open.row.id)
}

/// Ends one session.
///
/// # Errors
/// The database does not answer.
pub fn end(tx: &mut AuditedTx<'_>, id: Id<Session>) -> Result<()> {
    let now = tx.timestamp();
    diesel::update(sessions::table.find(id))
        .set(sessions::ended_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}
