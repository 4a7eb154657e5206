//! The drill: a backup is made while people write, is checked, and becomes a database again in another place; and what a backup
//! or a restore refuses, and in which words.

use crate::support::Persona::*;
use crate::support::{TestApp, TestDatabase, keys_text, run_program, vault};
use crate::with_app;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::enciphering::{open_all, remember_keys};
use kaa::db::schema::{contacts, record_versions};
use kaa::db::{Conn, Location};
use kaa::domain::id::{Contact, Id};
use kaa::vault::KeyFile;
use serde_json::json;
use std::path::Path;
use std::process::Command;

const NOTE: &str = "Ringde från sin mosters telefon.";

/// Runs the program on a database with the keys of the test; gives its exit code and what it said.
fn kaa(location: &Location, keys: &str, arguments: &[&str]) -> (i32, String) {
    run_program(location, &[("KAA_KEYS_TEXT", keys)], arguments)
}

#[track_caller]
fn told((code, said): &(i32, String), wanted: i32, words: &str) {
    assert_eq!(*code, wanted, "{said}");
    assert!(said.contains(words), "{said}");
}

/// Whether the tools that dump a server's database are here; where a server is required they must be.
fn has_tools(app: &TestApp) -> bool {
    let is_needed = matches!(app.db(), Conn::Pg(_));
    if !is_needed || Command::new("pg_dump").arg("--version").output().is_ok() {
        return true;
    }
    assert!(
        std::env::var_os("KAA_TEST_POSTGRES_REQUIRED").is_none(),
        "pg_dump is required here"
    );
    println!("SKIPPED: pg_dump is not installed");
    false
}

fn log(app: &TestApp) -> Id<Contact> {
    let contact = json!({"channel": "phone", "result": "reached", "note": NOTE});
    let path = format!("/youths/{}/contacts", app.world.alva);
    Id::of(
        app.post(Socionom, &path, contact)
            .expect(201)
            .id()
            .parse()
            .unwrap(),
    )
}

/// Where nothing is yet.
fn elsewhere(app: &TestApp, folder: &Path) -> (Location, Option<TestDatabase>) {
    match app.db() {
        Conn::Sqlite(_) => (
            app.location().with_file(folder.join("restored/kaa.db")),
            None,
        ),
        Conn::Pg(_) => {
            let database = TestDatabase::postgresql().unwrap();
            (database.location.clone(), Some(database))
        }
    }
}

