//! What does one youth add to the sums of a period? The rows of the register that tell of one youth, and the rules by which they
//! are counted: each is the definition of a measure in `measures`, word for word.
//! How the rows are read is decided in `db`, what is published of the sums in `counting`.

use super::age_group::AgeGroup;
use super::period::Period;
use super::tally::{Division, OutcomeTally, Places, Tallies, Tally};
use crate::domain::age::age_on;
use crate::domain::codes::{
    Code, DeregistrationReason, Destination, EndReason, LegalSex, Measure, Occupation, OfferAnswer,
    Reason, Track,
};
use crate::domain::id::{Episode, Id, Unit};
use crate::domain::occupation::{Observation, spells};
use crate::domain::outcome::OutcomeResult;
use crate::domain::target_group::codes::ExamDocumentKind;
use chrono::{Months, NaiveDate};
use std::collections::BTreeSet;

/// What stands for a word that was not written down.
pub(super) const NOT_STATED: &str = "not_stated";
/// An occupation that was known once and has lapsed.
pub(super) const LAPSED: &str = "lapsed";
/// Work or an education in another place, and anything else that is known of the place or not.
pub(super) const ELSEWHERE: &str = "elsewhere";
pub(super) const NOT_ELSEWHERE: &str = "not_elsewhere";
/// The ages of those without an exam whom the plans name (20-24).
const WITHOUT_EXAM_AGES: std::ops::RangeInclusive<u32> = 20..=24;

/// An episode.
#[derive(Debug, Clone)]
pub struct EpisodeFacts {
    /// Which.
    pub id: Id<Episode>,
    /// Where.
    pub unit_id: Id<Unit>,
    /// In which track.
    pub track: Track,
    /// Why.
    pub reason: Reason,
    /// The first day.
    pub entered_on: NaiveDate,
    /// The day of exit.
    pub exited_on: Option<NaiveDate>,
    /// Why it ended.
    pub deregistration_reason: Option<DeregistrationReason>,
    /// To what.
    pub destination: Option<Destination>,
    /// Whether that is in another place.
    pub destination_elsewhere: Option<bool>,
}

/// An intervention.
#[derive(Debug, Clone)]
pub struct InterventionFacts {
    /// Of which episode.
    pub episode_id: Id<Episode>,
    /// What.
    pub kind: Measure,
    /// The answer to the offer.
    pub answer: OfferAnswer,
    /// The day of the offer.
    pub offered_on: NaiveDate,
    /// The day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// The first day.
    pub started_on: Option<NaiveDate>,
    /// The last day.
    pub ended_on: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
}

/// An outcome check that was answered in the period.
#[derive(Debug, Clone)]
pub struct CheckFacts {
    /// Of which episode.
    pub episode_id: Id<Episode>,
    /// How long after the exit.
    pub months: u32,
    /// What was found.
    pub result: OutcomeResult,
    /// When.
    pub checked_on: NaiveDate,
}

/// Everything that is counted of one youth.
#[derive(Clone)]
pub struct YouthRecord {
    /// Born on.
    pub birth_date: NaiveDate,
    /// Legal sex.
    pub sex: LegalSex,
    /// Area, as the register has it now.
    pub area: Option<String>,
    /// All episodes that began by the last day of the period.
    pub episodes: Vec<EpisodeFacts>,
    /// Contacts and attempts in the period.
    pub attempts: u64,
    /// Those of them in which the youth was reached.
    pub reached: u64,
    /// The episodes in which the youth was ever reached by the last day of the period.
    pub reached_in: BTreeSet<Id<Episode>>,
    /// All interventions offered by the last day of the period, in the order in which they were recorded.
    pub interventions: Vec<InterventionFacts>,
    /// What was ascertained of the occupation by the last day of the period.
    pub occupations: Vec<Observation>,
    /// Exam documents, with the day they were issued.
    pub exams: Vec<(ExamDocumentKind, NaiveDate)>,
    /// Outcome checks answered in the period, in the order in which they were made.
    pub checks: Vec<CheckFacts>,
}

