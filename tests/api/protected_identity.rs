//! Protected identity over every path at once: a youth with a record of every kind is protected, and every address is asked by
//! everybody. Addresses come from the route table and records from the tables of the database, so that a new one is walked, or
//! makes the test fail until it can be. Besides: what an old answer gives back, and whom nobody is assigned to.

use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Nobody,
    Socionom, Syv,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::contract::DOCUMENT;
use crate::support::story::{
    TABLES, Who, ids_in, parameters, place, session_of, tables_about_youths, tell,
};
use crate::with_app;
use diesel::prelude::*;
use kaa::api::routes::{Accepts, Method, ROUTES, Route};
use kaa::db::schema::{access_grants, assignments, disposal_items, disposal_runs, youths};
use kaa::db::types::{Json, Timestamp};
use kaa::domain::codes::{Code, ProtectionLevel};
use kaa::domain::id::{Id, Youth};
use kaa::domain::operation::Operation;
use kaa::domain::protected_identity::NOT_IN_MINIMAL;
use kaa::domain::retention::{DisposalClass, DisposalStatus};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// From the tax agency's published test numbers.
const NUMBER: &str = "201002062394";

/// What is told of the youth, each word nowhere else in the world: who it is.
pub const PERSON: &[&str] = &[
    "Xylia",
    "Dunkelgren",
    NUMBER,
    "100206-2394",
    "1002062394",
    "xyliamejl",
    "@xyliasocial",
];
/// Where the youth is to be found.
pub const CLOSED: &[&str] = &[
    "Gömstigen",
    "987 65",
    "Gömområdet",
    "0739876543",
    "073-987 65 43",
    "Gömskolan",
    "Gömplatsen",
    "Vilja",
    "08-998 80 00",
];
/// What was written.
const TEXTS: &[&str] = &["Hemligtext"];

pub const XYLIA: Who = Who {
    number: NUMBER,
    given_name: "Xylia",
    family_name: "Dunkelgren",
    guardian: "Vilja",
    guardian_phone: "08-998 80 00",
    postal_code: "987 65",
    mobile: "073-987 65 43",
    mark: "Göm",
    text: "Hemligtext",
};

fn text(what: &str) -> String {
    format!("{} {what}", XYLIA.text)
}

// --- The story: a record of every kind -------------------------------------------------------------------------------------

struct Story {
    youth: Id<Youth>,
    /// By the name of a path parameter, the ids that stand for it.
    ids: BTreeMap<&'static str, Vec<String>>,
    /// Every id of a record of the youth, and the youth's.
    all: BTreeSet<String>,
}

/// Filled in otherwise below, or without a youth behind them.
const NOT_OF_A_YOUTH: &[&str] = &[
    "unitId",
    "userId",
    "sessionId",
    "youthId",
    "planFollowUpId",
    "targetGroupRunId",
    "jobId",
    "statisticsReleaseId",
    "tableName",
    "nationalFileId",
    "logReviewId",
    "logReviewRowId",
    "importId",
    "disposalRunId",
    "organisationId",
    "contactPersonId",
    "costId",
    "goalId",
    "goalValueId",
    "goalActivityId",
    "placementOfferId",
    "outreachSessionId",
    "workHoursId",
    "weekApprovalId",
    "feedToken",
    // A row that waits for a decision: its lists and its hiding are tested with the rosters.
    "importDecisionId",
];

pub fn protect(app: &TestApp, youth: Id<Youth>, level: ProtectionLevel) {
    let path = format!("/youths/{youth}");
    let version = app.get(Socionom, &path).expect(200).version();
    let mut patch = json!({"protectionLevel": level.code()});
    if level == ProtectionLevel::HandledOutside {
        for field in NOT_IN_MINIMAL {
            patch[*field] = Value::Null;
        }
        patch["givenName"] = json!("Pseudonym");
        patch["familyName"] = json!("Sju");
    }
    if level == ProtectionLevel::ProtectedRegistration {
        patch["addresses"] = Value::Null;
    }
    app.patch(Socionom, &path, version, patch).expect(200);
}

