//! What guessing costs, and how often one account may do what is costly: over several servers on one database, by account and by
//! address, one after the other and all at once. That a wait ends, and what a session's own password costs, is tested with the
//! sessions and with `me`.

use crate::support::Persona::{Enhetschef, Nobody, Socionom, Syv};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::{on_both, with_app};
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::sign_in_delays;
use kaa::db::usage::Limits;
use serde_json::json;

const PASSWORD: &str = "en mening som ingen gissar";

/// Signs in at a server, from an address that its proxy has seen.
fn sign_in(app: &TestApp, base: &str, from: &str, name: &str, password: &str) -> Answer {
    app.send(
        Nobody,
        "POST",
        &format!("{base}{}/sessions", kaa::api::ROOT),
        &[("X-Forwarded-For", from)],
        Some(json!({"username": name, "password": password})),
    )
}

fn behind_proxy(config: &mut kaa::config::Config) {
    config.is_behind_proxy = true;
}

on_both!(
    an_account_is_not_guessed_from_many_addresses_at_several_servers,
    |database| {
        let app = TestApp::with(database, behind_proxy);
        let (other, _) = app.another_server(behind_proxy);
        app.db_give_password(Syv, PASSWORD);
        app.db_give_password(Socionom, PASSWORD);
        let bases = [app.base.clone(), other.base.clone()];
        for place in 0..4 {
            let from = format!("198.51.100.{place}");
            sign_in(&app, &bases[place % 2], &from, "syv", "fel fel fel fel").expect(401);
        }
        for (place, base) in bases.iter().enumerate() {
            let held = sign_in(&app, base, &format!("203.0.113.{place}"), "syv", PASSWORD);
            assert!(held.header("retry-after").is_some());
            held.problem(429, "too-many-attempts");
            // Nobody else is held back, not even from where it was tried.
            sign_in(&app, base, "198.51.100.1", "socionom", PASSWORD).expect(200);
        }
    }
);

on_both!(many_accounts_are_not_tried_from_one_address, |database| {
    let app = TestApp::with(database, behind_proxy);
    let (other, _) = app.another_server(behind_proxy);
    app.db_give_password(Syv, PASSWORD);
    let bases = [app.base.clone(), other.base.clone()];
    let try_21 = |from: &dyn Fn(usize) -> String, kind: &str| {
        for place in 0..21 {
            let name = format!("{kind}{place}");
            sign_in(
                &app,
                &bases[place % 2],
                &from(place),
                &name,
                "fel fel fel fel",
            )
            .expect(401);
        }
    };
    // What stands before the last entry was made up by the client.
    try_21(&|place| format!("10.9.8.{place}, 192.0.2.7"), "a");
    for base in &bases {
        sign_in(&app, base, "192.0.2.7", "syv", PASSWORD).problem(429, "too-many-attempts");
    }
    sign_in(&app, &bases[0], "192.0.2.8", "syv", PASSWORD).expect(200);
    // Whoever has one address of IPv6 has 2^64.
    try_21(&|place| format!("2001:db8:1:2::{place:x}"), "b");
    sign_in(&app, &bases[0], "2001:db8:1:2:ffff::1", "syv", PASSWORD)
        .problem(429, "too-many-attempts");
    sign_in(&app, &bases[0], "2001:db8:1:3::1", "syv", PASSWORD).expect(200);
    // A minute is the longest that an address waits.
    app.clock.set(app.clock.now() + Duration::minutes(1));
    sign_in(&app, &bases[1], "192.0.2.7", "syv", PASSWORD).expect(200);
});

on_both!(
    the_mistakes_of_some_do_not_keep_a_whole_school_out,
    |database| {
        let app = TestApp::with(database, behind_proxy);
        app.db_give_password(Socionom, PASSWORD);
        let school = "192.0.2.7";
        let fail = |name: &str| sign_in(&app, &app.base, school, name, "fel fel fel fel");
        // Somebody whose program tries an old password on and on.
        for _ in 0..40 {
            fail("syv");
            app.clock.set(app.clock.now() + Duration::seconds(30));
        }
        sign_in(&app, &app.base, school, "socionom", PASSWORD).expect(200);
        // A morning on which many have forgotten theirs, and another hour of it later.
        for _ in 0..2 {
            for place in 0..18 {
                fail(&format!("x{place}")).expect(401);
            }
            app.clock.set(app.clock.now() + Duration::hours(2));
        }
        sign_in(&app, &app.base, school, "socionom", PASSWORD).expect(200);
    }
);

