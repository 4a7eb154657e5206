//! The command line: what can be asked for, and how a failure is told in plain words. No rule of the work stands here.

mod audit;
mod backup;
mod database;
mod demo;
mod disposal;
mod import;
mod keys;
mod kolada;
mod national;
mod report;
mod serve;
mod signing_key;
mod single_sign_on;
mod staff;
mod target_group;
mod whole_file;

use clap::{Args, Parser, Subcommand};
use kaa::api::contract::{document, yaml};
use kaa::app::StartError;
use kaa::auth::single_sign_on::ProviderConfigError;
use kaa::config::{ConfigError, DEFAULT_CONTACT};
use kaa::db::{Location, OpenError};
use kaa::vault::{FileKey, KeyError, KeySource};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Case management for the kommunala aktivitetsansvaret.
#[derive(Parser)]
#[command(name = "kaa", version)]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

/// Where the data is.
#[derive(Args)]
pub struct Options {
    /// Folder of the embedded database.
    #[arg(long, env = "KAA_DATA", default_value = "./data", global = true)]
    data: PathBuf,
    /// Another database: postgres://... or sqlite:PATH.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
    /// The file of the keys that encipher the database; keys.json in the data folder if left out.
    #[arg(long, env = "KAA_KEYS", global = true)]
    keys: Option<PathBuf>,
    /// The keys themselves, as they stand in the file; for a manager of secrets.
    #[arg(long, env = "KAA_KEYS_TEXT", hide_env_values = true, global = true)]
    keys_text: Option<String>,
    /// The file of the key with which the file of the embedded database is enciphered as a whole; see `kaa database`.
    #[arg(long, env = "KAA_DATABASE_KEY", global = true)]
    database_key: Option<PathBuf>,
    /// That key itself, as it stands in the file; for a manager of secrets.
    #[arg(
        long,
        env = "KAA_DATABASE_KEY_TEXT",
        hide_env_values = true,
        global = true
    )]
    database_key_text: Option<String>,
}

impl Options {
    fn location(&self) -> Result<Location, Failure> {
        let location = self.open_location()?;
        match self.file_key()? {
            Some(key) => Ok(location.enciphered(key)?),
            None => Ok(location),
        }
    }

    /// Where the data is, as if it were not enciphered as a whole.
    fn open_location(&self) -> Result<Location, OpenError> {
        match &self.database_url {
            Some(url) => Location::parse(url),
            None => Ok(Location::Sqlite(self.data.join("kaa.db"))),
        }
    }

