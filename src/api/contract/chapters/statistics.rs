//! The chapter of anonymised statistics. What is counted and how it is protected is decided in `statistics`.

use super::{Chapter, Described, Part, ids};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
const PERIOD: &[Property] = &[
    p("year", Whole(2018, 2100), "2026", "The year.", "Året.").always(),
    p("period", Word("PeriodPart"), "tertial_1_2", "The part of the year. It must have begun.", "Delen av året. Den måste ha börjat.").always(),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Statistics,
    title: ("Statistics", "Statistik"),
    text: (
        "Anonymised tables for the chief of a unit. Small counts are hidden, and so are the counts that would give them away. Youths with protected identity are in no table.",
        "Avidentifierade tabeller för enhetschefen. Små antal är dolda, liksom de antal som skulle avslöja dem. Ungdomar med skyddade personuppgifter ingår inte i någon tabell.",
    ),
    shown: &[],
    parts: &[
        Part {
            name: "StatisticsRelease",
            text: ("The tables of a unit and a period.", "En enhets tabeller för en period."),
            properties: &[
                p("period", Part("StatisticsPeriod"), "", "The period.", "Perioden.").always(),
                p("unitId", Id, ids::UNIT, "The unit.", "Enheten.").always(),
                p("threshold", Whole(3, i64::MAX), "5", "Counts below this are hidden.", "Antal under detta är dolda.").always(),
                p("generatedAt", Instant, "2026-11-24T08:00:00.000000Z", "When the figures were read.", "När siffrorna lästes.").always(),
                p("notes", Many(&Text(0), 0), "Antal från 1 till 4 är dolda (..), liksom antal som annars skulle avslöja dem.", "What a reader must know, in the language of the answer.", "Vad en läsare måste veta, på svarets språk.").always(),
                p("tables", Many(&Part("StatisticsTable"), 0), "", "The tables.", "Tabellerna.").always(),
            ],
        },
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
        Part {
            name: "StatisticsPeriod",
            text: ("A part of a year.", "En del av ett år."),
            properties: &[
                p("code", Word("PeriodPart"), "tertial_1_2", "Which part.", "Vilken del.").always(),
                p("label", Text(0), "Tertial 1–2 2026", "In words.", "Med ord.").always(),
                p("year", Whole(2018, 2100), "2026", "The year.", "Året.").always(),
                p("firstDay", Date, "2026-01-01", "The first day.", "Den första dagen.").always(),
                p("lastDay", Date, "2026-08-31", "The last day.", "Den sista dagen.").always(),
                p("countedTo", Date, "2026-08-31", "The last day that is counted.", "Den sista dagen som räknas.").always(),
                p("isComplete", YesNo, "true", "Whether the period has ended.", "Om perioden är slut.").always(),
            ],
        },
        Part {
            name: "StatisticsTable",
            text: ("A table.", "En tabell."),
            properties: &[
                p("name", Text(0), "youthsBySex", "Its name: the measure and what it is broken down by.", "Dess namn: måttet och vad det är fördelat på.").always(),
                p("measure", Text(0), "youths", "What is counted.", "Vad som räknas.").always(),
                p("title", Text(0), "Ungdomar i registret efter kön", "Its heading.", "Dess rubrik.").always(),
                p("definition", Text(0), "Ungdomar med en period som pågick någon dag under perioden.", "What exactly is counted.", "Vad som exakt räknas.").always(),
                p("countOf", OneOf(&["persons", "contacts", "interventions"]), "persons", "What a count counts.", "Vad ett antal räknar.").always(),
                p("dimensions", Many(&Part("StatisticsDimension"), 0), "", "What it is broken down by.", "Vad den är fördelad på.").always(),
                p("cells", Many(&Part("StatisticsCell"), 0), "", "The figures.", "Siffrorna.").always(),
            ],
        },
        Part {
            name: "StatisticsDimension",
            text: ("What a table is broken down by.", "Vad en tabell är fördelad på."),
            properties: &[
                p("name", Text(0), "sex", "Its name in the cells.", "Dess namn i cellerna.").always(),
                p("label", Text(0), "Kön", "In words.", "Med ord.").always(),
                p("values", Many(&Part("StatisticsValue"), 0), "", "Its categories.", "Dess kategorier.").always(),
            ],
        },
        Part {
            name: "StatisticsValue",
            text: ("A category of a table.", "En kategori i en tabell."),
            properties: &[
                p("code", Text(0), "female", "Its code in the cells.", "Dess kod i cellerna.").always(),
                p("label", Text(0), "Kvinna", "In words.", "Med ord.").always(),
            ],
        },
        Part {
            name: "StatisticsCell",
            text: ("A figure. A dimension of the table stands under its own name, with the code of a category or `total`.", "En siffra. Varje fördelning i tabellen står under sitt namn, med kategorins kod eller `total`."),
            properties: &[
                p("sex", Text(0), "female", "Legal sex.", "Juridiskt kön."),
                p("ageGroup", Text(0), "16-19", "Age group.", "Åldersgrupp."),
                p("area", Text(0), "total", "Area.", "Område."),
                p("destination", Text(0), "total", "Destination.", "Destination."),
                p("deregistrationReason", Text(0), "total", "Reason for deregistration.", "Orsak till avregistrering."),
                p("value", Whole(0, i64::MAX), "41", "The count; null when it is hidden.", "Antalet; null när det är dolt.").or_null().always(),
                p("isSuppressed", YesNo, "false", "Whether it is hidden.", "Om det är dolt.").always(),
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
        Described::of(Operation::ReadStatistics,
            ("Read statistics", "The protected tables of your unit for a period, as far as it has come."),
            ("Läs statistik", "Din enhets skyddade tabeller för en period, så långt den har kommit."))
            .query(PERIOD)
            .answers("StatisticsRelease"),
        Described::of(Operation::ExportStatistics,
            ("Export statistics as CSV", "The same tables as a file that Swedish spreadsheets open right: UTF-8 with a mark, semicolons, one row for each figure."),
            ("Exportera statistik som CSV", "Samma tabeller som en fil som svenska kalkylprogram öppnar rätt: UTF-8 med märke, semikolon, en rad för varje siffra."))
            .query(PERIOD),
    ],
};
