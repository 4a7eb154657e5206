//! What is done with bytes from outside, and what must hold whatever they are: one function for each parser. The fuzz targets
//! run them on made-up bytes, and `tests/api/fuzzing.rs` on those that were kept, in the ordinary suite.
//! A function returns for bytes that are refused; it panics where something holds that must not.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kaa::api::routes::ROUTES;
use kaa::auth::anchor::{Anchor, AnchorKey};
use kaa::auth::single_sign_on::claims::{ClaimRules, Mapped, RoleMapping, RoleRules};
use kaa::auth::single_sign_on::flow::Flow;
use kaa::auth::single_sign_on::id_token::{Expected, LEEWAY, keys_of, verify};
use kaa::auth::token::Tokens;
use kaa::auth::totp::{self, FactorSealer};
use kaa::db::audited::Identity;
use kaa::db::paging::{MOST, Position};
use kaa::domain::id::{Id, Session, User, Youth};
use kaa::domain::identity_number::{IdentityNumber, IdentityNumberKind, IdentityNumberOptions};
use kaa::domain::person_name;
use kaa::domain::user::Role;
use kaa::error::Language;
use kaa::exchange::roster::plan::{RegisterFacts, RowFacts, merged};
use kaa::exchange::roster::{RefusedRows, RosterMapping, RowOutcome, read_roster};
use kaa::http::forwarded::client_address;
use kaa::http::position::Sealer;
use kaa::http::request::Request;
use kaa::service::form::{Form, merge_patch};
use kaa::vault::file::{self, Header as FileHeader};
use kaa::vault::{KeyFile, KeySet, KeySource, Place, Vault};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};
use uuid::Uuid;

/// A parser with what must hold of it.
pub type Target = fn(&[u8]);

/// Every target by the name of its file and its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("identity_number", identity_number),
    ("person_name", person_name),
    ("roster", roster),
    ("position", position),
    ("request", request),
    ("forwarded", forwarded),
    ("form", form),
    ("totp", totp),
    ("access_token", access_token),
    ("id_token", id_token),
    ("key_file", key_file),
    ("enciphered_file", enciphered_file),
    ("anchor", anchor),
];

const SECRET: &str = "Zx81kQ0bVf7uLr2mN5tYpW9cHs4dGa6e";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_507_200, 0).expect("a time")
}

fn today() -> NaiveDate {
    now().date_naive()
}

