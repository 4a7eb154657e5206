//! With whom a youth is shared, over HTTP: what stands towards each recipient, that it stops standing, and that what lies in the
//! compartment is told to nobody else.

use crate::support::Persona::{
    self, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, SocionomStranger,
    Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::story::place;
use crate::with_app;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

fn shared(app: &TestApp, persona: Persona, youth: Id<Youth>) -> Vec<Value> {
    let list = app
        .get(persona, &format!("/youths/{youth}/sharing"))
        .expect(200);
    list.body["recipients"].as_array().unwrap().clone()
}

/// Recipient, name and what stands: kind and basis.
type Told = (String, Value, Vec<(String, Value)>);

fn told(recipients: &[Value]) -> Vec<Told> {
    recipients
        .iter()
        .map(|row| {
            let standing = row["standing"].as_array().unwrap().iter();
            (
                row["recipientKind"].as_str().unwrap().to_owned(),
                row["recipientName"].clone(),
                standing
                    .map(|fact| {
                        (
                            fact["kind"].as_str().unwrap().to_owned(),
                            fact["basis"].clone(),
                        )
                    })
                    .collect(),
            )
        })
        .collect()
}

fn add(app: &TestApp, persona: Persona, youth: Id<Youth>, path: &str, body: Value) -> String {
    app.post(persona, &format!("/youths/{youth}/{path}"), body)
        .expect(201)
        .id()
}

fn consent(kind: &str, name: &str) -> Value {
    json!({
        "recipientKind": kind, "recipientName": name, "purpose": "Söka jobb", "categories": ["contact_details", "occupation"],
        "givenBy": "youth", "form": "written",
    })
}

with_app!(each_recipient_stands_once_with_what_holds_now, |app| {
    let alva = app.world.alva;
    assert_eq!(shared(&app, Syv, alva), Vec::<Value>::new());
    let given = add(
        &app,
        Syv,
        alva,
        "consents",
        consent("employment_service", "Jobbtorget"),
    );
    let handed = json!({
        "recipientKind": "employment_service", "recipientName": "jobbtorget", "categories": ["occupation"], "means": "letter",
        "consentId": given,
    });
    add(&app, Syv, alva, "disclosures", handed);
    let referral = json!({"target": "ngo", "recipient": "Ankaret"});
    let referral = add(&app, Syv, alva, "referrals", referral);
    let referral = format!("/referrals/{referral}");
    let yes = json!({"status": "consented", "consentedOn": "2026-11-24", "consentForm": "written"});
    app.patch(Syv, &referral, 1, yes).expect(200);
    let offer = place(&app);
    let placed = app
        .post(
            Syv,
            &format!("/placement-offers/{offer}/placements"),
            json!({"youthId": alva}),
        )
        .expect(201);
    // A yes to the referral is a consent; nothing has been sent, and no host told of anybody.
    let consented = ("consent".to_owned(), json!("consent"));
    let disclosed = ("disclosure".to_owned(), json!("consent"));
    let now = told(&shared(&app, Ungdomskonsulent, alva));
    assert_eq!(now.len(), 2);
    assert_eq!(now[0].0, "employment_service");
    assert_eq!(now[0].2.len(), 2);
    assert!(now[0].2.contains(&consented) && now[0].2.contains(&disclosed));
    assert_eq!(
        now[1],
        ("ngo".to_owned(), json!("Ankaret"), vec![consented.clone()])
    );
    app.patch(Syv, &referral, 2, json!({"status": "sent"}))
        .expect(200);
    let intervention = placed.body["interventionId"].as_str().unwrap();
    let intervention = format!("/interventions/{intervention}");
    app.patch(Syv, &intervention, 1, json!({"answer": "accepted"}))
        .expect(200);
    let rows = shared(&app, Enhetschef, alva);
    let now = told(&rows);
    assert_eq!(now.len(), 3);
    let ngo: Vec<&str> = now[1].2.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(ngo.len(), 3, "{ngo:?}");
    for kind in ["consent", "referral", "disclosure"] {
        assert!(ngo.contains(&kind), "{kind}");
    }
    assert_eq!(
        now[2],
        (
            "employer".to_owned(),
            json!("Praktikvärden"),
            vec![("placement".to_owned(), Value::Null)]
        )
    );
    let host = &rows[2];
    assert!(host["organisationId"].is_string());
    assert_eq!(host["standing"][0]["recordId"], json!(placed.id()));
    assert_eq!(host["standing"][0]["sinceOn"], "2026-11-24");
    assert_eq!(host["standing"][0]["untilOn"], "2027-02-26");
    let event = app.db_last_event("listYouthSharing");
    assert!(
        event
            .subjects
            .iter()
            .all(|subject| subject.0 == Some(alva) && subject.1 == "sharing")
    );
    // What stops holding stands no longer; what was told stays told.
    let withdrawal = app.post(Syv, &format!("/consents/{given}/withdrawal"), json!({}));
    withdrawal.expect(200);
    app.patch(
        Syv,
        &intervention,
        2,
        json!({"answer": "declined", "answeredOn": null}),
    )
    .expect(200);
    app.patch(Syv, &referral, 3, json!({"status": "received"}))
        .expect(200);
    app.patch(Syv, &referral, 4, json!({"status": "closed"}))
        .expect(200);
    let now = told(&shared(&app, Syv, alva));
    assert_eq!(now.len(), 2);
    assert_eq!(now[0].2, [disclosed]);
    let ngo: Vec<&str> = now[1].2.iter().map(|(kind, _)| kind.as_str()).collect();
    assert!(!ngo.contains(&"referral"), "{ngo:?}");
    // Page by page.
    let page = app
        .get(Syv, &format!("/youths/{alva}/sharing?limit=1"))
        .expect(200);
    let next = app.get(Syv, page.next().unwrap()).expect(200);
    assert_eq!(next.column("recipients", "recipientKind"), ["ngo"]);
});

with_app!(what_lies_in_the_compartment_is_told_to_nobody_else, |app| {
    let alva = app.world.alva;
    add(
        &app,
        Syv,
        alva,
        "consents",
        consent("employment_service", "Jobbtorget"),
    );
    let without: Vec<Vec<Value>> = [Syv, Ungdomskonsulent, SocionomStranger, Enhetschef]
        .map(|persona| shared(&app, persona, alva))
        .to_vec();
    add(
        &app,
        Socionom,
        alva,
        "consents",
        consent("health_care", "Vårdcentralen"),
    );
    let clinic = json!({
        "recipientKind": "youth_clinic", "categories": ["contact_details"], "means": "phone", "basis": "other",
        "basisReason": "Bad oss ringa åt sig.",
    });
    add(&app, Socionom, alva, "disclosures", clinic);
    for (persona, before) in [Syv, Ungdomskonsulent, SocionomStranger, Enhetschef]
        .into_iter()
        .zip(without)
    {
        assert_eq!(shared(&app, persona, alva), before, "{persona:?}");
    }
    let kinds = |persona: Persona| -> Vec<String> {
        told(&shared(&app, persona, alva))
            .into_iter()
            .map(|(kind, _, _)| kind)
            .collect()
    };
    let all = ["employment_service", "health_care", "youth_clinic"];
    let mut seen = kinds(Socionom);
    seen.sort();
    assert_eq!(seen, all);
    assert!(!app.db_last_event("listYouthSharing").is_break_glass);
    let glass = json!({"purpose": "protected_compartment", "reason": "Uppföljning av ett klagomål", "minutes": 10});
    app.post(Enhetschef, &format!("/youths/{alva}/access-grants"), glass)
        .expect(201);
    let mut seen = kinds(Enhetschef);
    seen.sort();
    assert_eq!(seen, all);
    let event = app.db_last_event("listYouthSharing");
    assert!(event.is_break_glass);
    assert!(
        event
            .subjects
            .iter()
            .any(|subject| subject.1 == "protectedSharing")
    );
    // A host is a host, whatever else it is for.
    let path = format!("/youths/{alva}/sharing");
    for persona in [Ambassador, Loggranskare] {
        app.get(persona, &path).problem(403, "forbidden");
    }
    for persona in [SyvElsewhere, EnhetschefElsewhere] {
        app.get(persona, &path).problem(404, "not-found");
    }
    app.get(Syv, &format!("{path}?all=true"))
        .problem(400, "invalid-parameter");
});
