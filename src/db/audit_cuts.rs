//! What of the audit has been disposed of: where each lane has been cut, by which record, and whether the record is true.
//! When something may be cut is decided in `domain::audit_retention`; how events are chained stands in `audit_chain`.
//!
//! A cut takes the oldest events of a lane, up to a place. Its record holds the hash of the last event that went, so that the
//! rest of the lane still has a beginning; it is chained to the cut before it, signed with the key of the anchors, and names an
//! anchor of all lanes that was made before it. The event of the operation tells the digest of every lane's latest cut, so
//! that the chain covers the records: one that was changed, removed or added without an event shows. Whoever can write every
//! table can also append such an event; what they cannot do is sign it.

use super::audit_chain::{LaneHead, Verdict, feed, lanes, walk};
use super::audited::{AuditedTx, Door};
use super::schema::{
    audit_anchors, audit_cuts, audit_events, audit_subjects, log_review_rows, log_reviews,
};
use super::types::Timestamp;
use super::{Conn, schema_version, settings};
use crate::auth::anchor::{Anchor, AnchorError, AnchorKey, FORMAT, Head, Statement, check_cut};
use crate::clock::start_of;
use crate::domain::audit_retention::{Limit, limit};
use crate::domain::id::{AuditAnchor, AuditCut, AuditEvent, Id};
use crate::domain::operation::Resource;
use crate::error::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A cut as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = audit_cuts)]
struct CutRow {
    id: Id<AuditCut>,
    lane: i32,
    /// The last event that went.
    position: i64,
    /// How many went; the lane was cut before at `position - event_count`.
    event_count: i64,
    /// The hash of the last event that went.
    hash: Vec<u8>,
    /// Everything that went was older.
    older_than: Timestamp,
    cut_at: Timestamp,
    anchor_id: Id<AuditAnchor>,
    /// The digest of the lane's cut before; zeros for its first.
    previous_digest: Vec<u8>,
    digest: Vec<u8>,
    /// Over the digest, base64.
    signature: String,
}

/// What stands before the first cut of a lane.
const FIRST: [u8; 32] = [0; 32];

/// What the record of a cut comes to, with the anchor that was made before it.
fn digest_of(row: &CutRow, anchor: &str) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in [
        &row.previous_digest,
        row.id.uuid().as_bytes().as_slice(),
        &row.lane.to_be_bytes(),
        &row.position.to_be_bytes(),
        &row.event_count.to_be_bytes(),
        &row.hash,
        row.older_than.to_text().as_bytes(),
        row.cut_at.to_text().as_bytes(),
        row.anchor_id.uuid().as_bytes(),
        &Sha256::digest(anchor),
    ] {
        feed(&mut hasher, Some(part));
    }
    hasher.finalize().to_vec()
}

/// How the event of the operation tells of a cut: the "fields" of its subject.
fn told_of(row: &CutRow) -> String {
    format!(
        "lane:{},position:{},digest:{}",
        row.lane,
        row.position,
        HEXLOWER.encode(&row.digest)
    )
}

/// What is wrong with the record of a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutFault {
    /// The record, the anchor behind it or the order of the cuts has been changed.
    Changed,
    /// No event tells of it.
    NotTold,
    /// An event tells of a cut that is not on record.
    Gone,
    /// It, or the anchor behind it, is not signed with a known key.
    NotSigned,
}

/// Where a lane that has been cut begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutPlace {
    /// The lane.
    pub lane: i32,
    /// The last event that is gone: as many are.
    pub position: i64,
    /// Everything that went was older.
    pub older_than: DateTime<Utc>,
    /// When the last cut was made.
    pub cut_at: DateTime<Utc>,
}

/// What the events of the log tell of cuts: of each lane the farthest, with its digest.
#[derive(Debug, Default)]
pub struct Told {
    latest: BTreeMap<i32, (i64, String)>,
    contradicts: Option<(i32, i64)>,
}

impl Told {
    /// Reads the subjects of an event that disposed of something.
    pub fn hear<'a>(&mut self, fields: impl Iterator<Item = &'a str>) {
        for (lane, position, digest) in fields.filter_map(read_told) {
            match self.latest.get(&lane) {
                Some((known, _)) if *known > position => {}
                Some((known, other)) if *known == position && *other != digest => {
                    self.contradicts = Some((lane, position));
                }
                _ => {
                    self.latest.insert(lane, (position, digest));
                }
            }
        }
    }
}

