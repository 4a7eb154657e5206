//! What the register tells of the youths of a unit in a period, for statistics: groups and counts, no names.
//! A handful of queries, however many youths there are. Which figures are published is decided in `statistics`.

use super::audited::AuditedTx;
use super::relations::is_unprotected;
use super::schema::{contacts, episodes, interventions, youths};
use super::types::Timestamp;
use crate::clock::start_of;
use crate::domain::codes::{
    ContactResult, DeregistrationReason, Destination, LegalSex, MetWho, OfferAnswer,
};
use crate::domain::id::{Id, Unit, Youth};
use crate::error::Result;
use crate::policy::reveal::Permit;
use crate::statistics::facts::{AgeGroup, Exit, YouthFacts};
use crate::statistics::period::CountedPeriod;
use chrono::{Days, NaiveDate};
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

/// An episode that overlaps the period, with what the youth is divided by.
#[derive(Queryable)]
struct EpisodeFacts {
    youth_id: Id<Youth>,
    birth_date: NaiveDate,
    sex: LegalSex,
    area: Option<String>,
    entered_on: NaiveDate,
    exited_on: Option<NaiveDate>,
    reason: Option<DeregistrationReason>,
    destination: Option<Destination>,
}

type InterventionDays = (
    Id<Youth>,
    OfferAnswer,
    NaiveDate,
    Option<NaiveDate>,
    Option<NaiveDate>,
);

/// The youths who had an episode at the unit on at least one day of the period, and what happened at the unit in it.
/// Youths with protected identity are left out.
///
/// # Errors
/// The database does not answer.
pub fn load(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    unit_id: Id<Unit>,
    period: CountedPeriod,
) -> Result<Vec<YouthFacts>> {
    let mut facts = load_youths(tx, unit_id, period)?;
    add_contacts(tx, unit_id, period, &mut facts)?;
    add_interventions(tx, unit_id, period, &mut facts)?;
    Ok(facts.into_values().collect())
}

fn load_youths(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    period: CountedPeriod,
) -> Result<HashMap<Id<Youth>, YouthFacts>> {
    let (first, last) = (period.period().first_day(), period.counted_to());
    let rows: Vec<EpisodeFacts> = episodes::table
        .inner_join(youths::table.on(youths::id.eq(episodes::youth_id)))
        .filter(episodes::unit_id.eq(unit_id))
        .filter(is_unprotected())
        .filter(episodes::entered_on.le(last))
        .filter(
            episodes::exited_on
                .is_null()
                .or(episodes::exited_on.ge(first).assume_not_null()),
        )
        // The first day decides the age group, the last exit the outcome.
        .order((episodes::entered_on, episodes::exited_on, episodes::id))
        .select((
            episodes::youth_id,
            youths::birth_date,
            youths::legal_sex,
            youths::area,
            episodes::entered_on,
            episodes::exited_on,
            episodes::deregistration_reason,
            episodes::destination,
        ))
        .load(tx.conn())?;
    let mut facts = HashMap::new();
    let mut exits: HashMap<Id<Youth>, NaiveDate> = HashMap::new();
    for row in rows {
        let youth = facts.entry(row.youth_id).or_insert_with(|| YouthFacts {
            sex: row.sex,
            age_group: AgeGroup::of(row.birth_date, row.entered_on.max(first)),
            area: row.area.clone(),
            attempts: 0,
            reached: 0,
            offered: 0,
            accepted: 0,
            started: 0,
            exit: None,
        });
        let Some(day) = row.exited_on.filter(|&day| period.contains(day)) else {
            continue;
        };
        let earlier = exits.get(&row.youth_id).copied();
        if earlier.is_none_or(|earlier| earlier <= day) {
            exits.insert(row.youth_id, day);
            youth.exit = Some(Exit {
                reason: row.reason,
                destination: row.destination,
            });
        }
    }
    Ok(facts)
}

fn add_contacts(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    period: CountedPeriod,
    facts: &mut HashMap<Id<Youth>, YouthFacts>,
) -> Result<()> {
    let from = Timestamp::of(start_of(period.period().first_day()));
    let before = Timestamp::of(start_of(period.counted_to() + Days::new(1)));
    let rows: Vec<(Id<Youth>, ContactResult, MetWho, i64)> = contacts::table
        .inner_join(episodes::table.on(episodes::id.eq(contacts::episode_id)))
        .filter(episodes::unit_id.eq(unit_id))
        .filter(contacts::occurred_at.ge(from))
        .filter(contacts::occurred_at.lt(before))
        .group_by((contacts::youth_id, contacts::result, contacts::met_who))
        .select((
            contacts::youth_id,
            contacts::result,
            contacts::met_who,
            count_star(),
        ))
        .load(tx.conn())?;
    for (youth_id, result, met_who, count) in rows {
        // Protected, or not in the register on any day of the period.
        let Some(youth) = facts.get_mut(&youth_id) else {
            continue;
        };
        let count = u64::try_from(count).unwrap_or(0);
        youth.attempts += count;
        // A talk with a school or a guardian has not reached the youth.
        if result == ContactResult::Reached && met_who == MetWho::Youth {
            youth.reached += count;
        }
    }
    Ok(())
}

fn add_interventions(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    period: CountedPeriod,
    facts: &mut HashMap<Id<Youth>, YouthFacts>,
) -> Result<()> {
    let (first, last) = (period.period().first_day(), period.counted_to());
    let rows: Vec<InterventionDays> = interventions::table
        .inner_join(episodes::table.on(episodes::id.eq(interventions::episode_id)))
        .filter(episodes::unit_id.eq(unit_id))
        .filter(interventions::offered_on.le(last))
        .filter(
            interventions::offered_on
                .ge(first)
                .or(interventions::answered_on.ge(first).assume_not_null())
                .or(interventions::started_on.ge(first).assume_not_null()),
        )
        .select((
            interventions::youth_id,
            interventions::answer,
            interventions::offered_on,
            interventions::answered_on,
            interventions::started_on,
        ))
        .load(tx.conn())?;
    for (youth_id, answer, offered_on, answered_on, started_on) in rows {
        let Some(youth) = facts.get_mut(&youth_id) else {
            continue;
        };
        // An answer without a day was given with the offer.
        let accepted_on =
            (answer == OfferAnswer::Accepted).then(|| answered_on.unwrap_or(offered_on));
        let counted =
            |day: Option<NaiveDate>| u64::from(day.is_some_and(|day| period.contains(day)));
        youth.offered += counted(Some(offered_on));
        youth.accepted += counted(accepted_on);
        youth.started += counted(started_on);
    }
    Ok(())
}
