//! What is in the report, and on which page? The chapters and their sections, each a way to it.
//! Which there are is decided in `chapters`.

use super::face::fit;
use super::layout::{BOTTOM, Heading, LEFT, Layout, Mark, Reading, Style, TOP, WIDTH};
use super::shelf::Report;
use crate::report::drawing::{Anchor, BLACK, FAINT, NAVY, Shape, wrapped};
use krilla::tagging::Tag;
use std::num::NonZeroU16;

/// The deepest headings that are listed.
const DEEPEST: u16 = 2;

/// The contents, after so many pages of cover. They are one page, always.
pub(super) fn lay(
    layout: &mut Layout<'_>,
    report: &Report<'_>,
    headings: &[Heading],
    cover: usize,
) {
    let listed = listed(layout, headings);
    let root = layout.tree.root_before_last(Tag::Part);
    layout.new_page();
    let title = report.word("Innehåll", "Contents");
    let node = layout
        .tree
        .add(root, Tag::Hn(NonZeroU16::MIN, Some(title.to_owned())));
    let style = Style {
        size: 21.0,
        line: TITLE,
        ink: NAVY,
        after: 0.0,
        indent: 0.0,
    };
    layout.lines(node, style, true, &[title.to_owned()]);
    layout.y += GAP;
    let list = layout.tree.add(root, Tag::TOC);
    for heading in listed {
        let (text, height) = lines(layout, heading);
        layout.need(height);
        let is_chapter = heading.level == 1;
        let style = entry_style(heading);
        if is_chapter {
            layout.y += CHAPTER_GAP;
        }
        let item = layout.tree.add(list, Tag::TOCI);
        let reference = layout.tree.add(item, Tag::Reference);
        let link = layout.tree.add(reference, Tag::Link);
        let number = (cover + PAGES + heading.page + 1).to_string();
        let jump = layout.tree.piece(link);
        let top = layout.y;
        layout.lines(link, style, is_chapter, &text);
        let piece = layout.tree.piece(link);
        let at = (LEFT + WIDTH, layout.y - style.line * 0.25);
        layout.anchored(
            at,
            Anchor::End,
            style,
            is_chapter,
            &number,
            Reading::Aloud(piece),
        );
        leader(layout, style, is_chapter, &text, &number);
        layout.push(Mark::Link {
            sides: [LEFT, top, LEFT + WIDTH, layout.y],
            to: (heading.page, heading.y),
            piece: jump,
            words: format!("{}, {} {number}", heading.text, report.word("sida", "page")),
        });
    }
}

/// How many pages the contents are.
const PAGES: usize = 1;
/// The heading.
const TITLE: f32 = 27.0;
const GAP: f32 = 6.0;
const CHAPTER_GAP: f32 = 7.0;

const fn entry_style(heading: &Heading) -> Style {
    let is_chapter = heading.level == 1;
    Style {
        size: if is_chapter { 11.0 } else { 10.0 },
        line: if is_chapter { 17.0 } else { 16.0 },
        ink: if is_chapter { NAVY } else { BLACK },
        after: 0.0,
        indent: if is_chapter { 0.0 } else { 14.0 },
    }
}

/// The lines of an entry, and how high they are with what stands before them.
fn lines(layout: &Layout<'_>, heading: &Heading) -> (Vec<String>, f32) {
    let style = entry_style(heading);
    let faces = layout.faces;
    let is_chapter = heading.level == 1;
    let width = WIDTH - style.indent - 40.0;
    let text = fit(&heading.text);
    let lines = wrapped(&text, width, |line| {
        faces.width(line, style.size, is_chapter)
    });
    let before = if is_chapter { CHAPTER_GAP } else { 0.0 };
    let height = super::layout::count(lines.len()) * style.line + before;
    (lines, height)
}

/// The headings that have room on the page: chapters with their sections, or the chapters alone where those are too many; a
/// report whose chapters alone are too many lists the first.
fn listed<'h>(layout: &Layout<'_>, headings: &'h [Heading]) -> Vec<&'h Heading> {
    let room = BOTTOM - TOP - TITLE - GAP;
    let height = |listed: &[&Heading]| -> f32 {
        let heights = listed.iter().map(|heading| lines(layout, heading).1);
        heights.sum()
    };
    let mut listed: Vec<&Heading> = headings
        .iter()
        .filter(|heading| heading.level <= DEEPEST)
        .collect();
    while height(&listed) > room {
        // The chapter with most to drop goes first, so that the others keep their sections.
        let mut longest: Option<(usize, usize)> = None;
        let mut chapter = 0;
        for (at, heading) in listed.iter().enumerate() {
            if heading.level == 1 {
                chapter = at;
            } else if longest.is_none_or(|(_, length)| at - chapter > length) {
                longest = Some((chapter, at - chapter));
            }
        }
        match longest {
            Some((chapter, length)) => {
                listed.drain(chapter + 1..=chapter + length);
            }
            None => {
                listed.pop();
            }
        }
    }
    listed
}

/// A line of dots from the words to the number.
fn leader(layout: &mut Layout<'_>, style: Style, is_strong: bool, text: &[String], number: &str) {
    let Some(last) = text.last() else { return };
    let from = LEFT + style.indent + layout.faces.width(last, style.size, is_strong) + 6.0;
    let to = LEFT + WIDTH - layout.faces.width(number, style.size, is_strong) - 6.0;
    if from < to {
        let y = layout.y - style.line * 0.28;
        let dots = Shape::Line {
            points: vec![(from, y), (to, y)],
            ink: FAINT,
            width: 0.8,
            is_dashed: true,
        };
        layout.mark(dots, Reading::Ornament);
    }
}
