//! Two portfolios, or one under two models.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{Format, FormatArgs, ModelArgs, OutputArgs, PopulationArgs, ThreadArgs, Top, parse};
use crate::evidence::difference::MoverOrder;

/// The arguments of `csm diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The portfolio of before, in any format that is read
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The portfolio of now; accounts are matched by their ids
    #[arg(value_name = "NEW")]
    pub new: PathBuf,

    /// The date of NEW, as YYYY-MM-DD [default: the date in its name, else its `snapshot_date`, else the local date]
    #[arg(long, value_name = "DATE", value_parser = parse::date, help_heading = "Input")]
    pub as_of: Option<NaiveDate>,

    /// The date of OLD, as YYYY-MM-DD [default: the date in its name, else its `snapshot_date`, else the local date]
    #[arg(long, value_name = "DATE", value_parser = parse::date, help_heading = "Input")]
    pub old_as_of: Option<NaiveDate>,

    #[command(flatten)]
    pub model: ModelArgs,

    /// The folder of the model that OLD was scored by; with one file as both OLD and NEW, all that changes is the model's doing
    /// [default: the model of NEW]
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub old_config: Option<PathBuf>,

    /// The mapping of columns to metrics [default: mapping.toml where the model files are found]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub mapping: Option<PathBuf>,

    #[command(flatten)]
    pub read_as: FormatArgs,

    /// Score the valid records although others have errors; how many were left out is said
    #[arg(long, help_heading = "Input")]
    pub skip_invalid: bool,

    #[command(flatten)]
    pub population: PopulationArgs,

    /// Show at most this many accounts in each list, or `all` [default: 10 as text and Markdown, all as JSON, CSV and HTML]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,

    /// Order the accounts by this [default: those that fell most, and as text, Markdown and HTML those that rose most beside them]
    #[arg(long, value_name = "KEY", help_heading = "Rows")]
    pub sort: Option<MoverSort>,

    /// A card per account, with every part of what moved its scores
    #[arg(long, help_heading = "Rows")]
    pub detail: bool,

    /// How results are written [default: by the ending of the file that -o names, else text]
    #[arg(long, value_name = "FORMAT", value_parser = Format::parser(Format::DIFFERENCES), help_heading = "Output")]
    pub format: Option<Format>,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub threads: ThreadArgs,
}

/// What accounts that moved are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MoverSort {
    /// The greatest fall of health × ARR first
    Fall,
    /// The greatest rise of health × ARR first
    Rise,
    /// The highest ARR first
    Arr,
    /// The greatest rise of churn risk × ARR first
    Risk,
    /// By name
    Name,
    /// As they stand in NEW
    Input,
}

impl From<MoverSort> for MoverOrder {
    fn from(sort: MoverSort) -> Self {
        match sort {
            MoverSort::Fall => Self::Fall,
            MoverSort::Rise => Self::Rise,
            MoverSort::Arr => Self::Arr,
            MoverSort::Risk => Self::Risk,
            MoverSort::Name => Self::Name,
            MoverSort::Input => Self::Input,
        }
    }
}
