//! Values of a goal from a file or from an answer of Kolada: what each would become, and doing it. What came in another way is
//! never overwritten: it is a conflict, for a person to settle. How the two are read stands in `exchange`.

use super::Fields;
use super::form::Form;
use super::goal_values::{LONGEST_NOTE, LONGEST_SOURCE};
use crate::db::audited::AuditedTx;
use crate::db::goal_values::{self, GoalValueRecord, GoalValueRow};
use crate::db::goals::{self, GoalFilter, GoalRow};
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::codes::Code;
use crate::domain::decimal::{Decimal, text_of};
use crate::domain::goal::{GoalComparison, GoalPeriod, GoalValueOrigin, GoalValueOutcome, YEARS};
use crate::domain::id::{Goal, Id};
use crate::domain::operation::Resource;
use crate::domain::sensitive_terms::{Written, check_texts};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Language, Result};
use crate::exchange::goal_values::{FileRow, FileValue, Longest, read};
use crate::exchange::kolada::{self, KoladaAnswer, KoladaGender, KoladaValue, NATION};
use crate::policy::reveal::Permit;
use chrono::Datelike;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Where a value of Kolada is from, as its licence asks for.
const CREDIT: &str = "Källa: Kolada (RKA)";

/// A value on its way in, or why there is none.
struct Arrived {
    line: Option<u64>,
    year: Option<i32>,
    period: Option<GoalPeriod>,
    said: std::result::Result<FileValue, (GoalValueOutcome, Vec<FieldError>)>,
}

/// What became of a value.
struct Became {
    outcome: GoalValueOutcome,
    existing: Option<i64>,
    problems: Vec<FieldError>,
}

/// Whether values are stored, or only tried: `isApplied`.
///
/// # Errors
/// 400 for a wrong parameter.
fn is_applied(mut parameters: Form) -> Result<bool> {
    let is_applied = parameters.boolean("isApplied").unwrap_or(false);
    parameters.finish()?;
    Ok(is_applied)
}

/// Takes in a file of values, or tells what it would do. Rows that are wrong are refused with all that is wrong with them; the
/// others stand.
///
/// # Errors
/// 400, 403, 404; 422 for a file of which no row can be read.
pub fn import_goal_values(
    tx: &mut AuditedTx<'_>,
    goal_id: Id<Goal>,
    parameters: Form,
    bytes: impl FnOnce() -> Result<Vec<u8>>,
    language: Language,
) -> Result<Fields> {
    let (goal, permit) = begin(tx, goal_id)?;
    let is_applied = is_applied(parameters)?;
    let longest = Longest {
        source: LONGEST_SOURCE,
        note: LONGEST_NOTE,
    };
    let rows = read(&bytes()?, goal.places(), longest).map_err(unreadable)?;
    let arrived = screened(tx, rows)?;
    import(
        tx,
        &permit,
        &goal,
        GoalValueOrigin::File,
        arrived,
        is_applied,
        language,
    )
}

/// Takes in the values of an answer of Kolada, or tells what they would do.
///
/// # Errors
/// 400, 403, 404; 409 for a goal without a key figure; 422 for what is no answer of Kolada.
pub fn import_kolada_values(
    tx: &mut AuditedTx<'_>,
    goal_id: Id<Goal>,
    parameters: Form,
    answer: impl FnOnce() -> Result<Fields>,
    language: Language,
) -> Result<Fields> {
    let (goal, permit) = begin(tx, goal_id)?;
    let is_applied = is_applied(parameters)?;
    let answer = kolada::read(&answer()?)
        .map_err(|wrong| unreadable(FieldError::new(wrong.0, FieldCode::NotKolada)))?;
    import_answer(tx, &permit, &goal, &answer, is_applied, language)
}

/// The same for an answer that has been fetched and read.
///
/// # Errors
/// As [`import_kolada_values`].
pub fn import_fetched_values(
    tx: &mut AuditedTx<'_>,
    goal_id: Id<Goal>,
    answer: &KoladaAnswer,
    is_applied: bool,
    language: Language,
) -> Result<Fields> {
    let (goal, permit) = begin(tx, goal_id)?;
    import_answer(tx, &permit, &goal, answer, is_applied, language)
}

fn import_answer(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    goal: &GoalRow,
    answer: &KoladaAnswer,
    is_applied: bool,
    language: Language,
) -> Result<Fields> {
    let arrived = of_kolada(goal, answer)?;
    import(
        tx,
        permit,
        goal,
        GoalValueOrigin::Kolada,
        arrived,
        is_applied,
        language,
    )
}

/// A goal whose values can be asked of Kolada.
#[derive(Debug, Clone)]
pub struct KoladaGoal {
    pub id: Id<Goal>,
    pub title: String,
    pub kpi: String,
    pub municipality: String,
    pub is_compared: bool,
}

