//! What stands on the cover? Whose report it is, on what, for which days, and how it can be told from every other.
//! What it says inside is decided in `chapters`.

use super::face::fit;
use super::layout::{LEFT, Layout, PAGE_WIDTH, Reading, Style, WIDTH, count};
use super::shelf::Report;
use crate::report::drawing::{GREY, Ink, NAVY, Shape, wrapped};
use crate::report::words::{day, instant};
use krilla::tagging::Tag;

const WHITE: Ink = Ink(0xff, 0xff, 0xff);
/// The band of colour.
const BAND: f32 = 400.0;

/// The cover.
pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>) {
    layout.new_page();
    let root = layout.tree.root(Tag::Part);
    let band = Shape::Bar {
        x: 0.0,
        y: 0.0,
        width: PAGE_WIDTH,
        height: BAND,
        ink: NAVY,
    };
    layout.mark(band, Reading::Ornament);
    let faces = layout.faces;
    let style = |size: f32, ink| Style {
        size,
        line: size * 1.28,
        ink,
        after: 0.0,
        indent: 0.0,
    };
    let lines_of = |text: &str, size: f32, is_strong| {
        let lines = wrapped(&fit(text), WIDTH, |line| faces.width(line, size, is_strong));
        // A cover has room for so much; the rest stands in the title of the file.
        lines.into_iter().take(4).collect::<Vec<String>>()
    };
    let period = &report.document.period;
    let title = lines_of(report.subject(), 32.0, true);
    let label = lines_of(report.told(&period.label), 20.0, false);
    let municipality = lines_of(&report.title_page.municipality, 14.0, true);
    layout.y = 76.0;
    let node = layout.tree.add(root, Tag::P);
    layout.lines(node, style(14.0, WHITE), true, &municipality);
    layout.y = BAND - 60.0 - count(title.len()) * 41.0 - count(label.len()) * 26.0;
    let node = layout.tree.add(root, Tag::Title);
    layout.lines(node, style(32.0, WHITE), true, &title);
    layout.y += 10.0;
    let node = layout.tree.add(root, Tag::P);
    layout.lines(node, style(20.0, WHITE), false, &label);
    layout.y = BAND + 46.0;
    let language = report.language;
    let facts = [
        (
            report.word("Perioden omfattar", "The period covers"),
            format!(
                "{}–{}",
                day(period.first_day, language),
                day(period.last_day, language)
            ),
        ),
        (
            report.word("Utgivning", "Release"),
            format!(
                "{} {}",
                report.word("nummer", "number"),
                report.title_page.number
            ),
        ),
        (
            report.word("Siffrorna räknades", "The figures were counted"),
            instant(report.document.counted_at, language),
        ),
        (
            report.word("Rapporten gavs ut", "The report was released"),
            instant(report.title_page.made_at, language),
        ),
        (
            report.word("Kontrollsumma (SHA-256)", "Checksum (SHA-256)"),
            report.title_page.sha256.clone(),
        ),
    ];
    for (label, fact) in facts {
        let node = layout.tree.add(root, Tag::P);
        layout.lines(node, style(9.0, GREY), false, &[format!("{label} ")]);
        let fact = fit(&fact);
        let lines = wrapped(&fact, WIDTH, |line| faces.width(line, 10.5, true));
        layout.lines(node, style(10.5, NAVY), true, &lines);
        layout.y += 9.0;
    }
    let about = report.word(
        "Siffrorna är skyddade så att de inte ska avslöja någon enskild. Hur det är gjort, och vad .. betyder, står i kapitlet Så skyddas enskilda.",
        "The figures are protected so that they reveal nobody. How it is done, and what .. means, stands in the chapter How individuals are protected.",
    );
    layout.y += 6.0;
    layout.rule(LEFT, WIDTH, NAVY, 0.8);
    layout.y += 10.0;
    layout.paragraph(root, Style::TEXT, about);
}
