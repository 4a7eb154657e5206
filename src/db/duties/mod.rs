//! Settling: after every change the stored tasks of each youth that it concerned are compared with the duties that the
//! facts make now, in the same transaction, so that a duty is met by whatever path. The sources read the facts, one file
//! for each; a new one is a file and a line in [`SOURCES`]. The comparing itself is pure (`domain::duty`).
//!
//! What changes here is noted in the audit with the operation that brought it about, but for tasks of the compartment,
//! which are noted only where the operation touched the compartment anyway: a contact logged by an ambassador must not
//! tell that it met a duty that they may not know of.

mod attempts;
mod backlog;
mod candidates;
mod contract_follow_ups;
mod corrections;
mod documents;
mod follow_ups;
mod letters;
mod occupations;
mod outcome_checks;
mod plan_follow_ups;
mod planned_contacts;
mod protected_statuses;
mod referral_answers;
mod school_notifications;
mod socionoms;
mod store;
mod transfers;
mod withdrawals;

pub use backlog::{BACKLOG, Settled, is_backlog_settled, settle_due, settle_everybody};

use super::audited::AuditedTx;
use super::listing::load_of;
use super::schema::{episodes, youths};
use crate::domain::codes::Track;
use crate::domain::duty::{Cause, Duty, closing, settle as compare};
use crate::domain::id::{Episode, Id, Task, Unit, Youth};
use crate::domain::operation::Resource;
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};
use store::Change;

/// Youths settled with one question to each source.
const CHUNK: usize = 500;

/// A youth, as far as every duty asks.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Who.
    pub id: Id<Youth>,
    /// The unit.
    pub unit_id: Id<Unit>,
    /// For duties that end or begin with an age.
    pub birth_date: NaiveDate,
    /// The open episodes.
    pub open: Vec<OpenEpisode>,
}

/// An open episode of a youth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenEpisode {
    /// Which.
    pub id: Id<Episode>,
    /// Its track.
    pub track: Track,
    /// Its first day.
    pub entered_on: NaiveDate,
}

/// The youths that duties are asked about, by id.
pub type Bearers = HashMap<Id<Youth>, Bearer>;

