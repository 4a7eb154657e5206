//! The chapter of the catalogue of measures: what each counts, and no figures.

use super::{Chapter, Described, Part};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::StatisticsMeasures,
    title: ("Measures", "Mått"),
    text: (
        "The catalogue of measures: what each counts, word for word, and by what it may be broken down. Never by a sensitive attribute. It holds no figures; those are in the releases.",
        "Katalogen över mått: vad vart och ett räknar, ordagrant, och vad det får fördelas på. Aldrig på ett känsligt förhållande. Här finns inga siffror; de står i redovisningarna.",
    ),
    shown: &[],
    parts: &[
        Part {
            name: "StatisticsMeasures",
            text: ("The measures, in the order in which they are shown.", "Måtten, i den ordning de visas."),
            properties: &[
                p("measures", Many(&Part("StatisticsMeasure"), 0), "", "The measures.", "Måtten.").always(),
            ],
        },
        Part {
            name: "StatisticsMeasure",
            text: ("A measure, in the language of the answer.", "Ett mått, på svarets språk."),
            properties: &[
                p("code", Text(0), "kaaOfferedShare", "Its name in releases.", "Dess namn i redovisningarna.").always(),
                p("version", Whole(1, i64::MAX), "1", "Grows with every change of what it counts.", "Ökar varje gång det som räknas ändras.").always(),
                p("kind", OneOf(&["count", "share", "mean", "median"]), "share", "What kind of number it is.", "Vilket slags tal det är.").always(),
                p("unit", OneOf(&["persons", "contacts", "interventions", "checks", "sessions", "percent", "days", "hours", "kronor"]), "percent", "What its figures count.", "Vad siffrorna räknar.").always(),
                p("title", Text(0), "Andel 16–19 år som erbjudits insats", "Its heading.", "Dess rubrik.").always(),
                p("definition", Text(0), "Målet är att alla ungdomar 16–19 år ska erbjudas en insats.", "What it says.", "Vad det säger.").always(),
                p("numerator", Text(0), "Ungdomar 16–19 år som erbjudits insats.", "What is counted.", "Vad som räknas.").always(),
                p("denominator", Text(0), "Ungdomar 16–19 år i aktivitetsansvaret.", "Of what; null for a plain count.", "Av vad; null för ett vanligt antal.").always().or_null(),
                p("periodLogic", Text(0), "Perioder i registret som pågick minst en dag under perioden, från inskrivningen till och med periodens sista dag.", "Which days decide.", "Vilka dagar som avgör.").always(),
                p("breakdowns", Many(&OneOf(&["sex", "ageGroup", "area", "reason", "track", "unit", "months"]), 0), "sex|area|reason|unit", "By what it may be broken down.", "Vad det får fördelas på.").always(),
                p("source", Text(0), "Sundbybergs plan för unga 16–25 år (2017), avsnitt 5.1", "Which plan asks for it; null if none does.", "Vilken plan som frågar efter det; null om ingen gör det.").always().or_null(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListStatisticsMeasures,
            ("List the measures", "The catalogue of measures, for everybody who is signed in."),
            ("Lista måtten", "Katalogen över mått, för alla som är inloggade."))
            .answers("StatisticsMeasures"),
    ],
};
