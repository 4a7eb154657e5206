//! The route table: every address of the interface, what it means and what it takes. It feeds the server, the OpenAPI file
//! and the test of every route with every persona, so that none of them can forget one.
//! What an operation does stands in `service`; who may do it in `policy::access_table`.

use super::calendar_feeds as calendars;
use super::contact_export as contact_file;
use super::imports as rosters;
use super::log_reviews as reviews;
use super::me as own;
use super::national_files as file_content;
use super::password_resets as lost_passwords;
use super::plan_copy;
use super::register_extract_page as extract_page;
use super::second_factors as own_factors;
use super::sessions as sign_ins;
use super::single_sign_on as by_provider;
use super::statistics_releases as release_files;
use super::users as staff;
use crate::auth::token::fresh_signing_key;
use crate::db::audited::AuditedTx;
use crate::domain::operation::Operation;
use crate::error::{Error, Result};
use crate::http::backend::Backend;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::service::access_grants;
use crate::service::ambassador_weeks as weeks;
use crate::service::assignments;
use crate::service::attempts;
use crate::service::audit_events;
use crate::service::calendar_feeds;
use crate::service::consents;
use crate::service::contacts;
use crate::service::correction_notes;
use crate::service::disclosures;
use crate::service::disposal_holds;
use crate::service::disposals;
use crate::service::duplicates;
use crate::service::education_contracts;
use crate::service::enrolments;
use crate::service::episodes;
use crate::service::exam_documents;
use crate::service::goal_activities as activities;
use crate::service::goal_value_imports as value_imports;
use crate::service::goal_values;
use crate::service::goals;
use crate::service::imports;
use crate::service::interventions;
use crate::service::jobs;
use crate::service::log_reviews;
use crate::service::mappings;
use crate::service::me;
use crate::service::national_files;
use crate::service::occupations;
use crate::service::organisations;
use crate::service::outcome_checks;
use crate::service::outreach_contacts as met;
use crate::service::outreach_sessions as outings;
use crate::service::period_costs;
use crate::service::placement_offers;
use crate::service::placement_wishes;
use crate::service::placements;
use crate::service::plans;
use crate::service::protected_status;
use crate::service::referrals;
use crate::service::register_extracts;
use crate::service::residences;
use crate::service::restrictions;
use crate::service::school_notifications;
use crate::service::second_factors;
use crate::service::sensitive_terms;
use crate::service::sessions;
use crate::service::settings;
use crate::service::sharing;
use crate::service::signing_keys;
use crate::service::single_sign_on;
use crate::service::statistics::{list_measures, read_compartment_counts};
use crate::service::statistics_releases as releases;
use crate::service::target_group;
use crate::service::target_group_candidates as candidates;
use crate::service::target_group_runs as runs;
use crate::service::tasks;
use crate::service::timeline;
use crate::service::transfers;
use crate::service::units;
use crate::service::users;
use crate::service::weekly_summary::read_weekly_summary;
use crate::service::youth_merges;
use crate::service::youths;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
    /// Whether doing it twice could do it double.
    pub const fn is_post(self) -> bool {
        matches!(self, Self::Post)
    }
}

/// What a request may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// Nothing.
    Nothing,
    /// A JSON object.
    Json,
    /// A JSON merge patch.
    MergePatch,
    /// A roster, as CSV.
    Roster,
    /// Values of a goal, as CSV.
    Values,
}

