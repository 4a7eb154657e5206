//! What those who are paid by the hour have done, week by week: gathered from their sessions, their contacts and what they
//! reported, with the approvals and the reported time themselves. Contacts with youths of protected identity are in no count
//! (domain 4.4): that time is reported as time, without whom it was for. How it adds up is decided in `domain::work_week`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page_by_id};
use super::on_day;
use super::paging::{Page, PageRequest};
use super::relations::is_unprotected;
use super::schema::{
    contacts, outreach_participants, outreach_sessions, users, week_approvals, work_hours, youths,
};
use super::types::Timestamp;
use crate::clock::start_of;
use crate::domain::codes::{Channel, ContactResult};
use crate::domain::id::{Id, Unit, User, WeekApproval, WorkHours, Youth};
use crate::domain::operation::Resource;
use crate::domain::weekly_summary::Week;
use crate::domain::work_week::{Meeting, Reported, Shift, WorkKind, WorkWeek};
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::{Relation, roles_by_the_hour};
use crate::policy::reveal::{Permit, Sealed};
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use std::collections::HashMap;

guarded! {
    /// Time that was reported, as stored.
    #[derive(Debug, Clone)]
    pub struct WorkHoursRow as StoredWorkHoursRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = work_hours, treat_none_as_null = true)] in work_hours by id {
        pub id: Id<WorkHours>,
        pub unit_id: Id<Unit>,
        pub user_id: Id<User>,
        pub worked_on: NaiveDate,
        pub minutes: i32,
        pub kind: WorkKind,
        pub note ~ Option<String>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(WorkHoursRow, WorkHours, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "userId": r.user_id,
    "workedOn": r.worked_on,
    "minutes": r.minutes,
    "kind": Word(r.kind),
    "note": r.note,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

guarded! {
    /// An approval as stored.
    #[derive(Debug, Clone)]
    pub struct WeekApprovalRow as StoredWeekApprovalRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = week_approvals, treat_none_as_null = true)] in week_approvals by id {
        pub id: Id<WeekApproval>,
        pub unit_id: Id<Unit>,
        pub user_id: Id<User>,
        /// The Monday.
        pub week_on: NaiveDate,
        /// What the week came to when it was approved.
        pub counted_minutes: i32,
        pub approved_minutes: i32,
        pub reason ~ Option<String>,
        pub approved_by: Id<User>,
        pub approved_at: Timestamp,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(WeekApprovalRow, WeekApprovals, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "userId": r.user_id,
    "week": Week::holding(r.week_on).code(),
    "countedMinutes": r.counted_minutes,
    "approvedMinutes": r.approved_minutes,
    "reason": r.reason,
    "approvedBy": r.approved_by,
    "approvedAt": r.approved_at,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// A week of somebody, with its approval if it has one.
#[derive(Debug, Clone)]
pub struct WeekRecord {
    pub user_id: Id<User>,
    pub display_name: String,
    pub week: Week,
    pub work: WorkWeek,
    pub approval: Option<WeekApprovalRow>,
}

impl WeekRecord {
    /// How many minutes there are besides those approved, or how many fewer; `None` before it has been approved.
    pub fn difference(&self) -> Option<i64> {
        let approval = self.approval.as_ref()?;
        Some(self.work.counted_minutes() - i64::from(approval.counted_minutes))
    }
}

disclosed!(WeekRecord, AmbassadorWeeks, |r| youth: None, id: r.user_id, version: 1, {
    "userId": r.user_id,
    "displayName": r.display_name,
    "week": r.week.code(),
    "sessionCount": r.work.sessions,
    "sessionMinutes": r.work.session_minutes,
    "contactCount": r.work.contacts,
    "visitCount": r.work.visits,
    "attemptCount": r.work.attempts,
    "contactMinutes": r.work.contact_minutes,
    "youthsReached": r.work.youths_reached,
    "reportedMinutes": r.work.reported_minutes,
    "countedMinutes": r.work.counted_minutes(),
    "daysWorked": r.work.days_worked,
    "approvalId": r.approval.as_ref().map(|approval| approval.id),
    "approvedMinutes": r.approval.as_ref().map(|approval| approval.approved_minutes),
    "approvedBy": r.approval.as_ref().map(|approval| approval.approved_by),
    "approvedAt": r.approval.as_ref().map(|approval| approval.approved_at),
    "differenceMinutes": r.difference(),
});

/// Somebody who is paid by the hour: who, and their name.
pub type ByTheHour = (Id<User>, String);

/// Those of the actor's unit who are paid by the hour, also who has left since, by name; of the actor's own list the actor.
///
/// # Errors
/// The database does not answer.
pub fn paid(tx: &mut AuditedTx<'_>) -> Result<Vec<ByTheHour>> {
    let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
    let mut query = users::table
        .filter(users::unit_id.eq(unit_id))
        .filter(users::role.eq_any(roles_by_the_hour()))
        .select((users::id, users::display_name))
        .into_boxed();
    if list_scope(tx, Resource::AmbassadorWeeks) == Scope::Own {
        query = query.filter(users::id.eq(tx.staff()?.id));
    }
    let mut found: Vec<ByTheHour> = query.load(tx.conn())?;
    // Sorted here, so that å, ä and ö stand alike on both databases.
    found.sort_by_cached_key(|(id, name)| {
        (crate::domain::person_name::sort_key("", name), id.uuid())
    });
    Ok(found)
}

/// Some weeks in a row of some people, the latest first, by name within a week.
///
/// # Errors
/// The database does not answer.
pub fn weeks(
    tx: &mut AuditedTx<'_>,
    people: &[ByTheHour],
    first: Week,
    last: Week,
) -> Result<Vec<Sealed<WeekRecord>>> {
    let ids: Vec<Id<User>> = people.iter().map(|(id, _)| *id).collect();
    let (from, to) = (first.first_day(), last.last_day());
    let shifts = shifts(tx, &ids, from, to)?;
    let meetings = meetings(tx, &ids, from, to)?;
    let reported = reported(tx, &ids, from, to)?;
    let mut approvals = approvals(tx, &ids, from, to)?;
    let relation_of = |id: Id<User>, tx: &AuditedTx<'_>| Relation {
        is_own: tx.actor().user_id() == Some(id),
        ..Relation::unit_record(true)
    };
    let mut records = Vec::new();
    let mut week = last;
    while week.first_day() >= first.first_day() {
        for (id, name) in people {
            let shifts = of_week(shifts.get(id), week, |shift| shift.on);
            let meetings = of_week(meetings.get(id), week, |meeting| meeting.on);
            let reported = of_week(reported.get(id), week, |time| time.on);
            let record = WeekRecord {
                user_id: *id,
                display_name: name.clone(),
                week,
                work: WorkWeek::of(&shifts, &meetings, &reported),
                approval: approvals.remove(&(*id, week.first_day())),
            };
            records.push(Sealed::new(record, relation_of(*id, tx)));
        }
        match week.before() {
            Some(before) => week = before,
            None => break,
        }
    }
    Ok(records)
}

fn of_week<T: Copy>(all: Option<&Vec<T>>, week: Week, day_of: impl Fn(&T) -> NaiveDate) -> Vec<T> {
    let days = week.first_day()..=week.last_day();
    let all = all.into_iter().flatten();
    all.filter(|one| days.contains(&day_of(one)))
        .copied()
        .collect()
}

/// The instants at which a span of Swedish days begins and ends.
fn span(from: NaiveDate, to: NaiveDate) -> (Timestamp, Timestamp) {
    let next = to.checked_add_days(Days::new(1)).unwrap_or(to);
    (Timestamp::of(start_of(from)), Timestamp::of(start_of(next)))
}

fn shifts(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<User>],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<Id<User>, Vec<Shift>>> {
    let (begin, end) = span(from, to);
    let rows: Vec<(Id<User>, Option<i32>, Timestamp, Timestamp)> = outreach_participants::table
        .inner_join(outreach_sessions::table)
        .filter(outreach_participants::user_id.eq_any(ids))
        .filter(outreach_sessions::starts_at.ge(begin))
        .filter(outreach_sessions::starts_at.lt(end))
        .select((
            outreach_participants::user_id,
            outreach_participants::minutes,
            outreach_sessions::starts_at,
            outreach_sessions::ends_at,
        ))
        .load(tx.conn())?;
    let mut by_user: HashMap<Id<User>, Vec<Shift>> = HashMap::new();
    for (user_id, minutes, starts_at, ends_at) in rows {
        by_user.entry(user_id).or_default().push(Shift {
            on: on_day(starts_at),
            starts_at: starts_at.utc(),
            ends_at: ends_at.utc(),
            minutes: minutes.map(i64::from),
        });
    }
    Ok(by_user)
}

fn meetings(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<User>],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<Id<User>, Vec<Meeting>>> {
    type Read = (
        Id<User>,
        Id<Youth>,
        Timestamp,
        Channel,
        ContactResult,
        Option<i32>,
    );
    let (begin, end) = span(from, to);
    let rows: Vec<Read> = contacts::table
        .inner_join(youths::table.on(youths::id.eq(contacts::youth_id)))
        .filter(is_unprotected())
        .filter(contacts::author_id.eq_any(ids))
        .filter(contacts::occurred_at.ge(begin))
        .filter(contacts::occurred_at.lt(end))
        .select((
            contacts::author_id,
            contacts::youth_id,
            contacts::occurred_at,
            contacts::channel,
            contacts::result,
            contacts::minutes,
        ))
        .load(tx.conn())?;
    let mut by_user: HashMap<Id<User>, Vec<Meeting>> = HashMap::new();
    for (user_id, youth_id, occurred_at, channel, result, minutes) in rows {
        by_user.entry(user_id).or_default().push(Meeting {
            youth_id,
            on: on_day(occurred_at),
            occurred_at: occurred_at.utc(),
            channel,
            result,
            minutes: minutes.map(i64::from),
        });
    }
    Ok(by_user)
}

fn reported(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<User>],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<Id<User>, Vec<Reported>>> {
    let rows: Vec<(Id<User>, NaiveDate, i32)> = work_hours::table
        .filter(work_hours::user_id.eq_any(ids))
        .filter(work_hours::worked_on.between(from, to))
        .select((
            work_hours::user_id,
            work_hours::worked_on,
            work_hours::minutes,
        ))
        .load(tx.conn())?;
    let mut by_user: HashMap<Id<User>, Vec<Reported>> = HashMap::new();
    for (user_id, on, minutes) in rows {
        by_user.entry(user_id).or_default().push(Reported {
            on,
            minutes: i64::from(minutes),
        });
    }
    Ok(by_user)
}

fn approvals(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<User>],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<(Id<User>, NaiveDate), WeekApprovalRow>> {
    let rows: Vec<StoredWeekApprovalRow> = week_approvals::table
        .filter(week_approvals::user_id.eq_any(ids))
        .filter(week_approvals::week_on.between(from, to))
        .load(tx.conn())?;
    let rows = rows.all_deciphered(tx.vault())?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.user_id, row.week_on), row))
        .collect())
}

