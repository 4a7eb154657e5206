//! What the service does by itself in the night: the run of the target group, and the disposal of what is too old of the log, of
//! failed sign-ins and of national files that have expired, once for each Swedish day, at an hour that the operator chooses, and
//! at the start if the day's has not come to its end. It goes batch by batch, stops between two of them when the service stops, and goes on where it was cut off. What a run does is
//! decided in `service::target_group_runs`, what is too old in `domain::audit_retention`.

use crate::auth::anchor::AnchorKey;
use crate::clock::{Clock, day_of, start_of};
use crate::db::audit_cuts::{Due, due, keep_anchor};
use crate::db::audited::{Call, Door, Identity};
use crate::db::national_files::is_one_over;
use crate::db::sessions::forget_old_failures;
use crate::db::target_group_runs::look_up_units;
use crate::domain::id::{Id, Unit};
use crate::domain::operation::Operation;
use crate::error::Result;
use crate::service::audit_events::trim_audit_log;
use crate::service::national_files::expire_national_files;
use crate::service::target_group_runs::{BATCH, Progress, run_next_batch};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use std::sync::Arc;
use tokio::sync::watch;

/// How often the clock is looked at: often enough for a machine that has slept, or whose clock was set.
const TICK: std::time::Duration = std::time::Duration::from_secs(60);
/// Ticks to wait after a failure.
const PAUSE: u32 = 10;

/// A run of a unit that has come to its end.
#[derive(Debug, Clone, Copy)]
pub struct Ran {
    pub unit_id: Id<Unit>,
    pub progress: Progress,
}

/// Runs the target group for a day over every unit, or over those that have no finished run for it. A run that was cut off is
/// brought to its end. Stops between two batches when asked to; what is left is done next time.
///
/// # Errors
/// The database does not answer, or the day lies ahead.
pub async fn run_target_group(
    door: &Door,
    clock: &Clock,
    for_on: NaiveDate,
    is_again: bool,
    is_stopping: &(impl Fn() -> bool + Sync),
) -> Result<Vec<Ran>> {
    let units = look_up_units(door, (!is_again).then_some(for_on)).await?;
    let mut ran = Vec::new();
    for unit_id in units {
        let mut is_again = is_again;
        loop {
            if is_stopping() {
                return Ok(ran);
            }
            let progress = next_batch(door, clock.now(), unit_id, for_on, is_again).await?;
            // Another server has brought it to its end.
            let Some(progress) = progress else { break };
            if progress.is_finished {
                ran.push(Ran { unit_id, progress });
                break;
            }
            // What was begun again is under way; should another end it, it is not begun once more.
            is_again = false;
        }
    }
    Ok(ran)
}

async fn next_batch(
    door: &Door,
    at: DateTime<Utc>,
    unit_id: Id<Unit>,
    for_on: NaiveDate,
    is_again: bool,
) -> Result<Option<Progress>> {
    let call = Call {
        operation: Operation::RunTargetGroup,
        identity: Identity::Console,
        at,
        request_id: "nightly".to_owned(),
    };
    door.run(call, move |tx| {
        run_next_batch(tx, unit_id, for_on, is_again, BATCH)
    })
    .await
}

/// What has been disposed of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trimmed {
    /// What was due at first.
    pub due: Due,
    /// Events that went.
    pub events: u64,
    /// Cuts that were made.
    pub cuts: u64,
}

/// Disposes of what is too old of the log: checks all of it first, signs where it has come, and takes it batch by batch, each
/// in a transaction of its own. Stops between two batches when asked to; what is left goes next time.
///
/// # Errors
/// The log is not whole, and stays as it is; the database does not answer.
pub async fn trim_audit(
    door: &Door,
    clock: &Clock,
    key: &Arc<AnchorKey>,
    is_stopping: &(impl Fn() -> bool + Sync),
) -> Result<Trimmed> {
    let mut trimmed = Trimmed {
        due: due(door, clock.now()).await?,
        events: 0,
        cuts: 0,
    };
    if !matches!(trimmed.due, Due::Something(_)) {
        return Ok(trimmed);
    }
    let anchor = Arc::new(keep_anchor(door, Arc::clone(key), clock.now()).await?);
    // Asked before every batch, so that none leaves an event that tells of nothing.
    while !is_stopping() && matches!(due(door, clock.now()).await?, Due::Something(_)) {
        let call = Call {
            operation: Operation::TrimAuditLog,
            identity: Identity::Console,
            at: clock.now(),
            request_id: "nightly".to_owned(),
        };
        let (anchor, key) = (Arc::clone(&anchor), Arc::clone(key));
        let removed = door
            .run(call, move |tx| trim_audit_log(tx, &anchor, &key))
            .await?;
        // Another server was faster.
        let Some(removed) = removed else { break };
        trimmed.events += removed.events;
        trimmed.cuts += 1;
    }
    Ok(trimmed)
}

