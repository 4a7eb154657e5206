//! `kaa audit`: the chain of the log is checked, its heads are signed to be kept elsewhere, it is held against what was signed
//! before, and what is too old of it is disposed of. What holds and what does not is decided in `db::audit_chain`,
//! `db::audit_cuts` and `auth::anchor`.

use super::database::must_exist;
use super::staff::open;
use super::{Failure, Options, block_on, write_new};
use clap::{Args, Subcommand};
use kaa::auth::anchor::{Anchor, AnchorError, AnchorKey};
use kaa::clock::{Clock, day_of};
use kaa::db::audit_chain::{Fault, LaneHead, Verdict, Walked, walk};
use kaa::db::audit_cuts::{self, CutFault, Due};
use kaa::nightly::trim_audit;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Subcommand)]
pub enum Audit {
    /// Check the chain of hashes and name the first broken link.
    Verify(Verify),
    /// Make a key that signs anchors, in a new file for nobody but its owner, and show its public half.
    Key {
        /// The new file.
        file: PathBuf,
    },
    /// Check the chain, and write a signed digest of where it has come, to be kept where this server cannot write.
    Export(Export),
    /// Dispose of what is older than the setting `auditRetentionMonths`, as every night; nothing as long as it is not set.
    Trim(Trim),
}

#[derive(Args)]
pub struct Verify {
    /// An anchor that `audit export` wrote: nothing before it may have changed.
    #[arg(long)]
    anchor: Option<PathBuf>,
    /// The public half of the key that signed the anchor and what has been disposed of, as `audit key` showed it. May be told
    /// several times, when the key has been changed.
    #[arg(long)]
    key: Vec<String>,
}

#[derive(Args)]
pub struct Trim {
    /// The file of the signing key.
    #[arg(long, env = "KAA_AUDIT_KEY")]
    key: PathBuf,
}

#[derive(Args)]
pub struct Export {
    /// The new file.
    file: PathBuf,
    /// The file of the signing key.
    #[arg(long, env = "KAA_AUDIT_KEY")]
    key: PathBuf,
}

/// Does what was asked for.
pub fn run(options: &Options, command: &Audit) -> Result<ExitCode, Failure> {
    match command {
        Audit::Verify(verify) => verify_chain(options, verify),
        Audit::Key { file } => make_key(file),
        Audit::Export(export) => export_anchor(options, export),
        Audit::Trim(trim) => trim_log(options, trim),
    }
}

fn refused(error: &AnchorError, file: &Path) -> Failure {
    Failure::Refused(format!("{}: {error}", file.display()))
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|cause| Failure::File {
        file: file.display().to_string(),
        cause,
    })
}

fn make_key(file: &Path) -> Result<ExitCode, Failure> {
    let key = AnchorKey::generate().map_err(|error| refused(&error, file))?;
    let text = key.to_text().map_err(|error| refused(&error, file))?;
    write_new(file, &text)?;
    writeln!(
        std::io::stdout(),
        "The key is in {}. Keep it away from the database. Its public half, for `audit verify --key`:\n{}",
        file.display(),
        key.public()
    )?;
    Ok(ExitCode::SUCCESS)
}

/// The key of a file.
pub fn read_key(file: &Path) -> Result<AnchorKey, Failure> {
    AnchorKey::of_text(&read(file)?).map_err(|error| refused(&error, file))
}

fn export_anchor(options: &Options, export: &Export) -> Result<ExitCode, Failure> {
    let key = read_key(&export.key)?;
    let location = options.location()?;
    must_exist(&location)?;
    let mut conn = location.connect()?;
    let mut out = std::io::stdout();
    let (anchor, events) = match audit_cuts::anchor(&mut conn, &key, Clock::System.now())? {
        Ok(made) => made,
        Err(verdict) => {
            tell(&mut out, &verdict)?;
            writeln!(out, "Nothing was signed.")?;
            return Ok(ExitCode::from(2));
        }
    };
    let text = anchor
        .to_text()
        .map_err(|error| refused(&error, &export.file))?;
    write_new(&export.file, &text)?;
    writeln!(
        out,
        "The chain is whole: {events} events. Where it has come is signed in {}; keep it where this server cannot write.",
        export.file.display()
    )?;
    Ok(ExitCode::SUCCESS)
}

