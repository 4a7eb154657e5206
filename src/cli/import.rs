//! `kaa import roster`: what a file would do to the register, told row by row, and doing it. No identity number is printed:
//! the lines of the file are enough to find a row. What becomes of a row is decided in `service::imports`.

use super::database::prepare;
use super::{Failure, Options, block_on, read_json};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use kaa::clock::{Clock, day_of};
use kaa::db::audited::{Call, Identity};
use kaa::db::users;
use kaa::domain::codes::{Code, ImportRowOutcome};
use kaa::domain::operation::Operation;
use kaa::error::Language;
use kaa::exchange::roster::RosterMapping;
use kaa::exchange::roster::plan::Weight;
use kaa::service::imports::{ImportStep, Imported, RosterUpload, RowReport, import_roster};
use serde_json::Value;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Subcommand)]
pub enum Import {
    /// A population roster as CSV. Without --apply nothing but the trial itself is stored.
    Roster(Roster),
}

#[derive(Args)]
pub struct Roster {
    /// The file.
    file: PathBuf,
    /// The day the file describes, on which ages are counted (YYYY-MM-DD); today if left out.
    #[arg(long)]
    as_of: Option<chrono::NaiveDate>,
    /// The unit whose register it is for, by its name; not needed where there is only one.
    #[arg(long)]
    unit: Option<String>,
    /// Carry it out.
    #[arg(long)]
    apply: bool,
    /// Write the refused rows here, with a reason column, ready to be mended and sent again.
    #[arg(long)]
    refused: Option<PathBuf>,
    /// What the status words of the file mean, as JSON.
    #[arg(long, env = "KAA_ROSTER_MAPPING")]
    mapping: Option<PathBuf>,
    /// Act in the name of this user.
    #[arg(long = "as")]
    username: Option<String>,
}

/// The status words of the municipality, or the common ones.
pub fn read_mapping(path: Option<&Path>) -> Result<RosterMapping, Failure> {
    path.map_or_else(|| Ok(RosterMapping::default()), read_json)
}

/// Exit code 2 when rows are refused, so that a script notices.
pub fn run(options: &Options, roster: &Roster) -> Result<ExitCode, Failure> {
    let mapping = read_mapping(roster.mapping.as_deref())?;
    let now = Clock::System.now();
    let as_of = roster.as_of.unwrap_or_else(|| day_of(now));
    let bytes = std::fs::read(&roster.file).map_err(|cause| Failure::File {
        file: roster.file.display().to_string(),
        cause,
    })?;
    let bar = ProgressBar::new_spinner();
    bar.set_style(style("{spinner} Reading: {pos} rows"));
    let name = roster.file.to_string_lossy();
    let upload = RosterUpload::read(&bytes, Some(&name), as_of, &mapping, &mut |rows| {
        bar.set_position(wide(rows));
    });
    bar.finish_and_clear();
    let upload = Arc::new(upload?.for_unit(roster.unit.clone()));
    let door = prepare(options)?.door()?;
    let is_applied = roster.apply;
    let bar = ProgressBar::new(0);
    bar.set_style(style("{msg}: [{bar:40}] {pos}/{len}"));
    let progress = bar.clone();
    let imported = block_on(async {
        let identity = match &roster.username {
            None => Identity::Console,
            Some(username) => {
                let id = users::look_up_id(&door, username.to_lowercase()).await?;
                let nobody = || Failure::Refused(format!("there is no active user {username}"));
                Identity::OnBehalf(id.ok_or_else(nobody)?)
            }
        };
        let call = Call {
            operation: Operation::ImportRoster,
            identity,
            at: now,
            request_id: "console".to_owned(),
        };
        let work = move |tx: &mut kaa::db::audited::AuditedTx<'_>| {
            import_roster(
                tx,
                &upload,
                is_applied,
                Language::English,
                &mut |step, done, total| show(&progress, step, done, total),
            )
        };
        Ok::<Imported, Failure>(door.run(call, work).await?)
    });
    bar.finish_and_clear();
    let imported = imported?;
    print(&imported, is_applied)?;
    if let Some(path) = &roster.refused {
        write_refused(path, &imported)?;
    }
    Ok(if imported.refused.is_none() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    })
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn show(bar: &ProgressBar, step: ImportStep, done: usize, total: usize) {
    bar.set_message(match step {
        ImportStep::Matching => "Looking up",
        ImportStep::Planning => "Planning",
        ImportStep::Storing => "Storing",
    });
    bar.set_length(wide(total));
    bar.set_position(wide(done));
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn print(imported: &Imported, is_applied: bool) -> Result<(), Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for row in &imported.rows {
        print_row(&mut out, row)?;
    }
    let fields = &imported.view.fields;
    for warning in fields
        .get("warnings")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let detail = warning.get("detail").and_then(Value::as_str);
        writeln!(out, "The file: {}", detail.unwrap_or_default())?;
    }
    let count = |name: &str| {
        let counts = fields.get("counts").and_then(|counts| counts.get(name));
        counts.and_then(Value::as_u64).unwrap_or(0)
    };
    writeln!(
        out,
        "Rows: {}. Created: {}. Changed: {}. Left: {}. Outside: {}. Needs a decision: {}. Refused: {}. Episodes \
         opened: {}.",
        count("rows"),
        count("created"),
        count("changed"),
        count("left"),
        count("outside"),
        count("needsDecision"),
        count("refused"),
        count("episodesOpened"),
    )?;
    let word = if is_applied {
        "Done."
    } else {
        "This was a trial: nothing in the register has changed. Run it again with --apply to carry it out."
    };
    writeln!(out, "{word}")?;
    out.flush()?;
    Ok(())
}

/// One line for each reason. Rows outside the target group are counted only, unless there is something to say.
fn print_row(out: &mut impl Write, row: &RowReport) -> Result<(), Failure> {
    let outcome = match row.outcome {
        ImportRowOutcome::Refused => "REFUSED".to_owned(),
        outcome => outcome.en().to_lowercase(),
    };
    if row.notes.is_empty() && row.outcome != ImportRowOutcome::Outside {
        writeln!(out, "line {}: {outcome}: nothing differs", row.line)?;
    }
    for note in &row.notes {
        let column = match note.problem.column.as_str() {
            "" => "the whole row",
            column => column,
        };
        let mark = match note.weight {
            Weight::Warning => "NOTE ",
            Weight::Refusal | Weight::Note => "",
        };
        writeln!(
            out,
            "line {}, {column}: {outcome}: {mark}{}",
            row.line, note.problem.detail_en
        )?;
    }
    Ok(())
}

/// The rows are whole persons: nobody but the owner may read the file.
fn write_refused(path: &Path, imported: &Imported) -> Result<(), Failure> {
    let told = |cause| Failure::File {
        file: path.display().to_string(),
        cause,
    };
    let Some(refused) = &imported.refused else {
        return Ok(());
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(told)?;
    file.write_all(&refused.csv(Language::Swedish))
        .map_err(told)
}
