//! How does a release answer in one language? The document with its words chosen; figures as numbers under the names of
//! their dimensions, a sum as `total`, and no number where a figure is hidden.

use super::words::float;
use crate::error::Language;
use crate::statistics::document::{
    Activity, Axis, Category, Division, Goal, MeasureDefinition, ReleaseDocument, Table, TableCell,
    YearValue,
};
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

/// How a sum is named in place of a category.
const TOTAL: &str = "total";

/// The release as a JSON document.
pub fn to_json(document: &ReleaseDocument, language: Language) -> Value {
    let ReleaseDocument {
        format,
        period,
        counted_at,
        threshold,
        hidden,
        audit,
        measures,
        divisions,
        tables,
        goals,
        notes,
    } = document;
    let notes: Vec<&str> = notes
        .iter()
        .map(|note| note.in_language(language))
        .collect();
    json!({
        "format": format,
        "period": {
            "code": period.code,
            "label": period.label.in_language(language),
            "year": period.year,
            "firstDay": period.first_day.to_string(),
            "lastDay": period.last_day.to_string(),
        },
        "countedAt": counted_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "threshold": threshold,
        "hiddenCells": hidden.hidden,
        "cells": hidden.cells,
        "narrowestInterval": audit.narrowest,
        "notes": notes,
        "measures": all(measures, |measure| measure_in(measure, language)),
        "divisions": all(divisions, |division| division_in(division, language)),
        "tables": all(tables, |table| table_in(table, language)),
        "goals": all(goals, |goal| goal_in(goal, language)),
    })
}

fn all<T>(items: &[T], write: impl Fn(&T) -> Value) -> Value {
    items.iter().map(write).collect()
}

fn measure_in(measure: &MeasureDefinition, language: Language) -> Value {
    let words = |words: &crate::statistics::document::Words| words.in_language(language).to_owned();
    json!({
        "code": measure.code,
        "version": measure.version,
        "kind": measure.kind,
        "unit": measure.unit,
        "title": words(&measure.title),
        "definition": words(&measure.definition),
        "numerator": words(&measure.numerator),
        "denominator": measure.denominator.as_ref().map(words),
        "periodLogic": words(&measure.period_logic),
        "breakdowns": measure.breakdowns,
        "source": measure.source.as_ref().map(words),
    })
}

fn division_in(division: &Division, language: Language) -> Value {
    json!({
        "name": division.name,
        "label": division.label.in_language(language),
        "values": all(&division.categories, |category| category_in(category, language)),
    })
}

fn category_in(category: &Category, language: Language) -> Value {
    let mut value = json!({
        "code": category.code,
        "label": category.label.in_language(language),
    });
    if let (false, Some(fields)) = (category.members.is_empty(), value.as_object_mut()) {
        fields.insert("members".to_owned(), json!(category.members));
    }
    value
}

fn table_in(table: &Table, language: Language) -> Value {
    json!({
        "name": table.name,
        "measure": table.measure,
        "title": table.title.in_language(language),
        "unit": table.unit,
        "decimals": table.decimals,
        "dimensions": all(&table.axes, |axis| axis_in(axis, language)),
        "cells": all(&table.cells, |cell| cell_in(cell, table)),
    })
}

fn axis_in(axis: &Axis, language: Language) -> Value {
    json!({
        "name": axis.name,
        "label": axis.label.in_language(language),
        "hasSum": axis.has_sum,
        "values": all(&axis.categories, |category| category_in(category, language)),
    })
}

fn cell_in(cell: &TableCell, table: &Table) -> Value {
    let mut fields: Map<String, Value> = table
        .axes
        .iter()
        .zip(&cell.at)
        .map(|(axis, place)| (axis.name.clone(), place.as_deref().unwrap_or(TOTAL).into()))
        .collect();
    let value = cell.value.filter(|_| !cell.is_hidden);
    fields.insert("value".to_owned(), number(value, table.decimals));
    fields.insert("isSuppressed".to_owned(), cell.is_hidden.into());
    for (name, part) in [
        ("numerator", cell.numerator),
        ("denominator", cell.denominator),
    ] {
        if let Some(part) = part {
            fields.insert(name.to_owned(), part.into());
        }
    }
    Value::Object(fields)
}

