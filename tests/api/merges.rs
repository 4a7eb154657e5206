//! Merges over HTTP: two records of a person become one and nothing is lost, what must be settled first is told, and an undo
//! brings both back to the byte, whatever stood in them; besides, merges against edits at the same time.

use crate::duplicates::ALVA_BEFORE;
use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, Loggranskare, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::app::Answer;
use crate::support::story::{TABLES, Who, ids_in, parameters, tell};
use crate::support::world::{ALVA_NUMBER, Persona};
use crate::support::{TestApp, kept_versions, opened};
use crate::with_app;
use diesel::prelude::*;
use kaa::api::routes::{Method, ROUTES};
use kaa::db::cipher::CipherText;
use kaa::db::schema::{protected_youth_merges, youth_merges};
use kaa::domain::id::{Id, Youth, YouthMerge};
use kaa::domain::operation::Operation;
use kaa::domain::protected_identity::NOT_IN_MINIMAL;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// From the tax agency's published test numbers.
const WHO: [Who; 2] = [
    Who {
        number: "201001122397",
        given_name: "Xylia",
        family_name: "Dunkelgren",
        guardian: "Vilja",
        guardian_phone: "08-998 80 01",
        postal_code: "987 61",
        mobile: "073-987 65 41",
        mark: "Gömett",
        text: "Hemligett",
    },
    Who {
        number: "201001132388",
        given_name: "Yngvara",
        family_name: "Skymningsson",
        guardian: "Wilgot",
        guardian_phone: "08-998 80 02",
        postal_code: "987 62",
        mobile: "073-987 65 42",
        mark: "Gömtvå",
        text: "Hemligtvå",
    },
];

fn id(text: &str) -> Id<Youth> {
    Id::of(uuid::Uuid::parse_str(text).unwrap())
}

fn version_of(app: &TestApp, youth: Id<Youth>) -> i64 {
    app.get(Enhetschef, &format!("/youths/{youth}"))
        .expect(200)
        .version()
}

fn merge_as(
    app: &TestApp,
    by: Persona,
    stays: Id<Youth>,
    goes: Id<Youth>,
    versions: (i64, i64),
) -> Answer {
    let body = json!({"otherYouthId": goes, "otherVersion": versions.1, "reason": "Samma person; har fått personnummer."});
    let version = format!("\"{}\"", versions.0);
    app.send(
        by,
        "POST",
        &format!("/youths/{stays}/merges"),
        &[("If-Match", &version)],
        Some(body),
    )
}

fn merge(app: &TestApp, by: Persona, stays: Id<Youth>, goes: Id<Youth>) -> Answer {
    let versions = (version_of(app, stays), version_of(app, goes));
    merge_as(app, by, stays, goes, versions)
}

fn undo(app: &TestApp, by: Persona, merge: &str, version: i64) -> Answer {
    let version = format!("\"{version}\"");
    app.send(
        by,
        "POST",
        &format!("/youth-merges/{merge}/undo"),
        &[("If-Match", &version)],
        Some(json!({"undoReason": "Det var två olika personer."})),
    )
}

/// Somebody with Alva's name and birthday, and the number of before.
fn alva_again(app: &TestApp) -> Id<Youth> {
    let person = json!({
        "givenName": "Alwa", "familyName": "Lindqvist", "identityNumber": ALVA_BEFORE,
        "phones": [{"kind": "mobile", "number": "070-174 06 77"}],
    });
    id(&app.post(Syv, "/youths", person).expect(201).id())
}

fn found(app: &TestApp, asked: Value) -> Vec<Value> {
    app.post(Syv, "/youths/search", asked)
        .expect(200)
        .column("youths", "id")
}

