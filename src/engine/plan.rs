//! Plans: signals in groups, checked once, evaluated often.

use super::{Bands, Freshness, Ladder, Missing, Multiplier, Scale, Slot, Value};

/// How far the sum of weights may lie from 1.
pub const WEIGHT_TOLERANCE: f64 = 1e-9;

/// One metric on its way into a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Where its value stands.
    pub slot: Slot,
    /// How old its value may be, where that is limited.
    pub freshness: Option<Freshness>,
    /// The value that stands in where the metric is absent.
    pub default: Value,
    /// Its share of the group, 0–1; not used where points add up.
    pub weight: f64,
    /// How the value becomes points.
    pub scale: Scale,
    /// What is advised, first match only.
    pub advise: Ladder,
    /// What is warned of, first match only.
    pub warn: Ladder,
}

/// How a group combines its signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// Σ clamped points × weight.
    Weigh,
    /// Σ points, clamped.
    Add,
}

/// Signals that make one score together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its share of the whole, 0–1.
    pub weight: f64,
    /// How its signals are combined.
    pub combine: Combine,
    /// Its signals, in the order in which they are summed.
    pub signals: Vec<Signal>,
}

impl Group {
    /// The share of the group's score that a signal can decide: its weight, or its part of all points that can be added.
    pub(super) fn share(&self, signal: &Signal) -> f64 {
        match self.combine {
            Combine::Weigh => signal.weight,
            Combine::Add => {
                let possible: f64 = self.signals.iter().map(|signal| signal.scale.most()).sum();
                if possible > 0.0 { signal.scale.most() / possible } else { 0.0 }
            }
        }
    }
}

/// A weighted-signal model with every name resolved: what [`Plan::evaluate`] runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    groups: Vec<Group>,
    multiplier: Option<Multiplier>,
    bands: Bands,
    /// The signals that have warnings, in the order in which warnings of equal severity are listed.
    warning_order: Vec<usize>,
    /// The share of the whole that rests on each signal.
    shares: Vec<f64>,
    missing: Missing,
    minimum_coverage: f64,
    /// Whether every signal always counts with the value that it has or with its default, whatever its age.
    is_plain: bool,
}

/// Why groups make no plan.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// There is no group, or one has no signal.
    #[error("a model needs at least one group, and each group at least one signal")]
    Empty,
    /// The weights of the groups do not sum to 1.
    #[error("the weights of the groups sum to {0}, expected 1")]
    GroupWeights(f64),
    /// The weights within a group do not sum to 1.
    #[error("the weights of the signals of group {group} sum to {sum}, expected 1")]
    SignalWeights {
        /// The position of the group.
        group: usize,
        /// What they sum to.
        sum: f64,
    },
    /// An age at which a signal goes stale is no number from 0.
    #[error("a signal goes stale after {0} days, expected a number from 0")]
    StaleAfter(f64),
    /// The minimum coverage is not a number from 0 to 1.
    #[error("the minimum coverage is {0}, expected 0 to 1")]
    MinimumCoverage(f64),
    /// A warning order does not name each signal once.
    #[error("the order of the warnings does not name each signal once")]
    WarningOrder,
}

/// Checks that weights are finite, not negative and sum to 1 within [`WEIGHT_TOLERANCE`].
///
/// # Errors
///
/// Their sum, where they do not.
pub fn weights_sum_to_one(weights: impl Iterator<Item = f64>) -> Result<(), f64> {
    let (sum, valid) = weights.fold((0.0, true), |(sum, valid), weight| (sum + weight, valid && weight >= 0.0));
    if valid && (sum - 1.0).abs() <= WEIGHT_TOLERANCE { Ok(()) } else { Err(sum) }
}