/// The goals that are still followed and name a key figure.
///
/// # Errors
/// 403, or the database does not answer.
pub fn goals_in_kolada(tx: &mut AuditedTx<'_>) -> Result<Vec<KoladaGoal>> {
    let running = GoalFilter {
        is_running: Some(true),
        ..GoalFilter::default()
    };
    let mut named = Vec::new();
    for sealed in goals::all(tx, &running)? {
        tx.permit(Resource::Goals, sealed.relation())?;
        let row = &sealed.for_rules().row;
        let (Some(kpi), Some(municipality)) = (&row.kolada_kpi, &row.kolada_municipality) else {
            continue;
        };
        let shown = "title,koladaKpi,koladaMunicipality,comparesWith";
        tx.note(Resource::Goals, None, Some(row.id.cast()), shown);
        named.push(KoladaGoal {
            id: row.id,
            title: row.title.clone(),
            kpi: kpi.clone(),
            municipality: municipality.clone(),
            is_compared: row.compares_with == GoalComparison::Nation,
        });
    }
    Ok(named)
}

fn begin(tx: &mut AuditedTx<'_>, goal_id: Id<Goal>) -> Result<(GoalRow, Permit)> {
    let (goal, relation) = goals::load(tx, goal_id)?.into_record();
    let permit = tx.permit(Resource::GoalValues, &relation)?;
    Ok((goal.row, permit))
}

fn unreadable(problem: FieldError) -> Error {
    Error {
        fields: vec![problem],
        ..Error::from(ErrorCode::UnreadableValues)
    }
}

/// The rows of a file; one with a sensitive word is refused, since nobody has been asked whether it shall stand.
fn screened(tx: &mut AuditedTx<'_>, rows: Vec<FileRow>) -> Result<Vec<Arrived>> {
    let terms = settings::load(tx)?.terms();
    let this_year = tx.today().year();
    Ok(rows
        .into_iter()
        .map(|row| {
            let said = row.said.and_then(|said| {
                let note = said.note.as_deref();
                let written = note.map(|text| Written {
                    pointer: "anteckning",
                    text,
                });
                check_texts(&terms, written.as_slice(), &[])?;
                if said.year > this_year {
                    return Err(vec![FieldError::new("år", FieldCode::InFuture)]);
                }
                Ok(said)
            });
            Arrived {
                line: Some(row.line),
                year: said.as_ref().ok().map(|said| said.year),
                period: said.as_ref().ok().map(|said| said.period),
                said: said.map_err(|problems| (GoalValueOutcome::Refused, problems)),
            }
        })
        .collect())
}

/// The values of a goal in an answer, one for each year that the answer tells of the municipality; rounded to the goal's
/// decimals, a difference to the nation after it has been taken.
fn of_kolada(goal: &GoalRow, answer: &KoladaAnswer) -> Result<Vec<Arrived>> {
    let (Some(kpi), Some(municipality)) = (&goal.kolada_kpi, &goal.kolada_municipality) else {
        return Err(ErrorCode::GoalWithoutKolada.into());
    };
    let is_compared = goal.compares_with == GoalComparison::Nation;
    let is_meant = |of: &KoladaValue, place: &str| {
        of.kpi == *kpi && of.municipality == place && of.gender == KoladaGender::Total
    };
    let nation: BTreeMap<i32, Option<Decimal>> = answer
        .values
        .iter()
        .filter(|of| is_meant(of, NATION))
        .map(|of| (of.year, of.value))
        .collect();
    let mut arrived: BTreeMap<i32, Arrived> = BTreeMap::new();
    let mut others = 0_usize;
    for of in &answer.values {
        if !is_meant(of, municipality) {
            let is_known =
                of.kpi == *kpi && (of.municipality == *municipality || of.municipality == NATION);
            others += usize::from(!is_known);
            continue;
        }
        let said = value_of(
            goal,
            of,
            is_compared.then(|| nation.get(&of.year).copied().flatten()),
        );
        arrived.insert(
            of.year,
            Arrived {
                line: None,
                year: Some(of.year),
                period: Some(GoalPeriod::FullYear),
                said,
            },
        );
    }
    let mut arrived: Vec<Arrived> = arrived.into_values().collect();
    if others > 0 {
        // What is of another key figure or place is told once, and not taken for the goal's.
        arrived.push(Arrived {
            line: None,
            year: None,
            period: None,
            said: Err((
                GoalValueOutcome::Refused,
                vec![FieldError::new("kpi", FieldCode::NotForGoal)],
            )),
        });
    }
    Ok(arrived)
}

