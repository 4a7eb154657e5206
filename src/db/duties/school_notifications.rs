//! The duties that a school's notification makes (skollagen 15:15, 18:15): to handle it, and after an absence to make a
//! preventive contact. Neither needs an episode, and the first not even a youth of the register.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{contacts, school_notifications};
use crate::db::settings;
use crate::db::types::Timestamp;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Id, SchoolNotification, Unit, User, Youth};
use crate::domain::school_notification::{
    NotificationOutcome, NotificationStatus, handling_due_on, preventive_contact_due_on,
};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Notifications about youths of the register.
pub(super) const SOURCE: Source = Source {
    kinds: &[
        TaskKind::HandleSchoolNotification,
        TaskKind::PreventiveContact,
    ],
    duties,
    met,
};

type Waiting = (
    Id<SchoolNotification>,
    Id<Unit>,
    Option<Id<Youth>>,
    NaiveDate,
    Timestamp,
    Option<Id<User>>,
);
const WAITING: (
    school_notifications::id,
    school_notifications::unit_id,
    school_notifications::youth_id,
    school_notifications::received_on,
    school_notifications::created_at,
    school_notifications::created_by,
) = (
    school_notifications::id,
    school_notifications::unit_id,
    school_notifications::youth_id,
    school_notifications::received_on,
    school_notifications::created_at,
    school_notifications::created_by,
);

/// The duty to handle a notification.
fn to_handle(
    (id, unit_id, youth_id, received_on, made_at, made_by): Waiting,
    bearers: &Bearers,
) -> Duty {
    let bearer = youth_id.and_then(|id| bearers.get(&id));
    Duty {
        kind: TaskKind::HandleSchoolNotification,
        youth_id,
        unit_id: bearer.map_or(unit_id, |bearer| bearer.unit_id),
        episode_id: None,
        cause_id: id.cast(),
        record_id: id.cast(),
        due_on: handling_due_on(received_on),
        opens_on: on_day(made_at),
        ends_on: None,
        responsible_id: made_by,
        is_of_compartment: false,
    }
}

/// The waiting notifications of a unit about people outside the register.
///
/// # Errors
/// The database does not answer.
pub(super) fn loose(tx: &mut AuditedTx<'_>, unit_id: Id<Unit>) -> Result<Vec<Duty>> {
    let waiting: Vec<Waiting> = school_notifications::table
        .filter(school_notifications::unit_id.eq(unit_id))
        .filter(school_notifications::youth_id.is_null())
        .filter(school_notifications::status.eq(NotificationStatus::Pending))
        .select(WAITING)
        .load(tx.conn())?;
    let nobody = Bearers::new();
    Ok(waiting
        .into_iter()
        .map(|row| to_handle(row, &nobody))
        .collect())
}

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let ids = bearer_ids(bearers);
    let waiting: Vec<Waiting> = load_of!(
        tx.conn(),
        &ids,
        school_notifications::youth_id,
        school_notifications::table
            .filter(school_notifications::status.eq(NotificationStatus::Pending))
            .select(WAITING)
    )?;
    let mut duties: Vec<Duty> = waiting
        .into_iter()
        .map(|row| to_handle(row, bearers))
        .collect();
    duties.extend(contacts_owed(tx, &ids, bearers)?);
    Ok(duties)
}

type Owed = (
    Id<SchoolNotification>,
    Option<Id<Youth>>,
    Option<Timestamp>,
    Option<Id<User>>,
);

/// An absence that is to be answered by a contact, until one has been made or tried with the youth since.
fn contacts_owed(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Youth>],
    bearers: &Bearers,
) -> Result<Vec<Duty>> {
    let owed: Vec<Owed> = load_of!(
        tx.conn(),
        ids,
        school_notifications::youth_id,
        school_notifications::table
            .filter(
                school_notifications::outcome
                    .eq(NotificationOutcome::PreventiveContact)
                    .assume_not_null()
            )
            .filter(diesel::dsl::not(diesel::dsl::exists(
                contacts::table
                    .filter(
                        contacts::youth_id
                            .nullable()
                            .eq(school_notifications::youth_id)
                    )
                    .filter(
                        contacts::occurred_at
                            .nullable()
                            .ge(school_notifications::handled_at)
                    )
            )))
            .select((
                school_notifications::id,
                school_notifications::youth_id,
                school_notifications::handled_at,
                school_notifications::handled_by,
            ))
    )?;
    if owed.is_empty() {
        return Ok(Vec::new());
    }
    let days = settings::load(tx)?.preventive_contact_days;
    Ok(owed
        .into_iter()
        .filter_map(|(id, youth_id, handled_at, handled_by)| {
            let handled_on = on_day(handled_at?);
            Some(Duty {
                kind: TaskKind::PreventiveContact,
                youth_id,
                unit_id: bearers.get(&youth_id?)?.unit_id,
                episode_id: None,
                cause_id: id.cast(),
                record_id: id.cast(),
                due_on: preventive_contact_due_on(handled_on, days),
                opens_on: handled_on,
                ends_on: None,
                responsible_id: handled_by,
                is_of_compartment: false,
            })
        })
        .collect())
}

/// A notification is never taken back, so that a duty of its own that is gone was met: it was handled, or the contact made.
fn met(_: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    Ok(causes.to_vec())
}
