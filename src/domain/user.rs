//! The roles of the team and who a member of staff is. What a role may do stands in `policy::access_table` alone.

use super::codes::Code;
use super::id::{Id, Session, Unit, User};
use serde::{Deserialize, Serialize};

/// A role, in the order of the columns of the access table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Ungdomsambassadör: hourly paid, in the street.
    Ambassador,
    /// Studie- och yrkesvägledare.
    Syv,
    /// Ungdomskonsulent.
    Ungdomskonsulent,
    /// Socionom.
    Socionom,
    /// Enhetschef.
    Enhetschef,
    /// Administrator: users and settings, no personal data.
    Administrator,
    /// Log reviewer.
    Loggranskare,
}

impl Role {
    /// The role's column in the access table.
    pub const fn column(self) -> usize {
        self as usize
    }
    /// Whether people of this role belong to a unit. The administrator and the log reviewer stand outside the units.
    pub const fn has_unit(self) -> bool {
        !matches!(self, Self::Administrator | Self::Loggranskare)
    }
    /// Whether somebody active must always hold the role: in each unit its chief, in the house an administrator.
    /// Without them nobody could assign, or let anybody in.
    pub const fn must_stay_held(self) -> bool {
        matches!(self, Self::Enhetschef | Self::Administrator)
    }
}

impl Code for Role {
    const ALL: &'static [Self] = &[
        Self::Ambassador,
        Self::Syv,
        Self::Ungdomskonsulent,
        Self::Socionom,
        Self::Enhetschef,
        Self::Administrator,
        Self::Loggranskare,
    ];
    fn code(self) -> &'static str {
        match self {
            Self::Ambassador => "ambassador",
            Self::Syv => "syv",
            Self::Ungdomskonsulent => "ungdomskonsulent",
            Self::Socionom => "socionom",
            Self::Enhetschef => "enhetschef",
            Self::Administrator => "administrator",
            Self::Loggranskare => "loggranskare",
        }
    }
    fn sv(self) -> &'static str {
        match self {
            Self::Ambassador => "Ungdomsambassadör",
            Self::Syv => "Studie- och yrkesvägledare",
            Self::Ungdomskonsulent => "Ungdomskonsulent",
            Self::Socionom => "Socionom",
            Self::Enhetschef => "Enhetschef",
            Self::Administrator => "Administratör",
            Self::Loggranskare => "Loggranskare",
        }
    }
    fn en(self) -> &'static str {
        match self {
            Self::Ambassador => "Youth ambassador",
            Self::Syv => "Study and career counsellor",
            Self::Ungdomskonsulent => "Youth consultant",
            Self::Socionom => "Social worker",
            Self::Enhetschef => "Unit chief",
            Self::Administrator => "Administrator",
            Self::Loggranskare => "Log reviewer",
        }
    }
}

/// Whether a user name is well formed: 3 to 60 of a-z, 0-9, full stop, hyphen and underscore, so that it is typed and
/// stored in one way only.
pub fn is_username(name: &str) -> bool {
    (3..=60).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b))
}

/// A signed-in member of staff.
#[derive(Debug, Clone, Copy)]
pub struct Staff {
    /// Who.
    pub id: Id<User>,
    /// The role at this moment, read anew for each request.
    pub role: Role,
    /// The unit, if the role has one.
    pub unit_id: Option<Id<Unit>>,
    /// The session in use; none for work done from the command line in the person's name.
    pub session_id: Option<Id<Session>>,
}

/// Who acts.
#[derive(Debug, Clone, Copy)]
pub enum Actor {
    /// A member of staff.
    Staff(Staff),
    /// The command line on the server.
    Console,
    /// Nobody has signed in.
    Anonymous,
}

impl Actor {
    /// The member of staff, if one has signed in.
    pub const fn staff(&self) -> Option<&Staff> {
        match self {
            Self::Staff(staff) => Some(staff),
            Self::Console | Self::Anonymous => None,
        }
    }
    /// The user id, if one has signed in.
    pub fn user_id(&self) -> Option<Id<User>> {
        self.staff().map(|s| s.id)
    }
    /// The role, if one has signed in.
    pub fn role(&self) -> Option<Role> {
        self.staff().map(|s| s.role)
    }
    /// The unit, if the person has one.
    pub fn unit_id(&self) -> Option<Id<Unit>> {
        self.staff().and_then(|s| s.unit_id)
    }
    /// The word for this kind of actor in the audit.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Console => "console",
            Self::Anonymous => "anonymous",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn user_names_are_short_lower_case_and_plain() {
        for good in ["syv", "anna.berg-2", "a_b", &"a".repeat(60)] {
            assert!(is_username(good), "{good}");
        }
        for bad in [
            "",
            "ab",
            "Anna",
            "anna berg",
            "åsa",
            "anna@x",
            &"a".repeat(61),
        ] {
            assert!(!is_username(bad), "{bad}");
        }
    }

    #[test]
    fn only_the_two_offices_outside_the_units_have_none() {
        let without: Vec<&str> = Role::ALL
            .iter()
            .filter(|role| !role.has_unit())
            .map(|role| role.code())
            .collect();
        assert_eq!(without, ["administrator", "loggranskare"]);
    }
}
