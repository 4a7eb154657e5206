//! The same request twice counts once (draft-ietf-httpapi-idempotency-key-header): the answer is stored in the transaction of
//! the deed and given again for the same key and the same request. Whoever has lost sight of the youth meanwhile, of the
//! notes in it, or of what a protected identity closes, does not get them back by an old key.

use super::reply::{Content, Reply};
use super::request::Request;
use crate::db::audited::AuditedTx;
use crate::db::idempotency::{self, StoredAnswer};
use crate::db::notes_apart::with_notes;
use crate::domain::operation::{Operation, Resource};
use crate::error::{Error, ErrorCode, Result};
use crate::policy::reveal::{leave_closed_out, leave_notes_behind};
use crate::service::youths::visible_relation;
use aws_lc_rs::hmac;
use serde_json::{Map, Value};

/// Does the work, unless its answer is stored under the request's key.
///
/// # Errors
/// The work's own; 422 for a key that was used for another request; 400 for a key that is none.
pub fn once(
    tx: &mut AuditedTx<'_>,
    request: &Request,
    fingerprints: &hmac::Key,
    work: impl FnOnce(&mut AuditedTx<'_>) -> Result<Reply>,
) -> Result<Reply> {
    let (Some(key), Some(user_id)) = (request.idempotency_key()?, tx.actor().user_id()) else {
        return work(tx);
    };
    let fingerprint = request.fingerprint(fingerprints);
    if let Some(stored) = idempotency::find(tx, user_id, key)? {
        if stored.fingerprint != fingerprint {
            return Err(ErrorCode::IdempotencyKeyReused.into());
        }
        return again(tx, request.route.operation, stored);
    }
    let reply = work(tx)?;
    let members = match &reply.content {
        Content::Empty => None,
        Content::Document(members) => Some(Value::Object(members.clone())),
        Content::List { .. }
        | Content::Page { .. }
        | Content::File { .. }
        | Content::Pieces { .. }
        | Content::Parts { .. } => {
            return Err(Error::internal("a change answered with a list or a file"));
        }
    };
    let answer = StoredAnswer {
        fingerprint,
        // A roster is about its file: who in it may be seen is asked when its rows are listed.
        youth_id: match request.route.operation {
            // Nor is a run of the target group about a youth.
            Operation::ImportRoster | Operation::RunTargetGroup => None,
            _ => tx.touched_youth(),
        },
        status: reply.status,
        version: reply.version,
        place: reply.place.clone(),
        body: members,
        is_protected: tx.touched_compartment(),
    };
    idempotency::insert(tx, user_id, key, &answer)?;
    Ok(reply)
}

fn again(tx: &mut AuditedTx<'_>, operation: Operation, stored: StoredAnswer) -> Result<Reply> {
    let mut body = stored.body;
    // Whoever has answered a transfer hears again what they answered, whether or not the youth is theirs by it.
    let of_youth = stored
        .youth_id
        .filter(|_| operation != Operation::DecideTransfer);
    if let Some(youth_id) = of_youth {
        let relation = visible_relation(tx, youth_id)?;
        if stored.is_protected && !relation.is_assigned {
            return Err(ErrorCode::NotFound.into());
        }
        if let Some(Value::Object(members)) = &mut body {
            leave_closed_out(members, &relation);
            leave_notes_behind(members, &with_notes(tx, youth_id, relation)?);
        }
        // Noted as what it tells of, so that the chief's review list knows what to leave out.
        let resource = if stored.is_protected {
            Resource::ProtectedReferrals
        } else {
            Resource::Youths
        };
        tx.note(
            resource,
            Some(youth_id),
            Some(youth_id.cast()),
            "storedAnswer",
        );
    }
    let content = match body {
        Some(Value::Object(members)) => Content::Document(members),
        Some(_) => Content::Document(Map::new()),
        None => Content::Empty,
    };
    Ok(Reply {
        status: stored.status,
        content,
        version: stored.version,
        place: stored.place,
    })
}
