//! How is a release written for its readers? As JSON, CSV, a workbook, charts and an accessible PDF, each from the frozen
//! document alone, so that all say the same for ever. Nothing is counted or hidden here, and nothing is read from
//! anywhere else: a figure that the document does not hold cannot get out this way.

mod alternative;
mod chart;
mod drawing;
#[cfg(test)]
mod fixture;
mod grid;
mod json;
#[cfg(feature = "report")]
mod pdf;
mod sheet;
mod svg;
mod title_page;
mod words;
mod workbook;

pub use chart::chart_names;
pub use json::to_json;
#[cfg(feature = "report")]
pub use pdf::to_pdf;
pub use sheet::to_csv;
pub use svg::chart_svg;
pub use title_page::TitlePage;
pub use workbook::to_xlsx;

/// The release as an accessible PDF, in a program that was built without the feature `report`.
///
/// # Errors
/// Always: the program cannot write it.
#[cfg(not(feature = "report"))]
pub fn to_pdf(
    _: &crate::statistics::document::ReleaseDocument,
    _: crate::error::Language,
    _: &TitlePage,
) -> crate::error::Result<Vec<u8>> {
    Err(crate::error::Error::internal(
        "this program was built without the feature report",
    ))
}
