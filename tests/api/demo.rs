//! The demo: is the municipality the one that was promised, does everything in it hold together, and does it have
//! something to show to everybody? It is filled once for each database, so one test asks all of it.

use crate::enciphering::shows_no_secret;
use crate::on_both;
use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use kaa::clock::day_of;
use kaa::db::Conn;
use kaa::db::audit_chain::{Verdict, verify};
use kaa::db::audited::{AuditedTx, Call, Door, Identity};
use kaa::db::cipher::AllStored;
use kaa::db::duties::settle_everybody;
use kaa::db::paging::{Page, PageRequest};
use kaa::db::schema;
use kaa::db::schema::{
    access_grants, assignments, audit_events, calendar_feeds, carried_notes, consents,
    contact_persons, contacts, correction_notes, current_occupations, disclosures,
    duplicate_dismissals, education_contracts, episodes, interventions, mappings, occupations,
    organisations, outcome_checks, outreach_contacts, outreach_sessions, placement_wishes,
    placements, plan_follow_ups_done, plan_revisions, processing_restrictions, protected_consents,
    protected_disclosures, protected_referrals, protected_statuses, protected_tasks, referrals,
    register_extracts, school_notifications, sensitive_term_counts, target_group_candidates,
    target_group_runs, tasks as schema_tasks, transfers, units, users, week_approvals,
    youth_identifiers, youth_merges, youths,
};
use kaa::db::store::{Store, Threads};
use kaa::db::tasks::StoredTaskRow;
use kaa::demo::{DemoAccount, fill};
use kaa::domain::codes::{AssignmentKind, Code, ProtectionLevel, Track};
use kaa::domain::disclosure::DisclosureBasis;
use kaa::domain::id::{Id, User};
use kaa::domain::operation::Operation;
use kaa::domain::school_notification::{NotificationKind, NotificationOutcome, NotificationStatus};
use kaa::domain::target_group::codes::{CandidateKind, CandidateStatus};
use kaa::domain::task::{TaskClosing, TaskKind};
use kaa::domain::transfer::TransferStatus;
use kaa::domain::user::Role;
use kaa::error::{Language, Result};
use kaa::exchange::roster::RosterMapping;
use kaa::policy::reveal::View;
use kaa::service::ambassador_weeks::list_ambassador_weeks;
use kaa::service::form::Form;
use kaa::service::imports::{RosterUpload, import_roster};
use kaa::service::outreach_sessions::list_outreach_sessions;
use kaa::service::{placement_offers, tasks, youths as register};
use serde_json::Value;

/// When the demo is filled: a Tuesday, 9 o'clock in Stockholm.
const NOW: &str = "2026-11-24T08:00:00Z";

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn wait<F: Future>(work: F) -> F::Output {
    // Jobs rest between two steps.
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(work)
}

fn fill_now(door: &Door) -> Result<Vec<DemoAccount>> {
    wait(fill(door, now(), |password| {
        Ok(format!("hash of {password}"))
    }))
}

/// The parameters of a list.
type Parameters = &'static [(&'static str, &'static str)];

