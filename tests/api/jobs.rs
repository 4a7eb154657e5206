//! Jobs: step by step to the end, cancelled and stopped in the middle and gone on with, by one server of several, for an asker
//! who may; and who sees them. What the kinds of jobs make is tested with what they make.

use crate::on_both;
use crate::support::Persona::{
    self, Administrator, Enhetschef, EnhetschefElsewhere, Loggranskare, Socionom, Syv,
};
use crate::support::TestApp;
use chrono::Duration;
use diesel::prelude::*;
use kaa::db::audited::{AuditedTx, Call, Identity};
use kaa::db::cipher::CipherText;
use kaa::db::jobs::JobRow;
use kaa::db::schema::{jobs, users};
use kaa::db::types::Timestamp;
use kaa::domain::id::{Id, Job, Server};
use kaa::domain::job::{JobKind, JobStatus};
use kaa::domain::operation::{Operation, Resource};
use kaa::domain::user::Role;
use kaa::error::{Error, ErrorCode, Result};
use kaa::jobs::{Ran, Runner};
use kaa::policy::decide::Relation;
use kaa::policy::reveal::Permit;
use kaa::service::jobs::{JobWork, Progress, Step, Taken, Works, enqueue, look, take_step};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

/// What is done instead of counting on, at some counts.
type Odd = fn(u64) -> Option<Result<Step>>;

/// Counts to its end, one in a step, and does something odd on the way if it is told to.
struct Count {
    to: u64,
    steps: AtomicU64,
    odd: Odd,
}

impl Count {
    fn to(to: u64) -> Arc<Self> {
        Self::odd(to, |_| None)
    }

    fn odd(to: u64, odd: Odd) -> Arc<Self> {
        Arc::new(Self {
            to,
            steps: AtomicU64::new(0),
            odd,
        })
    }
}

impl JobWork for Count {
    fn operation(&self) -> Operation {
        Operation::ReadCompartmentCounts
    }

    fn next(
        &self,
        _: &mut AuditedTx<'_>,
        _: &Permit,
        _: &JobRow,
        from: Option<&str>,
    ) -> Result<Step> {
        self.steps.fetch_add(1, Ordering::SeqCst);
        let done: u64 = from.map_or(0, |from| from.parse().unwrap());
        if let Some(odd) = (self.odd)(done) {
            return odd;
        }
        if done == self.to {
            return Ok(Step::Done(Id::fresh()));
        }
        Ok(Step::On(on(done + 1, self.to)))
    }
}

fn on(done: u64, to: u64) -> Progress {
    Progress {
        checkpoint: done.to_string(),
        done,
        total: Some(to),
    }
}

fn works(work: &Arc<Count>) -> Works {
    Works::default().with(JobKind::NationalFile, Arc::clone(work) as Arc<dyn JobWork>)
}

fn try_ask(app: &TestApp, persona: Persona, subject: &str) -> Result<String> {
    let call = Call {
        operation: Operation::RunTargetGroup,
        identity: Identity::OnBehalf(app.world.user(persona)),
        at: app.clock.now(),
        request_id: "test".to_owned(),
    };
    let (door, subject) = (app.door(), subject.to_owned());
    let view = actix_web::rt::System::new().block_on(door.run(call, move |tx| {
        let permit = tx.permit(Resource::TargetGroupRuns, &Relation::unit_record(true))?;
        let asked = json!({"year": 2026, "period": "half_year_1"});
        enqueue(tx, &permit, JobKind::NationalFile, subject.clone(), asked)
    }))?;
    Ok(view.fields["id"].as_str().unwrap().to_owned())
}

/// A job that the chief has asked for.
pub fn ask(app: &TestApp, subject: &str) -> String {
    try_ask(app, Enhetschef, subject).unwrap()
}

fn run(app: &TestApp, works: Works, is_stopping: impl Fn() -> bool + Sync) -> Option<Ran> {
    let runner = Runner::new(app.door(), app.clock.clone(), works);
    actix_web::rt::System::new()
        .block_on(runner.run_next(&is_stopping))
        .unwrap()
}

/// Says to stop once so many steps have been done.
fn after(steps: u64) -> impl Fn() -> bool + Sync {
    let asked = AtomicU64::new(0);
    move || asked.fetch_add(1, Ordering::SeqCst) >= steps
}

fn status_of(ran: Option<Ran>) -> Option<JobStatus> {
    ran.expect("a job was taken").status
}

fn read(app: &TestApp, job: &str) -> Value {
    app.get(Enhetschef, &format!("/jobs/{job}"))
        .expect(200)
        .body
}