async fn trim(
    door: &Door,
    clock: &Clock,
    key: Option<&Arc<AnchorKey>>,
    stop: &watch::Receiver<bool>,
) {
    let is_stopping = || *stop.borrow();
    let trimmed = match key {
        Some(key) => trim_audit(door, clock, key, &is_stopping).await,
        None => due(door, clock.now()).await.map(|due| Trimmed {
            due,
            events: 0,
            cuts: 0,
        }),
    };
    match trimmed {
        Ok(Trimmed { events, cuts, .. }) if cuts > 0 => {
            tracing::info!(
                events,
                cuts,
                "what was too old of the log has been disposed of"
            );
        }
        Ok(Trimmed {
            due: Due::Something(_),
            ..
        }) if key.is_none() => tracing::warn!(
            "auditRetentionMonths is set, but there is no KAA_AUDIT_KEY to sign with: nothing of the log is disposed of"
        ),
        Ok(_) => {}
        Err(error) => {
            let cause = error.cause.unwrap_or_default();
            tracing::error!(
                code = error.code.code(),
                cause,
                "nothing of the log could be disposed of"
            );
        }
    }
}

/// Forgets the content of national files whose days have passed; gives how many. Stops between two steps when asked to.
///
/// # Errors
/// The database does not answer.
pub async fn forget_national_files(
    door: &Door,
    clock: &Clock,
    is_stopping: &(impl Fn() -> bool + Sync),
) -> Result<usize> {
    let mut forgotten = 0;
    // Asked before every step, so that none leaves an event that tells of nothing.
    while !is_stopping() && is_one_over(door, day_of(clock.now())).await? {
        let call = Call {
            operation: Operation::ExpireNationalFiles,
            identity: Identity::Console,
            at: clock.now(),
            request_id: "nightly".to_owned(),
        };
        forgotten += door.run(call, expire_national_files).await?;
    }
    Ok(forgotten)
}

/// Keeps running as long as the service does.
pub async fn keep(
    door: Door,
    clock: Clock,
    hour: u32,
    key: Option<Arc<AnchorKey>>,
    mut stop: watch::Receiver<bool>,
) {
    let mut done: Option<NaiveDate> = None;
    let mut is_start = true;
    let mut pause = 0;
    loop {
        let now = clock.now();
        let today = day_of(now);
        if pause == 0 && done != Some(today) && (is_start || has_struck(now, hour)) {
            let stopping = stop.clone();
            let ran = run_target_group(&door, &clock, today, false, &|| *stopping.borrow()).await;
            match ran {
                Ok(ran) => {
                    tell(&ran, today);
                    trim(&door, &clock, key.as_ref(), &stop).await;
                    if let Err(error) = forget_old_failures(&door, clock.now()).await {
                        let cause = error.cause.unwrap_or_default();
                        tracing::warn!(cause, "failed sign-ins of before could not be forgotten");
                    }
                    let forgotten = forget_national_files(&door, &clock, &|| *stop.borrow()).await;
                    if let Err(error) = forgotten {
                        let cause = error.cause.unwrap_or_default();
                        tracing::warn!(
                            cause,
                            "national files that have expired could not be forgotten"
                        );
                    }
                    done = Some(today);
                    is_start = false;
                }
                Err(error) => {
                    let cause = error.cause.unwrap_or_default();
                    tracing::error!(%today, code = error.code.code(), cause, "the run of the target group failed");
                    pause = PAUSE;
                }
            }
        }
        pause = pause.saturating_sub(1);
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            changed = stop.changed() => {
                if changed.is_err() || *stop.borrow() {
                    return;
                }
            }
        }
        if *stop.borrow() {
            return;
        }
    }
}

/// Whether the hour of the Swedish day has come.
fn has_struck(now: DateTime<Utc>, hour: u32) -> bool {
    start_of(day_of(now)) + Duration::hours(i64::from(hour)) <= now
}

fn tell(ran: &[Ran], today: NaiveDate) {
    for ran in ran {
        let counts = ran.progress.counts;
        tracing::info!(
            %today, unit = %ran.unit_id, evaluated = counts.evaluated, enters = counts.enters, leaves = counts.leaves,
            needs_decision = counts.needs_decision, outreach = counts.outreach_proposals, obsolete = counts.obsolete,
            closed_by_age = counts.closed_by_age, "the target group has been run"
        );
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_hour_is_swedish() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert!(!has_struck(at("2026-11-24T00:59:59Z"), 2));
        assert!(has_struck(at("2026-11-24T01:00:00Z"), 2));
        assert!(has_struck(at("2026-07-01T00:00:00Z"), 2));
        assert!(!has_struck(at("2026-06-30T23:59:59Z"), 2));
    }
}
