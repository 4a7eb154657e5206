//! Mappings (kartläggning): the youth's goals, needs and expectations in their own words, on which the plan rests.

use super::form::Form;
use super::periods::read_period;
use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::episodes;
use crate::db::mappings::{self, MappingRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::id::{Id, Mapping, Youth};
use crate::domain::operation::Resource;
use crate::domain::period::Period;
use crate::error::{ErrorCode, FieldCode, Result};
use crate::policy::reveal::View;
use chrono::NaiveDate;

const INPUTS: &[&str] = &[
    "episodeId",
    "goals",
    "needs",
    "expectations",
    "interests",
    "strengths",
    "madeOn",
];

/// Characters in each of the youth's answers.
const LONGEST: usize = 4000;

/// What a mapping's form says, besides the episode.
struct MappingInput {
    goals: String,
    needs: String,
    expectations: String,
    interests: Option<String>,
    strengths: Option<String>,
    made_on: NaiveDate,
}

/// The mappings of one youth, the latest made first.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_mappings(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = mappings::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One mapping.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_mapping(tx: &mut AuditedTx<'_>, id: Id<Mapping>) -> Result<View> {
    let sealed = mappings::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Makes a mapping in an open episode; of today if no day is told.
///
/// # Errors
/// 403 with a pointer, 404, 409 without an open episode or in a closed one, 422 with all fields that are wrong.
pub fn create_mapping(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, fields: Fields) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::Mappings, &relation, fields)?;
    let today = tx.today();
    let input = read_fields(&mut form, Some(today));
    screen(tx, &mut form)?;
    let day = input.as_ref().map_or(today, |input| input.made_on);
    let period = read_period(tx, &mut form, youth_id, day)?;
    let (input, period) = place_in_time(form, input, period, today)?;
    let now = tx.timestamp();
    let row = MappingRow {
        id: Id::fresh(),
        youth_id,
        episode_id: period.id,
        goals: input.goals,
        needs: input.needs,
        expectations: input.expectations,
        interests: input.interests,
        strengths: input.strengths,
        made_on: input.made_on,
        made_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    mappings::insert(tx, &permit, &row)?;
    finish(tx, row.id)
}

/// Changes a mapping; what stood before is kept.
///
/// # Errors
/// 403 with a pointer, 404, 412, 409 when the episode is closed, 422 with all fields that are wrong.
pub fn update_mapping(
    tx: &mut AuditedTx<'_>,
    id: Id<Mapping>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = mappings::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().clone();
    let episode = episodes::find(tx, before.episode_id)?.ok_or(ErrorCode::NotFound)?;
    if !episode.is_open() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    let input = read_fields(&mut form, None);
    screen(tx, &mut form)?;
    let period = read_period(tx, &mut form, before.youth_id, before.made_on)?;
    if period.is_some_and(|period| period.id != before.episode_id) {
        form.wrong("episodeId", FieldCode::Immutable);
    }
    let (input, _) = place_in_time(form, input, period, tx.today())?;
    let row = MappingRow {
        goals: input.goals,
        needs: input.needs,
        expectations: input.expectations,
        interests: input.interests,
        strengths: input.strengths,
        made_on: input.made_on,
        updated_at: tx.timestamp(),
        version: before.version + 1,
        ..before
    };
    mappings::update(tx, &permit, &row)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<Mapping>) -> Result<View> {
    let sealed = mappings::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn read_fields(form: &mut Form, otherwise_on: Option<NaiveDate>) -> Option<MappingInput> {
    let mut answer = |name: &str| {
        let text = form.long_text(name, LONGEST);
        form.require(name, text)
    };
    let (goals, needs, expectations) = (answer("goals"), answer("needs"), answer("expectations"));
    let interests = form.long_text("interests", LONGEST);
    let strengths = form.long_text("strengths", LONGEST);
    let made_on = match otherwise_on {
        Some(day) if !form.has("madeOn") => {
            form.skip("madeOn");
            Some(day)
        }
        _ => {
            let made_on = form.date("madeOn");
            form.require("madeOn", made_on)
        }
    };
    Some(MappingInput {
        goals: goals?,
        needs: needs?,
        expectations: expectations?,
        interests,
        strengths,
        made_on: made_on?,
    })
}

/// Ends the reading: the day lies within the episode and not ahead, and the episode is open.
fn place_in_time(
    mut form: Form,
    input: Option<MappingInput>,
    period: Option<Period>,
    today: NaiveDate,
) -> Result<(MappingInput, Period)> {
    if let (Some(input), Some(period)) = (&input, &period) {
        if input.made_on > today {
            form.wrong("madeOn", FieldCode::InFuture);
        } else {
            form.add(period.check("/madeOn", input.made_on, true));
        }
    }
    let (input, period) = form.finish_with(input.zip(period))?;
    if period.exited_on.is_some() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    Ok((input, period))
}
