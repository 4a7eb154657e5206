//! What the register tells of the youths of the municipality in a period, for statistics: groups and counts, no names.
//! Read page by page, a handful of queries for each, so that a counting of any size runs in bounded memory and in short
//! transactions. Which figures are published is decided in `statistics`.

use super::audited::AuditedTx;
use super::listing::load_of;
use super::relations::is_unprotected;
use super::schema::{
    contacts, episodes, exam_documents, interventions, occupations, outcome_checks,
    outreach_contacts, outreach_participants, outreach_sessions, units, work_hours, youths,
};
use super::settings;
use super::types::{Json, Timestamp};
use crate::clock::start_of;
use crate::domain::codes::{
    ContactResult, DeregistrationReason, Destination, EndReason, LegalSex, Measure, MetWho,
    Occupation, OfferAnswer, Reason, Track,
};
use crate::domain::id::{Episode, Id, OccupationObservation, OutreachSession, Unit, User, Youth};
use crate::domain::occupation::Observation;
use crate::domain::outcome::OutcomeResult;
use crate::domain::outreach::{Met, MetAge, minutes_between};
use crate::domain::target_group::codes::ExamDocumentKind;
use crate::error::{Error, Result};
use crate::policy::reveal::Permit;
use crate::statistics::counting::{Counting, Outreach};
use crate::statistics::period::Period;
use crate::statistics::record::{CheckFacts, EpisodeFacts, InterventionFacts, YouthRecord};
use chrono::{Days, NaiveDate};
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What one page of a counting has read, by youth.
type Records = BTreeMap<Id<Youth>, YouthRecord>;

/// Counts one more page of youths, `batch` of them at most, with all that is told of them. A handful of queries, however many
/// youths there are in the page. Youths with protected identity are left out.
///
/// Returns whether everybody has been counted.
///
/// # Errors
/// The database does not answer.
pub fn count_next(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    counting: &mut Counting,
    batch: i64,
) -> Result<bool> {
    if counting.is_finished() {
        return Ok(true);
    }
    counting.months_or(|| Ok(settings::load(tx)?.resumption_months))?;
    let period = counting.period();
    let mut query = youths::table.filter(is_unprotected()).into_boxed();
    if let Some(position) = counting.position() {
        query = query.filter(youths::id.gt(position));
    }
    let page: Vec<(Id<Youth>, NaiveDate, LegalSex, Option<String>)> = query
        .order(youths::id)
        .limit(batch.max(1))
        .select((
            youths::id,
            youths::birth_date,
            youths::legal_sex,
            youths::area,
        ))
        .load(tx.conn())?;
    if page.is_empty() {
        let units: Vec<(Id<Unit>, String)> = units::table
            .select((units::id, units::name))
            .load(tx.conn())?;
        let units = units.into_iter().map(|(id, name)| (id.to_string(), name));
        let outreach = outreach_of(tx, permit, period)?;
        counting.finish(units.collect(), outreach);
        return Ok(true);
    }
    let ids: Vec<Id<Youth>> = page.iter().map(|(id, ..)| *id).collect();
    let mut records: Records = page
        .into_iter()
        .map(|(id, birth_date, sex, area)| {
            let record = YouthRecord {
                birth_date,
                sex,
                area,
                episodes: Vec::new(),
                attempts: 0,
                reached: 0,
                reached_in: BTreeSet::new(),
                interventions: Vec::new(),
                occupations: Vec::new(),
                exams: Vec::new(),
                checks: Vec::new(),
            };
            (id, record)
        })
        .collect();
    read_episodes(tx, period, &ids, &mut records)?;
    read_contacts(tx, period, &ids, &mut records)?;
    read_interventions(tx, period, &ids, &mut records)?;
    read_occupations(tx, period, &ids, &mut records)?;
    read_exams(tx, &ids, &mut records)?;
    read_checks(tx, period, &ids, &mut records)?;
    for (id, record) in &records {
        counting.count(*id, record);
    }
    Ok(false)
}

type EpisodeColumns = (
    Id<Youth>,
    Id<Episode>,
    Id<Unit>,
    Track,
    Reason,
    NaiveDate,
    Option<NaiveDate>,
    Option<DeregistrationReason>,
    Option<Destination>,
    Option<bool>,
);

fn read_episodes(
    tx: &mut AuditedTx<'_>,
    period: Period,
    ids: &[Id<Youth>],
    records: &mut Records,
) -> Result<()> {
    let rows: Vec<EpisodeColumns> = load_of!(
        tx.conn(),
        ids,
        episodes::youth_id,
        episodes::table
            .filter(episodes::entered_on.le(period.last_day()))
            .select((
                episodes::youth_id,
                episodes::id,
                episodes::unit_id,
                episodes::track,
                episodes::reason,
                episodes::entered_on,
                episodes::exited_on,
                episodes::deregistration_reason,
                episodes::destination,
                episodes::destination_elsewhere,
            ))
    )?;
    for row in rows {
        if let Some(record) = records.get_mut(&row.0) {
            record.episodes.push(EpisodeFacts {
                id: row.1,
                unit_id: row.2,
                track: row.3,
                reason: row.4,
                entered_on: row.5,
                exited_on: row.6,
                deregistration_reason: row.7,
                destination: row.8,
                destination_elsewhere: row.9,
            });
        }
    }
    Ok(())
}