/// A list as somebody of the demo has it.
fn list_of(
    door: &Door,
    user: Id<User>,
    operation: Operation,
    parameters: Parameters,
    list: fn(&mut AuditedTx<'_>, Form, &PageRequest) -> Result<Page<View>>,
) -> Vec<View> {
    let call = Call {
        operation,
        identity: Identity::OnBehalf(user),
        at: now(),
        request_id: "test".to_owned(),
    };
    let request = PageRequest {
        limit: 1_000,
        ..PageRequest::default()
    };
    wait(door.run(call, move |tx| {
        let pairs = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        list(tx, Form::of_parameters(pairs), &request)
    }))
    .unwrap()
    .rows
}

fn open(conn: &mut Conn, track: Track) -> i64 {
    episodes::table
        .filter(episodes::exited_on.is_null())
        .filter(episodes::track.eq(track))
        .count()
        .get_result(conn)
        .unwrap()
}

macro_rules! count {
    ($conn:expr, $query:expr) => {
        $query
            .select(count_star())
            .get_result::<i64>($conn)
            .unwrap()
    };
}

fn user(conn: &mut Conn, username: &str) -> Id<User> {
    users::table
        .filter(users::username.eq(username))
        .select(users::id)
        .first(conn)
        .unwrap()
}

fn has_promised_numbers(conn: &mut Conn) {
    // Five were registered twice, and one of these was merged.
    assert_eq!(count!(conn, youths::table), 404);
    // Two have come back.
    assert_eq!(open(conn, Track::Kaa), 152);
    // Two of those whose duty ended at 20 go on in outreach.
    assert_eq!(open(conn, Track::Outreach), 102);
    assert_eq!(count!(conn, episodes::table), 404);
    let returns = episodes::table.filter(episodes::previous_episode_id.is_not_null());
    assert_eq!(count!(conn, returns), 4);
    assert_eq!(count!(conn, units::table), 2);
    assert_eq!(count!(conn, users::table), 15);
    assert_eq!(count!(conn, youth_identifiers::table), 402);
    assert_eq!(count!(conn, youth_merges::table), 2);
    assert_eq!(count!(conn, duplicate_dismissals::table), 1);
    for (what, count, least) in [
        ("contacts", count!(conn, contacts::table), 1_200),
        ("interventions", count!(conn, interventions::table), 200),
        ("referrals", count!(conn, referrals::table), 40),
        (
            "protected referrals",
            count!(conn, protected_referrals::table),
            15,
        ),
        (
            "protected statuses",
            count!(conn, protected_statuses::table),
            5,
        ),
        ("grants", count!(conn, access_grants::table), 3),
        (
            "placement offers",
            count!(conn, schema::placement_offers::table),
            5,
        ),
        (
            "placement wishes",
            count!(conn, placement_wishes::table),
            10,
        ),
        ("placements", count!(conn, placements::table), 3),
        ("organisations", count!(conn, organisations::table), 16),
        ("contact persons", count!(conn, contact_persons::table), 16),
        ("extracts", count!(conn, register_extracts::table), 1),
        (
            "restrictions",
            count!(conn, processing_restrictions::table),
            1,
        ),
        ("occupations", count!(conn, occupations::table), 400),
        ("mappings", count!(conn, mappings::table), 150),
        ("plan revisions", count!(conn, plan_revisions::table), 150),
        (
            "second revisions",
            count!(
                conn,
                plan_revisions::table.filter(plan_revisions::number.eq(2))
            ),
            20,
        ),
        (
            "follow-ups done",
            count!(conn, plan_follow_ups_done::table),
            20,
        ),
        ("contracts", count!(conn, education_contracts::table), 5),
        ("outcome checks", count!(conn, outcome_checks::table), 100),
        (
            "answered checks",
            count!(
                conn,
                outcome_checks::table.filter(outcome_checks::result.is_not_null())
            ),
            10,
        ),
        (
            "proposed attempts",
            count!(
                conn,
                contacts::table.filter(contacts::proposed_on.is_not_null())
            ),
            300,
        ),
        ("events", count!(conn, audit_events::table), 4_000),
    ] {
        assert!(count >= least, "{count} {what}");
    }
    // Of some it has lapsed, of some it soon will.
    let today = now().date_naive();
    let lapsed = current_occupations::table
        .filter(current_occupations::valid_until.le(today).assume_not_null());
    assert!(count!(conn, lapsed) >= 20);
    let soon = current_occupations::table
        .filter(current_occupations::valid_until.gt(today).assume_not_null())
        .filter(
            current_occupations::valid_until
                .le(today + chrono::Days::new(28))
                .assume_not_null(),
        );
    assert!(count!(conn, soon) >= 10);
    let marked = youths::table.filter(youths::protection_level.ne(ProtectionLevel::None));
    assert_eq!(count!(conn, marked), 4);
    let refused = audit_events::table.filter(audit_events::outcome.eq("refused"));
    assert!(count!(conn, refused) >= 1);
    let street = assignments::table.filter(assignments::kind.eq(AssignmentKind::Ambassador));
    assert!(count!(conn, street) >= 20);
    // Nothing that has happened lies ahead.
    let latest: kaa::db::types::Timestamp = audit_events::table
        .select(audit_events::at)
        .order(audit_events::at.desc())
        .first(conn)
        .unwrap();
    assert!(latest.utc() < now());
}

/// The matches of the first open offer that has some, as the konsulent finds them.
fn first_matches(tx: &mut AuditedTx<'_>, form: Form, request: &PageRequest) -> Result<Page<View>> {
    let offers = placement_offers::list_placement_offers(tx, form, request)?;
    let mut page = offers.clone();
    page.rows.clear();
    for offer in offers.rows {
        let id = offer.fields["id"].as_str().unwrap().parse().unwrap();
        page = placement_offers::list_offer_matches(tx, Id::of(id), request)?;
        if !page.rows.is_empty() {
            break;
        }
    }
    Ok(page)
}

/// A finished run of each unit, and candidates of every kind to decide on.
fn has_candidates_of_every_kind(conn: &mut Conn) {
    let finished = target_group_runs::table.filter(target_group_runs::finished_at.is_not_null());
    assert_eq!(count!(conn, finished), 2);
    for kind in CandidateKind::ALL {
        let found = target_group_candidates::table
            .filter(target_group_candidates::status.eq(CandidateStatus::Pending))
            .filter(target_group_candidates::kind.eq(kind));
        let count = count!(conn, found);
        assert!((1..=20).contains(&count), "{count} {}", kind.code());
    }
}

/// What schools have told: each kind waits once, one about a person in no register, and two are answered.
fn hears_of_schools(conn: &mut Conn) {
    for kind in NotificationKind::ALL {
        let waiting = school_notifications::table
            .filter(school_notifications::kind.eq(*kind))
            .filter(school_notifications::status.eq(NotificationStatus::Pending));
        assert_eq!(count!(conn, waiting), 1, "{}", kind.code());
    }
    for (outcome, several) in [
        (NotificationOutcome::PreventiveContact, 1),
        (NotificationOutcome::EnrolmentRecorded, 1),
    ] {
        let so = school_notifications::table.filter(school_notifications::outcome.eq(outcome));
        assert_eq!(count!(conn, so), several, "{}", outcome.code());
    }
    let unknown = school_notifications::table.filter(school_notifications::youth_id.is_null());
    assert_eq!(count!(conn, unknown), 1);
    let preventive = schema_tasks::table
        .filter(schema_tasks::kind.eq(TaskKind::PreventiveContact))
        .filter(schema_tasks::closed_at.is_null());
    assert_eq!(count!(conn, preventive), 1);
}

/// What the law asks beside the everyday work is there to be seen, each of it.
fn shows_what_the_law_asks(conn: &mut Conn) {
    let withdrawn = consents::table.filter(consents::withdrawn_on.is_not_null());
    assert_eq!(count!(conn, withdrawn), 1);
    assert!(count!(conn, consents::table) >= 20);
    assert!(count!(conn, protected_consents::table) >= 10);
    assert!(count!(conn, protected_disclosures::table) >= 8);
    for basis in DisclosureBasis::ALL {
        let on_basis = disclosures::table.filter(disclosures::basis.eq(*basis));
        assert!(count!(conn, on_basis) >= 1, "{}", basis.code());
    }
    assert_eq!(count!(conn, correction_notes::table), 1);
    assert_eq!(count!(conn, sensitive_term_counts::table), 1);
    for status in [TransferStatus::Pending, TransferStatus::Accepted] {
        let so = transfers::table.filter(transfers::status.eq(status));
        assert_eq!(count!(conn, so), 1, "{}", status.code());
    }
    assert_eq!(count!(conn, carried_notes::table), 1);
    for kind in [TaskKind::InformOfWithdrawal, TaskKind::DecideTransfer] {
        let open = schema_tasks::table
            .filter(schema_tasks::kind.eq(kind))
            .filter(schema_tasks::closed_at.is_null());
        assert_eq!(count!(conn, open), 1, "{}", kind.code());
    }
}

/// What the ambassadors do out there, what came of it, and what they are paid for.
fn shows_who_goes_out(door: &Door, conn: &mut Conn) {
    assert_eq!(count!(conn, outreach_sessions::table), 8);
    for area in ["Rissne", "Hallonbergen", "Ör"] {
        let there = outreach_sessions::table.filter(outreach_sessions::area.eq(area));
        assert!(count!(conn, there) >= 2, "{area}");
    }
    assert_eq!(count!(conn, outreach_contacts::table), 4);
    let known = outreach_contacts::table.filter(outreach_contacts::youth_id.is_not_null());
    assert_eq!(count!(conn, known), 1);
    assert_eq!(count!(conn, week_approvals::table), 6);
    assert_eq!(count!(conn, calendar_feeds::table), 1);
    let konsulent = user(conn, "ungdomskonsulent");
    let weeks = list_of(
        door,
        konsulent,
        Operation::ListAmbassadorWeeks,
        &[("weeks", "5")],
        list_ambassador_weeks,
    );
    assert_eq!(weeks.len(), 15);
    let number = |view: &View, field: &str| view.fields[field].as_i64().unwrap_or(0);
    let sum = |field: &str| weeks.iter().map(|view| number(view, field)).sum::<i64>();
    for field in [
        "sessionMinutes",
        "visitCount",
        "attemptCount",
        "reportedMinutes",
    ] {
        assert!(sum(field) > 0, "{field}");
    }
    let changed: Vec<&View> = weeks
        .iter()
        .filter(|view| number(view, "differenceMinutes") != 0)
        .collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(number(changed[0], "differenceMinutes"), 45);
    let own = user(conn, "ambassador");
    let sessions = list_of(
        door,
        own,
        Operation::ListOutreachSessions,
        &[],
        list_outreach_sessions,
    );
    assert!(sessions.len() >= 4);
}

fn has_something_for_everybody(door: &Door, conn: &mut Conn) {
    let chief = user(conn, "enhetschef");
    let forgotten: [(Parameters, usize, usize); 6] = [
        (&[("kind", "never_contacted")], 9, 40),
        (&[("kind", "without_handler")], 11, 60),
        (&[("kind", "without_offer")], 20, 200),
        (&[("kind", "not_reached"), ("days", "30")], 40, 200),
        (&[("kind", "not_reached"), ("days", "60")], 35, 180),
        (&[("kind", "not_reached"), ("days", "90")], 30, 170),
    ];
    let mut before = usize::MAX;
    for (parameters, least, most) in forgotten {
        let operation = Operation::ListForgottenYouths;
        let found = list_of(
            door,
            chief,
            operation,
            parameters,
            register::list_forgotten_youths,
        );
        let count = found.len();
        assert!((least..=most).contains(&count), "{parameters:?}: {count}");
        if parameters.len() == 2 {
            assert!(count <= before, "longer ago is fewer");
            before = count;
        }
    }
    for username in [
        "syv",
        "socionom",
        "ungdomskonsulent",
        "ambassador",
        "nils.berg",
    ] {
        let whose = user(conn, username);
        let lines = list_of(door, whose, Operation::ListTasks, &[], tasks::list_tasks);
        let overdue = lines
            .iter()
            .filter(|line| line.fields.get("isOverdue") == Some(&Value::Bool(true)))
            .count();
        assert!(!lines.is_empty(), "{username} has nothing to do");
        assert!(overdue < lines.len(), "{username}: all {overdue} overdue");
    }
    let lines = list_of(
        door,
        user(conn, "syv"),
        Operation::ListTasks,
        &[],
        tasks::list_tasks,
    );
    assert!(
        lines
            .iter()
            .any(|line| line.fields.get("isOverdue") == Some(&Value::Bool(true)))
    );
    // The small unit sees its own and nobody else's.
    let nils = user(conn, "nils.berg");
    let theirs = list_of(
        door,
        nils,
        Operation::ListYouths,
        &[],
        register::list_youths,
    );
    // One of them was taken over from the large unit.
    assert_eq!(theirs.len(), 19);
    let konsulent = user(conn, "ungdomskonsulent");
    let open: Parameters = &[("status", "open")];
    let matches = list_of(
        door,
        konsulent,
        Operation::ListOfferMatches,
        open,
        first_matches,
    );
    assert!(!matches.is_empty(), "nobody suits any place");
}

/// Every duty has its task and no task is without one; each thing that may be done with a task has been done.
fn has_right_tasks(door: &Door, conn: &mut Conn) {
    let settled = wait(settle_everybody(door, now())).unwrap();
    // Only what a birthday has ended meanwhile may be left to close.
    assert_eq!((settled.made, settled.moved), (0, 0), "{settled:?}");
    let rows: Vec<StoredTaskRow> = protected_tasks::table.load(conn).unwrap();
    let rows = rows
        .all_deciphered_in(&crate::support::vault(), "protected_tasks")
        .unwrap();
    let of = |kind: TaskKind| -> Vec<(Option<TaskClosing>, bool)> {
        rows.iter()
            .filter(|row| row.kind == kind)
            .map(|row| (row.closed_because, row.deferral_reason.is_some()))
            .collect()
    };
    let reports = of(TaskKind::ConcernReport);
    assert!(reports.contains(&(Some(TaskClosing::Answered), false)));
    assert!(reports.contains(&(None, false)), "one is still to be made");
    let guardians = of(TaskKind::GuardianContact);
    assert!(
        guardians.contains(&(None, true)),
        "one is put off with a reason"
    );
    assert!(of(TaskKind::ResumeAfterPause).contains(&(None, false)));
    let given = schema_tasks::table.filter(schema_tasks::reassigned_to.is_not_null());
    assert!(count!(conn, given) >= 1);
    assert!(count!(conn, schema_tasks::table) > 500);
}

/// The sample roster meets nobody of the demo, so that it gives the figures that are told of it.
fn takes_the_sample_roster(door: &Door, conn: &mut Conn) {
    let bytes = include_bytes!("../data/roster-2026-11.csv");
    let as_of = day_of(now());
    let mapping = RosterMapping::default();
    let upload = RosterUpload::read(bytes, None, as_of, &mapping, &mut |_| {}).unwrap();
    let call = Call {
        operation: Operation::ImportRoster,
        identity: Identity::OnBehalf(user(conn, "syv")),
        at: now(),
        request_id: "test".to_owned(),
    };
    let run = wait(door.run(call, move |tx| {
        import_roster(tx, &upload, false, Language::Swedish, &mut |_, _, _| {})
            .map(|imported| imported.view)
    }))
    .unwrap();
    let counts = run.fields.get("counts").unwrap();
    assert_eq!(
        (
            &counts["created"],
            &counts["needsDecision"],
            &counts["outside"]
        ),
        (&Value::from(149), &Value::from(7), &Value::from(2_844))
    );
}

on_both!(the_municipality_is_the_one_that_was_promised, |database| {
    drop(database.migrated());
    let threads = Threads {
        readers: 1,
        writers: 1,
    };
    let door = Door::new(
        Store::open(&database.location, threads).unwrap(),
        crate::support::vault(),
    );
    let accounts = fill_now(&door).unwrap();
    let conn = &mut database.connect();
    for role in Role::ALL {
        let account = accounts
            .iter()
            .find(|account| account.role == role.code())
            .unwrap();
        let stored: (Role, String) = users::table
            .filter(users::username.eq(account.username))
            .select((users::role, users::password_hash))
            .first(conn)
            .unwrap();
        assert_eq!(stored, (*role, format!("hash of {}", account.password)));
    }
    assert_eq!(accounts.len(), Role::ALL.len());
    has_promised_numbers(conn);
    has_candidates_of_every_kind(conn);
    shows_what_the_law_asks(conn);
    hears_of_schools(conn);
    shows_who_goes_out(&door, conn);
    has_something_for_everybody(&door, conn);
    has_right_tasks(&door, conn);
    // Neither a dump nor the files nor a backup shows what the municipality has entrusted to the keys.
    shows_no_secret(&database, conn, 1_500);
    takes_the_sample_roster(&door, conn);
    // Once is enough: a second filling is refused whole.
    assert!(fill_now(&door).is_err());
    assert_eq!(count!(conn, youths::table), 404);
    assert!(matches!(verify(conn).unwrap(), Verdict::Whole { .. }));
});
