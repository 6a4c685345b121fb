//! Churn risk: how likely an account is to leave, and what to do about it.

use chrono::NaiveDate;

use super::{Model, Outlook};
use crate::account::{Account, Profile, Renewal};
use crate::engine::{Scorecard, Slot, Test};

/// The tier of a churn risk score, from the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Likely to leave unless something changes now.
    Critical,
    /// At risk.
    High,
    /// With first signs.
    Medium,
    /// Without signs.
    Low,
}

impl Tier {
    /// All tiers, from the gravest.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// The name in input, model and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// The name in capital letters.
    pub fn label(self) -> &'static str {
        match self {
            Self::Critical => "CRITICAL",
            Self::High => "HIGH",
            Self::Medium => "MEDIUM",
            Self::Low => "LOW",
        }
    }

    /// The tier at a position of a churn plan's bands.
    pub fn at(position: usize) -> Self {
        Self::ALL.get(position).copied().unwrap_or(Self::Low)
    }

    /// The position of the tier, from the gravest.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Whether the revenue of an account in this tier counts as at risk.
    pub fn at_risk(self) -> bool {
        self <= Self::High
    }
}

/// A condition on one metric. An absent metric never meets it, nor does one that is too old for a signal of the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// The metric.
    pub slot: Slot,
    /// What its value must be.
    pub test: Test,
}

impl Condition {
    /// Whether an account meets it, given which metrics are too old for a signal.
    pub(super) fn holds(&self, account: &Account, is_stale: impl Fn(Slot) -> bool) -> bool {
        let value = account.row.get(self.slot);
        !value.is_absent() && !is_stale(self.slot) && self.test.holds(value, 0.0, None)
    }
}

/// Where further steps join a playbook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Branch {
    /// All of these must be met.
    pub conditions: Vec<Condition>,
    /// Only in these tiers; empty: in all.
    pub tiers: Vec<Tier>,
    /// Only in these segments; empty: in all.
    pub profiles: Vec<Profile>,
    /// Whether its steps come before those of the playbook.
    pub first: bool,
}

impl Branch {
    /// Whether its steps join; an account that is not scored is in no tier, and what is stale meets no condition.
    fn applies(&self, account: &Account, tier: Option<Tier>, is_stale: impl Fn(Slot) -> bool) -> bool {
        (self.tiers.is_empty() || tier.is_some_and(|tier| self.tiers.contains(&tier)))
            && (self.profiles.is_empty() || self.profiles.contains(&account.profile))
            && self.conditions.iter().all(|condition| condition.holds(account, &is_stale))
    }
}

/// The churn model: a risk score from 0 to 100, higher is worse, with the urgency of the renewal as its multiplier.
#[derive(Debug, Clone, PartialEq)]
pub struct ChurnModel {
    /// The categories and their signals; each plan has the four tiers as its bands.
    pub model: Model,
    /// The playbook of each tier, from critical, by segment: positions in the model's wording.
    pub playbooks: Vec<[usize; 4]>,
    /// The branches, in the order in which their steps are listed.
    pub branches: Vec<Branch>,
    /// The share of revenue that is expected to renew within twelve months, by tier, from critical.
    pub renewal_rates: [Outlook; 4],
}

/// The churn risk of one account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Churn {
    /// Scores, warnings and coverage.
    pub card: Scorecard,
    /// How far off the renewal is; `None` where no end is known.
    pub renewal: Option<Renewal>,
    /// The playbook of the tier, by its position in the model's wording; `None` where there is no tier.
    pub playbook: Option<usize>,
    /// The branches that apply, by their positions.
    pub branches: Vec<usize>,
}

impl Churn {
    /// The tier of the risk score; `None` where it is not scored.
    pub fn tier(&self) -> Option<Tier> {
        self.card.band().map(Tier::at)
    }
}

impl ChurnModel {
    /// Scores an account into `churn`, with no warnings, playbook or branches: what sums and orders need. The slot of the days to
    /// renewal must have been filled for the same date.
    pub fn score(&self, account: &Account, as_of: NaiveDate, churn: &mut Churn) {
        self.model.score(account, &mut churn.card);
        churn.renewal = account.term.renewal(as_of);
        churn.branches.clear();
    }

    /// Scores an account into `churn`, warnings, playbook and branches included. The slot of the days to renewal must have been filled for
    /// the same date.
    pub fn evaluate(&self, account: &Account, as_of: NaiveDate, churn: &mut Churn) {
        self.score(account, as_of, churn);
        self.model.apply_rules(account, &mut churn.card);
        let tier = churn.tier();
        let by_tier = self.playbooks.get(account.profile.index());
        churn.playbook = by_tier.zip(tier).map(|(tiers, tier)| tiers[tier.index()]);
        let stale: Vec<Slot> = self.model.stale(&churn.card).collect();
        let is_stale = |slot| stale.contains(&slot);
        let applying = self.branches.iter().enumerate().filter(|(_, branch)| branch.applies(account, tier, is_stale));
        churn.branches.extend(applying.map(|(position, _)| position));
    }
}