fn id_of(job: &str) -> Id<Job> {
    Id::of(job.parse().unwrap())
}

fn kept(app: &TestApp, job: &str) -> Option<CipherText> {
    jobs::table
        .find(id_of(job))
        .select(jobs::checkpoint)
        .first(&mut app.db())
        .unwrap()
}

on_both!(a_job_goes_step_by_step_to_its_end, |database| {
    let app = TestApp::new(database);
    let job = ask(&app, "one");
    let before = read(&app, &job);
    assert_eq!(before["status"], "queued");
    assert_eq!(before["parameters"]["period"], "half_year_1");
    assert_eq!(before["startedAt"], Value::Null);
    let work = Count::to(4);
    assert_eq!(
        status_of(run(&app, works(&work), || false)),
        Some(JobStatus::Done)
    );
    let after = read(&app, &job);
    assert_eq!(after["status"], "done");
    assert_eq!(
        (&after["doneCount"], &after["totalCount"]),
        (&json!(4), &json!(4))
    );
    assert!(after["resultId"].is_string() && after["finishedAt"].is_string());
    assert_eq!(after["requestedBy"], json!(app.world.user(Enhetschef)));
    assert_eq!(kept(&app, &job), None, "from where it went on is forgotten");
    // Every step has its event, and is the service's.
    let events = app.db_events();
    let steps: Vec<_> = events
        .iter()
        .filter(|event| event.operation == "runJob")
        .collect();
    assert_eq!(steps.len(), 5);
    assert!(
        steps
            .iter()
            .all(|event| event.actor.is_none() && event.outcome == "allowed")
    );
    assert!(
        steps
            .iter()
            .all(|event| event.subjects.len() == 1 && event.subjects[0].1 == "jobs")
    );
    // Nothing waits any more.
    assert_eq!(run(&app, works(&work), || false), None);
    assert_eq!(work.steps.load(Ordering::SeqCst), 5);
});

on_both!(
    a_job_that_is_cancelled_in_the_middle_stops_there,
    |database| {
        let app = TestApp::new(database);
        let job = ask(&app, "one");
        let work = Count::to(9);
        let asked = AtomicU64::new(0);
        let ran = run(&app, works(&work), || {
            if asked.fetch_add(1, Ordering::SeqCst) == 3 {
                let path = format!("/jobs/{job}/cancellation");
                let cancelled = app.send(Enhetschef, "POST", &path, &[], None).expect(200);
                assert_eq!(cancelled.body["status"], "cancelled");
            }
            false
        });
        assert_eq!(status_of(ran), None, "this server did not end it");
        let after = read(&app, &job);
        assert_eq!(
            (&after["status"], &after["doneCount"]),
            (&json!("cancelled"), &json!(3))
        );
        assert_eq!(after["cancelledBy"], json!(app.world.user(Enhetschef)));
        assert_eq!((&after["resultId"], kept(&app, &job)), (&Value::Null, None));
        assert_eq!(work.steps.load(Ordering::SeqCst), 3);
        assert_eq!(run(&app, works(&work), || false), None);
        let again = app.send(
            Enhetschef,
            "POST",
            &format!("/jobs/{job}/cancellation"),
            &[],
            None,
        );
        again.problem(409, "job-ended");
        assert_eq!(app.db_last_event("cancelJob").outcome, "invalid");
        // The same may be asked for again.
        ask(&app, "one");
    }
);

on_both!(a_job_that_waits_can_be_cancelled, |database| {
    let app = TestApp::new(database);
    let job = ask(&app, "one");
    let path = format!("/jobs/{job}/cancellation");
    app.send(Enhetschef, "POST", &path, &[], None).expect(200);
    let work = Count::to(1);
    assert_eq!(run(&app, works(&work), || false), None);
    assert_eq!(work.steps.load(Ordering::SeqCst), 0);
});

on_both!(a_job_goes_on_where_the_service_was_stopped, |database| {
    let app = TestApp::new(database);
    let job = ask(&app, "one");
    let work = Count::to(6);
    assert_eq!(status_of(run(&app, works(&work), after(3))), None);
    let stopped = read(&app, &job);
    assert_eq!(
        (&stopped["status"], &stopped["doneCount"]),
        (&json!("running"), &json!(3))
    );
    let text = kept(&app, &job).unwrap().0;
    assert!(
        text.starts_with("kaa1:"),
        "what a job has come to lies open"
    );
    // Another server, at once: the first has let it go.
    assert_eq!(
        status_of(run(&app, works(&work), || false)),
        Some(JobStatus::Done)
    );
    assert_eq!(
        work.steps.load(Ordering::SeqCst),
        7,
        "a step was done twice or left out"
    );
});

