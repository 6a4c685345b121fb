//! Workbooks to be filled in.

use std::io;

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format, Note, Workbook,
    Worksheet, XlsxError,
};

use super::text::fitting;
use crate::report::columns::{Column, Holds};

/// The longest list of words that a cell can offer, commas included.
const LONGEST_LIST: usize = 255;

/// A workbook with a column for each of these and no row: what is to be known of a column stands in a note at its name, and all of it
/// on a sheet of its own. Cells offer the words that are known and warn of what is not plausible, but take it. The same columns give
/// the same bytes.
///
/// # Errors
///
/// Where a sheet cannot hold so many columns.
pub fn blank(columns: &[Column]) -> io::Result<Vec<u8>> {
    workbook(columns).map_err(io::Error::other)
}

fn workbook(columns: &[Column]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Without it, the file would hold the time at which it was made.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    form(workbook.add_worksheet().set_name("Portfolio")?, columns)?;
    notes(workbook.add_worksheet().set_name("Columns")?, columns)?;
    workbook.save_to_buffer()
}

fn header() -> Format {
    Format::new().set_bold()
}

/// The sheet that is filled in.
fn form(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    // The id and the name stay in sight too.
    sheet.set_freeze_panes(1, 2)?;
    for (at, column) in (0_u16..).zip(columns) {
        let width = column.path.chars().count().clamp(10, 48) + 3;
        sheet.set_column_width(at, width as f64)?;
        match column.holds {
            Holds::Date => sheet.set_column_format(at, &Format::new().set_num_format("yyyy-mm-dd"))?,
            // Text, so that the zeros at the beginning of an id stay.
            Holds::Name => sheet.set_column_format(at, &Format::new().set_num_format("@"))?,
            _ => sheet,
        };
        sheet.write_string_with_format(0, at, fitting(&column.path), &header())?;
        let lines: Vec<String> = column.notes().map(|(name, text)| format!("{name}: {text}")).collect();
        let height = 24 + 34 * u32::try_from(lines.len()).unwrap_or_default();
        let note = Note::new(fitting(&lines.join("\n"))).set_width(260).set_height(height);
        sheet.insert_note(0, at, &note.add_author_prefix(false))?;
        if let Some(validation) = validation(column)? {
            sheet.add_data_validation(1, at, super::LAST_ROW, at, &validation)?;
        }
    }
    Ok(())
}

/// What a cell of the column offers and warns of.
fn validation(column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    let validation = match column.holds {
        Holds::Number { plausible: Some((low, high)), .. } => {
            DataValidation::new().allow_decimal_number(DataValidationRule::Between(low, high))
        }
        Holds::Number { minimum: Some(minimum), .. } => {
            DataValidation::new().allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(minimum))
        }
        _ => {
            let words = column.words();
            let length = words.iter().map(|word| word.chars().count() + 1).sum::<usize>();
            // A comma within a word would part it in two.
            if words.is_empty() || length > LONGEST_LIST || words.iter().any(|word| word.contains(',')) {
                return Ok(None);
            }
            DataValidation::new().allow_list_strings(&words)?
        }
    };
    let allowed = match column.holds {
        Holds::Number { .. } => column.plausible(),
        _ => column.words().join(", "),
    };
    let message: String = format!("Expected: {allowed}. Keep it all the same?").chars().take(LONGEST_LIST).collect();
    let validation = validation.set_error_style(DataValidationErrorStyle::Warning);
    Ok(Some(validation.set_error_title("Is this right?")?.set_error_message(message)?))
}

/// The sheet that says what the columns are.
fn notes(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 1)?;
    for ((at, name), width) in (0..).zip(Column::NOTES).zip([44.0, 34.0, 26.0, 24.0, 48.0, 34.0]) {
        sheet.set_column_width(at, width)?;
        sheet.write_string_with_format(0, at, name, &header())?;
    }
    for (row, column) in (1..).zip(columns) {
        for (at, text) in (0..).zip(column.row()) {
            if !text.is_empty() {
                sheet.write_string(row, at, fitting(&text))?;
            }
        }
    }
    Ok(())
}
