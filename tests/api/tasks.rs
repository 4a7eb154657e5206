//! The work list over HTTP: whose line stands on whose list, when it goes, and what a protected identity tells.
//! The causes are put straight into the database, so that each case is the one meant.

use crate::support::Persona::{
    Administrator, Ambassador, AmbassadorStranger, Enhetschef, Expired, Loggranskare, Nobody,
    Socionom, SocionomStranger, Syv, SyvElsewhere, Ungdomskonsulent,
};
use crate::support::app::Answer;
use crate::support::{Persona, TestApp};
use crate::with_app;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kaa::clock::day_of;
use kaa::db::referrals::ReferralRow;
use kaa::db::schema::{
    assignments, contacts, episodes, intervention_follow_ups, interventions, protected_referrals,
    referrals, youths,
};
use kaa::db::types::Timestamp;
use kaa::domain::codes::{
    AssignmentKind, Channel, ContactResult, Direction, Measure, MetWho, OfferAnswer,
    ReferralStatus, ReferralTarget, ResponsibleParty,
};
use kaa::domain::id::{
    Assignment, Contact, Episode, FollowUp, Id, Intervention, Referral, User, Youth,
};
use serde_json::{Value, json};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn db_contact(
    app: &TestApp,
    (youth, episode): (Id<Youth>, Id<Episode>),
    author: Persona,
    at: &str,
    next: Option<&str>,
) -> Id<Contact> {
    let id = Id::fresh();
    let at: DateTime<Utc> = at.parse().unwrap();
    let stamp = Timestamp::of(at);
    diesel::insert_into(contacts::table)
        .values((
            contacts::id.eq(id),
            contacts::youth_id.eq(youth),
            contacts::episode_id.eq(episode),
            contacts::author_id.eq(app.world.user(author)),
            contacts::occurred_at.eq(stamp),
            contacts::channel.eq(Channel::Phone),
            contacts::direction.eq(Direction::Outbound),
            contacts::met_who.eq(MetWho::Youth),
            contacts::result.eq(ContactResult::Reached),
            contacts::next_contact_on.eq(next.map(day)),
            contacts::created_at.eq(stamp),
            contacts::updated_at.eq(stamp),
            contacts::version.eq(1_i64),
        ))
        .execute(&mut app.db())
        .unwrap();
    diesel::update(youths::table.find(youth))
        .set((
            youths::last_attempt_on.eq(day_of(at)),
            youths::contact_sort_on.eq(day_of(at)),
        ))
        .execute(&mut app.db())
        .unwrap();
    app.db_settle();
    id
}

fn db_follow_up(
    app: &TestApp,
    (youth, episode): (Id<Youth>, Id<Episode>),
    by: Persona,
    answer: OfferAnswer,
    due: &str,
    done: Option<&str>,
) -> Id<Intervention> {
    let id: Id<Intervention> = Id::fresh();
    let stamp = Timestamp::of(app.clock.now());
    diesel::insert_into(interventions::table)
        .values((
            interventions::id.eq(id),
            interventions::youth_id.eq(youth),
            interventions::episode_id.eq(episode),
            interventions::kind.eq(Measure::Talks),
            interventions::answer.eq(answer),
            interventions::offered_on.eq(day("2026-10-01")),
            interventions::responsible_party.eq(ResponsibleParty::Municipality),
            interventions::created_by.eq(app.world.user(by)),
            interventions::created_at.eq(stamp),
            interventions::updated_at.eq(stamp),
            interventions::version.eq(1_i64),
        ))
        .execute(&mut app.db())
        .unwrap();
    diesel::insert_into(intervention_follow_ups::table)
        .values((
            intervention_follow_ups::id.eq(Id::<FollowUp>::fresh()),
            intervention_follow_ups::intervention_id.eq(id),
            intervention_follow_ups::due_on.eq(day(due)),
            intervention_follow_ups::done_on.eq(done.map(day)),
        ))
        .execute(&mut app.db())
        .unwrap();
    app.db_settle();
    id
}

