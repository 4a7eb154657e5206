//! Which keys sign access tokens, and from when. Here are ids and times alone; the keys are made in `auth::token`.

use super::Conn;
use super::audited::{AuditedTx, Door};
use super::schema::signing_keys;
use super::types::Timestamp;
use crate::auth::token::SigningKey;
use crate::error::Result;
use crate::policy::reveal::Permit;
use diesel::prelude::*;

/// Every key, in the order in which they sign; at the start, before there is an operation.
///
/// # Errors
/// The database does not answer.
pub fn load(conn: &mut Conn) -> QueryResult<Vec<SigningKey>> {
    let rows: Vec<(String, Timestamp)> = signing_keys::table
        .select((signing_keys::kid, signing_keys::signs_from))
        .order((signing_keys::signs_from, signing_keys::kid))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(kid, signs_from)| SigningKey {
            kid,
            signs_from: signs_from.utc(),
        })
        .collect())
}

/// Every key, while the service runs. Discloses nothing, so that no event is left.
///
/// # Errors
/// The database does not answer.
pub async fn look_up(door: &Door) -> Result<Vec<SigningKey>> {
    door.look(|conn| Ok(load(conn)?)).await
}

/// Every key, in the transaction of a rotation.
///
/// # Errors
/// The database does not answer.
pub fn list(tx: &mut AuditedTx<'_>) -> Result<Vec<SigningKey>> {
    Ok(load(tx.conn())?)
}

/// Stores a new key.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, key: &SigningKey) -> Result<()> {
    let now = tx.timestamp();
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&key.kid),
            signing_keys::created_at.eq(now),
            signing_keys::signs_from.eq(Timestamp::of(key.signs_from)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets keys that no token needs any more.
///
/// # Errors
/// The database does not answer.
pub fn delete(tx: &mut AuditedTx<'_>, _: &Permit, kids: &[String]) -> Result<()> {
    diesel::delete(signing_keys::table.filter(signing_keys::kid.eq_any(kids)))
        .execute(tx.conn())?;
    Ok(())
}
