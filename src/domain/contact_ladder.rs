//! After an attempt that failed: how is contact tried next, and when? The steps are the municipality's own; each is taken once
//! before any is taken again, and there is always a next one, so that nobody falls off the end of the ladder. Who declines
//! contact gets a later day, and never an exit.
//! Whether a task stands for it is decided in `db::duties`; that a handler's own plan goes before it, there too.
//!
//! Sources: the ladder of Skaraborg's handbook (letter, phone and text message, guardian under 18, social media, home visit by
//! two), domain 1.6 and 10.2 rows 1 and 2; that the support is voluntary and who declined is followed up, domain 1.6.

use super::age::birthday_on;
use super::codes::{Channel, ContactResult};
use super::holidays::{is_holiday, is_usual_eve};
use crate::error::{FieldCode, FieldError};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A step of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LadderStep {
    /// How contact is tried.
    pub channel: Channel,
    /// Days after the attempt before it; of the first step, after the entry.
    pub after_days: u32,
    /// How many of the staff go together.
    pub staff: u32,
}

/// The most steps that a ladder has: each way once.
pub const MOST_STEPS: usize = 12;
/// The most that go together.
pub const MOST_STAFF: u32 = 5;

/// What the municipality has decided on attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LadderRules {
    /// The steps, in the order in which they are taken.
    pub contact_ladder: Vec<LadderStep>,
    /// Days after the last step until the first is taken again.
    pub ladder_pause_days: u32,
    /// Days until contact is tried again with somebody who declined it.
    pub declined_retry_days: u32,
}

impl Default for LadderRules {
    fn default() -> Self {
        let step = |channel, after_days, staff| LadderStep {
            channel,
            after_days,
            staff,
        };
        Self {
            contact_ladder: vec![
                step(Channel::Letter, 7, 1),
                step(Channel::Sms, 7, 1),
                step(Channel::Phone, 3, 1),
                step(Channel::SocialMedia, 4, 1),
                step(Channel::ViaGuardian, 4, 1),
                step(Channel::HomeVisit, 10, 2),
                step(Channel::StreetOutreach, 10, 1),
            ],
            ladder_pause_days: 30,
            declined_retry_days: 60,
        }
    }
}

/// Everything that is wrong with the steps of a ladder.
pub fn check_ladder(steps: &[LadderStep]) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let is_taken = steps
            .iter()
            .take(place)
            .any(|other| other.channel == step.channel);
        if is_taken {
            let pointer = format!("/contactLadder/{place}/channel");
            problems.push(FieldError::new(pointer, FieldCode::Taken));
        }
    }
    problems
}

/// By which ways a youth can be reached at all, as far as the register knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ways {
    /// A phone number is known.
    pub has_phone: bool,
    /// An e-mail address is known.
    pub has_email: bool,
    /// A name in social media is known.
    pub has_social_media: bool,
    /// A guardian is known.
    pub has_guardian: bool,
    /// The address may be used: post and visits to somebody with protected identity go other ways (domain 4.4).
    pub is_address_open: bool,
}

/// The youth, as far as the ladder asks.
#[derive(Debug, Clone, Copy)]
pub struct Sought {
    /// For the guardian, who is no longer asked from the 18th birthday.
    pub birth_date: NaiveDate,
    /// How they can be reached.
    pub ways: Ways,
}

/// An attempt, or a contact that came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The day.
    pub on: NaiveDate,
    /// How.
    pub channel: Channel,
    /// What came of it.
    pub result: ContactResult,
}

/// What is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// The day; one on which people work.
    pub on: NaiveDate,
    /// How; `None` where no step fits, so that whoever tries chooses.
    pub channel: Option<Channel>,
    /// How many of the staff go together.
    pub staff: u32,
}

