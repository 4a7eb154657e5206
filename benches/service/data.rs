//! A register of any size, made in bulk beside the demo's: youths with names and enciphered addresses, episodes, contacts,
//! interventions and open tasks. Only what the lists and searches of the measurements run over; the demo's own youths are the
//! ones that are read one by one.

use crate::Failure;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use kaa::db::types::{Json, Timestamp};
use kaa::db::youths::{NEVER, YouthRow};
use kaa::db::{Conn, Location, schema};
use kaa::domain::codes::{LegalSex, ProtectionLevel};
use kaa::domain::id::{Id, Unit, Youth};
use kaa::domain::person_name::{search_tokens, sort_key};
use kaa::on_each;
use kaa::vault::Vault;
use serde_json::{Value, json};
use std::time::Instant;

const GIVEN: [&str; 40] = [
    "Adam", "Alva", "Amina", "Anton", "Astrid", "Axel", "Bilal", "Björn", "Cecilia", "Daniel",
    "David", "Ebba", "Elias", "Elsa", "Emil", "Fatima", "Filip", "Freja", "Gustav", "Hanna",
    "Hugo", "Ibrahim", "Ida", "Isak", "Jonas", "Klara", "Leila", "Liam", "Maja", "Malik", "Nadia",
    "Noah", "Olivia", "Oskar", "Sara", "Selma", "Tove", "Viktor", "Yasmin", "Östen",
];
const FAMILY: [&str; 50] = [
    "Abdi",
    "Ahlgren",
    "Ahmed",
    "Andersson",
    "Arvidsson",
    "Berg",
    "Bergström",
    "Blom",
    "Dahl",
    "Demir",
    "Ek",
    "Eriksson",
    "Forsberg",
    "Fransson",
    "Gunnarsson",
    "Haddad",
    "Hansson",
    "Holm",
    "Hussein",
    "Isaksson",
    "Jallow",
    "Jansson",
    "Johansson",
    "Kaya",
    "Karlsson",
    "Larsson",
    "Lind",
    "Lindqvist",
    "Lund",
    "Löfgren",
    "Mattsson",
    "Mohamed",
    "Nilsson",
    "Norén",
    "Nyström",
    "Olsson",
    "Omar",
    "Persson",
    "Quist",
    "Rezai",
    "Sandberg",
    "Sjögren",
    "Strand",
    "Svensson",
    "Söderberg",
    "Tesfaye",
    "Wallin",
    "Wik",
    "Åberg",
    "Öberg",
];
const AREAS: [&str; 12] = [
    "Hallonbergen",
    "Rissne",
    "Duvbo",
    "Ursvik",
    "Ör",
    "Centrala Sundbyberg",
    "Storskogen",
    "Lilla Alby",
    "Brotorp",
    "Järva",
    "Norr",
    "Söder",
];
/// Rows of one statement.
const ROWS: usize = 500;
/// Rows of one statement of contacts.
const CONTACTS: u64 = 200_000;

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    pub youths: u64,
    pub contacts: u64,
}

/// A family name that no other youth of the first few thousand has, so that a search finds few.
pub fn rare_name(number: u64) -> String {
    format!("Ovanlig{number}")
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    told: String,
}

fn told(conn: &mut Conn, sql: &str) -> Result<Vec<String>, Failure> {
    let rows: Vec<Found> = diesel::sql_query(sql).load(conn)?;
    Ok(rows.into_iter().map(|row| row.told).collect())
}

