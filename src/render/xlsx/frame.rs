//! A workbook without its rows: heads, tables, looks, charts, print setup.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFormat, ChartPoint, ChartSolidFill, ChartType, ConditionalFormatCell,
    ConditionalFormatCellRule, ConditionalFormatDataBar, ConditionalFormatType, DocProperties, ExcelDateTime,
    IgnoreError, Note, Table, TableColumn, TableStyle, Worksheet, XlsxError,
};

use super::fit::Extent;
use super::style::{self, Style};
use super::text::cell_text;
use crate::report::sheet::{Kind, Sheet, SheetChart, SheetColumn, Workbook};

/// A worksheet of the workbook: a sheet, or as many of its rows as fit.
pub(super) struct Part {
    /// The position of the sheet.
    pub(super) sheet: usize,
    /// Which part of it this is, from 0.
    pub(super) number: usize,
    /// How many rows it has.
    pub(super) rows: u32,
}

/// The row of the head of a sheet's table, from 0.
pub(super) fn head_row(sheet: &Sheet<'_>) -> u32 {
    // A line stays empty between the explanations and the table.
    u32::try_from(sheet.opening.len()).map_or(0, |lines| if lines == 0 { 0 } else { lines + 1 })
}

/// The workbook with all but the rows; each table has one. In their place each sheet has one row with a cell of each look, in the order of [`Style::ALL`].
pub(super) fn frame(workbook: &Workbook<'_>, extents: &[Extent], parts: &[Part]) -> Result<Vec<u8>, XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let (year, month, day) = date_parts(workbook);
    let properties = DocProperties::new()
        .set_title(cell_text(&workbook.title))
        .set_author(concat!("csm ", env!("CARGO_PKG_VERSION")))
        // Without it, the file would hold the time at which it was made.
        .set_creation_datetime(&ExcelDateTime::from_ymd(year, month, day)?);
    book.set_properties(&properties);
    for part in parts {
        let (sheet, extent) = (&workbook.sheets[part.sheet], &extents[part.sheet]);
        let name = match part.number {
            0 => sheet.name.to_owned(),
            number => format!("{} ({})", sheet.name, number + 1),
        };
        let worksheet = book.add_worksheet().set_name(&name)?;
        for (column, width) in (0..).zip(&extent.widths) {
            worksheet.set_column_width(column, *width as f64)?;
        }
        opening(worksheet, sheet)?;
        table(worksheet, sheet, part)?;
        looks(worksheet, sheet, part)?;
        if part.number == 0 {
            charts(worksheet, sheet, &name, extent)?;
        }
        print_setup(worksheet, sheet, extent)?;
        for (column, style) in (0..).zip(Style::ALL) {
            worksheet.write_blank(head_row(sheet) + 1, column, &style.format(&workbook.currency))?;
        }
    }
    book.save_to_buffer()
}

/// The date of the workbook, within the years that workbooks know.
fn date_parts(workbook: &Workbook<'_>) -> (u16, u8, u8) {
    use chrono::Datelike;
    let date = workbook.as_of;
    match (u16::try_from(date.year()), u8::try_from(date.month()), u8::try_from(date.day())) {
        (Ok(year @ 1900..=9999), Ok(month), Ok(day)) => (year, month, day),
        _ => (2000, 1, 1),
    }
}

fn opening(worksheet: &mut Worksheet, sheet: &Sheet<'_>) -> Result<(), XlsxError> {
    for (row, line) in (0..).zip(&sheet.opening) {
        let format = if row == 0 { style::title() } else { style::remark() };
        worksheet.write_string_with_format(row, 0, cell_text(line), &format)?;
    }
    Ok(())
}

/// The last row of the table; without any row it has an empty one, for a table must have one.
fn last_row(sheet: &Sheet<'_>, part: &Part) -> u32 {
    head_row(sheet) + part.rows.max(1)
}

fn table(worksheet: &mut Worksheet, sheet: &Sheet<'_>, part: &Part) -> Result<(), XlsxError> {
    let head = head_row(sheet);
    let last = column_number(sheet.columns.len().saturating_sub(1));
    let columns = sheet
        .columns
        .iter()
        .map(|column| TableColumn::new().set_header(shortened(&column.title)).set_header_format(style::head()));
    let name: String = sheet.name.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = match part.number {
        0 => format!("{name}Table"),
        number => format!("{name}Table_{}", number + 1),
    };
    let table = Table::new().set_name(name).set_style(TableStyle::Light1).set_columns(&columns.collect::<Vec<_>>());
    worksheet.add_table(head, 0, head + 1, last, &table)?;
    worksheet.set_row_height(head, 33)?;
    worksheet.set_freeze_panes(head + 1, column_number(sheet.held))?;
    for (at, column) in (0..).zip(&sheet.columns) {
        let note = Note::new(note(column)).set_width(240).set_height(96).add_author_prefix(false);
        worksheet.insert_note(head, at, &note)?;
    }
    Ok(())
}

