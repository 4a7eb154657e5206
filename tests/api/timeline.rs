//! The timeline over HTTP: a youth's whole story in order, of which everybody sees what they see of its parts, and nothing that
//! is closed there. The kinds of records it is told by stand in `domain::timeline`, which has a test that none is forgotten.

use crate::protected_identity::{XYLIA, tell_more};
use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::app::TestApp;
use crate::support::story::tell;
use crate::support::{Persona, TestDatabase};
use crate::with_app;
use diesel::prelude::*;
use kaa::db::schema::{contacts, education_contracts};
use kaa::db::types::Timestamp;
use kaa::domain::codes::{Channel, Code, ContactResult, Direction, MetWho};
use kaa::domain::id::{Contact, Id, Youth};
use kaa::domain::operation::Resource;
use kaa::domain::timeline::{TOLD, TimelineEvent};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where a record of a kind is read by itself.
fn place_of(kind: &str, id: &str) -> String {
    let words: String = kind
        .strip_prefix("protected")
        .unwrap_or(kind)
        .chars()
        .flat_map(|letter| {
            let dash = letter.is_uppercase().then_some('-');
            dash.into_iter().chain(letter.to_lowercase())
        })
        .collect();
    match kind {
        "protectedStatuses" => format!("/youths/{id}/protected-status"),
        _ => format!("/{}/{id}", words.trim_start_matches('-')),
    }
}

/// The whole timeline of somebody, page after page.
fn story(app: &TestApp, persona: Persona, youth: Id<Youth>, parameters: &str) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut page = app
        .get(persona, &format!("/youths/{youth}/timeline?{parameters}"))
        .expect(200);
    loop {
        entries.extend(page.body["timelineEntries"].as_array().unwrap().clone());
        let Some(next) = page.next().map(str::to_owned) else {
            return entries;
        };
        page = app.get(persona, &next).expect(200);
    }
}

fn kinds(entries: &[Value]) -> BTreeSet<String> {
    entries
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap().to_owned())
        .collect()
}

/// A youth with a record of every kind, and what the story alone does not come to.
fn told(app: &TestApp) -> Id<Youth> {
    let youth = tell(app, &XYLIA);
    tell_more(app, youth);
    let day = app.clock.now().date_naive();
    diesel::update(education_contracts::table.filter(education_contracts::youth_id.eq(youth)))
        .set(education_contracts::signed_on.eq(day))
        .execute(&mut app.db())
        .unwrap();
    // The report that active use asks for, and what the law says of who has an exam.
    let reported = json!({"reportedOn": "2026-11-24", "reference": "IFO 2026-1"});
    let tasks = app
        .get(Socionom, &format!("/youths/{youth}/tasks?limit=100"))
        .expect(200);
    let open = tasks.body["tasks"].as_array().unwrap().clone();
    let concern = open
        .iter()
        .find(|task| task["kind"] == "concern_report")
        .unwrap();
    app.send(
        Socionom,
        "POST",
        &format!("/tasks/{}/answer", concern["id"].as_str().unwrap()),
        &[("If-Match", "\"1\"")],
        Some(reported),
    )
    .expect(200);
    youth
}

