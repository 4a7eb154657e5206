//! Several servers on one database, behind a balancer that gives each request to the next of them: does a sign-in hold at all of
//! them and end at all at once, is every event of the log there once and the chain whole, is the night done once, and does a change of
//! settings, keys or schema reach all? Limits over several servers are tested in `security::limits`, keys of idempotency and a server
//! that falls in `faults`, jobs in `jobs`.

use crate::faults::Server;
use crate::on_both;
use crate::support::Persona::{self, Administrator, Nobody, Socionom, Syv, Ungdomskonsulent};
use crate::support::app::{Answer, Service};
use crate::support::{TestApp, TestDatabase, vault};
use chrono::Duration;
use diesel::prelude::*;
use kaa::clock::day_of;
use kaa::config::Config;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::audited::{Call, Identity};
use kaa::db::enciphering::remember_keys;
use kaa::db::schema::{audit_events, contacts, target_group_candidates, target_group_runs};
use kaa::domain::id::{Id, Unit};
use kaa::domain::operation::Operation;
use kaa::nightly::run_target_group;
use kaa::service::target_group_runs::run_next_batch;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

const PASSWORD: &str = "en mening som ingen gissar";

/// Servers on one database, and the balancer in front of them.
struct Balanced {
    app: TestApp,
    others: Vec<Service>,
    asked: AtomicUsize,
}

impl Balanced {
    fn over(database: TestDatabase, others: usize) -> Self {
        Self::with(database, others, |_| {})
    }

    fn with(database: TestDatabase, others: usize, configure: fn(&mut Config)) -> Self {
        let app = TestApp::with(database, configure);
        let others = (0..others)
            .map(|_| app.another_server(configure).0)
            .collect();
        Self {
            app,
            others,
            asked: AtomicUsize::new(0),
        }
    }

    /// Every server by its address.
    fn bases(&self) -> Vec<String> {
        let others = self.others.iter().map(|server| server.base.clone());
        std::iter::once(self.app.base.clone())
            .chain(others)
            .collect()
    }

    /// The next server in turn.
    fn next(&self) -> String {
        let bases = self.bases();
        bases[self.asked.fetch_add(1, Ordering::SeqCst) % bases.len()].clone()
    }

    fn send(
        &self,
        base: &str,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers: &[(&str, &str)] = match token {
            "" => &[],
            _ => &[("Authorization", &bearer)],
        };
        let path = format!("{base}{}{path}", kaa::api::ROOT);
        self.app.send(Nobody, method, &path, headers, body)
    }

    fn sign_in(&self, base: &str) -> Value {
        let body = json!({"username": "syv", "password": PASSWORD});
        self.send(base, "", "POST", "/sessions", Some(body))
            .expect(200)
            .body
    }

    fn token(&self, persona: Persona) -> &str {
        self.app.token(persona).unwrap()
    }
}

fn text(body: &Value, field: &str) -> String {
    body[field].as_str().unwrap().to_owned()
}

on_both!(
    a_sign_in_at_one_server_holds_at_all_and_ends_at_all_at_once,
    |database| {
        let servers = Balanced::over(database, 1);
        servers.app.db_give_password(Syv, PASSWORD);
        let bases = servers.bases();
        let (one, other) = (&bases[0], &bases[1]);
        let session = servers.sign_in(one);
        let (token, refresh) = (
            text(&session, "accessToken"),
            text(&session, "refreshToken"),
        );
        let me = |base: &str, token: &str| servers.send(base, token, "GET", "/me", None).status;
        assert_eq!((me(one, &token), me(other, &token)), (200, 200));
        // Renewed at the other, and what was renewed opens nothing at the first any more: it ends the session everywhere.
        let renew = |base: &str, refresh: &str| {
            let body = json!({"refreshToken": refresh});
            servers.send(base, "", "POST", "/sessions/refresh", Some(body))
        };
        let renewed = renew(other, &refresh).expect(200).body;
        let token = text(&renewed, "accessToken");
        assert_eq!((me(one, &token), me(other, &token)), (200, 200));
        renew(one, &refresh).expect(401);
        assert_eq!((me(one, &token), me(other, &token)), (401, 401));
        // Signed out at one, signed out at the other.
        let token = text(&servers.sign_in(other), "accessToken");
        assert_eq!(me(one, &token), 200);
        servers
            .send(one, &token, "DELETE", "/sessions/current", None)
            .expect(204);
        assert_eq!((me(one, &token), me(other, &token)), (401, 401));
    }
);

