//! Youths with what is known of them besides their rows, for all of a list in one statement: the number in force, the open tracks, the
//! handler, the gate, the occupation, objections, restrictions, and how the actor stands to them. The facts only; what a record
//! is made of is decided in `youths`, what follows from how the actor stands in `policy::decide`.

use super::assignments::runs_at;
use super::audited::AuditedTx;
use super::cipher::{CipherText, Stored};
use super::listing::load_of;
use super::occupations::{CurrentRow, current_from};
use super::relations::Standing;
use super::restrictions::{in_force, stands_on};
use super::schema::{
    access_grants, assignments, correction_notes, current_occupations, measure_gates,
    processing_restrictions, youth_identifiers, youths,
};
use super::youths::{StoredYouthRow, YouthRow, opened_number};
use crate::domain::codes::{AssignmentKind, Track};
use crate::domain::id::{Id, Identifier, User, Youth};
use crate::domain::identity_number::IdentityNumber;
use crate::domain::occupation::Current;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::HashMap;

/// What is known of a youth besides the row.
pub(in crate::db) struct Sides {
    /// The number in force, if there is one.
    pub(in crate::db) identity: Option<IdentityNumber>,
    /// The tracks of the open episodes.
    pub(in crate::db) tracks: Vec<Track>,
    /// The responsible handler at this moment.
    pub(in crate::db) handler_id: Option<Id<User>>,
    /// Whether measures may start, and since when that is so.
    pub(in crate::db) gate: Option<(bool, NaiveDate)>,
    /// How many objections stand beside records of the register.
    pub(in crate::db) correction_notes: i64,
    /// Since when the processing of the data is restricted.
    pub(in crate::db) restricted_since: Option<NaiveDate>,
    /// What the youth does, as far as it counts as known today.
    pub(in crate::db) occupation: Option<Current>,
}

/// Youths with what is known of each.
type Known = HashMap<Id<Youth>, (YouthRow, Sides)>;

#[derive(Queryable)]
struct SidesRow {
    youth: StoredYouthRow,
    number: Option<(Id<Identifier>, String, CipherText)>,
    gate: Option<(bool, NaiveDate)>,
    occupation: Option<CurrentRow>,
    is_in_kaa: bool,
    is_in_outreach: bool,
    handler_id: Option<Id<User>>,
    correction_notes: Option<i64>,
    is_restricted: bool,
    is_assigned: bool,
    has_grant: bool,
}

/// Some youths with what is known of them, and how the actor stands to them. Those that there are not are left out.
///
/// # Errors
/// The database does not answer, or a text or a number does not open.
pub(in crate::db) fn with_sides(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Youth>],
) -> Result<(Known, Standing)> {
    let rows = load(tx, ids)?;
    let today = tx.today();
    let restricted: Vec<Id<Youth>> = rows
        .iter()
        .filter(|row| row.is_restricted)
        .map(|row| row.youth.id)
        .collect();
    let restricted = in_force(tx.conn(), &restricted, today)?;
    let assigned = rows.iter().filter(|row| row.is_assigned);
    let assigned = assigned.map(|row| row.youth.id).collect();
    let granted: Vec<Id<Youth>> = rows
        .iter()
        .filter(|row| row.has_grant)
        .map(|row| row.youth.id)
        .collect();
    let standing = Standing::known(tx, assigned, &granted, &restricted)?;
    let mut youths = HashMap::with_capacity(rows.len());
    for row in rows {
        let identity = match row.number {
            Some((id, kind, number)) => opened_number(tx.vault(), id, &kind, number)?,
            None => None,
        };
        let open = [
            (row.is_in_kaa, Track::Kaa),
            (row.is_in_outreach, Track::Outreach),
        ];
        let open = open.into_iter().filter(|(is_open, _)| *is_open);
        let known = Sides {
            identity,
            tracks: open.map(|(_, track)| track).collect(),
            handler_id: row.handler_id,
            gate: row.gate,
            correction_notes: row.correction_notes.unwrap_or(0),
            restricted_since: restricted.get(&row.youth.id).map(|(since, _)| *since),
            occupation: row.occupation.map(|now| current_from(now).on(today)),
        };
        let row = row.youth.deciphered(tx.vault())?;
        youths.insert(row.id, (row, known));
    }
    Ok((youths, standing))
}

fn load(tx: &mut AuditedTx<'_>, ids: &[Id<Youth>]) -> Result<Vec<SidesRow>> {
    let (now, today) = (tx.timestamp(), tx.today());
    let user_id = tx.actor().user_id().unwrap_or(Id::of(uuid::Uuid::nil()));
    let query = youths::table
        .left_join(
            youth_identifiers::table.on(youth_identifiers::youth_id
                .eq(youths::id)
                .and(youth_identifiers::is_current.eq(true))),
        )
        .left_join(measure_gates::table.on(measure_gates::youth_id.eq(youths::id)))
        .left_join(current_occupations::table.on(current_occupations::youth_id.eq(youths::id)))
        .select((
            StoredYouthRow::as_select(),
            (
                youth_identifiers::id,
                youth_identifiers::kind,
                youth_identifiers::number,
            )
                .nullable(),
            (measure_gates::may_start, measure_gates::since_on).nullable(),
            current_occupations::all_columns.nullable(),
            youths::is_in_kaa,
            youths::is_in_outreach,
            assignments::table
                .filter(assignments::youth_id.eq(youths::id))
                .filter(assignments::kind.eq(AssignmentKind::Handler))
                .filter(runs_at(now))
                .order(assignments::starts_at.desc())
                .select(assignments::user_id)
                .single_value(),
            correction_notes::table
                .filter(correction_notes::youth_id.eq(youths::id))
                .count()
                .single_value(),
            exists(
                processing_restrictions::table
                    .filter(processing_restrictions::youth_id.eq(youths::id))
                    .filter(stands_on!(today)),
            ),
            exists(
                assignments::table
                    .filter(assignments::youth_id.eq(youths::id))
                    .filter(assignments::user_id.eq(user_id))
                    .filter(runs_at(now)),
            ),
            exists(
                access_grants::table
                    .filter(access_grants::youth_id.eq(youths::id))
                    .filter(access_grants::user_id.eq(user_id))
                    .filter(access_grants::expires_at.gt(now)),
            ),
        ));
    Ok(load_of!(tx.conn(), ids, youths::id, query)?)
}
