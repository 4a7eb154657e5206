//! Placements: which youth suits which offered place, when the host is visited, and in which fields of work. A match is a
//! proposal: what is asked for, when, and whether the youth may start. Who gets the place is decided by people, and that no
//! place is given twice by `db::placements`.

use super::age::birthday_on;
use super::codes::{Code, Measure, code_list};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

code_list! {
    /// The field of work of a place.
    PlacementField {
        RestaurantBakery = "restaurant_bakery", "Restaurang och bageri", "Restaurant and bakery";
        Trade = "trade", "Butik och handel", "Shop and trade";
        Care = "care", "Vård och omsorg", "Health and social care";
        ChildcareSchool = "childcare_school", "Barn och skola", "Childcare and school";
        Construction = "construction", "Bygg och anläggning", "Construction";
        Property = "property", "Fastighet och städ", "Property and cleaning";
        Industry = "industry", "Industri och verkstad", "Industry and workshop";
        Transport = "transport", "Transport och lager", "Transport and storage";
        Administration = "administration", "Kontor och administration", "Office and administration";
        It = "it", "It och teknik", "IT and technology";
        Culture = "culture", "Kultur och media", "Culture and media";
        SportLeisure = "sport_leisure", "Idrott och fritid", "Sport and leisure";
        Gardening = "gardening", "Park, trädgård och djur", "Parks, gardens and animals";
        Other = "other", "Annat", "Other";
    }
}
code_list! {
    /// Whether an offer of places still takes anybody.
    PlacementOfferStatus {
        Open = "open", "Öppet", "Open";
        Closed = "closed", "Stängt", "Closed";
    }
}
code_list! {
    /// Why a youth and an offered place suit each other.
    MatchReason {
        WantsField = "wants_field", "Vill arbeta inom området", "Wants to work in the field";
        WithinPeriod = "within_period", "Vill och kan under perioden", "Wants to, within the period";
        MayStartMeasures = "may_start_measures", "Insatser får påbörjas", "Measures may start";
        OfAge = "of_age", "Har åldern som värden frågar efter", "Of the age that the host asks for";
        HasDrivingLicence = "has_driving_licence", "Har körkortet som värden frågar efter", "Has the driving licence that the host asks for";
        PlaceFree = "place_free", "Det finns en ledig plats", "There is a free place";
    }
}

/// Whether a measure is one that a host gives places for.
pub const fn is_at_host(kind: Measure) -> bool {
    matches!(kind, Measure::WorkPlacement | Measure::SubsidisedEmployment)
}

/// When the host is visited if nothing else is said. Configuration of the municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlacementRules {
    /// Days from the first day until the first follow-up at the host.
    #[serde(rename = "placementFirstFollowUpDays")]
    pub first_follow_up_days: u32,
    /// Days between the follow-ups after that.
    #[serde(rename = "placementFollowUpEveryDays")]
    pub follow_up_every_days: u32,
}

impl Default for PlacementRules {
    fn default() -> Self {
        Self {
            first_follow_up_days: 14,
            follow_up_every_days: 30,
        }
    }
}

/// The days on which a placement is followed up at the host, `most` at most: some time after the first day, then again and
/// again until the last; once, on the last day, if it is shorter than that.
pub fn follow_up_days(
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    today: NaiveDate,
    rules: PlacementRules,
    most: usize,
) -> Vec<NaiveDate> {
    let begins_on = starts_on.max(today);
    let later = |day: NaiveDate, days: u32| day.checked_add_days(Days::new(days.max(1).into()));
    let first = later(begins_on, rules.first_follow_up_days);
    let mut days: Vec<NaiveDate> =
        std::iter::successors(first, |day| later(*day, rules.follow_up_every_days))
            .take_while(|day| *day <= ends_on)
            .take(most)
            .collect();
    if days.is_empty() && ends_on >= today {
        days.push(ends_on);
    }
    days
}

/// What a host offers and asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The field of work.
    pub field: PlacementField,
    /// The first day of the places.
    pub starts_on: NaiveDate,
    /// The last.
    pub ends_on: NaiveDate,
    /// Whether the offer takes anybody.
    pub status: PlacementOfferStatus,
    /// The age asked for, in completed years.
    pub least_age: Option<u32>,
    /// Whether a driving licence is asked for.
    pub needs_driving_licence: bool,
}

impl Asked {
    /// The first day on which somebody could begin; `None` when the offer takes nobody any more.
    pub fn first_day(&self, today: NaiveDate) -> Option<NaiveDate> {
        let is_open = self.status == PlacementOfferStatus::Open && self.ends_on >= today;
        is_open.then(|| self.starts_on.max(today))
    }
}

/// A youth, as far as a match asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The fields the youth wants to work in.
    pub fields: Vec<PlacementField>,
    /// From when.
    pub from_on: NaiveDate,
    /// Until when, if the youth has said so.
    pub to_on: Option<NaiveDate>,
    /// Whether the youth has a driving licence.
    pub has_driving_licence: bool,
    /// When the youth was born.
    pub birth_date: NaiveDate,
    /// Whether measures of every kind may start.
    pub may_start: bool,
}