/// What can only be made of who is protected: a break-glass, which runs out at once, and a transfer that waits.
pub fn tell_more(app: &TestApp, youth: Id<Youth>) {
    let at = |path: &str| format!("/youths/{youth}/{path}");
    let glass =
        json!({"purpose": "protected_address", "reason": text("nödöppnande"), "minutes": 5});
    app.post(Socionom, &at("access-grants"), glass).expect(201);
    diesel::update(access_grants::table)
        .set(access_grants::expires_at.eq(Timestamp::of(app.clock.now())))
        .execute(&mut app.db())
        .unwrap();
    let elsewhere = json!({"toUnitId": app.world.unit_elsewhere, "reason": text("flytt")});
    app.post(Socionom, &at("transfers"), elsewhere).expect(201);
    // With words that are counted, of those whom counts tell of.
    let contact = json!({"channel": "sms", "result": "reached", "note": text("LSS"), "confirmedTerms": ["lss"]});
    app.post(Socionom, &at("contacts"), contact).expect(201);
}

/// A proposal to dispose of the youth's file, which the rules do not make of one who is followed.
fn db_disposal(app: &TestApp, youth: Id<Youth>) -> String {
    let (now, day) = (Timestamp::of(app.clock.now()), app.clock.now().date_naive());
    let run = Id::<kaa::domain::id::DisposalRun>::fresh();
    let mut conn = app.db();
    diesel::insert_into(disposal_runs::table)
        .values((
            disposal_runs::id.eq(run),
            disposal_runs::unit_id.eq(app.world.unit),
            disposal_runs::is_of_protected.eq(true),
            disposal_runs::status.eq(DisposalStatus::Proposed),
            disposal_runs::policies.eq(Json(json!([]))),
            disposal_runs::counts.eq(Json(json!([]))),
            disposal_runs::proposed_by.eq(app.world.user(Enhetschef)),
            disposal_runs::created_at.eq(now),
            disposal_runs::updated_at.eq(now),
            disposal_runs::version.eq(1_i64),
        ))
        .execute(&mut conn)
        .unwrap();
    diesel::insert_into(disposal_items::table)
        .values((
            disposal_items::id.eq(Id::<kaa::domain::id::DisposalItem>::fresh()),
            disposal_items::run_id.eq(run),
            disposal_items::class.eq(DisposalClass::YouthFile),
            disposal_items::subject_id.eq(youth),
            disposal_items::youth_id.eq(Some(youth)),
            disposal_items::anchor_on.eq(day),
            disposal_items::due_on.eq(day),
        ))
        .execute(&mut conn)
        .unwrap();
    run.to_string()
}

fn work_hours(app: &TestApp) -> String {
    let hours = json!({"workedOn": "2026-11-23", "minutes": 60, "kind": "meeting"});
    app.post(Ambassador, "/work-hours", hours).expect(201).id()
}

fn week_approval(app: &TestApp) -> String {
    let week = json!({"userId": app.world.user(Ambassador), "week": "2026-W48"});
    app.post(Socionom, "/week-approvals", week).expect(201).id()
}

fn gather(app: &TestApp, youth: Id<Youth>) -> Story {
    let mut conn = app.db();
    let mut ids: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (parameter, tables) in TABLES {
        let found: Vec<String> = tables
            .iter()
            .flat_map(|table| {
                let found = ids_in(&mut conn, table, youth);
                assert!(!found.is_empty(), "the youth has no record in {table}");
                found
            })
            .collect();
        ids.insert(parameter, found);
    }
    ids.insert("youthId", vec![youth.to_string()]);
    let mut all: BTreeSet<String> = tables_about_youths(&mut conn)
        .iter()
        // The log and its reviews have ids of their own, which are no secret.
        .filter(|table| !table.starts_with("audit_") && !table.starts_with("log_review"))
        .flat_map(|table| ids_in(&mut conn, table, youth))
        .collect();
    all.insert(youth.to_string());
    let plan = format!("/youths/{youth}/plan-revisions");
    let plan = app.get(Socionom, &plan).expect(200);
    let follow_up = plan.body["planRevisions"][0]["followUps"][0]["id"].as_str();
    all.insert(follow_up.unwrap().to_owned());
    ids.insert("planFollowUpId", vec![follow_up.unwrap().to_owned()]);
    let session = session_of(&mut conn, youth).unwrap();
    ids.insert("outreachSessionId", vec![session]);
    ids.insert("workHoursId", vec![work_hours(app)]);
    ids.insert("weekApprovalId", vec![week_approval(app)]);
    let feed = app.send(Socionom, "PUT", "/me/calendar-feed", &[], None);
    let address = feed.expect(200).body["address"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, token) = address.rsplit_once('/').unwrap();
    ids.insert("feedToken", vec![token.to_owned()]);
    Story { youth, ids, all }
}

