//! Whom the provider's word lets in: who is recognised by what, which role they get, and who stays out.

use super::{Place, config_of, syv};
use crate::on_both;
use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, Nobody, Socionom, Syv, SyvElsewhere,
};
use crate::support::TestDatabase;
use crate::support::app::Answer;
use chrono::Duration;
use diesel::prelude::*;
use kaa::auth::password::{HashCost, Passwords};
use kaa::auth::single_sign_on::ProviderConfig;
use kaa::auth::single_sign_on::claims::RoleRules;
use kaa::db::schema::{single_sign_on_ties, units, users};
use kaa::domain::id::{Id, Unit};
use serde_json::{Value, json};

#[track_caller]
fn is_nobody(place: &Place, answer: Answer, what: &str) {
    let events = place.app.db_events();
    let last = events.last().unwrap();
    assert_eq!(answer.status, 403, "{what}: {}", answer.body);
    assert_eq!(answer.body["code"], "no-account", "{what}");
    assert_eq!(last.operation, "completeSingleSignOn", "{what}");
    assert_eq!(last.outcome, "refused", "{what}");
    assert_eq!(last.error_code.as_deref(), Some("no-account"), "{what}");
}

fn db_set_active(place: &Place, persona: Persona, is_active: bool) {
    diesel::update(users::table.find(place.app.world.user(persona)))
        .set(users::is_active.eq(is_active))
        .execute(&mut place.app.db())
        .unwrap();
}

on_both!(
    the_name_counts_once_and_exactly_and_then_the_subject,
    |database| {
        let place = Place::new(database);
        let named = |sub: &str, name: Value| {
            place.sign_in(
                &json!({"sub": sub, "preferred_username": name, "email": "syv@kommun.example"}),
            )
        };
        for name in [
            json!("SYV"),
            json!(" syv"),
            json!("syv "),
            json!("syv@kommun.example"),
            json!("nobody.here"),
            json!(""),
            json!(["syv"]),
            json!(null),
            json!("syv\u{0}"),
            json!("ѕyv"),
            json!("%"),
            json!("' OR 1=1 --"),
        ] {
            is_nobody(&place, named("subject-1", name.clone()), &name.to_string());
            place
                .app
                .clock
                .set(place.app.clock.now() + Duration::hours(1));
        }
        let session = named("subject-1", json!("syv")).expect(200);
        assert_eq!(
            place.get(&session, "/me").expect(200).body["username"],
            "syv"
        );
        // From now on the name says nothing: not another's, not none.
        for name in [json!("enhetschef"), json!("administrator"), json!(null)] {
            let session = named("subject-1", name).expect(200);
            assert_eq!(
                place.get(&session, "/me").expect(200).body["username"],
                "syv"
            );
        }
        // Whoever gets the name at the provider afterwards is not that person.
        is_nobody(&place, named("subject-2", json!("syv")), "another subject");
        assert_eq!(place.db_ties().len(), 1);
        // Nor does it hang on the name here.
        diesel::update(users::table.find(place.app.world.user(Syv)))
            .set(users::username.eq("anna.lind"))
            .execute(&mut place.app.db())
            .unwrap();
        let session = named("subject-1", json!("syv")).expect(200);
        assert_eq!(
            place.get(&session, "/me").expect(200).body["username"],
            "anna.lind"
        );
    }
);

on_both!(whoever_is_not_active_stays_out, |database| {
    let place = Place::new(database);
    place.sign_in(&syv()).expect(200);
    db_set_active(&place, Syv, false);
    is_nobody(&place, place.sign_in(&syv()), "tied");
    db_set_active(&place, Socionom, false);
    is_nobody(
        &place,
        place.sign_in(&json!({"sub": "2", "preferred_username": "socionom"})),
        "by name",
    );
    db_set_active(&place, Syv, true);
    place.sign_in(&syv()).expect(200);
});

on_both!(the_administrator_unties_and_nobody_else, |database| {
    let place = Place::new(database);
    let session = place.sign_in(&syv()).expect(200);
    let path = format!("/users/{}/single-sign-on", place.app.world.user(Syv));
    for persona in [Syv, Enhetschef, Ambassador] {
        let refused = place.app.send(persona, "DELETE", &path, &[], None);
        assert!([403, 404].contains(&refused.status), "{persona:?}");
    }
    is_nobody(
        &place,
        place.sign_in(&json!({"sub": "2", "preferred_username": "syv"})),
        "tied",
    );
    place
        .app
        .send(Administrator, "DELETE", &path, &[], None)
        .expect(204);
    assert!(
        place.app.db_last_event("untieUser").subjects[0]
            .2
            .contains("singleSignOn")
    );
    place.get(&session, "/me").problem(401, "unauthenticated");
    place
        .app
        .send(Administrator, "DELETE", &path, &[], None)
        .problem(404, "not-found");
    place
        .sign_in(&json!({"sub": "2", "preferred_username": "syv"}))
        .expect(200);
    // The old subject is nobody now.
    is_nobody(&place, place.sign_in(&syv()), "the old subject");
});