/// Fills a database that holds the demo. Returns seconds.
pub fn fill(location: &Location, vault: &Vault, amount: Amount) -> Result<f64, Failure> {
    let began = Instant::now();
    let mut conn = location.connect()?;
    let is_sqlite = location.file().is_some();
    if is_sqlite {
        // What is lost in a power cut is made again.
        conn.batch_execute(
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF;",
        )?;
    }
    let tables = [
        "youths",
        "youth_names",
        "episodes",
        "contacts",
        "interventions",
        "tasks",
    ];
    if is_sqlite {
        // What the database is told of its tables goes with their indexes.
        conn.batch_execute("CREATE TEMP TABLE told_of_tables AS SELECT * FROM sqlite_stat1")?;
    }
    let indexes = take_indexes(&mut conn, is_sqlite, &tables)?;
    let triggers = take_triggers(&mut conn, is_sqlite)?;
    insert_youths(&mut conn, vault, amount.youths)?;
    insert_rest(&mut conn, is_sqlite, amount)?;
    // Those of the youths last, for every youth is changed once more.
    let (last, first): (Vec<String>, Vec<String>) = indexes
        .into_iter()
        .partition(|index| index.contains("youths (") || index.contains("youths USING"));
    for index in first {
        conn.batch_execute(&index)?;
    }
    conn.batch_execute(if is_sqlite {
        "UPDATE youths SET (is_in_kaa, is_in_outreach, is_open, is_offered) = \
         (SELECT is_in_kaa, is_in_outreach, is_open, is_offered FROM youth_standings WHERE youth_id = youths.id)"
    } else {
        "UPDATE youths SET is_in_kaa = s.is_in_kaa, is_in_outreach = s.is_in_outreach, is_open = s.is_open, is_offered = s.is_offered \
         FROM youth_standings s WHERE s.youth_id = youths.id"
    })?;
    for part in last.into_iter().chain(triggers) {
        conn.batch_execute(&part)?;
    }
    // The embedded database keeps no statistics in service either.
    conn.batch_execute(if is_sqlite {
        "DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1 SELECT * FROM told_of_tables; PRAGMA wal_checkpoint(TRUNCATE)"
    } else {
        "ANALYZE"
    })?;
    Ok(began.elapsed().as_secs_f64())
}

/// Drops the indexes of some tables; returns what makes them again.
fn take_indexes(conn: &mut Conn, is_sqlite: bool, tables: &[&str]) -> Result<Vec<String>, Failure> {
    let of = tables.iter().map(|table| format!("'{table}'"));
    let of = of.collect::<Vec<_>>().join(",");
    let (names, texts) = if is_sqlite {
        let from = format!(
            "FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({of}) ORDER BY name"
        );
        (
            told(conn, &format!("SELECT name AS told {from}"))?,
            told(conn, &format!("SELECT sql AS told {from}"))?,
        )
    } else {
        let from = format!(
            "FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ({of}) AND indexname NOT LIKE '%pkey' AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname"
        );
        (
            told(conn, &format!("SELECT indexname::text AS told {from}"))?,
            told(conn, &format!("SELECT indexdef::text AS told {from}"))?,
        )
    };
    for name in names {
        conn.batch_execute(&format!("DROP INDEX {name}"))?;
    }
    Ok(texts)
}

/// Stops what the database keeps up to date by itself row by row; returns what starts it again.
fn take_triggers(conn: &mut Conn, is_sqlite: bool) -> Result<Vec<String>, Failure> {
    let tables = ["episodes", "interventions"];
    if !is_sqlite {
        for table in tables {
            conn.batch_execute(&format!("ALTER TABLE {table} DISABLE TRIGGER USER"))?;
        }
        let enable = |table| format!("ALTER TABLE {table} ENABLE TRIGGER USER");
        return Ok(tables.map(enable).to_vec());
    }
    let from = "FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('episodes', 'interventions') ORDER BY name";
    let texts = told(conn, &format!("SELECT sql AS told {from}"))?;
    for name in told(conn, &format!("SELECT name AS told {from}"))? {
        conn.batch_execute(&format!("DROP TRIGGER {name}"))?;
    }
    Ok(texts)
}

