//! A youth's story in the demo, from registration to today or to the exit: who answers for them, how they are sought, what
//! comes of it.

use super::cast::{Cast, Course};
use super::documents::Papers;
use super::plan::{Deed, Planner, object};
use super::staff::places;
use super::target_group::end_of_school;
use crate::domain::age::{age_on, birthday_on};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

/// When and why an episode ends.
#[derive(Clone, Copy)]
struct Exit {
    /// The working day, counted backwards.
    ago: usize,
    /// The 20th birthday, if that is why.
    turned_20_on: Option<NaiveDate>,
}

/// What a story has come to.
pub struct Thread {
    /// Who answers for the youth, as a place in the staff.
    pub handler: usize,
    /// Who seeks them in the street, and from which working day on.
    ambassador: Option<(usize, usize)>,
    /// Whether only talks, guidance and help towards authorities begin.
    pub is_gate_closed: bool,
    /// Percent of attempts that reach the youth.
    reach: usize,
    /// The last key given out.
    pub next_key: usize,
    /// The latest working day (counted backwards) on which something may happen: the one after is the exit.
    pub until: usize,
    /// Interventions that run.
    pub running: Vec<usize>,
    /// Mapping, plan, contract.
    pub papers: Papers,
}

impl Thread {
    /// A key for something new.
    pub fn key(&mut self) -> usize {
        self.next_key += 1;
        self.next_key
    }
}

