//! The chapter of the timeline. What can happen in it stands in `domain::timeline`.

use super::{Chapter, Described, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::TimelineEntries,
    title: ("Timeline", "Tidslinje"),
    text: (
        "A youth's whole story in order: contacts, plans, interventions, referrals, consents, facts, outcomes. Each entry shows its record as reading that record alone would, so that everybody sees of the story what they see of its parts: the ambassador their own contacts and assignment, the socionom assigned also what lies in the protected compartment.",
        "En ungdoms hela historia i ordning: kontakter, planer, insatser, hänvisningar, samtycken, uppgifter, utfall. Varje rad visar sin post så som posten visas när den läses för sig, så att var och en ser av historien det som den ser av delarna: ambassadören sina egna kontakter och sin tilldelning, den tilldelade socionomen även det som finns i det skyddade utrymmet.",
    ),
    shown: &[Shown {
        resource: Resource::TimelineEntries,
        name: "TimelineEntry",
        as_it_was: None,
        text: ("Something that happened.", "Något som hände."),
        properties: &[
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("event", Word("TimelineEvent"), "contact", "What happened.", "Vad som hände."),
            p("on", Date, "2026-11-23", "The day.", "Dagen."),
            p("at", Instant, "2026-11-23T14:55:00.000000Z", "The instant, where one is known.", "Tidpunkten, om den är känd.").or_null(),
            p("kind", Text(40), "contacts", "The kind of record, by its name in the access table.", "Postens slag, med sitt namn i behörighetstabellen."),
            p("recordId", Id, ids::CONTACT, "The record.", "Posten."),
            p("record", Anything, "", "The record, as reading it alone would show it.", "Posten, så som den visas när den läses för sig."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ReadTimeline,
            ("Read the timeline", "The story of one youth, latest first. A record stands beside everything that it tells of: an intervention where it was offered, answered, started and ended. What lies ahead has not happened and is not told."),
            ("Läs tidslinjen", "En ungdoms historia, det senaste först. En post står vid allt den berättar om: en insats där den erbjöds, besvarades, påbörjades och avslutades. Det som ligger framåt har inte hänt och berättas inte."))
            .query(&[
                p("from", Date, "2026-01-01", "On this day or later.", "Denna dag eller senare."),
                p("to", Date, "2026-12-31", "On this day or earlier.", "Denna dag eller tidigare."),
                p("event", Word("TimelineEvent"), "contact", "Of this sort alone.", "Bara av detta slag."),
                p("sort", OneOf(&["at", "-at"]), "-at", "The oldest first, or the latest first (default).", "Det äldsta först, eller det senaste först (förvalt)."),
            ]),
    ],
};
