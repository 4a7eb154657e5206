//! Youths over HTTP: who sees whom and what, lists and searches, changes, and what the audit keeps of it.

use crate::support::Persona::{
    Ambassador, AmbassadorStranger, Enhetschef, Expired, Loggranskare, Nobody, Socionom,
    SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::world::{ALVA_NUMBER, BO_NUMBER};
use crate::with_app;
use serde_json::json;

with_app!(each_role_reads_the_fields_of_the_table, |app| {
    let alva = format!("/youths/{}", app.world.alva);
    let seen = app.get(Syv, &alva).expect(200);
    assert_eq!(seen.body["identityNumber"], ALVA_NUMBER);
    assert_eq!(seen.body["familyName"], "Lindqvist-Björk");
    assert_eq!(seen.body["age"], 17);
    assert_eq!(seen.body["tracks"], json!(["kaa"]));
    assert_eq!(seen.body["handlerId"], json!(app.world.user(Syv)));
    assert_eq!(seen.version(), 1);
    let seen = app.get(Ambassador, &alva).expect(200);
    assert_eq!(seen.body["familyName"], "L.");
    for closed in [
        "identityNumber",
        "birthDate",
        "addresses",
        "guardians",
        "mayStartMeasures",
    ] {
        assert!(seen.body.get(closed).is_none(), "{closed}");
    }
    let seen = app.get(Enhetschef, &alva).expect(200);
    assert!(seen.body.get("identityNumber").is_none());
    assert_eq!(seen.body["birthDate"], "2009-01-05");
});

with_app!(a_hidden_youth_and_a_missing_one_are_the_same, |app| {
    let missing = app
        .get(Syv, "/youths/00000000-0000-7000-8000-000000000000")
        .expect(404);
    for (persona, youth) in [
        (SyvElsewhere, app.world.alva),
        (AmbassadorStranger, app.world.alva),
        (Syv, app.world.pia),
        (Ungdomskonsulent, app.world.pia),
        (SocionomStranger, app.world.pia),
        (Syv, app.world.dag),
    ] {
        let hidden = app.get(persona, &format!("/youths/{youth}"));
        assert_eq!(hidden.without_instance(), missing.without_instance());
    }
    app.get(Loggranskare, &format!("/youths/{}", app.world.alva))
        .problem(403, "forbidden");
    for nobody in [Nobody, Expired] {
        app.get(nobody, "/youths").problem(401, "unauthenticated");
    }
    app.get(Syv, "/youths/x").problem(404, "not-found");
    let refused = app.db_last_event("readYouth");
    assert_eq!(refused.outcome, "refused");
});

with_app!(
    lists_leave_protected_identities_out_and_searches_find_them_for_whom_they_may,
    |app| {
        let names = |persona| {
            app.get(persona, "/youths")
                .expect(200)
                .column("youths", "givenName")
        };
        assert_eq!(names(Syv), ["Alva", "Olle", "Bo"]);
        assert_eq!(names(Enhetschef), ["Alva", "Olle", "Bo"]);
        assert_eq!(names(Socionom), ["Alva", "Olle", "Bo"]);
        assert_eq!(names(Ambassador), ["Alva"]);
        assert!(names(AmbassadorStranger).is_empty());
        let found = |persona, name: &str| {
            app.post(persona, "/youths/search", json!({"name": name}))
                .expect(200)
                .column("youths", "givenName")
        };
        assert_eq!(found(Socionom, "oberg"), ["Pia"]);
        assert_eq!(found(Enhetschef, "Öberg, pia"), ["Pia"]);
        assert!(found(Syv, "oberg").is_empty());
        assert_eq!(found(Syv, "bjork alva"), ["Alva"]);
        assert_eq!(found(Syv, "lindqvist-b"), ["Alva"]);
        assert!(found(SyvElsewhere, "alva").is_empty());
        app.post(Ambassador, "/youths/search", json!({"name": "alva"}))
            .problem(403, "forbidden");
        let empty = app
            .post(Syv, "/youths/search", json!({"name": "-"}))
            .problem(422, "validation-failed");
        assert_eq!(empty, [("/name".to_owned(), "nothing-searched".to_owned())]);
    }
);

with_app!(
    an_identity_number_is_sought_by_those_who_may_read_it_and_never_in_an_address,
    |app| {
        let seek = |persona, number: &str| {
            app.post(persona, "/youths/search", json!({"identityNumber": number}))
        };
        for written in [BO_NUMBER, "20040709-2394", "040709-2394", "0407092394"] {
            let found = seek(Syv, written).expect(200);
            assert_eq!(found.column("youths", "givenName"), ["Bo"], "{written}");
        }
        for persona in [Enhetschef, Ungdomskonsulent] {
            assert_eq!(
                seek(persona, BO_NUMBER).problem(403, "forbidden-field"),
                [("/identityNumber".to_owned(), "not-open-to-role".to_owned())]
            );
        }
        let wrong = seek(Syv, "20040709-2395").problem(422, "validation-failed");
        assert_eq!(wrong[0].0, "/identityNumber");
        app.get(Syv, &format!("/youths?identityNumber={BO_NUMBER}"))
            .problem(400, "invalid-parameter");
    }
);

with_app!(
    a_long_list_is_walked_without_skipping_while_others_write,
    |app| {
        for number in 0..7 {
            app.post(
            Syv,
            "/youths",
            json!({"givenName": format!("Ung{number}"), "familyName": "Ekvallsson", "birthDate": "2008-01-01"}),
        )
        .expect(201);
        }
        let mut seen = Vec::new();
        let mut page = app.get(Syv, "/youths?limit=3&isOpen=false").expect(200);
        assert_eq!(
            page.body["_meta"],
            json!({"limit": 3, "page": 1, "count": 3})
        );
        loop {
            seen.extend(page.column("youths", "givenName"));
            if seen.len() == 3 {
                // Before the place of the walk: it must not shift the rest.
                app.post(
                    Syv,
                    "/youths",
                    json!({"givenName": "Aa", "familyName": "Aa", "birthDate": "2008-01-01"}),
                )
                .expect(201);
            }
            let Some(next) = page.next().map(str::to_owned) else {
                break;
            };
            assert!(next.contains("isOpen=false") && !next.contains("kvalls"));
            page = app.get(Syv, &next).expect(200);
        }
        let expected: Vec<String> = (0..7)
            .map(|number| format!("Ung{number}"))
            .chain(["Olle".to_owned()])
            .collect();
        assert_eq!(seen, expected);
        let back = page.body["_links"]["prev"]["href"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(app.get(Syv, &back).expect(200).body["_meta"]["count"], 3);
        assert_eq!(
            app.get(Syv, "/youths?page=99").expect(200).body["_meta"]["count"],
            0
        );
        for wrong in [
            "limit=0",
            "limit=201",
            "page=0",
            "position=x",
            "sort=age",
            "tracks=kaa",
            "limit=5&limit=6",
        ] {
            app.get(Syv, &format!("/youths?{wrong}"))
                .problem(400, "invalid-parameter");
        }
    }
);

with_app!(filters_need_the_right_to_read_their_field, |app| {
    let names = |query: &str| {
        app.get(Syv, &format!("/youths?{query}"))
            .expect(200)
            .column("youths", "givenName")
    };
    assert_eq!(names("area=Rissne"), ["Alva"]);
    assert_eq!(names("track=outreach_20_25"), ["Bo"]);
    assert_eq!(names("ageFrom=18&ageTo=20"), ["Olle"]);
    assert_eq!(names("ageFrom=17&ageTo=17"), ["Alva"]);
    assert_eq!(
        names(&format!("handlerId={}", app.world.user(Syv))),
        ["Alva"]
    );
    assert_eq!(
        names("isOpen=true&withoutIntervention=true"),
        ["Alva", "Bo"]
    );
    assert_eq!(names("notContactedForDays=30&sort=lastContact").len(), 3);
    let closed = app
        .get(
            Ambassador,
            &format!("/youths?handlerId={}", app.world.user(Syv)),
        )
        .problem(403, "forbidden-field");
    assert_eq!(closed[0].0, "handlerId");
    app.get(Ambassador, "/youths?withoutIntervention=true")
        .problem(403, "forbidden-field");
});

with_app!(a_change_names_its_version_and_keeps_the_one_before, |app| {
    let alva = format!("/youths/{}", app.world.alva);
    app.send(Syv, "PATCH", &alva, &[], Some(json!({"area": "Ör"})))
        .problem(428, "version-required");
    let changed = app
        .patch(
            Syv,
            &alva,
            1,
            json!({"area": "Ör", "email": "alva@example.com"}),
        )
        .expect(200);
    assert_eq!(
        (changed.version(), &changed.body["area"]),
        (2, &json!("Ör"))
    );
    assert_eq!(changed.body["identityNumber"], ALVA_NUMBER);
    assert_eq!(changed.body["guardians"][0]["givenName"], "Vera");
    let stale = app.patch(Socionom, &alva, 1, json!({"area": "Duvbo"}));
    assert_eq!(stale.header("etag"), Some("\"2\""));
    assert_eq!(stale.body["currentVersion"], 2);
    stale.problem(412, "stale-version");
    let cleared = app
        .patch(Socionom, &alva, 2, json!({"email": null}))
        .expect(200);
    assert!(cleared.body["email"].is_null());
    let versions = app.get(Syv, &format!("{alva}/versions")).expect(200);
    assert_eq!(versions.column("versions", "version"), [3, 2]);
    assert_eq!(
        versions.body["versions"][1]["youth"]["email"],
        "alva@example.com"
    );
    assert_eq!(
        versions.body["versions"][1]["changedBy"],
        json!(app.world.user(Syv))
    );
    // The chief reads the history without the number.
    let versions = app.get(Enhetschef, &format!("{alva}/versions")).expect(200);
    assert!(
        versions.body["versions"][0]["youth"]
            .get("identityNumber")
            .is_none()
    );
});

with_app!(a_field_that_a_role_may_not_set_is_refused_whole, |app| {
    let alva = format!("/youths/{}", app.world.alva);
    let refused = app
        .patch(
            Ungdomskonsulent,
            &alva,
            1,
            json!({"phones": [], "givenName": "Eva"}),
        )
        .problem(403, "forbidden-field");
    assert_eq!(
        refused,
        [("/givenName".to_owned(), "not-open-to-role".to_owned())]
    );
    assert_eq!(app.get(Syv, &alva).expect(200).version(), 1);
    app.patch(
        Ungdomskonsulent,
        &alva,
        1,
        json!({"phones": [{"number": "070-1740651"}]}),
    )
    .expect(200);
    app.patch(Ambassador, &alva, 2, json!({"phones": []}))
        .problem(403, "forbidden");
    app.patch(Enhetschef, &alva, 2, json!({"area": "Ör"}))
        .problem(403, "forbidden");
});

with_app!(
    everything_wrong_is_told_at_once_and_nothing_is_repeated,
    |app| {
        let answer = app.post(
        Syv,
        "/youths",
        json!({
            "identityNumber": "20040709-2395", "familyName": "", "email": "hemlig@", "legalSex": "x",
            "phones": [{"number": "ring mig"}], "addresses": [{"street": "A"}], "guardians": "mamma", "skonummer": 41
        }),
    );
        assert!(
            !answer.body.to_string().contains("hemlig@")
                && !answer.body.to_string().contains("2395")
        );
        let problems = answer.problem(422, "validation-failed");
        let pointers: Vec<&str> = problems
            .iter()
            .map(|(pointer, _)| pointer.as_str())
            .collect();
        for expected in [
            "/identityNumber",
            "/givenName",
            "/familyName",
            "/birthDate",
            "/email",
            "/legalSex",
            "/phones/0/number",
            "/addresses/0/kind",
            "/guardians",
            "/skonummer",
        ] {
            assert!(pointers.contains(&expected), "{expected} in {pointers:?}");
        }
    }
);

with_app!(a_number_is_registered_once, |app| {
    let made = app
        .post(
            Syv,
            "/youths",
            json!({"identityNumber": "020731-2398", "givenName": "Can", "familyName": "Ali"}),
        )
        .expect(201);
    assert_eq!(made.body["birthDate"], "2002-07-31");
    assert_eq!(made.body["legalSex"], "male");
    assert_eq!(made.body["identityNumber"], "200207312398");
    assert!(
        made.header("location")
            .unwrap()
            .ends_with(&format!("/youths/{}", made.id()))
    );
    app.post(
        Syv,
        "/youths",
        json!({"identityNumber": "200207312398", "givenName": "C", "familyName": "A"}),
    )
    .problem(409, "already-exists");
    // Also of another unit's, without telling whose.
    app.post(
        SyvElsewhere,
        "/youths",
        json!({"identityNumber": "200207312398", "givenName": "C", "familyName": "A"}),
    )
    .problem(409, "already-exists");
});

with_app!(
    the_same_key_counts_once_and_another_body_is_refused,
    |app| {
        let send = |persona, key: &str, body| {
            app.send(
                persona,
                "POST",
                "/youths",
                &[("Idempotency-Key", key)],
                Some(body),
            )
        };
        let body = json!({"givenName": "Nova", "familyName": "Ek", "birthDate": "2009-05-05"});
        let first = send(Syv, "k1", body.clone()).expect(201);
        let again = send(Syv, "k1", body.clone()).expect(201);
        assert_eq!(first.body, again.body);
        assert_eq!(first.header("location"), again.header("location"));
        assert_eq!(first.header("etag"), again.header("etag"));
        send(
            Syv,
            "k1",
            json!({"givenName": "Nova", "familyName": "Alm", "birthDate": "2009-05-05"}),
        )
        .problem(422, "idempotency-key-reused");
        assert_ne!(
            send(Socionom, "k1", body.clone()).expect(201).id(),
            first.id()
        );
        send(Syv, "two words", body).problem(400, "invalid-parameter");
        let count = app
            .get(Syv, "/youths?limit=200")
            .expect(200)
            .column("youths", "givenName");
        assert_eq!(count.iter().filter(|name| **name == "Nova").count(), 2);
    }
);

with_app!(
    whoever_marks_an_identity_as_protected_does_not_lose_sight_of_it,
    |app| {
        let olle = format!("/youths/{}", app.world.olle);
        let marked = app
            .patch(
                Syv,
                &olle,
                1,
                json!({"protectionLevel": "confidentiality_marking"}),
            )
            .expect(200);
        assert!(
            marked.body.get("addresses").is_none(),
            "opening them asks for a reason"
        );
        app.get(Syv, &olle).expect(200);
        app.get(SocionomStranger, &olle).expect(404);
        assert_eq!(
            app.get(Syv, "/youths")
                .expect(200)
                .column("youths", "givenName"),
            ["Alva", "Bo"]
        );
        let chief = app.get(Enhetschef, &olle).expect(200);
        assert!(chief.body.get("addresses").is_none() && chief.body.get("area").is_none());
    }
);

with_app!(the_audit_keeps_every_row_shown_with_its_fields, |app| {
    app.get(Ambassador, "/youths").expect(200);
    let event = app.db_last_event("listYouths");
    assert_eq!(event.outcome, "allowed");
    assert_eq!(event.actor, Some(app.world.user(Ambassador)));
    assert_eq!(event.subjects.len(), 1);
    assert_eq!(event.subjects[0].0, Some(app.world.alva));
    assert!(
        event.subjects[0].2.contains("givenName") && !event.subjects[0].2.contains("birthDate")
    );
    app.get(SyvElsewhere, &format!("/youths/{}", app.world.alva))
        .expect(404);
    let event = app.db_last_event("readYouth");
    assert_eq!(
        (event.outcome.as_str(), event.error_code.as_deref()),
        ("refused", Some("not-found"))
    );
    assert_eq!(
        event.subjects,
        [(Some(app.world.alva), "youths".to_owned(), String::new())]
    );
});

with_app!(the_chief_sees_who_is_forgotten, |app| {
    let names = |query: &str| {
        app.get(Enhetschef, &format!("/youths/forgotten?{query}"))
            .expect(200)
            .column("youths", "givenName")
    };
    assert_eq!(names("kind=never_contacted").len(), 2);
    assert_eq!(names("kind=not_reached&days=60").len(), 2);
    assert_eq!(names("kind=without_offer").len(), 2);
    assert_eq!(names("kind=without_handler"), ["Bo"]);
    app.get(Enhetschef, "/youths/forgotten")
        .problem(400, "invalid-parameter");
    app.get(Syv, "/youths/forgotten?kind=without_handler")
        .problem(403, "forbidden");
});
