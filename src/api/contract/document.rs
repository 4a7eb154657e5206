//! Assembles the OpenAPI document. Nothing is told here that stands in a table: routes, rights, fields, errors and words are
//! looked up where they stand.

use super::chapters::{
    Answer, CHAPTERS, Described, Input, Part, Shown, all_shown, described, part, path_parameter,
    property, shown,
};
use super::code_lists::CODE_LISTS;
use super::errors::{by_status, counts_once, errors_of, is_public, meaning};
use super::shape::{Kind, Property, object_of, object_schema, p, reference, schema_name};
use super::words::{GLOSSARY, SECTIONS};
use super::{examples, pascal_of_code, public};
use crate::api::routes::{Accepts, Answers, ROUTES, Route};
use crate::db::paging::{DEFAULT_LIMIT, MOST};
use crate::error::{ErrorCode, Language};
use crate::http::problem;
use crate::policy::printed::{RolesByWord, is_seen_by_all, roles_of_field, roles_of_operation};
use serde_json::{Map, Value, json};

const DIALECT: &str = "https://spec.openapis.org/oas/3.1/dialect/base";

/// The document. `contact` is where to turn to: an address or an e-mail address.
pub fn document(contact: &str) -> Value {
    json!({
        "openapi": "3.1.1",
        "info": info(contact),
        "jsonSchemaDialect": DIALECT,
        "servers": [{
            "url": "https://{host}/kaa/v1",
            "description": "The service of a municipality.",
            "x-description-sv": "En kommuns tjänst.",
            "variables": {"host": {"default": examples::HOST, "description": "Where the municipality runs it."}},
        }],
        "security": [{"bearer": []}],
        "tags": tags(),
        "paths": paths(),
        "components": components(),
    })
}

fn info(contact: &str) -> Value {
    let contact_object = if contact.contains('@') {
        json!({"name": "The municipality that runs the service", "email": contact})
    } else {
        json!({"name": "The municipality that runs the service", "url": contact})
    };
    json!({
        "title": "KAA",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Case management for the kommunala aktivitetsansvaret",
        "x-summary-sv": "Ärendehantering för det kommunala aktivitetsansvaret",
        "description": about(Language::English).replace("{contact}", contact),
        "x-description-sv": about(Language::Swedish).replace("{contact}", contact),
        "contact": contact_object,
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        "x-released": crate::api::info::RELEASED,
        "x-status": "active",
    })
}

fn about(language: Language) -> String {
    let mut parts: Vec<String> = SECTIONS
        .iter()
        .map(|section| match language {
            Language::English => format!("## {}\n\n{}", section.title.0, section.en),
            Language::Swedish => format!("## {}\n\n{}", section.title.1, section.sv),
        })
        .collect();
    let terms: Vec<String> = GLOSSARY
        .iter()
        .map(|term| match language {
            Language::English => format!("- {} (`{}`): {}", term.swedish, term.word, term.en),
            Language::Swedish => format!("- {} (`{}`): {}", term.swedish, term.word, term.sv),
        })
        .collect();
    let title = match language {
        Language::English => "Glossary",
        Language::Swedish => "Ordlista",
    };
    parts.push(format!("## {title}\n\n{}", terms.join("\n")));
    parts.join("\n\n")
}

fn tags() -> Vec<Value> {
    let mut tags: Vec<Value> = CHAPTERS
        .iter()
        .filter(|chapter| {
            ROUTES.iter().any(|route| {
                chapter
                    .operations
                    .iter()
                    .any(|d| d.operation == route.operation)
            })
        })
        .map(|chapter| {
            json!({
                "name": chapter.title.0,
                "x-name-sv": chapter.title.1,
                "description": chapter.text.0,
                "x-description-sv": chapter.text.1,
            })
        })
        .collect();
    tags.push(public::tag());
    tags
}

// Paths --------------------------------------------------------------------------------------------

/// The names of the ids in a path.
pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn paths() -> Map<String, Value> {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let item = paths
            .entry(route.path.to_owned())
            .or_insert_with(|| Value::Object(path_item(route.path)));
        if let Some(item) = item.as_object_mut() {
            item.insert(route.method.name().to_ascii_lowercase(), operation(route));
        }
    }
    paths.extend(public::paths());
    paths
}

