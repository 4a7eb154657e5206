//! Enciphering what lies in the database already: everything of a database from before there were keys, once, and with the
//! newest key after a rotation, in small transactions beside the running service. Also whether the keys at hand are those
//! of this database. How a row is enciphered as it is written stands in `cipher`.

use super::Conn;
use super::cipher::{CipherText, tag_of};
use super::schema::sql::{Cipher, Guid};
use super::schema::{backfills, import_decisions, key_checks, youth_identifiers};
use super::types::Timestamp;
use crate::domain::id::{Id, Identifier, ImportDecision, Record};
use crate::domain::identity_number::{IdentityNumber, IdentityNumberKind};
use crate::error::{Error, Result};
use crate::vault::{Place, Vault, is_enciphered};
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeMap;

/// The mark of a database in which nothing lies open any more. The first one, without a number, was set by programs that left
/// the field of a correction note out.
const ENCIPHERED: &str = "enciphered_2";
/// Texts in one transaction: the one writer of SQLite is held for some milliseconds.
const BATCH: i64 = 200;

/// What tells the rows of a table apart, and binds their texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    /// One id, in this column.
    Id(&'static str),
    /// Resource, record and version: the version is the part.
    Version,
    /// A person and a key of theirs: see `idempotency::place`.
    Answer,
}

/// The enciphered columns of a table.
struct Columns {
    table: &'static str,
    key: Key,
    columns: &'static [&'static str],
}

