//! The door with a name on it: every operation runs here, as somebody, and leaves its event.
//! The session and the person are read anew in the transaction of the work, so that a sign-out or a changed role takes
//! effect at once. What is disclosed is noted as it is revealed. Which rules apply is decided in `policy` and `domain`.

use super::audit_chain::{NewEvent, NewReason, NewSubject};
use super::duties::settle_touched;
use super::schema::{sessions, users};
use super::second_factors;
use super::store::{Ran, Store};
use super::turns::{Class, Turn, Who};
use super::types::Timestamp;
use super::{Conn, on_day};
use crate::domain::codes::AuditOutcome;
use crate::domain::id::{AuditEvent, Id, Record, Session, Unit, User, Youth};
use crate::domain::operation::{Burden, Effect, Operation, Resource};
use crate::domain::user::{Actor, Role, Staff};
use crate::error::{Error, ErrorCode, Result};
use crate::policy::access_table::field_names;
use crate::policy::decide::{Decision, Relation, decide_deed, is_open_without_factor};
use crate::policy::reveal::{Disclosable, Permit, Sealed, View, permit, reveal};
use crate::vault::Vault;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Who asks, as far as is known before the database has been looked at.
#[derive(Debug, Clone, Copy)]
pub enum Identity {
    /// The bearer of a valid token.
    Bearer {
        /// Whose token.
        user_id: Id<User>,
        /// Of which sign-in.
        session_id: Id<Session>,
    },
    /// A member of staff for whom the command line acts (demo data).
    OnBehalf(Id<User>),
    /// The command line.
    Console,
    /// Nobody.
    Anonymous,
}

/// One call of an operation.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is to be done.
    pub operation: Operation,
    /// By whom.
    pub identity: Identity,
    /// When.
    pub at: DateTime<Utc>,
    /// The request, to find it in the log.
    pub request_id: String,
}

/// The transaction of one operation: the only way for a service to reach the database.
pub struct AuditedTx<'c> {
    conn: &'c mut Conn,
    vault: Arc<Vault>,
    actor: Actor,
    operation: Operation,
    now: Timestamp,
    subjects: Vec<NewSubject>,
    event_id: Id<AuditEvent>,
    reason: Option<NewReason>,
    is_break_glass: bool,
    refusal: Option<ErrorCode>,
    concerned: Option<Id<Youth>>,
}

impl<'c> AuditedTx<'c> {
    fn new(
        conn: &'c mut Conn,
        vault: &Arc<Vault>,
        operation: Operation,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            conn,
            vault: Arc::clone(vault),
            actor: Actor::Anonymous,
            operation,
            now: Timestamp::of(at),
            subjects: Vec::new(),
            event_id: Id::fresh(),
            reason: None,
            is_break_glass: false,
            refusal: None,
            concerned: None,
        }
    }
}

