//! How does a release open as a workbook? A cover with what it is and links to all sheets, the definitions, the goals, and
//! one sheet a table, ready to be printed. Every cell is a text or a number: there are no formulas, and a text that looks
//! like one is a text. Which figures there are does not matter here.

mod goals;
mod look;
mod table;
#[cfg(test)]
mod tests;
mod texts;

use super::title_page::TitlePage;
use super::words::{HIDDEN, NOTHING, day, hidden, instant, nothing, tag};
use crate::error::{Error, Language, Result};
use crate::statistics::document::{ReleaseDocument, Table};
use look::{Formats, Written, fit_height, new_sheet, text_table};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Url, Workbook};
use texts::{fitting, sheet_name};

/// The release as a workbook.
///
/// # Errors
/// The file could not be built, which is a fault of ours.
pub fn to_xlsx(
    document: &ReleaseDocument,
    language: Language,
    title_page: &TitlePage,
) -> Result<Vec<u8>> {
    Book::new(language)
        .written(document, title_page)
        .map_err(Error::internal)
}

struct Book {
    language: Language,
    workbook: Workbook,
    formats: Formats,
}

impl Book {
    fn new(language: Language) -> Self {
        Self {
            language,
            workbook: Workbook::new(),
            formats: Formats::new(),
        }
    }

