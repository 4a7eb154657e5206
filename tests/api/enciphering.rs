//! What lies in the database is closed: texts bound to their places, keys that are rotated while the service runs, keys that
//! are lost or those of another database, and databases from before there were keys.

use crate::support::Persona::*;
use crate::support::world::ALVA_NUMBER;
use crate::support::{TestApp, TestDatabase, fresh_vault, run_program, use_keys, vault};
use crate::{on_both, with_app};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use kaa::db::enciphering::{
    KeyCheck, check_keys, count_by_key, encipher_anew, encipher_once, enciphered_columns,
    is_enciphered_once, open_all, remember_keys,
};
use kaa::db::{Conn, Location};
use kaa::vault::{KeyFile, KeySet, KeySource, Vault};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, RwLock};

/// Words that stand nowhere else.
const SECRET: &str = "Sover hos Kvistbergs i källaren.";

fn note(app: &TestApp, text: &str) -> String {
    let contact = json!({
        "occurredAt": "2026-11-24T07:30:00Z", "channel": "phone", "direction": "outbound", "metWho": "youth",
        "result": "reached", "note": text,
    });
    app.post(
        Socionom,
        &format!("/youths/{}/contacts", app.world.alva),
        contact,
    )
    .expect(201)
    .id()
}

/// Every stored text of every table, as a dump of the database holds it.
pub fn dump(conn: &mut Conn) -> String {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let names = match conn {
        Conn::Pg(_) => {
            "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = 'public'"
        }
        Conn::Sqlite(_) => "SELECT name AS line FROM sqlite_master WHERE type = 'table'",
    };
    let tables: Vec<Line> = diesel::sql_query(names).load(conn).unwrap();
    let mut dump = String::new();
    for table in tables {
        let rows: Vec<Line> = match conn {
            Conn::Pg(_) => {
                let rows = format!("SELECT t::text AS line FROM \"{}\" AS t", table.line);
                diesel::sql_query(rows).load(conn).unwrap()
            }
            Conn::Sqlite(_) => {
                #[derive(QueryableByName)]
                struct Column {
                    #[diesel(sql_type = Text)]
                    name: String,
                }
                let columns = format!("SELECT name FROM pragma_table_info('{}')", table.line);
                let columns: Vec<Column> = diesel::sql_query(columns).load(conn).unwrap();
                let joined: Vec<String> = columns
                    .iter()
                    .map(|column| {
                        // Ids and hashes are bytes and no text.
                        let name = &column.name;
                        format!("CASE typeof(\"{name}\") WHEN 'blob' THEN hex(\"{name}\") ELSE coalesce(\"{name}\", '') END")
                    })
                    .collect();
                let rows = format!(
                    "SELECT {} AS line FROM \"{}\"",
                    joined.join(" || '|' || "),
                    table.line
                );
                diesel::sql_query(rows).load(conn).unwrap()
            }
        };
        for row in rows {
            dump.push_str(&row.line);
            dump.push('\n');
        }
    }
    dump
}

/// Where any of some needles stands in a text or a file, told by its beginning alone: each has at least this many bytes.
const SHORTEST: usize = 8;

/// Needles that stand in the bytes.
pub fn found_in<'n>(bytes: &[u8], needles: &'n BTreeSet<String>) -> Vec<&'n str> {
    let mut by_start: HashMap<&[u8], Vec<&str>> = HashMap::new();
    let mut first = [false; 256];
    for needle in needles {
        assert!(needle.len() >= SHORTEST, "{needle}");
        first[usize::from(needle.as_bytes()[0])] = true;
        by_start
            .entry(&needle.as_bytes()[..SHORTEST])
            .or_default()
            .push(needle);
    }
    let mut found = BTreeSet::new();
    for (at, byte) in bytes.iter().enumerate() {
        if !first[usize::from(*byte)] {
            continue;
        }
        let Some(start) = bytes.get(at..at + SHORTEST) else {
            break;
        };
        for needle in by_start.get(start).into_iter().flatten() {
            if bytes[at..].starts_with(needle.as_bytes()) {
                found.insert(*needle);
            }
        }
    }
    found.into_iter().collect()
}

