//! Stores the facts of home, school and exam that rows of a roster tell of youths in the register. What follows from a row is
//! decided in `exchange::roster::school`.

use crate::db::audited::AuditedTx;
use crate::db::enrolments::{self, EnrolmentRow};
use crate::db::exam_documents::{self, ExamDocumentRow};
use crate::db::residences::{self, ResidenceRow};
use crate::db::versions::keep_versions;
use crate::domain::id::{Id, Youth};
use crate::domain::operation::Resource;
use crate::domain::target_group::Home;
use crate::domain::target_group::codes::FactSource;
use crate::error::Result;
use crate::exchange::roster::school::{Known, KnownFacts, SchoolSaid, follow};
use crate::policy::reveal::Permit;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What a row tells of a youth.
pub(super) struct Told<'r> {
    pub youth_id: Id<Youth>,
    pub school: &'r SchoolSaid,
    /// Whether the number is one of the population register.
    pub is_registered: bool,
    pub home: Home,
    /// Whether the youth was in the register before, so that facts may be known.
    pub was_known: bool,
}

/// The rows that are to be written.
#[derive(Default)]
struct Written {
    residences: Vec<ResidenceRow>,
    ended: Vec<EnrolmentRow>,
    enrolments: Vec<EnrolmentRow>,
    exam_documents: Vec<ExamDocumentRow>,
}

/// Stores what follows from the rows of a roster of a day.
pub(super) fn store(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    as_of: NaiveDate,
    told: &[Told<'_>],
) -> Result<()> {
    let ids: Vec<Id<Youth>> = told
        .iter()
        .filter(|told| told.was_known)
        .map(|told| told.youth_id)
        .collect();
    let mut known: HashMap<Id<Youth>, KnownFacts> = HashMap::new();
    for row in residences::of_youths(tx, &ids)? {
        let of = known.entry(row.youth_id).or_default();
        of.residences
            .push(known_of(row.fact(), row.source, row.void_reason.as_ref()));
    }
    let mut enrolled: HashMap<Id<Youth>, Vec<EnrolmentRow>> = HashMap::new();
    for row in enrolments::of_youths(tx, &ids)? {
        let of = known.entry(row.youth_id).or_default();
        of.enrolments
            .push(known_of(row.fact(), row.source, row.void_reason.as_ref()));
        enrolled.entry(row.youth_id).or_default().push(row);
    }
    for row in exam_documents::of_youths(tx, &ids)? {
        let of = known.entry(row.youth_id).or_default();
        of.exam_documents
            .push(known_of(row.fact(), row.source, row.void_reason.as_ref()));
    }
    let nothing = KnownFacts::default();
    let mut written = Written::default();
    for told in told {
        let known = known.get(&told.youth_id).unwrap_or(&nothing);
        let enrolled = enrolled.get(&told.youth_id).map_or(&[][..], Vec::as_slice);
        written.add(tx, told, as_of, known, enrolled);
    }
    written.write(tx, permit)
}

fn known_of<F>(fact: F, source: FactSource, void_reason: Option<&String>) -> Known<F> {
    Known {
        fact,
        is_of_roster: source == FactSource::Roster,
        is_void: void_reason.is_some(),
    }
}

impl Written {
    fn add(
        &mut self,
        tx: &AuditedTx<'_>,
        told: &Told<'_>,
        as_of: NaiveDate,
        known: &KnownFacts,
        enrolled: &[EnrolmentRow],
    ) {
        let following = follow(told.school, told.is_registered, told.home, as_of, known);
        let (now, youth_id) = (tx.timestamp(), told.youth_id);
        let created_by = tx.actor().user_id();
        self.residences
            .extend(following.residence.map(|fact| ResidenceRow {
                id: Id::fresh(),
                youth_id,
                kind: fact.kind,
                municipality_code: None,
                from_on: fact.from_on,
                to_on: fact.to_on,
                source: FactSource::Roster,
                void_reason: None,
                created_by,
                created_at: now,
                updated_at: now,
                version: 1,
            }));
        if let Some((place, ends_on, is_cancelled)) = following.ends {
            self.ended
                .extend(enrolled.get(place).map(|row| EnrolmentRow {
                    ends_on: Some(ends_on),
                    is_cancelled,
                    updated_at: now,
                    version: row.version + 1,
                    ..row.clone()
                }));
        }
        self.enrolments
            .extend(following.enrolment.map(|fact| EnrolmentRow {
                id: Id::fresh(),
                youth_id,
                school_type: fact.school_type,
                programme_kind: fact.programme,
                study_path_code: None,
                school: None,
                municipality_code: None,
                admitted_on: fact.admitted_on,
                starts_on: fact.starts_on,
                ends_on: fact.ends_on,
                is_cancelled: fact.is_cancelled,
                source: FactSource::Roster,
                void_reason: None,
                created_by,
                created_at: now,
                updated_at: now,
                version: 1,
            }));
        self.exam_documents
            .extend(following.exam_document.map(|fact| ExamDocumentRow {
                id: Id::fresh(),
                youth_id,
                kind: fact.kind,
                issued_on: fact.issued_on,
                source: FactSource::Roster,
                void_reason: None,
                created_by,
                created_at: now,
                updated_at: now,
                version: 1,
            }));
    }

    fn write(&self, tx: &mut AuditedTx<'_>, permit: &Permit) -> Result<()> {
        residences::insert_many(tx, permit, &self.residences)?;
        keep_versions(tx, &self.residences)?;
        for row in &self.ended {
            enrolments::update(tx, permit, row)?;
        }
        keep_versions(tx, &self.ended)?;
        enrolments::insert_many(tx, permit, &self.enrolments)?;
        keep_versions(tx, &self.enrolments)?;
        exam_documents::insert_many(tx, permit, &self.exam_documents)?;
        keep_versions(tx, &self.exam_documents)?;
        for row in &self.residences {
            let fields = "kind,fromOn,source";
            tx.note(
                Resource::Residences,
                Some(row.youth_id),
                Some(row.id.cast()),
                fields,
            );
        }
        for row in self.ended.iter().chain(&self.enrolments) {
            let fields = "schoolType,programmeKind,startsOn,endsOn,isCancelled,source";
            tx.note(
                Resource::Enrolments,
                Some(row.youth_id),
                Some(row.id.cast()),
                fields,
            );
        }
        for row in &self.exam_documents {
            let fields = "kind,issuedOn,source";
            tx.note(
                Resource::ExamDocuments,
                Some(row.youth_id),
                Some(row.id.cast()),
                fields,
            );
        }
        Ok(())
    }
}
