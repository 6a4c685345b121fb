//! A first mapping, from the headers of tables and a sample of their values.
//!
//! Names decide which path a column may feed: the path itself, names of other tools (`assets/headers.toml`), what is spelt nearly
//! alike. Values decide whether it does, and how they are read: kind, unit, decimals, date format, words. What rests on a guess
//! says so, and a guess that could do harm unseen is written as a comment: a wrong mapping is worse than a missing one. The
//! synonyms, the limits and the order of these steps are our choice.

mod cells;
mod header;
mod judge;
mod lexicon;
mod names;
mod rows;
mod table;
mod units;
mod write;

pub use write::to_toml;

use std::collections::{HashMap, HashSet};

use super::target;
use super::{Aggregate, SourceMapping, ValueReading, same_header};
use crate::account::{Field, Schema, Segments};

/// A table, or a sheet of one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableSample {
    /// The name of the file; its folder does not count.
    pub name: String,
    /// Its position on the command line, from 1; files that are no tables count.
    pub position: usize,
    /// The sheet of a workbook, where it must be named.
    pub sheet: Option<String>,
    /// The label of the encoding of a text, where it must be named.
    pub encoding: Option<String>,
    /// The row that holds the headers, from 1, where others stand before it.
    pub header_row: Option<u32>,
    /// The columns, in order.
    pub columns: Vec<ColumnSample>,
    /// Whether the ids are known to repeat; repeats within the sampled values are noticed anyway.
    pub repeated_ids: bool,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnSample {
    /// Its header; columns without one are passed over.
    pub header: String,
    /// Up to a few hundred of its cells that are not empty, as text; dates as `YYYY-MM-DD` where the file knows that they are
    /// dates. Those of columns without an empty cell are of the same rows.
    pub values: Vec<String>,
    /// How many of its cells are filled.
    pub filled: usize,
    /// How many rows were looked at.
    pub rows: usize,
}

/// How firmly something is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certainty {
    /// Name and values say so.
    Sure,
    /// Likely; why it should be looked at.
    Unsure(String),
    /// Possible; why it is not proposed to be in force.
    Doubtful(String),
}

/// What is proposed for all tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The tables, in the order in which they were given.
    pub tables: Vec<TableProposal>,
    /// The currencies that are named, in the order in which they are met; several need rates.
    pub currencies: Vec<String>,
    /// The metrics that nothing in force feeds, in the order of the dictionary.
    pub unfed: Vec<UnfedMetric>,
}

/// What is proposed for a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableProposal {
    /// Which file it is and how it is written; its columns and aggregates are empty, since they stand beside it.
    pub source: SourceMapping,
    /// Whether a column for the id is proposed to be in force.
    pub has_id: bool,
    /// What its rows are.
    pub rows: RowsAre,
    /// The columns that feed a path, in the order of the table.
    pub columns: Vec<ColumnProposal>,
    /// The columns of text to group accounts by, in the order of the table: header and path.
    pub attributes: Vec<(String, String)>,
    /// What is computed from the rows of an id.
    pub aggregates: Vec<AggregateProposal>,
    /// The columns that nothing that is proposed uses, in the order of the table.
    pub unused: Vec<UnusedColumn>,
}

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsAre {
    /// Accounts.
    Accounts,
    /// Accounts on several days, each once a day.
    Snapshots,
    /// Several for an id: tickets, answers, meetings, or what was known on some days.
    Events,
}

/// A column that feeds a path.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnProposal {
    /// Its header.
    pub header: String,
    /// The path that it feeds.
    pub path: String,
    /// How its cells are read.
    pub reading: ValueReading,
    /// How firmly this is proposed.
    pub certainty: Certainty,
}

/// Something that is computed from the rows of an id.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateProposal {
    /// What is computed.
    pub aggregate: Aggregate,
    /// How firmly this is proposed.
    pub certainty: Certainty,
}

/// A column that nothing uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedColumn {
    /// Its header.
    pub header: String,
    /// One of its values.
    pub example: Option<String>,
    /// Why it is not used although its name is that of a path.
    pub reason: Option<String>,
}

/// A metric that nothing feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfedMetric {
    /// Its path.
    pub path: String,
    /// Its name for people.
    pub label: String,
    /// Its unit.
    pub unit: Option<String>,
}

/// What the models know, which proposals are made for.
#[derive(Clone, Copy)]
struct Known<'k> {
    schema: &'k Schema,
    segments: &'k Segments,
}