macro_rules! db_referral {
    ($app:expr, $table:ident, $whose:expr, $by:expr, $status:expr, $due:expr) => {{
        let id: Id<Referral> = Id::fresh();
        let stamp = Timestamp::of($app.clock.now());
        let due: Option<&str> = $due;
        let status: ReferralStatus = $status;
        let is_answered = matches!(status, ReferralStatus::Received | ReferralStatus::Closed);
        let row = ReferralRow {
            id,
            youth_id: $whose.0,
            episode_id: $whose.1,
            target: ReferralTarget::AddictionCare,
            status,
            recipient: None,
            note: None,
            offered_on: day("2026-10-01"),
            declined_on: None,
            consented_on: Some(day("2026-10-01")),
            consent_form: None,
            sent_on: (status == ReferralStatus::Sent || is_answered).then(|| day("2026-11-01")),
            received_on: is_answered.then(|| day("2026-11-10")),
            closed_on: (status == ReferralStatus::Closed).then(|| day("2026-11-12")),
            answer_due_on: due.map(day),
            basis: None,
            consent_id: None,
            basis_reason: None,
            created_by: Some($app.world.user($by)),
            created_at: stamp,
            updated_at: stamp,
            version: 1,
        };
        let row = row
            .enciphered_in(&crate::support::vault(), stringify!($table))
            .unwrap();
        diesel::insert_into($table::table)
            .values((
                $table::id.eq(row.id),
                $table::youth_id.eq(row.youth_id),
                $table::episode_id.eq(row.episode_id),
                $table::target.eq(row.target),
                $table::status.eq(row.status),
                $table::offered_on.eq(row.offered_on),
                $table::consented_on.eq(row.consented_on),
                $table::sent_on.eq(row.sent_on),
                $table::received_on.eq(row.received_on),
                $table::closed_on.eq(row.closed_on),
                $table::answer_due_on.eq(row.answer_due_on),
                $table::created_by.eq(row.created_by),
                $table::created_at.eq(row.created_at),
                $table::updated_at.eq(row.updated_at),
                $table::version.eq(row.version),
            ))
            .execute(&mut $app.db())
            .unwrap();
        $app.db_settle();
        id
    }};
}

fn alva(app: &TestApp) -> (Id<Youth>, Id<Episode>) {
    (app.world.alva, app.world.alva_episode)
}
fn bo(app: &TestApp) -> (Id<Youth>, Id<Episode>) {
    (app.world.bo, app.world.bo_episode)
}
fn pia(app: &TestApp) -> (Id<Youth>, Id<Episode>) {
    (app.world.pia, app.world.pia_episode)
}

