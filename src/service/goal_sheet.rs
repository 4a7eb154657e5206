//! Goals with what is done for them as a file for the committee's paper: one row for each activity, semicolons, decimal comma,
//! and no cell that could be run as a formula. Which goals stand in it is decided in `goals`.

use crate::db::goal_activities::GoalActivityRecord;
use crate::db::goals::GoalRecord;
use crate::domain::codes::Code;
use crate::domain::decimal::text_of;
use crate::error::{Language, Result};
use crate::exchange::{Spreadsheet, guarded};

/// A goal with its activities.
pub(super) struct GoalLine {
    pub record: GoalRecord,
    pub activities: Vec<GoalActivityRecord>,
}

/// The columns: Swedish, English.
const COLUMNS: [(&str, &str); 23] = [
    ("Plan", "Plan"),
    ("Mål", "Goal"),
    ("Indikator", "Indicator"),
    ("Ansvarig", "Owner"),
    ("Enhet", "Unit"),
    ("Utgångsår", "Baseline year"),
    ("Utgångsvärde", "Baseline"),
    ("Målår", "Target year"),
    ("Målvärde", "Target"),
    ("Senaste år", "Latest year"),
    ("Del av året", "Part of the year"),
    ("Senaste värde", "Latest value"),
    ("Vägen mot målet", "Path"),
    ("Före vägen", "Ahead of the path"),
    ("Status", "Status"),
    ("Avslutat", "Ended"),
    ("Aktivitet", "Activity"),
    ("Ansvarig enhet", "Responsible unit"),
    ("Aktivitetens status", "Status of the activity"),
    ("Uppföljning", "Follow-up"),
    ("Prognos", "Forecast"),
    ("Åtgärd", "Remedy"),
    ("Uppföljt", "Followed up"),
];
/// How many of them tell of the activity.
const OF_ACTIVITY: usize = 7;

/// The file.
///
/// # Errors
/// It could not be built, which is a fault of ours.
pub(super) fn written(lines: &[GoalLine], language: Language) -> Result<Vec<u8>> {
    let mut file = Spreadsheet::new();
    file.row(COLUMNS.map(|(sv, en)| language.pick(sv, en)))?;
    for line in lines {
        let goal = of_goal(&line.record, language);
        let rows: Vec<Vec<String>> = if line.activities.is_empty() {
            vec![vec![String::new(); OF_ACTIVITY]]
        } else {
            let activities = line.activities.iter();
            activities
                .map(|activity| of_activity(activity, language))
                .collect()
        };
        for row in rows {
            file.row(goal.iter().chain(&row))?;
        }
    }
    file.into_bytes()
}

fn label<C: Code>(word: C, language: Language) -> String {
    language.pick(word.sv(), word.en()).to_owned()
}

/// What people have written could be a formula; a number that begins with a sign is none.
fn free(text: Option<&str>) -> String {
    guarded(text.unwrap_or_default())
}

fn of_goal(record: &GoalRecord, language: Language) -> Vec<String> {
    let row = &record.row;
    let standing = &record.standing;
    let number = |value: Option<i64>| {
        let value = value.map(|value| text_of(value, row.places(), ','));
        value.unwrap_or_default()
    };
    let year = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
    let latest = standing.latest;
    vec![
        free(row.plan.as_deref()),
        free(Some(&row.title)),
        free(Some(&row.indicator)),
        free(row.owner.as_deref()),
        label(row.unit, language),
        year(row.baseline_year),
        number(row.baseline_value),
        year(Some(row.target_year)),
        number(Some(row.target_value)),
        year(latest.map(|latest| latest.year)),
        latest
            .map(|latest| label(latest.period, language))
            .unwrap_or_default(),
        number(latest.map(|latest| latest.value)),
        number(standing.path),
        number(standing.ahead_of_path),
        label(standing.code, language),
        row.ended_on.map(|day| day.to_string()).unwrap_or_default(),
    ]
}

fn of_activity(activity: &GoalActivityRecord, language: Language) -> Vec<String> {
    let latest = activity.latest(None);
    vec![
        free(Some(&activity.row.title)),
        free(Some(&activity.row.responsible_unit)),
        label(activity.status(), language),
        latest
            .map(|of| format!("{} {}", label(of.period, language), of.year))
            .unwrap_or_default(),
        free(latest.and_then(|of| of.forecast.as_deref())),
        free(latest.and_then(|of| of.remedy.as_deref())),
        latest
            .map(|of| of.followed_up_on.to_string())
            .unwrap_or_default(),
    ]
}
