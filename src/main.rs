//! The command line: reads arguments and the environment, calls the library, and says in plain words what came of it.
//! No rule of the work stands here.

use clap::{Parser, Subcommand};
use kaa::clock::{Clock, day_of};
use kaa::db::audit_chain::{Fault, Verdict, verify};
use kaa::db::{Location, OpenError, migrate};
use kaa::error::Language;
use kaa::exchange::roster::{RosterMapping, RowOutcome, read_roster, refused_csv};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Case management for the kommunala aktivitetsansvaret.
#[derive(Parser)]
#[command(name = "kaa", version)]
struct Arguments {
    /// Folder of the embedded database.
    #[arg(long, env = "KAA_DATA", default_value = "./data", global = true)]
    data: PathBuf,
    /// Another database: postgres://... or sqlite:PATH.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database schema up to date.
    Migrate,
    /// Population rosters.
    #[command(subcommand)]
    Roster(Roster),
    /// The log of who did what.
    #[command(subcommand)]
    Audit(Audit),
}

#[derive(Subcommand)]
enum Roster {
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

#[derive(Subcommand)]
enum Audit {
    /// Check the chain of hashes and name the first broken link.
    Verify,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error("{file}: {cause}")]
    File { file: String, cause: std::io::Error },
    #[error("{file}: {detail}")]
    Roster { file: String, detail: String },
    #[error("the audit cannot be read: {0} (has `kaa migrate` been run?)")]
    Audit(diesel::result::Error),
    #[error("nothing can be printed: {0}")]
    Print(#[from] std::io::Error),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(failure) => {
            // Standard error may be closed; the exit code then has to say it alone.
            let _ = writeln!(std::io::stderr(), "kaa: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Roster(Roster::Check {
            file,
            as_of,
            refused,
        }) => check_roster(file, *as_of, refused.as_deref()),
        Command::Migrate => migrate_schema(arguments),
        Command::Audit(Audit::Verify) => verify_audit(arguments),
    }
}

fn location(arguments: &Arguments) -> Result<Location, OpenError> {
    match &arguments.database_url {
        Some(url) => Location::parse(url),
        None => Ok(Location::Sqlite(arguments.data.join("kaa.db"))),
    }
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

fn migrate_schema(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let location = location(arguments)?;
    if let Location::Sqlite(path) = &location {
        let folder = path.parent().unwrap_or(&arguments.data);
        std::fs::create_dir_all(folder).map_err(|cause| Failure::File {
            file: folder.display().to_string(),
            cause,
        })?;
    }
    let ran = migrate(&mut location.connect()?)?;
    writeln!(
        std::io::stdout(),
        "The schema is up to date; migrations run now: {ran}."
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Exit code 2 when the chain is broken, so that a script notices.
fn verify_audit(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let location = location(arguments)?;
    if let Location::Sqlite(path) = &location {
        // Opening a file that is not there would make an empty database and call it whole.
        std::fs::metadata(path).map_err(|cause| Failure::File {
            file: path.display().to_string(),
            cause,
        })?;
    }
    let mut out = std::io::stdout();
    match verify(&mut location.connect()?).map_err(Failure::Audit)? {
        Verdict::Whole { events } => {
            writeln!(out, "The chain is whole: {events} events.")?;
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Broken {
            lane,
            position,
            fault,
        } => {
            let what = match fault {
                Fault::Missing => "an event is missing",
                Fault::WrongPredecessor => "the event does not follow from the one before it",
                Fault::Changed => "the event or one of its subjects has been changed",
            };
            writeln!(
                out,
                "The chain is BROKEN at lane {lane}, position {position}: {what}."
            )?;
            Ok(ExitCode::from(2))
        }
    }
}
