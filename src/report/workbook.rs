//! How does a release open as a workbook? A cover with what it is and links to all sheets, the definitions, the goals, and
//! one sheet a table, ready to be printed. Every cell is a text or a number: there are no formulas, and a text that looks
//! like one is a text. Which figures there are does not matter here.

use super::drawing::{likely_width, wrapped};
use super::grid::{Grid, Place};
use super::words::{
    HIDDEN, NOTHING, day, float, hidden, instant, nothing, printable, tag, total, word,
};
use crate::error::{Error, Language, Result};
use crate::statistics::document::{
    Axis, Goal, MeasureDefinition, MeasureKind, ReleaseDocument, Table, TableCell,
};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet,
    XlsxError,
};

/// What Excel takes in a cell and in the name of a sheet, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
const LONGEST_NAME: usize = 31;
/// A page of A4, as spreadsheets number paper.
const A4: u8 = 9;
/// More columns than this are printed across.
const UPRIGHT_COLUMNS: usize = 6;
/// A line of text, and the highest row that Excel takes, in points.
const LINE: f64 = 15.0;
const HIGHEST_ROW: f64 = 409.0;
/// A goal, and how it stands.
const TITLE_WIDTH: u16 = 42;
const STATUS_WIDTH: u16 = 42;
/// A column of headings of rows, and one of numbers, in digits.
const LABEL_WIDTH: u16 = 44;
const NUMBER_WIDTH: u16 = 15;
/// The colour of headings.
const NAVY: u32 = 0x001f_4e79;

/// The release as a workbook.
///
/// # Errors
/// The file could not be built, which is a fault of ours.
pub fn to_xlsx(document: &ReleaseDocument, language: Language) -> Result<Vec<u8>> {
    Book::new(language)
        .written(document)
        .map_err(Error::internal)
}

struct Book {
    language: Language,
    workbook: Workbook,
    formats: Formats,
}

struct Formats {
    title: Format,
    heading: Format,
    header: Format,
    number_header: Format,
    text: Format,
    sum_text: Format,
    mark: Format,
    note: Format,
}

impl Formats {
    fn new() -> Self {
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let header = wrapped
            .clone()
            .set_bold()
            .set_align(FormatAlign::Bottom)
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(NAVY);
        Self {
            title: Format::new()
                .set_bold()
                .set_font_size(16)
                .set_font_color(NAVY),
            heading: Format::new()
                .set_bold()
                .set_font_size(12)
                .set_font_color(NAVY),
            number_header: header.clone().set_align(FormatAlign::Right),
            header,
            sum_text: wrapped.clone().set_bold(),
            text: wrapped.clone(),
            mark: Format::new()
                .set_align(FormatAlign::Right)
                .set_align(FormatAlign::Top),
            note: wrapped.set_font_color(0x0055_5555_u32),
        }
    }

    fn number(&self, decimals: u8, is_sum: bool) -> Format {
        let mut code = "#,##0".to_owned();
        if decimals > 0 {
            code.push('.');
            code.push_str(&"0".repeat(decimals.into()));
        }
        let format = self.mark.clone().set_num_format(code);
        if is_sum { format.set_bold() } else { format }
    }
}

type Written<T = ()> = std::result::Result<T, XlsxError>;

impl Book {
    fn new(language: Language) -> Self {
        Self {
            language,
            workbook: Workbook::new(),
            formats: Formats::new(),
        }
    }

