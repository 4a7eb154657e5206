//! Does the chain of the audit hold when it is whole, and name the first broken link when somebody has been at it?

use crate::on_both;
use diesel::connection::SimpleConnection;
use kaa::db::Conn;
use kaa::db::audit_chain::{Fault, NewEvent, NewSubject, Verdict, append, verify};
use kaa::db::types::Timestamp;
use kaa::domain::codes::AuditOutcome;
use kaa::domain::id::Id;
use kaa::domain::user::Role;

pub fn event(request_id: &str) -> NewEvent {
    NewEvent {
        id: Id::fresh(),
        at: Timestamp::of("2026-11-24T08:00:00.5Z".parse().unwrap()),
        actor_id: Some(Id::fresh()),
        actor_kind: "staff",
        role: Some(Role::Syv),
        unit_id: None,
        session_id: None,
        operation: "listYouths",
        outcome: AuditOutcome::Allowed,
        error_code: None,
        request_id: request_id.to_owned(),
        is_break_glass: false,
        reason: None,
        subjects: (0..3)
            .map(|_| NewSubject {
                youth_id: Some(Id::fresh()),
                resource: "youths",
                record_id: Some(Id::fresh()),
                fields: "givenName,age".to_owned(),
            })
            .collect(),
    }
}

pub fn write_two_lanes(conn: &mut Conn) {
    for lane in [0, 1] {
        append(conn, lane, &[event("r-1"), event("r-2")]).unwrap();
        append(conn, lane, &[event("r-3")]).unwrap();
    }
}

/// What somebody with the right to change the tables could do.
pub fn tamper(conn: &mut Conn, sql: &str) {
    let open = match conn {
        Conn::Pg(_) => {
            "ALTER TABLE audit_events DISABLE TRIGGER ALL; ALTER TABLE audit_subjects DISABLE TRIGGER ALL;"
        }
        Conn::Sqlite(_) => {
            "PRAGMA foreign_keys = OFF; DROP TRIGGER audit_events_no_update; DROP TRIGGER audit_events_no_delete; \
             DROP TRIGGER audit_subjects_no_update; DROP TRIGGER audit_subjects_no_delete;"
        }
    };
    conn.batch_execute(open).unwrap();
    conn.batch_execute(sql).unwrap();
}

on_both!(a_whole_chain_is_found_whole, |database| {
    let mut conn = database.migrated();
    assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 0 });
    write_two_lanes(&mut conn);
    assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 6 });
});

on_both!(a_chain_longer_than_a_page_is_read_to_its_end, |database| {
    let mut conn = database.migrated();
    let many: Vec<NewEvent> = (0..1_003)
        .map(|n| NewEvent {
            subjects: Vec::new(),
            ..event(&n.to_string())
        })
        .collect();
    conn.batch_execute("BEGIN").unwrap();
    append(&mut conn, 0, &many).unwrap();
    conn.batch_execute("COMMIT").unwrap();
    assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 1_003 });
});

on_both!(a_changed_event_is_named, |database| {
    let mut conn = database.migrated();
    write_two_lanes(&mut conn);
    tamper(
        &mut conn,
        "UPDATE audit_events SET operation = 'readMe' WHERE lane = 1 AND position = 2",
    );
    let expected = Verdict::Broken {
        lane: 1,
        position: 2,
        fault: Fault::Changed,
    };
    assert_eq!(verify(&mut conn).unwrap(), expected);
});

on_both!(a_removed_event_is_named, |database| {
    let mut conn = database.migrated();
    write_two_lanes(&mut conn);
    tamper(
        &mut conn,
        "DELETE FROM audit_subjects WHERE event_id = (SELECT id FROM audit_events WHERE lane = 0 AND position = 2); \
         DELETE FROM audit_events WHERE lane = 0 AND position = 2",
    );
    let expected = Verdict::Broken {
        lane: 0,
        position: 2,
        fault: Fault::Missing,
    };
    assert_eq!(verify(&mut conn).unwrap(), expected);
});

on_both!(a_removed_subject_is_named, |database| {
    let mut conn = database.migrated();
    write_two_lanes(&mut conn);
    tamper(
        &mut conn,
        "DELETE FROM audit_subjects WHERE ordinal = 2 AND event_id = (SELECT id FROM audit_events WHERE lane = 0 AND position = 3)",
    );
    let expected = Verdict::Broken {
        lane: 0,
        position: 3,
        fault: Fault::Changed,
    };
    assert_eq!(verify(&mut conn).unwrap(), expected);
});

on_both!(a_rewritten_hash_breaks_the_next_link, |database| {
    let mut conn = database.migrated();
    write_two_lanes(&mut conn);
    let zero = match conn {
        Conn::Pg(_) => "'\\x00'::bytea",
        Conn::Sqlite(_) => "x'00'",
    };
    tamper(
        &mut conn,
        &format!("UPDATE audit_events SET previous_hash = {zero} WHERE lane = 0 AND position = 2"),
    );
    let expected = Verdict::Broken {
        lane: 0,
        position: 2,
        fault: Fault::WrongPredecessor,
    };
    assert_eq!(verify(&mut conn).unwrap(), expected);
});
