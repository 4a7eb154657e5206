//! How events are appended to the audit and how the chain is checked.
//! Each writing thread keeps a lane of its own: within a lane the events are numbered without a gap, and each hash covers
//! the event, its subjects and the hash before it. Lanes let several threads and servers write without waiting for one
//! another, which a single chain would not. What a lane has been cut at, and how that is kept from being forged, stands in
//! `audit_cuts`; who may read the audit is decided in `policy`.
//!
//! The reason of an event is a text about somebody, which must be erasable when the rest stays. So the hash covers a digest of
//! it with a salt; without the salt nobody can tell by trying whether a guessed text was the reason. Events of earlier
//! versions, which have no digest, hash the text itself.

use super::Conn;
use super::audit_cuts::{self, CutFault, CutPlace, Cuts, Told};
use super::audit_field_sets::{FieldSets, spell_out};
use super::cipher::{CipherText, Hidden};
use super::schema::{audit_events, audit_subjects};
use super::types::Timestamp;
use crate::domain::codes::{AuditOutcome, Code};
use crate::domain::id::{AuditEvent, Id, Record, Session, Unit, User, Youth};
use crate::domain::operation::Operation;
use crate::domain::user::Role;
use crate::error::{Error, Result};
use crate::vault::{Place, Vault, is_enciphered};
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// One operation that was carried out or refused.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Its id.
    pub id: Id<AuditEvent>,
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
    pub reason: Option<NewReason>,
    /// The records disclosed or changed.
    pub subjects: Vec<NewSubject>,
}

/// The reason of an event, enciphered, with what the chain covers of it.
#[derive(Debug, Clone)]
pub struct NewReason {
    text: CipherText,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl NewReason {
    /// Enciphers the reason of an event.
    ///
    /// # Errors
    /// No random bytes, or as [`Vault::encipher`].
    pub fn new(vault: &Vault, event: Id<AuditEvent>, reason: &str) -> Result<Self> {
        let mut salt = vec![0; SALT];
        getrandom::fill(&mut salt).map_err(Error::internal)?;
        Ok(Self {
            text: reason.to_owned().close(vault, &place_of_reason(event))?,
            digest: digest_of_reason(&salt, reason),
            salt,
        })
    }
}

/// Where the reason of an event stands.
pub(in crate::db) fn place_of_reason(event: Id<AuditEvent>) -> Place<'static> {
    Place::of("audit_events", "reason", event.uuid())
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
    reason: Option<CipherText>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
    reason_digest: Option<Vec<u8>>,
    reason_salt: Option<Vec<u8>>,
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
pub(in crate::db) fn feed(hasher: &mut Sha256, part: Option<&[u8]>) {
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
    match &event.reason_digest {
        Some(digest) => {
            // Told apart from a text and from none.
            hasher.update([2]);
            feed(&mut hasher, Some(digest));
        }
        None => feed(
            &mut hasher,
            event.reason.as_ref().map(|text| text.0.as_bytes()),
        ),
    }
    for subject in subjects {
        feed(&mut hasher, Some(&subject.ordinal.to_be_bytes()));
        feed_id(&mut hasher, subject.youth_id);
        feed(&mut hasher, Some(subject.resource.as_bytes()));
        feed_id(&mut hasher, subject.record_id);
        feed(&mut hasher, Some(subject.fields.as_bytes()));
    }
    hasher.finalize().to_vec()
}

/// Bytes of the salt of a reason.
const SALT: usize = 16;

/// What the hash of an event covers of its reason.
fn digest_of_reason(salt: &[u8], reason: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(salt)
        .chain_update(reason)
        .finalize()
        .to_vec()
}

/// Whether the reason is the one that was digested, or has been erased with its salt. A cipher text answers for itself: it is
/// bound to its event, and whoever has no key makes no other. A text without a digest is covered by
/// the hash itself.
fn reason_holds(event: &EventRow) -> bool {
    match (&event.reason_digest, &event.reason, &event.reason_salt) {
        (None, _, None) | (Some(_), None, None) => true,
        (Some(digest), Some(reason), Some(salt)) => {
            let is_digested = || digest_of_reason(salt, &reason.0) == *digest;
            salt.len() == SALT && (is_enciphered(&reason.0) || is_digested())
        }
        _ => false,
    }
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
    let (mut position, mut previous_hash) = match head {
        Some(head) => head,
        // A lane that was disposed of to its end goes on from there.
        None => audit_cuts::end_of(conn, lane)?.unwrap_or_else(|| (0, GENESIS.to_vec())),
    };
    let mut sets = FieldSets::default();
    for event in events {
        position += 1;
        let id = event.id;
        let mut subjects: Vec<SubjectRow> = (0..)
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
        let reason = event.reason.clone();
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
            reason: reason.as_ref().map(|reason| reason.text.clone()),
            previous_hash,
            hash: Vec::new(),
            reason_digest: reason.as_ref().map(|reason| reason.digest.clone()),
            reason_salt: reason.map(|reason| reason.salt),
        };
        row.hash = hash_of(&row, &subjects);
        previous_hash = row.hash.clone();
        diesel::insert_into(audit_events::table)
            .values(&row)
            .execute(conn)?;
        for subject in &mut subjects {
            subject.fields = sets.refer(&subject.fields);
        }
        // An import can concern a hundred thousand records.
        for batch in subjects.chunks(BATCH) {
            crate::on_each!(&mut *conn, c => diesel::insert_into(audit_subjects::table).values(batch).execute(c))?;
        }
    }
    sets.store(conn)
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
    /// An event stands where the lane is said to have been disposed of.
    BeforeCut,
    /// What is recorded of what has been disposed of is not as it should be.
    Cut(CutFault),
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
    /// Where each lane that has been cut begins now.
    pub cuts: Vec<CutPlace>,
    /// Places of the anchor of which nothing can be shown any more: what stood there has been disposed of.
    pub unproven: Vec<LaneHead>,
}

