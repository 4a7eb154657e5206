//! The documentation as one readable page, rendered on the server from the contract: no script, no outside address.
//! What it says stands in the document; only headings and labels stand here.

mod schema;
mod text;

use super::code_lists::CODE_LISTS;
use crate::error::{ErrorCode, FieldCode, Language};
use crate::http::problem::language_tag;
use schema::{schema_link, schema_section};
use serde_json::Value;
use std::fmt::Write;
pub use text::escaped;
use text::{code_block, inline, paragraphs};

/// The style sheet.
pub const STYLE: &str = include_str!("style.css");

/// Members of a document that are read here.
pub(super) struct Reader<'d> {
    pub(super) document: &'d Value,
    pub(super) language: Language,
}

impl<'d> Reader<'d> {
    /// A word of the page, in its language.
    pub(super) fn word<'w>(&self, en: &'w str, sv: &'w str) -> &'w str {
        match self.language {
            Language::English => en,
            Language::Swedish => sv,
        }
    }
    /// A text of the document, in the language of the page.
    pub(super) fn told<'v>(&self, value: &'v Value, name: &str) -> &'v str {
        let swedish = format!("/x-{name}-sv");
        let english = format!("/{name}");
        let told = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        match self.language {
            Language::English => told(&english),
            Language::Swedish => told(&swedish).or_else(|| told(&english)),
        }
        .unwrap_or_default()
    }
    /// What a reference leads to, or the value itself.
    pub(super) fn resolved<'v>(&self, value: &'v Value) -> &'v Value
    where
        'd: 'v,
    {
        value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|place| place.strip_prefix('#'))
            .and_then(|pointer| self.document.pointer(pointer))
            .unwrap_or(value)
    }
    /// Which roles, in words.
    pub(super) fn roles(&self, access: &Value) -> String {
        let mut told = Vec::new();
        for word in [
            "yes",
            "write",
            "ownWrite",
            "read",
            "own",
            "masked",
            "breakGlass",
        ] {
            let Some(roles) = access.get(word) else {
                continue;
            };
            let names: Vec<&str> = roles
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|role| self.role(role))
                .collect();
            let names = names.join(", ");
            told.push(match word {
                "yes" => names,
                word => format!("{} {}", escaped(self.access_word(word)), names),
            });
        }
        told.join("<br>\n")
    }
    fn access_word<'w>(&self, word: &'w str) -> &'w str {
        match word {
            "masked" => self.word("see a part:", "ser en del:"),
            "own" => self.word("in records of their own:", "i egna poster:"),
            "breakGlass" => self.word("with break-glass:", "med nödöppnande:"),
            "read" => self.word("read:", "läser:"),
            "ownWrite" => self.word(
                "read and set in records of their own:",
                "läser och ändrar i egna poster:",
            ),
            "write" => self.word("read and set:", "läser och ändrar:"),
            other => other,
        }
    }
    fn role(&self, code: &str) -> &'static str {
        let words = CODE_LISTS
            .iter()
            .find(|list| list.name == "Role")
            .map(|list| (list.words)())
            .unwrap_or_default();
        words
            .iter()
            .find(|(known, _, _)| *known == code)
            .map_or("", |(_, sv, en)| match self.language {
                Language::English => en,
                Language::Swedish => sv,
            })
    }
}

