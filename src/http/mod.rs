//! What every way in over HTTP shares: a request as the services need it, the one hop to the database, answers, problems,
//! links and positions. No resource is known here; the addresses stand in `api`.

pub mod backend;
pub mod bounds;
pub mod forwarded;
pub mod idempotency;
pub mod json;
pub mod links;
pub mod parts;
pub mod pieces;
pub mod position;
pub mod problem;
pub mod reply;
pub mod request;
