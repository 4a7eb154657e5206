//! No sequence of calls by an ambassador makes a secret appear in an answer. Two ambassadors call whatever the route
//! table has, with ids of their own youths and of others', records of every kind, filters, positions, patches, old keys and
//! bodies that are none, while the chief gives them youths and takes them away and a socionom protects some. What each may be
//! told at each moment is known; every byte of every answer is looked through for the rest.
//! `KAA_SEQUENCES=200` runs so many sequences on each database instead of a few, `KAA_SEQUENCE_SEED=7` others.

use crate::support::Persona::{self, Ambassador, AmbassadorStranger, Enhetschef, Socionom};
use crate::support::app::Answer;
use crate::support::contract::{DOCUMENT, resolved};
use crate::support::story::{TABLES, Who, ids_in, parameters, tables_about_youths, tell};
use crate::support::world::{ALVA_NUMBER, BO_NUMBER};
use crate::support::{TestApp, TestDatabase};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use diesel::prelude::*;
use kaa::api::routes::{Accepts, Method, ROUTES, Route};
use kaa::db::schema::sessions;
use kaa::domain::id::{Id, Youth};
use kaa::domain::operation::{Operation, Resource};
use kaa::domain::user::{Actor, Role, Staff};
use kaa::policy::decide::{Decision, decide_deed};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const WHO: [Who; 3] = [
    Who {
        number: "201001122397",
        given_name: "Xylia",
        family_name: "Dunkelgren",
        guardian: "Vilja",
        guardian_phone: "08-998 80 01",
        postal_code: "987 61",
        mobile: "073-987 65 41",
        mark: "Gömett",
        text: "Hemligett",
    },
    Who {
        number: "201001132388",
        given_name: "Yngvara",
        family_name: "Skymningsson",
        guardian: "Wilgot",
        guardian_phone: "08-998 80 02",
        postal_code: "987 62",
        mobile: "073-987 65 42",
        mark: "Gömtvå",
        text: "Hemligtvå",
    },
    Who {
        number: "201001212388",
        given_name: "Zebulon",
        family_name: "Mörkedahl",
        guardian: "Qvintus",
        guardian_phone: "08-998 80 03",
        postal_code: "987 63",
        mobile: "073-987 65 43",
        mark: "Gömtre",
        text: "Hemligtre",
    },
];
/// Of the world that every test has.
const OF_THE_WORLD: &[&str] = &[
    ALVA_NUMBER,
    BO_NUMBER,
    "Lindqvist",
    "Sturegatan",
    "Prova sig fram under hösten",
    "Något eget.",
    // Of the service itself.
    "Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e",
];
const CALLERS: [Persona; 2] = [Ambassador, AmbassadorStranger];

// --- What is done ------------------------------------------------------------------------------------------------------------

/// A step, in numbers that become something once the world is there.
#[derive(Debug, Clone)]
enum Step {
    Ask(Ask),
    /// An earlier request again, word for word.
    Again(u16),
    /// An ambassador logs a contact as it should be, under one of a few keys.
    Log(usize, usize, u8),
    /// An ambassador logs a session, somebody met in it, and that it was a youth: theirs or not.
    Meet(usize, usize),
    /// The chief gives a youth to an ambassador, or takes it away.
    Assign(usize, usize),
    Unassign(usize, usize),
    /// The chief gives a task of a youth to an ambassador.
    GiveTask(usize, usize),
    /// The socionom writes about a youth, or protects the youth.
    Write(usize),
    Protect(usize),
}