// --- The walk --------------------------------------------------------------------------------------------------------------

/// What some words are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Secret {
    Person,
    Closed,
    Texts,
    Ids,
}

impl Story {
    /// Which secrets stand in an answer.
    fn found_in(&self, answer: &Answer) -> BTreeSet<Secret> {
        // A list repeats in its links what it was asked for.
        let asked_for = format!("youthId={}", self.youth);
        let said = String::from_utf8_lossy(&answer.bytes).replace(&asked_for, "");
        let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let mut found = BTreeSet::new();
        for (secret, words) in [
            (Secret::Person, PERSON),
            (Secret::Closed, CLOSED),
            (Secret::Texts, TEXTS),
        ] {
            if any(words) {
                found.insert(secret);
            }
        }
        if self.all.iter().any(|id| said.contains(id.as_str())) {
            found.insert(Secret::Ids);
        }
        found
    }

    /// The addresses of a route: with each record of the youth in it, or as it is.
    fn addresses(&self, app: &TestApp, route: &Route) -> Vec<String> {
        let mut addresses = vec![route.path.to_owned()];
        for parameter in parameters(route) {
            let fixed = match parameter {
                "unitId" => vec![app.world.unit.to_string()],
                "userId" => vec![app.world.user(Socionom).to_string()],
                "sessionId" | "importDecisionId" => {
                    vec![uuid::Uuid::now_v7().to_string()]
                }
                _ => Vec::new(),
            };
            let ids = self.ids.get(parameter).unwrap_or(&fixed);
            assert!(
                !ids.is_empty(),
                "{parameter} stands for nothing here: see TABLES"
            );
            let hole = format!("{{{parameter}}}");
            addresses = addresses
                .iter()
                .flat_map(|address| ids.iter().map(|id| address.replace(&hole, id)))
                .collect();
        }
        if route.method == Method::Get && takes_youth(route) {
            addresses.push(format!("{}?youthId={}", route.path, self.youth));
        }
        addresses
    }
}

/// Whether the contract lets the list be narrowed to a youth.
fn takes_youth(route: &Route) -> bool {
    let operation = &DOCUMENT["paths"][route.path]["get"];
    operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|parameter| parameter["name"] == "youthId" && parameter["in"] == "query")
}

/// What a list cannot be asked for without.
fn with_query(route: &Route, address: &str) -> Vec<String> {
    let and = if address.contains('?') { '&' } else { '?' };
    match route.operation {
        Operation::ListForgottenYouths => [
            "never_contacted",
            "not_reached",
            "without_offer",
            "without_handler",
        ]
        .iter()
        .map(|kind| format!("{address}{and}kind={kind}&limit=200"))
        .collect(),
        Operation::ReadWeeklySummary => vec![format!("{address}{and}week=2026-W48")],
        Operation::ListTasks => vec![
            format!("{address}{and}includeLater=true&limit=200"),
            format!("{address}{and}ofUnit=true&includeLater=true&limit=200"),
        ],
        _ if route.is_list() => vec![format!("{address}{and}limit=200")],
        _ => vec![address.to_owned()],
    }
}

/// Bodies to ask with, where a read takes one.
fn bodies(route: &Route) -> Vec<Value> {
    match route.operation {
        Operation::SearchYouths => vec![
            json!({"name": "Xylia"}),
            json!({"name": "dunkelgren x"}),
            json!({"identityNumber": NUMBER}),
        ],
        _ => vec![json!({})],
    }
}

/// Would sign the personas out, change the settings under the test, or move the youth.
const NOT_WALKED: &[Operation] = &[
    Operation::SignOut,
    Operation::EndMySession,
    Operation::EndMySessions,
    Operation::EndUserSessions,
    Operation::ResetSecondFactor,
    Operation::RotateSigningKey,
    Operation::IssuePasswordReset,
    // Would take the calendar away under the walk.
    Operation::MakeCalendarFeed,
    Operation::RevokeCalendarFeed,
];

fn ask(app: &TestApp, persona: Persona, route: &Route, address: &str) -> Vec<Answer> {
    let version = [("If-Match", "\"999\"")];
    let headers: &[(&str, &str)] = if route.needs_version { &version } else { &[] };
    let send = |body| app.send(persona, route.method.name(), address, headers, body);
    match route.accepts {
        Accepts::Nothing => vec![send(None)],
        Accepts::Json | Accepts::MergePatch => bodies(route)
            .into_iter()
            .map(|body| send(Some(body)))
            .collect(),
        Accepts::Roster | Accepts::Values => {
            vec![app.send_bytes(
                persona,
                route.method.name(),
                address,
                headers,
                Some("text/csv"),
                Some(roster().into_bytes()),
            )]
        }
    }
}

