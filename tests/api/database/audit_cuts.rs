//! Does the log stay whole when what is too old of it is disposed of, and does it show when somebody else has taken, forged or
//! moved something? And can a reason be erased without breaking it?

use super::audit_chain::{event, tamper};
use crate::on_both;
use crate::support::{TestDatabase, opened, run_program};
use chrono::{DateTime, Duration, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::auth::anchor::AnchorKey;
use kaa::clock::Clock;
use kaa::db::Conn;
use kaa::db::audit_chain::NewReason;
use kaa::db::audit_chain::{Fault, LaneHead, NewEvent, Verdict, append, verify, walk};
use kaa::db::audit_cuts::{CutFault, Due};
use kaa::db::audit_events::dispose_of_reason;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::cipher::CipherText;
use kaa::db::schema::{
    audit_anchors, audit_cuts, audit_events, audit_subjects, log_review_rows, log_reviews, settings,
};
use kaa::db::store::{Store, Threads};
use kaa::db::types::{Json, Timestamp};
use kaa::domain::id::{AuditEvent, Id};
use kaa::domain::log_review::{ReviewFinding, ReviewFollowUp, ReviewKind};
use kaa::domain::operation::{Operation, Resource};
use kaa::nightly::{Trimmed, trim_audit};
use kaa::policy::decide::Relation;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::sync::Arc;

const NOW: &str = "2026-11-24T08:00:00Z";
/// Lanes that no thread of the service writes; on SQLite the service writes lane 0.
const LANE: i32 = 4_000;
const OTHER: i32 = 4_001;

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// An event of so many days ago.
fn aged(days: i64, request_id: &str) -> NewEvent {
    NewEvent {
        at: Timestamp::of(now() - Duration::days(days)),
        ..event(request_id)
    }
}

fn write(conn: &mut Conn, lane: i32, ages: &[i64]) {
    for (number, days) in ages.iter().enumerate() {
        append(conn, lane, &[aged(*days, &format!("{lane}-{number}"))]).unwrap();
    }
}

fn keep_months(conn: &mut Conn, months: u32) {
    diesel::update(settings::table)
        .set(settings::document.eq(Json(json!({"auditRetentionMonths": months}))))
        .execute(conn)
        .unwrap();
}

fn door(database: &TestDatabase) -> Door {
    let threads = Threads {
        readers: 1,
        writers: 1,
    };
    Door::new(
        Store::open(&database.location, threads).unwrap(),
        crate::support::vault(),
    )
}

fn key() -> Arc<AnchorKey> {
    Arc::new(AnchorKey::generate().unwrap())
}

/// One night's disposal, stopped after so many cuts.
fn trim_some(
    database: &TestDatabase,
    key: &Arc<AnchorKey>,
    most: u32,
) -> kaa::error::Result<Trimmed> {
    let left = Cell::new(most);
    let counted = std::sync::Mutex::new(left);
    let is_stopping = move || {
        let left = counted.lock().unwrap();
        let is_over = left.get() == 0;
        left.set(left.get().saturating_sub(1));
        is_over
    };
    let clock = Clock::fixed(now());
    let door = door(database);
    actix_web::rt::System::new().block_on(trim_audit(&door, &clock, key, &is_stopping))
}

fn trim(database: &TestDatabase, key: &Arc<AnchorKey>) -> Trimmed {
    trim_some(database, key, u32::MAX).unwrap()
}

fn positions(conn: &mut Conn, lane: i32) -> Vec<i64> {
    audit_events::table
        .filter(audit_events::lane.eq(lane))
        .order(audit_events::position)
        .select(audit_events::position)
        .load(conn)
        .unwrap()
}

fn count_cuts(conn: &mut Conn) -> i64 {
    audit_cuts::table.count().get_result(conn).unwrap()
}

fn is_whole(conn: &mut Conn) -> bool {
    matches!(verify(conn).unwrap(), Verdict::Whole { .. })
}

fn broken(lane: i32, position: i64, fault: Fault) -> Verdict {
    Verdict::Broken {
        lane,
        position,
        fault,
    }
}

/// As somebody with all rights: the cuts and their anchors too.
fn tamper_all(conn: &mut Conn, sql: &str) {
    let open = match conn {
        Conn::Pg(_) => {
            "ALTER TABLE audit_cuts DISABLE TRIGGER ALL; ALTER TABLE audit_anchors DISABLE TRIGGER ALL;"
        }
        Conn::Sqlite(_) => {
            "DROP TRIGGER audit_cuts_fit; DROP TRIGGER audit_cuts_no_update; DROP TRIGGER audit_cuts_no_delete; \
             DROP TRIGGER audit_anchors_no_update; DROP TRIGGER audit_anchors_no_delete;"
        }
    };
    conn.batch_execute(open).unwrap();
    tamper(conn, sql);
}

fn take(lane: i32, condition: &str) -> String {
    format!(
        "DELETE FROM audit_subjects WHERE event_id IN (SELECT id FROM audit_events WHERE lane = {lane} AND {condition}); \
         DELETE FROM audit_events WHERE lane = {lane} AND {condition};"
    )
}

on_both!(
    as_long_as_nobody_has_decided_nothing_is_disposed_of,
    |database| {
        let mut conn = database.migrated();
        write(&mut conn, LANE, &[9_000, 5_000, 1]);
        let trimmed = trim(&database, &key());
        assert_eq!(trimmed.due, Due::NeverDecided);
        assert_eq!(positions(&mut conn, LANE), [1, 2, 3]);
        // Shorter than may be set is no decision either.
        keep_months(&mut conn, 23);
        assert_eq!(trim(&database, &key()).due, Due::NeverDecided);
        assert_eq!(count_cuts(&mut conn), 0);
        assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 3 });
    }
);

