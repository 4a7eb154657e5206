//! The rule itself: the six points of skollagen 29:9, with home and life before them, on any day. What a person must decide
//! is told only when nothing settles the matter. Which facts there are is not asked here, nor what becomes of the answer.

use super::codes::{
    CompulsorySchoolBasis, ExamDocumentKind, ProgrammeKind, ResidenceKind, SchoolType,
    TargetGroupCause as Cause, TargetGroupPoint as Point, TargetGroupVerdict,
};
use super::facts::{EnrolmentFact, Facts, Home};
use super::history::reason_on;
use super::version::{RuleVersion, version_on};
use crate::domain::age::birthday_on;
use crate::domain::codes::{DeregistrationReason, Reason};
use chrono::NaiveDate;

/// A point that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    pub point: Point,
    /// Since when; not known of a skolplikt that goes on.
    pub since_on: Option<NaiveDate>,
    /// What somebody is deregistered for who leaves because of it.
    pub reason: DeregistrationReason,
}

/// What the rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// In the target group, for this reason.
    Inside { reason: Reason },
    /// Not in it: at least one point fails, in the order of the list of points.
    Outside { failures: Vec<Failure> },
    /// A person must decide, for these causes.
    NeedsDecision { causes: Vec<Cause> },
}

/// The answer for a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The version of the rule; none before 2015.
    pub version: Option<RuleVersion>,
    pub verdict: Verdict,
}

impl Verdict {
    /// The word for it.
    pub const fn code(&self) -> TargetGroupVerdict {
        match self {
            Self::Inside { .. } => TargetGroupVerdict::Inside,
            Self::Outside { .. } => TargetGroupVerdict::Outside,
            Self::NeedsDecision { .. } => TargetGroupVerdict::NeedsDecision,
        }
    }
    /// Why the youth is in the group.
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Inside { reason } => Some(*reason),
            _ => None,
        }
    }
    /// The points that fail.
    pub fn failures(&self) -> &[Failure] {
        match self {
            Self::Outside { failures } => failures,
            _ => &[],
        }
    }
    /// What a person must decide.
    pub fn causes(&self) -> &[Cause] {
        match self {
            Self::NeedsDecision { causes } => causes,
            _ => &[],
        }
    }
    /// The failure that came first: what ended the duty. Of several on one day the first in the order of points.
    pub fn leading(&self) -> Option<Failure> {
        self.failures()
            .iter()
            .min_by_key(|failure| (failure.since_on.unwrap_or(NaiveDate::MAX), failure.point))
            .copied()
    }
    /// Whether a point fails.
    pub fn fails(&self, point: Point) -> bool {
        self.failures().iter().any(|failure| failure.point == point)
    }
}

/// Decides for a day, from the facts that were so up to that day: what lies after it changes nothing.
pub fn evaluate(facts: &Facts, day: NaiveDate) -> Evaluation {
    let Some(version) = version_on(day) else {
        return Evaluation {
            version: None,
            verdict: Verdict::NeedsDecision {
                causes: vec![Cause::NoRuleVersion],
            },
        };
    };
    let mut answer = Answer {
        day,
        failures: Vec::new(),
        causes: Vec::new(),
    };
    answer.alive(facts);
    answer.home(facts);
    answer.age(facts);
    answer.compulsory_school(facts, version);
    answer.ongoing_education(facts, version);
    answer.documents(facts);
    let verdict = if !answer.failures.is_empty() {
        answer.failures.sort_unstable();
        Verdict::Outside {
            failures: answer.failures,
        }
    } else if !answer.causes.is_empty() {
        answer.causes.sort_unstable();
        answer.causes.dedup();
        Verdict::NeedsDecision {
            causes: answer.causes,
        }
    } else {
        Verdict::Inside {
            reason: reason_on(facts, day),
        }
    };
    Evaluation {
        version: Some(version),
        verdict,
    }
}

struct Answer {
    day: NaiveDate,
    failures: Vec<Failure>,
    causes: Vec<Cause>,
}

impl Answer {
    fn fail(&mut self, point: Point, since_on: Option<NaiveDate>, reason: DeregistrationReason) {
        // One failure a point: the one that came first.
        let earlier = self
            .failures
            .iter_mut()
            .find(|failure| failure.point == point);
        match earlier {
            Some(earlier) if earlier.since_on <= since_on => {}
            Some(earlier) => {
                earlier.since_on = since_on;
                earlier.reason = reason;
            }
            None => self.failures.push(Failure {
                point,
                since_on,
                reason,
            }),
        }
    }

    fn alive(&mut self, facts: &Facts) {
        if let Some(deceased_on) = facts.deceased_on.filter(|on| *on <= self.day) {
            self.fail(
                Point::Alive,
                Some(deceased_on),
                DeregistrationReason::Deceased,
            );
        }
    }

