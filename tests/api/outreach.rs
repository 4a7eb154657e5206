//! Sessions of outreach over HTTP: what must be told of one, who logs, corrects and reads it, and how somebody met of whom nobody
//! knows who it is becomes a contact of a youth, and stops being one when that was a mistake.

use crate::support::Persona::{
    self, Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere,
    Loggranskare, Nobody, Socionom, SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::kept_versions;
use crate::with_app;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::schema::{assignments, contacts, outreach_contacts, youths};
use kaa::db::types::Timestamp;
use kaa::domain::codes::ProtectionLevel;
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};

const MISSING: &str = "00000000-0000-7000-8000-000000000000";

/// A session of two hours that has just ended.
fn session(app: &TestApp, who: &[Persona]) -> Value {
    let now = app.clock.now();
    let participants: Vec<Value> = who
        .iter()
        .map(|persona| json!({"userId": app.world.user(*persona)}))
        .collect();
    json!({
        "kind": "street", "area": "Rissne", "place": "Rissne torg",
        "startsAt": (now - Duration::hours(2)).to_rfc3339(), "endsAt": now.to_rfc3339(),
        "participants": participants,
        "met": [{"ageGroup": "20_25", "legalSex": "male", "count": 3}, {"ageGroup": "16_19", "legalSex": "female", "count": 4}],
        "outcomes": ["talked", "informed"],
    })
}

fn logged(app: &TestApp, by: Persona, who: &[Persona]) -> String {
    let made = app.post(by, "/outreach-sessions", session(app, who));
    made.expect(201).id()
}

/// Somebody whom a persona met in a session of theirs.
fn met(app: &TestApp, by: Persona, session: &str) -> String {
    let body = json!({"ageGroup": "16_19", "legalSex": "female", "outcome": "wants_contact", "wantsContact": true,
        "note": "Vill gå klart gymnasiet."});
    let path = format!("/outreach-sessions/{session}/contacts");
    app.post(by, &path, body).expect(201).id()
}

fn tie(
    app: &TestApp,
    by: Persona,
    met: &str,
    version: i64,
    youth: Id<Youth>,
) -> crate::support::app::Answer {
    let path = format!("/outreach-contacts/{met}/youth");
    app.put(by, &path, Some(version), json!({"youthId": youth}))
}

fn contacts_of(app: &TestApp, youth: Id<Youth>) -> Value {
    let path = format!("/youths/{youth}/contacts");
    app.get(Socionom, &path).expect(200).body["contacts"].clone()
}

with_app!(
    a_session_is_counts_of_whom_it_met_and_nobody_s_name,
    |app| {
        let made = app
            .post(
                Ambassador,
                "/outreach-sessions",
                session(&app, &[Ambassador, Ungdomskonsulent]),
            )
            .expect(201);
        assert_eq!(made.body["metCount"], 7);
        // In the order of the lists, whatever was sent.
        assert_eq!(made.body["met"][0]["ageGroup"], "16_19");
        assert_eq!(made.body["isLocked"], false);
        assert_eq!(made.body["participants"][0]["minutes"], Value::Null);
        assert_eq!(made.body["createdBy"], json!(app.world.user(Ambassador)));
        let place = format!("/outreach-sessions/{}", made.id());
        assert!(made.header("location").unwrap().ends_with(&place));
        // Who went, and the unit; nobody else.
        for persona in [
            Ambassador,
            Ungdomskonsulent,
            Socionom,
            SocionomStranger,
            Syv,
            Enhetschef,
        ] {
            let read = app.get(persona, &place).expect(200);
            assert_eq!(read.body["metCount"], 7, "{persona:?}");
            let list = app
                .get(persona, "/outreach-sessions?area=Rissne")
                .expect(200);
            assert_eq!(list.column("outreachSessions", "id"), [json!(made.id())]);
        }
        app.get(AmbassadorStranger, &place)
            .problem(404, "not-found");
        let nothing = app
            .get(AmbassadorStranger, "/outreach-sessions")
            .expect(200);
        assert!(nothing.column("outreachSessions", "id").is_empty());
        for persona in [SyvElsewhere, EnhetschefElsewhere] {
            app.get(persona, &place).problem(404, "not-found");
        }
        for persona in [Administrator, Loggranskare] {
            app.get(persona, &place).problem(403, "forbidden");
        }
        app.get(Nobody, &place).problem(401, "unauthenticated");
        let event = app.db_last_event("logOutreachSession");
        assert_eq!(event.subjects[0].0, None);
        for (query, count) in [
            ("kind=online", 0),
            ("from=2026-11-24", 1),
            ("to=2026-11-23", 0),
            (
                &*format!("participantId={}", app.world.user(Ungdomskonsulent)),
                1,
            ),
            (&*format!("participantId={}", app.world.user(Syv)), 0),
        ] {
            let list = app
                .get(Syv, &format!("/outreach-sessions?{query}"))
                .expect(200);
            assert_eq!(
                list.column("outreachSessions", "id").len(),
                count,
                "{query}"
            );
        }
    }
);

