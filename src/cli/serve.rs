//! `kaa serve`: starts the service on real data. It does not start with a secret that could be guessed.

use super::audit::read_key;
use super::database::{Prepared, prepare};
use super::import::read_mapping;
use super::national::read_profile;
use super::single_sign_on::SingleSignOn;
use super::{Failure, Options, block_on};
use clap::Args;
use kaa::app;
use kaa::clock::Clock;
use kaa::config::{Config, DEFAULT_CONTACT, checked_previous, checked_secret};
use kaa::db::usage::Limits;
use kaa::db::users;
use kaa::jobs::Runner;
use kaa::nightly;
use kaa::service::jobs::{self, JobTerms};
use kaa::statistics::suppression::Threshold;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// How the service listens and what the operator decides.
#[derive(Args, Clone)]
pub struct Listening {
    /// The address to listen on.
    #[arg(long, env = "KAA_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Believe `Forwarded` headers: only behind a proxy that sets them.
    #[arg(long, env = "KAA_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Counts below this are never published; 3 at least.
    #[arg(long, env = "KAA_STATISTICS_THRESHOLD", default_value_t = 5)]
    statistics_threshold: u64,
    /// Whom the readers of the documentation turn to: an address (https://...) or an e-mail address.
    #[arg(long, env = "KAA_CONTACT", default_value = DEFAULT_CONTACT)]
    contact: String,
    /// What the status words of a roster mean, as JSON.
    #[arg(long, env = "KAA_ROSTER_MAPPING")]
    roster_mapping: Option<PathBuf>,
    /// How the half-yearly national file is written, as JSON (`kaa national profile check`); the draft if left out.
    #[arg(long, env = "KAA_NATIONAL_PROFILE")]
    national_profile: Option<PathBuf>,
    /// Minutes after which a sign-in that is not renewed ends; 5 to 480.
    #[arg(long, env = "KAA_SESSION_IDLE_MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(5..=480))]
    session_idle_minutes: u32,
    /// Hours after which a sign-in ends although it is renewed; 1 to 24.
    #[arg(long, env = "KAA_SESSION_HOURS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=24))]
    session_hours: u32,
    /// Sign-ins of different accounts that may fail from one address before each one that fails costs a wait.
    #[arg(long, env = "KAA_ADDRESS_FAILURES", default_value_t = 20, value_parser = clap::value_parser!(i32).range(5..=1000))]
    address_failures: i32,
    /// Searches that one account may make within an hour.
    #[arg(long, env = "KAA_SEARCHES_PER_HOUR", default_value_t = Limits::default().searches, value_parser = clap::value_parser!(u32).range(10..))]
    searches_per_hour: u32,
    /// Rosters, register extracts, statistics and the like that one account may ask for within an hour.
    #[arg(long, env = "KAA_HEAVY_PER_HOUR", default_value_t = Limits::default().heavy, value_parser = clap::value_parser!(u32).range(10..))]
    heavy_per_hour: u32,
    /// Seconds that anybody waits for the database before being told to come back; 1 to 30.
    #[arg(long, env = "KAA_LONGEST_WAIT", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=30))]
    longest_wait: u64,
    /// Connections at once; further ones wait to be accepted.
    #[arg(long, env = "KAA_CONNECTIONS", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(16..))]
    connections: u32,
    /// The hour (0-23, Swedish time) at which the target group is run every night.
    #[arg(long, env = "KAA_NIGHTLY_HOUR", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..24))]
    nightly_hour: u32,
    /// The secret before the present one: second factors that were sealed under it go on working.
    #[arg(long, env = "KAA_SECRET_PREVIOUS", hide_env_values = true)]
    secret_previous: Option<String>,
    #[command(flatten)]
    single_sign_on: SingleSignOn,
    /// The file of the key that signs what is disposed of the log (`kaa audit key`); without it nothing of the log is.
    #[arg(long, env = "KAA_AUDIT_KEY")]
    audit_key: Option<PathBuf>,
}

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    listening: Listening,
    /// Signs the sign-ins: at least 32 random characters.
    #[arg(long, env = "KAA_SECRET", hide_env_values = true)]
    secret: Option<String>,
}

