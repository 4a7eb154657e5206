//! Takes the planned steps, one after another, through the services: as one transaction.

use super::goals;
use super::partners::PARTNERS;
use super::plan::{Deed, Step};
use super::staff::{MUNICIPALITY, STAFF, UNITS, places};
use crate::auth::token::{fresh_refresh_token, refresh_hash};
use crate::clock::day_of;
use crate::db::audited::{AuditedTx, Batch, Call, Identity};
use crate::db::paging::PageRequest;
use crate::db::tasks::find_latest;
use crate::db::youths::load as find_youth;
use crate::domain::codes::Code;
use crate::domain::id::{
    Consent, ContactPerson, EducationContract, Episode, Id, Intervention, Organisation,
    OutreachContact, OutreachSession, PlacementOffer, PlanFollowUp, Referral, SchoolNotification,
    Task, Transfer, Unit, User, Youth, YouthMerge,
};
use crate::domain::operation::Operation;
use crate::domain::task::TaskKind;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::reveal::View;
use crate::service::form::Form;
use crate::service::{
    access_grants, ambassador_weeks, assignments, calendar_feeds, consents, contacts,
    correction_notes, disclosures, duplicates, education_contracts, enrolments, episodes,
    exam_documents, interventions, mappings, occupations, organisations, outcome_checks,
    outreach_contacts, outreach_sessions, period_costs, placement_offers, placement_wishes,
    placements, plans, protected_status, referrals, register_extracts, residences, restrictions,
    school_notifications, settings, statistics_releases, target_group_runs, tasks, transfers,
    units, users, youth_merges, youths,
};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// How long before the first step the organisation was there.
const SETTLED: Duration = Duration::days(30);
/// What the last two tertials have cost, in kronor.
const COSTS: [i64; 2] = [1_240_000, 2_515_000];

/// What has been made so far, by its place or key in the plan.
#[derive(Default)]
struct Made {
    units: Vec<Id<Unit>>,
    users: Vec<Id<User>>,
    youths: HashMap<usize, Id<Youth>>,
    episodes: HashMap<usize, (Id<Episode>, i64)>,
    interventions: HashMap<(usize, usize), (Id<Intervention>, i64)>,
    referrals: HashMap<(usize, usize), (Id<Referral>, i64)>,
    consents: HashMap<usize, Id<Consent>>,
    transfers: HashMap<usize, (Id<Transfer>, i64)>,
    plan_follow_ups: HashMap<usize, Vec<Id<PlanFollowUp>>>,
    contracts: HashMap<usize, (Id<EducationContract>, i64)>,
    notifications: HashMap<usize, (Id<SchoolNotification>, i64)>,
    places: HashMap<usize, Id<PlacementOffer>>,
    /// With the first contact person of each.
    partners: Vec<(Id<Organisation>, Id<ContactPerson>)>,
    sessions: HashMap<usize, Id<OutreachSession>>,
    met: HashMap<usize, (Id<OutreachContact>, i64)>,
    merges: HashMap<usize, (Id<YouthMerge>, i64)>,
}

/// Makes units and staff and takes the steps. `secrets` are passwords and their hashes, in the order of the staff.
///
/// # Errors
/// Whatever a service refuses: nothing is kept then.
pub fn play(
    batch: &mut Batch<'_>,
    secrets: &[(String, String)],
    steps: &[Step],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut made = Made::default();
    let began = steps.first().map_or(DateTime::UNIX_EPOCH, |step| step.at) - SETTLED;
    organise(batch, secrets, began, &mut made)?;
    name(batch, began, &made)?;
    introduce(batch, began, &mut made)?;
    for step in steps {
        take(batch, step, &mut made).map_err(|error| told(step, error))?;
    }
    let chief = places("enhetschef", 0).first().copied();
    let chief = chief
        .and_then(|place| made.users.get(place).copied())
        .ok_or_else(|| missing("a person"))?;
    goals::enter(batch, chief, now)?;
    publish(batch, chief, now)
}