impl std::fmt::Debug for YouthRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("YouthRecord([hidden])")
    }
}

/// An area as it is compared: the same name in other letters or with other blanks is the same area.
fn folded(area: &str) -> String {
    let words: Vec<String> = area.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// An area as it is shown.
fn spelt(area: &str) -> String {
    area.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a document ends the upper secondary education (skollagen 29:9 points 4-6).
pub(super) const fn completes(kind: ExamDocumentKind) -> bool {
    use ExamDocumentKind as K;
    kind.is_exam()
        || matches!(
            kind,
            K::AdaptedCertificate | K::IbDiploma | K::ForeignExam | K::FolkHighSchool
        )
}

/// Whether a destination is an education.
const fn is_education(destination: Destination) -> bool {
    use Destination as D;
    matches!(
        destination,
        D::UpperSecondary | D::Komvux | D::FolkHighSchool | D::HigherEducation | D::OtherEducation
    )
}

/// Whether a reason is a dropout from upper secondary school. A study certificate and an introductory programme that ended are
/// not: the register does not tell who left them early.
const fn is_dropout(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::DropoutNationalProgramme | Reason::DropoutAdapted
    )
}

/// Classes of how long an intervention was, in days.
pub(super) const DURATIONS: [(&str, i64); 4] = [
    ("under_4_weeks", 28),
    ("under_3_months", 91),
    ("under_6_months", 182),
    ("longer", i64::MAX),
];

fn duration_class(intervention: &InterventionFacts) -> &'static str {
    let days = match (intervention.started_on, intervention.ended_on) {
        (Some(start), Some(end)) => (end - start).num_days(),
        _ => return NOT_STATED,
    };
    let class = DURATIONS.iter().find(|(_, below)| days < *below);
    class.map_or(NOT_STATED, |(name, _)| name)
}

fn word<C: Code>(code: Option<C>) -> &'static str {
    code.map_or(NOT_STATED, Code::code)
}

impl YouthRecord {
    /// Adds what this youth tells to the sums of a period. `months`: how long those who dropped out are followed.
    pub fn count(&self, period: Period, months: u32, tallies: &mut Tallies) {
        let mut episodes: Vec<&EpisodeFacts> = self.episodes.iter().collect();
        episodes.sort_by_key(|one| {
            (
                one.entered_on,
                one.exited_on.unwrap_or(NaiveDate::MAX),
                one.id,
            )
        });
        let overlapping: Vec<&EpisodeFacts> = episodes
            .iter()
            .copied()
            .filter(|one| one.entered_on <= period.last_day())
            .filter(|one| one.exited_on.is_none_or(|exit| exit >= period.first_day()))
            .collect();
        if let Some(first) = overlapping.first().copied() {
            let counted = InPeriod {
                record: self,
                period,
                first_day: first.entered_on.max(period.first_day()),
                places: self.places(first, first.entered_on.max(period.first_day())),
                all: &episodes,
                overlapping: &overlapping,
            };
            let area = spelt(self.area.as_deref().unwrap_or_default());
            tallies.add_person(&counted.places, &area);
            counted.count_work(tallies);
            counted.count_duty(tallies);
            counted.count_studies(tallies);
            counted.count_exits(tallies);
            counted.count_courses(tallies);
        }
        self.count_cohort(&episodes, period, months, tallies);
        self.count_checks(&episodes, tallies);
    }

    /// The groups of the youth by an episode, as of a day.
    fn places(&self, episode: &EpisodeFacts, day: NaiveDate) -> Places {
        let age_group = AgeGroup::of(self.birth_date, day);
        [
            (Division::Sex, self.sex.code().to_owned()),
            (Division::AgeGroup, age_group.code().to_owned()),
            (
                Division::Area,
                folded(self.area.as_deref().unwrap_or_default()),
            ),
            (Division::Reason, episode.reason.code().to_owned()),
            (Division::Track, episode.track.code().to_owned()),
            (Division::Unit, episode.unit_id.to_string()),
        ]
        .into()
    }

