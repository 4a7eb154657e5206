//! Releases of the statistics: made by a job, the same for ever, made again beside the first, withdrawn and kept; and who sees
//! them. What is counted and hidden is tested beside the code.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
};
use crate::support::TestApp;
use crate::{on_both, with_app};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::cipher::CipherText;
use kaa::db::schema::{jobs, statistics_releases, youths};
use kaa::domain::codes::ProtectionLevel;
use kaa::domain::id::{Id, StatisticsRelease};
use kaa::domain::job::JobStatus;
use kaa::exchange::national_file::Profile;
use kaa::jobs::Runner;
use kaa::service::jobs::{JobTerms, works};
use kaa::statistics::document::ReleaseDocument;
use kaa::statistics::suppression::Threshold;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

fn ask(app: &TestApp, period: &str) -> String {
    let asked = json!({"year": 2026, "period": period});
    let answer = app
        .post(Enhetschef, "/statistics/releases", asked)
        .expect(202);
    let job = answer.id();
    let place = answer.header("location").unwrap();
    assert!(place.ends_with(&format!("/jobs/{job}")), "{place}");
    job
}

/// The job and the release of a period.
pub fn make(app: &TestApp, period: &str) -> (String, String) {
    let job = ask(app, period);
    let ran = app.db_run_jobs();
    assert_eq!(
        ran.last().unwrap().status,
        Some(JobStatus::Done),
        "{:?}",
        read_job(app, &job)
    );
    let release = read_job(app, &job)["resultId"].as_str().unwrap().to_owned();
    (job, release)
}

fn read_job(app: &TestApp, job: &str) -> Value {
    app.get(Enhetschef, &format!("/jobs/{job}"))
        .expect(200)
        .body
}

fn read(app: &TestApp, release: &str) -> Value {
    let path = format!("/statistics/releases/{release}");
    app.get(Enhetschef, &path).expect(200).body
}

fn csv(app: &TestApp, release: &str) -> Vec<u8> {
    let path = format!("/statistics/releases/{release}/csv");
    app.get(Enhetschef, &path).expect(200).bytes
}

/// Youths who have been in the register since the first half of the year.
fn fill(app: &TestApp, many: usize) {
    for place in 0..many {
        let born = format!("2009-0{}-{:02}", place % 6 + 1, place % 28 + 1);
        let person = json!({"givenName": "Någon", "familyName": "Annan", "birthDate": born,
            "legalSex": if place % 2 == 0 { "female" } else { "male" }});
        let youth = app.post(Syv, "/youths", person).expect(201).id();
        let open =
            json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-02-01"});
        app.post(Syv, &format!("/youths/{youth}/episodes"), open)
            .expect(201);
    }
}

/// The figure over everybody of the measure that counts the youths of the register.
fn youths_in(release: &Value) -> i64 {
    let tables = release["document"]["tables"].as_array().unwrap();
    let table = tables
        .iter()
        .find(|table| table["measure"] == "youths")
        .expect("the register is counted");
    let total = table["cells"].as_array().unwrap().iter().find(|cell| {
        let names = table["dimensions"].as_array().unwrap();
        names
            .iter()
            .all(|axis| cell[axis["name"].as_str().unwrap()] == "total")
    });
    total.unwrap()["value"]
        .as_i64()
        .expect("a sum that is shown")
}

fn id_of(release: &str) -> Id<StatisticsRelease> {
    Id::of(release.parse().unwrap())
}

