//! `kaa disposal archive`: writes what an approved disposal takes to a file for the municipal archive, reads it back, and notes
//! that the archive has it. What goes into it is decided in `service::disposals`.

use super::database::prepare;
use super::{Failure, Options, block_on, write_new};
use clap::{Args, Subcommand};
use kaa::clock::Clock;
use kaa::db::audited::{Call, Door, Identity};
use kaa::domain::id::{DisposalRun, Id};
use kaa::domain::operation::Operation;
use kaa::service::disposals::{Archive as Content, archive_disposal};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Disposal {
    /// Write what an approved disposal takes to a new file, in plain text, for the municipal archive. It must be made before
    /// the disposal is carried out, and again if something has changed since.
    Archive(Archive),
}

#[derive(Args)]
pub struct Archive {
    /// The id of the disposal.
    run: uuid::Uuid,
    /// The new file. Whoever reads it reads everything: keep it where only the archive gets at it.
    file: PathBuf,
}

pub fn archive(options: &Options, archive: &Archive) -> Result<ExitCode, Failure> {
    let door = prepare(options)?.door()?;
    let run = Id::of(archive.run);
    let content = block_on(put_together(&door, run, None))?;
    write_new(&archive.file, &content.content)?;
    let told = |cause| Failure::File {
        file: archive.file.display().to_string(),
        cause,
    };
    if std::fs::read_to_string(&archive.file).map_err(told)? != content.content {
        return Err(Failure::Refused(format!(
            "{}: what was written does not read back; the disposal is as it was",
            archive.file.display()
        )));
    }
    // Noted only now that the file is there, and only if nothing has changed meanwhile.
    block_on(put_together(&door, run, Some(content.sha256.clone())))?;
    writeln!(
        std::io::stdout(),
        "{} items are in {} (SHA-256 {}). The disposal can be carried out.",
        content.items,
        archive.file.display(),
        content.sha256
    )?;
    Ok(ExitCode::SUCCESS)
}

async fn put_together(
    door: &Door,
    run: Id<DisposalRun>,
    written: Option<String>,
) -> kaa::error::Result<Content> {
    let call = Call {
        operation: Operation::ArchiveDisposal,
        identity: Identity::Console,
        at: Clock::System.now(),
        request_id: "console".to_owned(),
    };
    door.run(call, move |tx| {
        archive_disposal(tx, run, written.as_deref())
    })
    .await
}