on_both!(
    what_is_too_old_goes_and_the_rest_stays_whole_and_grows_on,
    |database| {
        let mut conn = database.migrated();
        write(&mut conn, LANE, &[900, 800, 100, 790, 1]);
        write(&mut conn, OTHER, &[900, 800]);
        keep_months(&mut conn, 24);
        let (key, wrong) = (key(), key());
        let trimmed = trim(&database, &key);
        assert_eq!((trimmed.events, trimmed.cuts), (4, 2));
        // An old one behind a young one stays: a cut takes a beginning, nothing out of the middle.
        assert_eq!(positions(&mut conn, LANE), [3, 4, 5]);
        assert_eq!(positions(&mut conn, OTHER), [0_i64; 0]);
        let subjects: i64 = audit_subjects::table
            .inner_join(audit_events::table.on(audit_events::id.eq(audit_subjects::event_id)))
            .count()
            .get_result(&mut conn)
            .unwrap();
        let all: i64 = audit_subjects::table.count().get_result(&mut conn).unwrap();
        assert_eq!(subjects, all, "subjects without an event");
        // Both lanes go on where they were; the one that was emptied, too.
        append(&mut conn, LANE, &[event("next")]).unwrap();
        append(&mut conn, OTHER, &[event("next")]).unwrap();
        assert_eq!(positions(&mut conn, LANE), [3, 4, 5, 6]);
        assert_eq!(positions(&mut conn, OTHER), [3]);
        let walked = walk(&mut conn, &[], &[key.public()]).unwrap();
        // Five, and an event of each cut.
        assert_eq!(walked.verdict, Verdict::Whole { events: 7 });
        let begin: Vec<(i32, i64)> = walked.cuts.iter().map(|c| (c.lane, c.position)).collect();
        assert_eq!(begin, [(LANE, 2), (OTHER, 2)]);
        // Another key did not sign it; of several, one is enough.
        let other = walk(&mut conn, &[], &[wrong.public()]).unwrap().verdict;
        assert_eq!(other, broken(LANE, 2, Fault::Cut(CutFault::NotSigned)));
        let keys = [wrong.public(), key.public()];
        assert!(matches!(
            walk(&mut conn, &[], &keys).unwrap().verdict,
            Verdict::Whole { .. }
        ));
        // A second night has nothing to do and leaves nothing behind.
        let before = audit_events::table.count().get_result::<i64>(&mut conn);
        let again = trim(&database, &key);
        assert_eq!((again.events, again.cuts), (0, 0));
        assert!(matches!(again.due, Due::Nothing(_)));
        let after = audit_events::table.count().get_result::<i64>(&mut conn);
        assert_eq!(before, after);
    }
);

on_both!(the_operation_leaves_its_event_with_the_digest, |database| {
    let mut conn = database.migrated();
    write(&mut conn, LANE, &[900, 800, 1]);
    keep_months(&mut conn, 24);
    trim(&database, &key());
    let (id, kind, outcome): (Id<AuditEvent>, String, String) = audit_events::table
        .filter(audit_events::operation.eq("trimAuditLog"))
        .select((
            audit_events::id,
            audit_events::actor_kind,
            audit_events::outcome,
        ))
        .first(&mut conn)
        .unwrap();
    assert_eq!((kind.as_str(), outcome.as_str()), ("console", "allowed"));
    let fields: String = audit_subjects::table
        .filter(audit_subjects::event_id.eq(id))
        .select(audit_subjects::fields)
        .first(&mut conn)
        .unwrap();
    let digest: Vec<u8> = audit_cuts::table
        .select(audit_cuts::digest)
        .first(&mut conn)
        .unwrap();
    let digest = data_encoding::HEXLOWER.encode(&digest);
    assert_eq!(fields, format!("lane:{LANE},position:2,digest:{digest}"));
    let (count, anchors): (i64, i64) = (
        audit_cuts::table
            .select(audit_cuts::event_count)
            .first(&mut conn)
            .unwrap(),
        audit_anchors::table.count().get_result(&mut conn).unwrap(),
    );
    assert_eq!((count, anchors), (2, 1));
});