/// The page in a language.
pub fn page(document: &Value, language: Language) -> String {
    let reader = Reader { document, language };
    let mut html = String::new();
    head(&mut html, &reader);
    contents(&mut html, &reader);
    html.push_str("<main id=\"main\">\n");
    let about = reader.told(document.get("info").unwrap_or(&Value::Null), "description");
    html.push_str(&paragraphs(about, 2));
    operations(&mut html, &reader);
    schemas(&mut html, &reader);
    errors(&mut html, &reader);
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn head(html: &mut String, reader: &Reader<'_>) {
    let text = |pointer: &str| {
        let value = reader.document.pointer(pointer).and_then(Value::as_str);
        escaped(value.unwrap_or_default())
    };
    let info = reader.document.get("info").unwrap_or(&Value::Null);
    let (other, other_name) = match reader.language {
        Language::Swedish => ("en", "In English"),
        Language::English => ("sv", "På svenska"),
    };
    let _ = write!(
        html,
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>KAA {version} – {documentation}</title>\n\
         <link rel=\"stylesheet\" href=\"documentation/style.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">{skip}</a>\n\
         <header>\n<h1>KAA <small>{version}</small></h1>\n<p>{summary}</p>\n\
         <p class=\"links\"><a href=\"?language={other}\" hreflang=\"{other}\" lang=\"{other}\">{other_name}</a> \
         <a href=\"openapi.yaml\">openapi.yaml</a> <a href=\"openapi.json\">openapi.json</a> \
         <a href=\"api-info\">api-info</a></p>\n</header>\n",
        tag = language_tag(reader.language),
        version = text("/info/version"),
        documentation = reader.word("documentation", "dokumentation"),
        skip = reader.word("Skip to the text", "Hoppa till texten"),
        summary = escaped(reader.told(info, "summary")),
    );
}

fn contents(html: &mut String, reader: &Reader<'_>) {
    let _ = writeln!(
        html,
        "<nav aria-label=\"{}\">",
        reader.word("Contents", "Innehåll")
    );
    html.push_str("<ul>\n");
    let info = reader.document.get("info").unwrap_or(&Value::Null);
    for title in text::headings(reader.told(info, "description")) {
        let _ = writeln!(
            html,
            "<li><a href=\"#{}\">{}</a></li>",
            text::anchor(title),
            escaped(title)
        );
    }
    for (tag, operations) in by_tag(reader) {
        let name = tag_name(reader, tag);
        let _ = write!(
            html,
            "<li><details><summary><a href=\"#{}\">{}</a></summary>\n<ul>\n",
            text::anchor(name),
            escaped(name)
        );
        for (_, _, operation) in operations {
            let _ = writeln!(
                html,
                "<li><a href=\"#{}\">{}</a></li>",
                id_of(operation),
                escaped(reader.told(operation, "summary"))
            );
        }
        html.push_str("</ul></details></li>\n");
    }
    for (anchor, title) in [
        ("schemas", reader.word("Objects", "Objekt")),
        ("code-lists", reader.word("Code lists", "Kodlistor")),
        ("problems", reader.word("Errors", "Fel")),
        (
            "field-codes",
            reader.word("Errors of a field", "Fel i ett fält"),
        ),
    ] {
        let _ = writeln!(html, "<li><a href=\"#{anchor}\">{title}</a></li>");
    }
    html.push_str("</ul>\n</nav>\n");
}

fn id_of(operation: &Value) -> &str {
    operation
        .get("operationId")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn tag_name<'d>(reader: &Reader<'d>, tag: &'d Value) -> &'d str {
    reader.told(tag, "name")
}

type Operations<'d> = Vec<(&'d str, &'d str, &'d Value)>;

/// The chapters with their operations: path, method, operation.
fn by_tag<'d>(reader: &Reader<'d>) -> Vec<(&'d Value, Operations<'d>)> {
    let all: Operations<'d> = reader
        .document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            item.as_object()
                .into_iter()
                .flatten()
                .filter(|(_, operation)| operation.get("operationId").is_some())
                .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect();
    let tags = reader.document.get("tags").and_then(Value::as_array);
    tags.into_iter()
        .flatten()
        .map(|tag| {
            let name = tag.get("name");
            let own = all
                .iter()
                .copied()
                .filter(|(_, _, operation)| operation.pointer("/tags/0") == name);
            (tag, own.collect())
        })
        .collect()
}

fn operations(html: &mut String, reader: &Reader<'_>) {
    for (tag, operations) in by_tag(reader) {
        let name = tag_name(reader, tag);
        let _ = writeln!(
            html,
            "<h2 id=\"{}\">{}</h2>",
            text::anchor(name),
            escaped(name)
        );
        html.push_str(&paragraphs(reader.told(tag, "description"), 3));
        for (path, method, one) in operations {
            operation(html, reader, path, method, one);
        }
    }
}

