//! The chapter of plans: revisions, their follow-ups and the youth's copy. What a plan must hold stands in `domain::plan`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

/// Follow-ups are sent without what is made for them.
#[rustfmt::skip]
const INPUTS: &[Input] = &[
    may("episodeId"), may("basedOn"), must("planningText"), must("goalType"), must("goalText"), may("items"),
    Input::Own(p("followUps", Many(&Part("NewPlanFollowUp"), 50), "", "When it is followed up and evaluated: today or later.", "När den följs upp och utvärderas: i dag eller senare.")),
    may("agreement"), CONFIRMS,
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::PlanRevisions,
    title: ("Plans", "Planer"),
    text: (
        "The individual plan in revisions that never change: what the national rules on documentation ask for, item by item. When interventions change, the next revision is made; it names the one it builds on, so that nobody overwrites what they have not seen. There must be a plan before the first intervention begins but for talks, guidance and support in contact with authorities.",
        "Den individuella planen i revisioner som aldrig ändras: det som de nationella dokumentationsreglerna frågar efter, punkt för punkt. När insatser ändras görs nästa revision; den anger vilken den bygger på, så att ingen skriver över det som den inte har sett. En plan ska finnas innan den första insatsen påbörjas, utom samtal, vägledning och stöd i myndighetskontakt.",
    ),
    shown: &[Shown {
        resource: Resource::PlanRevisions,
        name: "PlanRevision",
        as_it_was: None,
        text: ("A revision of a plan. Its version in the `ETag` is its number.", "En revision av en plan. Dess version i `ETag` är dess nummer."),
        properties: &[
            p("id", Id, ids::PLAN, "The revision's id.", "Revisionens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("episodeId", Id, ids::EPISODE, "The episode that it belongs to; the open one if none is named.", "Perioden som den hör till; den öppna om ingen anges."),
            p("number", Whole(1, i64::MAX), "2", "Its number within the episode, from 1.", "Dess nummer inom perioden, från 1."),
            p("basedOn", Whole(1, i64::MAX), "1", "The number of the revision that it builds on; null for the first. If another is in force, the answer is 412 with its number in the `ETag`.", "Numret på revisionen som den bygger på; null för den första. Om en annan gäller blir svaret 412 med dess nummer i `ETag`.").or_null(),
            p("planningText", Lines(10000), "Börjar på kaféet i december och läser matematik på distans från januari.", "The individual planning (item 1 of the rules).", "Den individuella planeringen (reglernas punkt 1).").sometimes(),
            p("goalType", Word("PlanGoal"), "education", "What it leads to in the first place.", "Vad den leder till i första hand."),
            p("goalText", Lines(2000), "Klara gymnasiet på komvux.", "The goal of the interventions (item 1).", "Målet med insatserna (punkt 1).").sometimes(),
            p("items", Many(&Part("PlanItem"), 50), "", "What is to be done, and who answers for it (items 2 to 6).", "Vad som ska göras, och vem som ansvarar (punkt 2 till 6).").sometimes(),
            p("followUps", Many(&Part("PlanFollowUp"), 50), "", "When it is followed up and evaluated (item 7).", "När den följs upp och utvärderas (punkt 7)."),
            p("agreement", Part("PlanAgreement"), "", "What the youth agreed to; null until they have answered.", "Vad ungdomen har sagt ja till; null tills hen har tagit ställning.").or_null().sometimes(),
            p("madeBy", Id, ids::USER, "Who made it with the youth.", "Vem som gjorde den med ungdomen.").or_null(),
            p("createdAt", Instant, "2026-11-24T09:20:00.000000Z", "When it was made.", "När den gjordes."),
        ],
    }],
    parts: &[
        Part {
            name: "PlanItem",
            text: ("Something that is to be done.", "Något som ska göras."),
            properties: &[
                p("what", Lines(1000), "Praktik två dagar i veckan", "What.", "Vad.").always(),
                p("responsibleParty", Word("ResponsibleParty"), "other_actor", "Who answers for it: the youth, the municipality or another actor.", "Vem som ansvarar: ungdomen, kommunen eller annan aktör.").always(),
                p("actor", Text(200), "Café Exempel", "Who that is by name; another actor always has one.", "Vem det är, med namn; en annan aktör har alltid ett.").or_null(),
                p("plannedStartOn", Date, "2026-12-01", "When it is to begin.", "När det ska börja.").or_null(),
                p("plannedEndOn", Date, "2027-02-26", "When it is to end.", "När det ska sluta.").or_null(),
                p("interventionId", Id, ids::INTERVENTION, "The intervention of the episode that it became.", "Insatsen i perioden som det blev.").or_null(),
                p("endedOn", Date, "null", "When it ended.", "När det slutade.").or_null(),
                p("endReason", Word("EndReason"), "null", "Why it ended.", "Varför det slutade.").or_null(),
            ],
        },
        Part {
            name: "PlanFollowUp",
            text: ("A day when a plan is followed up or evaluated.", "En dag då en plan följs upp eller utvärderas."),
            properties: &[
                p("id", Id, ids::PLAN_FOLLOW_UP, "Its id.", "Dess id.").always(),
                p("dueOn", Date, "2027-01-15", "The day it is due; it comes up on the work list.", "Dagen då det ska göras; den kommer upp i arbetslistan.").always(),
                p("kind", Word("PlanFollowUpKind"), "follow_up", "Follow-up or evaluation.", "Uppföljning eller utvärdering.").always(),
                p("doneOn", Date, "null", "The day it was done.", "Dagen då det gjordes.").or_null(),
            ],
        },
        Part {
            name: "NewPlanFollowUp",
            text: ("A day when a plan is to be followed up or evaluated.", "En dag då en plan ska följas upp eller utvärderas."),
            properties: &[
                p("dueOn", Date, "2027-01-15", "The day: today or later.", "Dagen: i dag eller senare.").always(),
                p("kind", Word("PlanFollowUpKind"), "follow_up", "Follow-up (if nothing is told) or evaluation.", "Uppföljning (om inget anges) eller utvärdering."),
            ],
        },
        Part {
            name: "PlanAgreement",
            text: ("What the youth agreed to, when and how.", "Vad ungdomen har sagt ja till, när och hur."),
            properties: &[
                p("agreedOn", Date, "2026-11-24", "When.", "När.").always(),
                p("form", Word("AgreementForm"), "oral_documented", "How.", "Hur.").always(),
                p("agreedTo", Lines(4000), "Praktiken och matematiken.", "To what; this or the next must be told.", "Vad hen har sagt ja till; detta eller nästa ska anges.").or_null(),
                p("notAgreedTo", Lines(4000), "Att vi ringer skolan.", "To what not.", "Vad hen inte har sagt ja till.").or_null(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListYouthPlanRevisions,
            ("List plan revisions of a youth", "The revisions of a youth's plans, the latest first."),
            ("Lista planrevisioner för en ungdom", "Revisionerna av en ungdoms planer, den senaste först."))
            .query(&[p("episodeId", Id, ids::EPISODE, "Of this episode.", "I denna period.")]),
        Described::of(Operation::CreatePlanRevision,
            ("Make a plan revision", "Makes the next revision of the plan of an open episode. It names the one it builds on; if another has come between, the answer is 412 with the number in force, nothing is saved and nothing is lost."),
            ("Gör en planrevision", "Gör nästa revision av planen i en öppen period. Den anger vilken den bygger på; om en annan har kommit emellan blir svaret 412 med numret som gäller, inget sparas och inget går förlorat."))
            .takes(INPUTS)
            .not_in_example(&["basedOn", "confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode, ErrorCode::EpisodeClosed, ErrorCode::StaleVersion]),
        Described::of(Operation::ReadPlanRevision,
            ("Read a plan revision", "One revision, with its number in the `ETag`."),
            ("Läs en planrevision", "En revision, med dess nummer i `ETag`.")),
        Described::of(Operation::ReadPlanPrintout,
            ("Fetch the youth's copy of a plan", "The youth's own copy of a revision as a page that stands alone, to read or print, in the language of `Accept-Language`. It holds what the plan holds and nothing else. That it was fetched is logged."),
            ("Hämta ungdomens exemplar av en plan", "Ungdomens eget exemplar av en revision som en fristående sida, att läsa eller skriva ut, på språket i `Accept-Language`. Den innehåller det som planen innehåller och inget annat. Att den hämtades loggas.")),
        Described::of(Operation::CompletePlanFollowUp,
            ("Complete a plan's follow-up", "Records beside the revision that it was followed up or evaluated; told again, the later day counts. The answer is the revision."),
            ("Slutför en planuppföljning", "Antecknar vid sidan av revisionen att uppföljningen eller utvärderingen är gjord; anges den igen gäller den senare uppgiften. Svaret är revisionen."))
            .takes(&[Input::Own(p("doneOn", Date, "2027-01-15", "The day it was done; today if nothing is told.", "Dagen då det gjordes; i dag om inget anges."))])
            .errors(&[ErrorCode::EpisodeClosed]),
    ],
};