fn roster() -> String {
    format!(
        "personnummer;förnamn;efternamn;gatuadress;postnummer;postort;telefon;skyddsmarkering;status\n\
         {NUMBER};Annat;Namn;Storgatan 1;172 60;Sundbyberg;;Ingen;avbrott gymnasium\n"
    )
}

/// Whether a route names a record, so that what is protected is looked for by somebody who knows of it.
fn names_a_record(address: &str, story: &Story) -> bool {
    story.all.iter().any(|id| address.contains(id.as_str()))
}

/// What somebody may be told of a protected youth by an address (domain 4.4).
fn may_be_told(persona: Persona, route: &Route, is_by_record: bool) -> &'static [Secret] {
    use Secret::{Ids, Person, Texts};
    let is_of_log = matches!(
        route.operation,
        Operation::ListAuditEvents
            | Operation::ReadAccessReport
            | Operation::ListLogReviews
            | Operation::ReadLogReview
            | Operation::CreateLogReview
            | Operation::ListLogReviewRows
            | Operation::ReadLogReviewRow
            | Operation::ListLogFollowUps
    );
    let is_of_grants = matches!(
        route.operation,
        Operation::ListAccessGrants | Operation::ReadAccessGrant
    );
    match persona {
        // Assigned: by the youth and by search all but what is closed; on the own work list, what is to be done, by id.
        Socionom => match route.operation {
            Operation::SearchYouths => &[Ids, Person],
            Operation::ListTasks => &[Ids],
            _ if is_of_grants => &[Ids, Texts],
            // Whoever received it has what they received.
            Operation::ListSchoolNotifications => &[Ids, Person, Texts],
            _ if is_by_record => &[Ids, Person, Texts],
            _ => &[],
        },
        // The chief finds and opens, and is told of no place; a list tells of nobody but by what is the chief's to do.
        Enhetschef => match route.operation {
            Operation::SearchYouths => &[Ids, Person],
            Operation::ListTasks | Operation::ListDisposalItems => &[Ids],
            // Who a row of a roster turned out to be.
            Operation::ListImportRows => &[Ids],
            _ if is_of_log || is_of_grants => &[Ids, Texts],
            _ if is_by_record => &[Ids, Person, Texts],
            _ => &[],
        },
        // Who has looked at whom, by id, and why a glass was broken.
        Loggranskare if is_of_log || is_of_grants => &[Ids, Texts],
        // To whose unit a youth is to be moved: that it is so, and no name.
        EnhetschefElsewhere => match route.operation {
            Operation::ListTasks
            | Operation::ReadTask
            | Operation::ReadTransfer
            | Operation::ReassignTask => &[Ids, Texts],
            // Of the own unit, and so also that it was told of this.
            _ if is_of_log => &[Ids],
            _ => &[],
        },
        _ => &[],
    }
}

fn walk(app: &TestApp, story: &Story, level: ProtectionLevel) {
    let mut problems = Vec::new();
    for route in ROUTES {
        if NOT_WALKED.contains(&route.operation) {
            continue;
        }
        for address in story.addresses(app, route) {
            let is_by_record = names_a_record(&address, story);
            for address in with_query(route, &address) {
                for persona in Persona::ALL {
                    let allowed = may_be_told(*persona, route, is_by_record);
                    for answer in ask(app, *persona, route, &address) {
                        assert!(answer.status < 500, "{}: {}", answer.asked, answer.body);
                        let found = story.found_in(&answer);
                        let told: Vec<_> = found.iter().filter(|s| !allowed.contains(s)).collect();
                        if !told.is_empty() {
                            problems.push(format!("{} tells {told:?}", answer.asked));
                        }
                    }
                }
            }
        }
    }
    problems.sort();
    problems.dedup();
    assert!(
        problems.is_empty(),
        "{}:\n{}",
        level.code(),
        problems.join("\n")
    );
}

// --- Counts ----------------------------------------------------------------------------------------------------------------

