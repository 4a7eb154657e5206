//! What happens when something breaks: the server is killed while people write, the database goes and comes back or is slow,
//! two servers share one database, an answer is lost on the way. Everything that was acknowledged is there, once and whole.
//! KAA_KILLS says how often the server is killed (4 if it is not set; a hundred in the drill of the README).

mod jobs;

use crate::on_both;
use crate::support::world::World;
use crate::support::{
    Persona, TestApp, TestDatabase, file_key_of, keys_text, run_program, url_of, vault,
};
use chrono::{Duration, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::auth::token::Tokens;
use kaa::config::Config;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::enciphering::{open_all, remember_keys};
use kaa::db::schema::{contacts, record_versions};
use kaa::db::{Conn, Location};
use kaa::domain::id::{Contact, Id};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration as Pause;

const SECRET: &str = "Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e";
/// People who write at once.
const WRITERS: usize = 4;

/// The program, serving a database; killed when it goes out of sight.
pub struct Server {
    child: Child,
    pub base: String,
}

impl Server {
    pub fn start(location: &Location) -> Self {
        Self::start_as(Command::new(env!("CARGO_BIN_EXE_kaa")), location)
    }

    fn start_as(mut program: Command, location: &Location) -> Self {
        let mut child = program
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_remove("KAA_KEYS")
            .env("KAA_KEYS_TEXT", keys_text())
            .env("KAA_SECRET", SECRET)
            .env("KAA_LOG", "error")
            .env("DATABASE_URL", url_of(location))
            .envs(file_key_of(location))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let base = said
            .lines()
            .map(Result::unwrap)
            .find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned))
            .expect("the server came up by itself");
        Self { child, base }
    }

    /// SIGKILL: nothing is finished, nothing is flushed.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A world whose sign-ins hold now, and the token of somebody who logs contacts in it.
fn world(database: &TestDatabase) -> (World, String) {
    let now = Utc::now();
    let mut conn = database.migrated();
    remember_keys(&mut conn, &vault()).unwrap();
    let world = World::insert(&mut conn, now);
    let (user, session) = world.session(Persona::Socionom);
    let tokens = Tokens::new(&SecretString::from(SECRET), Duration::minutes(5)).unwrap();
    (world, tokens.issue(user, session, now).unwrap())
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Pause::from_secs(20)))
        .build()
        .into()
}

/// Logs a contact under a key of its own. `None`: no answer came, or one that says to come back; it may be there or not.
fn log(
    agent: &ureq::Agent,
    base: &str,
    token: &str,
    youth: &str,
    key: &str,
) -> Option<Id<Contact>> {
    let contact =
        json!({"channel": "phone", "result": "reached", "note": format!("Nyckel {key}.")});
    let mut answer = agent
        .post(format!("{base}/youths/{youth}/contacts"))
        .header("Authorization", format!("Bearer {token}"))
        .header("Idempotency-Key", key)
        .send_json(&contact)
        .ok()?;
    let status = answer.status().as_u16();
    let body: Value = answer.body_mut().read_json().ok()?;
    match status {
        201 => Some(Id::of(body["id"].as_str().unwrap().parse().unwrap())),
        503 => None,
        _ => panic!("{status}: {body}"),
    }
}

/// What the writers have asked for by key, and what was acknowledged.
#[derive(Default)]
struct Ledger {
    acknowledged: BTreeMap<String, Id<Contact>>,
    unanswered: BTreeSet<String>,
}

impl Ledger {
    fn note(&mut self, key: &str, answer: Option<Id<Contact>>) {
        match answer {
            Some(id) => {
                self.unanswered.remove(key);
                // The same request once more gives the same contact.
                let before = self.acknowledged.insert(key.to_owned(), id);
                assert!(before.is_none_or(|before| before == id), "{key}");
            }
            None => {
                self.unanswered.insert(key.to_owned());
            }
        }
    }
}

