//! Organisations and contact persons over HTTP: who keeps them, what a wrong one is told, and that they are ended, not deleted.

use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
    SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::with_app;
use kaa::domain::codes::Code;
use kaa::domain::organisation::OrganisationKind;
use serde_json::{Value, json};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

/// An organisation entered by the konsulent.
pub fn enter(app: &TestApp, name: &str, kind: &str) -> String {
    let body = json!({"name": name, "kind": kind});
    app.post(Ungdomskonsulent, "/organisations", body)
        .expect(201)
        .id()
}

with_app!(an_organisation_is_entered_changed_and_ended, |app| {
    let body = json!({
        "name": "Café Örnen", "kind": "employer", "address": "Sturegatan 1", "phone": "08-465 004 10",
        "email": "hej@ornen.example", "website": "https://ornen.example", "note": "Ring på förmiddagen.",
    });
    let made = app
        .post(Ungdomskonsulent, "/organisations", body)
        .expect(201);
    assert_eq!(made.body["unitId"], json!(app.world.unit));
    assert_eq!(made.body["isActive"], true);
    assert_eq!(made.version(), 1);
    let path = format!("/organisations/{}", made.id());
    assert!(made.header("location").unwrap().ends_with(&path));
    app.send(Syv, "PATCH", &path, &[], Some(json!({})))
        .problem(428, "version-required");
    let changed = app
        .patch(
            Socionom,
            &path,
            1,
            json!({"phone": "08-465 004 12", "note": null}),
        )
        .expect(200);
    assert!(changed.body["note"].is_null());
    app.patch(Syv, &path, 1, json!({"name": "Annat"}))
        .problem(412, "stale-version");
    let ended = app
        .patch(Syv, &path, 2, json!({"isActive": false}))
        .expect(200);
    assert_eq!(ended.version(), 3);
    assert_eq!(app.get(Enhetschef, &path).expect(200).body, ended.body);
    let event = app.db_last_event("updateOrganisation");
    assert_eq!(event.subjects[0].1, "organisations");
    app.send(Syv, "DELETE", &path, &[], None)
        .problem(405, "method-not-allowed");
    // The same request again makes no second one.
    let again = json!({"name": "Idrottsföreningen", "kind": "ngo"});
    let key = [("Idempotency-Key", "en-gång")];
    let ids = [0, 1].map(|_| {
        app.send(
            Syv,
            "POST",
            "/organisations",
            &[("Idempotency-Key", "en-gang")],
            Some(again.clone()),
        )
        .expect(201)
        .id()
    });
    assert_eq!(ids[0], ids[1]);
    app.send(Syv, "POST", "/organisations", &key, Some(again))
        .problem(400, "invalid-parameter");
});

