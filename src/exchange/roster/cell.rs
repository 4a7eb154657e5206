//! What does a cell say when the traces of spreadsheets are taken away, and how is it written so
//! that a spreadsheet does not run it? The two are each other's inverse.
//! Which column a cell belongs to does not matter here.

/// The cell without blanks at the ends, without Excel's `="..."`, and without the apostrophe
/// that [`guarded`] puts before what a spreadsheet would take for a formula.
pub(in crate::exchange) fn cleaned(raw: &str) -> String {
    let text = trimmed(raw);
    // Excel's way of keeping leading zeros: a formula whose value is the text.
    if let Some(inner) = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
    {
        return trimmed(&inner.replace("\"\"", "\"")).to_owned();
    }
    match text.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => trimmed(rest).to_owned(),
        _ => text.to_owned(),
    }
}

/// The cell with an apostrophe before it when a spreadsheet could take it for a formula: when the
/// first visible character is `= + - @` (also full width), or itself an apostrophe so that
/// reading back is unambiguous (OWASP, "CSV injection"). [`cleaned`] gives the same cell back.
pub(crate) fn guarded(cell: &str) -> String {
    if is_risky(cell) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn is_risky(text: &str) -> bool {
    let visible = text.trim_start_matches(|c: char| is_blank(c) || c.is_control());
    visible.starts_with([
        '=', '+', '-', '@', '\'', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// White space, and the invisible marks that pasting from web pages leaves behind.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// A word for comparing headings and codes: folded, letters and digits only.
pub(in crate::exchange) fn comparable(text: &str) -> String {
    let mut word = crate::domain::person_name::fold_plain(text);
    word.retain(char::is_alphanumeric);
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn traces_of_spreadsheets() {
        for (raw, cell) in [
            ("=\"041228-2386\"", "041228-2386"),
            ("=\" 041228 \"", "041228"),
            ("\u{a0}Åsa \u{200b}", "Åsa"),
            ("'=1+1", "=1+1"),
            ("'t Hooft", "'t Hooft"),
            ("''t Hooft", "'t Hooft"),
            ("'+46 70", "+46 70"),
            ("=\"", "=\""),
        ] {
            assert_eq!(cleaned(raw), cell);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(raw in "[ \t'=+@a\"\u{200b}\u{1}-]{0,8}|\\PC{0,12}") {
            let cell = cleaned(&raw);
            prop_assert_eq!(cleaned(&guarded(&cell)), cell);
        }
    }
}
