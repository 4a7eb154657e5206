//! What the law asks beside the everyday work, each once or twice in the demo: consents and what was told on them, an
//! objection, a sensitive word let stand, a youth handed over, outreach after the duty with and without its
//! notes, and what became of those who left.

use super::cast::{Cast, Course};
use super::plan::{Deed, Planner, object};
use super::staff::places;
use super::story::Thread;
use crate::domain::age::age_on;
use crate::domain::outcome::due_on;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// How many of each part have been given out.
#[derive(Default)]
pub struct Given {
    ordinary: usize,
    followed_on: usize,
    returned: usize,
}

impl Planner<'_> {
    /// Gives a part to whoever has an ordinary story in the large unit. Takes no chances, so that the stories stay as they
    /// are.
    pub fn ask_of_law(&mut self, cast: &Cast<'_>, chief: usize, thread: &Thread) {
        let is_ordinary = cast.course == Course::Kaa
            && cast.unit == 0
            && !cast.is_protected
            && !cast.is_in_compartment
            && !cast.is_never_contacted
            && !cast.is_without_handler
            && !cast.is_not_reached;
        if !is_ordinary {
            return;
        }
        let number = self.given.ordinary;
        self.given.ordinary += 1;
        let (place, by) = (cast.place, thread.handler);
        match number {
            0 => self.withdraw(place, by),
            1 => self.disclose(
                place,
                by,
                json!({
                    "recipientKind": "employment_service", "recipientName": "Arbetsförmedlingen", "means": "letter",
                    "categories": ["contact_details"], "basis": "legal_duty", "basisReason": "OSL 6 kap. 5 §",
                }),
            ),
            2 => self.disclose(
                place,
                by,
                json!({
                    "recipientKind": "other_municipality", "recipientName": "Solna", "means": "phone",
                    "categories": ["contact_details"], "basis": "other",
                    "basisReason": "Borta sedan tre dagar; kommunen där släkten bor hjälper till att leta.",
                }),
            ),
            3 => self.object(place, by),
            4 => self.confirm(place, by),
            5 => self.hand_over(place, chief, None),
            6 => {
                let receiver = places("enhetschef", 1).first().copied();
                self.hand_over(place, chief, receiver);
            }
            7 => self.extract(place),
            8 => self.restrict(place, chief),
            _ => {}
        }
    }

    /// A consent, something told on it, and its withdrawal: the recipient is still to be informed.
    fn withdraw(&mut self, place: usize, by: usize) {
        let consent = json!({
            "recipientKind": "employment_service", "recipientName": "Arbetsförmedlingen", "purpose": "Söka jobb tillsammans",
            "categories": ["contact_details", "occupation"], "givenBy": "youth", "form": "written",
        });
        self.step(0, 1200, by, Deed::Consent(place, object(consent)));
        let told = json!({
            "recipientKind": "employment_service", "recipientName": "Arbetsförmedlingen", "means": "meeting",
            "categories": ["occupation"],
        });
        self.step(0, 1210, by, Deed::Disclose(place, true, object(told)));
        let withdrawal = json!({"withdrawalForm": "oral"});
        let deed = Deed::WithdrawConsent(place, object(withdrawal));
        self.step(0, 1220, by, deed);
    }

    fn disclose(&mut self, place: usize, by: usize, told: Value) {
        self.step(0, 1205, by, Deed::Disclose(place, false, object(told)));
    }

    fn object(&mut self, place: usize, by: usize) {
        let note = json!({
            "resource": "youth", "field": "schoolStatus", "text": "Jag slutade i oktober, inte i våras.", "raisedBy": "youth",
        });
        self.step(0, 1215, by, Deed::Object(place, object(note)));
    }

    fn confirm(&mut self, place: usize, by: usize) {
        let contact = json!({
            "channel": "sms", "direction": "inbound", "result": "reached",
            "note": "Är sjuk sedan i måndags. Hör av sig när det är bättre.", "confirmedTerms": ["sjuk"],
        });
        self.step(0, 1215, by, Deed::Contact(place, object(contact)));
    }

    /// A SYV gathers what the register holds, for a youth who has asked.
    fn extract(&mut self, place: usize) {
        let asked = json!({
            "requestReference": "KAA 2026/31", "identityProof": "id_document", "includesReaders": true,
            "reason": "Frågade vid besöket vad som står och vem som har läst.",
        });
        if let Some(by) = places("syv", 0).first().copied() {
            self.step(0, 1240, by, Deed::Extract(place, object(asked)));
        }
    }

    /// The youth says that something is wrong, and nothing is done with it until that is known.
    fn restrict(&mut self, place: usize, chief: usize) {
        let asked = json!({
            "ground": "accuracy_contested", "reason": "Skolstatus stämmer inte enligt ungdomen; skolan är tillfrågad.",
        });
        self.step(0, 1240, chief, Deed::Restrict(place, object(asked)));
    }

    /// Asked of the small unit, and taken over at once if somebody there answers.
    fn hand_over(&mut self, place: usize, by: usize, receiver: Option<usize>) {
        let asked = json!({"reason": "Har flyttat till Ursvik och vill ha närmare till enheten."});
        self.step(0, 1250, by, Deed::AskTransfer(place, 1, object(asked)));
        if let Some(receiver) = receiver {
            let answer = json!({"status": "accepted"});
            let deed = Deed::AnswerTransfer(place, object(answer));
            self.step(0, 1260, receiver, deed);
        }
    }

    /// Of those whose duty ended on the 20th birthday two go on in outreach: one lets the notes follow, one does not.
    pub fn follow_on(&mut self, cast: &Cast<'_>, exit_ago: usize, by: usize) {
        const MOST: usize = 2;
        let ago = exit_ago.saturating_sub(3);
        if cast.unit != 0 || ago < 3 || self.given.followed_on >= MOST {
            return;
        }
        self.given.followed_on += 1;
        let entered_on = self.calendar.day(ago);
        let episode = json!({
            "track": "outreach_20_25", "reason": "study_certificate", "enteredOn": entered_on,
        });
        self.step(ago, 600, by, Deed::Open(cast.place, object(episode)));
        if self.given.followed_on == 1 {
            let carried = json!({"basis": "own_request", "form": "oral_documented"});
            let deed = Deed::CarryNotes(cast.place, object(carried));
            self.step(ago, 605, by, deed);
        }
        let contact = json!({
            "channel": "phone", "result": "reached", "note": "Första samtalet efter 20-årsdagen. Vill fortsätta träffas.",
        });
        self.step(ago - 1, 610, by, Deed::Contact(cast.place, object(contact)));
    }

    /// Months after an exit it is asked whether it lasts, mostly; one or two have come back before that.
    pub fn follow_exit(&mut self, cast: &Cast<'_>, exited_on: NaiveDate, by: usize) {
        const MOST_RETURNS: usize = 2;
        let due = |months| self.calendar.ago_of(due_on(exited_on, months));
        let (three, six) = (due(3), due(6));
        if three.is_none() {
            let is_young =
                age_on(cast.person.birth_date, self.calendar.today).is_some_and(|age| age < 20);
            let left = self.calendar.ago_of(exited_on).unwrap_or(0);
            if is_young && left > 20 && self.given.returned < MOST_RETURNS {
                self.given.returned += 1;
                let again = json!({
                    "track": "kaa", "reason": "dropout_national_programme", "enteredOn": self.calendar.day(2),
                });
                self.step(2, 980, by, Deed::Open(cast.place, object(again)));
            }
            return;
        }
        for (turn, ago) in [three, six].into_iter().flatten().enumerate() {
            let found = match (cast.place + turn) % 8 {
                0..4 => json!({"result": "sustained", "source": "youth"}),
                4 => json!({"result": "interrupted", "source": "youth"}),
                5 => json!({"result": "unknown"}),
                _ => continue,
            };
            let deed = Deed::CheckOutcome(cast.place, object(found));
            self.step(ago.saturating_sub(2), 870, by, deed);
        }
    }
}