// Reported time -----------------------------------------------------------------------------------

fn relation_to(tx: &AuditedTx<'_>, unit_id: Id<Unit>, user_id: Id<User>) -> Relation {
    Relation {
        is_own: tx.actor().user_id() == Some(user_id),
        ..Relation::unit_record(tx.actor().unit_id() == Some(unit_id))
    }
}

/// Reported time.
///
/// # Errors
/// 404 when there is none.
pub fn load_hours(tx: &mut AuditedTx<'_>, id: Id<WorkHours>) -> Result<Sealed<WorkHoursRow>> {
    let row: Option<StoredWorkHoursRow> = work_hours::table.find(id).first(tx.conn()).optional()?;
    let row = row.all_deciphered(tx.vault())?.ok_or(ErrorCode::NotFound)?;
    let relation = relation_to(tx, row.unit_id, row.user_id);
    Ok(Sealed::new(row, relation))
}

/// The time reported in the actor's unit, or by the actor, in some days, latest reported first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list_hours(
    tx: &mut AuditedTx<'_>,
    user_id: Option<Id<User>>,
    days: (Option<NaiveDate>, Option<NaiveDate>),
    request: &PageRequest,
) -> Result<Page<Sealed<WorkHoursRow>>> {
    let scope = list_scope(tx, Resource::WorkHours);
    let mut query = work_hours::table.into_boxed();
    if scope != Scope::All {
        let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
        query = query.filter(work_hours::unit_id.eq(unit_id));
    }
    if scope == Scope::Own {
        query = query.filter(work_hours::user_id.eq(tx.staff()?.id));
    }
    if let Some(user_id) = user_id {
        query = query.filter(work_hours::user_id.eq(user_id));
    }
    if let Some(from) = days.0 {
        query = query.filter(work_hours::worked_on.ge(from));
    }
    if let Some(to) = days.1 {
        query = query.filter(work_hours::worked_on.le(to));
    }
    let page: Page<StoredWorkHoursRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        work_hours::id,
        |row: &StoredWorkHoursRow| row.id
    );
    let rows = page.try_with(|rows| rows.all_deciphered(tx.vault()))?;
    rows.try_map(|row| {
        let relation = relation_to(tx, row.unit_id, row.user_id);
        Ok(Sealed::new(row, relation))
    })
}