fn path_item(path: &str) -> Map<String, Value> {
    let parameters: Vec<Value> = path_parameters(path)
        .map(|name| {
            let property = path_parameter(name).unwrap_or(p("id", Kind::Id, "", "", ""));
            let mut parameter = json!({"name": name, "in": "path", "required": true});
            describe_parameter(&mut parameter, &property);
            parameter
        })
        .collect();
    let mut item = Map::new();
    if !parameters.is_empty() {
        item.insert("parameters".to_owned(), Value::Array(parameters));
    }
    item
}

/// A parameter's words stand beside its schema, not in it.
fn describe_parameter(parameter: &mut Value, property: &Property) {
    let mut schema = object_of(property.schema());
    let mut move_up = |name: &str| schema.shift_remove(name).unwrap_or_default();
    let (en, sv) = (move_up("description"), move_up("x-description-sv"));
    schema.shift_remove("examples");
    if let Some(parameter) = parameter.as_object_mut() {
        parameter.insert("description".to_owned(), en);
        parameter.insert("x-description-sv".to_owned(), sv);
        parameter.insert("schema".to_owned(), Value::Object(schema));
        parameter.insert("example".to_owned(), property.example_value());
    }
}

fn operation(route: &Route) -> Value {
    let described = described(route.operation);
    let name = route.operation.name();
    let (en, sv) = described.map_or(((name, ""), (name, "")), |d| (d.en, d.sv));
    let mut operation = object_of(json!({
        "operationId": name,
        "tags": [tag_of(route)],
        "summary": en.0,
        "x-summary-sv": sv.0,
        "description": en.1,
        "x-description-sv": sv.1,
    }));
    let mut add = |name: &str, value: Value| {
        operation.insert(name.to_owned(), value);
    };
    if is_public(route) {
        add("security", json!([]));
    } else {
        add("x-kaa-access", access(&roles_of_operation(route.operation)));
    }
    add("parameters", Value::Array(parameters(route, described)));
    if let Some(body) = request_body(route, described) {
        add("requestBody", body);
    }
    add("responses", Value::Object(responses(route, described)));
    Value::Object(operation)
}

fn tag_of(route: &Route) -> &'static str {
    CHAPTERS
        .iter()
        .find(|chapter| {
            chapter
                .operations
                .iter()
                .any(|d| d.operation == route.operation)
        })
        .map_or(route.operation.resource().name(), |chapter| chapter.title.0)
}

fn access(roles: &RolesByWord) -> Value {
    roles
        .iter()
        .map(|(word, roles)| ((*word).to_owned(), json!(roles)))
        .collect::<Map<String, Value>>()
        .into()
}

fn parameters(route: &Route, described: Option<&Described>) -> Vec<Value> {
    let mut parameters = Vec::new();
    for property in described.map_or(&[][..], |d| d.query) {
        let mut parameter =
            json!({"name": property.name, "in": "query", "required": property.is_required});
        describe_parameter(&mut parameter, property);
        parameters.push(parameter);
    }
    let mut shared = |name| parameters.push(reference("parameters", name));
    if route.is_list() {
        shared("Limit");
        shared("Page");
        shared("Position");
    }
    if route.needs_version {
        shared("IfMatch");
    } else if described.is_some_and(|d| d.may_tell_version) {
        shared("IfMatchIfAny");
    }
    if counts_once(route) {
        shared("IdempotencyKey");
    }
    shared("AcceptLanguage");
    shared("TraceParent");
    parameters
}

fn request_body(route: &Route, described: Option<&Described>) -> Option<Value> {
    let content = match route.accepts {
        Accepts::Nothing => return None,
        Accepts::Roster => json!({
            "text/csv": {"schema": {"type": "string"}, "examples": {"roster": {"value": examples::ROSTER}}},
            "application/octet-stream": {},
        }),
        Accepts::Json | Accepts::MergePatch => {
            let media = json!({
                "schema": reference("schemas", &schema_name(route.operation.name(), "Request")),
                "examples": {"full": {
                    "summary": "A full request",
                    "value": described.map(|d| examples::request(route, d)),
                }},
            });
            if route.accepts == Accepts::MergePatch {
                json!({"application/merge-patch+json": media, "application/json": media})
            } else {
                json!({"application/json": media})
            }
        }
    };
    Some(json!({"required": true, "content": content}))
}