/// What is proposed after the latest of some attempts, in the order in which they were made; `None` after one that reached
/// somebody, or none at all.
pub fn next_attempt(
    rules: &LadderRules,
    attempts: &[Attempt],
    sought: &Sought,
) -> Option<Proposal> {
    let last = attempts.last()?;
    match last.result {
        ContactResult::Reached => None,
        // Whoever has said no is not tried by one way after the other.
        ContactResult::Declined => Some(Proposal {
            on: working_day(days_after(last.on, rules.declined_retry_days)),
            channel: None,
            staff: 1,
        }),
        ContactResult::NoAnswer | ContactResult::WrongDetails | ContactResult::Returned => {
            Some(next_step(rules, attempts, last.on, sought))
        }
    }
}

/// What is proposed for somebody whom nobody has tried to reach since the entry.
pub fn first_attempt(rules: &LadderRules, entered_on: NaiveDate, sought: &Sought) -> Proposal {
    let first = rules.contact_ladder.iter().find(|step| {
        fits(
            step.channel,
            days_after(entered_on, step.after_days),
            sought,
        )
    });
    proposal(first, entered_on, rules.ladder_pause_days)
}

fn next_step(
    rules: &LadderRules,
    attempts: &[Attempt],
    last_on: NaiveDate,
    sought: &Sought,
) -> Proposal {
    // A contact that came about, and a no, begin the ladder anew.
    let since = attempts
        .iter()
        .rposition(|attempt| {
            matches!(
                attempt.result,
                ContactResult::Reached | ContactResult::Declined
            )
        })
        .map_or(0, |place| place + 1);
    let tried = attempts.get(since..).unwrap_or_default();
    let times = |channel: Channel| {
        tried
            .iter()
            .filter(|attempt| attempt.channel == channel)
            .count()
    };
    let fitting = || {
        rules
            .contact_ladder
            .iter()
            .filter(|step| fits(step.channel, days_after(last_on, step.after_days), sought))
    };
    let round = fitting().map(|step| times(step.channel)).min();
    let next = fitting().find(|step| Some(times(step.channel)) == round);
    let is_new_round = round.is_some_and(|round| round > 0)
        && next.map(|step| step.channel) == fitting().next().map(|step| step.channel);
    match next {
        Some(step) if is_new_round => Proposal {
            on: working_day(days_after(
                last_on,
                rules.ladder_pause_days.max(step.after_days),
            )),
            channel: Some(step.channel),
            staff: step.staff,
        },
        next => proposal(next, last_on, rules.ladder_pause_days),
    }
}

fn proposal(step: Option<&LadderStep>, from: NaiveDate, pause_days: u32) -> Proposal {
    Proposal {
        on: working_day(days_after(
            from,
            step.map_or(pause_days, |step| step.after_days),
        )),
        channel: step.map(|step| step.channel),
        staff: step.map_or(1, |step| step.staff),
    }
}

/// Whether somebody can be reached by a way on a day.
fn fits(channel: Channel, on: NaiveDate, sought: &Sought) -> bool {
    let ways = &sought.ways;
    match channel {
        Channel::Phone | Channel::Sms | Channel::Video => ways.has_phone,
        Channel::Email => ways.has_email,
        Channel::SocialMedia => ways.has_social_media,
        // An adult's guardian is no guardian any more, and is told nothing.
        Channel::ViaGuardian => {
            ways.has_guardian
                && birthday_on(sought.birth_date, 18).is_none_or(|birthday| on < birthday)
        }
        Channel::Letter | Channel::Postcard | Channel::HomeVisit | Channel::StreetOutreach => {
            ways.is_address_open
        }
        Channel::OfficeVisit | Channel::ViaSchool => true,
    }
}

fn days_after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(day)
}

