//! What tests stand on: an empty database of their own, on SQLite and on PostgreSQL.
//! KAA_TEST_POSTGRES is the URL of a server where databases may be made; KAA_TEST_POSTGRES_REQUIRED=1 makes its absence a failure.

pub mod app;
pub mod contract;
pub mod story;
pub mod world;

pub use app::TestApp;
pub use world::Persona;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::cipher::CipherText;
use kaa::db::schema::{record_versions, youth_identifiers};
use kaa::db::{Conn, Location};
use kaa::domain::id::{Id, Identifier, Record, Youth};
use kaa::vault::{FileKey, KeyFile, KeySource, Place, Vault};
use serde_json::Value;
use std::process::Command;
use std::sync::{Arc, OnceLock, RwLock};
use uuid::Uuid;

thread_local! {
    static OWN_KEYS: std::cell::RefCell<Option<Arc<Vault>>> = const { std::cell::RefCell::new(None) };
}

/// The keys of the test: the same for all, unless it has its own.
pub fn vault() -> Arc<Vault> {
    static VAULT: OnceLock<Arc<Vault>> = OnceLock::new();
    OWN_KEYS
        .with_borrow(Option::clone)
        .unwrap_or_else(|| Arc::clone(VAULT.get_or_init(fresh_vault)))
}

/// Gives this test keys of its own; before its service is started.
pub fn use_keys(keys: Arc<Vault>) {
    OWN_KEYS.set(Some(keys));
}

/// Keys of a test's own.
pub fn fresh_vault() -> Arc<Vault> {
    let keys = KeyFile::fresh().unwrap();
    Arc::new(Vault::open(KeySource::Memory(Arc::new(RwLock::new(keys)))).unwrap())
}

/// A text as it stands in the database.
pub fn hidden(table: &str, column: &str, record: Uuid, text: &str) -> CipherText {
    let place = Place::of(table, column, record);
    CipherText(vault().encipher(&place, text).unwrap())
}

/// A text that stands in the database, opened.
pub fn opened(table: &str, column: &str, record: Uuid, text: &CipherText) -> String {
    let place = Place::of(table, column, record);
    vault().decipher(&place, &text.0).unwrap()
}

/// The versions of the records of a resource of the register, as they were kept.
pub fn kept_versions(conn: &mut Conn, resource: &str) -> Vec<Value> {
    let rows: Vec<(Id<Record>, i64, CipherText)> = record_versions::table
        .filter(record_versions::resource.eq(resource))
        .order((record_versions::version, record_versions::record_id))
        .select((
            record_versions::record_id,
            record_versions::version,
            record_versions::document,
        ))
        .load(conn)
        .unwrap();
    rows.into_iter()
        .map(|(id, version, text)| {
            let place = Place {
                part: version.try_into().unwrap(),
                ..Place::of("record_versions", "document", id.uuid())
            };
            serde_json::from_str(&vault().decipher(&place, &text.0).unwrap()).unwrap()
        })
        .collect()
}

/// What a personnummer is found by.
pub fn tag(number: &str) -> String {
    vault().lookup("personnummer", number)
}

/// Gives a youth a personnummer behind the interface, valid from a day.
pub fn give_number(conn: &mut Conn, youth: Id<Youth>, number: &str, is_current: bool, from: &str) {
    let id: Id<Identifier> = Id::fresh();
    let from: chrono::NaiveDate = from.parse().unwrap();
    diesel::insert_into(youth_identifiers::table)
        .values((
            youth_identifiers::id.eq(id),
            youth_identifiers::youth_id.eq(youth),
            youth_identifiers::kind.eq("personnummer"),
            youth_identifiers::value.eq(tag(number)),
            youth_identifiers::is_current.eq(is_current),
            youth_identifiers::valid_from.eq(from),
            youth_identifiers::number.eq(hidden("youth_identifiers", "number", id.uuid(), number)),
        ))
        .execute(conn)
        .unwrap();
}

