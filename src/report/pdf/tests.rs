//! Does the report keep what it promises? The writer refuses what it can see to break PDF/UA-1; here the finished file is
//! read again: roles, headings of cells, words of charts, reading order, and that whatever people write stays text.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::report::fixture;
use crate::statistics::document::{Activity, TableCell, YearValue};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A part of the structure tree, as it stands in the file.
struct Part {
    role: String,
    parent: usize,
    text: String,
}

/// The structure tree of a file: its parts by number.
fn structure(file: &[u8]) -> BTreeMap<usize, Part> {
    let text = String::from_utf8_lossy(file);
    let mut parts = BTreeMap::new();
    for object in text.split("endobj") {
        let Some((before, content)) = object.split_once(" 0 obj\n<</Type/StructElem/S/") else {
            continue;
        };
        let number = before.rsplit('\n').next().unwrap().parse().unwrap();
        let role = content.split(['/', '>']).next().unwrap().trim().to_owned();
        let parent = content
            .split("/P ")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap();
        parts.insert(
            number,
            Part {
                role,
                parent: parent.parse().unwrap(),
                text: content.to_owned(),
            },
        );
    }
    parts
}

/// A text of the file: in UTF-16 or plain.
fn entry(part: &Part, name: &str) -> Option<String> {
    let rest = part.text.split(name).nth(1)?;
    if let Some(hex) = rest.strip_prefix("<FEFF") {
        let hex = hex.split('>').next()?;
        let units: Vec<u16> = hex
            .as_bytes()
            .chunks(4)
            .map(|four| u16::from_str_radix(std::str::from_utf8(four).unwrap(), 16).unwrap())
            .collect();
        return Some(String::from_utf16(&units).unwrap());
    }
    rest.strip_prefix('(')
        .map(|text| text.split(')').next().unwrap().to_owned())
}

fn made(document: &ReleaseDocument, language: Language) -> Vec<u8> {
    to_pdf(document, language, &fixture::title_page()).unwrap()
}

#[test]
fn the_file_says_that_it_is_accessible_and_in_which_language() {
    for (language, tag) in [(Language::Swedish, "sv"), (Language::English, "en")] {
        let file = made(&fixture::document(), language);
        let text = String::from_utf8_lossy(&file);
        assert!(text.contains("/MarkInfo<</Marked true"));
        assert!(text.contains(&format!("/Lang({tag})")));
        assert!(text.contains("<pdfuaid:part>1</pdfuaid:part>"));
        assert!(text.contains("<pdfaid:part>2</pdfaid:part>"));
        assert!(text.contains("/DisplayDocTitle true"));
        assert!(text.contains("Tertial 1 2026. Sundbybergs stad") || language == Language::English);
        assert!(text.contains("/Outlines") && text.contains("/StructTreeRoot"));
        assert!(!text.contains("/JavaScript") && !text.contains("/URI"));
    }
}

#[test]
fn every_table_has_rows_of_equal_length_and_headings_for_every_figure() {
    let document = fixture::document();
    let parts = structure(&made(&document, Language::Swedish));
    let of = |role: &str| {
        parts
            .iter()
            .filter(|(_, part)| part.role == role)
            .map(|(id, _)| *id)
            .collect::<Vec<_>>()
    };
    let children = |id: usize| parts.values().filter(move |part| part.parent == id);
    let tables = of("Table");
    // Those of the results, the key figures and the goals in brief; some in parts.
    let themes = choice::chosen(&document, Language::Swedish);
    let groups: Vec<&choice::Group<'_>> = themes.iter().flat_map(|theme| &theme.groups).collect();
    let sides = groups.iter().filter_map(|group| group.table.as_ref());
    assert!(sides.clone().count() > 5);
    assert!(
        tables.len() >= sides.clone().count() + 2,
        "{}",
        tables.len()
    );
    for table in tables {
        let roles: Vec<&str> = children(table).map(|part| part.role.as_str()).collect();
        assert_eq!(roles[..3], ["Caption", "THead", "TBody"]);
        // A group of rows for every heading.
        assert!(roles[3..].iter().all(|role| *role == "TBody"));
    }
    let (mut figures, mut headings) = (0, 0);
    for row in of("TR") {
        let group = &parts[&parts[&row].parent];
        let siblings: Vec<usize> = parts
            .iter()
            .filter(|(_, part)| part.role == "TR" && parts[&part.parent].parent == group.parent)
            .map(|(id, _)| *id)
            .collect();
        // A heading within the table is one cell as wide as all.
        let length = |row: usize| -> usize {
            let spans = children(row).map(|cell| {
                let span = cell.text.split("/ColSpan ").nth(1);
                span.map_or(1, |span| {
                    span.split(['/', '>']).next().unwrap().parse().unwrap()
                })
            });
            spans.sum()
        };
        assert!(siblings.iter().all(|other| length(*other) == length(row)));
        if children(row).count() == 1 && length(row) > 1 {
            let heading = children(row).next().unwrap();
            assert_eq!(
                (heading.role.as_str(), group.role.as_str()),
                ("TH", "TBody")
            );
            assert!(heading.text.contains("/Scope/Column"));
            headings += 1;
            continue;
        }
        for cell in children(row) {
            let scope = if group.role == "THead" {
                "/Scope/Column"
            } else {
                "/Scope/Row"
            };
            match cell.role.as_str() {
                "TH" => assert!(cell.text.contains(scope), "{}", cell.text),
                "TD" => {
                    assert_eq!(group.role, "TBody");
                    figures += 1;
                }
                other => unreachable!("{other} in a row"),
            }
        }
        assert_eq!(children(row).next().unwrap().role, "TH");
    }
    let told: usize = sides
        .flat_map(|side| &side.parts)
        .flat_map(|part| &part.rows)
        .map(|(_, figures)| figures.len())
        .sum();
    assert!(told > 150 && figures >= told, "{figures} of {told}");
    assert!(headings > 10, "{headings}");
}

