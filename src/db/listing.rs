//! How a part of a list is read: keyset pagination on a sort key and the id, and the row scope of the access table as SQL.
//! Each step of a walk costs the same, and what others write neither skips nor repeats a row.

use super::audited::AuditedTx;
use super::paging::Position;
use super::types::Timestamp;
use crate::domain::id::Id;
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::{ProtectedRows, row_filter};
use chrono::{DateTime, NaiveDate};

/// A value that lists can be sorted by, as the text of a position.
pub trait SortKey: Sized {
    /// The text.
    fn to_key(&self) -> String;
    /// The value of the text.
    fn from_key(key: &str) -> Option<Self>;
}
impl SortKey for String {
    fn to_key(&self) -> String {
        self.clone()
    }
    fn from_key(key: &str) -> Option<Self> {
        Some(key.to_owned())
    }
}
impl SortKey for NaiveDate {
    fn to_key(&self) -> String {
        self.to_string()
    }
    fn from_key(key: &str) -> Option<Self> {
        key.parse().ok()
    }
}
impl SortKey for Timestamp {
    fn to_key(&self) -> String {
        self.to_text()
    }
    fn from_key(key: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(key)
            .ok()
            .map(|at| Self::of(at.to_utc()))
    }
}

/// The sort key and id that a position holds, in the types of the list.
///
/// # Errors
/// 400: the position was not made for this list.
pub fn place_of<R, K: SortKey, T>(
    _place_of_row: &impl Fn(&R) -> (K, Id<T>),
    position: &Position,
) -> Result<(K, Id<T>)> {
    match K::from_key(&position.key) {
        Some(key) => Ok((key, Id::of(position.id))),
        None => Err(Error {
            fields: vec![FieldError::new("position", FieldCode::NotInList)],
            ..Error::from(ErrorCode::InvalidParameter)
        }),
    }
}

/// The id that a position holds, in the type of the list.
pub fn id_of_place<R, T>(_id_of_row: &impl Fn(&R) -> Id<T>, position: &Position) -> Id<T> {
    Id::of(position.id)
}

/// Reads one page of a boxed query:
/// `load_page!(tx, request, query, descending, table::key, table::id, |row: &Row| (key, id))`.
macro_rules! load_page {
    ($tx:expr, $request:expr, $query:expr, $descending:expr, $key:expr, $id:expr, $place_of:expr) => {{
        let request: &$crate::db::paging::PageRequest = $request;
        let place_of_row = $place_of;
        let rows = $crate::db::listing::load_rows!(
            $tx,
            request,
            $query,
            $descending,
            $key,
            $id,
            &place_of_row
        );
        request.page_of(rows, |row| {
            let (key, id) = place_of_row(row);
            ($crate::db::listing::SortKey::to_key(&key), id.uuid())
        })
    }};
}
pub(in crate::db) use load_page;

/// The rows of a page of a boxed query, in the direction in which it is read, and one more: as [`load_page`] reads them.
macro_rules! load_rows {
    ($tx:expr, $request:expr, $query:expr, $descending:expr, $key:expr, $id:expr, $place_of:expr) => {{
        use diesel::prelude::*;
        let request: &$crate::db::paging::PageRequest = $request;
        let reads_down = $descending != request.is_backwards();
        let mut query = $query;
        if let Some(position) = &request.position {
            let (key, id) = $crate::db::listing::place_of($place_of, position)?;
            query = if reads_down {
                query.filter($key.lt(key.clone()).or($key.eq(key).and($id.lt(id))))
            } else {
                query.filter($key.gt(key.clone()).or($key.eq(key).and($id.gt(id))))
            };
        }
        query = if reads_down {
            query.order(($key.desc(), $id.desc()))
        } else {
            query.order(($key.asc(), $id.asc()))
        };
        query
            .limit(request.limit + 1)
            .offset(request.offset())
            .load($tx.conn())?
    }};
}
pub(in crate::db) use load_rows;

