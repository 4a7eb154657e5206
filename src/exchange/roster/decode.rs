//! Which letters are these bytes, and which character parts the cells?
//! Encoding (UTF-8, UTF-16 with a mark, else Windows-1252), Excel's `sep=` line and the
//! delimiter. What the cells mean does not belong here.

use super::RosterFileError;

/// How the bytes of a file stand for letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextEncoding {
    /// UTF-8 without a byte order mark (plain ASCII too).
    Utf8,
    /// UTF-8 with a byte order mark (Excel "CSV UTF-8").
    Utf8WithMark,
    /// UTF-16 with a byte order mark (Excel "Unicode text").
    Utf16,
    /// Windows-1252, of which Latin-1 is a part (Excel "CSV" on a Swedish machine).
    Windows1252,
}

impl TextEncoding {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "utf_8",
            Self::Utf8WithMark => "utf_8_bom",
            Self::Utf16 => "utf_16",
            Self::Windows1252 => "windows_1252",
        }
    }

    /// Whether letters outside Western Europe can not be written, so that the program that wrote
    /// the file has put `?` for them.
    pub fn loses_letters(self) -> bool {
        self == Self::Windows1252
    }
}

/// What parts the cells of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delimiter {
    Comma,
    Semicolon,
    Tab,
}

impl Delimiter {
    /// The character itself.
    pub fn char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    pub(super) fn from_char(c: char) -> Option<Self> {
        [Self::Semicolon, Self::Tab, Self::Comma]
            .into_iter()
            .find(|delimiter| delimiter.char() == c)
    }
}

/// The text of a file. A workbook, or bytes that are no text, is refused rather than guessed at.
pub(in crate::exchange) fn decode(bytes: &[u8]) -> Result<(String, TextEncoding), RosterFileError> {
    // ZIP (xlsx, ods) and the old compound files (xls).
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(RosterFileError::Workbook);
    }
    let (text, encoding) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            // Marked as UTF-8 but not so: two files joined. No reading of it would be sure.
            let text = std::str::from_utf8(rest).map_err(|_| RosterFileError::NotText)?;
            (text.to_owned(), TextEncoding::Utf8WithMark)
        }
        [0xFF, 0xFE, rest @ ..] => (utf_16(encoding_rs::UTF_16LE, rest)?, TextEncoding::Utf16),
        [0xFE, 0xFF, rest @ ..] => (utf_16(encoding_rs::UTF_16BE, rest)?, TextEncoding::Utf16),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), TextEncoding::Utf8),
            Err(_) => {
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
                (text.into_owned(), TextEncoding::Windows1252)
            }
        },
    };
    if text.contains('\0') {
        return Err(RosterFileError::NotText);
    }
    Ok((text, encoding))
}

fn utf_16(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
) -> Result<String, RosterFileError> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
        .ok_or(RosterFileError::NotText)
}

/// The delimiter, and at which byte the header line begins (after a `sep=` line).
pub(in crate::exchange) fn delimiter_of(text: &str) -> (Delimiter, usize) {
    let first = text.lines().next().unwrap_or_default();
    // Excel writes the line with quotes around it when it saves such a file again.
    let plain = first.trim_matches('"');
    let said = plain.get(..4).filter(|p| p.eq_ignore_ascii_case("sep="));
    if said.is_some() {
        let start = text.find('\n').map_or(text.len(), |at| at + 1);
        let named = plain.chars().nth(4).and_then(Delimiter::from_char);
        let rest = text.get(start..).unwrap_or_default();
        return (named.unwrap_or_else(|| count_delimiters(rest)), start);
    }
    (count_delimiters(text), 0)
}

/// The most frequent candidate outside quotes in the first line that is not blank. Equal
/// numbers: semicolon before tab before comma, as the comma also stands within headings.
fn count_delimiters(text: &str) -> Delimiter {
    let (mut semicolons, mut tabs, mut commas) = (0_usize, 0_usize, 0_usize);
    let mut quoted = false;
    for c in text.trim_start_matches(['\r', '\n']).chars() {
        match c {
            '"' => quoted = !quoted,
            '\r' | '\n' if !quoted => break,
            ';' if !quoted => semicolons += 1,
            '\t' if !quoted => tabs += 1,
            ',' if !quoted => commas += 1,
            _ => {}
        }
    }
    if semicolons > 0 && semicolons >= tabs && semicolons >= commas {
        Delimiter::Semicolon
    } else if tabs > 0 && tabs >= commas {
        Delimiter::Tab
    } else {
        Delimiter::Comma
    }
}
