//! Facts of home, school and exam in the demo, for every third youth, so that the rules of the target group have something to
//! say: most agree with the story, a few tell of somebody who comes, leaves or must be decided on. A run of each unit finds
//! them on the last working day.

use super::cast::{Cast, Course};
use super::plan::{Deed, Fields, Planner, object};
use super::staff::{STAFF, places};
use chrono::{Datelike, NaiveDate};
use serde_json::json;

/// Of how many youths one has facts.
const ONE_OF: usize = 3;

/// Whether the facts of a youth are told.
fn is_told(cast: &Cast<'_>) -> bool {
    cast.place.is_multiple_of(ONE_OF) && !cast.is_protected && cast.course != Course::Outreach
}

/// A day of the year in which the youth turned 16.
fn at_16(cast: &Cast<'_>, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(cast.person.birth_date.year() + 16, month, day)
}

/// The end of the skolplikt, told when the youth is registered; nobody is registered before it.
pub fn end_of_school(cast: &Cast<'_>, entered_on: NaiveDate) -> Fields {
    if !is_told(cast) {
        return Fields::new();
    }
    let (ended_on, basis) = match at_16(cast, 6, 11) {
        Some(june) if june < entered_on => (Some(june), "tenth_year"),
        _ => (entered_on.pred_opt(), "earlier"),
    };
    object(json!({"compulsorySchoolEndedOn": ended_on, "compulsorySchoolBasis": basis}))
}

impl Planner<'_> {
    /// What is known of home and school when the episode begins.
    pub fn tell_facts(&mut self, cast: &Cast<'_>, entry: usize, by: usize, reason: &str) {
        if !is_told(cast) {
            return;
        }
        let entered_on = self.calendar.day(entry);
        let home = json!({"kind": "registered_here", "fromOn": cast.person.birth_date,
                          "source": "population_register"});
        self.tell(cast, entry, 516, by, "residences", home);
        let began = at_16(cast, 8, 17).filter(|began| *began < entered_on);
        if let (Some(began), "dropout_national_programme" | "study_certificate") = (began, reason) {
            let left = json!({"schoolType": "GY", "programmeKind": "national", "startsOn": began,
                              "endsOn": entered_on.pred_opt(), "isCancelled": reason != "study_certificate",
                              "source": "school"});
            self.tell(cast, entry, 517, by, "enrolments", left);
        }
        if reason == "study_certificate" {
            let paper = json!({"kind": "GY_STUDIEBEVIS", "issuedOn": entered_on.pred_opt(), "source": "document"});
            self.tell(cast, entry, 518, by, "exam-documents", paper);
        }
        if cast.course == Course::Kaa && entry > 8 {
            self.turn(cast, by);
        }
    }

    /// What a few of those who are followed have begun since.
    fn turn(&mut self, cast: &Cast<'_>, by: usize) {
        let (ago, day) = (2, self.calendar.day(4));
        match cast.place / ONE_OF % 10 {
            1 => {
                let school = json!({"schoolType": "GY", "programmeKind": "national", "startsOn": day, "source": "school"});
                self.tell(cast, ago, 990, by, "enrolments", school);
            }
            3 => {
                let away = json!({"kind": "registered_elsewhere", "municipalityCode": "0184", "fromOn": day,
                                  "source": "population_register"});
                self.tell(cast, ago, 990, by, "residences", away);
            }
            5 => {
                let course = json!({"schoolType": "FHS", "startsOn": day, "source": "youth"});
                self.tell(cast, ago, 990, by, "enrolments", course);
            }
            _ => {}
        }
    }

    /// Somebody who was deregistered for going back to school has left it again.
    pub fn come_back(&mut self, cast: &Cast<'_>, exit: usize, by: usize) {
        if !is_told(cast) || exit < 8 {
            return;
        }
        let school = json!({"schoolType": "GY", "programmeKind": "national", "startsOn": self.calendar.day(exit),
                            "endsOn": self.calendar.day(4), "isCancelled": true, "source": "school"});
        self.tell(cast, 2, 991, by, "enrolments", school);
    }

    fn tell(
        &mut self,
        cast: &Cast<'_>,
        ago: usize,
        minute: usize,
        by: usize,
        kind: &'static str,
        fact: serde_json::Value,
    ) {
        // The konsulent and the chief read facts; the SYV enters them.
        let is_writer = STAFF
            .get(by)
            .is_some_and(|person| matches!(person.role, "syv" | "socionom"));
        let by = if is_writer {
            by
        } else {
            places("syv", cast.unit).first().copied().unwrap_or(by)
        };
        self.step(ago, minute, by, Deed::Tell(cast.place, kind, object(fact)));
    }

    /// A run of each unit, in the evening of the last working day.
    pub fn run_target_group(&mut self) {
        for unit in [0, 1] {
            if let Some(chief) = places("enhetschef", unit).first() {
                self.step(0, 1200, *chief, Deed::RunTargetGroup);
            }
        }
    }
}
