//! Placements over HTTP: what hosts offer and youths want, who suits what, from a match to an offered intervention in one step,
//! and that no place is given twice, whatever is done in whatever order, and by how many at once.

use crate::episodes::{close, way_out};
use crate::organisations::enter;
use crate::support::Persona::{
    self, Administrator, Ambassador, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
    SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::with_app;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kaa::db::Conn;
use kaa::db::schema::{intervention_follow_ups, measure_gates, placements, youths};
use kaa::domain::codes::ProtectionLevel;
use kaa::domain::id::{Id, PlacementOffer, Youth};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// What a café offers; entered anew each time, under a name of its own.
fn offered(app: &TestApp) -> Value {
    let host = enter(app, &format!("Kafé {}", uuid::Uuid::now_v7()), "employer");
    json!({
        "organisationId": host, "title": "Kök och servering", "field": "restaurant_bakery", "kind": "work_placement",
        "places": 1, "startsOn": "2026-12-01", "endsOn": "2027-02-26",
    })
}

fn offer(app: &TestApp, changes: Value) -> String {
    let body = with(offered(app), changes);
    app.post(Ungdomskonsulent, "/placement-offers", body)
        .expect(201)
        .id()
}

fn wish(app: &TestApp, youth: impl std::fmt::Display, changes: Value) -> Answer {
    let body = with(json!({"fields": ["restaurant_bakery"]}), changes);
    app.post(
        Ungdomskonsulent,
        &format!("/youths/{youth}/placement-wishes"),
        body,
    )
}

fn place(app: &TestApp, persona: Persona, offer: &str, youth: impl std::fmt::Display) -> Answer {
    let path = format!("/placement-offers/{offer}/placements");
    app.post(persona, &path, json!({"youthId": youth.to_string()}))
}

/// Another youth of the unit, followed and with a plan.
fn newcomer(app: &TestApp) -> String {
    let person = json!({"givenName": "Nils", "familyName": "Ny", "birthDate": "2009-02-06"});
    let youth = app.post(Syv, "/youths", person).expect(201).id();
    let add = |path: &str, body: Value| {
        app.post(Syv, &format!("/youths/{youth}/{path}"), body)
            .expect(201);
    };
    add(
        "episodes",
        json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"}),
    );
    add(
        "mappings",
        json!({"goals": "Jobba.", "needs": "Tid.", "expectations": "Svar."}),
    );
    let plan = json!({
        "planningText": "Praktik.", "goalType": "work", "goalText": "Ett jobb.",
        "items": [{"what": "Praktik", "responsibleParty": "municipality"}],
    });
    add("plan-revisions", plan);
    youth
}

fn matches(app: &TestApp, persona: Persona, offer: &str) -> Vec<Value> {
    app.get(
        persona,
        &format!("/placement-offers/{offer}/matches?limit=200"),
    )
    .expect(200)
    .column("matches", "youthId")
}

fn offers_for(app: &TestApp, persona: Persona, youth: impl std::fmt::Display) -> Vec<Value> {
    app.get(
        persona,
        &format!("/youths/{youth}/placement-matches?limit=200"),
    )
    .expect(200)
    .column("matches", "offerId")
}

fn intervention_of(placement: &Answer) -> String {
    let id = placement.body["interventionId"].as_str().unwrap();
    format!("/interventions/{id}")
}

/// Changes the intervention behind a placement, on the version that it has.
fn change(app: &TestApp, path: &str, patch: Value) -> Answer {
    let version = app.get(Syv, path).expect(200).version();
    app.patch(Syv, path, version, patch)
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    places: i64,
    #[diesel(sql_type = BigInt)]
    held: i64,
}

/// Places and those held, in one question to the database and in words of the test's own.
fn db_count(conn: &mut Conn, offer: &str) -> (i64, i64) {
    let id: Id<PlacementOffer> = Id::of(offer.parse().unwrap());
    let id = match conn {
        Conn::Pg(_) => format!("'{id}'"),
        Conn::Sqlite(_) => format!("x'{}'", id.uuid().simple()),
    };
    let sql = format!(
        "SELECT o.places AS places, (SELECT COUNT(*) FROM placements p JOIN interventions i ON i.id = p.intervention_id \
         JOIN episodes e ON e.id = i.episode_id WHERE p.offer_id = o.id AND e.exited_on IS NULL AND i.ended_on IS NULL \
         AND i.answer IN ('offered', 'accepted')) AS held FROM placement_offers o WHERE o.id = {id}"
    );
    let counted: Counted = diesel::sql_query(sql).get_result(conn).unwrap();
    (counted.places, counted.held)
}

// What is offered and wanted -----------------------------------------------------------------------

with_app!(an_offer_is_entered_changed_and_closed, |app| {
    let base = offered(&app);
    let host = base["organisationId"].as_str().unwrap().to_owned();
    let below = format!("/organisations/{host}/contact-persons");
    let person = app
        .post(Syv, &below, json!({"name": "Eva Ek"}))
        .expect(201)
        .id();
    let body = with(
        base.clone(),
        json!({"supervisorId": person, "requirements": "Börja klockan sju.", "leastAge": 17, "needsDrivingLicence": true, "places": 3}),
    );
    let made = app
        .post(Ungdomskonsulent, "/placement-offers", body)
        .expect(201);
    assert_eq!(made.body["status"], "open");
    assert_eq!(made.body["hasFreePlace"], true);
    assert_eq!(made.body["unitId"], json!(app.world.unit));
    let path = format!("/placement-offers/{}", made.id());
    let changed = app.patch(
        Socionom,
        &path,
        1,
        json!({"places": 2, "supervisorId": null}),
    );
    assert_eq!(changed.expect(200).body["places"], 2);
    app.patch(Socionom, &path, 1, json!({"places": 1}))
        .problem(412, "stale-version");
    app.send(Syv, "PATCH", &path, &[], Some(json!({})))
        .problem(428, "version-required");
    let closed = app
        .patch(Syv, &path, 2, json!({"status": "closed"}))
        .expect(200);
    assert_eq!(app.get(Enhetschef, &path).expect(200).body, closed.body);
    for (change, pointer, code) in [
        (
            json!({"organisationId": null}),
            "/organisationId",
            "required",
        ),
        (
            json!({"organisationId": uuid::Uuid::now_v7()}),
            "/organisationId",
            "no-such-record",
        ),
        (json!({"title": ""}), "/title", "required"),
        (json!({"field": "space"}), "/field", "not-in-list"),
        (json!({"kind": "talks"}), "/kind", "not-in-list"),
        (json!({"places": 0}), "/places", "out-of-range"),
        (json!({"places": 201}), "/places", "out-of-range"),
        (
            json!({"endsOn": "2026-11-30"}),
            "/endsOn",
            "wrong-date-order",
        ),
        (
            json!({"startsOn": "2026-10-01", "endsOn": "2026-11-23"}),
            "/endsOn",
            "in-past",
        ),
        (
            json!({"supervisorId": uuid::Uuid::now_v7()}),
            "/supervisorId",
            "no-such-record",
        ),
        (json!({"leastAge": 15}), "/leastAge", "out-of-range"),
        (
            json!({"requirements": "Inget missbruk."}),
            "/requirements",
            "sensitive-terms",
        ),
        (
            json!({"youthId": app.world.alva}),
            "/youthId",
            "unknown-field",
        ),
    ] {
        let told = app
            .post(Syv, "/placement-offers", with(base.clone(), change))
            .problem(422, "validation-failed");
        assert_eq!(told, one(pointer, code));
    }
    // A supervisor is of the host, and there; the host of one's own unit, and worked with. Both stay as they are.
    let other = offered(&app);
    let elsewhere = with(other.clone(), json!({"supervisorId": person}));
    assert_eq!(
        app.post(Syv, "/placement-offers", elsewhere)
            .problem(422, "validation-failed"),
        one("/supervisorId", "no-such-record")
    );
    for (change, pointer) in [
        (
            json!({"organisationId": other["organisationId"]}),
            "/organisationId",
        ),
        (json!({"kind": "subsidised_employment"}), "/kind"),
    ] {
        assert_eq!(
            app.patch(Syv, &path, 3, change)
                .problem(422, "validation-failed"),
            one(pointer, "immutable")
        );
    }
    let ended = format!(
        "/organisations/{}",
        other["organisationId"].as_str().unwrap()
    );
    app.patch(Syv, &ended, 1, json!({"isActive": false}))
        .expect(200);
    assert_eq!(
        app.post(Syv, "/placement-offers", other)
            .problem(422, "validation-failed"),
        one("/organisationId", "no-such-record")
    );
});

with_app!(offers_are_the_units_and_filtered, |app| {
    let first = offer(&app, json!({"startsOn": "2026-12-01"}));
    let later = offer(
        &app,
        json!({"startsOn": "2027-01-11", "field": "trade", "kind": "subsidised_employment"}),
    );
    let ids = |persona: Persona, query: &str| {
        app.get(persona, &format!("/placement-offers{query}"))
            .expect(200)
            .column("placementOffers", "id")
    };
    assert_eq!(ids(Enhetschef, ""), [json!(later), json!(first)]);
    assert_eq!(ids(Syv, "?field=trade"), [json!(later)]);
    assert_eq!(ids(Syv, "?kind=work_placement"), [json!(first)]);
    assert_eq!(ids(Syv, "?status=closed"), Vec::<Value>::new());
    assert_eq!(ids(SyvElsewhere, ""), Vec::<Value>::new());
    for path in [
        format!("/placement-offers/{first}"),
        format!("/placement-offers/{first}/matches"),
        format!("/placement-offers/{first}/placements"),
    ] {
        app.get(Enhetschef, &path).expect(200);
        for persona in [SyvElsewhere, EnhetschefElsewhere] {
            app.get(persona, &path).problem(404, "not-found");
        }
        for persona in [Ambassador, Administrator, Loggranskare] {
            app.get(persona, &path).problem(403, "forbidden");
        }
    }
    app.patch(
        Enhetschef,
        &format!("/placement-offers/{first}"),
        1,
        json!({"places": 2}),
    )
    .problem(403, "forbidden");
    place(&app, Enhetschef, &first, app.world.bo).problem(403, "forbidden");
    place(&app, SyvElsewhere, &first, app.world.dag).problem(404, "not-found");
});

with_app!(one_wish_stands_at_a_time, |app| {
    let bo = app.world.bo;
    let body = json!({"fields": ["trade", "restaurant_bakery"], "toOn": "2027-06-30", "hoursPerWeek": 20, "note": "Helst förmiddagar."});
    let made = wish(&app, bo, body).expect(201);
    assert_eq!(
        made.body["fields"],
        json!(["restaurant_bakery", "trade"]),
        "in the order of the list"
    );
    assert_eq!(
        made.body["fromOn"], "2026-11-24",
        "today, if no day is told"
    );
    assert_eq!(made.body["episodeId"], json!(app.world.bo_episode));
    wish(&app, bo, json!({})).problem(409, "already-exists");
    let path = format!("/placement-wishes/{}", made.id());
    let objection = json!({
        "resource": "placement_wish", "recordId": made.id(), "field": "fields", "text": "Inte butik.", "raisedBy": "youth",
    });
    app.post(Syv, &format!("/youths/{bo}/correction-notes"), objection)
        .expect(201);
    let changed = app
        .patch(
            Syv,
            &path,
            1,
            json!({"fields": ["care"], "hasDrivingLicence": true}),
        )
        .expect(200);
    assert_eq!(changed.body["fields"], json!(["care"]));
    app.patch(Syv, &path, 1, json!({}))
        .problem(412, "stale-version");
    for (change, pointer, code) in [
        (json!({"fields": []}), "/fields", "required"),
        (json!({"fields": ["space"]}), "/fields", "not-in-list"),
        (json!({"fromOn": null}), "/fromOn", "required"),
        (json!({"toOn": "2026-11-01"}), "/toOn", "wrong-date-order"),
        (json!({"hoursPerWeek": 41}), "/hoursPerWeek", "out-of-range"),
        (json!({"note": "Har missbruk."}), "/note", "sensitive-terms"),
        (
            json!({"episodeId": app.world.alva_episode}),
            "/episodeId",
            "immutable",
        ),
    ] {
        assert_eq!(
            app.patch(Syv, &path, 2, change)
                .problem(422, "validation-failed"),
            one(pointer, code)
        );
    }
    app.patch(Syv, &path, 2, json!({"isActive": false}))
        .expect(200);
    wish(&app, bo, json!({})).expect(201);
    app.patch(Syv, &path, 3, json!({"isActive": true}))
        .problem(409, "already-exists");
    wish(&app, app.world.olle, json!({})).problem(409, "no-open-episode");
    // Whom one does not see, and who does not write.
    wish(&app, app.world.pia, json!({})).problem(404, "not-found");
    app.get(SyvElsewhere, &path).problem(404, "not-found");
    for persona in [Enhetschef, Ambassador, Administrator] {
        let body = json!({"fields": ["care"]});
        app.post(
            persona,
            &format!("/youths/{}/placement-wishes", app.world.alva),
            body,
        )
        .problem(403, "forbidden");
    }
    // With the episode it ends.
    close(&app, Syv, app.world.bo_episode, 1, json!({
        "exitedOn": "2026-11-24", "deregistrationReason": "goal_reached", "destination": "work", "destinationElsewhere": false,
    }))
    .expect(200);
    app.patch(Syv, &path, 3, json!({"note": null}))
        .problem(409, "episode-closed");
});

// Matching -----------------------------------------------------------------------------------------

fn db_gate(app: &TestApp, youth: Id<Youth>, may_start: bool) {
    diesel::delete(measure_gates::table.find(youth))
        .execute(&mut app.db())
        .unwrap();
    let since: chrono::NaiveDate = "2026-11-20".parse().unwrap();
    diesel::insert_into(measure_gates::table)
        .values((
            measure_gates::youth_id.eq(youth),
            measure_gates::may_start.eq(may_start),
            measure_gates::since_on.eq(since),
        ))
        .execute(&mut app.db())
        .unwrap();
}

with_app!(a_match_says_why_and_is_the_same_both_ways, |app| {
    let world = &app.world;
    let (alva, bo) = (world.alva, world.bo);
    wish(
        &app,
        alva,
        json!({"fields": ["trade", "restaurant_bakery"], "hoursPerWeek": 20}),
    )
    .expect(201);
    wish(
        &app,
        bo,
        json!({"hasDrivingLicence": true, "fromOn": "2026-12-10"}),
    )
    .expect(201);
    let plain = offer(&app, json!({}));
    let exacting = offer(
        &app,
        json!({"leastAge": 18, "needsDrivingLicence": true, "startsOn": "2026-12-02"}),
    );
    let list = app.get(
        Ungdomskonsulent,
        &format!("/placement-offers/{plain}/matches"),
    );
    let list = list.expect(200);
    // By name: Åkesson stands after Lindqvist-Björk.
    assert_eq!(list.column("matches", "youthId"), [json!(alva), json!(bo)]);
    let first = &list.body["matches"][0];
    assert_eq!(first["givenName"], "Alva");
    assert_eq!(first["age"], 17);
    assert_eq!(first["hoursPerWeek"], 20);
    assert_eq!(
        first["reasons"],
        json!([
            "wants_field",
            "within_period",
            "may_start_measures",
            "place_free"
        ])
    );
    let event = app.db_last_event("listOfferMatches");
    assert_eq!(event.subjects.len(), 2, "each of those proposed is noted");
    assert_eq!(event.subjects[0].0, Some(alva));
    let list = app
        .get(Syv, &format!("/placement-offers/{exacting}/matches"))
        .expect(200);
    assert_eq!(list.column("matches", "youthId"), [json!(bo)]);
    assert_eq!(
        list.body["matches"][0]["reasons"].as_array().unwrap().len(),
        6
    );
    assert_eq!(offers_for(&app, Syv, alva), [json!(plain)]);
    assert_eq!(offers_for(&app, Syv, bo), [json!(plain), json!(exacting)]);
    // One at a time, forth and back.
    let page = app
        .get(Syv, &format!("/placement-offers/{plain}/matches?limit=1"))
        .expect(200);
    let next = app.get(Syv, page.next().unwrap()).expect(200);
    assert_eq!(next.column("matches", "youthId"), [json!(bo)]);
    let page = app
        .get(Syv, &format!("/youths/{bo}/placement-matches?limit=1"))
        .expect(200);
    let next = app.get(Syv, page.next().unwrap()).expect(200);
    assert_eq!(next.column("matches", "offerId"), [json!(exacting)]);
    app.get(SyvElsewhere, &format!("/youths/{bo}/placement-matches"))
        .problem(404, "not-found");
});

with_app!(who_does_not_suit_is_not_proposed_either_way, |app| {
    let alva = app.world.alva;
    let made = wish(&app, alva, json!({})).expect(201);
    let wished = format!("/placement-wishes/{}", made.id());
    let id = offer(&app, json!({"places": 2}));
    let path = format!("/placement-offers/{id}");
    let suits = |app: &TestApp, expected: bool, why: &str| {
        let there = matches(app, Syv, &id).contains(&json!(alva));
        let back = offers_for(app, Syv, alva).contains(&json!(id));
        assert_eq!((there, back), (expected, expected), "{why}");
    };
    let set = |path: &str, patch: Value| {
        let version = app.get(Syv, path).expect(200).version();
        app.patch(Syv, path, version, patch).expect(200);
    };
    suits(&app, true, "at first");
    for (wrong, right, path) in [
        (
            json!({"fields": ["care"]}),
            json!({"fields": ["restaurant_bakery"]}),
            &wished,
        ),
        (
            json!({"fromOn": "2027-02-27"}),
            json!({"fromOn": "2026-11-24"}),
            &wished,
        ),
        (
            json!({"toOn": "2026-11-30"}),
            json!({"toOn": null}),
            &wished,
        ),
        (
            json!({"isActive": false}),
            json!({"isActive": true}),
            &wished,
        ),
        (json!({"leastAge": 18}), json!({"leastAge": 17}), &path),
        (
            json!({"needsDrivingLicence": true}),
            json!({"needsDrivingLicence": false}),
            &path,
        ),
        (
            json!({"status": "closed"}),
            json!({"status": "open"}),
            &path,
        ),
        (
            json!({"startsOn": "2026-10-01", "endsOn": "2026-11-23"}),
            json!({"startsOn": "2026-12-01", "endsOn": "2027-02-26"}),
            &path,
        ),
    ] {
        set(path, wrong.clone());
        suits(&app, false, &wrong.to_string());
        set(path, right);
        suits(&app, true, &wrong.to_string());
    }
    // The age counts on the first day: Alva turns 18 on 5 January.
    set(&path, json!({"leastAge": 18, "startsOn": "2027-01-05"}));
    suits(&app, true, "of age when it begins");
    set(&path, json!({"leastAge": null, "startsOn": "2026-12-01"}));
    db_gate(&app, alva, false);
    suits(&app, false, "may not start");
    db_gate(&app, alva, true);
    // While the data may not be used, nobody builds on them; opened for a while, somebody does.
    let restrictions = format!("/youths/{alva}/restrictions");
    let asked = json!({"ground": "objection", "reason": "Ungdomen har invänt."});
    let made = app.post(Socionom, &restrictions, asked).expect(201).id();
    suits(&app, false, "restricted");
    place(&app, Syv, &id, alva).problem(409, "processing-restricted");
    app.post(
        Syv,
        &format!("/youths/{alva}/placement-wishes"),
        json!({"fields": ["care"]}),
    )
    .problem(409, "processing-restricted");
    let opened = json!({"openedUntil": "2026-11-30", "openingGround": "consent", "openingReason": "Ungdomen vill ha praktik."});
    app.patch(Socionom, &format!("/restrictions/{made}"), 1, opened)
        .expect(200);
    suits(&app, true, "opened");
    // Whoever holds a place at that time is not proposed elsewhere, nor again where it was offered before.
    let same_time = offer(
        &app,
        json!({"startsOn": "2027-02-26", "endsOn": "2027-06-01"}),
    );
    let later = offer(
        &app,
        json!({"startsOn": "2027-02-27", "endsOn": "2027-06-01"}),
    );
    let placed = place(&app, Syv, &id, alva).expect(201);
    suits(&app, false, "has the place");
    assert_eq!(offers_for(&app, Syv, alva), [json!(later)]);
    assert_eq!(matches(&app, Syv, &same_time), Vec::<Value>::new());
    assert_eq!(matches(&app, Syv, &later), [json!(alva)]);
    change(
        &app,
        &intervention_of(&placed),
        json!({"answer": "declined"}),
    )
    .expect(200);
    suits(&app, false, "has said no here");
    assert_eq!(matches(&app, Syv, &same_time), [json!(alva)]);
    // With the episode the wish ends.
    close(&app, Syv, app.world.alva_episode, 1, way_out()).problem(422, "validation-failed");
    close(
        &app,
        Syv,
        app.world.alva_episode,
        1,
        with(way_out(), json!({"exitedOn": "2026-11-24"})),
    )
    .expect(200);
    assert_eq!(matches(&app, Syv, &later), Vec::<Value>::new());
    assert_eq!(offers_for(&app, Syv, alva), Vec::<Value>::new());
});

with_app!(
    a_protected_identity_is_in_no_match_and_takes_no_listed_place,
    |app| {
        let pia = app.world.pia;
        let path = format!("/youths/{pia}/placement-wishes");
        app.post(Socionom, &path, json!({"fields": ["restaurant_bakery"]}))
            .expect(201);
        let id = offer(&app, json!({}));
        for persona in [Socionom, Syv, Enhetschef] {
            assert_eq!(matches(&app, persona, &id), Vec::<Value>::new());
        }
        assert_eq!(offers_for(&app, Socionom, pia), Vec::<Value>::new());
        assert_eq!(
            place(&app, Socionom, &id, pia).problem(422, "validation-failed"),
            one("/youthId", "not-for-protected")
        );
        // Whoever does not know of the youth is told what is told of nobody.
        let unknown = place(&app, Syv, &id, uuid::Uuid::now_v7());
        let hidden = place(&app, Syv, &id, pia);
        assert_eq!(hidden.without_instance(), unknown.without_instance());
        assert_eq!(
            hidden.problem(422, "validation-failed"),
            one("/youthId", "no-such-record")
        );
        let of_other_unit = place(&app, Syv, &id, app.world.dag);
        assert_eq!(of_other_unit.without_instance(), unknown.without_instance());
        // Of whom is protected later the place stays held, and the list tells of nobody.
        place(&app, Syv, &id, app.world.bo).expect(201);
        diesel::update(youths::table.find(app.world.bo))
            .set(youths::protection_level.eq(ProtectionLevel::ConfidentialityMarking))
            .execute(&mut app.db())
            .unwrap();
        let list = format!("/placement-offers/{id}/placements");
        for persona in [Syv, Socionom, Enhetschef] {
            assert_eq!(
                app.get(persona, &list).expect(200).body["placements"],
                json!([])
            );
        }
        place(&app, Syv, &id, app.world.alva).problem(409, "places-taken");
    }
);

// One step -----------------------------------------------------------------------------------------

with_app!(a_match_becomes_an_offered_intervention_in_one_step, |app| {
    let alva = app.world.alva;
    let id = offer(&app, json!({"places": 2}));
    let shown = app.get(Syv, &format!("/placement-offers/{id}")).expect(200);
    let host = shown.body["organisationId"].as_str().unwrap();
    let host = app.get(Syv, &format!("/organisations/{host}")).expect(200);
    let placed = place(&app, Ungdomskonsulent, &id, alva).expect(201);
    assert_eq!(placed.body["offerId"], json!(id));
    assert_eq!(placed.body["answer"], "offered");
    assert_eq!(placed.body["isHeld"], true);
    let path = intervention_of(&placed);
    let made = app.get(Ungdomskonsulent, &path).expect(200);
    for (field, value) in [
        ("kind", json!("work_placement")),
        ("answer", json!("offered")),
        ("offeredOn", json!("2026-11-24")),
        ("provider", host.body["name"].clone()),
        ("responsibleParty", json!("other_actor")),
        ("episodeId", json!(app.world.alva_episode)),
        ("createdBy", json!(app.world.user(Ungdomskonsulent))),
        ("version", json!(1)),
    ] {
        assert_eq!(made.body[field], value, "{field}");
    }
    let days = ["2026-12-15", "2027-01-14", "2027-02-13"];
    let visits = days.map(|day| json!({"dueOn": day, "doneOn": null, "isAtHost": true}));
    assert_eq!(made.body["followUps"], json!(visits));
    // They come up on the work list, and the deed names both records.
    let tasks = app.get(Ungdomskonsulent, &format!("/youths/{alva}/tasks?limit=200"));
    let tasks = tasks.expect(200).body["tasks"].clone();
    let visits = tasks.as_array().unwrap().iter();
    let visits: Vec<&Value> = visits.filter(|task| task["kind"] == "follow_up").collect();
    assert_eq!(visits.len(), days.len());
    for (task, day) in visits.iter().zip(days) {
        assert_eq!(task["dueOn"], day);
        assert_eq!(task["recordId"], made.body["id"]);
        assert_eq!(
            task["responsibleId"],
            json!(app.world.user(Ungdomskonsulent))
        );
    }
    let event = app.db_last_event("offerPlacement");
    for kind in ["placements", "interventions"] {
        let named = |subject: &&(Option<Id<Youth>>, String, String)| {
            subject.1 == kind && subject.0 == Some(alva)
        };
        assert!(
            event.subjects.iter().any(|subject| named(&subject)),
            "{kind}"
        );
    }
    place(&app, Syv, &id, alva).problem(409, "already-exists");
    assert_eq!(
        change(&app, &path, json!({"kind": "subsidised_employment"}))
            .problem(422, "validation-failed"),
        one("/kind", "immutable")
    );
    // Days of one's own, and a goal.
    let told = json!({
        "youthId": app.world.bo, "goal": "Prova på kök.", "episodeId": app.world.bo_episode,
        "followUps": [{"dueOn": "2026-12-04"}, {"dueOn": "2026-12-18", "isAtHost": false}],
    });
    let places = format!("/placement-offers/{id}/placements");
    let placed = app.post(Socionom, &places, told).expect(201);
    let made = app.get(Syv, &intervention_of(&placed)).expect(200);
    assert_eq!(made.body["goal"], "Prova på kök.");
    assert_eq!(
        made.body["followUps"],
        json!([
            {"dueOn": "2026-12-04", "doneOn": null, "isAtHost": true},
            {"dueOn": "2026-12-18", "doneOn": null, "isAtHost": false}
        ])
    );
    let at_host: i64 = intervention_follow_ups::table
        .filter(intervention_follow_ups::is_at_host.eq(true))
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(at_host, 4);
    // A list of the offer's, and one of the youth's.
    assert_eq!(
        app.get(Enhetschef, &places)
            .expect(200)
            .column("placements", "youthId"),
        [json!(app.world.bo), json!(alva)]
    );
    let own = app
        .get(Enhetschef, &format!("/youths/{alva}/placements"))
        .expect(200);
    assert_eq!(own.column("placements", "offerId"), [json!(id)]);
    app.get(SyvElsewhere, &format!("/placements/{}", placed.id()))
        .problem(404, "not-found");
    app.get(Ambassador, &format!("/youths/{alva}/placements"))
        .problem(403, "forbidden");
});

with_app!(
    what_is_wrong_with_a_placement_is_told_and_nothing_is_made,
    |app| {
        let (alva, olle) = (app.world.alva, app.world.olle);
        let id = offer(&app, json!({"places": 5}));
        let places = format!("/placement-offers/{id}/placements");
        for (change, pointer, code) in [
            (json!({"youthId": null}), "/youthId", "required"),
            (json!({"youthId": "alva"}), "/youthId", "not-id"),
            (json!({"provider": "Annan"}), "/provider", "unknown-field"),
            (
                json!({"goal": "Sluta med droger."}),
                "/goal",
                "sensitive-terms",
            ),
            (
                json!({"followUps": [{"dueOn": "2026-11-01"}]}),
                "/followUps/0/dueOn",
                "wrong-date-order",
            ),
            (json!({"followUps": [{}]}), "/followUps/0/dueOn", "required"),
            (
                json!({"episodeId": app.world.bo_episode}),
                "/episodeId",
                "no-such-record",
            ),
        ] {
            let body = with(json!({"youthId": alva}), change);
            assert_eq!(
                app.post(Syv, &places, body)
                    .problem(422, "validation-failed"),
                one(pointer, code)
            );
        }
        // How it goes stands in the intervention.
        let body = json!({"youthId": alva, "answer": "accepted"});
        assert_eq!(
            app.post(Syv, &places, body).problem(403, "forbidden-field"),
            one("/answer", "not-open-to-role")
        );
        place(&app, Syv, &id, olle).problem(409, "no-open-episode");
        let closed = offer(&app, json!({"status": "closed"}));
        place(&app, Syv, &closed, alva).problem(409, "placement-offer-closed");
        let count: i64 = placements::table.count().get_result(&mut app.db()).unwrap();
        assert_eq!(count, 0);
        let list = app
            .get(Syv, &format!("/youths/{alva}/interventions"))
            .expect(200);
        assert_eq!(list.body["interventions"], json!([]));
        // The same request twice is one placement.
        let key = [("Idempotency-Key", "en-plats")];
        let body = json!({"youthId": alva});
        let ids = [0, 1].map(|_| {
            app.send(Syv, "POST", &places, &key, Some(body.clone()))
                .expect(201)
                .id()
        });
        assert_eq!(ids[0], ids[1]);
        // The host's name is the host's: it is not looked through for words of a youth.
        let clinic = enter(&app, "Beroendemottagningens kafé", "addiction_care");
        let there = offer(&app, json!({"organisationId": clinic}));
        place(&app, Syv, &there, app.world.bo).expect(201);
    }
);

with_app!(the_days_at_the_host_are_a_setting, |app| {
    let rules = json!({"placementFirstFollowUpDays": 7, "placementFollowUpEveryDays": 60});
    app.patch(Administrator, "/settings", 1, rules).expect(200);
    let id = offer(&app, json!({}));
    let placed = place(&app, Syv, &id, app.world.alva).expect(201);
    let made = app.get(Syv, &intervention_of(&placed)).expect(200);
    assert_eq!(
        made.column("followUps", "dueOn"),
        ["2026-12-08", "2027-02-06"]
    );
});

// No place is given twice --------------------------------------------------------------------------

with_app!(a_place_is_free_again_when_it_is_given_back, |app| {
    let (alva, bo) = (app.world.alva, app.world.bo);
    let id = offer(&app, json!({}));
    let shown = |app: &TestApp| {
        app.get(Syv, &format!("/placement-offers/{id}"))
            .expect(200)
            .body["hasFreePlace"]
            .clone()
    };
    let first = place(&app, Syv, &id, alva).expect(201);
    let path = intervention_of(&first);
    assert_eq!(shown(&app), false);
    place(&app, Syv, &id, bo).problem(409, "places-taken");
    for answer in ["declined", "no_show", "withdrawn"] {
        change(&app, &path, json!({"answer": answer, "answeredOn": null})).expect(200);
        assert_eq!(shown(&app), true, "{answer}");
        // Whoever comes meanwhile has it; who changes their mind finds it taken.
        let second = place(&app, Syv, &id, bo).expect(201);
        for again in ["accepted", "offered"] {
            change(&app, &path, json!({"answer": again, "answeredOn": null}))
                .problem(409, "places-taken");
        }
        let other = intervention_of(&second);
        change(&app, &other, json!({"answer": "declined"})).expect(200);
        change(
            &app,
            &path,
            json!({"answer": "accepted", "answeredOn": null}),
        )
        .expect(200);
        change(&app, &other, json!({"answer": "accepted"})).problem(409, "places-taken");
        assert_eq!(
            app.get(Syv, &other).expect(200).body["answer"],
            "declined",
            "nothing was saved"
        );
    }
    change(&app, &path, json!({"startedOn": "2026-11-24"})).expect(200);
    assert_eq!(shown(&app), false, "under way");
    change(
        &app,
        &path,
        json!({"endedOn": "2026-11-24", "endReason": "completed"}),
    )
    .expect(200);
    assert_eq!(shown(&app), true, "ended");
    let placement = app
        .get(Syv, &format!("/placements/{}", first.id()))
        .expect(200);
    assert_eq!(placement.body["isHeld"], false);
    assert_eq!(placement.body["endedOn"], "2026-11-24");
    let nils = newcomer(&app);
    place(&app, Syv, &id, &nils).expect(201);
    // Not ended after all: the place is gone.
    change(&app, &path, json!({"endedOn": null, "endReason": null})).problem(409, "places-taken");
});

with_app!(with_the_episode_a_place_is_given_back, |app| {
    let (alva, bo) = (app.world.alva, app.world.bo);
    let id = offer(&app, json!({}));
    for answer in ["offered", "accepted"] {
        let id = if answer == "offered" {
            id.clone()
        } else {
            offer(&app, json!({}))
        };
        let youth = newcomer(&app);
        let episodes = app
            .get(Syv, &format!("/youths/{youth}/episodes"))
            .expect(200);
        let episode = episodes.column("episodes", "id")[0]
            .as_str()
            .unwrap()
            .to_owned();
        let placed = place(&app, Syv, &id, &youth).expect(201);
        change(&app, &intervention_of(&placed), json!({"answer": answer})).expect(200);
        place(&app, Syv, &id, alva).problem(409, "places-taken");
        close(
            &app,
            Syv,
            episode,
            1,
            with(way_out(), json!({"exitedOn": "2026-11-24"})),
        )
        .expect(200);
        place(&app, Syv, &id, if answer == "offered" { alva } else { bo }).expect(201);
    }
});

with_app!(places_that_are_held_are_not_taken_away, |app| {
    let id = offer(&app, json!({"places": 3}));
    let path = format!("/placement-offers/{id}");
    let placed = place(&app, Syv, &id, app.world.alva).expect(201);
    place(&app, Syv, &id, app.world.bo).expect(201);
    app.patch(Syv, &path, 1, json!({"places": 2})).expect(200);
    let told = app.patch(Syv, &path, 2, json!({"places": 1}));
    assert_eq!(
        told.problem(422, "validation-failed"),
        one("/places", "places-held")
    );
    change(
        &app,
        &intervention_of(&placed),
        json!({"answer": "declined"}),
    )
    .expect(200);
    app.patch(Syv, &path, 2, json!({"places": 1})).expect(200);
    change(
        &app,
        &intervention_of(&placed),
        json!({"answer": "accepted"}),
    )
    .problem(409, "places-taken");
    // Closing gives nobody's place back.
    app.patch(Syv, &path, 3, json!({"status": "closed"}))
        .expect(200);
    assert_eq!(db_count(&mut app.db(), &id), (1, 1));
});

with_app!(two_handlers_press_at_once_and_one_gets_the_place, |app| {
    for _ in 0..5 {
        let id = offer(&app, json!({}));
        let youths = [app.world.alva, app.world.bo];
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let both: Vec<_> = [Ungdomskonsulent, Socionom]
                .into_iter()
                .zip(youths)
                .map(|(persona, youth)| {
                    let (app, id) = (&app, &id);
                    scope.spawn(move || place(app, persona, id, youth).status)
                })
                .collect();
            both.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let mut sorted = statuses.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [201, 409], "{statuses:?}");
        assert_eq!(db_count(&mut app.db(), &id), (1, 1));
        // And nobody is left with an intervention for a place that is not theirs.
        let made: i64 = placements::table
            .filter(placements::offer_id.eq(Id::<PlacementOffer>::of(id.parse().unwrap())))
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(made, 1);
    }
    let interventions: usize = [app.world.alva, app.world.bo]
        .map(|youth| {
            let path = format!("/youths/{youth}/interventions");
            app.get(Syv, &path)
                .expect(200)
                .column("interventions", "id")
                .len()
        })
        .iter()
        .sum();
    assert_eq!(interventions, 5);
});

