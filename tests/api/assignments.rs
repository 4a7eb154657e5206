//! Assignments over HTTP: who ties whom to a youth, what it opens, and that it closes again.

use crate::support::app::{Answer, TestApp};
use crate::support::world::Persona;
use crate::support::world::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Loggranskare,
    Socionom, SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{assignments, users};
use kaa::domain::id::{Assignment, Id, Youth};
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn assign(app: &TestApp, by: Persona, youth: Id<Youth>, whom: Persona, kind: &str) -> Answer {
    let body = json!({"userId": app.world.user(whom), "kind": kind});
    app.post(by, &format!("/youths/{youth}/assignments"), body)
}

/// The assignment of a persona to a youth.
fn db_assignment(app: &TestApp, youth: Id<Youth>, whom: Persona) -> Id<Assignment> {
    assignments::table
        .filter(assignments::youth_id.eq(youth))
        .filter(assignments::user_id.eq(app.world.user(whom)))
        .select(assignments::id)
        .first(&mut app.db())
        .unwrap()
}

with_app!(
    an_ambassador_sees_a_youth_while_the_assignment_runs,
    |app| {
        let mut app = app;
        let bo = app.world.bo;
        let path = format!("/youths/{bo}");
        app.get(AmbassadorStranger, &path).expect(404);
        let made = assign(&app, Ungdomskonsulent, bo, AmbassadorStranger, "ambassador").expect(201);
        assert_eq!(made.body["startsAt"], "2026-11-24T08:00:00.000000Z");
        assert_eq!(
            made.body["assignedBy"],
            json!(app.world.user(Ungdomskonsulent))
        );
        assert!(
            made.header("location")
                .unwrap()
                .ends_with(&format!("/assignments/{}", made.id()))
        );
        let event = app.db_last_event("createAssignment");
        assert!(
            event
                .subjects
                .iter()
                .any(|(youth, resource, _)| *youth == Some(bo) && resource == "assignments")
        );
        app.get(AmbassadorStranger, &path).expect(200);
        let own = app.get(AmbassadorStranger, "/assignments").expect(200);
        assert_eq!(own.column("assignments", "id"), [json!(made.id())]);
        assert!(own.body["assignments"][0].get("assignedBy").is_none());
        let at = format!("/assignments/{}", made.id());
        app.get(AmbassadorStranger, &at).expect(200);
        // Ended by somebody who also assigns ambassadors.
        app.send(Socionom, "PATCH", &at, &[], Some(json!({})))
            .problem(428, "version-required");
        app.patch(Socionom, &at, 3, json!({"endsAt": "2026-11-24T16:00:00Z"}))
            .problem(412, "stale-version");
        let ended = app
            .patch(
                Socionom,
                &at,
                1,
                json!({"endsAt": "2026-11-24T16:00:00+01:00"}),
            )
            .expect(200);
        assert_eq!(ended.body["endsAt"], "2026-11-24T15:00:00.000000Z");
        app.pass(Duration::minutes(7 * 60 - 1));
        app.get(AmbassadorStranger, &path).expect(200);
        app.pass(Duration::minutes(1));
        for closed in [path.as_str(), at.as_str()] {
            app.get(AmbassadorStranger, closed).expect(404);
        }
        assert!(
            app.get(AmbassadorStranger, "/assignments")
                .expect(200)
                .column("assignments", "id")
                .is_empty()
        );
        // It tells why they could see what they saw: it is not opened again, but made anew.
        for change in [
            json!({"endsAt": null}),
            json!({"endsAt": "2027-01-01T00:00:00Z"}),
        ] {
            assert_eq!(
                app.patch(Enhetschef, &at, 2, change)
                    .problem(422, "validation-failed"),
                one("/endsAt", "immutable")
            );
        }
        assign(&app, Enhetschef, bo, AmbassadorStranger, "ambassador").expect(201);
        app.get(AmbassadorStranger, &path).expect(200);
    }
);

with_app!(an_assignment_that_begins_later_opens_nothing_yet, |app| {
    let mut app = app;
    let bo = app.world.bo;
    let body = json!({"userId": app.world.user(AmbassadorStranger), "kind": "ambassador", "startsAt": "2026-11-25T08:00:00Z"});
    let made = app
        .post(Socionom, &format!("/youths/{bo}/assignments"), body)
        .expect(201);
    app.get(AmbassadorStranger, &format!("/youths/{bo}"))
        .expect(404);
    let running = |query: &str| {
        app.get(Syv, &format!("/youths/{bo}/assignments?{query}"))
            .expect(200)
            .column("assignments", "id")
    };
    assert!(running("isRunning=true").is_empty());
    assert_eq!(running("isRunning=false"), [json!(made.id())]);
    // The start moves while it lies ahead.
    let at = format!("/assignments/{}", made.id());
    app.patch(
        Socionom,
        &at,
        1,
        json!({"startsAt": "2026-11-24T09:00:00Z"}),
    )
    .expect(200);
    app.pass(Duration::hours(1));
    app.get(AmbassadorStranger, &format!("/youths/{bo}"))
        .expect(200);
    assert_eq!(
        app.patch(
            Socionom,
            &at,
            2,
            json!({"startsAt": "2026-11-24T07:00:00Z"})
        )
        .problem(422, "validation-failed"),
        one("/startsAt", "immutable")
    );
});

