//! On which days a youth's story moves: the dates of all records that tell of it, read narrowly, whatever the actor may see of
//! them. Which kinds and fields the actor sees is decided by whoever asks; the records themselves are loaded elsewhere.

use super::audited::AuditedTx;
use super::disclosed::{Shown, Word};
use super::on_day;
use super::schema::{
    access_grants, assignments, consents, contacts, correction_notes, disclosures, disposal_holds,
    education_contracts, enrolments, episodes, exam_documents, interventions, mappings,
    occupations, outcome_checks, placement_wishes, placements, plan_revisions,
    processing_restrictions, protected_consents, protected_correction_notes, protected_disclosures,
    protected_referrals, protected_statuses, protected_tasks, referrals, register_extracts,
    residences, school_notifications, target_group_candidates, tasks, transfers, youths,
};
use super::tasks::StoredTaskRow;
use super::types::Timestamp;
use crate::clock::start_of;
use crate::domain::id::{Id, Record, Youth};
use crate::domain::operation::Resource;
use crate::domain::task::TaskClosing;
use crate::domain::timeline::TimelineEvent;
use crate::error::Result;
use crate::policy::reveal::Disclosable;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::Value;

/// Something that happened, and the record that tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub event: TimelineEvent,
    pub resource: Resource,
    pub record_id: Id<Record>,
    /// The field of the record that says when: who may not read that is not told of the event.
    pub field: &'static str,
    pub on: NaiveDate,
    /// The instant, where one is known.
    pub at: Option<Timestamp>,
}

impl Moment {
    /// What it is ordered by: the instant, or the beginning of the day.
    pub fn instant(&self) -> Timestamp {
        self.at.unwrap_or_else(|| Timestamp::of(start_of(self.on)))
    }
}

/// A moment with its record, as far as the actor may see that.
#[derive(Debug, Clone)]
pub struct TimelineEntry {
    pub youth_id: Id<Youth>,
    pub moment: Moment,
    pub record: Value,
}

impl Disclosable for TimelineEntry {
    const RESOURCE: Resource = Resource::TimelineEntries;
    fn record_id(&self) -> Id<Record> {
        self.moment.record_id
    }
    fn youth_id(&self) -> Option<Id<Youth>> {
        Some(self.youth_id)
    }
    fn version(&self) -> i64 {
        1
    }
    fn field(&self, name: &str) -> Option<Value> {
        let moment = &self.moment;
        Some(match name {
            "youthId" => self.youth_id.shown(),
            "event" => Word(moment.event).shown(),
            "on" => moment.on.shown(),
            "at" => moment.at.shown(),
            "kind" => Value::from(moment.resource.name()),
            "recordId" => moment.record_id.shown(),
            "record" => self.record.clone(),
            _ => return None,
        })
    }
    // Whoever reads the log without knowing of the compartment must not find there that the story had more to tell.
    fn noted_as(&self) -> Resource {
        self.moment.resource
    }
}

/// A day or an instant, told or not.
trait When {
    fn when(self) -> Option<(NaiveDate, Option<Timestamp>)>;
}
impl When for NaiveDate {
    fn when(self) -> Option<(NaiveDate, Option<Timestamp>)> {
        Some((self, None))
    }
}
impl When for Timestamp {
    fn when(self) -> Option<(NaiveDate, Option<Timestamp>)> {
        Some((on_day(self), Some(self)))
    }
}
impl<T: When> When for Option<T> {
    fn when(self) -> Option<(NaiveDate, Option<Timestamp>)> {
        self.and_then(When::when)
    }
}

/// Whose records of a kind are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// The actor's own.
    Own,
}

/// The moments that records of a kind tell of: `moments!(tx, youth_id, Kind of table by id, [column: Type "field" Event, ..])`.
macro_rules! moments {
    ($tx:expr, $query:expr, $resource:ident of $table:ident by $id:ident, [$($column:ident: $ty:ty, $field:literal => $event:ident;)+]) => {{
        let rows: Vec<(Id<Record>, $($ty),+)> = $query
            .select(($table::$id, $($table::$column),+))
            .load($tx.conn())?;
        let mut found = Vec::with_capacity(rows.len());
        for (record_id, $($column),+) in rows {
            $(if let Some((on, at)) = $column.when() {
                found.push(Moment {
                    event: TimelineEvent::$event,
                    resource: Resource::$resource,
                    record_id,
                    field: $field,
                    on,
                    at,
                });
            })+
        }
        found
    }};
}

