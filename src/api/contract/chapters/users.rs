//! The chapter of members of staff.

use super::{Chapter, Described, Input, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const PASSWORD: Property = p("password", Text(200), "en lång mening som bara hon kan", "The password, at least 12 characters. It is stored hashed and never shown.", "Lösenordet, minst 12 tecken. Det sparas som hash och visas aldrig.").write_only();

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Users,
    title: ("Users", "Användare"),
    text: (
        "Members of staff who can sign in. The administrator makes and changes them; the chief reads those of the own unit.",
        "Medarbetare som kan logga in. Administratören skapar och ändrar dem; enhetschefen läser dem i sin egen enhet.",
    ),
    shown: &[Shown {
        resource: Resource::Users,
        name: "User",
        as_it_was: None,
        text: ("A member of staff.", "En medarbetare."),
        properties: &[
            p("id", Id, ids::USER, "The person's id.", "Personens id."),
            p("unitId", Id, ids::UNIT, "The unit. Required for every role but administrator and log reviewer, who have none.", "Enheten. Krävs för alla roller utom administratör och loggranskare, som inte har någon.").or_null(),
            p("username", Text(60), "anna.lind", "The user name: 3-60 of small letters a-z, digits, full stop, hyphen and underscore; unique.", "Användarnamnet: 3-60 av små bokstäver a-z, siffror, punkt, bindestreck och understreck; unikt."),
            p("displayName", Text(120), "Anna Lind", "The name as others see it.", "Namnet så som andra ser det."),
            p("role", Word("Role"), "syv", "The role. Nobody changes their own.", "Rollen. Ingen ändrar sin egen."),
            PASSWORD,
            p("isActive", YesNo, "true", "Whether the person may sign in.", "Om personen får logga in."),
            p("createdAt", Instant, "2026-08-17T07:30:00.000000Z", "When the account was made.", "När kontot skapades."),
            p("updatedAt", Instant, "2026-08-17T07:30:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListUsers,
            ("List users", "The members of staff that you may know of."),
            ("Lista användare", "De medarbetare som du får känna till."))
            .query(&[
                p("unitId", Id, ids::UNIT, "Of this unit.", "I denna enhet."),
                p("role", Word("Role"), "ambassador", "With this role.", "Med denna roll."),
                p("isActive", YesNo, "true", "Active ones, or inactive ones.", "Aktiva, eller avstängda."),
            ]),
        Described::of(Operation::CreateUser,
            ("Make a user", "Makes an account for a member of staff."),
            ("Skapa en användare", "Skapar ett konto för en medarbetare."))
            .takes(&[must("username"), must("displayName"), must("role"), may("unitId"), Input::Own(PASSWORD.always()), may("isActive")]),
        Described::of(Operation::ReadUser,
            ("Read a user", "One member of staff, with the version in the `ETag`."),
            ("Läs en användare", "En medarbetare, med versionen i `ETag`.")),
        Described::of(Operation::UpdateUser,
            ("Change a user", "Changes what is named. A new password, role or unit, or being deactivated, ends the person's sessions; a new role or unit, or being deactivated, also ends assignments and break-glass. Nobody changes their own role, and the last active chief of a unit and the last active administrator stay."),
            ("Ändra en användare", "Ändrar det som nämns. Nytt lösenord, ny roll eller enhet, eller avstängning avslutar personens inloggningar; ny roll eller enhet, eller avstängning, avslutar också tilldelningar och nödöppnanden. Ingen ändrar sin egen roll, och den sista aktiva enhetschefen och administratören blir kvar."))
            .takes(&[must("username"), must("displayName"), must("role"), may("unitId"), Input::Own(PASSWORD.always()), must("isActive")])
            .errors(&[ErrorCode::LastOfRole, ErrorCode::OwnRole]),
        Described::of(Operation::EndUserSessions,
            ("End a user's sessions", "Signs a member of staff out everywhere at once, for instance when a device is lost."),
            ("Avsluta en användares inloggningar", "Loggar genast ut en medarbetare överallt, till exempel när en enhet har kommit bort.")),
    ],
};