with_app!(what_a_session_must_say_and_must_not, |app| {
    let send = |change: Value| {
        let mut body = session(&app, &[Ambassador]);
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        app.post(Ambassador, "/outreach-sessions", body)
    };
    let now = app.clock.now();
    let pia = app.world.user(Persona::SyvElsewhere);
    let me = app.world.user(Ambassador);
    for (change, pointer, code) in [
        (json!({"kind": "gata"}), "/kind", "not-in-list"),
        (
            json!({"startsAt": now.to_rfc3339()}),
            "/endsAt",
            "wrong-date-order",
        ),
        (
            json!({"endsAt": (now + Duration::hours(1)).to_rfc3339()}),
            "/endsAt",
            "in-future",
        ),
        (
            json!({"startsAt": (now - Duration::hours(20)).to_rfc3339()}),
            "/endsAt",
            "out-of-range",
        ),
        (json!({"participants": []}), "/participants", "required"),
        // Ambassadors log their own.
        (
            json!({"participants": [{"userId": app.world.user(AmbassadorStranger)}]}),
            "/participants",
            "required",
        ),
        (
            json!({"participants": [{"userId": me}, {"userId": pia}]}),
            "/participants/1/userId",
            "no-such-record",
        ),
        // The chief does not go out.
        (
            json!({"participants": [{"userId": me}, {"userId": app.world.user(Enhetschef)}]}),
            "/participants/1/userId",
            "no-such-record",
        ),
        (
            json!({"participants": [{"userId": me}, {"userId": me}]}),
            "/participants/1/userId",
            "taken",
        ),
        (
            json!({"participants": [{"userId": me, "minutes": 121}]}),
            "/participants/0/minutes",
            "out-of-range",
        ),
        (
            json!({"met": [{"ageGroup": "16_19", "legalSex": "male", "count": 1}, {"ageGroup": "16_19", "legalSex": "male", "count": 2}]}),
            "/met/1",
            "taken",
        ),
        (
            json!({"met": [{"ageGroup": "16_19", "legalSex": "male", "count": -1}]}),
            "/met/0/count",
            "out-of-range",
        ),
        (
            json!({"outcomes": ["talked", "sang"]}),
            "/outcomes",
            "not-in-list",
        ),
        (json!({"note": "Ring 070-174 06 51"}), "/note", "tells-who"),
        (
            json!({"note": "20050314-2388 var där"}),
            "/note",
            "tells-who",
        ),
        (
            json!({"place": "hos nadia@example.org"}),
            "/place",
            "tells-who",
        ),
        (
            json!({"note": "Flera var drogpåverkade."}),
            "/note",
            "sensitive-terms",
        ),
    ] {
        let told = send(change.clone()).problem(422, "validation-failed");
        assert!(
            told.contains(&(pointer.to_owned(), code.to_owned())),
            "{change}: {told:?}"
        );
    }
    let told = send(json!({"createdBy": me})).problem(403, "forbidden-field");
    assert_eq!(told[0].0, "/createdBy");
    // A clock a minute ahead is one that is a little wrong.
    let ahead = json!({"endsAt": (now + Duration::minutes(1)).to_rfc3339()});
    assert_eq!(
        send(ahead).expect(201).body["endsAt"],
        json!("2026-11-24T08:00:00.000000Z")
    );
    // The staff logs for others too.
    let made = app.post(
        Syv,
        "/outreach-sessions",
        session(&app, &[AmbassadorStranger]),
    );
    made.expect(201);
    for persona in [Enhetschef, Administrator, Loggranskare] {
        app.post(persona, "/outreach-sessions", session(&app, &[Ambassador]))
            .problem(403, "forbidden");
    }
});

