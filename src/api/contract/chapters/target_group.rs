//! The chapter of the target group: what the rules say of a youth, the candidates found by them, and the runs that find them.
//! The rules stand in `domain::target_group`.

use super::{Chapter, Described, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::TargetGroups,
    title: ("Target group", "Målgrupp"),
    text: (
        "Whom the duty of skollagen 29:9 concerns, on any day, from the facts of home, school and exam. What the law leaves open a person decides. The rules find candidates; a handler confirms or rejects them.",
        "Vilka som omfattas av aktivitetsansvaret i skollagen 29 kap. 9 §, en viss dag, utifrån uppgifter om hemkommun, skola och examen. Det som lagen lämnar öppet avgör en person. Reglerna tar fram kandidater; en handläggare bekräftar eller avslår dem.",
    ),
    shown: &[
        Shown {
            resource: Resource::TargetGroups,
            name: "TargetGroup",
            as_it_was: None,
            text: ("What the rules say of a youth on a day.", "Vad reglerna säger om en ungdom en viss dag."),
            properties: &[
                p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
                p("evaluatedOn", Date, "2026-11-24", "The day.", "Dagen."),
                p("ruleVersion", Word("RuleVersionCode"), "KAA_2023", "The version of the rule; null before 2015.", "Regelns version; null före 2015.").or_null(),
                p("verdict", Word("TargetGroupVerdict"), "inside", "The answer.", "Svaret."),
                p("reason", Word("Reason"), "dropout_national_programme", "Why the youth is in the group.", "Varför ungdomen ingår.").or_null(),
                p("deregistrationReason", Word("DeregistrationReason"), "null", "What put the youth outside first.", "Det som först gjorde att ungdomen inte ingår.").or_null(),
                p("sinceOn", Date, "null", "Since when.", "Sedan när.").or_null(),
                p("failedPoints", Many(&Word("TargetGroupPoint"), 0), "age", "The points of the law that do not hold.", "De punkter i lagen som inte är uppfyllda."),
                p("causes", Many(&Word("TargetGroupCause"), 0), "awaiting_start", "What a person must decide.", "Vad en person måste ta ställning till."),
                p("facts", Part("TargetGroupFacts"), "", "The facts it rests on.", "Uppgifterna som svaret vilar på."),
            ],
        },
    ],
    parts: &[
        Part {
            name: "TargetGroupFacts",
            text: ("The facts that the rules were asked with. Void ones are not among them.", "De uppgifter som reglerna fick. Strukna ingår inte."),
            properties: &[
                p("birthDate", Date, "2009-01-05", "Birth date.", "Födelsedatum.").always(),
                p("isHomeByStay", YesNo, "false", "Whether the stay decides where the youth is at home (protected registration).", "Om vistelsen avgör var ungdomen hör hemma (skyddad folkbokföring).").always(),
                p("deceasedOn", Date, "null", "The day of death.", "Dödsdagen.").or_null().always(),
                p("compulsorySchoolEndedOn", Date, "2025-06-12", "The last day of the skolplikt.", "Skolpliktens sista dag.").or_null().always(),
                p("compulsorySchoolBasis", Word("CompulsorySchoolBasis"), "tenth_year", "How it ended.", "Hur den upphörde.").or_null().always(),
                p("residences", Many(&Part("ResidenceFact"), 0), "", "Where the youth is at home.", "Var ungdomen hör hemma.").always(),
                p("enrolments", Many(&Part("EnrolmentFact"), 0), "", "Places at schools.", "Platser i skolor.").always(),
                p("examDocuments", Many(&Part("ExamDocumentFact"), 0), "", "Documents.", "Dokument.").always(),
            ],
        },
        Part {
            name: "ResidenceFact",
            text: ("A residence, as far as the rules ask.", "Ett boende, så långt reglerna frågar."),
            properties: &[
                p("kind", Word("ResidenceKind"), "registered_here", "How.", "Hur.").always(),
                p("fromOn", Date, "2009-01-05", "The first day.", "Den första dagen.").always(),
                p("toOn", Date, "null", "The last day.", "Den sista dagen.").or_null().always(),
            ],
        },
        Part {
            name: "EnrolmentFact",
            text: ("An enrolment, as far as the rules ask.", "En inskrivning, så långt reglerna frågar."),
            properties: &[
                p("schoolType", Word("SchoolType"), "GY", "The school form.", "Skolformen.").always(),
                p("programmeKind", Word("ProgrammeKind"), "national", "The programme.", "Programmet.").always(),
                p("admittedOn", Date, "null", "When the place was given.", "När platsen gavs.").or_null().always(),
                p("startsOn", Date, "2025-08-18", "The first day.", "Den första dagen.").or_null().always(),
                p("endsOn", Date, "2026-03-31", "The last day.", "Den sista dagen.").or_null().always(),
                p("isCancelled", YesNo, "true", "Whether it ended before its time.", "Om den slutade i förtid.").always(),
            ],
        },
        Part {
            name: "ExamDocumentFact",
            text: ("A document, as far as the rules ask.", "Ett dokument, så långt reglerna frågar."),
            properties: &[
                p("kind", Word("ExamDocumentKind"), "GY_STUDIEBEVIS", "Which.", "Vilket.").always(),
                p("issuedOn", Date, "2026-06-10", "When it was issued.", "När det utfärdades.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ReadTargetGroup,
            ("Read whether a youth is in the target group", "What the rules say of a youth on a day, with the version of the law, the points that fail, and the facts it rests on. Only facts up to that day count."),
            ("Läs om en ungdom ingår i målgruppen", "Vad reglerna säger om en ungdom en viss dag, med lagens version, de punkter som brister och uppgifterna som svaret vilar på. Bara uppgifter fram till den dagen räknas."))
            .query(&[p("on", Date, "2018-07-01", "The day; today if nothing is said.", "Dagen; i dag om inget sägs.")]),
    ],
};
