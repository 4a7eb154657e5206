//! Which passwords are accepted: long ones that are not among the common ones. How they are hashed, verified and stored does
//! not belong here. `common_passwords.txt` holds what people choose when twelve characters are asked for: well-known English
//! and Swedish words, walks over the keyboard and words of this work, with the usual endings.

use crate::error::{FieldCode, FieldError};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Characters at least. Length counts, not kinds of characters (NIST SP 800-63B 3.1.1.2 advises against composition rules).
pub const SHORTEST: usize = 12;
/// Characters at most, so that hashing has a bound.
pub const LONGEST: usize = 200;
/// Different characters at least: a repeated key is not a password.
const FEWEST_DIFFERENT: usize = 4;
/// Characters of a user name from which on it may not stand in the password; a shorter one is found in many a sentence.
const TELLING_NAME: usize = 4;

static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

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
    let small = password.to_lowercase();
    let holds_name = username.chars().count() >= TELLING_NAME && small.contains(username);
    if holds_name || small.trim() == username || is_easy(&small) {
        return Some(FieldError::new(pointer, FieldCode::EasyPassword));
    }
    None
}

/// Whether a text in small letters is repeated, or common as it stands or behind the usual disguises.
fn is_easy(small: &str) -> bool {
    // `Password 1234!` is no better than `password1234`.
    let plain: String = small.chars().filter(|c| c.is_alphanumeric()).collect();
    // Of signs alone nothing is left to compare; they are judged as they are.
    let judged = if plain.is_empty() { small } else { &plain };
    let different: HashSet<char> = judged.chars().collect();
    different.len() < FEWEST_DIFFERENT
        || is_repeated(judged)
        || COMMON.contains(judged)
        || COMMON.contains(undisguised(small).as_str())
}

/// Whether a text is the same piece over and over.
fn is_repeated(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    (1..=characters.len() / 2).any(|piece| {
        characters.len().is_multiple_of(piece)
            && characters
                .iter()
                .zip(characters.iter().skip(piece))
                .all(|(one, next)| one == next)
    })
}

/// A text with letters for the figures and signs that are written for them, except at its end, where figures are meant.
fn undisguised(small: &str) -> String {
    let word = small.trim_end_matches(|c: char| !c.is_alphabetic());
    let ending = small.get(word.len()..).unwrap_or_default();
    let letters = word.chars().map(|c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    });
    let letters: String = letters.chain(ending.chars()).collect();
    letters.chars().filter(|c| c.is_alphanumeric()).collect()
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
        assert_eq!(code(&"abcdefgh ".repeat(30)), Some(FieldCode::TooLong));
        // No kind of character is asked for, and any is accepted.
        for good in [
            "enbartsmåbokstäver",
            "VERSALER OCH MELLANSLAG",
            "🐎 häst 🐎 batteri",
            "x7#Q!v9$Lm2&pT",
            &"lång mening ".repeat(3).replacen("lång", "kort", 1),
        ] {
            assert_eq!(code(good), None, "{good}");
        }
    }

    #[test]
    fn the_user_name_stands_in_no_password() {
        for bad in [
            "Anna.Bergstrom",
            "hej anna.bergstrom hej",
            "anna.bergstrom1",
        ] {
            assert_eq!(code(bad), Some(FieldCode::EasyPassword), "{bad}");
        }
        // Three letters say little.
        assert_eq!(check_password("", "min syv är bäst", "syv"), None);
    }

    #[test]
    fn what_many_choose_is_refused_however_it_is_dressed() {
        for bad in [
            "password1234",
            "Password1234",
            "P@ssw0rd1234",
            "PASSWORD 1234!",
            "pass-word-1234",
            "123456789012",
            "qwertyuiopåasdfghjklöä",
            "Stockholm2026",
            "stockholm 2026!!",
            "st0ckholm2026",
            "Kommunen2026",
            "aktivitetsansvaret",
            "hemligtlösenord",
            "abcabcabcabc",
            "hej hej hej hej",
            "passwordpassword",
            "correct horse battery staple",
            "!!!!!!!!!!!!!!",
        ] {
            assert_eq!(code(bad), Some(FieldCode::EasyPassword), "{bad}");
        }
    }

    #[test]
    fn the_list_holds_thousands_and_nothing_that_length_refuses_already() {
        assert!(COMMON.len() > 3_000, "{}", COMMON.len());
        for word in COMMON.iter() {
            assert!(word.chars().count() >= SHORTEST, "{word}");
            assert_eq!(*word, word.to_lowercase());
            assert!(word.chars().all(char::is_alphanumeric), "{word}");
        }
    }
}
