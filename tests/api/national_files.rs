//! The half-yearly national file over HTTP: made by a job, with the bytes that the profile wants, replaced, expired, stopped by
//! errors, cut off and gone on with; who may have it, what the log tells of it, and that it never lies open.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
    SyvElsewhere, Ungdomskonsulent,
};
use crate::support::app::Answer;
use crate::support::world::ALVA_NUMBER;
use crate::support::{TestApp, TestDatabase, give_number, run_program};
use crate::{on_both, with_app};
use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use kaa::db::schema::{
    episodes, jobs, national_file_chunks, national_file_problems, national_files,
};
use kaa::domain::id::{Id, NationalFile, Youth};
use kaa::domain::job::JobStatus;
use kaa::exchange::national_file::Profile;
use kaa::jobs::Runner;
use kaa::nightly::forget_national_files;
use kaa::service::jobs::{JobTerms, works};
use kaa::statistics::suppression::Threshold;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Of the tax agency's published test numbers.
const DAG_NUMBER: &str = "201012312391";

const ASKED: fn() -> Value = || json!({"year": 2026, "halfYear": 2});

/// A few things have happened to Alva, and it is January.
fn told(mut app: TestApp) -> TestApp {
    give_number(&mut app.db(), app.world.dag, DAG_NUMBER, true, "2026-09-01");
    let settings = app.get(Administrator, "/settings").expect(200);
    let code = json!({"municipalityCode": "0183"});
    app.patch(Administrator, "/settings", settings.version(), code)
        .expect(200);
    let alva = app.world.alva;
    let contacts = format!("/youths/{alva}/contacts");
    let reached = json!({"channel": "phone", "result": "reached", "metWho": "youth",
        "occupation": "none", "occurredAt": "2026-10-05T09:00:00Z"});
    app.post(Syv, &contacts, reached).expect(201);
    for (who, result) in [("guardian", "reached"), ("youth", "no_answer")] {
        let other = json!({"channel": "phone", "result": result, "metWho": who, "occurredAt": "2026-10-06T09:00:00Z"});
        app.post(Syv, &contacts, other).expect(201);
    }
    let measure = json!({"kind": "study_career_guidance", "responsibleParty": "municipality",
        "goal": "Välja program", "answer": "accepted", "offeredOn": "2026-09-10",
        "answeredOn": "2026-09-12", "startedOn": "2026-09-15", "endedOn": "2026-10-15", "endReason": "completed"});
    app.post(Syv, &format!("/youths/{alva}/interventions"), measure)
        .expect(201);
    app.pass(Duration::days(50));
    app
}

fn draft() -> Arc<Profile> {
    Arc::new(Profile::draft().unwrap())
}

fn ask(app: &TestApp) -> String {
    let asked = app.post(Enhetschef, "/national-files", ASKED()).expect(202);
    assert_eq!(asked.body["kind"], "national_file");
    assert_eq!(
        asked.body["parameters"],
        json!({"year": 2026, "period": "half_year_2"})
    );
    asked.id()
}

/// Does the job that waits, so many steps of it, by this profile, one youth in a step.
fn run_by(app: &TestApp, profile: Arc<Profile>, steps: u64) -> Option<JobStatus> {
    let asked = AtomicU64::new(0);
    let works = works(JobTerms {
        threshold: Threshold::default(),
        batch: 1,
        profile,
    });
    let runner = Runner::new(app.door(), app.clock.clone(), works);
    let is_stopping = || asked.fetch_add(1, Ordering::SeqCst) >= steps;
    actix_web::rt::System::new()
        .block_on(runner.run_next(&is_stopping))
        .unwrap()
        .expect("a job was taken")
        .status
}

