//! Members of staff: what a member of staff must be, and the operations on them.
//! Passwords come here already hashed, because hashing takes longer than a transaction should last; who is signed in is
//! told by `db::audited`, what a role may do by `policy`.

use super::form::Form;
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::auth::single_sign_on::claims::Proven;
use crate::db::assignments;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::users::{self, UserFilter, UserRow};
use crate::db::versions::keep_version;
use crate::db::{idempotency, sessions, units};
use crate::domain::id::{Id, Unit, User};
use crate::domain::operation::Resource;
use crate::domain::password::{LONGEST, check_password};
use crate::domain::user::{Role, is_username};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed, View};
use serde_json::Value;

const INPUTS: &[&str] = &["unitId", "username", "displayName", "role", "isActive"];

/// What the form says of a member of staff.
struct UserInput {
    unit_id: Option<Id<Unit>>,
    username: String,
    display_name: String,
    role: Role,
    is_active: bool,
}

/// The password to be hashed before [`create_user`] or [`update_user`] is called, if there is one that could be accepted.
/// What is wrong with another is told by those functions, beside everything else that is wrong.
pub fn password_of(fields: &Fields) -> Option<&str> {
    acceptable(fields.get("password"))
}

/// A text that no rule refuses whatever the user name.
pub(in crate::service) fn acceptable(value: Option<&Value>) -> Option<&str> {
    let text = value?.as_str()?;
    check_password("", text, "").is_none().then_some(text)
}

/// The members of staff that the actor may know of. Parameters: `unitId`, `role`, `isActive`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_users(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = UserFilter {
        unit_id: form.id("unitId"),
        role: form.code("role"),
        is_active: form.boolean("isActive"),
    };
    form.finish()?;
    let page = users::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// One member of staff.
