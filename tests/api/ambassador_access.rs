//! An ambassador's access is exactly the union of the running assignments: whoever is assigned whom, from when and until when, at
//! every instant each ambassador lists, opens, logs and ties for those youths and no others, and what was logged stays with the
//! unit. Every sequence of answers is compared with what the assignments say; the secrets in the answers are looked for in
//! `security::ambassador`.
//! `KAA_SEQUENCES=50` runs so many sequences on each database instead of a few, `KAA_SEQUENCE_SEED=7` others.

use crate::support::Persona::{self, Ambassador, AmbassadorStranger, Enhetschef, Socionom};
use crate::support::{TestApp, TestDatabase};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use kaa::db::schema::assignments;
use kaa::domain::id::{Id, Youth};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use std::collections::BTreeSet;

const WHO: [Persona; 2] = [Ambassador, AmbassadorStranger];
const YOUTHS: usize = 4;
/// Hours of the play.
const SPAN: i64 = 24 * 10;

/// Somebody is assigned to somebody: hours from the beginning, and for how long, unless for good.
#[derive(Debug, Clone, Copy)]
struct Given {
    who: usize,
    youth: usize,
    from: i64,
    long: Option<i64>,
    /// Hours after which the chief ends it early, if it then still runs or is still to come.
    ended: Option<i64>,
}

fn given() -> impl Strategy<Value = Given> {
    (
        0..WHO.len(),
        0..YOUTHS,
        0..SPAN,
        prop::option::weighted(0.8, 0..SPAN / 2),
        prop::option::weighted(0.3, 1..SPAN),
    )
        .prop_map(|(who, youth, from, long, ended)| Given {
            who,
            youth,
            from,
            long,
            ended,
        })
}

struct Play {
    app: TestApp,
    began: DateTime<Utc>,
    youths: Vec<Id<Youth>>,
    /// By whom, of which youth, under which id.
    logged: Vec<(usize, usize, String)>,
    made: Vec<Made>,
}

/// An assignment that was made, under which id, with the instants between which it runs.
struct Made {
    given: Given,
    id: String,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
}

impl Play {
    fn new(database: TestDatabase) -> Self {
        let app = TestApp::new(database);
        // Nobody has anybody to begin with.
        diesel::delete(
            assignments::table
                .filter(assignments::user_id.eq_any(WHO.map(|who| app.world.user(who)))),
        )
        .execute(&mut app.db())
        .unwrap();
        let youths = (0..YOUTHS)
            .map(|place| {
                let person = json!({"givenName": format!("Ungdom{place}"), "familyName": "Åkesson", "birthDate": "2009-05-06"});
                let youth = app.post(Persona::Syv, "/youths", person).expect(201).id();
                let open = json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
                app.post(Persona::Syv, &format!("/youths/{youth}/episodes"), open).expect(201);
                Id::of(youth.parse().unwrap())
            })
            .collect();
        Self {
            began: app.clock.now(),
            app,
            youths,
            logged: Vec::new(),
            made: Vec::new(),
        }
    }

    fn at(&self, hours: i64) -> DateTime<Utc> {
        self.began + Duration::hours(hours)
    }

    fn give(&mut self, given: Given) {
        let (from, to) = (
            self.at(given.from),
            given.long.map(|long| self.at(given.from + long)),
        );
        let body = json!({
            "userId": self.app.world.user(WHO[given.who]), "kind": "ambassador",
            "startsAt": from.to_rfc3339(), "endsAt": to.map(|to| to.to_rfc3339()),
        });
        let path = format!("/youths/{}/assignments", self.youths[given.youth]);
        let made = self.app.post(Enhetschef, &path, body).expect(201).id();
        self.made.push(Made {
            given,
            id: made,
            from,
            to,
        });
    }

    /// Whom an ambassador has now, by the assignments alone.
    fn expected(&self, who: usize) -> BTreeSet<usize> {
        let now = self.app.clock.now();
        self.made
            .iter()
            .filter(|made| {
                made.given.who == who && made.from <= now && made.to.is_none_or(|to| now < to)
            })
            .map(|made| made.given.youth)
            .collect()
    }

    /// The chief ends what is to be ended by now.
    fn end_early(&mut self) {
        let now = self.app.clock.now();
        let due: Vec<usize> = (0..self.made.len())
            .filter(|place| {
                let made = &self.made[*place];
                made.given.ended.is_some_and(|hours| self.at(hours) <= now)
                    && made.to.is_none_or(|to| now < to)
            })
            .collect();
        for place in due {
            let made = &mut self.made[place];
            let path = format!("/assignments/{}", made.id);
            let end = made.from.max(now);
            let body = json!({"endsAt": end.to_rfc3339()});
            let version = self.app.get(Enhetschef, &path).expect(200).version();
            self.app.patch(Enhetschef, &path, version, body).expect(200);
            made.to = Some(end);
        }
    }

