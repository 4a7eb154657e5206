//! How fast is the whole service? Builds a register, starts the server, drives real HTTP as several people, and measures what could
//! be reached at most in the same run. Prints a table and writes JSON:
//!
//! `cargo bench --bench service -- --size s,m --database postgres://me@host/postgres --json figures.json`
//!
//! Without `--database` on the embedded one; `--plot growth.svg figures.json ..` draws what grows with the register. What was measured
//! stands in the README; whether answers are right is tested elsewhere.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used
)]

mod data;
mod deeds;
mod drive;
mod growth;
mod plain;
mod unaudited;

use data::Amount;
use diesel::prelude::*;
use drive::{Ask, Drove, Line, Process, drive};
use kaa::db::Location;
use kaa::domain::id::Id;
use kaa::vault::{KeyFile, KeySource, Vault};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What stops a measurement.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

const SECRET: &str = "for-the-measurement-only-and-nothing-else";
/// What the bare server is told by.
const BARE: &str = "--bare-server";
/// What is drawn from earlier figures, instead of measuring.
const PLOT: &str = "--plot";
/// What the server without audit and access is told by.
const UNAUDITED: &str = "--unaudited-server";
/// Those who search, each no more than a person may.
fn searchers() -> Vec<String> {
    (0..40).map(|number| format!("syv{number}")).collect()
}

/// Youths of the ambassador.
const OWN_YOUTHS: u64 = 12;

struct Options {
    sizes: Vec<char>,
    database: Option<String>,
    length: Duration,
    connections: usize,
    json: Option<PathBuf>,
    keep: Option<PathBuf>,
    only: Option<String>,
    server: PathBuf,
}

impl Options {
    fn read() -> Result<Self, Failure> {
        let mut options = Self {
            sizes: vec!['s'],
            database: None,
            length: Duration::from_secs(4),
            connections: 32,
            json: None,
            keep: None,
            only: None,
            server: env!("CARGO_BIN_EXE_kaa").into(),
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                // What cargo adds.
                "--bench" => {}
                "--size" => {
                    options.sizes = value()?
                        .split(',')
                        .filter_map(|one| one.chars().next())
                        .collect()
                }
                "--database" => options.database = Some(value()?),
                "--seconds" => options.length = Duration::from_secs_f64(value()?.parse()?),
                "--connections" => options.connections = value()?.parse()?,
                "--json" => options.json = Some(value()?.into()),
                "--keep" => options.keep = Some(value()?.into()),
                "--only" => options.only = Some(value()?),
                "--server" => options.server = value()?.into(),
                BARE => {
                    plain::serve(&value()?)?;
                    std::process::exit(0);
                }
                PLOT => {
                    let to = PathBuf::from(value()?);
                    let from: Vec<PathBuf> = words.map(PathBuf::from).collect();
                    growth::plot(&to, &from)?;
                    std::process::exit(0);
                }
                UNAUDITED => {
                    let (address, database) = (value()?, value()?);
                    unaudited::serve(&address, &database)?;
                    std::process::exit(0);
                }
                other => return Err(format!("unknown: {other}").into()),
            }
        }
        Ok(options)
    }
}

fn main() -> Result<(), Failure> {
    let options = Options::read()?;
    let mut figures = Vec::new();
    for size in &options.sizes {
        let amount = match size {
            's' => Amount {
                youths: 3_000,
                contacts: 20_000,
            },
            'm' => Amount {
                youths: 100_000,
                contacts: 1_000_000,
            },
            'l' => Amount {
                youths: 1_000_000,
                contacts: 10_000_000,
            },
            other => return Err(format!("unknown size: {other}").into()),
        };
        figures.push(measure(&options, *size, amount)?);
    }
    if let Some(file) = &options.json {
        std::fs::write(file, format!("{:#}\n", Value::Array(figures)))?;
    }
    Ok(())
}

/// A register of a size, made or found again, with what belongs to it.
struct Place {
    folder: PathBuf,
    location: Location,
    keys: String,
    /// Whether it goes when the measurement ends.
    is_passing: bool,
}

impl Place {
    fn command(&self, options: &Options, words: &[&str]) -> Command {
        self.command_of(&options.server, words)
    }

