//! What may a school tell the home municipality about a pupil, and what may come of it? That somebody began, ended, or is
//! absent to a considerable extent (skollagen 15:15 and 18:15). An absence alone puts nobody into the target group: it is
//! answered by a preventive contact, never by an episode. Who may receive and handle it is decided in `policy`.

use super::age::birthday_on;
use super::codes::{Code, code_list};
use crate::error::{FieldCode, FieldError};
use chrono::{Days, NaiveDate};

code_list! {
    /// What a school has told (skollagen 15:15, 18:15).
    NotificationKind {
        Started = "started", "Har börjat", "Started";
        Ended = "ended", "Har slutat", "Ended";
        SignificantAbsence = "significant_absence", "Frånvaro i betydande utsträckning", "Absent to a considerable extent";
    }
}
code_list! {
    /// Whether a notification has been handled.
    NotificationStatus {
        Pending = "pending", "Väntar", "Pending";
        Handled = "handled", "Hanterad", "Handled";
    }
}
code_list! {
    /// What came of a notification.
    NotificationOutcome {
        EnrolmentRecorded = "enrolment_recorded", "Inskrivningen är registrerad", "Enrolment recorded";
        PreventiveContact = "preventive_contact", "Förebyggande kontakt tas", "Preventive contact";
        NoAction = "no_action", "Ingen åtgärd", "No action";
    }
}

/// From this birthday a school has no duty to tell of absence: "under 20 år" (skollagen 15:15 second paragraph).
const ABSENCE_BEFORE_AGE: u32 = 20;
/// A school may tell of a beginning ahead, but not of one further away than the next school year.
const DAYS_AHEAD: u64 = 400;

/// A notification as far as its days and its pupil go.
#[derive(Debug, Clone, Copy)]
pub struct Notification {
    /// What is told.
    pub kind: NotificationKind,
    /// The first day (began), the last day (ended), or the day from which the absence is considerable.
    pub occurred_on: NaiveDate,
    /// When it reached the municipality.
    pub received_on: NaiveDate,
    /// The pupil's birth date.
    pub birth_date: Option<NaiveDate>,
}

/// Everything that is impossible in a notification.
pub fn check_notification(told: &Notification, today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    if told.received_on > today {
        problems.push(FieldError::new("/receivedOn", FieldCode::InFuture));
    }
    let occurred = |code| FieldError::new("/occurredOn", code);
    let is_absence = told.kind == NotificationKind::SignificantAbsence;
    let latest = if is_absence {
        told.received_on
    } else {
        told.received_on
            .checked_add_days(Days::new(DAYS_AHEAD))
            .unwrap_or(NaiveDate::MAX)
    };
    if told.occurred_on > latest {
        problems.push(occurred(FieldCode::InFuture));
    }
    let Some(birth_date) = told.birth_date else {
        return problems;
    };
    if told.occurred_on < birth_date {
        problems.push(occurred(FieldCode::BeforeBirth));
    }
    if is_absence
        && birthday_on(birth_date, ABSENCE_BEFORE_AGE).is_none_or(|day| told.occurred_on >= day)
    {
        problems.push(FieldError::new("/kind", FieldCode::AbsenceFrom20));
    }
    problems
}

/// The outcomes that a kind may have.
pub const fn outcomes_of(kind: NotificationKind) -> [NotificationOutcome; 2] {
    match kind {
        NotificationKind::Started | NotificationKind::Ended => [
            NotificationOutcome::EnrolmentRecorded,
            NotificationOutcome::NoAction,
        ],
        NotificationKind::SignificantAbsence => [
            NotificationOutcome::PreventiveContact,
            NotificationOutcome::NoAction,
        ],
    }
}

/// Everything that is wrong with an answer to a notification. Whoever does nothing says why, so that a signal is never
/// clicked away.
pub fn check_handling(
    kind: NotificationKind,
    outcome: NotificationOutcome,
    reason: Option<&str>,
) -> Vec<FieldError> {
    let allowed = outcomes_of(kind);
    if !allowed.contains(&outcome) {
        let words: Vec<&str> = allowed.iter().map(|outcome| outcome.code()).collect();
        return vec![FieldError::with(
            "/outcome",
            FieldCode::NotInList,
            words.join(", "),
        )];
    }
    match (outcome, reason) {
        (NotificationOutcome::NoAction, None) => {
            vec![FieldError::new("/reason", FieldCode::Required)]
        }
        _ => Vec::new(),
    }
}