impl Plan {
    /// A plan over groups, in the order in which they are summed. Warnings are listed in the order of the signals, absent
    /// signals count with their defaults, and every row is scored.
    ///
    /// # Errors
    ///
    /// Where there is no group or a group has no signal, where weights do not sum to 1, or where a signal goes stale after an age that is
    /// no number from 0.
    pub fn new(groups: Vec<Group>, multiplier: Option<Multiplier>, bands: Bands) -> Result<Self, PlanError> {
        if groups.is_empty() || groups.iter().any(|group| group.signals.is_empty()) {
            return Err(PlanError::Empty);
        }
        weights_sum_to_one(groups.iter().map(|group| group.weight)).map_err(PlanError::GroupWeights)?;
        for (position, group) in groups.iter().enumerate() {
            if group.combine == Combine::Weigh {
                weights_sum_to_one(group.signals.iter().map(|signal| signal.weight))
                    .map_err(|sum| PlanError::SignalWeights { group: position, sum })?;
            }
        }
        let limits = || groups.iter().flat_map(|group| &group.signals).filter_map(|signal| signal.freshness);
        if let Some(limit) = limits().find(|limit| limit.stale_after.is_nan() || limit.stale_after < 0.0) {
            return Err(PlanError::StaleAfter(limit.stale_after));
        }
        let is_plain = limits().next().is_none();
        let signals = groups.iter().map(|group| group.signals.len()).sum();
        let shares = groups
            .iter()
            .flat_map(|group| group.signals.iter().map(|signal| group.weight * group.share(signal)))
            .collect();
        let plan = Self {
            groups,
            multiplier,
            bands,
            warning_order: Vec::new(),
            shares,
            missing: Missing::Default,
            minimum_coverage: 0.0,
            is_plain,
        };
        plan.warnings_in((0..signals).collect())
    }

    /// The same plan with another way to treat what is absent. A row whose coverage is below `minimum_coverage`, 0–1, is not scored.
    ///
    /// # Errors
    ///
    /// Where the minimum is not within 0–1.
    pub fn treating(mut self, missing: Missing, minimum_coverage: f64) -> Result<Self, PlanError> {
        if !(0.0..=1.0).contains(&minimum_coverage) {
            return Err(PlanError::MinimumCoverage(minimum_coverage));
        }
        self.missing = missing;
        self.minimum_coverage = minimum_coverage;
        self.is_plain = missing == Missing::Default && self.signals().all(|signal| signal.freshness.is_none());
        Ok(self)
    }

    /// The same plan with another order of warnings of equal severity: each signal's position once.
    ///
    /// # Errors
    ///
    /// Where the order does not name each signal once.
    pub fn warnings_in(mut self, order: Vec<usize>) -> Result<Self, PlanError> {
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(0..self.signals().count()) {
            return Err(PlanError::WarningOrder);
        }
        let warns: Vec<bool> = self.signals().map(|signal| !signal.warn.rules().is_empty()).collect();
        self.warning_order = order.into_iter().filter(|signal| warns[*signal]).collect();
        Ok(self)
    }

    /// The groups, in the order in which they are summed.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The signals of all groups, in order; their positions here number them everywhere else.
    pub fn signals(&self) -> impl Iterator<Item = &Signal> {
        self.groups.iter().flat_map(|group| &group.signals)
    }

    /// The multiplier, if the model ends with one.
    pub fn multiplier(&self) -> Option<&Multiplier> {
        self.multiplier.as_ref()
    }

    /// The bands of the score.
    pub fn bands(&self) -> &Bands {
        &self.bands
    }

    /// What becomes of the weight of an absent signal.
    pub fn missing(&self) -> Missing {
        self.missing
    }

    /// The coverage, 0–1, below which a row is not scored.
    pub fn minimum_coverage(&self) -> f64 {
        self.minimum_coverage
    }

    pub(super) fn is_plain(&self) -> bool {
        self.is_plain
    }

    pub(super) fn warning_order(&self) -> &[usize] {
        &self.warning_order
    }

    /// The share of the whole, 0–1, that rests on each signal, in the order of [`Plan::signals`].
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }
}
