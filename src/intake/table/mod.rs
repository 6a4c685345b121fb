//! Tables: a row per customer, or per event of one, with a header for each column.
//!
//! A header is a dotted path, or a name that the mapping knows; what the cells of a column become follows from the field that it
//! feeds. Rows come from a text or a sheet; what is done with them is the same.

mod aggregate;
mod blocks;
mod column;
mod csv;
mod events;
mod footer;
mod header;
mod number;
mod plan;
mod rejects;
mod rows;
mod sample;
mod spelling;
mod split;
mod sum;
mod xlsx;

use std::io::Write;

use aggregate::{Fed, Groups, KeptRow, Place};
use column::{Column, as_text, feed};
use footer::Footer;
use plan::Plan;
use rejects::Rejects;

use super::desk::{Desk, Repeats};
use super::fault::{Fault, Rule};
use super::problem::{Problem, Severity};
use super::{ReadError, text};
use crate::config::mapping::SourceMapping;

pub(super) use blocks::Columns;
pub(super) use csv::CsvRows;
pub(super) use rows::{Broken, Cell, Rows};
pub(super) use sample::sample;
pub(super) use xlsx::with_rows;

/// Rows without data at the end of a table that are passed over; more of them are no footer.
const MOST_FOOTERS: usize = 20;
/// The most faults of one row that are told with their cells.
const LOCATED: usize = 100;

/// Reads the records of a table.
pub(super) fn read<R: Rows>(
    rows: &mut R,
    source: Option<&SourceMapping>,
    delimiter: u8,
    desk: &mut Desk<'_, '_>,
    rejects: Option<&mut dyn Write>,
) -> Result<(), ReadError> {
    desk.repeats = Repeats::Refused;
    let mut table = Table::new(rows, desk, rejects.map(|out| Rejects::new(out, delimiter, source)));
    match table.document(source) {
        Ok(()) | Err(Stop::Unusable | Stop::Over) => {}
        Err(Stop::Read(error)) => return Err(error),
    }
    if let Some(rejects) = table.rejects {
        rejects.end().map_err(|source| ReadError::Rejects { source })?;
    }
    Ok(())
}

/// Why reading ends before the table does.
enum Stop {
    /// The problem that says so is noted.
    Unusable,
    /// No more records are wanted.
    Over,
    Read(ReadError),
}

struct Table<'t, 'm, 'a, 'o, 'w, R> {
    rows: &'t mut R,
    desk: &'t mut Desk<'a, 'o>,
    headers: Vec<String>,
    /// The line in which they stand.
    header_line: u64,
    plan: Plan<'m>,
    /// The columns without a header that stand among the others.
    gaps: Vec<usize>,
    /// Rows without data that may be the end of the table.
    footers: Vec<Footer>,
    /// The column without a header in which the first cell was met, from 1; 0 for none.
    nameless: usize,
    /// The number of the row behind the header, from 1.
    row: u64,
    /// Whether some row said whose it is.
    has_key: bool,
    /// What the rows of the customer at hand came to, where they were put together.
    fed: Vec<Fed>,
    rejects: Option<Rejects<'w>>,
    /// Whether the rows are a block of the table, of which others tell what is told once.
    is_block: bool,
}

impl<'t, 'a, 'o, 'w, R: Rows> Table<'t, '_, 'a, 'o, 'w, R> {
    /// A table of which nothing is known yet.
    fn new(rows: &'t mut R, desk: &'t mut Desk<'a, 'o>, rejects: Option<Rejects<'w>>) -> Self {
        Self {
            rows,
            desk,
            headers: Vec::new(),
            header_line: 0,
            plan: Plan::default(),
            gaps: Vec::new(),
            footers: Vec::new(),
            nameless: 0,
            row: 0,
            has_key: false,
            fed: Vec::new(),
            rejects,
            is_block: false,
        }
    }
}

impl<'m, R: Rows> Table<'_, 'm, '_, '_, '_, R> {
    fn document(&mut self, source: Option<&'m SourceMapping>) -> Result<(), Stop> {
        self.header(source)?;
        let aggregates = source.map_or(&[][..], |source| &source.aggregates);
        let mut groups = Groups::new(aggregates, source, &self.headers, self.desk);
        match &mut groups {
            None => {
                self.blocks()?;
                self.records()?;
            }
            Some(groups) => {
                self.rows(Some(groups))?;
                self.customers(groups)?;
            }
        }
        self.tell_footers();
        self.tell_history(source);
        self.end(groups.as_mut());
        Ok(())
    }

