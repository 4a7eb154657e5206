//! Whose identity is protected, and what of a record that closes? The one question that every list, search, count, export and
//! reveal asks (domain 4.4): `db::relations` asks it in SQL, and a test keeps anybody else from asking it in words of their own.
//! Who sees a protected identity at all is decided in `policy::decide`.

use super::codes::ProtectionLevel;

impl ProtectionLevel {
    /// Whether the identity is protected, at whatever level.
    pub const fn is_protected(self) -> bool {
        !matches!(self, Self::None)
    }
    /// Whether the real address is in no ordinary field: not in the population register, or not in this system at all.
    pub const fn holds_no_address(self) -> bool {
        matches!(self, Self::ProtectedRegistration | Self::HandledOutside)
    }
    /// Whether the record is minimal: a local name and no more, for work that a few people do on paper (domain 4.4).
    pub const fn is_minimal(self) -> bool {
        matches!(self, Self::HandledOutside)
    }
}

/// What a minimal record does not hold. The names are there, since a record has them, but they are none by which anybody is
/// known outside; what stood there before is not shown any more.
pub const NOT_IN_MINIMAL: &[&str] = &[
    "identityNumber",
    "area",
    "addresses",
    "phones",
    "email",
    "socialMedia",
    "language",
    "guardians",
    "schoolStatus",
];

/// Which fields of an earlier version tell who a minimal record is about.
pub const TELLS_WHO: &[&str] = &["givenName", "familyName", "birthDate", "legalSex"];

/// The fields that a protected identity closes, of whatever record: they tell where somebody is to be found, by address, by
/// school, or by whom to ring.
pub const CLOSED: &[&str] = &[
    "addresses",
    "area",
    "guardians",
    "municipalityCode",
    "phones",
    "place",
    "school",
    "schoolStatus",
];

/// Whether the fields named all stand in [`CLOSED`]; asked while compiling, of each record that names its own.
pub const fn are_closed(names: &[&str]) -> bool {
    super::notes_apart::are_among(names, CLOSED)
}
