//! The chapter of outcome checks. When an exit is checked on stands in `domain::outcome`.

use super::{Chapter, Described, Shown, ids, may};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::OutcomeChecks,
    title: ("Outcome checks", "Kontroller av utfall"),
    text: (
        "Whether the work or the studies that a youth left for last. When an episode is closed with such a destination, a check is made for each of the months that the municipality has set (`outcomeCheckMonths`), and comes up on the work list when it is due. If the youth comes back first, the checks still to come are answered `interrupted` by that.",
        "Om arbetet eller studierna som en ungdom gick till består. När en period avslutas med ett sådant utfall görs en kontroll för var och en av månaderna som kommunen har bestämt (`outcomeCheckMonths`), och den kommer upp i arbetslistan när det är dags. Kommer ungdomen tillbaka dessförinnan besvaras de återstående kontrollerna som avbrutna av det.",
    ),
    shown: &[Shown {
        resource: Resource::OutcomeChecks,
        name: "OutcomeCheck",
        as_it_was: None,
        text: ("A check of what became of an exit.", "En kontroll av vad det blev av ett utfall."),
        properties: &[
            p("id", Id, ids::OUTCOME_CHECK, "The check's id.", "Kontrollens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("episodeId", Id, ids::EPISODE, "The episode that ended with the exit.", "Perioden som avslutades med utfallet."),
            p("months", Whole(1, 36), "3", "So many months after the exit.", "Så många månader efter utfallet."),
            p("dueOn", Date, "2026-11-15", "The day it is due.", "Dagen då den ska göras."),
            p("result", Word("OutcomeResult"), "sustained", "What was found; null until it has been answered.", "Vad som framkom; null tills den har besvarats.").or_null(),
            p("source", Word("OccupationSource"), "youth", "From whom it is known; null when it could not be found out, and when the youth came back.", "Av vem det är känt; null när det inte gick att få veta, och när ungdomen kom tillbaka.").or_null(),
            p("checkedOn", Date, "2026-11-20", "Of which day that is; today if no day is told.", "Vilken dag det gäller; i dag om ingen dag anges.").or_null(),
            p("checkedBy", Id, ids::USER, "Who answered it.", "Vem som besvarade den.").or_null(),
            p("createdBy", Id, ids::USER, "Who closed the episode.", "Vem som avslutade perioden.").or_null(),
            p("createdAt", Instant, "2026-08-15T09:00:00.000000Z", "When it was made.", "När den kom till."),
            p("updatedAt", Instant, "2026-11-20T13:30:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "2", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListOutcomeChecks,
            ("List outcome checks", "The checks of your unit, the first due first."),
            ("Lista kontroller av utfall", "Din enhets kontroller, den som ska göras först överst."))
            .query(&[
                p("isAnswered", YesNo, "false", "Answered ones, or those still to be answered.", "Besvarade, eller de som återstår."),
                p("dueBefore", Date, "2026-12-01", "Due before this day; the day itself is not included.", "Ska göras före denna dag; själva dagen räknas inte med."),
                p("result", Word("OutcomeResult"), "interrupted", "With this result.", "Med detta resultat."),
            ]),
        Described::of(Operation::ListYouthOutcomeChecks,
            ("List outcome checks of a youth", "The checks of one youth, the first due first."),
            ("Lista en ungdoms kontroller av utfall", "En ungdoms kontroller, den som ska göras först överst.")),
        Described::of(Operation::ReadOutcomeCheck,
            ("Read an outcome check", "One check, with the version in the `ETag`."),
            ("Läs en kontroll av utfall", "En kontroll, med versionen i `ETag`.")),
        Described::of(Operation::AnswerOutcomeCheck,
            ("Answer an outcome check", "Answers a check, or corrects the answer; what stood before is kept. `null` as the result asks again."),
            ("Besvara en kontroll av utfall", "Besvarar en kontroll, eller rättar svaret; det som stod tidigare sparas. `null` som resultat frågar på nytt."))
            .takes(&[may("result"), may("source"), may("checkedOn")]),
    ],
};
