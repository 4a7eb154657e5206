//! Reads what was sent, field by field, and collects everything that is wrong with it at once.
//! A form is a JSON object or the parameters of an address. Which fields somebody may set is decided in `policy`
//! before a form is read; rules between fields stand in `domain`. Free texts are remembered until they are looked through
//! (`sensitive_terms::screen`) or let go: a form does not end with one that nobody has thought of.

use crate::domain::codes::Code;
use crate::domain::decimal::{Decimal, MOST, Unfit};
use crate::domain::id::Id;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// The member of a body that lets sensitive words stand.
pub const CONFIRMED_TERMS: &str = "confirmedTerms";

/// A reason of fewer signs explains nothing.
const SHORTEST_REASON: usize = 10;

/// What stands for a name that is not told.
const UNNAMED: &str = "…";

/// Where the fields came from; it decides the kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Body,
    Parameters,
}

/// What was sent, being read.
pub struct Form {
    fields: Map<String, Value>,
    errors: Vec<FieldError>,
    base: String,
    source: Source,
    /// The free texts that were read and not looked through yet.
    free: Vec<FreeText>,
    /// The texts of the record before the change.
    stood: HashSet<String>,
}

/// A free text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeText {
    /// Where it stands in the body.
    pub pointer: String,
    /// What it says.
    pub text: String,
}

impl Form {
    /// A form over the body of a request.
    pub fn of_body(fields: Map<String, Value>) -> Self {
        Self::over(fields, String::new(), Source::Body)
    }

    fn over(fields: Map<String, Value>, base: String, source: Source) -> Self {
        Self {
            fields,
            errors: Vec::new(),
            base,
            source,
            free: Vec::new(),
            stood: HashSet::new(),
        }
    }

    /// A form over the parameters of an address; every value is text.
    pub fn of_parameters(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let fields = pairs
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        Self::over(fields, String::new(), Source::Parameters)
    }

