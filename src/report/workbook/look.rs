//! How does a sheet look, on the screen and on paper? Letters, lines, widths, heights, and what is printed on which page.
//! What it says is decided by whoever fills it.

use super::texts::fitting;
use crate::report::drawing::{likely_width, wrapped};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// A page of A4, as spreadsheets number paper.
const A4: u8 = 9;
/// A line of text, and the highest row that Excel takes, in points.
pub(super) const LINE: f64 = 15.0;
const HIGHEST_ROW: f64 = 409.0;
/// The colour of headings.
const NAVY: u32 = 0x001f_4e79;

/// What cells look like.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) header: Format,
    pub(super) number_header: Format,
    pub(super) text: Format,
    pub(super) sum_text: Format,
    pub(super) mark: Format,
    pub(super) note: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
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

    pub(super) fn number(&self, decimals: u8, is_sum: bool) -> Format {
        let mut code = "#,##0".to_owned();
        if decimals > 0 {
            code.push('.');
            code.push_str(&"0".repeat(decimals.into()));
        }
        let format = self.mark.clone().set_num_format(code);
        if is_sum { format.set_bold() } else { format }
    }
}

/// What writing can come to.
pub(super) type Written<T = ()> = std::result::Result<T, XlsxError>;

/// A sheet of a name.
pub(super) fn new_sheet<'b>(workbook: &'b mut Workbook, name: &str) -> Written<&'b mut Worksheet> {
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
pub(super) fn fit_height<'t>(
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
pub(super) fn text_table(
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
