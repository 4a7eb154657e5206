//! Register extracts (GDPR art. 15): everything that the register holds about a youth, gathered on request and handed over
//! once. What is handed over is not kept, only its hash; so it is gathered again when it is fetched, and if the register
//! says something else by then, it is not handed over. What lies in the protected compartment is in the extracts of the
//! socionom assigned; all others say the same neutral words, whether or not anything lies there.
//!
//! The youth's right covers what the maker's role does not read otherwise (a note that stays behind, the address of a
//! protected identity, a decision on a roster's row): that such was opened is noted as a break-glass, with the reason.

use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, reveal_page};
use crate::db::apart::Apart;
use crate::db::assignments::{self, AssignmentFilter};
use crate::db::audited::AuditedTx;
use crate::db::consents::{OpenConsent, ProtectedConsent};
use crate::db::contacts::{self, ContactFilter};
use crate::db::correction_notes::{OpenNote, ProtectedNote};
use crate::db::disclosures::{OpenDisclosure, ProtectedDisclosure};
use crate::db::duties::settle;
use crate::db::episodes::{self, EpisodeFilter};
use crate::db::interventions::{self, InterventionFilter};
use crate::db::notes_apart::with_notes;
use crate::db::paging::{MOST, Page, PageRequest};
use crate::db::referrals::{Kept, OpenReferral, ProtectedReferral};
use crate::db::register_extracts::{self, KeptVersion, RegisterExtractRecord, RegisterExtractRow};
use crate::db::target_group_candidates::{self, CandidateFilter};
use crate::db::transfers::{self, TransferFilter};
use crate::db::types::{Json, Timestamp};
use crate::db::versions::keep_version;
use crate::db::{
    disposal_holds, education_contracts, enrolments, exam_documents, mappings, occupations,
    outreach_contacts, plans, protected_statuses, residences, restrictions, settings,
    youths::{self, YouthRecord},
};
use crate::domain::codes::{Code, ProtectionLevel};
use crate::domain::id::{Id, Record, RegisterExtract, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::person_name::initial;
use crate::domain::register_extract::{
    ExtractCategory, IdentityProof, OmissionGround, Words, sentences,
};
use crate::domain::retention::RetentionPolicy;
use crate::domain::user::Role;
use crate::error::{ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::{Relation, extracts_compartment, may_hand_over};
use crate::policy::reveal::{Disclosable, Sealed, View, snapshot};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

const LONGEST_REASON: usize = 1000;
const MOST_OMISSIONS: usize = 200;

/// Fields that name a member of staff: shown as role and initials.
const STAFF: &[&str] = &[
    "authorId",
    "createdBy",
    "madeBy",
    "recordedBy",
    "decidedBy",
    "handledBy",
    "setBy",
    "disclosedBy",
    "assignedBy",
    "metBy",
    "tiedBy",
    "userId",
    "responsibleId",
    "handlerId",
];
/// Fields that name a unit: shown by its name.
const UNITS: &[&str] = &["unitId", "fromUnitId", "toUnitId"];
/// Fields that name another record of the youth, or the file or run that it came with.
#[cfg(test)]
const RECORDS: &[&str] = &[
    "id",
    "episodeId",
    "contactId",
    "referralId",
    "consentId",
    "recordId",
    "importId",
    "runId",
    "sessionId",
];
/// What is worked out from the day of the reading or from other records in the extract, or says nothing of the youth.
const DERIVED: &[&str] = &[
    "id",
    "youthId",
    "version",
    "age",
    "isOverdue",
    "isLocked",
    "correctionNotes",
    "tracks",
    "handlerId",
];
/// What tells why somebody looked, or why something was left out: of the log, or as secret as what it is about.
const WITHHELD: &[(Resource, &str)] = &[
    (Resource::AccessGrants, "reason"),
    (Resource::RegisterExtracts, "omissions"),
];

/// A record as it is handed over.
#[derive(Debug, Clone)]
pub struct ExtractedRecord {
    pub category: ExtractCategory,
    /// The kind, by the name of its resource, or of what stands beside one.
    pub kind: &'static str,
    pub resource: Resource,
    pub id: Option<Id<Record>>,
    pub values: Map<String, Value>,
    /// What stood before, until when, the first first.
    pub earlier: Vec<(Timestamp, Map<String, Value>)>,
}

/// Who read, on a day.
#[derive(Debug, Clone)]
pub struct Reader {
    pub on: NaiveDate,
    pub role: Option<Role>,
    pub name: Option<String>,
    pub times: i64,
}

/// An extract as it is handed over.
#[derive(Debug, Clone)]
pub struct Extract {
    pub id: Id<RegisterExtract>,
    pub made_at: Timestamp,
    pub sha256: String,
    pub unit: String,
    pub youth: String,
    pub identity_number: Option<String>,
    pub protection_level: ProtectionLevel,
    pub is_whole: bool,
    pub left_out: usize,
    pub records: Vec<ExtractedRecord>,
    /// Whom something was told to: the disclosures.
    pub readers: Option<Vec<Reader>>,
    /// How long what is kept, as decided.
    pub policies: Vec<RetentionPolicy>,
    /// The whole as JSON.
    pub content: Value,
}

impl Extract {
    /// The document that is handed over for a program to read.
    pub fn document(self) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("id".to_owned(), json!(self.id));
        members.insert("madeAt".to_owned(), json!(self.made_at.to_text()));
        members.insert("contentSha256".to_owned(), json!(self.sha256));
        members.insert("content".to_owned(), self.content);
        members
    }
}

/// What is left out, and why.
struct Omission {
    record_id: Id<Record>,
    ground: OmissionGround,
    reason: String,
}

/// The extracts of one youth, newest first: that they were made, not what they said.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_register_extracts(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = register_extracts::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// That an extract was made, when, by whom, for what request, and what it covered.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_register_extract(tx: &mut AuditedTx<'_>, id: Id<RegisterExtract>) -> Result<View> {
    let sealed = register_extracts::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Makes an extract: gathers what it says, leaves out what the maker has assessed as secret, and keeps its hash.
///
/// # Errors
/// 403; 404; 422 with all fields that are wrong: also for something left out that is not in the extract.
pub fn create_register_extract(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::RegisterExtracts, &relation, fields)?;
    let user_id = tx.staff()?.id;
    let today = tx.today();
    let requested_on = if form.has("requestedOn") {
        form.date("requestedOn")
    } else {
        form.skip("requestedOn");
        Some(today)
    };
    if requested_on.is_some_and(|day| day > today) {
        form.wrong("requestedOn", FieldCode::InFuture);
    }
    let request_reference = form.phrase("requestReference", 200);
    let identity_proof: Option<IdentityProof> = form.code("identityProof");
    let identity_proof = form.require("identityProof", identity_proof);
    let reason = read_reason(&mut form);
    let includes_readers = form.boolean("includesReaders").unwrap_or(false);
    let omissions = form
        .list("omissions", MOST_OMISSIONS, read_omission)
        .unwrap_or_default();
    screen(tx, &mut form)?;
    // What is owed now is what the extract tells of, not what the night would find.
    settle(tx, &[youth_id])?;
    let relation = with_notes(tx, youth_id, relation)?;
    let is_whole = extracts_compartment(tx.actor(), &relation);
    let id = Id::fresh();
    let (youth, gathered) = gather(tx, youth_id, &relation, is_whole, id)?;
    if form.is_sound() {
        // Who the youth is stands in every extract.
        let known: BTreeSet<Id<Record>> = gathered
            .iter()
            .filter_map(|record| record.id)
            .filter(|id| *id != youth_id.cast())
            .collect();
        for (place, omission) in omissions.iter().enumerate() {
            if !known.contains(&omission.record_id) {
                form.add([FieldError::new(
                    format!("/omissions/{place}/recordId"),
                    FieldCode::NoSuchRecord,
                )]);
            }
        }
    }
    let input = match (requested_on, identity_proof, reason) {
        (Some(requested_on), Some(identity_proof), Some(reason)) => {
            Some((requested_on, identity_proof, reason))
        }
        _ => None,
    };
    let (requested_on, identity_proof, reason) = form.finish_with(input)?;
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for omission in &omissions {
        let Some(record) = gathered
            .iter()
            .find(|record| record.id == Some(omission.record_id))
        else {
            continue;
        };
        let told = json!({
            "resource": record.kind,
            "recordId": omission.record_id,
            "ground": omission.ground.code(),
            "reason": omission.reason,
        });
        if record.resource.is_of_compartment() {
            closed.push(told)
        } else {
            open.push(told)
        }
    }
    let categories: Value = ExtractCategory::covered(is_whole)
        .iter()
        .map(|category| category.code())
        .collect();
    let mut record = RegisterExtractRecord {
        row: RegisterExtractRow {
            id,
            youth_id,
            requested_on,
            request_reference,
            identity_proof,
            reason,
            includes_readers,
            is_whole,
            categories: Json(categories),
            omissions: Json(Value::Array(open)),
            content_sha256: String::new(),
            made_by: user_id,
            created_at: tx.timestamp(),
        },
        protected_omissions: closed,
    };
    let extract = compose(tx, &record, &youth, &relation, gathered)?;
    record.row.content_sha256 = extract.sha256;
    register_extracts::insert(tx, &permit, &record)?;
    // The history of the register does not tell what was left out of the compartment.
    keep_version(
        tx,
        &RegisterExtractRecord {
            protected_omissions: Vec::new(),
            ..record.clone()
        },
    )?;
    let sealed = register_extracts::load(tx, record.row.id)?;
    tx.reveal(&sealed)
}

