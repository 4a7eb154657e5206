//! Does an anchor that was kept elsewhere show what somebody with all rights in the database has done to the log?

use super::audit_chain::{event, tamper, write_two_lanes};
use crate::on_both;
use crate::support::{TestDatabase, run_program};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::Conn;
use kaa::db::audit_chain::{Fault, LaneHead, Verdict, append, verify, walk};
use kaa::db::schema::{audit_events, audit_subjects};

/// Two lanes of three events, anchored, and two events more.
fn anchored(conn: &mut Conn) -> Vec<LaneHead> {
    write_two_lanes(conn);
    let heads = walk(conn, &[], &[]).unwrap().heads;
    assert_eq!(heads.len(), 2);
    assert!(heads.iter().all(|head| head.position == 3));
    append(conn, 1, &[event("r-4"), event("r-5")]).unwrap();
    heads
}

fn broken(lane: i32, position: i64, fault: Fault) -> Verdict {
    Verdict::Broken {
        lane,
        position,
        fault,
    }
}

on_both!(what_has_only_grown_is_as_it_was_anchored, |database| {
    let mut conn = database.migrated();
    let heads = anchored(&mut conn);
    let walked = walk(&mut conn, &heads, &[]).unwrap();
    assert_eq!(walked.verdict, Verdict::Whole { events: 8 });
    assert_eq!(walked.heads[1].position, 5);
    // An anchor of an empty log holds for every log.
    assert_eq!(
        walk(&mut conn, &[], &[]).unwrap().verdict,
        Verdict::Whole { events: 8 }
    );
});

on_both!(an_end_that_was_cut_off_is_named, |database| {
    let mut conn = database.migrated();
    let heads = anchored(&mut conn);
    tamper(
        &mut conn,
        "DELETE FROM audit_subjects WHERE event_id IN (SELECT id FROM audit_events WHERE lane = 0 AND position > 1); \
         DELETE FROM audit_events WHERE lane = 0 AND position > 1",
    );
    // The chain alone does not show it.
    assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 6 });
    let found = walk(&mut conn, &heads, &[]).unwrap().verdict;
    assert_eq!(found, broken(0, 2, Fault::CutOff));
});

on_both!(a_lane_that_is_gone_is_named, |database| {
    let mut conn = database.migrated();
    let heads = anchored(&mut conn);
    tamper(
        &mut conn,
        "DELETE FROM audit_subjects; DELETE FROM audit_events",
    );
    assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 0 });
    let found = walk(&mut conn, &heads, &[]).unwrap().verdict;
    assert_eq!(found, broken(0, 1, Fault::CutOff));
});

on_both!(a_chain_that_was_written_anew_is_named, |database| {
    let mut conn = database.migrated();
    let heads = anchored(&mut conn);
    // Everything is replaced by a sound chain that is as long, and longer.
    tamper(
        &mut conn,
        "DELETE FROM audit_subjects; DELETE FROM audit_events",
    );
    write_two_lanes(&mut conn);
    append(&mut conn, 1, &[event("r-4"), event("r-5"), event("r-6")]).unwrap();
    assert_eq!(verify(&mut conn).unwrap(), Verdict::Whole { events: 9 });
    let found = walk(&mut conn, &heads, &[]).unwrap().verdict;
    assert_eq!(found, broken(0, 3, Fault::NotAsAnchored));
});

on_both!(a_middle_that_was_written_anew_is_named, |database| {
    let mut conn = database.migrated();
    let heads = anchored(&mut conn);
    // From the second event of a lane on, all hashes right.
    tamper(
        &mut conn,
        "DELETE FROM audit_subjects WHERE event_id IN (SELECT id FROM audit_events WHERE lane = 1 AND position > 1); \
         DELETE FROM audit_events WHERE lane = 1 AND position > 1",
    );
    append(
        &mut conn,
        1,
        &[event("r-2"), event("r-3"), event("r-4"), event("r-5")],
    )
    .unwrap();
    assert!(matches!(
        verify(&mut conn).unwrap(),
        Verdict::Whole { events: 8 }
    ));
    let found = walk(&mut conn, &heads, &[]).unwrap().verdict;
    assert_eq!(found, broken(1, 3, Fault::NotAsAnchored));
});

