//! A register extract as one page that stands alone: to read, to print and to hand over. Labels and words are those of the
//! contract, so that a field that is added has one here too. What stands on it is decided in `service::register_extracts`.

use super::contract::chapters;
use super::contract::code_lists::CODE_LISTS;
use super::contract::shape::{Kind, Property};
use super::printed_page::{Page, Say, Words, begin, end, escaped};
use crate::clock::wall_time_of;
use crate::db::types::Timestamp;
use crate::domain::codes::Code;
use crate::domain::operation::Resource;
use crate::domain::register_extract::{ExtractCategory, sentences};
use crate::error::Language;
use crate::service::register_extracts::{Extract, ExtractedRecord};
use serde_json::{Map, Value};
use std::fmt::Write;

/// What stands beside the records of the contract and has no name there.
const BESIDE: &[(&str, Words)] = &[
    ("kind", ("Slag", "Kind")),
    ("identityNumber", ("Identitetsnummer", "Identity number")),
    ("isCurrent", ("Gäller nu", "In force now")),
    ("validFrom", ("Från och med", "From")),
    ("validTo", ("Till och med", "Until")),
    (
        "importId",
        ("Befolkningslistans nummer", "Number of the roster"),
    ),
];

/// The few words of the contract that are of no code list.
const FEW_WORDS: &[(&str, Words)] = &[
    ("registered", ("folkbokföringsadress", "registered address")),
    ("postal", ("postadress", "postal address")),
    ("temporary", ("tillfällig adress", "temporary address")),
    ("mobile", ("mobil", "mobile")),
    ("home", ("hem", "home")),
    ("work", ("arbete", "work")),
    ("other", ("annan", "other")),
    ("GY", ("gymnasieskola", "upper secondary school")),
    (
        "GYS",
        ("anpassad gymnasieskola", "adapted upper secondary school"),
    ),
    ("refusal", ("avvisad", "refused")),
    ("warning", ("varning", "warning")),
    ("note", ("upplysning", "note")),
];

fn words_of(list: &[(&str, Words)], name: &str) -> Option<Words> {
    let known = list.iter().find(|(known, _)| *known == name);
    known.map(|(_, words)| *words)
}

/// The page in a language. What was written stays as it is.
pub fn page(extract: &Extract, language: Language) -> Page {
    let say = Say(language);
    let title = ("Registerutdrag", "Register extract");
    let mut html = begin(&say, title, &extract.youth, &extract.unit);
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
    let foot = format!(
        "{} <span class=\"hash\">{}</span>",
        say.word((
            "Kontrollsumma (SHA-256) för innehållet, som kommunen har sparat i stället för innehållet:",
            "Checksum (SHA-256) of the content, which the municipality has kept instead of the content:"
        )),
        escaped(&extract.sha256)
    );
    end(html, &foot)
}

impl Say {
    fn line(&self, html: &mut String, term: &str, value: &str) {
        let _ = writeln!(html, "<dt>{}</dt><dd>{value}</dd>", escaped(term));
    }

    fn recipients(&self, html: &mut String, extract: &Extract) {
        let title = (
            "Vem som har fått veta något om dig",
            "Who was told something about you",
        );
        self.heading(html, title);
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
        ] {
            self.line(html, self.word(term), self.word(words));
        }
        let (sv, en) = category.retention(&extract.policies);
        let term = self.word(("Hur länge", "For how long"));
        self.line(html, term, &escaped(self.word((&sv, &en))));
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
                let property = property(record, name);
                let label = match (property, words_of(BESIDE, name)) {
                    (Some(property), _) => self.first_sentence(property),
                    (None, Some(words)) => self.word(words).to_owned(),
                    (None, None) => name.clone(),
                };
                let value = self.value(property.map(|property| property.kind), value);
                self.line(html, &label, &value);
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
            "mergedYouths" => self
                .word((
                    "Det som stod i en post som har slagits ihop med din",
                    "What stood in a record that was merged with yours",
                ))
                .to_owned(),
            _ => chapters::shown(record.resource).map_or_else(
                || record.kind.to_owned(),
                |shown| first_clause(self.word((shown.text.1, shown.text.0))),
            ),
        }
    }

    fn first_sentence(&self, property: &Property) -> String {
        let text = self.word((property.sv, property.en));
        let end = text.find(['.', ';', ':']).unwrap_or(text.len());
        text.get(..end).unwrap_or(text).to_owned()
    }

    fn field(&self, resource: Resource, name: &str, value: &Value) -> String {
        self.value(
            chapters::property(resource, name).map(|property| property.kind),
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
            (Some(Kind::OneOf(_)), Value::String(word)) => words_of(FEW_WORDS, word)
                .map_or_else(|| escaped(word), |words| self.word(words).to_owned()),
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
fn property(record: &ExtractedRecord, name: &str) -> Option<&'static Property> {
    match record.kind {
        "identifiers" => None,
        "importRows" => chapters::part("ImportedRow")?
            .properties
            .iter()
            .find(|property| property.name == name),
        _ => chapters::property(record.resource, name),
    }
}

/// What a thing is called, without what is told of it to those who write programs.
fn first_clause(text: &str) -> String {
    let end = text.find(['.', ',', ';', ':', '(']).unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end().to_owned()
}

/// As a clock on a Swedish wall shows it.
fn local(at: Timestamp) -> String {
    wall_time_of(at.utc()).format("%Y-%m-%d %H:%M").to_string()
}
