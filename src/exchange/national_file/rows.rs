//! The rows of the file, youth by youth, as a profile wants them, and everything that is wrong with them. A youth whose words
//! have no code, or whose events have no column, is told of as a problem; nothing is left out in silence.

use super::columns::Source;
use super::encoding::LineEnd;
use super::layout::{Column, Filling, Rows, room_for};
use super::profile::Profile;
use crate::domain::codes::Code;
use crate::domain::id::{Id, Youth};
use crate::domain::national_file::{
    Block, Event, Finding, HalfYear, PersonFacts, ProblemCode, ProblemWeight, check, events_of,
};
use crate::error::{Error, Result};

/// A file being written: by which profile, of which half-year, from which municipality.
pub struct File<'p> {
    /// The profile.
    pub profile: &'p Profile,
    /// The half-year.
    pub half: HalfYear,
    /// The municipality's code.
    pub municipality: Option<&'p str>,
}

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, counted from 1 with the heading; of what would have been there if the file was stopped.
    pub line: i64,
    /// Who.
    pub youth_id: Id<Youth>,
    /// The block.
    pub block: Block,
    /// The field, by the name that profiles use.
    pub field: &'static str,
    /// What.
    pub code: ProblemCode,
    /// Whether it stops the file.
    pub weight: ProblemWeight,
    /// The word of a list of ours that it is about.
    pub word: Option<String>,
}

/// A youth in the file.
pub struct Person {
    /// The bytes of the rows.
    pub bytes: Vec<u8>,
    /// How many rows.
    pub rows: i64,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
}

/// The events of a youth that fill a row.
struct Row<'e> {
    /// Of which episode, and from which of its events on: a problem with one of them stands on this row.
    episode: usize,
    events: &'e [Event],
    /// Of a row that is one event alone: which.
    event: Option<usize>,
}