/// Events read at a time, so that memory stays bounded.
const PAGE: i64 = 200;

/// Checks every lane from its first event on, or from where it has been cut.
/// The end of a lane cannot be checked without an anchor kept elsewhere, nor can a chain that was written anew as a whole.
///
/// # Errors
/// The database could not be read.
pub fn verify(conn: &mut Conn) -> QueryResult<Verdict> {
    Ok(walk(conn, &[], &[])?.verdict)
}

/// The lanes that have events, in order. Asked for one by one: each is a step in the index.
pub(in crate::db) fn lanes(conn: &mut Conn) -> QueryResult<Vec<i32>> {
    let mut lanes = Vec::new();
    loop {
        let after = lanes.last().copied().unwrap_or(i32::MIN);
        let next: Option<i32> = audit_events::table
            .filter(audit_events::lane.gt(after))
            .order((audit_events::lane, audit_events::position))
            .select(audit_events::lane)
            .first(conn)
            .optional()?;
        match next {
            Some(lane) => lanes.push(lane),
            None => return Ok(lanes),
        }
    }
}

/// Checks every lane from where it begins, that each stood at an earlier time where an anchor saw it, and that what has been
/// disposed of is what the log itself tells of. With public keys: that whoever had one of the keys did it.
///
/// # Errors
/// The database could not be read.
pub fn walk(conn: &mut Conn, anchored: &[LaneHead], public_keys: &[String]) -> QueryResult<Walked> {
    let cuts = Cuts::load(conn)?;
    let mut all: BTreeSet<i32> = lanes(conn)?.into_iter().collect();
    all.extend(anchored.iter().map(|head| head.lane));
    all.extend(cuts.lanes());
    let mut walked = Walked {
        verdict: Verdict::Whole { events: 0 },
        heads: Vec::new(),
        cuts: cuts.places(),
        unproven: Vec::new(),
    };
    if let Err((lane, position, fault)) = cuts.check(public_keys) {
        walked.verdict = broken(lane, position, Fault::Cut(fault));
        return Ok(walked);
    }
    let (mut events, mut told) = (0, Told::default());
    for lane in all {
        let begins = cuts.end_of(lane).unwrap_or_else(|| LaneHead {
            lane,
            position: 0,
            hash: GENESIS.to_vec(),
        });
        let mut seen = Seen::default();
        let known = cuts.anchored_heads(lane);
        for head in anchored.iter().filter(|head| head.lane == lane) {
            if head.position > begins.position {
                seen.insert(head);
            } else if let Some(hash) = cuts.hash_at(lane, head.position) {
                // The record of a cut holds the hash of the event it ended at.
                if hash != head.hash {
                    walked.verdict = broken(lane, head.position, Fault::NotAsAnchored);
                    return Ok(walked);
                }
            } else if head.position > 0 {
                walked.unproven.push(head.clone());
            }
        }
        for head in known.iter().filter(|head| head.position > begins.position) {
            seen.insert(head);
        }
        let from = begins.position;
        let (head, fault) = walk_lane(conn, begins, &seen, &mut told)?;
        events += u64::try_from(head.position - from).unwrap_or(0);
        let position = head.position + 1;
        walked.heads.push(head);
        if let Some(fault) = fault {
            walked.verdict = broken(lane, position, fault);
            return Ok(walked);
        }
    }
    walked.verdict = match cuts.check_told(&told) {
        Err((lane, position, fault)) => broken(lane, position, Fault::Cut(fault)),
        Ok(()) => Verdict::Whole { events },
    };
    Ok(walked)
}