    fn word(&self, sv: &'static str, en: &'static str) -> &'static str {
        self.language.pick(sv, en)
    }

    fn written(mut self, document: &ReleaseDocument, title_page: &TitlePage) -> Written<Vec<u8>> {
        self.describe(document, title_page)?;
        let tables: Vec<(String, &Table)> = document
            .tables
            .iter()
            .enumerate()
            .map(|(index, table)| {
                let title = table.title.in_language(self.language);
                (sheet_name(&format!("{} {title}", index + 1)), table)
            })
            .collect();
        self.cover(document, title_page, &tables)?;
        self.definitions(document)?;
        self.divisions(document)?;
        if !document.goals.is_empty() {
            self.goals(&document.goals)?;
            self.activities(&document.goals)?;
        }
        for (name, table) in &tables {
            self.table(document, name, table)?;
        }
        self.workbook.save_to_buffer()
    }

    fn describe(&mut self, document: &ReleaseDocument, title_page: &TitlePage) -> Written {
        let counted = ExcelDateTime::from_timestamp(document.counted_at.timestamp())?;
        let period = document.period.label.in_language(self.language);
        let properties = DocProperties::new()
            .set_title(format!("{}, {period}", self.subject()))
            .set_subject(self.subject())
            .set_company(fitting(&title_page.municipality))
            .set_keywords(tag(self.language))
            .set_creation_datetime(&counted)
            .set_custom_property("Language", tag(self.language));
        self.workbook.set_properties(&properties);
        Ok(())
    }

    const fn subject(&self) -> &'static str {
        self.language.pick(
            "Statistik om det kommunala aktivitetsansvaret",
            "Statistics on the municipal activity responsibility",
        )
    }

    fn cover(
        &mut self,
        document: &ReleaseDocument,
        title_page: &TitlePage,
        tables: &[(String, &Table)],
    ) -> Written {
        let language = self.language;
        let name = language.pick("Omslag", "Cover");
        let definitions = definitions_name(language);
        let mut lines = vec![
            (
                self.word("Kommun", "Municipality"),
                title_page.municipality.clone(),
            ),
            (self.word("Utgivning", "Release"), {
                let number = self.word("nummer", "number");
                format!("{number} {}", title_page.number)
            }),
            (self.word("Period", "Period"), {
                let period = &document.period;
                let days = format!(
                    "{}–{}",
                    day(period.first_day, language),
                    day(period.last_day, language)
                );
                format!("{} ({days})", period.label.in_language(language))
            }),
            (
                self.word("Räknat", "Counted"),
                instant(document.counted_at, language),
            ),
            (
                self.word("Dolda uppgifter", "Hidden figures"),
                hidden_share(document, language),
            ),
            (
                HIDDEN,
                format!("{}. {}", hidden(language), threshold(document, language)),
            ),
            (NOTHING, nothing(language).to_owned()),
        ];
        for note in &document.notes {
            lines.push(("", note.in_language(language).to_owned()));
        }
        let subject = self.subject();
        let formats = &self.formats;
        let sheet = new_sheet(&mut self.workbook, name)?;
        sheet.set_column_width(0, 24)?.set_column_width(1, 80)?;
        sheet.write_string_with_format(0, 0, subject, &formats.title)?;
        let mut row = 2;
        for (label, text) in lines {
            fit_height(sheet, row, std::iter::once((text.as_str(), 80)))?;
            sheet.write_string_with_format(row, 0, label, &formats.sum_text)?;
            sheet.write_string_with_format(row, 1, fitting(&text), &formats.text)?;
            row += 1;
        }
        row += 1;
        sheet.write_string_with_format(
            row,
            0,
            language.pick("Blad", "Sheets"),
            &formats.heading,
        )?;
        row += 1;
        let divisions = divisions_name(language);
        let mut links = vec![
            (definitions.to_owned(), definitions),
            (divisions.to_owned(), divisions),
        ];
        if !document.goals.is_empty() {
            links.push((goals_name(language).to_owned(), goals_name(language)));
            links.push((
                activities_name(language).to_owned(),
                activities_name(language),
            ));
        }
        for (name, table) in tables {
            links.push((name.clone(), table.title.in_language(language)));
        }
        for (index, (name, title)) in links.iter().enumerate() {
            let target = format!("internal:'{}'!A1", name.replace('\'', "''"));
            let label = format!("{}", index + 1);
            sheet.write_string_with_format(row, 0, label, &formats.mark)?;
            sheet.write_url(row, 1, Url::new(target).set_text(fitting(title)))?;
            row += 1;
        }
        sheet.set_print_fit_to_pages(1, 0);
        Ok(())
    }

    fn definitions(&mut self, document: &ReleaseDocument) -> Written {
        let language = self.language;
        let header = match language {
            Language::Swedish => [
                "Mått",
                "Version",
                "Enhet",
                "Definition",
                "Täljare",
                "Nämnare",
                "Vilka dagar som räknas",
                "Källa",
            ],
            Language::English => [
                "Measure",
                "Version",
                "Unit",
                "Definition",
                "Numerator",
                "Denominator",
                "Which days count",
                "Source",
            ],
        };
        let rows = document.measures.iter().map(|measure| {
            let words =
                |words: &crate::statistics::document::Words| words.in_language(language).to_owned();
            let optional = |given: &Option<crate::statistics::document::Words>| {
                given.as_ref().map_or_else(String::new, words)
            };
            [
                words(&measure.title),
                measure.version.to_string(),
                words(&measure.unit.label()),
                words(&measure.definition),
                words(&measure.numerator),
                optional(&measure.denominator),
                words(&measure.period_logic),
                optional(&measure.source),
            ]
            .to_vec()
        });
        let name = definitions_name(language);
        let sheet = new_sheet(&mut self.workbook, name)?;
        let widths = [28, 9, 14, 46, 34, 34, 34, 24];
        text_table(sheet, &self.formats, name, &header, &widths, rows)
    }

    fn divisions(&mut self, document: &ReleaseDocument) -> Written {
        let language = self.language;
        let header = match language {
            Language::Swedish => ["Indelning", "Grupp", "Innehåller"],
            Language::English => ["Division", "Group", "Contains"],
        };
        let rows = document.divisions.iter().flat_map(|division| {
            division.categories.iter().map(|category| {
                [
                    division.label.in_language(language).to_owned(),
                    category.label.in_language(language).to_owned(),
                    category.members.join(", "),
                ]
                .to_vec()
            })
        });
        let name = divisions_name(language);
        let sheet = new_sheet(&mut self.workbook, name)?;
        text_table(sheet, &self.formats, name, &header, &[28, 60, 60], rows)
    }
}

/// The rule by which counts are hidden.
fn threshold(document: &ReleaseDocument, language: Language) -> String {
    let last = document.threshold.saturating_sub(1);
    match language {
        Language::Swedish => {
            format!("Antal från 1 till {last} är dolda, liksom de som annars skulle avslöja dem.")
        }
        Language::English => format!(
            "Counts from 1 to {last} are hidden, and so are those that would give them away."
        ),
    }
}

fn hidden_share(document: &ReleaseDocument, language: Language) -> String {
    let (hidden, cells) = (document.hidden.hidden, document.hidden.cells);
    match language {
        Language::Swedish => format!("{hidden} av {cells}"),
        Language::English => format!("{hidden} of {cells}"),
    }
}

const fn definitions_name(language: Language) -> &'static str {
    language.pick("Definitioner", "Definitions")
}

const fn divisions_name(language: Language) -> &'static str {
    language.pick("Indelningar", "Divisions")
}

const fn goals_name(language: Language) -> &'static str {
    language.pick("Mål", "Goals")
}

const fn activities_name(language: Language) -> &'static str {
    language.pick("Aktiviteter", "Activities")
}
