//! What health and churn models have in common: a plan per segment, and the names of its parts.

use crate::account::{Account, Profile, Schema};
use crate::engine::{Missing, Plan, Presence, Scorecard, Slot};

/// A weighted-signal model: the same groups and signals for every segment, with the figures of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    plans: Vec<Plan>,
    groups: Vec<GroupName>,
    signals: Vec<SignalName>,
}

/// The name of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupName {
    /// Its key in the model and in machine output.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// Its share of the whole, 0–1.
    pub weight: f64,
}

/// The name of a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalName {
    /// Its key in the model.
    pub name: String,
    /// The group that it belongs to, by position.
    pub group: usize,
    /// The metric that it reads.
    pub slot: Slot,
}

/// Why plans and names make no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a model needs a plan per segment, each with one name per group and signal, which treat what is absent alike")]
pub struct ModelError;

impl Model {
    /// A model from a plan per segment, in the order of the segments, and the names of its groups and signals.
    ///
    /// # Errors
    ///
    /// Where there is no plan, one whose groups or signals are not those that are named, or one that treats what is absent in another way.
    pub fn new(plans: Vec<Plan>, groups: Vec<GroupName>, signals: Vec<SignalName>) -> Result<Self, ModelError> {
        let Some(first) = plans.first() else { return Err(ModelError) };
        let fits = |plan: &Plan| {
            plan.groups().len() == groups.len()
                && plan.signals().map(|signal| signal.slot).eq(signals.iter().map(|signal| signal.slot))
                && plan.missing() == first.missing()
                && plan.minimum_coverage() == first.minimum_coverage()
                && plan.signals().map(|signal| signal.freshness).eq(first.signals().map(|signal| signal.freshness))
        };
        if !plans.iter().all(fits) {
            return Err(ModelError);
        }
        Ok(Self { plans, groups, signals })
    }

    /// The plan of a segment; the first one where the segment is not of this model.
    pub fn plan(&self, profile: Profile) -> &Plan {
        self.plans.get(profile.index()).unwrap_or(&self.plans[0])
    }

    /// The groups, in order.
    pub fn groups(&self) -> &[GroupName] {
        &self.groups
    }

    /// The signals, in order.
    pub fn signals(&self) -> &[SignalName] {
        &self.signals
    }

    /// What the model reads: the metrics of the signals and their ages, where those are limited. One may stand there twice.
    pub fn slots(&self) -> impl Iterator<Item = Slot> {
        let ages = self.plans[0].signals().filter_map(|signal| signal.freshness).map(|freshness| freshness.age);
        self.signals.iter().map(|signal| signal.slot).chain(ages)
    }

    /// The metrics that are too old for a signal, given a card that this model scored.
    pub fn stale<'c>(&'c self, card: &'c Scorecard) -> impl Iterator<Item = Slot> + 'c {
        let scored = self.signals.iter().zip(&card.signals);
        scored.filter(|(_, scored)| scored.presence == Presence::Stale).map(|(signal, _)| signal.slot)
    }

    /// Whether all that a group looks at is internal, so that the group is so too.
    pub fn is_internal(&self, group: usize, schema: &Schema) -> bool {
        self.signals.iter().filter(|signal| signal.group == group).all(|signal| schema.metric(signal.slot).internal)
    }

    /// What becomes of the weight of an absent signal, the same in every segment.
    pub fn missing(&self) -> Missing {
        self.plans[0].missing()
    }

    /// The coverage, 0–1, below which an account is not scored, the same in every segment.
    pub fn minimum_coverage(&self) -> f64 {
        self.plans[0].minimum_coverage()
    }

    /// Scores an account into `card`, with no advice and no warnings.
    pub fn score(&self, account: &Account, card: &mut Scorecard) {
        self.plan(account.profile).score(&account.row, card);
    }

    /// Notes in a card that this model scored for the account which rules fire.
    pub fn apply_rules(&self, account: &Account, card: &mut Scorecard) {
        self.plan(account.profile).apply_rules(card);
    }
}