with_app!(
    a_yes_after_a_no_and_a_new_offer_at_once_fill_one_place,
    |app| {
        for _ in 0..5 {
            let id = offer(&app, json!({}));
            let before = place(&app, Syv, &id, app.world.alva).expect(201);
            let path = intervention_of(&before);
            change(&app, &path, json!({"answer": "declined"})).expect(200);
            let version = app.get(Syv, &path).expect(200).version();
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let (app, id, path) = (&app, &id, &path);
                let yes = scope.spawn(move || {
                    app.patch(Syv, path, version, json!({"answer": "accepted"}))
                        .status
                });
                let new = scope.spawn(move || place(app, Socionom, id, app.world.bo).status);
                let fewer = scope.spawn(move || {
                    app.patch(
                        Syv,
                        &format!("/placement-offers/{id}"),
                        1,
                        json!({"title": "Köket"}),
                    )
                    .status
                });
                [yes, new, fewer].map(|one| one.join().unwrap()).to_vec()
            });
            let got = statuses[..2].iter().filter(|status| **status < 300).count();
            assert_eq!(got, 1, "{statuses:?}");
            assert_eq!(db_count(&mut app.db(), &id), (1, 1));
        }
    }
);

/// Something that is done to an offer of a few places, for one of a few youths.
#[derive(Debug, Clone)]
enum Step {
    Place(usize),
    Answer(usize, usize),
    Start(usize),
    End(usize),
    NotEnded(usize),
    Places(i64),
}

