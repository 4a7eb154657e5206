//! Answers "may this person do this to this record" from the access table and the facts of the case:
//! allow, forbid (403: they may know it exists) or hide (404: they may not). Lists use the same scope as a row filter.

use super::access_table::{Permission, Scope, permission, scope};
use crate::domain::codes::{AssignmentKind, Code, GrantPurpose, Measure};
use crate::domain::id::{Episode, Id, User};
use crate::domain::operation::{Operation, Resource};
use crate::domain::task::TaskKind;
use crate::domain::user::{Actor, Role};

/// How the actor stands to the youth (or other record) in question; read with the record, in the same transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relation {
    /// Actor and record belong to the same unit.
    pub is_same_unit: bool,
    /// An assignment of the actor to the youth runs now.
    pub is_assigned: bool,
    /// The actor made the record.
    pub is_own: bool,
    /// The youth has protected identity.
    pub is_protected: bool,
    /// The processing of the youth's data is restricted, and nothing opens that today. Read only for what then stands still.
    pub is_restricted: bool,
    /// Running break-glass of the actor for the youth.
    pub grants: Vec<GrantPurpose>,
    /// The youth's episodes whose notes stay behind (`domain::notes_apart`). `None`: nobody has asked, and all do.
    pub notes_apart: Option<Vec<Id<Episode>>>,
}

impl Relation {
    /// The relation of somebody to a record that no youth stands behind.
    pub fn unit_record(is_same_unit: bool) -> Self {
        Self {
            is_same_unit,
            ..Self::default()
        }
    }
    /// The relation of somebody to a record behind which a youth may come to stand, and none does yet: there is nobody to be
    /// assigned to, so the lack of an assignment closes nothing.
    pub fn of_nobody(is_same_unit: bool, is_own: bool) -> Self {
        Self {
            is_assigned: true,
            is_own,
            ..Self::unit_record(is_same_unit)
        }
    }
    /// Whether a break-glass of this purpose runs.
    pub fn has_grant(&self, purpose: GrantPurpose) -> bool {
        self.grants.contains(&purpose)
    }
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Do it.
    Allow,
    /// 403.
    Forbid,
    /// 404, with a body identical to that of a missing record.
    Hide,
}

/// Whether the actor may do the deed at all, before any record is looked at.
pub fn decide_deed(actor: &Actor, operation: Operation) -> Decision {
    match actor {
        Actor::Console => Decision::Allow,
        Actor::Anonymous => match operation {
            Operation::SignIn
            | Operation::StartSingleSignOn
            | Operation::CompleteSingleSignOn
            | Operation::RefreshSession
            | Operation::ResetPassword
            | Operation::ReadCalendarFeed => Decision::Allow,
            _ => Decision::Forbid,
        },
        Actor::Staff(staff) => match permission(operation, staff.role) {
            Permission::No => Decision::Forbid,
            Permission::Yes | Permission::Own | Permission::Grant => Decision::Allow,
        },
    }
}

/// What is left to somebody whose role must have a second factor as long as they have none: to get one, to see who they are,
/// and to leave.
pub const fn is_open_without_factor(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::SignIn
            | Operation::StartSingleSignOn
            | Operation::CompleteSingleSignOn
            | Operation::RefreshSession
            | Operation::SignOut
            | Operation::ResetPassword
            | Operation::ReadCalendarFeed
            | Operation::ReadMe
            | Operation::EnrolSecondFactor
            | Operation::ConfirmSecondFactor
    )
}

