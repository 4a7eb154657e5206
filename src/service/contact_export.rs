//! The contacts of a unit as a file for following up its work: which youth, when, by whom, how and what came of it. No name, no
//! number, no note and no place. It is made in parts, each an operation of its own that names the youths in it. Which contacts
//! stand in it follows from the lists of contacts.

use super::contacts::read_filter;
use super::form::Form;
use crate::clock::wall_time_of;
use crate::db::audited::AuditedTx;
use crate::db::contact_export::{ContactLine, Place, Stretch, read_stretch};
use crate::db::contacts::ContactFilter;
use crate::domain::codes::Code;
use crate::domain::id::{Id, Unit, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Language, Result};
use crate::exchange::Spreadsheet;
use crate::policy::columns::Columns;
use crate::policy::decide::Relation;
use chrono::{Datelike, Timelike};
use std::fmt::Write;

/// How many columns the file has.
const WIDTH: usize = 11;
/// The fields that stand in them.
const NAMES: [&str; WIDTH] = [
    "youthId",
    "id",
    "occurredAt",
    "authorId",
    "channel",
    "direction",
    "metWho",
    "result",
    "minutes",
    "occupation",
    "nextContactOn",
];
/// Their headings in Swedish and in English.
const HEADINGS: [(&str, &str); WIDTH] = [
    ("Ungdom", "Youth"),
    ("Kontakt", "Contact"),
    ("Tid", "Time"),
    ("Medarbetare", "Member of staff"),
    ("Kanal", "Channel"),
    ("Riktning", "Direction"),
    ("Med vem", "With whom"),
    ("Resultat", "Result"),
    ("Minuter", "Minutes"),
    ("Sysselsättning", "Occupation"),
    ("Nästa kontakt", "Next contact"),
];

/// How far a file has come.
#[derive(Debug, Clone)]
pub struct Progress {
    filter: ContactFilter,
    language: Language,
    /// Whose unit's it is: whoever has moved to another does not go on with that one.
    unit_id: Option<Id<Unit>>,
    place: Place,
    /// Contacts written so far.
    count: usize,
}

/// A part of the file.
#[derive(Debug)]
pub struct FilePart {
    /// Its rows.
    pub bytes: Vec<u8>,
    /// How far the file has come, if it goes on.
    pub next: Option<Progress>,
}

/// The contacts of the actor's unit, as filtered, that had been written at the instant of the call: the beginning of the file.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn export_contacts(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    language: Language,
) -> Result<FilePart> {
    let progress = Progress {
        filter: read_filter(tx, parameters)?,
        language,
        unit_id: tx.actor().unit_id(),
        place: Place::START,
        count: 0,
    };
    let mut file = Spreadsheet::new();
    file.row(HEADINGS.map(|(sv, en)| language.pick(sv, en)))?;
    write_part(tx, file, progress)
}

/// What follows in the file.
///
/// # Errors
/// 403, also once the actor is of another unit than when the file was begun.
pub fn continue_contacts(tx: &mut AuditedTx<'_>, progress: Progress) -> Result<FilePart> {
    if progress.unit_id != tx.actor().unit_id() {
        return Err(ErrorCode::Forbidden.into());
    }
    write_part(tx, Spreadsheet::continued(), progress)
}

fn write_part(
    tx: &mut AuditedTx<'_>,
    mut file: Spreadsheet,
    progress: Progress,
) -> Result<FilePart> {
    let stretch = read_stretch(tx, &progress.filter, progress.place)?;
    write_rows(tx, &mut file, &stretch, progress.language)?;
    let count = progress.count.saturating_add(stretch.lines.len());
    let next = stretch.next.map(|place| Progress {
        place,
        count,
        ..progress
    });
    if next.is_none() {
        // Says that nothing is missing, also where whoever passed the file on did not notice that it broke off.
        let end = match progress.language {
            Language::Swedish => format!("Slut: {count} kontakter"),
            Language::English => format!("End: {count} contacts"),
        };
        let mut cells = [""; WIDTH];
        if let Some(first) = cells.first_mut() {
            *first = &end;
        }
        file.row(cells)?;
    }
    Ok(FilePart {
        bytes: file.into_bytes()?,
        next,
    })
}

/// Writes the contacts, and notes each youth with what was shown.
fn write_rows(
    tx: &mut AuditedTx<'_>,
    file: &mut Spreadsheet,
    stretch: &Stretch,
    language: Language,
) -> Result<()> {
    let (actor, operation) = (*tx.actor(), tx.operation());
    let mut columns = Columns::new(actor, operation, Resource::Contacts, &NAMES);
    let mut row = Row::default();
    let nobody = Relation::default();
    for lines in stretch
        .lines
        .chunk_by(|line, next| line.youth_id == next.youth_id)
    {
        let Some(youth_id) = lines.first().map(|line| line.youth_id) else {
            continue;
        };
        let mut relation = stretch.relations.get(&youth_id).unwrap_or(&nobody).clone();
        let mut told = [false; WIDTH];
        for line in lines {
            relation.is_own = actor.user_id() == Some(line.author_id);
            let shown = columns.shown(&relation)?;
            for (told, shown) in told.iter_mut().zip(shown) {
                *told |= shown;
            }
            let cells = row.fill(line, language);
            file.row(
                cells
                    .into_iter()
                    .zip(shown)
                    .map(|(cell, is_shown)| if *is_shown { cell } else { "" }),
            )?;
        }
        note(tx, youth_id, &told);
    }
    Ok(())
}

/// A youth is named once in a part, however many contacts of theirs are in it.
fn note(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, told: &[bool; WIDTH]) {
    let names = NAMES.iter().zip(told).filter(|(_, told)| **told);
    let names: Vec<&str> = names.map(|(name, _)| *name).collect();
    tx.note(Resource::Contacts, Some(youth_id), None, &names.join(","));
}

/// The texts of a row that are made for it. There are very many rows. None of them could be run as a formula: they are ids, days,
/// numbers without a sign, and words of our own lists.
#[derive(Default)]
struct Row {
    youth_id: String,
    id: String,
    time: String,
    author_id: String,
    minutes: String,
    next_contact_on: String,
}

impl Row {
    fn fill(&mut self, line: &ContactLine, language: Language) -> [&str; WIDTH] {
        set(&mut self.youth_id, line.youth_id);
        set(&mut self.id, line.id);
        set(&mut self.author_id, line.author_id);
        let at = wall_time_of(line.occurred_at.utc());
        set(
            &mut self.time,
            format_args!(
                "{:04}-{:02}-{:02} {:02}:{:02}",
                at.year(),
                at.month(),
                at.day(),
                at.hour(),
                at.minute()
            ),
        );
        set_or_empty(&mut self.minutes, line.minutes);
        set_or_empty(&mut self.next_contact_on, line.next_contact_on);
        [
            &self.youth_id,
            &self.id,
            &self.time,
            &self.author_id,
            word(line.channel, language),
            word(line.direction, language),
            word(line.met_who, language),
            word(line.result, language),
            &self.minutes,
            line.occupation.map_or("", |code| word(code, language)),
            &self.next_contact_on,
        ]
    }
}

fn word(code: impl Code, language: Language) -> &'static str {
    language.pick(code.sv(), code.en())
}

fn set(cell: &mut String, value: impl std::fmt::Display) {
    cell.clear();
    // Writing to a text does not fail.
    let _ = write!(cell, "{value}");
}

fn set_or_empty(cell: &mut String, value: Option<impl std::fmt::Display>) {
    match value {
        Some(value) => set(cell, value),
        None => cell.clear(),
    }
}
