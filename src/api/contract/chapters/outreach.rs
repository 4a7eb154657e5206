//! The chapters of outreach: sessions, and those met in them of whom nobody knows who they are. What may be tied to whom stands in
//! `service::outreach_contacts`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const INPUTS: &[Input] = &[
    must("kind"),
    may("area"),
    may("place"),
    must("startsAt"),
    must("endsAt"),
    must("participants"),
    may("met"),
    may("outcomes"),
    may("note"),
    CONFIRMS,
];
const MET: &[Input] = &[
    must("ageGroup"),
    must("legalSex"),
    must("outcome"),
    may("wantsContact"),
    may("note"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const SESSIONS: Chapter = Chapter {
    resource: Resource::OutreachSessions,
    title: ("Outreach sessions", "Uppsökande pass"),
    text: (
        "A session in the street, online or at an event: who went, where and when, how many were met by age and sex, and what it led to. Nobody's identity belongs in one: a phone number, an identity number or an e-mail address in a text is refused, and names are left out. It is corrected within 24 hours by whoever logged it.",
        "Ett pass i stadsmiljö, på nätet eller vid ett evenemang: vilka som gick, var och när, hur många som möttes efter ålder och kön, och vad det ledde till. Ingens identitet hör hemma där: ett telefonnummer, ett identitetsnummer eller en e-postadress i en text nekas, och namn skrivs inte. Det rättas inom 24 timmar av den som loggade det.",
    ),
    shown: &[Shown {
        resource: Resource::OutreachSessions,
        name: "OutreachSession",
        as_it_was: None,
        text: ("A session of outreach.", "Ett uppsökande pass."),
        properties: &[
            p("id", Id, ids::OUTREACH_SESSION, "The session's id.", "Passets id."),
            p("unitId", Id, ids::UNIT, "Whose session it was.", "Vilken enhets pass det var."),
            p("kind", Word("OutreachKind"), "street", "How it was held.", "Hur det hölls."),
            p("area", Text(100), "Rissne", "The area.", "Området.").or_null(),
            p("place", Text(200), "Rissne torg", "The place.", "Platsen.").or_null(),
            p("startsAt", Instant, "2026-11-24T16:00:00.000000Z", "When it began.", "När det började."),
            p("endsAt", Instant, "2026-11-24T19:00:00.000000Z", "When it ended: at most 16 hours later, and never in the future.", "När det slutade: högst 16 timmar senare, och aldrig i framtiden."),
            p("participants", Many(&Part("OutreachParticipant"), 20), "", "Who went, each once. The ambassador is among those of a session that they log.", "Vilka som gick, var och en en gång. Ambassadören är själv med i ett pass som hen loggar."),
            p("met", Many(&Part("OutreachMet"), 12), "", "How many were met, by age and sex; each pair once.", "Hur många som möttes, efter ålder och kön; varje par en gång."),
            p("metCount", Whole(0, i64::MAX), "7", "How many in all.", "Hur många sammanlagt."),
            p("outcomes", Many(&Word("OutreachOutcome"), 0), "talked|informed", "What it led to.", "Vad det ledde till."),
            p("note", Lines(2000), "Många frågor om sommarjobb. Musik vid torget drog folk.", "A note, without anybody's identity.", "En anteckning, utan någons identitet.").or_null(),
            p("isLocked", YesNo, "false", "Whether it can no longer be corrected.", "Om det inte längre kan rättas."),
            p("createdBy", Id, ids::USER, "Who logged it.", "Vem som loggade det."),
            p("createdAt", Instant, "2026-11-24T19:10:00.000000Z", "When it was logged.", "När det loggades."),
            p("updatedAt", Instant, "2026-11-24T19:10:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "OutreachParticipant",
            text: ("Somebody who went.", "Någon som gick."),
            properties: &[
                p("userId", Id, ids::USER, "Who: an active member of the unit who goes out (`listMyCompanions`).", "Vem: en aktiv medarbetare i enheten som går ut (`listMyCompanions`).").always(),
                p("minutes", Whole(1, 1440), "120", "How much of it they were there for; null: all of it.", "Hur mycket av det hen var med; null: hela.").or_null(),
            ],
        },
        Part {
            name: "OutreachMet",
            text: ("How many of an age and a sex were met, as they seemed.", "Hur många av en ålder och ett kön som möttes, så som de verkade."),
            properties: &[
                p("ageGroup", Word("MetAge"), "16_19", "How old.", "Hur gamla.").always(),
                p("legalSex", Word("LegalSex"), "male", "Which sex.", "Vilket kön.").always(),
                p("count", Whole(0, 500), "7", "How many.", "Hur många.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListOutreachSessions,
            ("List outreach sessions", "The sessions of your unit, latest first. The ambassador sees those in which they took part."),
            ("Lista uppsökande pass", "Din enhets pass, det senaste först. Ambassadören ser dem som hen var med i."))
            .query(&[
                p("from", Date, "2026-11-01", "Begun on this day or later.", "Började denna dag eller senare."),
                p("to", Date, "2026-11-30", "Begun on this day or earlier.", "Började denna dag eller tidigare."),
                p("kind", Word("OutreachKind"), "street", "Held so.", "Hölls så."),
                p("area", Text(100), "Rissne", "In this area.", "I detta område."),
                p("participantId", Id, ids::USER, "In which this member of staff took part.", "Där denna medarbetare var med."),
            ]),
        Described::of(Operation::LogOutreachSession,
            ("Log an outreach session", "Logs a session that has ended. Whoever went is told by id; `listMyCompanions` has them. The ambassador logs sessions in which they took part."),
            ("Logga ett uppsökande pass", "Loggar ett pass som är slut. Vilka som gick anges med id; `listMyCompanions` har dem. Ambassadören loggar pass som hen var med i."))
            .takes(INPUTS)
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadOutreachSession,
            ("Read an outreach session", "One session, with the version in the `ETag`."),
            ("Läs ett uppsökande pass", "Ett pass, med versionen i `ETag`.")),
        Described::of(Operation::CorrectOutreachSession,
            ("Correct an outreach session", "Corrects a session within 24 hours of its logging, by whoever logged it. Hours that were approved show the difference."),
            ("Rätta ett uppsökande pass", "Rättar ett pass inom 24 timmar från att det loggades, av den som loggade det. Timmar som redan är godkända visar skillnaden."))
            .takes(INPUTS)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::ContactLocked]),
    ],
};

#[rustfmt::skip]
pub const CONTACTS: Chapter = Chapter {
    resource: Resource::OutreachContacts,
    title: ("Outreach contacts", "Uppsökande kontakter"),
    text: (
        "Somebody met in a session, of whom nobody knows who it is. Once it turns out, they are tied to a youth: that makes a contact of the youth, by whoever met them, on the day they met, and the note goes there. From then on it is seen by whoever sees the youth, and by nobody else.",
        "Någon som möttes under ett pass, och som ingen vet vem det är. När det visar sig knyts mötet till en ungdom: då blir det en kontakt med ungdomen, av den som mötte hen, den dag de möttes, och anteckningen följer med dit. Därefter syns det för den som ser ungdomen, och för ingen annan.",
    ),
    shown: &[Shown {
        resource: Resource::OutreachContacts,
        name: "OutreachContact",
        as_it_was: None,
        text: ("Somebody met in a session.", "Någon som möttes under ett pass."),
        properties: &[
            p("id", Id, ids::OUTREACH_CONTACT, "Its id.", "Dess id."),
            p("sessionId", Id, ids::OUTREACH_SESSION, "The session.", "Passet."),
            p("metBy", Id, ids::USER, "Who met them.", "Vem som mötte hen."),
            p("ageGroup", Word("MetAge"), "16_19", "How old they seemed.", "Hur gammal hen verkade."),
            p("legalSex", Word("LegalSex"), "female", "Which sex, as it seemed.", "Vilket kön, som det verkade."),
            p("outcome", Word("OutreachOutcome"), "wants_contact", "What it led to.", "Vad det ledde till."),
            p("wantsContact", YesNo, "true", "Whether they want to be contacted again.", "Om hen vill ha kontakt igen."),
            p("note", Lines(2000), "Vill gå klart gymnasiet, vet inte var man börjar.", "What was said, without who it was. Gone to the contact once it is tied.", "Vad som sades, utan vem det var. Finns i kontakten när mötet är knutet.").or_null(),
            p("isTied", YesNo, "false", "Whether it has turned out who it was.", "Om det har visat sig vem det var."),
            p("youthId", Id, "null", "The youth, once it is tied.", "Ungdomen, när mötet är knutet.").or_null(),
            p("contactId", Id, "null", "The contact that it became.", "Kontakten som det blev.").or_null(),
            p("tiedBy", Id, "null", "Who tied it.", "Vem som knöt det.").or_null(),
            p("tiedAt", Instant, "null", "When.", "När.").or_null(),
            p("isLocked", YesNo, "false", "Whether it can no longer be corrected.", "Om det inte längre kan rättas."),
            p("createdAt", Instant, "2026-11-24T19:12:00.000000Z", "When it was logged.", "När det loggades."),
            p("updatedAt", Instant, "2026-11-24T19:12:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::LogOutreachContact,
            ("Log somebody met", "Logs somebody whom you met in a session in which you took part."),
            ("Logga någon som möttes", "Loggar någon som du mötte under ett pass som du var med i."))
            .takes(MET)
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ListOutreachContacts,
            ("List outreach contacts", "Those met in the sessions of your unit, latest first; of those tied to a youth, whom you may see in lists. The ambassador sees those whom they met."),
            ("Lista uppsökande kontakter", "De som möttes under din enhets pass, den senaste först; av dem som knutits till en ungdom, dem som du får se i listor. Ambassadören ser dem som hen mötte."))
            .query(&[
                p("sessionId", Id, ids::OUTREACH_SESSION, "Met in this session.", "Möttes under detta pass."),
                p("isTied", YesNo, "false", "Tied to a youth, or not.", "Knutna till en ungdom, eller inte."),
                p("wantsContact", YesNo, "true", "Who want to be contacted again, or not.", "Som vill ha kontakt igen, eller inte."),
            ]),
        Described::of(Operation::ReadOutreachContact,
            ("Read an outreach contact", "One of them, with the version in the `ETag`."),
            ("Läs en uppsökande kontakt", "En av dem, med versionen i `ETag`.")),
        Described::of(Operation::CorrectOutreachContact,
            ("Correct an outreach contact", "Corrects what was told within 24 hours, by whoever met them, as long as it is not tied."),
            ("Rätta en uppsökande kontakt", "Rättar uppgifterna inom 24 timmar, av den som mötte hen, så länge mötet inte är knutet."))
            .takes(MET)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::ContactLocked]),
        Described::of(Operation::TieOutreachContact,
            ("Tie to a youth", "Makes a contact of the youth of it, in the open episode that the day belongs to, or in the one named. The youth is one whom you see; of the ambassador, one assigned now. 409 `conflict` when it is tied already."),
            ("Knyt till en ungdom", "Gör en kontakt med ungdomen av mötet, i den öppna period som dagen hör till eller i den som anges. Ungdomen är någon som du får se; för ambassadören någon som är tilldelad nu. 409 `conflict` om mötet redan är knutet."))
            .takes(&[
                Input::Own(p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen.").always()),
                Input::Own(p("episodeId", Id, ids::EPISODE, "The episode that it belongs to. Not open to the ambassador.", "Perioden som det hör till. Inte öppet för ambassadören.")),
            ])
            .errors(&[ErrorCode::Conflict, ErrorCode::NoOpenEpisode, ErrorCode::ForbiddenField]),
        Described::of(Operation::UntieOutreachContact,
            ("Untie from a youth", "Undoes a mistake within 24 hours, by whoever tied it: the contact is taken out of the youth's file with what was kept of it, and the note comes back. 409 `conflict` when the contact has been changed or added to, or it is not tied."),
            ("Lös från en ungdom", "Gör en felaktig knytning ogjord inom 24 timmar, av den som gjorde den: kontakten tas bort ur ungdomens akt med det som sparats av den, och anteckningen kommer tillbaka. 409 `conflict` om kontakten har ändrats eller kompletterats, eller om mötet inte är knutet."))
            .errors(&[ErrorCode::Conflict, ErrorCode::ContactLocked]),
    ],
};
