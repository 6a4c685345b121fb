//! What is wrong with the content of an input, or looks wrong.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::text;

/// How many errors are kept in full; the rest are counted.
pub const MAX_ERRORS: usize = 50;
/// How many warnings are kept in full; the rest are counted.
pub const MAX_WARNINGS: usize = 1000;

/// How many problems of each severity are kept in full where all are asked for: no reader goes through more.
pub const MAX_LISTED: usize = 100_000;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The record, or the file where the problem is of no record, is not used.
    Error,
    /// The value is used, or treated as absent, but somebody should look.
    Warning,
    /// Nothing is wrong, but something was passed over, and that is said.
    Note,
}

impl Severity {
    /// The name in messages and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing that is wrong, and where.
///
/// Shown in one line, without the severity: `portfolio.json:12:34: record 3 (C-0003): arr: found "12k", expected a
/// number of at least 0`; in a table the column's header stands behind the field, and in a workbook the cell in place of
/// line and column: `crm.xlsx:Accounts!D4: record 3 (C-0003): arr ("Annual revenue"): found …`. Text of the data is escaped
/// and shortened in every field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The name of the input.
    pub input: Arc<str>,
    /// The sheet, where the input is a workbook.
    pub sheet: Option<Arc<str>>,
    /// The line, or the row of a sheet, from 1; 0 where the problem has no place.
    pub line: u64,
    /// The column from 1: in bytes in a text, the position of the cell in a table; 0 where the problem is the whole line's.
    pub column: u64,
    /// The header of the table's column.
    pub header: Option<String>,
    /// The position of the record in the input, from 1; `None` where the problem is the file's.
    pub record: Option<u64>,
    /// The customer's id, where it is known.
    pub customer: Option<String>,
    /// The dotted path of the field, such as `usage.login_frequency`; empty where the problem is the whole record's.
    pub field: String,
    /// What was found.
    pub found: String,
    /// What is allowed, as a clause such as `expected a number`.
    pub allowed: String,
    /// The text around the place, for what is no JSON at all.
    pub excerpt: Option<Excerpt>,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.place())?;
        match (self.record, &self.customer) {
            (Some(record), Some(customer)) => write!(out, "record {record} ({customer}): ")?,
            (Some(record), None) => write!(out, "record {record}: ")?,
            (None, _) => {}
        }
        match (self.field.as_str(), &self.header) {
            ("", None) => {}
            ("", Some(header)) => write!(out, "\"{header}\": ")?,
            (field, Some(header)) if header != field => write!(out, "{field} (\"{header}\"): ")?,
            (field, _) => write!(out, "{field}: ")?,
        }
        if self.found.is_empty() {
            return out.write_str(&self.allowed);
        }
        write!(out, "found {}, {}", self.found, self.allowed)
    }
}

impl Problem {
    /// A problem of an input as a whole.
    pub fn of_input(severity: Severity, input: Arc<str>, allowed: String) -> Self {
        Self {
            severity,
            input,
            sheet: None,
            line: 0,
            column: 0,
            header: None,
            record: None,
            customer: None,
            field: String::new(),
            found: String::new(),
            allowed,
            excerpt: None,
        }
    }

    /// Where it is: the input, and in it the line and column, or the sheet and cell.
    pub fn place(&self) -> String {
        match (self.cell(), self.line, self.column) {
            (Some(cell), ..) => format!("{}:{cell}", self.input),
            (None, 0, _) => self.input.to_string(),
            (None, line, 0) => format!("{}:{line}", self.input),
            (None, line, column) => format!("{}:{line}:{column}", self.input),
        }
    }

    /// The sheet and the cell in it, such as `Accounts!D17`, or only the sheet; `None` where the input is no workbook.
    pub fn cell(&self) -> Option<String> {
        let sheet = self.sheet.as_deref()?;
        Some(match (self.line, self.column) {
            (0, _) => sheet.to_owned(),
            (row, 0) => format!("{sheet}!{row}"),
            (row, column) => format!("{sheet}!{}{row}", column_letters(column)),
        })
    }
}

/// Problems of one kind about one field together: the first of each kind, and how many there are of it.
pub fn by_kind<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> Vec<(&'p Problem, usize)> {
    let mut kinds: Vec<(&Problem, usize)> = Vec::new();
    let mut positions: HashMap<(&str, &str), usize> = HashMap::new();
    for problem in problems {
        let position = *positions.entry((&problem.field, &problem.allowed)).or_insert(kinds.len());
        match kinds.get_mut(position) {
            Some((_, count)) => *count += 1,
            None => kinds.push((problem, 1)),
        }
    }
    kinds
}

/// The letters of a spreadsheet's column, counted from 1.
pub(super) fn column_letters(column: u64) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A piece of a line with a mark; shown as the text and, in the line below, a caret under the mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The piece of the line, escaped, at most about 80 columns.
    pub text: String,
    /// How many characters of `text` stand before the mark.
    pub before: usize,
}

/// The most characters shown before and from the mark on.
const BEFORE: usize = 48;
const AFTER: usize = 32;