/// Asks for the file of the half-year and makes it; its line.
fn make(app: &TestApp) -> Answer {
    let job = ask(app);
    assert_eq!(run_by(app, draft(), u64::MAX), Some(JobStatus::Done));
    let job = app.get(Enhetschef, &format!("/jobs/{job}")).expect(200);
    let id = job.body["resultId"].as_str().unwrap().to_owned();
    let file = app
        .get(Enhetschef, &format!("/national-files/{id}"))
        .expect(200);
    assert_eq!(file.body["jobId"], job.body["id"]);
    file
}

/// The file of a half-year that is over on the first day of the tests; for whoever must have one to ask for.
pub fn of_the_first_half(app: &TestApp) -> String {
    let settings = app.get(Administrator, "/settings").expect(200);
    let code = json!({"municipalityCode": "0183"});
    app.patch(Administrator, "/settings", settings.version(), code)
        .expect(200);
    let asked = json!({"year": 2026, "halfYear": 1});
    app.post(Enhetschef, "/national-files", asked).expect(202);
    app.db_run_jobs();
    let listed = app.get(Enhetschef, "/national-files").expect(200);
    let id = listed.column("nationalFiles", "id")[0].clone();
    id.as_str().unwrap().to_owned()
}

fn content(app: &TestApp, file: &Answer) -> Answer {
    app.get(
        Enhetschef,
        &format!("/national-files/{}/content", file.id()),
    )
}

fn text_of(answer: &Answer) -> String {
    String::from_utf8(answer.bytes.clone()).unwrap()
}

fn chunks(app: &TestApp) -> i64 {
    let many = national_file_chunks::table.count();
    many.get_result(&mut app.db()).unwrap()
}

fn expire(app: &TestApp) -> usize {
    let door = app.door();
    actix_web::rt::System::new()
        .block_on(forget_national_files(&door, &app.clock, &|| false))
        .unwrap()
}

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

with_app!(
    the_file_of_a_half_year_is_made_by_a_job_and_says_what_happened_in_it,
    |app| {
        let app = told(app);
        let file = make(&app);
        for (field, expected) in [
            ("status", json!("made")),
            ("profileName", json!("draft-2026")),
            ("isDraft", json!(true)),
            ("fileName", json!("DRAFT-draft-2026-2026-H2.csv")),
            ("personCount", json!(2)),
            ("rowCount", json!(5)),
            // Pia's identity is protected: she is reported by hand.
            ("protectedCount", json!(1)),
            ("outsideCount", json!(0)),
            ("errorCount", json!(0)),
            ("madeBy", json!(app.world.user(Enhetschef))),
            ("expiresOn", json!("2027-01-27")),
        ] {
            assert_eq!(file.body[field], expected, "{field}");
        }
        let fetched = content(&app, &file).expect(200);
        assert!(
            fetched
                .header("content-disposition")
                .unwrap()
                .contains("DRAFT-draft-2026-2026-H2.csv")
        );
        assert_eq!(json!(fetched.bytes.len()), file.body["byteCount"]);
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&fetched.bytes));
        assert_eq!(json!(hash), file.body["sha256"]);
        let text = text_of(&fetched);
        let mut lines: Vec<&str> = text.trim_end().split("\r\n").skip(1).collect();
        lines.sort_unstable();
        let expected = [
            format!("0183;2026;2;{ALVA_NUMBER};1;2026-09-01;2;;;;;;;;;"),
            format!("0183;2026;2;{ALVA_NUMBER};2;;;2026-10-05;4;;;;;;;"),
            format!("0183;2026;2;{ALVA_NUMBER};3;;;;;2026-09-15;02;;;;;"),
            format!("0183;2026;2;{ALVA_NUMBER};4;;;;;;;2026-10-15;02;1;;"),
            // Of the other unit: the file is the municipality's.
            format!("0183;2026;2;{DAG_NUMBER};1;2026-09-01;2;;;;;;;;;"),
        ];
        assert_eq!(lines, expected);
        // The log tells of each of them that they were handed over, and of nobody who was not.
        let event = app.db_last_event("readNationalFileContent");
        let mut youths: Vec<Id<Youth>> = event
            .subjects
            .iter()
            .filter_map(|(youth, ..)| *youth)
            .collect();
        youths.sort_unstable();
        let mut in_it = vec![app.world.alva, app.world.dag];
        in_it.sort_unstable();
        assert_eq!(youths, in_it);
        assert!(
            event
                .subjects
                .iter()
                .all(|(_, resource, fields)| resource == "nationalFiles" && fields == "content")
        );
        let listed = app
            .get(Enhetschef, "/national-files?year=2026&halfYear=2")
            .expect(200);
        assert_eq!(
            listed.column("nationalFiles", "id"),
            [file.body["id"].clone()]
        );
        let other = app
            .get(Enhetschef, "/national-files?halfYear=1")
            .expect(200);
        assert_eq!(other.column("nationalFiles", "id"), Vec::<Value>::new());
    }
);

