//! Second factors: enrolling, signing in with one, losing it, who must have one, and what an attacker gets for trying.

use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, Expired, Loggranskare, Nobody, Socionom, Syv,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::{on_both, with_app};
use chrono::Duration;
use data_encoding::BASE32_NOPAD;
use diesel::prelude::*;
use kaa::auth::totp::{FactorSealer, code_of, step_at};
use kaa::db::schema::{idempotency_keys, recovery_codes, second_factors};
use secrecy::SecretString;
use serde_json::{Value, json};

const PASSWORD: &str = "tre röda cyklar";

fn enrol(app: &TestApp, persona: Persona, password: &str) -> Answer {
    let body = json!({"currentPassword": password});
    app.send(persona, "PUT", "/me/second-factor", &[], Some(body))
}

fn confirm(app: &TestApp, persona: Persona, code: &str) -> Answer {
    let path = "/me/second-factor/confirmation";
    app.send(persona, "PUT", path, &[], Some(json!({"code": code})))
}

fn secret_of(enrolment: &Answer) -> Vec<u8> {
    let text = enrolment.body["secret"].as_str().unwrap();
    BASE32_NOPAD.decode(text.as_bytes()).unwrap()
}

/// The code that the app shows, so many steps off.
fn code(app: &TestApp, secret: &[u8], off: i64) -> String {
    code_of(secret, step_at(app.clock.now()) + off)
}

/// A persona with a password and a second factor: its secret and recovery codes.
fn with_factor(app: &TestApp, persona: Persona) -> (Vec<u8>, Vec<String>) {
    app.db_give_password(persona, PASSWORD);
    let secret = secret_of(&enrol(app, persona, PASSWORD).expect(200));
    // The code before the current one, so that the current one is still to be used.
    let confirmed = confirm(app, persona, &code(app, &secret, -1)).expect(200);
    let codes = serde_json::from_value(confirmed.body["recoveryCodes"].clone()).unwrap();
    (secret, codes)
}

fn sign_in(app: &TestApp, code: Option<&str>) -> Answer {
    let mut body = json!({"username": "syv", "password": PASSWORD});
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    app.post(Nobody, "/sessions", body)
}

with_app!(a_factor_is_enrolled_confirmed_and_asked_for, |app| {
    app.db_give_password(Syv, PASSWORD);
    let other = sign_in(&app, None).expect(200).body;
    let before = app.get(Syv, "/me").expect(200).body;
    assert_eq!(before["secondFactorSince"], Value::Null);
    assert_eq!(before["mustEnrolSecondFactor"], false);
    let enrolment = enrol(&app, Syv, PASSWORD).expect(200);
    let secret = secret_of(&enrolment);
    assert_eq!(secret.len(), 20);
    let address = enrolment.body["address"].as_str().unwrap();
    assert!(address.starts_with("otpauth://totp/kaa:syv?secret="));
    // Until it is confirmed nothing is asked for.
    sign_in(&app, None).expect(200);
    let confirmed = confirm(&app, Syv, &code(&app, &secret, 0)).expect(200);
    let codes = confirmed.body["recoveryCodes"].as_array().unwrap();
    assert_eq!(codes.len(), 10);
    // The session in use goes on, the others are over.
    let me = app.get(Syv, "/me").expect(200).body;
    assert_eq!(me["secondFactorSince"], "2026-11-24T08:00:00.000000Z");
    assert_eq!(me["recoveryCodesLeft"], 10);
    let refreshed = json!({"refreshToken": other["refreshToken"]});
    app.post(Nobody, "/sessions/refresh", refreshed)
        .problem(401, "unauthenticated");
    sign_in(&app, None).problem(401, "second-factor-required");
    let event = app.db_last_event("signIn");
    assert_eq!(event.outcome, "refused");
    assert_eq!(event.actor, Some(app.world.user(Syv)));
    sign_in(&app, Some(&code(&app, &secret, 1))).expect(200);
    for operation in ["enrolSecondFactor", "confirmSecondFactor"] {
        let event = app.db_last_event(operation);
        assert_eq!(event.outcome, "allowed");
        assert!(event.subjects[0].2.contains("secondFactor"));
    }
});

