//! The chapter of the audit. What the chief does not see of it is told in `db::audit_events`.

use super::{Chapter, Described, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::AuditEvents,
    title: ("Audit events", "Logghändelser"),
    text: (
        "Every operation leaves an event before its answer leaves: changes, reads, lists, searches and refusals. Events are never changed, and each is chained to the one before. They are kept for ever, or for as long as the setting `auditRetentionMonths` says; the disposal leaves its own event (`trimAuditLog`). The log reviewer reads all; the chief those of the own unit's staff.",
        "Varje operation lämnar en händelse innan svaret går iväg: ändringar, läsningar, listor, sökningar och avslag. Händelser ändras aldrig, och varje händelse är kedjad till den föregående. De bevaras för alltid, eller så länge som inställningen `auditRetentionMonths` säger; gallringen lämnar en egen händelse (`trimAuditLog`). Loggranskaren läser alla; enhetschefen dem som rör den egna enhetens medarbetare.",
    ),
    shown: &[Shown {
        resource: Resource::AuditEvents,
        name: "AuditEvent",
        as_it_was: None,
        text: ("An event of the audit.", "En händelse i loggen."),
        properties: &[
            p("id", Id, ids::EVENT, "The event's id.", "Händelsens id."),
            p("at", Instant, "2026-11-24T08:00:00.000000Z", "When.", "När."),
            p("actorId", Id, ids::USER, "Who; null for the command line and for somebody who was not signed in.", "Vem; null för kommandoraden och för den som inte var inloggad.").or_null(),
            p("actorKind", OneOf(&["staff", "console", "anonymous"]), "staff", "A member of staff, the command line on the server, or nobody signed in.", "En medarbetare, kommandoraden på servern, eller ingen inloggad."),
            p("actorName", Text(120), "Anna Lind", "The name of the member of staff today.", "Medarbetarens namn i dag.").or_null(),
            p("role", Word("Role"), "syv", "The role at that moment.", "Rollen i det ögonblicket.").or_null(),
            p("unitId", Id, ids::UNIT, "The unit of whoever acted, at that moment.", "Enheten för den som gjorde det, i det ögonblicket.").or_null(),
            p("operation", Text(60), "readYouth", "What, by `operationId`.", "Vad, med `operationId`."),
            p("outcome", Word("AuditOutcome"), "allowed", "How it ended.", "Hur det slutade."),
            p("errorCode", Text(60), "null", "The code of the error, if there was one.", "Felets kod, om det blev fel.").or_null(),
            p("requestId", Text(60), ids::REQUEST, "The request, as in `x-request-id`.", "Begäran, som i `x-request-id`."),
            p("isBreakGlass", YesNo, "false", "Whether a break-glass opened something, or was opened.", "Om ett nödöppnande gav tillträde, eller gjordes."),
            p("reason", Lines(1000), "null", "The reason that was given; null also when it has been disposed of.", "Skälet som angavs; null också när det har gallrats.").or_null(),
            p("isReasonDisposedOf", YesNo, "false", "Whether there was a reason that has been disposed of.", "Om det fanns ett skäl som har gallrats."),
            p("subjects", Many(&Part("AuditSubject"), 0), "", "The records that were shown or changed, with the fields.", "Posterna som visades eller ändrades, med fälten."),
        ],
    }],
    parts: &[
        Part {
            name: "AuditSubject",
            text: ("A record that an event showed or changed.", "En post som en händelse visade eller ändrade."),
            properties: &[
                p("youthId", Id, ids::YOUTH, "The youth it tells about.", "Ungdomen den handlar om.").or_null().always(),
                p("resource", Text(60), "youths", "The kind of record.", "Slaget av post.").always(),
                p("recordId", Id, ids::YOUTH, "The record.", "Posten.").or_null().always(),
                p("fields", Many(&Text(0), 0), "id|givenName|familyName", "The fields.", "Fälten.").always(),
            ],
        },
        Part {
            name: "AccessReport",
            text: (
                "Who has seen or changed what about a youth. Of other youths in the same events it tells nothing.",
                "Vem som har sett eller ändrat vad om en ungdom. Om andra ungdomar i samma händelser säger den inget.",
            ),
            properties: &[
                p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen.").always(),
                p("madeAt", Instant, "2026-11-24T08:00:00.000000Z", "When the report was made.", "När rapporten gjordes.").always(),
                p("isComplete", YesNo, "true", "False when there are more entries than one report holds; ask for a shorter period.", "Falskt när det finns fler poster än vad en rapport rymmer; be om en kortare period.").always(),
                p("disposedOfBefore", Instant, "2024-11-24T00:00:00.000000Z", "Before when the log may have been disposed of, so that the report tells nothing; null when nothing of it has.", "Före vilken tidpunkt loggen kan ha gallrats, så att rapporten inte berättar något; null när inget har gallrats.").or_null().always(),
                p("people", Many(&Part("AccessReportPerson"), 0), "", "Who, how often, and when last.", "Vem, hur ofta, och när senast.").always(),
                p("entries", Many(&Part("AccessReportEntry"), 0), "", "Each time, newest first.", "Varje gång, den senaste först.").always(),
            ],
        },
        Part {
            name: "AccessReportPerson",
            text: ("How often somebody has seen or changed something about a youth.", "Hur ofta någon har sett eller ändrat något om en ungdom."),
            properties: &[
                p("actorName", Text(120), "Anna Lind", "The name.", "Namnet.").or_null().always(),
                p("role", Word("Role"), "syv", "The role at that time.", "Rollen vid den tiden.").or_null().always(),
                p("count", Whole(1, i64::MAX), "12", "How often.", "Hur ofta.").always(),
                p("lastAt", Instant, "2026-11-24T08:00:00.000000Z", "When last.", "När senast.").always(),
            ],
        },
        Part {
            name: "AccessReportEntry",
            text: ("One time that somebody saw or changed something about a youth.", "En gång då någon såg eller ändrade något om en ungdom."),
            properties: &[
                p("at", Instant, "2026-11-24T08:00:00.000000Z", "When.", "När.").always(),
                p("actorId", Id, ids::USER, "Who.", "Vem.").or_null().always(),
                p("actorKind", OneOf(&["staff", "console", "anonymous"]), "staff", "A member of staff, the command line, or nobody signed in.", "En medarbetare, kommandoraden, eller ingen inloggad.").always(),
                p("actorName", Text(120), "Anna Lind", "The name.", "Namnet.").or_null().always(),
                p("role", Word("Role"), "syv", "The role at that time.", "Rollen vid den tiden.").or_null().always(),
                p("operation", Text(60), "readYouth", "What, by `operationId`.", "Vad, med `operationId`.").always(),
                p("outcome", Word("AuditOutcome"), "allowed", "How it ended.", "Hur det slutade.").always(),
                p("isBreakGlass", YesNo, "false", "Whether a break-glass opened something.", "Om ett nödöppnande gav tillträde.").always(),
                p("subjects", Many(&Part("AccessReportSubject"), 0), "", "What it concerned.", "Vad det gällde.").always(),
            ],
        },
        Part {
            name: "AccessReportSubject",
            text: ("A kind of record, with the fields that were shown or changed.", "Ett slag av post, med fälten som visades eller ändrades."),
            properties: &[
                p("resource", Text(60), "youths", "The kind of record.", "Slaget av post.").always(),
                p("fields", Many(&Text(0), 0), "id|givenName|familyName", "The fields.", "Fälten.").always(),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListAuditEvents,
            ("List audit events", "The events that you may read, newest first, by youth, by person and by time."),
            ("Lista logghändelser", "De händelser som du får läsa, den senaste först, efter ungdom, person och tid."))
            .query(&[
                p("youthId", Id, ids::YOUTH, "Concerning this youth.", "Som rör denna ungdom."),
                p("userId", Id, ids::USER, "By this person.", "Av denna person."),
                p("from", Instant, "2026-11-01T00:00:00Z", "At this moment or later.", "Vid denna tidpunkt eller senare."),
                p("to", Instant, "2026-12-01T00:00:00Z", "Before this moment.", "Före denna tidpunkt."),
                p("operation", Text(60), "readYouth", "Of this operation, by `operationId`.", "Av denna operation, med `operationId`."),
                p("outcome", Word("AuditOutcome"), "refused", "That ended so.", "Som slutade så."),
                p("isBreakGlass", YesNo, "true", "With a break-glass, or without.", "Med nödöppnande, eller utan."),
            ]),
        Described::of(Operation::ReadAccessReport,
            ("Read a youth's access report", "Who has seen or changed what about a youth, as the youth may ask to know. Of a break-glass it does not tell the reason, which may name others."),
            ("Läs en ungdoms åtkomstrapport", "Vem som har sett eller ändrat vad om en ungdom, så som ungdomen kan be att få veta. Om ett nödöppnande säger den inte skälet, som kan nämna andra."))
            .query(&[
                p("from", Instant, "2026-01-01T00:00:00Z", "At this moment or later.", "Vid denna tidpunkt eller senare."),
                p("to", Instant, "2027-01-01T00:00:00Z", "Before this moment.", "Före denna tidpunkt."),
            ])
            .answers("AccessReport"),
    ],
};
