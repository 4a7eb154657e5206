//! What hosts offer in the demo, what youths want, and who was offered which place: one who has said yes, one who has not
//! answered, so that the café is full, and one who has said no, so that the workshop is free again. The rest is there to be
//! matched.

use super::cast::{Cast, Course};
use super::plan::{Deed, Fields, Planner, object};
use super::staff::places;
use serde_json::{Value, json};

/// Youths with a wish.
const WISHES: usize = 14;
/// Under which key the intervention of a placement is known.
const KEY: usize = 9_000;
/// Fields of work that are wanted, one after another.
const FIELDS: &[&[&str]] = &[
    &["restaurant_bakery", "trade"],
    &["restaurant_bakery"],
    &["industry", "transport"],
    &["trade", "culture"],
    &["gardening", "property"],
    &["gardening", "sport_leisure"],
    &["culture", "it"],
];

impl Planner<'_> {
    /// The konsulent enters offers and wishes and offers three places, on the last working day. Takes no chances, so that
    /// the stories stay as they are.
    pub fn show_placements(&mut self, parts: &[Cast<'_>]) {
        let Some(by) = places("ungdomskonsulent", 0).first().copied() else {
            return;
        };
        for (key, fields) in self.offers().into_iter().enumerate() {
            // The hosts stand first among the partners, in this order.
            self.step(0, 1300 + key, by, Deed::OfferPlaces(key, key, fields));
        }
        let wishing: Vec<usize> = parts
            .iter()
            .filter(|cast| cast.course == Course::Outreach && cast.unit == 0)
            .filter(|cast| !cast.is_protected && !cast.is_in_compartment)
            .map(|cast| cast.place)
            .take(WISHES)
            .collect();
        for (number, place) in wishing.iter().enumerate() {
            let fields = FIELDS
                .get(number % FIELDS.len())
                .copied()
                .unwrap_or_default();
            let mut wish = object(json!({
                "fields": fields, "hoursPerWeek": 20 + 5 * (number % 4), "hasDrivingLicence": number % 5 == 3,
            }));
            if number % 3 == 0 {
                wish.insert(
                    "note".to_owned(),
                    json!("Helst förmiddagar, och nära bussen."),
                );
            }
            self.step(0, 1310 + number, by, Deed::Wish(*place, wish));
        }
        for (number, offer, answer) in [
            (0, 0, Some("accepted")),
            (1, 0, None),
            (2, 1, Some("declined")),
        ] {
            let Some(place) = wishing.get(number).copied() else {
                continue;
            };
            let goal = object(json!({"goal": "Prova på yrket och få en referens."}));
            let minute = 1340 + 2 * number;
            self.step(0, minute, by, Deed::Place(place, offer, KEY, goal));
            if let Some(answer) = answer {
                let told = object(json!({"answer": answer}));
                self.step(0, minute + 1, by, Deed::ChangeOffer(place, KEY, told));
            }
        }
    }

    fn offers(&self) -> Vec<Fields> {
        let offer = |title: &str,
                     field: &str,
                     kind: &str,
                     places: usize,
                     from: usize,
                     days: usize| {
            json!({
                "title": title, "field": field, "kind": kind, "places": places,
                "startsOn": self.calendar.after(0, from), "endsOn": self.calendar.after(0, from + days),
            })
        };
        let with = |mut base: Value, more: Value| {
            if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
                base.extend(more);
            }
            object(base)
        };
        let placement = "work_placement";
        vec![
            with(
                offer(
                    "Kök och servering",
                    "restaurant_bakery",
                    placement,
                    2,
                    14,
                    80,
                ),
                json!({"requirements": "Kunna börja klockan sju. Inga förkunskaper."}),
            ),
            with(
                offer("Cykelmekaniker", "industry", placement, 1, 10, 60),
                json!({}),
            ),
            with(
                offer(
                    "Butik och utkörning",
                    "trade",
                    "subsidised_employment",
                    1,
                    30,
                    180,
                ),
                json!({"leastAge": 18, "needsDrivingLicence": true}),
            ),
            with(
                offer("Parkskötsel", "gardening", placement, 4, 20, 90),
                json!({}),
            ),
            with(
                offer("Läsesalen", "culture", placement, 2, 5, 40),
                json!({"status": "closed"}),
            ),
        ]
    }
}