with_app!(whoever_logged_a_session_corrects_it_for_a_day, |mut app| {
    let id = logged(&app, Ambassador, &[Ambassador, AmbassadorStranger]);
    let path = format!("/outreach-sessions/{id}");
    let note = json!({"note": "Musik vid torget drog folk."});
    // Who was there too reads it and does not change it.
    app.patch(AmbassadorStranger, &path, 1, note.clone())
        .problem(403, "forbidden");
    app.patch(Socionom, &path, 1, note.clone())
        .problem(403, "forbidden");
    app.send(Ambassador, "PATCH", &path, &[], Some(note.clone()))
        .problem(428, "version-required");
    app.patch(Ambassador, &path, 2, note.clone())
        .problem(412, "stale-version");
    let changed = app.patch(Ambassador, &path, 1, note).expect(200);
    assert_eq!(
        (changed.version(), &changed.body["metCount"]),
        (2, &json!(7))
    );
    // Only with oneself among them, and who was there may stand there although they have left.
    let alone = json!({"participants": [{"userId": app.world.user(AmbassadorStranger)}]});
    app.patch(Ambassador, &path, 2, alone)
        .problem(422, "validation-failed");
    assert_eq!(kept_versions(&mut app.db(), "outreachSessions").len(), 2);
    app.pass(Duration::hours(24));
    let late = json!({"note": "Mer folk än förra veckan."});
    app.patch(Ambassador, &path, 2, late)
        .problem(409, "contact-locked");
    assert_eq!(
        app.get(Ambassador, &path).expect(200).body["isLocked"],
        true
    );
});

with_app!(a_session_sent_twice_under_one_key_is_one, |app| {
    let body = session(&app, &[Ambassador]);
    let send = || {
        let key = [("Idempotency-Key", "pass-1")];
        app.send(
            Ambassador,
            "POST",
            "/outreach-sessions",
            &key,
            Some(body.clone()),
        )
        .expect(201)
    };
    assert_eq!(send().id(), send().id());
    let list = app.get(Ambassador, "/outreach-sessions").expect(200);
    assert_eq!(list.column("outreachSessions", "id").len(), 1);
});

with_app!(with_whom_one_goes_out_is_known_by_name, |app| {
    for persona in [Ambassador, Syv, Ungdomskonsulent, Socionom] {
        let list = app.get(persona, "/me/companions").expect(200);
        let roles: Vec<Value> = list.column("colleagues", "role");
        assert!(!roles.contains(&json!("enhetschef")), "{roles:?}");
        let ids = list.column("colleagues", "id");
        assert!(ids.contains(&json!(app.world.user(AmbassadorStranger))));
        assert!(!ids.contains(&json!(app.world.user(SyvElsewhere))));
    }
    app.get(Enhetschef, "/me/companions")
        .problem(403, "forbidden");
    app.get(Ambassador, "/me/colleagues")
        .problem(403, "forbidden");
});

with_app!(
    somebody_met_is_nobody_until_it_turns_out_who_it_was,
    |app| {
        let session = logged(&app, Ambassador, &[Ambassador, AmbassadorStranger]);
        let met = met(&app, Ambassador, &session);
        let path = format!("/outreach-contacts/{met}");
        let read = app.get(Socionom, &path).expect(200);
        assert_eq!(read.body["isTied"], false);
        assert_eq!(read.body["youthId"], Value::Null);
        assert_eq!(read.body["note"], "Vill gå klart gymnasiet.");
        // The chief has the rest.
        assert!(
            app.get(Enhetschef, &path)
                .expect(200)
                .body
                .get("note")
                .is_none()
        );
        // Whoever was there met others.
        app.get(AmbassadorStranger, &path).problem(404, "not-found");
        app.get(SyvElsewhere, &path).problem(404, "not-found");
        let waiting = "/outreach-contacts?isTied=false&wantsContact=true";
        let list = app.get(Ungdomskonsulent, waiting).expect(200);
        assert_eq!(list.column("outreachContacts", "id"), [json!(met)]);
        let before = contacts_of(&app, app.world.alva).as_array().unwrap().len();
        let tied = tie(&app, Ambassador, &met, 1, app.world.alva).expect(200);
        assert_eq!(tied.body["isTied"], true);
        assert_eq!(tied.body["youthId"], json!(app.world.alva));
        assert_eq!(tied.body["note"], Value::Null);
        let all = contacts_of(&app, app.world.alva);
        assert_eq!(all.as_array().unwrap().len(), before + 1);
        let contact = &all[0];
        assert_eq!(contact["id"], tied.body["contactId"]);
        assert_eq!(contact["authorId"], json!(app.world.user(Ambassador)));
        assert_eq!(contact["channel"], "street_outreach");
        assert_eq!(contact["result"], "reached");
        assert_eq!(contact["area"], "Rissne");
        assert_eq!(contact["note"], "Vill gå klart gymnasiet.");
        assert_eq!(contact["occurredAt"], json!("2026-11-24T06:00:00.000000Z"));
        let alva = app
            .get(Syv, &format!("/youths/{}", app.world.alva))
            .expect(200);
        assert_eq!(alva.body["lastReachedOn"], "2026-11-24");
        let event = app.db_last_event("tieOutreachContact");
        assert!(
            event
                .subjects
                .iter()
                .any(|subject| subject.0 == Some(app.world.alva) && subject.1 == "contacts")
        );
        tie(&app, Ambassador, &met, 2, app.world.alva).problem(409, "conflict");
        let list = app.get(Ungdomskonsulent, waiting).expect(200);
        assert!(list.column("outreachContacts", "id").is_empty());
        app.patch(Ambassador, &path, 2, json!({"outcome": "nothing"}))
            .problem(409, "contact-locked");
    }
);