with_app!(nobody_but_a_chief_makes_or_has_a_file, |app| {
    let app = told(app);
    let file = make(&app);
    let at = |path: &str| format!("/national-files/{}{path}", file.id());
    for persona in [
        Ambassador,
        Syv,
        Ungdomskonsulent,
        Socionom,
        Administrator,
        Loggranskare,
        SyvElsewhere,
    ] {
        app.post(persona, "/national-files", ASKED())
            .problem(403, "forbidden");
        for path in ["", "/content", "/problems", "/problems/csv"] {
            app.get(persona, &at(path)).problem(403, "forbidden");
        }
        app.get(persona, "/national-files")
            .problem(403, "forbidden");
    }
    // It is the municipality's, so any of its chiefs may have it.
    app.get(EnhetschefElsewhere, &at("/content")).expect(200);
    let missing = format!("/national-files/{}/content", Id::<NationalFile>::fresh());
    app.get(Enhetschef, &missing).problem(404, "not-found");
});

with_app!(what_cannot_be_made_is_told_before_a_job_waits, |app| {
    let asked = |body: Value| app.post(Enhetschef, "/national-files", body);
    // The settings do not have the municipality's code yet.
    assert_eq!(
        asked(json!({"year": 2026, "halfYear": 1})).problem(422, "validation-failed"),
        one("", "municipality-code-unset")
    );
    let code = json!({"municipalityCode": "0183"});
    app.patch(Administrator, "/settings", 1, code).expect(200);
    let refused = [
        (json!({"halfYear": 1}), "/year", "required"),
        (
            json!({"year": 2014, "halfYear": 1}),
            "/year",
            "out-of-range",
        ),
        (
            json!({"year": 2026, "halfYear": 3}),
            "/halfYear",
            "out-of-range",
        ),
        (
            json!({"year": 2026, "halfYear": 2}),
            "/halfYear",
            "period-not-ended",
        ),
    ];
    for (body, pointer, code) in refused {
        assert_eq!(
            asked(body).problem(422, "validation-failed"),
            one(pointer, code)
        );
    }
    asked(json!({"year": 2026, "halfYear": 1})).expect(202);
    // Of a half-year one is made at a time.
    asked(json!({"year": 2026, "halfYear": 1})).problem(409, "job-under-way");
});