with_app!(
    everybody_sees_of_the_story_what_they_see_of_its_parts,
    |app| {
        let youth = told(&app);
        let assign = json!({"userId": app.world.user(Ambassador), "kind": "ambassador"});
        app.post(Enhetschef, &format!("/youths/{youth}/assignments"), assign)
            .expect(201);
        let met = json!({"channel": "street_outreach", "result": "reached"});
        app.post(Ambassador, &format!("/youths/{youth}/contacts"), met)
            .expect(201);
        let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (name, persona) in [
            ("ambassador", Ambassador),
            ("syv", Syv),
            ("konsulent", Ungdomskonsulent),
            ("socionom", Socionom),
            ("another socionom", SocionomStranger),
            ("chief", Enhetschef),
        ] {
            let entries = story(&app, persona, youth, "limit=50");
            for entry in &entries {
                let place = place_of(
                    entry["kind"].as_str().unwrap(),
                    entry["recordId"].as_str().unwrap(),
                );
                let alone = app.get(persona, &place).expect(200);
                let mut alone = alone.body.as_object().unwrap().clone();
                alone.remove("_links");
                assert_eq!(entry["record"], Value::Object(alone), "{name}: {place}");
            }
            seen.insert(name, kinds(&entries));
        }
        let names = |resources: &[Resource]| -> BTreeSet<String> {
            resources
                .iter()
                .map(|kind| kind.name().to_owned())
                .collect()
        };
        // What is decided on is decided by a chief's or a SYV's run; an answered task of the register is another's.
        let not_here = names(&[Resource::TargetGroupCandidates, Resource::Tasks]);
        let everything: BTreeSet<String> = names(TOLD).difference(&not_here).cloned().collect();
        assert_eq!(seen["socionom"], everything);
        let compartment = names(Resource::COMPARTMENT);
        let open: BTreeSet<String> = everything.difference(&compartment).cloned().collect();
        assert_eq!(seen["chief"], open);
        // Glasses are one's own, or the chief's to look at.
        let glass = names(&[Resource::AccessGrants]);
        let others: BTreeSet<String> = open.difference(&glass).cloned().collect();
        assert_eq!(seen["syv"], others);
        assert_eq!(seen["another socionom"], others);
        let closed_to_konsulent =
            names(&[Resource::RegisterExtracts, Resource::SchoolNotifications]);
        let of_konsulent: BTreeSet<String> =
            others.difference(&closed_to_konsulent).cloned().collect();
        assert_eq!(seen["konsulent"], of_konsulent);
        assert_eq!(
            seen["ambassador"],
            names(&[Resource::Assignments, Resource::Contacts])
        );
        for entry in story(&app, Ambassador, youth, "") {
            let own = json!(app.world.user(Ambassador));
            let record = &entry["record"];
            assert!(record["authorId"] == own || record["userId"] == own);
        }

        // With a reason the chief sees the compartment here as there.
        let glass = json!({"purpose": "protected_compartment", "reason": "Granskar ett klagomål."});
        app.post(Enhetschef, &format!("/youths/{youth}/access-grants"), glass)
            .expect(201);
        let opened = kinds(&story(&app, Enhetschef, youth, "limit=50"));
        assert_eq!(opened, everything);
        assert!(app.db_last_event("readTimeline").is_break_glass);
    }
);

with_app!(
    the_log_of_a_story_tells_nothing_of_the_compartment_to_who_may_not_know,
    |app| {
        let youth = told(&app);
        story(&app, Syv, youth, "limit=100");
        let event = app.db_last_event("readTimeline");
        let compartment: Vec<&str> = Resource::COMPARTMENT
            .iter()
            .map(|kind| kind.name())
            .collect();
        assert!(
            event
                .subjects
                .iter()
                .all(|subject| !compartment.contains(&subject.1.as_str()))
        );
        story(&app, Socionom, youth, "limit=100");
        let event = app.db_last_event("readTimeline");
        // Whatever is of the compartment is noted as such, and nothing of it under another name.
        assert!(
            event
                .subjects
                .iter()
                .all(|subject| subject.1 != "timelineEntries")
        );
        assert!(
            event
                .subjects
                .iter()
                .any(|subject| subject.1 == "protectedReferrals")
        );
    }
);

