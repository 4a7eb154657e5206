//! Disposal over HTTP and by the command line: nothing goes that nobody decided on, that is held back, that is followed, or that
//! the archive was not given as it is; what goes leaves no trace but a receipt; and one person alone can erase nothing.

use crate::database::columns;
use crate::enciphering::dump;
use crate::protected_identity::{CLOSED, PERSON, XYLIA, protect, tell_more};
use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
    Ungdomskonsulent,
};
use crate::support::app::Answer;
use crate::support::story::{ids_in, place, tables_about_youths, tell};
use crate::support::world::Persona;
use crate::support::{TestApp, keys_text, run_program};
use crate::with_app;
use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use kaa::db::Conn;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::enciphering::open_all;
use kaa::db::schema::{episodes, sessions, users, youths};
use kaa::db::types::Timestamp;
use kaa::domain::codes::ProtectionLevel;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Twelve years, after which the youth of the story is 28.
const LATER: i64 = 12 * 366;

fn decide(app: &TestApp, policies: Value) -> Answer {
    let version = app.get(Administrator, "/settings").expect(200).version();
    app.patch(
        Administrator,
        "/settings",
        version,
        json!({"retentionPolicies": policies}),
    )
}

fn policy(class: &str, anchor: &str, months: u32, is_archived: bool) -> Value {
    json!({
        "class": class, "anchor": anchor, "months": months, "isArchived": is_archived,
        "decisionReference": "BUN 2026/114", "decidedOn": "2026-03-18",
    })
}

fn decide_on_youths(app: &TestApp, is_archived: bool) {
    decide(
        app,
        json!([
            policy("youth_file", "last_note", 60, is_archived),
            policy("protected_compartment", "case_closed", 60, is_archived),
        ]),
    )
    .expect(200);
}

/// Time in which nobody is signed out.
fn wait(app: &mut TestApp, days: i64) {
    let until = Timestamp::of(app.clock.now() + Duration::days(days + 30));
    diesel::update(sessions::table)
        .set(sessions::expires_at.eq(until))
        .execute(&mut app.db())
        .unwrap();
    app.pass(Duration::days(days));
}

/// Keeps the one youth of the world who is in no episode out of every run.
fn hold_olle(app: &TestApp) {
    let held = json!({"ground": "research", "reason": "Hör till kommunens urval för forskning."});
    let path = format!("/youths/{}/disposal-holds", app.world.olle);
    app.post(Enhetschef, &path, held).expect(201);
}

/// A youth with a record of every kind, whose case is closed, and nobody else whose data could go.
fn closed_case(app: &TestApp) -> Id<Youth> {
    hold_olle(app);
    let youth = tell(app, &XYLIA);
    close_case(app, youth);
    youth
}

fn close_case(app: &TestApp, youth: Id<Youth>) {
    diesel::update(episodes::table.filter(episodes::youth_id.eq(youth)))
        .set(episodes::exited_on.eq(Some(app.clock.now().date_naive())))
        .execute(&mut app.db())
        .unwrap();
}

fn propose(app: &TestApp, is_of_protected: bool) -> Answer {
    let asked = json!({"isOfProtected": is_of_protected});
    app.post(Enhetschef, "/disposal-runs", asked)
}

fn step(app: &TestApp, persona: Persona, run: &str, what: &str) -> Answer {
    let path = format!("/disposal-runs/{run}");
    // Of what the person may not read, any version will do.
    let version = app.get(Enhetschef, &path).expect(200).version();
    app.send(
        persona,
        "POST",
        &format!("{path}/{what}"),
        &[("If-Match", &format!("\"{version}\""))],
        None,
    )
}

