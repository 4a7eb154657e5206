//! The shipped draft, a made-up second profile with other columns, order, encoding and codes, and what a profile is refused for.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]

use super::profile::{Profile, ProfileError};
use super::rows::{File, Problem};
use crate::domain::codes::{
    DeregistrationReason, EndReason, LegalSex, Measure, Occupation, ProtectionLevel, Reason,
};
use crate::domain::id::Id;
use crate::domain::identity_number::{IdentityNumber, IdentityNumberKind};
use crate::domain::national_file::{
    Block, ContactFacts, EpisodeFacts, HalfYear, MeasureFacts, PersonFacts, ProblemCode,
    ProblemWeight, as_it_stood,
};
use chrono::NaiveDate;
use serde_json::{Value, json};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn half() -> HalfYear {
    HalfYear::new(2026, 1).unwrap()
}

fn youth() -> PersonFacts {
    PersonFacts {
        youth_id: Id::fresh(),
        number: Some(
            IdentityNumber::from_stored(IdentityNumberKind::Personnummer, "200901052381").unwrap(),
        ),
        birth_date: day("2009-01-05"),
        legal_sex: LegalSex::Male,
        protection: ProtectionLevel::None,
        is_restricted: false,
        episodes: vec![EpisodeFacts {
            entered_on: day("2025-10-01"),
            exited_on: Some(day("2026-05-04")),
            reason: Reason::StudyCertificate,
            exit_reason: Some(DeregistrationReason::NationalProgramme),
            destination: None,
            contacts: ["2026-02-03", "2026-01-15"]
                .map(|on| ContactFacts {
                    on: day(on),
                    occupation: Some(Occupation::Internship),
                })
                .to_vec(),
            measures: vec![MeasureFacts {
                kind: Measure::Wellness,
                started_on: day("2026-03-02"),
                ended_on: Some(day("2026-04-01")),
                end_reason: Some(EndReason::Completed),
            }],
        }],
    }
}

/// The whole file of some youths, and what is wrong with it.
fn written(profile: &Profile, people: Vec<PersonFacts>) -> (Vec<u8>, Vec<Problem>) {
    let file = File {
        profile,
        half: half(),
        municipality: Some("0183"),
    };
    let (mut bytes, mut problems) = (file.beginning().unwrap(), Vec::new());
    let mut line = file.first_line();
    for person in people {
        let person = file.person(&as_it_stood(person, half()), line).unwrap();
        line += person.rows;
        bytes.extend(person.bytes);
        problems.extend(person.problems);
    }
    (bytes, problems)
}

/// Not like the draft in anything that a profile can decide.
fn fitted() -> Value {
    json!({
        "name": "kommunens-2026",
        "version": "3.1",
        "status": "fitted",
        "validFrom": "2026-H1",
        "validTo": "2026-H2",
        "encoding": "windows-1252",
        "separator": "|",
        "lineEnd": "lf",
        "hasHeader": true,
        "identityFormat": "YYMMDD-NNNN",
        "dateFormat": "YYMMDD",
        "protected": "include",
        "layout": {"rows": "per_person", "columns": [
            {"header": "Orsak – kod", "source": "reason"},
            {"header": "Pnr", "source": "identityNumber"},
            {"header": "Ålder", "constant": "€"},
            {"header": "K1", "source": "contactOn", "number": 1},
            {"header": "S1", "source": "occupation", "number": 1},
            {"header": "K2", "source": "contactOn", "number": 2},
            {"header": "S2", "source": "occupation", "number": 2},
            {"header": "Å1", "source": "measure", "number": 1},
            {"header": "Slut", "source": "exitReason"}
        ]},
        "codes": {
            "reason": {"study_certificate": "SB|1"},
            "occupation": {"internship": "PR"},
            "measure": {"wellness": "F"},
            "exitReason": {"national_programme_or_equiv": "NP"}
        },
        "weights": {"coordination_number": "error", "too_young": "warning"}
    })
}