fn trim_log(options: &Options, trim: &Trim) -> Result<ExitCode, Failure> {
    let key = Arc::new(read_key(&trim.key)?);
    must_exist(&options.location()?)?;
    let door = open(options)?;
    let trimmed = block_on(trim_audit(&door, &Clock::System, &key, &|| false))?;
    let mut out = std::io::stdout();
    match trimmed.due {
        Due::NeverDecided => writeln!(
            out,
            "The setting auditRetentionMonths is not set: nothing of the log is ever disposed of."
        )?,
        Due::Nothing(limit) | Due::Something(limit) => {
            writeln!(
                out,
                "Disposed of: {} events from before {}, in {} cuts.",
                trimmed.events, limit.before_on, trimmed.cuts
            )?;
            if limit.is_held_by_review {
                writeln!(
                    out,
                    "A review of the log from that day on is not signed off: what is younger waits for it."
                )?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Exit code 2 when the chain is broken or not as it was anchored, so that a script notices.
fn verify_chain(options: &Options, verify: &Verify) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout();
    let mut anchored = Vec::new();
    if let Some(file) = &verify.anchor {
        let anchor = Anchor::of_text(&read(file)?).map_err(|error| refused(&error, file))?;
        let own = [anchor.public_key.clone()];
        let keys = if verify.key.is_empty() {
            writeln!(
                out,
                "The anchor names its own key, which whoever forges one would do too: give the key you know with --key."
            )?;
            own.as_slice()
        } else {
            verify.key.as_slice()
        };
        if !keys.iter().any(|key| anchor.check(key).is_ok()) {
            let error = AnchorError::WrongSignature;
            writeln!(out, "{}: {error}.", file.display())?;
            return Ok(ExitCode::from(2));
        }
        writeln!(
            out,
            "Held against the anchor of {}.",
            anchor.statement.made_at
        )?;
        anchored.extend(anchor.statement.heads.iter().map(LaneHead::from));
    }
    let location = options.location()?;
    must_exist(&location)?;
    let walked = walk(&mut location.connect()?, &anchored, &verify.key)
        .map_err(|cause| Failure::Audit(cause.to_string()))?;
    tell(&mut out, &walked.verdict)?;
    tell_cuts(&mut out, &walked, !verify.key.is_empty())?;
    Ok(match walked.verdict {
        Verdict::Whole { .. } => ExitCode::SUCCESS,
        Verdict::Broken { .. } => ExitCode::from(2),
    })
}

fn tell(out: &mut impl Write, verdict: &Verdict) -> std::io::Result<()> {
    match verdict {
        Verdict::Whole { events } => writeln!(out, "The chain is whole: {events} events."),
        Verdict::Broken {
            lane,
            position,
            fault,
        } => {
            let what = match fault {
                Fault::Missing => "an event is missing",
                Fault::WrongPredecessor => "the event does not follow from the one before it",
                Fault::Changed => "the event or one of its subjects has been changed",
                Fault::CutOff => "the lane ends before the place at which the anchor saw it",
                Fault::NotAsAnchored => {
                    "the event is not the one that the anchor saw; the lane has been written anew"
                }
                Fault::BeforeCut => {
                    "an event stands where the log is said to have been disposed of"
                }
                Fault::Cut(CutFault::Changed) => {
                    "the record of what has been disposed of has been changed"
                }
                Fault::Cut(CutFault::NotTold) => {
                    "something has been disposed of, and no event of the log tells of it"
                }
                Fault::Cut(CutFault::Gone) => {
                    "the log tells of a disposal that is not on record any more"
                }
                Fault::Cut(CutFault::NotSigned) => {
                    "the record of what has been disposed of is not signed with a known key"
                }
            };
            writeln!(
                out,
                "The chain is BROKEN at lane {lane}, position {position}: {what}."
            )
        }
    }
}

/// What has been disposed of, and what can therefore not be shown.
fn tell_cuts(out: &mut impl Write, walked: &Walked, has_key: bool) -> std::io::Result<()> {
    for cut in &walked.cuts {
        writeln!(
            out,
            "Lane {} begins after position {}: what was older than {} has been disposed of, last on {}.",
            cut.lane,
            cut.position,
            day_of(cut.older_than),
            day_of(cut.cut_at)
        )?;
    }
    if !walked.cuts.is_empty() && !has_key {
        writeln!(
            out,
            "Who disposed of it is known only by the signing key: give its public half with --key."
        )?;
    }
    for head in &walked.unproven {
        writeln!(
            out,
            "Lane {}: position {} of the anchor has been disposed of since; what stood up to there cannot be shown any more.",
            head.lane, head.position
        )?;
    }
    Ok(())
}
