//! Second factors: how one is enrolled and confirmed, what proves it at a sign-in, how recovery codes are renewed, and how the
//! administrator takes a lost one away. Who must have one is a setting; until they do, `db::audited` lets them enrol and nothing else.

use super::Fields;
use super::form::Form;
use super::sessions::{ThrottleKeys, count_failure, must_not_wait};
use crate::auth::totp::{self, FactorSealer, Opened};
use crate::db::audited::AuditedTx;
use crate::db::second_factors::{self, SecondFactorRow};
use crate::db::{sessions, users};
use crate::domain::id::{Id, User};
use crate::domain::operation::Resource;
use crate::domain::password::LONGEST;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use serde_json::json;

/// Longer than any code, with blanks.
pub const LONGEST_CODE: usize = 40;

/// What a code at a sign-in proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// There is no second factor to prove.
    NotNeeded,
    /// It is theirs.
    Given,
    /// No code was sent.
    Missing,
    /// The code is wrong, or was used before.
    Wrong,
}

/// Looks at the code of a sign-in, and uses it up.
///
/// # Errors
/// The stored secret cannot be opened.
pub fn prove(
    tx: &mut AuditedTx<'_>,
    user_id: Id<User>,
    code: Option<&str>,
    factors: &FactorSealer,
) -> Result<Proof> {
    let known = second_factors::find(tx, user_id)?.filter(|row| row.confirmed_at.is_some());
    let Some(row) = known else {
        return Ok(Proof::NotNeeded);
    };
    let Some(code) = code else {
        return Ok(Proof::Missing);
    };
    let plain: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let is_theirs = if totp::is_code(&plain) {
        use_code(tx, &row, &plain, factors)?
    } else {
        let hash = totp::recovery_hash(user_id, &plain);
        let is_one = second_factors::use_recovery_code(tx, user_id, &hash)?;
        if is_one {
            tx.note(Resource::Me, None, Some(user_id.cast()), "recoveryCode");
        }
        is_one
    };
    Ok(if is_theirs {
        Proof::Given
    } else {
        Proof::Wrong
    })
}

/// Lets a code of the app count, if it does; and seals the secret anew if it was sealed before the service's was changed.
fn use_code(
    tx: &mut AuditedTx<'_>,
    row: &SecondFactorRow,
    code: &str,
    factors: &FactorSealer,
) -> Result<bool> {
    let opened = open(row, factors)?;
    let Some(step) = totp::counting_step(&opened.secret, code, tx.now(), row.last_step) else {
        return Ok(false);
    };
    if !second_factors::use_step(tx, row.user_id, step)? {
        return Ok(false);
    }
    if opened.is_of_previous {
        let sealed = factors.seal(row.user_id, &opened.secret)?;
        second_factors::reseal(tx, row.user_id, &sealed)?;
    }
    Ok(true)
}

fn open(row: &SecondFactorRow, factors: &FactorSealer) -> Result<Opened> {
    factors
        .open(row.user_id, &row.sealed_secret)
        .ok_or_else(|| {
            Error::internal(
                "a second factor was sealed under another secret; has KAA_SECRET changed without KAA_SECRET_PREVIOUS?",
            )
        })
}

