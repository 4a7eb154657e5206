//! Links of an answer, absolute and right behind a proxy (national REST profile HYP.05-19; RFC 7239). Which rows a page
//! holds is decided in `db`.

use actix_web::HttpRequest;
use serde_json::{Value, json};

/// The address as the client wrote it: scheme and host. Behind a proxy that we were told of, `Forwarded` decides.
pub fn base_of(request: &HttpRequest, is_behind_proxy: bool) -> String {
    let info = request.connection_info();
    if is_behind_proxy {
        return format!("{}://{}", info.scheme(), info.host());
    }
    let host = request
        .headers()
        .get(actix_web::http::header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    format!("http://{host}")
}

/// A link description object.
pub fn link(relation: &str, method: &str, href: &str) -> Value {
    json!({"rel": relation, "method": method, "href": href})
}

/// Parameters as they stand in an address (RFC 3986, UTF-8).
pub fn query_of<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    match crate::percent::pairs(pairs) {
        none if none.is_empty() => none,
        written => format!("?{written}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_percent_encoded() {
        let pairs = [("area", "Ör & Rissne"), ("limit", "20")];
        assert_eq!(
            query_of(pairs.into_iter()),
            "?area=%C3%96r%20%26%20Rissne&limit=20"
        );
        assert_eq!(query_of(std::iter::empty()), "");
    }
}
