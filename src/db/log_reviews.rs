//! Reviews of the log and the rows of their samples: rows, lists and changes, and the facts by which a sample is drawn. What
//! the rules are stands in `domain::log_review`; what of an event a reviewer sees in `audit_events`.
//!
//! The chief sees the reviews that chiefs have made of the unit; those of the log reviewer stay with the log reviewer, since
//! they tell of the compartment and of the chief. A row about oneself is seen by nobody: the reviewer is never the reviewed.

use super::MultiBackend;
use super::audit_events::{Drawable, Place, Reviewed, list_for_review, show_by_id};
use super::audited::AuditedTx;
use super::cipher::{CipherText, Hidden, Stored, all_enciphered, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::schema::{assignments, log_review_rows, log_reviews, youth_names, youths};
use super::types::{Json, Timestamp};
use super::users::names_of;
use crate::domain::codes::{Code, ProtectionLevel};
use crate::domain::id::{AuditEvent, Id, LogReview, LogReviewRow, Unit, User, Youth};
use crate::domain::log_review::{
    Draw, NamedYouth, Reading, ReviewFinding, ReviewFollowUp, ReviewKind, bears, surnames_of_staff,
};
use crate::domain::operation::Resource;
use crate::domain::person_name::fold;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use crate::vault::{self, Vault};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, HashSet};

guarded! {
    /// A review as stored.
    #[derive(Debug, Clone)]
    pub struct ReviewRow as StoredReviewRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = log_reviews, treat_none_as_null = true)] in log_reviews by id {
        pub id: Id<LogReview>,
        /// Whose events; `None`: those of people without a unit.
        pub unit_id: Option<Id<Unit>>,
        pub kind: ReviewKind,
        pub from_on: NaiveDate,
        pub to_on: NaiveDate,
        pub reviewer_id: Id<User>,
        /// What the draw follows from, hexadecimal.
        pub seed: String,
        /// The settings by which it was drawn.
        pub rules: Json,
        /// Events of the period that could be drawn.
        pub event_count: i64,
        pub row_count: i64,
        pub conclusion ~ Option<String>,
        pub signed_off_at: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(ReviewRow, LogReviews, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "unitId": r.unit_id,
    "kind": Word(r.kind),
    "fromOn": r.from_on,
    "toOn": r.to_on,
    "reviewerId": r.reviewer_id,
    "seed": r.seed,
    "rules": r.rules.0,
    "eventCount": r.event_count,
    "rowCount": r.row_count,
    "conclusion": r.conclusion,
    "signedOffAt": r.signed_off_at,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

guarded! {
    /// A row of a sample as stored.
    #[derive(Debug, Clone)]
    pub struct SampleRow as StoredSampleRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = log_review_rows, treat_none_as_null = true)] in log_review_rows by id {
        pub id: Id<LogReviewRow>,
        pub review_id: Id<LogReview>,
        pub ordinal: i32,
        pub event_id: Id<AuditEvent>,
        /// Whoever did it.
        pub actor_id: Option<Id<User>>,
        /// Why it was drawn: a list of codes.
        pub reasons: Json,
        pub finding: Option<ReviewFinding>,
        pub note ~ Option<String>,
        pub follow_up_on: Option<NaiveDate>,
        pub follow_up_outcome: Option<ReviewFollowUp>,
        pub follow_up_result ~ Option<String>,
        pub followed_up_by: Option<Id<User>>,
        pub followed_up_at: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// A row with its event as its reader may see it; `None` when it may not be seen, has been removed, or was not asked for.
#[derive(Debug, Clone)]
pub struct SampleRecord {
    pub row: SampleRow,
    pub event: Option<Value>,
    /// Whether the review has been signed off.
    pub is_signed_off: bool,
}

disclosed!(SampleRecord, LogReviewRows, |r| youth: None, id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "reviewId": r.row.review_id,
    "ordinal": r.row.ordinal,
    "eventId": r.row.event_id,
    "actorId": r.row.actor_id,
    "reasons": r.row.reasons.0,
    "event": r.event,
    "finding": Word(r.row.finding),
    "note": r.row.note,
    "followUpOn": r.row.follow_up_on,
    "followUpOutcome": Word(r.row.follow_up_outcome),
    "followUpResult": r.row.follow_up_result,
    "followedUpBy": r.row.followed_up_by,
    "followedUpAt": r.row.followed_up_at,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// How the actor stands to a review: a unit's own is of the unit, the log reviewer's of no unit.
fn relation(tx: &AuditedTx<'_>, review: &ReviewRow) -> Relation {
    let is_same_unit = review.kind == ReviewKind::Unit
        && review.unit_id.is_some()
        && review.unit_id == tx.actor().unit_id();
    Relation {
        is_own: tx.actor().user_id() == Some(review.reviewer_id),
        ..Relation::unit_record(is_same_unit)
    }
}

/// Narrows a query of reviews, or of rows with their reviews, to those of the actor.
macro_rules! of_actor {
    ($tx:expr, $query:expr, $resource:expr) => {{
        let mut query = $query;
        if list_scope($tx, $resource) != Scope::All {
            let unit_id = $tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
            query = query
                .filter(log_reviews::unit_id.eq(unit_id).assume_not_null())
                .filter(log_reviews::kind.eq(ReviewKind::Unit));
        }
        query
    }};
}

/// A review.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<LogReview>) -> Result<Sealed<ReviewRow>> {
    let row: StoredReviewRow = log_reviews::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    let row = row.deciphered(tx.vault())?;
    let relation = relation(tx, &row);
    Ok(Sealed::new(row, relation))
}

/// The reviews of the actor's scope, the latest made first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    is_signed_off: Option<bool>,
    request: &PageRequest,
) -> Result<Page<Sealed<ReviewRow>>> {
    let mut query = of_actor!(tx, log_reviews::table.into_boxed(), Resource::LogReviews);
    query = match is_signed_off {
        Some(true) => query.filter(log_reviews::signed_off_at.is_not_null()),
        Some(false) => query.filter(log_reviews::signed_off_at.is_null()),
        None => query,
    };
    let page: Page<StoredReviewRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        log_reviews::id,
        |row: &StoredReviewRow| { row.id }
    );
    page.try_map(|row| {
        let row = row.deciphered(tx.vault())?;
        let relation = relation(tx, &row);
        Ok(Sealed::new(row, relation))
    })
}

