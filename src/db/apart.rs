//! Records of which there are two kinds: those of the register, and those of the protected compartment, alike in form and
//! kept in tables of their own. What makes a record one of the compartment is a matter of the domain.

use super::audited::AuditedTx;
use crate::domain::id::{Id, Youth};
use crate::error::Result;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Disclosable, Permit, Sealed};

/// A kind of record, with the table that keeps it.
pub trait Apart: Disclosable + Clone + Sized {
    /// What is stored, the same for both kinds.
    type Row;
    /// What its id names.
    type Of: 'static;
    /// A record of this kind.
    fn of(row: Self::Row) -> Self;
    /// What is stored.
    fn row(&self) -> &Self::Row;
    /// The id.
    fn id(&self) -> Id<Self::Of>;
    /// A record of this kind, if there is one.
    ///
    /// # Errors
    /// The database does not answer.
    fn find(tx: &mut AuditedTx<'_>, id: Id<Self::Of>) -> Result<Option<Sealed<Self>>>;
    /// Those of one youth, in no order.
    ///
    /// # Errors
    /// The database does not answer.
    fn of_youth(
        tx: &mut AuditedTx<'_>,
        youth_id: Id<Youth>,
        relation: &Relation,
    ) -> Result<Vec<Sealed<Self>>>;
    /// Stores a new one.
    ///
    /// # Errors
    /// The database does not answer.
    fn insert(&self, tx: &mut AuditedTx<'_>, permit: &Permit) -> Result<()>;
}

/// Makes a kind: its name, its table, its `Resource`, both faces of the row, what the id names, the macro that gives every column its
/// value, its version, its notes, and its fields as `disclosed!` takes them.
macro_rules! apart {
    ($(#[$doc:meta])* $kind:ident, $table:ident, $resource:ident, $row:ident as $stored:ident, $of:ident, $columns:ident,
        |$r:ident| version: $version:expr, stays: [$($stays:literal),*] with $episode:expr, { $($name:literal: $value:expr,)+ }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $kind(pub $row);

        $crate::db::disclosed::disclosed!($kind, $resource, |$r| youth: Some($r.0.youth_id), id: $r.0.id, version: $version,
            closed: [], stays: [$($stays),*] with $episode, {
            $($name: $value,)+
        });

        impl $crate::db::apart::Apart for $kind {
            type Row = $row;
            type Of = $crate::domain::id::$of;
            fn of(row: $row) -> Self {
                Self(row)
            }
            fn row(&self) -> &$row {
                &self.0
            }
            fn id(&self) -> $crate::domain::id::Id<Self::Of> {
                self.0.id
            }
            fn find(
                tx: &mut $crate::db::audited::AuditedTx<'_>,
                id: $crate::domain::id::Id<Self::Of>,
            ) -> $crate::error::Result<Option<$crate::policy::reveal::Sealed<Self>>> {
                use $crate::db::cipher::AllStored;
                let row: Option<$stored> = $table::table.find(id).first(tx.conn()).optional()?;
                let Some(row) = row.all_deciphered_in(tx.vault(), stringify!($table))? else { return Ok(None) };
                let relation = $crate::db::notes_apart::relation_with_notes(tx, row.youth_id)?;
                Ok(Some($crate::policy::reveal::Sealed::new(Self(row), relation)))
            }
            fn of_youth(
                tx: &mut $crate::db::audited::AuditedTx<'_>,
                youth_id: $crate::domain::id::Id<$crate::domain::id::Youth>,
                relation: &$crate::policy::decide::Relation,
            ) -> $crate::error::Result<Vec<$crate::policy::reveal::Sealed<Self>>> {
                use $crate::db::cipher::AllStored;
                let rows: Vec<$stored> = $table::table
                    .filter($table::youth_id.eq(youth_id))
                    .load(tx.conn())?;
                Ok(rows
                    .all_deciphered_in(tx.vault(), stringify!($table))?
                    .into_iter()
                    .map(|row| $crate::policy::reveal::Sealed::new(Self(row), relation.clone()))
                    .collect())
            }
            fn insert(
                &self,
                tx: &mut $crate::db::audited::AuditedTx<'_>,
                _: &$crate::policy::reveal::Permit,
            ) -> $crate::error::Result<()> {
                let row = self.0.enciphered_in(tx.vault(), stringify!($table))?;
                diesel::insert_into($table::table)
                    .values($columns!($table, &row))
                    .execute(tx.conn())?;
                Ok(())
            }
        }
    };
}
pub(in crate::db) use apart;
