//! Statistics for publication: the fixed catalogue of figures, how they are protected and how they are written.
//! How the facts are read is decided in `db`, who may read the figures in `policy`.

pub mod age_group;
pub mod band;
mod breakdown;
pub mod counting;
mod divisions;
pub mod document;
mod earlier;
mod figures;
mod groups;
mod lineage;
mod linked;
pub mod measures;
mod met;
mod outcomes;
pub mod own_values;
pub mod period;
pub mod record;
mod shape;
mod singles;
pub mod succession;
pub mod suppression;
pub mod suppression_audit;
mod suppression_rules;
mod suppression_search;
pub mod tally;