const fn by_id(table: &'static str, columns: &'static [&'static str]) -> Columns {
    Columns {
        table,
        key: Key::Id("id"),
        columns,
    }
}

/// Every column that is enciphered; a test compares with the schema.
const COLUMNS: &[Columns] = &[
    by_id(
        "youths",
        &[
            "addresses",
            "phones",
            "email",
            "social_media",
            "guardians",
            "school_status",
        ],
    ),
    by_id("youth_identifiers", &["number"]),
    by_id("duplicate_dismissals", &["reason", "withdrawal_reason"]),
    by_id(
        "youth_merges",
        &["reason", "merged_youth", "changes", "undo_reason"],
    ),
    Columns {
        table: "protected_youth_merges",
        key: Key::Id("merge_id"),
        columns: &["changes"],
    },
    by_id("enrolments", &["void_reason"]),
    by_id("exam_documents", &["void_reason"]),
    by_id("residences", &["void_reason"]),
    by_id("episodes", &["basis_text"]),
    by_id(
        "consents",
        &[
            "recipient_name",
            "purpose",
            "categories",
            "document_reference",
        ],
    ),
    by_id("contacts", &["place", "note"]),
    by_id("contact_addenda", &["text"]),
    by_id("outreach_sessions", &["place", "note"]),
    by_id("outreach_contacts", &["note"]),
    by_id("work_hours", &["note"]),
    by_id("week_approvals", &["reason"]),
    by_id("correction_notes", &["field", "text"]),
    by_id(
        "disclosures",
        &["recipient_name", "categories", "basis_reason"],
    ),
    by_id("occupations", &["place", "void_reason"]),
    by_id("interventions", &["goal"]),
    by_id("placement_offers", &["requirements"]),
    by_id("placement_wishes", &["note"]),
    by_id(
        "mappings",
        &["goals", "needs", "expectations", "interests", "strengths"],
    ),
    by_id(
        "plan_revisions",
        &[
            "planning_text",
            "goal_text",
            "items",
            "agreed_to",
            "not_agreed_to",
        ],
    ),
    by_id("education_contracts", &["parties", "courses"]),
    by_id("referrals", &["recipient", "note", "basis_reason"]),
    by_id("tasks", &["deferral_reason", "answer_reference"]),
    by_id(
        "transfers",
        &["reason", "basis_reason", "decision_reason", "reference"],
    ),
    by_id("national_file_chunks", &["content"]),
    by_id("target_group_candidates", &["decision_reason"]),
    by_id("access_grants", &["reason"]),
    by_id("audit_events", &["reason"]),
    by_id(
        "processing_restrictions",
        &["reason", "opening_reason", "lift_reason"],
    ),
    by_id("disposal_holds", &["reason", "lift_reason"]),
    by_id("organisations", &["note"]),
    by_id("goal_values", &["note", "void_reason"]),
    by_id("goal_follow_ups", &["forecast", "remedy"]),
    by_id(
        "register_extracts",
        &["request_reference", "reason", "omissions"],
    ),
    by_id(
        "school_notifications",
        &["identifier_value", "given_name", "family_name", "reason"],
    ),
    by_id("import_decisions", &["number", "document", "reason"]),
    Columns {
        table: "import_refusals",
        key: Key::Id("import_id"),
        columns: &["content"],
    },
    by_id("statistics_releases", &["behind", "withdrawal_reason"]),
    by_id("jobs", &["checkpoint"]),
    by_id("log_reviews", &["conclusion"]),
    by_id("log_review_rows", &["note", "follow_up_result"]),
    Columns {
        table: "record_versions",
        key: Key::Version,
        columns: &["document"],
    },
    Columns {
        table: "idempotency_keys",
        key: Key::Answer,
        columns: &["body"],
    },
    by_id(
        "protected_referrals",
        &[
            "target",
            "status",
            "recipient",
            "note",
            "consent_form",
            "basis",
            "basis_reason",
        ],
    ),
    Columns {
        table: "protected_statuses",
        key: Key::Id("youth_id"),
        columns: &["basis", "substance_status", "note"],
    },
    by_id(
        "protected_consents",
        &[
            "recipient_kind",
            "recipient_name",
            "purpose",
            "categories",
            "given_by",
            "form",
            "document_reference",
            "withdrawal_form",
        ],
    ),
    by_id(
        "protected_disclosures",
        &[
            "recipient_kind",
            "recipient_name",
            "categories",
            "means",
            "basis",
            "basis_reason",
        ],
    ),
    by_id(
        "protected_correction_notes",
        &["resource", "field", "text", "raised_by"],
    ),
    by_id(
        "protected_tasks",
        &[
            "kind",
            "deferral_reason",
            "answer_reference",
            "closed_because",
        ],
    ),
    Columns {
        table: "protected_register_extracts",
        key: Key::Id("extract_id"),
        columns: &["omissions"],
    },
    Columns {
        table: "protected_versions",
        key: Key::Version,
        columns: &["document"],
    },
    Columns {
        table: "protected_answers",
        key: Key::Answer,
        columns: &["body"],
    },
];

/// Every enciphered column, as `table.column`.
pub fn enciphered_columns() -> impl Iterator<Item = (&'static str, &'static str)> {
    COLUMNS
        .iter()
        .flat_map(|of| of.columns.iter().map(|column| (of.table, *column)))
}

/// What binds the text in a column of a row that is at hand as JSON, with its ids as UUIDs. `None` if nothing is enciphered there.
pub(in crate::db) fn place_in_row<'a>(
    table: &str,
    column: &'a str,
    row: &serde_json::Map<String, serde_json::Value>,
) -> Option<Place<'a>> {
    let of = COLUMNS
        .iter()
        .find(|of| of.table == table && of.columns.contains(&column))?;
    let id = |name: &str| -> Option<Id<Record>> {
        let text = row.get(name)?.as_str()?;
        uuid::Uuid::try_parse(text).ok().map(Id::of)
    };
    let found = match of.key {
        Key::Id(name) => Found {
            id: id(name)?,
            ..Found::before_all()
        },
        Key::Version => Found {
            id: id("record_id")?,
            number: row.get("version")?.as_i64()?,
            ..Found::before_all()
        },
        Key::Answer => Found {
            id: id("user_id")?,
            word: row.get("idempotency_key")?.as_str()?.to_owned(),
            ..Found::before_all()
        },
    };
    Some(found.place(of, column))
}

// The keys ----------------------------------------------------------------------------------------

/// Whether the keys at hand are those of this database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyCheck {
    /// They are, or the database has none yet.
    Right,
    /// A key of this name and version is another one.
    Other(String),
    /// A key with which this database has been written is missing.
    Missing(String),
}

/// Names and fingerprints of the keys at hand.
fn at_hand(vault: &Vault) -> BTreeMap<(String, i64), String> {
    let (keys, lookup) = vault.fingerprints();
    let named = keys
        .into_iter()
        .map(|((set, version), print)| ((set.name().to_owned(), i64::from(version)), print));
    named.chain([(("lookup".to_owned(), 1), lookup)]).collect()
}

/// Whether any keys have ever been used here.
///
/// # Errors
/// The database does not answer.
pub fn has_keys(conn: &mut Conn) -> QueryResult<bool> {
    let known: i64 = key_checks::table.count().get_result(conn)?;
    Ok(known > 0)
}