fn archive(app: &TestApp, run: &str, file: &std::path::Path) -> (i32, String) {
    run_program(
        &app.location(),
        &[("KAA_KEYS_TEXT", &keys_text())],
        &["disposal", "archive", run, file.to_str().unwrap()],
    )
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// Rows by table.
fn counts(app: &TestApp) -> BTreeMap<String, i64> {
    let mut conn = app.db();
    let mut tables: Vec<String> = columns(&mut conn)
        .into_iter()
        .map(|column| column.table_name)
        .collect();
    tables.dedup();
    tables
        .into_iter()
        .map(|table| {
            let sql = format!("SELECT COUNT(*) AS many FROM {table}");
            let counted: Counted = diesel::sql_query(sql).get_result(&mut conn).unwrap();
            (table, counted.many)
        })
        .collect()
}

/// The columns, but those of the log, in which one of these ids stands.
fn places_of(conn: &mut Conn, ids: &[String]) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let mut places = Vec::new();
    for column in columns(conn) {
        let (table, name) = (&column.table_name, &column.column_name);
        if table.starts_with("audit_") {
            continue;
        }
        let text = match conn {
            Conn::Pg(_) => format!("lower({name}::text)"),
            Conn::Sqlite(_) => {
                format!(
                    "CASE typeof({name}) WHEN 'blob' THEN lower(hex({name})) ELSE lower({name}) END"
                )
            }
        };
        let sql = format!("SELECT DISTINCT {text} AS line FROM {table} WHERE {name} IS NOT NULL");
        let lines: Vec<Line> = diesel::sql_query(sql).load(conn).unwrap();
        let is_there = |id: &String| {
            let bare = id.replace('-', "");
            lines
                .iter()
                .any(|row| row.line.contains(id.as_str()) || row.line.contains(&bare))
        };
        if ids.iter().any(is_there) {
            places.push(format!("{table}.{name}"));
        }
    }
    places
}

/// Every id of a record of a youth, and the youth's.
fn ids_of(app: &TestApp, youth: Id<Youth>) -> Vec<String> {
    let mut conn = app.db();
    let mut ids: Vec<String> = tables_about_youths(&mut conn)
        .iter()
        .filter(|table| !table.starts_with("audit_"))
        .flat_map(|table| ids_in(&mut conn, table, youth))
        .collect();
    ids.push(youth.to_string());
    ids
}

with_app!(
    what_nobody_has_decided_on_is_never_disposed_of,
    |mut app| {
        closed_case(&app);
        wait(&mut app, 60 * 366);
        for persona in [
            Syv,
            Ungdomskonsulent,
            Socionom,
            Enhetschef,
            Administrator,
            Loggranskare,
        ] {
            let told = app.get(persona, "/retention-policies").expect(200);
            let decided = told.column("retentionPolicies", "isDecided");
            assert_eq!(decided, vec![json!(false); 5], "{persona:?}");
        }
        app.get(Ambassador, "/retention-policies")
            .problem(403, "forbidden");
        propose(&app, false).problem(409, "nothing-to-dispose");
        propose(&app, true).problem(409, "nothing-to-dispose");
        // The file alone is not enough: the compartment that it would take along has no period.
        decide(&app, json!([policy("youth_file", "last_note", 60, false)])).expect(200);
        let told = app.get(Syv, "/retention-policies").expect(200);
        assert_eq!(told.body["retentionPolicies"][0]["months"], 60);
        assert_eq!(told.body["retentionPolicies"][0]["isDecided"], true);
        propose(&app, false).problem(409, "nothing-to-dispose");
    }
);

with_app!(a_policy_says_what_is_wrong_with_it, |app| {
    let odd = json!([
        {"class": "youth_file", "anchor": "handled", "months": 60, "isArchived": true, "decisionReference": "BUN 1", "decidedOn": "2026-01-01"},
        {"class": "access_log", "months": 60, "isArchived": false, "decisionReference": "BUN 1", "decidedOn": "2026-01-01"},
        {"class": "youth_file", "months": 60, "isArchived": true, "decisionReference": "BUN 1", "decidedOn": "2027-01-01"},
    ]);
    let told: Vec<String> = decide(&app, odd)
        .problem(422, "validation-failed")
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(
        told,
        [
            "/retentionPolicies/0/anchor",
            "/retentionPolicies/1/class",
            "/retentionPolicies/2/class",
            "/retentionPolicies/2/decidedOn",
        ]
    );
    let bare = json!([{"class": "roster_imports", "months": 12}]);
    let told: Vec<String> = decide(&app, bare)
        .problem(422, "validation-failed")
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(
        told,
        [
            "/retentionPolicies/0/isArchived",
            "/retentionPolicies/0/decisionReference",
            "/retentionPolicies/0/decidedOn",
        ]
    );
});

