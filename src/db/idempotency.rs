//! Stored answers of requests that count once. Those of the protected compartment lie apart, with the compartment.

use super::audited::{AuditedTx, Door};
use super::cipher::{CipherText, Hidden};
use super::schema::{idempotency_keys, protected_answers};
use super::types::{Json, Timestamp};
use crate::domain::id::{Id, User, Youth};
use crate::error::Result;
use crate::policy::reveal::Permit;
use crate::vault::Place;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

const OPEN: &str = "idempotency_keys";
const PROTECTED: &str = "protected_answers";

/// An answer has no id of its own: it is bound to the person and, by a part of its hash, to their key.
pub(super) fn place(table: &'static str, user_id: Id<User>, key: &str) -> Place<'static> {
    let hash = Sha256::digest(key.as_bytes());
    let part = hash
        .iter()
        .take(8)
        .fold(0, |part, byte| (part << 8) | u64::from(*byte));
    Place {
        table,
        column: "body",
        record: user_id.uuid(),
        part,
    }
}

/// How long a key is remembered.
const KEPT_HOURS: i64 = 24;

/// An answer as it was given.
pub struct StoredAnswer {
    /// What made the request the same.
    pub fingerprint: String,
    /// The youth it was about.
    pub youth_id: Option<Id<Youth>>,
    /// The HTTP status.
    pub status: u16,
    /// The version of the record.
    pub version: Option<i64>,
    /// Where the record stands.
    pub place: Option<String>,
    /// The record.
    pub body: Option<Value>,
    /// Whether it tells of the protected compartment.
    pub is_protected: bool,
}

/// The answer stored under a person's key.
///
/// # Errors
/// The database does not answer.
pub fn find(tx: &mut AuditedTx<'_>, user_id: Id<User>, key: &str) -> Result<Option<StoredAnswer>> {
    type Stored = (
        String,
        Option<Id<Youth>>,
        i32,
        Option<CipherText>,
        Option<String>,
        Option<String>,
    );
    let now = tx.timestamp();
    let stored: Option<Stored> = idempotency_keys::table
        .find((user_id, key))
        .filter(idempotency_keys::expires_at.gt(now))
        .select((
            idempotency_keys::fingerprint,
            idempotency_keys::youth_id,
            idempotency_keys::status,
            idempotency_keys::body,
            idempotency_keys::etag,
            idempotency_keys::location,
        ))
        .first(tx.conn())
        .optional()?;
    let Some((fingerprint, youth_id, status, body, etag, location)) = stored else {
        return Ok(None);
    };
    let protected: Option<CipherText> = protected_answers::table
        .find((user_id, key))
        .select(protected_answers::body)
        .first(tx.conn())
        .optional()?;
    let is_protected = protected.is_some();
    let body: Option<Json> = if is_protected {
        Hidden::open(protected, tx.vault(), &place(PROTECTED, user_id, key))?
    } else {
        Hidden::open(body, tx.vault(), &place(OPEN, user_id, key))?
    };
    Ok(Some(StoredAnswer {
        fingerprint,
        youth_id,
        status: u16::try_from(status).unwrap_or(200),
        version: etag.and_then(|etag| etag.parse().ok()),
        place: location,
        is_protected,
        body: body.map(|json| json.0),
    }))
}

/// Whether an answer is stored under a person's key, for work that is checked before its transaction.
///
/// # Errors
/// The database does not answer.
pub async fn is_known(
    door: &Door,
    user_id: Id<User>,
    key: String,
    at: DateTime<Utc>,
) -> Result<bool> {
    door.look(move |conn| {
        Ok(diesel::select(diesel::dsl::exists(
            idempotency_keys::table
                .find((user_id, &key))
                .filter(idempotency_keys::expires_at.gt(Timestamp::of(at))),
        ))
        .get_result(conn)?)
    })
    .await
}

/// Stores an answer, and forgets those whose time is over.
///
/// # Errors
/// The database does not answer.
pub fn insert(
    tx: &mut AuditedTx<'_>,
    user_id: Id<User>,
    key: &str,
    answer: &StoredAnswer,
) -> Result<()> {
    let now = tx.timestamp();
    let old: Vec<(Id<User>, String)> = idempotency_keys::table
        .filter(idempotency_keys::expires_at.le(now))
        .select((idempotency_keys::user_id, idempotency_keys::idempotency_key))
        .limit(100)
        .load(tx.conn())?;
    // The key itself may be in use by an answer whose time is over.
    for (owner, key) in old.into_iter().chain([(user_id, key.to_owned())]) {
        diesel::delete(protected_answers::table.find((owner, &key))).execute(tx.conn())?;
        diesel::delete(idempotency_keys::table.find((owner, &key))).execute(tx.conn())?;
    }
    let body = answer.body.clone().map(Json);
    let (open, protected) = if answer.is_protected {
        let body = body.close(tx.vault(), &place(PROTECTED, user_id, key))?;
        (None, body)
    } else {
        let body = body.close(tx.vault(), &place(OPEN, user_id, key))?;
        (body, None)
    };
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::user_id.eq(user_id),
            idempotency_keys::idempotency_key.eq(key),
            idempotency_keys::operation.eq(tx.operation().name()),
            idempotency_keys::fingerprint.eq(&answer.fingerprint),
            idempotency_keys::youth_id.eq(answer.youth_id),
            idempotency_keys::status.eq(i32::from(answer.status)),
            idempotency_keys::body.eq(open),
            idempotency_keys::etag.eq(answer.version.map(|version| version.to_string())),
            idempotency_keys::location.eq(answer.place.clone()),
            idempotency_keys::expires_at.eq(Timestamp::of(now.utc() + Duration::hours(KEPT_HOURS))),
        ))
        .execute(tx.conn())?;
    if let Some(body) = protected {
        diesel::insert_into(protected_answers::table)
            .values((
                protected_answers::user_id.eq(user_id),
                protected_answers::idempotency_key.eq(key),
                protected_answers::body.eq(body),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Says that the answers with which a record was made are about a youth, now that it is known that the record is; or about none
/// any more.
///
/// # Errors
/// The database does not answer.
pub fn set_youth_of_record(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    place: &str,
    youth_id: Option<Id<Youth>>,
) -> Result<()> {
    diesel::update(idempotency_keys::table.filter(idempotency_keys::location.eq(place)))
        .set(idempotency_keys::youth_id.eq(youth_id))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets every stored answer of a person.
///
/// # Errors
/// The database does not answer.
pub fn forget_all_of(tx: &mut AuditedTx<'_>, _: &Permit, user_id: Id<User>) -> Result<()> {
    diesel::delete(protected_answers::table.filter(protected_answers::user_id.eq(user_id)))
        .execute(tx.conn())?;
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::user_id.eq(user_id)))
        .execute(tx.conn())?;
    Ok(())
}