fn insert_youths(conn: &mut Conn, vault: &Vault, count: u64) -> Result<(), Failure> {
    let unit = unit_of(conn)?;
    let at = Timestamp::of("2026-01-01T00:00:00Z".parse()?);
    let today = chrono::Utc::now().date_naive();
    let mut number = 0;
    while number < count {
        let end = (number + 20 * ROWS as u64).min(count);
        conn.batch_execute("BEGIN")?;
        while number < end {
            let mut rows = Vec::with_capacity(ROWS);
            let mut names = Vec::with_capacity(3 * ROWS);
            for place in number..end.min(number + ROWS as u64) {
                let id = Id::of(uuid::Uuid::from_u128(youth_id(place)));
                let spread = place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
                let given = GIVEN[(spread % 40) as usize].to_owned();
                let family = if place % 50 == 0 {
                    rare_name(place / 50)
                } else {
                    FAMILY[(spread / 40 % 50) as usize].to_owned()
                };
                let tried = today - chrono::Days::new(spread % 400);
                let is_tried = place % 10 != 0;
                let row = YouthRow {
                    id,
                    unit_id: unit,
                    sort_name: sort_key(&given, &family),
                    birth_date: today - chrono::Days::new(16 * 365 + 30 + spread % (9 * 365)),
                    legal_sex: if spread % 2 == 0 {
                        LegalSex::Male
                    } else {
                        LegalSex::Female
                    },
                    area: Some(AREAS[(spread / 7 % 12) as usize].to_owned()),
                    addresses: Json(
                        json!([{"street": "Storgatan 1", "postalCode": "17200", "city": "Ursvik"}]),
                    ),
                    phones: Json(json!(["0701740605"])),
                    email: Some("ungdom@example.org".to_owned()),
                    social_media: None,
                    language: None,
                    needs_interpreter: false,
                    guardians: Json(Value::Array(Vec::new())),
                    school_status: None,
                    protection_level: ProtectionLevel::None,
                    last_reached_on: (is_tried && place % 3 != 0).then_some(tried),
                    last_attempt_on: is_tried.then_some(tried),
                    contact_sort_on: if is_tried { tried } else { NEVER },
                    created_at: at,
                    updated_at: at,
                    version: 1,
                    compulsory_school_ended_on: None,
                    compulsory_school_basis: None,
                    deceased_on: None,
                    target_facts_changed_at: None,
                    given_name: given,
                    family_name: family,
                };
                for token in search_tokens(&row.given_name, &row.family_name) {
                    names.push((
                        schema::youth_names::token.eq(token),
                        schema::youth_names::youth_id.eq(id),
                        schema::youth_names::unit_id.eq(unit),
                        schema::youth_names::sort_name.eq(row.sort_name.clone()),
                    ));
                }
                rows.push(row.enciphered(vault)?);
            }
            number += rows.len() as u64;
            on_each!(conn, c => diesel::insert_into(schema::youths::table).values(&rows).execute(c))?;
            on_each!(conn, c => diesel::insert_into(schema::youth_names::table).values(&names).execute(c))?;
        }
        conn.batch_execute("COMMIT")?;
    }
    Ok(())
}

/// The id of a youth: a UUID of version 7 whose time and last part are its number.
pub fn youth_id(number: u64) -> u128 {
    let time = 0x019b_0000_0000_u128 + u128::from(number);
    (time << 80) | (0x7000_u128 << 64) | (0x8000_u128 << 48) | u128::from(number)
}

/// The id of one of those who are followed, all over the register.
pub fn followed(number: u64, youths: u64) -> u128 {
    let place = number * 7919 % youths;
    youth_id(if place.is_multiple_of(5) {
        place + 1
    } else {
        place
    })
}