/// Lists that tell of the story for another reason than the youth: whoever acts sees their own deeds in them.
const TELLS_OF_DEEDS: &[Operation] = &[
    Operation::ListAuditEvents,
    Operation::ListLogReviews,
    Operation::ListLogFollowUps,
    Operation::ListAccessGrants,
    Operation::ListImports,
    Operation::ListOutreachSessions,
    Operation::ReadMyCalendarFeed,
    Operation::ListTargetGroupRuns,
    Operation::ReadSettings,
];

/// What everybody gets who asks for lists and counts of all.
fn counted(app: &TestApp) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    let routes = ROUTES.iter().filter(|route| {
        route.method == Method::Get
            && parameters(route).is_empty()
            && !TELLS_OF_DEEDS.contains(&route.operation)
    });
    for route in routes {
        for address in with_query(route, route.path) {
            for persona in Persona::ALL {
                let is_entitled = matches!(persona, Socionom | Enhetschef | EnhetschefElsewhere);
                if route.operation == Operation::ListTasks && is_entitled
                    || route.operation == Operation::ListSchoolNotifications && *persona == Socionom
                {
                    continue;
                }
                let answer = app.get(*persona, &address);
                let body = match answer.body {
                    Value::Null => json!(String::from_utf8_lossy(&answer.bytes)),
                    _ => answer.without_instance(),
                };
                answers.insert(answer.asked, body);
            }
        }
    }
    answers
}

fn run_counts(app: &TestApp) -> Value {
    let run = app.post(Syv, "/target-group-runs", json!({})).expect(201);
    run.body["counts"].clone()
}

/// So many others that what is counted of one more would show.
fn others(app: &TestApp) {
    for place in 0..30 {
        // On many days, so that not all of them are likely one and the same.
        let born = format!("2010-02-{:02}", place % 28 + 1);
        let person = json!({"givenName": "Någon", "familyName": "Annan", "birthDate": born, "area": "Gemensamma"});
        let youth = app.post(Syv, "/youths", person).expect(201).id();
        let open =
            json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
        let path = format!("/youths/{youth}/episodes");
        app.post(Syv, &path, open).expect(201);
        let contact = json!({"channel": "sms", "result": if place % 2 == 0 { "reached" } else { "no_answer" }});
        app.post(Syv, &format!("/youths/{youth}/contacts"), contact)
            .expect(201);
    }
}

