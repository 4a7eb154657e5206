//! When may a session of outreach be logged and corrected, and what does it tell of whom it met? Counts by age and sex, and no
//! identity: whoever was met is nobody's record until it turns out who it is (domain 9.8: an attempt is a contact too).
//! Who may log one is decided in `policy`; how hours follow from it, in `work_week`.

use super::codes::{Code, LegalSex, code_list};
use crate::error::{FieldCode, FieldError};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

code_list! {
    /// How a session of outreach was held.
    OutreachKind {
        Street = "street", "I stadsmiljö", "In the street";
        Online = "online", "På nätet", "Online";
        Event = "event", "Evenemang eller öppen verksamhet", "Event or open activity";
    }
}
code_list! {
    /// How old somebody met seemed to be: the two tracks, and the rest.
    MetAge {
        From16To19 = "16_19", "16–19 år", "16-19";
        From20To25 = "20_25", "20–25 år", "20-25";
        Other = "other", "Yngre eller äldre", "Younger or older";
        Unknown = "unknown", "Okänd", "Unknown";
    }
}
code_list! {
    /// What a session or a meeting led to.
    OutreachOutcome {
        Talked = "talked", "Samtal", "A talk";
        Informed = "informed", "Fick information", "Was given information";
        WantsContact = "wants_contact", "Vill ha kontakt", "Wants to be contacted";
        CameAlong = "came_along", "Följde med till en verksamhet", "Came along to an activity";
        Nothing = "nothing", "Inget just nu", "Nothing for now";
    }
}

/// A session of outreach is no longer than a long day.
pub const LONGEST: Duration = Duration::hours(16);
/// People of one age and sex in one session.
pub const MOST_MET: i64 = 500;

/// How many of an age and a sex were met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Met {
    /// How old they seemed to be.
    pub age_group: MetAge,
    /// What they seemed to be.
    pub legal_sex: LegalSex,
    /// How many.
    pub count: i64,
}

/// How many were met in all.
pub fn met_count(met: &[Met]) -> i64 {
    met.iter().map(|group| group.count).sum()
}

/// The counts in the order of the code lists, without those of nobody.
pub fn in_order(mut met: Vec<Met>) -> Vec<Met> {
    met.retain(|group| group.count > 0);
    met.sort_unstable();
    met
}

/// Everything that is wrong with the groups: each age and sex stands there once.
pub fn check_met(met: &[Met]) -> Vec<FieldError> {
    let is_told_before = |place: usize, group: &Met| {
        met.iter()
            .take(place)
            .any(|other| (other.age_group, other.legal_sex) == (group.age_group, group.legal_sex))
    };
    met.iter()
        .enumerate()
        .filter(|(place, group)| is_told_before(*place, group))
        .map(|(place, _)| FieldError::new(format!("/met/{place}"), FieldCode::Taken))
        .collect()
}

/// When a session was held, and everything that is wrong with it at an instant.
pub fn check_times(
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    if ends_at <= starts_at {
        problems.push(FieldError::with(
            "/endsAt",
            FieldCode::WrongDateOrder,
            "startsAt",
        ));
    } else if ends_at - starts_at > LONGEST {
        problems.push(FieldError::with(
            "/endsAt",
            FieldCode::OutOfRange,
            format!("1-{} h", LONGEST.num_hours()),
        ));
    }
    if ends_at > now {
        problems.push(FieldError::new("/endsAt", FieldCode::InFuture));
    }
    problems
}

