//! When more is asked than the service can bear: is everybody else still answered, is what cannot be done said early with a time to
//! come back, do health and signing in live on, and is all as before as soon as it is over? The threads are held by gates of the
//! test's own, so that nothing depends on how fast a machine is. Whose turn it is, is tested in `db::turns`.

use crate::on_both;
use crate::support::Persona::{self, Ambassador, Enhetschef, Loggranskare, Nobody, Socionom, Syv};
use crate::support::TestApp;
use crate::support::app::Answer;
use kaa::config::Config;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::store::Threads;
use kaa::domain::operation::Operation;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration as Pause;

const PASSWORD: &str = "en mening som ingen gissar";

/// So many threads, and so long a wait.
fn bounded(readers: usize, wait: Pause) -> impl FnOnce(&mut Config) {
    move |config| {
        config.threads = Threads {
            readers,
            writers: 2,
        };
        config.longest_wait = wait;
    }
}

const LONG: Pause = Pause::from_secs(600);

/// Holds a thread of the service until it is opened; as a person, whose turns it takes.
struct Gate {
    open: Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Gate {
    /// A thread that reads for a person is held when this comes back.
    fn reading(app: &TestApp, persona: Persona, operation: Operation) -> Self {
        Self::through(app.service_door(), call(app, persona, operation))
    }

    fn through(door: Door, call: Call) -> Self {
        let (open, opened) = channel();
        let (held, is_held) = channel();
        let opened = std::sync::Mutex::new(opened);
        let thread = std::thread::spawn(move || {
            let work = move |_: &mut kaa::db::audited::AuditedTx<'_>| {
                held.send(()).unwrap();
                let _ = opened.lock().unwrap().recv();
                Ok(())
            };
            actix_web::rt::System::new()
                .block_on(door.run(call, work))
                .unwrap();
        });
        is_held.recv().unwrap();
        Self { open, thread }
    }

    fn open(self) {
        self.open.send(()).unwrap();
        self.thread.join().unwrap();
    }
}

fn call(app: &TestApp, persona: Persona, operation: Operation) -> Call {
    let (user_id, session_id) = app.world.session(persona);
    Call {
        operation,
        identity: Identity::Bearer {
            user_id,
            session_id,
        },
        at: app.clock.now(),
        request_id: "gate".to_owned(),
    }
}

/// Asks without waiting for the answer: the request is with the service when the next one is sent.
fn ask(app: &TestApp, persona: Persona, path: &str) -> TcpStream {
    let address = app.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let token = app.token(persona).unwrap();
    write!(
        stream,
        "GET {}{path} HTTP/1.1\r\nHost: kaa\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n",
        kaa::api::ROOT
    )
    .unwrap();
    stream
}

fn status(mut stream: TcpStream) -> u16 {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text.get(9..12).unwrap().parse().unwrap()
}

fn sign_in(app: &TestApp, name: &str, password: &str) -> Answer {
    let body = json!({"username": name, "password": password});
    app.post(Nobody, "/sessions", body)
}

on_both!(
    what_does_not_come_to_its_turn_is_told_when_to_come_back,
    |database| {
        let app = TestApp::with(database, bounded(1, Pause::from_millis(500)));
        let gate = Gate::reading(&app, Syv, Operation::ListYouths);
        let before = app.db_events().len();
        let told = app.get(Socionom, "/youths");
        assert_eq!(told.header("retry-after"), Some("1"));
        assert_eq!(told.body.get("youths"), None);
        told.problem(503, "busy");
        // Nothing was read, and so there is nothing that the log should tell of.
        assert_eq!(app.db_events().len(), before);
        assert_eq!(app.get(Nobody, "/health/live").status, 200);
        gate.open();
        // At once as before.
        app.get(Socionom, "/youths").expect(200);
        sign_in_works(&app);
    }
);

fn sign_in_works(app: &TestApp) {
    app.db_give_password(Loggranskare, PASSWORD);
    sign_in(app, "loggranskare", PASSWORD).expect(200);
}