fn check(app: &TestApp, level: ProtectionLevel) {
    others(app);
    let offer = place(app);
    // What the others are owed is there already.
    run_counts(app);
    let counts = run_counts(app);
    let before = counted(app);
    let youth = tell(app, &XYLIA);
    protect(app, youth, level);
    tell_more(app, youth);
    assert_eq!(run_counts(app), counts, "a run counts who is protected");
    let after = counted(app);
    for (asked, body) in &before {
        assert_eq!(
            after.get(asked),
            Some(body),
            "{} ({}) is told otherwise",
            asked,
            level.code()
        );
    }
    let disposal = db_disposal(app, youth);
    let mut story = gather(app, youth);
    story.ids.insert("disposalRunId", vec![disposal]);
    let offer = app
        .get(Syv, &format!("/placement-offers/{offer}"))
        .expect(200);
    for (parameter, id) in [
        ("placementOfferId", &offer.body["id"]),
        ("organisationId", &offer.body["organisationId"]),
        ("contactPersonId", &offer.body["supervisorId"]),
    ] {
        let id = id.as_str().unwrap().to_owned();
        story.ids.insert(parameter, vec![id]);
    }
    // Somebody who does not know of the youth sends a roster with the number in it, under another name.
    let sent = app.send_bytes(
        Syv,
        "POST",
        // Of a minimal record there is no number: whoever sends it registers somebody else.
        if level.is_minimal() {
            "/imports?asOf=2026-11-24"
        } else {
            "/imports?asOf=2026-11-24&isApplied=true"
        },
        &[],
        Some("text/csv"),
        Some(roster().into_bytes()),
    );
    let import = sent.expect(201).id();
    story.ids.insert("importId", vec![import]);
    let review = json!({"fromOn": "2026-11-01", "toOn": "2026-11-24", "unitId": app.world.unit});
    let review = app
        .post(Loggranskare, "/log-reviews", review)
        .expect(201)
        .id();
    let rows = app
        .get(
            Loggranskare,
            &format!("/log-reviews/{review}/rows?limit=200"),
        )
        .expect(200);
    // Whatever is done with a protected identity is in the sample.
    let is_drawn = |row: &Value| {
        let about = &row["event"]["subjects"];
        let is_about = about
            .as_array()
            .into_iter()
            .flatten()
            .any(|subject| subject["youthId"] == json!(youth));
        let reasons = row["reasons"].as_array().unwrap();
        is_about && reasons.contains(&json!("protected_identity"))
    };
    let drawn = rows.body["logReviewRows"].as_array().unwrap();
    let drawn: Vec<&Value> = drawn.iter().filter(|row| is_drawn(row)).collect();
    assert!(drawn.len() > 10, "{}", drawn.len());
    let row = drawn[0]["id"].as_str().unwrap().to_owned();
    story.ids.insert("logReviewId", vec![review]);
    story.ids.insert("logReviewRowId", vec![row]);
    let runs = app.get(Syv, "/target-group-runs").expect(200);
    let run = runs.body["runs"][0]["id"].as_str().unwrap().to_owned();
    story.ids.insert("targetGroupRunId", vec![run]);
    let goal = crate::goals::enter(app, crate::goals::unemployment());
    let known = json!({"year": 2017, "period": "full_year", "value": -1});
    let known = crate::goals::value(app, &goal, known);
    let activity = json!({"title": "Sommarjobb", "responsibleUnit": "Arbetsmarknadsenheten"});
    let activities = format!("/goals/{goal}/activities");
    let activity = app.post(Enhetschef, &activities, activity).expect(201).id();
    let cost = json!({"year": 2025, "period": "full_year", "amount": 1_000_000, "covers": "Lön"});
    let cost = app.post(Enhetschef, "/statistics/costs", cost).expect(201);
    story.ids.insert("goalId", vec![goal]);
    story.ids.insert("goalValueId", vec![known]);
    story.ids.insert("goalActivityId", vec![activity]);
    story.ids.insert("costId", vec![cost.id()]);
    let file = crate::national_files::of_the_first_half(app);
    story.ids.insert("nationalFileId", vec![file]);
    let (job, release) = crate::statistics_releases::make(app, "tertial_1");
    story.ids.insert("jobId", vec![job]);
    let youths = format!("/statistics/releases/{release}");
    let youths = app.get(Enhetschef, &youths).expect(200);
    let table = youths.body["document"]["tables"][0]["name"].as_str();
    story
        .ids
        .insert("tableName", vec![table.unwrap().to_owned()]);
    story.ids.insert("statisticsReleaseId", vec![release]);
    walk(app, &story, level);
    // The same walk finds all of it where nobody is protected: it is not blind.
    diesel::update(youths::table.find(youth))
        .set(youths::protection_level.eq(ProtectionLevel::None))
        .execute(&mut app.db())
        .unwrap();
    let mut seen: BTreeMap<Secret, usize> = BTreeMap::new();
    let mut blind = Vec::new();
    for route in ROUTES.iter().filter(|route| route.method == Method::Get) {
        let mut is_reached = false;
        for address in story.addresses(app, route) {
            for address in with_query(route, &address) {
                for persona in [Syv, Socionom, Enhetschef, Administrator, Loggranskare] {
                    for answer in ask(app, persona, route, &address) {
                        is_reached |= answer.status == 200;
                        for secret in story.found_in(&answer) {
                            *seen.entry(secret).or_default() += 1;
                        }
                    }
                }
            }
        }
        // A decision was not asked for here; the refused rows go back to whoever sent them; an extract is not handed over
        // once something has changed, which it has here.
        let is_elsewhere = matches!(
            route.operation,
            Operation::ReadImportDecision
                | Operation::ReadRefusedRows
                | Operation::ReadRegisterExtractContent
                | Operation::ReadRegisterExtractPrintout
        );
        if !is_reached && !is_elsewhere {
            blind.push(route.operation.name());
        }
    }
    assert!(blind.is_empty(), "nobody got through to {blind:?}");
    for secret in [Secret::Person, Secret::Closed, Secret::Texts, Secret::Ids] {
        let times = seen.get(&secret).copied().unwrap_or_default();
        // A minimal record holds little that could be seen.
        let least = if level.is_minimal() { 1 } else { 6 };
        assert!(times >= least, "{seen:?}");
    }
    let now = counted(app);
    for (what, is_told) in [
        ("weekly-summary", true),
        ("/youths?", true),
        ("GET /me", false),
    ] {
        let differs = before
            .iter()
            .any(|(asked, body)| asked.contains(what) && now.get(asked) != Some(body));
        assert_eq!(differs, is_told, "{what}: is one more counted?");
    }
    let everybody = app.get(Syv, "/youths?limit=200").expect(200);
    assert!(everybody.column("youths", "id").contains(&json!(youth)));
}

