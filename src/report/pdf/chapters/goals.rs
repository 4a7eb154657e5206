//! How does it go with each goal? What is measured, the status, the line beside its path (with the values in a table
//! where the chart does not write them all), and the activities with their last follow-up.

use crate::error::Language;
use crate::report::chart;
use crate::report::pdf::face::fit;
use crate::report::pdf::layout::{Layout, Style};
use crate::report::pdf::shelf::Report;
use crate::report::pdf::table::{Block, BlockRow, RowKind};
use crate::report::pdf::tree::NodeId;
use crate::report::words::{day, goal_unit, number};
use crate::statistics::document::{Activity, Goal, YearValue};
use krilla::tagging::Tag;

/// More years than this and those without a value are left out of the table; the chart still shows the gaps.
const ALL_YEARS: i32 = 16;

/// A heading, some lines and the first activity, about.
const WITHOUT: f32 = 170.0;
/// A heading, some lines and a chart, about.
const WITH_CHART: f32 = 330.0;

pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>, root: NodeId) {
    let node = layout.tree.add(root, Tag::Section);
    layout.heading(
        node,
        1,
        report.word("Mål och aktiviteter", "Goals and activities"),
    );
    let intro = report.word(
        "Vägen mot målet är en rät linje från utgångsläget till målåret. Ett år utan värde lämnas tomt i diagrammet: ingen vet vad det var.",
        "The path to the target is a straight line from the baseline to the year of the target. A year without a value is left blank in the chart: nobody knows what it was.",
    );
    let plan = shared_plan(report);
    let intro = match (plan, report.language) {
        (None, _) => intro.to_owned(),
        (Some(plan), Language::Swedish) => format!("Målen står i {plan}. {intro}"),
        (Some(plan), Language::English) => format!("The goals stand in {plan}. {intro}"),
    };
    layout.paragraph(node, Style::TEXT, &intro);
    for goal in &report.document.goals {
        let node = layout.tree.add(node, Tag::Section);
        if !goal.series.is_empty() {
            // What is said of it with its chart.
            layout.need(WITH_CHART);
        } else if !goal.activities.is_empty() {
            layout.need(WITHOUT);
        }
        layout.heading(node, 2, &goal.title);
        one(layout, report, node, goal);
    }
}

/// The plan that all goals stand in, if there is but one.
fn shared_plan<'r>(report: &Report<'r>) -> Option<&'r str> {
    let mut plans = report
        .document
        .goals
        .iter()
        .map(|goal| goal.plan.as_deref());
    let first = plans.next()??;
    plans.all(|plan| plan == Some(first)).then_some(first)
}

fn one(layout: &mut Layout<'_>, report: &Report<'_>, node: NodeId, goal: &Goal) {
    let language = report.language;
    let close = Style {
        after: 1.0,
        ..Style::TEXT
    };
    let (status, words) = (short_status(goal, language), report.told(&goal.status));
    let words = words.trim_end_matches('.');
    // Words that begin with the status say it themselves.
    let (lead, words) = if words.starts_with(status) {
        (words, String::new())
    } else if goal.status_code == "no_data" {
        (status, String::new())
    } else {
        (status, format!("{words}."))
    };
    layout.led(node, close, &format!("{lead}."), &words);
    let unit = goal_unit(&goal.unit, language);
    let indicator = format!("{} ({unit}).", goal.indicator);
    layout.led(
        node,
        close,
        report.word("Mäts med:", "Measured by:"),
        &indicator,
    );
    let target = value_in_words(goal, &goal.target, language);
    let owner = goal.owner.as_deref();
    let owner = owner.unwrap_or_else(|| report.word("ingen utsedd", "nobody appointed"));
    let owner_word = report.word("Ansvarig", "Owner");
    let plan = match &goal.plan {
        Some(plan) if shared_plan(report).is_none() => {
            format!(" {}: {plan}.", report.word("Plan", "Plan"))
        }
        _ => String::new(),
    };
    let about = format!("{target}. {owner_word}: {owner}.{plan}");
    layout.led(node, Style::TEXT, report.word("Ska nå:", "Target:"), &about);
    if !goal.series.is_empty() {
        let faces = layout.faces;
        let measure = |text: &str, size: f32, is_strong| faces.width(&fit(text), size, is_strong);
        let drawing = chart::of_goal(goal, language, &measure);
        let title = report.word("Utfall och väg mot målet", "Outcome and path to the target");
        layout.figure(node, &format!("{title} ({unit})"), &drawing);
        if !chart::writes_all(goal) {
            layout.table(node, &values(report, goal));
        }
    }
    if !goal.activities.is_empty() {
        layout.heading(node, 3, report.word("Aktiviteter", "Activities"));
        for told in &goal.activities {
            activity(layout, report, node, told);
        }
    }
}