with_app!(the_story_is_told_in_order_from_either_end, |app| {
    let youth = told(&app);
    let whole = story(&app, Socionom, youth, "limit=100");
    let days: Vec<&str> = whole
        .iter()
        .map(|entry| entry["on"].as_str().unwrap())
        .collect();
    assert!(
        days.is_sorted_by(|later, earlier| later >= earlier),
        "{days:?}"
    );
    assert!(days.iter().all(|day| *day <= "2026-11-24"), "{days:?}");
    assert_eq!(story(&app, Socionom, youth, "limit=3"), whole);
    let mut from_the_beginning = story(&app, Socionom, youth, "limit=7&sort=at");
    let first = from_the_beginning.first().unwrap()["event"].clone();
    assert_eq!(first, "residence_began");
    from_the_beginning.reverse();
    assert_eq!(from_the_beginning, whole);
    // Back again.
    let path = format!("/youths/{youth}/timeline?limit=3");
    let page = app.get(Socionom, &path).expect(200);
    let second = app.get(Socionom, page.next().unwrap()).expect(200);
    let back = second.body["_links"]["prev"]["href"].as_str().unwrap();
    let back = app.get(Socionom, back).expect(200);
    assert_eq!(back.body["timelineEntries"], page.body["timelineEntries"]);

    // A part of it.
    let one = story(&app, Socionom, youth, "event=intervention_offered");
    assert_eq!(kinds(&one), BTreeSet::from(["interventions".to_owned()]));
    let some = story(&app, Socionom, youth, "from=2026-06-01&to=2026-10-31");
    let expected: Vec<&Value> = whole
        .iter()
        .filter(|entry| {
            let on = entry["on"].as_str().unwrap();
            ("2026-06-01"..="2026-10-31").contains(&on)
        })
        .collect();
    assert_eq!(some.iter().collect::<Vec<_>>(), expected);
    assert!(!some.is_empty());
    let wrong = |parameters: &str| {
        let path = format!("/youths/{youth}/timeline?{parameters}");
        app.get(Syv, &path).problem(400, "invalid-parameter")
    };
    let one = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
    assert_eq!(wrong("event=born"), one("event", "not-in-list"));
    assert_eq!(wrong("sort=name"), one("sort", "not-in-list"));
    assert_eq!(
        wrong("from=2026-02-02&to=2026-02-01"),
        one("to", "wrong-date-order")
    );
    assert!(TimelineEvent::ALL.len() < 500, "ranks run over");
});

with_app!(whoever_may_not_know_of_the_youth_is_told_no_story, |app| {
    let path = format!("/youths/{}/timeline", app.world.alva);
    app.get(AmbassadorStranger, &path).problem(404, "not-found");
    app.get(SyvElsewhere, &path).problem(404, "not-found");
    app.get(Administrator, &path).problem(403, "forbidden");
    app.get(Loggranskare, &path).problem(403, "forbidden");
    let path = format!("/youths/{}/timeline", app.world.pia);
    app.get(Syv, &path).problem(404, "not-found");
    app.get(Enhetschef, &path).expect(200);
});

/// Contacts of ten years, put straight into the database.
fn db_ten_years(app: &TestApp, many: i64) {
    let mut conn = app.db();
    for number in 0..many {
        let at = app.clock.now() - chrono::Duration::hours(number * 29);
        let stamp = Timestamp::of(at);
        diesel::insert_into(contacts::table)
            .values((
                contacts::id.eq(Id::<Contact>::fresh()),
                contacts::youth_id.eq(app.world.alva),
                contacts::episode_id.eq(app.world.alva_episode),
                contacts::author_id.eq(app.world.user(Syv)),
                contacts::occurred_at.eq(stamp),
                contacts::channel.eq(Channel::Phone),
                contacts::direction.eq(Direction::Outbound),
                contacts::met_who.eq(MetWho::Youth),
                contacts::result.eq(ContactResult::Reached),
                contacts::created_at.eq(stamp),
                contacts::updated_at.eq(stamp),
                contacts::version.eq(1_i64),
            ))
            .execute(&mut conn)
            .unwrap();
    }
}

#[test]
fn a_story_of_ten_years_is_walked_to_its_end_once() {
    let app = TestApp::new(TestDatabase::sqlite());
    db_ten_years(&app, 300);
    let entries = story(&app, Syv, app.world.alva, "limit=100");
    let contacts = entries.iter().filter(|entry| entry["kind"] == "contacts");
    let ids: BTreeSet<&str> = contacts
        .map(|entry| entry["recordId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 300);
    // A page costs what the page holds: the log names its records and no others.
    app.get(Syv, &format!("/youths/{}/timeline?limit=5", app.world.alva))
        .expect(200);
    let event = app.db_last_event("readTimeline");
    let records: BTreeSet<_> = event.subjects.iter().map(|subject| &subject.1).collect();
    assert_eq!(records.len(), 1);
    assert_eq!(event.subjects.len(), 10);
}