#[derive(Debug, Clone)]
struct Ask {
    caller: usize,
    /// Among the routes that are open to ambassadors, or among all.
    is_open: bool,
    route: u16,
    youth: usize,
    ids: (u16, u16),
    query: Vec<(u16, u16)>,
    body: (u8, u16, u16),
    version: u8,
    key: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let ask = (
        (
            0..2_usize,
            prop::bool::weighted(0.8),
            any::<u16>(),
            0..3_usize,
        ),
        any::<(u16, u16)>(),
        prop::collection::vec(any::<(u16, u16)>(), 0..3),
        any::<(u8, u16, u16)>(),
        (0..6_u8, 0..8_u8),
    );
    let ask = ask.prop_map(
        |((caller, is_open, route, youth), ids, query, body, (version, key))| {
            Step::Ask(Ask {
                caller,
                is_open,
                route,
                youth,
                ids,
                query,
                body,
                version,
                key,
            })
        },
    );
    prop_oneof![
        20 => ask,
        3 => any::<u16>().prop_map(Step::Again),
        3 => (0..2_usize, 0..3_usize, 0..5_u8).prop_map(|(who, youth, key)| Step::Log(who, youth, key)),
        2 => (0..2_usize, 0..3_usize).prop_map(|(who, youth)| Step::Meet(who, youth)),
        3 => (0..2_usize, 0..3_usize).prop_map(|(who, youth)| Step::Assign(who, youth)),
        2 => (0..2_usize, 0..3_usize).prop_map(|(who, youth)| Step::Unassign(who, youth)),
        1 => (0..2_usize, 0..3_usize).prop_map(|(who, youth)| Step::GiveTask(who, youth)),
        1 => (0..3_usize).prop_map(Step::Write),
        1 => (0..3_usize).prop_map(Step::Protect),
    ]
}

/// Whether what is written there is about no youth.
fn is_about_nobody(route: &Route) -> bool {
    matches!(
        route.operation.resource(),
        Resource::WorkHours | Resource::OutreachSessions | Resource::OutreachContacts
    )
}

// --- The world and what is known of it ---------------------------------------------------------------------------------------

/// A request, to be sent again.
#[derive(Debug, Clone)]
struct Sent {
    caller: usize,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    media: Option<&'static str>,
    body: Option<Vec<u8>>,
    operation: Operation,
}

struct Play {
    app: TestApp,
    youths: Vec<Id<Youth>>,
    /// By the name of a path parameter, the ids of records of each youth.
    ids: BTreeMap<&'static str, Vec<Vec<String>>>,
    /// Every id of a record of each youth, those made during the play too.
    all: Vec<BTreeSet<String>>,
    assigned: [[bool; 3]; 2],
    protected: [bool; 3],
    assignments: HashMap<(usize, usize), String>,
    needles: Needles,
    sent: Vec<Sent>,
    positions: Vec<String>,
    /// What the answers told by their status, so that a play in which nothing works is noticed.
    told: BTreeMap<u16, usize>,
}

/// Words that must not stand in an answer, in the writings in which they could.
struct Needles {
    /// Of each youth: nobody of these callers is ever told.
    never: Vec<Vec<Needle>>,
    /// Told while assigned.
    person: Vec<Vec<Needle>>,
    /// Told while assigned and not protected.
    closed: Vec<Vec<Needle>>,
    /// What each caller wrote about each youth.
    own: Vec<Vec<Needle>>,
    world: Vec<Needle>,
}

struct Needle {
    word: String,
    lower: String,
    /// As a part of something longer in base64, and in hexadecimal.
    written: Vec<String>,
}

impl Needle {
    fn of(word: &str) -> Self {
        let lower = word.to_lowercase();
        let mut written = Vec::new();
        if word.len() >= 8 {
            for text in [word, lower.as_str()] {
                written.push(HEXLOWER.encode(text.as_bytes()));
                for before in 0..3_usize {
                    let bytes = [vec![0; before], text.as_bytes().to_vec()].concat();
                    let whole = bytes.len() / 3 * 3;
                    for encoded in [
                        BASE64.encode(&bytes[..whole]),
                        BASE64URL_NOPAD.encode(&bytes[..whole]),
                    ] {
                        written.push(encoded[if before == 0 { 0 } else { 4 }..].to_owned());
                    }
                }
            }
        }
        Self {
            word: word.to_owned(),
            lower,
            written,
        }
    }

    fn is_in(&self, said: &str, said_lower: &str) -> bool {
        said_lower.contains(&self.lower)
            || self.written.iter().any(|text| said.contains(text.as_str()))
    }
}

fn needles(words: &[String]) -> Vec<Needle> {
    words.iter().map(|word| Needle::of(word)).collect()
}

fn own_text(caller: usize, youth: usize) -> String {
    format!("Egetord{caller}{youth}slut")
}

