//! What should whoever reads one page know? What the report covers, how it stands with the goals, and the figure of each
//! measure for all.

use super::goals::{short_status, value_in_words};
use crate::error::Language;
use crate::report::pdf::choice::chosen;
use crate::report::pdf::layout::{Layout, Style};
use crate::report::pdf::shelf::Report;
use crate::report::pdf::table::{Block, BlockRow, RowKind};
use crate::report::pdf::tree::NodeId;
use crate::report::words::{NOTHING, day, figure, nothing, number};
use krilla::tagging::Tag;

pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>, root: NodeId) {
    let node = layout.tree.add(root, Tag::Section);
    layout.heading(node, 1, report.word("Sammanfattning", "Summary"));
    layout.paragraph(node, Style::TEXT, &covered(report));
    goals(layout, report, node);
    key_figures(layout, report, node);
}

/// The figure of every measure for all, theme by theme; of those that are hidden how many they are.
fn key_figures(layout: &mut Layout<'_>, report: &Report<'_>, node: NodeId) {
    let mut rows = Vec::new();
    let mut hidden = 0_usize;
    for theme in chosen(report.document, report.language) {
        let mut own = Vec::new();
        for (measure, found) in &theme.key_figures {
            let Some((table, cell)) = found else {
                hidden += 1;
                continue;
            };
            let unit = table.unit.label();
            own.push(BlockRow {
                cells: vec![
                    report.told(&measure.title).to_owned(),
                    report.told(&unit).to_lowercase(),
                    figure(cell, table.decimals, report.language),
                ],
                kind: RowKind::Below,
            });
        }
        if !own.is_empty() {
            rows.push(BlockRow::heading(&theme.title));
            rows.extend(own);
        }
    }
    if rows.is_empty() && hidden == 0 {
        let none = report.word(
            "Utgivningen innehåller inga tabeller.",
            "The release holds no tables.",
        );
        layout.paragraph(node, Style::TEXT, none);
        return;
    }
    layout.heading(node, 2, report.word("Nyckeltal", "Key figures"));
    if !rows.is_empty() {
        let has_nothing = rows
            .iter()
            .any(|row| row.cells.last().is_some_and(|cell| cell == NOTHING));
        let note = if has_nothing {
            format!("{NOTHING} {}.", nothing(report.language).to_lowercase())
        } else {
            String::new()
        };
        let block = Block {
            caption: report
                .word(
                    "Mått för hela kommunen",
                    "Measures for the whole municipality",
                )
                .to_owned(),
            head: [
                report.word("Mått", "Measure"),
                report.word("Enhet", "Unit"),
                report.word("Värde", "Value"),
            ]
            .map(str::to_owned)
            .to_vec(),
            widths: vec![306.0, 89.0, 76.0],
            labels: 1,
            texts: 2,
            rows,
            note,
        };
        layout.table(node, &block);
    }
    if hidden > 0 {
        let text = match report.language {
            Language::Swedish => format!(
                "{hidden} mått är dolda för hela kommunen, för att skydda enskilda, och står inte bland nyckeltalen. De som inte heller visas för någon grupp nämns under sitt område i kapitlet Resultat."
            ),
            Language::English => format!(
                "{hidden} measures are hidden for the whole municipality, to protect individuals, and are not among the key figures. Those that are not shown for any group either are named under their theme in the chapter Results."
            ),
        };
        layout.paragraph(node, Style::SMALL, &text);
    }
}

fn covered(report: &Report<'_>) -> String {
    let document = report.document;
    let language = report.language;
    let period = &document.period;
    let label = report.told(&period.label);
    let days = format!(
        "{}–{}",
        day(period.first_day, language),
        day(period.last_day, language)
    );
    let (measures, tables) = (document.measures.len(), document.tables.len());
    let (hidden, cells) = (document.hidden.hidden, document.hidden.cells);
    let share = i64::try_from(hidden.saturating_mul(1000).checked_div(cells).unwrap_or(0));
    let share = number(share.unwrap_or_default(), 1, language);
    match language {
        Language::Swedish => format!(
            "Rapporten gäller {label} ({days}) och hela kommunen. Den visar det viktigaste av utgivningen, som har {measures} mått i {tables} tabeller; allt finns i arbetsboken (XLSX) och i CSV-filen. \
             Av tabellernas {cells} uppgifter är {hidden} ({share} procent) dolda för att skydda enskilda; de visas som \"..\"."
        ),
        Language::English => format!(
            "The report covers {label} ({days}) and the whole municipality. It shows what matters most of the release, which has {measures} measures in {tables} tables; all of it is in the workbook (XLSX) and the CSV file. \
             Of the {cells} figures of the tables {hidden} ({share} per cent) are hidden to protect individuals; they are shown as \"..\"."
        ),
    }
}

fn goals(layout: &mut Layout<'_>, report: &Report<'_>, node: NodeId) {
    layout.heading(
        node,
        2,
        report.word("Målen i korthet", "The goals in brief"),
    );
    let goals = &report.document.goals;
    if goals.is_empty() {
        let none = report.word(
            "Inga mål har lagts in, så rapporten följer inga.",
            "No goals have been entered, so the report follows none.",
        );
        layout.paragraph(node, Style::TEXT, none);
        return;
    }
    layout.paragraph(node, Style::TEXT, &standing(report));
    let rows = goals
        .iter()
        .map(|goal| {
            let latest = goal.series.last().map_or_else(
                || report.word("saknas", "missing").to_owned(),
                |at| value_in_words(goal, at, report.language),
            );
            let cells = vec![
                goal.title.clone(),
                latest,
                value_in_words(goal, &goal.target, report.language),
                short_status(goal, report.language).to_owned(),
            ];
            BlockRow::plain(cells)
        })
        .collect();
    let head = [
        report.word("Mål", "Goal"),
        report.word("Senast känt", "Last known"),
        report.word("Ska nå", "Target"),
        report.word("Läge", "Status"),
    ];
    let block = Block {
        caption: report
            .word("Målen och hur det går", "The goals and how they stand")
            .to_owned(),
        head: head.map(str::to_owned).to_vec(),
        widths: vec![163.0, 116.0, 116.0, 76.0],
        labels: 1,
        texts: 4,
        rows,
        note: String::new(),
    };
    layout.table(node, &block);
}

/// How many goals stand how, in a sentence.
fn standing(report: &Report<'_>) -> String {
    let goals = &report.document.goals;
    let mut standing: Vec<(&str, usize)> = Vec::new();
    for goal in goals {
        let status = short_status(goal, report.language);
        match standing.iter_mut().find(|(known, _)| *known == status) {
            Some((_, number)) => *number += 1,
            None => standing.push((status, 1)),
        }
    }
    let parts: Vec<String> = standing
        .iter()
        .map(|(status, number)| format!("{number} {}", status.to_lowercase()))
        .collect();
    let number = goals.len();
    match report.language {
        Language::Swedish => format!("Rapporten följer {number} mål: {}.", parts.join(", ")),
        Language::English => format!("The report follows {number} goals: {}.", parts.join(", ")),
    }
}
