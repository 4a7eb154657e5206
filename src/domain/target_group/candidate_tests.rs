//! Which candidates are raised, kept and dropped.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::target_group::case_tests::{day, residence, youth};
use crate::domain::target_group::codes::ResidenceKind;
use crate::domain::target_group::evaluate;
use proptest::prelude::*;

fn standing() -> Standing {
    Standing {
        birth_date: day("2007-03-10"),
        last_kaa: None,
        has_open_outreach: false,
        is_outreach_answered: false,
    }
}

fn open() -> LastEpisode {
    LastEpisode {
        entered_on: day("2026-01-01"),
        exited_on: None,
        deregistration_reason: None,
        is_answer: false,
        is_just_closed: false,
    }
}

fn closed(reason: DeregistrationReason) -> LastEpisode {
    LastEpisode {
        exited_on: Some(day("2026-06-01")),
        deregistration_reason: Some(reason),
        ..open()
    }
}

fn with(last_kaa: LastEpisode) -> Standing {
    Standing {
        last_kaa: Some(last_kaa),
        ..standing()
    }
}

#[test]
fn who_is_inside_enters_unless_an_episode_is_open_or_was_closed_knowing_so() {
    let on = day("2026-11-24");
    let evaluation = evaluate(&youth("2007-03-10"), on);
    let of = |standing| candidate_of(&evaluation, &standing, on);
    assert_eq!(of(standing()), Some(CandidateKind::Enters));
    assert_eq!(of(with(open())), None);
    let mut left = closed(DeregistrationReason::NationalProgramme);
    assert_eq!(of(with(left)), Some(CandidateKind::Enters));
    left.is_answer = true;
    assert_eq!(of(with(left)), None);
}

#[test]
fn who_is_outside_leaves_an_open_episode_whoever_opened_it() {
    let on = day("2026-11-24");
    let mut facts = youth("2007-03-10");
    facts.residences = vec![residence(ResidenceKind::Emigrated, "2026-10-01")];
    let evaluation = evaluate(&facts, on);
    let mut known = open();
    known.is_answer = true;
    for episode in [open(), known] {
        assert_eq!(
            candidate_of(&evaluation, &with(episode), on),
            Some(CandidateKind::Leaves)
        );
    }
    assert_eq!(candidate_of(&evaluation, &standing(), on), None);
}

#[test]
fn missing_facts_are_no_question_about_who_is_followed_already() {
    let on = day("2026-11-24");
    let mut facts = youth("2007-03-10");
    facts.residences = Vec::new();
    let evaluation = evaluate(&facts, on);
    let asked = Some(CandidateKind::NeedsDecision);
    assert_eq!(candidate_of(&evaluation, &standing(), on), asked);
    assert_eq!(candidate_of(&evaluation, &with(open()), on), None);
    facts.residences = vec![residence(ResidenceKind::TemporarilyAbroad, "2026-10-01")];
    let evaluation = evaluate(&facts, on);
    assert_eq!(candidate_of(&evaluation, &with(open()), on), asked);
    let mut known = open();
    known.is_answer = true;
    assert_eq!(candidate_of(&evaluation, &with(known), on), None);
}

#[test]
fn outreach_is_proposed_to_who_left_at_20_and_is_here() {
    let on = day("2027-03-10");
    let facts = youth("2007-03-10");
    let left = with(closed(DeregistrationReason::Turned20));
    let of = |facts: &crate::domain::target_group::Facts, standing: Standing, on| {
        candidate_of(&evaluate(facts, on), &standing, on)
    };
    assert_eq!(of(&facts, left, on), Some(CandidateKind::OutreachProposal));
    let other = with(closed(DeregistrationReason::NationalProgramme));
    assert_eq!(of(&facts, other, on), None);
    for standing in [
        Standing {
            has_open_outreach: true,
            ..left
        },
        Standing {
            is_outreach_answered: true,
            ..left
        },
    ] {
        assert_eq!(of(&facts, standing, on), None);
    }
    assert_eq!(of(&facts, left, day("2033-03-10")), None, "turned 26");
    let mut gone = youth("2007-03-10");
    gone.residences = vec![residence(ResidenceKind::RegisteredElsewhere, "2027-01-01")];
    assert_eq!(of(&gone, left, on), None);
}

