//! The chapter of contacts. When one may be corrected stands in `domain::contact`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

/// What is told of a contact, besides its id.
const INPUTS: &[Input] = &[
    may("episodeId"),
    may("occurredAt"),
    must("channel"),
    may("direction"),
    may("metWho"),
    may("place"),
    may("area"),
    must("result"),
    may("minutes"),
    may("occupation"),
    may("note"),
    may("nextContactOn"),
    CONFIRMS,
];

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("from", Date, "2026-11-01", "On this day or later.", "Denna dag eller senare."),
    p("to", Date, "2026-11-30", "On this day or earlier.", "Denna dag eller tidigare."),
    p("authorId", Id, ids::USER, "Written by this member of staff.", "Skriven av denna medarbetare."),
    p("channel", Word("Channel"), "phone", "Made or tried so.", "Tagen eller försökt så."),
    p("result", Word("ContactResult"), "reached", "That led to this.", "Som ledde till detta."),
];

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
            p("place", Text(200), "Biblioteket", "The place.", "Platsen.").or_null().sometimes(),
            p("area", Text(100), "Hallonbergen", "The area.", "Området.").or_null().sometimes(),
            p("result", Word("ContactResult"), "reached", "What came of it.", "Vad det ledde till."),
            p("minutes", Whole(0, 1440), "25", "How many minutes it took.", "Hur många minuter det tog.").or_null(),
            p("occupation", Word("Occupation"), "none", "What the youth does, as of the contact. Only told when the youth was reached.", "Vad ungdomen gör, vid kontakten. Anges bara när ungdomen nåddes.").or_null(),
            p("note", Lines(10000), "Vill veta mer om komvux. Ringer igen på fredag.", "A note.", "En anteckning.").or_null().sometimes(),
            p("addenda", Many(&Part("ContactAddendum"), 0), "", "What was added after it was locked.", "Det som har lagts till efter att den låstes.").sometimes(),
            p("nextContactOn", Date, "2026-11-27", "The day of the next contact; it comes up on the work list.", "Dagen för nästa kontakt; den kommer upp i arbetslistan.").or_null(),
            p("proposedOn", Date, "2026-12-02", "After an attempt that failed: the day proposed for the next one.", "Efter ett misslyckat försök: dagen som föreslås för nästa.").or_null(),
            p("proposedChannel", Word("Channel"), "phone", "How it is proposed to be made; null where whoever tries chooses.", "Hur det föreslås göras; null när den som försöker väljer.").or_null(),
            p("proposedStaff", Whole(1, 5), "1", "How many go together.", "Hur många som går tillsammans.").or_null(),
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
            ("List contacts", "The contacts that you may see, latest first. The ambassador sees their own."),
            ("Lista kontakter", "De kontakter som du får se, den senaste först. Ambassadören ser sina egna."))
            .query(FILTERS),
        Described::of(Operation::ListYouthContacts,
            ("List contacts of a youth", "The contacts of one youth, latest first. The ambassador sees their own."),
            ("Lista kontakter med en ungdom", "Kontakterna med en ungdom, den senaste först. Ambassadören ser sina egna."))
            .query(FILTERS),
        Described::of(Operation::ExportContacts,
            ("Export contacts as CSV", "The contacts of your unit, in the order of the youths and of each youth in the order of time, as a file that Swedish spreadsheets open right: UTF-8 with a mark, semicolons, Swedish time, words in the language of the request. Neither names nor notes nor places stand in it, and youths with protected identity are not in it. It is sent while it is read, and holds what had been written when it was asked for. The last row tells how many contacts it holds: a file without it is not whole."),
            ("Exportera kontakter som CSV", "Enhetens kontakter, i ungdomarnas ordning och för varje ungdom i tidens ordning, som en fil som svenska kalkylprogram öppnar rätt: UTF-8 med märke, semikolon, svensk tid, ord på begärans språk. Varken namn, anteckningar eller platser står i den, och ungdomar med skyddade personuppgifter finns inte med. Den skickas medan den läses, och innehåller det som hade skrivits när den begärdes. Sista raden säger hur många kontakter filen innehåller: en fil utan den är inte hel."))
            .query(FILTERS),
        Described::of(Operation::LogContact,
            ("Log a contact", "Logs a contact, or an attempt at one, in the open episode that its day belongs to. Channel and result are enough: without `occurredAt` it is now, without `metWho` the youth, without `direction` outbound. Sent again under the same `id` with the same content it is answered with the one that was stored. A note with words that may be sensitive is refused once with the words; sent again with exactly these in `confirmedTerms` it stands."),
            ("Logga en kontakt", "Loggar en kontakt, eller ett försök till en, i den öppna period som dagen hör till. Kanal och resultat räcker: utan `occurredAt` är den nu, utan `metWho` med ungdomen, utan `direction` från oss. Skickas den en gång till med samma `id` och samma innehåll blir svaret den som sparades. En anteckning med ord som kan vara känsliga nekas en gång, med orden; skickad igen med just dem i `confirmedTerms` står den kvar."))
            .takes(&[
                may("id"), may("episodeId"), may("occurredAt"), must("channel"), may("direction"), may("metWho"), may("place"), may("area"),
                must("result"), may("minutes"), may("occupation"), may("note"), may("nextContactOn"), CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode, ErrorCode::AlreadyExists]),
        Described::of(Operation::ReadContact,
            ("Read a contact", "One contact, with the version in the `ETag`."),
            ("Läs en kontakt", "En kontakt, med versionen i `ETag`.")),
        Described::of(Operation::CorrectContact,
            ("Correct a contact", "Corrects a contact within 24 hours of being written, by its author."),
            ("Rätta en kontakt", "Rättar en kontakt inom 24 timmar från att den skrevs, av den som skrev den."))
            .takes(INPUTS)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::ContactLocked, ErrorCode::NoOpenEpisode]),
        Described::of(Operation::AddContactAddendum,
            ("Add to a contact", "Adds a text to a contact, locked or not; what was written stays. The answer is the contact with its new version."),
            ("Komplettera en kontakt", "Lägger till en text till en kontakt, låst eller inte; det som skrevs står kvar. Svaret är kontakten med sin nya version."))
            .takes(&[Input::Own(p("text", Lines(10000), "Han hade menat folkhögskolan.", "The text.", "Texten.").always()), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
    ],
};

