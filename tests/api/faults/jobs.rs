//! The server is killed in the middle of a job, and started again: does the job come to its end, with one release that says what
//! an undisturbed one says, and does the log hold? Servers that stop in order are tested with the releases themselves.
//!
//! The kill comes while the test has the database to itself, so that the job stands still between two steps; what the server
//! had begun beside it is lost with it, as it is when the power goes.

use super::{SECRET, Server, agent};
use crate::on_both;
use crate::support::world::World;
use crate::support::{Persona, TestDatabase, hidden, vault};
use chrono::{Datelike, Duration, NaiveDate, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::auth::token::Tokens;
use kaa::db::Conn;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::enciphering::remember_keys;
use kaa::db::schema::{audit_events, episodes, jobs, statistics_releases, youths};
use kaa::db::types::Timestamp;
use kaa::db::youths::NEVER;
use kaa::domain::codes::{LegalSex, ProtectionLevel, Reason, Track};
use kaa::domain::id::{Episode, Id, Job, Unit, Youth};
use kaa::domain::job::JobStatus;
use kaa::statistics::document::ReleaseDocument;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration as Pause;

/// Youths in the register: three times what the service takes in one step, and some.
const YOUTHS: usize = 1_700;
/// Of which parts of a year a release is asked for until one is caught in the middle; the first always was.
const PARTS: [&str; 3] = ["tertial_1", "tertial_1_2", "full_year"];

/// What asks: the chief, at a server.
struct Asker<'a> {
    server: &'a Server,
    token: &'a str,
    agent: ureq::Agent,
}

impl<'a> Asker<'a> {
    fn new(server: &'a Server, token: &'a str) -> Self {
        let agent = agent();
        Self {
            server,
            token,
            agent,
        }
    }

    /// Asks for a release; gives the id of its job.
    fn ask(&self, year: i32, part: &str) -> Id<Job> {
        let mut answer = self
            .agent
            .post(format!("{}/statistics/releases", self.server.base))
            .header("Authorization", format!("Bearer {}", self.token))
            .send_json(json!({"year": year, "period": part}))
            .unwrap();
        let body: Value = answer.body_mut().read_json().unwrap();
        assert_eq!(answer.status().as_u16(), 202, "{body}");
        Id::of(body["id"].as_str().unwrap().parse().unwrap())
    }

    /// A job as it is told of; nothing while the database is busy.
    fn read(&self, job: Id<Job>) -> Option<Value> {
        let mut answer = self
            .agent
            .get(format!("{}/jobs/{job}", self.server.base))
            .header("Authorization", format!("Bearer {}", self.token))
            .call()
            .unwrap();
        let body: Value = answer.body_mut().read_json().unwrap();
        match answer.status().as_u16() {
            200 => Some(body),
            503 => None,
            status => panic!("{status}: {body}"),
        }
    }

    /// Reads a job until it has ended; what is done never becomes less on the way.
    fn wait(&self, job: Id<Job>, mut done: i64) -> Value {
        loop {
            if let Some(told) = self.read(job) {
                let now = told["doneCount"].as_i64().unwrap();
                assert!(now >= done, "{done} were done, then {now}");
                done = now;
                if !told["finishedAt"].is_null() {
                    return told;
                }
            }
            // Leaves the processor to the server; nothing depends on how long.
            std::thread::sleep(Pause::from_millis(20));
        }
    }
}

fn fill(conn: &mut Conn, unit: Id<Unit>, year: i32) {
    let at = Timestamp::of(Utc::now() - Duration::days(1));
    let nothing = |id: Id<Youth>, column| hidden("youths", column, id.uuid(), "[]");
    for place in 0..YOUTHS {
        let id: Id<Youth> = Id::fresh();
        let day = u32::try_from(place % 28).unwrap() + 1;
        let born = NaiveDate::from_ymd_opt(year - 17 - i32::from(place % 5 == 0), 6, day);
        diesel::insert_into(youths::table)
            .values((
                youths::id.eq(id),
                youths::unit_id.eq(unit),
                youths::given_name.eq("Någon"),
                youths::family_name.eq("Annan"),
                youths::birth_date.eq(born.unwrap()),
                youths::legal_sex.eq([LegalSex::Female, LegalSex::Male][place % 2]),
                youths::area.eq(["Rissne", "Duvbo", "Ör"].get(place % 4)),
                youths::addresses.eq(nothing(id, "addresses")),
                youths::phones.eq(nothing(id, "phones")),
                youths::needs_interpreter.eq(false),
                youths::guardians.eq(nothing(id, "guardians")),
                youths::protection_level.eq(ProtectionLevel::None),
                youths::sort_name.eq("annan någon"),
                youths::contact_sort_on.eq(NEVER),
                youths::created_at.eq(at),
                youths::updated_at.eq(at),
                youths::version.eq(1_i64),
            ))
            .execute(conn)
            .unwrap();
        diesel::insert_into(episodes::table)
            .values((
                episodes::id.eq(Id::<Episode>::fresh()),
                episodes::youth_id.eq(id),
                episodes::unit_id.eq(unit),
                episodes::track.eq(Track::Kaa),
                episodes::reason.eq(Reason::DropoutNationalProgramme),
                episodes::entered_on.eq(NaiveDate::from_ymd_opt(year, 2, day).unwrap()),
                episodes::created_at.eq(at),
                episodes::updated_at.eq(at),
                episodes::version.eq(1_i64),
            ))
            .execute(conn)
            .unwrap();
    }
}

