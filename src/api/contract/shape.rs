//! The small language in which the contract describes a value: its kind, its words in two languages, and an example, all in
//! one line. Schemas and examples follow from it. Which values there are stands in `chapters`.

use super::chapters::part;
use super::pascal;
use serde_json::{Map, Value, json};

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A UUID.
    Id,
    /// A calendar day, in Sweden.
    Date,
    /// A moment, RFC 3339.
    Instant,
    /// True or false.
    YesNo,
    /// A whole number within bounds.
    Whole(i64, i64),
    /// A number that may have decimals.
    Decimal,
    /// One line of text, of at most so many characters; 0: no bound is told.
    Text(u32),
    /// Text that may have several lines, of at most so many characters.
    Lines(u32),
    /// An e-mail address.
    Email,
    /// An absolute address.
    Address,
    /// A word of a named code list.
    Word(&'static str),
    /// One of a few words that are no code list.
    OneOf(&'static [&'static str]),
    /// An object of its own name.
    Part(&'static str),
    /// A record of a kind, as far as its reader may see it.
    Record(&'static str),
    /// A list of at most so many; 0: no bound is told.
    Many(&'static Kind, u32),
    /// An object with names of its own choice.
    ByName(&'static Kind),
    /// A value of whatever kind.
    Anything,
}

/// A member of an object, or a parameter.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its name, camelCase.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// An example, as text: items of a list apart by `|`, a name before its value by `=`.
    pub example: &'static str,
    /// What it means, in English.
    pub en: &'static str,
    /// What it means, in Swedish.
    pub sv: &'static str,
    /// Whether it can be null.
    pub is_nullable: bool,
    /// Whether it is always there (in a request: must be sent).
    pub is_required: bool,
    /// Whether it can be absent although the reader's role may see it.
    pub is_sometimes: bool,
    /// Whether it is sent and never shown.
    pub is_write_only: bool,
}

/// Describes a member: name, kind, example, English, Swedish.
pub const fn p(
    name: &'static str,
    kind: Kind,
    example: &'static str,
    en: &'static str,
    sv: &'static str,
) -> Property {
    Property {
        name,
        kind,
        example,
        en,
        sv,
        is_nullable: false,
        is_required: false,
        is_sometimes: false,
        is_write_only: false,
    }
}

impl Property {
    /// It can be null.
    pub const fn or_null(mut self) -> Self {
        self.is_nullable = true;
        self
    }
    /// It is always there; in a request it must be sent.
    pub const fn always(mut self) -> Self {
        self.is_required = true;
        self
    }
    /// Something besides the reader's role can make it absent.
    pub const fn sometimes(mut self) -> Self {
        self.is_sometimes = true;
        self
    }
    /// It is sent and never shown.
    pub const fn write_only(mut self) -> Self {
        self.is_write_only = true;
        self
    }

    /// Its schema, with its words and its example.
    pub fn schema(&self) -> Value {
        let mut schema = object_of(schema_of(self.kind));
        if self.is_nullable {
            schema = nullable(schema);
        }
        schema.insert("description".to_owned(), json!(self.en));
        schema.insert("x-description-sv".to_owned(), json!(self.sv));
        if self.is_write_only {
            schema.insert("writeOnly".to_owned(), json!(true));
        }
        // The members of an object have examples of their own.
        if self.is_nullable || !matches!(self.kind, Kind::Part(_) | Kind::Record(_)) {
            schema.insert("examples".to_owned(), json!([self.example_value()]));
        }
        Value::Object(schema)
    }

    /// Its example as JSON.
    pub fn example_value(&self) -> Value {
        example_of(self.kind, self.example)
    }
}

/// An object schema of these members and no others.
pub fn object_schema(properties: Map<String, Value>, required: &[&str]) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}

/// A reference to a component.
pub fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The schema of a kind, without words.
pub fn schema_of(kind: Kind) -> Value {
    match kind {
        Kind::Id => json!({"type": "string", "format": "uuid"}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Instant => json!({"type": "string", "format": "date-time"}),
        Kind::YesNo => json!({"type": "boolean"}),
        Kind::Whole(least, most) => {
            json!({"type": "integer", "format": "int64", "minimum": least, "maximum": most})
        }
        Kind::Decimal => json!({"type": "number"}),
        Kind::Text(0) | Kind::Lines(0) => json!({"type": "string"}),
        Kind::Text(longest) | Kind::Lines(longest) => {
            json!({"type": "string", "maxLength": longest})
        }
        Kind::Email => json!({"type": "string", "format": "email", "maxLength": 254}),
        Kind::Address => json!({"type": "string", "format": "uri"}),
        Kind::OneOf(words) => json!({"type": "string", "enum": words}),
        Kind::Word(name) | Kind::Part(name) | Kind::Record(name) => reference("schemas", name),
        Kind::Many(item, 0) => json!({"type": "array", "items": schema_of(*item)}),
        Kind::Many(item, most) => {
            json!({"type": "array", "items": schema_of(*item), "maxItems": most})
        }
        Kind::Anything => json!({}),
        Kind::ByName(value) => {
            json!({"type": "object", "additionalProperties": schema_of(*value)})
        }
    }
}

fn nullable(mut schema: Map<String, Value>) -> Map<String, Value> {
    let Some(Value::String(kind)) = schema.get("type").cloned() else {
        return object_of(json!({"anyOf": [Value::Object(schema), {"type": "null"}]}));
    };
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
    schema.insert("type".to_owned(), json!([kind, "null"]));
    schema
}

/// An example of a kind from its text.
pub fn example_of(kind: Kind, text: &str) -> Value {
    match kind {
        _ if text == "null" => Value::Null,
        Kind::YesNo => json!(text == "true"),
        Kind::Whole(least, _) => json!(text.parse::<i64>().unwrap_or(least)),
        Kind::Decimal => serde_json::from_str(text).unwrap_or(json!(0)),
        Kind::Part(name) => part(name).map_or(Value::Null, |part| {
            let members = part
                .properties
                .iter()
                .map(|member| (member.name.to_owned(), member.example_value()));
            Value::Object(members.collect())
        }),
        Kind::Record(name) => super::chapters::record_example(name),
        Kind::Many(item, _) => text
            .split('|')
            .map(|text| example_of(*item, text))
            .collect(),
        Kind::ByName(value) => {
            let (name, text) = text.split_once('=').unwrap_or((text, ""));
            let mut members = Map::new();
            members.insert(name.to_owned(), example_of(*value, text));
            Value::Object(members)
        }
        _ => json!(text),
    }
}

/// The name of a schema that belongs to an operation.
pub fn schema_name(operation: &str, suffix: &str) -> String {
    format!("{}{suffix}", pascal(operation))
}

/// The members of a JSON object; none of anything else.
pub fn object_of(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