with_app!(a_release_is_made_read_made_again_and_withdrawn, |app| {
    fill(&app, 24);
    let (job, first) = make(&app, "tertial_1");
    let told = read_job(&app, &job);
    assert_eq!(told["doneCount"], told["totalCount"]);
    assert!(told["doneCount"].as_i64().unwrap() >= 24);
    let before = app
        .get(Enhetschef, &format!("/statistics/releases/{first}"))
        .expect(200);
    let again = app
        .get(Enhetschef, &format!("/statistics/releases/{first}"))
        .expect(200);
    assert_eq!(before.bytes, again.bytes, "twice the same");
    assert_eq!(before.body["number"], 1);
    let file = csv(&app, &first);
    assert_eq!(file, csv(&app, &first));
    assert!(file.starts_with("\u{feff}".as_bytes()));
    let below = format!("/statistics/releases/{first}");
    for (path, kind, begins) in [
        ("xlsx", "spreadsheetml.sheet", "PK"),
        ("report", "application/pdf", "%PDF-"),
        ("charts/youthsBySex", "image/svg+xml", "<svg"),
    ] {
        let told = app.get(Enhetschef, &format!("{below}/{path}")).expect(200);
        assert!(told.header("content-type").unwrap().ends_with(kind));
        assert!(told.bytes.starts_with(begins.as_bytes()), "{path}");
        app.get(Syv, &format!("{below}/{path}"))
            .problem(403, "forbidden");
    }
    app.get(Enhetschef, &format!("{below}/charts/nothing"))
        .problem(404, "not-found");
    // The hash is that of the bytes that are kept.
    let (document, behind): (String, CipherText) = statistics_releases::table
        .find(id_of(&first))
        .select((statistics_releases::document, statistics_releases::behind))
        .first(&mut app.db())
        .unwrap();
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(document.as_bytes()));
    assert_eq!(before.body["contentSha256"], hash);
    let kept: ReleaseDocument = serde_json::from_str(&document).unwrap();
    assert_eq!(
        serde_json::to_string(&kept).unwrap(),
        document,
        "it has one form"
    );
    assert!(
        behind.0.starts_with("kaa1:"),
        "the counts behind it lie open"
    );
    let counted = youths_in(&before.body);
    // The register goes on; the release does not.
    fill(&app, 12);
    assert_eq!(read(&app, &first), before.body);
    let (_, second) = make(&app, "tertial_1");
    let later = read(&app, &second);
    assert_eq!(later["number"], 2);
    assert_eq!(youths_in(&later), counted + 12);
    assert_ne!(later["contentSha256"], before.body["contentSha256"]);
    assert_eq!(read(&app, &first), before.body, "the first is what it was");
    // Withdrawn, once.
    let path = format!("/statistics/releases/{first}/withdrawal");
    app.post(Enhetschef, &path, json!({}))
        .problem(422, "validation-failed");
    app.post(Enhetschef, &path, json!({"reason": "Kort"}))
        .problem(422, "validation-failed");
    let reason = "Tolv ungdomar registrerades för sent.";
    let withdrawn = app
        .post(EnhetschefElsewhere, &path, json!({"reason": reason}))
        .expect(200);
    assert_eq!(withdrawn.body["withdrawalReason"], reason);
    app.post(
        Enhetschef,
        &path,
        json!({"reason": "En gång till, av misstag."}),
    )
    .problem(410, "release-withdrawn");
    let after = read(&app, &first);
    assert_eq!(
        (&after["document"], &after["withdrawalReason"]),
        (&Value::Null, &json!(reason))
    );
    assert_eq!(after["contentSha256"], before.body["contentSha256"]);
    for path in ["csv", "xlsx", "report", "charts/youthsBySex"] {
        app.get(Enhetschef, &format!("/statistics/releases/{first}/{path}"))
            .problem(410, "release-withdrawn");
    }
    let event = app.db_last_event("exportStatisticsRelease");
    assert_eq!(event.outcome, "invalid");
    let list = app.get(Enhetschef, "/statistics/releases").expect(200);
    assert_eq!(list.column("releases", "number"), [json!(2), json!(1)]);
    assert_eq!(
        list.column("releases", "withdrawalReason"),
        [Value::Null, json!(reason)]
    );
    assert!(list.body["releases"][0].get("document").is_none());
    let reason_kept: Option<CipherText> = statistics_releases::table
        .find(id_of(&first))
        .select(statistics_releases::withdrawal_reason)
        .first(&mut app.db())
        .unwrap();
    assert!(reason_kept.unwrap().0.starts_with("kaa1:"));
    // A third is made with both before it.
    let (_, third) = make(&app, "tertial_1");
    assert_eq!(youths_in(&read(&app, &third)), counted + 12);
    // Two more would be told by the difference, beside what was read before.
    fill(&app, 2);
    let (_, fourth) = make(&app, "tertial_1");
    let fourth = read(&app, &fourth);
    let tables = fourth["document"]["tables"].as_array().unwrap();
    let youths = tables.iter().filter(|table| table["measure"] == "youths");
    for cell in youths.flat_map(|table| table["cells"].as_array().unwrap()) {
        let shown = cell["value"].as_i64();
        assert!(shown != Some(counted + 14), "{cell}");
    }
    assert_eq!(
        app.db_last_event("readStatisticsRelease").subjects[0].1,
        "statisticsReleases"
    );
});

with_app!(nothing_changes_a_release_behind_the_interface, |app| {
    fill(&app, 12);
    let (_, release) = make(&app, "tertial_1");
    for change in [
        "UPDATE statistics_releases SET document = '{}'",
        "UPDATE statistics_releases SET content_sha256 = 'x'",
        "UPDATE statistics_releases SET number = 9",
        "UPDATE statistics_releases SET behind = 'öppet'",
        "DELETE FROM statistics_releases",
    ] {
        let refused = app.db().batch_execute(change).unwrap_err().to_string();
        assert!(
            refused.contains("a release never changes"),
            "{change}: {refused}"
        );
    }
    let path = format!("/statistics/releases/{release}/withdrawal");
    app.post(
        EnhetschefElsewhere,
        &path,
        json!({"reason": "Underlaget var fel."}),
    )
    .expect(200);
    for change in [
        "UPDATE statistics_releases SET withdrawn_at = NULL, withdrawn_by = NULL, withdrawal_reason = NULL",
        "UPDATE statistics_releases SET withdrawal_reason = 'ett annat skäl'",
        "UPDATE statistics_releases SET withdrawn_by = made_by, withdrawn_at = made_at",
        "DELETE FROM statistics_releases",
    ] {
        let refused = app.db().batch_execute(change).unwrap_err().to_string();
        assert!(
            refused.contains("a release never changes"),
            "{change}: {refused}"
        );
    }
});

