//! How the operator tells of the provider: what is refused at the start, and that a service started so finds it.

use super::fake::{Fake, query_of};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

const SECRET: &str = "Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e";

/// `kaa serve` over an empty database, with these besides what is right.
fn serve(folder: &tempfile::TempDir, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaa"));
    command
        .arg("serve")
        .env_clear()
        .env("KAA_DATA", folder.path())
        .env("KAA_LISTEN", "127.0.0.1:0")
        .env("KAA_SECRET", SECRET)
        .env("KAA_OIDC_ISSUER", "https://login.kommun.example")
        .env("KAA_OIDC_CLIENT_ID", "kaa")
        .env("KAA_OIDC_CLIENT_SECRET", "hemlighet hos leverantören")
        .env(
            "KAA_OIDC_REDIRECT_URI",
            "https://kaa.kommun.example/inloggad",
        )
        .envs(environment.iter().copied());
    command
}

#[test]
fn a_configuration_that_would_surprise_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.json");
    std::fs::write(&empty, "[]").unwrap();
    let unknown = folder.path().join("unknown.json");
    std::fs::write(&unknown, r#"[{"value": "x", "role": "root"}]"#).unwrap();
    let (empty, unknown) = (empty.to_str().unwrap(), unknown.to_str().unwrap());
    for (environment, told) in [
        (
            vec![("KAA_OIDC_CLIENT_ID", "")],
            "KAA_OIDC_CLIENT_ID is required",
        ),
        (
            vec![("KAA_OIDC_CLIENT_SECRET", "")],
            "KAA_OIDC_CLIENT_SECRET is required",
        ),
        (
            vec![("KAA_OIDC_REDIRECT_URI", "")],
            "KAA_OIDC_REDIRECT_URI is required",
        ),
        (
            vec![("KAA_OIDC_ISSUER", "http://login.kommun.example")],
            "KAA_OIDC_ISSUER must be",
        ),
        (
            vec![("KAA_OIDC_REDIRECT_URI", "/inloggad")],
            "KAA_OIDC_REDIRECT_URI must be",
        ),
        (vec![("KAA_OIDC_ROLE_CLAIM", "groups")], "belong together"),
        (vec![("KAA_OIDC_ROLES", empty)], "belong together"),
        (
            vec![("KAA_OIDC_ROLE_CLAIM", "groups"), ("KAA_OIDC_ROLES", empty)],
            "no value is mapped",
        ),
        (
            vec![
                ("KAA_OIDC_ROLE_CLAIM", "groups"),
                ("KAA_OIDC_ROLES", unknown),
            ],
            "unknown.json",
        ),
        (
            vec![("KAA_OIDC_MAKE_ACCOUNTS", "true")],
            "nobody gets a role by default",
        ),
        (vec![("KAA_OIDC_CA_FILE", empty)], "KAA_OIDC_CA_FILE"),
        (vec![("KAA_SECRET_PREVIOUS", "kort")], "KAA_SECRET_PREVIOUS"),
    ] {
        let Output { status, stderr, .. } = serve(&folder, &environment).output().unwrap();
        let said = String::from_utf8_lossy(&stderr);
        assert!(!status.success(), "{environment:?}");
        assert!(said.contains(told), "{environment:?}: {said}");
        assert!(!said.contains("hemlighet hos"), "{said}");
    }
}

#[test]
fn a_service_started_so_sends_browsers_to_its_provider() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start();
    let mut running = serve(
        &folder,
        &[
            ("KAA_OIDC_ISSUER", fake.issuer.as_str()),
            ("KAA_OIDC_SCOPE", "profile groups"),
            ("KAA_OIDC_FACTOR_ACR", "loa3, loa4"),
        ],
    )
    .stdout(Stdio::piped())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let root = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned));
    let started = root.map(|root| {
        let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
        let mut answer = agent
            .post(format!("{root}/single-sign-on/starts"))
            .send_empty()
            .unwrap();
        answer.body_mut().read_json::<Value>().unwrap()
    });
    running.kill().unwrap();
    running.wait().unwrap();
    let started = started.expect("the service starts");
    let asked = query_of(started["authorizationAddress"].as_str().unwrap());
    assert_eq!(asked["scope"], "openid profile groups");
    assert_eq!(asked["acr_values"], "loa3 loa4");
    assert_eq!(asked["client_id"], "kaa");
}