    /// Reads rows that are records of customers.
    fn records(&mut self) -> Result<(), Stop> {
        self.rows(None)
    }

    /// Reads rows, those of one customer together where there are groups.
    fn rows(&mut self, mut groups: Option<&mut Groups<'m>>) -> Result<(), Stop> {
        while !self.desk.is_over() && self.advance()? {
            self.row += 1;
            if self.looks_like_footer() {
                self.put_aside();
                if self.footers.len() > MOST_FOOTERS {
                    self.refuse_footers(groups.as_deref_mut())?;
                }
                continue;
            }
            if !self.footers.is_empty() {
                self.refuse_footers(groups.as_deref_mut())?;
            }
            if let Some(problem) = self.ragged() {
                self.refuse_row(problem, groups.as_deref_mut())?;
                continue;
            }
            match &mut groups {
                None => self.record()?,
                Some(groups) => self.event(groups)?,
            }
        }
        if self.desk.is_over() { Err(Stop::Over) } else { Ok(()) }
    }

    fn advance(&mut self) -> Result<bool, Stop> {
        self.rows.advance().map_err(|broken| match broken {
            Broken::Input(source) => Stop::Read(ReadError::Input { name: self.desk.input.to_string(), source }),
            Broken::Content { line, found, allowed } => {
                let problem = Problem { found, allowed, ..self.problem_at(Severity::Error, line, None) };
                self.desk.give_up(Problem { record: None, customer: None, ..problem });
                Stop::Unusable
            }
        })
    }

    /// Reads the row at hand as the record of a customer.
    fn record(&mut self) -> Result<(), Stop> {
        self.desk.record = Some(self.row);
        let line = self.rows.line();
        let draft = &mut self.desk.draft;
        draft.clear();
        for Column { position, node, cells, .. } in &mut self.plan.columns {
            match cells.read(self.rows.cell(*position), line) {
                Ok(None) => {}
                Ok(Some(found)) => feed(draft, *node, &found),
                Err(rule) => draft.fault(*node, None, rule),
            }
        }
        for module in &mut self.plan.modules {
            let mut is_known = false;
            for Column { position, node, cells, .. } in &mut module.columns {
                let found = cells.read(self.rows.cell(*position), line);
                if matches!(found, Ok(None)) {
                    continue;
                }
                if !is_known {
                    is_known = true;
                    draft.module.clear();
                    draft.module.push_str(&module.name);
                    draft.begin_module();
                }
                match found {
                    Ok(Some(found)) => feed(draft, *node, &found),
                    Err(rule) => draft.fault(*node, None, rule),
                    Ok(None) => {}
                }
            }
            if is_known {
                draft.end_module();
            }
        }
        self.note_nameless();
        self.finish(line)
    }

    /// Checks the record in the draft, tells its faults, and hands it on, or keeps its row.
    fn finish(&mut self, line: u64) -> Result<(), Stop> {
        if !self.hand_on(line) {
            let cells = self.written(None);
            self.reject(&cells)?;
        }
        self.desk.record = None;
        Ok(())
    }

    /// Checks the record in the draft, tells its faults, and hands it on; false where it is left out.
    fn hand_on(&mut self, line: u64) -> bool {
        self.has_key |= self.desk.has_key();
        let left_out = self.desk.check();
        let invalid = left_out || self.desk.draft.is_invalid();
        self.desk.records += 1;
        if !self.desk.draft.faults.is_empty() {
            self.note_faults(line);
        }
        if invalid {
            self.desk.refuse(line);
        } else {
            self.desk.accept(line);
        }
        !invalid
    }

    fn note_faults(&mut self, line: u64) {
        let faults = std::mem::take(&mut self.desk.draft.faults);
        let mut found: Vec<(Option<usize>, Severity, Option<Problem>)> = faults
            .iter()
            .enumerate()
            .map(|(position, fault)| {
                let severity = fault.rule.severity();
                let column = self.plan.column_of(fault.node, fault.module.as_deref());
                let is_kept = position < LOCATED && self.desk.problems.keeps(severity);
                let problem = is_kept.then(|| self.fault_problem(fault, line, column));
                (column, severity, problem)
            })
            .collect();
        found.sort_by_key(|(column, ..)| *column);
        for (_, severity, problem) in found {
            self.desk.problems.add(severity, problem);
        }
    }

