//! What residences, enrolments and exam documents have in common: who says a fact, and that a wrong one is marked void with a
//! reason instead of being deleted. What each fact must be stands in `domain::target_group`.

use super::form::Form;
use crate::domain::codes::{Code, ProtectionLevel};
use crate::domain::settings::is_municipality_code;
use crate::domain::target_group::codes::FactSource;
use crate::error::{ErrorCode, FieldCode, FieldError, Result};

/// Characters of a reason for marking a fact void.
const LONGEST_REASON: usize = 500;

/// Refuses the change of a fact that is void.
///
/// # Errors
/// 409.
pub(super) fn refuse_void(void_reason: Option<&String>) -> Result<()> {
    match void_reason {
        Some(_) => Err(ErrorCode::FactVoid.into()),
        None => Ok(()),
    }
}

/// Who says the fact. What a roster says is entered by rosters alone: whoever changes such a fact says where the change
/// comes from, so that the next roster leaves it alone.
pub(super) fn read_source(form: &mut Form, is_void: bool) -> Option<FactSource> {
    let source = form.code("source");
    if source == Some(FactSource::Roster) && !is_void {
        let words: Vec<&str> = FactSource::ALL
            .iter()
            .filter(|word| **word != FactSource::Roster)
            .map(|word| word.code())
            .collect();
        form.add([FieldError::with(
            "/source",
            FieldCode::NotInList,
            words.join(", "),
        )]);
    }
    form.require("source", source)
}

/// Why the fact does not count, if it does not.
pub(super) fn read_void_reason(form: &mut Form) -> Option<String> {
    form.long_text("voidReason", LONGEST_REASON)
}

/// The code of a municipality: four digits, and not noted of who has protected identity (domain 4.4).
pub(super) fn read_municipality(form: &mut Form, level: ProtectionLevel) -> Option<String> {
    let code = form.text("municipalityCode", 4)?;
    if !is_municipality_code(&code) {
        form.wrong("municipalityCode", FieldCode::NotMunicipalityCode);
    } else if level.is_protected() {
        form.wrong("municipalityCode", FieldCode::NotForProtected);
    }
    Some(code)
}
