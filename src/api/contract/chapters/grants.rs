//! The chapter of break-glass: opening by a reason what is otherwise closed.

use super::{Chapter, Described, Input, Shown, ids, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::AccessGrants,
    title: ("Access grants", "Nödöppnanden"),
    text: (
        "A break-glass: with a reason, and for a short while, it opens what is otherwise closed to your role. It is marked in the audit and stands on the chief's and the log reviewer's list.",
        "Ett nödöppnande: med ett skäl, och för en kort stund, öppnar det sådant som annars är stängt för din roll. Det märks ut i loggen och står i chefens och loggranskarens lista.",
    ),
    shown: &[Shown {
        resource: Resource::AccessGrants,
        name: "AccessGrant",
        as_it_was: None,
        text: ("A break-glass.", "Ett nödöppnande."),
        properties: &[
            p("id", Id, ids::GRANT, "Its id.", "Dess id."),
            p("userId", Id, ids::USER, "Who opened.", "Vem som öppnade."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("unitId", Id, ids::UNIT, "The unit of the youth.", "Ungdomens enhet."),
            p("purpose", Word("GrantPurpose"), "protected_address", "What it opens.", "Vad det öppnar."),
            p("reason", Lines(1000), "Brev om möte måste skickas i dag.", "Why, in words, at least 10 characters.", "Varför, med ord, minst 10 tecken."),
            p("grantedAt", Instant, "2026-11-24T08:00:00.000000Z", "When it was opened.", "När det öppnades."),
            p("expiresAt", Instant, "2026-11-24T08:30:00.000000Z", "When it closes again.", "När det stängs igen."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::CreateAccessGrant,
            ("Break the glass", "Opens with a reason what is otherwise closed, for one youth and a short while: the chief contact notes and the protected compartment, an assigned SYV or socionom the protected address."),
            ("Nödöppna", "Öppnar med ett skäl sådant som annars är stängt, för en ungdom och en kort stund: enhetschefen kontaktanteckningar och det skyddade utrymmet, en tilldelad SYV eller socionom den skyddade adressen."))
            .takes(&[
                must("purpose"),
                must("reason"),
                Input::Own(p("minutes", Whole(5, 60), "30", "For how many minutes; 15 if nothing is said.", "Hur många minuter; 15 om inget sägs.")),
            ]),
        Described::of(Operation::ListAccessGrants,
            ("List break-glasses", "The break-glasses that you may know of, latest first: your own, the chief's unit, or all for the log reviewer."),
            ("Lista nödöppnanden", "De nödöppnanden som du får känna till, det senaste först: dina egna, chefens enhet, eller alla för loggranskaren."))
            .query(&[
                p("youthId", Id, ids::YOUTH, "For this youth.", "För denna ungdom."),
                p("userId", Id, ids::USER, "By this member of staff.", "Av denna medarbetare."),
            ]),
        Described::of(Operation::ReadAccessGrant,
            ("Read a break-glass", "One break-glass. It never changes."),
            ("Läs ett nödöppnande", "Ett nödöppnande. Det ändras aldrig.")),
    ],
};
