//! One account through all the models that a command asks for.

use chrono::NaiveDate;

use super::{Attention, Churn, ChurnModel, Expansion, ExpansionModel, Gate, Health, HealthModel, Proposal, stake};
use crate::account::Account;
use crate::engine::{Contributions, Reach, Slot};

use super::health::Band;

/// Which analyses are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scope {
    /// Health.
    pub health: bool,
    /// Churn risk.
    pub churn: bool,
    /// Expansion.
    pub expansion: bool,
}

impl Scope {
    /// All of them.
    pub const ALL: Self = Self { health: true, churn: true, expansion: true };
    /// The two scores.
    pub const SCORES: Self = Self { health: true, churn: true, expansion: false };

    /// What is in either scope.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            health: self.health || other.health,
            churn: self.churn || other.churn,
            expansion: self.expansion || other.expansion,
        }
    }
}

/// The models, the date and the analyses asked for.
#[derive(Debug, Clone, Copy)]
pub struct Assessor<'m> {
    /// The health model.
    pub health: &'m HealthModel,
    /// The churn model.
    pub churn: &'m ChurnModel,
    /// The expansion model.
    pub expansion: &'m ExpansionModel,
    /// Today, for all that depends on it.
    pub as_of: NaiveDate,
    /// What is asked for.
    pub scope: Scope,
}

/// What the models say of one account. Parts outside the scope stay as they were.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assessment {
    /// Health.
    pub health: Health,
    /// Churn risk.
    pub churn: Churn,
    /// Expansion.
    pub expansion: Expansion,
}

impl Assessment {
    /// How soon somebody must look; needs health and churn in the scope.
    pub fn attention(&self) -> Attention {
        Attention::of(self.health.band(), self.health.attention_trend, self.churn.tier())
    }

    /// What is at stake, in the currency of the ARR; needs churn in the scope. `None` where churn risk is not scored.
    pub fn stake(&self, account: &Account) -> Option<f64> {
        self.churn.card.score().map(|score| stake(account.arr, score))
    }

    /// Whether health and churn risk let expansion be proposed; needs both in the scope.
    pub fn passes(&self, gate: &Gate) -> bool {
        gate.opens(self.health.band(), self.churn.tier())
    }

    /// What comes of the plays; needs everything in the scope.
    pub fn proposal(&self, gate: &Gate) -> Proposal {
        match self.expansion.opportunities.is_empty() {
            true => Proposal::None,
            false if self.passes(gate) => Proposal::Propose,
            false => Proposal::EarnFirst,
        }
    }
}

/// Why an account scores as it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What each signal brought to health; `None` where it is not scored.
    pub health: Option<Contributions>,
    /// What each signal brought to churn risk, urgency included; `None` where it is not scored.
    pub churn: Option<Contributions>,
    /// The next better band, its lowest score, and the fewest metrics that would reach it; `None` for a green account and for one whose
    /// health is not scored.
    pub next_band: Option<(Band, f64, Reach)>,
}

impl Assessor<'_> {
    /// Runs the analyses in scope into `assessment`, without the rules that only speak: advice, warnings, playbooks and branches.
    /// Sums, orders and gates need no more.
    pub fn score(&self, account: &Account, assessment: &mut Assessment) {
        if self.scope.health {
            self.health.score(account, &mut assessment.health);
        }
        if self.scope.churn {
            self.churn.score(account, self.as_of, &mut assessment.churn);
        }
        if self.scope.expansion {
            self.expansion.evaluate(account, &mut assessment.expansion);
        }
    }

    /// Runs the analyses in scope into `assessment`.
    pub fn assess(&self, account: &Account, assessment: &mut Assessment) {
        if self.scope.health {
            self.health.evaluate(account, &mut assessment.health);
        }
        if self.scope.churn {
            self.churn.evaluate(account, self.as_of, &mut assessment.churn);
        }
        if self.scope.expansion {
            self.expansion.evaluate(account, &mut assessment.expansion);
        }
    }

    /// The metrics that the analyses in scope look at; derived ones are among them, and one may stand there twice.
    pub fn slots(&self) -> Vec<Slot> {
        let mut slots = Vec::new();
        if self.scope.health {
            slots.extend(self.health.model.slots());
            slots.extend(self.health.previous.iter().chain([&self.health.previous_overall]).flatten());
        }
        if self.scope.churn {
            slots.extend(self.churn.model.slots());
            let conditions = self.churn.branches.iter().flat_map(|branch| &branch.conditions);
            slots.extend(conditions.map(|condition| condition.slot));
        }
        slots
    }

    /// Explains an assessment of health and churn that this assessor made of the account.
    pub fn explain(&self, account: &Account, assessment: &Assessment) -> Explanation {
        let health = self.health.model.plan(account.profile);
        let churn = self.churn.model.plan(account.profile);
        let card = &assessment.health.card;
        let next_band = assessment.health.band().and_then(Band::better).and_then(|band| {
            let bound = health.bands().bounds()[band as usize];
            Some((band, bound, health.reach(card, bound)?))
        });
        Explanation {
            health: health.contributions(card),
            churn: churn.contributions(&assessment.churn.card),
            next_band,
        }
    }
}
