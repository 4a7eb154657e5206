//! When the storage gives out: the disk is full, has become read-only or refuses to be written. Which errors of the databases say
//! so, and what is wrong with the place of the embedded database, in words for whoever starts the service.
//! That such an error is answered with 503 and tried again by nobody but the client stands in `store`.

use super::{Conn, OpenError, patiently};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::path::Path;

/// How the databases say that something cannot be written or held now; diesel has no kinds for them. That a connection takes no
/// writes is not among them: a reading that writes is a mistake of ours, and where writers take none their event cannot be
/// stored, which is 503 already. A server that speaks another language than English is not understood; then it is a failure of
/// ours, and nothing is half all the same.
const SIGNS: &[&str] = &[
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "database is locked",
    "No space left on device",
    "Read-only file system",
];

/// Whether the storage has given out, so that the same work may succeed once there is room.
pub fn gave_out(error: &DieselError) -> bool {
    match error {
        DieselError::BrokenTransactionManager => true,
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, told) => {
            SIGNS.iter().any(|sign| told.message().contains(sign))
        }
        _ => false,
    }
}

/// Whether a connection takes writes at all: a server may be a standby, or be set to read-only.
pub(super) fn takes_writes(conn: &mut Conn) -> bool {
    match conn {
        Conn::Sqlite(_) => true,
        Conn::Pg(_) => diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(
            "current_setting('transaction_read_only') = 'off'",
        ))
        .get_result(conn)
        .unwrap_or(false),
    }
}

/// Writes something that changes nothing, so that a service which could store nothing does not start.
///
/// # Errors
/// Nothing can be stored.
pub fn must_take_writes(conn: &mut Conn) -> Result<(), OpenError> {
    if let Conn::Sqlite(c) = conn {
        return Ok(patiently(|| c.batch_execute("PRAGMA user_version = 0"))?);
    }
    if takes_writes(conn) {
        Ok(())
    } else {
        Err(OpenError::ReadOnlyServer)
    }
}

/// What is wrong with the place of an embedded database that could not be opened or written, and what to do; `None` if nothing is
/// to be seen from outside.
pub(super) fn trouble(file: &Path, has_key: bool, cause: &str) -> Option<String> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Some("the folder is not there: make it, or name another".to_owned());
    }
    if cause.contains("is not a database") {
        return Some(of_cipher(file, has_key).to_owned());
    }
    if let Some(seen) = seen_on_disk(file, folder) {
        return Some(seen);
    }
    let words = [
        (
            "disk is full",
            "the disk, or what this user may use of it, is full: make room and start again",
        ),
        (
            "disk I/O error",
            "the disk refuses to be written: see the system's log, and limits on the size of files",
        ),
        (
            "readonly",
            "the file may not be written: see who owns it and its folder",
        ),
    ];
    let said = words.iter().find(|(sign, _)| cause.contains(sign));
    said.map(|(_, words)| (*words).to_owned())
}

/// What it means that the database finds no database in a file, with the key it has or has not been given.
fn of_cipher(file: &Path, has_key: bool) -> &'static str {
    let mut start = [0; 15];
    let is_open = std::fs::File::open(file)
        .and_then(|mut file| std::io::Read::read_exact(&mut file, &mut start))
        .is_ok_and(|()| start == *b"SQLite format 3");
    match (is_open, has_key) {
        (true, true) => {
            "the file is not enciphered: leave KAA_DATABASE_KEY out, or make an enciphered copy with `kaa database encrypt`"
        }
        (true, false) => "the file is damaged",
        (false, true) => "KAA_DATABASE_KEY is not the key of this file, or the file is damaged",
        (false, false) => {
            "the file is enciphered as a whole, or no database: name its key with KAA_DATABASE_KEY"
        }
    }
}

/// Room under which a disk counts as full, in KiB: a few transactions.
#[cfg(unix)]
const LEAST_ROOM: u64 = 256;

#[cfg(unix)]
fn seen_on_disk(file: &Path, folder: &Path) -> Option<String> {
    use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};
    let disk = statvfs(folder).ok()?;
    if disk.f_flag.contains(StatVfsMountFlags::RDONLY) {
        return Some(
            "the disk is mounted read-only: have it mounted for writing and start again".to_owned(),
        );
    }
    let room = disk.f_bavail.saturating_mul(disk.f_frsize) / 1024;
    if room < LEAST_ROOM {
        return Some(format!(
            "the disk is full ({room} KiB are left): make room and start again"
        ));
    }
    let is_closed = access(folder, Access::WRITE_OK).is_err()
        || (file.exists() && access(file, Access::READ_OK | Access::WRITE_OK).is_err());
    is_closed.then(|| {
        "the file or its folder may not be written by this user: see who owns them".to_owned()
    })
}

#[cfg(not(unix))]
fn seen_on_disk(_: &Path, _: &Path) -> Option<String> {
    None
}
