//! Tests of planning: one row against what the register knows, rule by rule, and that a plan that has been carried out
//! leaves nothing to do.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]

use super::super::{RosterMapping, RowOutcome, read_roster};
use super::*;
use crate::domain::youth::{YouthFacts, check_youth};
use proptest::prelude::*;

const NUMBER: &str = "200901052381";
const HEADINGS: &str = "personnummer;förnamn;efternamn;gatuadress;postnummer;postort;område;telefon;e-post;\
                        skyddsmarkering;status";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days() -> Days {
    Days {
        as_of: day("2026-11-23"),
        today: day("2026-11-25"),
    }
}

/// A file with one row about Alva, whose cells after the name are given.
fn file(names: &str, rest: &str) -> RosterFile {
    let text = format!("{HEADINGS}\n{NUMBER};{names};{rest}\n");
    read_roster(
        text.as_bytes(),
        days().as_of,
        &RosterMapping::default(),
        &mut |_| {},
    )
    .unwrap()
}

fn row(file: &RosterFile) -> &RosterRow {
    match &file.rows[0].outcome {
        RowOutcome::Good(row) => row,
        RowOutcome::Refused(problems) => panic!("{problems:?}"),
    }
}

fn plan(
    file: &RosterFile,
    standing: Standing<'_>,
    decision: Option<KnownDecision>,
    days: Days,
) -> RowPlan {
    plan_row(
        file,
        row(file),
        &file.rows[0].warnings,
        standing,
        decision,
        days,
    )
}

fn codes(plan: &RowPlan) -> Vec<(&str, &str)> {
    plan.notes
        .iter()
        .map(|note| (note.problem.column.as_str(), note.problem.code))
        .collect()
}

fn known<'k>(facts: &'k RegisterFacts, episodes: &'k [KnownEpisode]) -> Standing<'k> {
    Standing::Known {
        facts,
        episodes,
        is_number_current: true,
    }
}

/// The facts of the register after a row was taken in.
fn after(file: &RosterFile) -> RegisterFacts {
    merged(&RegisterFacts::nothing(), &RowFacts::from(row(file))).0
}

const OPEN: KnownEpisode = KnownEpisode {
    track: Track::Kaa,
    exited_on: None,
    deregistration_reason: None,
};

fn closed(on: &str, reason: DeregistrationReason) -> KnownEpisode {
    KnownEpisode {
        exited_on: Some(day(on)),
        deregistration_reason: Some(reason),
        ..OPEN
    }
}

const PLAIN: &str =
    "Vägen 1;172 60;Sundbyberg;Ör;070-174 06 50;a@example.com;Ingen;avbrott gymnasium";

#[test]
fn what_the_status_says_of_somebody_unknown() {
    for (status, outcome, opens) in [
        (
            "avbrott gymnasium",
            ImportRowOutcome::Created,
            Some(Reason::DropoutNationalProgramme),
        ),
        (
            "ej påbörjat gymnasium",
            ImportRowOutcome::Created,
            Some(Reason::CompulsorySchoolOnly),
        ),
        (
            "komvux/folkhögskola",
            ImportRowOutcome::Created,
            Some(Reason::Unknown),
        ),
        ("gymnasieexamen", ImportRowOutcome::Outside, None),
        ("introduktionsprogram", ImportRowOutcome::Outside, None),
        ("flyttat in", ImportRowOutcome::NeedsDecision, None),
    ] {
        let file = file("Åsa;Öberg", &PLAIN.replace("avbrott gymnasium", status));
        let plan = plan(&file, Standing::Unknown, None, days());
        assert_eq!((plan.outcome, plan.opens), (outcome, opens), "{status}");
        assert_eq!(plan.facts.is_some(), outcome == ImportRowOutcome::Created);
        assert_eq!(
            plan.asks.is_some(),
            outcome == ImportRowOutcome::NeedsDecision
        );
    }
}

#[test]
fn who_has_turned_20_since_the_day_of_the_file_is_outside() {
    let file = file("Åsa;Öberg", PLAIN);
    let late = Days {
        today: day("2029-01-05"),
        ..days()
    };
    let plan = plan(&file, Standing::Unknown, None, late);
    assert_eq!(plan.outcome, ImportRowOutcome::Outside);
    assert_eq!(codes(&plan), [("personnummer", "turned_20_since")]);
}

