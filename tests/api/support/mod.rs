//! What tests stand on: an empty database of their own, on SQLite and on PostgreSQL.
//! KAA_TEST_POSTGRES is the URL of a server where databases may be made; KAA_TEST_POSTGRES_REQUIRED=1 makes its absence a failure.

pub mod app;
pub mod contract;
pub mod world;

pub use app::TestApp;
pub use world::Persona;

use diesel::connection::SimpleConnection;
use kaa::db::{Conn, Location};
use uuid::Uuid;

/// An empty database that goes when the test ends.
pub struct TestDatabase {
    pub location: Location,
    _folder: Option<tempfile::TempDir>,
    server: Option<(Location, String)>,
}

impl TestDatabase {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("kaa.db"));
        Self {
            location,
            _folder: Some(folder),
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
