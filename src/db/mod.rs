//! The databases: which one a URL means, how a connection is opened and how the schema is brought up to date.
//! Who may read and write what is decided in `policy`; each request's way in is `store`.

pub mod access_grants;
pub mod ambassador_weeks;
mod among;
pub mod apart;
pub mod assignments;
pub mod attempts;
pub mod audit_chain;
pub mod audit_cuts;
pub mod audit_events;
pub mod audit_field_sets;
pub mod audited;
pub mod calendar_feeds;
pub mod cipher;
pub mod compartment_counts;
pub mod consents;
pub mod contact_export;
pub mod contacts;
pub mod correction_notes;
pub(crate) mod disclosed;
pub mod disclosures;
pub mod disposal_holds;
pub mod disposals;
pub mod duplicates;
pub mod duties;
pub mod education_contracts;
pub mod enciphering;
pub mod enrolments;
pub mod episodes;
pub mod erasure;
pub mod exam_documents;
pub mod file_cipher;
pub mod goal_activities;
pub mod goal_values;
pub mod goals;
pub mod idempotency;
pub mod imports;
pub mod interventions;
pub mod jobs;
mod listing;
pub mod log_reviews;
pub mod mappings;
pub mod merging;
pub mod national_file_facts;
pub mod national_files;
pub mod notes_apart;
pub mod occupations;
pub mod organisations;
pub mod outcome_checks;
pub mod outreach_contacts;
pub mod outreach_sessions;
pub mod paging;
pub mod password_resets;
pub mod period_costs;
pub mod periods;
pub mod placement_matches;
pub mod placement_offers;
pub mod placement_wishes;
pub mod placements;
mod plain_rows;
pub mod plans;
pub mod protected_statuses;
pub mod referrals;
pub mod register_extracts;
pub mod relations;
pub mod release_figures;
pub mod residences;
pub mod restrictions;
pub mod schema;
mod schema_text;
pub mod school_notifications;
pub mod second_factors;
pub mod sensitive_terms;
pub mod sessions;
pub mod settings;
pub mod sharing;
pub mod signing_keys;
pub mod single_sign_on;
pub mod statistics;
pub mod statistics_releases;
pub mod storage;
pub mod store;
pub mod target_group;
pub mod target_group_candidates;
pub mod target_group_runs;
pub mod tasks;
pub mod timeline;
pub mod transfers;
pub mod turns;
pub mod types;
pub mod units;
pub mod usage;
pub mod users;
pub mod versions;
pub mod youth_merges;
mod youth_sides;
pub mod youths;

use crate::vault::FileKey;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

#[allow(missing_docs)]
mod connection {
    use diesel::prelude::*;

    /// A connection to either database.
    #[derive(diesel::MultiConnection)]
    pub enum Conn {
        /// PostgreSQL.
        Pg(PgConnection),
        /// SQLite.
        Sqlite(SqliteConnection),
    }
}
pub(in crate::db) use connection::MultiRawValue;
pub use connection::{Conn, MultiBackend};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRESQL: EmbeddedMigrations = embed_migrations!("migrations/postgresql");

/// Runs one expression against the concrete connection, compiled once per database: for what the enum cannot say.
#[macro_export]
macro_rules! on_each {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}

/// The Swedish day of a stored instant.
fn on_day(at: types::Timestamp) -> chrono::NaiveDate {
    crate::clock::day_of(at.utc())
}

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of the embedded database.
    Sqlite(std::path::PathBuf),
    /// A file of the embedded database that is enciphered as a whole.
    Enciphered(std::path::PathBuf, FileKey),
    /// A PostgreSQL server, by its URL.
    Postgresql(String),
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "Sqlite({})", path.display()),
            Self::Enciphered(path, _) => write!(f, "Enciphered({})", path.display()),
            // The URL may hold a password.
            Self::Postgresql(_) => f.write_str("Postgresql([url])"),
        }
    }
}

