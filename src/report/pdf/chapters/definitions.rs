//! What exactly is counted? Every measure as the catalogue had it when the release was made, theme by theme as the results are,
//! and how people are divided. What many definitions share (which days decide, which plan asks for it) is told once and
//! referred to. The figures stand in `results`.

use crate::error::Language;
use crate::report::pdf::choice::chosen;
use crate::report::pdf::layout::{Layout, SMALL, Style};
use crate::report::pdf::shelf::Report;
use crate::report::pdf::tree::NodeId;
use crate::report::words::number;
use crate::statistics::document::{Category, MeasureDefinition, Words};
use krilla::tagging::Tag;

/// A definition.
const CLOSE: Style = Style {
    size: 9.0,
    line: 12.5,
    after: 0.0,
    ..Style::TEXT
};
/// What follows it in small letters.
const BESIDE: Style = Style {
    size: SMALL,
    line: 11.5,
    after: 6.0,
    ..Style::SMALL
};

pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>, root: NodeId) {
    let document = report.document;
    if document.measures.is_empty() && document.divisions.is_empty() {
        return;
    }
    let node = layout.tree.add(root, Tag::Section);
    layout.heading(node, 1, report.word("Definitioner", "Definitions"));
    if !document.measures.is_empty() {
        measures(layout, report, node);
    }
    if document.divisions.is_empty() {
        return;
    }
    let node = layout.tree.add(node, Tag::Section);
    layout.heading(node, 2, report.word("Indelningar", "Divisions"));
    let intro = report.word(
        "Grupper med för få personer redovisas tillsammans. Vilka områden som ingår i ett sådant står inom parentes, där de kan nämnas.",
        "Groups with too few persons are shown together. Which areas such a one holds stands in brackets, where they can be named.",
    );
    layout.paragraph(node, Style::TEXT, intro);
    for division in &document.divisions {
        let categories: Vec<String> = division
            .categories
            .iter()
            .map(|category| {
                // Areas have names of their own; of the others the label says what they hold.
                if division.name == "area" {
                    with_members(report, category)
                } else {
                    report.told(&category.label).to_owned()
                }
            })
            .collect();
        let lead = format!("{}:", report.told(&division.label));
        let text = format!("{}.", categories.join("; "));
        layout.led(
            node,
            Style {
                after: 3.0,
                ..CLOSE
            },
            &lead,
            &text,
        );
    }
}

/// What several definitions say in the same words, in the order in which it first stands.
struct Shared<'r> {
    days: Vec<&'r Words>,
    sources: Vec<&'r Words>,
}

impl<'r> Shared<'r> {
    fn of(measures: &'r [MeasureDefinition]) -> Self {
        let mut shared = Self {
            days: Vec::new(),
            sources: Vec::new(),
        };
        for measure in measures {
            if !shared.days.contains(&&measure.period_logic) {
                shared.days.push(&measure.period_logic);
            }
            if let Some(source) = &measure.source
                && !shared.sources.contains(&source)
            {
                shared.sources.push(source);
            }
        }
        shared
    }

    fn day(&self, measure: &MeasureDefinition) -> String {
        let place = self
            .days
            .iter()
            .position(|day| **day == measure.period_logic);
        place.map_or_else(String::new, letter)
    }

    fn source(&self, measure: &MeasureDefinition) -> Option<usize> {
        let own = measure.source.as_ref()?;
        let place = self.sources.iter().position(|source| *source == own)?;
        Some(place + 1)
    }
}

/// A, B, C and so on; a number where the letters are at an end.
fn letter(place: usize) -> String {
    let letter = u8::try_from(place).ok().filter(|place| *place < 26);
    letter.map_or_else(
        || (place + 1).to_string(),
        |place| char::from(b'A' + place).to_string(),
    )
}

