//! Tables: a row per customer, or per event of one, with a header for each column.
//!
//! A header is a dotted path, or a name that the mapping knows; what the cells of a column become follows from the field that it
//! feeds. Rows come from a text or a sheet; what is done with them is the same.

mod aggregate;
mod column;
mod csv;
mod number;
mod plan;
mod rejects;
mod rows;
mod sample;
mod xlsx;

use std::io::Write;

use aggregate::{Fed, Groups, KeptRow, Place, RowFault, feed_all};
use column::{Column, as_text, feed, is_id};
use plan::Plan;
use rejects::Rejects;

use super::desk::{Desk, Repeats};
use super::fault::{Fault, Rule};
use super::fields::Target;
use super::problem::{Problem, Severity};
use super::{Key, ReadError, text};
use crate::account::Field;
use crate::config::mapping::SourceMapping;

pub(super) use csv::CsvRows;
pub(super) use rows::{Broken, Cell, Rows};
pub(super) use sample::sample;
pub(super) use xlsx::with_rows;

/// Rows without data at the end of a table that are passed over; more of them are no footer.
const MOST_FOOTERS: usize = 20;
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
/// Rows with one cell above a header that are passed over.
const MOST_TITLES: usize = 20;
/// The most faults of one row that are told with their cells.
const LOCATED: usize = 100;
/// How many headers a message lists.
const LISTED: usize = 12;

/// Reads the records of a table.
pub(super) fn read<R: Rows>(
    rows: &mut R,
    source: Option<&SourceMapping>,
    delimiter: u8,
    desk: &mut Desk<'_, '_>,
    rejects: Option<&mut dyn Write>,
) -> Result<(), ReadError> {
    desk.repeats = Repeats::Refused;
    let mut table = Table {
        rows,
        desk,
        headers: Vec::new(),
        plan: Plan::default(),
        key: None,
        gaps: Vec::new(),
        footers: Vec::new(),
        nameless: 0,
        row: 0,
        has_key: false,
        fed: Vec::new(),
        rejects: rejects.map(|out| Rejects::new(out, delimiter, source)),
    };
    match table.document(source) {
        Ok(()) | Err(Stop::Unusable) => {}
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
    Read(ReadError),
}

struct Table<'t, 'm, 'a, 'o, 'w, R> {
    rows: &'t mut R,
    desk: &'t mut Desk<'a, 'o>,
    headers: Vec<String>,
    plan: Plan<'m>,
    /// The column that says whose rows are whose.
    key: Option<usize>,
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
}

/// A row that may be a footer.
struct Footer {
    line: u64,
    row: u64,
    cells: Vec<String>,
    /// What stands where the others say whose they are.
    key: String,
}

impl<'m, R: Rows> Table<'_, 'm, '_, '_, '_, R> {
    fn document(&mut self, source: Option<&'m SourceMapping>) -> Result<(), Stop> {
        self.header(source)?;
        let aggregates = source.map_or(&[][..], |source| &source.aggregates);
        let mut groups = Groups::new(aggregates, source, &self.headers, self.desk);
        while self.advance()? {
            self.row += 1;
            if self.looks_like_footer() {
                self.put_aside();
                if self.footers.len() > MOST_FOOTERS {
                    self.refuse_footers(groups.as_mut())?;
                }
                continue;
            }
            if !self.footers.is_empty() {
                self.refuse_footers(groups.as_mut())?;
            }
            if let Some(problem) = self.ragged() {
                self.refuse_row(problem, groups.as_mut())?;
                continue;
            }
            match &mut groups {
                None => self.record()?,
                Some(groups) => self.event(groups)?,
            }
        }
        if let Some(groups) = &mut groups {
            self.customers(groups)?;
        }
        self.end(groups.as_mut());
        Ok(())
    }

    /// Reads the header and finds out what feeds what.
    fn header(&mut self, source: Option<&'m SourceMapping>) -> Result<(), Stop> {
        let line = match source.and_then(|source| source.header_row) {
            Some(wanted) => self.header_at(u64::from(wanted))?,
            None => self.find_header(source)?,
        };
        let options = self.desk.options;
        self.gaps = (0..self.headers.len()).filter(|column| self.headers[*column].is_empty()).collect();
        self.plan = Plan::new(&self.headers, source, self.desk.fields, options.schema, options.key);
        let fields = self.desk.fields;
        let is_key = |target: &Target| self.is_key(*target);
        let key = self.plan.columns.iter().find(|column| fields.node(column.node).targets.iter().any(is_key));
        self.key = key.map(|column| column.position);
        self.tell_sheets();
        for (column, allowed) in std::mem::take(&mut self.plan.errors) {
            let problem = Problem { allowed, ..self.problem_at(Severity::Error, line, column) };
            self.desk.give_up(problem);
        }
        for allowed in std::mem::take(&mut self.plan.warnings) {
            let problem = Problem { allowed, ..self.problem_at(Severity::Warning, 0, None) };
            self.desk.problems.add(Severity::Warning, Some(problem));
        }
        self.check_key(line);
        if self.desk.problems.unusable() {
            return Err(Stop::Unusable);
        }
        self.tell_merged(line);
        self.tell_unused(line);
        Ok(())
    }