    fn fault_problem(&self, fault: &Fault, line: u64, column: Option<usize>) -> Problem {
        // What several rows came to stands in none of them.
        let fed = self.fed.iter().find(|fed| fed.node == fault.node && fed.module == fault.module);
        let found = match (&fault.rule, column, fed) {
            (Rule::Conflict { ours, .. }, None, _) => ours.clone(),
            (_, _, Some(fed)) => aggregate::described(&fed.found),
            (_, Some(column), None) if line == self.rows.line() => described(self.rows.cell(column)),
            _ => "nothing".to_owned(),
        };
        let line = fed.map_or(line, |fed| fed.line);
        Problem { found, ..self.placed(self.desk.fault_problem(fault), line, column) }
    }

    /// A problem of the record at hand, or of the file where there is none, at a line and column.
    fn problem_at(&self, severity: Severity, line: u64, column: Option<usize>) -> Problem {
        self.placed(self.desk.problem(severity, "", ""), line, column)
    }

    fn placed(&self, problem: Problem, line: u64, column: Option<usize>) -> Problem {
        Problem {
            sheet: self.rows.sheet().cloned(),
            line,
            column: column.map_or(0, |column| column as u64 + 1),
            header: column.and_then(|column| self.headers.get(column)).map(|header| text::plain(header)),
            ..problem
        }
    }

    fn refuse(&mut self, found: &str, allowed: &str) -> Stop {
        let (found, allowed) = (found.to_owned(), allowed.to_owned());
        let problem = Problem { found, allowed, ..self.problem_at(Severity::Error, 0, None) };
        self.desk.give_up(problem);
        Stop::Unusable
    }

    /// What is wrong with the number of cells in the row at hand.
    fn ragged(&self) -> Option<Problem> {
        if !self.rows.is_ragged() {
            return None;
        }
        let (width, expected) = (self.rows.width(), self.headers.len());
        // Signs at the end of a line make empty cells that mean nothing.
        let has_more = || (expected..width).any(|column| self.rows.cell(column) != Cell::Empty);
        if width == expected || (width > expected && !has_more()) {
            return None;
        }
        let spans_lines =
            (0..width).any(|column| matches!(self.rows.cell(column), Cell::Text(text) if text.contains('\n')));
        let hint = if spans_lines { "; is a quote not closed?" } else { "" };
        let found = if width == 1 { "1 cell".to_owned() } else { format!("{width} cells") };
        let allowed = format!("expected {expected} as in the header{hint}");
        Some(Problem { found, allowed, ..self.problem_at(Severity::Error, self.rows.line(), None) })
    }

    /// Leaves the row at hand out, which is no record.
    fn refuse_row(&mut self, problem: Problem, groups: Option<&mut Groups<'m>>) -> Result<(), Stop> {
        self.desk.problems.add(Severity::Error, Some(Problem { record: Some(self.row), ..problem }));
        let key = self.written_key();
        let row = KeptRow { row: self.row, cells: self.written(groups.as_deref()) };
        self.leave_out(&key, self.rows.line(), row, groups)
    }

    /// Leaves a row out which is no record, and its customer with it.
    fn leave_out(&mut self, key: &str, line: u64, row: KeptRow, groups: Option<&mut Groups<'m>>) -> Result<(), Stop> {
        let place = Place { line, row: row.row };
        if let Some(groups) = groups {
            let customer = (!key.is_empty()).then(|| groups.refuse(key, place, &self.plan));
            if customer.is_none() {
                self.desk.records += 1;
                self.desk.invalid += 1;
            }
            if self.rejects.is_some() {
                groups.keep(customer, row);
            }
            return Ok(());
        }
        self.desk.begin(key);
        self.desk.records += 1;
        self.desk.refuse(line);
        self.reject(&row.cells)
    }

    fn reject(&mut self, cells: &[String]) -> Result<(), Stop> {
        let Some(rejects) = &mut self.rejects else { return Ok(()) };
        let written = rejects.add(&self.headers, cells);
        written.map_err(|source| Stop::Read(ReadError::Rejects { source }))
    }