with_app!(who_did_not_go_has_met_nobody, |app| {
    let session = logged(&app, Syv, &[Ambassador]);
    let path = format!("/outreach-sessions/{session}/contacts");
    let body = json!({"ageGroup": "16_19", "legalSex": "female", "outcome": "talked"});
    // The SYV logged it for the ambassador and was not there.
    for persona in [Syv, Socionom, Enhetschef, Administrator] {
        app.post(persona, &path, body.clone())
            .problem(403, "forbidden");
    }
    for persona in [AmbassadorStranger, SyvElsewhere] {
        app.post(persona, &path, body.clone())
            .problem(404, "not-found");
    }
    let missing = format!("/outreach-sessions/{MISSING}/contacts");
    app.post(Ambassador, &missing, body.clone())
        .problem(404, "not-found");
    let id = app.post(Ambassador, &path, body).expect(201).id();
    let path = format!("/outreach-contacts/{id}");
    app.patch(Socionom, &path, 1, json!({"outcome": "nothing"}))
        .problem(403, "forbidden");
    let told = app
        .patch(Ambassador, &path, 1, json!({"note": "0701740651"}))
        .problem(422, "validation-failed");
    assert_eq!(told, [("/note".to_owned(), "tells-who".to_owned())]);
    let changed = app.patch(Ambassador, &path, 1, json!({"outcome": "nothing"}));
    assert_eq!(changed.expect(200).body["outcome"], "nothing");
});

with_app!(nobody_is_tied_to_a_youth_whom_one_may_not_know_of, |app| {
    let session = logged(&app, Ambassador, &[Ambassador]);
    let met = met(&app, Ambassador, &session);
    for youth in [
        app.world.bo,
        app.world.pia,
        app.world.dag,
        Id::of(uuid::Uuid::parse_str(MISSING).unwrap()),
    ] {
        let told = tie(&app, Ambassador, &met, 1, youth).problem(422, "validation-failed");
        assert_eq!(told, [("/youthId".to_owned(), "no-such-record".to_owned())]);
    }
    // The socionom is assigned to Pia; the SYV is not, and to them she does not exist.
    let told = tie(&app, Syv, &met, 1, app.world.pia).problem(422, "validation-failed");
    assert_eq!(told[0].1, "no-such-record");
    tie(&app, Syv, &met, 1, app.world.olle).problem(409, "no-open-episode");
    tie(&app, Syv, &met, 2, app.world.bo).problem(412, "stale-version");
    tie(&app, Enhetschef, &met, 1, app.world.bo).problem(403, "forbidden");
    let path = format!("/outreach-contacts/{met}/youth");
    app.put(Syv, &path, Some(1), json!({}))
        .problem(422, "validation-failed");
    app.put(Syv, &path, None, json!({"youthId": app.world.bo}))
        .problem(428, "version-required");
    let named = json!({"youthId": app.world.alva, "episodeId": app.world.alva_episode});
    let told = app
        .put(Ambassador, &path, Some(1), named)
        .problem(403, "forbidden-field");
    assert_eq!(told[0].0, "/episodeId");
    // Of another unit.
    tie(&app, SyvElsewhere, &met, 1, app.world.dag).problem(404, "not-found");
    tie(&app, Syv, &met, 1, app.world.bo).expect(200);
    // The ambassador who met Bo is not assigned to him: what they met is not theirs to see any more.
    let path = format!("/outreach-contacts/{met}");
    app.get(Ambassador, &path).problem(404, "not-found");
    let list = app.get(Ambassador, "/outreach-contacts").expect(200);
    assert!(list.column("outreachContacts", "id").is_empty());
    // The session with its counts is.
    app.get(Ambassador, &format!("/outreach-sessions/{session}"))
        .expect(200);
});

