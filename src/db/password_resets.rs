//! One-time links for whoever has lost their password; known here only by their hash. What using one ends is decided in
//! `service::password_resets`.

use super::audited::{AuditedTx, Door};
use super::schema::{password_resets, users};
use super::types::Timestamp;
use crate::domain::id::{Id, User};
use crate::error::Result;
use crate::policy::reveal::Permit;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A link as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = password_resets)]
pub struct PasswordResetRow {
    pub user_id: Id<User>,
    /// SHA-256 of the token, in hexadecimal.
    pub token_hash: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// The user name of whom a link is for, as long as it holds; asked before the new password is hashed.
///
/// # Errors
/// The database does not answer.
pub async fn look_up_username(
    door: &Door,
    token_hash: String,
    at: DateTime<Utc>,
) -> Result<Option<String>> {
    door.look(move |conn| {
        Ok(password_resets::table
            .inner_join(users::table)
            .filter(password_resets::token_hash.eq(&token_hash))
            .filter(password_resets::expires_at.gt(Timestamp::of(at)))
            .filter(users::is_active.eq(true))
            .select(users::username)
            .first(conn)
            .optional()?)
    })
    .await
}

/// Whom a link is for, as long as it holds.
///
/// # Errors
/// The database does not answer.
pub fn find_user(tx: &mut AuditedTx<'_>, token_hash: &str) -> Result<Option<Id<User>>> {
    let now = tx.timestamp();
    Ok(password_resets::table
        .filter(password_resets::token_hash.eq(token_hash))
        .filter(password_resets::expires_at.gt(now))
        .select(password_resets::user_id)
        .first(tx.conn())
        .optional()?)
}

/// Stores a link in place of the one before.
///
/// # Errors
/// The database does not answer.
pub fn replace(tx: &mut AuditedTx<'_>, permit: &Permit, row: &PasswordResetRow) -> Result<()> {
    delete(tx, permit, row.user_id)?;
    diesel::insert_into(password_resets::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets a person's link.
///
/// # Errors
/// The database does not answer.
pub fn delete(tx: &mut AuditedTx<'_>, _: &Permit, user_id: Id<User>) -> Result<()> {
    diesel::delete(password_resets::table.find(user_id)).execute(tx.conn())?;
    Ok(())
}
