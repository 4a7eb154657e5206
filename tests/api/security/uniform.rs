//! Where existence must not show, answers are alike to the byte and so is the work behind them: records of others and records
//! that never were, accounts that are there and accounts that are not.

use crate::support::Persona::{
    self, AmbassadorStranger, EnhetschefElsewhere, Nobody, SocionomStranger, Syv, SyvElsewhere,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::contract::{DOCUMENT, resolved};
use crate::support::give_number;
use crate::support::story::{TABLES, Who, ids_in, parameters, tell};
use crate::with_app;
use diesel::prelude::*;
use kaa::api::routes::{Accepts, ROUTES, Route};
use kaa::auth::password::{HashCost, Passwords};
use kaa::db::schema::users;
use kaa::domain::operation::Operation;
use serde_json::json;
use std::collections::BTreeMap;

const PASSWORD: &str = "en mening som ingen gissar";
const XYLIA: Who = Who {
    number: "201002062394",
    given_name: "Xylia",
    family_name: "Dunkelgren",
    guardian: "Vilja",
    guardian_phone: "08-998 80 00",
    postal_code: "987 65",
    mobile: "073-987 65 43",
    mark: "Göm",
    text: "Hemligtext",
};

/// An answer without what every request has of its own.
fn told(answer: &Answer) -> (u16, String, BTreeMap<String, String>) {
    let mut body = answer.body.clone();
    if let Some(members) = body.as_object_mut() {
        members.remove("instance");
    }
    let own = ["date", "traceparent", "x-request-id", "content-length"];
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()));
    (answer.status, body.to_string(), headers.collect())
}

fn ask(app: &TestApp, persona: Persona, route: &Route, address: &str) -> Answer {
    let version = [("If-Match", "\"1\"")];
    let headers: &[(&str, &str)] = if route.needs_version { &version } else { &[] };
    let body = match route.accepts {
        Accepts::Nothing => None,
        _ => Some(json!({})),
    };
    app.send(persona, route.method.name(), address, headers, body)
}

with_app!(
    what_belongs_to_others_is_answered_as_what_never_was,
    |app| {
        let youth = tell(&app, &XYLIA);
        let mut conn = app.db();
        let mut ids: BTreeMap<&str, Vec<String>> = TABLES
            .iter()
            .map(|(parameter, tables)| {
                let of = tables
                    .iter()
                    .flat_map(|table| ids_in(&mut conn, table, youth));
                (*parameter, of.collect())
            })
            .collect();
        ids.insert("youthId", vec![youth.to_string()]);
        let mut compared = 0;
        for route in ROUTES {
            let [parameter] = parameters(route)[..] else {
                continue;
            };
            let Some(of_others) = ids.get(parameter) else {
                continue;
            };
            let hole = format!("{{{parameter}}}");
            // Of the youth's own unit, and unassigned: the compartment is not there. Of another unit: nothing is.
            for persona in [
                SyvElsewhere,
                EnhetschefElsewhere,
                AmbassadorStranger,
                SocionomStranger,
            ] {
                for id in of_others {
                    let theirs = ask(&app, persona, route, &route.path.replace(&hole, id));
                    // In the own unit much is to be seen; what is not must not show.
                    if persona == SocionomStranger && theirs.status != 404 {
                        continue;
                    }
                    let never = uuid::Uuid::now_v7().to_string();
                    let never = ask(&app, persona, route, &route.path.replace(&hole, &never));
                    assert_eq!(
                        told(&theirs),
                        told(&never),
                        "{} and {}",
                        theirs.asked,
                        never.asked
                    );
                    assert_eq!(theirs.bytes.len(), never.bytes.len(), "{}", theirs.asked);
                    assert!(
                        matches!(theirs.status, 403 | 404),
                        "{} {}",
                        theirs.asked,
                        theirs.body
                    );
                    compared += usize::from(theirs.status == 404);
                }
            }
        }
        assert!(compared > 150, "only {compared}");
    }
);

with_app!(
    a_list_narrowed_to_another_ones_youth_is_empty_as_any,
    |app| {
        let youth = tell(&app, &XYLIA).to_string();
        let never = uuid::Uuid::now_v7().to_string();
        let mut narrowed = 0;
        for route in ROUTES.iter().filter(|route| takes_youth(route)) {
            let path = route.path;
            let lists = [&youth, &never].map(|id| {
                let answer = app.get(EnhetschefElsewhere, &format!("{path}?youthId={id}"));
                let (status, body, headers) = told(&answer);
                (status, body.replace(id.as_str(), ""), headers)
            });
            assert_eq!(lists[0], lists[1], "{path}");
            narrowed += 1;
        }
        assert!(narrowed > 0, "no list takes a youth");
    }
);

