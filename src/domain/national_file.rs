//! The half-yearly national file: which half-years there are, what is told of a youth in one (the event model of five blocks:
//! basics, contact, measure started, measure ended, responsibility ended), and what is wrong with it (the logical controls of
//! domain 10.3). Pure: how it is written is a profile's to say (`exchange::national_file`), where it comes from the database's.
//! Nothing of the protected compartment and no free text has a place here.

use super::age::{age_on, birthday_on};
use super::codes::{
    Code, DeregistrationReason, Destination, EndReason, LegalSex, Measure, Occupation,
    ProtectionLevel, Reason, code_list,
};
use super::id::{Id, Youth};
use super::identity_number::{IdentityNumber, IdentityNumberKind};
use chrono::{Datelike, NaiveDate};

/// The first half-year that was collected (domain 2.1).
pub const FIRST_YEAR: i32 = 2015;
/// The latest year that can be asked for; a bound for input, not a rule.
pub const LAST_YEAR: i32 = 2099;
/// From here the reason is reported (domain 2.1).
const REASON_FROM: HalfYear = HalfYear {
    year: 2017,
    half: 2,
};
/// At the start of the half-year nobody is younger (domain 10.3).
const YOUNGEST: u32 = 15;
/// On this birthday the responsibility ends (skollagen 29:9).
const ENDS_AT: u32 = 20;

/// A half-year of the collection: 1 January to 30 June, or 1 July to 31 December.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HalfYear {
    year: i32,
    half: i32,
}

impl HalfYear {
    /// The first or second half (1, 2) of a year from 2015 on.
    pub fn new(year: i32, half: i32) -> Option<Self> {
        ((FIRST_YEAR..=LAST_YEAR).contains(&year) && (1..=2).contains(&half))
            .then_some(Self { year, half })
    }
    /// As it is written: `2026-H1`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, half) = text.split_once("-H")?;
        if year.len() != 4 || half.len() != 1 {
            return None;
        }
        Self::new(year.parse().ok()?, half.parse().ok()?)
    }
    /// The half as jobs name it, among the other parts of a year: `half_year_1`.
    pub const fn part(self) -> &'static str {
        if self.half == 1 {
            "half_year_1"
        } else {
            "half_year_2"
        }
    }
    /// The half-year of such a name.
    pub fn of_part(year: i32, part: &str) -> Option<Self> {
        (1..=2)
            .filter_map(|half| Self::new(year, half))
            .find(|half_year| half_year.part() == part)
    }
    /// The year.
    pub const fn year(self) -> i32 {
        self.year
    }
    /// 1 or 2.
    pub const fn half(self) -> i32 {
        self.half
    }
    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        let month = if self.half == 1 { 1 } else { 7 };
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or(NaiveDate::MIN)
    }
    /// The last day.
    pub fn last_day(self) -> NaiveDate {
        let (month, day) = if self.half == 1 { (6, 30) } else { (12, 31) };
        NaiveDate::from_ymd_opt(self.year, month, day).unwrap_or(NaiveDate::MAX)
    }
    /// Whether a day lies in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        day.year() == self.year && (day.month() <= 6) == (self.half == 1)
    }
}

impl std::fmt::Display for HalfYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-H{}", self.year, self.half)
    }
}

code_list! {
    /// The five blocks of the collection (domain 2.1), in their order.
    Block {
        Basics = "basics", "Obligatoriska uppgifter", "Basics";
        Contact = "contact", "Kontakt med individen", "Contact";
        MeasureStarted = "measure_started", "Åtgärd påbörjas", "Measure started";
        MeasureEnded = "measure_ended", "Åtgärd avslutats", "Measure ended";
        Ended = "responsibility_ended", "Aktivitetsansvaret har upphört", "Responsibility ended";
    }
}

code_list! {
    /// Where a file has come to.
    NationalFileStatus {
        Making = "making", "Tas fram", "Being made";
        Made = "made", "Klar", "Made";
        Refused = "refused", "Stoppad av fel", "Stopped by errors";
        Replaced = "replaced", "Ersatt av en senare", "Replaced by a later one";
        Abandoned = "abandoned", "Avbruten", "Abandoned";
    }
}

code_list! {
    /// Whether a problem stops the file.
    ProblemWeight {
        Error = "error", "Fel, stoppar filen", "Error, stops the file";
        Warning = "warning", "Varning", "Warning";
    }
}

