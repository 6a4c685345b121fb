//! What health and churn records have in common.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use super::super::sentence::ValueText;
use super::super::{Context, ShortNumber};
use crate::account::Account;
use crate::analysis::Model;
use crate::engine::{Contributions, Scorecard, Value};

/// Named values in their order.
#[derive(Debug)]
pub(super) struct Named<'a, T>(pub Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Named<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A text that is made as it is written.
#[derive(Debug)]
pub(super) struct Text<T>(pub T);

impl<T: Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A share of the whole, written as a percentage: `30%`.
#[derive(Debug)]
pub(super) struct Percent(pub f64);

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let percent = self.0 * 100.0;
        // 0.07 × 100 is not quite 7.
        let percent = if (percent - percent.round()).abs() < 1e-9 { percent.round() } else { percent };
        serializer.collect_str(&format_args!("{}%", ShortNumber(percent)))
    }
}

/// The metrics that a model reads and an account lacks, by path.
pub(super) fn absent<'a>(context: &Context<'a>, model: &Model, card: &Scorecard) -> Vec<&'a str> {
    let signals = model.signals().iter().zip(&card.signals).filter(|(_, scored)| scored.absent);
    signals.map(|(signal, _)| context.models.schema.metric(signal.slot).path.as_str()).collect()
}

/// A value of a metric as JSON has it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum ValueRecord {
    Number(f64),
    Flag(bool),
    Word(String),
    Absent,
}

impl ValueRecord {
    pub(super) fn of(context: &Context<'_>, account: &Account, slot: crate::engine::Slot, value: Value) -> Self {
        match value {
            Value::Absent => Self::Absent,
            Value::Number(number) => Self::Number(number),
            Value::Flag(flag) => Self::Flag(flag),
            Value::Word(_) => Self::Word(ValueText { models: context.models, account, slot, value }.to_string()),
        }
    }
}

/// A score as the points that each signal brought; with `rest` they add up to it.
#[derive(Debug, Serialize)]
pub struct ContributionsRecord<'a> {
    /// One per signal.
    signals: Vec<ContributionRecord<'a>>,
    /// What rounding and the limits of 0 and 100 took (negative) or gave.
    rounding_and_limits: f64,
}

#[derive(Debug, Serialize)]
struct ContributionRecord<'a> {
    signal: &'a str,
    group: &'a str,
    metric: &'a str,
    value: ValueRecord,
    absent: bool,
    benchmark: Option<f64>,
    score: f64,
    points: f64,
    points_possible: f64,
    points_lost: f64,
}

impl<'a> ContributionsRecord<'a> {
    /// The contributions to the score of a card that `model` filled for an account.
    pub fn new(
        context: &Context<'a>,
        model: &'a Model,
        account: &Account,
        card: &Scorecard,
        contributions: &Contributions,
    ) -> Self {
        let names = model.signals().iter().zip(model.plan(account.profile).signals());
        let points = contributions.signals.iter().zip(&contributions.full);
        let signals =
            names.zip(&card.signals).zip(points).map(|(((name, signal), scored), (points, full))| ContributionRecord {
                signal: &name.name,
                group: &model.groups()[name.group].name,
                metric: &context.models.schema.metric(name.slot).path,
                value: ValueRecord::of(context, account, name.slot, scored.value),
                absent: scored.absent,
                benchmark: signal.scale.benchmark(),
                score: scored.score,
                points: points.points(),
                points_possible: full.points(),
                points_lost: (*full - *points).points(),
            });
        Self { signals: signals.collect(), rounding_and_limits: contributions.rest.points() }
    }

    /// The same, the largest loss first.
    pub(super) fn largest_loss_first(mut self) -> Self {
        self.signals.sort_by(|a, b| b.points_lost.total_cmp(&a.points_lost));
        self
    }

    /// The same, the largest contribution first.
    pub(super) fn largest_first(mut self) -> Self {
        self.signals.sort_by(|a, b| b.points.total_cmp(&a.points));
        self
    }
}
