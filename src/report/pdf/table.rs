//! How does a table lie on pages? A caption, a head that is repeated on every page, rows that are not torn unless one is
//! higher than a page; every cell tagged with what it is, so that a reader hears the headings of a figure.

use super::face::fit;
use super::layout::{BOTTOM, LEFT, Layout, Reading, Style, TOP, count};
use super::tree::NodeId;
use crate::report::drawing::{Anchor, BLACK, FAINT, GREY, NAVY, wrapped};
use krilla::tagging::{TableHeaderScope, Tag};

const SIZE: f32 = 9.0;
const LINE: f32 = 12.0;
/// Around the text of a cell.
const SIDE: f32 = 4.0;
const ABOVE: f32 = 3.2;
const CAPTION: f32 = 9.5;
const CAPTION_LINE: f32 = 13.5;
/// A note of one line.
const NOTE: f32 = 15.0;
/// How much of a page may stay empty so that a table is not divided.
const LEFT_EMPTY: f32 = 0.38;

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
    pub(super) is_strong: bool,
}

impl Block {
    fn width(&self) -> f32 {
        self.widths.iter().sum()
    }

    /// How high a table of so many rows of one line is, about.
    pub(super) fn likely_height(rows: usize) -> f32 {
        count(rows + 1) * (LINE + 2.0 * ABOVE) + CAPTION_LINE + 8.0
    }
}

type Lines = Vec<Vec<String>>;

impl Layout<'_> {
    /// A table.
    pub(super) fn table(&mut self, parent: NodeId, block: &Block) {
        let node = self.tree.add(parent, Tag::Table);
        let faces = self.faces;
        let caption_style = Style {
            size: CAPTION,
            line: CAPTION_LINE,
            ink: BLACK,
            after: 2.0,
            indent: 0.0,
        };
        let caption = fit(&block.caption);
        let caption = wrapped(&caption, super::layout::WIDTH, |line| {
            faces.width(line, CAPTION, true)
        });
        let head = self.broken(block, &block.head, true);
        let rows: Vec<Lines> = block
            .rows
            .iter()
            .map(|row| self.broken(block, &row.cells, row.is_strong))
            .collect();
        let above = count(caption.len()) * caption_style.line + 8.0 + height(&head);
        let whole: f32 = rows.iter().map(height).sum();
        let note = if block.note.is_empty() { 0.0 } else { NOTE };
        // Whole on a page, unless that would leave much of one empty; then with some rows below its head.
        let some: f32 = rows.iter().take(4).map(height).sum();
        let page = BOTTOM - TOP;
        let may_move = BOTTOM - self.y < page * LEFT_EMPTY && above + whole + note <= page;
        let together = if may_move { whole + note } else { some };
        self.need(above + together.min(page - above));
        let caption_node = self.tree.add(node, Tag::Caption);
        self.lines(caption_node, caption_style, true, &caption);
        self.y += 3.0;
        let head_node = self.tree.add(node, Tag::THead);
        self.head(block, &head, Some(head_node));
        let body = self.tree.add(node, Tag::TBody);
        let last = rows.len().saturating_sub(1);
        for (index, (row, lines)) in block.rows.iter().zip(&rows).enumerate() {
            // No row stands alone on a page, and what the marks mean stands with the last.
            let below = match last - index {
                0 => note,
                1 => rows.get(last).map_or(0.0, height) + note,
                _ => 0.0,
            };
            self.row(block, &head, row, lines, body, below);
        }
        if block.note.is_empty() {
            self.y += 9.0;
        } else {
            self.y += 3.0;
            self.paragraph(parent, Style::SMALL, &block.note);
        }
    }

    /// The cells of a row in lines.
    fn broken(&self, block: &Block, cells: &[String], is_strong: bool) -> Lines {
        let faces = self.faces;
        let in_lines = |(cell, width): (&String, &f32)| {
            // An empty cell would be missing from the row for who hears it.
            let cell = if cell.trim().is_empty() {
                "–".to_owned()
            } else {
                fit(cell)
            };
            wrapped(&cell, width - 2.0 * SIDE, |line| {
                faces.width(line, SIZE, is_strong)
            })
        };
        cells.iter().zip(&block.widths).map(in_lines).collect()
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
                if column < block.labels {
                    self.tree.add(node, Tag::TH(TableHeaderScope::Row))
                } else {
                    self.tree.add(node, Tag::TD)
                }
            })
            .collect();
        let style = Style {
            size: SIZE,
            line: LINE,
            ink: BLACK,
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
                    self.cell_line(
                        x,
                        *width,
                        y,
                        column < block.texts,
                        style,
                        row.is_strong,
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