impl Certainty {
    /// Whether the proposal is to be in force.
    pub fn is_in_force(&self) -> bool {
        !matches!(self, Self::Doubtful(_))
    }

    /// Why it should be looked at.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Sure => None,
            Self::Unsure(reason) | Self::Doubtful(reason) => Some(reason),
        }
    }
}

/// Proposes a mapping for tables. What a table feeds, those behind it do not feed again, but for the id.
pub fn propose(samples: &[TableSample], schema: &Schema, segments: &Segments) -> Proposal {
    let known = Known { schema, segments };
    let names = names::Names::new(schema);
    let mut tables = Vec::new();
    let mut ids: Option<HashSet<String>> = None;
    let sources = table::sources(samples);
    for (sample, source) in samples.iter().zip(sources) {
        let is_alone = samples.len() == 1;
        tables.push(table::propose(sample, source, known, &names, &mut ids, is_alone));
    }
    withdraw_repeats(&mut tables);
    propose_attributes(&mut tables, samples);
    for (table, sample) in tables.iter_mut().zip(samples) {
        table.unused = table::unused(table, sample, known, &names);
    }
    let unfed = unfed(&tables, schema);
    let currencies = currencies(&tables, samples);
    Proposal { tables, currencies, unfed }
}

/// The currencies that the columns in force name, in upper case.
fn currencies(tables: &[TableProposal], samples: &[TableSample]) -> Vec<String> {
    let mut found = Vec::new();
    for (table, sample) in tables.iter().zip(samples) {
        let is_named = |column: &&ColumnSample| {
            let names = |other: &ColumnProposal| {
                let is_currency = other.path == Field::Currency.path() && other.certainty.is_in_force();
                is_currency && other.header == column.header
            };
            table.columns.iter().any(names)
        };
        for cell in sample.columns.iter().filter(is_named).flat_map(table::filled) {
            let currency = cell.to_uppercase();
            if !found.contains(&currency) {
                found.push(currency);
            }
        }
    }
    found
}

/// Leaves each path to the first table that feeds it.
fn withdraw_repeats(tables: &mut [TableProposal]) {
    let mut fed: HashMap<String, String> = HashMap::new();
    for table in tables {
        let columns = table.columns.iter_mut().map(|column| (&column.path, &mut column.certainty));
        let aggregates = table.aggregates.iter_mut().map(|other| (&other.aggregate.path, &mut other.certainty));
        for (path, certainty) in columns.chain(aggregates) {
            if path == Field::Id.path() || !certainty.is_in_force() {
                continue;
            }
            match fed.get(path) {
                Some(earlier) => *certainty = Certainty::Doubtful(format!("{earlier} feeds {path} already")),
                None => _ = fed.insert(path.clone(), table.source.name.clone()),
            }
        }
    }
}

/// Columns that accounts are grouped by wherever they stand: their names say it, and no model reads them.
const ATTRIBUTES: [&str; 5] = ["region", "industry", "country", "territory", "vertical"];

/// Proposes the columns of text to group accounts by. A path is fed by the first table that has it; where there are several rows
/// for an id, they are about something else.
fn propose_attributes(tables: &mut [TableProposal], samples: &[TableSample]) {
    let mut fed: HashSet<&str> = HashSet::new();
    for (table, sample) in tables.iter_mut().zip(samples).filter(|(table, _)| table.rows != RowsAre::Events) {
        for column in sample.columns.iter().filter(|column| column.filled > 0) {
            let path = ATTRIBUTES.into_iter().find(|path| same_header(path, &column.header));
            let is_read = table.columns.iter().any(|other| same_header(&other.header, &column.header));
            if let Some(path) = path.filter(|_| !is_read).filter(|path| fed.insert(path)) {
                table.attributes.push((column.header.clone(), path.to_owned()));
            }
        }
    }
}

fn unfed(tables: &[TableProposal], schema: &Schema) -> Vec<UnfedMetric> {
    let columns = tables.iter().flat_map(|table| &table.columns);
    let columns = columns.map(|column| (&column.path, &column.certainty));
    let aggregates = tables.iter().flat_map(|table| &table.aggregates);
    let aggregates = aggregates.map(|proposal| (&proposal.aggregate.path, &proposal.certainty));
    let fed: HashSet<&String> =
        columns.chain(aggregates).filter(|(_, certainty)| certainty.is_in_force()).map(|(path, _)| path).collect();
    let left = target::read(schema).filter(|metric| !fed.contains(&metric.path));
    left.map(|metric| UnfedMetric { path: metric.path.clone(), label: metric.label.clone(), unit: metric.unit.clone() })
        .collect()
}