/// Every contact that was acknowledged is there, each with its version; the log is whole.
fn is_all_there(conn: &mut Conn, ledger: &Ledger) {
    let there: BTreeSet<Id<Contact>> = contacts::table
        .select(contacts::id)
        .load(conn)
        .unwrap()
        .into_iter()
        .collect();
    for (key, id) in &ledger.acknowledged {
        assert!(there.contains(id), "{key} was acknowledged and is lost");
    }
    let versions: i64 = record_versions::table
        .filter(record_versions::resource.eq("contacts"))
        .count()
        .get_result(conn)
        .unwrap();
    assert_eq!(
        usize::try_from(versions).unwrap(),
        there.len(),
        "half a contact"
    );
    let verdict = verify(conn).unwrap();
    assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
}

/// Each key was used for one contact and no more.
fn counts_once(conn: &mut Conn, ledger: &Ledger) {
    let mut times: HashMap<String, usize> = HashMap::new();
    let closed = open_all(conn, &vault(), &mut |table, column, text| {
        if (table, column) == ("contacts", "note") {
            *times.entry(text.to_owned()).or_default() += 1;
        }
    })
    .unwrap();
    assert_eq!(closed, Vec::<String>::new());
    for key in ledger.acknowledged.keys() {
        assert_eq!(times.get(&format!("Nyckel {key}.")), Some(&1), "{key}");
    }
    assert_eq!(times.len(), ledger.acknowledged.len());
}

on_both!(killed_again_and_again_while_people_write, |database| {
    let kills: u32 = std::env::var("KAA_KILLS")
        .ok()
        .map_or(4, |kills| kills.parse().unwrap());
    let (world, token) = world(&database);
    let youth = world.alva.to_string();
    let ledger = Mutex::new(Ledger::default());
    for round in 0..kills {
        let mut server = Server::start(&database.location);
        // What got no answer before is asked again with its key, as a client does.
        let waiting: Vec<String> = ledger.lock().unwrap().unanswered.iter().cloned().collect();
        for key in waiting {
            let answer = log(&agent(), &server.base, &token, &youth, &key);
            assert!(answer.is_some(), "{key} again");
            ledger.lock().unwrap().note(&key, answer);
        }
        let is_over = AtomicBool::new(false);
        let answered = AtomicUsize::new(0);
        let base = server.base.clone();
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (is_over, answered, ledger) = (&is_over, &answered, &ledger);
                let (base, token, youth) = (&base, &token, &youth);
                scope.spawn(move || {
                    let agent = agent();
                    for number in 0.. {
                        if is_over.load(Ordering::SeqCst) {
                            return;
                        }
                        let key = format!("{round}-{writer}-{number}");
                        let answer = log(&agent, base, token, youth, &key);
                        if answer.is_some() {
                            answered.fetch_add(1, Ordering::SeqCst);
                        }
                        ledger.lock().unwrap().note(&key, answer);
                        if answer.is_none() {
                            return;
                        }
                    }
                });
            }
            // At another place in the work each time, and never before anything was done.
            let enough = 3 + usize::try_from(round % 7).unwrap();
            while answered.load(Ordering::SeqCst) < enough {
                std::thread::sleep(Pause::from_micros(200));
            }
            std::thread::sleep(Pause::from_micros(u64::from(round) * 331 % 4_000));
            server.kill();
            is_over.store(true, Ordering::SeqCst);
        });
        is_all_there(&mut database.connect(), &ledger.lock().unwrap());
    }
    let server = Server::start(&database.location);
    let mut ledger = ledger.into_inner().unwrap();
    for key in ledger.unanswered.clone() {
        let answer = log(&agent(), &server.base, &token, &youth, &key);
        assert!(answer.is_some(), "{key} again");
        ledger.note(&key, answer);
    }
    let mut conn = database.connect();
    is_all_there(&mut conn, &ledger);
    counts_once(&mut conn, &ledger);
    println!(
        "{kills} kills, {} contacts acknowledged, none lost, none twice",
        ledger.acknowledged.len()
    );
});