on_both!(
    many_go_in_batches_that_can_be_cut_off_between_any_two,
    |database| {
        let mut conn = database.migrated();
        let many: Vec<NewEvent> = (0..2_300)
            .map(|number| NewEvent {
                subjects: Vec::new(),
                ..aged(900, &number.to_string())
            })
            .collect();
        conn.transaction(|conn| append(conn, LANE, &many)).unwrap();
        append(&mut conn, LANE, &[aged(1, "young")]).unwrap();
        keep_months(&mut conn, 24);
        let key = key();
        let first = trim_some(&database, &key, 1).unwrap();
        assert_eq!((first.events, first.cuts), (1_000, 1));
        assert!(is_whole(&mut conn));
        assert_eq!(positions(&mut conn, LANE).first(), Some(&1_001));
        let rest = trim(&database, &key);
        assert_eq!((rest.events, rest.cuts), (1_300, 2));
        assert_eq!(positions(&mut conn, LANE), [2_301]);
        // Each cut is chained to the one before, over two anchors.
        let anchors: i64 = audit_anchors::table.count().get_result(&mut conn).unwrap();
        assert_eq!((count_cuts(&mut conn), anchors), (3, 2));
        let walked = walk(&mut conn, &[], &[key.public()]).unwrap();
        assert_eq!(walked.verdict, Verdict::Whole { events: 4 });
        // Few events with many subjects make a batch, too; one event is never split.
        for number in 0..3 {
            let subjects = event("x")
                .subjects
                .into_iter()
                .cycle()
                .take(3_000)
                .collect();
            let event = NewEvent {
                subjects,
                ..aged(900, &number.to_string())
            };
            conn.transaction(|conn| append(conn, OTHER, &[event]))
                .unwrap();
        }
        let wide = trim(&database, &key);
        assert_eq!((wide.events, wide.cuts), (3, 3));
        assert!(is_whole(&mut conn));
    }
);

on_both!(what_a_review_waits_for_is_not_disposed_of, |database| {
    let mut conn = database.migrated();
    write(&mut conn, LANE, &[900, 850, 840, 830, 1]);
    keep_months(&mut conn, 24);
    // Foreign keys aside: only the dates and the rows matter here.
    match conn {
        Conn::Sqlite(_) => conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap(),
        Conn::Pg(_) => conn
            .batch_execute("SET session_replication_role = replica")
            .unwrap(),
    }
    let ids: Vec<Id<AuditEvent>> = audit_events::table
        .order(audit_events::position)
        .select(audit_events::id)
        .load(&mut conn)
        .unwrap();
    let at = Timestamp::of(now());
    let review = Id::<kaa::domain::id::LogReview>::fresh();
    let from_on = (now() - Duration::days(845)).date_naive();
    diesel::insert_into(log_reviews::table)
        .values((
            log_reviews::id.eq(review),
            log_reviews::kind.eq(ReviewKind::Independent),
            log_reviews::from_on.eq(from_on),
            log_reviews::to_on.eq(from_on + Duration::days(30)),
            log_reviews::reviewer_id.eq(Id::<kaa::domain::id::User>::fresh()),
            log_reviews::seed.eq("00"),
            log_reviews::rules.eq(Json(json!({}))),
            log_reviews::event_count.eq(2_i64),
            log_reviews::row_count.eq(1_i64),
            log_reviews::created_at.eq(at),
            log_reviews::updated_at.eq(at),
            log_reviews::version.eq(1_i64),
        ))
        .execute(&mut conn)
        .unwrap();
    diesel::insert_into(log_review_rows::table)
        .values((
            log_review_rows::id.eq(Id::<kaa::domain::id::LogReviewRow>::fresh()),
            log_review_rows::review_id.eq(review),
            log_review_rows::ordinal.eq(1),
            log_review_rows::event_id.eq(ids[3]),
            log_review_rows::reasons.eq(Json(json!([]))),
            log_review_rows::finding.eq(Some(ReviewFinding::ToAsk)),
            log_review_rows::note.eq(Some(CipherText("Fråga.".to_owned()))),
            log_review_rows::follow_up_on.eq(Some(from_on + Duration::days(60))),
            log_review_rows::created_at.eq(at),
            log_review_rows::updated_at.eq(at),
            log_review_rows::version.eq(1_i64),
        ))
        .execute(&mut conn)
        .unwrap();
    let key = key();
    // Not signed off: its whole period waits, what is older goes.
    let trimmed = trim(&database, &key);
    assert!(matches!(trimmed.due, Due::Something(limit) if limit.is_held_by_review));
    assert_eq!(positions(&mut conn, LANE), [3, 4, 5]);
    // Signed off, with a finding to follow up: the event of the finding waits.
    diesel::update(log_reviews::table)
        .set(log_reviews::signed_off_at.eq(Some(at)))
        .execute(&mut conn)
        .unwrap();
    trim(&database, &key);
    assert_eq!(positions(&mut conn, LANE), [4, 5]);
    diesel::update(log_review_rows::table)
        .set((
            log_review_rows::follow_up_outcome.eq(Some(ReviewFollowUp::Explained)),
            log_review_rows::followed_up_at.eq(Some(at)),
        ))
        .execute(&mut conn)
        .unwrap();
    trim(&database, &key);
    assert_eq!(positions(&mut conn, LANE), [5]);
    assert!(is_whole(&mut conn));
});