with_app!(
    what_is_disposed_of_is_archived_first_and_leaves_nothing_but_a_receipt,
    |mut app| {
        // The host of the youth's placement stays.
        place(&app);
        let mut before = counts(&app);
        let youth = closed_case(&app);
        // Of the youth who is kept.
        before.insert("disposal_holds".to_owned(), 1);
        let ids = ids_of(&app, youth);
        assert!(ids.len() > 30, "{}", ids.len());
        decide_on_youths(&app, true);
        propose(&app, false).problem(409, "nothing-to-dispose");
        wait(&mut app, LATER);
        let run = propose(&app, false).expect(201);
        let (id, path) = (run.id(), format!("/disposal-runs/{}", run.id()));
        assert_eq!(
            run.body["counts"],
            json!([{"class": "youth_file", "proposed": 1}])
        );
        propose(&app, false).problem(409, "already-exists");
        for persona in [Syv, Socionom, Enhetschef] {
            let items = app.get(persona, &format!("{path}/items")).expect(200);
            assert_eq!(
                items.column("disposalItems", "youthId"),
                [json!(youth)],
                "{persona:?}"
            );
        }
        app.get(EnhetschefElsewhere, &path)
            .problem(404, "not-found");
        app.get(Ungdomskonsulent, &path).problem(403, "forbidden");
        app.get(Loggranskare, &path).expect(200);
        app.get(Loggranskare, &format!("{path}/items"))
            .problem(403, "forbidden");
        // Nobody alone.
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("arkiv.jsonl");
        step(&app, Enhetschef, &id, "execution").problem(409, "disposal-wrong-step");
        step(&app, Enhetschef, &id, "approval").problem(403, "second-person-required");
        let (code, said) = archive(&app, &id, &file);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("has not come that far"), "{said}");
        let stale = [("If-Match", "\"9\"")];
        app.send(Syv, "POST", &format!("{path}/approval"), &stale, None)
            .problem(412, "stale-version");
        step(&app, Syv, &id, "approval").expect(200);
        step(&app, Syv, &id, "execution").problem(403, "forbidden");
        step(&app, Enhetschef, &id, "execution").problem(409, "archive-missing");
        // The archive: everything, in plain, and nothing of others.
        let (code, said) = archive(&app, &id, &file);
        assert_eq!(code, 0, "{said}");
        let content = std::fs::read_to_string(&file).unwrap();
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(content.as_bytes()));
        let archived = app.get(Enhetschef, &path).expect(200);
        assert_eq!(archived.body["archiveSha256"], json!(hash));
        assert!(said.contains(&hash), "{said}");
        for word in [
            "Xylia",
            "201002062394",
            "Hemligtext kontakt",
            "Hemligtext status",
            "Gömstigen 7",
            "Hemligtext utdrag",
        ] {
            assert!(content.contains(word), "{word}");
        }
        assert!(!content.contains("Lindqvist-Björk") && !content.contains("kaa1:"));
        for line in content.lines() {
            serde_json::from_str::<Value>(line).unwrap();
        }
        // A file that is there is not written over.
        let (code, said) = archive(&app, &id, &file);
        assert_eq!(code, 1, "{said}");
        // And then everything goes.
        let executed = step(&app, Enhetschef, &id, "execution").expect(200);
        assert_eq!(executed.body["status"], "executed");
        assert_eq!(
            executed.body["counts"],
            json!([{"class": "youth_file", "proposed": 1, "erased": 1, "kept": 0}])
        );
        let receipt = &executed.body["receipt"];
        assert_eq!(receipt["archiveSha256"], json!(hash));
        assert_eq!(receipt["rows"]["youths"], 1);
        assert!(receipt["rows"]["contacts"].as_i64() >= Some(1));
        for id in &ids {
            assert!(!executed.body.to_string().contains(id.as_str()), "{id}");
        }
        // Nor whether there was something in the compartment: whoever saw the one item would know whose.
        let tables = receipt["rows"].as_object().unwrap();
        let is_secret =
            |table: &String| table.starts_with("protected_") || table == "measure_gates";
        assert!(!tables.keys().any(is_secret), "{receipt}");
        for persona in [Syv, Socionom] {
            let seen = app.get(persona, &path).expect(200);
            assert_eq!(seen.body["status"], "executed");
            assert!(seen.body.get("receipt").is_none(), "{persona:?}");
        }
        assert!(app.get(Loggranskare, &path).expect(200).body["receipt"].is_object());
        app.get(Socionom, &format!("/youths/{youth}"))
            .problem(404, "not-found");
        // No row is left: not one more than before the youth came, but of the log and of what the run itself is.
        let after = counts(&app);
        for (table, many) in &after {
            let may_grow = table.starts_with("audit_")
                || matches!(
                    table.as_str(),
                    // Answers to others, versions of the settings and of the run, the run.
                    "record_versions"
                        | "disposal_runs"
                        // That a session was held, and how many it met.
                        | "outreach_sessions"
                        | "outreach_participants"
                        | "idempotency_keys"
                        | "settings"
                        | "backfills"
                        | "key_checks"
                );
            assert!(
                may_grow || many <= &before[table],
                "{table}: {} before, {many} now",
                before[table]
            );
        }
        // No id is left but in the log, and no word anywhere.
        let mut conn = app.db();
        let tables: Vec<String> = tables_about_youths(&mut conn);
        for table in tables {
            assert!(ids_in(&mut conn, &table, youth).is_empty(), "{table}");
        }
        let left = dump(&mut conn);
        for word in PERSON.iter().chain(CLOSED) {
            assert!(!left.contains(word), "{word}");
        }
        assert_eq!(places_of(&mut conn, &ids), Vec::<String>::new());
        let closed = open_all(
            &mut conn,
            &crate::support::vault(),
            &mut |table, column, text| {
                assert!(!text.contains("Hemligtext"), "{table}.{column}");
                assert!(!text.contains("Dunkelgren"), "{table}.{column}");
            },
        )
        .unwrap();
        assert_eq!(closed, Vec::<String>::new());
        assert!(matches!(verify(&mut conn).unwrap(), Verdict::Whole { .. }));
        // The receipt stays as it is, whoever asks.
        assert!(
            conn.batch_execute("UPDATE disposal_runs SET receipt_sha256 = 'x'")
                .is_err()
        );
        assert!(conn.batch_execute("DELETE FROM disposal_runs").is_err());
        step(&app, Enhetschef, &id, "withdrawal").problem(409, "disposal-wrong-step");
        let event = app.db_last_event("executeDisposal");
        assert!(
            event
                .subjects
                .contains(&(Some(youth), "youths".to_owned(), String::new()))
        );
        // Somebody new with the same number is somebody new.
        let anew = json!({"givenName": "Xylia", "familyName": "Dunkelgren", "identityNumber": "201002062394"});
        app.post(Socionom, "/youths", anew).expect(201);
    }
);