with_app!(
    with_an_error_there_is_no_file_but_a_list_of_what_is_wrong,
    |app| {
        let app = told(app);
        let before = make(&app);
        // A contact without an occupation, and a youth without a number.
        let contact = json!({"channel": "phone", "result": "reached", "metWho": "youth",
        "occurredAt": "2026-12-01T09:00:00Z"});
        app.post(
            Syv,
            &format!("/youths/{}/contacts", app.world.alva),
            contact,
        )
        .expect(201);
        diesel::delete(
            kaa::db::schema::youth_identifiers::table
                .filter(kaa::db::schema::youth_identifiers::youth_id.eq(app.world.dag)),
        )
        .execute(&mut app.db())
        .unwrap();
        diesel::update(episodes::table.find(app.world.dag_episode))
            .set(episodes::reason.eq(kaa::domain::codes::Reason::Unknown))
            .execute(&mut app.db())
            .unwrap();
        let file = make(&app);
        assert_eq!(file.body["status"], "refused");
        assert_eq!(file.body["sha256"], Value::Null);
        assert_eq!(file.body["errorCount"], 2);
        assert_eq!(file.body["warningCount"], 1);
        content(&app, &file).problem(409, "national-file-not-made");
        // Nothing of it is kept, and the one before stays in force.
        let kept: i64 = national_file_chunks::table
            .filter(
                national_file_chunks::file_id
                    .eq(Id::<NationalFile>::of(file.id().parse().unwrap())),
            )
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(kept, 0);
        content(&app, &before).expect(200);

        let path = format!("/national-files/{}/problems", file.id());
        let listed = app.get(Enhetschef, &path).expect(200);
        let mut found: Vec<(Value, Value, Value, Value)> = listed.body["nationalFileProblems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let of = |name: &str| row[name].clone();
                (of("youthId"), of("code"), of("block"), of("weight"))
            })
            .collect();
        found.sort_by_key(|row| row.1.to_string());
        let (alva, dag) = (json!(app.world.alva), json!(app.world.dag));
        let row = |youth: &Value, code: &str, block: &str, weight: &str| {
            (youth.clone(), json!(code), json!(block), json!(weight))
        };
        assert_eq!(
            found,
            [
                row(&dag, "identity_number_missing", "basics", "error"),
                row(&alva, "occupation_missing", "contact", "error"),
                row(&dag, "reason_missing", "basics", "warning"),
            ]
        );
        // One page after another, and only what stops it.
        let first = app.get(Enhetschef, &format!("{path}?limit=2")).expect(200);
        assert_eq!(first.column("nationalFileProblems", "id").len(), 2);
        assert!(first.next().is_some());
        let errors = app
            .get(Enhetschef, &format!("{path}?weight=error"))
            .expect(200);
        assert_eq!(errors.column("nationalFileProblems", "id").len(), 2);
        let event = app.db_last_event("listNationalFileProblems");
        assert!(event.subjects.iter().all(|(youth, ..)| youth.is_some()));

        let csv = app.get(Enhetschef, &format!("{path}/csv")).expect(200);
        let text = text_of(&csv);
        assert!(
            text.starts_with(
                "\u{feff}Rad;Ungdom;Block;Fält;Kod;Vad som är fel;Ord;Stoppar filen\r\n"
            )
        );
        assert!(text.contains(&format!(
        ";{};Kontakt med individen;occupation;occupation_missing;Sysselsättning saknas för kontakten.;;ja\r\n",
        app.world.alva
    )));
        assert!(!text.contains(ALVA_NUMBER));
        let event = app.db_last_event("exportNationalFileProblems");
        assert_eq!(event.subjects.len(), 3);
    }
);

with_app!(
    a_later_file_takes_the_place_of_the_earlier_whose_line_stays,
    |app| {
        let app = told(app);
        let first = make(&app);
        let pieces = chunks(&app);
        let second = make(&app);
        assert_eq!(chunks(&app), pieces);
        let read = |file: &Answer| {
            let path = format!("/national-files/{}", file.id());
            app.get(Enhetschef, &path).expect(200).body
        };
        let line = read(&first);
        assert_eq!(line["status"], "replaced");
        assert_eq!(line["replacedBy"], second.body["id"]);
        assert_eq!(line["sha256"], first.body["sha256"]);
        assert_eq!(line["personCount"], 2);
        assert_ne!(line["contentErasedAt"], Value::Null);
        content(&app, &first).problem(410, "national-file-gone");
        app.get(
            Enhetschef,
            &format!("/national-files/{}/problems", first.id()),
        )
        .problem(410, "national-file-gone");
        assert_eq!(
            content(&app, &second).expect(200).bytes.len(),
            content_length(&second)
        );
        assert_eq!(read(&second)["status"], "made");
    }
);

