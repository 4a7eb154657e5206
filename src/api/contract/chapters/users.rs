//! The chapter of members of staff.

use super::{Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const PASSWORD: Property = p("password", Text(200), "en lång mening som bara hon kan", "The password: at least 12 characters of any kind, without the user name in it, and none of those that many people choose. It is stored hashed and never shown.", "Lösenordet: minst 12 tecken av vilket slag som helst, utan användarnamnet i sig, och inget av dem som många väljer. Det sparas som hash och visas aldrig.").write_only();

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
    parts: &[Part {
        name: "PasswordReset",
        text: ("A one-time link, as the administrator hands it over. The service sends no mail.", "En engångslänk, som administratören lämnar över. Tjänsten skickar ingen e-post."),
        properties: &[
            p("userId", Id, ids::USER, "For whom it is.", "Vem den är för.").always(),
            p("token", Text(200), "Qm9aPeG7oKiF4tVbQzMZk3vT1q8yB6nXw0sLr5dHc2u", "The token of the link, shown this once. A client puts it behind the `#` of its own address.", "Länkens hemlighet, som visas bara denna gång. En klient sätter den efter `#` i sin egen adress.").always(),
            p("expiresAt", Instant, "2026-11-25T08:00:00.000000Z", "Until when it works.", "Till när den fungerar.").always(),
        ],
    }],
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
        Described::of(Operation::UntieUser,
            ("Untie a user from the provider", "Forgets who a member of staff is at the provider of single sign-on, and signs them out everywhere. At their next sign-in there they are known by their user name once more. 404 if they have never signed in by the provider."),
            ("Lossa en användare från leverantören", "Glömmer vem en medarbetare är hos leverantören av gemensam inloggning, och loggar ut personen överallt. Vid nästa inloggning där känns personen igen på sitt användarnamn en gång till. 404 om personen aldrig har loggat in via leverantören.")),
        Described::of(Operation::IssuePasswordReset,
            ("Make a link for a new password", "Makes a link with which the person chooses a new password: it works once, for 24 hours, and takes the place of any before. Only its hash is stored. Until it is used, the old password and the sessions stay; a second factor stays in any case. 409 for somebody who may not sign in."),
            ("Gör en länk för nytt lösenord", "Gör en länk som personen väljer ett nytt lösenord med: den fungerar en gång, i 24 timmar, och ersätter en tidigare. Bara dess hash sparas. Tills den används gäller det gamla lösenordet och inloggningarna; en andra faktor finns kvar i vilket fall som helst. 409 för den som inte får logga in."))
            .answers("PasswordReset")
            .errors(&[ErrorCode::Conflict]),
        Described::of(Operation::ResetPassword,
            ("Choose a new password by a link", "Sets the password of whom the link is for, ends all their sessions and uses the link up. Does not sign in. A password that is refused leaves the link as it is."),
            ("Välj ett nytt lösenord med en länk", "Sätter lösenordet för den som länken är till, avslutar alla personens inloggningar och förbrukar länken. Loggar inte in. Ett lösenord som inte godtas lämnar länken som den är."))
            .takes(&[
                Input::Own(p("token", Text(200), "Qm9aPeG7oKiF4tVbQzMZk3vT1q8yB6nXw0sLr5dHc2u", "The token of the link.", "Länkens hemlighet.").always().write_only()),
                Input::Own(p("newPassword", Text(200), "en annan mening, längre än den förra", "The new password, by the same rules as any.", "Det nya lösenordet, med samma regler som alla.").always().write_only()),
            ])
            .errors(&[ErrorCode::LinkNotValid]),
        Described::of(Operation::ResetSecondFactor,
            ("Take a second factor away", "Takes away the second factor and the recovery codes of a member of staff who has lost them, and signs them out everywhere. 404 if there is none, 409 for your own."),
            ("Ta bort en andra faktor", "Tar bort den andra faktorn och återställningskoderna för en medarbetare som har förlorat dem, och loggar ut personen överallt. 404 om det inte finns någon, 409 för din egen."))
            .errors(&[ErrorCode::Conflict]),
        Described::of(Operation::EndUserSessions,
            ("End a user's sessions", "Signs a member of staff out everywhere at once, for instance when a device is lost."),
            ("Avsluta en användares inloggningar", "Loggar genast ut en medarbetare överallt, till exempel när en enhet har kommit bort.")),
    ],
};