with_app!(
    a_release_is_refused_before_its_period_has_ended_or_twice_at_once,
    |app| {
        let release = |year: Value, period: &str| {
            let asked = json!({"year": year, "period": period});
            app.post(Enhetschef, "/statistics/releases", asked)
        };
        // It is 24 November 2026.
        let told = release(json!(2026), "full_year").problem(422, "validation-failed");
        assert_eq!(
            told,
            [("/period".to_owned(), "period-not-ended".to_owned())]
        );
        release(json!(2027), "tertial_1").problem(422, "validation-failed");
        release(json!(1999), "tertial_1").problem(422, "validation-failed");
        release(json!(2026), "tertial_4").problem(422, "validation-failed");
        release(json!(2026), "half_year_1").expect(202);
        release(json!(2026), "half_year_1").problem(409, "job-under-way");
        release(json!(2026), "tertial_1_2").expect(202);
        assert_eq!(
            jobs::table
                .count()
                .get_result::<i64>(&mut app.db())
                .unwrap(),
            2
        );
    }
);

with_app!(chiefs_alone_make_read_and_withdraw_releases, |app| {
    let (_, release) = make(&app, "tertial_1");
    let one = format!("/statistics/releases/{release}");
    for persona in [Ambassador, Syv, Socionom, Administrator, Loggranskare] {
        for path in ["/statistics/releases", &one, &format!("{one}/csv")] {
            app.get(persona, path).problem(403, "forbidden");
        }
        let asked = json!({"year": 2026, "period": "tertial_1_2"});
        app.post(persona, "/statistics/releases", asked)
            .problem(403, "forbidden");
        let reason = json!({"reason": "Underlaget var fel."});
        app.post(persona, &format!("{one}/withdrawal"), reason)
            .problem(403, "forbidden");
    }
    // It is the municipality's, whichever unit it was asked for in.
    app.get(EnhetschefElsewhere, &one).expect(200);
    let missing = format!("/statistics/releases/{}", Id::<StatisticsRelease>::fresh());
    app.get(Enhetschef, &missing).problem(404, "not-found");
    assert_eq!(
        app.get(Enhetschef, "/statistics").status,
        404,
        "there are no figures of the moment"
    );
});

with_app!(
    a_release_that_is_made_of_youths_with_protected_identity_tells_nothing_of_them,
    |app| {
        fill(&app, 20);
        let (_, before) = make(&app, "tertial_1");
        fill(&app, 1);
        diesel::update(youths::table.filter(youths::family_name.eq("Annan")))
            .filter(youths::id.eq(latest(&app)))
            .set(youths::protection_level.eq(ProtectionLevel::ConfidentialityMarking))
            .execute(&mut app.db())
            .unwrap();
        let (_, after) = make(&app, "tertial_1");
        let (before, after) = (read(&app, &before), read(&app, &after));
        assert_eq!(before["document"]["tables"], after["document"]["tables"]);
    }
);

fn latest(app: &TestApp) -> Id<kaa::domain::id::Youth> {
    youths::table
        .select(youths::id)
        .order(youths::id.desc())
        .first(&mut app.db())
        .unwrap()
}

on_both!(
    a_release_goes_on_where_the_service_was_stopped,
    |database| {
        let app = TestApp::new(database);
        fill(&app, 20);
        let terms = JobTerms {
            threshold: Threshold::default(),
            batch: 4,
            profile: std::sync::Arc::new(Profile::draft().unwrap()),
        };
        let (_, whole) = make(&app, "tertial_1");
        let job = ask(&app, "tertial_1");
        // Three servers stop after two steps each; the fourth brings it to its end.
        for (server, steps) in [2, 2, 2, u64::MAX].into_iter().enumerate() {
            let runner = Runner::new(app.door(), app.clock.clone(), works(terms.clone()));
            let asked = AtomicU64::new(0);
            let ran = actix_web::rt::System::new()
                .block_on(runner.run_next(&|| asked.fetch_add(1, Ordering::SeqCst) >= steps))
                .unwrap()
                .expect("the job is not done yet");
            let told = read_job(&app, &job);
            if server < 3 {
                assert_eq!((ran.status, &told["status"]), (None, &json!("running")));
                let done = i64::try_from(8 * (server + 1)).unwrap();
                assert_eq!(
                    told["doneCount"], done,
                    "each goes on where the one before was"
                );
            } else {
                assert_eq!(ran.status, Some(JobStatus::Done), "{told}");
            }
        }
        let release = read_job(&app, &job)["resultId"]
            .as_str()
            .unwrap()
            .to_owned();
        let (whole, parts) = (read(&app, &whole), read(&app, &release));
        assert_eq!(whole["document"]["tables"], parts["document"]["tables"]);
    }
);
