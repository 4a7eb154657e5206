//! A believable municipality that does not exist, for trying the service out: staff of every role, 400 youths, and what
//! was done with them. Everything is made through the services, by the people whose work it is, on the days it would have
//! been done, so that rights, versions and audit are those of real work. The identity numbers are the tax agency's
//! published test numbers, the phone numbers those set aside for fiction. The same day gives the same municipality, but
//! for ids and passwords.

mod calendar;
mod cast;
mod chance;
mod documents;
mod duplicates;
mod duties;
mod goals;
mod law;
mod measures;
mod notifications;
mod outreach;
mod partners;
mod people;
mod placements;
mod plan;
mod play;
mod staff;
mod story;
mod target_group;

use crate::auth::password::random_text;
use crate::clock::{Clock, day_of};
use crate::db::audited::Door;
use crate::error::{Error, Result};
use crate::exchange::national_file::Profile;
use crate::jobs::Runner;
use crate::service::jobs::{JobTerms, works};
use crate::statistics::suppression::Threshold;
use chance::Chance;
use chrono::{DateTime, Duration, Utc};
use people::people;
use plan::plan;
use play::play;
use staff::STAFF;
use std::sync::Arc;

/// How a person of the demo signs in.
#[derive(Clone)]
pub struct DemoAccount {
    /// The role's code.
    pub role: &'static str,
    /// The user name.
    pub username: &'static str,
    /// The password, made for this database.
    pub password: String,
}

/// Fills an empty database, all of it or nothing, and tells how one person of each role signs in. `hash` hashes passwords.
///
/// # Errors
/// The database is not empty, or does not answer.
pub async fn fill(
    door: &Door,
    now: DateTime<Utc>,
    hash: impl Fn(&str) -> Result<String>,
) -> Result<Vec<DemoAccount>> {
    let mut accounts: Vec<DemoAccount> = Vec::new();
    let mut secrets = Vec::new();
    for person in STAFF {
        let password = random_text()?;
        secrets.push((password.clone(), hash(&password)?));
        // One of each role is enough to look around; the others get a new password from the administrator.
        if !accounts.iter().any(|account| account.role == person.role) {
            accounts.push(DemoAccount {
                role: person.role,
                username: person.username,
                password,
            });
        }
    }
    let today = day_of(now);
    let mut chance = Chance::seeded(20_290_900);
    let people = people(today, &mut chance);
    let steps = plan(&people, today, &mut chance);
    // Done before anybody looks.
    let lately = now - Duration::minutes(30);
    door.run_all(move |batch| play(batch, &secrets, &steps, lately))
        .await?;
    make_releases(door, lately).await?;
    Ok(accounts)
}

/// Lets the jobs that the chief has asked for be done at once, so that there is something to report of.
async fn make_releases(door: &Door, now: DateTime<Utc>) -> Result<()> {
    let works = works(JobTerms {
        threshold: Threshold::default(),
        batch: 500,
        profile: Arc::new(Profile::draft().map_err(Error::internal)?),
    });
    let runner = Runner::new(door.clone(), Clock::fixed(now), works);
    while runner.run_next(&|| false).await?.is_some() {}
    Ok(())
}
