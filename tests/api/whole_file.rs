//! The file of the embedded database enciphered as a whole: nothing of it can be read without its key, an open database becomes such
//! a file and back with everything in it, and a missing, wrong or useless key is told in words. What the key enciphers needs the
//! feature `encryption`; without it the program says so. With KAA_TEST_ENCIPHERED every test of the suite works on such a file.

use crate::support::{keys_text, run_program};
use kaa::db::Location;
use kaa::vault::FileKey;
use std::path::{Path, PathBuf};

/// Runs the program on a file with a key; gives its exit code and what it said.
fn kaa(file: &Path, key: Option<&Path>, arguments: &[&str]) -> (i32, String) {
    let (keys, key) = (keys_text(), key.map(|key| key.display().to_string()));
    let mut environment = vec![
        ("KAA_KEYS_TEXT", keys.as_str()),
        ("KAA_SECRET", "Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e"),
    ];
    environment.extend(key.iter().map(|key| ("KAA_DATABASE_KEY", key.as_str())));
    run_program(&Location::Sqlite(file.to_owned()), &environment, arguments)
}

#[track_caller]
fn told((code, said): (i32, String), wanted: i32, words: &str) {
    assert_eq!(code, wanted, "{said}");
    assert!(said.contains(words), "{words}: {said}");
}

/// A new key, in a file.
fn key(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(name);
    told(
        kaa(
            &folder.join("none.db"),
            None,
            &["database", "new-key", &file.display().to_string()],
        ),
        0,
        "The key is made",
    );
    file
}

const CREATE: [&str; 8] = [
    "user",
    "create",
    "--role",
    "administrator",
    "--username",
    "hemlig.admin",
    "--name",
    "Ada",
];

#[test]
fn a_key_is_kept_for_its_owner_and_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = key(folder.path(), "a.key");
    let before = FileKey::read(&file).unwrap();
    told(
        kaa(
            &folder.path().join("none.db"),
            None,
            &["database", "new-key", &file.display().to_string()],
        ),
        1,
        "exists already",
    );
    assert_eq!(FileKey::read(&file).unwrap(), before);
    std::fs::write(folder.path().join("b.key"), "ett lösenord").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let (a, b) = (folder.path().join("a.key"), folder.path().join("b.key"));
        std::fs::set_permissions(&b, std::fs::Permissions::from_mode(0o600)).unwrap();
        told(
            kaa(&folder.path().join("x.db"), Some(&b), &["migrate"]),
            1,
            "64 hexadecimal digits",
        );
        std::fs::set_permissions(&a, std::fs::Permissions::from_mode(0o644)).unwrap();
        told(
            kaa(&folder.path().join("x.db"), Some(&a), &["migrate"]),
            1,
            "chmod 600",
        );
    }
    assert!(!folder.path().join("x.db").exists());
}

#[cfg(not(feature = "encryption"))]
#[test]
fn a_program_that_cannot_encipher_says_so_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (file, key) = (folder.path().join("kaa.db"), key(folder.path(), "a.key"));
    for arguments in [
        &["migrate"][..],
        &["serve"],
        &["backup", "x"],
        &["database", "encrypt", "y"],
        &CREATE,
    ] {
        told(
            kaa(&file, Some(&key), arguments),
            1,
            "built without `--features encryption`",
        );
    }
    assert!(!file.exists());
    // A file that is no open database, to a program that has no key.
    std::fs::write(&file, [7; 8192]).unwrap();
    told(
        kaa(&file, None, &["migrate"]),
        1,
        "enciphered as a whole, or no database",
    );
}

#[test]
fn the_database_of_a_server_has_no_such_key() {
    let folder = tempfile::tempdir().unwrap();
    let key = key(folder.path(), "a.key").display().to_string();
    let server = Location::Postgresql("postgres://127.0.0.1:1/none".to_owned());
    told(
        run_program(&server, &[("KAA_DATABASE_KEY", &key)], &["migrate"]),
        1,
        "of the embedded database",
    );
}

#[cfg(feature = "encryption")]
mod enciphered {
    use super::*;
    use crate::database::audit_chain::write_two_lanes;
    use crate::support::world::World;
    use chrono::Utc;
    use diesel::prelude::*;
    use kaa::db::schema::{users, youths};
    use kaa::db::{Conn, migrate};

    /// Whether bytes stand anywhere in the files of a database.
    fn stands_in(file: &Path, text: &str) -> bool {
        let named = |end: &str| PathBuf::from(format!("{}{end}", file.display()));
        [named(""), named("-wal")]
            .iter()
            .filter(|file| file.exists())
            .any(|file| {
                let bytes = std::fs::read(file).unwrap();
                bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
            })
    }

    fn open(file: &Path, key: &Path) -> Conn {
        let key = FileKey::read(key).unwrap();
        Location::Sqlite(file.to_owned())
            .enciphered(key)
            .unwrap()
            .connect()
            .unwrap()
    }

