//! What a youth wants of a placement, within an episode: rows, lists and changes. What suits a wish stands in
//! `domain::placement`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{load_of, load_page_by_id};
use super::notes_apart::relations_with_notes;
use super::paging::{Page, PageRequest};
use super::schema::{episodes, placement_wish_fields, placement_wishes};
use super::types::Timestamp;
use crate::domain::id::{Episode, Id, PlacementWish, User, Youth};
use crate::domain::placement::{PlacementField, Wanted};
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

guarded! {
    /// A wish as stored, without its fields of work.
    #[derive(Debug, Clone)]
    pub struct PlacementWishRow as StoredPlacementWishRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = placement_wishes, treat_none_as_null = true)] in placement_wishes by id {
        pub id: Id<PlacementWish>,
        pub youth_id: Id<Youth>,
        pub episode_id: Id<Episode>,
        pub from_on: NaiveDate,
        pub to_on: Option<NaiveDate>,
        pub hours_per_week: Option<i64>,
        pub has_driving_licence: bool,
        pub note ~ Option<String>,
        pub is_active: bool,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// A wish with its fields of work, in the order of the code list.
#[derive(Debug, Clone)]
pub struct PlacementWishRecord {
    pub row: PlacementWishRow,
    pub fields: Vec<PlacementField>,
}

impl PlacementWishRecord {
    /// What the youth wants, for the rules.
    pub fn wanted(&self, birth_date: NaiveDate, may_start: bool) -> Wanted {
        Wanted {
            fields: self.fields.clone(),
            from_on: self.row.from_on,
            to_on: self.row.to_on,
            has_driving_licence: self.row.has_driving_licence,
            birth_date,
            may_start,
        }
    }
}

disclosed!(PlacementWishRecord, PlacementWishes, |r| youth: Some(r.row.youth_id), id: r.row.id, version: r.row.version,
    closed: [], stays: ["note"] with Some(r.row.episode_id), {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "episodeId": r.row.episode_id,
    "fields": r.fields.iter().map(|field| Word(*field)).collect::<Vec<_>>(),
    "fromOn": r.row.from_on,
    "toOn": r.row.to_on,
    "hoursPerWeek": r.row.hours_per_week,
    "hasDrivingLicence": r.row.has_driving_licence,
    "note": r.row.note,
    "isActive": r.row.is_active,
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// A wish, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<PlacementWish>) -> Result<Sealed<PlacementWishRecord>> {
    let row: StoredPlacementWishRow = placement_wishes::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The wishes of one youth, newest first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<PlacementWishRecord>>> {
    let query = placement_wishes::table
        .filter(placement_wishes::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredPlacementWishRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        placement_wishes::id,
        |row: &StoredPlacementWishRow| row.id
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// The wishes of some youths that stand, in open episodes; each youth has one at most.
///
/// # Errors
/// The database does not answer.
pub fn standing_of(
    tx: &mut AuditedTx<'_>,
    youth_ids: &[Id<Youth>],
) -> Result<HashMap<Id<Youth>, PlacementWishRecord>> {
    let rows: Vec<StoredPlacementWishRow> = load_of!(
        tx.conn(),
        youth_ids,
        placement_wishes::youth_id,
        placement_wishes::table
            .filter(placement_wishes::is_active.eq(true))
            .filter(
                placement_wishes::episode_id.eq_any(
                    episodes::table
                        .filter(episodes::exited_on.is_null())
                        .select(episodes::id),
                ),
            )
    )?;
    let rows = rows.all_deciphered(tx.vault())?;
    Ok(with_fields(tx, rows)?
        .into_iter()
        .map(|record| (record.row.youth_id, record))
        .collect())
}

/// Stores a new wish.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, record: &PlacementWishRecord) -> Result<()> {
    diesel::insert_into(placement_wishes::table)
        .values(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    insert_fields(tx, record)
}

/// Stores a changed wish.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, record: &PlacementWishRecord) -> Result<()> {
    diesel::update(placement_wishes::table.find(record.row.id))
        .set(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    diesel::delete(
        placement_wish_fields::table.filter(placement_wish_fields::wish_id.eq(record.row.id)),
    )
    .execute(tx.conn())?;
    insert_fields(tx, record)
}

fn insert_fields(tx: &mut AuditedTx<'_>, record: &PlacementWishRecord) -> Result<()> {
    for field in &record.fields {
        diesel::insert_into(placement_wish_fields::table)
            .values((
                placement_wish_fields::wish_id.eq(record.row.id),
                placement_wish_fields::field.eq(field),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn with_fields(
    tx: &mut AuditedTx<'_>,
    rows: Vec<PlacementWishRow>,
) -> Result<Vec<PlacementWishRecord>> {
    let ids: Vec<Id<PlacementWish>> = rows.iter().map(|row| row.id).collect();
    let found: Vec<(Id<PlacementWish>, PlacementField)> = load_of!(
        tx.conn(),
        &ids,
        placement_wish_fields::wish_id,
        placement_wish_fields::table
    )?;
    let mut by_id: HashMap<Id<PlacementWish>, Vec<PlacementField>> = HashMap::new();
    for (id, field) in found {
        by_id.entry(id).or_default().push(field);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut fields = by_id.remove(&row.id).unwrap_or_default();
            fields.sort();
            PlacementWishRecord { row, fields }
        })
        .collect())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredPlacementWishRow>,
) -> Result<Vec<Sealed<PlacementWishRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_with_notes(tx, rows.iter().map(|row| row.youth_id))?;
    let records = with_fields(tx, rows)?;
    let me = tx.actor().user_id();
    Ok(records
        .into_iter()
        .map(|record| {
            let row = &record.row;
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = me.is_some() && row.created_by == me;
            Sealed::new(record, relation)
        })
        .collect())
}