/// The chief asks for the releases of the last two tertials, with what they have cost; the jobs make them afterwards.
fn publish(batch: &mut Batch<'_>, chief: Id<User>, at: DateTime<Utc>) -> Result<()> {
    let call = |operation| Call {
        operation,
        identity: Identity::OnBehalf(chief),
        at,
        request_id: REQUEST.to_owned(),
    };
    for ((year, part), amount) in goals::last_two(day_of(at)).into_iter().zip(COSTS) {
        batch.run(&call(Operation::CreatePeriodCost), |tx| {
            let fields = json!({
                "year": year, "period": part.code(), "amount": amount, "covers": "Lön, lokaler och ambassadörernas timmar",
            });
            period_costs::create_period_cost(tx, object(fields))
        })?;
        batch.run(&call(Operation::MakeStatisticsRelease), |tx| {
            let fields = json!({"year": year, "period": part.code()});
            statistics_releases::make_statistics_release(tx, object(fields))
        })?;
    }
    Ok(())
}

/// A step that a service refuses is a fault of the plan, whoever would have been at fault in real work.
fn told(step: &Step, error: Error) -> Error {
    if error.is_conflict || matches!(error.code, ErrorCode::Internal | ErrorCode::Busy) {
        return error;
    }
    let fields: Vec<String> = error
        .fields
        .iter()
        .map(|field| format!("{} {}", field.pointer, field.code.code()))
        .collect();
    Error::internal(format!(
        "the demo's step {} at {} was refused: {} {}",
        operation(&step.deed).name(),
        step.at,
        error.code.code(),
        fields.join(", ")
    ))
}

fn organise(
    batch: &mut Batch<'_>,
    secrets: &[(String, String)],
    at: DateTime<Utc>,
    made: &mut Made,
) -> Result<()> {
    let console = |operation| Call {
        operation,
        identity: Identity::Console,
        at,
        request_id: REQUEST.to_owned(),
    };
    let mut homes: Vec<Id<Unit>> = Vec::new();
    for name in UNITS {
        let view = batch.run(&console(Operation::CreateUnit), |tx| {
            units::create_unit(tx, object(json!({"name": name})))
        })?;
        homes.push(id_of(&view)?);
    }
    made.units.clone_from(&homes);
    for (person, (password, hash)) in STAFF.iter().zip(secrets) {
        let home = person.unit.and_then(|unit| homes.get(unit));
        let view = batch.run(&console(Operation::CreateUser), |tx| {
            let fields = json!({
                "username": person.username, "displayName": person.name, "role": person.role,
                "unitId": home, "password": password,
            });
            users::create_user(tx, object(fields), Some(hash.clone()))
        })?;
        made.users.push(id_of(&view)?);
    }
    Ok(())
}

/// The administrator says what the municipality is called.
fn name(batch: &mut Batch<'_>, at: DateTime<Utc>, made: &Made) -> Result<()> {
    let place = STAFF
        .iter()
        .position(|person| person.role == "administrator");
    let by = place
        .and_then(|place| made.users.get(place).copied())
        .ok_or_else(|| missing("a person"))?;
    let call = Call {
        operation: Operation::UpdateSettings,
        identity: Identity::OnBehalf(by),
        at,
        request_id: REQUEST.to_owned(),
    };
    batch.run(&call, |tx| {
        settings::update_settings(tx, 1, object(json!({"municipalityName": MUNICIPALITY})))
    })?;
    Ok(())
}

/// The konsulent of the large unit enters whom the team works with.
fn introduce(batch: &mut Batch<'_>, at: DateTime<Utc>, made: &mut Made) -> Result<()> {
    let konsulent = places("ungdomskonsulent", 0).first().copied();
    let by = konsulent
        .and_then(|place| made.users.get(place).copied())
        .ok_or_else(|| missing("a person"))?;
    let call = |operation| Call {
        operation,
        identity: Identity::OnBehalf(by),
        at,
        request_id: REQUEST.to_owned(),
    };
    for partner in PARTNERS {
        let view = batch.run(&call(Operation::CreateOrganisation), |tx| {
            let mut fields = object(json!({
                "name": partner.name, "kind": partner.kind, "phone": partner.phone,
            }));
            if let Some(note) = partner.note {
                fields.insert("note".to_owned(), json!(note));
            }
            organisations::create_organisation(tx, fields)
        })?;
        let organisation = id_of(&view)?;
        let mut first = None;
        for (name, title) in partner.people {
            let view = batch.run(&call(Operation::CreateContactPerson), |tx| {
                let fields = object(json!({"name": name, "title": title}));
                organisations::create_contact_person(tx, organisation, fields)
            })?;
            first = first.or(Some(id_of(&view)?));
        }
        let person = first.ok_or_else(|| missing("a contact person"))?;
        made.partners.push((organisation, person));
    }
    Ok(())
}

