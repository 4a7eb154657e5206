//! `kaa demo`: the service with an invented municipality, ready to try. Its accounts are printed and written to a file.

use super::database::{Prepared, prepare};
use super::serve::{Listening, listen};
use super::{Failure, Options, block_on, read_json};
use clap::Args;
use kaa::auth::password::{HashCost, Passwords};
use kaa::auth::token::fresh_refresh_token;
use kaa::clock::Clock;
use kaa::config::{Config, checked_secret};
use kaa::db::users;
use kaa::demo::{DemoAccount, fill};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Args)]
pub struct Demo {
    #[command(flatten)]
    listening: Listening,
    /// Signs the sign-ins; left out, each start makes its own and everybody signs in anew.
    #[arg(long, env = "KAA_SECRET", hide_env_values = true)]
    secret: Option<String>,
}

/// How somebody signs in, as it stands in the file.
struct Account {
    role: String,
    username: String,
    password: String,
}

pub fn run(options: &Options, demo: &Demo) -> Result<ExitCode, Failure> {
    let prepared = prepare(options)?;
    let location = prepared.location.clone();
    options.make_folder(&options.data)?;
    let secret = match &demo.secret {
        Some(_) => checked_secret(demo.secret.clone())?,
        None => SecretString::from(fresh_refresh_token()?),
    };
    let config = demo.listening.config(Config::new(
        location.clone(),
        Arc::clone(&prepared.vault),
        secret,
    ))?;
    let file = options.data.join("demo-accounts.json");
    let is_empty = users::is_empty(&mut location.connect()?)
        .map_err(|cause| Failure::Audit(cause.to_string()))?;
    let accounts = match (is_empty, file.is_file()) {
        (true, _) => {
            writeln!(std::io::stdout(), "Making an invented municipality ...")?;
            let made = make(&prepared)?;
            write_accounts(&file, &made)?;
            made
        }
        (false, true) => read_accounts(&file)?,
        (false, false) => {
            return Err(Failure::Refused(format!(
                "the database holds data that the demo has not made (there is no {}). Nothing was changed. Choose another folder with --data, or start `kaa serve`",
                file.display()
            )));
        }
    };
    tell(&config.listen, &accounts, &file)?;
    listen(config)
}

fn make(prepared: &Prepared) -> Result<Vec<Account>, Failure> {
    let passwords = Passwords::new(HashCost::default())?;
    let door = prepared.door()?;
    let made = block_on(fill(&door, Clock::System.now(), |password| {
        passwords.hash(password)
    }))?;
    Ok(made.into_iter().map(Account::from).collect())
}

impl From<DemoAccount> for Account {
    fn from(account: DemoAccount) -> Self {
        Self {
            role: account.role.to_owned(),
            username: account.username.to_owned(),
            password: account.password,
        }
    }
}

/// The accounts are for nobody but the owner of the folder, although the data are invented.
fn write_accounts(file: &Path, accounts: &[Account]) -> Result<(), Failure> {
    let told = |cause| Failure::File {
        file: file.display().to_string(),
        cause,
    };
    let list: Value = accounts
        .iter()
        .map(|account| {
            json!({"role": account.role, "username": account.username, "password": account.password})
        })
        .collect();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file).map_err(told)?;
    opened
        .write_all(format!("{list:#}\n").as_bytes())
        .and_then(|()| opened.sync_all())
        .map_err(told)
}

fn read_accounts(file: &Path) -> Result<Vec<Account>, Failure> {
    let list: Vec<Value> = read_json(file)?;
    let member = |account: &Value, name: &str| {
        account
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(list
        .iter()
        .map(|account| Account {
            role: member(account, "role"),
            username: member(account, "username"),
            password: member(account, "password"),
        })
        .collect())
}

fn tell(listen: &str, accounts: &[Account], file: &Path) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "\nOne account of each role (also in {}):\n",
        file.display()
    )?;
    writeln!(out, "  {:<18} {:<18} password", "role", "user name")?;
    for account in accounts {
        writeln!(
            out,
            "  {:<18} {:<18} {}",
            account.role, account.username, account.password
        )?;
    }
    let root = format!("http://{listen}{}", kaa::api::ROOT);
    if let Some(account) = accounts.iter().find(|account| account.role == "syv") {
        writeln!(
            out,
            "\nSign in (POST {root}/sessions) and look around, here as the SYV:\n\n\
             TOKEN=$(curl -s {root}/sessions -H 'Content-Type: application/json' -d '{{\"username\":\"{}\",\"password\":\"{}\"}}' | sed 's/.*\"accessToken\":\"\\([^\"]*\\)\".*/\\1/')\n\
             curl -s '{root}/youths?isOpen=true&limit=5' -H \"Authorization: Bearer $TOKEN\"\n\
             curl -s '{root}/tasks' -H \"Authorization: Bearer $TOKEN\"\n\n\
             The interface is described at {root}/documentation. Stop with Ctrl-C.\n",
            account.username, account.password
        )?;
    }
    Ok(())
}