with_app!(
    what_belonged_to_either_belongs_to_the_one_who_stays,
    |app| {
        let alva = app.world.alva;
        let other = alva_again(&app);
        let open =
            json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-08-20"});
        let episode = app
            .post(Syv, &format!("/youths/{other}/episodes"), open)
            .expect(201);
        let contact = app
            .post(
                Socionom,
                &format!("/youths/{other}/contacts"),
                json!({"channel": "sms", "result": "reached", "note": "Ville ses."}),
            )
            .expect(201);
        let handler = json!({"userId": app.world.user(SocionomStranger), "kind": "handler"});
        let handler = app
            .post(Enhetschef, &format!("/youths/{other}/assignments"), handler)
            .expect(201);
        let before = app.get(Syv, &format!("/youths/{alva}")).expect(200);
        let merged = merge(&app, Syv, alva, other).expect(201);
        assert_eq!(merged.body["mergedYouthId"], json!(other));
        assert_eq!(merged.body["isUndoable"], true);
        assert_eq!(merged.body["mergedYouth"]["givenName"], "Alwa");
        assert_eq!(
            merged.body["mergedYouth"]["phones"][0]["number"],
            "070-174 06 77"
        );
        // The own fields stay, and so does the version; the personnummer stays in force.
        let after = app.get(Syv, &format!("/youths/{alva}")).expect(200);
        assert_eq!(after.version(), before.version());
        for field in ["givenName", "phones", "handlerId", "updatedAt"] {
            assert_eq!(after.body[field], before.body[field], "{field}");
        }
        assert_eq!(after.body["identityNumber"], ALVA_NUMBER);
        assert_eq!(after.body["lastReachedOn"], "2026-11-24");
        // The old record is told where it has gone; every other list and search knows the person once.
        let gone = app.get(Syv, &format!("/youths/{other}"));
        assert_eq!(
            gone.body["errors"][0]["words"],
            json!([alva]),
            "{}",
            gone.body
        );
        gone.problem(404, "youth-merged");
        app.get(SyvElsewhere, &format!("/youths/{other}"))
            .problem(404, "not-found");
        app.get(AmbassadorStranger, &format!("/youths/{other}"))
            .problem(404, "not-found");
        let me = [json!(alva)];
        assert_eq!(found(&app, json!({"identityNumber": ALVA_BEFORE})), me);
        assert_eq!(found(&app, json!({"identityNumber": ALVA_NUMBER})), me);
        assert_eq!(found(&app, json!({"name": "alwa"})), me);
        assert_eq!(found(&app, json!({"name": "alva"})), me);
        let listed = app.get(Syv, "/youths?limit=200").expect(200);
        assert!(!listed.column("youths", "id").contains(&json!(other)));
        // One open episode, since the earlier day, in which both are.
        let episodes = app
            .get(Syv, &format!("/youths/{alva}/episodes"))
            .expect(200);
        assert_eq!(
            episodes.column("episodes", "id"),
            [json!(app.world.alva_episode)]
        );
        assert_eq!(
            episodes.column("episodes", "enteredOn"),
            [json!("2026-08-20")]
        );
        app.get(Syv, &format!("/episodes/{}", episode.id()))
            .problem(404, "not-found");
        let moved = app
            .get(Syv, &format!("/contacts/{}", contact.id()))
            .expect(200);
        assert_eq!(moved.body["youthId"], json!(alva));
        assert_eq!(moved.body["episodeId"], json!(app.world.alva_episode));
        assert_eq!(moved.version(), 1);
        // The other's handler goes on as support.
        let support = app
            .get(Enhetschef, &format!("/assignments/{}", handler.id()))
            .expect(200);
        assert_eq!(support.body["kind"], "support");
        // A change of their own is refused to nobody for the merge; nothing of it is lost in an undo.
        app.patch(
            Syv,
            &format!("/youths/{alva}"),
            before.version(),
            json!({"language": "finska"}),
        )
        .expect(200);
        assert_eq!(found(&app, json!({"name": "alwa"})), me);
        let list = app.get(Syv, &format!("/youths/{alva}/merges")).expect(200);
        assert_eq!(list.column("merges", "id"), [json!(merged.id())]);
        // Who read the record that has gone, read of the person.
        let report = app
            .get(Loggranskare, &format!("/youths/{alva}/access-report"))
            .expect(200);
        let entries = report.body["entries"].as_array().unwrap();
        assert!(
            entries
                .iter()
                .any(|entry| entry["operation"] == "logContact")
        );
        let event = app.db_last_event("mergeYouths");
        for youth in [alva, other] {
            assert!(
                event
                    .subjects
                    .iter()
                    .any(|subject| subject.0 == Some(youth))
            );
        }
        let undone = undo(&app, Socionom, &merged.id(), 1).expect(200);
        assert_eq!(undone.body["mergedYouth"], Value::Null);
        let alva_now = app.get(Syv, &format!("/youths/{alva}")).expect(200);
        assert_eq!(alva_now.body["language"], "finska");
        let again = app.get(Syv, &format!("/youths/{other}")).expect(200);
        assert_eq!(again.body["identityNumber"], ALVA_BEFORE);
        assert_eq!(found(&app, json!({"name": "alwa"})), [json!(other)]);
        assert_eq!(
            found(&app, json!({"identityNumber": ALVA_BEFORE})),
            [json!(other)]
        );
        undo(&app, Socionom, &merged.id(), 2).problem(409, "merge-undone");
    }
);

with_app!(
    the_personnummer_comes_into_force_over_the_other_number,
    |app| {
        let other = alva_again(&app);
        let merged = merge(&app, Syv, other, app.world.alva).expect(201);
        let person = app.get(Syv, &format!("/youths/{other}")).expect(200);
        assert_eq!(person.body["identityNumber"], ALVA_NUMBER);
        for number in [ALVA_NUMBER, ALVA_BEFORE] {
            assert_eq!(
                found(&app, json!({"identityNumber": number})),
                [json!(other)]
            );
        }
        // Nobody is registered again under either.
        let again = json!({"givenName": "Alva", "familyName": "Ny", "identityNumber": ALVA_BEFORE});
        app.post(Syv, "/youths", again)
            .problem(409, "already-exists");
        undo(&app, Syv, &merged.id(), 1).expect(200);
        for (youth, number) in [(other, ALVA_BEFORE), (app.world.alva, ALVA_NUMBER)] {
            let person = app.get(Syv, &format!("/youths/{youth}")).expect(200);
            assert_eq!(person.body["identityNumber"], number);
        }
    }
);