on_both!(
    the_database_lets_nothing_go_but_what_a_fitting_cut_covers,
    |database| {
        let mut conn = database.migrated();
        write(&mut conn, LANE, &[900, 800, 100, 1]);
        keep_months(&mut conn, 24);
        trim(&database, &key());
        let hex = |bytes: &[u8], conn: &Conn| match conn {
            Conn::Pg(_) => format!("'\\x{}'", data_encoding::HEXLOWER.encode(bytes)),
            Conn::Sqlite(_) => format!("x'{}'", data_encoding::HEXLOWER.encode(bytes)),
        };
        let cut = |position: i64, count: i64, hash: &str, older: &str, conn: &Conn| {
            let id = match conn {
                Conn::Pg(_) => format!("'{}'", uuid::Uuid::now_v7()),
                Conn::Sqlite(_) => format!("x'{}'", uuid::Uuid::now_v7().simple()),
            };
            let zero = hex(&[0; 32], conn);
            format!(
                "INSERT INTO audit_cuts SELECT {id}, {LANE}, {position}, {count}, {hash}, '{older}', '{older}', \
                 anchor_id, {zero}, {zero}, '' FROM audit_cuts LIMIT 1"
            )
        };
        let hash_at = |position: i64, conn: &mut Conn| -> String {
            let hash: Vec<u8> = audit_events::table
                .filter(audit_events::lane.eq(LANE))
                .filter(audit_events::position.eq(position))
                .select(audit_events::hash)
                .first(conn)
                .unwrap();
            hex(&hash, conn)
        };
        let (third, fourth) = (hash_at(3, &mut conn), hash_at(4, &mut conn));
        let late = "2030-01-01T00:00:00.000000Z";
        let mut wrong = vec![
            // Nothing goes without a cut, and nothing is changed.
            take(LANE, "position = 3"),
            "DELETE FROM audit_events WHERE lane <> 4000".to_owned(),
            "DELETE FROM audit_subjects".to_owned(),
            "UPDATE audit_events SET operation = 'x'".to_owned(),
            "UPDATE audit_events SET at = '2000-01-01T00:00:00.000000Z'".to_owned(),
            // A record stays as it is.
            "DELETE FROM audit_cuts".to_owned(),
            "UPDATE audit_cuts SET position = 3".to_owned(),
            "DELETE FROM audit_anchors".to_owned(),
            "UPDATE audit_anchors SET document = '{}'".to_owned(),
        ];
        // A cut with a hash that is not there, backward, too young, with too few, with too many.
        wrong.push(cut(3, 1, &fourth, late, &conn));
        wrong.push(cut(2, 1, &third, late, &conn));
        wrong.push(cut(3, 1, &third, "2026-01-01T00:00:00.000000Z", &conn));
        wrong.push(cut(4, 1, &fourth, late, &conn));
        wrong.push(cut(3, 2, &third, late, &conn));
        for sql in &wrong {
            let refused = conn.batch_execute(sql).unwrap_err().to_string();
            assert!(
                refused.contains("append-only") || refused.contains("does not fit"),
                "{sql}: {refused}"
            );
        }
        assert!(is_whole(&mut conn));
        // The service itself is not the only one that could make a fitting one; then the check of the log speaks.
        conn.batch_execute(&cut(3, 1, &third, late, &conn)).unwrap();
        let found = verify(&mut conn).unwrap();
        assert_eq!(found, broken(LANE, 3, Fault::Cut(CutFault::Changed)));
    }
);

/// A log of which two cuts have been made in one lane, and one, of all there was, in another.
fn cut_twice(database: &TestDatabase, key: &Arc<AnchorKey>) -> Conn {
    let mut conn = database.migrated();
    write(&mut conn, LANE, &[900, 880, 860, 300, 200, 100]);
    write(&mut conn, OTHER, &[900]);
    keep_months(&mut conn, 29);
    trim(database, key);
    keep_months(&mut conn, 24);
    trim(database, key);
    assert_eq!(positions(&mut conn, LANE), [4, 5, 6]);
    assert_eq!(count_cuts(&mut conn), 3);
    assert!(is_whole(&mut conn));
    conn
}

on_both!(old_events_that_went_without_a_cut_are_missed, |database| {
    let mut conn = cut_twice(&database, &key());
    tamper(&mut conn, &take(LANE, "position = 4"));
    assert_eq!(verify(&mut conn).unwrap(), broken(LANE, 4, Fault::Missing));
});

on_both!(a_cut_that_was_moved_forward_is_found, |database| {
    let mut conn = cut_twice(&database, &key());
    // With the right hash, so that the rest of the lane follows.
    tamper_all(
        &mut conn,
        &format!(
            "UPDATE audit_cuts SET event_count = event_count + 2, \
             hash = (SELECT hash FROM audit_events WHERE lane = {LANE} AND position = 5), position = 5 \
             WHERE lane = {LANE} AND position = 3; {}",
            take(LANE, "position <= 5")
        ),
    );
    assert_eq!(
        verify(&mut conn).unwrap(),
        broken(LANE, 5, Fault::Cut(CutFault::Changed))
    );
});

