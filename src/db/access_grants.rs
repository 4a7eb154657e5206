//! Break-glass: who opened what of whom, why and until when. Rows and their list; who may break which glass is decided in
//! `policy`, and what a running grant opens is read with the relation to the youth.

use super::audited::AuditedTx;
use super::cipher::{Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page};
use super::paging::{Page, PageRequest};
use super::schema::access_grants;
use super::types::Timestamp;
use crate::domain::codes::GrantPurpose;
use crate::domain::id::{AccessGrant, Id, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use diesel::prelude::*;

guarded! {
    /// A break-glass as stored. It never changes, but for ending with the youth's leaving the unit.
    #[derive(Clone)]
    pub struct AccessGrantRow as StoredAccessGrantRow [derive(Queryable, Insertable), diesel(table_name = access_grants)] in access_grants by id {
        pub id: Id<AccessGrant>,
        pub user_id: Id<User>,
        pub youth_id: Id<Youth>,
        pub unit_id: Id<Unit>,
        pub purpose: GrantPurpose,
        pub reason ~ String,
        pub granted_at: Timestamp,
        pub expires_at: Timestamp,
    }
}

disclosed!(AccessGrantRow, AccessGrants, |r| youth: Some(r.youth_id), id: r.id, version: 1, {
    "id": r.id,
    "userId": r.user_id,
    "youthId": r.youth_id,
    "unitId": r.unit_id,
    "purpose": Word(r.purpose),
    "reason": r.reason,
    "grantedAt": r.granted_at,
    "expiresAt": r.expires_at,
});

/// Which grants are asked for.
#[derive(Debug, Clone, Default)]
pub struct AccessGrantFilter {
    pub youth_id: Option<Id<Youth>>,
    pub user_id: Option<Id<User>>,
}

/// The grants that the actor may review, newest first. Protected identities are not left out: it is their opening that is
/// reviewed, and a grant names nobody but by id.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &AccessGrantFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<AccessGrantRow>>> {
    let nil = Id::of(uuid::Uuid::nil());
    let mut query = access_grants::table.into_boxed();
    query = match list_scope(tx, Resource::AccessGrants) {
        Scope::All => query,
        Scope::Unit => {
            let unit_id = tx.actor().unit_id().unwrap_or(nil);
            query.filter(access_grants::unit_id.eq(unit_id))
        }
        // Whoever does not review reads what they opened themselves.
        _ => {
            let user_id = tx.actor().user_id().unwrap_or(nil.cast());
            query.filter(access_grants::user_id.eq(user_id))
        }
    };
    if let Some(youth_id) = filter.youth_id {
        query = query.filter(access_grants::youth_id.eq(youth_id));
    }
    if let Some(user_id) = filter.user_id {
        query = query.filter(access_grants::user_id.eq(user_id));
    }
    let page: Page<StoredAccessGrantRow> = load_page!(
        tx,
        request,
        query,
        true,
        access_grants::granted_at,
        access_grants::id,
        |row: &StoredAccessGrantRow| (row.granted_at, row.id)
    );
    page.try_map(|row| Ok(sealed(tx, row.deciphered(tx.vault())?)))
}

/// A grant.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<AccessGrant>) -> Result<Sealed<AccessGrantRow>> {
    let row: StoredAccessGrantRow = access_grants::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    Ok(sealed(tx, row.deciphered(tx.vault())?))
}

/// Stores a new grant.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &AccessGrantRow) -> Result<()> {
    diesel::insert_into(access_grants::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Ends what is open of a youth who leaves the unit.
///
/// # Errors
/// The database does not answer.
pub fn end_all_to(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    youth_id: Id<Youth>,
    unit_id: Id<Unit>,
) -> Result<()> {
    let now = tx.timestamp();
    let open: Vec<Id<AccessGrant>> = access_grants::table
        .filter(access_grants::youth_id.eq(youth_id))
        .filter(access_grants::unit_id.eq(unit_id))
        .filter(access_grants::expires_at.gt(now))
        .select(access_grants::id)
        .load(tx.conn())?;
    for id in open {
        diesel::update(access_grants::table.find(id))
            .set(access_grants::expires_at.eq(now))
            .execute(tx.conn())?;
        tx.note(
            Resource::AccessGrants,
            Some(youth_id),
            Some(id.cast()),
            "expiresAt",
        );
    }
    Ok(())
}

/// A grant belongs to the unit in which it was given, wherever the youth is now.
fn sealed(tx: &AuditedTx<'_>, row: AccessGrantRow) -> Sealed<AccessGrantRow> {
    let relation = Relation {
        is_own: tx.actor().user_id() == Some(row.user_id),
        ..Relation::unit_record(tx.actor().unit_id() == Some(row.unit_id))
    };
    Sealed::new(row, relation)
}
