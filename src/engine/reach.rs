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
    /// Even with all signals at their full score, this is all.
    OutOfReach {
        /// The score that results.
        score: f64,
    },
}

impl Plan {
    /// The smallest set of signals that lifts the score of `card` to `target` when each moves to its full score; of
    /// several, the one with the largest gain, then the first in the plan's order.
    ///
    /// Every set is tried where at most [`EXACT_REACH`] signals can still gain. Beyond that the signals are
    /// taken by the size of their own gain, and the result is an upper bound.
    pub fn reach(&self, card: &Scorecard, target: f64) -> Reach {
        if card.score >= target {
            return Reach::Already;
        }
        let full: Vec<f64> = self.signals().map(|signal| signal.scale.most()).collect();
        let mut movable: Vec<usize> =
            (0..full.len()).filter(|position| card.signals[*position].points < full[*position]).collect();
        let base: Vec<f64> = card.signals.iter().map(|signal| signal.points).collect();
        let moved = |signals: &[usize]| {
            let mut points = base.clone();
            for signal in signals {
                points[*signal] = full[*signal];
            }
            self.rescore(&points, card.multiplier)
        };
        let most = moved(&movable);
        if most.score < target {
            return Reach::OutOfReach { score: most.score };
        }
        if movable.len() > EXACT_REACH {
            let gain = self.gains(&base, &full);
            movable.sort_by(|a, b| gain[*b].total_cmp(&gain[*a]));
            let enough =
                (1..=movable.len()).find(|size| moved(&movable[..*size]).score >= target).unwrap_or(movable.len());
            let signals = movable[..enough].to_vec();
            return Reach::Moving { score: moved(&signals).score, signals, exact: false };
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
                return Reach::Moving { signals, score: rescored.score, exact: true };
            }
        }
        Reach::OutOfReach { score: most.score }
    }

    fn rescore(&self, points: &[f64], multiplier: f64) -> Rescored {
        let mut start = 0;
        let mut raw = 0.0;
        for group in self.groups() {
            let end = start + group.signals.len();
            raw += group.score(points[start..end].iter().copied()) * group.weight;
            start = end;
        }
        Rescored { score: Self::settle(raw, multiplier), raw }
    }

    /// What each signal alone would add to the raw score.
    fn gains(&self, base: &[f64], full: &[f64]) -> Vec<f64> {
        let weights = self.groups().iter().flat_map(|group| {
            group.signals.iter().map(|signal| match group.combine {
                Combine::Weigh => group.weight * signal.weight,
                Combine::Add => group.weight,
            })
        });
        weights.zip(base.iter().zip(full)).map(|(weight, (base, full))| weight * (full - base)).collect()
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
    use crate::engine::{Bands, Group, Ladder, Row, Scale, Signal, Slot, Value};

    /// A plan of one group whose signals have these weights, and the card of a row with these values out of 100.
    fn scored(weights: &[f64], values: &[f64]) -> (Plan, Scorecard) {
        let signals = (0..)
            .zip(weights)
            .map(|(slot, weight)| Signal {
                slot: Slot(slot),
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
            (100.1, Reach::OutOfReach { score: 100.0 }),
        ] {
            assert_eq!(plan.reach(&card, target), reach, "{target}");
        }
        let (plan, card) = scored(&[0.25; 4], &[0.0; 4]);
        assert_eq!(plan.reach(&card, 25.0), moving(&[0], 25.0, true));
    }

    #[test]
    fn signals_at_their_full_score_are_not_moved() {
        let (plan, card) = scored(&[0.6, 0.4], &[100.0, 50.0]);
        assert_eq!(plan.reach(&card, 90.0), moving(&[1], 100.0, true));
    }

    #[test]
    fn beyond_twenty_signals_the_size_is_an_upper_bound() {
        let (plan, card) = scored(&[0.04; 25], &[0.0; 25]);
        assert_eq!(plan.reach(&card, 8.0), moving(&[0, 1], 8.0, false));
        let (plan, card) = scored(&[0.05; 20], &[0.0; 20]);
        assert_eq!(plan.reach(&card, 10.0), moving(&[0, 1], 10.0, true));
    }
}