/// Runs the program on a database, with these variables of the environment and no other of ours; gives its exit code and
/// what it said.
pub fn run_program(
    location: &Location,
    environment: &[(&str, &str)],
    arguments: &[&str],
) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaa"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("KAA_") {
            command.env_remove(name);
        }
    }
    let ran = command
        .args(arguments)
        .env("DATABASE_URL", url_of(location))
        .envs(file_key_of(location))
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    (
        ran.status.code().unwrap(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// A database as it is named to the program.
pub fn url_of(location: &Location) -> String {
    match location {
        Location::Sqlite(path) | Location::Enciphered(path, _) => {
            format!("sqlite:{}", path.display())
        }
        Location::Postgresql(url) => url.clone(),
    }
}

/// The key of an enciphered file, as it is given to the program.
pub fn file_key_of(location: &Location) -> Option<(&'static str, String)> {
    match location {
        Location::Enciphered(_, key) => Some(("KAA_DATABASE_KEY_TEXT", key.text().to_string())),
        _ => None,
    }
}

/// A file of the embedded database: enciphered as a whole where KAA_TEST_ENCIPHERED asks for that (feature `encryption`).
fn embedded(file: std::path::PathBuf) -> Location {
    let location = Location::Sqlite(file);
    if std::env::var_os("KAA_TEST_ENCIPHERED").is_none() {
        return location;
    }
    let key = FileKey::parse(&"5e".repeat(32)).unwrap();
    location.enciphered(key).unwrap()
}

/// The keys of the test as they are given to the program.
pub fn keys_text() -> String {
    vault().source().read().unwrap().text().unwrap().to_string()
}

/// An empty database that goes when the test ends.
pub struct TestDatabase {
    pub location: Location,
    _folder: Option<tempfile::TempDir>,
    server: Option<(Location, String)>,
}

impl TestDatabase {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            location: embedded(folder.path().join("kaa.db")),
            _folder: Some(folder),
            server: None,
        }
    }

    /// In a folder that is there, and stays.
    pub fn sqlite_in(folder: &std::path::Path) -> Self {
        Self {
            location: embedded(folder.join("kaa.db")),
            _folder: None,
            server: None,
        }
    }

    /// `None` where no server is named; then the test says so, or fails where one is required.
    pub fn postgresql() -> Option<Self> {
        let Ok(url) = std::env::var("KAA_TEST_POSTGRES") else {
            assert!(
                std::env::var_os("KAA_TEST_POSTGRES_REQUIRED").is_none(),
                "KAA_TEST_POSTGRES is required here"
            );
            println!("SKIPPED ON POSTGRESQL: set KAA_TEST_POSTGRES to a server's URL");
            return None;
        };
        let server = Location::parse(&url).unwrap();
        let name = format!("kaa_test_{}", Uuid::now_v7().simple());
        server
            .connect()
            .unwrap()
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .unwrap();
        let (base, _) = url.rsplit_once('/').unwrap();
        Some(Self {
            location: Location::parse(&format!("{base}/{name}")).unwrap(),
            _folder: None,
            server: Some((server, name)),
        })
    }

    /// Moves a server's database to another of its disks.
    pub fn move_to(&self, tablespace: &str) {
        let (server, name) = self.server.as_ref().unwrap();
        let sql = format!("ALTER DATABASE {name} SET TABLESPACE {tablespace}");
        server.connect().unwrap().batch_execute(&sql).unwrap();
    }

    pub fn connect(&self) -> Conn {
        self.location.connect().unwrap()
    }

    /// A connection to the migrated database.
    pub fn migrated(&self) -> Conn {
        let mut conn = self.connect();
        kaa::db::migrate(&mut conn).unwrap();
        conn
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            let dropped = server
                .connect()
                .map(|mut c| c.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")));
            assert!(
                matches!(dropped, Ok(Ok(()))) || std::thread::panicking(),
                "{name} is left behind"
            );
        }
    }
}

/// Compares a text with a committed snapshot; with KAA_ACCEPT_SNAPSHOTS=1 the snapshot is written anew.
#[track_caller]
pub fn accept_or_compare(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/api/snapshots")
        .join(name);
    if std::env::var_os("KAA_ACCEPT_SNAPSHOTS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "{name} differs; review it and accept it with KAA_ACCEPT_SNAPSHOTS=1"
    );
}

/// Runs a test against a running service on each database: `with_app!(name, |app| { .. });`.
#[macro_export]
macro_rules! with_app {
    ($name:ident, $test:expr) => {
        $crate::on_both!($name, |database| {
            let test: fn($crate::support::TestApp) = $test;
            test($crate::support::TestApp::new(database));
        });
    };
}

/// Runs a test on each database: `on_both!(name, |database| { .. });`.
#[macro_export]
macro_rules! on_both {
    ($name:ident, $test:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            #[test]
            fn sqlite() {
                let test: fn($crate::support::TestDatabase) = $test;
                test($crate::support::TestDatabase::sqlite());
            }
            #[test]
            fn postgresql() {
                let test: fn($crate::support::TestDatabase) = $test;
                if let Some(database) = $crate::support::TestDatabase::postgresql() {
                    test(database);
                }
            }
        }
    };
}