/// Where duties of some kinds come from.
pub struct Source {
    /// The kinds of its duties.
    pub kinds: &'static [TaskKind],
    /// The duties of these youths, of each kind and cause once. A duty whose last day has come may be left out.
    pub duties: fn(&mut AuditedTx<'_>, &Bearers) -> Result<Vec<Duty>>,
    /// Which of these causes, whose duty is gone, were met by work; of the others nothing asks any more.
    pub met: fn(&mut AuditedTx<'_>, &[Cause]) -> Result<Vec<Cause>>,
}

/// Every source of duties.
const SOURCES: &[Source] = &[
    planned_contacts::SOURCE,
    attempts::SOURCE,
    follow_ups::SOURCE,
    referral_answers::OPEN,
    referral_answers::PROTECTED,
    school_notifications::SOURCE,
    protected_statuses::SOURCE,
    withdrawals::OPEN,
    withdrawals::PROTECTED,
    corrections::OPEN,
    corrections::PROTECTED,
    transfers::SOURCE,
    documents::SOURCE,
    plan_follow_ups::SOURCE,
    contract_follow_ups::SOURCE,
    occupations::SOURCE,
    outcome_checks::SOURCE,
    letters::SOURCE,
    candidates::SOURCE,
    socionoms::SOURCE,
];

/// The ids of youths in a question: `bearer_ids(&bearers)`.
fn bearer_ids(bearers: &Bearers) -> Vec<Id<Youth>> {
    bearers.keys().copied().collect()
}

/// Settles the youths that the operation has named among its subjects. Called by the door after every change that went well.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn settle_touched(tx: &mut AuditedTx<'_>) -> Result<()> {
    let ids = tx.youths_touched();
    settle(tx, &ids)?;
    // What schools tell of people outside the register changes with its own operations alone.
    if let (Resource::SchoolNotifications, Some(unit_id)) =
        (tx.operation().resource(), tx.actor().unit_id())
    {
        let duties = school_notifications::loose(tx, unit_id)?;
        let open = store::load_open_loose(tx, unit_id)?;
        settle_part(tx, &open, &Bearers::new(), &duties, false)?;
    }
    Ok(())
}

/// Settles some youths: makes, moves and closes tasks until there is one for each duty. Doing it again changes nothing.
///
/// # Errors
/// The database does not answer.
pub fn settle(tx: &mut AuditedTx<'_>, youth_ids: &[Id<Youth>]) -> Result<Settled> {
    let mut settled = Settled::default();
    for chunk in youth_ids.chunks(CHUNK) {
        settled += settle_chunk(tx, chunk)?;
    }
    Ok(settled)
}

fn settle_chunk(tx: &mut AuditedTx<'_>, ids: &[Id<Youth>]) -> Result<Settled> {
    let bearers = load_bearers(tx, ids)?;
    let duties = load_duties(tx, &bearers)?;
    let mut settled = Settled::default();
    for is_of_compartment in [false, true] {
        let open = store::load_open(tx, ids, is_of_compartment)?;
        settled += settle_part(tx, &open, &bearers, &duties, is_of_compartment)?;
    }
    Ok(settled)
}

/// Settles the register's tasks, or those of the compartment.
fn settle_part(
    tx: &mut AuditedTx<'_>,
    open: &[(Id<Task>, Duty)],
    bearers: &Bearers,
    duties: &[Duty],
    is_of_compartment: bool,
) -> Result<Settled> {
    let duties: Vec<Duty> = duties
        .iter()
        .filter(|duty| duty.is_of_compartment == is_of_compartment)
        .copied()
        .collect();
    let asked: Vec<Cause> = duties
        .iter()
        .filter(|duty| duty.kind.answer_form().is_some())
        .map(Duty::cause)
        .collect();
    let answered = store::load_answered(tx, &asked, is_of_compartment)?;
    let today = tx.today();
    let settlement = compare(open, &duties, &answered, today);
    if settlement.is_empty() {
        return Ok(Settled::default());
    }
    let causes: Vec<Cause> = settlement
        .gone
        .iter()
        .map(|(_, duty)| duty.cause())
        .collect();
    let met = load_met(tx, &causes)?;
    let is_noted = !is_of_compartment || tx.touched_compartment();
    for (id, duty) in &settlement.gone {
        let because = closing(is_episode_open(bearers, duty), met.contains(&duty.cause()));
        store::close(tx, *id, because, is_of_compartment)?;
        note(tx, is_noted, duty, Change::Closed(*id));
    }
    for (id, duty) in &settlement.moved {
        store::move_to(tx, *id, duty)?;
        note(tx, is_noted, duty, Change::Moved(*id));
    }
    for (id, duty) in store::insert(tx, &settlement.made, is_of_compartment)? {
        note(tx, is_noted, &duty, Change::Made(id));
    }
    Ok(Settled {
        youths: 0,
        made: settlement.made.len(),
        moved: settlement.moved.len(),
        closed: settlement.gone.len(),
    })
}

fn note(tx: &mut AuditedTx<'_>, is_noted: bool, duty: &Duty, change: Change) {
    if !is_noted {
        return;
    }
    let resource = if duty.is_of_compartment {
        Resource::ProtectedTasks
    } else {
        Resource::Tasks
    };
    let (id, fields) = change.told();
    tx.note(resource, duty.youth_id, Some(id.cast()), fields);
}

fn is_episode_open(bearers: &Bearers, duty: &Duty) -> bool {
    let open = duty
        .youth_id
        .and_then(|id| bearers.get(&id))
        .map(|bearer| bearer.open.as_slice())
        .unwrap_or_default();
    duty.kind.outlives_episode()
        || match duty.episode_id {
            Some(id) => open.iter().any(|episode| episode.id == id),
            None => !open.is_empty(),
        }
}

/// The duties of some youths, without those whose episode is not open.
fn load_duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let mut duties = Vec::new();
    let is_anybody_in = bearers.values().any(|bearer| !bearer.open.is_empty());
    for source in SOURCES {
        // Who is in no episode is asked about by few.
        if is_anybody_in || source.kinds.iter().any(|kind| kind.outlives_episode()) {
            duties.extend((source.duties)(tx, bearers)?);
        }
    }
    duties.retain(|duty| is_episode_open(bearers, duty));
    let unattended = socionoms::of_compartment(tx, bearers, &duties)?;
    duties.extend(unattended);
    Ok(duties)
}

fn load_met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<HashSet<Cause>> {
    let mut met = HashSet::new();
    for source in SOURCES {
        let of_source: Vec<Cause> = causes
            .iter()
            .filter(|cause| source.kinds.contains(&cause.kind))
            .copied()
            .collect();
        if !of_source.is_empty() {
            met.extend((source.met)(tx, &of_source)?);
        }
    }
    Ok(met)
}

fn load_bearers(tx: &mut AuditedTx<'_>, ids: &[Id<Youth>]) -> Result<Bearers> {
    type Found = (
        Id<Youth>,
        Id<Unit>,
        NaiveDate,
        Option<(Id<Episode>, Track, NaiveDate)>,
    );
    let found: Vec<Found> = load_of!(
        tx.conn(),
        ids,
        youths::id,
        youths::table
            .left_join(
                episodes::table.on(episodes::youth_id
                    .eq(youths::id)
                    .and(episodes::exited_on.is_null())),
            )
            .select((
                youths::id,
                youths::unit_id,
                youths::birth_date,
                (episodes::id, episodes::track, episodes::entered_on).nullable(),
            ))
    )?;
    let mut bearers = Bearers::with_capacity(ids.len());
    for (id, unit_id, birth_date, episode) in found {
        let bearer = bearers.entry(id).or_insert_with(|| Bearer {
            id,
            unit_id,
            birth_date,
            open: Vec::new(),
        });
        bearer
            .open
            .extend(episode.map(|(id, track, entered_on)| OpenEpisode {
                id,
                track,
                entered_on,
            }));
    }
    Ok(bearers)
}
