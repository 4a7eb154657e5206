//! Youths of the register: rows, what is derived beside them, lists and searches. What a youth must be is a matter of the
//! service and the domain; the protected compartment has its own module.

use super::among::among;
use super::assignments::runs_at;
use super::attempts::LastContact;
use super::audited::AuditedTx;
use super::cipher::{CipherText, Hidden, guarded, tag_of};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_of, load_page, load_rows};
use super::paging::{Page, PageRequest};
use super::relations::{YouthKey, is_protected, is_unprotected};
use super::schema::{assignments, episodes, youth_identifiers, youth_names, youths};
use super::types::{Json, Timestamp};
use super::youth_merges::{merged_names, missing};
use super::youth_sides::with_sides;
use crate::domain::age::{age_on, birthday_on};
use crate::domain::codes::{AssignmentKind, LegalSex, ProtectionLevel, Track};
use crate::domain::id::{Id, Identifier, Unit, User, Youth};
use crate::domain::identity_number::{IdentityNumber, IdentityNumberKind};
use crate::domain::occupation::Current;
use crate::domain::operation::Resource;
use crate::domain::person_name::{search_tokens, sort_key};
use crate::domain::target_group::codes::CompulsorySchoolBasis;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::finds_protected_unassigned;
use crate::policy::reveal::{Permit, Sealed};
use crate::vault::{Place, Vault};
use chrono::{Days, NaiveDate};
use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date};
use std::collections::{BTreeSet, HashMap};

guarded! {
    /// A youth as stored.
    #[derive(Clone)]
    pub struct YouthRow as StoredYouthRow [derive(Queryable, Selectable, Insertable, AsChangeset), diesel(table_name = youths, treat_none_as_null = true, treat_none_as_default_value = false)] in youths by id {
        pub id: Id<Youth>,
        pub unit_id: Id<Unit>,
        pub given_name: String,
        pub family_name: String,
        pub birth_date: NaiveDate,
        pub legal_sex: LegalSex,
        pub area: Option<String>,
        pub addresses ~ Json,
        pub phones ~ Json,
        pub email ~ Option<String>,
        pub social_media ~ Option<String>,
        pub language: Option<String>,
        pub needs_interpreter: bool,
        pub guardians ~ Json,
        pub school_status ~ Option<String>,
        pub protection_level: ProtectionLevel,
        /// See [`sort_key`].
        pub sort_name: String,
        pub last_reached_on: Option<NaiveDate>,
        pub last_attempt_on: Option<NaiveDate>,
        /// The last attempt, or [`NEVER`]: lists sort by it.
        pub contact_sort_on: NaiveDate,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
        /// The last day of the skolplikt, or the day of registration of who never had it here.
        pub compulsory_school_ended_on: Option<NaiveDate>,
        pub compulsory_school_basis: Option<CompulsorySchoolBasis>,
        pub deceased_on: Option<NaiveDate>,
        /// When something of the youth itself last changed that the target group rests on.
        pub target_facts_changed_at: Option<Timestamp>,
    }
}

/// The day that stands for "never tried", before every other.
pub const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A youth with what is known beside the row.
#[derive(Clone)]
pub struct YouthRecord {
    pub row: YouthRow,
    /// The number in force, if there is one.
    pub identity: Option<IdentityNumber>,
    /// The tracks of the open episodes.
    pub tracks: Vec<Track>,
    /// The responsible handler at this moment.
    pub handler_id: Option<Id<User>>,
    /// Whether measures may start, and since when that is so; without a word from the compartment, they may.
    pub gate: Option<(bool, NaiveDate)>,
    /// How many objections stand beside records of the register.
    pub correction_notes: i64,
    /// Since when the processing of the data is restricted.
    pub restricted_since: Option<NaiveDate>,
    /// What the youth does, as far as it counts as known today.
    pub occupation: Option<Current>,
    /// The Swedish day of the reading, for the age.
    pub today: NaiveDate,
}

impl YouthRecord {
    /// When the youth was last sought and reached.
    fn last_contact(&self) -> LastContact {
        LastContact {
            attempt_on: self.row.last_attempt_on,
            reached_on: self.row.last_reached_on,
            today: self.today,
        }
    }

