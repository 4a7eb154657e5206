//! The work list, derived by query from planned contacts, follow-ups and sent referrals.
//!
//! A line stands on the list of whoever made its cause and of the youth's responsible handler, as long as they may see the
//! youth and the episode is open. A planned contact is done when its planner has made another contact, or when anybody has
//! on the planned day or later: a chance meeting before the day does not wipe out somebody else's plan. A referral of the
//! protected compartment stands on the list of the one who made it and is still assigned, and nowhere else.
//!
//! Youths with protected identity are in nobody's list (domain 4.4), but a task that nobody is told of is a task
//! forgotten. So the one assigned gets the line without the name: whose it is they learn by opening the youth.

use super::audited::AuditedTx;
use super::listing::list_scope;
use super::paging::{Page, PageRequest};
use super::schema::{
    assignments, contacts, episodes, intervention_follow_ups, interventions, protected_referrals,
    referrals, youths,
};
use crate::domain::codes::{
    AssignmentKind, Code, OfferAnswer, ProtectionLevel, ReferralStatus, TaskKind,
};
use crate::domain::id::{Contact, FollowUp, Id, Intervention, Record, Referral, Youth};
use crate::domain::operation::Resource;
use crate::domain::task::{answer_due_on, is_overdue};
use crate::error::Result;
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Disclosable, Sealed};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

/// A line of the work list.
#[derive(Clone)]
pub struct TaskRecord {
    pub kind: TaskKind,
    pub due_on: NaiveDate,
    pub is_overdue: bool,
    pub youth_id: Id<Youth>,
    /// Given name and family name; none of a youth with protected identity.
    pub name: Option<(String, String)>,
    /// What to open: the contact, the intervention or the referral.
    pub record_id: Id<Record>,
    /// What tells this line from every other.
    pub place: Uuid,
    /// Whether its cause lies in the protected compartment.
    pub is_of_compartment: bool,
}

impl Disclosable for TaskRecord {
    const RESOURCE: Resource = Resource::Tasks;
    fn record_id(&self) -> Id<Record> {
        self.record_id
    }
    fn youth_id(&self) -> Option<Id<Youth>> {
        Some(self.youth_id)
    }
    fn version(&self) -> i64 {
        0
    }
    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "kind" => json!(self.kind.code()),
            "dueOn" => json!(self.due_on),
            "isOverdue" => json!(self.is_overdue),
            "youthId" => json!(self.youth_id),
            "givenName" => json!(self.name.as_ref()?.0),
            "familyName" => json!(self.name.as_ref()?.1),
            "recordId" => json!(self.record_id),
            _ => return None,
        })
    }
    fn noted_as(&self) -> Resource {
        if self.is_of_compartment {
            Resource::ProtectedReferrals
        } else {
            Resource::Tasks
        }
    }
}

impl TaskRecord {
    /// The names of the fields that can be shown.
    pub const FIELD_NAMES: &'static [&'static str] = &[
        "kind",
        "dueOn",
        "isOverdue",
        "youthId",
        "givenName",
        "familyName",
        "recordId",
    ];
}

/// Which lines are asked for.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Due before this day.
    pub due_before: Option<NaiveDate>,
    pub kind: Option<TaskKind>,
}

/// The youth behind a line.
type Whom = (Id<Youth>, String, String, ProtectionLevel);

/// The actor's work list, longest overdue first.
///
/// # Errors
/// 403 for anybody but a member of staff; the database does not answer.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &TaskFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<TaskRecord>>> {
    let wanted = |kind| filter.kind.is_none_or(|only| only == kind);
    let mut rows = Vec::new();
    if wanted(TaskKind::NextContact) {
        rows.extend(planned_contacts(tx)?);
    }
    if wanted(TaskKind::FollowUp) {
        rows.extend(follow_ups(tx)?);
    }
    if wanted(TaskKind::AwaitReferralAnswer) {
        rows.extend(awaited_answers(tx)?);
    }
    if let Some(day) = filter.due_before {
        rows.retain(|row| row.due_on < day);
    }
    let key_of = |row: &TaskRecord| (row.due_on.to_string(), row.place);
    rows.sort_by_cached_key(key_of);
    // Every line is the actor's own: that is what the queries ask for.
    let own = Relation {
        is_own: true,
        ..Relation::unit_record(true)
    };
    request
        .cut_sorted(rows, key_of)
        .try_map(|row| Ok(Sealed::new(row, own.clone())))
}

