//! What stands on the cover of a report beside what the document tells? The document does not know its own number or hash,
//! nor whose it is.

use chrono::{DateTime, Utc};

/// What a cover tells of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitlePage {
    /// Whose figures they are, as "Sundbybergs stad".
    pub municipality: String,
    /// The number of the release within the municipality.
    pub number: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// SHA-256 of the document as it is kept, in hexadecimal.
    pub sha256: String,
}