on_both!(two_servers_share_one_database, |database| {
    let (world, token) = world(&database);
    let youth = world.alva.to_string();
    let servers = [
        Server::start(&database.location),
        Server::start(&database.location),
    ];
    let ledger = Mutex::new(Ledger::default());
    std::thread::scope(|scope| {
        for (number, server) in servers.iter().enumerate() {
            for writer in 0..2 {
                let (ledger, token, youth) = (&ledger, &token, &youth);
                scope.spawn(move || {
                    let agent = agent();
                    for turn in 0..15 {
                        let key = format!("{number}-{writer}-{turn}");
                        let mut answer = None;
                        // Busy is an answer too: come back with the same key.
                        for _ in 0..50 {
                            answer = log(&agent, &server.base, token, youth, &key);
                            if answer.is_some() {
                                break;
                            }
                            std::thread::sleep(Pause::from_millis(50));
                        }
                        ledger.lock().unwrap().note(&key, answer);
                    }
                });
            }
        }
    });
    let ledger = ledger.into_inner().unwrap();
    assert_eq!(ledger.acknowledged.len(), 60);
    let mut conn = database.connect();
    is_all_there(&mut conn, &ledger);
    counts_once(&mut conn, &ledger);
    // The same key at both servers in one instant is one contact, for both.
    for turn in 0..5 {
        let key = format!("both-{turn}");
        let answers: Vec<Option<Id<Contact>>> = std::thread::scope(|scope| {
            let asked: Vec<_> = servers
                .iter()
                .map(|server| {
                    let (key, token, youth) = (&key, &token, &youth);
                    scope.spawn(move || {
                        for _ in 0..50 {
                            let answer = log(&agent(), &server.base, token, youth, key);
                            if answer.is_some() {
                                return answer;
                            }
                            std::thread::sleep(Pause::from_millis(50));
                        }
                        None
                    })
                })
                .collect();
            asked
                .into_iter()
                .map(|asked| asked.join().unwrap())
                .collect()
        });
        assert!(
            answers[0].is_some() && answers[0] == answers[1],
            "{answers:?}"
        );
    }
});

/// Stands between the service and PostgreSQL: lets through, holds back or cuts.
struct Line {
    port: u16,
    is_cut: Arc<AtomicBool>,
    /// Milliseconds that every answer of the server waits.
    delay: Arc<AtomicU64>,
}

impl Line {
    fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (is_cut, delay) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicU64::new(0)),
        );
        let line = Self {
            port,
            is_cut: Arc::clone(&is_cut),
            delay: Arc::clone(&delay),
        };
        std::thread::spawn(move || {
            for inbound in listener.incoming().flatten() {
                if is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(outbound) = TcpStream::connect(&server) else {
                    continue;
                };
                let pairs = [
                    (
                        inbound.try_clone().unwrap(),
                        outbound.try_clone().unwrap(),
                        false,
                    ),
                    (outbound, inbound, true),
                ];
                for (from, to, is_answer) in pairs {
                    let (is_cut, delay) = (Arc::clone(&is_cut), Arc::clone(&delay));
                    std::thread::spawn(move || pass(from, to, is_answer, &is_cut, &delay));
                }
            }
        });
        line
    }
}

fn pass(
    mut from: TcpStream,
    mut to: TcpStream,
    is_answer: bool,
    is_cut: &AtomicBool,
    delay: &AtomicU64,
) {
    from.set_read_timeout(Some(Pause::from_millis(20))).unwrap();
    let mut buffer = [0; 16 * 1024];
    loop {
        if is_cut.load(Ordering::SeqCst) {
            break;
        }
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => {
                if is_answer {
                    std::thread::sleep(Pause::from_millis(delay.load(Ordering::SeqCst)));
                }
                if to.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) => {}
            Err(_) => break,
        }
    }
    let _ = from.shutdown(std::net::Shutdown::Both);
    let _ = to.shutdown(std::net::Shutdown::Both);
}

