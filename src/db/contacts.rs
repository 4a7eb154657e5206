//! Contacts and attempts with their addenda: rows, lists and what the register keeps of the latest ones. When a contact may
//! be written and corrected is a matter of the domain; who may, of `policy`.

use super::MultiBackend;
use super::among::among;
use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_of, load_page, within_scope};
use super::notes_apart::relations_with_notes;
use super::on_day;
use super::paging::{Page, PageRequest};
use super::schema::{contact_addenda, contacts};
use super::types::Timestamp;
use crate::clock::start_of;
use crate::domain::codes::{Channel, ContactResult, Direction, MetWho, Occupation};
use crate::domain::contact::is_locked;
use crate::domain::id::{Addendum, Contact, Episode, Id, User, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;

guarded! {
    /// A contact as stored.
    #[derive(Clone)]
    pub struct ContactRow as StoredContactRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = contacts, treat_none_as_null = true)] in contacts by id {
        pub id: Id<Contact>,
        pub youth_id: Id<Youth>,
        pub episode_id: Id<Episode>,
        pub author_id: Id<User>,
        pub occurred_at: Timestamp,
        pub channel: Channel,
        pub direction: Direction,
        pub met_who: MetWho,
        pub place ~ Option<String>,
        pub area: Option<String>,
        pub result: ContactResult,
        pub minutes: Option<i32>,
        pub occupation: Option<Occupation>,
        pub note ~ Option<String>,
        pub next_contact_on: Option<NaiveDate>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
        /// What was proposed after it: the day, the way and how many go together.
        pub proposed_on: Option<NaiveDate>,
        pub proposed_channel: Option<Channel>,
        pub proposed_staff: Option<i32>,
    }
}

guarded! {
    /// A later note to a contact; it never changes.
    #[derive(Clone)]
    pub struct AddendumRow as StoredAddendumRow [derive(Queryable, Insertable), diesel(table_name = contact_addenda)] in contact_addenda by id {
        pub id: Id<Addendum>,
        pub contact_id: Id<Contact>,
        pub author_id: Id<User>,
        pub text ~ String,
        pub created_at: Timestamp,
    }
}

/// A contact with its addenda.
#[derive(Clone)]
pub struct ContactRecord {
    pub row: ContactRow,
    /// In the order in which they were written.
    pub addenda: Vec<AddendumRow>,
    /// Whose addenda are shown: everyone's, or those of one who reads only what they wrote themselves.
    pub shows_addenda_of: Option<Id<User>>,
    /// The instant of the reading, for the lock.
    pub now: Timestamp,
}

impl ContactRecord {
    /// The record with everyone's addenda, as the history keeps it.
    pub fn whole(&self) -> Self {
        Self {
            shows_addenda_of: None,
            ..self.clone()
        }
    }

    fn shown_addenda(&self) -> Value {
        self.addenda
            .iter()
            .filter(|addendum| {
                self.shows_addenda_of
                    .is_none_or(|author_id| addendum.author_id == author_id)
            })
            .map(|addendum| {
                json!({
                    "id": addendum.id,
                    "authorId": addendum.author_id,
                    "text": addendum.text,
                    "createdAt": addendum.created_at.to_text(),
                })
            })
            .collect()
    }
}

