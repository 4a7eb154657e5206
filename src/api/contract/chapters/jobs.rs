//! The chapter of jobs: long work that goes on beside the requests. How one is run is decided in `jobs`.

use super::{Chapter, Described, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Jobs,
    title: ("Jobs", "Arbeten"),
    text: (
        "What takes long is made by a job: the request is answered at once with the job (202), which is then asked how far it has come. A job goes on where it was after a stop of the service, and can be cancelled. It ends in a result, an error or a cancellation; what it would have made is there only when it is done.",
        "Det som tar lång tid görs av ett arbete: begäran besvaras genast med arbetet (202), som sedan tillfrågas hur långt det har kommit. Ett arbete fortsätter där det var efter ett stopp i tjänsten, och kan avbrytas. Det slutar med ett resultat, ett fel eller ett avbrott; det som det skulle göra finns bara när det är klart.",
    ),
    shown: &[
        Shown {
            resource: Resource::Jobs,
            name: "Job",
            as_it_was: None,
            text: ("Long work that goes on beside the requests.", "Långt arbete som pågår vid sidan av begärandena."),
            properties: &[
                p("id", Id, ids::JOB, "The job.", "Arbetet."),
                p("kind", Word("JobKind"), "statistics_release", "What it makes.", "Vad det gör."),
                p("status", Word("JobStatus"), "done", "How far it has come.", "Hur långt det har kommit."),
                p("unitId", Id, ids::UNIT, "The unit of whoever asked.", "Enheten för den som bad om det.").or_null(),
                p("requestedBy", Id, ids::CHIEF, "Who asked for it.", "Vem som bad om det."),
                p("parameters", Part("JobParameters"), "", "What was asked for.", "Vad som begärdes."),
                p("doneCount", Whole(0, i64::MAX), "1840", "How many of what it goes through are done.", "Hur många av dem som det går igenom som är klara."),
                p("totalCount", Whole(0, i64::MAX), "1840", "Of how many, once that is known.", "Av hur många, när det är känt.").or_null(),
                p("resultId", Id, ids::RELEASE, "What it has made.", "Vad det har gjort.").or_null(),
                p("errorCode", Text(0), "forbidden", "Why it failed: the code of a problem, in words at `/problems/{code}`.", "Varför det misslyckades: koden för ett problem, med ord på `/problems/{code}`.").or_null(),
                p("cancelledBy", Id, ids::CHIEF, "Who cancelled it.", "Vem som avbröt det.").or_null(),
                p("createdAt", Instant, "2026-11-24T08:00:00.000000Z", "When it was asked for.", "När det begärdes."),
                p("startedAt", Instant, "2026-11-24T08:00:01.000000Z", "When it began.", "När det började.").or_null(),
                p("finishedAt", Instant, "2026-11-24T08:01:12.000000Z", "When it ended.", "När det slutade.").or_null(),
                p("version", Whole(1, i64::MAX), "6", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
            ],
        },
    ],
    parts: &[
        Part {
            name: "JobParameters",
            text: ("What a job was asked for.", "Vad som begärdes av ett arbete."),
            properties: &[
                p("year", Whole(2015, 2100), "2026", "The year.", "Året."),
                p("period", Word("PeriodPart"), "tertial_1_2", "The part of the year.", "Delen av året."),
            ],
        },
    ],
    operations: &[
        Described::of(Operation::ListJobs,
            ("List jobs", "The jobs of your unit, the latest asked for first."),
            ("Lista arbeten", "Din enhets arbeten, det senast begärda först."))
            .answers("Job"),
        Described::of(Operation::ReadJob,
            ("Read a job", "One job: how far it has come, and what it has made."),
            ("Läs ett arbete", "Ett arbete: hur långt det har kommit, och vad det har gjort."))
            .answers("Job"),
        Described::of(Operation::CancelJob,
            ("Cancel a job", "Cancels a job that has not ended. What it has done so far is forgotten; nothing of what it would have made is there."),
            ("Avbryt ett arbete", "Avbryter ett arbete som inte har slutat. Det som det har gjort hittills glöms; inget av det som det skulle göra finns."))
            .answers("Job")
            .errors(&[ErrorCode::JobEnded]),
    ],
};
