//! Text as HTML: escaping, and the little Markdown that the words of the contract use (headings, lists, bold, code).

use serde_json::Value;
use std::fmt::Write;

/// Text that HTML reads as text.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A line with code and bold in it, and addresses as links.
pub fn inline(text: &str) -> String {
    let mut html = String::new();
    for (place, piece) in text.split('`').enumerate() {
        if place % 2 == 1 {
            let _ = write!(html, "<code>{}</code>", escaped(piece));
            continue;
        }
        for (place, piece) in piece.split("**").enumerate() {
            if place % 2 == 1 {
                let _ = write!(html, "<b>{}</b>", escaped(piece));
            } else {
                html.push_str(&linked(piece));
            }
        }
    }
    html
}

/// Words that are addresses become links.
fn linked(text: &str) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            let safe = escaped(word);
            if word.starts_with("https://") {
                format!("<a href=\"{safe}\" rel=\"noreferrer\">{safe}</a>")
            } else {
                safe
            }
        })
        .collect();
    words.join(" ")
}

/// Text in paragraphs, lists and headings; a heading of the text stands at `level`.
pub fn paragraphs(text: &str, level: u8) -> String {
    let mut html = String::new();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        if let Some(title) = paragraph.strip_prefix("## ") {
            let anchor = anchor(title);
            let _ = writeln!(
                html,
                "<h{level} id=\"{anchor}\">{}</h{level}>",
                inline(title)
            );
        } else if paragraph.starts_with("- ") {
            html.push_str("<ul>\n");
            for line in paragraph.lines() {
                let line = line.strip_prefix("- ").unwrap_or(line);
                let _ = writeln!(html, "<li>{}</li>", inline(line));
            }
            html.push_str("</ul>\n");
        } else {
            let _ = writeln!(html, "<p>{}</p>", inline(paragraph));
        }
    }
    html
}

/// The headings of a text.
pub fn headings(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n")
        .filter_map(|paragraph| paragraph.strip_prefix("## "))
}

/// The anchor of a heading.
pub fn anchor(title: &str) -> String {
    title
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'å' | 'ä' => 'a',
            'ö' => 'o',
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        })
        .collect()
}

/// JSON, or a file, as it is sent.
pub fn code_block(value: &Value) -> String {
    let text = match value {
        Value::String(file) => file.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    format!(
        "<pre tabindex=\"0\"><code>{}</code></pre>\n",
        escaped(&text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            paragraphs("## A & B\n\nOne `<b>` **two**.\n\n- x\n- y", 2),
            "<h2 id=\"a---b\">A &amp; B</h2>\n<p>One <code>&lt;b&gt;</code> <b>two</b>.</p>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\n"
        );
        assert_eq!(anchor("Så fungerar det"), "sa-fungerar-det");
    }
}
