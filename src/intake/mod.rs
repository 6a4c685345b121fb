//! Files and pipes → accounts, with problems located by record, line and field.
//!
//! A [`Needs`] says what a command reads; with the schema it becomes a tree of dotted paths, and a reader
//! writes what stands at those paths straight into one reused [`Account`](crate::account::Account). All else
//! is skipped without building anything of it. What is wrong with the content is a [`Problem`], collected in
//! [`Problems`] and never an `Err`: a [`ReadError`] is only that bytes could not be read or written.
//!
//! What is about records, fields, values and problems is the same for every format. [`read`] takes one or several
//! [`Source`]s: of several, the first one streams and is joined with the records of the others, which are held.

mod date;
mod desk;
mod draft;
mod fault;
mod fields;
mod join;
mod json;
mod ledger;
mod problem;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod value;

use std::io::{self, Read, Write};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::account::{Account, Schema, Segments};
use crate::config::mapping::{Rates, SourceMapping};
use crate::engine::Slot;
use desk::{Desk, Role};
use fields::Fields;
use join::{Held, Join};
use ledger::Currency;
use table::CsvRows;

pub use problem::{Excerpt, Keep, MAX_ERRORS, MAX_WARNINGS, Problem, Problems, Severity};
pub use text::is_hidden;

/// What a command reads, beyond identity, dates, ARR, currency, segment, lifecycle and owner, which are always read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// The metrics. Those that are derived are computed from the dates; a slot that the schema lacks is ignored.
    pub slots: Vec<Slot>,
    /// Whether seats, plan, modules and departments are read.
    pub footprint: bool,
}

/// What records of several sources are joined by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Key {
    /// The customer's id.
    #[default]
    Id,
    /// The value at a dotted path.
    Path(String),
}

/// How sources are read.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The dictionary of metrics.
    pub schema: &'a Schema,
    /// The segments of the model.
    pub segments: &'a Segments,
    /// What is read.
    pub needs: &'a Needs,
    /// The day from which derived metrics count.
    pub as_of: NaiveDate,
    /// What other currencies are worth; without it a portfolio has one currency.
    pub rates: Option<&'a Rates>,
    /// What several sources are joined by.
    pub key: &'a Key,
    /// Whether customers that the first source lacks are scored too.
    pub outer: bool,
    /// How many problems are kept in full.
    pub keep: Keep,
    /// The most bytes that a compressed source may unpack to.
    pub max_unpacked: u64,
}

/// The most bytes that a compressed source may unpack to, unless said otherwise: 8 GiB.
pub const MAX_UNPACKED: u64 = 8 << 30;

impl<'a> Options<'a> {
    /// Options of a reading of one source, or of several that are joined by the id.
    pub fn new(schema: &'a Schema, segments: &'a Segments, needs: &'a Needs, as_of: NaiveDate) -> Self {
        Self {
            schema,
            segments,
            needs,
            as_of,
            rates: None,
            key: &Key::Id,
            outer: false,
            keep: Keep::First,
            max_unpacked: MAX_UNPACKED,
        }
    }
}

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An object with a list of customers, or a list of them.
    Json,
    /// An object per line.
    JsonLines,
    /// A table whose cells are separated by commas, semicolons or tabs: the header tells.
    Csv,
    /// A table whose cells are separated by tabs.
    Tsv,
    /// An Excel workbook.
    Xlsx,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Json, Self::JsonLines, Self::Csv, Self::Tsv, Self::Xlsx];

    /// The name in options and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLines => "ndjson",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// One file or pipe.
pub struct Source<'a> {
    /// Its name in messages; `-` is shown as `<stdin>`.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: Box<dyn Read + 'a>,
    /// Takes the records that have an error, as they stand in the input, in a document of the same form that can be mended and
    /// read again.
    pub rejects: Option<&'a mut dyn Write>,
    /// What it is; found out from its bytes and its name where that is not said.
    pub format: Option<Format>,
    /// The name of its encoding; UTF-8, or what a byte order mark says, where that is not said.
    pub encoding: Option<&'a str>,
    /// The sheet of a workbook; the first one with data where that is not said.
    pub sheet: Option<&'a str>,
    /// What its columns are.
    pub mapping: Option<&'a SourceMapping>,
}