fn responses(route: &Route, described: Option<&Described>) -> Map<String, Value> {
    let mut responses = Map::new();
    let (status, answer) = success(route, described);
    responses.insert(status.to_string(), answer);
    for (status, codes) in by_status(&errors_of(route, described)) {
        responses.insert(
            status.to_string(),
            reference("responses", &response_name(&codes)),
        );
    }
    responses
}

/// The status and the answer when all goes well.
fn success(route: &Route, described: Option<&Described>) -> (u16, Value) {
    let (status, en, sv) = match route.answers {
        Answers::Record => (
            200,
            "The record, with its version.",
            "Posten, med sin version.",
        ),
        Answers::Created => (
            201,
            "The record that was made, at the address in `Location`.",
            "Posten som skapades, på adressen i `Location`.",
        ),
        Answers::Accepted => (
            202,
            "The job by which it is made, at the address in `Location`.",
            "Arbetet som gör det, på adressen i `Location`.",
        ),
        Answers::List(_) => (200, "A part of the list.", "En del av listan."),
        Answers::Document => (200, "The document.", "Dokumentet."),
        Answers::File(_) => (200, "The file.", "Filen."),
        Answers::Nothing => (
            204,
            "Done; there is nothing to say.",
            "Klart; det finns inget att säga.",
        ),
    };
    let mut headers = Map::new();
    let mut header = |name: &str, component: &str| {
        headers.insert(name.to_owned(), reference("headers", component));
    };
    if matches!(
        route.answers,
        Answers::Record | Answers::Created | Answers::Accepted
    ) {
        header("ETag", "ETag");
    }
    match route.answers {
        Answers::Created | Answers::Accepted => header("Location", "Location"),
        Answers::File(_) => header("Content-Disposition", "ContentDisposition"),
        _ => {}
    }
    header("Content-Language", "ContentLanguage");
    header("traceparent", "TraceParent");
    header("x-request-id", "RequestId");
    let mut answer = object_of(json!({
        "description": en, "x-description-sv": sv, "headers": headers,
    }));
    if let Some(content) = content(route, described) {
        answer.insert("content".to_owned(), content);
    }
    (status, Value::Object(answer))
}

fn content(route: &Route, described: Option<&Described>) -> Option<Value> {
    match route.answers {
        Answers::Nothing => None,
        Answers::File(media_type) => {
            let media = media_type.split(';').next().unwrap_or(media_type).trim();
            let mut content = Map::new();
            content.insert(media.to_owned(), json!({"schema": {"type": "string"}}));
            Some(Value::Object(content))
        }
        _ => {
            let row = described.and_then(|d| answer_schema(route, d))?;
            let name = match route.answers {
                Answers::List(_) => format!("{row}List"),
                _ => row,
            };
            Some(json!({"application/json": {
                "schema": reference("schemas", &name),
                "examples": {"full": {
                    "summary": "A full answer",
                    "value": described.map(|d| examples::answer(route, d)),
                }},
            }}))
        }
    }
}

/// The name of the schema of the record, row or document that a route answers.
pub fn answer_schema(route: &Route, described: &Described) -> Option<String> {
    match (route.answers, described.answers) {
        (Answers::Nothing | Answers::File(_), _) => None,
        (_, Answer::Of(name)) => Some(name.to_owned()),
        (_, Answer::Own) => Some(shown(route.operation.resource()).map_or_else(
            || super::pascal(route.operation.resource().name()),
            |shown| shown.name.to_owned(),
        )),
    }
}

/// Whether there is such a schema of a record, row or document.
pub fn has_schema(name: &str) -> bool {
    all_shown().any(|shown| shown.name == name || shown.as_it_was == Some(name))
        || part(name).is_some()
}

// Components ---------------------------------------------------------------------------------------

fn components() -> Value {
    json!({
        "securitySchemes": {"bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of `POST /sessions` or `POST /sessions/refresh`; at most five minutes.",
            "x-description-sv": "Åtkomstbeviset från `POST /sessions` eller `POST /sessions/refresh`; högst fem minuter.",
        }},
        "parameters": shared_parameters(),
        "headers": headers(),
        "schemas": schemas(),
        "responses": error_responses(),
        "examples": error_examples(),
    })
}

