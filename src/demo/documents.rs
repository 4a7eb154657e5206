//! What is written with a youth of the demo at their talks: the mapping, the plan and its revisions, an education contract,
//! and what is known of the occupation from elsewhere than the talk. By a chance of its own, so that the rest of a story
//! goes as it would without.

use super::cast::{Cast, Course};
use super::chance::Chance;
use super::plan::{Deed, Fields, Planner, object};
use super::staff::STAFF;
use super::story::Thread;
use crate::domain::age::age_on;
use serde_json::{Value, json};

/// How far the documents of a youth have come.
pub struct Papers {
    chance: Chance,
    /// Who writes them: SYV or socionom.
    writer: usize,
    has_mapping: bool,
    /// The number of the revision in force; 0 without a plan.
    revision: i64,
    /// When it was made.
    revised: usize,
    has_contract: bool,
    /// Whether it is still to be signed.
    is_unsigned: bool,
}

impl Papers {
    /// Nothing yet. Who may not write a plan leaves it to a SYV of the unit.
    pub fn of(cast: &Cast<'_>, handler: usize, syv: &[usize]) -> Self {
        let writes = STAFF
            .get(handler)
            .is_some_and(|person| matches!(person.role, "syv" | "socionom"));
        let seed = u64::try_from(cast.place).unwrap_or(0);
        let mut chance = Chance::seeded(20_150_062 + seed);
        Self {
            writer: if writes {
                handler
            } else {
                chance.pick(syv, handler)
            },
            chance,
            has_mapping: false,
            revision: 0,
            revised: 0,
            has_contract: false,
            is_unsigned: false,
        }
    }

    /// Whether interventions of every kind may begin.
    pub const fn has_plan(&self) -> bool {
        self.revision > 0
    }
}

