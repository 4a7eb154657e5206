//! The chapter of restrictions of processing. What stands still while one is in force is told in `domain::restriction`.

use super::{CONFIRMS, Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Restrictions,
    title: ("Restrictions of processing", "Begränsningar av behandling"),
    text: (
        "That what is kept of a youth may be kept but not used (GDPR art. 18), while it is looked into whether it is right or allowed. It is read with a marking (`restrictedSince` of the youth) and corrected, but not told to others and not built upon: such operations answer 409 `processing-restricted`. A socionom or the chief decides on it, opens it on one of the grounds of art. 18.2 with a reason and a last day, and lifts it once the youth has been told.",
        "Att det som finns om en ungdom får sparas men inte användas (dataskyddsförordningen art. 18), medan det prövas om det är rätt eller tillåtet. Det läses med en märkning (ungdomens `restrictedSince`) och rättas, men berättas inte för andra och byggs inte vidare på: sådana operationer svarar 409 `processing-restricted`. En socionom eller enhetschefen beslutar om det, öppnar det på någon av grunderna i art. 18.2 med ett skäl och en sista dag, och häver det när ungdomen har fått veta det.",
    ),
    shown: &[Shown {
        resource: Resource::Restrictions,
        name: "Restriction",
        as_it_was: None,
        text: ("A restriction of processing.", "En begränsning av behandling."),
        properties: &[
            p("id", Id, ids::RESTRICTION, "The restriction's id.", "Begränsningens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("ground", Word("RestrictionGround"), "accuracy_contested", "On what ground.", "På vilken grund."),
            p("reason", Lines(1000), "Ungdomen säger att skolstatus är fel; skolan är tillfrågad.", "Why, in at least 10 characters.", "Varför, med minst 10 tecken."),
            p("fromOn", Date, "2026-11-20", "Its first day; today if nothing is told.", "Dess första dag; i dag om inget anges."),
            p("untilOn", Date, "null", "Its last day, if one is decided.", "Dess sista dag, om en är beslutad.").or_null(),
            p("openedUntil", Date, "2026-11-30", "The last day on which the data are used in spite of it; at most 30 days ahead.", "Sista dagen då uppgifterna ändå används; högst 30 dagar fram.").or_null(),
            p("openingGround", Word("OpeningGround"), "consent", "On what ground they are used.", "På vilken grund de används.").or_null(),
            p("openingReason", Lines(1000), "Ungdomen vill att uppgifterna till komvux skickas nu.", "Why they are used.", "Varför de används.").or_null(),
            p("informedOn", Date, "null", "When the youth was told that it is to be lifted.", "När ungdomen fick veta att den ska hävas.").or_null(),
            p("liftedOn", Date, "null", "When it was lifted, once the youth was told.", "När den hävdes, sedan ungdomen fått veta det.").or_null(),
            p("liftReason", Lines(1000), "null", "Why it was lifted.", "Varför den hävdes.").or_null(),
            p("createdBy", Id, ids::USER, "Who decided on it.", "Vem som beslutade om den.").or_null(),
            p("createdAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was entered.", "När den lades in."),
            p("updatedAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthRestrictions,
            ("List restrictions of a youth", "The restrictions of one youth, newest first, lifted ones too."),
            ("Lista begränsningar för en ungdom", "En ungdoms begränsningar, den senaste först, även hävda.")),
        Described::of(Operation::RestrictProcessing,
            ("Restrict processing", "Decides that what is kept of the youth is not used. One at a time."),
            ("Begränsa behandling", "Beslutar att det som finns om ungdomen inte används. En åt gången."))
            .takes(&[must("ground"), must("reason"), may("fromOn"), may("untilOn"), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::AlreadyExists]),
        Described::of(Operation::ReadRestriction,
            ("Read a restriction", "One restriction, with the version in the `ETag`."),
            ("Läs en begränsning", "En begränsning, med versionen i `ETag`.")),
        Described::of(Operation::UpdateRestriction,
            ("Open or lift a restriction", "Opens it on a ground until a day, changes its last day, or lifts it once the youth has been told. A lifted one no longer changes."),
            ("Öppna eller häv en begränsning", "Öppnar den på en grund till en dag, ändrar dess sista dag, eller häver den när ungdomen har fått veta det. En hävd ändras inte längre."))
            .takes(&[may("untilOn"), may("openedUntil"), may("openingGround"), may("openingReason"), may("informedOn"), may("liftedOn"), may("liftReason"), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::FactVoid]),
    ],
};
