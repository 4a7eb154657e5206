//! The integration tests: one binary over real databases, each test on both.
//! Unit tests of the pure rules stand beside them in `src`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod access_grants;
mod assignments;
mod audit;
mod contacts;
mod contract;
mod database;
mod demo;
mod episodes;
mod facts;
mod imports;
mod interventions;
mod me;
mod protected_status;
mod referrals;
mod security;
mod sessions;
mod settings;
mod statistics;
mod structure;
mod support;
mod target_group;
mod task_deeds;
mod task_settling;
mod tasks;
mod users;
mod weekly_summary;
mod youths;
