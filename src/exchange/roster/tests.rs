//! Tests of the roster reader: the two sample files, the variants of the format, and that no
//! bytes make it panic or lose a row.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]

use super::*;
use crate::domain::codes::Reason;
use crate::error::Language;
use proptest::prelude::*;

const CLEAN: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/roster-2026-11.csv"
));
const DIRTY: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/roster-excel-latin1-dirty.csv"
));

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn read(bytes: &[u8]) -> RosterFile {
    read_roster(bytes, as_of(), &RosterMapping::default(), &mut |_| {})
        .unwrap_or_else(|e| panic!("{e}"))
}

fn file_error(bytes: &[u8]) -> RosterFileError {
    read_roster(bytes, as_of(), &RosterMapping::default(), &mut |_| {}).unwrap_err()
}

fn problems(file: &RosterFile) -> Vec<(u64, String, &'static str)> {
    file.rows
        .iter()
        .flat_map(|reading| match &reading.outcome {
            RowOutcome::Refused(problems) => problems
                .iter()
                .map(|p| (reading.line, p.column.clone(), p.code))
                .collect(),
            RowOutcome::Good(_) => Vec::new(),
        })
        .collect()
}

fn warnings(file: &RosterFile) -> Vec<(u64, &str, &'static str)> {
    file.rows
        .iter()
        .flat_map(|r| {
            r.warnings
                .iter()
                .map(|w| (r.line, w.column.as_str(), w.code))
        })
        .collect()
}

fn good(file: &RosterFile) -> Vec<&RosterRow> {
    file.rows
        .iter()
        .filter_map(|reading| match &reading.outcome {
            RowOutcome::Good(row) => Some(row.as_ref()),
            RowOutcome::Refused(_) => None,
        })
        .collect()
}

#[test]
fn clean_file_counts() {
    let mut told = Vec::new();
    let file = read_roster(CLEAN, as_of(), &RosterMapping::default(), &mut |n| {
        told.push(n);
    })
    .unwrap();
    assert_eq!(told, [1000, 2000, 3000, 3000]);
    assert_eq!(
        (file.encoding, file.delimiter),
        (TextEncoding::Utf8, Delimiter::Comma)
    );
    assert!(file.ignored_columns.is_empty());
    // What tells more of school than the status word does is optional.
    let of_school = [
        Column::EnrolmentStart,
        Column::EnrolmentEnd,
        Column::ExamKind,
        Column::ExamDate,
    ];
    assert_eq!(file.absent_columns, of_school);
    assert_eq!(
        file.counts(),
        RosterCounts {
            rows: 3000,
            good: 3000,
            refused: 0,
            good_with_warnings: 0,
            target_group: 149,
            needs_decision: 7,
            outside: 2844,
        }
    );
    let first = good(&file)[0];
    assert_eq!((first.line, first.given_name.as_str()), (2, "José"));
    assert_eq!(file.rows.last().unwrap().line, 3001);
}