with_app!(
    a_wrong_password_with_a_right_code_says_nothing_of_the_code,
    |app| {
        let (secret, codes) = with_factor(&app, Syv);
        let right = code(&app, &secret, 0);
        let wrong = |code: Option<&str>| {
            let mut body = json!({"username": "syv", "password": "fel fel fel fel"});
            if let Some(code) = code {
                body["code"] = json!(code);
            }
            app.post(Nobody, "/sessions", body)
        };
        let plain = wrong(None).expect(401);
        assert_eq!(plain.body["code"], "wrong-credentials");
        for code in [&right, &codes[0]] {
            assert_eq!(
                wrong(Some(code)).without_instance(),
                plain.without_instance()
            );
        }
        // Neither was used up by it.
        sign_in(&app, Some(&right)).expect(200);
        sign_in(&app, Some(&codes[0])).expect(200);
    }
);

with_app!(
    a_code_counts_once_and_an_older_one_not_after_it,
    |mut_app| {
        let mut app = mut_app;
        let (secret, _) = with_factor(&app, Syv);
        let current = code(&app, &secret, 0);
        // The code of the confirmation is used.
        sign_in(&app, Some(&code(&app, &secret, -1))).problem(401, "wrong-second-factor");
        sign_in(
            &app,
            Some(&format!(" {} {} ", &current[..3], &current[3..])),
        )
        .expect(200);
        sign_in(&app, Some(&current)).problem(401, "wrong-second-factor");
        app.pass(Duration::seconds(30));
        sign_in(&app, Some(&current)).problem(401, "wrong-second-factor");
        sign_in(&app, Some(&code(&app, &secret, 1))).expect(200);
        // The current one is older than the one that counted.
        sign_in(&app, Some(&code(&app, &secret, 0))).problem(401, "wrong-second-factor");
        app.pass(Duration::minutes(5));
        for far in [-2, 2, 100] {
            sign_in(&app, Some(&code(&app, &secret, far))).problem(401, "wrong-second-factor");
        }
        app.pass(Duration::minutes(20));
        sign_in(&app, Some(&code(&app, &secret, -1))).expect(200);
    }
);

with_app!(
    wrong_codes_grow_the_wait_although_the_password_is_right,
    |mut_app| {
        let mut app = mut_app;
        let (secret, codes) = with_factor(&app, Syv);
        for _ in 0..4 {
            sign_in(&app, Some("000000")).problem(401, "wrong-second-factor");
            // To send the password alone forgets no failure.
            let status = sign_in(&app, None).status;
            assert!(status == 401 || status == 429);
        }
        let held = sign_in(&app, Some(&code(&app, &secret, 0)));
        assert!(held.header("retry-after").is_some());
        held.problem(429, "too-many-attempts");
        sign_in(&app, Some(&codes[0])).problem(429, "too-many-attempts");
        app.pass(Duration::seconds(5));
        sign_in(&app, Some(&code(&app, &secret, 0))).expect(200);
    }
);

with_app!(a_recovery_code_opens_one_sign_in_of_its_owner, |app| {
    let (_, codes) = with_factor(&app, Syv);
    let (_, others) = with_factor(&app, Socionom);
    sign_in(&app, Some(&others[0])).problem(401, "wrong-second-factor");
    sign_in(&app, Some(&codes[3].to_uppercase().replace('-', " "))).expect(200);
    let used = app.db_last_event("signIn");
    assert_eq!(used.subjects[0].2, "recoveryCode");
    sign_in(&app, Some(&codes[3])).problem(401, "wrong-second-factor");
    assert_eq!(app.get(Syv, "/me").expect(200).body["recoveryCodesLeft"], 9);
    for code in codes.iter().filter(|code| **code != codes[3]) {
        sign_in(&app, Some(code)).expect(200);
    }
    assert_eq!(app.get(Syv, "/me").expect(200).body["recoveryCodesLeft"], 0);
});

