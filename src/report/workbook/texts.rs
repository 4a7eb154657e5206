//! What can a cell or the name of a sheet hold? Only so much, and of some characters none.
//! Which texts there are does not matter here.

use crate::report::words::printable;

/// What Excel takes in a cell and in the name of a sheet, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
const LONGEST_NAME: usize = 31;

/// A text that a cell can hold.
pub(super) fn fitting(text: &str) -> String {
    cut(&printable(text), LONGEST_TEXT)
}

/// A name that a sheet may have: none of the characters that addresses of cells are made of, no apostrophe at its ends.
/// The number before it makes it one of a kind.
pub(super) fn sheet_name(title: &str) -> String {
    let plain: String = printable(title)
        .chars()
        .map(|c| if "[]:*?/\\".contains(c) { ' ' } else { c })
        .collect();
    cut(plain.trim(), LONGEST_NAME)
        .trim_end_matches(['\'', ' '])
        .to_owned()
}

/// A text of at most so many UTF-16 units; an ellipsis says that there was more.
fn cut(text: &str, longest: usize) -> String {
    if text.encode_utf16().count() <= longest {
        return text.to_owned();
    }
    let mut units = 1;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= longest
        })
        .collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_excel_takes() {
        for (title, name) in [
            (
                "3 Ungdomar i registret efter kön",
                "3 Ungdomar i registret efter k…",
            ),
            ("1 a/b:c?[d]*\\", "1 a b c  d"),
            ("2 'x'", "2 'x"),
            (
                "4 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
                "4 😀😀😀😀😀😀😀😀😀😀😀😀😀😀…",
            ),
        ] {
            assert_eq!(sheet_name(title), name);
            assert!(name.encode_utf16().count() <= LONGEST_NAME);
        }
        assert_eq!(
            cut(&"å".repeat(40_000), LONGEST_TEXT).chars().count(),
            LONGEST_TEXT
        );
    }
}