    /// Takes the row of a line as the header.
    fn header_at(&mut self, wanted: u64) -> Result<u64, Stop> {
        while self.advance()? {
            if self.rows.line() == wanted {
                self.headers = self.header_cells();
                return Ok(wanted);
            }
            if self.rows.line() > wanted {
                break;
            }
        }
        let allowed = format!("expected the header there, as header-row = {wanted} in the mapping says");
        let problem = Problem { found: "no row".to_owned(), allowed, ..self.problem_at(Severity::Error, wanted, None) };
        self.desk.give_up(problem);
        Err(Stop::Unusable)
    }

    /// Takes the first row with several cells as the header, or one whose only cell is known: titles stand alone above it.
    fn find_header(&mut self, source: Option<&SourceMapping>) -> Result<u64, Stop> {
        let mut title: Option<(u64, Vec<String>)> = None;
        let mut titles = 0;
        while titles < MOST_TITLES && self.advance()? {
            let headers = self.header_cells();
            let line = self.rows.line();
            if !self.is_title(&headers, source) {
                self.headers = headers;
                if let Some((first, cells)) = title {
                    self.tell_titles(first, titles, &cells);
                }
                return Ok(line);
            }
            titles += 1;
            title.get_or_insert((line, headers));
        }
        match title {
            Some((line, headers)) => {
                self.headers = headers;
                Ok(line)
            }
            None => Err(self.refuse(
                "nothing",
                "expected a table with a header and a row for each customer, or JSON with customers",
            )),
        }
    }

    /// Whether a row above the data holds one cell that is no header.
    fn is_title(&self, cells: &[String], source: Option<&SourceMapping>) -> bool {
        let mut filled = cells.iter().filter(|cell| !cell.is_empty());
        let Some(only) = filled.next().filter(|_| filled.next().is_none()) else { return false };
        let is_mapped = source.is_some_and(|source| source.columns_of(only).next().is_some());
        let is_key = self.desk.options.key.path() == Some(only.as_str());
        !is_mapped && !is_key && self.desk.options.schema.place(only).is_none()
    }

