//! Where on which page does everything stand? Headings, paragraphs, lists and charts one below the other in a column of
//! A4, a new page when one is full, nothing torn from what it belongs to. What they say is decided in `chapters`.

use super::face::{Faces, fit};
use super::tree::{NodeId, PieceId, Tree};
use crate::error::Language;
use crate::report::drawing::{
    Anchor, BLACK, Drawing, FAINT, GREY, Ink, NAVY, Shape, wrapped, wrapped_after,
};
use krilla::tagging::{ListNumbering, Tag};
use std::num::NonZeroU16;

/// A4, in points.
pub(super) const PAGE_WIDTH: f32 = 595.28;
pub(super) const PAGE_HEIGHT: f32 = 841.89;
/// The column of text.
pub(super) const LEFT: f32 = 62.0;
pub(super) const WIDTH: f32 = crate::report::chart::WIDTH;
pub(super) const TOP: f32 = 62.0;
pub(super) const BOTTOM: f32 = PAGE_HEIGHT - 72.0;
/// Text.
pub(super) const SIZE: f32 = 10.0;
pub(super) const LINE: f32 = 15.0;
/// Text beside the matter.
pub(super) const SMALL: f32 = 8.5;
const SMALL_LINE: f32 = 12.0;
/// A paragraph of so many lines is not divided.
const SHORT: usize = 6;

/// A thing on a page. The first is the lowest.
pub(super) enum Mark {
    /// Something seen.
    Shape(Shape, Reading),
    /// A place to jump from.
    Link {
        /// Left, top, right, bottom.
        sides: [f32; 4],
        /// The page among the chapters to jump to, and how far down.
        to: (usize, f32),
        piece: PieceId,
        words: String,
    },
}

/// Whether a mark is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It belongs to a part of the report.
    Aloud(PieceId),
    /// A rule or a background, or a heading said before.
    Ornament,
    /// The head of a page.
    Head,
    /// The foot of a page.
    Foot,
}

/// A page.
pub(super) type Page = Vec<Mark>;

/// A heading, for the contents and the bookmarks.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    pub(super) level: u16,
    pub(super) text: String,
    /// The page among those of its part.
    pub(super) page: usize,
    pub(super) y: f32,
}

/// How a paragraph looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) line: f32,
    pub(super) ink: Ink,
    pub(super) after: f32,
    pub(super) indent: f32,
}

impl Style {
    pub(super) const TEXT: Self = Self {
        size: SIZE,
        line: LINE,
        ink: BLACK,
        after: 7.0,
        indent: 0.0,
    };
    /// Above a table or a chart.
    pub(super) const CAPTION: Self = Self {
        size: 9.5,
        line: 13.5,
        ink: BLACK,
        after: 3.0,
        indent: 0.0,
    };
    pub(super) const SMALL: Self = Self {
        size: SMALL,
        line: SMALL_LINE,
        ink: GREY,
        after: 8.0,
        indent: 0.0,
    };
}

/// Pages in the making.
pub(super) struct Layout<'f> {
    pub(super) faces: &'f Faces,
    pages: Vec<Page>,
    /// How far down the current page is filled.
    pub(super) y: f32,
    pub(super) tree: Tree,
    headings: Vec<Heading>,
}

impl<'f> Layout<'f> {
    pub(super) fn new(faces: &'f Faces) -> Self {
        Self {
            faces,
            pages: Vec::new(),
            y: TOP,
            tree: Tree::default(),
            headings: Vec::new(),
        }
    }

    /// The pages laid out so far; the next begin a part of their own.
    pub(super) fn take_pages(&mut self) -> Vec<Page> {
        self.y = TOP;
        std::mem::take(&mut self.pages)
    }

    pub(super) fn take_headings(&mut self) -> Vec<Heading> {
        std::mem::take(&mut self.headings)
    }

    pub(super) fn into_tree(self) -> Tree {
        self.tree
    }

    pub(super) fn new_page(&mut self) {
        self.pages.push(Page::new());
        self.y = TOP;
    }

    /// A new page unless so much room is left on this one.
    pub(super) fn need(&mut self, height: f32) {
        if self.pages.is_empty() || (self.y + height > BOTTOM && self.y > TOP) {
            self.new_page();
        }
    }

