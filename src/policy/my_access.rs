//! The access table as one person has it: what they may know of, do, read and write. For clients, so that none keeps a
//! copy of the policy; every request is decided anew in `decide` all the same.

use super::access_table::{
    FieldAccess, Permission, Scope, field_access, field_names, permission, scope,
};
use super::decide::{Relation, may_assign, may_break_glass, may_write_measure};
use crate::domain::codes::{AssignmentKind, Code, GrantPurpose, Measure};
use crate::domain::operation::{Operation, Resource};
use crate::domain::user::Actor;
use serde_json::{Map, Value, json};

/// The rights of a member of staff; `None` for anybody else. What is not there is not allowed.
pub fn access_of(actor: &Actor) -> Option<Map<String, Value>> {
    let role = actor.role()?;
    let mut scopes = Map::new();
    let mut fields = Map::new();
    for &resource in Resource::ALL {
        if let Some(word) = scope_word(scope(resource, role)) {
            scopes.insert(resource.name().to_owned(), json!(word));
        }
        let open: Map<String, Value> = field_names(resource)
            .filter_map(|name| {
                let word = field_word(field_access(resource, name, role))?;
                Some((name.to_owned(), json!(word)))
            })
            .collect();
        if !open.is_empty() {
            fields.insert(resource.name().to_owned(), Value::Object(open));
        }
    }
    let allowed = |wanted: &[Permission]| -> Vec<&str> {
        Operation::ALL
            .iter()
            .filter(|operation| wanted.contains(&permission(**operation, role)))
            .map(|operation| operation.name())
            .collect()
    };
    // Somebody assigned may break the glass most often; whether they are is asked when they do.
    let assigned = Relation {
        is_assigned: true,
        ..Relation::unit_record(true)
    };
    let mut access = Map::new();
    access.insert("role".to_owned(), json!(role.code()));
    access.insert("scopes".to_owned(), Value::Object(scopes));
    // What is done to one's own records only is among them; whose a record is stands in the record.
    access.insert(
        "operations".to_owned(),
        json!(allowed(&[Permission::Yes, Permission::Own])),
    );
    access.insert(
        "breakGlassOperations".to_owned(),
        json!(allowed(&[Permission::Grant])),
    );
    access.insert("fields".to_owned(), Value::Object(fields));
    access.insert(
        "assignmentKinds".to_owned(),
        codes(|kind: AssignmentKind| may_assign(actor, kind)),
    );
    access.insert(
        "measures".to_owned(),
        codes(|kind: Measure| {
            permission(Operation::OfferIntervention, role) == Permission::Yes
                && may_write_measure(actor, kind)
        }),
    );
    access.insert(
        "breakGlassPurposes".to_owned(),
        codes(|purpose: GrantPurpose| may_break_glass(actor, purpose, &assigned)),
    );
    Some(access)
}

fn codes<C: Code>(is_open: impl Fn(C) -> bool) -> Value {
    C::ALL
        .iter()
        .copied()
        .filter(|word| is_open(*word))
        .map(|word| Value::from(word.code()))
        .collect()
}

const fn scope_word(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::None => None,
        Scope::Own => Some("own"),
        Scope::Assigned => Some("assigned"),
        Scope::Unit => Some("unit"),
        Scope::Granted => Some("breakGlass"),
        Scope::All => Some("all"),
    }
}

const fn field_word(access: FieldAccess) -> Option<&'static str> {
    match access {
        FieldAccess::None => None,
        FieldAccess::Masked => Some("masked"),
        FieldAccess::Own => Some("own"),
        FieldAccess::Grant => Some("breakGlass"),
        FieldAccess::Read => Some("read"),
        FieldAccess::OwnWrite => Some("ownWrite"),
        FieldAccess::Write => Some("write"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::domain::id::Id;
    use crate::domain::user::{Role, Staff};

    fn access(role: Role) -> Map<String, Value> {
        access_of(&Actor::Staff(Staff {
            id: Id::fresh(),
            role,
            unit_id: None,
            session_id: None,
        }))
        .unwrap()
    }

    #[test]
    fn the_ambassador_is_told_little() {
        let access = access(Role::Ambassador);
        assert_eq!(access["scopes"]["youths"], "assigned");
        assert_eq!(access["fields"]["youths"]["familyName"], "masked");
        assert!(access["fields"]["youths"].get("identityNumber").is_none());
        assert!(access["fields"].get("interventions").is_none());
        let operations = access["operations"].as_array().unwrap();
        assert!(operations.contains(&json!("correctContact")));
        assert_eq!(access["measures"], json!([]));
        assert_eq!(access["breakGlassPurposes"], json!([]));
    }

    #[test]
    fn the_chief_is_told_what_a_reason_opens() {
        let access = access(Role::Enhetschef);
        assert_eq!(
            access["breakGlassOperations"],
            json!(["readProtectedStatus"])
        );
        assert_eq!(access["fields"]["contacts"]["note"], "breakGlass");
        assert_eq!(
            access["breakGlassPurposes"],
            json!(["contact_notes", "protected_compartment"])
        );
    }

    #[test]
    fn nobody_but_staff_is_told() {
        assert!(access_of(&Actor::Console).is_none());
        assert!(access_of(&Actor::Anonymous).is_none());
    }
}