/// The request of every event of the demo, so that it can be told from real work.
pub(super) const REQUEST: &str = "demo";

fn operation(deed: &Deed) -> Operation {
    match deed {
        Deed::Register(..) => Operation::CreateYouth,
        Deed::RegisterAgain(..) => Operation::CreateYouth,
        Deed::Dismiss(..) => Operation::DismissDuplicate,
        Deed::Merge(..) => Operation::MergeYouths,
        Deed::UndoMerge(..) => Operation::UndoYouthMerge,
        Deed::Open(..) => Operation::OpenEpisode,
        Deed::Assign(..) => Operation::CreateAssignment,
        Deed::Contact(..) => Operation::LogContact,
        Deed::Offer(..) => Operation::OfferIntervention,
        Deed::ChangeOffer(..) => Operation::UpdateIntervention,
        Deed::OfferPlaces(..) => Operation::CreatePlacementOffer,
        Deed::Wish(..) => Operation::RecordPlacementWish,
        Deed::Place(..) => Operation::OfferPlacement,
        Deed::Occupy(..) => Operation::RecordOccupation,
        Deed::Map(..) => Operation::CreateMapping,
        Deed::Plan(..) => Operation::CreatePlanRevision,
        Deed::FollowPlan(_) => Operation::CompletePlanFollowUp,
        Deed::Contract(..) => Operation::CreateEducationContract,
        Deed::ChangeContract(..) => Operation::UpdateEducationContract,
        Deed::Refer(..) => Operation::CreateReferral,
        Deed::MoveReferral(..) => Operation::UpdateReferral,
        Deed::SetStatus(..) => Operation::SetProtectedStatus,
        Deed::AnswerTask(..) => Operation::AnswerTask,
        Deed::DeferTask(..) => Operation::DeferTask,
        Deed::GiveTask(..) => Operation::ReassignTask,
        Deed::Consent(..) => Operation::RecordConsent,
        Deed::WithdrawConsent(..) => Operation::WithdrawConsent,
        Deed::Disclose(..) => Operation::RecordDisclosure,
        Deed::Object(..) => Operation::AddCorrectionNote,
        Deed::Extract(..) => Operation::CreateRegisterExtract,
        Deed::Restrict(..) => Operation::RestrictProcessing,
        Deed::AskTransfer(..) => Operation::CreateTransfer,
        Deed::AnswerTransfer(..) => Operation::DecideTransfer,
        Deed::CarryNotes(..) => Operation::SetCarriedNotes,
        Deed::Close(..) => Operation::CloseEpisode,
        Deed::CheckOutcome(..) => Operation::AnswerOutcomeCheck,
        Deed::BreakGlass(..) => Operation::CreateAccessGrant,
        Deed::Look(_) | Deed::Pry(_) => Operation::ReadYouth,
        Deed::ReadContacts(_) => Operation::ListYouthContacts,
        Deed::Browse => Operation::ListYouths,
        Deed::Tell(_, "residences", _) => Operation::AddResidence,
        Deed::Tell(_, "enrolments", _) => Operation::AddEnrolment,
        Deed::Tell(..) => Operation::AddExamDocument,
        Deed::Hear(..) => Operation::ReceiveSchoolNotification,
        Deed::HandleNotification(..) => Operation::HandleSchoolNotification,
        Deed::RunTargetGroup => Operation::RunTargetGroup,
        Deed::GoOut(..) => Operation::LogOutreachSession,
        Deed::Meet(..) => Operation::LogOutreachContact,
        Deed::Recognise(..) => Operation::TieOutreachContact,
        Deed::ReportHours(_) => Operation::ReportWorkHours,
        Deed::ApproveWeek(..) => Operation::ApproveAmbassadorWeek,
        Deed::MakeCalendar => Operation::MakeCalendarFeed,
    }
}

