//! How long is what kept? For each class of data the municipality decides a period with minutes, counted from an anchor; as
//! long as it has not, nothing of the class is ever disposed of, and that is told as such (domain 4.7: no number of years was
//! found for this work, so none stands here). What may never go, whatever is decided, stands here too: whoever is followed, and
//! whoever has not turned 20 and must be in the register by law (skollagen 29:9). How disposal is done stands in
//! `service::disposals`, which rows it takes in `db::erasure`.

use super::codes::{Code, code_list};
use crate::error::{FieldCode, FieldError};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

code_list! {
    /// A class of data that has a period of its own.
    DisposalClass {
        YouthFile = "youth_file", "Ungdomens akt: allt som finns om en ungdom", "The youth's file: all that is kept of a youth";
        ProtectedCompartment = "protected_compartment", "Det skyddade facket: hänvisningar, status och anteckningar", "The protected compartment: referrals, status and notes";
        SchoolNotifications = "school_notifications", "Hanterade meddelanden från skolor om någon som inte finns i registret", "Handled notifications of schools about somebody who is not in the register";
        RosterImports = "roster_imports", "Inlästa befolkningslistor, med raderna och besluten", "Rosters that were read, with their rows and decisions";
        AccessLog = "access_log", "Loggen över vem som gjort vad", "The log of who did what";
    }
}
code_list! {
    /// What a period counts from.
    RetentionAnchor {
        LastNote = "last_note", "Den senaste anteckningen", "The last note";
        CaseClosed = "case_closed", "Dagen då den senaste perioden avslutades", "The day on which the last episode was closed";
        Turned20 = "turned_20", "Dagen då ungdomen fyllde 20", "The day on which the youth turned 20";
        Handled = "handled", "Dagen då ärendet hanterades", "The day on which it was handled";
        Made = "made", "Dagen då uppgiften gjordes", "The day on which it was made";
    }
}
code_list! {
    /// How far a run of disposal has come.
    DisposalStatus {
        Proposed = "proposed", "Föreslagen", "Proposed";
        Approved = "approved", "Godkänd", "Approved";
        Executed = "executed", "Genomförd", "Carried out";
        Withdrawn = "withdrawn", "Återtagen", "Withdrawn";
    }
}
code_list! {
    /// Why what is kept of a youth is not disposed of for now.
    DisposalHoldGround {
        Dispute = "dispute", "Tvist eller rättsligt anspråk", "A dispute or a legal claim";
        Supervision = "supervision", "Tillsyn eller granskning pågår", "Supervision or a review is going on";
        Request = "request", "En begäran om uppgifterna handläggs", "A request for the data is being handled";
        Research = "research", "Hör till ett urval för forskning", "Belongs to a sample for research";
        Other = "other", "Annat skäl", "Another reason";
    }
}

impl DisposalClass {
    /// What its period may count from; the first if nothing is said.
    pub const fn anchors(self) -> &'static [RetentionAnchor] {
        match self {
            Self::YouthFile | Self::ProtectedCompartment => &[
                RetentionAnchor::LastNote,
                RetentionAnchor::CaseClosed,
                RetentionAnchor::Turned20,
            ],
            Self::SchoolNotifications => &[RetentionAnchor::Handled],
            Self::RosterImports | Self::AccessLog => &[RetentionAnchor::Made],
        }
    }
    /// Whether a run of disposal takes it. The log has a way of its own, which keeps its chain whole.
    pub const fn is_disposed_of_by_run(self) -> bool {
        !matches!(self, Self::AccessLog)
    }
    /// Whether its records are those of a youth.
    pub const fn is_of_youth(self) -> bool {
        matches!(self, Self::YouthFile | Self::ProtectedCompartment)
    }
}

/// The longest period that can be set, in months; whoever wants more decides none.
pub const MOST_MONTHS: i64 = 1200;
/// Characters of a reference to a decision.
pub const LONGEST_REFERENCE: usize = 100;

/// What has been decided for a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RetentionPolicy {
    /// Of what.
    pub class: DisposalClass,
    /// From when the period counts.
    pub anchor: RetentionAnchor,
    /// The period, in months.
    pub months: u32,
    /// Whether it goes to the municipal archive before it is disposed of.
    pub is_archived: bool,
    /// The minutes, or the number of the decision.
    pub decision_reference: String,
    /// The day of the decision.
    pub decided_on: NaiveDate,
}

