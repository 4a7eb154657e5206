//! What does the chief get? One release: the protected tables of a unit and a period with the words that explain them,
//! as a JSON document. No hidden count is in it. How it is written for a spreadsheet stands in `sheet`.

use super::facts::Facts;
use super::period::CountedPeriod;
use super::suppression::{Cell, SuppressionError, Threshold};
use super::tables::{ReleaseTable, protect_all};
use crate::domain::codes::Code;
use crate::domain::id::{Id, Unit};
use crate::error::Language;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// The tables of one unit and one period, ready to be published.
#[derive(Debug, Clone)]
pub struct StatisticsRelease {
    pub(super) unit_id: Id<Unit>,
    pub(super) period: CountedPeriod,
    pub(super) generated_at: DateTime<Utc>,
    pub(super) threshold: Threshold,
    pub(super) tables: Vec<ReleaseTable>,
}

impl StatisticsRelease {
    /// Counts, protects and gathers what may be published.
    ///
    /// # Errors
    /// No safe way to publish was found, or the unit is beyond what can be protected.
    pub fn of(facts: &Facts, threshold: Threshold) -> Result<Self, SuppressionError> {
        Ok(Self {
            unit_id: facts.unit_id,
            period: facts.period,
            generated_at: facts.read_at,
            threshold,
            tables: protect_all(facts, threshold)?.publish(),
        })
    }

    /// The period in words.
    pub fn period_label(&self, language: Language) -> String {
        let period = self.period.period();
        let part = match language {
            Language::Swedish => period.part().sv(),
            Language::English => period.part().en(),
        };
        format!("{part} {}", period.year())
    }

    /// The release as a JSON document. Cells name a category by its code, a sum as `total`; a hidden cell has no value.
    pub fn to_json(&self, language: Language) -> Value {
        let period = self.period.period();
        json!({
            "period": {
                "code": period.part().code(),
                "label": self.period_label(language),
                "year": period.year(),
                "firstDay": period.first_day().to_string(),
                "lastDay": period.last_day().to_string(),
                "countedTo": self.period.counted_to().to_string(),
                "isComplete": self.period.is_complete(),
            },
            "unitId": self.unit_id,
            "threshold": self.threshold.get(),
            "generatedAt": self.generated_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "notes": self.notes(language),
            "tables": self.tables.iter().map(|table| table.to_json(language)).collect::<Vec<_>>(),
        })
    }

    /// What a reader must know besides the figures.
    pub(super) fn notes(&self, language: Language) -> Vec<String> {
        let threshold = self.threshold.get();
        let swedish = language == Language::Swedish;
        let mut notes = Vec::new();
        if !self.period.is_complete() {
            let day = self.period.counted_to();
            notes.push(if swedish {
                format!("Perioden är inte slut. Siffrorna gäller till och med {day} och ska inte publiceras: skillnaden mot ett senare uttag kan gälla en enda person.")
            } else {
                format!("The period has not ended. The figures run to {day} and must not be published: the difference from a later release may be a single person.")
            });
        }
        notes.push(if swedish {
            format!("Antal från 1 till {} är dolda (..), liksom antal som annars skulle avslöja dem. Andelar får inte räknas på dolda antal.", threshold - 1)
        } else {
            format!("Counts from 1 to {} are hidden (..), and so are counts that would give them away. Shares must not be computed from hidden counts.", threshold - 1)
        });
        let rest = if swedish {
            [
                "Personer med skyddade personuppgifter ingår inte i någon tabell.",
                "Åldern är den som ungdomen hade första dagen i registret under perioden. De få som är yngre än 16 eller äldre än 25 räknas till närmaste åldersgrupp.",
                "Området är det som registret har nu. Grupper med för få ungdomar redovisas tillsammans.",
                "Insatser räknas på dagen då de erbjöds, accepterades eller påbörjades. Därför är de som tackat ja inte en del av dem som erbjudits under samma period.",
                "Perioder som överlappar (tertial 1 och tertial 1–2) är skyddade var för sig. Dra inte siffrorna från varandra.",
            ]
        } else {
            [
                "Persons with protected personal data are not in any table.",
                "Age is that on the youth's first day in the register within the period. The few who are younger than 16 or older than 25 are counted with the nearest age group.",
                "Area is that of the register now. Groups with too few youths are shown together.",
                "Interventions are counted on the day they were offered, accepted or started. Those who accepted are therefore not a part of those offered in the same period.",
                "Periods that overlap (first four and first eight months) are protected each by itself. Do not subtract their figures.",
            ]
        };
        notes.extend(rest.map(str::to_owned));
        notes
    }
}