/// Every secret of a database: the free texts, the identity numbers and what tells where somebody lives and is reached.
pub fn secrets_of(conn: &mut Conn) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    let mut add = |text: &str| {
        if text.len() >= SHORTEST {
            secrets.insert(text.to_owned());
        }
    };
    let closed = open_all(conn, &vault(), &mut |table, column, text| {
        match (table, column) {
            // Copies of what is counted elsewhere, with ids, days and words that lie open.
            ("record_versions" | "protected_versions", _) | (_, "body" | "kind") => {}
            (_, "number" | "identifier_value") => {
                add(text);
                // As people write it.
                if let (Some(start), Some(end)) = (text.get(..8), text.get(8..)) {
                    add(&format!("{start}-{end}"));
                }
            }
            ("youths", "addresses" | "phones") => {
                let list: Value = serde_json::from_str(text).unwrap();
                for item in list.as_array().unwrap() {
                    for name in ["street", "number"] {
                        if let Some(text) = item[name].as_str() {
                            add(text);
                        }
                    }
                }
            }
            // Names lie open beside them, of youths and of who takes them in.
            (_, "given_name" | "family_name") | ("occupations", "place") => {}
            (_, "guardians" | "categories" | "items" | "parties" | "courses" | "document") => {}
            // What is said of an activity is published with a release.
            ("goal_follow_ups", "forecast" | "remedy") => {}
            // Words of code lists, which the settings name too.
            (_, "target" | "status" | "basis" | "form" | "means" | "resource" | "field") => {}
            (
                _,
                "recipient_kind" | "given_by" | "consent_form" | "withdrawal_form" | "raised_by"
                | "substance_status" | "closed_because",
            ) => {}
            _ => add(text),
        }
    })
    .unwrap();
    assert_eq!(closed, Vec::<String>::new());
    secrets
}

/// Whatever is enciphered stands in a column that is known to be: any other would be left behind by a rotation of the keys, and
/// be lost with the old ones.
fn has_no_cipher_text_elsewhere(conn: &mut Conn) {
    let known: BTreeSet<(&str, &str)> = enciphered_columns().collect();
    for column in crate::database::columns(conn) {
        let (table, name) = (column.table_name.as_str(), column.column_name.as_str());
        if known.contains(&(table, name)) {
            continue;
        }
        #[derive(QueryableByName)]
        struct Counted {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            many: i64,
        }
        let sql = format!(
            "SELECT COUNT(*) AS many FROM {table} WHERE CAST({name} AS text) LIKE 'kaa1:%'"
        );
        let counted: Counted = diesel::sql_query(sql).get_result(conn).unwrap();
        assert_eq!(
            counted.many, 0,
            "{table}.{name} is enciphered and not known to be"
        );
    }
}

/// A dump, the files of the embedded database and a backup of it show none of its secrets.
pub fn shows_no_secret(database: &TestDatabase, conn: &mut Conn, least: usize) {
    let secrets = secrets_of(conn);
    assert!(secrets.len() >= least, "only {} secrets", secrets.len());
    let dumped = dump(conn);
    assert!(dumped.len() > 10_000, "a dump of nothing");
    assert_eq!(found_in(dumped.as_bytes(), &secrets), Vec::<&str>::new());
    has_no_cipher_text_elsewhere(conn);
    if let Location::Sqlite(path) = &database.location {
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup.db");
        kaa::db::back_up(conn, &backup).unwrap().unwrap();
        for file in [path.clone(), path.with_extension("db-wal"), backup] {
            let bytes = std::fs::read(&file).unwrap();
            assert_eq!(found_in(&bytes, &secrets), Vec::<&str>::new(), "{file:?}");
            // What may be read is: the search would find what lies open.
            if file.extension().is_some_and(|end| end == "db") {
                let open = BTreeSet::from(["CREATE TABLE youths".to_owned()]);
                assert_eq!(found_in(&bytes, &open).len(), 1, "{file:?}");
            }
        }
    }
}