impl AuditedTx<'_> {
    /// Who acts.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// What is being done.
    pub const fn operation(&self) -> Operation {
        self.operation
    }
    /// The instant of the call.
    pub const fn now(&self) -> DateTime<Utc> {
        self.now.utc()
    }
    /// The instant of the call, as it is stored.
    pub const fn timestamp(&self) -> Timestamp {
        self.now
    }
    /// The Swedish day of the call.
    pub fn today(&self) -> NaiveDate {
        on_day(self.now)
    }
    /// The connection, for the functions of `db`.
    pub(in crate::db) const fn conn(&mut self) -> &mut Conn {
        self.conn
    }
    /// The keys, for the functions of `db`.
    pub(in crate::db) fn vault(&self) -> &Vault {
        &self.vault
    }
    /// The actor, if it is a member of staff; 403 otherwise.
    ///
    /// # Errors
    /// The command line or nobody acts.
    pub fn staff(&self) -> Result<Staff> {
        self.actor
            .staff()
            .copied()
            .ok_or_else(|| ErrorCode::Forbidden.into())
    }
    /// Shows a record, and notes what was shown.
    ///
    /// # Errors
    /// 403 or 404.
    pub fn reveal<T: Disclosable>(&mut self, sealed: &Sealed<T>) -> Result<View> {
        self.reveal_where(sealed, |_| true)
    }
    /// Shows some fields of a record, as far as the actor may see them, and notes these.
    ///
    /// # Errors
    /// 403 or 404.
    pub fn reveal_only<T: Disclosable>(
        &mut self,
        sealed: &Sealed<T>,
        names: &[&str],
    ) -> Result<View> {
        self.reveal_where(sealed, |name| names.contains(&name))
    }
    fn reveal_where<T: Disclosable>(
        &mut self,
        sealed: &Sealed<T>,
        is_told: impl Fn(&str) -> bool,
    ) -> Result<View> {
        let (mut view, mut disclosure) = reveal(&self.actor, self.operation, sealed)?;
        view.fields.retain(|name, _| is_told(name));
        disclosure.fields.retain(|name| is_told(name));
        self.is_break_glass |= disclosure.is_break_glass;
        self.subjects.push(NewSubject {
            youth_id: disclosure.youth_id,
            resource: disclosure.resource.name(),
            record_id: Some(disclosure.record_id),
            fields: disclosure.fields.join(","),
        });
        Ok(view)
    }
    /// Decides on the operation for a record in this relation. A refusal names the youth in the audit.
    ///
    /// # Errors
    /// 403 or 404.
    pub fn permit(&self, resource: Resource, relation: &Relation) -> Result<Permit> {
        permit(&self.actor, self.operation, resource, relation)
    }
    /// Notes a record that the operation concerns besides those it reveals.
    pub fn note(
        &mut self,
        resource: Resource,
        youth_id: Option<Id<Youth>>,
        record_id: Option<Id<Record>>,
        fields: &str,
    ) {
        self.subjects.push(NewSubject {
            youth_id,
            resource: resource.name(),
            record_id,
            fields: fields.to_owned(),
        });
    }
    /// Names the youth that the operation is about, so that a refusal is found in the youth's log too.
    pub fn concern(&mut self, youth_id: Id<Youth>) {
        self.concerned.get_or_insert(youth_id);
    }
    /// The youth that the operation is about, once somebody has asked how the actor stands to them.
    pub(in crate::db) const fn youth_concerned(&self) -> Option<Id<Youth>> {
        self.concerned
    }
    /// Notes every field of a record as concerned, for what is exported whole.
    pub fn note_whole(&mut self, resource: Resource, youth_id: Option<Id<Youth>>, id: Id<Record>) {
        let fields: Vec<&str> = field_names(resource).collect();
        self.note(resource, youth_id, Some(id), &fields.join(","));
    }
    /// Notes the reason given for a break-glass.
    ///
    /// # Errors
    /// It cannot be enciphered.
    pub fn note_break_glass(&mut self, reason: &str) -> Result<()> {
        self.is_break_glass = true;
        self.reason = Some(NewReason::new(&self.vault, self.event_id, reason)?);
        Ok(())
    }
    /// Names who acts, once a sign-in or a refresh has found out.
    pub const fn identify(&mut self, staff: Staff) {
        self.actor = Actor::Staff(staff);
    }
    /// Says that the answer is a refusal although what was written stays (a failed sign-in is counted).
    pub const fn refuse(&mut self, code: ErrorCode) {
        self.refusal = Some(code);
    }
    /// The youth that the operation has touched first.
    pub fn touched_youth(&self) -> Option<Id<Youth>> {
        self.subjects.iter().find_map(|subject| subject.youth_id)
    }
    /// Every youth that the operation has named, once.
    pub(in crate::db) fn youths_touched(&self) -> Vec<Id<Youth>> {
        let named = self.subjects.iter().filter_map(|subject| subject.youth_id);
        named.collect::<BTreeSet<_>>().into_iter().collect()
    }
    /// Whether something of the protected compartment has been touched.
    pub fn touched_compartment(&self) -> bool {
        self.subjects.iter().any(|subject| {
            Resource::COMPARTMENT
                .iter()
                .any(|resource| resource.name() == subject.resource)
        })
    }
}

/// The way in for operations.
#[derive(Clone)]
pub struct Door {
    store: Store,
    vault: Arc<Vault>,
}

impl Door {
    /// A door to an open store, whose texts these keys encipher.
    pub const fn new(store: Store, vault: Arc<Vault>) -> Self {
        Self { store, vault }
    }

