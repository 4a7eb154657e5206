//! Break-glass over HTTP: who may open what of whom, the reason it asks for, and who reads afterwards that it was done.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Nobody, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use chrono::Duration;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

const REASON: &str = "Vårdnadshavare har klagat";

fn open(app: &TestApp, persona: Persona, youth: Id<Youth>, purpose: &str) -> Answer {
    app.post(
        persona,
        &format!("/youths/{youth}/access-grants"),
        json!({"purpose": purpose, "reason": REASON}),
    )
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

with_app!(
    a_reason_opens_for_a_quarter_of_an_hour_and_stands_in_the_audit,
    |app| {
        let made = open(&app, Enhetschef, app.world.alva, "contact_notes").expect(201);
        assert_eq!(made.body["grantedAt"], "2026-11-24T08:00:00.000000Z");
        assert_eq!(made.body["expiresAt"], "2026-11-24T08:15:00.000000Z");
        assert_eq!(made.body["reason"], REASON);
        assert_eq!(made.body["userId"], json!(app.world.user(Enhetschef)));
        assert_eq!(made.body["unitId"], json!(app.world.unit));
        let event = app.db_last_event("createAccessGrant");
        assert!(event.is_break_glass);
        assert_eq!(event.reason.as_deref(), Some(REASON));
        assert_eq!(event.subjects[0].0, Some(app.world.alva));
    }
);

with_app!(each_glass_is_for_whom_the_table_names, |app| {
    let (alva, pia) = (app.world.alva, app.world.pia);
    for (persona, youth, purpose) in [
        (Enhetschef, alva, "contact_notes"),
        (Enhetschef, pia, "protected_compartment"),
        (Syv, alva, "protected_address"),
        (Socionom, pia, "protected_address"),
    ] {
        open(&app, persona, youth, purpose).expect(201);
    }
    for (persona, youth, purpose) in [
        (Enhetschef, pia, "protected_address"),
        (Syv, alva, "contact_notes"),
        (Syv, alva, "protected_compartment"),
        (Socionom, alva, "protected_compartment"),
        (SocionomStranger, alva, "protected_compartment"),
        (SocionomStranger, alva, "protected_address"),
        (Syv, app.world.bo, "protected_address"),
    ] {
        assert_eq!(
            open(&app, persona, youth, purpose).problem(403, "forbidden-field"),
            [pair("/purpose", "not-open-to-role")],
            "{persona:?} {purpose}"
        );
    }
    for persona in [Ambassador, Ungdomskonsulent, Administrator, Loggranskare] {
        open(&app, persona, alva, "contact_notes").problem(403, "forbidden");
    }
    for (persona, youth) in [
        (Syv, pia),
        (SocionomStranger, pia),
        (Enhetschef, app.world.dag),
        (EnhetschefElsewhere, alva),
        (SyvElsewhere, alva),
    ] {
        open(&app, persona, youth, "contact_notes").problem(404, "not-found");
    }
    open(&app, Nobody, alva, "contact_notes").problem(401, "unauthenticated");
    // A refusal is in the log too, and is no break-glass.
    let refused = app
        .db_events()
        .into_iter()
        .rfind(|event| {
            event.operation == "createAccessGrant"
                && event.actor == Some(app.world.user(EnhetschefElsewhere))
        })
        .unwrap();
    assert_eq!(refused.outcome, "refused");
    assert!(!refused.is_break_glass && refused.reason.is_none());
});

with_app!(without_a_reason_nothing_opens, |app| {
    let wrong = |body: Value| {
        app.post(
            Enhetschef,
            &format!("/youths/{}/access-grants", app.world.alva),
            body,
        )
        .problem(422, "validation-failed")
    };
    assert_eq!(
        wrong(json!({})),
        [pair("/purpose", "required"), pair("/reason", "required")]
    );
    for (reason, code) in [
        ("kort text", "too-short"),
        ("          .", "too-short"),
        (&*"x".repeat(1001), "too-long"),
    ] {
        assert_eq!(
            wrong(json!({"purpose": "contact_notes", "reason": reason})),
            [pair("/reason", code)]
        );
    }
    for minutes in [4, 61] {
        assert_eq!(
            wrong(json!({"purpose": "contact_notes", "reason": REASON, "minutes": minutes})),
            [pair("/minutes", "out-of-range")]
        );
    }
    assert_eq!(
        wrong(json!({"purpose": "all", "reason": REASON, "until": "2027-01-01"})),
        [
            pair("/purpose", "not-in-list"),
            pair("/until", "unknown-field")
        ]
    );
    // The time it runs is not for its holder to set.
    assert_eq!(
        app.post(
            Enhetschef,
            &format!("/youths/{}/access-grants", app.world.alva),
            json!({"purpose": "contact_notes", "reason": REASON, "expiresAt": "2027-01-01T00:00:00Z"}),
        )
        .problem(403, "forbidden-field"),
        [pair("/expiresAt", "not-open-to-role")]
    );
    assert!(
        app.get(Enhetschef, "/access-grants")
            .expect(200)
            .column("accessGrants", "id")
            .is_empty()
    );
});

with_app!(
    whoever_reviews_reads_who_opened_what_newest_first,
    |mut_app| {
        let mut app = mut_app;
        let mut ids = Vec::new();
        for (persona, youth, purpose) in [
            (Enhetschef, app.world.alva, "contact_notes"),
            (Syv, app.world.alva, "protected_address"),
            (Socionom, app.world.pia, "protected_address"),
            (EnhetschefElsewhere, app.world.dag, "contact_notes"),
        ] {
            ids.push(open(&app, persona, youth, purpose).expect(201).body["id"].clone());
            app.pass(Duration::minutes(1));
        }
        let listed = |persona, query: &str| {
            app.get(persona, &format!("/access-grants{query}"))
                .expect(200)
                .column("accessGrants", "id")
        };
        let newest_first = |places: &[usize]| {
            places
                .iter()
                .map(|place| ids[*place].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(listed(Loggranskare, ""), newest_first(&[3, 2, 1, 0]));
        assert_eq!(listed(Enhetschef, ""), newest_first(&[2, 1, 0]));
        assert_eq!(listed(EnhetschefElsewhere, ""), newest_first(&[3]));
        assert_eq!(listed(Syv, ""), newest_first(&[1]));
        assert_eq!(listed(Socionom, ""), newest_first(&[2]));
        assert!(listed(SocionomStranger, "").is_empty());
        assert_eq!(
            listed(Enhetschef, &format!("?youthId={}", app.world.alva)),
            newest_first(&[1, 0])
        );
        assert_eq!(
            listed(Loggranskare, &format!("?userId={}", app.world.user(Syv))),
            newest_first(&[1])
        );
        assert!(listed(Syv, &format!("?userId={}", app.world.user(Enhetschef))).is_empty());
        for persona in [Ambassador, Ungdomskonsulent, Administrator] {
            app.get(persona, "/access-grants").problem(403, "forbidden");
        }
        app.get(Syv, "/access-grants?reason=x")
            .problem(400, "invalid-parameter");
        let page = app.get(Loggranskare, "/access-grants?limit=3").expect(200);
        assert_eq!(
            app.get(Loggranskare, page.next().unwrap())
                .expect(200)
                .column("accessGrants", "id"),
            newest_first(&[0])
        );
        let names = app
            .get(Loggranskare, "/access-grants")
            .expect(200)
            .body
            .to_string();
        assert!(!names.contains("Pia") && !names.contains("Öberg"));
    }
);

with_app!(
    a_protected_address_opens_for_the_assigned_with_a_reason_for_a_while,
    |mut_app| {
        let mut app = mut_app;
        let pia = format!("/youths/{}", app.world.pia);
        assert!(
            app.get(Socionom, &pia)
                .expect(200)
                .body
                .get("addresses")
                .is_none()
        );
        assert!(!app.db_last_event("readYouth").is_break_glass);
        app.post(
            Socionom,
            &format!("{pia}/access-grants"),
            json!({"purpose": "protected_address", "reason": REASON, "minutes": 60}),
        )
        .expect(201);
        app.pass(Duration::minutes(59));
        let opened = app.get(Socionom, &pia).expect(200);
        assert_eq!(opened.body["addresses"][0]["city"], "Sundbyberg");
        assert!(app.db_last_event("readYouth").is_break_glass);
        assert!(
            app.get(Enhetschef, &pia)
                .expect(200)
                .body
                .get("addresses")
                .is_none()
        );
        app.pass(Duration::minutes(1));
        assert!(
            app.get(Socionom, &pia)
                .expect(200)
                .body
                .get("addresses")
                .is_none()
        );
    }
);

with_app!(the_same_key_opens_once, |app| {
    let send = || {
        app.send(
            Enhetschef,
            "POST",
            &format!("/youths/{}/access-grants", app.world.alva),
            &[("Idempotency-Key", "g1")],
            Some(json!({"purpose": "contact_notes", "reason": REASON})),
        )
        .expect(201)
    };
    assert_eq!(send().body, send().body);
    assert_eq!(
        app.get(Enhetschef, "/access-grants")
            .expect(200)
            .column("accessGrants", "id")
            .len(),
        1
    );
});