fn content_length(file: &Answer) -> usize {
    usize::try_from(file.body["byteCount"].as_u64().unwrap()).unwrap()
}

with_app!(
    what_has_expired_is_no_longer_given_and_erased_in_the_night,
    |app| {
        let mut app = told(app);
        let settings = app.get(Administrator, "/settings").expect(200);
        let days = json!({"nationalFileDays": 3});
        app.patch(Administrator, "/settings", settings.version(), days)
            .expect(200);
        let file = make(&app);
        assert_eq!(expire(&app), 0);
        app.pass(Duration::days(2));
        content(&app, &file).expect(200);
        app.pass(Duration::days(1));
        // Whether or not the night has come to it.
        content(&app, &file).problem(410, "national-file-gone");
        assert!(chunks(&app) > 0);
        assert_eq!(expire(&app), 1);
        assert_eq!(chunks(&app), 0);
        assert_eq!(expire(&app), 0);
        let line = app
            .get(Enhetschef, &format!("/national-files/{}", file.id()))
            .expect(200);
        assert_eq!(line.body["status"], "made");
        assert_eq!(line.body["sha256"], file.body["sha256"]);
        assert_ne!(line.body["contentErasedAt"], Value::Null);
        let events = app.db_events();
        let erased = events
            .iter()
            .filter(|event| event.operation == "expireNationalFiles");
        assert_eq!(erased.count(), 1);
    }
);

with_app!(no_piece_in_the_database_shows_a_number_in_clear, |app| {
    let app = told(app);
    make(&app);
    let pieces: Vec<kaa::db::cipher::CipherText> = national_file_chunks::table
        .select(national_file_chunks::content)
        .load(&mut app.db())
        .unwrap();
    assert!(pieces.len() >= 2);
    for piece in pieces {
        assert!(piece.0.starts_with("kaa1:r"), "not enciphered");
        for number in [ALVA_NUMBER, DAG_NUMBER] {
            assert!(!piece.0.contains(number));
            assert!(
                !piece
                    .0
                    .contains(&data_encoding::BASE64.encode(number.as_bytes()))
            );
        }
    }
    // Nor does the job, from where it would have gone on, nor any problem.
    let left: Vec<Option<kaa::db::cipher::CipherText>> = jobs::table
        .select(jobs::checkpoint)
        .load(&mut app.db())
        .unwrap();
    assert!(left.iter().all(Option::is_none));
});

with_app!(
    a_piece_in_anothers_place_is_noticed_before_anything_is_sent,
    |app| {
        let app = told(app);
        let file = make(&app);
        let id: Id<NationalFile> = Id::of(file.id().parse().unwrap());
        let mut conn = app.db();
        for (from, to) in [(1, 90), (2, 1), (90, 2)] {
            let piece = national_file_chunks::table
                .filter(national_file_chunks::file_id.eq(id))
                .filter(national_file_chunks::ordinal.eq(from));
            diesel::update(piece)
                .set(national_file_chunks::ordinal.eq(to))
                .execute(&mut conn)
                .unwrap();
        }
        content(&app, &file).problem(500, "internal");
    }
);

