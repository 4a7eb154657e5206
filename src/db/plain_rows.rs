//! Rows of whatever table as JSON, in one form for both databases: ids as UUIDs, instants in UTC, what is enciphered in plain.
//! For what must handle rows whose columns it does not name: the archive of what is disposed of, and merges, which put rows
//! aside and back. Nothing of it leaves the service by this way, and whoever calls has asked who may.

use super::audited::AuditedTx;
use super::cipher::CipherText;
use super::enciphering::{place_in_row, placed};
use super::schema::sql::{Cipher, Document, Guid, Instant};
use super::schema_text::{self, Column};
use super::types::{Json, Timestamp};
use super::{Conn, MultiBackend};
use crate::domain::id::{Id, Record};
use crate::error::{Error, Result};
use crate::vault::Vault;
use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A row, or some of its columns.
pub type Row = Map<String, Value>;

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    document: String,
}

/// The enciphered columns that hold no text but a document.
const DOCUMENTS: &[&str] = &[
    "addresses",
    "phones",
    "guardians",
    "categories",
    "items",
    "parties",
    "courses",
    "omissions",
    "document",
    "merged_youth",
    "changes",
];

fn columns_of(table: &str) -> Result<&'static [Column]> {
    schema_text::tables()
        .get(table)
        .map(Vec::as_slice)
        .ok_or_else(|| Error::internal("a table that the schema does not have"))
}

/// The columns by which a row of a table is told apart.
pub fn key_columns(table: &str) -> Result<&'static [&'static str]> {
    schema_text::keys()
        .get(table)
        .map(Vec::as_slice)
        .ok_or_else(|| Error::internal("a table that the schema does not have"))
}

/// What tells a row apart.
pub fn key_of(table: &str, row: &Row) -> Result<Row> {
    let key = key_columns(table)?.iter().filter_map(|column| {
        let value = row.get(*column)?;
        Some(((*column).to_owned(), value.clone()))
    });
    Ok(key.collect())
}

// Reading ----------------------------------------------------------------------------------------

fn read_row(vault: &Vault, table: &str, columns: &[Column], text: &str) -> Result<Row> {
    let mut row: Row = serde_json::from_str(text).map_err(Error::internal)?;
    for (column, kind) in columns {
        let Some(value) = row.get_mut(*column) else {
            continue;
        };
        let read = match (*kind, value.as_str()) {
            ("Guid", Some(text)) => Uuid::try_parse(text)
                .map(|id| json!(id))
                .map_err(Error::internal)?,
            ("Instant", Some(text)) => DateTime::parse_from_rfc3339(text)
                .map(|at| json!(Timestamp::of(at.to_utc()).to_text()))
                .map_err(Error::internal)?,
            ("Document", Some(text)) => serde_json::from_str(text).map_err(Error::internal)?,
            ("Bool", None) if value.is_number() => json!(value.as_i64() == Some(1)),
            _ => continue,
        };
        *value = read;
    }
    // Once the ids can be read that bind them.
    for (column, _) in columns.iter().filter(|(_, kind)| *kind == "Cipher") {
        let Some(text) = row.get(*column).and_then(Value::as_str) else {
            continue;
        };
        let place = place_in_row(table, column, &row)
            .ok_or_else(|| Error::internal("an enciphered text without a place"))?;
        let open = vault.decipher(&place, text)?;
        let read = if DOCUMENTS.contains(column) {
            serde_json::from_str(&open).map_err(Error::internal)?
        } else {
            Value::String(open)
        };
        row.insert((*column).to_owned(), read);
    }
    Ok(row)
}

/// The rows of a table by a condition with a placeholder for each of some ids.
///
/// # Errors
/// The database does not answer, or a text does not open.
pub fn select(
    tx: &mut AuditedTx<'_>,
    table: &str,
    condition: &str,
    ids: &[Id<Record>],
) -> Result<Vec<Row>> {
    let columns: Vec<Column> = columns_of(table)?.to_vec();
    read(tx, table, &columns, condition, ids)
}