    /// Whether a field was sent and is not null.
    pub fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|value| !value.is_null())
    }

    /// Whether a field was sent with something in it: not null, and no empty list.
    pub fn has_content(&self, name: &str) -> bool {
        self.has(name)
            && self
                .fields
                .get(name)
                .and_then(Value::as_array)
                .is_none_or(|list| !list.is_empty())
    }

    /// Whether a field was sent, be it null.
    pub fn names(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A calendar day as it was sent, read again later; `None` also for what is wrong.
    pub fn peek_date(&self, name: &str) -> Option<NaiveDate> {
        let text = self.fields.get(name)?.as_str()?;
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
    }

    /// A word of a code list as it was sent, read again later; `None` also for what is wrong.
    pub fn peek_code<C: Code>(&self, name: &str) -> Option<C> {
        C::from_code(self.fields.get(name)?.as_str()?)
    }

    /// The members of an object, to be read by a form of its own elsewhere.
    pub fn members(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.take(name)? {
            Value::Object(members) => Some(members),
            _ => {
                self.wrong(name, FieldCode::NotObject);
                None
            }
        }
    }

    /// Notes something wrong with a field.
    pub fn wrong(&mut self, name: &str, code: FieldCode) {
        let pointer = self.pointer(name);
        self.errors.push(FieldError::new(pointer, code));
    }
    /// Why somebody does something out of the ordinary: a long text of [`SHORTEST_REASON`] signs at least.
    pub fn reason(&mut self, name: &str, most: usize) -> Option<String> {
        let reason = self.long_text(name, most);
        if reason
            .as_deref()
            .is_some_and(|reason| reason.chars().count() < SHORTEST_REASON)
        {
            let pointer = self.pointer(name);
            self.errors.push(FieldError::with(
                pointer,
                FieldCode::TooShort,
                SHORTEST_REASON.to_string(),
            ));
        }
        reason
    }

    /// Notes what a rule found; its pointers begin at this form.
    pub fn add(&mut self, problems: impl IntoIterator<Item = FieldError>) {
        let base = self.base.clone();
        self.errors
            .extend(problems.into_iter().map(|problem| FieldError {
                pointer: format!("{base}{}", problem.pointer),
                ..problem
            }));
    }

    /// The field if it was read, and an error if it was not sent.
    pub fn require<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.has_error(name) {
            self.wrong(name, FieldCode::Required);
        }
        value
    }

    /// One line of text, trimmed; empty is nothing.
    pub fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        self.read_text(name, longest, |c| c.is_control())
    }

    /// One line in which whoever fills in the form is free to say anything: a free text, as [`Form::long_text`].
    pub fn phrase(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.text(name, longest);
        self.note_free(name, text)
    }

    /// Free text that may have several lines.
    pub fn long_text(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.read_text(name, longest, |c| {
            c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        });
        self.note_free(name, text)
    }

    fn note_free(&mut self, name: &str, text: Option<String>) -> Option<String> {
        if let Some(text) = &text {
            self.free.push(FreeText {
                pointer: self.pointer(name),
                text: text.clone(),
            });
        }
        text
    }

    fn read_text(
        &mut self,
        name: &str,
        longest: usize,
        is_forbidden: fn(char) -> bool,
    ) -> Option<String> {
        let value = self.take(name)?;
        let Some(text) = value.as_str() else {
            self.wrong(name, FieldCode::NotText);
            return None;
        };
        let text = text.trim();
        if text.chars().any(is_forbidden) {
            self.wrong(name, FieldCode::ControlCharacter);
            return None;
        }
        if text.chars().count() > longest {
            let pointer = self.pointer(name);
            self.errors.push(FieldError::with(
                pointer,
                FieldCode::TooLong,
                longest.to_string(),
            ));
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A secret: as it was sent, not trimmed.
    pub fn secret(&mut self, name: &str, longest: usize) -> Option<String> {
        let value = self.take(name)?;
        match value.as_str() {
            Some(text) if text.chars().count() > longest => {
                let pointer = self.pointer(name);
                self.errors.push(FieldError::with(
                    pointer,
                    FieldCode::TooLong,
                    longest.to_string(),
                ));
                None
            }
            Some(text) => Some(text.to_owned()),
            None => {
                self.wrong(name, FieldCode::NotText);
                None
            }
        }
    }

    /// A word of a code list.
    pub fn code<C: Code>(&mut self, name: &str) -> Option<C> {
        let value = self.take(name)?;
        let word = value.as_str().and_then(C::from_code);
        if word.is_none() {
            let words: Vec<&str> = C::ALL.iter().map(|word| word.code()).collect();
            let pointer = self.pointer(name);
            self.errors.push(FieldError::with(
                pointer,
                FieldCode::NotInList,
                words.join(", "),
            ));
        }
        word
    }

    /// Several words of a code list, each once, in the order of the list.
    pub fn codes<C: Code>(&mut self, name: &str) -> Option<Vec<C>> {
        let sent = self.words(name, C::ALL.len(), 100)?;
        let read: Vec<Option<C>> = sent.iter().map(|word| C::from_code(word)).collect();
        if read.iter().any(Option::is_none) {
            let words: Vec<&str> = C::ALL.iter().map(|word| word.code()).collect();
            let pointer = self.pointer(name);
            self.errors.push(FieldError::with(
                pointer,
                FieldCode::NotInList,
                words.join(", "),
            ));
            return None;
        }
        let is_named = |word: &&C| read.contains(&Some(**word));
        Some(C::ALL.iter().filter(is_named).copied().collect())
    }

    /// A list of at most so many rows, of whatever kind.
    fn items(&mut self, name: &str, most: usize) -> Option<Vec<Value>> {
        let value = self.take(name)?;
        let Value::Array(items) = value else {
            self.wrong(name, FieldCode::NotList);
            return None;
        };
        if items.len() > most {
            let pointer = self.pointer(name);
            self.errors.push(FieldError::with(
                pointer,
                FieldCode::TooMany,
                most.to_string(),
            ));
            return None;
        }
        Some(items)
    }

    /// A list of at most so many words, each of at most so many characters.
    pub fn words(&mut self, name: &str, most: usize, longest: usize) -> Option<Vec<String>> {
        let items = self.items(name, most)?;
        let mut words = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            match item.as_str() {
                Some(word) if word.chars().count() <= longest => words.push(word.to_owned()),
                other => {
                    let pointer = format!("{}/{place}", self.pointer(name));
                    self.errors.push(match other {
                        Some(_) => {
                            FieldError::with(pointer, FieldCode::TooLong, longest.to_string())
                        }
                        None => FieldError::new(pointer, FieldCode::NotText),
                    });
                    return None;
                }
            }
        }
        Some(words)
    }

    /// One of a few words that are not a code list.
    pub fn one_of(&mut self, name: &str, words: &[&'static str]) -> Option<&'static str> {
        let value = self.take(name)?;
        let word = value
            .as_str()
            .and_then(|sent| words.iter().find(|word| **word == sent).copied());
        if word.is_none() {
            let pointer = self.pointer(name);
            self.errors.push(FieldError::with(
                pointer,
                FieldCode::NotInList,
                words.join(", "),
            ));
        }
        word
    }

    /// A calendar day, YYYY-MM-DD.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        self.read(name, FieldCode::NotDate, |value| {
            let text = value.as_str().filter(|text| text.len() == 10)?;
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .filter(|day| (1900..=2200).contains(&chrono::Datelike::year(day)))
        })
    }

    /// The first and the last day that a list is asked for: `from` and `to`, in this order.
    pub fn days(&mut self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let days = (self.date("from"), self.date("to"));
        if let (Some(from), Some(to)) = days
            && to < from
        {
            self.add([FieldError::with("to", FieldCode::WrongDateOrder, "from")]);
        }
        days
    }

    /// An instant by RFC 3339, of any zone.
    pub fn instant(&mut self, name: &str) -> Option<DateTime<Utc>> {
        self.read(name, FieldCode::NotInstant, |value| {
            DateTime::parse_from_rfc3339(value.as_str()?)
                .ok()
                .map(|at| at.to_utc().trunc_subsecs(6))
                .filter(|at| (1900..=2200).contains(&chrono::Datelike::year(at)))
        })
    }

    /// An id.
    pub fn id<T>(&mut self, name: &str) -> Option<Id<T>> {
        self.read(name, FieldCode::NotId, |value| {
            let text = value.as_str().filter(|text| text.len() == 36)?;
            Uuid::try_parse(text).ok().map(Id::of)
        })
    }

    /// Yes or no.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        self.read(name, FieldCode::NotBoolean, |value| match value {
            Value::Bool(answer) => Some(*answer),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            _ => None,
        })
    }

    /// A whole number within bounds.
    pub fn integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let source = self.source;
        let number = self.read(name, FieldCode::NotNumber, |value| match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) if source == Source::Parameters => text.parse().ok(),
            _ => None,
        })?;
        if range.contains(&number) {
            return Some(number);
        }
        let pointer = self.pointer(name);
        self.errors.push(FieldError::with(
            pointer,
            FieldCode::OutOfRange,
            format!("{}-{}", range.start(), range.end()),
        ));
        None
    }

    /// A number with at most so many decimals, as a whole number times ten to the power of them. What is more precise is
    /// refused, never rounded.
    pub fn decimal(&mut self, name: &str, decimals: u8) -> Option<i64> {
        let number = self.read(name, FieldCode::NotDecimal, |value| match value {
            Value::Number(number) => Decimal::parse(&number.to_string()),
            _ => None,
        })?;
        let (code, bound) = match number.exactly(decimals) {
            Ok(value) => return Some(value),
            Err(Unfit::TooPrecise) => (FieldCode::TooManyDecimals, decimals.to_string()),
            Err(Unfit::TooLarge) => (FieldCode::OutOfRange, format!("-{MOST}-{MOST}")),
        };
        let pointer = self.pointer(name);
        self.errors.push(FieldError::with(pointer, code, bound));
        None
    }

    /// A list of at most so many whole numbers, each within a range.
    pub fn integers(
        &mut self,
        name: &str,
        most: usize,
        range: RangeInclusive<i64>,
    ) -> Option<Vec<i64>> {
        let items = self.items(name, most)?;
        let mut numbers = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            match item.as_i64() {
                Some(number) if range.contains(&number) => numbers.push(number),
                number => {
                    let pointer = format!("{}/{place}", self.pointer(name));
                    let bounds = format!("{}-{}", range.start(), range.end());
                    self.errors.push(match number {
                        Some(_) => FieldError::with(pointer, FieldCode::OutOfRange, bounds),
                        None => FieldError::new(pointer, FieldCode::NotNumber),
                    });
                }
            }
        }
        Some(numbers)
    }

    /// A list of objects, each read by a form of its own.
    pub fn list<T>(
        &mut self,
        name: &str,
        most: usize,
        mut read: impl FnMut(&mut Form) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = self.items(name, most)?;
        let mut rows = Vec::with_capacity(items.len());
        for (place, item) in items.into_iter().enumerate() {
            let base = format!("{}/{place}", self.pointer(name));
            let Value::Object(fields) = item else {
                self.errors
                    .push(FieldError::new(base, FieldCode::NotObject));
                continue;
            };
            let mut form = Form::over(fields, base, self.source);
            let row = read(&mut form);
            self.take_over(form);
            rows.extend(row);
        }
        Some(rows)
    }

    /// An object, read by a form of its own.
    pub fn object<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Form) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(name)?;
        let Value::Object(fields) = value else {
            self.wrong(name, FieldCode::NotObject);
            return None;
        };
        let mut form = Form::over(fields, self.pointer(name), self.source);
        let read = read(&mut form);
        self.take_over(form);
        read
    }

    /// What is wrong in a part of the form, and its free texts, are the form's own.
    fn take_over(&mut self, mut part: Form) {
        part.note_unknown();
        self.errors.append(&mut part.errors);
        self.free.append(&mut part.free);
    }

    /// Remembers every text of a document as what stood before.
    pub fn remember(&mut self, before: &Value) {
        match before {
            Value::String(text) => {
                self.stood.insert(text.clone());
            }
            Value::Array(items) => items.iter().for_each(|item| self.remember(item)),
            Value::Object(members) => members.values().for_each(|value| self.remember(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The free texts read so far that did not stand before, to be looked through.
    pub fn take_new_texts(&mut self) -> Vec<FreeText> {
        let mut texts = std::mem::take(&mut self.free);
        texts.retain(|free| !self.stood.contains(&free.text));
        texts
    }

    /// Lets the free texts read so far go without a look: those of the protected compartment, where such words belong, and
    /// those that are not saved.
    pub fn look_away(&mut self) {
        self.free.clear();
        self.skip(CONFIRMED_TERMS);
    }

    /// Drops a field that this operation does not read but tolerates.
    pub fn skip(&mut self, name: &str) {
        self.fields.remove(name);
    }

    /// Whether nothing is wrong so far.
    pub fn is_sound(&self) -> bool {
        self.errors.is_empty()
    }

    /// Ends the reading: every field must have been read and found right.
    ///
    /// # Errors
    /// 422 with all that is wrong (400 for parameters of an address); 500 for a free text that nobody has looked through.
    pub fn finish(mut self) -> Result<()> {
        self.note_unknown();
        if self.errors.is_empty() {
            return match self.free.first() {
                None => Ok(()),
                Some(free) => Err(Error::internal(format!(
                    "nobody has looked through the text at {}",
                    free.pointer
                ))),
            };
        }
        Err(match self.source {
            Source::Body => Error::invalid(self.errors),
            Source::Parameters => Error {
                fields: self.errors,
                ..Error::from(ErrorCode::InvalidParameter)
            },
        })
    }

    /// Ends the reading and gives what was read: `None` only stands for something wrong.
    ///
    /// # Errors
    /// As [`Form::finish`].
    pub fn finish_with<T>(self, read: Option<T>) -> Result<T> {
        self.finish()?;
        read.ok_or_else(|| Error::internal("a form without an error gave nothing"))
    }

    fn note_unknown(&mut self) {
        let unknown: Vec<String> = self.fields.keys().cloned().collect();
        for name in unknown {
            self.wrong(plain_name(&name), FieldCode::UnknownField);
        }
        self.fields.clear();
    }

    fn read<T>(
        &mut self,
        name: &str,
        otherwise: FieldCode,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(name)?;
        let read = read(&value);
        if read.is_none() {
            self.wrong(name, otherwise);
        }
        read
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    fn has_error(&self, name: &str) -> bool {
        let pointer = self.pointer(name);
        self.errors.iter().any(|error| error.pointer == pointer)
    }

    fn pointer(&self, name: &str) -> String {
        match self.source {
            Source::Body => {
                let name = name.replace('~', "~0").replace('/', "~1");
                format!("{}/{name}", self.base)
            }
            Source::Parameters => name.to_owned(),
        }
    }
}

/// A name that was sent and is not known, as it may be told: as it is when it looks like the name of a field, so that a slip is
/// found, and not at all when it could be anything else, since whoever puts a number or a person in its place must not get it
/// back in an error that is kept somewhere.
pub fn plain_name(name: &str) -> &str {
    let is_plain = (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphabetic());
    if is_plain { name } else { UNNAMED }
}

/// Lays a merge patch over a document (RFC 7396).
pub fn merge_patch(document: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                document.remove(&name);
            }
            Value::Object(inner) => {
                let place = document.entry(name).or_insert(Value::Null);
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                if let Value::Object(target) = place {
                    merge_patch(target, inner);
                }
            }
            other => {
                document.insert(name, other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::Channel;
    use serde_json::json;

    fn form(value: Value) -> Form {
        match value {
            Value::Object(fields) => Form::of_body(fields),
            _ => Form::of_body(Map::new()),
        }
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_nothing_sent_is_repeated() {
        let mut form = form(json!({
            "channel": "carrier_pigeon", "minutes": 9000, "on": "2026-02-30",
            "note": "a\u{7}b", "phones": [{"number": 7}, "x"], "hemlig": "känsligt"
        }));
        form.code::<Channel>("channel");
        form.integer("minutes", 0..=1440);
        form.date("on");
        form.long_text("note", 100);
        form.list("phones", 5, |phone| phone.text("number", 20));
        let name = form.text("name", 10);
        form.require("name", name);
        let error = form.finish().unwrap_err();
        let told: Vec<(&str, FieldCode)> = error
            .fields
            .iter()
            .map(|field| (field.pointer.as_str(), field.code))
            .collect();
        assert_eq!(
            told,
            [
                ("/channel", FieldCode::NotInList),
                ("/minutes", FieldCode::OutOfRange),
                ("/on", FieldCode::NotDate),
                ("/note", FieldCode::ControlCharacter),
                ("/phones/0/number", FieldCode::NotText),
                ("/phones/1", FieldCode::NotObject),
                ("/name", FieldCode::Required),
                ("/hemlig", FieldCode::UnknownField),
            ]
        );
        for field in &error.fields {
            let detail = field.detail(crate::error::Language::Swedish);
            assert!(
                !detail.contains("känsligt")
                    && !detail.contains("pigeon")
                    && !detail.contains("9000")
            );
        }
    }

    #[test]
    fn only_names_that_could_be_of_a_field_are_told() {
        for name in ["hemlig", "givenNmae"] {
            assert_eq!(plain_name(name), name);
        }
        let long = "a".repeat(41);
        for other in [
            "",
            "20100206-2394",
            "Vera Lind",
            "vera@example.org",
            "a/b",
            "å",
            long.as_str(),
        ] {
            assert_eq!(plain_name(other), UNNAMED);
        }
        let error = form(json!({"19121212-1212": 1, "phones": [{"070 1": 2}]}));
        let mut error = error;
        error.list("phones", 5, |phone| phone.text("number", 20));
        let told: Vec<String> = error
            .finish()
            .unwrap_err()
            .fields
            .into_iter()
            .map(|field| field.pointer)
            .collect();
        assert_eq!(told, ["/phones/0/…", "/…"]);
    }

    #[test]
    fn a_form_does_not_end_with_a_text_that_nobody_has_looked_through() {
        let said = json!({"goal": "Nytt", "place": "Kafét", "items": [{"what": "Stod förut"}, {"what": "Mer"}]});
        let read = || {
            let mut form = form(said.clone());
            form.remember(&json!({"items": [{"what": "Stod förut"}]}));
            form.long_text("goal", 100);
            form.text("place", 100);
            form.list("items", 5, |item| item.phrase("what", 100));
            form
        };
        assert_eq!(read().finish().unwrap_err().code, ErrorCode::Internal);
        let mut looked_through = read();
        let pointers: Vec<String> = looked_through
            .take_new_texts()
            .into_iter()
            .map(|free| free.pointer)
            .collect();
        assert_eq!(pointers, ["/goal", "/items/1/what"]);
        looked_through.finish().unwrap();
        let mut let_go = read();
        let_go.look_away();
        let_go.finish().unwrap();
    }

    #[test]
    fn parameters_are_text_and_their_errors_are_of_the_address() {
        let mut form = Form::of_parameters([
            ("limit".to_owned(), "50".to_owned()),
            ("open".to_owned(), "ja".to_owned()),
        ]);
        assert_eq!(form.integer("limit", 1..=200), Some(50));
        assert_eq!(form.boolean("open"), None);
        let error = form.finish().unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidParameter);
    }

    #[test]
    fn a_merge_patch_sets_removes_and_leaves() {
        let mut document = json!({"a": 1, "b": 2, "c": {"d": 3, "e": 4}})
            .as_object()
            .unwrap()
            .clone();
        let patch = json!({"a": null, "c": {"d": null, "f": 5}, "g": [1]})
            .as_object()
            .unwrap()
            .clone();
        merge_patch(&mut document, patch);
        assert_eq!(
            Value::Object(document),
            json!({"b": 2, "c": {"e": 4, "f": 5}, "g": [1]})
        );
    }
}
