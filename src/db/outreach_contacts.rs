//! Somebody met in a session of outreach: nobody known, until tied to a youth. From then on it is a record of the youth, seen by
//! whoever sees the youth and left out of every list for the rest, so that it never tells that somebody unknown is somebody
//! protected; what was noted has gone to the contact that it became. Rows and lists; when it may be tied is decided in
//! `service::outreach_contacts`.

use super::assignments::runs_at;
use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::relations::{is_unprotected, relations_by_id};
use super::schema::{
    assignments, contact_addenda, contacts, correction_notes, outreach_contacts, outreach_sessions,
    youths,
};
use super::types::Timestamp;
use super::versions::forget_versions;
use crate::domain::codes::LegalSex;
use crate::domain::contact::is_locked;
use crate::domain::id::{Contact, Id, OutreachContact, OutreachSession, Record, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::outreach::{MetAge, OutreachOutcome};
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::HashMap;

guarded! {
    /// Somebody met, as stored.
    #[derive(Debug, Clone)]
    pub struct MetRow as StoredMetRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = outreach_contacts, treat_none_as_null = true, treat_none_as_default_value = false)] in outreach_contacts by id {
        pub id: Id<OutreachContact>,
        pub session_id: Id<OutreachSession>,
        pub met_by: Id<User>,
        pub age_group: MetAge,
        pub legal_sex: LegalSex,
        pub outcome: OutreachOutcome,
        pub wants_contact: bool,
        pub note ~ Option<String>,
        pub youth_id: Option<Id<Youth>>,
        /// The contact that it became.
        pub contact_id: Option<Id<Contact>>,
        pub tied_by: Option<Id<User>>,
        pub tied_at: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// Somebody met, at the instant of a reading.
#[derive(Debug, Clone)]
pub struct MetRecord {
    pub row: MetRow,
    /// For the lock.
    pub now: Timestamp,
}

disclosed!(MetRecord, OutreachContacts, |r| youth: r.row.youth_id, id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "sessionId": r.row.session_id,
    "metBy": r.row.met_by,
    "ageGroup": Word(r.row.age_group),
    "legalSex": Word(r.row.legal_sex),
    "outcome": Word(r.row.outcome),
    "wantsContact": r.row.wants_contact,
    "note": r.row.note,
    "isTied": r.row.youth_id.is_some(),
    "youthId": r.row.youth_id,
    "contactId": r.row.contact_id,
    "tiedBy": r.row.tied_by,
    "tiedAt": r.row.tied_at,
    "isLocked": is_locked(r.row.created_at.utc(), r.now.utc()),
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Which are asked for.
#[derive(Debug, Clone, Default)]
pub struct MetFilter {
    pub session_id: Option<Id<OutreachSession>>,
    pub is_tied: Option<bool>,
    pub wants_contact: Option<bool>,
}

/// Somebody met.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<OutreachContact>) -> Result<Sealed<MetRecord>> {
    let row: StoredMetRow = outreach_contacts::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    if let Some(youth_id) = row.youth_id {
        tx.concern(youth_id);
    }
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// Those of the actor's scope, latest first: whom nobody knows, and of those tied whoever the actor sees in lists.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &MetFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<MetRecord>>> {
    let scope = list_scope(tx, Resource::OutreachContacts);
    let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
    let now = tx.timestamp();
    let is_unknown = || outreach_contacts::youth_id.is_null();
    let is_listed = exists(
        youths::table
            .filter(youths::id.nullable().eq(outreach_contacts::youth_id))
            .filter(youths::unit_id.eq(unit_id))
            .filter(is_unprotected()),
    );
    let mut query = outreach_contacts::table.into_boxed();
    if scope != Scope::All {
        query = query.filter(is_unknown().or(is_listed)).filter(exists(
            outreach_sessions::table
                .filter(outreach_sessions::id.eq(outreach_contacts::session_id))
                .filter(outreach_sessions::unit_id.eq(unit_id)),
        ));
    }
    if let (Scope::Own, Some(user_id)) = (scope, tx.actor().user_id()) {
        let is_assigned = exists(
            assignments::table
                .filter(
                    assignments::youth_id
                        .nullable()
                        .eq(outreach_contacts::youth_id),
                )
                .filter(assignments::user_id.eq(user_id))
                .filter(runs_at(now)),
        );
        query = query
            .filter(outreach_contacts::met_by.eq(user_id))
            .filter(is_unknown().or(is_assigned));
    }
    if let Some(session_id) = filter.session_id {
        query = query.filter(outreach_contacts::session_id.eq(session_id));
    }
    match filter.is_tied {
        Some(true) => query = query.filter(outreach_contacts::youth_id.is_not_null()),
        Some(false) => query = query.filter(outreach_contacts::youth_id.is_null()),
        None => {}
    }
    if let Some(wants_contact) = filter.wants_contact {
        query = query.filter(outreach_contacts::wants_contact.eq(wants_contact));
    }
    let page: Page<StoredMetRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        outreach_contacts::id,
        |row: &StoredMetRow| row.id
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Those that turned out to be a youth, the first first; for whoever has been found to see the youth.
///
/// # Errors
/// The database does not answer.
pub fn of_youth(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<Sealed<MetRecord>>> {
    let rows: Vec<StoredMetRow> = outreach_contacts::table
        .filter(outreach_contacts::youth_id.eq(youth_id))
        .order(outreach_contacts::id)
        .load(tx.conn())?;
    sealed(tx, rows)
}

/// Stores a new one.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &MetRow) -> Result<()> {
    diesel::insert_into(outreach_contacts::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed one.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &MetRow) -> Result<()> {
    diesel::update(outreach_contacts::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Whether nothing has been built on a contact since it was made of somebody met.
///
/// # Errors
/// The database does not answer.
pub fn is_untouched(tx: &mut AuditedTx<'_>, contact_id: Id<Contact>) -> Result<bool> {
    let is_first: bool = diesel::select(exists(
        contacts::table
            .filter(contacts::id.eq(contact_id))
            .filter(contacts::version.eq(1)),
    ))
    .get_result(tx.conn())?;
    let has_addendum: bool = diesel::select(exists(
        contact_addenda::table.filter(contact_addenda::contact_id.eq(contact_id)),
    ))
    .get_result(tx.conn())?;
    let about: Id<Record> = contact_id.cast();
    let is_disputed: bool = diesel::select(exists(
        correction_notes::table.filter(correction_notes::record_id.eq(about)),
    ))
    .get_result(tx.conn())?;
    Ok(is_first && !has_addendum && !is_disputed)
}

/// Takes the contact away that somebody met had become by mistake, and every version that named the youth: what is wrong in a
/// person's file is not kept there as history. The log tells who tied and untied it.
///
/// # Errors
/// The database does not answer, or something still refers to the contact.
pub fn take_back(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    row: &MetRow,
    contact_id: Id<Contact>,
) -> Result<()> {
    update(tx, permit, row)?;
    forget_versions(tx, Resource::OutreachContacts, row.id.cast())?;
    forget_versions(tx, Resource::Contacts, contact_id.cast())?;
    diesel::delete(contacts::table.find(contact_id)).execute(tx.conn())?;
    Ok(())
}

/// Seals each with the actor's relation: to the youth that it turned out to be, else to the unit whose session it was.
fn sealed(tx: &mut AuditedTx<'_>, rows: Vec<StoredMetRow>) -> Result<Vec<Sealed<MetRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_by_id(tx, rows.iter().filter_map(|row| row.youth_id))?;
    let units: HashMap<Id<OutreachSession>, Id<Unit>> = outreach_sessions::table
        .filter(outreach_sessions::id.eq_any(rows.iter().map(|row| row.session_id)))
        .select((outreach_sessions::id, outreach_sessions::unit_id))
        .load::<(Id<OutreachSession>, Id<Unit>)>(tx.conn())?
        .into_iter()
        .collect();
    let (me, unit_id, now) = (tx.actor().user_id(), tx.actor().unit_id(), tx.timestamp());
    Ok(rows
        .into_iter()
        .map(|row| {
            let is_own = me == Some(row.met_by);
            let relation = match row.youth_id {
                Some(youth_id) => Relation {
                    is_own,
                    ..relations.get(&youth_id).cloned().unwrap_or_default()
                },
                None => {
                    let is_same_unit =
                        unit_id.is_some() && units.get(&row.session_id).copied() == unit_id;
                    Relation::of_nobody(is_same_unit, is_own)
                }
            };
            Sealed::new(MetRecord { row, now }, relation)
        })
        .collect())
}
