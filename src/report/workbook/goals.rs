//! What do the sheets of goals and activities say? Each goal with its values, and what is done for it.
//! The tables of the release stand in `table`.

use super::look::{LINE, Written, fit_height, new_sheet, text_table};
use super::texts::fitting;
use super::{Book, activities_name, goals_name};
use crate::error::Language;
use crate::report::words::{float, goal_unit};
use crate::statistics::document::Goal;

/// A goal, and how it stands.
const TITLE_WIDTH: u16 = 42;
const STATUS_WIDTH: u16 = 42;

impl Book {
    pub(super) fn goals(&mut self, goals: &[Goal]) -> Written {
        let language = self.language;
        let header = match language {
            Language::Swedish => [
                "Mål",
                "Plan",
                "Indikator",
                "Enhet",
                "Ansvarig",
                "Utgångsår",
                "Utgångsvärde",
                "Målår",
                "Målvärde",
                "Avstånd till målbanan",
                "Status",
            ],
            Language::English => [
                "Goal",
                "Plan",
                "Indicator",
                "Unit",
                "Owner",
                "Baseline year",
                "Baseline",
                "Target year",
                "Target",
                "Distance from path",
                "Status",
            ],
        };
        let name = goals_name(language);
        let formats = &self.formats;
        let sheet = new_sheet(&mut self.workbook, name)?;
        let widths = [
            TITLE_WIDTH,
            26,
            34,
            12,
            26,
            10,
            12,
            10,
            10,
            14,
            STATUS_WIDTH,
        ];
        for (column, width) in (0..).zip(widths) {
            sheet.set_column_width(column, width)?;
        }
        sheet.set_row_height(2, 2.0 * LINE)?;
        sheet.write_string_with_format(0, 0, name, &formats.title)?;
        for (column, text) in (0..).zip(header) {
            let is_text = column < 5 || column == 10;
            let format = if is_text {
                &formats.header
            } else {
                &formats.number_header
            };
            sheet.write_string_with_format(2, column, text, format)?;
        }
        let mut row = 3;
        for goal in goals {
            let unit = goal_unit(&goal.unit, language);
            let texts = [
                Some(goal.title.as_str()),
                goal.plan.as_deref(),
                Some(&goal.indicator),
                Some(&unit),
                goal.owner.as_deref(),
            ];
            let status = goal.status.in_language(language);
            let told = texts.iter().map(|text| text.unwrap_or_default());
            let told = told.zip(widths).chain([(status, STATUS_WIDTH)]);
            fit_height(sheet, row, told)?;
            for (column, text) in (0..).zip(texts) {
                sheet.write_string_with_format(
                    row,
                    column,
                    fitting(text.unwrap_or_default()),
                    &formats.text,
                )?;
            }
            let years = [goal.baseline, Some(goal.target)];
            let number = formats.number(goal.decimals, false);
            for (place, at) in (0..).zip(years) {
                if let Some(at) = at {
                    sheet.write_number_with_format(
                        row,
                        5 + 2 * place,
                        f64::from(at.year),
                        &formats.mark,
                    )?;
                    sheet.write_number_with_format(
                        row,
                        6 + 2 * place,
                        float(at.value, goal.decimals),
                        &number,
                    )?;
                }
            }
            if let Some(ahead) = goal.ahead_of_path {
                sheet.write_number_with_format(row, 9, float(ahead, goal.decimals), &number)?;
            }
            sheet.write_string_with_format(
                row,
                10,
                fitting(goal.status.in_language(language)),
                &formats.text,
            )?;
            row += 1;
        }
        row += 1;
        let header = match language {
            Language::Swedish => ["Mål", "År", "Värde"],
            Language::English => ["Goal", "Year", "Value"],
        };
        for (column, text) in (0..).zip(header) {
            let format = if column == 0 {
                &formats.header
            } else {
                &formats.number_header
            };
            sheet.write_string_with_format(row, column, text, format)?;
        }
        for goal in goals {
            let number = formats.number(goal.decimals, false);
            for at in &goal.series {
                row += 1;
                fit_height(
                    sheet,
                    row,
                    std::iter::once((goal.title.as_str(), TITLE_WIDTH)),
                )?;
                sheet.write_string_with_format(row, 0, fitting(&goal.title), &formats.text)?;
                sheet.write_number_with_format(row, 1, f64::from(at.year), &formats.mark)?;
                sheet.write_number_with_format(row, 2, float(at.value, goal.decimals), &number)?;
            }
        }
        sheet
            .set_freeze_panes(3, 1)?
            .set_landscape()
            .set_print_fit_to_pages(1, 0);
        Ok(())
    }

    pub(super) fn activities(&mut self, goals: &[Goal]) -> Written {
        let language = self.language;
        let header = match language {
            Language::Swedish => [
                "Mål",
                "Aktivitet",
                "Ansvarig",
                "Status",
                "Prognos",
                "Åtgärd",
                "Uppföljd",
            ],
            Language::English => [
                "Goal",
                "Activity",
                "Responsible",
                "Status",
                "Forecast",
                "Remedy",
                "Followed up",
            ],
        };
        let rows = goals.iter().flat_map(|goal| {
            goal.activities.iter().map(|activity| {
                [
                    goal.title.clone(),
                    activity.title.clone(),
                    activity.responsible.clone(),
                    activity.status.in_language(language).to_owned(),
                    activity.forecast.clone().unwrap_or_default(),
                    activity.remedy.clone().unwrap_or_default(),
                    activity
                        .followed_up_on
                        .map_or_else(String::new, |day| day.to_string()),
                ]
                .to_vec()
            })
        });
        let name = activities_name(language);
        let sheet = new_sheet(&mut self.workbook, name)?;
        let widths = [40, 40, 26, 14, 50, 50, 12];
        text_table(sheet, &self.formats, name, &header, &widths, rows)
    }
}
