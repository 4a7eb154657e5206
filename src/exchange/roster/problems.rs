//! What can be wrong with a row or a file, in codes and in plain words of two languages.
//! No text here ever holds a value of the file: messages travel further than the file does.

use super::columns::Column;
use crate::domain::identity_number::IdentityNumberError;
use crate::error::Language;

/// Something wrong with a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowProblem {
    /// The heading as it stands in the file; empty when the whole row is meant.
    pub column: String,
    /// Stable, for machines.
    pub code: &'static str,
    pub detail_sv: String,
    pub detail_en: String,
}

impl RowProblem {
    pub(super) fn new(column: &str, finding: Finding) -> Self {
        let (code, detail_sv, detail_en) = finding.texts();
        Self {
            column: column.to_owned(),
            code,
            detail_sv,
            detail_en,
        }
    }

    pub(super) fn worded(column: &str, code: &'static str, sv: String, en: String) -> Self {
        Self {
            column: column.to_owned(),
            code,
            detail_sv: sv,
            detail_en: en,
        }
    }

    /// What is wrong, in a language.
    pub fn detail(&self, language: Language) -> &str {
        match language {
            Language::Swedish => &self.detail_sv,
            Language::English => &self.detail_en,
        }
    }
}

/// The things a row can have wrong.
pub(super) enum Finding {
    CellCount {
        expected: usize,
        found: usize,
        lines: (u64, u64),
    },
    CellWithoutHeading,
    LineBreak,
    Identity(IdentityNumberError),
    IdentityOnLine(u64),
    NameMissing,
    NameCharacters,
    StatusMissing,
    StatusUnknown,
    ProtectionUnknown,
    SexUnknown,
    SexContradicts,
    EmailSyntax,
    PhoneSyntax,
    PostalCodeSyntax,
    NameLostLetter,
    AddressWithheld,
    NameTooLong(usize),
    TooLong(usize),
    NotRegistered,
    OutsideAsTfNumber,
    DateSyntax,
    DateInFuture,
    DocumentUnknown,
}

impl Finding {
    fn texts(self) -> (&'static str, String, String) {
        let (code, sv, en) = match self {
            Self::CellCount {
                expected,
                found,
                lines: (first, last),
            } => return cell_count(expected, found, first, last),
            Self::Identity(error) => (error.code(), error.detail_sv(), error.detail_en()),
            Self::IdentityOnLine(line) => {
                return (
                    "identity_number_duplicate",
                    format!("Samma nummer står redan på rad {line}. Ta bort den ena raden."),
                    format!(
                        "The same number stands on line {line} already. Remove one of the lines."
                    ),
                );
            }
            Self::NameTooLong(most) => {
                return (
                    "name_too_long",
                    format!("Namnet får ha högst {most} tecken."),
                    format!("The name may have at most {most} characters."),
                );
            }
            Self::TooLong(most) => {
                return (
                    "cell_too_long",
                    format!("Cellen har mer än {most} tecken och har utelämnats."),
                    format!("The cell has more than {most} characters and has been left out."),
                );
            }
            Self::CellWithoutHeading => (
                "cell_without_heading",
                "En cell står i en kolumn utan rubrik. Cellerna kan ha förskjutits.",
                "A cell stands in a column without a heading. The cells may have been shifted.",
            ),
            Self::LineBreak => (
                "cell_line_break",
                "Cellen har en radbrytning. Flera rader kan ha blivit en: ett citattecken är då \
                 inte avslutat.",
                "The cell has a line break. Several lines may have become one: then a quotation \
                 mark is not closed.",
            ),
            Self::NameMissing => ("name_missing", "Namnet saknas.", "The name is missing."),
            Self::NameCharacters => (
                "name_characters",
                "Namnet innehåller tecken som inte förekommer i namn. Använd bokstäver, \
                 mellanslag, bindestreck och apostrof.",
                "The name holds characters that no name has. Use letters, blanks, hyphens and \
                 apostrophes.",
            ),
            Self::StatusMissing => ("status_missing", "Status saknas.", "The status is missing."),
            Self::StatusUnknown => (
                "status_unknown",
                "Statusordet är okänt. Använd ett ord ur statustabellen eller lägg till det där.",
                "The status word is unknown. Use a word of the status table or add it there.",
            ),
            Self::ProtectionUnknown => (
                "protection_unknown",
                "Skyddsmarkeringen är okänd. Skriv Ingen, Sekretessmarkering eller Skyddad \
                 folkbokföring.",
                "The protection mark is unknown. Write None, Confidentiality marking or Protected \
                 registration.",
            ),
            Self::SexUnknown => (
                "legal_sex_unknown",
                "Ordet för kön är okänt. Skriv Kvinna eller Man, eller lämna cellen tom.",
                "The word for sex is unknown. Write Female or Male, or leave the cell empty.",
            ),
            Self::SexContradicts => (
                "legal_sex_contradicts",
                "Könet stämmer inte med numret. Numrets uppgift används.",
                "The sex does not agree with the number. What the number says is used.",
            ),
            Self::EmailSyntax => (
                "email_syntax",
                "E-postadressen är felskriven och har utelämnats.",
                "The e-mail address is malformed and has been left out.",
            ),
            Self::PhoneSyntax => (
                "phone_syntax",
                "Telefonnumret är felskrivet och har utelämnats. Det ska börja med 0 eller +.",
                "The phone number is malformed and has been left out. It begins with 0 or +.",
            ),
            Self::PostalCodeSyntax => (
                "postal_code_syntax",
                "Postnumret har inte fem siffror och har utelämnats.",
                "The postal code does not have five digits and has been left out.",
            ),
            Self::NameLostLetter => (
                "name_lost_letter",
                "Ett frågetecken i namnet: en bokstav har gått förlorad när filen skrevs. Spara \
                 filen som UTF-8.",
                "A question mark in the name: a letter was lost when the file was written. Save \
                 the file as UTF-8.",
            ),
            Self::AddressWithheld => (
                "address_withheld",
                "Personen har skyddad folkbokföring. Adressen har utelämnats.",
                "The person has protected registration. The address has been left out.",
            ),
            Self::NotRegistered => (
                "identity_number_not_registered",
                "Ett samordningsnummer: personen är normalt inte folkbokförd och hör då inte till \
                 målgruppen.",
                "A samordningsnummer: the person is normally not registered as resident and then \
                 not in the target group.",
            ),
            Self::OutsideAsTfNumber => (
                "identity_number_tf",
                "Ett TF-nummer: personen är inte folkbokförd och hör inte till målgruppen.",
                "A TF number: the person is not registered as resident and not in the target \
                 group.",
            ),
            Self::DateSyntax => (
                "date_syntax",
                "Dagen är felskriven och har utelämnats. Skriv den som ÅÅÅÅ-MM-DD.",
                "The day is not well formed and has been left out. Write it as YYYY-MM-DD.",
            ),
            Self::DateInFuture => (
                "date_in_future",
                "Dagen ligger efter den dag filen gäller och har utelämnats.",
                "The day is after the day of the file and has been left out.",
            ),
            Self::DocumentUnknown => (
                "document_unknown",
                "Betygsdokumentet är inte känt och har utelämnats.",
                "The document is not known and has been left out.",
            ),
        };
        (code, sv.to_owned(), en.to_owned())
    }
}

