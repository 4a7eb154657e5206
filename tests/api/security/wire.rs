//! HTTP as attackers write it, over bare sockets: what a body is sent as, requests that two readers would take apart differently,
//! heads without end, slow ones, methods that nobody has; and the headers that every answer has. What a client library would
//! not send cannot be tested with one.

use crate::support::Persona::{Nobody, Syv};
use crate::support::TestApp;
use crate::{on_both, with_app};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What came back over a socket: every answer, as text.
struct Raw(String);

impl Raw {
    /// Sends bytes as they are, and reads until the service hangs up or has said nothing for a while.
    fn send(app: &TestApp, bytes: &[u8]) -> Self {
        let mut socket = TcpStream::connect(app.base.strip_prefix("http://").unwrap()).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_secs(2)))
            .unwrap();
        // It may hang up before it has read all.
        let _ = socket.write_all(bytes);
        let mut said = Vec::new();
        let mut part = [0; 4096];
        while let Ok(length @ 1..) = socket.read(&mut part) {
            said.extend_from_slice(&part[..length]);
        }
        Self(String::from_utf8_lossy(&said).into_owned())
    }

    fn status(&self) -> u16 {
        let line = self.0.split(' ').nth(1);
        line.and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    fn answers(&self) -> usize {
        self.0.matches("HTTP/1.1 ").count()
    }

    fn head(&self) -> String {
        self.0
            .split("\r\n\r\n")
            .next()
            .unwrap_or_default()
            .to_lowercase()
    }

    fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

/// A request of the SYV with these lines after the first.
fn request(app: &TestApp, first: &str, lines: &[&str], body: &[u8]) -> Vec<u8> {
    let token = app.token(Syv).unwrap();
    let mut head = format!(
        "{first} HTTP/1.1\r\nHost: kaa\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
    );
    for line in lines {
        head.push_str(line);
        head.push_str("\r\n");
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// What every answer of ours says, whatever it is about.
const ALWAYS: &[&str] = &[
    "x-content-type-options: nosniff",
    "x-frame-options: deny",
    "referrer-policy: no-referrer",
    "cross-origin-resource-policy: same-origin",
    "cross-origin-opener-policy: same-origin",
    "permissions-policy: camera=(), geolocation=(), microphone=()",
    "frame-ancestors 'none'",
    "default-src 'none'",
];

fn check_headers(raw: &Raw, what: &str) {
    let head = raw.head();
    for header in ALWAYS {
        assert!(head.contains(header), "{what} lacks {header}:\n{head}");
    }
    assert!(
        head.contains("cache-control: no-store")
            || head.contains("cache-control: public, max-age=300"),
        "{what}:\n{head}"
    );
    assert!(
        !head.contains("server:") && !head.contains("x-powered-by"),
        "{what}:\n{head}"
    );
}

/// The name of the case, the first line, the headers, the body; the status, and the code of the problem.
type Case<'a> = (&'a str, &'a str, Vec<&'a str>, Vec<u8>, u16, &'a str);

with_app!(what_is_sent_is_read_in_one_way_or_not_at_all, |app| {
    const SEARCH: &str = "POST /kaa/v1/youths/search";
    const JSON: &str = "Content-Type: application/json";
    let whole = br#"{"name":"al"}"#;
    let deep = format!("{{\"name\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let of = |body: &[u8]| format!("Content-Length: {}", body.len());
    let length = of(whole);
    let length = length.as_str();
    let cases: Vec<Case<'_>> = vec![
        ("as it should be", SEARCH, vec![JSON, length], whole.to_vec(), 200, ""),
        ("in capitals", SEARCH, vec!["content-type: APPLICATION/JSON;Charset=\"UTF-8\"", length], whole.to_vec(), 200, ""),
        ("no type", SEARCH, vec![length], whole.to_vec(), 415, "unsupported-media-type"),
        ("a form", SEARCH, vec!["Content-Type: application/x-www-form-urlencoded", length], whole.to_vec(), 415, "unsupported-media-type"),
        ("a browser's plain text", SEARCH, vec!["Content-Type: text/plain", length], whole.to_vec(), 415, "unsupported-media-type"),
        ("latin letters", SEARCH, vec!["Content-Type: application/json; charset=iso-8859-1", length], whole.to_vec(), 415, "unsupported-media-type"),
        ("a type that is no text", SEARCH, vec!["Content-Type: application/json\u{e5}", length], whole.to_vec(), 415, "unsupported-media-type"),
        ("two types", SEARCH, vec![JSON, "Content-Type: text/plain", length], whole.to_vec(), 400, "invalid-parameter"),
        ("a merge patch for what is none", SEARCH, vec!["Content-Type: application/merge-patch+json", length], whole.to_vec(), 415, "unsupported-media-type"),
        ("a name twice", SEARCH, vec![JSON, "Content-Length: 25"], br#"{"name":"al","name":"bo"}"#.to_vec(), 400, "malformed-body"),
        ("very deep", SEARCH, vec![JSON, "Content-Length: 100009"], deep.into_bytes(), 400, "malformed-body"),
        ("a number without end", SEARCH, vec![JSON, "Content-Length: 16"], br#"{"name":1e99999}"#.to_vec(), 400, "malformed-body"),
        ("a large number", SEARCH, vec![JSON, "Content-Length: 40"], br#"{"name":99999999999999999999999999999999"#.iter().chain(b"}").copied().take(40).collect(), 400, "malformed-body"),
        ("no letters", SEARCH, vec![JSON, "Content-Length: 12"], b"{\"name\":\"\xff\"}".to_vec(), 400, "malformed-body"),
        ("a NUL", SEARCH, vec![JSON, "Content-Length: 19"], br#"{"name":"al\u0000"}"#.to_vec(), 422, "validation-failed"),
        ("a lone surrogate", SEARCH, vec![JSON, "Content-Length: 17"], br#"{"name":"\ud800"}"#.to_vec(), 400, "malformed-body"),
        ("a mark of byte order", SEARCH, vec![JSON, "Content-Length: 16"], b"\xef\xbb\xbf{\"name\":\"al\"}".to_vec(), 400, "malformed-body"),
        ("packed", SEARCH, vec![JSON, "Content-Encoding: gzip", length], whole.to_vec(), 415, "unsupported-media-type"),
        ("a body where none belongs", "GET /kaa/v1/youths", vec![JSON, length], whole.to_vec(), 400, "malformed-body"),
        ("a body to be deleted", "DELETE /kaa/v1/me/sessions/019ab3f4-6c90-7f28-9be1-04d7a3c8f506", vec![JSON, length], whole.to_vec(), 400, "malformed-body"),
        ("a key that is no text", "POST /kaa/v1/target-group-runs", vec![JSON, "Idempotency-Key: \u{e5}", "Content-Length: 2"], b"{}".to_vec(), 400, "invalid-parameter"),
        ("two keys", "POST /kaa/v1/target-group-runs", vec![JSON, "Idempotency-Key: a", "Idempotency-Key: b", "Content-Length: 2"], b"{}".to_vec(), 400, "invalid-parameter"),
        ("two tokens", "GET /kaa/v1/me", vec!["Authorization: Bearer x"], vec![], 401, "unauthenticated"),
        ("letters that are none in the address", "GET /kaa/v1/youths?area=%ff", vec![], vec![], 400, "invalid-parameter"),
        ("a NUL in the address", "GET /kaa/v1/youths?area=%00", vec![], vec![], 400, "invalid-parameter"),
        ("a parameter twice", "GET /kaa/v1/youths?area=a&area=b", vec![], vec![], 400, "invalid-parameter"),
        ("a way out of the folder", "GET /kaa/v1/../../etc/passwd", vec![], vec![], 404, "not-found"),
        ("another writing of the address", "GET /kaa/v1/%79ouths", vec![], vec![], 200, ""),
        ("a method that nobody has", "BREW /kaa/v1/youths", vec![], vec![], 405, "method-not-allowed"),
        ("to be traced", "TRACE /kaa/v1/youths", vec![], vec![], 405, "method-not-allowed"),
        ("what else there is", "OPTIONS /kaa/v1/youths", vec![], vec![], 405, "method-not-allowed"),
        ("what else there is anywhere", "OPTIONS *", vec![], vec![], 404, "not-found"),
    ];
    let mut wrong = Vec::new();
    for (what, first, lines, body, status, code) in cases {
        let raw = Raw::send(&app, &request(&app, first, &lines, &body));
        let is_problem = raw
            .head()
            .contains("content-type: application/problem+json")
            && raw.body().contains(&format!("\"code\":\"{code}\""));
        if (raw.status(), raw.answers()) != (status, 1) || !(code.is_empty() || is_problem) {
            wrong.push(format!("{what}, {status} {code}:\n{}", raw.0));
            continue;
        }
        check_headers(&raw, what);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
});

with_app!(
    a_request_that_two_readers_would_end_differently_is_none,
    |app| {
        let hidden = "GET /kaa/v1/me HTTP/1.1\r\nHost: kaa\r\n\r\n";
        let post = |lines: &[&str], body: &str| {
            let token = app.token(Syv).unwrap();
            let head = format!(
                "POST /kaa/v1/youths/search HTTP/1.1\r\nHost: kaa\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            );
            let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            format!("{head}{lines}\r\n{body}")
        };
        for (what, text) in [
            (
                "length and chunks",
                post(
                    &["Content-Length: 6", "Transfer-Encoding: chunked"],
                    &format!("0\r\n\r\n{hidden}"),
                ),
            ),
            (
                "chunks and length",
                post(
                    &["Transfer-Encoding: chunked", "Content-Length: 6"],
                    &format!("0\r\n\r\n{hidden}"),
                ),
            ),
            (
                "two lengths",
                post(&["Content-Length: 0", "Content-Length: 45"], hidden),
            ),
            (
                "a list of lengths",
                post(&["Content-Length: 0, 45"], hidden),
            ),
            (
                "a length with a sign",
                post(&["Content-Length: +2"], &format!("{{}}{hidden}")),
            ),
            (
                "a length below nothing",
                post(&["Content-Length: -1"], hidden),
            ),
            (
                "a length in another writing",
                post(&["Content-Length: 0x2"], &format!("{{}}{hidden}")),
            ),
            (
                "chunks in another writing",
                post(
                    &["Transfer-Encoding: xchunked"],
                    &format!("0\r\n\r\n{hidden}"),
                ),
            ),
            (
                "chunks and more",
                post(
                    &["Transfer-Encoding: chunked, identity"],
                    &format!("0\r\n\r\n{hidden}"),
                ),
            ),
            (
                "a blank before the colon",
                post(&["Content-Length : 0"], hidden),
            ),
            (
                "a length of chunk that is none",
                post(
                    &["Transfer-Encoding: chunked"],
                    &format!("zz\r\n{{}}\r\n0\r\n\r\n{hidden}"),
                ),
            ),
            (
                "a line that goes on",
                post(&["Content-Length: 0", " 5"], hidden),
            ),
            (
                "a bare carriage return",
                post(&["X-A: b\rContent-Length: 45"], hidden),
            ),
            (
                "a NUL in a header",
                post(&["X-A: b\0c", "Content-Length: 0"], hidden),
            ),
        ] {
            let raw = Raw::send(&app, text.as_bytes());
            // Nobody may be served what stands inside: it has no token, so 401 would be its answer, and 200 that of a search.
            assert!(raw.answers() <= 1, "{what}:\n{}", raw.0);
            assert!(matches!(raw.status(), 0 | 400 | 501), "{what}:\n{}", raw.0);
        }
        // Without a host, or with two, no address can be told.
        for (what, text) in [
            (
                "another version",
                "GET /kaa/v1/me HTTP/9.9\r\nHost: kaa\r\n\r\n".to_owned(),
            ),
            (
                "the version before",
                "GET /kaa/v1/me HTTP/2.0\r\n\r\n".to_owned(),
            ),
            ("no request", "\u{16}\u{3}\u{1}\u{2}\0".to_owned()),
        ] {
            let raw = Raw::send(&app, text.as_bytes());
            assert!(
                matches!(raw.status(), 0 | 400 | 408 | 505),
                "{what}:\n{}",
                raw.0
            );
        }
    }
);

with_app!(heads_and_bodies_have_an_end, |app| {
    let many: Vec<String> = (0..5_000).map(|place| format!("X-{place}: a")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let raw = Raw::send(&app, &request(&app, "GET /kaa/v1/me", &many, b""));
    assert!(
        matches!(raw.status(), 0 | 400 | 431),
        "many headers:\n{}",
        raw.0
    );
    let long = format!("X-A: {}", "a".repeat(1 << 20));
    let raw = Raw::send(&app, &request(&app, "GET /kaa/v1/me", &[&long], b""));
    assert!(
        matches!(raw.status(), 0 | 400 | 431),
        "a long header:\n{}",
        raw.0
    );
    let address = format!("GET /kaa/v1/youths?area={}", "a".repeat(1 << 20));
    let raw = Raw::send(&app, &request(&app, &address, &[], b""));
    assert!(
        matches!(raw.status(), 0 | 400 | 414 | 431),
        "a long address:\n{}",
        raw.0
    );
    // Announced or not: chunks that never end are cut off at the limit.
    let chunks = "4000\r\n".to_owned() + &"x".repeat(0x4000) + "\r\n";
    let body = chunks.repeat(20) + "0\r\n\r\n";
    let lines = [
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
    ];
    let raw = Raw::send(
        &app,
        &request(&app, "POST /kaa/v1/youths/search", &lines, body.as_bytes()),
    );
    assert_eq!(raw.status(), 413, "{}", raw.0);
    check_headers(&raw, "chunks without end");
    // It goes on serving others.
    app.get(Syv, "/me").expect(200);
});

on_both!(
    whoever_sends_slowly_does_not_hold_a_place_for_long,
    |database| {
        let app = TestApp::with(database, |config| {
            config.arrival_limit = Duration::from_secs(1);
        });
        let address = app.base.strip_prefix("http://").unwrap();
        let token = app.token(Syv).unwrap();
        for (what, begin) in [
            (
                "a head",
                "GET /kaa/v1/me HTTP/1.1\r\nHost: kaa\r\nX-A: ".to_owned(),
            ),
            (
                "a body",
                format!(
                    "POST /kaa/v1/youths/search HTTP/1.1\r\nHost: kaa\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
                ),
            ),
        ] {
            let began = Instant::now();
            let mut socket = TcpStream::connect(address).unwrap();
            socket
                .set_read_timeout(Some(Duration::from_millis(200)))
                .unwrap();
            socket.write_all(begin.as_bytes()).unwrap();
            let mut said = Vec::new();
            let mut part = [0; 1024];
            // A byte now and then.
            while began.elapsed() < Duration::from_secs(20) {
                if socket.write_all(b"a").is_err() {
                    break;
                }
                match socket.read(&mut part) {
                    Ok(0) => break,
                    Ok(length) => {
                        said.extend_from_slice(&part[..length]);
                        if !said.is_empty() {
                            break;
                        }
                    }
                    Err(_) => {}
                }
            }
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "{what} may come as slowly as it likes"
            );
            let said = String::from_utf8_lossy(&said);
            assert!(
                said.is_empty() || said.starts_with("HTTP/1.1 408"),
                "{what}:\n{said}"
            );
        }
        app.get(Syv, "/me").expect(200);
    }
);

with_app!(
    every_answer_says_what_a_browser_must_not_do_with_it,
    |app| {
        let youth = format!("GET /kaa/v1/youths/{}", app.world.alva);
        for first in [
            "GET /kaa/v1/me",
            youth.as_str(),
            "GET /kaa/v1/weekly-summary?week=2026-W47",
            "GET /kaa/v1/nothing",
            "GET /nothing",
            "GET /",
            "DELETE /kaa/v1/youths",
            "OPTIONS /kaa/v1/openapi.yaml",
            "GET /health/live",
            "GET /health/ready",
            "GET /kaa/v1/api-info",
            "GET /kaa/v1/openapi.yaml",
            "GET /kaa/v1/openapi.json",
            "GET /kaa/v1/documentation",
            "GET /kaa/v1/documentation/style.css",
            "GET /kaa/v1/problems/not-found",
            "GET /kaa/v1/problems/nothing",
        ] {
            let raw = Raw::send(&app, &request(&app, first, &[], b""));
            assert_eq!(raw.answers(), 1, "{first}:\n{}", raw.0);
            check_headers(&raw, first);
            // Not over plain HTTP (RFC 6797, 7.2).
            assert!(!raw.head().contains("strict-transport-security"), "{first}");
            // No other page may read it: nothing is said about other origins.
            assert!(!raw.head().contains("access-control-"), "{first}");
        }
    }
);

on_both!(behind_a_proxy_every_answer_asks_for_tls, |database| {
    let app = TestApp::with(database, |config| config.is_behind_proxy = true);
    for path in ["/me", "/nothing", "/documentation"] {
        let answer = app.get(Nobody, path);
        assert_eq!(
            answer.header("strict-transport-security"),
            Some("max-age=31536000"),
            "{path}"
        );
    }
});