impl Planner<'_> {
    /// What is written at a talk that reached the youth.
    pub fn document(&mut self, cast: &Cast<'_>, ago: usize, thread: &mut Thread) {
        self.occupation(cast, ago, thread);
        let writer = thread.papers.writer;
        let papers = &mut thread.papers;
        if !papers.has_mapping {
            if papers.chance.percent(85) {
                papers.has_mapping = true;
                let (goals, needs, expectations) = papers.chance.pick(MAPPINGS, ("", "", ""));
                let mut fields = object(json!({
                    "goals": goals, "needs": needs, "expectations": expectations,
                }));
                if papers.chance.percent(60) {
                    let likes = papers.chance.pick(INTERESTS, "Musik");
                    fields.insert("interests".to_owned(), json!(likes));
                }
                self.step(ago, 681, writer, Deed::Map(cast.place, fields));
            }
            if !papers.has_mapping || papers.chance.percent(15) {
                return;
            }
        }
        let is_due = match papers.revision {
            0 => true,
            1 => papers.revised > ago + 15 && papers.chance.percent(55),
            _ => papers.revised > ago + 60 && papers.chance.percent(20),
        };
        if is_due {
            let fields = self.plan_fields(ago, thread);
            self.step(ago, 683, writer, Deed::Plan(cast.place, fields));
            self.follow_plan(cast, ago, thread);
        } else {
            self.contract(cast, ago, thread);
        }
    }

    fn plan_fields(&mut self, ago: usize, thread: &mut Thread) -> Fields {
        let today = self.calendar.day(ago);
        let start = self.calendar.after(ago, 5);
        let end = self.calendar.after(ago, 70);
        let papers = &mut thread.papers;
        let (goal_type, goal) = papers.chance.pick(
            &[
                ("education", "Läsa klart gymnasiet på komvux."),
                ("education", "Börja på ett introduktionsprogram i augusti."),
                ("education", "Allmän kurs på folkhögskola till hösten."),
                ("work", "Ett jobb på minst halvtid före sommaren."),
                ("other", "En vardag som håller, och sedan ett val."),
            ],
            ("education", "Tillbaka till studier."),
        );
        let (actor, theirs) = papers.chance.pick(
            &[
                ("Kafé Signal", "Praktik två dagar i veckan"),
                ("Biblioteket", "Språkpraktik på förmiddagarna"),
                ("Komvux", "Matematik och svenska på distans"),
            ],
            ("Komvux", "Orienteringskurs"),
        );
        let mut items = vec![
            json!({"what": "Svara när vi ringer, och höra av mig om något ändras", "responsibleParty": "youth", "plannedStartOn": today}),
            json!({"what": "Vägledning varannan vecka", "responsibleParty": "municipality", "plannedStartOn": today, "plannedEndOn": end}),
            json!({"what": theirs, "responsibleParty": "other_actor", "actor": actor, "plannedStartOn": start, "plannedEndOn": end}),
        ];
        if papers.revision > 0 {
            // What has changed since the revision before.
            items.push(json!({
                "what": "Prova på arbete på återbruket", "responsibleParty": "other_actor", "actor": "Återbruket",
                "endedOn": today, "endReason": papers.chance.pick(&["completed", "ended_by_youth"], "completed"),
            }));
        }
        let mut fields = object(json!({
            "planningText": papers.chance.pick(PLANNING, ""),
            "goalType": goal_type, "goalText": goal, "items": items,
            "followUps": [
                {"dueOn": self.calendar.after(ago, 25)},
                {"dueOn": self.calendar.after(ago, 75), "kind": "evaluation"},
            ],
        }));
        if papers.revision > 0 {
            fields.insert("basedOn".to_owned(), json!(papers.revision));
        }
        if papers.chance.percent(85) {
            let form = papers
                .chance
                .choose(&[(2, "written"), (3, "oral_documented")], "written");
            let mut agreement = json!({
                "agreedOn": today, "form": form, "agreedTo": "Planen som den är, och att vi följer upp den.",
            });
            if let (true, Some(said)) = (papers.chance.percent(20), agreement.as_object_mut()) {
                let no = "Att ni pratar med mina föräldrar om skolan.";
                said.insert("notAgreedTo".to_owned(), json!(no));
            }
            fields.insert("agreement".to_owned(), agreement);
        }
        papers.revision += 1;
        papers.revised = ago;
        fields
    }

    /// Most follow-ups are done in time, some late, and some are still to be done.
    fn follow_plan(&mut self, cast: &Cast<'_>, ago: usize, thread: &mut Thread) {
        let papers = &mut thread.papers;
        if !papers.chance.percent(70) {
            return;
        }
        let done = ago.checked_sub(papers.chance.between(10, 14));
        if let Some(done) = done.filter(|day| *day >= thread.until) {
            self.step(done, 688, papers.writer, Deed::FollowPlan(cast.place));
        }
    }

    /// With somebody of 20 to 24 in the outreach who wants to read.
    fn contract(&mut self, cast: &Cast<'_>, ago: usize, thread: &mut Thread) {
        let today = self.calendar.day(ago);
        let papers = &mut thread.papers;
        if papers.is_unsigned {
            papers.is_unsigned = false;
            let signed = object(json!({"signedOn": today}));
            self.step(
                ago,
                687,
                papers.writer,
                Deed::ChangeContract(cast.place, signed),
            );
            return;
        }
        let age = age_on(cast.person.birth_date, self.calendar.after(ago, 15));
        let is_of_age = age.is_some_and(|age| (20..=24).contains(&age));
        let is_meant = cast.course == Course::Outreach && papers.has_plan() && is_of_age;
        if !is_meant || papers.has_contract || !papers.chance.percent(25) {
            return;
        }
        papers.has_contract = true;
        papers.is_unsigned = papers.chance.percent(40);
        let (start, end) = (self.calendar.after(ago, 15), self.calendar.after(ago, 120));
        let person = cast.person;
        let mut fields = object(json!({
            "parties": [
                {"kind": "youth", "name": format!("{} {}", given_name(&person.fields), person.family_name), "undertaking": "Följa studieplanen och säga till när något inte fungerar."},
                {"kind": "municipality", "name": "Unga vuxna", "undertaking": "Vägledning varje månad och hjälp med ansökan om studiestöd."},
                {"kind": "school", "name": "Komvux", "undertaking": "Plats på kurserna och en mentor."},
            ],
            "courses": [
                {"name": "Matematik 1b", "code": "MATMAT01b", "provider": "Komvux", "startsOn": start, "endsOn": end, "points": 100},
                {"name": "Svenska 1", "code": "SVESVE01", "provider": "Komvux", "startsOn": start, "endsOn": end, "points": 100},
            ],
            "startsOn": start, "endsOn": end,
            "followUps": [{"dueOn": self.calendar.after(ago, 45)}, {"dueOn": self.calendar.after(ago, 100)}],
        }));
        if !papers.is_unsigned {
            fields.insert("signedOn".to_owned(), json!(today));
        }
        self.step(ago, 687, papers.writer, Deed::Contract(cast.place, fields));
    }

    /// What is known of the occupation from elsewhere than the talk, or of a time that has passed.
    fn occupation(&mut self, cast: &Cast<'_>, ago: usize, thread: &mut Thread) {
        let papers = &mut thread.papers;
        let today = self.calendar.day(ago);
        let fields = if papers.chance.percent(8) {
            json!({
                "kind": "studies", "source": "school", "startsOn": today, "place": "Komvux",
                "expectedEndOn": self.calendar.after(ago, 60),
            })
        } else if papers.chance.percent(8) {
            json!({
                "kind": "internship", "source": "youth", "startsOn": today, "place": "Kafé Signal",
                "expectedEndOn": self.calendar.after(ago, 30),
            })
        } else if papers.chance.percent(6) {
            // Told afterwards: a summer job that is over.
            let (from, to) = (self.calendar.day(ago + 40), self.calendar.day(ago + 15));
            if from >= to || to >= today {
                return;
            }
            json!({"kind": "work", "source": "youth", "startsOn": from, "expectedEndOn": to, "place": "Glasskiosken"})
        } else {
            return;
        };
        self.step(
            ago,
            679,
            thread.handler,
            Deed::Occupy(cast.place, object(fields)),
        );
    }
}

