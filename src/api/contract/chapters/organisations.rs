//! The chapters of organisations and of the persons one talks to there.

use super::{CONFIRMS, Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("kind", Word("OrganisationKind"), "employer", "Of this kind.", "Av detta slag."),
    p("isActive", YesNo, "true", "Still worked with, or no longer.", "Sådana ni arbetar med, eller inte längre."),
];

#[rustfmt::skip]
const ACTIVE: &[Property] = &[
    p("isActive", YesNo, "true", "Those still there, or those no longer.", "De som finns kvar, eller de som inte gör det."),
];

#[rustfmt::skip]
pub const ORGANISATIONS: Chapter = Chapter {
    resource: Resource::Organisations,
    title: ("Organisations", "Organisationer"),
    text: (
        "Whom the team works with: employers and other hosts of placements, authorities, clinics, schools, associations. They are the unit's. Write nothing about youths here. One that is no longer worked with is ended (`isActive`), not deleted.",
        "Vilka teamet arbetar med: arbetsgivare och andra praktikvärdar, myndigheter, mottagningar, skolor, föreningar. De hör till enheten. Skriv inget om ungdomar här. En som ni inte längre arbetar med avslutas (`isActive`), den tas inte bort.",
    ),
    shown: &[Shown {
        resource: Resource::Organisations,
        name: "Organisation",
        as_it_was: None,
        text: ("An organisation.", "En organisation."),
        properties: &[
            p("id", Id, ids::ORGANISATION, "The organisation's id.", "Organisationens id."),
            p("unitId", Id, ids::UNIT, "The unit that works with it.", "Enheten som arbetar med den."),
            p("name", Text(200), "Café Exempel", "What it is called; no two of a kind have the same name in a unit.", "Vad den heter; inga två av samma slag heter likadant i en enhet."),
            p("kind", Word("OrganisationKind"), "employer", "Of which kind it is.", "Av vilket slag den är."),
            p("address", Text(300), "Sturegatan 1, 172 31 Exempelstad", "Where it is.", "Var den finns.").or_null(),
            p("phone", Text(30), "08-465 004 10", "Its telephone.", "Telefon.").or_null(),
            p("email", Email, "kontakt@cafe.example", "Its e-mail.", "E-post.").or_null(),
            p("website", Text(300), "https://cafe.example", "Its website, with `https://`.", "Webbplats, med `https://`.").or_null(),
            p("note", Lines(2000), "Tar emot på förmiddagar; ring först.", "What is good to know of it; nothing about youths.", "Det som är bra att veta om den; inget om ungdomar.").or_null(),
            p("isActive", YesNo, "true", "Whether it is still worked with.", "Om ni fortfarande arbetar med den."),
            p("createdBy", Id, ids::USER, "Who entered it.", "Vem som lade in den.").or_null(),
            p("createdAt", Instant, "2026-09-01T08:00:00.000000Z", "When it was entered.", "När den lades in."),
            p("updatedAt", Instant, "2026-09-01T08:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListOrganisations,
            ("List organisations", "The organisations of your unit, by name."),
            ("Lista organisationer", "Din enhets organisationer, efter namn."))
            .query(FILTERS),
        Described::of(Operation::CreateOrganisation,
            ("Enter an organisation", "Enters an organisation that your unit works with."),
            ("Lägg in en organisation", "Lägger in en organisation som din enhet arbetar med."))
            .takes(&[must("name"), must("kind"), may("address"), may("phone"), may("email"), may("website"), may("note"), may("isActive"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadOrganisation,
            ("Read an organisation", "One organisation, with the version in the `ETag`."),
            ("Läs en organisation", "En organisation, med versionen i `ETag`.")),
        Described::of(Operation::UpdateOrganisation,
            ("Change an organisation", "Changes what is named and leaves the rest, or ends it."),
            ("Ändra en organisation", "Ändrar det som nämns och lämnar resten, eller avslutar den."))
            .takes(&[must("name"), must("kind"), may("address"), may("phone"), may("email"), may("website"), may("note"), may("isActive"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
    ],
};

#[rustfmt::skip]
pub const PERSONS: Chapter = Chapter {
    resource: Resource::ContactPersons,
    title: ("Contact persons", "Kontaktpersoner"),
    text: (
        "Whom one talks to at an organisation: the supervisor of a placement, the officer of an authority. Only what belongs to their work.",
        "Vem man talar med hos en organisation: handledaren på en praktikplats, handläggaren på en myndighet. Bara det som hör till deras arbete.",
    ),
    shown: &[Shown {
        resource: Resource::ContactPersons,
        name: "ContactPerson",
        as_it_was: None,
        text: ("A contact person.", "En kontaktperson."),
        properties: &[
            p("id", Id, ids::CONTACT_PERSON, "The contact person's id.", "Kontaktpersonens id."),
            p("organisationId", Id, ids::ORGANISATION, "Where they are.", "Var de finns."),
            p("name", Text(120), "Eva Exempel", "Their name.", "Namn."),
            p("title", Text(120), "Köksmästare", "What they do there.", "Vad de gör där.").or_null(),
            p("phone", Text(30), "08-465 004 11", "Their telephone at work.", "Telefon i arbetet.").or_null(),
            p("email", Email, "eva@cafe.example", "Their e-mail at work.", "E-post i arbetet.").or_null(),
            p("isActive", YesNo, "true", "Whether they are still there.", "Om de finns kvar."),
            p("createdBy", Id, ids::USER, "Who entered them.", "Vem som lade in dem.").or_null(),
            p("createdAt", Instant, "2026-09-01T08:05:00.000000Z", "When they were entered.", "När de lades in."),
            p("updatedAt", Instant, "2026-09-01T08:05:00.000000Z", "When this was last changed.", "När detta senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListContactPersons,
            ("List contact persons", "The contact persons of an organisation, in the order in which they were entered."),
            ("Lista kontaktpersoner", "En organisations kontaktpersoner, i den ordning de lades in."))
            .query(ACTIVE),
        Described::of(Operation::CreateContactPerson,
            ("Enter a contact person", "Enters somebody at an organisation."),
            ("Lägg in en kontaktperson", "Lägger in någon hos en organisation."))
            .takes(&[must("name"), may("title"), may("phone"), may("email"), may("isActive")]),
        Described::of(Operation::ReadContactPerson,
            ("Read a contact person", "One contact person, with the version in the `ETag`."),
            ("Läs en kontaktperson", "En kontaktperson, med versionen i `ETag`.")),
        Described::of(Operation::UpdateContactPerson,
            ("Change a contact person", "Changes what is named and leaves the rest, or says that they are there no longer."),
            ("Ändra en kontaktperson", "Ändrar det som nämns och lämnar resten, eller säger att de inte är kvar."))
            .takes(&[must("name"), may("title"), may("phone"), may("email"), may("isActive")]),
    ],
};
