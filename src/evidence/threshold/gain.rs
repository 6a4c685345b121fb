//! What some bounds gain over others, and how sure that is.

use super::grounds::Grounds;
use super::tenths::Tenths;
use super::{Gain, Rule};
use crate::evidence::bootstrap;
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

    fn sum(all: impl Iterator<Item = Self>) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            all: sum.all + one.all,
            churned: sum.churned + one.churned,
            flagged: sum.flagged + one.flagged,
            caught: sum.caught + one.caught,
        })
    }

    /// What false alarms and missed customers cost.
    fn cost(self, false_alarm: f64, missed: f64) -> f64 {
        (self.flagged - self.caught) * false_alarm + (self.churned - self.caught) * missed
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

/// The accounts that gains are judged on.
pub(super) struct Holdout {
    rows: Vec<Judged>,
    customers: usize,
    dates: usize,
    /// On the earlier part, those that left for each that stayed.
    odds: f64,
}

/// An account on a date.
struct Judged {
    /// Its customer, by the position among those of the holdout.
    customer: usize,
    /// Its date, by the position among those of the holdout.
    date: usize,
    risk: Tenths,
    churned: bool,
}

impl Holdout {
    pub(super) fn of(grounds: &Grounds<'_>) -> Self {
        let mut customers: Vec<_> = grounds.holdout.iter().map(|row| row.customer).collect();
        customers.sort_unstable();
        customers.dedup();
        let mut dates: Vec<usize> = grounds.holdout.iter().map(|row| row.evaluation).collect();
        dates.sort_unstable();
        dates.dedup();
        let judged = grounds.holdout.iter().map(|row| Judged {
            customer: customers.partition_point(|customer| *customer < row.customer),
            date: dates.partition_point(|date| *date < row.evaluation),
            risk: grounds.risk(row),
            churned: row.churned,
        });
        let churned = grounds.fit.iter().filter(|row| row.churned).count() as f64;
        Self {
            rows: judged.collect(),
            customers: customers.len(),
            dates: dates.len(),
            odds: churned / (grounds.fit.len() as f64 - churned),
        }
    }

    /// What the second bound gains over the first. By cost: what is saved per account. By capacity: the share of those who left that the
    /// same work catches more. By recall: the net benefit where leaving is worth as many false alarms as there are accounts that stay for
    /// each that leaves, which is what is caught beyond as many alarms at random, per account.
    pub(super) fn gain(&self, rule: Rule, capacity: Option<u64>, cuts: [Tenths; 2], threads: Threads) -> Gain {
        let gain = |weight: &dyn Fn(usize) -> f64| {
            let by_date = self.counts(cuts, weight);
            let [before, after] = [0, 1].map(|side: usize| Counts::sum(by_date.iter().map(|sides| sides[side])));
            if before.all <= 0.0 || before.churned <= 0.0 {
                return None;
            }
            Some(match rule {
                Rule::Recall { .. } => after.net_benefit(self.odds) - before.net_benefit(self.odds),
                Rule::Cost { false_alarm, missed } => {
                    (before.cost(false_alarm, missed) - after.cost(false_alarm, missed)) / before.all
                }
                Rule::Capacity(_) => {
                    let capacity = capacity.unwrap_or_default() as f64;
                    let more =
                        by_date.iter().map(|[before, after]| after.caught_by(capacity) - before.caught_by(capacity));
                    more.sum::<f64>() / before.churned
                }
            })
        };
        let value = gain(&|_| 1.0).unwrap_or_default();
        let again =
            bootstrap(self.customers, RESAMPLES, threads, |weights| gain(&|customer| f64::from(weights[customer])));
        Gain { value, interval: again.map(|resampled| resampled.interval) }
    }

    /// What weighted customers come to on each date by either bound.
    fn counts(&self, cuts: [Tenths; 2], weight: &dyn Fn(usize) -> f64) -> Vec<[Counts; 2]> {
        let mut by_date = vec![[Counts::default(); 2]; self.dates];
        for Judged { customer, date, risk, churned } in &self.rows {
            for (counts, cut) in by_date[*date].iter_mut().zip(cuts) {
                counts.add(weight(*customer), *churned, *risk >= cut);
            }
        }
        by_date
    }
}
