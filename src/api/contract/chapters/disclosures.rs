//! The chapter of the register of disclosures, of both kinds. On what something may be told stands in `domain::disclosure`.

use super::{CONFIRMS, Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const PROPERTIES: &[Property] = &[
    p("id", Id, ids::DISCLOSURE, "The disclosure's id.", "Utlämnandets id."),
    p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
    p("referralId", Id, ids::REFERRAL, "The referral that it went with.", "Hänvisningen som det följde med.").or_null(),
    p("recipientKind", Word("RecipientKind"), "employment_service", "To whom.", "Till vem."),
    p("recipientName", Text(200), "Arbetsförmedlingen Exempelstad", "The recipient by name.", "Mottagaren vid namn.").or_null(),
    p("categories", Many(&Word("DataCategory"), 7), "contact_details|occupation", "What was told.", "Vad som berättades."),
    p("means", Word("DisclosureMeans"), "meeting", "How it was handed over.", "Hur det lämnades."),
    p("disclosedOn", Date, "2026-11-06", "When.", "När."),
    p("basis", Word("DisclosureBasis"), "consent", "On what it rests.", "Vad det vilar på."),
    p("consentId", Id, ids::CONSENT, "The consent, if that is the basis.", "Samtycket, om det är grunden.").or_null(),
    p("basisReason", Text(500), "null", "The statute of a legal duty, or the other reason.", "Lagrummet för en skyldighet, eller det andra skälet.").or_null(),
    p("disclosedBy", Id, ids::USER, "By whom.", "Av vem.").or_null(),
    p("createdAt", Instant, "2026-11-06T09:40:00.000000Z", "When it was registered.", "När det registrerades."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Disclosures,
    title: ("Disclosures", "Utlämnanden"),
    text: (
        "The register of what was told about a youth: to whom, what, when, on which basis. A referral that is sent across a secrecy border, or to care or social services, registers itself. Nothing in it is changed or removed. What was told to care or social services lies in the protected compartment.",
        "Registret över vad som har berättats om en ungdom: till vem, vad, när, på vilken grund. En hänvisning som skickas över en sekretessgräns, eller till vård eller socialtjänst, registrerar sig själv. Inget i det ändras eller tas bort. Det som berättats för vård eller socialtjänst ligger i det skyddade utrymmet.",
    ),
    shown: &[
        Shown {
            resource: Resource::Disclosures,
            name: "Disclosure",
            as_it_was: None,
            text: ("A disclosure.", "Ett utlämnande."),
            properties: PROPERTIES,
        },
        Shown {
            resource: Resource::ProtectedDisclosures,
            name: "ProtectedDisclosure",
            as_it_was: None,
            text: ("A disclosure of the protected compartment.", "Ett utlämnande i det skyddade utrymmet."),
            properties: PROPERTIES,
        },
    ],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthDisclosures,
            ("List disclosures about a youth", "What was told about one youth, newest first; to the socionom assigned also what lies in the protected compartment."),
            ("Lista utlämnanden om en ungdom", "Vad som har berättats om en ungdom, det senaste först; för den tilldelade socionomen även det i det skyddade utrymmet.")),
        Described::of(Operation::RecordDisclosure,
            ("Register a disclosure", "Registers something that was told without a referral. It needs a basis that held on the day: a consent of this youth for this recipient and these categories, a legal duty with its statute, or another reason."),
            ("Registrera ett utlämnande", "Registrerar något som har berättats utan en hänvisning. Det behöver en grund som gällde den dagen: ett samtycke från ungdomen för mottagaren och uppgifterna, en skyldighet med sitt lagrum, eller ett annat skäl."))
            .takes(&[
                must("recipientKind"), may("recipientName"), must("categories"), must("means"), may("disclosedOn"),
                may("basis"), may("consentId"), may("basisReason"), CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::ConsentWithdrawn]),
        Described::of(Operation::ReadDisclosure,
            ("Read a disclosure", "One disclosure."),
            ("Läs ett utlämnande", "Ett utlämnande.")),
    ],
};