fn goal_in(goal: &Goal, language: Language) -> Value {
    let year_value =
        |at: &YearValue| json!({"year": at.year, "value": number(Some(at.value), goal.decimals)});
    json!({
        "title": goal.title,
        "plan": goal.plan,
        "indicator": goal.indicator,
        "unit": goal.unit,
        "owner": goal.owner,
        "baseline": goal.baseline.as_ref().map(year_value),
        "target": year_value(&goal.target),
        "series": all(&goal.series, year_value),
        "shallRise": goal.shall_rise,
        "aheadOfPath": number(goal.ahead_of_path, goal.decimals),
        "statusCode": goal.status_code,
        "status": goal.status.in_language(language),
        "activities": all(&goal.activities, |activity| activity_in(activity, language)),
    })
}

fn activity_in(activity: &Activity, language: Language) -> Value {
    json!({
        "title": activity.title,
        "responsible": activity.responsible,
        "statusCode": activity.status_code,
        "status": activity.status.in_language(language),
        "forecast": activity.forecast,
        "remedy": activity.remedy,
        "followedUpOn": activity.followed_up_on.map(|day| day.to_string()),
    })
}

/// A whole number where there are no decimals; otherwise the nearest that JSON readers have.
fn number(value: Option<i64>, decimals: u8) -> Value {
    match value {
        None => Value::Null,
        Some(value) if decimals == 0 => value.into(),
        Some(value) => float(value, decimals).into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_figure_is_told_under_the_names_of_its_dimensions() {
        let document = fixture::document();
        let json = to_json(&document, Language::Swedish);
        assert_eq!(json["period"]["code"], "tertial_1");
        assert_eq!(json["countedAt"], "2026-05-04T08:15:00.000000Z");
        assert_eq!(
            json["tables"].as_array().unwrap().len(),
            document.tables.len()
        );
        let mut hidden = 0;
        for (told, table) in json["tables"]
            .as_array()
            .unwrap()
            .iter()
            .zip(&document.tables)
        {
            let cells = told["cells"].as_array().unwrap();
            assert_eq!(cells.len(), table.cells.len());
            for (told, cell) in cells.iter().zip(&table.cells) {
                for (axis, place) in table.axes.iter().zip(&cell.at) {
                    assert_eq!(told[&axis.name], place.as_deref().unwrap_or("total"));
                }
                assert_eq!(told["isSuppressed"], cell.is_hidden);
                match cell.value {
                    Some(value) => {
                        let shown = told["value"].as_f64().unwrap();
                        assert!(
                            (shown * 10f64.powi(table.decimals.into()) - value as f64).abs() < 1e-6
                        );
                        assert_eq!(told["value"].is_i64(), table.decimals == 0);
                    }
                    None => assert!(told["value"].is_null()),
                }
                hidden += usize::from(cell.is_hidden);
            }
        }
        assert!(hidden > 10);
        let share = &json["tables"]
            .as_array()
            .unwrap()
            .iter()
            .find(|t| t["unit"] == "percent")
            .unwrap()["cells"][0];
        assert_eq!(
            share["value"].to_string().split('.').nth(1).unwrap().len(),
            1,
            "{share}"
        );
        assert_eq!(json["goals"][0]["aheadOfPath"], -2.5);
        assert_eq!(
            json["goals"][0]["activities"][0]["followedUpOn"],
            "2026-04-28"
        );
    }

    #[test]
    fn a_reader_gets_one_language() {
        let document = fixture::document();
        let english = to_json(&document, Language::English);
        assert_eq!(
            english["tables"][0]["title"],
            "Youths in the register by sex"
        );
        assert_eq!(english["tables"][0]["dimensions"][0]["label"], "Sex");
        let text = english.to_string();
        assert!(!text.contains("Ungdomar i registret") && !text.contains("Åldersgrupp"));
    }

    #[test]
    fn a_hidden_figure_is_not_told_even_if_the_document_had_one() {
        let mut document = fixture::document();
        for table in &mut document.tables {
            for cell in &mut table.cells {
                cell.is_hidden = true;
            }
        }
        let json = to_json(&document, Language::Swedish);
        for table in json["tables"].as_array().unwrap() {
            assert!(
                table["cells"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|cell| cell["value"].is_null())
            );
        }
    }
}
