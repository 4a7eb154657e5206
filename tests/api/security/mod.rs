//! Access as a whole: every route with every persona, what is open to all, and that nothing happens without its event.
//! The single rules of a resource are tested with the resource.

mod ambassador;
mod echo;
mod limits;
mod uniform;
mod wire;

use crate::support::world::Persona;
use crate::support::{TestApp, accept_or_compare};
use crate::with_app;
use diesel::prelude::*;
use kaa::api::routes::{Accepts, ROUTES, Route};
use kaa::db::schema::audit_events;
use kaa::domain::id::Id;
use kaa::domain::operation::{Operation, Resource};
use kaa::domain::user::{Actor, Staff};
use kaa::policy::access_table::{Permission, Scope};
use kaa::policy::decide::{Decision, Relation, decide_deed, sees};
use serde_json::json;

/// What the access table lets one expect of an answer.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// 401.
    Stranger,
    /// 403.
    Forbidden,
    /// 404.
    Hidden,
    /// Whatever the operation says to what was sent, but none of the above.
    Through,
}

/// The youths of the world, whose ids stand in the path.
#[derive(Debug, Clone, Copy)]
enum Whose {
    Alva,
    Bo,
    Pia,
    Dag,
}

fn relation(persona: Persona, whose: Whose) -> Relation {
    let is_elsewhere = matches!(
        persona,
        Persona::SyvElsewhere | Persona::EnhetschefElsewhere
    );
    let is_unitless = matches!(persona, Persona::Administrator | Persona::Loggranskare);
    Relation {
        is_same_unit: !is_unitless && (is_elsewhere == matches!(whose, Whose::Dag)),
        is_assigned: match whose {
            Whose::Alva => matches!(
                persona,
                Persona::Ambassador | Persona::Syv | Persona::Socionom
            ),
            Whose::Pia => persona == Persona::Socionom,
            Whose::Bo | Whose::Dag => false,
        },
        is_protected: matches!(whose, Whose::Pia),
        ..Relation::default()
    }
}

fn actor(app: &TestApp, persona: Persona) -> Actor {
    persona.role().map_or(Actor::Anonymous, |role| {
        Actor::Staff(Staff {
            id: app.world.user(persona),
            role,
            unit_id: None,
            session_id: None,
        })
    })
}

fn expected(app: &TestApp, route: &Route, persona: Persona, whose: Whose) -> Expected {
    let actor = actor(app, persona);
    if decide_deed(&actor, route.operation) != Decision::Allow {
        return if persona.role().is_some() {
            Expected::Forbidden
        } else {
            Expected::Stranger
        };
    }
    let sees_all = persona.role().is_some_and(|role| {
        kaa::policy::access_table::scope(route.operation.resource(), role) == Scope::All
    });
    if !route.path.contains("{youthId}") || sees_all {
        return Expected::Through;
    }
    let relation = relation(persona, whose);
    let is_visible = sees(&actor, Resource::Youths, &relation);
    // The compartment is there for nobody but the socionom assigned, or with a reason; none runs here.
    let is_compartment = route.operation.resource() == Resource::ProtectedStatuses;
    let is_closed = is_compartment
        && (!relation.is_assigned
            || persona.role().is_some_and(|role| {
                kaa::policy::access_table::permission(route.operation, role) == Permission::Grant
            }));
    if is_visible && !is_closed {
        Expected::Through
    } else {
        Expected::Hidden
    }
}

fn address(app: &TestApp, route: &Route, whose: Whose) -> String {
    let world = &app.world;
    let (youth, episode) = match whose {
        Whose::Alva => (world.alva, world.alva_episode),
        Whose::Bo => (world.bo, world.bo_episode),
        Whose::Pia => (world.pia, world.pia_episode),
        Whose::Dag => (world.dag, world.dag_episode),
    };
    let mut path = route
        .path
        .replace("{youthId}", &youth.to_string())
        .replace("{episodeId}", &episode.to_string())
        .replace("{unitId}", &world.unit.to_string())
        .replace("{userId}", &world.user(Persona::Syv).to_string());
    // What is not of the world does not exist.
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(
            start..=end,
            &Id::<kaa::domain::id::Record>::fresh().to_string(),
        );
    }
    path
}

fn count_events(app: &TestApp) -> i64 {
    audit_events::table
        .count()
        .get_result(&mut app.db())
        .unwrap()
}

/// Whether an operation would sign a persona out; what it does is tested with the sessions.
fn ends_sessions(operation: Operation, persona: Persona) -> bool {
    match operation {
        Operation::SignOut | Operation::EndMySessions => persona.role().is_some(),
        Operation::EndUserSessions => persona == Persona::Administrator,
        _ => false,
    }
}

