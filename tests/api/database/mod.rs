//! Do the two schemas, their migrations and `db::schema` say the same, and does the audit refuse to be changed?

mod audit_anchor;
pub mod audit_chain;
mod audit_cuts;
mod store;
mod upgrades;

use crate::on_both;
use crate::support::TestDatabase;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use kaa::db::cipher::CipherText;
use kaa::db::schema::{audit_events, units, users};
use kaa::db::types::Timestamp;
use kaa::db::{Conn, migrate, revert_all};
use kaa::domain::codes::Code;
use kaa::domain::id::{Id, Unit, User};
use kaa::domain::user::Role;
use std::collections::BTreeSet;

#[derive(QueryableByName, Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
pub struct Column {
    #[diesel(sql_type = Text)]
    pub table_name: String,
    #[diesel(sql_type = Text)]
    pub column_name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    #[diesel(sql_type = Bool)]
    is_required: bool,
}

/// Every column of every table of ours, with the type as the database declares it.
pub fn columns(conn: &mut Conn) -> Vec<Column> {
    let sql = match conn {
        Conn::Pg(_) => {
            "SELECT table_name::text, column_name::text, data_type::text AS declared, is_nullable = 'NO' AS is_required \
             FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) \
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_\\_%' ORDER BY 1, 2"
        }
        Conn::Sqlite(_) => {
            "SELECT m.name AS table_name, c.name AS column_name, c.type AS declared, c.\"notnull\" AS is_required \
             FROM sqlite_schema m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%' ORDER BY 1, 2"
        }
    };
    diesel::sql_query(sql).load(conn).unwrap()
}

on_both!(migrations_run_up_down_and_up_again, |database| {
    let mut conn = database.connect();
    let all = migrate(&mut conn).unwrap();
    assert!(all > 0);
    let first = columns(&mut conn);
    assert!(first.len() > 200, "the schema is there");
    assert_eq!(revert_all(&mut conn).unwrap(), all);
    assert_eq!(columns(&mut conn), [], "down.sql leaves a table behind");
    assert_eq!(migrate(&mut conn).unwrap(), all);
    assert_eq!(columns(&mut conn), first);
    assert_eq!(
        migrate(&mut conn).unwrap(),
        0,
        "a second run has nothing to do"
    );
});

#[test]
fn both_schemas_have_the_same_columns_of_matching_types() {
    let mut lite = TestDatabase::sqlite().migrated();
    let Some(server) = TestDatabase::postgresql() else {
        return;
    };
    let matching = |c: &Column| {
        let class = match c.declared.as_str() {
            "uuid" | "bytea" | "BLOB" => "bytes",
            "integer" | "bigint" | "boolean" | "INTEGER" => "number",
            "text" | "timestamp with time zone" | "date" | "jsonb" | "TEXT" => "text",
            other => panic!("a type nobody planned: {other}"),
        };
        (
            c.table_name.clone(),
            c.column_name.clone(),
            class,
            c.is_required,
        )
    };
    let lite: BTreeSet<_> = columns(&mut lite).iter().map(matching).collect();
    let pg: BTreeSet<_> = columns(&mut server.migrated())
        .iter()
        .map(matching)
        .collect();
    assert_eq!(lite, pg);
}

#[test]
fn the_schema_in_rust_names_exactly_the_columns_of_the_database() {
    let mut conn = TestDatabase::sqlite().migrated();
    let live: BTreeSet<String> = columns(&mut conn)
        .iter()
        .map(|c| format!("{}.{}", c.table_name, c.column_name))
        .collect();
    let source = include_str!("../../../src/db/schema.rs");
    let mut written = BTreeSet::new();
    let mut table = "";
    for line in source.lines().map(str::trim) {
        if let Some((name, rest)) = line
            .split_once(" (")
            .filter(|(_, rest)| rest.ends_with(") {"))
        {
            table = name;
            assert!(!rest.is_empty());
        } else if line.starts_with("diesel::") {
            // How tables are joined is not a column.
        } else if let Some((column, _)) = line.split_once(" -> ") {
            written.insert(format!("{table}.{column}"));
        }
    }
    assert_eq!(written, live);
}

fn insert_event(conn: &mut Conn) {
    let at = Timestamp::of("2026-11-24T08:00:00.123456789Z".parse().unwrap());
    diesel::insert_into(audit_events::table)
        .values((
            audit_events::lane.eq(0),
            audit_events::position.eq(1_i64),
            audit_events::id.eq(Id::<kaa::domain::id::AuditEvent>::fresh()),
            audit_events::at.eq(at),
            audit_events::actor_kind.eq("console"),
            audit_events::operation.eq("readYouth"),
            audit_events::outcome.eq("allowed"),
            audit_events::request_id.eq("r-1"),
            audit_events::is_break_glass.eq(false),
            audit_events::previous_hash.eq(vec![0_u8; 32]),
            audit_events::hash.eq(vec![1_u8; 32]),
        ))
        .execute(conn)
        .unwrap();
    let stored: Timestamp = audit_events::table
        .select(audit_events::at)
        .first(conn)
        .unwrap();
    assert_eq!(
        stored, at,
        "both databases give back the instant that was written"
    );
}

