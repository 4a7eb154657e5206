//! The chapters of what ambassadors are paid for: weeks, time reported besides, and approvals. How a week adds up stands in
//! `domain::work_week`.

use super::{CONFIRMS, Chapter, Described, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const WEEK_FILTERS: &[Property] = &[
    p("week", Text(10), "2026-W47", "The last week (ISO 8601); this one unless told.", "Den sista veckan (ISO 8601); denna om inget sägs."),
    p("weeks", Whole(1, 53), "4", "How many weeks in a row, ending with it; four unless told.", "Hur många veckor i rad, till och med den; fyra om inget sägs."),
    p("userId", Id, ids::USER, "Of this ambassador.", "För denna ambassadör."),
];

#[rustfmt::skip]
pub const WEEKS: Chapter = Chapter {
    resource: Resource::AmbassadorWeeks,
    title: ("Ambassadors' weeks", "Ambassadörernas veckor"),
    text: (
        "What each ambassador has done in a week, for those who follow up and for pay: sessions, visits, contacts, attempts and minutes. No minute counts twice. No youth is named, and contacts with youths of protected identity are in no count: that time is reported as work hours.",
        "Vad varje ambassadör har gjort under en vecka, för uppföljning och lön: pass, besök, kontakter, försök och minuter. Ingen minut räknas två gånger. Ingen ungdom nämns, och kontakter med ungdomar som har skyddade personuppgifter räknas inte med: den tiden rapporteras som arbetstid.",
    ),
    shown: &[Shown {
        resource: Resource::AmbassadorWeeks,
        name: "AmbassadorWeek",
        as_it_was: None,
        text: ("A week of an ambassador.", "En ambassadörs vecka."),
        properties: &[
            p("userId", Id, ids::USER, "The ambassador.", "Ambassadören."),
            p("displayName", Text(120), "Fatou Jallow", "The name.", "Namnet."),
            p("week", Text(10), "2026-W47", "The week (ISO 8601).", "Veckan (ISO 8601)."),
            p("sessionCount", Whole(0, i64::MAX), "2", "Sessions that began in it.", "Pass som började under den."),
            p("sessionMinutes", Whole(0, i64::MAX), "360", "Minutes in sessions.", "Minuter i pass."),
            p("contactCount", Whole(0, i64::MAX), "9", "Contacts that reached somebody.", "Kontakter som nådde någon."),
            p("visitCount", Whole(0, i64::MAX), "4", "Of those, in person.", "Av dem, i person."),
            p("attemptCount", Whole(0, i64::MAX), "3", "Attempts that reached nobody.", "Försök som inte nådde någon."),
            p("contactMinutes", Whole(0, i64::MAX), "120", "Minutes of contacts and attempts outside sessions.", "Minuter i kontakter och försök utanför passen."),
            p("youthsReached", Whole(0, i64::MAX), "6", "Different youths who were reached.", "Olika ungdomar som nåddes."),
            p("reportedMinutes", Whole(0, i64::MAX), "60", "Minutes reported as work hours.", "Minuter som rapporterats som arbetstid."),
            p("countedMinutes", Whole(0, i64::MAX), "540", "Minutes in all.", "Minuter sammanlagt."),
            p("daysWorked", Whole(0, 7), "3", "Days on which anything of it was.", "Dagar då något av det hände."),
            p("approvalId", Id, ids::WEEK_APPROVAL, "The approval.", "Godkännandet.").or_null(),
            p("approvedMinutes", Whole(0, i64::MAX), "540", "The minutes that may be paid.", "De minuter som får betalas.").or_null(),
            p("approvedBy", Id, ids::CHIEF, "Who approved them.", "Vem som godkände dem.").or_null(),
            p("approvedAt", Instant, "2026-11-23T08:00:00.000000Z", "When.", "När.").or_null(),
            p("differenceMinutes", Whole(i64::MIN, i64::MAX), "0", "How many more minutes the week comes to than when it was approved.", "Hur många fler minuter veckan blir nu än när den godkändes.").or_null(),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListAmbassadorWeeks,
            ("List ambassadors' weeks", "The weeks of your unit's ambassadors, the latest first, by name; also of those who have left. The ambassador sees their own."),
            ("Lista ambassadörernas veckor", "Veckorna för din enhets ambassadörer, den senaste först, efter namn; även för dem som har slutat. Ambassadören ser sina egna."))
            .query(WEEK_FILTERS),
        Described::of(Operation::ExportAmbassadorWeeks,
            ("Export ambassadors' weeks as CSV", "The same weeks as a file that Swedish spreadsheets open right: UTF-8 with a mark, semicolons, one row for each person and week."),
            ("Exportera ambassadörernas veckor som CSV", "Samma veckor som en fil som svenska kalkylprogram öppnar rätt: UTF-8 med märke, semikolon, en rad för varje person och vecka."))
            .query(WEEK_FILTERS),
    ],
};

#[rustfmt::skip]
pub const HOURS: Chapter = Chapter {
    resource: Resource::WorkHours,
    title: ("Work hours", "Arbetstid"),
    text: (
        "Time that an ambassador reports, which no session and no contact tells of: meetings, training, planning.",
        "Tid som en ambassadör rapporterar, och som inget pass och ingen kontakt berättar om: möten, utbildning, planering.",
    ),
    shown: &[Shown {
        resource: Resource::WorkHours,
        name: "WorkHours",
        as_it_was: None,
        text: ("Reported time.", "Rapporterad tid."),
        properties: &[
            p("id", Id, ids::WORK_HOURS, "Its id.", "Dess id."),
            p("userId", Id, ids::USER, "The ambassador.", "Ambassadören."),
            p("workedOn", Date, "2026-11-19", "The day.", "Dagen."),
            p("minutes", Whole(0, 1440), "60", "How many minutes; none, when it was reported by mistake.", "Hur många minuter; noll, om den rapporterades av misstag."),
            p("kind", Word("WorkKind"), "meeting", "With what.", "Med vad."),
            p("note", Lines(500), "Planering inför lovet.", "A note, without anybody's identity.", "En anteckning, utan någons identitet.").or_null(),
            p("createdAt", Instant, "2026-11-19T16:00:00.000000Z", "When it was reported.", "När den rapporterades."),
            p("updatedAt", Instant, "2026-11-19T16:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListWorkHours,
            ("List work hours", "The time reported in your unit, latest reported first. The ambassador sees their own."),
            ("Lista arbetstid", "Tiden som rapporterats i din enhet, den senast rapporterade först. Ambassadören ser sin egen."))
            .query(&[
                p("userId", Id, ids::USER, "Of this ambassador.", "För denna ambassadör."),
                p("from", Date, "2026-11-01", "On this day or later.", "Denna dag eller senare."),
                p("to", Date, "2026-11-30", "On this day or earlier.", "Denna dag eller tidigare."),
            ]),
        Described::of(Operation::ReportWorkHours,
            ("Report work hours", "Reports time that no session and no contact tells of."),
            ("Rapportera arbetstid", "Rapporterar tid som inget pass och ingen kontakt berättar om."))
            .takes(&[must("workedOn"), must("minutes"), must("kind"), may("note"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadWorkHours,
            ("Read work hours", "Reported time, with the version in the `ETag`."),
            ("Läs arbetstid", "Rapporterad tid, med versionen i `ETag`.")),
        Described::of(Operation::CorrectWorkHours,
            ("Correct work hours", "Corrects reported time, by whoever reported it. A week that was approved shows the difference."),
            ("Rätta arbetstid", "Rättar rapporterad tid, av den som rapporterade den. En vecka som är godkänd visar skillnaden."))
            .takes(&[may("workedOn"), may("minutes"), may("kind"), may("note"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
    ],
};

#[rustfmt::skip]
pub const APPROVALS: Chapter = Chapter {
    resource: Resource::WeekApprovals,
    title: ("Approved weeks", "Godkända veckor"),
    text: (
        "That the minutes of an ambassador's week may be paid, by whoever follows the ambassadors up. What changes afterwards is shown as a difference and approved anew.",
        "Att minuterna i en ambassadörs vecka får betalas, av den som följer upp ambassadörerna. Det som ändras efteråt visas som en skillnad och godkänns på nytt.",
    ),
    shown: &[Shown {
        resource: Resource::WeekApprovals,
        name: "WeekApproval",
        as_it_was: None,
        text: ("An approved week.", "En godkänd vecka."),
        properties: &[
            p("id", Id, ids::WEEK_APPROVAL, "Its id.", "Dess id."),
            p("userId", Id, ids::USER, "The ambassador.", "Ambassadören."),
            p("week", Text(10), "2026-W47", "The week (ISO 8601).", "Veckan (ISO 8601)."),
            p("countedMinutes", Whole(0, i64::MAX), "540", "What the week came to when it was approved.", "Vad veckan blev när den godkändes."),
            p("approvedMinutes", Whole(0, 10080), "540", "The minutes that may be paid: those that were counted unless told.", "De minuter som får betalas: de som räknades om inget sägs."),
            p("reason", Lines(500), "Stämd av med schemat.", "Why; must be told when they are not those that were counted.", "Varför; måste anges när de inte är de som räknades.").or_null(),
            p("approvedBy", Id, ids::CHIEF, "Who approved it; never who is paid.", "Vem som godkände den; aldrig den som får lön."),
            p("approvedAt", Instant, "2026-11-23T08:00:00.000000Z", "When.", "När."),
            p("createdAt", Instant, "2026-11-23T08:00:00.000000Z", "When it was first approved.", "När den först godkändes."),
            p("updatedAt", Instant, "2026-11-23T08:00:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ApproveAmbassadorWeek,
            ("Approve an ambassador's week", "Approves the minutes that the week comes to, or others with a reason. 409 `already-exists` when it is approved: then it is approved anew."),
            ("Godkänn en ambassadörs vecka", "Godkänner de minuter som veckan blir, eller andra med ett skäl. 409 `already-exists` om den är godkänd: då godkänns den på nytt."))
            .takes(&[must("userId"), must("week"), may("approvedMinutes"), may("reason"), CONFIRMS])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::AlreadyExists]),
        Described::of(Operation::ReadWeekApproval,
            ("Read an approved week", "One approval, with the version in the `ETag`."),
            ("Läs en godkänd vecka", "Ett godkännande, med versionen i `ETag`.")),
        Described::of(Operation::UpdateWeekApproval,
            ("Approve a week anew", "Approves the week by what it comes to now: those minutes, or others with a reason."),
            ("Godkänn en vecka på nytt", "Godkänner veckan efter vad den blir nu: de minuterna, eller andra med ett skäl."))
            .takes(&[may("approvedMinutes"), may("reason"), CONFIRMS])
            .not_in_example(&["confirmedTerms"]),
    ],
};
