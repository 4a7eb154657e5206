//! Against a real provider: `oidc-provider` on Node.js, over TLS, started by the test. What it needs is installed below the
//! target folder, by the versions and checksums of tests/oidc/package-lock.json. KAA_TEST_NPM_REQUIRED=1 installs it and makes
//! its absence a failure; otherwise a test without it says SKIPPED.

use super::{REDIRECT, config_of, query_of};
use crate::on_both;
use crate::support::Persona::{Administrator, Nobody};
use crate::support::app::Answer;
use crate::support::{TestApp, TestDatabase};
use chrono::Utc;
use kaa::auth::single_sign_on::ProviderConfig;
use kaa::auth::single_sign_on::claims::RoleRules;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, OnceLock};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// What the tests bring along.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc");
/// Who we are there: with what has to be written otherwise in a form, and in ASCII, as the standard wants it.
const CLIENT: &str = "kaa & co";
const SECRET: &str = "100 % secret: a+b=c & more";
const FILES: [&str; 3] = ["package.json", "package-lock.json", "provider.mjs"];

/// Where the provider stands installed, or why it does not.
fn installed() -> Option<&'static Path> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let is_required = std::env::var_os("KAA_TEST_NPM_REQUIRED").is_some();
    let folder = FOLDER.get_or_init(|| install(is_required));
    match folder {
        Ok(folder) => Some(folder),
        Err(reason) => {
            assert!(!is_required, "the real provider is required here: {reason}");
            println!("SKIPPED AT A REAL PROVIDER: {reason}; KAA_TEST_NPM_REQUIRED=1 installs it");
            None
        }
    }
}

fn install(may_fetch: bool) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc");
    std::fs::create_dir_all(&folder).map_err(|cause| cause.to_string())?;
    let lock = std::fs::read(Path::new(SOURCES).join("package-lock.json")).unwrap();
    let is_there = std::fs::read(folder.join("installed.json")).is_ok_and(|kept| kept == lock);
    for file in FILES {
        std::fs::copy(Path::new(SOURCES).join(file), folder.join(file)).unwrap();
    }
    if !is_there {
        if !may_fetch {
            return Err("it is not installed".to_owned());
        }
        let npm = [
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ];
        run(Command::new("npm").args(npm).current_dir(&folder))?;
        std::fs::write(folder.join("installed.json"), lock).map_err(|cause| cause.to_string())?;
    }
    // A certificate that is nobody's authority, for this host and these days.
    let subject = [
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ];
    let limits = [
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-days",
        "2",
    ];
    for name in ["", "other-"] {
        let (key, cert) = (format!("{name}key.pem"), format!("{name}cert.pem"));
        let making = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", &key, "-out", &cert,
        ];
        run(Command::new("openssl")
            .args(making)
            .args(subject)
            .args(limits)
            .current_dir(&folder))?;
    }
    Ok(folder)
}

fn run(command: &mut Command) -> Result<(), String> {
    let ended = command
        .output()
        .map_err(|cause| format!("{command:?}: {cause}"))?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!(
        "{command:?}: {}",
        String::from_utf8_lossy(&ended.stderr)
    ))
}

/// A running provider, and the browser of one person.
struct Real {
    issuer: String,
    folder: &'static Path,
    child: Child,
    /// Kept, since whoever writes to nobody is ended.
    _output: BufReader<ChildStdout>,
    agent: ureq::Agent,
}