fn shared_parameters() -> Value {
    json!({
        "Limit": {
            "name": "limit", "in": "query", "required": false,
            "description": "Rows on a page.", "x-description-sv": "Rader på en sida.",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}, "example": DEFAULT_LIMIT,
        },
        "Page": {
            "name": "page", "in": "query", "required": false,
            "description": "The page, from 1. A page past the end is an empty list.",
            "x-description-sv": "Sidan, från 1. En sida efter slutet är en tom lista.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 100_000, "default": 1}, "example": 1,
        },
        "Position": {
            "name": "position", "in": "query", "required": false,
            "description": "Where the page begins, as `_links.next` or `_links.prev` gave it. It is opaque and belongs to its list.",
            "x-description-sv": "Var sidan börjar, så som `_links.next` eller `_links.prev` angav det. Den är ogenomskinlig och hör till sin lista.",
            "schema": {"type": "string", "maxLength": 2048}, "example": "q3nZ8yB6nXw0sLr5dHc2uJm9aPeG7oKiF4tVbQ",
        },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The version that the change builds on, as the `ETag` had it.",
            "x-description-sv": "Versionen som ändringen bygger på, så som `ETag` angav den.",
            "schema": {"type": "string", "pattern": "^\"[0-9]+\"$"}, "example": "\"3\"",
        },
        "IfMatchIfAny": {
            "name": "If-Match", "in": "header", "required": false,
            "description": "The version that the change builds on, as the `ETag` had it; not told when there is no record yet.",
            "x-description-sv": "Versionen som ändringen bygger på, så som `ETag` angav den; anges inte när det inte finns någon post ännu.",
            "schema": {"type": "string", "pattern": "^\"[0-9]+\"$"}, "example": "\"3\"",
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A key of your own making, new for each deed. The same request sent again under it counts once and gets the same answer, for 24 hours.",
            "x-description-sv": "En nyckel som du gör själv, ny för varje handling. Samma begäran en gång till under nyckeln räknas en gång och får samma svar, i 24 timmar.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"}, "example": "5f0e9a3c-contact-1",
        },
        "AcceptLanguage": {
            "name": "Accept-Language", "in": "header", "required": false,
            "description": "`en` for messages in English; otherwise they are in Swedish.",
            "x-description-sv": "`en` för meddelanden på engelska; annars är de på svenska.",
            "schema": {"type": "string"}, "example": "sv",
        },
        "TraceParent": {
            "name": "traceparent", "in": "header", "required": false,
            "description": "The caller's place in a trace (W3C Trace Context).",
            "x-description-sv": "Anroparens plats i en spårning (W3C Trace Context).",
            "schema": {"type": "string"}, "example": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        },
    })
}

fn headers() -> Value {
    let header = |en: &str, sv: &str, example: &str| json!({"description": en, "x-description-sv": sv, "schema": {"type": "string"}, "example": example});
    let always = |mut header: Value| {
        if let Some(header) = header.as_object_mut() {
            header.insert("required".to_owned(), json!(true));
        }
        header
    };
    let place = examples::address("/youths/") + super::chapters::ids::YOUTH;
    json!({
        "ETag": always(header("The version of the record.", "Postens version.", "\"3\"")),
        "ETagInForce": header("The version in force, if there is one.", "Versionen som gäller, om det finns någon.", "\"4\""),
        "Location": always(header("Where the record stands.", "Var posten finns.", &place)),
        "ContentLanguage": always(header("The language of the answer.", "Svarets språk.", "sv")),
        "ContentDisposition": always(header("The name of the file.", "Filens namn.", "attachment; filename=\"statistik.csv\"")),
        "TraceParent": always(header("The answer's place in the trace.", "Svarets plats i spårningen.", "00-0af7651916cd43dd8448eb211c80319c-9be104d7a3c8f506-01")),
        "RequestId": always(header("The request, to find it in the log.", "Begäran, för att hitta den i loggen.", super::chapters::ids::REQUEST)),
        "RetryAfter": always(header("Seconds to wait before trying again.", "Sekunder att vänta innan nästa försök.", "1")),
        "WwwAuthenticate": always(header("How to sign in.", "Hur man loggar in.", "Bearer")),
    })
}

