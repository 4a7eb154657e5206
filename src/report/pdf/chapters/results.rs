//! How do the results look? Theme by theme what `choice` has chosen: what is counted, the chart, the divisions in one table,
//! and in a sentence what is not shown. Which measures those are is not decided here.

use crate::error::Language;
use crate::report::chart;
use crate::report::pdf::choice::{Group, Side, Theme, chosen, listed};
use crate::report::pdf::face::fit;
use crate::report::pdf::layout::{BOTTOM, Layout, Style, TOP, WIDTH, count};
use crate::report::pdf::shelf::Report;
use crate::report::pdf::table::{Block, BlockRow, RowKind};
use crate::report::pdf::tree::NodeId;
use crate::report::words::{HIDDEN, NOTHING, figure, hidden, nothing};
use crate::statistics::document::{FigureUnit, Table};
use krilla::tagging::Tag;

/// A column of numbers.
const NARROW: f32 = 48.0;
const WIDE: f32 = 88.0;
/// One whose heading has a long word.
const WIDEST: f32 = 114.0;
/// The heading of a theme.
const THEME: f32 = 48.0;
/// The heading of a group.
const GROUP: f32 = 32.0;
/// The headings of rows, at least.
const LABEL: f32 = 120.0;

/// The same beside a column or two.
const FEW: f32 = 270.0;

/// Numbers of charts and tables, through the whole chapter.
#[derive(Default)]
struct Numbers {
    charts: usize,
    tables: usize,
}

pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>, root: NodeId) {
    let node = layout.tree.add(root, Tag::Section);
    layout.heading(node, 1, report.word("Resultat", "Results"));
    layout.paragraph(node, Style::TEXT, &introduction(report));
    let mut numbers = Numbers::default();
    let themes = chosen(report.document, report.language);
    let (shown, bare): (Vec<Theme<'_>>, Vec<Theme<'_>>) = themes
        .into_iter()
        .partition(|theme| !theme.groups.is_empty());
    for theme in &shown {
        let node = layout.tree.add(node, Tag::Section);
        one(layout, report, node, theme, &mut numbers);
    }
    let bare: Vec<(&Theme<'_>, String)> = bare
        .iter()
        .map(|theme| (theme, names(report, theme)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    if bare.is_empty() {
        return;
    }
    let node = layout.tree.add(node, Tag::Section);
    let heading = report.word("Utan diagram och tabell", "Without chart and table");
    layout.heading(node, 2, heading);
    let why = report.word(
        "Av dessa mått är allt eller det mesta dolt för att skydda enskilda, om inte annat sägs. Det som är utgivet står i arbetsboken.",
        "Of these measures all or most is hidden to protect individuals, if nothing else is said. What is published stands in the workbook.",
    );
    layout.paragraph(node, Style::TEXT, why);
    for (theme, text) in bare {
        layout.led(node, Style::SMALL, &format!("{}.", theme.title), &text);
    }
}

fn introduction(report: &Report<'_>) -> String {
    let tables = report.document.tables.len();
    match report.language {
        Language::Swedish => format!(
            "För varje område visas de mått som säger mest: det som jämför flest grupper som diagram, övriga indelningar i en tabell. Utgivningen har {tables} tabeller. Alla finns i arbetsboken (XLSX) och i CSV-filen till samma utgivning, med alla indelningar och med täljare och nämnare. I diagram står antalen bakom en andel inom parentes. Ett mått som är noll står bara bland nyckeltalen."
        ),
        Language::English => format!(
            "For every theme the measures that tell most are shown: what compares most groups as a chart, the other divisions in a table. The release has {tables} tables. All of them are in the workbook (XLSX) and the CSV file of the same release, with every division and with numerators and denominators. In charts the counts behind a share stand in brackets. A measure that is nought stands among the key figures alone."
        ),
    }
}

fn one(
    layout: &mut Layout<'_>,
    report: &Report<'_>,
    node: NodeId,
    theme: &Theme<'_>,
    numbers: &mut Numbers,
) {
    if let Some(first) = theme.groups.first() {
        let (drawing, _) = drawn(layout, report, first, numbers.charts + 1);
        let block = first.table.as_ref().and_then(|side| {
            let blocks = side_by_side(layout, report, first, side, numbers.tables + 1);
            blocks.into_iter().next()
        });
        let definition = report.told(&first.measure.definition);
        let above = THEME + GROUP + layout.height(Style::SMALL, "", definition);
        // The heading of a theme goes with the first thing that it shows.
        match (drawing, block) {
            (Some(drawing), _) => layout.need(above + drawing.height + 30.0),
            (None, Some(block)) if layout.moves(&block, above) => layout.new_page(),
            _ => {}
        }
    }
    layout.heading(node, 2, &theme.title);
    for group in &theme.groups {
        let node = layout.tree.add(node, Tag::Section);
        shown(layout, report, node, group, numbers);
    }
    for text in not_shown(report, theme) {
        layout.paragraph(node, Style::SMALL, &text);
    }
}

/// A chart with its title; nothing where there is none or it is higher than a page.
fn drawn(
    layout: &Layout<'_>,
    report: &Report<'_>,
    group: &Group<'_>,
    number: usize,
) -> (Option<crate::report::drawing::Drawing>, String) {
    let Some(table) = &group.chart else {
        return (None, String::new());
    };
    let faces = layout.faces;
    let measure = |text: &str, size: f32, is_strong| faces.width(&fit(text), size, is_strong);
    let period = report.told(&report.document.period.label);
    let drawing = chart::of_table(table, period, report.language, &measure);
    let unit = table.unit.label();
    let title = format!(
        "{} {number}. {} ({}).{}",
        report.word("Diagram", "Chart"),
        report.told(&table.title),
        report.told(&unit).to_lowercase(),
        sum(report, table)
    );
    let fits = drawing.height < BOTTOM - TOP - 120.0;
    (fits.then_some(drawing), title)
}

fn shown(
    layout: &mut Layout<'_>,
    report: &Report<'_>,
    node: NodeId,
    group: &Group<'_>,
    numbers: &mut Numbers,
) {
    let (drawing, title) = drawn(layout, report, group, numbers.charts + 1);
    let definition = report.told(&group.measure.definition);
    let blocks = group.table.as_ref().map_or_else(Vec::new, |side| {
        side_by_side(layout, report, group, side, numbers.tables + 1)
    });
    let above = GROUP + layout.height(Style::SMALL, "", definition);
    match (&drawing, blocks.first()) {
        (Some(drawing), _) => layout.need(above + drawing.height + 30.0),
        // A heading goes with its table.
        (None, Some(block)) if layout.moves(block, above) => layout.new_page(),
        _ => {}
    }
    layout.heading(node, 3, &group.title);
    layout.paragraph(node, Style::SMALL, definition);
    if let Some(drawing) = drawing {
        numbers.charts += 1;
        layout.figure(node, &title, &drawing);
    } else if let Some(table) = &group.chart {
        // Too many groups to be drawn: where they stand instead.
        let words = report.word(
            "finns i arbetsboken: det har för många grupper för en sida.",
            "is in the workbook: it has too many groups for a page.",
        );
        let text = format!("{} {words}", report.told(&table.title));
        layout.paragraph(node, Style::TEXT, &text);
    }
    numbers.tables += usize::from(!blocks.is_empty());
    for block in &blocks {
        layout.table(node, block);
    }
}

/// The sum that a chart of counts leaves out, for its title.
fn sum(report: &Report<'_>, table: &Table) -> String {
    let mut cells = table.cells.iter();
    let of_all = cells.find(|cell| cell.at.iter().all(Option::is_none));
    let is_drawn = matches!(
        table.unit,
        FigureUnit::Percent | FigureUnit::Days | FigureUnit::Kronor
    );
    match of_all {
        Some(cell) if !is_drawn && cell.value.is_some() => {
            let figure = figure(cell, table.decimals, report.language);
            format!(" {} {figure}.", report.word("Totalt", "Total"))
        }
        _ => String::new(),
    }
}

/// The table of a group, in parts where it is too wide for a page.
fn side_by_side(
    layout: &Layout<'_>,
    report: &Report<'_>,
    group: &Group<'_>,
    side: &Side,
    number: usize,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    let widths = widths(layout, &side.columns);
    let parts = widths.len();
    let mut begun = 0;
    for (index, widths) in widths.iter().enumerate() {
        let shown: Vec<usize> = (begun..begun + widths.len()).collect();
        begun += widths.len();
        let part = match (parts, report.language) {
            (1, _) => String::new(),
            (_, Language::Swedish) => format!(", del {} av {parts}", index + 1),
            (_, Language::English) => format!(", part {} of {parts}", index + 1),
        };
        let headings = shown.iter().filter_map(|at| side.columns.get(*at).cloned());
        let first = report.word("Grupp", "Group").to_owned();
        let label = WIDTH - widths.iter().sum::<f32>();
        // Of one column or two the figures stand near what they are of.
        let label = if side.columns.len() < 3 {
            label.min(FEW)
        } else {
            label
        };
        let rows = rows(side, &shown);
        let note = note(report, side, &rows);
        blocks.push(Block {
            caption: format!(
                "{} {number}{part}. {} {}",
                report.word("Tabell", "Table"),
                group.title,
                side.caption
            ),
            head: std::iter::once(first).chain(headings).collect(),
            widths: std::iter::once(label)
                .chain(widths.iter().copied())
                .collect(),
            labels: 1,
            texts: 1,
            rows,
            note,
        });
    }
    blocks
}

fn rows(side: &Side, shown: &[usize]) -> Vec<BlockRow> {
    let mut rows = Vec::new();
    for part in &side.parts {
        if let Some(heading) = &part.heading {
            rows.push(BlockRow::heading(heading));
        }
        for (place, (label, figures)) in part.rows.iter().enumerate() {
            let figures = shown.iter().filter_map(|at| figures.get(*at).cloned());
            rows.push(BlockRow {
                cells: std::iter::once(label.clone()).chain(figures).collect(),
                kind: match (&part.heading, place) {
                    (Some(_), _) => RowKind::Below,
                    (None, 0) if side.begins_with_sum => RowKind::Strong,
                    (None, _) => RowKind::Plain,
                },
            });
        }
    }
    rows
}

/// What the marks of a table mean, and what it leaves out.
fn note(report: &Report<'_>, side: &Side, rows: &[BlockRow]) -> String {
    let language = report.language;
    let has = |mark: &str| {
        let mut cells = rows.iter().flat_map(|row| row.cells.iter().skip(1));
        cells.any(|cell| cell == mark)
    };
    let mut words = Vec::new();
    if has(HIDDEN) {
        words.push(format!("{HIDDEN} {}.", hidden(language).to_lowercase()));
    }
    if has(NOTHING) {
        words.push(format!("{NOTHING} {}.", nothing(language).to_lowercase()));
    }
    if has("–") {
        words.push(
            report
                .word("– redovisas inte.", "– is not told.")
                .to_owned(),
        );
    }
    if !side.left_out.is_empty() {
        let names: Vec<String> = side.left_out.iter().map(|one| one.to_lowercase()).collect();
        let names = listed(&names, language);
        words.push(match language {
            Language::Swedish => {
                format!("Indelat efter {names} är det mesta dolt; se arbetsboken.")
            }
            Language::English => format!("By {names} most is hidden; see the workbook."),
        });
    }
    if !side.nobody.is_empty() {
        let names = side.nobody.join("; ");
        words.push(format!("{}: {names}.", report.word("Noll i", "Nought in")));
    }
    words.join("  ")
}

/// How wide columns are so that no word of a heading is broken, in parts of as many as stand beside each other.
fn widths(layout: &Layout<'_>, columns: &[String]) -> Vec<Vec<f32>> {
    let least: Vec<f32> = columns
        .iter()
        .map(|heading| {
            let words = heading.split_whitespace();
            words
                .map(|word| layout.faces.width(&fit(word), 9.0, true) + 9.0)
                .fold(NARROW, f32::max)
                .min(WIDEST)
        })
        .collect();
    let room = WIDTH - LABEL;
    let roomy = |part: &[f32]| -> Vec<f32> {
        let even = ((WIDTH - 2.0 * LABEL) / count(part.len())).min(WIDE);
        let even: Vec<f32> = part.iter().map(|width| width.max(even)).collect();
        if even.iter().sum::<f32>() <= room {
            even
        } else {
            part.to_vec()
        }
    };
    // As few parts as there can be, of about the same number of columns.
    for parts in 1..=least.len() {
        let in_parts = least.chunks(least.len().div_ceil(parts));
        if in_parts
            .clone()
            .all(|part| part.iter().sum::<f32>() <= room)
        {
            return in_parts.map(roomy).collect();
        }
    }
    Vec::new()
}

/// What of a theme without chart and table there is.
fn names(report: &Report<'_>, theme: &Theme<'_>) -> String {
    let mut names = theme.hidden.join("; ");
    if !theme.nought.is_empty() {
        let nought = report.word("Noll", "Nought");
        let and = if names.is_empty() { "" } else { ". " };
        names = format!("{names}{and}{nought}: {}", theme.nought.join("; "));
    }
    if names.is_empty() {
        names
    } else {
        format!("{names}.")
    }
}

/// What of a theme is not shown, and why.
fn not_shown(report: &Report<'_>, theme: &Theme<'_>) -> Vec<String> {
    let language = report.language;
    let mut texts = Vec::new();
    if !theme.hidden.is_empty() {
        let names = theme.hidden.join("; ");
        texts.push(match language {
            Language::Swedish => format!(
                "Visas inte här, eftersom allt eller det mesta är dolt för att skydda enskilda: {names}. Det som är utgivet står i arbetsboken."
            ),
            Language::English => format!(
                "Not shown here, since all or most of it is hidden to protect individuals: {names}. What is published stands in the workbook."
            ),
        });
    }
    if !theme.nought.is_empty() {
        let names = theme.nought.join("; ");
        texts.push(match language {
            Language::Swedish => {
                format!("Noll, eller inget att räkna på, under perioden: {names}.")
            }
            Language::English => {
                format!("Nought, or nothing to compute it from, in the period: {names}.")
            }
        });
    }
    texts
}