on_both!(a_list_begun_at_one_server_goes_on_at_the_next, |database| {
    let servers = Balanced::over(database, 1);
    let token = servers.token(Syv);
    let whole = servers
        .send(&servers.next(), token, "GET", "/youths", None)
        .expect(200);
    let mut seen = Vec::new();
    let mut path = Some("/youths?limit=1".to_owned());
    while let Some(place) = path.take() {
        let part = servers
            .send(&servers.next(), token, "GET", &place, None)
            .expect(200);
        seen.extend(part.column("youths", "id"));
        // The link names the server that was asked; a balancer stands for all of them.
        path = part.next().map(|next| {
            let (_, place) = next.split_once(kaa::api::ROOT).unwrap();
            place.to_owned()
        });
    }
    assert!(seen.len() > 1);
    assert_eq!(seen, whole.column("youths", "id"));
});

on_both!(
    what_is_read_and_written_at_several_servers_is_in_the_log_once,
    |database| {
        let servers = Balanced::over(database, 2);
        let alva = servers.app.world.alva;
        let events =
            |conn: &mut _| -> i64 { audit_events::table.count().get_result(conn).unwrap() };
        let before = events(&mut servers.app.db());
        let tokens =
            [Syv, Socionom, Ungdomskonsulent].map(|persona| servers.token(persona).to_owned());
        let people: Vec<(usize, String)> = tokens.into_iter().enumerate().collect();
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let asked: Vec<_> = people
                .iter()
                .map(|(person, token)| {
                    let servers = &servers;
                    scope.spawn(move || {
                        let mut answers = Vec::new();
                        for number in 0..12 {
                            let base = servers.next();
                            answers.push(if (person + number) % 3 == 0 {
                                let body = json!({"channel": "sms", "result": "no_answer"});
                                let path = format!("/youths/{alva}/contacts");
                                servers.send(&base, token, "POST", &path, Some(body))
                            } else {
                                servers.send(&base, token, "GET", "/youths", None)
                            });
                        }
                        answers
                    })
                })
                .collect();
            asked
                .into_iter()
                .flat_map(|asked| asked.join().unwrap())
                .collect()
        });
        let mut conn = servers.app.db();
        let logged = answers.iter().filter(|answer| answer.status == 201).count();
        let stored: i64 = contacts::table
            .filter(contacts::youth_id.eq(alva))
            .filter(contacts::channel.eq("sms"))
            .count()
            .get_result(&mut conn)
            .unwrap();
        assert!(i64::try_from(logged).is_ok_and(|logged| logged == stored && logged > 0));
        // Whatever was answered is told once; a change that was in the way of others too often was not done, and says so.
        let asked: BTreeSet<String> = answers
            .iter()
            .map(|answer| {
                assert!(
                    matches!(answer.status, 200 | 201 | 503),
                    "{}",
                    answer.status
                );
                answer.header("x-request-id").unwrap().to_owned()
            })
            .collect();
        assert_eq!(asked.len(), answers.len());
        for answer in &answers {
            let told: i64 = audit_events::table
                .filter(audit_events::request_id.eq(answer.header("x-request-id").unwrap()))
                .count()
                .get_result(&mut conn)
                .unwrap();
            assert!(told == 1 || (answer.status == 503 && told == 0), "{told}");
        }
        let all = events(&mut conn);
        assert!(all - before <= i64::try_from(answers.len()).unwrap());
        let verdict = verify(&mut conn).unwrap();
        let expected = Verdict::Whole {
            events: all.try_into().unwrap(),
        };
        assert_eq!(verdict, expected);
    }
);

on_both!(
    a_change_of_settings_is_known_at_the_next_server_at_once,
    |database| {
        let servers = Balanced::over(database, 1);
        let bases = servers.bases();
        let token = servers.token(Administrator);
        for (version, days) in [(1, 3), (2, 9)] {
            let (here, there) = (&bases[version % 2], &bases[1 - version % 2]);
            let path = format!("{here}{}/settings", kaa::api::ROOT);
            let bearer = format!("Bearer {token}");
            let told = format!("\"{version}\"");
            let headers = [
                ("Authorization", bearer.as_str()),
                ("If-Match", told.as_str()),
            ];
            let change = json!({"preventiveContactDays": days});
            let app = &servers.app;
            app.send(Nobody, "PATCH", &path, &headers, Some(change))
                .expect(200);
            let read = servers.send(there, token, "GET", "/settings", None);
            assert_eq!(read.expect(200).body["preventiveContactDays"], days);
        }
    }
);