    /// The key of the database file, if it is enciphered as a whole.
    fn file_key(&self) -> Result<Option<FileKey>, KeyError> {
        match (&self.database_key_text, &self.database_key) {
            (Some(text), _) => FileKey::parse(text).map(Some),
            (None, Some(file)) => FileKey::read(file).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn key_source(&self) -> KeySource {
        match &self.keys_text {
            Some(text) => KeySource::environment(text),
            None => KeySource::File(
                self.keys
                    .clone()
                    .unwrap_or_else(|| self.data.join("keys.json")),
            ),
        }
    }

    /// A folder that only its owner can look into.
    fn make_folder(&self, folder: &Path) -> Result<(), Failure> {
        let told = |cause| Failure::File {
            file: folder.display().to_string(),
            cause,
        };
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(told)
    }
}

#[derive(Subcommand)]
enum Command {
    /// Serve the REST interface.
    Serve(serve::Serve),
    /// Serve an invented municipality, to try the service out.
    Demo(demo::Demo),
    /// Bring the database schema up to date.
    Migrate,
    /// Copy the database to a new enciphered file, while the service runs, and check the copy.
    Backup {
        /// The new file.
        file: PathBuf,
    },
    /// Make a database from a backup, where there is none yet.
    Restore(backup::Restore),
    /// The file of the embedded database, enciphered as a whole.
    #[command(subcommand)]
    Database(whole_file::Database),
    /// Members of staff.
    #[command(subcommand)]
    User(staff::User),
    /// The keys that encipher identity numbers and texts.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// The keys that sign access tokens.
    #[command(subcommand)]
    SigningKey(signing_key::SigningKey),
    /// Files from other systems.
    #[command(subcommand)]
    Import(import::Import),
    /// Key figures of Kolada (RKA) for the goals that name one.
    #[command(subcommand)]
    Kolada(kolada::Kolada),
    /// Write the report of a release (PDF/UA), the latest one if none is named.
    Report(report::Report),
    /// The half-yearly national file.
    #[command(subcommand)]
    National(national::National),
    /// Whom the duty concerns.
    #[command(subcommand)]
    TargetGroup(target_group::TargetGroup),
    /// What is disposed of once its period has run out.
    #[command(subcommand)]
    Disposal(disposal::Disposal),
    /// The log of who did what.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Print the contract of the REST interface (OpenAPI 3.1, YAML).
    Openapi,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error("{0}")]
    Start(#[from] StartError),
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("{0}")]
    Address(#[from] ProviderConfigError),
    #[error("{0}")]
    Keys(#[from] KeyError),
    #[error("{file}: {cause}")]
    File { file: String, cause: std::io::Error },
    #[error("{file}: {detail}")]
    Content { file: String, detail: String },
    #[error("the audit cannot be read: {0} (has `kaa migrate` been run?)")]
    Audit(String),
    #[error("{0}")]
    Refused(String),
    #[error("nothing can be printed: {0}")]
    Print(#[from] std::io::Error),
}

impl From<kaa::error::Error> for Failure {
    /// Every field with its reason; the cause of a failure of ours as well, since whoever reads it runs the server.
    fn from(error: kaa::error::Error) -> Self {
        let language = kaa::error::Language::English;
        let mut told = vec![error.code.title(language).to_owned()];
        told.extend(
            error
                .fields
                .iter()
                .map(|field| format!("{}: {}", field.pointer, field.detail(language))),
        );
        told.extend(error.cause);
        Self::Refused(told.join(" "))
    }
}

/// Reads a JSON file.
fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|cause| Failure::File {
        file: file.clone(),
        cause,
    })?;
    serde_json::from_str(&text).map_err(|error| Failure::Content {
        file,
        detail: error.to_string(),
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

/// Does what was asked for.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let options = &arguments.options;
    match &arguments.command {
        Command::Serve(serve) => serve::run(options, serve),
        Command::Demo(demo) => demo::run(options, demo),
        Command::Migrate => database::migrate_schema(options),
        Command::Backup { file } => backup::back_up(options, file),
        Command::Restore(restore) => backup::restore(options, restore),
        Command::Database(command) => whole_file::run(options, command),
        Command::User(command) => staff::run(options, command),
        Command::Keys(command) => keys::run(options, command),
        Command::SigningKey(command) => signing_key::run(options, command),
        Command::Import(import::Import::Roster(roster)) => import::run(options, roster),
        Command::Kolada(kolada::Kolada::Fetch(fetch)) => kolada::fetch(options, fetch),
        Command::National(command) => national::run(command),
        Command::Report(report) => report::run(options, report),
        Command::TargetGroup(target_group::TargetGroup::Run(run)) => {
            target_group::run(options, run)
        }
        Command::Disposal(disposal::Disposal::Archive(archive)) => {
            disposal::archive(options, archive)
        }
        Command::Audit(command) => audit::run(options, command),
        Command::Openapi => print_contract(),
    }
}

fn print_contract() -> Result<ExitCode, Failure> {
    let contract = document(DEFAULT_CONTACT);
    write!(std::io::stdout(), "{}", yaml::write(&contract))?;
    Ok(ExitCode::SUCCESS)
}

/// Runs the asynchronous part of a command.
fn block_on<F: std::future::Future>(work: F) -> F::Output {
    actix_web::rt::System::new().block_on(work)
}