/// Whether the contract lets a list of all be narrowed to a youth. The log, which tells of one's own deeds too, is not asked.
fn takes_youth(route: &Route) -> bool {
    let described = &DOCUMENT["paths"][route.path]["get"]["parameters"];
    route.operation != Operation::ListAuditEvents
        && parameters(route).is_empty()
        && described
            .as_array()
            .into_iter()
            .flatten()
            .map(resolved)
            .any(|parameter| parameter["name"] == "youthId" && parameter["in"] == "query")
}

fn db_set(app: &TestApp, persona: Persona, is_active: bool) {
    let cost = HashCost {
        memory_kib: 64,
        passes: 1,
    };
    let hash = Passwords::new(cost).unwrap().hash(PASSWORD).unwrap();
    diesel::update(users::table.find(app.world.user(persona)))
        .set((
            users::password_hash.eq(hash),
            users::is_active.eq(is_active),
        ))
        .execute(&mut app.db())
        .unwrap();
}

with_app!(
    whether_an_account_exists_shows_neither_in_the_answer_nor_in_the_work,
    |app| {
        db_set(&app, Syv, true);
        db_set(&app, SyvElsewhere, false);
        let attempt = |name: &str, password: &str| {
            let before = app.passwords.computed();
            let body = json!({"username": name, "password": password});
            let answer = app.post(Nobody, "/sessions", body);
            (told(&answer), app.passwords.computed() - before, answer)
        };
        let (unknown, work, answer) = attempt("ingen alls", PASSWORD);
        answer.expect(401);
        assert_eq!(work, 1);
        for (name, password) in [
            ("syv", "fel fel fel fel"),
            ("SYV", ""),
            ("syvelsewhere", PASSWORD),
            ("syvelsewhere", "fel fel fel fel"),
        ] {
            if password.is_empty() {
                continue;
            }
            let (same, work, _) = attempt(name, password);
            assert_eq!((same, work), (unknown.clone(), 1), "{name}");
        }
        // And so when they have to wait: nothing is computed, for nobody.
        for name in ["syv", "ingen alls", "syvelsewhere", "finns inte heller"] {
            while attempt(name, "fel fel fel fel").1 == 1 {}
        }
        let (held, work, answer) = attempt("ingen alls", PASSWORD);
        answer.problem(429, "too-many-attempts");
        assert_eq!(work, 0);
        for name in ["syv", "syvelsewhere", "finns inte heller"] {
            let (same, work, _) = attempt(name, PASSWORD);
            assert_eq!((same, work), (held.clone(), 0), "{name}");
        }
    }
);

with_app!(
    links_that_never_were_cost_and_tell_what_spent_ones_do,
    |app| {
        let path = format!("/users/{}/password-reset", app.world.user(Syv));
        let issue = || {
            let made = app
                .send(Persona::Administrator, "PUT", &path, &[], None)
                .expect(200);
            made.body["token"].as_str().unwrap().to_owned()
        };
        let use_link = |token: &str| {
            let before = app.passwords.computed();
            let body = json!({"token": token, "newPassword": PASSWORD});
            let answer = app.post(Nobody, "/password-resets", body);
            (told(&answer), app.passwords.computed() - before)
        };
        let replaced = issue();
        let spent = issue();
        assert_eq!(use_link(&spent).0.0, 204);
        let of_inactive = issue();
        diesel::update(users::table.find(app.world.user(Syv)))
            .set(users::is_active.eq(false))
            .execute(&mut app.db())
            .unwrap();
        let never = use_link("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!((never.0.0, never.1), (403, 0));
        for token in [&replaced, &spent, &of_inactive] {
            let answer = use_link(token);
            assert_eq!(answer.0, never.0);
        }
        assert_eq!(use_link(&replaced).1, 0);
        assert_eq!(use_link(&spent).1, 0);
    }
);

with_app!(a_number_that_is_taken_is_told_alike_whoever_has_it, |app| {
    let youth = tell(&app, &XYLIA);
    let path = format!("/youths/{youth}");
    let version = app.get(Persona::Socionom, &path).expect(200).version();
    let mark = json!({"protectionLevel": "confidentiality_marking"});
    app.patch(Persona::Socionom, &path, version, mark)
        .expect(200);
    let elsewhere = "201001122397";
    give_number(&mut app.db(), app.world.dag, elsewhere, true, "2026-11-01");
    let register = |number: &str| {
        let person = json!({"givenName": "Någon", "familyName": "Annan", "identityNumber": number});
        app.post(Syv, "/youths", person)
    };
    let of_protected = register(XYLIA.number);
    assert_eq!(told(&of_protected), told(&register(elsewhere)));
    of_protected.problem(409, "already-exists");
    // Nor by searching.
    let sought = |number: &str| {
        let found = app.post(Syv, "/youths/search", json!({"identityNumber": number}));
        found.expect(200).body["youths"].clone()
    };
    assert_eq!(sought(XYLIA.number), json!([]));
    assert_eq!(sought(elsewhere), json!([]));
});