#[test]
fn an_open_episode_is_neither_opened_twice_nor_closed_in_silence() {
    let dropout = file("Åsa;Öberg", PLAIN);
    let facts = after(&dropout);
    let left = plan(&dropout, known(&facts, &[OPEN]), None, days());
    assert_eq!((left.outcome, left.opens), (ImportRowOutcome::Left, None));
    assert!(left.notes.is_empty());

    let pupil = file(
        "Åsa;Öberg",
        &PLAIN.replace("avbrott gymnasium", "gymnasieexamen"),
    );
    let told = plan(&pupil, known(&facts, &[OPEN]), None, days());
    assert_eq!(told.outcome, ImportRowOutcome::Changed);
    assert_eq!(
        codes(&told),
        [
            ("status", "fact_changed"),
            ("status", "open_episode_but_outside")
        ]
    );
    // Of an outreach episode a school status says nothing.
    let outreach = KnownEpisode {
        track: Track::Outreach,
        ..OPEN
    };
    let plan = plan(&pupil, known(&facts, &[outreach]), None, days());
    assert_eq!(codes(&plan), [("status", "fact_changed")]);
}

#[test]
fn coming_back_opens_a_new_episode_unless_the_register_knows_better() {
    let dropout = file("Åsa;Öberg", PLAIN);
    let facts = after(&dropout);
    let moved = DeregistrationReason::NationalProgramme;
    let again = plan(
        &dropout,
        known(&facts, &[closed("2026-11-22", moved)]),
        None,
        days(),
    );
    assert_eq!(again.outcome, ImportRowOutcome::Changed);
    assert_eq!(again.opens, Some(Reason::DropoutNationalProgramme));

    let since = plan(
        &dropout,
        known(&facts, &[closed("2026-11-23", moved)]),
        None,
        days(),
    );
    assert_eq!((since.outcome, since.opens), (ImportRowOutcome::Left, None));
    assert_eq!(codes(&since), [("status", "closed_since")]);

    for reason in [
        DeregistrationReason::CompletedUpperSecondary,
        DeregistrationReason::Deceased,
        DeregistrationReason::RegisteredInError,
    ] {
        let episodes = [closed("2026-01-01", moved), closed("2026-02-01", reason)];
        let asked = plan(&dropout, known(&facts, &episodes), None, days());
        assert_eq!(asked.outcome, ImportRowOutcome::NeedsDecision);
        assert_eq!(asked.asks, Some(DecisionCause::ClosedForGood));
        assert_eq!(asked.opens, None);
    }
}

#[test]
fn a_question_is_asked_once() {
    let moved_in = file(
        "Åsa;Öberg",
        &PLAIN.replace("avbrott gymnasium", "flyttat in"),
    );
    let earlier = |status| {
        Some(KnownDecision {
            status,
            protection_level: ProtectionLevel::None,
        })
    };
    for (status, code) in [
        (DecisionStatus::Pending, "decision_pending"),
        (DecisionStatus::Rejected, "decision_rejected"),
    ] {
        let plan = plan(&moved_in, Standing::Unknown, earlier(status), days());
        assert_eq!((plan.outcome, plan.asks), (ImportRowOutcome::Left, None));
        assert_eq!(codes(&plan), [("status", code)]);
    }
    // A confirmed one is behind the episode; when that is closed, the question is a new one.
    let facts = after(&moved_in);
    let confirmed = earlier(DecisionStatus::Confirmed);
    let left = plan(&moved_in, known(&facts, &[OPEN]), confirmed, days());
    assert_eq!((left.outcome, left.asks), (ImportRowOutcome::Left, None));
    let gone = [closed(
        "2026-05-01",
        DeregistrationReason::NotRegisteredHere,
    )];
    let plan = plan(&moved_in, known(&facts, &gone), confirmed, days());
    assert_eq!(plan.outcome, ImportRowOutcome::NeedsDecision);
}

