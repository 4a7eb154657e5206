//! The chapter of residences. What a residence means for the target group stands in `domain::target_group`.

use super::{CONFIRMS, Chapter, Described, Input, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const ADDED: &[Input] = &[
    must("kind"),
    may("municipalityCode"),
    must("fromOn"),
    may("toOn"),
    must("source"),
];

const CHANGED: &[Input] = &[
    must("kind"),
    may("municipalityCode"),
    must("fromOn"),
    may("toOn"),
    must("source"),
    may("voidReason"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Residences,
    title: ("Residences", "Boenden"),
    text: (
        "Where a youth is at home, in dated periods: what decides which municipality answers for them (skollagen 29:6). A wrong one is marked void with a reason and stays.",
        "Var en ungdom hör hemma, i daterade perioder: det avgör vilken kommun som ansvarar (skollagen 29 kap. 6 §). En felaktig stryks med ett skäl och står kvar.",
    ),
    shown: &[Shown {
        resource: Resource::Residences,
        name: "Residence",
        as_it_was: None,
        text: ("A period in which a youth is at home somewhere.", "En period då en ungdom hör hemma någonstans."),
        properties: &[
            p("id", Id, ids::RESIDENCE, "The residence's id.", "Boendets id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("kind", Word("ResidenceKind"), "registered_elsewhere", "How the youth lives.", "Hur ungdomen bor."),
            p("municipalityCode", Text(4), "0184", "The other municipality, where one is known. Not noted of somebody with protected identity.", "Den andra kommunen, om den är känd. Antecknas inte för den som har skyddade personuppgifter.").or_null().sometimes(),
            p("fromOn", Date, "2026-05-01", "The first day.", "Den första dagen."),
            p("toOn", Date, "null", "The last day; null as long as none is known.", "Den sista dagen; null så länge ingen är känd.").or_null(),
            p("source", Word("FactSource"), "population_register", "Who says so.", "Vem som säger det."),
            p("voidReason", Lines(500), "null", "Why it does not count; null if it does.", "Varför den inte gäller; null om den gäller.").or_null(),
            p("createdBy", Id, ids::USER, "Who entered it.", "Vem som lade in den.").or_null(),
            p("createdAt", Instant, "2026-05-04T07:30:00.000000Z", "When it was entered.", "När den lades in."),
            p("updatedAt", Instant, "2026-05-04T07:30:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListResidences,
            ("List residences of a youth", "Where one youth has been at home, the latest begun first, void ones too."),
            ("Lista en ungdoms boenden", "Var en ungdom har hört hemma, det senast påbörjade först, även strukna.")),
        Described::of(Operation::AddResidence,
            ("Add a residence", "Enters where a youth is at home. A home that stands open ends the day before the new one begins."),
            ("Lägg in ett boende", "Lägger in var en ungdom hör hemma. Ett boende som står öppet slutar dagen innan det nya börjar."))
            .takes(ADDED),
        Described::of(Operation::ReadResidence,
            ("Read a residence", "One residence, with the version in the `ETag`."),
            ("Läs ett boende", "Ett boende, med versionen i `ETag`.")),
        Described::of(Operation::UpdateResidence,
            ("Change a residence", "Corrects a residence, or marks it void with a reason. What a roster said gets a new source when it is changed."),
            ("Ändra ett boende", "Rättar ett boende, eller stryker det med ett skäl. Det som en befolkningslista har sagt får en ny källa när det ändras."))
            .takes(CHANGED)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::FactVoid]),
    ],
};