on_both!(
    one_person_never_has_every_thread_and_what_is_slow_neither,
    |database| {
        let app = TestApp::with(database, bounded(2, LONG));
        // As many as there are threads, from one person: the second waits for the first.
        let first = Gate::reading(&app, Syv, Operation::ListYouths);
        let flood: Vec<TcpStream> = (0..20).map(|_| ask(&app, Syv, "/youths")).collect();
        app.get(Enhetschef, "/youths").expect(200);
        app.get(Nobody, "/health/ready").expect(200);
        sign_in_works(&app);
        first.open();
        for stream in flood {
            assert_eq!(status(stream), 200);
        }
        // What goes through much of the register leaves a thread for the work of the day, whoever asks for it.
        let slow = Gate::reading(&app, Loggranskare, Operation::ReadAccessReport);
        let report = ask(
            &app,
            Enhetschef,
            &format!("/youths/{}/access-report", app.world.alva),
        );
        app.get(Ambassador, "/youths").expect(200);
        sign_in_works(&app);
        slow.open();
        assert_eq!(status(report), 200);
    }
);

on_both!(changes_of_one_person_do_not_shut_out_another, |database| {
    let app = TestApp::with(database, bounded(1, LONG));
    let alva = app.world.alva;
    let contact = json!({"channel": "sms", "result": "no_answer"});
    // What was asked for first is not what is done first: people take turns, or on PostgreSQL one has not all writers.
    let gate = Gate::reading(&app, Syv, Operation::LogContact);
    let path = format!("/youths/{alva}/contacts");
    let log = |persona: Persona| {
        let (base, token) = (app.base.clone(), app.token(persona).unwrap().to_owned());
        let (path, contact) = (path.clone(), contact.clone());
        std::thread::spawn(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .build()
                .into();
            let answer = agent
                .post(format!("{base}{}{path}", kaa::api::ROOT))
                .header("Authorization", format!("Bearer {token}"))
                .send_json(&contact)
                .unwrap();
            answer.status().as_u16()
        })
    };
    let flood: Vec<_> = (0..10).map(|_| log(Syv)).collect();
    let socionom = log(Socionom);
    if app.location().file().is_none() {
        // The other writer is free for somebody else.
        assert_eq!(socionom.join().unwrap(), 201);
        gate.open();
    } else {
        gate.open();
        assert_eq!(socionom.join().unwrap(), 201);
    }
    for logged in flood {
        assert_eq!(logged.join().unwrap(), 201);
    }
});

on_both!(
    passwords_are_hashed_one_at_a_time_and_everybody_in_turn,
    |database| {
        let app = TestApp::with(database, bounded(2, LONG));
        for persona in [Syv, Socionom, Enhetschef] {
            app.db_give_password(persona, PASSWORD);
        }
        let sign_ins: Vec<_> = (0..24)
            .map(|number| {
                let name = ["syv", "socionom", "enhetschef"][number % 3];
                let base = app.base.clone();
                std::thread::spawn(move || {
                    let agent: ureq::Agent = ureq::Agent::config_builder()
                        .http_status_as_error(false)
                        .build()
                        .into();
                    let answer = agent
                        .post(format!("{base}{}/sessions", kaa::api::ROOT))
                        .send_json(json!({"username": name, "password": PASSWORD}))
                        .unwrap();
                    answer.status().as_u16()
                })
            })
            .collect();
        for sign_in in sign_ins {
            assert_eq!(sign_in.join().unwrap(), 200);
        }
        assert_eq!(
            (app.passwords.computed(), app.passwords.most_at_once()),
            (24, 1)
        );
    }
);

/// A roster that is on its way and does not come to its end.
fn half_a_roster(app: &TestApp, persona: Persona) -> TcpStream {
    let address = app.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let token = app.token(persona).unwrap();
    write!(
        stream,
        "POST {}/imports?asOf=2026-11-23 HTTP/1.1\r\nHost: kaa\r\nAuthorization: Bearer {token}\r\nContent-Type: text/csv\r\n\
         Content-Length: 100\r\nConnection: close\r\n\r\nhalf",
        kaa::api::ROOT
    )
    .unwrap();
    stream
}

on_both!(
    few_rosters_are_taken_in_at_once_and_casework_goes_on,
    |database| {
        let app = TestApp::with(database, bounded(1, LONG));
        let mut first = half_a_roster(&app, Syv);
        let second = half_a_roster(&app, Enhetschef);
        app.get(Syv, "/youths").expect(200);
        sign_in_works(&app);
        // A second one of the same person waits for the first, and is done when that has gone.
        let mut waits = half_a_roster(&app, Syv);
        write!(waits, "{}", "x".repeat(96)).unwrap();
        drop(second);
        write!(first, "{}", "x".repeat(96)).unwrap();
        assert_eq!(status(first), 422);
        assert_eq!(status(waits), 422);
    }
);