with_app!(whatever_keeps_a_youth_keeps_the_file, |mut app| {
    let youth = closed_case(&app);
    decide_on_youths(&app, false);
    wait(&mut app, LATER);
    let mut conn = app.db();
    let is_proposed = |app: &TestApp| -> bool {
        let answer = propose(app, false);
        if answer.status == 409 {
            return false;
        }
        let id = answer.expect(201).id();
        step(app, Enhetschef, &id, "withdrawal").expect(200);
        true
    };
    assert!(is_proposed(&app));
    // A hold, until it is lifted.
    let held =
        json!({"ground": "dispute", "reason": "Ungdomen har begärt skadestånd av kommunen."});
    let hold = app
        .post(Enhetschef, &format!("/youths/{youth}/disposal-holds"), held)
        .expect(201);
    assert!(!is_proposed(&app));
    let lifted = json!({"liftedOn": "2038-01-01", "liftReason": "Domen har vunnit laga kraft."});
    app.patch(
        Enhetschef,
        &format!("/disposal-holds/{}", hold.id()),
        1,
        lifted,
    )
    .expect(200);
    // Which is a note of its own: the period begins anew.
    assert!(!is_proposed(&app));
    conn.batch_execute("UPDATE disposal_holds SET created_at = (SELECT MIN(created_at) FROM youths), updated_at = (SELECT MIN(created_at) FROM youths)")
        .unwrap();
    assert!(is_proposed(&app));
    // An open episode.
    let set_exit = |conn: &mut Conn, day: Option<&str>| {
        diesel::update(episodes::table.filter(episodes::youth_id.eq(youth)))
            .set(episodes::exited_on.eq(day.map(|day| day.parse::<chrono::NaiveDate>().unwrap())))
            .execute(conn)
            .unwrap();
    };
    set_exit(&mut conn, None);
    assert!(!is_proposed(&app));
    // One that was closed less than the period ago: of the compartment that counts.
    set_exit(&mut conn, Some("2037-01-01"));
    assert!(!is_proposed(&app));
    set_exit(&mut conn, Some("2026-11-24"));
    assert!(is_proposed(&app));
    // Somebody who has not turned 20 is in the register by law, however old the notes.
    let set_birth = |conn: &mut Conn, day: &str| {
        diesel::update(youths::table.find(youth))
            .set(youths::birth_date.eq(day.parse::<chrono::NaiveDate>().unwrap()))
            .execute(conn)
            .unwrap();
    };
    set_birth(&mut conn, "2020-01-01");
    assert!(!is_proposed(&app));
    set_birth(&mut conn, "2010-02-06");
    assert!(is_proposed(&app));
    // A note, wherever it stands.
    app.post(
        Socionom,
        &format!("/youths/{youth}/disclosures"),
        json!({"recipientKind": "health_care", "categories": ["notes"], "means": "phone", "basis": "other", "basisReason": "Ringde själv."}),
    )
    .expect(201);
    assert!(!is_proposed(&app));
});

