//! Tables with a row per event, whose columns are found by their names.

use std::sync::Arc;

use chrono::NaiveDate;

use super::EventOptions;
use super::words::plain_word;
use crate::config::mapping::DateFormat;
use crate::intake::bytes::{self, Content, TextKind};
use crate::intake::date;
use crate::intake::fault::DATE;
use crate::intake::table::{Broken, Cell, CsvRows, Rows, with_rows};
use crate::intake::text::{self, quoted};
use crate::intake::{Format, Problem, Problems, ReadError, Severity, Source, encoding_of, shown_name};

/// A column of such a table.
pub(super) struct Column {
    /// What it is called in messages.
    pub(super) name: &'static str,
    /// The names by which it is known, in lower case, with single blanks for all else than letters and digits.
    pub(super) headers: &'static [&'static str],
    pub(super) required: bool,
}

/// Reads a table row by row. Of the columns at the places `any` there must be one.
pub(super) fn read(
    source: Source<'_>,
    options: EventOptions<'_>,
    columns: &[Column],
    any: &[usize],
    mut each: impl FnMut(&mut RowAt<'_>) -> Option<()>,
) -> Result<Problems, ReadError> {
    let Source { name, bytes, format, encoding, sheet, .. } = source;
    let shown = shown_name(name);
    let mut problems = Problems::default();
    let content = encoding_of(encoding).and_then(|code| bytes::open(bytes, name, format, code, options.max_unpacked));
    let read = content.and_then(|content| match content {
        Content::Text { kind: TextKind::Json, .. } => Err(Broken::Content {
            line: 0,
            found: "JSON".to_owned(),
            allowed: "expected a table: CSV or a workbook".to_owned(),
        }),
        Content::Text { bytes, kind: TextKind::Table } => {
            let delimiter = (format == Some(Format::Tsv)).then_some(b'\t');
            rows(&mut CsvRows::new(bytes, delimiter)?, &shown, (columns, any, options.dates), &mut problems, &mut each)
        }
        Content::Workbook(bytes) => with_rows(&bytes, sheet, options.max_unpacked, |table| {
            rows(table, &shown, (columns, any, options.dates), &mut problems, &mut each)
        })?,
    });
    match read {
        Ok(()) => {}
        Err(Broken::Input(source)) => return Err(ReadError::Input { name: shown.to_string(), source }),
        Err(Broken::Content { line, found, allowed }) => {
            problems.refuse(Problem { line, found, ..Problem::of_input(Severity::Error, shown, allowed) });
        }
    }
    Ok(problems)
}

pub(super) fn rows(
    table: &mut impl Rows,
    input: &Arc<str>,
    (columns, any, dates): (&[Column], &[usize], Option<&DateFormat>),
    problems: &mut Problems,
    each: &mut impl FnMut(&mut RowAt<'_>) -> Option<()>,
) -> Result<(), Broken> {
    if !table.advance()? {
        return Err(Broken::Content {
            line: 0,
            found: "nothing".to_owned(),
            allowed: "expected a row with the names of the columns".to_owned(),
        });
    }
    let titles: Vec<String> = (0..table.width()).map(|column| shown(table.cell(column))).collect();
    let places = places(&titles, columns);
    let is_there = |place: &usize| places[*place].is_some();
    let lacks_all = !any.is_empty() && !any.iter().any(is_there);
    let is_missing =
        |place: &usize| !is_there(place) && (columns[*place].required || lacks_all && any.first() == Some(place));
    let missing: Vec<&str> = (0..columns.len()).filter(is_missing).map(|place| columns[place].name).collect();
    if !missing.is_empty() {
        let found: Vec<String> = titles.iter().map(|title| text::plain(title)).collect();
        let any_name: Vec<&str> = any.iter().map(|place| columns[*place].name).collect();
        let needed = (0..columns.len()).filter(|place| !any.iter().skip(1).any(|other| other == place));
        let needed: Vec<String> = needed
            .map(|place| if any.contains(&place) { any_name.join(" or ") } else { columns[place].name.to_owned() })
            .collect();
        return Err(Broken::Content {
            line: table.line(),
            found: format!("the columns {}", found.join(", ")),
            allowed: format!("which lack {}: expected {}", missing.join(" and "), needed.join(", ")),
        });
    }
    let mut record = 0;
    while table.advance()? {
        record += 1;
        let cells = places.iter().map(|place| place.map(|place| Held::of(table.cell(place)))).collect();
        let mut row = RowAt {
            cells,
            columns,
            places: &places,
            titles: &titles,
            record,
            line: table.line(),
            input,
            sheet: table.sheet().cloned(),
            customer: None,
            dates,
            problems,
        };
        each(&mut row);
    }
    Ok(())
}

/// Where each column stands: under the first of its names that the table has.
pub(super) fn places(titles: &[String], columns: &[Column]) -> Vec<Option<usize>> {
    let titles: Vec<String> = titles.iter().map(|title| plain_word(title)).collect();
    let mut taken = Vec::new();
    let mut place = |column: &Column| {
        let named = |header: &&&str| plain_word(header);
        let found = column.headers.iter().find_map(|header| {
            titles.iter().position(|title| *title == named(&header)).filter(|place| !taken.contains(place))
        });
        taken.extend(found);
        found
    };
    columns.iter().map(&mut place).collect()
}

/// What stands in a cell, as text.
pub(super) fn shown(cell: Cell<'_>) -> String {
    match Held::of(cell) {
        Held::Text(text) => text,
        Held::Date(date) => date.to_string(),
        Held::Empty => String::new(),
    }
}

/// What a cell held.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Held {
    Empty,
    Text(String),
    Date(NaiveDate),
}

impl Held {
    fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Empty => Self::Empty,
            Cell::Text(text) | Cell::Error(text) => Self::Text(text.to_owned()),
            Cell::Number(number) | Cell::Percent(number) | Cell::Money(number, _) => Self::Text(number.to_string()),
            Cell::Flag(flag) => Self::Text(flag.to_string()),
            Cell::Date(date) => Self::Date(date),
            Cell::Garbled => Self::Text("\u{fffd}".to_owned()),
        }
    }
}