with_app!(
    a_confidentiality_marking_tells_nobody_who_may_not_know_anything,
    |app| check(&app, ProtectionLevel::ConfidentialityMarking)
);

with_app!(
    a_protected_registration_tells_nobody_who_may_not_know_anything,
    |app| check(&app, ProtectionLevel::ProtectedRegistration)
);

with_app!(
    a_minimal_record_tells_nobody_who_may_not_know_anything,
    |app| check(&app, ProtectionLevel::HandledOutside)
);

#[test]
fn every_level_is_walked_and_every_parameter_is_known() {
    let walked = [
        ProtectionLevel::None,
        ProtectionLevel::ConfidentialityMarking,
        ProtectionLevel::ProtectedRegistration,
        ProtectionLevel::HandledOutside,
    ];
    assert_eq!(ProtectionLevel::ALL, walked);
    for parameter in ROUTES.iter().flat_map(parameters) {
        let is_known = TABLES.iter().any(|(name, _)| *name == parameter)
            || NOT_OF_A_YOUTH.contains(&parameter);
        assert!(is_known, "{parameter}: which records does it stand for?");
    }
}

// --- Old answers -----------------------------------------------------------------------------------------------------------

with_app!(
    an_old_answer_does_not_give_back_what_a_protected_identity_closes,
    |app| {
        let alva = app.world.alva;
        let send = |key: &str, path: &str, body: &Value| {
            app.send(
                Socionom,
                "POST",
                &format!("/youths/{alva}/{path}"),
                &[("Idempotency-Key", &format!("\"{key}\""))],
                Some(body.clone()),
            )
        };
        let school = json!({"schoolType": "GY", "programmeKind": "national", "startsOn": "2025-08-20", "school": "Gömskolan", "source": "school"});
        let deeds = [
            (
                "a",
                "contacts",
                json!({"channel": "home_visit", "result": "reached", "place": "Gömplatsen", "note": "Ses igen"}),
                "place",
                "note",
            ),
            (
                "b",
                "occupations",
                json!({"kind": "studies", "source": "school", "place": "Gömplatsen"}),
                "place",
                "kind",
            ),
            ("c", "enrolments", school, "school", "startsOn"),
        ];
        for (key, path, body, closed, open) in &deeds {
            let made = send(key, path, body).expect(201);
            assert!(made.body.get(*closed).is_some() && made.body.get(*open).is_some());
        }
        let youth = format!("/youths/{alva}");
        let version = app.get(Socionom, &youth).expect(200).version();
        let mark = json!({"protectionLevel": "confidentiality_marking"});
        app.patch(Socionom, &youth, version, mark).expect(200);
        for (key, path, body, closed, open) in &deeds {
            let again = send(key, path, body).expect(201);
            assert!(again.body.get(*closed).is_none(), "{}", again.body);
            assert_eq!(again.body.get(*open), send(key, path, body).body.get(*open));
            assert!(again.body.get(*open).is_some());
            let said = String::from_utf8_lossy(&again.bytes).into_owned();
            assert!(!said.contains("Göm"), "{said}");
        }
        // With a reason, and as long as it runs, it is there.
        let glass = json!({"purpose": "protected_address", "reason": "Ska hem till familjen", "minutes": 5});
        app.post(Socionom, &format!("{youth}/access-grants"), glass)
            .expect(201);
        let (key, path, body, closed, _) = &deeds[0];
        assert!(
            send(key, path, body)
                .expect(201)
                .body
                .get(*closed)
                .is_some()
        );
    }
);

with_app!(
    what_a_protected_identity_closes_is_not_written_unread,
    |app| {
        let pia = format!("/youths/{}", app.world.pia);
        let read = app.get(Socionom, &pia).expect(200);
        for closed in ["addresses", "area", "phones", "guardians", "schoolStatus"] {
            assert!(read.body.get(closed).is_none(), "{closed}");
        }
        let phones = json!({"phones": [{"kind": "mobile", "number": "070-174 06 51"}]});
        let told = app
            .patch(Socionom, &pia, read.version(), phones.clone())
            .problem(403, "forbidden-field");
        assert_eq!(told[0].0, "/phones");
        // To empty it takes no reading.
        let emptied = app
            .patch(Socionom, &pia, read.version(), json!({"area": null}))
            .expect(200);
        let glass = json!({"purpose": "protected_address", "reason": "Nytt nummer att ringa", "minutes": 5});
        app.post(Socionom, &format!("{pia}/access-grants"), glass)
            .expect(201);
        let opened = app
            .patch(Socionom, &pia, emptied.version(), phones)
            .expect(200);
        assert_eq!(opened.body["phones"][0]["number"], "070-174 06 51");
        assert!(opened.body["guardians"].is_array());
    }
);