#[test]
fn dirty_file_every_problem() {
    let file = read(DIRTY);
    assert_eq!(
        (file.encoding, file.delimiter),
        (TextEncoding::Windows1252, Delimiter::Semicolon)
    );
    let expected: Vec<(u64, String, &str)> = [
        (9, "Personnr", "identity_number_check_digit"),
        (15, "Förnamn", "name_missing"),
        (21, "Status", "status_unknown"),
        (25, "", "cell_count"),
        (31, "Efternamn", "name_characters"),
        (59, "Personnr", "identity_number_check_digit"),
        (98, "Efternamn", "name_characters"),
        (104, "", "cell_count"),
        (109, "Personnr", "identity_number_check_digit"),
        (112, "Förnamn", "name_missing"),
        (165, "Efternamn", "name_characters"),
        (183, "", "cell_count"),
        (187, "Status", "status_unknown"),
        (209, "Personnr", "identity_number_check_digit"),
        (209, "Förnamn", "name_missing"),
        (232, "Efternamn", "name_characters"),
        (259, "Personnr", "identity_number_check_digit"),
        (262, "", "cell_count"),
        (270, "Status", "status_unknown"),
        (299, "Efternamn", "name_characters"),
        (306, "Förnamn", "name_missing"),
        (309, "Personnr", "identity_number_check_digit"),
        (341, "", "cell_count"),
        (353, "Status", "status_unknown"),
        (359, "Personnr", "identity_number_check_digit"),
        (366, "Efternamn", "name_characters"),
        (402, "Personnr", "identity_number_duplicate"),
        (403, "Personnr", "identity_number_duplicate"),
        (404, "Personnr", "identity_number_duplicate"),
    ]
    .into_iter()
    .map(|(line, column, code)| (line, column.to_owned(), code))
    .collect();
    assert_eq!(problems(&file), expected);
    assert_eq!(
        file.counts(),
        RosterCounts {
            rows: 403,
            good: 375,
            refused: 28,
            good_with_warnings: 44,
            target_group: 17,
            needs_decision: 1,
            outside: 357,
        }
    );
    let with = |code| -> Vec<u64> {
        let all = warnings(&file);
        all.iter().filter(|w| w.2 == code).map(|w| w.0).collect()
    };
    assert_eq!(with("postal_code_syntax"), [19, 108, 197, 286, 375]);
    assert_eq!(with("name_lost_letter").len(), 40);
    assert_eq!(warnings(&file).len(), 45);
    // Excel's ="..." around the number, and names as Latin-1 gives them.
    let unwrapped = good(&file).into_iter().find(|r| r.line == 11).unwrap();
    assert_eq!(unwrapped.identity.as_str(), "200412282386");
    let detail = |line| {
        let reading = file.rows.iter().find(|r| r.line == line).unwrap();
        match &reading.outcome {
            RowOutcome::Refused(problems) => problems[0].detail_sv.clone(),
            RowOutcome::Good(_) => panic!("{line} is good"),
        }
    };
    assert!(detail(404).contains("rad 104"));
    assert!(detail(25).contains("9 celler") && detail(25).contains("13"));
}

#[test]
fn refused_rows_come_back_as_they_were() {
    let file = read(DIRTY);
    for language in [Language::Swedish, Language::English] {
        let bytes = refused_csv(&file, language);
        let again = read(&bytes);
        assert_eq!(again.encoding, TextEncoding::Utf8WithMark);
        assert_eq!(again.delimiter, file.delimiter);
        assert_eq!(again.rows.len(), 28);
        assert!(again.ignored_columns.is_empty());
        for (before, after) in file
            .rows
            .iter()
            .filter(|r| matches!(r.outcome, RowOutcome::Refused(_)))
            .zip(&again.rows)
        {
            let mut cells = before.cells.clone();
            cells.resize(13, String::new());
            assert_eq!(cells, after.cells[..13]);
            assert!(!after.cells[13].is_empty());
        }
        // Padded rows still lack a status; the duplicates of rows not sent again now stand.
        let counts = again.counts();
        assert_eq!((counts.refused, counts.good), (26, 2));
        // A third round does not gather reasons.
        let third = read(&refused_csv(&again, language));
        assert_eq!(third.headers, again.headers);
        assert_eq!(third.rows.len(), 26);
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(";=") && text.contains(";'=cmd|calc"));
    }
}

#[test]
fn reasons_never_repeat_a_value() {
    let file = read(DIRTY);
    for reading in &file.rows {
        let RowOutcome::Refused(problems) = &reading.outcome else {
            continue;
        };
        for problem in problems.iter().chain(&reading.warnings) {
            for cell in reading.cells.iter().filter(|c| c.chars().count() > 5) {
                assert!(!problem.detail_sv.contains(cell.as_str()));
                assert!(!problem.detail_en.contains(cell.as_str()));
            }
        }
        assert!(!format!("{reading:?}").contains(&reading.cells[0]));
    }
}

const HEADER: &str = "Pnr;Tilltalsnamn;EFTER NAMN;Skol-status;Skyddade personuppgifter;Adress;Ort";
const ROW: &str = "20091231-2386;Åsa;Öberg;avbrott gymnasium;;;";

