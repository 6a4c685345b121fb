//! Sums over a portfolio on two days.

use std::cmp::Ordering;

use super::super::Score;
use super::{Moves, Parts, Shift, Standing};
use crate::analysis::Tally;
use crate::engine::Hundredths;

/// What moved one of the scores over a portfolio.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreTotals {
    /// From which bands accounts moved into which.
    pub moves: Moves,
    /// Accounts that are scored on both days: what follows is about them.
    pub compared: Tally,
    /// Of them, those whose score rose.
    pub risen: Tally,
    /// Of them, those whose score fell.
    pub fallen: Tally,
    /// Σ scores of then.
    pub old: Hundredths,
    /// Σ scores of now.
    pub new: Hundredths,
    /// Σ of each part.
    pub parts: Parts,
    /// How many accounts each signal lifted, and how many it lowered, its data and its coverage together.
    pub signals: Vec<SignalMoves>,
}

/// How many accounts a signal moved up and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignalMoves {
    /// Accounts with more points by it.
    pub up: u64,
    /// Accounts with fewer.
    pub down: u64,
}

impl ScoreTotals {
    pub(super) fn new(bands: u8, signals: usize) -> Self {
        Self {
            moves: Moves::new(bands),
            compared: Tally::default(),
            risen: Tally::default(),
            fallen: Tally::default(),
            old: Hundredths::default(),
            new: Hundredths::default(),
            parts: Parts::none(signals),
            signals: vec![SignalMoves::default(); signals],
        }
    }

    /// Σ points ÷ accounts that are scored on both days; 0 where there are none.
    pub fn mean(&self, points: Hundredths) -> f64 {
        if self.compared.accounts == 0 { 0.0 } else { points.points() / self.compared.accounts as f64 }
    }

    pub(super) fn add(&mut self, old: Option<Score>, new: Option<Score>, arr: f64) {
        self.moves.add(standing(old), standing(new), arr);
        let Some((old, new)) = old.zip(new) else { return };
        let [old, new] = [old, new].map(|score| Hundredths::nearest(score.value));
        self.compared.add(arr);
        self.old += old;
        self.new += new;
        match new.cmp(&old) {
            Ordering::Greater => self.risen.add(arr),
            Ordering::Less => self.fallen.add(arr),
            Ordering::Equal => {}
        }
    }

    pub(super) fn merge(&mut self, sums: &PartSums) {
        self.parts.add(&sums.parts);
        for (signal, other) in self.signals.iter_mut().zip(&sums.signals) {
            signal.up += other.up;
            signal.down += other.down;
        }
    }
}

pub(super) fn standing(score: Option<Score>) -> Standing {
    score.map_or(Standing::NotScored, |score| Standing::Band(score.band))
}

/// What is summed in whole numbers, so that the order does not matter.
#[derive(Debug, Clone, Default)]
pub(super) struct PartSums {
    parts: Parts,
    signals: Vec<SignalMoves>,
}

impl PartSums {
    pub(super) fn add(&mut self, shift: &Shift) {
        let Some(parts) = &shift.parts else { return };
        self.parts.add(parts);
        let change = &parts.change;
        self.signals.resize(self.signals.len().max(change.data.len()), SignalMoves::default());
        let points = change.coverage.iter().zip(&change.data).map(|(coverage, data)| (*coverage + *data).0);
        for (signal, points) in self.signals.iter_mut().zip(points) {
            signal.up += u64::from(points > 0);
            signal.down += u64::from(points < 0);
        }
    }
}

/// What became of the accounts of a portfolio.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceTotals {
    /// The accounts of then; those that had churned are in no sum.
    pub old: Tally,
    /// The accounts of now.
    pub new: Tally,
    /// Those that are there on both days, with their ARR of then.
    pub stayed_old: Tally,
    /// The same, with their ARR of now.
    pub stayed_new: Tally,
    /// Those that came.
    pub arrived: Tally,
    /// Those that left.
    pub departed: Tally,
    /// Of them, those that are there still and whose lifecycle says that they have churned.
    pub churned: Tally,
    /// Of the accounts of now, those whose lifecycle says that they are onboarding.
    pub onboarding: Tally,
    /// Health; `None` where it is not in scope.
    pub health: Option<ScoreTotals>,
    /// Churn risk; `None` where it is not in scope.
    pub churn: Option<ScoreTotals>,
    /// Records of then whose id stood there before: only the first is looked at.
    pub repeated_old: u64,
    /// The same of now.
    pub repeated_new: u64,
}
