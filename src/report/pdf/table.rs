//! How does a table lie on pages? A caption, a head that is repeated on every page, rows that are not torn unless one is
//! higher than a page; every cell tagged with what it is, so that a reader hears the headings of a figure.

use super::face::fit;
use super::layout::{BOTTOM, LEFT, Layout, Reading, Style, TOP, count};
use super::tree::NodeId;
use crate::report::drawing::{Anchor, BLACK, FAINT, GREY, NAVY, wrapped};
use krilla::tagging::{TableHeaderScope, Tag};
use std::num::NonZeroU32;

const SIZE: f32 = 9.0;
const LINE: f32 = 12.0;
/// Around the text of a cell.
const SIDE: f32 = 4.0;
const ABOVE: f32 = 1.8;
/// What stands below a heading within a table.
const INDENT: f32 = 9.0;
/// How much of a page may stay empty so that a long table is not divided.
const LEFT_EMPTY: f32 = 0.25;
/// How much of a page a table takes that is never divided.
const SHORT: f32 = 0.4;

/// A table to be laid out.
pub(super) struct Block {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) widths: Vec<f32>,
    /// How many columns, from the left, are headings of their rows.
    pub(super) labels: usize,
    /// How many columns, from the left, hold texts; the rest hold numbers.
    pub(super) texts: usize,
    pub(super) rows: Vec<BlockRow>,
    /// What its marks mean, below it; nothing where it has none.
    pub(super) note: String,
}

/// A row of a table.
pub(super) struct BlockRow {
    pub(super) cells: Vec<String>,
    pub(super) kind: RowKind,
}

/// What a row is among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    Plain,
    /// A sum.
    Strong,
    /// A heading of those below it: one cell, as wide as the table.
    Heading,
    /// Below a heading.
    Below,
}

impl BlockRow {
    pub(super) const fn plain(cells: Vec<String>) -> Self {
        Self {
            cells,
            kind: RowKind::Plain,
        }
    }

    pub(super) fn heading(text: &str) -> Self {
        Self {
            cells: vec![text.to_owned()],
            kind: RowKind::Heading,
        }
    }

    const fn is_strong(&self) -> bool {
        matches!(self.kind, RowKind::Strong | RowKind::Heading)
    }

    /// How far its first cell is set in.
    const fn indent(&self) -> f32 {
        if matches!(self.kind, RowKind::Below) {
            INDENT
        } else {
            0.0
        }
    }
}

impl Block {
    fn width(&self) -> f32 {
        self.widths.iter().sum()
    }
}

type Lines = Vec<Vec<String>>;

/// A table in lines.
struct Set {
    caption: Vec<String>,
    head: Lines,
    rows: Vec<Lines>,
    /// How high what stands below it is.
    note: f32,
}

