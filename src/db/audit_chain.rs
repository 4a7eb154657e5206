//! How events are appended to the audit and how the chain is checked.
//! Each writing thread keeps a lane of its own: within a lane the events are numbered without a gap, and each hash covers
//! the event, its subjects and the hash before it. Lanes let several threads and servers write without waiting for one
//! another, which a single chain would not. Who may read the audit is decided in `policy`.

use super::Conn;
use super::schema::{audit_events, audit_subjects};
use super::types::Timestamp;
use crate::domain::codes::{AuditOutcome, Code};
use crate::domain::id::{AuditEvent, Id, Record, Session, Unit, User, Youth};
use crate::domain::user::Role;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// One operation that was carried out or refused.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// When.
    pub at: Timestamp,
    /// Who, if somebody had signed in.
    pub actor_id: Option<Id<User>>,
    /// Staff, console or anonymous.
    pub actor_kind: &'static str,
    /// The role at that moment.
    pub role: Option<Role>,
    /// The actor's unit.
    pub unit_id: Option<Id<Unit>>,
    /// The session in use.
    pub session_id: Option<Id<Session>>,
    /// The operation's one name.
    pub operation: &'static str,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// The error code of the answer, if it was one.
    pub error_code: Option<&'static str>,
    /// The request, to find it in the log.
    pub request_id: String,
    /// Whether a break-glass opened something.
    pub is_break_glass: bool,
    /// The reason given for it.
    pub reason: Option<String>,
    /// The records disclosed or changed.
    pub subjects: Vec<NewSubject>,
}

/// A record that an operation disclosed or changed.
#[derive(Debug, Clone)]
pub struct NewSubject {
    /// The youth it tells about.
    pub youth_id: Option<Id<Youth>>,
    /// The kind of record.
    pub resource: &'static str,
    /// The record.
    pub record_id: Option<Id<Record>>,
    /// The fields shown, separated by commas.
    pub fields: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_events)]
struct EventRow {
    lane: i32,
    position: i64,
    id: Id<AuditEvent>,
    at: Timestamp,
    actor_id: Option<Id<User>>,
    actor_kind: String,
    role: Option<String>,
    unit_id: Option<Id<Unit>>,
    session_id: Option<Id<Session>>,
    operation: String,
    outcome: String,
    error_code: Option<String>,
    request_id: String,
    is_break_glass: bool,
    reason: Option<String>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_subjects, treat_none_as_default_value = false)]
struct SubjectRow {
    event_id: Id<AuditEvent>,
    ordinal: i32,
    youth_id: Option<Id<Youth>>,
    resource: String,
    record_id: Option<Id<Record>>,
    fields: String,
}

/// Subjects written in one statement.
const BATCH: usize = 500;

/// What stands before the first event of a lane.
const GENESIS: [u8; 32] = [0; 32];

/// Adds a part with its length before it, so that no two different events give the same bytes.
fn feed(hasher: &mut Sha256, part: Option<&[u8]>) {
    match part {
        Some(bytes) => {
            hasher.update([1]);
            hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(bytes);
        }
        None => hasher.update([0]),
    }
}

fn feed_id<T>(hasher: &mut Sha256, id: Option<Id<T>>) {
    feed(
        hasher,
        id.map(|id| id.uuid().into_bytes())
            .as_ref()
            .map(<[u8; 16]>::as_slice),
    );
}

fn hash_of(event: &EventRow, subjects: &[SubjectRow]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    feed(&mut hasher, Some(&event.previous_hash));
    feed(&mut hasher, Some(&event.lane.to_be_bytes()));
    feed(&mut hasher, Some(&event.position.to_be_bytes()));
    feed_id(&mut hasher, Some(event.id));
    feed(&mut hasher, Some(event.at.to_text().as_bytes()));
    feed_id(&mut hasher, event.actor_id);
    feed(&mut hasher, Some(event.actor_kind.as_bytes()));
    feed(&mut hasher, event.role.as_deref().map(str::as_bytes));
    feed_id(&mut hasher, event.unit_id);
    feed_id(&mut hasher, event.session_id);
    feed(&mut hasher, Some(event.operation.as_bytes()));
    feed(&mut hasher, Some(event.outcome.as_bytes()));
    feed(&mut hasher, event.error_code.as_deref().map(str::as_bytes));
    feed(&mut hasher, Some(event.request_id.as_bytes()));
    feed(&mut hasher, Some(&[u8::from(event.is_break_glass)]));
    feed(&mut hasher, event.reason.as_deref().map(str::as_bytes));
    for subject in subjects {
        feed(&mut hasher, Some(&subject.ordinal.to_be_bytes()));
        feed_id(&mut hasher, subject.youth_id);
        feed(&mut hasher, Some(subject.resource.as_bytes()));
        feed_id(&mut hasher, subject.record_id);
        feed(&mut hasher, Some(subject.fields.as_bytes()));
    }
    hasher.finalize().to_vec()
}