/// Stores newly reported time.
///
/// # Errors
/// The database does not answer.
pub fn insert_hours(tx: &mut AuditedTx<'_>, _: &Permit, row: &WorkHoursRow) -> Result<()> {
    diesel::insert_into(work_hours::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores changed time.
///
/// # Errors
/// The database does not answer.
pub fn update_hours(tx: &mut AuditedTx<'_>, _: &Permit, row: &WorkHoursRow) -> Result<()> {
    diesel::update(work_hours::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

// Approvals ---------------------------------------------------------------------------------------

/// An approval.
///
/// # Errors
/// 404 when there is none.
pub fn load_approval(
    tx: &mut AuditedTx<'_>,
    id: Id<WeekApproval>,
) -> Result<Sealed<WeekApprovalRow>> {
    let row: Option<StoredWeekApprovalRow> =
        week_approvals::table.find(id).first(tx.conn()).optional()?;
    let row = row.all_deciphered(tx.vault())?.ok_or(ErrorCode::NotFound)?;
    let relation = relation_to(tx, row.unit_id, row.user_id);
    Ok(Sealed::new(row, relation))
}

/// Stores a new approval.
///
/// # Errors
/// The database does not answer.
pub fn insert_approval(tx: &mut AuditedTx<'_>, _: &Permit, row: &WeekApprovalRow) -> Result<()> {
    diesel::insert_into(week_approvals::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed approval.
///
/// # Errors
/// The database does not answer.
pub fn update_approval(tx: &mut AuditedTx<'_>, _: &Permit, row: &WeekApprovalRow) -> Result<()> {
    diesel::update(week_approvals::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}
