//! What does a single cell say: a name, a sex, a protection mark, a way to reach somebody?
//! Words that are not known are never guessed. What a cell means for the row is not decided here.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use validator::ValidateEmail;

use super::cell::comparable;
use crate::domain::codes::{LegalSex, ProtectionLevel};

/// What became of the letters of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NameLetters {
    AllThere,
    /// A `?` where an encoding had no place for a letter.
    SomeLost,
    /// A character that no name has.
    Foreign,
}

/// The name composed (NFC) with single blanks, and what its letters are like. Letters, marks on
/// them, blanks, hyphens, apostrophes, full stops and the Catalan middle dot are in names;
/// `?` only where the encoding loses letters.
pub(super) fn name(cell: &str, encoding_loses: bool) -> (String, NameLetters) {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let text: String = words.join(" ").nfc().collect();
    let in_names = |c: char| {
        c.is_alphabetic()
            || is_combining_mark(c)
            || matches!(
                c,
                ' ' | '-' | '\'' | '.' | '·' | '\u{2010}' | '\u{2011}' | '\u{2013}'
            )
            || matches!(c, '\u{2018}' | '\u{2019}' | '\u{2bc}' | '´' | '`')
    };
    let lost = encoding_loses && text.contains('?');
    let letters = if !text.chars().all(|c| in_names(c) || (lost && c == '?'))
        || !text.chars().any(char::is_alphabetic)
    {
        NameLetters::Foreign
    } else if lost {
        NameLetters::SomeLost
    } else {
        NameLetters::AllThere
    };
    (text, letters)
}

/// The legal sex of a word; an empty cell says nothing (`Unknown`), another word gives `None`.
pub(super) fn legal_sex(cell: &str) -> Option<LegalSex> {
    if cell.is_empty() {
        return Some(LegalSex::Unknown);
    }
    match comparable(cell).as_str() {
        "kvinna" | "k" | "flicka" | "female" | "f" | "woman" => Some(LegalSex::Female),
        "man" | "m" | "pojke" | "male" => Some(LegalSex::Male),
        "okand" | "okant" | "unknown" => Some(LegalSex::Unknown),
        _ => None,
    }
}

/// The protection of a mark; an empty cell is none. A bare "ja" does not say which of the two
/// kinds is meant, so it gives `None` like every unknown word.
pub(super) fn protection(cell: &str) -> Option<ProtectionLevel> {
    if cell.is_empty() {
        return Some(ProtectionLevel::None);
    }
    match comparable(cell).as_str() {
        "ingen" | "nej" | "none" | "no" => Some(ProtectionLevel::None),
        "sekretessmarkering" | "sekretessmarkerad" | "sekretess" | "confidentialitymarking" => {
            Some(ProtectionLevel::ConfidentialityMarking)
        }
        "skyddadfolkbokforing" | "protectedregistration" => {
            Some(ProtectionLevel::ProtectedRegistration)
        }
        _ => None,
    }
}

/// A Swedish postal code as `NNN NN`; `None` when it is not one.
pub(super) fn postal_code(cell: &str) -> Option<String> {
    let compact: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = ["SE-", "S-", "se-", "s-"]
        .into_iter()
        .find_map(|country| compact.strip_prefix(country))
        .unwrap_or(&compact);
    if digits.len() != 5 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let area: String = digits.chars().take(3).collect();
    let rest: String = digits.chars().skip(3).collect();
    Some(format!("{area} {rest}"))
}

/// A phone number as written. It begins with 0 or + (a spreadsheet takes the zero away, and what
/// is left may be another's number) and has 7 to 15 digits (ITU-T E.164).
pub(super) fn phone(cell: &str) -> Option<String> {
    let written = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(
                c,
                '+' | '-' | '(' | ')' | '/' | '.' | '\u{2010}'..='\u{2013}'
            )
    };
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let begins = cell
        .chars()
        .find(|c| c.is_ascii_digit() || *c == '+')
        .is_some_and(|c| c == '0' || c == '+');
    let plus_within = cell.chars().filter(|c| *c == '+').count() > 1;
    (cell.len() <= 40
        && cell.chars().all(written)
        && (7..=15).contains(&digits)
        && begins
        && !plus_within)
        .then(|| cell.to_owned())
}

/// An e-mail address whose syntax holds (HTML's definition) and whose domain has a dot: a roster
/// comes from outside, where a bare host name reaches nobody.
pub(super) fn email(cell: &str) -> Option<String> {
    let (_, domain) = cell.rsplit_once('@')?;
    (domain.contains('.') && cell.len() <= 254 && cell.validate_email()).then(|| cell.to_owned())
}

/// The cell with blanks for what cannot be shown, or nothing when it is empty. `Err` holds the
/// number of characters that it may have at most.
pub(super) fn optional(cell: &str, longest: usize) -> Result<Option<String>, usize> {
    let text: String = cell
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().count() > longest {
        return Err(longest);
    }
    Ok((!text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        use NameLetters::*;
        for (cell, lossy, letters) in [
            ("Al-Husseini af Klint", false, AllThere),
            ("O\u{2019}Brien", false, AllThere),
            ("Y?lmaz", true, SomeLost),
            ("Y?lmaz", false, Foreign),
            ("=cmd|calc", true, Foreign),
            ("Anna2", true, Foreign),
            ("A<b>", true, Foreign),
            ("?", true, Foreign),
            ("-", false, Foreign),
            ("Ann\u{fffd}", false, Foreign),
        ] {
            assert_eq!(name(cell, lossy).1, letters, "{cell}");
        }
        assert_eq!(name("A\u{30a}sa   Maria", false).0, "Åsa Maria");
    }

    #[test]
    fn marks_are_never_guessed() {
        assert_eq!(protection(""), Some(ProtectionLevel::None));
        assert_eq!(
            protection(" skyddad  FOLKBOKFÖRING"),
            Some(ProtectionLevel::ProtectedRegistration)
        );
        for word in ["ja", "x", "1", "-", "skyddad", "kvarskrivning", "n/a"] {
            assert_eq!(protection(word), None, "{word}");
        }
        assert_eq!(legal_sex("Kvinna"), Some(LegalSex::Female));
        assert_eq!(legal_sex("2"), None);
    }

    #[test]
    fn ways_to_reach_somebody() {
        assert_eq!(postal_code("17453").as_deref(), Some("174 53"));
        assert_eq!(postal_code("SE-174 53").as_deref(), Some("174 53"));
        for cell in ["17", "174 5", "17453a", "１７４５３"] {
            assert_eq!(postal_code(cell), None, "{cell}");
        }
        for cell in ["070-174 06 50", "+46 (0)70 174 06 50", "08-706 80 00"] {
            assert!(phone(cell).is_some(), "{cell}");
        }
        for cell in [
            "701740650",
            "070-1",
            "070 174 06 50 mamma",
            "070-1740650, 070-1740651",
        ] {
            assert!(phone(cell).is_none(), "{cell}");
        }
        assert!(email("u1@example.com").is_some());
        for cell in [
            "u1@example",
            "u1 @example.com",
            "example.com",
            "@example.com",
        ] {
            assert!(email(cell).is_none(), "{cell}");
        }
    }
}