#[test]
fn every_enciphered_column_of_the_schema_is_enciphered_anew_after_a_rotation() {
    let schema =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs"))
            .unwrap();
    let mut table = "";
    let mut declared: BTreeSet<(&str, &str)> = BTreeSet::new();
    for line in schema.lines() {
        if let Some(name) = line.strip_prefix("    ").and_then(|l| l.strip_suffix(" {")) {
            table = name.split(' ').next().unwrap();
        }
        if let Some((column, kind)) = line.trim().split_once(" -> ")
            && kind.contains("Cipher")
        {
            declared.insert((table, column));
        }
    }
    assert_eq!(declared, enciphered_columns().collect());
    assert!(declared.len() > 90);
}

with_app!(what_is_written_lies_closed_and_is_read_open, |app| {
    let id = note(&app, SECRET);
    let read = app.get(Socionom, &format!("/contacts/{id}")).expect(200);
    assert_eq!(read.body["note"], SECRET);
    let mut conn = app.db();
    let dumped = dump(&mut conn);
    assert!(!dumped.contains("Kvistberg"));
    assert!(
        !dumped.contains("avbrott gymnasium"),
        "the state of schooling"
    );
    assert!(!dumped.contains(ALVA_NUMBER));
    // A record of the compartment is closed with the compartment's keys, its words too.
    app.post(
        Socionom,
        &format!("/youths/{}/referrals", app.world.alva),
        json!({"target": "addiction_care", "note": SECRET}),
    )
    .expect(201);
    let dumped = dump(&mut conn);
    assert!(!dumped.contains("addiction_care") && !dumped.contains("Kvistberg"));
    let counts = count_by_key(&mut conn).unwrap();
    assert!(counts["r1"] > 20 && counts["p1"] >= 4, "{counts:?}");
    assert!(!counts.contains_key(""), "{counts:?}");
});

with_app!(a_text_moved_to_another_place_is_refused, |app| {
    let (one, other) = (note(&app, SECRET), note(&app, "Åkte till Uppsala."));
    let literal = |id: &str, conn: &Conn| match conn {
        Conn::Pg(_) => format!("'{id}'"),
        Conn::Sqlite(_) => format!("x'{}'", id.replace('-', "")),
    };
    let mut conn = app.db();
    let (one_id, other_id) = (literal(&one, &conn), literal(&other, &conn));
    // Whoever can write to the database, but has no key, lays one youth's note beside another's contact.
    conn.batch_execute(&format!(
        "UPDATE contacts SET note = (SELECT note FROM contacts WHERE id = {one_id}) WHERE id = {other_id}"
    ))
    .unwrap();
    let refused = app.get(Socionom, &format!("/contacts/{other}"));
    assert!(!String::from_utf8_lossy(&refused.bytes).contains("Kvistberg"));
    refused.problem(500, "internal");
    assert_eq!(
        app.db_last_event("readContact").error_code.as_deref(),
        Some("internal")
    );
    // So is an open text, and one in another column.
    conn.batch_execute(&format!(
        "UPDATE contacts SET note = 'Öppet.' WHERE id = {other_id}"
    ))
    .unwrap();
    app.get(Socionom, &format!("/contacts/{other}"))
        .problem(500, "internal");
    conn.batch_execute(&format!(
        "UPDATE contacts SET place = (SELECT note FROM contacts WHERE id = {one_id}), note = NULL WHERE id = {one_id}"
    ))
    .unwrap();
    app.get(Socionom, &format!("/contacts/{one}"))
        .problem(500, "internal");
    let closed = open_all(&mut conn, &vault(), &mut |_, _, _| {}).unwrap();
    assert_eq!(closed.len(), 2, "{closed:?}");
    assert!(
        closed
            .iter()
            .any(|told| told == &format!("contacts.place of {one}"))
    );
});

