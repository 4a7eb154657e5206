//! What holds when two records are one person? What both say stays, and where a person has one of a kind, it is decided here:
//! of two numbers in force the personnummer, of two answers of the compartment the stricter, of two gates the closed one. A
//! merge is never refused for anything of the compartment, which would tell that something lies there; and what is chosen is
//! remembered beside what was not, so that an undo finds both. What must be settled before, by people, is found in
//! `service::youth_merges`; the moving itself stands in `db::merging`.

use super::identity_number::IdentityNumberKind;
use chrono::NaiveDate;

/// How far the version of an answer that two answers became lies from theirs, so that none of the time of the merge is met again
/// after an undo: whoever read it then could otherwise write over what was set since.
pub const VERSIONS_APART: i64 = 1_000_000;

/// Whether the number in force of the record that stays gives way to that of the other one.
pub const fn gives_way(stays: IdentityNumberKind, other: IdentityNumberKind) -> bool {
    rank(other) > rank(stays)
}

/// A number of the population register before a coordination number, and that before all that a school or an office made.
const fn rank(kind: IdentityNumberKind) -> u8 {
    match kind {
        IdentityNumberKind::Personnummer => 2,
        IdentityNumberKind::Samordningsnummer => 1,
        _ => 0,
    }
}

/// What makes one answer of the compartment stricter than another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Active use is known and lasts.
    pub has_active_use: bool,
    /// Measures may start.
    pub may_start: bool,
    /// When it was given, as it sorts.
    pub given_at: String,
}

/// Whether the other answer is the stricter one: active use, then a no, then the later word.
pub fn is_stricter(other: &Answer, than: &Answer) -> bool {
    let key = |of: &Answer| (of.has_active_use, !of.may_start, of.given_at.clone());
    key(other) > key(than)
}

/// The gate of one person with two gates: closed if either is, since the first day; open since the last.
pub fn gate_of_both(one: (bool, NaiveDate), other: (bool, NaiveDate)) -> (bool, NaiveDate) {
    match (one, other) {
        ((true, one), (true, other)) => (true, one.max(other)),
        ((false, one), (false, other)) => (false, one.min(other)),
        (closed @ (false, _), _) | (_, closed) => closed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personnummer_stays_in_force() {
        use IdentityNumberKind::{Personnummer, Samordningsnummer};
        assert!(gives_way(Samordningsnummer, Personnummer));
        assert!(!gives_way(Personnummer, Samordningsnummer));
        assert!(!gives_way(Personnummer, Personnummer));
    }

    #[test]
    fn the_stricter_answer_holds() {
        let answer = |has_active_use, may_start, given_at: &str| Answer {
            has_active_use,
            may_start,
            given_at: given_at.to_owned(),
        };
        let (active, no) = (answer(true, false, "1"), answer(false, false, "2"));
        let (yes, later_yes) = (answer(false, true, "3"), answer(false, true, "4"));
        assert!(
            is_stricter(&active, &no) && is_stricter(&no, &yes) && is_stricter(&later_yes, &yes)
        );
        assert!(!is_stricter(&yes, &active) && !is_stricter(&yes, &yes.clone()));
    }

    #[test]
    fn one_closed_gate_closes() {
        let day = |n| NaiveDate::from_ymd_opt(2026, 11, n).unwrap_or_default();
        assert_eq!(
            gate_of_both((true, day(1)), (false, day(2))),
            (false, day(2))
        );
        assert_eq!(
            gate_of_both((false, day(1)), (true, day(2))),
            (false, day(1))
        );
        assert_eq!(
            gate_of_both((false, day(1)), (false, day(2))),
            (false, day(1))
        );
        assert_eq!(gate_of_both((true, day(1)), (true, day(2))), (true, day(2)));
    }
}
