//! Upgrades: a database of every released schema, with something in every table, is brought up to date by the program itself.
//! Is every row still there, does every text open, does the log hold, is the schema the same as a fresh one, and does the
//! service answer every read of it?
//!
//! What lies in the tables is told in tests/data/released.json, in the words of today; a row is written in the columns that
//! its table had at the time, as the program of that time would have. A new migration is a released schema by being there:
//! of a table or a column that the file does not know a value is made up by its type, and where that is not enough the test says
//! which table needs a row.

use super::columns;
use crate::on_both;
use crate::support::{Persona, TestApp, TestDatabase, keys_text, run_program, vault};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use kaa::api::routes::{Method, ROUTES, Route};
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::enciphering::{enciphered_columns, open_all, remember_keys};
use kaa::db::{Conn, damages, schema_version};
use kaa::domain::operation::Operation;
use kaa::on_each;
use kaa::vault::Place;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use uuid::Uuid;

type Row = Map<String, Value>;
/// Rows by their tables.
type Rows = BTreeMap<String, Vec<Row>>;

/// What changes on the way by intent: table, column, what it was, what it becomes, and the table that came with that.
const MEANT: &[(&str, &str, &str, &str, &str)] = &[(
    "contacts",
    "occupation",
    "unknown",
    "not_known",
    "occupations",
)];

/// The text of the register of which released programs left some open and enciphered others: it has to open all the same.
const LEFT_OPEN: (&str, &str) = ("correction_notes", "field");

/// The id of a record by its name in the file.
fn id_of(name: &str) -> Uuid {
    let digest = Sha256::digest(name.as_bytes());
    let bytes: [u8; 16] = digest[..16].try_into().unwrap();
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Puts ids in the place of names.
fn named(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('#') => json!(id_of(text)),
        Value::Array(list) => list.iter().map(named).collect(),
        Value::Object(members) => members.iter().map(|(k, v)| (k.clone(), named(v))).collect(),
        other => other.clone(),
    }
}

fn told() -> Rows {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/released.json");
    let value: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    serde_json::from_value(named(&value)).unwrap()
}

