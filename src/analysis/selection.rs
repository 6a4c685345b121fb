//! Which accounts totals are about, which are listed, and in which order.

use super::{Assessment, Assessor, Band, Effort, Expansion, PlayType, Scope, Tier};
use crate::account::{Account, Segments, same_word};

/// Which accounts totals and gates are about. Empty lists and `None` admit all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Population {
    /// Segment names, case ignored; an account without one counts as the model's default.
    pub segments: Vec<String>,
    /// Customer ids.
    pub customers: Vec<String>,
    /// The lowest ARR.
    pub min_arr: Option<f64>,
}

impl Population {
    /// Whether an account belongs to the population.
    pub fn admits(&self, account: &Account, segments: &Segments) -> bool {
        let segment = account.segment.as_deref().unwrap_or(segments.name(segments.default_profile()));
        (self.segments.is_empty() || self.segments.iter().any(|wanted| same_word(wanted, segment)))
            && (self.customers.is_empty() || self.customers.contains(&account.id))
            && self.min_arr.is_none_or(|least| account.arr >= least)
    }
}

/// Which accounts are listed, and which of their plays. Empty lists and `None` admit all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection {
    /// Health bands; an account that is not scored is in none.
    pub bands: Vec<Band>,
    /// Churn tiers; an account that is not scored is in none.
    pub tiers: Vec<Tier>,
    /// Types of plays; accounts left without a play are not listed.
    pub types: Vec<PlayType>,
    /// The most effort of a play; accounts left without a play are not listed.
    pub max_effort: Option<Effort>,
}

impl Selection {
    /// Whether all accounts are listed, with all of their plays.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn chooses_plays(&self) -> bool {
        !self.types.is_empty() || self.max_effort.is_some()
    }

    /// Drops the plays that are not selected; the account's sums follow.
    pub fn apply(&self, expansion: &mut Expansion, assessor: &Assessor<'_>) {
        if self.chooses_plays() {
            assessor.expansion.keep(expansion, |terms| {
                (self.types.is_empty() || self.types.contains(&terms.kind))
                    && self.max_effort.is_none_or(|most| terms.effort <= most)
            });
        }
    }

    /// What must be in scope for rows to be selected.
    pub(super) fn scope(&self) -> Scope {
        Scope { health: !self.bands.is_empty(), churn: !self.tiers.is_empty(), expansion: self.chooses_plays() }
    }

    pub(super) fn admits(&self, assessment: &Assessment) -> bool {
        (self.bands.is_empty() || assessment.health.band().is_some_and(|band| self.bands.contains(&band)))
            && (self.tiers.is_empty() || assessment.churn.tier().is_some_and(|tier| self.tiers.contains(&tier)))
            && !(self.chooses_plays() && assessment.expansion.opportunities.is_empty())
    }
}

/// The order in which accounts are listed; ties stay in input order. In an order by what is scored, accounts that are not scored come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they were read.
    Input,
    /// By attention, then the highest ARR first.
    Attention,
    /// By attention, then the highest stake first.
    AttentionAndStake,
    /// The lowest health first.
    Health,
    /// The highest churn risk first.
    Risk,
    /// The highest churn risk first, then the highest ARR.
    RiskAndArr,
    /// The highest expansion revenue first.
    Expansion,
    /// The highest ARR first.
    Arr,
    /// By the day of the open renewal, those without one last.
    Renewal,
    /// By name, in the order of Unicode code points, case ignored.
    Name,
}

impl Order {
    /// What must be in scope for accounts to be put into this order.
    pub fn scope(self) -> Scope {
        let none = Scope::default();
        match self {
            Self::Input | Self::Arr | Self::Renewal | Self::Name => none,
            Self::Attention | Self::AttentionAndStake => Scope { health: true, churn: true, ..none },
            Self::Health => Scope { health: true, ..none },
            Self::Risk | Self::RiskAndArr => Scope { churn: true, ..none },
            Self::Expansion => Scope { expansion: true, ..none },
        }
    }
}