impl RetentionPolicy {
    /// The last day of an anchor whose period has run out today. Never a day too early: a period of months from the 31st ends
    /// on the first of the month after a shorter one.
    pub fn last_anchor_due(&self, today: NaiveDate) -> Option<NaiveDate> {
        today.checked_sub_months(Months::new(self.months))
    }
    /// The day from which something may go.
    pub fn due_on(&self, anchor_on: NaiveDate) -> NaiveDate {
        anchor_on
            .checked_add_months(Months::new(self.months))
            .unwrap_or(NaiveDate::MAX)
    }
}

/// Whether the policies go together: each class once, by an anchor that it knows, decided already. The log's period is a
/// setting of its own (`auditRetentionMonths`).
pub fn check_policies(policies: &[RetentionPolicy], today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (row, policy) in policies.iter().enumerate() {
        let pointer = |name: &str| format!("/retentionPolicies/{row}/{name}");
        if policies
            .iter()
            .take(row)
            .any(|other| other.class == policy.class)
        {
            problems.push(FieldError::new(pointer("class"), FieldCode::Taken));
        }
        if !policy.class.is_disposed_of_by_run() {
            problems.push(FieldError::with(
                pointer("class"),
                FieldCode::NotWithOther,
                "auditRetentionMonths",
            ));
        } else if !policy.class.anchors().contains(&policy.anchor) {
            let known: Vec<&str> = policy
                .class
                .anchors()
                .iter()
                .map(|one| one.code())
                .collect();
            problems.push(FieldError::with(
                pointer("anchor"),
                FieldCode::NotInList,
                known.join(", "),
            ));
        }
        if policy.decided_on > today {
            problems.push(FieldError::new(pointer("decidedOn"), FieldCode::InFuture));
        }
    }
    problems
}

/// The policy of a class, once one is decided.
pub fn policy_of(policies: &[RetentionPolicy], class: DisposalClass) -> Option<&RetentionPolicy> {
    policies.iter().find(|policy| policy.class == class)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn policy(class: DisposalClass, anchor: RetentionAnchor, months: u32) -> RetentionPolicy {
        RetentionPolicy {
            class,
            anchor,
            months,
            is_archived: true,
            decision_reference: "BUN 2026/114".to_owned(),
            decided_on: on("2026-03-01"),
        }
    }

    #[test]
    fn nothing_goes_a_day_too_early() {
        let policy = policy(DisposalClass::YouthFile, RetentionAnchor::LastNote, 6);
        let anchor = on("2026-08-31");
        assert_eq!(policy.due_on(anchor), on("2027-02-28"));
        let is_due = |today: &str| policy.last_anchor_due(on(today)).unwrap() >= anchor;
        assert!(!is_due("2027-02-27"));
        assert!(!is_due("2027-02-28"));
        assert!(is_due("2027-03-01"));
        for day in 1..=400 {
            let today = anchor.checked_add_days(chrono::Days::new(day)).unwrap();
            if policy.last_anchor_due(today).unwrap() >= anchor {
                assert!(policy.due_on(anchor) <= today, "{today}");
            }
        }
    }

    #[test]
    fn a_class_has_one_policy_by_an_anchor_that_it_knows() {
        let today = on("2026-11-26");
        let wrong = |policies: &[RetentionPolicy]| -> Vec<String> {
            let problems = check_policies(policies, today);
            problems
                .into_iter()
                .map(|problem| problem.pointer)
                .collect()
        };
        let file = policy(DisposalClass::YouthFile, RetentionAnchor::CaseClosed, 60);
        assert!(wrong(std::slice::from_ref(&file)).is_empty());
        assert_eq!(wrong(&[file.clone(), file]), ["/retentionPolicies/1/class"]);
        let odd = policy(DisposalClass::RosterImports, RetentionAnchor::Turned20, 12);
        assert_eq!(wrong(&[odd]), ["/retentionPolicies/0/anchor"]);
        let log = policy(DisposalClass::AccessLog, RetentionAnchor::Made, 60);
        assert_eq!(wrong(&[log]), ["/retentionPolicies/0/class"]);
        let mut ahead = policy(DisposalClass::RosterImports, RetentionAnchor::Made, 12);
        ahead.decided_on = on("2026-11-27");
        assert_eq!(wrong(&[ahead]), ["/retentionPolicies/0/decidedOn"]);
    }
}
