//! Objections of both kinds: those beside records of the register, and those beside records of the protected compartment.
//! They are added and never changed. Against what one may be raised is a matter of the domain and the service.

use super::apart::{Apart, apart};
use super::cipher::guarded;
use super::disclosed::Word;
use super::schema::{correction_notes, protected_correction_notes};
use super::types::Timestamp;
use crate::domain::consent::Speaker;
use crate::domain::correction::DisputedRecord;
use crate::domain::id::{CorrectionNote, Episode, Id, Record, User, Youth};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// An objection of either kind, as stored; it never changes.
    #[derive(Clone)]
    pub struct CorrectionNoteRow as StoredCorrectionNoteRow [derive(Queryable)] in correction_notes by id {
        pub id: Id<CorrectionNote>,
        pub youth_id: Id<Youth>,
        /// The episode of the record, if it belongs to one.
        pub episode_id: Option<Id<Episode>>,
        pub resource ~ DisputedRecord,
        pub record_id: Id<Record>,
        pub field ~ Option<String>,
        pub text ~ String,
        pub raised_by ~ Speaker,
        pub raised_on: NaiveDate,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
    }
}

/// Every column with its value.
macro_rules! columns {
    ($table:ident, $row:expr) => {{
        let row: &StoredCorrectionNoteRow = $row;
        (
            $table::id.eq(row.id),
            $table::youth_id.eq(row.youth_id),
            $table::episode_id.eq(row.episode_id),
            $table::resource.eq(row.resource.clone()),
            $table::record_id.eq(row.record_id),
            $table::field.eq(row.field.clone()),
            $table::text.eq(row.text.clone()),
            $table::raised_by.eq(row.raised_by.clone()),
            $table::raised_on.eq(row.raised_on),
            $table::created_by.eq(row.created_by),
            $table::created_at.eq(row.created_at),
        )
    }};
}

/// A kind of objection.
pub trait KeptNote: Apart<Row = CorrectionNoteRow, Of = CorrectionNote> {}

macro_rules! kept_in {
    ($(#[$doc:meta])* $kind:ident, $table:ident, $resource:ident) => {
        apart! {
            $(#[$doc])*
            $kind, $table, $resource, CorrectionNoteRow as StoredCorrectionNoteRow, CorrectionNote, columns, |r| version: 1, stays: ["text"] with r.0.episode_id, {
                "id": r.0.id,
                "youthId": r.0.youth_id,
                "episodeId": r.0.episode_id,
                "resource": Word(r.0.resource),
                "recordId": r.0.record_id,
                "field": r.0.field,
                "text": r.0.text,
                "raisedBy": Word(r.0.raised_by),
                "raisedOn": r.0.raised_on,
                "createdBy": r.0.created_by,
                "createdAt": r.0.created_at,
            }
        }
        impl KeptNote for $kind {}
    };
}

kept_in! {
    /// An objection beside a record of the register.
    OpenNote, correction_notes, CorrectionNotes
}
kept_in! {
    /// An objection beside a record of the protected compartment.
    ProtectedNote, protected_correction_notes, ProtectedCorrectionNotes
}
