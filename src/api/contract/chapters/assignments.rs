//! The chapter of assignments. Who may assign whom is decided in `policy::decide`.

use super::{Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("userId", Id, ids::USER, "Of this member of staff.", "För denna medarbetare."),
    p("kind", Word("AssignmentKind"), "ambassador", "In this capacity.", "I denna egenskap."),
    p("isRunning", YesNo, "true", "That run now, or do not.", "Som gäller nu, eller inte."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Assignments,
    title: ("Assignments", "Tilldelningar"),
    text: (
        "Who works with a youth, in which capacity and for how long. The ambassador sees a youth only while an assignment runs.",
        "Vem som arbetar med en ungdom, i vilken egenskap och hur länge. Ambassadören ser en ungdom bara så länge en tilldelning gäller.",
    ),
    shown: &[Shown {
        resource: Resource::Assignments,
        name: "Assignment",
        as_it_was: None,
        text: ("An assignment.", "En tilldelning."),
        properties: &[
            p("id", Id, ids::ASSIGNMENT, "The assignment's id.", "Tilldelningens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("userId", Id, ids::USER, "Who is assigned.", "Vem som är tilldelad."),
            p("kind", Word("AssignmentKind"), "ambassador", "In which capacity.", "I vilken egenskap."),
            p("startsAt", Instant, "2026-11-24T08:00:00.000000Z", "From when.", "Från när."),
            p("endsAt", Instant, "2027-02-28T16:00:00.000000Z", "Until when; null if it runs on.", "Till när; null om den gäller tills vidare.").or_null(),
            p("assignedBy", Id, ids::USER, "Who assigned.", "Vem som tilldelade.").or_null(),
            p("createdAt", Instant, "2026-11-24T08:00:00.000000Z", "When it was registered.", "När den registrerades."),
            p("updatedAt", Instant, "2026-11-24T08:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListAssignments,
            ("List assignments", "The assignments that you may see, the latest begun first."),
            ("Lista tilldelningar", "De tilldelningar som du får se, den senast påbörjade först."))
            .query(FILTERS),
        Described::of(Operation::ListYouthAssignments,
            ("List assignments of a youth", "Who works, has worked or will work with the youth, the latest begun first."),
            ("Lista tilldelningar för en ungdom", "Vem som arbetar, har arbetat eller ska arbeta med ungdomen, den senast påbörjade först."))
            .query(FILTERS),
        Described::of(Operation::CreateAssignment,
            ("Assign somebody", "Assigns a member of staff to a youth. The chief assigns everybody; youth consultant and socionom assign ambassadors. A new handler ends the assignment of the one before. Without `startsAt` it begins now."),
            ("Tilldela någon", "Tilldelar en medarbetare till en ungdom. Enhetschefen tilldelar alla; ungdomskonsulent och socionom tilldelar ambassadörer. En ny handläggare avslutar den förras tilldelning. Utan `startsAt` börjar den nu."))
            .takes(&[must("userId"), must("kind"), may("startsAt"), may("endsAt")])
            .errors(&[ErrorCode::AlreadyExists]),
        Described::of(Operation::ReadAssignment,
            ("Read an assignment", "One assignment, with the version in the `ETag`."),
            ("Läs en tilldelning", "En tilldelning, med versionen i `ETag`.")),
        Described::of(Operation::UpdateAssignment,
            ("Change an assignment", "Moves the end of an assignment, or a beginning that lies ahead, or ends it. Who is assigned, and as what, stays."),
            ("Ändra en tilldelning", "Flyttar slutet på en tilldelning, eller en början som inte har varit, eller avslutar den. Vem som är tilldelad, och som vad, ligger fast."))
            .takes(&[must("userId"), must("kind"), must("startsAt"), may("endsAt")])
            .not_in_example(&["userId", "kind", "startsAt"])
            .errors(&[ErrorCode::AlreadyExists]),
    ],
};
