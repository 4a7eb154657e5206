//! The door: is what was acknowledged there, is its event there before the answer, and does nothing half-done stay?

use crate::on_both;
use crate::support::TestDatabase;
use diesel::prelude::*;
use kaa::db::Conn;
use kaa::db::audit_chain::{NewEvent, Verdict, verify};
use kaa::db::schema::{audit_events, units};
use kaa::db::store::{Ran, Store, Threads};
use kaa::db::types::Timestamp;
use kaa::domain::codes::AuditOutcome;
use kaa::domain::id::{Id, Unit};
use kaa::error::{Error, ErrorCode, Result};
use std::future::Future;

const THREADS: Threads = Threads {
    readers: 2,
    writers: 3,
};

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn event(outcome: AuditOutcome) -> Vec<NewEvent> {
    vec![NewEvent {
        id: Id::fresh(),
        at: now(),
        actor_id: None,
        actor_kind: "console",
        role: None,
        unit_id: None,
        session_id: None,
        operation: "createUnit",
        outcome,
        error_code: None,
        request_id: "r".to_owned(),
        is_break_glass: false,
        reason: None,
        subjects: Vec::new(),
    }]
}

fn now() -> Timestamp {
    Timestamp::of("2026-11-24T08:00:00Z".parse().unwrap())
}

fn insert_unit(conn: &mut Conn, name: &str) -> Result<()> {
    diesel::insert_into(units::table)
        .values((
            units::id.eq(Id::<Unit>::fresh()),
            units::name.eq(name),
            units::created_at.eq(now()),
            units::updated_at.eq(now()),
            units::version.eq(1_i64),
        ))
        .execute(conn)?;
    Ok(())
}

fn create(name: String) -> impl FnMut(&mut Conn) -> Ran<()> + Send + 'static {
    move |conn| Ran {
        result: insert_unit(conn, &name),
        events: event(AuditOutcome::Allowed),
    }
}

fn counts(database: &TestDatabase) -> (i64, i64) {
    let mut conn = database.connect();
    (
        units::table.count().get_result(&mut conn).unwrap(),
        audit_events::table.count().get_result(&mut conn).unwrap(),
    )
}

fn open(database: &TestDatabase) -> Store {
    drop(database.migrated());
    Store::open(&database.location, THREADS).unwrap()
}

on_both!(
    a_change_and_its_event_are_there_when_the_answer_comes,
    |database| {
        let store = open(&database);
        wait(store.change(create("Unga vuxna".to_owned()))).unwrap();
        assert_eq!(counts(&database), (1, 1));
    }
);

