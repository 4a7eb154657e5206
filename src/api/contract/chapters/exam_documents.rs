//! The chapter of exam and grade documents. What a document means for the target group stands in `domain::target_group`.

use super::{CONFIRMS, Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::ExamDocuments,
    title: ("Exam documents", "Betygsdokument"),
    text: (
        "Exams, certificates and grades of a youth: which, when, and who says so. The paper itself is not kept. A wrong one is marked void with a reason and stays.",
        "En ungdoms examina, bevis och betyg: vilket, när, och vem som säger det. Själva handlingen sparas inte. Ett felaktigt stryks med ett skäl och står kvar.",
    ),
    shown: &[Shown {
        resource: Resource::ExamDocuments,
        name: "ExamDocument",
        as_it_was: None,
        text: ("An exam or grade document.", "Ett examens- eller betygsdokument."),
        properties: &[
            p("id", Id, ids::EXAM_DOCUMENT, "The document's id.", "Dokumentets id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("kind", Word("ExamDocumentKind"), "GY_STUDIEBEVIS", "Which document.", "Vilket dokument."),
            p("issuedOn", Date, "2026-06-10", "When it was issued.", "När det utfärdades."),
            p("source", Word("FactSource"), "document", "Who says so.", "Vem som säger det."),
            p("voidReason", Lines(500), "null", "Why it does not count; null if it does.", "Varför det inte gäller; null om det gäller.").or_null(),
            p("createdBy", Id, ids::USER, "Who entered it.", "Vem som lade in det.").or_null(),
            p("createdAt", Instant, "2026-06-15T07:30:00.000000Z", "When it was entered.", "När det lades in."),
            p("updatedAt", Instant, "2026-06-15T07:30:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListExamDocuments,
            ("List exam documents of a youth", "The documents of one youth, the latest issued first, void ones too."),
            ("Lista en ungdoms betygsdokument", "En ungdoms dokument, det senast utfärdade först, även strukna.")),
        Described::of(Operation::AddExamDocument,
            ("Add an exam document", "Enters that a youth has a document."),
            ("Lägg in ett betygsdokument", "Lägger in att en ungdom har ett dokument."))
            .takes(&[must("kind"), must("issuedOn"), must("source")]),
        Described::of(Operation::ReadExamDocument,
            ("Read an exam document", "One document, with the version in the `ETag`."),
            ("Läs ett betygsdokument", "Ett dokument, med versionen i `ETag`.")),
        Described::of(Operation::UpdateExamDocument,
            ("Change an exam document", "Corrects a document, or marks it void with a reason. What a roster said gets a new source when it is changed."),
            ("Ändra ett betygsdokument", "Rättar ett dokument, eller stryker det med ett skäl. Det som en befolkningslista har sagt får en ny källa när det ändras."))
            .takes(&[must("kind"), must("issuedOn"), must("source"), may("voidReason"), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::FactVoid]),
    ],
};