fn take(batch: &mut Batch<'_>, step: &Step, made: &mut Made) -> Result<()> {
    let by = made
        .users
        .get(step.by)
        .copied()
        .ok_or_else(|| missing("a person"))?;
    let call = Call {
        operation: operation(&step.deed),
        identity: Identity::OnBehalf(by),
        at: step.at,
        request_id: REQUEST.to_owned(),
    };
    if let Deed::Pry(place) = &step.deed {
        let id = made.youth(*place)?;
        return match batch.run(&call, |tx| youths::read_youth(tx, id)) {
            Err(error) if error.code == ErrorCode::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Err(Error::internal("what should be closed was open")),
        };
    }
    batch.run(&call, |tx| work(tx, &step.deed, made))
}

fn work(tx: &mut AuditedTx<'_>, deed: &Deed, made: &mut Made) -> Result<()> {
    match deed {
        Deed::Dismiss(..) | Deed::Merge(..) | Deed::UndoMerge(..) => same(tx, deed, made)?,
        Deed::Register(place, fields) | Deed::RegisterAgain(place, fields) => {
            let view = youths::create_youth(tx, fields.clone())?;
            made.youths.insert(*place, id_of(&view)?);
        }
        Deed::Open(place, fields) => {
            let view = episodes::open_episode(tx, made.youth(*place)?, fields.clone())?;
            made.episodes.insert(*place, (id_of(&view)?, view.version));
        }
        Deed::Assign(place, whom, kind) => {
            let user = made.users.get(*whom).ok_or_else(|| missing("a person"))?;
            let fields = object(json!({"userId": user, "kind": kind}));
            assignments::create_assignment(tx, made.youth(*place)?, fields)?;
        }
        Deed::Contact(place, fields) => {
            contacts::log_contact(tx, made.youth(*place)?, fields.clone())?;
        }
        Deed::Offer(place, key, fields) => {
            let view = interventions::offer_intervention(tx, made.youth(*place)?, fields.clone())?;
            made.interventions
                .insert((*place, *key), (id_of(&view)?, view.version));
        }
        Deed::ChangeOffer(place, key, patch) => {
            let (id, version) = made
                .interventions
                .get_mut(&(*place, *key))
                .ok_or_else(|| missing("an intervention"))?;
            *version =
                interventions::update_intervention(tx, *id, *version, patch.clone())?.version;
        }
        Deed::OfferPlaces(..) | Deed::Wish(..) | Deed::Place(..) => at_hosts(tx, deed, made)?,
        Deed::Occupy(place, fields) => {
            occupations::record_occupation(tx, made.youth(*place)?, fields.clone())?;
        }
        Deed::Map(place, fields) => {
            mappings::create_mapping(tx, made.youth(*place)?, fields.clone())?;
        }
        Deed::Plan(place, fields) => {
            let view = plans::create_plan_revision(tx, made.youth(*place)?, fields.clone())?;
            made.plan_follow_ups.insert(*place, follow_ups_of(&view));
        }
        Deed::FollowPlan(place) => {
            let next = made
                .plan_follow_ups
                .get_mut(place)
                .and_then(|days| (!days.is_empty()).then(|| days.remove(0)));
            let id = next.ok_or_else(|| missing("a follow-up of a plan"))?;
            plans::complete_plan_follow_up(tx, id, Map::new())?;
        }
        Deed::Contract(place, fields) => {
            let view = education_contracts::create_education_contract(
                tx,
                made.youth(*place)?,
                fields.clone(),
            )?;
            made.contracts.insert(*place, (id_of(&view)?, view.version));
        }
        Deed::ChangeContract(place, patch) => {
            let (id, version) = made
                .contracts
                .get_mut(place)
                .ok_or_else(|| missing("an education contract"))?;
            *version =
                education_contracts::update_education_contract(tx, *id, *version, patch.clone())?
                    .version;
        }
        Deed::Refer(place, key, fields) => {
            let view = referrals::create_referral(tx, made.youth(*place)?, fields.clone())?;
            made.referrals
                .insert((*place, *key), (id_of(&view)?, view.version));
        }
        Deed::MoveReferral(place, key, patch) => {
            let (id, version) = made
                .referrals
                .get_mut(&(*place, *key))
                .ok_or_else(|| missing("a referral"))?;
            *version = referrals::update_referral(tx, *id, *version, patch.clone())?.version;
        }
        Deed::SetStatus(place, fields) => {
            protected_status::set_protected_status(tx, made.youth(*place)?, None, fields.clone())?;
        }
        Deed::AnswerTask(place, kind, fields) => {
            let (id, version) = task(tx, made.youth(*place)?, kind)?;
            tasks::answer_task(tx, id, version, fields.clone())?;
        }
        Deed::DeferTask(place, kind, fields) => {
            let (id, version) = task(tx, made.youth(*place)?, kind)?;
            tasks::defer_task(tx, id, version, fields.clone())?;
        }
        Deed::GiveTask(place, kind, whom) => {
            let user = made.users.get(*whom).ok_or_else(|| missing("a person"))?;
            let (id, version) = task(tx, made.youth(*place)?, kind)?;
            let patch = object(json!({"responsibleId": user}));
            tasks::reassign_task(tx, id, version, patch)?;
        }
        Deed::Consent(..)
        | Deed::WithdrawConsent(..)
        | Deed::Disclose(..)
        | Deed::Object(..)
        | Deed::Extract(..)
        | Deed::Restrict(..)
        | Deed::AskTransfer(..)
        | Deed::AnswerTransfer(..)
        | Deed::CarryNotes(..) => lawful(tx, deed, made)?,
        Deed::Close(place, fields, ends) => close(tx, *place, fields, ends, made)?,
        Deed::CheckOutcome(place, patch) => {
            let checks = outcome_checks::list_youth_outcome_checks(
                tx,
                made.youth(*place)?,
                &PageRequest::default(),
            )?;
            let check = checks
                .rows
                .iter()
                .find(|check| check.fields.get("result") == Some(&Value::Null))
                .ok_or_else(|| missing("a check of an outcome"))?;
            outcome_checks::answer_outcome_check(tx, id_of(check)?, check.version, patch.clone())?;
        }
        Deed::BreakGlass(place, fields) => {
            access_grants::create_access_grant(tx, made.youth(*place)?, fields.clone())?;
        }
        Deed::Look(place) | Deed::Pry(place) => {
            youths::read_youth(tx, made.youth(*place)?)?;
        }
        Deed::ReadContacts(place) => {
            let nothing = Form::of_parameters([]);
            let request = PageRequest::default();
            contacts::list_youth_contacts(tx, made.youth(*place)?, nothing, &request)?;
        }
        Deed::Tell(place, kind, fields) => {
            let (id, fields) = (made.youth(*place)?, fields.clone());
            match *kind {
                "residences" => residences::add_residence(tx, id, fields)?,
                "enrolments" => enrolments::add_enrolment(tx, id, fields)?,
                _ => exam_documents::add_exam_document(tx, id, fields)?,
            };
        }
        Deed::Hear(place, fields) => {
            let view = school_notifications::receive_school_notification(tx, fields.clone())?;
            made.notifications
                .insert(*place, (id_of(&view)?, view.version));
        }
        Deed::HandleNotification(place, fields) => {
            let (id, version) = made
                .notifications
                .get(place)
                .copied()
                .ok_or_else(|| missing("a notification of a school"))?;
            school_notifications::handle_school_notification(tx, id, version, fields.clone())?;
        }
        Deed::RunTargetGroup => {
            target_group_runs::run_target_group(tx, Map::new())?;
        }
        Deed::GoOut(..)
        | Deed::Meet(..)
        | Deed::Recognise(..)
        | Deed::ReportHours(_)
        | Deed::ApproveWeek(..)
        | Deed::MakeCalendar => out_there(tx, deed, made)?,
        Deed::Browse => {
            youths::list_youths(tx, Form::of_parameters([]), &PageRequest::default())?;
        }
    }
    Ok(())
}

