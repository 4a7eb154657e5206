//! Episodes over HTTP: opening, changing and closing, who answers meanwhile, and what ends with an episode.

use crate::support::app::{Answer, TestApp};
use crate::support::world::Persona;
use crate::support::world::Persona::{
    Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{contacts, episodes};
use kaa::db::types::Timestamp;
use kaa::domain::codes::{Channel, ContactResult, Direction, MetWho};
use kaa::domain::id::{Contact, Episode, Id, Youth};
use serde_json::{Value, json};
use std::fmt::Display;

/// Closes an episode by the version that the closing builds on.
pub fn close(
    app: &TestApp,
    persona: Persona,
    id: impl Display,
    version: i64,
    body: Value,
) -> Answer {
    app.send(
        persona,
        "POST",
        &format!("/episodes/{id}/closure"),
        &[("If-Match", &format!("\"{version}\""))],
        Some(body),
    )
}

/// A way out that no rule objects to.
pub fn way_out() -> Value {
    json!({"exitedOn": "2026-11-20", "deregistrationReason": "national_programme_or_equiv",
           "destination": "upper_secondary_studies", "destinationElsewhere": false})
}

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn open(app: &TestApp, persona: Persona, youth: Id<Youth>, body: Value) -> Answer {
    app.post(persona, &format!("/youths/{youth}/episodes"), body)
}

fn kaa() -> Value {
    json!({"track": "kaa", "reason": "study_certificate"})
}

/// A contact of Alva's episode, as if somebody had logged it.
fn db_contact(app: &TestApp, at: &str) {
    let at = Timestamp::of(at.parse().unwrap());
    diesel::insert_into(contacts::table)
        .values((
            contacts::id.eq(Id::<Contact>::fresh()),
            contacts::youth_id.eq(app.world.alva),
            contacts::episode_id.eq(app.world.alva_episode),
            contacts::author_id.eq(app.world.user(Syv)),
            contacts::occurred_at.eq(at),
            contacts::channel.eq(Channel::Phone),
            contacts::direction.eq(Direction::Outbound),
            contacts::met_who.eq(MetWho::Youth),
            contacts::result.eq(ContactResult::Reached),
            contacts::created_at.eq(at),
            contacts::updated_at.eq(at),
            contacts::version.eq(1_i64),
        ))
        .execute(&mut app.db())
        .unwrap();
}

with_app!(an_episode_opens_today_and_one_a_track, |app| {
    let olle = app.world.olle;
    let opened = open(&app, Syv, olle, kaa()).expect(201);
    assert_eq!(opened.version(), 1);
    assert_eq!(opened.body["enteredOn"], "2026-11-24");
    assert_eq!(opened.body["unitId"], json!(app.world.unit));
    for empty in [
        "handlerId",
        "exitedOn",
        "deregistrationReason",
        "destination",
        "destinationElsewhere",
    ] {
        assert!(opened.body[empty].is_null(), "{empty}");
    }
    let place = opened.header("location").unwrap();
    assert!(place.ends_with(&format!("/episodes/{}", opened.id())));
    let event = app.db_last_event("openEpisode");
    assert_eq!(event.outcome, "allowed");
    assert!(
        event
            .subjects
            .iter()
            .any(|(youth, resource, _)| *youth == Some(olle) && resource == "episodes")
    );
    open(&app, Socionom, olle, kaa()).problem(409, "episode-open");
    // The other track is another matter.
    let outreach =
        json!({"track": "outreach_20_25", "reason": "unknown", "enteredOn": "2026-10-01"});
    open(&app, Ungdomskonsulent, olle, outreach).expect(201);
    let seen = app.get(Syv, &format!("/youths/{olle}")).expect(200);
    assert_eq!(seen.body["tracks"], json!(["kaa", "outreach_20_25"]));
    let listed = app
        .get(Syv, &format!("/youths/{olle}/episodes"))
        .expect(200);
    assert_eq!(
        listed.column("episodes", "track"),
        ["kaa", "outreach_20_25"]
    );
    assert_eq!(
        app.get(Syv, &format!("/episodes/{}", opened.id()))
            .expect(200)
            .body["track"],
        "kaa"
    );
});

with_app!(what_cannot_be_opened_is_told_by_field, |app| {
    let (olle, bo) = (app.world.olle, app.world.bo);
    let refused =
        |youth, body: Value| open(&app, Syv, youth, body).problem(422, "validation-failed");
    assert_eq!(
        refused(olle, json!({"team": "norr"})),
        [
            ("/track".to_owned(), "required".to_owned()),
            ("/reason".to_owned(), "required".to_owned()),
            ("/team".to_owned(), "unknown-field".to_owned()),
        ]
    );
    for (youth, change, pointer, code) in [
        (
            olle,
            json!({"enteredOn": "2026-11-25"}),
            "/enteredOn",
            "in-future",
        ),
        (
            olle,
            json!({"enteredOn": "2007-03-09"}),
            "/enteredOn",
            "before-birth",
        ),
        (
            olle,
            json!({"enteredOn": "i går"}),
            "/enteredOn",
            "not-date",
        ),
        (bo, json!({}), "/enteredOn", "age-for-track"),
        (bo, json!({"track": "vuxen"}), "/track", "not-in-list"),
        (
            olle,
            json!({"exitedOn": "2026-11-24"}),
            "/exitedOn",
            "set-by-closing",
        ),
        (
            olle,
            json!({"destination": "work"}),
            "/destination",
            "set-by-closing",
        ),
    ] {
        assert_eq!(refused(youth, with(kaa(), change)), one(pointer, code));
    }
    // Until the day before the 20th birthday.
    let on = |day: &str| with(kaa(), json!({"enteredOn": day}));
    assert_eq!(
        refused(bo, on("2024-07-09")),
        one("/enteredOn", "age-for-track")
    );
    open(&app, Syv, bo, on("2024-07-08")).expect(201);
});

with_app!(
    a_handler_is_named_by_the_chief_and_is_an_assignment,
    |app| {
        let (alva, episode) = (app.world.alva, app.world.alva_episode);
        let path = format!("/episodes/{episode}");
        let user = |persona| json!(app.world.user(persona));
        assert_eq!(app.get(Syv, &path).expect(200).body["handlerId"], user(Syv));
        for persona in [Syv, Socionom, Ungdomskonsulent] {
            let named = json!({"handlerId": app.world.user(persona)});
            assert_eq!(
                app.patch(persona, &path, 1, named)
                    .problem(403, "forbidden-field"),
                one("/handlerId", "not-open-to-role")
            );
        }
        for (who, code) in [
            (user(Ambassador), "wrong-role"),
            (user(Enhetschef), "wrong-role"),
            (user(SyvElsewhere), "no-such-record"),
            (json!(Id::<Episode>::fresh()), "no-such-record"),
        ] {
            assert_eq!(
                app.patch(Enhetschef, &path, 1, json!({"handlerId": who}))
                    .problem(422, "validation-failed"),
                one("/handlerId", code)
            );
        }
        let changed = app
            .patch(
                Enhetschef,
                &path,
                1,
                json!({"handlerId": user(SocionomStranger)}),
            )
            .expect(200);
        assert_eq!(changed.body["handlerId"], user(SocionomStranger));
        assert_eq!(changed.version(), 2);
        let handlers = app
            .get(
                Enhetschef,
                &format!("/youths/{alva}/assignments?kind=handler"),
            )
            .expect(200);
        assert_eq!(
            handlers.column("assignments", "userId"),
            [user(SocionomStranger), user(Syv)]
        );
        let now = "2026-11-24T08:00:00.000000Z";
        assert_eq!(
            handlers.column("assignments", "endsAt"),
            [Value::Null, json!(now)]
        );
        assert_eq!(
            app.get(Syv, &format!("/youths/{alva}")).expect(200).body["handlerId"],
            user(SocionomStranger)
        );
        // A reason is corrected without touching the handler; nobody is nobody.
        let kept = app
            .patch(Syv, &path, 2, json!({"reason": "unknown"}))
            .expect(200);
        assert_eq!(kept.body["handlerId"], user(SocionomStranger));
        let nobody = app
            .patch(Enhetschef, &path, 3, json!({"handlerId": null}))
            .expect(200);
        assert!(nobody.body["handlerId"].is_null());
        let running = app
            .get(
                Enhetschef,
                &format!("/youths/{alva}/assignments?kind=handler&isRunning=true"),
            )
            .expect(200);
        assert!(running.column("assignments", "id").is_empty());
        // The chief names one at once.
        let olle = app.world.olle;
        let opened = open(
            &app,
            Enhetschef,
            olle,
            with(kaa(), json!({"handlerId": user(Syv)})),
        );
        assert_eq!(opened.expect(201).body["handlerId"], user(Syv));
        open(
            &app,
            Syv,
            app.world.bo,
            with(kaa(), json!({"handlerId": user(Syv)})),
        )
        .problem(403, "forbidden-field");
    }
);

with_app!(an_open_episode_changes_by_its_version, |app| {
    let path = format!("/episodes/{}", app.world.alva_episode);
    app.send(Syv, "PATCH", &path, &[], Some(json!({"reason": "unknown"})))
        .problem(428, "version-required");
    let changed = app
        .patch(
            Syv,
            &path,
            1,
            json!({"reason": "unknown", "enteredOn": "2026-08-20"}),
        )
        .expect(200);
    assert_eq!(changed.version(), 2);
    assert_eq!(changed.body["enteredOn"], "2026-08-20");
    let stale = app.patch(Socionom, &path, 1, json!({"reason": "unknown"}));
    assert_eq!(stale.header("etag"), Some("\"2\""));
    stale.problem(412, "stale-version");
    db_contact(&app, "2026-09-14T21:30:00Z");
    let refused = |body: Value| {
        app.patch(Syv, &path, 2, body)
            .problem(422, "validation-failed")
    };
    for (body, pointer, code) in [
        (json!({"track": "outreach_20_25"}), "/track", "immutable"),
        (json!({"reason": null}), "/reason", "required"),
        (json!({"enteredOn": null}), "/enteredOn", "required"),
        // The contact was made on the 14th in Sweden.
        (
            json!({"enteredOn": "2026-09-15"}),
            "/enteredOn",
            "after-first-entry",
        ),
        (
            json!({"exitedOn": "2026-09-20"}),
            "/exitedOn",
            "set-by-closing",
        ),
    ] {
        assert_eq!(refused(body), one(pointer, code));
    }
    app.patch(
        Syv,
        &path,
        2,
        json!({"enteredOn": "2026-09-14", "track": "kaa"}),
    )
    .expect(200);
});

with_app!(closing_is_held_against_the_rules_of_exit, |app| {
    let alva = app.world.alva_episode;
    app.send(
        Syv,
        "POST",
        &format!("/episodes/{alva}/closure"),
        &[],
        Some(way_out()),
    )
    .problem(428, "version-required");
    close(&app, Syv, alva, 7, way_out()).problem(412, "stale-version");
    let refused = |body: Value| close(&app, Syv, alva, 1, body).problem(422, "validation-failed");
    assert_eq!(
        refused(json!({})),
        [
            ("/exitedOn".to_owned(), "required".to_owned()),
            ("/deregistrationReason".to_owned(), "required".to_owned()),
            ("/destination".to_owned(), "required".to_owned()),
        ]
    );
    for (change, pointer, code) in [
        (
            json!({"exitedOn": "2026-08-31"}),
            "/exitedOn",
            "wrong-date-order",
        ),
        (json!({"exitedOn": "2026-11-25"}), "/exitedOn", "in-future"),
        (
            json!({"deregistrationReason": "turned_20"}),
            "/deregistrationReason",
            "turned-20-early",
        ),
        (
            json!({"deregistrationReason": "goal_reached"}),
            "/deregistrationReason",
            "not-in-track",
        ),
        (
            json!({"deregistrationReason": "deceased"}),
            "/destination",
            "not-with-other",
        ),
        (
            json!({"destinationElsewhere": null}),
            "/destinationElsewhere",
            "required",
        ),
        (
            json!({"destination": "none"}),
            "/destinationElsewhere",
            "not-with-other",
        ),
        (
            json!({"destination": "komvux"}),
            "/destination",
            "not-in-list",
        ),
        (json!({"track": "kaa"}), "/track", "unknown-field"),
    ] {
        let problems = refused(with(way_out(), change));
        assert!(
            problems.contains(&(pointer.to_owned(), code.to_owned())),
            "{pointer} {code} in {problems:?}"
        );
    }
    // A contact after the day on which the duty ended does not move that day.
    db_contact(&app, "2026-11-22T10:00:00Z");
    let closed = close(&app, Syv, alva, 1, way_out()).expect(200);
    assert_eq!(closed.version(), 2);
    assert_eq!(closed.body["destination"], "upper_secondary_studies");
    assert_eq!(closed.body["destinationElsewhere"], false);
    assert!(
        closed.body["handlerId"].is_null(),
        "a closed episode has no handler"
    );
    let event = app.db_last_event("closeEpisode");
    assert_eq!(
        (event.outcome.as_str(), event.subjects[0].0),
        ("allowed", Some(app.world.alva))
    );
});

with_app!(a_closed_episode_stands_and_the_next_begins_anew, |app| {
    let (alva, first) = (app.world.alva, app.world.alva_episode);
    close(&app, Enhetschef, first, 1, way_out()).expect(200);
    let path = format!("/episodes/{first}");
    for persona in [Syv, Enhetschef] {
        app.patch(persona, &path, 2, json!({"reason": "unknown"}))
            .problem(409, "episode-closed");
        close(&app, persona, first, 2, way_out()).problem(409, "episode-closed");
    }
    let seen = app.get(Syv, &format!("/youths/{alva}")).expect(200);
    assert_eq!(seen.body["tracks"], json!([]));
    let on = |day: &str| with(kaa(), json!({"enteredOn": day}));
    assert_eq!(
        open(&app, Syv, alva, on("2026-11-19")).problem(422, "validation-failed"),
        one("/enteredOn", "overlaps-episode")
    );
    let second = open(&app, Syv, alva, on("2026-11-20")).expect(201);
    assert_eq!(second.body["handlerId"], json!(app.world.user(Syv)));
    let listed = app
        .get(Syv, &format!("/youths/{alva}/episodes"))
        .expect(200);
    assert_eq!(
        listed.column("episodes", "exitedOn"),
        [Value::Null, json!("2026-11-20")]
    );
    let only = |query: &str| {
        app.get(Syv, &format!("/youths/{alva}/episodes?{query}"))
            .expect(200)
            .column("episodes", "id")
    };
    assert_eq!(only("isOpen=true"), [json!(second.id())]);
    assert_eq!(only("isOpen=false"), [json!(first)]);
});

with_app!(who_died_or_never_belonged_has_no_destination, |app| {
    let bo = app.world.bo_episode;
    let body = json!({"exitedOn": "2026-09-01", "deregistrationReason": "registered_in_error"});
    let closed = close(&app, Socionom, bo, 1, body).expect(200);
    assert!(closed.body["destination"].is_null());
    // It covered no day, so that the right one may begin before it.
    let right = json!({"track": "outreach_20_25", "reason": "unknown", "enteredOn": "2026-08-01"});
    open(&app, Socionom, app.world.bo, right).expect(201);
    let pia = app.world.pia_episode;
    let body = json!({"exitedOn": "2026-10-01", "deregistrationReason": "deceased", "destination": "none"});
    close(&app, Socionom, pia, 1, body).expect(200);
});

fn offer(app: &TestApp, youth: Id<Youth>, body: Value) -> String {
    let body = with(
        json!({"kind": "talks", "responsibleParty": "municipality", "offeredOn": "2026-10-01"}),
        body,
    );
    app.post(Syv, &format!("/youths/{youth}/interventions"), body)
        .expect(201)
        .id()
}

with_app!(what_is_under_way_ends_with_the_episode, |app| {
    let (alva, episode) = (app.world.alva, app.world.alva_episode);
    let started =
        json!({"answer": "accepted", "answeredOn": "2026-10-02", "startedOn": "2026-10-05"});
    let talks = offer(&app, alva, started.clone());
    let placement = offer(&app, alva, with(started, json!({"kind": "work_placement"})));
    let unanswered = offer(&app, alva, json!({"kind": "wellness"}));
    let agreed = offer(
        &app,
        alva,
        json!({"kind": "komvux_studies", "answer": "accepted", "answeredOn": "2026-10-09"}),
    );
    let declined = offer(
        &app,
        alva,
        json!({"answer": "declined", "answeredOn": "2026-10-03"}),
    );
    let ending =
        |id: &str, on: &str| json!({"id": id, "endedOn": on, "endReason": "moved_to_studies"});
    let attempt = |endings: Value| {
        close(
            &app,
            Ungdomskonsulent,
            episode,
            1,
            with(way_out(), json!({"interventions": endings})),
        )
    };

    let left = close(&app, Ungdomskonsulent, episode, 1, way_out());
    let text = left.body.to_string();
    assert!(text.contains(&talks) && text.contains(&placement) && !text.contains(&unanswered));
    assert_eq!(
        left.problem(409, "interventions-open"),
        vec![("/interventions".to_owned(), "intervention-open".to_owned()); 2]
    );
    let left = attempt(json!([ending(&talks, "2026-11-20")]));
    assert!(!left.body.to_string().contains(&talks));
    assert_eq!(left.problem(409, "interventions-open").len(), 1);

    let wrong = attempt(json!([
        ending(&talks, "2026-11-21"),
        ending(&placement, "2026-10-04"),
        ending(&talks, "2026-11-20"),
        ending(&declined, "2026-11-20"),
        {"id": placement, "endReason": "turned_20"},
    ]));
    let wrong = wrong.problem(422, "validation-failed");
    for (pointer, code) in [
        ("/interventions/0/endedOn", "after-episode"),
        ("/interventions/1/endedOn", "wrong-date-order"),
        ("/interventions/2/id", "taken"),
        ("/interventions/3/id", "no-such-record"),
        ("/interventions/4/endedOn", "required"),
    ] {
        assert!(
            wrong.contains(&(pointer.to_owned(), code.to_owned())),
            "{pointer} {code} in {wrong:?}"
        );
    }
    let read = |id: &str| app.get(Syv, &format!("/interventions/{id}")).expect(200);
    assert!(read(&talks).body["endedOn"].is_null(), "nothing was saved");

    attempt(json!([
        ending(&talks, "2026-11-20"),
        ending(&placement, "2026-11-01")
    ]))
    .expect(200);
    assert_eq!(read(&talks).body["endReason"], "moved_to_studies");
    assert_eq!(read(&placement).body["endedOn"], "2026-11-01");
    assert_eq!(read(&placement).version(), 2);
    assert_eq!(read(&unanswered).body["answer"], "withdrawn");
    assert_eq!(read(&unanswered).body["answeredOn"], "2026-11-20");
    assert_eq!(
        read(&agreed).body["answer"],
        "accepted",
        "the yes was given"
    );
    assert_eq!(read(&declined).version(), 1);
    app.patch(
        Syv,
        &format!("/interventions/{agreed}"),
        1,
        json!({"startedOn": "2026-11-01"}),
    )
    .problem(409, "episode-closed");
    let event = app.db_last_event("closeEpisode");
    let touched = event
        .subjects
        .iter()
        .filter(|(_, resource, _)| resource == "interventions");
    assert_eq!(touched.count(), 3);
});

with_app!(an_exit_does_not_lie_before_an_intervention, |app| {
    let (alva, episode) = (app.world.alva, app.world.alva_episode);
    offer(
        &app,
        alva,
        json!({"offeredOn": "2026-11-21", "answer": "declined", "answeredOn": "2026-11-23"}),
    );
    assert_eq!(
        close(&app, Syv, episode, 1, way_out()).problem(422, "validation-failed"),
        one("/exitedOn", "before-last-measure")
    );
    close(
        &app,
        Syv,
        episode,
        1,
        with(way_out(), json!({"exitedOn": "2026-11-23"})),
    )
    .expect(200);
});

with_app!(strangers_find_no_episode, |app| {
    let missing = app
        .get(Syv, &format!("/episodes/{}", Id::<Episode>::fresh()))
        .expect(404);
    let world = &app.world;
    for (persona, episode) in [
        (SyvElsewhere, world.alva_episode),
        (EnhetschefElsewhere, world.alva_episode),
        (Syv, world.pia_episode),
        (Ungdomskonsulent, world.pia_episode),
        (SocionomStranger, world.pia_episode),
        (Enhetschef, world.dag_episode),
    ] {
        let path = format!("/episodes/{episode}");
        for hidden in [
            app.get(persona, &path),
            app.patch(persona, &path, 1, json!({"reason": "unknown"})),
            app.patch(persona, &path, 99, json!({"reason": "unknown"})),
            close(&app, persona, episode, 1, way_out()),
        ] {
            assert_eq!(
                hidden.without_instance(),
                missing.without_instance(),
                "{}",
                hidden.asked
            );
        }
    }
    for youth in [world.pia, world.dag] {
        let path = format!("/youths/{youth}/episodes");
        assert_eq!(
            app.get(Syv, &path).without_instance(),
            missing.without_instance()
        );
        assert_eq!(
            app.post(Syv, &path, kaa()).without_instance(),
            missing.without_instance()
        );
    }
    let refused = app.db_last_event("openEpisode");
    assert_eq!(refused.outcome, "refused");
    assert_eq!(
        refused.subjects[0].0,
        Some(world.dag),
        "found in the youth's log"
    );
    for persona in [Socionom, Enhetschef] {
        app.get(persona, &format!("/episodes/{}", world.pia_episode))
            .expect(200);
        app.get(persona, &format!("/youths/{}/episodes", world.pia))
            .expect(200);
    }
    // The ambassador, though assigned, has no part in episodes.
    for persona in [Ambassador, AmbassadorStranger, Loggranskare] {
        let path = format!("/episodes/{}", world.alva_episode);
        app.get(persona, &path).problem(403, "forbidden");
        app.get(persona, "/episodes").problem(403, "forbidden");
        app.get(persona, &format!("/youths/{}/episodes", world.alva))
            .problem(403, "forbidden");
        open(&app, persona, world.alva, kaa()).problem(403, "forbidden");
        app.patch(persona, &path, 1, json!({"reason": "unknown"}))
            .problem(403, "forbidden");
        close(&app, persona, world.alva_episode, 1, way_out()).problem(403, "forbidden");
    }
    assert_eq!(
        app.get(Syv, &format!("/episodes/{}", world.alva_episode))
            .expect(200)
            .version(),
        1
    );
});

with_app!(
    the_list_holds_what_single_reads_allow_without_protected_identities,
    |app| {
        let every: Vec<(Id<Episode>, Id<Youth>)> = episodes::table
            .select((episodes::id, episodes::youth_id))
            .load(&mut app.db())
            .unwrap();
        for persona in [
            Syv,
            Ungdomskonsulent,
            Socionom,
            SocionomStranger,
            Enhetschef,
            SyvElsewhere,
        ] {
            let mut listed = app
                .get(persona, "/episodes")
                .expect(200)
                .column("episodes", "id");
            let mut readable: Vec<Value> = every
                .iter()
                .filter(|(_, youth)| *youth != app.world.pia)
                .filter(|(id, _)| app.get(persona, &format!("/episodes/{id}")).status == 200)
                .map(|(id, _)| json!(id))
                .collect();
            listed.sort_by_key(Value::to_string);
            readable.sort_by_key(Value::to_string);
            assert_eq!(listed, readable, "{persona:?}");
        }
        let listed = |query: &str| {
            app.get(Syv, &format!("/episodes?{query}"))
                .expect(200)
                .column("episodes", "youthId")
        };
        assert_eq!(listed("track=outreach_20_25"), [json!(app.world.bo)]);
        assert_eq!(
            listed(&format!("handlerId={}", app.world.user(Syv))),
            [json!(app.world.alva)]
        );
        close(&app, Syv, app.world.alva_episode, 1, way_out()).expect(200);
        assert_eq!(listed("isOpen=false"), [json!(app.world.alva)]);
        assert_eq!(listed("isOpen=true"), [json!(app.world.bo)]);
        assert!(listed(&format!("handlerId={}", app.world.user(Syv))).is_empty());
        for wrong in ["track=alla", "isOpen=ja", "handlerId=7", "reason=unknown"] {
            app.get(Syv, &format!("/episodes?{wrong}"))
                .problem(400, "invalid-parameter");
        }
    }
);

with_app!(a_long_list_of_episodes_is_walked_by_day_and_id, |app| {
    for number in 0..5 {
        let youth = app
            .post(Syv, "/youths", json!({"givenName": format!("U{number}"), "familyName": "Ek", "birthDate": "2008-01-01"}))
            .expect(201)
            .id();
        app.post(Syv, &format!("/youths/{youth}/episodes"), kaa())
            .expect(201);
    }
    let all = app
        .get(Syv, "/episodes")
        .expect(200)
        .column("episodes", "id");
    assert_eq!(all.len(), 7);
    let mut walked = Vec::new();
    let mut page = app.get(Syv, "/episodes?limit=3").expect(200);
    loop {
        walked.extend(page.column("episodes", "id"));
        let Some(next) = page.next().map(str::to_owned) else {
            break;
        };
        page = app.get(Syv, &next).expect(200);
    }
    assert_eq!(walked, all);
});

with_app!(the_same_opening_or_closing_counts_once, |app| {
    let send = |path: &str, headers: &[(&str, &str)], body: Value| {
        app.send(Syv, "POST", path, headers, Some(body))
    };
    let path = format!("/youths/{}/episodes", app.world.olle);
    let key = [("Idempotency-Key", "oppna-1")];
    let first = send(&path, &key, kaa()).expect(201);
    let again = send(&path, &key, kaa()).expect(201);
    assert_eq!(first.body, again.body);
    send(&path, &key, with(kaa(), json!({"reason": "unknown"})))
        .problem(422, "idempotency-key-reused");
    let path = format!("/episodes/{}/closure", app.world.alva_episode);
    let key = [("Idempotency-Key", "stang-1"), ("If-Match", "\"1\"")];
    let first = send(&path, &key, way_out()).expect(200);
    let again = send(&path, &key, way_out()).expect(200);
    assert_eq!(first.body, again.body);
    assert_eq!(first.version(), 2);
});

with_app!(two_who_open_at_once_make_one_episode, |app| {
    let olle = app.world.olle;
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let both: Vec<_> = [Syv, Socionom, Ungdomskonsulent, Enhetschef]
            .map(|persona| {
                let app = &app;
                scope.spawn(move || open(app, persona, olle, kaa()).status)
            })
            .into();
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let made = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(made, 1, "{statuses:?}");
    assert!(
        statuses.iter().all(|status| [201, 409].contains(status)),
        "{statuses:?}"
    );
});

with_app!(turned_20_closes_from_the_birthday_in_sweden, |app| {
    let mut app = app;
    open(&app, Syv, app.world.olle, kaa()).expect(201);
    // Olle turns 20 on 2027-03-10; at 22:30 UTC on the 9th it is still the 9th in Sweden, at 23:30 it is the 10th.
    let birthday: chrono::DateTime<chrono::Utc> = "2027-03-09T22:30:00Z".parse().unwrap();
    app.pass(birthday - app.clock.now());
    let episode = app
        .get(Syv, &format!("/youths/{}/episodes", app.world.olle))
        .expect(200)
        .column("episodes", "id")[0]
        .as_str()
        .unwrap()
        .to_owned();
    let body = |day: &str| json!({"exitedOn": day, "deregistrationReason": "turned_20", "destination": "none"});
    assert_eq!(
        close(&app, Syv, &episode, 1, body("2027-03-09")).problem(422, "validation-failed"),
        one("/deregistrationReason", "turned-20-early")
    );
    assert_eq!(
        close(&app, Syv, &episode, 1, body("2027-03-10")).problem(422, "validation-failed"),
        one("/exitedOn", "in-future")
    );
    app.pass(Duration::hours(1));
    close(&app, Syv, &episode, 1, body("2027-03-10")).expect(200);
});