/// Of two kinds of record alike, the one of the register and the one of the compartment.
macro_rules! apart {
    ($tx:expr, $youth_id:expr, $resource:ident of $table:ident, referral) => {
        moments!($tx, $table::table.filter($table::youth_id.eq($youth_id)), $resource of $table by id, [
            offered_on: NaiveDate, "offeredOn" => ReferralOffered;
            declined_on: Option<NaiveDate>, "declinedOn" => ReferralDeclined;
            consented_on: Option<NaiveDate>, "consentedOn" => ReferralConsented;
            sent_on: Option<NaiveDate>, "sentOn" => ReferralSent;
            received_on: Option<NaiveDate>, "receivedOn" => ReferralReceived;
            closed_on: Option<NaiveDate>, "closedOn" => ReferralClosed;
        ])
    };
    ($tx:expr, $youth_id:expr, $resource:ident of $table:ident, consent) => {
        moments!($tx, $table::table.filter($table::youth_id.eq($youth_id)), $resource of $table by id, [
            valid_from_on: NaiveDate, "validFromOn" => ConsentGiven;
            withdrawn_on: Option<NaiveDate>, "withdrawnOn" => ConsentWithdrawn;
        ])
    };
    ($tx:expr, $youth_id:expr, $resource:ident of $table:ident, disclosure) => {
        moments!($tx, $table::table.filter($table::youth_id.eq($youth_id)), $resource of $table by id, [
            disclosed_on: NaiveDate, "disclosedOn" => Disclosed;
        ])
    };
    ($tx:expr, $youth_id:expr, $resource:ident of $table:ident, objection) => {
        moments!($tx, $table::table.filter($table::youth_id.eq($youth_id)), $resource of $table by id, [
            raised_on: NaiveDate, "raisedOn" => ObjectionRaised;
        ])
    };
}