impl<'a> Source<'a> {
    /// A source whose bytes tell what it is.
    pub fn new(name: &'a str, bytes: impl Read + 'a) -> Self {
        Self { name, bytes: Box::new(bytes), rejects: None, format: None, encoding: None, sheet: None, mapping: None }
    }
}

/// What came of reading a portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// How many records there were in the first source, and customers of others that are scored too.
    pub records: u64,
    /// How many of them had an error and were left out.
    pub invalid: u64,
    /// The currency of the portfolio, in upper case; `None` where neither a file nor an account names one.
    pub currency: Option<String>,
    /// What is wrong with the content, or looks wrong.
    pub problems: Problems,
}

/// Bytes that could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The input could not be read.
    #[error("cannot read {name}")]
    Input {
        /// The file's name.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// A record that is left out could not be kept.
    #[error("cannot write the records that are left out")]
    Rejects {
        /// Why.
        source: io::Error,
    },
}

/// Reads a portfolio from one source, or from several that are joined.
///
/// `each` gets every account without an error, in the order of the first source; behind them, where [`Options::outer`] asks for
/// it, the customers that only other sources have. Where [`Reading::problems`] has errors, what came of the accounts may have
/// to be discarded.
///
/// Memory does not grow with the first source but for 16 bytes per customer id; the records of the others are held. What is
/// read of JSON may be nested 128 levels deep, and a record may have 16 MiB.
///
/// # Errors
///
/// Where bytes cannot be read or written. What is wrong with the content is in [`Reading::problems`].
pub fn read(
    sources: Vec<Source<'_>>,
    options: &Options<'_>,
    each: &mut dyn FnMut(&Account),
) -> Result<Reading, ReadError> {
    let fields = Fields::new(options.schema, options.needs, options.key);
    let mut currency = Currency::default();
    let mut sources = sources.into_iter().map(|source| (shown_name(source.name), source));
    let Some((lead_name, lead)) = sources.next() else { return Ok(Reading::default()) };
    let mut held = Vec::new();
    let mut behind = Problems::new(options.keep);
    for (name, source) in sources {
        let mut rows = Held::new(name.clone());
        let desk = Desk::new(&fields, options, name, &mut currency, Role::Held(&mut rows));
        let desk = read_one(source, desk)?;
        behind.append(desk.problems);
        held.push(rows);
    }
    let mut join = Join::new(lead_name.clone(), held, options);
    let role = Role::Lead { join: &mut join, each };
    let desk = Desk::new(&fields, options, lead_name.clone(), &mut currency, role);
    let desk = read_one(lead, desk)?;
    let (mut records, mut invalid, mut problems) = (desk.records, desk.invalid, desk.problems);
    problems.append(behind);
    join.tell(options, &mut problems);
    if options.outer {
        let left = join.left();
        let role = Role::Lead { join: &mut join, each };
        let mut desk = Desk::new(&fields, options, lead_name, &mut currency, role);
        for (input, line, key) in left {
            desk.input = input;
            desk.take_left(&key, line);
        }
        records += desk.records;
        invalid += desk.invalid;
        problems.append(desk.problems);
    }
    let currency = options.rates.map(|rates| rates.base.clone()).or_else(|| currency.into_code());
    Ok(Reading { records, invalid, currency, problems })
}

/// Reads the records of one source.
fn read_one<'a, 'o>(source: Source<'_>, mut desk: Desk<'a, 'o>) -> Result<Desk<'a, 'o>, ReadError> {
    let mut bytes = source.bytes;
    let failed = |desk: &Desk<'_, '_>, source| ReadError::Input { name: desk.input.to_string(), source };
    let mut head = Vec::new();
    std::io::Read::by_ref(&mut bytes).take(4096).read_to_end(&mut head).map_err(|error| failed(&desk, error))?;
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace()).copied();
    let bytes = io::Cursor::new(head).chain(bytes);
    if matches!(first, Some(b'{' | b'[')) {
        return json::read(bytes, None, desk, source.rejects, json::CHUNK);
    }
    let mut rows = CsvRows::new(bytes, None).map_err(|error| failed(&desk, error))?;
    let delimiter = rows.delimiter;
    table::read(&mut rows, source.mapping, delimiter, &mut desk, source.rejects)?;
    Ok(desk)
}

fn shown_name(name: &str) -> Arc<str> {
    if name == "-" { "<stdin>".into() } else { text::plain(name).into() }
}