code_list! {
    /// What can be wrong with a row of the file: the controls of domain 10.3, and what a profile cannot write.
    ProblemCode {
        IdentityNumberMissing = "identity_number_missing", "Identitetsnummer saknas.", "There is no identity number.";
        IdentityNumberKind = "identity_number_kind", "Numret är varken personnummer eller samordningsnummer.", "The number is neither a personnummer nor a samordningsnummer.";
        CoordinationNumber = "coordination_number", "Ungdomen har ett samordningsnummer; den som inte är folkbokförd brukar inte omfattas.", "The youth has a samordningsnummer; who is not in the population register is usually not covered.";
        TooYoung = "too_young", "Ungdomen hade inte fyllt 15 när halvåret började.", "The youth had not turned 15 when the half-year began.";
        EnteredAfter20 = "entered_after_20", "Perioden började efter 20-årsdagen.", "The episode began on or after the 20th birthday.";
        ExitedAfter20 = "exited_after_20", "Perioden slutade efter 20-årsdagen.", "The episode ended after the 20th birthday.";
        OpenPast20 = "open_past_20", "Ungdomen har fyllt 20 men perioden är inte avslutad.", "The youth has turned 20 and the episode is not closed.";
        ExitBeforeEntry = "exit_before_entry", "Perioden slutade innan den började.", "The episode ended before it began.";
        ExitReasonMissing = "exit_reason_missing", "Skäl till avregistreringen saknas.", "There is no reason for the deregistration.";
        ReasonMissing = "reason_missing", "Orsak till att ungdomen omfattas är inte känd.", "Why the youth is covered is not known.";
        OverlappingEpisodes = "overlapping_episodes", "Ungdomen har två perioder som går om varandra.", "The youth has two episodes that overlap.";
        ContactOutsideEpisode = "contact_outside_episode", "Kontakten ligger utanför perioden.", "The contact lies outside the episode.";
        OccupationMissing = "occupation_missing", "Sysselsättning saknas för kontakten.", "The contact has no occupation.";
        MeasureOutsideEpisode = "measure_outside_episode", "Åtgärden har en dag utanför perioden.", "The measure has a day outside the episode.";
        MeasureEndBeforeStart = "measure_end_before_start", "Åtgärden slutade innan den började.", "The measure ended before it started.";
        MeasureEndReasonMissing = "measure_end_reason_missing", "Skäl till att åtgärden slutade saknas.", "There is no reason why the measure ended.";
        MeasureOpenAfterExit = "measure_open_after_exit", "En åtgärd pågår fast ansvaret har upphört.", "A measure is under way although the responsibility has ended.";
        Turned20Early = "turned_20_early", "Avregistrerad som fyllda 20 före 20-årsdagen.", "Deregistered as 20 before the 20th birthday.";
        IntroductoryEarly = "introductory_early", "Studier på introduktionsprogram är skäl till avregistrering först från 2018-07-01.", "An introductory programme is a reason for deregistration only from 2018-07-01.";
        CodeNotMapped = "code_not_mapped", "Profilen har ingen kod för ordet.", "The profile has no code for the word.";
        TooManyEvents = "too_many_events", "Ungdomen har fler händelser än profilen har kolumner för.", "The youth has more events than the profile has columns for.";
    }
}

impl ProblemCode {
    /// What it weighs unless a profile says otherwise.
    pub const fn usual_weight(self) -> ProblemWeight {
        match self {
            Self::CoordinationNumber | Self::ReasonMissing => ProblemWeight::Warning,
            _ => ProblemWeight::Error,
        }
    }
}

/// A youth with the episodes of the `kaa` track that overlap a half-year.
pub struct PersonFacts {
    /// Who.
    pub youth_id: Id<Youth>,
    /// The number in force.
    pub number: Option<IdentityNumber>,
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Legal sex.
    pub legal_sex: LegalSex,
    /// Whether the identity is protected.
    pub protection: ProtectionLevel,
    /// Whether processing of what is kept is restricted.
    pub is_restricted: bool,
    /// In the order in which they began.
    pub episodes: Vec<EpisodeFacts>,
}

impl std::fmt::Debug for PersonFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonFacts({}, redacted)", self.youth_id)
    }
}

/// An episode, as far as the file asks.
#[derive(Debug, Clone)]
pub struct EpisodeFacts {
    /// The first day.
    pub entered_on: NaiveDate,
    /// The day of deregistration.
    pub exited_on: Option<NaiveDate>,
    /// Why the youth is covered.
    pub reason: Reason,
    /// Why it ended.
    pub exit_reason: Option<DeregistrationReason>,
    /// What the youth went to.
    pub destination: Option<Destination>,
    /// Contacts that reached the youth; no attempts, and no talks with others (domain 9.8).
    pub contacts: Vec<ContactFacts>,
    /// Measures that began.
    pub measures: Vec<MeasureFacts>,
}

