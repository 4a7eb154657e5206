//! Who was registered twice in the demo: two pairs that wait on the list, one of them with a samordningsnummer of before (made of
//! the test number of the same person by the day plus 60), twins that were found not to be the same, a pair that was merged, and
//! one whose merge was undone.

use super::cast::Cast;
use super::people::Youth;
use super::plan::{Deed, Planner, object};
use super::staff::places;
use serde_json::{Value, json};

/// The minute of the day at which the list is gone through.
const NOON: usize = 720;
/// Days of work ago at which it was.
const LATELY: usize = 4;

impl Planner<'_> {
    /// Registers some youths of the large unit once more, and lets the SYV go through the list.
    pub fn register_twice(&mut self, people: &[Youth], parts: &[Cast<'_>]) {
        let Some(by) = places("syv", 0).first().copied() else {
            return;
        };
        let free: Vec<usize> = parts
            .iter()
            .filter(|cast| cast.unit == 0 && !cast.is_protected && !cast.is_in_compartment)
            .map(|cast| cast.place)
            .filter(|place| !self.is_held_up(*place))
            .collect();
        let mut free = free.into_iter().rev();
        let mut next = people.len();
        let mut again = |planner: &mut Self, given_name: fn(&str) -> String, has_number: bool| {
            let place = free.next()?;
            let youth = people.get(place)?;
            let other = next;
            next += 1;
            planner.enter_again(other, youth, given_name, has_number, by);
            Some((place, other))
        };
        again(self, str::to_owned, true);
        again(self, misspelled, false);
        if let Some((place, twin)) = again(self, misspelled, false) {
            let reason = "Tvillingar. Mamman har bekräftat det på telefon.";
            let fields = object(json!({"reason": reason}));
            self.step(LATELY, NOON, by, Deed::Dismiss(place, twin, fields));
        }
        if let Some((place, other)) = again(self, str::to_owned, true) {
            let reason = "Har fått personnummer; samma adress och telefon.";
            let fields = object(json!({"reason": reason}));
            self.step(LATELY, NOON + 5, by, Deed::Merge(place, other, fields));
        }
        if let Some((place, other)) = again(self, misspelled, false) {
            let reason = "Samma namn och födelsedag, och samma skola.";
            let fields = object(json!({"reason": reason}));
            self.step(LATELY, NOON + 10, by, Deed::Merge(place, other, fields));
            let reason = "Ringde: det är kusiner, födda samma dag.";
            let fields = object(json!({"undoReason": reason}));
            self.step(LATELY - 1, NOON, by, Deed::UndoMerge(place, fields));
        }
    }

    fn enter_again(
        &mut self,
        place: usize,
        youth: &Youth,
        given_name: fn(&str) -> String,
        has_number: bool,
        by: usize,
    ) {
        let text = |name: &str| youth.fields.get(name).and_then(Value::as_str);
        let mut fields = object(json!({
            "givenName": given_name(text("givenName").unwrap_or_default()),
            "familyName": youth.family_name,
            "birthDate": youth.birth_date,
        }));
        let before = text("identityNumber").and_then(number_before);
        if let (Some(number), true) = (before, has_number) {
            fields.insert("identityNumber".to_owned(), json!(number));
        }
        self.step(LATELY + 1, NOON, by, Deed::RegisterAgain(place, fields));
    }
}

/// A letter more, as it is written when it was only heard.
fn misspelled(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 4 {
        return name.to_owned();
    }
    letters.push('h');
    letters.into_iter().collect()
}

/// The samordningsnummer that somebody with this personnummer could have had before: the day of birth plus 60.
fn number_before(number: &str) -> Option<String> {
    let (year_and_month, rest) = number.split_at_checked(6)?;
    let (day, rest) = rest.split_at_checked(2)?;
    let (serial, _) = rest.split_at_checked(3)?;
    let day: u32 = day.parse().ok()?;
    let head = format!("{year_and_month}{}{serial}", day + 60);
    let sum: u32 = head
        .chars()
        .skip(2)
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(place, digit)| {
            let weighed = if place % 2 == 0 { digit * 2 } else { digit };
            weighed / 10 + weighed % 10
        })
        .sum();
    Some(format!("{head}{}", (10 - sum % 10) % 10))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::identity_number::{IdentityNumber, IdentityNumberKind};

    #[test]
    fn the_number_of_before_is_a_samordningsnummer_of_the_same_day() {
        let today = "2026-11-24".parse().unwrap();
        let before = number_before("200901052381").unwrap();
        let number = IdentityNumber::parse(&before, today).unwrap();
        assert_eq!(number.kind(), IdentityNumberKind::Samordningsnummer);
        assert_eq!(number.birth_date(), "2009-01-05".parse().ok());
    }
}
