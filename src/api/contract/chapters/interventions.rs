//! The chapter of interventions. Which orders of dates are possible stands in `domain::intervention`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const INPUTS: &[Input] = &[
    must("episodeId"),
    must("kind"),
    must("answer"),
    must("offeredOn"),
    may("answeredOn"),
    may("startedOn"),
    may("endedOn"),
    may("endReason"),
    may("provider"),
    must("responsibleParty"),
    may("goal"),
    may("followUps"),
    CONFIRMS,
];

/// A new offer is of today and unanswered if nothing is told.
const OFFER: &[Input] = &[
    may("episodeId"),
    must("kind"),
    may("answer"),
    may("offeredOn"),
    may("answeredOn"),
    may("startedOn"),
    may("endedOn"),
    may("endReason"),
    may("provider"),
    must("responsibleParty"),
    may("goal"),
    may("followUps"),
    CONFIRMS,
];

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("kind", Word("Measure"), "work_placement", "Of this measure.", "Av denna åtgärd."),
    p("answer", Word("OfferAnswer"), "accepted", "With this answer.", "Med detta svar."),
    p("isOpen", YesNo, "true", "Offered or accepted and not ended, in an open episode; or not so.", "Erbjudna eller accepterade och inte avslutade, i en öppen period; eller inte så."),
];

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Interventions,
    title: ("Interventions", "Insatser"),
    text: (
        "A measure from the offer to its end. An offer is not a participation, and several may run at once.",
        "En åtgärd från erbjudandet till slutet. Ett erbjudande är inte ett deltagande, och flera får pågå samtidigt.",
    ),
    shown: &[Shown {
        resource: Resource::Interventions,
        name: "Intervention",
        as_it_was: None,
        text: ("An intervention.", "En insats."),
        properties: &[
            p("id", Id, ids::INTERVENTION, "The intervention's id.", "Insatsens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("episodeId", Id, ids::EPISODE, "The episode that it belongs to.", "Perioden som den hör till."),
            p("kind", Word("Measure"), "work_placement", "The measure.", "Åtgärden."),
            p("answer", Word("OfferAnswer"), "accepted", "The answer to the offer.", "Svaret på erbjudandet."),
            p("offeredOn", Date, "2026-10-05", "When it was offered.", "När den erbjöds."),
            p("answeredOn", Date, "2026-10-08", "When the answer came.", "När svaret kom.").or_null(),
            p("startedOn", Date, "2026-10-19", "The first day.", "Den första dagen.").or_null(),
            p("endedOn", Date, "null", "The last day.", "Den sista dagen.").or_null(),
            p("endReason", Word("EndReason"), "null", "Why it ended.", "Varför den avslutades.").or_null(),
            p("provider", Text(200), "Café Exempel", "Who provides it.", "Vem som anordnar den.").or_null(),
            p("responsibleParty", Word("ResponsibleParty"), "municipality", "Who answers for it.", "Vem som ansvarar för den."),
            p("goal", Lines(2000), "Prova på arbete i kök två dagar i veckan.", "What it is for.", "Vad den ska leda till.").or_null().sometimes(),
            p("followUps", Many(&Part("MeasureFollowUp"), 50), "", "When it is followed up.", "När den följs upp."),
            p("createdBy", Id, ids::USER, "Who registered it.", "Vem som registrerade den.").or_null(),
            p("createdAt", Instant, "2026-10-05T08:20:00.000000Z", "When it was registered.", "När den registrerades."),
            p("updatedAt", Instant, "2026-10-19T07:05:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "3", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[Part {
        name: "MeasureFollowUp",
        text: ("A day when an intervention is followed up.", "En dag då en insats följs upp."),
        properties: &[
            p("dueOn", Date, "2026-11-30", "The day it is due; it comes up on the work list.", "Dagen då det ska göras; den kommer upp i arbetslistan.").always(),
            p("doneOn", Date, "null", "The day it was done.", "Dagen då det gjordes.").or_null(),
            p("isAtHost", YesNo, "false", "Whether it is done at the host; as it was, or not, if nothing is told.", "Om det görs hos värden; som det var, eller inte, om inget anges."),
        ],
    }],
    operations: &[
        Described::of(Operation::ListInterventions,
            ("List interventions", "The interventions that you may see, the latest offered first."),
            ("Lista insatser", "De insatser som du får se, den senast erbjudna först."))
            .query(FILTERS),
        Described::of(Operation::ListYouthInterventions,
            ("List interventions of a youth", "The interventions of one youth, the latest offered first."),
            ("Lista insatser för en ungdom", "En ungdoms insatser, den senast erbjudna först."))
            .query(FILTERS),
        Described::of(Operation::OfferIntervention,
            ("Offer an intervention", "Registers an offer in an open episode, at once with its answer and start if they are known. The youth consultant offers measures of work and placement. While measures may not start, and until there is a plan, only talks, guidance and support in contact with authorities can begin."),
            ("Erbjud en insats", "Registrerar ett erbjudande i en öppen period, genast med svar och start om de är kända. Ungdomskonsulenten erbjuder åtgärder som gäller arbete och praktik. Så länge insatser inte får påbörjas, och tills det finns en plan, kan bara samtal, vägledning och stöd i myndighetskontakt börja."))
            .takes(OFFER)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode, ErrorCode::EpisodeClosed, ErrorCode::MeasuresNotOpen, ErrorCode::PlanMissing]),
        Described::of(Operation::ReadIntervention,
            ("Read an intervention", "One intervention, with the version in the `ETag`."),
            ("Läs en insats", "En insats, med versionen i `ETag`.")),
        Described::of(Operation::UpdateIntervention,
            ("Change an intervention", "Takes the next step (answer, start, end) or corrects what was entered. While measures may not start, and until there is a plan, only talks, guidance and authority contact can begin."),
            ("Ändra en insats", "Tar nästa steg (svar, start, slut) eller rättar det som angavs. Så länge insatser inte får påbörjas, och tills det finns en plan, kan bara samtal, vägledning och stöd i myndighetskontakt börja."))
            .takes(INPUTS)
            .not_in_example(&["episodeId", "confirmedTerms"])
            .errors(&[ErrorCode::EpisodeClosed, ErrorCode::MeasuresNotOpen, ErrorCode::PlanMissing, ErrorCode::PlacesTaken]),
    ],
};