#[test]
fn every_chart_has_its_words_and_its_place() {
    let document = fixture::document();
    let parts = structure(&made(&document, Language::Swedish));
    let charts: Vec<&Part> = parts
        .values()
        .filter(|part| part.role == "Figure")
        .collect();
    let themes = choice::chosen(&document, Language::Swedish);
    let groups = themes.iter().flat_map(|theme| &theme.groups);
    let drawn = groups.filter(|group| group.chart.is_some()).count();
    let goals = document.goals.iter().filter(|goal| !goal.series.is_empty());
    assert!(drawn > 5);
    assert_eq!(charts.len(), drawn + goals.count());
    for chart in &charts {
        let words = entry(chart, "/Alt").unwrap();
        assert!(words.len() > 60, "{words}");
        assert!(chart.text.contains("/BBox"));
    }
    let words: Vec<String> = charts
        .iter()
        .map(|chart| entry(chart, "/Alt").unwrap())
        .collect();
    assert!(
        words
            .iter()
            .any(|words| words.contains("Totalt: 57,9 (818 av 1\u{a0}412)"))
    );
    assert!(
        words
            .iter()
            .any(|words| words.contains("dolt för att skydda enskilda"))
    );
    assert!(
        words
            .iter()
            .any(|words| words.starts_with("Linjediagram") && words.contains("2024: 59,0"))
    );
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    let parts = structure(&made(&fixture::document(), Language::Swedish));
    let mut last = 1;
    let mut titles = Vec::new();
    // Parts are numbered in the order in which they are read, children first.
    for part in parts.values() {
        if let Some(level) = part
            .role
            .strip_prefix('H')
            .and_then(|level| level.parse::<u8>().ok())
        {
            assert!(level <= last + 1, "{}", part.text);
            last = level;
            titles.push((level, entry(part, "/T").unwrap()));
        }
    }
    let chapters: Vec<&str> = titles
        .iter()
        .filter(|(level, _)| *level == 1)
        .map(|(_, title)| title.as_str())
        .collect();
    assert_eq!(
        chapters,
        [
            "Innehåll",
            "Sammanfattning",
            "Mål och aktiviteter",
            "Resultat",
            "Definitioner",
            "Så skyddas enskilda"
        ]
    );
    assert!(
        titles
            .iter()
            .any(|(_, title)| title.contains("<b>utan</b> \"märkning\""))
    );
}

/// How many pages a file has.
fn pages(file: &[u8]) -> usize {
    String::from_utf8_lossy(file).matches("/Type/Page/").count()
}

#[test]
fn a_committee_can_read_it_in_an_evening() {
    for language in [Language::Swedish, Language::English] {
        let file = made(&fixture::document(), language);
        assert!((14..=20).contains(&pages(&file)), "{}", pages(&file));
    }
}

#[test]
fn the_contents_are_one_page_and_lead_where_they_say() {
    let mut document = fixture::document();
    let usual = contents(&made(&document, Language::Swedish));
    assert_eq!(usual.first().unwrap().0, "Sammanfattning");
    assert!(usual.iter().any(|(text, ..)| text == "Övriga mått"));
    let goal = document.goals.remove(0);
    document.goals = vec![goal; 60];
    let many = contents(&made(&document, Language::Swedish));
    // The goals have no room, the other sections have.
    assert!(
        many.iter()
            .all(|(text, ..)| !text.contains("erbjudas en insats"))
    );
    assert!(many.iter().any(|(text, ..)| text == "Övriga mått"));
    for entries in [usual, many] {
        assert!(entries.len() < 45, "{}", entries.len());
        for (text, told, leads_to) in entries {
            assert_eq!(told, leads_to, "{text}");
        }
    }
}