    /// Guardians are kept while the youth is under 18 (föräldrabalken 6 kap. 2 §).
    pub fn is_minor(&self) -> bool {
        birthday_on(self.row.birth_date, 18).is_none_or(|day| self.today < day)
    }
}

disclosed!(YouthRecord, Youths, |r| youth: Some(r.row.id), id: r.row.id, version: r.row.version,
    closed: ["addresses", "area", "phones", "guardians", "schoolStatus"], {
    "id": r.row.id,
    "unitId": r.row.unit_id,
    "givenName": r.row.given_name,
    "familyName": r.row.family_name,
    "age": age_on(r.row.birth_date, r.today).map(i64::from),
    "identityNumber": r.identity.as_ref().map(|number| number.as_str().to_owned()),
    "birthDate": r.row.birth_date,
    "legalSex": Word(r.row.legal_sex),
    "area": r.row.area,
    "addresses": r.row.addresses.0,
    "phones": r.row.phones.0,
    "email": r.row.email,
    "socialMedia": r.row.social_media,
    "language": r.row.language,
    "needsInterpreter": r.row.needs_interpreter,
    "guardians": if r.is_minor() { r.row.guardians.0.clone() } else { serde_json::Value::Array(Vec::new()) },
    "schoolStatus": r.row.school_status,
    "compulsorySchoolEndedOn": r.row.compulsory_school_ended_on,
    "compulsorySchoolBasis": Word(r.row.compulsory_school_basis),
    "deceasedOn": r.row.deceased_on,
    "protectionLevel": Word(r.row.protection_level),
    "mayStartMeasures": r.gate.is_none_or(|(may, _)| may),
    "mayStartMeasuresSince": r.gate.map(|(_, since)| since),
    "occupation": Word(r.occupation.map(|now| now.kind)),
    "occupationSince": r.occupation.map(|now| now.since_on),
    "occupationAsOf": r.occupation.and_then(|now| now.as_of_on),
    "occupationValidUntil": r.occupation.and_then(|now| now.valid_until),
    "lastKnownOccupation": Word(r.occupation.and_then(|now| now.last_known)),
    "lastReachedOn": r.row.last_reached_on,
    "lastAttemptOn": r.row.last_attempt_on,
    "daysSinceReached": r.last_contact().days_since_reached(),
    "daysSinceTried": r.last_contact().days_since_tried(),
    "tracks": r.tracks.iter().map(|track| Word(*track)).collect::<Vec<_>>(),
    "handlerId": r.handler_id,
    "restrictedSince": r.restricted_since,
    "correctionNotes": r.correction_notes,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Boxes a query over youths and narrows it to those whom the actor may find by searching: of the own unit, and those with
/// protected identity only where assigned, or for whoever finds them unassigned.
macro_rules! findable {
    ($tx:expr, $query:expr) => {{
        let now = $tx.timestamp();
        let staff = $tx.staff()?;
        let unit_id = staff.unit_id.unwrap_or(Id::of(uuid::Uuid::nil()));
        let mut query = $query.filter(youths::unit_id.eq(unit_id)).into_boxed();
        if !finds_protected_unassigned($tx.actor()) {
            query = query.filter(
                is_unprotected().or(exists(
                    assignments::table
                        .filter(assignments::youth_id.eq(youths::id))
                        .filter(assignments::user_id.eq(staff.id))
                        .filter(runs_at(now)),
                )),
            );
        }
        query
    }};
}

/// Whether a youth bears a name that begins so.
macro_rules! bears {
    ($token:expr, $youth_id:expr) => {{
        let also = diesel::alias!(youth_names as also_named);
        exists(
            also.filter(also.field(youth_names::youth_id).eq($youth_id))
                .filter(also.field(youth_names::token).ge($token.clone()))
                .filter(also.field(youth_names::token).lt(end_of($token))),
        )
    }};
}

/// In which order a list of youths stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum YouthOrder {
    /// Family name, given name, in the Swedish order.
    #[default]
    Name,
    /// Longest without an attempt first.
    LastContact,
    /// Latest attempt first.
    LastContactDescending,
}

/// Which youths are asked for.
#[derive(Debug, Clone, Default)]
pub struct YouthFilter {
    pub unit_id: Option<Id<Unit>>,
    pub area: Option<String>,
    pub age_from: Option<u32>,
    pub age_to: Option<u32>,
    pub track: Option<Track>,
    /// With an open episode (of the track, if one is named), or without one.
    pub is_open: Option<bool>,
    pub handler_id: Option<Id<User>>,
    /// No attempt within this many days, or never.
    pub not_contacted_for_days: Option<u64>,
    /// No intervention offered within an open episode.
    pub without_intervention: bool,
    pub order: YouthOrder,
}

/// What the chief asks when nobody may be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgotten {
    /// No attempt was ever made.
    NeverContacted,
    /// Not reached within this many days, or never.
    NotReachedFor(u64),
    /// Nothing has been offered in an open episode.
    WithoutOffer,
    /// Nobody answers for the youth.
    WithoutHandler,
}

