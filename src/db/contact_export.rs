//! The contacts of a unit for a file, some thousand at a time: in the order of the youths and of each youth in the order of time,
//! so that a youth stands in few parts and is named in few events. The youths are those of the actor's list of contacts, without
//! those of protected identity; of each contact only the columns of the file are read. What is shown of them is decided in
//! `policy::columns`.

use super::among::among;
use super::audited::AuditedTx;
use super::contacts::{ContactFilter, filtered};
use super::listing::list_scope;
use super::relations::{YouthKey, is_unprotected, relations_to};
use super::schema::{contacts, youths};
use super::types::Timestamp;
use crate::domain::codes::{Channel, ContactResult, Direction, MetWho, Occupation};
use crate::domain::id::{Contact, Id, User, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// Youths whose contacts are looked for at once.
const YOUTHS: i64 = 500;
/// A part that has so many contacts is long enough: some two megabytes of file. Shorter ones wait more often for the log.
const ENOUGH: usize = 12_000;
/// Contacts of one part at most.
const MOST: usize = 16_000;
/// How often youths are looked for in one part, where few of them have a contact that is asked for.
const LOOKS: usize = 40;

/// A contact as it stands in the file.
#[derive(Debug, Clone, Queryable)]
pub struct ContactLine {
    pub id: Id<Contact>,
    pub youth_id: Id<Youth>,
    pub author_id: Id<User>,
    pub occurred_at: Timestamp,
    pub channel: Channel,
    pub direction: Direction,
    pub met_who: MetWho,
    pub result: ContactResult,
    pub minutes: Option<i32>,
    pub occupation: Option<Occupation>,
    pub next_contact_on: Option<NaiveDate>,
}

/// Where the next part begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// With the youths after this one.
    After(Id<Youth>),
    /// With this youth, after this contact if some of them have been read.
    At(Id<Youth>, Option<(Timestamp, Id<Contact>)>),
}

impl Place {
    /// Where the first part begins.
    pub const START: Self = Self::After(Id::of(uuid::Uuid::nil()));
}

/// Some thousand contacts in a row.
#[derive(Debug)]
pub struct Stretch {
    /// The contacts.
    pub lines: Vec<ContactLine>,
    /// How the actor stands to each youth of theirs.
    pub relations: HashMap<Id<Youth>, Relation>,
    /// Where the next ones begin; `None` after the last.
    pub next: Option<Place>,
}

/// The contacts that follow a place, of those that had been written at the instant of the call.
///
/// # Errors
/// 403 for whoever sees no unit's contacts, or the database does not answer.
pub fn read_stretch(
    tx: &mut AuditedTx<'_>,
    filter: &ContactFilter,
    from: Place,
) -> Result<Stretch> {
    let mut stretch = Stretch {
        lines: Vec::new(),
        relations: HashMap::new(),
        next: None,
    };
    let mut place = from;
    for _ in 0..LOOKS {
        let keys = youths_from(tx, place)?;
        let Some(last) = keys.last().map(|key| key.id) else {
            return Ok(stretch);
        };
        let room = MOST.saturating_sub(stretch.lines.len());
        let mut found = lines_of(tx, filter, &keys, place, room)?;
        let cut = (found.len() > room).then(|| cut(&mut found, room, stretch.lines.is_empty()));
        add(tx, &mut stretch, &keys, found)?;
        let is_last = i64::try_from(keys.len()).is_ok_and(|many| many < YOUTHS);
        place = Place::After(last);
        match cut {
            Some(next) => place = next,
            None if is_last => return Ok(stretch),
            None if stretch.lines.len() < ENOUGH => continue,
            None => {}
        }
        break;
    }
    stretch.next = Some(place);
    Ok(stretch)
}

/// Leaves the contacts of the last youth to the next part, unless the part would hold none then: nobody has to stand in two parts
/// who has room in one.
fn cut(found: &mut Vec<ContactLine>, room: usize, is_first: bool) -> Place {
    let last = found.last().map(|line| line.youth_id);
    let begins = found.iter().position(|line| Some(line.youth_id) == last);
    match (last, begins) {
        (Some(last), Some(begins)) if begins > 0 || !is_first => {
            found.truncate(begins);
            Place::At(last, None)
        }
        _ => {
            found.truncate(room);
            found.last().map_or(Place::START, |line| {
                Place::At(line.youth_id, Some((line.occurred_at, line.id)))
            })
        }
    }
}

fn add(
    tx: &mut AuditedTx<'_>,
    stretch: &mut Stretch,
    keys: &[YouthKey],
    found: Vec<ContactLine>,
) -> Result<()> {
    let mut found_of: Vec<Id<Youth>> = found.iter().map(|line| line.youth_id).collect();
    found_of.dedup();
    // Both are in the order of the youths.
    let mut keys = keys.iter();
    let met: Vec<YouthKey> = found_of
        .iter()
        .filter_map(|id| keys.find(|key| key.id == *id).copied())
        .collect();
    stretch.relations.extend(relations_to(tx, &met)?);
    stretch.lines.extend(found);
    Ok(())
}

/// The youths of the actor's list of contacts from a place on, by their ids.
fn youths_from(tx: &mut AuditedTx<'_>, place: Place) -> Result<Vec<YouthKey>> {
    let mut query = youths::table
        .filter(is_unprotected())
        .select((youths::id, youths::unit_id, youths::protection_level))
        .order(youths::id)
        .limit(YOUTHS)
        .into_boxed();
    query = match place {
        Place::After(id) => query.filter(youths::id.gt(id)),
        Place::At(id, _) => query.filter(youths::id.ge(id)),
    };
    query = match (list_scope(tx, Resource::Contacts), tx.actor().unit_id()) {
        (Scope::All, _) => query,
        (Scope::Unit, Some(unit_id)) => query.filter(youths::unit_id.eq(unit_id)),
        // Who has no unit sees nobody.
        (Scope::Unit, None) => return Ok(Vec::new()),
        // A file is of a whole unit.
        _ => return Err(ErrorCode::Forbidden.into()),
    };
    Ok(query.load(tx.conn())?)
}

/// The contacts of some youths from a place on, and one more than there is room for, to know whether there are.
fn lines_of(
    tx: &mut AuditedTx<'_>,
    filter: &ContactFilter,
    keys: &[YouthKey],
    place: Place,
    room: usize,
) -> Result<Vec<ContactLine>> {
    let is_of_them = among(tx.conn(), contacts::youth_id, keys.iter().map(|key| key.id));
    let mut query = filtered(contacts::table.into_boxed(), filter)
        .filter(is_of_them)
        .filter(contacts::created_at.le(tx.timestamp()));
    if let Place::At(youth_id, Some((at, id))) = place {
        let is_later = contacts::occurred_at
            .gt(at)
            .or(contacts::occurred_at.eq(at).and(contacts::id.gt(id)));
        query = query.filter(contacts::youth_id.ne(youth_id).or(is_later));
    }
    Ok(query
        .order((contacts::youth_id, contacts::occurred_at, contacts::id))
        .limit(i64::try_from(room).unwrap_or(i64::MAX).saturating_add(1))
        .select((
            contacts::id,
            contacts::youth_id,
            contacts::author_id,
            contacts::occurred_at,
            contacts::channel,
            contacts::direction,
            contacts::met_who,
            contacts::result,
            contacts::minutes,
            contacts::occupation,
            contacts::next_contact_on,
        ))
        .load(tx.conn())?)
}
