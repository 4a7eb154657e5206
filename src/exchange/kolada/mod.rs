//! What does an answer of Kolada say? The form of version 3 of its interface, and of version 2, in which older files lie:
//! values by key figure, municipality, year and sex; a value may be missing, with a status, and a row may be deleted.
//! How Kolada is called stands in `client`; which value a goal takes is decided in `service`. Source: Kolada (RKA), CC BY 4.0.

pub mod client;

use crate::domain::decimal::Decimal;
use serde_json::{Map, Value};

/// The id of the nation among the municipalities.
pub const NATION: &str = "0000";

/// Of whom a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KoladaGender {
    /// Everybody.
    Total,
    Women,
    Men,
}

/// A value of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KoladaValue {
    /// As N03942.
    pub kpi: String,
    /// As 0183.
    pub municipality: String,
    pub year: i32,
    pub gender: KoladaGender,
    /// As it is published; nothing where the source has none.
    pub value: Option<Decimal>,
    /// Why it is missing, in Kolada's words; mostly empty.
    pub status: String,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KoladaAnswer {
    pub values: Vec<KoladaValue>,
    /// Where the answer goes on.
    pub next: Option<String>,
    /// Values that Kolada has deleted; they are dropped.
    pub deleted: usize,
}

/// What in an answer is not of Kolada's form: where, as a JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer is not of Kolada's form at {0}")]
pub struct NotKolada(pub String);

/// Reads an answer. One row that cannot be understood makes all of it unreadable: half an answer would look like a whole one.
///
/// # Errors
/// Where it is not of Kolada's form.
pub fn read(answer: &Map<String, Value>) -> Result<KoladaAnswer, NotKolada> {
    let wrong = |at: String| NotKolada(at);
    let rows = answer
        .get("values")
        .and_then(Value::as_array)
        .ok_or_else(|| wrong("/values".to_owned()))?;
    let mut read = KoladaAnswer {
        next: next_of(answer)?,
        ..KoladaAnswer::default()
    };
    for (place, row) in rows.iter().enumerate() {
        let at = |name: &str| wrong(format!("/values/{place}/{name}"));
        let text = |name: &str| {
            let value = row.get(name).and_then(Value::as_str).map(str::trim);
            value
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
                .ok_or_else(|| at(name))
        };
        let (kpi, municipality) = (text("kpi")?, text("municipality")?);
        let year = row
            .get("period")
            .and_then(year_of)
            .ok_or_else(|| at("period"))?;
        let values = row.get("values").and_then(Value::as_array);
        let values = values.ok_or_else(|| at("values"))?;
        for (inner, value) in values.iter().enumerate() {
            let at = |name: &str| wrong(format!("/values/{place}/values/{inner}/{name}"));
            if is_deleted(row) || is_deleted(value) {
                read.deleted += 1;
                continue;
            }
            read.values.push(KoladaValue {
                kpi: kpi.clone(),
                municipality: municipality.clone(),
                year,
                gender: gender_of(value).ok_or_else(|| at("gender"))?,
                value: number_of(value.get("value")).ok_or_else(|| at("value"))?,
                status: status_of(value),
            });
        }
    }
    Ok(read)
}

/// `next_url` in version 3, `next_page` in version 2.
fn next_of(answer: &Map<String, Value>) -> Result<Option<String>, NotKolada> {
    for name in ["next_url", "next_page"] {
        match answer.get(name) {
            None | Some(Value::Null) => {}
            Some(Value::String(address)) if address.is_empty() => {}
            Some(Value::String(address)) => return Ok(Some(address.clone())),
            Some(_) => return Err(NotKolada(format!("/{name}"))),
        }
    }
    Ok(None)
}