/// Compares the keys at hand with those that this database was written with.
///
/// # Errors
/// The database does not answer.
pub fn check_keys(conn: &mut Conn, vault: &Vault) -> QueryResult<KeyCheck> {
    let at_hand = at_hand(vault);
    let known: Vec<(String, i64, String)> = key_checks::table
        .order((key_checks::key_set, key_checks::version))
        .load(conn)?;
    for (set, version, fingerprint) in known {
        match at_hand.get(&(set.clone(), version)) {
            Some(found) if *found == fingerprint => {}
            Some(_) => return Ok(KeyCheck::Other(format!("{set} {version}"))),
            None => return Ok(KeyCheck::Missing(format!("{set} {version}"))),
        }
    }
    Ok(KeyCheck::Right)
}

/// Remembers the keys at hand. Before the first text is enciphered with them.
///
/// # Errors
/// The database does not answer.
pub fn remember_keys(conn: &mut Conn, vault: &Vault) -> QueryResult<()> {
    let at_hand = at_hand(vault);
    conn.transaction(|conn| {
        let known: Vec<(String, i64, String)> = key_checks::table.load(conn)?;
        for ((set, version), fingerprint) in at_hand {
            if known
                .iter()
                .any(|(name, number, _)| (name, *number) == (&set, version))
            {
                continue;
            }
            diesel::insert_into(key_checks::table)
                .values((
                    key_checks::key_set.eq(set),
                    key_checks::version.eq(version),
                    key_checks::fingerprint.eq(fingerprint),
                ))
                .execute(conn)?;
        }
        Ok(())
    })
}

/// Forgets the keys that are no longer at hand, once nothing is enciphered with them.
///
/// # Errors
/// The database does not answer.
pub fn forget_other_keys(conn: &mut Conn, vault: &Vault) -> QueryResult<()> {
    let at_hand = at_hand(vault);
    let known: Vec<(String, i64, String)> = key_checks::table.load(conn)?;
    for (set, version, _) in known {
        if !at_hand.contains_key(&(set.clone(), version)) {
            diesel::delete(key_checks::table.find((set, version))).execute(conn)?;
        }
    }
    Ok(())
}

// The texts ---------------------------------------------------------------------------------------

/// Whether everything has been enciphered once.
///
/// # Errors
/// The database does not answer.
pub fn is_enciphered_once(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(backfills::table.find(ENCIPHERED))).get_result(conn)
}

/// Enciphers everything that lies open, lets the databases forget what lay there, and leaves the mark. Whoever is killed on
/// the way begins again; what is enciphered stays so.
///
/// # Errors
/// The database does not answer.
pub fn encipher_once(conn: &mut Conn, vault: &Vault, at: DateTime<Utc>) -> Result<u64> {
    let mut changed = encipher_numbers(conn, vault)?;
    changed += encipher_anew(conn, vault)?;
    if changed > 0 {
        forget_what_lay_open(conn)?;
    }
    diesel::insert_into(backfills::table)
        .values((
            backfills::name.eq(ENCIPHERED),
            backfills::done_at.eq(Timestamp::of(at)),
        ))
        .execute(conn)?;
    Ok(changed)
}

/// Pages from which texts were taken keep them until they are written over: the file is written anew.
fn forget_what_lay_open(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => c.batch_execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?,
        Conn::Pg(c) => {
            for of in COLUMNS {
                c.batch_execute(&format!("VACUUM FULL {}", of.table))?;
            }
        }
    }
    Ok(())
}

/// Gives every number that lies open its keyed hash and its cipher text.
fn encipher_numbers(conn: &mut Conn, vault: &Vault) -> Result<u64> {
    let mut changed = 0;
    loop {
        let open: Vec<(Id<Identifier>, String, String)> = youth_identifiers::table
            .filter(youth_identifiers::number.eq(CipherText(String::new())))
            .select((
                youth_identifiers::id,
                youth_identifiers::kind,
                youth_identifiers::value,
            ))
            .limit(BATCH)
            .load(conn)?;
        let decisions: Vec<(Id<ImportDecision>, String, String)> = import_decisions::table
            .filter(import_decisions::number.eq(CipherText(String::new())))
            .select((
                import_decisions::id,
                import_decisions::identifier_kind,
                import_decisions::identifier_value,
            ))
            .limit(BATCH)
            .load(conn)?;
        if open.is_empty() && decisions.is_empty() {
            return Ok(changed);
        }
        changed += u64::try_from(open.len() + decisions.len()).unwrap_or(0);
        conn.transaction(|conn| {
            for (id, kind, value) in open {
                let (tag, number) =
                    hidden_number(vault, "youth_identifiers", id.uuid(), &kind, &value)?;
                diesel::update(youth_identifiers::table.find(id))
                    .set((
                        youth_identifiers::value.eq(tag),
                        youth_identifiers::number.eq(number),
                    ))
                    .execute(conn)?;
            }
            for (id, kind, value) in decisions {
                let (tag, number) =
                    hidden_number(vault, "import_decisions", id.uuid(), &kind, &value)?;
                diesel::update(import_decisions::table.find(id))
                    .set((
                        import_decisions::identifier_value.eq(tag),
                        import_decisions::number.eq(number),
                    ))
                    .execute(conn)?;
            }
            Ok::<_, Error>(())
        })?;
    }
}