on_both!(a_cut_that_was_taken_off_the_record_is_found, |database| {
    let mut conn = cut_twice(&database, &key());
    tamper_all(
        &mut conn,
        &format!("DELETE FROM audit_cuts WHERE lane = {OTHER}"),
    );
    // Nothing is left of that lane but what the log tells.
    assert_eq!(
        verify(&mut conn).unwrap(),
        broken(OTHER, 1, Fault::Cut(CutFault::Gone))
    );
    conn.batch_execute(&format!(
        "DELETE FROM audit_cuts WHERE lane = {LANE} AND position = 3"
    ))
    .unwrap();
    let found = verify(&mut conn).unwrap();
    assert!(matches!(
        found,
        Verdict::Broken {
            fault: Fault::Missing,
            lane: LANE,
            ..
        }
    ));
    // The first of two: the second no longer follows.
    let mut conn = database.connect();
    conn.batch_execute("DELETE FROM audit_cuts").unwrap();
    assert_eq!(verify(&mut conn).unwrap(), broken(LANE, 1, Fault::Missing));
});

on_both!(the_first_of_two_cuts_cannot_be_taken_out, |database| {
    let mut conn = cut_twice(&database, &key());
    let first: i64 = audit_cuts::table
        .filter(audit_cuts::lane.eq(LANE))
        .order(audit_cuts::position)
        .select(audit_cuts::position)
        .first(&mut conn)
        .unwrap();
    tamper_all(
        &mut conn,
        &format!("DELETE FROM audit_cuts WHERE lane = {LANE} AND position = {first}"),
    );
    assert_eq!(
        verify(&mut conn).unwrap(),
        broken(LANE, 3, Fault::Cut(CutFault::Changed))
    );
});

on_both!(
    a_cut_of_somebody_elses_is_found_without_its_event_and_with_the_key_in_any_case,
    |database| {
        let (key, forger) = (key(), key());
        let mut conn = cut_twice(&database, &key);
        // Whoever can write every table does all that the service does, but for the key.
        append(&mut conn, OTHER, &[aged(900, "to go")]).unwrap();
        trim(&database, &forger);
        assert_eq!(positions(&mut conn, OTHER), [0_i64; 0]);
        assert!(is_whole(&mut conn), "nothing inside the database shows it");
        let found = walk(&mut conn, &[], &[key.public()]).unwrap().verdict;
        assert_eq!(found, broken(OTHER, 2, Fault::Cut(CutFault::NotSigned)));
        // Without the event that tells of it, it shows without any key.
        let (lane, last): (i32, i64) = audit_events::table
            .filter(audit_events::operation.eq("trimAuditLog"))
            .order(audit_events::id.desc())
            .select((audit_events::lane, audit_events::position))
            .first(&mut conn)
            .unwrap();
        tamper(&mut conn, &take(lane, &format!("position = {last}")));
        assert_eq!(
            verify(&mut conn).unwrap(),
            broken(OTHER, 2, Fault::Cut(CutFault::NotTold))
        );
    }
);

on_both!(changed_records_and_anchors_are_found, |database| {
    let mut conn = cut_twice(&database, &key());
    let changed = broken(LANE, 3, Fault::Cut(CutFault::Changed));
    tamper_all(&mut conn, "SELECT 1");
    for column in ["older_than", "cut_at"] {
        let before = format!(
            "UPDATE audit_cuts SET {column} = '2020-01-01T00:00:00.000000Z' WHERE lane = {LANE} AND position = 3"
        );
        let kept: Timestamp = match column {
            "older_than" => audit_cuts::table
                .filter(audit_cuts::position.eq(3))
                .select(audit_cuts::older_than)
                .first(&mut conn)
                .unwrap(),
            _ => audit_cuts::table
                .filter(audit_cuts::position.eq(3))
                .select(audit_cuts::cut_at)
                .first(&mut conn)
                .unwrap(),
        };
        conn.batch_execute(&before).unwrap();
        assert_eq!(verify(&mut conn).unwrap(), changed, "{column}");
        conn.batch_execute(&format!(
            "UPDATE audit_cuts SET {column} = '{}' WHERE lane = {LANE} AND position = 3",
            kept.to_text()
        ))
        .unwrap();
        assert!(is_whole(&mut conn));
    }
    // An event that comes back before the cut.
    let source = format!("SELECT {LANE}, 1");
    let literal = match conn {
        Conn::Pg(_) => ("gen_random_uuid()", "'\\x00'::bytea"),
        Conn::Sqlite(_) => ("randomblob(16)", "x'00'"),
    };
    conn.batch_execute(&format!(
        "INSERT INTO audit_events (lane, position, id, at, actor_kind, operation, outcome, request_id, is_break_glass, previous_hash, hash) \
         {source}, {}, at, actor_kind, operation, outcome, request_id, is_break_glass, {}, {} FROM audit_events LIMIT 1",
        literal.0, literal.1, literal.1
    ))
    .unwrap();
    assert_eq!(
        verify(&mut conn).unwrap(),
        broken(LANE, 4, Fault::BeforeCut)
    );
    conn.batch_execute(&format!(
        "DELETE FROM audit_events WHERE lane = {LANE} AND position = 1"
    ))
    .unwrap();
    // The anchor behind a cut, by a letter.
    conn.batch_execute(
        "UPDATE audit_anchors SET document = replace(document, 'kaa-audit', 'kaa-audlt')",
    )
    .unwrap();
    let found = verify(&mut conn).unwrap();
    assert!(matches!(
        found,
        Verdict::Broken {
            fault: Fault::Cut(CutFault::Changed),
            ..
        }
    ));
});

