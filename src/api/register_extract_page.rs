//! A register extract as one page that stands alone: to read, to print and to hand over. Labels and words are those of the
//! contract, so that a field that is added has one here too. What stands on it is decided in `service::register_extracts`.

use super::contract::chapters;
use super::contract::code_lists::CODE_LISTS;
use super::contract::shape::{Kind, Property};
use super::plan_copy::{Page, STYLE};
use crate::clock::wall_time_of;
use crate::db::types::Timestamp;
use crate::domain::codes::Code;
use crate::domain::operation::Resource;
use crate::domain::register_extract::{ExtractCategory, Words, sentences};
use crate::error::Language;
use crate::service::register_extracts::{Extract, ExtractedRecord};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The page in a language. What was written stays as it is.
pub fn page(extract: &Extract, language: Language) -> Page {
    let say = Say(language);
    let mut html = String::new();
    let lang = say.word(("sv", "en"));
    let title = say.word(("Registerutdrag", "Register extract"));
    let _ = write!(
        html,
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escaped(&extract.youth)
    );
    let _ = writeln!(
        html,
        "<p class=\"unit\">{}</p>\n<h1>{title}</h1>",
        escaped(&extract.unit)
    );
    if extract.protection_level.is_protected() {
        let marking = (
            "Skyddade personuppgifter. Lämnas bara till personen själv, i handen eller på ett sätt som ingen annan kan läsa.",
            "Protected identity. To be given to the person alone, by hand or in a way that nobody else can read.",
        );
        let _ = writeln!(
            html,
            "<p class=\"goal\" role=\"note\"><strong>{}</strong></p>",
            say.word(marking)
        );
    }
    html.push_str("<dl>\n");
    say.line(
        &mut html,
        say.word(("Utdraget gäller", "The extract is about")),
        &escaped(&extract.youth),
    );
    if let Some(number) = &extract.identity_number {
        say.line(
            &mut html,
            say.word(("Identitetsnummer", "Identity number")),
            &escaped(number),
        );
    }
    say.line(
        &mut html,
        say.word(("Gjort", "Made")),
        &local(extract.made_at),
    );
    say.line(
        &mut html,
        say.word(("Utdragets nummer", "Number of the extract")),
        &extract.id.to_string(),
    );
    html.push_str("</dl>\n");
    let sentences = sentences(extract.is_whole, extract.left_out);
    for sentence in &sentences {
        let _ = writeln!(html, "<p>{}</p>", say.word(sentence.words));
    }
    say.recipients(&mut html, extract);
    for category in ExtractCategory::covered(extract.is_whole) {
        say.category(&mut html, extract, *category);
    }
    say.readers(&mut html, extract);
    let _ = writeln!(
        html,
        "<footer><p>{} <span class=\"hash\">{}</span></p></footer>\n</main>\n</body>\n</html>",
        say.word((
            "Kontrollsumma (SHA-256) för innehållet, som kommunen har sparat i stället för innehållet:",
            "Checksum (SHA-256) of the content, which the municipality has kept instead of the content:"
        )),
        escaped(&extract.sha256)
    );
    let hash = data_encoding::BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    Page {
        html,
        style_hash: format!("sha256-{hash}"),
    }
}

struct Say(Language);

