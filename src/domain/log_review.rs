//! What of the log is looked at in a review, and what may be said of it? A sample is drawn: some events at random, and those
//! that a rule points at (domain 4.6). The draw follows from its seed, so that anybody can draw it again. What concerns a
//! protected identity or a break-glass is always in the sample (domain 4.4); of the rest each rule gives some.
//! Who reviews whom is decided in `policy`; which events a reviewer sees at all in `db::audit_events`.

use super::codes::{Code, code_list};
use super::holidays::{is_holiday, is_usual_eve};
use super::person_name::fold;
use crate::error::{FieldCode, FieldError};
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

code_list! {
    /// Whose review it is. A chief reviews the staff of the own unit, never a chief; the log reviewer reviews everybody.
    ReviewKind {
        Unit = "unit", "Enhetens granskning", "The unit's review";
        Independent = "independent", "Loggranskarens granskning", "The log reviewer's review";
    }
}
code_list! {
    /// Why an event stands in the sample of a review (domain 4.6).
    SampleReason {
        ProtectedIdentity = "protected_identity", "Skyddade personuppgifter", "Protected identity";
        BreakGlass = "break_glass", "Nödöppnande", "Break-glass";
        SameSurname = "same_surname", "Samma efternamn", "Same surname";
        SameAddress = "same_address", "Samma adress som någon med samma efternamn", "Same address as somebody with the same surname";
        NoAssignment = "no_assignment", "Ingen tilldelning", "No assignment";
        OddHours = "odd_hours", "Utanför kontorstid", "Outside office hours";
        Random = "random", "Slumpen", "Random";
    }
}
code_list! {
    /// What the reviewer finds of an event.
    ReviewFinding {
        Unremarkable = "unremarkable", "Utan anmärkning", "Unremarkable";
        ToAsk = "to_ask", "Behöver frågas om", "To ask about";
        Unauthorised = "unauthorised", "Obehörig åtkomst", "Unauthorised";
    }
}
code_list! {
    /// What came of following a finding up.
    ReviewFollowUp {
        Explained = "explained", "Förklarad", "Explained";
        MeasuresTaken = "measures_taken", "Åtgärder har vidtagits", "Measures taken";
        Reported = "reported", "Anmäld vidare", "Reported further";
    }
}

impl SampleReason {
    /// Whether every event that it points at is in the sample.
    pub const fn is_always_drawn(self) -> bool {
        matches!(self, Self::ProtectedIdentity | Self::BreakGlass)
    }
}

/// How a sample is drawn; what the municipality decides for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SampleRules {
    /// Events drawn at random.
    #[serde(rename = "logReviewRandomRows")]
    pub random_rows: u32,
    /// Events at most for each rule that does not give all.
    #[serde(rename = "logReviewTargetedRows")]
    pub targeted_rows: u32,
    /// The hour at which the office opens, Monday to Friday, holidays excepted.
    #[serde(rename = "officeHoursFrom")]
    pub office_from: u32,
    /// The hour at which it closes.
    #[serde(rename = "officeHoursTo")]
    pub office_to: u32,
    /// Whether the office is closed on the eves of midsummer, Christmas and the new year, which are no holidays by law.
    #[serde(rename = "officeClosedOnEves")]
    pub is_closed_on_eves: bool,
}

impl Default for SampleRules {
    fn default() -> Self {
        Self {
            random_rows: 20,
            targeted_rows: 20,
            office_from: 7,
            office_to: 18,
            is_closed_on_eves: true,
        }
    }
}

/// Days that one review covers at most.
pub const MOST_DAYS: i64 = 92;

/// Whether a period can be reviewed: in order, over at the latest today, and not longer than three months.
pub fn check_period(from_on: NaiveDate, to_on: NaiveDate, today: NaiveDate) -> Vec<FieldError> {
    let to = |code, bound: NaiveDate| FieldError::with("/toOn", code, bound.to_string());
    if to_on < from_on {
        return vec![to(FieldCode::WrongDateOrder, from_on)];
    }
    if to_on > today {
        return vec![FieldError::new("/toOn", FieldCode::InFuture)];
    }
    let last = from_on + chrono::Duration::days(MOST_DAYS - 1);
    if to_on > last {
        return vec![to(FieldCode::TooLate, last)];
    }
    Vec::new()
}

/// A youth that an event names, as far as the rules ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NamedYouth {
    /// Protected identity.
    pub is_protected: bool,
    /// Has, or has a guardian with, the surname of whoever acted.
    pub shares_surname: bool,
    /// Lives at the address of a youth who has the surname of whoever acted.
    pub shares_address: bool,
    /// Whoever acted was assigned to the youth at that moment.
    pub is_assigned: bool,
}

/// An event that may be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The event's id.
    pub event: [u8; 16],
    /// When, by the clock on the wall.
    pub at: NaiveDateTime,
    /// Whether a break-glass opened something.
    pub is_break_glass: bool,
    /// Whether it can be drawn at random: it names a youth, or its actor never meets one.
    pub is_of_interest: bool,
    /// The youths that it names.
    pub youths: Vec<NamedYouth>,
}