fn cell_count(
    expected: usize,
    found: usize,
    first: u64,
    last: u64,
) -> (&'static str, String, String) {
    let mut sv = format!("Raden har {found} celler men rubrikraden har {expected}.");
    let mut en = format!("The row has {found} cells but the header line has {expected}.");
    if last > first {
        sv.push_str(&format!(
            " Raden sträcker sig över rad {first}–{last}: ett citattecken är troligen inte avslutat."
        ));
        en.push_str(&format!(
            " It runs over lines {first}–{last}: a quotation mark is probably not closed."
        ));
    }
    ("cell_count", sv, en)
}

/// Why a file as a whole can not be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RosterFileError {
    /// No line with anything in it.
    #[error("{}", self.detail_en())]
    Empty,
    /// An Excel or LibreOffice workbook, not a text file.
    #[error("{}", self.detail_en())]
    Workbook,
    /// Not text in a known encoding, or two encodings mixed.
    #[error("{}", self.detail_en())]
    NotText,
    /// The first line holds a number as of a person. Nothing of it is repeated.
    #[error("{}", self.detail_en())]
    NoHeadings,
    /// Columns that no row can be understood without.
    #[error("{}", self.detail_en())]
    MissingColumns {
        missing: Vec<Column>,
        /// The headings of the file.
        found: Vec<String>,
    },
    /// Two headings mean the same column.
    #[error("{}", self.detail_en())]
    ColumnTwice {
        column: Column,
        headings: [String; 2],
    },
}

impl RosterFileError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "roster_empty",
            Self::Workbook => "roster_workbook",
            Self::NotText => "roster_not_text",
            Self::NoHeadings => "roster_no_headings",
            Self::MissingColumns { .. } => "roster_missing_columns",
            Self::ColumnTwice { .. } => "roster_column_twice",
        }
    }

    /// What is wrong and what to do, in Swedish.
    pub fn detail_sv(&self) -> String {
        match self {
            Self::Empty => "Filen är tom.".to_owned(),
            Self::Workbook => {
                "Filen är en arbetsbok. Spara den som CSV UTF-8 och skicka den filen.".to_owned()
            }
            Self::NotText => {
                "Filen är inte en textfil i en känd teckenkodning. Spara den som CSV UTF-8."
                    .to_owned()
            }
            Self::NoHeadings => "Filens första rad ser ut att vara en person. Den ska innehålla \
                                 kolumnernas rubriker."
                .to_owned(),
            Self::MissingColumns { missing, found } => format!(
                "Filen saknar kolumn: {}. Rubriker som finns: {}.",
                listed(missing.iter().map(|c| c.heading_sv())),
                listed(found.iter().map(String::as_str))
            ),
            Self::ColumnTwice { column, headings } => format!(
                "Kolumnen {} finns två gånger: {}.",
                column.heading_sv(),
                listed(headings.iter().map(String::as_str))
            ),
        }
    }

    /// What is wrong and what to do, in English.
    pub fn detail_en(&self) -> String {
        match self {
            Self::Empty => "The file is empty.".to_owned(),
            Self::Workbook => {
                "The file is a workbook. Save it as CSV UTF-8 and send that file.".to_owned()
            }
            Self::NotText => {
                "The file is not text in a known encoding. Save it as CSV UTF-8.".to_owned()
            }
            Self::NoHeadings => "The first line of the file looks like a person. It is to hold \
                                 the headings of the columns."
                .to_owned(),
            Self::MissingColumns { missing, found } => format!(
                "The file lacks the column: {}. Headings found: {}.",
                listed(missing.iter().map(|c| c.heading_en())),
                listed(found.iter().map(String::as_str))
            ),
            Self::ColumnTwice { column, headings } => format!(
                "The column {} stands twice: {}.",
                column.heading_en(),
                listed(headings.iter().map(String::as_str))
            ),
        }
    }
}

/// A list for a message, bounded: the headings come from a file that can hold anything.
fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .take(40)
        .map(|word| word.chars().filter(|c| !c.is_control()).take(40).collect())
        .collect();
    if words.is_empty() {
        "–".to_owned()
    } else {
        words.join(", ")
    }
}