    /// 29:6: the home municipality is that of the registration; under protected registration, and for who lives in the
    /// country without being registered, that of the stay.
    fn home(&mut self, facts: &Facts) {
        let now = || facts.residences.iter().filter(|fact| fact.covers(self.day));
        let is_here = now().any(|fact| fact.kind == ResidenceKind::StayingHere);
        let is_registered = now().any(|fact| fact.kind == ResidenceKind::RegisteredHere);
        let is_abroad = now().any(|fact| fact.kind == ResidenceKind::TemporarilyAbroad);
        let gone = now()
            .filter(|fact| {
                matches!(
                    (facts.home, fact.kind),
                    (_, ResidenceKind::Emigrated | ResidenceKind::NotCovered)
                        | (Home::ByRegistration, ResidenceKind::RegisteredElsewhere)
                )
            })
            .map(|fact| fact.from_on)
            .min();
        if is_here {
            // The stay decides, whatever is registered elsewhere.
        } else if let Some(gone) = gone {
            if is_registered {
                self.causes.push(Cause::HomeContradictory);
            } else {
                self.fail(
                    Point::Home,
                    Some(gone),
                    DeregistrationReason::NotRegisteredHere,
                );
            }
        } else if !(is_abroad || (is_registered && facts.home == Home::ByRegistration)) {
            self.causes.push(Cause::HomeUnknown);
        }
        if is_abroad {
            self.causes.push(Cause::StayAbroad);
        }
    }

    /// Point 1: "inte har fyllt 20 år".
    fn age(&mut self, facts: &Facts) {
        if let Some(birthday) = birthday_on(facts.birth_date, 20).filter(|on| *on <= self.day) {
            self.fail(Point::Age, Some(birthday), DeregistrationReason::Turned20);
        }
    }

    /// Point 2: the skolplikt has ended, or since 2018-07-01 there never was one here. It ends at 18 at the latest (7:13),
    /// so that from then on nothing needs to be known of it.
    fn compulsory_school(&mut self, facts: &Facts, version: RuleVersion) {
        let is_adult = birthday_on(facts.birth_date, 18).is_some_and(|on| on <= self.day);
        let is_in_error = DeregistrationReason::RegisteredInError;
        let mut has_ended = is_adult;
        match facts.compulsory_school {
            Some(end) if end.basis == CompulsorySchoolBasis::NeverHere => {
                has_ended = end.ended_on <= self.day;
                if version == RuleVersion::Kaa2015 || !has_ended {
                    self.fail(Point::CompulsorySchool, None, is_in_error);
                }
            }
            Some(end) => {
                // The last day of the skolplikt is the last day that it goes on.
                has_ended |= end.ended_on < self.day;
                if !has_ended {
                    self.fail(Point::CompulsorySchool, None, is_in_error);
                }
            }
            None if !is_adult => self.causes.push(Cause::CompulsorySchoolUnknown),
            None => {}
        }
        let is_pupil = facts
            .enrolments
            .iter()
            .any(|fact| fact.school_type.is_compulsory() && fact.covers(self.day));
        if has_ended && is_pupil {
            self.causes.push(Cause::ExtraCompulsoryYears);
        }
    }

    /// Point 3: gymnasieskola, anpassad gymnasieskola or corresponding education. Komvux is none: it is a measure.
    fn ongoing_education(&mut self, facts: &Facts, version: RuleVersion) {
        for fact in &facts.enrolments {
            if fact.school_type == SchoolType::Fhs && fact.covers(self.day) {
                self.causes.push(Cause::FolkHighSchool);
            }
            if !fact.school_type.is_upper_secondary() {
                continue;
            }
            if fact.covers(self.day) {
                self.pupil(fact, version);
            } else if fact.awaits_start(self.day) {
                self.causes.push(Cause::AwaitingStart);
            }
        }
    }

    fn pupil(&mut self, fact: &EnrolmentFact, version: RuleVersion) {
        let mut out = |reason| self.fail(Point::OngoingEducation, fact.starts_on, reason);
        match (version, fact.programme) {
            (RuleVersion::Kaa2015, ProgrammeKind::Introductory) => {}
            (RuleVersion::Kaa2015, ProgrammeKind::Unknown)
                if fact.school_type == SchoolType::Gy =>
            {
                self.causes.push(Cause::ProgrammeUnknown);
            }
            (_, ProgrammeKind::Introductory) => out(DeregistrationReason::IntroductoryProgramme),
            _ => out(DeregistrationReason::NationalProgramme),
        }
    }

    /// Points 4, 5 and 6.
    fn documents(&mut self, facts: &Facts) {
        let day = self.day;
        for fact in facts
            .exam_documents
            .iter()
            .filter(|fact| fact.issued_on <= day)
        {
            let point = match meaning(fact.kind) {
                Meaning::Settles(point) => point,
                Meaning::Open => {
                    self.causes.push(Cause::OlderDocument);
                    continue;
                }
                Meaning::Nothing => continue,
            };
            self.fail(
                point,
                Some(fact.issued_on),
                DeregistrationReason::CompletedUpperSecondary,
            );
        }
    }
}

/// What a document means for 29:9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The youth is out by this point.
    Settles(Point),
    /// The law does not say; a person decides.
    Open,
    /// The youth stays in.
    Nothing,
}

/// Domain 9.9: an exam puts the youth outside; a studiebevis or an intyg does not. What slutbetyg of before 2014, the
/// engineering year and the documents of the former special school amount to is for a person to say.
pub(super) const fn meaning(kind: ExamDocumentKind) -> Meaning {
    use ExamDocumentKind as K;
    match kind {
        kind if kind.is_exam() => Meaning::Settles(Point::Exam),
        K::AdaptedCertificate => Meaning::Settles(Point::AdaptedCertificate),
        K::IbDiploma | K::ForeignExam | K::FolkHighSchool => {
            Meaning::Settles(Point::EquivalentEducation)
        }
        K::GySlutbetyg
        | K::VuxSlutbetyg
        | K::VuxSlutbetygGy
        | K::GyEngineer
        | K::SpecialIndividual
        | K::SpecialNational => Meaning::Open,
        _ => Meaning::Nothing,
    }
}
