//! Where may a youth be handed over to, who answers, and with what? To another unit of ours the receiver answers; what another
//! municipality answered is recorded by the sender (skollagen 29:6: the duty follows the registration). What moves with the
//! youth stands in the service.

use super::codes::{Code, code_list};
use super::consent::DataCategory;
use super::settings::is_municipality_code;
use crate::error::{FieldCode, FieldError};
use chrono::{Days, NaiveDate};

code_list! {
    /// Where a transfer stands.
    TransferStatus {
        Pending = "pending", "Väntar på svar", "Pending";
        Accepted = "accepted", "Mottagen", "Accepted";
        Refused = "refused", "Nekad", "Refused";
        Withdrawn = "withdrawn", "Återtagen", "Withdrawn";
    }
}

/// Days within which a transfer is answered.
pub const DAYS_TO_ANSWER: u64 = 14;

/// The day by which a transfer is answered.
pub fn answer_by(made_on: NaiveDate) -> NaiveDate {
    made_on
        .checked_add_days(Days::new(DAYS_TO_ANSWER))
        .unwrap_or(made_on)
}

/// What goes with a youth to another municipality.
pub const HANDED_OVER: [DataCategory; 4] = [
    DataCategory::ContactDetails,
    DataCategory::Occupation,
    DataCategory::Plan,
    DataCategory::Measures,
];

/// On which side of a transfer somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Of the unit that hands over.
    Sender,
    /// Of the unit that takes over.
    Receiver,
}

/// The answers that a side gives. The sender takes back what is not answered, and tells what another municipality said.
pub const fn answers_of(side: Side, is_to_unit: bool) -> &'static [TransferStatus] {
    match (side, is_to_unit) {
        (Side::Receiver, _) => &[TransferStatus::Accepted, TransferStatus::Refused],
        (Side::Sender, true) => &[TransferStatus::Withdrawn],
        (Side::Sender, false) => &[
            TransferStatus::Accepted,
            TransferStatus::Refused,
            TransferStatus::Withdrawn,
        ],
    }
}

/// Where to, as it was told.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'d> {
    /// Whether a unit is named.
    pub names_unit: bool,
    /// The code of a municipality (SCB): four digits.
    pub municipality_code: Option<&'d str>,
    /// Its name.
    pub municipality_name: Option<&'d str>,
}

/// Everything that is wrong with where a youth is to be handed over: it is a unit or a municipality, and one of them.
pub fn check_destination(to: &Destination<'_>) -> Vec<FieldError> {
    let names_municipality = to.municipality_code.is_some() || to.municipality_name.is_some();
    if to.names_unit {
        let both = names_municipality
            .then(|| FieldError::with("/toMunicipalityCode", FieldCode::NotWithOther, "toUnitId"));
        return both.into_iter().collect();
    }
    if !names_municipality {
        return vec![FieldError::new("/toUnitId", FieldCode::Required)];
    }
    let mut problems = Vec::new();
    match to.municipality_code {
        None => problems.push(FieldError::new("/toMunicipalityCode", FieldCode::Required)),
        Some(code) if !is_municipality_code(code) => problems.push(FieldError::new(
            "/toMunicipalityCode",
            FieldCode::NotMunicipalityCode,
        )),
        Some(_) => {}
    }
    if to.municipality_name.is_none() {
        problems.push(FieldError::new("/toMunicipalityName", FieldCode::Required));
    }
    problems
}

/// An answer, as it was told.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// Which.
    pub status: TransferStatus,
    /// When it was given.
    pub decided_on: NaiveDate,
    /// Whether a reason is told.
    pub has_reason: bool,
    /// Whether a reference (of the other municipality) is told.
    pub has_reference: bool,
}

