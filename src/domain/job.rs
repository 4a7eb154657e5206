//! What is a job? Work that is asked for, goes on beside the requests step by step, and ends in a result, an error or a
//! cancellation. How long a server has it to itself, and when it is given up. What a kind of job does stands in `service`, how
//! one is run in `jobs`.

use super::codes::{Code, code_list};
use chrono::Duration;

code_list! {
    /// What a job makes.
    JobKind {
        StatisticsRelease = "statistics_release", "Statistikuttag", "Statistics release";
        NationalFile = "national_file", "Fil till nationell insamling", "File for the national collection";
    }
}

code_list! {
    /// How far a job has come.
    JobStatus {
        Queued = "queued", "Väntar", "Waiting";
        Running = "running", "Pågår", "Running";
        Done = "done", "Klart", "Done";
        Failed = "failed", "Misslyckades", "Failed";
        Cancelled = "cancelled", "Avbrutet", "Cancelled";
    }
}

impl JobStatus {
    /// Whether nothing more will happen to it.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// How many times in a row a job is taken up without one step being done. A server that falls by it would otherwise fall for
/// ever.
pub const MOST_FRUITLESS_CLAIMS: i64 = 5;

/// How long a server has a job to itself from its last step. If it has not said anything more by then, another takes it over.
pub const fn lease() -> Duration {
    Duration::seconds(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_waits_runs_or_has_ended() {
        let open: Vec<&str> = JobStatus::ALL
            .iter()
            .filter(|status| !status.is_ended())
            .map(|status| status.code())
            .collect();
        assert_eq!(open, ["queued", "running"]);
    }
}
