//! Rosters over HTTP: what a file creates, changes, leaves, asks and refuses, that sending it again changes nothing, and who
//! may know what of it.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Expired, Loggranskare, Nobody,
    Socionom, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::app::Answer;
use crate::support::world::ALVA_NUMBER;
use crate::support::{Persona, TestApp};
use crate::support::{give_number, kept_versions, opened, tag, vault};
use crate::with_app;
use chrono::{Duration, NaiveDate};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::cipher::{AllStored, CipherText};
use kaa::db::imports::StoredDecisionRow;
use kaa::db::schema::{
    enrolments, episodes, exam_documents, import_decisions, import_refusals, import_rows,
    record_versions, residences, youth_identifiers, youths,
};
use kaa::domain::codes::{ProtectionLevel, Reason};
use kaa::domain::id::{Id, Youth};
use kaa::domain::identity_number::IdentityNumber;
use serde_json::{Value, json};

const CLEAN: &[u8] = include_bytes!("../data/roster-2026-11.csv");
const DIRTY: &[u8] = include_bytes!("../data/roster-excel-latin1-dirty.csv");
const HEADINGS: &str =
    "personnummer;förnamn;efternamn;gatuadress;postnummer;postort;telefon;skyddsmarkering;status";
const AS_OF: &str = "asOf=2026-11-23";

/// A number of a made-up person, born on the day.
fn number(birth: &str) -> String {
    let day: NaiveDate = "2026-11-23".parse().unwrap();
    (0..10)
        .map(|digit| format!("{birth}238{digit}"))
        .find(|number| IdentityNumber::parse(number, day).is_ok())
        .unwrap()
}

fn send(app: &TestApp, who: Persona, parameters: &str, bytes: &[u8]) -> Answer {
    app.send_bytes(
        who,
        "POST",
        &format!("/imports?{AS_OF}&{parameters}"),
        &[],
        Some("text/csv"),
        Some(bytes.to_vec()),
    )
}

fn apply(app: &TestApp, who: Persona, bytes: &[u8]) -> Answer {
    send(app, who, "isApplied=true", bytes).expect(201)
}

fn file(rows: &[String]) -> Vec<u8> {
    format!("{HEADINGS}\n{}\n", rows.join("\n")).into_bytes()
}

fn row(number: &str, mark: &str, status: &str) -> String {
    format!("{number};Åsa;Öberg;Vägen 1;172 60;Sundbyberg;070-174 06 51;{mark};{status}")
}

fn rows(app: &TestApp, who: Persona, import: &str, parameters: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut path = format!("/imports/{import}/rows?limit=50&{parameters}");
    loop {
        let page = app.get(who, &path).expect(200);
        found.extend(page.body["rows"].as_array().unwrap().iter().cloned());
        match page.next() {
            Some(next) => path = next.to_owned(),
            None => return found,
        }
    }
}