with_app!(
    the_chief_assigns_all_and_konsulent_and_socionom_ambassadors,
    |app| {
        let bo = app.world.bo;
        for by in [Ungdomskonsulent, Socionom] {
            for (whom, kind) in [(Syv, "handler"), (by, "handler"), (by, "support")] {
                assert_eq!(
                    assign(&app, by, bo, whom, kind).problem(403, "forbidden-field"),
                    one("/kind", "not-open-to-role")
                );
            }
        }
        for by in [
            Syv,
            Ambassador,
            AmbassadorStranger,
            Administrator,
            Loggranskare,
        ] {
            assign(&app, by, bo, AmbassadorStranger, "ambassador").problem(403, "forbidden");
        }
        let handler = format!("/assignments/{}", db_assignment(&app, app.world.alva, Syv));
        for by in [Ungdomskonsulent, Socionom] {
            assert_eq!(
                app.patch(by, &handler, 1, json!({"endsAt": "2026-11-24T08:00:00Z"}))
                    .problem(403, "forbidden-field"),
                one("/kind", "not-open-to-role")
            );
        }
        assign(&app, Enhetschef, bo, Syv, "handler").expect(201);
        assign(&app, Enhetschef, bo, Socionom, "support").expect(201);
        assign(&app, Enhetschef, bo, Ambassador, "ambassador").expect(201);
        assert_eq!(
            app.get(Syv, &format!("/youths/{bo}")).expect(200).body["handlerId"],
            json!(app.world.user(Syv))
        );
    }
);

with_app!(who_is_assigned_is_of_the_unit_active_and_fits, |app| {
    let bo = app.world.bo;
    let refused =
        |whom, kind| assign(&app, Enhetschef, bo, whom, kind).problem(422, "validation-failed");
    for (whom, kind, code) in [
        (Ambassador, "handler", "wrong-role"),
        (Enhetschef, "handler", "wrong-role"),
        (Syv, "ambassador", "wrong-role"),
        (Ambassador, "support", "wrong-role"),
        (SyvElsewhere, "handler", "no-such-record"),
        // Whatever their role, people elsewhere are as people who are not.
        (EnhetschefElsewhere, "handler", "no-such-record"),
        (Administrator, "support", "no-such-record"),
    ] {
        assert_eq!(refused(whom, kind), one("/userId", code), "{whom:?} {kind}");
    }
    diesel::update(users::table.find(app.world.user(AmbassadorStranger)))
        .set(users::is_active.eq(false))
        .execute(&mut app.db())
        .unwrap();
    assert_eq!(
        refused(AmbassadorStranger, "ambassador"),
        one("/userId", "no-such-record")
    );
    let path = format!("/youths/{bo}/assignments");
    assert_eq!(
        app.post(
            Enhetschef,
            &path,
            json!({"assignedBy": null, "startsAt": "nu"})
        )
        .problem(403, "forbidden-field"),
        one("/assignedBy", "not-open-to-role")
    );
    assert_eq!(
        app.post(Enhetschef, &path, json!({"startsAt": "nu"}))
            .problem(422, "validation-failed"),
        [
            ("/kind".to_owned(), "required".to_owned()),
            ("/userId".to_owned(), "required".to_owned()),
            ("/startsAt".to_owned(), "not-instant".to_owned()),
        ]
    );
    let body = json!({"userId": app.world.user(Ambassador), "kind": "ambassador", "endsAt": "2026-11-24T07:59:00Z"});
    assert_eq!(
        app.post(Enhetschef, &path, body)
            .problem(422, "validation-failed"),
        one("/endsAt", "wrong-date-order")
    );
});

