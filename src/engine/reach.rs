//! The fewest signals that would lift a score to a target.

use super::{Combine, Plan, Scorecard};

/// Up to this many signals that could still gain, [`Plan::reach`] tries every set.
pub const EXACT_REACH: usize = 20;

/// What it takes to reach a score.
#[derive(Debug, Clone, PartialEq)]
pub enum Reach {
    /// The score is there already.
    Already,
    /// Moving these signals to their full score suffices.
    Moving {
        /// The signals, by their positions in the plan.
        signals: Vec<usize>,
        /// The score that results.
        score: f64,
        /// Whether no smaller set suffices and no other of this size gains more; otherwise the size is an upper bound.
        exact: bool,
    },
    /// With all signals at their full score, this is all.
    OutOfReach {
        /// The score that results.
        score: f64,
        /// Whether no set of signals suffices; otherwise only none that was tried.
        exact: bool,
    },
}

impl Plan {
    /// The smallest set of signals that lifts the score of `card` to `target` when each moves to its full score; of
    /// several, the one with the largest gain, then the first in the plan's order. `None` where the card has no score.
    ///
    /// A signal that moves is present: where it was absent and its weight had been handed on, it takes its weight back.
    ///
    /// Every set is tried where at most [`EXACT_REACH`] signals can still gain. Beyond that the signals are
    /// taken by the size of their own gain, and the result is an upper bound.
    pub fn reach(&self, card: &Scorecard, target: f64) -> Option<Reach> {
        if card.score()? >= target {
            return Some(Reach::Already);
        }
        let full: Vec<f64> = self.signals().map(|signal| signal.scale.most()).collect();
        let base = self.counting_points(card);
        let mut movable: Vec<usize> =
            (0..full.len()).filter(|position| base[*position].is_none_or(|points| points < full[*position])).collect();
        let moved = |signals: &[usize]| {
            let mut points = base.clone();
            for signal in signals {
                points[*signal] = Some(full[*signal]);
            }
            self.rescore(&points, card.multiplier)
        };
        let most = moved(&movable);
        // A signal that takes back its weight, and whose full score is not 100, can lower the score of the others: then moving all is
        // not the best that can be done.
        let each_gains = base.iter().all(Option::is_some);
        if most.score < target && each_gains {
            return Some(Reach::OutOfReach { score: most.score, exact: true });
        }
        if movable.len() > EXACT_REACH {
            let gain: Vec<f64> = if each_gains {
                self.gains(&base, &full)
            } else {
                (0..full.len()).map(|signal| moved(&[signal]).raw - card.raw).collect()
            };
            movable.sort_by(|a, b| gain[*b].total_cmp(&gain[*a]));
            let enough = (1..=movable.len()).map(|size| &movable[..size]).find(|set| moved(set).score >= target);
            return Some(match enough {
                Some(set) => Reach::Moving { score: moved(set).score, signals: set.to_vec(), exact: false },
                None => Reach::OutOfReach { score: most.score, exact: false },
            });
        }
        for size in 1..=movable.len() {
            let mut best: Option<(Rescored, Vec<usize>)> = None;
            for_each_set(&movable, size, &mut |signals| {
                let rescored = moved(signals);
                if rescored.score >= target && best.as_ref().is_none_or(|(found, _)| rescored.raw > found.raw) {
                    best = Some((rescored, signals.to_vec()));
                }
            });
            if let Some((rescored, signals)) = best {
                return Some(Reach::Moving { signals, score: rescored.score, exact: true });
            }
        }
        Some(Reach::OutOfReach { score: most.score, exact: true })
    }

    fn rescore(&self, points: &[Option<f64>], multiplier: f64) -> Rescored {
        let raw = self.sum_of_points(points).unwrap_or_default();
        Rescored { score: Self::settle(raw, multiplier), raw }
    }

    /// What each signal alone would add to the raw score where all count.
    fn gains(&self, base: &[Option<f64>], full: &[f64]) -> Vec<f64> {
        let weights = self.groups().iter().flat_map(|group| {
            group.signals.iter().map(|signal| match group.combine {
                Combine::Weigh => group.weight * signal.weight,
                Combine::Add => group.weight,
            })
        });
        let distances = base.iter().zip(full).map(|(base, full)| full - base.unwrap_or_default());
        weights.zip(distances).map(|(weight, distance)| weight * distance).collect()
    }
}

