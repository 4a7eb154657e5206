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
mod ambassador_access;
mod ambassador_weeks;
mod assignments;
mod attempts;
mod audit;
mod backups;
mod calendar_feeds;
mod consents;
mod contact_export;
mod contacts;
mod contract;
mod corrections;
mod database;
mod demo;
mod disposals;
mod document_tasks;
mod duplicates;
mod education_contracts;
mod enciphering;
mod episodes;
mod facts;
mod faults;
mod fuzzing;
mod goals;
mod imports;
mod interventions;
mod jobs;
mod log_reviews;
mod mappings;
mod me;
mod merges;
mod national_files;
mod notes_apart;
mod occupations;
mod organisations;
mod outcome_checks;
mod outreach;
mod overload;
mod owed;
mod password_resets;
mod placements;
mod plans;
mod protected_identity;
mod protected_status;
mod protected_tasks;
mod referrals;
mod register_extracts;
mod restrictions;
mod school_notifications;
mod second_factors;
mod security;
mod sessions;
mod settings;
mod several_servers;
mod sharing;
mod signing_keys;
mod single_sign_on;
mod statements;
mod statistics_measures;
mod statistics_releases;
mod structure;
mod support;
mod target_group;
mod task_deeds;
mod task_settling;
mod tasks;
mod timeline;
mod transfers;
mod users;
mod weekly_summary;
mod whole_file;
mod youths;
