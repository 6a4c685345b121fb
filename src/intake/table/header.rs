//! The header of a table: where it is, and what it says.

use super::column::as_text;
use super::plan::Plan;
use super::rows::Rows;
use super::{Stop, Table, text_of_header};
use crate::account::{Field, Part, SNAPSHOT_DATE};
use crate::config::mapping::SourceMapping;
use crate::intake::dating::is_snapshot_date;
use crate::intake::fields::Target;
use crate::intake::problem::{Problem, Severity};
use crate::intake::text;

/// Rows with one cell above a header that are passed over.
pub(super) const MOST_TITLES: usize = 20;
/// How many headers a message lists.
const LISTED: usize = 12;

impl<'m, R: Rows> Table<'_, 'm, '_, '_, '_, R> {
    /// Reads the header and finds out what feeds what.
    pub(super) fn header(&mut self, source: Option<&'m SourceMapping>) -> Result<(), Stop> {
        let line = match source.and_then(|source| source.header_row) {
            Some(wanted) => self.header_at(u64::from(wanted))?,
            None => self.find_header(source)?,
        };
        self.header_line = line;
        let options = self.desk.options;
        self.gaps = (0..self.headers.len()).filter(|column| self.headers[*column].is_empty()).collect();
        self.plan = Plan::new(&self.headers, source, self.desk.fields, options.schema, options.key);
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
        self.look_for_attributes(source);
        self.tell_merged(line);
        self.tell_unused(line);
        Ok(())
    }

    /// Notes which of the attributes that were asked for have a column, and what else there is.
    fn look_for_attributes(&mut self, source: Option<&SourceMapping>) {
        let sightings = &mut self.desk.draft.sightings;
        for column in self.plan.all() {
            for target in &self.desk.fields.node(column.node).targets {
                if let Target::Attribute(position) = target {
                    sightings.see(usize::from(*position));
                }
            }
        }
        if sightings.is_looking() {
            let mapped = source.into_iter().flat_map(|source| &source.columns).map(|column| &column.path);
            self.headers.iter().chain(mapped).for_each(|name| sightings.look(name));
        }
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
        if self.plan.key().is_some() {
            return;
        }
        let path = self.desk.options.key.path().unwrap_or(Field::Id.path());
        let listed = self.listed(0..self.headers.len());
        let allowed = format!(
            "expected a column {}, or a mapping that names the column which feeds it: `csm map` proposes one",
            text::plain(path)
        );
        let found = format!("the headers {listed}");
        let problem = Problem { found, allowed, ..self.problem_at(Severity::Error, line, None) };
        self.desk.give_up(problem);
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

    /// Where customers stand several times because the rows are of several days, says what reads those.
    pub(super) fn tell_history(&mut self, source: Option<&SourceMapping>) {
        let column = self.headers.iter().position(|header| is_snapshot_date(header, source));
        if let (Some(column), true) = (column, self.desk.has_repeats()) {
            let allowed = "its rows are of several days: csm trend reads such a history".to_owned();
            let problem = self.problem_at(Severity::Note, self.header_line, Some(column));
            self.desk.problems.add(Severity::Note, Some(Problem { allowed, ..problem }));
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
        let fields = Field::ALL.into_iter().map(|field| -> &str { field.path() });
        let mut paths =
            fields.chain([SNAPSHOT_DATE]).chain(metrics).chain(Part::all().map(|part| -> &str { part.path() }));
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
}
