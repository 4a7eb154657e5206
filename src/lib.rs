//! Case management for the kommunala aktivitetsansvaret (skollagen 29 kap. 9 §): the map of the modules.
//! `domain` holds the words and rules of the work and imports nothing of ours; `policy` decides who may do and see what;
//! `db` is the one door to the database. Imports run one way: `db -> policy -> domain`. `clock` and `error` are leaves.

pub mod clock;
pub mod db;
pub mod domain;
pub mod error;
pub mod exchange;
pub mod policy;
pub mod service;
pub mod statistics;
