//! `kaa signing-key rotate`: the next key that signs access tokens. The running servers hear of it by themselves.

use super::staff::{console, open};
use super::{Failure, Options, block_on};
use clap::Subcommand;
use kaa::auth::token::fresh_signing_key;
use kaa::clock::Clock;
use kaa::domain::operation::Operation;
use kaa::service::signing_keys;
use std::io::Write;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum SigningKey {
    /// Make a new key the next to sign; nobody is signed out.
    Rotate,
}

pub fn run(options: &Options, SigningKey::Rotate: &SigningKey) -> Result<ExitCode, Failure> {
    let door = open(options)?;
    let key = fresh_signing_key(Clock::System.now())?;
    let told = format!(
        "The key {} signs from {} on; the one before is accepted for five minutes more.",
        key.kid, key.signs_from
    );
    block_on(door.run(console(Operation::RotateSigningKey), move |tx| {
        signing_keys::rotate_signing_key(tx, &key)
    }))?;
    writeln!(std::io::stdout(), "{told}")?;
    Ok(ExitCode::SUCCESS)
}
