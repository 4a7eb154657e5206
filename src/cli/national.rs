//! `kaa national profile check`: whether a profile of the half-yearly national file can be used, and what it leaves open. What a
//! profile may say stands in `exchange::national_file`.

use super::Failure;
use clap::Subcommand;
use kaa::exchange::national_file::Profile;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum National {
    /// How the file is written.
    #[command(subcommand)]
    Profile(ProfileCommand),
}

#[derive(Subcommand)]
pub enum ProfileCommand {
    /// Check a profile without starting the service.
    Check {
        /// The file.
        file: PathBuf,
    },
}

/// Reads a profile.
pub fn read_profile(path: &Path) -> Result<Profile, Failure> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|cause| Failure::File {
        file: file.clone(),
        cause,
    })?;
    Profile::read(&text).map_err(|error| Failure::Content {
        file,
        detail: error.to_string(),
    })
}

pub fn run(command: &National) -> Result<ExitCode, Failure> {
    let National::Profile(ProfileCommand::Check { file }) = command;
    let profile = read_profile(file)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{} version {} can be used, for {}. SHA-256: {}",
        profile.name(),
        profile.version(),
        profile.covered(),
        profile.sha256()
    )?;
    if profile.is_draft() {
        writeln!(
            out,
            "It is a draft: files are called DRAFT until its status is \"fitted\"."
        )?;
    }
    let without = profile.words_without_code();
    if !without.is_empty() {
        writeln!(
            out,
            "Words without a code: {}. A youth of whom one is told stops the file.",
            without.join(", ")
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
