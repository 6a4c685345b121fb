//! What is read: files, how they are joined, the model, the date.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::{ThreadArgs, parse};
use crate::intake;

/// Which portfolio, with which model, as of when, and what is done with records that have errors.
#[derive(Debug, Args)]
pub struct InputArgs {
    #[command(flatten)]
    pub sources: SourceArgs,
    #[command(flatten)]
    pub invalid: InvalidArgs,
}

/// Which portfolio, with which model, as of when.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// The portfolio: CSV, XLSX or JSON files, or - for standard input; several are joined by the customer's id
    #[arg(value_name = "PORTFOLIO", required = true, num_args = 1..)]
    pub portfolios: Vec<PathBuf>,

    /// The date that counts as today, as YYYY-MM-DD [default: the local date]
    #[arg(long, value_name = "DATE", value_parser = parse::date, help_heading = "Input")]
    pub as_of: Option<NaiveDate>,

    #[command(flatten)]
    pub model: ModelArgs,

    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// What is done with records that have errors.
#[derive(Debug, Clone, Default, Args)]
pub struct InvalidArgs {
    /// Score the valid records although others have errors; how many were left out is said
    #[arg(long, help_heading = "Input")]
    pub skip_invalid: bool,

    /// Keep the records that were left out in this file, to be mended and read again
    #[arg(long, value_name = "FILE", requires = "skip_invalid", help_heading = "Input")]
    pub rejects: Option<PathBuf>,
}

/// Which history, with which model, up to when.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// The history: a folder of exports with their day in their names, such as 2026-06-30.csv, or a file whose records have a
    /// `snapshot_date`
    #[arg(value_name = "HISTORY")]
    pub history: PathBuf,

    /// The date that counts as today, as YYYY-MM-DD; later snapshots are left out [default: the local date]
    #[arg(long, value_name = "DATE", value_parser = parse::date, help_heading = "Input")]
    pub as_of: Option<NaiveDate>,

    #[command(flatten)]
    pub model: ModelArgs,

    /// The mapping of columns to metrics [default: mapping.toml where the model files are found]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub mapping: Option<PathBuf>,

    #[command(flatten)]
    pub format: FormatArgs,

    /// Score the valid records although others have errors; how many were left out is said
    #[arg(long, help_heading = "Input")]
    pub skip_invalid: bool,

    #[command(flatten)]
    pub threads: ThreadArgs,
}

/// How files are read and joined.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    /// The mapping of columns to metrics [default: mapping.toml where the model files are found]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub mapping: Option<PathBuf>,

    /// Join by this field rather than by `customer_id`; every file must have it
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub key: Option<String>,

    /// Score also customers that the first file lacks
    #[arg(long, help_heading = "Input")]
    pub outer: bool,

    #[command(flatten)]
    pub format: FormatArgs,
}

/// What files are.
#[derive(Debug, Args)]
pub struct FormatArgs {
    /// What the files are, where their content does not tell: json, ndjson, csv, tsv or xlsx
    #[arg(long, value_name = "FORMAT", value_parser = parse::input_format, help_heading = "Input")]
    pub input_format: Option<intake::Format>,

    /// The encoding of text that is not UTF-8, such as windows-1252
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub encoding: Option<String>,

    /// The sheet of a workbook [default: the first one with data]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub sheet: Option<String>,

    /// The most that a compressed file may unpack to, such as 500M or 20G
    #[arg(long, value_name = "SIZE", value_parser = parse::size, default_value = "8G", help_heading = "Input")]
    pub max_unpacked: u64,
}

/// Which model.
#[derive(Debug, Args)]
pub struct ModelArgs {
    /// The folder of the model files, in place of ./config and the user's own [default: the environment's `CSM_CONFIG`]
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub config: Option<PathBuf>,
}