with_app!(
    nobody_is_assigned_twice_and_one_handler_follows_another,
    |app| {
        let mut app = app;
        let alva = app.world.alva;
        assign(&app, Ungdomskonsulent, alva, Ambassador, "ambassador")
            .problem(409, "already-exists");
        assign(&app, Enhetschef, alva, Syv, "handler").problem(409, "already-exists");
        // In another capacity, or another ambassador beside the first, is no double.
        assign(
            &app,
            Ungdomskonsulent,
            alva,
            AmbassadorStranger,
            "ambassador",
        )
        .expect(201);
        app.pass(Duration::hours(1));
        let second = assign(&app, Enhetschef, alva, SocionomStranger, "handler").expect(201);
        let handlers = app
            .get(Syv, &format!("/youths/{alva}/assignments?kind=handler"))
            .expect(200);
        assert_eq!(
            handlers.column("assignments", "endsAt"),
            [Value::Null, json!("2026-11-24T09:00:00.000000Z")]
        );
        assert_eq!(
            handlers.column("assignments", "version"),
            [json!(1), json!(2)]
        );
        // A handler planned for January is not overrun, neither here nor through the episode.
        let path = format!("/youths/{alva}/assignments");
        let planned = json!({"userId": app.world.user(Ungdomskonsulent), "kind": "handler", "startsAt": "2027-01-01T00:00:00Z"});
        app.post(Enhetschef, &path, planned).expect(201);
        let now = json!({"userId": app.world.user(Syv), "kind": "handler"});
        assert_eq!(
            app.post(Enhetschef, &path, now)
                .problem(422, "validation-failed"),
            one("/startsAt", "overlaps-assignment")
        );
        let episode = format!("/episodes/{}", app.world.alva_episode);
        assert_eq!(
            app.patch(
                Enhetschef,
                &episode,
                1,
                json!({"handlerId": app.world.user(Syv)})
            )
            .problem(422, "validation-failed"),
            one("/handlerId", "overlaps-assignment")
        );
        let until = json!({"userId": app.world.user(Syv), "kind": "handler", "endsAt": "2027-01-01T00:00:00Z"});
        app.post(Enhetschef, &path, until).expect(201);
        // The replaced one has ended (first planned for January, then at once), and does not come back beside the new.
        let replaced = format!("/assignments/{}", second.id());
        assert_eq!(
            app.patch(Enhetschef, &replaced, 3, json!({"endsAt": null}))
                .problem(422, "validation-failed"),
            one("/endsAt", "immutable")
        );
        assert_eq!(
            app.get(Syv, &format!("/youths/{alva}")).expect(200).body["handlerId"],
            json!(app.world.user(Syv))
        );
    }
);

with_app!(
    an_end_is_not_put_off_into_the_time_of_the_next_handler,
    |app| {
        let alva = app.world.alva;
        let at = format!("/assignments/{}", db_assignment(&app, alva, Syv));
        app.patch(
            Enhetschef,
            &at,
            1,
            json!({"endsAt": "2026-12-01T00:00:00Z"}),
        )
        .expect(200);
        let body = json!({"userId": app.world.user(SocionomStranger), "kind": "handler", "startsAt": "2026-12-01T00:00:00Z"});
        app.post(Enhetschef, &format!("/youths/{alva}/assignments"), body)
            .expect(201);
        for end in [Value::Null, json!("2026-12-01T00:00:01Z")] {
            app.patch(Enhetschef, &at, 2, json!({"endsAt": end}))
                .problem(409, "already-exists");
        }
        let fixed = json!({"userId": app.world.user(SocionomStranger), "kind": "support"});
        assert_eq!(
            app.patch(Enhetschef, &at, 2, fixed)
                .problem(422, "validation-failed"),
            [
                ("/userId".to_owned(), "immutable".to_owned()),
                ("/kind".to_owned(), "immutable".to_owned()),
            ]
        );
        // Whoever has left is not assigned for longer, but may end sooner.
        diesel::update(users::table.find(app.world.user(Syv)))
            .set(users::is_active.eq(false))
            .execute(&mut app.db())
            .unwrap();
        app.patch(
            Enhetschef,
            &at,
            2,
            json!({"endsAt": "2026-11-30T00:00:00Z"}),
        )
        .expect(200);
        assert_eq!(
            app.patch(
                Enhetschef,
                &at,
                3,
                json!({"endsAt": "2026-12-01T00:00:00Z"})
            )
            .problem(422, "validation-failed"),
            one("/endsAt", "no-such-record")
        );
    }
);

with_app!(
    a_protected_youth_is_assigned_by_those_who_know_of_them,
    |app| {
        let pia = app.world.pia;
        for by in [Ungdomskonsulent, SocionomStranger] {
            assign(&app, by, pia, Ambassador, "ambassador").problem(404, "not-found");
        }
        assign(&app, Socionom, pia, Ambassador, "ambassador").expect(201);
        assign(&app, Enhetschef, pia, Syv, "handler").expect(201);
        app.get(Ambassador, &format!("/youths/{pia}")).expect(200);
        app.get(Syv, &format!("/youths/{pia}/assignments"))
            .expect(200);
        for persona in [Ambassador, Syv, Socionom, Enhetschef] {
            let listed = app
                .get(persona, "/assignments")
                .expect(200)
                .column("assignments", "youthId");
            assert!(!listed.contains(&json!(pia)), "{persona:?}");
        }
    }
);