with_app!(what_people_must_settle_is_told_first, |app| {
    let alva = app.world.alva;
    let other = alva_again(&app);
    let codes = |answer: Answer| -> Vec<String> {
        let problems = answer.problem(409, "merge-in-the-way");
        problems.into_iter().map(|(_, code)| code).collect()
    };
    let pia = app.world.pia;
    let versions = (1, version_of(&app, pia));
    assert_eq!(
        codes(merge_as(&app, Socionom, alva, pia, versions)),
        ["protection-differs"]
    );
    // Who may not know of the other one is told what is told of an id that nobody has.
    merge_as(&app, Syv, alva, pia, versions).problem(422, "validation-failed");
    merge_as(&app, Syv, alva, app.world.dag, (1, 1)).problem(422, "validation-failed");
    merge_as(&app, Syv, alva, alva, (1, 1)).problem(422, "validation-failed");
    let facts =
        json!({"compulsorySchoolEndedOn": "2025-06-12", "compulsorySchoolBasis": "tenth_year"});
    app.patch(Syv, &format!("/youths/{other}"), 1, facts.clone())
        .expect(200);
    let transfer =
        json!({"toUnitId": app.world.unit_elsewhere, "reason": "Har flyttat till Ursvik."});
    let transfer = app
        .post(Enhetschef, &format!("/youths/{alva}/transfers"), transfer)
        .expect(201);
    let two = json!({"youthId": alva, "otherYouthId": other, "reason": "Ringde: två personer."});
    let two = app.post(Syv, "/duplicate-dismissals", two).expect(201);
    assert_eq!(
        codes(merge_as(&app, Syv, alva, other, (1, 2))),
        ["found-not-same", "waits-for-transfer", "told-by-other-only"]
    );
    app.patch(Syv, &format!("/youths/{alva}"), 1, facts)
        .expect(200);
    app.send(
        Enhetschef,
        "POST",
        &format!("/transfers/{}/decision", transfer.id()),
        &[("If-Match", "\"1\"")],
        Some(json!({"status": "withdrawn", "decisionReason": "Stannar kvar här."})),
    )
    .expect(200);
    let back = json!({"withdrawalReason": "De har samma nummer."});
    app.patch(Syv, &format!("/duplicate-dismissals/{}", two.id()), 1, back)
        .expect(200);
    // Neither version may be stale.
    merge_as(&app, Syv, alva, other, (1, 2)).problem(412, "stale-version");
    let stale = merge_as(&app, Syv, alva, other, (2, 1)).problem(412, "stale-version");
    assert_eq!(stale[0].0, "/otherVersion");
    for persona in [Ambassador, Ungdomskonsulent, Administrator, Loggranskare] {
        merge_as(&app, persona, alva, other, (2, 2)).problem(403, "forbidden");
    }
    let body = json!({"otherYouthId": other, "otherVersion": 2, "reason": "Samma person."});
    app.post(Syv, &format!("/youths/{alva}/merges"), body)
        .problem(428, "version-required");
    let merged = merge_as(&app, Syv, alva, other, (2, 2)).expect(201);
    // Read as the youth is, by those who see the youth.
    let path = format!("/youth-merges/{}", merged.id());
    let seen = app.get(Ungdomskonsulent, &path).expect(200);
    assert!(seen.body["mergedYouth"].get("familyName").is_some());
    app.get(Ambassador, &path).problem(403, "forbidden");
    app.get(SyvElsewhere, &path).problem(404, "not-found");
    undo(&app, Ungdomskonsulent, &merged.id(), 1).problem(403, "forbidden");
    undo(&app, Syv, &merged.id(), 7).problem(412, "stale-version");
});

with_app!(merges_are_undone_in_the_opposite_order, |app| {
    let alva = app.world.alva;
    let first = alva_again(&app);
    let person = json!({"givenName": "Alva", "familyName": "Lindqvist", "birthDate": "2009-01-05"});
    let second = id(&app.post(Syv, "/youths", person).expect(201).id());
    let into_first = merge(&app, Syv, first, second).expect(201);
    let into_alva = merge(&app, Syv, alva, first).expect(201);
    // Both have gone into one, and are found by what either said.
    for youth in [first, second] {
        let gone = app.get(Syv, &format!("/youths/{youth}"));
        assert_eq!(gone.body["errors"][0]["words"], json!([alva]));
    }
    undo(&app, Syv, &into_first.id(), 1).problem(409, "merge-in-the-way");
    undo(&app, Syv, &into_alva.id(), 1).expect(200);
    undo(&app, Syv, &into_first.id(), 1).expect(200);
    for youth in [alva, first, second] {
        app.get(Syv, &format!("/youths/{youth}")).expect(200);
    }
});

