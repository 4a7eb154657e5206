//! Releases of the statistics: asked for, made by a job, read as they were published, and withdrawn. A release never changes. One
//! that is withdrawn stays in the list with the reason; its tables are no longer given out, but what was read of it is known, so
//! that later ones are protected together with it too. What is counted and hidden is decided in `statistics`.
//!
//! The reason of a withdrawal is about the statistics and is kept with them, not in the register: it is not looked through for
//! sensitive words.

use super::form::Form;
use super::goals::goals_at_end;
use super::jobs::{JobWork, Progress, Step, enqueue};
use super::statistics::read_period;
use super::{Fields, begin_create};
use crate::db::audited::AuditedTx;
use crate::db::jobs::JobRow;
use crate::db::paging::{Page, PageRequest};
use crate::db::period_costs;
use crate::db::release_figures;
use crate::db::settings;
use crate::db::statistics::count_next;
use crate::db::statistics_releases::{self as releases, ReleaseRow, hash_of};
use crate::domain::codes::Code;
use crate::domain::id::{Id, StatisticsRelease};
use crate::domain::job::JobKind;
use crate::domain::operation::{Operation, Resource};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Language, Result};
use crate::policy::access_table::field_names;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed, View};
use crate::report::{self, TitlePage};
use crate::statistics::counting::{Counting, conclude};
use crate::statistics::document::ReleaseDocument;
use crate::statistics::period::{Period, PeriodPart};
use crate::statistics::suppression::Threshold;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Characters of the reason of a withdrawal.
const LONGEST_REASON: usize = 1_000;

/// Asks for a release of a period that has ended; it is made by a job.
///
/// # Errors
/// 403; 409 when one of the period is being made; 422 for a period that has not ended.
pub fn make_statistics_release(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = Relation::default();
    let (permit, mut form) = begin_create(tx, Resource::StatisticsReleases, &relation, fields)?;
    let period = read_period(&mut form);
    if let Some(period) = period
        && period.last_day() >= tx.today()
    {
        let last_day = period.last_day().to_string();
        form.add([FieldError::with(
            "/period",
            FieldCode::PeriodNotEnded,
            last_day,
        )]);
    }
    let period = form.finish_with(period)?;
    let (year, part) = (period.year(), period.part().code());
    let subject = format!("{year} {part}");
    let parameters = json!({"year": year, "period": part});
    enqueue(tx, &permit, JobKind::StatisticsRelease, subject, parameters)
}

/// The releases, the latest made first, without what they published.
///
/// # Errors
/// 403.
pub fn list_statistics_releases(
    tx: &mut AuditedTx<'_>,
    request: &PageRequest,
) -> Result<Page<View>> {
    let page = releases::list(tx, request)?;
    let names: Vec<&str> = heads().collect();
    page.try_map(|sealed| tx.reveal_only(&sealed, &names))
}

/// What is told of a release besides its content.
fn heads() -> impl Iterator<Item = &'static str> {
    field_names(Resource::StatisticsReleases).filter(|name| *name != "document")
}

/// A release with what it published, in the words of a language; one that is withdrawn without.
///
/// # Errors
/// 403 or 404; 500 for a release that is not what was published.
pub fn read_statistics_release(
    tx: &mut AuditedTx<'_>,
    id: Id<StatisticsRelease>,
    language: Language,
) -> Result<View> {
    let sealed = releases::load(tx, id)?;
    let permit = tx.permit(Resource::StatisticsReleases, sealed.relation())?;
    let (mut record, relation) = sealed.into_record();
    if !record.head.is_withdrawn() {
        let document = releases::load_document(tx, &permit, id)?;
        record.document = Some(report::to_json(&document, language));
    }
    tx.reveal(&Sealed::new(record, relation))
}

/// A release that is not withdrawn, to be written as a file.
pub struct PublishedRelease {
    /// What it published.
    pub document: ReleaseDocument,
    /// What stands on a cover.
    pub title_page: TitlePage,
}

impl PublishedRelease {
    /// What a file of it is called, without its ending.
    pub fn file_name(&self) -> String {
        let period = &self.document.period;
        format!(
            "statistik-{}-{}-{}",
            period.year, period.code, self.title_page.number
        )
    }
}

