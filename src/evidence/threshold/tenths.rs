//! Scores and bounds in whole tenths of risk, so that bands of health and tiers of churn risk are one thing.

use super::Bounds;
use crate::evidence::On;

/// A score and bounds in whole tenths, so that more is worse and a bound holds what it is equal to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tenths(pub(super) i64);

impl Tenths {
    #[expect(clippy::cast_possible_truncation, reason = "scores are 0–100")]
    pub(super) fn of(on: On, score: f64) -> Self {
        let tenths = (score * 10.0).round() as i64;
        Self(match on {
            On::Health => 1000 - tenths,
            On::Churn => tenths,
        })
    }

    /// The least risk that raises an alarm by a bound: scores below it for health, from it on for risk.
    #[expect(clippy::cast_possible_truncation, reason = "bounds are 0–100")]
    pub(super) fn of_bound(on: On, bound: f64) -> Self {
        // 67.3 × 10 is a little more than 673.
        let tenths = (bound * 10.0 - 1e-9).ceil() as i64;
        Self(match on {
            On::Health => 1001 - tenths,
            On::Churn => tenths,
        })
    }

    pub(super) fn bound(self, on: On) -> f64 {
        let tenths = match on {
            On::Health => 1001 - self.0,
            On::Churn => self.0,
        };
        tenths as f64 / 10.0
    }
}

/// Two bounds in tenths of risk; the grave one is the higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cuts {
    pub(super) alarm: Tenths,
    pub(super) grave: Tenths,
}

impl Cuts {
    pub(super) fn of(on: On, bounds: Bounds) -> Self {
        Self { alarm: Tenths::of_bound(on, bounds.alarm), grave: Tenths::of_bound(on, bounds.grave) }
    }

    pub(super) fn bounds(self, on: On) -> Bounds {
        Bounds { alarm: self.alarm.bound(on), grave: self.grave.bound(on) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_raises_an_alarm_in_tenths_where_it_does_so_by_the_bound() {
        for bound in [0.1, 40.0, 49.99, 67.3, 67.34, 67.35, 100.0] {
            for tenths in 0..=1000_i32 {
                let score = f64::from(tenths) / 10.0;
                for (on, expected) in [(On::Health, score < bound), (On::Churn, score >= bound)] {
                    let alarm = Tenths::of(on, score) >= Tenths::of_bound(on, bound);
                    assert_eq!(alarm, expected, "{on:?}: {score} by {bound}");
                }
            }
        }
    }

    #[test]
    fn bounds_of_one_decimal_come_back_as_they_were() {
        for tenths in 1..=1000_i32 {
            let bound = f64::from(tenths) / 10.0;
            for on in [On::Health, On::Churn] {
                assert_eq!(Tenths::of_bound(on, bound).bound(on).to_bits(), bound.to_bits(), "{on:?}");
            }
        }
    }
}
