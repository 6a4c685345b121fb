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
    /// There is no last period, or no score now.
    #[default]
    NoData,
}

impl Trend {
    /// The trend from the figure of the last period to that of now: a change of more than `threshold` counts.
    pub fn between(previous: Option<f64>, now: Option<f64>, threshold: f64) -> Self {
        match previous.zip(now).map(|(previous, now)| now - previous) {
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
    /// The overall score of the last period; `None` where the input has none.
    pub last: Option<LastScore>,
}

/// An overall score of the last period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LastScore {
    /// The score, as the input has it.
    pub score: f64,
    /// The band in which it would be by the bands of now.
    pub band: Band,
}

impl Health {
    /// The band of the overall score; `None` where it is not scored.
    pub fn band(&self) -> Option<Band> {
        self.card.band().map(Band::at)
    }
}

impl HealthModel {
    /// Scores an account into `health`, advice included.
    pub fn evaluate(&self, account: &Account, health: &mut Health) {
        self.score(account, health);
        self.model.apply_rules(account, &mut health.card);
    }

    /// Scores an account into `health`, with no advice: what sums and orders need.
    pub fn score(&self, account: &Account, health: &mut Health) {
        self.model.score(account, &mut health.card);
        let previous = |slot: Option<Slot>| slot.and_then(|slot| account.row.get(slot).number());
        let trend = |before, now| Trend::between(before, now, self.trend_threshold);
        health.trends.clear();
        let dimensions = health.card.groups.iter().zip(&self.previous);
        health.trends.extend(dimensions.map(|(group, slot)| trend(previous(*slot), group.map(|grade| grade.score))));
        let last = previous(self.previous_overall);
        health.trend = trend(last, health.card.score());
        let bands = self.model.plan(account.profile).bands();
        health.last = last.map(|score| LastScore { score, band: Band::at(bands.of(score)) });
        health.attention_trend = match last {
            Some(_) => health.trend,
            None => trend(self.weighted_previous(account), health.card.score()),
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
    use crate::analysis::{GroupName, SignalName};
    use crate::engine::{Bands, Combine, Group, Ladder, Plan, Row, Scale, Signal, Value, round1};

    #[test]
    fn a_trend_needs_more_than_the_threshold() {
        for (previous, now, trend) in [
            (Some(60.0), Some(65.0), Trend::Stable),
            (Some(60.0), Some(65.1), Trend::Improving),
            (Some(60.0), Some(55.0), Trend::Stable),
            (Some(60.0), Some(54.9), Trend::Declining),
            (None, Some(60.0), Trend::NoData),
            (Some(60.0), None, Trend::NoData),
        ] {
            assert_eq!(Trend::between(previous, now, 5.0), trend, "{previous:?} → {now:?}");
        }
    }

    /// A model of two dimensions with the weights 0.6 and 0.4, each of one metric out of 100; their last figures stand in the slots 2
    /// and 3, the last overall in slot 4.
    fn two_dimensions() -> HealthModel {
        let group = |slot, weight| Group {
            weight,
            combine: Combine::Weigh,
            signals: vec![Signal {
                slot: Slot(slot),
                freshness: None,
                default: Value::Number(0.0),
                weight: 1.0,
                scale: Scale::Ratio { target: 100.0 },
                advise: Ladder::default(),
                warn: Ladder::default(),
            }],
        };
        let bands = Bands::new(vec![70.0, 45.0, 0.0]).expect("bounds");
        let plan = Plan::new(vec![group(0, 0.6), group(1, 0.4)], None, bands).expect("a plan");
        let name = |name: &str, weight| GroupName { name: name.to_owned(), label: name.to_owned(), weight };
        let groups = vec![name("a", 0.6), name("b", 0.4)];
        let signal = |slot, group| SignalName { name: "metric".to_owned(), group, slot: Slot(slot) };
        let model = Model::new(vec![plan], groups, vec![signal(0, 0), signal(1, 1)]).expect("a model");
        let previous = vec![Some(Slot(2)), Some(Slot(3))];
        HealthModel { model, trend_threshold: 5.0, previous, previous_overall: Some(Slot(4)) }
    }

    #[test]
    fn attention_goes_by_the_weighted_last_dimensions_where_the_last_overall_is_absent() {
        use Trend::{Declining, Improving, NoData, Stable};
        let model = two_dimensions();
        // The account scores 0.6 × 70 + 0.4 × 45 = 60.
        for (previous, weighted, trend, attention) in [
            ([Some(50.0), Some(62.0), None], Some(54.8), NoData, Improving),
            ([Some(50.0), Some(62.5), None], Some(55.0), NoData, Stable),
            ([Some(70.0), Some(45.0), None], Some(60.0), NoData, Stable),
            ([Some(75.0), Some(50.0), None], Some(65.0), NoData, Stable),
            ([Some(75.0), Some(50.5), None], Some(65.2), NoData, Declining),
            ([Some(0.0), Some(0.0), None], Some(0.0), NoData, Improving),
            ([Some(100.0), None, None], None, NoData, NoData),
            ([None, Some(100.0), None], None, NoData, NoData),
            ([None, None, None], None, NoData, NoData),
            // A last overall goes before what the dimensions say, and needs none of them.
            ([Some(100.0), Some(100.0), Some(54.9)], Some(100.0), Improving, Improving),
            ([Some(0.0), Some(0.0), Some(60.0)], Some(0.0), Stable, Stable),
            ([None, Some(0.0), Some(65.1)], None, Declining, Declining),
        ] {
            let mut account = Account { row: Row::new(5), ..Account::default() };
            for (slot, value) in (0..).zip([Some(70.0), Some(45.0)].into_iter().chain(previous)) {
                account.row.set(Slot(slot), value.map_or(Value::Absent, Value::Number));
            }
            let mut health = Health::default();
            model.evaluate(&account, &mut health);
            assert_eq!(health.card.score(), Some(60.0));
            let found = model.weighted_previous(&account).map(round1);
            assert_eq!((found, health.trend, health.attention_trend), (weighted, trend, attention), "{previous:?}");
        }
    }

    #[test]
    fn a_dimension_without_a_last_figure_in_the_model_leaves_no_weighted_one() {
        let model = HealthModel { previous: vec![Some(Slot(2)), None], ..two_dimensions() };
        let mut account = Account { row: Row::new(5), ..Account::default() };
        account.row.set(Slot(2), Value::Number(50.0));
        assert_eq!(model.weighted_previous(&account), None);
    }
}
