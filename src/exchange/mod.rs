//! Files from and to other systems. What is done with what they hold is decided in `service` and `policy`, not here.

pub mod goal_values;
pub mod kolada;
pub mod national_file;
pub mod roster;
mod spreadsheet;

pub(crate) use roster::guarded;
pub(crate) use spreadsheet::Spreadsheet;