on_both!(two_providers_do_not_speak_for_each_other, |database| {
    let place = Place::new(database);
    place.sign_in(&syv()).expect(200);
    // The same subject, of the provider before.
    diesel::update(single_sign_on_ties::table)
        .set(single_sign_on_ties::issuer.eq("https://before.example"))
        .execute(&mut place.app.db())
        .unwrap();
    is_nobody(
        &place,
        place.sign_in(&json!({"sub": "subject-1"})),
        "of another issuer",
    );
    place.sign_in(&syv()).expect(200);
    assert_eq!(place.db_ties().len(), 2);
});

/// With roles by the claim `groups`: the units are made beforehand.
fn with_roles(database: TestDatabase, makes_accounts: bool) -> Place {
    let unit = Id::<Unit>::fresh();
    let place = Place::with(database, |config: &mut ProviderConfig| {
        let mapping = json!([
            {"value": "kaa-syv", "role": "syv", "unitId": unit},
            {"value": "kaa-soc", "role": "socionom", "unitId": unit},
            {"value": "kaa-chef", "role": "enhetschef", "unitId": unit},
            {"value": "kaa-admin", "role": "administrator"},
            {"value": "kaa-borta", "role": "syv", "unitId": Id::<Unit>::fresh()},
        ]);
        config.claims.roles = Some(RoleRules {
            claim: "groups".to_owned(),
            mapping: serde_json::from_value(mapping).unwrap(),
        });
        config.makes_accounts = makes_accounts;
    });
    let now = kaa::db::types::Timestamp::of(place.app.clock.now());
    diesel::insert_into(units::table)
        .values((
            units::id.eq(unit),
            units::name.eq("En tredje enhet"),
            units::created_at.eq(now),
            units::updated_at.eq(now),
            units::version.eq(1_i64),
        ))
        .execute(&mut place.app.db())
        .unwrap();
    place
}

fn member(name: &str, groups: Value) -> Value {
    json!({"sub": format!("sub-of-{name}"), "preferred_username": name, "groups": groups})
}

on_both!(a_claim_that_means_no_role_lets_nobody_in, |database| {
    let place = with_roles(database, true);
    for groups in [
        json!(null),
        json!([]),
        json!("other"),
        json!(["KAA-SYV"]),
        json!("kaa"),
        json!({"kaa-syv": true}),
        json!(["kaa-syv", "kaa-soc"]),
        json!("kaa-borta"),
    ] {
        is_nobody(
            &place,
            place.sign_in(&member("syv", groups.clone())),
            &groups.to_string(),
        );
        is_nobody(
            &place,
            place.sign_in(&member("ny.person", groups.clone())),
            &groups.to_string(),
        );
        place
            .app
            .clock
            .set(place.app.clock.now() + Duration::hours(1));
    }
    assert!(place.db_ties().is_empty());
    // Whoever loses the group is out, although the account is there.
    place.sign_in(&member("syv", json!("kaa-syv"))).expect(200);
    is_nobody(
        &place,
        place.sign_in(&member("syv", json!([]))),
        "left the group",
    );
});

on_both!(
    the_role_follows_the_claim_and_the_old_access_ends,
    |database| {
        let place = with_roles(database, false);
        place.app.get(Syv, "/youths").expect(200);
        let assigned = format!(
            "/youths/{}/assignments?isRunning=true",
            place.app.world.alva
        );
        let before = place
            .app
            .get(Enhetschef, &assigned)
            .expect(200)
            .column("assignments", "userId");
        let syv_id = json!(place.app.world.user(Syv));
        assert!(before.contains(&syv_id));
        let session = place
            .sign_in(&member("syv", json!(["kaa-soc"])))
            .expect(200);
        let me = place.get(&session, "/me").expect(200).body;
        assert_eq!(
            (&me["role"], &me["unitName"]),
            (&json!("socionom"), &json!("En tredje enhet"))
        );
        // As if the administrator had done it: the old sessions and assignments are over.
        place
            .app
            .get(Syv, "/youths")
            .problem(401, "unauthenticated");
        let after = place
            .app
            .get(Enhetschef, &assigned)
            .expect(200)
            .column("assignments", "userId");
        assert!(!after.contains(&syv_id));
        let event = place.app.db_last_event("completeSingleSignOn");
        assert!(
            event
                .subjects
                .iter()
                .any(|(_, resource, fields)| resource == "users" && fields == "role,unitId")
        );
        let path = format!("/users/{}", place.app.world.user(Syv));
        let read = place.app.get(Administrator, &path).expect(200);
        assert_eq!(
            (read.body["role"].as_str(), read.version()),
            (Some("socionom"), 2)
        );
        // The same again changes nothing.
        let again = place
            .sign_in(&member("syv", json!(["kaa-soc"])))
            .expect(200);
        assert_eq!(place.app.get(Administrator, &path).expect(200).version(), 2);
        place.get(&session, "/me").expect(200);
        place.get(&again, "/me").expect(200);
    }
);

