//! Why is a text not an identity number, in codes and in plain words of two languages?
//! Never a value: a message travels further than the number may.

/// Why a text is not an identity number. Holds nothing of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
pub enum IdentityNumberError {
    /// Nothing but blanks.
    #[error("{}", self.detail_en())]
    Missing,
    /// Not 10, 11, 12 or 13 characters.
    #[error("{}", self.detail_en())]
    Length,
    /// Something other than digits and a separator in its place.
    #[error("{}", self.detail_en())]
    Characters,
    /// `+` for somebody who does not turn 100 this year at the latest.
    #[error("{}", self.detail_en())]
    Separator,
    /// An interim number where they are not accepted.
    #[error("{}", self.detail_en())]
    InterimNotAllowed,
    /// No such day in the calendar.
    #[error("{}", self.detail_en())]
    Date,
    /// The birth date is after today.
    #[error("{}", self.detail_en())]
    Future,
    /// Serial 000, which is never given although its check digit can be right.
    #[error("{}", self.detail_en())]
    Serial,
    /// The last digit is not the check digit of the others (Luhn).
    #[error("{}", self.detail_en())]
    CheckDigit,
    /// A stored number is not of the kind it is stored as.
    #[error("{}", self.detail_en())]
    Kind,
}

impl IdentityNumberError {
    /// The stable code, for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "identity_number_missing",
            Self::Length => "identity_number_length",
            Self::Characters => "identity_number_characters",
            Self::Separator => "identity_number_separator",
            Self::InterimNotAllowed => "identity_number_interim_not_allowed",
            Self::Date => "identity_number_date",
            Self::Future => "identity_number_future",
            Self::Serial => "identity_number_serial",
            Self::CheckDigit => "identity_number_check_digit",
            Self::Kind => "identity_number_kind",
        }
    }

    /// What is wrong and what to do, in Swedish. Never holds the number.
    pub fn detail_sv(self) -> &'static str {
        match self {
            Self::Missing => "Personnumret saknas.",
            Self::Length => {
                "Numret har fel längd. Skriv ÅÅÅÅMMDD-NNNN eller ÅÅMMDD-NNNN. Ett \
                 kalkylprogram kan ha tagit bort en inledande nolla."
            }
            Self::Characters => {
                "Numret innehåller tecken som inte hör hemma där. Skriv ÅÅÅÅMMDD-NNNN. Ett \
                 kalkylprogram kan ha gjort om numret; formatera kolumnen som text."
            }
            Self::Separator => {
                "Plustecken används bara från det år personen fyller 100. Skriv bindestreck."
            }
            Self::InterimNotAllowed => {
                "Detta är ett interimsnummer (med bokstav) och tas inte emot här."
            }
            Self::Date => "Numrets datum finns inte i kalendern.",
            Self::Future => "Numrets födelsedatum ligger i framtiden.",
            Self::Serial => "Födelsenumret 000 förekommer inte.",
            Self::CheckDigit => {
                "Kontrollsiffran stämmer inte. Någon siffra är troligen felskriven."
            }
            Self::Kind => "Det lagrade numret är inte av den sort det är lagrat som.",
        }
    }

    /// What is wrong and what to do, in English. Never holds the number.
    pub fn detail_en(self) -> &'static str {
        match self {
            Self::Missing => "The identity number is missing.",
            Self::Length => {
                "The number has the wrong length. Write YYYYMMDD-NNNN or YYMMDD-NNNN. A \
                 spreadsheet may have removed a leading zero."
            }
            Self::Characters => {
                "The number holds characters that do not belong there. Write YYYYMMDD-NNNN. A \
                 spreadsheet may have changed the number; format the column as text."
            }
            Self::Separator => {
                "A plus sign is used only from the year the person turns 100. Write a hyphen."
            }
            Self::InterimNotAllowed => {
                "This is an interim number (with a letter), which is not accepted here."
            }
            Self::Date => "The date of the number does not exist in the calendar.",
            Self::Future => "The birth date of the number lies in the future.",
            Self::Serial => "The serial number 000 does not exist.",
            Self::CheckDigit => "The check digit does not fit. A digit is probably mistyped.",
            Self::Kind => "The stored number is not of the kind it is stored as.",
        }
    }
}
