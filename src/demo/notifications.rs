//! What schools have told in the demo: an absence that became a preventive contact, a beginning that became an enrolment, one
//! of each kind that still waits, one of them about somebody whom the register does not know.

use super::cast::{Cast, Course};
use super::people::Youth;
use super::plan::{Deed, Planner, object};
use super::staff::places;
use crate::domain::age::age_on;
use serde_json::{Value, json};

/// The minute of the day at which the post is gone through, before the evening's work.
const MORNING: usize = 560;

impl Planner<'_> {
    /// Lets schools tell of some youths of the large unit, and of one who is in no register.
    pub fn hear_of_schools(&mut self, people: &[Youth], parts: &[Cast<'_>]) {
        let Some(by) = places("syv", 0).first().copied() else {
            return;
        };
        let is_minor = |youth: &Youth| {
            age_on(youth.birth_date, self.calendar.today).is_some_and(|age| age < 18)
        };
        // Whoever has left the register may be at school again, and told of.
        let mut back: Vec<usize> = parts
            .iter()
            .filter(|cast| cast.course == Course::Closed && cast.unit == 0 && !cast.is_protected)
            .filter(|cast| cast.person.fields.contains_key("identityNumber"))
            .map(|cast| cast.place)
            .collect();
        back.sort_by_key(|place| people.get(*place).map(|youth| !is_minor(youth)));
        let outsider = (0..people.len())
            .filter(|place| !parts.iter().any(|cast| cast.place == *place))
            .find(|place| {
                people.get(*place).is_some_and(|youth| {
                    is_minor(youth) && youth.fields.contains_key("identityNumber")
                })
            });
        let mut back = back.into_iter();
        let tell = |planner: &mut Self, place: Option<usize>, kind, answer: Option<Value>| {
            if let Some((place, youth)) = place.and_then(|at| Some((at, people.get(at)?))) {
                planner.hear(place, youth, kind, by, answer);
            }
        };
        let preventive = json!({"outcome": "preventive_contact"});
        tell(self, back.next(), "significant_absence", Some(preventive));
        tell(self, back.next(), "significant_absence", None);
        let enrolled = json!({"outcome": "enrolment_recorded"});
        tell(self, back.next(), "started", Some(enrolled));
        tell(self, back.next(), "started", None);
        tell(self, outsider, "ended", None);
    }

    fn hear(&mut self, place: usize, youth: &Youth, kind: &str, by: usize, answer: Option<Value>) {
        let occurred_on = self.calendar.day(if answer.is_some() { 6 } else { 3 });
        let mut told = object(json!({
            "kind": kind, "school": "Exempelgymnasiet", "schoolType": "GY", "studyPath": "SA", "occurredOn": occurred_on,
        }));
        for name in ["identityNumber", "givenName", "familyName"] {
            if let Some(value) = youth.fields.get(name) {
                told.insert(name.to_owned(), value.clone());
            }
        }
        self.step(1, MORNING, by, Deed::Hear(place, told));
        if let Some(answer) = answer {
            let deed = Deed::HandleNotification(place, object(answer));
            self.step(1, MORNING + 15, by, deed);
        }
    }
}
