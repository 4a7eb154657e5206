//! Free texts of the register are looked through before they are saved: whoever writes is told which words may be
//! sensitive, and saves again with exactly these words confirmed. A form with a free text does not end without [`screen`].
//! The chief has the counts by category and week, and never a text.

use super::form::{CONFIRMED_TERMS, Form};
use super::must_read_filters;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::is_about_protected;
use crate::db::sensitive_terms;
use crate::db::settings;
use crate::domain::operation::Resource;
use crate::domain::sensitive_terms::{Written, check_texts};
use crate::error::Result;
use crate::policy::reveal::View;
use chrono::{Datelike, Days, NaiveDate};

/// Words in one confirmation, and characters in a word.
const MOST_WORDS: usize = 100;
const LONGEST_WORD: usize = 100;

/// Looks through the free texts that the form has read so far and that did not stand before, and reads the words that are
/// confirmed. What is found and not confirmed is noted in the form; what is confirmed is counted.
///
/// # Errors
/// The database does not answer.
pub(super) fn screen(tx: &mut AuditedTx<'_>, form: &mut Form) -> Result<()> {
    let confirmed = form
        .words(CONFIRMED_TERMS, MOST_WORDS, LONGEST_WORD)
        .unwrap_or_default();
    let texts = form.take_new_texts();
    if texts.is_empty() && confirmed.is_empty() {
        return Ok(());
    }
    let written: Vec<Written<'_>> = texts
        .iter()
        .map(|free| Written {
            pointer: &free.pointer,
            text: &free.text,
        })
        .collect();
    let terms = settings::load(tx)?.terms();
    match check_texts(&terms, &written, &confirmed) {
        Err(problems) => form.add(problems),
        Ok(categories) => {
            let Some(unit_id) = tx.actor().unit_id() else {
                return Ok(());
            };
            // No count tells of a protected identity (domain 4.4).
            if is_about_protected(tx)? {
                return Ok(());
            }
            let week_on = monday_of(tx.today());
            for category in categories {
                sensitive_terms::count_text(tx, unit_id, week_on, category)?;
            }
        }
    }
    Ok(())
}

/// Looks through the free texts of a record of the register, and lets those of the compartment go: there the words belong.
///
/// # Errors
/// The database does not answer.
pub(super) fn screen_unless_apart(
    tx: &mut AuditedTx<'_>,
    form: &mut Form,
    is_apart: bool,
) -> Result<()> {
    if is_apart {
        form.look_away();
        return Ok(());
    }
    screen(tx, form)
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
    let (from, to) = parameters.days();
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