fn text_of(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// The first byte, and the rest.
fn split(data: &[u8]) -> (u8, &[u8]) {
    data.split_first()
        .map_or((0, data), |(first, rest)| (*first, rest))
}

/// A number that is accepted is stored in one form, which is read back as the same number and does not show itself.
pub fn identity_number(data: &[u8]) {
    let text = text_of(data);
    for allow_interim in [false, true] {
        let options = IdentityNumberOptions { allow_interim };
        let Ok(number) = IdentityNumber::parse_with(&text, today(), options) else {
            continue;
        };
        let (stored, kind) = (number.as_str(), number.kind());
        assert_eq!(stored.len(), 12);
        assert!(allow_interim || kind != IdentityNumberKind::Interim);
        assert_eq!(
            IdentityNumber::from_stored(kind, stored).as_ref(),
            Ok(&number)
        );
        assert_eq!(
            IdentityNumber::parse_with(stored, today(), options).as_ref(),
            Ok(&number)
        );
        assert!(number.birth_date().is_some_and(|born| born <= today()));
        assert_eq!(
            number.legal_sex().is_none(),
            kind == IdentityNumberKind::TfNumber
        );
        assert!(!format!("{number:?}").contains(stored));
        for other in IdentityNumberKind::ALL
            .into_iter()
            .filter(|other| *other != kind)
        {
            assert!(IdentityNumber::from_stored(other, stored).is_err());
        }
    }
    if text.chars().count() == 12 {
        for kind in IdentityNumberKind::ALL {
            if let Ok(number) = IdentityNumber::from_stored(kind, &text) {
                assert_eq!((number.as_str(), number.kind()), (text.as_str(), kind));
            }
        }
    }
}

/// Whoever is called something is found by it, in either order of the names, and by the beginning of it.
pub fn person_name(data: &[u8]) {
    let text = text_of(data);
    let (given, family) = text.split_once('\n').unwrap_or((&text, ""));
    let known = person_name::search_tokens(given, family);
    let finds = |typed: &str| {
        let sought = person_name::query_tokens(typed);
        sought
            .iter()
            .all(|part| known.iter().any(|token| token.starts_with(part.as_str())))
    };
    for typed in [
        given.to_owned(),
        family.to_owned(),
        format!("{family}, {given}"),
    ] {
        assert!(finds(&typed), "{typed:?} is not found by itself: {known:?}");
    }
    assert!(
        known
            .iter()
            .all(|token| !token.is_empty() && !token.contains(char::is_whitespace))
    );
    let folded = person_name::fold(&text);
    assert_eq!(person_name::fold(&folded), folded, "folding twice");
    assert!(
        !person_name::sort_key(given, family).contains(char::is_control)
            || person_name::sort_key(given, family).matches('\t').count() == 1
    );
    assert!(person_name::initial(family).chars().count() <= 4);
}

/// A row that is understood is a person with a number that holds; what is refused goes back whole, as no formula, and is read
/// again as the same number of rows.
pub fn roster(data: &[u8]) {
    static MAPPING: LazyLock<RosterMapping> = LazyLock::new(RosterMapping::default);
    let mut told = 0;
    let Ok(read) = read_roster(data, today(), &MAPPING, &mut |rows| told = rows) else {
        return;
    };
    let counts = read.counts();
    assert_eq!((told, counts.rows), (read.rows.len(), read.rows.len()));
    assert_eq!(counts.good + counts.refused, counts.rows);
    for reading in &read.rows {
        match &reading.outcome {
            RowOutcome::Refused(problems) => assert!(!problems.is_empty()),
            RowOutcome::Good(row) => {
                let (number, kind) = (row.identity.as_str(), row.identity.kind());
                assert!(IdentityNumber::from_stored(kind, number).is_ok());
                assert!(!format!("{row:?}").contains(number));
                assert!(!row.given_name.is_empty() && !row.family_name.is_empty());
                for text in [&row.given_name, &row.family_name] {
                    assert!(text.chars().count() <= 100 && !text.chars().any(char::is_control));
                }
                let facts = RowFacts::from(row.as_ref());
                let back = RowFacts::from_document(&facts.to_document());
                assert!(
                    back.as_ref() == Some(&facts),
                    "a row that waits is kept as it was"
                );
                // A roster that is read twice changes nothing the second time.
                let (once, _) = merged(&RegisterFacts::nothing(), &facts);
                let (twice, _) = merged(&once, &facts);
                assert!(once == twice, "the second reading changes something");
            }
        }
    }
    let refused = RefusedRows::of(&read, &HashMap::new());
    assert_eq!(refused.count(), counts.refused);
    assert!(RefusedRows::from_stored(&refused.to_stored()).as_ref() == Some(&refused));
    for language in [Language::Swedish, Language::English] {
        let csv = refused.csv(language);
        if refused.count() > 0 && read.headers.iter().all(|heading| !heading.is_empty()) {
            let again = read_roster(&csv, today(), &MAPPING, &mut |_| ());
            assert!(
                again.is_ok_and(|again| again.rows.len() == refused.count()),
                "what was refused is not read again"
            );
        }
    }
    // What somebody stored who had the database is no reason to fail either.
    let _ = RefusedRows::from_stored(&text_of(data));
}

/// Only what was sealed here, for this list, is a position; it opens as what it was.
pub fn position(data: &[u8]) {
    static SEALER: LazyLock<Sealer> =
        LazyLock::new(|| Sealer::new(&SecretString::from(SECRET)).expect("a sealer"));
    let (how, rest) = split(data);
    if how & 1 == 0 {
        // Its key is not known to whoever made these bytes.
        assert!(SEALER.open("listYouths", &text_of(rest)).is_none());
        assert!(
            SEALER
                .open("listYouths", &BASE64URL_NOPAD.encode(rest))
                .is_none()
        );
        return;
    }
    let position = Position {
        key: text_of(rest),
        id: Uuid::from_u128(u128::from(how)),
        is_backwards: how & 2 == 2,
    };
    let sealed = SEALER.seal("listYouths", &position).expect("sealed");
    let opened = SEALER.open("listYouths", &sealed).expect("opened");
    assert_eq!(
        (&opened.key, opened.id, opened.is_backwards),
        (&position.key, position.id, position.is_backwards)
    );
    assert!(SEALER.open("listTasks", &sealed).is_none());
    let mut bytes = sealed.into_bytes();
    let place = usize::from(how) % bytes.len();
    let other = rest.first().copied().unwrap_or(b'A');
    if bytes[place] != other {
        bytes[place] = other;
        assert!(
            SEALER.open("listYouths", &text_of(&bytes)).is_none(),
            "changed, it opens"
        );
    }
}

/// Address, headers and body of a request: what is accepted is in its one form and within its bounds, and what is refused is
/// refused by a code that the catalogue knows.
pub fn request(data: &[u8]) {
    let (which, rest) = split(data);
    let route = &ROUTES[usize::from(which) % ROUTES.len()];
    let mut parts = rest.splitn(6, |byte| *byte == b'\n');
    let mut next = || parts.next().unwrap_or_default();
    let (query, version_sent, key, language, media) =
        (text_of(next()), next(), next(), next(), next());
    let body = actix_web::web::Bytes::copy_from_slice(next());
    let query: String = query
        .chars()
        .filter(|c| {
            c.is_ascii_graphic()
                && !matches!(
                    c,
                    '#' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'
                )
        })
        .collect();
    let Ok(uri) = format!("/kaa/v1{}?{query}", "/youths").parse::<actix_web::http::Uri>() else {
        return;
    };
    let mut made = actix_web::test::TestRequest::default().uri(&uri.to_string());
    for (name, value) in [
        ("if-match", version_sent),
        ("idempotency-key", key),
        ("accept-language", language),
        ("content-type", media),
    ] {
        if let Ok(value) = actix_web::http::header::HeaderValue::from_bytes(value)
            && !value.is_empty()
        {
            made = made.append_header((name, value));
        }
    }
    let request = Request::new(
        route,
        &made.to_http_request(),
        Identity::Anonymous,
        now(),
        "r".to_owned(),
        "http://x".to_owned(),
        None,
        Ok(body),
    );
    if let Ok(Some(version)) = request.version_if_told() {
        assert!(version >= 0);
        assert_eq!(
            text_of(version_sent).trim(),
            format!("\"{version}\""),
            "a version in another form"
        );
    }
    if let Ok(Some(key)) = request.idempotency_key() {
        assert!((1..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    static SEALER: LazyLock<Sealer> =
        LazyLock::new(|| Sealer::new(&SecretString::from(SECRET)).expect("a sealer"));
    if let Ok(page) = request.page(&SEALER) {
        assert!((1..=MOST).contains(&page.limit) && page.number >= 1 && page.position.is_none());
        assert!(page.offset() >= 0);
    }
    if let Ok(form) = request.parameters() {
        let _ = form.finish();
    }
    if let Ok(fields) = request.fields() {
        assert!(request.must_be_readable().is_ok());
        let _ = Form::of_body(fields).finish();
    }
    let _ = (
        request.bytes(),
        request.limit_asked(),
        request.page_asked(),
        request.address(),
    );
}

/// The address of a request behind a proxy is what the proxy has added last, whatever the client had written before it.
pub fn forwarded(data: &[u8]) {
    let text = text_of(data);
    let peer = "10.0.0.1".parse().ok();
    let of = |name: &'static str, line: &str| {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(line).ok()?;
        headers.append(HeaderName::from_static(name), value);
        client_address(&headers, peer)
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut headers = HeaderMap::new();
    for (place, line) in lines.iter().enumerate() {
        let name = if place % 2 == 0 {
            "forwarded"
        } else {
            "x-forwarded-for"
        };
        if let Ok(value) = HeaderValue::from_str(line) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    assert!(
        client_address(&headers, peer).is_some(),
        "the proxy itself is known"
    );
    let first = lines.first().copied().unwrap_or_default();
    for (name, added) in [
        ("x-forwarded-for", "192.0.2.7"),
        ("forwarded", "for=192.0.2.7;proto=https"),
    ] {
        if let Some(found) = of(name, &format!("{first}, {added}")) {
            assert_eq!(
                found.to_string(),
                "192.0.2.7",
                "what the client wrote counts"
            );
        }
    }
}

/// A merge patch that is laid on twice changes nothing the second time, and leaves nothing empty behind; a form that was read
/// to its end knows of every member, and repeats no value in what it finds wrong.
pub fn form(data: &[u8]) {
    let text = text_of(data);
    let (document, patch) = text.split_once('\n').unwrap_or(("{}", &text));
    let object = |text: &str| match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    };
    let (Some(mut document), Some(patch)) = (object(document), object(patch)) else {
        return;
    };
    merge_patch(&mut document, patch.clone());
    let once = document.clone();
    merge_patch(&mut document, patch.clone());
    assert_eq!(document, once, "a patch twice");
    for (name, value) in &patch {
        assert_eq!(
            value.is_null(),
            !once.contains_key(name),
            "a member that is null is removed, any other is there"
        );
    }
    let sent = patch.len();
    let mut form = Form::of_body(patch.clone());
    let names: Vec<String> = patch.keys().cloned().collect();
    let mut read = 0;
    for (place, name) in names.iter().enumerate() {
        match place % 10 {
            0 => drop(form.text(name, 40).inspect(|text| {
                assert!(
                    text.chars().count() <= 40
                        && !text.chars().any(char::is_control)
                        && text.trim() == text
                )
            })),
            1 => drop(form.long_text(name, 40)),
            2 => drop(form.date(name)),
            3 => drop(form.instant(name)),
            4 => drop(form.id::<Youth>(name)),
            5 => drop(
                form.integer(name, 0..=9)
                    .inspect(|number| assert!((0..=9).contains(number))),
            ),
            6 => drop(form.boolean(name)),
            7 => drop(form.words(name, 3, 9)),
            8 => drop(
                form.list(name, 3, |item| item.text("a", 9))
                    .inspect(|list| assert!(list.len() <= 3)),
            ),
            _ => drop(form.object(name, |inner| inner.secret("a", 9))),
        }
        read += 1;
    }
    assert_eq!(read, sent);
    form.look_away();
    let Err(error) = form.finish() else {
        return;
    };
    for language in [Language::Swedish, Language::English] {
        let told = kaa::http::problem::document(&error, language, "r").to_string();
        for value in patch
            .values()
            .filter_map(Value::as_str)
            // A name that was read is told, and may be the same word.
            .filter(|value| value.len() > 60 && names.iter().all(|name| !name.contains(*value)))
        {
            assert!(!told.contains(value), "a value is repeated");
        }
    }
}

/// A code counts at its own step, at most one off and never again; a recovery code however it is typed; what was sealed for
/// one person opens for that one.
pub fn totp(data: &[u8]) {
    static SEALER: LazyLock<FactorSealer> =
        LazyLock::new(|| FactorSealer::new(&SecretString::from(SECRET), None).expect("a sealer"));
    let (how, rest) = split(data);
    let (secret, code) = rest.split_at(rest.len().min(usize::from(how % 33)));
    let code = text_of(code);
    let seconds = i64::from(how) * 7;
    let at = now() + Duration::seconds(seconds);
    let current = totp::step_at(at);
    let last = current - 2 + i64::from(how % 4);
    if let Some(step) = totp::counting_step(secret, &code, at, last) {
        assert!((current - 1..=current + 1).contains(&step) && step > last);
        assert_eq!(totp::code_of(secret, step), code);
        assert!(totp::is_code(&code));
        assert!(totp::counting_step(secret, &code, at, step).is_none_or(|next| next > step));
    }
    let right = totp::code_of(secret, current);
    assert!(totp::is_code(&right));
    let counts = totp::counting_step(secret, &right, at, current - 2);
    assert!(counts.is_some());
    let (me, other) = (
        Id::<User>::of(Uuid::from_u128(1)),
        Id::<User>::of(Uuid::from_u128(2)),
    );
    let typed = format!(" {} ", code.to_uppercase());
    if code.is_ascii() {
        assert_eq!(
            totp::recovery_hash(me, &code),
            totp::recovery_hash(me, &typed)
        );
    }
    assert_ne!(
        totp::recovery_hash(me, &code),
        totp::recovery_hash(other, &code)
    );
    assert!(SEALER.open(me, &code).is_none());
    let sealed = SEALER.seal(me, secret).expect("sealed");
    assert_eq!(SEALER.open(me, &sealed).expect("opened").secret, secret);
    assert!(SEALER.open(other, &sealed).is_none());
}

/// Only what was issued here is a token, to the last bit, and only until it ends; a handle of a flow has one text.
pub fn access_token(data: &[u8]) {
    static TOKENS: LazyLock<Tokens> = LazyLock::new(|| {
        Tokens::new(&SecretString::from(SECRET), Duration::minutes(5)).expect("tokens")
    });
    let (how, rest) = split(data);
    let text = text_of(rest);
    // Its key is not known to whoever made these bytes.
    assert!(TOKENS.read(&text, now()).is_none());
    if let Some(flow) = Flow::of_text(&text) {
        assert_eq!(flow.text(), text);
        assert!(flow.is_state(&flow.state()) && !flow.is_state(&text));
    }
    let (user, session) = (
        Id::<User>::of(Uuid::from_u128(1)),
        Id::<Session>::of(Uuid::from_u128(2)),
    );
    let issued = TOKENS.issue(user, session, now()).expect("issued");
    assert_eq!(TOKENS.read(&issued, now()), Some((user, session)));
    assert!(TOKENS.read(&issued, now() + Duration::minutes(5)).is_none());
    let parts: Vec<&str> = issued.split('.').collect();
    let mut changed: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
    let place = usize::from(how) % 3;
    if how & 4 == 0 {
        changed[place] = BASE64URL_NOPAD.encode(rest);
    } else {
        let at = usize::from(how) % changed[place].len();
        changed[place].replace_range(at..=at, text.get(0..1).unwrap_or("A"));
    }
    let changed = changed.join(".");
    assert!(
        changed == issued || TOKENS.read(&changed, now()).is_none(),
        "changed, it is accepted"
    );
}

/// A token of the provider is believed only when it is signed with its key by an algorithm of ours and says what it must; a
/// claim gives no role that the operator has not mapped.
pub fn id_token(data: &[u8]) {
    struct Key(EncodingKey, Vec<jsonwebtoken::jwk::Jwk>);
    static KEY: LazyLock<Key> = LazyLock::new(|| {
        let pair = Ed25519KeyPair::generate().expect("a key");
        let document = pair.to_pkcs8v1().expect("a document");
        let x = BASE64URL_NOPAD.encode(pair.public_key().as_ref());
        let set = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "1", "use": "sig", "alg": "EdDSA", "x": x}]});
        Key(
            EncodingKey::from_ed_der(document.as_ref()),
            keys_of(set.as_object().expect("a set")),
        )
    });
    let (how, rest) = split(data);
    let text = text_of(rest);
    let expected = Expected {
        issuer: "https://a.example",
        client_id: "kaa",
        nonce: "n",
        began_at: 1_000,
        now: 1_100,
    };
    assert!(
        verify(&text, &KEY.1, &expected).is_err(),
        "signed by nobody"
    );
    let Ok(sent) = serde_json::from_slice::<Value>(rest) else {
        return;
    };
    let Some(mut claims) = sent.as_object().cloned() else {
        return;
    };
    assert!(
        keys_of(&claims).len()
            <= claims
                .get("keys")
                .and_then(Value::as_array)
                .map_or(0, Vec::len)
    );
    // Half of the time all is right but for what the bytes say.
    if how & 1 == 1 {
        for (name, value) in [
            ("iss", json!("https://a.example")),
            ("aud", json!("kaa")),
            ("nonce", json!("n")),
            ("exp", json!(2_000)),
            ("iat", json!(1_050)),
            ("sub", json!("s")),
        ] {
            claims.entry(name).or_insert(value);
        }
    }
    let header = Header {
        kid: Some("1".to_owned()),
        ..Header::new(Algorithm::EdDSA)
    };
    let Ok(signed) = jsonwebtoken::encode(&header, &claims, &KEY.0) else {
        return;
    };
    // Any other head over the same signature.
    let other = format!(
        "{}.{}",
        BASE64URL_NOPAD.encode(rest),
        signed.split_once('.').map_or("", |(_, tail)| tail)
    );
    assert!(verify(&other, &KEY.1, &expected).is_err());
    let Ok(believed) = verify(&signed, &KEY.1, &expected) else {
        return;
    };
    assert_eq!(believed.get("iss"), Some(&json!("https://a.example")));
    assert_eq!(believed.get("nonce"), Some(&json!("n")));
    assert!(believed.get("aud").is_some_and(|aud| {
        aud == "kaa"
            || aud
                .as_array()
                .is_some_and(|all| all.contains(&json!("kaa")))
    }));
    assert!(
        believed
            .get("exp")
            .and_then(Value::as_f64)
            .is_some_and(|end| end as i64 + LEEWAY > 1_100)
    );
    let unit = Id::of(Uuid::from_u128(7));
    let rules = ClaimRules {
        username: "login".to_owned(),
        roles: Some(RoleRules {
            claim: "groups".to_owned(),
            mapping: vec![RoleMapping {
                value: "kaa-syv".to_owned(),
                role: Role::Syv,
                unit_id: Some(unit),
            }],
        }),
        factor_methods: vec!["mfa".to_owned()],
        factor_classes: Vec::new(),
    };
    let Some(proven) = rules.proven("https://a.example", &believed) else {
        return;
    };
    let said = believed
        .get("groups")
        .map(Value::to_string)
        .unwrap_or_default();
    assert!(matches!(proven.role, Mapped::Nothing) || said.contains("\"kaa-syv\""));
    assert!(
        !proven.has_factor
            || believed
                .get("amr")
                .is_some_and(|amr| amr.to_string().contains("\"mfa\""))
    );
    assert!((1..=255).contains(&proven.subject.len()));
}

