//! Residences: where a youth is at home. Entering a new home ends the one that stood open before, for nobody is registered
//! in two places; what overlaps otherwise is refused. What a residence means is decided in `domain::target_group`.

use super::facts::{read_municipality, read_source, read_void_reason, refuse_void};
use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::residences::{self, ResidenceRow};
use crate::db::versions::keep_version;
use crate::db::youths::YouthRecord;
use crate::domain::id::{Id, Residence, Youth};
use crate::domain::operation::Resource;
use crate::domain::target_group::codes::{FactSource, ResidenceKind};
use crate::domain::target_group::{ResidenceFact, check_residence};
use crate::error::{FieldCode, FieldError, Result};
use crate::policy::reveal::{Permit, View};

const INPUTS: &[&str] = &[
    "kind",
    "municipalityCode",
    "fromOn",
    "toOn",
    "source",
    "voidReason",
];

struct ResidenceInput {
    fact: ResidenceFact,
    municipality_code: Option<String>,
    source: FactSource,
    void_reason: Option<String>,
}

/// The residences of a youth, the latest begun first, void ones too.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_residences(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = residences::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One residence.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_residence(tx: &mut AuditedTx<'_>, id: Id<Residence>) -> Result<View> {
    let sealed = residences::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters where a youth is at home.
///
/// # Errors
/// 404; 403 with a pointer; 422 with all fields that are wrong.
pub fn add_residence(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, fields: Fields) -> Result<View> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::Residences, &relation, fields)?;
    let standing = standing(tx, youth_id)?;
    // The home that stands open ends the day before the new one begins.
    let ended: Vec<ResidenceRow> = match (form.peek_date("fromOn"), form.peek_code("kind")) {
        (Some(from_on), Some(kind)) => standing
            .iter()
            .filter(|row| ends_before(row, kind, from_on))
            .map(|row| ResidenceRow {
                to_on: from_on.pred_opt(),
                updated_at: tx.timestamp(),
                version: row.version + 1,
                ..row.clone()
            })
            .collect(),
        _ => Vec::new(),
    };
    let others: Vec<ResidenceFact> = standing
        .iter()
        .map(|row| {
            let ended = ended.iter().find(|ended| ended.id == row.id);
            ended.unwrap_or(row).fact()
        })
        .collect();
    let input = read_input(tx, &youth, &others, &mut form, false);
    let input = form.finish_with(input)?;
    for row in &ended {
        residences::update(tx, &permit, row)?;
        keep_version(tx, row)?;
        tx.note(
            Resource::Residences,
            Some(youth_id),
            Some(row.id.cast()),
            "toOn",
        );
    }
    let now = tx.timestamp();
    let row = ResidenceRow {
        id: Id::fresh(),
        youth_id,
        kind: input.fact.kind,
        municipality_code: input.municipality_code,
        from_on: input.fact.from_on,
        to_on: input.fact.to_on,
        source: input.source,
        void_reason: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    residences::insert_many(tx, &permit, std::slice::from_ref(&row))?;
    finish(tx, row.id)
}

fn ends_before(row: &ResidenceRow, kind: ResidenceKind, from_on: chrono::NaiveDate) -> bool {
    kind.is_exclusive() && row.kind.is_exclusive() && row.to_on.is_none() && row.from_on < from_on
}

/// Changes a residence, or marks it void.
///
/// # Errors
/// 404; 403 with a pointer; 412; 409 when it is void; 422 with all fields that are wrong.
pub fn update_residence(
    tx: &mut AuditedTx<'_>,
    id: Id<Residence>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = residences::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().clone();
    refuse_void(before.void_reason.as_ref())?;
    let (youth, _) = load_for_rules(tx, before.youth_id)?;
    let others: Vec<ResidenceFact> = standing(tx, before.youth_id)?
        .iter()
        .filter(|row| row.id != id)
        .map(ResidenceRow::fact)
        .collect();
    let input = read_input(tx, &youth, &others, &mut form, true);
    screen(tx, &mut form)?;
    let input = form.finish_with(input)?;
    store(tx, &permit, &before, input)?;
    finish(tx, id)
}

fn store(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    before: &ResidenceRow,
    input: ResidenceInput,
) -> Result<()> {
    let row = ResidenceRow {
        kind: input.fact.kind,
        municipality_code: input.municipality_code,
        from_on: input.fact.from_on,
        to_on: input.fact.to_on,
        source: input.source,
        void_reason: input.void_reason,
        updated_at: tx.timestamp(),
        version: before.version + 1,
        ..before.clone()
    };
    residences::update(tx, permit, &row)
}

/// The residences of a youth that are not void.
fn standing(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<ResidenceRow>> {
    let mut rows = residences::of_youths(tx, &[youth_id])?;
    rows.retain(|row| row.void_reason.is_none());
    Ok(rows)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<Residence>) -> Result<View> {
    let sealed = residences::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn read_input(
    tx: &AuditedTx<'_>,
    youth: &YouthRecord,
    others: &[ResidenceFact],
    form: &mut Form,
    may_be_void: bool,
) -> Option<ResidenceInput> {
    let void_reason = if may_be_void {
        read_void_reason(form)
    } else {
        None
    };
    let kind: Option<ResidenceKind> = form.code("kind");
    let kind = form.require("kind", kind);
    let municipality_code = read_municipality(form, youth.row.protection_level);
    if municipality_code.is_some() && kind.is_some_and(|k| k != ResidenceKind::RegisteredElsewhere)
    {
        form.add([FieldError::with(
            "/municipalityCode",
            FieldCode::NotWithOther,
            "kind",
        )]);
    }
    let from_on = form.date("fromOn");
    let from_on = form.require("fromOn", from_on);
    let names_end = form.has("toOn");
    let to_on = form.date("toOn");
    let source = read_source(form, void_reason.is_some());
    let fact = ResidenceFact {
        from_on: from_on?,
        to_on,
        kind: kind?,
    };
    if void_reason.is_none() && names_end == to_on.is_some() {
        form.add(check_residence(
            &fact,
            others,
            youth.row.birth_date,
            tx.today(),
        ));
    }
    Some(ResidenceInput {
        fact,
        municipality_code,
        source: source?,
        void_reason,
    })
}