/// What an extract says, for whoever made it to hand over. Noted with every field of every record in it.
///
/// # Errors
/// 404; 403 for whoever did not make it, or no longer sees all of it; 409 when the register says something else by now.
pub fn read_extract(tx: &mut AuditedTx<'_>, id: Id<RegisterExtract>) -> Result<Extract> {
    let sealed = register_extracts::load(tx, id)?;
    tx.permit(Resource::RegisterExtracts, sealed.relation())?;
    let (record, relation) = sealed.into_record();
    if !may_hand_over(&relation)
        || (record.row.is_whole && !extracts_compartment(tx.actor(), &relation))
    {
        return Err(ErrorCode::Forbidden.into());
    }
    let row = &record.row;
    let (youth, gathered) = gather(tx, row.youth_id, &relation, row.is_whole, id)?;
    let extract = compose(tx, &record, &youth, &relation, gathered)?;
    if extract.sha256 != record.row.content_sha256 {
        return Err(ErrorCode::ExtractOutdated.into());
    }
    tx.note(
        Resource::RegisterExtracts,
        Some(record.row.youth_id),
        Some(id.cast()),
        "contentSha256",
    );
    Ok(extract)
}

fn read_reason(form: &mut Form) -> Option<String> {
    let reason = form.reason("reason", LONGEST_REASON);
    form.require("reason", reason)
}

