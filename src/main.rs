//! The command line: reads arguments and the environment, calls the library, and says in plain words what came of it.
//! No rule of the work stands here.

use clap::{Parser, Subcommand};
use kaa::db::audit_chain::{Fault, Verdict, verify};
use kaa::db::{Location, OpenError, migrate};
use std::io::Write;
use std::path::PathBuf;
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
    /// The log of who did what.
    #[command(subcommand)]
    Audit(Audit),
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
    #[error("the folder {folder} cannot be made: {cause}")]
    Folder {
        folder: String,
        cause: std::io::Error,
    },
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
    let location = match &arguments.database_url {
        Some(url) => Location::parse(url)?,
        None => Location::Sqlite(arguments.data.join("kaa.db")),
    };
    if let (Location::Sqlite(path), Command::Migrate) = (&location, &arguments.command) {
        let folder = path.parent().unwrap_or(&arguments.data);
        std::fs::create_dir_all(folder).map_err(|cause| Failure::Folder {
            folder: folder.display().to_string(),
            cause,
        })?;
    }
    let mut conn = location.connect()?;
    let mut out = std::io::stdout();
    match &arguments.command {
        Command::Migrate => {
            let ran = migrate(&mut conn)?;
            writeln!(out, "The schema is up to date; migrations run now: {ran}.")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Audit(Audit::Verify) => match verify(&mut conn).map_err(Failure::Audit)? {
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
        },
    }
}