fn read_told(fields: &str) -> Option<(i32, i64, String)> {
    let mut parts = fields.split(',');
    let lane = parts.next()?.strip_prefix("lane:")?.parse().ok()?;
    let position = parts.next()?.strip_prefix("position:")?.parse().ok()?;
    let digest = parts.next()?.strip_prefix("digest:")?.to_owned();
    Some((lane, position, digest))
}

/// A place in the log, and what is wrong there.
type Found = std::result::Result<(), (i32, i64, CutFault)>;

/// Every cut on record, with the anchors behind them.
#[derive(Default)]
pub struct Cuts {
    by_lane: BTreeMap<i32, Vec<CutRow>>,
    anchors: HashMap<Id<AuditAnchor>, (String, Option<Anchor>)>,
}

impl Cuts {
    /// Reads the records.
    ///
    /// # Errors
    /// The database does not answer.
    pub fn load(conn: &mut Conn) -> QueryResult<Self> {
        let rows: Vec<CutRow> = audit_cuts::table
            .order((audit_cuts::lane, audit_cuts::position))
            .load(conn)?;
        let named: BTreeSet<Id<AuditAnchor>> = rows.iter().map(|row| row.anchor_id).collect();
        let named: Vec<Id<AuditAnchor>> = named.into_iter().collect();
        let mut cuts = Self::default();
        for batch in named.chunks(IDS) {
            let found: Vec<(Id<AuditAnchor>, String)> = audit_anchors::table
                .filter(audit_anchors::id.eq_any(batch))
                .select((audit_anchors::id, audit_anchors::document))
                .load(conn)?;
            for (id, text) in found {
                let anchor = Anchor::of_text(&text).ok();
                cuts.anchors.insert(id, (text, anchor));
            }
        }
        for row in rows {
            cuts.by_lane.entry(row.lane).or_default().push(row);
        }
        Ok(cuts)
    }

    /// The lanes that have been cut.
    pub fn lanes(&self) -> impl Iterator<Item = i32> {
        self.by_lane.keys().copied()
    }

    fn last(&self, lane: i32) -> Option<&CutRow> {
        self.by_lane.get(&lane)?.last()
    }

    /// The last event of a lane that is gone.
    pub fn end_of(&self, lane: i32) -> Option<LaneHead> {
        let row = self.last(lane)?;
        Some(LaneHead {
            lane,
            position: row.position,
            hash: row.hash.clone(),
        })
    }

    /// The hash of an event at which a cut ended.
    pub fn hash_at(&self, lane: i32, position: i64) -> Option<&[u8]> {
        let rows = self.by_lane.get(&lane)?;
        let row = rows.iter().find(|row| row.position == position)?;
        Some(&row.hash)
    }

    /// Where each lane that has been cut begins.
    pub fn places(&self) -> Vec<CutPlace> {
        let last = self.by_lane.values().filter_map(|rows| rows.last());
        last.map(|row| CutPlace {
            lane: row.lane,
            position: row.position,
            older_than: row.older_than.utc(),
            cut_at: row.cut_at.utc(),
        })
        .collect()
    }

    /// Where the anchors behind the cuts saw a lane.
    pub fn anchored_heads(&self, lane: i32) -> Vec<LaneHead> {
        let anchors = self.anchors.values().filter_map(|(_, a)| a.as_ref());
        let heads = anchors.flat_map(|anchor| &anchor.statement.heads);
        heads
            .filter(|head| head.lane == lane)
            .map(LaneHead::from)
            .collect()
    }