fn hidden_number(
    vault: &Vault,
    table: &str,
    record: uuid::Uuid,
    kind: &str,
    value: &str,
) -> Result<(String, CipherText)> {
    let number = IdentityNumberKind::from_code(kind)
        .and_then(|kind| IdentityNumber::from_stored(kind, value).ok());
    let place = Place::of(table, "number", record);
    let text = vault.encipher(&place, value).map(CipherText)?;
    Ok((
        number.map_or(String::new(), |number| tag_of(vault, &number)),
        text,
    ))
}

/// A text with what tells it apart.
#[derive(Clone, QueryableByName)]
struct Found {
    #[diesel(sql_type = Guid)]
    id: Id<Record>,
    /// The resource or the key.
    #[diesel(sql_type = Text)]
    word: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Cipher)]
    text: CipherText,
}

impl Found {
    fn before_all() -> Self {
        Self {
            id: Id::of(uuid::Uuid::nil()),
            word: String::new(),
            number: 0,
            text: CipherText(String::new()),
        }
    }

    fn place<'a>(&self, of: &Columns, column: &'a str) -> Place<'a> {
        match of.key {
            Key::Id(_) => Place::of(of.table, column, self.id.uuid()),
            Key::Version => super::versions::place(of.table, self.id, self.number),
            Key::Answer => super::idempotency::place(of.table, self.id.cast(), &self.word),
        }
    }
}

/// Opens every enciphered text and gives it to `look` with its table and column: for `kaa keys verify`, and for whoever must
/// know that nothing else shows them. Gives those that do not open, as table, column and record.
///
/// # Errors
/// The database does not answer.
pub fn open_all(
    conn: &mut Conn,
    vault: &Vault,
    look: &mut dyn FnMut(&str, &str, &str),
) -> Result<Vec<String>> {
    let mut closed = Vec::new();
    for of in COLUMNS {
        for column in of.columns {
            let mut after = Found::before_all();
            loop {
                // Nothing begins so: every text is read.
                let found = read_after(conn, of, column, "\u{1}", &after)?;
                let Some(last) = found.last() else { break };
                after = last.clone();
                for row in &found {
                    match vault.decipher(&row.place(of, column), &row.text.0) {
                        Ok(text) => look(of.table, column, &text),
                        Err(_) => closed.push(format!("{}.{column} of {}", of.table, row.id)),
                    }
                }
            }
        }
    }
    Ok(closed)
}

/// Enciphers with the newest keys whatever is not: what lies open, and what an older key closes. Small transactions; what
/// somebody else changes meanwhile is left as they wrote it. Gives the number of texts.
///
/// # Errors
/// The database does not answer, or a text does not open with the key it names.
pub fn encipher_anew(conn: &mut Conn, vault: &Vault) -> Result<u64> {
    let mut changed = 0;
    for of in COLUMNS {
        for column in of.columns {
            changed += encipher_column(conn, vault, of, column)?;
        }
    }
    Ok(changed)
}

fn encipher_column(conn: &mut Conn, vault: &Vault, of: &Columns, column: &str) -> Result<u64> {
    let newest = vault.newest_head(of.table)?;
    let mut changed = 0;
    let mut after = Found::before_all();
    loop {
        let found = read_after(conn, of, column, &newest, &after)?;
        let Some(last) = found.last() else {
            return Ok(changed);
        };
        after = last.clone();
        changed += conn.transaction(|conn| {
            let mut written = 0;
            for row in &found {
                written += encipher_one(conn, vault, of, column, row)?;
            }
            Ok::<_, Error>(written)
        })?;
    }
}

/// Whether a text is there to be enciphered. A reason of the log from before it had a digest is covered by the chain as it lies
/// open; it can only be disposed of with its event.
fn is_there(table: &str, column: &str) -> String {
    match table {
        "audit_events" => format!("{column} IS NOT NULL AND reason_digest IS NOT NULL"),
        _ => format!("{column} IS NOT NULL"),
    }
}