/// Whether an assignment of the actor to the youth runs: `runs!(tx, youth_id)`, or one of a kind `runs!(tx, youth_id, kind)`.
macro_rules! runs {
    ($tx:expr, $youth_id:expr $(, $kind:expr)?) => {
        exists(
            assignments::table
                .filter(assignments::youth_id.eq($youth_id))
                .filter(assignments::user_id.eq($tx.staff()?.id))
                $(.filter(assignments::kind.eq($kind)))?
                .filter(crate::db::assignments::runs_at($tx.timestamp())),
        )
    };
}

/// Narrows a boxed query over youths and something of theirs to the youths that the actor may see now.
macro_rules! of_seen_youths {
    ($tx:expr, $query:expr) => {{
        let unit_id = $tx.staff()?.unit_id.unwrap_or(Id::of(Uuid::nil()));
        let mut query = $query
            .filter(youths::unit_id.eq(unit_id))
            .filter(
                youths::protection_level
                    .eq(ProtectionLevel::None)
                    .or(runs!($tx, youths::id)),
            )
            .into_boxed();
        if list_scope($tx, Resource::Youths) != Scope::Unit {
            query = query.filter(runs!($tx, youths::id));
        }
        query
    }};
}

diesel::alias! {
    const LATER: Alias<Later> = contacts as later;
    const BY_PLANNER: Alias<ByPlanner> = contacts as by_planner;
}

const WHOM: (
    youths::id,
    youths::given_name,
    youths::family_name,
    youths::protection_level,
) = (
    youths::id,
    youths::given_name,
    youths::family_name,
    youths::protection_level,
);

fn planned_contacts(tx: &mut AuditedTx<'_>) -> Result<Vec<TaskRecord>> {
    let me = tx.staff()?.id;
    let query = contacts::table
        .inner_join(youths::table.on(youths::id.eq(contacts::youth_id)))
        .inner_join(episodes::table.on(episodes::id.eq(contacts::episode_id)))
        .filter(episodes::exited_on.is_null())
        .filter(contacts::next_contact_on.is_not_null())
        .filter(diesel::dsl::not(exists(
            BY_PLANNER
                .filter(BY_PLANNER.field(contacts::youth_id).eq(contacts::youth_id))
                .filter(
                    BY_PLANNER
                        .field(contacts::author_id)
                        .eq(contacts::author_id),
                )
                .filter(
                    BY_PLANNER
                        .field(contacts::occurred_at)
                        .gt(contacts::occurred_at),
                ),
        )))
        .filter(
            youths::last_attempt_on
                .is_null()
                .or(youths::last_attempt_on
                    .lt(contacts::next_contact_on)
                    .assume_not_null())
                .or(diesel::dsl::not(exists(
                    LATER
                        .filter(LATER.field(contacts::youth_id).eq(contacts::youth_id))
                        .filter(LATER.field(contacts::occurred_at).gt(contacts::occurred_at)),
                ))),
        );
    let mut query = of_seen_youths!(tx, query);
    // Who sees only what they made has only their own plans.
    query = if list_scope(tx, Resource::Contacts) == Scope::Own {
        query.filter(contacts::author_id.eq(me))
    } else {
        query.filter(
            contacts::author_id
                .eq(me)
                .or(runs!(tx, youths::id, AssignmentKind::Handler)),
        )
    };
    let rows: Vec<(Id<Contact>, Option<NaiveDate>, Whom)> = query
        .select((contacts::id, contacts::next_contact_on, WHOM))
        .load(tx.conn())?;
    let today = tx.today();
    Ok(rows
        .into_iter()
        .filter_map(|(id, due_on, whom)| {
            Some(line(
                TaskKind::NextContact,
                (id.cast(), id.uuid()),
                due_on?,
                whom,
                today,
            ))
        })
        .collect())
}

