//! A youth's whole story in order: everything that any record tells, for each reader only what they may see of it. Each entry
//! shows its record as reading that record alone would, by the same rules, so that nothing can be seen here that is closed
//! there. What can happen stands in `domain::timeline`.

use super::form::Form;
use super::youths::{read_youth, visible_relation};
use super::{
    access_grants, assignments, consents, contacts, correction_notes, disclosures, disposal_holds,
    education_contracts, enrolments, episodes, exam_documents, interventions, mappings,
    occupations, outcome_checks, placement_wishes, placements, plans, protected_status, referrals,
    register_extracts, residences, restrictions, school_notifications, target_group_candidates,
    tasks, transfers,
};
use crate::db::paging::{Page, PageRequest};
use crate::db::timeline::{Moment, TimelineEntry, Whose, moments_of};
use crate::db::{self, audited::AuditedTx};
use crate::domain::id::{Id, Record, Youth};
use crate::domain::operation::Resource;
use crate::domain::timeline::{TOLD, TimelineEvent};
use crate::error::{Error, ErrorCode, Result};
use crate::policy::access_table::{FieldAccess, Scope, field_access, scope};
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Disclosable, Sealed, View};
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Which part of a story is asked for.
struct StoryFilter {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    event: Option<TimelineEvent>,
    is_oldest_first: bool,
}

/// The story of a youth, latest first or oldest first. What lies ahead has not happened and is not told.
///
/// # Errors
/// 400 for a wrong parameter; 404 for a youth the actor may not know of.
pub fn read_timeline(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    let filter = read_filter(parameters)?;
    let today = tx.today();
    let mut moments: Vec<Moment> = Vec::new();
    for resource in TOLD {
        if let Some(whose) = whose(tx, *resource, &relation) {
            moments.extend(moments_of(tx, youth_id, *resource, whose)?);
        }
    }
    moments.retain(|moment| {
        moment.on <= today
            && filter.from.is_none_or(|day| day <= moment.on)
            && filter.to.is_none_or(|day| moment.on <= day)
            && filter.event.is_none_or(|event| event == moment.event)
            && reads_field(tx, moment)
    });
    let key_of = |moment: &Moment| key(moment, filter.is_oldest_first);
    moments.sort_by_cached_key(key_of);
    let page = request.cut_sorted(moments, key_of);
    page.try_with(|moments| reveal(tx, youth_id, &relation, moments))
}

fn read_filter(mut form: Form) -> Result<StoryFilter> {
    let (from, to) = form.days();
    let filter = StoryFilter {
        from,
        to,
        event: form.code("event"),
        is_oldest_first: form.one_of("sort", &["at", "-at"]) == Some("at"),
    };
    form.finish()?;
    Ok(filter)
}

/// Whose records of a kind the actor may know of, if any.
fn whose(tx: &AuditedTx<'_>, resource: Resource, relation: &Relation) -> Option<Whose> {
    let is_own = tx
        .actor()
        .role()
        .is_some_and(|role| scope(resource, role) == Scope::Own);
    let asked = Relation {
        is_own: is_own || relation.is_own,
        ..relation.clone()
    };
    // Which tasks are somebody's own depends on more than who made them; they stand on the work list.
    if !sees(tx.actor(), resource, &asked) || (is_own && resource == Resource::Tasks) {
        return None;
    }
    Some(if is_own { Whose::Own } else { Whose::All })
}

/// Whether the actor's role reads the field that says when it happened, be it with a reason.
fn reads_field(tx: &AuditedTx<'_>, moment: &Moment) -> bool {
    tx.actor()
        .role()
        .is_none_or(|role| field_access(moment.resource, moment.field, role) > FieldAccess::Masked)
}

/// The place of a moment in the story. A list is cut in the order of its keys, so that of the latest first they run down.
fn key(moment: &Moment, is_oldest_first: bool) -> (String, uuid::Uuid) {
    let micros = moment.instant().utc().timestamp_micros();
    let (rank, id) = (moment.event as i64, moment.record_id.uuid());
    let (micros, rank, id) = if is_oldest_first {
        (i128::from(micros), rank, id)
    } else {
        let down = uuid::Uuid::from_u128(!id.as_u128());
        (-i128::from(micros), RANKS - rank, down)
    };
    // Instants before 1970 too, as text in the order of the numbers.
    let place = micros + (1 << 63);
    (format!("{place:020}{rank:03}"), id)
}

/// More than there are events.
const RANKS: i64 = 500;