/// The next texts in the order of the table's key that are not enciphered with the newest key.
fn read_after(
    conn: &mut Conn,
    of: &Columns,
    column: &str,
    newest: &str,
    after: &Found,
) -> Result<Vec<Found>> {
    let table = of.table;
    let is_old = format!("{} AND {column} NOT LIKE ?", is_there(table, column));
    let text = match of.key {
        Key::Id(id) => format!(
            "SELECT {id} AS id, '' AS word, CAST(0 AS BIGINT) AS number, {column} AS text FROM {table} \
             WHERE {id} > ? AND {is_old} ORDER BY {id} LIMIT {BATCH}"
        ),
        Key::Version => format!(
            "SELECT record_id AS id, resource AS word, version AS number, {column} AS text FROM {table} \
             WHERE (record_id, resource, version) > (?, ?, ?) AND {is_old} \
             ORDER BY record_id, resource, version LIMIT {BATCH}"
        ),
        Key::Answer => format!(
            "SELECT user_id AS id, idempotency_key AS word, CAST(0 AS BIGINT) AS number, {column} AS text FROM {table} \
             WHERE (user_id, idempotency_key) > (?, ?) AND {is_old} ORDER BY user_id, idempotency_key LIMIT {BATCH}"
        ),
    };
    let query = diesel::sql_query(placed(conn, &text))
        .into_boxed()
        .bind::<Guid, _>(after.id);
    let query = match of.key {
        Key::Id(_) => query,
        Key::Version => query
            .bind::<Text, _>(after.word.clone())
            .bind::<BigInt, _>(after.number),
        Key::Answer => query.bind::<Text, _>(after.word.clone()),
    };
    Ok(query.bind::<Text, _>(format!("{newest}%")).load(conn)?)
}

fn encipher_one(
    conn: &mut Conn,
    vault: &Vault,
    of: &Columns,
    column: &str,
    row: &Found,
) -> Result<u64> {
    let place = row.place(of, column);
    let old = &row.text.0;
    let open = if is_enciphered(old) {
        vault.decipher(&place, old)?
    } else {
        old.clone()
    };
    let new = CipherText(vault.encipher(&place, &open)?);
    let table = of.table;
    let key = match of.key {
        Key::Id(id) => format!("{id} = ?"),
        Key::Version => "record_id = ? AND resource = ? AND version = ?".to_owned(),
        Key::Answer => "user_id = ? AND idempotency_key = ?".to_owned(),
    };
    let text = format!("UPDATE {table} SET {column} = ? WHERE {key} AND {column} = ?");
    let query = diesel::sql_query(placed(conn, &text))
        .into_boxed()
        .bind::<Cipher, _>(new)
        .bind::<Guid, _>(row.id);
    let query = match of.key {
        Key::Id(_) => query,
        Key::Version => query
            .bind::<Text, _>(row.word.clone())
            .bind::<BigInt, _>(row.number),
        Key::Answer => query.bind::<Text, _>(row.word.clone()),
    };
    let written = query.bind::<Cipher, _>(row.text.clone()).execute(conn)?;
    Ok(u64::try_from(written).unwrap_or(0))
}

/// How many texts are enciphered with which key, by its name in a cipher text; those that lie open under the empty name.
///
/// # Errors
/// The database does not answer.
pub fn count_by_key(conn: &mut Conn) -> QueryResult<BTreeMap<String, i64>> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = Text)]
        head: String,
        #[diesel(sql_type = BigInt)]
        many: i64,
    }
    let mut counts = BTreeMap::new();
    for of in COLUMNS {
        for column in of.columns {
            let start = match conn {
                Conn::Pg(_) => format!("split_part({column}, ':', 2)"),
                Conn::Sqlite(_) => {
                    format!("substr({column}, 6, instr(substr({column}, 6), ':') - 1)")
                }
            };
            let text = format!(
                "SELECT CASE WHEN {column} LIKE 'kaa1:%' THEN {start} ELSE '' END AS head, COUNT(*) AS many \
                 FROM {} WHERE {} GROUP BY 1",
                of.table,
                is_there(of.table, column)
            );
            let found: Vec<Counted> = diesel::sql_query(text).load(conn)?;
            for row in found {
                *counts.entry(row.head).or_default() += row.many;
            }
        }
    }
    Ok(counts)
}

/// A statement with the placeholders of its database.
pub(in crate::db) fn placed(conn: &Conn, text: &str) -> String {
    match conn {
        Conn::Sqlite(_) => text.to_owned(),
        Conn::Pg(_) => {
            let mut placed = String::with_capacity(text.len() + 8);
            for (number, part) in text.split('?').enumerate() {
                if number > 0 {
                    placed.push_str(&format!("${number}"));
                }
                placed.push_str(part);
            }
            placed
        }
    }
}