    const OPEN: [&str; 4] = [
        "SQLite format 3",
        "CREATE TABLE",
        "Lindqvist",
        "hemlig.admin",
    ];

    /// Names lie open inside a database; the file must not show them either.
    #[test]
    fn nothing_in_the_file_can_be_read_without_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let (file, key) = (folder.path().join("kaa.db"), key(folder.path(), "a.key"));
        told(kaa(&file, Some(&key), &CREATE), 0, "");
        let mut conn = open(&file, &key);
        World::insert(&mut conn, Utc::now());
        for text in OPEN {
            assert!(!stands_in(&file, text), "{text}");
        }
        drop(conn);
        let other = super::key(folder.path(), "b.key");
        told(
            kaa(&file, Some(&other), &["migrate"]),
            1,
            "is not the key of this file",
        );
        told(
            kaa(&file, None, &["migrate"]),
            1,
            "name its key with KAA_DATABASE_KEY",
        );
        told(
            kaa(&file, Some(&key), &["keys", "verify"]),
            0,
            "That do not: 0.",
        );
        // The same key from the environment.
        let text = FileKey::read(&key).unwrap().text();
        let (code, said) = run_program(
            &Location::Sqlite(file.clone()),
            &[("KAA_DATABASE_KEY_TEXT", text.as_str())],
            &["audit", "verify"],
        );
        told((code, said), 0, "");
    }

    #[test]
    fn an_open_database_becomes_an_enciphered_one_and_back() {
        let folder = tempfile::tempdir().unwrap();
        let (file, key) = (folder.path().join("kaa.db"), key(folder.path(), "a.key"));
        told(kaa(&file, None, &CREATE), 0, "");
        let mut conn = Location::Sqlite(file.clone()).connect().unwrap();
        migrate(&mut conn).unwrap();
        World::insert(&mut conn, Utc::now());
        let before = std::fs::read(&file).unwrap();
        for text in OPEN {
            assert!(stands_in(&file, text), "{text} should lie open");
        }
        let (closed, again) = (
            folder.path().join("closed.db"),
            folder.path().join("again.db"),
        );
        let path = |file: &Path| file.display().to_string();
        told(
            kaa(&file, None, &["database", "encrypt", &path(&closed)]),
            1,
            "name the key",
        );
        told(
            kaa(&file, Some(&key), &["migrate"]),
            1,
            "the file is not enciphered",
        );
        told(
            kaa(&file, Some(&key), &["database", "encrypt", &path(&closed)]),
            0,
            "its log is whole",
        );
        told(
            kaa(&file, Some(&key), &["database", "encrypt", &path(&closed)]),
            1,
            "exists already",
        );
        for text in OPEN {
            assert!(!stands_in(&closed, text), "{text}");
        }
        assert_eq!(
            std::fs::read(&file).unwrap(),
            before,
            "the old one is as it was"
        );
        told(
            kaa(&closed, Some(&key), &["keys", "verify"]),
            0,
            "That do not: 0.",
        );
        told(kaa(&closed, Some(&key), &["audit", "verify"]), 0, "");
        told(
            kaa(&closed, Some(&key), &["database", "decrypt", &path(&again)]),
            0,
            "its log is whole",
        );
        for (file, location) in [
            (&closed, None),
            (&again, Some(Location::Sqlite(again.clone()))),
        ] {
            let mut conn =
                location.map_or_else(|| open(file, &key), |location| location.connect().unwrap());
            let many: (i64, i64) = (
                youths::table.count().get_result(&mut conn).unwrap(),
                users::table.count().get_result(&mut conn).unwrap(),
            );
            assert_eq!((many.0, many.1 > 10), (5, true));
        }
        assert!(stands_in(&again, "SQLite format 3"));
    }

    #[test]
    fn a_backup_of_an_enciphered_file_is_one_again() {
        let folder = tempfile::tempdir().unwrap();
        let (file, key) = (folder.path().join("kaa.db"), key(folder.path(), "a.key"));
        told(kaa(&file, Some(&key), &CREATE), 0, "");
        let mut conn = open(&file, &key);
        World::insert(&mut conn, Utc::now());
        write_two_lanes(&mut conn);
        let backup = folder.path().join("a.backup").display().to_string();
        told(
            kaa(&file, Some(&key), &["backup", &backup]),
            0,
            "it is whole",
        );
        let restored = folder.path().join("restored/kaa.db");
        told(
            kaa(&restored, None, &["restore", &backup]),
            1,
            "name the key of its file",
        );
        let other = super::key(folder.path(), "b.key");
        told(
            kaa(&restored, Some(&other), &["restore", &backup]),
            1,
            "is not the key of this file",
        );
        assert!(!restored.exists());
        told(
            kaa(&restored, Some(&key), &["restore", &backup]),
            0,
            "Restored to",
        );
        for text in OPEN {
            assert!(!stands_in(&restored, text), "{text}");
        }
        let many: i64 = youths::table
            .count()
            .get_result(&mut open(&restored, &key))
            .unwrap();
        assert_eq!(many, 5);
    }
}