with_app!(nothing_of_it_is_stored_in_the_clear, |app| {
    let key = [("Idempotency-Key", "en-nyckel")];
    app.db_give_password(Syv, PASSWORD);
    let body = json!({"currentPassword": PASSWORD});
    let enrolment = app
        .send(Syv, "PUT", "/me/second-factor", &key, Some(body))
        .expect(200);
    let secret = secret_of(&enrolment);
    let body = json!({"code": code(&app, &secret, 0)});
    let path = "/me/second-factor/confirmation";
    let confirmed = app.send(Syv, "PUT", path, &key, Some(body)).expect(200);
    let sealed: String = second_factors::table
        .select(second_factors::sealed_secret)
        .first(&mut app.db())
        .unwrap();
    let hashes: Vec<String> = recovery_codes::table
        .select(recovery_codes::code_hash)
        .load(&mut app.db())
        .unwrap();
    let answers: i64 = idempotency_keys::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!((hashes.len(), answers), (10, 0));
    let kept = format!("{sealed} {hashes:?} {:?}", app.db_events());
    for code in confirmed.body["recoveryCodes"].as_array().unwrap() {
        assert!(!kept.contains(code.as_str().unwrap()));
    }
    for text in [
        BASE32_NOPAD.encode(&secret),
        data_encoding::HEXLOWER.encode(&secret),
        data_encoding::BASE64URL_NOPAD.encode(&secret),
    ] {
        assert!(!kept.contains(&text));
    }
    // Somebody else's sealed secret in one's own row opens nothing.
    app.db_give_password(Socionom, PASSWORD);
    enrol(&app, Socionom, PASSWORD).expect(200);
    diesel::update(second_factors::table.find(app.world.user(Socionom)))
        .set(second_factors::sealed_secret.eq(sealed))
        .execute(&mut app.db())
        .unwrap();
    confirm(&app, Socionom, &code(&app, &secret, 0)).problem(500, "internal");
});

with_app!(enrolling_needs_the_password_and_happens_once, |mut_app| {
    let mut app = mut_app;
    app.db_give_password(Syv, PASSWORD);
    let current = vec![("/currentPassword".to_owned(), "wrong-password".to_owned())];
    for _ in 0..4 {
        assert_eq!(
            enrol(&app, Syv, "fel fel fel fel").problem(422, "validation-failed"),
            current
        );
    }
    enrol(&app, Syv, PASSWORD).problem(429, "too-many-attempts");
    app.pass(Duration::minutes(2));
    // Nothing waits to be confirmed.
    confirm(&app, Syv, "000000").problem(409, "conflict");
    let first = secret_of(&enrol(&app, Syv, PASSWORD).expect(200));
    let second = secret_of(&enrol(&app, Syv, PASSWORD).expect(200));
    let wrong = vec![("/code".to_owned(), "wrong-code".to_owned())];
    assert_eq!(
        confirm(&app, Syv, &code(&app, &first, 0)).problem(422, "validation-failed"),
        wrong
    );
    for _ in 0..3 {
        confirm(&app, Syv, "000000").problem(422, "validation-failed");
    }
    confirm(&app, Syv, &code(&app, &second, 0)).problem(429, "too-many-attempts");
    assert_eq!(app.db_last_event("confirmSecondFactor").outcome, "refused");
    app.pass(Duration::minutes(2));
    confirm(&app, Syv, &code(&app, &second, 0)).expect(200);
    enrol(&app, Syv, PASSWORD).problem(409, "already-exists");
    confirm(&app, Syv, &code(&app, &second, 1)).problem(409, "conflict");
    for nobody in [Nobody, Expired] {
        enrol(&app, nobody, PASSWORD).problem(401, "unauthenticated");
        confirm(&app, nobody, "000000").problem(401, "unauthenticated");
    }
    let missing = app.send(
        Socionom,
        "PUT",
        "/me/second-factor",
        &[],
        Some(json!({"x": 1})),
    );
    assert_eq!(missing.problem(422, "validation-failed").len(), 2);
});