/// What records of a kind tell of a youth, in no order; nothing of a kind that tells of none.
///
/// # Errors
/// The database does not answer.
#[rustfmt::skip]
pub fn moments_of(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    resource: Resource,
    whose: Whose,
) -> Result<Vec<Moment>> {
    let mine = tx.actor().user_id().filter(|_| whose == Whose::Own);
    macro_rules! of {
        ($table:ident) => { $table::table.filter($table::youth_id.eq(youth_id)) };
        ($table:ident, own: $by:ident) => {{
            let mut query = of!($table).into_boxed();
            if let Some(user_id) = mine {
                query = query.filter($table::$by.eq(user_id));
            }
            query
        }};
    }
    Ok(match resource {
        Resource::Youths => moments!(tx, youths::table.filter(youths::id.eq(youth_id)), Youths of youths by id, [
            created_at: Timestamp, "createdAt" => YouthRegistered;
        ]),
        Resource::Episodes => moments!(tx, of!(episodes), Episodes of episodes by id, [
            entered_on: NaiveDate, "enteredOn" => EpisodeOpened;
            exited_on: Option<NaiveDate>, "exitedOn" => EpisodeClosed;
        ]),
        Resource::Assignments => moments!(tx, of!(assignments, own: user_id), Assignments of assignments by id, [
            starts_at: Timestamp, "startsAt" => AssignmentStarted;
            ends_at: Option<Timestamp>, "endsAt" => AssignmentEnded;
        ]),
        Resource::Contacts => moments!(tx, of!(contacts, own: author_id), Contacts of contacts by id, [
            occurred_at: Timestamp, "occurredAt" => Contact;
        ]),
        Resource::Occupations => moments!(tx, of!(occupations), Occupations of occupations by id, [
            as_of_on: NaiveDate, "asOfOn" => OccupationAscertained;
        ]),
        Resource::Mappings => moments!(tx, of!(mappings), Mappings of mappings by id, [
            made_on: NaiveDate, "madeOn" => MappingMade;
        ]),
        Resource::PlanRevisions => moments!(tx, of!(plan_revisions), PlanRevisions of plan_revisions by id, [
            created_at: Timestamp, "createdAt" => PlanMade;
        ]),
        Resource::EducationContracts => moments!(tx, of!(education_contracts), EducationContracts of education_contracts by id, [
            signed_on: Option<NaiveDate>, "signedOn" => ContractSigned;
            ended_on: Option<NaiveDate>, "endedOn" => ContractEnded;
        ]),
        Resource::PlacementWishes => moments!(tx, of!(placement_wishes), PlacementWishes of placement_wishes by id, [
            created_at: Timestamp, "createdAt" => PlacementWished;
        ]),
        Resource::Placements => moments!(tx, of!(placements), Placements of placements by id, [
            created_at: Timestamp, "createdAt" => PlacementOffered;
        ]),
        Resource::Interventions => moments!(tx, of!(interventions), Interventions of interventions by id, [
            offered_on: NaiveDate, "offeredOn" => InterventionOffered;
            answered_on: Option<NaiveDate>, "answeredOn" => InterventionAnswered;
            started_on: Option<NaiveDate>, "startedOn" => InterventionStarted;
            ended_on: Option<NaiveDate>, "endedOn" => InterventionEnded;
        ]),
        Resource::Referrals => apart!(tx, youth_id, Referrals of referrals, referral),
        Resource::ProtectedReferrals => apart!(tx, youth_id, ProtectedReferrals of protected_referrals, referral),
        Resource::Consents => apart!(tx, youth_id, Consents of consents, consent),
        Resource::ProtectedConsents => apart!(tx, youth_id, ProtectedConsents of protected_consents, consent),
        Resource::Disclosures => apart!(tx, youth_id, Disclosures of disclosures, disclosure),
        Resource::ProtectedDisclosures => apart!(tx, youth_id, ProtectedDisclosures of protected_disclosures, disclosure),
        Resource::CorrectionNotes => apart!(tx, youth_id, CorrectionNotes of correction_notes, objection),
        Resource::ProtectedCorrectionNotes => apart!(tx, youth_id, ProtectedCorrectionNotes of protected_correction_notes, objection),
        Resource::RegisterExtracts => moments!(tx, of!(register_extracts), RegisterExtracts of register_extracts by id, [
            created_at: Timestamp, "createdAt" => ExtractMade;
        ]),
        Resource::Restrictions => moments!(tx, of!(processing_restrictions), Restrictions of processing_restrictions by id, [
            from_on: NaiveDate, "fromOn" => ProcessingRestricted;
            lifted_on: Option<NaiveDate>, "liftedOn" => RestrictionLifted;
        ]),
        Resource::DisposalHolds => moments!(tx, of!(disposal_holds), DisposalHolds of disposal_holds by id, [
            created_at: Timestamp, "createdAt" => HoldPlaced;
            lifted_on: Option<NaiveDate>, "liftedOn" => HoldLifted;
        ]),
        Resource::Transfers => moments!(tx, of!(transfers), Transfers of transfers by id, [
            created_at: Timestamp, "createdAt" => TransferAsked;
            decided_on: Option<NaiveDate>, "decidedOn" => TransferDecided;
        ]),
        Resource::ProtectedStatuses => moments!(tx, of!(protected_statuses), ProtectedStatuses of protected_statuses by youth_id, [
            updated_at: Timestamp, "updatedAt" => StatusSet;
        ]),
        Resource::SchoolNotifications => moments!(tx, of!(school_notifications), SchoolNotifications of school_notifications by id, [
            received_on: NaiveDate, "receivedOn" => SchoolNotified;
        ]),
        Resource::Residences => moments!(tx, of!(residences), Residences of residences by id, [
            from_on: NaiveDate, "fromOn" => ResidenceBegan;
        ]),
        Resource::Enrolments => moments!(tx, of!(enrolments), Enrolments of enrolments by id, [
            starts_on: Option<NaiveDate>, "startsOn" => EnrolmentStarted;
            ends_on: Option<NaiveDate>, "endsOn" => EnrolmentEnded;
        ]),
        Resource::ExamDocuments => moments!(tx, of!(exam_documents), ExamDocuments of exam_documents by id, [
            issued_on: NaiveDate, "issuedOn" => ExamIssued;
        ]),
        Resource::TargetGroupCandidates => moments!(tx, of!(target_group_candidates), TargetGroupCandidates of target_group_candidates by id, [
            decided_at: Option<Timestamp>, "decidedAt" => CandidateDecided;
        ]),
        Resource::OutcomeChecks => moments!(tx, of!(outcome_checks), OutcomeChecks of outcome_checks by id, [
            checked_on: Option<NaiveDate>, "checkedOn" => OutcomeChecked;
        ]),
        Resource::Tasks => {
            let answered = of!(tasks).filter(tasks::closed_because.eq(TaskClosing::Answered).assume_not_null());
            moments!(tx, answered, Tasks of tasks by id, [
                answered_on: Option<NaiveDate>, "answeredOn" => TaskAnswered;
            ])
        }
        Resource::ProtectedTasks => answered_of_compartment(tx, youth_id)?,
        Resource::AccessGrants => moments!(tx, of!(access_grants, own: user_id), AccessGrants of access_grants by id, [
            granted_at: Timestamp, "grantedAt" => GlassBroken;
        ]),
        _ => Vec::new(),
    })
}

/// Why a task of the compartment was closed is a secret to the database too.
fn answered_of_compartment(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<Moment>> {
    let closed: Vec<StoredTaskRow> = protected_tasks::table
        .filter(protected_tasks::youth_id.eq(youth_id))
        .filter(protected_tasks::answered_on.is_not_null())
        .load(tx.conn())?;
    let mut found = Vec::new();
    for row in closed {
        if row.closing(tx.vault(), true)? == Some(TaskClosing::Answered) {
            found.extend(row.answered_on.map(|on| Moment {
                event: TimelineEvent::TaskAnswered,
                resource: Resource::ProtectedTasks,
                record_id: row.id.cast(),
                field: "answeredOn",
                on,
                at: None,
            }));
        }
    }
    Ok(found)
}