    fn word(&self, sv: &'static str, en: &'static str) -> &'static str {
        word(self.language, sv, en)
    }

    fn written(mut self, document: &ReleaseDocument) -> Written<Vec<u8>> {
        self.describe(document)?;
        let tables: Vec<(String, &Table)> = document
            .tables
            .iter()
            .enumerate()
            .map(|(index, table)| {
                let title = table.title.in_language(self.language);
                (sheet_name(&format!("{} {title}", index + 1)), table)
            })
            .collect();
        self.cover(document, &tables)?;
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

    fn describe(&mut self, document: &ReleaseDocument) -> Written {
        let counted = ExcelDateTime::from_timestamp(document.counted_at.timestamp())?;
        let period = document.period.label.in_language(self.language);
        let properties = DocProperties::new()
            .set_title(format!("{}, {period}", self.subject()))
            .set_subject(self.subject())
            .set_keywords(tag(self.language))
            .set_creation_datetime(&counted)
            .set_custom_property("Language", tag(self.language));
        self.workbook.set_properties(&properties);
        Ok(())
    }

    const fn subject(&self) -> &'static str {
        word(
            self.language,
            "Statistik om det kommunala aktivitetsansvaret",
            "Statistics on the municipal activity responsibility",
        )
    }

    fn cover(&mut self, document: &ReleaseDocument, tables: &[(String, &Table)]) -> Written {
        let language = self.language;
        let name = word(language, "Omslag", "Cover");
        let definitions = definitions_name(language);
        let mut lines = vec![
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
            word(language, "Blad", "Sheets"),
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

    fn goals(&mut self, goals: &[Goal]) -> Written {
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
            let texts = [
                Some(goal.title.as_str()),
                goal.plan.as_deref(),
                Some(&goal.indicator),
                Some(&goal.unit),
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

    fn activities(&mut self, goals: &[Goal]) -> Written {
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

    fn table(&mut self, document: &ReleaseDocument, name: &str, table: &Table) -> Written {
        let language = self.language;
        let measure = document
            .measures
            .iter()
            .find(|measure| measure.code == table.measure);
        let across = (table.axes.len() > 1).then(|| table.axes.len() - 1);
        let grid = Grid::of(table, across);
        let columns = columns(&grid, table, measure, language);
        let formats = &self.formats;
        let sheet = new_sheet(&mut self.workbook, name)?;
        let period = document.period.label.in_language(language);
        let unit = table.unit.label();
        let about = format!(
            "{period}. {}: {}.",
            word(language, "Enhet", "Unit"),
            unit.in_language(language).to_lowercase()
        );
        sheet.write_string_with_format(
            0,
            0,
            fitting(table.title.in_language(language)),
            &formats.title,
        )?;
        sheet.write_string_with_format(1, 0, fitting(&about), &Format::new())?;
        let header_row = 3;
        let labels = grid.down.len().max(1);
        for (column, heading) in (0..).zip(row_headings(&grid, language)) {
            sheet.write_string_with_format(
                header_row,
                column,
                fitting(&heading),
                &formats.header,
            )?;
            sheet.set_column_width(column, LABEL_WIDTH)?;
        }
        let first = u16::try_from(labels).unwrap_or(1);
        for (column, shown) in (first..).zip(&columns) {
            sheet.write_string_with_format(
                header_row,
                column,
                fitting(&shown.heading),
                &formats.number_header,
            )?;
            sheet.set_column_width(column, NUMBER_WIDTH)?;
        }
        let headings = columns
            .iter()
            .map(|column| (column.heading.as_str(), NUMBER_WIDTH));
        fit_height(sheet, header_row, headings)?;
        let mut at = header_row;
        for row in &grid.rows {
            at += 1;
            let labels = row_labels(&row.at, language);
            let cells = labels.iter().map(|label| (label.as_str(), LABEL_WIDTH));
            fit_height(sheet, at, cells)?;
            let is_sum = row.is_sum();
            let format = if is_sum {
                &formats.sum_text
            } else {
                &formats.text
            };
            for (column, label) in (0..).zip(labels) {
                sheet.write_string_with_format(at, column, fitting(&label), format)?;
            }
            for (column, shown) in (first..).zip(&columns) {
                let Some(cell) = row.cells.get(shown.cell).copied().flatten() else {
                    continue;
                };
                let decimals = shown.part.decimals(table);
                match shown.part.of(cell) {
                    Ok(value) => {
                        let number = formats.number(decimals, is_sum);
                        sheet.write_number_with_format(
                            at,
                            column,
                            float(value, decimals),
                            &number,
                        )?
                    }
                    Err(mark) => sheet.write_string_with_format(at, column, mark, &formats.mark)?,
                };
            }
        }
        // Over all columns: below a narrow one a note would be a tower.
        let last = first + u16::try_from(columns.len()).unwrap_or(1) - 1;
        let width = u16::try_from(labels).unwrap_or(1) * LABEL_WIDTH;
        let width = width + (last + 1 - first) * NUMBER_WIDTH;
        for (place, note) in (at + 2..).zip(notes(&grid, document, measure, language)) {
            let note = fitting(&note);
            fit_height(sheet, place, std::iter::once((note.as_str(), width)))?;
            sheet.merge_range(place, 0, place, last, &note, &formats.note)?;
        }
        sheet.set_freeze_panes(header_row + 1, first)?;
        sheet.set_repeat_rows(0, header_row)?;
        if labels + columns.len() > UPRIGHT_COLUMNS {
            sheet.set_landscape();
        }
        sheet.set_print_fit_to_pages(1, 0);
        Ok(())
    }
}

fn new_sheet<'b>(workbook: &'b mut Workbook, name: &str) -> Written<&'b mut Worksheet> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    sheet
        .set_paper_size(A4)
        .set_margins(0.5, 0.5, 0.7, 0.7, 0.3, 0.3);
    // The name of the sheet, and which page of how many.
    sheet.set_footer("&L&A&R&P / &N");
    Ok(sheet)
}

/// Makes a row as high as its wrapped texts take: not every program does so by itself.
fn fit_height<'t>(
    sheet: &mut Worksheet,
    row: u32,
    cells: impl Iterator<Item = (&'t str, u16)>,
) -> Written {
    let lines_of = |(text, width): (&str, u16)| {
        // Letters are narrower than the digits that columns are measured in, but not always.
        let width = f32::from(width.saturating_sub(1));
        wrapped(text, width, |line| likely_width(line, 1.75)).len()
    };
    let lines = cells.map(lines_of).max().unwrap_or(1);
    if lines > 1 {
        let lines = u16::try_from(lines).unwrap_or(u16::MAX);
        let height = f64::from(lines) * LINE;
        sheet.set_row_height(row, height.min(HIGHEST_ROW))?;
    }
    Ok(())
}

/// A sheet of texts: title, header, rows.
fn text_table(
    sheet: &mut Worksheet,
    formats: &Formats,
    title: &str,
    header: &[&str],
    widths: &[u16],
    rows: impl Iterator<Item = Vec<String>>,
) -> Written {
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    sheet.write_string_with_format(0, 0, title, &formats.title)?;
    for (column, text) in (0..).zip(header) {
        sheet.write_string_with_format(2, column, *text, &formats.header)?;
    }
    for (at, row) in (3..).zip(rows) {
        let row: Vec<String> = row.iter().map(|text| fitting(text)).collect();
        fit_height(
            sheet,
            at,
            row.iter().map(String::as_str).zip(widths.iter().copied()),
        )?;
        for (column, text) in (0..).zip(row) {
            sheet.write_string_with_format(at, column, text, &formats.text)?;
        }
    }
    sheet
        .set_freeze_panes(3, 1)?
        .set_repeat_rows(0, 2)?
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    Ok(())
}

/// What a column shows of its cells.
struct Column {
    /// Which cell of a row.
    cell: usize,
    part: Part,
    heading: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Value,
    Numerator,
    Denominator,
}

impl Part {
    const fn decimals(self, table: &Table) -> u8 {
        match self {
            Self::Value => table.decimals,
            Self::Numerator | Self::Denominator => 0,
        }
    }

    /// The number, or the mark in its place.
    fn of(self, cell: &TableCell) -> std::result::Result<i64, &'static str> {
        let number = match self {
            Self::Value => cell.value.filter(|_| !cell.is_hidden),
            Self::Numerator => cell.numerator,
            Self::Denominator => cell.denominator,
        };
        number.ok_or(if cell.is_hidden { HIDDEN } else { NOTHING })
    }
}

fn columns(
    grid: &Grid<'_>,
    table: &Table,
    measure: Option<&MeasureDefinition>,
    language: Language,
) -> Vec<Column> {
    let mut parts = vec![Part::Value];
    if grid.any(|cell| cell.numerator.is_some()) {
        parts.push(Part::Numerator);
    }
    if grid.any(|cell| cell.denominator.is_some()) {
        parts.push(Part::Denominator);
    }
    let mut columns = Vec::new();
    for part in parts {
        for (cell, place) in grid.columns.iter().enumerate() {
            let what = part_heading(part, table, measure, language);
            let heading = match (grid.across.is_some(), part) {
                (false, _) => what,
                (true, Part::Value) => place_label(*place, language),
                (true, _) => format!("{}, {}", place_label(*place, language), what.to_lowercase()),
            };
            columns.push(Column {
                cell,
                part,
                heading,
            });
        }
    }
    columns
}

fn part_heading(
    part: Part,
    table: &Table,
    measure: Option<&MeasureDefinition>,
    language: Language,
) -> String {
    let is_mean = measure.is_some_and(|measure| measure.kind == MeasureKind::Mean);
    match part {
        Part::Value => table.unit.label().in_language(language).to_owned(),
        Part::Numerator if is_mean => word(language, "Summa", "Sum").to_owned(),
        Part::Numerator => word(language, "Täljare", "Numerator").to_owned(),
        Part::Denominator if is_mean => word(language, "Antal", "Number").to_owned(),
        Part::Denominator => word(language, "Nämnare", "Denominator").to_owned(),
    }
}

fn place_label(place: Place<'_>, language: Language) -> String {
    place
        .map_or(total(language), |category| {
            category.label.in_language(language)
        })
        .to_owned()
}

fn row_headings(grid: &Grid<'_>, language: Language) -> Vec<String> {
    if grid.down.is_empty() {
        return vec![String::new()];
    }
    let label = |axis: &&Axis| axis.label.in_language(language).to_owned();
    grid.down.iter().map(label).collect()
}

fn row_labels(at: &[Place<'_>], language: Language) -> Vec<String> {
    if at.is_empty() {
        return vec![total(language).to_owned()];
    }
    at.iter()
        .map(|place| place_label(*place, language))
        .collect()
}

/// What a reader of one sheet must know: what is counted, and what its marks mean.
fn notes(
    grid: &Grid<'_>,
    document: &ReleaseDocument,
    measure: Option<&MeasureDefinition>,
    language: Language,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(measure) = measure {
        notes.push(measure.definition.in_language(language).to_owned());
    }
    if grid.any(|cell| cell.is_hidden) {
        notes.push(format!(
            "{HIDDEN} = {}. {}",
            hidden(language),
            threshold(document, language)
        ));
    }
    if grid.any(|cell| !cell.is_hidden && cell.value.is_none()) {
        notes.push(format!("{NOTHING} = {}", nothing(language)));
    }
    notes
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
    word(language, "Definitioner", "Definitions")
}

const fn divisions_name(language: Language) -> &'static str {
    word(language, "Indelningar", "Divisions")
}

const fn goals_name(language: Language) -> &'static str {
    word(language, "Mål", "Goals")
}

