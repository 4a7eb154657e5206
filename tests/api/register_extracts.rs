//! Register extracts over HTTP: whole for whoever has a right to the whole, the same words for everybody else; who may make
//! and fetch one; what is left out; and that what is handed over is what was hashed.

use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, EnhetschefElsewhere, Loggranskare,
    Nobody, Socionom, SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::TestApp;
use crate::support::app::Answer;
use crate::support::world::Persona;
use crate::with_app;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use kaa::db::schema::{protected_register_extracts, record_versions, register_extracts};
use kaa::domain::id::{Id, Youth};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn of(youth: Id<Youth>) -> String {
    format!("/youths/{youth}/register-extracts")
}

fn asked() -> Value {
    json!({"identityProof": "id_document", "reason": "Vill se allt som står i registret."})
}

fn asked_with(changes: Value) -> Value {
    let mut body = asked();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn make(app: &TestApp, persona: Persona, youth: Id<Youth>, body: Value) -> Answer {
    app.post(persona, &of(youth), body)
}

fn content(app: &TestApp, persona: Persona, extract: &str) -> Answer {
    app.get(persona, &format!("/register-extracts/{extract}/content"))
        .expect(200)
}

fn printed(app: &TestApp, persona: Persona, extract: &str) -> String {
    let page = app
        .get(persona, &format!("/register-extracts/{extract}/printout"))
        .expect(200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    String::from_utf8(page.bytes).unwrap()
}

/// The kinds of records in an extract.
fn kinds(document: &Value) -> Vec<String> {
    let categories = document["content"]["categories"].as_array().unwrap().iter();
    categories
        .flat_map(|category| category["records"].as_array().unwrap())
        .map(|record| record["resource"].as_str().unwrap().to_owned())
        .collect()
}

/// Something in every corner: a contact with an addendum, a sensitive referral and status, a guardian, and more.
fn fill(app: &TestApp) -> (String, String) {
    let youth = format!("/youths/{}", app.world.alva);
    let contact = app
        .post(
            Syv,
            &format!("{youth}/contacts"),
            json!({"channel": "phone", "result": "reached", "note": "Pratade om <kaféet>.", "occupation": "none"}),
        )
        .expect(201)
        .id();
    app.post(
        Syv,
        &format!("/contacts/{contact}/addenda"),
        json!({"text": "Ringde tillbaka."}),
    )
    .expect(201);
    let guardians = json!([{"givenName": "Karin", "familyName": "Hemlig", "relation": "mamma", "phone": "070-174 06 52", "email": "karin@example.se"}]);
    let version = app.get(Syv, &youth).expect(200).version();
    let version = app
        .patch(Syv, &youth, version, json!({"area": "Hallonbergen"}))
        .expect(200)
        .version();
    app.patch(
        Syv,
        &youth,
        version,
        json!({"guardians": guardians, "area": "Rissne torg"}),
    )
    .expect(200);
    let referral = app
        .post(
            Socionom,
            &format!("{youth}/referrals"),
            json!({"target": "addiction_care", "note": "Ville själv ha kontakt."}),
        )
        .expect(201)
        .id();
    app.put(
        Socionom,
        &format!("{youth}/protected-status"),
        None,
        json!({"basis": "ill_health", "mayStartMeasures": true, "note": "Sover dåligt."}),
    )
    .expect(200);
    app.post(
        Syv,
        &format!("{youth}/disclosures"),
        json!({"recipientKind": "employment_service", "recipientName": "Arbetsförmedlingen", "categories": ["occupation"], "means": "phone", "basis": "legal_duty", "basisReason": "OSL 6 kap. 5 §"}),
    )
    .expect(201);
    app.post(
        Enhetschef,
        &format!("{youth}/access-grants"),
        json!({"purpose": "protected_compartment", "reason": "Uppföljning av ett klagomål"}),
    )
    .expect(201);
    (contact, referral)
}

/// What nobody but the socionom may learn.
const CLOSED: &[&str] = &[
    "addiction_care",
    "Ville själv",
    "ill_health",
    "Sover dåligt",
    "protected",
    "Beroendevård",
    "Ohälsa",
];

with_app!(
    a_syv_hands_over_the_register_and_a_socionom_the_whole,
    |app| {
        fill(&app);
        let made = make(&app, Syv, app.world.alva, asked()).expect(201);
        assert_eq!(made.body["isWhole"], false);
        assert_eq!(made.body["madeBy"], json!(app.world.user(Syv)));
        assert!(
            made.header("location")
                .unwrap()
                .ends_with(&format!("/register-extracts/{}", made.id()))
        );
        let fetched = content(&app, Syv, &made.id());
        let text = fetched.body["content"].to_string();
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
        assert_eq!(fetched.body["contentSha256"], json!(hash));
        assert_eq!(made.body["contentSha256"], json!(hash));
        for told in [
            "Pratade om <kaféet>.",
            "Ringde tillbaka.",
            "200901052381",
            "Arbetsförmedlingen",
            "Rissne torg",
            "Hallonbergen",
        ] {
            assert!(text.contains(told), "{told}");
        }
        for kind in [
            "youths",
            "identifiers",
            "episodes",
            "contacts",
            "occupations",
            "mappings",
            "planRevisions",
            "disclosures",
            "assignments",
            "tasks",
        ] {
            assert!(
                kinds(&fetched.body).iter().any(|known| known == kind),
                "{kind}"
            );
        }
        // Others are masked: the guardian, and the staff by role and initials.
        for hidden in [
            "Karin",
            "Hemlig",
            "070-174 06 52",
            "karin@example.se",
            "Andersson",
        ] {
            assert!(!text.contains(hidden), "{hidden}");
        }
        assert!(text.contains("K.H.") && text.contains(r#""role":"syv","initials":"S.A.""#));
        assert_eq!(
            fetched.body["content"]["recipients"][0]["recipientKind"],
            "employment_service"
        );
        let page = printed(&app, Syv, &made.id());
        // It speaks to a youth, not to whoever writes programs.
        assert!(!page.contains('`'));
        for label in page.split("<dt>").skip(1) {
            assert!(label.starts_with(char::is_uppercase), "{}", &label[..40]);
        }
        for told in [
            "Pratade om &lt;kaféet&gt;.",
            "Registret kan ha delar som inte står här",
            "Kommunen har inte beslutat någon tid",
            &hash,
        ] {
            assert!(page.contains(told), "{told}");
        }
        for closed in CLOSED {
            assert!(!text.contains(closed) && !page.contains(closed), "{closed}");
        }
        let whole = make(&app, Socionom, app.world.alva, asked()).expect(201);
        assert_eq!(whole.body["isWhole"], true);
        let fetched = content(&app, Socionom, &whole.id());
        let text = fetched.body["content"].to_string();
        for told in [
            "addiction_care",
            "Ville själv ha kontakt.",
            "ill_health",
            "Sover dåligt.",
            "protected_compartment",
        ] {
            assert!(text.contains(told), "{told}");
        }
        // The earlier one stands in it, without what it said.
        assert!(kinds(&fetched.body).contains(&"registerExtracts".to_owned()));
        let page = printed(&app, Socionom, &whole.id());
        assert!(page.contains("Beroendevård") && page.contains("Utdraget omfattar alla delar"));
        // To the colleague the two look alike but for what they cover; neither says what lies there.
        let listed = app.get(Syv, &of(app.world.alva)).expect(200);
        assert_eq!(
            listed.column("registerExtracts", "isWhole"),
            [json!(true), json!(false)]
        );
    }
);

with_app!(
    that_nothing_lies_there_is_told_as_that_something_does,
    |app| {
        let empty = make(&app, Syv, app.world.alva, asked()).expect(201);
        let before = content(&app, Syv, &empty.id());
        let whole = make(&app, Socionom, app.world.alva, asked()).expect(201);
        let socionoms = content(&app, Socionom, &whole.id());
        app.put(
            Socionom,
            &format!("/youths/{}/protected-status", app.world.alva),
            None,
            json!({"basis": "ill_health", "mayStartMeasures": true}),
        )
        .expect(200);
        // The SYV's own still stands as it was: nothing of what was added shows in it.
        assert_eq!(content(&app, Syv, &empty.id()).body, before.body);
        let of_support =
            |document: &Value| document["content"]["categories"].as_array().unwrap().len();
        assert_eq!(of_support(&socionoms.body), of_support(&before.body) + 1);
        app.get(
            Socionom,
            &format!("/register-extracts/{}/content", whole.id()),
        )
        .problem(409, "extract-outdated");
        // A socionom who is not assigned makes one as a SYV does.
        let strangers = make(&app, SocionomStranger, app.world.alva, asked()).expect(201);
        assert_eq!(strangers.body["isWhole"], false);
        let text = content(&app, SocionomStranger, &strangers.id())
            .body
            .to_string();
        for closed in CLOSED {
            assert!(!text.contains(closed), "{closed}");
        }
    }
);

with_app!(
    only_who_may_makes_one_and_only_who_made_it_fetches_it,
    |app| {
        let made = make(&app, Syv, app.world.alva, asked()).expect(201).id();
        for persona in [
            Ambassador,
            AmbassadorStranger,
            Ungdomskonsulent,
            Enhetschef,
            EnhetschefElsewhere,
            Administrator,
            Loggranskare,
        ] {
            make(&app, persona, app.world.alva, asked()).problem(403, "forbidden");
        }
        make(&app, Nobody, app.world.alva, asked()).problem(401, "unauthenticated");
        let missing = make(&app, Syv, Id::fresh(), asked());
        let elsewhere = make(&app, SyvElsewhere, app.world.alva, asked());
        assert_eq!(missing.without_instance(), elsewhere.without_instance());
        elsewhere.problem(404, "not-found");
        for below in ["", "/content", "/printout"] {
            let place = format!("/register-extracts/{made}{below}");
            for persona in [Ambassador, Ungdomskonsulent, Administrator, Loggranskare] {
                app.get(persona, &place).problem(403, "forbidden");
            }
            app.get(SyvElsewhere, &place).problem(404, "not-found");
            app.get(Nobody, &place).problem(401, "unauthenticated");
            let colleague = app.get(Socionom, &place);
            if below.is_empty() {
                colleague.expect(200);
                app.get(Enhetschef, &place).expect(200);
            } else {
                // Who assessed what may be handed over is who hands it over.
                colleague.problem(403, "forbidden");
                app.get(Enhetschef, &place).problem(403, "forbidden");
            }
        }
    }
);

with_app!(
    a_protected_identity_is_handed_over_by_the_assigned_with_a_marking,
    |app| {
        let pia = app.world.pia;
        let youth = format!("/youths/{pia}");
        // What is closed is not written unread.
        let glass =
            json!({"purpose": "protected_address", "reason": "Rättar adressen", "minutes": 5});
        app.post(Socionom, &format!("{youth}/access-grants"), glass)
            .expect(201);
        let version = app.get(Socionom, &youth).expect(200).version();
        app.patch(Socionom, &youth, version, json!({"addresses": [{"kind": "registered", "street": "Hemligvägen 9", "city": "Sundbyberg"}]}))
        .expect(200);
        for persona in [Syv, SocionomStranger] {
            make(&app, persona, pia, asked()).problem(404, "not-found");
        }
        make(&app, Enhetschef, pia, asked()).problem(403, "forbidden");
        let made = make(&app, Socionom, pia, asked()).expect(201).id();
        let event = app.db_last_event("createRegisterExtract");
        assert!(event.is_break_glass);
        assert_eq!(
            event.reason.as_deref(),
            Some("Vill se allt som står i registret.")
        );
        let fetched = content(&app, Socionom, &made);
        // Her own address, which is closed to everyone but by a break-glass, is hers to have.
        assert!(
            fetched.body["content"]
                .to_string()
                .contains("Hemligvägen 9")
        );
        assert!(
            app.db_last_event("readRegisterExtractContent")
                .is_break_glass
        );
        assert!(
            printed(&app, Socionom, &made)
                .contains("Skyddade personuppgifter. Lämnas bara till personen själv")
        );
        // The assignment ends, and so does the sight of what was made.
        app.db()
            .batch_execute("UPDATE assignments SET ends_at = created_at")
            .unwrap();
        for below in ["", "/content", "/printout"] {
            app.get(Socionom, &format!("/register-extracts/{made}{below}"))
                .problem(404, "not-found");
        }
    }
);

with_app!(
    single_records_are_left_out_with_a_reason_that_the_page_does_not_tell,
    |app| {
        let (contact, referral) = fill(&app);
        let reason = "Återger vad en vän har sagt om sig.";
        let out = |id: &str| json!({"omissions": [{"recordId": id, "ground": "other_person", "reason": reason}]});
        let made = make(&app, Syv, app.world.alva, asked_with(out(&contact))).expect(201);
        assert_eq!(made.body["omissions"][0]["resource"], "contacts");
        assert_eq!(made.body["omissions"][0]["reason"], reason);
        let fetched = content(&app, Syv, &made.id());
        let text = fetched.body.to_string();
        assert_eq!(fetched.body["content"]["leftOut"], 1);
        assert!(!text.contains("kaféet") && !text.contains(reason));
        let page = printed(&app, Syv, &made.id());
        assert!(
            page.contains("Efter en sekretessprövning")
                && !page.contains(reason)
                && !page.contains("kaféet")
        );
        // What is not in it is not there to leave out; of the compartment nothing is.
        let wrong = |body: Value| {
            make(&app, Syv, app.world.alva, asked_with(body)).problem(422, "validation-failed")
        };
        let pair = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
        let no_such = pair("/omissions/0/recordId", "no-such-record");
        for id in [
            referral.clone(),
            Id::<Youth>::fresh().to_string(),
            app.world.bo_episode.to_string(),
            app.world.alva.to_string(),
        ] {
            assert_eq!(wrong(out(&id)), no_such, "{id}");
        }
        assert_eq!(
            wrong(json!({"requestedOn": "2027-01-01"})),
            pair("/requestedOn", "in-future")
        );
        assert_eq!(
            wrong(json!({"reason": "Nej"})),
            pair("/reason", "too-short")
        );
        assert_eq!(
            wrong(
                json!({"omissions": [{"recordId": contact, "ground": "other", "reason": "Nej"}]})
            ),
            pair("/omissions/0/reason", "too-short")
        );
        // Nor is it the maker's to say what it covers.
        make(
            &app,
            Syv,
            app.world.alva,
            asked_with(json!({"isWhole": true})),
        )
        .problem(403, "forbidden-field");
        // Left out of the compartment: the reason lies there, and to the colleague there is none.
        let whole = make(&app, Socionom, app.world.alva, asked_with(out(&referral))).expect(201);
        assert_eq!(whole.body["omissions"][0]["resource"], "protectedReferrals");
        assert!(
            !content(&app, Socionom, &whole.id())
                .body
                .to_string()
                .contains("addiction_care")
        );
        let place = format!("/register-extracts/{}", whole.id());
        assert_eq!(
            app.get(Syv, &place).expect(200).body["omissions"],
            json!([])
        );
        assert_eq!(
            app.get(Socionom, &place).expect(200).body["omissions"][0]["reason"],
            reason
        );
        let mut conn = app.db();
        let closed: i64 = protected_register_extracts::table
            .count()
            .get_result(&mut conn)
            .unwrap();
        assert_eq!(closed, 1);
        let kept = crate::support::kept_versions(&mut conn, "registerExtracts");
        assert!(
            !kept
                .iter()
                .any(|document| document.to_string().contains("protectedReferrals"))
        );
    }
);

with_app!(what_is_handed_over_is_logged_and_not_kept, |mut app| {
    fill(&app);
    app.pass(chrono::Duration::minutes(1));
    let made = make(
        &app,
        Syv,
        app.world.alva,
        asked_with(json!({"includesReaders": true, "requestReference": "KS 2026/417"})),
    )
    .expect(201);
    let event = app.db_last_event("createRegisterExtract");
    for kind in [
        "youths",
        "contacts",
        "planRevisions",
        "disclosures",
        "registerExtracts",
    ] {
        assert!(
            event
                .subjects
                .iter()
                .any(|(_, resource, _)| resource == kind),
            "{kind}"
        );
    }
    assert!(
        event
            .subjects
            .iter()
            .all(|(_, resource, _)| !resource.starts_with("protected"))
    );
    assert!(!event.is_break_glass);
    let fetched = content(&app, Syv, &made.id());
    let readers = fetched.body["content"]["readers"].as_array().unwrap();
    assert!(
        readers
            .iter()
            .any(|reader| reader["role"] == "syv" && reader["name"].is_null())
    );
    let times = |role: &str| -> i64 {
        readers
            .iter()
            .filter(|reader| reader["role"] == role)
            .map(|reader| reader["times"].as_i64().unwrap())
            .sum()
    };
    assert_eq!(
        times("enhetschef"),
        1,
        "the grant, which the chief's own log shows"
    );
    // That it was fetched tells the log, and changes nothing of what it says.
    assert_eq!(content(&app, Syv, &made.id()).body, fetched.body);
    // Asked for with names, it has names from then on.
    let settings = app.get(Administrator, "/settings").expect(200);
    app.patch(
        Administrator,
        "/settings",
        settings.version(),
        json!({"extractNamesReaders": true}),
    )
    .expect(200);
    app.get(Syv, &format!("/register-extracts/{}/content", made.id()))
        .problem(409, "extract-outdated");
    let named = make(
        &app,
        Syv,
        app.world.alva,
        asked_with(json!({"includesReaders": true})),
    )
    .expect(201);
    assert!(
        content(&app, Syv, &named.id()).body["content"]["readers"]
            .to_string()
            .contains("Syv Andersson")
    );
    // In the database stands that it was made; no text of it anywhere.
    let mut conn = app.db();
    let rows: i64 = register_extracts::table
        .count()
        .get_result(&mut conn)
        .unwrap();
    assert_eq!(rows, 2);
    let kept: i64 = record_versions::table
        .filter(record_versions::resource.eq("registerExtracts"))
        .count()
        .get_result(&mut conn)
        .unwrap();
    assert_eq!(kept, 2);
    assert!(
        conn.batch_execute("UPDATE register_extracts SET content_sha256 = 'x'")
            .is_err()
    );
    let kept = crate::support::kept_versions(&mut conn, "registerExtracts");
    assert!(
        kept.iter()
            .all(|document| !document.to_string().contains("kaféet"))
    );
});

with_app!(
    what_changed_since_is_not_handed_over_and_the_same_request_counts_once,
    |app| {
        let send = |persona: Persona| {
            app.send(
                persona,
                "POST",
                &of(app.world.alva),
                &[("Idempotency-Key", "utdrag-1")],
                Some(asked()),
            )
        };
        let made = send(Syv).expect(201);
        assert_eq!(send(Syv).expect(201).id(), made.id());
        let rows: i64 = register_extracts::table
            .count()
            .get_result(&mut app.db())
            .unwrap();
        assert_eq!(rows, 1);
        content(&app, Syv, &made.id());
        app.post(
            Syv,
            &format!("/youths/{}/contacts", app.world.alva),
            json!({"channel": "sms", "result": "no_answer"}),
        )
        .expect(201);
        app.get(Syv, &format!("/register-extracts/{}/content", made.id()))
            .problem(409, "extract-outdated");
        app.get(Syv, &format!("/register-extracts/{}/printout", made.id()))
            .problem(409, "extract-outdated");
        // That it was made still stands.
        app.get(Syv, &format!("/register-extracts/{}", made.id()))
            .expect(200);
    }
);

with_app!(
    every_row_about_the_youth_in_every_table_is_in_the_whole,
    |app| {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = kaa::db::schema::sql::Guid)]
            id: Id<Youth>,
        }
        fill(&app);
        let youth = format!("/youths/{}", app.world.alva);
        for (persona, below, body) in [
            (
                Syv,
                "residences",
                json!({"kind": "registered_here", "fromOn": "2020-01-01", "source": "document"}),
            ),
            (
                Syv,
                "exam-documents",
                json!({"kind": "GY_STUDIEBEVIS", "issuedOn": "2026-06-10", "source": "document"}),
            ),
            (Syv, "referrals", json!({"target": "adult_education"})),
            (
                Syv,
                "interventions",
                json!({"kind": "talks", "responsibleParty": "municipality"}),
            ),
            (
                Syv,
                "correction-notes",
                json!({"resource": "youth", "recordId": app.world.alva, "text": "Nej", "raisedBy": "youth"}),
            ),
            (
                Socionom,
                "consents",
                json!({"recipientKind": "health_care", "purpose": "Stöd", "categories": ["occupation"], "givenBy": "youth", "form": "written"}),
            ),
            (
                Syv,
                "consents",
                json!({"recipientKind": "ngo", "purpose": "Stöd", "categories": ["occupation"], "givenBy": "youth", "form": "written"}),
            ),
            (Syv, "register-extracts", asked()),
            (
                Enhetschef,
                "transfers",
                json!({"toUnitId": app.world.unit_elsewhere, "reason": "Har flyttat till Ursvik."}),
            ),
            (
                Socionom,
                "restrictions",
                json!({"ground": "objection", "reason": "Har invänt mot uppgifterna."}),
            ),
        ] {
            app.post(persona, &format!("{youth}/{below}"), body)
                .expect(201);
        }
        let made = make(&app, Socionom, app.world.alva, asked())
            .expect(201)
            .id();
        let whole = content(&app, Socionom, &made).body;
        let ids: Vec<&str> = whole["content"]["categories"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|category| category["records"].as_array().unwrap())
            .filter_map(|record| record["id"].as_str())
            .collect();
        let mut conn = app.db();
        let mut filled = 0;
        for (table, extracted) in kaa::db::register_extracts::TABLES {
            if !matches!(extracted, kaa::db::register_extracts::Extracted::Each(_)) {
                continue;
            }
            let (id, of) = match *table {
                "youths" => ("id", "id"),
                "protected_statuses" => ("youth_id", "youth_id"),
                _ => ("id", "youth_id"),
            };
            let place = if matches!(conn, kaa::db::Conn::Pg(_)) {
                "$1"
            } else {
                "?"
            };
            let rows: Vec<Row> = diesel::sql_query(format!(
                "SELECT {id} AS id FROM {table} WHERE {of} = {place}"
            ))
            .bind::<kaa::db::schema::sql::Guid, _>(app.world.alva)
            .load(&mut conn)
            .unwrap();
            filled += usize::from(!rows.is_empty());
            for row in rows {
                let id = row.id.to_string();
                assert!(id == made || ids.contains(&id.as_str()), "{table} {id}");
            }
        }
        assert!(filled >= 19, "{filled} tables had something");
    }
);