with_app!(what_changes_on_the_way_stays, |mut app| {
    let youth = closed_case(&app);
    decide_on_youths(&app, true);
    wait(&mut app, LATER);
    let folder = tempfile::tempdir().unwrap();
    let kept = json!([{"class": "youth_file", "proposed": 1, "erased": 0, "kept": 1}]);
    let approved = |app: &TestApp, file: &str| -> String {
        let id = propose(app, false).expect(201).id();
        step(app, Socionom, &id, "approval").expect(200);
        let (code, said) = archive(app, &id, &folder.path().join(file));
        assert_eq!(code, 0, "{said}");
        id
    };
    // Held back after the approval.
    let id = approved(&app, "first");
    let held = json!({"ground": "supervision", "reason": "Tillsynsärende hos Skolinspektionen."});
    let hold = app
        .post(Socionom, &format!("/youths/{youth}/disposal-holds"), held)
        .expect(201)
        .id();
    let executed = step(&app, Enhetschef, &id, "execution").expect(200);
    assert_eq!(executed.body["counts"], kept);
    app.get(Socionom, &format!("/youths/{youth}")).expect(200);
    let mut conn = app.db();
    let gone: Id<kaa::domain::id::DisposalHold> = Id::of(hold.parse().unwrap());
    diesel::delete(
        kaa::db::schema::disposal_holds::table.filter(kaa::db::schema::disposal_holds::id.eq(gone)),
    )
    .execute(&mut conn)
    .unwrap();
    // Changed since the archive was given it, without a trace in any day.
    let id = approved(&app, "second");
    diesel::update(youths::table.find(youth))
        .set(youths::area.eq(Some("Duvbo")))
        .execute(&mut conn)
        .unwrap();
    let executed = step(&app, Enhetschef, &id, "execution").expect(200);
    assert_eq!(executed.body["counts"], kept);
    // No period any more.
    let id = approved(&app, "third");
    decide(&app, json!([])).expect(200);
    let executed = step(&app, Enhetschef, &id, "execution").expect(200);
    assert_eq!(executed.body["counts"], kept);
    app.get(Socionom, &format!("/youths/{youth}")).expect(200);
});