fn schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    for shown in all_shown() {
        schemas.insert(shown.name.to_owned(), record_schema(shown, true));
        if let Some(name) = shown.as_it_was {
            schemas.insert(name.to_owned(), record_schema(shown, false));
        }
    }
    for route in ROUTES {
        let Some(described) = described(route.operation) else {
            continue;
        };
        if let Some(inputs) = described.takes {
            schemas.insert(
                schema_name(route.operation.name(), "Request"),
                request_schema(route, inputs),
            );
        }
        if let (Answers::List(collection), Some(row)) =
            (route.answers, answer_schema(route, described))
        {
            schemas.insert(format!("{row}List"), list_schema(collection, &row));
        }
    }
    let answered: Vec<String> = ROUTES
        .iter()
        .filter(|route| !route.is_list())
        .filter_map(|route| answer_schema(route, described(route.operation)?))
        .collect();
    let parts: Vec<&Part> = CHAPTERS.iter().flat_map(|chapter| chapter.parts).collect();
    for part in parts {
        let is_answer = answered.iter().any(|name| name == part.name);
        schemas.insert(part.name.to_owned(), part_schema(part, is_answer));
    }
    for list in CODE_LISTS {
        schemas.insert(list.name.to_owned(), list.schema());
    }
    schemas.extend(general_schemas());
    drop_unused(&mut schemas);
    schemas
}

/// Chapters are written ahead of their routes; what no route leads to is left out.
fn drop_unused(schemas: &mut Map<String, Value>) {
    let mut wanted: Vec<String> = vec!["Problem".to_owned()];
    wanted.extend(referenced(&Value::Object(paths()).to_string()));
    let mut reached = std::collections::BTreeSet::new();
    while let Some(name) = wanted.pop() {
        if let Some(schema) = schemas.get(&name)
            && reached.insert(name)
        {
            wanted.extend(referenced(&schema.to_string()));
        }
    }
    schemas.retain(|name, _| reached.contains(name));
}

