//! `kaa backup` and `kaa restore`: the database as one enciphered file, and back. A backup is checked before it is called one;
//! a restore says what it will do and writes over nothing. What the file looks like stands in `vault::file`.

use super::database::must_exist;
use super::keys::must_be_right;
use super::{Failure, Options};
use chrono::SecondsFormat;
use clap::Args;
use kaa::clock::Clock;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::enciphering::has_keys;
use kaa::db::{
    Conn, Location, back_up as copy_to, damages, has_tables, known_schemas, schema_version,
};
use kaa::percent::decoded;
use kaa::vault::Vault;
use kaa::vault::file::{FileError, Header, decipher, encipher, header};
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// What the embedded database's backups hold.
const EMBEDDED: &str = "sqlite database";
/// What they hold when its file is enciphered as a whole: the backup opens with the keys, and what is in it with the file's key.
const ENCIPHERED: &str = "enciphered sqlite database";
/// What a server's backups hold.
const SERVER: &str = "postgresql dump";

#[derive(Args)]
pub struct Restore {
    /// The file that `kaa backup` wrote.
    file: PathBuf,
    /// Only check the file and say what would be done.
    #[arg(long)]
    check: bool,
}

fn told(file: &Path) -> impl Fn(std::io::Error) -> Failure + '_ {
    move |cause| Failure::File {
        file: file.display().to_string(),
        cause,
    }
}

fn of_file(file: &Path) -> impl Fn(FileError) -> Failure + '_ {
    move |error| Failure::Refused(format!("{}: {error}", file.display()))
}

fn unread(cause: impl std::fmt::Display) -> Failure {
    Failure::Audit(cause.to_string())
}

/// A new file for nobody but its owner.
pub(super) fn create(file: &Path) -> Result<File, Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(told(file))
}

/// A file that goes with the work, unless it has been given its name.
pub(super) struct Temporary(pub(super) PathBuf);

impl Temporary {
    pub(super) fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.clone().into_os_string();
            name.push(end);
            let _ = std::fs::remove_file(name);
        }
    }
}

// Backup ------------------------------------------------------------------------------------------

/// `kaa backup`.
pub fn back_up(options: &Options, file: &Path) -> Result<ExitCode, Failure> {
    let name = file.display().to_string();
    if file.exists() {
        return Err(Failure::Refused(format!(
            "{name} exists already; nothing was written"
        )));
    }
    let location = options.location()?;
    must_exist(&location)?;
    let mut conn = location.connect()?;
    if !has_keys(&mut conn).unwrap_or(false) {
        return Err(Failure::Refused(
            "the database is not enciphered yet; bring it up to date first: kaa migrate".to_owned(),
        ));
    }
    let vault = Vault::open(options.key_source())?;
    must_be_right(&mut conn, &vault)?;
    let schema = schema_version(&mut conn).map_err(unread)?;
    let made_at = Clock::System
        .now()
        .to_rfc3339_opts(SecondsFormat::Secs, true);
    let (made, events) = match &location {
        Location::Sqlite(path) | Location::Enciphered(path, _) => {
            let head =
                Header::new(content_of(&location), made_at, schema).map_err(of_file(file))?;
            embedded(&mut conn, &location, path, &vault, &head, file)?
        }
        Location::Postgresql(url) => {
            let head = Header::new(SERVER, made_at, schema).map_err(of_file(file))?;
            let events = whole_chain(&mut conn)?;
            (dumped(url, &vault, &head, file)?, events)
        }
    };
    made.keep();
    writeln!(
        std::io::stdout(),
        "The database is backed up to {name}, enciphered with the newest key of the register, and the copy has been read \
         back: it is whole, its log too ({events} events). It opens with these keys alone: keep a copy of them elsewhere."
    )?;
    Ok(ExitCode::SUCCESS)
}

/// What a backup of a database holds.
const fn content_of(location: &Location) -> &'static str {
    match location {
        Location::Sqlite(_) => EMBEDDED,
        Location::Enciphered(..) => ENCIPHERED,
        Location::Postgresql(_) => SERVER,
    }
}