/// A database server that can be cut off; none where none is named.
fn behind_a_line() -> Option<(TestDatabase, Location, Line)> {
    let database = TestDatabase::postgresql()?;
    let Location::Postgresql(url) = database.location.clone() else {
        panic!("no server");
    };
    // postgres://user@host:port/name
    let (start, rest) = url.split_once('@').unwrap();
    let (authority, name) = rest.split_once('/').unwrap();
    let line = Line::to(authority.to_owned());
    let through = format!("{start}@127.0.0.1:{}/{name}", line.port);
    let through = Location::parse(&through).unwrap();
    Some((database, through, line))
}

#[test]
fn the_database_goes_and_comes_back() {
    let Some((database, through, line)) = behind_a_line() else {
        return;
    };
    let (world, token) = world(&database);
    let youth = world.alva.to_string();
    let server = Server::start(&through);
    let mut ledger = Ledger::default();
    let agent = agent();
    for number in 0..5 {
        let key = format!("before-{number}");
        ledger.note(&key, log(&agent, &server.base, &token, &youth, &key));
    }
    assert_eq!(ledger.acknowledged.len(), 5);
    line.is_cut.store(true, Ordering::SeqCst);
    std::thread::sleep(Pause::from_millis(60));
    // Nothing is acknowledged that is not there, and nobody waits for ever: 503, to come back.
    for number in 0..5 {
        let key = format!("while-{number}");
        ledger.note(&key, log(&agent, &server.base, &token, &youth, &key));
    }
    assert_eq!((ledger.acknowledged.len(), ledger.unanswered.len()), (5, 5));
    let host = server.base.strip_suffix(kaa::api::ROOT).unwrap();
    let ready = agent.get(format!("{host}/health/ready")).call().unwrap();
    assert_eq!(ready.status().as_u16(), 503);
    let live = agent.get(format!("{host}/health/live")).call().unwrap();
    assert_eq!(live.status().as_u16(), 200);
    // It comes back by itself, each of its connections at its next work.
    line.is_cut.store(false, Ordering::SeqCst);
    for key in ledger.unanswered.clone() {
        let mut answer = None;
        for _ in 0..100 {
            answer = log(&agent, &server.base, &token, &youth, &key);
            if answer.is_some() {
                break;
            }
            std::thread::sleep(Pause::from_millis(50));
        }
        assert!(answer.is_some(), "{key}");
        ledger.note(&key, answer);
    }
    let mut conn = database.connect();
    is_all_there(&mut conn, &ledger);
    counts_once(&mut conn, &ledger);
    drop(server);
}

#[test]
fn a_slow_database_makes_slow_answers_and_no_wrong_ones() {
    let Some((database, through, line)) = behind_a_line() else {
        return;
    };
    let (world, token) = world(&database);
    let youth = world.alva.to_string();
    let server = Server::start(&through);
    line.delay.store(15, Ordering::SeqCst);
    let ledger = Mutex::new(Ledger::default());
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (ledger, server, token, youth) = (&ledger, &server, &token, &youth);
            scope.spawn(move || {
                for number in 0..2 {
                    let key = format!("{writer}-{number}");
                    let mut answer = None;
                    for _ in 0..20 {
                        answer = log(&agent(), &server.base, token, youth, &key);
                        if answer.is_some() {
                            break;
                        }
                    }
                    ledger.lock().unwrap().note(&key, answer);
                }
            });
        }
    });
    let ledger = ledger.into_inner().unwrap();
    assert_eq!(ledger.acknowledged.len(), 2 * WRITERS);
    let mut conn = database.connect();
    is_all_there(&mut conn, &ledger);
    counts_once(&mut conn, &ledger);
    drop(server);
}