/// A youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<Sealed<YouthRecord>> {
    let Some(found) = sealed(tx, &[id])?.pop() else {
        return Err(missing(tx, id)?);
    };
    tx.concern(id);
    Ok(found)
}

/// Youths and rows in one question or statement.
const BATCH: usize = 500;

/// Many youths, whoever may see them, in no order; for the rules of a roster.
///
/// # Errors
/// The database does not answer.
pub fn load_many(tx: &mut AuditedTx<'_>, ids: &[Id<Youth>]) -> Result<Vec<Sealed<YouthRecord>>> {
    let mut records = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        records.extend(sealed(tx, batch)?);
    }
    Ok(records)
}

/// The youths of a list: of the actor's scope, without those with protected identity.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &YouthFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<YouthRecord>>> {
    let query = filtered(tx, filter)?;
    match filter.order {
        YouthOrder::Name => by_name(tx, query, request),
        order => {
            let descending = order == YouthOrder::LastContactDescending;
            by_last_contact(tx, query, descending, request)
        }
    }
}

/// Which youths stand on the page is read from the index of the list alone, and only theirs are looked up.
fn by_name(
    tx: &mut AuditedTx<'_>,
    query: Boxed<'_>,
    request: &PageRequest,
) -> Result<Page<Sealed<YouthRecord>>> {
    let page: Page<(String, Id<Youth>)> = load_page!(
        tx,
        request,
        query.select((youths::sort_name, youths::id)),
        false,
        youths::sort_name,
        youths::id,
        |row: &(String, Id<Youth>)| row.clone()
    );
    page.try_with(|rows| sealed(tx, &ids_of_places(&rows)))
}

/// As [`by_name`].
fn by_last_contact(
    tx: &mut AuditedTx<'_>,
    query: Boxed<'_>,
    descending: bool,
    request: &PageRequest,
) -> Result<Page<Sealed<YouthRecord>>> {
    let page: Page<(NaiveDate, Id<Youth>)> = load_page!(
        tx,
        request,
        query.select((youths::contact_sort_on, youths::id)),
        descending,
        youths::contact_sort_on,
        youths::id,
        |row: &(NaiveDate, Id<Youth>)| *row
    );
    page.try_with(|rows| sealed(tx, &ids_of_places(&rows)))
}

fn ids_of_places<K>(rows: &[(K, Id<Youth>)]) -> Vec<Id<Youth>> {
    rows.iter().map(|(_, id)| *id).collect()
}

/// The chief's list of those nobody may forget: youths with an open episode, longest without an attempt first.
///
/// # Errors
/// As [`list`].
pub fn list_forgotten(
    tx: &mut AuditedTx<'_>,
    forgotten: Forgotten,
    request: &PageRequest,
) -> Result<Page<Sealed<YouthRecord>>> {
    let query = forgotten_query(tx, forgotten)?;
    by_last_contact(tx, query, false, request)
}

/// Youths with protected identity and an open episode to whom nobody is assigned, longest without an attempt first. For whoever
/// finds protected identities, and shown without a name.
///
/// # Errors
/// 403; 400 for a position that was not made for this list.
pub fn list_protected_unassigned(
    tx: &mut AuditedTx<'_>,
    request: &PageRequest,
) -> Result<Page<Sealed<YouthRecord>>> {
    if !finds_protected_unassigned(tx.actor()) {
        return Err(ErrorCode::Forbidden.into());
    }
    let now = tx.timestamp();
    let query = findable!(tx, youths::table)
        .filter(is_protected())
        .filter(youths::is_open.eq(true))
        .filter(not(exists(
            assignments::table
                .filter(assignments::youth_id.eq(youths::id))
                .filter(runs_at(now)),
        )));
    by_last_contact(tx, query, false, request)
}

