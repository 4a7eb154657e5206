//! The one row of what the administrator has configured. What each setting means stands in `domain::settings`.

use super::Conn;
use super::audited::AuditedTx;
use super::schema::settings;
use super::types::{Json, Timestamp};
use crate::domain::id::{Configuration, Id, Record, Youth};
use crate::domain::operation::Resource;
use crate::domain::settings::Settings;
use crate::error::{Error, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Disclosable, Permit, Sealed};
use diesel::prelude::*;
use serde_json::{Value, json};

/// The settings as stored.
#[derive(Debug, Clone)]
pub struct SettingsRecord {
    pub id: Id<Configuration>,
    pub settings: Settings,
    pub updated_at: Timestamp,
    pub version: i64,
}

impl Disclosable for SettingsRecord {
    const RESOURCE: Resource = Resource::Settings;
    fn record_id(&self) -> Id<Record> {
        self.id.cast()
    }
    fn youth_id(&self) -> Option<Id<Youth>> {
        None
    }
    fn version(&self) -> i64 {
        self.version
    }
    /// A setting is shown by the name under which it is stored.
    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "updatedAt" => Some(json!(self.updated_at.to_text())),
            "version" => Some(json!(self.version)),
            setting => serde_json::to_value(&self.settings)
                .ok()?
                .get(setting)
                .cloned(),
        }
    }
}

/// The settings in force.
///
/// # Errors
/// The database does not answer.
pub fn load(tx: &mut AuditedTx<'_>) -> Result<Settings> {
    Ok(load_record(tx)?.for_rules().settings.clone())
}

/// The settings as a record that can be shown and changed.
///
/// # Errors
/// The database does not answer, or holds what no version of this service has written.
pub fn load_record(tx: &mut AuditedTx<'_>) -> Result<Sealed<SettingsRecord>> {
    let (id, document, updated_at, version): (Id<Configuration>, Json, Timestamp, i64) =
        settings::table.first(tx.conn())?;
    let settings = of_document(document)?;
    let record = SettingsRecord {
        id,
        settings,
        updated_at,
        version,
    };
    Ok(Sealed::new(record, Relation::unit_record(true)))
}

fn of_document(document: Json) -> Result<Settings> {
    serde_json::from_value(document.0)
        .map_err(|cause| Error::internal(format!("the settings cannot be read: {cause}")))
}

/// The settings in force, for what the service does by itself.
///
/// # Errors
/// As [`load_record`].
pub(in crate::db) fn read(conn: &mut Conn) -> Result<Settings> {
    let document: Json = settings::table.select(settings::document).first(conn)?;
    of_document(document)
}

/// Stores changed settings.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, record: &SettingsRecord) -> Result<()> {
    let document = serde_json::to_value(&record.settings)
        .map_err(|cause| Error::internal(format!("the settings cannot be written: {cause}")))?;
    diesel::update(settings::table.find(record.id))
        .set((
            settings::document.eq(Json(document)),
            settings::updated_at.eq(record.updated_at),
            settings::version.eq(record.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}