    /// Whether the records hold together: each follows from the one before, is digested as it stands, and is signed by whoever
    /// signed the anchor that it rests on; with keys, by one of these.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(&self, keys: &[String]) -> Found {
        let is_known = |check: &dyn Fn(&str) -> std::result::Result<(), AnchorError>| {
            keys.is_empty() || keys.iter().any(|key| check(key).is_ok())
        };
        for rows in self.by_lane.values() {
            let (mut position, mut digest) = (0, FIRST.to_vec());
            for row in rows {
                let wrong = |fault| Err((row.lane, row.position, fault));
                let Some((text, Some(anchor))) = self.anchors.get(&row.anchor_id) else {
                    return wrong(CutFault::Changed);
                };
                let follows = row.position - row.event_count == position
                    && row.previous_digest == digest
                    && row.digest == digest_of(row, text);
                let heads = &anchor.statement.heads;
                let was_seen = heads
                    .iter()
                    .any(|head| head.lane == row.lane && head.position >= row.position);
                let own = anchor.public_key.as_str();
                if !follows || !was_seen || anchor.check(own).is_err() {
                    return wrong(CutFault::Changed);
                }
                let signed = |key: &str| {
                    anchor.check(key)?;
                    check_cut(&row.digest, &row.signature, key)
                };
                if signed(own).is_err() || !is_known(&signed) {
                    return wrong(CutFault::NotSigned);
                }
                position = row.position;
                digest.clone_from(&row.digest);
            }
        }
        Ok(())
    }

    /// Whether the latest cut of every lane is the latest that the log tells of.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check_told(&self, told: &Told) -> Found {
        if let Some((lane, position)) = told.contradicts {
            return Err((lane, position, CutFault::Changed));
        }
        for (lane, rows) in &self.by_lane {
            let Some(row) = rows.last() else { continue };
            let wrong = |fault| Err((*lane, row.position, fault));
            match told.latest.get(lane) {
                Some((position, digest)) if *position == row.position => {
                    if *digest != HEXLOWER.encode(&row.digest) {
                        return wrong(CutFault::Changed);
                    }
                }
                Some((position, _)) if *position > row.position => {
                    return Err((*lane, *position, CutFault::Gone));
                }
                _ => return wrong(CutFault::NotTold),
            }
        }
        let gone = told
            .latest
            .iter()
            .find(|(lane, _)| !self.by_lane.contains_key(lane));
        gone.map_or(Ok(()), |(lane, (position, _))| {
            Err((*lane, *position, CutFault::Gone))
        })
    }
}

impl From<&Head> for LaneHead {
    fn from(head: &Head) -> Self {
        Self {
            lane: head.lane,
            position: head.position,
            hash: head.hash_bytes().unwrap_or_default(),
        }
    }
}

/// The last event of a lane that is gone; `None` when the lane has never been cut.
///
/// # Errors
/// The database does not answer.
pub fn end_of(conn: &mut Conn, lane: i32) -> QueryResult<Option<(i64, Vec<u8>)>> {
    Ok(last_of(conn, lane)?.map(|row| (row.position, row.hash)))
}

fn last_of(conn: &mut Conn, lane: i32) -> QueryResult<Option<CutRow>> {
    audit_cuts::table
        .filter(audit_cuts::lane.eq(lane))
        .order(audit_cuts::position.desc())
        .first(conn)
        .optional()
}

/// Before when the log may lack what has been disposed of; `None` when nothing has.
///
/// # Errors
/// The database does not answer.
pub fn disposed_before(tx: &mut AuditedTx<'_>) -> Result<Option<Timestamp>> {
    Ok(audit_cuts::table
        .order(audit_cuts::older_than.desc())
        .select(audit_cuts::older_than)
        .first(tx.conn())
        .optional()?)
}

/// Checks the whole log, and signs where it has come; what is broken is told instead, since an anchor would call it sound.
///
/// # Errors
/// The database does not answer, or the library refused.
pub fn anchor(
    conn: &mut Conn,
    key: &AnchorKey,
    at: DateTime<Utc>,
) -> Result<std::result::Result<(Anchor, u64), Verdict>> {
    let walked = walk(conn, &[], &[])?;
    let Verdict::Whole { events } = walked.verdict else {
        return Ok(Err(walked.verdict));
    };
    let statement = Statement {
        format: FORMAT.to_owned(),
        made_at: Timestamp::of(at).to_text(),
        schema: schema_version(conn)?,
        heads: walked
            .heads
            .iter()
            .map(|head| Head {
                lane: head.lane,
                position: head.position,
                hash: HEXLOWER.encode(&head.hash),
            })
            .collect(),
    };
    Ok(Ok((key.sign(statement), events)))
}

/// An anchor to be kept with the cuts that follow it.
#[derive(Debug, Clone)]
pub struct KeptAnchor {
    id: Id<AuditAnchor>,
    made_at: Timestamp,
    text: String,
}

/// What is due to be disposed of, as the settings have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing is ever disposed of: no period has been decided.
    NeverDecided,
    /// Everything older than this may go, and something is.
    Something(Limit),
    /// Everything older than this may go, and nothing is.
    Nothing(Limit),
}