/// Why a database URL or a connection was refused at the start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The scheme is unknown; a bare path is not guessed at, so that a typo does not make an empty database.
    #[error("DATABASE_URL must begin with postgres://, postgresql:// or sqlite:")]
    UnknownScheme,
    /// libpq without TLS falls back to plain text in silence, so a server elsewhere is refused.
    #[error(
        "the PostgreSQL server is not on this host: build with --features tls and put sslmode=verify-full (or require) in DATABASE_URL"
    )]
    PlainTextToRemote,
    /// The database did not answer.
    #[error("the database cannot be opened: {0}")]
    Connection(#[from] diesel::ConnectionError),
    /// The connection could not be set up.
    #[error("the database connection cannot be set up: {0}")]
    Setup(#[from] diesel::result::Error),
    /// The schema could not be brought up to date.
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(Box<dyn std::error::Error + Send + Sync>),
    /// The place of the embedded database cannot be written.
    #[error("{}: {trouble} ({cause})", .file.display())]
    Storage {
        /// The database.
        file: std::path::PathBuf,
        /// What is wrong, and what to do.
        trouble: String,
        /// What the database says.
        cause: String,
    },
    /// A key was given to a program that cannot use it.
    #[error(
        "a key of the database file is given (KAA_DATABASE_KEY), but this program is built without `--features encryption`"
    )]
    NoEncryption,
    /// A copy is not what it was made from.
    #[error("the copy is not the same: {0}")]
    Copy(String),
    /// A server's files are not opened by this program.
    #[error(
        "KAA_DATABASE_KEY enciphers the file of the embedded database; that of a server lies where the server keeps it, on an encrypted disk"
    )]
    KeyForServer,
    /// A standby, or a server that takes no writes by its settings.
    #[error(
        "the PostgreSQL server takes no writes: it is a standby, or set to read-only. Name the primary in DATABASE_URL"
    )]
    ReadOnlyServer,
    /// The operating system gave no thread.
    #[error("a database thread cannot be started: {0}")]
    Thread(std::io::Error),
    /// Every lane of the audit is taken.
    #[error("too many database threads write to this database")]
    NoLane,
}

impl Location {
    /// Reads a database URL.
    ///
    /// # Errors
    /// An unknown scheme, or a PostgreSQL server on another host without TLS built in and asked for.
    pub fn parse(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Ok(Self::Sqlite(path.trim_start_matches("//").into()));
        }
        let Some(rest) = url
            .strip_prefix("postgres://")
            .or_else(|| url.strip_prefix("postgresql://"))
        else {
            return Err(OpenError::UnknownScheme);
        };
        if is_local(rest) || (cfg!(feature = "tls") && asks_for_tls(rest)) {
            return Ok(Self::Postgresql(url.to_owned()));
        }
        Err(OpenError::PlainTextToRemote)
    }

    /// The file of an embedded database.
    pub fn file(&self) -> Option<&std::path::Path> {
        match self {
            Self::Sqlite(file) | Self::Enciphered(file, _) => Some(file),
            Self::Postgresql(_) => None,
        }
    }

    /// Another file of the same kind, with the same key; a server stays what it is.
    pub fn with_file(&self, file: std::path::PathBuf) -> Self {
        match self {
            Self::Sqlite(_) => Self::Sqlite(file),
            Self::Enciphered(_, key) => Self::Enciphered(file, key.clone()),
            Self::Postgresql(_) => self.clone(),
        }
    }

    /// The same file, enciphered with a key.
    ///
    /// # Errors
    /// This program cannot encipher files, or it is a server's database.
    pub fn enciphered(self, key: FileKey) -> Result<Self, OpenError> {
        match self {
            Self::Sqlite(_) | Self::Enciphered(..) if !cfg!(feature = "encryption") => {
                Err(OpenError::NoEncryption)
            }
            Self::Sqlite(file) | Self::Enciphered(file, _) => Ok(Self::Enciphered(file, key)),
            Self::Postgresql(_) => Err(OpenError::KeyForServer),
        }
    }

    /// Opens a connection and sets what each of them needs.
    ///
    /// # Errors
    /// The database does not answer or refuses the settings.
    pub fn connect(&self) -> Result<Conn, OpenError> {
        match self {
            Self::Postgresql(url) => Ok(Conn::Pg(PgConnection::establish(url)?)),
            Self::Sqlite(path) => open_file(path, None).map_err(|error| self.explained(error)),
            Self::Enciphered(path, key) => {
                open_file(path, Some(key)).map_err(|error| self.explained(error))
            }
        }
    }

    /// An error of opening or writing, with what is wrong with the place, if that can be seen.
    pub fn explained(&self, error: OpenError) -> OpenError {
        let (Some(file), cause) = (self.file(), error.to_string()) else {
            return error;
        };
        let has_key = matches!(self, Self::Enciphered(..));
        match storage::trouble(file, has_key, &cause) {
            Some(trouble) => OpenError::Storage {
                file: file.to_owned(),
                trouble,
                cause,
            },
            None => error,
        }
    }
}

