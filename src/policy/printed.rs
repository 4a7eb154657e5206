//! The access table in words, column by column: which roles may do a deed, see a field or set it. For the documentation of
//! the interface; nothing is decided here.

use super::access_table::{
    FieldAccess, Permission, Scope, field_access, field_names, permission, scope,
};
use crate::domain::codes::Code;
use crate::domain::operation::{Operation, Resource};
use crate::domain::user::Role;

/// Words for what a role may do, each with the roles that may, in the order of the table. Roles that may not are left out.
pub type RolesByWord = Vec<(&'static str, Vec<&'static str>)>;

/// Who may do a deed: `yes`, `own` to records they made, or `breakGlass` once a reason has been given.
pub fn roles_of_operation(operation: Operation) -> RolesByWord {
    by_word(|role| match permission(operation, role) {
        Permission::No => None,
        Permission::Yes => Some("yes"),
        Permission::Own => Some("own"),
        Permission::Grant => Some("breakGlass"),
    })
}

/// What each role may do with a field.
pub fn roles_of_field(resource: Resource, field: &str) -> RolesByWord {
    by_word(|role| match field_access(resource, field, role) {
        FieldAccess::None => None,
        FieldAccess::Masked => Some("masked"),
        FieldAccess::Own => Some("own"),
        FieldAccess::Grant => Some("breakGlass"),
        FieldAccess::Read => Some("read"),
        FieldAccess::OwnWrite => Some("ownWrite"),
        FieldAccess::Write => Some("write"),
    })
}

/// Whether every role that may see such a record at all sees this field of it.
pub fn is_seen_by_all(resource: Resource, field: &str) -> bool {
    let is_seen = |role: Role, name: &str| {
        matches!(
            field_access(resource, name, role),
            FieldAccess::Masked | FieldAccess::Read | FieldAccess::Write
        )
    };
    Role::ALL
        .iter()
        .filter(|role| scope(resource, **role) != Scope::None)
        .filter(|role| field_names(resource).any(|name| is_seen(**role, name)))
        .all(|role| is_seen(*role, field))
}

fn by_word(word_of: impl Fn(Role) -> Option<&'static str>) -> RolesByWord {
    let mut words: RolesByWord = Vec::new();
    for role in Role::ALL {
        let Some(word) = word_of(*role) else { continue };
        match words.iter_mut().find(|(known, _)| *known == word) {
            Some((_, roles)) => roles.push(role.code()),
            None => words.push((word, vec![role.code()])),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_as_it_stands() {
        assert_eq!(
            roles_of_field(Resource::Youths, "familyName"),
            [
                ("masked", vec!["ambassador"]),
                ("write", vec!["syv", "socionom"]),
                ("read", vec!["ungdomskonsulent", "enhetschef"]),
            ]
        );
        assert!(is_seen_by_all(Resource::Youths, "givenName"));
        assert!(!is_seen_by_all(Resource::Youths, "birthDate"));
        assert_eq!(
            roles_of_operation(Operation::ReadProtectedStatus),
            [
                ("yes", vec!["socionom"]),
                ("breakGlass", vec!["enhetschef"])
            ]
        );
    }
}
