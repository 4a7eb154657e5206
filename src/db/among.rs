//! Which rows belong to some records? A comparison with a list of ids that is one value to the database, however many there are:
//! diesel writes a list as one value for each, so that the statement is another for every length and is prepared anew each time.

use super::Conn;
use super::MultiBackend;
use super::schema::sql::Guid;
use crate::domain::id::Id;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Nullable, SingleValue, SqlType, Text};

/// A column of ids.
pub trait OfIds: SqlType + SingleValue {}
impl OfIds for Guid {}
impl OfIds for Nullable<Guid> {}

/// Whether the value of a column is one of some ids.
#[derive(Debug, Clone)]
pub struct Among<C> {
    column: C,
    /// For SQLite a JSON array of their hexadecimal digits, for PostgreSQL an array as it is written.
    list: String,
    is_sqlite: bool,
}

/// Whether a column is among some ids: a filter for queries on this connection.
pub fn among<C, T: 'static>(
    conn: &Conn,
    column: C,
    ids: impl IntoIterator<Item = Id<T>>,
) -> Among<C>
where
    C: Expression<SqlType: OfIds>,
{
    let is_sqlite = matches!(conn, Conn::Sqlite(_));
    let (open, quote, close) = if is_sqlite {
        ('[', "\"", ']')
    } else {
        ('{', "", '}')
    };
    let mut list = String::from(open);
    for (number, id) in ids.into_iter().enumerate() {
        if number > 0 {
            list.push(',');
        }
        list.push_str(quote);
        let mut digits = uuid::Uuid::encode_buffer();
        list.push_str(id.uuid().simple().encode_lower(&mut digits));
        list.push_str(quote);
    }
    list.push(close);
    Among {
        column,
        list,
        is_sqlite,
    }
}

impl<C> Expression for Among<C> {
    type SqlType = Bool;
}
impl<C: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for Among<C> {}
impl<C: SelectableExpression<QS>, QS> SelectableExpression<QS> for Among<C> {}
impl<C: ValidGrouping<G>, G> ValidGrouping<G> for Among<C> {
    type IsAggregate = C::IsAggregate;
}
impl<C> QueryId for Among<C> {
    type QueryId = ();
    // The text tells the two databases apart.
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<C: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Among<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> diesel::QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(if self.is_sqlite {
            " IN (SELECT unhex(value) FROM json_each("
        } else {
            " = ANY (("
        });
        out.push_bind_param::<Text, String>(&self.list)?;
        out.push_sql(if self.is_sqlite { "))" } else { ")::uuid[])" });
        Ok(())
    }
}
