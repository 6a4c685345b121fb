//! Scales: from the value of a metric to points.

use super::{Value, clamp};

/// How the value of a metric becomes points. A value of a kind that the scale does not read gives 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// value ÷ target × 100, within 0–100; a zero target gives 0.
    Ratio {
        /// The value that earns the full score.
        target: f64,
    },
    /// (1 − value ÷ maximum) × 100, within 0–100; a zero maximum counts as value ÷ maximum = 0.
    Inverse {
        /// The value that earns nothing.
        maximum: f64,
    },
    /// |value| × points for a negative value (a decrease), else 0.
    Fall {
        /// Points per unit of decrease.
        per_unit: f64,
    },
    /// value × points for a positive value (an increase), else 0.
    Rise {
        /// Points per unit of increase.
        per_unit: f64,
    },
    /// (value − offset) × points.
    PerUnit {
        /// Points per unit.
        per_unit: f64,
        /// The value that earns nothing.
        offset: f64,
    },
    /// Points by word.
    Lookup {
        /// The points of each word of the vocabulary, by its position; `None` where it has none of its own.
        points: Vec<Option<f64>>,
        /// The points of every other word.
        other: f64,
    },
    /// Points where a flag is set, else 0.
    Points {
        /// The points of a set flag.
        when_set: f64,
    },
    /// The points of the first step that the value reaches, else 0.
    Steps(
        /// From the highest lower bound to the lowest.
        Vec<Step>,
    ),
}

/// One step of [`Scale::Steps`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The lowest value of the step.
    pub at_least: f64,
    /// What a value in the step gives.
    pub gives: StepGives,
}

/// What a step gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StepGives {
    /// These points.
    Points(f64),
    /// value × these points.
    Each(f64),
}

impl Step {
    fn points(self, value: f64) -> f64 {
        match self.gives {
            StepGives::Points(points) => points,
            StepGives::Each(each) => value * each,
        }
    }
}

impl Scale {
    /// The points that `value` gives; [`Scale::Ratio`] and [`Scale::Inverse`] stay within 0–100, the others need not.
    // As a call it would be handed the value in memory, and wait for it.
    #[inline]
    pub fn points(&self, value: Value) -> f64 {
        match (self, value) {
            (Self::Ratio { target }, Value::Number(number)) => {
                if *target == 0.0 {
                    0.0
                } else {
                    clamp(number / target * 100.0)
                }
            }
            (Self::Inverse { maximum }, Value::Number(number)) => {
                let share = if *maximum == 0.0 { 0.0 } else { number / maximum };
                clamp((1.0 - share) * 100.0)
            }
            (Self::Fall { per_unit }, Value::Number(number)) if number < 0.0 => number.abs() * per_unit,
            (Self::Rise { per_unit }, Value::Number(number)) if number > 0.0 => number * per_unit,
            (Self::PerUnit { per_unit, offset }, Value::Number(number)) => (number - offset) * per_unit,
            (Self::Lookup { points, other }, Value::Word(word)) => {
                points.get(usize::from(word.0)).copied().flatten().unwrap_or(*other)
            }
            (Self::Points { when_set }, Value::Flag(true)) => *when_set,
            (Self::Steps(steps), Value::Number(number)) => {
                steps.iter().find(|step| number >= step.at_least).map_or(0.0, |step| step.points(number))
            }
            _ => 0.0,
        }
    }

    /// The benchmark that the value is measured against: the target or the maximum.
    pub fn benchmark(&self) -> Option<f64> {
        match self {
            Self::Ratio { target } => Some(*target),
            Self::Inverse { maximum } => Some(*maximum),
            _ => None,
        }
    }