/// The whole minutes from one instant to another.
pub fn minutes_between(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> i64 {
    (ends_at - starts_at).num_minutes().max(0)
}

/// Digits in a row, with what people put between them, that are a telephone or an identity number rather than an hour or a day.
const DIGITS_OF_A_NUMBER: usize = 9;

/// Whether a text tells who somebody is by a number or an address of theirs. It does not find names: that is for whoever
/// writes to leave out, and they are told so.
pub fn tells_who(text: &str) -> bool {
    let has_address = text.split_whitespace().any(|word| {
        let around = word.split_once('@');
        around.is_some_and(|(name, place)| !name.is_empty() && place.contains('.'))
    });
    let mut digits = 0;
    let mut has_number = false;
    for sign in without_days(text).chars() {
        if sign.is_ascii_digit() {
            digits += 1;
            has_number |= digits >= DIGITS_OF_A_NUMBER;
        } else if !matches!(sign, ' ' | '-' | '+' | '(' | ')' | '/' | '\u{a0}' | '–') {
            digits = 0;
        }
    }
    has_address || has_number
}

/// Whether ten signs are a day, `2026-11-26`.
fn is_day(signs: &[char]) -> bool {
    let is_form = signs.iter().enumerate().all(|(place, sign)| match place {
        4 | 7 => *sign == '-',
        _ => sign.is_ascii_digit(),
    });
    let text: String = signs.iter().collect();
    is_form && text.parse::<chrono::NaiveDate>().is_ok()
}

/// The text with a letter in place of every day, `2026-11-26`: a day tells of nobody.
fn without_days(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let mut rest = String::new();
    let mut place = 0;
    while let Some(sign) = signs.get(place) {
        let is_day = signs.get(place..place + 10).is_some_and(is_day);
        let follows_digit = place > 0
            && signs
                .get(place - 1)
                .is_some_and(|before| before.is_ascii_digit());
        // As the first half of an identity number it is none.
        let goes_on = matches!(signs.get(place + 10), Some('-' | '+'))
            && signs
                .get(place + 11)
                .is_some_and(|after| after.is_ascii_digit());
        if is_day && !follows_digit && !goes_on {
            rest.push('x');
            place += 10;
        } else {
            rest.push(*sign);
            place += 1;
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn group(age_group: MetAge, legal_sex: LegalSex, count: i64) -> Met {
        Met {
            age_group,
            legal_sex,
            count,
        }
    }

    #[test]
    fn a_session_has_been_and_has_a_length() {
        let now = at("2026-11-26T20:00:00Z");
        let codes = |from: &str, to: &str| -> Vec<FieldCode> {
            check_times(at(from), at(to), now)
                .into_iter()
                .map(|problem| problem.code)
                .collect()
        };
        assert_eq!(codes("2026-11-26T17:00:00Z", "2026-11-26T20:00:00Z"), []);
        assert_eq!(
            codes("2026-11-26T17:00:00Z", "2026-11-26T17:00:00Z"),
            [FieldCode::WrongDateOrder]
        );
        assert_eq!(
            codes("2026-11-26T17:00:00Z", "2026-11-26T20:00:01Z"),
            [FieldCode::InFuture]
        );
        assert_eq!(
            codes("2026-11-25T01:00:00Z", "2026-11-25T17:00:01Z"),
            [FieldCode::OutOfRange]
        );
    }

    #[test]
    fn each_age_and_sex_is_counted_once_and_nobody_is_left_out_of_the_sum() {
        let young = group(MetAge::From16To19, LegalSex::Male, 4);
        let older = group(MetAge::From20To25, LegalSex::Male, 0);
        let women = group(MetAge::From16To19, LegalSex::Female, 2);
        assert!(check_met(&[young, older, women]).is_empty());
        let twice = check_met(&[young, women, group(MetAge::From16To19, LegalSex::Male, 1)]);
        assert_eq!(twice.len(), 1);
        assert_eq!(twice.first().unwrap().pointer, "/met/2");
        let ordered = in_order(vec![young, older, women]);
        assert_eq!(ordered, [women, young]);
        assert_eq!(met_count(&ordered), 6);
    }

    #[test]
    fn a_number_or_an_address_tells_who_somebody_is() {
        for text in [
            "Ring honom på 070-174 06 51",
            "Nås på +46 70 174 06 51 efter skolan",
            "20050314-2388",
            "050314 2388",
            "född 2005-03-14-2388",
            "skriv till nadia.h@example.org",
            "08-123 456 78",
        ] {
            assert!(tells_who(text), "{text}");
        }
        for text in [
            "Vi ses 2026-11-26 kl. 16.30-18.00",
            "2026-11-26 17:00, 2026-11-27",
            "Stod 12 personer vid torget, 3 ville veta mer",
            "Buss 504, hållplats 2, port 1704",
            "@rissnegymmet på nätet",
            "",
        ] {
            assert!(!tells_who(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_looked_through(text in "\\PC*") {
            let _ = tells_who(&text);
        }

        #[test]
        fn every_phone_number_is_found(number in "07[0-9]{8}", before in "[a-zåäö ]{0,20}", after in "[a-zåäö ]{0,20}") {
            let text = format!("{before}{number}{after}");
            prop_assert!(tells_who(&text));
        }

        #[test]
        fn the_sum_is_that_of_the_groups(counts in prop::collection::vec(0..MOST_MET, 0..12)) {
            let met: Vec<Met> = counts.iter().map(|count| group(MetAge::Other, LegalSex::Unknown, *count)).collect();
            prop_assert_eq!(met_count(&in_order(met)), counts.iter().sum::<i64>());
        }
    }

    #[test]
    fn the_words_are_those_that_are_stored() {
        assert_eq!(MetAge::from_code("16_19"), Some(MetAge::From16To19));
        assert_eq!(OutreachKind::ALL.len(), 3);
        let told = serde_json::to_value(group(MetAge::From20To25, LegalSex::Female, 3)).unwrap();
        assert_eq!(
            told,
            serde_json::json!({"ageGroup": "20_25", "legalSex": "female", "count": 3})
        );
    }
}