on_both!(a_clock_that_is_set_back_breaks_nothing, |database| {
    let mut app = TestApp::with(database, |_: &mut Config| {});
    let log = |app: &TestApp| {
        let contact = json!({"channel": "phone", "result": "reached", "note": "Svarade."});
        let path = format!("/youths/{}/contacts", app.world.alva);
        app.post(Persona::Socionom, &path, contact).expect(201).id()
    };
    let first = log(&app);
    app.pass(Duration::hours(1));
    let second = log(&app);
    // Summer time ends, or an operator mends the clock.
    app.pass(-Duration::hours(1));
    let third = log(&app);
    let listed = app
        .get(
            Persona::Socionom,
            &format!("/youths/{}/contacts", app.world.alva),
        )
        .expect(200);
    let ids = listed.column("contacts", "id");
    for id in [&first, &second, &third] {
        assert!(ids.contains(&json!(id)), "{id}");
    }
    // The log tells the times as they were told, in the order in which it was written.
    assert!(matches!(
        verify(&mut app.db()).unwrap(),
        Verdict::Whole { .. }
    ));
});

on_both!(
    a_client_that_hangs_up_and_asks_again_counts_once,
    |database| {
        let (world, token) = world(&database);
        let youth = world.alva.to_string();
        let server = Server::start(&database.location);
        let host = server.base.strip_prefix("http://").unwrap();
        let (host, root) = host.split_once('/').unwrap();
        let mut ledger = Ledger::default();
        for number in 0..6_u64 {
            let key = format!("hangs-up-{number}");
            let body =
                json!({"channel": "phone", "result": "reached", "note": format!("Nyckel {key}.")})
                    .to_string();
            let mut line = TcpStream::connect(host).unwrap();
            write!(
            line,
            "POST /{root}/youths/{youth}/contacts HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .unwrap();
            // Half of it, all of it at once, or all of it and a moment.
            let sent = if number % 3 == 0 {
                body.len() / 2
            } else {
                body.len()
            };
            line.write_all(&body.as_bytes()[..sent]).unwrap();
            std::thread::sleep(Pause::from_millis((number % 3) * 4));
            drop(line);
            let answer = log(&agent(), &server.base, &token, &youth, &key);
            assert!(answer.is_some(), "{key}");
            ledger.note(&key, answer);
        }
        let mut conn = database.connect();
        is_all_there(&mut conn, &ledger);
        counts_once(&mut conn, &ledger);
    }
);

// A disk that is full, or takes no writes -------------------------------------------------------------

/// What a service that can store nothing answers: 503, to come back, and nothing of what was asked for. Then there is room again, and
/// it goes on by itself.
struct Drill<'a> {
    server: &'a Server,
    token: &'a str,
    youth: &'a str,
    ledger: Ledger,
}

impl<'a> Drill<'a> {
    fn new(server: &'a Server, token: &'a str, youth: &'a str) -> Self {
        let mut drill = Self {
            server,
            token,
            youth,
            ledger: Ledger::default(),
        };
        for number in 0..3 {
            assert!(drill.log(&format!("before-{number}")), "before");
        }
        drill
    }

    /// Logs a contact; whether it was acknowledged.
    fn log(&mut self, key: &str) -> bool {
        let answer = log(&agent(), &self.server.base, self.token, self.youth, key);
        self.ledger.note(key, answer);
        answer.is_some()
    }