/// As [`load_page`], for lists in the order in which the records were made: `.., table::id, |row: &Row| row.id)`.
macro_rules! load_page_by_id {
    ($tx:expr, $request:expr, $query:expr, $descending:expr, $id:expr, $id_of:expr) => {{
        use diesel::prelude::*;
        let request: &$crate::db::paging::PageRequest = $request;
        let reads_down = $descending != request.is_backwards();
        let id_of_row = $id_of;
        let mut query = $query;
        if let Some(position) = &request.position {
            let id = $crate::db::listing::id_of_place(&id_of_row, position);
            query = if reads_down {
                query.filter($id.lt(id))
            } else {
                query.filter($id.gt(id))
            };
        }
        query = if reads_down {
            query.order($id.desc())
        } else {
            query.order($id.asc())
        };
        let rows = query
            .limit(request.limit + 1)
            .offset(request.offset())
            .load($tx.conn())?;
        request.page_of(rows, |row| (String::new(), id_of_row(row).uuid()))
    }};
}
pub(in crate::db) use load_page_by_id;

/// The scope of a list of this kind for whoever asks: a list below no youth leaves protected identities out.
pub fn list_scope(tx: &AuditedTx<'_>, resource: Resource) -> Scope {
    row_filter(tx.actor(), resource, ProtectedRows::LeftOut).scope
}

/// Narrows a boxed query of records below youths to those the actor's list may hold:
/// `within_scope!(tx, query, scope, table::youth_id)`. Of scope `Own`, the caller adds whose.
macro_rules! within_scope {
    ($tx:expr, $query:expr, $scope:expr, $youth_id:expr) => {{
        use diesel::dsl::exists;
        use diesel::prelude::*;
        use $crate::db::relations::is_unprotected;
        use $crate::db::schema::{assignments, youths};
        use $crate::policy::access_table::Scope;
        let now = $tx.timestamp();
        let mut query = $query;
        match (
            $scope,
            $tx.actor().staff().map(|staff| (staff.id, staff.unit_id)),
        ) {
            // The protected compartment is read below one named youth only (SoLPUF 15 §).
            (Scope::None | Scope::Granted, _) => {
                query = query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("1 = 0"))
            }
            (_, None) | (Scope::All, _) => {}
            (scope, Some((user_id, unit_id))) => {
                // Who has no unit sees nobody: no youth belongs to the nil unit.
                let unit_id = unit_id.unwrap_or($crate::domain::id::Id::of(uuid::Uuid::nil()));
                query = query.filter(exists(
                    youths::table
                        .filter(youths::id.eq($youth_id))
                        .filter(youths::unit_id.eq(unit_id))
                        .filter(is_unprotected()),
                ));
                if matches!(scope, Scope::Own | Scope::Assigned) {
                    // By another name, so that the list may be one of assignments itself.
                    let running = diesel::alias!(assignments as running);
                    let ends_at = running.field(assignments::ends_at);
                    // From the few assignments to the records, however many others there are.
                    query = query.filter(
                        $youth_id.eq_any(
                            running
                                .filter(running.field(assignments::user_id).eq(user_id))
                                .filter(running.field(assignments::starts_at).le(now))
                                .filter(ends_at.is_null().or(ends_at.gt(now)))
                                .select(running.field(assignments::youth_id)),
                        ),
                    );
                }
            }
        }
        query
    }};
}
pub(in crate::db) use within_scope;

/// Loads the rows of a query that belong to some ids: `load_of!(conn, &ids, table::column, query)`. However many they are,
/// the statement is the same, and prepared once.
macro_rules! load_of {
    ($conn:expr, $ids:expr, $column:expr, $query:expr) => {{
        let ids: &[_] = $ids;
        match ids {
            [] => Ok(Vec::new()),
            [one] => $query.filter($column.eq(*one)).load($conn),
            many => {
                let is_of_them = $crate::db::among::among($conn, $column, many.iter().copied());
                $query.filter(is_of_them).load($conn)
            }
        }
    }};
}
pub(in crate::db) use load_of;
