//! A lost password: the administrator makes a link that works once, and whoever gets it chooses a new password with it.
//! The administrator never learns the password, the service sends no mail, and a second factor stays what it was.

use super::Fields;
use super::form::Form;
use crate::db::audited::AuditedTx;
use crate::db::password_resets::{self, PasswordResetRow};
use crate::db::types::Timestamp;
use crate::db::{sessions, users};
use crate::domain::id::{Id, User};
use crate::domain::operation::Resource;
use crate::domain::password::{LONGEST, check_password};
use crate::domain::user::Staff;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::decide::Relation;
use chrono::Duration;
use serde_json::json;

/// How long a link holds: a working day and the night before it.
const LIFE: Duration = Duration::hours(24);

/// What whoever uses a link has sent.
#[derive(Clone)]
pub struct SentReset {
    /// The token of the link.
    pub token: String,
    /// The password that they chose.
    pub new_password: String,
}

/// Reads what was sent to [`reset_password`].
///
/// # Errors
/// 422 with all fields that are wrong.
pub fn read_reset(fields: Fields) -> Result<SentReset> {
    let mut form = Form::of_body(fields);
    let token = form.secret("token", 200);
    let token = form.require("token", token);
    let new_password = form.secret("newPassword", LONGEST);
    let new_password = form.require("newPassword", new_password);
    form.finish_with(token.zip(new_password))
        .map(|(token, new_password)| SentReset {
            token,
            new_password,
        })
}

/// Makes a link for a member of staff in place of any before; its token is `token_hash` unhashed. The password in force
/// and the sessions stay until it is used.
///
/// # Errors
/// 403, 404, or 409 when the person may not sign in.
pub fn issue_password_reset(
    tx: &mut AuditedTx<'_>,
    id: Id<User>,
    token_hash: &str,
) -> Result<Fields> {
    let sealed = users::load(tx, id)?;
    let permit = tx.permit(Resource::Users, sealed.relation())?;
    if !sealed.for_rules().is_active {
        return Err(ErrorCode::Conflict.into());
    }
    let expires_at = Timestamp::of(tx.now() + LIFE);
    let row = PasswordResetRow {
        user_id: id,
        token_hash: token_hash.to_owned(),
        created_at: tx.timestamp(),
        expires_at,
    };
    password_resets::replace(tx, &permit, &row)?;
    tx.note(Resource::Users, None, Some(id.cast()), "passwordReset");
    let mut told = Fields::new();
    told.insert("userId".to_owned(), json!(id));
    told.insert("expiresAt".to_owned(), json!(expires_at.to_text()));
    Ok(told)
}

/// Sets the password of whom the link is for, uses the link up and ends all their sessions. `new_hash` is the hash of the
/// password, `throttle_key` what failed sign-ins of the account are counted under.
///
/// # Errors
/// 403 `link-not-valid`, whether the link never was, has run out, was used or replaced; 422 for a password that is refused,
/// after which the link still works.
pub fn reset_password(
    tx: &mut AuditedTx<'_>,
    sent: &SentReset,
    token_hash: &str,
    new_hash: Option<String>,
    throttle_key: &str,
) -> Result<()> {
    let found = match password_resets::find_user(tx, token_hash)? {
        Some(id) => users::find(tx, id)?.filter(|row| row.is_active),
        None => None,
    };
    let mut row = found.ok_or(ErrorCode::LinkNotValid)?;
    tx.identify(Staff {
        id: row.id,
        role: row.role,
        unit_id: row.unit_id,
        session_id: None,
    });
    let own = Relation {
        is_own: true,
        ..Relation::default()
    };
    let permit = tx.permit(Resource::Me, &own)?;
    if let Some(problem) = check_password("/newPassword", &sent.new_password, &row.username) {
        return Err(problem.into());
    }
    row.password_hash =
        new_hash.ok_or_else(|| Error::internal("a password was sent and no hash prepared"))?;
    row.updated_at = tx.timestamp();
    row.version += 1;
    users::update_own_password(tx, &permit, &row)?;
    password_resets::delete(tx, &permit, row.id)?;
    sessions::end_all(tx, row.id, None)?;
    sessions::forget_failures(tx, throttle_key)?;
    tx.note(Resource::Me, None, Some(row.id.cast()), "password");
    Ok(())
}