fn measures(layout: &mut Layout<'_>, report: &Report<'_>, node: NodeId) {
    let node = layout.tree.add(node, Tag::Section);
    layout.heading(node, 2, report.word("Mått", "Measures"));
    let measures = &report.document.measures;
    let shared = Shared::of(measures);
    let intro = report.word(
        "Efter varje mått står vad andelen räknas på, vilka dagar som avgör (bokstaven), vilken plan som efterfrågar måttet (siffran) och definitionens version.",
        "After every measure stand what a share is computed from, which days decide (the letter), which plan asks for it (the number), and the version of the definition.",
    );
    layout.paragraph(node, Style::TEXT, intro);
    legend(
        layout,
        node,
        report.word("Vilka dagar som avgör", "Which days decide"),
        shared
            .days
            .iter()
            .enumerate()
            .map(|(place, day)| (letter(place), report.told(day))),
    );
    legend(
        layout,
        node,
        report.word("Planer", "Plans"),
        shared
            .sources
            .iter()
            .enumerate()
            .map(|(place, source)| ((place + 1).to_string(), report.told(source))),
    );
    for theme in chosen(report.document, report.language) {
        let node = layout.tree.add(node, Tag::Section);
        layout.heading(node, 3, &theme.title);
        for measure in &theme.measures {
            one(layout, report, node, measure, &shared);
        }
    }
}

/// Phrases with what they are referred to by.
fn legend<'w>(
    layout: &mut Layout<'_>,
    node: NodeId,
    title: &str,
    phrases: impl Iterator<Item = (String, &'w str)>,
) {
    let items: Vec<(String, String)> = phrases
        .map(|(mark, phrase)| (mark, phrase.to_owned()))
        .collect();
    if items.is_empty() {
        return;
    }
    let style = Style {
        after: 2.0,
        ..CLOSE
    };
    let first = items.first().map_or("", |(_, text)| text.as_str());
    layout.need(CLOSE.line + 4.0 + layout.height(style, "A", first));
    layout.led(node, style, title, "");
    layout.marked_list(node, style, &items);
    layout.y += 5.0;
}

fn one(
    layout: &mut Layout<'_>,
    report: &Report<'_>,
    node: NodeId,
    measure: &MeasureDefinition,
    shared: &Shared<'_>,
) {
    let lead = format!("{}.", report.told(&measure.title));
    let definition = report.told(&measure.definition);
    let beside = beside(report, measure, shared);
    // A definition is short: whole on a page.
    layout.need(layout.height(CLOSE, &lead, definition) + layout.height(BESIDE, "", &beside));
    layout.led(node, CLOSE, &lead, definition);
    layout.paragraph(node, BESIDE, &beside);
}

fn beside(report: &Report<'_>, measure: &MeasureDefinition, shared: &Shared<'_>) -> String {
    let told = |words: &Words| report.told(words).trim_end_matches('.').to_owned();
    let mut words = Vec::new();
    if let Some(denominator) = &measure.denominator {
        words.push(format!(
            "{}: {}. {}: {}.",
            report.word("Täljare", "Numerator"),
            told(&measure.numerator),
            report.word("Nämnare", "Denominator"),
            told(denominator)
        ));
    } else if told(&measure.numerator) != told(&measure.title)
        && told(&measure.numerator) != report.told(&measure.unit.label())
    {
        let counted = report.word("Räknas", "Counted");
        words.push(format!("{counted}: {}.", told(&measure.numerator)));
    }
    let unit = measure.unit.label();
    words.push(format!(
        "{}: {}.",
        report.word("Enhet", "Unit"),
        report.told(&unit).to_lowercase()
    ));
    words.push(format!(
        "{}: {}.",
        report.word("Dagar", "Days"),
        shared.day(measure)
    ));
    if let Some(source) = shared.source(measure) {
        words.push(format!("{}: {source}.", report.word("Plan", "Plan")));
    }
    let version = number(measure.version.into(), 0, report.language);
    words.push(match report.language {
        Language::Swedish => format!("Version {version}, kod {}.", measure.code),
        Language::English => format!("Version {version}, code {}.", measure.code),
    });
    words.join(" ")
}

fn with_members(report: &Report<'_>, category: &Category) -> String {
    let label = report.told(&category.label);
    if category.members.is_empty() {
        return label.to_owned();
    }
    format!("{label} ({})", category.members.join(", "))
}