pub fn run(options: &Options, serve: &Serve) -> Result<ExitCode, Failure> {
    let secret = checked_secret(serve.secret.clone())?;
    let Prepared {
        location, vault, ..
    } = prepare(options)?;
    let config = serve
        .listening
        .config(Config::new(location.clone(), vault, secret))?;
    if users::is_empty(&mut location.connect()?)
        .map_err(|cause| Failure::Audit(cause.to_string()))?
    {
        writeln!(
            std::io::stdout(),
            "The register is empty. Make the first administrator in another terminal:\n\n    \
             kaa user create --role administrator --username admin --name \"Your Name\"\n\n\
             with the same --data or DATABASE_URL. The administrator then makes units and users."
        )?;
    }
    listen(config)
}

impl Listening {
    /// The configuration with what was decided here.
    pub fn config(&self, mut config: Config) -> Result<Config, Failure> {
        config.listen.clone_from(&self.listen);
        config.is_behind_proxy = self.behind_proxy;
        config.contact.clone_from(&self.contact);
        config.threshold = Threshold::new(self.statistics_threshold)
            .map_err(|error| Failure::Refused(format!("KAA_STATISTICS_THRESHOLD: {error}")))?;
        config.idle_life = chrono::Duration::minutes(self.session_idle_minutes.into());
        config.session_life = chrono::Duration::hours(self.session_hours.into());
        config.nightly_hour = self.nightly_hour;
        config.longest_wait = std::time::Duration::from_secs(self.longest_wait);
        config.connections = usize::try_from(self.connections).unwrap_or(usize::MAX);
        config.address_failures = self.address_failures;
        config.limits = Limits {
            searches: self.searches_per_hour,
            heavy: self.heavy_per_hour,
        };
        if let Some(file) = &self.audit_key {
            config.audit_key = Some(read_key(file)?.into());
        }
        config.roster_mapping = read_mapping(self.roster_mapping.as_deref())?;
        if let Some(file) = &self.national_profile {
            config.own_national_profile = Some(read_profile(file)?.into());
        }
        config.previous_secret = checked_previous(self.secret_previous.clone())?;
        config.single_sign_on = self.single_sign_on.config()?;
        Ok(config)
    }
}

/// Serves until the operator stops it.
pub fn listen(config: Config) -> Result<ExitCode, Failure> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KAA_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,kaa=info"));
    // A second start in one process keeps the first one's log.
    // Where the log of the service lies on a full disk too, a line is lost; to complain of that on the same disk would end the thread.
    let _ = tracing_subscriber::fmt()
        .log_internal_errors(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
    let (hour, key) = (config.nightly_hour, config.audit_key.clone());
    let works = jobs::works(JobTerms {
        threshold: config.threshold,
        batch: config.job_batch,
        profile: config
            .national_profile()
            .map_err(|error| Failure::Refused(error.to_string()))?,
    });
    block_on(async {
        let running = app::start(config, Clock::System)?;
        writeln!(
            std::io::stdout(),
            "Listening on http://{}{}",
            running.address,
            kaa::api::ROOT
        )?;
        let stopping = actix_web::rt::spawn(app::stop_on_signal(running.server.handle()));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let runner = Runner::new(running.door.clone(), Clock::System, works);
        let long_work = actix_web::rt::spawn(runner.keep(stopped.clone()));
        let night = nightly::keep(running.door, Clock::System, hour, key, stopped);
        let night = actix_web::rt::spawn(night);
        let ended = running.server.await;
        stopping.abort();
        // A batch or a step under way is finished; the rest is for the next start.
        let _ = stop.send(true);
        let _ = night.await;
        let _ = long_work.await;
        ended.map_err(|cause| Failure::Refused(format!("the service ended: {cause}")))?;
        Ok(ExitCode::SUCCESS)
    })
}
