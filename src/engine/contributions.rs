//! The score as a sum of whole hundredths of a point.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use super::{Plan, Scorecard};

/// Whole hundredths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Hundredths(pub i64);

impl Hundredths {
    /// points × 100, rounded to the nearest whole number; ties go to even.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and scores are far smaller")]
    pub fn nearest(points: f64) -> Self {
        Self((points * 100.0).round_ties_even() as i64)
    }

    /// The points.
    pub fn points(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl Add for Hundredths {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Hundredths {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Hundredths {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Hundredths {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:.2}", self.points()))
    }
}

/// What each signal brought to the score. `signals` and `rest` add up to the score exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributions {
    /// Points that each signal brought, multiplier and the weight that it was handed included, in the plan's order; 0 where it did not
    /// count.
    pub signals: Vec<Hundredths>,
    /// Points that each signal would bring with its full score and the same weight, in the plan's order.
    pub full: Vec<Hundredths>,
    /// What rounding and the limits of 0 and 100 took (negative) or gave.
    pub rest: Hundredths,
}

impl Plan {
    /// Splits the score of a card that this plan filled; `None` where it has no score.
    pub fn contributions(&self, card: &Scorecard) -> Option<Contributions> {
        let score = card.score()?;
        let factors = self.factors(card);
        let points = |points: f64, factor: f64| Hundredths::nearest(points * factor);
        let scored = card.signals.iter().zip(&factors);
        let signals: Vec<Hundredths> = scored.map(|(scored, factor)| points(scored.points, *factor)).collect();
        let full = self.signals().zip(&factors).map(|(signal, factor)| points(signal.scale.most(), *factor)).collect();
        let rest = Hundredths::nearest(score) - signals.iter().copied().sum();
        Some(Contributions { signals, full, rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Bands, Combine, Group, Ladder, Multiplier, Row, Scale, Signal, Slot, Value};
    use proptest::prelude::*;

    fn plan(combine: Combine) -> Plan {
        let signal = |slot, weight| Signal {
            slot: Slot(slot),
            freshness: None,
            default: Value::Number(0.0),
            weight,
            scale: Scale::PerUnit { per_unit: 7.0, offset: 0.0 },
            advise: Ladder::default(),
            warn: Ladder::default(),
        };
        let groups = vec![
            Group { weight: 0.7, combine, signals: vec![signal(0, 0.35), signal(1, 0.4), signal(2, 0.25)] },
            Group { weight: 0.3, combine: Combine::Weigh, signals: vec![signal(3, 1.0)] },
        ];
        let multiplier = Multiplier::new(Slot(4), vec![(30.0, 1.35)]).expect("one step");
        Plan::new(groups, Some(multiplier), Bands::new(vec![50.0, 0.0]).expect("bounds")).expect("a plan")
    }

    /// The most that rounding can take or give: half a hundredth per signal, half a tenth of each group's share, half a tenth at the end.
    fn most_by_rounding(plan: &Plan, multiplier: f64) -> f64 {
        let groups: f64 = plan.groups().iter().map(|group| 0.05 * group.weight * multiplier).sum();
        0.005 * plan.signals().count() as f64 + groups + 0.05
    }

    proptest! {
        #[test]
        fn contributions_are_points_by_share_and_add_up_to_the_score(
            // Small values too, so that points that are added up often stay within 0–100.
            values in prop::collection::vec(prop_oneof![-20.0..40.0_f64, 0.0..5.0_f64], 4),
            days in 0.0..60.0_f64,
            add in any::<bool>(),
        ) {
            let plan = plan(if add { Combine::Add } else { Combine::Weigh });
            let mut row = Row::new(5);
            for (slot, value) in (0..).zip(values.iter().chain([&days])) {
                row.set(Slot(slot), Value::Number(*value));
            }
            let mut card = Scorecard::default();
            plan.evaluate(&row, &mut card);
            let contributions = plan.contributions(&card).expect("a score");
            let score = card.score().expect("a score");
            let sum: Hundredths = contributions.signals.iter().copied().sum();
            prop_assert_eq!((sum + contributions.rest).points(), score);
            prop_assert!((0.0..=100.0).contains(&score));

            let multiplier = if days <= 30.0 { 1.35 } else { 1.0 };
            let points: Vec<f64> = values.iter().map(|value| value * 7.0).collect();
            let weighed = |points: f64| points.clamp(0.0, 100.0);
            let (first, shares) = if add { ([points[0], points[1], points[2]], [0.7; 3]) } else {
                ([weighed(points[0]), weighed(points[1]), weighed(points[2])], [0.7 * 0.35, 0.7 * 0.4, 0.7 * 0.25])
            };
            let exact: Vec<f64> = first
                .into_iter()
                .zip(shares)
                .chain([(weighed(points[3]), 0.3)])
                .map(|(points, share)| points * share * multiplier)
                .collect();
            prop_assert_eq!(contributions.signals.len(), exact.len());
            for (found, exact) in contributions.signals.iter().zip(&exact) {
                prop_assert!((found.points() - exact).abs() <= 0.005 + 1e-9, "{found}, expected {exact}");
            }
            let is_clamped = (add && !(0.0..=100.0).contains(&first.iter().sum::<f64>()))
                || !(0.0..=100.0).contains(&(card.raw * multiplier));
            if !is_clamped {
                let most = most_by_rounding(&plan, multiplier) + 1e-9;
                prop_assert!(contributions.rest.points().abs() <= most, "{} of at most {most}", contributions.rest);
            }
        }
    }

    #[test]
    fn the_rest_is_what_the_limits_take() {
        // Points 70, 35 and 7 of the first group; nothing of the second; no urgency.
        let values = [10.0, 5.0, 1.0, 0.0, 31.0];
        for (combine, signals, rest) in
            [(Combine::Add, [4900, 2450, 490, 0], -840), (Combine::Weigh, [1715, 980, 122, 0], -7)]
        {
            let plan = plan(combine);
            let mut row = Row::new(5);
            for (slot, value) in (0..).zip(values) {
                row.set(Slot(slot), Value::Number(value));
            }
            let mut card = Scorecard::default();
            plan.evaluate(&row, &mut card);
            let found = plan.contributions(&card).expect("a score");
            assert_eq!(found.signals, signals.map(Hundredths), "{combine:?}");
            assert_eq!(found.rest, Hundredths(rest), "{combine:?}");
        }
    }

    #[test]
    fn hundredths_print_with_two_decimals() {
        assert_eq!(Hundredths::nearest(12.346).to_string(), "12.35");
        assert_eq!(Hundredths::nearest(0.125).to_string(), "0.12");
        assert_eq!(Hundredths(-5).to_string(), "-0.05");
    }
}
