//! Restriction of processing over HTTP: what is restricted is marked, read and corrected, and not used; who decides on it,
//! opens it and lifts it.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Loggranskare, Nobody, Socionom, SocionomStranger, Syv,
    SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use serde_json::{Value, json};

fn restrict(app: &TestApp, persona: Persona) -> Answer {
    app.post(
        persona,
        &format!("/youths/{}/restrictions", app.world.alva),
        json!({"ground": "accuracy_contested", "reason": "Skolstatus är fel; skolan är tillfrågad."}),
    )
}

fn disclose(app: &TestApp) -> Answer {
    app.post(
        Syv,
        &format!("/youths/{}/disclosures", app.world.alva),
        json!({"recipientKind": "employment_service", "recipientName": "Arbetsförmedlingen", "categories": ["occupation"], "means": "phone", "basis": "legal_duty", "basisReason": "OSL 6 kap. 5 §"}),
    )
}

with_app!(
    what_is_restricted_is_read_and_corrected_and_not_used,
    |app| {
        let youth = format!("/youths/{}", app.world.alva);
        let referral = app
            .post(
                Syv,
                &format!("{youth}/referrals"),
                json!({"target": "adult_education"}),
            )
            .expect(201);
        let transfer = app
            .post(
                Enhetschef,
                &format!("{youth}/transfers"),
                json!({"toUnitId": app.world.unit_elsewhere, "reason": "Har flyttat till Ursvik."}),
            )
            .expect(201);
        restrict(&app, Socionom).expect(201);
        // Everybody who sees the youth sees the marking.
        for persona in [Ambassador, Syv, Ungdomskonsulent, Socionom, Enhetschef] {
            assert_eq!(
                app.get(persona, &youth).expect(200).body["restrictedSince"],
                "2026-11-24",
                "{persona:?}"
            );
        }
        let listed = app.get(Syv, "/youths").expect(200);
        assert!(
            listed
                .column("youths", "restrictedSince")
                .contains(&json!("2026-11-24"))
        );
        let found = app
            .post(Syv, "/youths/search", json!({"name": "Lindqvist"}))
            .expect(200);
        assert_eq!(
            found.column("youths", "restrictedSince"),
            [json!("2026-11-24")]
        );
        let still = |answer: Answer| answer.problem(409, "processing-restricted");
        still(disclose(&app));
        still(app.post(
            Syv,
            &format!("{youth}/referrals"),
            json!({"target": "adult_education"}),
        ));
        // Also of the compartment.
        still(app.post(
            Socionom,
            &format!("{youth}/referrals"),
            json!({"target": "addiction_care"}),
        ));
        still(app.patch(
            Syv,
            &format!("/referrals/{}", referral.id()),
            referral.version(),
            json!({"status": "declined"}),
        ));
        still(app.post(
            Syv,
            &format!("{youth}/interventions"),
            json!({"kind": "talks", "responsibleParty": "municipality"}),
        ));
        still(app.send(
            Persona::EnhetschefElsewhere,
            "POST",
            &format!("/transfers/{}/decision", transfer.id()),
            &[("If-Match", "\"1\"")],
            Some(json!({"status": "accepted"})),
        ));
        // Corrected, objected to, documented, closed in the compartment: that goes on.
        let version = app.get(Syv, &youth).expect(200).version();
        app.patch(
            Syv,
            &youth,
            version,
            json!({"schoolStatus": "Studiebevis 2026"}),
        )
        .expect(200);
        app.post(Syv, &format!("{youth}/correction-notes"), json!({"resource": "youth", "recordId": app.world.alva, "text": "Så var det.", "raisedBy": "youth"}))
        .expect(201);
        app.post(
            Syv,
            &format!("{youth}/contacts"),
            json!({"channel": "phone", "result": "reached"}),
        )
        .expect(201);
        app.put(
            Socionom,
            &format!("{youth}/protected-status"),
            None,
            json!({"basis": "ill_health", "mayStartMeasures": true}),
        )
        .expect(200);
        // Of others nothing stands still.
        app.post(
            Syv,
            &format!("/youths/{}/interventions", app.world.bo),
            json!({"kind": "talks", "responsibleParty": "municipality"}),
        )
        .expect(201);
        let extract = app
            .post(
                Syv,
                &format!("{youth}/register-extracts"),
                json!({"identityProof": "id_document", "reason": "Vill se vad som prövas."}),
            )
            .expect(201);
        let content = app
            .get(Syv, &format!("/register-extracts/{}/content", extract.id()))
            .expect(200);
        assert!(content.body.to_string().contains("accuracy_contested"));
    }
);

