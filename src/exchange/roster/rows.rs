//! Is a row of the roster a person we can take in, and if not, what all is wrong with it?
//! Puts the cells of a row together and holds them against the rows before it. What a single
//! cell says is in `values`; what a status means is in `mapping`.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::columns::{Column, Columns};
use super::decode::TextEncoding;
use super::mapping::{Placement, RosterMapping, StatusRule, place};
use super::problems::{Finding, RowProblem};
use super::school::{self, SchoolSaid};
use super::values::{self, NameLetters};
use super::{RosterRow, RowOutcome, RowReading};
use crate::domain::codes::{LegalSex, ProtectionLevel};
use crate::domain::identity_number::{IdentityNumber, IdentityNumberError, IdentityNumberKind};

/// The bounds of the register, so that what a file brings in can be edited there afterwards.
const LONGEST_NAME: usize = 100;
const LONGEST_TEXT: usize = 200;
const LONGEST_CODE: usize = 40;

pub(super) struct RowReader<'m> {
    columns: Columns,
    mapping: &'m RosterMapping,
    as_of: NaiveDate,
    encoding_loses: bool,
    /// The line each number was first seen on, refused rows too: which of two rows about one
    /// person is right is not for a program to guess.
    seen: HashMap<IdentityNumber, u64>,
}

/// What is found while a row is read.
struct Findings<'c> {
    columns: &'c Columns,
    problems: Vec<RowProblem>,
    warnings: Vec<RowProblem>,
}

impl Findings<'_> {
    fn problem(&mut self, column: Column, finding: Finding) {
        let heading = self.columns.heading(column);
        self.problems.push(RowProblem::new(heading, finding));
    }

    fn warning(&mut self, column: Column, finding: Finding) {
        let heading = self.columns.heading(column);
        self.warnings.push(RowProblem::new(heading, finding));
    }
}

impl<'m> RowReader<'m> {
    pub(super) fn new(
        columns: Columns,
        mapping: &'m RosterMapping,
        as_of: NaiveDate,
        encoding: TextEncoding,
    ) -> Self {
        Self {
            columns,
            mapping,
            as_of,
            encoding_loses: encoding.loses_letters(),
            seen: HashMap::new(),
        }
    }

    pub(super) fn into_columns(self) -> Columns {
        self.columns
    }

    /// Reads one row that runs from the first to the last of `lines`.
    pub(super) fn read(&mut self, lines: (u64, u64), cells: Vec<String>) -> RowReading {
        let (line, _) = lines;
        let identity = IdentityNumber::parse(
            self.columns.cell(&cells, Column::IdentityNumber),
            self.as_of,
        );
        let earlier = identity
            .as_ref()
            .ok()
            .and_then(|number| self.first_line(number, line));
        let mut findings = Findings {
            columns: &self.columns,
            problems: Vec::new(),
            warnings: Vec::new(),
        };
        if let Some(earlier) = earlier {
            findings.problem(Column::IdentityNumber, Finding::IdentityOnLine(earlier));
        }
        let expected = self.columns.headers.len();
        let row = if cells.len() == expected {
            self.read_cells(line, identity, &cells, &mut findings)
        } else {
            // Which cell is in which column is not known, so the rest is not looked at.
            let found = cells.len();
            let finding = Finding::CellCount {
                expected,
                found,
                lines,
            };
            findings.problems.insert(0, RowProblem::new("", finding));
            None
        };
        let Findings {
            problems, warnings, ..
        } = findings;
        let outcome = match row {
            Some(row) if problems.is_empty() => RowOutcome::Good(Box::new(row)),
            _ => RowOutcome::Refused(problems),
        };
        RowReading {
            line,
            outcome,
            warnings,
            cells,
        }
    }

    fn first_line(&mut self, number: &IdentityNumber, line: u64) -> Option<u64> {
        if let Some(earlier) = self.seen.get(number) {
            return Some(*earlier);
        }
        self.seen.insert(number.clone(), line);
        None
    }