on_both!(many_guesses_at_once_are_few_guesses, |database| {
    let app = TestApp::with(database, behind_proxy);
    let (other, elsewhere) = app.another_server(behind_proxy);
    app.db_give_password(Syv, PASSWORD);
    let before = app.passwords.computed() + elsewhere.computed();
    let bases = [app.base.clone(), other.base.clone()];
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..40)
            .map(|place| {
                let (app, base) = (&app, &bases[place % 2]);
                // The right one is among them, but not among the first.
                let password = if place == 39 {
                    PASSWORD
                } else {
                    "fel fel fel fel"
                };
                scope.spawn(move || {
                    std::thread::sleep(std::time::Duration::from_millis(if place == 39 {
                        150
                    } else {
                        0
                    }));
                    sign_in(app, base, &format!("198.51.100.{place}"), "syv", password).status
                })
            })
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let told = answers.iter().filter(|status| **status == 401).count();
    let held = answers.iter().filter(|status| **status == 429).count();
    assert!((4..=5).contains(&told), "{answers:?}");
    assert_eq!(told + held, 40, "{answers:?}");
    let computed = app.passwords.computed() + elsewhere.computed() - before;
    assert!((4..=6).contains(&computed), "{computed} hashes");
});

with_app!(names_that_were_made_up_are_forgotten, |app| {
    for place in 0..5 {
        let body = json!({"username": format!("x{place}"), "password": "fel fel fel fel"});
        app.post(Nobody, "/sessions", body).expect(401);
    }
    let count = || -> i64 {
        sign_in_delays::table
            .count()
            .get_result(&mut app.db())
            .unwrap()
    };
    let there = count();
    assert!(there >= 5);
    assert_eq!(app.db_forget_old_failures(), 0);
    app.clock.set(app.clock.now() + Duration::days(2));
    assert_eq!(
        app.db_forget_old_failures(),
        usize::try_from(there).unwrap()
    );
    assert_eq!(count(), 0);
});

on_both!(
    nobody_reads_the_register_out_by_searching_on_whatever_server,
    |database| {
        let few = |config: &mut kaa::config::Config| {
            config.limits = Limits {
                searches: 4,
                heavy: 2,
            };
        };
        let mut app = TestApp::with(database, few);
        let (other, _) = app.another_server(few);
        let search = |app: &TestApp, base: &str, persona| {
            let path = format!("{base}{}/youths/search", kaa::api::ROOT);
            app.post(persona, &path, json!({"name": "al"}))
        };
        let bases = [app.base.clone(), other.base.clone()];
        for place in 0..4 {
            search(&app, &bases[place % 2], Syv).expect(200);
            app.pass(Duration::minutes(1));
        }
        for base in &bases {
            let held = search(&app, base, Syv);
            // The first of the four was four minutes ago.
            assert_eq!(held.header("retry-after"), Some("3361"));
            held.problem(429, "too-many-requests");
        }
        assert_eq!(app.db_last_event("searchYouths").outcome, "refused");
        search(&app, &bases[0], Socionom).expect(200);
        // Other work goes on, and what is costly otherwise is counted by itself.
        app.get(Syv, "/youths").expect(200);
        let release = |persona, period: &str| {
            let asked = json!({"year": 2026, "period": period});
            app.post(persona, "/statistics/releases", asked)
        };
        release(Enhetschef, "tertial_1").expect(202);
        release(Enhetschef, "tertial_1_2").expect(202);
        release(Enhetschef, "half_year_1").problem(429, "too-many-requests");
        // Whoever may not do it at all is told that.
        release(Socionom, "half_year_1").problem(403, "forbidden");
        app.pass(Duration::minutes(56));
        search(&app, &bases[1], Syv).expect(200);
        search(&app, &bases[0], Syv).problem(429, "too-many-requests");
    }
);
