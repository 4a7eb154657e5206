//! The chapter of the protected status. What it decides stands in `domain::protected`.

use super::{Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::ProtectedStatuses,
    title: ("Protected statuses", "Skyddade statusar"),
    text: (
        "What decides whether measures may start, with its reason. It lies in the protected compartment, open to the socionom assigned to the youth and, by break-glass, to the chief. Everybody else sees `mayStartMeasures` of the youth and no reason.",
        "Det som avgör om insatser får påbörjas, med skälet. Det ligger i det skyddade utrymmet, öppet för den socionom som är tilldelad ungdomen och, genom nödöppnande, för enhetschefen. Alla andra ser ungdomens `mayStartMeasures` och inget skäl.",
    ),
    shown: &[Shown {
        resource: Resource::ProtectedStatuses,
        name: "ProtectedStatus",
        as_it_was: None,
        text: ("The protected status of a youth.", "En ungdoms skyddade status."),
        properties: &[
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("basis", Word("StatusBasis"), "substance", "What it rests on.", "Vad den grundar sig på."),
            p("substanceStatus", Word("SubstanceStatus"), "process_begun", "The substance status, if that is what it rests on.", "Status i fråga om droger, om den grundar sig på det.").or_null(),
            p("mayStartMeasures", YesNo, "true", "Whether measures may start.", "Om insatser får påbörjas."),
            p("pausedUntil", Date, "null", "When a pause for ill health is looked at again.", "När en paus för ohälsa ses över.").or_null(),
            p("note", Lines(10000), "null", "A note.", "En anteckning.").or_null(),
            p("setBy", Id, ids::USER, "Who set it.", "Vem som satte den.").or_null(),
            p("createdAt", Instant, "2026-10-01T08:00:00.000000Z", "When it was first set.", "När den först sattes."),
            p("updatedAt", Instant, "2026-10-01T08:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ReadProtectedStatus,
            ("Read the protected status", "The protected status of a youth; 404 if none is set or you may not know."),
            ("Läs den skyddade statusen", "En ungdoms skyddade status; 404 om ingen är satt eller du inte får veta.")),
        Described::of(Operation::SetProtectedStatus,
            ("Set the protected status", "Sets the protected status of a youth, whole. The first time without `If-Match`; afterwards the version must be told. `substanceStatus` is told when the basis is `substance`, and `mayStartMeasures` follows from it; for another basis `mayStartMeasures` must be told. Ill health goes on beside the measures, or pauses them until `pausedUntil`, when a task asks what comes next. Active use of somebody under 18 makes two tasks at once: a report of concern, which cannot be put off, and a contact with a guardian, which can with a reason."),
            ("Sätt den skyddade statusen", "Sätter en ungdoms skyddade status, hel. Första gången utan `If-Match`; sedan måste versionen anges. `substanceStatus` anges när grunden är `substance`, och `mayStartMeasures` följer av den; för en annan grund måste `mayStartMeasures` anges. Ohälsa löper parallellt med insatserna, eller pausar dem till `pausedUntil`, då en uppgift frågar vad som kommer härnäst. Pågående missbruk hos den som är under 18 ger genast två uppgifter: en orosanmälan, som inte kan skjutas upp, och en kontakt med vårdnadshavare, som kan det med ett skäl."))
            .takes(&[must("basis"), may("substanceStatus"), may("mayStartMeasures"), may("pausedUntil"), may("note")])
            .not_in_example(&["mayStartMeasures", "pausedUntil"])
            .may_tell_version(),
    ],
};
