//! What does a protected status say about measures, and what of that may leave the compartment? Only an answer and the day
//! on which the answer last changed (Sundbyberg's plan 2.2-2.3; domain 9.12). Who may read or set it is decided in `policy`.

use super::codes::{StatusBasis, SubstanceStatus};
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

/// What a socionom says.
#[derive(Debug, Clone, Copy)]
pub struct StatusFacts {
    /// What it rests on.
    pub basis: StatusBasis,
    /// How it stands with substances; told if and only if it rests on them.
    pub substance_status: Option<SubstanceStatus>,
    /// The socionom's own answer; follows from the substance status where there is one.
    pub may_start_measures: Option<bool>,
}

/// Whether measures may start, or everything that is wrong with what was said.
///
/// # Errors
/// A field is missing or contradicts another.
pub fn may_start(facts: &StatusFacts) -> Result<bool, Vec<FieldError>> {
    let contradicts = |pointer: &str, other: &'static str| {
        Err(vec![FieldError::with(
            pointer,
            FieldCode::NotWithOther,
            other,
        )])
    };
    let misses = |pointer: &str| vec![FieldError::new(pointer, FieldCode::Required)];
    match (facts.basis, facts.substance_status) {
        (StatusBasis::Substance, None) => Err(misses("/substanceStatus")),
        (StatusBasis::Substance, Some(status)) => {
            let answer = opens(status);
            if facts.may_start_measures.is_some_and(|said| said != answer) {
                return contradicts("/mayStartMeasures", "substanceStatus");
            }
            Ok(answer)
        }
        (StatusBasis::IllHealth | StatusBasis::Other, Some(_)) => {
            contradicts("/substanceStatus", "basis")
        }
        (StatusBasis::IllHealth | StatusBasis::Other, None) => facts
            .may_start_measures
            .ok_or_else(|| misses("/mayStartMeasures")),
    }
}

/// Drug-free or on the way there: measures may start (Sundbyberg's plan 2.2).
const fn opens(status: SubstanceStatus) -> bool {
    match status {
        SubstanceStatus::NoKnownObstacle | SubstanceStatus::ProcessBegun => true,
        SubstanceStatus::ActiveUse => false,
    }
}

/// The answer that the register shows, and since when it is so. No gate is the answer of everybody: yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// Whether measures other than talks, guidance and authority contact may start.
    pub may_start: bool,
    /// The day on which the answer last changed.
    pub since_on: NaiveDate,
}

/// The gate to set after a new status; `None` when the answer stays. A first status that says yes sets none: a yes with a
/// date would tell everyone that the compartment holds something about this youth.
pub fn gate_after(before: Option<Gate>, may_start: bool, today: NaiveDate) -> Option<Gate> {
    let answer_before = before.is_none_or(|gate| gate.may_start);
    (answer_before != may_start).then_some(Gate {
        may_start,
        since_on: today,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::Code;

    fn facts(
        basis: StatusBasis,
        substance_status: Option<SubstanceStatus>,
        may_start_measures: Option<bool>,
    ) -> StatusFacts {
        StatusFacts {
            basis,
            substance_status,
            may_start_measures,
        }
    }

    fn told(facts: &StatusFacts) -> (String, FieldCode) {
        let problem = may_start(facts).unwrap_err().pop().unwrap();
        (problem.pointer, problem.code)
    }

    #[test]
    fn active_use_alone_closes_the_gate_of_substances() {
        for &status in SubstanceStatus::ALL {
            let expected = status != SubstanceStatus::ActiveUse;
            let said = facts(StatusBasis::Substance, Some(status), None);
            assert_eq!(may_start(&said), Ok(expected));
            let agreeing = facts(StatusBasis::Substance, Some(status), Some(expected));
            assert_eq!(may_start(&agreeing), Ok(expected));
            let contradicting = facts(StatusBasis::Substance, Some(status), Some(!expected));
            assert_eq!(
                told(&contradicting),
                ("/mayStartMeasures".to_owned(), FieldCode::NotWithOther)
            );
        }
    }

    #[test]
    fn for_every_other_reason_the_socionom_answers() {
        for basis in [StatusBasis::IllHealth, StatusBasis::Other] {
            for answer in [true, false] {
                assert_eq!(may_start(&facts(basis, None, Some(answer))), Ok(answer));
            }
            assert_eq!(
                told(&facts(basis, None, None)),
                ("/mayStartMeasures".to_owned(), FieldCode::Required)
            );
            assert_eq!(
                told(&facts(
                    basis,
                    Some(SubstanceStatus::ProcessBegun),
                    Some(true)
                )),
                ("/substanceStatus".to_owned(), FieldCode::NotWithOther)
            );
        }
        assert_eq!(
            told(&facts(StatusBasis::Substance, None, Some(false))),
            ("/substanceStatus".to_owned(), FieldCode::Required)
        );
    }

    #[test]
    fn the_gate_moves_only_when_the_answer_does() {
        let (first, later): (NaiveDate, NaiveDate) =
            ("2026-11-01".parse().unwrap(), "2026-11-23".parse().unwrap());
        let no = Gate {
            may_start: false,
            since_on: first,
        };
        assert_eq!(gate_after(None, true, first), None);
        assert_eq!(gate_after(None, false, first), Some(no));
        // Another reason for the same no keeps the day, so that the day does not tell of the reason.
        assert_eq!(gate_after(Some(no), false, later), None);
        let yes = Gate {
            may_start: true,
            since_on: later,
        };
        assert_eq!(gate_after(Some(no), true, later), Some(yes));
        assert_eq!(gate_after(Some(yes), true, later), None);
    }
}