/// A contact that reached the youth.
#[derive(Debug, Clone, Copy)]
pub struct ContactFacts {
    /// The Swedish day.
    pub on: NaiveDate,
    /// What the youth did then.
    pub occupation: Option<Occupation>,
}

/// A measure that began.
#[derive(Debug, Clone, Copy)]
pub struct MeasureFacts {
    /// Which.
    pub kind: Measure,
    /// When it began.
    pub started_on: NaiveDate,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Why.
    pub end_reason: Option<EndReason>,
}

/// What is done with a youth whose identity is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProtectedPersons {
    /// Left out and counted, so that they are reported by hand.
    Omit,
    /// In the file like others.
    Include,
}

/// Why a youth is not in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Omission {
    /// Their identity is protected.
    Protected,
    /// They are handled outside the system.
    HandledOutside,
    /// What is kept of them may not be used for now (GDPR article 18).
    Restricted,
}

/// Whether a youth is left out of the file. Who is handled outside the system never is in it.
pub fn omission_of(person: &PersonFacts, protected: ProtectedPersons) -> Option<Omission> {
    match person.protection {
        ProtectionLevel::HandledOutside => Some(Omission::HandledOutside),
        level if level.is_protected() && protected == ProtectedPersons::Omit => {
            Some(Omission::Protected)
        }
        _ => person.is_restricted.then_some(Omission::Restricted),
    }
}

/// Whether an episode is reported at all: who was registered in error was never covered.
pub fn is_reported(exit_reason: Option<DeregistrationReason>) -> bool {
    exit_reason != Some(DeregistrationReason::RegisteredInError)
}

/// What is told in one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Basics {
        entered_on: NaiveDate,
        reason: Reason,
    },
    Contact {
        on: NaiveDate,
        occupation: Option<Occupation>,
    },
    MeasureStarted {
        on: NaiveDate,
        kind: Measure,
    },
    MeasureEnded {
        on: NaiveDate,
        started_on: NaiveDate,
        kind: Measure,
        reason: Option<EndReason>,
    },
    Ended {
        on: NaiveDate,
        reason: Option<DeregistrationReason>,
        destination: Option<Destination>,
    },
}

impl Event {
    /// Its block.
    pub const fn block(&self) -> Block {
        match self {
            Self::Basics { .. } => Block::Basics,
            Self::Contact { .. } => Block::Contact,
            Self::MeasureStarted { .. } => Block::MeasureStarted,
            Self::MeasureEnded { .. } => Block::MeasureEnded,
            Self::Ended { .. } => Block::Ended,
        }
    }
    /// Its day.
    pub const fn on(&self) -> NaiveDate {
        match self {
            Self::Basics { entered_on, .. } => *entered_on,
            Self::Contact { on, .. }
            | Self::MeasureStarted { on, .. }
            | Self::MeasureEnded { on, .. }
            | Self::Ended { on, .. } => *on,
        }
    }
}

/// Something wrong with what is told of a youth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Of which episode, in their order.
    pub episode: usize,
    /// Of which event of the episode; the basics stand first.
    pub event: usize,
    /// The block of that event.
    pub block: Block,
    /// The field, by the name that profiles use.
    pub field: &'static str,
    /// What.
    pub code: ProblemCode,
    /// The word of a list of ours that it is about.
    pub word: Option<String>,
}

/// A youth as it stood at the end of a half-year: what came later has not happened, measures that ended before are no more.
pub fn as_it_stood(mut person: PersonFacts, half: HalfYear) -> PersonFacts {
    let (first, last) = (half.first_day(), half.last_day());
    person.episodes.retain(|episode| {
        episode.entered_on <= last
            && episode.exited_on.is_none_or(|day| day >= first)
            && is_reported(episode.exit_reason)
    });
    for episode in &mut person.episodes {
        if episode.exited_on.is_some_and(|day| day > last) {
            episode.exited_on = None;
            episode.exit_reason = None;
            episode.destination = None;
        }
        episode.contacts.retain(|contact| half.contains(contact.on));
        episode.contacts.sort_by_key(|contact| contact.on);
        episode.measures.retain(|measure| {
            let is_over = measure.ended_on.is_some_and(|day| day < first);
            measure.started_on <= last && (!is_over || half.contains(measure.started_on))
        });
        episode.measures.sort_by_key(|measure| measure.started_on);
        for measure in &mut episode.measures {
            if measure.ended_on.is_some_and(|day| day > last) {
                measure.ended_on = None;
                measure.end_reason = None;
            }
        }
    }
    person
        .episodes
        .sort_by_key(|episode| (episode.entered_on, episode.exited_on));
    person
}