fn follow_ups(tx: &mut AuditedTx<'_>) -> Result<Vec<TaskRecord>> {
    if list_scope(tx, Resource::Interventions) == Scope::None {
        return Ok(Vec::new());
    }
    let me = tx.staff()?.id;
    let query = intervention_follow_ups::table
        .inner_join(
            interventions::table.on(interventions::id.eq(intervention_follow_ups::intervention_id)),
        )
        .inner_join(youths::table.on(youths::id.eq(interventions::youth_id)))
        .inner_join(episodes::table.on(episodes::id.eq(interventions::episode_id)))
        .filter(episodes::exited_on.is_null())
        .filter(intervention_follow_ups::done_on.is_null())
        // Of what was turned down there is nothing to follow up.
        .filter(interventions::answer.ne_all([OfferAnswer::Declined, OfferAnswer::Withdrawn]))
        .filter(interventions::created_by.eq(me).assume_not_null().or(runs!(
            tx,
            youths::id,
            AssignmentKind::Handler
        )));
    let rows: Vec<(Id<FollowUp>, Id<Intervention>, NaiveDate, Whom)> = of_seen_youths!(tx, query)
        .select((
            intervention_follow_ups::id,
            interventions::id,
            intervention_follow_ups::due_on,
            WHOM,
        ))
        .load(tx.conn())?;
    let today = tx.today();
    Ok(rows
        .into_iter()
        .map(|(id, intervention_id, due_on, whom)| {
            line(
                TaskKind::FollowUp,
                (intervention_id.cast(), id.uuid()),
                due_on,
                whom,
                today,
            )
        })
        .collect())
}

type Awaited = (Id<Referral>, Option<NaiveDate>, Option<NaiveDate>, Whom);

fn awaited_answers(tx: &mut AuditedTx<'_>) -> Result<Vec<TaskRecord>> {
    let me = tx.staff()?.id;
    let mut rows = Vec::new();
    macro_rules! sent {
        ($table:ident) => {
            $table::table
                .inner_join(youths::table.on(youths::id.eq($table::youth_id)))
                .inner_join(episodes::table.on(episodes::id.eq($table::episode_id)))
                .filter(episodes::exited_on.is_null())
                .filter($table::status.eq(ReferralStatus::Sent))
        };
    }
    macro_rules! load {
        ($table:ident, $query:expr) => {
            of_seen_youths!(tx, $query)
                .select(($table::id, $table::answer_due_on, $table::sent_on, WHOM))
                .load(tx.conn())?
        };
    }
    let today = tx.today();
    let answer = |(id, agreed, sent_on, whom): Awaited| {
        let due_on = answer_due_on(agreed, sent_on.unwrap_or(today));
        let place = (id.cast(), id.uuid());
        line(TaskKind::AwaitReferralAnswer, place, due_on, whom, today)
    };
    if list_scope(tx, Resource::Referrals) != Scope::None {
        let query =
            sent!(referrals).filter(referrals::created_by.eq(me).assume_not_null().or(runs!(
                tx,
                youths::id,
                AssignmentKind::Handler
            )));
        let open: Vec<Awaited> = load!(referrals, query);
        rows.extend(open.into_iter().map(answer));
    }
    // The chief's sight of the compartment needs a reason each time, so it makes no list.
    if list_scope(tx, Resource::ProtectedReferrals) == Scope::Assigned {
        let query = sent!(protected_referrals)
            .filter(protected_referrals::created_by.eq(me).assume_not_null())
            .filter(runs!(tx, youths::id));
        let closed: Vec<Awaited> = load!(protected_referrals, query);
        rows.extend(closed.into_iter().map(|row| TaskRecord {
            is_of_compartment: true,
            ..answer(row)
        }));
    }
    Ok(rows)
}

fn line(
    kind: TaskKind,
    (record_id, place): (Id<Record>, Uuid),
    due_on: NaiveDate,
    (youth_id, given_name, family_name, protection_level): Whom,
    today: NaiveDate,
) -> TaskRecord {
    TaskRecord {
        kind,
        due_on,
        is_overdue: is_overdue(due_on, today),
        youth_id,
        name: (protection_level == ProtectionLevel::None).then_some((given_name, family_name)),
        record_id,
        place,
        is_of_compartment: false,
    }
}
