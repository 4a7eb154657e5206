//! Youths: what is read about a youth, and the operations of the register.

use super::form::Form;
use super::sensitive_terms::screen;
use super::{
    Fields, begin_create, begin_update, must_read, must_read_filters, own_unit, reveal_page,
};
use crate::db::assignments;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::relation_to;
use crate::db::types::Json;
use crate::db::versions::{Version, keep_version, list_versions};
use crate::db::youth_merges::forget_changes;
use crate::db::youths::{self, Forgotten, NEVER, YouthFilter, YouthOrder, YouthRecord, YouthRow};
use crate::domain::age::birthday_on;
use crate::domain::codes::{AssignmentKind, LegalSex, ProtectionLevel};
use crate::domain::id::{Id, Youth};
use crate::domain::identity_number::{IdentityNumber, IdentityNumberError};
use crate::domain::operation::Resource;
use crate::domain::person_name::query_tokens;
use crate::domain::protected_identity::{NOT_IN_MINIMAL, TELLS_WHO};
use crate::domain::target_group::check_compulsory_school;
use crate::domain::target_group::codes::CompulsorySchoolBasis;
use crate::domain::youth::{YouthFacts, check_youth};
use crate::error::{ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Sealed, View, reveal_snapshot};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use validator::ValidateEmail;

const INPUTS: &[&str] = &[
    "identityNumber",
    "givenName",
    "familyName",
    "birthDate",
    "legalSex",
    "area",
    "addresses",
    "phones",
    "email",
    "socialMedia",
    "language",
    "needsInterpreter",
    "guardians",
    "schoolStatus",
    "protectionLevel",
    "compulsorySchoolEndedOn",
    "compulsorySchoolBasis",
    "deceasedOn",
];

/// What a youth's form says.
struct YouthInput {
    identity: Option<IdentityNumber>,
    given_name: String,
    family_name: String,
    birth_date: NaiveDate,
    legal_sex: LegalSex,
    area: Option<String>,
    addresses: Value,
    phones: Value,
    email: Option<String>,
    social_media: Option<String>,
    language: Option<String>,
    needs_interpreter: bool,
    guardians: Value,
    school_status: Option<String>,
    protection_level: ProtectionLevel,
    compulsory_school_ended_on: Option<NaiveDate>,
    compulsory_school_basis: Option<CompulsorySchoolBasis>,
    deceased_on: Option<NaiveDate>,
}

