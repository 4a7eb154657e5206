//! The contacts of a unit as a file: what stands in it and what never does, that it holds what the lists hold and no more, that
//! each part is in the log before it is sent, and that a file that breaks off does not pass for a whole one. How fast it goes is
//! measured in `benches/service`.

use crate::on_both;
use crate::support::Persona::{
    self, Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere,
    Loggranskare, Nobody, Socionom, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::{TestApp, TestDatabase};
use crate::with_app;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::Conn;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::audited::{Call, Identity};
use kaa::db::schema::{audit_events, contacts, sessions, youths};
use kaa::db::types::Timestamp;
use kaa::db::usage::Limits;
use kaa::domain::codes::ProtectionLevel;
use kaa::domain::id::{Id, Youth};
use kaa::domain::operation::Operation;
use kaa::error::{ErrorCode, Language};
use kaa::service::contact_export::{continue_contacts, export_contacts};
use kaa::service::form::Form;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The columns of a file of contacts, by name.
const YOUTH: usize = 0;
const CONTACT: usize = 1;

struct File {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
    end: String,
}

fn read(bytes: &[u8]) -> File {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(!text.contains('\u{feff}'), "one mark is enough");
    let mut lines: Vec<Vec<String>> = text
        .split_terminator("\r\n")
        .map(|line| line.split(';').map(str::to_owned).collect())
        .collect();
    let end = lines.pop().unwrap();
    assert!(end[1..].iter().all(String::is_empty), "{end:?}");
    let heading = lines.remove(0);
    assert!(lines.iter().all(|line| line.len() == heading.len()));
    assert_eq!(end.len(), heading.len());
    File {
        heading,
        rows: lines,
        end: end[0].clone(),
    }
}

fn file(app: &TestApp, who: Persona, query: &str) -> File {
    let answer = app.get(who, &format!("/contacts/csv{query}")).expect(200);
    read(&answer.bytes)
}

fn column(file: &File, place: usize) -> Vec<String> {
    file.rows.iter().map(|row| row[place].clone()).collect()
}

/// Contacts with everybody: Alva's by the ambassador, one of everybody else's.
fn tell(app: &TestApp) {
    let note = json!({"channel": "street_outreach", "result": "reached", "note": "Hemligt ord", "place": "Biblioteket", "area": "Rissne",
        "occurredAt": "2026-11-23T14:30:00Z", "minutes": 25, "occupation": "none", "nextContactOn": "2026-11-27"});
    let alva = app.world.alva;
    app.post(Ambassador, &format!("/youths/{alva}/contacts"), note)
        .expect(201);
    for (who, youth) in [
        (Syv, alva),
        (Syv, app.world.bo),
        (Socionom, app.world.pia),
        (SyvElsewhere, app.world.dag),
    ] {
        let attempt =
            json!({"channel": "sms", "result": "no_answer", "occurredAt": "2026-11-20T08:00:00Z"});
        app.post(who, &format!("/youths/{youth}/contacts"), attempt)
            .expect(201);
    }
}

/// What the lists say: every contact that somebody may see, walked page by page.
fn listed(app: &TestApp, who: Persona, query: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut path = format!("/contacts?limit=2{query}");
    loop {
        let page = app.get(who, &path).expect(200);
        let ids = page.column("contacts", "id");
        found.extend(ids.iter().map(|id| id.as_str().unwrap().to_owned()));
        match page.next() {
            Some(next) => path = next.split_once("/kaa/v1").unwrap().1.to_owned(),
            None => return found,
        }
    }
}

with_app!(the_contacts_of_a_unit_are_a_file, |app| {
    tell(&app);
    let told = file(&app, Enhetschef, "");
    assert_eq!(
        told.heading.join(";"),
        "Ungdom;Kontakt;Tid;Medarbetare;Kanal;Riktning;Med vem;Resultat;Minuter;Sysselsättning;Nästa kontakt"
    );
    assert_eq!(told.end, "Slut: 3 kontakter");
    // Of each youth in the order of time, and a talk says how it went.
    let alva = app.world.alva.to_string();
    let of_alva: Vec<_> = told.rows.iter().filter(|row| row[YOUTH] == alva).collect();
    assert_eq!(of_alva.len(), 2);
    assert_eq!(of_alva[0][2], "2026-11-20 09:00");
    let by = app.world.user(Ambassador).to_string();
    assert_eq!(
        of_alva[1][2..],
        [
            "2026-11-23 15:30",
            &by,
            "Uppsökande i stadsmiljö",
            "Vi tog kontakt",
            "Ungdomen",
            "Kontakt",
            "25",
            "Saknar sysselsättning",
            "2026-11-27"
        ]
        .map(str::to_owned)
    );
    assert!(column(&told, YOUTH).is_sorted());
    let answer = app
        .send(
            Enhetschef,
            "GET",
            "/contacts/csv",
            &[("Accept-Language", "en")],
            None,
        )
        .expect(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    assert!(
        answer
            .header("content-disposition")
            .unwrap()
            .contains("kontakter-2026-11-24.csv")
    );
    let english = read(&answer.bytes);
    assert_eq!(english.heading[0], "Youth");
    assert_eq!(english.end, "End: 3 contacts");
    let text = String::from_utf8(answer.bytes).unwrap();
    for word in ["Hemligt", "Biblioteket", "Rissne", "Alva", "Lindqvist"] {
        assert!(!text.contains(word), "{word}");
    }
});

with_app!(a_file_holds_what_the_lists_hold_and_no_more, |app| {
    tell(&app);
    let compare = |who, query: &str| {
        let asked = query.replacen('?', "&", 1);
        let ids = column(&file(&app, who, query), CONTACT);
        let set: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(set.len(), ids.len());
        assert_eq!(set, listed(&app, who, &asked), "{who:?} {query}");
        ids.len()
    };
    let syv = app.world.user(Syv);
    assert_eq!(compare(Enhetschef, ""), 3);
    assert_eq!(compare(EnhetschefElsewhere, ""), 1);
    assert_eq!(compare(Enhetschef, "?from=2026-11-23"), 1);
    assert_eq!(compare(Enhetschef, "?to=2026-11-22"), 2);
    assert_eq!(compare(Enhetschef, "?from=2026-11-21&to=2026-11-22"), 0);
    assert_eq!(compare(Enhetschef, &format!("?authorId={syv}")), 2);
    assert_eq!(compare(Enhetschef, "?channel=sms&result=no_answer"), 2);
    // Nobody with a protected identity, not even for whoever has a reason or is assigned: there is no list of them.
    let dangerous = |level: ProtectionLevel| {
        diesel::update(youths::table.find(app.world.alva))
            .set(youths::protection_level.eq(level))
            .execute(&mut app.db())
            .unwrap();
    };
    dangerous(ProtectionLevel::ProtectedRegistration);
    let grant =
        json!({"purpose": "contact_notes", "reason": "Uppföljning av ett klagomål", "minutes": 10});
    app.post(
        Enhetschef,
        &format!("/youths/{}/access-grants", app.world.alva),
        grant,
    )
    .expect(201);
    assert_eq!(compare(Enhetschef, ""), 1);
    dangerous(ProtectionLevel::None);
    // What is restricted is read, as in the lists; so is what was written by who is chief today.
    let restriction =
        json!({"ground": "accuracy_contested", "reason": "Ungdomen säger att det är fel."});
    app.post(
        Enhetschef,
        &format!("/youths/{}/restrictions", app.world.alva),
        restriction,
    )
    .expect(201);
    diesel::update(contacts::table.filter(contacts::youth_id.eq(app.world.alva)))
        .set(contacts::author_id.eq(app.world.user(Enhetschef)))
        .execute(&mut app.db())
        .unwrap();
    assert_eq!(compare(Enhetschef, ""), 3);
    // A youth takes their contacts along to another unit.
    diesel::update(youths::table.find(app.world.bo))
        .set(youths::unit_id.eq(app.world.unit_elsewhere))
        .execute(&mut app.db())
        .unwrap();
    assert_eq!(compare(Enhetschef, ""), 2);
    assert_eq!(compare(EnhetschefElsewhere, ""), 2);
});

with_app!(the_file_is_for_the_chief, |app| {
    for persona in [
        Ambassador,
        AmbassadorStranger,
        Syv,
        Ungdomskonsulent,
        Socionom,
        SyvElsewhere,
        Administrator,
        Loggranskare,
    ] {
        app.get(persona, "/contacts/csv").problem(403, "forbidden");
        let event = app.db_last_event("exportContacts");
        assert_eq!(event.outcome, "refused");
        assert!(event.subjects.is_empty());
    }
    app.get(Nobody, "/contacts/csv")
        .problem(401, "unauthenticated");
    for (query, name, code) in [
        ("from=2026-13-01", "from", "not-date"),
        ("to=i-dag", "to", "not-date"),
        ("channel=brevduva", "channel", "not-in-list"),
        ("authorId=7", "authorId", "not-id"),
        ("limit=50", "limit", "unknown-field"),
    ] {
        let told = app
            .get(Enhetschef, &format!("/contacts/csv?{query}"))
            .problem(400, "invalid-parameter");
        assert_eq!(told, [(name.to_owned(), code.to_owned())], "{query}");
    }
    let none = file(&app, EnhetschefElsewhere, "");
    assert!(none.rows.is_empty());
    assert_eq!(none.end, "Slut: 0 kontakter");
});

/// Copies of a youth's one contact, an hour apart, behind the interface.
fn copies(conn: &mut Conn, youth: Id<Youth>, count: usize) {
    let text = youth.uuid().simple();
    let columns = "youth_id, episode_id, author_id, channel, direction, met_who, result, created_at, updated_at, version";
    let sql = match conn {
        Conn::Sqlite(_) => format!(
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) \
             INSERT INTO contacts (id, occurred_at, {columns}) \
             SELECT randomblob(16), strftime('%Y-%m-%dT%H:%M:%S.000000Z', occurred_at, '-' || n || ' minutes'), {columns} \
             FROM s, (SELECT * FROM contacts WHERE youth_id = x'{text}' LIMIT 1)"
        ),
        Conn::Pg(_) => format!(
            "INSERT INTO contacts (id, occurred_at, {columns}) \
             SELECT gen_random_uuid(), occurred_at - n * interval '1 minute', {columns} \
             FROM generate_series(1, {count}) AS s(n), (SELECT * FROM contacts WHERE youth_id = '{text}'::uuid LIMIT 1) AS one"
        ),
    };
    conn.batch_execute(&sql).unwrap();
}

/// So many youths of the unit with one contact each.
fn many(app: &TestApp, count: usize) -> Vec<Id<Youth>> {
    (0..count)
        .map(|number| {
            let body = json!({"givenName": "Maja", "familyName": format!("Holm{number}"), "birthDate": "2009-03-05", "legalSex": "female"});
            let youth = app.post(Syv, "/youths", body).expect(201).id();
            let below = |path: &str| format!("/youths/{youth}/{path}");
            let episode = json!({"track": "kaa", "reason": "dropout_national_programme", "enteredOn": "2026-09-01"});
            app.post(Syv, &below("episodes"), episode).expect(201);
            let attempt = json!({"channel": "sms", "result": "no_answer"});
            app.post(Syv, &below("contacts"), attempt).expect(201);
            youth.parse().map(Id::of).unwrap()
        })
        .collect()
}

fn written(app: &TestApp) -> usize {
    let of_unit = youths::table
        .filter(youths::unit_id.eq(app.world.unit))
        .filter(youths::protection_level.eq(ProtectionLevel::None))
        .select(youths::id);
    let count: i64 = contacts::table
        .filter(contacts::youth_id.eq_any(of_unit))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    count.try_into().unwrap()
}

/// A register whose file takes several parts: one youth has more contacts than a part holds.
fn much(app: &TestApp) -> Vec<Id<Youth>> {
    let all = many(app, 5);
    let mut conn = app.db();
    for (youth, count) in all.iter().zip([2_500, 2_500, 17_000, 3_000, 3_000]) {
        copies(&mut conn, *youth, count);
    }
    all
}

on_both!(
    a_long_file_is_made_in_parts_and_each_is_in_the_log,
    |database| {
        let app = TestApp::with(database, |config| {
            config.limits = Limits {
                searches: 1,
                heavy: 2,
            };
        });
        let all = much(&app);
        let told = file(&app, Enhetschef, "");
        assert_eq!(told.rows.len(), written(&app));
        assert_eq!(told.end, format!("Slut: {} kontakter", told.rows.len()));
        let ids: BTreeSet<String> = column(&told, CONTACT).into_iter().collect();
        assert_eq!(ids.len(), told.rows.len());
        let keys: Vec<_> = told.rows.iter().map(|row| (&row[YOUTH], &row[2])).collect();
        assert!(keys.is_sorted());
        let events: Vec<_> = app
            .db_events()
            .into_iter()
            .filter(|event| event.operation == "exportContacts")
            .collect();
        assert!(events.len() > 2, "{}", events.len());
        let mut named = BTreeMap::new();
        for event in &events {
            assert_eq!(event.outcome, "allowed");
            for (youth, resource, fields) in &event.subjects {
                assert_eq!(resource, "contacts");
                assert_eq!(
                    fields,
                    "youthId,id,occurredAt,authorId,channel,direction,metWho,result,minutes,occupation,nextContactOn"
                );
                *named.entry(youth.unwrap()).or_insert(0) += 1;
            }
        }
        // Who does not fit into one part stands in several; everybody else in one.
        for youth in &all {
            let times = named.get(youth).copied().unwrap_or_default();
            assert_eq!(times > 1, *youth == all[2], "{times}");
        }
        assert_eq!(named.len(), 5);
        let requests: Vec<String> = audit_events::table
            .filter(audit_events::operation.eq("exportContacts"))
            .select(audit_events::request_id)
            .distinct()
            .load(&mut app.db())
            .unwrap();
        assert_eq!(requests.len(), 1);
        let report = app
            .get(Enhetschef, &format!("/youths/{}/access-report", all[0]))
            .expect(200);
        assert!(report.body.to_string().contains("exportContacts"));
        // However many parts it has, it was done once.
        app.get(Enhetschef, "/contacts/csv")
            .problem(429, "too-many-requests");
        assert!(matches!(
            verify(&mut app.db()).unwrap(),
            Verdict::Whole { .. }
        ));
    }
);

on_both!(
    a_file_ends_when_whoever_asked_signs_out_and_takes_in_nothing_new,
    |database: TestDatabase| {
        let app = TestApp::new(database);
        let all = much(&app);
        let before = written(&app);
        let (user_id, session_id) = app.world.session(Enhetschef);
        let call = Call {
            operation: Operation::ExportContacts,
            identity: Identity::Bearer {
                user_id,
                session_id,
            },
            at: app.clock.now(),
            request_id: "a file".to_owned(),
        };
        let door = app.door();
        actix_web::rt::System::new().block_on(async {
            let begin = || {
                door.run(call.clone(), |tx| {
                    let all = Form::of_parameters(Vec::new());
                    export_contacts(tx, all, Language::Swedish)
                })
            };
            let follow = |progress: kaa::service::contact_export::Progress| {
                door.run(call.clone(), move |tx| {
                    continue_contacts(tx, progress.clone())
                })
            };
            let mut part = begin().await.unwrap();
            // Written while the file is on its way.
            diesel::update(contacts::table.filter(contacts::youth_id.eq(all[4])))
                .set(contacts::created_at.eq(Timestamp::of(
                    app.clock.now() + chrono::Duration::seconds(1),
                )))
                .execute(&mut app.db())
                .unwrap();
            let mut bytes = std::mem::take(&mut part.bytes);
            while let Some(progress) = part.next.take() {
                part = follow(progress).await.unwrap();
                bytes.append(&mut part.bytes);
            }
            let told = read(&bytes);
            assert_eq!(told.rows.len(), before - 3_001);
            let begun = begin().await.unwrap();
            diesel::update(sessions::table.find(session_id))
                .set(sessions::ended_at.eq(Some(Timestamp::of(app.clock.now()))))
                .execute(&mut app.db())
                .unwrap();
            let refused = follow(begun.next.unwrap()).await.unwrap_err();
            assert_eq!(refused.code, ErrorCode::Unauthenticated);
        });
    }
);