/// A release, to be written as a file; noted as read.
///
/// # Errors
/// 403 or 404; 410 for one that is withdrawn.
pub fn load_published(
    tx: &mut AuditedTx<'_>,
    id: Id<StatisticsRelease>,
) -> Result<PublishedRelease> {
    let sealed = releases::load(tx, id)?;
    let permit = tx.permit(Resource::StatisticsReleases, sealed.relation())?;
    let head = sealed.for_rules().head.clone();
    if head.is_withdrawn() {
        return Err(ErrorCode::ReleaseWithdrawn.into());
    }
    tx.reveal_only(&sealed, &["document"])?;
    let municipality = settings::load(tx)?.municipality();
    Ok(PublishedRelease {
        document: releases::load_document(tx, &permit, id)?,
        title_page: TitlePage {
            municipality,
            number: head.number,
            made_at: head.made_at.utc(),
            sha256: head.content_sha256,
        },
    })
}

/// The release of a number, or the latest that is not withdrawn.
///
/// # Errors
/// 404 when there is none.
pub fn find_release(tx: &mut AuditedTx<'_>, number: Option<i64>) -> Result<Id<StatisticsRelease>> {
    tx.permit(Resource::StatisticsReleases, &Relation::default())?;
    releases::find_id(tx, number)?.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Withdraws a release, once, with a reason.
///
/// # Errors
/// 403 or 404; 410 for one that is withdrawn already; 422 without a reason.
pub fn withdraw_statistics_release(
    tx: &mut AuditedTx<'_>,
    id: Id<StatisticsRelease>,
    fields: Fields,
) -> Result<View> {
    let sealed = releases::load(tx, id)?;
    let permit = tx.permit(Resource::StatisticsReleases, sealed.relation())?;
    let mut form = Form::of_body(fields);
    let reason = form.reason("reason", LONGEST_REASON);
    let reason = form.require("reason", reason);
    form.look_away();
    let reason = form.finish_with(reason)?;
    if sealed.for_rules().head.is_withdrawn() {
        return Err(ErrorCode::ReleaseWithdrawn.into());
    }
    let me = tx.staff()?.id;
    releases::withdraw(tx, &permit, id, me, &reason)?;
    let sealed = releases::load(tx, id)?;
    tx.reveal(&sealed)
}

// The job -----------------------------------------------------------------------------------------

/// Makes a release: counts the register page by page, protects the figures beside the database, and stores what came of it.
pub struct ReleaseWork {
    /// Counts below this are hidden.
    pub threshold: Threshold,
    /// Youths in one step.
    pub batch: i64,
}

/// Where the making of a release has come to.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum At {
    Counting {
        counting: Counting,
        total: i64,
    },
    Concluded {
        document: String,
        behind: String,
        /// How many releases the year had when this one was protected together with them.
        earlier: i64,
    },
}

impl JobWork for ReleaseWork {
    fn operation(&self) -> Operation {
        Operation::MakeStatisticsRelease
    }