const YOUTHS: usize = 4;
const ANSWERS: [&str; 5] = ["offered", "accepted", "declined", "no_show", "withdrawn"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..YOUTHS).prop_map(Step::Place),
        6 => (0..YOUTHS, 0..ANSWERS.len()).prop_map(|(youth, answer)| Step::Answer(youth, answer)),
        2 => (0..YOUTHS).prop_map(Step::Start),
        2 => (0..YOUTHS).prop_map(Step::End),
        2 => (0..YOUTHS).prop_map(Step::NotEnded),
        2 => (1..4_i64).prop_map(Step::Places),
    ]
}

/// Reads, and again where the database was busy: many write at once here.
fn read(app: &TestApp, persona: Persona, path: &str) -> Answer {
    let mut answer = app.get(persona, path);
    while answer.status == 503 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        answer = app.get(persona, path);
    }
    answer.expect(200)
}

/// Takes a step with whatever version is in force; gives what was answered, if there was anything to do.
fn take(
    app: &TestApp,
    persona: Persona,
    offer: &str,
    youths: &[String],
    step: &Step,
) -> Option<Answer> {
    let behind = |youth: usize| {
        let path = format!("/youths/{}/placements", youths[youth]);
        let list = read(app, persona, &path);
        let of_offer = list.body["placements"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["offerId"] == json!(offer));
        of_offer.map(|row| format!("/interventions/{}", row["interventionId"].as_str().unwrap()))
    };
    let patch = |path: String, body: Value| {
        let version = read(app, persona, &path).version();
        Some(app.patch(persona, &path, version, body))
    };
    match step {
        Step::Place(youth) => Some(place(app, persona, offer, &youths[*youth])),
        Step::Answer(youth, answer) => {
            let told = json!({"answer": ANSWERS[*answer], "answeredOn": null, "startedOn": null, "endedOn": null, "endReason": null});
            patch(behind(*youth)?, told)
        }
        Step::Start(youth) => patch(
            behind(*youth)?,
            json!({"answer": "accepted", "startedOn": "2026-11-24"}),
        ),
        Step::End(youth) => patch(
            behind(*youth)?,
            json!({"endedOn": "2026-11-24", "endReason": "completed"}),
        ),
        Step::NotEnded(youth) => {
            patch(behind(*youth)?, json!({"endedOn": null, "endReason": null}))
        }
        Step::Places(places) => patch(
            format!("/placement-offers/{offer}"),
            json!({"places": places}),
        ),
    }
}