/// The youths of the actor, as filtered and sorted. Filtering by a field asks for the right to read it.
///
/// # Errors
/// 400 for a wrong parameter, 403 for a filter on a field that the actor may not read.
pub fn list_youths(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = read_filter(tx, parameters)?;
    let page = youths::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

fn read_filter(tx: &AuditedTx<'_>, mut form: Form) -> Result<YouthFilter> {
    must_read_filters(
        tx,
        Resource::Youths,
        &form,
        &[
            ("unitId", "unitId"),
            ("area", "area"),
            ("ageFrom", "age"),
            ("ageTo", "age"),
            ("track", "tracks"),
            ("isOpen", "tracks"),
            ("handlerId", "handlerId"),
            ("notContactedForDays", "lastAttemptOn"),
        ],
    )?;
    if form.names("withoutIntervention") {
        must_read(tx, Resource::Interventions, "id", "withoutIntervention")?;
    }
    let filter = YouthFilter {
        unit_id: form.id("unitId"),
        area: form.text("area", 100),
        age_from: form
            .integer("ageFrom", 0..=150)
            .and_then(|age| age.try_into().ok()),
        age_to: form
            .integer("ageTo", 0..=150)
            .and_then(|age| age.try_into().ok()),
        track: form.code("track"),
        is_open: form.boolean("isOpen"),
        handler_id: form.id("handlerId"),
        not_contacted_for_days: form
            .integer("notContactedForDays", 1..=3650)
            .and_then(|days| days.try_into().ok()),
        without_intervention: form.boolean("withoutIntervention").unwrap_or(false),
        order: match form.one_of("sort", &["name", "lastContact", "-lastContact"]) {
            Some("lastContact") => YouthOrder::LastContact,
            Some("-lastContact") => YouthOrder::LastContactDescending,
            _ => YouthOrder::Name,
        },
    };
    form.finish()?;
    Ok(filter)
}

/// One youth.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_youth(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<View> {
    let sealed = youths::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Finds youths by the beginning of their names, or by an identity number.
///
/// # Errors
/// 403 for a number sought by a role that may not read numbers; 422 for a search of nothing.
pub fn search_youths(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    request: &PageRequest,
) -> Result<Page<View>> {
    if fields.contains_key("identityNumber") {
        must_read(tx, Resource::Youths, "identityNumber", "/identityNumber")?;
    }
    must_read(tx, Resource::Youths, "familyName", "/name")?;
    let today = tx.today();
    let mut form = Form::of_body(fields);
    let number = read_identity(&mut form, today);
    let name = form.text("name", 200);
    if number.is_some() && name.is_some() {
        form.add([FieldError::with(
            "/name",
            FieldCode::NotWithOther,
            "identityNumber",
        )]);
    }
    let tokens = name.as_deref().map(query_tokens).unwrap_or_default();
    if number.is_none() && tokens.is_empty() && form.is_sound() {
        form.wrong("name", FieldCode::NothingSearched);
    }
    form.finish()?;
    let page = match number {
        Some(number) => youths::search_by_identity(tx, &number)?,
        None => youths::search_by_name(tx, &tokens, request)?,
    };
    reveal_page(tx, page)
}

/// Registers a youth in the actor's unit. Who registers a youth with protected identity is assigned to them, and so finds
/// them again.
///
/// # Errors
/// 403 with a pointer, 409 when the number is registered already, 422 with all fields that are wrong.
pub fn create_youth(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = Relation::unit_record(true);
    let (permit, form) = begin_create(tx, Resource::Youths, &relation, fields)?;
    let input = read_input(tx, form)?;
    if let Some(number) = &input.identity
        && youths::find_by_identity(tx, number)?.is_some()
    {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let (id, now) = (Id::fresh(), tx.timestamp());
    let identity = input.identity.clone();
    let row = YouthRow {
        id,
        unit_id: own_unit(tx),
        given_name: String::new(),
        family_name: String::new(),
        birth_date: input.birth_date,
        legal_sex: input.legal_sex,
        area: None,
        addresses: Json(Value::Null),
        phones: Json(Value::Null),
        email: None,
        social_media: None,
        language: None,
        needs_interpreter: false,
        guardians: Json(Value::Null),
        school_status: None,
        protection_level: input.protection_level,
        sort_name: String::new(),
        last_reached_on: None,
        last_attempt_on: None,
        contact_sort_on: NEVER,
        created_at: now,
        updated_at: now,
        version: 1,
        compulsory_school_ended_on: None,
        compulsory_school_basis: None,
        deceased_on: None,
        target_facts_changed_at: None,
    };
    let row = filled(row, input);
    youths::insert(tx, &permit, &row, identity.as_ref())?;
    keep_sight(tx, id, row.protection_level)?;
    finish(tx, id)
}

/// Changes a youth.
///
/// # Errors
/// 403 with a pointer, 404, 412, 409 when the number is another youth's, 422 with all fields that are wrong.
pub fn update_youth(
    tx: &mut AuditedTx<'_>,
    id: Id<Youth>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = youths::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let input = read_input(tx, form)?;
    if let Some(number) = &input.identity
        && youths::find_by_identity(tx, number)?.is_some_and(|other| other != id)
    {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let before = sealed.for_rules().clone();
    let identity = input.identity.clone();
    let mut row = filled(before.row.clone(), input);
    row.updated_at = tx.timestamp();
    row.version += 1;
    if differs_for_target_group(&before.row, &row) {
        row.target_facts_changed_at = Some(row.updated_at);
    }
    if row.protection_level.is_minimal() {
        // Before the words are written by which the youth is found.
        forget_changes(tx, &permit, id)?;
    }
    youths::update(tx, &permit, &before, &row, identity.as_ref())?;
    if row.protection_level.is_minimal() {
        youths::forget_numbers(tx, &permit, id)?;
    }
    if row.protection_level != before.row.protection_level {
        keep_sight(tx, id, row.protection_level)?;
    }
    finish(tx, id)
}

/// Whether something changed that the target group rests on.
fn differs_for_target_group(before: &YouthRow, after: &YouthRow) -> bool {
    let of = |row: &YouthRow| {
        (
            row.birth_date,
            row.compulsory_school_ended_on,
            row.compulsory_school_basis,
            row.deceased_on,
            row.protection_level.holds_no_address(),
        )
    };
    of(before) != of(after)
}

/// Whoever marks an identity as protected stays assigned, so that the mark does not shut out the one who knows.
fn keep_sight(tx: &mut AuditedTx<'_>, id: Id<Youth>, level: ProtectionLevel) -> Result<()> {
    if !level.is_protected() || relation_to(tx, id)?.is_assigned {
        return Ok(());
    }
    let Some(user_id) = tx.actor().user_id() else {
        return Ok(());
    };
    assignments::begin(tx, id, user_id, AssignmentKind::Support)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<View> {
    let sealed = youths::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

/// The versions of a youth's record, newest first, each reduced to what the actor may see of the record today.
///
/// # Errors
/// 403 or 404.
pub fn list_youth_versions(
    tx: &mut AuditedTx<'_>,
    id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    let sealed = youths::load(tx, id)?;
    tx.permit(Resource::Youths, sealed.relation())?;
    let page = list_versions(tx, Resource::Youths, id.cast(), request)?;
    page.try_map(|version| Ok(version_view(tx, &sealed, version)))
}

fn version_view(tx: &mut AuditedTx<'_>, sealed: &Sealed<YouthRecord>, version: Version) -> View {
    let mut youth = reveal_snapshot::<YouthRecord>(
        tx.actor(),
        sealed.relation(),
        sealed.for_rules(),
        &version.document.0,
    );
    // What was known before the record became minimal is not told by its history.
    if sealed.for_rules().row.protection_level.is_minimal() {
        youth.retain(|name, _| {
            !NOT_IN_MINIMAL.contains(&name.as_str()) && !TELLS_WHO.contains(&name.as_str())
        });
    }
    let id = sealed.for_rules().row.id;
    tx.note(
        Resource::Youths,
        Some(id),
        Some(id.cast()),
        &youth
            .keys()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(","),
    );
    let mut fields = Map::new();
    fields.insert("version".to_owned(), json!(version.version));
    fields.insert("operation".to_owned(), json!(version.operation));
    fields.insert("changedBy".to_owned(), json!(version.changed_by));
    fields.insert("changedAt".to_owned(), json!(version.changed_at.to_text()));
    fields.insert("youth".to_owned(), Value::Object(youth));
    View {
        fields,
        version: version.version,
    }
}

/// What is told of whom nobody is assigned to: enough to assign somebody, and no name.
const TOLD_OF_UNASSIGNED: &[&str] = &["id", "unitId", "protectionLevel"];

/// Those with protected identity and an open episode to whom nobody is assigned: they stand on no other list, and nobody but
/// the chief finds them.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_unassigned_protected(
    tx: &mut AuditedTx<'_>,
    form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    form.finish()?;
    let page = youths::list_protected_unassigned(tx, request)?;
    page.try_map(|sealed| tx.reveal_only(&sealed, TOLD_OF_UNASSIGNED))
}

/// The chief's list of those nobody may forget.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_forgotten_youths(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let kind = form.one_of(
        "kind",
        &[
            "never_contacted",
            "not_reached",
            "without_offer",
            "without_handler",
        ],
    );
    let kind = form.require("kind", kind);
    let days = form.integer("days", 1..=3650).unwrap_or(30);
    let kind = form.finish_with(kind)?;
    let forgotten = match kind {
        "never_contacted" => Forgotten::NeverContacted,
        "without_offer" => Forgotten::WithoutOffer,
        "without_handler" => Forgotten::WithoutHandler,
        _ => Forgotten::NotReachedFor(days.try_into().unwrap_or(30)),
    };
    let page = youths::list_forgotten(tx, forgotten, request)?;
    reveal_page(tx, page)
}

fn filled(row: YouthRow, input: YouthInput) -> YouthRow {
    YouthRow {
        sort_name: youths::sort_name(&input.given_name, &input.family_name),
        given_name: input.given_name,
        family_name: input.family_name,
        birth_date: input.birth_date,
        legal_sex: input.legal_sex,
        area: input.area,
        addresses: Json(input.addresses),
        phones: Json(input.phones),
        email: input.email,
        social_media: input.social_media,
        language: input.language,
        needs_interpreter: input.needs_interpreter,
        guardians: Json(input.guardians),
        school_status: input.school_status,
        protection_level: input.protection_level,
        compulsory_school_ended_on: input.compulsory_school_ended_on,
        compulsory_school_basis: input.compulsory_school_basis,
        deceased_on: input.deceased_on,
        ..row
    }
}

fn read_input(tx: &mut AuditedTx<'_>, mut form: Form) -> Result<YouthInput> {
    let today = tx.today();
    let not_in_minimal: Vec<&'static str> = NOT_IN_MINIMAL
        .iter()
        .copied()
        .filter(|name| form.has_content(name))
        .collect();
    let identity = read_identity(&mut form, today);
    let given_name = form.text("givenName", 100);
    let given_name = form.require("givenName", given_name);
    let family_name = form.text("familyName", 100);
    let family_name = form.require("familyName", family_name);
    let said_birth = form.date("birthDate");
    let birth_date = said_birth.or_else(|| identity.as_ref().and_then(IdentityNumber::birth_date));
    // Without a number, or with one that holds no date, the date must be told.
    let birth_date = form.require("birthDate", birth_date);
    let said_sex = form.code::<LegalSex>("legalSex");
    let legal_sex = said_sex
        .or_else(|| identity.as_ref().and_then(IdentityNumber::legal_sex))
        .unwrap_or(LegalSex::Unknown);
    let addresses = read_list(&mut form, "addresses", 10, read_address);
    let phones = read_list(&mut form, "phones", 10, read_phone);
    let guardians = read_list(&mut form, "guardians", 5, read_guardian);
    let email = read_email(&mut form, "email");
    let protection_level = form
        .code("protectionLevel")
        .unwrap_or(ProtectionLevel::None);
    let is_minor = birth_date
        .and_then(|birth| birthday_on(birth, 18))
        .is_none_or(|day| today < day);
    let is_filled = |list: &Value| list.as_array().is_some_and(|rows| !rows.is_empty());
    let problems = check_youth(
        &YouthFacts {
            identity: identity.as_ref(),
            birth_date,
            legal_sex: said_sex.filter(|sex| *sex != LegalSex::Unknown),
            protection_level,
            has_addresses: is_filled(&addresses),
            not_in_minimal: &not_in_minimal,
            has_guardians: is_filled(&guardians),
            is_minor,
        },
        today,
    );
    form.add(problems);
    let names_end = form.has("compulsorySchoolEndedOn");
    let compulsory_school_ended_on = form.date("compulsorySchoolEndedOn");
    let names_basis = form.has("compulsorySchoolBasis");
    let compulsory_school_basis = form.code("compulsorySchoolBasis");
    if names_end == compulsory_school_ended_on.is_some()
        && names_basis == compulsory_school_basis.is_some()
    {
        form.add(check_compulsory_school(
            compulsory_school_ended_on,
            compulsory_school_basis,
            birth_date,
            today,
        ));
    }
    let deceased_on = form.date("deceasedOn");
    if deceased_on.is_some_and(|day| day > today) {
        form.wrong("deceasedOn", FieldCode::InFuture);
    } else if deceased_on
        .zip(birth_date)
        .is_some_and(|(day, birth)| day < birth)
    {
        form.wrong("deceasedOn", FieldCode::BeforeBirth);
    }
    let area = form.text("area", 100);
    let social_media = form.text("socialMedia", 200);
    let language = form.text("language", 60);
    let needs_interpreter = form.boolean("needsInterpreter").unwrap_or(false);
    let school_status = form.phrase("schoolStatus", 200);
    screen(tx, &mut form)?;
    let input = match (given_name, family_name, birth_date) {
        (Some(given_name), Some(family_name), Some(birth_date)) => Some(YouthInput {
            identity,
            given_name,
            family_name,
            birth_date,
            legal_sex,
            area,
            addresses,
            phones,
            email,
            social_media,
            language,
            needs_interpreter,
            guardians,
            school_status,
            protection_level,
            compulsory_school_ended_on,
            compulsory_school_basis,
            deceased_on,
        }),
        _ => None,
    };
    form.finish_with(input)
}

pub(super) fn read_identity(form: &mut Form, today: NaiveDate) -> Option<IdentityNumber> {
    let typed = form.text("identityNumber", 40)?;
    match IdentityNumber::parse(&typed, today) {
        Ok(number) => Some(number),
        Err(error) => {
            form.add([identity_problem("/identityNumber", error)]);
            None
        }
    }
}

fn identity_problem(pointer: &str, error: IdentityNumberError) -> FieldError {
    FieldError::worded(
        pointer,
        FieldCode::IdentityNumber,
        error.detail_sv(),
        error.detail_en(),
    )
}

fn read_list(
    form: &mut Form,
    name: &str,
    most: usize,
    read: fn(&mut Form) -> Option<Value>,
) -> Value {
    Value::Array(form.list(name, most, read).unwrap_or_default())
}

fn read_address(form: &mut Form) -> Option<Value> {
    let kind = form.one_of("kind", &["registered", "postal", "temporary"]);
    let kind = form.require("kind", kind)?;
    let street = form.text("street", 200);
    let postal_code = form.text("postalCode", 12);
    let city = form.text("city", 100);
    let care_of = form.text("careOf", 100);
    Some(sparse([
        ("kind", Some(kind.to_owned())),
        ("careOf", care_of),
        ("street", street),
        ("postalCode", postal_code),
        ("city", city),
    ]))
}

fn read_phone(form: &mut Form) -> Option<Value> {
    let kind = form
        .one_of("kind", &["mobile", "home", "work", "other"])
        .unwrap_or("mobile");
    let number = form.text("number", 30);
    if number.as_deref().is_some_and(|number| !is_phone(number)) {
        form.wrong("number", FieldCode::Phone);
        return None;
    }
    let number = form.require("number", number)?;
    Some(json!({"kind": kind, "number": number}))
}

/// Begins with + or a digit; digits, blanks, hyphens and brackets; 5 to 15 digits (E.164 holds 15).
pub(in crate::service) fn is_phone(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (5..=15).contains(&digits)
        && number.starts_with(|c: char| c == '+' || c == '(' || c.is_ascii_digit())
        && number
            .chars()
            .skip(1)
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')'))
}

