//! The episodes of a youth, as far as their days matter to what is dated within them. The record itself belongs elsewhere.

use super::audited::AuditedTx;
use super::schema::episodes;
use crate::domain::codes::Track;
use crate::domain::id::{Episode, Id, Youth};
use crate::domain::period::Period;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// All episodes of a youth, open and ended, earliest first.
///
/// # Errors
/// The database does not answer.
pub fn of_youth(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<Period>> {
    let rows: Vec<(Id<Episode>, Track, NaiveDate, Option<NaiveDate>)> = episodes::table
        .filter(episodes::youth_id.eq(youth_id))
        .order((episodes::entered_on, episodes::id))
        .select((
            episodes::id,
            episodes::track,
            episodes::entered_on,
            episodes::exited_on,
        ))
        .load(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, track, entered_on, exited_on)| Period {
            id,
            track,
            entered_on,
            exited_on,
        })
        .collect())
}
