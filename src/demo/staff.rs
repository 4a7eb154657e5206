//! Who works in the demo's municipality. The first of each role is the one whose password is told.

/// A member of staff.
pub struct Person {
    /// The role's code.
    pub role: &'static str,
    /// The user name.
    pub username: &'static str,
    /// The name.
    pub name: &'static str,
    /// The unit, by its place in [`UNITS`].
    pub unit: Option<usize>,
}

/// What the municipality is called: one that there is not, named after a district.
pub const MUNICIPALITY: &str = "Ursviks kommun";

/// The units: one that does nearly all, and a small one beside it that sees nothing of it.
pub const UNITS: [&str; 2] = ["Unga vuxna Sundbyberg", "Unga vuxna Ursvik"];

const fn person(
    role: &'static str,
    username: &'static str,
    name: &'static str,
    unit: Option<usize>,
) -> Person {
    Person {
        role,
        username,
        name,
        unit,
    }
}

/// Everybody.
pub const STAFF: &[Person] = &[
    person("administrator", "administrator", "Anders Lund", None),
    person("loggranskare", "loggranskare", "Britt Hallberg", None),
    person("enhetschef", "enhetschef", "Maria Sandell", Some(0)),
    person("syv", "syv", "Karin Holm", Some(0)),
    person("syv", "jonas.wik", "Jonas Wik", Some(0)),
    person("socionom", "socionom", "Leila Haddad", Some(0)),
    person("socionom", "per.noren", "Per Norén", Some(0)),
    person(
        "ungdomskonsulent",
        "ungdomskonsulent",
        "Amir Rezai",
        Some(0),
    ),
    person("ungdomskonsulent", "elin.strand", "Elin Strand", Some(0)),
    person("ambassador", "ambassador", "Fatou Jallow", Some(0)),
    person("ambassador", "emil.krantz", "Emil Krantz", Some(0)),
    person("ambassador", "sara.demir", "Sara Demir", Some(0)),
    person("enhetschef", "ingrid.falk", "Ingrid Falk", Some(1)),
    person("syv", "nils.berg", "Nils Berg", Some(1)),
    person("socionom", "hanna.quist", "Hanna Quist", Some(1)),
];

/// The places in [`STAFF`] of those with a role in a unit.
pub fn places(role: &str, unit: usize) -> Vec<usize> {
    STAFF
        .iter()
        .enumerate()
        .filter(|(_, person)| person.role == role && person.unit == Some(unit))
        .map(|(place, _)| place)
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::Code;
    use crate::domain::user::{Role, is_username};

    #[test]
    fn everybody_could_be_registered_and_every_role_is_there() {
        for person in STAFF {
            let role = Role::from_code(person.role).unwrap();
            assert_eq!(role.has_unit(), person.unit.is_some(), "{}", person.name);
            assert!(is_username(person.username), "{}", person.username);
        }
        for role in Role::ALL {
            assert!(STAFF.iter().any(|person| person.role == role.code()));
        }
    }
}