/// The chief, signed in, in a register of a year that has ended.
fn register(database: &TestDatabase) -> (String, i32) {
    let now = Utc::now();
    let mut conn = database.migrated();
    remember_keys(&mut conn, &vault()).unwrap();
    let world = World::insert(&mut conn, now);
    let year = now.year() - 1;
    conn.transaction(|conn| {
        fill(conn, world.unit, year);
        QueryResult::Ok(())
    })
    .unwrap();
    let (user, session) = world.session(Persona::Enhetschef);
    let tokens = Tokens::new(&SecretString::from(SECRET), Duration::minutes(30)).unwrap();
    (tokens.issue(user, session, now).unwrap(), year)
}

/// How far a job has come, while nobody else can write.
fn standing_still(conn: &mut Conn, job: Id<Job>, then: impl FnOnce(JobStatus, i64, Option<i64>)) {
    let begin = match conn {
        Conn::Sqlite(_) => "BEGIN IMMEDIATE",
        Conn::Pg(_) => "BEGIN; LOCK TABLE jobs IN EXCLUSIVE MODE",
    };
    conn.batch_execute(begin).unwrap();
    let (status, done, total) = jobs::table
        .find(job)
        .select((jobs::status, jobs::done_count, jobs::total_count))
        .first(conn)
        .unwrap();
    then(status, done, total);
    conn.batch_execute("ROLLBACK").unwrap();
}

/// Asks for a release, and kills the server when some of the youths are counted and some are not. Gives the job and how many
/// were; nothing if it had ended before anybody looked.
fn killed_in_the_middle(
    database: &TestDatabase,
    mut server: Server,
    token: &str,
    year: i32,
    part: &str,
) -> Option<(Id<Job>, i64)> {
    let job = Asker::new(&server, token).ask(year, part);
    let mut conn = database.connect();
    loop {
        let (mut caught, mut has_ended) = (None, false);
        standing_still(&mut conn, job, |status, done, total| {
            has_ended = status.is_ended();
            if !has_ended && done > 0 && total.is_some_and(|total| done < total) {
                server.kill();
                caught = Some(done);
            }
        });
        match caught {
            Some(done) => return Some((job, done)),
            None if has_ended => return None,
            None => std::thread::yield_now(),
        }
    }
}

fn published(conn: &mut Conn, job: Id<Job>) -> Vec<ReleaseDocument> {
    let texts: Vec<String> = statistics_releases::table
        .filter(statistics_releases::job_id.eq(job))
        .select(statistics_releases::document)
        .load(conn)
        .unwrap();
    let read = |text: &String| serde_json::from_str(text).unwrap();
    texts.iter().map(read).collect()
}

on_both!(
    a_release_is_made_once_though_the_server_is_killed,
    |database| {
        let (token, year) = register(&database);
        let caught = PARTS.into_iter().find_map(|part| {
            let server = Server::start(&database.location);
            let caught = killed_in_the_middle(&database, server, &token, year, part);
            caught.map(|(job, done)| (job, done, part))
        });
        let (job, done, part) = caught.expect("no job was ever caught in the middle");
        let mut conn = database.connect();
        assert_eq!(published(&mut conn, job), [], "nothing is made by half");
        // The lease of the fallen server runs out.
        diesel::update(jobs::table.find(job))
            .set(jobs::leased_until.eq(Some(Timestamp::of(Utc::now() - Duration::seconds(1)))))
            .execute(&mut conn)
            .unwrap();
        let server = Server::start(&database.location);
        let asker = Asker::new(&server, &token);
        // It goes on from where it was.
        let told = asker.wait(job, done);
        assert_eq!(told["status"], "done", "{told}");
        assert_eq!(told["doneCount"], told["totalCount"]);
        let mut made = published(&mut conn, job);
        assert_eq!(made.len(), 1);
        let disturbed = made.remove(0);
        assert!(disturbed.tables.iter().any(|table| {
            let sum = table.cells.first().and_then(|cell| cell.value);
            table.measure == "youths"
                && sum.is_some_and(|sum| sum >= i64::try_from(YOUTHS).unwrap())
        }));
        // The same once more, undisturbed.
        let again = asker.ask(year, part);
        assert_eq!(asker.wait(again, 0)["status"], "done");
        let mut undisturbed = published(&mut conn, again).remove(0);
        undisturbed.counted_at = disturbed.counted_at;
        assert_eq!(undisturbed, disturbed);
        // Every step that counted is in the log once, and the log is whole: three or four of counting, one that ends the counting,
        // one that hands it over to be protected, one that stores.
        let verdict = verify(&mut conn).unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
        let steps = |job: Id<Job>, conn: &mut Conn| -> i64 {
            audit_events::table
                .filter(audit_events::request_id.eq(format!("job {job}")))
                .count()
                .get_result(conn)
                .unwrap()
        };
        assert_eq!(steps(job, &mut conn), steps(again, &mut conn));
    }
);
