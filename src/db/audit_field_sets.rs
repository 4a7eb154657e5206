//! How the fields that an event showed are written short: their names, some six hundred bytes for a youth, stand once, and each
//! subject refers to them. What a text means to the chain is its full words (`audit_chain`); here is only how it is kept.

use super::Conn;
use super::schema::audit_field_sets;
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a reference begins with; no name of a field does.
const MARK: char = '=';
/// Bytes of the digest that a reference holds.
const DIGEST: usize = 8;
/// Texts shorter than this stand as they are.
const SHORT: usize = 40;

/// Texts that are to be stored, and their references.
#[derive(Default)]
pub(in crate::db) struct FieldSets(BTreeMap<String, String>);

impl FieldSets {
    /// What stands in the row of a subject for these fields.
    pub(in crate::db) fn refer(&mut self, fields: &str) -> String {
        // Only lists of names come again; what else an event tells of a subject is its own.
        let is_list = |c: char| c.is_ascii_alphanumeric() || c == ',';
        if fields.len() < SHORT || !fields.chars().all(is_list) {
            return fields.to_owned();
        }
        if let Some((digest, _)) = self.0.iter().find(|(_, known)| *known == fields) {
            return format!("{MARK}{digest}");
        }
        let digest: String = Sha256::digest(fields)
            .iter()
            .take(DIGEST)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let reference = format!("{MARK}{digest}");
        self.0.insert(digest, fields.to_owned());
        reference
    }

    /// Stores those that are not there yet.
    ///
    /// # Errors
    /// The database refused.
    pub(in crate::db) fn store(self, conn: &mut Conn) -> QueryResult<()> {
        for (digest, fields) in self.0 {
            let row = (
                audit_field_sets::digest.eq(digest),
                audit_field_sets::fields.eq(fields),
            );
            crate::on_each!(&mut *conn, c => diesel::insert_into(audit_field_sets::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(c))?;
        }
        Ok(())
    }
}

/// Puts the full texts where references stand. A reference to what is not there stays, and the chain does not hold.
///
/// # Errors
/// The database does not answer.
pub fn spell_out<'a>(
    conn: &mut Conn,
    texts: impl IntoIterator<Item = &'a mut String>,
) -> QueryResult<()> {
    let digest_of = |text: &String| text.strip_prefix(MARK).map(str::to_owned);
    let short: Vec<(&mut String, String)> = texts
        .into_iter()
        .filter_map(|text| digest_of(text).map(|digest| (text, digest)))
        .collect();
    if short.is_empty() {
        return Ok(());
    }
    let digests: BTreeSet<&String> = short.iter().map(|(_, digest)| digest).collect();
    let known: HashMap<String, String> = audit_field_sets::table
        .filter(audit_field_sets::digest.eq_any(digests))
        .load(conn)?
        .into_iter()
        .collect();
    for (text, digest) in short {
        if let Some(full) = known.get(&digest) {
            text.clone_from(full);
        }
    }
    Ok(())
}
