//! The plan of the demo: what is done to or about each youth, as steps of work, each by somebody on some working day.
//! The stories stand in `story` and `measures`; that a step is allowed is decided by the services when it is taken.

use super::calendar::Calendar;
use super::cast::cast;
use super::chance::Chance;
use super::law::Given;
use super::people::Youth;
use super::staff::STAFF;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

/// The fields of a request.
pub type Fields = Map<String, Value>;
/// A piece of work.
pub struct Step {
    /// When it was done.
    pub at: DateTime<Utc>,
    /// By whom, as a place in [`STAFF`].
    pub by: usize,
    /// What.
    pub deed: Deed,
}

/// What is done to or about a youth, whose place in the plan stands first. A thing that is changed later has a key.
pub enum Deed {
    /// Entered into the register.
    Register(usize, Fields),
    /// Somebody is entered once more, under a place of their own.
    RegisterAgain(usize, Fields),
    /// Two, by their places, are found not to be the same person.
    Dismiss(usize, usize, Fields),
    /// The second becomes part of the first.
    Merge(usize, usize, Fields),
    /// The last merge into a youth is undone.
    UndoMerge(usize, Fields),
    /// An episode opens.
    Open(usize, Fields),
    /// Somebody is assigned: whom, and as what.
    Assign(usize, usize, &'static str),
    /// A contact or an attempt.
    Contact(usize, Fields),
    /// An intervention is offered.
    Offer(usize, usize, Fields),
    /// It is answered, starts, is followed up or ends.
    ChangeOffer(usize, usize, Fields),
    /// A host, by its place among the partners, offers places; under a key.
    OfferPlaces(usize, usize, Fields),
    /// A youth wants a placement.
    Wish(usize, Fields),
    /// A place of the offer under the first key is offered; the intervention is known under the second.
    Place(usize, usize, usize, Fields),
    /// What the youth does is recorded beside the contacts.
    Occupy(usize, Fields),
    /// A mapping is made.
    Map(usize, Fields),
    /// A revision of the plan is made.
    Plan(usize, Fields),
    /// The plan in force is followed up.
    FollowPlan(usize),
    /// An education contract is made.
    Contract(usize, Fields),
    /// It is signed, or ends.
    ChangeContract(usize, Fields),
    /// A referral is offered.
    Refer(usize, usize, Fields),
    /// It takes a step.
    MoveReferral(usize, usize, Fields),
    /// The protected status is set.
    SetStatus(usize, Fields),
    /// A task of this kind is answered.
    AnswerTask(usize, &'static str, Fields),
    /// A task of this kind is put off.
    DeferTask(usize, &'static str, Fields),
    /// A task of this kind is given to somebody else, whose place in the staff follows.
    GiveTask(usize, &'static str, usize),
    /// A consent is recorded.
    Consent(usize, Fields),
    /// It is withdrawn.
    WithdrawConsent(usize, Fields),
    /// Something is told to somebody, on the consent or on another basis.
    Disclose(usize, bool, Fields),
    /// The youth objects to something that the register says of them.
    Object(usize, Fields),
    /// The youth is given what the register holds.
    Extract(usize, Fields),
    /// What is kept may not be used for a while.
    Restrict(usize, Fields),
    /// A unit, by its place, is asked to take over.
    AskTransfer(usize, usize, Fields),
    /// It answers.
    AnswerTransfer(usize, Fields),
    /// The notes of the duty follow into outreach.
    CarryNotes(usize, Fields),
    /// The episode closes; the interventions under these keys end with it.
    Close(usize, Fields, Vec<(usize, Value, Value)>),
    /// It is asked whether what the youth left for lasts.
    CheckOutcome(usize, Fields),
    /// A glass is broken.
    BreakGlass(usize, Fields),
    /// The register is opened.
    Look(usize),
    /// The contacts are read.
    ReadContacts(usize),
    /// The list is gone through.
    Browse,
    /// Somebody tries to open what is not theirs to see.
    Pry(usize),
    /// A fact is entered: a residence, an enrolment or an exam document.
    Tell(usize, &'static str, Fields),
    /// A school tells of somebody, in the register or not.
    Hear(usize, Fields),
    /// What it told is handled.
    HandleNotification(usize, Fields),
    /// The rules of the target group are run over the unit.
    RunTargetGroup,
    /// A session of outreach is logged under a key: who went, by their places in the staff, and for how many minutes.
    GoOut(usize, Vec<(usize, Option<i64>)>, Fields),
    /// Somebody was met in a session, under a key of their own.
    Meet(usize, usize, Fields),
    /// It turns out who that was.
    Recognise(usize, usize),
    /// Time is reported.
    ReportHours(Fields),
    /// A week of somebody, by their place in the staff, is approved.
    ApproveWeek(usize, Fields),
    /// A calendar's address is made.
    MakeCalendar,
}

/// Plans everything, in the order of time.
pub fn plan(people: &[Youth], today: NaiveDate, chance: &mut Chance) -> Vec<Step> {
    let mut planner = Planner {
        chance,
        calendar: Calendar::before(today),
        steps: Vec::new(),
        given: Given::default(),
    };
    let parts = cast(people, today);
    for part in &parts {
        planner.live(part);
    }
    planner.look_around();
    planner.show_duties(&parts);
    planner.show_placements(&parts);
    planner.hear_of_schools(people, &parts);
    planner.register_twice(people, &parts);
    planner.run_target_group();
    planner.go_out(&parts);
    planner.steps.sort_by_key(|step| step.at);
    planner.steps
}

/// Whoever writes the plan.
pub struct Planner<'c> {
    pub chance: &'c mut Chance,
    pub calendar: Calendar,
    pub steps: Vec<Step>,
    /// The parts of [`super::law`] that have been given out.
    pub given: Given,
}

impl Planner<'_> {
    /// Adds a step on a working day, so many before today, at a minute of it.
    pub fn step(&mut self, ago: usize, minute: usize, by: usize, deed: Deed) {
        let at = self.calendar.at(ago, minute);
        self.steps.push(Step { at, by, deed });
    }

    /// Whether something waits or stands still about a youth, so that nothing is merged.
    pub fn is_held_up(&self, youth: usize) -> bool {
        self.steps.iter().any(|step| {
            matches!(&step.deed, Deed::AskTransfer(place, ..) | Deed::Restrict(place, ..) if *place == youth)
        })
    }

    /// The everyday reading that the log is full of.
    fn look_around(&mut self) {
        for ago in 0..20 {
            for (place, person) in STAFF.iter().enumerate() {
                // Lists are gone through by those who have some.
                if person.unit.is_some() && self.chance.percent(30) {
                    let minute = self.chance.between(490, 990);
                    self.step(ago, minute, place, Deed::Browse);
                }
            }
        }
    }
}

/// The members of a JSON object.
pub fn object(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::people::people;
    use super::*;
    use crate::clock::start_of;

    fn planned(day: &str) -> (Vec<Step>, NaiveDate) {
        let today = day.parse().unwrap();
        let mut chance = Chance::seeded(5);
        let people = people(today, &mut chance);
        (plan(&people, today, &mut chance), today)
    }

    /// Steps about somebody who is not in the register yet.
    fn before_registration(steps: &[Step]) -> usize {
        let mut known = std::collections::HashSet::new();
        steps
            .iter()
            .filter(|step| match &step.deed {
                Deed::Register(place, _) | Deed::RegisterAgain(place, _) => !known.insert(*place),
                Deed::Dismiss(place, other, _) | Deed::Merge(place, other, _) => {
                    !known.contains(place) || !known.contains(other)
                }
                Deed::UndoMerge(place, _)
                | Deed::Open(place, _)
                | Deed::Assign(place, ..)
                | Deed::Contact(place, _)
                | Deed::Offer(place, ..)
                | Deed::ChangeOffer(place, ..)
                | Deed::Wish(place, _)
                | Deed::Place(place, ..)
                | Deed::Occupy(place, _)
                | Deed::Map(place, _)
                | Deed::Plan(place, _)
                | Deed::FollowPlan(place)
                | Deed::Contract(place, _)
                | Deed::ChangeContract(place, _)
                | Deed::Refer(place, ..)
                | Deed::MoveReferral(place, ..)
                | Deed::SetStatus(place, _)
                | Deed::AnswerTask(place, ..)
                | Deed::DeferTask(place, ..)
                | Deed::GiveTask(place, ..)
                | Deed::Consent(place, _)
                | Deed::WithdrawConsent(place, _)
                | Deed::Disclose(place, ..)
                | Deed::Object(place, _)
                | Deed::Extract(place, ..)
                | Deed::Restrict(place, ..)
                | Deed::AskTransfer(place, ..)
                | Deed::AnswerTransfer(place, _)
                | Deed::CarryNotes(place, _)
                | Deed::Close(place, ..)
                | Deed::CheckOutcome(place, _)
                | Deed::BreakGlass(place, _)
                | Deed::Look(place)
                | Deed::ReadContacts(place)
                | Deed::Pry(place)
                | Deed::Recognise(_, place)
                | Deed::Tell(place, ..) => !known.contains(place),
                Deed::Browse
                | Deed::RunTargetGroup
                | Deed::OfferPlaces(..)
                | Deed::GoOut(..)
                | Deed::Meet(..)
                | Deed::ReportHours(_)
                | Deed::ApproveWeek(..)
                | Deed::MakeCalendar
                | Deed::Hear(..)
                | Deed::HandleNotification(..) => false,
            })
            .count()
    }

    #[test]
    fn the_same_day_gives_the_same_plan() {
        let (one, _) = planned("2026-11-24");
        let (other, _) = planned("2026-11-24");
        let told = |steps: &[Step]| -> Vec<(DateTime<Utc>, usize)> {
            steps.iter().map(|step| (step.at, step.by)).collect()
        };
        assert_eq!(told(&one), told(&other));
    }

    #[test]
    fn on_any_day_400_youths_are_registered_and_nothing_lies_ahead() {
        let first: NaiveDate = "2025-12-30".parse().unwrap();
        for day in first.iter_days().step_by(37).take(25) {
            let (steps, today) = planned(&day.to_string());
            let registered = steps
                .iter()
                .filter(|step| matches!(step.deed, Deed::Register(..)))
                .count();
            assert_eq!(registered, 400, "{day}");
            assert_eq!(before_registration(&steps), 0, "{day}");
            assert!(steps.iter().all(|step| step.at < start_of(today)), "{day}");
            assert!(steps.is_sorted_by_key(|step| step.at), "{day}");
        }
    }
}
