//! Figures with a low, a base and a high case.

use std::ops::{Add, AddAssign};

/// One figure in three cases.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outlook {
    /// The cautious case.
    pub low: f64,
    /// The expected case.
    pub base: f64,
    /// The hopeful case.
    pub high: f64,
}

impl Outlook {
    /// Combines each case of two outlooks.
    #[must_use]
    pub fn with(self, other: Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            low: combine(self.low, other.low),
            base: combine(self.base, other.base),
            high: combine(self.high, other.high),
        }
    }

    /// Each case multiplied by a factor.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        self.with(Self::default(), |case, _| case * factor)
    }
}

impl Add for Outlook {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.with(other, Add::add)
    }
}

impl AddAssign for Outlook {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