    fn read(&self) -> (u16, Option<String>, String) {
        let mut answer = agent()
            .get(format!("{}/youths/{}", self.server.base, self.youth))
            .header("Authorization", format!("Bearer {}", self.token))
            .call()
            .unwrap();
        let again = answer.headers().get("retry-after");
        let again = again.map(|value| value.to_str().unwrap().to_owned());
        let body = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), again, body)
    }

    /// Until nothing more is stored, and then some; readings are not answered either, because they could not be written down.
    fn nothing_can_be_stored(&mut self) {
        let fills = (0..2_000).find(|number| !self.log(&format!("filling-{number}")));
        assert!(fills.is_some(), "it never became full");
        for number in 0..3 {
            assert!(!self.log(&format!("full-{number}")), "while it is full");
        }
        // A reading needs less room than a contact: it may still find some.
        let refused = (0..2_000)
            .map(|_| self.read())
            .find(|(status, ..)| *status != 200);
        let (status, again, body) = refused.expect("readings go on without being written down");
        assert_eq!((status, again.as_deref()), (503, Some("1")), "{body}");
        assert!(!body.contains("Lindqvist"), "{body}");
        let host = self.server.base.strip_suffix(kaa::api::ROOT).unwrap();
        let live = agent().get(format!("{host}/health/live")).call().unwrap();
        assert_eq!(live.status().as_u16(), 200);
    }

    /// Whoever got no answer asks again; everything is there once, and the log is whole.
    fn goes_on(mut self, conn: &mut Conn) {
        for key in self.ledger.unanswered.clone() {
            let comes = (0..100).any(|_| {
                let is_there = self.log(&key);
                if !is_there {
                    std::thread::sleep(Pause::from_millis(50));
                }
                is_there
            });
            assert!(comes, "{key} again");
        }
        // Each connection of the service is mended at its next work.
        let mut reads = (0..20).map(|_| self.read().0);
        assert_eq!(reads.find(|status| *status != 503), Some(200));
        is_all_there(conn, &self.ledger);
        counts_once(conn, &self.ledger);
    }
}

/// A limit on the size of files is met as a disk is that refuses to be written: the call fails, and the database says "I/O error".
#[cfg(target_os = "linux")]
mod a_disk_that_refuses_to_be_written {
    use super::*;
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    /// The program, as a shell starts it that has told the kernel not to end it at the limit.
    fn unkillable() -> Command {
        let mut shell = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_kaa");
        shell.args(["-c", &format!("trap '' XFSZ; exec {program} \"$@\""), "sh"]);
        shell
    }

    fn limit(server: &Server, bytes: Option<u64>) {
        let process = Pid::from_child(&server.child);
        let limit = Rlimit {
            current: bytes,
            maximum: None,
        };
        prlimit(Some(process), Resource::Fsize, limit).unwrap();
    }

    #[test]
    fn stops_the_answers_and_not_the_service() {
        let database = TestDatabase::sqlite();
        let (world, token) = world(&database);
        let youth = world.alva.to_string();
        let server = Server::start_as(unkillable(), &database.location);
        let mut drill = Drill::new(&server, &token, &youth);
        limit(&server, Some(4096));
        drill.nothing_can_be_stored();
        limit(&server, None);
        drill.goes_on(&mut database.connect());
    }

    #[test]
    fn is_told_at_the_start() {
        let database = TestDatabase::sqlite();
        drop(database.migrated());
        let mut shell = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_kaa");
        let ran = shell
            .args([
                "-c",
                &format!("trap '' XFSZ; ulimit -f 0; exec {program} serve"),
            ])
            .env("KAA_KEYS_TEXT", keys_text())
            .env("KAA_SECRET", SECRET)
            .env("DATABASE_URL", url_of(&database.location))
            .envs(file_key_of(&database.location))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{said}");
        let file = database.location.file().unwrap();
        assert!(said.contains(&file.display().to_string()), "{said}");
        assert!(said.contains("the disk refuses to be written"), "{said}");
    }
}

#[test]
fn a_server_that_takes_no_writes_for_a_while_stops_the_answers_and_not_the_service() {
    let Some(database) = TestDatabase::postgresql() else {
        return;
    };
    let (world, token) = world(&database);
    let youth = world.alva.to_string();
    let server = Server::start(&database.location);
    let mut drill = Drill::new(&server, &token, &youth);
    // As after a change of the primary: the connections are cut, and whom they find then takes no writes.
    let mut conn = database.connect();
    for sql in [
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    ] {
        conn.batch_execute(sql).unwrap();
    }
    drill.nothing_can_be_stored();
    let (code, said) = run_program(
        &database.location,
        &[("KAA_KEYS_TEXT", &keys_text()), ("KAA_SECRET", SECRET)],
        &["serve"],
    );
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("takes no writes"), "{said}");
    // Nobody cuts the connections for the service this time: it notices by itself.
    conn.batch_execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', current_database()); END $$;",
    )
    .unwrap();
    drill.goes_on(&mut conn);
}