/// What is due now.
///
/// # Errors
/// The database does not answer.
pub async fn due(door: &Door, at: DateTime<Utc>) -> Result<Due> {
    door.look(move |conn| {
        let Some(limit) = limit_now(conn, at)? else {
            return Ok(Due::NeverDecided);
        };
        Ok(match next(conn, limit)? {
            Some(_) => Due::Something(limit),
            None => Due::Nothing(limit),
        })
    })
    .await
}

/// Checks the log and makes the anchor that the next cuts rest on.
///
/// # Errors
/// The chain is broken, and nothing may be taken from it; the database does not answer.
pub async fn keep_anchor(
    door: &Door,
    key: std::sync::Arc<AnchorKey>,
    at: DateTime<Utc>,
) -> Result<KeptAnchor> {
    door.look(move |conn| match anchor(conn, &key, at)? {
        Ok((anchor, _)) => Ok(KeptAnchor {
            id: Id::fresh(),
            made_at: Timestamp::of(at),
            text: anchor.to_text().map_err(Error::internal)?,
        }),
        Err(verdict) => Err(Error::internal(format!(
            "the log is not whole, and nothing is taken from it: {verdict:?}"
        ))),
    })
    .await
}

/// What may go now: older than the settings have it, and nothing of the period of a review that is not signed off.
fn limit_now(conn: &mut Conn, at: DateTime<Utc>) -> Result<Option<Limit>> {
    let months = settings::read(conn)?.audit_retention_months;
    let reviewed_from: Option<NaiveDate> = log_reviews::table
        .filter(log_reviews::signed_off_at.is_null())
        .select(diesel::dsl::min(log_reviews::from_on))
        .first(conn)?;
    Ok(months.and_then(|months| limit(super::on_day(Timestamp::of(at)), months, reviewed_from)))
}

/// Events of one cut at most, and subjects, by whichever it reaches first: each cut is a transaction, and on the embedded
/// database nobody writes beside it.
const MOST_EVENTS: i64 = 1_000;
const MOST_SUBJECTS: i64 = 5_000;
/// Ids in one statement.
const IDS: usize = 500;

/// The next cut that can be made.
struct Next {
    lane: i32,
    before: Option<CutRow>,
    position: i64,
    hash: Vec<u8>,
    ids: Vec<Id<AuditEvent>>,
}

type Link = (i64, Id<AuditEvent>, Timestamp, Vec<u8>, Vec<u8>);

fn next(conn: &mut Conn, limit: Limit) -> Result<Option<Next>> {
    let older_than = Timestamp::of(start_of(limit.before_on));
    for lane in lanes(conn)? {
        let before = last_of(conn, lane)?;
        let (mut position, mut hash) = before
            .as_ref()
            .map_or((0, FIRST.to_vec()), |row| (row.position, row.hash.clone()));
        let links: Vec<Link> = audit_events::table
            .filter(audit_events::lane.eq(lane))
            .filter(audit_events::position.gt(position))
            .order(audit_events::position)
            .limit(MOST_EVENTS)
            .select((
                audit_events::position,
                audit_events::id,
                audit_events::at,
                audit_events::previous_hash,
                audit_events::hash,
            ))
            .load(conn)?;
        let old: Vec<Link> = links
            .into_iter()
            .take_while(|(_, _, at, ..)| *at < older_than)
            .collect();
        let all: Vec<Id<AuditEvent>> = old.iter().map(|(_, id, ..)| *id).collect();
        let held = held(conn, &all)?;
        let counts = count_subjects(conn, &all)?;
        let (mut ids, mut subjects) = (Vec::new(), 0);
        for (at, id, _, previous, next_hash) in old {
            if at != position + 1 || previous != hash {
                return Err(Error::internal(format!(
                    "the log is broken in lane {lane} after position {position}"
                )));
            }
            subjects += counts.get(&id).copied().unwrap_or(0);
            let is_full = subjects > MOST_SUBJECTS && !ids.is_empty();
            if is_full || held.contains(&id) {
                break;
            }
            (position, hash) = (at, next_hash);
            ids.push(id);
        }
        if !ids.is_empty() {
            return Ok(Some(Next {
                lane,
                before,
                position,
                hash,
                ids,
            }));
        }
    }
    Ok(None)
}