on_both!(
    a_job_of_a_server_that_has_fallen_is_taken_over,
    |database| {
        let mut app = TestApp::new(database);
        let job = ask(&app, "one");
        let work = Count::to(6);
        run(&app, works(&work), after(2));
        // A server that fell has let nothing go.
        let fallen: Id<Server> = Id::fresh();
        let until = Timestamp::of(app.clock.now() + Duration::seconds(60));
        diesel::update(jobs::table.find(id_of(&job)))
            .set((
                jobs::leased_by.eq(Some(fallen)),
                jobs::leased_until.eq(Some(until)),
            ))
            .execute(&mut app.db())
            .unwrap();
        app.pass(Duration::seconds(59));
        assert_eq!(
            run(&app, works(&work), || false),
            None,
            "it may still be at it"
        );
        app.pass(Duration::seconds(1));
        assert_eq!(status_of(run(&app, works(&work), after(1))), None);
        // The fallen one rises again, and finds that it is no longer its own.
        let call = Call {
            operation: Operation::RunJob,
            identity: Identity::Console,
            at: app.clock.now(),
            request_id: "test".to_owned(),
        };
        let (door, late) = (app.door(), Arc::clone(&work));
        let taken = actix_web::rt::System::new().block_on(door.run(call, move |tx| {
            take_step(tx, id_of(&job), fallen, late.as_ref(), None, None)
        }));
        assert!(matches!(taken, Ok(Taken::Lost)));
        assert_eq!(
            status_of(run(&app, works(&work), || false)),
            Some(JobStatus::Done)
        );
        assert_eq!(work.steps.load(Ordering::SeqCst), 7);
    }
);

/// Counts as [`Count`] does, but all of it beside the changes.
struct Reader(Arc<Count>);

impl JobWork for Reader {
    fn operation(&self) -> Operation {
        self.0.operation()
    }

    fn look(
        &self,
        tx: &mut AuditedTx<'_>,
        permit: &Permit,
        job: &JobRow,
        from: Option<&str>,
    ) -> Result<Option<Progress>> {
        match self.0.next(tx, permit, job, from)? {
            Step::On(progress) => Ok(Some(progress)),
            _ => Ok(None),
        }
    }

    fn next(
        &self,
        _: &mut AuditedTx<'_>,
        _: &Permit,
        _: &JobRow,
        from: Option<&str>,
    ) -> Result<Step> {
        if from != Some(self.0.to.to_string().as_str()) {
            return Err(Error::internal("it is read among the changes after all"));
        }
        Ok(Step::Done(Id::fresh()))
    }
}

on_both!(what_is_read_beside_the_changes_counts_once, |database| {
    let app = TestApp::new(database);
    let call = || Call {
        operation: Operation::RunJob,
        identity: Identity::Console,
        at: app.clock.now(),
        request_id: "test".to_owned(),
    };
    let job = ask(&app, "one");
    let id = id_of(&job);
    let reader = Arc::new(Reader(Count::to(4)));
    let all = || Works::default().with(JobKind::NationalFile, reader.clone() as Arc<dyn JobWork>);
    // One step, and the server stops. Then it has the job again, and reads for a step.
    run(&app, all(), after(1));
    let server: Id<Server> = Id::fresh();
    let until = Timestamp::of(app.clock.now() + Duration::seconds(60));
    let hold = || {
        diesel::update(jobs::table.find(id))
            .set((
                jobs::leased_by.eq(Some(server)),
                jobs::leased_until.eq(Some(until)),
            ))
            .execute(&mut app.db())
            .unwrap();
    };
    hold();
    let system = actix_web::rt::System::new();
    let read_ahead = || {
        let (door, reader) = (app.door(), reader.clone());
        let looked = door.prepare(call(), move |tx| look(tx, id, server, reader.as_ref()));
        system
            .block_on(looked)
            .unwrap()
            .expect("there is more to read")
    };
    let take = |looked| {
        let (door, reader) = (app.door(), reader.clone());
        let step = door.run(call(), move |tx| {
            take_step(tx, id, server, reader.as_ref(), None, Some(&looked))
        });
        system.block_on(step)
    };
    let (first, second) = (read_ahead(), read_ahead());
    assert!(matches!(take(first), Ok(Taken::On)));
    assert_eq!(read(&app, &job)["doneCount"], 2);
    // What was read of the job as it was before is not stored over what it is now.
    let again = take(second);
    assert!(again.is_err(), "the step was done by itself instead");
    assert_eq!(read(&app, &job)["doneCount"], 2);
    // Nor is what was read of a job that is cancelled meanwhile.
    let late = read_ahead();
    let cancel = format!("/jobs/{job}/cancellation");
    app.send(Enhetschef, "POST", &cancel, &[], None).expect(200);
    assert!(matches!(take(late), Ok(Taken::Lost)));
    let told = read(&app, &job);
    assert_eq!(
        (&told["status"], &told["doneCount"]),
        (&json!("cancelled"), &json!(2))
    );
    // Another goes to its end, each step read beside.
    let job = ask(&app, "two");
    assert_eq!(status_of(run(&app, all(), || false)), Some(JobStatus::Done));
    assert_eq!(read(&app, &job)["doneCount"], 4);
});

