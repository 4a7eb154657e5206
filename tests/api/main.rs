//! The integration tests: one binary over real databases, each test on both.
//! Unit tests of the pure rules stand beside them in `src`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod assignments;
mod database;
mod episodes;
mod interventions;
mod access_grants;
mod contacts;
mod database;
mod protected_status;
mod referrals;
mod roster_import;
mod imports;
mod audit;
mod database;
mod demo;
mod me;
mod security;
mod sessions;
mod statistics;
mod structure;
mod support;
mod tasks;
mod users;
mod youths;