#[test]
fn a_waiting_question_takes_over_a_protection_mark() {
    let text = PLAIN
        .replace("avbrott gymnasium", "flyttat in")
        .replace("Ingen", "Sekretessmarkering");
    let file = file("Åsa;Öberg", &text);
    let pending = Some(KnownDecision {
        status: DecisionStatus::Pending,
        protection_level: ProtectionLevel::None,
    });
    let plan = plan(&file, Standing::Unknown, pending, days());
    assert!(plan.marks_decision);
    assert_eq!(plan.outcome, ImportRowOutcome::Changed);
}

#[test]
fn empty_cells_erase_nothing_and_marks_are_never_lowered() {
    let full = file("Åsa;Öberg", &PLAIN.replace("Ingen", "Sekretess"));
    let facts = after(&full);
    let bare = file("Åsa;Öberg", ";;;;;;;avbrott gymnasium");
    let left = plan(&bare, known(&facts, &[OPEN]), None, days());
    assert_eq!(left.outcome, ImportRowOutcome::Left);
    assert_eq!(codes(&left), [("skyddsmarkering", "protection_kept")]);
}

#[test]
fn a_raised_mark_takes_the_address_away() {
    let facts = after(&file("Åsa;Öberg", PLAIN));
    let marked = file(
        "Åsa;Öberg",
        &PLAIN.replace("Ingen", "Skyddad folkbokföring"),
    );
    let raised = plan(&marked, known(&facts, &[OPEN]), None, days());
    let stored = raised.facts.as_ref().unwrap();
    assert_eq!(
        stored.protection_level,
        ProtectionLevel::ProtectedRegistration
    );
    assert_eq!((&stored.addresses, &stored.area), (&json!([]), &None));
    // Nobody outside hears of it.
    assert_eq!(raised.outcome, ImportRowOutcome::Changed);
    assert_eq!(raised.outward_outcome, ImportRowOutcome::Left);
    assert!(raised.notes.iter().any(|note| note.is_of_file));
    // A file without the mark brings no address back.
    let plain = file("Åsa;Öberg", PLAIN);
    let plan = plan(&plain, known(stored, &[OPEN]), None, days());
    assert_eq!(plan.outcome, ImportRowOutcome::Left);
    assert_eq!(
        codes(&plan),
        [
            ("skyddsmarkering", "protection_kept"),
            ("gatuadress", "address_withheld")
        ]
    );
}

#[test]
fn outside_rows_touch_nobody_without_an_episode_but_for_a_mark() {
    let facts = after(&file("Åsa;Öberg", PLAIN));
    let examined = PLAIN.replace("avbrott gymnasium", "gymnasieexamen");
    let other = file("Eva;Lind", &examined);
    let outside = plan(&other, known(&facts, &[]), None, days());
    assert_eq!(outside.outcome, ImportRowOutcome::Outside);
    assert_eq!(outside.facts, None);
    let marked = file("Eva;Lind", &examined.replace("Ingen", "Sekretess"));
    let plan = plan(&marked, known(&facts, &[]), None, days());
    assert_eq!(plan.outcome, ImportRowOutcome::Changed);
    assert_eq!(plan.outward_outcome, ImportRowOutcome::Outside);
    let expected = RegisterFacts {
        protection_level: ProtectionLevel::ConfidentialityMarking,
        ..facts
    };
    assert_eq!(plan.facts, Some(expected));
}

#[test]
fn of_another_units_youth_nothing_is_told_but_where_to_ask() {
    let target = file("Åsa;Öberg", PLAIN);
    let refused = plan(&target, Standing::HandledElsewhere, None, days());
    assert_eq!(refused.outcome, ImportRowOutcome::Refused);
    assert_eq!(codes(&refused), [("personnummer", "handled_elsewhere")]);
    let outside = file(
        "Åsa;Öberg",
        &PLAIN.replace("avbrott gymnasium", "gymnasieexamen"),
    );
    let plan = plan(&outside, Standing::HandledElsewhere, None, days());
    assert_eq!(plan.outcome, ImportRowOutcome::Outside);
    assert!(plan.notes.is_empty());
}

