//! The chapter of releases: statistics that are published, as they were published. What is counted and how it is protected is
//! decided in `statistics`, how it is written in `report`.

use super::{Chapter, Described, Input, Part, Shown, ids, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const UNITS: &[&str] = &[
    "persons",
    "contacts",
    "interventions",
    "checks",
    "sessions",
    "percent",
    "days",
    "hours",
    "kronor",
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::StatisticsReleases,
    title: ("Statistics releases", "Statistikuttag"),
    text: (
        "Anonymised tables of the whole municipality for a period that has ended: a fixed catalogue, in which small counts are hidden, and so are the counts that would give them away, also together with the earlier releases of the year. A release never changes. One that is withdrawn stays in the list with the reason; its tables are no longer given out. Youths with protected identity are in no table.",
        "Avidentifierade tabeller för hela kommunen för en period som är slut: en fast katalog, där små antal är dolda, liksom de antal som skulle avslöja dem, också tillsammans med årets tidigare uttag. Ett uttag ändras aldrig. Ett som är återkallat står kvar i listan med skälet; dess tabeller lämnas inte längre ut. Ungdomar med skyddade personuppgifter ingår inte i någon tabell.",
    ),
    shown: &[
        Shown {
            resource: Resource::StatisticsReleases,
            name: "StatisticsRelease",
            as_it_was: None,
            text: ("What was published of a period.", "Det som publicerades för en period."),
            properties: &[
                p("id", Id, ids::RELEASE, "The release.", "Uttaget."),
                p("number", Whole(1, i64::MAX), "3", "Its number in the municipality.", "Dess nummer i kommunen."),
                p("year", Whole(2018, 2100), "2026", "The year.", "Året."),
                p("period", Word("PeriodPart"), "tertial_1_2", "The part of the year. It must have ended.", "Delen av året. Den måste vara slut."),
                p("threshold", Whole(3, i64::MAX), "5", "Counts below this are hidden.", "Antal under detta är dolda."),
                p("hiddenCells", Whole(0, i64::MAX), "41", "How many figures are hidden.", "Hur många siffror som är dolda."),
                p("cells", Whole(0, i64::MAX), "620", "How many figures there are.", "Hur många siffror det finns."),
                p("jobId", Id, ids::JOB, "The job that made it.", "Arbetet som gjorde det."),
                p("madeBy", Id, ids::CHIEF, "Who asked for it.", "Vem som bad om det."),
                p("madeAt", Instant, "2026-11-24T08:01:12.000000Z", "When it was made.", "När det gjordes."),
                p("contentSha256", Text(64), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "The hash of what was published, as it is kept.", "Kontrollsumman för det som publicerades, så som det förvaras."),
                p("withdrawnAt", Instant, "2026-11-26T09:30:00.000000Z", "When it was withdrawn.", "När det återkallades.").or_null(),
                p("withdrawnBy", Id, ids::CHIEF, "Who withdrew it.", "Vem som återkallade det.").or_null(),
                p("withdrawalReason", Lines(1000), "Kontakter från en enhet saknades.", "Why it was withdrawn.", "Varför det återkallades.").or_null(),
                p("document", Part("ReleaseContent"), "", "What was published, in the language of the answer; not in lists, and null once it is withdrawn.", "Det som publicerades, på svarets språk; inte i listor, och null när det är återkallat.").or_null().sometimes(),
            ],
        },
    ],
    parts: &[
        Part {
            name: "ReleaseContent",
            text: ("What a release has published.", "Det som ett uttag har publicerat."),
            properties: &[
                p("format", Whole(1, i64::MAX), "1", "The form of the document.", "Dokumentets form.").always(),
                p("period", Part("ReleasePeriod"), "", "The period.", "Perioden.").always(),
                p("countedAt", Instant, "2026-11-24T08:01:00.000000Z", "When the figures were read.", "När siffrorna lästes.").always(),
                p("threshold", Whole(3, i64::MAX), "5", "Counts below this are hidden.", "Antal under detta är dolda.").always(),
                p("hiddenCells", Whole(0, i64::MAX), "41", "How many figures are hidden.", "Hur många siffror som är dolda.").always(),
                p("cells", Whole(0, i64::MAX), "620", "How many figures there are.", "Hur många siffror det finns.").always(),
                p("narrowestInterval", Whole(0, i64::MAX), "4", "How far apart the numbers lie that the least protected hidden count can be, by the audit of all that is published in the year; null where nothing is hidden.", "Hur långt ifrån varandra de tal ligger som det minst skyddade dolda antalet kan vara, enligt granskningen av allt som publicerats under året; null om inget är dolt.").always().or_null(),
                p("notes", Many(&Text(0), 0), "Antal från 1 till 4 är dolda (..), liksom antal som annars skulle avslöja dem.", "What a reader must know.", "Vad en läsare måste veta.").always(),
                p("measures", Many(&Part("ReleaseMeasure"), 0), "", "The definitions, as they were.", "Definitionerna, som de var.").always(),
                p("divisions", Many(&Part("ReleaseDivision"), 0), "", "How people are divided.", "Hur personer är indelade.").always(),
                p("tables", Many(&Part("ReleaseTable"), 0), "", "The tables.", "Tabellerna.").always(),
                p("goals", Many(&Anything, 0), "", "The goals with their status, as they stood.", "Målen med sin status, som de var.").always(),
            ],
        },
        Part {
            name: "ReleasePeriod",
            text: ("A part of a year.", "En del av ett år."),
            properties: &[
                p("code", Word("PeriodPart"), "tertial_1_2", "Which part.", "Vilken del.").always(),
                p("label", Text(0), "Tertial 1–2 2026", "In words.", "Med ord.").always(),
                p("year", Whole(2018, 2100), "2026", "The year.", "Året.").always(),
                p("firstDay", Date, "2026-01-01", "The first day.", "Den första dagen.").always(),
                p("lastDay", Date, "2026-08-31", "The last day.", "Den sista dagen.").always(),
            ],
        },
        Part {
            name: "ReleaseMeasure",
            text: ("A measure as it was defined.", "Ett mått som det var definierat."),
            properties: &[
                p("code", Text(0), "personsOffered", "Its name.", "Dess namn.").always(),
                p("version", Whole(1, i64::MAX), "1", "Grows with every change of what it counts.", "Växer med varje ändring av vad det räknar.").always(),
                p("kind", OneOf(&["count", "share", "mean", "median"]), "count", "What kind of number it is.", "Vad för slags tal det är.").always(),
                p("unit", OneOf(UNITS), "persons", "What a figure counts.", "Vad en siffra räknar.").always(),
                p("title", Text(0), "Ungdomar som erbjudits insats", "Its heading.", "Dess rubrik.").always(),
                p("definition", Text(0), "Personer som erbjöds minst en insats under perioden.", "What it says.", "Vad det säger.").always(),
                p("numerator", Text(0), "Personer som erbjöds minst en insats.", "What is counted.", "Vad som räknas.").always(),
                p("denominator", Text(0), "Personer i registret.", "Of what.", "Av vad.").or_null().always(),
                p("periodLogic", Text(0), "Dagen då insatsen erbjöds.", "Which days decide.", "Vilka dagar som avgör.").always(),
                p("breakdowns", Many(&Text(0), 0), "sex", "What it may be broken down by.", "Vad det får fördelas på.").always(),
                p("source", Text(0), "Sundbybergs plan.", "Which plan asks for it.", "Vilken plan som frågar efter det.").or_null().always(),
            ],
        },
        Part {
            name: "ReleaseDivision",
            text: ("A way to divide people.", "Ett sätt att dela in personer."),
            properties: &[
                p("name", Text(0), "sex", "Its name.", "Dess namn.").always(),
                p("label", Text(0), "Kön", "In words.", "Med ord.").always(),
                p("values", Many(&Part("ReleaseCategory"), 0), "", "Its categories.", "Dess kategorier.").always(),
            ],
        },
        Part {
            name: "ReleaseCategory",
            text: ("A category.", "En kategori."),
            properties: &[
                p("code", Text(0), "female", "Its code in the cells.", "Dess kod i cellerna.").always(),
                p("label", Text(0), "Kvinna", "In words.", "Med ord.").always(),
                p("members", Many(&Text(0), 0), "female", "The codes of the register that are counted in it, where several were put together.", "Registrets koder som räknas i den, där flera har lagts ihop."),
            ],
        },
        Part {
            name: "ReleaseTable",
            text: ("A table.", "En tabell."),
            properties: &[
                p("name", Text(0), "personsOfferedBySex", "Its name: the measure and what it is broken down by.", "Dess namn: måttet och vad det är fördelat på.").always(),
                p("measure", Text(0), "personsOffered", "Its measure.", "Dess mått.").always(),
                p("title", Text(0), "Ungdomar som erbjudits insats efter kön", "Its heading.", "Dess rubrik.").always(),
                p("unit", OneOf(UNITS), "persons", "What a figure counts.", "Vad en siffra räknar.").always(),
                p("decimals", Whole(0, 9), "0", "How many decimals a figure has.", "Hur många decimaler en siffra har.").always(),
                p("dimensions", Many(&Part("ReleaseDimension"), 0), "", "What it is broken down by.", "Vad den är fördelad på.").always(),
                p("cells", Many(&Anything, 0), "", "The figures. Each has `value` (null when it is hidden or there is nothing to divide by) and `isSuppressed`; a share or a mean also `numerator` and `denominator`, as far as they are published. Each dimension stands under its own name, with the code of a category or `total`.", "Siffrorna. Var och en har `value` (null när den är dold eller inget finns att dela med) och `isSuppressed`; en andel eller ett medelvärde också `numerator` och `denominator`, så långt de är publicerade. Varje fördelning står under sitt namn, med kategorins kod eller `total`.").always(),
            ],
        },
        Part {
            name: "ReleaseDimension",
            text: ("What a table is broken down by.", "Vad en tabell är fördelad på."),
            properties: &[
                p("name", Text(0), "sex", "Its name in the cells.", "Dess namn i cellerna.").always(),
                p("label", Text(0), "Kön", "In words.", "Med ord.").always(),
                p("hasSum", YesNo, "true", "Whether its categories add up to `total`.", "Om dess kategorier summerar till `total`.").always(),
                p("values", Many(&Part("ReleaseCategory"), 0), "", "Its categories.", "Dess kategorier.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::MakeStatisticsRelease,
            ("Make a statistics release", "Asks for a release of a period that has ended. It is made by a job, whose `resultId` is the release. The same period can be released again: both remain, and the later is safe together with the earlier. Where there is no safe way to show the figures the job fails with `no-safe-release`."),
            ("Gör ett statistikuttag", "Ber om ett uttag för en period som är slut. Det görs av ett arbete, vars `resultId` är uttaget. Samma period kan tas ut igen: båda står kvar, och det senare är säkert tillsammans med det tidigare. Om siffrorna inte kan visas säkert misslyckas arbetet med `no-safe-release`."))
            .takes(&[must("year"), must("period")])
            .answers("Job")
            .errors(&[ErrorCode::JobUnderWay]),
        Described::of(Operation::ListStatisticsReleases,
            ("List statistics releases", "The releases of the municipality, the latest made first, the withdrawn ones with their reason; without what they published."),
            ("Lista statistikuttag", "Kommunens uttag, det senast gjorda först, de återkallade med sitt skäl; utan det som de publicerade."))
            .answers("StatisticsRelease"),
        Described::of(Operation::ReadStatisticsRelease,
            ("Read a statistics release", "One release with what it published, in your language. Of one that is withdrawn the reason is told and the content is null."),
            ("Läs ett statistikuttag", "Ett uttag med det som det publicerade, på ditt språk. För ett som är återkallat anges skälet, och innehållet är null."))
            .answers("StatisticsRelease"),
        Described::of(Operation::ExportStatisticsRelease,
            ("Export a statistics release as CSV", "The tables of a release as a file that Swedish spreadsheets open right: UTF-8 with a mark, semicolons, decimal commas, `..` for what is hidden."),
            ("Exportera ett statistikuttag som CSV", "Uttagets tabeller som en fil som svenska kalkylprogram öppnar rätt: UTF-8 med märke, semikolon, decimalkomma, `..` för det som är dolt."))
            .errors(&[ErrorCode::ReleaseWithdrawn]),
        Described::of(Operation::ExportStatisticsWorkbook,
            ("Export a statistics release as a workbook", "The release as an XLSX workbook: a cover, the definitions, and one sheet for each table. It holds no formula."),
            ("Exportera ett statistikuttag som arbetsbok", "Uttaget som en arbetsbok i XLSX: ett försättsblad, definitionerna och ett blad för varje tabell. Den innehåller inga formler."))
            .errors(&[ErrorCode::ReleaseWithdrawn]),
        Described::of(Operation::ExportStatisticsReport,
            ("Export a statistics release as a report", "The release as a finished, accessible PDF (PDF/UA-1): cover, summary, goals and activities, tables with charts, definitions and how individuals are protected."),
            ("Exportera ett statistikuttag som rapport", "Uttaget som en färdig, tillgänglig PDF (PDF/UA-1): omslag, sammanfattning, mål och aktiviteter, tabeller med diagram, definitioner och hur enskilda skyddas."))
            .errors(&[ErrorCode::ReleaseWithdrawn]),
        Described::of(Operation::ReadStatisticsChart,
            ("Read a chart of a statistics release", "The chart of a table, by the table's name, or of a goal (`goal-1` is the first), as SVG with a text alternative that tells the figures."),
            ("Läs ett diagram ur ett statistikuttag", "Diagrammet för en tabell, efter tabellens namn, eller för ett mål (`goal-1` är det första), som SVG med ett textalternativ som säger siffrorna."))
            .errors(&[ErrorCode::ReleaseWithdrawn]),
        Described::of(Operation::WithdrawStatisticsRelease,
            ("Withdraw a statistics release", "Withdraws a release, once, with a reason. It stays in the list; its tables are no longer given out. Later releases are protected together with it as before: what was read of it is known."),
            ("Återkalla ett statistikuttag", "Återkallar ett uttag, en gång, med ett skäl. Det står kvar i listan; dess tabeller lämnas inte längre ut. Senare uttag skyddas tillsammans med det som förut: det som har lästs är känt."))
            .takes(&[Input::Own(p("reason", Lines(1000), "Kontakter från en enhet saknades.", "Why; ten signs at least.", "Varför; minst tio tecken.").always())])
            .answers("StatisticsRelease")
            .errors(&[ErrorCode::ReleaseWithdrawn]),
    ],
};