on_both!(
    the_anchors_kept_with_the_cuts_show_a_rest_that_was_written_anew,
    |database| {
        let mut conn = cut_twice(&database, &key());
        // The young events, with all hashes right but other contents.
        tamper(&mut conn, &take(LANE, "position > 3"));
        write(&mut conn, LANE, &[300, 200, 100]);
        assert_eq!(positions(&mut conn, LANE), [4, 5, 6]);
        assert_eq!(
            verify(&mut conn).unwrap(),
            broken(LANE, 6, Fault::NotAsAnchored)
        );
        // Or cut off.
        conn.batch_execute(&take(LANE, "position > 4")).unwrap();
        assert_eq!(verify(&mut conn).unwrap(), broken(LANE, 5, Fault::CutOff));
    }
);

on_both!(
    an_anchor_from_before_the_cut_proves_what_it_can_and_says_the_rest,
    |database| {
        let mut conn = database.migrated();
        write(&mut conn, LANE, &[900, 880]);
        let early = walk(&mut conn, &[], &[]).unwrap().heads;
        write(&mut conn, LANE, &[860]);
        let at_the_cut = walk(&mut conn, &[], &[]).unwrap().heads;
        write(&mut conn, LANE, &[100, 90]);
        let late = walk(&mut conn, &[], &[]).unwrap().heads;
        keep_months(&mut conn, 24);
        trim(&database, &key());
        let mut held = |heads: &[LaneHead]| walk(&mut conn, heads, &[]).unwrap();
        let whole = Verdict::Whole { events: 3 };
        // Before it: nothing can be shown, which is said.
        let walked = held(&early);
        assert_eq!((&walked.verdict, walked.unproven.len()), (&whole, 1));
        // At it: the record of the cut has the hash. After it: as ever.
        for heads in [&at_the_cut, &late] {
            let walked = held(heads);
            assert_eq!((&walked.verdict, walked.unproven.len()), (&whole, 0));
        }
        let forged = |heads: &[LaneHead]| -> Vec<LaneHead> {
            let hash = vec![9; 32];
            heads
                .iter()
                .map(|head| LaneHead {
                    hash: hash.clone(),
                    ..head.clone()
                })
                .collect()
        };
        let not_so = |position| broken(LANE, position, Fault::NotAsAnchored);
        assert_eq!(held(&forged(&at_the_cut)).verdict, not_so(3));
        assert_eq!(held(&forged(&late)).verdict, not_so(5));
    }
);

on_both!(nothing_is_taken_from_a_log_that_is_broken, |database| {
    let mut conn = database.migrated();
    write(&mut conn, LANE, &[900, 880, 1]);
    keep_months(&mut conn, 24);
    tamper(
        &mut conn,
        &format!(
            "UPDATE audit_events SET operation = 'readMe' WHERE lane = {LANE} AND position = 3"
        ),
    );
    assert!(trim_some(&database, &key(), u32::MAX).is_err());
    assert_eq!(positions(&mut conn, LANE), [1, 2, 3]);
    assert_eq!(count_cuts(&mut conn), 0);
});

// --- Reasons -----------------------------------------------------------------------------------------------------------

const REASON: &str = "Klagomål från vårdnadshavaren";

fn with_reason(request_id: &str) -> NewEvent {
    let id = Id::fresh();
    NewEvent {
        id,
        is_break_glass: true,
        reason: Some(NewReason::new(&crate::support::vault(), id, REASON).unwrap()),
        ..event(request_id)
    }
}

fn id_at(conn: &mut Conn, position: i64) -> Id<AuditEvent> {
    audit_events::table
        .filter(audit_events::lane.eq(LANE))
        .filter(audit_events::position.eq(position))
        .select(audit_events::id)
        .first(conn)
        .unwrap()
}

fn erase(database: &TestDatabase, id: Id<AuditEvent>) -> kaa::error::Result<bool> {
    let door = door(database);
    // There is no operation of its own yet; any change will do.
    let call = Call {
        operation: Operation::TrimAuditLog,
        identity: Identity::Console,
        at: now(),
        request_id: "erase".to_owned(),
    };
    actix_web::rt::System::new().block_on(door.run(call, move |tx| {
        let permit = tx.permit(Resource::AuditEvents, &Relation::unit_record(true))?;
        dispose_of_reason(tx, &permit, id)
    }))
}