/// The rules that point at an event.
pub fn reasons_of(reading: &Reading, rules: SampleRules) -> Vec<SampleReason> {
    let any = |holds: fn(&NamedYouth) -> bool| reading.youths.iter().any(holds);
    // A list names many without assignment and means nothing by it; to open one youth is a deed.
    let opens_a_stranger = matches!(reading.youths.as_slice(), [one] if !one.is_assigned);
    let holds = |reason: SampleReason| match reason {
        SampleReason::ProtectedIdentity => any(|youth| youth.is_protected),
        SampleReason::BreakGlass => reading.is_break_glass,
        SampleReason::SameSurname => any(|youth| youth.shares_surname),
        SampleReason::SameAddress => any(|youth| youth.shares_address),
        SampleReason::NoAssignment => opens_a_stranger,
        SampleReason::OddHours => reading.is_of_interest && is_odd(reading.at, rules),
        SampleReason::Random => false,
    };
    let all = SampleReason::ALL.iter().copied();
    all.filter(|reason| holds(*reason)).collect()
}

/// Saturday, a holiday, or outside the hours of the office.
fn is_odd(at: NaiveDateTime, rules: SampleRules) -> bool {
    at.weekday() == Weekday::Sat
        || is_holiday(at.date())
        || (rules.is_closed_on_eves && is_usual_eve(at.date()))
        || at.hour() < rules.office_from
        || at.hour() >= rules.office_to
}

/// A sample being drawn: events are offered in any order, and the same come out for the same seed. It holds no more than
/// what is drawn in the end.
#[derive(Debug)]
pub struct Draw {
    seed: [u8; 16],
    rules: SampleRules,
    /// Of each rule, the events that the lot has put first.
    places: BTreeMap<SampleReason, BTreeSet<Place>>,
    offered: u64,
}

/// The lot of an event, the event, and all rules that point at it.
type Place = ([u8; 32], [u8; 16], Vec<SampleReason>);

impl Draw {
    /// Begins.
    pub const fn new(seed: [u8; 16], rules: SampleRules) -> Self {
        Self {
            seed,
            rules,
            places: BTreeMap::new(),
            offered: 0,
        }
    }

    /// Offers an event.
    pub fn offer(&mut self, reading: &Reading) {
        self.offered += 1;
        let reasons = reasons_of(reading, self.rules);
        let lot: [u8; 32] = Sha256::new()
            .chain_update(self.seed)
            .chain_update(reading.event)
            .finalize()
            .into();
        let by_lot = reading.is_of_interest.then_some(SampleReason::Random);
        for reason in reasons.iter().copied().chain(by_lot) {
            let most = match reason {
                _ if reason.is_always_drawn() => usize::MAX,
                SampleReason::Random => self.rules.random_rows as usize,
                _ => self.rules.targeted_rows as usize,
            };
            let places = self.places.entry(reason).or_default();
            places.insert((lot, reading.event, reasons.clone()));
            if places.len() > most {
                places.pop_last();
            }
        }
    }

    /// How many events were offered.
    pub const fn offered(&self) -> u64 {
        self.offered
    }

    /// How many rows have a place so far, at most.
    pub fn size(&self) -> usize {
        self.places.values().map(BTreeSet::len).sum()
    }

    /// Ends: each event that was drawn, with all rules that point at it, in the order of the lots.
    pub fn finish(self) -> Vec<([u8; 16], Vec<SampleReason>)> {
        let mut drawn: BTreeMap<([u8; 32], [u8; 16]), Vec<SampleReason>> = BTreeMap::new();
        for (reason, places) in self.places {
            for (lot, event, reasons) in places {
                let stands = drawn.entry((lot, event)).or_insert(reasons);
                if reason == SampleReason::Random {
                    stands.push(reason);
                }
            }
        }
        drawn
            .into_iter()
            .map(|((_, event), reasons)| (event, reasons))
            .collect()
    }
}

/// The surnames of a member of staff, folded: the last word of the name, and each part of a double name.
pub fn surnames_of_staff(display_name: &str) -> BTreeSet<String> {
    let folded = fold(display_name);
    let last = folded.rsplit(' ').next().unwrap_or_default();
    // Somebody with one name has no surname to compare.
    if last.len() == folded.len() {
        return BTreeSet::new();
    }
    parts(last)
}

/// Whether a family name has one of these surnames among its parts.
pub fn bears(family_name: &str, surnames: &BTreeSet<String>) -> bool {
    parts(&fold(family_name))
        .iter()
        .any(|part| surnames.contains(part))
}

/// The parts of a family name, without the small words that stand before it.
fn parts(folded: &str) -> BTreeSet<String> {
    folded
        .split([' ', '-'])
        .filter(|part| part.chars().count() > 1 && !matches!(*part, "von" | "af" | "de" | "van"))
        .map(str::to_owned)
        .collect()
}

/// What is said of a row.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// The finding.
    pub finding: Option<ReviewFinding>,
    /// Whether it is explained.
    pub has_note: bool,
    /// The day by which it is followed up.
    pub follow_up_on: Option<NaiveDate>,
    /// Whether that day has been set before.
    pub is_old_day: bool,
}

/// Everything that does not go together in what is said of a row: what is remarkable is explained and followed up.
pub fn check_finding(said: Said, today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let is_remarkable =
        matches!(said.finding, Some(finding) if finding != ReviewFinding::Unremarkable);
    if is_remarkable && !said.has_note {
        problems.push(FieldError::new("/note", FieldCode::Required));
    }
    match said.follow_up_on {
        None if is_remarkable => {
            problems.push(FieldError::new("/followUpOn", FieldCode::Required));
        }
        Some(_) if !is_remarkable => problems.push(FieldError::with(
            "/followUpOn",
            FieldCode::NotWithOther,
            "finding",
        )),
        Some(day) if day < today && !said.is_old_day => {
            problems.push(FieldError::new("/followUpOn", FieldCode::InPast));
        }
        _ => {}
    }
    problems
}

#[cfg(test)]
#[path = "log_review_tests.rs"]
mod tests;