fn read_omission(form: &mut Form) -> Option<Omission> {
    let record_id: Option<Id<Record>> = form.id("recordId");
    let record_id = form.require("recordId", record_id);
    let ground: Option<OmissionGround> = form.code("ground");
    let ground = form.require("ground", ground);
    let reason = read_reason(form);
    Some(Omission {
        record_id: record_id?,
        ground: ground?,
        reason: reason?,
    })
}

/// What has been gathered so far.
#[derive(Default)]
struct Gathered {
    records: Vec<ExtractedRecord>,
}

impl Gathered {
    fn put<T: Disclosable>(&mut self, category: ExtractCategory, record: &T) {
        let id = Some(record.record_id());
        self.put_beside(
            category,
            T::RESOURCE.name(),
            T::RESOURCE,
            id,
            snapshot(record),
        );
    }
    fn put_all<T: Disclosable>(&mut self, category: ExtractCategory, records: Vec<Sealed<T>>) {
        for sealed in &records {
            self.put(category, sealed.for_rules());
        }
    }
    /// Something that is no record of its own in the interface.
    fn put_beside(
        &mut self,
        category: ExtractCategory,
        kind: &'static str,
        resource: Resource,
        id: Option<Id<Record>>,
        values: Value,
    ) {
        let values = match values {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        self.records.push(ExtractedRecord {
            category,
            kind,
            resource,
            id,
            values,
            earlier: Vec::new(),
        });
    }
    /// Sets a value of what was put last.
    fn set_last(&mut self, name: &str, value: Value) {
        if let Some(record) = self.records.last_mut() {
            record.values.insert(name.to_owned(), value);
        }
    }
}

/// Reads a list to its end.
fn whole<T>(mut page_of: impl FnMut(&PageRequest) -> Result<Page<T>>) -> Result<Vec<T>> {
    let mut request = PageRequest {
        limit: MOST,
        ..PageRequest::default()
    };
    let mut rows = Vec::new();
    loop {
        let page = page_of(&request)?;
        rows.extend(page.rows);
        match page.next {
            Some(next) => request.position = Some(next),
            None => return Ok(rows),
        }
    }
}

/// The youth, and everything that is about them, record by record, with every field.
fn gather(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: &Relation,
    is_whole: bool,
    id: Id<RegisterExtract>,
) -> Result<(YouthRecord, Vec<ExtractedRecord>)> {
    use ExtractCategory as In;
    let mut all = Gathered::default();
    let (youth, _) = youths::load(tx, youth_id)?.into_record();
    all.put(In::Person, &youth);
    // Guardians are shown while the youth is a minor; that they stand there still is told.
    all.set_last("guardians", youth.row.guardians.0.clone());
    let identifiers = register_extracts::identifiers(tx, youth_id)?;
    for known in &identifiers {
        let values = json!({
            "kind": known.kind, "identityNumber": known.number, "isCurrent": known.is_current,
            "validFrom": known.valid_from, "validTo": known.valid_to,
        });
        all.put_beside(
            In::Person,
            "identifiers",
            Resource::Youths,
            Some(known.id.cast()),
            values,
        );
    }
    all.put_all(
        In::TargetGroup,
        whole(|page| residences::list_of_youth(tx, youth_id, page))?,
    );
    all.put_all(
        In::TargetGroup,
        whole(|page| enrolments::list_of_youth(tx, youth_id, page))?,
    );
    all.put_all(
        In::TargetGroup,
        whole(|page| exam_documents::list_of_youth(tx, youth_id, page))?,
    );
    for row in register_extracts::notifications(tx, youth_id)? {
        all.put(In::TargetGroup, &row);
    }
    let filter = CandidateFilter::default();
    all.put_all(
        In::TargetGroup,
        whole(|page| target_group_candidates::list_of_youth(tx, youth_id, filter, page))?,
    );
    for row in register_extracts::roster_rows(tx, youth_id)? {
        let values = json!({
            "importId": row.import_id, "line": row.line, "outcome": row.outcome.code(), "problems": row.problems.0,
        });
        all.put_beside(
            In::TargetGroup,
            "importRows",
            Resource::Imports,
            None,
            values,
        );
    }
    let tags: Vec<String> = identifiers.into_iter().map(|known| known.tag).collect();
    for row in register_extracts::roster_decisions(tx, youth_id, &tags)? {
        all.put(In::TargetGroup, &row);
    }
    let filter = EpisodeFilter::default();
    all.put_all(
        In::Episodes,
        whole(|page| episodes::list_of_youth(tx, youth_id, &filter, page))?,
    );
    let filter = ContactFilter {
        youth_id: Some(youth_id),
        ..ContactFilter::default()
    };
    for sealed in whole(|page| contacts::list(tx, &filter, page))? {
        all.put(In::Contacts, &sealed.for_rules().whole());
    }
    all.put_all(In::Contacts, outreach_contacts::of_youth(tx, youth_id)?);
    all.put_all(
        In::Occupations,
        whole(|page| occupations::list_of_youth(tx, youth_id, page))?,
    );
    all.put_all(
        In::Planning,
        whole(|page| mappings::list_of_youth(tx, youth_id, page))?,
    );
    all.put_all(
        In::Planning,
        whole(|page| plans::list_of_youth(tx, youth_id, None, page))?,
    );
    all.put_all(
        In::Planning,
        whole(|page| education_contracts::list_of_youth(tx, youth_id, page))?,
    );
    let filter = InterventionFilter::default();
    all.put_all(
        In::Measures,
        whole(|page| interventions::list_of_youth(tx, youth_id, &filter, page))?,
    );
    all.put_all(
        In::Referrals,
        in_order(OpenReferral::of_youth(tx, youth_id, relation)?),
    );
    all.put_all(
        In::Sharing,
        of_youth::<OpenConsent>(tx, youth_id, relation)?,
    );
    all.put_all(
        In::Sharing,
        of_youth::<OpenDisclosure>(tx, youth_id, relation)?,
    );
    let filter = TransferFilter {
        youth_id: Some(youth_id),
        ..TransferFilter::default()
    };
    all.put_all(
        In::Sharing,
        whole(|page| transfers::list(tx, &filter, page))?,
    );
    all.put_all(
        In::Corrections,
        of_youth::<OpenNote>(tx, youth_id, relation)?,
    );
    all.put_all(
        In::Corrections,
        whole(|page| restrictions::list_of_youth(tx, youth_id, page))?,
    );
    all.put_all(
        In::Work,
        whole(|page| disposal_holds::list_of_youth(tx, youth_id, page))?,
    );
    let filter = AssignmentFilter::default();
    all.put_all(
        In::Work,
        whole(|page| assignments::list_of_youth(tx, youth_id, &filter, page))?,
    );
    for task in register_extracts::open_tasks(tx, youth_id, is_whole)? {
        all.put(In::Work, &task);
    }
    for row in register_extracts::openings(tx, youth_id, is_whole)? {
        all.put(In::Work, &row);
    }
    all.put_all(In::Extracts, register_extracts::before(tx, youth_id, id)?);
    if is_whole {
        let permit = tx.permit(Resource::ProtectedStatuses, relation)?;
        if let Some(row) = protected_statuses::find(tx, &permit, youth_id)? {
            all.put(In::Support, &row);
        }
        all.put_all(
            In::Support,
            in_order(ProtectedReferral::of_youth(tx, youth_id, relation)?),
        );
        all.put_all(
            In::Support,
            of_youth::<ProtectedConsent>(tx, youth_id, relation)?,
        );
        all.put_all(
            In::Support,
            of_youth::<ProtectedDisclosure>(tx, youth_id, relation)?,
        );
        all.put_all(
            In::Support,
            of_youth::<ProtectedNote>(tx, youth_id, relation)?,
        );
        for task in register_extracts::protected_tasks(tx, &permit, youth_id)? {
            all.put(In::Support, &task);
        }
    }
    Ok((youth, all.records))
}

/// The records of one kind, in the order in which they were made.
fn of_youth<A: Apart>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: &Relation,
) -> Result<Vec<Sealed<A>>> {
    Ok(in_order(A::of_youth(tx, youth_id, relation)?))
}