with_app!(
    whose_role_requires_one_can_only_enrol_until_they_have_one,
    |mut_app| {
        let mut app = mut_app;
        with_factor(&app, Socionom);
        let roles = json!({"secondFactorRoles": ["syv", "socionom"]});
        let changed = app.patch(Administrator, "/settings", 1, roles).expect(200);
        assert_eq!(
            changed.body["secondFactorRoles"],
            json!(["syv", "socionom"])
        );
        // At once, for those who are signed in already; others are let be.
        app.get(Syv, "/youths")
            .problem(403, "second-factor-missing");
        assert_eq!(app.db_last_event("listYouths").outcome, "refused");
        app.post(Syv, "/youths", json!({}))
            .problem(403, "second-factor-missing");
        for path in [
            "/tasks",
            "/me/access",
            "/me/sessions",
            "/settings",
            "/me/colleagues",
        ] {
            app.get(Syv, path).problem(403, "second-factor-missing");
        }
        let password = json!({"currentPassword": PASSWORD, "newPassword": "fyra gröna cyklar"});
        app.post(Syv, "/me/password", password)
            .problem(403, "second-factor-missing");
        app.get(Socionom, "/youths").expect(200);
        app.get(Enhetschef, "/youths").expect(200);
        // What their role may not do at all stays forbidden for that reason.
        app.get(Syv, "/users").problem(403, "forbidden");
        let me = app.get(Syv, "/me").expect(200).body;
        assert_eq!(me["mustEnrolSecondFactor"], true);
        // A new sign-in changes nothing, and can be left.
        app.db_give_password(Syv, PASSWORD);
        let session = sign_in(&app, None).expect(200).body;
        let bearer = format!("Bearer {}", session["accessToken"].as_str().unwrap());
        let by_new = |method: &str, path: &str| {
            app.send(Nobody, method, path, &[("Authorization", &bearer)], None)
        };
        by_new("GET", "/youths").problem(403, "second-factor-missing");
        by_new("DELETE", "/sessions/current").expect(204);
        // One that was never confirmed is none.
        let own = secret_of(&enrol(&app, Syv, PASSWORD).expect(200));
        app.get(Syv, "/youths")
            .problem(403, "second-factor-missing");
        confirm(&app, Syv, &code(&app, &own, 0)).expect(200);
        app.get(Syv, "/youths").expect(200);
        assert_eq!(
            app.get(Syv, "/me").expect(200).body["mustEnrolSecondFactor"],
            false
        );
        // Taken away, it has to be enrolled anew.
        app.pass(Duration::minutes(1));
        let path = format!("/users/{}/second-factor", app.world.user(Syv));
        app.send(Administrator, "DELETE", &path, &[], None)
            .expect(204);
        let session = sign_in(&app, None).expect(200).body;
        let bearer = format!("Bearer {}", session["accessToken"].as_str().unwrap());
        app.send(
            Nobody,
            "GET",
            "/youths",
            &[("Authorization", &bearer)],
            None,
        )
        .problem(403, "second-factor-missing");
        let unknown = json!({"secondFactorRoles": ["chef"]});
        app.patch(Administrator, "/settings", 2, unknown)
            .problem(422, "validation-failed");
    }
);

with_app!(the_administrator_takes_a_lost_factor_away, |app| {
    with_factor(&app, Syv);
    let path = format!("/users/{}/second-factor", app.world.user(Syv));
    for persona in [Syv, Socionom, Ambassador, Enhetschef, Loggranskare] {
        app.send(persona, "DELETE", &path, &[], None)
            .problem(403, "forbidden");
    }
    sign_in(&app, None).problem(401, "second-factor-required");
    app.send(Administrator, "DELETE", &path, &[], None)
        .expect(204);
    let event = app.db_last_event("resetSecondFactor");
    assert_eq!(event.actor, Some(app.world.user(Administrator)));
    assert_eq!(
        (event.subjects[0].1.as_str(), event.subjects[0].2.as_str()),
        ("users", "secondFactor")
    );
    app.get(Syv, "/me").problem(401, "unauthenticated");
    // The codes have gone with it, and are no key to anything.
    let left: i64 = recovery_codes::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(left, 0);
    sign_in(&app, None).expect(200);
    app.send(Administrator, "DELETE", &path, &[], None)
        .problem(404, "not-found");
    // One's own is not taken away by whoever finds the screen unlocked.
    with_factor(&app, Administrator);
    let own = format!("/users/{}/second-factor", app.world.user(Administrator));
    app.send(Administrator, "DELETE", &own, &[], None)
        .problem(409, "conflict");
});