    fn command_of(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(words)
            .env("KAA_DATA", &self.folder)
            .env("KAA_KEYS_TEXT", &self.keys)
            .env("KAA_SECRET", SECRET)
            .env("KAA_LOG", "warn")
            .env_remove("DATABASE_URL");
        if let Location::Postgresql(url) = &self.location {
            command.env("DATABASE_URL", url);
        }
        command
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_passing {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// A server, until it is dropped.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(mut command: Command, address: &str, path: &str) -> Result<(Self, f64), Failure> {
        let began = Instant::now();
        let child = command.stdout(Stdio::null()).spawn()?;
        let mut running = Self {
            child,
            address: address.to_owned(),
        };
        loop {
            let answer = Line::open(address).and_then(|mut line| line.ask(&Ask::get(path)));
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok((running, began.elapsed().as_secs_f64() * 1000.0));
            }
            if let Some(status) = running.child.try_wait()? {
                return Err(format!("the server ended: {status}").into());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn process(&self) -> Process {
        Process(self.child.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

/// Finds the register of a size below `--keep`, or makes one.
fn prepared(options: &Options, size: char, amount: Amount) -> Result<(Place, f64), Failure> {
    let kind = if options.database.is_some() {
        "postgresql"
    } else {
        "sqlite"
    };
    let name = format!("kaa-bench-{kind}-{size}");
    let parent = options
        .keep
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("kaa-bench-{}", std::process::id())));
    let folder = parent.join(&name);
    std::fs::create_dir_all(&folder)?;
    let location = match &options.database {
        None => Location::Sqlite(folder.join("kaa.db")),
        Some(url) => {
            let base = url.rsplit_once('/').map_or(url.as_str(), |(base, _)| base);
            Location::Postgresql(format!("{base}/{}", name.replace('-', "_")))
        }
    };
    let (marker, key_file) = (folder.join("made"), folder.join("keys"));
    if options.keep.is_some() && marker.exists() {
        let place = Place {
            keys: std::fs::read_to_string(key_file)?,
            folder,
            location,
            is_passing: false,
        };
        return Ok((place, f64::NAN));
    }
    let keys = KeyFile::fresh()?.text()?.to_string();
    std::fs::write(&key_file, &keys)?;
    if let (Some(url), Location::Postgresql(own)) = (&options.database, &location) {
        let name = own.rsplit('/').next().unwrap_or_default();
        let mut conn = Location::parse(url)?.connect()?;
        diesel::sql_query(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .execute(&mut conn)?;
        diesel::sql_query(format!("CREATE DATABASE {name}")).execute(&mut conn)?;
    }
    let place = Place {
        folder,
        location,
        keys,
        is_passing: options.keep.is_none(),
    };
    let address = free_address()?;
    let demo = place.command(options, &["demo", "--listen", &address]);
    drop(Running::start(demo, &address, "/health/ready")?);
    let vault = Vault::open(KeySource::environment(&place.keys))?;
    let took = data::fill(&place.location, &vault, amount)?;
    data::add_ambassador(&place.location, "tolv", OWN_YOUTHS)?;
    data::add_searchers(&place.location, &searchers())?;
    std::fs::write(marker, "")?;
    Ok((place, took))
}

fn free_address() -> Result<String, Failure> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.to_string())
}

/// The people who ask.
struct Cast {
    address: String,
    accounts: Vec<Value>,
}

const API: &str = "/kaa/v1";

impl Cast {
    fn sign_in(&self, role: &str) -> Result<String, Failure> {
        let of = |role: &str| self.accounts.iter().find(|account| account["role"] == role);
        let account = match role {
            "tolv" => of("ambassador"),
            role if role.starts_with("syv") => of("syv"),
            role => of(role),
        };
        let known = of(role).and_then(|one| one["username"].as_str());
        let username = known.unwrap_or(role);
        let password = account.map(|account| &account["password"]);
        let body = json!({"username": username, "password": password}).to_string();
        let told = self.ask(&Ask::post(format!("{API}/sessions"), body))?;
        Ok(told["accessToken"].as_str().unwrap_or_default().to_owned())
    }

    fn ask(&self, ask: &Ask) -> Result<Value, Failure> {
        let answer = Line::open(&self.address)?.ask(ask)?;
        if answer.status >= 400 {
            let text = String::from_utf8_lossy(&answer.body);
            return Err(format!("{} {}: {} {text}", ask.method, ask.path, answer.status).into());
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }
}

/// Prints a row and keeps it.
struct Table {
    rows: Vec<Value>,
}

impl Table {
    /// What was done once: in how many seconds, and what else there is to tell.
    fn once(&mut self, name: &str, seconds: f64, told: Value) {
        println!("{name:<44}{seconds:>10.2} s  {told}");
        self.rows
            .push(json!({"name": name, "seconds": seconds, "told": told}));
    }
}

impl Table {
    fn head() {
        println!(
            "{:<44}{:>10}{:>9}{:>9}{:>9}{:>10}{:>9}  of the ceilings",
            "", "per s", "p50 ms", "p99", "p99.9", "CPU us", "refused"
        );
    }

    /// `of`: ceilings by name, in answers a second.
    fn row(&mut self, name: &str, drove: &Drove, processor: Option<f64>, of: &[(&str, f64)]) {
        let each = processor.map(|seconds| seconds * 1e6 / drove.times.len().max(1) as f64);
        let shares = of
            .iter()
            .map(|(name, rate)| format!("{name} {:.0} %", 100.0 * drove.rate() / rate));
        println!(
            "{name:<44}{:>10.0}{:>9.2}{:>9.2}{:>9.2}{:>10}{:>9}  {}",
            drove.rate(),
            drove.within(0.5),
            drove.within(0.99),
            drove.within(0.999),
            each.map_or_else(|| "-".to_owned(), |each| format!("{each:.0}")),
            drove.refusals(),
            shares.collect::<Vec<_>>().join(", ")
        );
        self.rows.push(json!({
            "name": name,
            "perSecond": drove.rate(),
            "p50Ms": drove.within(0.5),
            "p99Ms": drove.within(0.99),
            "p999Ms": drove.within(0.999),
            "processorMicroseconds": each,
            "bytes": drove.bytes,
            "refused": drove.refused,
            "ofCeilings": of.iter().map(|(name, rate)| json!({"ceiling": name, "share": drove.rate() / rate})).collect::<Vec<_>>(),
        }));
    }
}

fn measure(options: &Options, size: char, amount: Amount) -> Result<Value, Failure> {
    println!(
        "\n== size {}: {} youths, {} contacts",
        size.to_uppercase(),
        amount.youths,
        amount.contacts
    );
    let (place, filled) = prepared(options, size, amount)?;
    let bytes = data::bytes(&place.location)?;
    let (mib, of_each) = (bytes / 1024 / 1024, bytes / i64::try_from(amount.youths)?);
    println!(
        "made in {filled:.1} s; {mib} MiB, {of_each} bytes for each youth and what is known of them"
    );
    let address = free_address()?;
    // At an hour that is not now, so that the run of the night does not fall into the measurement.
    let hour = (chrono::Timelike::hour(&chrono::Utc::now()) + 12) % 24;
    let hour = hour.to_string();
    let serve = place.command(
        options,
        &[
            "serve",
            "--listen",
            &address,
            "--nightly-hour",
            &hour,
            "--searches-per-hour",
            "100000",
            "--heavy-per-hour",
            "4000000000",
        ],
    );
    let (running, ready) = Running::start(serve, &address, "/health/ready")?;
    std::thread::sleep(Duration::from_secs(2));
    let process = running.process();
    let rest = process.memory("VmRSS");
    println!("ready after {ready:.0} ms, {rest:.0} MiB at rest");
    let bare_address = free_address()?;
    let mut bare = Command::new(std::env::current_exe()?);
    bare.args([BARE, &bare_address]);
    let (bare, _) = Running::start(bare, &bare_address, "/1")?;
    let unaudited_address = free_address()?;
    let database = match &place.location {
        Location::Postgresql(url) => url.clone(),
        other => other.file().unwrap().to_string_lossy().into_owned(),
    };
    let unaudited = place.command_of(
        &std::env::current_exe()?,
        &[UNAUDITED, &unaudited_address, &database],
    );
    let (unaudited, _) = Running::start(unaudited, &unaudited_address, "/youths")?;
    let accounts: Vec<Value> =
        serde_json::from_slice(&std::fs::read(place.folder.join("demo-accounts.json"))?)?;
    let cast = Cast {
        address: running.address.clone(),
        accounts,
    };
    let mut run = Run {
        options,
        cast: &cast,
        process: &process,
        bare: &bare.address,
        unaudited: &unaudited.address,
        table: Table { rows: Vec::new() },
    };
    Table::head();
    run.all(&place, amount)?;
    run.deeds(amount)?;
    let most = process.memory("VmHWM");
    println!("memory at its most: {most:.0} MiB");
    let rows = std::mem::take(&mut run.table.rows);
    drop(running);
    let verified = place
        .command(options, &["audit", "verify"])
        .stdout(Stdio::null())
        .status()?;
    if !verified.success() {
        return Err("the audit is not whole".into());
    }
    Ok(json!({
        "size": size.to_string(), "database": if options.database.is_some() { "postgresql" } else { "sqlite" },
        "youths": amount.youths, "contacts": amount.contacts, "bytes": bytes, "filledSeconds": filled,
        "readyMs": ready, "restMib": rest, "mostMib": most, "rows": rows,
    }))
}

struct Run<'a> {
    options: &'a Options,
    cast: &'a Cast,
    process: &'a Process,
    bare: &'a str,
    unaudited: &'a str,
    table: Table,
}

impl Run<'_> {
    fn wants(&self, name: &str) -> bool {
        self.options
            .only
            .as_ref()
            .is_none_or(|only| name.contains(only.as_str()))
    }

    /// Drives the service; then the bare server with a body of the same size.
    fn drive(
        &mut self,
        name: &str,
        ceilings: &[(&str, f64)],
        ask: impl Fn(u64) -> Ask + Sync,
    ) -> Option<Drove> {
        if !self.wants(name) {
            return None;
        }
        let used = self.process.processor();
        let drove = drive(
            &self.cast.address,
            self.options.connections,
            self.options.length,
            &ask,
        );
        // The fifth that warms up is used too.
        let used = (self.process.processor() - used) / 1.2;
        let path = format!("/{}", drove.bytes.max(1));
        let bare = drive(
            self.bare,
            self.options.connections,
            self.options.length / 3,
            &|_| Ask::get(path.clone()),
        );
        let bare = [("bare server", bare.rate())];
        let all: Vec<(&str, f64)> = bare.into_iter().chain(ceilings.iter().copied()).collect();
        self.table.row(name, &drove, Some(used), &all);
        Some(drove)
    }

    /// The same read without audit and access, in answers a second.
    fn without_audit(&mut self, name: &str, path: impl Fn(u64) -> String + Sync) -> f64 {
        let drove = drive(
            self.unaudited,
            self.options.connections,
            self.options.length,
            &|n| Ask::get(path(n)),
        );
        let name = format!("{name}, without audit and access");
        self.table.row(&name, &drove, None, &[]);
        drove.rate()
    }

    fn straight(
        &mut self,
        place: &Place,
        name: &str,
        query: impl Fn(&mut kaa::db::Conn, u64) -> QueryResult<usize> + Sync,
    ) -> Result<f64, Failure> {
        let threads = std::thread::available_parallelism()?.get().max(2);
        let drove = plain::straight(&place.location, threads, self.options.length / 2, &query)?;
        self.table.row(name, &drove, None, &[]);
        Ok(drove.rate())
    }

    fn all(&mut self, place: &Place, amount: Amount) -> Result<(), Failure> {
        let syv = self.cast.sign_in("syv")?;
        // Those of the demo have all that there is to read of one.
        let ids: Vec<String> = data::demo_youths(&place.location)?;
        let mut numbers = Vec::new();
        for id in ids.iter().take(40) {
            let youth = self
                .cast
                .ask(&Ask::get(format!("{API}/youths/{id}")).with_token(&syv))?;
            numbers.extend(youth["identityNumber"].as_str().map(str::to_owned));
        }
        let one = |n: u64| ids[(n % ids.len() as u64) as usize].clone();
        let uuids: Vec<_> = ids
            .iter()
            .filter_map(|id| id.parse::<uuid::Uuid>().ok())
            .collect();
        let id_of = |n: u64| Id::of(uuids[(n % uuids.len() as u64) as usize]);
        let get = |path: String, token: &str| Ask::get(path).with_token(token);

        let straight = self.straight(place, "database alone: one youth's row", |conn, n| {
            plain::one_youth(conn, id_of(n))
        })?;
        let unaudited = self.without_audit("read one youth", |n| format!("/youths/{}", one(n)));
        let of = [
            ("database alone", straight),
            ("without audit and access", unaudited),
        ];
        self.drive("read one youth", &of, |n| {
            get(format!("{API}/youths/{}", one(n)), &syv)
        });
        let unit = data::unit(&place.location)?;
        let straight = self.straight(place, "database alone: 50 rows", |conn, _| {
            plain::fifty_youths(conn, unit)
        })?;
        let unaudited = self.without_audit("list 50", |_| "/youths".to_owned());
        let lists = [
            ("database alone", straight),
            ("without audit and access", unaudited),
        ];
        let chief = self.cast.sign_in("enhetschef")?;
        let twelve = self.cast.sign_in("tolv")?;
        for (who, token) in [
            ("syv", &syv),
            ("chief", &chief),
            ("ambassador with 12", &twelve),
        ] {
            self.drive(&format!("list 50, {who}"), &lists, |_| {
                get(format!("{API}/youths?isOpen=true&limit=50"), token)
            });
        }
        self.drive("list 50, chief, area and age", &lists, |_| {
            get(
                format!("{API}/youths?isOpen=true&area=Rissne&ageFrom=17&ageTo=19&limit=50"),
                &chief,
            )
        });
        self.drive("list 50, chief, longest without contact", &lists, |_| {
            get(
                format!("{API}/youths?isOpen=true&sort=lastContact&limit=50"),
                &chief,
            )
        });
        self.drive(
            "list 50, ambassador, longest without contact",
            &lists,
            |_| {
                get(
                    format!("{API}/youths?isOpen=true&sort=lastContact&limit=50"),
                    &twelve,
                )
            },
        );
        self.drive("forgotten, chief: without an offer", &lists, |_| {
            get(
                format!("{API}/youths/forgotten?kind=without_offer&limit=50"),
                &chief,
            )
        });
        self.drive("work list, syv", &lists, |_| {
            get(format!("{API}/tasks?limit=50"), &syv)
        });
        self.drive("work list, chief", &lists, |_| {
            get(format!("{API}/tasks?limit=50"), &chief)
        });
        let mut tokens = Vec::new();
        if self.wants("name search") || self.wants("identity search") {
            for name in searchers() {
                tokens.push(self.cast.sign_in(&name)?);
            }
        }
        let search = |n: u64, body: Value| {
            let token = &tokens[(n % tokens.len() as u64) as usize];
            Ask::post(format!("{API}/youths/search?limit=50"), body.to_string()).with_token(token)
        };
        let few = amount.youths / 50;
        self.drive("name search, few", &lists, |n| {
            search(n, json!({"name": data::rare_name(n * 13 % few)}))
        });
        self.drive("name search, many", &lists, |n| {
            search(
                n,
                json!({"name": (["an", "karl", "maja", "ö"][(n % 4) as usize])}),
            )
        });
        self.drive("name search, two words", &lists, |n| {
            search(
                n,
                json!({"name": (["maja holm", "an berg"][(n % 2) as usize])}),
            )
        });
        if !numbers.is_empty() {
            self.drive("identity search", &[], |n| {
                search(
                    n,
                    json!({"identityNumber": (numbers[(n % numbers.len() as u64) as usize])}),
                )
            });
        }
        self.drive("timeline", &[], |n| {
            get(format!("{API}/youths/{}/timeline?limit=20", one(n)), &syv)
        });
        let alone = plain::straight(
            &place.location,
            self.options.connections.min(8),
            self.options.length / 2,
            &|conn, n| {
                let youth = data::followed(n, amount.youths);
                plain::log_contact(conn, Id::of(uuid::Uuid::from_u128(youth)))
            },
        )?;
        let name = "database alone: a contact, each committed alone";
        self.table.row(name, &alone, None, &[]);
        self.drive("log a contact", &[("each alone", alone.rate())], |n| {
            let youth = uuid::Uuid::from_u128(data::followed(n, amount.youths));
            let contact = r#"{"channel":"sms","result":"no_answer"}"#;
            Ask::post(format!("{API}/youths/{youth}/contacts"), contact).with_token(&syv)
        });
        Ok(())
    }
}
