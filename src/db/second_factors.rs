//! Second factors and recovery codes as they are stored: secrets sealed, codes hashed. Sealing and hashing stand in
//! `auth::totp`.

use super::Conn;
use super::audited::AuditedTx;
use super::schema::{recovery_codes, second_factors, sessions, settings};
use super::types::{Json, Timestamp};
use crate::domain::codes::Code;
use crate::domain::id::{Id, User};
use crate::domain::user::Staff;
use crate::error::Result;
use crate::policy::reveal::Permit;
use diesel::prelude::*;
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// A second factor as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = second_factors)]
pub struct SecondFactorRow {
    pub user_id: Id<User>,
    pub sealed_secret: String,
    /// When its owner has shown a first code; until then it counts for nothing.
    pub confirmed_at: Option<Timestamp>,
    /// The step whose code counted last.
    pub last_step: i64,
    pub created_at: Timestamp,
}

/// Whether somebody whose role must have a second factor has none, and their sign-in was without the provider's.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn is_missing(conn: &mut Conn, staff: &Staff) -> QueryResult<bool> {
    // Asked at every request: most roles need none, and that is known from the settings' version alone.
    if !roles_with_factor(conn)?
        .iter()
        .any(|role| role == staff.role.code())
    {
        return Ok(false);
    }
    let has_one: bool = diesel::select(diesel::dsl::exists(
        second_factors::table
            .find(staff.id)
            .filter(second_factors::confirmed_at.is_not_null()),
    ))
    .get_result(conn)?;
    match staff.session_id {
        Some(session_id) if !has_one => {
            let by_provider: bool = diesel::select(diesel::dsl::exists(
                sessions::table
                    .find(session_id)
                    .filter(sessions::user_id.eq(staff.id))
                    .filter(sessions::has_provider_factor.eq(true)),
            ))
            .get_result(conn)?;
            Ok(!by_provider)
        }
        _ => Ok(!has_one),
    }
}

/// A version of the settings, by number and instant, and the roles that it names.
type KnownRoles = (i64, Timestamp, Rc<[String]>);

thread_local! {
    /// What this thread has read last. A thread has one connection to one database, and a version never changes.
    static ROLES: RefCell<Option<KnownRoles>> = const { RefCell::new(None) };
}

/// The codes of the roles that must have a second factor.
fn roles_with_factor(conn: &mut Conn) -> QueryResult<Rc<[String]>> {
    let (version, updated_at): (i64, Timestamp) = settings::table
        .select((settings::version, settings::updated_at))
        .first(conn)?;
    let known = ROLES.with_borrow(|known| {
        known
            .as_ref()
            .filter(|(number, at, _)| *number == version && *at == updated_at)
            .map(|(_, _, roles)| Rc::clone(roles))
    });
    if let Some(roles) = known {
        return Ok(roles);
    }
    let document: Json = settings::table.select(settings::document).first(conn)?;
    let roles = document
        .0
        .get("secondFactorRoles")
        .and_then(Value::as_array);
    let roles: Rc<[String]> = roles
        .into_iter()
        .flatten()
        .filter_map(|role| role.as_str().map(str::to_owned))
        .collect();
    ROLES.set(Some((version, updated_at, Rc::clone(&roles))));
    Ok(roles)
}

/// Somebody's second factor, confirmed or not.
///
/// # Errors
/// The database does not answer.
pub fn find(tx: &mut AuditedTx<'_>, user_id: Id<User>) -> Result<Option<SecondFactorRow>> {
    Ok(second_factors::table
        .find(user_id)
        .first(tx.conn())
        .optional()?)
}

/// How many recovery codes somebody has left.
///
/// # Errors
/// The database does not answer.
pub fn count_recovery_codes(tx: &mut AuditedTx<'_>, user_id: Id<User>) -> Result<i64> {
    Ok(recovery_codes::table
        .filter(recovery_codes::user_id.eq(user_id))
        .count()
        .get_result(tx.conn())?)
}

/// Stores a factor in place of one that was never confirmed.
///
/// # Errors
/// The database does not answer.
pub fn replace(tx: &mut AuditedTx<'_>, permit: &Permit, row: &SecondFactorRow) -> Result<()> {
    delete(tx, permit, row.user_id)?;
    diesel::insert_into(second_factors::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Confirms a factor, with the hashes of its recovery codes.
///
/// # Errors
/// The database does not answer.
pub fn confirm(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    user_id: Id<User>,
    code_hashes: &[String],
) -> Result<()> {
    let now = tx.timestamp();
    diesel::update(second_factors::table.find(user_id))
        .set(second_factors::confirmed_at.eq(now))
        .execute(tx.conn())?;
    replace_recovery_codes(tx, permit, user_id, code_hashes)
}

/// Stores a secret that was sealed anew.
///
/// # Errors
/// The database does not answer.
pub fn reseal(tx: &mut AuditedTx<'_>, user_id: Id<User>, sealed_secret: &str) -> Result<()> {
    diesel::update(second_factors::table.find(user_id))
        .set(second_factors::sealed_secret.eq(sealed_secret))
        .execute(tx.conn())?;
    Ok(())
}

/// Stores recovery codes in place of all that there were.
///
/// # Errors
/// The database does not answer.
pub fn replace_recovery_codes(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    user_id: Id<User>,
    code_hashes: &[String],
) -> Result<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id)))
        .execute(tx.conn())?;
    for hash in code_hashes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::code_hash.eq(hash),
                recovery_codes::user_id.eq(user_id),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Lets the code of a step count, unless it or a later one has counted already.
///
/// # Errors
/// The database does not answer.
pub fn use_step(tx: &mut AuditedTx<'_>, user_id: Id<User>, step: i64) -> Result<bool> {
    let used = diesel::update(
        second_factors::table
            .find(user_id)
            .filter(second_factors::last_step.lt(step)),
    )
    .set(second_factors::last_step.eq(step))
    .execute(tx.conn())?;
    Ok(used == 1)
}

/// Uses a recovery code up, if it is one.
///
/// # Errors
/// The database does not answer.
pub fn use_recovery_code(
    tx: &mut AuditedTx<'_>,
    user_id: Id<User>,
    code_hash: &str,
) -> Result<bool> {
    let used = diesel::delete(
        recovery_codes::table
            .find(code_hash)
            .filter(recovery_codes::user_id.eq(user_id)),
    )
    .execute(tx.conn())?;
    Ok(used == 1)
}

/// Takes somebody's factor and recovery codes away; whether there was one.
///
/// # Errors
/// The database does not answer.
pub fn delete(tx: &mut AuditedTx<'_>, _: &Permit, user_id: Id<User>) -> Result<bool> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id)))
        .execute(tx.conn())?;
    let gone = diesel::delete(second_factors::table.find(user_id)).execute(tx.conn())?;
    Ok(gone == 1)
}
