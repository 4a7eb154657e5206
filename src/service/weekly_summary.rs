//! The week of a unit for its chief: what was asked for, what was done and what is left, in counts alone. No id and no name
//! stands in it, and of the compartment one band over all its kinds, so that it can be sent and printed.

use super::Fields;
use super::form::Form;
use crate::db::audited::AuditedTx;
use crate::db::tasks::weekly::{count_episodes, load_spans};
use crate::db::youths::{Forgotten, count_forgotten};
use crate::domain::codes::Code;
use crate::domain::operation::Resource;
use crate::domain::task::TaskKind;
use crate::domain::weekly_summary::{TaskCounts, Week, count_tasks};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::Relation;
use crate::statistics::band::band;
use crate::statistics::suppression::Threshold;
use serde_json::{Value, json};

/// Days without a reached contact after which a youth counts as forgotten, as on the chief's list.
const DAYS_NOT_REACHED: u64 = 30;

/// The summary of a week of the actor's own unit, as far as it has come.
///
/// # Errors
/// 403 for anybody but a chief; 400 for a week that is none or has not begun.
pub fn read_weekly_summary(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    threshold: Threshold,
) -> Result<Fields> {
    let unit_id = tx.actor().unit_id().ok_or(ErrorCode::Forbidden)?;
    let permit = tx.permit(Resource::Statistics, &Relation::unit_record(true))?;
    let text = form.text("week", 10);
    let week = text.as_deref().and_then(Week::parse);
    if text.is_some() && week.is_none() {
        form.wrong("week", FieldCode::NotWeek);
    }
    let week = form.require("week", week);
    let week = form.finish_with(week)?;
    let counted_to = week.counted_to(tx.today()).ok_or_else(|| Error {
        fields: vec![FieldError::new("week", FieldCode::InFuture)],
        ..Error::from(ErrorCode::InvalidParameter)
    })?;
    let open = load_spans(tx, &permit, unit_id, week, false)?;
    let counts = count_tasks(&open, week, counted_to);
    let protected = load_spans(tx, &permit, unit_id, week, true)?;
    let compartment = count_tasks(&protected, week, counted_to)
        .into_values()
        .fold(TaskCounts::default(), TaskCounts::plus);
    let (opened, closed) = count_episodes(tx, &permit, unit_id, week)?;
    let mut forgotten = |kind| count_forgotten(tx, kind);
    let forgotten = json!({
        "neverContacted": forgotten(Forgotten::NeverContacted)?,
        "notReached": forgotten(Forgotten::NotReachedFor(DAYS_NOT_REACHED))?,
        "withoutOffer": forgotten(Forgotten::WithoutOffer)?,
        "withoutHandler": forgotten(Forgotten::WithoutHandler)?,
    });
    tx.note(
        Resource::Statistics,
        None,
        Some(unit_id.cast()),
        &format!("weeklySummary {}", week.code()),
    );
    let mut fields = Fields::new();
    fields.insert("week".to_owned(), json!(week.code()));
    fields.insert("firstDay".to_owned(), json!(week.first_day()));
    fields.insert("lastDay".to_owned(), json!(week.last_day()));
    fields.insert("countedTo".to_owned(), json!(counted_to));
    fields.insert("tasks".to_owned(), shown_counts(&counts));
    fields.insert(
        "compartment".to_owned(),
        shown_bands(&compartment, threshold),
    );
    fields.insert("episodesOpened".to_owned(), json!(opened));
    fields.insert("episodesClosed".to_owned(), json!(closed));
    fields.insert("forgotten".to_owned(), forgotten);
    Ok(fields)
}

/// A row for each kind of the register, also where nothing happened; but for what tells of the compartment.
fn shown_counts(counts: &std::collections::BTreeMap<TaskKind, TaskCounts>) -> Value {
    TaskKind::ALL
        .iter()
        .filter(|kind| !kind.is_of_compartment_alone() && !kind.is_chiefs())
        .map(|kind| {
            let count = counts.get(kind).copied().unwrap_or_default();
            json!({
                "kind": kind.code(),
                "opened": count.opened,
                "met": count.met,
                "answered": count.answered,
                "withdrawn": count.withdrawn,
                "episodeEnded": count.episode_ended,
                "open": count.open,
                "overdue": count.overdue,
                "deferred": count.deferred,
            })
        })
        .collect()
}

/// Neither a small count nor a change by one tells of a single person.
fn shown_bands(count: &TaskCounts, threshold: Threshold) -> Value {
    let shown = |count: u64| {
        let (from, to) = band(count, threshold);
        json!({"from": from, "to": to})
    };
    json!({
        "opened": shown(count.opened),
        "closed": shown(count.closed()),
        "open": shown(count.open),
        "overdue": shown(count.overdue),
    })
}
