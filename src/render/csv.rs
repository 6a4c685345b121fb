//! Tables as CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::WriterBuilder;

use super::clean;
use crate::intake::Problem;
use crate::report::document::Cell;
use crate::report::sheet::Sheet;

/// Whether texts that a spreadsheet would take for a formula are kept from being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// They get a leading apostrophe.
    On,
    /// They are written as they are.
    Off,
}

impl Guard {
    fn apply(self, text: &str) -> Cow<'_, str> {
        let formula = ['=', '+', '-', '@', '\t', '\r', '\n'];
        // Some spreadsheets look behind spaces.
        let is_formula = text.trim_start_matches(' ').starts_with(formula) && text.parse::<f64>().is_err();
        if self == Self::On && is_formula { format!("'{text}").into() } else { text.into() }
    }
}

/// Writes problems of data, a row each, for whoever owns the export.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_problems<'p>(
    out: &mut dyn Write,
    problems: impl Iterator<Item = &'p Problem>,
    guard: Guard,
) -> io::Result<()> {
    let header = [
        "severity",
        "file",
        "sheet",
        "row",
        "column",
        "cell",
        "header",
        "record",
        "customer_id",
        "field",
        "found",
        "allowed",
    ];
    let position = |number: u64| if number == 0 { String::new() } else { number.to_string() };
    let mut table = Table::new(out, guard);
    table.row(header)?;
    for problem in problems {
        let cells = [
            problem.severity.name().to_owned(),
            problem.input.to_string(),
            problem.sheet.as_deref().unwrap_or_default().to_owned(),
            position(problem.line),
            position(problem.column),
            problem.cell().unwrap_or_default(),
            problem.header.clone().unwrap_or_default(),
            problem.record.map_or_else(String::new, |record| record.to_string()),
            problem.customer.clone().unwrap_or_default(),
            problem.field.clone(),
            problem.found.clone(),
            problem.allowed.clone(),
        ];
        table.row(cells.iter().map(String::as_str))?;
    }
    table.end()
}

/// Writes a sheet: the keys of its columns, then its rows. Texts are made harmless, figures are not rounded, days are written as
/// 2026-12-31, what is empty is empty.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_sheet(out: &mut dyn Write, sheet: &Sheet<'_>, guard: Guard) -> io::Result<()> {
    let mut table = Table::new(out, guard);
    table.row(sheet.columns.iter().map(|column| &*column.key))?;
    for row in sheet.rows() {
        for cell in &row {
            table.cell(cell)?;
        }
        table.end_row()?;
    }
    table.end()
}

/// Writes rows of text: commas, a line feed behind each row, quotes where they are needed.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_rows<'t, R: IntoIterator<Item = &'t str>>(
    out: &mut dyn Write,
    rows: impl IntoIterator<Item = R>,
    guard: Guard,
) -> io::Result<()> {
    let mut table = Table::new(out, guard);
    for row in rows {
        table.row(row)?;
    }
    table.end()
}

struct Table<'w> {
    out: csv::Writer<&'w mut dyn Write>,
    guard: Guard,
    figure: Vec<u8>,
}

impl<'w> Table<'w> {
    fn new(out: &'w mut dyn Write, guard: Guard) -> Self {
        Self { out: WriterBuilder::new().flexible(true).from_writer(out), guard, figure: Vec::new() }
    }

    fn row<'t>(&mut self, cells: impl IntoIterator<Item = &'t str>) -> io::Result<()> {
        for cell in cells {
            self.text(cell)?;
        }
        self.end_row()
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_field(self.guard.apply(text).as_bytes()).map_err(io_error)
    }

    fn cell(&mut self, cell: &Cell) -> io::Result<()> {
        self.figure.clear();
        match cell {
            Cell::Text(text) | Cell::Toned(text, _) => return self.text(&clean(text)),
            Cell::Ordered(cell, _) => return self.cell(cell),
            Cell::Empty | Cell::Bar(..) | Cell::Trend(_) | Cell::Sparkline(_) | Cell::Profile(_) => {}
            Cell::Score(number) | Cell::Number(number) | Cell::Money(number) | Cell::Share(number) => {
                if number.is_finite() {
                    write!(self.figure, "{number}")?;
                }
            }
            Cell::Points(points) => write!(self.figure, "{points}")?,
            Cell::Count(count) => write!(self.figure, "{count}")?,
            Cell::Date(date) => write!(self.figure, "{date}")?,
        }
        self.out.write_field(&self.figure).map_err(io_error)
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.out.write_record(None::<&[u8]>).map_err(io_error)
    }

    fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The error of the output itself, whose kind says whether a reader has left.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: [Vec<&str>; 2]) -> String {
        let mut out = Vec::new();
        write_rows(&mut out, rows, Guard::On).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        for (cell, written) in [
            ("usage.login_frequency", "usage.login_frequency"),
            ("a, b", "\"a, b\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("=1,1", "\"'=1,1\""),
            ("Größe", "Größe"),
        ] {
            assert_eq!(rows([vec!["x", cell], vec!["y"]]), format!("x,{written}\ny\n"), "{cell}");
        }
    }

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("+1 555", "'+1 555"),
            ("-x", "'-x"),
            ("\tx", "'\tx"),
            ("  =x", "'  =x"),
            ("-1.5", "-1.5"),
            ("+7", "+7"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(Guard::On.apply(text), guarded);
            assert_eq!(Guard::Off.apply(text), text);
        }
    }
}