with_app!(
    before_the_youth_was_followed_there_is_nothing_to_tie_to,
    |app| {
        let mut early = session(&app, &[Socionom]);
        early["startsAt"] = json!("2026-08-20T15:00:00Z");
        early["endsAt"] = json!("2026-08-20T17:00:00Z");
        let early = app
            .post(Socionom, "/outreach-sessions", early)
            .expect(201)
            .id();
        let met = met(&app, Socionom, &early);
        let told = tie(&app, Socionom, &met, 1, app.world.alva).problem(422, "validation-failed");
        assert_eq!(told, [("/youthId".to_owned(), "before-episode".to_owned())]);
    }
);

with_app!(
    what_was_met_and_is_somebody_protected_is_in_no_list,
    |app| {
        let session = logged(&app, Socionom, &[Socionom, Ambassador]);
        let met = met(&app, Socionom, &session);
        tie(&app, Socionom, &met, 1, app.world.pia).expect(200);
        let path = format!("/outreach-contacts/{met}");
        let read = app.get(Socionom, &path).expect(200);
        assert_eq!(read.body["youthId"], json!(app.world.pia));
        for persona in [Syv, Ungdomskonsulent, SocionomStranger] {
            app.get(persona, &path).problem(404, "not-found");
        }
        for persona in [Socionom, Syv, Enhetschef] {
            let list = app.get(persona, "/outreach-contacts").expect(200);
            assert!(
                list.column("outreachContacts", "id").is_empty(),
                "{persona:?}"
            );
        }
        // The same once a youth becomes one.
        let other = crate::outreach::met(&app, Socionom, &session);
        tie(&app, Socionom, &other, 1, app.world.alva).expect(200);
        let list = app.get(Syv, "/outreach-contacts").expect(200);
        assert_eq!(list.column("outreachContacts", "id"), [json!(other)]);
        diesel::update(youths::table.find(app.world.alva))
            .set(youths::protection_level.eq(ProtectionLevel::ConfidentialityMarking))
            .execute(&mut app.db())
            .unwrap();
        let list = app.get(Socionom, "/outreach-contacts").expect(200);
        assert!(list.column("outreachContacts", "id").is_empty());
    }
);

with_app!(a_mistake_is_undone_and_nothing_of_it_stays, |mut app| {
    let session = logged(&app, Ambassador, &[Ambassador]);
    let met = met(&app, Ambassador, &session);
    let before = contacts_of(&app, app.world.alva);
    let last = |app: &TestApp| {
        let alva = app
            .get(Syv, &format!("/youths/{}", app.world.alva))
            .expect(200);
        alva.body["lastReachedOn"].clone()
    };
    let reached = last(&app);
    tie(&app, Ambassador, &met, 1, app.world.alva).expect(200);
    assert_ne!(last(&app), reached);
    let path = format!("/outreach-contacts/{met}/youth");
    let untie = |app: &TestApp, by: Persona, version: &str| {
        app.send(by, "DELETE", &path, &[("If-Match", version)], None)
    };
    // Whoever tied it.
    untie(&app, Socionom, "\"2\"").problem(403, "forbidden");
    untie(&app, AmbassadorStranger, "\"2\"").problem(404, "not-found");
    untie(&app, Ambassador, "\"1\"").problem(412, "stale-version");
    untie(&app, Ambassador, "\"2\"").expect(204);
    assert_eq!(contacts_of(&app, app.world.alva), before);
    assert_eq!(last(&app), reached);
    let read = app
        .get(Ambassador, &format!("/outreach-contacts/{met}"))
        .expect(200);
    assert_eq!(read.body["note"], "Vill gå klart gymnasiet.");
    assert_eq!((&read.body["isTied"], read.version()), (&json!(false), 3));
    for resource in ["outreachContacts", "contacts"] {
        for kept in kept_versions(&mut app.db(), resource) {
            assert!(
                !kept.to_string().contains(&app.world.alva.to_string()),
                "{kept}"
            );
        }
    }
    let event = app.db_last_event("untieOutreachContact");
    assert_eq!(event.subjects[0].0, Some(app.world.alva));
    untie(&app, Ambassador, "\"3\"").problem(409, "conflict");
    // What something has been built on stays.
    let tied = tie(&app, Ambassador, &met, 3, app.world.alva).expect(200);
    let contact = tied.body["contactId"].as_str().unwrap().to_owned();
    let addendum = format!("/contacts/{contact}/addenda");
    app.post(Socionom, &addendum, json!({"text": "Ringde upp."}))
        .expect(201);
    untie(&app, Ambassador, "\"4\"").problem(409, "conflict");
    app.pass(Duration::hours(24));
    untie(&app, Ambassador, "\"4\"").problem(409, "contact-locked");
    let left: i64 = outreach_contacts::table
        .count()
        .get_result(&mut app.db())
        .unwrap();
    assert_eq!(left, 1);
});