// --- Minimal records -------------------------------------------------------------------------------------------------------

with_app!(a_minimal_record_forgets_what_it_may_not_hold, |app| {
    let alva = format!("/youths/{}", app.world.alva);
    let version = app.get(Socionom, &alva).expect(200).version();
    let mark = json!({"protectionLevel": "handled_outside"});
    let told = app
        .patch(Socionom, &alva, version, mark)
        .problem(422, "validation-failed");
    let pointers: Vec<&str> = told.iter().map(|(pointer, _)| pointer.as_str()).collect();
    for field in [
        "/identityNumber",
        "/area",
        "/addresses",
        "/phones",
        "/guardians",
        "/schoolStatus",
    ] {
        assert!(pointers.contains(&field), "{field}: {pointers:?}");
    }
    let mut patch = json!({"protectionLevel": "handled_outside", "givenName": "Pseudonym", "familyName": "Sju"});
    for field in NOT_IN_MINIMAL {
        patch[*field] = Value::Null;
    }
    app.patch(Socionom, &alva, version, patch).expect(200);
    // By number or by name nobody finds who it is, not even who marked it.
    for sought in [
        json!({"identityNumber": crate::support::world::ALVA_NUMBER}),
        json!({"name": "Lindqvist"}),
        json!({"name": "Alva"}),
    ] {
        // The chief does not search by number at all.
        let by_number = sought.get("identityNumber").is_some();
        for persona in [Socionom, if by_number { Socionom } else { Enhetschef }] {
            let found = app
                .post(persona, "/youths/search", sought.clone())
                .expect(200);
            assert!(found.column("youths", "id").is_empty(), "{sought}");
        }
    }
    let found = app
        .post(Socionom, "/youths/search", json!({"name": "Pseudonym"}))
        .expect(200);
    assert_eq!(found.column("youths", "id"), [json!(app.world.alva)]);
    // Nor does the history tell.
    let history = app.get(Socionom, &format!("{alva}/versions")).expect(200);
    let said = String::from_utf8_lossy(&history.bytes).into_owned();
    assert!(!said.contains("Alva") && !said.contains("Lindqvist") && !said.contains("2009-01-05"));
});

// --- Nobody's ----------------------------------------------------------------------------------------------------------------

with_app!(
    whom_nobody_is_assigned_to_the_chief_is_told_of_without_a_name,
    |app| {
        let path = "/youths/unassigned-protected";
        let none = app.get(Enhetschef, path).expect(200);
        assert!(
            none.column("unassignedYouths", "id").is_empty(),
            "the socionom has her"
        );
        let yesterday = Timestamp::of(app.clock.now() - chrono::Duration::days(1));
        diesel::update(assignments::table.filter(assignments::youth_id.eq(app.world.pia)))
            .set(assignments::ends_at.eq(Some(yesterday)))
            .execute(&mut app.db())
            .unwrap();
        let told = app.get(Enhetschef, path).expect(200);
        let row = json!({"id": app.world.pia, "unitId": app.world.unit, "protectionLevel": "confidentiality_marking"});
        let mut found = told.body["unassignedYouths"].clone();
        for member in found.as_array_mut().unwrap() {
            member.as_object_mut().unwrap().remove("_links");
        }
        assert_eq!(found, json!([row]));
        let event = app.db_last_event("listUnassignedProtected");
        assert_eq!(event.subjects[0].0, Some(app.world.pia));
        assert_eq!(event.subjects[0].2, "id,unitId,protectionLevel");
        let elsewhere = app.get(EnhetschefElsewhere, path).expect(200);
        assert!(elsewhere.column("unassignedYouths", "id").is_empty());
        for persona in [Syv, Socionom, Loggranskare, Administrator] {
            app.get(persona, path).problem(403, "forbidden");
        }
        app.get(Nobody, path).problem(401, "unauthenticated");
    }
);
