//! The row at hand.

use std::ops::Range;

use chrono::NaiveDate;
use quick_xml::events::BytesStart;

use super::super::rows::Cell;
use super::number::{self, Form};
use super::package::attribute;
use super::workbook::{Texts, Workbook, unescaped};
use crate::intake::problem::column_letters;
use crate::intake::text;

/// The most text of a row that is held, in bytes.
pub(super) const MAX_ROW: usize = 16 << 20;
/// How many rows and columns a sheet has.
const ROWS: u64 = 1 << 20;
const COLUMNS: usize = 1 << 14;

/// The cells of a row, by column.
#[derive(Debug, Default)]
pub(super) struct Row {
    line: u64,
    /// The line of the row before.
    before: u64,
    /// Whether the row says its number.
    numbered: bool,
    open: bool,
    cells: Vec<Stored>,
    /// The columns that are not empty, so that a row with one cell far to the right costs no more than others.
    filled: Vec<usize>,
    width: usize,
    /// Where a cell stands that does not say so.
    next: usize,
    /// Text that only this row has.
    words: String,
}

#[derive(Debug, Clone, Default)]
enum Stored {
    #[default]
    Empty,
    Shared(usize),
    Text(Range<usize>),
    Number(f64),
    Percent(f64),
    Money(f64, &'static str),
    Flag(bool),
    Date(NaiveDate),
    Error(Range<usize>),
}

/// How a cell has its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// In the way that the cell says.
    Stored,
    /// As text of its own.
    Inline,
    /// Not at all: it is that of a formula, which nobody has computed.
    Unknown,
}

/// How a cell says that its value is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Text,
    Flag,
    Error,
    Date,
}

/// Where a cell stands and how its value is to be taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    column: usize,
    kind: Kind,
    style: usize,
}

impl Row {
    pub fn line(&self) -> u64 {
        self.line
    }

    pub fn width(&self) -> usize {
        self.width
    }

    /// Empties the row.
    pub fn clear(&mut self) {
        for column in self.filled.drain(..) {
            self.cells[column] = Stored::Empty;
        }
        self.width = 0;
        self.words.clear();
    }

    /// Begins a row.
    pub fn begin(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        if self.open {
            return Err("a row stands within a row".to_owned());
        }
        let number = attribute(tag, "r")?;
        self.open = true;
        self.next = 0;
        self.numbered = number.is_some();
        let line = match number {
            None => self.line + 1,
            Some(number) => number
                .trim()
                .parse()
                .ok()
                .filter(|line| *line > 0)
                .ok_or_else(|| format!("{} is the number of a row", text::quoted(&number)))?,
        };
        self.before = self.line;
        self.move_to(line)
    }

    fn move_to(&mut self, line: u64) -> Result<(), String> {
        if line <= self.before {
            return Err(format!("row {line} stands after row {}", self.before));
        }
        if line > ROWS {
            return Err(format!("row {line} is beyond the last row of a sheet, {ROWS}"));
        }
        self.line = line;
        Ok(())
    }

    /// Ends the row; whether it has a cell that is not empty.
    pub fn end(&mut self) -> bool {
        self.open = false;
        self.width > 0
    }

