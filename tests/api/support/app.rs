//! A running service of a test's own, on a free port, over a world that everybody knows, spoken to over real HTTP.
//! Names that begin with `db_` go behind the interface.

#![allow(dead_code)] // not every test needs everything
use super::world::{Persona, World};
use super::{TestDatabase, opened, vault};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use kaa::app;
use kaa::auth::anchor::AnchorKey;
use kaa::auth::password::{HashCost, Passwords};
use kaa::auth::token::Tokens;
use kaa::clock::Clock;
use kaa::config::Config;
use kaa::db::audit_field_sets::spell_out;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::cipher::CipherText;
use kaa::db::duties::{Settled, settle_due, settle_everybody};
use kaa::db::schema::{audit_events, audit_subjects, users};
use kaa::db::sessions::forget_old_failures;
use kaa::db::store::{Store, Threads};
use kaa::db::{Conn, Location};
use kaa::domain::id::{AuditEvent, Id, Youth};
use kaa::domain::operation::Operation;
use kaa::exchange::national_file::Profile;
use kaa::jobs::{Ran, Runner};
use kaa::nightly::{Trimmed, trim_audit};
use kaa::service::jobs::{JobTerms, Works, works};
use kaa::statistics::suppression::Threshold;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::thread::JoinHandle;

const SECRET: &str = "Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e";
/// When the tests take place: a Tuesday, 9 o'clock in Stockholm.
pub const NOW: &str = "2026-11-24T08:00:00Z";

/// A running service.
pub struct TestApp {
    pub base: String,
    pub clock: Clock,
    pub world: World,
    /// Password hashes of the service, to see how many it has computed.
    pub passwords: Passwords,
    // Stopped before its database goes.
    service: Service,
    database: TestDatabase,
    agent: ureq::Agent,
    tokens: HashMap<Persona, String>,
}

impl TestApp {
    /// Starts a service over the world.
    pub fn new(database: TestDatabase) -> Self {
        Self::with(database, |_| {})
    }

    /// Starts a service that is configured otherwise.
    pub fn with(database: TestDatabase, configure: impl FnOnce(&mut Config)) -> Self {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let clock = Clock::fixed(now);
        let world = World::insert(&mut database.migrated(), now);
        let secret = SecretString::from(SECRET);
        let (service, passwords) =
            Service::start(database.location.clone(), clock.clone(), configure);
        let tokens = Tokens::new(&secret, Duration::minutes(5)).unwrap();
        let tokens = Persona::SIGNED_IN
            .iter()
            .map(|persona| {
                let (user, session) = world.session(*persona);
                let issued = if *persona == Persona::Expired {
                    now - Duration::minutes(10)
                } else {
                    now
                };
                (*persona, tokens.issue(user, session, issued).unwrap())
            })
            .collect();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        Self {
            base: service.base.clone(),
            clock,
            world,
            passwords,
            database,
            service,
            agent,
            tokens,
        }
    }

    /// Another server on the same database and clock; spoken to by its `base`.
    pub fn another_server(&self, configure: impl FnOnce(&mut Config)) -> (Service, Passwords) {
        Service::start(self.location(), self.clock.clone(), configure)
    }

    /// Lets time pass. Tokens are issued anew, as a client would have renewed them.
    pub fn pass(&mut self, time: Duration) {
        let now = self.clock.now() + time;
        self.clock.set(now);
        let tokens = Tokens::new(&SecretString::from(SECRET), Duration::minutes(5)).unwrap();
        for (persona, token) in &mut self.tokens {
            if *persona != Persona::Expired {
                let (user, session) = self.world.session(*persona);
                *token = tokens.issue(user, session, now).unwrap();
            }
        }
    }

    /// A token of a persona, for requests that are put together by hand.
    pub fn token(&self, persona: Persona) -> Option<&str> {
        self.tokens.get(&persona).map(String::as_str)
    }

    pub fn get(&self, persona: Persona, path: &str) -> Answer {
        self.send(persona, "GET", path, &[], None)
    }
    pub fn post(&self, persona: Persona, path: &str, body: Value) -> Answer {
        self.send(persona, "POST", path, &[], Some(body))
    }
    /// A change that builds on a version.
    pub fn patch(&self, persona: Persona, path: &str, version: i64, body: Value) -> Answer {
        let version = format!("\"{version}\"");
        self.send(
            persona,
            "PATCH",
            path,
            &[("If-Match", &version)],
            Some(body),
        )
    }
    pub fn put(&self, persona: Persona, path: &str, version: Option<i64>, body: Value) -> Answer {
        let version = version.map(|version| format!("\"{version}\""));
        let headers: Vec<(&str, &str)> = version
            .iter()
            .map(|version| ("If-Match", version.as_str()))
            .collect();
        self.send(persona, "PUT", path, &headers, Some(body))
    }