with_app!(no_sequence_of_deeds_gives_a_place_twice, |app| {
    let youths: Vec<String> = (0..YOUTHS).map(|_| newcomer(&app)).collect();
    let config = Config {
        cases: 6,
        max_shrink_iters: 0,
        ..Config::default()
    };
    let sequences = (1..3_i64, prop::collection::vec(step(), 12..30));
    TestRunner::new(config)
        .run(&sequences, |(places, steps)| {
            let id = offer(&app, json!({"places": places}));
            for step in steps {
                let (places, held) = db_count(&mut app.db(), &id);
                let answer = take(&app, Syv, &id, &youths, &step);
                let (places_then, held_then) = db_count(&mut app.db(), &id);
                prop_assert!(held_then <= places_then, "{step:?}");
                let Some(answer) = answer else { continue };
                prop_assert!(
                    [200, 201, 409, 422].contains(&answer.status),
                    "{step:?} {}",
                    answer.body
                );
                if answer.status >= 300 {
                    prop_assert_eq!(
                        (places, held),
                        (places_then, held_then),
                        "a refusal changed something"
                    );
                }
                if answer.body["code"] == "places-taken" {
                    prop_assert_eq!(
                        held,
                        places,
                        "refused although there was a place: {:?}",
                        step
                    );
                }
            }
            // What is left is given back, so that the next sequence begins with youths who are free.
            for youth in 0..YOUTHS {
                take(&app, Syv, &id, &youths, &Step::Answer(youth, 2));
            }
            Ok(())
        })
        .unwrap();
});

