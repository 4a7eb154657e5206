//! One id type for every kind of record: a UUIDv7, tagged so that a contact's id cannot stand where a youth's is meant.
//! How an id is stored is the concern of `db::types`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, marker::PhantomData};
use uuid::Uuid;

/// Id of a record of kind `T`. Lasting, not sequential in meaning, and no personal data.
pub struct Id<T: 'static>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// A fresh, time-ordered id.
    pub fn fresh() -> Self {
        Self::of(Uuid::now_v7())
    }
    /// The id with this UUID.
    pub const fn of(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
    /// The UUID, for storing and comparing.
    pub const fn uuid(&self) -> Uuid {
        self.0
    }
    /// The same UUID as the id of another kind of record; for audit subjects and versions, which hold any kind.
    pub const fn cast<U>(self) -> Id<U> {
        Id::of(self.0)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::of)
    }
}

macro_rules! record_kinds {
    ($($(#[$doc:meta])* $kind:ident;)+) => {
        $($(#[$doc])* #[derive(Debug)] pub enum $kind {})+
    };
}
record_kinds! {
    /// A unit of the organisation.
    Unit;
    /// A member of staff.
    User;
    /// A sign-in.
    Session;
    /// What the administrator has configured; there is one.
    Configuration;
    /// A youth.
    Youth;
    /// An identity number of a youth.
    Identifier;
    /// A period in a track.
    Episode;
    /// A member of staff tied to a youth.
    Assignment;
    /// A contact or an attempt.
    Contact;
    /// A session of outreach in the street or online.
    OutreachSession;
    /// Somebody met in a session, unknown until tied to a youth.
    OutreachContact;
    /// Time that an ambassador reports beside sessions and contacts.
    WorkHours;
    /// That the minutes of an ambassador's week may be paid.
    WeekApproval;
    /// A later note to a locked contact.
    Addendum;
    /// A consent.
    Consent;
    /// A disclosure.
    Disclosure;
    /// A correction note.
    CorrectionNote;
    /// That what is kept of a youth may not be used.
    Restriction;
    /// That what is kept of a youth is not disposed of for now.
    DisposalHold;
    /// That two youths are not the same person.
    DuplicateDismissal;
    /// That two records of one youth were made one.
    YouthMerge;
    /// One run of disposal.
    DisposalRun;
    /// What a run of disposal would take.
    DisposalItem;
    /// That a youth was given what the register holds about them.
    RegisterExtract;
    /// A transfer to another unit or municipality.
    Transfer;
    /// An offered measure.
    Intervention;
    /// A date on which a measure is followed up.
    FollowUp;
    /// Places that a host offers.
    PlacementOffer;
    /// What a youth wants of a placement.
    PlacementWish;
    /// That a youth was offered a place.
    Placement;
    /// What was ascertained of a youth's occupation.
    OccupationObservation;
    /// A mapping of a youth's goals, needs and expectations.
    Mapping;
    /// A revision of a youth's plan.
    PlanRevision;
    /// A day on which a plan is followed up or evaluated.
    PlanFollowUp;
    /// An education contract.
    EducationContract;
    /// A check of what became of an exit.
    OutcomeCheck;
    /// A referral, open or protected.
    Referral;
    /// Something that must be done.
    Task;
    /// A break-glass.
    AccessGrant;
    /// What the work cost in a period.
    PeriodCost;
    /// An organisation that the team works with.
    Organisation;
    /// Somebody at an organisation.
    ContactPerson;
    /// A goal of a plan.
    Goal;
    /// A value of a goal.
    GoalValue;
    /// What is done for a goal.
    GoalActivity;
    /// How an activity was found to stand.
    GoalFollowUp;
    /// What a school has told.
    SchoolNotification;
    /// A read roster.
    Import;
    /// A row that needs a decision.
    ImportDecision;
    /// A period in which a youth lives somewhere, as far as it matters for the home municipality.
    Residence;
    /// A place at a school.
    Enrolment;
    /// An exam or grade document.
    ExamDocument;
    /// A youth that the rules have found to enter, leave or need a decision.
    Candidate;
    /// A run of the rules over a unit.
    TargetGroupRun;
    /// Statistics that were published.
    StatisticsRelease;
    /// Long work that goes on beside the requests.
    Job;
    /// A half-yearly national file.
    NationalFile;
    /// A piece of the content of a national file.
    NationalFileChunk;
    /// Something wrong with a row of a national file.
    NationalFileProblem;
    /// A server that runs jobs.
    Server;
    /// A review of the log.
    LogReview;
    /// An event in the sample of a review.
    LogReviewRow;
    /// An event in the audit.
    AuditEvent;
    /// A place up to which a lane of the audit has been disposed of.
    AuditCut;
    /// Where the audit had come before a cut, signed.
    AuditAnchor;
    /// A record of any kind.
    Record;
}
