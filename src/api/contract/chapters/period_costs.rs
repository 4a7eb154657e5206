//! The chapter of what the work cost in a period.

use super::{CONFIRMS, Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("year", Whole(2018, 2100), "2026", "Of this year.", "Under detta år."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::PeriodCosts,
    title: ("Costs", "Kostnader"),
    text: (
        "What the work of the municipality cost in a period, one amount for each. A release made after it shows the cost per participant; those made before stay as they are. Write nothing about youths here.",
        "Vad kommunens arbete kostat under en period, ett belopp för varje. En redovisning som görs efteråt visar kostnaden per deltagare; de som gjorts tidigare står kvar. Skriv inget om ungdomar här.",
    ),
    shown: &[Shown {
        resource: Resource::PeriodCosts,
        name: "PeriodCost",
        as_it_was: None,
        text: ("The cost of a period.", "En periods kostnad."),
        properties: &[
            p("id", Id, ids::PERIOD_COST, "The cost's id.", "Kostnadens id."),
            p("year", Whole(2018, 2100), "2026", "The year.", "Året."),
            p("period", Word("PeriodPart"), "tertial_1", "The part of the year; no two costs are of the same period.", "Delen av året; inga två kostnader gäller samma period."),
            p("amount", Whole(0, 1_000_000_000), "1250000", "Whole kronor.", "Hela kronor."),
            p("covers", Text(300), "Lön, lokaler och insatser för teamet", "What it is the cost of.", "Vad kostnaden avser."),
            p("createdBy", Id, ids::CHIEF, "Who entered it.", "Vem som lade in den.").or_null(),
            p("createdAt", Instant, "2026-05-20T08:00:00.000000Z", "When it was entered.", "När den lades in."),
            p("updatedAt", Instant, "2026-05-20T08:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListPeriodCosts,
            ("List costs", "The costs of the municipality, in the order in which they were entered."),
            ("Lista kostnader", "Kommunens kostnader, i den ordning de lades in."))
            .query(FILTERS),
        Described::of(Operation::CreatePeriodCost,
            ("Enter a cost", "Enters what the work cost in a period."),
            ("Lägg in en kostnad", "Lägger in vad arbetet kostat under en period."))
            .takes(&[must("year"), must("period"), must("amount"), must("covers"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadPeriodCost,
            ("Read a cost", "One cost, with the version in the `ETag`."),
            ("Läs en kostnad", "En kostnad, med versionen i `ETag`.")),
        Described::of(Operation::UpdatePeriodCost,
            ("Change a cost", "Changes what is named and leaves the rest. Releases that were made before do not change."),
            ("Ändra en kostnad", "Ändrar det som nämns och lämnar resten. Redovisningar som gjorts tidigare ändras inte."))
            .takes(&[may("year"), may("period"), may("amount"), may("covers"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
    ],
};
