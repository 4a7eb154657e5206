//! What the register tells of the youths of a half-year for the national file: one page of youths by their ids, with the episodes
//! of the `kaa` track that overlap it, the contacts that reached the youth and the measures that began. A handful of queries a
//! page, however many there are. Nothing of the compartment and no free text is read. What of it is told, and what is wrong with
//! it, is decided in `domain::national_file`.

use super::audited::AuditedTx;
use super::listing::load_of;
use super::restrictions::in_force;
use super::schema::{contacts, episodes, interventions, youths};
use super::types::Timestamp;
use super::youths::current_numbers;
use crate::clock::{day_of, start_of};
use crate::domain::codes::{
    ContactResult, DeregistrationReason, Destination, EndReason, LegalSex, Measure, MetWho,
    Occupation, ProtectionLevel, Reason, Track,
};
use crate::domain::id::{Episode, Id, Youth};
use crate::domain::national_file::{
    ContactFacts, EpisodeFacts, HalfYear, MeasureFacts, PersonFacts,
};
use crate::error::Result;
use crate::policy::reveal::Permit;
use chrono::{Days, NaiveDate};
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::HashMap;

/// The episodes of the `kaa` track that overlap a half-year, but for those that were registered in error.
macro_rules! reported {
    ($half:expr) => {
        episodes::table
            .filter(episodes::track.eq(Track::Kaa))
            .filter(episodes::entered_on.le($half.last_day()))
            .filter(
                episodes::exited_on
                    .is_null()
                    .or(episodes::exited_on.ge($half.first_day()).assume_not_null()),
            )
            .filter(
                episodes::deregistration_reason
                    .is_null()
                    .or(episodes::deregistration_reason
                        .ne(DeregistrationReason::RegisteredInError)
                        .assume_not_null()),
            )
    };
}

/// How many youths a half-year has.
///
/// # Errors
/// The database does not answer.
pub fn count(tx: &mut AuditedTx<'_>, _: &Permit, half: HalfYear) -> Result<i64> {
    let has_one = exists(reported!(half).filter(episodes::youth_id.eq(youths::id)));
    Ok(youths::table
        .filter(has_one)
        .count()
        .get_result(tx.conn())?)
}

/// The next youths of a half-year after one of them, in the order of their ids.
///
/// # Errors
/// The database does not answer, or a number does not open.
pub fn load_next(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    half: HalfYear,
    after: Option<Id<Youth>>,
    batch: i64,
) -> Result<Vec<PersonFacts>> {
    type Person = (Id<Youth>, NaiveDate, LegalSex, ProtectionLevel);
    let has_one = exists(reported!(half).filter(episodes::youth_id.eq(youths::id)));
    let mut query = youths::table
        .filter(has_one)
        .order(youths::id)
        .limit(batch)
        .select((
            youths::id,
            youths::birth_date,
            youths::legal_sex,
            youths::protection_level,
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(youths::id.gt(after));
    }
    let people: Vec<Person> = query.load(tx.conn())?;
    let ids: Vec<Id<Youth>> = people.iter().map(|(id, ..)| *id).collect();
    let today = tx.today();
    let restricted = in_force(tx.conn(), &ids, today)?;
    let mut numbers = current_numbers(tx, &ids)?;
    let mut episodes = load_episodes(tx, &ids, half)?;
    Ok(people
        .into_iter()
        .map(|(id, birth_date, legal_sex, protection)| PersonFacts {
            youth_id: id,
            number: numbers.remove(&id),
            birth_date,
            legal_sex,
            protection,
            is_restricted: restricted.get(&id).is_some_and(|(_, is_open)| !is_open),
            episodes: episodes.remove(&id).unwrap_or_default(),
        })
        .collect())
}

/// An episode with what belongs to it.
struct Found {
    youth_id: Id<Youth>,
    facts: EpisodeFacts,
}

fn load_episodes(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Youth>],
    half: HalfYear,
) -> Result<HashMap<Id<Youth>, Vec<EpisodeFacts>>> {
    type Row = (
        Id<Episode>,
        Id<Youth>,
        NaiveDate,
        Option<NaiveDate>,
        Reason,
        Option<DeregistrationReason>,
        Option<Destination>,
    );
    let rows: Vec<Row> = load_of!(
        tx.conn(),
        ids,
        episodes::youth_id,
        reported!(half).select((
            episodes::id,
            episodes::youth_id,
            episodes::entered_on,
            episodes::exited_on,
            episodes::reason,
            episodes::deregistration_reason,
            episodes::destination,
        ))
    )?;
    let mut found: HashMap<Id<Episode>, Found> = rows
        .into_iter()
        .map(
            |(id, youth_id, entered_on, exited_on, reason, exit_reason, destination)| {
                let facts = EpisodeFacts {
                    entered_on,
                    exited_on,
                    reason,
                    exit_reason,
                    destination,
                    contacts: Vec::new(),
                    measures: Vec::new(),
                };
                (id, Found { youth_id, facts })
            },
        )
        .collect();
    add_contacts(tx, half, &mut found)?;
    add_measures(tx, half, &mut found)?;
    let mut of_youths: HashMap<Id<Youth>, Vec<EpisodeFacts>> = HashMap::new();
    for one in found.into_values() {
        of_youths.entry(one.youth_id).or_default().push(one.facts);
    }
    Ok(of_youths)
}

