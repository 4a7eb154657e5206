//! From which address a request came, as far as that can be known. Behind a proxy it is what that proxy has added: the last
//! entry of `Forwarded` (RFC 7239) or of `X-Forwarded-For`, since whatever stands before it may have been sent by anybody.
//! Whether there is a proxy to believe is for the operator to say.

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName};
use std::net::IpAddr;

/// The address that the proxy `peer` says that a request came from. A proxy that writes one of the two headers passes the other
/// one on as the client made it up: where both stand and differ, nothing is known but the proxy.
pub fn client_address(headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
    let last = |name: &HeaderName| {
        let line = headers.get_all(name).last()?.as_bytes();
        // Bytes that are no text may stand in what the client wrote; they do not spoil what the proxy added.
        let entry = line.rsplit(|byte| *byte == b',').next().unwrap_or(line);
        Some(String::from_utf8_lossy(entry).into_owned())
    };
    let forwarded = last(&FORWARDED).map(|entry| node_of(&entry));
    let other = last(&HeaderName::from_static("x-forwarded-for")).map(|entry| address_of(&entry));
    match (forwarded, other) {
        (Some(one), Some(other)) if one != other => peer,
        (Some(found), _) | (None, Some(found)) => found.or(peer),
        (None, None) => peer,
    }
}

/// The address of the `for` of an entry.
fn node_of(entry: &str) -> Option<IpAddr> {
    entry.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.eq_ignore_ascii_case("for")
            .then(|| address_of(value))?
    })
}

/// An address as it is written in these headers: quoted or not, in brackets or not, with a port or without.
fn address_of(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse().ok();
    }
    text.parse()
        .ok()
        .or_else(|| text.split_once(':')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn found(lines: &[(&'static str, &'static str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        client_address(&headers, "10.0.0.1".parse().ok()).map(|address| address.to_string())
    }

    #[test]
    fn what_the_proxy_added_counts_and_nothing_before_it() {
        for (lines, address) in [
            (vec![], "10.0.0.1"),
            (vec![("x-forwarded-for", "192.0.2.7")], "192.0.2.7"),
            (
                vec![("x-forwarded-for", "1.1.1.1, 192.0.2.7:4711")],
                "192.0.2.7",
            ),
            (
                vec![
                    ("x-forwarded-for", "1.1.1.1"),
                    ("x-forwarded-for", "192.0.2.7"),
                ],
                "192.0.2.7",
            ),
            (
                vec![(
                    "forwarded",
                    "for=1.1.1.1, for=\"[2001:db8::7]:4711\";proto=https",
                )],
                "2001:db8::7",
            ),
            (
                vec![("forwarded", "proto=https;For=192.0.2.7")],
                "192.0.2.7",
            ),
            (
                vec![
                    ("forwarded", "for=192.0.2.7"),
                    ("x-forwarded-for", "192.0.2.7"),
                ],
                "192.0.2.7",
            ),
            // Made up by the client, one of them.
            (
                vec![
                    ("forwarded", "for=1.1.1.1"),
                    ("x-forwarded-for", "192.0.2.7"),
                ],
                "10.0.0.1",
            ),
            (
                vec![
                    ("forwarded", "for=unknown"),
                    ("x-forwarded-for", "192.0.2.7"),
                ],
                "10.0.0.1",
            ),
            (vec![("x-forwarded-for", "å, 192.0.2.7")], "192.0.2.7"),
            (vec![("forwarded", "for=_hidden")], "10.0.0.1"),
            (vec![("x-forwarded-for", "")], "10.0.0.1"),
        ] {
            assert_eq!(found(&lines).as_deref(), Some(address), "{lines:?}");
        }
    }
}