/// Keys that are accepted are written and read back as they were, and do not show themselves; a text that no vault has
/// enciphered does not open.
pub fn key_file(data: &[u8]) {
    let text = text_of(data);
    if let Ok(keys) = KeyFile::parse(&text) {
        let written = keys.text().expect("a text");
        assert!(KeyFile::parse(&written).is_ok_and(|again| again == keys));
        for set in KeySet::ALL {
            assert!(
                keys.versions(set).count() > 0
                    && keys.versions(set).all(|(_, key)| key.len() == 32)
            );
        }
        assert_eq!(format!("{keys:?}"), "KeyFile([hidden])");
    }
    assert!(
        vault()
            .decipher(&Place::of("youths", "email", Uuid::from_u128(1)), &text)
            .is_err()
    );
}

fn vault() -> &'static Vault {
    static VAULT: LazyLock<Vault> = LazyLock::new(|| {
        let keys = Arc::new(RwLock::new(KeyFile::fresh().expect("keys")));
        Vault::open(KeySource::Memory(keys)).expect("a vault")
    });
    &VAULT
}

/// Only what this vault has enciphered opens, as what it was; changed in any place it does not.
pub fn enciphered_file(data: &[u8]) {
    let _ = file::header(data);
    assert!(file::decipher(vault(), data, std::io::sink()).is_err());
    let (how, rest) = split(data);
    let told = FileHeader::new("test", "2026-11-26T08:00:00Z".to_owned(), "1".to_owned())
        .expect("a header");
    let mut made = Vec::new();
    file::encipher(vault(), &told, rest, &mut made).expect("enciphered");
    let mut back = Vec::new();
    let (header, _) = file::decipher(vault(), made.as_slice(), &mut back).expect("deciphered");
    assert!(back == rest && header.content == "test");
    let place = (usize::from(how) * 7 + rest.len()) % made.len();
    let other = rest.first().copied().unwrap_or(b'{');
    if made[place] != other {
        made[place] = other;
        assert!(
            file::decipher(vault(), made.as_slice(), std::io::sink()).is_err(),
            "changed, it opens"
        );
    }
}

/// An anchor is one that the key has signed; changed in any place it is not.
pub fn anchor(data: &[u8]) {
    static KEY: LazyLock<AnchorKey> = LazyLock::new(|| AnchorKey::generate().expect("a key"));
    let text = text_of(data);
    let _ = AnchorKey::of_text(&text);
    let Ok(anchor) = Anchor::of_text(&text) else {
        return;
    };
    assert!(Anchor::of_text(&anchor.to_text().expect("a text")).is_ok_and(|again| again == anchor));
    assert!(
        anchor.check(&KEY.public()).is_err(),
        "signed by another key"
    );
    let signed = KEY.sign(anchor.statement.clone());
    assert!(signed.check(&KEY.public()).is_ok());
    let mut changed = signed;
    changed.statement.schema.push('0');
    assert!(changed.check(&KEY.public()).is_err());
    let mut moved = KEY.sign(anchor.statement);
    if let Some(head) = moved.statement.heads.first_mut() {
        head.position = head.position.wrapping_add(1);
        assert!(moved.check(&KEY.public()).is_err());
    }
}