/// Copies the file while the service runs, checks the copy, and enciphers it.
fn embedded(
    conn: &mut Conn,
    location: &Location,
    path: &Path,
    vault: &Vault,
    head: &Header,
    file: &Path,
) -> Result<(Temporary, u64), Failure> {
    // Beside the database, where as much lies open already, and never where the backups go.
    let copy = Temporary(path.with_extension(format!("copy-{}", std::process::id())));
    drop(create(&copy.0)?);
    copy_to(conn, &copy.0)
        .map_err(|cause| Failure::Refused(format!("{}: {cause}", copy.0.display())))?;
    let events = {
        let mut copied = location.with_file(copy.0.clone()).connect()?;
        must_be_whole(&mut copied, &copy.0)?;
        whole_chain(&mut copied)?
    };
    let open = || File::open(&copy.0).map_err(told(&copy.0));
    let made = write_enciphered(vault, head, open()?, file)?;
    same_as(vault, file, open()?)?;
    Ok((made, events))
}

fn must_be_whole(conn: &mut Conn, file: &Path) -> Result<(), Failure> {
    match damages(conn).map_err(unread)?.first() {
        None => Ok(()),
        Some(damage) => Err(Failure::Refused(format!(
            "{} is damaged: {damage}. It was not kept",
            file.display()
        ))),
    }
}

/// The number of events of a log that is whole.
fn whole_chain(conn: &mut Conn) -> Result<u64, Failure> {
    match verify(conn).map_err(unread)? {
        Verdict::Whole { events } => Ok(events),
        Verdict::Broken { lane, position, .. } => Err(Failure::Refused(format!(
            "the log is broken at lane {lane}, position {position}: see `kaa audit verify`"
        ))),
    }
}

fn write_enciphered(
    vault: &Vault,
    head: &Header,
    source: impl Read,
    file: &Path,
) -> Result<Temporary, Failure> {
    let mut sink = create(file)?;
    let made = Temporary(file.to_owned());
    encipher(vault, head, source, &mut sink).map_err(of_file(file))?;
    sink.sync_all().map_err(told(file))?;
    Ok(made)
}

/// Reads the backup back and compares it byte by byte with what it was made from.
fn same_as(vault: &Vault, file: &Path, source: impl Read) -> Result<(), Failure> {
    let mut compared = Compared {
        source: BufReader::new(source),
        is_same: true,
    };
    decipher(vault, File::open(file).map_err(told(file))?, &mut compared).map_err(of_file(file))?;
    let mut rest = [0];
    let has_rest = compared.source.read(&mut rest).map_err(told(file))? > 0;
    if compared.is_same && !has_rest {
        Ok(())
    } else {
        Err(Failure::Refused(format!(
            "{} does not read back as it was written. It was not kept",
            file.display()
        )))
    }
}

/// Takes what is written and compares it with a source.
struct Compared<R> {
    source: R,
    is_same: bool,
}