/// Who is the same person and who is not.
fn same(tx: &mut AuditedTx<'_>, deed: &Deed, made: &mut Made) -> Result<()> {
    match deed {
        Deed::Dismiss(place, other, fields) => {
            let mut fields = fields.clone();
            fields.insert("youthId".to_owned(), json!(made.youth(*place)?));
            fields.insert("otherYouthId".to_owned(), json!(made.youth(*other)?));
            duplicates::dismiss_duplicate(tx, fields)?;
        }
        Deed::Merge(place, other, fields) => {
            let (stays, goes) = (made.youth(*place)?, made.youth(*other)?);
            let version = find_youth(tx, stays)?.for_rules().row.version;
            let other_version = find_youth(tx, goes)?.for_rules().row.version;
            let mut fields = fields.clone();
            fields.insert("otherYouthId".to_owned(), json!(goes));
            fields.insert("otherVersion".to_owned(), json!(other_version));
            let view = youth_merges::merge_youths(tx, stays, version, fields)?;
            made.merges.insert(*place, (id_of(&view)?, view.version));
        }
        Deed::UndoMerge(place, fields) => {
            let merge = made.merges.get(place).copied();
            let (id, version) = merge.ok_or_else(|| missing("a merge"))?;
            youth_merges::undo_youth_merge(tx, id, version, fields.clone())?;
        }
        _ => {}
    }
    Ok(())
}

