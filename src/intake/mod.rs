//! Files and pipes → accounts, with problems located by record, line and field.
//!
//! A [`Needs`] says what a command reads; with the schema it becomes a tree of dotted paths, and a reader
//! writes what stands at those paths straight into one reused [`Account`]. All else
//! is skipped without building anything of it. What is wrong with the content is a [`Problem`], collected in
//! [`Problems`] and never an `Err`: a [`ReadError`] is only that bytes could not be read or written.
//!
//! What is about records, fields, values and problems is the same for every format. [`read`] takes one or several
//! [`Source`]s: of several, the first one streams and is joined with the records of the others, which are held.

mod block;
mod buffer;
mod bytes;
mod date;
mod dating;
mod desk;
mod draft;
mod fault;
mod fields;
mod given;
mod join;
mod json;
mod ledger;
mod outcomes;
mod outlet;
mod problem;
mod review;
mod saved;
mod sightings;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod value;

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::account::{Account, Schema, Segments};
use crate::config::mapping::propose::TableSample;
use crate::config::mapping::{Rates, SourceMapping};
use crate::engine::Slot;
use crate::workers::{Then, Threads};
use bytes::{Content, TextKind};
use desk::{Desk, Role};
use fields::Fields;
use join::{Held, Join};
use ledger::Currency;
use outlet::{InPortions, OneByOne, Outlet};
use sightings::Sightings;
use table::{Broken, CsvRows};

pub use bytes::Format;
pub use dating::{Dating, Kept, is_readable_name, kept_in};
pub use draft::MOST as MOST_AMOUNT;
pub use outcomes::{EventOptions, fate, read_interventions, read_outcomes};
pub use outlet::Portion;
pub use problem::{Excerpt, Keep, MAX_ERRORS, MAX_LISTED, MAX_WARNINGS, Problem, Problems, Severity, by_kind};
pub use review::{MOST_CHARACTERS as MOST_REVIEW_CHARACTERS, MOST_ENTRIES as MOST_REVIEW_ENTRIES};
pub use saved::{Saved, read_saved};
pub use text::{is_hidden, plain, quoted};

/// What a command reads, beyond identity, dates, ARR, currency, segment, lifecycle and owner, which are always read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// The metrics. Those that are derived are computed from the dates; a slot that the schema lacks is ignored.
    pub slots: Vec<Slot>,
    /// Whether seats, plan, modules and departments are read.
    pub footprint: bool,
    /// Further fields of text by their dotted paths, such as `region`; an account has them as [`Account::attributes`] in this order.
    pub attributes: Vec<String>,
    /// Whether the notes for reviews (`qbr`) are read.
    pub review: bool,
    /// What the day of a record's snapshot is to the reading.
    pub dating: Dating,
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

impl Key {
    /// The path, where it is not the id's.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Id => None,
            Self::Path(path) => Some(path),
        }
    }
}

/// What an error does to the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AtError {
    /// The record is left out, and reading goes on, so that all errors are found.
    #[default]
    GoOn,
    /// It ends there: no account behind it is handed on.
    End,
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
    /// What an error does to the reading.
    pub at_error: AtError,
    /// How many problems are kept in full.
    pub keep: Keep,
    /// The most bytes that a compressed source may unpack to.
    pub max_unpacked: u64,
    /// What is done to each account before it is handed on.
    pub amend: Option<Amend<'a>>,
}

/// What is done to each account before it is handed on; any thread does it.
#[derive(Clone, Copy)]
pub struct Amend<'a>(pub &'a (dyn Fn(&mut Account) + Sync));

impl fmt::Debug for Amend<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Amend")
    }
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
            at_error: AtError::GoOn,
            keep: Keep::First,
            max_unpacked: MAX_UNPACKED,
            amend: None,
        }
    }
}

/// One file or pipe.
pub struct Source<'a> {
    /// Its name in messages; `-` is shown as `<stdin>`.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: Box<dyn Read + Send + 'a>,
    /// Takes the records that have an error, as they stand in the input, in a document of the same form that can be mended and
    /// read again.
    pub rejects: Option<&'a mut dyn Write>,
    /// What it is; found out from its bytes and its name where that is not said.
    pub format: Option<Format>,
    /// The name of its encoding where its mapping has none; UTF-8, or what a byte order mark says, where that is not said. JSON in
    /// UTF-8 is read as that.
    pub encoding: Option<&'a str>,
    /// The sheet of a workbook; the first one with data where that is not said.
    pub sheet: Option<&'a str>,
    /// What its columns are.
    pub mapping: Option<&'a SourceMapping>,
}

