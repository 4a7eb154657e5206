//! The integration tests: one binary over real databases, each test on both.
//! Unit tests of the pure rules stand beside them in `src`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod contract;
mod database;
mod roster_import;
mod security;
mod sessions;
mod statistics;
mod structure;
mod support;
mod youths;