with_app!(the_stricter_answer_of_the_compartment_holds, |app| {
    let alva = app.world.alva;
    let other = alva_again(&app);
    let me = json!({"userId": app.world.user(Socionom), "kind": "support"});
    app.post(Enhetschef, &format!("/youths/{other}/assignments"), me)
        .expect(201);
    let set = |youth: Id<Youth>, body: Value| {
        app.put(
            Socionom,
            &format!("/youths/{youth}/protected-status"),
            None,
            body,
        )
        .expect(200)
    };
    let mild = set(
        alva,
        json!({"basis": "other", "mayStartMeasures": true, "note": "Går bra."}),
    );
    let strict = set(
        other,
        json!({"basis": "substance", "substanceStatus": "active_use", "note": "Har berättat."}),
    );
    let youth = |who| app.get(Syv, &format!("/youths/{who}")).expect(200).body;
    assert_eq!(youth(alva)["mayStartMeasures"], true);
    // Whoever merges need not see it, and is told nothing of it.
    let merged = merge(&app, Syv, alva, other).expect(201);
    assert!(!merged.body.to_string().contains("berättat"));
    let path = format!("/youths/{alva}/protected-status");
    let both = app.get(Socionom, &path).expect(200);
    assert_eq!(both.body["substanceStatus"], "active_use");
    assert_eq!(both.body["note"], "Har berättat.\n\nGår bra.");
    assert_eq!(youth(alva)["mayStartMeasures"], false);
    app.get(Syv, &path).problem(403, "forbidden");
    undo(&app, Syv, &merged.id(), 1).expect(200);
    for (who, before) in [(alva, &mild), (other, &strict)] {
        let path = format!("/youths/{who}/protected-status");
        assert_eq!(app.get(Socionom, &path).expect(200).body, before.body);
    }
    assert_eq!(youth(alva)["mayStartMeasures"], true);
    assert_eq!(youth(other)["mayStartMeasures"], false);
    // What is set while they are one stays with the one who stays.
    let merged = merge(&app, Syv, alva, other).expect(201);
    let version = app.get(Socionom, &path).expect(200).version();
    let since = json!({"basis": "other", "mayStartMeasures": false, "note": "Väntar."});
    let since = app.put(Socionom, &path, Some(version), since).expect(200);
    undo(&app, Syv, &merged.id(), 1).expect(200);
    assert_eq!(app.get(Socionom, &path).expect(200).body, since.body);
    let path = format!("/youths/{other}/protected-status");
    assert_eq!(app.get(Socionom, &path).expect(200).body, strict.body);
});

with_app!(
    what_was_written_since_is_kept_when_a_merge_is_undone,
    |app| {
        let alva = app.world.alva;
        let other = alva_again(&app);
        let open = json!({"track": "outreach", "reason": "other", "enteredOn": "2026-10-01"});
        let _ = app.post(Syv, &format!("/youths/{other}/episodes"), open);
        let note = |youth: Id<Youth>, text: &str| {
            app.post(
                Syv,
                &format!("/youths/{youth}/contacts"),
                json!({"channel": "phone", "result": "reached", "note": text}),
            )
        };
        let open =
            json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
        app.post(Syv, &format!("/youths/{other}/episodes"), open)
            .expect(201);
        let old = note(other, "Före.").expect(201);
        let merged = merge(&app, Syv, alva, other).expect(201);
        let new = note(alva, "Efter.").expect(201);
        app.patch(
            Syv,
            &format!("/contacts/{}", old.id()),
            1,
            json!({"note": "Före, rättad."}),
        )
        .expect(200);
        undo(&app, Syv, &merged.id(), 1).expect(200);
        let old = app.get(Syv, &format!("/contacts/{}", old.id())).expect(200);
        assert_eq!(old.body["youthId"], json!(other));
        assert_eq!(old.body["note"], "Före, rättad.");
        let new = app.get(Syv, &format!("/contacts/{}", new.id())).expect(200);
        assert_eq!(new.body["youthId"], json!(alva));
        // What hangs on an episode that goes back goes with it.
        let olle = app.world.olle;
        let merged = merge(&app, Syv, olle, other).expect(201);
        let along = note(olle, "Om samma period.").expect(201);
        undo(&app, Syv, &merged.id(), 1).expect(200);
        let along = app
            .get(Syv, &format!("/contacts/{}", along.id()))
            .expect(200);
        assert_eq!(along.body["youthId"], json!(other));
        let olle = app.get(Syv, &format!("/youths/{olle}")).expect(200);
        assert_eq!(olle.body["lastReachedOn"], Value::Null);
    }
);

with_app!(a_youth_protected_since_is_not_made_two, |app| {
    let alva = app.world.alva;
    let other = alva_again(&app);
    let merged = merge(&app, Syv, alva, other).expect(201);
    let protect = |level: &str| {
        let version = version_of(&app, alva);
        app.patch(
            Syv,
            &format!("/youths/{alva}"),
            version,
            json!({"protectionLevel": level}),
        )
        .expect(200);
    };
    protect("confidentiality_marking");
    app.get(SocionomStranger, &format!("/youths/{other}"))
        .problem(404, "not-found");
    app.get(SocionomStranger, &format!("/youth-merges/{}", merged.id()))
        .problem(404, "not-found");
    undo(&app, Syv, &merged.id(), 1).problem(409, "merge-in-the-way");
    protect("none");
    undo(&app, Syv, &merged.id(), 1).expect(200);
});

