//! The chapters of disposal: the periods that are decided, the holds, and the runs with their items. What may never go is told
//! in `domain::retention`.

use super::{CONFIRMS, Chapter, Described, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

const POLICY: &[crate::api::contract::shape::Property] = &[
    p(
        "class",
        Word("DisposalClass"),
        "youth_file",
        "Of what.",
        "Av vad.",
    )
    .always(),
    p(
        "anchor",
        Word("RetentionAnchor"),
        "last_note",
        "From when the period counts; the first that the class knows if nothing is said.",
        "Från när fristen räknas; det första som slaget känner om inget anges.",
    ),
    p(
        "months",
        Whole(0, 1200),
        "60",
        "The period, in months.",
        "Fristen, i månader.",
    )
    .always(),
    p(
        "isArchived",
        YesNo,
        "true",
        "Whether it goes to the municipal archive first.",
        "Om det först går till kommunarkivet.",
    )
    .always(),
    p(
        "decisionReference",
        Text(100),
        "BUN 2026/114 § 7",
        "The minutes, or the number of the decision.",
        "Protokollet eller beslutets nummer.",
    )
    .always(),
    p(
        "decidedOn",
        Date,
        "2026-03-18",
        "The day of the decision.",
        "Dagen för beslutet.",
    )
    .always(),
];

/// What is decided of a class, as a part of the settings and of a run.
pub const DECIDED: Part = Part {
    name: "DecidedRetention",
    text: (
        "For how long a class of data is kept, as decided.",
        "Hur länge ett slags uppgifter bevaras, enligt beslut.",
    ),
    properties: POLICY,
};

#[rustfmt::skip]
pub const POLICIES: Chapter = Chapter {
    resource: Resource::RetentionPolicies,
    title: ("Retention", "Gallringsfrister"),
    text: (
        "For how long each class of data is kept. The municipality decides it with minutes; the administrator enters the decision in the settings (`retentionPolicies`). Of a class without a decision nothing is ever disposed of, and `isDecided` tells so. The period of the log is the setting `auditRetentionMonths`.",
        "Hur länge varje slags uppgifter bevaras. Kommunen fattar beslut om det; administratören lägger in beslutet i inställningarna (`retentionPolicies`). Av ett slag utan beslut gallras aldrig något, och `isDecided` talar om det. Loggens frist är inställningen `auditRetentionMonths`.",
    ),
    shown: &[Shown {
        resource: Resource::RetentionPolicies,
        name: "RetentionPolicy",
        as_it_was: None,
        text: ("What has been decided for a class of data.", "Vad som är beslutat för ett slags uppgifter."),
        properties: &[
            p("class", Word("DisposalClass"), "youth_file", "Of what.", "Av vad."),
            p("isDecided", YesNo, "true", "Whether a period is decided; if not, nothing of it is ever disposed of.", "Om en frist är beslutad; annars gallras aldrig något av det."),
            p("anchor", Word("RetentionAnchor"), "last_note", "From when the period counts.", "Från när fristen räknas.").or_null(),
            p("months", Whole(0, 1200), "60", "The period, in months.", "Fristen, i månader.").or_null(),
            p("isArchived", YesNo, "true", "Whether it goes to the municipal archive first.", "Om det först går till kommunarkivet.").or_null(),
            p("decisionReference", Text(100), "BUN 2026/114 § 7", "The minutes, or the number of the decision.", "Protokollet eller beslutets nummer.").or_null(),
            p("decidedOn", Date, "2026-03-18", "The day of the decision.", "Dagen för beslutet.").or_null(),
        ],
    }],
    parts: &[DECIDED],
    operations: &[
        Described::of(Operation::ListRetentionPolicies,
            ("List retention periods", "Every class of data, with the period that is decided, or that none is."),
            ("Lista gallringsfrister", "Varje slags uppgifter, med den frist som är beslutad, eller att ingen är det.")),
    ],
};

#[rustfmt::skip]
pub const HOLDS: Chapter = Chapter {
    resource: Resource::DisposalHolds,
    title: ("Holds against disposal", "Gallringsstopp"),
    text: (
        "That what is kept of a youth is not disposed of for now, whatever period has run out: a dispute, supervision, a request that is being handled. A restriction of processing holds it back too, without a hold.",
        "Att det som finns om en ungdom inte gallras för tillfället, vilken frist som än har löpt ut: en tvist, tillsyn, en begäran som handläggs. Även en begränsning av behandling hindrar gallring, utan gallringsstopp.",
    ),
    shown: &[Shown {
        resource: Resource::DisposalHolds,
        name: "DisposalHold",
        as_it_was: None,
        text: ("A hold against disposal.", "Ett gallringsstopp."),
        properties: &[
            p("id", Id, ids::DISPOSAL_HOLD, "The hold's id.", "Gallringsstoppets id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("ground", Word("DisposalHoldGround"), "dispute", "On what ground.", "På vilken grund."),
            p("reason", Lines(1000), "Ungdomen har begärt skadestånd av kommunen.", "Why, in at least 10 characters.", "Varför, med minst 10 tecken."),
            p("reviewOn", Date, "2027-11-20", "When somebody looks whether it is still needed.", "När någon ser efter om det fortfarande behövs.").or_null(),
            p("liftedOn", Date, "null", "When it was lifted.", "När det hävdes.").or_null(),
            p("liftReason", Lines(1000), "null", "Why it was lifted.", "Varför det hävdes.").or_null(),
            p("createdBy", Id, ids::USER, "Who placed it.", "Vem som satte det.").or_null(),
            p("createdAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was entered.", "När det lades in."),
            p("updatedAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthDisposalHolds,
            ("List holds of a youth", "The holds of one youth, newest first, lifted ones too."),
            ("Lista gallringsstopp för en ungdom", "En ungdoms gallringsstopp, det senaste först, även hävda.")),
        Described::of(Operation::PlaceDisposalHold,
            ("Hold a youth's data back", "Says that what is kept of the youth stays for now. A proposal that is approved already leaves the youth out when it is carried out."),
            ("Sätt gallringsstopp", "Säger att det som finns om ungdomen sparas tills vidare. Ett förslag som redan är godkänt lämnar ungdomen utanför när det genomförs."))
            .takes(&[must("ground"), must("reason"), may("reviewOn"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadDisposalHold,
            ("Read a hold", "One hold, with the version in the `ETag`."),
            ("Läs ett gallringsstopp", "Ett gallringsstopp, med versionen i `ETag`.")),
        Described::of(Operation::UpdateDisposalHold,
            ("Lift a hold", "Lifts it with a reason, or changes the day on which it is looked at again. A lifted one no longer changes."),
            ("Häv ett gallringsstopp", "Häver det med ett skäl, eller ändrar dagen då det ses över. Ett hävt ändras inte längre."))
            .takes(&[may("reviewOn"), may("liftedOn"), may("liftReason"), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::FactVoid]),
    ],
};

#[rustfmt::skip]
pub const RUNS: Chapter = Chapter {
    resource: Resource::DisposalRuns,
    title: ("Disposal", "Gallring"),
    text: (
        "What has run out is proposed by the chief, approved by somebody else, given to the archive where that is decided (`kaa disposal archive`, by whoever runs the service), and erased in one run. The receipt that stays has counts, decisions and who answered for it, and nobody's data. A file goes only once a period is decided for the compartment as well, which it takes along. Whatever does not count as run out any more when it is carried out, is held back, or has changed since the archive was given it, stays and is counted as kept. Youths with protected identity, and what lies in the compartment, have runs of their own, among chiefs.",
        "Det som har löpt ut föreslås av enhetschefen, godkänns av någon annan, lämnas till arkivet där det är beslutat (`kaa disposal archive`, av den som driver tjänsten), och raderas i en körning. Kvittot som blir kvar har antal, beslut och vilka som svarat för det, och ingens uppgifter. En akt gallras först när en frist är beslutad också för det skyddade utrymmet, som följer med. Det som vid genomförandet inte längre har löpt ut, har gallringsstopp eller har ändrats sedan arkivet fick det, blir kvar och räknas som det. Ungdomar med skyddade personuppgifter, och det som ligger i det skyddade utrymmet, har egna körningar, mellan enhetschefer.",
    ),
    shown: &[Shown {
        resource: Resource::DisposalRuns,
        name: "DisposalRun",
        as_it_was: None,
        text: ("A run of disposal.", "En gallring."),
        properties: &[
            p("id", Id, ids::DISPOSAL_RUN, "The run's id.", "Gallringens id."),
            p("unitId", Id, ids::UNIT, "The unit.", "Enheten."),
            p("isOfProtected", YesNo, "false", "Whether it is of youths with protected identity and of the compartment.", "Om den gäller ungdomar med skyddade personuppgifter och det skyddade utrymmet."),
            p("status", Word("DisposalStatus"), "executed", "How far it has come.", "Hur långt den har kommit."),
            p("policies", Many(&Part("DecidedRetention"), 0), "", "The decisions by which it was proposed.", "Besluten som den föreslogs efter."),
            p("counts", Many(&Part("DisposalCount"), 0), "", "How many of each class.", "Hur många av varje slag."),
            p("proposedBy", Id, ids::USER, "Who proposed it.", "Vem som föreslog den."),
            p("approvedBy", Id, ids::CHIEF, "Who approved it.", "Vem som godkände den.").or_null(),
            p("approvedAt", Instant, "2026-11-21T09:00:00.000000Z", "When.", "När.").or_null(),
            p("archivedAt", Instant, "2026-11-21T10:00:00.000000Z", "When the archive file was made.", "När arkivfilen gjordes.").or_null(),
            p("archiveSha256", Text(64), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "Its SHA-256, hexadecimal.", "Dess SHA-256, hexadecimalt.").or_null(),
            p("executedBy", Id, ids::USER, "Who carried it out.", "Vem som genomförde den.").or_null(),
            p("executedAt", Instant, "2026-11-21T11:00:00.000000Z", "When.", "När.").or_null(),
            p("receipt", Part("DisposalReceipt"), "", "What was erased, without anybody's data.", "Vad som raderades, utan någons uppgifter.").or_null(),
            p("receiptSha256", Text(64), "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", "The SHA-256 of the receipt, hexadecimal.", "Kvittots SHA-256, hexadecimalt.").or_null(),
            p("createdAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was proposed.", "När den föreslogs."),
            p("updatedAt", Instant, "2026-11-21T11:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "4", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "DisposalCount",
            text: ("How many of a class.", "Hur många av ett slag."),
            properties: &[
                p("class", Word("DisposalClass"), "youth_file", "Of what.", "Av vad.").always(),
                p("proposed", Whole(0, i64::MAX), "12", "Proposed.", "Föreslagna.").always(),
                p("erased", Whole(0, i64::MAX), "11", "Erased; once it is carried out.", "Raderade; sedan den genomförts."),
                p("kept", Whole(0, i64::MAX), "1", "Kept after all; once it is carried out.", "Kvar ändå; sedan den genomförts."),
            ],
        },
        Part {
            name: "DisposalReceipt",
            text: ("The receipt of a run. It never changes.", "Kvittot på en gallring. Det ändras aldrig."),
            properties: &[
                p("run", Id, ids::DISPOSAL_RUN, "The run.", "Gallringen.").always(),
                p("unit", Id, ids::UNIT, "The unit.", "Enheten.").always(),
                p("isOfProtected", YesNo, "false", "Whether it was of youths with protected identity and of the compartment.", "Om den gällde ungdomar med skyddade personuppgifter och det skyddade utrymmet.").always(),
                p("proposedAt", Instant, "2026-11-20T09:00:00.000000Z", "When it was proposed.", "När den föreslogs.").always(),
                p("proposedBy", Id, ids::USER, "By whom.", "Av vem.").always(),
                p("approvedAt", Instant, "2026-11-21T09:00:00.000000Z", "When it was approved.", "När den godkändes.").always(),
                p("approvedBy", Id, ids::CHIEF, "By whom.", "Av vem.").always(),
                p("executedAt", Instant, "2026-11-21T11:00:00.000000Z", "When it was carried out.", "När den genomfördes.").always(),
                p("executedBy", Id, ids::USER, "By whom.", "Av vem.").always(),
                p("policies", Many(&Part("DecidedRetention"), 0), "", "By which decisions.", "Efter vilka beslut.").always(),
                p("counts", Many(&Part("DisposalCount"), 0), "", "How many of each class.", "Hur många av varje slag.").always(),
                p("rows", ByName(&Whole(0, i64::MAX)), "contacts=212", "Rows erased, by table; of the compartment only in a run of its own.", "Raderade rader, per tabell; för det skyddade utrymmet bara i en egen gallring.").always(),
                p("archiveSha256", Text(64), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "The SHA-256 of the archive file, if there is one.", "Arkivfilens SHA-256, om det finns en.").or_null().always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListDisposalRuns,
            ("List runs of disposal", "The runs of your unit, newest first."),
            ("Lista gallringar", "Din enhets gallringar, den senaste först.")),
        Described::of(Operation::ProposeDisposal,
            ("Propose a disposal", "Lists what has run out in your unit today, at most 500 items. One proposal at a time."),
            ("Föreslå gallring", "Listar det som har löpt ut i din enhet i dag, högst 500 poster. Ett förslag åt gången."))
            .takes(&[may("isOfProtected")])
            .errors(&[ErrorCode::NothingToDispose, ErrorCode::AlreadyExists]),
        Described::of(Operation::ReadDisposalRun,
            ("Read a run of disposal", "One run, with the version in the `ETag`."),
            ("Läs en gallring", "En gallring, med versionen i `ETag`.")),
        Described::of(Operation::ApproveDisposal,
            ("Approve a disposal", "By somebody else than whoever proposed it."),
            ("Godkänn en gallring", "Av någon annan än den som föreslog den."))
            .errors(&[ErrorCode::SecondPersonRequired, ErrorCode::DisposalWrongStep]),
        Described::of(Operation::WithdrawDisposal,
            ("Withdraw a disposal", "Nothing is erased. A new one can be proposed."),
            ("Ta tillbaka en gallring", "Inget raderas. En ny kan föreslås."))
            .errors(&[ErrorCode::DisposalWrongStep]),
        Described::of(Operation::ExecuteDisposal,
            ("Carry a disposal out", "Erases for good, all at once, and answers the receipt. What goes to the archive must have been given to it first."),
            ("Genomför en gallring", "Raderar för gott, allt på en gång, och svarar med kvittot. Det som ska till arkivet måste ha lämnats dit först."))
            .errors(&[ErrorCode::DisposalWrongStep, ErrorCode::ArchiveMissing]),
    ],
};

#[rustfmt::skip]
pub const ITEMS: Chapter = Chapter {
    resource: Resource::DisposalItems,
    title: ("Items of a disposal", "Poster i en gallring"),
    text: (
        "What a run would take, until it is carried out or withdrawn. What it would take of the compartment is counted by the run and listed nowhere.",
        "Vad en gallring skulle ta, tills den genomförs eller tas tillbaka. Det som den skulle ta ur det skyddade utrymmet räknas i gallringen och listas ingenstans.",
    ),
    shown: &[Shown {
        resource: Resource::DisposalItems,
        name: "DisposalItem",
        as_it_was: None,
        text: ("Something that a run would take.", "Något som en gallring skulle ta."),
        properties: &[
            p("id", Id, ids::DISPOSAL_ITEM, "The item's id.", "Postens id."),
            p("runId", Id, ids::DISPOSAL_RUN, "The run.", "Gallringen."),
            p("class", Word("DisposalClass"), "youth_file", "Of which class.", "Av vilket slag."),
            p("youthId", Id, ids::YOUTH, "The youth, if it is about one.", "Ungdomen, om det gäller en.").or_null(),
            p("recordId", Id, ids::YOUTH, "The youth, the import or the notification.", "Ungdomen, inläsningen eller meddelandet."),
            p("anchorOn", Date, "2021-06-30", "The day from which the period counts.", "Dagen som fristen räknas från."),
            p("dueOn", Date, "2026-06-30", "The day on which it ran out.", "Dagen då den löpte ut."),
            p("isArchived", YesNo, "false", "Whether the archive has it.", "Om arkivet har den."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListDisposalItems,
            ("List items of a disposal", "What the run would take, by the order in which it was proposed."),
            ("Lista poster i en gallring", "Vad gallringen skulle ta, i den ordning det föreslogs.")),
    ],
};