    fn look(&mut self) {
        for (who, persona) in WHO.into_iter().enumerate() {
            let expected = self.expected(who);
            let ids: BTreeSet<String> = expected
                .iter()
                .map(|youth| json!(self.youths[*youth]).to_string())
                .collect();
            let list = self.app.get(persona, "/youths?limit=200").expect(200);
            let listed = list.column("youths", "id").into_iter();
            let listed: BTreeSet<String> = listed.map(|id| id.to_string()).collect();
            assert_eq!(listed, ids, "{persona:?} at {}", self.app.clock.now());
            for youth in 0..YOUTHS {
                self.look_at(who, youth, expected.contains(&youth));
            }
        }
        // What was logged stays with the unit, whoever is assigned.
        for (who, youth, id) in &self.logged {
            let read = self
                .app
                .get(Socionom, &format!("/contacts/{id}"))
                .expect(200);
            assert_eq!(read.body["authorId"], json!(self.app.world.user(WHO[*who])));
            assert_eq!(read.body["youthId"], json!(self.youths[*youth]));
            let own = self.app.get(WHO[*who], &format!("/contacts/{id}")).status;
            let has = self.expected(*who).contains(youth);
            assert_eq!(own, if has { 200 } else { 404 });
        }
    }

    fn look_at(&mut self, who: usize, youth: usize, has: bool) {
        let (persona, id) = (WHO[who], self.youths[youth]);
        let status = if has { 200 } else { 404 };
        for path in [
            format!("/youths/{id}"),
            format!("/youths/{id}/contacts"),
            format!("/youths/{id}/assignments"),
            format!("/youths/{id}/tasks"),
        ] {
            let answer = self.app.get(persona, &path);
            assert_eq!(answer.status, status, "{}", answer.asked);
        }
        let contact = json!({"channel": "sms", "result": "no_answer"});
        let path = format!("/youths/{id}/contacts");
        let answer = self.app.post(persona, &path, contact);
        assert_eq!(
            answer.status,
            if has { 201 } else { 404 },
            "{}",
            answer.asked
        );
        if has {
            self.logged.push((who, youth, answer.id()));
        }
        let now = self.app.clock.now();
        let session = json!({
            "kind": "online", "startsAt": (now - Duration::minutes(30)).to_rfc3339(), "endsAt": now.to_rfc3339(),
            "participants": [{"userId": self.app.world.user(persona)}],
        });
        let session = self.app.post(persona, "/outreach-sessions", session);
        let path = format!("/outreach-sessions/{}/contacts", session.expect(201).id());
        let met = json!({"ageGroup": "16_19", "legalSex": "unknown", "outcome": "talked"});
        let met = self.app.post(persona, &path, met).expect(201).id();
        let path = format!("/outreach-contacts/{met}/youth");
        let answer = self
            .app
            .put(persona, &path, Some(1), json!({"youthId": id}));
        assert_eq!(
            answer.status,
            if has { 200 } else { 422 },
            "{}",
            answer.asked
        );
    }
}

fn check(database: impl Fn() -> TestDatabase) {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let config = Config {
        cases: u32::try_from(number("KAA_SEQUENCES").unwrap_or(4)).unwrap(),
        max_shrink_iters: 40,
        failure_persistence: None,
        ..Config::default()
    };
    let mut seed = [11; 32];
    seed[..8].copy_from_slice(&number("KAA_SEQUENCE_SEED").unwrap_or(0).to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let plays = (
        prop::collection::vec(given(), 1..8),
        prop::collection::btree_set(0..SPAN, 2..6),
    );
    let outcome = runner.run(&plays, |(all, hours)| {
        let mut play = Play::new(database());
        for given in all {
            play.give(given);
        }
        for hour in hours {
            let to = play.at(hour);
            // Never back: some instants are those at which something begins or ends, to the microsecond.
            let time = to - play.app.clock.now();
            if time > Duration::zero() {
                play.app.pass(time);
            }
            play.end_early();
            play.look();
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn access_is_the_union_of_the_running_assignments_sqlite() {
    check(TestDatabase::sqlite);
}

#[test]
fn access_is_the_union_of_the_running_assignments_postgresql() {
    if TestDatabase::postgresql().is_some() {
        check(|| TestDatabase::postgresql().unwrap());
    }
}