/// How many stand on that list.
///
/// # Errors
/// As [`list`].
pub fn count_forgotten(tx: &mut AuditedTx<'_>, forgotten: Forgotten) -> Result<i64> {
    let query = forgotten_query(tx, forgotten)?;
    Ok(query.count().get_result(tx.conn())?)
}

fn forgotten_query<'a>(tx: &AuditedTx<'_>, forgotten: Forgotten) -> Result<Boxed<'a>> {
    let mut filter = YouthFilter {
        is_open: Some(true),
        ..YouthFilter::default()
    };
    let (now, today) = (tx.timestamp(), tx.today());
    if forgotten == Forgotten::WithoutOffer {
        filter.without_intervention = true;
    }
    let mut query = filtered(tx, &filter)?;
    match forgotten {
        Forgotten::NeverContacted => query = query.filter(youths::last_attempt_on.is_null()),
        Forgotten::NotReachedFor(days) => {
            let since = today - Days::new(days);
            query = query.filter(
                youths::last_reached_on
                    .is_null()
                    .or(youths::last_reached_on.le(since).assume_not_null()),
            );
        }
        Forgotten::WithoutOffer => {}
        Forgotten::WithoutHandler => {
            query = query.filter(not(exists(
                assignments::table
                    .filter(assignments::youth_id.eq(youths::id))
                    .filter(assignments::kind.eq(AssignmentKind::Handler))
                    .filter(runs_at(now)),
            )));
        }
    }
    Ok(query)
}

type Boxed<'a> = youths::BoxedQuery<'a, super::MultiBackend>;

fn filtered<'a>(tx: &AuditedTx<'_>, filter: &YouthFilter) -> Result<Boxed<'a>> {
    let (now, today) = (tx.timestamp(), tx.today());
    let mut query = youths::table.into_boxed();
    match (list_scope(tx, Resource::Youths), tx.actor().staff()) {
        (Scope::All, _) => {}
        (Scope::Unit, Some(staff)) => {
            query = query
                .filter(youths::unit_id.eq(staff.unit_id.unwrap_or(Id::of(uuid::Uuid::nil()))));
        }
        (Scope::Assigned, Some(staff)) => {
            query = query
                .filter(youths::unit_id.eq(staff.unit_id.unwrap_or(Id::of(uuid::Uuid::nil()))))
                // From the few assignments to the youths, however many others there are.
                .filter(
                    youths::id.eq_any(
                        assignments::table
                            .filter(assignments::user_id.eq(staff.id))
                            .filter(runs_at(now))
                            .select(assignments::youth_id),
                    ),
                );
        }
        _ => return Err(ErrorCode::Forbidden.into()),
    }
    // Nobody's list tells of a protected identity (domain 4.4).
    query = query.filter(is_unprotected());
    if let Some(unit_id) = filter.unit_id {
        query = query.filter(youths::unit_id.eq(unit_id));
    }
    if let Some(area) = filter.area.clone() {
        query = query.filter(youths::area.eq(area));
    }
    // Of this age or older: born on or before the day that many years ago.
    let born = |compares: &str, day: NaiveDate| {
        // Not by the bare column: the embedded database would gather a whole age to sort it by name, rather than walk the names.
        sql::<Bool>("coalesce(youths.birth_date, youths.birth_date) ")
            .sql(compares)
            .bind::<Date, _>(day)
    };
    if let Some(day) = filter.age_from.and_then(|age| born_by(today, age)) {
        query = query.filter(born("<= ", day));
    }
    if let Some(day) = filter.age_to.and_then(|age| born_by(today, age + 1)) {
        query = query.filter(born("> ", day));
    }
    match (filter.is_open, filter.track) {
        (Some(is_open), None) => query = query.filter(youths::is_open.eq(is_open)),
        (Some(true), Some(track)) => {
            // Whoever is on a track is open: said too, for the index begins with it.
            query = query.filter(youths::is_open.eq(true));
            query = match track {
                Track::Kaa => query.filter(youths::is_in_kaa.eq(true)),
                Track::Outreach => query.filter(youths::is_in_outreach.eq(true)),
            };
        }
        (Some(false), Some(Track::Kaa)) => query = query.filter(youths::is_in_kaa.eq(false)),
        (Some(false), Some(Track::Outreach)) => {
            query = query.filter(youths::is_in_outreach.eq(false));
        }
        (None, Some(track)) => {
            query = query.filter(exists(
                episodes::table
                    .filter(episodes::youth_id.eq(youths::id))
                    .filter(episodes::track.eq(track)),
            ));
        }
        (None, None) => {}
    }
    if let Some(handler_id) = filter.handler_id {
        query = query.filter(
            youths::id.eq_any(
                assignments::table
                    .filter(assignments::user_id.eq(handler_id))
                    .filter(assignments::kind.eq(AssignmentKind::Handler))
                    .filter(runs_at(now))
                    .select(assignments::youth_id),
            ),
        );
    }
    if let Some(days) = filter.not_contacted_for_days {
        query = query.filter(youths::contact_sort_on.le(today - Days::new(days)));
    }
    if filter.without_intervention {
        query = query.filter(youths::is_offered.eq(false));
    }
    Ok(query)
}

