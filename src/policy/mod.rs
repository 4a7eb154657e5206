//! Access: one table decides, everything else asks it. No database, no HTTP.

pub mod access_table;
pub mod columns;
pub mod decide;
pub mod my_access;
pub mod printed;
pub mod reveal;
