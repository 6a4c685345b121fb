//! What some bounds gain over others, and how sure that is.

use super::grounds::Grounds;
use super::tenths::Cuts;
use super::{Gain, Rule};
use crate::evidence::{Row, bootstrap};
use crate::workers::Threads;

/// How often the holdout is drawn again for the interval of a gain.
const RESAMPLES: u32 = 2000;

/// What weighted rows of the holdout come to by one pair of bounds.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    all: f64,
    churned: f64,
    flagged: f64,
    caught: f64,
}

impl Counts {
    fn add(&mut self, weight: f64, churned: bool, flagged: bool) {
        self.all += weight;
        if churned {
            self.churned += weight;
        }
        if flagged {
            self.flagged += weight;
        }
        if churned && flagged {
            self.caught += weight;
        }
    }

    /// The net benefit per row where one that leaves is worth so many false alarms: TP/N − FP/N · p/(1−p).
    fn net_benefit(self, odds: f64) -> f64 {
        (self.caught - (self.flagged - self.caught) * odds) / self.all
    }

    /// How many of those who left are among so many accounts: those that are flagged, at random where these are too many, and others at random
    /// where they are too few.
    fn caught_by(self, capacity: f64) -> f64 {
        if self.flagged > capacity {
            return self.caught * capacity / self.flagged;
        }
        let rest = self.all - self.flagged;
        let filled = (capacity - self.flagged).min(rest);
        if rest > 0.0 { self.caught + filled * (self.churned - self.caught) / rest } else { self.caught }
    }
}

/// What the second bounds gain over the first on the holdout. By cost: what is saved per account. By capacity: the share of those who left
/// that the same work catches more. By recall: the net benefit where leaving is worth as many false alarms as there are accounts that
/// stay for each that leaves, which is what is caught beyond as many alarms at random, per account.
pub(super) fn gain(
    grounds: &Grounds<'_>,
    rule: Rule,
    capacity: Option<u64>,
    cuts: [Cuts; 2],
    threads: Threads,
) -> Gain {
    let mut customers: Vec<_> = grounds.holdout.iter().map(|row| row.customer).collect();
    customers.sort_unstable();
    customers.dedup();
    let cluster = |row: &Row| customers.binary_search(&row.customer).unwrap_or_default();
    let dates = {
        let mut dates: Vec<usize> = grounds.holdout.iter().map(|row| row.evaluation).collect();
        dates.dedup();
        dates
    };
    let flagged = |row: &Row, cuts: Cuts| match rule {
        Rule::Capacity(_) => grounds.risk(row) >= cuts.grave,
        Rule::Recall { .. } | Rule::Cost { .. } => grounds.risk(row) >= cuts.alarm,
    };
    let rows: Vec<(usize, usize, bool, [bool; 2])> = grounds
        .holdout
        .iter()
        .map(|row| {
            let date = dates.iter().position(|date| *date == row.evaluation).unwrap_or_default();
            (cluster(row), date, row.churned, cuts.map(|cuts| flagged(row, cuts)))
        })
        .collect();
    let base = {
        let churned = grounds.fit.iter().filter(|row| row.churned).count() as f64;
        churned / (grounds.fit.len() as f64 - churned)
    };
    let statistic = |weight: &dyn Fn(usize) -> f64| {
        let mut counts = vec![[Counts::default(); 2]; dates.len()];
        for (cluster, date, churned, flagged) in &rows {
            for (counts, flagged) in counts[*date].iter_mut().zip(flagged) {
                counts.add(weight(*cluster), *churned, *flagged);
            }
        }
        let mut all = [Counts::default(); 2];
        for (sum, side) in all.iter_mut().zip(0..) {
            let side: usize = side;
            for date in &counts {
                sum.all += date[side].all;
                sum.churned += date[side].churned;
                sum.flagged += date[side].flagged;
                sum.caught += date[side].caught;
            }
        }
        let [before, after] = all;
        if before.all <= 0.0 || before.churned <= 0.0 {
            return None;
        }
        Some(match rule {
            Rule::Recall { .. } => after.net_benefit(base) - before.net_benefit(base),
            Rule::Cost { false_alarm, missed } => {
                let cost = |counts: Counts| {
                    (counts.flagged - counts.caught) * false_alarm + (counts.churned - counts.caught) * missed
                };
                (cost(before) - cost(after)) / before.all
            }
            Rule::Capacity(_) => {
                let capacity = capacity.unwrap_or_default() as f64;
                let more: f64 =
                    counts.iter().map(|[before, after]| after.caught_by(capacity) - before.caught_by(capacity)).sum();
                more / before.churned
            }
        })
    };
    let value = statistic(&|_| 1.0).unwrap_or_default();
    let interval =
        bootstrap(customers.len(), RESAMPLES, threads, |weights| statistic(&|cluster| f64::from(weights[cluster])));
    Gain { value, interval: interval.map(|resampled| resampled.interval) }
}
