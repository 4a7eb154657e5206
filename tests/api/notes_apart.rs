//! That the notes of the duty do not follow into outreach on their own: on every path by which a note is read, and that
//! they are there again when the youth lets them follow, or with a reason.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Socionom, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::world::Persona;
use crate::with_app;
use chrono::Duration;
use kaa::domain::id::Id;
use serde_json::{Value, json};

const SECRET: &str = "Sover över hos kusinen";

/// Olle, 19: the duty with a contact, an addendum, an intervention and objections to both; closed by the SYV on the day.
struct Story {
    youth: String,
    contact: String,
    measure: String,
    mapping: String,
    plan: String,
    objection: String,
    duty: String,
}

fn written(app: &TestApp) -> Story {
    let youth = format!("/youths/{}", app.world.olle);
    let open = json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
    let duty = app
        .post(Syv, &format!("{youth}/episodes"), open)
        .expect(201)
        .id();
    let contact = app
        .post(
            Syv,
            &format!("{youth}/contacts"),
            json!({"channel": "phone", "result": "reached", "note": SECRET}),
        )
        .expect(201)
        .id();
    let contact = format!("/contacts/{contact}");
    app.post(Syv, &format!("{contact}/addenda"), json!({"text": SECRET}))
        .expect(201);
    let measure = app
        .post(
            Syv,
            &format!("{youth}/interventions"),
            json!({"kind": "talks", "responsibleParty": "municipality", "goal": SECRET}),
        )
        .expect(201)
        .id();
    let own_words = json!({"goals": SECRET, "needs": "Ro", "expectations": "Att ni ringer"});
    let mapping = app
        .post(Syv, &format!("{youth}/mappings"), own_words)
        .expect(201)
        .id();
    let plan = json!({
        "planningText": SECRET, "goalType": "work", "goalText": SECRET,
        "items": [{"what": SECRET, "responsibleParty": "youth"}],
    });
    let plan = app
        .post(Syv, &format!("{youth}/plan-revisions"), plan)
        .expect(201)
        .id();
    let objection = app
        .post(
            Syv,
            &format!("{youth}/correction-notes"),
            json!({"resource": "contact", "recordId": &contact["/contacts/".len()..], "text": SECRET, "raisedBy": "youth"}),
        )
        .expect(201)
        .id();
    Story {
        youth,
        contact,
        measure: format!("/interventions/{measure}"),
        mapping: format!("/mappings/{mapping}"),
        plan: format!("/plan-revisions/{plan}"),
        objection: format!("/correction-notes/{objection}"),
        duty: format!("/episodes/{duty}"),
    }
}

fn close(app: &TestApp, story: &Story) {
    app.send(
        Syv,
        "POST",
        &format!("{}/closure", story.duty),
        &[("If-Match", "\"1\"")],
        Some(json!({
            "exitedOn": "2026-11-24", "deregistrationReason": "registered_in_error",
        })),
    )
    .expect(200);
}

fn outreach(app: &TestApp, story: &Story) -> String {
    let open = json!({"track": "outreach_20_25", "reason": "study_certificate"});
    let id = app
        .post(Syv, &format!("{}/episodes", story.youth), open)
        .expect(201)
        .id();
    format!("/episodes/{id}")
}

/// Every path by which a note of the story can be read.
fn paths(story: &Story) -> Vec<String> {
    vec![
        story.contact.clone(),
        story.measure.clone(),
        story.mapping.clone(),
        story.plan.clone(),
        story.objection.clone(),
        format!("{}/mappings", story.youth),
        format!("{}/plan-revisions", story.youth),
        format!("{}/contacts", story.youth),
        format!("{}/interventions", story.youth),
        format!("{}/correction-notes", story.youth),
        "/contacts".to_owned(),
        "/interventions".to_owned(),
    ]
}

#[track_caller]
fn shown(app: &TestApp, persona: Persona, story: &Story, is_shown: bool) {
    for path in paths(story) {
        let answer = app.get(persona, &path).expect(200);
        assert_eq!(
            answer.body.to_string().contains(SECRET),
            is_shown,
            "{persona:?} {path}"
        );
    }
}

fn carry(
    app: &TestApp,
    persona: Persona,
    episode: &str,
    version: i64,
    body: Value,
) -> crate::support::app::Answer {
    let path = format!("{episode}/carried-notes");
    app.put(persona, &path, Some(version), body)
}