/// What is told of an episode, block by block, each by its days.
pub fn events_of(episode: &EpisodeFacts, half: HalfYear) -> Vec<Event> {
    let mut events = vec![Event::Basics {
        entered_on: episode.entered_on,
        reason: episode.reason,
    }];
    events.extend(episode.contacts.iter().map(|contact| Event::Contact {
        on: contact.on,
        occupation: contact.occupation,
    }));
    let started = episode
        .measures
        .iter()
        .filter(|measure| half.contains(measure.started_on));
    events.extend(started.map(|measure| Event::MeasureStarted {
        on: measure.started_on,
        kind: measure.kind,
    }));
    let mut ended: Vec<Event> = episode
        .measures
        .iter()
        .filter_map(|measure| {
            let on = measure.ended_on.filter(|day| half.contains(*day))?;
            Some(Event::MeasureEnded {
                on,
                started_on: measure.started_on,
                kind: measure.kind,
                reason: measure.end_reason,
            })
        })
        .collect();
    ended.sort_by_key(Event::on);
    events.append(&mut ended);
    if let Some(on) = episode.exited_on.filter(|day| half.contains(*day)) {
        events.push(Event::Ended {
            on,
            reason: episode.exit_reason,
            destination: episode.destination,
        });
    }
    events
}

/// What the controls find in one episode.
struct Check<'p> {
    person: &'p PersonFacts,
    episode: &'p EpisodeFacts,
    events: &'p [Event],
    number: usize,
    half: HalfYear,
    found: Vec<Finding>,
}

/// Carries out the controls of domain 10.3 on a youth as it stood ([`as_it_stood`]).
pub fn check(person: &PersonFacts, half: HalfYear) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, episode) in person.episodes.iter().enumerate() {
        let events = events_of(episode, half);
        let mut check = Check {
            person,
            episode,
            events: &events,
            number,
            half,
            found: Vec::new(),
        };
        check.check_person();
        check.check_episode();
        check.check_contacts();
        check.check_measures();
        check.check_exit();
        found.append(&mut check.found);
    }
    found
}