/// The open task of a kind that a youth got last.
fn task(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, kind: &str) -> Result<(Id<Task>, i64)> {
    let kind = TaskKind::from_code(kind).ok_or_else(|| missing("a kind of task"))?;
    find_latest(tx, youth_id, kind)?.ok_or_else(|| missing("a task"))
}

/// The deeds of [`super::placements`].
fn at_hosts(tx: &mut AuditedTx<'_>, deed: &Deed, made: &mut Made) -> Result<()> {
    match deed {
        Deed::OfferPlaces(key, host, fields) => {
            let (organisation, person) = made
                .partners
                .get(*host)
                .ok_or_else(|| missing("a partner"))?;
            let mut fields = fields.clone();
            fields.insert("organisationId".to_owned(), json!(organisation));
            fields.insert("supervisorId".to_owned(), json!(person));
            let view = placement_offers::create_placement_offer(tx, fields)?;
            made.places.insert(*key, id_of(&view)?);
        }
        Deed::Wish(place, fields) => {
            placement_wishes::record_placement_wish(tx, made.youth(*place)?, fields.clone())?;
        }
        Deed::Place(place, offer, key, fields) => {
            let id = made
                .places
                .get(offer)
                .copied()
                .ok_or_else(|| missing("an offer of places"))?;
            let mut fields = fields.clone();
            fields.insert("youthId".to_owned(), json!(made.youth(*place)?));
            let view = placements::offer_placement(tx, id, fields)?;
            let intervention = view
                .fields
                .get("interventionId")
                .and_then(Value::as_str)
                .and_then(|text| uuid::Uuid::try_parse(text).ok())
                .ok_or_else(|| missing("the intervention of a placement"))?;
            made.interventions
                .insert((*place, *key), (Id::of(intervention), 1));
        }
        _ => {}
    }
    Ok(())
}

/// The deeds of [`super::outreach`].
fn out_there(tx: &mut AuditedTx<'_>, deed: &Deed, made: &mut Made) -> Result<()> {
    match deed {
        Deed::GoOut(key, went, fields) => {
            let participants = went
                .iter()
                .map(|(who, minutes)| {
                    let user = made.users.get(*who).ok_or_else(|| missing("a person"))?;
                    Ok(json!({"userId": user, "minutes": minutes}))
                })
                .collect::<Result<Vec<Value>>>()?;
            let mut fields = fields.clone();
            fields.insert("participants".to_owned(), Value::Array(participants));
            let view = outreach_sessions::log_outreach_session(tx, fields)?;
            made.sessions.insert(*key, id_of(&view)?);
        }
        Deed::Meet(session, key, fields) => {
            let session = made.sessions.get(session).copied();
            let session = session.ok_or_else(|| missing("a session"))?;
            let view = outreach_contacts::log_outreach_contact(tx, session, fields.clone())?;
            made.met.insert(*key, (id_of(&view)?, view.version));
        }
        Deed::Recognise(key, place) => {
            let met = made.met.get(key).copied();
            let (id, version) = met.ok_or_else(|| missing("somebody met"))?;
            let fields = object(json!({"youthId": made.youth(*place)?}));
            outreach_contacts::tie_outreach_contact(tx, id, version, fields)?;
        }
        Deed::ReportHours(fields) => {
            ambassador_weeks::report_work_hours(tx, fields.clone())?;
        }
        Deed::ApproveWeek(who, fields) => {
            let user = made.users.get(*who).ok_or_else(|| missing("a person"))?;
            let mut fields = fields.clone();
            fields.insert("userId".to_owned(), json!(user));
            ambassador_weeks::approve_ambassador_week(tx, fields)?;
        }
        Deed::MakeCalendar => {
            calendar_feeds::make_calendar_feed(tx, &refresh_hash(&fresh_refresh_token()?))?;
        }
        _ => {}
    }
    Ok(())
}