fn problem_codes(row: &Value) -> Vec<&str> {
    row["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["code"].as_str().unwrap())
        .collect()
}

fn db_youth(app: &TestApp, number: &str) -> Option<Id<Youth>> {
    youth_identifiers::table
        .filter(youth_identifiers::value.eq(tag(number)))
        .select(youth_identifiers::youth_id)
        .first(&mut app.db())
        .optional()
        .unwrap()
}

fn db_number(app: &TestApp, youth: Id<Youth>, value: &str, is_current: bool) {
    give_number(&mut app.db(), youth, value, is_current, "2026-01-01");
}

/// Youths, episodes, decisions, versions.
fn db_counts(app: &TestApp) -> [i64; 4] {
    let conn = &mut app.db();
    [
        youths::table.count().get_result(conn).unwrap(),
        episodes::table.count().get_result(conn).unwrap(),
        import_decisions::table.count().get_result(conn).unwrap(),
        record_versions::table
            .filter(record_versions::resource.ne("imports"))
            .count()
            .get_result(conn)
            .unwrap(),
    ]
}

/// Facts of home, school and exam.
fn db_facts(app: &TestApp) -> i64 {
    let mut conn = app.db();
    let counts: [i64; 3] = [
        residences::table.count().get_result(&mut conn).unwrap(),
        enrolments::table.count().get_result(&mut conn).unwrap(),
        exam_documents::table.count().get_result(&mut conn).unwrap(),
    ];
    counts.iter().sum()
}

with_app!(the_sample_goes_in_once, |app| {
    let expected = json!({
        "rows": 3000, "created": 149, "changed": 0, "left": 0, "outside": 2844, "needsDecision": 7,
        "refused": 0, "episodesOpened": 149
    });
    let before = db_counts(&app);
    let dry = send(&app, SyvElsewhere, "fileName=november.csv", CLEAN).expect(201);
    assert_eq!(dry.body["counts"], expected);
    assert_eq!(dry.body["isApplied"], false);
    assert_eq!(dry.body["fileName"], "november.csv");
    assert_eq!(db_counts(&app), before, "a trial leaves nothing");

    let applied = apply(&app, SyvElsewhere, CLEAN);
    assert_eq!(applied.body["counts"], expected);
    let place = applied.header("location").unwrap();
    assert!(place.ends_with(&format!("/imports/{}", applied.id())));
    let after = db_counts(&app);
    let grown: Vec<i64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
    let told = db_facts(&app);
    assert!(told > 149, "home, and of most what became of school");
    assert_eq!(grown, [149, 149, 7, 149 + 149 + 7 + told]);
    let event = app.db_last_event("importRoster");
    let of = |resource: &str| event.subjects.iter().filter(|s| s.1 == resource).count();
    assert_eq!(
        (of("youths"), of("episodes"), of("importDecisions")),
        (149, 149, 7)
    );
    let marked: i64 = youths::table
        .filter(youths::unit_id.eq(app.world.unit_elsewhere))
        .filter(youths::protection_level.ne(ProtectionLevel::None))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(marked, 2, "the marks arrive");
    let by_reason: Vec<Reason> = episodes::table
        .filter(episodes::reason.eq(Reason::IntroductoryProgrammeEnded))
        .select(episodes::reason)
        .load(&mut app.db())
        .unwrap();
    assert_eq!(by_reason.len(), 11);

    for who in [SyvElsewhere, EnhetschefElsewhere] {
        let again = apply(&app, who, CLEAN);
        assert_eq!(
            again.body["counts"],
            json!({
                "rows": 3000, "created": 0, "changed": 0, "left": 156, "outside": 2844,
                "needsDecision": 0, "refused": 0, "episodesOpened": 0
            })
        );
    }
    assert_eq!(db_counts(&app), after);
    assert_eq!(db_facts(&app), told);

    // What came in is found and can be edited.
    let list = app
        .get(SyvElsewhere, "/youths?limit=200")
        .expect(200)
        .column("youths", "id");
    assert_eq!(list.len(), 149 + 1 - 2, "Dag, and nobody with a mark");
    let one = app
        .get(
            SyvElsewhere,
            &format!("/youths/{}", list[0].as_str().unwrap()),
        )
        .expect(200);
    assert_eq!(one.body["tracks"], json!(["kaa"]));
    assert_eq!(one.version(), 1);
    app.patch(
        SyvElsewhere,
        &format!("/youths/{}", one.id()),
        1,
        json!({"language": "somaliska"}),
    )
    .expect(200);
});

with_app!(the_rows_are_told_by_line_and_column, |app| {
    let import = apply(&app, SyvElsewhere, DIRTY).id();
    let all = rows(&app, SyvElsewhere, &import, "");
    assert_eq!(all.len(), 403);
    let lines: Vec<i64> = all
        .iter()
        .map(|row| row["line"].as_i64().unwrap())
        .collect();
    assert!(lines.is_sorted() && lines[0] == 2 && lines[402] == 404);
    let created = rows(&app, SyvElsewhere, &import, "outcome=created");
    assert_eq!(created.len(), 17);
    assert!(
        created.iter().all(|row| row["youthId"].is_string()
            || problem_codes(row).contains(&"protected_needs_handler"))
    );
    let refused = rows(&app, SyvElsewhere, &import, "outcome=refused");
    assert_eq!(refused.len(), 28);
    assert_eq!(
        refused[0],
        json!({"line": 9, "outcome": "refused", "problems": [{
            "column": "Personnr", "code": "identity_number_check_digit", "severity": "refusal",
            "detail": "Kontrollsiffran stämmer inte. Någon siffra är troligen felskriven."
        }]})
    );
    let english = app
        .send(
            SyvElsewhere,
            "GET",
            &format!("/imports/{import}/rows?outcome=refused&limit=1"),
            &[("Accept-Language", "en")],
            None,
        )
        .expect(200);
    assert_eq!(
        english.body["rows"][0]["problems"][0]["detail"],
        "The check digit does not fit. A digit is probably mistyped."
    );
    // The page before, from the middle.
    let first = app
        .get(SyvElsewhere, &format!("/imports/{import}/rows?limit=3"))
        .expect(200);
    let second = app.get(SyvElsewhere, first.next().unwrap()).expect(200);
    let back = second.body["_links"]["prev"]["href"].as_str().unwrap();
    let back = app.get(SyvElsewhere, back).expect(200);
    assert_eq!(back.body["rows"], first.body["rows"]);
    let warnings = app
        .get(SyvElsewhere, &format!("/imports/{import}"))
        .expect(200);
    assert_eq!(
        warnings.body["warnings"][0]["code"], "letters_lost",
        "{}",
        warnings.body
    );
    app.get(
        SyvElsewhere,
        &format!("/imports/{import}/rows?outcome=lost"),
    )
    .problem(400, "invalid-parameter");
});

with_app!(refused_rows_are_mended_and_sent_again, |mut_app| {
    let mut app = mut_app;
    let sent = apply(&app, SyvElsewhere, DIRTY);
    assert_eq!(
        sent.body["counts"],
        json!({
            "rows": 403, "created": 17, "changed": 0, "left": 0, "outside": 357, "needsDecision": 1,
            "refused": 28, "episodesOpened": 17
        })
    );
    let path = format!("/imports/{}/refused-rows", sent.id());
    let file = app.get(SyvElsewhere, &path).expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    assert!(text.starts_with('\u{feff}') && text.lines().next().unwrap().ends_with(";orsak"));
    assert_eq!(text.lines().count(), 29);
    let english = app.send(
        SyvElsewhere,
        "GET",
        &path,
        &[("Accept-Language", "en")],
        None,
    );
    let english = String::from_utf8(english.expect(200).bytes).unwrap();
    assert!(english.lines().next().unwrap().ends_with(";reason"));
    let event = app.db_last_event("readRefusedRows");
    assert_eq!(event.subjects[0].2, "refusedRows");

    // Whole persons: they go back to whoever sent them, and to nobody else.
    app.get(EnhetschefElsewhere, &path)
        .problem(403, "forbidden");
    let missing = app
        .get(
            Syv,
            "/imports/00000000-0000-7000-8000-000000000000/refused-rows",
        )
        .expect(404);
    let hidden = app.get(Syv, &path);
    assert_eq!(hidden.without_instance(), missing.without_instance());

    // Four rows get a word that is known; two were duplicates of rows that are not sent again.
    let mended = text.replace("okänt ord", "ej påbörjat gymnasium");
    let again = apply(&app, SyvElsewhere, mended.as_bytes());
    assert_eq!(again.body["counts"]["refused"], 22);
    let good = again.body["counts"]["created"].as_i64().unwrap()
        + again.body["counts"]["left"].as_i64().unwrap()
        + again.body["counts"]["outside"].as_i64().unwrap();
    assert_eq!(good, 6);

    app.pass(Duration::hours(25));
    app.get(SyvElsewhere, &path).problem(404, "not-found");
    apply(&app, SyvElsewhere, HEADINGS.as_bytes());
    let kept: i64 = import_refusals::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 0, "the next run drops what is too old");
});

