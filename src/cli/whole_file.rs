//! `kaa database`: the file of the embedded database goes from lying open to enciphered as a whole, and back. A copy is made and
//! compared; which of the two is used from then on, and that the other is destroyed, is for the operator to see to.

use super::database::must_exist;
use super::{Failure, Options};
use clap::Subcommand;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::file_cipher::export;
use kaa::db::{Location, OpenError};
use kaa::vault::FileKey;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Database {
    /// Write a new key to a file that is not there yet.
    NewKey {
        /// The new file.
        file: PathBuf,
    },
    /// Copy the database, which lies open, to a new file that is enciphered with KAA_DATABASE_KEY. Stop the service first.
    Encrypt {
        /// The new file.
        file: PathBuf,
    },
    /// Copy the database, which is enciphered with KAA_DATABASE_KEY, to a new file that lies open. Stop the service first.
    Decrypt {
        /// The new file.
        file: PathBuf,
    },
}

pub fn run(options: &Options, command: &Database) -> Result<ExitCode, Failure> {
    match command {
        Database::NewKey { file } => {
            FileKey::fresh()?.write_new(file)?;
            writeln!(
                std::io::stdout(),
                "The key is made: {}. Keep a copy apart from the database and its backups: whoever loses it has lost all that \
                 is in the file.",
                file.display()
            )?;
        }
        Database::Encrypt { file } => {
            let key = given(options)?;
            let open = options.open_location()?;
            let closed = open.clone().enciphered(key)?.with_file(file.clone());
            copy(&open, &closed, file)?;
        }
        Database::Decrypt { file } => {
            let open = options.open_location()?;
            let closed = open.clone().enciphered(given(options)?)?;
            copy(&closed, &open.with_file(file.clone()), file)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn given(options: &Options) -> Result<FileKey, Failure> {
    options.file_key()?.ok_or_else(|| {
        Failure::Refused(
            "name the key of the enciphered file with --database-key or KAA_DATABASE_KEY"
                .to_owned(),
        )
    })
}

fn copy(from: &Location, to: &Location, file: &Path) -> Result<(), Failure> {
    must_exist(from)?;
    if file.exists() {
        return Err(Failure::Refused(format!(
            "{} exists already; nothing was written",
            file.display()
        )));
    }
    let made = super::backup::Temporary(file.to_owned());
    // For its owner alone from its first byte on.
    drop(super::backup::create(file)?);
    let rows = export(from, to).map_err(|error| match error {
        OpenError::Storage { .. } => error,
        error => to.explained(error),
    })?;
    let verdict = verify(&mut to.connect()?).map_err(|cause| Failure::Audit(cause.to_string()))?;
    let Verdict::Whole { events } = verdict else {
        return Err(Failure::Refused(
            "the log in the copy is broken: see `kaa audit verify`. It was not kept".to_owned(),
        ));
    };
    made.keep();
    writeln!(
        std::io::stdout(),
        "{} holds the same {rows} rows, and its log is whole ({events} events). The database is as it was: start the service with \
         the new file in its place, see that it works, and destroy the old one and what lies beside it (-wal, -shm).",
        file.display()
    )?;
    Ok(())
}