struct Rescored {
    score: f64,
    raw: f64,
}

/// Calls `visit` with every set of `size` items, in lexicographic order of their positions.
fn for_each_set(items: &[usize], size: usize, visit: &mut impl FnMut(&[usize])) {
    let mut positions: Vec<usize> = (0..size).collect();
    let mut set = Vec::with_capacity(size);
    loop {
        set.clear();
        set.extend(positions.iter().map(|position| items[*position]));
        visit(&set);
        let Some(turn) = (0..size).rev().find(|turn| positions[*turn] < items.len() - size + turn) else { return };
        positions[turn] += 1;
        for later in turn + 1..size {
            positions[later] = positions[later - 1] + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Bands, Group, Ladder, Missing, Multiplier, Row, Scale, Signal, Slot, Value};
    use proptest::prelude::*;

    /// A plan of one group whose signals have these weights, and the card of a row with these values out of 100.
    fn scored(weights: &[f64], values: &[f64]) -> (Plan, Scorecard) {
        let signals = (0..)
            .zip(weights)
            .map(|(slot, weight)| Signal {
                slot: Slot(slot),
                freshness: None,
                default: Value::Number(0.0),
                weight: *weight,
                scale: Scale::Ratio { target: 100.0 },
                advise: Ladder::default(),
                warn: Ladder::default(),
            })
            .collect();
        let groups = vec![Group { weight: 1.0, combine: Combine::Weigh, signals }];
        let plan = Plan::new(groups, None, Bands::new(vec![70.0, 0.0]).expect("bounds")).expect("a plan");
        let mut row = Row::new(values.len());
        for (slot, value) in (0..).zip(values) {
            row.set(Slot(slot), Value::Number(*value));
        }
        let mut card = Scorecard::default();
        plan.evaluate(&row, &mut card);
        (plan, card)
    }

    fn moving(signals: &[usize], score: f64, exact: bool) -> Reach {
        Reach::Moving { signals: signals.to_vec(), score, exact }
    }

    #[test]
    fn the_smallest_set_wins_then_the_larger_gain_then_the_first() {
        let (plan, card) = scored(&[0.5, 0.3, 0.2], &[0.0, 0.0, 0.0]);
        for (target, reach) in [
            (0.0, Reach::Already),
            (30.0, moving(&[0], 50.0, true)),
            (50.0, moving(&[0], 50.0, true)),
            (50.1, moving(&[0, 1], 80.0, true)),
            (100.0, moving(&[0, 1, 2], 100.0, true)),
            (100.1, Reach::OutOfReach { score: 100.0, exact: true }),
        ] {
            assert_eq!(plan.reach(&card, target), Some(reach), "{target}");
        }
        let (plan, card) = scored(&[0.25; 4], &[0.0; 4]);
        assert_eq!(plan.reach(&card, 25.0), Some(moving(&[0], 25.0, true)));
    }

    #[test]
    fn signals_at_their_full_score_are_not_moved() {
        let (plan, card) = scored(&[0.6, 0.4], &[100.0, 50.0]);
        assert_eq!(plan.reach(&card, 90.0), Some(moving(&[1], 100.0, true)));
    }

    #[test]
    fn beyond_twenty_signals_the_size_is_an_upper_bound() {
        let (plan, card) = scored(&[0.04; 25], &[0.0; 25]);
        assert_eq!(plan.reach(&card, 8.0), Some(moving(&[0, 1], 8.0, false)));
        let (plan, card) = scored(&[0.05; 20], &[0.0; 20]);
        assert_eq!(plan.reach(&card, 10.0), Some(moving(&[0, 1], 10.0, true)));
    }

    #[test]
    fn an_absent_signal_that_moves_takes_its_weight_back() {
        let (plan, _) = scored(&[0.5, 0.3, 0.2], &[0.0; 3]);
        let plan = plan.treating(Missing::Redistribute, 0.0).expect("a minimum");
        let mut row = Row::new(3);
        let mut card = Scorecard::default();
        plan.evaluate(&row, &mut card);
        assert_eq!(plan.reach(&card, 0.0), None);
        // The second signal decides all: 40. With the first at 100 it is (100 × 0.5 + 40 × 0.3) ÷ 0.8 = 77.5, with itself at 100 it is 100.
        row.set(Slot(1), Value::Number(40.0));
        plan.evaluate(&row, &mut card);
        for (target, reach) in [
            (40.0, Reach::Already),
            (77.5, moving(&[1], 100.0, true)),
            (100.0, moving(&[1], 100.0, true)),
            (100.1, Reach::OutOfReach { score: 100.0, exact: true }),
        ] {
            assert_eq!(plan.reach(&card, target), Some(reach), "{target}");
        }
        row.set(Slot(1), Value::Number(100.0));
        row.set(Slot(0), Value::Number(0.0));
        plan.evaluate(&row, &mut card);
        // 100 × 0.3 ÷ 0.8 = 37.5; with the third at 100: 100 × 0.5 = 50.
        assert_eq!((card.score(), plan.reach(&card, 50.0)), (Some(37.5), Some(moving(&[0], 100.0, true))));
    }

    #[test]
    fn a_signal_that_would_lower_the_score_stays_absent() {
        let (plan, _) = scored(&[0.5, 0.5], &[0.0; 2]);
        let mut groups = plan.groups().to_vec();
        groups[0].signals[1].scale = Scale::Lookup { points: vec![Some(40.0)], other: 0.0 };
        let plan =
            Plan::new(groups, None, plan.bands().clone()).and_then(|plan| plan.treating(Missing::Redistribute, 0.0));
        let plan = plan.expect("a plan");
        let mut row = Row::new(2);
        row.set(Slot(0), Value::Number(50.0));
        let mut card = Scorecard::default();
        plan.evaluate(&row, &mut card);
        // With both at their full score it is (100 + 40) ÷ 2 = 70.
        for (target, reach) in
            [(90.0, moving(&[0], 100.0, true)), (100.1, Reach::OutOfReach { score: 70.0, exact: true })]
        {
            assert_eq!(plan.reach(&card, target), Some(reach), "{target}");
        }
    }

    #[test]
    fn beyond_twenty_signals_an_absent_one_gains_what_it_takes_back() {
        let (plan, _) = scored(&[0.04; 25], &[0.0; 25]);
        let plan = plan.treating(Missing::Redistribute, 0.0).expect("a minimum");
        let mut row = Row::new(25);
        for slot in 0..3 {
            row.set(Slot(slot), Value::Number(0.0));
        }
        let mut card = Scorecard::default();
        plan.evaluate(&row, &mut card);
        // One of the three present ones at 100 gives a third, an absent one a quarter.
        for (target, reach) in [
            (33.0, moving(&[0], 33.3, false)),
            (60.0, moving(&[0, 1], 66.7, false)),
            (100.1, Reach::OutOfReach { score: 100.0, exact: false }),
        ] {
            assert_eq!(plan.reach(&card, target), Some(reach), "{target}");
        }
    }

    /// A small plan whose signals all have the target 80, and the values of its row, of which some are absent; the last one is what its
    /// multiplier reads.
    fn small_plan() -> impl Strategy<Value = (Plan, Vec<Option<f64>>)> {
        let group = |most| {
            let weights = prop::collection::vec(prop_oneof![Just(1_u32), 1..=9_u32], 2..=most);
            (1..=9_u32, any::<bool>(), weights)
        };
        let groups = prop_oneof![prop::collection::vec(group(4), 2), prop::collection::vec(group(2), 3),];
        // Values at the target and above it too: those signals cannot be moved.
        let number = prop_oneof![4 => 0.0..80.0_f64, 1 => Just(0.0), 1 => Just(80.0), 1 => Just(90.0)];
        let value = prop::option::weighted(0.8, number);
        let missing = prop_oneof![Just(Missing::Default), Just(Missing::Redistribute)];
        (groups, prop::collection::vec(value, 8), prop::option::of(1.05..1.5_f64), missing).prop_map(
            |(groups, mut values, factor, missing)| {
                let whole: f64 = groups.iter().map(|(weight, ..)| f64::from(*weight)).sum();
                let mut slots = (0..).map(Slot);
                let groups: Vec<Group> = groups
                    .into_iter()
                    .map(|(weight, add, weights)| {
                        let sum = f64::from(weights.iter().sum::<u32>());
                        let signals = weights.iter().zip(&mut slots).map(|(weight, slot)| Signal {
                            slot,
                            freshness: None,
                            default: Value::Number(0.0),
                            weight: f64::from(*weight) / sum,
                            scale: Scale::Ratio { target: 80.0 },
                            advise: Ladder::default(),
                            warn: Ladder::default(),
                        });
                        Group {
                            weight: f64::from(weight) / whole,
                            combine: if add { Combine::Add } else { Combine::Weigh },
                            signals: signals.collect(),
                        }
                    })
                    .collect();
                values.truncate(groups.iter().map(|group| group.signals.len()).sum());
                let last = slots.next().expect("a slot");
                let multiplier = factor.map(|factor| Multiplier::new(last, vec![(30.0, factor)]).expect("one step"));
                values.push(Some(10.0));
                let bands = Bands::new(vec![70.0, 0.0]).expect("bounds");
                let plan = Plan::new(groups, multiplier, bands).and_then(|plan| plan.treating(missing, 0.0));
                (plan.expect("a plan"), values)
            },
        )
    }

    /// The card of a row with these values, of which the signals in the set are at their target.
    fn with_full(plan: &Plan, values: &[Option<f64>], set: usize) -> Scorecard {
        let mut row = Row::new(values.len());
        for (position, value) in values.iter().enumerate() {
            let value = if set >> position & 1 == 1 { Some(80.0) } else { *value };
            let value = value.map_or(Value::Absent, Value::Number);
            row.set(Slot(u16::try_from(position).expect("a small plan")), value);
        }
        let mut card = Scorecard::default();
        plan.evaluate(&row, &mut card);
        card
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_set_of_signals_is_better_than_the_one_found((plan, values) in small_plan(), target in 5.0..105.0_f64) {
            let card = with_full(&plan, &values, 0);
            let count = values.len() - 1;
            let movable = (0..count).filter(|signal| values[*signal].is_none_or(|value| value < 80.0)).fold(0, |set, signal| set | 1_usize << signal);
            let sets = (1..1_usize << count).filter(|set| set & !movable == 0);
            let reaching: Vec<(usize, Scorecard)> = sets
                .map(|set| (set, with_full(&plan, &values, set)))
                .filter(|(_, moved)| moved.score().is_some_and(|score| score >= target))
                .collect();
            let Some(reach) = plan.reach(&card, target) else {
                prop_assert_eq!(card.score(), None);
                return Ok(());
            };
            let before = card.score().expect("a score");
            match reach {
                Reach::Already => prop_assert!(before >= target),
                Reach::OutOfReach { score, exact } => {
                    prop_assert!(exact);
                    prop_assert!(before < target && reaching.is_empty());
                    prop_assert_eq!(Some(score), with_full(&plan, &values, movable).score());
                }
                Reach::Moving { signals, score, exact } => {
                    prop_assert!(exact && before < target && score >= target);
                    prop_assert!(signals.is_sorted_by(|a, b| a < b), "{signals:?}");
                    let found = signals.iter().fold(0, |set, signal| set | 1_usize << signal);
                    let moved = with_full(&plan, &values, found);
                    prop_assert_eq!(Some(score), moved.score());
                    prop_assert!(reaching.iter().any(|(set, _)| *set == found), "only signals that can gain are moved");
                    let least = reaching.iter().map(|(set, _)| set.count_ones()).min();
                    prop_assert_eq!(least, Some(found.count_ones()));
                    let of_that_size = reaching.iter().filter(|(set, _)| set.count_ones() == found.count_ones());
                    let most = of_that_size.map(|(_, moved)| moved.raw).fold(f64::MIN, f64::max);
                    prop_assert_eq!(moved.raw, most);
                }
            }
        }
    }
}