with_app!(no_interleaving_of_deeds_gives_a_place_twice, |app| {
    let youths: Vec<String> = (0..YOUTHS).map(|_| newcomer(&app)).collect();
    let id = offer(&app, json!({"places": 2}));
    let mut runner = TestRunner::deterministic();
    let mut steps = |many: usize| -> Vec<Step> {
        let strategy = prop::collection::vec(step(), many);
        strategy.new_tree(&mut runner).unwrap().current()
    };
    let is_over = AtomicBool::new(false);
    let most = std::thread::scope(|scope| {
        let (app, id, youths, is_over) = (&app, &id, &youths, &is_over);
        let workers: Vec<_> = [Syv, Socionom, Ungdomskonsulent]
            .into_iter()
            .map(|persona| {
                let steps = steps(25);
                scope.spawn(move || {
                    for step in &steps {
                        if let Some(answer) = take(app, persona, id, youths, step) {
                            assert!(
                                [200, 201, 409, 412, 422, 503].contains(&answer.status),
                                "{step:?} {}",
                                answer.body
                            );
                        }
                    }
                })
            })
            .collect();
        let watcher = scope.spawn(move || {
            let mut conn = app.db();
            let mut most = 0;
            while !is_over.load(Ordering::Relaxed) {
                let (places, held) = db_count(&mut conn, id);
                assert!(held <= places, "{held} of {places}");
                most = most.max(held);
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            most
        });
        let ended: Vec<_> = workers.into_iter().map(|worker| worker.join()).collect();
        is_over.store(true, Ordering::Relaxed);
        for worker in ended {
            worker.unwrap();
        }
        watcher.join().unwrap()
    });
    assert!(most >= 1, "nobody ever got a place");
});
