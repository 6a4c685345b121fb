//! What health and churn records have in common.

use std::fmt;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::super::sentence::{self, Say, USUAL, ValueText};
use super::super::{Context, ShortNumber};
use crate::account::{Account, Schema};
use crate::analysis::Model;
use crate::engine::{Contributions, Hundredths, Presence, Scorecard, Value};

/// Named values in their order.
#[derive(Debug)]
pub(in crate::report) struct Named<'a, T>(pub Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Named<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A text that is made as it is written.
#[derive(Debug)]
pub(super) struct Text<T>(pub T);

impl<T: Say> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.said())
    }
}

/// Writes a list of texts, one after the other made in the same memory.
pub(super) fn texts<S: Serializer>(serializer: S, said: impl Iterator<Item = impl Say>) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(None)?;
    let mut text = String::with_capacity(USUAL);
    for said in said {
        text.clear();
        said.say(&mut text);
        list.serialize_element(&text)?;
    }
    list.end()
}

/// Puts a share of the whole as a percentage in the place of a text: `30%`.
pub(super) fn put_percent(share: f64, text: &mut String) {
    let percent = share * 100.0;
    // 0.07 × 100 is not quite 7.
    let percent = if (percent - percent.round()).abs() < 1e-9 { percent.round() } else { percent };
    text.clear();
    ShortNumber(percent).push_to(text);
    text.push('%');
}

/// The metrics that a model reads and that count as absent in an account, stale ones among them, by path.
pub(in crate::report) fn absent<'a>(context: &Context<'a>, model: &'a Model, card: &'a Scorecard) -> Vec<&'a str> {
    Missing::absent(context, model, card).paths().collect()
}

/// Those of them that are there and too old.
pub(in crate::report) fn stale<'a>(context: &Context<'a>, model: &'a Model, card: &'a Scorecard) -> Vec<&'a str> {
    Missing::stale(context, model, card).paths().collect()
}

/// Metrics of an account that a model reads and cannot go by.
pub(super) struct Missing<'a> {
    schema: &'a Schema,
    model: &'a Model,
    card: &'a Scorecard,
    counts: fn(Presence) -> bool,
}

impl<'a> Missing<'a> {
    /// Those that count as absent, stale ones among them.
    pub(super) fn absent(context: &Context<'a>, model: &'a Model, card: &'a Scorecard) -> Self {
        Self { schema: &context.models.schema, model, card, counts: |presence| !presence.is_present() }
    }

    /// Those that are there and too old.
    pub(super) fn stale(context: &Context<'a>, model: &'a Model, card: &'a Scorecard) -> Self {
        Self { counts: |presence| presence == Presence::Stale, ..Self::absent(context, model, card) }
    }

    fn paths(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let Self { schema, counts, .. } = *self;
        let signals = self.model.signals().iter().zip(&self.card.signals);
        let signals = signals.filter(move |(_, scored)| counts(scored.presence));
        signals.map(move |(signal, _)| schema.metric(signal.slot).path.as_str())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.paths().next().is_none()
    }
}

impl fmt::Debug for Missing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.paths()).finish()
    }
}

impl Serialize for Missing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.paths())
    }
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
            Value::Word(_) => Self::Word(ValueText { models: context.models, account, slot, value }.said()),
        }
    }
}

/// A score as the points that each signal brought; with `rest` they add up to it.
#[derive(Debug, Serialize)]
pub struct ContributionsRecord<'a> {
    /// One per signal.
    signals: Vec<ContributionRecord<'a>>,
    /// What rounding and the limits of 0 and 100 took (negative) or gave; null without a score.
    rounding_and_limits: Option<f64>,
}

#[derive(Debug, Serialize)]
struct ContributionRecord<'a> {
    signal: &'a str,
    group: &'a str,
    metric: &'a str,
    value: ValueRecord,
    absent: bool,
    /// Where the value is too old: how many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    stale_days: Option<f64>,
    benchmark: Option<f64>,
    score: Option<f64>,
    points: Option<f64>,
    points_possible: Option<f64>,
    points_lost: Option<f64>,
}

impl<'a> ContributionsRecord<'a> {
    /// The contributions to the score of a card that `model` filled for an account; without a score no signal has points.
    pub fn new(
        context: &Context<'a>,
        model: &'a Model,
        account: &Account,
        card: &Scorecard,
        contributions: Option<&Contributions>,
    ) -> Self {
        let names = model.signals().iter().zip(model.plan(account.profile).signals());
        let points = |of: fn(&Contributions, usize) -> Hundredths, position| {
            contributions.map(|brought| of(brought, position).points())
        };
        let signals = names.zip(&card.signals).enumerate().map(|(position, ((name, signal), scored))| {
            let stale = scored.presence == Presence::Stale;
            ContributionRecord {
                signal: &name.name,
                group: &model.groups()[name.group].name,
                metric: &context.models.schema.metric(name.slot).path,
                value: ValueRecord::of(context, account, name.slot, scored.value),
                absent: !scored.presence.is_present(),
                stale_days: stale.then(|| sentence::age(model, account, position)).flatten(),
                benchmark: signal.scale.benchmark(),
                score: (!scored.value.is_absent()).then_some(scored.score),
                points: points(|brought, signal| brought.signals[signal], position),
                points_possible: points(|brought, signal| brought.full[signal], position),
                points_lost: points(|brought, signal| brought.full[signal] - brought.signals[signal], position),
            }
        });
        Self { signals: signals.collect(), rounding_and_limits: contributions.map(|brought| brought.rest.points()) }
    }

    /// The same, the largest loss first.
    pub(super) fn largest_loss_first(mut self) -> Self {
        self.signals.sort_by(|a, b| b.points_lost.unwrap_or_default().total_cmp(&a.points_lost.unwrap_or_default()));
        self
    }

    /// The same, the largest contribution first.
    pub(super) fn largest_first(mut self) -> Self {
        self.signals.sort_by(|a, b| b.points.unwrap_or_default().total_cmp(&a.points.unwrap_or_default()));
        self
    }
}