    /// Every check of a row whose cells stand in their columns. `None` only with a problem told.
    fn read_cells(
        &self,
        line: u64,
        identity: Result<IdentityNumber, IdentityNumberError>,
        cells: &[String],
        findings: &mut Findings<'_>,
    ) -> Option<RosterRow> {
        let cell = |column| self.columns.cell(cells, column);
        let nameless = self.columns.headers.iter().zip(cells);
        if nameless
            .into_iter()
            .any(|(heading, cell)| heading.is_empty() && !cell.is_empty())
        {
            let finding = Finding::CellWithoutHeading;
            findings.problems.push(RowProblem::new("", finding));
        }
        // An open quotation mark swallows the following lines; when the number of cells happens to
        // fit, only the line break tells that persons are missing.
        for column in Column::ALL {
            if column != Column::RefusalReason && cell(column).contains(['\r', '\n']) {
                findings.problem(column, Finding::LineBreak);
            }
        }
        let person = identity.and_then(|number| {
            let birth = number.birth_date().ok_or(IdentityNumberError::Date)?;
            Ok((number, birth))
        });
        let number = match &person {
            Ok((number, _)) => Some(number),
            Err(error) => {
                findings.problem(Column::IdentityNumber, Finding::Identity(*error));
                None
            }
        };
        let (given_name, given_damaged) = self.name(Column::GivenName, cells, findings);
        let (family_name, family_damaged) = self.name(Column::FamilyName, cells, findings);
        let legal_sex = sex(cell(Column::LegalSex), number, findings);
        let protection = values::protection(cell(Column::Protection));
        if protection.is_none() {
            findings.problem(Column::Protection, Finding::ProtectionUnknown);
        }
        let status_word = cell(Column::Status);
        let rule = self.mapping.rule(status_word);
        if status_word.is_empty() {
            findings.problem(Column::Status, Finding::StatusMissing);
        } else if rule.is_none() {
            findings.problem(Column::Status, Finding::StatusUnknown);
        }
        let address = self.address(protection, cells, findings);
        let phone = checked(
            cell(Column::Phone),
            values::phone,
            (Column::Phone, Finding::PhoneSyntax),
            findings,
        );
        let email = checked(
            cell(Column::Email),
            values::email,
            (Column::Email, Finding::EmailSyntax),
            findings,
        );
        let programme = self.plain(Column::Programme, LONGEST_CODE, cells, findings);
        if number.is_some_and(|n| n.kind() == IdentityNumberKind::Samordningsnummer) {
            findings.warning(Column::IdentityNumber, Finding::NotRegistered);
        }
        if number.is_some_and(|n| n.kind() == IdentityNumberKind::TfNumber) {
            findings.warning(Column::IdentityNumber, Finding::OutsideAsTfNumber);
        }

        let school = self.school(rule, programme.as_deref(), cells, findings);
        let (identity, birth_date) = person.ok()?;
        let placement = if identity.kind() == IdentityNumberKind::TfNumber {
            // Skollagen 29:9 covers those who are folkbokförda, which a TF number rules out.
            Placement::Outside
        } else {
            let placement = place(rule?, birth_date, self.as_of);
            self.mapping.refined(placement, programme.as_deref())
        };
        Some(RosterRow {
            line,
            identity,
            given_name,
            family_name,
            birth_date,
            legal_sex,
            street: address.street,
            postal_code: address.postal_code,
            city: address.city,
            area: address.area,
            phone,
            email,
            is_name_damaged: given_damaged || family_damaged,
            protection: protection?,
            status_word: status_word.to_owned(),
            programme,
            placement,
            school,
        })
    }

    /// What the row tells of school. What cannot be read is left out with a warning: the row stands without it.
    fn school(
        &self,
        rule: Option<StatusRule>,
        programme: Option<&str>,
        cells: &[String],
        findings: &mut Findings<'_>,
    ) -> SchoolSaid {
        let mut day = |column| {
            let cell = self.columns.cell(cells, column);
            let read = checked_day(cell, column, findings);
            if column != Column::EnrolmentEnd && read.is_some_and(|day| day > self.as_of) {
                findings.warning(column, Finding::DateInFuture);
                return None;
            }
            read
        };
        let starts_on = day(Column::EnrolmentStart);
        let ends_on =
            day(Column::EnrolmentEnd).filter(|end| starts_on.is_none_or(|start| start <= *end));
        let exam_on = day(Column::ExamDate);
        let cell = self.columns.cell(cells, Column::ExamKind);
        let exam_kind = school::exam_kind(cell);
        if exam_kind.is_none() && !cell.is_empty() {
            findings.warning(Column::ExamKind, Finding::DocumentUnknown);
        }
        SchoolSaid {
            word: rule.and_then(|rule| self.mapping.school_word(rule, programme)),
            starts_on,
            ends_on,
            exam_kind,
            exam_on,
        }
    }