fn operation(html: &mut String, reader: &Reader<'_>, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        html,
        "<section class=\"operation\" id=\"{id}\">\n<h3>{summary}</h3>\n\
         <p class=\"address\"><span class=\"method {method}\">{upper}</span> <code>{path}</code> <span class=\"id\">{id}</span></p>\n",
        id = id_of(operation),
        summary = escaped(reader.told(operation, "summary")),
        upper = method.to_ascii_uppercase(),
        path = escaped(path),
    );
    html.push_str(&paragraphs(reader.told(operation, "description"), 4));
    let roles = match operation.get("x-kaa-access") {
        Some(access) => reader.roles(access),
        None => reader
            .word("everybody, without signing in", "alla, utan inloggning")
            .to_owned(),
    };
    let _ = writeln!(
        html,
        "<p class=\"roles\"><b>{}</b> {roles}</p>",
        reader.word("Open to:", "Öppen för:")
    );
    parameters(html, reader, path, operation);
    body(html, reader, operation);
    responses(html, reader, operation);
    html.push_str("</section>\n");
}

fn parameters(html: &mut String, reader: &Reader<'_>, path: &str, operation: &Value) {
    let item = reader
        .document
        .get("paths")
        .and_then(|paths| paths.get(path))
        .unwrap_or(&Value::Null);
    let all = [item, operation]
        .into_iter()
        .filter_map(|place| place.get("parameters").and_then(Value::as_array))
        .flatten();
    let mut rows = String::new();
    for parameter in all {
        let parameter = reader.resolved(parameter);
        let place = parameter
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let place = match place {
            "path" => reader.word("path", "i sökvägen"),
            "query" => reader.word("query", "i adressen"),
            _ => reader.word("header", "huvud"),
        };
        let must = parameter.get("required") == Some(&Value::Bool(true));
        let _ = writeln!(
            rows,
            "<tr><td><code>{}</code>{}</td><td>{place}</td><td>{}</td><td>{}</td></tr>",
            escaped(
                parameter
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            ),
            if must { mark(reader) } else { String::new() },
            schema::kind(reader, parameter.get("schema").unwrap_or(&Value::Null)),
            inline(reader.told(parameter, "description")),
        );
    }
    if !rows.is_empty() {
        let _ = write!(
            html,
            "<details><summary>{}</summary>\n<div class=\"wide\"><table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n</details>\n",
            reader.word("Parameters and headers", "Parametrar och huvuden"),
            reader.word("Name", "Namn"),
            reader.word("In", "Plats"),
            reader.word("Kind", "Slag"),
            reader.word("Meaning", "Betydelse"),
        );
    }
}

fn mark(reader: &Reader<'_>) -> String {
    format!(
        " <abbr class=\"must\" title=\"{}\">*</abbr>",
        reader.word("required, or always there", "krävs, eller finns alltid")
    )
}

fn body(html: &mut String, reader: &Reader<'_>, operation: &Value) {
    let Some(content) = operation
        .pointer("/requestBody/content")
        .and_then(Value::as_object)
    else {
        return;
    };
    let types: Vec<String> = content
        .keys()
        .map(|media| format!("<code>{}</code>", escaped(media)))
        .collect();
    let Some(media) = content.values().next() else {
        return;
    };
    let _ = writeln!(
        html,
        "<details><summary>{} {}</summary>",
        reader.word("Body", "Innehåll"),
        types.join(", ")
    );
    if let Some(schema) = media.get("schema") {
        schema::properties(html, reader, reader.resolved(schema));
    }
    example(html, reader.word("Example", "Exempel"), media);
    html.push_str("</details>\n");
}

fn example(html: &mut String, title: &str, media: &Value) {
    let examples = media.get("examples").and_then(Value::as_object);
    for example in examples.into_iter().flat_map(|all| all.values()) {
        if let Some(value) = example.get("value") {
            let _ = writeln!(html, "<p class=\"label\">{title}</p>");
            html.push_str(&code_block(value));
        }
    }
}

fn responses(html: &mut String, reader: &Reader<'_>, operation: &Value) {
    let responses = operation.get("responses").and_then(Value::as_object);
    let (mut good, mut bad) = (String::new(), String::new());
    for (status, response) in responses.into_iter().flatten() {
        let response = reader.resolved(response);
        if status.starts_with('2') {
            good_response(&mut good, reader, status, response);
            continue;
        }
        let codes: Vec<String> = response
            .pointer("/content/application~1problem+json/examples")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|examples| examples.keys())
            .map(|code| format!("<a href=\"#problem-{code}\"><code>{code}</code></a>"))
            .collect();
        let _ = writeln!(bad, "<li><b>{status}</b> {}</li>", codes.join(", "));
    }
    html.push_str(&good);
    if !bad.is_empty() {
        let _ = writeln!(
            html,
            "<details><summary>{}</summary>\n<ul class=\"errors\">\n{bad}</ul>\n</details>",
            reader.word("Errors", "Fel")
        );
    }
}

