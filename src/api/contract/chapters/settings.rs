//! The chapter of settings.

use super::{Chapter, Described, Shown, may};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Settings,
    title: ("Settings", "Inställningar"),
    text: (
        "What the municipality decides for itself within the law. Staff can read what binds them; the administrator changes it.",
        "Det som kommunen bestämmer själv inom lagens ramar. Personalen kan läsa det som binder dem; administratören ändrar.",
    ),
    shown: &[Shown {
        resource: Resource::Settings,
        name: "Settings",
        as_it_was: None,
        text: ("What is configured.", "Det som är inställt."),
        properties: &[
            p("municipalityCode", Text(4), "0183", "The municipality's code, four digits.", "Kommunens kod, fyra siffror.").or_null(),
            p("preventiveContactDays", Whole(1, 60), "7", "Days within which a youth is contacted after a school has reported significant absence.", "Dagar inom vilka en ungdom kontaktas efter att en skola har anmält betydande frånvaro."),
            p("mostDaysDeferred", Whole(1, 366), "90", "Days for which a task can be put off at most at a time.", "Dagar som en uppgift högst kan skjutas upp åt gången."),
            p("updatedAt", Instant, "2026-11-25T00:00:00.000000Z", "When something was last changed.", "När något senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ReadSettings,
            ("Read the settings", "What is configured, with its version in the `ETag`."),
            ("Läs inställningarna", "Det som är inställt, med sin version i `ETag`.")),
        Described::of(Operation::UpdateSettings,
            ("Change settings", "Changes the settings that are named; `null` sets the default again. What was counted in days from a date is counted anew when the youth it concerns is next changed."),
            ("Ändra inställningar", "Ändrar de inställningar som namnges; `null` återställer förvalet. Det som räknats i dagar från ett datum räknas om när ungdomen det gäller nästa gång ändras."))
            .takes(&[may("municipalityCode"), may("preventiveContactDays"), may("mostDaysDeferred")]),
    ],
};
