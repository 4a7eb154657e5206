//! `kaa kolada fetch`: asks Kolada (RKA) for the values of the goals that name a key figure, tells what they would do, and with
//! `--apply` does it. Off until an address is given. What becomes of a value is decided in `service::goal_value_imports`.

use super::database::prepare;
use super::{Failure, Options, block_on};
use clap::{Args, Subcommand};
use kaa::auth::single_sign_on::client::agent_for;
use kaa::clock::Clock;
use kaa::db::audited::{Call, Identity};
use kaa::domain::operation::Operation;
use kaa::error::Language;
use kaa::exchange::kolada::client::KoladaClient;
use kaa::service::goal_value_imports::{KoladaGoal, goals_in_kolada, import_fetched_values};
use serde_json::Value;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

/// How long a call may take.
const CALL_LIMIT: Duration = Duration::from_secs(30);
/// The exit code when something was not taken in, so that a script notices.
const NOT_ALL: u8 = 2;

#[derive(Subcommand)]
pub enum Kolada {
    /// Fetch the values of all running goals with a key figure. Without --apply nothing is stored.
    Fetch(Fetch),
}

#[derive(Args)]
pub struct Fetch {
    /// The address of the interface, version 3, as https://api.kolada.se/v3. Without one nobody is called.
    #[arg(long, env = "KAA_KOLADA_URL")]
    kolada_url: Option<String>,
    /// Carry it out.
    #[arg(long)]
    apply: bool,
}

pub fn fetch(options: &Options, fetch: &Fetch) -> Result<ExitCode, Failure> {
    let Some(url) = fetch.kolada_url.as_deref().filter(|url| !url.is_empty()) else {
        let told =
            "Kolada is off. Give the address of its interface with --kolada-url or KAA_KOLADA_URL";
        return Err(Failure::Refused(told.to_owned()));
    };
    let agent = agent_for(url, "KAA_KOLADA_URL", CALL_LIMIT)?;
    let client = KoladaClient::new(agent, url, std::thread::sleep);
    let door = prepare(options)?.door()?;
    let call = |operation| Call {
        operation,
        identity: Identity::Console,
        at: Clock::System.now(),
        request_id: "console".to_owned(),
    };
    let goals = block_on(door.run(call(Operation::ListGoals), goals_in_kolada))?;
    let mut out = std::io::stdout().lock();
    let mut is_all = true;
    for goal in &goals {
        let KoladaGoal {
            id,
            title,
            kpi,
            municipality,
            is_compared,
        } = goal;
        writeln!(out, "{title} ({kpi}, {municipality})")?;
        // One figure that does not come keeps no other from coming.
        let answer = match client.values(kpi, municipality, *is_compared) {
            Ok(answer) => answer,
            Err(failure) => {
                is_all = false;
                writeln!(out, "  NOT READ: {failure}")?;
                continue;
            }
        };
        let (id, is_applied) = (*id, fetch.apply);
        let work = move |tx: &mut kaa::db::audited::AuditedTx<'_>| {
            import_fetched_values(tx, id, &answer, is_applied, Language::English)
        };
        let told = block_on(door.run(call(Operation::ImportKoladaValues), work))?;
        is_all &= print(&mut out, &told)?;
    }
    let word = match (goals.is_empty(), fetch.apply) {
        (true, _) => "No running goal names a key figure of Kolada.",
        (false, true) => "Done. Source: Kolada (RKA).",
        (false, false) => {
            "This was a trial: nothing has changed. Run it again with --apply to carry it out."
        }
    };
    writeln!(out, "{word}")?;
    Ok(if is_all {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NOT_ALL)
    })
}

/// One line for each value; whether none was refused or in conflict.
fn print(out: &mut impl Write, told: &kaa::service::Fields) -> Result<bool, Failure> {
    let rows = told.get("rows").and_then(Value::as_array);
    let mut is_all = true;
    for row in rows.into_iter().flatten() {
        let text = |name: &str| match row.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        let outcome = text("outcome");
        is_all &= !matches!(outcome.as_str(), "conflict" | "refused");
        write!(out, "  {} {outcome} {}", text("year"), text("value"))?;
        if matches!(outcome.as_str(), "changed" | "conflict") {
            write!(out, " (there is {})", text("existingValue"))?;
        }
        let problems = row.get("problems").and_then(Value::as_array);
        for problem in problems.into_iter().flatten() {
            let detail = problem.get("detail").and_then(Value::as_str);
            write!(out, " {}", detail.unwrap_or_default())?;
        }
        writeln!(out)?;
    }
    Ok(is_all)
}
