//! Likely duplicates of a unit, and the pairs of youths that somebody has found not to be the same person: rows and lists. Only
//! those born on the same day are compared, in one walk along an index; protected identities never. How alike two must be
//! stands in `domain::duplicate`; how two records become one, in `merging`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, Stored, guarded};
use super::disclosed::disclosed;
use super::listing::{list_scope, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::relations::{is_unprotected, relation_to, relations_by_id};
use super::schema::{duplicate_dismissals as dismissals, youth_identifiers, youths};
use super::types::Timestamp;
use crate::domain::codes::LegalSex;
use crate::domain::duplicate::{DuplicateReason, Known, reasons};
use crate::domain::id::{DuplicateDismissal, Id, Unit, User, Youth};
use crate::domain::identity_number::IdentityNumberKind;
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::HashSet;

guarded! {
    /// That two youths are not the same person, as stored.
    #[derive(Debug, Clone)]
    pub struct DismissalRow as StoredDismissalRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = dismissals, treat_none_as_null = true, treat_none_as_default_value = false)] in duplicate_dismissals by id {
        pub id: Id<DuplicateDismissal>,
        pub youth_id: Id<Youth>,
        pub other_youth_id: Id<Youth>,
        pub reason ~ String,
        pub withdrawn_at: Option<Timestamp>,
        pub withdrawn_by: Option<Id<User>>,
        pub withdrawal_reason ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(DismissalRow, DuplicateDismissals, |r| youth: Some(r.youth_id), id: r.id, version: r.version, {
    "id": r.id,
    "youthId": r.youth_id,
    "otherYouthId": r.other_youth_id,
    "reason": r.reason,
    "withdrawnAt": r.withdrawn_at,
    "withdrawnBy": r.withdrawn_by,
    "withdrawalReason": r.withdrawal_reason,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// Two records that are likely one person, the one that was registered first before the other.
#[derive(Debug, Clone)]
pub struct LikelyPair {
    pub youth_id: Id<Youth>,
    pub other_youth_id: Id<Youth>,
    pub reasons: Vec<DuplicateReason>,
    /// The name of the first, as lists sort it.
    sort_name: String,
}

#[derive(Queryable)]
struct Compared {
    id: Id<Youth>,
    birth_date: NaiveDate,
    given_name: String,
    family_name: String,
    sort_name: String,
    legal_sex: LegalSex,
    number: Option<String>,
}

impl Compared {
    fn known(&self) -> Known<'_> {
        Known {
            given_name: &self.given_name,
            family_name: &self.family_name,
            legal_sex: self.legal_sex,
            number: self
                .number
                .as_deref()
                .and_then(IdentityNumberKind::from_code),
        }
    }
}

/// The part of a unit's likely duplicates that is asked for, in name order, without those found not to be the same.
///
/// # Errors
/// The database does not answer.
pub fn list_likely(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    request: &PageRequest,
) -> Result<Page<LikelyPair>> {
    let not_the_same: HashSet<(Id<Youth>, Id<Youth>)> = dismissals::table
        .inner_join(youths::table.on(youths::id.eq(dismissals::youth_id)))
        .filter(youths::unit_id.eq(unit_id))
        .filter(dismissals::withdrawn_at.is_null())
        .select((dismissals::youth_id, dismissals::other_youth_id))
        .load::<(Id<Youth>, Id<Youth>)>(tx.conn())?
        .into_iter()
        .map(|(one, other)| (one.min(other), one.max(other)))
        .collect();
    let everybody: Vec<Compared> = youths::table
        .left_join(
            youth_identifiers::table.on(youth_identifiers::youth_id
                .eq(youths::id)
                .and(youth_identifiers::is_current.eq(true))),
        )
        .filter(youths::unit_id.eq(unit_id))
        .filter(is_unprotected())
        .order((youths::birth_date, youths::id))
        .select((
            youths::id,
            youths::birth_date,
            youths::given_name,
            youths::family_name,
            youths::sort_name,
            youths::legal_sex,
            youth_identifiers::kind.nullable(),
        ))
        .load(tx.conn())?;
    let mut pairs = Vec::new();
    for born_alike in everybody.chunk_by(|one, other| one.birth_date == other.birth_date) {
        for (place, one) in born_alike.iter().enumerate() {
            for other in born_alike.iter().skip(place + 1) {
                let reasons = reasons(&one.known(), &other.known());
                if !reasons.is_empty() && !not_the_same.contains(&(one.id, other.id)) {
                    pairs.push(LikelyPair {
                        youth_id: one.id,
                        other_youth_id: other.id,
                        reasons,
                        sort_name: one.sort_name.clone(),
                    });
                }
            }
        }
    }
    let key_of = |pair: &LikelyPair| {
        let key = format!("{}\t{}", pair.sort_name, pair.youth_id);
        (key, pair.other_youth_id.uuid())
    };
    pairs.sort_by_cached_key(key_of);
    Ok(request.cut_sorted(pairs, key_of))
}

/// How the actor stands to what is about two youths: as to the one that is closed more to them.
///
/// # Errors
/// 404 when one of them is not there.
pub fn relation_to_both(
    tx: &mut AuditedTx<'_>,
    one: Id<Youth>,
    other: Id<Youth>,
) -> Result<Relation> {
    let (one, other) = (relation_to(tx, one)?, relation_to(tx, other)?);
    Ok(narrower(&one, &other))
}

fn narrower(one: &Relation, other: &Relation) -> Relation {
    let is_open = |of: &Relation| of.is_assigned || !of.is_protected;
    Relation {
        is_same_unit: one.is_same_unit && other.is_same_unit,
        is_assigned: (one.is_assigned || other.is_assigned) && is_open(one) && is_open(other),
        is_protected: one.is_protected || other.is_protected,
        is_restricted: one.is_restricted || other.is_restricted,
        ..Relation::default()
    }
}

/// A dismissal.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<DuplicateDismissal>) -> Result<Sealed<DismissalRow>> {
    let row: Option<StoredDismissalRow> = dismissals::table.find(id).first(tx.conn()).optional()?;
    let row = row.all_deciphered(tx.vault())?.ok_or(ErrorCode::NotFound)?;
    let relation = relation_to_both(tx, row.youth_id, row.other_youth_id)?;
    Ok(Sealed::new(row, relation))
}

/// The dismissals of the actor's scope, newest first, without those about somebody with protected identity; of one youth, if
/// one is named, and without those taken back, if only those in force are asked for.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    youth_id: Option<Id<Youth>>,
    in_force: bool,
    request: &PageRequest,
) -> Result<Page<Sealed<DismissalRow>>> {
    let mut query = dismissals::table.into_boxed();
    let unit_id = match list_scope(tx, Resource::DuplicateDismissals) {
        Scope::All => None,
        Scope::Unit => Some(
            tx.actor()
                .unit_id()
                .unwrap_or(Id::<Unit>::of(uuid::Uuid::nil())),
        ),
        _ => return Err(ErrorCode::Forbidden.into()),
    };
    if let Some(unit_id) = unit_id {
        query = query
            .filter(exists(
                youths::table
                    .filter(youths::id.eq(dismissals::youth_id))
                    .filter(youths::unit_id.eq(unit_id))
                    .filter(is_unprotected()),
            ))
            .filter(exists(
                youths::table
                    .filter(youths::id.eq(dismissals::other_youth_id))
                    .filter(youths::unit_id.eq(unit_id))
                    .filter(is_unprotected()),
            ));
    }
    if let Some(id) = youth_id {
        query = query.filter(
            dismissals::youth_id
                .eq(id)
                .or(dismissals::other_youth_id.eq(id)),
        );
    }
    if in_force {
        query = query.filter(dismissals::withdrawn_at.is_null());
    }
    let page: Page<StoredDismissalRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        dismissals::id,
        |row: &StoredDismissalRow| row.id
    );
    let ids = page
        .rows
        .iter()
        .flat_map(|row| [row.youth_id, row.other_youth_id]);
    let relations = relations_by_id(tx, ids.collect::<Vec<_>>())?;
    page.try_map(|row| {
        let of = |id| relations.get(id).cloned().unwrap_or_default();
        let relation = narrower(&of(&row.youth_id), &of(&row.other_youth_id));
        Ok(Sealed::new(row.deciphered(tx.vault())?, relation))
    })
}

