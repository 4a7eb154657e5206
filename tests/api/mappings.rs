//! Mappings over HTTP: the youth's own words, kept in every version.

use crate::episodes::{close, way_out};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::kept_versions;
use crate::support::world::Persona;
use crate::support::world::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::with_app;
use kaa::domain::id::{Id, Mapping, Youth};
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn map(app: &TestApp, persona: Persona, youth: Id<Youth>, body: Value) -> Answer {
    app.post(persona, &format!("/youths/{youth}/mappings"), body)
}

fn words() -> Value {
    json!({"goals": "Jobba med mat.", "needs": "Någon som följer med första dagen.", "expectations": "Att ni ringer."})
}

with_app!(the_youths_own_words_are_kept_in_every_version, |app| {
    let alva = app.world.alva;
    let made = map(&app, Syv, alva, words()).expect(201);
    assert_eq!(made.body["madeOn"], "2026-11-24");
    assert_eq!(made.body["episodeId"], json!(app.world.alva_episode));
    assert_eq!(made.body["madeBy"], json!(app.world.user(Syv)));
    assert!(made.body["interests"].is_null());
    let event = app.db_last_event("createMapping");
    assert_eq!(
        (event.subjects[0].0, event.subjects[0].1.as_str()),
        (Some(alva), "mappings")
    );
    let path = format!("/mappings/{}", made.id());
    app.send(Socionom, "PATCH", &path, &[], Some(json!({})))
        .problem(428, "version-required");
    let change = json!({"goals": "Jobba på restaurang.", "strengths": "Kommer i tid."});
    let changed = app.patch(Socionom, &path, 1, change).expect(200);
    assert_eq!(changed.body["needs"], made.body["needs"]);
    assert_eq!(changed.body["strengths"], "Kommer i tid.");
    let stale = app.patch(Syv, &path, 1, json!({"goals": "x"}));
    assert_eq!(stale.header("etag"), Some("\"2\""));
    stale.problem(412, "stale-version");
    let kept = kept_versions(&mut app.db(), "mappings");
    let goals: Vec<&Value> = kept.iter().map(|version| &version["goals"]).collect();
    assert_eq!(goals, ["Jobba med mat.", "Jobba på restaurang."]);
    let listed = app
        .get(Ungdomskonsulent, &format!("/youths/{alva}/mappings"))
        .expect(200);
    assert_eq!(listed.body["mappings"][0], {
        let mut row = changed.body.clone();
        row.as_object_mut().unwrap().remove("_links");
        row
    });
    let send = || {
        let headers = [("Idempotency-Key", "karta-1")];
        app.send(
            Syv,
            "POST",
            &format!("/youths/{alva}/mappings"),
            &headers,
            Some(words()),
        )
    };
    assert_eq!(send().expect(201).body, send().expect(201).body);
});

with_app!(a_mapping_that_is_none_is_refused_by_field, |app| {
    let alva = app.world.alva;
    for (change, pointer, code) in [
        (json!({"goals": null}), "/goals", "required"),
        (json!({"needs": "  "}), "/needs", "required"),
        (json!({"expectations": 7}), "/expectations", "not-text"),
        (
            json!({"interests": "x".repeat(4001)}),
            "/interests",
            "too-long",
        ),
        (json!({"madeOn": "2026-11-25"}), "/madeOn", "in-future"),
        (json!({"madeOn": "2026-08-31"}), "/madeOn", "before-episode"),
        (
            json!({"episodeId": app.world.bo_episode}),
            "/episodeId",
            "no-such-record",
        ),
        (json!({"mood": "låg"}), "/mood", "unknown-field"),
    ] {
        let mut body = words();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(
            map(&app, Syv, alva, body).problem(422, "validation-failed"),
            one(pointer, code)
        );
    }
    map(&app, Syv, app.world.olle, words()).problem(409, "no-open-episode");
    let made = map(&app, Syv, alva, words()).expect(201);
    let path = format!("/mappings/{}", made.id());
    for (change, pointer, code) in [
        (
            json!({"episodeId": app.world.bo_episode}),
            "/episodeId",
            "no-such-record",
        ),
        (json!({"madeOn": null}), "/madeOn", "required"),
    ] {
        assert_eq!(
            app.patch(Syv, &path, 1, change)
                .problem(422, "validation-failed"),
            one(pointer, code)
        );
    }
    app.patch(Syv, &path, 1, json!({"madeBy": app.world.user(Ambassador)}))
        .problem(403, "forbidden-field");
    close(&app, Syv, app.world.alva_episode, 1, way_out()).expect(200);
    app.patch(Syv, &path, 1, json!({"goals": "Annat."}))
        .problem(409, "episode-closed");
    let mut closed = words();
    closed["episodeId"] = json!(app.world.alva_episode);
    closed["madeOn"] = json!("2026-10-01");
    map(&app, Syv, alva, closed).problem(409, "episode-closed");
});

with_app!(strangers_find_no_mapping, |app| {
    let world = &app.world;
    let missing = app
        .get(Syv, &format!("/mappings/{}", Id::<Mapping>::fresh()))
        .expect(404);
    let alva = map(&app, Syv, world.alva, words()).expect(201).id();
    let pia = map(&app, Socionom, world.pia, words()).expect(201).id();
    let dag = map(&app, SyvElsewhere, world.dag, words()).expect(201).id();
    for (persona, id) in [
        (SyvElsewhere, &alva),
        (EnhetschefElsewhere, &alva),
        (Syv, &pia),
        (Ungdomskonsulent, &pia),
        (SocionomStranger, &pia),
        (Enhetschef, &dag),
    ] {
        let path = format!("/mappings/{id}");
        assert_eq!(
            app.get(persona, &path).without_instance(),
            missing.without_instance()
        );
    }
    for youth in [world.pia, world.dag] {
        let path = format!("/youths/{youth}/mappings");
        for hidden in [app.get(Syv, &path), map(&app, Syv, youth, words())] {
            assert_eq!(hidden.without_instance(), missing.without_instance());
        }
    }
    for persona in [Ambassador, Loggranskare, Administrator] {
        app.get(persona, &format!("/mappings/{alva}"))
            .problem(403, "forbidden");
        map(&app, persona, world.alva, words()).problem(403, "forbidden");
    }
    // The konsulent and the chief read what was said; they do not write it.
    for persona in [Ungdomskonsulent, Enhetschef] {
        let path = format!("/mappings/{alva}");
        app.get(persona, &path).expect(200);
        app.patch(persona, &path, 1, json!({"goals": "x"}))
            .problem(403, "forbidden");
        map(&app, persona, world.alva, words()).problem(403, "forbidden");
    }
});