fn referenced(text: &str) -> Vec<String> {
    text.split("#/components/schemas/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

fn with_words(mut schema: Map<String, Value>, text: (&str, &str)) -> Value {
    let mut words = Map::new();
    if let Some(kind) = schema.shift_remove("type") {
        words.insert("type".to_owned(), kind);
    }
    words.insert("description".to_owned(), json!(text.0));
    words.insert("x-description-sv".to_owned(), json!(text.1));
    words.extend(schema);
    Value::Object(words)
}

fn record_schema(shown: &Shown, is_whole: bool) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for property in shown.properties.iter().filter(|p| !p.is_write_only) {
        let mut schema = object_of(property.schema());
        let roles = roles_of_field(shown.resource, property.name);
        if !roles.is_empty() {
            schema.insert("x-kaa-access".to_owned(), access(&roles));
        }
        properties.insert(property.name.to_owned(), Value::Object(schema));
        if !property.is_sometimes && is_seen_by_all(shown.resource, property.name) {
            required.push(property.name);
        }
    }
    if is_whole {
        properties.insert("_links".to_owned(), own_links());
    } else {
        required.clear();
    }
    with_words(object_schema(properties, &required), shown.text)
}

fn own_links() -> Value {
    json!({
        "$ref": "#/components/schemas/Links",
        "description": "Where the record stands; only when it is answered by itself.",
        "x-description-sv": "Var posten finns; bara när den är ett eget svar.",
    })
}

fn part_schema(part: &Part, is_answer: bool) -> Value {
    let mut properties: Map<String, Value> = part
        .properties
        .iter()
        .map(|property| (property.name.to_owned(), property.schema()))
        .collect();
    let required: Vec<&str> = part
        .properties
        .iter()
        .filter(|property| property.is_required)
        .map(|property| property.name)
        .collect();
    if is_answer {
        properties.insert("_links".to_owned(), own_links());
    }
    with_words(object_schema(properties, &required), part.text)
}

/// The members of a body, and whether each must be sent.
pub fn inputs(route: &Route, inputs: &[Input]) -> Vec<(Property, bool)> {
    inputs
        .iter()
        .filter_map(|input| match input {
            Input::Field(name, is_required) => {
                property(route.operation.resource(), name).map(|p| (*p, *is_required))
            }
            Input::Own(property) => Some((*property, property.is_required)),
        })
        .collect()
}

fn request_schema(route: &Route, takes: &[Input]) -> Value {
    let is_patch = route.accepts == Accepts::MergePatch;
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (property, is_required) in inputs(route, takes) {
        // What need not be sent may be null, which a patch takes for empty.
        let sent = Property {
            is_nullable: !is_required,
            ..property
        };
        let mut schema = object_of(sent.schema());
        if is_required && matches!(property.kind, Kind::Text(_) | Kind::Lines(_)) {
            schema.insert("minLength".to_owned(), json!(1));
        }
        properties.insert(property.name.to_owned(), Value::Object(schema));
        if is_required && !is_patch {
            required.push(property.name);
        }
    }
    let schema = object_schema(properties, &required);
    let words = if is_patch {
        (
            "What is to be changed. What is not named stays as it is.",
            "Det som ska ändras. Det som inte nämns står kvar.",
        )
    } else {
        ("What is sent.", "Det som skickas.")
    };
    with_words(schema, words)
}

fn list_schema(collection: &str, row: &str) -> Value {
    let mut properties = Map::new();
    properties.insert(
        collection.to_owned(),
        json!({
            "type": "array",
            "items": reference("schemas", row),
            "maxItems": MOST,
            "description": "The rows.",
            "x-description-sv": "Raderna.",
        }),
    );
    properties.insert("_links".to_owned(), reference("schemas", "ListLinks"));
    properties.insert("_meta".to_owned(), reference("schemas", "ListMeta"));
    with_words(
        object_schema(properties, &[collection, "_links", "_meta"]),
        ("A part of a list.", "En del av en lista."),
    )
}

fn general_schemas() -> Map<String, Value> {
    let link = reference("schemas", "Link");
    let strict = |properties: Value, required: &[&str], en: &str, sv: &str| {
        with_words(object_schema(object_of(properties), required), (en, sv))
    };
    object_of(json!({
        "Link": strict(
            json!({
                "rel": {"type": "string", "description": "What the link leads to (IANA link relation).", "x-description-sv": "Vart länken leder (IANA:s länkrelationer).", "examples": ["self"]},
                "method": {"type": "string", "enum": ["GET", "POST", "PUT"], "description": "The method to use.", "x-description-sv": "Metoden att använda.", "examples": ["GET"]},
                "href": {"type": "string", "format": "uri", "description": "The absolute address.", "x-description-sv": "Den absoluta adressen.", "examples": [examples::address("/youths")]},
            }),
            &["rel", "method", "href"],
            "A link description object.", "Ett Link Description Object.",
        ),
        "Links": strict(json!({"self": link}), &["self"], "Where this stands.", "Var detta finns."),
        "ListLinks": strict(
            json!({
                "self": link, "first": link,
                "prev": {"$ref": "#/components/schemas/Link", "description": "Absent on the first page.", "x-description-sv": "Saknas på första sidan."},
                "next": {"$ref": "#/components/schemas/Link", "description": "Absent on the last page.", "x-description-sv": "Saknas på sista sidan."},
            }),
            &["self", "first"],
            "Where the pages of the list stand. They keep your other parameters.", "Var listans sidor finns. De behåller dina övriga parametrar.",
        ),
        "ListMeta": strict(
            json!({
                "limit": {"type": "integer", "description": "Rows asked for.", "x-description-sv": "Begärt antal rader.", "examples": [20]},
                "page": {"type": "integer", "description": "The page, from 1.", "x-description-sv": "Sidan, från 1.", "examples": [1]},
                "count": {"type": "integer", "description": "Rows on this page.", "x-description-sv": "Rader på denna sida.", "examples": [1]},
            }),
            &["limit", "page", "count"],
            "About the page.", "Om sidan.",
        ),
        "FieldProblem": strict(
            json!({
                "pointer": {"type": "string", "description": "JSON pointer (RFC 6901) into the body, or the name of a parameter or header.", "x-description-sv": "JSON pointer (RFC 6901) in i innehållet, eller namnet på en parameter eller ett huvud.", "examples": ["/birthDate"]},
                "code": {"type": "string", "enum": crate::error::FieldCode::ALL.iter().map(|code| code.code()).collect::<Vec<_>>(), "description": "What is wrong, by its stable code.", "x-description-sv": "Vad som är fel, med sin fasta kod.", "examples": ["not-date"]},
                "detail": {"type": "string", "description": "What is wrong, in words.", "x-description-sv": "Vad som är fel, med ord.", "examples": ["The field must be a date, YYYY-MM-DD."]},
                "words": {"type": "array", "items": {"type": "string"}, "description": "The words that `detail` names, as the list of sensitive words has them.", "x-description-sv": "Orden som `detail` nämner, så som listan över känsliga ord har dem.", "examples": [["lss"]]},
            }),
            &["pointer", "code", "detail"],
            "What is wrong with one field.", "Vad som är fel med ett fält.",
        ),
        "Problem": strict(
            json!({
                "type": {"type": "string", "format": "uri-reference", "description": "The kind of problem: the address of its page.", "x-description-sv": "Slaget av problem: adressen till dess sida.", "examples": ["/kaa/v1/problems/validation-failed"]},
                "title": {"type": "string", "description": "The kind of problem in one sentence.", "x-description-sv": "Slaget av problem i en mening.", "examples": ["What you ask for does not exist, or you may not see it."]},
                "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status.", "x-description-sv": "HTTP-status.", "examples": [404]},
                "detail": {"type": "string", "description": "What happened this time.", "x-description-sv": "Vad som hände den här gången.", "examples": ["What you ask for does not exist, or you may not see it."]},
                "instance": {"type": "string", "format": "uri", "description": "This very request.", "x-description-sv": "Just denna begäran.", "examples": [format!("urn:uuid:{}", super::chapters::ids::REQUEST)]},
                "code": {"type": "string", "enum": ErrorCode::ALL.iter().map(|code| code.code()).collect::<Vec<_>>(), "description": "The kind of problem by its stable code.", "x-description-sv": "Slaget av problem, med sin fasta kod.", "examples": ["not-found"]},
                "errors": {"type": "array", "items": reference("schemas", "FieldProblem"), "description": "The fields that are wrong, all at once.", "x-description-sv": "Fälten som är fel, alla på en gång."},
                "currentVersion": {"type": "integer", "description": "The version in force, when yours was stale.", "x-description-sv": "Versionen som gäller, när din var för gammal.", "examples": [4]},
            }),
            &["type", "title", "status", "detail", "instance", "code"],
            "A problem (RFC 9457).", "Ett problem (RFC 9457).",
        ),
    }))
}