    fn tell_titles(&mut self, line: u64, titles: usize, cells: &[String]) {
        let shown = text::quoted(cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str));
        let allowed = match titles {
            1 => format!("1 line above the header is passed over: {shown}"),
            _ => format!("{titles} lines above the header are passed over: {shown}, …"),
        };
        let problem = Problem { allowed, ..self.problem_at(Severity::Note, line, None) };
        self.desk.problems.add(Severity::Note, Some(Problem { header: None, ..problem }));
    }

    /// The row at hand as headers.
    fn header_cells(&self) -> Vec<String> {
        let mut headers: Vec<String> =
            (0..self.rows.width()).map(|column| text_of_header(&as_text(self.rows.cell(column)))).collect();
        while headers.last().is_some_and(String::is_empty) {
            headers.pop();
        }
        headers
    }

    /// A table without a column that says whose rows are whose cannot be used.
    fn check_key(&mut self, line: u64) {
        let is_key = |target: Target| match self.desk.options.key {
            Key::Id => is_id(target),
            Key::Path(_) => target == Target::Key,
        };
        let fields = self.desk.fields;
        if self.plan.columns.iter().any(|column| fields.node(column.node).targets.iter().any(|target| is_key(*target)))
        {
            return;
        }
        let path = match self.desk.options.key {
            Key::Id => Field::Id.path(),
            Key::Path(path) => path,
        };
        let listed = self.listed(0..self.headers.len());
        let allowed = format!(
            "expected a column {}, or a mapping that names the column which feeds it: `csm map` proposes one",
            text::plain(path)
        );
        let found = format!("the headers {listed}");
        let problem = Problem { found, allowed, ..self.problem_at(Severity::Error, line, None) };
        self.desk.give_up(problem);
    }

    /// Whether a field says whose row it is.
    fn is_key(&self, target: Target) -> bool {
        match self.desk.options.key {
            Key::Id => is_id(target),
            Key::Path(_) => target == Target::Key,
        }
    }

    fn listed(&self, positions: impl ExactSizeIterator<Item = usize>) -> String {
        let count = positions.len();
        let mut names: Vec<String> =
            positions.take(LISTED).map(|position| text::quoted(&self.headers[position])).collect();
        if count > LISTED {
            names.push(format!("and {} more", count - LISTED));
        }
        names.join(", ")
    }

    /// Where nobody said which sheet is meant, says which one is read.
    fn tell_sheets(&mut self) {
        let others: Vec<String> = self.rows.other_sheets().iter().map(|sheet| text::plain(sheet)).collect();
        if let (Some(sheet), false) = (self.rows.sheet(), others.is_empty()) {
            let allowed = format!("the sheet {} is read; also there: {}", text::plain(sheet), others.join(", "));
            let problem = self.desk.problem(Severity::Note, "", &allowed);
            self.desk.problems.add(Severity::Note, Some(problem));
        }
    }

    fn tell_unused(&mut self, line: u64) {
        let mut unused = std::mem::take(&mut self.plan.unused);
        unused.retain(|position| {
            let Some(meant) = self.nearly(&self.headers[*position]) else { return true };
            let found = text::quoted(&self.headers[*position]);
            let allowed = format!("which is not used: is it {meant}? Headers are paths letter by letter, or mapped");
            let problem = self.problem_at(Severity::Warning, line, Some(*position));
            self.desk.problems.add(Severity::Warning, Some(Problem { found, allowed, header: None, ..problem }));
            false
        });
        if unused.is_empty() {
            return;
        }
        let listed = self.listed(unused.iter().copied());
        let columns =
            if unused.len() == 1 { "1 column is".to_owned() } else { format!("{} columns are", unused.len()) };
        let allowed = format!("{columns} not used, as nothing is known by that name: {listed}");
        let problem = Problem { allowed, ..self.problem_at(Severity::Note, 0, None) };
        self.desk.problems.add(Severity::Note, Some(problem));
    }

    /// The path that a header is but for its case or a slip of the pen.
    fn nearly(&self, header: &str) -> Option<&str> {
        /// Shorter names are too much alike.
        const SHORTEST: usize = 10;
        let metrics = self.desk.options.schema.metrics().iter().map(|metric| metric.path.as_str());
        let mut paths = Field::ALL.into_iter().map(|field| -> &str { field.path() }).chain(metrics);
        let is_long = header.len() >= SHORTEST && header.len() <= 100;
        let is_slip = |path: &str| is_long && path.len() >= SHORTEST && strsim::osa_distance(path, header) <= 2;
        paths.find(|path| path.eq_ignore_ascii_case(header) || is_slip(path))
    }

    /// A header over several columns names the first of them only.
    fn tell_merged(&mut self, line: u64) {
        let has_gap = self.headers.iter().any(String::is_empty);
        let merged = if has_gap { self.rows.merged_headers(line) } else { Vec::new() };
        for (first, last) in merged {
            let header = self.headers.get(first).cloned().unwrap_or_default();
            let allowed = format!(
                "a merged header over {} columns: the first is read by it, the others have no name and are not read",
                last + 1 - first
            );
            let found = text::quoted(&header);
            let problem = Problem { found, allowed, ..self.problem_at(Severity::Warning, line, Some(first)) };
            self.desk.problems.add(Severity::Warning, Some(Problem { header: None, ..problem }));
        }
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
        let key = self.key_column().map_or_else(String::new, |column| as_text(self.rows.cell(column)).into_owned());
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

    /// The column that says whose the rows are.
    fn key_column(&self) -> Option<usize> {
        let fields = self.desk.fields;
        let is_key = |target: &Target| self.is_key(*target);
        let key = self.plan.columns.iter().find(|column| fields.node(column.node).targets.iter().any(is_key));
        key.map(|column| column.position)
    }

    /// Whether the row at hand holds no data of a customer: a line of text alone, or a row of sums.
    fn looks_like_footer(&self) -> bool {
        let mut filled = (0..self.rows.width()).filter(|column| self.rows.cell(*column) != Cell::Empty);
        let Some(first) = filled.next() else { return true };
        let is_key = self.key == Some(first);
        let has_key = is_key || self.key.is_some_and(|column| self.rows.cell(column) != Cell::Empty);
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

    fn put_aside(&mut self) {
        let cells = (0..self.rows.width()).map(|column| as_text(self.rows.cell(column)).into_owned()).collect();
        let key = self.key_column().map_or_else(String::new, |column| as_text(self.rows.cell(column)).into_owned());
        self.footers.push(Footer { line: self.rows.line(), row: self.row, cells, key });
    }

    /// Rows that looked like the end of the table are records without an id after all.
    fn refuse_footers(&mut self, mut groups: Option<&mut Groups<'m>>) -> Result<(), Stop> {
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

    /// Notes the first cell that stands under no header.
    fn note_nameless(&mut self) {
        if self.nameless > 0 {
            return;
        }
        let mut nameless = self.gaps.iter().copied().chain(self.headers.len()..self.rows.width());
        if let Some(column) = nameless.find(|column| self.rows.cell(*column) != Cell::Empty) {
            self.nameless = column + 1;
            let found = described(self.rows.cell(column));
            let allowed = "in a column without a header, whose cells are not read".to_owned();
            let problem = self.problem_at(Severity::Warning, self.rows.line(), Some(column));
            let problem = Problem { found, allowed, record: None, customer: None, header: None, ..problem };
            self.desk.problems.add(Severity::Warning, Some(problem));
        }
    }

    /// Tells what is known only once all rows have been read.
    fn end(&mut self, groups: Option<&mut Groups<'m>>) {
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
                ..self.problem_at(Severity::Error, 0, self.key_column())
            };
            self.desk.give_up(problem);
        } else if self.desk.records == 0 && !self.desk.problems.unusable() {
            let line = self.rows.line();
            let problem = Problem {
                found: "no row behind the header".to_owned(),
                allowed: "expected a row for each customer".to_owned(),
                ..self.problem_at(Severity::Error, line, None)
            };
            self.desk.give_up(problem);
        }
    }

    /// Takes the row at hand as one of several of its customer.
    fn event(&mut self, groups: &mut Groups<'m>) -> Result<(), Stop> {
        let line = self.rows.line();
        self.desk.record = Some(self.row);
        self.desk.draft.clear();
        let (customer, faults) = groups.add(self.rows, &mut self.plan, self.row, self.desk);
        let mut is_invalid = false;
        for RowFault { column, fault } in faults {
            let severity = fault.rule.severity();
            is_invalid |= severity == Severity::Error;
            let problem = self.desk.problems.keeps(severity).then(|| self.fault_problem(&fault, line, Some(column)));
            self.desk.problems.add(severity, problem);
        }
        self.note_nameless();
        self.desk.record = None;
        let row = KeptRow { row: self.row, cells: self.written(Some(groups)) };
        if customer.is_none() && is_invalid {
            return self.leave_out("", line, row, Some(groups));
        }
        if customer.is_some() && self.rejects.is_some() {
            groups.keep(customer, row);
        }
        Ok(())
    }

    /// Hands on the customers that the rows were of.
    fn customers(&mut self, groups: &mut Groups<'m>) -> Result<(), Stop> {
        self.desk.draft.clear();
        if let (rows @ 1.., line) = groups.nameless {
            let allowed = match rows {
                1 => format!("1 row names no customer (line {line}) and is not counted"),
                rows => format!("{rows} rows name no customer (first line {line}) and are not counted"),
            };
            let problem = Problem { allowed, ..self.problem_at(Severity::Warning, 0, None) };
            self.desk.problems.add(Severity::Warning, Some(problem));
        }
        let otherwise = groups.otherwise();
        if !otherwise.is_empty() {
            feed_all(&mut self.desk.draft, &otherwise);
            self.desk.keep_otherwise();
        }
        let mut left_out = std::mem::take(&mut groups.refused);
        for customer in groups.customers() {
            let Some((key, place)) = groups.first(customer) else { continue };
            self.has_key = true;
            self.desk.record = Some(place.row);
            let is_handed_on = match groups.result(customer, &self.plan) {
                Some(fed) => {
                    self.desk.draft.clear();
                    feed_all(&mut self.desk.draft, &fed);
                    self.fed = fed;
                    self.hand_on(place.line)
                }
                None => {
                    self.desk.begin(&key);
                    self.desk.records += 1;
                    self.desk.refuse(place.line);
                    false
                }
            };
            if !is_handed_on {
                left_out.extend(groups.take_kept(customer));
            }
        }
        self.fed.clear();
        self.desk.record = None;
        left_out.sort_by_key(|row| row.row);
        left_out.into_iter().try_for_each(|row| self.reject(&row.cells))
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