on_both!(keys_are_rotated_while_two_servers_work, |database| {
    let keys = Arc::new(RwLock::new(KeyFile::fresh().unwrap()));
    let source = KeySource::Memory(Arc::clone(&keys));
    let server = || Arc::new(Vault::open(source.clone()).unwrap());
    let mut conn = database.migrated();
    let hand = server();
    remember_keys(&mut conn, &hand).unwrap();
    use_keys(server());
    let app = TestApp::new(database);
    let before = note(&app, SECRET);
    app.post(
        Socionom,
        &format!("/youths/{}/referrals", app.world.alva),
        json!({"target": "health_care", "note": SECRET}),
    )
    .expect(201);
    let one_head = |conn: &mut Conn| -> Vec<String> {
        let counts = count_by_key(conn).unwrap();
        counts.into_keys().collect()
    };
    assert_eq!(one_head(&mut conn), ["p1", "r1"]);
    // The command line adds a version and enciphers anew; the server has not heard of it.
    let rotated = keys.read().unwrap().rotated().unwrap();
    source.replace(&rotated).unwrap();
    hand.read_again().unwrap();
    remember_keys(&mut conn, &hand).unwrap();
    let meanwhile = note(&app, "Skrivet under tiden.");
    assert!(encipher_anew(&mut conn, &hand).unwrap() > 20);
    assert_eq!(one_head(&mut conn), ["p2", "r2"]);
    assert_eq!(encipher_anew(&mut conn, &hand).unwrap(), 0);
    // It reads what is enciphered with the new key, and writes on.
    for (id, text) in [(&before, SECRET), (&meanwhile, "Skrivet under tiden.")] {
        let read = app.get(Socionom, &format!("/contacts/{id}")).expect(200);
        assert_eq!(read.body["note"], text);
    }
    note(&app, "Efteråt.");
    assert_eq!(one_head(&mut conn), ["p2", "r2"]);
    assert_eq!(check_keys(&mut conn, &hand).unwrap(), KeyCheck::Right);
    // Numbers are found as before: their key stays.
    let found = app
        .post(
            Socionom,
            "/youths/search",
            json!({"identityNumber": ALVA_NUMBER}),
        )
        .expect(200);
    assert_eq!(found.body["youths"][0]["id"], json!(app.world.alva));
});

on_both!(
    other_keys_than_those_of_the_database_are_noticed,
    |database| {
        let mut conn = database.migrated();
        let (mine, others) = (vault(), fresh_vault());
        assert_eq!(check_keys(&mut conn, &mine).unwrap(), KeyCheck::Right);
        remember_keys(&mut conn, &mine).unwrap();
        remember_keys(&mut conn, &mine).unwrap();
        assert_eq!(check_keys(&mut conn, &mine).unwrap(), KeyCheck::Right);
        assert_eq!(
            check_keys(&mut conn, &others).unwrap(),
            KeyCheck::Other("compartment 1".to_owned())
        );
        // Keys of which a version was taken away too early.
        let keys = KeySource::Memory(Arc::new(RwLock::new(
            mine.source().read().unwrap().rotated().unwrap(),
        )));
        remember_keys(&mut conn, &Vault::open(keys.clone()).unwrap()).unwrap();
        let cut = keys.read().unwrap().newest_alone();
        let cut = Vault::open(KeySource::Memory(Arc::new(RwLock::new(cut)))).unwrap();
        assert_eq!(
            check_keys(&mut conn, &cut).unwrap(),
            KeyCheck::Missing("compartment 1".to_owned())
        );
    }
);

/// Lays everything open, as a database from before there were keys has it.
fn lay_open(conn: &mut Conn, vault: &Vault) {
    #[derive(QueryableByName)]
    struct Stored {
        #[diesel(sql_type = kaa::db::schema::sql::Guid)]
        id: kaa::domain::id::Id<kaa::domain::id::Record>,
        #[diesel(sql_type = Text)]
        text: String,
    }
    // What never changes does for this once.
    match conn {
        Conn::Pg(_) => conn
            .batch_execute("SET session_replication_role = replica")
            .unwrap(),
        Conn::Sqlite(_) => conn
            .batch_execute("DROP TRIGGER plan_revisions_no_update")
            .unwrap(),
    }
    for (table, column) in enciphered_columns() {
        let id = match table {
            "protected_statuses" => "youth_id",
            "import_refusals" => "import_id",
            "protected_register_extracts" => "extract_id",
            "protected_youth_merges" => "merge_id",
            "record_versions" | "protected_versions" | "idempotency_keys" | "protected_answers" => {
                continue;
            }
            _ => "id",
        };
        let rows: Vec<Stored> = diesel::sql_query(format!(
            "SELECT {id} AS id, {column} AS text FROM {table} WHERE {column} IS NOT NULL"
        ))
        .load(conn)
        .unwrap();
        for row in rows {
            let place = kaa::vault::Place::of(table, column, row.id.uuid());
            let open = vault.decipher(&place, &row.text).unwrap();
            let holder = match conn {
                Conn::Pg(_) => ["$1", "$2"],
                Conn::Sqlite(_) => ["?", "?"],
            };
            let set = if column == "number" {
                // As it was: the number itself, and nothing beside it.
                format!(
                    "UPDATE {table} SET number = '', value = {} WHERE {id} = {}",
                    holder[0], holder[1]
                )
            } else {
                format!(
                    "UPDATE {table} SET {column} = {} WHERE {id} = {}",
                    holder[0], holder[1]
                )
            };
            diesel::sql_query(set)
                .bind::<Text, _>(open)
                .bind::<kaa::db::schema::sql::Guid, _>(row.id)
                .execute(conn)
                .unwrap();
        }
    }
    match conn {
        Conn::Pg(_) => conn
            .batch_execute("SET session_replication_role = origin")
            .unwrap(),
        Conn::Sqlite(_) => {}
    }
}

