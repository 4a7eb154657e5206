//! How the actor stands to a youth at this moment: same unit, running assignment, running break-glass, protected identity.
//! The facts only; what follows from them is decided in `policy::decide`.

use super::assignments::runs_at;
use super::audited::AuditedTx;
use super::listing::load_of;
use super::restrictions::in_force;
use super::schema::{access_grants, assignments, import_decisions, youths};
use super::youth_merges::missing;
use crate::domain::codes::{Code, GrantPurpose, ProtectionLevel};
use crate::domain::id::{Id, Unit, Youth};
use crate::domain::restriction::stands_still;
use crate::error::Result;
use crate::policy::decide::Relation;
use chrono::NaiveDate;
use diesel::dsl;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// The youths whose identity is not protected, in SQL: what `ProtectionLevel::is_protected` says, for every query that has the
/// youths in it. Nobody else compares the level with anything; a test reads the sources for it.
pub(in crate::db) fn is_unprotected() -> dsl::Eq<youths::protection_level, ProtectionLevel> {
    youths::protection_level.eq(ProtectionLevel::None)
}

/// The others.
pub(in crate::db) fn is_protected() -> dsl::NotEq<youths::protection_level, ProtectionLevel> {
    youths::protection_level.ne(ProtectionLevel::None)
}

/// Either of these in a query that is put together as text, over youths by this name.
pub(in crate::db) fn protection_in_sql(youths: &str, is_protected: bool) -> String {
    let compares = if is_protected { "<>" } else { "=" };
    let none = ProtectionLevel::None.code();
    format!("{youths}.protection_level {compares} '{none}'")
}

/// The same of what a row of a roster says of somebody who may not be in the register.
pub(in crate::db) fn is_unprotected_row()
-> dsl::Eq<import_decisions::protection_level, ProtectionLevel> {
    import_decisions::protection_level.eq(ProtectionLevel::None)
}

/// A youth, as far as it matters for who may know of it.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct YouthKey {
    /// Who.
    pub id: Id<Youth>,
    /// The unit.
    pub unit_id: Id<Unit>,
    /// Protected identity.
    pub protection_level: ProtectionLevel,
}

/// The relation of the actor to each of some youths.
///
/// # Errors
/// The database does not answer.
pub fn relations_to(
    tx: &mut AuditedTx<'_>,
    keys: &[YouthKey],
) -> Result<HashMap<Id<Youth>, Relation>> {
    let (actor, now) = (*tx.actor(), tx.timestamp());
    let ids: Vec<Id<Youth>> = keys.iter().map(|key| key.id).collect();
    let mut assigned: HashSet<Id<Youth>> = HashSet::new();
    // Asked where it decides something: most changes go on under a restriction, and a contact is logged in every street.
    let restricted = if stands_still(tx.operation()) {
        let today = tx.today();
        in_force(tx.conn(), &ids, today)?
    } else {
        HashMap::new()
    };
    if let (Some(user_id), false) = (actor.user_id(), ids.is_empty()) {
        let mine: Vec<Id<Youth>> = load_of!(
            tx.conn(),
            &ids,
            assignments::youth_id,
            assignments::table
                .filter(assignments::user_id.eq(user_id))
                .filter(runs_at(now))
                .select(assignments::youth_id)
        )?;
        assigned = mine.into_iter().collect();
    }
    let mut standing = Standing::known(tx, assigned, &ids, &restricted)?;
    Ok(keys
        .iter()
        .map(|key| (key.id, standing.relation(key)))
        .collect())
}

/// How the actor stands to some youths.
pub(in crate::db) struct Standing {
    unit_id: Option<Id<Unit>>,
    assigned: HashSet<Id<Youth>>,
    /// Those under a restriction that is not opened, where that decides something.
    restricted: HashSet<Id<Youth>>,
    grants: HashMap<Id<Youth>, Vec<GrantPurpose>>,
}

impl Standing {
    /// What is known already, with the running break-glasses of some youths. `restricted`: since when, and whether it is opened.
    ///
    /// # Errors
    /// The database does not answer.
    pub(in crate::db) fn known(
        tx: &mut AuditedTx<'_>,
        assigned: HashSet<Id<Youth>>,
        granted: &[Id<Youth>],
        restricted: &HashMap<Id<Youth>, (NaiveDate, bool)>,
    ) -> Result<Self> {
        let (actor, now) = (*tx.actor(), tx.timestamp());
        let decides = stands_still(tx.operation());
        let closed = restricted.iter().filter(|(_, (_, is_open))| !is_open);
        let mut standing = Self {
            unit_id: actor.unit_id(),
            assigned,
            restricted: closed.filter(|_| decides).map(|(id, _)| *id).collect(),
            grants: HashMap::new(),
        };
        if let Some(user_id) = actor.user_id() {
            let running: Vec<(Id<Youth>, GrantPurpose)> = load_of!(
                tx.conn(),
                granted,
                access_grants::youth_id,
                access_grants::table
                    .filter(access_grants::user_id.eq(user_id))
                    .filter(access_grants::expires_at.gt(now))
                    .select((access_grants::youth_id, access_grants::purpose))
            )?;
            for (youth_id, purpose) in running {
                standing.grants.entry(youth_id).or_default().push(purpose);
            }
        }
        Ok(standing)
    }

    /// The relation to one of them.
    pub(in crate::db) fn relation(&mut self, key: &YouthKey) -> Relation {
        Relation {
            is_same_unit: self.unit_id == Some(key.unit_id),
            is_assigned: self.assigned.contains(&key.id),
            is_own: false,
            is_protected: key.protection_level.is_protected(),
            is_restricted: self.restricted.contains(&key.id),
            grants: self.grants.remove(&key.id).unwrap_or_default(),
            notes_apart: None,
        }
    }
}

/// The key of a youth.
///
/// # Errors
/// 404 when there is none; it tells where the record has gone, if it was merged.
pub fn load_key(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<YouthKey> {
    let key = youths::table
        .filter(youths::id.eq(id))
        .select((youths::id, youths::unit_id, youths::protection_level))
        .first(tx.conn())
        .optional()?;
    match key {
        Some(key) => Ok(key),
        None => Err(missing(tx, id)?),
    }
}

/// Whether the youth that the operation is about has a protected identity.
///
/// # Errors
/// The database does not answer.
pub fn is_about_protected(tx: &mut AuditedTx<'_>) -> Result<bool> {
    let Some(youth_id) = tx.youth_concerned() else {
        return Ok(false);
    };
    Ok(load_key(tx, youth_id)?.protection_level.is_protected())
}

/// The relation of the actor to one youth. A refusal that follows from it names the youth in the audit.
///
/// # Errors
/// 404 when there is no such youth.
pub fn relation_to(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<Relation> {
    let key = load_key(tx, id)?;
    tx.concern(id);
    Ok(relations_to(tx, &[key])?.remove(&id).unwrap_or_default())
}

/// The relations of the actor to the youths behind some records.
///
/// # Errors
/// The database does not answer.
pub fn relations_by_id(
    tx: &mut AuditedTx<'_>,
    ids: impl IntoIterator<Item = Id<Youth>>,
) -> Result<HashMap<Id<Youth>, Relation>> {
    let ids: HashSet<Id<Youth>> = ids.into_iter().collect();
    let ids: Vec<Id<Youth>> = ids.into_iter().collect();
    let keys: Vec<YouthKey> = load_of!(
        tx.conn(),
        &ids,
        youths::id,
        youths::table.select((youths::id, youths::unit_id, youths::protection_level))
    )?;
    relations_to(tx, &keys)
}