/// Appends events to a lane, inside the caller's transaction.
///
/// # Errors
/// The database refused; then the caller's transaction must not be committed.
pub fn append(conn: &mut Conn, lane: i32, events: &[NewEvent]) -> QueryResult<()> {
    let head: Option<(i64, Vec<u8>)> = audit_events::table
        .filter(audit_events::lane.eq(lane))
        .order(audit_events::position.desc())
        .select((audit_events::position, audit_events::hash))
        .first(conn)
        .optional()?;
    let (mut position, mut previous_hash) = head.unwrap_or_else(|| (0, GENESIS.to_vec()));
    for event in events {
        position += 1;
        let id = Id::fresh();
        let subjects: Vec<SubjectRow> = (0..)
            .zip(&event.subjects)
            .map(|(ordinal, subject)| SubjectRow {
                event_id: id,
                ordinal,
                youth_id: subject.youth_id,
                resource: subject.resource.to_owned(),
                record_id: subject.record_id,
                fields: subject.fields.clone(),
            })
            .collect();
        let mut row = EventRow {
            lane,
            position,
            id,
            at: event.at,
            actor_id: event.actor_id,
            actor_kind: event.actor_kind.to_owned(),
            role: event.role.map(|role| role.code().to_owned()),
            unit_id: event.unit_id,
            session_id: event.session_id,
            operation: event.operation.to_owned(),
            outcome: event.outcome.code().to_owned(),
            error_code: event.error_code.map(str::to_owned),
            request_id: event.request_id.clone(),
            is_break_glass: event.is_break_glass,
            reason: event.reason.clone(),
            previous_hash,
            hash: Vec::new(),
        };
        row.hash = hash_of(&row, &subjects);
        previous_hash = row.hash.clone();
        diesel::insert_into(audit_events::table)
            .values(&row)
            .execute(conn)?;
        // An import can concern a hundred thousand records.
        for batch in subjects.chunks(BATCH) {
            crate::on_each!(&mut *conn, c => diesel::insert_into(audit_subjects::table).values(batch).execute(c))?;
        }
    }
    Ok(())
}

/// What a check of the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every link holds; so many events were read.
    Whole {
        /// Events read.
        events: u64,
    },
    /// The first link, in the order of lanes and positions, that does not hold.
    Broken {
        /// The lane.
        lane: i32,
        /// The position where an event is missing, changed or does not follow from the one before.
        position: i64,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What is wrong with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An event is missing at this position.
    Missing,
    /// The event does not point at the one before it.
    WrongPredecessor,
    /// The event or one of its subjects has been changed, added or removed.
    Changed,
    /// The lane ends before the place at which the anchor saw it.
    CutOff,
    /// The event is not the one that the anchor saw here: the lane has been written anew.
    NotAsAnchored,
}

/// Where a lane had come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneHead {
    /// The lane.
    pub lane: i32,
    /// The position of its last event.
    pub position: i64,
    /// That event's hash.
    pub hash: Vec<u8>,
}

/// What a walk over the chain has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// Whether every link holds.
    pub verdict: Verdict,
    /// Where each lane ends, as far as was read.
    pub heads: Vec<LaneHead>,
}

/// Events read at a time, so that memory stays bounded.
const PAGE: i64 = 500;

/// Checks every lane from its first event on.
/// The end of a lane cannot be checked without an anchor kept elsewhere, nor can a chain that was written anew as a whole.
///
/// # Errors
/// The database could not be read.
pub fn verify(conn: &mut Conn) -> QueryResult<Verdict> {
    Ok(walk(conn, &[])?.verdict)
}

/// Checks every lane from its first event on, and that each stood at an earlier time where an anchor saw it.
///
/// # Errors
/// The database could not be read.
pub fn walk(conn: &mut Conn, anchored: &[LaneHead]) -> QueryResult<Walked> {
    let mut lanes: Vec<i32> = audit_events::table
        .select(audit_events::lane)
        .distinct()
        .load(conn)?;
    lanes.extend(anchored.iter().map(|head| head.lane));
    lanes.sort_unstable();
    lanes.dedup();
    let (mut events, mut heads) = (0, Vec::new());
    for lane in lanes {
        let seen: Vec<&LaneHead> = anchored.iter().filter(|head| head.lane == lane).collect();
        let (head, fault) = walk_lane(conn, lane, &seen)?;
        events += u64::try_from(head.position).unwrap_or(0);
        let position = head.position + 1;
        heads.push(head);
        if let Some(fault) = fault {
            let verdict = Verdict::Broken {
                lane,
                position,
                fault,
            };
            return Ok(Walked { verdict, heads });
        }
    }
    Ok(Walked {
        verdict: Verdict::Whole { events },
        heads,
    })
}

/// Walks one lane as far as its links hold: gives the last sound place, and what is wrong with the next.
fn walk_lane(
    conn: &mut Conn,
    lane: i32,
    anchored: &[&LaneHead],
) -> QueryResult<(LaneHead, Option<Fault>)> {
    let mut head = LaneHead {
        lane,
        position: 0,
        hash: GENESIS.to_vec(),
    };
    loop {
        let page: Vec<EventRow> = audit_events::table
            .filter(audit_events::lane.eq(lane))
            .filter(audit_events::position.gt(head.position))
            .order(audit_events::position)
            .limit(PAGE)
            .load(conn)?;
        if page.is_empty() {
            let is_cut_off = anchored.iter().any(|seen| seen.position > head.position);
            return Ok((head, is_cut_off.then_some(Fault::CutOff)));
        }
        for event in page {
            let position = head.position + 1;
            if event.position != position {
                return Ok((head, Some(Fault::Missing)));
            }
            if event.previous_hash != head.hash {
                return Ok((head, Some(Fault::WrongPredecessor)));
            }
            let subjects: Vec<SubjectRow> = audit_subjects::table
                .filter(audit_subjects::event_id.eq(event.id))
                .order(audit_subjects::ordinal)
                .load(conn)?;
            if hash_of(&event, &subjects) != event.hash {
                return Ok((head, Some(Fault::Changed)));
            }
            let is_another =
                |seen: &&LaneHead| seen.position == position && seen.hash != event.hash;
            if anchored.iter().any(is_another) {
                return Ok((head, Some(Fault::NotAsAnchored)));
            }
            head.hash = event.hash;
            head.position = position;
        }
    }
}
