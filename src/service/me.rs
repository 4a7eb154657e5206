//! The person who has signed in: who they are, what they may do, who their colleagues are, and their password.
//! Signing in and out is the concern of `auth`.

use super::form::Form;
use super::sessions::{ThrottleKeys, must_not_wait, refuse_password};
use super::users::acceptable;
use super::{Fields, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::{sessions, users};
use crate::domain::operation::Resource;
use crate::domain::password::{LONGEST, check_password};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::{all_roles, roles_that_go_out};
use crate::policy::my_access::access_of;
use crate::policy::reveal::View;
use serde_json::Value;

/// What the caller of [`change_my_password`] found out outside the transaction, where hashing may take its time.
#[derive(Clone, Default)]
pub struct CheckedPasswords {
    /// The stored hash that `currentPassword` agrees with.
    pub agreed_with: Option<String>,
    /// The hash of `newPassword`, if there was one to hash.
    pub new_hash: Option<String>,
}

/// The passwords to be verified and hashed before [`change_my_password`]: the current one, and the new one if it could be
/// accepted. What is wrong with them is told by that function.
pub fn passwords_of(fields: &Fields) -> (Option<&str>, Option<&str>) {
    let current = fields.get("currentPassword").and_then(Value::as_str);
    (
        current.filter(|text| text.chars().count() <= LONGEST),
        acceptable(fields.get("newPassword")),
    )
}

/// Who has signed in.
///
/// # Errors
/// 401.
pub fn read_me(tx: &mut AuditedTx<'_>) -> Result<View> {
    let sealed = users::load_own(tx)?;
    tx.reveal(&sealed)
}

/// What the actor may see and do, as the access table has it, so that no client keeps a copy of the policy.
///
/// # Errors
/// 403 when it is not a member of staff who asks.
pub fn read_my_access(tx: &mut AuditedTx<'_>) -> Result<View> {
    let staff = tx.staff()?;
    let fields = access_of(tx.actor()).ok_or(ErrorCode::Forbidden)?;
    tx.note(Resource::Me, None, Some(staff.id.cast()), "access");
    Ok(View { fields, version: 0 })
}

/// The active colleagues of the actor's unit, by name.
///
/// # Errors
/// 403.
pub fn list_my_colleagues(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<View>> {
    let page = users::list_colleagues(tx, &all_roles(), request)?;
    reveal_page(tx, page)
}

/// The active colleagues of the actor's unit who go out, by name: with whom a session of outreach may be logged.
///
/// # Errors
/// 403.
pub fn list_my_companions(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<View>> {
    let page = users::list_colleagues(tx, &roles_that_go_out(), request)?;
    reveal_page(tx, page)
}

/// Counts a wrong current password, so that whoever finds a screen unlocked cannot try passwords all day.
///
/// # Errors
/// The database does not answer.
pub fn count_wrong_password(tx: &mut AuditedTx<'_>, throttle_key: String) -> Result<()> {
    let keys = ThrottleKeys {
        account: throttle_key,
        address: None,
    };
    refuse_password(tx, &keys)
}

/// What the answer to a wrong current password says.
pub fn wrong_password() -> Error {
    FieldError::new("/currentPassword", FieldCode::WrongPassword).into()
}

/// Sets the actor's own password, and ends every other session of theirs: whoever had the old one is out.
///
/// # Errors
/// 401, 409 when the password was changed meanwhile, 422 with all fields that are wrong, 429 while attempts are held back.
pub fn change_my_password(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    checked: &CheckedPasswords,
    throttle_key: &str,
) -> Result<()> {
    must_not_wait(tx, &[throttle_key])?;
    let own = users::load_own(tx)?;
    let permit = tx.permit(Resource::Me, own.relation())?;
    let mut row = own.into_record().0.row;
    let mut form = Form::of_body(fields);
    let current = form.secret("currentPassword", LONGEST);
    let current = form.require("currentPassword", current);
    let new = form.secret("newPassword", LONGEST);
    let new = form.require("newPassword", new);
    if let Some(new) = &new {
        form.add(check_password("/newPassword", new, &row.username));
        if current.as_ref() == Some(new) {
            form.wrong("newPassword", FieldCode::SamePassword);
        }
    }
    form.finish()?;
    if checked.agreed_with.as_ref() != Some(&row.password_hash) {
        return Err(ErrorCode::Conflict.into());
    }
    row.password_hash = checked
        .new_hash
        .clone()
        .ok_or_else(|| Error::internal("a password was sent and no hash prepared"))?;
    row.updated_at = tx.timestamp();
    row.version += 1;
    users::update_own_password(tx, &permit, &row)?;
    sessions::forget_failures(tx, throttle_key)?;
    let in_use = tx.staff()?.session_id;
    sessions::end_all(tx, row.id, in_use)?;
    tx.note(Resource::Me, None, Some(row.id.cast()), "password");
    Ok(())
}
