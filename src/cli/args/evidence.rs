//! What commands take that hold scores against what happened.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{Format, HistoryArgs, TargetArgs, Top};
use crate::analysis::FailOn;
use crate::config::mapping::DateFormat;
use crate::evidence::{BacktestFigure, HORIZON_DAYS, On};

/// What is known of customers beside what became of them.
#[derive(Debug, Args)]
pub struct ObservedArgs {
    /// How the files of this section write dates that are not like 2026-12-31: such as DD.MM.YYYY, M/D/YYYY or D MMM YYYY
    #[arg(long, value_name = "FORMAT", value_parser = DateFormat::new, requires = "outcomes", help_heading = "Outcomes")]
    pub date_format: Option<DateFormat>,

    /// The days after an evaluation date within which leaving counts
    #[arg(long, value_name = "DAYS", default_value_t = HORIZON_DAYS, value_parser = clap::value_parser!(u32).range(1..=3650), help_heading = "Outcomes")]
    pub horizon: u32,

    /// The day up to which the outcomes are complete: who has not left by then was a customer [default: that of the last snapshot]
    #[arg(long, value_name = "DATE", value_parser = super::parse::date, help_heading = "Outcomes")]
    pub observed_until: Option<NaiveDate>,
}

/// The arguments of `csm backtest`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("fates").required(true).args(["outcomes", "outcome_column"]))]
pub struct BacktestArgs {
    #[command(flatten)]
    pub history: HistoryArgs,
    /// Who left and who renewed, a row each: `customer_id`, `outcome` (churned or renewed, or a column `churned` or `renewed` with yes or no) and
    /// `date`; more columns do no harm
    #[arg(long, value_name = "FILE", help_heading = "Outcomes")]
    pub outcomes: Option<PathBuf>,
    /// What the team did for whom, a row each: `customer_id`, `date`, `play`, `owner`, `status` and `outcome`
    #[arg(long, value_name = "FILE", requires = "outcomes", help_heading = "Outcomes")]
    pub interventions: Option<PathBuf>,
    #[command(flatten)]
    pub observed: ObservedArgs,
    /// In place of a history and outcomes: the column of a single table, a row per account, that says who left (yes or no, or the
    /// words of an outcome)
    #[arg(long, value_name = "COLUMN", help_heading = "Outcomes")]
    pub outcome_column: Option<String>,
    /// The score that is held against what happened
    #[arg(long, value_name = "SCORE", default_value = "health", help_heading = "Content")]
    pub on: ScoreName,
    /// Show at most this many accounts in each list, or `all` [default: 20, all as JSON]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,
    /// How results are written [default: by the ending of the file that -o names, else text]
    #[arg(long, value_name = "FORMAT", value_parser = Format::parser(Format::EXPLANATIONS), help_heading = "Output")]
    pub format: Option<Format>,
    #[command(flatten)]
    pub target: TargetArgs,
    /// Exit with 1 where this holds: `auc<0.7`, `average-precision<0.2`, `lift<2`, `caught-30<80%`, `caught-60<60%`, `caught-90<40%`,
    /// `false-greens>25%`, `skill<0`, `brier>0.1`; may be given more than once
    #[arg(long, value_name = "CONDITION", help_heading = "Gate")]
    pub fail_on: Vec<FailOn<BacktestFigure>>,
}

/// The arguments of `csm calibrate`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("rule").required(true).args(["recall", "capacity", "cost_fp"]))]
pub struct CalibrateArgs {
    #[command(flatten)]
    pub history: HistoryArgs,
    /// Who left and who renewed, a row each: `customer_id`, `outcome` (churned or renewed, or a column `churned` or `renewed` with yes or no) and
    /// `date`; more columns do no harm
    #[arg(long, value_name = "FILE", help_heading = "Outcomes")]
    pub outcomes: PathBuf,
    #[command(flatten)]
    pub observed: ObservedArgs,
    /// At least this share of those who leave, such as 0.8 or 80%, are below green 60 days before, or of medium risk at least: sets where
    /// green and medium risk begin
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Rule")]
    pub recall: Option<f64>,
    /// At least this share of them are red by then, or of high risk at least: sets where yellow and high risk begin
    #[arg(long, value_name = "SHARE", value_parser = share, requires = "recall", help_heading = "Rule")]
    pub recall_red: Option<f64>,
    /// At most so many accounts are red on any day, or of high risk at least: sets where yellow and high risk begin
    #[arg(long, value_name = "ACCOUNTS", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000), help_heading = "Rule")]
    pub capacity: Option<u64>,
    /// What an alarm on an account that stays costs, in any unit: with --cost-fn sets where green and medium risk begin
    #[arg(long, value_name = "COST", value_parser = cost, requires = "cost_fn", help_heading = "Rule")]
    pub cost_fp: Option<f64>,
    /// What a customer costs that leaves without an alarm, in the same unit
    #[arg(long, value_name = "COST", value_parser = cost, requires = "cost_fp", help_heading = "Rule")]
    pub cost_fn: Option<f64>,
    /// Only the bounds of this score: the bands of health or the tiers of churn [default: both]
    #[arg(long, value_name = "SCORE", help_heading = "Content")]
    pub on: Option<ScoreName>,
    /// Write the proposed bounds into segments.toml and churn.toml of the model in use, and nothing else into them
    #[arg(long, help_heading = "Output")]
    pub write: bool,
    /// How results are written [default: by the ending of the file that -o names, else text]
    #[arg(long, value_name = "FORMAT", value_parser = Format::parser(Format::EXPLANATIONS), help_heading = "Output")]
    pub format: Option<Format>,
    #[command(flatten)]
    pub target: TargetArgs,
}

/// A score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScoreName {
    /// Health and its bands, where less is worse
    Health,
    /// Churn risk and its tiers, where more is worse
    Churn,
}

impl From<ScoreName> for On {
    fn from(name: ScoreName) -> Self {
        match name {
            ScoreName::Health => Self::Health,
            ScoreName::Churn => Self::Churn,
        }
    }
}

/// A share above 0 up to 1, as a number or as a percentage.
fn share(text: &str) -> Result<f64, String> {
    let number = match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.trim().parse(),
    };
    let share = number.ok().filter(|share: &f64| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| "expected a share above 0 up to 1, such as 0.8 or 80%".to_owned())
}

fn cost(text: &str) -> Result<f64, String> {
    let cost = text.trim().parse().ok().filter(|cost: &f64| *cost > 0.0 && *cost <= 1e12);
    cost.ok_or_else(|| "expected a number above 0, up to a million millions".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_above_0_up_to_1() {
        for (text, expected) in [("0.8", Some(0.8)), ("80%", Some(0.8)), ("1", Some(1.0)), ("100 %", Some(1.0))] {
            assert_eq!(share(text).ok(), expected, "{text}");
        }
        for text in ["0", "80", "1.01", "101%", "-0.1", "nan", ""] {
            assert!(share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn costs_are_above_0_and_finite() {
        for (text, expected) in [("0.5", Some(0.5)), (" 12 ", Some(12.0)), ("1e12", Some(1e12))] {
            assert_eq!(cost(text).ok(), expected, "{text}");
        }
        for text in ["0", "-1", "1.1e12", "inf", "nan", "12 EUR", ""] {
            assert!(cost(text).is_err(), "{text}");
        }
    }
}
