//! The chapters of correction notes and of the counts of sensitive words. Which words those are stands in
//! `domain::sensitive_terms`.

use super::{CONFIRMS, Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
const PROPERTIES: &[Property] = &[
    p("id", Id, ids::NOTE, "The note's id.", "Anteckningens id."),
    p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
    p("episodeId", Id, ids::EPISODE, "The episode of the record, if it belongs to one.", "Postens period, om den hör till en.").or_null(),
    p("resource", Word("DisputedRecord"), "contact", "What kind of record is objected to.", "Vilket slags post invändningen gäller."),
    p("recordId", Id, ids::CONTACT, "The record. A protected status has the id of its youth.", "Posten. En skyddad status har ungdomens id."),
    p("field", Text(100), "occupation", "The field that is wrong, if it is one.", "Fältet som är fel, om det är ett.").or_null(),
    p("text", Lines(4000), "Jag hade börjat jobba då.", "What the youth says.", "Vad ungdomen säger.").sometimes(),
    p("raisedBy", Word("Speaker"), "youth", "Who objected.", "Vem som gjorde invändningen."),
    p("raisedOn", Date, "2026-11-20", "When.", "När."),
    p("createdBy", Id, ids::USER, "Who noted it.", "Vem som antecknade den.").or_null(),
    p("createdAt", Instant, "2026-11-20T10:00:00.000000Z", "When it was noted.", "När den antecknades."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::CorrectionNotes,
    title: ("Correction notes", "Rättelseanteckningar"),
    text: (
        "When a youth says that something noted about them is wrong, that is noted beside it. Nothing is overwritten, and the note does not change. The youth's `correctionNotes` tells how many there are; with `recordId` the list gives those beside one record. Beside a record of the protected compartment the note lies there too.",
        "När en ungdom säger att något som antecknats är fel skrivs det bredvid. Inget skrivs över, och anteckningen ändras inte. Ungdomens `correctionNotes` säger hur många de är; med `recordId` ger listan dem bredvid en post. Bredvid en post i det skyddade utrymmet ligger även anteckningen där.",
    ),
    shown: &[
        Shown {
            resource: Resource::CorrectionNotes,
            name: "CorrectionNote",
            as_it_was: None,
            text: ("An objection beside a record.", "En invändning bredvid en post."),
            properties: PROPERTIES,
        },
        Shown {
            resource: Resource::ProtectedCorrectionNotes,
            name: "ProtectedCorrectionNote",
            as_it_was: None,
            text: ("An objection beside a record of the protected compartment.", "En invändning bredvid en post i det skyddade utrymmet."),
            properties: PROPERTIES,
        },
    ],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthCorrectionNotes,
            ("List correction notes about a youth", "The objections about one youth, newest first. The chief reads the text with a reason, as that of contact notes."),
            ("Lista rättelseanteckningar om en ungdom", "Invändningarna om en ungdom, den senaste först. Enhetschefen läser texten med en motivering, som kontaktanteckningar."))
            .query(&[p("recordId", Id, ids::CONTACT, "Beside this record.", "Bredvid denna post.")]),
        Described::of(Operation::AddCorrectionNote,
            ("Note an objection", "Notes what the youth or a guardian says is wrong with a record of the youth that you may see."),
            ("Anteckna en invändning", "Antecknar vad ungdomen eller en vårdnadshavare säger är fel i en post om ungdomen som du får se."))
            .takes(&[must("resource"), must("recordId"), may("field"), must("text"), must("raisedBy"), may("raisedOn"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadCorrectionNote,
            ("Read a correction note", "One objection."),
            ("Läs en rättelseanteckning", "En invändning.")),
    ],
};

#[rustfmt::skip]
pub const COUNTS: Chapter = Chapter {
    resource: Resource::SensitiveTermCounts,
    title: ("Sensitive words", "Känsliga ord"),
    text: (
        "Free texts of the register are looked through for words that may tell of health, diagnoses, drugs, LSS, religion and the like. Whoever writes is told which words (`errors[].words`), and saves again without them or with exactly these words in `confirmedTerms`. The unit's chief has the counts of what was let stand, and no text.",
        "Fria texter i registret gås igenom efter ord som kan berätta om hälsa, diagnoser, droger, LSS, religion och liknande. Den som skriver får veta vilka ord (`errors[].words`) och sparar igen utan dem eller med just de orden i `confirmedTerms`. Enhetschefen ser antalet som fått stå kvar, och ingen text.",
    ),
    shown: &[Shown {
        resource: Resource::SensitiveTermCounts,
        name: "SensitiveTermCount",
        as_it_was: None,
        text: ("How many texts with confirmed words were saved in a week.", "Hur många texter med bekräftade ord som sparades under en vecka."),
        properties: &[
            p("weekOn", Date, "2026-11-23", "The Monday of the week.", "Veckans måndag."),
            p("category", Word("TermCategory"), "health", "What the words are about.", "Vad orden handlar om."),
            p("confirmedCount", Whole(1, i64::MAX), "3", "How many texts.", "Hur många texter."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListSensitiveTermCounts,
            ("List counts of sensitive words", "The counts of your unit by week and category, the latest week first."),
            ("Lista antal känsliga ord", "Antalen i din enhet per vecka och slag, den senaste veckan först."))
            .query(&[
                p("from", Date, "2026-10-01", "Weeks that begin on this day or later.", "Veckor som börjar denna dag eller senare."),
                p("to", Date, "2026-11-30", "Weeks that begin on this day or earlier.", "Veckor som börjar denna dag eller tidigare."),
            ]),
    ],
};
