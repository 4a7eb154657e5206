//! `kaa report`: the report of a release as a file on the server, noted in the log as read from the console. What it says was
//! decided when the release was made.

use super::database::prepare;
use super::{Failure, Options, block_on};
use clap::Args;
use kaa::clock::Clock;
use kaa::db::audited::{Call, Identity};
use kaa::domain::operation::Operation;
use kaa::error::Language;
use kaa::report::to_pdf;
use kaa::service::statistics_releases::{find_release, load_published};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct Report {
    /// The number of the release; the latest that is not withdrawn if left out.
    #[arg(long)]
    release: Option<i64>,
    /// In English.
    #[arg(long)]
    english: bool,
    /// The file to write; named after the period, in this folder, if left out.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub fn run(options: &Options, report: &Report) -> Result<ExitCode, Failure> {
    let prepared = prepare(options)?;
    let door = prepared.door()?;
    let call = Call {
        operation: Operation::ExportStatisticsReport,
        identity: Identity::Console,
        at: Clock::System.now(),
        request_id: "console".to_owned(),
    };
    let number = report.release;
    let published = block_on(door.run(call, move |tx| {
        let id = find_release(tx, number)?;
        load_published(tx, id)
    }))?;
    let language = if report.english {
        Language::English
    } else {
        Language::Swedish
    };
    let bytes = to_pdf(&published.document, language, &published.title_page)?;
    let file = report
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}.pdf", published.file_name())));
    std::fs::write(&file, bytes).map_err(|cause| Failure::File {
        file: file.display().to_string(),
        cause,
    })?;
    writeln!(std::io::stdout(), "{}", file.display())?;
    Ok(ExitCode::SUCCESS)
}