/// Everything that is wrong with an answer to a transfer that was made on `made_on`.
pub fn check_answer(
    answer: &Answer,
    is_to_unit: bool,
    made_on: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldError> {
    const DAY: &str = "/decidedOn";
    let mut problems = Vec::new();
    if answer.status == TransferStatus::Pending {
        problems.push(FieldError::with(
            "/status",
            FieldCode::WrongStep,
            "accepted, refused, withdrawn",
        ));
    }
    if answer.decided_on > today {
        problems.push(FieldError::new(DAY, FieldCode::InFuture));
    } else if is_to_unit && answer.decided_on != today {
        // A unit answers here and now, and the youth moves with the answer.
        problems.push(FieldError::new(DAY, FieldCode::InPast));
    } else if answer.decided_on < made_on {
        problems.push(FieldError::with(
            DAY,
            FieldCode::WrongDateOrder,
            "createdAt",
        ));
    }
    if answer.status == TransferStatus::Refused && !answer.has_reason {
        problems.push(FieldError::new("/decisionReason", FieldCode::Required));
    }
    let is_accepted_elsewhere = answer.status == TransferStatus::Accepted && !is_to_unit;
    if is_accepted_elsewhere && !answer.has_reference {
        problems.push(FieldError::new("/reference", FieldCode::Required));
    }
    if answer.has_reference && !is_accepted_elsewhere {
        problems.push(FieldError::with(
            "/reference",
            FieldCode::NotWithOther,
            "status",
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(problems: Vec<FieldError>) -> Vec<(String, FieldCode)> {
        problems
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn it_goes_to_a_unit_or_to_a_municipality_and_not_to_both() {
        let to = |names_unit, municipality_code, municipality_name| {
            told(check_destination(&Destination {
                names_unit,
                municipality_code,
                municipality_name,
            }))
        };
        assert_eq!(to(true, None, None), []);
        assert_eq!(to(false, Some("0184"), Some("Solna")), []);
        let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        assert_eq!(to(false, None, None), one("/toUnitId", FieldCode::Required));
        assert_eq!(
            to(true, Some("0184"), None),
            one("/toMunicipalityCode", FieldCode::NotWithOther)
        );
        for code in ["184", "01841", "018a", "٠١٨٤"] {
            assert_eq!(
                to(false, Some(code), Some("Solna")),
                one("/toMunicipalityCode", FieldCode::NotMunicipalityCode)
            );
        }
        assert_eq!(
            to(false, Some("0184"), None),
            one("/toMunicipalityName", FieldCode::Required)
        );
    }

    #[test]
    fn the_receiver_answers_and_the_sender_takes_back() {
        use TransferStatus::{Accepted, Refused, Withdrawn};
        assert_eq!(answers_of(Side::Receiver, true), [Accepted, Refused]);
        assert_eq!(answers_of(Side::Sender, true), [Withdrawn]);
        assert_eq!(
            answers_of(Side::Sender, false),
            [Accepted, Refused, Withdrawn]
        );
    }

    #[test]
    fn an_answer_has_its_day_its_reason_and_its_reference() {
        let answer = |status, on: &str, has_reason, has_reference, is_to_unit| {
            let answer = Answer {
                status,
                decided_on: day(on),
                has_reason,
                has_reference,
            };
            told(check_answer(
                &answer,
                is_to_unit,
                day("2026-11-10"),
                day("2026-11-23"),
            ))
        };
        use TransferStatus::{Accepted, Pending, Refused, Withdrawn};
        let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        assert_eq!(answer(Accepted, "2026-11-23", false, false, true), []);
        assert_eq!(answer(Accepted, "2026-11-20", false, true, false), []);
        assert_eq!(answer(Refused, "2026-11-23", true, false, true), []);
        assert_eq!(answer(Withdrawn, "2026-11-23", false, false, true), []);
        assert_eq!(
            answer(Accepted, "2026-11-20", false, false, true),
            one("/decidedOn", FieldCode::InPast)
        );
        assert_eq!(
            answer(Accepted, "2026-11-24", false, true, false),
            one("/decidedOn", FieldCode::InFuture)
        );
        assert_eq!(
            answer(Accepted, "2026-11-09", false, true, false),
            one("/decidedOn", FieldCode::WrongDateOrder)
        );
        assert_eq!(
            answer(Accepted, "2026-11-20", false, false, false),
            one("/reference", FieldCode::Required)
        );
        assert_eq!(
            answer(Refused, "2026-11-20", false, true, false),
            vec![
                ("/decisionReason".to_owned(), FieldCode::Required),
                ("/reference".to_owned(), FieldCode::NotWithOther)
            ]
        );
        assert_eq!(
            answer(Pending, "2026-11-23", false, false, true),
            one("/status", FieldCode::WrongStep)
        );
    }
}