/// Why a youth and an offer suit each other; `None` when they do not.
pub fn reasons(
    asked: &Asked,
    wanted: &Wanted,
    has_free_place: bool,
    today: NaiveDate,
) -> Option<Vec<MatchReason>> {
    let first = asked.first_day(today)?;
    let is_of_age = asked.least_age.is_none_or(|age| {
        birthday_on(wanted.birth_date, age).is_some_and(|birthday| birthday <= first)
    });
    let is_within = wanted.from_on <= asked.ends_on && wanted.to_on.is_none_or(|to| to >= first);
    let has_licence = !asked.needs_driving_licence || wanted.has_driving_licence;
    let suits = wanted.may_start
        && wanted.fields.contains(&asked.field)
        && is_within
        && is_of_age
        && has_licence;
    if !suits {
        return None;
    }
    let all = [
        (MatchReason::WantsField, true),
        (MatchReason::WithinPeriod, true),
        (MatchReason::MayStartMeasures, true),
        (MatchReason::OfAge, asked.least_age.is_some()),
        (MatchReason::HasDrivingLicence, asked.needs_driving_licence),
        (MatchReason::PlaceFree, has_free_place),
    ];
    let told = all.into_iter().filter(|(_, holds)| *holds);
    Some(told.map(|(reason, _)| reason).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const TODAY: &str = "2026-11-24";

    fn asked() -> Asked {
        Asked {
            field: PlacementField::RestaurantBakery,
            starts_on: day("2026-12-01"),
            ends_on: day("2027-02-26"),
            status: PlacementOfferStatus::Open,
            least_age: None,
            needs_driving_licence: false,
        }
    }

    fn wanted() -> Wanted {
        Wanted {
            fields: vec![PlacementField::Trade, PlacementField::RestaurantBakery],
            from_on: day("2026-11-01"),
            to_on: None,
            has_driving_licence: false,
            birth_date: day("2009-01-05"),
            may_start: true,
        }
    }

    fn suits(asked: &Asked, wanted: &Wanted) -> bool {
        reasons(asked, wanted, true, day(TODAY)).is_some()
    }

    #[test]
    fn what_is_asked_for_is_told_and_what_is_not_is_not() {
        use MatchReason as R;
        let three = [R::WantsField, R::WithinPeriod, R::MayStartMeasures];
        let plain = reasons(&asked(), &wanted(), false, day(TODAY)).unwrap();
        assert_eq!(plain, three);
        let mut exacting = asked();
        exacting.least_age = Some(17);
        exacting.needs_driving_licence = true;
        assert!(!suits(&exacting, &wanted()), "no licence");
        let mut driver = wanted();
        driver.has_driving_licence = true;
        let all = reasons(&exacting, &driver, true, day(TODAY)).unwrap();
        assert_eq!(all, MatchReason::ALL);
    }

    #[test]
    fn field_period_age_gate_and_status_each_rule_out() {
        type Change = fn(&mut Asked, &mut Wanted);
        let out: [Change; 7] = [
            |_, w| w.fields.clear(),
            |_, w| w.from_on = day("2027-02-27"),
            |_, w| w.to_on = Some(day("2026-11-30")),
            |_, w| w.may_start = false,
            |a, _| a.least_age = Some(18),
            |a, _| a.status = PlacementOfferStatus::Closed,
            |a, _| {
                a.starts_on = day("2026-09-01");
                a.ends_on = day("2026-11-23");
            },
        ];
        assert!(suits(&asked(), &wanted()));
        for (place, change) in out.iter().enumerate() {
            let (mut asked, mut wanted) = (asked(), wanted());
            change(&mut asked, &mut wanted);
            assert!(!suits(&asked, &wanted), "{place}");
        }
        // The age counts on the first day, and the edges of the period count.
        let mut edge = asked();
        edge.least_age = Some(18);
        edge.starts_on = day("2027-01-05");
        assert!(suits(&edge, &wanted()));
        let mut late = wanted();
        late.from_on = day("2027-02-26");
        late.to_on = Some(day("2027-02-26"));
        assert!(suits(&asked(), &late));
    }

    #[test]
    fn the_host_is_visited_early_and_then_every_month() {
        let days = |from: &str, to: &str| {
            let rules = PlacementRules::default();
            follow_up_days(day(from), day(to), day(TODAY), rules, 50)
        };
        assert_eq!(
            days("2026-12-01", "2027-02-26"),
            ["2026-12-15", "2027-01-14", "2027-02-13"].map(day)
        );
        // What has begun is followed up from today on; a week is followed up on its last day.
        assert_eq!(days("2026-09-01", "2026-12-31"), ["2026-12-08"].map(day));
        assert_eq!(days("2026-12-01", "2026-12-07"), ["2026-12-07"].map(day));
        assert_eq!(days("2026-12-01", "2036-12-07").len(), 50);
    }

    #[test]
    fn only_work_is_at_a_host() {
        let at_host: Vec<&str> = Measure::ALL
            .iter()
            .filter(|kind| is_at_host(**kind))
            .map(|kind| kind.code())
            .collect();
        assert_eq!(at_host, ["work_placement", "subsidised_employment"]);
    }

    proptest! {
        #[test]
        fn follow_ups_lie_within_the_period_in_order_and_none_is_in_the_past(
            from in 0u64..400, length in 0u64..800, now in 0u64..400, first in 1u32..100, every in 1u32..100,
        ) {
            let start = day("2026-01-01");
            let on = |days| start.checked_add_days(Days::new(days)).unwrap();
            let rules = PlacementRules { first_follow_up_days: first, follow_up_every_days: every };
            let (starts_on, ends_on, today) = (on(from), on(from + length), on(now));
            let days = follow_up_days(starts_on, ends_on, today, rules, 50);
            prop_assert!(days.is_sorted() && days.len() <= 50);
            prop_assert!(days.iter().all(|day| *day >= today && *day <= ends_on));
            prop_assert_eq!(days.is_empty(), ends_on < today);
        }
    }
}
