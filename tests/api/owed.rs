//! The duties that consents and transfers leave behind, as tasks: on whose list, until when, and closed by whatever path.

use crate::support::Persona::{
    Ambassador, Enhetschef, EnhetschefElsewhere, Socionom, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::world::Persona;
use crate::with_app;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

fn tasks(app: &TestApp, persona: Persona, kind: &str) -> Vec<Value> {
    let listed = app.get(persona, &format!("/tasks?kind={kind}")).expect(200);
    listed.body["tasks"].as_array().unwrap().clone()
}

/// Something told on a consent, by somebody; gives the consent.
fn told(app: &TestApp, persona: Persona, kind: &str) -> String {
    let youth = format!("/youths/{}", app.world.alva);
    let consent = app
        .post(
            persona,
            &format!("{youth}/consents"),
            json!({
                "recipientKind": kind, "purpose": "Fortsatt stöd", "categories": ["occupation"],
                "givenBy": "youth", "form": "written",
            }),
        )
        .expect(201)
        .id();
    app.post(
        persona,
        &format!("{youth}/disclosures"),
        json!({"recipientKind": kind, "categories": ["occupation"], "means": "phone", "consentId": consent}),
    )
    .expect(201);
    format!("/consents/{consent}")
}

fn withdraw(app: &TestApp, persona: Persona, consent: &str) {
    app.post(persona, &format!("{consent}/withdrawal"), json!({}))
        .expect(200);
}

const INFORM: &str = "inform_of_withdrawal";

with_app!(whoever_told_informs_of_the_withdrawal, |app| {
    let consent = told(&app, Ungdomskonsulent, "ngo");
    assert!(tasks(&app, Ungdomskonsulent, INFORM).is_empty());
    withdraw(&app, Syv, &consent);
    // For whoever told, and for the handler.
    for persona in [Ungdomskonsulent, Syv] {
        let [task] = tasks(&app, persona, INFORM).try_into().unwrap();
        assert_eq!(
            task["recordId"].as_str().unwrap(),
            &consent["/consents/".len()..]
        );
        assert_eq!(task["dueOn"], "2026-12-01");
        assert_eq!(
            task["responsibleId"],
            json!(app.world.user(Ungdomskonsulent))
        );
    }
    for persona in [Ambassador, SyvElsewhere] {
        assert!(tasks(&app, persona, INFORM).is_empty(), "{persona:?}");
    }
    // Withdrawn once more it is asked for once.
    withdraw(&app, Syv, &consent);
    assert_eq!(tasks(&app, Syv, INFORM).len(), 1);
    app.post(Syv, &format!("{consent}/recipient-information"), json!({}))
        .expect(200);
    assert!(tasks(&app, Syv, INFORM).is_empty());
    let closed = app
        .get(
            Syv,
            &format!("/youths/{}/tasks?isOpen=false", app.world.alva),
        )
        .expect(200);
    assert_eq!(closed.column("tasks", "closedBecause"), ["met"]);
});

with_app!(an_answer_closes_it_too, |app| {
    let consent = told(&app, Syv, "ngo");
    withdraw(&app, Syv, &consent);
    let [task] = tasks(&app, Syv, INFORM).try_into().unwrap();
    let path = format!("/tasks/{}", task["id"].as_str().unwrap());
    let read = app.get(Syv, &path).expect(200);
    app.send(
        Syv,
        "POST",
        &format!("{path}/answer"),
        &[("If-Match", &format!("\"{}\"", read.version()))],
        Some(json!({"doneOn": "2026-11-24"})),
    )
    .expect(200);
    assert!(tasks(&app, Syv, INFORM).is_empty());
    // And it does not come back with the next change.
    app.post(
        Syv,
        &format!("/youths/{}/contacts", app.world.alva),
        json!({"channel": "sms", "result": "no_answer"}),
    )
    .expect(201);
    assert!(tasks(&app, Syv, INFORM).is_empty());
});

with_app!(without_a_disclosure_nobody_is_to_be_told, |app| {
    let youth = format!("/youths/{}", app.world.alva);
    let body = json!({
        "recipientKind": "ngo", "purpose": "Fortsatt stöd", "categories": ["occupation"],
        "givenBy": "youth", "form": "written",
    });
    let consent = app
        .post(Syv, &format!("{youth}/consents"), body)
        .expect(201)
        .id();
    withdraw(&app, Syv, &format!("/consents/{consent}"));
    assert!(tasks(&app, Syv, INFORM).is_empty());
});

with_app!(of_the_compartment_it_is_the_compartments, |app| {
    let consent = told(&app, Socionom, "addiction_care");
    withdraw(&app, Socionom, &consent);
    assert_eq!(tasks(&app, Socionom, INFORM).len(), 1);
    for persona in [Syv, Ungdomskonsulent, Enhetschef] {
        assert!(tasks(&app, persona, INFORM).is_empty(), "{persona:?}");
        let listed = app
            .get(persona, &format!("/youths/{}/tasks", app.world.alva))
            .expect(200);
        let kinds = listed.column("tasks", "kind");
        assert!(!kinds.contains(&json!(INFORM)), "{persona:?}");
    }
});

const CORRECT: &str = "inform_of_correction";

fn object(app: &TestApp, persona: Persona) -> String {
    let youth = app.world.alva;
    let body = json!({"resource": "youth", "recordId": youth, "text": "Så är det inte", "raisedBy": "youth"});
    app.post(persona, &format!("/youths/{youth}/correction-notes"), body)
        .expect(201)
        .id()
}

with_app!(
    whoever_was_told_hears_of_an_objection_and_a_restriction,
    |app| {
        object(&app, Syv);
        assert!(tasks(&app, Syv, CORRECT).is_empty(), "nobody was told");
        let mut app = app;
        app.pass(chrono::Duration::hours(1));
        told(&app, Ungdomskonsulent, "ngo");
        // What was objected to before is known to whoever told.
        assert!(tasks(&app, Syv, CORRECT).is_empty());
        app.pass(chrono::Duration::hours(1));
        let note = object(&app, Syv);
        for persona in [Ungdomskonsulent, Syv] {
            let [task] = tasks(&app, persona, CORRECT).try_into().unwrap();
            assert_eq!(task["recordId"], json!(note));
            assert_eq!(task["dueOn"], "2026-12-01");
            assert_eq!(
                task["responsibleId"],
                json!(app.world.user(Ungdomskonsulent))
            );
        }
        for persona in [Ambassador, SyvElsewhere] {
            assert!(tasks(&app, persona, CORRECT).is_empty(), "{persona:?}");
        }
        let path = format!("/youths/{}/restrictions", app.world.alva);
        let reason = json!({"ground": "objection", "reason": "Ungdomen har invänt mot uppgiften."});
        let restriction = app.post(Socionom, &path, reason).expect(201).id();
        let open = tasks(&app, Syv, CORRECT);
        assert_eq!(open.len(), 2);
        // One is answered, and does not come back; of a restriction that is lifted nobody need hear any more.
        let of_note = open.iter().find(|task| task["recordId"] == json!(note));
        app.send(
            Syv,
            "POST",
            &format!("/tasks/{}/answer", of_note.unwrap()["id"].as_str().unwrap()),
            &[("If-Match", "\"1\"")],
            Some(json!({"doneOn": "2026-11-24"})),
        )
        .expect(200);
        app.patch(
        Socionom,
        &format!("/restrictions/{restriction}"),
        1,
        json!({"informedOn": "2026-11-24", "liftedOn": "2026-11-24", "liftReason": "Uppgiften är rättad."}),
    )
    .expect(200);
        assert!(tasks(&app, Syv, CORRECT).is_empty());
    }
);

with_app!(
    what_was_told_from_the_compartment_is_corrected_there,
    |app| {
        told(&app, Socionom, "addiction_care");
        object(&app, Socionom);
        let [task] = tasks(&app, Socionom, CORRECT).try_into().unwrap();
        assert_eq!(task["dueOn"], "2026-12-01");
        for persona in [Syv, Ungdomskonsulent, Enhetschef] {
            assert!(tasks(&app, persona, CORRECT).is_empty(), "{persona:?}");
            let listed = app
                .get(persona, &format!("/youths/{}/tasks", app.world.alva))
                .expect(200);
            let kinds = listed.column("tasks", "kind");
            assert!(!kinds.contains(&json!(CORRECT)), "{persona:?}");
        }
    }
);

fn ask(app: &TestApp, persona: Persona, youth: Id<Youth>) -> String {
    let body = json!({"toUnitId": app.world.unit_elsewhere, "reason": "Har flyttat"});
    let made = app.post(persona, &format!("/youths/{youth}/transfers"), body);
    made.expect(201).id()
}

fn answer(app: &TestApp, persona: Persona, transfer: &str, body: Value) {
    app.send(
        persona,
        "POST",
        &format!("/transfers/{transfer}/decision"),
        &[("If-Match", "\"1\"")],
        Some(body),
    )
    .expect(200);
}

const DECIDE: &str = "decide_transfer";

with_app!(the_receiving_unit_has_the_transfer_on_its_list, |app| {
    let transfer = ask(&app, Syv, app.world.alva);
    for persona in [SyvElsewhere, EnhetschefElsewhere] {
        let [task] = tasks(&app, persona, DECIDE).try_into().unwrap();
        assert_eq!(task["recordId"], json!(transfer));
        assert_eq!(task["dueOn"], "2026-12-08");
        assert!(!task.to_string().contains("Alva"), "{task}");
        let path = format!("/tasks/{}", task["id"].as_str().unwrap());
        assert!(
            !app.get(persona, &path)
                .expect(200)
                .body
                .to_string()
                .contains("Lindqvist")
        );
    }
    for persona in [Syv, Enhetschef, Ambassador] {
        assert!(tasks(&app, persona, DECIDE).is_empty(), "{persona:?}");
    }
    answer(&app, SyvElsewhere, &transfer, json!({"status": "accepted"}));
    for persona in [SyvElsewhere, EnhetschefElsewhere, Syv] {
        assert!(tasks(&app, persona, DECIDE).is_empty(), "{persona:?}");
    }
    // What was owed before is owed in the unit where the youth is now.
    let closed = app
        .get(
            SyvElsewhere,
            &format!("/youths/{}/tasks?isOpen=false", app.world.alva),
        )
        .expect(200);
    assert_eq!(closed.column("tasks", "closedBecause"), ["met"]);
});

with_app!(tasks_move_with_the_youth, |app| {
    app.post(
        Syv,
        &format!("/youths/{}/contacts", app.world.alva),
        json!({"channel": "sms", "result": "reached", "nextContactOn": "2026-12-01"}),
    )
    .expect(201);
    assert_eq!(tasks(&app, Syv, "next_contact").len(), 1);
    let transfer = ask(&app, Syv, app.world.alva);
    answer(&app, SyvElsewhere, &transfer, json!({"status": "accepted"}));
    assert!(tasks(&app, Syv, "next_contact").is_empty());
    // Nobody there has it yet, so the chief is told.
    assert_eq!(tasks(&app, EnhetschefElsewhere, "next_contact").len(), 1);
});

with_app!(
    of_a_protected_identity_only_the_receiving_chief_is_told,
    |app| {
        let transfer = ask(&app, Socionom, app.world.pia);
        assert!(tasks(&app, SyvElsewhere, DECIDE).is_empty());
        let [task] = tasks(&app, EnhetschefElsewhere, DECIDE).try_into().unwrap();
        assert!(!task.to_string().contains("Pia"));
        answer(
            &app,
            EnhetschefElsewhere,
            &transfer,
            json!({"status": "refused", "decisionReason": "Ingen plats"}),
        );
        assert!(tasks(&app, EnhetschefElsewhere, DECIDE).is_empty());
    }
);