    /// The most points that a value can give, limited to 100. A step counts with what it gives at its lower bound.
    pub fn most(&self) -> f64 {
        let most = match self {
            Self::Ratio { .. } | Self::Inverse { .. } => 100.0,
            Self::Fall { per_unit } | Self::Rise { per_unit } => {
                if *per_unit > 0.0 {
                    100.0
                } else {
                    0.0
                }
            }
            Self::PerUnit { per_unit, .. } => {
                if *per_unit == 0.0 {
                    0.0
                } else {
                    100.0
                }
            }
            Self::Lookup { points, other } => points.iter().flatten().copied().fold(*other, f64::max),
            Self::Points { when_set } => *when_set,
            Self::Steps(steps) => steps.iter().map(|step| step.points(step.at_least)).fold(0.0, f64::max),
        };
        clamp(most)
    }

    /// A value that gives the full score, where one number does.
    pub fn full_value(&self) -> Option<f64> {
        match self {
            Self::Ratio { target } => Some(*target),
            Self::Inverse { .. } => Some(0.0),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Word;

    fn check(scale: &Scale, cases: &[(Value, f64)]) {
        for (value, points) in cases {
            assert_eq!(scale.points(*value), *points, "{scale:?} of {value:?}");
        }
    }

    fn number(number: f64) -> Value {
        Value::Number(number)
    }

    #[test]
    fn ratio_divides_before_it_multiplies() {
        check(
            &Scale::Ratio { target: 70.0 },
            &[(number(70.0), 100.0), (number(35.0), 50.0), (number(80.0), 100.0), (number(-1.0), 0.0)],
        );
        let target = 0.3;
        check(&Scale::Ratio { target }, &[(number(0.07), 0.07 / 0.3 * 100.0)]);
        check(&Scale::Ratio { target: 0.0 }, &[(number(5.0), 0.0)]);
    }

    #[test]
    fn inverse_is_full_at_zero_and_nothing_from_its_maximum() {
        check(
            &Scale::Inverse { maximum: 10.0 },
            &[(number(0.0), 100.0), (number(5.0), 50.0), (number(10.0), 0.0), (number(11.0), 0.0)],
        );
        check(&Scale::Inverse { maximum: 0.0 }, &[(number(5.0), 100.0)]);
    }

    #[test]
    fn changes_count_in_one_direction() {
        check(&Scale::Fall { per_unit: 3.0 }, &[(number(-10.0), 30.0), (number(0.0), 0.0), (number(10.0), 0.0)]);
        check(&Scale::Rise { per_unit: 3.0 }, &[(number(-10.0), 0.0), (number(0.0), 0.0), (number(10.0), 30.0)]);
    }

    #[test]
    fn per_unit_starts_at_its_offset() {
        check(
            &Scale::PerUnit { per_unit: 15.0, offset: 1.0 },
            &[(number(1.0), 0.0), (number(3.0), 30.0), (number(0.0), -15.0)],
        );
    }

    #[test]
    fn lookup_falls_back_for_words_without_points() {
        let scale = Scale::Lookup { points: vec![Some(100.0), None], other: 50.0 };
        check(&scale, &[(Value::Word(Word(0)), 100.0), (Value::Word(Word(1)), 50.0), (Value::Word(Word::OTHER), 50.0)]);
    }

    #[test]
    fn the_first_step_reached_counts() {
        let scale = Scale::Steps(vec![
            Step { at_least: 3.0, gives: StepGives::Points(35.0) },
            Step { at_least: 1.0, gives: StepGives::Each(12.0) },
        ]);
        check(&scale, &[(number(0.0), 0.0), (number(1.0), 12.0), (number(2.0), 24.0), (number(3.0), 35.0)]);
        assert_eq!(scale.most(), 35.0);
    }

    #[test]
    fn flags_count_when_set() {
        check(&Scale::Points { when_set: 45.0 }, &[(Value::Flag(true), 45.0), (Value::Flag(false), 0.0)]);
    }

    #[test]
    fn a_value_of_another_kind_gives_nothing() {
        check(&Scale::Ratio { target: 10.0 }, &[(Value::Flag(true), 0.0), (Value::Absent, 0.0)]);
        check(&Scale::Points { when_set: 45.0 }, &[(number(1.0), 0.0)]);
    }
}