on_both!(a_database_from_before_is_enciphered_once, |database| {
    let location = database.location.clone();
    let app = TestApp::new(database);
    let id = note(&app, SECRET);
    app.post(
        Socionom,
        &format!("/youths/{}/referrals", app.world.alva),
        json!({"target": "addiction_care", "note": SECRET}),
    )
    .expect(201);
    let mut conn = app.db();
    lay_open(&mut conn, &vault());
    let dumped = dump(&mut conn);
    for open in ["Kvistberg", "addiction_care", ALVA_NUMBER] {
        assert!(
            dumped.contains(open),
            "{open} should lie open for this test"
        );
    }
    assert!(!is_enciphered_once(&mut conn).unwrap());
    let texts = encipher_once(&mut conn, &vault(), app.clock.now()).unwrap();
    assert!(texts > 20, "{texts}");
    assert!(is_enciphered_once(&mut conn).unwrap());
    assert!(!count_by_key(&mut conn).unwrap().contains_key(""));
    let dumped = dump(&mut conn);
    for closed in ["Kvistberg", "addiction_care", ALVA_NUMBER] {
        assert!(!dumped.contains(closed), "{closed} lies open");
    }
    if let Location::Sqlite(path) = &location {
        let needles = BTreeSet::from([SECRET.to_owned(), ALVA_NUMBER.to_owned()]);
        for file in [path.clone(), path.with_extension("db-wal")] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            assert_eq!(found_in(&bytes, &needles), Vec::<&str>::new(), "{file:?}");
        }
    }
    // And everything reads as before.
    let read = app.get(Socionom, &format!("/contacts/{id}")).expect(200);
    assert_eq!(read.body["note"], SECRET);
    let listed = app
        .get(Socionom, &format!("/youths/{}/referrals", app.world.alva))
        .expect(200);
    assert_eq!(listed.body["referrals"][0]["target"], "addiction_care");
    let found = app
        .post(
            Socionom,
            "/youths/search",
            json!({"identityNumber": ALVA_NUMBER}),
        )
        .expect(200);
    assert_eq!(found.body["youths"][0]["id"], json!(app.world.alva));
});

/// Runs the program with keys in a folder; gives its exit code and what it said.
fn kaa(
    location: &Location,
    folder: &Path,
    more: &[(&str, &str)],
    arguments: &[&str],
) -> (i32, String) {
    let folder = folder.display().to_string();
    let environment = [more, &[("KAA_DATA", &folder)]].concat();
    run_program(location, &environment, arguments)
}