impl<R: Read> Write for Compared<R> {
    fn write(&mut self, written: &[u8]) -> std::io::Result<usize> {
        let mut expected = vec![0; written.len()];
        match self.source.read_exact(&mut expected) {
            Ok(()) => self.is_same &= expected == written,
            Err(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => self.is_same = false,
            Err(cause) => return Err(cause),
        }
        Ok(written.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Lets PostgreSQL's own tool dump one consistent state, and enciphers what it gives.
fn dumped(url: &str, vault: &Vault, head: &Header, file: &Path) -> Result<Temporary, Failure> {
    let mut tool = tool("pg_dump", url);
    tool.args(["--format=custom", "--no-owner", "--no-privileges"])
        .stdout(Stdio::piped());
    let mut running = tool.spawn().map_err(no_tool("pg_dump"))?;
    let out = running.stdout.take().ok_or_else(broken_pipe)?;
    let written = write_enciphered(vault, head, out, file);
    let ended = running.wait()?;
    let made = written?;
    if !ended.success() {
        return Err(Failure::Refused(format!("pg_dump failed: {ended}")));
    }
    // What reads back is what was written; whether it is a dump, the tool says.
    let mut lister = Command::new("pg_restore");
    lister
        .arg("--list")
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let ended = feed(&mut lister, vault, file)?;
    if ended {
        Ok(made)
    } else {
        Err(Failure::Refused(format!(
            "{} is no dump that pg_restore reads. It was not kept",
            file.display()
        )))
    }
}

/// One of PostgreSQL's tools on a database. The password goes by the environment, since arguments can be seen by all.
fn tool(name: &str, url: &str) -> Command {
    let mut command = Command::new(name);
    let (open, password) = without_password(url);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command.arg(format!("--dbname={open}"));
    command
}

/// A URL without its password, and the password as it was meant.
fn without_password(url: &str) -> (String, Option<String>) {
    let parts = url.split_once("://").and_then(|(scheme, rest)| {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let (user_info, host) = authority.rsplit_once('@')?;
        let (user, password) = user_info.split_once(':')?;
        Some((format!("{scheme}://{user}@{host}{path}"), decoded(password)))
    });
    match parts {
        Some((open, password)) => (open, Some(password)),
        None => (url.to_owned(), None),
    }
}

fn no_tool(name: &str) -> impl Fn(std::io::Error) -> Failure + '_ {
    move |cause| {
        Failure::Refused(format!(
            "{name} could not be started ({cause}): a server's database is backed up and restored with PostgreSQL's own \
             tools (package postgresql-client)"
        ))
    }
}

fn broken_pipe() -> Failure {
    Failure::Print(std::io::ErrorKind::BrokenPipe.into())
}

/// Deciphers a file into a tool; whether the tool was content.
fn feed(tool: &mut Command, vault: &Vault, file: &Path) -> Result<bool, Failure> {
    let mut running = tool.spawn().map_err(no_tool("pg_restore"))?;
    let input = running.stdin.take().ok_or_else(broken_pipe)?;
    let source = File::open(file).map_err(told(file))?;
    let fed = decipher(vault, source, input);
    let ended = running.wait()?;
    match fed {
        // A tool that has read enough closes its end.
        Err(FileError::Io(cause)) if cause.kind() == std::io::ErrorKind::BrokenPipe => {}
        fed => {
            fed.map_err(of_file(file))?;
        }
    }
    Ok(ended.success())
}

// Restore -----------------------------------------------------------------------------------------

/// `kaa restore`.
pub fn restore(options: &Options, restore: &Restore) -> Result<ExitCode, Failure> {
    let file = &restore.file;
    let open = || File::open(file).map_err(told(file));
    let head = header(open()?).map_err(of_file(file))?;
    let location = options.location()?;
    let content = content_of(&location);
    let place = location.file().map_or_else(
        || "the database of DATABASE_URL".to_owned(),
        |path| path.display().to_string(),
    );
    if head.content != content {
        return Err(Failure::Refused(format!(
            "{} holds a {}, and {place} is no place for one: {}",
            file.display(),
            head.content,
            match (head.content.as_str(), content) {
                (ENCIPHERED, EMBEDDED) => "name the key of its file with KAA_DATABASE_KEY",
                (EMBEDDED, ENCIPHERED) =>
                    "leave KAA_DATABASE_KEY out, and encipher it then with `kaa database encrypt`",
                (SERVER, _) => "give the URL of an empty database of a server with DATABASE_URL",
                _ => "leave DATABASE_URL out and name a folder with --data",
            }
        )));
    }
    let known = known_schemas()?;
    if !known.contains(&head.schema) {
        return Err(Failure::Refused(format!(
            "{} was made by kaa {} with the schema {}, which this program (kaa {}, schema {}) does not know: use that \
             version or a later one. Nothing was written",
            file.display(),
            head.program,
            head.schema,
            env!("CARGO_PKG_VERSION"),
            known.last().map_or("", String::as_str),
        )));
    }
    let ahead = known.iter().filter(|schema| **schema > head.schema).count();
    let vault = Vault::open(options.key_source())?;
    // Once through before anything is made: a file that is damaged at its end makes no half database.
    decipher(&vault, open()?, std::io::sink()).map_err(of_file(file))?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: {}, made at {} by kaa {}, schema {}. It opens with these keys and is unchanged.",
        file.display(),
        head.content,
        head.made_at,
        head.program,
        head.schema
    )?;
    let will = if ahead == 0 {
        "Its schema is that of this program.".to_owned()
    } else {
        format!(
            "Its schema is older than that of this program: the next `kaa migrate` or `kaa serve` brings it up to date \
             ({ahead} migrations), after which an older program does not open it."
        )
    };
    writeln!(out, "{will}")?;
    if restore.check {
        writeln!(out, "Nothing was written.")?;
        return Ok(ExitCode::SUCCESS);
    }
    match &location {
        Location::Sqlite(path) | Location::Enciphered(path, _) => {
            restore_file(options, &location, path, &vault, file)?;
        }
        Location::Postgresql(url) => restore_server(url, &location, &vault, file)?,
    }
    writeln!(
        out,
        "Restored to {place}. What was done after {} is not in it, the log of that time neither; sign-ins of then may still \
         hold: `kaa keys verify` and `kaa audit verify` say whether all is there.",
        head.made_at
    )?;
    Ok(ExitCode::SUCCESS)
}

fn restore_file(
    options: &Options,
    location: &Location,
    path: &Path,
    vault: &Vault,
    file: &Path,
) -> Result<(), Failure> {
    let is_there = Failure::Refused(format!(
        "{} exists already, and nothing is written over. Name another folder with --data",
        path.display()
    ));
    if path.exists() {
        return Err(is_there);
    }
    options.make_folder(path.parent().unwrap_or(&options.data))?;
    let part = Temporary(path.with_extension("part"));
    let mut sink = create(&part.0)?;
    let source = File::open(file).map_err(told(file))?;
    decipher(vault, source, &mut sink).map_err(of_file(file))?;
    sink.sync_all().map_err(told(&part.0))?;
    {
        let mut conn = location.with_file(part.0.clone()).connect()?;
        must_be_whole(&mut conn, &part.0)?;
        must_be_right(&mut conn, vault)?;
    }
    // A link fails where there is a file, which a rename would write over.
    std::fs::hard_link(&part.0, path).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::AlreadyExists => is_there,
        _ => told(path)(cause),
    })?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(told(path))
}

