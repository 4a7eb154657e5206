//! The private calendar of a member of staff: their own work list as days with a neutral title, at an address with a secret in it,
//! which a calendar fetches without signing in. One address at a time; making one replaces the one before.
//!
//! It tells less than anything that asks for a sign-in: how many things somebody has to do on which days, and nothing of whom.
//! So a role that must have a second factor may have one, which is made behind that factor; while somebody lacks the factor
//! that their role must have, it answers nothing. It ends when it is revoked, runs out, its owner is signed out everywhere,
//! changes password, role or unit, or leaves. Every fetch is in the log, as the owner's reading.

use super::Fields;
use crate::db::audited::AuditedTx;
use crate::db::calendar_feeds::{self, CalendarFeedRow};
use crate::db::paging::PageRequest;
use crate::db::tasks::{self, AnyTask, Kept, TaskFilter, TaskRow};
use crate::db::types::Timestamp;
use crate::domain::calendar_feed::{Event, calendar, event_id};
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::decide::{Relation, has_work_list};
use chrono::Duration;
use serde_json::json;

/// How long an address holds.
const LIFE: Duration = Duration::days(365);
/// Fetches in an hour; a calendar looks once or twice.
const MOST_FETCHES: i64 = 60;
/// Tasks in a calendar: more than anybody's list is long.
const MOST_EVENTS: i64 = 1000;

fn own() -> Relation {
    Relation {
        is_own: true,
        ..Relation::unit_record(true)
    }
}

/// Makes an address in place of any before; its token is `token_hash` unhashed.
///
/// # Errors
/// 403.
pub fn make_calendar_feed(tx: &mut AuditedTx<'_>, token_hash: &str) -> Result<Fields> {
    let permit = tx.permit(Resource::Me, &own())?;
    let row = CalendarFeedRow {
        user_id: tx.staff()?.id,
        token_hash: token_hash.to_owned(),
        created_at: tx.timestamp(),
        expires_at: Timestamp::of(tx.now() + LIFE),
    };
    calendar_feeds::replace(tx, &permit, &row)?;
    note(tx)?;
    Ok(told(Some(&row)))
}

/// Whether the actor has a calendar, and since when; never its address, which is not known here.
///
/// # Errors
/// 403.
pub fn read_my_calendar_feed(tx: &mut AuditedTx<'_>) -> Result<Fields> {
    let user_id = tx.staff()?.id;
    let row = calendar_feeds::find(tx, user_id)?;
    note(tx)?;
    Ok(told(row.as_ref()))
}

/// Ends the actor's calendar, if there is one.
///
/// # Errors
/// 403.
pub fn revoke_calendar_feed(tx: &mut AuditedTx<'_>) -> Result<()> {
    tx.permit(Resource::Me, &own())?;
    let user_id = tx.staff()?.id;
    calendar_feeds::delete(tx, user_id)?;
    note(tx)
}

/// The calendar at an address, as a file.
///
/// # Errors
/// 404 for whatever reason there is none; 429 when it is fetched all the time.
pub fn read_calendar_feed(tx: &mut AuditedTx<'_>, token: &str, token_hash: &str) -> Result<String> {
    let owner = calendar_feeds::find_owner(tx, token_hash)?
        .filter(|staff| has_work_list(staff.role))
        .ok_or(ErrorCode::NotFound)?;
    tx.identify(owner);
    if let Some(seconds) = calendar_feeds::wait(tx, owner.id, MOST_FETCHES)? {
        return Err(Error {
            retry_after: Some(seconds),
            ..Error::from(ErrorCode::TooManyRequests)
        });
    }
    let filter = TaskFilter {
        includes_later: true,
        ..TaskFilter::default()
    };
    let request = PageRequest {
        limit: MOST_EVENTS,
        ..PageRequest::default()
    };
    let page = tasks::list(tx, &filter, &request)?;
    let events: Vec<Event> = page
        .rows
        .iter()
        .map(|task| event_of(token, row_of(task)))
        .collect();
    // Of no youth anything is shown, so that no youth's log tells of it; whose calendar it was is told.
    note(tx)?;
    Ok(calendar(&events))
}

fn row_of(task: &AnyTask) -> &TaskRow {
    match task {
        AnyTask::Open(sealed) => &sealed.for_rules().record().row,
        AnyTask::Protected(sealed) => &sealed.for_rules().record().row,
    }
}

/// On the day that it is due, or until when it was put off.
fn event_of(token: &str, row: &TaskRow) -> Event {
    Event {
        id: event_id(token, row.id.uuid()),
        on: row
            .deferred_until
            .map_or(row.due_on, |day| day.max(row.due_on)),
        changed_at: row.updated_at.utc(),
    }
}

fn note(tx: &mut AuditedTx<'_>) -> Result<()> {
    let user_id = tx.staff()?.id;
    tx.note(Resource::Me, None, Some(user_id.cast()), "calendarFeed");
    Ok(())
}

fn told(row: Option<&CalendarFeedRow>) -> Fields {
    let text = |at: Option<Timestamp>| json!(at.map(Timestamp::to_text));
    let mut told = Fields::new();
    told.insert("createdAt".to_owned(), text(row.map(|row| row.created_at)));
    told.insert("expiresAt".to_owned(), text(row.map(|row| row.expires_at)));
    told
}