    /// Where a cell of the row belongs.
    pub fn target(&mut self, tag: &BytesStart<'_>) -> Result<Target, String> {
        if !self.open {
            return Err("a cell stands outside of any row".to_owned());
        }
        let mut target = Target { column: self.next, kind: Kind::Number, style: 0 };
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| text::plain(&error.to_string()))?;
            match attribute.key.as_ref() {
                "r" => {
                    let wrong = || format!("{} is the place of a cell", text::quoted(&attribute.value));
                    let (column, line) = reference(&attribute.value).ok_or_else(wrong)?;
                    if line != self.line {
                        if self.numbered {
                            return Err(format!("cell {} stands in row {}", attribute.value, self.line));
                        }
                        self.move_to(line)?;
                    }
                    target.column = column;
                }
                "s" => target.style = attribute.value.parse().unwrap_or(0),
                "t" => {
                    target.kind = match &*attribute.value {
                        "s" => Kind::Shared,
                        "str" | "inlineStr" => Kind::Text,
                        "b" => Kind::Flag,
                        "e" => Kind::Error,
                        "d" => Kind::Date,
                        _ => Kind::Number,
                    }
                }
                _ => {}
            }
        }
        self.numbered = true;
        if target.column >= COLUMNS {
            return Err("a cell is beyond the last column of a sheet, XFD".to_owned());
        }
        self.next = target.column + 1;
        Ok(target)
    }

    /// Puts a cell's value, as it stands in the file, in its place.
    pub fn put(&mut self, target: Target, value: Value, raw: &mut String, workbook: &Workbook) -> Result<(), String> {
        let Target { column, kind, style } = target;
        let stored = match (value, kind) {
            // A formula may well give an empty text.
            (Value::Unknown, Kind::Text) => Stored::Empty,
            (Value::Unknown, _) => self.error("a formula without a stored result")?,
            (Value::Inline, _) | (Value::Stored, Kind::Text) => self.text(unescaped(raw).trim())?,
            (Value::Stored, Kind::Shared) => match raw.trim() {
                "" => Stored::Empty,
                position => {
                    let position: Option<usize> = position.parse().ok();
                    match position.and_then(|position| Some((position, workbook.shared.get(position)?))) {
                        Some((_, "")) => Stored::Empty,
                        Some((position, _)) => Stored::Shared(position),
                        None => {
                            let cell = format!("{}{}", column_letters(column as u64 + 1), self.line);
                            return Err(format!("the text of cell {cell} is missing"));
                        }
                    }
                }
            },
            (Value::Stored, Kind::Number) => {
                let form = workbook.forms.get(style).copied().unwrap_or_default();
                match raw.trim().parse::<f64>() {
                    Ok(number) if number.is_finite() => match form {
                        Form::Plain => Stored::Number(number),
                        Form::Percent => Stored::Percent(number),
                        Form::Money(currency) => Stored::Money(number, currency),
                        // An id such as 00042 must not lose its zeros.
                        Form::Padded(digits) => match number::padded(number, digits) {
                            Some(text) => self.text(&text)?,
                            None => Stored::Number(number),
                        },
                        Form::Date => number::date(number, workbook.epoch).map_or(Stored::Number(number), Stored::Date),
                    },
                    _ => self.text(raw.trim())?,
                }
            }
            (Value::Stored, Kind::Flag) => match raw.trim() {
                "1" | "true" => Stored::Flag(true),
                "0" | "false" => Stored::Flag(false),
                other => self.text(other)?,
            },
            (Value::Stored, Kind::Error) => self.error(raw.trim())?,
            (Value::Stored, Kind::Date) => {
                let day = raw.trim().get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
                match day {
                    Some(day) => Stored::Date(day),
                    None => self.text(raw.trim())?,
                }
            }
        };
        self.fill(column, stored)
    }

    fn error(&mut self, text: &str) -> Result<Stored, String> {
        Ok(match self.text(text)? {
            Stored::Text(range) => Stored::Error(range),
            other => other,
        })
    }

    fn text(&mut self, text: &str) -> Result<Stored, String> {
        if text.is_empty() {
            return Ok(Stored::Empty);
        }
        if self.words.len() + text.len() > MAX_ROW {
            return Err("a row has too much text".to_owned());
        }
        let start = self.words.len();
        self.words.push_str(text);
        Ok(Stored::Text(start..self.words.len()))
    }

    fn fill(&mut self, column: usize, stored: Stored) -> Result<(), String> {
        if matches!(stored, Stored::Empty) {
            return Ok(());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Stored::Empty);
        }
        if !matches!(self.cells[column], Stored::Empty) {
            return Err(format!("cell {}{} stands there twice", column_letters(column as u64 + 1), self.line));
        }
        self.cells[column] = stored;
        self.filled.push(column);
        self.width = self.width.max(column + 1);
        Ok(())
    }

    /// The cell in a column, from 0.
    pub fn cell<'c>(&'c self, column: usize, shared: &'c Texts) -> Cell<'c> {
        match self.cells.get(column) {
            None | Some(Stored::Empty) => Cell::Empty,
            Some(Stored::Shared(position)) => shared.get(*position).map_or(Cell::Empty, Cell::Text),
            Some(Stored::Text(range)) => Cell::Text(&self.words[range.clone()]),
            Some(Stored::Number(number)) => Cell::Number(*number),
            Some(Stored::Percent(number)) => Cell::Percent(*number),
            Some(Stored::Money(number, currency)) => Cell::Money(*number, currency),
            Some(Stored::Flag(flag)) => Cell::Flag(*flag),
            Some(Stored::Date(date)) => Cell::Date(*date),
            Some(Stored::Error(range)) => Cell::Error(&self.words[range.clone()]),
        }
    }
}

/// The column, from 0, and the row, from 1, of a place such as `B7`; `None` where it is none.
pub(super) fn reference(place: &str) -> Option<(usize, u64)> {
    let place = place.as_bytes();
    let letters = place.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (letters, digits) = place.split_at(letters);
    if !(1..=3).contains(&letters.len()) || !(1..=7).contains(&digits.len()) {
        return None;
    }
    let column = letters.iter().fold(0, |column, byte| column * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1);
    let mut row = 0;
    for digit in digits {
        row = row * 10 + u64::from(digit.checked_sub(b'0').filter(|digit| *digit <= 9)?);
    }
    (row > 0).then(|| (column - 1, row))
}