/// The last birth date of those who have completed `age` years on `today`.
pub(in crate::db) fn born_by(today: NaiveDate, age: u32) -> Option<NaiveDate> {
    // The same rule as `age_on`: who is born on 29 February completes the year on 1 March.
    let year = chrono::Datelike::year(&today).checked_sub(i32::try_from(age).ok()?)?;
    NaiveDate::from_ymd_opt(
        year,
        chrono::Datelike::month(&today),
        chrono::Datelike::day(&today),
    )
    .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
}

/// Youths of the actor's unit whose names begin as typed, in name order. Protected identities are found by those assigned
/// and by the chief alone.
///
/// A name that few bear leads to them. One that many bear gives the page from the order of its bearers; and the beginning of many
/// names is soon met in the order of all. Neither costs more in a larger register, and no statistics of the database decide.
///
/// # Errors
/// As [`list`].
pub fn search_by_name(
    tx: &mut AuditedTx<'_>,
    tokens: &[String],
    request: &PageRequest,
) -> Result<Page<Sealed<YouthRecord>>> {
    let mut query = findable!(tx, youths::table);
    for token in tokens {
        query = query.filter(bears!(token, youths::id));
    }
    if let Some(few) = few_named(tx, tokens)? {
        query = query.filter(among(tx.conn(), youths::id, few));
    } else if let Some(first) = first_named(tx, tokens, request)? {
        query = query.filter(among(tx.conn(), youths::id, first));
    }
    by_name(tx, query, request)
}

/// The end of the range of words that begin so, which an index serves on both databases.
fn end_of(token: &str) -> String {
    format!("{token}\u{10ffff}")
}

/// The bearers of the rarest of the names, if they are few.
fn few_named(tx: &mut AuditedTx<'_>, tokens: &[String]) -> Result<Option<Vec<Id<Youth>>>> {
    let mut fewest: Option<Vec<Id<Youth>>> = None;
    for token in tokens {
        let named: Vec<Id<Youth>> = youth_names::table
            .filter(youth_names::token.ge(token))
            .filter(youth_names::token.lt(end_of(token)))
            .select(youth_names::youth_id)
            .limit(FEW_NAMED + 1)
            .load(tx.conn())?;
        if i64::try_from(named.len()).is_ok_and(|named| named <= FEW_NAMED)
            && fewest
                .as_ref()
                .is_none_or(|fewest| named.len() < fewest.len())
        {
            fewest = Some(named);
        }
    }
    Ok(fewest)
}