/// The deeds of [`super::law`].
fn lawful(tx: &mut AuditedTx<'_>, deed: &Deed, made: &mut Made) -> Result<()> {
    match deed {
        Deed::Consent(place, fields) => {
            let view = consents::record_consent(tx, made.youth(*place)?, fields.clone())?;
            made.consents.insert(*place, id_of(&view)?);
        }
        Deed::WithdrawConsent(place, fields) => {
            consents::withdraw_consent(tx, made.consent(*place)?, fields.clone())?;
        }
        Deed::Disclose(place, is_on_consent, fields) => {
            let mut fields = fields.clone();
            if *is_on_consent {
                fields.insert("consentId".to_owned(), json!(made.consent(*place)?));
            }
            disclosures::record_disclosure(tx, made.youth(*place)?, fields)?;
        }
        Deed::Object(place, fields) => {
            let id = made.youth(*place)?;
            let mut fields = fields.clone();
            fields.insert("recordId".to_owned(), json!(id));
            correction_notes::add_correction_note(tx, id, fields)?;
        }
        Deed::Extract(place, fields) => {
            register_extracts::create_register_extract(tx, made.youth(*place)?, fields.clone())?;
        }
        Deed::Restrict(place, fields) => {
            restrictions::restrict_processing(tx, made.youth(*place)?, fields.clone())?;
        }
        Deed::AskTransfer(place, unit, fields) => {
            let unit = made.units.get(*unit).ok_or_else(|| missing("a unit"))?;
            let mut fields = fields.clone();
            fields.insert("toUnitId".to_owned(), json!(unit));
            let view = transfers::create_transfer(tx, made.youth(*place)?, fields)?;
            made.transfers.insert(*place, (id_of(&view)?, view.version));
        }
        Deed::AnswerTransfer(place, fields) => {
            let (id, version) = made
                .transfers
                .get(place)
                .copied()
                .ok_or_else(|| missing("a transfer"))?;
            transfers::decide_transfer(tx, id, version, fields.clone())?;
        }
        Deed::CarryNotes(place, fields) => {
            let (id, version) = made
                .episodes
                .get(place)
                .copied()
                .ok_or_else(|| missing("an episode"))?;
            episodes::set_carried_notes(tx, id, version, fields.clone())?;
        }
        _ => {}
    }
    Ok(())
}

fn close(
    tx: &mut AuditedTx<'_>,
    place: usize,
    fields: &Map<String, Value>,
    ends: &[(usize, Value, Value)],
    made: &Made,
) -> Result<()> {
    let (id, version) = made
        .episodes
        .get(&place)
        .copied()
        .ok_or_else(|| missing("an episode"))?;
    let mut fields = fields.clone();
    let mut ended = Vec::new();
    for (key, ended_on, reason) in ends {
        let (id, _) = made
            .interventions
            .get(&(place, *key))
            .ok_or_else(|| missing("an intervention"))?;
        ended.push(json!({"id": id, "endedOn": ended_on, "endReason": reason}));
    }
    fields.insert("interventions".to_owned(), Value::Array(ended));
    episodes::close_episode(tx, id, version, fields)?;
    Ok(())
}

impl Made {
    fn consent(&self, place: usize) -> Result<Id<Consent>> {
        self.consents
            .get(&place)
            .copied()
            .ok_or_else(|| missing("a consent"))
    }
    fn youth(&self, place: usize) -> Result<Id<Youth>> {
        self.youths
            .get(&place)
            .copied()
            .ok_or_else(|| missing("a youth"))
    }
}

fn missing(what: &str) -> Error {
    Error::internal(format!("the demo's plan asks for {what} that was not made"))
}

/// The follow-ups of a revision, the earliest first.
fn follow_ups_of(view: &View) -> Vec<Id<PlanFollowUp>> {
    let days = view.fields.get("followUps").and_then(Value::as_array);
    days.into_iter()
        .flatten()
        .filter_map(|day| day.get("id")?.as_str())
        .filter_map(|text| uuid::Uuid::try_parse(text).ok())
        .map(Id::of)
        .collect()
}

pub(super) fn id_of<T>(view: &View) -> Result<Id<T>> {
    view.fields
        .get("id")
        .and_then(Value::as_str)
        .and_then(|text| uuid::Uuid::try_parse(text).ok())
        .map(Id::of)
        .ok_or_else(|| Error::internal("a record without an id was made"))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