/// Loads the record of each moment once, and shows it beside every moment that it tells of.
fn reveal(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: &Relation,
    moments: Vec<Moment>,
) -> Result<Vec<View>> {
    let mut records = read_together(tx, &moments)?;
    let mut entries = Vec::with_capacity(moments.len());
    for moment in moments {
        let place = (moment.resource, moment.record_id);
        let record = match records.get(&place) {
            Some(known) => known.clone(),
            None => {
                let read = read_record(tx, &moment)?;
                records.insert(place, read.clone());
                read
            }
        };
        // What the record itself does not show of this is not told by its place in the story either.
        let Some(record) = record.filter(|view| view.fields.contains_key(moment.field)) else {
            continue;
        };
        let entry = TimelineEntry {
            youth_id,
            moment,
            record: Value::Object(record.fields),
        };
        entries.push(tx.reveal(&Sealed::new(entry, relation.clone()))?);
    }
    Ok(entries)
}

/// Records as the actor sees them, if at all.
type Records = HashMap<(Resource, Id<Record>), Option<View>>;

/// The records of the kinds of which a story holds many, each kind in one question.
fn read_together(tx: &mut AuditedTx<'_>, moments: &[Moment]) -> Result<Records> {
    let mut records = HashMap::new();
    macro_rules! read {
        ($resource:ident of $module:ident) => {
            let of_kind = moments
                .iter()
                .filter(|moment| moment.resource == Resource::$resource)
                .map(|moment| moment.record_id.uuid());
            let ids: BTreeSet<Uuid> = of_kind.collect();
            let ids: Vec<_> = ids.into_iter().map(Id::of).collect();
            for sealed in db::$module::load_those(tx, &ids)? {
                let id = sealed.for_rules().record_id();
                let read = found(tx.reveal(&sealed))?;
                records.insert((Resource::$resource, id), read);
            }
        };
    }
    read!(Contacts of contacts);
    read!(Interventions of interventions);
    read!(Occupations of occupations);
    read!(Assignments of assignments);
    read!(Episodes of episodes);
    Ok(records)
}

/// The record, as whoever reads it alone sees it; `None` when that is nothing.
fn read_record(tx: &mut AuditedTx<'_>, moment: &Moment) -> Result<Option<View>> {
    let id = moment.record_id;
    let read = match moment.resource {
        Resource::Youths => read_youth(tx, id.cast()),
        Resource::Episodes => episodes::read_episode(tx, id.cast()),
        Resource::Assignments => assignments::read_assignment(tx, id.cast()),
        Resource::Contacts => contacts::read_contact(tx, id.cast()),
        Resource::Occupations => occupations::read_occupation(tx, id.cast()),
        Resource::Mappings => mappings::read_mapping(tx, id.cast()),
        Resource::PlanRevisions => plans::read_plan_revision(tx, id.cast()),
        Resource::EducationContracts => education_contracts::read_education_contract(tx, id.cast()),
        Resource::PlacementWishes => placement_wishes::read_placement_wish(tx, id.cast()),
        Resource::Placements => placements::read_placement(tx, id.cast()),
        Resource::Interventions => interventions::read_intervention(tx, id.cast()),
        Resource::Referrals | Resource::ProtectedReferrals => {
            referrals::read_referral(tx, id.cast())
        }
        Resource::Consents | Resource::ProtectedConsents => consents::read_consent(tx, id.cast()),
        Resource::Disclosures | Resource::ProtectedDisclosures => {
            disclosures::read_disclosure(tx, id.cast())
        }
        Resource::CorrectionNotes | Resource::ProtectedCorrectionNotes => {
            correction_notes::read_correction_note(tx, id.cast())
        }
        Resource::RegisterExtracts => register_extracts::read_register_extract(tx, id.cast()),
        Resource::Restrictions => restrictions::read_restriction(tx, id.cast()),
        Resource::DisposalHolds => disposal_holds::read_disposal_hold(tx, id.cast()),
        Resource::Transfers => transfers::read_transfer(tx, id.cast()),
        Resource::ProtectedStatuses => protected_status::read_protected_status(tx, id.cast()),
        Resource::SchoolNotifications => {
            school_notifications::read_school_notification(tx, id.cast())
        }
        Resource::Residences => residences::read_residence(tx, id.cast()),
        Resource::Enrolments => enrolments::read_enrolment(tx, id.cast()),
        Resource::ExamDocuments => exam_documents::read_exam_document(tx, id.cast()),
        Resource::TargetGroupCandidates => target_group_candidates::read_candidate(tx, id.cast()),
        Resource::OutcomeChecks => outcome_checks::read_outcome_check(tx, id.cast()),
        Resource::Tasks | Resource::ProtectedTasks => tasks::read_task(tx, id.cast()),
        Resource::AccessGrants => access_grants::read_access_grant(tx, id.cast()),
        _ => return Err(Error::internal("a kind of record that tells no story")),
    };
    found(read)
}

fn found(read: Result<View>) -> Result<Option<View>> {
    match read {
        Ok(view) => Ok(Some(view)),
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
