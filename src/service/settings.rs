//! What the administrator configures, read and changed as one record. What a setting does stands with the rule that asks it.

use super::form::Form;
use super::{Fields, begin_update};
use crate::db::audited::AuditedTx;
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::operation::Resource;
use crate::domain::settings::{Settings, is_municipality_code};
use crate::error::{FieldCode, Result};
use crate::policy::access_table::field_names;
use crate::policy::reveal::View;

/// What is told of the record and cannot be set.
const NOT_SETTINGS: &[&str] = &["updatedAt", "version"];

/// The settings in force.
///
/// # Errors
/// 403.
pub fn read_settings(tx: &mut AuditedTx<'_>) -> Result<View> {
    let sealed = settings::load_record(tx)?;
    tx.reveal(&sealed)
}

/// Changes some settings; those not named stay. `null` sets the default again.
///
/// # Errors
/// 403, 412, or 422 with all fields that are wrong.
pub fn update_settings(tx: &mut AuditedTx<'_>, version: i64, patch: Fields) -> Result<View> {
    let sealed = settings::load_record(tx)?;
    let inputs: Vec<&str> = field_names(Resource::Settings)
        .filter(|name| !NOT_SETTINGS.contains(name))
        .collect();
    let (permit, form) = begin_update(tx, &sealed, version, patch, &inputs)?;
    let changed = read(form)?;
    let (mut record, relation) = sealed.into_record();
    record.settings = changed;
    record.updated_at = tx.timestamp();
    record.version += 1;
    settings::update(tx, &permit, &record)?;
    keep_version(tx, &record)?;
    tx.reveal(&crate::policy::reveal::Sealed::new(record, relation))
}

/// The settings of a form that holds all that are not null.
fn read(mut form: Form) -> Result<Settings> {
    let default = Settings::default();
    let municipality_code = form.text("municipalityCode", 4);
    if municipality_code
        .as_deref()
        .is_some_and(|code| !is_municipality_code(code))
    {
        form.wrong("municipalityCode", FieldCode::NotMunicipalityCode);
    }
    let settings = Settings {
        municipality_code,
        preventive_contact_days: days(
            &mut form,
            "preventiveContactDays",
            default.preventive_contact_days,
            60,
        ),
        most_days_deferred: days(
            &mut form,
            "mostDaysDeferred",
            default.most_days_deferred,
            366,
        ),
    };
    form.finish_with(Some(settings))
}

/// A number of days from 1 to `most`; the default if none is told.
fn days(form: &mut Form, name: &str, default: u32, most: i64) -> u32 {
    form.integer(name, 1..=most)
        .and_then(|days| u32::try_from(days).ok())
        .unwrap_or(default)
}
