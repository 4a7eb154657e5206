//! What does a chart say to whoever cannot see it? All its figures in one text, hidden ones as hidden.
//! How it is drawn stands in `chart`.

use super::words::{HIDDEN, figure, goal_unit, hidden, number, total};
use crate::error::Language;
use crate::statistics::document::{Goal, Table, YearValue};

/// A table in words: what it shows, and every figure with its groups.
pub(super) fn of_table(table: &Table, period: &str, language: Language) -> String {
    let title = table.title.in_language(language);
    let unit = table.unit.label();
    let unit = unit.in_language(language).to_lowercase();
    let figures: Vec<String> = table
        .cells
        .iter()
        .map(|cell| {
            let places: Vec<&str> = table
                .axes
                .iter()
                .zip(&cell.at)
                .map(|(axis, place)| {
                    let found = axis
                        .categories
                        .iter()
                        .find(|category| Some(&category.code) == place.as_ref());
                    found.map_or(total(language), |category| {
                        category.label.in_language(language)
                    })
                })
                .collect();
            let place = match places.as_slice() {
                [] => total(language).to_owned(),
                places if places.iter().all(|place| *place == total(language)) => {
                    total(language).to_owned()
                }
                places => places.join(", "),
            };
            let figure = match figure(cell, table.decimals, language) {
                mark if mark == HIDDEN => hidden(language).to_lowercase(),
                _ if cell.value.is_none() => language.pick("inget värde", "no value").to_owned(),
                figure => figure,
            };
            match (cell.value, cell.numerator, cell.denominator) {
                (Some(_), Some(part), Some(of)) if !cell.is_hidden => {
                    let word = language.pick("av", "of");
                    let (part, of) = (number(part, 0, language), number(of, 0, language));
                    format!("{place}: {figure} ({part} {word} {of})")
                }
                _ => format!("{place}: {figure}"),
            }
        })
        .collect();
    let kind = language.pick("Stapeldiagram", "Bar chart");
    format!(
        "{kind}. {title}, {period} ({unit}). {}.",
        figures.join("; ")
    )
}

/// A goal in words: the values, the path and the status.
pub(super) fn of_goal(goal: &Goal, language: Language) -> String {
    let value =
        |at: &YearValue| format!("{}: {}", at.year, number(at.value, goal.decimals, language));
    let series: Vec<String> = goal.series.iter().map(value).collect();
    let mut text = format!(
        "{}. {} ({}). ",
        language.pick("Linjediagram", "Line chart"),
        goal.indicator,
        goal_unit(&goal.unit, language)
    );
    if series.is_empty() {
        text.push_str(language.pick("Inga värden. ", "No values. "));
    } else {
        text.push_str(language.pick("Utfall ", "Outcome "));
        text.push_str(&series.join("; "));
        text.push_str(". ");
    }
    if let Some(baseline) = &goal.baseline {
        text.push_str(language.pick("Utgångsläge ", "Baseline "));
        text.push_str(&value(baseline));
        text.push_str(". ");
    }
    text.push_str(language.pick("Mål ", "Target "));
    text.push_str(&value(&goal.target));
    text.push_str(". ");
    text.push_str(goal.status.in_language(language));
    text.trim_end().to_owned()
}
