//! Ladders of rules: the first rule that holds fires.

use super::{Value, Word};

/// How grave a rule is. Ordered from the least to the most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// To be watched.
    Medium,
    /// To be acted on.
    High,
    /// To be acted on at once.
    Critical,
}

/// A condition on a signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    /// The value is this or more.
    AtLeast(f64),
    /// The value is more than this.
    Above(f64),
    /// The value is this or less.
    AtMost(f64),
    /// The value is less than this.
    Below(f64),
    /// The value is this word or flag.
    Is(Value),
    /// The signal's 0–100 score is less than this.
    ScoreBelow(f64),
    /// The signal's 0–100 score is more than this.
    ScoreAbove(f64),
    /// The value is more than this share of the signal's benchmark.
    ShareAbove(f64),
}

impl Test {
    /// Whether the condition holds for a value, the signal's score and its benchmark.
    /// A number test never holds for a word or a flag, and [`Test::ShareAbove`] never without a benchmark.
    pub fn holds(self, value: Value, score: f64, benchmark: Option<f64>) -> bool {
        match self {
            Self::AtLeast(bound) => value.number().is_some_and(|number| number >= bound),
            Self::Above(bound) => value.number().is_some_and(|number| number > bound),
            Self::AtMost(bound) => value.number().is_some_and(|number| number <= bound),
            Self::Below(bound) => value.number().is_some_and(|number| number < bound),
            Self::Is(wanted) => value == wanted,
            Self::ScoreBelow(bound) => score < bound,
            Self::ScoreAbove(bound) => score > bound,
            Self::ShareAbove(share) => {
                value.number().zip(benchmark).is_some_and(|(number, benchmark)| number > share * benchmark)
            }
        }
    }
}

/// A rule: it fires where all its tests hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rule {
    /// The conditions; none at all always holds.
    pub tests: Vec<Test>,
    /// How grave it is, where that is said.
    pub severity: Option<Severity>,
}

/// Rules in order, of which the first that holds fires.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ladder {
    rules: Vec<Rule>,
}

/// A rule that can never fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shadow {
    /// Its own tests exclude each other.
    Contradiction {
        /// The position of the rule.
        rule: usize,
    },
    /// Whatever it holds for, earlier rules hold for too.
    Covered {
        /// The position of the rule.
        rule: usize,
        /// The position of an earlier rule that takes some of it, or all.
        by: usize,
    },
}

impl Ladder {
    /// A ladder of rules, the first to be tried first.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
    }

    /// The rules, in the order in which they are tried.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The position of the first rule that holds.
    pub fn first(&self, value: Value, score: f64, benchmark: Option<f64>) -> Option<usize> {
        self.rules.iter().position(|rule| rule.tests.iter().all(|test| test.holds(value, score, benchmark)))
    }

    /// The rules that can never fire, given the signal's benchmark.
    ///
    /// Tests only compare with their bounds, so one value from each stretch between neighbouring bounds, and the bounds
    /// themselves, stand for all values there are; likewise for scores.
    pub fn shadows(&self, benchmark: Option<f64>) -> Vec<Shadow> {
        let values = self.values(benchmark);
        let scores = self.scores();
        let cells: Vec<(Value, f64)> =
            values.iter().flat_map(|value| scores.iter().map(move |score| (*value, *score))).collect();
        let fires = |rule: &Rule, (value, score)| rule.tests.iter().all(|test| test.holds(value, score, benchmark));
        let mut shadows = Vec::new();
        for (position, rule) in self.rules.iter().enumerate() {
            let mut held = cells.iter().filter(|cell| fires(rule, **cell)).peekable();
            let Some(first) = held.peek().copied() else {
                shadows.push(Shadow::Contradiction { rule: position });
                continue;
            };
            let earlier = &self.rules[..position];
            if held.all(|cell| earlier.iter().any(|rule| fires(rule, *cell))) {
                let by = earlier.iter().position(|rule| fires(rule, *first)).unwrap_or(0);
                shadows.push(Shadow::Covered { rule: position, by });
            }
        }
        shadows
    }

    /// Values that stand for all: of the kind that the tests look at.
    fn values(&self, benchmark: Option<f64>) -> Vec<Value> {
        let tests = || self.rules.iter().flat_map(|rule| &rule.tests);
        let named: Vec<Value> = tests()
            .filter_map(|test| match test {
                Test::Is(value) => Some(*value),
                _ => None,
            })
            .collect();
        match named.first() {
            Some(Value::Flag(_)) => vec![Value::Flag(false), Value::Flag(true)],
            Some(Value::Word(_)) => named.into_iter().chain([Value::Word(Word::OTHER)]).collect(),
            _ => {
                let bounds = tests().filter_map(|test| match *test {
                    Test::AtLeast(bound) | Test::Above(bound) | Test::AtMost(bound) | Test::Below(bound) => Some(bound),
                    Test::ShareAbove(share) => benchmark.map(|benchmark| share * benchmark),
                    Test::Is(_) | Test::ScoreBelow(_) | Test::ScoreAbove(_) => None,
                });
                stretches(bounds, f64::NEG_INFINITY, f64::INFINITY)
                    .into_iter()
                    .map(Value::Number)
                    .chain(named)
                    .collect()
            }
        }
    }

    /// Scores that stand for all from 0 to 100.
    fn scores(&self) -> Vec<f64> {
        let bounds = self.rules.iter().flat_map(|rule| &rule.tests).filter_map(|test| match test {
            Test::ScoreBelow(bound) | Test::ScoreAbove(bound) => Some(bound.clamp(0.0, 100.0)),
            _ => None,
        });
        stretches(bounds, 0.0, 100.0)
    }
}

