//! The chapter of mappings.

use super::{CONFIRMS, Chapter, Described, Input, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const INPUTS: &[Input] = &[
    must("episodeId"),
    must("goals"),
    must("needs"),
    must("expectations"),
    may("interests"),
    may("strengths"),
    must("madeOn"),
    CONFIRMS,
];

/// A new mapping is of the open episode and of today if nothing is told.
const NEW: &[Input] = &[
    may("episodeId"),
    must("goals"),
    must("needs"),
    must("expectations"),
    may("interests"),
    may("strengths"),
    may("madeOn"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Mappings,
    title: ("Mappings", "Kartläggningar"),
    text: (
        "The youth's goals, needs and expectations in their own words, on which the plan rests. Every version is kept.",
        "Ungdomens mål, behov och förväntningar med egna ord, som planen vilar på. Varje version sparas.",
    ),
    shown: &[Shown {
        resource: Resource::Mappings,
        name: "Mapping",
        as_it_was: None,
        text: ("A mapping.", "En kartläggning."),
        properties: &[
            p("id", Id, ids::MAPPING, "The mapping's id.", "Kartläggningens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("episodeId", Id, ids::EPISODE, "The episode that it belongs to; the open one if none is named.", "Perioden som den hör till; den öppna om ingen anges."),
            p("goals", Lines(4000), "Jag vill jobba med mat. Helst på restaurang.", "What the youth wants, in their own words.", "Vad ungdomen vill, med egna ord.").sometimes(),
            p("needs", Lines(4000), "Någon som följer med första dagen.", "What the youth needs, in their own words.", "Vad ungdomen behöver, med egna ord.").sometimes(),
            p("expectations", Lines(4000), "Att ni ringer och inte bara skickar brev.", "What the youth expects, in their own words.", "Vad ungdomen förväntar sig, med egna ord.").sometimes(),
            p("interests", Lines(4000), "Matlagning, fotboll.", "Interests.", "Intressen.").or_null().sometimes(),
            p("strengths", Lines(4000), "Kommer alltid i tid när det är bestämt.", "Strengths.", "Styrkor.").or_null().sometimes(),
            p("madeOn", Date, "2026-10-01", "When it was made; today if nothing is told.", "När den gjordes; i dag om inget anges."),
            p("madeBy", Id, ids::USER, "Who made it with the youth.", "Vem som gjorde den med ungdomen.").or_null(),
            p("createdAt", Instant, "2026-10-01T09:20:00.000000Z", "When it was registered.", "När den registrerades."),
            p("updatedAt", Instant, "2026-10-01T09:20:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthMappings,
            ("List mappings of a youth", "The mappings of one youth, the latest made first."),
            ("Lista kartläggningar för en ungdom", "En ungdoms kartläggningar, den senast gjorda först.")),
        Described::of(Operation::CreateMapping,
            ("Make a mapping", "Makes a mapping in an open episode."),
            ("Gör en kartläggning", "Gör en kartläggning i en öppen period."))
            .takes(NEW)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode, ErrorCode::EpisodeClosed]),
        Described::of(Operation::ReadMapping,
            ("Read a mapping", "One mapping, with the version in the `ETag`."),
            ("Läs en kartläggning", "En kartläggning, med versionen i `ETag`.")),
        Described::of(Operation::UpdateMapping,
            ("Change a mapping", "Changes what is named and leaves the rest. What stood before is kept."),
            ("Ändra en kartläggning", "Ändrar det som nämns och lämnar resten. Det som stod förut sparas."))
            .takes(INPUTS)
            .not_in_example(&["episodeId", "confirmedTerms"])
            .errors(&[ErrorCode::EpisodeClosed]),
    ],
};