with_app!(an_ambassador_cannot_widen_the_own_window, |app| {
    let (alva, bo) = (app.world.alva, app.world.bo);
    let missing = app
        .get(
            Ambassador,
            &format!("/assignments/{}", Id::<Assignment>::fresh()),
        )
        .expect(404);
    let own = format!("/assignments/{}", db_assignment(&app, alva, Ambassador));
    assert_eq!(app.get(Ambassador, &own).expect(200).version(), 1);
    app.patch(
        Ambassador,
        &own,
        1,
        json!({"endsAt": "2030-01-01T00:00:00Z"}),
    )
    .problem(403, "forbidden");
    assign(&app, Ambassador, bo, Ambassador, "ambassador").problem(403, "forbidden");
    let others = [
        db_assignment(&app, alva, Syv),
        db_assignment(&app, alva, Socionom),
        db_assignment(&app, app.world.pia, Socionom),
    ];
    for other in others {
        let hidden = app.get(Ambassador, &format!("/assignments/{other}"));
        assert_eq!(hidden.without_instance(), missing.without_instance());
    }
    let listed = |path: &str| {
        app.get(Ambassador, path)
            .expect(200)
            .column("assignments", "userId")
    };
    let me = json!(app.world.user(Ambassador));
    assert_eq!(listed("/assignments"), std::slice::from_ref(&me));
    assert_eq!(listed(&format!("/youths/{alva}/assignments")), [me]);
    let socionom = app.world.user(Socionom);
    assert!(listed(&format!("/assignments?userId={socionom}")).is_empty());
    assert!(listed("/assignments?kind=support").is_empty());
    for youth in [bo, app.world.pia, app.world.dag] {
        let hidden = app.get(Ambassador, &format!("/youths/{youth}/assignments"));
        assert_eq!(hidden.without_instance(), missing.without_instance());
    }
    // Staff of the unit see the team, those elsewhere nothing.
    for (persona, status) in [
        (Ungdomskonsulent, 200),
        (SyvElsewhere, 404),
        (EnhetschefElsewhere, 404),
    ] {
        app.get(persona, &own).expect(status);
        app.get(persona, &format!("/youths/{alva}/assignments"))
            .expect(status);
    }
    let refused = app.db_last_event("updateAssignment");
    assert_eq!(
        (refused.outcome.as_str(), refused.actor),
        ("refused", Some(app.world.user(Ambassador)))
    );
});

with_app!(
    the_list_of_assignments_holds_what_single_reads_allow,
    |app| {
        assign(
            &app,
            Ungdomskonsulent,
            app.world.bo,
            AmbassadorStranger,
            "ambassador",
        )
        .expect(201);
        // Of the past: staff see it, the ambassador no longer.
        let body = json!({"userId": app.world.user(Ambassador), "kind": "ambassador", "startsAt": "2026-10-01T00:00:00Z", "endsAt": "2026-10-02T00:00:00Z"});
        app.post(
            Socionom,
            &format!("/youths/{}/assignments", app.world.bo),
            body,
        )
        .expect(201);
        let every: Vec<(Id<Assignment>, Id<Youth>)> = assignments::table
            .select((assignments::id, assignments::youth_id))
            .load(&mut app.db())
            .unwrap();
        for persona in [
            Ambassador,
            AmbassadorStranger,
            Syv,
            Socionom,
            Enhetschef,
            SyvElsewhere,
        ] {
            let mut listed = app
                .get(persona, "/assignments")
                .expect(200)
                .column("assignments", "id");
            let mut readable: Vec<Value> = every
                .iter()
                .filter(|(_, youth)| *youth != app.world.pia)
                .filter(|(id, _)| app.get(persona, &format!("/assignments/{id}")).status == 200)
                .map(|(id, _)| json!(id))
                .collect();
            listed.sort_by_key(Value::to_string);
            readable.sort_by_key(Value::to_string);
            assert_eq!(listed, readable, "{persona:?}");
        }
        for wrong in ["userId=x", "kind=chef", "isRunning=1", "youthId=x"] {
            app.get(Syv, &format!("/assignments?{wrong}"))
                .problem(400, "invalid-parameter");
        }
    }
);

with_app!(the_same_assignment_counts_once, |app| {
    let path = format!("/youths/{}/assignments", app.world.bo);
    let send = |body: Value| {
        app.send(
            Ungdomskonsulent,
            "POST",
            &path,
            &[("Idempotency-Key", "tilldela-1")],
            Some(body),
        )
    };
    let body = json!({"userId": app.world.user(AmbassadorStranger), "kind": "ambassador"});
    let first = send(body.clone()).expect(201);
    assert_eq!(send(body).expect(201).body, first.body);
    send(json!({"userId": app.world.user(Ambassador), "kind": "ambassador"}))
        .problem(422, "idempotency-key-reused");
});
