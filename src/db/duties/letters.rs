//! The duty of writing to a youth before the 20th birthday about what follows the duty of the municipality (Skaraborg's
//! handbook), until a letter is logged or the birthday has come.

use super::{Bearers, Source};
use crate::clock::start_of;
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::schema::{contacts, episodes, youths};
use crate::db::settings;
use crate::db::types::Timestamp;
use crate::domain::age::birthday_on;
use crate::domain::codes::{Channel, Direction, Track};
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Episode, Id, Youth};
use crate::domain::plan::PlanRules;
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// Letters before the 20th birthday.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::LetterBefore20],
    duties,
    met,
};

/// An episode of the duty: whose, and from which day on the letter is to be sent.
type Opened = HashMap<Id<Episode>, (Id<Youth>, NaiveDate)>;

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let followed: Vec<(&super::Bearer, Id<Episode>, NaiveDate)> = bearers
        .values()
        .filter_map(|bearer| {
            let kaa = bearer.open.iter().find(|open| open.track == Track::Kaa)?;
            Some((bearer, kaa.id, birthday_on(bearer.birth_date, 20)?))
        })
        .collect();
    if followed.is_empty() {
        return Ok(Vec::new());
    }
    let rules = settings::load(tx)?.plan;
    let today = tx.today();
    // Only for whom it is time can it have been sent.
    let opened: Opened = followed
        .iter()
        .map(|(bearer, id, birthday)| (*id, (bearer.id, rules.letter_opens_on(*birthday))))
        .filter(|(_, (_, opens_on))| *opens_on <= today)
        .collect();
    let sent = sent(tx, &opened)?;
    Ok(followed
        .into_iter()
        .filter(|(_, id, _)| !sent.contains(id))
        .map(|(bearer, episode_id, turns_20_on)| Duty {
            kind: TaskKind::LetterBefore20,
            youth_id: Some(bearer.id),
            unit_id: bearer.unit_id,
            episode_id: Some(episode_id),
            cause_id: episode_id.cast(),
            record_id: episode_id.cast(),
            due_on: rules.letter_due_on(turns_20_on),
            opens_on: rules.letter_opens_on(turns_20_on),
            ends_on: Some(turns_20_on),
            responsible_id: None,
            is_of_compartment: false,
        })
        .collect())
}

fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<Episode>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let births: Vec<(Id<Episode>, Id<Youth>, NaiveDate)> = load_of!(
        tx.conn(),
        &ids,
        episodes::id,
        episodes::table
            .inner_join(youths::table.on(youths::id.eq(episodes::youth_id)))
            .select((episodes::id, youths::id, youths::birth_date))
    )?;
    let rules: PlanRules = settings::load(tx)?.plan;
    let opened: Opened = births
        .into_iter()
        .filter_map(|(id, youth_id, born_on)| {
            let opens_on = rules.letter_opens_on(birthday_on(born_on, 20)?);
            Some((id, (youth_id, opens_on)))
        })
        .collect();
    let sent = sent(tx, &opened)?;
    Ok(causes
        .iter()
        .filter(|cause| sent.contains(&cause.id.cast()))
        .copied()
        .collect())
}

/// The episodes in which a letter was sent on the day from which it was to be sent, or later.
fn sent(tx: &mut AuditedTx<'_>, opened: &Opened) -> Result<Vec<Id<Episode>>> {
    let ids: Vec<Id<Youth>> = opened.values().map(|(youth_id, _)| *youth_id).collect();
    let letters: Vec<(Id<Episode>, Timestamp)> = load_of!(
        tx.conn(),
        &ids,
        contacts::youth_id,
        contacts::table
            .filter(contacts::channel.eq(Channel::Letter))
            .filter(contacts::direction.eq(Direction::Outbound))
            .select((contacts::episode_id, contacts::occurred_at))
    )?;
    Ok(letters
        .into_iter()
        .filter(|(id, at)| {
            opened
                .get(id)
                .is_some_and(|(_, opens_on)| at.utc() >= start_of(*opens_on))
        })
        .map(|(id, _)| id)
        .collect())
}