with_app!(a_password_reset_does_not_get_past_the_factor, |app| {
    let (secret, _) = with_factor(&app, Syv);
    let path = format!("/users/{}/password-reset", app.world.user(Syv));
    let link = app
        .send(Administrator, "PUT", &path, &[], None)
        .expect(200)
        .body;
    let body = json!({"token": link["token"], "newPassword": "fyra gröna cyklar"});
    app.post(Nobody, "/password-resets", body).expect(204);
    let sign_in = |code: Option<&str>| {
        let mut body = json!({"username": "syv", "password": "fyra gröna cyklar"});
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        app.post(Nobody, "/sessions", body)
    };
    sign_in(None).problem(401, "second-factor-required");
    sign_in(Some(&code(&app, &secret, 0))).expect(200);
});

fn renew(app: &TestApp, persona: Persona, password: &str, code: &str) -> Answer {
    let path = "/me/second-factor/recovery-codes";
    let body = json!({"currentPassword": password, "code": code});
    // A key under which the answer would be kept, were it kept.
    app.send(
        persona,
        "PUT",
        path,
        &[("Idempotency-Key", "nya-koder")],
        Some(body),
    )
}

with_app!(recovery_codes_are_renewed_and_the_old_ones_end, |app| {
    let (secret, old) = with_factor(&app, Syv);
    let (_, of_socionom) = with_factor(&app, Socionom);
    sign_in(&app, Some(&old[0])).expect(200);
    let told = renew(&app, Syv, PASSWORD, &code(&app, &secret, 0)).expect(200);
    let new: Vec<String> = serde_json::from_value(told.body["recoveryCodes"].clone()).unwrap();
    assert_eq!(new.len(), 10);
    let me = app.get(Syv, "/me").expect(200).body;
    assert_eq!(me["recoveryCodesLeft"], 10);
    let event = app.db_last_event("renewRecoveryCodes");
    assert_eq!(event.actor, Some(app.world.user(Syv)));
    assert_eq!(event.outcome, "allowed");
    assert_eq!(event.subjects[0].2, "recoveryCodes");
    for code in &old {
        assert_ne!(sign_in(&app, Some(code)).status, 200);
    }
    // Told once: neither stored nor told again.
    let hashes: Vec<String> = recovery_codes::table
        .select(recovery_codes::code_hash)
        .load(&mut app.db())
        .unwrap();
    let answers: i64 = idempotency_keys::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!((hashes.len(), answers), (20, 0));
    let kept = format!("{hashes:?} {:?}", app.db_events());
    assert!(new.iter().all(|code| !kept.contains(code)));
    renew(&app, Syv, PASSWORD, &code(&app, &secret, 0)).problem(422, "validation-failed");
    app.clock.set(app.clock.now() + Duration::minutes(20));
    sign_in(&app, Some(&new[0])).expect(200);
    // Others keep theirs.
    let left: i64 = recovery_codes::table
        .filter(recovery_codes::user_id.eq(app.world.user(Socionom)))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(left, i64::try_from(of_socionom.len()).unwrap());
});

