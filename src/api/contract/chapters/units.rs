//! The chapter of units.

use super::{Chapter, Described, Shown, ids, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Units,
    title: ("Units", "Enheter"),
    text: (
        "A unit of the municipality. Youths and staff belong to a unit, and staff see the youths of their own.",
        "En enhet i kommunen. Ungdomar och medarbetare hör till en enhet, och medarbetare ser ungdomarna i sin egen.",
    ),
    shown: &[Shown {
        resource: Resource::Units,
        name: "Unit",
        as_it_was: None,
        text: ("A unit.", "En enhet."),
        properties: &[
            p("id", Id, ids::UNIT, "The unit's id.", "Enhetens id."),
            p("name", Text(120), "Ungdomsenheten", "What it is called; no two units have the same name.", "Vad den heter; inga två enheter heter likadant."),
            p("createdAt", Instant, "2026-08-17T07:30:00.000000Z", "When it was registered.", "När den registrerades."),
            p("updatedAt", Instant, "2026-08-17T07:30:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListUnits,
            ("List units", "The units that you may know of: the chief their own, administrator and log reviewer all."),
            ("Lista enheter", "De enheter som du får känna till: enhetschefen sin egen, administratör och loggranskare alla.")),
        Described::of(Operation::CreateUnit,
            ("Make a unit", "Makes a unit that staff and youths can belong to."),
            ("Skapa en enhet", "Skapar en enhet som medarbetare och ungdomar kan höra till."))
            .takes(&[must("name")]),
        Described::of(Operation::ReadUnit,
            ("Read a unit", "One unit, with its version in the `ETag`."),
            ("Läs en enhet", "En enhet, med sin version i `ETag`.")),
        Described::of(Operation::UpdateUnit,
            ("Rename a unit", "Changes the name of a unit."),
            ("Byt namn på en enhet", "Ändrar namnet på en enhet."))
            .takes(&[must("name")]),
    ],
};