const fn broken(lane: i32, position: i64, fault: Fault) -> Verdict {
    Verdict::Broken {
        lane,
        position,
        fault,
    }
}

/// Where anchors saw a lane: the hashes by position.
#[derive(Default)]
struct Seen {
    hashes: HashMap<i64, Vec<Vec<u8>>>,
    farthest: i64,
}

impl Seen {
    fn insert(&mut self, head: &LaneHead) {
        self.farthest = self.farthest.max(head.position);
        let hashes = self.hashes.entry(head.position).or_default();
        hashes.push(head.hash.clone());
    }
    fn differs(&self, position: i64, hash: &[u8]) -> bool {
        let hashes = self.hashes.get(&position);
        hashes.is_some_and(|hashes| hashes.iter().any(|seen| seen != hash))
    }
}

/// Walks one lane as far as its links hold: gives the last sound place, and what is wrong with the next.
fn walk_lane(
    conn: &mut Conn,
    mut head: LaneHead,
    seen: &Seen,
    told: &mut Told,
) -> QueryResult<(LaneHead, Option<Fault>)> {
    let lane = head.lane;
    let early: Option<i64> = audit_events::table
        .filter(audit_events::lane.eq(lane))
        .filter(audit_events::position.le(head.position))
        .select(audit_events::position)
        .first(conn)
        .optional()?;
    if early.is_some() {
        return Ok((head, Some(Fault::BeforeCut)));
    }
    loop {
        let page: Vec<EventRow> = audit_events::table
            .filter(audit_events::lane.eq(lane))
            .filter(audit_events::position.gt(head.position))
            .order(audit_events::position)
            .limit(PAGE)
            .load(conn)?;
        if page.is_empty() {
            let is_cut_off = seen.farthest > head.position;
            return Ok((head, is_cut_off.then_some(Fault::CutOff)));
        }
        let mut subjects = subjects_of(conn, &page)?;
        for event in page {
            let position = head.position + 1;
            if event.position != position {
                return Ok((head, Some(Fault::Missing)));
            }
            if event.previous_hash != head.hash {
                return Ok((head, Some(Fault::WrongPredecessor)));
            }
            let subjects = subjects.remove(&event.id).unwrap_or_default();
            if hash_of(&event, &subjects) != event.hash || !reason_holds(&event) {
                return Ok((head, Some(Fault::Changed)));
            }
            if seen.differs(position, &event.hash) {
                return Ok((head, Some(Fault::NotAsAnchored)));
            }
            if event.operation == Operation::TrimAuditLog.name()
                && event.outcome == AuditOutcome::Allowed.code()
            {
                told.hear(subjects.iter().map(|subject| subject.fields.as_str()));
            }
            head.hash = event.hash;
            head.position = position;
        }
    }
}

/// The subjects of a page of events, each event's in their order.
fn subjects_of(
    conn: &mut Conn,
    page: &[EventRow],
) -> QueryResult<HashMap<Id<AuditEvent>, Vec<SubjectRow>>> {
    let ids: Vec<Id<AuditEvent>> = page.iter().map(|event| event.id).collect();
    let mut rows: Vec<SubjectRow> = audit_subjects::table
        .filter(audit_subjects::event_id.eq_any(ids))
        .order((audit_subjects::event_id, audit_subjects::ordinal))
        .load(conn)?;
    spell_out(conn, rows.iter_mut().map(|row| &mut row.fields))?;
    let mut subjects: HashMap<Id<AuditEvent>, Vec<SubjectRow>> = HashMap::new();
    for row in rows {
        subjects.entry(row.event_id).or_default().push(row);
    }
    Ok(subjects)
}