on_both!(
    a_change_a_removal_and_another_order_are_named_too,
    |database| {
        let mut conn = database.migrated();
        let heads = anchored(&mut conn);
        tamper(
            &mut conn,
            "UPDATE audit_events SET reason = 'x' WHERE lane = 1 AND position = 2",
        );
        let found = walk(&mut conn, &heads, &[]).unwrap().verdict;
        assert_eq!(found, broken(1, 2, Fault::Changed));
        conn.batch_execute("UPDATE audit_events SET reason = NULL WHERE lane = 1 AND position = 2")
            .unwrap();
        // Two events change places.
        conn.batch_execute(
            "UPDATE audit_events SET position = 99 WHERE lane = 1 AND position = 2; \
         UPDATE audit_events SET position = 2 WHERE lane = 1 AND position = 3; \
         UPDATE audit_events SET position = 3 WHERE lane = 1 AND position = 99",
        )
        .unwrap();
        let found = walk(&mut conn, &heads, &[]).unwrap().verdict;
        assert_eq!(found, broken(1, 2, Fault::WrongPredecessor));
        conn.batch_execute(
        "DELETE FROM audit_subjects WHERE event_id IN (SELECT id FROM audit_events WHERE lane = 1 AND position = 2); \
         DELETE FROM audit_events WHERE lane = 1 AND position = 2",
    )
    .unwrap();
        let found = walk(&mut conn, &heads, &[]).unwrap().verdict;
        assert_eq!(found, broken(1, 2, Fault::Missing));
        let left: i64 = audit_events::table.count().get_result(&mut conn).unwrap();
        let subjects: i64 = audit_subjects::table.count().get_result(&mut conn).unwrap();
        assert_eq!((left, subjects), (7, 21));
    }
);

/// Runs the program on a database; gives its exit code and what it said.
fn kaa(database: &TestDatabase, arguments: &[&str]) -> (i32, String) {
    run_program(&database.location, &[], arguments)
}

on_both!(
    the_command_line_signs_and_holds_against_what_was_signed,
    |database| {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).display().to_string();
        let (key, other_key) = (file("key.pem"), file("other.pem"));
        let (anchor, forged) = (file("anchor.json"), file("forged.json"));
        let mut conn = database.migrated();
        write_two_lanes(&mut conn);
        let public_of = |key: &str| {
            let (code, said) = kaa(&database, &["audit", "key", key]);
            assert_eq!(code, 0, "{said}");
            said.lines().last().unwrap().to_owned()
        };
        let (public, other_public) = (public_of(&key), public_of(&other_key));
        assert_ne!(public, other_public);
        // No key is written over.
        assert_ne!(kaa(&database, &["audit", "key", &key]).0, 0);
        let (code, said) = kaa(&database, &["audit", "export", &anchor, "--key", &key]);
        assert_eq!(code, 0, "{said}");
        append(&mut conn, 1, &[event("r-4")]).unwrap();
        let verify = |anchor: &str, public: &str| {
            kaa(
                &database,
                &["audit", "verify", "--anchor", anchor, "--key", public],
            )
        };
        let (code, said) = verify(&anchor, &public);
        assert_eq!(
            (code, said.contains("whole: 7 events")),
            (0, true),
            "{said}"
        );
        let (code, said) = kaa(&database, &["audit", "verify", "--anchor", &anchor]);
        assert_eq!(
            (code, said.contains("names its own key")),
            (0, true),
            "{said}"
        );
        assert_eq!(verify(&anchor, &other_public).0, 2);
        // Somebody with all rights writes the log anew, and an anchor for it with a key of their own.
        tamper(
            &mut conn,
            "DELETE FROM audit_subjects; DELETE FROM audit_events",
        );
        write_two_lanes(&mut conn);
        append(&mut conn, 1, &[event("r-4")]).unwrap();
        assert_eq!(kaa(&database, &["audit", "verify"]).0, 0);
        let (code, said) = verify(&anchor, &public);
        assert_eq!((code, said.contains("written anew")), (2, true), "{said}");
        assert_eq!(
            kaa(
                &database,
                &["audit", "export", &forged, "--key", &other_key]
            )
            .0,
            0
        );
        assert_eq!(verify(&forged, &public).0, 2);
        // A word of the anchor changed by hand does not pass either.
        let text = std::fs::read_to_string(&anchor).unwrap();
        std::fs::write(&anchor, text.replace("\"position\": 3", "\"position\": 2")).unwrap();
        let (code, said) = verify(&anchor, &public);
        assert_eq!(
            (code, said.contains("signature does not hold")),
            (2, true),
            "{said}"
        );
        // A broken chain is not signed.
        conn.batch_execute("UPDATE audit_events SET reason = 'x' WHERE lane = 1 AND position = 2")
            .unwrap();
        let never = file("never.json");
        assert_eq!(
            kaa(&database, &["audit", "export", &never, "--key", &key]).0,
            2
        );
        assert!(!std::path::Path::new(&never).exists());
    }
);