on_both!(
    new_keys_of_tokens_hold_at_every_server_before_they_sign,
    |database| {
        let mut servers = Balanced::with(database, 1, |config| {
            config.key_lookup = std::time::Duration::from_millis(20);
        });
        servers.app.db_give_password(Syv, PASSWORD);
        let bases = servers.bases();
        let administrator = servers.token(Administrator).to_owned();
        let made = servers
            .send(&bases[0], &administrator, "POST", "/signing-keys", None)
            .expect(200);
        servers.app.pass(Duration::minutes(2));
        for base in &bases {
            // Whichever server hears of it first: what it signs, the other opens as soon as it has heard of it too.
            let token = signed_by(&servers, base, &made.body["kid"]);
            let opens =
                |other: &String| servers.send(other, &token, "GET", "/me", None).status == 200;
            let all = (0..500).any(|_| {
                std::thread::sleep(std::time::Duration::from_millis(20));
                bases.iter().all(opens)
            });
            assert!(all, "a token of {base}");
        }
    }
);

/// A token that a server has signed with a key, once it has heard of it.
fn signed_by(servers: &Balanced, base: &str, kid: &Value) -> String {
    for _ in 0..500 {
        let token = text(&servers.sign_in(base), "accessToken");
        let (header, _) = token.split_once('.').unwrap();
        let header = data_encoding::BASE64URL_NOPAD
            .decode(header.as_bytes())
            .unwrap();
        if serde_json::from_slice::<Value>(&header).unwrap()["kid"] == *kid {
            return token;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("{base} has not heard of {kid}");
}

on_both!(of_several_servers_the_night_is_done_once, |database| {
    let servers = Balanced::over(database, 0);
    let app = &servers.app;
    let (clock, today) = (app.clock.clone(), day_of(app.clock.now()));
    let start = Barrier::new(3);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let (door, clock, start) = (app.door(), clock.clone(), &start);
            scope.spawn(move || {
                start.wait();
                let system = actix_web::rt::System::new();
                // As the service does: whoever was in another's way too often comes again.
                for _ in 0..50 {
                    let ran = run_target_group(&door, &clock, today, false, &|| false);
                    if system.block_on(ran).is_ok() {
                        return;
                    }
                }
                panic!("the night never came to its end");
            });
        }
    });
    let mut conn = app.db();
    let runs_and_units = |conn: &mut _| -> (usize, usize) {
        let units: Vec<Id<Unit>> = target_group_runs::table
            .select(target_group_runs::unit_id)
            .load(conn)
            .unwrap();
        let different: BTreeSet<_> = units.iter().map(Id::uuid).collect();
        (units.len(), different.len())
    };
    assert_eq!(runs_and_units(&mut conn), (2, 2), "one run of each unit");
    let candidates: i64 = target_group_candidates::table
        .count()
        .get_result(&mut conn)
        .unwrap();
    assert_eq!(candidates, 1);
    // A server that had seen the run under way, and comes to it when another has just ended it, does not begin it anew.
    let (unit, door) = (app.world.unit, app.door());
    let call = Call {
        operation: Operation::RunTargetGroup,
        identity: Identity::Console,
        at: app.clock.now(),
        request_id: "night".to_owned(),
    };
    let late = door.run(call, move |tx| run_next_batch(tx, unit, today, false, 500));
    let late = actix_web::rt::System::new().block_on(late).unwrap();
    assert!(late.is_none());
    assert_eq!(runs_and_units(&mut conn), (2, 2));
});

/// Two servers that start together on a database that nobody has used: one prepares it, and both serve.
#[test]
fn servers_that_start_together_prepare_the_database_once() {
    let Some(database) = TestDatabase::postgresql() else {
        return;
    };
    let servers: Vec<Server> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| Server::start(&database.location)))
            .collect();
        starting
            .into_iter()
            .map(|server| server.join().unwrap())
            .collect()
    });
    for server in &servers {
        let ready = server.base.replace(kaa::api::ROOT, "/health/ready");
        assert_eq!(ureq::get(&ready).call().unwrap().status(), 200);
    }
    let mut conn = database.connect();
    remember_keys(&mut conn, &vault()).unwrap();
    assert!(matches!(verify(&mut conn).unwrap(), Verdict::Whole { .. }));
}
