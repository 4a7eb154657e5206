//! The protected status over HTTP: who may know of it, what it must say, and the one answer that leaves the compartment.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Nobody, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{protected_versions, record_versions};
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

fn of(youth: Id<Youth>) -> String {
    format!("/youths/{youth}/protected-status")
}

fn set(app: &TestApp, persona: Persona, version: Option<i64>, body: Value) -> Answer {
    app.put(persona, &of(app.world.alva), version, body)
}

fn substance(status: &str) -> Value {
    json!({"basis": "substance", "substanceStatus": status})
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

/// What the team sees: the answer and its day.
fn gate(app: &TestApp, persona: Persona) -> (Value, Value) {
    let alva = app
        .get(persona, &format!("/youths/{}", app.world.alva))
        .expect(200);
    (
        alva.body["mayStartMeasures"].clone(),
        alva.body["mayStartMeasuresSince"].clone(),
    )
}

with_app!(
    the_assigned_socionom_sets_and_reads_it_and_the_team_sees_one_answer,
    |mut_app| {
        let mut app = mut_app;
        assert_eq!(gate(&app, Syv), (json!(true), Value::Null));
        let made = set(&app, Socionom, None, substance("no_known_obstacle")).expect(200);
        assert_eq!(made.version(), 1);
        assert_eq!(made.body["mayStartMeasures"], true);
        assert_eq!(made.body["setBy"], json!(app.world.user(Socionom)));
        // A yes with a day would tell that something is kept about this youth.
        assert_eq!(gate(&app, Syv), (json!(true), Value::Null));
        app.pass(Duration::days(1));
        let changed = set(&app, Socionom, Some(1), substance("active_use")).expect(200);
        assert_eq!(changed.version(), 2);
        assert_eq!(changed.body["mayStartMeasures"], false);
        assert_eq!(changed.body["createdAt"], made.body["createdAt"]);
        for persona in [
            Syv,
            Ungdomskonsulent,
            Socionom,
            SocionomStranger,
            Enhetschef,
        ] {
            assert_eq!(gate(&app, persona), (json!(false), json!("2026-11-25")));
        }
        assert_eq!(gate(&app, Ambassador), (Value::Null, Value::Null));
        app.pass(Duration::days(1));
        // The same no for another reason looks the same from outside.
        let ill = json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": "2027-01-10", "note": "Sjukskriven"});
        set(&app, Socionom, Some(2), ill).expect(200);
        assert_eq!(gate(&app, Syv), (json!(false), json!("2026-11-25")));
        app.pass(Duration::days(1));
        set(
            &app,
            Socionom,
            Some(3),
            json!({"basis": "other", "mayStartMeasures": true}),
        )
        .expect(200);
        assert_eq!(gate(&app, Syv), (json!(true), json!("2026-11-27")));
        let read = app.get(Socionom, &of(app.world.alva)).expect(200);
        assert_eq!(read.body["basis"], "other");
        assert_eq!(read.body["substanceStatus"], Value::Null);
        assert_eq!(read.body["note"], Value::Null, "a status is set whole");
        assert_eq!(read.version(), 4);
        // The history lies with the compartment, and the youth's own says nothing of it.
        let kept: i64 = protected_versions::table
            .count()
            .get_result(&mut app.db())
            .unwrap();
        let open: i64 = record_versions::table
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!((kept, open), (4, 0));
        let event = app.db_last_event("setProtectedStatus");
        assert_eq!(event.subjects[0].0, Some(app.world.alva));
        assert_eq!(event.subjects[0].1, "protectedStatuses");
    }
);

with_app!(what_it_says_must_fit_together, |app| {
    let wrong = |body: Value| set(&app, Socionom, None, body).problem(422, "validation-failed");
    assert_eq!(wrong(json!({})), [pair("/basis", "required")]);
    assert_eq!(
        wrong(json!({"basis": "substance"})),
        [pair("/substanceStatus", "required")]
    );
    assert_eq!(
        wrong(
            json!({"basis": "substance", "substanceStatus": "active_use", "mayStartMeasures": true})
        ),
        [pair("/mayStartMeasures", "not-with-other")]
    );
    assert_eq!(
        wrong(
            json!({"basis": "other", "substanceStatus": "active_use", "mayStartMeasures": false})
        ),
        [pair("/substanceStatus", "not-with-other")]
    );
    assert_eq!(
        wrong(json!({"basis": "ill_health"})),
        [pair("/mayStartMeasures", "required")]
    );
    // Ill health goes on beside the measures, or pauses them until a day that lies ahead.
    let pause = |until: Value| json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": until});
    for (until, code) in [
        (Value::Null, "required"),
        (json!("2026-11-24"), "in-past"),
        (json!("2027-11-26"), "too-far-ahead"),
        (json!("snart"), "not-date"),
    ] {
        assert_eq!(wrong(pause(until)), [pair("/pausedUntil", code)]);
    }
    assert_eq!(
        wrong(json!({"basis": "other", "mayStartMeasures": false, "pausedUntil": "2027-01-10"})),
        [pair("/pausedUntil", "not-with-other")]
    );
    assert_eq!(
        wrong(
            json!({"basis": "x", "substanceStatus": 1, "mayStartMeasures": "yes", "note": "n".repeat(10_001), "y": 1})
        ),
        [
            pair("/basis", "not-in-list"),
            pair("/substanceStatus", "not-in-list"),
            pair("/mayStartMeasures", "not-boolean"),
            pair("/note", "too-long"),
            pair("/y", "unknown-field"),
        ]
    );
    assert_eq!(
        set(
            &app,
            Socionom,
            None,
            json!({"basis": "other", "setBy": app.world.user(Syv)})
        )
        .problem(403, "forbidden-field"),
        [pair("/setBy", "not-open-to-role")]
    );
    app.get(Socionom, &of(app.world.alva))
        .problem(404, "not-found");
    assert_eq!(gate(&app, Syv), (json!(true), Value::Null));
});

with_app!(a_later_status_builds_on_the_one_in_force, |app| {
    set(&app, Socionom, Some(1), substance("active_use")).problem(412, "stale-version");
    set(&app, Socionom, None, substance("active_use")).expect(200);
    set(&app, Socionom, None, substance("process_begun")).problem(428, "version-required");
    let stale = set(&app, Socionom, Some(7), substance("process_begun"));
    assert_eq!(stale.header("etag"), Some("\"1\""));
    stale.problem(412, "stale-version");
    assert_eq!(gate(&app, Syv).0, false);
    set(&app, Socionom, Some(1), substance("process_begun")).expect(200);
    assert_eq!(gate(&app, Syv).0, true);
});

with_app!(nobody_else_learns_whether_there_is_one, |app| {
    let missing = app
        .get(Socionom, "/youths/00000000-0000-7000-8000-000000000000")
        .expect(404);
    let unknown = app
        .get(
            Socionom,
            &format!("/youths/{}/nothing-here", app.world.alva),
        )
        .expect(404);
    assert_eq!(unknown.without_instance(), missing.without_instance());
    let look = |persona: Persona, youth: Id<Youth>| {
        [
            app.get(persona, &of(youth)),
            app.put(persona, &of(youth), None, substance("active_use")),
            app.put(persona, &of(youth), Some(1), json!({"x": 1})),
        ]
        .map(|answer| answer.without_instance())
    };
    let strangers = [SocionomStranger];
    let before: Vec<_> = strangers
        .iter()
        .map(|persona| look(*persona, app.world.alva))
        .collect();
    let roles = [
        Syv,
        Ungdomskonsulent,
        Ambassador,
        Administrator,
        Loggranskare,
    ];
    let roles_before: Vec<_> = roles
        .iter()
        .map(|persona| look(*persona, app.world.alva))
        .collect();
    // None is set: an assigned socionom gets the same.
    assert_eq!(
        app.get(Socionom, &of(app.world.alva)).without_instance(),
        missing.without_instance()
    );
    set(&app, Socionom, None, substance("active_use")).expect(200);
    let after: Vec<_> = strangers
        .iter()
        .map(|persona| look(*persona, app.world.alva))
        .collect();
    let roles_after: Vec<_> = roles
        .iter()
        .map(|persona| look(*persona, app.world.alva))
        .collect();
    assert_eq!(before, after);
    assert_eq!(roles_before, roles_after);
    for answer in after.iter().flatten() {
        assert_eq!(*answer, missing.without_instance());
    }
    for answer in roles_after.iter().flatten() {
        assert_eq!(answer["status"], 403);
    }
    for persona in [Enhetschef, EnhetschefElsewhere] {
        assert_eq!(
            app.get(persona, &of(app.world.alva)).without_instance(),
            missing.without_instance()
        );
    }
    app.put(
        Enhetschef,
        &of(app.world.alva),
        None,
        substance("active_use"),
    )
    .problem(403, "forbidden");
    app.get(Nobody, &of(app.world.alva))
        .problem(401, "unauthenticated");
    // Nor of a youth that one is not assigned to, seen or not.
    for youth in [app.world.bo, app.world.dag] {
        for answer in look(Socionom, youth) {
            assert_eq!(answer, missing.without_instance());
        }
    }
    app.get(SyvElsewhere, &of(app.world.alva))
        .problem(403, "forbidden");
    // The youth's record and its history name nothing of it.
    for persona in [Syv, Ungdomskonsulent, SocionomStranger, Enhetschef] {
        for path in [
            format!("/youths/{}", app.world.alva),
            format!("/youths/{}/versions", app.world.alva),
        ] {
            let text = app.get(persona, &path).expect(200).body.to_string();
            for word in ["substance", "active_use", "basis", "protectedStatus"] {
                assert!(!text.contains(word), "{persona:?} {path}: {word}");
            }
        }
    }
});

with_app!(the_chief_reads_it_with_a_reason_for_a_while, |mut_app| {
    let mut app = mut_app;
    set(&app, Socionom, None, substance("active_use")).expect(200);
    let reason =
        json!({"purpose": "protected_compartment", "reason": "Tillsyn enligt plan", "minutes": 10});
    app.post(
        Enhetschef,
        &format!("/youths/{}/access-grants", app.world.alva),
        reason,
    )
    .expect(201);
    let read = app.get(Enhetschef, &of(app.world.alva)).expect(200);
    assert_eq!(read.body["substanceStatus"], "active_use");
    let event = app.db_last_event("readProtectedStatus");
    assert!(event.is_break_glass);
    // Reading is all a reason opens.
    app.put(
        Enhetschef,
        &of(app.world.alva),
        Some(1),
        substance("process_begun"),
    )
    .problem(403, "forbidden");
    app.pass(Duration::minutes(10));
    app.get(Enhetschef, &of(app.world.alva))
        .problem(404, "not-found");
    assert!(!app.db_last_event("readProtectedStatus").is_break_glass);
});

with_app!(of_two_first_statuses_set_at_once_one_stands, |app| {
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = ["active_use", "process_begun"]
            .map(|status| {
                let app = &app;
                scope.spawn(move || set(app, Socionom, None, substance(status)).status)
            })
            .into_iter()
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 428]);
    assert_eq!(
        app.get(Socionom, &of(app.world.alva)).expect(200).version(),
        1
    );
});

with_app!(the_chief_has_the_counts_as_bands_and_nobody_else, |app| {
    let counts = |app: &crate::support::TestApp| {
        app.get(Enhetschef, "/statistics/compartment")
            .expect(200)
            .body
    };
    let none = counts(&app);
    assert_eq!(none["youthsNotYetToStart"], json!({"from": 0, "to": 4}));
    app.put(
        Socionom,
        &format!("/youths/{}/protected-status", app.world.alva),
        None,
        json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": "2027-01-10"}),
    )
    .expect(200);
    // One more or less is not told.
    let one = counts(&app);
    assert_eq!(one["youthsNotYetToStart"], none["youthsNotYetToStart"]);
    assert_eq!(one["youthsWithReferral"], json!({"from": 0, "to": 4}));
    app.get(Socionom, "/statistics/compartment")
        .problem(403, "forbidden");
    assert!(app.db_last_event("readCompartmentCounts").outcome == "refused");
});
