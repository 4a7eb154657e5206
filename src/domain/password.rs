//! Which passwords are accepted. How they are hashed, verified and stored does not belong here.

use crate::error::{FieldCode, FieldError};

/// Characters at least. Length counts, not kinds of characters (NIST SP 800-63B 3.1.1.2 advises against composition rules).
pub const SHORTEST: usize = 12;
/// Characters at most, so that hashing has a bound.
pub const LONGEST: usize = 200;
/// Different characters at least: a repeated key is not a password.
const FEWEST_DIFFERENT: usize = 4;

/// What is wrong with a password for this user name, if anything.
pub fn check_password(pointer: &str, password: &str, username: &str) -> Option<FieldError> {
    if password.chars().count() < SHORTEST {
        return Some(FieldError::with(
            pointer,
            FieldCode::WeakPassword,
            SHORTEST.to_string(),
        ));
    }
    if password.chars().count() > LONGEST {
        return Some(FieldError::with(
            pointer,
            FieldCode::TooLong,
            LONGEST.to_string(),
        ));
    }
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < FEWEST_DIFFERENT || password.trim().to_lowercase() == username {
        return Some(FieldError::new(pointer, FieldCode::EasyPassword));
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn code(password: &str) -> Option<FieldCode> {
        check_password("/password", password, "anna.bergstrom").map(|problem| problem.code)
    }

    #[test]
    fn long_and_not_obvious_is_enough() {
        assert_eq!(code("tre röda cyklar"), None);
        assert_eq!(code("elva tecken"), Some(FieldCode::WeakPassword));
        // Characters are counted, not bytes.
        assert_eq!(code("åäöåäöåäöåä"), Some(FieldCode::WeakPassword));
        assert_eq!(code("aaaaaaaaaaaaaaaa"), Some(FieldCode::EasyPassword));
        assert_eq!(code("Anna.Bergstrom"), Some(FieldCode::EasyPassword));
        assert_eq!(code(&"abcdefgh ".repeat(30)), Some(FieldCode::TooLong));
    }
}
