//! Checks of what became of an exit to work or studies: made when the episode closes, answered later, and answered by itself
//! when the youth comes back. The rules stand in `domain::outcome`.

use super::form::Form;
use super::youths::visible_relation;
use super::{Fields, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::episodes::EpisodeRow;
use crate::db::outcome_checks::{self, OutcomeCheckFilter, OutcomeCheckRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::episode::is_somewhere;
use crate::domain::id::{Id, OutcomeCheck, Youth};
use crate::domain::operation::Resource;
use crate::domain::outcome::{OutcomeAnswer, OutcomeResult, check_answer, due_on, is_return};
use crate::error::Result;
use crate::policy::reveal::{Permit, View};

const INPUTS: &[&str] = &["result", "source", "checkedOn"];

/// The checks of the actor's scope, the first due first.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_outcome_checks(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::OutcomeChecks,
        &parameters,
        &[
            ("isAnswered", "result"),
            ("dueBefore", "dueOn"),
            ("result", "result"),
        ],
    )?;
    let filter = OutcomeCheckFilter {
        is_answered: parameters.boolean("isAnswered"),
        due_before: parameters.date("dueBefore"),
        result: parameters.code("result"),
    };
    parameters.finish()?;
    let page = outcome_checks::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// The checks of one youth, the first due first.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_outcome_checks(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = outcome_checks::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One check.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_outcome_check(tx: &mut AuditedTx<'_>, id: Id<OutcomeCheck>) -> Result<View> {
    let sealed = outcome_checks::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Answers a check, or corrects the answer; `null` as the result asks again.
///
/// # Errors
/// 403; 404; 412; 422 with all fields that are wrong.
pub fn answer_outcome_check(
    tx: &mut AuditedTx<'_>,
    id: Id<OutcomeCheck>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = outcome_checks::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().clone();
    let today = tx.today();
    let result: Option<OutcomeResult> = form.code("result");
    let source = form.code("source");
    let told_on = form.date("checkedOn");
    // An answer without a day is of today; without an answer there is none.
    let checked_on = result.and(told_on.or(Some(today)));
    if form.is_sound() {
        let answer = OutcomeAnswer {
            result,
            source: source.filter(|_| result.is_some()),
            checked_on,
        };
        let exited_on = outcome_checks::exit_of(tx, &before)?.unwrap_or(before.due_on);
        form.add(check_answer(&answer, exited_on, today));
    }
    form.finish()?;
    let row = OutcomeCheckRow {
        result,
        source: source.filter(|_| result.is_some()),
        checked_on,
        checked_by: result.and(tx.actor().user_id()),
        updated_at: tx.timestamp(),
        version: before.version + 1,
        ..before
    };
    outcome_checks::update(tx, &permit, &row)?;
    let sealed = outcome_checks::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

/// Makes the checks of an episode that has just been closed, if it led to work or studies.
///
/// # Errors
/// The database does not answer.
pub(super) fn schedule(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    episode: &EpisodeRow,
) -> Result<()> {
    let (Some(exited_on), true) = (
        episode.exited_on,
        episode.destination.is_some_and(is_somewhere),
    ) else {
        return Ok(());
    };
    let now = tx.timestamp();
    for months in settings::load(tx)?.outcome.outcome_check_months {
        let row = OutcomeCheckRow {
            id: Id::fresh(),
            youth_id: episode.youth_id,
            episode_id: episode.id,
            months: i32::try_from(months).unwrap_or(i32::MAX),
            due_on: due_on(exited_on, months),
            result: None,
            source: None,
            checked_on: None,
            checked_by: None,
            created_by: tx.actor().user_id(),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        outcome_checks::insert(tx, permit, &row)?;
        keep_version(tx, &row)?;
        note(tx, &row, "months,dueOn");
    }
    Ok(())
}

/// Answers the checks that are still to come of somebody who is back: what they left for did not last until then. What was
/// due before is still asked for.
///
/// # Errors
/// The database does not answer.
pub(super) fn come_back(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    episode: &EpisodeRow,
) -> Result<()> {
    let open = outcome_checks::open_after(tx, episode.youth_id, episode.entered_on)?;
    let returned = open
        .into_iter()
        .filter(|(_, from, left)| is_return(*left, *from, episode.track));
    for (before, _, _) in returned {
        let row = OutcomeCheckRow {
            result: Some(OutcomeResult::Interrupted),
            checked_on: Some(episode.entered_on),
            checked_by: tx.actor().user_id(),
            updated_at: tx.timestamp(),
            version: before.version + 1,
            ..before
        };
        outcome_checks::update(tx, permit, &row)?;
        keep_version(tx, &row)?;
        note(tx, &row, "result,checkedOn");
    }
    Ok(())
}

fn note(tx: &mut AuditedTx<'_>, row: &OutcomeCheckRow, fields: &'static str) {
    tx.note(
        Resource::OutcomeChecks,
        Some(row.youth_id),
        Some(row.id.cast()),
        fields,
    );
}