with_app!(what_an_ambassador_met_is_theirs_while_the_youth_is, |app| {
    let session = logged(&app, Ambassador, &[Ambassador]);
    let met = met(&app, Ambassador, &session);
    let tied = tie(&app, Ambassador, &met, 1, app.world.alva).expect(200);
    let path = format!("/outreach-contacts/{met}");
    app.get(Ambassador, &path).expect(200);
    diesel::update(assignments::table.filter(assignments::user_id.eq(app.world.user(Ambassador))))
        .set(assignments::ends_at.eq(Some(Timestamp::of(app.clock.now()))))
        .execute(&mut app.db())
        .unwrap();
    app.get(Ambassador, &path).problem(404, "not-found");
    let list = app
        .get(Ambassador, "/outreach-contacts?isTied=true")
        .expect(200);
    assert!(list.column("outreachContacts", "id").is_empty());
    // What they logged stays.
    app.get(Socionom, &path).expect(200);
    let contact: Id<kaa::domain::id::Contact> =
        Id::of(tied.body["contactId"].as_str().unwrap().parse().unwrap());
    let author: Id<kaa::domain::id::User> = contacts::table
        .find(contact)
        .select(contacts::author_id)
        .first(&mut app.db())
        .unwrap();
    assert_eq!(author, app.world.user(Ambassador));
});

with_app!(
    an_old_key_gives_nothing_back_of_whom_it_turned_out_to_be,
    |app| {
        let session = logged(&app, Ambassador, &[Ambassador]);
        let path = format!("/outreach-sessions/{session}/contacts");
        let body = json!({"ageGroup": "20_25", "legalSex": "male", "outcome": "talked", "note": "Vill ha jobb."});
        let send = || {
            let key = [("Idempotency-Key", "met-1")];
            app.send(Ambassador, "POST", &path, &key, Some(body.clone()))
        };
        let met = send().expect(201).id();
        assert_eq!(send().expect(201).id(), met);
        // Bo is nobody whom the ambassador may know of.
        tie(&app, Syv, &met, 1, app.world.bo).expect(200);
        send().problem(404, "not-found");
        let untie = format!("/outreach-contacts/{met}/youth");
        app.send(Syv, "DELETE", &untie, &[("If-Match", "\"2\"")], None)
            .expect(204);
        assert_eq!(send().expect(201).body["note"], "Vill ha jobb.");
    }
);

with_app!(an_extract_tells_who_met_the_youth_by_role_alone, |app| {
    let session = logged(&app, Ambassador, &[Ambassador]);
    let met = met(&app, Ambassador, &session);
    tie(&app, Ambassador, &met, 1, app.world.alva).expect(200);
    let path = format!("/youths/{}/register-extracts", app.world.alva);
    let asked = json!({"identityProof": "id_document", "reason": "Frågade vid besöket."});
    let extract = app.post(Socionom, &path, asked).expect(201).id();
    let path = format!("/register-extracts/{extract}/content");
    let content = app.get(Socionom, &path).expect(200).body.to_string();
    assert!(content.contains("outreachContacts"), "{content}");
    assert!(!content.contains(&app.world.user(Ambassador).to_string()));
});