/// Those about one youth whom the actor has been found to see, the first first; for their register extract.
///
/// # Errors
/// The database does not answer.
pub fn of_youth(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<DismissalRow>> {
    let rows: Vec<StoredDismissalRow> = dismissals::table
        .filter(
            dismissals::youth_id
                .eq(youth_id)
                .or(dismissals::other_youth_id.eq(youth_id)),
        )
        .order(dismissals::id)
        .load(tx.conn())?;
    rows.all_deciphered(tx.vault())
}

/// Whether it is in force that two youths are not the same person.
///
/// # Errors
/// The database does not answer.
pub fn is_dismissed(tx: &mut AuditedTx<'_>, one: Id<Youth>, other: Id<Youth>) -> Result<bool> {
    let both = [one, other];
    Ok(diesel::select(exists(
        dismissals::table
            .filter(dismissals::youth_id.eq_any(both))
            .filter(dismissals::other_youth_id.eq_any(both))
            .filter(dismissals::youth_id.ne(dismissals::other_youth_id))
            .filter(dismissals::withdrawn_at.is_null()),
    ))
    .get_result(tx.conn())?)
}

/// Stores a new one.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &DismissalRow) -> Result<()> {
    diesel::insert_into(dismissals::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed one.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &DismissalRow) -> Result<()> {
    diesel::update(dismissals::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}
