//! Schemas as tables: the properties of an object, and the words of a code list.

use super::Reader;
use super::text::{escaped, inline, paragraphs};
use crate::error::Language;
use serde_json::Value;
use std::fmt::Write;

/// A link to a schema, if the value is a reference to one.
pub fn schema_link(schema: &Value) -> Option<String> {
    let name = schema
        .get("$ref")?
        .as_str()?
        .strip_prefix("#/components/schemas/")?;
    Some(format!("<a href=\"#schema-{name}\">{name}</a>"))
}

/// What kind of value a schema describes, in words.
pub fn kind(reader: &Reader<'_>, schema: &Value) -> String {
    if let Some(link) = schema_link(schema) {
        return link;
    }
    if let Some(Value::Array(choices)) = schema.get("anyOf") {
        let kinds: Vec<String> = choices.iter().map(|choice| kind(reader, choice)).collect();
        return kinds.join(reader.word(" or ", " eller "));
    }
    if let Some(Value::Array(words)) = schema.get("enum") {
        let words: Vec<String> = words
            .iter()
            .map(|word| {
                let word = escaped(word.as_str().unwrap_or("null"));
                format!("<code class=\"one\">{word}</code>")
            })
            .collect();
        return words.join(" ");
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kinds: Vec<String> = names
        .iter()
        .map(|name| one_kind(reader, schema, name))
        .collect();
    kinds.join(reader.word(" or ", " eller "))
}

fn one_kind(reader: &Reader<'_>, schema: &Value, name: &str) -> String {
    let number = |name: &str| schema.get(name).and_then(Value::as_i64);
    match (name, schema.get("format").and_then(Value::as_str)) {
        ("string", Some("date")) => reader.word("date", "datum").to_owned(),
        ("string", Some("date-time")) => reader.word("time", "tidpunkt").to_owned(),
        ("string", Some("uuid")) => "id (UUID)".to_owned(),
        ("string", Some("email")) => reader.word("e-mail address", "e-postadress").to_owned(),
        ("string", Some("uri" | "uri-reference")) => reader.word("address", "adress").to_owned(),
        ("string", _) => match number("maxLength") {
            Some(longest) => format!(
                "{}, {} {longest}",
                reader.word("text", "text"),
                reader.word("at most", "högst")
            ),
            None => reader.word("text", "text").to_owned(),
        },
        ("integer", _) => match (number("minimum"), number("maximum")) {
            (Some(least), Some(most)) if most < i64::MAX => {
                format!("{} {least}–{most}", reader.word("whole number", "heltal"))
            }
            _ => reader.word("whole number", "heltal").to_owned(),
        },
        ("boolean", _) => "true, false".to_owned(),
        ("array", _) => format!(
            "{} {}",
            reader.word("list of", "lista av"),
            kind(reader, schema.get("items").unwrap_or(&Value::Null))
        ),
        ("object", _) => match schema.get("additionalProperties") {
            Some(value @ Value::Object(_)) => format!(
                "{} {}",
                reader.word("by name:", "efter namn:"),
                kind(reader, value)
            ),
            _ => reader.word("object", "objekt").to_owned(),
        },
        (other, _) => other.to_owned(),
    }
}

/// The properties of an object, as a table.
pub fn properties(html: &mut String, reader: &Reader<'_>, schema: &Value) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let has_access = properties.values().any(|p| p.get("x-kaa-access").is_some());
    let _ = write!(
        html,
        "<div class=\"wide\"><table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th>{}</tr></thead>\n<tbody>\n",
        reader.word("Name", "Namn"),
        reader.word("Kind", "Slag"),
        reader.word("Meaning", "Betydelse"),
        if has_access {
            format!("<th>{}</th>", reader.word("Who", "Vem"))
        } else {
            String::new()
        },
    );
    for (name, property) in properties {
        let must = if required.contains(&name.as_str()) {
            super::mark(reader)
        } else {
            String::new()
        };
        let described = if property.get("description").is_some() {
            property
        } else {
            reader.resolved(property)
        };
        let first = reader.told(described, "description");
        let first = first.split("\n\n").next().unwrap_or_default();
        let _ = write!(
            html,
            "<tr><td><code>{}</code>{must}</td><td>{}</td><td>{}</td>",
            escaped(name),
            kind(reader, property),
            inline(first),
        );
        if has_access {
            let roles = property
                .get("x-kaa-access")
                .map(|access| reader.roles(access));
            let _ = write!(html, "<td class=\"who\">{}</td>", roles.unwrap_or_default());
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
}

/// An object with its properties.
pub fn schema_section(html: &mut String, reader: &Reader<'_>, name: &str, schema: &Value) {
    let _ = writeln!(
        html,
        "<section class=\"schema\" id=\"schema-{name}\">\n<h3>{name}</h3>"
    );
    html.push_str(&paragraphs(reader.told(schema, "description"), 4));
    properties(html, reader, schema);
    html.push_str("</section>\n");
}

/// A code list with its words in both languages.
pub fn code_list(html: &mut String, reader: &Reader<'_>, name: &str, schema: &Value) {
    let about = reader.told(schema, "description");
    let about = about.split("\n\n").next().unwrap_or_default();
    let _ = write!(
        html,
        "<section class=\"schema\" id=\"schema-{name}\">\n<h3>{name}</h3>\n<p>{}</p>\n<div class=\"wide\"><table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>\n",
        inline(about),
        reader.word("Code", "Kod"),
        reader.word("English", "Svenska"),
        reader.word("Swedish", "Engelska"),
    );
    let labels = schema.get("x-kaa-labels").and_then(Value::as_object);
    for (code, words) in labels.into_iter().flatten() {
        let word = |language: &str| {
            let word = words.get(language).and_then(Value::as_str);
            escaped(word.unwrap_or_default())
        };
        let (first, second) = match reader.language {
            Language::English => ("en", "sv"),
            Language::Swedish => ("sv", "en"),
        };
        let _ = writeln!(
            html,
            "<tr><td><code>{}</code></td><td lang=\"{first}\">{}</td><td lang=\"{second}\">{}</td></tr>",
            escaped(code),
            word(first),
            word(second),
        );
    }
    html.push_str("</tbody></table></div>\n</section>\n");
}