with_app!(
    it_is_opened_for_a_ground_and_a_while_and_lifted_once_the_youth_knows,
    |mut app| {
        let made = restrict(&app, Socionom).expect(201);
        let place = format!("/restrictions/{}", made.id());
        restrict(&app, Enhetschef).problem(409, "already-exists");
        let wrong = |patch: Value| {
            app.patch(Socionom, &place, 1, patch)
                .problem(422, "validation-failed")
        };
        let pair = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            wrong(json!({"openedUntil": "2026-11-25"})),
            [
                pair("/openingGround", "required"),
                pair("/openingReason", "required")
            ]
        );
        assert_eq!(
            wrong(
                json!({"openedUntil": "2027-03-01", "openingGround": "consent", "openingReason": "Ansökan ska skickas."})
            ),
            [pair("/openedUntil", "too-far-ahead")]
        );
        assert_eq!(
            wrong(json!({"liftedOn": "2026-11-24", "liftReason": "Uppgiften är rättad."})),
            [pair("/informedOn", "required")]
        );
        app.patch(
        Socionom,
        &place,
        1,
        json!({"openedUntil": "2026-11-25", "openingGround": "consent", "openingReason": "Ansökan ska skickas."}),
    )
    .expect(200);
        disclose(&app).expect(201);
        // Still marked; and the day after tomorrow it stands still again by itself.
        let youth = format!("/youths/{}", app.world.alva);
        assert_eq!(
            app.get(Syv, &youth).expect(200).body["restrictedSince"],
            "2026-11-24"
        );
        app.pass(chrono::Duration::days(2));
        disclose(&app).problem(409, "processing-restricted");
        app.patch(Enhetschef, &place, 1, json!({}))
            .problem(412, "stale-version");
        app.patch(
        Enhetschef,
        &place,
        2,
        json!({"informedOn": "2026-11-26", "liftedOn": "2026-11-26", "liftReason": "Uppgiften är rättad."}),
    )
    .expect(200);
        assert!(app.get(Syv, &youth).expect(200).body["restrictedSince"].is_null());
        disclose(&app).expect(201);
        app.patch(Enhetschef, &place, 3, json!({"untilOn": null}))
            .problem(409, "fact-void");
        restrict(&app, Enhetschef).expect(201);
        let listed = app
            .get(Ungdomskonsulent, &format!("{youth}/restrictions"))
            .expect(200);
        assert_eq!(
            listed.column("restrictions", "liftedOn"),
            [Value::Null, json!("2026-11-26")]
        );
    }
);

with_app!(it_is_the_socionoms_or_the_chiefs_decision, |app| {
    for persona in [
        Ambassador,
        Syv,
        Ungdomskonsulent,
        Administrator,
        Loggranskare,
    ] {
        restrict(&app, persona).problem(403, "forbidden");
    }
    restrict(&app, Nobody).problem(401, "unauthenticated");
    restrict(&app, SyvElsewhere).problem(403, "forbidden");
    restrict(&app, Persona::EnhetschefElsewhere).problem(404, "not-found");
    app.post(
        SocionomStranger,
        &format!("/youths/{}/restrictions", app.world.pia),
        json!({"ground": "objection", "reason": "Har invänt mot uppgifterna."}),
    )
    .problem(404, "not-found");
    let send = || {
        app.send(
            Socionom,
            "POST",
            &format!("/youths/{}/restrictions", app.world.alva),
            &[("Idempotency-Key", "begransning-1")],
            Some(json!({"ground": "objection", "reason": "Har invänt mot uppgifterna."})),
        )
    };
    let made = send().expect(201);
    assert_eq!(send().expect(201).id(), made.id());
    let place = format!("/restrictions/{}", made.id());
    for persona in [Ambassador, Administrator, Loggranskare] {
        app.get(persona, &place).problem(403, "forbidden");
    }
    app.get(SyvElsewhere, &place).problem(404, "not-found");
    for persona in [Syv, Ungdomskonsulent, Enhetschef] {
        app.get(persona, &place).expect(200);
    }
    app.patch(Syv, &place, 1, json!({"untilOn": "2026-12-01"}))
        .problem(403, "forbidden");
});
