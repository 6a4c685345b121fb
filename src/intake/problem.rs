//! What is wrong with the content of an input, or looks wrong.

use std::fmt;
use std::sync::Arc;

use super::text;

/// How many errors are kept in full; the rest are counted.
pub const MAX_ERRORS: usize = 50;
/// How many warnings are kept in full; the rest are counted.
pub const MAX_WARNINGS: usize = 1000;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The record, or the file where the problem is of no record, is not used.
    Error,
    /// The value is used, or treated as absent, but somebody should look.
    Warning,
}

/// One thing that is wrong, and where.
///
/// Shown in one line, without the severity: `portfolio.json:12:34: record 3 (C-0003): arr: found "12k", expected a
/// number of at least 0`. Text of the data is escaped and shortened in every field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The name of the input.
    pub input: Arc<str>,
    /// The line, from 1.
    pub line: u64,
    /// The column in bytes, from 1.
    pub column: u64,
    /// The position of the record in the list of customers, from 1; `None` where the problem is the file's.
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
        write!(out, "{}:{}:{}: ", self.input, self.line, self.column)?;
        match (self.record, &self.customer) {
            (Some(record), Some(customer)) => write!(out, "record {record} ({customer}): ")?,
            (Some(record), None) => write!(out, "record {record}: ")?,
            (None, _) => {}
        }
        if !self.field.is_empty() {
            write!(out, "{}: ", self.field)?;
        }
        write!(out, "found {}, {}", self.found, self.allowed)
    }
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

/// The problems of one input, in its order. Memory stays bounded: [`MAX_ERRORS`] and [`MAX_WARNINGS`] are kept, all are counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
    error_count: u64,
    warning_count: u64,
    unusable: bool,
}

impl Problems {
    /// The first errors.
    pub fn errors(&self) -> &[Problem] {
        &self.errors
    }

    /// The first warnings.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// How many errors there are in all.
    pub fn error_count(&self) -> u64 {
        self.error_count
    }

    /// How many warnings there are in all.
    pub fn warning_count(&self) -> u64 {
        self.warning_count
    }

    /// Whether the input as a whole cannot be used, so that leaving out records does not help: it is no JSON, ends too
    /// early, has no list of customers, or an error is of no single record.
    pub fn unusable(&self) -> bool {
        self.unusable
    }

    /// Whether the next problem of this severity will be kept in full.
    pub(super) fn keeps(&self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.errors.len() < MAX_ERRORS,
            Severity::Warning => self.warnings.len() < MAX_WARNINGS,
        }
    }

    /// Counts a problem, and keeps it where there is room; `None` where it was known that there is none.
    pub(super) fn add(&mut self, severity: Severity, problem: Option<Problem>) {
        let keeps = self.keeps(severity);
        let (list, count) = match severity {
            Severity::Error => (&mut self.errors, &mut self.error_count),
            Severity::Warning => (&mut self.warnings, &mut self.warning_count),
        };
        *count += 1;
        if keeps {
            list.extend(problem);
        }
    }

    /// Says that the input as a whole cannot be used.
    pub(super) fn give_up(&mut self) {
        self.unusable = true;
    }
}
