//! With whom a youth is shared, and on which basis: one list of recipients, each with what stands towards them now. Those of the
//! compartment are in it for whoever may know of them; for everybody else it is as if there were none.

use super::form::Form;
use super::youths::visible_relation;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::referrals::{OpenReferral, ProtectedReferral};
use crate::db::sharing::{OpenRecipient, ProtectedRecipient, gather, hosts, merged};
use crate::domain::id::{Id, Youth};
use crate::domain::operation::Resource;
use crate::error::Result;
use crate::policy::decide::sees;
use crate::policy::reveal::{Sealed, View};

/// A recipient of either kind.
enum Either {
    Open(Sealed<OpenRecipient>),
    Protected(Sealed<ProtectedRecipient>),
}

/// The recipients that a youth is shared with.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_youth_sharing(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    parameters.finish()?;
    tx.permit(Resource::Sharing, &relation)?;
    let told = gather::<OpenReferral>(tx, youth_id, &relation)?;
    let hosts = hosts(tx, youth_id)?;
    let mut all: Vec<Either> = merged([told, hosts])
        .into_iter()
        .map(|recipient| Either::Open(Sealed::new(OpenRecipient(recipient), relation.clone())))
        .collect();
    if sees(tx.actor(), Resource::ProtectedSharing, &relation) {
        let protected = gather::<ProtectedReferral>(tx, youth_id, &relation)?;
        all.extend(protected.into_iter().map(|recipient| {
            Either::Protected(Sealed::new(ProtectedRecipient(recipient), relation.clone()))
        }));
    }
    // They have no ids of their own; their places in the list serve.
    let numbered: Vec<(usize, Either)> = all.into_iter().enumerate().collect();
    request
        .cut(numbered, |(place, _)| {
            uuid::Uuid::from_u128(u128::try_from(*place).unwrap_or(0))
        })
        .try_map(|(_, recipient)| match recipient {
            Either::Open(sealed) => tx.reveal(&sealed),
            Either::Protected(sealed) => tx.reveal(&sealed),
        })
}
