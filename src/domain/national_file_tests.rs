//! The controls of the national file, one test each, and what of a youth is told in a half-year.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn first_half() -> HalfYear {
    HalfYear::new(2026, 1).unwrap()
}

/// Born on 5 January 2009; of the tax agency's published test numbers.
const NUMBER: &str = "200901052381";

fn number(kind: IdentityNumberKind, value: &str) -> Option<IdentityNumber> {
    Some(IdentityNumber::from_stored(kind, value).unwrap())
}

fn episode() -> EpisodeFacts {
    EpisodeFacts {
        entered_on: day("2025-10-01"),
        exited_on: None,
        reason: Reason::DropoutNationalProgramme,
        exit_reason: None,
        destination: None,
        contacts: vec![ContactFacts {
            on: day("2026-02-03"),
            occupation: Some(Occupation::None),
        }],
        measures: vec![MeasureFacts {
            kind: Measure::Guidance,
            started_on: day("2026-03-02"),
            ended_on: Some(day("2026-04-01")),
            end_reason: Some(EndReason::Completed),
        }],
    }
}

fn closed() -> EpisodeFacts {
    EpisodeFacts {
        exited_on: Some(day("2026-05-04")),
        exit_reason: Some(DeregistrationReason::NationalProgramme),
        destination: Some(Destination::UpperSecondary),
        ..episode()
    }
}

fn youth(episodes: Vec<EpisodeFacts>) -> PersonFacts {
    PersonFacts {
        youth_id: Id::fresh(),
        number: number(IdentityNumberKind::Personnummer, NUMBER),
        birth_date: day("2009-01-05"),
        legal_sex: LegalSex::Male,
        protection: ProtectionLevel::None,
        is_restricted: false,
        episodes,
    }
}