    /// The current page among those of its part.
    pub(super) fn page(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    pub(super) fn mark(&mut self, shape: Shape, reading: Reading) {
        self.push(Mark::Shape(shape, reading));
    }

    pub(super) fn push(&mut self, mark: Mark) {
        if self.pages.is_empty() {
            self.new_page();
        }
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// A line of text at a place. The text must be [`fit`].
    pub(super) fn text(
        &mut self,
        at: (f32, f32),
        style: Style,
        is_strong: bool,
        text: &str,
        reading: Reading,
    ) {
        self.anchored(at, Anchor::Start, style, is_strong, text, reading);
    }

    pub(super) fn anchored(
        &mut self,
        (x, y): (f32, f32),
        anchor: Anchor,
        style: Style,
        is_strong: bool,
        text: &str,
        reading: Reading,
    ) {
        let label = Shape::Label {
            x,
            y,
            size: style.size,
            is_strong,
            anchor,
            ink: style.ink,
            text: text.to_owned(),
        };
        self.mark(label, reading);
    }

    pub(super) fn rule(&mut self, x: f32, width: f32, ink: Ink, thickness: f32) {
        let line = Shape::Line {
            points: vec![(x, self.y), (x + width, self.y)],
            ink,
            width: thickness,
            is_dashed: false,
        };
        self.mark(line, Reading::Ornament);
    }

    /// A heading; a chapter begins a page.
    pub(super) fn heading(&mut self, parent: NodeId, level: u16, text: &str) {
        let text = fit(text);
        let (size, line, before, after) = match level {
            1 => (21.0, 27.0, 0.0, 12.0),
            2 => (14.5, 19.0, 22.0, 5.0),
            _ => (11.0, 15.0, 12.0, 2.0),
        };
        if level == 1 {
            self.new_page();
        }
        let faces = self.faces;
        let lines = wrapped(&text, WIDTH, |line| faces.width(line, size, true));
        // With something of what it heads.
        self.need(before + count(lines.len()) * line + after + 4.0 * LINE);
        if self.y > TOP {
            self.y += before;
        }
        self.headings.push(Heading {
            level,
            text: text.clone(),
            page: self.page(),
            y: self.y,
        });
        let number = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
        let node = self.tree.add(parent, Tag::Hn(number, Some(text)));
        let style = Style {
            size,
            line,
            ink: NAVY,
            after,
            indent: 0.0,
        };
        self.lines(node, style, true, &lines);
        self.y += after;
    }

    /// A paragraph.
    pub(super) fn paragraph(&mut self, parent: NodeId, style: Style, text: &str) {
        let node = self.tree.add(parent, Tag::P);
        self.flow(node, style, "", text);
    }

    /// A paragraph that begins with strong words.
    pub(super) fn led(&mut self, parent: NodeId, style: Style, lead: &str, text: &str) {
        let node = self.tree.add(parent, Tag::P);
        self.flow(node, style, lead, text);
    }

    /// Text in a node of its own: strong words, then others.
    pub(super) fn flow(&mut self, node: NodeId, style: Style, lead: &str, text: &str) {
        let faces = self.faces;
        let (lead, text) = (fit(lead), fit(text));
        let width = WIDTH - style.indent;
        let measure = |line: &str| faces.width(line, style.size, false);
        let whole = self.height(style, &lead, &text) - style.after;
        if whole <= count(SHORT) * style.line + 0.1 {
            self.need(whole);
        }
        let mut taken = 0.0;
        if !lead.is_empty() {
            let lead = format!("{lead} ");
            let lines = wrapped(&lead, width, |line| faces.width(line, style.size, true));
            if let Some((last, before)) = lines.split_last() {
                self.lines(node, style, true, before);
                taken = faces.width(last, style.size, true);
                self.need(style.line);
                let piece = self.tree.piece(node);
                let at = (LEFT + style.indent, self.y + style.line * 0.75);
                self.text(at, style, true, last, Reading::Aloud(piece));
            }
        }
        let lines = wrapped_after(taken, &text, width, measure);
        if let (true, Some((first, rest))) = (taken > 0.0, lines.split_first()) {
            if !first.is_empty() {
                let piece = self.tree.piece(node);
                let at = (LEFT + style.indent + taken, self.y + style.line * 0.75);
                self.text(at, style, false, first, Reading::Aloud(piece));
            }
            self.y += style.line;
            self.lines(node, style, false, rest);
        } else {
            self.lines(node, style, false, &lines);
        }
        self.y += style.after;
    }

    /// Lines one below the other, over as many pages as they take.
    pub(super) fn lines(&mut self, node: NodeId, style: Style, is_strong: bool, lines: &[String]) {
        for line in lines {
            self.need(style.line);
            if !line.trim().is_empty() {
                let piece = self.tree.piece(node);
                let at = (LEFT + style.indent, self.y + style.line * 0.75);
                self.text(at, style, is_strong, line, Reading::Aloud(piece));
            }
            self.y += style.line;
        }
    }

    /// A list with dots.
    pub(super) fn list(&mut self, parent: NodeId, items: &[String]) {
        if items.is_empty() {
            return;
        }
        let list = self.tree.add(parent, Tag::L(ListNumbering::Disc));
        for item in items {
            self.need(LINE);
            let node = self.tree.add(list, Tag::LI);
            let label = self.tree.add(node, Tag::Lbl);
            let piece = self.tree.piece(label);
            let at = (LEFT + 2.0, self.y + LINE * 0.75);
            self.text(at, Style::TEXT, false, "•", Reading::Aloud(piece));
            let body = self.tree.add(node, Tag::LBody);
            let style = Style {
                indent: 14.0,
                after: 4.0,
                ..Style::TEXT
            };
            self.flow(body, style, "", item);
        }
        self.y += 5.0;
    }

    /// A list in which every item has a mark of its own, to be referred to.
    pub(super) fn marked_list(&mut self, parent: NodeId, style: Style, items: &[(String, String)]) {
        let list = self.tree.add(parent, Tag::L(ListNumbering::None));
        let body = Style {
            indent: style.indent + 16.0,
            ..style
        };
        for (mark, text) in items {
            self.need(self.height(body, "", text).min(4.0 * style.line));
            let node = self.tree.add(list, Tag::LI);
            let label = self.tree.add(node, Tag::Lbl);
            let piece = self.tree.piece(label);
            let at = (LEFT + style.indent, self.y + style.line * 0.75);
            self.text(at, style, true, &fit(mark), Reading::Aloud(piece));
            let node = self.tree.add(node, Tag::LBody);
            self.flow(node, body, "", text);
        }
    }

    /// How high a paragraph is that begins with strong words or without.
    pub(super) fn height(&self, style: Style, lead: &str, text: &str) -> f32 {
        let faces = self.faces;
        let text = if lead.is_empty() {
            fit(text)
        } else {
            format!("{} {}", fit(lead), fit(text))
        };
        let width = WIDTH - style.indent;
        let lines = wrapped(&text, width, |line| faces.width(line, style.size, false));
        count(lines.len()) * style.line + style.after
    }

    /// A chart below its title, whole on a page.
    pub(super) fn figure(&mut self, parent: NodeId, title: &str, drawing: &Drawing) {
        let style = Style::CAPTION;
        self.need(drawing.height + 16.0 + self.height(style, title, ""));
        self.led(parent, style, title, "");
        let node = self
            .tree
            .add(parent, Tag::Figure(Some(fit(&drawing.description))));
        let piece = self.tree.piece(node);
        let top = self.y;
        for shape in &drawing.shapes {
            self.mark(moved(shape, LEFT, top), Reading::Aloud(piece));
        }
        let sides = [LEFT, top, LEFT + drawing.width, top + drawing.height];
        self.tree.place(node, self.page(), sides);
        self.y += drawing.height + 12.0;
    }

    /// The head and the foot of every page but the cover: whose report on what, and which page of it.
    pub(super) fn number_pages(
        &self,
        pages: &mut [Page],
        [whose, on_what, which]: [&str; 3],
        language: Language,
    ) {
        let total = pages.len();
        let style = Style::SMALL;
        let page_word = language.pick("Sida", "Page");
        let of = language.pick("av", "of");
        let faces = self.faces;
        // A line of its own width at most; what is longer stands in the title of the file.
        let first = |text: &str, room: f32| {
            let lines = wrapped(&fit(text), room, |line| {
                faces.width(line, style.size, false)
            });
            let first = lines.into_iter().next().unwrap_or_default();
            first.trim_end().to_owned()
        };
        let on_what = first(on_what, WIDTH * 0.6);
        let room = WIDTH - faces.width(&on_what, style.size, false) - 20.0;
        let whose = first(whose, room);
        let which = first(which, WIDTH * 0.6);
        for (index, page) in pages.iter_mut().enumerate().skip(1) {
            let number = format!("{page_word} {} {of} {total}", index + 1);
            let head = (34.0, 42.0, [whose.clone(), on_what.clone()], Reading::Head);
            let foot = (
                PAGE_HEIGHT - 40.0,
                PAGE_HEIGHT - 54.0,
                [which.clone(), number],
                Reading::Foot,
            );
            for (y, rule, [left, right], reading) in [head, foot] {
                let line = Shape::Line {
                    points: vec![(LEFT, rule), (LEFT + WIDTH, rule)],
                    ink: FAINT,
                    width: 0.6,
                    is_dashed: false,
                };
                page.push(Mark::Shape(line, Reading::Ornament));
                for (x, anchor, text) in [
                    (LEFT, Anchor::Start, left),
                    (LEFT + WIDTH, Anchor::End, right),
                ] {
                    let label = Shape::Label {
                        x,
                        y,
                        size: style.size,
                        is_strong: false,
                        anchor,
                        ink: style.ink,
                        text,
                    };
                    page.push(Mark::Shape(label, reading));
                }
            }
        }
    }
}

/// How many, to compute places with.
#[expect(clippy::cast_precision_loss, reason = "lines of a page")]
pub(super) const fn count(number: usize) -> f32 {
    number as f32
}

/// A shape at another place, its words fit for a report.
fn moved(shape: &Shape, dx: f32, dy: f32) -> Shape {
    let mut shape = shape.clone();
    match &mut shape {
        Shape::Bar { x, y, .. } | Shape::Dot { x, y, .. } => {
            *x += dx;
            *y += dy;
        }
        Shape::Line { points, .. } => {
            for (x, y) in points {
                *x += dx;
                *y += dy;
            }
        }
        Shape::Label { x, y, text, .. } => {
            *x += dx;
            *y += dy;
            *text = fit(text);
        }
    }
    shape
}