/// Whether the actor may know of a record of this kind that stands in this relation to them.
pub fn sees(actor: &Actor, resource: Resource, relation: &Relation) -> bool {
    let Some(role) = actor.role() else {
        return matches!(actor, Actor::Console);
    };
    let open = !relation.is_protected || relation.is_assigned || role == Role::Enhetschef;
    match scope(resource, role) {
        Scope::None => false,
        Scope::All => true,
        Scope::Unit => relation.is_same_unit && open,
        Scope::Granted => {
            relation.is_same_unit && open && relation.has_grant(GrantPurpose::ProtectedCompartment)
        }
        Scope::Assigned => relation.is_same_unit && relation.is_assigned,
        // What one made or has below a youth outlives nothing: when the assignment ends, so does the sight of it.
        Scope::Own
            if matches!(
                resource,
                Resource::Contacts
                    | Resource::OutreachContacts
                    | Resource::Assignments
                    | Resource::Tasks
            ) =>
        {
            relation.is_same_unit && relation.is_assigned && relation.is_own
        }
        // What one took part in as one of a unit stays behind in that unit.
        Scope::Own if matches!(resource, Resource::OutreachSessions) => {
            relation.is_same_unit && relation.is_own
        }
        Scope::Own => relation.is_own,
    }
}

/// Whether the actor may do the deed to this record.
pub fn decide(
    actor: &Actor,
    operation: Operation,
    resource: Resource,
    relation: &Relation,
) -> Decision {
    if decide_deed(actor, operation) != Decision::Allow {
        return Decision::Forbid;
    }
    // What is made does not exist yet: it is the youth that must be seen.
    let looked_at = if creates_below_youth(operation) {
        Resource::Youths
    } else {
        resource
    };
    if !sees(actor, looked_at, relation) {
        return Decision::Hide;
    }
    if resource != looked_at && !sees_new(actor, resource, relation) {
        return Decision::Forbid;
    }
    match actor.role().map(|role| permission(operation, role)) {
        Some(Permission::Grant) if !relation.has_grant(GrantPurpose::ProtectedCompartment) => {
            Decision::Hide
        }
        Some(Permission::Own) if !relation.is_own => Decision::Forbid,
        _ => Decision::Allow,
    }
}

/// Whether a record that the actor is about to make would be within their sight.
fn sees_new(actor: &Actor, resource: Resource, relation: &Relation) -> bool {
    let mine = Relation {
        is_own: true,
        ..relation.clone()
    };
    sees(actor, resource, &mine)
}

/// Deeds that make a record under a youth.
pub const fn creates_below_youth(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::OpenEpisode
            | Operation::CreateAssignment
            | Operation::LogContact
            | Operation::RecordOccupation
            | Operation::CreateMapping
            | Operation::CreatePlanRevision
            | Operation::CreateEducationContract
            | Operation::OfferIntervention
            | Operation::RecordPlacementWish
            | Operation::OfferPlacement
            | Operation::CreateReferral
            | Operation::RecordConsent
            | Operation::RecordDisclosure
            | Operation::AddCorrectionNote
            | Operation::CreateRegisterExtract
            | Operation::RestrictProcessing
            | Operation::PlaceDisposalHold
            | Operation::CreateTransfer
            | Operation::MergeYouths
            | Operation::CreateAccessGrant
            | Operation::AddResidence
            | Operation::AddEnrolment
            | Operation::AddExamDocument
    )
}

/// Assigning: the chief assigns everyone, konsulent and socionom only ambassadors.
pub fn may_assign(actor: &Actor, kind: AssignmentKind) -> bool {
    match actor.role() {
        Some(Role::Enhetschef) => true,
        Some(Role::Ungdomskonsulent | Role::Socionom) => kind == AssignmentKind::Ambassador,
        Some(_) => false,
        None => matches!(actor, Actor::Console),
    }
}

/// Giving a task to somebody else: the chief gives every task of the register, the youth's handler those of the youth, and
/// konsulent and socionom give to ambassadors only, as they assign them. In the compartment it is the socionom assigned who
/// does; the chief's reason opens reading alone.
pub fn may_reassign(
    actor: &Actor,
    is_of_compartment: bool,
    is_handler: bool,
    to: Option<Role>,
) -> bool {
    let Some(role) = actor.role() else {
        return matches!(actor, Actor::Console);
    };
    if is_of_compartment {
        return role == Role::Socionom;
    }
    role == Role::Enhetschef
        || (is_handler && role != Role::Ambassador)
        || (may_assign(actor, AssignmentKind::Ambassador) && to == Some(Role::Ambassador))
}