/// Days within which a notification is handled: the school tells at once ("snarast"), so the municipality does not let it lie.
const DAYS_TO_HANDLE: u64 = 3;

/// The day by which a notification is to be handled.
pub fn handling_due_on(received_on: NaiveDate) -> NaiveDate {
    received_on
        .checked_add_days(Days::new(DAYS_TO_HANDLE))
        .unwrap_or(received_on)
}

/// The day by which the preventive contact is due.
pub fn preventive_contact_due_on(handled_on: NaiveDate, days: u32) -> NaiveDate {
    handled_on
        .checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(handled_on)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(kind: NotificationKind, occurred_on: &str) -> Notification {
        Notification {
            kind,
            occurred_on: day(occurred_on),
            received_on: day("2026-11-20"),
            birth_date: Some(day("2008-03-10")),
        }
    }

    fn found(told: &Notification) -> Vec<(String, FieldCode)> {
        check_notification(told, day("2026-11-23"))
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    fn one(pointer: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
        vec![(pointer.to_owned(), code)]
    }

    #[test]
    fn a_school_tells_what_has_been_and_what_begins_soon() {
        for kind in NotificationKind::ALL {
            assert_eq!(found(&told(*kind, "2026-11-16")), []);
        }
        assert_eq!(found(&told(NotificationKind::Started, "2027-01-11")), []);
        assert_eq!(
            found(&told(NotificationKind::Started, "2029-01-11")),
            one("/occurredOn", FieldCode::InFuture)
        );
        assert_eq!(
            found(&told(NotificationKind::SignificantAbsence, "2026-11-21")),
            one("/occurredOn", FieldCode::InFuture)
        );
        let mut ahead = told(NotificationKind::Ended, "2026-11-16");
        ahead.received_on = day("2026-11-24");
        assert_eq!(found(&ahead), one("/receivedOn", FieldCode::InFuture));
    }

    #[test]
    fn absence_is_told_of_pupils_under_20_only() {
        let mut absent = told(NotificationKind::SignificantAbsence, "2026-11-16");
        absent.birth_date = Some(day("2006-11-17"));
        assert_eq!(found(&absent), []);
        absent.birth_date = Some(day("2006-11-16"));
        assert_eq!(found(&absent), one("/kind", FieldCode::AbsenceFrom20));
        absent.kind = NotificationKind::Ended;
        assert_eq!(found(&absent), []);
    }

    #[test]
    fn an_absence_leads_to_a_contact_or_to_a_reason_and_never_to_an_enrolment() {
        let absence = NotificationKind::SignificantAbsence;
        let codes = |outcome, reason| {
            check_handling(absence, outcome, reason)
                .into_iter()
                .map(|problem| (problem.pointer, problem.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(NotificationOutcome::PreventiveContact, None), []);
        assert_eq!(
            codes(NotificationOutcome::EnrolmentRecorded, None),
            one("/outcome", FieldCode::NotInList)
        );
        assert_eq!(
            codes(NotificationOutcome::NoAction, None),
            one("/reason", FieldCode::Required)
        );
        assert_eq!(codes(NotificationOutcome::NoAction, Some("Sjuk")), []);
    }

    proptest! {
        #[test]
        fn what_passes_has_happened_to_somebody_born(
            kind in 0usize..3, occurred in -9000i64..900, received in -900i64..900, birth in -9000i64..0,
        ) {
            let today = day("2026-11-23");
            let at = |days| today + chrono::Duration::days(days);
            let told = Notification {
                kind: NotificationKind::ALL.get(kind).copied().unwrap(),
                occurred_on: at(occurred),
                received_on: at(received),
                birth_date: Some(at(birth)),
            };
            if check_notification(&told, today).is_empty() {
                prop_assert!(told.received_on <= today);
                prop_assert!(told.occurred_on >= at(birth));
                if told.kind == NotificationKind::SignificantAbsence {
                    prop_assert!(told.occurred_on <= told.received_on);
                }
            }
        }
    }
}