/// The rows below the youths, made by the database itself.
fn insert_rest(conn: &mut Conn, is_sqlite: bool, amount: Amount) -> Result<(), Failure> {
    let id = |shift: u64, n: &str| {
        if is_sqlite {
            format!(
                "unhex(printf('%012x70008000%012x', {} + {n}, {n}))",
                0x019b_0000_0000_u64 + shift
            )
        } else {
            format!(
                "(lpad(to_hex(({} + {n})::bigint), 12, '0') || '70008000' || lpad(to_hex(({n})::bigint), 12, '0'))::uuid",
                0x019b_0000_0000_u64 + shift
            )
        }
    };
    let series = |from: u64, to: u64| {
        if is_sqlite {
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {to}) SELECT n FROM s)"
            )
        } else {
            format!("(SELECT n FROM generate_series({from}::bigint, {to}::bigint - 1) AS g(n))")
        }
    };
    let day = |expression: &str| {
        if is_sqlite {
            format!("date('now', printf('%+d days', -({expression})))")
        } else {
            format!("(current_date - ({expression})::int)")
        }
    };
    let moment = |expression: &str| {
        if is_sqlite {
            format!(
                "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', '-' || ({expression}) || ' seconds')"
            )
        } else {
            format!("(date_trunc('second', now()) - ({expression}) * interval '1 second')")
        }
    };
    let at = if is_sqlite {
        "'2026-01-01T00:00:00.000000Z'".to_owned()
    } else {
        "'2026-01-01T00:00:00Z'::timestamptz".to_owned()
    };
    let unit = "(SELECT id FROM units ORDER BY id LIMIT 1)";
    let author = "(SELECT id FROM users WHERE username = 'syv')";
    // A twelfth of the tasks is that person's; most of the others are the chief's colleagues'.
    let others = "(SELECT id FROM users WHERE username = 'jonas.wik')";
    let youths = amount.youths;
    let (episode_shift, rest_shift) = (youths, 3 * youths);
    let (youth, episode) = (id(0, "n"), id(episode_shift, "n"));
    let day_in = day("20 + n * 7 % 700");
    conn.batch_execute(&format!(
        "INSERT INTO episodes (id, youth_id, unit_id, track, reason, entered_on, exited_on, deregistration_reason, created_at, updated_at, version) \
         SELECT {episode}, {youth}, {unit}, CASE WHEN n % 3 = 0 THEN 'outreach_20_25' ELSE 'kaa' END, 'dropout_national_programme', {day_in}, \
         CASE WHEN n % 5 = 0 THEN {} END, CASE WHEN n % 5 = 0 THEN 'not_registered_here' END, {at}, {at}, 1 FROM {}",
        day("n * 7 % 20"),
        series(0, youths)
    ))?;
    conn.batch_execute(&format!(
        "INSERT INTO interventions (id, youth_id, episode_id, kind, answer, offered_on, answered_on, started_on, responsible_party, created_at, updated_at, version) \
         SELECT {}, {youth}, {episode}, 'study_career_guidance', 'accepted', {}, {}, {}, 'municipality', {at}, {at}, 1 FROM {} WHERE n % 3 <> 0",
        id(2 * youths, "n"),
        day("n * 7 % 20 + 10"),
        day("n * 7 % 20 + 9"),
        day("n * 7 % 20 + 8"),
        series(0, youths)
    ))?;
    conn.batch_execute(&format!(
        "INSERT INTO tasks (id, kind, youth_id, unit_id, episode_id, cause_id, record_id, due_on, opens_on, responsible_id, created_at, updated_at, version) \
         SELECT {}, 'next_attempt', {youth}, {unit}, {episode}, {episode}, {episode}, {}, {}, CASE WHEN n % 12 = 1 THEN {author} ELSE {others} END, {at}, {at}, 1 FROM {} WHERE n % 5 <> 0 AND n % 4 = 1",
        id(2 * youths, "n"),
        day("n % 90 - 30"),
        day("n % 90 - 20"),
        series(0, youths)
    ))?;
    let mut from = 0;
    while from < amount.contacts {
        let to = (from + CONTACTS).min(amount.contacts);
        // One after the other in time, of youths all over the register, as they are in life.
        let of = format!("(n * 7919 % {youths})");
        conn.batch_execute(&format!(
            "INSERT INTO contacts (id, youth_id, episode_id, author_id, occurred_at, channel, direction, met_who, result, created_at, updated_at, version) \
             SELECT {}, {}, {}, {author}, {}, CASE n % 4 WHEN 0 THEN 'phone' WHEN 1 THEN 'sms' WHEN 2 THEN 'letter' ELSE 'home_visit' END, 'outbound', 'youth', \
             CASE n % 3 WHEN 0 THEN 'reached' ELSE 'no_answer' END, {at}, {at}, 1 FROM {}",
            id(rest_shift, "n"),
            id(0, &of),
            id(episode_shift, &of),
            moment(&format!("({} - n) * 30000000 / {} + 3600", amount.contacts, amount.contacts.max(1))),
            series(from, to)
        ))?;
        from = to;
    }
    Ok(())
}

