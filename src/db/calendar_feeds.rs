//! The addresses of private calendars; known here only by the hash of the secret in them. Whose work list stands in one is asked
//! in `tasks`, what ends one is decided in `service::calendar_feeds`, and in `sessions` for whoever is signed out everywhere.

use super::audited::AuditedTx;
use super::schema::{audit_events, calendar_feeds, users};
use super::second_factors;
use super::types::Timestamp;
use crate::domain::codes::AuditOutcome;
use crate::domain::id::{Id, Unit, User};
use crate::domain::user::{Role, Staff};
use crate::error::Result;
use crate::policy::reveal::Permit;
use chrono::Duration;
use diesel::prelude::*;

/// A calendar's address as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = calendar_feeds)]
pub struct CalendarFeedRow {
    pub user_id: Id<User>,
    /// SHA-256 of the token, in hexadecimal.
    pub token_hash: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// The calendar of a person, if they have one that still holds.
///
/// # Errors
/// The database does not answer.
pub fn find(tx: &mut AuditedTx<'_>, user_id: Id<User>) -> Result<Option<CalendarFeedRow>> {
    let now = tx.timestamp();
    Ok(calendar_feeds::table
        .find(user_id)
        .filter(calendar_feeds::expires_at.gt(now))
        .first(tx.conn())
        .optional()?)
}

/// Whose calendar has this token, as long as it holds: of somebody who may sign in, and has the second factor that their role
/// must have.
///
/// # Errors
/// The database does not answer.
pub fn find_owner(tx: &mut AuditedTx<'_>, token_hash: &str) -> Result<Option<Staff>> {
    let now = tx.timestamp();
    let found: Option<(Id<User>, Role, Option<Id<Unit>>)> = calendar_feeds::table
        .inner_join(users::table.on(users::id.eq(calendar_feeds::user_id)))
        .filter(calendar_feeds::token_hash.eq(token_hash))
        .filter(calendar_feeds::expires_at.gt(now))
        .filter(users::is_active.eq(true))
        .select((users::id, users::role, users::unit_id))
        .first(tx.conn())
        .optional()?;
    let Some((id, role, unit_id)) = found else {
        return Ok(None);
    };
    let staff = Staff {
        id,
        role,
        unit_id,
        session_id: None,
    };
    let lacks_factor = second_factors::is_missing(tx.conn(), &staff)?;
    Ok(Some(staff).filter(|_| !lacks_factor))
}

/// Seconds until a calendar may be fetched again, if it was fetched so many times within an hour.
///
/// # Errors
/// The database does not answer.
pub fn wait(tx: &mut AuditedTx<'_>, user_id: Id<User>, most: i64) -> Result<Option<u64>> {
    let hour_ago = tx.now() - Duration::hours(1);
    let first: Option<Timestamp> = audit_events::table
        .filter(audit_events::actor_id.eq(user_id))
        .filter(audit_events::at.gt(Timestamp::of(hour_ago)))
        .filter(audit_events::operation.eq(tx.operation().name()))
        .filter(audit_events::outcome.eq(AuditOutcome::Allowed))
        .order(audit_events::at.desc())
        .offset((most - 1).max(0))
        .select(audit_events::at)
        .first(tx.conn())
        .optional()?;
    Ok(first.map(|first| {
        let wait = first.utc() - hour_ago;
        u64::try_from(wait.num_seconds())
            .unwrap_or(0)
            .saturating_add(1)
    }))
}

/// Stores an address in place of the one before.
///
/// # Errors
/// The database does not answer.
pub fn replace(tx: &mut AuditedTx<'_>, _: &Permit, row: &CalendarFeedRow) -> Result<()> {
    delete(tx, row.user_id)?;
    diesel::insert_into(calendar_feeds::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets a person's address.
///
/// # Errors
/// The database does not answer.
pub fn delete(tx: &mut AuditedTx<'_>, user_id: Id<User>) -> Result<()> {
    diesel::delete(calendar_feeds::table.find(user_id)).execute(tx.conn())?;
    Ok(())
}
