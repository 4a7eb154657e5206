//! `kaa audit`: the chain of the log is checked, its heads are signed to be kept elsewhere, and it is held against what was
//! signed before. What holds and what does not is decided in `db::audit_chain` and `auth::anchor`.

use super::database::must_exist;
use super::{Failure, Options};
use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use kaa::auth::anchor::{Anchor, AnchorError, AnchorKey, FORMAT, Head, Statement};
use kaa::clock::Clock;
use kaa::db::audit_chain::{Fault, LaneHead, Verdict, walk};
use kaa::db::schema_version;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
}

#[derive(Args)]
pub struct Verify {
    /// An anchor that `audit export` wrote: nothing before it may have changed.
    #[arg(long)]
    anchor: Option<PathBuf>,
    /// The public half of the key that signed the anchor, as `audit key` showed it.
    #[arg(long, requires = "anchor")]
    key: Option<String>,
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

/// Writes a file that must not be there yet, readable for its owner alone.
fn write_new(file: &Path, text: &str) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(file)
        .and_then(|mut made| {
            made.write_all(text.as_bytes())?;
            made.sync_all()
        })
        .map_err(|cause| Failure::File {
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

/// An anchor of a broken chain would call it sound: nothing is signed then.
fn export_anchor(options: &Options, export: &Export) -> Result<ExitCode, Failure> {
    let key = AnchorKey::of_text(&read(&export.key)?).map_err(|e| refused(&e, &export.key))?;
    let location = options.location()?;
    must_exist(&location)?;
    let mut conn = location.connect()?;
    let walked = walk(&mut conn, &[]).map_err(|cause| Failure::Audit(cause.to_string()))?;
    let mut out = std::io::stdout();
    let Verdict::Whole { events } = walked.verdict else {
        tell(&mut out, &walked.verdict)?;
        writeln!(out, "Nothing was signed.")?;
        return Ok(ExitCode::from(2));
    };
    let statement = Statement {
        format: FORMAT.to_owned(),
        made_at: Clock::System
            .now()
            .to_rfc3339_opts(SecondsFormat::Micros, true),
        schema: schema_version(&mut conn)?,
        heads: walked.heads.iter().map(head_of).collect(),
    };
    let text = key
        .sign(statement)
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

fn head_of(head: &LaneHead) -> Head {
    Head {
        lane: head.lane,
        position: head.position,
        hash: data_encoding::HEXLOWER.encode(&head.hash),
    }
}

/// Exit code 2 when the chain is broken or not as it was anchored, so that a script notices.
fn verify_chain(options: &Options, verify: &Verify) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout();
    let mut anchored = Vec::new();
    if let Some(file) = &verify.anchor {
        let anchor = Anchor::of_text(&read(file)?).map_err(|error| refused(&error, file))?;
        let key = verify.key.as_ref().unwrap_or(&anchor.public_key);
        if let Err(error) = anchor.check(key) {
            writeln!(out, "{}: {error}.", file.display())?;
            return Ok(ExitCode::from(2));
        }
        if verify.key.is_none() {
            writeln!(
                out,
                "The anchor names its own key, which whoever forges one would do too: give the key you know with --key."
            )?;
        }
        writeln!(
            out,
            "Held against the anchor of {}.",
            anchor.statement.made_at
        )?;
        for head in &anchor.statement.heads {
            anchored.push(LaneHead {
                lane: head.lane,
                position: head.position,
                hash: head.hash_bytes().unwrap_or_default(),
            });
        }
    }
    let location = options.location()?;
    must_exist(&location)?;
    let walked = walk(&mut location.connect()?, &anchored)
        .map_err(|cause| Failure::Audit(cause.to_string()))?;
    tell(&mut out, &walked.verdict)?;
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
            };
            writeln!(
                out,
                "The chain is BROKEN at lane {lane}, position {position}: {what}."
            )
        }
    }
}
