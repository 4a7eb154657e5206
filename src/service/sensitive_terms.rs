//! Free texts of the register are looked through before they are saved: whoever writes is told which words may be
//! sensitive, and saves again with exactly these words confirmed. Every service that saves such a text calls [`screen`].
//! The chief has the counts by category and week, and never a text.

use super::form::Form;
use super::must_read_filters;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::sensitive_terms;
use crate::db::settings;
use crate::domain::operation::Resource;
use crate::domain::sensitive_terms::{Written, check_texts};
use crate::error::{FieldCode, FieldError, Result};
use crate::policy::reveal::View;
use chrono::{Datelike, Days, NaiveDate};

/// The member of a body that confirms the words.
pub(super) const CONFIRMED: &str = "confirmedTerms";
/// Words in one confirmation, and characters in a word.
const MOST_WORDS: usize = 100;
const LONGEST_WORD: usize = 100;

/// A text that is to be saved: the field, the text, and what stood there before. What stood is not asked for again.
pub(super) type Text<'t> = (&'static str, Option<&'t str>, Option<&'t str>);

/// Looks through the texts that are new, and reads the words that are confirmed. What is found and not confirmed is noted
/// in the form; what is confirmed is counted.
///
/// # Errors
/// The database does not answer.
pub(super) fn screen(tx: &mut AuditedTx<'_>, form: &mut Form, texts: &[Text<'_>]) -> Result<()> {
    let confirmed = form
        .words(CONFIRMED, MOST_WORDS, LONGEST_WORD)
        .unwrap_or_default();
    let written: Vec<Written<'_>> = texts
        .iter()
        .filter(|(_, now, before)| now != before)
        .filter_map(|(field, now, _)| now.map(|text| Written { field, text }))
        .collect();
    if written.is_empty() && confirmed.is_empty() {
        return Ok(());
    }
    let terms = settings::load(tx)?.terms();
    match check_texts(&terms, &written, &confirmed) {
        Err(problems) => form.add(problems),
        Ok(categories) => {
            let Some(unit_id) = tx.actor().unit_id() else {
                return Ok(());
            };
            let week_on = monday_of(tx.today());
            for category in categories {
                sensitive_terms::count_text(tx, unit_id, week_on, category)?;
            }
        }
    }
    Ok(())
}

fn monday_of(day: NaiveDate) -> NaiveDate {
    let since = Days::new(day.weekday().num_days_from_monday().into());
    day.checked_sub_days(since).unwrap_or(day)
}

/// How many texts with confirmed words were saved in the chief's unit, by week and category, the latest week first.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_sensitive_term_counts(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::SensitiveTermCounts,
        &parameters,
        &[("from", "weekOn"), ("to", "weekOn")],
    )?;
    let (from, to) = (parameters.date("from"), parameters.date("to"));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        parameters.add([FieldError::with("to", FieldCode::WrongDateOrder, "from")]);
    }
    parameters.finish()?;
    let rows: Vec<_> = sensitive_terms::list(tx, from, to)?
        .into_iter()
        .enumerate()
        .collect();
    // The rows have no ids; their places in the list serve.
    request
        .cut(rows, |(place, _)| {
            uuid::Uuid::from_u128(u128::try_from(*place).unwrap_or(0))
        })
        .try_map(|(_, sealed)| tx.reveal(&sealed))
}
