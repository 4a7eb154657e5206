//! To which episode what is being written belongs: the one that is named, or the open one. For contacts and referrals.

use super::form::Form;
use super::must_read;
use crate::db::audited::AuditedTx;
use crate::db::periods;
use crate::domain::id::{Episode, Id, Youth};
use crate::domain::operation::Resource;
use crate::domain::period::{Period, choose_period};
use crate::error::{ErrorCode, FieldCode, Result};
use chrono::NaiveDate;

/// The episode named in the form, or the open one that the day belongs to. `None`: something is wrong with the form.
///
/// # Errors
/// 409 when none is named and none is open, in a form that is sound so far.
pub(super) fn read_period(
    tx: &mut AuditedTx<'_>,
    form: &mut Form,
    youth_id: Id<Youth>,
    day: NaiveDate,
) -> Result<Option<Period>> {
    let is_named = form.has("episodeId");
    let named: Option<Id<Episode>> = form.id("episodeId");
    let all = periods::of_youth(tx, youth_id)?;
    if !is_named {
        let period = choose_period(&all, day);
        // What is wrong with the form is told before what stands in its way.
        if period.is_none() && form.is_sound() {
            return Err(ErrorCode::NoOpenEpisode.into());
        }
        return Ok(period);
    }
    let period = named.and_then(|id| all.into_iter().find(|period| period.id == id));
    if named.is_some() && period.is_none() {
        form.wrong("episodeId", FieldCode::NoSuchRecord);
    }
    Ok(period)
}

/// Whether the actor may be told on which days an episode began and ended.
pub(super) fn tells_days(tx: &AuditedTx<'_>) -> bool {
    must_read(tx, Resource::Episodes, "enteredOn", "").is_ok()
}