fn read_contacts(
    tx: &mut AuditedTx<'_>,
    period: Period,
    ids: &[Id<Youth>],
    records: &mut Records,
) -> Result<()> {
    let from = Timestamp::of(start_of(period.first_day()));
    let before = Timestamp::of(start_of(period.last_day() + Days::new(1)));
    let counted: Vec<(Id<Youth>, ContactResult, MetWho, i64)> = load_of!(
        tx.conn(),
        ids,
        contacts::youth_id,
        contacts::table
            .filter(contacts::occurred_at.ge(from))
            .filter(contacts::occurred_at.lt(before))
            .group_by((contacts::youth_id, contacts::result, contacts::met_who))
            .select((
                contacts::youth_id,
                contacts::result,
                contacts::met_who,
                count_star(),
            ))
    )?;
    for (youth_id, result, met_who, count) in counted {
        if let Some(record) = records.get_mut(&youth_id) {
            let count = u64::try_from(count).unwrap_or(0);
            record.attempts += count;
            // A talk with a school or a guardian has not reached the youth.
            if result == ContactResult::Reached && met_who == MetWho::Youth {
                record.reached += count;
            }
        }
    }
    let reached: Vec<(Id<Youth>, Id<Episode>)> = load_of!(
        tx.conn(),
        ids,
        contacts::youth_id,
        contacts::table
            .filter(contacts::occurred_at.lt(before))
            .filter(contacts::result.eq(ContactResult::Reached))
            .filter(contacts::met_who.eq(MetWho::Youth))
            .select((contacts::youth_id, contacts::episode_id))
            .distinct()
    )?;
    for (youth_id, episode_id) in reached {
        if let Some(record) = records.get_mut(&youth_id) {
            record.reached_in.insert(episode_id);
        }
    }
    Ok(())
}

type InterventionColumns = (
    Id<Youth>,
    Id<Episode>,
    Measure,
    OfferAnswer,
    NaiveDate,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<EndReason>,
);

fn read_interventions(
    tx: &mut AuditedTx<'_>,
    period: Period,
    ids: &[Id<Youth>],
    records: &mut Records,
) -> Result<()> {
    let rows: Vec<InterventionColumns> = load_of!(
        tx.conn(),
        ids,
        interventions::youth_id,
        interventions::table
            .filter(interventions::offered_on.le(period.last_day()))
            .order(interventions::id)
            .select((
                interventions::youth_id,
                interventions::episode_id,
                interventions::kind,
                interventions::answer,
                interventions::offered_on,
                interventions::answered_on,
                interventions::started_on,
                interventions::ended_on,
                interventions::end_reason,
            ))
    )?;
    for row in rows {
        if let Some(record) = records.get_mut(&row.0) {
            record.interventions.push(InterventionFacts {
                episode_id: row.1,
                kind: row.2,
                answer: row.3,
                offered_on: row.4,
                answered_on: row.5,
                started_on: row.6,
                ended_on: row.7,
                end_reason: row.8,
            });
        }
    }
    Ok(())
}

type OccupationColumns = (
    Id<Youth>,
    Id<OccupationObservation>,
    Occupation,
    Option<NaiveDate>,
    NaiveDate,
    Option<NaiveDate>,
    Timestamp,
);

fn read_occupations(
    tx: &mut AuditedTx<'_>,
    period: Period,
    ids: &[Id<Youth>],
    records: &mut Records,
) -> Result<()> {
    let rows: Vec<OccupationColumns> = load_of!(
        tx.conn(),
        ids,
        occupations::youth_id,
        occupations::table
            .filter(occupations::as_of_on.le(period.last_day()))
            .filter(occupations::is_void.eq(false))
            .select((
                occupations::youth_id,
                occupations::id,
                occupations::kind,
                occupations::starts_on,
                occupations::as_of_on,
                occupations::valid_until,
                occupations::created_at,
            ))
    )?;
    for (youth_id, id, kind, starts_on, as_of_on, valid_until, created_at) in rows {
        if let Some(record) = records.get_mut(&youth_id) {
            record.occupations.push(Observation {
                id,
                kind,
                starts_on,
                as_of_on,
                valid_until,
                recorded_at: created_at.utc(),
                is_void: false,
            });
        }
    }
    Ok(())
}

fn read_exams(tx: &mut AuditedTx<'_>, ids: &[Id<Youth>], records: &mut Records) -> Result<()> {
    let rows: Vec<(Id<Youth>, ExamDocumentKind, NaiveDate)> = load_of!(
        tx.conn(),
        ids,
        exam_documents::youth_id,
        exam_documents::table
            .filter(exam_documents::void_reason.is_null())
            .select((
                exam_documents::youth_id,
                exam_documents::kind,
                exam_documents::issued_on,
            ))
    )?;
    for (youth_id, kind, issued_on) in rows {
        if let Some(record) = records.get_mut(&youth_id) {
            record.exams.push((kind, issued_on));
        }
    }
    Ok(())
}

