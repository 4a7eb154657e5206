//! `kaa keys`: the keys of what is enciphered in the database. How they are found at a start stands here too; what they do,
//! in `vault` and `db::enciphering`.

use super::database::must_exist;
use super::{Failure, Options};
use clap::Subcommand;
use kaa::clock::Clock;
use kaa::db::enciphering::{
    KeyCheck, check_keys, count_by_key, encipher_anew, encipher_once, forget_other_keys, has_keys,
    is_enciphered_once, open_all, remember_keys,
};
use kaa::db::{Conn, Location, migrate};
use kaa::vault::{KeyError, KeyFile, KeySet, KeySource, Vault};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Subcommand)]
pub enum Keys {
    /// Make new keys in a file that is not there yet. `kaa serve` does so by itself on a new database.
    New,
    /// Tell which keys are at hand and how many texts each of them closes.
    Status,
    /// Open every enciphered text, and tell which do not open: whether this database, or a restored copy, is whole.
    Verify,
    /// Add a version to the file without enciphering anew; for keys that several servers get by other ways.
    Add,
    /// Add a version and encipher everything with it, while the service runs. Keys of the environment get no version here.
    Rotate,
    /// Take away the versions that close nothing any more. Backups from before need them: keep the old file with those.
    Retire,
}

pub fn run(options: &Options, command: &Keys) -> Result<ExitCode, Failure> {
    match command {
        Keys::New => new(options),
        Keys::Add => add(&options.key_source()),
        Keys::Status => status(options),
        Keys::Verify => verify(options),
        Keys::Rotate => rotate(options),
        Keys::Retire => retire(options),
    }
}

/// The keys of a database that has been brought up to date: those at hand, or new ones if it has never had any. Whatever
/// still lies open is enciphered before this returns.
pub fn open_keys(options: &Options, conn: &mut Conn) -> Result<Arc<Vault>, Failure> {
    let source = options.key_source();
    let vault = match Vault::open(source.clone()) {
        Err(KeyError::Missing(path)) if !has_keys(conn).map_err(unread)? => {
            if let Some(folder) = path.parent() {
                options.make_folder(folder)?;
            }
            KeyFile::fresh()?.write_new(&path)?;
            writeln!(
                std::io::stdout(),
                "Keys are made: {}. Keep a copy apart from the database and its backups: whoever loses the keys has lost \
                 the identity numbers and texts of the register for good.",
                path.display()
            )?;
            Vault::open(source)?
        }
        opened => opened?,
    };
    must_be_right(conn, &vault)?;
    remember_keys(conn, &vault).map_err(unread)?;
    if !is_enciphered_once(conn).map_err(unread)? {
        let texts = encipher_once(conn, &vault, Clock::System.now())?;
        if texts > 0 {
            writeln!(
                std::io::stdout(),
                "Texts that lay open are enciphered: {texts}. Backups from before still show them."
            )?;
        }
    }
    Ok(Arc::new(vault))
}

/// Other keys than those of the database would close new texts for whoever has the right ones.
pub fn must_be_right(conn: &mut Conn, vault: &Vault) -> Result<(), Failure> {
    match check_keys(conn, vault).map_err(unread)? {
        KeyCheck::Right => Ok(()),
        KeyCheck::Other(key) => Err(Failure::Refused(format!(
            "{} does not hold the keys of this database: {key} is another key. Nothing was changed",
            vault.source()
        ))),
        KeyCheck::Missing(key) => Err(Failure::Refused(format!(
            "{} lacks a key with which this database has been written: {key}. Nothing was changed",
            vault.source()
        ))),
    }
}

fn unread(cause: impl std::fmt::Display) -> Failure {
    Failure::Refused(format!(
        "the keys of the database cannot be compared: {cause}"
    ))
}

/// The database and the keys at hand, compared.
fn both(options: &Options) -> Result<(Location, Conn, Vault), Failure> {
    let location = options.location()?;
    must_exist(&location)?;
    let mut conn = location.connect()?;
    migrate(&mut conn)?;
    let vault = Vault::open(options.key_source())?;
    must_be_right(&mut conn, &vault)?;
    Ok((location, conn, vault))
}

