//! Which column of a roster means what? The headings of the common school and population
//! systems, in any order, case and spacing. How a cell of a column is read does not belong here.

use std::collections::BTreeMap;

use super::RosterFileError;
use super::cell::comparable;

/// What a column can mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Column {
    IdentityNumber,
    GivenName,
    FamilyName,
    LegalSex,
    Street,
    PostalCode,
    City,
    Area,
    Phone,
    Email,
    Protection,
    Status,
    Programme,
    EnrolmentStart,
    EnrolmentEnd,
    ExamKind,
    ExamDate,
    /// Why a row was refused: written by [`super::refused_csv`], not read.
    RefusalReason,
}

impl Column {
    /// The columns a roster can have.
    pub const ALL: [Self; 18] = [
        Self::IdentityNumber,
        Self::GivenName,
        Self::FamilyName,
        Self::LegalSex,
        Self::Street,
        Self::PostalCode,
        Self::City,
        Self::Area,
        Self::Phone,
        Self::Email,
        Self::Protection,
        Self::Status,
        Self::Programme,
        Self::EnrolmentStart,
        Self::EnrolmentEnd,
        Self::ExamKind,
        Self::ExamDate,
        Self::RefusalReason,
    ];

    /// Without these no row can be understood.
    const REQUIRED: [Self; 4] = [
        Self::IdentityNumber,
        Self::GivenName,
        Self::FamilyName,
        Self::Status,
    ];

    /// The heading this system itself would write, in Swedish.
    pub fn heading_sv(self) -> &'static str {
        match self {
            Self::IdentityNumber => "personnummer",
            Self::GivenName => "förnamn",
            Self::FamilyName => "efternamn",
            Self::LegalSex => "kön",
            Self::Street => "gatuadress",
            Self::PostalCode => "postnummer",
            Self::City => "postort",
            Self::Area => "område",
            Self::Phone => "telefon",
            Self::Email => "e-post",
            Self::Protection => "skyddsmarkering",
            Self::Status => "status",
            Self::Programme => "program",
            Self::EnrolmentStart => "inskriven från",
            Self::EnrolmentEnd => "inskriven till",
            Self::ExamKind => "betygsdokument",
            Self::ExamDate => "betygsdatum",
            Self::RefusalReason => "orsak",
        }
    }

    /// The heading in English; the code of the column as well.
    pub fn heading_en(self) -> &'static str {
        match self {
            Self::IdentityNumber => "identity_number",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::LegalSex => "legal_sex",
            Self::Street => "street",
            Self::PostalCode => "postal_code",
            Self::City => "city",
            Self::Area => "area",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Protection => "protection",
            Self::Status => "status",
            Self::Programme => "programme",
            Self::EnrolmentStart => "enrolled_from",
            Self::EnrolmentEnd => "enrolled_to",
            Self::ExamKind => "exam_document",
            Self::ExamDate => "exam_date",
            Self::RefusalReason => "reason",
        }
    }

    /// Other headings that mean the same, as compared: no case, accents, blanks or hyphens.
    fn other_headings(self) -> &'static [&'static str] {
        match self {
            Self::IdentityNumber => &[
                "personnr",
                "pnr",
                "personid",
                "identitetsnummer",
                "personidentitet",
                "personalidentitynumber",
                "civicno",
            ],
            Self::GivenName => &["tilltalsnamn", "firstname", "givenname", "forename"],
            Self::FamilyName => &["lastname", "surname"],
            Self::LegalSex => &["juridisktkon", "sex", "gender"],
            Self::Street => &[
                "adress",
                "utdelningsadress",
                "folkbokforingsadress",
                "streetaddress",
                "address",
            ],
            Self::PostalCode => &["postnr", "postcode", "zip", "zipcode"],
            Self::City => &["ort", "town", "posttown"],
            Self::Area => &["stadsdel", "kommundel", "district"],
            Self::Phone => &[
                "telefonnummer",
                "mobil",
                "mobiltelefon",
                "mobilnummer",
                "phonenumber",
                "mobile",
            ],
            Self::Email => &["epostadress", "mail", "emailaddress"],
            Self::Protection => &[
                "sekretess",
                "sekretessmarkering",
                "skyddadepersonuppgifter",
                "securitymarking",
                "protectionlevel",
            ],
            Self::Status => &["skolstatus", "schoolstatus"],
            Self::Programme => &["studievag", "studievagskod", "programkod"],
            Self::EnrolmentStart => &["inskrivningsdatum", "startdatum", "startdate"],
            Self::EnrolmentEnd => &["avbrottsdatum", "slutdatum", "enddate"],
            Self::ExamKind => &["examen", "examenstyp", "examkind"],
            Self::ExamDate => &["examensdatum", "utfardandedatum", "issuedon"],
            Self::RefusalReason => &[],
        }
    }

    fn of_heading(heading: &str) -> Option<Self> {
        let word = comparable(heading);
        Self::ALL.into_iter().find(|column| {
            comparable(column.heading_sv()) == word
                || comparable(column.heading_en()) == word
                || column.other_headings().contains(&word.as_str())
        })
    }
}

/// The headings of a file and where each known column stands.
pub(super) struct Columns {
    pub(super) headers: Vec<String>,
    pub(super) places: BTreeMap<Column, usize>,
}

impl Columns {
    pub(super) fn read(headers: Vec<String>) -> Result<Self, RosterFileError> {
        // A file without headings begins with a person, whose data must not come into a message.
        let digits = |h: &String| h.chars().filter(char::is_ascii_digit).count();
        if headers.iter().any(|heading| digits(heading) >= 6) {
            return Err(RosterFileError::NoHeadings);
        }
        let mut places = BTreeMap::new();
        for (place, heading) in headers.iter().enumerate() {
            if let Some(column) = Column::of_heading(heading)
                && let Some(earlier) = places.insert(column, place)
            {
                let first = headers.get(earlier).cloned().unwrap_or_default();
                return Err(RosterFileError::ColumnTwice {
                    column,
                    headings: [first, heading.clone()],
                });
            }
        }
        let missing: Vec<Column> = Column::REQUIRED
            .into_iter()
            .filter(|column| !places.contains_key(column))
            .collect();
        if missing.is_empty() {
            Ok(Self { headers, places })
        } else {
            Err(RosterFileError::MissingColumns {
                missing,
                found: headers,
            })
        }
    }

    /// Where the column stands; `None` when the file has none.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.get(&column).copied()
    }

    /// The heading as it stands in the file.
    pub(super) fn heading(&self, column: Column) -> &str {
        self.place(column)
            .and_then(|place| self.headers.get(place))
            .map_or("", String::as_str)
    }

    /// The cell of a column; empty when the file has no such column.
    pub(super) fn cell<'c>(&self, cells: &'c [String], column: Column) -> &'c str {
        self.place(column)
            .and_then(|place| cells.get(place))
            .map_or("", String::as_str)
    }

    /// Headings that mean nothing here: kept for the refused file, otherwise left.
    pub(super) fn ignored(&self) -> Vec<String> {
        self.headers
            .iter()
            .enumerate()
            .filter(|(place, heading)| {
                !heading.is_empty() && !self.places.values().any(|known| known == place)
            })
            .map(|(_, heading)| heading.clone())
            .collect()
    }

    /// Optional columns the file does not have.
    pub(super) fn absent(&self) -> Vec<Column> {
        Column::ALL
            .into_iter()
            .filter(|c| *c != Column::RefusalReason && !self.places.contains_key(c))
            .collect()
    }
}