    /// The cells of the row at hand as they are read back; nothing where they are not kept.
    fn written(&self, groups: Option<&Groups<'m>>) -> Vec<String> {
        if self.rejects.is_none() {
            return Vec::new();
        }
        let written = |position: usize| {
            let cell = self.rows.cell(position);
            let plain = self.plan.all().map(|column| (column.position, &column.cells));
            let read_by = plain.chain(groups.into_iter().flat_map(Groups::cells));
            let mut written = read_by.filter(|(own, _)| *own == position).map(|(_, cells)| cells.written(cell));
            // Where the column is text to one field and a date to another, the date has a form of its own.
            let shown = as_text(cell);
            written.find(|written| *written != shown).unwrap_or(shown).into_owned()
        };
        (0..self.rows.width()).map(written).collect()
    }

    /// What says whose the row at hand is, as it stands there.
    fn written_key(&self) -> String {
        self.plan.key().map_or_else(String::new, |column| as_text(self.rows.cell(column)).into_owned())
    }

    /// Notes the first cell that stands under no header.
    fn note_nameless(&mut self) {
        if self.nameless > 0 {
            return;
        }
        let mut nameless = self.gaps.iter().copied().chain(self.headers.len()..self.rows.width());
        if let Some(column) = nameless.find(|column| self.rows.cell(*column) != Cell::Empty) {
            self.nameless = column + 1;
            if self.is_block {
                return;
            }
            let found = described(self.rows.cell(column));
            let allowed = "in a column without a header, whose cells are not read".to_owned();
            let problem = self.problem_at(Severity::Warning, self.rows.line(), Some(column));
            let problem = Problem { found, allowed, record: None, customer: None, header: None, ..problem };
            self.desk.problems.add(Severity::Warning, Some(problem));
        }
    }

    /// Tells what is known of cells only once all rows have been read.
    fn end(&mut self, groups: Option<&mut Groups<'m>>) {
        for column in self.plan.all() {
            let Some(taken) = column.cells.doubtful() else { continue };
            let allowed = format!(
                "taken as {}: where {} is meant, say decimal = \",\" in a mapping, for no number of the column decides",
                taken.point, taken.comma
            );
            let problem = self.problem_at(Severity::Warning, taken.line, Some(column.position));
            let problem = Problem { found: text::quoted(&taken.text), allowed, ..problem };
            self.desk.problems.add(Severity::Warning, Some(problem));
        }
        let mut contradicted = Vec::new();
        let is_aggregated = groups.is_some();
        let plain = self.plan.all_mut().map(|column| (column.position, &mut column.cells));
        for (position, cells) in plain.chain(groups.into_iter().flat_map(Groups::cells_mut)) {
            while let Some(found) = cells.contradicted() {
                let found = (position, found.0, found.1);
                // Several fields may be computed from one column.
                if !contradicted.contains(&found) {
                    contradicted.push(found);
                }
            }
        }
        // A file in which nothing has happened tells of no customer, and there are others who do.
        let may_be_empty = is_aggregated && self.desk.is_held();
        for (position, taken, beside) in contradicted {
            let allowed = super::fault::two_readings(taken.point, taken.comma, &beside);
            let found = text::quoted(&taken.text);
            let problem = Problem { found, allowed, ..self.problem_at(Severity::Error, taken.line, Some(position)) };
            self.desk.give_up(problem);
        }
        if may_be_empty {
            return;
        }
        if self.row > 0 && !self.has_key && !self.desk.problems.unusable() {
            let problem = Problem {
                found: "no value in any row".to_owned(),
                allowed: "expected what says whose row it is".to_owned(),
                ..self.problem_at(Severity::Error, 0, self.plan.key())
            };
            self.desk.give_up(problem);
        } else if self.desk.records == 0 && !self.desk.problems.unusable() {
            let problem = Problem {
                found: "no row behind the header".to_owned(),
                allowed: "expected a row for each customer".to_owned(),
                ..self.problem_at(Severity::Error, self.header_line, None)
            };
            self.desk.give_up(problem);
        }
    }
}

/// A header as it is compared and shown: on one line.
fn text_of_header(header: &str) -> String {
    header.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands in a cell, for a message.
fn described(cell: Cell<'_>) -> String {
    match cell {
        Cell::Empty => "nothing".to_owned(),
        Cell::Text(text) => text::quoted(text),
        Cell::Garbled => "bytes that are no UTF-8".to_owned(),
        other => text::plain(&as_text(other)),
    }
}
