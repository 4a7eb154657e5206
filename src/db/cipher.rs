//! How enciphered columns are stored and read. A row has two faces: the one the services see, with plain values, and the one
//! that stands in the database, in which every column marked `~` is a cipher text. Only the second can be loaded and
//! written, and only through the vault does one become the other, so that no query can forget it.
//! Which columns there are is told by `schema` (`Cipher`); how texts lying open are enciphered later, by `enciphering`.

use super::schema::sql::Cipher;
use super::types::Json;
use super::{MultiBackend, MultiRawValue};
use crate::domain::identity_number::IdentityNumber;
use crate::error::{Error, Result};
use crate::vault::{Place, Vault};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;

/// A cipher text as it is stored. A word of a code list that may lie open, in a table of the register, is stored as itself.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Cipher)]
#[diesel(sql_type = Text)]
pub struct CipherText(pub String);

impl ToSql<Cipher, Pg> for CipherText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <str as ToSql<Text, Pg>>::to_sql(&self.0, &mut out.reborrow())
    }
}
impl ToSql<Cipher, Sqlite> for CipherText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_str());
        Ok(IsNull::No)
    }
}
impl ToSql<Cipher, MultiBackend> for CipherText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Cipher, self));
        Ok(IsNull::No)
    }
}
impl FromSql<Cipher, Pg> for CipherText {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <String as FromSql<Text, Pg>>::from_sql(value).map(Self)
    }
}
impl FromSql<Cipher, Sqlite> for CipherText {
    fn from_sql(
        value: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        <String as FromSql<Text, Sqlite>>::from_sql(value).map(Self)
    }
}
impl FromSql<Cipher, MultiBackend> for CipherText {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Cipher>()
    }
}
impl<DB: diesel::backend::Backend> ToSql<Text, DB> for CipherText
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_str().to_sql(out)
    }
}
impl<DB: diesel::backend::Backend> FromSql<Text, DB> for CipherText
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        String::from_sql(value).map(Self)
    }
}