on_both!(
    a_reason_is_erased_for_good_and_the_event_still_holds,
    |database| {
        let mut conn = database.migrated();
        append(
            &mut conn,
            LANE,
            &[event("a"), with_reason("b"), with_reason("c")],
        )
        .unwrap();
        let id = id_at(&mut conn, 2);
        type Stored = (Option<CipherText>, Option<Vec<u8>>, Option<Vec<u8>>);
        let stored = |conn: &mut Conn, id| -> Stored {
            audit_events::table
                .filter(audit_events::id.eq(id))
                .select((
                    audit_events::reason,
                    audit_events::reason_digest,
                    audit_events::reason_salt,
                ))
                .first(conn)
                .unwrap()
        };
        let (reason, digest, salt) = stored(&mut conn, id);
        let text = reason.unwrap();
        assert!(text.0.starts_with("kaa1:r1:"));
        assert_eq!(opened("audit_events", "reason", id.uuid(), &text), REASON);
        let salt = salt.unwrap();
        assert_eq!(salt.len(), 16);
        let expected = Sha256::new()
            .chain_update(&salt)
            .chain_update(REASON)
            .finalize();
        assert_eq!(digest.as_deref(), Some(expected.as_slice()));
        // The same words twice do not look the same.
        let third = id_at(&mut conn, 3);
        assert_ne!(stored(&mut conn, third).1, digest);
        assert!(erase(&database, id).unwrap());
        assert_eq!(stored(&mut conn, id), (None, digest, None));
        assert!(is_whole(&mut conn));
        // There is nothing to erase twice, nor where no reason was given.
        assert!(!erase(&database, id).unwrap());
        let first = id_at(&mut conn, 1);
        assert!(!erase(&database, first).unwrap());
        assert!(erase(&database, Id::fresh()).is_err());
        // It cannot be put back.
        for sql in [
            "UPDATE audit_events SET reason = 'x' WHERE position = 2 AND lane = 4000",
            "UPDATE audit_events SET reason = 'x' WHERE position = 1 AND lane = 4000",
            // Not the half of it.
            "UPDATE audit_events SET reason = NULL WHERE position = 3 AND lane = 4000",
            "UPDATE audit_events SET reason_salt = NULL WHERE position = 3 AND lane = 4000",
            "UPDATE audit_events SET reason_digest = NULL WHERE position = 3 AND lane = 4000",
            // Nor anything beside it.
            "UPDATE audit_events SET reason = NULL, reason_salt = NULL, role = NULL WHERE position = 3 AND lane = 4000",
        ] {
            let refused = conn.batch_execute(sql).unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{sql}: {refused}");
        }
        // The same text in another writing is let through by the database; the check of the log compares the words.
        conn.batch_execute(
            "UPDATE audit_events SET reason = 'annat' WHERE position = 3 AND lane = 4000",
        )
        .unwrap();
        assert_eq!(verify(&mut conn).unwrap(), broken(LANE, 3, Fault::Changed));
        conn.batch_execute(&format!(
            "UPDATE audit_events SET reason = '{REASON}' WHERE position = 3 AND lane = 4000"
        ))
        .unwrap();
        assert!(is_whole(&mut conn));
    }
);

on_both!(
    a_reason_that_was_added_changed_or_half_erased_is_found,
    |database| {
        let mut conn = database.migrated();
        append(&mut conn, LANE, &[event("a"), with_reason("b")]).unwrap();
        tamper(&mut conn, "SELECT 1");
        let bytes = match conn {
            Conn::Pg(_) => "decode(repeat('00', 16), 'hex')",
            Conn::Sqlite(_) => "zeroblob(16)",
        };
        let text = format!("reason = '{REASON}'");
        for (position, change, back) in [
            (1, "reason = 'x'".to_owned(), "reason = NULL".to_owned()),
            (
                1,
                format!("reason_salt = {bytes}"),
                "reason_salt = NULL".to_owned(),
            ),
            (
                1,
                format!("reason_digest = {bytes}"),
                "reason_digest = NULL".to_owned(),
            ),
            (2, "reason = 'x'".to_owned(), text.clone()),
            (2, "reason = NULL".to_owned(), text),
        ] {
            let set = |what: &str| {
                format!(
                    "UPDATE audit_events SET {what} WHERE lane = {LANE} AND position = {position}"
                )
            };
            conn.batch_execute(&set(&change)).unwrap();
            assert_eq!(
                verify(&mut conn).unwrap(),
                broken(LANE, position, Fault::Changed),
                "{change}"
            );
            conn.batch_execute(&set(&back)).unwrap();
            assert!(is_whole(&mut conn), "{back}");
        }
        // Another salt for the same words, and no words with a salt.
        conn.batch_execute(&format!(
            "UPDATE audit_events SET reason_salt = {bytes} WHERE lane = {LANE} AND position = 2"
        ))
        .unwrap();
        assert_eq!(verify(&mut conn).unwrap(), broken(LANE, 2, Fault::Changed));
    }
);