/// Those that a review which is not signed off has drawn, or that a finding waits on.
fn held(conn: &mut Conn, ids: &[Id<AuditEvent>]) -> QueryResult<HashSet<Id<AuditEvent>>> {
    let mut held = HashSet::new();
    for batch in ids.chunks(IDS) {
        let rows: Vec<Id<AuditEvent>> = log_review_rows::table
            .inner_join(log_reviews::table)
            .filter(log_review_rows::event_id.eq_any(batch))
            .filter(
                log_reviews::signed_off_at
                    .is_null()
                    .or(log_review_rows::follow_up_on
                        .is_not_null()
                        .and(log_review_rows::followed_up_at.is_null())),
            )
            .select(log_review_rows::event_id)
            .load(conn)?;
        held.extend(rows);
    }
    Ok(held)
}

fn count_subjects(
    conn: &mut Conn,
    ids: &[Id<AuditEvent>],
) -> QueryResult<HashMap<Id<AuditEvent>, i64>> {
    let mut counts = HashMap::new();
    for batch in ids.chunks(IDS) {
        let rows: Vec<(Id<AuditEvent>, i64)> = audit_subjects::table
            .filter(audit_subjects::event_id.eq_any(batch))
            .group_by(audit_subjects::event_id)
            .select((audit_subjects::event_id, diesel::dsl::count_star()))
            .load(conn)?;
        counts.extend(rows);
    }
    Ok(counts)
}

/// What one cut took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// From which lane.
    pub lane: i32,
    /// Up to which event.
    pub position: i64,
    /// How many.
    pub events: u64,
}

/// Makes the next cut, if there is one: records it, tells of it, and removes what it covers.
///
/// # Errors
/// The log is broken; the database does not answer.
pub fn cut_next(
    tx: &mut AuditedTx<'_>,
    anchor: &KeptAnchor,
    key: &AnchorKey,
) -> Result<Option<Removed>> {
    let now = tx.timestamp();
    let Some(limit) = limit_now(tx.conn(), now.utc())? else {
        return Ok(None);
    };
    let Some(next) = next(tx.conn(), limit)? else {
        return Ok(None);
    };
    let before = next.before.as_ref();
    let from = before.map_or(0, |row| row.position);
    let mut row = CutRow {
        id: Id::fresh(),
        lane: next.lane,
        position: next.position,
        event_count: next.position - from,
        hash: next.hash,
        older_than: Timestamp::of(start_of(limit.before_on)),
        cut_at: now,
        anchor_id: anchor.id,
        previous_digest: before.map_or_else(|| FIRST.to_vec(), |row| row.digest.clone()),
        digest: Vec::new(),
        signature: String::new(),
    };
    row.digest = digest_of(&row, &anchor.text);
    row.signature = key.sign_cut(&row.digest);
    store(tx.conn(), anchor, &row, &next.ids)?;
    for lane in cut_lanes(tx.conn())? {
        if let Some(row) = last_of(tx.conn(), lane)? {
            tx.note(
                Resource::AuditEvents,
                None,
                Some(row.id.cast()),
                &told_of(&row),
            );
        }
    }
    Ok(Some(Removed {
        lane: row.lane,
        position: row.position,
        events: u64::try_from(row.event_count).unwrap_or(0),
    }))
}

/// The record first: the database lets nothing go without one.
fn store(
    conn: &mut Conn,
    anchor: &KeptAnchor,
    row: &CutRow,
    ids: &[Id<AuditEvent>],
) -> QueryResult<()> {
    let is_kept: bool = diesel::select(diesel::dsl::exists(audit_anchors::table.find(anchor.id)))
        .get_result(conn)?;
    if !is_kept {
        diesel::insert_into(audit_anchors::table)
            .values((
                audit_anchors::id.eq(anchor.id),
                audit_anchors::made_at.eq(anchor.made_at),
                audit_anchors::document.eq(&anchor.text),
            ))
            .execute(conn)?;
    }
    diesel::insert_into(audit_cuts::table)
        .values(row)
        .execute(conn)?;
    for batch in ids.chunks(IDS) {
        diesel::delete(audit_subjects::table.filter(audit_subjects::event_id.eq_any(batch)))
            .execute(conn)?;
    }
    diesel::delete(
        audit_events::table
            .filter(audit_events::lane.eq(row.lane))
            .filter(audit_events::position.le(row.position)),
    )
    .execute(conn)?;
    Ok(())
}

fn cut_lanes(conn: &mut Conn) -> QueryResult<Vec<i32>> {
    audit_cuts::table
        .select(audit_cuts::lane)
        .distinct()
        .order(audit_cuts::lane)
        .load(conn)
}
