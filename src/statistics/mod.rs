//! Statistics for publication: the fixed catalogue of figures, how they are protected and how they are written.
//! How the facts are read is decided in `db`, who may read the figures in `policy`.

pub mod band;
mod categories;
pub mod counting;
pub mod document;
pub mod facts;
mod figures;
mod groups;
mod linked;
pub mod measures;
mod outcomes;
pub mod period;
pub mod record;
pub mod release;
mod shape;
mod sheet;
pub mod suppression;
pub mod suppression_audit;
mod suppression_rules;
mod suppression_search;
mod tables;
pub mod tally;