with_app!(
    a_job_that_was_cut_off_goes_on_and_makes_the_same_bytes,
    |app| {
        let app = told(app);
        let whole = make(&app);
        let bytes = content(&app, &whole).expect(200).bytes;
        let job = ask(&app);
        // Begun, and one youth told of; then the server stops, and another goes on.
        assert_eq!(run_by(&app, draft(), 2), None);
        let half_done = app.get(Enhetschef, "/national-files").expect(200);
        assert_eq!(
            half_done.column("nationalFiles", "status"),
            ["making", "made"]
        );
        let making = half_done.column("nationalFiles", "id")[0].clone();
        let making = making.as_str().unwrap();
        app.get(Enhetschef, &format!("/national-files/{making}/content"))
            .problem(409, "national-file-not-made");
        assert_eq!(run_by(&app, draft(), u64::MAX), Some(JobStatus::Done));
        let job = app.get(Enhetschef, &format!("/jobs/{job}")).expect(200);
        assert_eq!(job.body["resultId"], making);
        assert_eq!(job.body["totalCount"], 3);
        let again = app
            .get(Enhetschef, &format!("/national-files/{making}"))
            .expect(200);
        assert_eq!(again.body["sha256"], whole.body["sha256"]);
        assert_eq!(content(&app, &again).expect(200).bytes, bytes);
    }
);

with_app!(
    what_a_cancelled_job_has_made_is_abandoned_and_erased,
    |app| {
        let app = told(app);
        let job = ask(&app);
        assert_eq!(run_by(&app, draft(), 2), None);
        assert!(chunks(&app) > 0);
        app.send(
            Enhetschef,
            "POST",
            &format!("/jobs/{job}/cancellation"),
            &[],
            None,
        )
        .expect(200);
        assert_eq!(expire(&app), 1);
        assert_eq!(chunks(&app), 0);
        let listed = app.get(Enhetschef, "/national-files").expect(200);
        assert_eq!(listed.column("nationalFiles", "status"), ["abandoned"]);
        // And the half-year is free for another.
        make(&app);
    }
);

with_app!(a_profile_that_changes_in_the_middle_stops_the_job, |app| {
    let app = told(app);
    let job = ask(&app);
    assert_eq!(run_by(&app, draft(), 2), None);
    let other = Arc::new(Profile::read(&own_profile("omit")).unwrap());
    assert_eq!(run_by(&app, other, u64::MAX), Some(JobStatus::Failed));
    let job = app.get(Enhetschef, &format!("/jobs/{job}")).expect(200);
    assert_eq!(job.body["errorCode"], "national-profile-changed");
});

/// A made-up profile for 2026 and 2027.
fn own_profile(protected: &str) -> String {
    json!({
        "name": "kommunens", "version": "7", "status": "fitted", "validFrom": "2026-H2", "validTo": "2027-H1",
        "encoding": "iso-8859-1", "separator": ",", "lineEnd": "lf", "hasHeader": false,
        "identityFormat": "YYMMDD-NNNN", "dateFormat": "DD.MM.YYYY", "protected": protected,
        "layout": {"rows": "per_person", "columns": [
            {"header": "a", "constant": "Å"},
            {"header": "b", "source": "identityNumber"},
            {"header": "c", "source": "enteredOn"},
            {"header": "d", "source": "occupation", "number": 1},
        ]},
        "codes": {"occupation": {"none": "UTAN"}},
    })
    .to_string()
}

on_both!(
    a_municipality_fits_its_own_profile_without_a_new_program,
    |database| {
        let profile = Arc::new(Profile::read(&own_profile("include")).unwrap());
        let config = Arc::clone(&profile);
        let app = told(TestApp::with(database, |c| {
            c.own_national_profile = Some(config);
        }));
        give_number(
            &mut app.db(),
            app.world.pia,
            "201012292395",
            true,
            "2026-09-01",
        );
        assert_eq!(
            app.post(
                Enhetschef,
                "/national-files",
                json!({"year": 2026, "halfYear": 1})
            )
            .problem(422, "validation-failed"),
            one("/halfYear", "profile-not-for-period")
        );
        ask(&app);
        assert_eq!(run_by(&app, profile, u64::MAX), Some(JobStatus::Done));
        let listed = app.get(Enhetschef, "/national-files").expect(200);
        let file = &listed.body["nationalFiles"][0];
        assert_eq!(file["fileName"], "kommunens-2026-H2.csv");
        assert_eq!(file["isDraft"], false);
        assert_eq!(file["protectedCount"], 0);
        assert_eq!(file["personCount"], 3);
        let path = format!("/national-files/{}/content", file["id"].as_str().unwrap());
        let fetched = app.get(Enhetschef, &path).expect(200);
        assert_eq!(
            fetched.header("content-type"),
            Some("text/csv; charset=iso-8859-1")
        );
        let mut lines: Vec<&[u8]> = fetched.bytes.split(|byte| *byte == b'\n').collect();
        lines.sort_unstable();
        let expected: [&[u8]; 4] = [
            b"",
            b"\xc5,090105-2381,01.09.2026,UTAN",
            b"\xc5,101229-2395,01.09.2026,",
            b"\xc5,101231-2391,01.09.2026,",
        ];
        assert_eq!(lines, expected);
    }
);

