//! The chapter of contacts. When one may be corrected stands in `domain::contact`.

use super::{Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Contacts,
    title: ("Contacts", "Kontakter"),
    text: (
        "Every contact and every attempt at one. It is corrected within 24 hours by whoever wrote it; after that it is locked and gets an addendum.",
        "Varje kontakt och varje försök till en. Den rättas inom 24 timmar av den som skrev den; sedan är den låst och får en komplettering.",
    ),
    shown: &[Shown {
        resource: Resource::Contacts,
        name: "Contact",
        as_it_was: None,
        text: ("A contact, or an attempt at one.", "En kontakt, eller ett försök till en."),
        properties: &[
            p("id", Id, ids::CONTACT, "The contact's id. The client may make it (UUID of version 7), so that sending again after a lost answer creates nothing twice.", "Kontaktens id. Klienten får göra det (UUID av version 7), så att en ny sändning efter ett förlorat svar inte skapar något dubbelt."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("episodeId", Id, ids::EPISODE, "The episode that it belongs to.", "Perioden som den hör till."),
            p("authorId", Id, ids::USER, "Who wrote it.", "Vem som skrev den."),
            p("occurredAt", Instant, "2026-11-23T14:30:00.000000Z", "When the contact took place. Never in the future, never before the episode.", "När kontakten ägde rum. Aldrig i framtiden, aldrig före perioden."),
            p("channel", Word("Channel"), "phone", "How.", "Hur."),
            p("direction", Word("Direction"), "outbound", "Who took the first step.", "Vem som tog första steget."),
            p("metWho", Word("MetWho"), "youth", "With whom, or meant for whom.", "Med vem, eller avsedd för vem."),
            p("place", Text(200), "Biblioteket", "The place.", "Platsen.").or_null(),
            p("area", Text(100), "Hallonbergen", "The area.", "Området.").or_null(),
            p("result", Word("ContactResult"), "reached", "What came of it.", "Vad det ledde till."),
            p("minutes", Whole(0, 1440), "25", "How many minutes it took.", "Hur många minuter det tog.").or_null(),
            p("occupation", Word("Occupation"), "none", "What the youth does, as of the contact.", "Vad ungdomen gör, vid kontakten.").or_null(),
            p("note", Lines(10000), "Vill veta mer om komvux. Ringer igen på fredag.", "A note.", "En anteckning.").or_null(),
            p("addenda", Many(&Part("ContactAddendum"), 0), "", "What was added after it was locked.", "Det som har lagts till efter att den låstes."),
            p("nextContactOn", Date, "2026-11-27", "The day of the next contact; it comes up on the work list.", "Dagen för nästa kontakt; den kommer upp i arbetslistan.").or_null(),
            p("isLocked", YesNo, "false", "Whether it can no longer be corrected.", "Om den inte längre kan rättas."),
            p("createdAt", Instant, "2026-11-23T14:58:00.000000Z", "When it was written.", "När den skrevs."),
            p("updatedAt", Instant, "2026-11-23T14:58:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[Part {
        name: "ContactAddendum",
        text: ("Something added to a contact.", "En komplettering till en kontakt."),
        properties: &[
            p("id", Id, ids::ADDENDUM, "Its id.", "Dess id.").always(),
            p("authorId", Id, ids::USER, "Who wrote it.", "Vem som skrev den.").always(),
            p("text", Lines(10000), "Han hade menat folkhögskolan.", "The text.", "Texten.").always(),
            p("createdAt", Instant, "2026-11-25T09:10:00.000000Z", "When.", "När.").always(),
        ],
    }],
    operations: &[
        Described::of(Operation::ListContacts,
            ("List contacts of a youth", "The contacts that you may see, latest first."),
            ("Lista kontakter med en ungdom", "De kontakter som du får se, den senaste först.")),
        Described::of(Operation::LogContact,
            ("Log a contact", "Logs a contact, or an attempt at one, in the open episode."),
            ("Logga en kontakt", "Loggar en kontakt, eller ett försök till en, i den öppna perioden."))
            .takes(&[may("id"), may("episodeId"), must("occurredAt"), must("channel"), must("direction"), must("metWho"), may("place"), may("area"), must("result"), may("minutes"), may("occupation"), may("note"), may("nextContactOn")])
            .errors(&[ErrorCode::NoOpenEpisode, ErrorCode::AlreadyExists]),
        Described::of(Operation::ReadContact,
            ("Read a contact", "One contact, with the version in the `ETag`."),
            ("Läs en kontakt", "En kontakt, med versionen i `ETag`.")),
        Described::of(Operation::CorrectContact,
            ("Correct a contact", "Corrects a contact within 24 hours of being written, by its author."),
            ("Rätta en kontakt", "Rättar en kontakt inom 24 timmar från att den skrevs, av den som skrev den."))
            .takes(&[may("episodeId"), must("occurredAt"), must("channel"), must("direction"), must("metWho"), may("place"), may("area"), must("result"), may("minutes"), may("occupation"), may("note"), may("nextContactOn")])
            .errors(&[ErrorCode::ContactLocked]),
        Described::of(Operation::AddContactAddendum,
            ("Add to a contact", "Adds a text to a contact; what was written stays."),
            ("Komplettera en kontakt", "Lägger till en text till en kontakt; det som skrevs står kvar."))
            .takes(&[Input::Own(p("text", Lines(10000), "Han hade menat folkhögskolan.", "The text.", "Texten.").always())]),
    ],
};