on_both!(of_several_servers_one_gets_a_job, |database| {
    let app = TestApp::new(database);
    for round in 0..4 {
        ask(&app, &format!("{round}"));
        let work = Count::to(3);
        let start = Barrier::new(2);
        let ran: Vec<Option<Ran>> = std::thread::scope(|scope| {
            let servers = [0, 1].map(|_| {
                scope.spawn(|| {
                    let runner = Runner::new(app.door(), app.clock.clone(), works(&work));
                    start.wait();
                    actix_web::rt::System::new()
                        .block_on(runner.run_next(&|| false))
                        .unwrap()
                })
            });
            servers
                .into_iter()
                .map(|server| server.join().unwrap())
                .collect()
        });
        let done = ran
            .iter()
            .flatten()
            .filter(|ran| ran.status == Some(JobStatus::Done))
            .count();
        assert_eq!((done, ran.iter().flatten().count()), (1, 1), "{ran:?}");
        assert_eq!(work.steps.load(Ordering::SeqCst), 4);
    }
});

on_both!(
    a_job_ends_when_its_asker_may_no_longer_ask_for_it,
    |database| {
        let app = TestApp::new(database);
        let chief = app.world.user(Enhetschef);
        let work = Count::to(5);
        let set = |role: Role, is_active: bool| {
            diesel::update(users::table.find(chief))
                .set((users::role.eq(role), users::is_active.eq(is_active)))
                .execute(&mut app.db())
                .unwrap();
        };
        for (role, is_active) in [(Role::Syv, true), (Role::Enhetschef, false)] {
            let job = ask(&app, "one");
            run(&app, works(&work), after(2));
            set(role, is_active);
            assert_eq!(
                status_of(run(&app, works(&work), || false)),
                Some(JobStatus::Failed)
            );
            set(Role::Enhetschef, true);
            let after = read(&app, &job);
            assert_eq!(
                (&after["status"], &after["errorCode"]),
                (&json!("failed"), &json!("forbidden"))
            );
            assert_eq!((&after["doneCount"], kept(&app, &job)), (&json!(2), None));
        }
    }
);

on_both!(
    a_job_that_fails_says_why_and_leaves_the_others_alone,
    |database| {
        let app = TestApp::new(database);
        let odd: [(Odd, &str); 4] = [
            (
                |done| (done == 2).then(|| Err(ErrorCode::Conflict.into())),
                "conflict",
            ),
            (
                |done| (done == 2).then(|| panic!("a step that panics")),
                "internal",
            ),
            (
                |done| {
                    (done == 2).then(|| {
                        Ok(Step::Aside(Box::new(|| {
                            Err(Error::from(ErrorCode::Conflict))
                        })))
                    })
                },
                "conflict",
            ),
            (
                |done| {
                    (done == 2).then(|| Ok(Step::Aside(Box::new(|| panic!("work that panics")))))
                },
                "internal",
            ),
        ];
        for (odd, code) in odd {
            let (job, next) = (ask(&app, "one"), ask(&app, "two"));
            let work = Count::odd(3, odd);
            assert_eq!(
                status_of(run(&app, works(&work), || false)),
                Some(JobStatus::Failed)
            );
            let failed = read(&app, &job);
            assert_eq!(
                (&failed["errorCode"], &failed["doneCount"]),
                (&json!(code), &json!(2))
            );
            assert_eq!(
                status_of(run(&app, works(&Count::to(1)), || false)),
                Some(JobStatus::Done)
            );
            assert_eq!(read(&app, &next)["status"], "done");
        }
    }
);