#[test]
fn a_new_street_does_not_get_the_old_postal_code() {
    let before = json!([
        {"kind": "postal", "street": "Box 1"},
        {"kind": "registered", "careOf": "Alm", "street": "Vägen 1", "postalCode": "172 60", "city": "Sundbyberg"},
    ]);
    let said = |street: Option<&str>, postal_code: Option<&str>| RowFacts {
        street: street.map(str::to_owned),
        postal_code: postal_code.map(str::to_owned),
        city: None,
        ..RowFacts::from(row(&file("Åsa;Öberg", PLAIN)))
    };
    let merged = |street, postal_code| with_address(&before, &said(street, postal_code));
    assert_eq!(merged(None, Some("999 99")), before);
    assert_eq!(merged(Some("Vägen 1"), None), before);
    assert_eq!(
        merged(Some("Vägen 1"), Some("172 61"))[1],
        json!({"kind": "registered", "careOf": "Alm", "street": "Vägen 1", "postalCode": "172 61", "city": "Sundbyberg"})
    );
    assert_eq!(
        merged(Some("Gatan 2"), None),
        json!([{"kind": "postal", "street": "Box 1"}, {"kind": "registered", "street": "Gatan 2"}])
    );
}

#[test]
fn a_phone_is_added_once_however_it_is_written() {
    let list = with_phone(&json!([]), "070-174 06 50");
    for same in [
        "+46 70 174 06 50",
        "0701740650",
        "0046701740650",
        "+46 (0)70 1740650",
    ] {
        assert_eq!(with_phone(&list, same), list, "{same}");
    }
    let two = with_phone(&list, "08-706 80 00");
    assert_eq!(two[1]["kind"], "other");
}

#[test]
fn a_document_gives_its_facts_back_and_an_emptied_one_none() {
    let facts = RowFacts::from(row(&file("Åsa;Öberg", PLAIN)));
    assert_eq!(
        RowFacts::from_document(&facts.to_document()),
        Some(facts.clone())
    );
    assert_eq!(RowFacts::from_document(&json!({})), None);
    assert_eq!(format!("{facts:?}"), "RowFacts(redacted)");
}

proptest! {
    /// Whatever a good row says, taking it in twice changes nothing the second time, and what is stored holds together.
    #[test]
    fn what_has_been_taken_in_is_left(
        street in "(Vägen [1-9])?", postal in "([1-9][0-9]{4})?", city in "(Solna)?", area in "(Ör)?",
        phone in "([+0][0-9 ./()\u{2013}-]{6,20})?", email in "(a@example\\.com)?",
        mark in "(Ingen|Sekretess|Skyddad folkbokföring)?",
        status in "avbrott gymnasium|gymnasieexamen|flyttat in",
        before in "(Vägen [1-9])?;([1-9][0-9]{4})?;;(Ör|Rissne)?;(070-174 06 50)?;;(Ingen|Sekretess|Skyddad folkbokföring)?",
    ) {
        let earlier = file("Åsa;Öberg", &format!("{before};avbrott gymnasium"));
        let facts = after(&earlier);
        let later = file("Eva;Lind", &format!("{street};{postal};{city};{area};{phone};{email};{mark};{status}"));
        let first = plan(&later, known(&facts, &[OPEN]), None, days());
        let stored = first.facts.unwrap_or(facts);
        let second = plan(&later, known(&stored, &[OPEN]), None, days());
        prop_assert_eq!(second.outcome, ImportRowOutcome::Left);
        prop_assert!(second.facts.is_none());
        let identity = &row(&later).identity;
        let problems = check_youth(
            &YouthFacts {
                identity: Some(identity),
                birth_date: identity.birth_date(),
                legal_sex: Some(stored.legal_sex),
                protection_level: stored.protection_level,
                not_in_minimal: &[],
                has_addresses: stored.addresses.as_array().is_some_and(|list| !list.is_empty()),
                has_guardians: false,
                is_minor: true,
            },
            days().today,
        );
        prop_assert_eq!(problems, []);
        // What came in by a file can be edited in the form afterwards.
        for entry in stored.phones.as_array().unwrap() {
            let number = entry["number"].as_str().unwrap();
            prop_assert!(number.chars().count() <= 30);
            prop_assert!(number.starts_with(|c: char| c == '+' || c == '(' || c.is_ascii_digit()));
            let within = number.chars().skip(1);
            let is_plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')');
            prop_assert!(within.into_iter().all(is_plain), "{}", number);
        }
    }
}
