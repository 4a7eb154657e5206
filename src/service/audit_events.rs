//! Reading the audit: the reviewer's log, the chief's review list, and a youth's own access list.
//! Reading is itself an operation and leaves its event: of each event shown, and of the youth that was asked about. The
//! youths inside the events that were shown are not noted again, or the log would grow by its own reading.

use super::form::Form;
use super::reveal_page;
use crate::auth::anchor::AnchorKey;
use crate::db::audit_cuts::{self, KeptAnchor, Removed};
use crate::db::audit_events::{self, EventFilter};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::relation_to;
use crate::db::types::Timestamp;
use crate::domain::id::{Id, Youth};
use crate::domain::operation::{Operation, Resource};
use crate::error::Result;
use crate::policy::reveal::{View, reveal};
use serde_json::{Map, Value, json};

/// Entries of an access report at most; more are asked for by period.
const MOST_ENTRIES: usize = 5_000;

/// The events that the actor may read, newest first. Parameters: `youthId`, `userId`, `from` and `to` (instants; `to` is not
/// included), `operation`, `outcome`, `isBreakGlass`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_audit_events(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let operations: Vec<&'static str> = Operation::ALL.iter().map(|o| o.name()).collect();
    let filter = EventFilter {
        youth_id: form.id("youthId"),
        also_known_as: Vec::new(),
        user_id: form.id("userId"),
        from: form.instant("from"),
        to: form.instant("to"),
        operation: form.one_of("operation", &operations),
        outcome: form.code("outcome"),
        is_break_glass: form.boolean("isBreakGlass"),
    };
    form.finish()?;
    if let Some(youth_id) = filter.youth_id {
        tx.note(Resource::AuditEvents, Some(youth_id), None, "");
    }
    let page = audit_events::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// Who has seen or changed what about a youth: the report that a youth may ask for. Newest first. Parameters: `from`, `to`.
/// Of other youths in the same events nothing is told, and of a break-glass not the reason, which may name others.
///
/// # Errors
/// 400 for a wrong parameter, 403, 404 for a youth that there is not, or of another unit than the chief's.
pub fn read_access_report(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    mut form: Form,
) -> Result<View> {
    let relation = relation_to(tx, youth_id)?;
    tx.permit(Resource::AuditEvents, &relation)?;
    let filter = EventFilter {
        from: form.instant("from"),
        to: form.instant("to"),
        ..EventFilter::default()
    };
    form.finish()?;
    let most = i64::try_from(MOST_ENTRIES + 1).unwrap_or(i64::MAX);
    let mut events = audit_events::list_about(tx, &filter, youth_id, most)?;
    let is_complete = events.len() <= MOST_ENTRIES;
    events.truncate(MOST_ENTRIES);
    let mut entries = Vec::with_capacity(events.len());
    for sealed in &events {
        let (view, _) = reveal(tx.actor(), tx.operation(), sealed)?;
        entries.push(entry(view.fields));
    }
    tx.note(
        Resource::AuditEvents,
        Some(youth_id),
        None,
        &ENTRY_FIELDS.join(","),
    );
    let disposed_before = audit_cuts::disposed_before(tx)?;
    let mut fields = Map::new();
    fields.insert("youthId".to_owned(), json!(youth_id));
    fields.insert("madeAt".to_owned(), json!(tx.timestamp().to_text()));
    fields.insert("isComplete".to_owned(), json!(is_complete));
    fields.insert(
        "disposedOfBefore".to_owned(),
        json!(disposed_before.map(Timestamp::to_text)),
    );
    fields.insert("people".to_owned(), people(&entries));
    fields.insert("entries".to_owned(), Value::Array(entries));
    Ok(View { fields, version: 0 })
}

/// Disposes of the next stretch of the log that is older than it is kept, if there is one.
///
/// # Errors
/// 403 for everybody but the service itself and its command line; the log is broken.
pub fn trim_audit_log(
    tx: &mut AuditedTx<'_>,
    anchor: &KeptAnchor,
    key: &AnchorKey,
) -> Result<Option<Removed>> {
    audit_cuts::cut_next(tx, anchor, key)
}

/// What an entry tells, out of the fields of an event.
const ENTRY_FIELDS: &[&str] = &[
    "at",
    "actorId",
    "actorKind",
    "actorName",
    "role",
    "operation",
    "outcome",
    "isBreakGlass",
    "subjects",
];

fn entry(mut event: Map<String, Value>) -> Value {
    event.retain(|name, _| ENTRY_FIELDS.contains(&name.as_str()));
    if let Some(Value::Array(subjects)) = event.get_mut("subjects") {
        for subject in subjects.iter_mut().filter_map(Value::as_object_mut) {
            subject.retain(|name, _| matches!(name.as_str(), "resource" | "fields"));
        }
    }
    Value::Object(event)
}

/// How often each person stands among the entries, and when last, in the order of the last time.
fn people(entries: &[Value]) -> Value {
    let mut people: Vec<(&Value, usize)> = Vec::new();
    let field = |entry: &Value, name| entry.get(name).cloned().unwrap_or(Value::Null);
    let who = |entry: &Value| (field(entry, "actorId"), field(entry, "role"));
    for entry in entries {
        match people
            .iter_mut()
            .find(|(latest, _)| who(latest) == who(entry))
        {
            Some((_, count)) => *count += 1,
            None => people.push((entry, 1)),
        }
    }
    people
        .into_iter()
        .map(|(latest, count)| {
            json!({
                "actorName": field(latest, "actorName"),
                "role": field(latest, "role"),
                "count": count,
                "lastAt": field(latest, "at"),
            })
        })
        .collect()
}