#[rustfmt::skip]
pub const NEXT: Chapter = Chapter {
    resource: Resource::NextAttempts,
    title: ("Next attempts", "Nästa kontaktförsök"),
    text: (
        "How contact is tried next with a youth who was not reached, and when: by the municipality's contact ladder (`contactLadder` of the settings), each way once before any is taken again. What a youth cannot be reached by is passed over, a guardian from the 18th birthday, post and visits with protected identity. Who declines contact gets a later day and no way, and the episode goes on. A task stands on the handler's list until somebody is in touch, unless a day was planned in the contact itself.",
        "Hur och när kontakt söks nästa gång med en ungdom som inte har nåtts: enligt kommunens kontakttrappa (`contactLadder` i inställningarna), varje sätt en gång innan något används igen. Det som ungdomen inte kan nås genom hoppas över, vårdnadshavare från 18-årsdagen, post och besök vid skyddade personuppgifter. Den som tackar nej får en senare dag och inget sätt, och perioden fortsätter. En uppgift står på handläggarens lista tills någon har haft kontakt, om inte en dag planerades i själva kontakten.",
    ),
    shown: &[Shown {
        resource: Resource::NextAttempts,
        name: "NextAttempt",
        as_it_was: None,
        text: ("What is proposed next to reach a youth.", "Det som föreslås härnäst för att nå en ungdom."),
        properties: &[
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("contactId", Id, ids::CONTACT, "The latest contact with the youth or a guardian in an open episode; null before the first attempt.", "Den senaste kontakten med ungdomen eller en vårdnadshavare i en öppen period; null före första försöket.").or_null(),
            p("proposedOn", Date, "2026-12-02", "The day proposed; null once the youth was reached, and without an open episode.", "Dagen som föreslås; null när ungdomen har nåtts, och utan öppen period.").or_null(),
            p("proposedChannel", Word("Channel"), "phone", "How; null where whoever tries chooses.", "Hur; null när den som försöker väljer.").or_null(),
            p("proposedStaff", Whole(1, 5), "1", "How many go together.", "Hur många som går tillsammans.").or_null(),
            p("plannedOn", Date, "null", "The day that was planned in that contact, which goes before.", "Dagen som planerades i den kontakten, och som går före.").or_null(),
            p("daysSinceReached", Whole(0, i64::MAX), "11", "Days since the youth was last reached; null if never.", "Dagar sedan ungdomen senast nåddes; null om aldrig.").or_null(),
            p("daysSinceTried", Whole(0, i64::MAX), "3", "Days since anybody last tried; null if never.", "Dagar sedan någon senast försökte; null om aldrig.").or_null(),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ReadNextAttempt,
            ("Read the next attempt", "What is proposed for a youth now: after the latest attempt what was proposed then, before the first one the first step of the ladder."),
            ("Läs nästa kontaktförsök", "Det som föreslås för en ungdom nu: efter det senaste försöket det som föreslogs då, före det första trappans första steg.")),
    ],
};