    /// Any request. `path` begins below the root of the interface, unless it begins with `/health` or `http`.
    pub fn send(
        &self,
        persona: Persona,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let bytes = body.map(|body| body.to_string().into_bytes());
        let media = if headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            None
        } else {
            bytes.as_ref().map(|_| "application/json")
        };
        self.send_bytes(persona, method, path, headers, media, bytes)
    }

    /// Any request with any body.
    pub fn send_bytes(
        &self,
        persona: Persona,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        media: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Answer {
        let address = if path.starts_with("http") {
            path.to_owned()
        } else if path.starts_with("/health") {
            format!("{}{path}", self.base)
        } else {
            format!("{}{}{path}", self.base, kaa::api::ROOT)
        };
        let mut request = ureq::http::Request::builder().method(method).uri(&address);
        if let Some(token) = self.tokens.get(&persona) {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(media) = media {
            request = request.header("Content-Type", media);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (sent, headers_sent) = (body.clone(), headers);
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        }
        .unwrap();
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    value.to_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        let bytes = response
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_vec()
            .unwrap();
        let answer = Answer {
            asked: format!("{persona:?} {method} {path}"),
            status,
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        };
        super::contract::check(
            &super::contract::Sent {
                method,
                place: place_of(&address),
                media: media.or_else(|| {
                    headers_sent
                        .iter()
                        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
                        .map(|(_, value)| *value)
                }),
                body: sent.as_deref(),
            },
            &answer,
        );
        answer
    }

    /// A door of one's own to the database.
    pub fn door(&self) -> Door {
        let threads = Threads {
            readers: 1,
            writers: 1,
        };
        Door::new(Store::open(&self.location(), threads).unwrap(), vault())
    }

    /// The service's own door, to hold up what it does.
    pub fn service_door(&self) -> Door {
        self.service.door.clone()
    }

    /// Where the data is.
    pub fn location(&self) -> Location {
        self.database.location.clone()
    }

    /// A connection behind the interface.
    pub fn db(&self) -> Conn {
        self.database.connect()
    }

    /// Gives somebody a password, by a hash that costs little.
    pub fn db_give_password(&self, persona: Persona, password: &str) {
        let cost = HashCost {
            memory_kib: 64,
            passes: 1,
        };
        let hash = Passwords::new(cost).unwrap().hash(password).unwrap();
        diesel::update(users::table.find(self.world.user(persona)))
            .set(users::password_hash.eq(hash))
            .execute(&mut self.db())
            .unwrap();
    }

    /// Settles everybody's tasks, as after an upgrade: for facts that were put in behind the interface. Tells what had to be
    /// done; nothing, when every change settled what it touched.
    pub fn db_settle(&self) -> Settled {
        let door = self.door();
        actix_web::rt::System::new()
            .block_on(settle_everybody(&door, self.clock.now()))
            .unwrap()
    }

    /// Settles whom a day has touched, as every night.
    pub fn db_settle_due(&self) -> Settled {
        let door = self.door();
        let call = Call {
            operation: Operation::RunTargetGroup,
            identity: Identity::Console,
            at: self.clock.now(),
            request_id: "night".to_owned(),
        };
        actix_web::rt::System::new()
            .block_on(door.run(call, |tx| settle_due(tx, 500)))
            .unwrap()
    }

    /// Forgets failed sign-ins of which none counts any more, as every night.
    pub fn db_forget_old_failures(&self) -> usize {
        let door = self.door();
        actix_web::rt::System::new()
            .block_on(forget_old_failures(&door, self.clock.now()))
            .unwrap()
    }

    /// Does the jobs that wait, as the service does beside the requests.
    pub fn db_run_jobs(&self) -> Vec<Ran> {
        self.db_run_jobs_with(works(JobTerms {
            threshold: Threshold::default(),
            batch: 500,
            profile: std::sync::Arc::new(Profile::draft().unwrap()),
        }))
    }

    /// Does the jobs of some kinds that wait.
    pub fn db_run_jobs_with(&self, works: Works) -> Vec<Ran> {
        let runner = Runner::new(self.door(), self.clock.clone(), works);
        let mut all = Vec::new();
        actix_web::rt::System::new().block_on(async {
            while let Some(ran) = runner.run_next(&|| false).await.unwrap() {
                all.push(ran);
            }
        });
        all
    }

    /// Disposes of what is too old of the log, as every night.
    pub fn db_trim(&self, key: &std::sync::Arc<AnchorKey>) -> Trimmed {
        let door = self.door();
        actix_web::rt::System::new()
            .block_on(trim_audit(&door, &self.clock, key, &|| false))
            .unwrap()
    }

    /// The audit, oldest first.
    pub fn db_events(&self) -> Vec<Event> {
        let mut conn = self.db();
        type Row = (
            Id<AuditEvent>,
            Option<Id<kaa::domain::id::User>>,
            String,
            String,
            Option<String>,
            bool,
            Option<CipherText>,
        );
        let rows: Vec<Row> = audit_events::table
            .order((audit_events::at, audit_events::id))
            .select((
                audit_events::id,
                audit_events::actor_id,
                audit_events::operation,
                audit_events::outcome,
                audit_events::error_code,
                audit_events::is_break_glass,
                audit_events::reason,
            ))
            .load(&mut conn)
            .unwrap();
        rows.into_iter()
            .map(
                |(id, actor, operation, outcome, error_code, is_break_glass, reason)| {
                    let mut subjects: Vec<(Option<Id<Youth>>, String, String)> =
                        audit_subjects::table
                            .filter(audit_subjects::event_id.eq(id))
                            .order(audit_subjects::ordinal)
                            .select((
                                audit_subjects::youth_id,
                                audit_subjects::resource,
                                audit_subjects::fields,
                            ))
                            .load(&mut conn)
                            .unwrap();
                    spell_out(&mut conn, subjects.iter_mut().map(|(_, _, fields)| fields)).unwrap();
                    Event {
                        actor,
                        operation,
                        outcome,
                        error_code,
                        is_break_glass,
                        reason: reason
                            .map(|text| opened("audit_events", "reason", id.uuid(), &text)),
                        subjects,
                    }
                },
            )
            .collect()
    }

    /// The latest event of an operation.
    #[track_caller]
    pub fn db_last_event(&self, operation: &str) -> Event {
        self.db_events()
            .into_iter()
            .rfind(|event| event.operation == operation)
            .unwrap_or_else(|| panic!("no event of {operation}"))
    }
}

/// An address without scheme and host.
fn place_of(address: &str) -> &str {
    let begin = address.match_indices('/').nth(2).map_or(0, |(at, _)| at);
    &address[begin..]
}

/// A service that runs until this is dropped.
pub struct Service {
    pub base: String,
    /// Its own way to the database.
    pub door: Door,
    handle: actix_web::dev::ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    fn start(
        location: Location,
        clock: Clock,
        configure: impl FnOnce(&mut Config),
    ) -> (Self, Passwords) {
        let mut config = Config::new(location, vault(), SecretString::from(SECRET));
        config.listen = "127.0.0.1:0".to_owned();
        config.workers = 1;
        config.threads = Threads {
            readers: 1,
            writers: 2,
        };
        config.hash_cost = HashCost {
            memory_kib: 64,
            passes: 1,
        };
        configure(&mut config);
        let (started, starting) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let running = app::start(config, clock).unwrap();
                let handle = running.server.handle();
                started
                    .send((running.address, handle, running.passwords, running.door))
                    .unwrap();
                running.server.await.unwrap();
            });
        });
        let (address, handle, passwords, door) = starting.recv().expect("the service started");
        let service = Self {
            base: format!("http://{address}"),
            door,
            handle,
            thread: Some(thread),
        };
        (service, passwords)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                ended.is_ok() || std::thread::panicking(),
                "the service panicked"
            );
        }
    }
}