/// A row that is looked at.
pub(super) struct RowAt<'r> {
    cells: Vec<Option<Held>>,
    columns: &'r [Column],
    places: &'r [Option<usize>],
    titles: &'r [String],
    pub(super) record: u64,
    line: u64,
    input: &'r Arc<str>,
    sheet: Option<Arc<str>>,
    customer: Option<String>,
    dates: Option<&'r DateFormat>,
    problems: &'r mut Problems,
}

impl RowAt<'_> {
    /// The customer's id, which comes first.
    pub(super) fn id(&mut self) -> Option<String> {
        match self.text(0) {
            Some(id) => {
                self.customer = Some(id.clone());
                Some(id)
            }
            None => {
                self.refuse(0, String::new(), "it is empty, expected the customer's id".to_owned());
                None
            }
        }
    }

    /// Whether the table has a column.
    pub(super) fn has(&self, column: usize) -> bool {
        self.places[column].is_some()
    }

    /// What a column is called in the table.
    pub(super) fn title(&self, column: usize) -> String {
        let title = self.places[column].and_then(|place| self.titles.get(place));
        title.map_or_else(|| self.columns[column].name.to_owned(), |title| text::plain(title))
    }

    pub(super) fn text(&self, column: usize) -> Option<String> {
        match self.cells.get(column)?.as_ref()? {
            Held::Empty => None,
            Held::Text(text) => Some(text.clone()),
            Held::Date(date) => Some(date.to_string()),
        }
    }

    pub(super) fn date(&mut self, column: usize) -> Option<NaiveDate> {
        let read = |text: &str| match self.dates {
            Some(format) => format.parse(text),
            None => date::date(text),
        };
        let found = match self.cells.get(column).and_then(Option::as_ref) {
            Some(Held::Date(date)) => return Some(*date),
            Some(Held::Text(text)) => match read(text) {
                Some(date) => return Some(date),
                None => quoted(text),
            },
            Some(Held::Empty) | None => "nothing".to_owned(),
        };
        let allowed = match self.dates {
            Some(format) => format!("expected a date written as {}", text::plain(format.text())),
            None => format!("expected {DATE}; dates that are written in another way must be declared (--date-format)"),
        };
        self.refuse(column, found, allowed);
        None
    }

    pub(super) fn word<T>(
        &mut self,
        column: usize,
        meaning: impl Fn(&str) -> Option<T>,
        allowed: impl Fn() -> String,
    ) -> Option<T> {
        let text = self.text(column);
        let found = text.as_deref().and_then(meaning);
        if found.is_none() {
            self.refuse(column, text.map_or_else(|| "nothing".to_owned(), |text| quoted(&text)), allowed());
        }
        found
    }

    pub(super) fn refuse(&mut self, column: usize, found: String, allowed: String) {
        let place = self.places[column];
        self.problems.refuse(Problem {
            sheet: self.sheet.clone(),
            line: self.line,
            column: place.map_or(0, |place| place as u64 + 1),
            header: place.and_then(|place| self.titles.get(place)).map(|title| text::plain(title)),
            record: Some(self.record),
            customer: self.customer.as_deref().map(text::plain),
            field: self.columns[column].name.to_owned(),
            found,
            ..Problem::of_input(Severity::Error, self.input.clone(), allowed)
        });
    }
}
