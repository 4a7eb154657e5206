//! Who somebody is: passwords and tokens. What they may do is in `policy`; sessions are kept by `service::sessions`.

pub mod anchor;
pub mod derived;
pub mod password;
pub mod token;
pub mod totp;
