//! The multiplier that some models end with.

use super::{Row, Slot, Value};

/// The largest factor: it lifts a score of 1 to the end of the scale.
pub const MOST_FACTOR: f64 = 100.0;

/// A factor on the score, by the value of one slot: the first step whose bound the value does not exceed.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiplier {
    slot: Slot,
    steps: Vec<(f64, f64)>,
}

/// Why a list of steps makes no multiplier.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MultiplierError {
    /// A bound does not rise above the one before it.
    #[error("a step up to {0} does not rise above the step before it")]
    OutOfOrder(f64),
    /// A bound is not finite, or a factor is not a number from 0 to [`MOST_FACTOR`].
    #[error("a step up to {0} is not finite, or its factor is no number from 0 to {MOST_FACTOR}")]
    OutOfRange(f64),
}

impl Multiplier {
    /// A multiplier from (upper bound, factor), lowest bound first; beyond the last bound, and for an absent value, the factor is 1.
    ///
    /// # Errors
    ///
    /// Where a bound is not finite, a factor is not within 0 and [`MOST_FACTOR`], or a bound does not rise above the one before.
    pub fn new(slot: Slot, steps: Vec<(f64, f64)>) -> Result<Self, MultiplierError> {
        if let Some((bound, _)) =
            steps.iter().find(|(bound, factor)| !bound.is_finite() || !(0.0..=MOST_FACTOR).contains(factor))
        {
            return Err(MultiplierError::OutOfRange(*bound));
        }
        match steps.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
            Some(pair) => Err(MultiplierError::OutOfOrder(pair[1].0)),
            None => Ok(Self { slot, steps }),
        }
    }

    /// The factor for the values of a row.
    pub fn factor(&self, row: &Row) -> f64 {
        let Value::Number(value) = row.get(self.slot) else { return 1.0 };
        self.steps.iter().find(|(bound, _)| value <= *bound).map_or(1.0, |(_, factor)| *factor)
    }

    /// The steps as (upper bound, factor), lowest bound first.
    pub fn steps(&self) -> &[(f64, f64)] {
        &self.steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_multiplier_steps_at_most() {
        let multiplier = Multiplier::new(Slot(0), vec![(30.0, 1.5), (60.0, 1.35)]).expect("rising bounds");
        for (days, factor) in [(-5.0, 1.5), (30.0, 1.5), (31.0, 1.35), (60.0, 1.35), (61.0, 1.0)] {
            let mut row = Row::new(1);
            row.set(Slot(0), Value::Number(days));
            assert_eq!(multiplier.factor(&row), factor, "{days}");
        }
        assert_eq!(multiplier.factor(&Row::new(1)), 1.0);
        assert!(Multiplier::new(Slot(0), vec![(60.0, 1.5), (30.0, 1.35)]).is_err());
        assert!(Multiplier::new(Slot(0), vec![(60.0, f64::NAN)]).is_err());
    }
}