/// A row of a sample. With the event, if it is to be shown.
///
/// # Errors
/// 404 when there is none, or it is about the actor.
pub fn load_row(
    tx: &mut AuditedTx<'_>,
    id: Id<LogReviewRow>,
    with_event: bool,
) -> Result<Sealed<SampleRecord>> {
    let (row, review): (StoredSampleRow, StoredReviewRow) = log_review_rows::table
        .inner_join(log_reviews::table)
        .filter(log_review_rows::id.eq(id))
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    let row = row.deciphered(tx.vault())?;
    let review = review.deciphered(tx.vault())?;
    if row.actor_id.is_some() && row.actor_id == tx.actor().user_id() {
        return Err(ErrorCode::NotFound.into());
    }
    let relation = relation(tx, &review);
    // What of the event is shown is noted: only once it is certain that the row may be seen.
    tx.permit(Resource::LogReviewRows, &relation)?;
    let event = if with_event {
        show_by_id(tx, &[row.event_id])?.remove(&row.event_id)
    } else {
        None
    };
    let record = SampleRecord {
        row,
        event,
        is_signed_off: review.signed_off_at.is_some(),
    };
    Ok(Sealed::new(record, relation))
}

/// The rows of a review in the order of the draw, or those without a finding yet.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list_rows(
    tx: &mut AuditedTx<'_>,
    review: &ReviewRow,
    is_judged: Option<bool>,
    request: &PageRequest,
) -> Result<Page<Sealed<SampleRecord>>> {
    let me = tx.actor().user_id().unwrap_or(NOBODY);
    let mut query = log_review_rows::table
        .inner_join(log_reviews::table)
        .filter(log_review_rows::review_id.eq(review.id))
        .filter(
            log_review_rows::actor_id
                .is_null()
                .or(log_review_rows::actor_id.ne(me).assume_not_null()),
        )
        .into_boxed();
    query = match is_judged {
        Some(true) => query.filter(log_review_rows::finding.is_not_null()),
        Some(false) => query.filter(log_review_rows::finding.is_null()),
        None => query,
    };
    // Ids were made in the order of the draw.
    let page: Page<(StoredSampleRow, StoredReviewRow)> = load_page_by_id!(
        tx,
        request,
        query,
        false,
        log_review_rows::id,
        |(row, _): &(StoredSampleRow, StoredReviewRow)| row.id
    );
    sealed(tx, page)
}