impl Check<'_> {
    fn find(&mut self, event: usize, block: Block, field: &'static str, code: ProblemCode) {
        self.found.push(Finding {
            episode: self.number,
            event,
            block,
            field,
            code,
            word: None,
        });
    }

    fn basics(&mut self, field: &'static str, code: ProblemCode) {
        self.find(0, Block::Basics, field, code);
    }

    fn birthday(&self) -> Option<NaiveDate> {
        birthday_on(self.person.birth_date, ENDS_AT)
    }

    fn is_before_entry(&self, day: NaiveDate) -> bool {
        day < self.episode.entered_on
    }

    fn is_outside(&self, day: NaiveDate) -> bool {
        self.is_before_entry(day) || self.episode.exited_on.is_some_and(|exit| day > exit)
    }

    fn check_person(&mut self) {
        match self.person.number.as_ref().map(IdentityNumber::kind) {
            None => self.basics("identityNumber", ProblemCode::IdentityNumberMissing),
            Some(IdentityNumberKind::Personnummer) => {}
            Some(IdentityNumberKind::Samordningsnummer) => {
                self.basics("identityNumber", ProblemCode::CoordinationNumber);
            }
            Some(IdentityNumberKind::Interim | IdentityNumberKind::TfNumber) => {
                self.basics("identityNumber", ProblemCode::IdentityNumberKind);
            }
        }
        let age = age_on(self.person.birth_date, self.half.first_day());
        if age.is_none_or(|age| age < YOUNGEST) {
            self.basics("birthDate", ProblemCode::TooYoung);
        }
        let entered_on = self.episode.entered_on;
        if self
            .birthday()
            .is_some_and(|birthday| entered_on >= birthday)
        {
            self.basics("enteredOn", ProblemCode::EnteredAfter20);
        }
    }

    fn check_episode(&mut self) {
        if self.episode.reason == Reason::Unknown && self.half >= REASON_FROM {
            self.basics("reason", ProblemCode::ReasonMissing);
        }
        if self
            .episode
            .exited_on
            .is_some_and(|exit| self.is_before_entry(exit))
        {
            self.basics("enteredOn", ProblemCode::ExitBeforeEntry);
        }
        let last = self.half.last_day();
        if self.episode.exited_on.is_none()
            && self.birthday().is_some_and(|birthday| birthday <= last)
        {
            self.basics("exitedOn", ProblemCode::OpenPast20);
        }
        // They stand in the order in which they began.
        let before = self.number.checked_sub(1);
        let before = before.and_then(|number| self.person.episodes.get(number));
        let entered_on = self.episode.entered_on;
        let overlaps =
            |earlier: &EpisodeFacts| earlier.exited_on.is_none_or(|exit| exit > entered_on);
        if before.is_some_and(overlaps) {
            self.basics("enteredOn", ProblemCode::OverlappingEpisodes);
        }
    }

    fn check_contacts(&mut self) {
        for (place, event) in self.events.iter().enumerate() {
            let Event::Contact { on, occupation } = *event else {
                continue;
            };
            if self.is_outside(on) {
                self.find(
                    place,
                    Block::Contact,
                    "contactOn",
                    ProblemCode::ContactOutsideEpisode,
                );
            }
            if occupation.is_none() {
                self.find(
                    place,
                    Block::Contact,
                    "occupation",
                    ProblemCode::OccupationMissing,
                );
            }
        }
    }

    fn check_measures(&mut self) {
        for (place, event) in self.events.iter().enumerate() {
            match *event {
                Event::MeasureStarted { on, .. } if self.is_outside(on) => self.find(
                    place,
                    Block::MeasureStarted,
                    "measureStartedOn",
                    ProblemCode::MeasureOutsideEpisode,
                ),
                Event::MeasureEnded {
                    on,
                    started_on,
                    reason,
                    ..
                } => {
                    let block = Block::MeasureEnded;
                    if on < started_on {
                        let code = ProblemCode::MeasureEndBeforeStart;
                        self.find(place, block, "measureEndedOn", code);
                    } else if self.is_outside(on) {
                        let code = ProblemCode::MeasureOutsideEpisode;
                        self.find(place, block, "measureEndedOn", code);
                    }
                    // Of one that began in the half-year the start has told so already.
                    if self.is_outside(started_on) && !self.half.contains(started_on) {
                        let code = ProblemCode::MeasureOutsideEpisode;
                        self.find(place, block, "endedMeasureStartedOn", code);
                    }
                    if reason.is_none() {
                        let code = ProblemCode::MeasureEndReasonMissing;
                        self.find(place, block, "measureEndReason", code);
                    }
                }
                _ => {}
            }
        }
        // An end before the half-year, of a measure that began in it, is no event of its own.
        let first = self.half.first_day();
        let is_odd = |measure: &MeasureFacts| measure.ended_on.is_some_and(|day| day < first);
        if self.episode.measures.iter().any(is_odd) {
            let is_start = |event: &Event| event.block() == Block::MeasureStarted;
            let place = self.events.iter().position(is_start).unwrap_or(0);
            self.find(
                place,
                Block::MeasureStarted,
                "measureStartedOn",
                ProblemCode::MeasureEndBeforeStart,
            );
        }
    }

    fn check_exit(&mut self) {
        let last = self.events.len().saturating_sub(1);
        let Some(Event::Ended { on, reason, .. }) = self.events.last().copied() else {
            return;
        };
        let mut ended = |field, code| self.find(last, Block::Ended, field, code);
        if reason.is_none() {
            ended("exitReason", ProblemCode::ExitReasonMissing);
        }
        let introductory_from = NaiveDate::from_ymd_opt(2018, 7, 1);
        if reason == Some(DeregistrationReason::IntroductoryProgramme)
            && introductory_from.is_some_and(|from| on < from)
        {
            ended("exitReason", ProblemCode::IntroductoryEarly);
        }
        if let Some(birthday) = self.birthday() {
            if reason == Some(DeregistrationReason::Turned20) && on < birthday {
                self.find(last, Block::Ended, "exitReason", ProblemCode::Turned20Early);
            }
            if on > birthday {
                self.find(last, Block::Ended, "exitedOn", ProblemCode::ExitedAfter20);
            }
        }
        let is_open = |measure: &MeasureFacts| measure.ended_on.is_none();
        if self.episode.measures.iter().any(is_open) {
            let code = ProblemCode::MeasureOpenAfterExit;
            self.find(last, Block::Ended, "measures", code);
        }
    }
}

#[cfg(test)]
#[path = "national_file_tests.rs"]
mod tests;