/// A number of a made-up person that fits, born on the day.
fn number(birth: &str, serial: &str) -> String {
    (0..10)
        .map(|digit| format!("{birth}{serial}{digit}"))
        .find(|n| IdentityNumber::parse(n, as_of()).is_ok())
        .unwrap()
}

fn one_row(cells: &str) -> String {
    format!("{HEADER}\n{};{cells}\n", number("20091231", "238"))
}

#[test]
fn encodings_and_delimiters_give_the_same_rows() {
    let row = ROW.replace("20091231-2386", &number("20091231", "238"));
    let text = format!("{HEADER}\r\n{row}\r\n");
    let mut utf_16 = vec![0xFF, 0xFE];
    let mut utf_16_be = vec![0xFE, 0xFF];
    for unit in text.replace(';', "\t").encode_utf16() {
        utf_16.extend(unit.to_le_bytes());
        utf_16_be.extend(unit.to_be_bytes());
    }
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(c as u32).unwrap())
        .collect();
    let expected = good(&read(text.as_bytes()))[0].clone();
    assert_eq!(expected.family_name, "Öberg");
    for (bytes, encoding, delimiter) in [
        (latin, TextEncoding::Windows1252, Delimiter::Semicolon),
        (utf_16, TextEncoding::Utf16, Delimiter::Tab),
        (utf_16_be, TextEncoding::Utf16, Delimiter::Tab),
        (
            format!("\u{feff}{}", text.replace(';', ",")).into_bytes(),
            TextEncoding::Utf8WithMark,
            Delimiter::Comma,
        ),
        (
            text.replace("\r\n", "\r").into_bytes(),
            TextEncoding::Utf8,
            Delimiter::Semicolon,
        ),
        (
            text.replace("Adress", "\"Adress\"").into_bytes(),
            TextEncoding::Utf8,
            Delimiter::Semicolon,
        ),
    ] {
        let file = read(&bytes);
        assert_eq!((file.encoding, file.delimiter), (encoding, delimiter));
        assert_eq!(good(&file), [&expected]);
    }
}

#[test]
fn lines_are_physical() {
    let broken = one_row("Åsa;\"Ö\r\nberg\";fel;ja;;").replace('\n', "\r\n");
    let body = broken.replace("\r\r", "\r");
    let other = number("20091230", "238");
    let text = format!(
        "sep=;\r\n{body}\r\n;;;;;;\r\n  \r\n{other};Eva;Lind;flyttat in;;;\r\n{other};Eva;Lind\r\n"
    );
    let file = read(text.as_bytes());
    assert_eq!(
        problems(&file),
        [
            (3, "EFTER NAMN".to_owned(), "cell_line_break"),
            (
                3,
                "Skyddade personuppgifter".to_owned(),
                "protection_unknown"
            ),
            (3, "Skol-status".to_owned(), "status_unknown"),
            (9, String::new(), "cell_count"),
            (9, "Pnr".to_owned(), "identity_number_duplicate"),
        ]
    );
    assert_eq!(good(&file)[0].line, 8);
    assert_eq!(good(&file)[0].placement, Placement::NeedsDecision);
    assert_eq!(file.counts().rows, 3);
}

#[test]
fn an_open_quotation_mark_is_told() {
    let text = one_row("\"Åsa;Öberg;avbrott gymnasium;;;") + "more;rows\nand;more\n";
    let file = read(text.as_bytes());
    assert_eq!(problems(&file), [(2, String::new(), "cell_count")]);
    let RowOutcome::Refused(found) = &file.rows[0].outcome else {
        panic!("good")
    };
    assert!(found[0].detail_sv.contains("citattecken"));
}