impl Excerpt {
    /// The text around a mark: what stands in its line before it, and from it on. `cut` says that the line began earlier.
    pub(super) fn new(before: &[u8], cut: bool, after: &[u8]) -> Self {
        let before = String::from_utf8_lossy(before);
        let skipped = before.chars().count().saturating_sub(BEFORE);
        let mut text = String::new();
        if cut || skipped > 0 {
            text.push('…');
        }
        for character in before.chars().skip(skipped) {
            text::push_visible(character, &mut text);
        }
        let mark = text.chars().count();
        let mut rest = String::from_utf8_lossy(after).into_owned();
        if let Some(end) = rest.find(['\n', '\r']) {
            rest.truncate(end);
        }
        for character in rest.chars().take(AFTER) {
            text::push_visible(character, &mut text);
        }
        if rest.chars().nth(AFTER).is_some() {
            text.push('…');
        }
        Self { text, before: mark }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n{:indent$}^", self.text, "", indent = self.before)
    }
}

/// How many problems are kept in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
    /// The first [`MAX_ERRORS`] and [`MAX_WARNINGS`], so that memory stays bounded.
    #[default]
    First,
    /// All of them, up to [`MAX_LISTED`].
    All,
}

/// The problems of one or several inputs, each input's in its order. All are counted; how many are kept in full is [`Keep`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    keep: Keep,
    errors: Kept,
    warnings: Kept,
    notes: Kept,
    unusable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Kept {
    list: Vec<Problem>,
    count: u64,
}

impl Problems {
    /// No problems yet.
    pub fn new(keep: Keep) -> Self {
        Self { keep, ..Self::default() }
    }

    /// The first errors.
    pub fn errors(&self) -> &[Problem] {
        &self.errors.list
    }

    /// The first warnings.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings.list
    }

    /// The first notes.
    pub fn notes(&self) -> &[Problem] {
        &self.notes.list
    }

    /// How many errors there are in all.
    pub fn error_count(&self) -> u64 {
        self.errors.count
    }

    /// How many warnings there are in all.
    pub fn warning_count(&self) -> u64 {
        self.warnings.count
    }

    /// How many notes there are in all.
    pub fn note_count(&self) -> u64 {
        self.notes.count
    }

    /// Whether the input as a whole cannot be used, so that leaving out records does not help: it is no JSON, ends too
    /// early, has no list of customers or no column of ids, or an error is of no single record.
    pub fn unusable(&self) -> bool {
        self.unusable
    }

    /// Whether the next problem of this severity will be kept in full.
    pub(super) fn keeps(&self, severity: Severity) -> bool {
        let most = match (self.keep, severity) {
            (Keep::All, _) => MAX_LISTED,
            (Keep::First, Severity::Error) => MAX_ERRORS,
            (Keep::First, Severity::Warning | Severity::Note) => MAX_WARNINGS,
        };
        self.kept(severity).list.len() < most
    }

    /// Counts a problem, and keeps it where there is room; `None` where it was known that there is none.
    pub(super) fn add(&mut self, severity: Severity, problem: Option<Problem>) {
        let keeps = self.keeps(severity);
        let kept = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Note => &mut self.notes,
        };
        kept.count += 1;
        if keeps {
            kept.list.extend(problem);
        }
    }

    /// The same of records that stand behind so many others.
    pub(super) fn behind(mut self, records: u64) -> Self {
        for kept in [&mut self.errors, &mut self.warnings, &mut self.notes] {
            for record in kept.list.iter_mut().filter_map(|problem| problem.record.as_mut()) {
                *record += records;
            }
        }
        self
    }

    /// Puts the problems of another input behind these.
    pub fn append(&mut self, other: Self) {
        let Self { keep: _, errors, warnings, notes, unusable } = other;
        self.unusable |= unusable;
        for (severity, kept) in [(Severity::Error, errors), (Severity::Warning, warnings), (Severity::Note, notes)] {
            let uncounted = kept.count - kept.list.len() as u64;
            for problem in kept.list {
                self.add(severity, Some(problem));
            }
            match severity {
                Severity::Error => self.errors.count += uncounted,
                Severity::Warning => self.warnings.count += uncounted,
                Severity::Note => self.notes.count += uncounted,
            }
        }
    }

    /// Adds what makes an input unusable as a whole.
    pub fn refuse(&mut self, problem: Problem) {
        self.add(problem.severity, Some(problem));
        self.give_up();
    }

    /// Says that the input as a whole cannot be used.
    pub(super) fn give_up(&mut self) {
        self.unusable = true;
    }

    fn kept(&self, severity: Severity) -> &Kept {
        match severity {
            Severity::Error => &self.errors,
            Severity::Warning => &self.warnings,
            Severity::Note => &self.notes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_of_one_field_and_rule_are_of_one_kind() {
        let problem = |field: &str, found: &str, allowed: &str| Problem {
            field: field.to_owned(),
            found: found.to_owned(),
            ..Problem::of_input(Severity::Warning, "a.csv".into(), allowed.to_owned())
        };
        let problems = [
            problem("arr", "-1", "expected a number"),
            problem("seats", "-1", "expected a number"),
            problem("arr", "x", "expected a number"),
            problem("arr", "", "is absent"),
        ];
        let kinds: Vec<(&Problem, usize)> = by_kind(&problems);
        assert_eq!(kinds, [(&problems[0], 2), (&problems[1], 1), (&problems[3], 1)]);
        assert_eq!(by_kind(&[]), []);
    }

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        for (column, letters) in
            [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }
}
