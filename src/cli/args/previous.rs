//! The portfolio of the last period, or what was said of it.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::parse;

/// The portfolio of the last period, or what was said of it.
#[derive(Debug, Args)]
pub struct PreviousArgs {
    /// The portfolio of the last period, which is scored by the same model, or what `csm health --format json` or ndjson said of it: its
    /// scores stand in the place of `previous_period`, and accounts that it lacks have none
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub previous: Option<PathBuf>,

    /// The date of that portfolio, as YYYY-MM-DD [default: the date in its name, else its `snapshot_date`, else that of --as-of]
    #[arg(long, value_name = "DATE", value_parser = parse::date, requires = "previous", help_heading = "Input")]
    pub previous_as_of: Option<NaiveDate>,
}