#[test]
fn age_bounds_the_placement() {
    for (birth, placement) in [
        ("20061123", Placement::Outside),
        (
            "20061124",
            Placement::TargetGroup(Reason::DropoutNationalProgramme),
        ),
        (
            "20111123",
            Placement::TargetGroup(Reason::DropoutNationalProgramme),
        ),
        ("20111124", Placement::Outside),
    ] {
        let text = format!(
            "{HEADER}\n{};Åsa;Öberg;AVBROTT  Gymnasium;;;\n",
            number(birth, "238")
        );
        assert_eq!(good(&read(text.as_bytes()))[0].placement, placement);
    }
    let tf = format!("{HEADER}\n20100101TF01;Åsa;Öberg;avbrott gymnasium;;;\n");
    let file = read(tf.as_bytes());
    assert_eq!(good(&file)[0].placement, Placement::Outside);
    assert_eq!(warnings(&file), [(2, "Pnr", "identity_number_tf")]);
}

#[test]
fn an_address_is_kept_out_under_protected_registration() {
    let text = one_row("Åsa;Öberg;flyttat in;Skyddad folkbokföring;Hemliga vägen 1;Orten");
    let file = read(text.as_bytes());
    let row = good(&file)[0];
    assert_eq!(row.protection, ProtectionLevel::ProtectedRegistration);
    assert_eq!((&row.street, &row.city), (&None, &None));
    assert_eq!(warnings(&file), [(2, "Adress", "address_withheld")]);
    let marked = read(one_row("Åsa;Öberg;flyttat in;Sekretess;Vägen 1;").as_bytes());
    assert_eq!(good(&marked)[0].street.as_deref(), Some("Vägen 1"));
}

#[test]
fn contact_details_that_are_wrong_are_left_out() {
    let text = format!(
        "pnr,first name,last name,sex,status,mobil,e-post,Anteckning,\n\
         {},Åsa,Öberg,man,flyttat in,701740650,u1@example,x,\n\
         {},Åsa,Öberg,hen,flyttat in,,,,x\n",
        number("20091231", "238"),
        number("20091230", "238")
    );
    let file = read(text.as_bytes());
    let row = good(&file)[0];
    assert_eq!((&row.phone, &row.email), (&None, &None));
    assert_eq!(row.legal_sex, LegalSex::Female);
    assert_eq!(file.ignored_columns, ["Anteckning"]);
    assert!(file.absent_columns.contains(&Column::Protection));
    assert_eq!(
        warnings(&file),
        [
            (2, "sex", "legal_sex_contradicts"),
            (2, "mobil", "phone_syntax"),
            (2, "e-post", "email_syntax")
        ]
    );
    assert_eq!(
        problems(&file),
        [
            (3, String::new(), "cell_without_heading"),
            (3, "sex".to_owned(), "legal_sex_unknown")
        ]
    );
}

#[test]
fn cells_that_the_register_cannot_keep_are_told() {
    let long = "a".repeat(201);
    let name = "Å".repeat(101);
    let file = read(one_row(&format!("{name};Öberg;flyttat in;;{long};")).as_bytes());
    assert_eq!(
        problems(&file),
        [(2, "Tilltalsnamn".to_owned(), "name_too_long")]
    );
    let file = read(one_row(&format!("Åsa;Öberg;flyttat in;;{long};A\u{1}B")).as_bytes());
    assert_eq!(good(&file)[0].street, None);
    assert_eq!(good(&file)[0].city.as_deref(), Some("A B"));
    assert_eq!(warnings(&file), [(2, "Adress", "cell_too_long")]);
}

#[test]
fn who_left_an_introductory_programme_has_not_left_a_national_one() {
    let text = |programme: &str| {
        format!(
            "pnr;fornamn;efternamn;status;program\n{};Åsa;Öberg;avbrott gymnasium;{programme}\n",
            number("20091231", "238")
        )
    };
    for (programme, reason) in [
        ("SA", Reason::DropoutNationalProgramme),
        ("", Reason::DropoutNationalProgramme),
        ("IMS", Reason::IntroductoryProgrammeEnded),
        ("imy", Reason::IntroductoryProgrammeEnded),
    ] {
        let file = read(text(programme).as_bytes());
        assert_eq!(
            good(&file)[0].placement,
            Placement::TargetGroup(reason),
            "{programme}"
        );
    }
}