with_app!(the_notes_stay_behind_on_every_path, |app| {
    let story = written(&app);
    shown(&app, Syv, &story, true);
    close(&app, &story);
    // Without outreach they stay readable.
    shown(&app, Syv, &story, true);
    outreach(&app, &story);
    for persona in [Syv, Ungdomskonsulent, Socionom] {
        shown(&app, persona, &story, false);
    }
    // That there was a contact and what came of it is there: only the notes stay behind.
    let contact = app.get(Syv, &story.contact).expect(200);
    assert_eq!(contact.body["result"], "reached");
    for name in ["note", "addenda"] {
        assert!(
            contact.body.get(name).is_none(),
            "{name} is absent, not null"
        );
    }
    let measure = app.get(Syv, &story.measure).expect(200);
    assert_eq!(measure.body["kind"], "talks");
    assert!(measure.body.get("goal").is_none());
    // That there was a plan and when is there; nobody prints what they cannot read.
    let plan = app.get(Syv, &story.plan).expect(200);
    assert_eq!(plan.body["goalType"], "work");
    for name in ["planningText", "goalText", "items", "agreement"] {
        assert!(plan.body.get(name).is_none(), "{name} is absent, not null");
    }
    app.get(Syv, &format!("{}/printout", story.plan))
        .problem(403, "forbidden");
    // What nobody reads nobody writes; the rest of what they wrote their author still corrects.
    let version = contact.version();
    assert_eq!(
        app.patch(Syv, &story.contact, version, json!({"note": "Ny"}))
            .problem(403, "forbidden-field"),
        [("/note".to_owned(), "not-open-to-role".to_owned())]
    );
    app.post(
        Syv,
        &format!("{}/addenda", story.contact),
        json!({"text": "Mer"}),
    )
    .problem(403, "forbidden-field");
    let fresh = app
        .post(
            Syv,
            &format!("{}/contacts", story.youth),
            json!({"channel": "sms", "result": "reached", "note": "Nytt spår"}),
        )
        .expect(201);
    assert_eq!(fresh.body["note"], "Nytt spår");
    // The log does not say that a note was shown that was not.
    app.get(Syv, &story.contact).expect(200);
    let subject = &app.db_last_event("readContact").subjects[0];
    assert!(!subject.2.split(',').any(|field| field == "note"));
});

with_app!(
    outreach_that_began_before_does_not_bring_them_along,
    |app| {
        let story = written(&app);
        outreach(&app, &story);
        // While the duty goes on, its notes are those of the work under way.
        shown(&app, Syv, &story, true);
        close(&app, &story);
        shown(&app, Syv, &story, false);
    }
);

with_app!(a_stored_answer_does_not_bring_them_back, |app| {
    let story = written(&app);
    let own_words = json!({"goals": SECRET, "needs": "Ro", "expectations": SECRET});
    let send = || {
        app.send(
            Syv,
            "POST",
            &format!("{}/mappings", story.youth),
            &[("Idempotency-Key", "m1")],
            Some(own_words.clone()),
        )
    };
    let first = send().expect(201);
    assert_eq!(send().expect(201).body, first.body);
    close(&app, &story);
    outreach(&app, &story);
    let again = send().expect(201);
    assert!(!again.body.to_string().contains(SECRET));
    assert_eq!(again.body["id"], first.body["id"]);
    assert!(again.body.get("goals").is_none());
    // With a reason they are there again.
    app.post(
        Enhetschef,
        &format!("{}/access-grants", story.youth),
        json!({"purpose": "contact_notes", "reason": "Uppföljning av ett klagomål"}),
    )
    .expect(201);
    shown(&app, Enhetschef, &story, true);
});