// Where somebody with a protected identity was met is as telling as their address (domain 4.4).
disclosed!(ContactRecord, Contacts, |r| youth: Some(r.row.youth_id), id: r.row.id, version: r.row.version,
    closed: ["place", "area"], stays: ["note", "addenda"] with Some(r.row.episode_id), {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "episodeId": r.row.episode_id,
    "authorId": r.row.author_id,
    "occurredAt": r.row.occurred_at,
    "channel": Word(r.row.channel),
    "direction": Word(r.row.direction),
    "metWho": Word(r.row.met_who),
    "place": r.row.place,
    "area": r.row.area,
    "result": Word(r.row.result),
    "minutes": r.row.minutes,
    "occupation": Word(r.row.occupation),
    "note": r.row.note,
    "addenda": r.shown_addenda(),
    "nextContactOn": r.row.next_contact_on,
    "proposedOn": r.row.proposed_on,
    "proposedChannel": Word(r.row.proposed_channel),
    "proposedStaff": r.row.proposed_staff,
    "isLocked": is_locked(r.row.created_at.utc(), r.now.utc()),
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Which contacts are asked for.
#[derive(Debug, Clone, Default)]
pub struct ContactFilter {
    /// Of one youth, whom the actor has been found to see.
    pub youth_id: Option<Id<Youth>>,
    /// On this Swedish day or later.
    pub from: Option<NaiveDate>,
    /// On this Swedish day or earlier.
    pub to: Option<NaiveDate>,
    pub author_id: Option<Id<User>>,
    pub channel: Option<Channel>,
    pub result: Option<ContactResult>,
}

/// A contact.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Contact>) -> Result<Sealed<ContactRecord>> {
    find(tx, id)?.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Some contacts, with the actor's relation to their youths, in no order. Those that there are not are left out.
///
/// # Errors
/// The database does not answer.
pub fn load_those(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Contact>],
) -> Result<Vec<Sealed<ContactRecord>>> {
    let rows: Vec<StoredContactRow> = load_of!(tx.conn(), ids, contacts::id, contacts::table)?;
    sealed(tx, rows)
}

/// A contact, if there is one.
///
/// # Errors
/// The database does not answer.
pub fn find(tx: &mut AuditedTx<'_>, id: Id<Contact>) -> Result<Option<Sealed<ContactRecord>>> {
    let found = load_those(tx, &[id])?.pop();
    if let Some(found) = &found {
        tx.concern(found.for_rules().row.youth_id);
    }
    Ok(found)
}

/// The contacts of a list, latest first: of one youth, or of the actor's scope without those of protected identities.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &ContactFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<ContactRecord>>> {
    let scope = list_scope(tx, Resource::Contacts);
    let mut query = contacts::table.into_boxed();
    query = match filter.youth_id {
        Some(youth_id) => query.filter(contacts::youth_id.eq(youth_id)),
        None => within_scope!(tx, query, scope, contacts::youth_id),
    };
    if let (Scope::Own, Some(user_id)) = (scope, tx.actor().user_id()) {
        query = query.filter(contacts::author_id.eq(user_id));
    }
    query = filtered(query, filter);
    let page: Page<StoredContactRow> = load_page!(
        tx,
        request,
        query,
        true,
        contacts::occurred_at,
        contacts::id,
        |row: &StoredContactRow| (row.occurred_at, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Narrows contacts to those asked for, of whichever youths.
pub(in crate::db) fn filtered<'a>(
    mut query: contacts::BoxedQuery<'a, MultiBackend>,
    filter: &ContactFilter,
) -> contacts::BoxedQuery<'a, MultiBackend> {
    if let Some(day) = filter.from {
        query = query.filter(contacts::occurred_at.ge(Timestamp::of(start_of(day))));
    }
    if let Some(next) = filter.to.and_then(|day| day.succ_opt()) {
        query = query.filter(contacts::occurred_at.lt(Timestamp::of(start_of(next))));
    }
    if let Some(author_id) = filter.author_id {
        query = query.filter(contacts::author_id.eq(author_id));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(contacts::channel.eq(channel));
    }
    if let Some(result) = filter.result {
        query = query.filter(contacts::result.eq(result));
    }
    query
}

/// Stores a new contact.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &ContactRow) -> Result<()> {
    diesel::insert_into(contacts::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed contact.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &ContactRow) -> Result<()> {
    diesel::update(contacts::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores an addendum.
///
/// # Errors
/// The database does not answer.
pub fn insert_addendum(tx: &mut AuditedTx<'_>, _: &Permit, row: &AddendumRow) -> Result<()> {
    diesel::insert_into(contact_addenda::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// The Swedish days of a youth's latest attempt and of the latest contact that reached somebody.
///
/// # Errors
/// The database does not answer.
pub fn last_days(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
    let latest = || {
        contacts::table
            .filter(contacts::youth_id.eq(youth_id))
            .order(contacts::occurred_at.desc())
            .select(contacts::occurred_at)
    };
    let attempt: Option<Timestamp> = latest().first(tx.conn()).optional()?;
    let reached: Option<Timestamp> = latest()
        .filter(contacts::result.eq(ContactResult::Reached))
        .first(tx.conn())
        .optional()?;
    Ok((attempt.map(on_day), reached.map(on_day)))
}

/// Loads the addenda of all rows at once, and seals each with the actor's relation to it.
fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredContactRow>,
) -> Result<Vec<Sealed<ContactRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let ids: Vec<Id<Contact>> = rows.iter().map(|row| row.id).collect();
    let mut addenda: HashMap<Id<Contact>, Vec<AddendumRow>> = HashMap::new();
    let written: Vec<StoredAddendumRow> = contact_addenda::table
        .filter(among(
            tx.conn(),
            contact_addenda::contact_id,
            ids.iter().copied(),
        ))
        .order((contact_addenda::created_at, contact_addenda::id))
        .load(tx.conn())?;
    for row in written.all_deciphered(tx.vault())? {
        addenda.entry(row.contact_id).or_default().push(row);
    }
    let relations = relations_with_notes(tx, rows.iter().map(|row| row.youth_id))?;
    let (user_id, now) = (tx.actor().user_id(), tx.timestamp());
    // Who sees only their own contacts sees only their own addenda to them.
    let shows_addenda_of = user_id.filter(|_| list_scope(tx, Resource::Contacts) == Scope::Own);
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = user_id == Some(row.author_id);
            let record = ContactRecord {
                addenda: addenda.remove(&row.id).unwrap_or_default(),
                shows_addenda_of,
                now,
                row,
            };
            Sealed::new(record, relation)
        })
        .collect())
}
