//! What each metric says alone about who leaves.

use crate::account::{Derived, Kind, Profile, Schema};
use crate::analysis::{Assessor, Model};
use crate::engine::{Row as Values, Scale, Slot, Value};
use crate::workers::{self, Then, Threads};

use super::median::median;
use super::{AccountCounts, Departure, History, Interval, Lives, On, Point, Ranked, Ranking, Rate, Sample};

/// Which values of a metric those have who leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// High ones; of words, those that score as risky.
    High,
    /// Low ones.
    Low,
}

impl Direction {
    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
        }
    }
}

/// How long before the end a metric had turned bad.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    /// The value from which on it counts as bad: that of the worst quarter of those who stayed.
    pub limit: f64,
    /// Of those who left and of whom it was known, how many had turned bad and stayed so to the end.
    pub turned: Rate,
    /// The median of the days from there to the end; `None` where none had.
    pub median_days: Option<f64>,
}

/// What one metric says alone.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalEvidence {
    /// The metric.
    pub slot: Slot,
    /// The group of the model that reads it, by its position; `None` where the model does not.
    pub group: Option<usize>,
    /// Its share of the model's weight, 0–1; `None` where the model does not read it.
    pub weight: Option<f64>,
    /// The rows that have a value.
    pub coverage: Rate,
    /// How many of these left.
    pub churned: u64,
    /// The chance that of one who left and one who stayed the one who left has the higher value, ties half; below 0.5 where those
    /// who leave have lower ones. `None` where one kind is missing.
    pub auc: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<Interval>,
    /// What those who leave have, where there is evidence: the interval does not hold 0.5, and there are enough of both kinds.
    pub direction: Option<Direction>,
    /// What those who leave have by the model; `None` where the model does not read it, or makes no difference between its values.
    pub expected: Option<Direction>,
    /// How early it turns bad, where there is evidence and time to see it in.
    pub lead: Option<Lead>,
}

impl SignalEvidence {
    /// Whether the evidence speaks against the model: those who leave have values that it takes for good ones.
    pub fn is_reversed(&self) -> bool {
        self.direction.zip(self.expected).is_some_and(|(found, expected)| found != expected)
    }

    /// How far the chance is from 0.5.
    fn strength(&self) -> f64 {
        self.auc.map_or(-1.0, |auc| (auc - 0.5).abs())
    }
}

/// A metric that is looked at, and how its values become numbers.
struct Looked<'m> {
    slot: Slot,
    group: Option<usize>,
    weight: Option<f64>,
    /// The scale by which the model reads it.
    scale: Option<&'m Scale>,
    /// The scale that gives words an order, and whether more points of it are worse.
    words: Option<(&'m Scale, Worse)>,
}

/// What is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worse {
    More,
    Less,
}

impl Looked<'_> {
    /// The value as a number; `None` where there is none that could be put in order.
    fn number(&self, value: Value) -> Option<f64> {
        match value {
            Value::Absent => None,
            Value::Number(number) => Some(number),
            Value::Flag(flag) => Some(f64::from(u8::from(flag))),
            Value::Word(_) => self.words.map(|(scale, worse)| match worse {
                Worse::More => scale.points(value),
                Worse::Less => -scale.points(value),
            }),
        }
    }

    /// What those who leave have by the model, among values of this span.
    fn expected(&self, kind: &Kind, (low, high): (f64, f64), worse: Worse) -> Option<Direction> {
        let points = |number: f64| match kind {
            Kind::Flag => self.scale.map(|scale| scale.points(Value::Flag(number > 0.5))),
            Kind::Number => self.scale.map(|scale| scale.points(Value::Number(number))),
            Kind::Word(_) => None,
        };
        if matches!(kind, Kind::Word(_)) {
            return self.scale.map(|_| Direction::High);
        }
        let (low, high) = (points(low)?, points(high)?);
        match (high > low, high < low, worse) {
            (true, _, Worse::More) | (_, true, Worse::Less) => Some(Direction::High),
            (_, true, Worse::More) | (true, _, Worse::Less) => Some(Direction::Low),
            _ => None,
        }
    }
}

/// Where the values of metrics are found.
#[derive(Clone, Copy)]
pub(super) struct Grounds<'a> {
    pub history: &'a History,
    pub points: &'a [Vec<Point>],
    pub sample: &'a Sample,
    /// Those who left over time; `None` where there is no time.
    pub departures: Option<(&'a Lives, &'a [Departure])>,
    pub schema: &'a Schema,
    pub assessor: &'a Assessor<'a>,
}

/// What each metric says alone: those that the model reads, then the others, each the strongest first. Metrics that no row has are left
/// out.
pub(super) fn signals(grounds: Grounds<'_>, threads: Threads) -> Vec<SignalEvidence> {
    let Grounds { history, sample, schema, .. } = grounds;
    let looked = looked(grounds);
    let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(sample.rows.len()); looked.len()];
    let mut account = history.blank_account();
    for row in &sample.rows {
        let snapshot = &history.snapshots()[sample.evaluations[row.evaluation].snapshot];
        let is_there = snapshot.read(row.customer, &mut account);
        for (column, looked) in columns.iter_mut().zip(&looked) {
            let number = is_there.then(|| looked.number(account.row.get(looked.slot))).flatten();
            column.push(number.unwrap_or(f64::NAN));
        }
    }
    let leavers = grounds.departures.map(|(lives, departures)| Leavers::read(grounds, lives, departures));
    let mut pieces = looked.iter().zip(&columns);
    let mut found = Vec::with_capacity(looked.len());
    workers::in_order(
        threads,
        || pieces.next(),
        || (),
        |(), (looked, column)| evidence(looked, column, sample, schema, leavers.as_ref()),
        |evidence| {
            found.extend(evidence);
            Then::GoOn
        },
    );
    found.sort_by(|a, b| {
        a.weight
            .is_none()
            .cmp(&b.weight.is_none())
            .then(b.strength().total_cmp(&a.strength()))
            .then(a.slot.cmp(&b.slot))
    });
    found
}