fn add_contacts(
    tx: &mut AuditedTx<'_>,
    half: HalfYear,
    found: &mut HashMap<Id<Episode>, Found>,
) -> Result<()> {
    let ids: Vec<Id<Episode>> = found.keys().copied().collect();
    let from = Timestamp::of(start_of(half.first_day()));
    let before = Timestamp::of(start_of(half.last_day() + Days::new(1)));
    let rows: Vec<(Id<Episode>, Timestamp, Option<Occupation>)> = load_of!(
        tx.conn(),
        &ids,
        contacts::episode_id,
        contacts::table
            .filter(contacts::occurred_at.ge(from))
            .filter(contacts::occurred_at.lt(before))
            .filter(contacts::result.eq(ContactResult::Reached))
            // A talk with a school or a guardian has not reached the youth.
            .filter(contacts::met_who.eq(MetWho::Youth))
            .order((contacts::occurred_at, contacts::id))
            .select((
                contacts::episode_id,
                contacts::occurred_at,
                contacts::occupation,
            ))
    )?;
    for (episode_id, at, occupation) in rows {
        if let Some(episode) = found.get_mut(&episode_id) {
            episode.facts.contacts.push(ContactFacts {
                on: day_of(at.utc()),
                occupation,
            });
        }
    }
    Ok(())
}

fn add_measures(
    tx: &mut AuditedTx<'_>,
    half: HalfYear,
    found: &mut HashMap<Id<Episode>, Found>,
) -> Result<()> {
    type Row = (
        Id<Episode>,
        Measure,
        Option<NaiveDate>,
        Option<NaiveDate>,
        Option<EndReason>,
    );
    let ids: Vec<Id<Episode>> = found.keys().copied().collect();
    let rows: Vec<Row> = load_of!(
        tx.conn(),
        &ids,
        interventions::episode_id,
        interventions::table
            .filter(
                interventions::started_on
                    .le(half.last_day())
                    .assume_not_null()
            )
            .order((interventions::started_on, interventions::id))
            .select((
                interventions::episode_id,
                interventions::kind,
                interventions::started_on,
                interventions::ended_on,
                interventions::end_reason,
            ))
    )?;
    for (episode_id, kind, started_on, ended_on, end_reason) in rows {
        if let (Some(episode), Some(started_on)) = (found.get_mut(&episode_id), started_on) {
            episode.facts.measures.push(MeasureFacts {
                kind,
                started_on,
                ended_on,
                end_reason,
            });
        }
    }
    Ok(())
}