fn read(profile: &Value) -> Profile {
    Profile::read(&profile.to_string()).unwrap()
}

#[test]
fn the_draft_writes_a_row_for_each_event_and_says_that_it_is_a_draft() {
    let draft = Profile::draft().unwrap();
    assert!(draft.is_draft() && draft.covers(half()));
    assert_eq!(draft.file_name(half()), "DRAFT-draft-2026-2026-H1.csv");
    assert_eq!(draft.words_without_code(), Vec::<String>::new());
    let (bytes, problems) = written(&draft, vec![youth()]);
    assert_eq!(problems, []);
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}Kommun;År;Halvår;Personnummer;Block;"));
    assert_eq!(
        lines[1..],
        [
            "0183;2026;1;200901052381;1;2025-10-01;3;;;;;;;;;",
            "0183;2026;1;200901052381;2;;;2026-01-15;2;;;;;;;",
            "0183;2026;1;200901052381;2;;;2026-02-03;2;;;;;;;",
            "0183;2026;1;200901052381;3;;;;;2026-03-02;04;;;;;",
            "0183;2026;1;200901052381;4;;;;;;;2026-04-01;04;1;;",
            "0183;2026;1;200901052381;5;;;;;;;;;;2026-05-04;3",
            "",
        ]
    );
}

#[test]
fn another_profile_writes_another_file_without_a_new_program() {
    let profile = read(&fitted());
    assert!(!profile.is_draft());
    assert_eq!(profile.file_name(half()), "kommunens-2026-2026-H1.csv");
    assert_eq!(profile.media_type(), "text/csv; charset=windows-1252");
    assert!(!profile.covers(HalfYear::new(2025, 2).unwrap()));
    assert!(!profile.covers(HalfYear::new(2027, 1).unwrap()));
    let (bytes, problems) = written(&profile, vec![youth()]);
    assert_eq!(problems, []);
    // The en dash, Å and the euro sign are one byte each in windows-1252.
    let expected: &[u8] = b"Orsak \x96 kod|Pnr|\xc5lder|K1|S1|K2|S2|\xc51|Slut\n\
        \"SB|1\"|090105-2381|\x80|260115|PR|260203|PR|F|NP\n";
    assert_eq!(bytes, expected);
}

#[test]
fn what_has_no_code_and_what_has_no_column_is_told_and_stops_the_file() {
    let profile = read(&fitted());
    let mut person = youth();
    person.episodes[0].reason = Reason::DropoutAdapted;
    person.episodes[0].contacts.push(ContactFacts {
        on: day("2026-04-15"),
        occupation: Some(Occupation::Internship),
    });
    let youth_id = person.youth_id;
    let (_, problems) = written(&profile, vec![youth(), person]);
    let expected = |block, field, code, word: Option<&str>| Problem {
        line: 3,
        youth_id,
        block,
        field,
        code,
        weight: ProblemWeight::Error,
        word: word.map(str::to_owned),
    };
    assert_eq!(
        problems,
        [
            expected(
                Block::Basics,
                "reason",
                ProblemCode::CodeNotMapped,
                Some("reason.dropout_adapted")
            ),
            expected(Block::Contact, "events", ProblemCode::TooManyEvents, None),
        ]
    );
    let words = profile.words_without_code();
    assert!(
        words.contains(&"reason.unknown".to_owned()) && words.contains(&"measure.talks".to_owned())
    );
    assert!(!words.contains(&"reason.study_certificate".to_owned()));
}

#[test]
fn a_problem_stands_on_the_line_of_its_event() {
    let draft = Profile::draft().unwrap();
    let mut person = youth();
    // The contact of the third of February, which is told second.
    person.episodes[0].contacts[0].occupation = None;
    let (_, problems) = written(&draft, vec![youth(), person]);
    let told: Vec<(i64, ProblemCode)> = problems.iter().map(|p| (p.line, p.code)).collect();
    assert_eq!(told, [(2 + 6 + 2, ProblemCode::OccupationMissing)]);
}