with_app!(
    protected_identities_and_the_compartment_are_the_chiefs_matter,
    |mut app| {
        hold_olle(&app);
        let youth = tell(&app, &XYLIA);
        protect(&app, youth, ProtectionLevel::ConfidentialityMarking);
        tell_more(&app, youth);
        close_case(&app, youth);
        decide_on_youths(&app, false);
        wait(&mut app, LATER);
        propose(&app, false).problem(409, "nothing-to-dispose");
        let run = propose(&app, true).expect(201);
        let (id, path) = (run.id(), format!("/disposal-runs/{}", run.id()));
        for persona in [Syv, Socionom] {
            app.get(persona, &path).problem(404, "not-found");
            app.get(persona, &format!("{path}/items"))
                .problem(404, "not-found");
            step(&app, persona, &id, "approval").problem(404, "not-found");
            let runs = app.get(persona, "/disposal-runs").expect(200);
            assert_eq!(runs.body["disposalRuns"], json!([]));
        }
        let items = app.get(Enhetschef, &format!("{path}/items")).expect(200);
        assert_eq!(items.column("disposalItems", "youthId"), [json!(youth)]);
        // A second chief.
        diesel::update(users::table.find(app.world.user(EnhetschefElsewhere)))
            .set(users::unit_id.eq(Some(app.world.unit)))
            .execute(&mut app.db())
            .unwrap();
        step(&app, EnhetschefElsewhere, &id, "approval").expect(200);
        let executed = step(&app, Enhetschef, &id, "execution").expect(200);
        assert_eq!(
            executed.body["counts"],
            json!([{"class": "youth_file", "proposed": 1, "erased": 1, "kept": 0}])
        );
        app.get(Enhetschef, &format!("/youths/{youth}"))
            .problem(404, "not-found");
    }
);

with_app!(the_compartment_goes_before_the_file, |mut app| {
    let youth = closed_case(&app);
    decide(
        &app,
        json!([
            policy("youth_file", "last_note", 600, false),
            policy("protected_compartment", "last_note", 60, false),
        ]),
    )
    .expect(200);
    wait(&mut app, LATER);
    propose(&app, false).problem(409, "nothing-to-dispose");
    let run = propose(&app, true).expect(201);
    let (id, path) = (run.id(), format!("/disposal-runs/{}", run.id()));
    assert_eq!(
        run.body["counts"],
        json!([{"class": "protected_compartment", "proposed": 1}])
    );
    // Counted, and listed nowhere: whose compartment holds something is a secret.
    let items = app.get(Enhetschef, &format!("{path}/items")).expect(200);
    assert_eq!(items.body["disposalItems"], json!([]));
    diesel::update(users::table.find(app.world.user(EnhetschefElsewhere)))
        .set(users::unit_id.eq(Some(app.world.unit)))
        .execute(&mut app.db())
        .unwrap();
    step(&app, EnhetschefElsewhere, &id, "approval").expect(200);
    let executed = step(&app, Enhetschef, &id, "execution").expect(200);
    let rows = executed.body["receipt"]["rows"]
        .as_object()
        .unwrap()
        .clone();
    assert_eq!(rows["protected_statuses"], 1);
    assert!(
        rows.keys()
            .all(|table| table.starts_with("protected_") || table == "measure_gates")
    );
    let status = app.get(Socionom, &format!("/youths/{youth}/protected-status"));
    assert!(matches!(status.status, 200 | 404), "{}", status.status);
    let told = app.get(Socionom, &format!("/youths/{youth}")).expect(200);
    assert_eq!(told.body["mayStartMeasures"], true);
    let mut closed = 0;
    open_all(
        &mut app.db(),
        &crate::support::vault(),
        &mut |table, _, text| {
            if table.starts_with("protected_") {
                assert!(!text.contains("Hemligtext"), "{table}");
            }
            closed += 1;
        },
    )
    .unwrap();
    assert!(closed > 0);
});

