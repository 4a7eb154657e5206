//! Which picture shows a table or a goal? Bars for tables, a line for goals, all as wide as the text of a report.
//! How shapes are drawn stands in `svg` and `pdf`.

mod bars;
mod line;
#[cfg(test)]
mod tests;

use super::drawing::Drawing;
use crate::error::Language;
use crate::statistics::document::ReleaseDocument;
pub(super) use bars::of_table;
pub(super) use line::of_goal;
#[cfg(feature = "report")]
pub(super) use line::writes_all;

/// How wide every chart is, in points: the text column of a page of A4.
pub(super) const WIDTH: f32 = 471.0;
/// Letters.
const SIZE: f32 = 9.0;
const LINE: f32 = 11.5;

/// What measures a text of a size, strong or not.
pub(super) type Measure<'m> = &'m dyn Fn(&str, f32, bool) -> f32;

/// The names under which a release has charts: its tables, and `goal-1` and so on.
pub fn chart_names(document: &ReleaseDocument) -> Vec<String> {
    let tables = document.tables.iter().map(|table| table.name.clone());
    let goals = (1..=document.goals.len()).map(|number| format!("goal-{number}"));
    tables.chain(goals).collect()
}

/// The chart of a name; nothing where the release has none of it.
pub(super) fn drawing(
    document: &ReleaseDocument,
    name: &str,
    language: Language,
    measure: Measure<'_>,
) -> Option<Drawing> {
    if let Some(table) = document.tables.iter().find(|table| table.name == name) {
        let period = document.period.label.in_language(language);
        return Some(of_table(table, period, language, measure));
    }
    let place: usize = name.strip_prefix("goal-")?.parse().ok()?;
    let goal = document.goals.get(place.checked_sub(1)?)?;
    Some(of_goal(goal, language, measure))
}

#[expect(clippy::cast_precision_loss, reason = "a picture is coarser than f32")]
const fn as_f32(value: i64) -> f32 {
    value as f32
}