on_both!(the_audit_refuses_to_be_changed, |database| {
    let mut conn = database.migrated();
    insert_event(&mut conn);
    for sql in [
        "UPDATE audit_events SET operation = 'x'",
        "DELETE FROM audit_events",
    ] {
        let refused = conn.batch_execute(sql).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    let left: i64 = audit_events::table.count().get_result(&mut conn).unwrap();
    assert_eq!(left, 1);
});

on_both!(
    ids_words_and_documents_come_back_as_they_were_written,
    |database| {
        let mut conn = database.migrated();
        let now = Timestamp::of("2026-11-24T08:00:00Z".parse().unwrap());
        let (unit, user) = (Id::<Unit>::fresh(), Id::<User>::fresh());
        diesel::insert_into(units::table)
            .values((
                units::id.eq(unit),
                units::name.eq("Unga vuxna, Hallonbergen"),
                units::created_at.eq(now),
                units::updated_at.eq(now),
                units::version.eq(1_i64),
            ))
            .execute(&mut conn)
            .unwrap();
        for (role, id) in Role::ALL
            .iter()
            .zip([user].into_iter().chain(std::iter::repeat_with(Id::fresh)))
        {
            diesel::insert_into(users::table)
                .values((
                    users::id.eq(id),
                    users::unit_id.eq(Some(unit)),
                    users::username.eq(role.code()),
                    users::display_name.eq("Åsa Öberg"),
                    users::role.eq(*role),
                    users::password_hash.eq("-"),
                    users::is_active.eq(true),
                    users::created_at.eq(now),
                    users::updated_at.eq(now),
                    users::version.eq(1_i64),
                ))
                .execute(&mut conn)
                .unwrap();
        }
        let (id, unit_id, role, active): (Id<User>, Option<Id<Unit>>, Role, bool) = users::table
            .filter(users::role.eq(Role::Ambassador))
            .select((users::id, users::unit_id, users::role, users::is_active))
            .first(&mut conn)
            .unwrap();
        assert_eq!(
            (id, unit_id, role, active),
            (user, Some(unit), Role::Ambassador, true)
        );

        let document = CipherText("kaa1:r1:åäö".to_owned());
        diesel::sql_query("INSERT INTO record_versions (resource, record_id, version, operation, changed_at, document) VALUES ('users', $1, 1, 'createUser', $2, $3)")
        .bind::<kaa::db::schema::sql::Guid, _>(user)
        .bind::<kaa::db::schema::sql::Instant, _>(now)
        .bind::<kaa::db::schema::sql::Cipher, _>(document.clone())
        .execute(&mut conn)
        .unwrap();
        let stored: CipherText = kaa::db::schema::record_versions::table
            .select(kaa::db::schema::record_versions::document)
            .first(&mut conn)
            .unwrap();
        assert!(stored == document);
    }
);

on_both!(a_youth_has_at_most_one_open_episode_per_track, |database| {
    let mut conn = database.migrated();
    // Foreign keys aside: the index alone must refuse.
    if matches!(conn, Conn::Sqlite(_)) {
        conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    } else {
        conn.batch_execute("SET session_replication_role = replica")
            .unwrap();
    }
    let literal = |uuid: uuid::Uuid, conn: &Conn| match conn {
        Conn::Pg(_) => format!("'{uuid}'"),
        Conn::Sqlite(_) => format!("x'{}'", uuid.simple()),
    };
    let youth = uuid::Uuid::now_v7();
    let mut open = |exited: &str| {
        let ids: Vec<String> = [uuid::Uuid::now_v7(), youth, uuid::Uuid::now_v7()]
            .iter()
            .map(|u| literal(*u, &conn))
            .collect();
        conn.batch_execute(&format!(
            "INSERT INTO episodes (id, youth_id, unit_id, track, reason, entered_on, exited_on, created_at, updated_at, version) \
             VALUES ({}, 'kaa', 'unknown', '2026-01-01', {exited}, '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z', 1)",
            ids.join(", ")
        ))
    };
    open("'2026-02-01'").unwrap();
    open("NULL").unwrap();
    assert!(open("NULL").is_err(), "a second open episode");
    assert!(open("'2025-12-31'").is_err(), "an exit before the entry");
});
