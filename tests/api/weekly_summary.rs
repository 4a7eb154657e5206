//! The weekly summary over HTTP: what it counts, who reads it, and that nobody can be found in it.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
    Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::world::{ALVA_NUMBER, BO_NUMBER, Persona};
use crate::with_app;
use chrono::Duration;
use serde_json::{Value, json};

fn summary(app: &TestApp, persona: Persona, week: &str) -> Value {
    app.get(persona, &format!("/weekly-summary?week={week}"))
        .expect(200)
        .body
}

fn of_kind(summary: &Value, kind: &str) -> Value {
    let rows = summary["tasks"].as_array().unwrap();
    rows.iter().find(|row| row["kind"] == kind).unwrap().clone()
}

with_app!(it_counts_what_was_asked_for_done_and_left, |mut_app| {
    let mut app = mut_app;
    let contact = |app: &TestApp, persona, youth, next: Option<&str>| {
        let body = json!({"channel": "phone", "result": "reached", "nextContactOn": next});
        app.post(persona, &format!("/youths/{youth}/contacts"), body)
            .expect(201);
    };
    let (alva, bo, pia, dag) = (app.world.alva, app.world.bo, app.world.pia, app.world.dag);
    contact(&app, Ambassador, alva, Some("2026-11-25"));
    contact(&app, Ungdomskonsulent, bo, Some("2026-11-26"));
    contact(&app, Socionom, pia, Some("2026-11-26"));
    contact(&app, Persona::SyvElsewhere, dag, Some("2026-11-26"));
    app.pass(Duration::days(1));
    contact(&app, Ambassador, alva, None);
    // A Wednesday: the week is still running, and nothing is overdue yet.
    let running = summary(&app, Enhetschef, "2026-W48");
    let row = json!({
        "kind": "next_contact", "opened": 2, "met": 1, "answered": 0, "withdrawn": 0, "episodeEnded": 0,
        "open": 1, "overdue": 0, "deferred": 0
    });
    assert_eq!(of_kind(&running, "next_contact"), row);
    assert_eq!(running["countedTo"], "2026-11-25");
    app.pass(Duration::days(6));
    let ended = summary(&app, Enhetschef, "2026-W48");
    assert_eq!(of_kind(&ended, "next_contact")["overdue"], 1);
    assert_eq!(ended["countedTo"], "2026-11-29");
    let next = summary(&app, Enhetschef, "2026-W49");
    assert_eq!(of_kind(&next, "next_contact")["opened"], 0);
    assert_eq!(of_kind(&next, "next_contact")["open"], 1);
    assert_eq!(of_kind(&next, "follow_up")["open"], 0);
    // The world's episodes began on 1 September.
    let september = summary(&app, Enhetschef, "2026-W36");
    assert_eq!(
        (&september["episodesOpened"], &september["episodesClosed"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(ended["forgotten"]["withoutHandler"], 1);
    assert_eq!(ended["forgotten"]["neverContacted"], 0);
    // The other unit has its own.
    let elsewhere = summary(&app, EnhetschefElsewhere, "2026-W48");
    assert_eq!(of_kind(&elsewhere, "next_contact")["opened"], 1);
    let event = app.db_last_event("readWeeklySummary");
    assert_eq!(event.subjects[0].1, "statistics");
});

with_app!(nobody_is_found_in_it, |app| {
    let body = json!({"channel": "phone", "result": "reached", "nextContactOn": "2026-11-25", "note": "Ring mamma"});
    for youth in [app.world.alva, app.world.bo] {
        app.post(Syv, &format!("/youths/{youth}/contacts"), body.clone())
            .expect(201);
    }
    let text = summary(&app, Enhetschef, "2026-W48")
        .to_string()
        .to_lowercase();
    let world = &app.world;
    let mut telling: Vec<String> = Persona::SIGNED_IN
        .iter()
        .flat_map(|persona| [world.user(*persona).to_string(), format!("{persona:?}")])
        .collect();
    telling
        .extend([world.alva, world.bo, world.pia, world.olle, world.dag].map(|id| id.to_string()));
    telling.extend(
        [
            world.alva_episode,
            world.bo_episode,
            world.pia_episode,
            world.dag_episode,
        ]
        .map(|id| id.to_string()),
    );
    telling.extend([world.unit.to_string(), world.unit_elsewhere.to_string()]);
    telling.extend(
        [
            "alva",
            "lindqvist",
            "åkesson",
            "pia",
            "öberg",
            "olle",
            "essen",
            "dag",
            "alm",
            "rissne",
            "andersson",
            "mamma",
            ALVA_NUMBER,
            BO_NUMBER,
            "concern",
            "guardian",
            "pause",
        ]
        .map(str::to_owned),
    );
    for word in telling {
        let word = word.to_lowercase();
        // `firstDay` and `lastDay` are of the week.
        let shown = text.replace("firstday", "").replace("lastday", "");
        assert!(!shown.contains(&word), "{word}: {text}");
    }
    // Of the compartment one band, never a small count.
    let summary = summary(&app, Enhetschef, "2026-W48");
    let none = json!({"from": 0, "to": 4});
    assert_eq!(
        summary["compartment"],
        json!({"opened": none, "closed": none, "open": none, "overdue": none})
    );
});

with_app!(it_is_the_chiefs_and_of_a_week_that_has_begun, |app| {
    for persona in [
        Ambassador,
        Syv,
        Ungdomskonsulent,
        Socionom,
        Administrator,
        Loggranskare,
    ] {
        app.get(persona, "/weekly-summary?week=2026-W48")
            .problem(403, "forbidden");
    }
    for (query, code) in [
        ("", "required"),
        ("?week=2026-48", "not-week"),
        ("?week=2026-W54", "not-week"),
        ("?week=2026-W49", "in-future"),
    ] {
        let wrong = app
            .get(Enhetschef, &format!("/weekly-summary{query}"))
            .problem(400, "invalid-parameter");
        assert_eq!(wrong, [("week".to_owned(), code.to_owned())], "{query}");
    }
});
