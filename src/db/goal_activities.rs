//! What is done for a goal, and its follow-ups: rows, lists and changes. A follow-up never changes: a later one of the same part
//! of a year is a new revision, and the one before stays.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Shown, Word, disclosed};
use super::goals::relation;
use super::listing::{load_of, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::schema::{goal_activities, goal_follow_ups};
use super::types::Timestamp;
use crate::domain::codes::Code;
use crate::domain::goal::{ActivityStatus, GoalPeriod};
use crate::domain::id::{Goal, GoalActivity, GoalFollowUp, Id, User};
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

/// An activity as stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = goal_activities, treat_none_as_null = true)]
pub struct GoalActivityRow {
    pub id: Id<GoalActivity>,
    pub goal_id: Id<Goal>,
    pub title: String,
    pub responsible_unit: String,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub is_active: bool,
    pub created_by: Option<Id<User>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

guarded! {
    /// A follow-up as stored. What is written in it is enciphered, since somebody may write of a person.
    #[derive(Debug, Clone)]
    pub struct GoalFollowUpRow as StoredGoalFollowUpRow [derive(Queryable, Insertable), diesel(table_name = goal_follow_ups)] in goal_follow_ups by id {
        pub id: Id<GoalFollowUp>,
        pub activity_id: Id<GoalActivity>,
        pub year: i32,
        pub period: GoalPeriod,
        /// From 1, in each part of a year.
        pub revision: i32,
        pub status: ActivityStatus,
        pub forecast ~ Option<String>,
        pub remedy ~ Option<String>,
        pub followed_up_on: NaiveDate,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
    }
}

impl GoalFollowUpRow {
    /// The last day of what it is about, and which revision it is.
    pub fn place(&self) -> (NaiveDate, i32) {
        (self.period.last_day(self.year), self.revision)
    }
}

/// An activity with its follow-ups, by what they are about, the earliest first.
#[derive(Debug, Clone)]
pub struct GoalActivityRecord {
    pub row: GoalActivityRow,
    pub follow_ups: Vec<GoalFollowUpRow>,
}

impl GoalActivityRecord {
    /// The follow-up in force of the latest part of a year that ends by a day; of all, if none is given.
    pub fn latest(&self, by: Option<NaiveDate>) -> Option<&GoalFollowUpRow> {
        self.follow_ups
            .iter()
            .filter(|follow_up| by.is_none_or(|by| follow_up.place().0 <= by))
            .max_by_key(|follow_up| follow_up.place())
    }

    /// How far it has come, by its latest follow-up.
    pub fn status(&self) -> ActivityStatus {
        let latest = self.latest(None);
        latest.map_or(ActivityStatus::NotBegun, |follow_up| follow_up.status)
    }

    /// Whether a later revision has taken the place of a follow-up.
    fn is_in_force(&self, follow_up: &GoalFollowUpRow) -> bool {
        !self.follow_ups.iter().any(|other| {
            (other.year, other.period) == (follow_up.year, follow_up.period)
                && other.revision > follow_up.revision
        })
    }

    fn shown_follow_ups(&self) -> Value {
        let shown = |follow_up: &GoalFollowUpRow| {
            json!({
                "year": follow_up.year,
                "period": follow_up.period.code(),
                "revision": follow_up.revision,
                "isInForce": self.is_in_force(follow_up),
                "status": follow_up.status.code(),
                "forecast": follow_up.forecast,
                "remedy": follow_up.remedy,
                "followedUpOn": follow_up.followed_up_on.shown(),
                "createdBy": follow_up.created_by.shown(),
                "createdAt": follow_up.created_at.shown(),
            })
        };
        self.follow_ups.iter().map(shown).collect()
    }
}

disclosed!(GoalActivityRecord, GoalActivities, |r| youth: None, id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "goalId": r.row.goal_id,
    "title": r.row.title,
    "responsibleUnit": r.row.responsible_unit,
    "startsOn": r.row.starts_on,
    "endsOn": r.row.ends_on,
    "isActive": r.row.is_active,
    "status": Word(r.status()),
    "followUps": r.shown_follow_ups(),
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// An activity with its follow-ups.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<GoalActivity>) -> Result<Sealed<GoalActivityRecord>> {
    let row: GoalActivityRow = goal_activities::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    let record = with_follow_ups(tx, vec![row])?.pop();
    record.ok_or_else(|| ErrorCode::NotFound.into())
}

/// The activities of a goal, in the order in which they were entered.
///
/// # Errors
/// The database does not answer.
pub fn list(
    tx: &mut AuditedTx<'_>,
    goal_id: Id<Goal>,
    is_active: Option<bool>,
    request: &PageRequest,
) -> Result<Page<Sealed<GoalActivityRecord>>> {
    let mut query = goal_activities::table
        .filter(goal_activities::goal_id.eq(goal_id))
        .into_boxed();
    if let Some(is_active) = is_active {
        query = query.filter(goal_activities::is_active.eq(is_active));
    }
    let page: Page<GoalActivityRow> = load_page_by_id!(
        tx,
        request,
        query,
        false,
        goal_activities::id,
        |row: &GoalActivityRow| row.id
    );
    page.try_with(|rows| with_follow_ups(tx, rows))
}

/// The activities of some goals that are still followed up, in the order in which they were entered.
///
/// # Errors
/// The database does not answer.
pub fn of_goals(
    tx: &mut AuditedTx<'_>,
    goal_ids: &[Id<Goal>],
) -> Result<Vec<Sealed<GoalActivityRecord>>> {
    let rows: Vec<GoalActivityRow> = load_of!(
        tx.conn(),
        goal_ids,
        goal_activities::goal_id,
        goal_activities::table
            .filter(goal_activities::is_active.eq(true))
            .order(goal_activities::id)
    )?;
    with_follow_ups(tx, rows)
}

fn with_follow_ups(
    tx: &mut AuditedTx<'_>,
    rows: Vec<GoalActivityRow>,
) -> Result<Vec<Sealed<GoalActivityRecord>>> {
    let ids: Vec<Id<GoalActivity>> = rows.iter().map(|row| row.id).collect();
    let found: Vec<StoredGoalFollowUpRow> = load_of!(
        tx.conn(),
        &ids,
        goal_follow_ups::activity_id,
        goal_follow_ups::table.order(goal_follow_ups::id)
    )?;
    let mut follow_ups = found.all_deciphered(tx.vault())?;
    follow_ups.sort_by_key(GoalFollowUpRow::place);
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = follow_ups.iter().filter(|of| of.activity_id == row.id);
            let follow_ups = own.cloned().collect();
            Sealed::new(GoalActivityRecord { row, follow_ups }, relation())
        })
        .collect())
}

/// Stores a new activity.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &GoalActivityRow) -> Result<()> {
    diesel::insert_into(goal_activities::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed activity.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &GoalActivityRow) -> Result<()> {
    diesel::update(goal_activities::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a follow-up beside those before it.
///
/// # Errors
/// The database does not answer.
pub fn insert_follow_up(tx: &mut AuditedTx<'_>, _: &Permit, row: &GoalFollowUpRow) -> Result<()> {
    diesel::insert_into(goal_follow_ups::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}