/// The entries of the contents: their words, the page that they tell, and the page that they lead to.
fn contents(file: &[u8]) -> Vec<(String, usize, usize)> {
    let text = String::from_utf8_lossy(file);
    let objects: BTreeMap<usize, &str> = text
        .split("endobj")
        .filter_map(|object| {
            let (number, content) = object.split_once(" 0 obj\n")?;
            let number = number.rsplit('\n').next()?.parse().ok()?;
            Some((number, content))
        })
        .collect();
    let numbers = |text: &str| -> Vec<usize> {
        let words = text.split(|c: char| !c.is_ascii_digit());
        words.filter_map(|word| word.parse().ok()).collect()
    };
    let kids = objects
        .values()
        .find_map(|object| {
            object
                .split_once("/Type/Pages")?
                .1
                .split_once("/Kids[")?
                .1
                .split(']')
                .next()
        })
        .unwrap();
    // Every reference is a number and a generation.
    let order: Vec<usize> = numbers(kids).into_iter().step_by(2).collect();
    let page = |object: usize| order.iter().position(|page| *page == object).unwrap() + 1;
    let mut entries = Vec::new();
    for object in objects
        .values()
        .filter(|object| object.contains("/Subtype/Link"))
    {
        let part = Part {
            role: String::new(),
            parent: 0,
            text: (*object).to_owned(),
        };
        let words = entry(&part, "/Contents").unwrap();
        let (words, told) = words.rsplit_once(", sida ").unwrap();
        let destination = object.split("/Dest").nth(1).unwrap();
        let first = numbers(destination)[0];
        let leads_to = if destination.starts_with('[') {
            page(first)
        } else {
            page(numbers(objects[&first])[0])
        };
        entries.push((words.to_owned(), told.parse().unwrap(), leads_to));
    }
    entries
}

#[test]
fn the_same_document_makes_the_same_bytes() {
    let document = fixture::document();
    assert_eq!(
        made(&document, Language::Swedish),
        made(&document, Language::Swedish)
    );
}

#[test]
fn a_release_with_nothing_in_it_is_a_report_too() {
    for language in [Language::Swedish, Language::English] {
        let parts = structure(&made(&fixture::empty(), language));
        assert!(parts.values().any(|part| part.role == "H1"));
        assert!(
            parts
                .values()
                .all(|part| part.role != "Table" && part.role != "Figure")
        );
    }
}

#[test]
fn what_is_higher_than_a_page_goes_on_on_the_next() {
    let mut document = fixture::empty();
    let mut table = fixture::document()
        .tables
        .into_iter()
        .find(|table| table.name == "youthsByArea")
        .unwrap();
    for number in 0..300 {
        let mut category = table.axes[0].categories[0].clone();
        category.code = format!("area_{number}");
        category.label.sv = if number == 150 {
            "Ett område som ingen kan läsa namnet på. ".repeat(200)
        } else {
            format!("Område {number}")
        };
        table.cells.push(TableCell {
            at: vec![Some(category.code.clone())],
            value: Some(number),
            is_hidden: false,
            numerator: None,
            denominator: None,
        });
        table.axes[0].categories.push(category);
    }
    document.tables.push(table);
    document
        .measures
        .push(fixture::document().measures.swap_remove(0));
    let mut goal = fixture::document().goals.remove(0);
    goal.title = "Mål ".repeat(500);
    goal.activities.push(Activity {
        title: "Aktivitet".repeat(400),
        forecast: Some("Lång ".repeat(4000)),
        ..goal.activities[0].clone()
    });
    goal.series.push(YearValue {
        year: 2100,
        value: i64::from(i32::MAX),
    });
    document.goals.push(goal);
    let file = made(&document, Language::Swedish);
    assert!(pages(&file) > 12, "{}", pages(&file));
    let rows = structure(&file)
        .values()
        .filter(|part| part.role == "TR")
        .count();
    assert!(rows > 310, "{rows}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn whatever_people_write_can_be_printed(text in "\\PC{0,40}|[\u{0}-\u{ff}]{0,20}|[#$\\\\<>()\u{202e}\u{200d}\u{fe0f}a ]{0,20}|.{0,20}") {
        let mut document = fixture::empty();
        let mut table = fixture::document().tables.swap_remove(0);
        table.axes[0].categories[0].label.sv = text.clone();
        table.axes[0].label.sv = text.clone();
        table.title.sv = text.clone();
        document.tables.push(table);
        let mut measure = fixture::document().measures.swap_remove(0);
        measure.title.sv = text.clone();
        measure.definition.sv = text.clone();
        document.measures.push(measure);
        document.notes.push((text.as_str(), "").into());
        let mut goal = fixture::document().goals.remove(0);
        goal.title = text.clone();
        goal.unit = text.clone();
        goal.activities.truncate(1);
        goal.activities[0].title = text.clone();
        document.goals.push(goal);
        let title_page = TitlePage { municipality: text.clone(), ..fixture::title_page() };
        prop_assert!(to_pdf(&document, Language::Swedish, &title_page).is_ok());
    }
}
