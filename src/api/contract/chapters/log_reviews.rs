//! The chapters of the review of the log. How a sample is drawn is told in `domain::log_review`.

use super::{Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const REVIEWS: Chapter = Chapter {
    resource: Resource::LogReviews,
    title: ("Log reviews", "Logggranskningar"),
    text: (
        "A review looks at a sample of what the log says of a unit's staff in a period (SoLPUL 10 §). The sample is drawn when the review is made and never changes: everything that concerned a protected identity or rested on a break-glass, some of what other rules point at, and some at random. The chief reviews the own unit's staff, never a chief; the log reviewer reviews everybody, chiefs too. Nobody reviews themselves. Once every row has a finding the review is signed off, and never changes after that.",
        "En granskning går igenom ett urval av vad loggen säger om en enhets medarbetare under en period (SoLPUL 10 §). Urvalet dras när granskningen görs och ändras aldrig: allt som rörde skyddade personuppgifter eller vilade på ett nödöppnande, en del av det som andra regler pekar ut, och en del slumpvis. Enhetschefen granskar den egna enhetens medarbetare, aldrig en chef; loggranskaren granskar alla, också cheferna. Ingen granskar sig själv. När varje rad har en bedömning avslutas granskningen, och ändras aldrig därefter.",
    ),
    shown: &[Shown {
        resource: Resource::LogReviews,
        name: "LogReview",
        as_it_was: None,
        text: ("A review of the log.", "En granskning av loggen."),
        properties: &[
            p("id", Id, ids::LOG_REVIEW, "The review's id.", "Granskningens id."),
            p("unitId", Id, ids::UNIT, "The unit whose staff is reviewed; null for those who have no unit. The chief's is always the own.", "Enheten vars medarbetare granskas; null för dem som inte har någon enhet. Enhetschefens är alltid den egna.").or_null(),
            p("kind", Word("LogReviewKind"), "unit", "Whose review it is.", "Vems granskning det är."),
            p("fromOn", Date, "2026-10-01", "The first day.", "Första dagen."),
            p("toOn", Date, "2026-10-31", "The last day, itself included; 92 days at most.", "Sista dagen, den själv inräknad; högst 92 dagar."),
            p("reviewerId", Id, ids::USER, "Who reviews.", "Vem som granskar."),
            p("seed", Text(32), "8f14e45fceea167a5a36dedd4bea2543", "What the draw follows from: whoever has the log can draw it again.", "Det som dragningen följer av: den som har loggen kan dra den igen."),
            p("rules", Part("LogReviewRules"), "", "The settings by which it was drawn.", "Inställningarna som den drogs med."),
            p("eventCount", Whole(0, i64::MAX), "4210", "Events that could be drawn.", "Händelser som kunde dras."),
            p("rowCount", Whole(0, i64::MAX), "37", "Rows of the sample.", "Rader i urvalet."),
            p("conclusion", Lines(2000), "null", "What the review comes to.", "Vad granskningen kommer fram till.").or_null(),
            p("signedOffAt", Instant, "null", "When it was signed off.", "När den avslutades.").or_null(),
            p("createdAt", Instant, "2026-11-24T08:15:00.000000Z", "When it was made, and drawn.", "När den gjordes och drogs."),
            p("updatedAt", Instant, "2026-11-24T08:15:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[
        Part {
            name: "LogReviewRules",
            text: ("How a sample was drawn.", "Hur ett urval drogs."),
            properties: &[
                p("randomRows", Whole(0, 500), "20", "Events drawn at random.", "Händelser som dragits slumpvis.").always(),
                p("targetedRows", Whole(0, 500), "20", "Events at most for each rule that does not give all.", "Högsta antal händelser för varje regel som inte ger alla.").always(),
                p("officeHoursFrom", Whole(0, 23), "7", "The hour at which the office opened.", "Timmen då kontoret öppnade.").always(),
                p("officeHoursTo", Whole(1, 24), "18", "The hour at which it closed.", "Timmen då det stängde.").always(),
                p("officeClosedOnEves", YesNo, "true", "Whether it was closed on the eves of midsummer, Christmas and the new year; absent in reviews from before holidays were known.", "Om det var stängt på midsommarafton, julafton och nyårsafton; saknas i granskningar från innan helgdagar var kända."),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListLogReviews,
            ("List log reviews", "The reviews that you may see, the latest made first. The log reviewer's are not shown to the chief."),
            ("Lista logggranskningar", "De granskningar som du får se, den senast gjorda först. Loggranskarens visas inte för enhetschefen."))
            .query(&[p("isSignedOff", YesNo, "false", "That are signed off, or not.", "Som är avslutade, eller inte.")]),
        Described::of(Operation::CreateLogReview,
            ("Make a log review", "Draws a sample of the period and stores it. The log reviewer names the unit, or none for those who have none."),
            ("Gör en logggranskning", "Drar ett urval ur perioden och sparar det. Loggranskaren anger enheten, eller ingen för dem som inte har någon."))
            .takes(&[may("unitId"), must("fromOn"), must("toOn")])
            .errors(&[ErrorCode::ReviewTooLarge]),
        Described::of(Operation::ReadLogReview,
            ("Read a log review", "One review, with its version in the `ETag`."),
            ("Läs en logggranskning", "En granskning, med sin version i `ETag`.")),
        Described::of(Operation::SignOffLogReview,
            ("Sign a log review off", "Every row must have a finding. After that the review never changes; what came of a finding can still be recorded."),
            ("Avsluta en logggranskning", "Varje rad måste ha en bedömning. Därefter ändras granskningen aldrig; vad en bedömning ledde till kan fortfarande antecknas."))
            .takes(&[Input::Field("conclusion", false)])
            .errors(&[ErrorCode::ReviewUnfinished, ErrorCode::ReviewSignedOff]),
    ],
};

#[rustfmt::skip]
pub const ROWS: Chapter = Chapter {
    resource: Resource::LogReviewRows,
    title: ("Rows of log reviews", "Rader i logggranskningar"),
    text: (
        "Each event of a sample with why it was drawn, what the reviewer finds of it, and how that is followed up. Of the event a reviewer sees what the log lets them see. A row about oneself is shown to nobody but others.",
        "Varje händelse i ett urval med varför den drogs, vad granskaren finner om den och hur det följs upp. Av händelsen ser granskaren det som loggen låter dem se. En rad om en själv visas bara för andra.",
    ),
    shown: &[Shown {
        resource: Resource::LogReviewRows,
        name: "LogReviewRow",
        as_it_was: None,
        text: ("An event in the sample of a review.", "En händelse i en gransknings urval."),
        properties: &[
            p("id", Id, ids::LOG_REVIEW_ROW, "The row's id.", "Radens id."),
            p("reviewId", Id, ids::LOG_REVIEW, "The review.", "Granskningen."),
            p("ordinal", Whole(1, i64::MAX), "1", "Its place in the draw.", "Dess plats i dragningen."),
            p("eventId", Id, ids::EVENT, "The event.", "Händelsen."),
            p("actorId", Id, ids::USER, "Whoever did it.", "Den som gjorde det.").or_null(),
            p("reasons", Many(&Word("LogSampleReason"), 0), "no_assignment", "Why it was drawn.", "Varför den drogs."),
            p("event", Record("AuditEvent"), "", "The event as you may see it; null when you may not, or when the log is kept no longer.", "Händelsen så som du får se den; null när du inte får, eller när loggen inte längre finns kvar.").or_null(),
            p("finding", Word("LogFinding"), "to_ask", "What is found.", "Bedömningen.").or_null(),
            p("note", Lines(2000), "Öppnade ungdomen utan tilldelning.", "Why; required for what is remarkable.", "Varför; krävs för det som är anmärkningsvärt.").or_null(),
            p("followUpOn", Date, "2026-12-01", "By when it is followed up; required for what is remarkable.", "När det senast följs upp; krävs för det som är anmärkningsvärt.").or_null(),
            p("followUpOutcome", Word("LogFollowUpOutcome"), "explained", "What came of it.", "Vad det ledde till.").or_null(),
            p("followUpResult", Lines(2000), "Vikarierade för handläggaren den dagen.", "How.", "Hur.").or_null(),
            p("followedUpBy", Id, ids::USER, "Who followed it up.", "Vem som följde upp det.").or_null(),
            p("followedUpAt", Instant, "2026-11-30T08:15:00.000000Z", "When.", "När.").or_null(),
            p("createdAt", Instant, "2026-11-24T08:15:00.000000Z", "When it was drawn.", "När den drogs."),
            p("updatedAt", Instant, "2026-11-30T08:15:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "3", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListLogReviewRows,
            ("List rows of a log review", "The rows of a review, in the order of the draw."),
            ("Lista rader i en logggranskning", "En gransknings rader, i dragningens ordning."))
            .query(&[p("isJudged", YesNo, "false", "With a finding, or without.", "Med bedömning, eller utan.")]),
        Described::of(Operation::ReadLogReviewRow,
            ("Read a row of a log review", "One row, with its version in the `ETag`."),
            ("Läs en rad i en logggranskning", "En rad, med sin version i `ETag`.")),
        Described::of(Operation::RecordLogFinding,
            ("Record a finding", "Says what is found of a row. What is remarkable has a note and a day by which it is followed up. Only whoever made the review does so, until it is signed off."),
            ("Anteckna en bedömning", "Säger vad som finns att säga om en rad. Det som är anmärkningsvärt har en anteckning och en dag då det senast följs upp. Bara den som gjorde granskningen gör det, tills den är avslutad."))
            .takes(&[may("finding"), may("note"), may("followUpOn")])
            .errors(&[ErrorCode::ReviewSignedOff, ErrorCode::Conflict]),
        Described::of(Operation::ListLogFollowUps,
            ("List findings to follow up", "What waits to be followed up, the soonest first."),
            ("Lista bedömningar att följa upp", "Det som väntar på att följas upp, det närmaste först.")),
        Described::of(Operation::RecordLogFollowUp,
            ("Record a follow-up", "Records what came of a finding, once."),
            ("Anteckna en uppföljning", "Antecknar vad en bedömning ledde till, en gång."))
            .takes(&[must("followUpOutcome"), must("followUpResult")])
            .errors(&[ErrorCode::Conflict]),
    ],
};
