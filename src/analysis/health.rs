//! Health: how well an account is doing, by segment, with trends.

use super::Model;
use crate::account::Account;
use crate::engine::{Scorecard, Slot};

/// The band of a health score, from the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Doing well.
    Green,
    /// To be watched.
    Yellow,
    /// In trouble.
    Red,
}

impl Band {
    /// All bands, from the best.
    pub const ALL: [Self; 3] = [Self::Green, Self::Yellow, Self::Red];

    /// The name in input, model and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }

    /// The band at a position of a health plan's bands.
    pub fn at(position: usize) -> Self {
        Self::ALL.get(position).copied().unwrap_or(Self::Red)
    }

    /// The next better band; `None` for green.
    pub fn better(self) -> Option<Self> {
        match self {
            Self::Green => None,
            Self::Yellow => Some(Self::Green),
            Self::Red => Some(Self::Yellow),
        }
    }
}

/// Where a score is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Trend {
    /// More than the threshold above the last period.
    Improving,
    /// Within the threshold, both ends included.
    Stable,
    /// More than the threshold below the last period.
    Declining,
    /// There is no last period.
    #[default]
    NoData,
}

impl Trend {
    /// The trend from the figure of the last period to that of now: a change of more than `threshold` counts.
    pub fn between(previous: Option<f64>, now: f64, threshold: f64) -> Self {
        match previous.map(|previous| now - previous) {
            None => Self::NoData,
            Some(change) if change > threshold => Self::Improving,
            Some(change) if change < -threshold => Self::Declining,
            Some(_) => Self::Stable,
        }
    }

    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Improving => "improving",
            Self::Stable => "stable",
            Self::Declining => "declining",
            Self::NoData => "no_data",
        }
    }
}

/// The health model: a score from 0 to 100 per dimension and overall, higher is better.
#[derive(Debug, Clone, PartialEq)]
pub struct HealthModel {
    /// The dimensions and their signals; each plan has the three bands of its segment.
    pub model: Model,
    /// How far a score must move to count as moving, in points.
    pub trend_threshold: f64,
    /// The score of the last period of each dimension, in order; `None` where the model names none.
    pub previous: Vec<Option<Slot>>,
    /// The overall score of the last period.
    pub previous_overall: Option<Slot>,
}

/// The health of one account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Health {
    /// Scores, advice and coverage.
    pub card: Scorecard,
    /// The trend of each dimension, in order.
    pub trends: Vec<Trend>,
    /// The trend of the overall score.
    pub trend: Trend,
    /// The trend that attention goes by: that of the overall score or, where its last figure is absent, against the
    /// weighted last figures of the dimensions, if all are there.
    pub attention_trend: Trend,
}

impl Health {
    /// The band of the overall score.
    pub fn band(&self) -> Band {
        Band::at(self.card.band)
    }
}

impl HealthModel {
    /// Scores an account into `health`.
    pub fn evaluate(&self, account: &Account, health: &mut Health) {
        self.model.evaluate(account, &mut health.card);
        let previous = |slot: Option<Slot>| slot.and_then(|slot| account.row.get(slot).number());
        let trend = |before, now| Trend::between(before, now, self.trend_threshold);
        health.trends.clear();
        let dimensions = health.card.groups.iter().zip(&self.previous);
        health.trends.extend(dimensions.map(|(group, slot)| trend(previous(*slot), group.score)));
        let last = previous(self.previous_overall);
        health.trend = trend(last, health.card.score);
        health.attention_trend = match last {
            Some(_) => health.trend,
            None => trend(self.weighted_previous(account), health.card.score),
        };
    }

    /// The overall score of the last period as the dimensions' last figures give it; `None` unless all are there.
    fn weighted_previous(&self, account: &Account) -> Option<f64> {
        let mut sum = 0.0;
        for (group, slot) in self.model.groups().iter().zip(&self.previous) {
            sum += account.row.get((*slot)?).number()? * group.weight;
        }
        Some(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_needs_more_than_the_threshold() {
        for (previous, now, trend) in [
            (Some(60.0), 65.0, Trend::Stable),
            (Some(60.0), 65.1, Trend::Improving),
            (Some(60.0), 55.0, Trend::Stable),
            (Some(60.0), 54.9, Trend::Declining),
            (None, 60.0, Trend::NoData),
        ] {
            assert_eq!(Trend::between(previous, now, 5.0), trend, "{previous:?} → {now}");
        }
    }
}
