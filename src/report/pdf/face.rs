//! How wide is a text, and which glyphs draw it? Open Sans in two weights, in the program: no face of the machine is used.
//! Characters that the face lacks are drawn as a replacement mark and still read, searched and copied as what they are.

use crate::error::{Error, Result};
use crate::report::words::printable;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider, Tag};
use std::cell::RefCell;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

static REGULAR: &[u8] = include_bytes!("../fonts/OpenSans-Regular.ttf");
static STRONG: &[u8] = include_bytes!("../fonts/OpenSans-Semibold.ttf");

/// The faces of a report.
pub(super) struct Faces {
    regular: Face,
    strong: Face,
}

impl Faces {
    pub(super) fn load() -> Result<Self> {
        Ok(Self {
            regular: Face::load(REGULAR)?,
            strong: Face::load(STRONG)?,
        })
    }

    pub(super) const fn face(&self, is_strong: bool) -> &Face {
        if is_strong {
            &self.strong
        } else {
            &self.regular
        }
    }

    /// How wide a text is, in points.
    pub(super) fn width(&self, text: &str, size: f32, is_strong: bool) -> f32 {
        self.face(is_strong).width(text) * size
    }
}

/// A weight of the face.
pub(super) struct Face {
    font: Font,
    map: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
    pairs: Pairs,
    /// The glyphs of the characters that were looked up, and how far they reach: a report measures every line many times.
    known: RefCell<HashMap<char, Option<(u16, f32)>>>,
}

impl Face {
    fn load(data: &'static [u8]) -> Result<Self> {
        let font =
            Font::new(data.into(), 0).ok_or_else(|| Error::internal("a face of the report"))?;
        let face = FontRef::new(data).map_err(Error::internal)?;
        let table = face.table_data(Tag::new(b"kern"));
        Ok(Self {
            units: font.units_per_em(),
            font,
            map: face.charmap(),
            metrics: face.glyph_metrics(Size::unscaled(), LocationRef::default()),
            pairs: Pairs(table.map_or(&[], |table| table.as_bytes())),
            known: RefCell::default(),
        })
    }

    pub(super) fn font(&self) -> Font {
        self.font.clone()
    }

    /// How wide a text is, in ems.
    fn width(&self, text: &str) -> f32 {
        let mut width = 0.0;
        let mut last = None;
        for (glyph, advance) in text.chars().filter_map(|c| self.glyph(c)) {
            width += advance;
            if let Some(left) = last {
                width += self.kerning(left, glyph);
            }
            last = Some(glyph);
        }
        width
    }

    /// The glyphs of a text that is [`fit`].
    pub(super) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut glyphs: Vec<KrillaGlyph> = Vec::new();
        let mut last = None;
        for (start, c) in text.char_indices() {
            let Some((glyph, advance)) = self.glyph(c) else {
                continue;
            };
            if let (Some(left), Some(before)) = (last, glyphs.last_mut()) {
                before.x_advance += self.kerning(left, glyph);
            }
            last = Some(glyph);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(glyph.into()),
                advance,
                0.0,
                0.0,
                0.0,
                start..start + c.len_utf8(),
                None,
            ));
        }
        glyphs
    }

    /// The glyph of a character and how far it reaches, in ems.
    fn glyph(&self, c: char) -> Option<(u16, f32)> {
        if let Some(known) = self.known.borrow().get(&c) {
            return *known;
        }
        let found = self.look_up(c);
        self.known.borrow_mut().insert(c, found);
        found
    }

    fn look_up(&self, c: char) -> Option<(u16, f32)> {
        let drawn_as = match c {
            '\u{202f}' => '\u{a0}',
            '\u{2011}' => '-',
            c => c,
        };
        let found = self.map.map(drawn_as);
        let found = found.or_else(|| self.map.map(char::REPLACEMENT_CHARACTER))?;
        let advance = self.metrics.advance_width(found).unwrap_or_default();
        let glyph = u16::try_from(found.to_u32()).ok();
        let glyph = glyph.filter(|glyph| *glyph != 0)?;
        Some((glyph, advance / self.units))
    }

    fn kerning(&self, left: u16, right: u16) -> f32 {
        f32::from(self.pairs.kerning(left, right)) / self.units
    }
}

/// The distances between pairs of letters: the `kern` table with its one subtable of format 0, pairs in order. The length
/// that the table gives is too small a number for this face, so the count of pairs is believed.
struct Pairs(&'static [u8]);

impl Pairs {
    const FIRST: usize = 18;
    const PAIR: usize = 6;

    fn word(&self, at: usize) -> Option<u16> {
        let bytes = self.0.get(at..at.checked_add(2)?)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    }

    fn kerning(&self, left: u16, right: u16) -> i16 {
        self.find(left, right).unwrap_or_default()
    }

    fn find(&self, left: u16, right: u16) -> Option<i16> {
        let (mut low, mut high) = (0, usize::from(self.word(10)?));
        while low < high {
            let middle = low.midpoint(high);
            let at = Self::FIRST + middle * Self::PAIR;
            match (self.word(at)?, self.word(at + 2)?).cmp(&(left, right)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(self.word(at + 4)?.cast_signed()),
            }
        }
        None
    }
}

/// A text as it can stand in a report: letters composed, and without what is not seen and may not be written (PDF/UA-1,
/// 7.21.7): controls, marks of direction and of variants, characters of nobody's.
pub(super) fn fit(text: &str) -> String {
    printable(text).nfc().filter(|c| !is_unseen(*c)).collect()
}

const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn letters_have_their_widths_and_pairs_their_distance() {
        let faces = Faces::load().unwrap();
        let width = |text| faces.width(text, 1000.0, false);
        assert!((width("a") - 556.0).abs() < 1.0, "{}", width("a"));
        assert!(width("To") < width("T") + width("o") - 10.0, "kerned");
        assert!(faces.width("Å", 10.0, true) > 6.0);
        for c in "åäöÅÄÖéü–−…·•0123456789 \u{a0}łşđЖ".chars() {
            assert_ne!(faces.regular.map.map(c), None, "{c}");
        }
    }

    #[test]
    fn what_the_face_lacks_is_drawn_as_a_mark_and_stays_what_it_is() {
        let faces = Faces::load().unwrap();
        let text = fit("a\u{0}🏠\u{200b}e\u{301}");
        assert_eq!(text, "a 🏠é");
        let glyphs = faces.regular.glyphs(&text);
        assert_eq!(glyphs.len(), 4);
        assert!(glyphs.iter().all(|glyph| glyph.glyph_id.to_u32() != 0));
        assert!(
            glyphs
                .iter()
                .any(|glyph| text.get(glyph.text_range.clone()) == Some("🏠"))
        );
    }
}
