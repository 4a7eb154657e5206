//! How does a release become a report that can be put before a committee? A tagged PDF that keeps PDF/UA-1 (ISO 14289-1):
//! cover, contents, chapters, bookmarks, everything in reading order with its role, charts with their words. It is laid
//! out here and written by krilla, the writer beneath typst. Typst itself was tried: 270 more crates (an interpreter, image
//! decoders, a bibliography), three minutes more of debug build, for pages that need headings, tables and lines. The same
//! document makes the same bytes: no clock, no chance, the faces in the program, nothing from the machine.

mod chapters;
mod choice;
mod contents;
mod cover;
mod face;
mod layout;
mod shelf;
mod table;
mod tree;
mod write;

use super::title_page::TitlePage;
use crate::error::{Error, Language, Result};
use crate::statistics::document::ReleaseDocument;
use face::Faces;
use layout::Layout;
use shelf::Report;

/// The release as an accessible PDF.
///
/// # Errors
/// The report breaks PDF/UA or could not be built, which is a fault of ours.
pub fn to_pdf(
    document: &ReleaseDocument,
    language: Language,
    title_page: &TitlePage,
) -> Result<Vec<u8>> {
    let faces = Faces::load()?;
    let report = Report {
        document,
        language,
        title_page,
    };
    let mut layout = Layout::new(&faces);
    cover::lay(&mut layout, &report);
    let cover_pages = layout.take_pages();
    chapters::lay(&mut layout, &report);
    let chapter_pages = layout.take_pages();
    let headings = layout.take_headings();
    contents::lay(&mut layout, &report, &headings, cover_pages.len());
    let contents_pages = layout.take_pages();
    let before = cover_pages.len() + contents_pages.len();
    let mut pages = cover_pages;
    pages.extend(contents_pages);
    pages.extend(chapter_pages);
    layout.number_pages(
        &mut pages,
        report.running().each_ref().map(String::as_str),
        language,
    );
    let tree = layout.into_tree();
    write::written(&faces, &report, &pages, &tree, &headings, before).map_err(Error::internal)
}

#[cfg(test)]
mod tests;
