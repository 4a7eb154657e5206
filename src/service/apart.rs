//! One resource of two kinds: what lies in the register and what lies in the protected compartment are read under one
//! address. Whoever may not know of the latter gets the answers of a world in which there is none.

use crate::db::apart::Apart;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::domain::id::{Id, Youth};
use crate::error::{ErrorCode, Result};
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Sealed, View};

/// A record of either kind.
pub(super) enum Either<O, P> {
    Open(Sealed<O>),
    Protected(Sealed<P>),
}

impl<Of: 'static, O: Apart<Of = Of>, P: Apart<Of = Of>> Either<O, P> {
    /// Looks in both places.
    ///
    /// # Errors
    /// 404 when it is in neither.
    pub fn load(tx: &mut AuditedTx<'_>, id: Id<Of>) -> Result<Self> {
        if let Some(sealed) = O::find(tx, id)? {
            return Ok(Self::Open(sealed));
        }
        match P::find(tx, id)? {
            Some(sealed) => Ok(Self::Protected(sealed)),
            None => Err(ErrorCode::NotFound.into()),
        }
    }

    /// Shows it.
    ///
    /// # Errors
    /// 403, or 404 when the actor may not know of it.
    pub fn reveal(&self, tx: &mut AuditedTx<'_>) -> Result<View> {
        match self {
            Self::Open(sealed) => tx.reveal(sealed),
            Self::Protected(sealed) => tx.reveal(sealed),
        }
    }

    fn id(&self) -> Id<Of> {
        match self {
            Self::Open(sealed) => sealed.for_rules().id(),
            Self::Protected(sealed) => sealed.for_rules().id(),
        }
    }
}

/// Those of one youth that are wanted, newest first.
///
/// # Errors
/// 403 or 404.
pub(super) fn list_of_youth<Row, Of, O, P>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: &Relation,
    request: &PageRequest,
    is_wanted: impl Fn(&Row) -> bool,
) -> Result<Page<View>>
where
    Of: 'static,
    O: Apart<Of = Of, Row = Row>,
    P: Apart<Of = Of, Row = Row>,
{
    tx.permit(O::RESOURCE, relation)?;
    let mut all: Vec<Either<O, P>> = O::of_youth(tx, youth_id, relation)?
        .into_iter()
        .filter(|sealed| is_wanted(sealed.for_rules().row()))
        .map(Either::Open)
        .collect();
    if sees(tx.actor(), P::RESOURCE, relation) {
        let protected = P::of_youth(tx, youth_id, relation)?;
        all.extend(
            protected
                .into_iter()
                .filter(|sealed| is_wanted(sealed.for_rules().row()))
                .map(Either::Protected),
        );
    }
    all.sort_by_key(|record| std::cmp::Reverse(record.id()));
    request
        .cut(all, |record| record.id().uuid())
        .try_map(|record| record.reveal(tx))
}