impl Needles {
    fn new() -> Self {
        let per_youth =
            |words: fn(&Who) -> Vec<String>| WHO.iter().map(|who| needles(&words(who))).collect();
        Self {
            never: per_youth(|who| {
                let (day, tail) = who.number.split_at(8);
                let short = &who.number[2..];
                vec![
                    who.number.to_owned(),
                    format!("{day}-{tail}"),
                    short.to_owned(),
                    format!("{}-{tail}", &day[2..]),
                    format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]),
                    who.family_name.to_owned(),
                    who.guardian.to_owned(),
                    who.guardian_phone.to_owned(),
                    who.postal_code.to_owned(),
                    who.text.to_owned(),
                    format!("{}mejl", who.given_name),
                    format!("{}skolan", who.mark),
                    format!("{}stigen", who.mark),
                    format!("{}platsen", who.mark),
                ]
            }),
            person: per_youth(|who| vec![who.given_name.to_owned()]),
            closed: per_youth(|who| {
                vec![
                    format!("{}området", who.mark),
                    who.mobile.to_owned(),
                    who.mobile.replace(['-', ' '], ""),
                ]
            }),
            own: (0..2)
                .map(|caller| {
                    needles(
                        &(0..3)
                            .map(|youth| own_text(caller, youth))
                            .collect::<Vec<_>>(),
                    )
                })
                .collect(),
            world: needles(
                &OF_THE_WORLD
                    .iter()
                    .map(|word| (*word).to_owned())
                    .collect::<Vec<_>>(),
            ),
        }
    }
}

fn open_routes() -> Vec<&'static Route> {
    let staff = Staff {
        id: Id::fresh(),
        role: Role::Ambassador,
        unit_id: None,
        session_id: None,
    };
    let actor = Actor::Staff(staff);
    ROUTES
        .iter()
        .filter(|route| decide_deed(&actor, route.operation) == Decision::Allow)
        .collect()
}

impl Play {
    fn new(database: TestDatabase) -> Self {
        let app = TestApp::new(database);
        let youths: Vec<Id<Youth>> = WHO.iter().map(|who| tell(&app, who)).collect();
        let mut play = Self {
            app,
            youths,
            ids: BTreeMap::new(),
            all: vec![BTreeSet::new(); 3],
            assigned: [[false; 3]; 2],
            protected: [false; 3],
            assignments: HashMap::new(),
            needles: Needles::new(),
            sent: Vec::new(),
            positions: vec!["AAAA".to_owned()],
            told: BTreeMap::new(),
        };
        play.gather();
        play.the_socionom_sees_all_of_it();
        play
    }

    /// Where the records of the youths are now.
    fn gather(&mut self) {
        let mut conn = self.app.db();
        for (parameter, tables) in TABLES {
            let of = |youth: &Id<Youth>| {
                tables
                    .iter()
                    .flat_map(|table| ids_in(&mut conn, table, *youth))
                    .collect()
            };
            let found = self.youths.iter().map(of).collect();
            self.ids.insert(parameter, found);
        }
        self.ids.insert(
            "youthId",
            self.youths.iter().map(|id| vec![id.to_string()]).collect(),
        );
        for (place, youth) in self.youths.iter().enumerate() {
            for table in tables_about_youths(&mut conn) {
                if !table.starts_with("audit_") {
                    self.all[place].extend(ids_in(&mut conn, &table, *youth));
                }
            }
            self.all[place].insert(youth.to_string());
        }
    }

    /// What is looked for is there: whoever may see it is told it, in these words.
    fn the_socionom_sees_all_of_it(&self) {
        let mut said = String::new();
        const BELOW: [&str; 6] = [
            "",
            "/contacts",
            "/enrolments",
            "/plan-revisions",
            "/mappings",
            "/occupations",
        ];
        let addresses = self.youths.iter().flat_map(|youth| {
            BELOW
                .iter()
                .map(move |part| format!("/youths/{youth}{part}"))
        });
        for address in addresses {
            let answer = self.app.get(Socionom, &address).expect(200);
            said.push_str(&String::from_utf8_lossy(&answer.bytes));
        }
        let lower = said.to_lowercase();
        for (place, who) in WHO.iter().enumerate() {
            for needle in self.needles.person[place]
                .iter()
                .chain(&self.needles.never[place])
            {
                // The number stands there in one writing.
                let is_other_writing = needle.word != who.number
                    && needle.word.contains(&who.number[8..])
                    || needle.word == who.number[2..];
                assert!(
                    is_other_writing || needle.is_in(&said, &lower),
                    "{} is nowhere",
                    needle.word
                );
            }
        }
    }