    /// Whether those who dropped out resumed within some months, of which the last lies in the period.
    fn count_cohort(
        &self,
        episodes: &[&EpisodeFacts],
        period: Period,
        months: u32,
        tallies: &mut Tallies,
    ) {
        let followed_to = |episode: &EpisodeFacts| {
            let due = episode.entered_on.checked_add_months(Months::new(months));
            due.filter(|day| is_dropout(episode.reason) && period.contains(*day))
        };
        let found = episodes
            .iter()
            .find_map(|episode| Some((*episode, followed_to(episode)?)));
        let Some((episode, due)) = found else {
            return;
        };
        let places = self.places(episode, episode.entered_on);
        let mut exits: Vec<(NaiveDate, DeregistrationReason)> = episodes
            .iter()
            .filter_map(|one| Some((one.exited_on?, one.deregistration_reason?)))
            .filter(|(day, _)| episode.entered_on <= *day && *day <= due)
            .collect();
        exits.sort_by_key(|(day, _)| *day);
        use DeregistrationReason as R;
        let decided = exits.iter().find_map(|(_, reason)| match reason {
            R::NationalProgramme | R::CompletedUpperSecondary => Some(Tally::CohortNational),
            R::IntroductoryProgramme => Some(Tally::CohortIntroductory),
            R::Turned20 | R::NotRegisteredHere | R::Deceased | R::RegisteredInError => {
                Some(Tally::CohortCensored)
            }
            R::GoalReached | R::OwnWish | R::Turned26 => None,
        });
        tallies.add(Tally::Cohort, &places, 1);
        if decided != Some(Tally::CohortCensored) {
            tallies.add(Tally::CohortFollowed, &places, 1);
        }
        if let Some(tally) = decided {
            tallies.add(tally, &places, 1);
        }
    }

    /// What the last check of the period found.
    fn count_checks(&self, episodes: &[&EpisodeFacts], tallies: &mut Tallies) {
        // Of those of one day the last that was made.
        let Some(check) = self.checks.iter().max_by_key(|check| check.checked_on) else {
            return;
        };
        let Some(episode) = episodes.iter().find(|one| one.id == check.episode_id) else {
            return;
        };
        let mut places = self.places(episode, episode.exited_on.unwrap_or(check.checked_on));
        places.insert(Division::Months, check.months.to_string());
        tallies.add(Tally::Checked, &places, 1);
        if check.result != OutcomeResult::Unknown {
            tallies.add(Tally::CheckAnswered, &places, 1);
        }
        if check.result == OutcomeResult::Sustained {
            tallies.add(Tally::Sustained, &places, 1);
        }
    }
}

/// A youth who was in the register on at least one day of the period.
struct InPeriod<'a> {
    record: &'a YouthRecord,
    period: Period,
    /// The first day in the register within the period.
    first_day: NaiveDate,
    places: Places,
    all: &'a [&'a EpisodeFacts],
    /// The episodes that touch the period, the earliest first.
    overlapping: &'a [&'a EpisodeFacts],
}

