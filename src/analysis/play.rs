//! The kinds of expansion, and what a model says of each as such.

use super::Outlook;

/// A kind of expansion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Play {
    /// More seats, where those licensed are nearly all in use.
    SeatExpansion,
    /// The next plan up.
    TierUpgrade,
    /// A module that is offered and not yet adopted.
    ModuleCrossSell,
    /// A department that could use the product.
    DepartmentExpansion,
}

impl Play {
    /// All plays, in the order in which equal priorities are listed.
    pub const ALL: [Self; 4] =
        [Self::SeatExpansion, Self::TierUpgrade, Self::ModuleCrossSell, Self::DepartmentExpansion];

    /// The name in the model and in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::SeatExpansion => "seat_expansion",
            Self::TierUpgrade => "tier_upgrade",
            Self::ModuleCrossSell => "module_cross_sell",
            Self::DepartmentExpansion => "department_expansion",
        }
    }

    /// The position in [`Play::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// How much work a play is, from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effort {
    /// Little work.
    Low,
    /// Some work.
    Medium,
    /// Much work.
    High,
}

impl Effort {
    /// All efforts, from the least.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The name in the model and in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// The type of business that a play is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlayType {
    /// More of the same.
    Expansion,
    /// A better plan.
    Upsell,
    /// Something beside it.
    CrossSell,
}

impl PlayType {
    /// All types.
    pub const ALL: [Self; 3] = [Self::Expansion, Self::Upsell, Self::CrossSell];

    /// The name in the model and in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expansion => "expansion",
            Self::Upsell => "upsell",
            Self::CrossSell => "cross_sell",
        }
    }
}

/// What the model says of a play as such.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlayTerms {
    /// The type of business.
    pub kind: PlayType,
    /// How much work it is.
    pub effort: Effort,
    /// The share of its estimated revenue that is expected to be won.
    pub win_rate: Outlook,
}
