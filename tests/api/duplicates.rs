//! Likely duplicates over HTTP: who is listed and why, who never is, and that two are not the same person, which is remembered.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Loggranskare, Nobody, Socionom, SocionomStranger, Syv,
    SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::world::Persona;
use crate::with_app;
use serde_json::{Value, json};

/// The samordningsnummer of somebody born on Alva's birthday.
pub const ALVA_BEFORE: &str = "200901652388";

pub fn register(app: &TestApp, by: Persona, person: Value) -> String {
    app.post(by, "/youths", person).expect(201).id()
}

fn born_with_alva(app: &TestApp, given_name: &str, family_name: &str) -> String {
    let person =
        json!({"givenName": given_name, "familyName": family_name, "birthDate": "2009-01-05"});
    register(app, Syv, person)
}

/// Each pair and its reasons.
fn pairs(app: &TestApp) -> Vec<([String; 2], Vec<Value>)> {
    let list = app.get(Syv, "/youth-duplicates").expect(200);
    let rows = list.body["youthDuplicates"].as_array().unwrap().clone();
    rows.iter()
        .map(|row| {
            // The one that was registered first stands first.
            assert!(row["youth"]["id"].as_str() < row["otherYouth"]["id"].as_str());
            let both =
                ["youth", "otherYouth"].map(|name| row[name]["id"].as_str().unwrap().to_owned());
            (both, row["reasons"].as_array().unwrap().clone())
        })
        .collect()
}

with_app!(
    those_who_are_likely_one_person_are_listed_with_the_reason,
    |app| {
        assert!(pairs(&app).is_empty());
        let swapped = born_with_alva(&app, "Lindqvist Björk", "Alva");
        born_with_alva(&app, "Emma", "Lindqvist-Björk");
        let changed = json!({"givenName": "Alva", "familyName": "Lindkvist Björk", "identityNumber": ALVA_BEFORE});
        let changed = register(&app, Socionom, changed);
        let found = pairs(&app);
        let reasons_of = |id: &str| {
            found
                .iter()
                .find(|(both, _)| *both == [app.world.alva.to_string(), id.to_owned()])
                .unwrap()
                .1
                .clone()
        };
        assert_eq!(
            reasons_of(&swapped),
            [json!("same_birth_date_similar_name")]
        );
        assert_eq!(reasons_of(&changed), [json!("number_changed")]);
        // Alva and either, and these two, but not her twin.
        assert_eq!(found.len(), 3);
        // Each reading stands in the log of both.
        let event = app.db_last_event("listYouthDuplicates");
        assert!(
            event
                .subjects
                .iter()
                .any(|subject| subject.0 == Some(app.world.alva))
        );
        // Page by page, forwards and back.
        let first = app.get(Syv, "/youth-duplicates?limit=2").expect(200);
        let second = app.get(Syv, first.next().unwrap()).expect(200);
        assert_ne!(
            first.body["youthDuplicates"],
            second.body["youthDuplicates"]
        );
        assert!(second.next().is_none());
    }
);

with_app!(a_protected_identity_is_in_no_pair, |app| {
    let other = born_with_alva(&app, "Alva", "Lindqvist-Björk");
    assert_eq!(pairs(&app).len(), 1);
    app.patch(
        Syv,
        &format!("/youths/{other}"),
        1,
        json!({"protectionLevel": "confidentiality_marking"}),
    )
    .expect(200);
    assert!(pairs(&app).is_empty());
    // Whoever may not know of one of the two is told what is told of an id that nobody has.
    let body = json!({"youthId": app.world.alva, "otherYouthId": other, "reason": "Ingen som vi känner till."});
    app.post(SocionomStranger, "/duplicate-dismissals", body)
        .problem(422, "validation-failed");
    // Somebody of another unit is seen by nobody here.
    let elsewhere = json!({"youthId": app.world.alva, "otherYouthId": app.world.dag, "reason": "Ingen som vi känner till."});
    let problems = app
        .post(Syv, "/duplicate-dismissals", elsewhere)
        .problem(422, "validation-failed");
    assert_eq!(problems[0].0, "/otherYouthId");
});

with_app!(
    who_is_not_the_same_is_remembered_until_it_is_taken_back,
    |app| {
        let twin = born_with_alva(&app, "Alwa", "Lindqvist-Björk");
        assert_eq!(pairs(&app).len(), 1);
        let body = json!({"youthId": twin, "otherYouthId": app.world.alva, "reason": "Tvillingar; mamman har bekräftat det."});
        let noted = app
            .post(Socionom, "/duplicate-dismissals", body.clone())
            .expect(201);
        assert_eq!(noted.body["createdBy"], json!(app.world.user(Socionom)));
        // It stands in the log of both.
        let event = app.db_last_event("dismissDuplicate");
        assert_eq!(
            event
                .subjects
                .iter()
                .filter(|subject| subject.0.is_some())
                .count(),
            2
        );
        assert!(pairs(&app).is_empty());
        app.post(Syv, "/duplicate-dismissals", body.clone())
            .problem(409, "already-exists");
        let same = json!({"youthId": twin, "otherYouthId": twin, "reason": "Tvillingar; mamman har bekräftat det."});
        app.post(Syv, "/duplicate-dismissals", same)
            .problem(422, "validation-failed");
        let path = format!("/duplicate-dismissals/{}", noted.id());
        for persona in [Syv, Socionom, SocionomStranger, Enhetschef] {
            assert_eq!(
                app.get(persona, &path).expect(200).body["reason"],
                noted.body["reason"]
            );
            let listed = app.get(persona, "/duplicate-dismissals").expect(200);
            assert_eq!(
                listed.column("duplicateDismissals", "id"),
                [json!(noted.id())]
            );
        }
        for persona in [Ambassador, Ungdomskonsulent, Administrator, Loggranskare] {
            app.get(persona, &path).problem(403, "forbidden");
            app.get(persona, "/duplicate-dismissals")
                .problem(403, "forbidden");
            app.get(persona, "/youth-duplicates")
                .problem(403, "forbidden");
        }
        app.get(SyvElsewhere, &path).problem(404, "not-found");
        app.get(Nobody, &path).problem(401, "unauthenticated");
        let back = json!({"withdrawalReason": "De har samma nummer hos Skatteverket."});
        app.patch(Syv, &path, 7, back.clone())
            .problem(412, "stale-version");
        app.patch(Syv, &path, 1, json!({}))
            .problem(422, "validation-failed");
        app.patch(Syv, &path, 1, json!({"reason": "Något helt annat."}))
            .problem(422, "validation-failed");
        let taken = app.patch(Syv, &path, 1, back.clone()).expect(200);
        assert_eq!(taken.body["withdrawnBy"], json!(app.world.user(Syv)));
        app.patch(Syv, &path, 2, back).problem(409, "fact-void");
        assert_eq!(pairs(&app).len(), 1);
        let in_force = app
            .get(Syv, "/duplicate-dismissals?isInForce=true")
            .expect(200);
        assert!(in_force.column("duplicateDismissals", "id").is_empty());
        let of_twin = app
            .get(Syv, &format!("/duplicate-dismissals?youthId={twin}"))
            .expect(200);
        assert_eq!(of_twin.column("duplicateDismissals", "id").len(), 1);
        app.post(Syv, "/duplicate-dismissals", body).expect(201);
    }
);