fn good_response(html: &mut String, reader: &Reader<'_>, status: &str, response: &Value) {
    let content = response.get("content").and_then(Value::as_object);
    let mut shapes = Vec::new();
    for (media, shape) in content.into_iter().flatten() {
        let schema = shape.get("schema").unwrap_or(&Value::Null);
        let link = schema_link(schema).unwrap_or_default();
        shapes.push(format!("<code>{}</code> {link}", escaped(media)));
    }
    let headers: Vec<String> = response
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|headers| headers.keys())
        .map(|name| format!("<code>{}</code>", escaped(name)))
        .collect();
    let _ = writeln!(
        html,
        "<details><summary>{} {status} {}</summary>\n<p>{}</p>",
        reader.word("Answer", "Svar"),
        shapes.join(", "),
        inline(reader.told(response, "description")),
    );
    if !headers.is_empty() {
        let _ = writeln!(
            html,
            "<p>{} {}</p>",
            reader.word("Headers:", "Huvuden:"),
            headers.join(", ")
        );
    }
    for (_, media) in content.into_iter().flatten() {
        example(html, reader.word("Example", "Exempel"), media);
    }
    html.push_str("</details>\n");
}

fn schemas(html: &mut String, reader: &Reader<'_>) {
    let schemas = reader
        .document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let is_list = |schema: &Value| schema.get("x-kaa-labels").is_some();
    let _ = writeln!(
        html,
        "<h2 id=\"schemas\">{}</h2>\n<p>{}</p>",
        reader.word("Objects", "Objekt"),
        reader.word(
            "Those marked with * are always there, or must be sent.",
            "De som är märkta med * finns alltid, eller måste skickas.",
        )
    );
    for (name, schema) in schemas.into_iter().flatten() {
        if !is_list(schema) {
            schema_section(html, reader, name, schema);
        }
    }
    let _ = writeln!(
        html,
        "<h2 id=\"code-lists\">{}</h2>",
        reader.word("Code lists", "Kodlistor")
    );
    for (name, schema) in schemas.into_iter().flatten() {
        if is_list(schema) {
            schema::code_list(html, reader, name, schema);
        }
    }
}

fn errors(html: &mut String, reader: &Reader<'_>) {
    let language = reader.language;
    let (code, meaning) = (
        reader.word("Code", "Kod"),
        reader.word("Meaning", "Betydelse"),
    );
    let _ = write!(
        html,
        "<h2 id=\"problems\">{}</h2>\n<p>{}</p>\n<div class=\"wide\"><table>\n<thead><tr><th>HTTP</th><th>{code}</th><th>{meaning}</th></tr></thead>\n<tbody>\n",
        reader.word("Errors", "Fel"),
        inline(reader.word(
            "Every error is a `Problem`. Its `type` is `/kaa/v1/problems/` and the code.",
            "Varje fel är ett `Problem`. Dess `type` är `/kaa/v1/problems/` och koden.",
        )),
    );
    for error in ErrorCode::ALL {
        let _ = writeln!(
            html,
            "<tr id=\"problem-{code}\"><td>{}</td><td><code>{code}</code></td><td>{}</td></tr>",
            error.status(),
            escaped(error.title(language)),
            code = error.code(),
        );
    }
    let _ = write!(
        html,
        "</tbody></table></div>\n<h2 id=\"field-codes\">{}</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>{code}</th><th>{meaning}</th></tr></thead>\n<tbody>\n",
        reader.word("Errors of a field", "Fel i ett fält"),
    );
    for field in FieldCode::ALL {
        let _ = writeln!(
            html,
            "<tr id=\"field-{code}\"><td><code>{code}</code></td><td>{}</td></tr>",
            escaped(&field.detail(language).replace("{}", "…")),
            code = field.code(),
        );
    }
    html.push_str("</tbody></table></div>\n");
}