with_app!(what_is_wrong_with_an_organisation_is_told_by_name, |app| {
    let wrong = json!({
        "name": "", "kind": "affär", "phone": "ring", "email": "hej", "website": "javascript:alert(1)", "youth": "Alva",
    });
    assert_eq!(
        app.post(Syv, "/organisations", wrong)
            .problem(422, "validation-failed"),
        [
            ("/name", "required"),
            ("/kind", "not-in-list"),
            ("/phone", "phone"),
            ("/email", "email"),
            ("/website", "not-website"),
            ("/youth", "unknown-field"),
        ]
        .map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
    let first = enter(&app, "Biblioteket", "employer");
    let same = json!({"name": "BIBLIOTEKET", "kind": "employer"});
    assert_eq!(
        app.post(Syv, "/organisations", same.clone())
            .problem(422, "validation-failed"),
        one("/name", "taken")
    );
    // Of another kind, or of another unit, it is another one.
    enter(&app, "Biblioteket", "other");
    app.post(SyvElsewhere, "/organisations", same).expect(201);
    app.patch(
        Syv,
        &format!("/organisations/{first}"),
        1,
        json!({"address": "Torget"}),
    )
    .expect(200);
    // Somebody might write of a person: sensitive words are asked about.
    let telling =
        json!({"name": "Kafét", "kind": "employer", "note": "Känner till hans missbruk."});
    assert_eq!(
        app.post(Syv, "/organisations", telling)
            .problem(422, "validation-failed"),
        one("/note", "sensitive-terms")
    );
});

with_app!(the_list_is_by_name_and_filtered, |app| {
    for (name, kind) in [
        ("Örnen", "employer"),
        ("Arbetsförmedlingen", "employment_service"),
        ("Äpplet", "employer"),
        ("Bageriet", "employer"),
    ] {
        enter(&app, name, kind);
    }
    let names = |query: &str| {
        app.get(Enhetschef, &format!("/organisations{query}"))
            .expect(200)
            .column("organisations", "name")
    };
    assert_eq!(
        names(""),
        ["Arbetsförmedlingen", "Bageriet", "Äpplet", "Örnen"]
    );
    assert_eq!(names("?kind=employer"), ["Bageriet", "Äpplet", "Örnen"]);
    assert_eq!(names("?isActive=false"), Vec::<Value>::new());
    let first = app.get(Syv, "/organisations?limit=3").expect(200);
    let next = app.get(Syv, first.next().unwrap()).expect(200);
    assert_eq!(next.column("organisations", "name"), ["Örnen"]);
    assert_eq!(
        app.get(SyvElsewhere, "/organisations").expect(200).body["organisations"],
        json!([])
    );
    app.get(Syv, "/organisations?kind=shop")
        .problem(400, "invalid-parameter");
    for kind in OrganisationKind::ALL {
        enter(&app, &format!("Ny {}", kind.sv()), kind.code());
    }
});

with_app!(contact_persons_come_and_go, |app| {
    let organisation = enter(&app, "Café Örnen", "employer");
    let below = format!("/organisations/{organisation}/contact-persons");
    let body = json!({"name": "Eva Ek", "title": "Köksmästare", "phone": "08-465 004 11", "email": "eva@ornen.example"});
    let made = app.post(Ungdomskonsulent, &below, body).expect(201);
    assert_eq!(made.body["organisationId"], json!(organisation));
    let path = format!("/contact-persons/{}", made.id());
    app.post(Syv, &below, json!({"name": "Bo Berg"}))
        .expect(201);
    assert_eq!(
        app.post(Syv, &below, json!({"phone": "x"}))
            .problem(422, "validation-failed"),
        [one("/name", "required"), one("/phone", "phone")].concat()
    );
    let gone = app
        .patch(Socionom, &path, 1, json!({"isActive": false}))
        .expect(200);
    assert_eq!(gone.version(), 2);
    app.patch(Socionom, &path, 1, json!({"title": null}))
        .problem(412, "stale-version");
    let names = |query: &str| {
        app.get(Enhetschef, &format!("{below}{query}"))
            .expect(200)
            .column("contactPersons", "name")
    };
    assert_eq!(names(""), ["Eva Ek", "Bo Berg"]);
    assert_eq!(names("?isActive=true"), ["Bo Berg"]);
    assert_eq!(app.get(Enhetschef, &path).expect(200).body, gone.body);
});

with_app!(they_are_the_units_and_the_teams, |app| {
    let organisation = enter(&app, "Café Örnen", "employer");
    let below = format!("/organisations/{organisation}/contact-persons");
    let person = app
        .post(Syv, &below, json!({"name": "Eva Ek"}))
        .expect(201)
        .id();
    let reads = [
        format!("/organisations/{organisation}"),
        below.clone(),
        format!("/contact-persons/{person}"),
    ];
    let changes = [reads[0].clone(), reads[2].clone()];
    for path in &reads {
        app.get(Enhetschef, path).expect(200);
        for persona in [SyvElsewhere, EnhetschefElsewhere] {
            app.get(persona, path).problem(404, "not-found");
        }
        for persona in [Ambassador, Administrator, Loggranskare] {
            app.get(persona, path).problem(403, "forbidden");
        }
    }
    let write =
        |persona: Persona, path: &str| app.patch(persona, path, 1, json!({"name": "Annat"}));
    for path in &changes {
        write(Enhetschef, path).problem(403, "forbidden");
        write(SyvElsewhere, path).problem(404, "not-found");
        write(Ambassador, path).problem(403, "forbidden");
    }
    app.post(SyvElsewhere, &below, json!({"name": "Annan"}))
        .problem(404, "not-found");
    app.post(
        Enhetschef,
        "/organisations",
        json!({"name": "Min", "kind": "ngo"}),
    )
    .problem(403, "forbidden");
});