    /// The same door, for whoever asks from there: what is looked up beside their operations is done in their turn.
    #[must_use]
    pub fn asked_by(&self, identity: Identity, from: Option<IpAddr>) -> Self {
        let turn = turn_of(identity, Class::Casework).unwrap_or(Turn {
            class: Class::Front,
            who: Who::Address(from),
        });
        Self {
            store: self.store.in_turn(turn),
            vault: Arc::clone(&self.vault),
        }
    }

    /// The way to the database, in the turn of a call. Who nobody is, is known by the address alone, which the door was told.
    fn store_for(&self, call: &Call) -> Store {
        let is_slow =
            call.operation.burden() == Some(Burden::Heavy) || call.operation == Operation::RunJob;
        let class = if is_slow {
            Class::Slow
        } else {
            Class::Casework
        };
        turn_of(call.identity, class)
            .map_or_else(|| self.store.clone(), |turn| self.store.in_turn(turn))
    }

    /// Carries out an operation. Its event is durable before this returns, whatever the outcome.
    /// The work may run more than once; its only effects are in the database.
    ///
    /// # Errors
    /// 401, 403, the work's own error, or 503 when the audit cannot be written.
    pub async fn run<T: Send + 'static>(
        &self,
        call: Call,
        mut work: impl FnMut(&mut AuditedTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let effect = call.operation.effect();
        let store = self.store_for(&call);
        let vault = Arc::clone(&self.vault);
        let job = move |conn: &mut Conn| {
            let (result, event) =
                carry_out(conn, &vault, &call, Settling::AsTheDeedHasIt, &mut work);
            Ran {
                result,
                events: vec![event],
            }
        };
        match effect {
            Effect::Read => store.read(job).await,
            Effect::Change => store.change(job).await,
        }
    }

    /// Carries out many operations as one transaction, in order; the first error undoes them all.
    ///
    /// # Errors
    /// The first error of the work.
    pub async fn run_all<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Batch<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let vault = Arc::clone(&self.vault);
        self.store
            .change(move |conn| {
                let mut batch = Batch {
                    conn,
                    vault: &vault,
                    events: Vec::new(),
                };
                let result = work(&mut batch);
                Ran {
                    result,
                    events: batch.events,
                }
            })
            .await
    }

    /// Settles tasks beside the operations, as the command line, in a transaction of its own: nothing is disclosed, and what
    /// is written follows from facts whose own events stand already, so that none is left.
    ///
    /// # Errors
    /// The work's own error, or 503 when the database does not answer.
    pub(in crate::db) async fn settle_beside<T: Send + 'static>(
        &self,
        at: DateTime<Utc>,
        mut work: impl FnMut(&mut AuditedTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let vault = Arc::clone(&self.vault);
        self.store
            .change(move |conn| {
                let mut tx = AuditedTx::new(conn, &vault, Operation::ListTasks, at);
                tx.actor = Actor::Console;
                Ran {
                    result: work(&mut tx),
                    events: Vec::new(),
                }
            })
            .await
    }

    /// Reads beside a deed what is slow to read, as whoever calls, so that the deed itself need not hold up other changes. It
    /// leaves no event: the deed that follows does, and decides again.
    ///
    /// # Errors
    /// As [`Door::run`].
    pub async fn prepare<T: Send + 'static>(
        &self,
        call: Call,
        mut work: impl FnMut(&mut AuditedTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (store, vault) = (self.store_for(&call), Arc::clone(&self.vault));
        store
            .look(move |conn| carry_out(conn, &vault, &call, Settling::Never, &mut work).0)
            .await
    }

    /// Whether whoever calls may do the deed at all; asked before slow work is done for them beside the database. The deed
    /// itself decides again, and leaves the event.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn may(&self, call: Call) -> Result<bool> {
        self.look(move |conn| {
            let actor = authenticate(conn, call.identity, Timestamp::of(call.at))?;
            Ok(decide_deed(&actor, call.operation) == Decision::Allow)
        })
        .await
    }

    /// Whether the database answers, and what writes the events of reads. No operation, so no event.
    ///
    /// # Errors
    /// 503 when it does not.
    pub async fn answers(&self) -> Result<()> {
        let health = Turn {
            class: Class::Front,
            who: Who::Health,
        };
        self.store
            .in_turn(health)
            .read(|conn| {
                let one = diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("1"));
                let answer = one.get_result::<i32>(conn).map(|_| ());
                Ran {
                    result: answer.map_err(Error::busy),
                    events: Vec::new(),
                }
            })
            .await
    }

    /// Changes what a sign-in needs before anybody is known, as [`Self::look`] reads it: nothing is disclosed, and the event
    /// follows with the sign-in itself.
    ///
    /// # Errors
    /// The database does not answer.
    pub(in crate::db) async fn claim<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store
            .change(move |conn| Ran {
                result: work(conn),
                events: Vec::new(),
            })
            .await
    }

    /// Reads what a sign-in needs before anybody is known; its event follows with the sign-in itself.
    ///
    /// # Errors
    /// The database does not answer.
    pub(in crate::db) async fn look<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store.look(work).await
    }
}