fn check_all(app: &TestApp, whose: Whose) {
    for route in ROUTES {
        for persona in Persona::ALL {
            // The sessions in use are still needed.
            if ends_sessions(route.operation, *persona) {
                continue;
            }
            let before = count_events(app);
            let path = address(app, route, whose);
            let version = [("If-Match", "\"999\"")];
            let headers: &[(&str, &str)] = if route.needs_version { &version } else { &[] };
            let answer = match route.accepts {
                Accepts::Nothing => app.send(*persona, route.method.name(), &path, headers, None),
                Accepts::Roster | Accepts::Values => app.send_bytes(
                    *persona,
                    route.method.name(),
                    &path,
                    headers,
                    Some("text/csv"),
                    Some(b"x".to_vec()),
                ),
                Accepts::Json | Accepts::MergePatch => app.send(
                    *persona,
                    route.method.name(),
                    &path,
                    headers,
                    Some(json!({})),
                ),
            };
            let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
            let seen = match (answer.status, code.as_str()) {
                (401, "unauthenticated") => Expected::Stranger,
                (403, "forbidden") => Expected::Forbidden,
                (404, _) => Expected::Hidden,
                (500.., _) => panic!("{}: {}", answer.asked, answer.body),
                _ => Expected::Through,
            };
            let mut expected = expected(app, route, *persona, whose);
            // Below the youths there are records of the world only for units, users and episodes.
            let has_unknown_id = route.path.contains('{')
                && !["{youthId}", "{unitId}", "{userId}", "{episodeId}"]
                    .iter()
                    .any(|known| route.path.contains(known));
            if expected == Expected::Through && has_unknown_id {
                expected = Expected::Hidden;
            }
            if expected == Expected::Through
                && (route.path.contains("{episodeId}")
                    || route.path.contains("{unitId}")
                    || route.path.contains("{userId}"))
            {
                // By the scope of these records; tested with each of them. Here: no sign of a record that is not theirs.
                assert!(
                    matches!(seen, Expected::Through | Expected::Hidden),
                    "{} gave {} {code}",
                    answer.asked,
                    answer.status
                );
            } else if matches!(
                route.operation,
                Operation::ReadProtectedStatus | Operation::SetProtectedStatus
            ) && expected == Expected::Through
            {
                // None is set yet, which is told as a missing record.
                assert!(matches!(seen, Expected::Through | Expected::Hidden));
            } else {
                assert_eq!(
                    seen, expected,
                    "{} gave {} {code} ({whose:?})",
                    answer.asked, answer.status
                );
            }
            assert_eq!(
                count_events(app),
                before + 1,
                "{}: one event for each request",
                answer.asked
            );
        }
    }
}

with_app!(
    every_route_with_every_persona_does_what_the_table_says,
    |app| {
        for whose in [Whose::Alva, Whose::Bo, Whose::Pia, Whose::Dag] {
            check_all(&app, whose);
        }
    }
);

#[test]
fn every_operation_has_exactly_one_address() {
    for operation in Operation::ALL {
        let count = ROUTES
            .iter()
            .filter(|route| route.operation == *operation)
            .count();
        let expected = usize::from(!Operation::WITHOUT_ADDRESS.contains(operation));
        assert_eq!(count, expected, "{}", operation.name());
    }
}

#[test]
fn what_is_open_to_all_is_a_short_list_that_only_shrinks() {
    let mut open: Vec<String> = ROUTES
        .iter()
        .filter(|route| decide_deed(&Actor::Anonymous, route.operation) == Decision::Allow)
        .map(|route| format!("{} {}{}", route.method.name(), kaa::api::ROOT, route.path))
        .chain(
            kaa::api::info::PUBLIC
                .iter()
                .map(|path| format!("GET {path}")),
        )
        .collect();
    open.sort();
    let text = open.join("\n") + "\n";
    // Not accepted by KAA_ACCEPT_SNAPSHOTS: whoever opens an address writes it into the file by hand.
    assert_eq!(text, include_str!("../snapshots/public-routes.txt"));
}

/// Addresses as they are, so that a change of one is seen in a review.
#[test]
fn the_addresses_are_the_published_ones() {
    let lines: Vec<String> = ROUTES
        .iter()
        .map(|route| {
            format!(
                "{:<6} {:<45} {}",
                route.method.name(),
                route.path,
                route.operation.name()
            )
        })
        .collect();
    accept_or_compare("addresses.txt", &(lines.join("\n") + "\n"));
}