/// Those of the page, if the longest of the names that were typed is the beginning of a few only: the first of each in the order
/// of the list. Among them are all whom the page holds.
fn first_named(
    tx: &mut AuditedTx<'_>,
    tokens: &[String],
    request: &PageRequest,
) -> Result<Option<Vec<Id<Youth>>>> {
    let Some(longest) = tokens.iter().max_by_key(|token| token.len()) else {
        return Ok(None);
    };
    let unit_id = tx.staff()?.unit_id.unwrap_or(Id::of(uuid::Uuid::nil()));
    let mut words: Vec<String> = Vec::new();
    loop {
        let next = youth_names::table
            .filter(youth_names::unit_id.eq(unit_id))
            .filter(youth_names::token.lt(end_of(longest)))
            .select(youth_names::token)
            .order(youth_names::token)
            .limit(1)
            .into_boxed();
        let next = match words.last() {
            None => next.filter(youth_names::token.ge(longest)),
            Some(last) => next.filter(youth_names::token.gt(last)),
        };
        match next.first::<String>(tx.conn()).optional()? {
            None => break,
            Some(_) if words.len() == FEW_WORDS => return Ok(None),
            Some(word) => words.push(word),
        }
    }
    // Of each word as many as the page and those before it hold, for they may all be of one.
    let from_start = PageRequest {
        limit: request.offset().saturating_add(request.limit),
        number: 1,
        position: request.position.clone(),
    };
    let place = |row: &(String, Id<Youth>)| row.clone();
    let mut first: Vec<(String, Id<Youth>)> = Vec::new();
    for word in words {
        let mut query = findable!(
            tx,
            youth_names::table.inner_join(youths::table.on(youths::id.eq(youth_names::youth_id)))
        )
        .filter(youth_names::unit_id.eq(unit_id))
        .filter(youth_names::token.eq(word))
        .select((youth_names::sort_name, youth_names::youth_id));
        for token in tokens.iter().filter(|token| *token != longest) {
            query = query.filter(bears!(token, youth_names::youth_id));
        }
        let rows: Vec<(String, Id<Youth>)> = load_rows!(
            tx,
            &from_start,
            query,
            false,
            youth_names::sort_name,
            youth_names::youth_id,
            &place
        );
        first.extend(rows);
    }
    Ok(Some(first.into_iter().map(|(_, id)| id).collect()))
}

/// How many bearers of a name are looked up one by one, rather than met in the order of names.
const FEW_NAMED: i64 = 200;
/// How many words that begin as typed are followed each, rather than all met in the order of names.
const FEW_WORDS: usize = 24;

/// The youth with an identity number, in force or earlier, if the actor may find them.
///
/// # Errors
/// The database does not answer.
pub fn search_by_identity(
    tx: &mut AuditedTx<'_>,
    number: &IdentityNumber,
) -> Result<Page<Sealed<YouthRecord>>> {
    let Some(id) = find_by_identity(tx, number)? else {
        return Ok(Page {
            rows: Vec::new(),
            prev: None,
            next: None,
        });
    };
    let ids: Vec<Id<Youth>> = findable!(tx, youths::table)
        .filter(youths::id.eq(id))
        .select(youths::id)
        .load(tx.conn())?;
    Ok(Page {
        rows: sealed(tx, &ids)?,
        prev: None,
        next: None,
    })
}

/// The youth that has or had an identity number, whoever may see them; for the rule that a number is used once.
///
/// # Errors
/// The database does not answer.
pub fn find_by_identity(
    tx: &mut AuditedTx<'_>,
    number: &IdentityNumber,
) -> Result<Option<Id<Youth>>> {
    Ok(youth_identifiers::table
        .filter(youth_identifiers::kind.eq(number.kind().code()))
        .filter(youth_identifiers::value.eq(tag_of(tx.vault(), number)))
        .select(youth_identifiers::youth_id)
        .first(tx.conn())
        .optional()?)
}