/// Whose turn a thing of this class is; nobody's who has not said who they are.
fn turn_of(identity: Identity, class: Class) -> Option<Turn> {
    match identity {
        Identity::Bearer { user_id, .. } => Some(Turn {
            class,
            who: Who::Person(user_id.uuid()),
        }),
        Identity::OnBehalf(_) | Identity::Console => Some(Turn::of_house(class)),
        Identity::Anonymous => None,
    }
}

/// Several operations in one transaction.
pub struct Batch<'c> {
    conn: &'c mut Conn,
    vault: &'c Arc<Vault>,
    events: Vec<NewEvent>,
}

impl Batch<'_> {
    /// Carries out one of them.
    ///
    /// # Errors
    /// As [`Door::run`].
    pub fn run<T>(
        &mut self,
        call: &Call,
        mut work: impl FnMut(&mut AuditedTx<'_>) -> Result<T>,
    ) -> Result<T> {
        let (result, event) = carry_out(
            self.conn,
            self.vault,
            call,
            Settling::AsTheDeedHasIt,
            &mut work,
        );
        self.events.push(event);
        result
    }
}

/// Whether duties are settled after the work.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settling {
    /// After a change.
    AsTheDeedHasIt,
    /// Nothing may be written.
    Never,
}

fn carry_out<T>(
    conn: &mut Conn,
    vault: &Arc<Vault>,
    call: &Call,
    settling: Settling,
    work: &mut impl FnMut(&mut AuditedTx<'_>) -> Result<T>,
) -> (Result<T>, NewEvent) {
    let mut tx = AuditedTx::new(conn, vault, call.operation, call.at);
    let result = catch_unwind(AssertUnwindSafe(|| {
        tx.actor = authenticate(tx.conn, call.identity, tx.now)?;
        match (decide_deed(&tx.actor, call.operation), &tx.actor) {
            (Decision::Allow, _) => {
                must_have_factor(&mut tx, call)?;
                let done = work(&mut tx)?;
                // What was done may have met a duty, or made one.
                if settling == Settling::AsTheDeedHasIt && call.operation.effect() == Effect::Change
                {
                    settle_touched(&mut tx)?;
                }
                Ok(done)
            }
            (_, Actor::Anonymous) => Err(ErrorCode::Unauthenticated.into()),
            _ => Err(ErrorCode::Forbidden.into()),
        }
    }))
    .unwrap_or_else(|_| Err(Error::internal("the work panicked")));
    if result.is_err() {
        // What was about to be shown was not; who it was about stays known.
        tx.subjects.clear();
    }
    if let (Some(youth_id), true) = (tx.concerned, tx.subjects.is_empty()) {
        tx.note(Resource::Youths, Some(youth_id), Some(youth_id.cast()), "");
    }
    let event = event_of(tx, call, &result);
    (result, event)
}

/// Asked at every request, so that a new rule holds for whoever is signed in already. Work from the command line has no
/// sign-in to prove.
fn must_have_factor(tx: &mut AuditedTx<'_>, call: &Call) -> Result<()> {
    if is_open_without_factor(call.operation) || !matches!(call.identity, Identity::Bearer { .. }) {
        return Ok(());
    }
    match tx.actor.staff().copied() {
        Some(staff) if second_factors::is_missing(tx.conn, &staff)? => {
            Err(ErrorCode::SecondFactorMissing.into())
        }
        _ => Ok(()),
    }
}

fn event_of<T>(tx: AuditedTx<'_>, call: &Call, result: &Result<T>) -> NewEvent {
    let (claimed_user, claimed_session) = match call.identity {
        Identity::Bearer {
            user_id,
            session_id,
        } => (Some(user_id), Some(session_id)),
        _ => (None, None),
    };
    let error_code = result.as_ref().err().map(|error| error.code).or(tx.refusal);
    NewEvent {
        id: tx.event_id,
        at: tx.now,
        // Of a session that has ended only the name on the token is known.
        actor_id: tx.actor.user_id().or(claimed_user),
        actor_kind: tx.actor.kind(),
        role: tx.actor.role(),
        unit_id: tx.actor.unit_id(),
        session_id: claimed_session,
        operation: call.operation.name(),
        outcome: error_code.map_or(AuditOutcome::Allowed, outcome_of),
        error_code: error_code.map(ErrorCode::code),
        request_id: call.request_id.clone(),
        is_break_glass: tx.is_break_glass,
        reason: tx.reason,
        subjects: tx.subjects,
    }
}

/// How an error is told in the audit: refused by the rules of access, invalid as asked, or failed on our side.
const fn outcome_of(code: ErrorCode) -> AuditOutcome {
    match code {
        ErrorCode::Unauthenticated
        | ErrorCode::WrongCredentials
        | ErrorCode::TooManyAttempts
        | ErrorCode::TooManyRequests
        | ErrorCode::Forbidden
        | ErrorCode::ForbiddenField
        | ErrorCode::SecondPersonRequired
        | ErrorCode::LinkNotValid
        | ErrorCode::SecondFactorRequired
        | ErrorCode::FlowNotValid
        | ErrorCode::NoAccount
        | ErrorCode::WrongSecondFactor
        | ErrorCode::SecondFactorMissing
        | ErrorCode::NotFound => AuditOutcome::Refused,
        ErrorCode::Internal
        | ErrorCode::Busy
        | ErrorCode::ProviderUnavailable
        | ErrorCode::RequestTimeout => AuditOutcome::Failed,
        _ => AuditOutcome::Invalid,
    }
}

/// Finds out who acts. A session that has ended, expired, or whose owner is no longer active is nobody.
fn authenticate(conn: &mut Conn, identity: Identity, now: Timestamp) -> Result<Actor> {
    let (user_id, session_id) = match identity {
        Identity::Console => return Ok(Actor::Console),
        Identity::Anonymous => return Ok(Actor::Anonymous),
        Identity::OnBehalf(user_id) => (user_id, None),
        Identity::Bearer {
            user_id,
            session_id,
        } => (user_id, Some(session_id)),
    };
    let Some(live) = session_id else {
        return who_is(conn, user_id, None);
    };
    // One question for both, since it is asked at every request.
    let person: Option<(Role, Option<Id<Unit>>)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(live))
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(users::is_active.eq(true))
        .select((users::role, users::unit_id))
        .first(conn)
        .optional()?;
    Ok(staff_or_nobody(person, user_id, session_id))
}

/// Who somebody is today; nobody, if they are no longer active.
pub(in crate::db) fn who_is(
    conn: &mut Conn,
    id: Id<User>,
    session_id: Option<Id<Session>>,
) -> Result<Actor> {
    let person: Option<(Role, Option<Id<Unit>>)> = users::table
        .filter(users::id.eq(id))
        .filter(users::is_active.eq(true))
        .select((users::role, users::unit_id))
        .first(conn)
        .optional()?;
    Ok(staff_or_nobody(person, id, session_id))
}

fn staff_or_nobody(
    person: Option<(Role, Option<Id<Unit>>)>,
    id: Id<User>,
    session_id: Option<Id<Session>>,
) -> Actor {
    person.map_or(Actor::Anonymous, |(role, unit_id)| {
        Actor::Staff(Staff {
            id,
            role,
            unit_id,
            session_id,
        })
    })
}
