//! The ambassadors' evenings in the demo: three weeks of sessions in Rissne, Hallonbergen and Ör and one online, people met in them
//! of whom one turned out to be a youth of the register, time reported besides, and weeks approved for pay, of which one has
//! changed since. Takes no chances, so that the stories of the youths stay as they are.

use super::cast::{Cast, Course};
use super::plan::{Deed, Planner, object};
use super::staff::places;
use crate::domain::weekly_summary::Week;
use chrono::{DateTime, Days, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

/// When an evening begins and ends, as minutes of the day, and when it is logged.
const EVENING: (usize, usize, usize) = (1_020, 1_200, 1_210);

/// An evening: how many working days ago, where, and how many young women and men were met.
const EVENINGS: [(usize, &str, &str, [u8; 2]); 8] = [
    (14, "Rissne", "Rissne torg", [4, 7]),
    (13, "Hallonbergen", "Hallonbergens centrum", [3, 5]),
    (11, "Ör", "Örskolans gård", [2, 6]),
    (9, "Rissne", "fritidsgården", [5, 4]),
    (8, "Hallonbergen", "tunnelbanan", [1, 8]),
    (6, "Ör", "Örs centrum", [3, 3]),
    (4, "Rissne", "Rissne torg", [6, 9]),
    (2, "Hallonbergen", "biblioteket", [4, 2]),
];

/// What somebody met said.
const SAID: [(&str, bool, &str); 4] = [
    (
        "wants_contact",
        true,
        "Hoppade av i våras och vill börja om. Frågade vad som finns efter nyår.",
    ),
    ("informed", false, "Tog en lapp om öppet hus."),
    (
        "talked",
        false,
        "Pratade om jobb på lager. Har en bror som har fått hjälp hos oss.",
    ),
    (
        "wants_contact",
        true,
        "Vill bli uppringd om praktik, men sade inte vad hen heter.",
    ),
];

impl Planner<'_> {
    /// Lets the ambassadors of the large unit go out.
    pub fn go_out(&mut self, parts: &[Cast<'_>]) {
        let (ambassadors, konsulent) = (places("ambassador", 0), places("ungdomskonsulent", 0));
        let (Some(syv), Some(lead)) = (
            places("syv", 0).first().copied(),
            konsulent.first().copied(),
        ) else {
            return;
        };
        let mut met = 0;
        for (key, (ago, area, place, counts)) in EVENINGS.into_iter().enumerate() {
            let pair: Vec<usize> = ambassadors
                .iter()
                .cycle()
                .skip(key)
                .take(2)
                .copied()
                .collect();
            let Some(logger) = pair.first().copied() else {
                return;
            };
            // Now and then the konsulent comes along for a while.
            let mut went: Vec<(usize, Option<i64>)> = pair.iter().map(|who| (*who, None)).collect();
            if key % 3 == 0 {
                went.push((lead, Some(90)));
            }
            let is_online = key == 5;
            let session = self.evening(ago, area, place, counts, is_online);
            let deed = Deed::GoOut(key, went, object(session));
            self.step(ago, EVENING.2, logger, deed);
            if key % 2 == 0 {
                let (outcome, wants_contact, note) =
                    SAID.get(met).copied().unwrap_or(("talked", false, ""));
                let somebody = json!({
                    "ageGroup": if met % 2 == 0 { "16_19" } else { "20_25" },
                    "legalSex": if met % 2 == 0 { "male" } else { "female" },
                    "outcome": outcome, "wantsContact": wants_contact, "note": note,
                });
                let deed = Deed::Meet(key, met, object(somebody));
                self.step(ago, EVENING.2 + 2, logger, deed);
                met += 1;
            }
        }
        // The first of them came to the office two days later.
        if let Some(place) =
            self.somebody_followed(parts, EVENINGS.first().map_or(0, |evening| evening.0))
        {
            self.step(12, 600, syv, Deed::Recognise(0, place));
        }
        self.be_paid(&ambassadors, lead);
        if let Some(by) = places("socionom", 0).first().copied() {
            self.step(0, 1_280, by, Deed::MakeCalendar);
        }
    }

    fn evening(
        &self,
        ago: usize,
        area: &str,
        place: &str,
        [women, men]: [u8; 2],
        is_online: bool,
    ) -> Value {
        let at = |minute| text(self.calendar.at(ago, minute));
        let place = if is_online {
            "gruppen för området"
        } else {
            place
        };
        json!({
            "kind": if is_online { "online" } else { "street" }, "area": area, "place": place,
            "startsAt": at(EVENING.0), "endsAt": at(EVENING.1),
            "met": [
                {"ageGroup": "16_19", "legalSex": "female", "count": women},
                {"ageGroup": "16_19", "legalSex": "male", "count": men},
                {"ageGroup": "20_25", "legalSex": "male", "count": men / 2},
            ],
            "outcomes": ["talked", "informed"],
            "note": if is_online { "Svarade på frågor om komvux." } else { "Lugn kväll, många som ville prata." },
        })
    }

    /// A youth with an ordinary story who was followed well before an evening and still is.
    fn somebody_followed(&self, parts: &[Cast<'_>], ago: usize) -> Option<usize> {
        let before = self.calendar.at(ago, 0) - Duration::days(20);
        let is_ordinary = |cast: &&Cast<'_>| {
            cast.course == Course::Kaa
                && cast.unit == 0
                && !cast.is_protected
                && !cast.is_in_compartment
                && !cast.is_never_contacted
                && !cast.is_without_handler
                && !cast.is_not_reached
        };
        let is_followed = |place: usize| {
            let mut was_opened = false;
            for step in &self.steps {
                match &step.deed {
                    Deed::Open(who, _) if *who == place => was_opened |= step.at < before,
                    Deed::Close(who, ..) | Deed::AskTransfer(who, ..) | Deed::Restrict(who, _)
                        if *who == place =>
                    {
                        return false;
                    }
                    _ => {}
                }
            }
            was_opened
        };
        let mut ordinary = parts.iter().filter(is_ordinary).map(|cast| cast.place);
        ordinary.find(|place| is_followed(*place))
    }

    /// Meetings on Mondays or thereabouts, and two weeks approved; in one of them an hour is reported afterwards.
    fn be_paid(&mut self, ambassadors: &[usize], lead: usize) {
        for ago in [15, 10, 5] {
            for who in ambassadors {
                let hours = json!({"workedOn": self.calendar.day(ago), "minutes": 60, "kind": "meeting", "note": "Veckomöte."});
                self.step(ago, 1_010, *who, Deed::ReportHours(object(hours)));
            }
        }
        for days in [21, 14] {
            let day = self.calendar.today.checked_sub_days(Days::new(days));
            let week = Week::holding(day.unwrap_or(self.calendar.today));
            for who in ambassadors {
                let approval = json!({"week": week.code()});
                self.step(0, 1_290, lead, Deed::ApproveWeek(*who, object(approval)));
            }
            if let (14, Some(who)) = (days, ambassadors.last()) {
                let late = json!({"workedOn": week.first_day(), "minutes": 45, "kind": "planning", "note": "Glömde planeringen inför lovet."});
                self.step(0, 1_300, *who, Deed::ReportHours(object(late)));
            }
        }
    }
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