on_both!(
    the_last_of_an_office_is_not_taken_away_by_a_claim,
    |database| {
        let place = with_roles(database, false);
        place
            .sign_in(&member("administrator", json!("kaa-syv")))
            .problem(409, "last-of-role");
        place
            .sign_in(&member("enhetschef", json!("kaa-syv")))
            .problem(409, "last-of-role");
        assert!(place.db_ties().is_empty());
        let event = place.app.db_last_event("completeSingleSignOn");
        assert_eq!(event.actor, Some(place.app.world.user(Enhetschef)));
        // They keep it in the meantime, and a claim may give it to somebody else first.
        place.app.get(Administrator, "/users").expect(200);
        place
            .sign_in(&member("socionom", json!("kaa-admin")))
            .expect(200);
        place
            .sign_in(&member("administrator", json!("kaa-syv")))
            .expect(200);
    }
);

on_both!(
    accounts_are_made_where_the_operator_says_so_and_with_the_role_alone,
    |database| {
        let place = with_roles(database, true);
        let mut claims = member("ny.person", json!("kaa-syv"));
        claims["name"] = json!("Ny Person");
        claims["role"] = json!("administrator");
        let session = place.sign_in(&claims).expect(200);
        let me = place.get(&session, "/me").expect(200).body;
        assert_eq!(me["username"], "ny.person");
        assert_eq!(me["displayName"], "Ny Person");
        assert_eq!(me["role"], "syv");
        let event = place.app.db_last_event("completeSingleSignOn");
        assert!(
            event
                .subjects
                .iter()
                .any(|(_, resource, fields)| resource == "users" && fields.contains("username"))
        );
        let again = place.sign_in(&claims).expect(200);
        assert_eq!(again.body["userId"], session.body["userId"]);
        // Nobody knows a password of it.
        for password in ["", "-", "ny.person"] {
            let body = json!({"username": "ny.person", "password": password});
            let status = place.app.post(Nobody, "/sessions", body).status;
            assert!([401, 422].contains(&status));
        }
        // Names that could not be typed here are not taken over; without a name of their own nobody is made.
        let mut odd = member("udda", json!("kaa-syv"));
        odd["name"] = json!("a\u{1b}[31m");
        let session = place.sign_in(&odd).expect(200);
        assert_eq!(
            place.get(&session, "/me").expect(200).body["displayName"],
            "udda"
        );
        is_nobody(
            &place,
            place.sign_in(&member("Ny Person", json!("kaa-syv"))),
            "no user name",
        );
    }
);

on_both!(no_account_is_made_unless_the_operator_says_so, |database| {
    let place = with_roles(database, false);
    is_nobody(
        &place,
        place.sign_in(&member("ny.person", json!("kaa-syv"))),
        "not told",
    );
});

on_both!(
    passwords_go_on_unless_the_operator_closes_them_for_those_tied,
    |database| {
        let cost = HashCost {
            memory_kib: 64,
            passes: 1,
        };
        let hash = Passwords::new(cost)
            .unwrap()
            .hash("tre röda cyklar")
            .unwrap();
        let place = Place::with(database, |config| config.leaves_passwords = false);
        diesel::update(users::table)
            .set(users::password_hash.eq(&hash))
            .execute(&mut place.app.db())
            .unwrap();
        let by_password = |username: &str, password: &str| {
            place.app.post(
                Nobody,
                "/sessions",
                json!({"username": username, "password": password}),
            )
        };
        by_password("syv", "tre röda cyklar").expect(200);
        place.sign_in(&syv()).expect(200);
        let closed = by_password("syv", "tre röda cyklar");
        let wrong = by_password("syv", "tre gröna cyklar");
        assert_eq!(closed.without_instance(), wrong.without_instance());
        closed.problem(401, "wrong-credentials");
        by_password("socionom", "tre röda cyklar").expect(200);
        // A tie to a provider that is not in use closes nothing.
        diesel::update(single_sign_on_ties::table)
            .set(single_sign_on_ties::issuer.eq("https://before.example"))
            .execute(&mut place.app.db())
            .unwrap();
        by_password("syv", "tre röda cyklar").expect(200);
    }
);

on_both!(a_tie_leaves_the_password_unless_it_is_closed, |database| {
    let place = Place::new(database);
    let cost = HashCost {
        memory_kib: 64,
        passes: 1,
    };
    let hash = Passwords::new(cost)
        .unwrap()
        .hash("tre röda cyklar")
        .unwrap();
    diesel::update(users::table)
        .set(users::password_hash.eq(&hash))
        .execute(&mut place.app.db())
        .unwrap();
    place.sign_in(&syv()).expect(200);
    let body = json!({"username": "syv", "password": "tre röda cyklar"});
    place.app.post(Nobody, "/sessions", body).expect(200);
});

on_both!(sessions_of_the_provider_obey_the_same_limits, |database| {
    let mut place = Place::new(database);
    let session = place.sign_in(&syv()).expect(200);
    place.app.pass(Duration::minutes(61));
    let renewed = json!({"refreshToken": session.body["refreshToken"]});
    place
        .app
        .post(Nobody, "/sessions/refresh", renewed)
        .problem(401, "unauthenticated");
    let _ = SyvElsewhere;
    assert!(config_of("https://x.example").check().is_ok());
});