with_app!(an_extract_tells_what_either_record_said, |app| {
    let alva = app.world.alva;
    let other = alva_again(&app);
    let change = json!({"area": "Rissne"});
    app.patch(Syv, &format!("/youths/{other}"), 1, change)
        .expect(200);
    let no_twin = json!({"youthId": alva, "otherYouthId": app.world.olle, "reason": "Inte samma; olika skolor."});
    app.post(Syv, "/duplicate-dismissals", no_twin).expect(201);
    merge(&app, Syv, alva, other).expect(201);
    let asked = json!({"identityProof": "id_document", "reason": "Vill se allt som står."});
    let extract = app
        .post(Syv, &format!("/youths/{alva}/register-extracts"), asked)
        .expect(201);
    let content = app
        .get(Syv, &format!("/register-extracts/{}/content", extract.id()))
        .expect(200);
    let text = content.body.to_string();
    for told in [
        "070-174 06 77",
        "Alwa",
        ALVA_BEFORE,
        "Inte samma; olika skolor.",
    ] {
        assert!(text.contains(told), "{told}");
    }
    // Who the other one is, is about somebody else.
    assert!(!text.contains(&app.world.olle.to_string()));
    app.get(
        Syv,
        &format!("/register-extracts/{}/printout", extract.id()),
    )
    .expect(200);
});

with_app!(of_a_minimal_record_nothing_merged_is_kept, |app| {
    let alva = app.world.alva;
    let other = alva_again(&app);
    let merged = merge(&app, Syv, alva, other).expect(201);
    let mut minimal = json!({"protectionLevel": "handled_outside", "givenName": "Pseudonym", "familyName": "Sju"});
    for field in NOT_IN_MINIMAL {
        minimal[*field] = Value::Null;
    }
    app.patch(
        Socionom,
        &format!("/youths/{alva}"),
        version_of(&app, alva),
        minimal,
    )
    .expect(200);
    let path = format!("/youth-merges/{}", merged.id());
    let now = app.get(Socionom, &path).expect(200);
    assert_eq!(now.body["mergedYouth"], Value::Null);
    assert_eq!(now.body["isUndoable"], false);
    undo(&app, Socionom, &merged.id(), 1).problem(409, "merge-in-the-way");
    for asked in [
        json!({"name": "alwa"}),
        json!({"identityNumber": ALVA_BEFORE}),
    ] {
        let found = app.post(Socionom, "/youths/search", asked).expect(200);
        assert!(found.column("youths", "id").is_empty());
    }
});

// To the byte --------------------------------------------------------------------------------------------------------------

/// Addresses that tell of merges themselves, or of who has read.
const TELL_OF_MERGES: &[Operation] = &[
    Operation::ListYouthMerges,
    Operation::ReadYouthMerge,
    Operation::ListDuplicateDismissals,
    Operation::ReadAccessReport,
    Operation::ListAuditEvents,
    Operation::ReadRegisterExtractContent,
    Operation::ReadRegisterExtractPrintout,
];
const READERS: [Persona; 6] = [
    Ambassador,
    Syv,
    Ungdomskonsulent,
    Socionom,
    SocionomStranger,
    Enhetschef,
];

