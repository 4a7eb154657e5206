//! The REST interface: which address means which operation, and the thin functions between a request and a service.

mod calendar_feeds;
mod contact_export;
pub mod contract;
pub mod imports;
pub mod info;
pub mod log_reviews;
pub mod me;
mod national_files;
mod password_resets;
mod plan_copy;
mod printed_page;
mod register_extract_page;
pub mod routes;
mod second_factors;
pub mod sessions;
mod single_sign_on;
mod statistics_releases;
pub mod users;

/// Where the interface stands.
pub const ROOT: &str = "/kaa/v1";