fn values(report: &Report<'_>, goal: &Goal) -> Block {
    let language = report.language;
    let start = goal.baseline.or_else(|| goal.series.first().copied());
    let known = || goal.series.iter().chain(&start).chain([&goal.target]);
    let first = known().map(|at| at.year).min().unwrap_or(goal.target.year);
    let last = known().map(|at| at.year).max().unwrap_or(goal.target.year);
    let years = (first..=last)
        .filter(|year| last - first < ALL_YEARS || known().any(|at| at.year == *year));
    let written = |value| number(value, goal.decimals, language);
    let latest = goal.series.last().map_or(i32::MIN, |at| at.year);
    let rows = years
        .map(|year| {
            let value = goal.series.iter().find(|at| at.year == year);
            let value = match value {
                Some(at) => written(at.value),
                None if year < latest => language.pick("saknas", "missing").to_owned(),
                None => "–".to_owned(),
            };
            let path = start.and_then(|start| path_value(start, goal.target, year));
            let cells = vec![
                year.to_string(),
                value,
                path.map_or_else(|| "–".to_owned(), written),
            ];
            let kind = if year == goal.target.year {
                RowKind::Strong
            } else {
                RowKind::Plain
            };
            BlockRow { cells, kind }
        })
        .collect();
    let head = [
        report.word("År", "Year").to_owned(),
        format!(
            "{} ({})",
            report.word("Utfall", "Outcome"),
            goal_unit(&goal.unit, language)
        ),
        report
            .word("Väg mot målet", "Path to the target")
            .to_owned(),
    ];
    Block {
        caption: report
            .word("Värden år för år", "Values year by year")
            .to_owned(),
        head: head.to_vec(),
        widths: vec![70.0, 110.0, 110.0],
        labels: 1,
        texts: 1,
        rows,
        note: String::new(),
    }
}

/// Where the straight path is in a year, rounded to the nearest; nothing outside of it.
fn path_value(start: YearValue, target: YearValue, year: i32) -> Option<i64> {
    let years = i64::from(target.year - start.year);
    if years <= 0 || !(start.year..=target.year).contains(&year) {
        return (year == target.year).then_some(target.value);
    }
    let way = (target.value - start.value).checked_mul(i64::from(year - start.year))?;
    let doubled = way.checked_mul(2)?.checked_add(years)?;
    Some(start.value + doubled.div_euclid(2 * years))
}

fn activity(layout: &mut Layout<'_>, report: &Report<'_>, node: NodeId, activity: &Activity) {
    // The title with what is said first.
    layout.need(4.0 * Style::TEXT.line);
    let close = Style {
        after: 1.0,
        ..Style::TEXT
    };
    let status = report.told(&activity.status);
    layout.led(node, close, &activity.title, "");
    let followed = activity.followed_up_on.map_or_else(
        || report.word("Inte uppföljd.", "Not followed up.").to_owned(),
        |on| {
            let on = day(on, report.language);
            format!("{} {on}.", report.word("Uppföljd", "Followed up"))
        },
    );
    let about = format!("{status}. {}. {followed}", activity.responsible);
    layout.paragraph(
        node,
        Style {
            after: 2.0,
            ..Style::SMALL
        },
        &about,
    );
    for (lead, text) in [
        (report.word("Prognos:", "Forecast:"), &activity.forecast),
        (report.word("Åtgärd:", "Remedy:"), &activity.remedy),
    ] {
        if let Some(text) = text {
            layout.led(node, close, lead, text);
        }
    }
    layout.y += 8.0;
}

/// A status in two words.
pub(super) fn short_status(goal: &Goal, language: Language) -> &str {
    match goal.status_code.as_str() {
        "ahead" => language.pick("Före vägen", "Ahead of the path"),
        "on_path" => language.pick("På vägen", "On the path"),
        "behind" => language.pick("Efter vägen", "Behind the path"),
        "reached" => language.pick("Uppnått", "Reached"),
        "missed" => language.pick("Inte uppnått", "Not reached"),
        "no_data" => language.pick("Värden saknas", "No values"),
        // A status that came after this program: its own words.
        _ => goal.status.in_language(language),
    }
}

/// A value with its unit and year.
pub(super) fn value_in_words(goal: &Goal, at: &YearValue, language: Language) -> String {
    let value = number(at.value, goal.decimals, language);
    format!("{value} {} ({})", goal_unit(&goal.unit, language), at.year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_straight() {
        let at = |year, value| YearValue { year, value };
        let path = |year| path_value(at(2022, 480), at(2028, 900), year);
        assert_eq!(path(2022), Some(480));
        assert_eq!(path(2025), Some(690));
        assert_eq!(path(2028), Some(900));
        assert_eq!(path(2029), None);
        let falling = |year| path_value(at(2019, 92), at(2027, 60), year);
        assert_eq!(falling(2020), Some(88));
        assert_eq!(falling(2021), Some(84));
        assert_eq!(path_value(at(2027, 1), at(2027, 9), 2027), Some(9));
    }
}