/// The rows that wait for their follow-up, the soonest first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list_follow_ups(
    tx: &mut AuditedTx<'_>,
    request: &PageRequest,
) -> Result<Page<Sealed<SampleRecord>>> {
    let me = tx.actor().user_id().unwrap_or(NOBODY);
    let query = log_review_rows::table
        .inner_join(log_reviews::table)
        .filter(log_review_rows::follow_up_on.is_not_null())
        .filter(log_review_rows::followed_up_at.is_null())
        .filter(
            log_review_rows::actor_id
                .is_null()
                .or(log_review_rows::actor_id.ne(me).assume_not_null()),
        )
        .into_boxed();
    let query = of_actor!(tx, query, Resource::LogReviewRows);
    let page: Page<(StoredSampleRow, StoredReviewRow)> = load_page!(
        tx,
        request,
        query,
        false,
        log_review_rows::follow_up_on.assume_not_null(),
        log_review_rows::id,
        |(row, _): &(StoredSampleRow, StoredReviewRow)| (
            row.follow_up_on.unwrap_or(NaiveDate::MAX),
            row.id
        )
    );
    sealed(tx, page)
}

/// No user has this id.
const NOBODY: Id<User> = Id::of(uuid::Uuid::nil());

fn sealed(
    tx: &mut AuditedTx<'_>,
    page: Page<(StoredSampleRow, StoredReviewRow)>,
) -> Result<Page<Sealed<SampleRecord>>> {
    let ids: Vec<Id<AuditEvent>> = page.rows.iter().map(|(row, _)| row.event_id).collect();
    let mut events = show_by_id(tx, &ids)?;
    page.try_map(|(row, review)| {
        let row = row.deciphered(tx.vault())?;
        let review = review.deciphered(tx.vault())?;
        let relation = relation(tx, &review);
        let record = SampleRecord {
            event: events.remove(&row.event_id),
            row,
            is_signed_off: review.signed_off_at.is_some(),
        };
        Ok(Sealed::new(record, relation))
    })
}

/// How many rows of a review have no finding.
///
/// # Errors
/// The database does not answer.
pub fn count_unjudged(tx: &mut AuditedTx<'_>, id: Id<LogReview>) -> Result<i64> {
    Ok(log_review_rows::table
        .filter(log_review_rows::review_id.eq(id))
        .filter(log_review_rows::finding.is_null())
        .count()
        .get_result(tx.conn())?)
}

/// Rows in one statement.
const BATCH: usize = 200;