impl Say {
    const fn word(&self, words: Words) -> &'static str {
        match self.0 {
            Language::Swedish => words.0,
            Language::English => words.1,
        }
    }

    fn line(&self, html: &mut String, term: &str, value: &str) {
        let _ = writeln!(html, "<dt>{}</dt><dd>{value}</dd>", escaped(term));
    }

    fn recipients(&self, html: &mut String, extract: &Extract) {
        let title = (
            "Vem som har fått veta något om dig",
            "Who was told something about you",
        );
        let _ = writeln!(html, "<h2>{}</h2>", self.word(title));
        let mut is_empty = true;
        html.push_str("<ul>\n");
        for values in extract.recipients() {
            is_empty = false;
            let told = |name: &str| {
                self.field(
                    Resource::Disclosures,
                    name,
                    values.get(name).unwrap_or(&Value::Null),
                )
            };
            let _ = writeln!(
                html,
                "<li>{}: {} {} – {}</li>",
                told("disclosedOn"),
                told("recipientKind"),
                told("recipientName"),
                told("categories")
            );
        }
        html.push_str("</ul>\n");
        if is_empty {
            let none = (
                "Ingen, enligt det som står i utdraget.",
                "Nobody, by what stands in the extract.",
            );
            let _ = writeln!(html, "<p>{}</p>", self.word(none));
        }
    }

    fn category(&self, html: &mut String, extract: &Extract, category: ExtractCategory) {
        let _ = writeln!(
            html,
            "<h2>{}</h2>\n<dl>",
            self.word((category.sv(), category.en()))
        );
        for (term, words) in [
            (("Till vad", "For what"), category.purpose()),
            (("Laglig grund", "Legal ground"), category.legal_ground()),
            (("Varifrån", "From where"), category.source()),
            (("Hur länge", "For how long"), category.retention()),
        ] {
            self.line(html, self.word(term), self.word(words));
        }
        html.push_str("</dl>\n");
        let mut records = extract
            .records
            .iter()
            .filter(|record| record.category == category)
            .peekable();
        if records.peek().is_none() {
            let none = ("Inget antecknat.", "Nothing noted.");
            let _ = writeln!(html, "<p>{}</p>", self.word(none));
        }
        for record in records {
            self.record(html, record);
        }
    }

    fn record(&self, html: &mut String, record: &ExtractedRecord) {
        let _ = writeln!(html, "<h3>{}</h3>\n<dl>", escaped(&self.kind(record)));
        self.values(html, record, &record.values);
        if let Some(id) = record.id {
            self.line(
                html,
                self.word(("Postens nummer", "Number of the record")),
                &id.to_string(),
            );
        }
        html.push_str("</dl>\n");
        for (until, values) in &record.earlier {
            let title = self.word(("Stod så här till", "Stood like this until"));
            let _ = writeln!(
                html,
                "<p><strong>{title} {}</strong></p>\n<dl>",
                local(*until)
            );
            self.values(html, record, values);
            html.push_str("</dl>\n");
        }
    }

    /// The fields that say something.
    fn values(&self, html: &mut String, record: &ExtractedRecord, values: &Map<String, Value>) {
        for (name, value) in values {
            let is_empty = match value {
                Value::Null => true,
                Value::Array(items) => items.is_empty(),
                _ => false,
            };
            if !is_empty {
                self.line(
                    html,
                    &self.label(record.resource, name),
                    &self.field(record.resource, name, value),
                );
            }
        }
    }

    /// What a record is called: as the contract calls it.
    fn kind(&self, record: &ExtractedRecord) -> String {
        match record.kind {
            "identifiers" => self
                .word(("Identitetsnummer", "Identity number"))
                .to_owned(),
            "importRows" => self
                .word(("Rad i en befolkningslista", "Row of a roster"))
                .to_owned(),
            _ => chapters::shown(record.resource)
                .map_or(record.kind, |shown| self.word((shown.text.1, shown.text.0)))
                .trim_end_matches('.')
                .to_owned(),
        }
    }

    /// What a field is called: the first sentence that the contract has of it.
    fn label(&self, resource: Resource, name: &str) -> String {
        property(resource, name)
            .map_or_else(|| name.to_owned(), |property| self.first_sentence(property))
    }

    fn first_sentence(&self, property: &Property) -> String {
        let text = self.word((property.sv, property.en));
        let end = text.find(['.', ';', ':']).unwrap_or(text.len());
        text.get(..end).unwrap_or(text).to_owned()
    }

    fn field(&self, resource: Resource, name: &str, value: &Value) -> String {
        self.value(
            property(resource, name).map(|property| property.kind),
            value,
        )
    }

    /// A value as HTML.
    fn value(&self, kind: Option<Kind>, value: &Value) -> String {
        match (kind, value) {
            (_, Value::Null) => String::new(),
            (_, Value::Bool(true)) => self.word(("ja", "yes")).to_owned(),
            (_, Value::Bool(false)) => self.word(("nej", "no")).to_owned(),
            (Some(Kind::Word(list)), Value::String(code)) => escaped(&self.code(list, code)),
            (Some(Kind::Instant), Value::String(at)) => chrono::DateTime::parse_from_rfc3339(at)
                .map_or_else(|_| escaped(at), |at| local(Timestamp::of(at.to_utc()))),
            (_, Value::String(text)) => escaped(text).replace('\n', "<br>\n"),
            (kind, Value::Array(items)) => {
                let kind = match kind {
                    Some(Kind::Many(kind, _)) => Some(*kind),
                    _ => None,
                };
                let items: Vec<String> = items.iter().map(|item| self.value(kind, item)).collect();
                if items
                    .iter()
                    .any(|item| item.contains('<') || item.contains(": "))
                {
                    format!("<ul><li>{}</li></ul>", items.join("</li><li>"))
                } else {
                    items.join(", ")
                }
            }
            (kind, Value::Object(members)) => self.object(kind, members),
            (_, value) => escaped(&value.to_string()),
        }
    }

    fn object(&self, kind: Option<Kind>, members: &Map<String, Value>) -> String {
        if let (Some(role), Some(initials)) = (members.get("role"), members.get("initials")) {
            let role = self.code("Role", role.as_str().unwrap_or_default());
            return escaped(&format!("{} {role}", initials.as_str().unwrap_or_default()));
        }
        let part = match kind {
            Some(Kind::Part(name)) => chapters::part(name),
            _ => None,
        };
        let known = |name: &str| {
            part.and_then(|part| part.properties.iter().find(|known| known.name == name))
        };
        let said: Vec<String> = members
            .iter()
            .filter(|(name, value)| !value.is_null() && *name != "id")
            .map(|(name, value)| {
                let label = known(name)
                    .map_or_else(|| name.clone(), |property| self.first_sentence(property));
                format!(
                    "{}: {}",
                    escaped(&label),
                    self.value(known(name).map(|property| property.kind), value)
                )
            })
            .collect();
        said.join("; ")
    }

    fn code(&self, list: &str, code: &str) -> String {
        CODE_LISTS
            .iter()
            .find(|known| known.name == list)
            .and_then(|known| (known.words)().into_iter().find(|word| word.0 == code))
            .map_or_else(
                || code.to_owned(),
                |(_, sv, en)| self.word((sv, en)).to_owned(),
            )
    }

    fn readers(&self, html: &mut String, extract: &Extract) {
        let Some(readers) = &extract.readers else {
            return;
        };
        let title = (
            "Vem av personalen som har läst om dig",
            "Who of the staff has read about you",
        );
        let _ = writeln!(html, "<h2>{}</h2>\n<ul>", self.word(title));
        for reader in readers {
            let role = reader.role.map_or_else(
                || self.word(("Systemet", "The system")).to_owned(),
                |role| self.word((role.sv(), role.en())).to_owned(),
            );
            let name = reader
                .name
                .as_ref()
                .map_or_else(String::new, |name| format!(", {}", escaped(name)));
            let times = self.word(("gånger", "times"));
            let _ = writeln!(
                html,
                "<li>{}: {role}{name} ({} {times})</li>",
                reader.on, reader.times
            );
        }
        html.push_str("</ul>\n");
    }
}

/// The member of a record as the contract has it.
fn property(resource: Resource, name: &str) -> Option<&'static Property> {
    chapters::property(resource, name)
}

/// As a clock on a Swedish wall shows it.
fn local(at: Timestamp) -> String {
    wall_time_of(at.utc()).format("%Y-%m-%d %H:%M").to_string()
}

/// Text that HTML reads as text.
fn escaped(text: &str) -> String {
    super::contract::escaped(text)
}
