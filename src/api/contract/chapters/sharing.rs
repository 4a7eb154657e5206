//! The chapter of sharing. What stands towards a recipient is told in `domain::sharing`.

use super::{Chapter, Described, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
const PROPERTIES: &[Property] = &[
    p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
    p("recipientKind", Word("RecipientKind"), "employment_service", "Of which kind the recipient is.", "Av vilket slag mottagaren är."),
    p("recipientName", Text(200), "Arbetsförmedlingen Exempelstad", "The recipient by name.", "Mottagaren vid namn.").or_null(),
    p("organisationId", Id, ids::ORGANISATION, "The organisation, of a host.", "Organisationen, om det är en värd.").or_null(),
    p("standing", Many(&Part("SharedBasis"), 0), "", "What stands towards the recipient, the latest first.", "Vad som gäller mot mottagaren, det senaste först."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Sharing,
    title: ("Sharing", "Delning"),
    text: (
        "With whom a youth is shared, and on which basis: for each recipient the consents that hold, the referrals that were sent and are not closed, what has been told, and the places at a host that the youth has said yes to. Recipients of care and social services stand in it for whoever sees the protected compartment; for everybody else it is as if there were none. The collaboration group is no recipient: it gets counts alone (`/statistics`).",
        "Vilka en ungdom delas med, och på vilken grund: för varje mottagare de samtycken som gäller, de hänvisningar som är skickade och inte avslutade, det som har lämnats ut, och de platser hos en värd som ungdomen har tackat ja till. Mottagare inom vård och socialtjänst finns med för den som ser det skyddade utrymmet; för alla andra är det som om de inte fanns. Samverkansgruppen är ingen mottagare: den får bara antal (`/statistics`).",
    ),
    shown: &[
        Shown {
            resource: Resource::Sharing,
            name: "SharedRecipient",
            as_it_was: None,
            text: ("A recipient with whom a youth is shared.", "En mottagare som en ungdom delas med."),
            properties: PROPERTIES,
        },
        Shown {
            resource: Resource::ProtectedSharing,
            name: "ProtectedSharedRecipient",
            as_it_was: None,
            text: ("A recipient of the protected compartment.", "En mottagare i det skyddade utrymmet."),
            properties: PROPERTIES,
        },
    ],
    parts: &[Part {
        name: "SharedBasis",
        text: ("Something that stands towards a recipient.", "Något som gäller mot en mottagare."),
        properties: &[
            p("kind", Word("SharingKind"), "consent", "What it is.", "Vad det är.").always(),
            p("recordId", Id, ids::CONSENT, "The record that says so: the consent, referral, disclosure or placement.", "Posten som säger det: samtycket, hänvisningen, utlämnandet eller placeringen.").always(),
            p("basis", Word("DisclosureBasis"), "consent", "On what it rests.", "Vad det vilar på.").or_null().always(),
            p("sinceOn", Date, "2026-11-05", "Since when.", "Sedan när.").always(),
            p("untilOn", Date, "2027-11-05", "Until when, if that is known.", "Till när, om det är känt.").or_null().always(),
            p("categories", Many(&Word("DataCategory"), 7), "contact_details|occupation", "What may be told, or was; empty where that is not recorded.", "Vad som får berättas, eller berättades; tomt där det inte är antecknat.").always(),
        ],
    }],
    operations: &[
        Described::of(Operation::ListYouthSharing,
            ("List whom a youth is shared with", "The recipients that a youth is shared with, each with what stands towards them now."),
            ("Lista vilka en ungdom delas med", "De mottagare som en ungdom delas med, var och en med det som gäller nu.")),
    ],
};
