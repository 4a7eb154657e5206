//! Rosters from the command line: what is in a file, told row by row. What a row means is decided in `exchange::roster`.

use super::Failure;
use clap::Subcommand;
use kaa::clock::{Clock, day_of};
use kaa::error::Language;
use kaa::exchange::roster::{RosterMapping, RowOutcome, read_roster, refused_csv};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Roster {
    /// Read a roster without storing anything: what each row would mean, and what is wrong by line and column.
    Check {
        /// The file, as CSV.
        file: PathBuf,
        /// The day on which ages are counted (YYYY-MM-DD); today if left out.
        #[arg(long)]
        as_of: Option<chrono::NaiveDate>,
        /// Write the refused rows here, with a reason column, ready to be mended and sent again.
        #[arg(long)]
        refused: Option<PathBuf>,
    },
}

pub fn run(command: &Roster) -> Result<ExitCode, Failure> {
    let Roster::Check {
        file,
        as_of,
        refused,
    } = command;
    check_roster(file, *as_of, refused.as_deref())
}

/// Exit code 2 when rows are refused, so that a script notices.
fn check_roster(
    file: &Path,
    as_of: Option<chrono::NaiveDate>,
    refused: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let name = file.display().to_string();
    let unreadable = |cause| Failure::File {
        file: name.clone(),
        cause,
    };
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let as_of = as_of.unwrap_or_else(|| day_of(Clock::System.now()));
    let bar = indicatif::ProgressBar::new_spinner();
    let roster = read_roster(&bytes, as_of, &RosterMapping::default(), &mut |rows| {
        bar.set_position(u64::try_from(rows).unwrap_or(u64::MAX));
    });
    bar.finish_and_clear();
    let roster = roster.map_err(|error| Failure::Roster {
        file: name.clone(),
        detail: error.detail_en(),
    })?;
    let mut out = std::io::stdout().lock();
    for row in &roster.rows {
        let (word, problems) = match &row.outcome {
            RowOutcome::Good(_) => ("note", &row.warnings),
            RowOutcome::Refused(problems) => ("REFUSED", problems),
        };
        for problem in problems {
            let column = match problem.column.as_str() {
                "" => "the whole row",
                column => column,
            };
            writeln!(
                out,
                "line {}, {column}: {word}: {}",
                row.line, problem.detail_en
            )?;
        }
    }
    let counts = roster.counts();
    writeln!(
        out,
        "Rows: {}. Good: {} (target group {}, needs a decision {}, outside {}). Refused: {}. Nothing was stored.",
        counts.rows,
        counts.good,
        counts.target_group,
        counts.needs_decision,
        counts.outside,
        counts.refused
    )?;
    if let Some(path) = refused {
        std::fs::write(path, refused_csv(&roster, Language::Swedish)).map_err(|cause| {
            Failure::File {
                file: path.display().to_string(),
                cause,
            }
        })?;
    }
    Ok(if counts.refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    })
}