/// A value that is stored as a cipher text.
pub trait Hidden: Sized {
    /// As it is stored.
    type Stored;
    /// Enciphers it for its place.
    ///
    /// # Errors
    /// As [`Vault::encipher`].
    fn close(&self, vault: &Vault, place: &Place<'_>) -> Result<Self::Stored>;
    /// Deciphers it at its place.
    ///
    /// # Errors
    /// As [`Vault::decipher`].
    fn open(stored: Self::Stored, vault: &Vault, place: &Place<'_>) -> Result<Self>;
}

impl Hidden for String {
    type Stored = CipherText;
    fn close(&self, vault: &Vault, place: &Place<'_>) -> Result<CipherText> {
        vault.encipher(place, self).map(CipherText)
    }
    fn open(stored: CipherText, vault: &Vault, place: &Place<'_>) -> Result<Self> {
        vault.decipher(place, &stored.0)
    }
}

impl Hidden for Json {
    type Stored = CipherText;
    fn close(&self, vault: &Vault, place: &Place<'_>) -> Result<CipherText> {
        vault.encipher(place, &self.0.to_string()).map(CipherText)
    }
    fn open(stored: CipherText, vault: &Vault, place: &Place<'_>) -> Result<Self> {
        let text = vault.decipher(place, &stored.0)?;
        serde_json::from_str(&text)
            .map(Self)
            .map_err(Error::internal)
    }
}

impl<T: Hidden> Hidden for Option<T> {
    type Stored = Option<T::Stored>;
    fn close(&self, vault: &Vault, place: &Place<'_>) -> Result<Self::Stored> {
        self.as_ref()
            .map(|value| value.close(vault, place))
            .transpose()
    }
    fn open(stored: Self::Stored, vault: &Vault, place: &Place<'_>) -> Result<Self> {
        stored
            .map(|stored| T::open(stored, vault, place))
            .transpose()
    }
}

/// What an identity number is found by: its keyed hash.
pub fn tag_of(vault: &Vault, number: &IdentityNumber) -> String {
    vault.lookup(number.kind().code(), number.as_str())
}

/// A row as it stands in the database.
pub trait Stored: Sized {
    /// As the services see it.
    type Row;
    /// Its table, where there is one alone.
    const TABLE: &'static str;
    /// Deciphers a row of this table.
    ///
    /// # Errors
    /// As [`Vault::decipher`].
    fn deciphered_in(self, vault: &Vault, table: &str) -> Result<Self::Row>;
    /// Deciphers the row.
    ///
    /// # Errors
    /// As [`Vault::decipher`].
    fn deciphered(self, vault: &Vault) -> Result<Self::Row> {
        self.deciphered_in(vault, Self::TABLE)
    }
}

/// Several rows, or perhaps one, at once.
pub trait AllStored<T> {
    /// As the services see them.
    type Rows;
    /// Deciphers rows of this table.
    ///
    /// # Errors
    /// As [`Vault::decipher`].
    fn all_deciphered_in(self, vault: &Vault, table: &str) -> Result<Self::Rows>;
    /// Deciphers the rows.
    ///
    /// # Errors
    /// As [`Vault::decipher`].
    fn all_deciphered(self, vault: &Vault) -> Result<Self::Rows>;
}
impl<T: Stored> AllStored<T> for Vec<T> {
    type Rows = Vec<T::Row>;
    fn all_deciphered_in(self, vault: &Vault, table: &str) -> Result<Self::Rows> {
        self.into_iter()
            .map(|row| row.deciphered_in(vault, table))
            .collect()
    }
    fn all_deciphered(self, vault: &Vault) -> Result<Self::Rows> {
        self.all_deciphered_in(vault, T::TABLE)
    }
}
impl<T: Stored> AllStored<T> for Option<T> {
    type Rows = Option<T::Row>;
    fn all_deciphered_in(self, vault: &Vault, table: &str) -> Result<Self::Rows> {
        self.map(|row| row.deciphered_in(vault, table)).transpose()
    }
    fn all_deciphered(self, vault: &Vault) -> Result<Self::Rows> {
        self.all_deciphered_in(vault, T::TABLE)
    }
}

/// Enciphers many rows: `all_enciphered!(rows, vault)`.
macro_rules! all_enciphered {
    ($rows:expr, $vault:expr) => {
        $rows
            .iter()
            .map(|row| row.enciphered($vault))
            .collect::<$crate::error::Result<Vec<_>>>()
    };
}
pub(in crate::db) use all_enciphered;

/// Makes both faces of a row:
/// `guarded! { #[derive(..)] pub struct Row as StoredRow [derives of it] in table by id { pub a: A, pub b ~ Option<String>, } }`.
/// A column marked `~` is enciphered; of a word of a code list only in the compartment. `by` names the column whose id binds
/// the cipher texts.
macro_rules! guarded {
    (@stored : $ty:ty) => { $ty };
    (@stored ~ $ty:ty) => { <$ty as $crate::db::cipher::Hidden>::Stored };
    (@close : $value:expr, $field:ident, $vault:ident, $table:ident, $record:ident) => { $value.clone() };
    (@close ~ $value:expr, $field:ident, $vault:ident, $table:ident, $record:ident) => {
        $crate::db::cipher::Hidden::close(&$value, $vault, &$crate::vault::Place::of($table, stringify!($field), $record))?
    };
    (@open : $value:expr, $field:ident, $vault:ident, $table:ident, $record:ident) => { $value };
    (@open ~ $value:expr, $field:ident, $vault:ident, $table:ident, $record:ident) => {
        $crate::db::cipher::Hidden::open($value, $vault, &$crate::vault::Place::of($table, stringify!($field), $record))?
    };
    ($(#[$outer:meta])* pub struct $row:ident as $stored:ident [$($inner_attribute:meta),*] in $name:ident by $id:ident {
        $($(#[$inner:meta])* pub $field:ident $kind:tt $ty:ty,)+
    }) => {
        $(#[$outer])*
        pub struct $row {
            $($(#[$inner])* pub $field: $ty,)+
        }

        /// The row as it stands in the database.
        #[derive(Clone)]
        $(#[$inner_attribute])*
        pub struct $stored {
            $(pub $field: $crate::db::cipher::guarded!(@stored $kind $ty),)+
        }

        impl $row {
            /// The row as it is stored in this table.
            #[allow(clippy::clone_on_copy)]
            pub fn enciphered_in(&self, vault: &$crate::vault::Vault, table: &str) -> $crate::error::Result<$stored> {
                let record = self.$id.uuid();
                Ok($stored {
                    $($field: $crate::db::cipher::guarded!(@close $kind self.$field, $field, vault, table, record),)+
                })
            }
            /// The row as it is stored.
            #[allow(dead_code)]
            pub fn enciphered(&self, vault: &$crate::vault::Vault) -> $crate::error::Result<$stored> {
                self.enciphered_in(vault, stringify!($name))
            }
        }

        impl $crate::db::cipher::Stored for $stored {
            type Row = $row;
            const TABLE: &'static str = stringify!($name);
            fn deciphered_in(self, vault: &$crate::vault::Vault, table: &str) -> $crate::error::Result<$row> {
                let record = self.$id.uuid();
                Ok($row {
                    $($field: $crate::db::cipher::guarded!(@open $kind self.$field, $field, vault, table, record),)+
                })
            }
        }
    };
}
pub(in crate::db) use guarded;