fn note(column: &SheetColumn) -> String {
    cell_text(&column.note).into_owned() + "\n" + &cell_text(&column.key)
}

/// A title as a table can hold it.
fn shortened(title: &str) -> String {
    cell_text(title).chars().take(200).collect()
}

fn column_number(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// What cells look like by their content: bars behind scores and amounts, colours of words.
fn looks(worksheet: &mut Worksheet, sheet: &Sheet<'_>, part: &Part) -> Result<(), XlsxError> {
    let (first, last) = (head_row(sheet) + 1, last_row(sheet, part));
    for (at, column) in (0..).zip(&sheet.columns) {
        match column.kind {
            Kind::Score => {
                let bar = ConditionalFormatDataBar::new()
                    .set_fill_color(style::SCORE_BAR)
                    .set_solid_fill(true)
                    .set_border_off(true)
                    .set_minimum(ConditionalFormatType::Number, 0)
                    .set_maximum(ConditionalFormatType::Number, 100);
                worksheet.add_conditional_format(first, at, last, at, &bar)?;
            }
            Kind::Money => {
                let bar = ConditionalFormatDataBar::new()
                    .set_fill_color(style::MONEY_BAR)
                    .set_solid_fill(true)
                    .set_border_off(true)
                    .set_minimum(ConditionalFormatType::Number, 0);
                worksheet.add_conditional_format(first, at, last, at, &bar)?;
            }
            Kind::Word(words) => {
                for (word, tone) in words {
                    let Some(format) = style::word(*tone) else { continue };
                    let rule = ConditionalFormatCellRule::EqualTo((*word).to_owned());
                    let look = ConditionalFormatCell::new().set_rule(rule).set_format(format);
                    worksheet.add_conditional_format(first, at, last, at, &look)?;
                }
            }
            Kind::Text => {
                // Ids of digits are meant as they are.
                worksheet.ignore_error_range(first, at, last, at, IgnoreError::NumberStoredAsText)?;
            }
            Kind::Prose | Kind::Number | Kind::Count | Kind::Share | Kind::Date | Kind::Flag | Kind::Mixed => {}
        }
    }
    Ok(())
}

/// The charts, one below the other, right of the table.
fn charts(worksheet: &mut Worksheet, sheet: &Sheet<'_>, name: &str, extent: &Extent) -> Result<(), XlsxError> {
    const HEIGHT: u32 = 300;
    let right = column_number(sheet.columns.len());
    let head = head_row(sheet);
    for (at, shown) in (0..).zip(&sheet.charts) {
        if u64::from(shown.rows.end) <= extent.rows {
            let mut chart = chart(shown, name, head + 1);
            chart.set_width(460).set_height(HEIGHT);
            worksheet.insert_chart_with_offset(head, right, &chart, 24, at * (HEIGHT + 20))?;
        }
    }
    Ok(())
}

fn chart(shown: &SheetChart, name: &str, first: u32) -> Chart {
    let (start, end) = (first + shown.rows.start, first + shown.rows.end.saturating_sub(1));
    let points: Vec<ChartPoint> = shown
        .tones
        .iter()
        .map(|tone| {
            let fill = ChartSolidFill::new().set_color(style::column(*tone)).clone();
            ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&fill))
        })
        .collect();
    let mut chart = Chart::new(ChartType::Column);
    chart
        .add_series()
        .set_name(&shown.title)
        .set_categories((name, start, shown.labels, end, shown.labels))
        .set_values((name, start, shown.values, end, shown.values))
        .set_points(&points)
        .set_gap(60)
        .set_data_label(ChartDataLabel::new().show_value());
    chart.title().set_name(&shown.title);
    chart.legend().set_hidden();
    // The columns bear their figures.
    chart.y_axis().set_hidden(true).set_major_gridlines(false).set_min(0);
    chart.set_alt_text(format!("{}: the figures stand in the table.", shown.title));
    chart
}

/// Landscape, as many pages wide as can be read, the head and the names on each page.
fn print_setup(worksheet: &mut Worksheet, sheet: &Sheet<'_>, extent: &Extent) -> Result<(), XlsxError> {
    /// Digits that can still be read where they share the width of a page.
    const PAGE: usize = 220;
    let head = head_row(sheet);
    let width: usize = extent.widths.iter().sum();
    let pages = u16::try_from(width.div_ceil(PAGE).max(1)).unwrap_or(1);
    worksheet.set_landscape().set_print_fit_to_pages(pages, 0).set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    worksheet.set_repeat_rows(head, head)?;
    if sheet.held > 0 && pages > 1 {
        worksheet.set_repeat_columns(0, column_number(sheet.held - 1))?;
    }
    worksheet.set_footer("&L&A&RPage &P of &N");
    Ok(())
}
