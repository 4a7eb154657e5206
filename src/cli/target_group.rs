//! `kaa target-group run`: asks the rules of the target group about everybody, outside the night. What a run does is decided
//! in `service::target_group_runs`.

use super::database::prepare;
use super::{Failure, Options, block_on};
use clap::{Args, Subcommand};
use kaa::clock::{Clock, day_of};
use kaa::nightly::run_target_group;
use std::io::Write;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum TargetGroup {
    /// Ask the rules about every youth: raise and drop candidates, close what ends at 20. Goes on where a run was cut off.
    Run(Run),
}

#[derive(Args)]
pub struct Run {
    /// The day to ask about (YYYY-MM-DD); today if left out, none ahead.
    #[arg(long)]
    on: Option<chrono::NaiveDate>,
}

pub fn run(options: &Options, run: &Run) -> Result<ExitCode, Failure> {
    let door = prepare(options)?.door()?;
    let clock = Clock::System;
    let for_on = run.on.unwrap_or_else(|| day_of(clock.now()));
    let began = std::time::Instant::now();
    let ran = block_on(run_target_group(&door, &clock, for_on, true, &|| false))?;
    let mut out = std::io::stdout().lock();
    for ran in &ran {
        let counts = ran.progress.counts;
        writeln!(
            out,
            "Unit {}: evaluated {}. Enter: {}. Leave: {}. Need a decision: {}. Outreach proposed: {}. No longer true: {}. \
             Closed at 20: {}.",
            ran.unit_id,
            counts.evaluated,
            counts.enters,
            counts.leaves,
            counts.needs_decision,
            counts.outreach_proposals,
            counts.obsolete,
            counts.closed_by_age,
        )?;
    }
    writeln!(
        out,
        "{for_on}: done in {:.1} s.",
        began.elapsed().as_secs_f64()
    )?;
    Ok(ExitCode::SUCCESS)
}