/// How often a file that is just being closed is asked for again, and how long to wait between.
const LOCKED_TRIES: u32 = 250;
const LOCKED_PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

/// Does something to a file that has just been opened. Whoever closes it last cleans its log away under a lock that no timeout
/// waits for (SQLite, "Write-Ahead Logging", 9).
fn patiently(mut work: impl FnMut() -> QueryResult<()>) -> QueryResult<()> {
    let mut tries = 0;
    loop {
        match work() {
            Err(error)
                if tries < LOCKED_TRIES && error.to_string().contains("database is locked") =>
            {
                tries += 1;
                std::thread::sleep(LOCKED_PAUSE);
            }
            done => return done,
        }
    }
}

fn open_file(path: &std::path::Path, key: Option<&FileKey>) -> Result<Conn, OpenError> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
    if let Some(key) = key {
        // Before anything is read.
        conn.batch_execute(&file_cipher::opening(key))?;
    }
    // busy_timeout first: whatever reads the file may have to wait. FULL: what was acknowledged survives a power cut. Eight MiB of
    // pages for each connection: what a list of fifty touches in a large register is read from the system once, not each time.
    let settings = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -8192;";
    patiently(|| conn.batch_execute(settings))?;
    if key.is_some() {
        patiently(|| conn.batch_execute(file_cipher::CACHE))?;
    }
    Ok(Conn::Sqlite(conn))
}

/// The authority and every `host=`/`hostaddr=` parameter must be this host: libpq lets a parameter override the authority.
fn is_local(rest: &str) -> bool {
    let (before_query, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = before_query.split('/').next().unwrap_or_default();
    let hosts = authority.rsplit('@').next().unwrap_or_default();
    let in_query = query.split('&').filter_map(|pair| {
        pair.strip_prefix("host=")
            .or_else(|| pair.strip_prefix("hostaddr="))
    });
    hosts
        .split(',')
        .map(without_port)
        .chain(in_query.flat_map(|list| list.split(',')))
        .all(is_local_host)
}

fn without_port(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn is_local_host(host: &str) -> bool {
    matches!(host, "" | "localhost" | "127.0.0.1" | "::1")
        || host.starts_with('/')
        || host.starts_with("%2F")
}

fn asks_for_tls(rest: &str) -> bool {
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let modes: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("sslmode="))
        .collect();
    // The last of several wins in libpq, so all must be strict.
    !modes.is_empty()
        && modes
            .iter()
            .all(|mode| matches!(*mode, "require" | "verify-ca" | "verify-full"))
}

/// Brings the schema up to date; returns how many migrations ran.
///
/// # Errors
/// A migration failed; what it had begun is rolled back.
pub fn migrate(conn: &mut Conn) -> Result<usize, OpenError> {
    on_each!(conn, c => c.run_pending_migrations(migrations_of(c)).map(|run| run.len()))
        .map_err(OpenError::Migration)
}

/// Waits until nobody else prepares the database, and keeps others from it as long as this connection lives: of several servers
/// that start together one brings the schema up to date, and the others find it so. An embedded database has one server.
///
/// # Errors
/// The database does not answer.
pub fn prepare_alone(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        // Beside the lanes, which begin with 1.
        Conn::Pg(c) => c.batch_execute(&format!(
            "SELECT pg_advisory_lock({}, 0)",
            store::LANE_LOCKS
        )),
        Conn::Sqlite(_) => Ok(()),
    }
}

/// The last migration that has run. Read without the library's own function, which writes where it may not.
///
/// # Errors
/// The database does not answer, or has never been migrated.
pub fn schema_version(conn: &mut Conn) -> QueryResult<String> {
    let latest = "(SELECT MAX(version) FROM __diesel_schema_migrations)";
    let latest = diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>(latest);
    let latest: Option<String> = diesel::select(latest).get_result(conn)?;
    Ok(latest.unwrap_or_default())
}

/// The migrations that this program knows, in order, by what [`schema_version`] tells of them.
///
/// # Errors
/// Never for migrations that were built in.
pub fn known_schemas() -> Result<Vec<String>, OpenError> {
    use diesel::migration::MigrationSource;
    let migrations = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)
        .map_err(OpenError::Migration)?;
    let mut versions: Vec<String> = migrations
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    versions.sort();
    Ok(versions)
}

