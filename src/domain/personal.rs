//! Wrapper for personal data: it can be stored, compared and revealed on purpose, never printed or serialised by accident.
//! Who may see the value is decided in `policy`, not here.

use std::fmt;

/// A value that tells something about a youth. No `Serialize`, no `Display`, and a `Debug` that hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Wraps a value read from a file or a request.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The value, for rules and storage; what leaves the service goes through `policy::reveal`.
    pub const fn expose(&self) -> &T {
        &self.0
    }
    /// Takes the value out.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}
