//! The chapter of referrals: the open ones and those of the protected compartment, which look the same to those who see them.

use super::{CONFIRMS, Chapter, Described, Input, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const PROPERTIES: &[Property] = &[
    p("id", Id, ids::REFERRAL, "The referral's id.", "Hänvisningens id."),
    p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
    p("episodeId", Id, ids::EPISODE, "The episode that it belongs to.", "Perioden som den hör till."),
    p("target", Word("ReferralTarget"), "adult_education", "Where the youth is referred. It cannot be changed.", "Vart ungdomen hänvisas. Det kan inte ändras."),
    p("status", Word("ReferralStatus"), "sent", "How far it has come.", "Hur långt den har kommit."),
    p("recipient", Text(200), "Komvux Exempelstad", "Who receives it.", "Vem som tar emot den.").or_null(),
    p("note", Lines(10000), "Vill läsa svenska och matematik.", "A note.", "En anteckning.").or_null(),
    p("offeredOn", Date, "2026-11-02", "When it was offered.", "När den erbjöds."),
    p("declinedOn", Date, "null", "When the youth said no.", "När ungdomen sade nej.").or_null(),
    p("consentedOn", Date, "2026-11-05", "When consent was given.", "När samtycke gavs.").or_null(),
    p("consentForm", Word("ConsentForm"), "oral_documented", "How consent was given.", "Hur samtycket gavs.").or_null(),
    p("sentOn", Date, "2026-11-06", "When it was sent.", "När den skickades.").or_null(),
    p("receivedOn", Date, "null", "When it was received.", "När den togs emot.").or_null(),
    p("closedOn", Date, "null", "When it was closed.", "När den avslutades.").or_null(),
    p("answerDueOn", Date, "2026-11-20", "When an answer should have come.", "När ett svar borde ha kommit.").or_null(),
    p("basis", Word("DisclosureBasis"), "consent", "What sending it rests on. Without a word of it the yes is recorded as a consent and is the basis.", "Vad det vilar på att den skickas. Anges inget antecknas ungdomens ja som ett samtycke, och det är grunden.").or_null(),
    p("consentId", Id, ids::CONSENT, "The consent, if that is the basis.", "Samtycket, om det är grunden.").or_null(),
    p("basisReason", Text(500), "null", "The statute of a legal duty, or the other reason.", "Lagrummet för en skyldighet, eller det andra skälet.").or_null(),
    p("createdBy", Id, ids::USER, "Who registered it.", "Vem som registrerade den.").or_null(),
    p("createdAt", Instant, "2026-11-02T10:00:00.000000Z", "When it was registered.", "När den registrerades."),
    p("updatedAt", Instant, "2026-11-06T09:40:00.000000Z", "When it was last changed.", "När den senast ändrades."),
    p("version", Whole(1, i64::MAX), "3", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
];

const INPUTS: &[Input] = &[
    may("episodeId"),
    must("target"),
    may("status"),
    may("recipient"),
    may("note"),
    may("offeredOn"),
    may("declinedOn"),
    may("consentedOn"),
    may("consentForm"),
    may("sentOn"),
    may("receivedOn"),
    may("closedOn"),
    may("answerDueOn"),
    may("basis"),
    may("consentId"),
    may("basisReason"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Referrals,
    title: ("Referrals", "Hänvisningar"),
    text: (
        "A referral to somebody else: offered, declined or consented to, sent, received, closed. None is sent without recorded consent. Referrals to care and social services live in the protected compartment and are seen by the socionom assigned to the youth; to everybody else they do not exist.",
        "En hänvisning till någon annan: erbjuden, avböjd eller med samtycke, skickad, mottagen, avslutad. Ingen skickas utan dokumenterat samtycke. Hänvisningar till vård och socialtjänst ligger i det skyddade utrymmet och ses av den socionom som är tilldelad ungdomen; för alla andra finns de inte.",
    ),
    shown: &[
        Shown {
            resource: Resource::Referrals,
            name: "Referral",
            as_it_was: None,
            text: ("A referral.", "En hänvisning."),
            properties: PROPERTIES,
        },
        Shown {
            resource: Resource::ProtectedReferrals,
            name: "ProtectedReferral",
            as_it_was: None,
            text: ("A referral of the protected compartment.", "En hänvisning i det skyddade utrymmet."),
            properties: PROPERTIES,
        },
    ],
    parts: &[],
    operations: &[
        Described::of(Operation::ListReferrals,
            ("List referrals", "The open referrals that you may see, newest first. Those of the protected compartment are read below a youth alone."),
            ("Lista hänvisningar", "De öppna hänvisningar som du får se, den senaste först. De i det skyddade utrymmet läses bara under en ungdom."))
            .query(&[
                p("status", Word("ReferralStatus"), "sent", "That have come so far.", "Som har kommit så långt."),
                p("target", Word("ReferralTarget"), "adult_education", "To this target.", "Till detta mål."),
            ]),
        Described::of(Operation::ListYouthReferrals,
            ("List referrals of a youth", "The referrals of one youth, newest first; to the socionom assigned also those of the protected compartment."),
            ("Lista hänvisningar för en ungdom", "En ungdoms hänvisningar, den senaste först; för den tilldelade socionomen även de i det skyddade utrymmet.")),
        Described::of(Operation::CreateReferral,
            ("Offer a referral", "Registers that a referral was offered. A target of care or social services is open to the socionom assigned to the youth."),
            ("Erbjud en hänvisning", "Registrerar att en hänvisning har erbjudits. Mål inom vård och socialtjänst är öppna för den socionom som är tilldelad ungdomen."))
            .takes(INPUTS)
            .not_in_example(&["status", "consentedOn", "consentForm", "sentOn", "answerDueOn", "basis", "consentId", "confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode]),
        Described::of(Operation::ReadReferral,
            ("Read a referral", "One referral, with the version in the `ETag`."),
            ("Läs en hänvisning", "En hänvisning, med versionen i `ETag`.")),
        Described::of(Operation::UpdateReferral,
            ("Change a referral", "Takes the next step or corrects what was entered. A step taken without its day is taken today; the day of consent must be told. None is sent without consent. The yes is recorded as a consent with the recipient and a last day. What is sensitive, or crosses a secrecy border, is sent only on a basis that holds on the day: the consent, a duty by law, or another reason; to the LSS officer only on the youth's own consent. What is sent stands in the register of disclosures."),
            ("Ändra en hänvisning", "Tar nästa steg eller rättar det som angavs. Ett steg utan dag tas i dag; dagen för samtycke måste anges. Ingen skickas utan samtycke. Ungdomens ja antecknas som ett samtycke med mottagare och sista dag. Det som är känsligt eller går över en sekretessgräns skickas bara på en grund som gäller den dagen: samtycket, en skyldighet enligt lag eller ett annat skäl; till LSS-handläggaren bara på ungdomens eget samtycke. Det som skickas står i registret över utlämnanden."))
            .takes(INPUTS)
            .not_in_example(&["episodeId", "target", "confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode, ErrorCode::ConsentWithdrawn]),
    ],
};
