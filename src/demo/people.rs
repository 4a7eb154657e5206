//! The youths of the demo, before anything has happened to them: from a list of test identities, aged to the day.

use super::chance::Chance;
use crate::domain::age::age_on;
use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Map, Value, json};

/// Identities with the tax agency's published test numbers, none of them in the sample rosters, so that a roster can be
/// imported into the demo and finds nobody there. Born 2001 to 2013.
const LIST: &str = include_str!("people.csv");
/// The first year in which enough of them are 16 to 25.
const YEAR: i32 = 2026;
/// So many years later enough of them still are.
const LASTS: i32 = 3;

/// A youth to be registered.
pub struct Youth {
    /// Born.
    pub birth_date: NaiveDate,
    /// The area they live in.
    pub area: String,
    /// Last school status as the roster has it.
    pub school_status: String,
    /// The family name, also of a guardian.
    pub family_name: String,
    /// The fields of the register that do not depend on the day of registration.
    pub fields: Map<String, Value>,
}

/// Everybody on the list, in some order. In a year for which the numbers are too old (or too young) everybody is born as
/// many years later and has no number: a number tells the birth date, so it cannot be moved.
pub fn people(today: NaiveDate, chance: &mut Chance) -> Vec<Youth> {
    let late = today.year() - YEAR;
    let shift = if (0..=LASTS).contains(&late) { 0 } else { late };
    let mut people: Vec<Youth> = csv::Reader::from_reader(LIST.as_bytes())
        .into_records()
        .filter_map(|row| youth(&row.ok()?, shift, chance))
        .filter(|youth| {
            // Whoever turned 16 the other day has no story yet.
            let lately = today - Days::new(14);
            age_on(youth.birth_date, lately).is_some_and(|age| age >= 16)
                && age_on(youth.birth_date, today).is_some_and(|age| age <= 25)
        })
        .collect();
    chance.shuffle(&mut people);
    people
}

fn youth(row: &csv::StringRecord, shift: i32, chance: &mut Chance) -> Option<Youth> {
    let mut cells = row.iter();
    let mut cell = || cells.next();
    let number = cell()?;
    let (given_name, family_name) = (cell()?, cell()?);
    let (street, postal_code, city) = (cell()?, cell()?, cell()?);
    let (area, phone, school_status) = (cell()?, cell()?, cell()?);
    let born = NaiveDate::parse_from_str(number.get(..8)?, "%Y%m%d").ok()?;
    let year = born.year().checked_add(shift)?;
    let birth_date = born
        .with_year(year)
        .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))?;
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    if shift == 0 {
        set("identityNumber", json!(number));
    } else {
        // The last digit but one is odd for men.
        let is_male = number
            .chars()
            .nth(10)
            .and_then(|digit| digit.to_digit(10))
            .is_some_and(|digit| digit % 2 == 1);
        set("birthDate", json!(birth_date));
        set("legalSex", json!(if is_male { "male" } else { "female" }));
    }
    set("givenName", json!(given_name));
    set("familyName", json!(family_name));
    set("area", json!(area));
    set(
        "addresses",
        json!([{"kind": "registered", "street": street, "postalCode": postal_code, "city": city}]),
    );
    set("phones", json!([{"kind": "mobile", "number": phone}]));
    if chance.percent(40) {
        let name = plain(&format!("{given_name}.{family_name}"));
        set("email", json!(format!("{name}@example.com")));
    }
    if chance.percent(30) {
        set(
            "socialMedia",
            json!(format!("@{}{}", plain(given_name), chance.between(10, 99))),
        );
    }
    if chance.percent(9) {
        let language = chance.pick(
            &["arabiska", "somaliska", "dari", "tigrinja", "spanska"],
            "arabiska",
        );
        set("language", json!(language));
        set("needsInterpreter", json!(chance.percent(50)));
    }
    set("schoolStatus", json!(school_status));
    Some(Youth {
        birth_date,
        area: area.to_owned(),
        school_status: school_status.to_owned(),
        family_name: family_name.to_owned(),
        fields,
    })
}

/// A name as it stands in an address: without accents, blanks and signs.
fn plain(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.to_lowercase()
        .nfd()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::identity_number::IdentityNumber;

    fn on(day: &str) -> (Vec<Youth>, NaiveDate) {
        let today = day.parse().unwrap();
        (people(today, &mut Chance::seeded(1)), today)
    }

    /// Those for the duty, and those for outreach.
    fn counts(day: &str) -> (usize, usize) {
        let (people, today) = on(day);
        let young = people
            .iter()
            .filter(|youth| age_on(youth.birth_date, today).unwrap() < 20)
            .count();
        (young, people.len() - young)
    }

    #[test]
    fn there_are_enough_of_each_age_for_years_to_come() {
        for day in [
            "2026-01-01",
            "2026-11-24",
            "2028-02-29",
            "2029-12-31",
            "2030-01-01",
            "2035-06-15",
            "2025-03-01",
        ] {
            let (young, old) = counts(day);
            assert!(
                young >= 150 && old >= 100 && young + old >= 400,
                "{day}: {young} and {old}"
            );
        }
    }

    #[test]
    fn numbers_agree_with_the_birth_dates_and_stand_in_no_roster() {
        let (people, today) = on("2026-11-24");
        let roster = include_str!("../../tests/data/roster-2026-11.csv");
        for youth in &people {
            let number = youth.fields.get("identityNumber").unwrap();
            let text = number.as_str().unwrap();
            let number = IdentityNumber::parse(text, today).unwrap();
            assert_eq!(number.birth_date(), Some(youth.birth_date));
            assert!(!roster.contains(text), "{text}");
        }
        let (later, _) = on("2031-11-24");
        assert!(
            later
                .iter()
                .all(|youth| !youth.fields.contains_key("identityNumber"))
        );
    }
}
