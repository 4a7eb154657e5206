//! What does the report say, chapter by chapter? A summary, the goals with what is done for them, the results theme by
//! theme, the definitions, and how individuals are protected. All of it comes from the release document; how it is laid out stands
//! in `layout` and `table`.

mod definitions;
mod goals;
mod method;
mod results;
mod summary;

use super::layout::Layout;
use super::shelf::Report;
use krilla::tagging::Tag;

/// All chapters.
pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>) {
    let root = layout.tree.root(Tag::Part);
    summary::lay(layout, report, root);
    if !report.document.goals.is_empty() {
        goals::lay(layout, report, root);
    }
    if !report.document.tables.is_empty() {
        results::lay(layout, report, root);
    }
    definitions::lay(layout, report, root);
    method::lay(layout, report, root);
}
