//! Settings over HTTP: who reads and who changes them, what a wrong one is told, and that two administrators do not
//! overwrite each other.

use crate::support::Persona::{
    Administrator, Ambassador, Enhetschef, Loggranskare, Socionom, Syv, Ungdomskonsulent,
};
use crate::with_app;
use serde_json::json;

fn wrong(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

with_app!(staff_read_the_settings_that_bind_them, |app| {
    for persona in [Administrator, Syv, Ungdomskonsulent, Socionom, Enhetschef] {
        let read = app.get(persona, "/settings").expect(200);
        assert_eq!(read.body["preventiveContactDays"], 7, "{persona:?}");
    }
    for persona in [Ambassador, Loggranskare] {
        app.get(persona, "/settings").problem(403, "forbidden");
    }
});

with_app!(
    the_administrator_changes_what_is_named_and_null_sets_the_default,
    |app| {
        let change = json!({"municipalityCode": "0183", "preventiveContactDays": 3});
        let changed = app.patch(Administrator, "/settings", 1, change).expect(200);
        assert_eq!(changed.body["municipalityCode"], "0183");
        assert_eq!(changed.body["version"], 2);
        let event = app.db_last_event("updateSettings");
        assert_eq!(event.outcome, "allowed");
        assert_eq!(event.subjects[0].1, "settings");
        let again =
            json!({"preventiveContactDays": null, "municipalityName": "  Sundbybergs stad "});
        let reset = app.patch(Administrator, "/settings", 2, again).expect(200);
        assert_eq!(reset.body["municipalityName"], "Sundbybergs stad");
        assert_eq!(reset.body["preventiveContactDays"], 7);
        assert_eq!(reset.body["municipalityCode"], "0183");
    }
);

with_app!(
    a_wrong_setting_is_told_by_its_name_and_nothing_is_saved,
    |app| {
        let several =
            json!({"municipalityCode": "Sundbyberg", "preventiveContactDays": 0, "colour": "blue"});
        let told = app
            .patch(Administrator, "/settings", 1, several)
            .problem(422, "validation-failed");
        assert_eq!(
            told,
            [
                wrong("/municipalityCode", "too-long"),
                wrong("/preventiveContactDays", "out-of-range"),
                wrong("/colour", "unknown-field"),
            ]
        );
        let name = json!({"municipalityName": "å".repeat(81)});
        let told = app
            .patch(Administrator, "/settings", 1, name)
            .problem(422, "validation-failed");
        assert_eq!(told, [wrong("/municipalityName", "too-long")]);
        let letters = json!({"municipalityCode": "abcd"});
        let told = app
            .patch(Administrator, "/settings", 1, letters)
            .problem(422, "validation-failed");
        assert_eq!(told, [wrong("/municipalityCode", "not-municipality-code")]);
        let read = app.get(Administrator, "/settings").expect(200);
        assert_eq!(read.body["version"], 1);
    }
);

with_app!(two_administrators_do_not_overwrite_each_other, |app| {
    let change = || json!({"preventiveContactDays": 3});
    app.patch(Administrator, "/settings", 1, change())
        .expect(200);
    app.patch(Administrator, "/settings", 1, change())
        .problem(412, "stale-version");
    for persona in [Syv, Enhetschef] {
        app.patch(persona, "/settings", 2, change())
            .problem(403, "forbidden");
    }
});
