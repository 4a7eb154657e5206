//! The chapter of the target group: what the rules say of a youth, the candidates found by them, and the runs that find them.
//! The rules stand in `domain::target_group`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("status", Word("CandidateStatus"), "pending", "With this status.", "Med denna status."),
    p("kind", Word("CandidateKind"), "enters", "Of this kind.", "Av detta slag."),
];

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
        Shown {
            resource: Resource::TargetGroupCandidates,
            name: "Candidate",
            as_it_was: None,
            text: ("What the rules have found about a youth, for a person to decide. Of a youth one waits at most.", "Vad reglerna har funnit om en ungdom, för en person att besluta om. För en ungdom väntar högst en."),
            properties: &[
                p("id", Id, ids::CANDIDATE, "The candidate's id.", "Kandidatens id."),
                p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
                p("unitId", Id, ids::UNIT, "The unit at that time.", "Enheten vid den tiden."),
                p("runId", Id, ids::RUN, "The run that found it.", "Körningen som tog fram den."),
                p("kind", Word("CandidateKind"), "enters", "What it proposes.", "Vad den föreslår."),
                p("foundOn", Date, "2026-11-24", "The day that was asked about.", "Dagen som frågan gällde."),
                p("ruleVersion", Word("RuleVersionCode"), "KAA_2023", "The version of the rule.", "Regelns version."),
                p("reason", Word("Reason"), "dropout_national_programme", "Why the youth is in the group.", "Varför ungdomen ingår.").or_null(),
                p("deregistrationReason", Word("DeregistrationReason"), "null", "What put the youth outside first.", "Det som först gjorde att ungdomen inte ingår.").or_null(),
                p("sinceOn", Date, "null", "Since when.", "Sedan när.").or_null(),
                p("failedPoints", Many(&Word("TargetGroupPoint"), 0), "ongoing_education", "The points of the law that do not hold.", "De punkter i lagen som inte är uppfyllda."),
                p("causes", Many(&Word("TargetGroupCause"), 0), "folk_high_school", "What a person must decide.", "Vad en person måste ta ställning till."),
                p("facts", Part("TargetGroupFacts"), "", "The facts exactly as they were evaluated.", "Uppgifterna precis som de prövades."),
                p("status", Word("CandidateStatus"), "pending", "What has become of it.", "Vad som har hänt med den."),
                p("decisionReason", Lines(1000), "null", "Why it was decided so.", "Varför beslutet blev så.").or_null(),
                p("episodeId", Id, "null", "The episode that the decision opened or closed.", "Perioden som beslutet öppnade eller avslutade.").or_null(),
                p("decidedBy", Id, "null", "Who decided.", "Vem som beslutade.").or_null(),
                p("decidedAt", Instant, "null", "When.", "När.").or_null(),
                p("createdAt", Instant, "2026-11-24T01:00:00.000000Z", "When it was raised.", "När den togs fram."),
                p("updatedAt", Instant, "2026-11-24T01:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
                p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
            ],
        },
        Shown {
            resource: Resource::TargetGroupRuns,
            name: "TargetGroupRun",
            as_it_was: None,
            text: ("A run of the rules over the youths of a unit.", "En körning av reglerna över en enhets ungdomar."),
            properties: &[
                p("id", Id, ids::RUN, "The run's id.", "Körningens id."),
                p("unitId", Id, ids::UNIT, "The unit.", "Enheten."),
                p("forOn", Date, "2026-11-24", "The day that the youths are asked about.", "Dagen som ungdomarna prövas för."),
                p("startedBy", Id, "null", "Who started it; null if the service did by itself.", "Vem som startade den; null om tjänsten gjorde det själv.").or_null(),
                p("startedAt", Instant, "2026-11-24T01:00:00.000000Z", "When it began.", "När den började."),
                p("finishedAt", Instant, "2026-11-24T01:00:01.200000Z", "When it ended; null while it has not.", "När den blev klar; null så länge den inte är det.").or_null(),
                p("counts", Part("TargetGroupCounts"), "", "What it found so far. Youths with protected identity are not counted.", "Vad den har funnit hittills. Ungdomar med skyddade personuppgifter räknas inte."),
                p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
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
        Part {
            name: "TargetGroupCounts",
            text: ("What a run has found.", "Vad en körning har funnit."),
            properties: &[
                p("evaluated", Whole(0, i64::MAX), "400", "Youths asked about.", "Ungdomar som prövats.").always(),
                p("enters", Whole(0, i64::MAX), "3", "New candidates that enter.", "Nya kandidater som kommer in.").always(),
                p("leaves", Whole(0, i64::MAX), "2", "New candidates that leave.", "Nya kandidater som lämnar.").always(),
                p("needsDecision", Whole(0, i64::MAX), "1", "New candidates that a person must decide on.", "Nya kandidater som en person måste ta ställning till.").always(),
                p("outreachProposals", Whole(0, i64::MAX), "1", "New proposals of outreach.", "Nya förslag om uppsökande verksamhet.").always(),
                p("obsolete", Whole(0, i64::MAX), "0", "Waiting candidates that were no longer true.", "Väntande kandidater som inte längre var aktuella.").always(),
                p("closedByAge", Whole(0, i64::MAX), "1", "Episodes that ended because the youth turned 20.", "Perioder som slutade för att ungdomen fyllde 20.").always(),
            ],
        },
        Part {
            name: "CandidateEpisode",
            text: ("How the episode is opened that a confirmation opens. What is left out follows from the candidate.", "Hur perioden öppnas som en bekräftelse öppnar. Det som utelämnas följer av kandidaten."),
            properties: &[
                p("reason", Word("Reason"), "dropout_national_programme", "Why the youth is in the group; as found, if nothing is said.", "Varför ungdomen ingår; så som det togs fram, om inget sägs."),
                p("enteredOn", Date, "2026-11-24", "The first day; the day that was asked about, for outreach today, if nothing is said.", "Den första dagen; dagen som frågan gällde, för uppsökande i dag, om inget sägs."),
                p("handlerId", Id, ids::USER, "The responsible handler. The chief alone may name one.", "Ansvarig handläggare. Bara enhetschefen får ange någon."),
                p("basis", Word("OutreachBasis"), "own_request", "What outreach rests on. Required for outreach, and only told for it.", "Vad det uppsökande vilar på. Krävs för uppsökande, och anges bara för det."),
                p("basisText", Lines(2000), "Vill ha hjälp att söka arbete.", "How. Told together with the basis.", "Hur. Anges tillsammans med grunden."),
                p("confirmedTerms", Many(&Text(100), 100), "", "Exactly the words that an earlier answer called sensitive, if they shall stand.", "Precis de ord som ett tidigare svar kallade känsliga, om de ska stå kvar."),
            ],
        },
        Part {
            name: "CandidateClosure",
            text: ("How the open episode is closed. Day and reason follow from the candidate if nothing is said.", "Hur den öppna perioden avslutas. Dag och orsak följer av kandidaten om inget sägs."),
            properties: &[
                p("exitedOn", Date, "2026-11-20", "The day of exit.", "Dagen för avregistrering."),
                p("deregistrationReason", Word("DeregistrationReason"), "national_programme_or_equiv", "Why it ends.", "Varför den avslutas."),
                p("destination", Word("Destination"), "upper_secondary_studies", "What the youth goes to. Required unless the youth has died or was registered in error.", "Vad ungdomen går till. Krävs om inte ungdomen har avlidit eller var felregistrerad."),
                p("destinationElsewhere", YesNo, "false", "Whether that is in another place. Required for work and education, and only told for them.", "Om det är på annan ort. Krävs för arbete och utbildning, och anges bara för dem."),
                p("interventions", Many(&Part("EndedIntervention"), 100), "", "How each intervention under way ends.", "Hur varje pågående insats avslutas."),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ReadTargetGroup,
            ("Read whether a youth is in the target group", "What the rules say of a youth on a day, with the version of the law, the points that fail, and the facts it rests on. Only facts up to that day count."),
            ("Läs om en ungdom ingår i målgruppen", "Vad reglerna säger om en ungdom en viss dag, med lagens version, de punkter som brister och uppgifterna som svaret vilar på. Bara uppgifter fram till den dagen räknas."))
            .query(&[p("on", Date, "2018-07-01", "The day; today if nothing is said.", "Dagen; i dag om inget sägs.")]),
        Described::of(Operation::ListCandidates,
            ("List candidates", "The candidates that you may see, the latest raised first."),
            ("Lista kandidater", "De kandidater som du får se, den senast framtagna först."))
            .query(FILTERS)
            .answers("Candidate"),
        Described::of(Operation::ListYouthCandidates,
            ("List candidates of a youth", "The candidates of one youth, the latest raised first."),
            ("Lista en ungdoms kandidater", "En ungdoms kandidater, den senast framtagna först."))
            .query(FILTERS)
            .answers("Candidate"),
        Described::of(Operation::ReadCandidate,
            ("Read a candidate", "One candidate, with the version in the `ETag`."),
            ("Läs en kandidat", "En kandidat, med versionen i `ETag`."))
            .answers("Candidate"),
        Described::of(Operation::DecideCandidate,
            ("Decide on a candidate", "Confirming one that enters opens the `kaa` episode; confirming one that leaves closes it, with `closure` as for closing an episode; confirming a proposal of outreach opens an episode of that track on the basis told. Of one that needs a decision, confirming says that the youth belongs to the target group, rejecting that they do not, which closes an open episode. Rejecting needs a reason, and so does every answer to what the law leaves open. Have the facts changed since, the answer is 409."),
            ("Besluta om en kandidat", "Att bekräfta en som kommer in öppnar `kaa`-perioden; att bekräfta en som lämnar avslutar den, med `closure` som när en period avslutas; att bekräfta ett förslag om uppsökande öppnar en period i det spåret på den grund som anges. För en som kräver ett ställningstagande betyder bekräfta att ungdomen ingår i målgruppen, avslå att hen inte gör det, vilket avslutar en öppen period. Att avslå kräver ett skäl, och det gör också varje svar på det som lagen lämnar öppet. Har uppgifterna ändrats sedan dess blir svaret 409."))
            .takes(&[
                Input::Own(p("status", OneOf(&["confirmed", "rejected"]), "confirmed", "The decision.", "Beslutet.").always()),
                Input::Own(p("decisionReason", Lines(1000), "Går inte längre i skolan, bekräftat av mentorn.", "Why. Required to reject, and for what needs a decision.", "Varför. Krävs för att avslå, och för det som kräver ett ställningstagande.")),
                Input::Own(p("episode", Part("CandidateEpisode"), "", "How the episode is opened.", "Hur perioden öppnas.")),
                Input::Own(p("closure", Part("CandidateClosure"), "", "How the open episode is closed.", "Hur den öppna perioden avslutas.")),
                CONFIRMS,
            ])
            .not_in_example(&["closure", "confirmedTerms"])
            .answers("Candidate")
            .errors(&[ErrorCode::Conflict, ErrorCode::CandidateOutdated, ErrorCode::EpisodeOpen, ErrorCode::InterventionsOpen]),
        Described::of(Operation::RunTargetGroup,
            ("Run the target group", "Asks the rules about every youth of your unit: raises and drops candidates, and closes the `kaa` episodes of those who have turned 20. The service does so every night by itself. Twice on the same facts does nothing the second time."),
            ("Kör målgruppen", "Prövar reglerna för varje ungdom i din enhet: tar fram och drar tillbaka kandidater, och avslutar `kaa`-perioderna för dem som har fyllt 20. Tjänsten gör det varje natt av sig själv. Två gånger på samma uppgifter gör inget den andra gången."))
            .takes(&[Input::Own(p("forOn", Date, "2026-11-24", "The day; today if nothing is said, none ahead.", "Dagen; i dag om inget sägs, ingen framåt."))])
            .answers("TargetGroupRun"),
        Described::of(Operation::ListTargetGroupRuns,
            ("List runs of the target group", "The runs of your unit, newest first."),
            ("Lista körningar av målgruppen", "Din enhets körningar, den senaste först."))
            .answers("TargetGroupRun"),
        Described::of(Operation::ReadTargetGroupRun,
            ("Read a run of the target group", "One run with its counts."),
            ("Läs en körning av målgruppen", "En körning med sina antal."))
            .answers("TargetGroupRun"),
    ],
};
