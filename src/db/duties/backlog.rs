//! Settling everybody: once for a database of an earlier version, which has no stored tasks, and by day for what a birthday
//! has ended. Each chunk is a transaction of its own and settling twice changes nothing, so that whoever is killed on the
//! way begins again.

use super::{CHUNK, settle, socionoms};
use crate::db::Conn;
use crate::db::audited::{AuditedTx, Door};
use crate::db::schema::{backfills, episodes, protected_tasks, tasks, youths};
use crate::domain::id::{Id, Youth};
use crate::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::ops::AddAssign;

/// The mark of a database in which everybody has been settled once, since there are tasks for the next attempt.
pub const BACKLOG: &str = "tasks_2";

/// What settling has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// Youths looked at.
    pub youths: usize,
    /// Tasks made.
    pub made: usize,
    /// Tasks whose duty said something else.
    pub moved: usize,
    /// Tasks closed.
    pub closed: usize,
}

impl Settled {
    /// Whether nothing had to be done.
    pub const fn is_nothing(&self) -> bool {
        self.made == 0 && self.moved == 0 && self.closed == 0
    }
}

impl AddAssign for Settled {
    fn add_assign(&mut self, other: Self) {
        self.youths += other.youths;
        self.made += other.made;
        self.moved += other.moved;
        self.closed += other.closed;
    }
}

/// Whether everybody has been settled once.
///
/// # Errors
/// The database does not answer.
pub fn is_backlog_settled(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(exists(backfills::table.find(BACKLOG))).get_result(conn)
}

/// Settles every youth with an open episode or an open task, and leaves the mark. It discloses nothing and nobody asked
/// for it, so that it is no operation and leaves no event: it only writes down what the facts say already.
///
/// # Errors
/// The database does not answer.
pub async fn settle_everybody(door: &Door, at: DateTime<Utc>) -> Result<Settled> {
    let mut settled = Settled::default();
    let mut after: Option<Id<Youth>> = None;
    loop {
        let (done, last) = door
            .settle_beside(at, move |tx| settle_next(tx, after))
            .await?;
        settled += done;
        match last {
            Some(last) => after = Some(last),
            None => return Ok(settled),
        }
    }
}

/// Settles the next youths by id; after the last it leaves the mark.
fn settle_next(
    tx: &mut AuditedTx<'_>,
    after: Option<Id<Youth>>,
) -> Result<(Settled, Option<Id<Youth>>)> {
    let after = after.unwrap_or(Id::of(uuid::Uuid::nil()));
    let many = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    let ids: Vec<Id<Youth>> = youths::table
        .filter(youths::id.gt(after))
        .filter(
            exists(
                episodes::table
                    .filter(episodes::youth_id.eq(youths::id))
                    .filter(episodes::exited_on.is_null()),
            )
            .or(exists(
                tasks::table
                    .filter(tasks::youth_id.eq(youths::id.nullable()))
                    .filter(tasks::closed_at.is_null()),
            ))
            .or(exists(
                protected_tasks::table
                    .filter(protected_tasks::youth_id.eq(youths::id.nullable()))
                    .filter(protected_tasks::closed_at.is_null()),
            )),
        )
        .order(youths::id)
        .limit(many)
        .select(youths::id)
        .load(tx.conn())?;
    let Some(last) = ids.last().copied() else {
        let now = tx.timestamp();
        crate::on_each!(tx.conn(), c => diesel::insert_into(backfills::table)
            .values((backfills::name.eq(BACKLOG), backfills::done_at.eq(now)))
            .on_conflict_do_nothing()
            .execute(c))?;
        return Ok((Settled::default(), None));
    };
    let mut settled = settle(tx, &ids)?;
    settled.youths = ids.len();
    Ok((settled, Some(last)))
}

/// Settles the youths who have an open task whose last day has come, or one in the compartment that nobody is left to see,
/// for the nightly run; at most `most` of them.
///
/// # Errors
/// The database does not answer.
pub fn settle_due(tx: &mut AuditedTx<'_>, most: usize) -> Result<Settled> {
    let today: NaiveDate = tx.today();
    let most_rows = i64::try_from(most).unwrap_or(i64::MAX);
    let mut ids: BTreeSet<Id<Youth>> = BTreeSet::new();
    macro_rules! ended {
        ($table:ident) => {
            $table::table
                .filter($table::closed_at.is_null())
                .filter($table::ends_on.le(today).assume_not_null())
                .select($table::youth_id)
                .limit(most_rows)
                .load::<Option<Id<Youth>>>(tx.conn())?
        };
    }
    ids.extend(ended!(tasks).into_iter().flatten());
    ids.extend(ended!(protected_tasks).into_iter().flatten());
    ids.extend(socionoms::unattended(tx, most_rows)?);
    let ids: Vec<Id<Youth>> = ids.into_iter().take(most).collect();
    let mut settled = settle(tx, &ids)?;
    settled.youths = ids.len();
    Ok(settled)
}