/// A disk of a few MiB that `.ci/faults` has mounted for this: with nothing else on it, and for root alone.
fn small_disk() -> Option<PathBuf> {
    let folder = std::env::var_os("KAA_TEST_SMALL_DISK").map(PathBuf::from);
    if folder.is_none() {
        println!("SKIPPED: needs a disk of its own, see .ci/faults");
    }
    folder
}

/// Takes all the room that is left.
fn fill(disk: &Path) -> PathBuf {
    let ballast = disk.join("ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    for size in [65_536, 1] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
    ballast
}

fn remount(disk: &Path, how: &str) {
    let done = Command::new("mount")
        .args(["-o", &format!("remount,{how}")])
        .arg(disk)
        .status()
        .unwrap();
    assert!(done.success());
}

/// One test, because there is one disk.
#[test]
fn a_small_disk_becomes_full_and_read_only() {
    let Some(disk) = small_disk() else {
        return;
    };
    let serve = |location: &Location| {
        let environment = [
            ("KAA_KEYS_TEXT", &*keys_text()),
            ("KAA_SECRET", SECRET),
            ("KAA_LISTEN", "127.0.0.1:0"),
        ];
        run_program(location, &environment, &["serve"])
    };
    let told = |(code, said): (i32, String), words: &[&str]| {
        assert_eq!(code, 1, "{said}");
        for word in words {
            assert!(said.contains(word), "{word}: {said}");
        }
    };
    // The embedded database.
    let folder = disk.join("kaa");
    let place = folder.display().to_string();
    std::fs::create_dir(&folder).unwrap();
    let database = TestDatabase::sqlite_in(&folder);
    let (world_here, token) = world(&database);
    let youth = world_here.alva.to_string();
    {
        let server = Server::start(&database.location);
        let mut drill = Drill::new(&server, &token, &youth);
        let ballast = fill(&disk);
        drill.nothing_can_be_stored();
        std::fs::remove_file(ballast).unwrap();
        drill.goes_on(&mut database.connect());
    }
    let ballast = fill(&disk);
    told(
        serve(&database.location),
        &[&place, "the disk is full", "make room"],
    );
    // A first start makes no half keys.
    let first = folder.join("first");
    std::fs::create_dir(&first).unwrap();
    let (code, said) = run_program(
        &database.location.with_file(first.join("kaa.db")),
        &[
            ("KAA_DATA", &first.display().to_string()),
            ("KAA_SECRET", SECRET),
        ],
        &["serve"],
    );
    assert_eq!(code, 1, "{said}");
    assert!(!first.join("keys.json").exists());
    std::fs::remove_file(ballast).unwrap();
    remount(&disk, "ro");
    told(serve(&database.location), &[&place, "mounted read-only"]);
    told(
        serve(&database.location.with_file(disk.join("new/kaa.db"))),
        &["new", "Read-only file system"],
    );
    remount(&disk, "rw");
    drop(Server::start(&database.location));
    // A tablespace of a server on it.
    let Some(database) = TestDatabase::postgresql() else {
        return;
    };
    let space = disk.join("postgresql");
    let mut conn = database.connect();
    conn.batch_execute(&format!(
        "CREATE TABLESPACE small LOCATION '{}'",
        space.display()
    ))
    .unwrap();
    drop(conn);
    database.move_to("small");
    let (world_there, token) = world(&database);
    let youth = world_there.alva.to_string();
    let server = Server::start(&database.location);
    let mut drill = Drill::new(&server, &token, &youth);
    let ballast = fill(&disk);
    drill.nothing_can_be_stored();
    std::fs::remove_file(ballast).unwrap();
    drill.goes_on(&mut database.connect());
}