    fn may_see(&self, caller: usize, youth: usize) -> bool {
        self.assigned[caller][youth]
    }

    /// Looks an answer through.
    fn look_through(&mut self, caller: usize, sent: &Sent, answer: &Answer) {
        *self.told.entry(answer.status).or_default() += 1;
        let headers: String = answer
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        let said = headers + &String::from_utf8_lossy(&answer.bytes);
        let lower = said.to_lowercase();
        let found: RefCell<Vec<String>> = RefCell::default();
        let look = |needles: &[Needle], why: &str| {
            let hits = needles.iter().filter(|needle| needle.is_in(&said, &lower));
            found
                .borrow_mut()
                .extend(hits.map(|needle| format!("{} ({why})", needle.word)));
        };
        look(&self.needles.world, "of the world");
        for youth in 0..WHO.len() {
            look(&self.needles.never[youth], "for no ambassador");
            let sees = self.may_see(caller, youth);
            if !sees {
                look(&self.needles.person[youth], "not assigned");
            }
            if !sees || self.protected[youth] {
                look(&self.needles.closed[youth], "closed");
            }
            for author in 0..CALLERS.len() {
                if author != caller || !sees {
                    look(&self.needles.own[author][youth..=youth], "another's note");
                }
            }
            if !sees {
                let asked = format!(
                    "{} {}",
                    sent.path,
                    sent.body
                        .as_deref()
                        .map(String::from_utf8_lossy)
                        .unwrap_or_default()
                )
                .to_lowercase();
                for id in &self.all[youth] {
                    if lower.contains(id.as_str()) && !asked.contains(id.as_str()) {
                        found
                            .borrow_mut()
                            .push(format!("{id} (an id of a youth who is not theirs)"));
                    }
                }
            }
        }
        let found = found.into_inner();
        assert!(
            found.is_empty(),
            "{} {} tells {}: {} {said}",
            answer.asked,
            sent.body
                .as_deref()
                .map(String::from_utf8_lossy)
                .unwrap_or_default(),
            found.join(", "),
            answer.status
        );
        assert!(answer.status < 500, "{}: {}", answer.asked, answer.body);
        for link in ["next", "previous", "first", "last"] {
            let href = answer.body["_links"][link]["href"]
                .as_str()
                .unwrap_or_default();
            if let Some((_, position)) = href.split_once("position=") {
                self.positions
                    .push(position.split('&').next().unwrap_or_default().to_owned());
            }
        }
    }

    fn send(&mut self, sent: &Sent) {
        let headers: Vec<(&str, &str)> = sent
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = self.app.send_bytes(
            CALLERS[sent.caller],
            sent.method,
            &sent.path,
            &headers,
            sent.media,
            sent.body.clone(),
        );
        self.look_through(sent.caller, sent, &answer);
        if answer.status == 201 {
            self.gather();
        }
        // The sessions in use are still needed.
        if matches!(
            sent.operation,
            Operation::SignOut | Operation::EndMySessions | Operation::EndMySession
        ) {
            diesel::update(sessions::table)
                .set(sessions::ended_at.eq(None::<kaa::db::types::Timestamp>))
                .execute(&mut self.app.db())
                .unwrap();
        }
    }

    fn act(&mut self, step: &Step) {
        match step {
            Step::Ask(ask) => {
                let sent = self.request(ask);
                self.send(&sent);
                self.sent.push(sent);
            }
            Step::Again(place) => {
                if let Some(sent) = self
                    .sent
                    .get(usize::from(*place) % self.sent.len().max(1))
                    .cloned()
                {
                    self.send(&sent);
                }
            }
            Step::Log(who, youth, key) => {
                let contact =
                    json!({"channel": "sms", "result": "reached", "note": own_text(*who, *youth)});
                let sent = Sent {
                    caller: *who,
                    method: "POST",
                    path: format!("/youths/{}/contacts", self.youths[*youth]),
                    headers: vec![("Idempotency-Key".to_owned(), format!("log-{key}{youth}"))],
                    media: Some("application/json"),
                    body: Some(contact.to_string().into_bytes()),
                    operation: Operation::LogContact,
                };
                self.send(&sent);
                self.sent.push(sent);
            }
            Step::Meet(who, youth) => self.meet(*who, *youth),
            Step::Assign(who, youth) => self.assign(*who, *youth),
            Step::Unassign(who, youth) => self.unassign(*who, *youth),
            Step::GiveTask(who, youth) => self.give_task(*who, *youth),
            Step::Write(youth) => {
                let note = json!({"channel": "home_visit", "result": "reached", "place": format!("{}platsen", WHO[*youth].mark), "note": WHO[*youth].text});
                self.app
                    .post(
                        Socionom,
                        &format!("/youths/{}/contacts", self.youths[*youth]),
                        note,
                    )
                    .expect(201);
                self.gather();
            }
            Step::Protect(youth) => {
                let path = format!("/youths/{}", self.youths[*youth]);
                let version = self.app.get(Socionom, &path).expect(200).version();
                let level = if self.protected[*youth] {
                    "none"
                } else {
                    "confidentiality_marking"
                };
                self.app
                    .patch(Socionom, &path, version, json!({"protectionLevel": level}))
                    .expect(200);
                self.protected[*youth] = !self.protected[*youth];
            }
        }
    }

