//! What the rules of the target group say of a youth on any day, and the facts it rests on. The rules stand in
//! `domain::target_group`.

use super::form::Form;
use super::youths::visible_relation;
use crate::db::audited::AuditedTx;
use crate::db::target_group::{TargetGroupRecord, document_of, load_subject};
use crate::domain::id::{Id, Youth};
use crate::domain::target_group::evaluate;
use crate::error::Result;
use crate::policy::reveal::{Sealed, View};

/// The answer for a day, today if none is told. Parameter: `on`; a day ahead is answered from the facts as they are now.
///
/// # Errors
/// 400 for a wrong parameter; 404 for a youth the actor may not know of.
pub fn read_target_group(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    mut parameters: Form,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let on = parameters.date("on").unwrap_or(tx.today());
    parameters.finish()?;
    let subject = load_subject(tx, youth_id)?;
    let record = TargetGroupRecord {
        youth_id,
        on,
        evaluation: evaluate(&subject.facts, on),
        facts: document_of(&subject.facts),
    };
    tx.reveal(&Sealed::new(record, relation))
}
