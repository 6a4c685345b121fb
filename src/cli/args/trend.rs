//! What `csm trend` takes.

use clap::{Args, ValueEnum};

use super::evidence::ScoreName;
use super::{Format, HistoryArgs, OutputArgs, PopulationArgs, Top};
use crate::evidence::PERIODS;

/// The arguments of `csm trend`.
#[derive(Debug, Args)]
pub struct TrendArgs {
    #[command(flatten)]
    pub history: HistoryArgs,
    #[command(flatten)]
    pub population: PopulationArgs,
    /// Which score is followed
    #[arg(long, value_name = "SCORE", default_value = "health", help_heading = "Content")]
    pub on: ScoreName,
    /// Over how many of the last readings the slope is taken, and a confirmed fall counts as recent
    #[arg(long, value_name = "N", default_value_t = PERIODS, value_parser = periods, help_heading = "Content")]
    pub periods: usize,
    /// Show at most this many accounts, or `all` [default: 20 as text and Markdown, all as JSON, CSV and HTML]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,
    /// Order the accounts by this
    #[arg(long, value_name = "KEY", default_value = "fall", help_heading = "Rows")]
    pub sort: TrendSort,
    /// How results are written [default: by the ending of the file that -o names, else text]
    #[arg(long, value_name = "FORMAT", value_parser = Format::parser(Format::TRENDS), help_heading = "Output")]
    pub format: Option<Format>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The fewest and the most readings of a slope.
fn periods(text: &str) -> Result<usize, String> {
    let periods = text.parse().ok().filter(|periods| (2..=1000).contains(periods));
    periods.ok_or_else(|| "expected a whole number from 2 to 1000".to_owned())
}

/// What the accounts of a history are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TrendSort {
    /// Confirmed falls first, the deepest at the top, then dips, then the rest by slope
    Fall,
    /// The worst score first, accounts that are gone last
    Health,
    /// The highest ARR first
    Arr,
    /// By name
    Name,
    /// In the order in which they came
    Input,
}