const fn activities_name(language: Language) -> &'static str {
    word(language, "Aktiviteter", "Activities")
}

/// A text that a cell can hold.
fn fitting(text: &str) -> String {
    cut(&printable(text), LONGEST_TEXT)
}

/// A name that a sheet may have: none of the characters that addresses of cells are made of, no apostrophe at its ends.
/// The number before it makes it one of a kind.
fn sheet_name(title: &str) -> String {
    let plain: String = printable(title)
        .chars()
        .map(|c| if "[]:*?/\\".contains(c) { ' ' } else { c })
        .collect();
    cut(plain.trim(), LONGEST_NAME)
        .trim_end_matches(['\'', ' '])
        .to_owned()
}

/// A text of at most so many UTF-16 units; an ellipsis says that there was more.
fn cut(text: &str, longest: usize) -> String {
    if text.encode_utf16().count() <= longest {
        return text.to_owned();
    }
    let mut units = 1;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= longest
        })
        .collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::report::fixture;
    use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
    use std::io::Cursor;

    fn opened(document: &ReleaseDocument, language: Language) -> Xlsx<Cursor<Vec<u8>>> {
        let file = to_xlsx(document, language).unwrap();
        open_workbook_from_rs(Cursor::new(file)).unwrap()
    }

    fn text(range: &Range<Data>, row: u32, column: u32) -> String {
        match range.get_value((row, column)) {
            Some(Data::String(text)) => text.clone(),
            None | Some(Data::Empty) => String::new(),
            other => unreachable!("a text at {row} {column}, not {other:?}"),
        }
    }

    #[test]
    fn every_cell_of_every_sheet_says_what_the_document_says() {
        let document = fixture::document();
        let mut book = opened(&document, Language::Swedish);
        let names = book.sheet_names();
        let before = [
            "Omslag",
            "Definitioner",
            "Indelningar",
            "Mål",
            "Aktiviteter",
        ];
        assert_eq!(names[..5], before);
        assert_eq!(names.len(), 5 + document.tables.len());
        let mut compared = 0;
        for (name, table) in names[5..].iter().zip(&document.tables) {
            let sheet = book.worksheet_range(name).unwrap();
            assert_eq!(text(&sheet, 0, 0), printable(&table.title.sv));
            let down = table
                .axes
                .len()
                .saturating_sub(usize::from(table.axes.len() > 1))
                .max(1);
            for cell in &table.cells {
                let label = |place: &Option<String>, axis: &Axis| {
                    let category = axis
                        .categories
                        .iter()
                        .find(|category| Some(&category.code) == place.as_ref());
                    category.map_or("Totalt".to_owned(), |category| {
                        printable(&category.label.sv)
                    })
                };
                let mut labels: Vec<String> = cell
                    .at
                    .iter()
                    .zip(&table.axes)
                    .map(|(place, axis)| label(place, axis))
                    .collect();
                if labels.is_empty() {
                    labels.push("Totalt".to_owned());
                }
                let rows = 4..sheet.end().unwrap().0 + 1;
                let row = rows
                    .clone()
                    .find(|row| (0..down).all(|at| text(&sheet, *row, at as u32) == labels[at]))
                    .unwrap();
                let column = if labels.len() > down {
                    (down as u32..)
                        .find(|column| text(&sheet, 3, *column) == labels[down])
                        .unwrap()
                } else {
                    1
                };
                let shown = sheet.get_value((row, column)).unwrap();
                match cell.value {
                    Some(value) => assert_eq!(
                        *shown,
                        Data::Float(float(value, table.decimals)),
                        "{}",
                        table.name
                    ),
                    None if cell.is_hidden => assert_eq!(*shown, Data::String("..".to_owned())),
                    None => assert_eq!(*shown, Data::String(".".to_owned())),
                }
                if table.axes.len() == 1
                    && table.unit == crate::statistics::document::FigureUnit::Percent
                {
                    for (column, part) in [(2, cell.numerator), (3, cell.denominator)] {
                        let shown = sheet.get_value((row, column)).unwrap();
                        match part {
                            Some(part) => assert_eq!(*shown, Data::Float(part as f64)),
                            None => assert_eq!(*shown, Data::String("..".to_owned())),
                        }
                    }
                }
                compared += 1;
            }
        }
        assert!(compared > 300, "{compared}");
    }

    #[test]
    fn there_are_no_formulas_and_what_looks_like_one_is_a_text() {
        let document = fixture::document();
        let mut book = opened(&document, Language::Swedish);
        let mut risky = 0;
        for name in book.sheet_names() {
            let formulas = book.worksheet_formula(&name).unwrap();
            assert!(
                formulas.cells().all(|(_, _, formula)| formula.is_empty()),
                "{name}"
            );
            let sheet = book.worksheet_range(&name).unwrap();
            for (_, _, cell) in sheet.cells() {
                if let Data::String(text) = cell {
                    risky += usize::from(text.starts_with(['=', '#', '<']));
                }
            }
        }
        assert!(risky > 5, "{risky}");
    }

    #[test]
    fn goals_and_their_activities_have_sheets() {
        let document = fixture::document();
        let mut book = opened(&document, Language::Swedish);
        let sheet = book.worksheet_range("Mål").unwrap();
        assert_eq!(text(&sheet, 3, 0), document.goals[0].title);
        assert_eq!(sheet.get_value((3, 8)), Some(&Data::Float(90.0)));
        assert_eq!(sheet.get_value((3, 9)), Some(&Data::Float(-2.5)));
        let activities = book.worksheet_range("Aktiviteter").unwrap();
        assert_eq!(text(&activities, 5, 1), "=cmd|'/c calc'!A1");
        assert_eq!(text(&activities, 3, 6), "2026-04-28");
        let empty = opened(&fixture::empty(), Language::English);
        assert_eq!(empty.sheet_names(), ["Cover", "Definitions", "Divisions"]);
    }

    #[test]
    fn the_same_document_makes_the_same_file() {
        let document = fixture::document();
        let file = to_xlsx(&document, Language::Swedish).unwrap();
        assert_eq!(file, to_xlsx(&document, Language::Swedish).unwrap());
    }

    #[test]
    fn sheets_have_names_that_excel_takes() {
        for (title, name) in [
            (
                "3 Ungdomar i registret efter kön",
                "3 Ungdomar i registret efter k…",
            ),
            ("1 a/b:c?[d]*\\", "1 a b c  d"),
            ("2 'x'", "2 'x"),
            (
                "4 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
                "4 😀😀😀😀😀😀😀😀😀😀😀😀😀😀…",
            ),
        ] {
            assert_eq!(sheet_name(title), name);
            assert!(name.encode_utf16().count() <= LONGEST_NAME);
        }
        assert_eq!(
            cut(&"å".repeat(40_000), LONGEST_TEXT).chars().count(),
            LONGEST_TEXT
        );
    }
}