fn value_of(
    goal: &GoalRow,
    of: &KoladaValue,
    nation: Option<Option<Decimal>>,
) -> std::result::Result<FileValue, (GoalValueOutcome, Vec<FieldError>)> {
    let missing = |code| {
        let problem = FieldError::new("value", code);
        (GoalValueOutcome::Missing, vec![problem])
    };
    let refused = |pointer: &str, code| {
        let problem = FieldError::new(pointer, code);
        (GoalValueOutcome::Refused, vec![problem])
    };
    let own = of.value.ok_or_else(|| missing(FieldCode::NoTotal))?;
    let number = match nation {
        None => Some(own),
        Some(None) => return Err(missing(FieldCode::NoNation)),
        Some(Some(nation)) => own.minus(nation),
    };
    let value = number
        .and_then(|number| number.rounded(goal.places()))
        .ok_or_else(|| refused("value", FieldCode::OutOfRange))?;
    if !YEARS.contains(&i64::from(of.year)) {
        return Err(refused("period", FieldCode::OutOfRange));
    }
    Ok(FileValue {
        year: of.year,
        period: GoalPeriod::FullYear,
        value,
        source: Some(format!("{CREDIT}, {}", of.kpi)),
        note: None,
    })
}

fn import(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    goal: &GoalRow,
    origin: GoalValueOrigin,
    arrived: Vec<Arrived>,
    is_applied: bool,
    language: Language,
) -> Result<Fields> {
    tx.note(Resource::Goals, None, Some(goal.id.cast()), "decimals");
    let places = goal.places();
    let number = |value: i64| -> Value {
        serde_json::from_str(&text_of(value, places, '.')).unwrap_or(Value::Null)
    };
    let mut rows = Vec::new();
    let mut counts: BTreeMap<GoalValueOutcome, usize> = BTreeMap::new();
    let mut seen = std::collections::HashSet::new();
    for arrived in arrived {
        let (value, became) = match arrived.said {
            Err((outcome, problems)) => (
                None,
                Became {
                    outcome,
                    existing: None,
                    problems,
                },
            ),
            // Which of two would count cannot be told by their order.
            Ok(said) if !seen.insert((said.year, said.period)) => (
                Some(said.value),
                Became {
                    outcome: GoalValueOutcome::Refused,
                    existing: None,
                    problems: vec![FieldError::new("år", FieldCode::Twice)],
                },
            ),
            Ok(said) => {
                let value = said.value;
                (
                    Some(value),
                    take_in(tx, permit, goal, origin, said, is_applied)?,
                )
            }
        };
        *counts.entry(became.outcome).or_default() += 1;
        let problems: Vec<Value> = became
            .problems
            .iter()
            .map(|problem| {
                json!({
                    "column": problem.pointer,
                    "code": problem.code.code(),
                    "detail": problem.detail(language),
                })
            })
            .collect();
        rows.push(json!({
            "line": arrived.line,
            "year": arrived.year,
            "period": arrived.period.map(|period| period.code()),
            "outcome": became.outcome.code(),
            "value": value.map(number),
            "existingValue": became.existing.map(number),
            "problems": problems,
        }));
    }
    let count = |outcome| counts.get(&outcome).copied().unwrap_or(0);
    let mut told = Fields::new();
    told.insert("goalId".to_owned(), json!(goal.id));
    told.insert("isApplied".to_owned(), json!(is_applied));
    let counted: Fields = GoalValueOutcome::ALL
        .iter()
        .map(|outcome| (outcome.code().to_owned(), json!(count(*outcome))))
        .collect();
    told.insert("counts".to_owned(), Value::Object(counted));
    told.insert("rows".to_owned(), Value::Array(rows));
    Ok(told)
}

fn take_in(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    goal: &GoalRow,
    origin: GoalValueOrigin,
    said: FileValue,
    is_applied: bool,
) -> Result<Became> {
    let existing = goal_values::find_counting(tx, goal.id, said.year, said.period)?;
    let outcome = match &existing {
        None => GoalValueOutcome::Created,
        Some(row) if row.value == said.value => GoalValueOutcome::Unchanged,
        Some(row) if row.origin == origin => GoalValueOutcome::Changed,
        Some(_) => GoalValueOutcome::Conflict,
    };
    let became = Became {
        outcome,
        existing: existing.as_ref().map(|row| row.value),
        problems: Vec::new(),
    };
    let is_stored = matches!(
        outcome,
        GoalValueOutcome::Created | GoalValueOutcome::Changed
    );
    if !is_applied || !is_stored {
        return Ok(became);
    }
    let now = tx.timestamp();
    let row = match existing {
        Some(before) => GoalValueRow {
            value: said.value,
            source: said.source,
            note: said.note.or(before.note),
            updated_at: now,
            version: before.version + 1,
            ..before
        },
        None => GoalValueRow {
            id: Id::fresh(),
            goal_id: goal.id,
            year: said.year,
            period: said.period,
            value: said.value,
            origin,
            source: said.source,
            note: said.note,
            void_reason: None,
            created_by: tx.actor().user_id(),
            created_at: now,
            updated_at: now,
            version: 1,
        },
    };
    if row.version == 1 {
        goal_values::insert(tx, permit, &row)?;
    } else {
        goal_values::update(tx, permit, &row)?;
    }
    tx.note(
        Resource::GoalValues,
        None,
        Some(row.id.cast()),
        "year,period,value,origin,source,note",
    );
    let places = goal.places();
    keep_version(tx, &GoalValueRecord { row, places })?;
    Ok(became)
}