    /// Only while the youth is theirs: what they write then is of that youth, and not told once the youth is not.
    fn meet(&mut self, who: usize, youth: usize) {
        if !self.assigned[who][youth] {
            return;
        }
        let now = self.app.clock.now();
        let me = self.app.world.user(CALLERS[who]);
        let session = json!({
            "kind": "street", "area": "Rissne", "startsAt": (now - chrono::Duration::hours(2)).to_rfc3339(),
            "endsAt": now.to_rfc3339(), "participants": [{"userId": me}],
        });
        let session = self.app.post(CALLERS[who], "/outreach-sessions", session);
        let path = format!("/outreach-sessions/{}/contacts", session.expect(201).id());
        let met = json!({"ageGroup": "16_19", "legalSex": "unknown", "outcome": "talked", "note": own_text(who, youth)});
        let met = self.app.post(CALLERS[who], &path, met).expect(201).id();
        let path = format!("/outreach-contacts/{met}/youth");
        let known = json!({"youthId": self.youths[youth]});
        self.app
            .put(CALLERS[who], &path, Some(1), known)
            .expect(200);
        self.gather();
    }

    fn assign(&mut self, who: usize, youth: usize) {
        if self.assigned[who][youth] {
            return;
        }
        self.app.pass(chrono::Duration::minutes(1));
        let deed = json!({"userId": self.app.world.user(CALLERS[who]), "kind": "ambassador"});
        let made = self
            .app
            .post(
                Enhetschef,
                &format!("/youths/{}/assignments", self.youths[youth]),
                deed,
            )
            .expect(201);
        self.assignments.insert((who, youth), made.id());
        self.assigned[who][youth] = true;
        self.gather();
    }

    fn unassign(&mut self, who: usize, youth: usize) {
        let Some(id) = self.assignments.remove(&(who, youth)) else {
            return;
        };
        self.app.pass(chrono::Duration::minutes(1));
        let path = format!("/assignments/{id}");
        let version = self.app.get(Enhetschef, &path).expect(200).version();
        let end = json!({"endsAt": self.app.clock.now().to_rfc3339()});
        self.app.patch(Enhetschef, &path, version, end).expect(200);
        self.assigned[who][youth] = false;
    }

    fn give_task(&mut self, who: usize, youth: usize) {
        let path = format!("/youths/{}/tasks", self.youths[youth]);
        let tasks = self.app.get(Socionom, &path).expect(200);
        for task in tasks.body["tasks"].as_array().unwrap() {
            let path = format!("/tasks/{}", task["id"].as_str().unwrap());
            let version = task["version"].as_i64().unwrap();
            let given = json!({"responsibleId": self.app.world.user(CALLERS[who])});
            self.app.patch(Enhetschef, &path, version, given);
        }
    }
}

// --- What a request is made of -----------------------------------------------------------------------------------------------

/// Values that fit nowhere, or where nobody thought of them.
fn odd(choice: u16) -> Value {
    match choice % 14 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1e300),
        4 => json!([]),
        5 => json!({}),
        6 => json!([[[]]]),
        7 => json!({"a": {"b": {"c": null}}}),
        8 => json!(""),
        9 => json!("x".repeat(12_000)),
        10 => json!("\u{0}"),
        11 => json!("' OR 1=1 --"),
        12 => json!("2026-02-30"),
        _ => json!("%"),
    }
}

