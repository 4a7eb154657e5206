//! How our own types are stored: ids, instants, documents and code words, once for both databases.
//! The domain stays free of diesel; the traits are implemented here.

use super::cipher::{CipherText, Hidden};
use super::schema::sql::{Cipher, Document, Guid, Instant};
use super::{MultiBackend, MultiRawValue};
use crate::domain::codes::{self, Code};
use crate::domain::id::Id;
use crate::domain::target_group::codes as target_group;
use crate::error::{Error, Result};
use crate::vault::{KeySet, Place, Vault};
use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Binary, HasSqlType, Jsonb, Nullable, Text, Timestamptz};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

macro_rules! known_to_both {
    ($($sql:ident),+) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }
    )+};
}
known_to_both!(Guid, Instant, Document, Cipher);

/// What `derive(AsExpression)` would write, for types that live in the domain.
macro_rules! bound_as {
    ($sql:ty, [$($generic:tt)*], $ty:ty) => {
        impl<$($generic)*> AsExpression<$sql> for $ty {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<'e, $($generic)*> AsExpression<$sql> for &'e $ty {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<$($generic)*> AsExpression<Nullable<$sql>> for $ty {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<'e, $($generic)*> AsExpression<Nullable<$sql>> for &'e $ty {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<DB: Backend, $($generic)*> ToSql<Nullable<$sql>, DB> for $ty
        where
            Self: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <Self as ToSql<$sql, DB>>::to_sql(self, out)
            }
        }
    };
}

bound_as!(Guid, [T: 'static], Id<T>);

impl<T: 'static> ToSql<Guid, Pg> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<diesel::sql_types::Uuid, Pg>::to_sql(&self.uuid(), &mut out.reborrow())
    }
}
impl<T: 'static> ToSql<Guid, Sqlite> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}
impl<T: 'static> ToSql<Guid, MultiBackend> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Guid, self));
        Ok(IsNull::No)
    }
}
impl<T> FromSql<Guid, Pg> for Id<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(value).map(Self::of)
    }
}
impl<T> FromSql<Guid, Sqlite> for Id<T> {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        Ok(Self::of(Uuid::from_slice(&bytes)?))
    }
}
impl<T: 'static> FromSql<Guid, MultiBackend> for Id<T> {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Guid>()
    }
}
impl<T: 'static, DB: Backend> Queryable<Guid, DB> for Id<T>
where
    Self: FromSql<Guid, DB>,
{
    type Row = Self;
    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}

/// An instant as it is stored: UTC, microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Instant)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Cuts to microseconds, so that both databases give back what was written.
    pub fn of(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }
    /// The instant.
    pub const fn utc(self) -> DateTime<Utc> {
        self.0
    }
    /// RFC 3339, UTC, fixed width.
    pub fn to_text(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}
impl ToSql<Instant, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamptz, Pg>::to_sql(&self.0, out)
    }
}
impl ToSql<Instant, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_text());
        Ok(IsNull::No)
    }
}
impl ToSql<Instant, MultiBackend> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Instant, self));
        Ok(IsNull::No)
    }
}
impl FromSql<Instant, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <DateTime<Utc> as FromSql<Timestamptz, Pg>>::from_sql(value).map(Self)
    }
}
impl FromSql<Instant, Sqlite> for Timestamp {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(DateTime::parse_from_rfc3339(&text)?.to_utc()))
    }
}
impl FromSql<Instant, MultiBackend> for Timestamp {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Instant>()
    }
}

/// A JSON document as it is stored. Its `Debug` hides the content, which is often personal.
#[derive(Clone, PartialEq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Document)]
pub struct Json(pub serde_json::Value);

impl std::fmt::Debug for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Json([hidden])")
    }
}
impl ToSql<Document, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Jsonb, Pg>::to_sql(&self.0, out)
    }
}
impl ToSql<Document, Sqlite> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}
impl ToSql<Document, MultiBackend> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Document, self));
        Ok(IsNull::No)
    }
}
impl FromSql<Document, Pg> for Json {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(value).map(Self)
    }
}
impl FromSql<Document, Sqlite> for Json {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}
impl FromSql<Document, MultiBackend> for Json {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Document>()
    }
}

