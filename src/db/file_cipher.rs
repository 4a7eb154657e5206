//! The embedded database's file enciphered as a whole (SQLCipher, feature `encryption`): how a connection is given its key, and how
//! a whole database goes from an open file into an enciphered one and back. Into a new file always; the old one is never touched.
//! Where the key comes from stands in `vault`.

use super::{Conn, Location, OpenError, damages};
use crate::vault::FileKey;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use secrecy::zeroize::Zeroizing;

/// The key as SQLCipher takes it raw: nothing is derived from it, which would cost 200 ms a connection.
fn raw(key: &FileKey) -> Zeroizing<String> {
    Zeroizing::new(format!("x'{}'", *key.text()))
}

/// What a connection begins with; nothing of the file is read by it. Errors are told by the database and not written to the
/// standard error besides.
pub(super) fn opening(key: &FileKey) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "PRAGMA key = \"{}\"; PRAGMA cipher_log_level = NONE;",
        *raw(key)
    ))
}

/// A page costs as much to decipher as to read, so that more of them are kept than usual.
pub(super) const CACHE: &str = "PRAGMA cache_size = -65536;";

/// Whether the program can do any of this.
pub const IS_BUILT: bool = cfg!(feature = "encryption");

/// Writes everything of one embedded database into another file, which must not be there yet, in one transaction, and compares.
/// Gives the number of rows.
///
/// # Errors
/// The program is built without it, a file cannot be read or written, or the copy is not the same.
pub fn export(from: &Location, to: &Location) -> Result<i64, OpenError> {
    let (Conn::Sqlite(c), Some(file)) = (&mut from.connect()?, to.file()) else {
        return Err(OpenError::KeyForServer);
    };
    if !IS_BUILT {
        return Err(OpenError::NoEncryption);
    }
    let key = match to {
        Location::Enciphered(_, key) => raw(key),
        _ => Zeroizing::new(String::new()),
    };
    diesel::sql_query("ATTACH DATABASE ? AS copy KEY ?")
        .bind::<Text, _>(file.to_string_lossy().as_ref())
        .bind::<Text, _>(key.as_str())
        .execute(c)?;
    // Nobody writes meanwhile.
    c.batch_execute("BEGIN IMMEDIATE; SELECT sqlcipher_export('copy'); COMMIT;")?;
    c.batch_execute("DETACH DATABASE copy")?;
    let before = count_rows(&mut from.connect()?)?;
    let mut copied = to.connect()?;
    let told = damages(&mut copied)?;
    if let Some(damage) = told.into_iter().next() {
        return Err(OpenError::Copy(damage));
    }
    let after = count_rows(&mut copied)?;
    if before == after {
        let rows = after.iter().filter(|part| !part.name.contains(' '));
        Ok(rows.map(|counted| counted.many).sum())
    } else {
        Err(OpenError::Copy(
            "a table has other rows than before".to_owned(),
        ))
    }
}

#[derive(QueryableByName, PartialEq, Eq)]
struct Counted {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// Everything the schema consists of, with the rows of each table.
fn count_rows(conn: &mut Conn) -> QueryResult<Vec<Counted>> {
    let parts = "SELECT type || ' ' || name || coalesce(sql, '') AS name, CAST(type = 'table' AS BIGINT) AS many \
                 FROM sqlite_schema ORDER BY 1";
    let mut parts: Vec<Counted> = diesel::sql_query(parts).load(conn)?;
    let tables = "SELECT name, 0 AS many FROM sqlite_schema WHERE type = 'table' ORDER BY 1";
    let tables: Vec<Counted> = diesel::sql_query(tables).load(conn)?;
    for table in tables {
        let name = table.name.replace('"', "\"\"");
        let counted = format!("SELECT '' AS name, COUNT(*) AS many FROM \"{name}\"");
        let counted: Counted = diesel::sql_query(counted).get_result(conn)?;
        parts.push(Counted { name, ..counted });
    }
    Ok(parts)
}