with_app!(
    who_is_proposed_tells_nothing_of_the_compartment,
    |mut app| {
        // Of the two who could go one has something there.
        let youth = tell(&app, &XYLIA);
        close_case(&app, youth);
        wait(&mut app, LATER);
        decide(&app, json!([policy("youth_file", "last_note", 60, false)])).expect(200);
        propose(&app, false).problem(409, "nothing-to-dispose");
        decide_on_youths(&app, false);
        let of_chiefs = propose(&app, true).expect(201).id();
        let run = propose(&app, false).expect(201);
        assert_eq!(
            run.body["counts"],
            json!([{"class": "youth_file", "proposed": 2}])
        );
        step(&app, Syv, &run.id(), "approval").expect(200);
        step(&app, Enhetschef, &run.id(), "execution").expect(200);
        // Of the chiefs' run nothing is left to do.
        diesel::update(users::table.find(app.world.user(EnhetschefElsewhere)))
            .set(users::unit_id.eq(Some(app.world.unit)))
            .execute(&mut app.db())
            .unwrap();
        step(&app, EnhetschefElsewhere, &of_chiefs, "approval").expect(200);
        let executed = step(&app, Enhetschef, &of_chiefs, "execution").expect(200);
        assert_eq!(executed.body["counts"], json!([]));
    }
);

with_app!(
    rosters_and_notifications_go_by_their_own_periods,
    |mut app| {
        let notification = json!({
            "kind": "significant_absence", "identityNumber": "201002062394", "givenName": "Xylia", "familyName": "Dunkelgren",
            "school": "Gömskolan", "schoolType": "GY", "occurredOn": "2026-10-01", "receivedOn": "2026-10-05",
        });
        let mut handled = Vec::new();
        for number in ["201002062394", "201001092392"] {
            let mut one = notification.clone();
            one["identityNumber"] = json!(number);
            handled.push(
                app.post(Socionom, "/school-notifications", one)
                    .expect(201)
                    .id(),
            );
        }
        let outcome = app.send(
            Socionom,
            "POST",
            &format!("/school-notifications/{}/handling", handled[0]),
            &[("If-Match", "\"1\"")],
            Some(json!({"outcome": "no_action", "reason": "Bor i en annan kommun."})),
        );
        outcome.expect(200);
        decide(
            &app,
            json!([
                policy("school_notifications", "handled", 12, false),
                policy("roster_imports", "made", 24, false),
            ]),
        )
        .expect(200);
        wait(&mut app, 380);
        let run = propose(&app, false).expect(201);
        // The one that nobody has handled stays.
        assert_eq!(
            run.body["counts"],
            json!([{"class": "school_notifications", "proposed": 1}])
        );
        step(&app, Syv, &run.id(), "approval").expect(200);
        step(&app, Enhetschef, &run.id(), "execution").expect(200);
        app.get(Socionom, &format!("/school-notifications/{}", handled[0]))
            .problem(404, "not-found");
        app.get(Socionom, &format!("/school-notifications/{}", handled[1]))
            .expect(200);
    }
);

with_app!(no_other_way_erases_what_was_disclosed, |app| {
    closed_case(&app);
    let mut conn = app.db();
    for table in ["disclosures", "protected_disclosures"] {
        let refused = conn.batch_execute(&format!("DELETE FROM {table}"));
        assert!(refused.is_err(), "{table}");
    }
});
