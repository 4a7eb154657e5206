//! How often one account does what is costly: counted in the log, which every server writes and nothing is done without. Which
//! operations are costly is decided in `domain::operation`, what is said to whoever overdoes it in `http`.

use super::audited::Door;
use super::schema::audit_events;
use super::types::Timestamp;
use crate::domain::codes::AuditOutcome;
use crate::domain::id::{Id, User};
use crate::domain::operation::{Burden, Operation};
use crate::error::Result;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

/// How often one account may do what is costly within an hour. Far more than a working day asks of anybody; a program that
/// reads the register out under somebody's name meets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Searches by name or number.
    pub searches: u32,
    /// Rosters, register extracts, statistics, and what else goes through much of the register.
    pub heavy: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            searches: 600,
            heavy: 120,
        }
    }
}

impl Limits {
    const fn of(self, burden: Burden) -> u32 {
        match burden {
            Burden::Search => self.searches,
            Burden::Heavy => self.heavy,
        }
    }
}

/// The seconds until an account may do something of this kind again, if it has to wait. What was refused does not count.
///
/// # Errors
/// The database does not answer.
pub async fn wait(
    door: &Door,
    limits: &Limits,
    burden: Burden,
    user_id: Id<User>,
    at: DateTime<Utc>,
) -> Result<Option<u64>> {
    let most = i64::from(limits.of(burden));
    let names: Vec<&'static str> = Operation::ALL
        .iter()
        .filter(|operation| operation.burden() == Some(burden))
        .map(|operation| operation.name())
        .collect();
    door.look(move |conn| {
        // Of the latest so many, the first: when it is an hour ago, there is room for another. What was read in several parts
        // for one request was done once.
        let first: Option<(Timestamp, String)> = audit_events::table
            .filter(audit_events::actor_id.eq(user_id))
            .filter(audit_events::at.gt(Timestamp::of(at - Duration::hours(1))))
            .filter(audit_events::operation.eq_any(&names))
            .filter(audit_events::outcome.ne(AuditOutcome::Refused))
            .select((audit_events::at, audit_events::request_id))
            .distinct()
            .order((audit_events::at.desc(), audit_events::request_id))
            .offset((most - 1).max(0))
            .first(conn)
            .optional()?;
        Ok(first.map(|(first, _)| {
            let wait = first.utc() + Duration::hours(1) - at;
            u64::try_from(wait.num_seconds())
                .unwrap_or(0)
                .saturating_add(1)
        }))
    })
    .await
}