impl<'a> Source<'a> {
    /// A source whose bytes tell what it is.
    pub fn new(name: &'a str, bytes: impl Read + Send + 'a) -> Self {
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
    /// The attributes that were asked for and that no source has.
    pub unknown_attributes: Vec<UnknownAttribute>,
}

/// A field of text that was asked for, and that stands in no column and no record of any source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownAttribute {
    /// Its position in [`Needs::attributes`].
    pub position: usize,
    /// A field that the sources have and that is spelt nearly alike.
    pub near: Option<String>,
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
/// The first source streams. What is held of it is 16 bytes per customer id; of a workbook also its packed bytes and the texts
/// that its cells share, and of rows that are put together a record per customer. The records of the other sources are held.
/// What is read of JSON may be nested 128 levels deep, and a record may have 16 MiB.
///
/// # Errors
///
/// Where bytes cannot be read or written. What is wrong with the content is in [`Reading::problems`].
pub fn read(
    sources: Vec<Source<'_>>,
    options: &Options<'_>,
    each: &mut dyn FnMut(&Account),
) -> Result<Reading, ReadError> {
    read_to(sources, options, &OneByOne::new(each))
}

/// The same, with the accounts in portions that several threads fill.
///
/// Each thread begins a portion by `begin` and fills it with the accounts of a stretch of the input; `take` gets the portions on
/// this thread, in the order of the input, and may end the reading. What is read, and all that is told of it, is the same for any
/// number of threads. Sources that are joined and workbooks are read by one thread.
///
/// # Errors
///
/// As [`read`].
pub fn read_portions<P: Portion>(
    sources: Vec<Source<'_>>,
    options: &Options<'_>,
    threads: Threads,
    begin: &(dyn Fn() -> P + Sync),
    take: &mut dyn FnMut(P) -> Then,
) -> Result<Reading, ReadError> {
    let outlet = InPortions::new(threads, begin, take);
    let reading = read_to(sources, options, &outlet)?;
    outlet.end();
    Ok(reading)
}

fn read_to(sources: Vec<Source<'_>>, options: &Options<'_>, outlet: &dyn Outlet) -> Result<Reading, ReadError> {
    let fields = Fields::new(options.schema, options.needs, options.key);
    let mut currency = Currency::default();
    let mut sources = sources.into_iter().map(|source| (shown_name(source.name), source));
    let Some((lead_name, lead)) = sources.next() else { return Ok(Reading::default()) };
    let mut sightings = Sightings::new(&options.needs.attributes);
    let mut held = Vec::new();
    let mut behind = Problems::new(options.keep);
    for (name, source) in sources {
        let mut rows = Held::new(name.clone());
        let desk = Desk::new(&fields, options, name, &mut currency, Role::Held(&mut rows));
        let desk = read_one(source, desk)?;
        let is_over = desk.is_over();
        behind.append(desk.problems);
        if is_over {
            return Ok(Reading { problems: behind, ..Reading::default() });
        }
        sightings.append(desk.draft.sightings);
        held.push(rows);
    }
    let mut join = Join::new(lead_name.clone(), held, options);
    let role = Role::Lead { join: &mut join, outlet };
    let desk = Desk::new(&fields, options, lead_name.clone(), &mut currency, role);
    let desk = read_one(lead, desk)?;
    let is_over = desk.is_over();
    let (mut records, mut invalid, mut problems) = (desk.records, desk.invalid, desk.problems);
    sightings.append(desk.draft.sightings);
    problems.append(behind);
    if !is_over {
        join.tell(options, &mut problems);
    }
    if options.outer && !is_over {
        let left = join.left();
        let role = Role::Lead { join: &mut join, outlet };
        let mut desk = Desk::new(&fields, options, lead_name, &mut currency, role);
        for customer in left {
            desk.take_left(customer);
            if desk.is_over() {
                break;
            }
        }
        records += desk.records;
        invalid += desk.invalid;
        problems.append(desk.problems);
    }
    let currency = options.rates.map(|rates| rates.base.clone()).or_else(|| currency.into_code());
    let unknown_attributes = sightings.unknown(&options.needs.attributes);
    Ok(Reading { records, invalid, currency, problems, unknown_attributes })
}

/// What a table of unknown columns is like.
#[derive(Debug)]
pub enum Sampled {
    /// Its headers with some of its values.
    Table(TableSample),
    /// It is JSON, whose keys are paths.
    Json,
}

/// Looks at the headers of a table and at the values of its first rows; `position` is that on the command line, from 1.
///
/// # Errors
///
/// Where bytes cannot be read; a problem where they are no table.
pub fn sample(source: Source<'_>, position: usize, max_unpacked: u64) -> Result<Result<Sampled, Problem>, ReadError> {
    let Source { name, bytes, format, encoding, sheet, .. } = source;
    let shown = shown_name(name);
    let sampled =
        || match encoding_of(encoding).and_then(|code| bytes::open(bytes, name, format, code, max_unpacked))? {
            Content::Text { kind: TextKind::Json, .. } => Ok(Sampled::Json),
            Content::Text { bytes, kind: TextKind::Table } => {
                let delimiter = (format == Some(Format::Tsv)).then_some(b'\t');
                let sample = table::sample(&mut CsvRows::new(bytes, delimiter)?, name)?;
                Ok(Sampled::Table(TableSample { position, encoding: encoding.map(str::to_owned), ..sample }))
            }
            Content::Workbook(bytes) => {
                let sample = table::with_rows(&bytes, sheet, max_unpacked, |rows| table::sample(rows, name))??;
                Ok(Sampled::Table(TableSample { position, sheet: sheet.map(str::to_owned), ..sample }))
            }
        };
    match sampled() {
        Ok(sampled) => Ok(Ok(sampled)),
        Err(Broken::Input(source)) => Err(ReadError::Input { name: shown.to_string(), source }),
        Err(Broken::Content { line, found, allowed }) => {
            Ok(Err(Problem { line, found, ..Problem::of_input(Severity::Error, shown, allowed) }))
        }
    }
}

/// Reads the records of one source.
fn read_one<'a, 'o>(source: Source<'_>, mut desk: Desk<'a, 'o>) -> Result<Desk<'a, 'o>, ReadError> {
    let Source { name, bytes, rejects, format, encoding, sheet, mapping } = source;
    let most = desk.options.max_unpacked;
    // What a mapping says of this source goes before what is said of all of them.
    let content = encoding_of(mapping.and_then(|mapping| mapping.encoding.as_deref()).or(encoding))
        .and_then(|encoding| bytes::open(bytes, name, format, encoding, most));
    let content = match content {
        Ok(content) => content,
        Err(broken) => return refused(broken, desk),
    };
    if let (Some(sheet), Content::Text { .. }) = (sheet, &content) {
        let allowed = format!("the sheet {} is not looked for: only a workbook has sheets", text::quoted(sheet));
        let problem = desk.problem(Severity::Note, "", &allowed);
        desk.problems.add(Severity::Note, Some(problem));
    }
    match content {
        Content::Text { bytes, kind: TextKind::Json } => {
            if let Some(mapping) = mapping {
                let name = text::plain(&mapping.name);
                let allowed =
                    format!("the mapping's source {name} is for a table, and is not used: JSON names its fields");
                let problem = desk.problem(Severity::Note, "", &allowed);
                desk.problems.add(Severity::Note, Some(problem));
            }
            let form = (format == Some(Format::JsonLines)).then_some(json::Form::Lines);
            json::read(bytes, form, desk, rejects, json::CHUNK)
        }
        Content::Text { bytes, kind: TextKind::Table } => {
            let delimiter = (format == Some(Format::Tsv)).then_some(b'\t');
            match CsvRows::new(bytes, delimiter) {
                Ok(mut rows) => {
                    let delimiter = rows.delimiter;
                    table::read(&mut rows, mapping, delimiter, &mut desk, rejects)?;
                    Ok(desk)
                }
                Err(broken) => refused(broken, desk),
            }
        }
        Content::Workbook(bytes) => {
            let sheet = sheet.or(mapping.and_then(|mapping| mapping.sheet.as_deref()));
            let read =
                table::with_rows(&bytes, sheet, most, |rows| table::read(rows, mapping, b',', &mut desk, rejects));
            match read {
                Ok(read) => read.map(|()| desk),
                Err(broken) => refused(broken, desk),
            }
        }
    }
}

/// The encoding of a name.
fn encoding_of(name: Option<&str>) -> Result<Option<&'static encoding_rs::Encoding>, Broken> {
    let Some(name) = name else { return Ok(None) };
    match encoding_rs::Encoding::for_label(name.as_bytes()) {
        Some(encoding) => Ok(Some(encoding)),
        None => Err(Broken::Content {
            line: 0,
            found: format!("the encoding {}", text::quoted(name)),
            allowed: "expected a known one, such as utf-8, utf-16le or windows-1252".to_owned(),
        }),
    }
}

/// Notes why a source cannot be read at all.
fn refused<'a, 'o>(broken: Broken, mut desk: Desk<'a, 'o>) -> Result<Desk<'a, 'o>, ReadError> {
    match broken {
        Broken::Input(source) => Err(ReadError::Input { name: desk.input.to_string(), source }),
        Broken::Content { line, found, allowed } => {
            let problem = Problem { line, ..desk.problem(Severity::Error, &found, &allowed) };
            desk.give_up(problem);
            Ok(desk)
        }
    }
}

fn shown_name(name: &str) -> Arc<str> {
    if name == "-" { "<stdin>".into() } else { text::plain(name).into() }
}