fn given_name(fields: &Fields) -> String {
    let name = fields.get("givenName").and_then(Value::as_str);
    name.unwrap_or("Ungdomen").to_owned()
}

/// Goals, needs and expectations in a youth's own words.
const MAPPINGS: &[(&str, &str, &str)] = &[
    (
        "Jag vill jobba med mat, helst på restaurang. Skolan får komma sen.",
        "Någon som följer med första dagen. Det är det som är svårt.",
        "Att ni ringer och inte bara skickar brev.",
    ),
    (
        "Klara gymnasiet, men inte i samma skola som förut.",
        "Lugn och ro. Hjälp att förstå vad jag har kvar att läsa.",
        "Att någon vet vilka kurser som räknas.",
    ),
    (
        "Egen lägenhet och ett jobb så jag kan betala den.",
        "Ett cv som någon har tittat på.",
        "Praktik som kan bli ett jobb, inte bara praktik.",
    ),
    (
        "Vet inte riktigt. Något med datorer eller ljud.",
        "Tid att prova. Att det är okej att byta.",
        "Att inte behöva berätta allt en gång till för nästa person.",
    ),
];
const INTERESTS: &[&str] = &[
    "Matlagning, fotboll.",
    "Gör egen musik hemma.",
    "Lagar mopeder åt kompisar.",
    "Läser mycket, ritar serier.",
];
const PLANNING: &[&str] = &[
    "Vi börjar med det som går att göra nu och bygger på. Först praktik, sedan studier på distans när vardagen håller.",
    "Vägledning under hösten, studiebesök på två utbildningar, ansökan i tid. Praktik vid sidan av för att ha något att gå till.",
    "Jobbsökande med stöd två gånger i veckan. Vi går igenom betygen tillsammans och ser vad som saknas.",
];
