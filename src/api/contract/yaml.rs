//! Writes JSON as YAML 1.2 in block style, for people to read and for `git diff` to show. Only what JSON has is written; a
//! string stands plain where nobody can take it for anything else, in lines where it has several, and quoted otherwise.

use serde_json::Value;
use std::fmt::Write;

/// Widest line of a list of words.
const WIDEST: usize = 110;

/// A JSON value as a YAML document.
pub fn write(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(_) | Value::Array(_) if !is_flow(value) => block(&mut text, value, 0),
        other => {
            inline(&mut text, other, 0);
        }
    }
    text
}

/// Everything inside a map or a list, one line for each member.
fn block(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                indent(text, depth);
                text.push_str(&key(name));
                text.push(':');
                member_of(text, member, depth);
            }
        }
        Value::Array(items) => {
            for item in items {
                indent(text, depth);
                text.push('-');
                item_of(text, item, depth);
            }
        }
        _ => {}
    }
}

fn member_of(text: &mut String, member: &Value, depth: usize) {
    if is_flow(member) {
        text.push(' ');
        inline(text, member, depth + 1);
    } else {
        text.push('\n');
        block(text, member, depth + 1);
    }
}

/// A map in a list begins on the line of its hyphen.
fn item_of(text: &mut String, item: &Value, depth: usize) {
    if is_flow(item) {
        text.push(' ');
        inline(text, item, depth + 1);
        return;
    }
    let mut inner = String::new();
    block(&mut inner, item, depth + 1);
    text.push(' ');
    text.push_str(inner.trim_start_matches(' '));
}

fn indent(text: &mut String, depth: usize) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

/// What stands on the line of its name: scalars, what is empty, and short lists of scalars.
fn is_flow(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => {
            items.is_empty()
                || (items.iter().all(is_scalar)
                    && items
                        .iter()
                        .map(|item| scalar(item).len() + 2)
                        .sum::<usize>()
                        <= WIDEST)
        }
        _ => true,
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Object(_) | Value::Array(_))
}

fn inline(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(_) => text.push_str("{}"),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(scalar).collect();
            let _ = write!(text, "[{}]", items.join(", "));
        }
        Value::String(string) if is_literal(string) => literal(text, string, depth),
        other => text.push_str(&scalar(other)),
    }
    text.push('\n');
}

/// A text of several lines that block style keeps exactly.
fn is_literal(string: &str) -> bool {
    string.contains('\n')
        && !string.starts_with([' ', '\n'])
        && !string.ends_with('\n')
        && !string.chars().any(|c| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        })
}

fn literal(text: &mut String, string: &str, depth: usize) {
    text.push_str("|-");
    for line in string.split('\n') {
        text.push('\n');
        if !line.is_empty() {
            indent(text, depth);
            text.push_str(line);
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(string) if is_plain(string) => string.clone(),
        other => other.to_string(),
    }
}

fn key(name: &str) -> String {
    if is_plain(name) {
        name.to_owned()
    } else {
        Value::String(name.to_owned()).to_string()
    }
}

/// Whether a string without quotes is read as itself by every reader, those of YAML 1.1 included.
fn is_plain(string: &str) -> bool {
    const WORDS: &[&str] = &[
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf",
    ];
    string.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '_' | '$'))
        && !string.ends_with([' ', ':'])
        && !string.contains(": ")
        && !string.contains(" #")
        && string.chars().all(|c| {
            c.is_alphanumeric()
                || matches!(
                    c,
                    ' ' | '-' | '_' | '.' | '/' | '(' | ')' | '$' | ';' | ':' | '+' | '='
                )
        })
        && !WORDS.contains(&string.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn maps_lists_and_texts_read_well() {
        let value = json!({
            "openapi": "3.1.1",
            "empty": {}, "none": [],
            "words": ["kaa", "no", "2026-11-24"],
            "rows": [{"a": 1, "b": {"c": null}}, [true, {"d": "x"}]],
            "text": "First.\n\n- second: third",
            "404": "It's: \"quoted\"",
        });
        let text = "openapi: \"3.1.1\"\nempty: {}\nnone: []\nwords: [kaa, \"no\", \"2026-11-24\"]\nrows:\n  - a: 1\n    b:\n      c: null\n  - - true\n    - d: x\ntext: |-\n  First.\n\n  - second: third\n\"404\": \"It's: \\\"quoted\\\"\"\n";
        assert_eq!(write(&value), text);
    }

    #[test]
    fn what_could_be_taken_for_something_else_is_quoted() {
        for string in [
            "true", "No", "null", "12", "1e3", "- x", "a: b", "a #b", "", " a", "a ", "#/x", "{a}",
            "*a", "&a", "@a", "a:", "~", "a, b",
        ] {
            assert!(scalar(&json!(string)).starts_with('"'), "{string}");
        }
        for string in [
            "kaa",
            "createdAt",
            "/youths",
            "$ref",
            "Åtgärd (SYV)",
            "text/csv",
        ] {
            assert_eq!(scalar(&json!(string)), string);
        }
    }
}
