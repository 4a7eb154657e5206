//! The chapter of enrolments. What an enrolment means for the target group stands in `domain::target_group`.

use super::{CONFIRMS, Chapter, Described, Input, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const ADDED: &[Input] = &[
    must("schoolType"),
    may("programmeKind"),
    may("studyPathCode"),
    may("school"),
    may("municipalityCode"),
    may("admittedOn"),
    may("startsOn"),
    may("endsOn"),
    may("isCancelled"),
    must("source"),
];

const CHANGED: &[Input] = &[
    must("schoolType"),
    may("programmeKind"),
    may("studyPathCode"),
    may("school"),
    may("municipalityCode"),
    may("admittedOn"),
    may("startsOn"),
    may("endsOn"),
    may("isCancelled"),
    must("source"),
    may("voidReason"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Enrolments,
    title: ("Enrolments", "Inskrivningar"),
    text: (
        "A youth's places at schools, from the admission to the last day. A wrong one is marked void with a reason and stays.",
        "En ungdoms platser i skolor, från antagningen till den sista dagen. En felaktig stryks med ett skäl och står kvar.",
    ),
    shown: &[Shown {
        resource: Resource::Enrolments,
        name: "Enrolment",
        as_it_was: None,
        text: ("A place at a school. With protected identity `school` and `municipalityCode` are absent, until somebody assigned has given a reason.", "En plats i en skola. Vid skyddade personuppgifter saknas `school` och `municipalityCode`, tills den som är tilldelad har angett ett skäl."),
        properties: &[
            p("id", Id, ids::ENROLMENT, "The enrolment's id.", "Inskrivningens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("schoolType", Word("SchoolType"), "GY", "The school form.", "Skolformen."),
            p("programmeKind", Word("ProgrammeKind"), "national", "What sort of programme.", "Vilket slag av program."),
            p("studyPathCode", Text(20), "VO", "The code of the study path (studievägskod).", "Studievägskoden.").or_null(),
            p("school", Text(200), "Exempelgymnasiet", "The school.", "Skolan.").or_null().sometimes(),
            p("municipalityCode", Text(4), "0183", "Where the school is.", "Var skolan ligger.").or_null().sometimes(),
            p("admittedOn", Date, "2024-07-01", "The day when the place was given. Left out, of a place that begins later: today.", "Dagen då platsen gavs. Utelämnad, för en plats som börjar senare: i dag.").or_null(),
            p("startsOn", Date, "2024-08-16", "The first day; null of one that is only known to have ended, or has no day yet.", "Den första dagen; null för en som man bara vet har slutat, eller som inte har någon dag ännu.").or_null(),
            p("endsOn", Date, "2026-03-31", "The last day.", "Den sista dagen.").or_null(),
            p("isCancelled", YesNo, "true", "Whether it ended before its time.", "Om den slutade i förtid."),
            p("source", Word("FactSource"), "school", "Who says so.", "Vem som säger det."),
            p("voidReason", Lines(500), "null", "Why it does not count; null if it does.", "Varför den inte gäller; null om den gäller.").or_null(),
            p("createdBy", Id, ids::USER, "Who entered it.", "Vem som lade in den.").or_null(),
            p("createdAt", Instant, "2026-04-02T07:30:00.000000Z", "When it was entered.", "När den lades in."),
            p("updatedAt", Instant, "2026-04-02T07:30:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListEnrolments,
            ("List enrolments of a youth", "The enrolments of one youth, the latest entered first, void ones too."),
            ("Lista en ungdoms inskrivningar", "En ungdoms inskrivningar, den senast inlagda först, även strukna.")),
        Described::of(Operation::AddEnrolment,
            ("Add an enrolment", "Enters a place at a school. At least one of its days must be known."),
            ("Lägg in en inskrivning", "Lägger in en plats i en skola. Minst en av dess dagar måste vara känd."))
            .takes(ADDED),
        Described::of(Operation::ReadEnrolment,
            ("Read an enrolment", "One enrolment, with the version in the `ETag`."),
            ("Läs en inskrivning", "En inskrivning, med versionen i `ETag`.")),
        Described::of(Operation::UpdateEnrolment,
            ("Change an enrolment", "Tells how an enrolment went on, corrects it, or marks it void with a reason. What a roster said gets a new source when it is changed."),
            ("Ändra en inskrivning", "Säger hur en inskrivning gick vidare, rättar den, eller stryker den med ett skäl. Det som en befolkningslista har sagt får en ny källa när det ändras."))
            .takes(CHANGED)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::FactVoid]),
    ],
};