/// What is wrong with an embedded database as a file and with its references; nothing, if it is whole.
///
/// # Errors
/// The file is no database.
pub fn damages(conn: &mut Conn) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Told {
        #[diesel(sql_type = diesel::sql_types::Text)]
        told: String,
    }
    let Conn::Sqlite(c) = conn else {
        return Ok(Vec::new());
    };
    let pages: Vec<Told> =
        diesel::sql_query("SELECT integrity_check AS told FROM pragma_integrity_check").load(c)?;
    let references: Vec<Told> = diesel::sql_query(
        "SELECT \"table\" || ' refers to a missing ' || parent AS told FROM pragma_foreign_key_check",
    )
    .load(c)?;
    let all = pages.into_iter().chain(references).map(|row| row.told);
    Ok(all.filter(|told| told != "ok").collect())
}

/// Whether anything stands in the database: an empty one may be restored into.
///
/// # Errors
/// The database does not answer.
pub fn has_tables(conn: &mut Conn) -> QueryResult<bool> {
    let text = match conn {
        Conn::Pg(_) => {
            "SELECT COUNT(*) AS many FROM information_schema.tables WHERE table_schema = 'public'"
        }
        Conn::Sqlite(_) => "SELECT COUNT(*) AS many FROM sqlite_master",
    };
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        many: i64,
    }
    let counted: Counted = diesel::sql_query(text).get_result(conn)?;
    Ok(counted.many > 0)
}

/// Writes a whole and consistent copy of the embedded database to a new file, while the service runs.
///
/// # Errors
/// The file exists or cannot be written. A server's database is backed up with the server's own tools: `None`.
pub fn back_up(conn: &mut Conn, file: &std::path::Path) -> QueryResult<Option<()>> {
    match conn {
        Conn::Pg(_) => Ok(None),
        Conn::Sqlite(c) => diesel::sql_query("VACUUM INTO ?")
            .bind::<diesel::sql_types::Text, _>(file.to_string_lossy().as_ref())
            .execute(c)
            .map(|_| Some(())),
    }
}

/// Takes back every migration; for the tests of `down.sql`.
///
/// # Errors
/// A migration could not be taken back.
pub fn revert_all(conn: &mut Conn) -> Result<usize, OpenError> {
    on_each!(conn, c => c.revert_all_migrations(migrations_of(c)).map(|run| run.len()))
        .map_err(OpenError::Migration)
}

/// Which set of migrations belongs to a connection.
trait Migrated {
    const MIGRATIONS: EmbeddedMigrations;
}
impl Migrated for PgConnection {
    const MIGRATIONS: EmbeddedMigrations = POSTGRESQL;
}
impl Migrated for SqliteConnection {
    const MIGRATIONS: EmbeddedMigrations = SQLITE;
}
const fn migrations_of<C: Migrated>(_: &C) -> EmbeddedMigrations {
    C::MIGRATIONS
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bare_path_is_not_taken_for_a_database() {
        assert!(matches!(
            Location::parse("data/kaa.db"),
            Err(OpenError::UnknownScheme)
        ));
        assert!(matches!(
            Location::parse("mysql://localhost/kaa"),
            Err(OpenError::UnknownScheme)
        ));
        assert_eq!(
            Location::parse("sqlite:data/kaa.db").unwrap(),
            Location::Sqlite("data/kaa.db".into())
        );
    }

    #[test]
    fn a_server_on_another_host_is_refused_without_tls() {
        for url in [
            "postgres://kaa@db.example.org/kaa",
            "postgres://kaa@localhost,db.example.org/kaa",
            "postgres://kaa@localhost/kaa?host=db.example.org",
            "postgresql://kaa@10.0.0.7:5432/kaa?sslmode=prefer",
            "postgres://localhost@db.example.org/kaa?sslmode=require&sslmode=disable",
        ] {
            assert!(
                matches!(Location::parse(url), Err(OpenError::PlainTextToRemote)),
                "{url}"
            );
        }
        for url in [
            "postgres://kaa@127.0.0.1:5432/kaa",
            "postgresql:///kaa?host=/run/postgresql",
            "postgres://[::1]/kaa",
        ] {
            assert!(Location::parse(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn the_url_with_its_password_is_not_printed() {
        let location = Location::parse("postgres://kaa:hemligt@localhost/kaa").unwrap();
        assert!(!format!("{location:?}").contains("hemligt"));
    }
}