/// The bounds, and a number from each stretch between them and up to the ends.
fn stretches(bounds: impl Iterator<Item = f64>, lowest: f64, highest: f64) -> Vec<f64> {
    let mut bounds: Vec<f64> = bounds.filter(|bound| bound.is_finite()).chain([lowest, highest]).collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    let between = bounds.windows(2).map(|pair| match (pair[0].is_finite(), pair[1].is_finite()) {
        (true, true) => f64::midpoint(pair[0], pair[1]),
        (true, false) => pair[0].next_up(),
        (false, true) => pair[1].next_down(),
        (false, false) => 0.0,
    });
    let mut numbers: Vec<f64> = between.collect();
    numbers.extend(bounds.into_iter().filter(|bound| bound.is_finite()));
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(rules: &[&[Test]]) -> Ladder {
        Ladder::new(rules.iter().map(|tests| Rule { tests: tests.to_vec(), severity: None }).collect())
    }

    #[test]
    fn every_test_is_exact_at_its_bound() {
        let on = Value::Number(10.0);
        for (test, below, equal, above) in [
            (Test::AtLeast(10.0), false, true, true),
            (Test::Above(10.0), false, false, true),
            (Test::AtMost(10.0), true, true, false),
            (Test::Below(10.0), true, false, false),
            (Test::ShareAbove(0.5), false, false, true),
        ] {
            let holds = |value| test.holds(value, 0.0, Some(20.0));
            let below_and_above =
                (holds(Value::Number(10.0_f64.next_down())), holds(Value::Number(10.0_f64.next_up())));
            assert_eq!((below_and_above.0, holds(on), below_and_above.1), (below, equal, above), "{test:?}");
        }
        for (test, below, equal, above) in
            [(Test::ScoreBelow(60.0), true, false, false), (Test::ScoreAbove(60.0), false, false, true)]
        {
            let holds = |score: f64| test.holds(Value::Absent, score, None);
            assert_eq!(
                (holds(60.0_f64.next_down()), holds(60.0), holds(60.0_f64.next_up())),
                (below, equal, above),
                "{test:?}"
            );
        }
    }

    #[test]
    fn the_first_rule_that_holds_fires() {
        let ladder = ladder(&[&[Test::AtMost(-20.0)], &[Test::AtMost(-10.0)], &[Test::Below(-5.0)]]);
        for (value, fires) in
            [(-25.0, Some(0)), (-20.0, Some(0)), (-19.9, Some(1)), (-10.0, Some(1)), (-5.1, Some(2)), (-5.0, None)]
        {
            assert_eq!(ladder.first(Value::Number(value), 0.0, None), fires, "{value}");
        }
        assert_eq!(ladder.first(Value::Flag(true), 0.0, None), None);
    }

    #[test]
    fn rules_that_can_never_fire_are_found() {
        let covered = |rule, by| vec![Shadow::Covered { rule, by }];
        for (rules, benchmark, shadows) in [
            (&[&[Test::AtLeast(2.0)] as &[Test], &[Test::AtLeast(1.0)]] as &[&[Test]], None, vec![]),
            (&[&[Test::AtLeast(1.0)], &[Test::AtLeast(2.0)]], None, covered(1, 0)),
            (&[&[Test::AtLeast(1.0)], &[Test::AtLeast(1.0)]], None, covered(1, 0)),
            (&[&[Test::Above(1.0)], &[Test::AtLeast(1.0)]], None, vec![]),
            (&[&[Test::Is(Value::Flag(true))], &[Test::Is(Value::Flag(true))]], None, covered(1, 0)),
            (&[&[Test::Is(Value::Flag(true))], &[Test::Is(Value::Flag(false))]], None, vec![]),
            (&[&[Test::ShareAbove(0.5)], &[Test::Above(6.0)]], Some(10.0), covered(1, 0)),
            (&[&[Test::AtLeast(3.0), Test::Below(3.0)]], None, vec![Shadow::Contradiction { rule: 0 }]),
            (&[&[Test::ScoreBelow(0.0)]], None, vec![Shadow::Contradiction { rule: 0 }]),
            (&[&[], &[Test::ScoreBelow(60.0)]], None, covered(1, 0)),
            (&[&[Test::AtLeast(5.0)], &[Test::Below(5.0)], &[Test::ScoreBelow(60.0)]], None, covered(2, 1)),
            (&[&[Test::Above(5.0)], &[Test::Below(5.0)], &[Test::ScoreBelow(60.0)]], None, vec![]),
            (
                &[&[Test::Is(Value::Flag(true))], &[Test::Is(Value::Flag(false))], &[Test::ScoreBelow(60.0)]],
                None,
                covered(2, 1),
            ),
            (&[&[Test::Is(Value::Word(Word(0)))], &[Test::ScoreBelow(60.0)]], None, vec![]),
        ] {
            assert_eq!(ladder(rules).shadows(benchmark), shadows, "{rules:?}");
        }
    }
}
