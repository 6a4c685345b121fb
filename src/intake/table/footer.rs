//! Rows without data at the end of a table.

use super::aggregate::{Groups, KeptRow};
use super::column::as_text;
use super::rows::{Cell, Rows};
use super::{Stop, Table};
use crate::intake::problem::{Problem, Severity};
use crate::intake::{Key, text};

/// Words that a row of sums begins with.
const TOTALS: [&str; 14] = [
    "total",
    "totals",
    "subtotal",
    "subtotals",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "average",
    "avg",
    "durchschnitt",
    "count",
    "anzahl",
    "records",
];

/// A row that may be a footer.
pub(super) struct Footer {
    line: u64,
    row: u64,
    cells: Vec<String>,
    /// What stands where the others say whose they are.
    key: String,
}

impl<'m, R: Rows> Table<'_, 'm, '_, '_, '_, R> {
    /// Whether the row at hand holds no data of a customer: a line of text alone, or a row of sums.
    pub(super) fn looks_like_footer(&self) -> bool {
        let mut filled = (0..self.rows.width()).filter(|column| self.rows.cell(*column) != Cell::Empty);
        let Some(first) = filled.next() else { return true };
        let key = self.plan.key();
        let is_key = key == Some(first);
        let has_key = is_key || key.is_some_and(|column| self.rows.cell(column) != Cell::Empty);
        let shown = as_text(self.rows.cell(first));
        let mut others = filled.peekable();
        if others.peek().is_none() {
            let is_short = self.rows.is_ragged() && self.rows.width() < self.headers.len();
            // An id is a word, the name of a customer may well be a sentence.
            let is_sentence = || *self.desk.options.key == Key::Id && shown.split_whitespace().count() >= 3;
            return !is_key || is_short || is_total(&shown) || (self.headers.len() > 1 && is_sentence());
        }
        (is_key || !has_key) && is_total(&shown) && others.all(|column| is_figure(&self.rows.cell(column)))
    }

    pub(super) fn put_aside(&mut self) {
        let cells = (0..self.rows.width()).map(|column| as_text(self.rows.cell(column)).into_owned()).collect();
        let key = self.written_key();
        self.footers.push(Footer { line: self.rows.line(), row: self.row, cells, key });
    }

    /// Rows that looked like the end of the table are records without an id after all.
    pub(super) fn refuse_footers(&mut self, mut groups: Option<&mut Groups<'m>>) -> Result<(), Stop> {
        for Footer { line, row, cells, key } in std::mem::take(&mut self.footers) {
            self.desk.draft.clear();
            let first = cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
            let problem = Problem {
                record: Some(row),
                found: format!("a row with only {}", text::quoted(first)),
                allowed: "expected the data of a customer".to_owned(),
                ..self.problem_at(Severity::Error, line, None)
            };
            self.desk.problems.add(Severity::Error, Some(problem));
            self.leave_out(&key, line, KeptRow { row, cells }, groups.as_deref_mut())?;
        }
        Ok(())
    }

    /// Tells which rows at the end are passed over.
    pub(super) fn tell_footers(&mut self) {
        if let (Some(first), Some(last)) = (self.footers.first(), self.footers.last()) {
            let shown = first.cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
            let allowed = match self.footers.len() {
                1 => format!("the last row holds no data and is passed over: {}", text::quoted(shown)),
                count => format!(
                    "the last {count} rows (to {}) hold no data and are passed over: {}, …",
                    last.line,
                    text::quoted(shown)
                ),
            };
            let problem = Problem { allowed, ..self.problem_at(Severity::Note, first.line, None) };
            self.desk.problems.add(Severity::Note, Some(problem));
        }
    }
}

/// Whether a text is the beginning of a row of sums: `Total`, `Grand Totals (3 records)`, `Count: 2`.
fn is_total(shown: &str) -> bool {
    if !shown.starts_with(char::is_alphabetic) {
        return false;
    }
    let is = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let mut words = shown.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let first = if is(first, &["grand"]) { words.next().unwrap_or_default() } else { first };
    let counted = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_digit()) || is(word, &["records", "record", "rows", "row", "accounts"])
    };
    is(first, &TOTALS) && words.all(counted)
}

/// Whether a cell holds a figure rather than a word.
fn is_figure(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Text(text) => text.starts_with(|first: char| first.is_ascii_digit() || "$€£-+(".contains(first)),
        Cell::Garbled | Cell::Flag(_) | Cell::Date(_) => false,
        _ => true,
    }
}
