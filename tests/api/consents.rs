//! Consents and the register of disclosures over HTTP: what may be told to whom, that a withdrawal stops it, and that those
//! of the protected compartment leave no trace for anyone who may not know of them.

use crate::on_both;
use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::schema::{
    consents, disclosures, idempotency_keys, protected_answers, protected_consents,
    protected_disclosures, protected_versions, record_versions, youths,
};
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

const MISSING: &str = "/consents/00000000-0000-7000-8000-000000000000";

fn of(youth: Id<Youth>) -> String {
    format!("/youths/{youth}/consents")
}

fn told(youth: Id<Youth>) -> String {
    format!("/youths/{youth}/disclosures")
}

fn at(answer: &Answer) -> String {
    format!("/consents/{}", answer.id())
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn given(kind: &str) -> Value {
    json!({
        "recipientKind": kind, "purpose": "Söka jobb tillsammans", "categories": ["occupation", "contact_details"],
        "givenBy": "youth", "form": "written",
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn record(app: &TestApp, persona: Persona, kind: &str) -> Answer {
    app.post(persona, &of(app.world.alva), given(kind))
}

fn refer(app: &TestApp, persona: Persona, target: &str) -> String {
    let path = format!("/youths/{}/referrals", app.world.alva);
    let made = app
        .post(
            persona,
            &path,
            json!({"target": target, "recipient": "Någon"}),
        )
        .expect(201);
    format!("/referrals/{}", made.id())
}

fn say_yes(app: &TestApp, persona: Persona, referral: &str) -> Answer {
    app.patch(
        persona,
        referral,
        1,
        json!({"status": "consented", "consentForm": "written", "consentedOn": "2026-11-24"}),
    )
}

fn counts(app: &TestApp) -> (i64, i64, i64, i64) {
    let mut conn = app.db();
    (
        consents::table.count().get_result(&mut conn).unwrap(),
        protected_consents::table
            .count()
            .get_result(&mut conn)
            .unwrap(),
        disclosures::table.count().get_result(&mut conn).unwrap(),
        protected_disclosures::table
            .count()
            .get_result(&mut conn)
            .unwrap(),
    )
}

with_app!(a_consent_is_recorded_read_and_withdrawn, |mut_app| {
    let mut app = mut_app;
    let made = record(&app, Syv, "employment_service").expect(201);
    let path = at(&made);
    assert!(made.header("location").unwrap().ends_with(&path));
    assert_eq!(made.body["validFromOn"], "2026-11-24");
    assert_eq!(made.body["validToOn"], "2027-11-24");
    assert_eq!(
        made.body["categories"],
        json!(["contact_details", "occupation"])
    );
    assert_eq!(made.body["withdrawnOn"], Value::Null);
    assert_eq!(made.body["createdBy"], json!(app.world.user(Syv)));
    let event = app.db_last_event("recordConsent");
    assert_eq!(event.subjects[0].0, Some(app.world.alva));
    assert_eq!(event.subjects[0].1, "consents");
    let listed = app.get(Ungdomskonsulent, &of(app.world.alva)).expect(200);
    assert_eq!(listed.column("consents", "id"), [json!(made.id())]);
    app.pass(Duration::days(1));
    // Of whatever form, by whoever the youth turned to, and without a version.
    let withdrawn = app
        .post(Enhetschef, &format!("{path}/withdrawal"), json!({}))
        .expect(200);
    assert_eq!(withdrawn.body["withdrawnOn"], "2026-11-25");
    assert_eq!(withdrawn.body["withdrawalForm"], Value::Null);
    assert_eq!(withdrawn.version(), 2);
    app.pass(Duration::days(1));
    let again = app
        .post(
            Syv,
            &format!("{path}/withdrawal"),
            json!({"withdrawalForm": "oral"}),
        )
        .expect(200);
    assert_eq!(again.body["withdrawnOn"], "2026-11-25");
    // An earlier day than was known counts.
    let earlier = app
        .post(
            Syv,
            &format!("{path}/withdrawal"),
            json!({"withdrawnOn": "2026-11-24", "withdrawalForm": "other"}),
        )
        .expect(200);
    assert_eq!(earlier.body["withdrawnOn"], "2026-11-24");
    // That the recipient was told is news, also with a withdrawal that is none.
    let told = json!({"recipientInformedOn": "2026-11-25"});
    let informed = app
        .post(Syv, &format!("{path}/withdrawal"), told)
        .expect(200);
    assert_eq!(informed.body["withdrawnOn"], "2026-11-24");
    assert_eq!(informed.body["withdrawalForm"], "other");
    assert_eq!(informed.body["recipientInformedOn"], "2026-11-25");
    let kept: i64 = record_versions::table
        .filter(record_versions::resource.eq("consents"))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(kept, 4);
});

with_app!(what_is_wrong_with_a_consent_is_told_by_pointer, |app| {
    let wrong = |body: Value| {
        app.post(Syv, &of(app.world.alva), body)
            .problem(422, "validation-failed")
    };
    assert_eq!(
        wrong(json!({})),
        [
            pair("/recipientKind", "required"),
            pair("/purpose", "required"),
            pair("/categories", "required"),
            pair("/givenBy", "required"),
            pair("/form", "required"),
        ]
    );
    let base = || given("employment_service");
    for (name, value, code) in [
        ("givenBy", json!("guardian"), "giver-age"),
        ("validFromOn", json!("2026-11-25"), "in-future"),
        ("validToOn", json!("2026-11-23"), "wrong-date-order"),
        ("validToOn", json!("2035-01-01"), "too-late"),
        ("categories", json!([]), "required"),
        ("categories", json!("notes"), "not-list"),
        ("form", json!("nod"), "not-in-list"),
    ] {
        assert_eq!(
            wrong(with(base(), name, value)),
            [pair(&format!("/{name}"), code)]
        );
    }
    assert_eq!(
        wrong(with(base(), "categories", json!(["notes", "gossip"]))),
        [pair("/categories", "not-in-list")]
    );
    assert_eq!(wrong(given("other")), [pair("/recipientName", "required")]);
    // Before 16 a guardian consents, and nobody else.
    diesel::update(youths::table.find(app.world.alva))
        .set(youths::birth_date.eq("2011-01-05".parse::<chrono::NaiveDate>().unwrap()))
        .execute(&mut app.db())
        .unwrap();
    assert_eq!(wrong(base()), [pair("/givenBy", "giver-age")]);
    let made = app
        .post(
            Syv,
            &of(app.world.alva),
            with(base(), "givenBy", json!("guardian")),
        )
        .expect(201);
    let path = at(&made);
    let withdraw = |body: Value| {
        app.post(Syv, &format!("{path}/withdrawal"), body)
            .problem(422, "validation-failed")
    };
    assert_eq!(
        withdraw(json!({"withdrawnOn": "2026-11-25"})),
        [pair("/withdrawnOn", "in-future")]
    );
    assert_eq!(
        withdraw(json!({"withdrawnOn": "2026-11-23"})),
        [pair("/withdrawnOn", "wrong-date-order")]
    );
    let early = app.post(Syv, &format!("{path}/recipient-information"), json!({}));
    assert!(early.problem(409, "consent-in-force").is_empty());
    app.post(Syv, &format!("{path}/withdrawal"), json!({}))
        .expect(200);
    let informed = app
        .post(Syv, &format!("{path}/recipient-information"), json!({}))
        .expect(200);
    assert_eq!(informed.body["recipientInformedOn"], "2026-11-24");
});

with_app!(
    the_yes_to_a_referral_is_a_consent_and_sending_a_disclosure,
    |mut_app| {
        let mut app = mut_app;
        let referral = refer(&app, Syv, "employment_service");
        let yes = say_yes(&app, Syv, &referral).expect(200);
        assert_eq!(yes.body["basis"], "consent");
        let consent = format!("/consents/{}", yes.body["consentId"].as_str().unwrap());
        let recorded = app.get(Syv, &consent).expect(200);
        assert_eq!(recorded.body["recipientKind"], "employment_service");
        assert_eq!(recorded.body["recipientName"], "Någon");
        assert_eq!(recorded.body["givenBy"], "youth");
        assert_eq!(recorded.body["validToOn"], "2027-11-24");
        assert_eq!(
            recorded.body["categories"],
            json!(["contact_details", "referral_content"])
        );
        assert_eq!(counts(&app), (1, 0, 0, 0));
        let subjects = app.db_last_event("updateReferral").subjects;
        assert!(subjects.iter().any(|subject| subject.1 == "consents"));
        // A correction of the yes is one of the consent.
        app.patch(
            Syv,
            &referral,
            2,
            json!({"consentForm": "oral_documented", "recipient": "AF"}),
        )
        .expect(200);
        let corrected = app.get(Syv, &consent).expect(200);
        assert_eq!(corrected.body["form"], "oral_documented");
        assert_eq!(corrected.body["recipientName"], "AF");
        assert_eq!(corrected.version(), 2);
        app.pass(Duration::days(1));
        app.patch(Syv, &referral, 3, json!({"status": "sent"}))
            .expect(200);
        assert_eq!(counts(&app), (1, 0, 1, 0));
        let listed = app.get(Enhetschef, &told(app.world.alva)).expect(200);
        let row = &listed.body["disclosures"][0];
        assert_eq!(row["recipientKind"], "employment_service");
        assert_eq!(row["recipientName"], "AF");
        assert_eq!(row["means"], "referral");
        assert_eq!(row["disclosedOn"], "2026-11-25");
        assert_eq!(row["basis"], "consent");
        assert_eq!(row["disclosedBy"], json!(app.world.user(Syv)));
        let one = app
            .get(
                Syv,
                &format!("/disclosures/{}", row["id"].as_str().unwrap()),
            )
            .expect(200);
        assert_eq!(
            one.body["referralId"].as_str().unwrap(),
            &referral["/referrals/".len()..]
        );
        // Once sent, the basis stands.
        assert_eq!(
            app.patch(
                Syv,
                &referral,
                4,
                json!({"basis": "legal_duty", "basisReason": "SoL 20:6"})
            )
            .problem(422, "validation-failed"),
            [pair("/basis", "immutable")]
        );
        app.patch(Syv, &referral, 4, json!({"status": "received"}))
            .expect(200);
        assert_eq!(counts(&app), (1, 0, 1, 0));
    }
);

with_app!(
    what_stays_on_our_side_of_the_border_is_no_disclosure,
    |app| {
        let referral = refer(&app, Syv, "adult_education");
        say_yes(&app, Syv, &referral).expect(200);
        app.patch(Syv, &referral, 2, json!({"status": "sent"}))
            .expect(200);
        assert_eq!(counts(&app), (1, 0, 0, 0));
        // But a withdrawn yes stops it all the same.
        let other = refer(&app, Syv, "upper_secondary");
        let yes = say_yes(&app, Syv, &other).expect(200);
        let consent = yes.body["consentId"].as_str().unwrap();
        app.post(Syv, &format!("/consents/{consent}/withdrawal"), json!({}))
            .expect(200);
        app.patch(Syv, &other, 2, json!({"status": "sent"}))
            .problem(409, "consent-withdrawn");
    }
);

with_app!(where_the_border_runs_is_the_municipalitys, |app| {
    let change = json!({"ownSecrecyRegime": "social_26", "consentDays": 30});
    app.patch(Administrator, "/settings", 1, change).expect(200);
    // Under the social board komvux stands beyond the border.
    let referral = refer(&app, Syv, "adult_education");
    let yes = say_yes(&app, Syv, &referral).expect(200);
    let consent = yes.body["consentId"].as_str().unwrap();
    let consent = app.get(Syv, &format!("/consents/{consent}")).expect(200);
    assert_eq!(consent.body["validToOn"], "2026-12-24");
    app.patch(Syv, &referral, 2, json!({"status": "sent"}))
        .expect(200);
    assert_eq!(counts(&app), (1, 0, 1, 0));
    app.patch(
        Administrator,
        "/settings",
        2,
        json!({"recipientRegimes": [{"recipientKind": "ngo"}]}),
    )
    .problem(422, "validation-failed");
});

with_app!(a_withdrawal_stops_what_rests_on_it, |app| {
    let referral = refer(&app, Syv, "employment_service");
    let yes = say_yes(&app, Syv, &referral).expect(200);
    let consent = format!("/consents/{}", yes.body["consentId"].as_str().unwrap());
    app.post(
        Syv,
        &format!("{consent}/withdrawal"),
        json!({"withdrawalForm": "oral"}),
    )
    .expect(200);
    let stopped = app.patch(Syv, &referral, 2, json!({"status": "sent"}));
    assert!(
        stopped.body["title"]
            .as_str()
            .unwrap()
            .contains("återkallat")
    );
    stopped.problem(409, "consent-withdrawn");
    assert_eq!(counts(&app), (1, 0, 0, 0));
    // Nothing else about it is in the way.
    app.patch(Syv, &referral, 2, json!({"note": "Vill tänka"}))
        .expect(200);
    // A new consent carries it, if it is for this recipient, for this youth and covers what is told.
    let send = |version, id: &str| {
        app.patch(
            Syv,
            &referral,
            version,
            json!({"status": "sent", "consentId": id}),
        )
    };
    let ngo = record(&app, Syv, "ngo").expect(201).id();
    assert_eq!(
        send(3, &ngo).problem(422, "validation-failed"),
        [pair("/consentId", "consent-other-recipient")]
    );
    let narrow = record(&app, Syv, "employment_service").expect(201).id();
    assert_eq!(
        send(3, &narrow).problem(422, "validation-failed"),
        [pair("/consentId", "consent-other-data")]
    );
    let of_bo = app
        .post(Syv, &of(app.world.bo), given("employment_service"))
        .expect(201)
        .id();
    let unknown = "00000000-0000-7000-8000-000000000000";
    for id in [of_bo.as_str(), unknown] {
        assert_eq!(
            send(3, id).problem(422, "validation-failed"),
            [pair("/consentId", "no-such-record")]
        );
    }
    let body = with(
        with(
            given("employment_service"),
            "categories",
            json!(["contact_details", "referral_content"]),
        ),
        "validFromOn",
        json!("2026-10-01"),
    );
    let lapsed = app
        .post(
            Syv,
            &of(app.world.alva),
            with(body.clone(), "validToOn", json!("2026-11-01")),
        )
        .expect(201)
        .id();
    assert_eq!(
        send(3, &lapsed).problem(422, "validation-failed"),
        [pair("/consentId", "consent-not-on-day")]
    );
    let fresh = app.post(Syv, &of(app.world.alva), body).expect(201).id();
    let sent = send(3, &fresh).expect(200);
    assert_eq!(sent.body["consentId"], json!(fresh));
    assert_eq!(counts(&app).2, 1);
});

with_app!(another_basis_than_consent_is_named_with_its_reason, |app| {
    let referral = refer(&app, Socionom, "social_services_intake");
    let yes = say_yes(&app, Socionom, &referral).expect(200);
    let consent = yes.body["consentId"].as_str().unwrap();
    app.post(
        Socionom,
        &format!("/consents/{consent}/withdrawal"),
        json!({}),
    )
    .expect(200);
    let send = |body: Value| app.patch(Socionom, &referral, 2, body);
    assert_eq!(
        send(json!({"status": "sent", "basis": "legal_duty"})).problem(422, "validation-failed"),
        [pair("/basisReason", "required")]
    );
    assert_eq!(
        send(json!({"status": "sent", "basis": "other", "basisReason": "kort"}))
            .problem(422, "validation-failed"),
        [pair("/basisReason", "too-short")]
    );
    assert_eq!(
        send(json!({"status": "sent", "basis": "other", "basisReason": "Fara för hälsan", "consentId": consent}))
            .problem(422, "validation-failed"),
        [pair("/consentId", "not-with-other")]
    );
    let sent = send(json!({"status": "sent", "basis": "legal_duty", "basisReason": "SoL 20:6"}))
        .expect(200);
    assert_eq!(sent.body["consentId"], Value::Null);
    let listed = app.get(Socionom, &told(app.world.alva)).expect(200);
    assert_eq!(listed.column("disclosures", "basisReason"), ["SoL 20:6"]);
    assert_eq!(counts(&app), (0, 1, 0, 1));
    // Before the youth has said yes there is nothing to rest anything on.
    let early = refer(&app, Syv, "ngo");
    assert_eq!(
        app.patch(
            Syv,
            &early,
            1,
            json!({"basis": "other", "basisReason": "Ett gott skäl"})
        )
        .problem(422, "validation-failed"),
        [pair("/basis", "not-with-other")]
    );
});

with_app!(to_lss_nothing_goes_but_by_the_youths_own_consent, |app| {
    let referral = refer(&app, Socionom, "lss_officer");
    say_yes(&app, Socionom, &referral).expect(200);
    for basis in ["legal_duty", "other"] {
        let body = json!({"status": "sent", "basis": basis, "basisReason": "SoL 20:6, ett skäl"});
        assert_eq!(
            app.patch(Socionom, &referral, 2, body)
                .problem(422, "validation-failed"),
            [pair("/basis", "only-own-consent")]
        );
    }
    app.patch(Socionom, &referral, 2, json!({"status": "sent"}))
        .expect(200);
    assert_eq!(counts(&app), (0, 1, 0, 1));
    let body = json!({
        "recipientKind": "lss_officer", "categories": ["contact_details"], "means": "phone",
        "basis": "other", "basisReason": "Handläggaren frågade",
    });
    assert_eq!(
        app.post(Socionom, &told(app.world.alva), body)
            .problem(422, "validation-failed"),
        [pair("/basis", "only-own-consent")]
    );
});

with_app!(a_disclosure_without_a_referral_obeys_the_same_rule, |app| {
    let consent = record(&app, Syv, "employment_service").expect(201).id();
    let base = json!({
        "recipientKind": "employment_service", "recipientName": "AF", "categories": ["occupation"],
        "means": "meeting", "consentId": consent,
    });
    let made = app
        .post(Syv, &told(app.world.alva), base.clone())
        .expect(201);
    assert_eq!(made.body["basis"], "consent");
    assert_eq!(made.body["disclosedOn"], "2026-11-24");
    assert_eq!(
        app.db_last_event("recordDisclosure").subjects[0].1,
        "disclosures"
    );
    let wrong = |body: Value| {
        app.post(Syv, &told(app.world.alva), body)
            .problem(422, "validation-failed")
    };
    assert_eq!(
        wrong(json!({})),
        [
            pair("/recipientKind", "required"),
            pair("/categories", "required"),
            pair("/means", "required"),
            pair("/basis", "required"),
        ]
    );
    for (name, value, pointer, code) in [
        (
            "categories",
            json!(["notes"]),
            "/consentId",
            "consent-other-data",
        ),
        (
            "disclosedOn",
            json!("2026-11-23"),
            "/consentId",
            "consent-not-on-day",
        ),
        (
            "disclosedOn",
            json!("2026-11-25"),
            "/disclosedOn",
            "in-future",
        ),
        (
            "recipientKind",
            json!("ngo"),
            "/consentId",
            "consent-other-recipient",
        ),
        ("means", json!("referral"), "/means", "not-with-other"),
    ] {
        assert_eq!(
            wrong(with(base.clone(), name, value)),
            [pair(pointer, code)]
        );
    }
    app.post(Syv, &format!("/consents/{consent}/withdrawal"), json!({}))
        .expect(200);
    app.post(Syv, &told(app.world.alva), base)
        .problem(409, "consent-withdrawn");
    assert_eq!(counts(&app), (1, 0, 1, 0));
    // The same request twice counts once.
    let once = || {
        app.send(
            Syv,
            "POST",
            &told(app.world.alva),
            &[("Idempotency-Key", "d1")],
            Some(json!({
                "recipientKind": "ngo", "categories": ["contact_details"], "means": "phone",
                "basis": "legal_duty", "basisReason": "OSL 6:5",
            })),
        )
    };
    assert_eq!(once().expect(201).body, once().expect(201).body);
    assert_eq!(counts(&app), (1, 0, 2, 0));
});

with_app!(who_is_who_to_a_consent, |app| {
    let made = record(&app, Syv, "ngo").expect(201);
    let path = at(&made);
    for persona in [
        Syv,
        Ungdomskonsulent,
        Socionom,
        SocionomStranger,
        Enhetschef,
    ] {
        app.get(persona, &path).expect(200);
    }
    for persona in [SyvElsewhere, EnhetschefElsewhere] {
        app.get(persona, &path).problem(404, "not-found");
        app.get(persona, &of(app.world.alva))
            .problem(404, "not-found");
        app.get(persona, &told(app.world.alva))
            .problem(404, "not-found");
        app.post(persona, &format!("{path}/withdrawal"), json!({}))
            .problem(404, "not-found");
    }
    for persona in [Ambassador, Administrator, Loggranskare] {
        app.get(persona, &path).problem(403, "forbidden");
        app.get(persona, &of(app.world.alva))
            .problem(403, "forbidden");
        record(&app, persona, "ngo").problem(403, "forbidden");
    }
    record(&app, Enhetschef, "ngo").problem(403, "forbidden");
    // Of a protected identity only the assigned and the chief know.
    let pia = app
        .post(Socionom, &of(app.world.pia), given("ngo"))
        .expect(201);
    app.get(Enhetschef, &at(&pia)).expect(200);
    for persona in [Syv, SocionomStranger] {
        app.get(persona, &at(&pia)).problem(404, "not-found");
        app.post(persona, &of(app.world.pia), given("ngo"))
            .problem(404, "not-found");
    }
});

with_app!(
    a_consent_of_the_compartment_is_there_for_the_assigned_socionom_alone,
    |mut_app| {
        let mut app = mut_app;
        for persona in [Syv, Ungdomskonsulent, SocionomStranger] {
            assert_eq!(
                record(&app, persona, "addiction_care").problem(403, "forbidden-field"),
                [pair("/recipientKind", "not-open-to-role")]
            );
        }
        let made = record(&app, Socionom, "addiction_care").expect(201);
        let path = at(&made);
        let body = json!({
            "recipientKind": "addiction_care", "categories": ["contact_details"], "means": "phone",
            "consentId": made.id(),
        });
        let disclosed = app.post(Socionom, &told(app.world.alva), body).expect(201);
        let disclosed = format!("/disclosures/{}", disclosed.id());
        assert_eq!(counts(&app), (0, 1, 0, 1));
        let kept: i64 = protected_versions::table
            .count()
            .get_result(&mut app.db())
            .unwrap();
        let open: i64 = record_versions::table
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!((kept, open), (2, 0));
        for persona in [Syv, SocionomStranger, Enhetschef, SyvElsewhere] {
            let (hidden, missing) = (app.get(persona, &path), app.get(persona, MISSING));
            assert_eq!(hidden.status, 404, "{persona:?}");
            assert_eq!(hidden.without_instance(), missing.without_instance());
            app.get(persona, &disclosed).problem(404, "not-found");
            for deed in ["withdrawal", "recipient-information"] {
                let at = |path: &str| app.post(persona, &format!("{path}/{deed}"), json!({}));
                assert_eq!(at(&path).without_instance(), at(MISSING).without_instance());
            }
        }
        for persona in [Syv, SocionomStranger, Enhetschef] {
            for list in [of(app.world.alva), told(app.world.alva)] {
                assert_eq!(
                    app.get(persona, &list).expect(200).body["_meta"]["count"],
                    0
                );
            }
        }
        // A consent of the register is none for the compartment, nor the other way round.
        let ngo = record(&app, Syv, "ngo").expect(201).id();
        let referral = refer(&app, Socionom, "addiction_care");
        say_yes(&app, Socionom, &referral).expect(200);
        assert_eq!(
            app.patch(Socionom, &referral, 2, json!({"consentId": ngo}))
                .problem(422, "validation-failed"),
            [pair("/consentId", "no-such-record")]
        );
        // The chief's log holds nothing of it, and a reason opens it for a while.
        let log = format!("/audit-events?youthId={}", app.world.alva);
        let seen = app.get(Enhetschef, &log).expect(200);
        for word in ["protectedConsents", "protectedDisclosures"] {
            assert!(!seen.body.to_string().contains(word), "{word}");
        }
        app.post(
            Enhetschef,
            &format!("/youths/{}/access-grants", app.world.alva),
            json!({"purpose": "protected_compartment", "reason": "Tillsyn enligt plan"}),
        )
        .expect(201);
        app.get(Enhetschef, &path).expect(200);
        assert!(app.db_last_event("readConsent").is_break_glass);
        app.get(Enhetschef, &disclosed).expect(200);
        app.pass(Duration::minutes(15));
        app.get(Enhetschef, &path).problem(404, "not-found");
    }
);

with_app!(a_stored_answer_about_the_compartment_lies_apart, |app| {
    let send = || {
        app.send(
            Socionom,
            "POST",
            &of(app.world.alva),
            &[("Idempotency-Key", "c1")],
            Some(given("health_care")),
        )
    };
    assert_eq!(send().expect(201).body, send().expect(201).body);
    let open: Vec<Option<kaa::db::cipher::CipherText>> = idempotency_keys::table
        .select(idempotency_keys::body)
        .load(&mut app.db())
        .unwrap();
    assert_eq!(open, [None]);
    let apart: i64 = protected_answers::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(apart, 1);
    assert_eq!(counts(&app), (0, 1, 0, 0));
});

with_app!(of_two_who_send_at_once_one_does, |app| {
    let referral = refer(&app, Syv, "employment_service");
    say_yes(&app, Syv, &referral).expect(200);
    let codes: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = [Syv, Ungdomskonsulent]
            .into_iter()
            .map(|persona| {
                let (app, referral) = (&app, &referral);
                scope.spawn(move || {
                    app.patch(persona, referral, 2, json!({"status": "sent"}))
                        .status
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(codes.contains(&200) && codes.contains(&412), "{codes:?}");
    assert_eq!(counts(&app), (1, 0, 1, 0));
});

on_both!(
    the_register_of_disclosures_refuses_to_be_changed,
    |database| {
        let app = TestApp::new(database);
        let body = json!({
            "recipientKind": "ngo", "categories": ["contact_details"], "means": "phone",
            "basis": "legal_duty", "basisReason": "OSL 6:5",
        });
        app.post(Syv, &told(app.world.alva), body).expect(201);
        let consent = record(&app, Socionom, "health_care").expect(201).id();
        let body = json!({
            "recipientKind": "health_care", "categories": ["contact_details"], "means": "phone", "consentId": consent,
        });
        app.post(Socionom, &told(app.world.alva), body).expect(201);
        let mut conn = app.db();
        for table in ["disclosures", "protected_disclosures"] {
            for sql in [
                format!("UPDATE {table} SET means = 'letter'"),
                format!("DELETE FROM {table}"),
            ] {
                let refused = conn.batch_execute(&sql).unwrap_err().to_string();
                assert!(refused.contains("append-only"), "{sql}: {refused}");
            }
        }
        drop(conn);
        assert_eq!(counts(&app), (0, 1, 1, 1));
    }
);
