//! What schools have told: rows and their list. Name and number stand here only until a notification is handled; those of a
//! youth of the register are the youth's. What a notification leads to is a matter of the service.
//!
//! Of a youth with protected identity the notification is seen by those who may see the youth. Whoever took it in sees it
//! still, as one about somebody who is not in the register: the number that they typed themselves tells them nothing new.

use super::audited::AuditedTx;
use super::cipher::{Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page};
use super::paging::{Page, PageRequest};
use super::relations::{is_unprotected, relation_to, relations_by_id};
use super::schema::{school_notifications, youths};
use super::types::Timestamp;
use crate::domain::id::{Id, SchoolNotification, Unit, User, Youth};
use crate::domain::identity_number::{IdentityNumber, IdentityNumberKind};
use crate::domain::operation::Resource;
use crate::domain::school_notification::{
    NotificationKind, NotificationOutcome, NotificationStatus,
};
use crate::domain::target_group::codes::SchoolType;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A notification as stored.
    #[derive(Clone)]
    pub struct SchoolNotificationRow as StoredSchoolNotificationRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = school_notifications, treat_none_as_null = true)] in school_notifications by id {
        pub id: Id<SchoolNotification>,
        pub unit_id: Id<Unit>,
        pub youth_id: Option<Id<Youth>>,
        pub kind: NotificationKind,
        pub school: String,
        pub school_type: SchoolType,
        pub study_path: Option<String>,
        pub occurred_on: NaiveDate,
        pub received_on: NaiveDate,
        pub identifier_kind: Option<String>,
        pub identifier_value ~ Option<String>,
        pub given_name ~ Option<String>,
        pub family_name ~ Option<String>,
        pub status: NotificationStatus,
        pub outcome: Option<NotificationOutcome>,
        pub reason ~ Option<String>,
        pub handled_by: Option<Id<User>>,
        pub handled_at: Option<Timestamp>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(SchoolNotificationRow, SchoolNotifications, |r| youth: r.youth_id, id: r.id, version: r.version,
    closed: ["school"], {
    "id": r.id,
    "unitId": r.unit_id,
    "youthId": r.youth_id,
    "kind": Word(r.kind),
    "school": r.school,
    "schoolType": Word(r.school_type),
    "studyPath": r.study_path,
    "occurredOn": r.occurred_on,
    "receivedOn": r.received_on,
    "identityNumber": r.identifier_value,
    "givenName": r.given_name,
    "familyName": r.family_name,
    "status": Word(r.status),
    "outcome": Word(r.outcome),
    "reason": r.reason,
    "handledBy": r.handled_by,
    "handledAt": r.handled_at,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

impl SchoolNotificationRow {
    /// The number that the school told, while the notification waits.
    pub fn identity(&self) -> Option<IdentityNumber> {
        let kind = IdentityNumberKind::from_code(self.identifier_kind.as_deref()?)?;
        IdentityNumber::from_stored(kind, self.identifier_value.as_deref()?).ok()
    }
}

/// Which notifications are asked for.
#[derive(Debug, Clone, Default)]
pub struct SchoolNotificationFilter {
    pub status: Option<NotificationStatus>,
    pub kind: Option<NotificationKind>,
}

/// A notification.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn load(
    tx: &mut AuditedTx<'_>,
    id: Id<SchoolNotification>,
) -> Result<Sealed<SchoolNotificationRow>> {
    let row: StoredSchoolNotificationRow = school_notifications::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    let relation = match row.youth_id {
        Some(youth_id) => Some(relation_to(tx, youth_id)?),
        None => None,
    };
    Ok(sealed(tx, row.deciphered(tx.vault())?, relation))
}

/// The notifications of the unit, latest received first; those of protected identities are in nobody's list but that of
/// whoever took them in.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &SchoolNotificationFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<SchoolNotificationRow>>> {
    let nil = Id::of(uuid::Uuid::nil());
    let mut query = school_notifications::table.into_boxed();
    if list_scope(tx, Resource::SchoolNotifications) != Scope::All {
        let (unit_id, user_id) = (
            tx.actor().unit_id().unwrap_or(nil),
            tx.actor().user_id().unwrap_or(nil.cast()),
        );
        let is_open = diesel::dsl::exists(
            youths::table
                .filter(youths::id.nullable().eq(school_notifications::youth_id))
                .filter(youths::unit_id.eq(unit_id))
                .filter(is_unprotected()),
        );
        query = query.filter(
            school_notifications::unit_id
                .eq(unit_id)
                .and(school_notifications::youth_id.is_null())
                .or(is_open)
                .or(school_notifications::created_by
                    .eq(user_id)
                    .assume_not_null()
                    .and(school_notifications::unit_id.eq(unit_id))),
        );
    }
    if let Some(status) = filter.status {
        query = query.filter(school_notifications::status.eq(status));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(school_notifications::kind.eq(kind));
    }
    let page: Page<StoredSchoolNotificationRow> = load_page!(
        tx,
        request,
        query,
        true,
        school_notifications::received_on,
        school_notifications::id,
        |row: &StoredSchoolNotificationRow| (row.received_on, row.id)
    );
    let ids: Vec<Id<Youth>> = page.rows.iter().filter_map(|row| row.youth_id).collect();
    let relations = relations_by_id(tx, ids)?;
    page.try_map(|row| {
        let relation = row.youth_id.and_then(|id| relations.get(&id).cloned());
        Ok(sealed(tx, row.deciphered(tx.vault())?, relation))
    })
}

/// Stores a new notification.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &SchoolNotificationRow) -> Result<()> {
    diesel::insert_into(school_notifications::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed notification.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &SchoolNotificationRow) -> Result<()> {
    diesel::update(school_notifications::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Seals a notification with the relation to its youth, or to the unit as long as nobody of the register is meant.
fn sealed(
    tx: &AuditedTx<'_>,
    mut row: SchoolNotificationRow,
    youth: Option<Relation>,
) -> Sealed<SchoolNotificationRow> {
    let is_own = row.created_by.is_some() && tx.actor().user_id() == row.created_by;
    let of_unit = Relation::unit_record(tx.actor().unit_id() == Some(row.unit_id));
    let relation = match youth {
        Some(relation) if is_own && !sees(tx.actor(), Resource::Youths, &relation) => {
            row.youth_id = None;
            of_unit
        }
        Some(relation) => relation,
        None => of_unit,
    };
    Sealed::new(row, Relation { is_own, ..relation })
}
