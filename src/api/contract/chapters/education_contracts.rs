//! The chapter of education contracts. What a contract must hold stands in `domain::education_contract`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const INPUTS: &[Input] = &[
    must("episodeId"),
    must("parties"),
    may("courses"),
    must("startsOn"),
    must("endsOn"),
    may("signedOn"),
    may("endedOn"),
    may("endReason"),
    may("followUps"),
    CONFIRMS,
];

/// A new contract is of the open outreach episode if nothing is told.
const NEW: &[Input] = &[
    may("episodeId"),
    must("parties"),
    may("courses"),
    must("startsOn"),
    must("endsOn"),
    may("signedOn"),
    may("endedOn"),
    may("endReason"),
    may("followUps"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::EducationContracts,
    title: ("Education contracts", "Utbildningskontrakt"),
    text: (
        "Agreements with those whom the outreach follows and who lack complete upper secondary education: who undertakes what, which courses, and when it is followed up.",
        "Överenskommelser med dem som det uppsökande arbetet följer och som saknar fullständig gymnasieutbildning: vem som åtar sig vad, vilka kurser, och när det följs upp.",
    ),
    shown: &[Shown {
        resource: Resource::EducationContracts,
        name: "EducationContract",
        as_it_was: None,
        text: ("An education contract.", "Ett utbildningskontrakt."),
        properties: &[
            p("id", Id, ids::CONTRACT, "The contract's id.", "Kontraktets id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("episodeId", Id, ids::EPISODE, "The outreach episode that it belongs to; the open one if none is named.", "Den uppsökande period som det hör till; den öppna om ingen anges."),
            p("parties", Many(&Part("ContractParty"), 50), "", "The parties: the youth and at least one other.", "Parterna: ungdomen och minst en till.").sometimes(),
            p("courses", Many(&Part("ContractCourse"), 50), "", "The courses.", "Kurserna."),
            p("startsOn", Date, "2027-01-11", "From when it is in force. The youth is then of an age for which contracts are made.", "När det börjar gälla. Ungdomen är då i en ålder som kontrakt tecknas för."),
            p("endsOn", Date, "2028-06-09", "To when.", "Till när det gäller."),
            p("signedOn", Date, "2026-11-20", "When all had signed.", "När alla hade skrivit under.").or_null(),
            p("endedOn", Date, "null", "When it ended, as planned or before.", "När det upphörde, som planerat eller tidigare.").or_null(),
            p("endReason", Word("EndReason"), "null", "Why it ended.", "Varför det upphörde.").or_null(),
            p("followUps", Many(&Part("FollowUp"), 50), "", "When it is followed up.", "När det följs upp."),
            p("createdBy", Id, ids::USER, "Who registered it.", "Vem som registrerade det.").or_null(),
            p("createdAt", Instant, "2026-11-20T08:20:00.000000Z", "When it was registered.", "När det registrerades."),
            p("updatedAt", Instant, "2026-11-20T08:20:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "FollowUp",
            text: ("A day when a contract is followed up.", "En dag då ett kontrakt följs upp."),
            properties: &[
                p("dueOn", Date, "2026-11-30", "The day it is due; it comes up on the work list.", "Dagen då det ska göras; den kommer upp i arbetslistan.").always(),
                p("doneOn", Date, "null", "The day it was done.", "Dagen då det gjordes.").or_null(),
            ],
        },
        Part {
            name: "ContractParty",
            text: ("Somebody who undertakes something.", "Någon som åtar sig något."),
            properties: &[
                p("kind", Word("ContractPartyKind"), "youth", "Of which kind.", "Av vilket slag.").always(),
                p("name", Text(200), "Bo Åkesson", "By name.", "Med namn.").always(),
                p("undertaking", Lines(2000), "Studera på heltid enligt studieplanen.", "What they undertake.", "Vad de åtar sig.").always(),
            ],
        },
        Part {
            name: "ContractCourse",
            text: ("A course that is to be read.", "En kurs som ska läsas."),
            properties: &[
                p("name", Text(200), "Matematik 1b", "Its name.", "Dess namn.").always(),
                p("code", Text(40), "MATMAT01b", "Its code.", "Dess kod.").or_null(),
                p("provider", Text(200), "Komvux", "Who gives it.", "Vem som ger den.").always(),
                p("startsOn", Date, "2027-01-11", "Its first day.", "Den första dagen.").always(),
                p("endsOn", Date, "2027-06-09", "Its last day.", "Den sista dagen.").always(),
                p("points", Whole(1, 5000), "100", "Its points.", "Dess poäng.").or_null(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListYouthEducationContracts,
            ("List education contracts of a youth", "The contracts of one youth, the latest to begin first."),
            ("Lista utbildningskontrakt för en ungdom", "En ungdoms kontrakt, det som börjar senast först.")),
        Described::of(Operation::CreateEducationContract,
            ("Make an education contract", "Makes a contract in an open episode of the outreach track."),
            ("Teckna ett utbildningskontrakt", "Tecknar ett kontrakt i en öppen period i det uppsökande spåret."))
            .takes(NEW)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode, ErrorCode::EpisodeClosed]),
        Described::of(Operation::ReadEducationContract,
            ("Read an education contract", "One contract, with the version in the `ETag`."),
            ("Läs ett utbildningskontrakt", "Ett kontrakt, med versionen i `ETag`.")),
        Described::of(Operation::UpdateEducationContract,
            ("Change an education contract", "Signs it, follows it up, ends it or corrects what was entered. Every version is kept."),
            ("Ändra ett utbildningskontrakt", "Undertecknar, följer upp, avslutar eller rättar det som angavs. Varje version sparas."))
            .takes(INPUTS)
            .not_in_example(&["episodeId", "confirmedTerms"])
            .errors(&[ErrorCode::EpisodeClosed, ErrorCode::NoOpenEpisode]),
    ],
};