impl Planner<'_> {
    /// A youth's story from registration to today or to the exit.
    pub fn live(&mut self, cast: &Cast<'_>) {
        let (entry, exit) = self.span(cast);
        let unit = cast.unit;
        let (syv, socionom) = (places("syv", unit), places("socionom", unit));
        let konsulent = places("ungdomskonsulent", unit);
        let chief = places("enhetschef", unit).first().copied().unwrap_or(0);
        let registrar = if cast.is_protected {
            self.chance.pick(&socionom, chief)
        } else {
            self.chance.pick(&syv, chief)
        };
        let handler = if cast.is_protected {
            registrar
        } else {
            let all: Vec<usize> = [&syv, &socionom, &konsulent]
                .into_iter()
                .flatten()
                .copied()
                .collect();
            self.chance.pick(&all, registrar)
        };
        let mut thread = Thread {
            handler,
            ambassador: None,
            is_gate_closed: false,
            reach: self.chance.choose(&[(5, 75), (3, 45), (2, 20)], 50),
            next_key: 0,
            until: exit.map_or(0, |exit| exit.ago + 1),
            running: Vec::new(),
            papers: Papers::of(cast, handler, &syv),
        };
        if cast.is_not_reached {
            thread.reach = 0;
        }
        self.register(cast, entry, registrar, chief, &mut thread);
        if cast.is_in_compartment {
            self.open_compartment(cast, entry, chief, &socionom, &mut thread);
        }
        if !cast.is_never_contacted {
            self.contacts(cast, entry, &mut thread);
        }
        if let Some(exit) = exit {
            self.close(cast, exit, &thread);
            if exit.turned_20_on.is_some() {
                self.follow_on(cast, exit.ago, thread.handler);
            }
        }
        self.ask_of_law(cast, chief, &thread);
        self.look(cast, chief, &thread);
    }

    /// What is read about the youth of late, and where somebody looked too far.
    fn look(&mut self, cast: &Cast<'_>, chief: usize, thread: &Thread) {
        if cast.course == Course::Closed {
            return;
        }
        if cast.is_protected {
            let reason = "Ska skicka kallelse genom Skatteverkets förmedling.";
            let fields = json!({"purpose": "protected_address", "reason": reason});
            let glass = Deed::BreakGlass(cast.place, object(fields));
            self.step(2, 1020, thread.handler, glass);
            self.step(2, 1021, thread.handler, Deed::Look(cast.place));
        } else if self.chance.percent(12) {
            let (ago, minute) = (self.chance.between(0, 2), self.chance.between(1000, 1020));
            self.step(ago, minute, thread.handler, Deed::Look(cast.place));
        }
        if cast.is_not_reached && self.chance.percent(12) {
            let reason = "Granskar varför ungdomen inte nåtts på länge.";
            let fields = json!({"purpose": "contact_notes", "reason": reason});
            self.step(1, 1025, chief, Deed::BreakGlass(cast.place, object(fields)));
            self.step(1, 1026, chief, Deed::ReadContacts(cast.place));
        }
        let strangers = places("ambassador", cast.unit);
        if let (None, Some(stranger), true) =
            (thread.ambassador, strangers.first(), self.chance.percent(2))
        {
            self.step(1, 1200, *stranger, Deed::Pry(cast.place));
        }
    }

    /// On which working day the episode begins, and on which it ends. Nobody is younger than 16 when it begins, or the
    /// demo's first days allow no better.
    fn span(&mut self, cast: &Cast<'_>) -> (usize, Option<Exit>) {
        let first = self.calendar.first();
        let ago_of_birthday = |planner: &Self, years| {
            birthday_on(cast.person.birth_date, years).and_then(|day| planner.calendar.ago_of(day))
        };
        let turned_16 = ago_of_birthday(self, 16).unwrap_or(0);
        // `None`: still to come.
        let turned_20 = ago_of_birthday(self, 20);
        match cast.course {
            Course::Kaa if cast.is_never_contacted => {
                let ago = self.chance.choose(&[(5, 3), (2, 9), (2, 55)], 3);
                (ago.min(turned_16), None)
            }
            Course::Kaa => (self.chance.between(6, 250).min(turned_16), None),
            Course::Outreach => {
                let ago = self.chance.between(6, 250);
                // After the 20th birthday, but not so lately that nothing has happened.
                (ago.min(turned_20.unwrap_or(0)).max(6), None)
            }
            Course::Closed => {
                if let Some(birthday) = turned_20.filter(|birthday| birthday + 60 < first) {
                    // The duty ended on the birthday.
                    let entry = birthday + self.chance.between(40, 150);
                    let turned_20_on = birthday_on(cast.person.birth_date, 20);
                    let exit = Exit {
                        ago: birthday,
                        turned_20_on,
                    };
                    return (entry.min(first).min(turned_16), Some(exit));
                }
                let ago = self.chance.between(3, 130);
                let entry = ago + self.chance.between(35, 190);
                // All of it before the 20th birthday, or all after.
                let entry = entry.min(turned_20.unwrap_or(first)).min(turned_16).max(6);
                let exit = Exit {
                    ago: ago.min(entry.saturating_sub(5)),
                    turned_20_on: None,
                };
                (entry, Some(exit))
            }
        }
    }

    fn register(
        &mut self,
        cast: &Cast<'_>,
        entry: usize,
        by: usize,
        chief: usize,
        thread: &mut Thread,
    ) {
        let entered_on = self.calendar.day(entry);
        let mut fields = cast.person.fields.clone();
        let is_minor = birthday_on(cast.person.birth_date, 18).is_some_and(|day| day > entered_on);
        if is_minor {
            let name = self.chance.pick(
                &[
                    "Anna", "Mona", "Peter", "Nasrin", "Johan", "Fatima", "Lars", "Elena",
                ],
                "Anna",
            );
            fields.insert("guardians".to_owned(), json!([{
                "givenName": name, "familyName": cast.person.family_name, "relation": "vårdnadshavare",
                "phone": format!("070-174 06 {:02}", self.chance.between(5, 99)),
            }]));
        }
        if cast.is_protected {
            // Of a person with protected registration the address stands nowhere.
            let level = if cast.place.is_multiple_of(2) {
                "confidentiality_marking"
            } else {
                "protected_registration"
            };
            if level == "protected_registration" {
                fields.remove("addresses");
            }
            fields.insert("protectionLevel".to_owned(), json!(level));
        }
        fields.extend(end_of_school(cast, entered_on));
        let morning = self.chance.between(480, 500);
        self.step(entry, morning, by, Deed::Register(cast.place, fields));
        let track = self.track(cast, entered_on);
        let reason = match cast.person.school_status.as_str() {
            "ej påbörjat gymnasium" => "compulsory_school_only",
            "komvux/folkhögskola" => "study_certificate",
            "avbrutet introduktionsprogram" => "introductory_programme_ended",
            "saknar gymnasieexamen" => self.chance.choose(
                &[
                    (5, "dropout_national_programme"),
                    (3, "study_certificate"),
                    (1, "registered_after_compulsory_age"),
                ],
                "unknown",
            ),
            _ => "dropout_national_programme",
        };
        self.step(
            entry,
            morning + 4,
            by,
            Deed::Open(
                cast.place,
                object(json!({
                    "track": track, "reason": reason, "enteredOn": entered_on,
                })),
            ),
        );
        let is_fresh = cast.is_never_contacted && cast.place.is_multiple_of(2);
        if !cast.is_without_handler && !is_fresh {
            self.step(
                entry,
                morning + 30,
                chief,
                Deed::Assign(cast.place, thread.handler, "handler"),
            );
        }
        self.tell_facts(cast, entry, by, reason);
        let ambassadors = places("ambassador", cast.unit);
        let assigner = places("ungdomskonsulent", cast.unit);
        let is_followed = cast.course != Course::Closed && !cast.is_protected && entry > 20;
        if let (true, Some(assigner)) = (is_followed && self.chance.percent(22), assigner.first()) {
            let ambassador = self.chance.pick(&ambassadors, thread.handler);
            self.step(
                entry - 3,
                555,
                *assigner,
                Deed::Assign(cast.place, ambassador, "ambassador"),
            );
            thread.ambassador = Some((ambassador, entry - 3));
        }
    }

    fn track(&self, cast: &Cast<'_>, entered_on: NaiveDate) -> &'static str {
        match cast.course {
            Course::Kaa => "kaa",
            Course::Outreach => "outreach_20_25",
            Course::Closed => {
                let age = age_on(cast.person.birth_date, entered_on);
                if age.is_some_and(|age| age < 20) {
                    "kaa"
                } else {
                    "outreach_20_25"
                }
            }
        }
    }

    /// Contacts and attempts: dense in the last two months, sparse before, and what comes of those that reach the youth.
    fn contacts(&mut self, cast: &Cast<'_>, entry: usize, thread: &mut Thread) {
        let Some(mut ago) = entry.checked_sub(self.chance.between(1, 4)) else {
            return;
        };
        let mut has_met = false;
        while ago >= thread.until {
            let gap = if ago > 46 {
                self.chance.between(16, 34)
            } else {
                self.chance.between(6, 13)
            };
            let reaches = self.chance.percent(thread.reach)
                || (cast.is_not_reached && ago > 75 && !has_met && self.chance.percent(50));
            self.contact(cast, ago, gap, reaches, thread);
            if reaches && !cast.is_not_reached {
                self.document(cast, ago, thread);
                if thread.next_key < 4 && self.chance.percent(if has_met { 28 } else { 55 }) {
                    self.offer(cast, ago, thread);
                }
                if self.chance.percent(9) {
                    let target = self.chance.pick(
                        &[
                            "employment_service",
                            "adult_education",
                            "folk_high_school",
                            "municipal_labour_unit",
                            "ngo",
                        ],
                        "ngo",
                    );
                    self.refer(cast.place, ago, thread.handler, target, None, thread);
                }
            }
            has_met |= reaches;
            let Some(next) = ago.checked_sub(gap) else {
                break;
            };
            ago = next;
        }
    }

    fn contact(&mut self, cast: &Cast<'_>, ago: usize, gap: usize, reaches: bool, thread: &Thread) {
        let by_ambassador = thread
            .ambassador
            .filter(|(_, from)| ago < *from && self.chance.percent(35));
        let mut fields = Map::new();
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        let (by, minute) = match by_ambassador {
            Some((ambassador, _)) => {
                set("channel", json!("street_outreach"));
                set("area", json!(cast.person.area));
                set(
                    "place",
                    json!(self.chance.pick(
                        &[
                            "fritidsgården",
                            "centrum",
                            "biblioteket",
                            "idrottshallen",
                            "tunnelbanan"
                        ],
                        "centrum"
                    )),
                );
                (ambassador, self.chance.between(1020, 1170))
            }
            None => {
                let channel = if reaches {
                    self.chance.choose(
                        &[
                            (5, "phone"),
                            (3, "office_visit"),
                            (2, "sms"),
                            (1, "video"),
                            (1, "home_visit"),
                            (1, "via_guardian"),
                        ],
                        "phone",
                    )
                } else {
                    self.chance.choose(
                        &[
                            (5, "phone"),
                            (3, "sms"),
                            (2, "letter"),
                            (1, "social_media"),
                            (1, "postcard"),
                            (1, "email"),
                        ],
                        "phone",
                    )
                };
                set("channel", json!(channel));
                if reaches && self.chance.percent(15) {
                    set("direction", json!("inbound"));
                }
                (thread.handler, self.chance.between(560, 680))
            }
        };
        if reaches {
            set("result", json!("reached"));
            set(
                "minutes",
                json!(self.chance.pick(&[5, 10, 15, 20, 30, 45, 60], 15)),
            );
            set(
                "occupation",
                json!(self.chance.choose(
                    &[
                        (9, "none"),
                        (3, "work"),
                        (2, "studies"),
                        (2, "internship"),
                        (2, "not_known"),
                        (1, "other_activity")
                    ],
                    "none"
                )),
            );
            set("note", json!(self.chance.pick(MET, "")));
        } else {
            set(
                "result",
                json!(self.chance.choose(
                    &[
                        (8, "no_answer"),
                        (2, "declined"),
                        (1, "wrong_details"),
                        (1, "returned")
                    ],
                    "no_answer"
                )),
            );
            if self.chance.percent(60) {
                set("note", json!(self.chance.pick(NOT_MET, "")));
            }
        }
        if self.chance.percent(if reaches { 65 } else { 40 }) {
            // What was planned and not done yet is overdue on somebody's work list.
            let after = if ago < gap && self.chance.percent(35) {
                ago / 2 + 1
            } else {
                gap
            };
            set("nextContactOn", json!(self.calendar.after(ago, after)));
        }
        self.step(ago, minute, by, Deed::Contact(cast.place, fields));
    }

    fn close(&mut self, cast: &Cast<'_>, exit: Exit, thread: &Thread) {
        let day = self.calendar.day(exit.ago);
        let is_young = age_on(cast.person.birth_date, day).is_some_and(|age| age < 20);
        let somewhere = [
            (4, "work"),
            (3, "upper_secondary_studies"),
            (3, "komvux_studies"),
            (1, "folk_high_school_studies"),
            (1, "higher_education"),
            (1, "other_education"),
            (2, "none"),
        ];
        let (exited_on, reason, destination) = match exit.turned_20_on {
            Some(day) => (day, "turned_20", self.chance.choose(&somewhere, "none")),
            None => {
                let (reason, destination) = if is_young {
                    self.chance.choose(
                        &[
                            (
                                5,
                                ("national_programme_or_equiv", "upper_secondary_studies"),
                            ),
                            (2, ("introductory_programme", "upper_secondary_studies")),
                            (2, ("completed_upper_secondary", "work")),
                            (2, ("not_registered_here", "other")),
                        ],
                        ("not_registered_here", "other"),
                    )
                } else if self.chance.percent(75) {
                    (
                        "goal_reached",
                        self.chance.choose(
                            &[
                                (5, "work"),
                                (4, "komvux_studies"),
                                (2, "higher_education"),
                                (1, "folk_high_school_studies"),
                            ],
                            "work",
                        ),
                    )
                } else {
                    ("own_wish", "none")
                };
                (self.calendar.day(exit.ago), reason, destination)
            }
        };
        if reason == "national_programme_or_equiv" {
            self.come_back(cast, exit.ago, thread.handler);
        }
        let mut fields = object(json!({
            "exitedOn": exited_on, "deregistrationReason": reason, "destination": destination,
        }));
        if !matches!(destination, "other" | "none") {
            fields.insert(
                "destinationElsewhere".to_owned(),
                json!(self.chance.percent(20)),
            );
        }
        let end_reason = if reason == "turned_20" {
            "turned_20"
        } else {
            "completed"
        };
        let ends = thread
            .running
            .iter()
            .map(|key| (*key, json!(exited_on), json!(end_reason)))
            .collect();
        self.step(
            exit.ago,
            1010,
            thread.handler,
            Deed::Close(cast.place, fields, ends),
        );
        if !matches!(destination, "other" | "none") {
            self.follow_exit(cast, exited_on, thread.handler);
        }
    }
}

const MET: &[&str] = &[
    "Pratade om hösten och vad som känns möjligt just nu.",
    "Vill helst börja jobba. Vi gick igenom cv:t tillsammans.",
    "Undrar hur komvux fungerar. Fick information och en ny tid.",
    "Kom till enheten med en vän. Bra samtal, vill komma tillbaka.",
    "Kort samtal. Har det lugnt, vill höras igen om ett par veckor.",
    "Berättade om dagarna och vad som är svårt med att komma iväg på morgonen.",
    "Intresserad av praktik, helst något praktiskt.",
    "Tveksam till skolan men nyfiken på folkhögskola.",
];
const NOT_MET: &[&str] = &[
    "Ingen svarade. Försöker igen i nästa vecka.",
    "Lämnade meddelande.",
    "Sms skickat, inget svar ännu.",
    "Numret går inte fram, kollar om det finns ett annat.",
];