on_both!(work_aside_is_done_between_two_steps, |database| {
    let app = TestApp::new(database);
    let job = ask(&app, "one");
    // From 2 it is counted on to 8 without the database.
    let work = Count::odd(9, |done| {
        (done == 2).then(|| Ok(Step::Aside(Box::new(|| Ok("8".to_owned())))))
    });
    assert_eq!(
        status_of(run(&app, works(&work), || false)),
        Some(JobStatus::Done)
    );
    assert_eq!(read(&app, &job)["doneCount"], 9);
    assert_eq!(work.steps.load(Ordering::SeqCst), 5);
});

on_both!(a_busy_database_ends_no_job, |database| {
    let app = TestApp::new(database);
    ask(&app, "one");
    static TRIED: AtomicU64 = AtomicU64::new(0);
    let work = Count::odd(3, |done| {
        let is_busy = done == 1 && TRIED.fetch_add(1, Ordering::SeqCst) % 3 != 2;
        is_busy.then(|| Err(Error::busy("a test")))
    });
    assert_eq!(
        status_of(run(&app, works(&work), || false)),
        Some(JobStatus::Done)
    );
});

on_both!(a_job_that_fells_every_server_is_given_up, |database| {
    let mut app = TestApp::new(database);
    let job = ask(&app, "one");
    let (fallen, last) = (Id::<Server>::fresh(), Timestamp::of(app.clock.now()));
    diesel::update(jobs::table.find(id_of(&job)))
        .set((
            jobs::status.eq(JobStatus::Running),
            jobs::leased_by.eq(Some(fallen)),
            jobs::leased_until.eq(Some(last)),
            jobs::fruitless_claims.eq(5_i64),
        ))
        .execute(&mut app.db())
        .unwrap();
    app.pass(Duration::seconds(1));
    let work = Count::to(1);
    assert_eq!(run(&app, works(&work), || false), None);
    let after = read(&app, &job);
    assert_eq!(
        (&after["status"], &after["errorCode"]),
        (&json!("failed"), &json!("internal"))
    );
    assert_eq!(work.steps.load(Ordering::SeqCst), 0);
});

on_both!(the_same_is_not_made_twice_at_once, |database| {
    let app = TestApp::new(database);
    ask(&app, "one");
    let refused = try_ask(&app, Enhetschef, "one").unwrap_err();
    assert_eq!(refused.code, ErrorCode::JobUnderWay);
    run(&app, works(&Count::to(1)), after(1));
    let refused = try_ask(&app, EnhetschefElsewhere, "one").unwrap_err();
    assert_eq!(refused.code, ErrorCode::JobUnderWay);
    ask(&app, "two");
    assert_eq!(app.db_run_jobs_with(works(&Count::to(1))).len(), 2);
    ask(&app, "one");
});

on_both!(a_job_waits_for_a_server_that_can_do_it, |database| {
    let app = TestApp::new(database);
    let job = ask(&app, "one");
    let other = Works::default().with(JobKind::StatisticsRelease, Count::to(1) as Arc<dyn JobWork>);
    assert_eq!(run(&app, other, || false), None);
    assert_eq!(read(&app, &job)["status"], "queued");
});

on_both!(
    the_chief_sees_the_jobs_of_the_unit_and_nobody_else_does,
    |database| {
        let app = TestApp::new(database);
        let (first, second) = (ask(&app, "one"), ask(&app, "two"));
        let elsewhere = try_ask(&app, EnhetschefElsewhere, "three").unwrap();
        let mine = app.get(Enhetschef, "/jobs").expect(200);
        assert_eq!(mine.column("jobs", "id"), [json!(second), json!(first)]);
        let theirs = app.get(EnhetschefElsewhere, "/jobs").expect(200);
        assert_eq!(theirs.column("jobs", "id"), [json!(elsewhere)]);
        for path in [
            format!("/jobs/{first}"),
            format!("/jobs/{}", Id::<Job>::fresh()),
        ] {
            app.get(EnhetschefElsewhere, &path)
                .problem(404, "not-found");
            let cancel = format!("{path}/cancellation");
            let refused = app.send(EnhetschefElsewhere, "POST", &cancel, &[], None);
            refused.problem(404, "not-found");
        }
        for persona in [Syv, Socionom, Administrator, Loggranskare] {
            app.get(persona, "/jobs").problem(403, "forbidden");
            app.get(persona, &format!("/jobs/{first}"))
                .problem(403, "forbidden");
            let cancel = format!("/jobs/{first}/cancellation");
            let refused = app.send(persona, "POST", &cancel, &[], None);
            refused.problem(403, "forbidden");
        }
        assert_eq!(read(&app, &first)["status"], "queued");
        assert_eq!(app.db_last_event("readJob").subjects[0].1, "jobs");
    }
);