fn in_order<T: Disclosable>(mut records: Vec<Sealed<T>>) -> Vec<Sealed<T>> {
    records.sort_by_key(|sealed| sealed.for_rules().record_id());
    records
}

/// Puts an extract together from what was gathered: leaves out, adds what stood before, masks others, and notes each record.
fn compose(
    tx: &mut AuditedTx<'_>,
    record: &RegisterExtractRecord,
    youth: &YouthRecord,
    relation: &Relation,
    mut records: Vec<ExtractedRecord>,
) -> Result<Extract> {
    let row = &record.row;
    let omitted: BTreeSet<String> = record
        .omissions()
        .iter()
        .filter_map(|told| Some(told.get("recordId")?.as_str()?.to_owned()))
        .collect();
    records.retain(|record| {
        record
            .id
            .is_none_or(|id| !omitted.contains(&id.to_string()))
    });
    let mut stood = versions(tx, &records)?;
    for record in &records {
        let names: Vec<&str> = record.values.keys().map(String::as_str).collect();
        tx.note(
            record.resource,
            Some(row.youth_id),
            record.id,
            &names.join(","),
        );
    }
    if relation.is_protected
        || relation
            .notes_apart
            .as_ref()
            .is_none_or(|apart| !apart.is_empty())
    {
        tx.note_break_glass(&row.reason)?;
    }
    let settings = settings::load(tx)?;
    let named_readers = settings.extract_names_readers;
    let readings = if row.includes_readers {
        Some(register_extracts::readings(
            tx,
            row.youth_id,
            row.created_at,
            row.is_whole,
        )?)
    } else {
        None
    };
    let mask = Mask::of(tx, &records, &stood)?;
    for record in &mut records {
        let versions = record
            .id
            .and_then(|id| stood.remove(&(record.kind, id)))
            .unwrap_or_default();
        record.earlier = mask.earlier(record.resource, &versions);
        record.values = mask.values(record.resource, std::mem::take(&mut record.values));
    }
    let readers: Option<Vec<Reader>> = match readings {
        None => None,
        Some(readings) => {
            let ids: Vec<Id<User>> = readings
                .iter()
                .filter_map(|reading| reading.user_id)
                .collect();
            let staff = register_extracts::staff_of(tx, &ids)?;
            let mut rows: BTreeMap<(NaiveDate, Option<Role>, Option<String>), i64> =
                BTreeMap::new();
            for reading in readings {
                let role = reading.role.as_deref().and_then(Role::from_code);
                let name = reading
                    .user_id
                    .and_then(|id| staff.get(&id))
                    .map(|(_, name)| name.clone());
                *rows
                    .entry((reading.on, role, name.filter(|_| named_readers)))
                    .or_default() += reading.times;
            }
            let rows = rows.into_iter();
            Some(
                rows.map(|((on, role, name), times)| Reader {
                    on,
                    role,
                    name,
                    times,
                })
                .collect(),
            )
        }
    };
    let mut extract = Extract {
        id: row.id,
        made_at: row.created_at,
        sha256: String::new(),
        unit: mask
            .units
            .get(&youth.row.unit_id)
            .cloned()
            .unwrap_or_default(),
        youth: format!("{} {}", youth.row.given_name, youth.row.family_name),
        identity_number: youth
            .identity
            .as_ref()
            .map(|number| number.as_str().to_owned()),
        protection_level: youth.row.protection_level,
        is_whole: row.is_whole,
        left_out: omitted.len(),
        records,
        readers,
        policies: settings.retention_policies,
        content: Value::Null,
    };
    extract.content = content(&extract);
    extract.sha256 =
        data_encoding::HEXLOWER.encode(&Sha256::digest(extract.content.to_string().as_bytes()));
    Ok(extract)
}