impl Real {
    fn start(algorithm: &str) -> Option<Self> {
        let folder = installed()?;
        let mut child = Command::new("node")
            .args(["provider.mjs", "key.pem", "cert.pem", CLIENT])
            .args([SECRET, REDIRECT, algorithm])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let issuer = line.trim().strip_prefix("ISSUER ");
        let issuer = issuer.expect("the provider starts").to_owned();
        let cert = Certificate::from_pem(&std::fs::read(folder.join("cert.pem")).unwrap()).unwrap();
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(
                rustls::crypto::aws_lc_rs::default_provider(),
            ))
            .root_certs(RootCerts::new_with_certs(&[cert]))
            .build();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_idle_connections(0)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .tls_config(tls)
            .build()
            .into();
        Some(Self {
            issuer,
            folder,
            child,
            _output: output,
            agent,
        })
    }

    fn app(&self, database: TestDatabase, configure: impl FnOnce(&mut ProviderConfig)) -> TestApp {
        let mut config = config_of(&self.issuer);
        config.client_id = CLIENT.to_owned();
        config.client_secret = SecretString::from(SECRET);
        config.authorities = Some(self.folder.join("cert.pem"));
        configure(&mut config);
        let app = TestApp::with(database, |all| all.single_sign_on = Some(config));
        follow(&app);
        app
    }

    /// What a browser does: follows the provider from page to page, with its cookies, until it is sent back to us.
    fn browse(&self, address: &str, hint: &str) -> HashMap<String, String> {
        let mut cookies: HashMap<String, String> = HashMap::new();
        let mut next = format!("{address}&login_hint={}", hint.replace(';', "%3B"));
        for _ in 0..10 {
            if next.starts_with(REDIRECT) {
                return query_of(&next);
            }
            let jar: Vec<String> = cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let mut answer = self
                .agent
                .get(&next)
                .header("Cookie", jar.join("; "))
                .call()
                .unwrap();
            for cookie in answer.headers().get_all("set-cookie") {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            let to = answer.headers().get("location").cloned();
            let Some(to) = to else {
                let page = answer.body_mut().read_to_string();
                panic!("the browser is not sent on: {} {page:?}", answer.status());
            };
            let to = to.to_str().unwrap();
            next = if to.starts_with('/') {
                format!("{}{to}", self.issuer)
            } else {
                to.to_owned()
            };
        }
        panic!("the browser is sent in circles");
    }

    fn sign_in(&self, app: &TestApp, hint: &str) -> (Value, Answer) {
        follow(app);
        let started = app
            .send(Nobody, "POST", "/single-sign-on/starts", &[], None)
            .expect(200);
        let address = started.body["authorizationAddress"].as_str().unwrap();
        let came_back = self.browse(address, hint);
        // The provider names itself (RFC 9207).
        assert_eq!(came_back["iss"], self.issuer);
        let back = json!({
            "flow": started.body["flow"], "code": came_back["code"], "state": came_back["state"],
            "iss": came_back["iss"],
        });
        let answer = app.post(Nobody, "/single-sign-on/completions", back.clone());
        (back, answer)
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The provider lives in the present.
fn follow(app: &TestApp) {
    app.clock.set(Utc::now());
}

fn username(app: &TestApp, session: &Answer) -> String {
    let bearer = format!("Bearer {}", session.body["accessToken"].as_str().unwrap());
    let me = app
        .send(Nobody, "GET", "/me", &[("Authorization", &bearer)], None)
        .expect(200);
    me.body["username"].as_str().unwrap().to_owned()
}

on_both!(a_real_provider_lets_in_whom_it_knows, |database| {
    let Some(real) = Real::start("RS256") else {
        return;
    };
    let app = real.app(database, |_| {});
    let (back, session) = real.sign_in(&app, "syv");
    assert_eq!(username(&app, &session.expect(200)), "syv");
    // Once: the answer, and the code with another flow.
    app.post(Nobody, "/single-sign-on/completions", back.clone())
        .problem(401, "flow-not-valid");
    let other = app
        .send(Nobody, "POST", "/single-sign-on/starts", &[], None)
        .expect(200);
    let state = query_of(other.body["authorizationAddress"].as_str().unwrap())["state"].clone();
    let old_code = json!({"flow": other.body["flow"], "code": back["code"], "state": state, "iss": real.issuer});
    app.post(Nobody, "/single-sign-on/completions", old_code)
        .problem(401, "flow-not-valid");
    let (_, session) = real.sign_in(&app, "syv");
    session.expect(200);
    let (_, stranger) = real.sign_in(&app, "nobody.here");
    stranger.problem(403, "no-account");
});

on_both!(
    a_real_provider_does_not_give_a_code_to_who_did_not_ask_for_it,
    |database| {
        let Some(real) = Real::start("ES256") else {
            return;
        };
        let app = real.app(database, |_| {});
        let start = || {
            app.send(Nobody, "POST", "/single-sign-on/starts", &[], None)
                .expect(200)
        };
        let (victim, attacker) = (start(), start());
        let address = |started: &Answer| {
            started.body["authorizationAddress"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let came_back = real.browse(&address(&victim), "syv");
        // PKCE: the verifier of another flow does not redeem the code.
        let state = query_of(&address(&attacker))["state"].clone();
        let injected = json!({"flow": attacker.body["flow"], "code": came_back["code"], "state": state, "iss": real.issuer});
        app.post(Nobody, "/single-sign-on/completions", injected)
            .problem(401, "flow-not-valid");
        // And without its name, or with another, the answer is not taken.
        let started = start();
        let came_back = real.browse(&address(&started), "syv");
        let nameless = json!({"flow": started.body["flow"], "code": came_back["code"], "state": came_back["state"]});
        app.post(Nobody, "/single-sign-on/completions", nameless)
            .problem(401, "flow-not-valid");
        let (_, session) = real.sign_in(&app, "syv");
        session.expect(200);
    }
);

on_both!(a_real_provider_gives_roles_and_second_factors, |database| {
    let Some(real) = Real::start("PS256") else {
        return;
    };
    let app = real.app(database, |config| {
        let mapping = json!([{"value": "kaa-admin", "role": "administrator"}]);
        config.claims.roles = Some(RoleRules {
            claim: "groups".to_owned(),
            mapping: serde_json::from_value(mapping).unwrap(),
        });
        config.claims.factor_methods = vec!["mfa".to_owned()];
        config.makes_accounts = true;
    });
    app.clock.set(crate::support::app::NOW.parse().unwrap());
    let version = app.get(Administrator, "/settings").expect(200).version();
    let body = json!({"secondFactorRoles": ["administrator"]});
    app.patch(Administrator, "/settings", version, body)
        .expect(200);
    let (_, without_role) = real.sign_in(&app, "ny.person;mfa;other");
    without_role.problem(403, "no-account");
    let users = |session: &Answer| {
        let bearer = format!("Bearer {}", session.body["accessToken"].as_str().unwrap());
        app.send(Nobody, "GET", "/users", &[("Authorization", &bearer)], None)
    };
    let (_, session) = real.sign_in(&app, "ny.person;mfa;kaa-admin");
    let session = session.expect(200);
    assert_eq!(username(&app, &session), "ny.person");
    users(&session).expect(200);
    let (_, session) = real.sign_in(&app, "ny.person;pwd;kaa-admin");
    users(&session.expect(200)).problem(403, "second-factor-missing");
});

on_both!(
    a_provider_whose_certificate_is_not_believed_is_not_spoken_to,
    |database| {
        let Some(real) = Real::start("RS256") else {
            return;
        };
        let other = real.folder.join("other-cert.pem");
        let app = real.app(database, |config| config.authorities = Some(other));
        app.send(Nobody, "POST", "/single-sign-on/starts", &[], None)
            .problem(503, "provider-unavailable");
    }
);