/// What tells those rows apart.
///
/// # Errors
/// The database does not answer.
pub fn select_keys(
    tx: &mut AuditedTx<'_>,
    table: &str,
    condition: &str,
    ids: &[Id<Record>],
) -> Result<Vec<Row>> {
    let keys = key_columns(table)?;
    let columns: Vec<Column> = columns_of(table)?
        .iter()
        .filter(|(column, _)| keys.contains(column))
        .copied()
        .collect();
    read(tx, table, &columns, condition, ids)
}

fn read(
    tx: &mut AuditedTx<'_>,
    table: &str,
    columns: &[Column],
    condition: &str,
    ids: &[Id<Record>],
) -> Result<Vec<Row>> {
    let text = match tx.conn() {
        Conn::Pg(_) => {
            let names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
            format!(
                "SELECT row_to_json(t)::text AS document FROM (SELECT {} FROM {table} WHERE {condition}) t",
                names.join(", ")
            )
        }
        Conn::Sqlite(_) => {
            let members: Vec<String> = columns
                .iter()
                .map(|(column, kind)| match *kind {
                    "Guid" => format!(
                        "'{column}', CASE WHEN {column} IS NULL THEN NULL ELSE lower(hex({column})) END"
                    ),
                    _ => format!("'{column}', {column}"),
                })
                .collect();
            format!(
                "SELECT json_object({}) AS document FROM {table} WHERE {condition}",
                members.join(", ")
            )
        }
    };
    let mut query = diesel::sql_query(placed(tx.conn(), &text)).into_boxed();
    for id in ids {
        query = query.bind::<Guid, _>(*id);
    }
    let found: Vec<Told> = query.load(tx.conn())?;
    found
        .into_iter()
        .map(|row| read_row(tx.vault(), table, columns, &row.document))
        .collect()
}

// Writing ----------------------------------------------------------------------------------------

type Query<'q> = BoxedSqlQuery<'q, MultiBackend, SqlQuery>;

/// Binds a value of a column. `row` has the ids that bind enciphered texts.
fn bound<'q>(
    query: Query<'q>,
    vault: &Vault,
    table: &str,
    column: &Column,
    value: &Value,
    row: &Row,
) -> Result<Query<'q>> {
    let (column, kind) = *column;
    let text = value.as_str();
    Ok(match kind {
        "Guid" => {
            let id = text
                .map(|text| Uuid::try_parse(text).map(Id::<Record>::of))
                .transpose()
                .map_err(Error::internal)?;
            query.bind::<Nullable<Guid>, _>(id)
        }
        "Instant" => {
            let at = text
                .map(DateTime::parse_from_rfc3339)
                .transpose()
                .map_err(Error::internal)?;
            query.bind::<Nullable<Instant>, _>(at.map(|at| Timestamp::of(at.to_utc())))
        }
        "Date" => {
            let day = text
                .map(str::parse::<NaiveDate>)
                .transpose()
                .map_err(Error::internal)?;
            query.bind::<Nullable<Date>, _>(day)
        }
        "Bool" => query.bind::<Nullable<Bool>, _>(value.as_bool()),
        "BigInt" => query.bind::<Nullable<BigInt>, _>(value.as_i64()),
        "Integer" => {
            let number = value.as_i64().map(i32::try_from).transpose();
            query.bind::<Nullable<Integer>, _>(number.map_err(Error::internal)?)
        }
        "Document" => {
            let document = (!value.is_null()).then(|| Json(value.clone()));
            query.bind::<Nullable<Document>, _>(document)
        }
        "Cipher" => {
            let open = match value {
                Value::Null => None,
                value if DOCUMENTS.contains(&column) => Some(value.to_string()),
                value => value.as_str().map(str::to_owned),
            };
            let closed = match open {
                None => None,
                Some(open) => {
                    let place = place_in_row(table, column, row)
                        .ok_or_else(|| Error::internal("an enciphered text without a place"))?;
                    Some(CipherText(vault.encipher(&place, &open)?))
                }
            };
            query.bind::<Nullable<Cipher>, _>(closed)
        }
        "Text" => query.bind::<Nullable<Text>, _>(text.map(str::to_owned)),
        other => return Err(Error::internal(format!("no value of {other} is written"))),
    })
}