/// What is asked for in the only line of a list; the rest of a task is tested where it is set.
fn the_line(seen: &Answer) -> Value {
    let lines = seen.body["tasks"].as_array().unwrap();
    assert_eq!(lines.len(), 1, "{}", seen.body);
    let asked = [
        "kind",
        "dueOn",
        "isOverdue",
        "youthId",
        "givenName",
        "familyName",
        "recordId",
    ];
    let fields = lines[0].as_object().unwrap();
    fields
        .iter()
        .filter(|(name, _)| asked.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The records on a person's list.
fn list(app: &TestApp, persona: Persona) -> Vec<Value> {
    app.get(persona, "/tasks?limit=200")
        .expect(200)
        .column("tasks", "recordId")
}

with_app!(
    a_planned_contact_stands_with_its_planner_and_the_handler,
    |app| {
        let by_ambassador = db_contact(
            &app,
            alva(&app),
            Ambassador,
            "2026-11-10T10:00:00Z",
            Some("2026-11-20"),
        );
        let by_konsulent = db_contact(
            &app,
            bo(&app),
            Ungdomskonsulent,
            "2026-11-10T10:00:00Z",
            Some("2026-11-24"),
        );
        let seen = app.get(Ambassador, "/tasks").expect(200);
        assert_eq!(
            the_line(&seen),
            json!({
                "kind": "next_contact", "dueOn": "2026-11-20", "isOverdue": true, "youthId": app.world.alva,
                "givenName": "Alva", "familyName": "L.", "recordId": by_ambassador
            })
        );
        let seen = app.get(Syv, "/tasks").expect(200);
        assert_eq!(seen.body["tasks"][0]["familyName"], "Lindqvist-Björk");
        assert_eq!(list(&app, Syv), [json!(by_ambassador)]);
        // Due today is not overdue.
        let seen = app.get(Ungdomskonsulent, "/tasks").expect(200);
        assert_eq!(seen.column("tasks", "isOverdue"), [json!(false)]);
        assert_eq!(list(&app, Ungdomskonsulent), [json!(by_konsulent)]);
        for persona in [Socionom, AmbassadorStranger, Enhetschef, SyvElsewhere] {
            assert!(list(&app, persona).is_empty(), "{persona:?}");
        }
        for persona in [Administrator, Loggranskare] {
            app.get(persona, "/tasks").problem(403, "forbidden");
        }
        for nobody in [Nobody, Expired] {
            app.get(nobody, "/tasks").problem(401, "unauthenticated");
        }
        // The audit has each line as seen, about its youth.
        let events = app.db_events();
        let event = events
            .iter()
            .find(|event| {
                event.operation == "listTasks" && event.actor == Some(app.world.user(Ambassador))
            })
            .unwrap();
        assert_eq!(event.subjects[0].0, Some(app.world.alva));
        assert_eq!(event.subjects[0].1, "tasks");
        assert!(event.subjects[0].2.contains("familyName"));
    }
);

with_app!(
    a_plan_is_done_by_its_planner_or_by_anybody_on_the_day,
    |app| {
        let plan = db_contact(
            &app,
            alva(&app),
            Syv,
            "2026-11-10T10:00:00Z",
            Some("2026-11-20"),
        );
        // A chance meeting before the day leaves the plan.
        db_contact(&app, alva(&app), Ambassador, "2026-11-12T10:00:00Z", None);
        assert_eq!(list(&app, Syv), [json!(plan)]);
        // In Stockholm it is the day already.
        db_contact(&app, alva(&app), Ambassador, "2026-11-19T23:30:00Z", None);
        assert!(list(&app, Syv).is_empty());
        // A new plan of the planner takes the place of the old one, before the day too.
        let first = db_contact(
            &app,
            bo(&app),
            Ungdomskonsulent,
            "2026-11-10T10:00:00Z",
            Some("2026-12-10"),
        );
        assert_eq!(list(&app, Ungdomskonsulent), [json!(first)]);
        let second = db_contact(
            &app,
            bo(&app),
            Ungdomskonsulent,
            "2026-11-11T10:00:00Z",
            Some("2026-12-01"),
        );
        assert_eq!(list(&app, Ungdomskonsulent), [json!(second)]);
        db_contact(
            &app,
            bo(&app),
            Ungdomskonsulent,
            "2026-11-13T10:00:00Z",
            None,
        );
        assert!(list(&app, Ungdomskonsulent).is_empty());
    }
);

with_app!(follow_ups_stand_until_done_and_answers_until_given, |app| {
    let mine = db_follow_up(
        &app,
        bo(&app),
        Ungdomskonsulent,
        OfferAnswer::Accepted,
        "2026-11-01",
        None,
    );
    let handled = db_follow_up(
        &app,
        alva(&app),
        Ungdomskonsulent,
        OfferAnswer::Offered,
        "2026-12-01",
        None,
    );
    db_follow_up(
        &app,
        bo(&app),
        Ungdomskonsulent,
        OfferAnswer::Accepted,
        "2026-11-02",
        Some("2026-11-02"),
    );
    db_follow_up(
        &app,
        bo(&app),
        Ungdomskonsulent,
        OfferAnswer::Declined,
        "2026-11-03",
        None,
    );
    let waiting = db_referral!(
        app,
        referrals,
        bo(&app),
        Ungdomskonsulent,
        ReferralStatus::Sent,
        None
    );
    let agreed = db_referral!(
        app,
        referrals,
        alva(&app),
        Socionom,
        ReferralStatus::Sent,
        Some("2026-11-10")
    );
    db_referral!(
        app,
        referrals,
        bo(&app),
        Ungdomskonsulent,
        ReferralStatus::Received,
        Some("2026-11-10")
    );
    let seen = app.get(Ungdomskonsulent, "/tasks").expect(200);
    assert_eq!(
        seen.column("tasks", "recordId"),
        [json!(mine), json!(waiting), json!(handled)]
    );
    // Sent on 1 November without a day agreed: asked for after a fortnight.
    assert_eq!(
        seen.column("tasks", "dueOn"),
        ["2026-11-01", "2026-11-15", "2026-12-01"]
    );
    assert_eq!(list(&app, Syv), [json!(agreed), json!(handled)]);
    assert_eq!(list(&app, Socionom), [json!(agreed)]);
    assert!(list(&app, Ambassador).is_empty());
    // The parameters narrow it down.
    let narrowed = |query: &str| {
        app.get(Ungdomskonsulent, &format!("/tasks?{query}"))
            .expect(200)
            .column("tasks", "kind")
    };
    assert_eq!(narrowed("kind=follow_up"), ["follow_up", "follow_up"]);
    assert_eq!(narrowed("dueBefore=2026-11-15"), ["follow_up"]);
    assert_eq!(
        narrowed("dueBefore=2026-11-16&kind=await_referral_answer"),
        ["await_referral_answer"]
    );
    let wrong = app
        .get(Syv, "/tasks?kind=x&dueBefore=y&z=1")
        .problem(400, "invalid-parameter");
    assert_eq!(wrong.len(), 3);
});

with_app!(what_cannot_be_done_any_more_is_no_task, |app| {
    db_contact(
        &app,
        alva(&app),
        Ambassador,
        "2026-11-10T10:00:00Z",
        Some("2026-11-20"),
    );
    db_follow_up(
        &app,
        alva(&app),
        Syv,
        OfferAnswer::Accepted,
        "2026-11-01",
        None,
    );
    assert_eq!(list(&app, Syv).len(), 2);
    // The assignment of the ambassador ends: the youth is out of sight, and so is the task. The handler keeps it.
    diesel::update(assignments::table.filter(assignments::user_id.eq(app.world.user(Ambassador))))
        .set(assignments::ends_at.eq(Timestamp::of(app.clock.now())))
        .execute(&mut app.db())
        .unwrap();
    assert!(list(&app, Ambassador).is_empty());
    assert_eq!(list(&app, Syv).len(), 2);
    // The episode closes: nothing can be done within it.
    diesel::update(episodes::table.find(app.world.alva_episode))
        .set(episodes::exited_on.eq(day("2026-11-24")))
        .execute(&mut app.db())
        .unwrap();
    app.db_settle();
    assert!(list(&app, Syv).is_empty());
});

with_app!(
    a_protected_identity_is_a_line_without_a_name_for_the_one_assigned,
    |app| {
        let plan = db_contact(
            &app,
            pia(&app),
            Socionom,
            "2026-11-10T10:00:00Z",
            Some("2026-11-20"),
        );
        let seen = app.get(Socionom, "/tasks").expect(200);
        assert_eq!(
            the_line(&seen),
            json!({
                "kind": "next_contact", "dueOn": "2026-11-20", "isOverdue": true,
                "youthId": app.world.pia, "recordId": plan
            })
        );
        // Made by somebody who is no longer assigned: not theirs to see.
        db_contact(
            &app,
            pia(&app),
            SocionomStranger,
            "2026-11-11T10:00:00Z",
            Some("2026-11-21"),
        );
        assert!(list(&app, SocionomStranger).is_empty());
        assert!(list(&app, Enhetschef).is_empty());
    }
);

with_app!(
    the_compartment_stands_on_the_list_of_its_assigned_maker_alone_and_leaves_no_trace,
    |app| {
        let secret = db_referral!(
            app,
            protected_referrals,
            alva(&app),
            Socionom,
            ReferralStatus::Sent,
            Some("2026-11-10")
        );
        db_referral!(
            app,
            protected_referrals,
            bo(&app),
            Socionom,
            ReferralStatus::Sent,
            None
        );
        // Of Bo the socionom is not assigned.
        assert_eq!(list(&app, Socionom), [json!(secret)]);
        for persona in [Syv, SocionomStranger, Ungdomskonsulent, Ambassador] {
            assert!(list(&app, persona).is_empty(), "{persona:?}");
        }
        // That nobody is assigned to Bo who sees what waits there is the chief's line, which names the youth alone.
        assert_eq!(list(&app, Enhetschef), [json!(app.world.bo)]);
        // The chief's review list does not have it; the reviewer's has, as of the compartment.
        let operations = |persona| {
            app.get(
                persona,
                &format!(
                    "/audit-events?operation=listTasks&userId={}",
                    app.world.user(Socionom)
                ),
            )
            .expect(200)
        };
        assert!(
            operations(Enhetschef)
                .column("auditEvents", "id")
                .is_empty()
        );
        let full = operations(Loggranskare);
        assert_eq!(
            full.body["auditEvents"][0]["subjects"][0]["resource"],
            "protectedTasks"
        );
    }
);

with_app!(a_long_list_is_walked_while_tasks_are_done, |app| {
    let mut made = Vec::new();
    for number in 1..=7 {
        made.push(db_follow_up(
            &app,
            bo(&app),
            Syv,
            OfferAnswer::Accepted,
            &format!("2026-11-{number:02}"),
            None,
        ));
    }
    let first = app.get(Syv, "/tasks?limit=3").expect(200);
    assert_eq!(
        first.column("tasks", "recordId"),
        made[..3].iter().map(|id| json!(id)).collect::<Vec<_>>()
    );
    // What the first page showed is done meanwhile: the second page neither skips nor repeats.
    diesel::update(
        intervention_follow_ups::table
            .filter(intervention_follow_ups::intervention_id.eq_any(&made[..3])),
    )
    .set(intervention_follow_ups::done_on.eq(day("2026-11-24")))
    .execute(&mut app.db())
    .unwrap();
    app.db_settle();
    let second = app.get(Syv, first.next().unwrap()).expect(200);
    assert_eq!(
        second.column("tasks", "recordId"),
        made[3..6].iter().map(|id| json!(id)).collect::<Vec<_>>()
    );
    let third = app.get(Syv, second.next().unwrap()).expect(200);
    assert_eq!(third.column("tasks", "recordId"), [json!(made[6])]);
    assert!(third.next().is_none());
});

with_app!(nobody_is_forgotten_whatever_the_way, |app| {
    let forgotten = |query: &str| -> Vec<String> {
        let mut names: Vec<String> = app
            .get(Enhetschef, &format!("/youths/forgotten?{query}"))
            .expect(200)
            .column("youths", "givenName")
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let reach = |youth: Id<Youth>, attempt: &str, reached: Option<&str>| {
        diesel::update(youths::table.find(youth))
            .set((
                youths::last_attempt_on.eq(day(attempt)),
                youths::contact_sort_on.eq(day(attempt)),
                youths::last_reached_on.eq(reached.map(day)),
            ))
            .execute(&mut app.db())
            .unwrap();
    };
    // Olle has no episode and Pia is in nobody's list.
    assert_eq!(forgotten("kind=never_contacted"), ["Alva", "Bo"]);
    assert_eq!(forgotten("kind=not_reached"), ["Alva", "Bo"]);
    assert_eq!(forgotten("kind=without_handler"), ["Bo"]);
    assert_eq!(forgotten("kind=without_offer"), ["Alva", "Bo"]);
    // Tried yesterday, reached 45 days ago; the other only tried.
    reach(app.world.alva, "2026-11-23", Some("2026-10-10"));
    reach(app.world.bo, "2026-11-23", None);
    assert!(forgotten("kind=never_contacted").is_empty());
    assert_eq!(forgotten("kind=not_reached"), ["Alva", "Bo"]);
    assert_eq!(forgotten("kind=not_reached&days=45"), ["Alva", "Bo"]);
    assert_eq!(forgotten("kind=not_reached&days=46"), ["Bo"]);
    assert_eq!(forgotten("kind=not_reached&days=90"), ["Bo"]);
    // An offer, be it declined, is an offer; of an earlier episode it is none.
    db_follow_up(
        &app,
        alva(&app),
        Syv,
        OfferAnswer::Declined,
        "2026-11-01",
        None,
    );
    assert_eq!(forgotten("kind=without_offer"), ["Bo"]);
    // An assignment of another kind is no handler; one that has not begun is none yet.
    let assign = |kind, starts: &str, user: Id<User>| {
        let stamp = Timestamp::of(app.clock.now());
        diesel::insert_into(assignments::table)
            .values((
                assignments::id.eq(Id::<Assignment>::fresh()),
                assignments::youth_id.eq(app.world.bo),
                assignments::user_id.eq(user),
                assignments::kind.eq(kind),
                assignments::starts_at.eq(Timestamp::of(starts.parse().unwrap())),
                assignments::created_at.eq(stamp),
                assignments::updated_at.eq(stamp),
                assignments::version.eq(1_i64),
            ))
            .execute(&mut app.db())
            .unwrap();
    };
    assign(
        AssignmentKind::Support,
        "2026-11-01T08:00:00Z",
        app.world.user(Syv),
    );
    assign(
        AssignmentKind::Handler,
        "2026-11-25T08:00:00Z",
        app.world.user(Syv),
    );
    assert_eq!(forgotten("kind=without_handler"), ["Bo"]);
    assign(
        AssignmentKind::Handler,
        "2026-11-24T07:00:00Z",
        app.world.user(Syv),
    );
    assert!(forgotten("kind=without_handler").is_empty());
    for persona in [
        Ambassador,
        Syv,
        Ungdomskonsulent,
        Socionom,
        Administrator,
        Loggranskare,
    ] {
        app.get(persona, "/youths/forgotten?kind=not_reached")
            .problem(403, "forbidden");
    }
    for (query, pointer) in [
        ("", "kind"),
        ("kind=x", "kind"),
        ("kind=not_reached&days=0", "days"),
    ] {
        let wrong = app
            .get(Enhetschef, &format!("/youths/forgotten?{query}"))
            .problem(400, "invalid-parameter");
        assert_eq!(wrong[0].0, pointer);
    }
    let event = app
        .db_events()
        .into_iter()
        .find(|event| event.operation == "listForgottenYouths" && event.outcome == "allowed")
        .unwrap();
    assert_eq!(event.subjects.len(), 2);
});
