//! The chapter of occupations: what was ascertained, and the spells that follow. Which observation wins stands in
//! `domain::occupation`.

use super::{CONFIRMS, Chapter, Described, Input, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const INPUTS: &[Input] = &[
    must("kind"),
    may("startsOn"),
    must("asOfOn"),
    must("source"),
    may("expectedEndOn"),
    may("place"),
    may("isVoid"),
    may("voidReason"),
    CONFIRMS,
];

/// What is recorded is of today if no day is told.
const RECORDED: &[Input] = &[
    must("kind"),
    may("startsOn"),
    may("asOfOn"),
    must("source"),
    may("expectedEndOn"),
    may("place"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Occupations,
    title: ("Occupations", "Sysselsättning"),
    text: (
        "What youths do, as it was ascertained on a day and from whom. Knowledge grows old: after a time that depends on the kind, and never past a known end, it counts as not known, while what was known last stays visible. From all that was ascertained follows a series of spells without overlap and without a hole. For a day that several observations speak about, the one ascertained later counts; what was presumed before does not come back.",
        "Vad ungdomar gör, så som det fastställdes en viss dag och av vem det sades. Kunskap åldras: efter en tid som beror på slaget, och aldrig efter ett känt slut, räknas den som okänd, medan det som senast var känt fortfarande syns. Av allt som har fastställts följer en serie av perioder utan överlapp och utan luckor. För en dag som flera uppgifter gäller räknas den som fastställdes senast; det som antogs före kommer inte tillbaka.",
    ),
    shown: &[
        Shown {
            resource: Resource::Occupations,
            name: "OccupationObservation",
            as_it_was: None,
            text: (
                "What was ascertained of a youth's occupation. With protected identity `place` is absent, until somebody assigned has given a reason.",
                "Det som har fastställts om en ungdoms sysselsättning. Vid skyddade personuppgifter saknas `place`, tills den som är tilldelad har angett ett skäl.",
            ),
            properties: &[
                p("id", Id, ids::OCCUPATION, "Its id.", "Dess id."),
                p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
                p("contactId", Id, "null", "The contact that told it, if one did; it is corrected with the contact.", "Kontakten som sade det, om det var en kontakt; den rättas med kontakten.").or_null(),
                p("kind", Word("Occupation"), "internship", "What the youth does.", "Vad ungdomen gör."),
                p("startsOn", Date, "2026-10-19", "Since when, if it was told.", "Sedan när, om det sades.").or_null(),
                p("asOfOn", Date, "2026-11-23", "The day it was ascertained; today if nothing is told.", "Dagen då det fastställdes; i dag om inget anges."),
                p("source", Word("OccupationSource"), "youth", "From whom it is known.", "Av vem det är känt."),
                p("expectedEndOn", Date, "2026-12-19", "The day on which it is known to end: the first on which it is over.", "Dagen då det är känt att det slutar: den första då det är slut.").or_null(),
                p("validUntil", Date, "2026-12-19", "The day from which it no longer counts as known: so many days after `asOfOn` as its kind has, and never past `expectedEndOn`. What is not known does not lapse.", "Dagen då det inte längre räknas som känt: så många dagar efter `asOfOn` som slaget har, och aldrig efter `expectedEndOn`. Det som är okänt löper inte ut.").or_null(),
                p("place", Text(200), "Café Exempel", "The employer or the school, in short.", "Arbetsgivaren eller skolan, kort.").or_null().sometimes(),
                p("isVoid", YesNo, "false", "Whether it was taken back; then it counts as if it had never been made.", "Om den har tagits tillbaka; då räknas den som om den aldrig hade gjorts."),
                p("voidReason", Text(500), "null", "Why it was taken back.", "Varför den togs tillbaka.").or_null(),
                p("recordedBy", Id, ids::USER, "Who recorded it.", "Vem som antecknade den.").or_null(),
                p("createdAt", Instant, "2026-11-23T14:58:00.000000Z", "When it was recorded.", "När den antecknades."),
                p("updatedAt", Instant, "2026-11-23T14:58:00.000000Z", "When it was last changed.", "När den senast ändrades."),
                p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
            ],
        },
        Shown {
            resource: Resource::OccupationSpells,
            name: "OccupationSpell",
            as_it_was: None,
            text: ("A stretch of days with one occupation.", "En sammanhängande tid med en sysselsättning."),
            properties: &[
                p("kind", Word("Occupation"), "not_known", "What the youth did or does.", "Vad ungdomen gjorde eller gör."),
                p("startsOn", Date, "2026-11-02", "Its first day.", "Den första dagen."),
                p("endsOn", Date, "null", "Its last day; null while it goes on.", "Den sista dagen; null så länge den pågår.").or_null(),
                p("asOfOn", Date, "null", "When it was last ascertained; null for days that nothing is known of.", "När det senast fastställdes; null för dagar som inget är känt om.").or_null(),
                p("lastKnown", Word("Occupation"), "work", "What was known last, up to and including this spell.", "Vad som senast var känt, till och med denna tid.").or_null(),
            ],
        },
    ],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthOccupations,
            ("List what was ascertained of a youth's occupation", "Everything that was ascertained, the latest first, also what was taken back."),
            ("Lista uppgifter om en ungdoms sysselsättning", "Allt som har fastställts, det senaste först, även det som har tagits tillbaka.")),
        Described::of(Operation::RecordOccupation,
            ("Record an occupation", "Records what a youth with an open episode does or did, with the day it was ascertained and from whom. What is over is told with `startsOn` and `expectedEndOn`, and the series is cut anew. A contact that tells an occupation records it by itself."),
            ("Anteckna sysselsättning", "Antecknar vad en ungdom med öppen period gör eller gjorde, med dagen då det fastställdes och av vem. Det som är över anges med `startsOn` och `expectedEndOn`, och serien skärs om. En kontakt som anger sysselsättning antecknar den av sig själv."))
            .takes(RECORDED)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode]),
        Described::of(Operation::ReadOccupation,
            ("Read what was ascertained", "One observation, with the version in the `ETag`."),
            ("Läs en uppgift om sysselsättning", "En uppgift, med versionen i `ETag`.")),
        Described::of(Operation::UpdateOccupation,
            ("Correct what was ascertained", "Corrects or completes an observation, or takes it back with a reason; by whoever recorded it or the responsible handler. What a contact told is corrected with the contact."),
            ("Rätta en uppgift om sysselsättning", "Rättar eller kompletterar en uppgift, eller tar tillbaka den med en orsak; görs av den som antecknade den eller av ansvarig handläggare. Det som en kontakt sade rättas med kontakten."))
            .takes(INPUTS)
            .not_in_example(&["isVoid", "confirmedTerms"]),
        Described::of(Operation::ListOccupationSpells,
            ("List spells of occupation", "The series from the first day that anything is known of until today, the earliest first: the next begins the day after one ends."),
            ("Lista perioder av sysselsättning", "Serien från den första dag som något är känt om till i dag, den tidigaste först: nästa börjar dagen efter att en slutar.")),
        Described::of(Operation::ListLapsingOccupations,
            ("List whose occupation lapses", "Youths with an open episode whose occupation has lapsed or soon will have, the soonest first: those to ask again."),
            ("Lista vars sysselsättning löper ut", "Ungdomar med öppen period vars sysselsättning har löpt ut eller snart gör det, den som löper ut först överst: de som ska tillfrågas igen."))
            .query(&[
                p("before", Date, "2026-12-23", "Lapsed before this day; four weeks from today if nothing is said.", "Utlöpt före denna dag; fyra veckor från i dag om inget sägs."),
                p("handlerId", Id, ids::USER, "Whose responsible handler is this member of staff.", "Vars ansvariga handläggare är denna medarbetare."),
            ]),
    ],
};