impl Play {
    /// An id for a place of an address: of the right kind, of the youth meant or of any, or of another kind, or none.
    fn id(&self, parameter: &str, youth: usize, choice: u16) -> String {
        let pick =
            |ids: &[String], choice: u16| ids.get(usize::from(choice) % ids.len().max(1)).cloned();
        let right = self
            .ids
            .get(parameter)
            .and_then(|ids| pick(&ids[youth], choice / 16));
        let any = pick(
            &self.all[youth].iter().cloned().collect::<Vec<_>>(),
            choice / 16,
        );
        let own = match parameter {
            "userId" => Some(
                self.app
                    .world
                    .user(Persona::ALL[usize::from(choice) % 11])
                    .to_string(),
            ),
            "unitId" => Some(self.app.world.unit.to_string()),
            "sessionId" => Some(
                self.app
                    .world
                    .session(CALLERS[usize::from(choice) % 2])
                    .1
                    .to_string(),
            ),
            _ => None,
        };
        let id = match choice % 16 {
            0 => any,
            1 => Some(uuid::Uuid::now_v7().to_string()),
            2 => right.map(|id| id.to_uppercase()),
            3 => Some(
                ["0", "%2e%2e", "%00", "null", "*", "%27%20OR%201", "me"]
                    [usize::from(choice / 16) % 7]
                    .to_owned(),
            ),
            _ => right.or(own),
        };
        id.unwrap_or_else(|| uuid::Uuid::now_v7().to_string())
    }

    fn request(&self, ask: &Ask) -> Sent {
        let routes: Vec<&Route> = if ask.is_open {
            open_routes()
        } else {
            ROUTES.iter().collect()
        };
        let route = routes[usize::from(ask.route) % routes.len()];
        let mut path = route.path.to_owned();
        for (parameter, choice) in parameters(route).into_iter().zip([ask.ids.0, ask.ids.1]) {
            path = path.replace(
                &format!("{{{parameter}}}"),
                &self.id(parameter, ask.youth, choice),
            );
        }
        let query: Vec<String> = ask
            .query
            .iter()
            .filter_map(|(name, value)| self.parameter(route, ask.youth, *name, *value))
            .collect();
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let mut headers = Vec::new();
        let version = match ask.version {
            0 => None,
            1 if !route.needs_version => None,
            2 => Some("*".to_owned()),
            3 => Some("\"2\"".to_owned()),
            _ => Some("\"1\"".to_owned()),
        };
        headers.extend(version.map(|version| ("If-Match".to_owned(), version)));
        // Few keys, so that they meet again.
        if ask.key < 5 && route.method != Method::Get {
            headers.push(("Idempotency-Key".to_owned(), format!("key-{}", ask.key)));
        }
        if ask.key == 6 {
            headers.push(("Accept-Language".to_owned(), "en".to_owned()));
        }
        let (media, body) = self.body(route, ask);
        Sent {
            caller: ask.caller,
            method: route.method.name(),
            path,
            headers,
            media,
            body,
            operation: route.operation,
        }
    }

    /// A parameter of the address as the contract has it, with a value that it has or none has.
    fn parameter(&self, route: &Route, youth: usize, name: u16, value: u16) -> Option<String> {
        let described =
            &DOCUMENT["paths"][route.path][route.method.name().to_lowercase()]["parameters"];
        let known: Vec<&Value> = described
            .as_array()?
            .iter()
            .map(resolved)
            .filter(|parameter| parameter["in"] == "query")
            .collect();
        let parameter = known.get(usize::from(name) % known.len().max(1))?;
        let name = parameter["name"].as_str()?;
        let words = parameter["schema"]["enum"].as_array();
        let text = match (value % 8, name) {
            (0, _) => match odd(value / 8) {
                Value::String(text) => kaa::percent::encoded(&text[..text.len().min(300)]),
                other => kaa::percent::encoded(&other.to_string()),
            },
            (_, "position") => self.positions[usize::from(value) % self.positions.len()].clone(),
            (_, "limit") => ["1", "2", "200"][usize::from(value) % 3].to_owned(),
            (_, name) if name.ends_with("Id") => self.id(name, youth, value),
            (_, _) if words.is_some() => words?
                .get(usize::from(value) % words?.len())?
                .as_str()?
                .to_owned(),
            _ => match &parameter["example"] {
                Value::String(text) => kaa::percent::encoded(text),
                other => other.to_string(),
            },
        };
        Some(format!("{name}={text}"))
    }