fn new(options: &Options) -> Result<ExitCode, Failure> {
    let KeySource::File(path) = options.key_source() else {
        return Err(KeyError::FromEnvironment.into());
    };
    if let Some(folder) = path.parent() {
        options.make_folder(folder)?;
    }
    KeyFile::fresh()?.write_new(&path)?;
    writeln!(std::io::stdout(), "Keys are made: {}.", path.display())?;
    Ok(ExitCode::SUCCESS)
}

fn add(source: &KeySource) -> Result<ExitCode, Failure> {
    let keys = source.read()?.rotated()?;
    source.replace(&keys)?;
    let newest = keys.versions(KeySet::Register).last();
    writeln!(
        std::io::stdout(),
        "{source} has version {} now. What is written from now on is enciphered with it.",
        newest.map_or(0, |(version, _)| version)
    )?;
    Ok(ExitCode::SUCCESS)
}

fn status(options: &Options) -> Result<ExitCode, Failure> {
    let (_, mut conn, vault) = both(options)?;
    let counts = count_by_key(&mut conn).map_err(unread)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "Keys from {}:", vault.source())?;
    let (keys, lookup) = vault.fingerprints();
    for ((set, version), fingerprint) in keys {
        let key = format!("{}{version}", set.letter());
        let many = counts.get(&key).unwrap_or(&0);
        writeln!(
            out,
            "  {:<12} version {version}  {fingerprint}  closes {many} texts",
            set.name()
        )?;
    }
    writeln!(out, "  {:<12} version 1  {lookup}", "lookup")?;
    let open = counts.get("").unwrap_or(&0);
    writeln!(out, "Texts that lie open: {open}.")?;
    Ok(ExitCode::from(if *open > 0 { 2 } else { 0 }))
}

fn verify(options: &Options) -> Result<ExitCode, Failure> {
    let (_, mut conn, vault) = both(options)?;
    let mut many: u64 = 0;
    let closed = open_all(&mut conn, &vault, &mut |_, _, _| many += 1)?;
    let mut out = std::io::stdout().lock();
    for text in &closed {
        writeln!(out, "Does not open: {text}")?;
    }
    writeln!(
        out,
        "Texts that open: {many}. That do not: {}.",
        closed.len()
    )?;
    Ok(ExitCode::from(if closed.is_empty() { 0 } else { 2 }))
}

fn rotate(options: &Options) -> Result<ExitCode, Failure> {
    let (_, mut conn, vault) = both(options)?;
    match vault.source() {
        KeySource::Environment(_) => writeln!(
            std::io::stdout(),
            "The keys come from the environment: no version is added, what is there is enciphered with its newest."
        )?,
        source => {
            let keys = source.read()?.rotated()?;
            source.replace(&keys)?;
            vault.read_again()?;
        }
    }
    remember_keys(&mut conn, &vault).map_err(unread)?;
    let texts = encipher_anew(&mut conn, &vault)?;
    writeln!(
        std::io::stdout(),
        "Texts enciphered anew: {texts}. The versions before stay in {} until `kaa keys retire`; a running service uses \
         the new one within a minute.",
        vault.source()
    )?;
    Ok(ExitCode::SUCCESS)
}

fn retire(options: &Options) -> Result<ExitCode, Failure> {
    let (_, mut conn, vault) = both(options)?;
    let texts = encipher_anew(&mut conn, &vault)?;
    if texts > 0 {
        return Err(Failure::Refused(format!(
            "{texts} texts were still enciphered with an older version: a running service may have written them. They are \
             enciphered anew; run `kaa keys retire` again in a minute"
        )));
    }
    let source = vault.source();
    let newest = source.read()?.newest_alone();
    source.replace(&newest)?;
    vault.read_again()?;
    forget_other_keys(&mut conn, &vault).map_err(unread)?;
    writeln!(
        std::io::stdout(),
        "{source} holds the newest version of each key alone. Backups from before need the old file."
    )?;
    Ok(ExitCode::SUCCESS)
}