impl InPeriod<'_> {
    fn holds(&self, day: Option<NaiveDate>) -> bool {
        day.is_some_and(|day| self.period.contains(day))
    }

    fn add_if(&self, tallies: &mut Tallies, tally: Tally, is_counted: bool) {
        tallies.add(tally, &self.places, u64::from(is_counted));
    }

    fn is_present(&self) -> bool {
        let last = self.period.last_day();
        let mut episodes = self.overlapping.iter();
        episodes.any(|one| one.exited_on.is_none_or(|exit| exit > last))
    }

    /// The episode with the last exit of the period, of those of one day the one that began last.
    fn last_exit(&self) -> Option<&EpisodeFacts> {
        let exited = self.overlapping.iter().copied();
        exited
            .filter(|one| self.holds(one.exited_on))
            .max_by_key(|one| one.exited_on)
    }

    /// Contacts and offers in the period.
    fn count_work(&self, tallies: &mut Tallies) {
        let record = self.record;
        self.add_if(tallies, Tally::Youths, true);
        self.add_if(tallies, Tally::Attempted, record.attempts > 0);
        self.add_if(tallies, Tally::Reached, record.reached > 0);
        let was_reached = self
            .overlapping
            .iter()
            .any(|one| record.reached_in.contains(&one.id));
        self.add_if(
            tallies,
            Tally::NeverReached,
            record.reached == 0 && !was_reached,
        );
        tallies.add(Tally::ContactAttempts, &self.places, record.attempts);
        tallies.add(Tally::ContactsReached, &self.places, record.reached);
        let number = |is_counted: &dyn Fn(&InterventionFacts) -> bool| {
            let counted = record.interventions.iter().filter(|one| is_counted(one));
            u64::try_from(counted.count()).unwrap_or(0)
        };
        let offered = number(&|one| self.holds(Some(one.offered_on)));
        // An answer without a day was given with the offer.
        let accepted = number(&|one| {
            one.answer == OfferAnswer::Accepted
                && self.holds(Some(one.answered_on.unwrap_or(one.offered_on)))
        });
        let started = number(&|one| self.holds(one.started_on));
        for (persons, events, count) in [
            (Tally::Offered, Tally::InterventionsOffered, offered),
            (Tally::Accepted, Tally::InterventionsAccepted, accepted),
            (Tally::Started, Tally::InterventionsStarted, started),
        ] {
            self.add_if(tallies, persons, count > 0);
            tallies.add(events, &self.places, count);
        }
    }

    /// The duty of 29:9: whether those of 16-19 were offered something, and when.
    fn count_duty(&self, tallies: &mut Tallies) {
        let record = self.record;
        let is_young = AgeGroup::of(record.birth_date, self.first_day) == AgeGroup::Teenagers;
        let of_duty: Vec<&EpisodeFacts> = self
            .overlapping
            .iter()
            .copied()
            .filter(|one| is_young && one.track == Track::Kaa)
            .collect();
        if of_duty.is_empty() {
            return;
        }
        let last = self.period.last_day();
        // The earliest offer, with the episode it was made in.
        let first_offer = record
            .interventions
            .iter()
            .filter(|one| one.offered_on <= last)
            .filter_map(|offer| {
                let mut episodes = of_duty.iter();
                let episode = episodes.find(|episode| episode.id == offer.episode_id)?;
                Some((offer.offered_on, *episode))
            })
            .min_by_key(|(day, episode)| (*day, episode.entered_on));
        let has_left = !self.is_present();
        self.add_if(tallies, Tally::Kaa, true);
        self.add_if(tallies, Tally::KaaOffered, first_offer.is_some());
        self.add_if(tallies, Tally::KaaLeft, has_left);
        self.add_if(
            tallies,
            Tally::KaaLeftOffered,
            has_left && first_offer.is_some(),
        );
        if let Some((day, episode)) = first_offer {
            let days = (day - episode.entered_on).num_days().max(0);
            let days = days.to_string();
            tallies.add_outcome(OutcomeTally::DaysToOffer, &self.places, &days);
        }
    }

    /// Dropouts, and those of 20-24 without an exam who resume studies.
    fn count_studies(&self, tallies: &mut Tallies) {
        let record = self.record;
        let dropped_out = self
            .overlapping
            .iter()
            .any(|one| is_dropout(one.reason) && self.holds(Some(one.entered_on)));
        self.add_if(tallies, Tally::Dropouts, dropped_out);
        let has_exam = record
            .exams
            .iter()
            .any(|(kind, issued)| completes(*kind) && *issued <= self.first_day)
            || self.all.iter().any(|one| {
                one.deregistration_reason == Some(DeregistrationReason::CompletedUpperSecondary)
                    && one.exited_on.is_some_and(|exit| exit <= self.first_day)
            });
        let is_of_age = age_on(record.birth_date, self.first_day)
            .is_some_and(|age| WITHOUT_EXAM_AGES.contains(&age));
        let mut tracks = self.overlapping.iter().map(|one| one.track);
        if has_exam || !is_of_age || !tracks.any(|track| track == Track::Outreach) {
            return;
        }
        let studies = record
            .occupations
            .iter()
            .any(|one| one.kind == Occupation::Studies && self.holds(Some(one.as_of_on)));
        let left_for_studies = self
            .overlapping
            .iter()
            .any(|one| self.holds(one.exited_on) && one.destination.is_some_and(is_education));
        let began = record.interventions.iter().any(|one| {
            matches!(
                one.kind,
                Measure::KomvuxStudies | Measure::FolkHighSchoolStudies
            ) && self.holds(one.started_on)
        });
        self.add_if(tallies, Tally::NoExam, true);
        self.add_if(
            tallies,
            Tally::NoExamResumed,
            studies || left_for_studies || began,
        );
    }

    /// Who is still there on the last day and what they do, or where those went who are not.
    fn count_exits(&self, tallies: &mut Tallies) {
        let is_present = self.is_present();
        self.add_if(tallies, Tally::Present, is_present);
        self.add_if(tallies, Tally::Exited, !is_present);
        if is_present {
            let outcome = self.occupation();
            return tallies.add_outcome(OutcomeTally::Occupations, &self.places, outcome);
        }
        let Some(exit) = self.last_exit() else {
            return;
        };
        let reason = word(exit.deregistration_reason);
        tallies.add_outcome(OutcomeTally::Reasons, &self.places, reason);
        // Where somebody went to who went to work or to an education.
        let went_to = exit
            .destination
            .filter(|word| *word == Destination::Work || is_education(*word));
        let Some(destination) = went_to else {
            return;
        };
        self.add_if(tallies, Tally::ToWorkOrEducation, true);
        let word = destination.code();
        tallies.add_outcome(OutcomeTally::Destinations, &self.places, word);
        let place = if exit.destination_elsewhere == Some(true) {
            ELSEWHERE
        } else {
            NOT_ELSEWHERE
        };
        tallies.add_outcome(OutcomeTally::Mobility, &self.places, place);
    }

    /// What the youth does on the last day of the period, as was ascertained by then.
    fn occupation(&self) -> &'static str {
        match spells(&self.record.occupations, self.period.last_day()).last() {
            Some(spell) if spell.as_of_on.is_none() && spell.last_known.is_some() => LAPSED,
            Some(spell) => spell.kind.code(),
            None => Occupation::NotKnown.code(),
        }
    }

    /// Interventions that ran, and those that ended.
    fn count_courses(&self, tallies: &mut Tallies) {
        let (first, last) = (self.period.first_day(), self.period.last_day());
        let runs = |one: &&InterventionFacts| {
            let started = one.started_on.filter(|day| *day <= last);
            started.is_some_and(|start| one.ended_on.is_none_or(|end| end.max(start) >= first))
        };
        let running = self.record.interventions.iter().filter(runs);
        let kinds: BTreeSet<&str> = running.map(|one| one.kind.code()).collect();
        self.add_if(tallies, Tally::Participants, !kinds.is_empty());
        for kind in kinds {
            tallies.add_outcome(OutcomeTally::Kinds, &self.places, kind);
        }
        let ended = self.record.interventions.iter();
        let ended: Vec<&InterventionFacts> = ended.filter(|one| self.holds(one.ended_on)).collect();
        let number = u64::try_from(ended.len()).unwrap_or(0);
        tallies.add(Tally::InterventionsEnded, &self.places, number);
        self.add_if(tallies, Tally::Ended, number > 0);
        // Of those that ended on one day the one recorded last.
        if let Some(one) = ended.into_iter().max_by_key(|one| one.ended_on) {
            let reason = word(one.end_reason);
            tallies.add_outcome(OutcomeTally::EndReasons, &self.places, reason);
            let class = duration_class(one);
            tallies.add_outcome(OutcomeTally::Durations, &self.places, class);
        }
    }
}
