//! How is a chart written as SVG 1.1? As text that a browser, a word processor or a screen reader takes as it is: its title
//! and all that it tells stand in words, and no text of anybody's becomes markup. What is drawn stands in `chart`.

use super::chart;
use super::drawing::{Anchor, Drawing, Ink, NAVY, Shape, likely_width, wrapped};
use super::words::{printable, tag};
use crate::error::Language;
use crate::statistics::document::ReleaseDocument;
use std::fmt::Write;

/// The heading of a picture that stands by itself.
const HEADING: f32 = 11.0;
const HEADING_LINE: f32 = 15.0;
/// Faces without serifs that look alike.
const FACES: &str = "'Open Sans','Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/// The chart of a table, or of a goal (`goal-1` and so on), as an SVG; nothing where the release has none of that name.
pub fn chart_svg(document: &ReleaseDocument, name: &str, language: Language) -> Option<String> {
    // A face is chosen by who shows it: a tenth more keeps the words within their column.
    let measure = |text: &str, size: f32, is_strong: bool| {
        likely_width(text, size) * if is_strong { 1.15 } else { 1.08 }
    };
    let drawing = chart::drawing(document, name, language, &measure)?;
    let heading = wrapped(&drawing.title, drawing.width, |line| {
        measure(line, HEADING, true)
    });
    Some(written(&drawing, &heading, language))
}

fn written(drawing: &Drawing, heading: &[String], language: Language) -> String {
    let margin = 8.0;
    let mut svg = String::new();
    let mut top = -margin;
    let mut lines = Vec::new();
    for line in heading.iter().rev() {
        lines.push((top, line));
        top -= HEADING_LINE;
    }
    let (width, height) = (drawing.width + 2.0 * margin, drawing.height + margin - top);
    let tag = tag(language);
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"{0:.0} {top:.0} {width:.0} {height:.0}\" role=\"img\" lang=\"{tag}\" xml:lang=\"{tag}\" \
         aria-labelledby=\"title desc\" font-family=\"{FACES}\">\
         \n<title id=\"title\">{1}</title>\n<desc id=\"desc\">{2}</desc>\n\
         <rect x=\"{0:.0}\" y=\"{top:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#fff\"/>\n",
        -margin,
        escaped(&drawing.title),
        escaped(&drawing.description),
    );
    for (y, line) in lines.into_iter().rev() {
        let heading = Shape::Label {
            x: 0.0,
            y,
            size: HEADING,
            is_strong: true,
            anchor: Anchor::Start,
            ink: NAVY,
            text: line.clone(),
        };
        write_shape(&mut svg, &heading);
        svg.push('\n');
    }
    for shape in &drawing.shapes {
        write_shape(&mut svg, shape);
        svg.push('\n');
    }
    svg.push_str("</svg>\n");
    svg
}

fn write_shape(svg: &mut String, shape: &Shape) {
    let _ = match shape {
        Shape::Bar {
            x,
            y,
            width,
            height,
            ink,
        } => write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{}\"/>",
            colour(*ink)
        ),
        Shape::Line {
            points,
            ink,
            width,
            is_dashed,
        } => {
            let points: Vec<String> = points
                .iter()
                .map(|(x, y)| format!("{x:.1},{y:.1}"))
                .collect();
            let dashes = if *is_dashed {
                " stroke-dasharray=\"4 3\""
            } else {
                ""
            };
            write!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width:.1}\"{dashes}/>",
                points.join(" "),
                colour(*ink)
            )
        }
        Shape::Dot {
            x,
            y,
            radius,
            ink,
            is_diamond: false,
        } => write!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{}\"/>",
            colour(*ink)
        ),
        Shape::Dot {
            x, y, radius, ink, ..
        } => write!(
            svg,
            "<path d=\"M{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}Z\" fill=\"{}\"/>",
            y - radius,
            x + radius,
            y + radius,
            x - radius,
            colour(*ink)
        ),
        Shape::Label {
            x,
            y,
            size,
            is_strong,
            anchor,
            ink,
            text,
        } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let weight = if *is_strong {
                " font-weight=\"600\""
            } else {
                ""
            };
            write!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\" text-anchor=\"{anchor}\"{weight} fill=\"{}\">{}</text>",
                colour(*ink),
                escaped(text)
            )
        }
    };
}

fn colour(ink: Ink) -> String {
    format!("#{:02x}{:02x}{:02x}", ink.0, ink.1, ink.2)
}

/// A text as XML: no character of it is markup, and none is one that XML does not allow.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in printable(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::report::chart_names;
    use crate::report::fixture;

    #[test]
    fn every_chart_says_in_words_what_it_shows() {
        let document = fixture::document();
        for language in [Language::Swedish, Language::English] {
            for name in chart_names(&document) {
                let svg = chart_svg(&document, &name, language).unwrap();
                assert!(svg.contains("role=\"img\"") && svg.contains("<title id=\"title\">"));
                assert!(svg.contains(&format!("lang=\"{}\"", tag(language))));
                let words = svg.split("<desc id=\"desc\">").nth(1).unwrap();
                assert!(words.split("</desc>").next().unwrap().len() > 40, "{name}");
            }
        }
        assert_eq!(chart_svg(&document, "noSuchTable", Language::Swedish), None);
        assert_eq!(chart_svg(&document, "goal-0", Language::Swedish), None);
        assert_eq!(chart_svg(&document, "goal-99", Language::Swedish), None);
    }

    #[test]
    fn no_text_becomes_markup() {
        let document = fixture::document();
        for name in chart_names(&document) {
            let svg = chart_svg(&document, &name, Language::Swedish).unwrap();
            assert!(!svg.contains("<script") && !svg.contains("<b>"));
            // Every tag is one that is written here.
            for tag in svg.split('<').skip(1) {
                let tag = tag.trim_start_matches('/');
                let own = [
                    "svg", "title", "desc", "rect", "polyline", "circle", "path", "text",
                ];
                assert!(own.iter().any(|own| tag.starts_with(own)), "{tag}");
            }
            assert!(!svg.chars().any(|c| c.is_control() && c != '\n'));
        }
        let area = chart_svg(&document, "youthsByArea", Language::Swedish).unwrap();
        assert!(area.contains("&lt;/text&gt;&lt;script&gt;"));
    }
}
