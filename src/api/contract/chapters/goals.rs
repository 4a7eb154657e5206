//! The chapters of goals, of their values, and of what is done for them.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("plan", Text(200), "Plan för unga 16–25", "Of this plan.", "I denna plan."),
    p("isRunning", YesNo, "true", "Those that have not ended, or those that have.", "De som inte är avslutade, eller de som är det."),
];

#[rustfmt::skip]
const APPLIED: &[Property] = &[
    p("isApplied", YesNo, "true", "Carry it out. Otherwise it is a dry run.", "Genomför. Annars är det en provkörning."),
];

#[rustfmt::skip]
pub const GOALS: Chapter = Chapter {
    resource: Resource::Goals,
    title: ("Goals", "Mål"),
    text: (
        "The goals of the municipality's plans, of all units together: where each began, where it shall be and when, who answers for it, and how the latest known value stands to the straight path between. Values come from the releases of an own measure or from outside. What is not known is said to be so: nothing is filled in between years or carried forward. Write nothing about youths here, and name offices, not persons.",
        "Målen i kommunens planer, för alla enheter tillsammans: var vart och ett började, var det ska vara och när, vem som ansvarar, och hur det senaste kända värdet förhåller sig till den raka vägen däremellan. Värden kommer från offentliggjord statistik om ett eget mått eller utifrån. Det som inte är känt sägs vara det: inget fylls i mellan år eller förs vidare framåt. Skriv inget om ungdomar här, och ange verksamheter, inte personer.",
    ),
    shown: &[Shown {
        resource: Resource::Goals,
        name: "Goal",
        as_it_was: None,
        text: ("A goal.", "Ett mål."),
        properties: &[
            p("id", Id, ids::GOAL, "The goal's id.", "Målets id."),
            p("title", Text(200), "Arbetslösheten bland unga 18–24 år ska minska", "What shall be reached, in the plan's words.", "Vad som ska nås, med planens ord."),
            p("plan", Text(200), "Arbetsmarknadsstrategi", "The plan it stands in.", "Planen det står i.").or_null(),
            p("indicator", Text(300), "Öppet arbetslösa och i program, 18–24 år, skillnad mot riket", "What is measured.", "Vad som mäts."),
            p("source", Word("GoalSource"), "external", "Where its values come from.", "Var värdena kommer ifrån."),
            p("measureCode", Text(80), "null", "Of an own measure: its name in the catalogue of measures.", "För ett eget mått: dess namn i måttkatalogen.").or_null(),
            p("measuredAs", Word("MeasuredAs"), "null", "Of an own measure: what kind of number it is. One that has become another kind is not followed.", "För ett eget mått: vilket slags tal det är. Ett som har blivit ett annat slag följs inte.").or_null(),
            p("measureDivision", Text(80), "null", "Of an own measure of a group: the division.", "För ett eget mått om en grupp: indelningen.").or_null(),
            p("measureCategory", Text(80), "null", "The group: a category of the division.", "Gruppen: en kategori i indelningen.").or_null(),
            p("koladaKpi", Text(6), "N03942", "The key figure in Kolada, if there is one.", "Nyckeltalet i Kolada, om det finns något.").or_null(),
            p("koladaMunicipality", Text(4), "0183", "The municipality in Kolada, four digits.", "Kommunen i Kolada, fyra siffror.").or_null(),
            p("comparesWith", Word("GoalComparison"), "nation", "What a value is a difference to; then it is in percentage points. Nothing, if nothing is told.", "Vad ett värde är skillnaden mot; då är det i procentenheter. Inget, om inget anges."),
            p("unit", Word("GoalUnit"), "percentage_points", "What the values are measured in. Fixed as soon as there are values, as `decimals` and `comparesWith` are.", "Vad värdena mäts i. Ligger fast så snart det finns värden, liksom `decimals` och `comparesWith`."),
            p("decimals", Whole(0, 4), "1", "How many decimals its values have.", "Hur många decimaler värdena har."),
            p("baseline", Part("GoalYearValue"), "", "Where it began. Without it the target holds for every year.", "Var det började. Utan det gäller målet varje år.").or_null(),
            p("target", Part("GoalYearValue"), "", "Where it shall be, and when.", "Var det ska vara, och när."),
            p("direction", Word("GoalDirection"), "fall", "Which way is better.", "Åt vilket håll det blir bättre."),
            p("tolerance", Decimal, "0", "How far from the path still counts as on it; 0 if nothing is told.", "Hur långt från vägen som ändå räknas som på den; 0 om inget anges."),
            p("staleAfterYears", Whole(0, 20), "2", "A latest value that lies more years back says nothing any more; 2 if nothing is told.", "Ett senaste värde som ligger fler år tillbaka säger inget längre; 2 om inget anges."),
            p("owner", Text(120), "Arbetsmarknadsenheten", "Who answers for it: an office or a role.", "Vem som ansvarar: en verksamhet eller en roll.").or_null(),
            p("ageBounds", Text(60), "18–24 år", "Which ages it is about, in words.", "Vilka åldrar det handlar om, med ord.").or_null(),
            p("series", Many(&Part("GoalSeriesYear"), 0), "", "The years that anything is said of, the earliest first. Of an own measure the releases that are not withdrawn speak, the latest counted of the longest part of a year; what was entered stands where they say nothing.", "De år som något är sagt om, det tidigaste först. Om ett eget mått talar de uttag som inte är återkallade, det senast räknade för den längsta delen av ett år; det inlagda står där de inget säger."),
            p("status", Part("GoalStatus"), "", "How it stands today.", "Hur det står till i dag."),
            p("endedOn", Date, "null", "Since when it is followed no longer.", "Sedan när det inte följs längre.").or_null(),
            p("createdBy", Id, ids::CHIEF, "Who entered it.", "Vem som lade in det.").or_null(),
            p("createdAt", Instant, "2026-09-01T08:00:00.000000Z", "When it was entered.", "När det lades in."),
            p("updatedAt", Instant, "2026-09-01T08:00:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "GoalYearValue",
            text: ("A value of a year.", "Ett värde för ett år."),
            properties: &[
                p("year", Whole(1990, 2100), "2018", "The year.", "Året.").always(),
                p("value", Decimal, "-4.0", "The value, with at most the goal's decimals.", "Värdet, med högst målets decimaler.").always(),
            ],
        },
        Part {
            name: "GoalSeriesYear",
            text: ("A year of a goal: its value, or why there is none. A hidden figure stays hidden: nothing stands in for it.", "Ett år av ett mål: dess värde, eller varför det saknas. En dold uppgift förblir dold: inget träder i dess ställe."),
            properties: &[
                p("year", Whole(1990, 2100), "2016", "The year.", "Året.").always(),
                p("period", Word("GoalPeriod"), "full_year", "The part of the year that is told of.", "Den del av året som det gäller.").always(),
                p("value", Decimal, "-0.9", "The value; null when it is missing.", "Värdet; null när det saknas.").or_null().always(),
                p("missing", Word("MissingValue"), "null", "Why it is missing; null when it is not.", "Varför det saknas; null när det inte gör det.").or_null().always(),
            ],
        },
        Part {
            name: "GoalStatus",
            text: ("How a goal stands, by the latest value that can be held against the path. Part of a year counts as the year, unless what is measured adds up over it.", "Hur ett mål står till, efter det senaste värde som kan hållas mot vägen. En del av året räknas som året, om inte det som mäts summeras över året."),
            properties: &[
                p("code", Word("GoalStanding"), "behind", "In a word. Of `stale` the year tells how old the value is.", "Med ett ord. Vid `stale` säger året hur gammalt värdet är.").always(),
                p("year", Whole(1990, 2100), "2016", "The year of the value; null when none is known.", "Värdets år; null när inget är känt.").or_null().always(),
                p("period", Word("GoalPeriod"), "full_year", "The part of that year.", "Delen av året.").or_null().always(),
                p("value", Decimal, "-0.9", "The value.", "Värdet.").or_null().always(),
                p("path", Decimal, "-1.6", "Where the path is in that year; null where nothing can be compared.", "Var vägen är det året; null där inget kan jämföras.").or_null().always(),
                p("aheadOfPath", Decimal, "-0.7", "How much better than the path; below nought when worse.", "Hur mycket bättre än vägen; under noll när det är sämre.").or_null().always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListGoals,
            ("List goals", "The goals, in the order in which they were entered."),
            ("Lista mål", "Målen, i den ordning de lades in."))
            .query(FILTERS),
        Described::of(Operation::CreateGoal,
            ("Enter a goal", "Enters a goal of a plan. Numbers with more decimals than the goal has are refused, not rounded."),
            ("Lägg in ett mål", "Lägger in ett mål ur en plan. Tal med fler decimaler än målet har avvisas, de avrundas inte."))
            .takes(INPUTS)
            .not_in_example(OTHER_SOURCE),
        Described::of(Operation::ExportGoals,
            ("Export goals as CSV", "The goals with what is done for them, for the committee's paper: UTF-8 with a mark, semicolons, decimal comma, one row for each activity that is still followed up."),
            ("Exportera mål som CSV", "Målen med det som görs för dem, till nämndens handling: UTF-8 med märke, semikolon, decimalkomma, en rad för varje aktivitet som ännu följs upp."))
            .query(FILTERS),
        Described::of(Operation::ReadGoal,
            ("Read a goal", "One goal, as it stands today, with the version in the `ETag`."),
            ("Läs ett mål", "Ett mål, så som det står till i dag, med versionen i `ETag`.")),
        Described::of(Operation::UpdateGoal,
            ("Change a goal", "Changes what is named and leaves the rest, or ends the goal."),
            ("Ändra ett mål", "Ändrar det som nämns och lämnar resten, eller avslutar målet."))
            .takes(INPUTS)
            .not_in_example(OTHER_SOURCE),
    ],
};

#[rustfmt::skip]
const INPUTS: &[Input] = &[
    must("title"), may("plan"), must("indicator"), must("source"), may("measureCode"), may("measuredAs"), may("measureDivision"),
    may("measureCategory"), may("koladaKpi"), may("koladaMunicipality"), may("comparesWith"), must("unit"), must("decimals"),
    may("baseline"), must("target"), must("direction"), may("tolerance"), may("staleAfterYears"), may("owner"), may("ageBounds"),
    may("endedOn"), CONFIRMS,
];
/// What belongs to an own measure does not go with a source outside; the example's baseline would lie in the target's year.
const OTHER_SOURCE: &[&str] = &[
    "measureCode",
    "measuredAs",
    "measureDivision",
    "measureCategory",
    "baseline",
    "endedOn",
    "confirmedTerms",
];

#[rustfmt::skip]
pub const VALUES: Chapter = Chapter {
    resource: Resource::GoalValues,
    title: ("Values of goals", "Målens värden"),
    text: (
        "What is known of a goal: by hand, from a file, or from Kolada (RKA). Of each part of a year one value counts. A wrong one is changed, or marked void with a reason and stays. What came in one way is never overwritten by another: it is told as a conflict.",
        "Det som är känt om ett mål: för hand, ur en fil, eller ur Kolada (RKA). För varje del av ett år räknas ett värde. Ett felaktigt ändras, eller stryks med ett skäl och står kvar. Det som kommit in på ett sätt skrivs aldrig över på ett annat: det anges som en krock.",
    ),
    shown: &[Shown {
        resource: Resource::GoalValues,
        name: "GoalValue",
        as_it_was: None,
        text: ("A value of a goal.", "Ett värde för ett mål."),
        properties: &[
            p("id", Id, ids::GOAL_VALUE, "The value's id.", "Värdets id."),
            p("goalId", Id, ids::GOAL, "The goal.", "Målet."),
            p("year", Whole(1990, 2100), "2016", "The year.", "Året."),
            p("period", Word("GoalPeriod"), "full_year", "The part of the year; the whole if nothing is told.", "Delen av året; hela om inget anges."),
            p("value", Decimal, "-0.9", "The value, with at most the goal's decimals. Compared with the nation: the municipality's less the nation's.", "Värdet, med högst målets decimaler. Vid jämförelse med riket: kommunens minus rikets."),
            p("origin", Word("GoalValueOrigin"), "by_hand", "How it came in.", "Hur det kom in."),
            p("source", Text(200), "Arbetsförmedlingen, månadsstatistik december", "Where it was found.", "Var det hämtades.").or_null(),
            p("note", Lines(2000), "Preliminärt.", "What is good to know of it.", "Det som är bra att veta om det.").or_null(),
            p("voidReason", Lines(500), "null", "Why it does not count.", "Varför det inte räknas.").or_null(),
            p("createdBy", Id, ids::CHIEF, "Who entered it; null for what the command line fetched.", "Vem som lade in det; null för det som kommandoraden hämtade.").or_null(),
            p("createdAt", Instant, "2026-09-01T08:00:00.000000Z", "When it was entered.", "När det lades in."),
            p("updatedAt", Instant, "2026-09-01T08:00:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "GoalValueImport",
            text: ("What became, or would become, of the values of a file or an answer.", "Vad som blev, eller skulle bli, av värdena i en fil eller ett svar."),
            properties: &[
                p("goalId", Id, ids::GOAL, "The goal.", "Målet.").always(),
                p("isApplied", YesNo, "true", "Whether it was carried out.", "Om det genomfördes.").always(),
                p("counts", Part("GoalValueCounts"), "", "How many came to what.", "Hur många som blev vad.").always(),
                p("rows", Many(&Part("ImportedGoalValue"), 0), "", "Each value, in the order of the file or by year.", "Varje värde, i filens ordning eller efter år.").always(),
            ],
        },
        Part {
            name: "GoalValueCounts",
            text: ("How many values came to what.", "Hur många värden som blev vad."),
            properties: &[
                p("created", Whole(0, i64::MAX), "3", "New.", "Nya.").always(),
                p("unchanged", Whole(0, i64::MAX), "7", "Known already.", "Redan kända.").always(),
                p("changed", Whole(0, i64::MAX), "1", "Changed from what came the same way before.", "Ändrade från det som kommit in på samma sätt förut.").always(),
                p("conflict", Whole(0, i64::MAX), "0", "Other than what came in another way; left alone.", "Andra än det som kommit in på annat sätt; lämnade i fred.").always(),
                p("missing", Whole(0, i64::MAX), "1", "Without a value in the source.", "Utan värde i källan.").always(),
                p("refused", Whole(0, i64::MAX), "0", "Wrong.", "Felaktiga.").always(),
            ],
        },
        Part {
            name: "ImportedGoalValue",
            text: ("What became, or would become, of a value.", "Vad som blev, eller skulle bli, av ett värde."),
            properties: &[
                p("line", Whole(1, i64::MAX), "2", "The line in the file, from 1; null for an answer of Kolada.", "Raden i filen, från 1; null för ett svar från Kolada.").or_null().always(),
                p("year", Whole(1900, 2200), "2016", "The year, if it could be read.", "Året, om det gick att läsa.").or_null().always(),
                p("period", Word("GoalPeriod"), "full_year", "The part of the year.", "Delen av året.").or_null().always(),
                p("outcome", Word("GoalValueOutcome"), "created", "What became of it.", "Vad det blev av det.").always(),
                p("value", Decimal, "-0.9", "The value, rounded to the goal's decimals if it is from Kolada.", "Värdet, avrundat till målets decimaler om det kommer från Kolada.").or_null().always(),
                p("existingValue", Decimal, "null", "The value that was there.", "Värdet som fanns.").or_null().always(),
                p("problems", Many(&Part("GoalValueProblem"), 0), "", "What is to be said about it.", "Vad som är att säga om det.").always(),
            ],
        },
        Part {
            name: "KoladaRow",
            text: ("The values of a key figure, a municipality and a year, as Kolada writes them.", "Värdena för ett nyckeltal, en kommun och ett år, så som Kolada skriver dem."),
            properties: &[
                p("kpi", Text(0), "N03942", "The key figure.", "Nyckeltalet.").always(),
                p("municipality", Text(0), "0183", "The municipality.", "Kommunen.").always(),
                p("period", Anything, "2025", "The year, as a number or as text.", "Året, som tal eller text.").always(),
                p("values", Many(&Part("KoladaCell"), 0), "", "The values by sex.", "Värdena efter kön.").always(),
            ],
        },
        Part {
            name: "KoladaCell",
            text: ("A value, as Kolada writes it.", "Ett värde, så som Kolada skriver det."),
            properties: &[
                p("gender", OneOf(&["T", "K", "M"]), "T", "Total, women or men.", "Totalt, kvinnor eller män.").always(),
                p("count", Whole(0, i64::MAX), "1", "How many municipalities it is of.", "Hur många kommuner det gäller."),
                p("status", Text(0), "", "Why it is missing.", "Varför det saknas."),
                p("value", Decimal, "7.9", "The value.", "Värdet.").or_null(),
                p("isdeleted", YesNo, "false", "Whether Kolada has deleted it.", "Om Kolada har tagit bort det."),
            ],
        },
        Part {
            name: "GoalValueProblem",
            text: ("Something to be said about a value.", "Något att säga om ett värde."),
            properties: &[
                p("column", Text(0), "värde", "The heading; empty for the whole row.", "Rubriken; tom för hela raden.").always(),
                p("code", Text(60), "too-many-decimals", "What, by its code.", "Vad, med sin kod.").always(),
                p("detail", Text(0), "Talet får ha högst 1 decimaler.", "In words, in the language of the answer.", "Med ord, på svarets språk.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListGoalValues,
            ("List values of a goal", "The values of a goal, void ones too, in the order in which they came."),
            ("Lista ett måls värden", "Ett måls värden, även strukna, i den ordning de kom."))
            .query(&[p("isVoid", YesNo, "false", "Those marked void, or those that count.", "De som är strukna, eller de som räknas.")]),
        Described::of(Operation::EnterGoalValue,
            ("Enter a value", "Enters a value by hand."),
            ("Lägg in ett värde", "Lägger in ett värde för hand."))
            .takes(&[must("year"), may("period"), must("value"), may("source"), may("note"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ImportGoalValues,
            ("Read values from a file", "Reads values from a file: a dry run unless `isApplied` is true. Headings `år`, `period`, `värde`, `källa`, `anteckning` (or `year`, `period`, `value`, `source`, `note`) in any order, of which year and value must be there; semicolon, comma or tab; decimal comma or point. Rows that are wrong are refused with line and heading, the others stand."),
            ("Läs in värden ur en fil", "Läser in värden ur en fil: en provkörning om inte `isApplied` är true. Rubriker `år`, `period`, `värde`, `källa`, `anteckning` (eller `year`, `period`, `value`, `source`, `note`) i valfri ordning, varav år och värde måste finnas; semikolon, komma eller tabb; decimalkomma eller punkt. Felaktiga rader avvisas med rad och rubrik, de andra står sig."))
            .query(APPLIED)
            .answers("GoalValueImport"),
        Described::of(Operation::ImportKoladaValues,
            ("Read values from an answer of Kolada", "Reads an answer of Kolada's interface, version 3 or 2, for the goal's key figure and municipality: a dry run unless `isApplied` is true. Totals are taken, rounded to the goal's decimals; compared with the nation, the difference (the nation is `0000` in the same answer). The command `kaa kolada fetch` does the same for all goals."),
            ("Läs in värden ur ett svar från Kolada", "Läser ett svar från Koladas gränssnitt, version 3 eller 2, för målets nyckeltal och kommun: en provkörning om inte `isApplied` är true. Totalvärden tas, avrundade till målets decimaler; vid jämförelse med riket skillnaden (riket är `0000` i samma svar). Kommandot `kaa kolada fetch` gör detsamma för alla mål."))
            .query(APPLIED)
            .takes(&[
                Input::Own(p("values", Many(&Part("KoladaRow"), 0), "", "The rows of the answer.", "Svarets rader.").always()),
                Input::Own(p("count", Whole(0, i64::MAX), "1", "How many rows.", "Hur många rader.")),
                Input::Own(p("next_url", Text(0), "null", "Where the answer goes on; not followed.", "Var svaret fortsätter; följs inte.")),
                Input::Own(p("previous_url", Text(0), "null", "Where it went on from.", "Var det fortsatte från.")),
                Input::Own(p("next_page", Text(0), "null", "The same in version 2.", "Detsamma i version 2.")),
                Input::Own(p("previous_page", Text(0), "null", "The same in version 2.", "Detsamma i version 2.")),
            ])
            .not_in_example(&["next_url", "previous_url", "next_page", "previous_page"])
            .answers("GoalValueImport")
            .errors(&[ErrorCode::GoalWithoutKolada, ErrorCode::UnreadableValues]),
        Described::of(Operation::ReadGoalValue,
            ("Read a value", "One value, with the version in the `ETag`."),
            ("Läs ett värde", "Ett värde, med versionen i `ETag`.")),
        Described::of(Operation::UpdateGoalValue,
            ("Change a value", "Changes what is named and leaves the rest, or marks the value void. A changed value counts as entered by hand."),
            ("Ändra ett värde", "Ändrar det som nämns och lämnar resten, eller stryker värdet. Ett ändrat värde räknas som inlagt för hand."))
            .takes(&[must("year"), may("period"), must("value"), may("source"), may("note"), may("voidReason"), CONFIRMS])
            .not_in_example(&["voidReason", "confirmedTerms"])
            .errors(&[ErrorCode::FactVoid]),
    ],
};

#[rustfmt::skip]
pub const ACTIVITIES: Chapter = Chapter {
    resource: Resource::GoalActivities,
    title: ("Activities for goals", "Aktiviteter för mål"),
    text: (
        "What is done for a goal, which office answers for it, and how it was found to stand each tertial: status, forecast and remedy. A follow-up is never overwritten: a later one of the same part of the year is a new revision.",
        "Det som görs för ett mål, vilken verksamhet som ansvarar, och hur det stod till varje tertial: status, prognos och åtgärd. En uppföljning skrivs aldrig över: en senare för samma del av året är en ny revision.",
    ),
    shown: &[Shown {
        resource: Resource::GoalActivities,
        name: "GoalActivity",
        as_it_was: None,
        text: ("An activity for a goal.", "En aktivitet för ett mål."),
        properties: &[
            p("id", Id, ids::GOAL_ACTIVITY, "The activity's id.", "Aktivitetens id."),
            p("goalId", Id, ids::GOAL, "The goal.", "Målet."),
            p("title", Text(300), "Uppsökande pass två kvällar i veckan", "What is done.", "Vad som görs."),
            p("responsibleUnit", Text(120), "Ungdomsteamet", "Which office answers for it.", "Vilken verksamhet som ansvarar."),
            p("startsOn", Date, "2026-02-01", "The day it is planned to begin.", "Dagen den planeras börja.").or_null(),
            p("endsOn", Date, "2026-12-31", "The day it is planned to end.", "Dagen den planeras sluta.").or_null(),
            p("isActive", YesNo, "true", "Whether it is still followed up.", "Om den ännu följs upp."),
            p("status", Word("ActivityStatus"), "ongoing", "How far it has come, by the follow-up in force of the latest part of a year.", "Hur långt den kommit, efter gällande uppföljning för den senaste delen av ett år."),
            p("followUps", Many(&Part("GoalFollowUp"), 0), "", "The follow-ups, by what they are about, the earliest first; those whose place another has taken as well.", "Uppföljningarna, efter vad de gäller, den tidigaste först; även de som en annan har ersatt."),
            p("createdBy", Id, ids::CHIEF, "Who entered it.", "Vem som lade in den.").or_null(),
            p("createdAt", Instant, "2026-01-20T08:00:00.000000Z", "When it was entered.", "När den lades in."),
            p("updatedAt", Instant, "2026-05-12T08:00:00.000000Z", "When it was last changed or followed up.", "När den senast ändrades eller följdes upp."),
            p("version", Whole(1, i64::MAX), "2", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[Part {
        name: "GoalFollowUp",
        text: ("How an activity was found to stand.", "Hur en aktivitet stod till."),
        properties: &[
            p("year", Whole(1990, 2100), "2026", "The year.", "Året.").always(),
            p("period", Word("GoalPeriod"), "tertial_1", "The part of the year.", "Delen av året.").always(),
            p("revision", Whole(1, i64::MAX), "1", "Which follow-up of this part of the year.", "Vilken uppföljning för denna del av året.").always(),
            p("isInForce", YesNo, "true", "Whether none has taken its place.", "Om ingen har ersatt den.").always(),
            p("status", Word("ActivityStatus"), "ongoing", "How far it had come.", "Hur långt den hade kommit.").always(),
            p("forecast", Lines(2000), "Väntas bli klar i höst.", "What is expected.", "Vad som väntas.").or_null().always(),
            p("remedy", Lines(2000), "null", "What is done about what goes wrong.", "Vad som görs åt det som inte går som tänkt.").or_null().always(),
            p("followedUpOn", Date, "2026-05-12", "The day of the follow-up.", "Dagen för uppföljningen.").always(),
            p("createdBy", Id, ids::CHIEF, "Who wrote it.", "Vem som skrev den.").or_null().always(),
            p("createdAt", Instant, "2026-05-12T08:00:00.000000Z", "When it was written.", "När den skrevs.").always(),
        ],
    }],
    operations: &[
        Described::of(Operation::ListGoalActivities,
            ("List activities for a goal", "The activities for a goal, in the order in which they were entered."),
            ("Lista aktiviteter för ett mål", "Aktiviteterna för ett mål, i den ordning de lades in."))
            .query(&[p("isActive", YesNo, "true", "Those still followed up, or those no longer.", "De som ännu följs upp, eller de som inte gör det.")]),
        Described::of(Operation::CreateGoalActivity,
            ("Enter an activity", "Enters what is to be done for a goal."),
            ("Lägg in en aktivitet", "Lägger in det som ska göras för ett mål."))
            .takes(&[must("title"), must("responsibleUnit"), may("startsOn"), may("endsOn"), may("isActive"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadGoalActivity,
            ("Read an activity", "One activity with its follow-ups, with the version in the `ETag`."),
            ("Läs en aktivitet", "En aktivitet med sina uppföljningar, med versionen i `ETag`.")),
        Described::of(Operation::UpdateGoalActivity,
            ("Change an activity", "Changes what is named and leaves the rest, or says that it is followed up no longer."),
            ("Ändra en aktivitet", "Ändrar det som nämns och lämnar resten, eller säger att den inte följs upp längre."))
            .takes(&[must("title"), must("responsibleUnit"), may("startsOn"), may("endsOn"), may("isActive"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::FollowUpGoalActivity,
            ("Follow an activity up", "Says how an activity stands for a part of a year. What was said of the same part before stays, as an earlier revision."),
            ("Följ upp en aktivitet", "Anger hur en aktivitet står till för en del av ett år. Det som sagts om samma del förut står kvar, som en tidigare revision."))
            .takes(&[
                Input::Own(p("year", Whole(1990, 2100), "2026", "The year.", "Året.").always()),
                Input::Own(p("period", Word("GoalPeriod"), "tertial_1", "The part of the year.", "Delen av året.").always()),
                Input::Own(p("status", Word("ActivityStatus"), "ongoing", "How far it has come.", "Hur långt den har kommit.").always()),
                Input::Own(p("forecast", Lines(2000), "Väntas bli klar i höst.", "What is expected.", "Vad som väntas.")),
                Input::Own(p("remedy", Lines(2000), "Rekryterar en ambassadör till.", "What is done about what goes wrong.", "Vad som görs åt det som inte går som tänkt.")),
                Input::Own(p("followedUpOn", Date, "2026-05-12", "The day of the follow-up; today if nothing is told.", "Dagen för uppföljningen; i dag om inget anges.")),
                CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"]),
    ],
};
