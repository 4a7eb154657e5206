//! What exactly is counted? Every measure as the catalogue had it when the release was made, and how people are divided.
//! The figures stand in `figures`.

use crate::report::pdf::layout::{Layout, Style};
use crate::report::pdf::shelf::Report;
use crate::report::pdf::tree::NodeId;
use crate::statistics::document::{Category, MeasureDefinition, Words};
use krilla::tagging::Tag;

pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>, root: NodeId) {
    let document = report.document;
    if document.measures.is_empty() && document.divisions.is_empty() {
        return;
    }
    let node = layout.tree.add(root, Tag::Section);
    layout.heading(node, 1, report.word("Definitioner", "Definitions"));
    for measure in &document.measures {
        let node = layout.tree.add(node, Tag::Section);
        let parts = parts(report, measure);
        let whole = parts
            .iter()
            .map(|(style, lead, text)| layout.height(*style, lead, text));
        // A definition is short: whole on a page.
        let whole: f32 = whole.sum();
        layout.need(whole + 2.0 * HEADING);
        layout.heading(node, 2, report.told(&measure.title));
        for (style, lead, text) in parts {
            layout.led(node, style, lead, &text);
        }
    }
    if document.divisions.is_empty() {
        return;
    }
    let node = layout.tree.add(node, Tag::Section);
    layout.heading(node, 2, report.word("Indelningar", "Divisions"));
    let intro = report.word(
        "Grupper med för få personer redovisas tillsammans. Vad som ingår i en sådan grupp står inom parentes.",
        "Groups with too few persons are shown together. What such a group holds stands in brackets.",
    );
    layout.paragraph(node, Style::TEXT, intro);
    for division in &document.divisions {
        let categories: Vec<String> = division
            .categories
            .iter()
            .map(|category| with_members(report, category))
            .collect();
        let lead = format!("{}:", report.told(&division.label));
        layout.led(
            node,
            Style::TEXT,
            &lead,
            &format!("{}.", categories.join("; ")),
        );
    }
}

fn with_members(report: &Report<'_>, category: &Category) -> String {
    let label = report.told(&category.label);
    if category.members.is_empty() {
        return label.to_owned();
    }
    format!("{label} ({})", category.members.join(", "))
}

/// A heading of two lines.
const HEADING: f32 = 22.0;

/// The paragraphs of a definition: how they look, with which strong words they begin, what they say.
fn parts(report: &Report<'_>, measure: &MeasureDefinition) -> Vec<(Style, &'static str, String)> {
    let close = Style {
        after: 2.0,
        ..Style::TEXT
    };
    let told = |words: &Words| report.told(words).to_owned();
    let counted = if measure.denominator.is_some() {
        report.word("Täljare:", "Numerator:")
    } else {
        report.word("Räknas:", "Counted:")
    };
    let mut parts = vec![
        (close, "", told(&measure.definition)),
        (close, counted, told(&measure.numerator)),
    ];
    if let Some(denominator) = &measure.denominator {
        parts.push((
            close,
            report.word("Nämnare:", "Denominator:"),
            told(denominator),
        ));
    }
    let days = report.word("Dagar som räknas:", "Days that count:");
    parts.push((close, days, told(&measure.period_logic)));
    if let Some(source) = &measure.source {
        parts.push((close, report.word("Källa:", "Source:"), told(source)));
    }
    let unit = measure.unit.label();
    let about = format!(
        "{}: {}. {}: {}. {} {}.",
        report.word("Enhet", "Unit"),
        report.told(&unit).to_lowercase(),
        report.word("Kod", "Code"),
        measure.code,
        report.word("Version", "Version"),
        measure.version
    );
    parts.push((Style::SMALL, "", about));
    parts
}
