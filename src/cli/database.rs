//! The database from the command line: its schema and its copy. The log is checked in `audit`.

use super::keys::open_keys;
use super::{Failure, Options, block_on};
use kaa::clock::Clock;
use kaa::db::audited::Door;
use kaa::db::duties::{is_backlog_settled, settle_everybody};
use kaa::db::storage::must_take_writes;
use kaa::db::store::{Store, Threads};
use kaa::db::{Location, migrate, prepare_alone};
use kaa::vault::Vault;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

/// A database that can be worked with.
pub struct Prepared {
    pub location: Location,
    /// The keys of what is enciphered in it.
    pub vault: Arc<Vault>,
    /// Migrations run now.
    pub ran: usize,
}

impl Prepared {
    /// A door for the work of one command.
    pub fn door(&self) -> Result<Door, Failure> {
        let threads = Threads {
            readers: 1,
            writers: 1,
        };
        let store = Store::open(&self.location, threads)?;
        Ok(Door::new(store, Arc::clone(&self.vault)))
    }
}

/// Makes the data folder, for nobody but its owner, brings the schema up to date and finds the keys.
pub fn prepare(options: &Options) -> Result<Prepared, Failure> {
    let location = options.location()?;
    if let Some(path) = location.file() {
        let folder = path.parent().unwrap_or(&options.data);
        options.make_folder(folder)?;
    }
    let mut conn = location.connect()?;
    // A service that could store nothing would answer nothing, since every reading is written down first.
    let ran = must_take_writes(&mut conn)
        .and_then(|()| Ok(prepare_alone(&mut conn)?))
        .and_then(|()| migrate(&mut conn))
        .map_err(|error| location.explained(error))?;
    let vault = open_keys(options, &mut conn)?;
    let prepared = Prepared {
        location,
        vault,
        ran,
    };
    if !is_backlog_settled(&mut conn).map_err(|cause| Failure::Audit(cause.to_string()))? {
        settle_backlog(&prepared)?;
    }
    Ok(prepared)
}

/// Makes the tasks that the facts of an earlier version ask for, once.
fn settle_backlog(prepared: &Prepared) -> Result<(), Failure> {
    let door = prepared.door()?;
    let settled =
        block_on(async { Ok::<_, Failure>(settle_everybody(&door, Clock::System.now()).await?) })?;
    if settled.youths > 0 {
        writeln!(
            std::io::stdout(),
            "Tasks made from what the register says: {}, for {} youths.",
            settled.made,
            settled.youths
        )?;
    }
    Ok(())
}

/// `kaa migrate`.
pub fn migrate_schema(options: &Options) -> Result<ExitCode, Failure> {
    let ran = prepare(options)?.ran;
    writeln!(
        std::io::stdout(),
        "The schema is up to date; migrations run now: {ran}."
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Opening a file that is not there would make an empty database and call it whole.
pub fn must_exist(location: &Location) -> Result<(), Failure> {
    let Some(path) = location.file() else {
        return Ok(());
    };
    std::fs::metadata(path)
        .map(|_| ())
        .map_err(|cause| Failure::File {
            file: path.display().to_string(),
            cause,
        })
}