/// The metrics that are looked at: all but the scores of the last period, which are no cause of anything, and the ages of others.
fn looked(grounds: Grounds<'_>) -> Vec<Looked<'_>> {
    let Grounds { sample, schema, assessor, .. } = grounds;
    let health = &assessor.health.model;
    let (own, other, worse_other) = match sample.on {
        On::Health => (health, &assessor.churn.model, Worse::More),
        On::Churn => (&assessor.churn.model, health, Worse::Less),
    };
    let worse = worse(sample.on);
    let previous: Vec<Slot> =
        assessor.health.previous.iter().chain([&assessor.health.previous_overall]).flatten().copied().collect();
    let looked = schema.slots().filter_map(|(slot, metric)| {
        if previous.contains(&slot) || matches!(metric.derived, Some(Derived::Age(_))) {
            return None;
        }
        let scale = scale_of(own, slot);
        let words = scale.map(|scale| (scale, worse)).or(scale_of(other, slot).map(|scale| (scale, worse_other)));
        let shares = own.plan(Profile::default()).shares();
        let reading = || own.signals().iter().zip(shares).filter(move |(signal, _)| signal.slot == slot);
        Some(Looked {
            slot,
            group: reading().next().map(|(signal, _)| signal.group),
            weight: reading().next().map(|_| reading().map(|(_, share)| share).sum()),
            scale,
            words,
        })
    });
    looked.collect()
}

fn worse(on: On) -> Worse {
    match on {
        On::Health => Worse::Less,
        On::Churn => Worse::More,
    }
}

fn scale_of(model: &Model, slot: Slot) -> Option<&Scale> {
    model.plan(Profile::default()).signals().find(|signal| signal.slot == slot).map(|signal| &signal.scale)
}

fn evidence(
    looked: &Looked<'_>,
    column: &[f64],
    sample: &Sample,
    schema: &Schema,
    leavers: Option<&Leavers>,
) -> Option<SignalEvidence> {
    let valued = || sample.rows.iter().zip(column).filter(|(_, value)| !value.is_nan());
    let known = valued().count() as u64;
    if known == 0 {
        return None;
    }
    let churned = valued().filter(|(row, _)| row.churned).count() as u64;
    let ranked =
        valued().map(|(row, value)| Ranked { value: *value, positive: row.churned, cluster: row.customer.0 }).collect();
    let ranking = Ranking::new(ranked);
    let (auc, interval) = (ranking.auc(), ranking.auc_interval());
    let direction = interval.filter(|_| AccountCounts::of(&ranking).is_enough()).and_then(|interval| {
        if interval.low > 0.5 {
            Some(Direction::High)
        } else if interval.high < 0.5 {
            Some(Direction::Low)
        } else {
            None
        }
    });
    let span = valued()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, value)| (low.min(*value), high.max(*value)));
    let metric = schema.metric(looked.slot);
    let lead = direction.zip(leavers).and_then(|(direction, leavers)| {
        let stayed = valued().filter(|(row, _)| !row.churned).map(|(_, value)| *value).collect();
        leavers.lead(looked, direction, stayed)
    });
    Some(SignalEvidence {
        slot: looked.slot,
        group: looked.group,
        weight: looked.weight,
        coverage: Rate { hits: known, of: sample.rows.len() as u64 },
        churned,
        auc,
        interval,
        direction,
        expected: looked.expected(&metric.kind, span, worse(sample.on)),
        lead,
    })
}

/// Those who left, with their metrics at each reading and the days from there to the end, the latest first.
struct Leavers {
    readings: Vec<Vec<(i64, Values)>>,
}

impl Leavers {
    fn read(grounds: Grounds<'_>, lives: &Lives, departures: &[Departure]) -> Self {
        let Grounds { history, points, .. } = grounds;
        let readings = departures.iter().map(|departure| {
            let readings = departure.readings(history, points, lives);
            let mut account = history.blank_account();
            let mut rows = Vec::new();
            for (position, date, _) in readings {
                if history.snapshots()[position].read(departure.customer, &mut account) {
                    rows.push(((departure.end - date).num_days(), account.row.clone()));
                }
            }
            rows
        });
        Self { readings: readings.collect() }
    }

    /// How early a metric turns bad, given the values of those who stayed.
    fn lead(&self, looked: &Looked<'_>, direction: Direction, mut stayed: Vec<f64>) -> Option<Lead> {
        let bad = |value: f64| match direction {
            Direction::High => value,
            Direction::Low => -value,
        };
        stayed.sort_unstable_by(|a, b| bad(*a).total_cmp(&bad(*b)));
        let (middle, quarter) = (stayed.get(stayed.len() / 2)?, stayed.get(stayed.len() * 3 / 4)?);
        // Where most have one value, that is not a bad one.
        let limit = if bad(*quarter) > bad(*middle) {
            *quarter
        } else {
            *stayed.iter().find(|value| bad(**value) > bad(*middle))?
        };
        let mut turned = Rate::default();
        let mut days = Vec::new();
        for readings in &self.readings {
            let mut values = readings
                .iter()
                .filter_map(|(days, values)| Some((*days, looked.number(values.get(looked.slot))?)))
                .peekable();
            if values.peek().is_none() {
                continue;
            }
            turned.of += 1;
            let since = values.take_while(|(_, value)| bad(*value) >= bad(limit)).last();
            if let Some((since, _)) = since {
                turned.hits += 1;
                days.push(since as f64);
            }
        }
        Some(Lead { limit, turned, median_days: median(days) })
    }
}