impl File<'_> {
    /// What the file begins with: the mark of the encoding, and the headings.
    ///
    /// # Errors
    /// Never for a checked profile.
    pub fn beginning(&self) -> Result<Vec<u8>> {
        let mut bytes = self.profile.encoding.mark().to_vec();
        if self.profile.has_header {
            let headings = self.profile.columns.iter();
            let headings: Vec<&str> = headings.map(|column| column.header.as_str()).collect();
            bytes.extend(self.line(&headings)?);
        }
        Ok(bytes)
    }

    /// The line on which the first row stands, counted from 1.
    pub const fn first_line(&self) -> i64 {
        if self.profile.has_header { 2 } else { 1 }
    }

    /// The rows of a youth as it stood at the end of the half-year, of which the first stands on `line`.
    ///
    /// # Errors
    /// A text that the encoding lacks; a checked profile has none.
    pub fn person(&self, person: &PersonFacts, line: i64) -> Result<Person> {
        let events: Vec<Vec<Event>> = person
            .episodes
            .iter()
            .map(|episode| events_of(episode, self.half))
            .collect();
        let rows = self.rows(&events);
        let mut findings = check(person, self.half);
        let mut bytes = Vec::new();
        for row in &rows {
            let mut cells = Vec::with_capacity(self.profile.columns.len());
            for column in &self.profile.columns {
                cells.push(self.cell(person, row, column, &mut findings));
            }
            bytes.extend(self.line(&cells)?);
            self.must_have_room(row, &mut findings);
        }
        let problems = findings.into_iter().map(|finding| {
            let stands_on = |row: &Row<'_>| {
                row.episode == finding.episode
                    && row.event.is_none_or(|event| event == finding.event)
            };
            let place = rows.iter().position(stands_on).unwrap_or(0);
            Problem {
                line: line + i64::try_from(place).unwrap_or(0),
                youth_id: person.youth_id,
                block: finding.block,
                field: finding.field,
                code: finding.code,
                weight: self.profile.weight(finding.code),
                word: finding.word,
            }
        });
        Ok(Person {
            problems: problems.collect(),
            bytes,
            rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        })
    }

    fn rows<'e>(&self, events: &'e [Vec<Event>]) -> Vec<Row<'e>> {
        let episodes = events.iter().enumerate();
        match self.profile.rows {
            Rows::PerPerson => episodes
                .map(|(episode, events)| Row {
                    episode,
                    events,
                    event: None,
                })
                .collect(),
            Rows::PerEvent => episodes
                .flat_map(|(episode, events)| {
                    events
                        .chunks(1)
                        .enumerate()
                        .map(move |(event, events)| Row {
                            episode,
                            events,
                            event: Some(event),
                        })
                })
                .collect(),
        }
    }

    /// A cell; a word without a code is told of and leaves it empty.
    fn cell(
        &self,
        person: &PersonFacts,
        row: &Row<'_>,
        column: &Column,
        findings: &mut Vec<Finding>,
    ) -> String {
        let (source, number) = match &column.filling {
            Filling::Constant(text) => return text.clone(),
            Filling::Of(source, number) => (*source, *number),
        };
        let event = match source.block() {
            Some(block) => {
                let of_block = row.events.iter().enumerate();
                let mut of_block = of_block.filter(|(_, event)| event.block() == block);
                match of_block.nth(number.saturating_sub(1)) {
                    Some(found) => Some(found),
                    // Of another block, or one event fewer than there are columns.
                    None => return String::new(),
                }
            }
            None => row.events.iter().enumerate().next(),
        };
        let text = self.text(person, source, event.map(|(_, event)| event));
        let (Some(text), Some(list)) = (&text, source.list()) else {
            return text.unwrap_or_default();
        };
        if let Some(code) = self.profile.code(list, text) {
            return code.to_owned();
        }
        let (place, event) =
            event.map_or((0, Block::Basics), |(place, event)| (place, event.block()));
        // Of a youth it is said once in an episode, not in every row.
        let is_of_person = source.block().is_none();
        let finding = Finding {
            episode: row.episode,
            event: if is_of_person {
                0
            } else {
                row.event.unwrap_or(place)
            },
            block: if is_of_person { Block::Basics } else { event },
            field: source.name(),
            code: ProblemCode::CodeNotMapped,
            word: Some(format!("{}.{text}", list.name())),
        };
        if !findings.contains(&finding) {
            findings.push(finding);
        }
        String::new()
    }

    /// What a source says, before a word becomes a code.
    fn text(&self, person: &PersonFacts, source: Source, event: Option<&Event>) -> Option<String> {
        let day = |day| Some(self.profile.days.write(day));
        match source {
            Source::MunicipalityCode => return self.municipality.map(str::to_owned),
            Source::Year => return Some(self.half.year().to_string()),
            Source::HalfYear => return Some(self.half.half().to_string()),
            Source::IdentityNumber => {
                let number = person.number.as_ref();
                return number.map(|number| self.profile.numbers.write(number));
            }
            Source::BirthDate => return day(person.birth_date),
            Source::LegalSex => return word(person.legal_sex),
            Source::BlockCode => return word(event?.block()),
            Source::EventOn => return day(event?.on()),
            _ => {}
        }
        match (*event?, source) {
            (Event::Basics { entered_on, .. }, Source::EnteredOn) => day(entered_on),
            (Event::Basics { reason, .. }, Source::Reason) => word(reason),
            (Event::Contact { on, .. }, Source::ContactOn) => day(on),
            (Event::Contact { occupation, .. }, Source::Occupation) => word(occupation?),
            (Event::MeasureStarted { on, .. }, Source::MeasureStartedOn) => day(on),
            (Event::MeasureStarted { kind, .. }, Source::Measure) => word(kind),
            (Event::MeasureEnded { on, .. }, Source::MeasureEndedOn) => day(on),
            (Event::MeasureEnded { kind, .. }, Source::EndedMeasure) => word(kind),
            (Event::MeasureEnded { started_on, .. }, Source::EndedMeasureStartedOn) => {
                day(started_on)
            }
            (Event::MeasureEnded { reason, .. }, Source::MeasureEndReason) => word(reason?),
            (Event::Ended { on, .. }, Source::ExitedOn) => day(on),
            (Event::Ended { reason, .. }, Source::ExitReason) => word(reason?),
            (Event::Ended { destination, .. }, Source::Destination) => word(destination?),
            _ => None,
        }
    }

    /// Several events of a block need a column each, where the block has columns at all.
    fn must_have_room(&self, row: &Row<'_>, findings: &mut Vec<Finding>) {
        if row.event.is_some() {
            return;
        }
        for &block in Block::ALL {
            let Some(room) = room_for(&self.profile.columns, block) else {
                continue;
            };
            let events = row.events.iter().enumerate();
            let first_without = events.filter(|(_, event)| event.block() == block).nth(room);
            if let Some((event, _)) = first_without {
                findings.push(Finding {
                    episode: row.episode,
                    event,
                    block,
                    field: "events",
                    code: ProblemCode::TooManyEvents,
                    word: None,
                });
            }
        }
    }

    /// A line of cells, quoted where it must be.
    fn line<T: AsRef<[u8]>>(&self, cells: &[T]) -> Result<Vec<u8>> {
        let ending = match self.profile.line_end {
            LineEnd::Crlf => csv::Terminator::CRLF,
            LineEnd::Lf => csv::Terminator::Any(b'\n'),
        };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.profile.separator)
            .terminator(ending)
            .from_writer(Vec::new());
        writer.write_record(cells).map_err(Error::internal)?;
        let line = writer
            .into_inner()
            .map_err(|error| Error::internal(error.to_string()))?;
        let line = String::from_utf8(line).map_err(Error::internal)?;
        self.profile
            .encoding
            .encode(&line)
            .ok_or_else(|| Error::internal("a sign that the encoding does not have"))
    }
}

fn word<C: Code>(word: C) -> Option<String> {
    Some(word.code().to_owned())
}
