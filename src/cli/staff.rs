//! `kaa user create`: lets the first administrator in. Everybody else is registered by the administrator.

use super::database::prepare;
use super::{Failure, Options, block_on};
use clap::Subcommand;
use kaa::auth::password::{HashCost, Passwords, random_text};
use kaa::clock::Clock;
use kaa::db::audited::{Call, Door, Identity};
use kaa::db::paging::PageRequest;
use kaa::db::store::{Store, Threads};
use kaa::domain::operation::Operation;
use kaa::service::{units, users};
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
}

pub fn run(options: &Options, command: &User) -> Result<ExitCode, Failure> {
    let User::Create {
        role,
        username,
        name,
        unit,
    } = command;
    let (location, _) = prepare(options)?;
    let password = random_text()?;
    let hash = Passwords::new(HashCost::default())?.hash(&password)?;
    let fields =
        json!({"role": role, "username": username, "displayName": name, "password": password});
    let door = Door::new(Store::open(
        &location,
        Threads {
            readers: 1,
            writers: 1,
        },
    )?);
    let unit = unit.clone();
    block_on(door.run_all(move |batch| {
        let call = |operation| Call {
            operation,
            identity: Identity::Console,
            at: Clock::System.now(),
            request_id: "console".to_owned(),
        };
        let mut fields = fields.as_object().cloned().unwrap_or_default();
        if let Some(unit) = &unit {
            let known = batch.run(&call(Operation::ListUnits), |tx| {
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
                None => batch.run(&call(Operation::CreateUnit), |tx| {
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
        batch.run(&call(Operation::CreateUser), |tx| {
            users::create_user(tx, fields.clone(), Some(hash.clone()))
        })
    }))?;
    writeln!(
        std::io::stdout(),
        "User {username} ({role}) is registered. Password, shown this once: {password}"
    )?;
    Ok(ExitCode::SUCCESS)
}
