//! The charts of a backtest.

use super::Backtested;
use crate::report::chart::Chart;

/// Gains, churn by band and what each metric says.
pub(super) fn charts(_subject: Backtested<'_>) -> Vec<Chart> {
    Vec::new()
}
