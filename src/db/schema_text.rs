//! Which tables and columns the schema has, and of which types, for what must know all of them: the archive of what is
//! disposed of, and the tests that nothing is forgotten. Read from `schema.rs`, so that there is no second list.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A column: its name and its SQL type, without `Nullable`.
pub type Column = (&'static str, &'static str);

type Tables = BTreeMap<&'static str, Vec<Column>>;

static TABLES: LazyLock<Tables> = LazyLock::new(read);
static KEYS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(read_keys);

/// Every table with its columns, in the order of the schema.
pub fn tables() -> &'static Tables {
    &TABLES
}

/// The columns of the primary key of each table.
pub fn keys() -> &'static BTreeMap<&'static str, Vec<&'static str>> {
    &KEYS
}

fn read_keys() -> BTreeMap<&'static str, Vec<&'static str>> {
    let blocks = include_str!("schema.rs").split("diesel::table! {").skip(1);
    blocks
        .filter_map(|block| {
            let (head, _) = block.split_once(") {")?;
            let (name, key) = head.rsplit_once(" (")?;
            let (_, name) = name.rsplit_once([' ', '\n'])?;
            Some((name, key.split(',').map(str::trim).collect()))
        })
        .collect()
}

fn read() -> Tables {
    let blocks = include_str!("schema.rs").split("diesel::table! {").skip(1);
    blocks
        .filter_map(|block| {
            let (head, columns) = block.split_once(") {")?;
            let (name, _) = head.rsplit_once(" (")?;
            let (_, name) = name.rsplit_once([' ', '\n'])?;
            let columns = columns
                .lines()
                .take_while(|line| line.trim() != "}")
                .filter_map(|line| line.trim().trim_end_matches(',').split_once(" -> "))
                .map(|(column, kind)| {
                    let bare = kind.strip_prefix("Nullable<");
                    (column, bare.map_or(kind, |kind| kind.trim_end_matches('>')))
                })
                .collect();
            Some((name, columns))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_tables_are_those_of_the_schema() {
        let tables = tables();
        assert!(tables.len() > 60);
        let youths = tables.get("youths").unwrap();
        assert!(youths.contains(&("unit_id", "Guid")));
        assert!(youths.contains(&("email", "Cipher")));
        assert!(youths.contains(&("needs_interpreter", "Bool")));
        assert_eq!(keys().len(), tables.len());
        assert_eq!(keys().get("youth_names").unwrap(), &["token", "youth_id"]);
    }
}