/// Stores a new youth with the number and the words by which they are found.
///
/// # Errors
/// The database does not answer.
pub fn insert(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    row: &YouthRow,
    identity: Option<&IdentityNumber>,
) -> Result<()> {
    diesel::insert_into(youths::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    write_names(tx, row.id)?;
    if let Some(number) = identity {
        insert_identity(tx, row.id, number)?;
    }
    Ok(())
}

/// Stores many new youths, as [`insert`] does one.
///
/// # Errors
/// The database does not answer.
pub fn insert_many(tx: &mut AuditedTx<'_>, _: &Permit, records: &[YouthRecord]) -> Result<()> {
    let today = tx.today();
    for batch in records.chunks(BATCH) {
        let mut rows = Vec::with_capacity(batch.len());
        for record in batch {
            rows.push(record.row.enciphered(tx.vault())?);
        }
        crate::on_each!(tx.conn(), c => diesel::insert_into(youths::table).values(rows).execute(c))?;
        let mut numbers = Vec::with_capacity(batch.len());
        for record in batch {
            if let Some(number) = &record.identity {
                let id = Id::<Identifier>::fresh();
                let text = number.as_str().to_owned();
                numbers.push((
                    youth_identifiers::id.eq(id),
                    youth_identifiers::youth_id.eq(record.row.id),
                    youth_identifiers::kind.eq(number.kind().code()),
                    youth_identifiers::value.eq(tag_of(tx.vault(), number)),
                    youth_identifiers::is_current.eq(true),
                    youth_identifiers::valid_from.eq(today),
                    youth_identifiers::valid_to.eq(None::<NaiveDate>),
                    youth_identifiers::number.eq(text.close(tx.vault(), &place_of_number(id))?),
                ));
            }
        }
        crate::on_each!(tx.conn(), c => diesel::insert_into(youth_identifiers::table).values(&numbers).execute(c))?;
        let names: Vec<_> = batch
            .iter()
            .flat_map(|record| {
                let row = &record.row;
                search_tokens(&row.given_name, &row.family_name)
                    .into_iter()
                    .map(|token| {
                        (
                            youth_names::token.eq(token),
                            youth_names::youth_id.eq(row.id),
                            youth_names::unit_id.eq(row.unit_id),
                            youth_names::sort_name.eq(&row.sort_name),
                        )
                    })
            })
            .collect();
        for names in names.chunks(BATCH) {
            crate::on_each!(tx.conn(), c => diesel::insert_into(youth_names::table).values(names).execute(c))?;
        }
    }
    Ok(())
}

/// Stores a changed youth. A changed number keeps the one before with its last day.
///
/// # Errors
/// The database does not answer.
pub fn update(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    before: &YouthRecord,
    row: &YouthRow,
    identity: Option<&IdentityNumber>,
) -> Result<()> {
    diesel::update(youths::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    if (&row.given_name, &row.family_name) != (&before.row.given_name, &before.row.family_name) {
        write_names(tx, row.id)?;
    }
    if identity != before.identity.as_ref() {
        let today = tx.today();
        diesel::update(
            youth_identifiers::table
                .filter(youth_identifiers::youth_id.eq(row.id))
                .filter(youth_identifiers::is_current.eq(true)),
        )
        .set((
            youth_identifiers::is_current.eq(false),
            youth_identifiers::valid_to.eq(Some(today)),
        ))
        .execute(tx.conn())?;
        if let Some(number) = identity {
            // A number the youth had before comes back into force.
            let back = diesel::update(
                youth_identifiers::table
                    .filter(youth_identifiers::youth_id.eq(row.id))
                    .filter(youth_identifiers::value.eq(tag_of(tx.vault(), number))),
            )
            .set((
                youth_identifiers::is_current.eq(true),
                youth_identifiers::valid_to.eq(None::<NaiveDate>),
            ))
            .execute(tx.conn())?;
            if back == 0 {
                insert_identity(tx, row.id, number)?;
            }
        }
    }
    Ok(())
}

/// Forgets the identity numbers of a youth, those of before too, by which a minimal record would be found.
///
/// # Errors
/// The database does not answer.
pub fn forget_numbers(tx: &mut AuditedTx<'_>, _: &Permit, id: Id<Youth>) -> Result<()> {
    diesel::delete(youth_identifiers::table.filter(youth_identifiers::youth_id.eq(id)))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes an attempt or a reached contact on a day, for lists and filters. The record's version stays: nothing that
/// somebody could be editing has changed.
///
/// # Errors
/// The database does not answer.
pub fn set_last_contact(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    id: Id<Youth>,
    last_attempt_on: Option<NaiveDate>,
    last_reached_on: Option<NaiveDate>,
) -> Result<()> {
    diesel::update(youths::table.find(id))
        .set((
            youths::last_attempt_on.eq(last_attempt_on),
            youths::last_reached_on.eq(last_reached_on),
            youths::contact_sort_on.eq(last_attempt_on.unwrap_or(NEVER)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes the words by which a youth is found anew, those of merged records among them.
///
/// # Errors
/// The database does not answer.
pub fn rewrite_names(tx: &mut AuditedTx<'_>, _: &Permit, id: Id<Youth>) -> Result<()> {
    write_names(tx, id)
}

fn write_names(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<()> {
    let (given_name, family_name, unit_id, sort_name): (String, String, Id<Unit>, String) =
        youths::table
            .find(id)
            .select((
                youths::given_name,
                youths::family_name,
                youths::unit_id,
                youths::sort_name,
            ))
            .first(tx.conn())?;
    let mut tokens: BTreeSet<String> = search_tokens(&given_name, &family_name)
        .into_iter()
        .collect();
    for (given_name, family_name) in merged_names(tx, id)? {
        tokens.extend(search_tokens(&given_name, &family_name));
    }
    diesel::delete(youth_names::table.filter(youth_names::youth_id.eq(id))).execute(tx.conn())?;
    for token in tokens {
        diesel::insert_into(youth_names::table)
            .values((
                youth_names::token.eq(token),
                youth_names::youth_id.eq(id),
                youth_names::unit_id.eq(unit_id),
                youth_names::sort_name.eq(&sort_name),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn insert_identity(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    number: &IdentityNumber,
) -> Result<()> {
    let (today, id) = (tx.today(), Id::<Identifier>::fresh());
    let text = number
        .as_str()
        .to_owned()
        .close(tx.vault(), &place_of_number(id))?;
    diesel::insert_into(youth_identifiers::table)
        .values((
            youth_identifiers::id.eq(id),
            youth_identifiers::youth_id.eq(youth_id),
            youth_identifiers::kind.eq(number.kind().code()),
            youth_identifiers::value.eq(tag_of(tx.vault(), number)),
            youth_identifiers::is_current.eq(true),
            youth_identifiers::valid_from.eq(today),
            youth_identifiers::valid_to.eq(None::<NaiveDate>),
            youth_identifiers::number.eq(text),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Where an identity number stands.
pub(super) fn place_of_number(id: Id<Identifier>) -> Place<'static> {
    Place::of("youth_identifiers", "number", id.uuid())
}

/// The key that a list sorts the name by.
pub fn sort_name(given_name: &str, family_name: &str) -> String {
    sort_key(given_name, family_name)
}

/// The identity numbers in force of some youths.
///
/// # Errors
/// The database does not answer, or a number does not open.
pub(in crate::db) fn current_numbers(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Youth>],
) -> Result<HashMap<Id<Youth>, IdentityNumber>> {
    let rows: Vec<(Id<Youth>, Id<Identifier>, String, CipherText)> = load_of!(
        tx.conn(),
        ids,
        youth_identifiers::youth_id,
        youth_identifiers::table
            .filter(youth_identifiers::is_current.eq(true))
            .select((
                youth_identifiers::youth_id,
                youth_identifiers::id,
                youth_identifiers::kind,
                youth_identifiers::number,
            ))
    )?;
    let mut numbers = HashMap::new();
    for (youth_id, id, kind, number) in rows {
        let number = opened_number(tx.vault(), id, &kind, number)?;
        numbers.extend(number.map(|number| (youth_id, number)));
    }
    Ok(numbers)
}

/// An identity number as it is stored; nothing where it is none that this version knows.
///
/// # Errors
/// It does not open.
pub(in crate::db) fn opened_number(
    vault: &Vault,
    id: Id<Identifier>,
    kind: &str,
    number: CipherText,
) -> Result<Option<IdentityNumber>> {
    let value = String::open(number, vault, &place_of_number(id))?;
    let kind = IdentityNumberKind::from_code(kind);
    Ok(kind.and_then(|kind| IdentityNumber::from_stored(kind, &value).ok()))
}

/// Loads youths with what stands beside their rows, all at once, and seals them, in the order of the ids. Those that there are not
/// are left out.
fn sealed(tx: &mut AuditedTx<'_>, ids: &[Id<Youth>]) -> Result<Vec<Sealed<YouthRecord>>> {
    let today = tx.today();
    let (mut youths, mut standing) = with_sides(tx, ids)?;
    let of_id = |id: &Id<Youth>| {
        let (row, known) = youths.remove(id)?;
        let relation = standing.relation(&YouthKey {
            id: row.id,
            unit_id: row.unit_id,
            protection_level: row.protection_level,
        });
        let record = YouthRecord {
            identity: known.identity,
            tracks: known.tracks,
            handler_id: known.handler_id,
            gate: known.gate,
            restricted_since: known.restricted_since,
            correction_notes: known.correction_notes,
            occupation: known.occupation,
            today,
            row,
        };
        Some(Sealed::new(record, relation))
    };
    Ok(ids.iter().filter_map(of_id).collect())
}