///
/// # Errors
/// 403 or 404.
pub fn read_user(tx: &mut AuditedTx<'_>, id: Id<User>) -> Result<View> {
    let sealed = users::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Makes a member of staff. `password_hash` is the hash of what [`password_of`] gave.
///
/// # Errors
/// 403, or 422 with all fields that are wrong.
pub fn create_user(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    password_hash: Option<String>,
) -> Result<View> {
    let relation = Relation::unit_record(false);
    let (permit, mut form) = begin_create(tx, Resource::Users, &relation, fields)?;
    let password = form.secret("password", LONGEST);
    let password = form.require("password", password);
    let id = Id::fresh();
    let is_active = form.boolean("isActive").unwrap_or(true);
    let input = read_input(tx, form, id, password.as_deref(), |_| Some(is_active))?;
    let now = tx.timestamp();
    let row = UserRow {
        id,
        unit_id: input.unit_id,
        username: input.username,
        display_name: input.display_name,
        role: input.role,
        password_hash: hashed(password_hash)?,
        is_active,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    users::insert(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

/// Changes a member of staff. A new role, unit or password, or being deactivated, ends the person's sessions; a new role or
/// unit, or being deactivated, also ends assignments and break-glass, so that no access lingers and the youths without a
/// handler come up on the chief's list. `password_hash` is the hash of what [`password_of`] gave.
///
/// # Errors
/// 403 with a pointer, 404, 412, 409 `own-role` or `last-of-role`, 422 with all fields that are wrong.
pub fn update_user(
    tx: &mut AuditedTx<'_>,
    id: Id<User>,
    version: i64,
    patch: Fields,
    password_hash: Option<String>,
) -> Result<View> {
    let sealed = users::load(tx, id)?;
    let empties_password = patch.get("password").is_some_and(Value::is_null);
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let has_password = form.names("password");
    if empties_password {
        form.wrong("password", FieldCode::NotNull);
    }
    let password = form.secret("password", LONGEST);
    let input = read_input(tx, form, id, password.as_deref(), |form| {
        let is_active = form.boolean("isActive");
        form.require("isActive", is_active)
    })?;
    let (before, relation) = sealed.into_record();
    let gives_up = (input.role, input.unit_id) != (before.role, before.unit_id)
        || (before.is_active && !input.is_active);
    keep_offices(tx, &before, &input, gives_up)?;
    let row = UserRow {
        unit_id: input.unit_id,
        username: input.username,
        display_name: input.display_name,
        role: input.role,
        password_hash: if has_password {
            hashed(password_hash)?
        } else {
            before.password_hash
        },
        is_active: input.is_active,
        updated_at: tx.timestamp(),
        version: before.version + 1,
        ..before
    };
    users::update(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    end_access(tx, &permit, id, gives_up, has_password)?;
    tx.reveal(&Sealed::new(row, relation))
}

/// Gives a member of staff the role and unit that the provider's claims give them, as the administrator would: what they
/// had access to by the old role ends, and so do their sessions.
///
/// # Errors
/// 409 `last-of-role`: somebody always holds the office.
pub(in crate::service) fn follow_claims(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    before: UserRow,
    role: Role,
    unit_id: Option<Id<Unit>>,
) -> Result<UserRow> {
    if (before.role, before.unit_id) == (role, unit_id) {
        return Ok(before);
    }
    keep_held(tx, &before)?;
    let id = before.id;
    let row = UserRow {
        role,
        unit_id,
        updated_at: tx.timestamp(),
        version: before.version + 1,
        ..before
    };
    users::update(tx, permit, &row)?;
    keep_version(tx, &row)?;
    end_access(tx, permit, id, true, false)?;
    tx.note(Resource::Users, None, Some(id.cast()), "role,unitId");
    Ok(row)
}

/// Makes the account of somebody whom the provider has proved, with a password that nobody knows.
///
/// # Errors
/// 403 when the user name has been taken meanwhile.
pub(in crate::service) fn give_account(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    id: Id<User>,
    proven: &Proven,
    (role, unit_id): (Role, Option<Id<Unit>>),
    password_hash: &Option<String>,
) -> Result<UserRow> {
    let username = proven.username.clone().unwrap_or_default();
    if !is_username(&username) || users::is_username_taken(tx, &username, id)? {
        return Err(ErrorCode::NoAccount.into());
    }
    // A name that could not be typed here is not taken over from elsewhere.
    let mut form = Form::of_body(Fields::from_iter([(
        "displayName".to_owned(),
        Value::from(proven.name.clone()),
    )]));
    let display_name = form.text("displayName", 120).filter(|_| form.is_sound());
    let now = tx.timestamp();
    let row = UserRow {
        id,
        unit_id,
        display_name: display_name.unwrap_or_else(|| username.clone()),
        username,
        role,
        password_hash: hashed(password_hash.clone())?,
        is_active: true,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    users::insert(tx, permit, &row)?;
    keep_version(tx, &row)?;
    tx.note_whole(Resource::Users, None, id.cast());
    Ok(row)
}

/// Signs a member of staff out everywhere, at once.
///
/// # Errors
/// 403 or 404.
pub fn end_user_sessions(tx: &mut AuditedTx<'_>, id: Id<User>) -> Result<()> {
    let sealed = users::load(tx, id)?;
    tx.permit(Resource::Users, sealed.relation())?;
    sessions::end_all(tx, id, None)?;
    tx.note(Resource::Users, None, Some(id.cast()), "sessions");
    Ok(())
}

/// Nobody changes their own role, and somebody always holds the offices without which nobody could assign or let anybody in.
fn keep_offices(
    tx: &mut AuditedTx<'_>,
    before: &UserRow,
    input: &UserInput,
    gives_up: bool,
) -> Result<()> {
    let is_own = tx.actor().user_id() == Some(before.id);
    if is_own && (input.role != before.role || !input.is_active) {
        return Err(ErrorCode::OwnRole.into());
    }
    if gives_up {
        keep_held(tx, before)
    } else {
        Ok(())
    }
}

/// Refuses that the last who holds an office gives it up.
fn keep_held(tx: &mut AuditedTx<'_>, before: &UserRow) -> Result<()> {
    if before.is_active
        && before.role.must_stay_held()
        && users::count_others_of_role(tx, before)? == 0
    {
        return Err(ErrorCode::LastOfRole.into());
    }
    Ok(())
}

fn end_access(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    id: Id<User>,
    gives_up: bool,
    has_password: bool,
) -> Result<()> {
    if gives_up {
        assignments::end_all_of(tx, permit, id)?;
        users::end_grants(tx, permit, id)?;
        // An answer stored for the old role would show what the new one may not see.
        idempotency::forget_all_of(tx, permit, id)?;
    }
    if gives_up || has_password {
        // Whoever changes their own password here goes on in the session they do it in.
        let in_use = tx
            .actor()
            .staff()
            .filter(|staff| staff.id == id)
            .and_then(|staff| staff.session_id);
        sessions::end_all(tx, id, in_use)?;
    }
    Ok(())
}

fn hashed(password_hash: Option<String>) -> Result<String> {
    password_hash.ok_or_else(|| Error::internal("a password was sent and no hash prepared"))
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    id: Id<User>,
    password: Option<&str>,
    read_is_active: impl FnOnce(&mut Form) -> Option<bool>,
) -> Result<UserInput> {
    let is_active = read_is_active(&mut form);
    let username = form.text("username", 60);
    let username = form.require("username", username);
    if let Some(username) = &username {
        if !is_username(username) {
            form.wrong("username", FieldCode::Username);
        } else if users::is_username_taken(tx, username, id)? {
            form.wrong("username", FieldCode::Taken);
        }
    }
    if let Some(password) = password {
        let username = username.as_deref().unwrap_or_default();
        form.add(check_password("/password", password, username));
    }
    let display_name = form.text("displayName", 120);
    let display_name = form.require("displayName", display_name);
    let role = form.code::<Role>("role");
    let role = form.require("role", role);
    let unit_id = form.id("unitId");
    match (role.map(Role::has_unit), unit_id) {
        (Some(true), None) => {
            form.require("unitId", unit_id);
        }
        (Some(false), Some(_)) => {
            form.add([FieldError::with("/unitId", FieldCode::NotWithOther, "role")])
        }
        (_, Some(unit_id)) if !units::exists(tx, unit_id)? => {
            form.wrong("unitId", FieldCode::NoSuchRecord);
        }
        _ => {}
    }
    let input = match (username, display_name, role, is_active) {
        (Some(username), Some(display_name), Some(role), Some(is_active)) => Some(UserInput {
            unit_id,
            username,
            display_name,
            role,
            is_active,
        }),
        _ => None,
    };
    form.finish_with(input)
}