/// Stores a new review with its sample.
///
/// # Errors
/// The database does not answer.
pub fn insert(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    review: &ReviewRow,
    rows: &[SampleRow],
) -> Result<()> {
    diesel::insert_into(log_reviews::table)
        .values(review.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    for batch in rows.chunks(BATCH) {
        let batch = all_enciphered!(batch, tx.vault())?;
        crate::on_each!(tx.conn(), c => diesel::insert_into(log_review_rows::table).values(&batch).execute(c))?;
    }
    Ok(())
}

/// Stores a changed review.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &ReviewRow) -> Result<()> {
    diesel::update(log_reviews::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed row.
///
/// # Errors
/// The database does not answer.
pub fn update_row(tx: &mut AuditedTx<'_>, _: &Permit, row: &SampleRow) -> Result<()> {
    diesel::update(log_review_rows::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// An event that was drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub event_id: Id<AuditEvent>,
    pub actor_id: Option<Id<User>>,
    /// Codes.
    pub reasons: Value,
}

/// What came of a draw.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Events that could be drawn.
    pub offered: u64,
    pub rows: Vec<Drawn>,
}

/// Events read at a time.
const PAGE: i64 = 1_000;
/// Events of one review, and rows of one sample, at most: more cannot be read in one go, nor looked through by a person.
const MOST_EVENTS: u64 = 250_000;
const MOST_ROWS: usize = 5_000;

/// Draws a sample of the events of a period.
///
/// # Errors
/// 409 when there are more events, or more that must be looked at, than one review holds.
pub fn draw(tx: &mut AuditedTx<'_>, reviewed: &Reviewed, mut draw: Draw) -> Result<Sample> {
    let mut facts = Facts {
        only_unit: tx.actor().unit_id(),
        ..Facts::default()
    };
    let mut actors: HashMap<Id<AuditEvent>, Id<User>> = HashMap::new();
    let mut after: Option<Place> = None;
    loop {
        let page = list_for_review(tx, reviewed, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some((last.row.at, last.row.id));
        facts.load(tx, &page)?;
        for event in &page {
            draw.offer(&facts.reading_of(event));
            actors.extend(event.row.actor_id.map(|actor| (event.row.id, actor)));
        }
        if draw.offered() > MOST_EVENTS || draw.size() > MOST_ROWS {
            return Err(ErrorCode::ReviewTooLarge.into());
        }
    }
    let offered = draw.offered();
    let rows = draw
        .finish()
        .into_iter()
        .map(|(event, reasons)| {
            let event_id = Id::of(uuid::Uuid::from_bytes(event));
            Drawn {
                event_id,
                actor_id: actors.get(&event_id).copied(),
                reasons: json!(
                    reasons
                        .iter()
                        .map(|reason| reason.code())
                        .collect::<Vec<_>>()
                ),
            }
        })
        .collect();
    Ok(Sample { offered, rows })
}

/// What the rules ask of the people behind the events, read as the events come.
#[derive(Default)]
struct Facts {
    /// Of a reviewer of one unit: what has become of a youth in another is not told, not even by a rule.
    only_unit: Option<Id<Unit>>,
    youths: HashMap<Id<Youth>, YouthFacts>,
    staff: HashMap<Id<User>, StaffFacts>,
    /// By person and youth, from when until when.
    assigned: HashMap<(Id<User>, Id<Youth>), Vec<Run>>,
    asked: HashSet<(Id<User>, Id<Youth>)>,
}

struct YouthFacts {
    is_protected: bool,
    /// The own one, and those of guardians.
    family_names: Vec<String>,
    /// Street and postal code, folded; none of a protected identity.
    addresses: BTreeSet<String>,
}

#[derive(Default)]
struct StaffFacts {
    surnames: BTreeSet<String>,
    /// Addresses of youths with one of the surnames.
    addresses: BTreeSet<String>,
}

/// From when until when an assignment runs.
type Run = (Timestamp, Option<Timestamp>);
type AssignmentColumns = (Id<User>, Id<Youth>, Timestamp, Option<Timestamp>);
type YouthColumns = (Id<Youth>, String, CipherText, CipherText, ProtectionLevel);

impl Facts {
    fn load(&mut self, tx: &mut AuditedTx<'_>, page: &[Drawable]) -> Result<()> {
        let named: BTreeSet<Id<Youth>> =
            page.iter().flat_map(|e| e.youths.iter().copied()).collect();
        let new: Vec<Id<Youth>> = named
            .into_iter()
            .filter(|id| !self.youths.contains_key(id))
            .collect();
        self.load_youths(tx, &new)?;
        let acted: BTreeSet<Id<User>> = page.iter().filter_map(|e| e.row.actor_id).collect();
        let new: Vec<Id<User>> = acted
            .into_iter()
            .filter(|id| !self.staff.contains_key(id))
            .collect();
        let mut names = names_of(tx, &new)?;
        for id in new {
            let surnames = surnames_of_staff(&names.remove(&id).unwrap_or_default());
            let addresses = addresses_of(tx, &surnames, self.only_unit)?;
            self.staff.insert(
                id,
                StaffFacts {
                    surnames,
                    addresses,
                },
            );
        }
        self.load_assignments(tx, page)
    }

    fn load_youths(&mut self, tx: &mut AuditedTx<'_>, ids: &[Id<Youth>]) -> Result<()> {
        for batch in ids.chunks(BATCH) {
            let rows: Vec<YouthColumns> = youths_within(self.only_unit)
                .filter(youths::id.eq_any(batch))
                .select(YOUTH_COLUMNS)
                .load(tx.conn())?;
            for row in rows {
                self.youths.insert(row.0, facts_of(tx.vault(), row)?);
            }
        }
        Ok(())
    }

    /// Of events that name one youth: the rule asks of no others.
    fn load_assignments(&mut self, tx: &mut AuditedTx<'_>, page: &[Drawable]) -> Result<()> {
        let asked: BTreeSet<(Id<User>, Id<Youth>)> = page
            .iter()
            .filter_map(|event| match event.youths.as_slice() {
                [one] => Some((event.row.actor_id?, *one)),
                _ => None,
            })
            .filter(|pair| !self.asked.contains(pair))
            .collect();
        let about: BTreeSet<Id<Youth>> = asked.iter().map(|(_, youth)| *youth).collect();
        let about: Vec<Id<Youth>> = about.into_iter().collect();
        for batch in about.chunks(BATCH) {
            let rows: Vec<AssignmentColumns> = assignments::table
                .filter(assignments::youth_id.eq_any(batch))
                .select((
                    assignments::user_id,
                    assignments::youth_id,
                    assignments::starts_at,
                    assignments::ends_at,
                ))
                .load(tx.conn())?;
            for (user, youth, from, to) in rows {
                if asked.contains(&(user, youth)) {
                    self.assigned
                        .entry((user, youth))
                        .or_default()
                        .push((from, to));
                }
            }
        }
        self.asked.extend(asked);
        Ok(())
    }

    fn reading_of(&self, event: &Drawable) -> Reading {
        let row = &event.row;
        let staff = row.actor_id.and_then(|id| self.staff.get(&id));
        let youths = event
            .youths
            .iter()
            .map(|id| self.named(row.actor_id, staff, *id, row.at))
            .collect();
        Reading {
            event: row.id.uuid().into_bytes(),
            at: crate::clock::wall_time_of(row.at.utc()),
            is_break_glass: row.is_break_glass,
            is_of_interest: !event.youths.is_empty() || row.unit_id.is_none(),
            youths,
        }
    }

    fn named(
        &self,
        actor: Option<Id<User>>,
        staff: Option<&StaffFacts>,
        id: Id<Youth>,
        at: Timestamp,
    ) -> NamedYouth {
        let ran = |runs: &Vec<Run>| {
            runs.iter()
                .any(|(from, to)| *from <= at && to.is_none_or(|to| at < to))
        };
        let is_assigned = actor
            .and_then(|actor| self.assigned.get(&(actor, id)))
            .is_some_and(ran);
        let Some(youth) = self.youths.get(&id) else {
            return NamedYouth {
                is_assigned,
                ..NamedYouth::default()
            };
        };
        let shares = |what: fn(&YouthFacts, &StaffFacts) -> bool| {
            staff.is_some_and(|staff| what(youth, staff))
        };
        NamedYouth {
            is_protected: youth.is_protected,
            shares_surname: shares(|youth, staff| {
                youth
                    .family_names
                    .iter()
                    .any(|name| bears(name, &staff.surnames))
            }),
            shares_address: shares(|youth, staff| !youth.addresses.is_disjoint(&staff.addresses)),
            is_assigned,
        }
    }
}

const YOUTH_COLUMNS: (
    youths::id,
    youths::family_name,
    youths::guardians,
    youths::addresses,
    youths::protection_level,
) = (
    youths::id,
    youths::family_name,
    youths::guardians,
    youths::addresses,
    youths::protection_level,
);

fn facts_of(
    vault: &Vault,
    (id, family_name, guardians, addresses, level): YouthColumns,
) -> Result<YouthFacts> {
    let place = |column| vault::Place::of("youths", column, id.uuid());
    let guardians = Json::open(guardians, vault, &place("guardians"))?;
    let addresses = Json::open(addresses, vault, &place("addresses"))?;
    let is_protected = level.is_protected();
    let text = |item: &Value, name: &str| item.get(name)?.as_str().map(fold);
    let items = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let of_guardians = items(&guardians.0)
        .iter()
        .filter_map(|guardian| text(guardian, "familyName"))
        .collect::<Vec<_>>();
    let addresses = if is_protected {
        BTreeSet::new()
    } else {
        items(&addresses.0)
            .iter()
            .filter_map(|item| {
                let code = text(item, "postalCode")?.replace(' ', "");
                Some(format!("{} {code}", text(item, "street")?))
            })
            .collect()
    };
    Ok(YouthFacts {
        is_protected,
        family_names: [vec![family_name], of_guardians].concat(),
        addresses,
    })
}

/// The youths of a unit, or all.
fn youths_within<'a>(unit_id: Option<Id<Unit>>) -> youths::BoxedQuery<'a, MultiBackend> {
    let query = youths::table.into_boxed();
    match unit_id {
        Some(unit_id) => query.filter(youths::unit_id.eq(unit_id)),
        None => query,
    }
}

/// Where youths live who bear one of the surnames.
fn addresses_of(
    tx: &mut AuditedTx<'_>,
    surnames: &BTreeSet<String>,
    only_unit: Option<Id<Unit>>,
) -> Result<BTreeSet<String>> {
    if surnames.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found = youth_names::table
        .filter(youth_names::token.eq_any(surnames))
        .select(youth_names::youth_id);
    let rows: Vec<YouthColumns> = youths_within(only_unit)
        .filter(youths::id.eq_any(found))
        .select(YOUTH_COLUMNS)
        .load(tx.conn())?;
    let mut addresses = BTreeSet::new();
    for row in rows {
        if bears(&row.1, surnames) {
            addresses.extend(facts_of(tx.vault(), row)?.addresses);
        }
    }
    Ok(addresses)
}