on_both!(a_refused_change_leaves_nothing_but_its_event, |database| {
    let store = open(&database);
    let answer: Result<()> = wait(store.change(|conn| {
        insert_unit(conn, "Halvgjord").unwrap();
        Ran {
            result: Err(ErrorCode::Forbidden.into()),
            events: event(AuditOutcome::Refused),
        }
    }));
    assert_eq!(answer.unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(counts(&database), (0, 1));
});

on_both!(
    the_event_of_a_read_is_durable_before_its_answer,
    |database| {
        let store = open(&database);
        let seen = wait(store.read(|conn| {
            Ran {
                result: units::table
                    .count()
                    .get_result::<i64>(conn)
                    .map_err(Error::from),
                events: event(AuditOutcome::Allowed),
            }
        }));
        assert_eq!(seen, Ok(0));
        assert_eq!(counts(&database), (0, 1));
    }
);

on_both!(a_read_cannot_write, |database| {
    let store = open(&database);
    let answer = wait(store.read(|conn| Ran {
        result: insert_unit(conn, "Smyg"),
        events: event(AuditOutcome::Failed),
    }));
    assert_eq!(answer.unwrap_err().code, ErrorCode::Internal);
    assert_eq!(counts(&database), (0, 1));
});

on_both!(a_panic_ends_its_own_request_alone, |database| {
    let store = open(&database);
    let answer: Result<()> = wait(store.change(|conn| {
        insert_unit(conn, "Halvgjord").unwrap();
        panic!("a mistake in the work");
    }));
    assert_eq!(answer.unwrap_err().code, ErrorCode::Internal);
    wait(store.change(create("Efteråt".to_owned()))).unwrap();
    assert_eq!(counts(&database), (1, 1));
});

on_both!(
    many_at_once_are_all_there_and_the_chain_is_whole,
    |database| {
        let store = open(&database);
        let changes = (0..60).map(|n| store.change(create(format!("Enhet {n}"))));
        let answers = wait(futures_util::future::join_all(changes));
        let acknowledged = answers.iter().filter(|a| a.is_ok()).count() as i64;
        for refused in answers.iter().filter_map(|a| a.as_ref().err()) {
            assert_eq!(refused.code, ErrorCode::Busy, "{:?}", refused.cause);
        }
        assert!(acknowledged >= 50, "only {acknowledged} of 60 came through");
        assert_eq!(counts(&database).0, acknowledged);
        let verdict = verify(&mut database.connect()).unwrap();
        assert_eq!(
            verdict,
            Verdict::Whole {
                events: acknowledged as u64
            }
        );
    }
);

on_both!(
    nothing_is_done_for_whoever_has_gone_before_their_turn,
    |database| {
        drop(database.migrated());
        let one = Threads {
            readers: 1,
            writers: 1,
        };
        let store = Store::open(&database.location, one).unwrap();
        let (open, opened) = std::sync::mpsc::channel::<()>();
        let (held, is_held) = std::sync::mpsc::channel();
        let opened = std::sync::Mutex::new(opened);
        let gate = store.look(move |_| {
            held.send(()).unwrap();
            let _ = opened.lock().unwrap().recv();
            Ok(())
        });
        let has_run = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let seen = std::sync::Arc::clone(&has_run);
        let late = store.look(move |_| {
            seen.store(true, std::sync::atomic::Ordering::SeqCst);
            Ok(())
        });
        wait(async {
            let opening = async {
                is_held.recv().unwrap();
                tokio::select! {
                    biased;
                    _ = late => unreachable!("the one reader is held"),
                    () = std::future::ready(()) => {}
                }
                open.send(()).unwrap();
            };
            let (given, ()) = futures_util::future::join(gate, opening).await;
            given.unwrap();
            // Whoever comes after them has the next turn.
            store.look(|_| Ok(())).await.unwrap();
        });
        assert!(!has_run.load(std::sync::atomic::Ordering::SeqCst));
    }
);

on_both!(
    what_somebody_has_written_is_stored_though_they_have_gone,
    |database| {
        drop(database.migrated());
        let one = Threads {
            readers: 1,
            writers: 1,
        };
        let store = Store::open(&database.location, one).unwrap();
        let (open, opened) = std::sync::mpsc::channel::<()>();
        let (held, is_held) = std::sync::mpsc::channel();
        let opened = std::sync::Mutex::new(opened);
        let gate = store.change(move |_| {
            held.send(()).unwrap();
            let _ = opened.lock().unwrap().recv();
            Ran {
                result: Ok(()),
                events: Vec::new(),
            }
        });
        let written = store.change(create("Hallonbergen".to_owned()));
        wait(async {
            let opening = async {
                is_held.recv().unwrap();
                tokio::select! {
                    biased;
                    _ = written => unreachable!("the one writer is held"),
                    () = std::future::ready(()) => {}
                }
                open.send(()).unwrap();
            };
            let (given, ()) = futures_util::future::join(gate, opening).await;
            given.unwrap();
            // Whoever comes after them has the next turn.
            store.change(create("Rissne".to_owned())).await.unwrap();
        });
        assert_eq!(counts(&database), (2, 2));
    }
);

/// How many pages the writer's file may have: beyond them it is as if the disk were full.
fn limit(conn: &mut Conn, more: i64) {
    use diesel::connection::SimpleConnection;
    let pages: i64 = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
        "(SELECT page_count FROM pragma_page_count)",
    ))
    .get_result(conn)
    .unwrap();
    conn.batch_execute(&format!("PRAGMA max_page_count = {}", pages + more))
        .unwrap();
}

#[test]
fn a_full_disk_is_503_for_changes_and_readings_and_forgotten_when_there_is_room() {
    let database = TestDatabase::sqlite();
    let store = open(&database);
    let set = |more: i64| {
        store.change(move |conn| {
            limit(conn, more);
            Ran {
                result: Ok(()),
                events: event(AuditOutcome::Allowed),
            }
        })
    };
    wait(set(8)).unwrap();
    let (mut stored, mut refused) = (0, 0);
    for number in 0..400 {
        match wait(store.change(create(format!("{number} {}", "x".repeat(300))))) {
            Ok(()) => stored += 1,
            Err(error) => {
                assert_eq!(error.code, ErrorCode::Busy, "{error:?}");
                assert_eq!(error.retry_after, Some(1));
                refused += 1;
            }
        }
    }
    assert!(
        stored > 5 && refused > 5,
        "{stored} stored, {refused} refused"
    );
    let read = || {
        store.read(|conn| Ran {
            result: units::table.count().get_result(conn).map_err(Error::from),
            events: event(AuditOutcome::Allowed),
        })
    };
    // A reading is answered as long as it can be written down.
    let told: Result<i64> = (0..400).map(|_| wait(read())).find(Result::is_err).unwrap();
    assert_eq!(told.unwrap_err().code, ErrorCode::Busy);
    wait(set(1_000)).unwrap();
    wait(store.change(create("Efteråt".to_owned()))).unwrap();
    assert_eq!(wait(read()).unwrap(), stored + 1);
    let (units, events) = counts(&database);
    assert_eq!(units, stored + 1);
    assert_eq!(
        verify(&mut database.connect()).unwrap(),
        Verdict::Whole {
            events: events.try_into().unwrap()
        }
    );
}