with_app!(
    whose_data_may_not_be_used_and_who_is_handled_outside_is_counted_only,
    |app| {
        let app = told(app);
        let restriction = json!({"ground": "accuracy_contested", "reason": "Ungdomen säger att skolstatus är fel."});
        app.post(
            Enhetschef,
            &format!("/youths/{}/restrictions", app.world.alva),
            restriction,
        )
        .expect(201);
        diesel::update(kaa::db::schema::youths::table.find(app.world.pia))
            .set(
                kaa::db::schema::youths::protection_level
                    .eq(kaa::domain::codes::ProtectionLevel::HandledOutside),
            )
            .execute(&mut app.db())
            .unwrap();
        let file = make(&app);
        assert_eq!(file.body["restrictedCount"], 1);
        assert_eq!(file.body["outsideCount"], 1);
        assert_eq!(file.body["protectedCount"], 0);
        assert_eq!(file.body["personCount"], 1);
        let text = text_of(&content(&app, &file).expect(200));
        assert!(text.contains(DAG_NUMBER) && !text.contains(ALVA_NUMBER));
    }
);

with_app!(
    who_was_registered_in_error_or_left_before_is_not_in_it,
    |app| {
        let app = told(app);
        let left = |youth_episode, exited: &str, reason| {
            diesel::update(episodes::table.find(youth_episode))
                .set((
                    episodes::exited_on.eq(Some(exited.parse::<NaiveDate>().unwrap())),
                    episodes::deregistration_reason.eq(Some(reason)),
                ))
                .execute(&mut app.db())
                .unwrap();
        };
        use kaa::domain::codes::DeregistrationReason::{NotRegisteredHere, RegisteredInError};
        left(app.world.alva_episode, "2026-11-20", RegisteredInError);
        left(app.world.dag_episode, "2026-12-31", NotRegisteredHere);
        let file = make(&app);
        assert_eq!(file.body["personCount"], 1);
        let text = text_of(&content(&app, &file).expect(200));
        assert!(text.contains(&format!("{DAG_NUMBER};5;;;;;;;;;;2026-12-31;2\r\n")));
        assert!(!text.contains(ALVA_NUMBER));
        let problems: i64 = national_file_problems::table
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(problems, 0);
        let lines: i64 = national_files::table
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(lines, 1);
    }
);

#[test]
fn a_profile_is_checked_on_the_command_line() {
    let database = TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let file = file.display().to_string();
        run_program(
            &database.location,
            &[],
            &["national", "profile", "check", &file],
        )
    };
    let (code, said) = check("own.json", &own_profile("omit"));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("kommunens version 7 can be used, for 2026-H2–2027-H1"));
    assert!(said.contains("occupation.work") && !said.contains("draft"));
    let (code, said) = check("wrong.json", &own_profile("perhaps"));
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("wrong.json") && said.contains("line 1"),
        "{said}"
    );
    let wrong = own_profile("omit").replace("\"occupation\":{", "\"occupations\":{");
    let (code, said) = check("lists.json", &wrong);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("codes.occupations"), "{said}");
}