on_both!(
    an_operator_makes_rotates_retires_and_loses_keys,
    |database| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.json");
        let location = database.location.clone();
        let run = |arguments: &[&str]| kaa(&location, folder.path(), &[], arguments);
        let told = |(code, said): (i32, String), wanted: i32, words: &str| {
            assert_eq!(code, wanted, "{said}");
            assert!(said.contains(words), "{said}");
        };
        let create = [
            "user",
            "create",
            "--role",
            "administrator",
            "--username",
            "admin",
            "--name",
            "Ada",
        ];
        // A database without keys gets them, and says what that means.
        told(run(&create), 0, "lost the identity numbers and texts");
        let first = std::fs::read(&file).unwrap();
        told(run(&["keys", "status"]), 0, "closes 1 texts");
        told(run(&["keys", "new"]), 1, "exists already");
        told(run(&["keys", "rotate"]), 0, "Texts enciphered anew: 1.");
        told(run(&["keys", "verify"]), 0, "That do not: 0.");
        told(run(&["keys", "status"]), 0, "version 2");
        told(
            run(&["keys", "retire"]),
            0,
            "newest version of each key alone",
        );
        let (code, said) = run(&["keys", "status"]);
        assert!(
            code == 0 && !said.contains("register     version 1"),
            "{said}"
        );
        let last = std::fs::read(&file).unwrap();
        // The old keys again, other keys, no keys, keys that others read: each is refused before anything is written.
        std::fs::write(&file, &first).unwrap();
        told(
            run(&["keys", "status"]),
            1,
            "lacks a key with which this database has been written",
        );
        std::fs::write(&file, KeyFile::fresh().unwrap().text().unwrap().as_bytes()).unwrap();
        told(run(&create), 1, "lacks a key");
        std::fs::remove_file(&file).unwrap();
        told(run(&create), 1, "cannot be read; put them back");
        assert!(
            !file.exists(),
            "no new keys are made for a database that has some"
        );
        let text = String::from_utf8(last.clone()).unwrap();
        // The same keys from the environment.
        let by_text = |arguments: &[&str]| {
            kaa(
                &location,
                folder.path(),
                &[("KAA_KEYS_TEXT", &text)],
                arguments,
            )
        };
        told(by_text(&["keys", "verify"]), 0, "That do not: 0.");
        told(by_text(&["keys", "rotate"]), 0, "no version is added");
        told(by_text(&["keys", "add"]), 1, "rotated where they are kept");
        let (_, said) = kaa(
            &location,
            folder.path(),
            &[("KAA_KEYS_TEXT", "x")],
            &["keys", "status"],
        );
        assert!(said.contains("damaged"), "{said}");
        std::fs::write(&file, &last).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
            told(run(&["keys", "status"]), 1, "chmod 600");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        told(run(&["keys", "verify"]), 0, "That do not: 0.");
    }
);

#[cfg(target_os = "linux")]
#[test]
fn a_crash_leaves_no_file_with_the_memory() {
    use std::os::unix::process::ExitStatusExt;
    let folder = tempfile::tempdir().unwrap();
    let abort = |program: &str| {
        // The shell would let a program that dies by a signal write its memory.
        let mut running = Command::new("sh")
            .args([
                "-c",
                &format!("ulimit -c unlimited 2>/dev/null; exec {program}"),
            ])
            .current_dir(folder.path())
            .env("KAA_SECRET", "Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e")
            .env("KAA_LISTEN", "127.0.0.1:0")
            .env("KAA_DATA", folder.path())
            .env_remove("DATABASE_URL")
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut said = std::io::BufReader::new(running.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("Listening") && !line.contains("ready") {
            line.clear();
            let read = std::io::BufRead::read_line(&mut said, &mut line).unwrap();
            assert!(read > 0, "{program} ended");
        }
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", running.id())).unwrap();
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap()
            .to_owned();
        let killed = Command::new("kill")
            .args(["-ABRT", &running.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        (core, running.wait().unwrap())
    };
    let (core, served) = abort(&format!("{} serve", env!("CARGO_BIN_EXE_kaa")));
    let limits: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(limits[4..6], ["0", "0"], "{core}");
    assert_eq!(served.signal(), Some(6));
    assert!(!served.core_dumped());
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with("core"))
        .collect();
    assert_eq!(left, Vec::<std::ffi::OsString>::new());
}

#[test]
fn the_tables_of_the_compartment_have_the_compartments_keys() {
    for (table, _) in enciphered_columns() {
        let is_apart = KeySet::of_table(table) == KeySet::Compartment;
        assert_eq!(is_apart, table.starts_with("protected_"), "{table}");
    }
}