fn restore_server(
    url: &str,
    location: &Location,
    vault: &Vault,
    file: &Path,
) -> Result<(), Failure> {
    if has_tables(&mut location.connect()?).map_err(unread)? {
        return Err(Failure::Refused(
            "the database of DATABASE_URL is not empty, and nothing is written over: make a new one (createdb)".to_owned(),
        ));
    }
    let mut tool = tool("pg_restore", url);
    tool.args([
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
    ])
    .stdin(Stdio::piped());
    if !feed(&mut tool, vault, file)? {
        return Err(Failure::Refused(
            "pg_restore failed; the database is as it was".to_owned(),
        ));
    }
    must_be_right(&mut location.connect()?, vault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_no_argument() {
        for (url, open, password) in [
            (
                "postgres://kaa:hem%40ligt@localhost:5432/kaa?sslmode=require",
                "postgres://kaa@localhost:5432/kaa?sslmode=require",
                Some("hem@ligt"),
            ),
            (
                "postgresql://kaa:@h/kaa",
                "postgresql://kaa@h/kaa",
                Some(""),
            ),
            (
                "postgres://kaa@localhost/kaa",
                "postgres://kaa@localhost/kaa",
                None,
            ),
            (
                "postgres:///kaa?host=/run",
                "postgres:///kaa?host=/run",
                None,
            ),
            ("postgres://a:5%zz@h", "postgres://a@h", Some("5%zz")),
        ] {
            let expected = (open.to_owned(), password.map(str::to_owned));
            assert_eq!(without_password(url), expected, "{url}");
        }
    }
}