/// Begins the enrolment of the actor's own second factor: the answer holds the secret for their app, this once. It counts
/// for nothing until [`confirm_second_factor`]. `agreed_with` is the stored hash that `currentPassword` agrees with.
///
/// # Errors
/// 401, 409 when there is a confirmed one or the password was changed meanwhile, 422.
pub fn enrol_second_factor(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    agreed_with: Option<&str>,
    throttle_key: &str,
    factors: &FactorSealer,
) -> Result<Fields> {
    must_not_wait(tx, &[throttle_key])?;
    let own = users::load_own(tx)?;
    let permit = tx.permit(Resource::Me, own.relation())?;
    let mut form = Form::of_body(fields);
    let current = form.secret("currentPassword", LONGEST);
    form.require("currentPassword", current);
    form.finish()?;
    let row = &own.for_rules().row;
    if agreed_with != Some(row.password_hash.as_str()) {
        return Err(ErrorCode::Conflict.into());
    }
    let known = second_factors::find(tx, row.id)?;
    if known.is_some_and(|known| known.confirmed_at.is_some()) {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let secret = totp::fresh_secret()?;
    let factor = SecondFactorRow {
        user_id: row.id,
        sealed_secret: factors.seal(row.id, &secret)?,
        confirmed_at: None,
        last_step: 0,
        created_at: tx.timestamp(),
    };
    second_factors::replace(tx, &permit, &factor)?;
    sessions::forget_failures(tx, throttle_key)?;
    tx.note(Resource::Me, None, Some(row.id.cast()), "secondFactor");
    let mut told = Fields::new();
    told.insert("secret".to_owned(), json!(totp::secret_text(&secret)));
    let address = totp::secret_address(&secret, &row.username);
    told.insert("address".to_owned(), json!(address));
    Ok(told)
}

/// Confirms the actor's own second factor by a first code: from now on it is asked for at every sign-in, and the other
/// sessions end. The answer holds the recovery codes, this once; `None` for a wrong code, which is counted.
///
/// # Errors
/// 401, 409 when none waits to be confirmed, 422.
pub fn confirm_second_factor(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    throttle_key: &str,
    factors: &FactorSealer,
) -> Result<Option<Fields>> {
    must_not_wait(tx, &[throttle_key])?;
    let own = users::load_own(tx)?;
    let permit = tx.permit(Resource::Me, own.relation())?;
    let user_id = own.for_rules().row.id;
    let mut form = Form::of_body(fields);
    let code = form.secret("code", LONGEST_CODE);
    let code = form.require("code", code);
    let code = form.finish_with(code)?;
    let row = second_factors::find(tx, user_id)?
        .filter(|row| row.confirmed_at.is_none())
        .ok_or(ErrorCode::Conflict)?;
    let plain: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if !use_code(tx, &row, &plain, factors)? {
        return wrong(tx, throttle_key).map(|()| None);
    }
    let (told, hashes) = fresh_codes(user_id)?;
    second_factors::confirm(tx, &permit, user_id, &hashes)?;
    sessions::forget_failures(tx, throttle_key)?;
    let in_use = tx.staff()?.session_id;
    sessions::end_all(tx, user_id, in_use)?;
    tx.note(
        Resource::Me,
        None,
        Some(user_id.cast()),
        "secondFactor,recoveryCodes",
    );
    Ok(Some(told))
}

/// Makes new recovery codes in place of all that the actor had. Whoever finds a screen unlocked has neither the password nor
/// the app; a recovery code is not enough, or one that was found would take the others away. The answer holds the codes, this
/// once; `None` for a wrong code, which is counted. `agreed_with` is the stored hash that `currentPassword` agrees with.
///
/// # Errors
/// 401, 409 when there is no confirmed factor or the password was changed meanwhile, 422.
pub fn renew_recovery_codes(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    agreed_with: Option<&str>,
    throttle_key: &str,
    factors: &FactorSealer,
) -> Result<Option<Fields>> {
    must_not_wait(tx, &[throttle_key])?;
    let own = users::load_own(tx)?;
    let permit = tx.permit(Resource::Me, own.relation())?;
    let mut form = Form::of_body(fields);
    let current = form.secret("currentPassword", LONGEST);
    form.require("currentPassword", current);
    let code = form.secret("code", LONGEST_CODE);
    let code = form.require("code", code);
    let code = form.finish_with(code)?;
    let row = &own.for_rules().row;
    let user_id = row.id;
    if agreed_with != Some(row.password_hash.as_str()) {
        return Err(ErrorCode::Conflict.into());
    }
    let factor = second_factors::find(tx, user_id)?
        .filter(|factor| factor.confirmed_at.is_some())
        .ok_or(ErrorCode::Conflict)?;
    let plain: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if !use_code(tx, &factor, &plain, factors)? {
        return wrong(tx, throttle_key).map(|()| None);
    }
    let (told, hashes) = fresh_codes(user_id)?;
    second_factors::replace_recovery_codes(tx, &permit, user_id, &hashes)?;
    sessions::forget_failures(tx, throttle_key)?;
    tx.note(Resource::Me, None, Some(user_id.cast()), "recoveryCodes");
    Ok(Some(told))
}

/// Recovery codes as they are told, and their hashes.
fn fresh_codes(user_id: Id<User>) -> Result<(Fields, Vec<String>)> {
    let codes = totp::fresh_recovery_codes()?;
    let hashes = codes
        .iter()
        .map(|code| totp::recovery_hash(user_id, code))
        .collect();
    let mut told = Fields::new();
    told.insert("recoveryCodes".to_owned(), json!(codes));
    Ok((told, hashes))
}

/// Counts a wrong code of whoever is signed in.
fn wrong(tx: &mut AuditedTx<'_>, throttle_key: &str) -> Result<()> {
    let keys = ThrottleKeys {
        account: throttle_key.to_owned(),
        address: None,
    };
    count_failure(tx, &keys)?;
    tx.refuse(ErrorCode::WrongSecondFactor);
    Ok(())
}

/// What the answer to a wrong code says.
pub fn wrong_code() -> Error {
    FieldError::new("/code", FieldCode::WrongCode).into()
}

/// Takes somebody's second factor away, for instance when their phone is lost, and signs them out everywhere. If their role
/// must have one they enrol anew at the next sign-in.
///
/// # Errors
/// 403; 404 when they are not there or have none; 409 for one's own, which whoever finds a screen unlocked could take away.
pub fn reset_second_factor(tx: &mut AuditedTx<'_>, id: Id<User>) -> Result<()> {
    let sealed = users::load(tx, id)?;
    let permit = tx.permit(Resource::Users, sealed.relation())?;
    if tx.actor().user_id() == Some(id) {
        return Err(ErrorCode::Conflict.into());
    }
    if !second_factors::delete(tx, &permit, id)? {
        return Err(ErrorCode::NotFound.into());
    }
    sessions::end_all(tx, id, None)?;
    tx.note(Resource::Users, None, Some(id.cast()), "secondFactor");
    Ok(())
}