    fn body(&self, route: &Route, ask: &Ask) -> (Option<&'static str>, Option<Vec<u8>>) {
        let (how, which, value) = ask.body;
        match route.accepts {
            // ureq sends no body with these.
            Accepts::Nothing => return (None, None),
            Accepts::Roster | Accepts::Values => {
                return (
                    Some("text/csv"),
                    Some(b"personnummer;status\n;x\n".to_vec()),
                );
            }
            Accepts::Json | Accepts::MergePatch => {}
        }
        let media = if route.accepts == Accepts::MergePatch && how % 2 == 0 {
            "application/merge-patch+json"
        } else {
            "application/json"
        };
        let operation = &DOCUMENT["paths"][route.path][route.method.name().to_lowercase()];
        let content = &operation["requestBody"]["content"]["application/json"];
        let example = content["examples"]["full"]["value"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let schema = resolved(&content["schema"]);
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields = Map::new();
        for (place, (name, told)) in example.iter().enumerate() {
            let is_asked = required.contains(&name.as_str()) || which >> (place % 16) & 1 == 1;
            if !is_asked {
                continue;
            }
            let told = match name.as_str() {
                "id" => json!(uuid::Uuid::now_v7()),
                // What an ambassador writes is nobody else's either, and not theirs once the youth is not.
                // What is not written about a youth is theirs whoever is assigned.
                "note" if is_about_nobody(route) => told.clone(),
                "note" | "text" | "reason" => json!(own_text(ask.caller, ask.youth)),
                "confirmedTerms" | "occurredAt" => continue,
                "episodeId" | "contactId" | "recordId" => json!(self.id(name, ask.youth, value)),
                _ => told.clone(),
            };
            fields.insert(name.clone(), told);
        }
        match how % 8 {
            0 => {
                return (
                    Some(media),
                    Some(
                        [&b"{\"a\":"[..], b"\xff\xfe", b"[[[[[[", b""][usize::from(value) % 4]
                            .to_vec(),
                    ),
                );
            }
            1 | 2 => {
                let names: Vec<&String> = example.keys().collect();
                if let Some(name) = names.get(usize::from(which) % names.len().max(1)) {
                    fields.insert((*name).clone(), odd(value));
                }
            }
            3 => {
                let all = [
                    "identityNumber",
                    "familyName",
                    "addresses",
                    "guardians",
                    "note",
                    "responsibleId",
                    "protectionLevel",
                    "youthId",
                    "authorId",
                    "role",
                ];
                fields.insert(all[usize::from(which) % all.len()].to_owned(), odd(value));
            }
            _ => {}
        }
        let text = Value::Object(fields).to_string();
        (Some(media), Some(text.into_bytes()))
    }
}

// --- The property ------------------------------------------------------------------------------------------------------------

fn check(database: impl Fn() -> TestDatabase) {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let config = Config {
        cases: u32::try_from(number("KAA_SEQUENCES").unwrap_or(3)).unwrap(),
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    };
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&number("KAA_SEQUENCE_SEED").unwrap_or(0).to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let told: RefCell<BTreeMap<u16, usize>> = RefCell::default();
    let outcome = runner.run(&prop::collection::vec(step(), 120..160), |steps| {
        let mut play = Play::new(database());
        // Each begins with one of the three.
        play.assign(0, 0);
        play.assign(1, 1);
        for step in &steps {
            play.act(step);
        }
        for (status, count) in play.told {
            *told.borrow_mut().entry(status).or_default() += count;
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let told = told.into_inner();
    println!("answers by status: {told:?}");
    for status in [200, 201, 403, 404, 422] {
        assert!(
            told.get(&status).is_some_and(|count| *count > 5),
            "too little happened: {told:?}"
        );
    }
}

#[test]
fn no_sequence_of_calls_makes_a_secret_appear_sqlite() {
    check(TestDatabase::sqlite);
}

#[test]
fn no_sequence_of_calls_makes_a_secret_appear_postgresql() {
    if TestDatabase::postgresql().is_some() {
        check(|| TestDatabase::postgresql().unwrap());
    }
}
