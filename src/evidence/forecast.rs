//! Churn rates by band as a forecast.

use super::{Rate, Row, Sample, brier, skill};

/// From so many of each on, a calibration curve says something (Van Calster et al. 2016, doi 10.1016/j.jclinepi.2015.12.005).
pub const ENOUGH_FOR_CURVE: u64 = 200;
/// A calibration curve has so many groups of equal size.
const CURVE_GROUPS: usize = 10;

/// The churn rate of a band as a forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The mean squared distance of forecast and outcome.
    pub brier: f64,
    /// 1 − Brier ÷ (base rate × (1 − base rate)): 0 for a forecast that knows the base rate alone; `None` where all or none left.
    pub skill: Option<f64>,
    /// Whether the rates were taken from the earlier dates and judged on the last; else they are judged on what they were taken from.
    pub is_out_of_time: bool,
    /// Groups of equal size by score, the worst first, each with its span of scores and how many left; empty where there are too few.
    pub curve: Vec<Calibrated>,
}

/// A group of rows with like scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibrated {
    /// The worst score.
    pub from: f64,
    /// The best.
    pub to: f64,
    /// How many left.
    pub rate: Rate,
}

impl Forecast {
    /// The rates of the earlier dates held against the last one; with one date, its own. `None` without rows.
    pub(super) fn of(sample: &Sample) -> Option<Self> {
        let last = sample.evaluations.len().checked_sub(1)?;
        let on = sample.on;
        let is_out_of_time = last > 0;
        let taken = |row: &&Row| !is_out_of_time || row.evaluation < last;
        let judged = |row: &&Row| !is_out_of_time || row.evaluation == last;
        let mut rates = vec![Rate::default(); on.bands()];
        let mut all = Rate::default();
        for row in sample.rows.iter().filter(taken) {
            rates[on.gravity(row.score)].count(row.churned);
            all.count(row.churned);
        }
        let base = all.share()?;
        let pairs: Vec<(f64, bool)> = sample
            .rows
            .iter()
            .filter(judged)
            .map(|row| (rates[on.gravity(row.score)].share().unwrap_or(base), row.churned))
            .collect();
        let brier = brier(&pairs)?;
        Some(Self { brier, skill: skill(&pairs), is_out_of_time, curve: curve(sample) })
    }
}

fn curve(sample: &Sample) -> Vec<Calibrated> {
    let churned = sample.churned();
    if churned < ENOUGH_FOR_CURVE || sample.rows.len() as u64 - churned < ENOUGH_FOR_CURVE {
        return Vec::new();
    }
    let mut rows: Vec<(f64, bool)> = sample.rows.iter().map(|row| (row.score.value, row.churned)).collect();
    let risk = |score: f64| sample.on.risk(score);
    rows.sort_unstable_by(|a, b| risk(b.0).total_cmp(&risk(a.0)).then(b.1.cmp(&a.1)));
    let mut groups: Vec<Calibrated> = Vec::new();
    let mut begin = 0;
    for group in 1..=CURVE_GROUPS {
        let mut end = (rows.len() * group / CURVE_GROUPS).max(begin);
        // Equal scores stay together.
        while end > begin && end < rows.len() && rows[end].0 == rows[end - 1].0 {
            end += 1;
        }
        let of_group = &rows[begin..end];
        if let (Some(first), Some(last)) = (of_group.first(), of_group.last()) {
            let rate = Rate::of(of_group.iter().map(|(_, churned)| *churned));
            groups.push(Calibrated { from: first.0, to: last.0, rate });
        }
        begin = end;
    }
    groups
}