/// Adds somebody with the unit, the role and the password of another.
fn add_colleague(
    conn: &mut Conn,
    like: &str,
    username: &str,
    number: u64,
) -> Result<String, Failure> {
    let text = uuid::Uuid::from_u128(number.into()).simple().to_string();
    let user = match conn {
        Conn::Sqlite(_) => format!("x'{text}'"),
        Conn::Pg(_) => format!("'{text}'::uuid"),
    };
    conn.batch_execute(&format!(
        "INSERT INTO users (id, unit_id, username, display_name, role, password_hash, is_active, created_at, updated_at, version) \
         SELECT {user}, unit_id, '{username}', '{username}', role, password_hash, is_active, created_at, updated_at, 1 FROM users WHERE username = '{like}'"
    ))?;
    Ok(user)
}

/// Colleagues of the SYV, so that nobody searches more than a person may.
pub fn add_searchers(location: &Location, usernames: &[String]) -> Result<(), Failure> {
    let mut conn = location.connect()?;
    for (number, username) in (0..).zip(usernames) {
        add_colleague(&mut conn, "syv", username, 0x5e_a000 + number)?;
    }
    Ok(())
}

/// Gives somebody new, with the password of another of the role, a number of youths.
pub fn add_ambassador(location: &Location, username: &str, youths: u64) -> Result<(), Failure> {
    let mut conn = location.connect()?;
    let is_sqlite = location.file().is_some();
    let id = |n: u64| {
        let text = uuid::Uuid::from_u128(n.into()).simple().to_string();
        if is_sqlite {
            format!("x'{text}'")
        } else {
            format!("'{text}'::uuid")
        }
    };
    let user = add_colleague(&mut conn, "ambassador", username, 0x7a_7a7a)?;
    for number in 0..youths {
        // All over the alphabet.
        let youth = uuid::Uuid::from_u128(youth_id(number * 97 + 1))
            .simple()
            .to_string();
        let youth = if is_sqlite {
            format!("x'{youth}'")
        } else {
            format!("'{youth}'::uuid")
        };
        conn.batch_execute(&format!(
            "INSERT INTO assignments (id, youth_id, user_id, kind, starts_at, created_at, updated_at, version) \
             SELECT {}, {youth}, {user}, 'ambassador', created_at, created_at, updated_at, 1 FROM users WHERE id = {user}",
            id(0x7a_7b00 + number)
        ))?;
    }
    Ok(())
}

/// The unit that everybody is in.
pub fn unit(location: &Location) -> Result<Id<Unit>, Failure> {
    unit_of(&mut location.connect()?)
}

fn unit_of(conn: &mut Conn) -> Result<Id<Unit>, Failure> {
    let units = schema::units::table.select(schema::units::id);
    Ok(units.order(schema::units::id).first(conn)?)
}

/// Some of the demo's youths in that unit who are followed and of whom everything may be read.
pub fn demo_youths(location: &Location) -> Result<Vec<String>, Failure> {
    use schema::{episodes, processing_restrictions, youths};
    let mut conn = location.connect()?;
    let unit = unit_of(&mut conn)?;
    let first_of_demo = Id::<Youth>::of(uuid::Uuid::from_u128(0x019c_0000_0000_u128 << 80));
    let ids: Vec<Id<Youth>> = youths::table
        .filter(youths::id.gt(first_of_demo))
        .filter(youths::unit_id.eq(unit))
        .filter(youths::protection_level.eq(ProtectionLevel::None))
        .filter(diesel::dsl::exists(
            episodes::table
                .filter(episodes::youth_id.eq(youths::id))
                .filter(episodes::exited_on.is_null()),
        ))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            processing_restrictions::table.filter(processing_restrictions::youth_id.eq(youths::id)),
        )))
        .select(youths::id)
        .order(youths::id)
        .limit(100)
        .load(&mut conn)?;
    Ok(ids.into_iter().map(|id| id.to_string()).collect())
}

/// How many bytes the database takes.
pub fn bytes(location: &Location) -> Result<i64, Failure> {
    #[derive(QueryableByName)]
    struct Size {
        #[diesel(sql_type = BigInt)]
        bytes: i64,
    }
    let mut conn = location.connect()?;
    let sql = if location.file().is_some() {
        "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size"
    } else {
        "SELECT pg_database_size(current_database()) AS bytes"
    };
    let size: Size = diesel::sql_query(sql).get_result(&mut conn)?;
    Ok(size.bytes)
}