/// Puts a row into a table. A column that it does not have, since it was added later, gets what it gets by itself.
///
/// # Errors
/// The database does not answer, or refuses the row.
pub fn insert(tx: &mut AuditedTx<'_>, table: &str, row: &Row) -> Result<()> {
    let columns: Vec<Column> = columns_of(table)?
        .iter()
        .filter(|(column, _)| row.contains_key(*column))
        .copied()
        .collect();
    let names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
    let places = vec!["?"; names.len()];
    let text = format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        places.join(", ")
    );
    let mut query = diesel::sql_query(placed(tx.conn(), &text)).into_boxed();
    for column in &columns {
        let value = row.get(column.0).unwrap_or(&Value::Null);
        query = bound(query, tx.vault(), table, column, value, row)?;
    }
    query.execute(tx.conn())?;
    Ok(())
}

/// Sets columns of the row with a key; whether it is there.
///
/// # Errors
/// The database does not answer, or refuses the change.
pub fn update(tx: &mut AuditedTx<'_>, table: &str, key: &Row, set: &Row) -> Result<bool> {
    let columns = columns_of(table)?;
    let kind_of = |name: &str| {
        columns
            .iter()
            .find(|(column, _)| *column == name)
            .ok_or_else(|| Error::internal("a column that the schema does not have"))
    };
    let settings: Vec<String> = set.keys().map(|name| format!("{name} = ?")).collect();
    let conditions: Vec<String> = key.keys().map(|name| format!("{name} = ?")).collect();
    let text = format!(
        "UPDATE {table} SET {} WHERE {}",
        settings.join(", "),
        conditions.join(" AND ")
    );
    let mut query = diesel::sql_query(placed(tx.conn(), &text)).into_boxed();
    for (name, value) in set.iter().chain(key) {
        query = bound(query, tx.vault(), table, kind_of(name)?, value, key)?;
    }
    Ok(query.execute(tx.conn())? > 0)
}

/// Takes the row with a key away.
///
/// # Errors
/// The database does not answer, or something still refers to the row.
pub fn delete(tx: &mut AuditedTx<'_>, table: &str, key: &Row) -> Result<()> {
    let columns = columns_of(table)?;
    let conditions: Vec<String> = key.keys().map(|name| format!("{name} = ?")).collect();
    let text = format!("DELETE FROM {table} WHERE {}", conditions.join(" AND "));
    let mut query = diesel::sql_query(placed(tx.conn(), &text)).into_boxed();
    for (name, value) in key {
        let column = columns
            .iter()
            .find(|(column, _)| column == name)
            .ok_or_else(|| Error::internal("a column that the schema does not have"))?;
        query = bound(query, tx.vault(), table, column, value, key)?;
    }
    query.execute(tx.conn())?;
    Ok(())
}

/// The row with a key whose columns are ids.
///
/// # Errors
/// The database does not answer.
pub fn find(tx: &mut AuditedTx<'_>, table: &str, key: &Row) -> Result<Option<Row>> {
    let mut ids = Vec::new();
    for value in key.values() {
        let text = value.as_str().unwrap_or_default();
        ids.push(Id::of(Uuid::try_parse(text).map_err(Error::internal)?));
    }
    let conditions: Vec<String> = key.keys().map(|name| format!("{name} = ?")).collect();
    Ok(select(tx, table, &conditions.join(" AND "), &ids)?.pop())
}
