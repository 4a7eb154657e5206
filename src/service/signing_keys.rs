//! The rotation of the keys that sign access tokens. When a key signs and until when it is accepted stands in `auth::token`.

use super::Fields;
use crate::auth::token::{SigningKey, outlived};
use crate::db::audited::AuditedTx;
use crate::db::signing_keys;
use crate::db::types::Timestamp;
use crate::domain::operation::Resource;
use crate::error::Result;
use crate::policy::decide::Relation;
use serde_json::json;

/// Makes a key the next to sign. Nobody is signed out by it.
///
/// # Errors
/// 403.
pub fn rotate_signing_key(tx: &mut AuditedTx<'_>, key: &SigningKey) -> Result<Fields> {
    let permit = tx.permit(Resource::Settings, &Relation::unit_record(true))?;
    signing_keys::insert(tx, &permit, key)?;
    let known = signing_keys::list(tx)?;
    signing_keys::delete(tx, &permit, &outlived(&known, tx.now()))?;
    tx.note(Resource::Settings, None, None, "signingKey");
    let mut told = Fields::new();
    told.insert("kid".to_owned(), json!(key.kid));
    let signs_from = Timestamp::of(key.signs_from).to_text();
    told.insert("signsFrom".to_owned(), json!(signs_from));
    Ok(told)
}