/// The day itself, or the first after it on which people work.
fn working_day(day: NaiveDate) -> NaiveDate {
    let works =
        |day: &NaiveDate| day.weekday() != Weekday::Sat && !is_holiday(*day) && !is_usual_eve(*day);
    day.iter_days().take(14).find(works).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::domain::codes::Code;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const EVERY_WAY: Ways = Ways {
        has_phone: true,
        has_email: true,
        has_social_media: true,
        has_guardian: true,
        is_address_open: true,
    };

    fn minor() -> Sought {
        Sought {
            birth_date: day("2009-06-01"),
            ways: EVERY_WAY,
        }
    }

    fn failed(on: &str, channel: Channel) -> Attempt {
        Attempt {
            on: day(on),
            channel,
            result: ContactResult::NoAnswer,
        }
    }

    fn proposed(attempts: &[Attempt], sought: &Sought) -> Option<(String, Option<Channel>, u32)> {
        next_attempt(&LadderRules::default(), attempts, sought)
            .map(|next| (next.on.to_string(), next.channel, next.staff))
    }

    #[test]
    fn each_step_follows_the_one_before() {
        let mut attempts = Vec::new();
        let mut on = "2026-03-02".to_owned();
        let mut seen = Vec::new();
        let mut channel = Channel::Letter;
        for _ in 0..7 {
            attempts.push(failed(&on, channel));
            let (next_on, next, staff) = proposed(&attempts, &minor()).unwrap();
            seen.push((next_on.clone(), next.unwrap(), staff));
            (on, channel) = (next_on, next.unwrap());
        }
        assert_eq!(
            seen,
            [
                ("2026-03-09", Channel::Sms, 1),
                ("2026-03-12", Channel::Phone, 1),
                ("2026-03-16", Channel::SocialMedia, 1),
                ("2026-03-20", Channel::ViaGuardian, 1),
                ("2026-03-30", Channel::HomeVisit, 2),
                ("2026-04-09", Channel::StreetOutreach, 1),
                // All have been tried: after a pause from the beginning.
                ("2026-05-11", Channel::Letter, 1),
            ]
            .map(|(on, channel, staff)| (on.to_owned(), channel, staff))
        );
    }

    #[test]
    fn a_step_out_of_turn_is_not_taken_twice_and_one_that_was_passed_over_is_taken() {
        let attempts = [
            failed("2026-03-02", Channel::Phone),
            failed("2026-03-03", Channel::Letter),
        ];
        let next = proposed(&attempts, &minor()).unwrap();
        assert_eq!(next, ("2026-03-10".to_owned(), Some(Channel::Sms), 1));
        let with_text = [&attempts[..], &[failed("2026-03-10", Channel::Sms)]].concat();
        // The phone was tried already.
        assert_eq!(
            proposed(&with_text, &minor()).unwrap().1,
            Some(Channel::SocialMedia)
        );
    }

    #[test]
    fn a_contact_that_came_about_begins_the_ladder_anew() {
        let reached = Attempt {
            result: ContactResult::Reached,
            ..failed("2026-03-10", Channel::Sms)
        };
        let attempts = [failed("2026-03-02", Channel::Letter), reached];
        assert_eq!(proposed(&attempts, &minor()), None);
        let again = [&attempts[..], &[failed("2026-04-07", Channel::Phone)]].concat();
        assert_eq!(proposed(&again, &minor()).unwrap().1, Some(Channel::Letter));
        assert_eq!(proposed(&[], &minor()), None);
    }

    #[test]
    fn a_no_sets_a_later_day_and_no_way() {
        let declined = Attempt {
            result: ContactResult::Declined,
            ..failed("2026-03-02", Channel::Phone)
        };
        // 60 days on is a Friday and the first of May: the Monday after it.
        assert_eq!(
            proposed(&[declined], &minor()),
            Some(("2026-05-04".to_owned(), None, 1))
        );
    }

    #[test]
    fn what_cannot_be_tried_is_not_proposed() {
        let after_letter = [failed("2026-03-02", Channel::Letter)];
        let without = |change: fn(&mut Ways)| {
            let mut sought = minor();
            change(&mut sought.ways);
            proposed(&after_letter, &sought).unwrap().1
        };
        assert_eq!(
            without(|ways| ways.has_phone = false),
            Some(Channel::SocialMedia)
        );
        assert_eq!(
            without(|ways| {
                ways.has_phone = false;
                ways.has_social_media = false;
            }),
            Some(Channel::ViaGuardian)
        );
        // Protected identity, and no number: whoever tries chooses, after a pause.
        let hidden = Sought {
            birth_date: day("2005-06-01"),
            ways: Ways::default(),
        };
        assert_eq!(
            proposed(&after_letter, &hidden),
            Some(("2026-04-01".to_owned(), None, 1))
        );
    }

    #[test]
    fn the_guardian_is_asked_until_the_eighteenth_birthday_and_not_on_it() {
        let tried = [
            failed("2026-03-02", Channel::Letter),
            failed("2026-03-03", Channel::Sms),
            failed("2026-03-04", Channel::Phone),
            failed("2026-03-05", Channel::SocialMedia),
        ];
        for (birth, expected) in [
            ("2008-03-10", Channel::ViaGuardian),
            ("2008-03-09", Channel::HomeVisit),
        ] {
            let sought = Sought {
                birth_date: day(birth),
                ways: EVERY_WAY,
            };
            assert_eq!(proposed(&tried, &sought).unwrap().1, Some(expected));
        }
    }

    #[test]
    fn nobody_is_visited_at_midsummer() {
        // Thirty days after the 20th of May is Midsummer Eve, a Friday.
        let rules = LadderRules {
            contact_ladder: Vec::new(),
            ..LadderRules::default()
        };
        let next = next_attempt(&rules, &[failed("2026-05-20", Channel::Phone)], &minor());
        assert_eq!(next.unwrap().on, day("2026-06-22"));
    }

    #[test]
    fn the_first_step_is_counted_from_the_entry() {
        let first = first_attempt(&LadderRules::default(), day("2026-03-02"), &minor());
        assert_eq!(
            (first.on, first.channel),
            (day("2026-03-09"), Some(Channel::Letter))
        );
    }

    #[test]
    fn a_way_stands_once_in_a_ladder() {
        let twice = [
            LadderRules::default().contact_ladder,
            LadderRules::default().contact_ladder,
        ]
        .concat();
        let problems = check_ladder(&twice);
        assert_eq!(problems.len(), 7);
        assert_eq!(
            problems.first().unwrap().pointer,
            "/contactLadder/7/channel"
        );
        assert_eq!(check_ladder(&LadderRules::default().contact_ladder), []);
    }

    proptest! {
        #[test]
        fn whoever_was_not_reached_always_has_a_next_day_after_the_last(
            attempts in proptest::collection::vec((0u64..400, 0usize..12, 0usize..5), 1..30),
            birth in 0u64..4_000, ways in 0u8..32,
        ) {
            let mut attempts: Vec<Attempt> = attempts
                .into_iter()
                .map(|(on, channel, result)| Attempt {
                    on: day("2026-01-01") + Days::new(on),
                    channel: Channel::ALL[channel],
                    result: ContactResult::ALL[result],
                })
                .collect();
            attempts.sort_by_key(|attempt| attempt.on);
            let sought = Sought {
                birth_date: day("2001-01-01") + Days::new(birth),
                ways: Ways {
                    has_phone: ways & 1 > 0,
                    has_email: ways & 2 > 0,
                    has_social_media: ways & 4 > 0,
                    has_guardian: ways & 8 > 0,
                    is_address_open: ways & 16 > 0,
                },
            };
            let last = attempts.last().unwrap();
            match next_attempt(&LadderRules::default(), &attempts, &sought) {
                None => prop_assert_eq!(last.result, ContactResult::Reached),
                Some(next) => {
                    prop_assert!(last.result != ContactResult::Reached);
                    prop_assert!(next.on > last.on);
                    prop_assert!(!is_holiday(next.on) && next.on.weekday() != Weekday::Sat);
                    prop_assert!(next.channel.is_none_or(|channel| fits(channel, last.on, &sought)));
                }
            }
        }
    }
}
