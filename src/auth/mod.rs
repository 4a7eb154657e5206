//! Who somebody is: passwords, tokens, second factors, and what a provider of single sign-on says. What they may do is in `policy`;
//! sessions are kept by `service::sessions`.

pub mod anchor;
pub mod derived;
pub mod password;
pub mod single_sign_on;
pub mod token;
pub mod totp;
