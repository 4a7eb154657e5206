//! Single sign-on as it is stored: flows that have begun and not ended, known by a hash of what their browser holds, and who
//! somebody is at a provider. In the database, so that a sign-in may begin at one server and end at another.

use super::Conn;
use super::audited::{AuditedTx, Door};
use super::schema::{sign_in_delays, single_sign_on_flows as flows, single_sign_on_ties as ties};
use super::types::Timestamp;
use crate::domain::id::{Id, Unit, User};
use crate::domain::user::Role;
use crate::error::Result;
use crate::policy::reveal::Permit;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A flow as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = flows)]
pub struct FlowRow {
    pub flow_hash: String,
    /// From where it began, hashed; counted, so that nobody begins too many.
    pub address_hash: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// When a code was brought back; there is no second one.
    pub claimed_at: Option<Timestamp>,
    /// Who has been recognised, when only their second factor is missing.
    pub user_id: Option<Id<User>>,
    pub subject: Option<String>,
    /// What the provider's claims gave them, if claims give roles.
    pub role: Option<Role>,
    pub unit_id: Option<Id<Unit>>,
}

/// What a flow stands for when somebody comes back with it.
pub enum Claim {
    /// It was waiting for a code, and waits for none from now on.
    Begun(FlowRow),
    /// Somebody was recognised, and only the second factor is missing.
    Recognised(FlowRow),
    /// There is none, it has run out, or its code was brought already.
    Unknown,
    /// Attempts from this address are held back.
    Blocked(DateTime<Utc>),
}

/// Whether somebody brings a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brings {
    /// A code of the provider.
    Code,
    /// Only the code of a second factor.
    SecondFactor,
}

/// Claims a flow for one who comes back with it: of several at once, one. The event follows with the sign-in itself.
///
/// # Errors
/// The database does not answer.
pub async fn claim(
    door: &Door,
    flow_hash: String,
    address: Option<String>,
    brings: Brings,
    at: DateTime<Utc>,
) -> Result<Claim> {
    door.claim(move |conn| {
        if let Some(until) = blocked_until(conn, address.as_deref(), at)? {
            return Ok(Claim::Blocked(until));
        }
        let now = Timestamp::of(at);
        let found: Option<FlowRow> = flows::table
            .find(&flow_hash)
            .filter(flows::expires_at.gt(now))
            .first(conn)
            .optional()?;
        let Some(row) = found else {
            return Ok(Claim::Unknown);
        };
        if brings == Brings::SecondFactor {
            return Ok(match row.user_id {
                Some(_) => Claim::Recognised(row),
                None => Claim::Unknown,
            });
        }
        let claimed = diesel::update(
            flows::table
                .find(&flow_hash)
                .filter(flows::claimed_at.is_null()),
        )
        .set(flows::claimed_at.eq(now))
        .execute(conn)?;
        Ok(match claimed {
            1 => Claim::Begun(row),
            _ => Claim::Unknown,
        })
    })
    .await
}

fn blocked_until(
    conn: &mut Conn,
    key: Option<&str>,
    at: DateTime<Utc>,
) -> QueryResult<Option<DateTime<Utc>>> {
    let Some(key) = key else {
        return Ok(None);
    };
    let until: Option<Timestamp> = sign_in_delays::table
        .find(key)
        .select(sign_in_delays::blocked_until)
        .first(conn)
        .optional()?;
    Ok(until.map(Timestamp::utc).filter(|until| *until > at))
}

/// Stores a flow, and forgets those that have run out.
///
/// # Errors
/// The database does not answer.
pub fn insert_flow(tx: &mut AuditedTx<'_>, row: &FlowRow) -> Result<()> {
    let now = tx.timestamp();
    diesel::delete(flows::table.filter(flows::expires_at.le(now))).execute(tx.conn())?;
    diesel::insert_into(flows::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// How many flows from an address wait for their code.
///
/// # Errors
/// The database does not answer.
pub fn count_flows(tx: &mut AuditedTx<'_>, address_hash: &str) -> Result<i64> {
    let now = tx.timestamp();
    Ok(flows::table
        .filter(flows::address_hash.eq(address_hash))
        .filter(flows::claimed_at.is_null())
        .filter(flows::expires_at.gt(now))
        .count()
        .get_result(tx.conn())?)
}

/// Remembers who was recognised in a flow, until their second factor is proved.
///
/// # Errors
/// The database does not answer.
pub fn remember(
    tx: &mut AuditedTx<'_>,
    flow_hash: &str,
    user_id: Id<User>,
    subject: &str,
    role: Option<(Role, Option<Id<Unit>>)>,
) -> Result<()> {
    diesel::update(flows::table.find(flow_hash))
        .set((
            flows::user_id.eq(Some(user_id)),
            flows::subject.eq(Some(subject)),
            flows::role.eq(role.map(|(role, _)| role)),
            flows::unit_id.eq(role.and_then(|(_, unit_id)| unit_id)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Uses a flow up; whether it was there.
///
/// # Errors
/// The database does not answer.
pub fn end_flow(tx: &mut AuditedTx<'_>, flow_hash: &str) -> Result<bool> {
    let gone = diesel::delete(flows::table.find(flow_hash)).execute(tx.conn())?;
    Ok(gone == 1)
}

/// Who a subject of a provider is here.
///
/// # Errors
/// The database does not answer.
pub fn find_tied(tx: &mut AuditedTx<'_>, issuer: &str, subject: &str) -> Result<Option<Id<User>>> {
    Ok(ties::table
        .find((issuer, subject))
        .select(ties::user_id)
        .first(tx.conn())
        .optional()?)
}

/// Whether a person is somebody at a provider.
///
/// # Errors
/// The database does not answer.
pub fn is_tied(tx: &mut AuditedTx<'_>, issuer: &str, user_id: Id<User>) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        ties::table
            .filter(ties::issuer.eq(issuer))
            .filter(ties::user_id.eq(user_id)),
    ))
    .get_result(tx.conn())?)
}

/// Ties a person to a subject of a provider.
///
/// # Errors
/// The database does not answer, or one of the two is tied already.
pub fn tie(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    issuer: &str,
    subject: &str,
    user_id: Id<User>,
) -> Result<()> {
    let now = tx.timestamp();
    diesel::insert_into(ties::table)
        .values((
            ties::issuer.eq(issuer),
            ties::subject.eq(subject),
            ties::user_id.eq(user_id),
            ties::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a person's ties away, and what was recognised meanwhile; whether there were any.
///
/// # Errors
/// The database does not answer.
pub fn untie(tx: &mut AuditedTx<'_>, _: &Permit, user_id: Id<User>) -> Result<bool> {
    diesel::delete(flows::table.filter(flows::user_id.eq(user_id))).execute(tx.conn())?;
    let gone = diesel::delete(ties::table.filter(ties::user_id.eq(user_id))).execute(tx.conn())?;
    Ok(gone > 0)
}