macro_rules! stored_by_code {
    ($($ty:ty),+ $(,)?) => {$(
        bound_as!(Text, [], $ty);
        impl<DB: Backend> ToSql<Text, DB> for $ty where str: ToSql<Text, DB> {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.code().to_sql(out)
            }
        }
        impl<DB: Backend> FromSql<Text, DB> for $ty where String: FromSql<Text, DB> {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let code = String::from_sql(value)?;
                Self::from_code(&code).ok_or_else(|| format!("unknown word in a stored {}", stringify!($ty)).into())
            }
        }
        impl<DB: Backend> Queryable<Text, DB> for $ty where Self: FromSql<Text, DB> {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> { Ok(row) }
        }
        // A word tells in the compartment; in the register it is looked for.
        impl Hidden for $ty {
            type Stored = CipherText;
            fn close(&self, vault: &Vault, place: &Place<'_>) -> Result<CipherText> {
                match KeySet::of_table(place.table) {
                    KeySet::Compartment => vault.encipher(place, self.code()).map(CipherText),
                    KeySet::Register => Ok(CipherText(self.code().to_owned())),
                }
            }
            fn open(stored: CipherText, vault: &Vault, place: &Place<'_>) -> Result<Self> {
                let code = match KeySet::of_table(place.table) {
                    KeySet::Compartment => vault.decipher(place, &stored.0)?,
                    KeySet::Register => stored.0,
                };
                Self::from_code(&code).ok_or_else(|| Error::internal(concat!("unknown word in a stored ", stringify!($ty))))
            }
        }
    )+};
}
stored_by_code!(
    crate::domain::task::TaskClosing,
    crate::domain::task::TaskKind,
    crate::domain::user::Role,
    codes::LegalSex,
    codes::ProtectionLevel,
    codes::Track,
    codes::Reason,
    codes::DeregistrationReason,
    codes::Destination,
    codes::Channel,
    codes::Direction,
    codes::MetWho,
    codes::ContactResult,
    crate::domain::outreach::OutreachKind,
    crate::domain::outreach::MetAge,
    crate::domain::outreach::OutreachOutcome,
    crate::domain::work_week::WorkKind,
    codes::Occupation,
    crate::domain::occupation::OccupationSource,
    crate::domain::outcome::OutcomeResult,
    crate::domain::placement::PlacementField,
    crate::domain::placement::PlacementOfferStatus,
    crate::domain::plan::PlanGoal,
    crate::domain::plan::PlanFollowUpKind,
    crate::domain::plan::AgreementForm,
    codes::Measure,
    codes::OfferAnswer,
    codes::EndReason,
    codes::ResponsibleParty,
    codes::ReferralTarget,
    codes::ReferralStatus,
    codes::ConsentForm,
    codes::StatusBasis,
    codes::SubstanceStatus,
    codes::AssignmentKind,
    codes::GrantPurpose,
    codes::ImportRowOutcome,
    codes::DecisionCause,
    codes::DecisionStatus,
    codes::AuditOutcome,
    crate::domain::school_notification::NotificationKind,
    crate::domain::school_notification::NotificationStatus,
    crate::domain::school_notification::NotificationOutcome,
    target_group::CandidateKind,
    target_group::CandidateStatus,
    target_group::CompulsorySchoolBasis,
    target_group::ExamDocumentKind,
    target_group::FactSource,
    target_group::OutreachBasis,
    target_group::ProgrammeKind,
    target_group::ResidenceKind,
    target_group::RuleVersionCode,
    target_group::SchoolType,
    crate::domain::consent::RecipientKind,
    crate::domain::correction::DisputedRecord,
    crate::domain::notes_apart::CarriedBasis,
    crate::domain::transfer::TransferStatus,
    crate::domain::sensitive_terms::TermCategory,
    crate::domain::consent::Speaker,
    crate::domain::consent::WithdrawalForm,
    crate::domain::disclosure::DisclosureBasis,
    crate::domain::disclosure::DisclosureMeans,
    crate::domain::register_extract::IdentityProof,
    crate::domain::register_extract::OmissionGround,
    crate::domain::national_file::Block,
    crate::domain::national_file::NationalFileStatus,
    crate::domain::national_file::ProblemCode,
    crate::domain::national_file::ProblemWeight,
    crate::domain::organisation::OrganisationKind,
    crate::statistics::period::PeriodPart,
    crate::domain::goal::ActivityStatus,
    crate::domain::goal::GoalComparison,
    crate::domain::goal::GoalDirection,
    crate::domain::goal::GoalPeriod,
    crate::domain::goal::GoalSource,
    crate::domain::goal::GoalUnit,
    crate::domain::goal::GoalValueOrigin,
    crate::domain::goal::MeasuredAs,
    crate::domain::restriction::OpeningGround,
    crate::domain::restriction::RestrictionGround,
    crate::domain::retention::DisposalClass,
    crate::domain::retention::DisposalHoldGround,
    crate::domain::retention::DisposalStatus,
    crate::domain::job::JobKind,
    crate::domain::job::JobStatus,
    crate::domain::log_review::ReviewKind,
    crate::domain::log_review::ReviewFinding,
    crate::domain::log_review::ReviewFollowUp,
);
