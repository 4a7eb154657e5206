//! Attempts to reach a youth, as far as the ladder asks: those of an episode in their order, by which ways the youth can be
//! reached, and what is proposed next. Which step follows is decided in `domain::contact_ladder`.

use super::audited::AuditedTx;
use super::cipher::{CipherText, Hidden};
use super::disclosed::{Word, disclosed};
use super::listing::load_of;
use super::on_day;
use super::relations::{YouthKey, load_key};
use super::schema::{contacts, episodes, youths};
use super::types::{Json, Timestamp};
use crate::domain::codes::{Channel, ContactResult, MetWho};
use crate::domain::contact_ladder::{Attempt, Proposal, Sought, Ways};
use crate::domain::id::{Contact, Episode, Id, Youth};
use crate::error::Result;
use crate::vault::Place;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// When a youth was last sought and last reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastContact {
    /// The day of the last contact, reached or not.
    pub attempt_on: Option<NaiveDate>,
    /// The day on which the youth was last reached.
    pub reached_on: Option<NaiveDate>,
    /// The day of the reading.
    pub today: NaiveDate,
}

impl LastContact {
    /// Days since the youth was last reached; `None`: never.
    pub fn days_since_reached(&self) -> Option<i64> {
        self.reached_on.map(|day| (self.today - day).num_days())
    }
    /// Days since anybody last tried; `None`: never.
    pub fn days_since_tried(&self) -> Option<i64> {
        self.attempt_on.map(|day| (self.today - day).num_days())
    }
}

/// When each of some youths was last sought and reached; for lists of what is about them.
///
/// # Errors
/// The database does not answer.
pub fn last_contacts(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Youth>],
) -> Result<HashMap<Id<Youth>, LastContact>> {
    let today = tx.today();
    let days: Vec<(Id<Youth>, Option<NaiveDate>, Option<NaiveDate>)> = load_of!(
        tx.conn(),
        ids,
        youths::id,
        youths::table.select((youths::id, youths::last_attempt_on, youths::last_reached_on))
    )?;
    Ok(days
        .into_iter()
        .map(|(id, attempt_on, reached_on)| {
            let last = LastContact {
                attempt_on,
                reached_on,
                today,
            };
            (id, last)
        })
        .collect())
}

/// What is proposed next for a youth.
#[derive(Debug, Clone)]
pub struct NextAttemptRecord {
    pub youth_id: Id<Youth>,
    /// The contact after which it is proposed; `None` before the first attempt.
    pub contact_id: Option<Id<Contact>>,
    /// `None`: the youth was reached, or is in no open episode.
    pub proposal: Option<Proposal>,
    /// The day that was planned in that contact, which goes before what is proposed.
    pub planned_on: Option<NaiveDate>,
    pub last: LastContact,
}

disclosed!(NextAttemptRecord, NextAttempts, |r| youth: Some(r.youth_id), id: r.youth_id, version: 1, {
    "youthId": r.youth_id,
    "contactId": r.contact_id,
    "proposedOn": r.proposal.map(|next| next.on),
    "proposedChannel": Word(r.proposal.and_then(|next| next.channel)),
    "proposedStaff": r.proposal.map(|next| i64::from(next.staff)),
    "plannedOn": r.planned_on,
    "daysSinceReached": r.last.days_since_reached(),
    "daysSinceTried": r.last.days_since_tried(),
});

/// The contact that was made last with a youth or their guardian in the open episodes, with what was proposed after it.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct LatestAttempt {
    pub id: Id<Contact>,
    pub occurred_at: Timestamp,
    pub result: ContactResult,
    pub next_contact_on: Option<NaiveDate>,
    pub proposed_on: Option<NaiveDate>,
    pub proposed_channel: Option<Channel>,
    pub proposed_staff: Option<i32>,
}

/// With whom a contact counts as an attempt to reach the youth.
pub(in crate::db) const SEEKS_YOUTH: [MetWho; 2] = [MetWho::Youth, MetWho::Guardian];

/// The latest attempt in the open episodes of a youth.
///
/// # Errors
/// The database does not answer.
pub fn find_latest(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Option<LatestAttempt>> {
    Ok(contacts::table
        .inner_join(episodes::table.on(episodes::id.eq(contacts::episode_id)))
        .filter(contacts::youth_id.eq(youth_id))
        .filter(episodes::exited_on.is_null())
        .filter(contacts::met_who.eq_any(SEEKS_YOUTH))
        .order((contacts::occurred_at.desc(), contacts::id.desc()))
        .select((
            contacts::id,
            contacts::occurred_at,
            contacts::result,
            contacts::next_contact_on,
            contacts::proposed_on,
            contacts::proposed_channel,
            contacts::proposed_staff,
        ))
        .first(tx.conn())
        .optional()?)
}

/// The attempts of an episode before an instant, in their order, without one contact.
///
/// # Errors
/// The database does not answer.
pub fn before(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    episode_id: Id<Episode>,
    at: Timestamp,
    without: Id<Contact>,
) -> Result<Vec<Attempt>> {
    let made: Vec<(Timestamp, Channel, ContactResult)> = contacts::table
        .filter(contacts::youth_id.eq(youth_id))
        .filter(contacts::episode_id.eq(episode_id))
        .filter(contacts::occurred_at.le(at))
        .filter(contacts::id.ne(without))
        .filter(contacts::met_who.eq_any(SEEKS_YOUTH))
        .order((contacts::occurred_at, contacts::id))
        .select((contacts::occurred_at, contacts::channel, contacts::result))
        .load(tx.conn())?;
    Ok(made
        .into_iter()
        .map(|(at, channel, result)| Attempt {
            on: on_day(at),
            channel,
            result,
        })
        .collect())
}

/// The youth, as far as the ladder asks. The address of a protected identity is not used: post goes by the tax agency, and
/// nobody comes unannounced (domain 4.4).
///
/// # Errors
/// 404 when there is no such youth; a text does not open.
pub fn load_sought(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Sought> {
    type Stored = (
        NaiveDate,
        CipherText,
        Option<CipherText>,
        Option<CipherText>,
        CipherText,
    );
    let key: YouthKey = load_key(tx, youth_id)?;
    let (birth_date, phones, email, social_media, guardians): Stored = youths::table
        .find(youth_id)
        .select((
            youths::birth_date,
            youths::phones,
            youths::email,
            youths::social_media,
            youths::guardians,
        ))
        .first(tx.conn())?;
    let has_any = |column, stored: CipherText| -> Result<bool> {
        let list = Json::open(
            stored,
            tx.vault(),
            &Place::of("youths", column, youth_id.uuid()),
        )?;
        Ok(list.0.as_array().is_some_and(|items| !items.is_empty()))
    };
    Ok(Sought {
        birth_date,
        ways: Ways {
            has_phone: has_any("phones", phones)?,
            has_email: email.is_some(),
            has_social_media: social_media.is_some(),
            has_guardian: has_any("guardians", guardians)?,
            is_address_open: !key.protection_level.is_protected(),
        },
    })
}

/// The first day of the open episode that a youth entered first.
///
/// # Errors
/// The database does not answer.
pub fn find_entry(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Option<NaiveDate>> {
    Ok(episodes::table
        .filter(episodes::youth_id.eq(youth_id))
        .filter(episodes::exited_on.is_null())
        .order(episodes::entered_on)
        .select(episodes::entered_on)
        .first(tx.conn())
        .optional()?)
}