with_app!(
    what_is_known_is_updated_and_an_open_episode_is_not_closed,
    |app| {
        let text = row(ALVA_NUMBER, "", "gymnasieexamen");
        let import = apply(&app, Syv, &file(&[text]));
        assert_eq!(import.body["counts"]["changed"], 1);
        let told = rows(&app, Syv, &import.id(), "");
        assert_eq!(told[0]["youthId"], json!(app.world.alva));
        let codes = problem_codes(&told[0]);
        assert!(codes.contains(&"open_episode_but_outside") && codes.contains(&"fact_changed"));
        let said = told[0].to_string();
        for value in [
            "Åsa",
            "Öberg",
            "Vägen",
            "070-174",
            "gymnasieexamen",
            ALVA_NUMBER,
        ] {
            assert!(!said.contains(value), "{value}");
        }
        let alva = app
            .get(Syv, &format!("/youths/{}", app.world.alva))
            .expect(200);
        assert_eq!(alva.version(), 2);
        assert_eq!(alva.body["givenName"], "Åsa");
        assert_eq!(alva.body["tracks"], json!(["kaa"]));
        assert_eq!(
            alva.body["addresses"],
            json!([{"kind": "registered", "street": "Vägen 1", "postalCode": "172 60", "city": "Sundbyberg"}])
        );
        assert_eq!(alva.body["phones"].as_array().unwrap().len(), 2);
        assert_eq!(alva.body["guardians"].as_array().unwrap().len(), 1);
        let found = app
            .post(Syv, "/youths/search", json!({"name": "öb ås"}))
            .expect(200);
        assert_eq!(found.column("youths", "id"), [json!(app.world.alva)]);
        let versions = app
            .get(Syv, &format!("/youths/{}/versions", app.world.alva))
            .expect(200);
        assert_eq!(versions.body["versions"][0]["operation"], "importRoster");
        let event = app.db_last_event("importRoster");
        let (youth, _, fields) = &event.subjects[0];
        assert_eq!(*youth, Some(app.world.alva));
        assert!(fields.contains("phones") && !fields.contains("guardians"));

        // A bare file erases nothing.
        let bare =
            format!("pnr;fornamn;efternamn;status\n{ALVA_NUMBER};Åsa;Öberg;gymnasieexamen\n");
        let left = apply(&app, Syv, bare.as_bytes());
        assert_eq!(left.body["counts"]["left"], 1);
        let warnings: Vec<&Value> = left.body["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|warning| &warning["code"])
            .collect();
        assert_eq!(warnings, ["no_protection_column"]);
    }
);

with_app!(
    a_protected_youth_is_updated_and_nobody_outside_hears_of_it,
    |app| {
        let pia = number("20080505");
        db_number(&app, app.world.pia, &pia, true);
        // Not marked in the file: an outsider must not learn that she is in the register.
        let outside = apply(&app, Syv, &file(&[row(&pia, "", "gymnasieexamen")]));
        assert_eq!(outside.body["counts"]["outside"], 1);
        assert_eq!(outside.body["counts"]["changed"], 0);
        let told = rows(&app, Syv, &outside.id(), "");
        assert_eq!(
            told,
            [json!({"line": 2, "outcome": "outside", "problems": []})]
        );
        assert!(rows(&app, Syv, &outside.id(), "outcome=changed").is_empty());
        assert_eq!(rows(&app, Syv, &outside.id(), "outcome=outside").len(), 1);
        // The chief hears it all.
        let told = rows(&app, Enhetschef, &outside.id(), "outcome=changed");
        assert_eq!(told[0]["youthId"], json!(app.world.pia));
        let codes = problem_codes(&told[0]);
        assert!(codes.contains(&"protection_kept") && codes.contains(&"open_episode_but_outside"));
        assert!(rows(&app, Enhetschef, &outside.id(), "outcome=outside").is_empty());
        // Applied all the same, under the mark, and found in her log.
        let seen = app
            .get(Socionom, &format!("/youths/{}", app.world.pia))
            .expect(200);
        assert_eq!(seen.body["givenName"], "Åsa");
        assert_eq!(seen.body["protectionLevel"], "confidentiality_marking");
        let event = app.db_last_event("importRoster");
        assert_eq!(event.subjects[0].0, Some(app.world.pia));
        // A row of the target group looks as if it had been sent before.
        let left = apply(&app, Syv, &file(&[row(&pia, "", "avbrott gymnasium")]));
        assert_eq!(left.body["counts"]["left"], 1);
        assert_eq!(rows(&app, Syv, &left.id(), "")[0]["problems"], json!([]));
        app.get(Syv, &format!("/youths/{}", app.world.pia))
            .problem(404, "not-found");
    }
);

with_app!(a_raised_mark_closes_what_was_open, |app| {
    let raised = apply(
        &app,
        Enhetschef,
        &file(&[row(
            ALVA_NUMBER,
            "Skyddad folkbokföring",
            "avbrott gymnasium",
        )]),
    );
    assert_eq!(
        rows(&app, Enhetschef, &raised.id(), "outcome=changed").len(),
        1
    );
    let (level, addresses): (ProtectionLevel, CipherText) = youths::table
        .find(app.world.alva)
        .select((youths::protection_level, youths::addresses))
        .first(&mut app.db())
        .unwrap();
    assert_eq!(level, ProtectionLevel::ProtectedRegistration);
    assert_eq!(
        opened("youths", "addresses", app.world.alva.uuid(), &addresses),
        "[]"
    );
    // Her handler keeps sight of her; others of the unit do not.
    app.get(Syv, &format!("/youths/{}", app.world.alva))
        .expect(200);
    app.get(Ungdomskonsulent, &format!("/youths/{}", app.world.alva))
        .problem(404, "not-found");
    let lowered = apply(
        &app,
        Syv,
        &file(&[row(ALVA_NUMBER, "Ingen", "avbrott gymnasium")]),
    );
    let told = rows(&app, Syv, &lowered.id(), "");
    assert!(problem_codes(&told[0]).contains(&"protection_kept"));
    assert!(problem_codes(&told[0]).contains(&"address_withheld"));
});

with_app!(of_another_units_youth_only_where_to_ask_is_told, |app| {
    let import = apply(
        &app,
        SyvElsewhere,
        &file(&[row(ALVA_NUMBER, "", "avbrott gymnasium")]),
    );
    assert_eq!(import.body["counts"]["refused"], 1);
    let told = rows(&app, SyvElsewhere, &import.id(), "");
    assert_eq!(problem_codes(&told[0]), ["handled_elsewhere"]);
    assert!(told[0].get("youthId").is_none());
    let file = app
        .get(
            SyvElsewhere,
            &format!("/imports/{}/refused-rows", import.id()),
        )
        .expect(200);
    assert!(
        String::from_utf8(file.bytes)
            .unwrap()
            .contains("Kontakta enhetschefen")
    );
    let alva = app
        .get(Syv, &format!("/youths/{}", app.world.alva))
        .expect(200);
    assert_eq!(alva.version(), 1);
});

with_app!(two_rows_about_one_youth_are_not_guessed_between, |app| {
    let earlier = number("20090106");
    db_number(&app, app.world.alva, &earlier, false);
    let text = file(&[
        row(&earlier, "", "avbrott gymnasium"),
        row(ALVA_NUMBER, "", "avbrott gymnasium"),
    ]);
    let import = apply(&app, Syv, &text);
    let told = rows(&app, Syv, &import.id(), "");
    assert_eq!(problem_codes(&told[0]), ["same_youth_on_line"]);
    assert_eq!(told[1]["outcome"], "changed");
    let import = apply(&app, Syv, &file(&[row(&earlier, "", "avbrott gymnasium")]));
    let told = rows(&app, Syv, &import.id(), "");
    assert_eq!(problem_codes(&told[0]), ["earlier_number"]);
    assert_eq!(told[0]["outcome"], "left");
});

with_app!(a_row_that_needs_a_decision_is_decided_once, |app| {
    let (one, other) = (number("20090301"), number("20090302"));
    let text = file(&[row(&one, "", "flyttat in"), row(&other, "", "flyttat in")]);
    let import = apply(&app, Syv, &text).id();
    let list = app.get(Syv, "/import-decisions?status=pending").expect(200);
    let pending = list.body["importDecisions"].as_array().unwrap();
    assert_eq!(pending.len(), 2);
    assert_eq!(pending[1]["identityNumber"], one);
    assert_eq!(pending[1]["birthDate"], "2009-03-01");
    assert_eq!(pending[1]["cause"], "status_needs_decision");
    assert_eq!(pending[1]["importId"], import);
    let by_chief = app.get(Enhetschef, "/import-decisions").expect(200);
    assert!(
        by_chief.body["importDecisions"][0]
            .get("identityNumber")
            .is_none()
    );
    assert_eq!(by_chief.body["importDecisions"][0]["givenName"], "Åsa");
    let path = |place: usize| {
        format!(
            "/import-decisions/{}",
            pending[place]["id"].as_str().unwrap()
        )
    };
    let (first, second) = (path(1), path(0));

    // Each rule by its pointer.
    let confirm =
        json!({"status": "confirmed", "episodeReason": "registered_after_compulsory_age"});
    app.send(Syv, "PATCH", &first, &[], Some(confirm.clone()))
        .problem(428, "version-required");
    app.patch(Syv, &first, 7, confirm.clone())
        .problem(412, "stale-version");
    for (patch, pointer, code) in [
        (json!({}), "/status", "not-in-list"),
        (json!({"status": "pending"}), "/status", "not-in-list"),
        (json!({"status": "confirmed"}), "/episodeReason", "required"),
        (
            json!({"status": "confirmed", "episodeReason": "x"}),
            "/episodeReason",
            "not-in-list",
        ),
        (json!({"status": "rejected"}), "/reason", "required"),
        (
            json!({"status": "rejected", "reason": "Går i skola.", "episodeReason": "unknown"}),
            "/episodeReason",
            "not-with-other",
        ),
        (
            json!({"status": "rejected", "reason": "a".repeat(501)}),
            "/reason",
            "too-long",
        ),
    ] {
        let wrong = app
            .patch(Syv, &first, 1, patch.clone())
            .problem(422, "validation-failed");
        assert_eq!(wrong, [(pointer.to_owned(), code.to_owned())], "{patch}");
    }
    app.patch(Syv, &first, 1, json!({"givenName": "Eva"}))
        .problem(403, "forbidden-field");
    // Strangers.
    let missing = app
        .patch(
            SyvElsewhere,
            "/import-decisions/00000000-0000-7000-8000-000000000000",
            1,
            confirm.clone(),
        )
        .expect(404);
    let hidden = app.patch(SyvElsewhere, &first, 1, confirm.clone());
    assert_eq!(hidden.without_instance(), missing.without_instance());
    for who in [
        Ambassador,
        Socionom,
        Ungdomskonsulent,
        Administrator,
        Loggranskare,
    ] {
        app.patch(who, &first, 1, confirm.clone())
            .problem(403, "forbidden");
        app.get(who, "/import-decisions").problem(403, "forbidden");
    }
    assert!(
        app.get(SyvElsewhere, "/import-decisions").expect(200).body["importDecisions"]
            .as_array()
            .unwrap()
            .is_empty()
    );

    // Yes, and no.
    let yes = app
        .patch(Enhetschef, &first, 1, confirm.clone())
        .expect(200);
    assert_eq!(yes.version(), 2);
    let youth = yes.body["youthId"].as_str().unwrap().to_owned();
    assert_eq!(yes.body["decidedBy"], json!(app.world.user(Enhetschef)));
    assert_eq!(yes.body["givenName"], Value::Null);
    let read = app.get(Syv, &format!("/youths/{youth}")).expect(200);
    assert_eq!(read.body["identityNumber"], one);
    assert_eq!(read.body["tracks"], json!(["kaa"]));
    let episodes = app
        .get(Syv, &format!("/youths/{youth}/episodes"))
        .expect(200);
    assert_eq!(
        episodes.body["episodes"][0]["reason"],
        "registered_after_compulsory_age"
    );
    assert_eq!(episodes.body["episodes"][0]["enteredOn"], "2026-11-23");
    let event = app.db_last_event("decideImportRow");
    assert!(
        event
            .subjects
            .iter()
            .all(|s| s.0 == read.id().parse().ok().map(Id::of))
    );
    let no = app
        .patch(
            Syv,
            &second,
            1,
            json!({"status": "rejected", "reason": "Går i friskola."}),
        )
        .expect(200);
    assert_eq!(no.body["identityNumber"], other);
    assert_eq!(no.body["youthId"], Value::Null);
    app.patch(Syv, &second, 2, confirm).problem(409, "conflict");

    // Nothing is left of who was rejected but the number, so that it is not asked again.
    assert_eq!(db_youth(&app, &other), None);
    let kept: Vec<StoredDecisionRow> = import_decisions::table.load(&mut app.db()).unwrap();
    let kept = kept.all_deciphered(&vault()).unwrap();
    assert!(kept.iter().all(|row| row.document.0 == json!({})));
    let versions = kept_versions(&mut app.db(), "importDecisions");
    assert_eq!(versions.len(), 4);
    for version in versions {
        let text = version.to_string();
        assert!(!text.contains("Öberg") && !text.contains(&other));
    }
    let again = apply(&app, Syv, &text);
    assert_eq!(again.body["counts"]["left"], 2);
    let told = rows(&app, Syv, &again.id(), "");
    assert!(problem_codes(&told[0]).is_empty());
    assert_eq!(problem_codes(&told[1]), ["decision_rejected"]);
});

with_app!(a_decision_about_a_protected_identity_is_for_few, |app| {
    let (by_chief, by_syv) = (number("20090401"), number("20090402"));
    let confirm = json!({"status": "confirmed", "episodeReason": "unknown"});
    apply(
        &app,
        Enhetschef,
        &file(&[row(&by_chief, "Sekretess", "flyttat in")]),
    );
    let seen = |who| {
        let list = app.get(who, "/import-decisions?status=pending").expect(200);
        list.column("importDecisions", "id")
    };
    assert!(seen(Syv).is_empty());
    let id = seen(Enhetschef)[0].as_str().unwrap().to_owned();
    app.patch(Syv, &format!("/import-decisions/{id}"), 1, confirm.clone())
        .problem(404, "not-found");
    app.get(Syv, &format!("/import-decisions/{id}"))
        .problem(404, "not-found");
    let read = app.get(Enhetschef, &format!("/import-decisions/{id}"));
    assert_eq!(read.expect(200).version(), 1);
    // Whoever sent the file knows already; taking the youth in, they are assigned and find it again.
    apply(&app, Syv, &file(&[row(&by_syv, "Sekretess", "flyttat in")]));
    let id = seen(Syv)[0].as_str().unwrap().to_owned();
    let taken = app
        .patch(Syv, &format!("/import-decisions/{id}"), 1, confirm)
        .expect(200);
    let youth = taken.body["youthId"].as_str().unwrap();
    app.get(Syv, &format!("/youths/{youth}")).expect(200);
    app.get(Ungdomskonsulent, &format!("/youths/{youth}"))
        .problem(404, "not-found");
});

with_app!(
    what_has_changed_since_the_file_is_noticed_when_deciding,
    |mut_app| {
        let mut app = mut_app;
        let (old, known) = (number("20061125"), number("20090501"));
        apply(
            &app,
            Syv,
            &file(&[row(&old, "", "flyttat in"), row(&known, "", "flyttat in")]),
        );
        let list = app.get(Syv, "/import-decisions").expect(200);
        let path = |place: usize| {
            let id = &list.body["importDecisions"][place]["id"];
            format!("/import-decisions/{}", id.as_str().unwrap())
        };
        let confirm = json!({"status": "confirmed", "episodeReason": "unknown"});
        // Registered by hand meanwhile, in the other unit.
        app.post(
            SyvElsewhere,
            "/youths",
            json!({"identityNumber": known, "givenName": "Åsa", "familyName": "Öberg"}),
        )
        .expect(201);
        app.patch(Syv, &path(0), 1, confirm.clone())
            .problem(409, "already-exists");
        // Twenty in two days.
        app.pass(Duration::days(2));
        let wrong = app
            .patch(Syv, &path(1), 1, confirm)
            .problem(422, "validation-failed");
        assert_eq!(wrong, [("/status".to_owned(), "turned-20".to_owned())]);
        assert_eq!(db_youth(&app, &old), None);
    }
);

with_app!(a_wrong_request_is_told_what_is_wrong, |app| {
    for (parameters, name, code) in [
        ("isApplied=ja", "isApplied", "not-boolean"),
        ("colour=red", "colour", "unknown-field"),
    ] {
        let wrong = send(&app, Syv, parameters, CLEAN).problem(400, "invalid-parameter");
        assert_eq!(wrong, [(name.to_owned(), code.to_owned())]);
    }
    let post = |parameters: &str, media: &str, bytes: &[u8]| {
        app.send_bytes(
            Syv,
            "POST",
            &format!("/imports{parameters}"),
            &[],
            Some(media),
            Some(bytes.to_vec()),
        )
    };
    let wrong = post("?asOf=2026-11-25", "text/csv", CLEAN).problem(400, "invalid-parameter");
    assert_eq!(wrong, [("asOf".to_owned(), "in-future".to_owned())]);
    post("", "application/json", b"{}").problem(415, "unsupported-media-type");
    let wrong = post("", "text/csv", b"PK\x03\x04").problem(422, "unreadable-file");
    assert_eq!(wrong, [("/file".to_owned(), "roster".to_owned())]);
    // A file without headings begins with a person, who is not repeated.
    let answer = post("", "text/csv", b"200002292399;Eva;Lind;flyttat in");
    assert!(!answer.body.to_string().contains("2000"));
    answer.problem(422, "unreadable-file");
    let event = app.db_last_event("importRoster");
    assert_eq!(
        (event.outcome.as_str(), event.error_code.as_deref()),
        ("invalid", Some("unreadable-file"))
    );
    // Without a day the file is of today.
    let today = post("", "text/csv", HEADINGS.as_bytes()).expect(201);
    assert_eq!(today.body["asOf"], "2026-11-24");
    assert_eq!(today.body["fileName"], Value::Null);
    let named = send(&app, Syv, "fileName=20040709-2394.csv", HEADINGS.as_bytes()).expect(201);
    assert_eq!(named.body["fileName"], Value::Null);
});

with_app!(who_may_not_send_a_file_learns_nothing_about_it, |app| {
    let own = send(&app, Syv, "", HEADINGS.as_bytes()).expect(201).id();
    for who in [
        Ambassador,
        Socionom,
        Ungdomskonsulent,
        Administrator,
        Loggranskare,
    ] {
        let answer = send(&app, who, "colour=red", b"PK\x03\x04");
        assert!(answer.body.get("errors").is_none());
        answer.problem(403, "forbidden");
        app.get(who, "/imports").problem(403, "forbidden");
        app.get(who, &format!("/imports/{own}/rows"))
            .problem(403, "forbidden");
    }
    for who in [Nobody, Expired] {
        send(&app, who, "", b"PK\x03\x04").problem(401, "unauthenticated");
    }
    let missing = app
        .get(
            SyvElsewhere,
            "/imports/00000000-0000-7000-8000-000000000000",
        )
        .expect(404);
    for path in ["", "/rows", "/refused-rows"] {
        let hidden = app.get(SyvElsewhere, &format!("/imports/{own}{path}"));
        assert_eq!(hidden.without_instance(), missing.without_instance());
    }
    let listed = app.get(SyvElsewhere, "/imports").expect(200);
    assert!(listed.body["imports"].as_array().unwrap().is_empty());
    let listed = app.get(Enhetschef, "/imports?isApplied=false").expect(200);
    assert_eq!(listed.column("imports", "id"), [json!(own)]);
    assert!(
        app.get(Enhetschef, "/imports?isApplied=true")
            .expect(200)
            .body["imports"]
            .as_array()
            .unwrap()
            .is_empty()
    );
});

with_app!(one_key_is_one_import, |app| {
    let text = file(&[row(&number("20090601"), "", "avbrott gymnasium")]);
    let keyed = |bytes: &[u8]| {
        app.send_bytes(
            Syv,
            "POST",
            &format!("/imports?{AS_OF}&isApplied=true"),
            &[("Idempotency-Key", "november")],
            Some("text/csv"),
            Some(bytes.to_vec()),
        )
    };
    let first = keyed(&text).expect(201);
    assert_eq!(first.body["counts"]["created"], 1);
    let again = keyed(&text).expect(201);
    assert_eq!(first.body, again.body);
    keyed(HEADINGS.as_bytes()).problem(422, "idempotency-key-reused");
});

with_app!(an_import_that_fails_half_way_leaves_nothing, |app| {
    let before = db_counts(&app);
    app.db()
        .batch_execute("ALTER TABLE import_rows RENAME TO import_rows_away")
        .unwrap();
    send(&app, Syv, "isApplied=true", CLEAN).problem(500, "internal");
    app.db()
        .batch_execute("ALTER TABLE import_rows_away RENAME TO import_rows")
        .unwrap();
    assert_eq!(db_counts(&app), before);
    let left: i64 = import_rows::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(left, 0);
    let event = app.db_last_event("importRoster");
    assert_eq!(event.outcome, "failed");
    assert!(event.subjects.is_empty());
    // Bo is known from the outreach and is brought up to date.
    let counts = apply(&app, Syv, CLEAN).body["counts"].clone();
    assert_eq!(
        (&counts["created"], &counts["changed"]),
        (&json!(149), &json!(2))
    );
});
