//! Text as it stands in an address or a form: percent-encoded UTF-8 (RFC 3986, 2.1), which every reader of forms takes too.
//! Which parameters there are is told where they are put together.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A text, encoded.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Names with their values, encoded and joined; nothing of none.
pub fn pairs<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let written: Vec<String> = pairs
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    written.join("&")
}

/// A text, decoded; what is no escape stays as it stands.
pub fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_again() {
        let text = "åÄ ~-._ &=+%/?#";
        assert_eq!(encoded(text), "%C3%A5%C3%84%20~-._%20%26%3D%2B%25%2F%3F%23");
        assert_eq!(decoded(&encoded(text)), text);
        assert_eq!(decoded("5%zz"), "5%zz");
    }
}
