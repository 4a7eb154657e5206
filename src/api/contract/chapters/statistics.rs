//! The chapter of counts within a unit that reveal nobody. What is published of a period has a chapter of its own.

use super::{Chapter, Described, Part, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Statistics,
    title: ("Statistics", "Statistik"),
    text: (
        "Counts for the chief of a unit, for the unit's own follow-up. What is published stands in the releases.",
        "Antal för enhetschefen, för enhetens egen uppföljning. Det som publiceras står i uttagen.",
    ),
    shown: &[],
    parts: &[
        Part {
            name: "CompartmentCounts",
            text: ("Counts of the protected compartment.", "Antal i det skyddade utrymmet."),
            properties: &[
                p("unitId", Id, ids::UNIT, "The unit.", "Enheten.").always(),
                p("threshold", Whole(3, i64::MAX), "5", "How wide a band is.", "Hur brett ett intervall är.").always(),
                p("youthsWithReferral", Part("CountBand"), "", "Youths with a protected referral that is neither declined nor closed.", "Ungdomar med en skyddad hänvisning som varken är avböjd eller avslutad.").always(),
                p("youthsNotYetToStart", Part("CountBand"), "", "Youths who may start talks and guidance only.", "Ungdomar som bara får påbörja samtal och vägledning.").always(),
            ],
        },
        Part {
            name: "WeeklySummary",
            text: ("The week of a unit, in counts.", "En enhets vecka, i antal."),
            properties: &[
                p("week", Text(0), "2026-W47", "The week (ISO 8601).", "Veckan (ISO 8601).").always(),
                p("firstDay", Date, "2026-11-16", "The Monday.", "Måndagen.").always(),
                p("lastDay", Date, "2026-11-22", "The Sunday.", "Söndagen.").always(),
                p("countedTo", Date, "2026-11-22", "The last day that is counted.", "Den sista dagen som räknas.").always(),
                p("tasks", Many(&Part("WeeklyTasks"), 0), "", "The tasks of the register by kind.", "Registrets uppgifter efter slag.").always(),
                p("compartment", Part("WeeklyBands"), "", "The tasks of the protected compartment, all kinds together.", "Uppgifterna i det skyddade utrymmet, alla slag tillsammans.").always(),
                p("episodesOpened", Whole(0, i64::MAX), "3", "Episodes that began.", "Perioder som började.").always(),
                p("episodesClosed", Whole(0, i64::MAX), "2", "Episodes that ended.", "Perioder som avslutades.").always(),
                p("forgotten", Part("WeeklyForgotten"), "", "Youths on the chief's list of the forgotten, as things stand now.", "Ungdomar på enhetschefens lista över glömda, som det är nu.").always(),
            ],
        },
        Part {
            name: "WeeklyTasks",
            text: ("The tasks of a kind in a week.", "Uppgifterna av ett slag under en vecka."),
            properties: &[
                p("kind", Word("TaskKind"), "follow_up", "The kind.", "Slaget.").always(),
                p("opened", Whole(0, i64::MAX), "12", "Began to stand on lists.", "Började stå på listor.").always(),
                p("met", Whole(0, i64::MAX), "9", "Closed by the work they asked for.", "Avslutade genom arbetet de bad om.").always(),
                p("answered", Whole(0, i64::MAX), "0", "Closed by an answer.", "Avslutade genom ett svar.").always(),
                p("withdrawn", Whole(0, i64::MAX), "1", "Closed because nothing asked for them any more.", "Avslutade för att inget längre bad om dem.").always(),
                p("episodeEnded", Whole(0, i64::MAX), "1", "Closed with the episode.", "Avslutade med perioden.").always(),
                p("open", Whole(0, i64::MAX), "31", "Open at the end.", "Öppna vid slutet.").always(),
                p("overdue", Whole(0, i64::MAX), "4", "Of those, overdue.", "Av dem försenade.").always(),
                p("deferred", Whole(0, i64::MAX), "2", "Of those, put off until a later day.", "Av dem uppskjutna till en senare dag.").always(),
            ],
        },
        Part {
            name: "WeeklyBands",
            text: ("Tasks in a week, as bands as wide as the threshold.", "Uppgifter under en vecka, som intervall lika breda som gränsen."),
            properties: &[
                p("opened", Part("CountBand"), "", "Began to stand on lists.", "Började stå på listor.").always(),
                p("closed", Part("CountBand"), "", "Closed, for whatever reason.", "Avslutade, av vilket skäl som helst.").always(),
                p("open", Part("CountBand"), "", "Open at the end.", "Öppna vid slutet.").always(),
                p("overdue", Part("CountBand"), "", "Of those, overdue.", "Av dem försenade.").always(),
            ],
        },
        Part {
            name: "WeeklyForgotten",
            text: ("How many nobody may forget.", "Hur många som ingen får glömma."),
            properties: &[
                p("neverContacted", Whole(0, i64::MAX), "2", "Never contacted.", "Aldrig kontaktade.").always(),
                p("notReached", Whole(0, i64::MAX), "7", "Not reached for 30 days.", "Inte nådda på 30 dagar.").always(),
                p("withoutOffer", Whole(0, i64::MAX), "1", "Without an offer in the episode.", "Utan erbjudande i perioden.").always(),
                p("withoutHandler", Whole(0, i64::MAX), "0", "Without a responsible handler.", "Utan ansvarig handläggare.").always(),
            ],
        },
        Part {
            name: "CountBand",
            text: ("A count, as the band it lies in.", "Ett antal, som intervallet det ligger i."),
            properties: &[
                p("from", Whole(0, i64::MAX), "5", "At least so many.", "Minst så många.").always(),
                p("to", Whole(0, i64::MAX), "9", "At most so many.", "Högst så många.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ReadCompartmentCounts,
            ("Read the counts of the compartment", "How many youths of your unit have something in the protected compartment, as bands as wide as the threshold: neither a small count nor a change by one tells of a single person. Who they are is not told; one youth's records open with a break-glass."),
            ("Läs antalen i det skyddade utrymmet", "Hur många av enhetens ungdomar som har något i det skyddade utrymmet, som intervall lika breda som gränsen: varken ett litet antal eller en ändring med en berättar om någon enskild. Vilka de är sägs inte; en ungdoms uppgifter öppnas med ett nödöppnande."))
            .answers("CompartmentCounts"),
        Described::of(Operation::ReadWeeklySummary,
            ("Read the weekly summary", "What was asked for, done and left in a week of your unit, in counts alone: nobody's name or id stands in it. Of the protected compartment all kinds are one band. Youths with protected identity are left out."),
            ("Läs veckosammanställningen", "Vad som begärdes, gjordes och blev kvar under en vecka på din enhet, bara i antal: ingens namn eller id står i den. Det skyddade utrymmets alla slag är ett intervall. Ungdomar med skyddade personuppgifter räknas inte med."))
            .query(&[p("week", Text(10), "2026-W47", "The week (ISO 8601).", "Veckan (ISO 8601).").always()])
            .answers("WeeklySummary"),
    ],
};
