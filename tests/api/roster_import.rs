//! A roster on its way into the register: what it creates, changes, leaves, asks and refuses, and that sending it again
//! changes nothing.

use crate::on_both;
use crate::support::TestDatabase;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kaa::db::Conn;
use kaa::db::audited::{AuditedTx, Call, Door, Identity};
use kaa::db::schema::{
    episodes, import_decisions, import_rows, imports, record_versions, units, users, youths,
};
use kaa::db::store::{Store, Threads};
use kaa::db::types::Timestamp;
use kaa::domain::codes::ProtectionLevel;
use kaa::domain::id::{Id, Unit, User};
use kaa::domain::operation::Operation;
use kaa::domain::user::Role;
use kaa::error::{Language, Result};
use kaa::exchange::roster::RosterMapping;
use kaa::service::imports::{Imported, RosterUpload, import_roster};
use serde_json::{Value, json};
use std::sync::Arc;

const CLEAN: &[u8] = include_bytes!("../data/roster-2026-11.csv");
const DIRTY: &[u8] = include_bytes!("../data/roster-excel-latin1-dirty.csv");

struct House {
    door: Door,
    conn: Conn,
    unit: Id<Unit>,
    syv: Id<User>,
    chief: Id<User>,
    runtime: tokio::runtime::Runtime,
}

fn now() -> DateTime<Utc> {
    "2026-11-25T08:00:00Z".parse().unwrap()
}

fn day() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

impl House {
    fn new(database: &TestDatabase) -> Self {
        let mut conn = database.migrated();
        let threads = Threads {
            readers: 1,
            writers: 1,
        };
        let door = Door::new(Store::open(&database.location, threads).unwrap());
        let (unit, at) = (Id::fresh(), Timestamp::of(now()));
        diesel::insert_into(units::table)
            .values((
                units::id.eq(unit),
                units::name.eq("Unga vuxna"),
                units::created_at.eq(at),
                units::updated_at.eq(at),
                units::version.eq(1_i64),
            ))
            .execute(&mut conn)
            .unwrap();
        let mut add = |name: &str, role: Role| {
            let id = Id::<User>::fresh();
            diesel::insert_into(users::table)
                .values((
                    users::id.eq(id),
                    users::unit_id.eq(Some(unit)),
                    users::username.eq(name),
                    users::display_name.eq(name),
                    users::role.eq(role),
                    users::password_hash.eq("-"),
                    users::is_active.eq(true),
                    users::created_at.eq(at),
                    users::updated_at.eq(at),
                    users::version.eq(1_i64),
                ))
                .execute(&mut conn)
                .unwrap();
            id
        };
        let syv = add("syv", Role::Syv);
        let chief = add("chief", Role::Enhetschef);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        Self {
            door,
            conn,
            unit,
            syv,
            chief,
            runtime,
        }
    }

    fn run<T: Send + 'static>(
        &self,
        operation: Operation,
        identity: Identity,
        work: impl FnMut(&mut AuditedTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let call = Call {
            operation,
            identity,
            at: now(),
            request_id: "r".to_owned(),
        };
        self.runtime.block_on(self.door.run(call, work))
    }

    fn send(&self, who: Id<User>, bytes: &[u8], is_applied: bool) -> Imported {
        self.send_as_of(who, bytes, is_applied, day())
    }

    fn send_as_of(
        &self,
        who: Id<User>,
        bytes: &[u8],
        is_applied: bool,
        day: NaiveDate,
    ) -> Imported {
        let upload = RosterUpload::read(
            bytes,
            Some("roster.csv"),
            day,
            &RosterMapping::default(),
            &mut |_| {},
        )
        .unwrap();
        let upload = Arc::new(upload);
        self.run(
            Operation::ImportRoster,
            Identity::OnBehalf(who),
            move |tx| {
                import_roster(
                    tx,
                    &upload,
                    is_applied,
                    Language::Swedish,
                    &mut |_, _, _| {},
                )
            },
        )
        .unwrap()
    }
}

fn counts(imported: &Imported) -> Value {
    imported.view.fields["counts"].clone()
}

on_both!(the_sample_goes_in_once, |database| {
    let mut house = House::new(&database);
    let expected = json!({
        "rows": 3000, "created": 149, "changed": 0, "left": 0, "outside": 2844, "needsDecision": 7,
        "refused": 0, "episodesOpened": 149
    });
    let dry = house.send(house.syv, CLEAN, false);
    assert_eq!(counts(&dry), expected);
    let stored = |house: &mut House| -> (i64, i64, i64, i64) {
        let conn = &mut house.conn;
        (
            youths::table.count().get_result(conn).unwrap(),
            episodes::table.count().get_result(conn).unwrap(),
            import_decisions::table.count().get_result(conn).unwrap(),
            record_versions::table
                .filter(record_versions::resource.ne("imports"))
                .count()
                .get_result(conn)
                .unwrap(),
        )
    };
    assert_eq!(stored(&mut house), (0, 0, 0, 0), "a dry run leaves nothing");
    let applied = house.send(house.syv, CLEAN, true);
    assert_eq!(counts(&applied), expected);
    assert_eq!(stored(&mut house), (149, 149, 7, 149 + 149 + 7));
    let protected: i64 = youths::table
        .filter(youths::protection_level.ne(ProtectionLevel::None))
        .count()
        .get_result(&mut house.conn)
        .unwrap();
    assert_eq!(protected, 2, "the marks arrive");
    for who in [house.syv, house.chief] {
        let again = house.send(who, CLEAN, true);
        assert_eq!(
            counts(&again),
            json!({
                "rows": 3000, "created": 0, "changed": 0, "left": 156, "outside": 2844,
                "needsDecision": 0, "refused": 0, "episodesOpened": 0
            })
        );
    }
    assert_eq!(stored(&mut house), (149, 149, 7, 149 + 149 + 7));
    let rows: i64 = import_rows::table
        .count()
        .get_result(&mut house.conn)
        .unwrap();
    let runs: i64 = imports::table.count().get_result(&mut house.conn).unwrap();
    assert_eq!((rows, runs), (4 * 3000, 4));
    let _ = (house.unit, DIRTY);
});