    /// The name, and whether a letter of it was lost.
    fn name(
        &self,
        column: Column,
        cells: &[String],
        findings: &mut Findings<'_>,
    ) -> (String, bool) {
        let cell = self.columns.cell(cells, column);
        if cell.is_empty() {
            findings.problem(column, Finding::NameMissing);
            return (String::new(), false);
        }
        let (name, letters) = values::name(cell, self.encoding_loses);
        if name.chars().count() > LONGEST_NAME {
            findings.problem(column, Finding::NameTooLong(LONGEST_NAME));
        }
        match letters {
            NameLetters::AllThere => {}
            NameLetters::SomeLost => findings.warning(column, Finding::NameLostLetter),
            NameLetters::Foreign => findings.problem(column, Finding::NameCharacters),
        }
        (name, letters == NameLetters::SomeLost)
    }

    /// A cell without a syntax of its own, left out with a warning when it is too long to keep.
    fn plain(
        &self,
        column: Column,
        longest: usize,
        cells: &[String],
        findings: &mut Findings<'_>,
    ) -> Option<String> {
        values::optional(self.columns.cell(cells, column), longest).unwrap_or_else(|most| {
            findings.warning(column, Finding::TooLong(most));
            None
        })
    }

    /// The address; nothing of it, the area neither, under protected registration, where a real
    /// address must never be stored (folkbokföringslagen 16 §).
    fn address(
        &self,
        protection: Option<ProtectionLevel>,
        cells: &[String],
        findings: &mut Findings<'_>,
    ) -> Address {
        let cell = |column| self.columns.cell(cells, column);
        if protection == Some(ProtectionLevel::ProtectedRegistration) {
            let columns = [
                Column::Street,
                Column::PostalCode,
                Column::City,
                Column::Area,
            ];
            if let Some(first) = columns.into_iter().find(|c| !cell(*c).is_empty()) {
                findings.warning(first, Finding::AddressWithheld);
            }
            return Address::default();
        }
        Address {
            street: self.plain(Column::Street, LONGEST_TEXT, cells, findings),
            postal_code: checked(
                cell(Column::PostalCode),
                values::postal_code,
                (Column::PostalCode, Finding::PostalCodeSyntax),
                findings,
            ),
            city: self.plain(Column::City, LONGEST_NAME, cells, findings),
            area: self.plain(Column::Area, LONGEST_NAME, cells, findings),
        }
    }
}

#[derive(Default)]
struct Address {
    street: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    area: Option<String>,
}

/// A cell that is left out with a warning when it is malformed: the row stands without it.
fn checked(
    cell: &str,
    read: fn(&str) -> Option<String>,
    (column, otherwise): (Column, Finding),
    findings: &mut Findings<'_>,
) -> Option<String> {
    if cell.is_empty() {
        return None;
    }
    let value = read(cell);
    if value.is_none() {
        findings.warning(column, otherwise);
    }
    value
}

/// The day of a cell; one that is none is left out with a warning.
fn checked_day(cell: &str, column: Column, findings: &mut Findings<'_>) -> Option<NaiveDate> {
    if cell.is_empty() {
        return None;
    }
    let day = school::date(cell);
    if day.is_none() {
        findings.warning(column, Finding::DateSyntax);
    }
    day
}

/// The number's word goes before the file's: it is the register's own statement.
fn sex(cell: &str, number: Option<&IdentityNumber>, findings: &mut Findings<'_>) -> LegalSex {
    let carried = number.and_then(IdentityNumber::legal_sex);
    let Some(said) = values::legal_sex(cell) else {
        findings.problem(Column::LegalSex, Finding::SexUnknown);
        return carried.unwrap_or(LegalSex::Unknown);
    };
    match carried {
        Some(carried) => {
            if said != LegalSex::Unknown && said != carried {
                findings.warning(Column::LegalSex, Finding::SexContradicts);
            }
            carried
        }
        None => said,
    }
}
