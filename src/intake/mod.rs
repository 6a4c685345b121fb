//! Files and pipes → accounts, with problems located by record, line and field.
//!
//! A [`Needs`] says what a command reads; with the schema it becomes a tree of dotted paths, and a reader
//! writes what stands at those paths straight into one reused [`Account`](crate::account::Account). All else
//! is skipped without building anything of it. What is wrong with the content is a [`Problem`], collected in
//! [`Problems`] and never an `Err`: a [`ReadError`] is only that bytes could not be read or written.
//!
//! What is about records, fields, values and problems is the same for every format; [`read_json`] is the
//! reader of JSON.

mod date;
mod draft;
mod fault;
mod fields;
mod json;
mod ledger;
mod problem;
mod text;
mod value;

use std::io;

use chrono::NaiveDate;

use crate::account::{Schema, Segments};
use crate::engine::Slot;

pub use json::read_json;
pub use text::is_hidden;

pub use problem::{Excerpt, MAX_ERRORS, MAX_WARNINGS, Problem, Problems, Severity};

/// What a command reads, beyond identity, dates, ARR, currency, segment, lifecycle and owner, which are always read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// The metrics. Those that are derived are computed from the dates; a slot that the schema lacks is ignored.
    pub slots: Vec<Slot>,
    /// Whether seats, plan, modules and departments are read.
    pub footprint: bool,
}

/// How a portfolio is read.
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
    /// The file's name in messages; `-` is shown as `<stdin>`.
    pub name: &'a str,
}

/// What came of reading a portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// How many records there were.
    pub records: u64,
    /// How many of them had an error and were left out.
    pub invalid: u64,
    /// The currency of the portfolio, in upper case; `None` where neither the file nor an account names one.
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
