//! Ladders of rules: the first rule that holds fires.

use super::Value;

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
    /// Whatever it holds for, an earlier rule holds for too.
    Covered {
        /// The position of the rule.
        rule: usize,
        /// The position of the earlier rule.
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
    pub fn shadows(&self, benchmark: Option<f64>) -> Vec<Shadow> {
        let regions: Vec<Region> = self.rules.iter().map(|rule| Region::of(&rule.tests, benchmark)).collect();
        regions
            .iter()
            .enumerate()
            .filter_map(|(rule, region)| {
                if region.is_empty() {
                    return Some(Shadow::Contradiction { rule });
                }
                let by = regions[..rule].iter().position(|earlier| region.lies_in(earlier))?;
                Some(Shadow::Covered { rule, by })
            })
            .collect()
    }
}

/// What a rule holds for: a range of values, a range of scores, and perhaps one word or flag.
struct Region {
    value: Interval,
    score: Interval,
    is: Option<Value>,
    contradicts: bool,
}

impl Region {
    fn of(tests: &[Test], benchmark: Option<f64>) -> Self {
        let mut region = Self {
            value: Interval::between(f64::NEG_INFINITY, f64::INFINITY),
            score: Interval::between(0.0, 100.0),
            is: None,
            contradicts: false,
        };
        for test in tests {
            match *test {
                Test::AtLeast(bound) => region.value.raise(bound, false),
                Test::Above(bound) => region.value.raise(bound, true),
                Test::AtMost(bound) => region.value.lower(bound, false),
                Test::Below(bound) => region.value.lower(bound, true),
                Test::ScoreBelow(bound) => region.score.lower(bound, true),
                Test::ScoreAbove(bound) => region.score.raise(bound, true),
                Test::ShareAbove(share) => match benchmark {
                    Some(benchmark) => region.value.raise(share * benchmark, true),
                    None => region.contradicts = true,
                },
                Test::Is(value) => {
                    region.contradicts |= region.is.is_some_and(|other| other != value);
                    region.is = Some(value);
                }
            }
        }
        region
    }

    fn is_empty(&self) -> bool {
        self.contradicts || self.value.is_empty() || self.score.is_empty()
    }

    fn lies_in(&self, other: &Self) -> bool {
        !other.is_empty()
            && self.value.lies_in(&other.value)
            && self.score.lies_in(&other.score)
            && (other.is.is_none() || other.is == self.is)
    }
}

/// A range of numbers, each end open or closed.
struct Interval {
    low: (f64, bool),
    high: (f64, bool),
}

impl Interval {
    fn between(low: f64, high: f64) -> Self {
        Self { low: (low, false), high: (high, false) }
    }

    fn raise(&mut self, bound: f64, open: bool) {
        if bound > self.low.0 || (bound == self.low.0 && open) {
            self.low = (bound, open);
        }
    }

    fn lower(&mut self, bound: f64, open: bool) {
        if bound < self.high.0 || (bound == self.high.0 && open) {
            self.high = (bound, open);
        }
    }

    fn is_empty(&self) -> bool {
        self.low.0 > self.high.0 || (self.low.0 == self.high.0 && (self.low.1 || self.high.1))
    }

    fn lies_in(&self, other: &Self) -> bool {
        let above = self.low.0 > other.low.0 || (self.low.0 == other.low.0 && (self.low.1 || !other.low.1));
        let below = self.high.0 < other.high.0 || (self.high.0 == other.high.0 && (self.high.1 || !other.high.1));
        above && below
    }
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
        ] {
            assert_eq!(ladder(rules).shadows(benchmark), shadows, "{rules:?}");
        }
    }
}