/// Whether a task of this kind is for somebody of a role: they must be able to read what it comes from, and to decide where
/// it asks for a decision.
pub fn may_hold_task(role: Role, kind: TaskKind) -> bool {
    (!kind.is_chiefs() || role == Role::Enhetschef)
        && scope(kind.comes_from(), role) != Scope::None
        && scope(Resource::Tasks, role) != Scope::None
        && kind
            .decided_by()
            .is_none_or(|operation| permission(operation, role) != Permission::No)
}

/// The roles that see the compartment of whomever they are assigned to.
pub fn roles_of_compartment() -> Vec<Role> {
    let all = Role::ALL.iter().copied();
    all.filter(|role| scope(Resource::ProtectedTasks, *role) == Scope::Assigned)
        .collect()
}

/// Whether somebody sees the youths of their unit without being assigned.
pub fn sees_without_assignment(role: Role) -> bool {
    scope(Resource::Youths, role) == Scope::Unit
}

/// The roles that see the youths of their unit without being assigned.
pub fn roles_without_assignment() -> Vec<Role> {
    let all = Role::ALL.iter().copied();
    all.filter(|role| sees_without_assignment(*role)).collect()
}

/// Who is told of what stands on nobody's list, and may look at the tasks of the whole unit: the chief.
pub fn minds_the_forgotten(actor: &Actor) -> bool {
    matches!(actor.role(), Some(Role::Enhetschef))
}

/// Measures: SYV and socionom write all, the konsulent those of work and placement.
pub fn may_write_measure(actor: &Actor, kind: Measure) -> bool {
    match actor.role() {
        Some(Role::Syv | Role::Socionom) => true,
        Some(Role::Ungdomskonsulent) => matches!(
            kind,
            Measure::JobSearchHelp | Measure::WorkPlacement | Measure::SubsidisedEmployment
        ),
        Some(_) => false,
        None => matches!(actor, Actor::Console),
    }
}

/// The roles that an assignment of this kind may go to.
pub const fn fits_assignment(kind: AssignmentKind, role: Role) -> bool {
    match kind {
        AssignmentKind::Ambassador => matches!(role, Role::Ambassador),
        AssignmentKind::Handler | AssignmentKind::Support => {
            matches!(role, Role::Syv | Role::Socionom | Role::Ungdomskonsulent)
        }
    }
}

/// The break-glass a role may use: the chief for notes and the compartment, an assigned SYV or socionom for addresses.
pub fn may_break_glass(actor: &Actor, purpose: GrantPurpose, relation: &Relation) -> bool {
    match (actor.role(), purpose) {
        (
            Some(Role::Enhetschef),
            GrantPurpose::ContactNotes | GrantPurpose::ProtectedCompartment,
        ) => true,
        (Some(Role::Syv | Role::Socionom), GrantPurpose::ProtectedAddress) => relation.is_assigned,
        _ => false,
    }
}

/// The refused rows of a roster hold whole persons with their numbers, who are not in the register: they go back to whoever
/// sent the file, and to nobody else.
pub fn may_fetch_refused(actor: &Actor, relation: &Relation) -> bool {
    relation.is_own || matches!(actor, Actor::Console)
}

/// An extract is handed over by whoever made it and assessed what it says; to nobody else is it shown.
pub const fn may_hand_over(relation: &Relation) -> bool {
    relation.is_own
}

/// A disposal is approved by somebody else than whoever proposed it.
pub const fn may_approve_disposal(relation: &Relation) -> bool {
    !relation.is_own
}

/// A session is corrected by whoever logged it, not by whoever else took part.
pub fn may_correct_session(actor: &Actor, logged_by: Id<User>) -> bool {
    actor.user_id() == Some(logged_by)
}