/// A text as a column of text holds it.
fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A text, compared by what it means.
fn meaning(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

// The schema as it was ----------------------------------------------------------------------------

#[derive(QueryableByName, Debug, Clone)]
struct Live {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    /// Has to be given.
    #[diesel(sql_type = Bool)]
    is_needed: bool,
    #[diesel(sql_type = Bool)]
    is_key: bool,
    #[diesel(sql_type = Nullable<Text>)]
    refers_to: Option<String>,
}

/// The tables of a database in an order in which they can be filled, with their columns.
fn live(conn: &mut Conn) -> Vec<(String, Vec<Live>)> {
    let sql = match conn {
        Conn::Sqlite(_) => {
            "SELECT m.name AS table_name, c.name AS name, c.type AS declared, c.\"notnull\" AND c.dflt_value IS NULL AS is_needed, \
             c.pk > 0 AS is_key, (SELECT f.\"table\" FROM pragma_foreign_key_list(m.name) f WHERE f.\"from\" = c.name) AS refers_to \
             FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
             AND m.name NOT LIKE 'sqlite%'"
        }
        Conn::Pg(_) => {
            "SELECT table_name::text AS table_name, c.column_name::text AS name, c.data_type::text AS declared, \
             c.is_nullable = 'NO' AND c.column_default IS NULL AS is_needed, \
             EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contype = 'p' AND k.conrelid = table_name::regclass \
               AND c.ordinal_position = ANY (k.conkey)) AS is_key, \
             (SELECT k.confrelid::regclass::text FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = table_name::regclass \
               AND c.ordinal_position = ANY (k.conkey) LIMIT 1) AS refers_to \
             FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
             WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_\\_%'"
        }
    };
    let mut waiting: BTreeMap<String, Vec<Live>> = BTreeMap::new();
    for column in diesel::sql_query(sql).load::<Live>(conn).unwrap() {
        waiting
            .entry(column.table_name.clone())
            .or_default()
            .push(column);
    }
    let mut ordered: Vec<(String, Vec<Live>)> = Vec::new();
    while !waiting.is_empty() {
        let ready: Vec<String> = waiting
            .iter()
            .filter(|(table, columns)| {
                columns
                    .iter()
                    .filter_map(|column| column.refers_to.as_ref())
                    .all(|other| other == *table || !waiting.contains_key(other))
            })
            .map(|(table, _)| table.clone())
            .collect();
        assert!(
            !ready.is_empty(),
            "tables that refer to each other: {:?}",
            waiting.keys()
        );
        for table in ready {
            let columns = waiting.remove(&table).unwrap();
            ordered.push((table, columns));
        }
    }
    ordered
}

/// Every row of a table, with bytes in hexadecimal.
fn rows_of(conn: &mut Conn, table: &str, columns: &[Live]) -> Vec<Row> {
    #[derive(QueryableByName)]
    struct Read {
        #[diesel(sql_type = Text)]
        row: String,
    }
    let sql = match conn {
        Conn::Sqlite(_) => {
            let members: Vec<String> = columns
                .iter()
                .map(|Live { name, .. }| format!("'{name}', CASE typeof(\"{name}\") WHEN 'blob' THEN hex(\"{name}\") ELSE \"{name}\" END"))
                .collect();
            format!(
                "SELECT json_object({}) AS row FROM {table}",
                members.join(", ")
            )
        }
        Conn::Pg(_) => format!("SELECT row_to_json(t)::text AS row FROM {table} t"),
    };
    let rows: Vec<Read> = diesel::sql_query(sql).load(conn).unwrap();
    rows.iter()
        .map(|read| serde_json::from_str(&read.row).unwrap())
        .collect()
}

fn every_row(conn: &mut Conn) -> Rows {
    live(conn)
        .into_iter()
        .map(|(table, columns)| (table.clone(), rows_of(conn, &table, &columns)))
        .collect()
}

/// Everything that a schema consists of, each part as the database tells it.
fn shape(conn: &mut Conn) -> BTreeSet<String> {
    #[derive(QueryableByName)]
    struct Part {
        #[diesel(sql_type = Text)]
        part: String,
    }
    let parts: &[&str] = match conn {
        Conn::Sqlite(_) => &[
            "SELECT type || ' ' || name || ' of ' || tbl_name || ': ' || coalesce(sql, '') AS part FROM sqlite_schema",
        ],
        Conn::Pg(_) => &[
            "SELECT conrelid::regclass::text || ' ' || conname || ': ' || pg_get_constraintdef(oid) AS part FROM pg_constraint WHERE conrelid > 0 AND connamespace = 'public'::regnamespace",
            "SELECT indexdef AS part FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT pg_get_triggerdef(oid) AS part FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT pg_get_functiondef(oid) AS part FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        ],
    };
    let mut shape: BTreeSet<String> = columns(conn)
        .iter()
        .map(|column| format!("{column:?}"))
        .collect();
    for sql in parts {
        let parts: Vec<Part> = diesel::sql_query(*sql).load(conn).unwrap();
        shape.extend(parts.into_iter().map(|part| part.part));
    }
    shape
}

/// How many schemas have been released.
fn released(conn: &Conn) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(match conn {
            Conn::Sqlite(_) => "sqlite",
            Conn::Pg(_) => "postgresql",
        });
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Makes the schema as it was when so many migrations were released.
fn migrate_to(conn: &mut Conn, many: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let files = FileBasedMigrations::from_path(root.join(match conn {
        Conn::Sqlite(_) => "sqlite",
        Conn::Pg(_) => "postgresql",
    }))
    .unwrap();
    for _ in 0..many {
        on_each!(&mut *conn, c => c.run_next_migration(files.clone()).map(drop)).unwrap();
    }
}

// What is written ---------------------------------------------------------------------------------

/// A value for what the file does not know.
fn made_up(column: &Live, written: &Rows) -> Value {
    if let Some(other) = &column.refers_to {
        let row = written
            .get(other)
            .and_then(|rows| rows.first())
            .unwrap_or_else(|| panic!("{other} needs a row in released.json"));
        return row
            .get("id")
            .or_else(|| row.values().next())
            .unwrap()
            .clone();
    }
    let (name, full) = (
        column.name.as_str(),
        format!("{}.{}", column.table_name, column.name),
    );
    match column.declared.as_str() {
        "uuid" | "BLOB" => json!(id_of(&full)),
        "bytea" => json!(format!("\\x{}", id_of(&full).simple())),
        "INTEGER" | "bigint" | "integer" => json!(1),
        "boolean" => json!(true),
        "jsonb" => json!({}),
        "date" => json!("2026-10-01"),
        "timestamp with time zone" => json!("2026-10-01T08:00:00.000000Z"),
        "TEXT" | "text" if name.ends_with("_on") => json!("2026-10-01"),
        "TEXT" | "text" if name.ends_with("_at") => json!("2026-10-01T08:00:00.000000Z"),
        "TEXT" | "text" => json!(full),
        other => panic!("{full} is of a type nobody planned: {other}"),
    }
}

/// What the rows of a table say, in the columns that it has.
fn said(table: &str, columns: &[Live], told: &Rows, written: &Rows) -> Vec<Row> {
    let unknown = vec![Row::new()];
    let rows = told.get(table).unwrap_or(&unknown);
    rows.iter()
        .map(|row| {
            columns
                .iter()
                .filter_map(|column| match row.get(&column.name) {
                    Some(value) => Some((column.name.clone(), value.clone())),
                    None if column.is_needed || row.is_empty() => {
                        Some((column.name.clone(), made_up(column, written)))
                    }
                    None => None,
                })
                .collect()
        })
        .collect()
}

fn feed(hasher: &mut Sha256, part: Option<&[u8]>) {
    match part {
        Some(bytes) => {
            hasher.update([1]);
            hasher.update(u64::try_from(bytes.len()).unwrap().to_be_bytes());
            hasher.update(bytes);
        }
        None => hasher.update([0]),
    }
}

/// Chains the events as released programs did: the reason itself in the hash, or, since there are digests, its digest.
fn chain(events: &mut [Row], subjects: &[Row], has_digests: bool) {
    let mut heads: HashMap<i64, Vec<u8>> = HashMap::new();
    for event in events {
        let text = |name: &str| event[name].as_str().map(str::to_owned);
        let number = |name: &str| event[name].as_i64().unwrap();
        let id = |row: &Row, name: &str| {
            row[name]
                .as_str()
                .map(|id| id.parse::<Uuid>().unwrap().into_bytes())
        };
        let lane = number("lane");
        let previous = heads.remove(&lane).unwrap_or_else(|| vec![0; 32]);
        let mut hasher = Sha256::new();
        feed(&mut hasher, Some(&previous));
        feed(
            &mut hasher,
            Some(&i32::try_from(lane).unwrap().to_be_bytes()),
        );
        feed(&mut hasher, Some(&number("position").to_be_bytes()));
        feed(
            &mut hasher,
            id(event, "id").as_ref().map(<[u8; 16]>::as_slice),
        );
        feed(&mut hasher, text("at").as_deref().map(str::as_bytes));
        feed(
            &mut hasher,
            id(event, "actor_id").as_ref().map(<[u8; 16]>::as_slice),
        );
        for name in ["actor_kind", "role"] {
            feed(&mut hasher, text(name).as_deref().map(str::as_bytes));
        }
        for name in ["unit_id", "session_id"] {
            feed(
                &mut hasher,
                id(event, name).as_ref().map(<[u8; 16]>::as_slice),
            );
        }
        for name in ["operation", "outcome", "error_code", "request_id"] {
            feed(&mut hasher, text(name).as_deref().map(str::as_bytes));
        }
        feed(
            &mut hasher,
            Some(&[u8::from(event["is_break_glass"].as_bool().unwrap())]),
        );
        let reason = text("reason");
        let digested = reason.as_ref().filter(|_| has_digests).map(|reason| {
            let salt = [7_u8; 16];
            (
                salt,
                Sha256::new()
                    .chain_update(salt)
                    .chain_update(reason)
                    .finalize()
                    .to_vec(),
            )
        });
        match &digested {
            Some((_, digest)) => {
                hasher.update([2]);
                feed(&mut hasher, Some(digest));
            }
            None => feed(&mut hasher, reason.as_deref().map(str::as_bytes)),
        }
        for subject in subjects
            .iter()
            .filter(|subject| subject["event_id"] == event["id"])
        {
            feed(
                &mut hasher,
                Some(
                    &i32::try_from(subject["ordinal"].as_i64().unwrap())
                        .unwrap()
                        .to_be_bytes(),
                ),
            );
            feed(
                &mut hasher,
                id(subject, "youth_id").as_ref().map(<[u8; 16]>::as_slice),
            );
            feed(&mut hasher, subject["resource"].as_str().map(str::as_bytes));
            feed(
                &mut hasher,
                id(subject, "record_id").as_ref().map(<[u8; 16]>::as_slice),
            );
            feed(&mut hasher, subject["fields"].as_str().map(str::as_bytes));
        }
        let hash = hasher.finalize().to_vec();
        let bytes = |bytes: &[u8]| json!(format!("\\x{}", data_encoding::HEXLOWER.encode(bytes)));
        event.insert("previous_hash".to_owned(), bytes(&previous));
        event.insert("hash".to_owned(), bytes(&hash));
        if let Some((salt, digest)) = digested {
            event.insert("reason_salt".to_owned(), bytes(&salt));
            event.insert("reason_digest".to_owned(), bytes(&digest));
        }
        heads.insert(lane, hash);
    }
}

/// The row as a program that enciphers stores it.
fn enciphered(table: &str, row: &Row) -> Row {
    let mut stored = row.clone();
    let id = |name: &str| row[name].as_str().unwrap().parse::<Uuid>().unwrap();
    let (record, part) = match table {
        "protected_statuses" => (id("youth_id"), 0),
        "import_refusals" => (id("import_id"), 0),
        "protected_register_extracts" => (id("extract_id"), 0),
        "protected_youth_merges" => (id("merge_id"), 0),
        "record_versions" | "protected_versions" => {
            (id("record_id"), row["version"].as_u64().unwrap())
        }
        "idempotency_keys" | "protected_answers" => {
            let hash = Sha256::digest(row["idempotency_key"].as_str().unwrap());
            (
                id("user_id"),
                u64::from_be_bytes(hash[..8].try_into().unwrap()),
            )
        }
        _ => (id("id"), 0),
    };
    let close = |column: &str, text: &str| {
        let place = Place {
            table,
            column,
            record,
            part,
        };
        json!(vault().encipher(&place, text).unwrap())
    };
    for (of, column) in enciphered_columns().filter(|of| *of != LEFT_OPEN) {
        let value = row
            .get(column)
            .filter(|value| of == table && !value.is_null());
        if let Some(value) = value {
            stored.insert(column.to_owned(), close(column, &text_of(value)));
        }
    }
    for (of, kind, found_by) in NUMBERS {
        if *of == table {
            let number = row[*found_by].as_str().unwrap();
            stored.insert("number".to_owned(), close("number", number));
            stored.insert(
                (*found_by).to_owned(),
                json!(vault().lookup(row[*kind].as_str().unwrap(), number)),
            );
        }
    }
    stored
}

/// Where identity numbers are found by a keyed hash: the table, the column of their kind, and that of the hash.
const NUMBERS: &[(&str, &str, &str)] = &[
    ("youth_identifiers", "kind", "value"),
    ("import_decisions", "identifier_kind", "identifier_value"),
];

fn insert(conn: &mut Conn, table: &str, columns: &[Live], row: &Row) {
    let names: Vec<&str> = row.keys().map(String::as_str).collect();
    let list = names.join(", ");
    let inserted = match conn {
        Conn::Pg(_) => {
            let whole: Row = row
                .iter()
                .map(|(name, value)| {
                    let is_text = columns
                        .iter()
                        .any(|column| column.name == *name && column.declared == "text");
                    (
                        name.clone(),
                        if is_text && !value.is_null() {
                            json!(text_of(value))
                        } else {
                            value.clone()
                        },
                    )
                })
                .collect();
            diesel::sql_query(format!("INSERT INTO {table} ({list}) SELECT {list} FROM json_populate_record(NULL::{table}, $1::json)"))
                .bind::<Text, _>(Value::Object(whole).to_string())
                .execute(conn)
        }
        Conn::Sqlite(_) => {
            let values: Vec<String> = names
                .iter()
                .map(|name| {
                    let declared = &columns
                        .iter()
                        .find(|column| column.name == **name)
                        .unwrap()
                        .declared;
                    match (&row[*name], declared.as_str()) {
                        (Value::Null, _) => "NULL".to_owned(),
                        (Value::Bool(value), _) => u8::from(*value).to_string(),
                        (Value::String(text), "BLOB") => {
                            format!("x'{}'", text.trim_start_matches("\\x").replace('-', ""))
                        }
                        (Value::Number(number), _) => number.to_string(),
                        (value, _) => format!("'{}'", text_of(value).replace('\'', "''")),
                    }
                })
                .collect();
            diesel::sql_query(format!(
                "INSERT INTO {table} ({list}) VALUES ({})",
                values.join(", ")
            ))
            .execute(conn)
        }
    };
    inserted.unwrap_or_else(|cause| {
        panic!("{table} needs another row in released.json: {cause}\n{row:?}")
    });
}

/// Fills every table of the schema; gives what was written, as it reads open.
fn fill(conn: &mut Conn) -> Rows {
    let (told, tables) = (told(), live(conn));
    let has = |table: &str, column: &str| {
        tables
            .iter()
            .any(|(name, columns)| name == table && columns.iter().any(|of| of.name == column))
    };
    let (is_enciphered, has_digests) = (
        has("key_checks", "key_set"),
        has("audit_events", "reason_digest"),
    );
    if is_enciphered {
        remember_keys(conn, &vault()).unwrap();
    }
    let mut written = Rows::new();
    conn.batch_execute("BEGIN").unwrap();
    for (table, columns) in &tables {
        // What has been cut from the log is told by a signed record, which nobody makes up; see audit_cuts.rs.
        let is_signed = ["audit_anchors", "audit_cuts"].contains(&table.as_str());
        // Whatever a migration has put there.
        if is_signed || !rows_of(conn, table, columns).is_empty() {
            continue;
        }
        let mut rows = said(table, columns, &told, &written);
        for (_, column, old, new, with) in MEANT.iter().filter(|meant| meant.0 == table) {
            let is_past = tables.iter().any(|(name, _)| name == with);
            for row in rows
                .iter_mut()
                .filter(|row| is_past && row[*column] == *old)
            {
                row.insert((*column).to_owned(), json!(new));
            }
        }
        match table.as_str() {
            "audit_events" => chain(&mut rows, &told["audit_subjects"], has_digests),
            "backfills" if is_enciphered => rows.push(
                json!({"name": "enciphered", "done_at": "2026-10-02T08:00:00.000000Z"})
                    .as_object()
                    .unwrap()
                    .clone(),
            ),
            _ => {}
        }
        for row in &rows {
            let stored = if is_enciphered {
                enciphered_row(table, row)
            } else {
                row.clone()
            };
            insert(conn, table, columns, &stored);
        }
        written.insert(table.clone(), rows);
    }
    conn.batch_execute("COMMIT").unwrap();
    written
}

/// Of tables that hold texts of somebody's.
fn enciphered_row(table: &str, row: &Row) -> Row {
    let holds_texts = enciphered_columns().any(|(of, _)| of == table);
    if holds_texts {
        enciphered(table, row)
    } else {
        row.clone()
    }
}

// What is found afterwards ------------------------------------------------------------------------

fn every_row_is_there(before: &Rows, conn: &mut Conn) {
    let schema: BTreeMap<String, Vec<Live>> = live(conn).into_iter().collect();
    let hidden: BTreeSet<(&str, &str)> = enciphered_columns().collect();
    let after = every_row(conn);
    for (table, rows) in before {
        let keys: Vec<&str> = schema[table]
            .iter()
            .filter(|column| column.is_key)
            .map(|column| column.name.as_str())
            .collect();
        assert!(!keys.is_empty(), "{table} has no key");
        for row in rows {
            let is_it = |other: &&Row| keys.iter().all(|key| other[*key] == row[*key]);
            let now = after[table]
                .iter()
                .find(is_it)
                .unwrap_or_else(|| panic!("{table} has lost {row:?}"));
            for (column, was) in row {
                let is_hidden = hidden.contains(&(table.as_str(), column.as_str()))
                    || NUMBERS.iter().any(|(of, _, found_by)| {
                        (of, found_by) == (&table.as_str(), &column.as_str())
                    });
                let is_meant = MEANT.iter().any(|(of, name, old, new, _)| {
                    (*of, *name) == (table.as_str(), column.as_str())
                        && *was == json!(old)
                        && now[column] == json!(new)
                });
                assert!(
                    is_hidden || is_meant || now[column] == *was,
                    "{table}.{column} was {was} and is {}",
                    now[column]
                );
            }
        }
    }
}

fn every_text_opens(written: &Rows, conn: &mut Conn) {
    let mut opened: HashMap<(String, String), Vec<Value>> = HashMap::new();
    let closed = open_all(conn, &vault(), &mut |table, column, text| {
        opened
            .entry((table.to_owned(), column.to_owned()))
            .or_default()
            .push(meaning(text));
    })
    .unwrap();
    let reason = |row: &Row| row.contains_key("reason_digest");
    let mut expected = 0;
    for (table, rows) in written {
        let mut check = |column: &str, value: &Value| {
            let texts = opened.get_mut(&(table.clone(), column.to_owned()));
            let found = texts.as_ref().and_then(|texts| {
                texts
                    .iter()
                    .position(|text| *text == meaning(&text_of(value)))
            });
            let found =
                found.unwrap_or_else(|| panic!("{table}.{column} does not open to {value}"));
            texts.unwrap().remove(found);
            expected += 1;
        };
        for row in rows {
            for (_, column) in
                enciphered_columns().filter(|(of, column)| of == table && *column != "number")
            {
                // A reason of the log from before there were digests stays as the chain covers it.
                let stays = table == "audit_events" && !reason(row);
                if let Some(value) = row.get(column).filter(|value| !value.is_null() && !stays) {
                    check(column, value);
                }
            }
            for (_, _, found_by) in NUMBERS.iter().filter(|(of, _, _)| of == table) {
                check("number", &row[*found_by]);
            }
        }
    }
    assert_eq!(closed, Vec::<String>::new());
    assert!(expected > 30, "only {expected} texts");
}

/// The table of the records that a parameter of an address names.
fn table_of(parameter: &str) -> String {
    let record = parameter.strip_suffix("Id").unwrap();
    let mut snake = String::new();
    for letter in record.chars() {
        if letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    match snake.as_str() {
        "candidate" => "target_group_candidates".to_owned(),
        "restriction" => "processing_restrictions".to_owned(),
        "placement_wish" => "placement_wishes".to_owned(),
        "goal_activity" => "goal_activities".to_owned(),
        "work_hours" => "work_hours".to_owned(),
        _ => format!("{snake}s"),
    }
}

/// The addresses of a read, for the records that were written: those of the register and those of the compartment.
fn addresses(route: &Route, written: &Rows) -> Vec<String> {
    let path = match route.operation {
        Operation::ReadWeeklySummary => format!("{}?week=2026-W47", route.path),
        Operation::ListForgottenYouths => format!("{}?kind=not_reached&days=60", route.path),
        _ => route.path.to_owned(),
    };
    let Some((start, rest)) = path.split_once('{') else {
        return vec![path];
    };
    let (parameter, end) = rest.split_once('}').unwrap();
    // The secret of a calendar's address is stored nowhere, and what is named within a record (a chart) has no row of its own.
    if !parameter.ends_with("Id") || end.contains('{') {
        return Vec::new();
    }
    let table = table_of(parameter);
    [table.clone(), format!("protected_{table}")]
        .iter()
        .filter_map(|table| written.get(table)?.first()?.get("id")?.as_str())
        .map(|id| format!("{start}{id}{end}"))
        .collect()
}

/// Everybody in the service, as colleagues of those who were there before.
fn join(app: &TestApp) {
    let literal = |id: Uuid, conn: &Conn| match conn {
        Conn::Pg(_) => format!("'{id}'"),
        Conn::Sqlite(_) => format!("x'{}'", id.simple()),
    };
    let mut conn = app.db();
    let [unit, old_unit, chief, socionom, old_socionom] = [
        id_of("#unit"),
        app.world.unit.uuid(),
        app.world.user(Persona::Enhetschef).uuid(),
        app.world.user(Persona::Socionom).uuid(),
        id_of("#socionom"),
    ]
    .map(|id| literal(id, &conn));
    conn.batch_execute(&format!(
        "UPDATE users SET unit_id = {unit} WHERE unit_id = {old_unit}; \
         UPDATE imports SET created_by = {chief}; \
         UPDATE assignments SET user_id = {socionom} WHERE user_id = {old_socionom};"
    ))
    .unwrap();
}

/// Asks for every read of everything; gives how many were answered.
fn answers_reads(app: &TestApp, written: &Rows) -> usize {
    join(app);
    let who = [
        Persona::Socionom,
        Persona::Enhetschef,
        Persona::Loggranskare,
        Persona::Administrator,
    ];
    let mut answered = 0;
    for route in ROUTES.iter().filter(|route| route.method == Method::Get) {
        // An extract is handed over by whoever made it, and only as long as it says what the register says.
        let is_of_one = matches!(
            route.operation,
            Operation::ReadRegisterExtractContent | Operation::ReadRegisterExtractPrintout
        );
        for address in addresses(route, written) {
            let mut statuses = Vec::new();
            for persona in who {
                let status = app.get(persona, &address).status;
                assert!(status < 500, "{persona:?} {address}: {status}");
                statuses.push(status);
                if status == 200 {
                    break;
                }
            }
            assert!(
                is_of_one || statuses.contains(&200),
                "{address}: {statuses:?}"
            );
            answered += 1;
        }
    }
    let contact = app
        .get(
            Persona::Socionom,
            &format!("/contacts/{}", id_of("#contact")),
        )
        .expect(200);
    assert_eq!(contact.body["note"], "Anteckningen före.");
    let number = told()["youth_identifiers"][0]["value"].clone();
    let found = app
        .post(
            Persona::Socionom,
            "/youths/search",
            json!({"identityNumber": number}),
        )
        .expect(200);
    assert_eq!(found.body["youths"][0]["id"], json!(id_of("#tyra")));
    answered
}

fn upgrade(
    database: TestDatabase,
    many: usize,
    is_asked: bool,
    fresh: &BTreeSet<String>,
) -> String {
    let mut conn = database.connect();
    migrate_to(&mut conn, many);
    let schema = schema_version(&mut conn).unwrap();
    let written = fill(&mut conn);
    let before = every_row(&mut conn);
    let (code, told) = run_program(
        &database.location,
        &[("KAA_KEYS_TEXT", &keys_text())],
        &["migrate"],
    );
    assert_eq!(code, 0, "{schema}: {told}");
    every_row_is_there(&before, &mut conn);
    every_text_opens(&written, &mut conn);
    assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 3 });
    assert_eq!(damages(&mut conn).unwrap(), Vec::<String>::new());
    let now = shape(&mut conn);
    assert_eq!(
        now.symmetric_difference(fresh).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    let rows: usize = before.values().map(Vec::len).sum();
    drop(conn);
    // What lies in a table does not follow from the schema it was written under: not every one of them is asked for everything.
    let answered = if is_asked {
        answers_reads(&TestApp::new(database), &written)
    } else {
        0
    };
    format!(
        "{schema}: {rows} rows in {} tables, {answered} reads",
        written.len()
    )
}

on_both!(
    every_released_schema_is_upgraded_with_what_is_in_it,
    |database| {
        let mut conn = database.migrated();
        let (fresh, released) = (shape(&mut conn), released(&conn));
        let another: fn() -> TestDatabase = match conn {
            Conn::Sqlite(_) => TestDatabase::sqlite,
            Conn::Pg(_) => || TestDatabase::postgresql().unwrap(),
        };
        assert!(released.len() >= 20, "{released:?}");
        for many in 1..=released.len() {
            let is_asked = many % 4 == 1 || many == released.len();
            println!("{}", upgrade(another(), many, is_asked, &fresh));
        }
    }
);
