//! What a youth of the demo is offered: interventions, referrals, and what belongs in the protected compartment.

use super::cast::Cast;
use super::chance::Chance;
use super::plan::{Deed, Planner, object};
use super::staff::STAFF;
use super::story::Thread;
use crate::domain::age::age_on;
use serde_json::{Value, json};

impl Planner<'_> {
    /// A socionom is assigned and refers to somebody outside; for some, measures wait.
    pub fn open_compartment(
        &mut self,
        cast: &Cast<'_>,
        entry: usize,
        chief: usize,
        socionom: &[usize],
        thread: &mut Thread,
    ) {
        let by = self.chance.pick(socionom, chief);
        let start = entry.saturating_sub(1);
        if by != thread.handler || cast.is_without_handler {
            self.step(start, 540, chief, Deed::Assign(cast.place, by, "support"));
        }
        let (target, note) = self.chance.pick(
            &[
                ("addiction_care", "Vill ha hjälp att komma ifrån vardagen med kompisarna. Har tackat ja till ett första möte."),
                ("health_care", "Mår dåligt sedan i våras. Vill träffa någon på vårdcentralen."),
                ("lss_officer", "Önskar en bedömning. Ansöker själv; vi hjälper till med kontakten."),
                ("social_services_intake", "Behöver annat boende. Har sagt ja till kontakt med mottagningsgruppen."),
                ("youth_clinic", "Vill prata med kurator."),
            ],
            ("youth_clinic", ""),
        );
        self.refer(cast.place, start, by, target, Some(note), thread);
        if cast.place.is_multiple_of(2) {
            let status = match target {
                "addiction_care" => {
                    json!({"basis": "substance", "substanceStatus": "active_use", "note": "Berättar själv. Motiverad att börja hos beroendevården."})
                }
                "health_care" => {
                    let until = self.calendar.after(start, 45);
                    json!({"basis": "ill_health", "mayStartMeasures": false, "pausedUntil": until, "note": "Vården först, insatser när orken finns."})
                }
                _ => json!({"basis": "other", "mayStartMeasures": false}),
            };
            thread.is_gate_closed = true;
            self.step(start, 700, by, Deed::SetStatus(cast.place, object(status)));
            let day = self.calendar.day(start);
            let is_minor = age_on(cast.person.birth_date, day).is_some_and(|age| age < 18);
            if target == "addiction_care" && is_minor {
                let reported = json!({"reportedOn": day, "reference": "Dnr IFO 2026-0203"});
                let report = Deed::AnswerTask(cast.place, "concern_report", object(reported));
                self.step(start, 720, by, report);
                let met = Deed::AnswerTask(
                    cast.place,
                    "guardian_contact",
                    object(json!({"doneOn": day})),
                );
                self.step(start, 750, by, met);
            }
        }
    }

    /// Offered, then answered, sent and received as the days pass.
    pub fn refer(
        &mut self,
        place: usize,
        ago: usize,
        by: usize,
        target: &'static str,
        note: Option<&str>,
        thread: &mut Thread,
    ) {
        let key = thread.key();
        let mut fields = object(json!({"target": target}));
        if let Some(note) = note {
            fields.insert("note".to_owned(), json!(note));
        }
        self.step(ago, 690, by, Deed::Refer(place, key, fields));
        let mut ago = ago;
        let mut later = |chance: &mut Chance, from, to| -> Option<usize> {
            ago = ago.checked_sub(chance.between(from, to))?;
            (ago >= thread.until).then_some(ago)
        };
        let Some(answered) = later(self.chance, 1, 4) else {
            return;
        };
        let day = self.calendar.day(answered);
        if self.chance.percent(15) {
            self.step(
                answered,
                692,
                by,
                Deed::MoveReferral(place, key, object(json!({"status": "declined"}))),
            );
            return;
        }
        let form = self
            .chance
            .choose(&[(2, "written"), (3, "oral_documented")], "written");
        self.step(
            answered,
            692,
            by,
            Deed::MoveReferral(
                place,
                key,
                object(json!({
                    "status": "consented", "consentedOn": day, "consentForm": form,
                })),
            ),
        );
        let Some(sent) = later(self.chance, 1, 3) else {
            return;
        };
        let due = self.calendar.after(sent, 15);
        self.step(
            sent,
            694,
            by,
            Deed::MoveReferral(
                place,
                key,
                object(json!({"status": "sent", "answerDueOn": due})),
            ),
        );
        if self.chance.percent(30) {
            return;
        }
        let Some(received) = later(self.chance, 4, 25) else {
            return;
        };
        self.step(
            received,
            696,
            by,
            Deed::MoveReferral(place, key, object(json!({"status": "received"}))),
        );
        let Some(closed) = later(self.chance, 10, 60) else {
            return;
        };
        self.step(
            closed,
            698,
            by,
            Deed::MoveReferral(place, key, object(json!({"status": "closed"}))),
        );
    }

    /// An intervention is offered in a talk, and goes its way.
    pub fn offer(&mut self, cast: &Cast<'_>, ago: usize, thread: &mut Thread) {
        let by = thread.handler;
        let role = STAFF.get(by).map_or("", |person| person.role);
        let kind = match role {
            // The konsulent's measures all wait for the gate.
            "ungdomskonsulent" if thread.is_gate_closed => return,
            "ungdomskonsulent" => self.chance.choose(
                &[
                    (4, "job_search_help"),
                    (4, "work_placement"),
                    (1, "subsidised_employment"),
                ],
                "job_search_help",
            ),
            _ if thread.is_gate_closed => self.chance.choose(
                &[
                    (4, "talks"),
                    (3, "study_career_guidance"),
                    (3, "authority_contact_support"),
                ],
                "talks",
            ),
            "socionom" => self.chance.choose(
                &[
                    (5, "talks"),
                    (3, "authority_contact_support"),
                    (2, "wellness"),
                    (1, "study_career_guidance"),
                    (1, "other"),
                ],
                "talks",
            ),
            _ => self.chance.choose(
                &[
                    (5, "study_career_guidance"),
                    (2, "talks"),
                    (3, "komvux_studies"),
                    (1, "folk_high_school_studies"),
                    (2, "job_search_help"),
                ],
                "study_career_guidance",
            ),
        };
        let (provider, party) = match kind {
            "work_placement" => (
                Some(self.chance.pick(
                    &[
                        "Cykelverkstan i Rissne",
                        "Biblioteket",
                        "Kafé Signal",
                        "Parkförvaltningen",
                    ],
                    "Biblioteket",
                )),
                "other_actor",
            ),
            "subsidised_employment" => (Some("Arbetsmarknadsenheten"), "municipality"),
            "komvux_studies" => (Some("Komvux"), "other_actor"),
            "folk_high_school_studies" => (Some("Folkhögskolan"), "other_actor"),
            _ => (None, "municipality"),
        };
        let key = thread.key();
        let after = self.chance.between(12, 25);
        let due = self.calendar.after(ago, after);
        let mut fields = object(json!({
            "kind": kind, "responsibleParty": party, "followUps": [{"dueOn": due}],
            "goal": self.chance.pick(GOALS, ""),
        }));
        if let Some(provider) = provider {
            fields.insert("provider".to_owned(), json!(provider));
        }
        self.step(ago, 685, by, Deed::Offer(cast.place, key, fields));
        let change = |fields: Value| Deed::ChangeOffer(cast.place, key, object(fields));
        let answered = ago
            .checked_sub(self.chance.between(1, 5))
            .filter(|day| *day >= thread.until);
        let Some(answered) = answered else { return };
        let answer = self.chance.choose(
            &[
                (65, "accepted"),
                (12, "declined"),
                (9, "no_show"),
                (14, "offered"),
            ],
            "offered",
        );
        if answer == "offered" {
            return;
        }
        let day = self.calendar.day(answered);
        self.step(
            answered,
            720,
            by,
            change(json!({"answer": answer, "answeredOn": day})),
        );
        if answer != "accepted" || self.chance.percent(12) {
            return;
        }
        // Without a plan only talks, guidance and help towards authorities begin.
        let waits = !matches!(
            kind,
            "talks" | "study_career_guidance" | "authority_contact_support"
        );
        if waits && !thread.papers.has_plan() {
            return;
        }
        let started = answered
            .checked_sub(self.chance.between(0, 6))
            .filter(|day| *day >= thread.until);
        let Some(started) = started else { return };
        let day = self.calendar.day(started);
        self.step(started, 722, by, change(json!({"startedOn": day})));
        thread.running.push(key);
        let followed = ago
            .checked_sub(self.chance.between(26, 32))
            .filter(|day| *day >= thread.until);
        if let (Some(followed), true) = (followed, self.chance.percent(75)) {
            let done = self.calendar.day(followed);
            self.step(
                followed,
                724,
                by,
                change(json!({"followUps": [{"dueOn": due, "doneOn": done}]})),
            );
        }
        let ended = started
            .checked_sub(self.chance.between(20, 90))
            .filter(|day| *day >= thread.until);
        if let Some(ended) = ended {
            let reason = self.chance.choose(
                &[
                    (5, "completed"),
                    (3, "ended_by_youth"),
                    (2, "moved_to_studies"),
                    (2, "moved_to_work"),
                    (1, "ended_by_provider"),
                ],
                "completed",
            );
            let day = self.calendar.day(ended);
            self.step(
                ended,
                726,
                by,
                change(json!({"endedOn": day, "endReason": reason})),
            );
            thread.running.retain(|running| *running != key);
        }
    }
}

const GOALS: &[&str] = &[
    "Återuppta studierna till våren.",
    "Praktik minst två dagar i veckan.",
    "Veta vilka vägar som finns och välja en av dem.",
    "En rutin som håller: upp på morgonen, något varje dag.",
    "Söka tre jobb och få återkoppling.",
];