/// The hash of an event as versions before the digest wrote it, told here once more so that it cannot drift.
fn old_hash(at: &str, id: uuid::Uuid, reason: &str) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let mut feed = |part: Option<&[u8]>| match part {
        Some(bytes) => {
            hasher.update([1]);
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        }
        None => hasher.update([0]),
    };
    feed(Some(&[0; 32]));
    feed(Some(&LANE.to_be_bytes()));
    feed(Some(&1_i64.to_be_bytes()));
    feed(Some(id.as_bytes()));
    feed(Some(at.as_bytes()));
    feed(None); // actor
    feed(Some(b"staff"));
    feed(None); // role
    feed(None); // unit
    feed(None); // session
    feed(Some(b"createAccessGrant"));
    feed(Some(b"allowed"));
    feed(None); // error
    feed(Some(b"r-1"));
    feed(Some(&[1]));
    feed(Some(reason.as_bytes()));
    hasher.finalize().to_vec()
}

on_both!(
    events_of_before_the_digest_still_hold_and_keep_their_text,
    |database| {
        let mut conn = database.migrated();
        let at = "2026-11-20T08:00:00.000000Z";
        let id = Id::<AuditEvent>::fresh();
        diesel::insert_into(audit_events::table)
            .values((
                audit_events::lane.eq(LANE),
                audit_events::position.eq(1_i64),
                audit_events::id.eq(id),
                audit_events::at.eq(Timestamp::of(at.parse().unwrap())),
                audit_events::actor_kind.eq("staff"),
                audit_events::operation.eq("createAccessGrant"),
                audit_events::outcome.eq("allowed"),
                audit_events::request_id.eq("r-1"),
                audit_events::is_break_glass.eq(true),
                audit_events::reason.eq(CipherText(REASON.to_owned())),
                audit_events::previous_hash.eq(vec![0_u8; 32]),
                audit_events::hash.eq(old_hash(at, id.uuid(), REASON)),
            ))
            .execute(&mut conn)
            .unwrap();
        append(&mut conn, LANE, &[with_reason("new")]).unwrap();
        assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 2 });
        assert!(!erase(&database, id).unwrap());
        let sql = "UPDATE audit_events SET reason = NULL WHERE position = 1 AND lane = 4000";
        assert!(conn.batch_execute(sql).is_err());
        // With a digest put beside it, it is not the event any more.
        let digest = match conn {
            Conn::Pg(_) => "'\\x00'::bytea",
            Conn::Sqlite(_) => "x'00'",
        };
        tamper(
            &mut conn,
            &format!(
                "UPDATE audit_events SET reason = NULL, reason_digest = {digest} WHERE lane = {LANE} AND position = 1"
            ),
        );
        assert_eq!(verify(&mut conn).unwrap(), broken(LANE, 1, Fault::Changed));
    }
);

// --- The command line --------------------------------------------------------------------------------------------------

fn kaa(database: &TestDatabase, arguments: &[&str]) -> (i32, String) {
    run_program(&database.location, &[], arguments)
}

on_both!(
    the_command_line_disposes_and_says_what_it_cannot_show,
    |database| {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).display().to_string();
        let (key, anchor) = (file("key.pem"), file("anchor.json"));
        let mut conn = database.migrated();
        // By the machine's clock: older than any number of months that is set here.
        write(&mut conn, LANE, &[9_000, 8_999, 8_000]);
        let (_, said) = kaa(&database, &["audit", "key", &key]);
        let public = said.lines().last().unwrap().to_owned();
        let trim = || kaa(&database, &["audit", "trim", "--key", &key]);
        let (code, said) = trim();
        assert_eq!((code, said.contains("is not set")), (0, true), "{said}");
        assert_ne!(kaa(&database, &["audit", "trim"]).0, 0, "without a key");
        assert_eq!(
            kaa(&database, &["audit", "export", &anchor, "--key", &key]).0,
            0
        );
        append(&mut conn, LANE, &[aged(7_000, "after the anchor")]).unwrap();
        keep_months(&mut conn, 24);
        let (code, said) = trim();
        assert_eq!((code, said.contains("4 events")), (0, true), "{said}");
        let (code, said) = trim();
        assert_eq!((code, said.contains("0 events")), (0, true), "{said}");
        let (code, said) = kaa(&database, &["audit", "verify"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("begins after position 4"), "{said}");
        assert!(said.contains("known only by the signing key"), "{said}");
        let verify = |key: &str| {
            kaa(
                &database,
                &["audit", "verify", "--anchor", &anchor, "--key", key],
            )
        };
        let (code, said) = verify(&public);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("cannot be shown any more"), "{said}");
        let (_, other) = kaa(&database, &["audit", "key", &file("other.pem")]);
        let other = other.lines().last().unwrap().to_owned();
        let (code, said) = kaa(&database, &["audit", "verify", "--key", &other]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("not signed with a known key"), "{said}");
    }
);