impl ReleaseTable {
    /// The name in JSON: the measure and what it is broken down by.
    pub(super) fn name(&self) -> String {
        let by = self.division.name();
        let mut letters = by.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let by: String = first.into_iter().chain(letters).collect();
        format!("{}By{by}", self.measure.name())
    }

    fn title(&self, language: Language) -> String {
        let by = self.division.label(language).to_lowercase();
        let title = self.measure.title(language);
        match language {
            Language::Swedish => format!("{title} efter {by}"),
            Language::English => format!("{title} by {by}"),
        }
    }

    fn to_json(&self, language: Language) -> Value {
        let dimensions: Vec<Value> = self
            .axes
            .iter()
            .map(|axis| {
                let values: Vec<Value> = axis
                    .categories
                    .iter()
                    .map(|category| {
                        json!({"code": category.code, "label": category.label(language)})
                    })
                    .collect();
                json!({"name": axis.name, "label": axis.label(language), "values": values})
            })
            .collect();
        let cells: Vec<Value> = self
            .cells
            .iter()
            .map(|(at, cell)| {
                let mut fields: Map<String, Value> = self
                    .axes
                    .iter()
                    .zip(at)
                    .map(|(axis, place)| {
                        let category = place.and_then(|place| axis.categories.get(place));
                        let code = category.map_or("total", |category| category.code.as_str());
                        (axis.name.to_owned(), code.into())
                    })
                    .collect();
                let value = match cell {
                    Cell::Count(count) => Value::from(*count),
                    Cell::Suppressed => Value::Null,
                };
                fields.insert("value".to_owned(), value);
                fields.insert(
                    "isSuppressed".to_owned(),
                    (*cell == Cell::Suppressed).into(),
                );
                Value::Object(fields)
            })
            .collect();
        json!({
            "name": self.name(),
            "measure": self.measure.name(),
            "title": self.title(language),
            "definition": self.measure.definition(language),
            "countOf": self.measure.count_of().name(),
            "dimensions": dimensions,
            "cells": cells,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::statistics::period::{Period, PeriodPart};
    use crate::statistics::tables::tests::unit;

    #[test]
    fn the_document_names_its_period_its_rules_and_every_figure() {
        let release = StatisticsRelease::of(&unit(90, 3, 4), Threshold::default()).unwrap();
        let document = release.to_json(Language::Swedish);
        assert_eq!(document["period"]["code"], "tertial_1");
        assert_eq!(document["period"]["firstDay"], "2026-01-01");
        assert_eq!(document["period"]["countedTo"], "2026-04-30");
        assert_eq!(document["period"]["isComplete"], true);
        assert_eq!(document["threshold"], 5);
        assert_eq!(document["generatedAt"], "2026-06-01T08:00:00.000000Z");
        let tables = document["tables"].as_array().unwrap();
        let youths = &tables[0];
        assert_eq!(youths["name"], "youthsBySex");
        assert_eq!(youths["title"], "Ungdomar i registret efter kön");
        assert_eq!(youths["countOf"], "persons");
        assert_eq!(
            youths["cells"][0],
            json!({"sex": "total", "value": 90, "isSuppressed": false})
        );
        let mut hidden = 0;
        for table in tables {
            assert!(table["definition"].as_str().unwrap().ends_with('.'));
            for cell in table["cells"].as_array().unwrap() {
                assert_eq!(cell["value"].is_null(), cell["isSuppressed"] == true);
                hidden += usize::from(cell["value"].is_null());
                for dimension in table["dimensions"].as_array().unwrap() {
                    let code = &cell[dimension["name"].as_str().unwrap()];
                    let values = dimension["values"].as_array().unwrap();
                    let is_known = values.iter().any(|value| value["code"] == *code);
                    assert!(is_known || code == "total");
                }
            }
        }
        assert!(hidden > 0);
        let english = release.to_json(Language::English);
        assert_eq!(
            english["tables"][0]["title"],
            "Youths in the register by sex"
        );
    }

    #[test]
    fn a_period_that_runs_says_that_it_is_not_for_publication() {
        let mut facts = unit(20, 1, 1);
        facts.period = Period::new(2026, PeriodPart::FullYear)
            .unwrap()
            .counted_on("2026-06-01".parse().unwrap())
            .unwrap();
        let release = StatisticsRelease::of(&facts, Threshold::default()).unwrap();
        let document = release.to_json(Language::Swedish);
        assert_eq!(document["period"]["isComplete"], false);
        assert_eq!(document["period"]["countedTo"], "2026-06-01");
        assert!(
            document["notes"][0]
                .as_str()
                .unwrap()
                .contains("ska inte publiceras")
        );
    }
}