/// Somebody met is taken back out of a youth's contacts by whoever put them there.
pub fn may_untie(actor: &Actor, tied_by: Option<Id<User>>) -> bool {
    tied_by.is_some() && actor.user_id() == tied_by
}

/// Whether whoever has this role must be among those who went out in a session that they log: they log their own.
pub const fn logs_own_sessions_only(role: Role) -> bool {
    matches!(role, Role::Ambassador)
}

/// Whether somebody of this role may have gone out in a session.
pub const fn goes_out(role: Role) -> bool {
    matches!(
        role,
        Role::Ambassador | Role::Syv | Role::Ungdomskonsulent | Role::Socionom
    )
}

/// Every role.
pub fn all_roles() -> Vec<Role> {
    Role::ALL.to_vec()
}

/// The roles that go out.
pub fn roles_that_go_out() -> Vec<Role> {
    roles_that(goes_out)
}

/// The roles that are paid by the hour, whose weeks are followed up.
pub fn roles_by_the_hour() -> Vec<Role> {
    roles_that(|role| matches!(role, Role::Ambassador))
}

fn roles_that(are: impl Fn(Role) -> bool) -> Vec<Role> {
    let all = Role::ALL.iter().copied();
    all.filter(|role| are(*role)).collect()
}

/// Whether somebody of this role has a work list, and so can have it in a calendar.
pub fn has_work_list(role: Role) -> bool {
    scope(Resource::Tasks, role) != Scope::None
}

/// Whether an extract that the actor makes covers the protected compartment too: of who sees it without a reason. Others
/// make one without it, which tells nobody whether anything lies there.
pub fn extracts_compartment(actor: &Actor, relation: &Relation) -> bool {
    sees(actor, Resource::ProtectedStatuses, relation)
}

/// What a role's list of a kind of record is narrowed to; `db` turns it into SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFilter {
    /// The scope of the list.
    pub scope: Scope,
    /// Whether youths with protected identity are left out: from every list, for everyone but a search by those who may find them.
    pub hides_protected: ProtectedRows,
}

/// How a path treats youths with protected identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtectedRows {
    /// Left out for everyone: lists, counts, exports.
    LeftOut,
    /// Shown to those assigned, and to the chief: searches, and records below one named youth.
    ForAssignedAndChief,
}

/// The row filter of the actor for lists of this kind of record.
pub fn row_filter(actor: &Actor, resource: Resource, hides_protected: ProtectedRows) -> RowFilter {
    let scope = match actor {
        Actor::Console => Scope::All,
        Actor::Anonymous => Scope::None,
        Actor::Staff(staff) => scope(resource, staff.role),
    };
    RowFilter {
        scope,
        hides_protected,
    }
}

/// Whether the chief's sight of protected youths applies to this actor.
pub fn finds_protected_unassigned(actor: &Actor) -> bool {
    matches!(actor.role(), Some(Role::Enhetschef)) || matches!(actor, Actor::Console)
}

/// Whether the actor reviews the whole log; the chief reviews the staff of the own unit.
pub fn reviews_everybody(actor: &Actor) -> bool {
    reviews_compartment(actor)
}

/// The roles whose events do not stand in the actor's reviews: a chief is reviewed by the log reviewer, not by a chief.
pub fn roles_not_reviewed(actor: &Actor) -> &'static [Role] {
    if reviews_everybody(actor) {
        &[]
    } else {
        &[Role::Enhetschef]
    }
}

/// Whether the actor reads in the audit what concerns the protected compartment without a reason: whoever reviews the whole
/// log does, the chief does not.
pub fn reviews_compartment(actor: &Actor) -> bool {
    match actor {
        Actor::Console => true,
        Actor::Anonymous => false,
        Actor::Staff(staff) => scope(Resource::AuditEvents, staff.role) == Scope::All,
    }
}