/// What an address answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// One record, with its version.
    Record,
    /// A record that has just been made.
    Created,
    /// The job by which something is made later.
    Accepted,
    /// Part of a list, under this name.
    List(&'static str),
    /// A document that is no record.
    Document,
    /// A file.
    File(&'static str),
    /// Nothing.
    Nothing,
}

/// Work in the transaction of the operation.
type InTransaction = fn(&mut AuditedTx<'_>, &Request, &Backend) -> Result<Reply>;
/// Work that has a slow part beside the database: hashing, reading a file, protecting tables.
type Beside = fn(Arc<Backend>, Arc<Request>) -> Pin<Box<dyn Future<Output = Result<Reply>>>>;

/// How an address is served.
#[derive(Clone, Copy)]
pub enum Serve {
    /// In the transaction of the operation.
    Tx(InTransaction),
    /// With a slow part beside the database.
    Beside(Beside),
}

/// An address.
pub struct Route {
    /// What it means.
    pub operation: Operation,
    /// By which method.
    pub method: Method,
    /// Below the root, with the names of ids in braces.
    pub path: &'static str,
    /// What it takes.
    pub accepts: Accepts,
    /// What it answers.
    pub answers: Answers,
    /// Whether the version that a change builds on must be told (`If-Match`).
    pub needs_version: bool,
    /// How it is served.
    pub serve: Serve,
}

impl Route {
    /// The name of the list that it answers.
    pub const fn collection(&self) -> &'static str {
        match self.answers {
            Answers::List(name) => name,
            _ => "items",
        }
    }
    /// Whether it answers a list.
    pub const fn is_list(&self) -> bool {
        matches!(self.answers, Answers::List(_))
    }
}

const fn get(
    operation: Operation,
    path: &'static str,
    answers: Answers,
    serve: InTransaction,
) -> Route {
    Route {
        operation,
        method: Method::Get,
        path,
        accepts: Accepts::Nothing,
        answers,
        needs_version: false,
        serve: Serve::Tx(serve),
    }
}
const fn post(
    operation: Operation,
    path: &'static str,
    answers: Answers,
    serve: InTransaction,
) -> Route {
    Route {
        operation,
        method: Method::Post,
        path,
        accepts: Accepts::Json,
        answers,
        needs_version: false,
        serve: Serve::Tx(serve),
    }
}
const fn patch(operation: Operation, path: &'static str, serve: InTransaction) -> Route {
    Route {
        operation,
        method: Method::Patch,
        path,
        accepts: Accepts::MergePatch,
        answers: Answers::Record,
        needs_version: true,
        serve: Serve::Tx(serve),
    }
}
const fn delete(operation: Operation, path: &'static str, serve: InTransaction) -> Route {
    Route {
        operation,
        method: Method::Delete,
        path,
        accepts: Accepts::Nothing,
        answers: Answers::Nothing,
        needs_version: false,
        serve: Serve::Tx(serve),
    }
}
const fn beside(
    operation: Operation,
    method: Method,
    path: &'static str,
    accepts: Accepts,
    answers: Answers,
    serve: Beside,
) -> Route {
    Route {
        operation,
        method,
        path,
        accepts,
        answers,
        needs_version: false,
        serve: Serve::Beside(serve),
    }
}

/// Every address. Fixed words stand before ids in the same place.
#[rustfmt::skip]
pub static ROUTES: &[Route] = &[
    beside(Operation::SignIn, Method::Post, "/sessions", Accepts::Json, Answers::Document, |backend, request| Box::pin(sign_ins::sign_in(backend, request))),
    beside(Operation::RefreshSession, Method::Post, "/sessions/refresh", Accepts::Json, Answers::Document, |backend, request| Box::pin(sign_ins::refresh(backend, request))),
    beside(Operation::StartSingleSignOn, Method::Post, "/single-sign-on/starts", Accepts::Nothing, Answers::Document, |backend, request| Box::pin(by_provider::start_single_sign_on(backend, request))),
    beside(Operation::CompleteSingleSignOn, Method::Post, "/single-sign-on/completions", Accepts::Json, Answers::Document, |backend, request| Box::pin(by_provider::complete_single_sign_on(backend, request))),
    delete(Operation::SignOut, "/sessions/current", |tx, _, _| { sessions::sign_out(tx)?; Ok(Reply::nothing()) }),

    get(Operation::ListMySessions, "/me/sessions", Answers::List("sessions"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(sessions::list_my_sessions(tx, &r.page(&b.sealer)?)?)) }),
    delete(Operation::EndMySessions, "/me/sessions", |tx, _, _| { sessions::end_my_sessions(tx)?; Ok(Reply::nothing()) }),
    delete(Operation::EndMySession, "/me/sessions/{sessionId}", |tx, r, _| { sessions::end_my_session(tx, r.id("sessionId")?)?; Ok(Reply::nothing()) }),

    get(Operation::ReadMe, "/me", Answers::Document, |tx, _, _| Ok(Reply::document(me::read_me(tx)?.fields))),
    get(Operation::ReadMyAccess, "/me/access", Answers::Document, |tx, _, _| Ok(Reply::document(me::read_my_access(tx)?.fields))),
    get(Operation::ListMyColleagues, "/me/colleagues", Answers::List("colleagues"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(me::list_my_colleagues(tx, &r.page(&b.sealer)?)?)) }),
    get(Operation::ListMyCompanions, "/me/companions", Answers::List("colleagues"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(me::list_my_companions(tx, &r.page(&b.sealer)?)?)) }),
    // Put, so that no answer with an address in it is kept for repeating.
    beside(Operation::MakeCalendarFeed, Method::Put, "/me/calendar-feed", Accepts::Nothing, Answers::Document, |backend, request| Box::pin(calendars::make_calendar_feed(backend, request))),
    get(Operation::ReadMyCalendarFeed, "/me/calendar-feed", Answers::Document, |tx, _, _| Ok(Reply::document(calendar_feeds::read_my_calendar_feed(tx)?))),
    delete(Operation::RevokeCalendarFeed, "/me/calendar-feed", |tx, _, _| { calendar_feeds::revoke_calendar_feed(tx)?; Ok(Reply::nothing()) }),
    get(Operation::ReadCalendarFeed, "/calendar-feeds/{feedToken}", Answers::File(calendars::MEDIA_TYPE), |tx, r, _| calendars::read_calendar_feed(tx, r)),
    beside(Operation::ChangeMyPassword, Method::Post, "/me/password", Accepts::Json, Answers::Nothing, |backend, request| Box::pin(own::change_my_password(backend, request))),
    beside(Operation::EnrolSecondFactor, Method::Put, "/me/second-factor", Accepts::Json, Answers::Document, |backend, request| Box::pin(own_factors::enrol_second_factor(backend, request))),
    beside(Operation::ConfirmSecondFactor, Method::Put, "/me/second-factor/confirmation", Accepts::Json, Answers::Document, |backend, request| Box::pin(own_factors::confirm_second_factor(backend, request))),
    beside(Operation::RenewRecoveryCodes, Method::Put, "/me/second-factor/recovery-codes", Accepts::Json, Answers::Document, |backend, request| Box::pin(own_factors::renew_recovery_codes(backend, request))),
    get(Operation::ListTasks, "/tasks", Answers::List("tasks"), |tx, r, b| Ok(Reply::list(tasks::list_tasks(tx, r.parameters()?, &r.page(&b.sealer)?)?))),

    get(Operation::ReadTask, "/tasks/{taskId}", Answers::Record, |tx, r, _| Ok(Reply::record(tasks::read_task(tx, r.id("taskId")?)?))),
    patch(Operation::ReassignTask, "/tasks/{taskId}", |tx, r, _| Ok(Reply::record(tasks::reassign_task(tx, r.id("taskId")?, r.version()?, r.fields()?)?))),
    Route { needs_version: true, ..post(Operation::DeferTask, "/tasks/{taskId}/deferral", Answers::Record, |tx, r, _| Ok(Reply::record_at(tasks::defer_task(tx, r.id("taskId")?, r.version()?, r.fields()?)?, "/tasks"))) },
    Route { needs_version: true, ..post(Operation::AnswerTask, "/tasks/{taskId}/answer", Answers::Record, |tx, r, _| Ok(Reply::record_at(tasks::answer_task(tx, r.id("taskId")?, r.version()?, r.fields()?)?, "/tasks"))) },
    get(Operation::ListYouthTasks, "/youths/{youthId}/tasks", Answers::List("tasks"), |tx, r, b| Ok(Reply::list(tasks::list_youth_tasks(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ReadWeeklySummary, "/weekly-summary", Answers::Document, |tx, r, b| Ok(Reply::document(read_weekly_summary(tx, r.parameters()?, b.config.threshold)?))),

    get(Operation::ListUsers, "/users", Answers::List("users"), |tx, r, b| Ok(Reply::list(users::list_users(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    beside(Operation::CreateUser, Method::Post, "/users", Accepts::Json, Answers::Created, |backend, request| Box::pin(staff::create_user(backend, request))),
    get(Operation::ReadUser, "/users/{userId}", Answers::Record, |tx, r, _| Ok(Reply::record(users::read_user(tx, r.id("userId")?)?))),
    Route { needs_version: true, ..beside(Operation::UpdateUser, Method::Patch, "/users/{userId}", Accepts::MergePatch, Answers::Record, |backend, request| Box::pin(staff::update_user(backend, request))) },
    beside(Operation::IssuePasswordReset, Method::Put, "/users/{userId}/password-reset", Accepts::Nothing, Answers::Document, |backend, request| Box::pin(lost_passwords::issue_password_reset(backend, request))),
    beside(Operation::ResetPassword, Method::Post, "/password-resets", Accepts::Json, Answers::Nothing, |backend, request| Box::pin(lost_passwords::reset_password(backend, request))),
    delete(Operation::UntieUser, "/users/{userId}/single-sign-on", |tx, r, _| { single_sign_on::untie_user(tx, r.id("userId")?)?; Ok(Reply::nothing()) }),
    delete(Operation::ResetSecondFactor, "/users/{userId}/second-factor", |tx, r, _| { second_factors::reset_second_factor(tx, r.id("userId")?)?; Ok(Reply::nothing()) }),
    delete(Operation::EndUserSessions, "/users/{userId}/sessions", |tx, r, _| { users::end_user_sessions(tx, r.id("userId")?)?; Ok(Reply::nothing()) }),

    get(Operation::ListUnits, "/units", Answers::List("units"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(units::list_units(tx, &r.page(&b.sealer)?)?)) }),
    post(Operation::CreateUnit, "/units", Answers::Created, |tx, r, _| Ok(Reply::created(units::create_unit(tx, r.fields()?)?, "/units"))),
    get(Operation::ReadUnit, "/units/{unitId}", Answers::Record, |tx, r, _| Ok(Reply::record(units::read_unit(tx, r.id("unitId")?)?))),
    patch(Operation::UpdateUnit, "/units/{unitId}", |tx, r, _| Ok(Reply::record(units::update_unit(tx, r.id("unitId")?, r.version()?, r.fields()?)?))),

    get(Operation::ReadSettings, "/settings", Answers::Record, |tx, r, _| { r.parameters()?.finish()?; Ok(Reply::record(settings::read_settings(tx)?)) }),
    patch(Operation::UpdateSettings, "/settings", |tx, r, _| Ok(Reply::record(settings::update_settings(tx, r.version()?, r.fields()?)?))),
    Route { accepts: Accepts::Nothing, ..post(Operation::RotateSigningKey, "/signing-keys", Answers::Document, |tx, _, _| { let key = fresh_signing_key(tx.now())?; Ok(Reply::document(signing_keys::rotate_signing_key(tx, &key)?)) }) },

    get(Operation::ListYouths, "/youths", Answers::List("youths"), |tx, r, b| Ok(Reply::list(youths::list_youths(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreateYouth, "/youths", Answers::Created, |tx, r, _| Ok(Reply::created(youths::create_youth(tx, r.fields()?)?, "/youths"))),
    post(Operation::SearchYouths, "/youths/search", Answers::List("youths"), |tx, r, b| Ok(Reply::list(youths::search_youths(tx, r.fields()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListForgottenYouths, "/youths/forgotten", Answers::List("youths"), |tx, r, b| Ok(Reply::list(youths::list_forgotten_youths(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListUnassignedProtected, "/youths/unassigned-protected", Answers::List("unassignedYouths"), |tx, r, b| Ok(Reply::list(youths::list_unassigned_protected(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ReadYouth, "/youths/{youthId}", Answers::Record, |tx, r, _| Ok(Reply::record(youths::read_youth(tx, r.id("youthId")?)?))),
    patch(Operation::UpdateYouth, "/youths/{youthId}", |tx, r, _| Ok(Reply::record(youths::update_youth(tx, r.id("youthId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListYouthVersions, "/youths/{youthId}/versions", Answers::List("versions"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(youths::list_youth_versions(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),

    get(Operation::ReadTimeline, "/youths/{youthId}/timeline", Answers::List("timelineEntries"), |tx, r, b| Ok(Reply::list(timeline::read_timeline(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthDuplicates, "/youth-duplicates", Answers::List("youthDuplicates"), |tx, r, b| Ok(Reply::list(duplicates::list_youth_duplicates(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListDuplicateDismissals, "/duplicate-dismissals", Answers::List("duplicateDismissals"), |tx, r, b| Ok(Reply::list(duplicates::list_duplicate_dismissals(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::DismissDuplicate, "/duplicate-dismissals", Answers::Created, |tx, r, _| Ok(Reply::created(duplicates::dismiss_duplicate(tx, r.fields()?)?, "/duplicate-dismissals"))),
    get(Operation::ReadDuplicateDismissal, "/duplicate-dismissals/{duplicateDismissalId}", Answers::Record, |tx, r, _| Ok(Reply::record(duplicates::read_duplicate_dismissal(tx, r.id("duplicateDismissalId")?)?))),
    patch(Operation::WithdrawDismissal, "/duplicate-dismissals/{duplicateDismissalId}", |tx, r, _| Ok(Reply::record(duplicates::withdraw_dismissal(tx, r.id("duplicateDismissalId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListYouthMerges, "/youths/{youthId}/merges", Answers::List("merges"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(youth_merges::list_youth_merges(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    Route { needs_version: true, ..post(Operation::MergeYouths, "/youths/{youthId}/merges", Answers::Created, |tx, r, _| Ok(Reply::created(youth_merges::merge_youths(tx, r.id("youthId")?, r.version()?, r.fields()?)?, "/youth-merges"))) },
    get(Operation::ReadYouthMerge, "/youth-merges/{youthMergeId}", Answers::Record, |tx, r, _| Ok(Reply::record(youth_merges::read_youth_merge(tx, r.id("youthMergeId")?)?))),
    Route { needs_version: true, ..post(Operation::UndoYouthMerge, "/youth-merges/{youthMergeId}/undo", Answers::Record, |tx, r, _| Ok(Reply::record_at(youth_merges::undo_youth_merge(tx, r.id("youthMergeId")?, r.version()?, r.fields()?)?, "/youth-merges"))) },

    get(Operation::ListEpisodes, "/episodes", Answers::List("episodes"), |tx, r, b| Ok(Reply::list(episodes::list_episodes(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthEpisodes, "/youths/{youthId}/episodes", Answers::List("episodes"), |tx, r, b| Ok(Reply::list(episodes::list_youth_episodes(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::OpenEpisode, "/youths/{youthId}/episodes", Answers::Created, |tx, r, _| Ok(Reply::created(episodes::open_episode(tx, r.id("youthId")?, r.fields()?)?, "/episodes"))),
    get(Operation::ReadEpisode, "/episodes/{episodeId}", Answers::Record, |tx, r, _| Ok(Reply::record(episodes::read_episode(tx, r.id("episodeId")?)?))),
    patch(Operation::UpdateEpisode, "/episodes/{episodeId}", |tx, r, _| Ok(Reply::record(episodes::update_episode(tx, r.id("episodeId")?, r.version()?, r.fields()?)?))),
    Route { needs_version: true, ..post(Operation::CloseEpisode, "/episodes/{episodeId}/closure", Answers::Record, |tx, r, _| Ok(Reply::record_at(episodes::close_episode(tx, r.id("episodeId")?, r.version()?, r.fields()?)?, "/episodes"))) },
    Route { method: Method::Put, needs_version: true, ..post(Operation::SetCarriedNotes, "/episodes/{episodeId}/carried-notes", Answers::Record, |tx, r, _| Ok(Reply::record_at(episodes::set_carried_notes(tx, r.id("episodeId")?, r.version()?, r.fields()?)?, "/episodes"))) },

    get(Operation::ListAssignments, "/assignments", Answers::List("assignments"), |tx, r, b| Ok(Reply::list(assignments::list_assignments(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthAssignments, "/youths/{youthId}/assignments", Answers::List("assignments"), |tx, r, b| Ok(Reply::list(assignments::list_youth_assignments(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreateAssignment, "/youths/{youthId}/assignments", Answers::Created, |tx, r, _| Ok(Reply::created(assignments::create_assignment(tx, r.id("youthId")?, r.fields()?)?, "/assignments"))),
    get(Operation::ReadAssignment, "/assignments/{assignmentId}", Answers::Record, |tx, r, _| Ok(Reply::record(assignments::read_assignment(tx, r.id("assignmentId")?)?))),
    patch(Operation::UpdateAssignment, "/assignments/{assignmentId}", |tx, r, _| Ok(Reply::record(assignments::update_assignment(tx, r.id("assignmentId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListContacts, "/contacts", Answers::List("contacts"), |tx, r, b| Ok(Reply::list(contacts::list_contacts(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthContacts, "/youths/{youthId}/contacts", Answers::List("contacts"), |tx, r, b| Ok(Reply::list(contacts::list_youth_contacts(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::LogContact, "/youths/{youthId}/contacts", Answers::Created, |tx, r, _| Ok(Reply::created(contacts::log_contact(tx, r.id("youthId")?, r.fields()?)?, "/contacts"))),
    beside(Operation::ExportContacts, Method::Get, "/contacts/csv", Accepts::Nothing, Answers::File(contact_file::MEDIA_TYPE), |backend, request| Box::pin(contact_file::export_contacts(backend, request))),
    get(Operation::ReadContact, "/contacts/{contactId}", Answers::Record, |tx, r, _| Ok(Reply::record(contacts::read_contact(tx, r.id("contactId")?)?))),
    patch(Operation::CorrectContact, "/contacts/{contactId}", |tx, r, _| Ok(Reply::record(contacts::correct_contact(tx, r.id("contactId")?, r.version()?, r.fields()?)?))),
    post(Operation::AddContactAddendum, "/contacts/{contactId}/addenda", Answers::Created, |tx, r, _| Ok(Reply::created(contacts::add_contact_addendum(tx, r.id("contactId")?, r.fields()?)?, "/contacts"))),

    get(Operation::ListLapsingOccupations, "/occupations/lapsing", Answers::List("youths"), |tx, r, b| Ok(Reply::list(occupations::list_lapsing_occupations(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ReadNextAttempt, "/youths/{youthId}/next-attempt", Answers::Document, |tx, r, _| { r.parameters()?.finish()?; Ok(Reply::document(attempts::read_next_attempt(tx, r.id("youthId")?)?.fields)) }),
    get(Operation::ListOutreachSessions, "/outreach-sessions", Answers::List("outreachSessions"), |tx, r, b| Ok(Reply::list(outings::list_outreach_sessions(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::LogOutreachSession, "/outreach-sessions", Answers::Created, |tx, r, _| Ok(Reply::created(outings::log_outreach_session(tx, r.fields()?)?, "/outreach-sessions"))),
    get(Operation::ReadOutreachSession, "/outreach-sessions/{outreachSessionId}", Answers::Record, |tx, r, _| Ok(Reply::record(outings::read_outreach_session(tx, r.id("outreachSessionId")?)?))),
    patch(Operation::CorrectOutreachSession, "/outreach-sessions/{outreachSessionId}", |tx, r, _| Ok(Reply::record(outings::correct_outreach_session(tx, r.id("outreachSessionId")?, r.version()?, r.fields()?)?))),
    post(Operation::LogOutreachContact, "/outreach-sessions/{outreachSessionId}/contacts", Answers::Created, |tx, r, _| Ok(Reply::created(met::log_outreach_contact(tx, r.id("outreachSessionId")?, r.fields()?)?, "/outreach-contacts"))),
    get(Operation::ListOutreachContacts, "/outreach-contacts", Answers::List("outreachContacts"), |tx, r, b| Ok(Reply::list(met::list_outreach_contacts(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ReadOutreachContact, "/outreach-contacts/{outreachContactId}", Answers::Record, |tx, r, _| Ok(Reply::record(met::read_outreach_contact(tx, r.id("outreachContactId")?)?))),
    patch(Operation::CorrectOutreachContact, "/outreach-contacts/{outreachContactId}", |tx, r, _| Ok(Reply::record(met::correct_outreach_contact(tx, r.id("outreachContactId")?, r.version()?, r.fields()?)?))),
    Route { method: Method::Put, needs_version: true, ..post(Operation::TieOutreachContact, "/outreach-contacts/{outreachContactId}/youth", Answers::Record, |tx, r, _| Ok(Reply::record_at(met::tie_outreach_contact(tx, r.id("outreachContactId")?, r.version()?, r.fields()?)?, "/outreach-contacts"))) },
    Route { needs_version: true, ..delete(Operation::UntieOutreachContact, "/outreach-contacts/{outreachContactId}/youth", |tx, r, _| { met::untie_outreach_contact(tx, r.id("outreachContactId")?, r.version()?)?; Ok(Reply::nothing()) }) },

    get(Operation::ListAmbassadorWeeks, "/ambassador-weeks", Answers::List("ambassadorWeeks"), |tx, r, b| Ok(Reply::list(weeks::list_ambassador_weeks(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ExportAmbassadorWeeks, "/ambassador-weeks/csv", Answers::File("text/csv; charset=utf-8"), |tx, r, _| { let file = weeks::export_ambassador_weeks(tx, r.parameters()?, r.language)?; Ok(Reply::file("text/csv; charset=utf-8", format!("ambassadorsveckor-{}.csv", tx.today()), file)) }),
    get(Operation::ListWorkHours, "/work-hours", Answers::List("workHours"), |tx, r, b| Ok(Reply::list(weeks::list_work_hours(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::ReportWorkHours, "/work-hours", Answers::Created, |tx, r, _| Ok(Reply::created(weeks::report_work_hours(tx, r.fields()?)?, "/work-hours"))),
    get(Operation::ReadWorkHours, "/work-hours/{workHoursId}", Answers::Record, |tx, r, _| Ok(Reply::record(weeks::read_work_hours(tx, r.id("workHoursId")?)?))),
    patch(Operation::CorrectWorkHours, "/work-hours/{workHoursId}", |tx, r, _| Ok(Reply::record(weeks::correct_work_hours(tx, r.id("workHoursId")?, r.version()?, r.fields()?)?))),
    post(Operation::ApproveAmbassadorWeek, "/week-approvals", Answers::Created, |tx, r, _| Ok(Reply::created(weeks::approve_ambassador_week(tx, r.fields()?)?, "/week-approvals"))),
    get(Operation::ReadWeekApproval, "/week-approvals/{weekApprovalId}", Answers::Record, |tx, r, _| Ok(Reply::record(weeks::read_week_approval(tx, r.id("weekApprovalId")?)?))),
    patch(Operation::UpdateWeekApproval, "/week-approvals/{weekApprovalId}", |tx, r, _| Ok(Reply::record(weeks::update_week_approval(tx, r.id("weekApprovalId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListYouthOccupations, "/youths/{youthId}/occupations", Answers::List("occupations"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(occupations::list_youth_occupations(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::RecordOccupation, "/youths/{youthId}/occupations", Answers::Created, |tx, r, _| Ok(Reply::created(occupations::record_occupation(tx, r.id("youthId")?, r.fields()?)?, "/occupations"))),
    get(Operation::ReadOccupation, "/occupations/{occupationId}", Answers::Record, |tx, r, _| Ok(Reply::record(occupations::read_occupation(tx, r.id("occupationId")?)?))),
    patch(Operation::UpdateOccupation, "/occupations/{occupationId}", |tx, r, _| Ok(Reply::record(occupations::update_occupation(tx, r.id("occupationId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListOccupationSpells, "/youths/{youthId}/occupation-spells", Answers::List("occupationSpells"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(occupations::list_occupation_spells(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),

    get(Operation::ListYouthMappings, "/youths/{youthId}/mappings", Answers::List("mappings"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(mappings::list_youth_mappings(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::CreateMapping, "/youths/{youthId}/mappings", Answers::Created, |tx, r, _| Ok(Reply::created(mappings::create_mapping(tx, r.id("youthId")?, r.fields()?)?, "/mappings"))),
    get(Operation::ReadMapping, "/mappings/{mappingId}", Answers::Record, |tx, r, _| Ok(Reply::record(mappings::read_mapping(tx, r.id("mappingId")?)?))),
    patch(Operation::UpdateMapping, "/mappings/{mappingId}", |tx, r, _| Ok(Reply::record(mappings::update_mapping(tx, r.id("mappingId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListYouthPlanRevisions, "/youths/{youthId}/plan-revisions", Answers::List("planRevisions"), |tx, r, b| Ok(Reply::list(plans::list_youth_plan_revisions(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreatePlanRevision, "/youths/{youthId}/plan-revisions", Answers::Created, |tx, r, _| Ok(Reply::created(plans::create_plan_revision(tx, r.id("youthId")?, r.fields()?)?, "/plan-revisions"))),
    get(Operation::ReadPlanRevision, "/plan-revisions/{planRevisionId}", Answers::Record, |tx, r, _| Ok(Reply::record(plans::read_plan_revision(tx, r.id("planRevisionId")?)?))),
    get(Operation::ReadPlanPrintout, "/plan-revisions/{planRevisionId}/printout", Answers::File("text/html"), |tx, r, _| { r.parameters()?.finish()?; let page = plan_copy::page(&plans::read_plan_copy(tx, r.id("planRevisionId")?)?, r.language); Ok(Reply::page("plan.html".to_owned(), page.html, page.style_hash)) }),
    post(Operation::CompletePlanFollowUp, "/plan-follow-ups/{planFollowUpId}/completion", Answers::Record, |tx, r, _| Ok(Reply::record_at(plans::complete_plan_follow_up(tx, r.id("planFollowUpId")?, r.fields()?)?, "/plan-revisions"))),

    get(Operation::ListYouthEducationContracts, "/youths/{youthId}/education-contracts", Answers::List("educationContracts"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(education_contracts::list_youth_education_contracts(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::CreateEducationContract, "/youths/{youthId}/education-contracts", Answers::Created, |tx, r, _| Ok(Reply::created(education_contracts::create_education_contract(tx, r.id("youthId")?, r.fields()?)?, "/education-contracts"))),
    get(Operation::ReadEducationContract, "/education-contracts/{educationContractId}", Answers::Record, |tx, r, _| Ok(Reply::record(education_contracts::read_education_contract(tx, r.id("educationContractId")?)?))),
    patch(Operation::UpdateEducationContract, "/education-contracts/{educationContractId}", |tx, r, _| Ok(Reply::record(education_contracts::update_education_contract(tx, r.id("educationContractId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListOutcomeChecks, "/outcome-checks", Answers::List("outcomeChecks"), |tx, r, b| Ok(Reply::list(outcome_checks::list_outcome_checks(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthOutcomeChecks, "/youths/{youthId}/outcome-checks", Answers::List("outcomeChecks"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(outcome_checks::list_youth_outcome_checks(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    get(Operation::ReadOutcomeCheck, "/outcome-checks/{outcomeCheckId}", Answers::Record, |tx, r, _| Ok(Reply::record(outcome_checks::read_outcome_check(tx, r.id("outcomeCheckId")?)?))),
    patch(Operation::AnswerOutcomeCheck, "/outcome-checks/{outcomeCheckId}", |tx, r, _| Ok(Reply::record(outcome_checks::answer_outcome_check(tx, r.id("outcomeCheckId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListInterventions, "/interventions", Answers::List("interventions"), |tx, r, b| Ok(Reply::list(interventions::list_interventions(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthInterventions, "/youths/{youthId}/interventions", Answers::List("interventions"), |tx, r, b| Ok(Reply::list(interventions::list_youth_interventions(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::OfferIntervention, "/youths/{youthId}/interventions", Answers::Created, |tx, r, _| Ok(Reply::created(interventions::offer_intervention(tx, r.id("youthId")?, r.fields()?)?, "/interventions"))),
    get(Operation::ReadIntervention, "/interventions/{interventionId}", Answers::Record, |tx, r, _| Ok(Reply::record(interventions::read_intervention(tx, r.id("interventionId")?)?))),
    patch(Operation::UpdateIntervention, "/interventions/{interventionId}", |tx, r, _| Ok(Reply::record(interventions::update_intervention(tx, r.id("interventionId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListPlacementOffers, "/placement-offers", Answers::List("placementOffers"), |tx, r, b| Ok(Reply::list(placement_offers::list_placement_offers(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreatePlacementOffer, "/placement-offers", Answers::Created, |tx, r, _| Ok(Reply::created(placement_offers::create_placement_offer(tx, r.fields()?)?, "/placement-offers"))),
    get(Operation::ReadPlacementOffer, "/placement-offers/{placementOfferId}", Answers::Record, |tx, r, _| Ok(Reply::record(placement_offers::read_placement_offer(tx, r.id("placementOfferId")?)?))),
    patch(Operation::UpdatePlacementOffer, "/placement-offers/{placementOfferId}", |tx, r, _| Ok(Reply::record(placement_offers::update_placement_offer(tx, r.id("placementOfferId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListOfferMatches, "/placement-offers/{placementOfferId}/matches", Answers::List("matches"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(placement_offers::list_offer_matches(tx, r.id("placementOfferId")?, &r.page(&b.sealer)?)?)) }),
    get(Operation::ListYouthMatches, "/youths/{youthId}/placement-matches", Answers::List("matches"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(placements::list_youth_matches(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    get(Operation::ListYouthPlacementWishes, "/youths/{youthId}/placement-wishes", Answers::List("placementWishes"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(placement_wishes::list_youth_placement_wishes(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::RecordPlacementWish, "/youths/{youthId}/placement-wishes", Answers::Created, |tx, r, _| Ok(Reply::created(placement_wishes::record_placement_wish(tx, r.id("youthId")?, r.fields()?)?, "/placement-wishes"))),
    get(Operation::ReadPlacementWish, "/placement-wishes/{placementWishId}", Answers::Record, |tx, r, _| Ok(Reply::record(placement_wishes::read_placement_wish(tx, r.id("placementWishId")?)?))),
    patch(Operation::UpdatePlacementWish, "/placement-wishes/{placementWishId}", |tx, r, _| Ok(Reply::record(placement_wishes::update_placement_wish(tx, r.id("placementWishId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListOfferPlacements, "/placement-offers/{placementOfferId}/placements", Answers::List("placements"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(placements::list_offer_placements(tx, r.id("placementOfferId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::OfferPlacement, "/placement-offers/{placementOfferId}/placements", Answers::Created, |tx, r, _| Ok(Reply::created(placements::offer_placement(tx, r.id("placementOfferId")?, r.fields()?)?, "/placements"))),
    get(Operation::ListYouthPlacements, "/youths/{youthId}/placements", Answers::List("placements"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(placements::list_youth_placements(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    get(Operation::ReadPlacement, "/placements/{placementId}", Answers::Record, |tx, r, _| Ok(Reply::record(placements::read_placement(tx, r.id("placementId")?)?))),

    get(Operation::ListReferrals, "/referrals", Answers::List("referrals"), |tx, r, b| Ok(Reply::list(referrals::list_referrals(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthReferrals, "/youths/{youthId}/referrals", Answers::List("referrals"), |tx, r, b| Ok(Reply::list(referrals::list_youth_referrals(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreateReferral, "/youths/{youthId}/referrals", Answers::Created, |tx, r, _| Ok(Reply::created(referrals::create_referral(tx, r.id("youthId")?, r.fields()?)?, "/referrals"))),
    get(Operation::ReadReferral, "/referrals/{referralId}", Answers::Record, |tx, r, _| Ok(Reply::record(referrals::read_referral(tx, r.id("referralId")?)?))),
    patch(Operation::UpdateReferral, "/referrals/{referralId}", |tx, r, _| Ok(Reply::record(referrals::update_referral(tx, r.id("referralId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListYouthConsents, "/youths/{youthId}/consents", Answers::List("consents"), |tx, r, b| Ok(Reply::list(consents::list_youth_consents(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::RecordConsent, "/youths/{youthId}/consents", Answers::Created, |tx, r, _| Ok(Reply::created(consents::record_consent(tx, r.id("youthId")?, r.fields()?)?, "/consents"))),
    get(Operation::ReadConsent, "/consents/{consentId}", Answers::Record, |tx, r, _| Ok(Reply::record(consents::read_consent(tx, r.id("consentId")?)?))),
    post(Operation::WithdrawConsent, "/consents/{consentId}/withdrawal", Answers::Record, |tx, r, _| Ok(Reply::record_at(consents::withdraw_consent(tx, r.id("consentId")?, r.fields()?)?, "/consents"))),
    post(Operation::RecordRecipientInformed, "/consents/{consentId}/recipient-information", Answers::Record, |tx, r, _| Ok(Reply::record_at(consents::record_recipient_informed(tx, r.id("consentId")?, r.fields()?)?, "/consents"))),
    get(Operation::ListYouthDisclosures, "/youths/{youthId}/disclosures", Answers::List("disclosures"), |tx, r, b| Ok(Reply::list(disclosures::list_youth_disclosures(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::RecordDisclosure, "/youths/{youthId}/disclosures", Answers::Created, |tx, r, _| Ok(Reply::created(disclosures::record_disclosure(tx, r.id("youthId")?, r.fields()?)?, "/disclosures"))),
    get(Operation::ReadDisclosure, "/disclosures/{disclosureId}", Answers::Record, |tx, r, _| Ok(Reply::record(disclosures::read_disclosure(tx, r.id("disclosureId")?)?))),
    get(Operation::ListYouthSharing, "/youths/{youthId}/sharing", Answers::List("recipients"), |tx, r, b| Ok(Reply::list(sharing::list_youth_sharing(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthCorrectionNotes, "/youths/{youthId}/correction-notes", Answers::List("correctionNotes"), |tx, r, b| Ok(Reply::list(correction_notes::list_youth_correction_notes(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::AddCorrectionNote, "/youths/{youthId}/correction-notes", Answers::Created, |tx, r, _| Ok(Reply::created(correction_notes::add_correction_note(tx, r.id("youthId")?, r.fields()?)?, "/correction-notes"))),
    get(Operation::ReadCorrectionNote, "/correction-notes/{correctionNoteId}", Answers::Record, |tx, r, _| Ok(Reply::record(correction_notes::read_correction_note(tx, r.id("correctionNoteId")?)?))),
    get(Operation::ListSensitiveTermCounts, "/sensitive-term-counts", Answers::List("sensitiveTermCounts"), |tx, r, b| Ok(Reply::list(sensitive_terms::list_sensitive_term_counts(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListTransfers, "/transfers", Answers::List("transfers"), |tx, r, b| Ok(Reply::list(transfers::list_transfers(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthTransfers, "/youths/{youthId}/transfers", Answers::List("transfers"), |tx, r, b| Ok(Reply::list(transfers::list_youth_transfers(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthRegisterExtracts, "/youths/{youthId}/register-extracts", Answers::List("registerExtracts"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(register_extracts::list_youth_register_extracts(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::CreateRegisterExtract, "/youths/{youthId}/register-extracts", Answers::Created, |tx, r, _| Ok(Reply::created(register_extracts::create_register_extract(tx, r.id("youthId")?, r.fields()?)?, "/register-extracts"))),
    get(Operation::ReadRegisterExtract, "/register-extracts/{registerExtractId}", Answers::Record, |tx, r, _| Ok(Reply::record(register_extracts::read_register_extract(tx, r.id("registerExtractId")?)?))),
    get(Operation::ReadRegisterExtractContent, "/register-extracts/{registerExtractId}/content", Answers::Document, |tx, r, _| { r.parameters()?.finish()?; Ok(Reply::document(register_extracts::read_extract(tx, r.id("registerExtractId")?)?.document())) }),
    get(Operation::ReadRegisterExtractPrintout, "/register-extracts/{registerExtractId}/printout", Answers::File("text/html"), |tx, r, _| { r.parameters()?.finish()?; let page = extract_page::page(&register_extracts::read_extract(tx, r.id("registerExtractId")?)?, r.language); Ok(Reply::page("register-extract.html".to_owned(), page.html, page.style_hash)) }),
    get(Operation::ListYouthRestrictions, "/youths/{youthId}/restrictions", Answers::List("restrictions"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(restrictions::list_youth_restrictions(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::RestrictProcessing, "/youths/{youthId}/restrictions", Answers::Created, |tx, r, _| Ok(Reply::created(restrictions::restrict_processing(tx, r.id("youthId")?, r.fields()?)?, "/restrictions"))),
    get(Operation::ReadRestriction, "/restrictions/{restrictionId}", Answers::Record, |tx, r, _| Ok(Reply::record(restrictions::read_restriction(tx, r.id("restrictionId")?)?))),
    patch(Operation::UpdateRestriction, "/restrictions/{restrictionId}", |tx, r, _| Ok(Reply::record(restrictions::update_restriction(tx, r.id("restrictionId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListRetentionPolicies, "/retention-policies", Answers::List("retentionPolicies"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(disposals::list_retention_policies(tx, &r.page(&b.sealer)?)?)) }),
    get(Operation::ListYouthDisposalHolds, "/youths/{youthId}/disposal-holds", Answers::List("disposalHolds"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(disposal_holds::list_youth_disposal_holds(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::PlaceDisposalHold, "/youths/{youthId}/disposal-holds", Answers::Created, |tx, r, _| Ok(Reply::created(disposal_holds::place_disposal_hold(tx, r.id("youthId")?, r.fields()?)?, "/disposal-holds"))),
    get(Operation::ReadDisposalHold, "/disposal-holds/{disposalHoldId}", Answers::Record, |tx, r, _| Ok(Reply::record(disposal_holds::read_disposal_hold(tx, r.id("disposalHoldId")?)?))),
    patch(Operation::UpdateDisposalHold, "/disposal-holds/{disposalHoldId}", |tx, r, _| Ok(Reply::record(disposal_holds::update_disposal_hold(tx, r.id("disposalHoldId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListDisposalRuns, "/disposal-runs", Answers::List("disposalRuns"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(disposals::list_disposal_runs(tx, &r.page(&b.sealer)?)?)) }),
    post(Operation::ProposeDisposal, "/disposal-runs", Answers::Created, |tx, r, _| Ok(Reply::created(disposals::propose_disposal(tx, r.fields()?)?, "/disposal-runs"))),
    get(Operation::ReadDisposalRun, "/disposal-runs/{disposalRunId}", Answers::Record, |tx, r, _| Ok(Reply::record(disposals::read_disposal_run(tx, r.id("disposalRunId")?)?))),
    get(Operation::ListDisposalItems, "/disposal-runs/{disposalRunId}/items", Answers::List("disposalItems"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(disposals::list_disposal_items(tx, r.id("disposalRunId")?, &r.page(&b.sealer)?)?)) }),
    Route { accepts: Accepts::Nothing, needs_version: true, ..post(Operation::ApproveDisposal, "/disposal-runs/{disposalRunId}/approval", Answers::Record, |tx, r, _| Ok(Reply::record_at(disposals::approve_disposal(tx, r.id("disposalRunId")?, r.version()?)?, "/disposal-runs"))) },
    Route { accepts: Accepts::Nothing, needs_version: true, ..post(Operation::WithdrawDisposal, "/disposal-runs/{disposalRunId}/withdrawal", Answers::Record, |tx, r, _| Ok(Reply::record_at(disposals::withdraw_disposal(tx, r.id("disposalRunId")?, r.version()?)?, "/disposal-runs"))) },
    Route { accepts: Accepts::Nothing, needs_version: true, ..post(Operation::ExecuteDisposal, "/disposal-runs/{disposalRunId}/execution", Answers::Record, |tx, r, _| Ok(Reply::record_at(disposals::execute_disposal(tx, r.id("disposalRunId")?, r.version()?)?, "/disposal-runs"))) },
    get(Operation::ListOrganisations, "/organisations", Answers::List("organisations"), |tx, r, b| Ok(Reply::list(organisations::list_organisations(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreateOrganisation, "/organisations", Answers::Created, |tx, r, _| Ok(Reply::created(organisations::create_organisation(tx, r.fields()?)?, "/organisations"))),
    get(Operation::ReadOrganisation, "/organisations/{organisationId}", Answers::Record, |tx, r, _| Ok(Reply::record(organisations::read_organisation(tx, r.id("organisationId")?)?))),
    patch(Operation::UpdateOrganisation, "/organisations/{organisationId}", |tx, r, _| Ok(Reply::record(organisations::update_organisation(tx, r.id("organisationId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListContactPersons, "/organisations/{organisationId}/contact-persons", Answers::List("contactPersons"), |tx, r, b| Ok(Reply::list(organisations::list_contact_persons(tx, r.id("organisationId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreateContactPerson, "/organisations/{organisationId}/contact-persons", Answers::Created, |tx, r, _| Ok(Reply::created(organisations::create_contact_person(tx, r.id("organisationId")?, r.fields()?)?, "/contact-persons"))),
    get(Operation::ReadContactPerson, "/contact-persons/{contactPersonId}", Answers::Record, |tx, r, _| Ok(Reply::record(organisations::read_contact_person(tx, r.id("contactPersonId")?)?))),
    patch(Operation::UpdateContactPerson, "/contact-persons/{contactPersonId}", |tx, r, _| Ok(Reply::record(organisations::update_contact_person(tx, r.id("contactPersonId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListGoals, "/goals", Answers::List("goals"), |tx, r, b| Ok(Reply::list(goals::list_goals(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreateGoal, "/goals", Answers::Created, |tx, r, _| Ok(Reply::created(goals::create_goal(tx, r.fields()?)?, "/goals"))),
    get(Operation::ExportGoals, "/goals/csv", Answers::File("text/csv; charset=utf-8"), |tx, r, _| { let file = goals::export_goals(tx, r.parameters()?, r.language)?; Ok(Reply::file("text/csv; charset=utf-8", format!("mal-{}.csv", tx.today()), file)) }),
    get(Operation::ReadGoal, "/goals/{goalId}", Answers::Record, |tx, r, _| Ok(Reply::record(goals::read_goal(tx, r.id("goalId")?)?))),
    patch(Operation::UpdateGoal, "/goals/{goalId}", |tx, r, _| Ok(Reply::record(goals::update_goal(tx, r.id("goalId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListGoalValues, "/goals/{goalId}/values", Answers::List("goalValues"), |tx, r, b| Ok(Reply::list(goal_values::list_goal_values(tx, r.id("goalId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::EnterGoalValue, "/goals/{goalId}/values", Answers::Created, |tx, r, _| Ok(Reply::created(goal_values::enter_goal_value(tx, r.id("goalId")?, r.fields()?)?, "/goal-values"))),
    Route { accepts: Accepts::Values, ..post(Operation::ImportGoalValues, "/goals/{goalId}/values/csv", Answers::Document, |tx, r, _| Ok(Reply::document(value_imports::import_goal_values(tx, r.id("goalId")?, r.parameters()?, || Ok(r.bytes()?.to_vec()), r.language)?))) },
    post(Operation::ImportKoladaValues, "/goals/{goalId}/values/kolada", Answers::Document, |tx, r, _| Ok(Reply::document(value_imports::import_kolada_values(tx, r.id("goalId")?, r.parameters()?, || r.fields(), r.language)?))),
    get(Operation::ReadGoalValue, "/goal-values/{goalValueId}", Answers::Record, |tx, r, _| Ok(Reply::record(goal_values::read_goal_value(tx, r.id("goalValueId")?)?))),
    patch(Operation::UpdateGoalValue, "/goal-values/{goalValueId}", |tx, r, _| Ok(Reply::record(goal_values::update_goal_value(tx, r.id("goalValueId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListGoalActivities, "/goals/{goalId}/activities", Answers::List("goalActivities"), |tx, r, b| Ok(Reply::list(activities::list_goal_activities(tx, r.id("goalId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreateGoalActivity, "/goals/{goalId}/activities", Answers::Created, |tx, r, _| Ok(Reply::created(activities::create_goal_activity(tx, r.id("goalId")?, r.fields()?)?, "/goal-activities"))),
    get(Operation::ReadGoalActivity, "/goal-activities/{goalActivityId}", Answers::Record, |tx, r, _| Ok(Reply::record(activities::read_goal_activity(tx, r.id("goalActivityId")?)?))),
    patch(Operation::UpdateGoalActivity, "/goal-activities/{goalActivityId}", |tx, r, _| Ok(Reply::record(activities::update_goal_activity(tx, r.id("goalActivityId")?, r.version()?, r.fields()?)?))),
    post(Operation::FollowUpGoalActivity, "/goal-activities/{goalActivityId}/follow-ups", Answers::Record, |tx, r, _| Ok(Reply::record_at(activities::follow_up_goal_activity(tx, r.id("goalActivityId")?, r.fields()?)?, "/goal-activities"))),

    get(Operation::ListReceivingUnits, "/receiving-units", Answers::List("units"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(transfers::list_receiving_units(tx, &r.page(&b.sealer)?)?)) }),
    post(Operation::CreateTransfer, "/youths/{youthId}/transfers", Answers::Created, |tx, r, _| Ok(Reply::created(transfers::create_transfer(tx, r.id("youthId")?, r.fields()?)?, "/transfers"))),
    get(Operation::ReadTransfer, "/transfers/{transferId}", Answers::Record, |tx, r, _| Ok(Reply::record(transfers::read_transfer(tx, r.id("transferId")?)?))),
    Route { needs_version: true, ..post(Operation::DecideTransfer, "/transfers/{transferId}/decision", Answers::Record, |tx, r, _| Ok(Reply::record_at(transfers::decide_transfer(tx, r.id("transferId")?, r.version()?, r.fields()?)?, "/transfers"))) },

    get(Operation::ReadProtectedStatus, "/youths/{youthId}/protected-status", Answers::Record, |tx, r, _| Ok(Reply::record(protected_status::read_protected_status(tx, r.id("youthId")?)?))),
    Route { method: Method::Put, answers: Answers::Record, ..post(Operation::SetProtectedStatus, "/youths/{youthId}/protected-status", Answers::Record, |tx, r, _| Ok(Reply::record(protected_status::set_protected_status(tx, r.id("youthId")?, r.version_if_told()?, r.fields()?)?))) },

    post(Operation::CreateAccessGrant, "/youths/{youthId}/access-grants", Answers::Created, |tx, r, _| Ok(Reply::created(access_grants::create_access_grant(tx, r.id("youthId")?, r.fields()?)?, "/access-grants"))),
    get(Operation::ListAccessGrants, "/access-grants", Answers::List("accessGrants"), |tx, r, b| Ok(Reply::list(access_grants::list_access_grants(tx, r.parameters()?, &r.page(&b.sealer)?)?))),

    get(Operation::ReadAccessGrant, "/access-grants/{accessGrantId}", Answers::Record, |tx, r, _| Ok(Reply::record(access_grants::read_access_grant(tx, r.id("accessGrantId")?)?))),

    get(Operation::ListStatisticsMeasures, "/statistics/measures", Answers::Document, |tx, r, _| { r.parameters()?.finish()?; Ok(Reply::document(list_measures(tx, r.language)?)) }),
    get(Operation::ListPeriodCosts, "/statistics/costs", Answers::List("costs"), |tx, r, b| Ok(Reply::list(period_costs::list_period_costs(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreatePeriodCost, "/statistics/costs", Answers::Created, |tx, r, _| Ok(Reply::created(period_costs::create_period_cost(tx, r.fields()?)?, "/statistics/costs"))),
    get(Operation::ReadPeriodCost, "/statistics/costs/{costId}", Answers::Record, |tx, r, _| Ok(Reply::record(period_costs::read_period_cost(tx, r.id("costId")?)?))),
    patch(Operation::UpdatePeriodCost, "/statistics/costs/{costId}", |tx, r, _| Ok(Reply::record(period_costs::update_period_cost(tx, r.id("costId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListNationalFiles, "/national-files", Answers::List("nationalFiles"), |tx, r, b| Ok(Reply::list(national_files::list_national_files(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::CreateNationalFile, "/national-files", Answers::Accepted, |tx, r, b| { let profile = b.config.national_profile().map_err(Error::internal)?; Ok(Reply::accepted(national_files::create_national_file(tx, r.fields()?, &profile)?)) }),
    get(Operation::ReadNationalFile, "/national-files/{nationalFileId}", Answers::Record, |tx, r, _| Ok(Reply::record(national_files::read_national_file(tx, r.id("nationalFileId")?)?))),
    beside(Operation::ReadNationalFileContent, Method::Get, "/national-files/{nationalFileId}/content", Accepts::Nothing, Answers::File("text/csv"), |backend, request| Box::pin(file_content::read_content(backend, request))),
    get(Operation::ListNationalFileProblems, "/national-files/{nationalFileId}/problems", Answers::List("nationalFileProblems"), |tx, r, b| Ok(Reply::list(national_files::list_national_file_problems(tx, r.id("nationalFileId")?, r.parameters()?, r.language, &r.page(&b.sealer)?)?))),
    get(Operation::ExportNationalFileProblems, "/national-files/{nationalFileId}/problems/csv", Answers::File("text/csv"), |tx, r, _| { r.parameters()?.finish()?; Ok(Reply::file("text/csv; charset=utf-8", format!("problem-{}.csv", tx.today()), national_files::export_national_file_problems(tx, r.id("nationalFileId")?, r.language)?)) }),
    get(Operation::ReadCompartmentCounts, "/statistics/compartment", Answers::Document, |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::document(read_compartment_counts(tx, b.config.threshold)?)) }),
    get(Operation::ListSchoolNotifications, "/school-notifications", Answers::List("schoolNotifications"), |tx, r, b| Ok(Reply::list(school_notifications::list_school_notifications(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    post(Operation::ReceiveSchoolNotification, "/school-notifications", Answers::Created, |tx, r, _| Ok(Reply::created(school_notifications::receive_school_notification(tx, r.fields()?)?, "/school-notifications"))),
    get(Operation::ReadSchoolNotification, "/school-notifications/{schoolNotificationId}", Answers::Record, |tx, r, _| Ok(Reply::record(school_notifications::read_school_notification(tx, r.id("schoolNotificationId")?)?))),
    Route { needs_version: true, ..post(Operation::HandleSchoolNotification, "/school-notifications/{schoolNotificationId}/handling", Answers::Record, |tx, r, _| Ok(Reply::record_at(school_notifications::handle_school_notification(tx, r.id("schoolNotificationId")?, r.version()?, r.fields()?)?, "/school-notifications"))) },

    beside(Operation::ImportRoster, Method::Post, "/imports", Accepts::Roster, Answers::Created, |backend, request| Box::pin(rosters::import_roster(backend, request))),
    get(Operation::ListImports, "/imports", Answers::List("imports"), |tx, r, b| Ok(Reply::list(imports::list_imports(tx, r.parameters()?, r.language, &r.page(&b.sealer)?)?))),
    get(Operation::ReadImport, "/imports/{importId}", Answers::Record, |tx, r, _| Ok(Reply::record(imports::read_import(tx, r.id("importId")?, r.language)?))),
    get(Operation::ListImportRows, "/imports/{importId}/rows", Answers::List("rows"), |tx, r, b| Ok(Reply::list(imports::list_import_rows(tx, r.id("importId")?, r.parameters()?, r.language, &r.page(&b.sealer)?)?))),
    get(Operation::ReadRefusedRows, "/imports/{importId}/refused-rows", Answers::File("text/csv"), |tx, r, _| { r.parameters()?.finish()?; Ok(Reply::file("text/csv; charset=utf-8", "refused-rows.csv".to_owned(), imports::read_refused_rows(tx, r.id("importId")?, r.language)?)) }),
    get(Operation::ListImportDecisions, "/import-decisions", Answers::List("importDecisions"), |tx, r, b| Ok(Reply::list(imports::list_import_decisions(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ReadImportDecision, "/import-decisions/{importDecisionId}", Answers::Record, |tx, r, _| Ok(Reply::record(imports::read_import_decision(tx, r.id("importDecisionId")?)?))),
    patch(Operation::DecideImportRow, "/import-decisions/{importDecisionId}", |tx, r, _| Ok(Reply::record(imports::decide_import_row(tx, r.id("importDecisionId")?, r.version()?, r.fields()?)?))),

    get(Operation::ListResidences, "/youths/{youthId}/residences", Answers::List("residences"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(residences::list_residences(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::AddResidence, "/youths/{youthId}/residences", Answers::Created, |tx, r, _| Ok(Reply::created(residences::add_residence(tx, r.id("youthId")?, r.fields()?)?, "/residences"))),
    get(Operation::ReadResidence, "/residences/{residenceId}", Answers::Record, |tx, r, _| Ok(Reply::record(residences::read_residence(tx, r.id("residenceId")?)?))),
    patch(Operation::UpdateResidence, "/residences/{residenceId}", |tx, r, _| Ok(Reply::record(residences::update_residence(tx, r.id("residenceId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListEnrolments, "/youths/{youthId}/enrolments", Answers::List("enrolments"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(enrolments::list_enrolments(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::AddEnrolment, "/youths/{youthId}/enrolments", Answers::Created, |tx, r, _| Ok(Reply::created(enrolments::add_enrolment(tx, r.id("youthId")?, r.fields()?)?, "/enrolments"))),
    get(Operation::ReadEnrolment, "/enrolments/{enrolmentId}", Answers::Record, |tx, r, _| Ok(Reply::record(enrolments::read_enrolment(tx, r.id("enrolmentId")?)?))),
    patch(Operation::UpdateEnrolment, "/enrolments/{enrolmentId}", |tx, r, _| Ok(Reply::record(enrolments::update_enrolment(tx, r.id("enrolmentId")?, r.version()?, r.fields()?)?))),
    get(Operation::ListExamDocuments, "/youths/{youthId}/exam-documents", Answers::List("examDocuments"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(exam_documents::list_exam_documents(tx, r.id("youthId")?, &r.page(&b.sealer)?)?)) }),
    post(Operation::AddExamDocument, "/youths/{youthId}/exam-documents", Answers::Created, |tx, r, _| Ok(Reply::created(exam_documents::add_exam_document(tx, r.id("youthId")?, r.fields()?)?, "/exam-documents"))),
    get(Operation::ReadExamDocument, "/exam-documents/{examDocumentId}", Answers::Record, |tx, r, _| Ok(Reply::record(exam_documents::read_exam_document(tx, r.id("examDocumentId")?)?))),
    patch(Operation::UpdateExamDocument, "/exam-documents/{examDocumentId}", |tx, r, _| Ok(Reply::record(exam_documents::update_exam_document(tx, r.id("examDocumentId")?, r.version()?, r.fields()?)?))),
    post(Operation::MakeStatisticsRelease, "/statistics/releases", Answers::Accepted, |tx, r, _| Ok(Reply::accepted(releases::make_statistics_release(tx, r.fields()?)?))),
    get(Operation::ListStatisticsReleases, "/statistics/releases", Answers::List("releases"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(releases::list_statistics_releases(tx, &r.page(&b.sealer)?)?)) }),
    get(Operation::ReadStatisticsRelease, "/statistics/releases/{statisticsReleaseId}", Answers::Record, |tx, r, _| Ok(Reply::record(releases::read_statistics_release(tx, r.id("statisticsReleaseId")?, r.language)?))),
    beside(Operation::ExportStatisticsRelease, Method::Get, "/statistics/releases/{statisticsReleaseId}/csv", Accepts::Nothing, Answers::File(release_files::SHEET), |backend, request| Box::pin(release_files::export_sheet(backend, request))),
    beside(Operation::ExportStatisticsWorkbook, Method::Get, "/statistics/releases/{statisticsReleaseId}/xlsx", Accepts::Nothing, Answers::File(release_files::WORKBOOK), |backend, request| Box::pin(release_files::export_workbook(backend, request))),
    beside(Operation::ExportStatisticsReport, Method::Get, "/statistics/releases/{statisticsReleaseId}/report", Accepts::Nothing, Answers::File(release_files::REPORT), |backend, request| Box::pin(release_files::export_report(backend, request))),
    beside(Operation::ReadStatisticsChart, Method::Get, "/statistics/releases/{statisticsReleaseId}/charts/{tableName}", Accepts::Nothing, Answers::File(release_files::CHART), |backend, request| Box::pin(release_files::read_chart(backend, request))),
    post(Operation::WithdrawStatisticsRelease, "/statistics/releases/{statisticsReleaseId}/withdrawal", Answers::Record, |tx, r, _| Ok(Reply::record_at(releases::withdraw_statistics_release(tx, r.id("statisticsReleaseId")?, r.fields()?)?, "/statistics/releases"))),
    get(Operation::ListJobs, "/jobs", Answers::List("jobs"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(jobs::list_jobs(tx, &r.page(&b.sealer)?)?)) }),
    get(Operation::ReadJob, "/jobs/{jobId}", Answers::Record, |tx, r, _| Ok(Reply::record(jobs::read_job(tx, r.id("jobId")?)?))),
    Route { accepts: Accepts::Nothing, ..post(Operation::CancelJob, "/jobs/{jobId}/cancellation", Answers::Record, |tx, r, _| Ok(Reply::record_at(jobs::cancel_job(tx, r.id("jobId")?)?, "/jobs"))) },

    get(Operation::ReadTargetGroup, "/youths/{youthId}/target-group", Answers::Document, |tx, r, _| Ok(Reply::document(target_group::read_target_group(tx, r.id("youthId")?, r.parameters()?)?.fields))),

    get(Operation::ListCandidates, "/target-group-candidates", Answers::List("candidates"), |tx, r, b| Ok(Reply::list(candidates::list_candidates(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListYouthCandidates, "/youths/{youthId}/target-group-candidates", Answers::List("candidates"), |tx, r, b| Ok(Reply::list(candidates::list_youth_candidates(tx, r.id("youthId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ReadCandidate, "/target-group-candidates/{candidateId}", Answers::Record, |tx, r, _| Ok(Reply::record(candidates::read_candidate(tx, r.id("candidateId")?)?))),
    patch(Operation::DecideCandidate, "/target-group-candidates/{candidateId}", |tx, r, _| Ok(Reply::record(candidates::decide_candidate(tx, r.id("candidateId")?, r.version()?, r.fields()?)?))),
    post(Operation::RunTargetGroup, "/target-group-runs", Answers::Created, |tx, r, _| Ok(Reply::created(runs::run_target_group(tx, r.fields()?)?, "/target-group-runs"))),
    get(Operation::ListTargetGroupRuns, "/target-group-runs", Answers::List("runs"), |tx, r, b| { r.parameters()?.finish()?; Ok(Reply::list(runs::list_target_group_runs(tx, &r.page(&b.sealer)?)?)) }),
    get(Operation::ReadTargetGroupRun, "/target-group-runs/{targetGroupRunId}", Answers::Record, |tx, r, _| Ok(Reply::record(runs::read_target_group_run(tx, r.id("targetGroupRunId")?)?))),

    get(Operation::ListLogReviews, "/log-reviews", Answers::List("logReviews"), |tx, r, b| Ok(Reply::list(log_reviews::list_log_reviews(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    beside(Operation::CreateLogReview, Method::Post, "/log-reviews", Accepts::Json, Answers::Created, |backend, request| Box::pin(reviews::create_log_review(backend, request))),
    get(Operation::ReadLogReview, "/log-reviews/{logReviewId}", Answers::Record, |tx, r, _| Ok(Reply::record(log_reviews::read_log_review(tx, r.id("logReviewId")?)?))),
    Route { needs_version: true, ..post(Operation::SignOffLogReview, "/log-reviews/{logReviewId}/sign-off", Answers::Record, |tx, r, _| Ok(Reply::record_at(log_reviews::sign_off_log_review(tx, r.id("logReviewId")?, r.version()?, r.fields()?)?, "/log-reviews"))) },
    get(Operation::ListLogReviewRows, "/log-reviews/{logReviewId}/rows", Answers::List("logReviewRows"), |tx, r, b| Ok(Reply::list(log_reviews::list_log_review_rows(tx, r.id("logReviewId")?, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ListLogFollowUps, "/log-review-rows/to-follow-up", Answers::List("logReviewRows"), |tx, r, b| Ok(Reply::list(log_reviews::list_log_follow_ups(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ReadLogReviewRow, "/log-review-rows/{logReviewRowId}", Answers::Record, |tx, r, _| Ok(Reply::record(log_reviews::read_log_review_row(tx, r.id("logReviewRowId")?)?))),
    patch(Operation::RecordLogFinding, "/log-review-rows/{logReviewRowId}", |tx, r, _| Ok(Reply::record(log_reviews::record_log_finding(tx, r.id("logReviewRowId")?, r.version()?, r.fields()?)?))),
    // Put, so that no answer with an event in it is kept for repeating.
    Route { method: Method::Put, needs_version: true, ..post(Operation::RecordLogFollowUp, "/log-review-rows/{logReviewRowId}/follow-up", Answers::Record, |tx, r, _| Ok(Reply::record_at(log_reviews::record_log_follow_up(tx, r.id("logReviewRowId")?, r.version()?, r.fields()?)?, "/log-review-rows"))) },

    get(Operation::ListAuditEvents, "/audit-events", Answers::List("auditEvents"), |tx, r, b| Ok(Reply::list(audit_events::list_audit_events(tx, r.parameters()?, &r.page(&b.sealer)?)?))),
    get(Operation::ReadAccessReport, "/youths/{youthId}/access-report", Answers::Document, |tx, r, _| Ok(Reply::document(audit_events::read_access_report(tx, r.id("youthId")?, r.parameters()?)?.fields))),
];