with_app!(they_follow_at_the_youths_own_request, |app| {
    let story = written(&app);
    close(&app, &story);
    let episode = outreach(&app, &story);
    let wrong =
        |body: Value| carry(&app, Socionom, &episode, 1, body).problem(422, "validation-failed");
    let pair = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(wrong(json!({})), [pair("/basis", "required")]);
    assert_eq!(
        wrong(json!({"basis": "own_request"})),
        [pair("/form", "required")]
    );
    assert_eq!(
        wrong(json!({"basis": "own_request", "form": "written", "givenOn": "2026-11-25"})),
        [pair("/givenOn", "in-future")]
    );
    assert_eq!(
        wrong(json!({"basis": "consent"})),
        [pair("/consentId", "required")]
    );
    let body = json!({"basis": "own_request", "form": "oral_documented"});
    carry(&app, Syv, &story.duty, 2, body.clone()).problem(409, "not-outreach");
    for persona in [Enhetschef, Ambassador, Administrator] {
        carry(&app, persona, &episode, 1, body.clone()).problem(403, "forbidden");
    }
    carry(&app, SyvElsewhere, &episode, 1, body.clone()).problem(404, "not-found");
    app.put(Syv, &format!("{episode}/carried-notes"), None, body.clone())
        .problem(428, "version-required");
    let set = carry(&app, Socionom, &episode, 1, body.clone()).expect(200);
    assert_eq!(set.body["carriedNotes"]["basis"], "own_request");
    assert_eq!(set.body["carriedNotes"]["givenOn"], "2026-11-24");
    assert_eq!(set.version(), 2);
    shown(&app, Syv, &story, true);
    carry(&app, Syv, &episode, 1, body).problem(412, "stale-version");
    // And no longer when the youth thinks otherwise.
    carry(&app, Syv, &episode, 2, json!({"basis": "withdrawn"})).expect(200);
    shown(&app, Syv, &story, false);
});

with_app!(they_follow_on_a_consent_while_it_holds, |mut_app| {
    let mut app = mut_app;
    let story = written(&app);
    close(&app, &story);
    let episode = outreach(&app, &story);
    let consent = |kind: &str, categories: Value| {
        app.post(
            Syv,
            &format!("{}/consents", story.youth),
            json!({
                "recipientKind": kind, "purpose": "Fortsätta där vi var", "categories": categories,
                "givenBy": "youth", "form": "written", "validToOn": "2026-12-01",
            }),
        )
        .expect(201)
        .id()
    };
    let wrong = |id: &str| {
        carry(
            &app,
            Syv,
            &episode,
            1,
            json!({"basis": "consent", "consentId": id}),
        )
        .problem(422, "validation-failed")
    };
    let narrow = consent("outreach_team", json!(["plan"]));
    assert_eq!(wrong(&narrow)[0].1, "consent-other-data");
    let other = consent("guidance", json!(["notes"]));
    assert_eq!(wrong(&other)[0].1, "consent-other-recipient");
    assert_eq!(wrong(&Id::<()>::fresh().to_string())[0].1, "no-such-record");
    let id = consent("outreach_team", json!(["notes"]));
    let body = json!({"basis": "consent", "consentId": id});
    carry(&app, Syv, &episode, 1, body.clone()).expect(200);
    shown(&app, Ungdomskonsulent, &story, true);
    // A withdrawal stops it at once.
    app.post(Syv, &format!("/consents/{id}/withdrawal"), json!({}))
        .expect(200);
    shown(&app, Ungdomskonsulent, &story, false);
    carry(&app, Syv, &episode, 2, body).problem(409, "consent-withdrawn");
    // And so does its last day.
    let again = app
        .post(
            Syv,
            &format!("{}/consents", story.youth),
            json!({
                "recipientKind": "outreach_team", "purpose": "Fortsätta där vi var", "categories": ["notes"],
                "givenBy": "youth", "form": "written", "validToOn": "2026-12-01",
            }),
        )
        .expect(201)
        .id();
    carry(
        &app,
        Syv,
        &episode,
        2,
        json!({"basis": "consent", "consentId": again}),
    )
    .expect(200);
    shown(&app, Syv, &story, true);
    app.pass(Duration::days(7));
    shown(&app, Syv, &story, true);
    app.pass(Duration::days(1));
    shown(&app, Syv, &story, false);
});

with_app!(the_chief_opens_them_with_a_reason, |mut_app| {
    let mut app = mut_app;
    let story = written(&app);
    close(&app, &story);
    outreach(&app, &story);
    shown(&app, Enhetschef, &story, false);
    app.post(
        Enhetschef,
        &format!("{}/access-grants", story.youth),
        json!({"purpose": "contact_notes", "reason": "Uppföljning av ett klagomål"}),
    )
    .expect(201);
    shown(&app, Enhetschef, &story, true);
    app.get(Enhetschef, &story.measure).expect(200);
    assert!(app.db_last_event("readIntervention").is_break_glass);
    app.pass(Duration::minutes(15));
    shown(&app, Enhetschef, &story, false);
});

with_app!(a_duty_that_is_opened_again_has_its_notes, |app| {
    let story = written(&app);
    close(&app, &story);
    outreach(&app, &story);
    shown(&app, Syv, &story, false);
    let again = json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-11-24"});
    app.post(Syv, &format!("{}/episodes", story.youth), again)
        .expect(201);
    shown(&app, Syv, &story, true);
});
