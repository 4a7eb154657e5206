//! The demo: is the municipality the one that was promised, does everything in it hold together, and do its people get in?

use crate::on_both;
use crate::support::TestDatabase;
use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use kaa::db::Conn;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::audited::Door;
use kaa::db::schema::{
    access_grants, audit_events, contacts, episodes, interventions, protected_referrals,
    protected_statuses, referrals, units, users, youth_identifiers, youths,
};
use kaa::db::store::{Store, Threads};
use kaa::demo::{DemoAccount, fill};
use kaa::domain::codes::{Code, ProtectionLevel, Track};
use kaa::domain::user::Role;
use kaa::error::Result;

fn filled(database: &TestDatabase, now: &str) -> Result<Vec<DemoAccount>> {
    drop(database.migrated());
    let threads = Threads {
        readers: 1,
        writers: 1,
    };
    let door = Door::new(Store::open(&database.location, threads).unwrap());
    let now: DateTime<Utc> = now.parse().unwrap();
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(fill(&door, now, |password| {
            Ok(format!("hash of {password}"))
        }))
}

fn open(conn: &mut Conn, track: Track) -> i64 {
    episodes::table
        .filter(episodes::exited_on.is_null())
        .filter(episodes::track.eq(track))
        .count()
        .get_result(conn)
        .unwrap()
}

macro_rules! count {
    ($conn:expr, $query:expr) => {
        $query
            .select(count_star())
            .get_result::<i64>($conn)
            .unwrap()
    };
}

on_both!(the_municipality_is_the_one_that_was_promised, |database| {
    let started = std::time::Instant::now();
    let accounts = filled(&database, "2026-11-24T08:00:00Z").unwrap();
    println!("filled in {:?}", started.elapsed());
    let roles: Vec<&str> = accounts.iter().map(|account| account.role).collect();
    assert_eq!(roles.len(), Role::ALL.len());
    assert!(Role::ALL.iter().all(|role| roles.contains(&role.code())));
    let conn = &mut database.connect();
    assert_eq!(count!(conn, youths::table), 400);
    assert_eq!(open(conn, Track::Kaa), 150);
    assert_eq!(open(conn, Track::Outreach), 100);
    assert_eq!(count!(conn, episodes::table), 400);
    assert_eq!(count!(conn, units::table), 2);
    assert_eq!(count!(conn, users::table), 15);
    assert_eq!(count!(conn, youth_identifiers::table), 400);
    let figures = [
        ("contacts", count!(conn, contacts::table), 1200),
        ("interventions", count!(conn, interventions::table), 200),
        ("referrals", count!(conn, referrals::table), 40),
        (
            "protected referrals",
            count!(conn, protected_referrals::table),
            15,
        ),
        (
            "protected statuses",
            count!(conn, protected_statuses::table),
            5,
        ),
        ("grants", count!(conn, access_grants::table), 3),
        ("events", count!(conn, audit_events::table), 4000),
    ];
    println!("{figures:?}");
    for (what, count, least) in figures {
        assert!(count >= least, "{count} {what}");
    }
    let marked = youths::table.filter(youths::protection_level.ne(ProtectionLevel::None));
    assert_eq!(count!(conn, marked), 4);
    assert!(matches!(verify(conn).unwrap(), Verdict::Whole { .. }));
});
