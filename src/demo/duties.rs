//! What the demo shows of duties: active use under 18 with its report answered and the guardian contact put off, the same
//! with both still to be done, a pause for ill health with its day, and a task that the chief gave to somebody else.
//! It happens at the end of the last working day, so that nothing planned before it runs into a closed gate.

use super::cast::{Cast, Course};
use super::plan::{Deed, Planner, object};
use super::staff::places;
use crate::domain::age::age_on;
use chrono::Days;
use serde_json::json;

/// The minute of the day at which it begins.
const EVENING: usize = 1080;

impl Planner<'_> {
    /// Shows each of them with a youth of the large unit.
    pub fn show_duties(&mut self, parts: &[Cast<'_>]) {
        let (socionom, chief) = (places("socionom", 0), places("enhetschef", 0));
        let konsulent = places("ungdomskonsulent", 0);
        let (Some(by), Some(chief)) = (socionom.first().copied(), chief.first().copied()) else {
            return;
        };
        let today = self.calendar.today;
        let mut minors = parts.iter().filter(|cast| {
            cast.course == Course::Kaa
                && cast.unit == 0
                && !(cast.is_protected || cast.is_in_compartment || cast.is_never_contacted)
                && age_on(cast.person.birth_date, today).is_some_and(|age| age < 18)
        });
        let ahead = |days: u64| today.checked_add_days(Days::new(days)).unwrap_or(today);
        if let Some(cast) = minors.next() {
            self.assign_socionom(cast.place, chief, by);
            self.set_status(
                cast.place,
                by,
                json!({"basis": "substance", "substanceStatus": "active_use"}),
            );
            let reported =
                json!({"reportedOn": self.calendar.day(0), "reference": "Dnr IFO 2026-0417"});
            let report = Deed::AnswerTask(cast.place, "concern_report", object(reported));
            self.step(0, EVENING + 20, by, report);
            let reason = "Väntar på socialtjänstens besked innan hemmet kontaktas.";
            let put_off = json!({"until": ahead(10), "reason": reason});
            let guardian = Deed::DeferTask(cast.place, "guardian_contact", object(put_off));
            self.step(0, EVENING + 25, by, guardian);
        }
        if let Some(cast) = minors.next() {
            self.assign_socionom(cast.place, chief, by);
            self.set_status(
                cast.place,
                by,
                json!({"basis": "substance", "substanceStatus": "active_use"}),
            );
        }
        if let Some(cast) = minors.next() {
            self.assign_socionom(cast.place, chief, by);
            let status =
                json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": ahead(28)});
            self.set_status(cast.place, by, status);
        }
        if let (Some(cast), Some(whom)) = (minors.next(), konsulent.first().copied()) {
            self.assign_socionom(cast.place, chief, by);
            let planned =
                json!({"channel": "phone", "result": "reached", "nextContactOn": ahead(3)});
            self.step(
                0,
                EVENING + 10,
                by,
                Deed::Contact(cast.place, object(planned)),
            );
            let given = Deed::GiveTask(cast.place, "next_contact", whom);
            self.step(0, EVENING + 30, chief, given);
        }
    }

    fn assign_socionom(&mut self, place: usize, chief: usize, by: usize) {
        self.step(0, EVENING, chief, Deed::Assign(place, by, "support"));
    }

    fn set_status(&mut self, place: usize, by: usize, status: serde_json::Value) {
        self.step(0, EVENING + 15, by, Deed::SetStatus(place, object(status)));
    }
}