with_app!(a_backup_made_while_people_write_becomes_a_database, |app| {
    if !has_tools(&app) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kaa.backup");
    let name = file.display().to_string();
    let (source, keys) = (app.location(), keys_text());
    remember_keys(&mut app.db(), &vault()).unwrap();
    let before: Vec<Id<Contact>> = (0..5).map(|_| log(&app)).collect();
    // Others write while the backup is made; so is the log.
    let made = std::thread::scope(|scope| {
        let making = scope.spawn(|| kaa(&source, &keys, &["backup", &name]));
        let mut written = 0;
        while !making.is_finished() {
            log(&app);
            written += 1;
        }
        assert!(written > 0);
        making.join().unwrap()
    });
    told(&made, 0, "it is whole, its log too");
    // Nothing of it can be read, and nobody else may.
    let bytes = std::fs::read(&file).unwrap();
    for open in ["Kvist", "Alva", "mosters", "CREATE TABLE", "audit_events"] {
        let is_there = bytes
            .windows(open.len())
            .any(|part| part == open.as_bytes());
        assert!(!is_there, "{open}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // The open copy beside the database is gone.
    if let Some(path) = source.file() {
        let left: Vec<String> = std::fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.contains("copy"))
            .collect();
        assert_eq!(left, Vec::<String>::new());
    }
    // It says what it would do, and does it.
    let (place, _database) = elsewhere(&app, folder.path());
    let check = kaa(&place, &keys, &["restore", &name, "--check"]);
    told(&check, 0, "Its schema is that of this program.");
    told(&check, 0, "Nothing was written.");
    let restored = kaa(&place, &keys, &["restore", &name]);
    told(&restored, 0, "Restored to");
    told(&kaa(&place, &keys, &["audit", "verify"]), 0, "whole");
    told(
        &kaa(&place, &keys, &["keys", "verify"]),
        0,
        "That do not: 0.",
    );
    let mut conn = place.connect().unwrap();
    let there: Vec<Id<Contact>> = contacts::table
        .select(contacts::id)
        .load(&mut conn)
        .unwrap();
    for id in &before {
        assert!(
            there.contains(id),
            "{id} was acknowledged before the backup"
        );
    }
    // Nothing is there by half: every contact has its version, and its note opens.
    let versions: i64 = record_versions::table
        .filter(record_versions::resource.eq("contacts"))
        .count()
        .get_result(&mut conn)
        .unwrap();
    assert_eq!(usize::try_from(versions).unwrap(), there.len());
    let mut notes = 0;
    let closed = open_all(&mut conn, &vault(), &mut |table, column, text| {
        notes += usize::from((table, column, text) == ("contacts", "note", NOTE));
    });
    assert_eq!(closed.unwrap(), Vec::<String>::new());
    assert_eq!(notes, there.len());
    // And it can be worked with.
    let create = [
        "user",
        "create",
        "--role",
        "administrator",
        "--username",
        "efter",
        "--name",
        "Efter",
    ];
    told(&kaa(&place, &keys, &create), 0, "");
    // Nothing is written over.
    told(
        &kaa(&place, &keys, &["restore", &name]),
        1,
        "nothing is written over",
    );
    told(
        &kaa(&source, &keys, &["backup", &name]),
        1,
        "exists already",
    );
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
});

with_app!(
    a_backup_that_is_damaged_foreign_or_newer_is_refused,
    |app| {
        if !has_tools(&app) {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (source, keys) = (app.location(), keys_text());
        let (place, _database) = elsewhere(&app, folder.path());
        // Keys that this database has never had.
        told(
            &kaa(&source, &keys, &["backup", &path("a")]),
            1,
            "kaa migrate",
        );
        remember_keys(&mut app.db(), &vault()).unwrap();
        let others = KeyFile::fresh().unwrap().text().unwrap();
        told(
            &kaa(&source, &others, &["backup", &path("a")]),
            1,
            "does not hold the keys of this database",
        );
        told(&kaa(&source, &keys, &["backup", &path("a")]), 0, "whole");
        told(
            &kaa(&source, &keys, &["backup", &path("missing/a")]),
            1,
            "missing/a",
        );
        let whole = std::fs::read(path("a")).unwrap();
        let with = |name: &str, bytes: &[u8]| {
            std::fs::write(path(name), bytes).unwrap();
            kaa(&place, &keys, &["restore", &path(name)])
        };
        told(
            &with("cut", &whole[..whole.len() - 20]),
            1,
            "changed or cut off",
        );
        let mut changed = whole.clone();
        *changed.last_mut().unwrap() ^= 1;
        told(&with("changed", &changed), 1, "changed or cut off");
        told(
            &with("foreign", b"SQLite format 3\0"),
            1,
            "not a file that kaa has enciphered",
        );
        told(
            &kaa(&place, &others, &["restore", &path("a")]),
            1,
            "other keys",
        );
        let other_place = match &place {
            Location::Sqlite(_) | Location::Enciphered(..) => {
                Location::Postgresql("postgres://127.0.0.1:1/none".to_owned())
            }
            Location::Postgresql(_) => Location::Sqlite(folder.path().join("other/kaa.db")),
        };
        told(
            &kaa(&other_place, &keys, &["restore", &path("a")]),
            1,
            "is no place for one",
        );
        // Of an older and of a newer program.
        let newest = kaa::db::known_schemas().unwrap().pop().unwrap();
        let mut conn = app.db();
        conn.batch_execute(&format!(
            "DELETE FROM __diesel_schema_migrations WHERE version = '{newest}'"
        ))
        .unwrap();
        told(&kaa(&source, &keys, &["backup", &path("old")]), 0, "whole");
        let older = kaa(&place, &keys, &["restore", &path("old"), "--check"]);
        told(&older, 0, "older than that of this program");
        told(&older, 0, "(1 migrations)");
        conn.batch_execute(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')",
        )
        .unwrap();
        told(&kaa(&source, &keys, &["backup", &path("new")]), 0, "whole");
        told(
            &kaa(&place, &keys, &["restore", &path("new")]),
            1,
            "use that version or a later one",
        );
        // None of them has made anything.
        match &place {
            Location::Sqlite(path) | Location::Enciphered(path, _) => assert!(!path.exists()),
            Location::Postgresql(_) => {
                assert!(!kaa::db::has_tables(&mut place.connect().unwrap()).unwrap());
            }
        }
    }
);

with_app!(a_damaged_database_gives_no_backup, |app| {
    if !has_tools(&app) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    remember_keys(&mut app.db(), &vault()).unwrap();
    log(&app);
    let mut conn = app.db();
    crate::database::audit_chain::tamper(
        &mut conn,
        "UPDATE audit_events SET operation = 'readMe' WHERE position = 1",
    );
    let refused = kaa(
        &app.location(),
        &keys_text(),
        &["backup", &file.display().to_string()],
    );
    told(&refused, 1, "the log is broken at lane");
    assert!(!file.exists());
});
