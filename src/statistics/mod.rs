//! Statistics for publication. Which figures exist and who may read them is decided elsewhere.

mod categories;
pub mod facts;
pub mod period;
pub mod release;
mod shape;
mod sheet;
pub mod suppression;
pub mod suppression_audit;
mod suppression_rules;
mod suppression_search;
mod tables;
