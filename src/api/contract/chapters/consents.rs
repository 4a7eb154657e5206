//! The chapter of consents: those of the register and those of the protected compartment, which look the same to those who
//! see them. How long one holds stands in `domain::consent`.

use super::{CONFIRMS, Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const PROPERTIES: &[Property] = &[
    p("id", Id, ids::CONSENT, "The consent's id.", "Samtyckets id."),
    p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
    p("referralId", Id, ids::REFERRAL, "The referral whose yes it is.", "Hänvisningen vars ja det är.").or_null(),
    p("recipientKind", Word("RecipientKind"), "employment_service", "To whom something may be told.", "Vem något får berättas för."),
    p("recipientName", Text(200), "Arbetsförmedlingen Exempelstad", "The recipient by name.", "Mottagaren vid namn.").or_null(),
    p("purpose", Text(500), "Söka jobb tillsammans", "For what.", "Till vad."),
    p("categories", Many(&Word("DataCategory"), 7), "contact_details|occupation", "What may be told.", "Vad som får berättas."),
    p("givenBy", Word("Speaker"), "youth", "Who gave it: who has turned 16 themselves (15 for LSS), else a guardian.", "Vem som lämnade det: den som har fyllt 16 själv (15 för LSS), annars en vårdnadshavare."),
    p("form", Word("ConsentForm"), "written", "How it was given.", "Hur det lämnades."),
    p("validFromOn", Date, "2026-11-05", "When it was given: the first day on which it holds.", "När det lämnades: den första dagen det gäller."),
    p("validToOn", Date, "2027-11-05", "The last day on which it holds. A year from the first if none is told.", "Den sista dagen det gäller. Ett år från den första om ingen anges."),
    p("documentReference", Text(200), "KS 2026/114", "Where the paper is.", "Var papperet finns.").or_null(),
    p("withdrawnOn", Date, "null", "When it was withdrawn: from that day it holds no more.", "När det återkallades: från den dagen gäller det inte.").or_null(),
    p("withdrawalForm", Word("WithdrawalForm"), "null", "How it was withdrawn.", "Hur det återkallades.").or_null(),
    p("recipientInformedOn", Date, "null", "When the recipient was told of the withdrawal.", "När mottagaren fick veta att det återkallats.").or_null(),
    p("createdBy", Id, ids::USER, "Who recorded it.", "Vem som antecknade det.").or_null(),
    p("createdAt", Instant, "2026-11-05T10:00:00.000000Z", "When it was recorded.", "När det antecknades."),
    p("updatedAt", Instant, "2026-11-05T10:00:00.000000Z", "When it was last changed.", "När det senast ändrades."),
    p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Consents,
    title: ("Consents", "Samtycken"),
    text: (
        "What a youth has agreed to: who may be told what, for what, until when. A consent has an end and can be withdrawn at any time, in any form; what rests on it stops with that. A consent that names a recipient of care or social services lies in the protected compartment; to everybody but the socionom assigned it does not exist.",
        "Det en ungdom har gått med på: vem som får veta vad, till vad, till när. Ett samtycke har ett slut och kan återkallas när som helst, hur som helst; det som vilar på det stannar då. Ett samtycke som nämner en mottagare inom vård eller socialtjänst ligger i det skyddade utrymmet; för alla utom den tilldelade socionomen finns det inte.",
    ),
    shown: &[
        Shown {
            resource: Resource::Consents,
            name: "Consent",
            as_it_was: None,
            text: ("A consent.", "Ett samtycke."),
            properties: PROPERTIES,
        },
        Shown {
            resource: Resource::ProtectedConsents,
            name: "ProtectedConsent",
            as_it_was: None,
            text: ("A consent of the protected compartment.", "Ett samtycke i det skyddade utrymmet."),
            properties: PROPERTIES,
        },
    ],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthConsents,
            ("List consents of a youth", "The consents of one youth, newest first; to the socionom assigned also those of the protected compartment."),
            ("Lista samtycken för en ungdom", "En ungdoms samtycken, det senaste först; för den tilldelade socionomen även de i det skyddade utrymmet.")),
        Described::of(Operation::RecordConsent,
            ("Record a consent", "Records a consent that was given. The yes to a referral is recorded by the referral itself."),
            ("Anteckna ett samtycke", "Antecknar ett samtycke som har lämnats. Ett ja till en hänvisning antecknas av hänvisningen själv."))
            .takes(&[
                must("recipientKind"), may("recipientName"), must("purpose"), must("categories"), must("givenBy"), must("form"),
                may("validFromOn"), may("validToOn"), may("documentReference"), CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadConsent,
            ("Read a consent", "One consent, with the version in the `ETag`."),
            ("Läs ett samtycke", "Ett samtycke, med versionen i `ETag`.")),
        Described::of(Operation::WithdrawConsent,
            ("Withdraw a consent", "Takes down that a consent was withdrawn: today if no day is told, in whatever form, and again without harm. Referrals that rest on it are no longer sent; what was told on it before stands in the register of disclosures, and its recipient is to be informed."),
            ("Återkalla ett samtycke", "Antecknar att ett samtycke har återkallats: i dag om ingen dag anges, i vilken form som helst, och en gång till utan skada. Hänvisningar som vilar på det skickas inte längre; det som lämnats ut på det tidigare står i registret över utlämnanden, och mottagaren ska underrättas."))
            .takes(&[may("withdrawnOn"), may("withdrawalForm"), may("recipientInformedOn")]),
        Described::of(Operation::RecordRecipientInformed,
            ("Record that the recipient was informed", "Takes down that the recipient was told of the withdrawal: today if no day is told."),
            ("Anteckna att mottagaren är underrättad", "Antecknar att mottagaren har fått veta att samtycket återkallats: i dag om ingen dag anges."))
            .takes(&[may("recipientInformedOn")])
            .errors(&[ErrorCode::ConsentInForce]),
    ],
};
