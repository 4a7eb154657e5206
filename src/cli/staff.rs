//! `kaa user`: lets the first administrator in, and back in. Everybody else is registered and helped by the administrator.

use super::database::prepare;
use super::{Failure, Options, block_on};
use clap::Subcommand;
use kaa::auth::password::{HashCost, Passwords, random_text};
use kaa::auth::token::{fresh_refresh_token, refresh_hash};
use kaa::clock::Clock;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::paging::PageRequest;
use kaa::db::users::look_up_id;
use kaa::domain::operation::Operation;
use kaa::service::{password_resets, second_factors, units, users};
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum User {
    /// Register a member of staff; a password is made and shown once.
    Create {
        /// ambassador, syv, ungdomskonsulent, socionom, enhetschef, administrator or loggranskare.
        #[arg(long)]
        role: String,
        /// 3-60 of a-z, 0-9, full stop, hyphen and underscore.
        #[arg(long)]
        username: String,
        /// The name as colleagues know it.
        #[arg(long)]
        name: String,
        /// The name of the unit, for roles that have one; it is made if there is none of that name.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Take away the second factor of an administrator who has lost it.
    ResetSecondFactor {
        /// Whose.
        #[arg(long)]
        username: String,
    },
    /// Make a one-time link for an administrator who has lost the password; its token is shown once.
    ResetPassword {
        /// Whose.
        #[arg(long)]
        username: String,
    },
}

pub fn run(options: &Options, command: &User) -> Result<ExitCode, Failure> {
    match command {
        User::Create {
            role,
            username,
            name,
            unit,
        } => create(options, role, username, name, unit.as_deref()),
        User::ResetSecondFactor { username } => reset_second_factor(options, username),
        User::ResetPassword { username } => reset_password(options, username),
    }
}

/// A call of the command line.
pub fn console(operation: Operation) -> Call {
    Call {
        operation,
        identity: Identity::Console,
        at: Clock::System.now(),
        request_id: "console".to_owned(),
    }
}

/// A door to the database, brought up to date.
pub fn open(options: &Options) -> Result<Door, Failure> {
    prepare(options)?.door()
}

fn reset_second_factor(options: &Options, username: &str) -> Result<ExitCode, Failure> {
    let door = open(options)?;
    block_on(async {
        let Some(id) = look_up_id(&door, username.to_owned()).await? else {
            return Err(Failure::Refused(format!(
                "there is no active user {username}"
            )));
        };
        let call = console(Operation::ResetSecondFactor);
        let done = door.run(call, move |tx| second_factors::reset_second_factor(tx, id));
        done.await?;
        Ok(())
    })?;
    writeln!(
        std::io::stdout(),
        "The second factor of {username} is taken away, and every session ended."
    )?;
    Ok(ExitCode::SUCCESS)
}

fn reset_password(options: &Options, username: &str) -> Result<ExitCode, Failure> {
    let door = open(options)?;
    let token = fresh_refresh_token()?;
    let hash = refresh_hash(&token);
    block_on(async {
        let Some(id) = look_up_id(&door, username.to_owned()).await? else {
            return Err(Failure::Refused(format!(
                "there is no active user {username}"
            )));
        };
        let call = console(Operation::IssuePasswordReset);
        let made = door.run(call, move |tx| {
            password_resets::issue_password_reset(tx, id, &hash)
        });
        made.await?;
        Ok(())
    })?;
    writeln!(
        std::io::stdout(),
        "A new password for {username} is set with POST {}/password-resets within 24 hours. Token, shown this once: {token}",
        kaa::api::ROOT
    )?;
    Ok(ExitCode::SUCCESS)
}

fn create(
    options: &Options,
    role: &str,
    username: &str,
    name: &str,
    unit: Option<&str>,
) -> Result<ExitCode, Failure> {
    let password = random_text()?;
    let hash = Passwords::new(HashCost::default())?.hash(&password)?;
    let fields =
        json!({"role": role, "username": username, "displayName": name, "password": password});
    let door = open(options)?;
    let unit = unit.map(str::to_owned);
    block_on(door.run_all(move |batch| {
        let mut fields = fields.as_object().cloned().unwrap_or_default();
        if let Some(unit) = &unit {
            let known = batch.run(&console(Operation::ListUnits), |tx| {
                units::list_units(
                    tx,
                    &PageRequest {
                        limit: i64::from(i32::MAX),
                        ..PageRequest::default()
                    },
                )
            })?;
            let known = known
                .rows
                .into_iter()
                .find(|row| row.fields.get("name").and_then(Value::as_str) == Some(unit.as_str()));
            let row = match known {
                Some(row) => row,
                None => batch.run(&console(Operation::CreateUnit), |tx| {
                    units::create_unit(
                        tx,
                        json!({"name": unit})
                            .as_object()
                            .cloned()
                            .unwrap_or_default(),
                    )
                })?,
            };
            let id = row.fields.get("id").cloned().unwrap_or(Value::Null);
            fields.insert("unitId".to_owned(), id);
        }
        batch.run(&console(Operation::CreateUser), |tx| {
            users::create_user(tx, fields.clone(), Some(hash.clone()))
        })
    }))?;
    writeln!(
        std::io::stdout(),
        "User {username} ({role}) is registered. Password, shown this once: {password}"
    )?;
    Ok(ExitCode::SUCCESS)
}
