//! What does a protected status say about measures, and what of that may leave the compartment? Only an answer and the day
//! on which the answer last changed (Sundbyberg's plan 2.2-2.3; domain 9.12). Who may read or set it is decided in `policy`,
//! which duties follow from it in `domain::protected_duties`.

use super::codes::{StatusBasis, SubstanceStatus};
use crate::error::{FieldCode, FieldError};
use chrono::{Days, NaiveDate};

/// What a socionom says.
#[derive(Debug, Clone, Copy)]
pub struct StatusFacts {
    /// What it rests on.
    pub basis: StatusBasis,
    /// How it stands with substances; told if and only if it rests on them.
    pub substance_status: Option<SubstanceStatus>,
    /// The socionom's own answer; follows from the substance status where there is one.
    pub may_start_measures: Option<bool>,
    /// When a pause for ill health is looked at again.
    pub paused_until: Option<NaiveDate>,
}

/// A pause is looked at again within so many days: what is paused without end is given up.
pub const MOST_DAYS_PAUSED: u64 = 366;

/// Whether measures may start, or everything that is wrong with what was said. Ill health goes on beside the measures, or
/// pauses them until a day on which it is looked at again; a pause without a day is refused.
///
/// # Errors
/// A field is missing or contradicts another.
pub fn may_start(facts: &StatusFacts, today: NaiveDate) -> Result<bool, Vec<FieldError>> {
    let answer = answer_of(facts)?;
    let is_pause = facts.basis == StatusBasis::IllHealth && !answer;
    let pointer = "/pausedUntil";
    let problem = match facts.paused_until {
        None if is_pause => FieldError::new(pointer, FieldCode::Required),
        Some(_) if !is_pause => {
            let other = if facts.basis == StatusBasis::IllHealth {
                "mayStartMeasures"
            } else {
                "basis"
            };
            FieldError::with(pointer, FieldCode::NotWithOther, other)
        }
        Some(day) if day <= today => FieldError::new(pointer, FieldCode::InPast),
        Some(day) => {
            let last = today
                .checked_add_days(Days::new(MOST_DAYS_PAUSED))
                .unwrap_or(today);
            if day <= last {
                return Ok(answer);
            }
            FieldError::with(pointer, FieldCode::TooFarAhead, last.to_string())
        }
        None => return Ok(answer),
    };
    Err(vec![problem])
}

fn answer_of(facts: &StatusFacts) -> Result<bool, Vec<FieldError>> {
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
    use proptest::prelude::*;

    fn facts(
        basis: StatusBasis,
        substance_status: Option<SubstanceStatus>,
        may_start_measures: Option<bool>,
    ) -> StatusFacts {
        StatusFacts {
            basis,
            substance_status,
            may_start_measures,
            paused_until: None,
        }
    }

    fn today() -> NaiveDate {
        "2026-11-23".parse().unwrap()
    }

    fn told(facts: &StatusFacts) -> (String, FieldCode) {
        let problem = may_start(facts, today()).unwrap_err().pop().unwrap();
        (problem.pointer, problem.code)
    }

    #[test]
    fn active_use_alone_closes_the_gate_of_substances() {
        for &status in SubstanceStatus::ALL {
            let expected = status != SubstanceStatus::ActiveUse;
            let said = facts(StatusBasis::Substance, Some(status), None);
            assert_eq!(may_start(&said, today()), Ok(expected));
            let agreeing = facts(StatusBasis::Substance, Some(status), Some(expected));
            assert_eq!(may_start(&agreeing, today()), Ok(expected));
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
                let mut said = facts(basis, None, Some(answer));
                if basis == StatusBasis::IllHealth && !answer {
                    said.paused_until = "2026-12-01".parse().ok();
                }
                assert_eq!(may_start(&said, today()), Ok(answer));
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
    fn ill_health_goes_on_beside_the_measures_or_pauses_them_until_a_day() {
        let pause = |answer, until: Option<&str>| StatusFacts {
            paused_until: until.map(|day| day.parse().unwrap()),
            ..facts(StatusBasis::IllHealth, None, Some(answer))
        };
        let at = |code| ("/pausedUntil".to_owned(), code);
        assert_eq!(may_start(&pause(true, None), today()), Ok(true));
        assert_eq!(
            may_start(&pause(false, Some("2026-11-24")), today()),
            Ok(false)
        );
        assert_eq!(told(&pause(false, None)), at(FieldCode::Required));
        assert_eq!(
            told(&pause(true, Some("2026-12-01"))),
            at(FieldCode::NotWithOther)
        );
        assert_eq!(
            told(&pause(false, Some("2026-11-23"))),
            at(FieldCode::InPast)
        );
        assert_eq!(
            told(&pause(false, Some("2028-01-01"))),
            at(FieldCode::TooFarAhead)
        );
        for other in [
            facts(
                StatusBasis::Substance,
                Some(SubstanceStatus::ActiveUse),
                None,
            ),
            facts(StatusBasis::Other, None, Some(false)),
        ] {
            let paused = StatusFacts {
                paused_until: "2026-12-01".parse().ok(),
                ..other
            };
            assert_eq!(told(&paused), at(FieldCode::NotWithOther));
        }
    }

    proptest! {
        /// Whatever statuses follow one another, the gate that the register shows says what the status in force says, and
        /// it is dated on the day when the answer last changed.
        #[test]
        fn gate_and_derived_answer_never_disagree(
            statuses in proptest::collection::vec((0usize..3, proptest::option::of(0usize..3), proptest::option::of(any::<bool>()), proptest::option::of(0u64..40), 0u64..4), 1..20)
        ) {
            let (mut gate, mut day, mut in_force): (Option<Gate>, NaiveDate, Option<bool>) = (None, today(), None);
            let mut changed_on = None;
            for (basis, substance, answer, pause, later) in statuses {
                day = day + Days::new(later);
                let said = StatusFacts {
                    basis: *StatusBasis::ALL.get(basis).unwrap(),
                    substance_status: substance.and_then(|place| SubstanceStatus::ALL.get(place).copied()),
                    may_start_measures: answer,
                    paused_until: pause.map(|days| day + Days::new(days)),
                };
                // What is refused is not stored and moves nothing.
                if let Ok(answer) = may_start(&said, day) {
                    if in_force.unwrap_or(true) != answer {
                        changed_on = Some(day);
                    }
                    in_force = Some(answer);
                    gate = gate_after(gate, answer, day).or(gate);
                    if said.substance_status == Some(SubstanceStatus::ActiveUse) || said.paused_until.is_some() {
                        prop_assert!(!answer);
                    }
                }
                prop_assert_eq!(gate.is_none_or(|gate| gate.may_start), in_force.unwrap_or(true));
                prop_assert_eq!(gate.map(|gate| gate.since_on), changed_on);
            }
        }
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