#[test]
fn a_proposal_is_made_at_the_closing_or_soon_after() {
    let rules = TargetGroupRules::default();
    let mut episode = closed(DeregistrationReason::Turned20);
    assert!(is_time_to_propose(&with(episode), day("2026-08-30"), rules));
    assert!(!is_time_to_propose(
        &with(episode),
        day("2026-08-31"),
        rules
    ));
    episode.is_just_closed = true;
    assert!(is_time_to_propose(&with(episode), day("2029-01-01"), rules));
}

#[test]
fn an_episode_ends_by_age_from_the_birthday_on_unless_death_came_first() {
    let born = day("2007-03-10");
    assert_eq!(closes_by_age_on(born, None, day("2027-03-09")), None);
    let birthday = Some(day("2027-03-10"));
    assert_eq!(closes_by_age_on(born, None, day("2027-03-10")), birthday);
    assert_eq!(closes_by_age_on(born, None, day("2029-01-01")), birthday);
    let before = Some(day("2027-03-09"));
    assert_eq!(closes_by_age_on(born, before, day("2029-01-01")), None);
}

fn raised(kind: CandidateKind, status: CandidateStatus, fingerprint: &str) -> Raised {
    Raised {
        kind,
        status,
        found_on: day("2026-11-20"),
        fingerprint: fingerprint.to_owned(),
    }
}

#[test]
fn the_same_question_is_asked_once_and_answered_once() {
    let on = day("2026-11-24");
    let wanted = Some((CandidateKind::Enters, "a"));
    let new = Step {
        is_pending_obsolete: false,
        is_raised: true,
    };
    let nothing = Step {
        is_pending_obsolete: false,
        is_raised: false,
    };
    let replaced = Step {
        is_pending_obsolete: true,
        is_raised: true,
    };
    let dropped = Step {
        is_pending_obsolete: true,
        is_raised: false,
    };
    use CandidateStatus::{Confirmed, Obsolete, Pending, Rejected};
    let of = |status, fingerprint| raised(CandidateKind::Enters, status, fingerprint);
    assert_eq!(step(wanted, &[], on), new);
    assert_eq!(step(wanted, &[of(Pending, "a")], on), nothing);
    assert_eq!(step(wanted, &[of(Rejected, "a")], on), nothing);
    assert_eq!(step(wanted, &[of(Confirmed, "a")], on), nothing);
    assert_eq!(step(wanted, &[of(Obsolete, "a")], on), new);
    assert_eq!(step(wanted, &[of(Rejected, "b")], on), new);
    assert_eq!(step(wanted, &[of(Pending, "b")], on), replaced);
    assert_eq!(step(None, &[of(Pending, "b")], on), dropped);
    assert_eq!(step(None, &[], on), nothing);
    // Asked about an earlier day, what was found later stays.
    assert_eq!(step(None, &[of(Pending, "b")], day("2026-11-19")), nothing);
}

proptest! {
    #[test]
    fn a_second_run_on_the_same_facts_does_nothing(statuses in proptest::collection::vec(0usize..4, 0..5), wants: bool) {
        use crate::domain::codes::Code;
        let on = day("2026-11-24");
        let mut pending = false;
        let mut before: Vec<Raised> = statuses
            .iter()
            .map(|place| CandidateStatus::ALL.get(*place).copied().unwrap())
            .filter(|status| *status != CandidateStatus::Pending || !std::mem::replace(&mut pending, true))
            .enumerate()
            .map(|(place, status)| raised(CandidateKind::Leaves, status, if place % 2 == 0 { "a" } else { "b" }))
            .collect();
        let wanted = wants.then_some((CandidateKind::Leaves, "a"));
        let first = step(wanted, &before, on);
        if first.is_pending_obsolete {
            for raised in before.iter_mut().filter(|raised| raised.status == CandidateStatus::Pending) {
                raised.status = CandidateStatus::Obsolete;
            }
        }
        if first.is_raised {
            before.push(raised(CandidateKind::Leaves, CandidateStatus::Pending, "a"));
        }
        let pending = before.iter().filter(|raised| raised.status == CandidateStatus::Pending).count();
        prop_assert!(pending <= 1);
        prop_assert_eq!(step(wanted, &before, on), Step { is_pending_obsolete: false, is_raised: false });
    }
}
