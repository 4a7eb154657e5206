//! The goals of the demo's plan: what the municipality wants to reach, the values known of it, what is done for it, and what was
//! said of that at the end of each tertial. The figures are invented; the goals are of the kind that municipal plans have.

use super::plan::{Fields, object};
use super::play::{REQUEST, id_of};
use crate::clock::day_of;
use crate::db::audited::{Batch, Call, Identity};
use crate::domain::codes::Code;
use crate::domain::goal::GoalPeriod;
use crate::domain::id::{Goal, GoalActivity, Id, User};
use crate::domain::operation::Operation;
use crate::error::Result;
use crate::service::{goal_activities, goal_values, goals};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use serde_json::{Value, json};

/// The plan that all of them stand in.
const PLAN: &str = "Plan för unga 16–25 år";

/// Where the values of a goal come from.
enum From {
    /// A measure of the releases: its code and kind.
    Own(&'static str, &'static str),
    /// Outside: the key figure of Kolada, if there is one, and the values of the years before this one, the latest first.
    Outside(Option<&'static str>, &'static [&'static str]),
}

struct Planned {
    title: &'static str,
    indicator: &'static str,
    unit: &'static str,
    from: From,
    is_beside_the_nation: bool,
    direction: &'static str,
    /// Years from now, and the value, of the beginning and of the target.
    baseline: (i32, &'static str),
    target: (i32, &'static str),
    owner: &'static str,
    activities: &'static [Doing],
}

/// An activity: what, whose, and how it stood at the end of one follow-up after another.
struct Doing {
    title: &'static str,
    responsible: &'static str,
    told: &'static [(&'static str, &'static str, Option<&'static str>)],
}

const GOALS: &[Planned] = &[
    Planned {
        title: "Alla ungdomar 16–19 år ska erbjudas en insats",
        indicator: "Andel av dem som omfattas av aktivitetsansvaret som erbjudits en insats",
        unit: "percent",
        from: From::Own("kaaOfferedShare", "share"),
        is_beside_the_nation: false,
        direction: "rise",
        baseline: (-2, "55"),
        target: (2, "100"),
        owner: "Enheten för arbete och integration",
        activities: &[
            Doing {
                title: "Kontakta varje ungdom inom två veckor från registreringen",
                responsible: "Unga vuxna",
                told: &[
                    (
                        "ongoing",
                        "Rutinen är på plats; brev och telefon fungerar, hembesök ännu inte.",
                        Some("Hembesök görs av två från och med hösten."),
                    ),
                    (
                        "ongoing",
                        "De flesta nås inom tre veckor.",
                        Some("Ambassadörerna får en egen lista varje måndag."),
                    ),
                ],
            },
            Doing {
                title: "Erbjuda samtal med studie- och yrkesvägledare i stadsdelarna",
                responsible: "Studie- och yrkesvägledningen",
                told: &[
                    (
                        "not_begun",
                        "Lokaler saknas i Rissne.",
                        Some("Biblioteket upplåter ett rum efter sommaren."),
                    ),
                    (
                        "ongoing",
                        "Samtal hålls varje tisdag i Rissne och Hallonbergen.",
                        None,
                    ),
                ],
            },
        ],
    },
    Planned {
        title: "Andelen som återupptar gymnasiestudier efter avbrott ska öka",
        indicator: "Andel av dem som avbröt gymnasiet som återupptagit studierna inom ett år",
        unit: "percent",
        from: From::Own("dropoutsResumedShare", "share"),
        is_beside_the_nation: false,
        direction: "rise",
        baseline: (-2, "24"),
        target: (2, "40"),
        owner: "Barn- och utbildningsförvaltningen",
        activities: &[Doing {
            title: "Gymnasieskolorna meddelar avbrott samma vecka",
            responsible: "Barn- och utbildningsförvaltningen",
            told: &[
                (
                    "ongoing",
                    "Fyra av sex skolor meddelar i tid.",
                    Some("Påminnelse till rektorerna i augusti."),
                ),
                ("done", "Alla skolor meddelar i tid.", None),
            ],
        }],
    },
    Planned {
        title: "Arbetslösheten bland unga ska vara minst en procentenhet under riket",
        indicator: "Öppet arbetslösa och i program, 18–24 år, skillnad mot riket",
        unit: "percentage_points",
        from: From::Outside(Some("N03942"), &["-0.2", "0.3", "0.6"]),
        is_beside_the_nation: true,
        direction: "fall",
        baseline: (-4, "0.9"),
        target: (1, "-1.0"),
        owner: "Social- och arbetsmarknadsförvaltningen",
        activities: &[Doing {
            title: "Minst 60 praktikplatser hos kommunen och dess bolag",
            responsible: "Arbetsmarknadsenheten",
            told: &[
                (
                    "ongoing",
                    "38 platser är utlovade.",
                    Some("Nya platser söks i äldreomsorgen."),
                ),
                ("ongoing", "51 platser är utlovade.", None),
            ],
        }],
    },
    Planned {
        title: "Alla ska fullfölja gymnasiet inom fyra år",
        indicator: "Gymnasieelever med examen inom fyra år, hemkommun",
        unit: "percent",
        from: From::Outside(Some("N17461"), &["73.4", "72.1", "70.8"]),
        is_beside_the_nation: false,
        direction: "rise",
        baseline: (-4, "70.2"),
        target: (3, "85.0"),
        owner: "Barn- och utbildningsförvaltningen",
        activities: &[],
    },
    Planned {
        title: "Fler unga ska försörja sig själva",
        indicator: "Unga 18–24 år utan egen försörjning",
        unit: "persons",
        // Asked for, and not yet told: the report says so.
        from: From::Outside(None, &[]),
        is_beside_the_nation: false,
        direction: "fall",
        baseline: (-3, "118"),
        target: (2, "40"),
        owner: "Social- och arbetsmarknadsförvaltningen",
        activities: &[],
    },
];

/// Enters the goals, their values and what was said of the activities, as the chief whose work it is.
///
/// # Errors
/// Whatever a service refuses.
pub fn enter(batch: &mut Batch<'_>, chief: Id<User>, at: DateTime<Utc>) -> Result<()> {
    let today = day_of(at);
    let call = |operation| Call {
        operation,
        identity: Identity::OnBehalf(chief),
        at,
        request_id: REQUEST.to_owned(),
    };
    let year = today.year();
    for planned in GOALS {
        let view = batch.run(&call(Operation::CreateGoal), |tx| {
            goals::create_goal(tx, planned.fields(year))
        })?;
        let goal: Id<Goal> = id_of(&view)?;
        for value in planned.values(year) {
            batch.run(&call(Operation::EnterGoalValue), |tx| {
                goal_values::enter_goal_value(tx, goal, value.clone())
            })?;
        }
        for doing in planned.activities {
            let view = batch.run(&call(Operation::CreateGoalActivity), |tx| {
                let fields = json!({"title": doing.title, "responsibleUnit": doing.responsible});
                goal_activities::create_goal_activity(tx, goal, object(fields))
            })?;
            let activity: Id<GoalActivity> = id_of(&view)?;
            for (told, (year, part)) in doing.told.iter().zip(last_two(today)) {
                let on = (part.last_day(year) + Duration::days(10)).min(today);
                batch.run(&call(Operation::FollowUpGoalActivity), |tx| {
                    let (status, forecast, remedy) = told;
                    let fields = json!({
                        "year": year, "period": part.code(), "status": status, "forecast": forecast, "remedy": remedy,
                        "followedUpOn": on.to_string(),
                    });
                    goal_activities::follow_up_goal_activity(tx, activity, object(fields))
                })?;
            }
        }
    }
    Ok(())
}

/// The last two parts of a year that have ended, the earlier first.
pub fn last_two(today: NaiveDate) -> [(i32, GoalPeriod); 2] {
    let year = today.year();
    let mut ended: Vec<(i32, GoalPeriod)> = [year - 1, year]
        .into_iter()
        .flat_map(|year| GoalPeriod::ALL.iter().map(move |part| (year, *part)))
        .filter(|(year, part)| part.last_day(*year) < today)
        .collect();
    ended.sort_by_key(|(year, part)| part.last_day(*year));
    let later = ended.pop().unwrap_or((year - 1, GoalPeriod::FullYear));
    let earlier = ended.pop().unwrap_or((year - 1, GoalPeriod::Tertial12));
    [earlier, later]
}

impl Planned {
    fn fields(&self, year: i32) -> Fields {
        let at =
            |(years, value): (i32, &str)| json!({"year": year + years, "value": number(value)});
        let mut fields = object(json!({
            "title": self.title, "plan": PLAN, "indicator": self.indicator, "unit": self.unit,
            "decimals": if self.unit == "persons" { 0 } else { 1 },
            "baseline": at(self.baseline), "target": at(self.target), "direction": self.direction, "owner": self.owner,
        }));
        let more = match self.from {
            From::Own(code, kind) => {
                json!({"source": "own_measure", "measureCode": code, "measuredAs": kind})
            }
            From::Outside(Some(kpi), _) => {
                json!({"source": "external", "koladaKpi": kpi, "koladaMunicipality": "0183"})
            }
            From::Outside(None, _) => json!({"source": "external"}),
        };
        fields.extend(object(more));
        if self.is_beside_the_nation {
            fields.insert("comparesWith".to_owned(), json!("nation"));
        }
        fields
    }

    /// The values that are known from outside, each of a whole year.
    fn values(&self, year: i32) -> Vec<Fields> {
        let From::Outside(_, known) = self.from else {
            return Vec::new();
        };
        let years = (1..).map(|back| year - back);
        years
            .zip(known)
            .map(|(year, value)| {
                object(json!({
                    "year": year, "period": "full_year", "value": number(value), "source": "Påhittad siffra för provkörning",
                }))
            })
            .collect()
    }
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
