//! How the fields of a row are named and shown: one table per kind of record, from which `policy::reveal` takes what the
//! reader may see. Fields that are not named here cannot leave the service.

use super::types::Timestamp;
use crate::domain::codes::Code;
use crate::domain::id::Id;
use chrono::NaiveDate;
use serde_json::Value;

/// A value as it stands in an answer.
pub trait Shown {
    /// The JSON.
    fn shown(&self) -> Value;
}
impl<T> Shown for Id<T> {
    fn shown(&self) -> Value {
        Value::String(self.to_string())
    }
}
impl Shown for Timestamp {
    fn shown(&self) -> Value {
        Value::String(self.to_text())
    }
}
impl Shown for NaiveDate {
    fn shown(&self) -> Value {
        Value::String(self.to_string())
    }
}
impl Shown for String {
    fn shown(&self) -> Value {
        Value::String(self.clone())
    }
}
impl Shown for bool {
    fn shown(&self) -> Value {
        Value::Bool(*self)
    }
}
impl Shown for i64 {
    fn shown(&self) -> Value {
        Value::from(*self)
    }
}
impl Shown for i32 {
    fn shown(&self) -> Value {
        Value::from(*self)
    }
}
impl Shown for Value {
    fn shown(&self) -> Value {
        self.clone()
    }
}
impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> Value {
        self.as_ref().map_or(Value::Null, Shown::shown)
    }
}
impl<T: Shown> Shown for Vec<T> {
    fn shown(&self) -> Value {
        self.iter().map(Shown::shown).collect()
    }
}
/// A word of a code list.
pub struct Word<C>(pub C);
impl<C: Code> Shown for Word<C> {
    fn shown(&self) -> Value {
        Value::String(self.0.code().to_owned())
    }
}
impl<C: Code> Shown for Word<Option<C>> {
    fn shown(&self) -> Value {
        self.0
            .map_or(Value::Null, |word| Value::String(word.code().to_owned()))
    }
}

/// Names the fields of a kind of record: `disclosed!(Row, Resource, |r| youth, |r| id, |r| version, { "name": expression, .. })`.
macro_rules! disclosed {
    ($row:ty, $resource:ident, |$r:ident| youth: $youth:expr, id: $id:expr, version: $version:expr, { $($name:literal: $value:expr,)+ }) => {
        $crate::db::disclosed::disclosed!($row, $resource, |$r| youth: $youth, id: $id, version: $version, closed: [], { $($name: $value,)+ });
    };
    ($row:ty, $resource:ident, |$r:ident| youth: $youth:expr, id: $id:expr, version: $version:expr, closed: [$($closed:literal),*], { $($name:literal: $value:expr,)+ }) => {
        $crate::db::disclosed::disclosed!($row, $resource, |$r| youth: $youth, id: $id, version: $version, closed: [$($closed),*], stays: [] with None, { $($name: $value,)+ });
    };
    ($row:ty, $resource:ident, |$r:ident| youth: $youth:expr, id: $id:expr, version: $version:expr, closed: [$($closed:literal),*], stays: [$($stays:literal),*] with $episode:expr, { $($name:literal: $value:expr,)+ }) => {
        const _: () = assert!(
            $crate::domain::notes_apart::are_notes(&[$($stays),*]),
            "a field that stays behind is not among the notes"
        );
        const _: () = assert!(
            $crate::domain::protected_identity::are_closed(&[$($closed),*]),
            "a field that a protected identity closes is not among those"
        );
        impl $crate::policy::reveal::Disclosable for $row {
            const RESOURCE: $crate::domain::operation::Resource = $crate::domain::operation::Resource::$resource;
            fn record_id(&self) -> $crate::domain::id::Id<$crate::domain::id::Record> { let $r = self; $id.cast() }
            fn youth_id(&self) -> Option<$crate::domain::id::Id<$crate::domain::id::Youth>> { let $r = self; let _ = $r; $youth }
            fn version(&self) -> i64 { let $r = self; let _ = $r; $version }
            fn field(&self, name: &str) -> Option<serde_json::Value> {
                use $crate::db::disclosed::Shown;
                let $r = self;
                match name { $($name => Some(Shown::shown(&$value)),)+ _ => None }
            }
            fn closed_by_protection(&self, name: &str) -> bool { matches!(name, "" $(| $closed)*) }
            fn stays_with(&self, name: &str) -> Option<$crate::domain::id::Id<$crate::domain::id::Episode>> {
                let $r = self;
                let _ = $r;
                if matches!(name, "" $(| $stays)*) { $episode } else { None }
            }
        }
        impl $row {
            /// The names of the fields that can be shown.
            pub const FIELD_NAMES: &'static [&'static str] = &[$($name),+];
        }
    };
}
pub(in crate::db) use disclosed;
