//! The work list of the person who asks: next contacts, follow-ups and referrals awaiting an answer, longest overdue first.

use super::form::Form;
use super::reveal_page;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::tasks::{self, TaskFilter};
use crate::error::Result;
use crate::policy::reveal::View;

/// The actor's own work list. Parameters: `dueBefore` (a day, itself not included), `kind`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_tasks(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = TaskFilter {
        due_before: form.date("dueBefore"),
        kind: form.code("kind"),
    };
    form.finish()?;
    let page = tasks::list(tx, &filter, request)?;
    reveal_page(tx, page)
}