#[test]
fn file_errors() {
    for (bytes, code) in [
        (&b""[..], "roster_empty"),
        (b"\n\n;;\n", "roster_empty"),
        (b"PK\x03\x04rest", "roster_workbook"),
        (b"a\0b", "roster_not_text"),
        (b"\xEF\xBB\xBFa\xE5", "roster_not_text"),
        (b"\xFF\xFEa", "roster_not_text"),
        (b"200002292399;Eva;Lind;flyttat in", "roster_no_headings"),
        (b"pnr;fornamn;namn", "roster_missing_columns"),
        (
            b"pnr;fornamn;efternamn;status;Personnummer",
            "roster_column_twice",
        ),
    ] {
        let error = file_error(bytes);
        assert_eq!(error.code(), code);
        assert!(!error.detail_sv().contains("2000") && !error.detail_en().contains("2000"));
    }
    let missing = file_error(b"pnr;fornamn;namn");
    assert_eq!(
        missing.detail_sv(),
        "Filen saknar kolumn: efternamn, status. Rubriker som finns: pnr, fornamn, namn."
    );
    // The header alone is a roster with nobody in it.
    assert!(read(HEADER.as_bytes()).rows.is_empty());
}

#[test]
fn mapping_from_json() {
    let mapping: RosterMapping = serde_json::from_str(
        r#"{"statuses": {"Avhopp": {"placement": "open_episode", "reason": "dropout_adapted"},
            "går": {"placement": "outside"}, "?? oklart": {"placement": "needs_decision"}}}"#,
    )
    .unwrap();
    assert_eq!(
        mapping.rule(" AVHOPP "),
        Some(StatusRule::OpenEpisode {
            reason: Reason::DropoutAdapted
        })
    );
    assert_eq!(
        mapping.rule("gar"),
        Some(StatusRule::Outside { fact: None })
    );
    assert_eq!(mapping.rule("avbrott gymnasium"), None);
    for wrong in [
        r#"{"statuses": {}}"#,
        r#"{"statuses": {"--": {"placement": "outside"}}}"#,
        r#"{"statuses": {"går": {"placement": "outside"}, "GAR": {"placement": "outside"}}}"#,
        r#"{"statuses": {"går": {"placement": "inside"}}}"#,
        r#"{"statuses": {"går": {"placement": "open_episode"}}}"#,
    ] {
        assert!(serde_json::from_str::<RosterMapping>(wrong).is_err());
    }
    let written = "studiebevis";
    assert!(RosterMapping::default().rule(written).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_roster(&bytes, as_of(), &RosterMapping::default(), &mut |_| {});
    }

    #[test]
    fn no_rows_make_it_panic_or_are_lost(
        body in "([;\"\r\n='?,\t 0-9a-cåTF+-]|200002292399|Eva;Lind|;flyttat in|Ingen){0,60}",
        latin: bool,
        english: bool,
    ) {
        let text = format!("{HEADER};extra\n{body}");
        let bytes = if latin {
            encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
        } else {
            text.into_bytes()
        };
        let file = read(&bytes);
        let counts = file.counts();
        prop_assert_eq!(counts.good + counts.refused, counts.rows);
        let language = if english { Language::English } else { Language::Swedish };
        let again = read(&refused_csv(&file, language));
        let refused: Vec<_> = file
            .rows
            .iter()
            .filter(|r| matches!(r.outcome, RowOutcome::Refused(_)))
            .collect();
        prop_assert_eq!(refused.len(), again.rows.len());
        for (before, after) in refused.iter().zip(&again.rows) {
            let kept: Vec<&String> = before.cells.iter().take(8).collect();
            prop_assert_eq!(&kept[..], &after.cells.iter().take(kept.len()).collect::<Vec<_>>()[..]);
            let beyond: Vec<&String> = before.cells.iter().skip(8).collect();
            prop_assert_eq!(beyond, after.cells.iter().skip(9).collect::<Vec<_>>());
        }
    }
}