impl Layout<'_> {
    /// A table.
    pub(super) fn table(&mut self, parent: NodeId, block: &Block) {
        let set = self.set(block);
        if self.moves_set(&set, 0.0) {
            self.new_page();
        }
        let Set {
            caption,
            head,
            rows,
            note,
        } = set;
        let node = self.tree.add(parent, Tag::Table);
        let caption_node = self.tree.add(node, Tag::Caption);
        self.lines(caption_node, Style::CAPTION, true, &caption);
        self.y += 3.0;
        let head_node = self.tree.add(node, Tag::THead);
        self.head(block, &head, Some(head_node));
        // Every heading begins a group of rows.
        let mut body = None;
        let last = rows.len().saturating_sub(1);
        for (index, (row, lines)) in block.rows.iter().zip(&rows).enumerate() {
            // No row stands alone on a page, and what the marks mean stands with the last.
            let next = |number: usize| -> f32 {
                rows.iter().skip(index + 1).take(number).map(height).sum()
            };
            let below = match last - index {
                0 => note,
                1 => next(1) + note,
                // Nor does a heading stand without two of its rows.
                _ if row.kind == RowKind::Heading => next(2),
                _ => 0.0,
            };
            let own = match body {
                Some(own) if row.kind != RowKind::Heading => own,
                _ => self.tree.add(node, Tag::TBody),
            };
            body = Some(own);
            self.row(block, &head, row, lines, own, below);
        }
        if block.note.is_empty() {
            self.y += 9.0;
        } else {
            self.y += 3.0;
            self.paragraph(parent, Style::SMALL, &block.note);
        }
    }

    /// A table in lines.
    fn set(&self, block: &Block) -> Set {
        let faces = self.faces;
        let caption = fit(&block.caption);
        let caption = wrapped(&caption, super::layout::WIDTH, |line| {
            faces.width(line, Style::CAPTION.size, true)
        });
        let head = self.broken(&block.widths, &block.head, true, 0.0);
        let all = [block.width()];
        let rows = block.rows.iter().map(|row| {
            let widths = if row.kind == RowKind::Heading {
                &all[..]
            } else {
                &block.widths
            };
            self.broken(widths, &row.cells, row.is_strong(), row.indent())
        });
        let note = if block.note.is_empty() {
            0.0
        } else {
            3.0 + self.height(Style::SMALL, "", &block.note)
        };
        Set {
            caption,
            head,
            rows: rows.collect(),
            note,
        }
    }

    /// Whether a table would begin on a new page with so much above it on this one.
    pub(super) fn moves(&self, block: &Block, above: f32) -> bool {
        self.moves_set(&self.set(block), above)
    }

    /// Whole on a page, unless it is long and that would leave much of one empty; then with some rows below its head.
    fn moves_set(&self, set: &Set, before: f32) -> bool {
        let above = count(set.caption.len()) * Style::CAPTION.line + 8.0 + height(&set.head);
        let whole: f32 = set.rows.iter().map(height).sum();
        let some: f32 = set.rows.iter().take(4).map(height).sum();
        let page = BOTTOM - TOP;
        let y = self.y + before;
        let height = above + whole + set.note;
        let is_short = height < page * SHORT || BOTTOM - y < page * LEFT_EMPTY;
        let may_move = is_short && height <= page;
        let together = if may_move { whole + set.note } else { some };
        y + above + together.min(page - above) > BOTTOM && self.y > TOP
    }

    /// The cells of a row in lines.
    fn broken(&self, widths: &[f32], cells: &[String], is_strong: bool, indent: f32) -> Lines {
        let faces = self.faces;
        let in_lines = |(column, (cell, width)): (usize, (&String, &f32))| {
            let indent = if column == 0 { indent } else { 0.0 };
            // An empty cell would be missing from the row for who hears it.
            let cell = if cell.trim().is_empty() {
                "–".to_owned()
            } else {
                fit(cell)
            };
            wrapped(&cell, width - 2.0 * SIDE - indent, |line| {
                faces.width(line, SIZE, is_strong)
            })
        };
        cells.iter().zip(widths).enumerate().map(in_lines).collect()
    }

    /// The head, tagged where it stands first and an ornament where it is repeated.
    fn head(&mut self, block: &Block, lines: &Lines, node: Option<NodeId>) {
        let style = Style {
            size: SIZE,
            line: LINE,
            ink: NAVY,
            after: 0.0,
            indent: 0.0,
        };
        let tallest = lines.iter().map(Vec::len).max().unwrap_or(1);
        let row = node.map(|node| self.tree.add(node, Tag::TR));
        let mut x = LEFT;
        for (column, (cell, width)) in lines.iter().zip(&block.widths).enumerate() {
            let cell_node = row.map(|row| self.tree.add(row, Tag::TH(TableHeaderScope::Column)));
            // Headings stand on the rule.
            let lift = count(tallest - cell.len().min(tallest)) * LINE;
            for (at, line) in cell.iter().enumerate() {
                let reading = cell_node.map_or(Reading::Ornament, |node| {
                    Reading::Aloud(self.tree.piece(node))
                });
                let y = self.y + ABOVE + lift + count(at) * LINE + LINE * 0.75;
                self.cell_line(
                    x,
                    *width,
                    y,
                    column < block.texts,
                    style,
                    true,
                    line,
                    reading,
                );
            }
            x += width;
        }
        self.y += count(tallest) * LINE + 2.0 * ABOVE;
        self.rule(LEFT, block.width(), NAVY, 1.2);
    }

    #[expect(clippy::too_many_arguments, reason = "all that a line of a cell is")]
    fn cell_line(
        &mut self,
        x: f32,
        width: f32,
        y: f32,
        is_left: bool,
        style: Style,
        is_strong: bool,
        line: &str,
        reading: Reading,
    ) {
        if is_left {
            self.text((x + SIDE, y), style, is_strong, line, reading);
        } else {
            let at = (x + width - SIDE, y);
            self.anchored(at, Anchor::End, style, is_strong, line.trim_end(), reading);
        }
    }

    fn row(
        &mut self,
        block: &Block,
        head: &Lines,
        row: &BlockRow,
        lines: &Lines,
        body: NodeId,
        below: f32,
    ) {
        let node = self.tree.add(body, Tag::TR);
        let cells: Vec<NodeId> = (0..lines.len())
            .map(|column| {
                if row.kind == RowKind::Heading {
                    let columns = u32::try_from(block.widths.len()).ok();
                    let heading = Tag::TH(TableHeaderScope::Column);
                    let span = columns.and_then(NonZeroU32::new);
                    self.tree.add(node, heading.with_col_span(span))
                } else if column < block.labels {
                    self.tree.add(node, Tag::TH(TableHeaderScope::Row))
                } else {
                    self.tree.add(node, Tag::TD)
                }
            })
            .collect();
        let style = Style {
            size: SIZE,
            line: LINE,
            ink: if row.kind == RowKind::Heading {
                NAVY
            } else {
                BLACK
            },
            after: 0.0,
            indent: 0.0,
        };
        let tallest = lines.iter().map(Vec::len).max().unwrap_or(1);
        let mut done = 0;
        let page = BOTTOM - TOP - height(head);
        if self.y + height(lines) + below > BOTTOM && height(lines) + below <= page {
            self.new_page();
            self.head(block, head, None);
        }
        while done < tallest {
            let mut room = self.room();
            if room == 0 {
                self.new_page();
                self.head(block, head, None);
                room = self.room().max(1);
            }
            let shown = room.min(tallest - done);
            let mut x = LEFT;
            for (column, ((cell, width), node)) in
                lines.iter().zip(&block.widths).zip(&cells).enumerate()
            {
                for (at, line) in cell.iter().skip(done).take(shown).enumerate() {
                    let piece = self.tree.piece(*node);
                    let y = self.y + ABOVE + count(at) * LINE + LINE * 0.75;
                    let style = if line == ".." || line == "." {
                        Style { ink: GREY, ..style }
                    } else {
                        style
                    };
                    let indent = if column == 0 { row.indent() } else { 0.0 };
                    self.cell_line(
                        x + indent,
                        *width - indent,
                        y,
                        column < block.texts,
                        style,
                        row.is_strong(),
                        line,
                        Reading::Aloud(piece),
                    );
                }
                x += width;
            }
            done += shown;
            self.y += count(shown) * LINE + 2.0 * ABOVE;
        }
        self.rule(LEFT, block.width(), FAINT, 0.6);
    }

    /// How many lines of a row have room on the page.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a page has few lines"
    )]
    fn room(&self) -> usize {
        ((BOTTOM - self.y - 2.0 * ABOVE) / LINE).max(0.0) as usize
    }
}

fn height(lines: &Lines) -> f32 {
    count(lines.iter().map(Vec::len).max().unwrap_or(1)) * LINE + 2.0 * ABOVE
}