/// Everything that can be read of some youths, by everybody.
fn views(app: &TestApp, youths: &[Id<Youth>]) -> BTreeMap<(String, Persona), (u16, Vec<u8>)> {
    let mut paths: Vec<String> = Vec::new();
    let mut conn = app.db();
    for route in ROUTES.iter().filter(|route| route.method == Method::Get) {
        if TELL_OF_MERGES.contains(&route.operation) {
            continue;
        }
        match parameters(route)[..] {
            [] if route.is_list() && !route.path.starts_with("/log-") => {
                paths.push(format!("{}?limit=200", route.path));
            }
            [parameter] => {
                let hole = format!("{{{parameter}}}");
                let tables = TABLES.iter().find(|(name, _)| *name == parameter);
                for youth in youths {
                    let ids = match tables {
                        Some((_, tables)) => tables
                            .iter()
                            .flat_map(|table| ids_in(&mut conn, table, *youth))
                            .collect(),
                        None if parameter == "youthId" => vec![youth.to_string()],
                        None => Vec::new(),
                    };
                    for id in ids {
                        let whole = if route.is_list() { "?limit=200" } else { "" };
                        paths.push(format!("{}{whole}", route.path.replace(&hole, &id)));
                        if route.operation == Operation::ListYouthTasks {
                            let path = route.path.replace(&hole, &id);
                            paths.push(format!("{path}?limit=200&isOpen=false"));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut views = BTreeMap::new();
    for path in paths {
        for persona in READERS {
            let mut answer = app.get(persona, &path);
            // A server that has too much to do is asked again.
            for _ in 0..20 {
                if answer.status != 503 {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(100));
                answer = app.get(persona, &path);
            }
            assert!(answer.status < 500, "{} {}", answer.asked, answer.body);
            let told = if answer.status == 200 {
                answer.bytes
            } else {
                answer.body["type"].to_string().into_bytes()
            };
            views.insert((path.clone(), persona), (answer.status, told));
        }
    }
    views
}

fn compare(
    before: &BTreeMap<(String, Persona), (u16, Vec<u8>)>,
    after: &BTreeMap<(String, Persona), (u16, Vec<u8>)>,
) {
    let apart: Vec<_> = before
        .keys()
        .filter(|key| !after.contains_key(*key))
        .chain(after.keys().filter(|key| !before.contains_key(*key)))
        .collect();
    assert!(apart.is_empty(), "gone or new: {apart:?}");
    for (key, told) in before {
        let now = &after[key];
        assert_eq!(
            (told.0, String::from_utf8_lossy(&told.1)),
            (now.0, String::from_utf8_lossy(&now.1)),
            "{key:?}"
        );
    }
}

with_app!(undoing_a_merge_restores_every_view_of_both, |app| {
    let youths = WHO.map(|who| tell(&app, &who));
    let [stays, goes] = youths;
    let before = views(&app, &youths);
    assert!(before.len() > 600, "{}", before.len());
    let versions = kept_versions(&mut app.db(), "youths");
    for (one, other) in [(stays, goes), (goes, stays)] {
        let merged = merge(&app, Syv, one, other).expect(201);
        let meanwhile = views(&app, &[one]);
        assert!(
            meanwhile
                .values()
                .filter(|(status, _)| *status == 200)
                .count()
                > 300
        );
        // Everything of both is below the one who stays: each has a contact, and one that was a meeting out there.
        let contacts = app
            .get(Socionom, &format!("/youths/{one}/contacts"))
            .expect(200);
        assert_eq!(contacts.column("contacts", "id").len(), 4);
        undo(&app, Syv, &merged.id(), 1).expect(200);
        compare(&before, &views(&app, &youths));
    }
    assert_eq!(kept_versions(&mut app.db(), "youths"), versions);
});

with_app!(
    what_an_undo_takes_is_enciphered_whole_and_bound_to_no_other_key,
    |app| {
        let youths = WHO.map(|who| tell(&app, &who));
        let merged = merge(&app, Syv, youths[0], youths[1]).expect(201);
        let merge: Id<YouthMerge> = Id::of(uuid::Uuid::parse_str(&merged.id()).unwrap());
        let mut conn = app.db();
        let register: Option<CipherText> = youth_merges::table
            .find(merge)
            .select(youth_merges::changes)
            .first(&mut conn)
            .unwrap();
        let compartment: CipherText = protected_youth_merges::table
            .find(merge)
            .select(protected_youth_merges::changes)
            .first(&mut conn)
            .unwrap();
        let uuid = merge.uuid();
        let register = opened("youth_merges", "changes", uuid, &register.unwrap());
        let compartment = opened("protected_youth_merges", "changes", uuid, &compartment);
        for changes in [&register, &compartment] {
            // A text inside that had its own cipher would be lost when its key is retired.
            assert!(!changes.contains("kaa1:"));
        }
        // What is known of the compartment is kept under its keys alone.
        assert!(compartment.contains("Hemligtvå status"));
        assert!(!register.contains("Hemligtvå status"));
        assert!(!register.contains("addiction_care"));
    }
);

with_app!(
    a_roster_with_the_old_number_finds_the_one_who_stays,
    |app| {
        let other = alva_again(&app);
        merge(&app, Syv, app.world.alva, other).expect(201);
        let roster = format!(
            "personnummer;förnamn;efternamn;gatuadress;postnummer;postort;telefon;skyddsmarkering;status\n\
         {ALVA_BEFORE};Alva;Lindqvist-Björk;Nya vägen 3;172 60;Sundbyberg;070-174 06 51;;avbrott gymnasium\n"
        );
        let sent = app
            .send_bytes(
                Syv,
                "POST",
                "/imports?asOf=2026-11-23&isApplied=true",
                &[],
                Some("text/csv"),
                Some(roster.into_bytes()),
            )
            .expect(201);
        assert_eq!(sent.body["counts"]["created"], 0, "{}", sent.body);
        let rows = app
            .get(Syv, &format!("/imports/{}/rows", sent.id()))
            .expect(200);
        assert_eq!(
            rows.body["rows"][0]["youthId"],
            json!(app.world.alva),
            "{}",
            rows.body
        );
        let alva = app
            .get(Syv, &format!("/youths/{}", app.world.alva))
            .expect(200);
        assert_eq!(alva.body["identityNumber"], ALVA_NUMBER);
    }
);

/// What may stand in a record.
#[derive(Debug, Clone, Copy)]
enum Deed {
    OpenEpisode(u8),
    CloseEpisode,
    Contact(u8),
    Handler(u8),
    Mapping,
    Plan,
    Status(u8),
    Occupation(u8),
    Referral(u8),
    Consent,
    Residence,
    Defer,
    Open,
    Name(u8),
    Note,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        3 => (0..9_u8).prop_map(Deed::OpenEpisode),
        1 => Just(Deed::CloseEpisode),
        3 => (0..4_u8).prop_map(Deed::Contact),
        2 => (0..3_u8).prop_map(Deed::Handler),
        1 => Just(Deed::Mapping),
        2 => Just(Deed::Plan),
        2 => (0..3_u8).prop_map(Deed::Status),
        2 => (0..3_u8).prop_map(Deed::Occupation),
        2 => (0..3_u8).prop_map(Deed::Referral),
        1 => Just(Deed::Consent),
        1 => Just(Deed::Residence),
        1 => Just(Deed::Defer),
        1 => Just(Deed::Open),
        1 => (0..3_u8).prop_map(Deed::Name),
        1 => Just(Deed::Note),
    ];
    proptest::collection::vec(deed, 4..16)
}

/// Does it, if the rules let it be done.
fn act(app: &TestApp, youth: Id<Youth>, deed: Deed) {
    let at = |path: &str| format!("/youths/{youth}/{path}");
    let add = |by, path: &str, body: Value| {
        let answer = app.post(by, &at(path), body);
        assert!(answer.status < 500, "{} {}", answer.asked, answer.body);
        answer
    };
    match deed {
        Deed::OpenEpisode(n) => {
            add(
                Syv,
                "episodes",
                json!({"track": "kaa", "reason": "study_certificate", "enteredOn": format!("2026-09-0{}", n % 9 + 1)}),
            );
        }
        Deed::CloseEpisode => {
            let list = app.get(Syv, &at("episodes")).expect(200);
            for row in list.body["episodes"].as_array().unwrap() {
                let path = format!("/episodes/{}/closure", row["id"].as_str().unwrap());
                let _ = app.send(
                    Syv,
                    "POST",
                    &path,
                    &[("If-Match", &format!("\"{}\"", row["version"]))],
                    Some(json!({"exitedOn": "2026-11-20", "deregistrationReason": "moved"})),
                );
            }
        }
        Deed::Contact(n) => {
            let by = [Syv, Socionom, Ungdomskonsulent, SocionomStranger][usize::from(n)];
            add(
                by,
                "contacts",
                json!({"channel": "sms", "result": if n == 3 {"no_answer"} else {"reached"}, "note": "Vi hörs.", "nextContactOn": "2026-12-01", "occupation": if n == 1 {json!("work")} else {Value::Null}}),
            );
        }
        Deed::Handler(n) => {
            let who = [Syv, Socionom, Ungdomskonsulent][usize::from(n)];
            add(
                Enhetschef,
                "assignments",
                json!({"userId": app.world.user(who), "kind": "handler"}),
            );
        }
        Deed::Mapping => {
            add(
                Syv,
                "mappings",
                json!({"goals": "Arbete.", "needs": "Körkort.", "expectations": "Snart."}),
            );
        }
        Deed::Plan => {
            let plans = app.get(Syv, &at("plan-revisions")).expect(200);
            let based_on = plans.column("planRevisions", "number").first().cloned();
            add(
                Syv,
                "plan-revisions",
                json!({
                    "planningText": "Vi börjar.", "goalType": "work", "goalText": "Ett jobb.", "basedOn": based_on.unwrap_or(Value::Null),
                    "items": [{"what": "Söka.", "responsibleParty": "youth"}], "followUps": [{"dueOn": "2026-12-01", "kind": "follow_up"}],
                }),
            );
        }
        Deed::Status(n) => {
            let body = [
                json!({"basis": "substance", "substanceStatus": "active_use", "note": "Sagt."}),
                json!({"basis": "other", "mayStartMeasures": true}),
                json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": "2027-01-10"}),
            ][usize::from(n)]
            .clone();
            let _ = app.put(Socionom, &at("protected-status"), None, body);
        }
        Deed::Occupation(n) => {
            let kind = ["studies", "work", "none"][usize::from(n)];
            add(Syv, "occupations", json!({"kind": kind, "source": "youth"}));
        }
        Deed::Referral(n) => {
            let target = ["ngo", "addiction_care", "adult_education"][usize::from(n)];
            add(
                Socionom,
                "referrals",
                json!({"target": target, "note": "Vill ha hjälp."}),
            );
        }
        Deed::Consent => {
            add(
                Socionom,
                "consents",
                json!({"recipientKind": "health_care", "purpose": "Möte.", "categories": ["occupation"], "givenBy": "youth", "form": "written"}),
            );
        }
        Deed::Residence => {
            add(
                Syv,
                "residences",
                json!({"kind": "registered_here", "fromOn": "2020-01-01", "source": "population_register"}),
            );
        }
        Deed::Defer => {
            let tasks = app.get(Syv, "/tasks?limit=200").expect(200);
            for task in tasks.body["tasks"].as_array().unwrap() {
                if task["youthId"] == json!(youth) {
                    let path = format!("/tasks/{}/deferral", task["id"].as_str().unwrap());
                    let _ = app.send(
                        Syv,
                        "POST",
                        &path,
                        &[("If-Match", &format!("\"{}\"", task["version"]))],
                        Some(json!({"until": "2026-12-05", "reason": "Är bortrest till dess."})),
                    );
                }
            }
        }
        Deed::Open => {
            add(
                Enhetschef,
                "access-grants",
                json!({"purpose": "contact_notes", "reason": "Ett klagomål har kommit in.", "minutes": 10}),
            );
        }
        Deed::Name(n) => {
            let version = version_of(app, youth);
            let name = ["Alva Karin", "Alwa", "Karin"][usize::from(n)];
            app.patch(
                Syv,
                &format!("/youths/{youth}"),
                version,
                json!({"givenName": name}),
            )
            .expect(200);
        }
        Deed::Note => {
            add(
                Syv,
                "correction-notes",
                json!({"resource": "youth", "recordId": youth, "text": "Så var det inte.", "raisedBy": "youth"}),
            );
        }
    }
}

with_app!(whatever_stands_in_both_an_undo_restores_it, |app| {
    let config = Config {
        cases: 6,
        failure_persistence: None,
        ..Config::default()
    };
    let case = (deeds(), deeds());
    TestRunner::new(config)
        .run(&case, |(of_one, of_other)| {
            let youths = [of_one, of_other].map(|deeds| {
                let person =
                    json!({"givenName": "Alva", "familyName": "Ek", "birthDate": "2009-02-03"});
                let youth = id(&app.post(Syv, "/youths", person).expect(201).id());
                let me = json!({"userId": app.world.user(Socionom), "kind": "support"});
                app.post(Enhetschef, &format!("/youths/{youth}/assignments"), me)
                    .expect(201);
                for deed in deeds {
                    act(&app, youth, deed);
                }
                youth
            });
            let before = views(&app, &youths);
            let merged = merge(&app, Syv, youths[0], youths[1]).expect(201);
            undo(&app, Syv, &merged.id(), 1).expect(200);
            compare(&before, &views(&app, &youths));
            Ok(())
        })
        .unwrap();
});

// At the same time ---------------------------------------------------------------------------------------------------------

with_app!(an_edit_at_the_same_time_as_a_merge_is_never_lost, |app| {
    for round in 0..6 {
        let person = json!({"givenName": "Alva", "familyName": "Ek", "birthDate": "2009-02-03"});
        let [stays, goes] =
            [(); 2].map(|()| id(&app.post(Syv, "/youths", person.clone()).expect(201).id()));
        let edited = [goes, stays][round % 2];
        let (merged, patched) = std::thread::scope(|scope| {
            let merging = scope.spawn(|| merge_as(&app, Syv, stays, goes, (1, 1)));
            let patch = scope.spawn(|| {
                app.patch(
                    Socionom,
                    &format!("/youths/{edited}"),
                    1,
                    json!({"language": "finska"}),
                )
            });
            (merging.join().unwrap(), patch.join().unwrap())
        });
        match (merged.status, patched.status) {
            // The edit came first, and whoever merges looks again.
            (412, 200) => {
                let now = app.get(Syv, &format!("/youths/{edited}")).expect(200);
                assert_eq!(now.body["language"], "finska");
            }
            // The record had gone.
            (201, 404) => assert_eq!(edited, goes),
            // The edit of the one who stays came after, and stands.
            (201, 200) => {
                assert_eq!(edited, stays);
                let now = app.get(Syv, &format!("/youths/{stays}")).expect(200);
                assert_eq!(now.body["language"], "finska");
                undo(&app, Syv, &merged.id(), 1).expect(200);
                let now = app.get(Syv, &format!("/youths/{stays}")).expect(200);
                assert_eq!(now.body["language"], "finska");
            }
            other => panic!("{other:?} {} {}", merged.body, patched.body),
        }
    }
});

with_app!(
    a_contact_logged_during_a_merge_ends_with_the_one_who_stays,
    |app| {
        for _ in 0..6 {
            let person =
                json!({"givenName": "Alva", "familyName": "Ek", "birthDate": "2009-02-03"});
            let [stays, goes] =
                [(); 2].map(|()| id(&app.post(Syv, "/youths", person.clone()).expect(201).id()));
            let open =
                json!({"track": "kaa", "reason": "study_certificate", "enteredOn": "2026-10-01"});
            app.post(Syv, &format!("/youths/{goes}/episodes"), open)
                .expect(201);
            let (merged, logged) = std::thread::scope(|scope| {
                let merging = scope.spawn(|| merge_as(&app, Syv, stays, goes, (1, 1)));
                let logging = scope.spawn(|| {
                    app.post(
                        Socionom,
                        &format!("/youths/{goes}/contacts"),
                        json!({"channel": "sms", "result": "reached", "note": "Vi ses."}),
                    )
                });
                (merging.join().unwrap(), logging.join().unwrap())
            });
            merged.expect(201);
            let contacts = app
                .get(Syv, &format!("/youths/{stays}/contacts"))
                .expect(200)
                .column("contacts", "id");
            match logged.status {
                201 => assert_eq!(contacts, [json!(logged.id())]),
                404 => {
                    // Told where to write it.
                    assert_eq!(logged.body["errors"][0]["words"], json!([stays]));
                    assert!(contacts.is_empty());
                }
                _ => panic!("{}", logged.body),
            }
        }
    }
);

with_app!(two_merges_of_the_same_at_once_make_one, |app| {
    let person = json!({"givenName": "Alva", "familyName": "Ek", "birthDate": "2009-02-03"});
    let [one, other] =
        [(); 2].map(|()| id(&app.post(Syv, "/youths", person.clone()).expect(201).id()));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let app = &app;
        let both = [(one, other), (other, one)].map(|(stays, goes)| {
            scope.spawn(move || merge_as(app, Syv, stays, goes, (1, 1)).status)
        });
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let made = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(made, 1, "{statuses:?}");
    assert!(
        statuses
            .iter()
            .all(|status| [201, 404, 422].contains(status)),
        "{statuses:?}"
    );
});
