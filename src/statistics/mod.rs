//! Statistics for publication. Which figures exist and who may read them is decided elsewhere.

mod shape;
pub mod suppression;
pub mod suppression_audit;
mod suppression_rules;
mod suppression_search;