/// A year as a number or as text.
fn year_of(period: &Value) -> Option<i32> {
    let year = match period {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let year = i32::try_from(year).ok()?;
    (1900..=2200).contains(&year).then_some(year)
}

fn is_deleted(row: &Value) -> bool {
    row.get("isdeleted").and_then(Value::as_bool) == Some(true)
}

fn gender_of(value: &Value) -> Option<KoladaGender> {
    match value.get("gender")?.as_str()? {
        "T" => Some(KoladaGender::Total),
        "K" => Some(KoladaGender::Women),
        "M" => Some(KoladaGender::Men),
        _ => None,
    }
}

/// A number, or that there is none; the outer `None` is for what is neither.
fn number_of(value: Option<&Value>) -> Option<Option<Decimal>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(Value::Number(number)) => Decimal::parse(&number.to_string()).map(Some),
        Some(_) => None,
    }
}

fn status_of(value: &Value) -> String {
    let status = value.get("status").and_then(Value::as_str);
    status.unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use serde_json::json;

    fn file(text: &str) -> Map<String, Value> {
        match serde_json::from_str(text).unwrap() {
            Value::Object(members) => members,
            other => Map::from_iter([("not".to_owned(), other)]),
        }
    }

    fn number(text: &str) -> Option<Decimal> {
        Decimal::parse(text)
    }

    #[test]
    fn an_answer_of_version_3_is_read() {
        let text = include_str!("../../../tests/data/kolada-v3.json");
        let answer = read(&file(text)).unwrap();
        assert_eq!(answer.next, None);
        assert_eq!(answer.deleted, 1);
        let told: Vec<(&str, i32, KoladaGender, Option<Decimal>)> = answer
            .values
            .iter()
            .map(|of| (of.municipality.as_str(), of.year, of.gender, of.value))
            .collect();
        use KoladaGender::{Men, Total, Women};
        assert_eq!(
            told,
            [
                ("0183", 2023, Women, number("6.8")),
                ("0183", 2023, Men, number("9.1")),
                ("0183", 2023, Total, number("7.9482758")),
                ("0000", 2023, Total, number("7.6")),
                ("0183", 2024, Total, number("7.2")),
                ("0000", 2024, Total, None),
                ("0183", 2025, Total, None),
            ]
        );
        assert_eq!(answer.values[5].status, "Missing");
    }

    #[test]
    fn an_answer_of_version_2_is_read_by_the_same_rules() {
        let text = include_str!("../../../tests/data/kolada-v2.json");
        let answer = read(&file(text)).unwrap();
        assert_eq!(answer.values.len(), 3);
        assert_eq!(answer.values[0].year, 2009);
        assert_eq!(answer.values[0].value, number("12.3"));
        assert!(answer.next.unwrap().ends_with("page=2"));
    }

    #[test]
    fn what_is_of_another_form_is_told_by_its_place() {
        let row = |changed: Value| {
            let mut row = json!({
                "kpi": "N03942", "municipality": "0183", "period": 2025,
                "values": [{"gender": "T", "count": 1, "status": "", "value": 7.9, "isdeleted": false}],
            });
            merge(&mut row, changed);
            file(&json!({"values": [row], "count": 1, "next_url": null}).to_string())
        };
        assert_eq!(read(&row(json!({}))).unwrap().values.len(), 1);
        for (changed, at) in [
            (json!({"kpi": 3}), "/values/0/kpi"),
            (json!({"municipality": ""}), "/values/0/municipality"),
            (json!({"period": "nyss"}), "/values/0/period"),
            (json!({"period": 20_250}), "/values/0/period"),
            (json!({"values": null}), "/values/0/values"),
            (
                json!({"values": [{"gender": "X", "value": 1}]}),
                "/values/0/values/0/gender",
            ),
            (
                json!({"values": [{"gender": "T", "value": "7,9"}]}),
                "/values/0/values/0/value",
            ),
        ] {
            assert_eq!(read(&row(changed)), Err(NotKolada(at.to_owned())));
        }
        assert_eq!(read(&Map::new()), Err(NotKolada("/values".to_owned())));
        let next = file(r#"{"values": [], "next_url": 7}"#);
        assert_eq!(read(&next), Err(NotKolada("/next_url".to_owned())));
    }

    fn merge(row: &mut Value, changed: Value) {
        if let (Value::Object(row), Value::Object(changed)) = (row, changed) {
            row.extend(changed);
        }
    }
}