fn both((sv, en): Words) -> Value {
    json!({"sv": sv, "en": en})
}

/// The whole as JSON, in an order of its own that does not change.
fn content(extract: &Extract) -> Value {
    let categories: Value = ExtractCategory::covered(extract.is_whole)
        .iter()
        .map(|category| {
            let records: Value = extract
                .records
                .iter()
                .filter(|record| record.category == *category)
                .map(|record| {
                    let earlier: Value = record
                        .earlier
                        .iter()
                        .map(|(until, values)| json!({"until": until.to_text(), "values": values}))
                        .collect();
                    json!({"resource": record.kind, "id": record.id, "values": record.values, "earlier": earlier})
                })
                .collect();
            let retention = category.retention(&extract.policies);
            json!({
                "category": category.code(),
                "title": both((category.sv(), category.en())),
                "purpose": both(category.purpose()),
                "legalGround": both(category.legal_ground()),
                "source": both(category.source()),
                "retention": {"sv": retention.0, "en": retention.1},
                "records": records,
            })
        })
        .collect();
    let recipients: Value = extract
        .recipients()
        .map(|values| {
            let told = |name: &str| values.get(name).cloned().unwrap_or(Value::Null);
            json!({
                "recipientKind": told("recipientKind"), "recipientName": told("recipientName"),
                "categories": told("categories"), "disclosedOn": told("disclosedOn"), "basis": told("basis"),
            })
        })
        .collect();
    let said: Map<String, Value> = sentences(extract.is_whole, extract.left_out)
        .into_iter()
        .map(|sentence| (sentence.name.to_owned(), both(sentence.words)))
        .collect();
    let readers = extract.readers.as_ref().map(|readers| -> Value {
        readers
            .iter()
            .map(|reader| json!({"on": reader.on, "role": reader.role.map(Code::code), "name": reader.name, "times": reader.times}))
            .collect()
    });
    json!({
        "unit": extract.unit,
        "youth": extract.youth,
        "identityNumber": extract.identity_number,
        "protectionLevel": extract.protection_level.code(),
        "isWhole": extract.is_whole,
        "leftOut": extract.left_out,
        "sentences": said,
        "categories": categories,
        "recipients": recipients,
        "readers": readers,
    })
}