type CheckColumns = (
    Id<Youth>,
    Id<Episode>,
    i32,
    Option<OutcomeResult>,
    Option<NaiveDate>,
);

fn read_checks(
    tx: &mut AuditedTx<'_>,
    period: Period,
    ids: &[Id<Youth>],
    records: &mut Records,
) -> Result<()> {
    let rows: Vec<CheckColumns> = load_of!(
        tx.conn(),
        ids,
        outcome_checks::youth_id,
        outcome_checks::table
            .filter(outcome_checks::result.is_not_null())
            .filter(outcome_checks::checked_on.is_not_null())
            .filter(
                outcome_checks::checked_on
                    .assume_not_null()
                    .ge(period.first_day())
            )
            .filter(
                outcome_checks::checked_on
                    .assume_not_null()
                    .le(period.last_day())
            )
            .order(outcome_checks::id)
            .select((
                outcome_checks::youth_id,
                outcome_checks::episode_id,
                outcome_checks::months,
                outcome_checks::result,
                outcome_checks::checked_on,
            ))
    )?;
    for (youth_id, episode_id, months, result, checked_on) in rows {
        let (Some(result), Some(checked_on)) = (result, checked_on) else {
            continue;
        };
        if let Some(record) = records.get_mut(&youth_id) {
            record.checks.push(CheckFacts {
                episode_id,
                months: u32::try_from(months).unwrap_or(0),
                result,
                checked_on,
            });
        }
    }
    Ok(())
}

/// What the ambassadors did in a period.
fn outreach_of(tx: &mut AuditedTx<'_>, _: &Permit, period: Period) -> Result<Outreach> {
    let from = Timestamp::of(start_of(period.first_day()));
    let before = Timestamp::of(start_of(period.last_day() + Days::new(1)));
    let sessions: Vec<(Id<OutreachSession>, Timestamp, Timestamp, Json)> = outreach_sessions::table
        .filter(outreach_sessions::starts_at.ge(from))
        .filter(outreach_sessions::starts_at.lt(before))
        .select((
            outreach_sessions::id,
            outreach_sessions::starts_at,
            outreach_sessions::ends_at,
            outreach_sessions::met,
        ))
        .load(tx.conn())?;
    let parts: Vec<(Id<OutreachSession>, Id<User>, Option<i32>)> = outreach_participants::table
        .inner_join(outreach_sessions::table)
        .filter(outreach_sessions::starts_at.ge(from))
        .filter(outreach_sessions::starts_at.lt(before))
        .select((
            outreach_participants::session_id,
            outreach_participants::user_id,
            outreach_participants::minutes,
        ))
        .load(tx.conn())?;
    let reported: Vec<(Id<User>, i32)> = work_hours::table
        .filter(work_hours::worked_on.ge(period.first_day()))
        .filter(work_hours::worked_on.le(period.last_day()))
        .filter(work_hours::minutes.gt(0))
        .select((work_hours::user_id, work_hours::minutes))
        .load(tx.conn())?;
    let anonymous: i64 = outreach_contacts::table
        .inner_join(outreach_sessions::table)
        .filter(outreach_sessions::starts_at.ge(from))
        .filter(outreach_sessions::starts_at.lt(before))
        .filter(outreach_contacts::youth_id.is_null())
        .count()
        .get_result(tx.conn())?;
    let mut staff: BTreeSet<Id<User>> = reported.iter().map(|(user_id, _)| *user_id).collect();
    let mut minutes: i64 = reported
        .iter()
        .map(|(_, minutes)| i64::from(*minutes))
        .sum();
    let lengths: BTreeMap<Id<OutreachSession>, i64> = sessions
        .iter()
        .map(|(id, starts_at, ends_at, _)| (*id, minutes_between(starts_at.utc(), ends_at.utc())))
        .collect();
    for (session_id, user_id, told) in parts {
        let whole = lengths.get(&session_id).copied().unwrap_or(0);
        minutes += told.map_or(whole, |told| i64::from(told).min(whole));
        staff.insert(user_id);
    }
    let mut met: BTreeMap<(MetAge, LegalSex), i64> = BTreeMap::new();
    for (.., document) in &sessions {
        let groups: Vec<Met> = serde_json::from_value(document.0.clone()).map_err(|cause| {
            Error::internal(format!("whom a session met cannot be read: {cause}"))
        })?;
        for group in groups {
            *met.entry((group.age_group, group.legal_sex)).or_default() += group.count;
        }
    }
    Ok(Outreach {
        sessions: u64::try_from(sessions.len()).unwrap_or(0),
        met: met
            .into_iter()
            .map(|((age_group, legal_sex), count)| Met {
                age_group,
                legal_sex,
                count,
            })
            .collect(),
        anonymous_contacts: u64::try_from(anonymous).unwrap_or(0),
        minutes: u64::try_from(minutes).unwrap_or(0),
        staff: u64::try_from(staff.len()).unwrap_or(0),
    })
}