// Errors -------------------------------------------------------------------------------------------

/// The sets of errors that operations give, each an answer of its own.
fn error_sets() -> Vec<Vec<ErrorCode>> {
    let mut sets: Vec<Vec<ErrorCode>> = Vec::new();
    for route in ROUTES {
        for (_, codes) in by_status(&errors_of(route, described(route.operation))) {
            if !sets.contains(&codes) {
                sets.push(codes);
            }
        }
    }
    for codes in public::error_sets() {
        if !sets.contains(&codes) {
            sets.push(codes);
        }
    }
    sets.sort_by_key(|codes| codes.first().map(|code| code.status()));
    sets
}

/// The name of the answer with these errors.
pub fn response_name(codes: &[ErrorCode]) -> String {
    let names: Vec<String> = codes
        .iter()
        .map(|code| pascal_of_code(code.code()))
        .collect();
    names.join("Or")
}

fn error_responses() -> Map<String, Value> {
    error_sets()
        .iter()
        .map(|codes| (response_name(codes), error_response(codes)))
        .collect()
}

fn error_response(codes: &[ErrorCode]) -> Value {
    let mut headers = Map::new();
    let mut header = |name: &str, component: &str| {
        headers.insert(name.to_owned(), reference("headers", component));
    };
    header("Content-Language", "ContentLanguage");
    match codes.first().map(|code| code.status()) {
        Some(401) => header("WWW-Authenticate", "WwwAuthenticate"),
        Some(412) => header("ETag", "ETagInForce"),
        Some(429 | 503) => header("Retry-After", "RetryAfter"),
        _ => {}
    }
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| {
            let name = code.code().to_owned();
            (name.clone(), reference("examples", &name))
        })
        .collect();
    json!({
        "description": meaning(codes, Language::English),
        "x-description-sv": meaning(codes, Language::Swedish),
        "headers": headers,
        "content": {problem::MEDIA_TYPE: {
            "schema": reference("schemas", "Problem"),
            "examples": examples,
        }},
    })
}

fn error_examples() -> Map<String, Value> {
    let sets = error_sets();
    ErrorCode::ALL
        .iter()
        .filter(|code| sets.iter().any(|set| set.contains(code)))
        .map(|code| {
            let example = json!({
                "summary": code.title(Language::English),
                "x-summary-sv": code.title(Language::Swedish),
                "value": examples::problem(*code),
            });
            (code.code().to_owned(), example)
        })
        .collect()
}