impl Extract {
    /// Whom something was told to, as the register of disclosures has it.
    pub fn recipients(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.records
            .iter()
            .filter(|record| {
                matches!(
                    record.resource,
                    Resource::Disclosures | Resource::ProtectedDisclosures
                )
            })
            .map(|record| &record.values)
    }
}

type Versions = HashMap<(&'static str, Id<Record>), Vec<KeptVersion>>;

/// The versions that were kept of each record.
fn versions(tx: &mut AuditedTx<'_>, records: &[ExtractedRecord]) -> Result<Versions> {
    let mut by_kind: BTreeMap<&'static str, (Resource, Vec<Id<Record>>)> = BTreeMap::new();
    for record in records
        .iter()
        .filter(|record| record.kind == record.resource.name())
    {
        let (_, ids) = by_kind
            .entry(record.kind)
            .or_insert((record.resource, Vec::new()));
        ids.extend(record.id);
    }
    let mut versions = Versions::new();
    for (kind, (resource, ids)) in by_kind {
        for (id, kept) in register_extracts::versions_of(tx, resource, &ids)? {
            versions.insert((kind, id), kept);
        }
    }
    Ok(versions)
}

/// Masks others: staff as role and initials, guardians and other persons as initials.
struct Mask {
    staff: HashMap<Id<User>, (Role, String)>,
    units: HashMap<Id<Unit>, String>,
}

impl Mask {
    fn of(
        tx: &mut AuditedTx<'_>,
        records: &[ExtractedRecord],
        versions: &Versions,
    ) -> Result<Self> {
        let mut ids = BTreeSet::new();
        for record in records {
            note_staff(&record.values, &mut ids);
        }
        for (_, _, document) in versions.values().flatten() {
            document
                .as_object()
                .iter()
                .for_each(|members| note_staff(members, &mut ids));
        }
        let ids: Vec<Id<User>> = ids.into_iter().collect();
        Ok(Self {
            staff: register_extracts::staff_of(tx, &ids)?,
            units: register_extracts::unit_names(tx)?,
        })
    }

    fn values(&self, resource: Resource, members: Map<String, Value>) -> Map<String, Value> {
        members
            .into_iter()
            .filter(|(name, _)| !DERIVED.contains(&name.as_str()))
            .filter(|(name, _)| !WITHHELD.contains(&(resource, name.as_str())))
            .map(|(name, value)| {
                let value = self.value(&name, value);
                (name, value)
            })
            .collect()
    }

    fn value(&self, name: &str, value: Value) -> Value {
        if STAFF.contains(&name) {
            let known = id_of(&value).and_then(|id| self.staff.get(&Id::of(id)));
            return known.map_or(
                Value::Null,
                |(role, name)| json!({"role": role.code(), "initials": initials(name)}),
            );
        }
        if UNITS.contains(&name) {
            return id_of(&value)
                .and_then(|id| self.units.get(&Id::of(id)))
                .map_or(Value::Null, |unit| json!(unit));
        }
        match (name, value) {
            ("guardians", Value::Array(guardians)) => {
                guardians.iter().map(masked_guardian).collect()
            }
            ("parties", Value::Array(parties)) => parties.into_iter().map(masked_party).collect(),
            (_, Value::Array(items)) => {
                items.into_iter().map(|item| self.value("", item)).collect()
            }
            (_, Value::Object(members)) => {
                let members = members.into_iter();
                Value::Object(
                    members
                        .map(|(name, value)| {
                            let value = self.value(&name, value);
                            (name, value)
                        })
                        .collect(),
                )
            }
            (_, value) => value,
        }
    }

    /// What each version said that the next one says otherwise, until when.
    fn earlier(
        &self,
        resource: Resource,
        versions: &[KeptVersion],
    ) -> Vec<(Timestamp, Map<String, Value>)> {
        versions
            .iter()
            .zip(versions.iter().skip(1))
            .filter_map(|((_, _, before), (_, until, after))| {
                let changed: Map<String, Value> = before
                    .as_object()?
                    .iter()
                    .filter(|(name, value)| {
                        *name != "updatedAt"
                            && after
                                .get(name.as_str())
                                .is_some_and(|later| later != *value)
                    })
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                let changed = self.values(resource, changed);
                (!changed.is_empty()).then_some((*until, changed))
            })
            .collect()
    }
}

fn id_of(value: &Value) -> Option<uuid::Uuid> {
    uuid::Uuid::try_parse(value.as_str()?).ok()
}

fn note_staff(members: &Map<String, Value>, ids: &mut BTreeSet<Id<User>>) {
    for (name, value) in members {
        match value {
            Value::Object(inner) => note_staff(inner, ids),
            Value::Array(items) => {
                items
                    .iter()
                    .filter_map(Value::as_object)
                    .for_each(|inner| note_staff(inner, ids));
            }
            value if STAFF.contains(&name.as_str()) => ids.extend(id_of(value).map(Id::of)),
            _ => {}
        }
    }
}

/// K.H.
fn initials(name: &str) -> String {
    name.split_whitespace().map(initial).collect()
}

/// That there is one, how they are related, and no more.
fn masked_guardian(guardian: &Value) -> Value {
    let text = |name: &str| {
        guardian
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    json!({
        "initials": initials(&format!("{} {}", text("givenName"), text("familyName"))),
        "relation": guardian.get("relation").cloned().unwrap_or(Value::Null),
    })
}

/// Who is neither the youth nor an authority or a school may be a person.
fn masked_party(mut party: Value) -> Value {
    let is_person = party.get("kind").and_then(Value::as_str) == Some("other");
    if let (true, Some(members)) = (is_person, party.as_object_mut()) {
        let name = members.get("name").and_then(Value::as_str).map(initials);
        members.insert("name".to_owned(), json!(name));
    }
    party
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::register_extracts::{Extracted, TABLES};
    use crate::policy::access_table::field_names;

    #[test]
    fn every_field_that_names_somebody_or_something_is_known_for_what_it_is() {
        for (_, extracted) in TABLES {
            let Extracted::Each(resource) = extracted else {
                continue;
            };
            for name in
                field_names(*resource).filter(|name| name.ends_with("Id") || name.ends_with("By"))
            {
                let is_known = [STAFF, UNITS, RECORDS, DERIVED]
                    .iter()
                    .any(|names| names.contains(&name));
                // Who objected or consented is told by a word.
                assert!(
                    is_known || ["raisedBy", "givenBy"].contains(&name),
                    "{resource:?} {name}"
                );
            }
        }
    }

    #[test]
    fn others_are_masked_wherever_they_stand() {
        let user = Id::fresh();
        let mask = Mask {
            staff: HashMap::from([(user, (Role::Syv, "Karin Holm".to_owned()))]),
            units: HashMap::new(),
        };
        let members = json!({
            "id": "1", "authorId": user, "addenda": [{"authorId": user, "text": "Ja"}],
            "guardians": [{"givenName": "Eva", "familyName": "Öberg", "relation": "mamma", "phone": "070", "email": "e@x.se"}],
            "parties": [{"kind": "other", "name": "Per Persson"}, {"kind": "school", "name": "Komvux"}],
        });
        let Value::Object(members) = members else {
            return;
        };
        let shown = Value::Object(mask.values(Resource::Contacts, members));
        let staff = json!({"role": "syv", "initials": "K.H."});
        assert_eq!(
            shown,
            json!({
                "authorId": staff, "addenda": [{"authorId": staff, "text": "Ja"}],
                "guardians": [{"initials": "E.Ö.", "relation": "mamma"}],
                "parties": [{"kind": "other", "name": "P.P."}, {"kind": "school", "name": "Komvux"}],
            })
        );
    }
}
