//! What is a chart made of? Rectangles, lines, dots and words with their places, in points, whoever draws them: the SVG and
//! the report show the same. The colours and the rule that they can be told from paper stand here too.

/// A picture with its alternative in words.
pub(super) struct Drawing {
    pub(super) width: f32,
    pub(super) height: f32,
    /// What it shows.
    pub(super) title: String,
    /// All that it tells, in words.
    pub(super) description: String,
    pub(super) shapes: Vec<Shape>,
}

/// A part of a picture. The first is the lowest.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A filled rectangle.
    Bar {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    /// A line through points.
    Line {
        points: Vec<(f32, f32)>,
        ink: Ink,
        width: f32,
        is_dashed: bool,
    },
    /// A dot, or a diamond where a dot would not be told from others.
    Dot {
        x: f32,
        y: f32,
        radius: f32,
        ink: Ink,
        is_diamond: bool,
    },
    /// A line of words.
    Label {
        x: f32,
        /// The line on which the letters stand.
        y: f32,
        size: f32,
        is_strong: bool,
        anchor: Anchor,
        ink: Ink,
        text: String,
    },
}

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink(pub(super) u8, pub(super) u8, pub(super) u8);

/// Words.
pub(super) const BLACK: Ink = Ink(0x1b, 0x1f, 0x24);
/// Words beside the matter.
pub(super) const GREY: Ink = Ink(0x56, 0x5d, 0x66);
/// Headings and the first of several.
pub(super) const NAVY: Ink = Ink(0x1f, 0x4e, 0x79);
/// Lines that lead the eye and carry nothing.
pub(super) const FAINT: Ink = Ink(0xd4, 0xda, 0xe1);

/// The colours of what stands beside each other. Each is told from white at 3:1 (WCAG 2.2, 1.4.11); as every bar has its
/// words beside it, nothing is told by colour alone.
pub(super) const SERIES: [Ink; 6] = [
    NAVY,
    Ink(0xb3, 0x54, 0x1e),
    Ink(0x2e, 0x7d, 0x4f),
    Ink(0x7b, 0x3f, 0x98),
    Ink(0x8a, 0x6d, 0x00),
    Ink(0x4f, 0x58, 0x63),
];

/// About how wide a text is in an ordinary face without serifs, for those who draw without knowing the face.
pub(super) fn likely_width(text: &str, size: f32) -> f32 {
    let ems: f32 = text.chars().map(likely_em).sum();
    ems * size
}

fn likely_em(c: char) -> f32 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' | ' ' | '\u{a0}' => 0.29,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' => 0.37,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '&' | '–' | '…' => 0.88,
        _ if c.is_uppercase() => 0.68,
        _ if u32::from(c) >= 0x1100 => 1.1,
        _ => 0.57,
    }
}

/// A text in lines of a width: broken at spaces and after hyphens and slashes, and inside a word only where it is wider
/// than a line.
pub(super) fn wrapped(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<String> {
    wrapped_after(0.0, text, width, measure)
}

/// The same where something stands on the first line already; that line may be empty.
pub(super) fn wrapped_after(
    taken: f32,
    text: &str,
    width: f32,
    measure: impl Fn(&str) -> f32,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let left = if lines.is_empty() {
            width - taken
        } else {
            width
        };
        if measure((line.clone() + &piece).trim_end()) <= left {
            line.push_str(&piece);
            continue;
        }
        if !line.is_empty() || (lines.is_empty() && taken > 0.0) {
            lines.push(std::mem::take(&mut line));
        }
        for c in piece.chars() {
            line.push(c);
            if c != ' ' && measure(&line) > width && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// A text in parts after which a line may end.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut may_end = false;
    for c in text.chars() {
        if may_end && c != ' ' {
            pieces.push(String::new());
        }
        may_end = c == ' ' || (matches!(c, '-' | '/' | '–') && !may_end);
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(ink: Ink) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(ink.0) + 0.7152 * part(ink.1) + 0.0722 * part(ink.2)
    }

    #[test]
    fn what_is_drawn_can_be_told_from_paper() {
        let contrast = |ink| 1.05 / (luminance(ink) + 0.05);
        for ink in SERIES {
            assert!(contrast(ink) >= 3.0, "{ink:?} {}", contrast(ink));
        }
        for ink in [BLACK, GREY, NAVY] {
            assert!(contrast(ink) >= 4.5, "words in {ink:?} {}", contrast(ink));
        }
    }

    #[test]
    fn lines_are_broken_where_people_would() {
        let broken = |text| wrapped(text, 10.0, |line| line.chars().count() as f32);
        assert_eq!(
            broken("Ej längre folkbokförd"),
            ["Ej längre ", "folkbokför", "d"]
        );
        assert_eq!(broken("Nord-öst/ost"), ["Nord-öst/", "ost"]);
        assert_eq!(broken(""), [""]);
        assert_eq!(broken("16–17 år"), ["16–17 år"]);
    }

    proptest! {
        #[test]
        fn no_letter_is_lost(text in "[a-zå /-]{0,60}|\\PC{0,30}") {
            let lines = wrapped(&text, 7.0, |line| line.chars().count() as f32);
            prop_assert_eq!(lines.concat(), text);
            for line in lines {
                prop_assert!(line.trim_end().chars().count() <= 7);
            }
        }
    }
}
