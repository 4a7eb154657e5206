//! Which columns of a file may hold a value where an actor stands like this to a youth? Asked once for all records alike, where
//! `reveal` asks at each record, and answered more narrowly: what leaves as a file is shown by no break-glass and never in part,
//! and holds no note and nothing that a protected identity closes. Which rows stand in the file is decided with their lists.

use super::access_table::FieldAccess;
use super::decide::Relation;
use super::reveal::{effective, permit};
use crate::domain::notes_apart::NOTES;
use crate::domain::operation::{Operation, Resource};
use crate::domain::protected_identity::CLOSED;
use crate::domain::user::Actor;
use crate::error::Result;

/// The columns of a file of records of one kind, with what has been decided on already.
#[derive(Debug)]
pub struct Columns {
    actor: Actor,
    operation: Operation,
    resource: Resource,
    names: &'static [&'static str],
    /// The youths of a unit stand in few different relations to somebody.
    decided: Vec<(Relation, Vec<bool>)>,
}

impl Columns {
    /// The columns of these names, for whoever does this.
    pub const fn new(
        actor: Actor,
        operation: Operation,
        resource: Resource,
        names: &'static [&'static str],
    ) -> Self {
        Self {
            actor,
            operation,
            resource,
            names,
            decided: Vec::new(),
        }
    }

    /// Which of them, in their order, hold a value for records in this relation.
    ///
    /// # Errors
    /// 403 or 404 when the deed is not allowed on them.
    pub fn shown(&mut self, relation: &Relation) -> Result<&[bool]> {
        let known = self.decided.iter().position(|(known, _)| known == relation);
        let place = match known {
            Some(place) => place,
            None => {
                permit(&self.actor, self.operation, self.resource, relation)?;
                let names = self.names.iter();
                let shown = names.map(|name| self.is_shown(name, relation)).collect();
                self.decided.push((relation.clone(), shown));
                self.decided.len() - 1
            }
        };
        Ok(self.decided.get(place).map_or(&[], |(_, shown)| shown))
    }

    fn is_shown(&self, name: &str, relation: &Relation) -> bool {
        let access = effective(&self.actor, self.resource, name, relation);
        matches!(access, Some((access, false)) if access != FieldAccess::Masked)
            && !CLOSED.contains(&name)
            && !NOTES.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::GrantPurpose;
    use crate::domain::id::Id;
    use crate::domain::user::{Role, Staff};

    fn columns(role: Role) -> Columns {
        let staff = Staff {
            id: Id::fresh(),
            role,
            unit_id: Some(Id::fresh()),
            session_id: None,
        };
        let names = &["id", "occurredAt", "place", "note", "addenda", "nobody"];
        let operation = Operation::ExportContacts;
        Columns::new(Actor::Staff(staff), operation, Resource::Contacts, names)
    }

    #[test]
    fn a_file_holds_no_note_and_nothing_that_is_closed_whatever_is_opened() {
        let relation = Relation {
            is_same_unit: true,
            is_own: true,
            grants: vec![GrantPurpose::ContactNotes, GrantPurpose::ProtectedAddress],
            ..Relation::default()
        };
        let mut columns = columns(Role::Enhetschef);
        let shown = [true, true, false, false, false, false];
        assert_eq!(columns.shown(&relation).unwrap(), shown);
        assert_eq!(columns.shown(&relation).unwrap(), shown);
    }

    #[test]
    fn what_one_may_not_see_is_refused_and_what_another_was_allowed_does_not_stand_for_it() {
        let here = Relation::unit_record(true);
        let elsewhere = Relation::unit_record(false);
        let mut columns = columns(Role::Enhetschef);
        columns.shown(&here).unwrap();
        columns.shown(&elsewhere).unwrap_err();
        self::columns(Role::Ambassador).shown(&here).unwrap_err();
    }
}
