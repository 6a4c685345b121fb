//! What commands take that show a portfolio account by account.

use clap::{Args, ValueEnum};

use super::{Format, InputArgs, OutputArgs, ThreadArgs, parse};
use crate::analysis::{FailOn, Order, PortfolioFigure};

/// What all commands take that show a portfolio account by account.
#[derive(Debug, Args)]
pub struct SurveyArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub population: PopulationArgs,
    #[command(flatten)]
    pub rows: RowArgs,
    /// How results are written [default: by the ending of the file that -o names, else text]
    #[arg(long, value_name = "FORMAT", value_parser = Format::parser(Format::SURVEYS), help_heading = "Output")]
    pub format: Option<Format>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub gate: GateArgs,
    #[command(flatten)]
    pub threads: ThreadArgs,
}

/// Which accounts the totals and gates are about.
#[derive(Debug, Args)]
pub struct PopulationArgs {
    /// Only accounts of these segments
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Population (totals and gates follow)")]
    pub segment: Vec<String>,

    /// Only these accounts, a card each
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Population (totals and gates follow)")]
    pub customer: Vec<String>,

    /// Only accounts with at least this ARR
    #[arg(long, value_name = "AMOUNT", value_parser = parse::amount, allow_negative_numbers = true, help_heading = "Population (totals and gates follow)")]
    pub min_arr: Option<f64>,
}

/// Which rows, in which order.
#[derive(Debug, Args)]
pub struct RowArgs {
    /// Show at most this many accounts, or `all` [default: 20 as text and Markdown, all as JSON and HTML]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,

    /// Order the accounts by this; ndjson is in input order only
    #[arg(long, value_name = "KEY", help_heading = "Rows")]
    pub sort: Option<Sort>,

    /// A card per account; in JSON, every contribution to its score
    #[arg(long, help_heading = "Rows")]
    pub detail: bool,
}

/// When a run fails.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Exit with 1 where this holds: `red`, `red>15%`, `green<60%`, `critical`, `average<60`, `coverage<80%`,
    /// `not-scored>10%`, `arr-at-risk>10%`, `plays<5`, `revenue<100000`; may be given more than once
    #[arg(long, value_name = "CONDITION", help_heading = "Gate")]
    pub fail_on: Vec<FailOn<PortfolioFigure>>,
}

/// What accounts are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// By attention, then the highest ARR first
    Attention,
    /// The lowest health first
    Health,
    /// The highest churn risk first
    Risk,
    /// The highest expansion revenue first
    Revenue,
    /// The highest ARR first
    Arr,
    /// The renewal that is decided first
    Renewal,
    /// By name
    Name,
    /// As they stand in the portfolio
    Input,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Attention => Self::Attention,
            Sort::Health => Self::Health,
            Sort::Risk => Self::RiskAndArr,
            Sort::Revenue => Self::Expansion,
            Sort::Arr => Self::Arr,
            Sort::Renewal => Self::Renewal,
            Sort::Name => Self::Name,
            Sort::Input => Self::Input,
        }
    }
}

/// How many accounts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Top {
    /// All of them.
    All,
    /// At most this many.
    First(usize),
}

impl std::str::FromStr for Top {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        text.parse().map(Self::First).map_err(|_| "expected a whole number or `all`".to_owned())
    }
}

impl Top {
    /// The number of accounts; `None` for all.
    pub fn limit(self) -> Option<usize> {
        match self {
            Self::All => None,
            Self::First(count) => Some(count),
        }
    }
}
