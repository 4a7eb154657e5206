//! Who has which part in the demo: how many are followed, how many have left, and whom the chief finds forgotten.

use super::people::Youth;
use crate::domain::age::age_on;
use chrono::NaiveDate;

/// Youths in all, and of them those with an open episode in each track.
const YOUTHS: usize = 400;
const OPEN_KAA: usize = 150;
const OPEN_OUTREACH: usize = 100;
/// Of those with an open episode in the duty: protected identities, those with something in the protected compartment, and
/// those whom the chief finds on the lists of the forgotten.
const PROTECTED_IDENTITIES: usize = 4;
const IN_COMPARTMENT: usize = 18;
const NEVER_CONTACTED: usize = 9;
const WITHOUT_HANDLER: usize = 11;
const NOT_REACHED: usize = 28;
/// Youths of the small unit: in the duty, in outreach, and closed.
const ELSEWHERE: [usize; 3] = [9, 5, 4];

/// How a story goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Open in the duty.
    Kaa,
    /// Open in outreach.
    Outreach,
    /// Ended.
    Closed,
}

/// A youth with a part in the demo.
pub struct Cast<'p> {
    /// The place among the people.
    pub place: usize,
    pub person: &'p Youth,
    pub course: Course,
    /// The unit, by its place.
    pub unit: usize,
    pub is_never_contacted: bool,
    pub is_without_handler: bool,
    pub is_not_reached: bool,
    pub is_protected: bool,
    pub is_in_compartment: bool,
}

/// Hands out the parts: the young to the duty, the older to outreach, and those left over to history.
pub fn cast<'p>(people: &'p [Youth], today: NaiveDate) -> Vec<Cast<'p>> {
    let is_young = |youth: &Youth| age_on(youth.birth_date, today).is_some_and(|age| age < 20);
    let (mut kaa, mut outreach, mut closed) = (0, 0, 0);
    let mut parts = Vec::new();
    for (place, person) in people.iter().enumerate() {
        let (course, count) = if is_young(person) && kaa < OPEN_KAA {
            (Course::Kaa, &mut kaa)
        } else if !is_young(person) && outreach < OPEN_OUTREACH {
            (Course::Outreach, &mut outreach)
        } else if closed < YOUTHS - OPEN_KAA - OPEN_OUTREACH {
            (Course::Closed, &mut closed)
        } else {
            continue;
        };
        let number = *count;
        *count += 1;
        let [kaa_elsewhere, outreach_elsewhere, closed_elsewhere] = ELSEWHERE;
        let elsewhere = match course {
            Course::Kaa => kaa_elsewhere,
            Course::Outreach => outreach_elsewhere,
            Course::Closed => closed_elsewhere,
        };
        let is_elsewhere = number < elsewhere;
        // The parts that stand out come after those elsewhere, one after another, in the duty and some in outreach.
        let mut from = elsewhere;
        let mut is_among = |several: usize| {
            let is_it = course == Course::Kaa && (from..from + several).contains(&number);
            from += several;
            is_it
        };
        let is_protected = is_among(PROTECTED_IDENTITIES);
        let is_in_compartment = is_among(IN_COMPARTMENT);
        let is_never_contacted = is_among(NEVER_CONTACTED);
        let is_without_handler = is_among(WITHOUT_HANDLER);
        let is_not_reached = is_among(NOT_REACHED);
        parts.push(Cast {
            place,
            person,
            course,
            unit: usize::from(is_elsewhere),
            is_never_contacted,
            is_without_handler: is_without_handler
                || (course == Course::Outreach && number % 9 == 7),
            is_not_reached: is_not_reached || (course == Course::Outreach && number % 6 == 5),
            is_protected,
            is_in_compartment,
        });
    }
    parts
}
