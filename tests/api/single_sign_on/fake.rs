//! A provider of the tests' own, which does what it is told: right answers, wrong ones, none. Plain HTTP on this host, a
//! thread for each call.

use super::forge::Signer;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// What is answered in place of the right thing.
#[derive(Clone)]
pub enum Raw {
    /// This status, with these headers and this body.
    Of(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Nothing, for as long as the test runs.
    Silence,
    /// A byte now and then, for ever.
    Drip,
    /// Fewer bytes than were announced.
    CutOff,
}

impl Raw {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Of(status, Vec::new(), body.to_string().into_bytes())
    }
}

type MakeToken = Box<dyn Fn(&Value, &Signer) -> Option<String> + Send>;

pub struct Told {
    /// Members of the metadata in place of the right ones; null takes one away.
    pub metadata: Value,
    /// What an address answers in place of the right thing.
    pub raw: HashMap<&'static str, Raw>,
    /// The keys that are published besides those that sign.
    pub more_keys: Vec<Value>,
    /// The key that signs, and whether it is published.
    pub signer: Signer,
    pub publishes: bool,
    /// How the token is made of the claims.
    pub make: MakeToken,
    /// Every call: address, body, what proved the client.
    pub seen: Vec<(String, String, Option<String>)>,
    /// Codes that were given out: the challenge, and what the token will say.
    codes: HashMap<String, (String, Value)>,
}

pub struct Fake {
    pub issuer: String,
    told: Arc<Mutex<Told>>,
    stopped: Arc<AtomicBool>,
}

impl Fake {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Told {
            metadata: json!({}),
            raw: HashMap::new(),
            more_keys: Vec::new(),
            signer: Signer::ec("key-1"),
            publishes: true,
            make: Box::new(|claims, signer| Some(signer.token(claims))),
            seen: Vec::new(),
            codes: HashMap::new(),
        }));
        let stopped = Arc::new(AtomicBool::new(false));
        let shared = (issuer.clone(), Arc::clone(&told), Arc::clone(&stopped));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.2.load(Ordering::Relaxed) {
                    return;
                }
                let (issuer, told, stopped) = shared.clone();
                std::thread::spawn(move || answer(stream.unwrap(), &issuer, &told, &stopped));
            }
        });
        Self {
            issuer,
            told,
            stopped,
        }
    }

    /// What it is told to do.
    pub fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap()
    }

    /// How often an address was called.
    pub fn calls_of(&self, path: &str) -> usize {
        let told = self.told();
        told.seen.iter().filter(|(seen, _, _)| seen == path).count()
    }

    /// What happens in the browser at the provider: somebody signs in there. The code of it, for a token with these claims
    /// besides those that belong to the flow.
    pub fn authorize(&self, address: &str, now: i64, claims: &Value) -> String {
        let asked = query_of(address);
        assert!(
            address.starts_with(&format!("{}/authorize?", self.issuer)),
            "{address}"
        );
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut says = json!({
            "iss": self.issuer, "aud": asked["client_id"], "nonce": asked["nonce"],
            "iat": now, "exp": now + 300,
        });
        for (name, value) in claims.as_object().unwrap() {
            says[name] = value.clone();
        }
        let mut told = self.told();
        let code = format!("code-{}", uuid::Uuid::now_v7().simple());
        let challenge = asked["code_challenge"].clone();
        told.codes.insert(code.clone(), (challenge, says));
        code
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener, so that its thread ends.
        drop(TcpStream::connect(
            self.issuer.trim_start_matches("http://"),
        ));
    }
}

/// The parameters of an address.
pub fn query_of(address: &str) -> HashMap<String, String> {
    let (_, query) = address.split_once('?').unwrap();
    fields_of(query)
}

fn fields_of(text: &str) -> HashMap<String, String> {
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), plain(value)))
        .collect()
}

fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        match first {
            b'%' => {
                let digits = std::str::from_utf8(&others[..2]).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = &others[2..];
            }
            b'+' => bytes.push(b' '),
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn answer(mut stream: TcpStream, issuer: &str, told: &Mutex<Told>, stopped: &AtomicBool) {
    let Some((path, head, body)) = read_request(&mut stream) else {
        return;
    };
    let proof = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("authorization")
            .then(|| value.trim().to_owned())
    });
    let raw = {
        let mut told = told.lock().unwrap();
        told.seen.push((path.clone(), body.clone(), proof));
        match told.raw.get(path.as_str()) {
            Some(raw) => raw.clone(),
            None => right_answer(issuer, &mut told, &path, &body),
        }
    };
    let wait = || std::thread::sleep(Duration::from_millis(20));
    match raw {
        Raw::Of(status, headers, body) => {
            let mut text = format!("HTTP/1.1 {status} Told\r\nConnection: close\r\n");
            for (name, value) in headers {
                text += &format!("{name}: {value}\r\n");
            }
            text += &format!("Content-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(text.as_bytes());
            let _ = stream.write_all(&body);
        }
        Raw::Silence => {
            while !stopped.load(Ordering::Relaxed) {
                wait();
            }
        }
        Raw::Drip => {
            let _ = stream.write_all(b"HTTP/1.1 200 Told\r\nContent-Length: 100000\r\n\r\n{");
            while !stopped.load(Ordering::Relaxed) && stream.write_all(b" ").is_ok() {
                wait();
            }
        }
        Raw::CutOff => {
            let _ = stream.write_all(b"HTTP/1.1 200 Told\r\nContent-Length: 100000\r\n\r\n{}");
        }
    }
}

fn right_answer(issuer: &str, told: &mut Told, path: &str, body: &str) -> Raw {
    match path {
        "/.well-known/openid-configuration" => {
            let mut metadata = json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/keys"),
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            });
            for (name, value) in told.metadata.as_object().unwrap() {
                match value {
                    Value::Null => metadata.as_object_mut().unwrap().remove(name),
                    value => metadata
                        .as_object_mut()
                        .unwrap()
                        .insert(name.clone(), value.clone()),
                };
            }
            Raw::json(200, &metadata)
        }
        "/keys" => {
            let mut keys = told.more_keys.clone();
            if told.publishes {
                keys.push(told.signer.jwk());
            }
            Raw::json(200, &json!({"keys": keys}))
        }
        "/token" => {
            let sent = fields_of(body);
            let refused = Raw::json(400, &json!({"error": "invalid_grant"}));
            let Some((challenge, claims)) = told.codes.remove(&sent["code"]) else {
                return refused;
            };
            let hash = Sha256::digest(sent["code_verifier"].as_bytes());
            if sent["grant_type"] != "authorization_code"
                || BASE64URL_NOPAD.encode(&hash) != challenge
            {
                return refused;
            }
            let mut answer = json!({"access_token": "not looked at", "token_type": "Bearer"});
            if let Some(token) = (told.make)(&claims, &told.signer) {
                answer["id_token"] = json!(token);
            }
            Raw::json(200, &answer)
        }
        _ => Raw::json(404, &json!({})),
    }
}

fn read_request(stream: &mut TcpStream) -> Option<(String, String, String)> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    let head_end = loop {
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        bytes.extend(&part[..read]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap());
    while bytes.len() < head_end + length {
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        bytes.extend(&part[..read]);
    }
    let path = head.split(' ').nth(1)?.to_owned();
    let body = String::from_utf8_lossy(&bytes[head_end..]).into_owned();
    Some((path, head, body))
}
