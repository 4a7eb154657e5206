//! The half-yearly national file as it is written: by a profile, which is a file of its own, so that a municipality fits it to
//! the instruction of the period without a new program. The codes, columns and encoding of the national instruction are not
//! public to us (domain 2.3): what is shipped is a draft and calls itself one, and nothing here claims to be anybody's format.
//! What is told of a youth, and what is wrong with it, is decided in `domain::national_file`.

mod columns;
mod encoding;
mod layout;
pub mod profile;
mod rows;

pub use profile::{Profile, ProfileError, ProfileStatus};
pub use rows::{File, Person, Problem};

#[cfg(test)]
mod tests;
