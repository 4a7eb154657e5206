//! How does a table open right in a Swedish spreadsheet? UTF-8 with a mark, semicolons, CRLF. Which cells could be run as a formula,
//! and so are guarded, whoever fills the rows knows: a number that begins with a sign is none.

use crate::error::{Error, Result};

/// What tells a spreadsheet that the file is UTF-8.
const MARK: &str = "\u{feff}";

/// A file being written, row by row.
pub(crate) struct Spreadsheet(csv::Writer<Vec<u8>>);

impl Spreadsheet {
    /// A file without rows.
    pub(crate) fn new() -> Self {
        Self::after(MARK.as_bytes().to_vec())
    }

    /// More rows of a file that is written in parts.
    pub(crate) fn continued() -> Self {
        Self::after(Vec::new())
    }

    fn after(bytes: Vec<u8>) -> Self {
        Self(
            csv::WriterBuilder::new()
                .delimiter(b';')
                .terminator(csv::Terminator::CRLF)
                .from_writer(bytes),
        )
    }

    /// Adds a row. All rows have as many cells as the first.
    ///
    /// # Errors
    /// It has another number of cells, which is a fault of ours.
    pub(crate) fn row<C: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = C>) -> Result<()> {
        self.0.write_record(cells).map_err(Error::internal)
    }

    /// The file.
    ///
    /// # Errors
    /// It could not be built, which is a fault of ours.
    pub(crate) fn into_bytes(self) -> Result<Vec<u8>> {
        self.0
            .into_inner()
            .map_err(|error| Error::internal(error.to_string()))
    }
}