    fn look(
        &self,
        tx: &mut AuditedTx<'_>,
        permit: &Permit,
        job: &JobRow,
        from: Option<&str>,
    ) -> Result<Option<Progress>> {
        match at(tx, job, from)? {
            At::Counting { counting, total } if !counting.is_finished() => {
                self.count_on(tx, permit, counting, total).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn next(
        &self,
        tx: &mut AuditedTx<'_>,
        permit: &Permit,
        job: &JobRow,
        from: Option<&str>,
    ) -> Result<Step> {
        let period = period_of(&job.parameters.0)?;
        match at(tx, job, from)? {
            At::Counting { counting, .. } if counting.is_finished() => {
                self.protect(tx, permit, period, counting)
            }
            At::Counting { counting, total } => {
                Ok(Step::On(self.count_on(tx, permit, counting, total)?))
            }
            At::Concluded {
                document,
                behind,
                earlier,
            } => {
                let year = i64::from(period.year());
                if releases::count_of_year(tx, year)? != earlier {
                    // Another release of the year was made meanwhile: this one must be safe together with that one too.
                    return again(job);
                }
                store(tx, permit, job, period, document, behind)
            }
        }
    }
}

/// Where a job has come to: at the beginning, if nothing is kept.
fn at(tx: &mut AuditedTx<'_>, job: &JobRow, from: Option<&str>) -> Result<At> {
    match from {
        Some(from) => serde_json::from_str(from).map_err(Error::internal),
        None => Ok(At::Counting {
            counting: Counting::begin(period_of(&job.parameters.0)?),
            total: releases::count_youths(tx)?,
        }),
    }
}

impl ReleaseWork {
    /// Counts one more page of youths.
    fn count_on(
        &self,
        tx: &mut AuditedTx<'_>,
        permit: &Permit,
        mut counting: Counting,
        total: i64,
    ) -> Result<Progress> {
        count_next(tx, permit, &mut counting, self.batch)?;
        let done = counting.counted();
        Ok(Progress {
            checkpoint: text_of(&At::Counting { counting, total })?,
            done,
            // Who has come meanwhile is counted too.
            total: Some(done.max(u64::try_from(total).unwrap_or(0))),
        })
    }

    /// Everything that the protection needs is read; the protection itself goes on beside the database.
    fn protect(
        &self,
        tx: &mut AuditedTx<'_>,
        permit: &Permit,
        period: Period,
        counting: Counting,
    ) -> Result<Step> {
        let earlier = releases::of_year(tx, permit, i64::from(period.year()))?;
        let standing = release_figures::standing(tx)?;
        let costs = period_costs::of_period(tx, permit, period)?;
        let goals = goals_at_end(tx, period)?;
        let (threshold, counted_at) = (self.threshold, tx.now());
        Ok(Step::Aside(Box::new(move || {
            let mut concluded = conclude(
                counting,
                &costs,
                Vec::new(),
                &earlier,
                threshold,
                counted_at,
            )
            .map_err(|cause| Error {
                cause: Some(cause.to_string()),
                ..Error::from(ErrorCode::NoSafeRelease)
            })?;
            // The goals that this municipality measures itself take their figures from the releases, this one among them.
            let told: Vec<&ReleaseDocument> =
                standing.iter().chain([&concluded.document]).collect();
            let goals = goals.iter().map(|goal| goal.document(&told)).collect();
            concluded.document.goals = goals;
            let at = At::Concluded {
                document: text_of(&concluded.document)?,
                behind: text_of(&concluded.behind)?,
                earlier: i64::try_from(earlier.len()).unwrap_or(i64::MAX),
            };
            text_of(&at)
        })))
    }
}

fn store(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    job: &JobRow,
    period: Period,
    document: String,
    behind: String,
) -> Result<Step> {
    let published: ReleaseDocument = serde_json::from_str(&document).map_err(Error::internal)?;
    let whole = |count: u64| i64::try_from(count).map_err(Error::internal);
    let row = ReleaseRow {
        id: Id::fresh(),
        number: releases::next_number(tx)?,
        year: period.year().into(),
        period: period.part(),
        threshold: whole(published.threshold)?,
        hidden_cells: whole(published.hidden.hidden)?,
        cells: whole(published.hidden.cells)?,
        job_id: job.id,
        made_by: job.requested_by,
        made_at: tx.timestamp(),
        content_sha256: hash_of(&document),
        document,
        behind,
    };
    releases::insert(tx, permit, &row)?;
    release_figures::insert(tx, permit, row.id, &published)?;
    let names: Vec<&str> = heads().collect();
    let id = row.id.cast();
    tx.note(
        Resource::StatisticsReleases,
        None,
        Some(id),
        &names.join(","),
    );
    Ok(Step::Done(id))
}

/// The step before once more: the counting is kept.
fn again(job: &JobRow) -> Result<Step> {
    let checkpoint = job
        .checkpoint
        .clone()
        .ok_or_else(|| Error::internal("a counting that was concluded is not kept"))?;
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(Step::On(Progress {
        checkpoint,
        done: count(job.done_count),
        total: job.total_count.map(count),
    }))
}

fn text_of<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn period_of(parameters: &Value) -> Result<Period> {
    let year = parameters.get("year").and_then(Value::as_i64);
    let part = parameters.get("period").and_then(Value::as_str);
    year.zip(part.and_then(PeriodPart::from_code))
        .and_then(|(year, part)| Period::new(year, part))
        .ok_or_else(|| Error::internal("a job without a period"))
}