/// An event of the audit.
#[derive(Debug, Clone)]
pub struct Event {
    pub actor: Option<Id<kaa::domain::id::User>>,
    pub operation: String,
    pub outcome: String,
    pub error_code: Option<String>,
    pub is_break_glass: bool,
    pub reason: Option<String>,
    /// Youth, resource, fields.
    pub subjects: Vec<(Option<Id<Youth>>, String, String)>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub asked: String,
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.body);
        self
    }
    /// An error by its code; gives the pointers of the fields.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Vec<(String, String)> {
        let answer = self.expect(status);
        assert_eq!(
            answer.body["code"], code,
            "{}: {}",
            answer.asked, answer.body
        );
        answer.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|field| {
                (
                    field["pointer"].as_str().unwrap().to_owned(),
                    field["code"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    }
    /// A problem without what differs from request to request.
    pub fn without_instance(&self) -> Value {
        let mut body = self.body.clone();
        if let Some(members) = body.as_object_mut() {
            members.remove("instance");
        }
        json!({"status": self.status, "body": body})
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
    /// The version in the ETag.
    #[track_caller]
    pub fn version(&self) -> i64 {
        self.header("etag")
            .expect("an ETag")
            .trim_matches('"')
            .parse()
            .unwrap()
    }
    #[track_caller]
    pub fn id(&self) -> String {
        self.body["id"].as_str().expect("an id").to_owned()
    }
    /// The values of a field over the rows of a list.
    pub fn column(&self, list: &str, field: &str) -> Vec<Value> {
        self.body[list]
            .as_array()
            .into_iter()
            .flatten()
            .map(|row| row[field].clone())
            .collect()
    }
    pub fn next(&self) -> Option<&str> {
        self.body["_links"]["next"]["href"].as_str()
    }
}