type Found = Vec<(ProblemCode, Block, &'static str)>;

fn found_in(person: PersonFacts, half: HalfYear) -> Found {
    let person = as_it_stood(person, half);
    check(&person, half)
        .into_iter()
        .map(|finding| (finding.code, finding.block, finding.field))
        .collect()
}

fn found(person: PersonFacts) -> Found {
    found_in(person, first_half())
}

fn found_with(change: impl FnOnce(&mut PersonFacts)) -> Found {
    let mut person = youth(vec![closed()]);
    change(&mut person);
    found(person)
}

#[test]
fn a_half_year_has_its_days_and_is_written_as_it_is_read() {
    let (first, second) = (first_half(), HalfYear::new(2026, 2).unwrap());
    assert_eq!(first.first_day(), day("2026-01-01"));
    assert_eq!(first.last_day(), day("2026-06-30"));
    assert_eq!(second.first_day(), day("2026-07-01"));
    assert_eq!(second.last_day(), day("2026-12-31"));
    assert!(first.contains(day("2026-06-30")) && !first.contains(day("2026-07-01")));
    assert!(first < second);
    assert_eq!(HalfYear::parse("2026-H2"), Some(second));
    assert_eq!(second.to_string(), "2026-H2");
    assert_eq!(HalfYear::of_part(2026, "half_year_2"), Some(second));
    assert_eq!(HalfYear::of_part(2026, "tertial_1"), None);
    for wrong in [
        "2026", "2026-H3", "2014-H2", "26-H1", "2026-H01", "2026-h1", "",
    ] {
        assert_eq!(HalfYear::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn what_is_in_order_is_told_block_by_block_and_nothing_is_found() {
    let person = as_it_stood(youth(vec![closed()]), first_half());
    let blocks: Vec<Block> = events_of(&person.episodes[0], first_half())
        .iter()
        .map(Event::block)
        .collect();
    assert_eq!(
        blocks,
        [
            Block::Basics,
            Block::Contact,
            Block::MeasureStarted,
            Block::MeasureEnded,
            Block::Ended
        ]
    );
    assert_eq!(found(youth(vec![closed()])), []);
    assert_eq!(found(youth(vec![episode()])), []);
}

#[test]
fn several_contacts_and_measures_are_told_each_by_their_days() {
    let mut one = episode();
    let contact = one.contacts[0];
    one.contacts.push(ContactFacts {
        on: day("2026-01-15"),
        ..contact
    });
    one.measures.push(MeasureFacts {
        started_on: day("2025-11-03"),
        ended_on: Some(day("2026-01-30")),
        ..one.measures[0]
    });
    let person = as_it_stood(youth(vec![one]), first_half());
    let days: Vec<(Block, NaiveDate)> = events_of(&person.episodes[0], first_half())
        .iter()
        .map(|event| (event.block(), event.on()))
        .collect();
    assert_eq!(
        days,
        [
            (Block::Basics, day("2025-10-01")),
            (Block::Contact, day("2026-01-15")),
            (Block::Contact, day("2026-02-03")),
            (Block::MeasureStarted, day("2026-03-02")),
            // The start of this one was told in the half-year before.
            (Block::MeasureEnded, day("2026-01-30")),
            (Block::MeasureEnded, day("2026-04-01")),
        ]
    );
}

#[test]
fn what_came_after_the_half_year_has_not_happened_and_what_ended_before_is_no_more() {
    let mut one = closed();
    one.exited_on = Some(day("2026-08-20"));
    one.measures[0].ended_on = Some(day("2026-09-01"));
    one.measures.push(MeasureFacts {
        started_on: day("2025-10-06"),
        ended_on: Some(day("2025-12-01")),
        ..one.measures[0]
    });
    one.contacts[0].on = day("2026-07-01");
    let before = EpisodeFacts {
        entered_on: day("2025-01-10"),
        exited_on: Some(day("2025-09-01")),
        ..closed()
    };
    let person = as_it_stood(youth(vec![before, one]), first_half());
    assert_eq!(person.episodes.len(), 1);
    let events = events_of(&person.episodes[0], first_half());
    let blocks: Vec<Block> = events.iter().map(Event::block).collect();
    assert_eq!(blocks, [Block::Basics, Block::MeasureStarted]);
    assert_eq!(check(&person, first_half()), []);
}

#[test]
fn who_was_registered_in_error_was_never_covered() {
    let mut one = closed();
    one.exit_reason = Some(DeregistrationReason::RegisteredInError);
    assert!(
        as_it_stood(youth(vec![one]), first_half())
            .episodes
            .is_empty()
    );
}

#[test]
fn who_is_left_out_follows_from_the_profile_and_who_is_handled_outside_always_is() {
    let asked = |level, is_restricted, protected| {
        let mut person = youth(vec![episode()]);
        person.protection = level;
        person.is_restricted = is_restricted;
        omission_of(&person, protected)
    };
    use ProtectedPersons::{Include, Omit};
    use ProtectionLevel::{
        ConfidentialityMarking, HandledOutside, None as Open, ProtectedRegistration,
    };
    for level in [ConfidentialityMarking, ProtectedRegistration] {
        assert_eq!(asked(level, false, Omit), Some(Omission::Protected));
        assert_eq!(asked(level, false, Include), None);
    }
    for protected in [Include, Omit] {
        assert_eq!(asked(Open, false, protected), None);
        assert_eq!(asked(Open, true, protected), Some(Omission::Restricted));
        assert_eq!(
            asked(HandledOutside, false, protected),
            Some(Omission::HandledOutside)
        );
    }
}

#[test]
fn a_person_without_a_number_cannot_be_reported() {
    assert_eq!(
        found_with(|person| person.number = None),
        [(
            ProblemCode::IdentityNumberMissing,
            Block::Basics,
            "identityNumber"
        )]
    );
}

#[test]
fn a_number_of_a_school_is_not_one_of_the_population_register() {
    assert_eq!(
        found_with(|person| person.number = number(IdentityNumberKind::TfNumber, "20090105TF01")),
        [(
            ProblemCode::IdentityNumberKind,
            Block::Basics,
            "identityNumber"
        )]
    );
}

#[test]
fn a_coordination_number_is_told_and_stops_nothing() {
    assert_eq!(
        found_with(
            |person| person.number = number(IdentityNumberKind::Samordningsnummer, "202107919967")
        ),
        [(
            ProblemCode::CoordinationNumber,
            Block::Basics,
            "identityNumber"
        )]
    );
    assert_eq!(
        ProblemCode::CoordinationNumber.usual_weight(),
        ProblemWeight::Warning
    );
}

#[test]
fn who_had_not_turned_15_when_the_half_year_began_is_found() {
    let born = |text| move |person: &mut PersonFacts| person.birth_date = day(text);
    assert_eq!(
        found_with(born("2011-01-02")),
        [(ProblemCode::TooYoung, Block::Basics, "birthDate")]
    );
    assert_eq!(found_with(born("2011-01-01")), []);
}

#[test]
fn an_episode_that_began_on_the_20th_birthday_is_found() {
    let person = |entered: &str| {
        let mut one = episode();
        one.entered_on = day(entered);
        one.exited_on = Some(day("2026-03-10"));
        one.exit_reason = Some(DeregistrationReason::Turned20);
        one.contacts.clear();
        one.measures.clear();
        let mut person = youth(vec![one]);
        person.birth_date = day("2006-03-10");
        person
    };
    assert_eq!(
        found(person("2026-03-10")),
        [(ProblemCode::EnteredAfter20, Block::Basics, "enteredOn")]
    );
    assert_eq!(found(person("2026-03-09")), []);
}

#[test]
fn who_is_left_open_past_20_and_who_left_later_than_that_is_found() {
    let born = |text| move |person: &mut PersonFacts| person.birth_date = day(text);
    let mut open = youth(vec![episode()]);
    open.birth_date = day("2006-06-30");
    assert_eq!(
        found(open),
        [(ProblemCode::OpenPast20, Block::Basics, "exitedOn")]
    );
    let mut turns_later = youth(vec![episode()]);
    turns_later.birth_date = day("2006-07-01");
    assert_eq!(found(turns_later), []);
    assert_eq!(
        found_with(born("2006-05-03")),
        [(ProblemCode::ExitedAfter20, Block::Ended, "exitedOn")]
    );
    assert_eq!(found_with(born("2006-05-04")), []);
}

#[test]
fn an_exit_before_the_entry_is_found() {
    let found = found_with(|person| {
        person.episodes[0].entered_on = day("2026-05-05");
        person.episodes[0].contacts.clear();
        person.episodes[0].measures.clear();
    });
    assert_eq!(
        found,
        [(ProblemCode::ExitBeforeEntry, Block::Basics, "enteredOn")]
    );
}

#[test]
fn an_exit_needs_a_reason() {
    assert_eq!(
        found_with(|person| person.episodes[0].exit_reason = None),
        [(ProblemCode::ExitReasonMissing, Block::Ended, "exitReason")]
    );
}

#[test]
fn an_unknown_reason_is_told_from_the_second_half_of_2017_on() {
    let unknown = |person: &mut PersonFacts| person.episodes[0].reason = Reason::Unknown;
    assert_eq!(
        found_with(unknown),
        [(ProblemCode::ReasonMissing, Block::Basics, "reason")]
    );
    assert_eq!(
        ProblemCode::ReasonMissing.usual_weight(),
        ProblemWeight::Warning
    );
    let of = |half, entered: &str| {
        let mut one = episode();
        one.entered_on = day(entered);
        one.contacts.clear();
        one.measures.clear();
        let mut person = youth(vec![one]);
        person.birth_date = day("2000-05-05");
        unknown(&mut person);
        found_in(person, HalfYear::new(2017, half).unwrap())
    };
    assert_eq!(of(1, "2017-01-02"), []);
    assert_eq!(of(2, "2017-01-02").len(), 1);
}

#[test]
fn two_episodes_that_overlap_are_found_and_one_after_another_is_not() {
    let second = |entered: &str| EpisodeFacts {
        entered_on: day(entered),
        contacts: Vec::new(),
        measures: Vec::new(),
        ..episode()
    };
    assert_eq!(
        found(youth(vec![second("2026-05-03"), closed()])),
        [(ProblemCode::OverlappingEpisodes, Block::Basics, "enteredOn")]
    );
    assert_eq!(found(youth(vec![second("2026-05-04"), closed()])), []);
}

#[test]
fn a_contact_outside_the_episode_is_found() {
    for wrong in ["2026-05-05", "2026-01-04"] {
        let found = found_with(|person| {
            person.episodes[0].entered_on = day("2026-01-05");
            person.episodes[0].contacts[0].on = day(wrong);
        });
        assert_eq!(
            found,
            [(
                ProblemCode::ContactOutsideEpisode,
                Block::Contact,
                "contactOn"
            )],
            "{wrong}"
        );
    }
}

#[test]
fn a_contact_needs_an_occupation() {
    assert_eq!(
        found_with(|person| person.episodes[0].contacts[0].occupation = None),
        [(ProblemCode::OccupationMissing, Block::Contact, "occupation")]
    );
}

#[test]
fn a_measure_with_a_day_outside_the_episode_is_found() {
    let set = |started: &'static str, ended: &'static str| {
        move |person: &mut PersonFacts| {
            person.episodes[0].entered_on = day("2026-01-12");
            person.episodes[0].measures[0].started_on = day(started);
            person.episodes[0].measures[0].ended_on = Some(day(ended));
        }
    };
    let code = ProblemCode::MeasureOutsideEpisode;
    assert_eq!(
        found_with(set("2026-01-08", "2026-04-01")),
        [(code, Block::MeasureStarted, "measureStartedOn")]
    );
    assert_eq!(
        found_with(set("2026-02-02", "2026-05-05")),
        [(code, Block::MeasureEnded, "measureEndedOn")]
    );
    assert_eq!(
        found_with(set("2025-12-01", "2026-04-01")),
        [(code, Block::MeasureEnded, "endedMeasureStartedOn")]
    );
}

#[test]
fn a_measure_that_ended_before_it_started_is_found_in_whichever_half_year_it_ended() {
    let ended = |text| {
        move |person: &mut PersonFacts| {
            person.episodes[0].measures[0].ended_on = Some(day(text));
        }
    };
    let code = ProblemCode::MeasureEndBeforeStart;
    assert_eq!(
        found_with(ended("2026-03-01")),
        [(code, Block::MeasureEnded, "measureEndedOn")]
    );
    assert_eq!(
        found_with(ended("2025-11-01")),
        [(code, Block::MeasureStarted, "measureStartedOn")]
    );
}

#[test]
fn an_ended_measure_needs_a_reason() {
    assert_eq!(
        found_with(|person| person.episodes[0].measures[0].end_reason = None),
        [(
            ProblemCode::MeasureEndReasonMissing,
            Block::MeasureEnded,
            "measureEndReason"
        )]
    );
}

#[test]
fn no_measure_is_open_after_the_exit() {
    let found = found_with(|person| {
        person.episodes[0].measures[0].ended_on = None;
        person.episodes[0].measures[0].started_on = day("2025-11-03");
    });
    assert_eq!(
        found,
        [(ProblemCode::MeasureOpenAfterExit, Block::Ended, "measures")]
    );
}

#[test]
fn nobody_is_deregistered_as_20_before_the_birthday() {
    let turned = |person: &mut PersonFacts| {
        person.episodes[0].exit_reason = Some(DeregistrationReason::Turned20);
    };
    assert_eq!(
        found_with(turned),
        [(ProblemCode::Turned20Early, Block::Ended, "exitReason")]
    );
    let on_the_day = found_with(|person| {
        turned(person);
        person.birth_date = day("2006-05-04");
    });
    assert_eq!(on_the_day, []);
}

#[test]
fn an_introductory_programme_is_a_reason_from_july_2018_on() {
    let left = |half: HalfYear, exit: &str| {
        let mut one = episode();
        one.entered_on = day("2018-01-10");
        one.exited_on = Some(day(exit));
        one.exit_reason = Some(DeregistrationReason::IntroductoryProgramme);
        one.contacts.clear();
        one.measures.clear();
        let mut person = youth(vec![one]);
        person.birth_date = day("2001-01-05");
        found_in(person, half)
    };
    let half = |half| HalfYear::new(2018, half).unwrap();
    assert_eq!(
        left(half(1), "2018-06-30"),
        [(ProblemCode::IntroductoryEarly, Block::Ended, "exitReason")]
    );
    assert_eq!(left(half(2), "2018-07-01"), []);
}
