//! Rows of a sheet as XML.

use std::io::{self, Write};

use chrono::NaiveDate;

use super::style::Style;
use super::text::{cell_text, push_escaped};
use crate::report::document::Cell;
use crate::report::sheet::Kind;

/// Writes rows with cells of known looks.
pub(super) struct RowWriter {
    /// The number of each look in the workbook, in the order of [`Style::ALL`].
    looks: [String; Style::ALL.len()],
    kinds: Vec<Kind>,
    letters: Vec<String>,
    buffer: Vec<u8>,
}

impl RowWriter {
    /// A writer of rows with columns of these kinds.
    pub(super) fn new(looks: [String; Style::ALL.len()], kinds: Vec<Kind>) -> Self {
        let letters = (0..kinds.len()).map(letters).collect();
        Self { looks, kinds, letters, buffer: Vec::new() }
    }

    /// Writes a row; `number` counts from 1.
    pub(super) fn row(&mut self, out: &mut impl Write, number: u32, cells: &[Cell]) -> io::Result<()> {
        self.buffer.clear();
        let number = number.to_string();
        for part in ["<row r=\"", &number, "\">"] {
            self.buffer.extend_from_slice(part.as_bytes());
        }
        for (at, cell) in cells.iter().enumerate().take(self.kinds.len()) {
            self.cell(at, &number, cell)?;
        }
        self.buffer.extend_from_slice(b"</row>");
        out.write_all(&self.buffer)
    }

    fn cell(&mut self, at: usize, row: &str, cell: &Cell) -> io::Result<()> {
        let style = Style::of(cell);
        match cell {
            Cell::Empty | Cell::Bar(..) | Cell::Trend(_) | Cell::Sparkline(_) | Cell::Profile(_) => Ok(()),
            Cell::Ordered(cell, _) => self.cell(at, row, cell),
            Cell::Text(text) | Cell::Toned(text, _) => {
                match (self.kinds[at], text.as_str()) {
                    (Kind::Flag, "true") => self.raw(at, row, style, " t=\"b\"", b"<v>1</v>"),
                    (Kind::Flag, "false") => self.raw(at, row, style, " t=\"b\"", b"<v>0</v>"),
                    _ => self.text(at, row, text),
                }
                Ok(())
            }
            Cell::Score(number) | Cell::Number(number) | Cell::Money(number) | Cell::Share(number) => {
                self.number(at, row, style, *number)
            }
            Cell::Points(points) => self.number(at, row, style, points.points()),
            Cell::Count(count) => {
                self.raw(at, row, style, "", format!("<v>{count}</v>").as_bytes());
                Ok(())
            }
            Cell::Date(date) => {
                match serial(*date) {
                    Some(days) => self.raw(at, row, style, "", format!("<v>{days}</v>").as_bytes()),
                    None => self.text(at, row, &date.to_string()),
                }
                Ok(())
            }
        }
    }

    /// A number; what is not finite has no cell.
    fn number(&mut self, at: usize, row: &str, style: Style, number: f64) -> io::Result<()> {
        if number.is_finite() {
            self.open(at, row, style, "");
            self.buffer.extend_from_slice(b"<v>");
            write!(self.buffer, "{number}")?;
            self.buffer.extend_from_slice(b"</v></c>");
        }
        Ok(())
    }

    /// Text is never a formula: it stands in the cell as text.
    fn text(&mut self, at: usize, row: &str, text: &str) {
        let text = cell_text(text);
        self.open(at, row, Style::Text, " t=\"inlineStr\"");
        let is_trimmed = text.trim().len() == text.len();
        self.buffer.extend_from_slice(if is_trimmed { b"<is><t>" } else { b"<is><t xml:space=\"preserve\">" });
        push_escaped(&mut self.buffer, &text);
        self.buffer.extend_from_slice(b"</t></is></c>");
    }

    fn raw(&mut self, at: usize, row: &str, style: Style, kind: &str, content: &[u8]) {
        self.open(at, row, style, kind);
        self.buffer.extend_from_slice(content);
        self.buffer.extend_from_slice(b"</c>");
    }

    fn open(&mut self, at: usize, row: &str, style: Style, kind: &str) {
        let Self { looks, letters, buffer, .. } = self;
        for part in ["<c r=\"", &letters[at], row, "\" s=\"", &looks[style as usize], "\"", kind, ">"] {
            buffer.extend_from_slice(part.as_bytes());
        }
    }
}

/// A day as workbooks count them; `None` where they cannot.
fn serial(date: NaiveDate) -> Option<i64> {
    // Before March 1900 they count a day that there was not.
    let first = NaiveDate::from_ymd_opt(1900, 3, 1)?;
    let last = NaiveDate::from_ymd_opt(9999, 12, 31)?;
    (first..=last).contains(&date).then(|| (date - first).num_days() + 61)
}

/// The letters of a column, counted from 0.
pub(super) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::Tone;

    #[test]
    fn cells_hold_what_they_are_given() {
        let day = |text: &str| text.parse().expect("a date");
        for (kind, cell, xml) in [
            (Kind::Text, Cell::Empty, ""),
            (Kind::Text, Cell::from("=1+1"), "<c r=\"A7\" s=\"10\" t=\"inlineStr\"><is><t>=1+1</t></is></c>"),
            (
                Kind::Text,
                Cell::toned(" a<b", Tone::Bad),
                "<c r=\"A7\" s=\"10\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> a&lt;b</t></is></c>",
            ),
            (Kind::Flag, Cell::from("true"), "<c r=\"A7\" s=\"10\" t=\"b\"><v>1</v></c>"),
            (Kind::Text, Cell::from("true"), "<c r=\"A7\" s=\"10\" t=\"inlineStr\"><is><t>true</t></is></c>"),
            (Kind::Score, Cell::Score(81.5), "<c r=\"A7\" s=\"11\"><v>81.5</v></c>"),
            (Kind::Money, Cell::Money(0.1 + 0.2), "<c r=\"A7\" s=\"14\"><v>0.30000000000000004</v></c>"),
            (Kind::Number, Cell::Number(f64::NAN), ""),
            (Kind::Number, Cell::Number(f64::INFINITY), ""),
            (Kind::Count, Cell::Count(3), "<c r=\"A7\" s=\"13\"><v>3</v></c>"),
            (Kind::Date, Cell::Date(day("2026-01-31")), "<c r=\"A7\" s=\"16\"><v>46053</v></c>"),
            (Kind::Date, Cell::Date(day("1900-03-01")), "<c r=\"A7\" s=\"16\"><v>61</v></c>"),
            (
                Kind::Date,
                Cell::Date(day("1900-02-28")),
                "<c r=\"A7\" s=\"10\" t=\"inlineStr\"><is><t>1900-02-28</t></is></c>",
            ),
        ] {
            let looks = ["10", "11", "12", "13", "14", "15", "16"].map(str::to_owned);
            let mut out = Vec::new();
            RowWriter::new(looks, vec![kind]).row(&mut out, 7, &[cell]).expect("memory");
            assert_eq!(String::from_utf8(out).expect("UTF-8"), format!("<row r=\"7\">{xml}</row>"));
        }
    }

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(column), expected);
        }
    }
}