fn read_guardian(form: &mut Form) -> Option<Value> {
    let given_name = form.text("givenName", 100);
    let given_name = form.require("givenName", given_name);
    let family_name = form.text("familyName", 100);
    let family_name = form.require("familyName", family_name);
    let phone = form.text("phone", 30);
    if phone.as_deref().is_some_and(|number| !is_phone(number)) {
        form.wrong("phone", FieldCode::Phone);
    }
    let email = read_email(form, "email");
    let relation = form.text("relation", 60);
    Some(sparse([
        ("givenName", Some(given_name?)),
        ("familyName", Some(family_name?)),
        ("relation", relation),
        ("phone", phone),
        ("email", email),
    ]))
}

pub(in crate::service) fn read_email(form: &mut Form, name: &str) -> Option<String> {
    let email = form.text(name, 254)?;
    if email.validate_email() {
        return Some(email);
    }
    form.wrong(name, FieldCode::Email);
    None
}

/// An object of the members that have a value.
fn sparse<const N: usize>(members: [(&str, Option<String>); N]) -> Value {
    Value::Object(
        members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))))
            .collect(),
    )
}

/// A relation to a youth whose record the actor may read; 404 otherwise. For what lies below a youth.
///
/// # Errors
/// 404.
pub fn visible_relation(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<Relation> {
    let relation = relation_to(tx, id)?;
    if crate::policy::decide::sees(tx.actor(), Resource::Youths, &relation) {
        return Ok(relation);
    }
    Err(ErrorCode::NotFound.into())
}

/// A youth for the rules of another resource, with the actor's relation.
///
/// # Errors
/// 404.
pub fn load_for_rules(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<(YouthRecord, Relation)> {
    visible_relation(tx, id)?;
    Ok(youths::load(tx, id)?.into_record())
}
