//! Members of staff: rows, lists and changes. Password hashes leave this module only to be verified.

use super::Conn;
use super::audited::{AuditedTx, Door};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::schema::{access_grants, units, users};
use super::second_factors;
use super::types::Timestamp;
use crate::domain::id::{Id, Unit, User};
use crate::domain::operation::Resource;
use crate::domain::person_name::sort_key;
use crate::domain::user::Role;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use diesel::prelude::*;
use std::collections::HashMap;

/// A member of staff as stored.
#[derive(Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub struct UserRow {
    pub id: Id<User>,
    pub unit_id: Option<Id<Unit>>,
    pub username: String,
    pub display_name: String,
    pub role: Role,
    pub password_hash: String,
    pub is_active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

disclosed!(UserRow, Users, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "unitId": r.unit_id,
    "username": r.username,
    "displayName": r.display_name,
    "role": Word(r.role),
    "isActive": r.is_active,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// Whether nobody has been registered yet; asked at the start, before there is an operation.
///
/// # Errors
/// The database does not answer.
pub fn is_empty(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(users::table.select(users::id)))
        .get_result(conn)
        .map(|is_somebody: bool| !is_somebody)
}

/// The actor's own row, with the name of the unit and the second factor.
pub struct OwnRecord {
    pub row: UserRow,
    pub unit_name: Option<String>,
    pub second_factor_since: Option<Timestamp>,
    pub must_enrol_second_factor: bool,
    pub recovery_codes_left: i64,
}

disclosed!(OwnRecord, Me, |r| youth: None, id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "username": r.row.username,
    "displayName": r.row.display_name,
    "role": Word(r.row.role),
    "unitId": r.row.unit_id,
    "unitName": r.unit_name,
    "secondFactorSince": r.second_factor_since,
    "mustEnrolSecondFactor": r.must_enrol_second_factor,
    "recoveryCodesLeft": r.recovery_codes_left,
});

/// A colleague, as far as it takes to choose one.
pub struct Colleague(UserRow);

disclosed!(Colleague, Me, |r| youth: None, id: r.0.id, version: r.0.version, {
    "id": r.0.id,
    "displayName": r.0.display_name,
    "role": Word(r.0.role),
});

/// Which members of staff are asked for.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    pub unit_id: Option<Id<Unit>>,
    pub role: Option<Role>,
    pub is_active: Option<bool>,
}

/// A member of staff.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<User>) -> Result<Sealed<UserRow>> {
    let row: UserRow = find(tx, id)?.ok_or(ErrorCode::NotFound)?;
    Ok(sealed(tx, row))
}

/// A member of staff, if there is one; for rules that refer to staff.
///
/// # Errors
/// The database does not answer.
pub fn find(tx: &mut AuditedTx<'_>, id: Id<User>) -> Result<Option<UserRow>> {
    Ok(users::table.find(id).first(tx.conn()).optional()?)
}

/// The member of staff of a user name, if there is one.
///
/// # Errors
/// The database does not answer.
pub fn find_by_username(tx: &mut AuditedTx<'_>, username: &str) -> Result<Option<UserRow>> {
    Ok(users::table
        .filter(users::username.eq(username))
        .first(tx.conn())
        .optional()?)
}

/// The actor's own row, with the name of the unit and the second factor.
///
/// # Errors
/// 401 when nobody has signed in.
pub fn load_own(tx: &mut AuditedTx<'_>) -> Result<Sealed<OwnRecord>> {
    let id = tx.actor().user_id().ok_or(ErrorCode::Unauthenticated)?;
    let (row, unit_name): (UserRow, Option<String>) = users::table
        .left_join(units::table)
        .filter(users::id.eq(id))
        .select((users::all_columns, units::name.nullable()))
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::Unauthenticated)?;
    let own = Relation {
        is_own: true,
        ..Relation::unit_record(true)
    };
    let factor = second_factors::find(tx, id)?.and_then(|factor| factor.confirmed_at);
    let must_enrol_second_factor = match tx.actor().staff().copied() {
        Some(staff) => second_factors::is_missing(tx.conn(), &staff)?,
        None => false,
    };
    let record = OwnRecord {
        row,
        unit_name,
        second_factor_since: factor,
        must_enrol_second_factor,
        recovery_codes_left: second_factors::count_recovery_codes(tx, id)?,
    };
    Ok(Sealed::new(record, own))
}