#[test]
fn a_profile_decides_what_a_control_weighs() {
    let profile = read(&fitted());
    assert_eq!(
        profile.weight(ProblemCode::TooYoung),
        ProblemWeight::Warning
    );
    assert_eq!(
        profile.weight(ProblemCode::CoordinationNumber),
        ProblemWeight::Error
    );
    assert_eq!(
        profile.weight(ProblemCode::ReasonMissing),
        ProblemWeight::Warning
    );
}

/// What the fitted profile is refused for after a change.
fn refused(change: impl FnOnce(&mut Value)) -> String {
    let mut profile = fitted();
    change(&mut profile);
    Profile::read(&profile.to_string()).unwrap_err().to_string()
}

#[test]
fn what_a_profile_is_refused_for_names_the_member() {
    let named = [
        (refused(|p| p["name"] = json!("Kommunens")), "name: "),
        (refused(|p| p["version"] = json!("")), "version: "),
        (refused(|p| p["validFrom"] = json!("2026")), "validFrom: "),
        (refused(|p| p["validTo"] = json!("2025-H2")), "validTo: "),
        (refused(|p| p["separator"] = json!(";;")), "separator: "),
        (
            refused(|p| p["dateFormat"] = json!("YYYY-MM")),
            "dateFormat: ",
        ),
        (
            refused(|p| p["layout"]["columns"][0]["source"] = json!("name")),
            "layout.columns[0].source: there is no source \"name\"",
        ),
        (
            refused(|p| p["layout"]["columns"][0]["source"] = json!("eventOn")),
            "layout.columns[0].source: ",
        ),
        (
            refused(|p| p["layout"]["columns"][0]["number"] = json!(1)),
            "layout.columns[0].number: ",
        ),
        (
            refused(|p| p["layout"]["columns"][3]["number"] = json!(null)),
            "layout.columns[3].number: ",
        ),
        (
            refused(|p| p["layout"]["columns"][2]["source"] = json!("year")),
            "layout.columns[2].source: ",
        ),
        (
            refused(|p| p["layout"]["columns"][1]["source"] = json!("birthDate")),
            "layout.columns: no column has the identityNumber",
        ),
        (
            refused(|p| p["layout"]["rows"] = json!("per_event")),
            "layout.columns[3].number: ",
        ),
        (
            refused(|p| p["codes"]["reasons"] = json!({})),
            "codes.reasons: there is no such list",
        ),
        (
            refused(|p| p["codes"]["reason"]["dropout"] = json!("1")),
            "codes.reason.dropout: there is no such word",
        ),
        (
            refused(|p| drop(p["codes"].as_object_mut().unwrap().remove("measure"))),
            "codes.measure: ",
        ),
        (
            refused(|p| p["codes"]["measure"]["wellness"] = json!("→")),
            "codes.measure.wellness: holds a sign that the encoding",
        ),
        (
            refused(|p| p["layout"]["columns"][2]["constant"] = json!("a\nb")),
            "layout.columns[2].constant: ",
        ),
        (
            refused(|p| p["weights"]["age"] = json!("warning")),
            "weights.age: there is no such control",
        ),
        (
            refused(|p| p["weights"]["code_not_mapped"] = json!("warning")),
            "weights.code_not_mapped: always stops the file",
        ),
    ];
    for (told, expected) in named {
        assert!(told.starts_with(expected), "{told} | {expected}");
    }
}

#[test]
fn what_is_no_profile_at_all_is_refused_with_its_line() {
    let told = Profile::read("{\n  \"name\": \"x\",\n  \"colour\": 1\n}").unwrap_err();
    let ProfileError::Json(told) = told else {
        panic!("{told}")
    };
    assert!(told.contains("colour") && told.contains("line 3"), "{told}");
    let unknown = fitted().to_string().replace("windows-1252", "ebcdic");
    let told = Profile::read(&unknown).unwrap_err().to_string();
    assert!(told.contains("ebcdic") && told.contains("line 1"), "{told}");
}
