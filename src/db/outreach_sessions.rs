//! Sessions of outreach with those who went: rows and lists. Whom a session met stands in it as counts; who was met and may turn
//! out to be somebody, in `outreach_contacts`. When one may be logged and corrected is a matter of the domain.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page};
use super::paging::{Page, PageRequest};
use super::schema::{outreach_participants, outreach_sessions, users};
use super::types::{Json, Timestamp};
use crate::clock::start_of;
use crate::domain::contact::is_locked;
use crate::domain::id::{Id, OutreachSession, Unit, User};
use crate::domain::operation::Resource;
use crate::domain::outreach::{Met, OutreachKind, met_count};
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::{Relation, roles_that_go_out};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;

guarded! {
    /// A session as stored.
    #[derive(Debug, Clone)]
    pub struct SessionRow as StoredSessionRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = outreach_sessions, treat_none_as_null = true)] in outreach_sessions by id {
        pub id: Id<OutreachSession>,
        pub unit_id: Id<Unit>,
        pub kind: OutreachKind,
        pub area: Option<String>,
        pub place ~ Option<String>,
        pub starts_at: Timestamp,
        pub ends_at: Timestamp,
        /// A list of [`Met`].
        pub met: Json,
        /// A list of the codes of [`crate::domain::outreach::OutreachOutcome`].
        pub outcomes: Json,
        pub note ~ Option<String>,
        pub created_by: Id<User>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// Who went; without minutes, for all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = outreach_participants)]
pub struct ParticipantRow {
    pub session_id: Id<OutreachSession>,
    pub user_id: Id<User>,
    pub minutes: Option<i32>,
}

/// A session with those who went.
#[derive(Debug, Clone)]
pub struct SessionRecord {
    pub row: SessionRow,
    pub participants: Vec<ParticipantRow>,
    /// The instant of the reading, for the lock.
    pub now: Timestamp,
}

impl SessionRecord {
    /// Whom it met.
    pub fn met(&self) -> Vec<Met> {
        serde_json::from_value(self.row.met.0.clone()).unwrap_or_default()
    }
    /// Whether somebody was there.
    pub fn has(&self, user_id: Option<Id<User>>) -> bool {
        self.participants
            .iter()
            .any(|one| Some(one.user_id) == user_id)
    }
    fn shown_participants(&self) -> Value {
        self.participants
            .iter()
            .map(|one| json!({"userId": one.user_id, "minutes": one.minutes}))
            .collect()
    }
}

disclosed!(SessionRecord, OutreachSessions, |r| youth: None, id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "unitId": r.row.unit_id,
    "kind": Word(r.row.kind),
    "area": r.row.area,
    "place": r.row.place,
    "startsAt": r.row.starts_at,
    "endsAt": r.row.ends_at,
    "participants": r.shown_participants(),
    "met": r.row.met.0,
    "metCount": met_count(&r.met()),
    "outcomes": r.row.outcomes.0,
    "note": r.row.note,
    "isLocked": is_locked(r.row.created_at.utc(), r.now.utc()),
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Which sessions are asked for.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    /// Begun on this Swedish day or later.
    pub from: Option<NaiveDate>,
    /// Begun on this Swedish day or earlier.
    pub to: Option<NaiveDate>,
    pub kind: Option<OutreachKind>,
    pub area: Option<String>,
    pub participant_id: Option<Id<User>>,
}

/// A session.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<OutreachSession>) -> Result<Sealed<SessionRecord>> {
    let row: StoredSessionRow = outreach_sessions::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The sessions of the actor's scope, latest first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &SessionFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<SessionRecord>>> {
    let scope = list_scope(tx, Resource::OutreachSessions);
    let nobody = Id::of(uuid::Uuid::nil());
    let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
    let mut query = outreach_sessions::table.into_boxed();
    if scope != Scope::All {
        query = query.filter(outreach_sessions::unit_id.eq(unit_id));
    }
    let went = |user_id: Id<User>| {
        exists(
            outreach_participants::table
                .filter(outreach_participants::session_id.eq(outreach_sessions::id))
                .filter(outreach_participants::user_id.eq(user_id)),
        )
    };
    if scope == Scope::Own {
        let me = tx.actor().user_id().unwrap_or(nobody);
        query = query.filter(outreach_sessions::created_by.eq(me).or(went(me)));
    }
    if let Some(day) = filter.from {
        query = query.filter(outreach_sessions::starts_at.ge(Timestamp::of(start_of(day))));
    }
    if let Some(next) = filter.to.and_then(|day| day.succ_opt()) {
        query = query.filter(outreach_sessions::starts_at.lt(Timestamp::of(start_of(next))));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(outreach_sessions::kind.eq(kind));
    }
    if let Some(area) = &filter.area {
        query = query.filter(outreach_sessions::area.eq(area.clone()));
    }
    if let Some(user_id) = filter.participant_id {
        query = query.filter(went(user_id));
    }
    let page: Page<StoredSessionRow> = load_page!(
        tx,
        request,
        query,
        true,
        outreach_sessions::starts_at,
        outreach_sessions::id,
        |row: &StoredSessionRow| (row.starts_at, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Which of some people may have gone out in a session of a unit: active members of its staff whose work it is.
///
/// # Errors
/// The database does not answer.
pub fn who_could_go(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    ids: &[Id<User>],
) -> Result<Vec<Id<User>>> {
    Ok(users::table
        .filter(users::id.eq_any(ids))
        .filter(users::unit_id.eq(unit_id))
        .filter(users::is_active.eq(true))
        .filter(users::role.eq_any(roles_that_go_out()))
        .select(users::id)
        .load(tx.conn())?)
}

/// Stores a new session with those who went.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, record: &SessionRecord) -> Result<()> {
    diesel::insert_into(outreach_sessions::table)
        .values(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    insert_participants(tx, record)
}

/// Stores a changed session with those who went.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, record: &SessionRecord) -> Result<()> {
    diesel::update(outreach_sessions::table.find(record.row.id))
        .set(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    diesel::delete(
        outreach_participants::table.filter(outreach_participants::session_id.eq(record.row.id)),
    )
    .execute(tx.conn())?;
    insert_participants(tx, record)
}

fn insert_participants(tx: &mut AuditedTx<'_>, record: &SessionRecord) -> Result<()> {
    for row in &record.participants {
        diesel::insert_into(outreach_participants::table)
            .values(row)
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Loads those who went of all rows at once, and seals each with the actor's relation to it: it is their own when they logged
/// it or were there.
fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredSessionRow>,
) -> Result<Vec<Sealed<SessionRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let ids: Vec<Id<OutreachSession>> = rows.iter().map(|row| row.id).collect();
    let mut participants: HashMap<Id<OutreachSession>, Vec<ParticipantRow>> = HashMap::new();
    let went: Vec<ParticipantRow> = outreach_participants::table
        .filter(outreach_participants::session_id.eq_any(&ids))
        .order((
            outreach_participants::session_id,
            outreach_participants::user_id,
        ))
        .load(tx.conn())?;
    for one in went {
        participants.entry(one.session_id).or_default().push(one);
    }
    let (me, unit_id, now) = (tx.actor().user_id(), tx.actor().unit_id(), tx.timestamp());
    Ok(rows
        .into_iter()
        .map(|row| {
            let record = SessionRecord {
                participants: participants.remove(&row.id).unwrap_or_default(),
                now,
                row,
            };
            let relation = Relation {
                is_own: record.has(me) || me == Some(record.row.created_by),
                ..Relation::unit_record(unit_id == Some(record.row.unit_id))
            };
            Sealed::new(record, relation)
        })
        .collect())
}
