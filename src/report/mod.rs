//! How is a release written for its readers? As JSON and as CSV, from the frozen document alone, so that all say the same for
//! ever. Nothing is counted or hidden here: a figure that the document does not hold cannot get out this way.

mod json;
mod sheet;

pub use json::to_json;
pub use sheet::to_csv;

/// A number as a fraction of ten to the power of its decimals; exact as far as a spreadsheet can be.
#[expect(clippy::cast_precision_loss, reason = "figures are far below 2^53")]
fn float(value: i64, decimals: u8) -> f64 {
    value as f64 / 10f64.powi(i32::from(decimals))
}