with_app!(
    renewing_recovery_codes_needs_the_password_and_the_app,
    |mut_app| {
        let mut app = mut_app;
        let (secret, codes) = with_factor(&app, Syv);
        let now = code(&app, &secret, 0);
        let wrong_password = vec![("/currentPassword".to_owned(), "wrong-password".to_owned())];
        let wrong_code = vec![("/code".to_owned(), "wrong-code".to_owned())];
        let refused = renew(&app, Syv, "fel fel fel fel", &now);
        assert_eq!(refused.problem(422, "validation-failed"), wrong_password);
        // A recovery code that was found does not take the others away, nor is it used up.
        for code in ["000000", &codes[0], &code(&app, &secret, -1)] {
            let refused = renew(&app, Syv, PASSWORD, code);
            assert_eq!(refused.problem(422, "validation-failed"), wrong_code);
            assert_eq!(app.db_last_event("renewRecoveryCodes").outcome, "refused");
        }
        // Four failures: now it waits, although all is right.
        let held = renew(&app, Syv, PASSWORD, &now);
        held.problem(429, "too-many-attempts");
        assert_eq!(
            app.get(Syv, "/me").expect(200).body["recoveryCodesLeft"],
            10
        );
        app.pass(Duration::seconds(5));
        renew(&app, Syv, PASSWORD, &now).expect(200);
        // Without a factor there is nothing to renew.
        app.db_give_password(Socionom, PASSWORD);
        renew(&app, Socionom, PASSWORD, "000000").problem(409, "conflict");
        enrol(&app, Socionom, PASSWORD).expect(200);
        renew(&app, Socionom, PASSWORD, "000000").problem(409, "conflict");
        for nobody in [Nobody, Expired] {
            renew(&app, nobody, PASSWORD, &now).problem(401, "unauthenticated");
        }
        let path = "/me/second-factor/recovery-codes";
        let missing = app.send(Syv, "PUT", path, &[], Some(json!({"x": 1})));
        assert_eq!(missing.problem(422, "validation-failed").len(), 3);
    }
);

/// The secret that the service had before it was changed.
const BEFORE: &str = "en helt annan hemlighet 0123456789 abc";

fn db_sealed(app: &TestApp) -> String {
    second_factors::table
        .find(app.world.user(Syv))
        .select(second_factors::sealed_secret)
        .first(&mut app.db())
        .unwrap()
}

/// As if the service had been given another secret since the factor was enrolled.
fn db_seal_as_before(app: &TestApp, secret: &[u8]) {
    let sealer = FactorSealer::new(&SecretString::from(BEFORE), None).unwrap();
    let sealed = sealer.seal(app.world.user(Syv), secret).unwrap();
    diesel::update(second_factors::table.find(app.world.user(Syv)))
        .set(second_factors::sealed_secret.eq(sealed))
        .execute(&mut app.db())
        .unwrap();
}

on_both!(
    after_a_change_of_the_secret_a_factor_works_and_is_sealed_anew,
    |database| {
        let app = TestApp::with(database, |config| {
            config.previous_secret = Some(SecretString::from(BEFORE));
        });
        let (secret, _) = with_factor(&app, Syv);
        db_seal_as_before(&app, &secret);
        let before = db_sealed(&app);
        sign_in(&app, Some("000000")).problem(401, "wrong-second-factor");
        assert_eq!(db_sealed(&app), before);
        sign_in(&app, Some(&code(&app, &secret, 0))).expect(200);
        let after = db_sealed(&app);
        assert_ne!(after, before);
        // It opens by the present secret alone, and is left as it is.
        let old = FactorSealer::new(&SecretString::from(BEFORE), None).unwrap();
        assert!(old.open(app.world.user(Syv), &after).is_none());
        sign_in(&app, Some(&code(&app, &secret, 1))).expect(200);
        assert_eq!(db_sealed(&app), after);
    }
);

on_both!(
    without_the_secret_before_only_a_recovery_code_opens,
    |database| {
        let app = TestApp::new(database);
        let (secret, codes) = with_factor(&app, Syv);
        db_seal_as_before(&app, &secret);
        sign_in(&app, Some(&code(&app, &secret, 0))).problem(500, "internal");
        sign_in(&app, Some(&codes[0])).expect(200);
    }
);