/// The active colleagues of the actor's unit with some roles, the actor among them, by name. A unit's staff is a short list.
///
/// # Errors
/// The database does not answer.
pub fn list_colleagues(
    tx: &mut AuditedTx<'_>,
    roles: &[Role],
    request: &PageRequest,
) -> Result<Page<Sealed<Colleague>>> {
    let unit_id = tx.staff()?.unit_id.unwrap_or(Id::of(uuid::Uuid::nil()));
    let mut rows: Vec<UserRow> = users::table
        .filter(users::unit_id.eq(unit_id))
        .filter(users::is_active.eq(true))
        .filter(users::role.eq_any(roles))
        .load(tx.conn())?;
    // Sorted here, so that å, ä and ö stand alike on both databases.
    let key_of = |row: &UserRow| (sort_key("", &row.display_name), row.id.uuid());
    rows.sort_by_cached_key(key_of);
    let page = request.cut_sorted(rows, key_of);
    page.try_map(|row| Ok(Sealed::new(Colleague(row), Relation::unit_record(true))))
}

/// The names of some members of staff.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn names_of(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<User>],
) -> Result<HashMap<Id<User>, String>> {
    Ok(users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::display_name))
        .load::<(Id<User>, String)>(tx.conn())?
        .into_iter()
        .collect())
}

/// The active person of a user name, in whose name the command line acts.
///
/// # Errors
/// The database does not answer.
pub async fn look_up_id(door: &Door, username: String) -> Result<Option<Id<User>>> {
    door.look(move |conn| {
        Ok(users::table
            .filter(users::username.eq(&username))
            .filter(users::is_active.eq(true))
            .select(users::id)
            .first(conn)
            .optional()?)
    })
    .await
}

/// Stores a person's own new password.
///
/// # Errors
/// The database does not answer.
pub fn update_own_password(tx: &mut AuditedTx<'_>, _: &Permit, row: &UserRow) -> Result<()> {
    diesel::update(users::table.find(row.id))
        .set((
            users::password_hash.eq(&row.password_hash),
            users::updated_at.eq(row.updated_at),
            users::version.eq(row.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Whether another person has this user name.
///
/// # Errors
/// The database does not answer.
pub fn is_username_taken(
    tx: &mut AuditedTx<'_>,
    username: &str,
    by_other_than: Id<User>,
) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        users::table
            .filter(users::username.eq(username))
            .filter(users::id.ne(by_other_than)),
    ))
    .get_result(tx.conn())?)
}

/// How many active people besides this one have the role; of a role with a unit, in the same unit.
///
/// # Errors
/// The database does not answer.
pub fn count_others_of_role(tx: &mut AuditedTx<'_>, row: &UserRow) -> Result<i64> {
    let mut query = users::table
        .filter(users::role.eq(row.role))
        .filter(users::is_active.eq(true))
        .filter(users::id.ne(row.id))
        .into_boxed();
    if let Some(unit_id) = row.unit_id {
        query = query.filter(users::unit_id.eq(unit_id));
    }
    Ok(query.count().get_result(tx.conn())?)
}

/// The members of staff that the actor may know of.
///
/// # Errors
/// The database does not answer.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &UserFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<UserRow>>> {
    let mut query = users::table.into_boxed();
    if list_scope(tx, Resource::Users) != Scope::All {
        let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
        query = query.filter(users::unit_id.eq(unit_id));
    }
    if let Some(unit_id) = filter.unit_id {
        query = query.filter(users::unit_id.eq(unit_id));
    }
    if let Some(role) = filter.role {
        query = query.filter(users::role.eq(role));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(users::is_active.eq(is_active));
    }
    let page: Page<UserRow> =
        load_page_by_id!(tx, request, query, false, users::id, |row: &UserRow| row.id);
    page.try_map(|row| Ok(sealed(tx, row)))
}

/// Stores a new member of staff.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &UserRow) -> Result<()> {
    diesel::insert_into(users::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed member of staff.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &UserRow) -> Result<()> {
    diesel::update(users::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Ends every running break-glass of a person.
///
/// # Errors
/// The database does not answer.
pub fn end_grants(tx: &mut AuditedTx<'_>, _: &Permit, id: Id<User>) -> Result<()> {
    let now = tx.timestamp();
    diesel::update(
        access_grants::table
            .filter(access_grants::user_id.eq(id))
            .filter(access_grants::expires_at.gt(now)),
    )
    .set(access_grants::expires_at.eq(now))
    .execute(tx.conn())?;
    Ok(())
}

fn sealed(tx: &AuditedTx<'_>, row: UserRow) -> Sealed<UserRow> {
    let is_same_unit = row.unit_id.is_some() && tx.actor().unit_id() == row.unit_id;
    Sealed::new(row, Relation::unit_record(is_same_unit))
}
