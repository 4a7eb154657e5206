//! Case management for the kommunala aktivitetsansvaret (skollagen 29 kap. 9 §): the map of the modules.
//! `domain` holds the words and rules of the work and imports nothing of ours; `policy` decides who may do and see what;
//! `db` is the one door to the database; `service` has one function per operation; `http` and `api` are the way in.
//! `vault` enciphers what must not lie open in the database; `nightly` is what the service does by itself, `jobs` the long work
//! that it is asked for.
//! Imports run one way: `app -> api -> http -> service -> db -> policy, auth, vault -> domain`. `clock`, `config`, `error` and `percent` are leaves.

pub mod api;
pub mod app;
pub mod auth;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod exchange;
pub mod http;
pub mod jobs;
pub mod nightly;
pub mod percent;
pub mod policy;
pub mod service;
pub mod statistics;
pub mod vault;
