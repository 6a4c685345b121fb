//! What moved a score between the last two readings.

use std::cmp::Reverse;

use super::{History, Reading, Trajectory};
use crate::account::Account;
use crate::analysis::Model;
use crate::engine::{Hundredths, Scorecard};

/// What moved the score of an account between its last two readings. All parts together are the change exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct LastMove {
    /// The reading before, with the account and its score of that day.
    pub before: (Reading, Account, Scorecard),
    /// The last reading, likewise.
    pub after: (Reading, Account, Scorecard),
    /// What each signal of the model did, by its position, coverage and data together: those that moved something, the most first.
    pub signals: Vec<(usize, Hundredths)>,
    /// What the nearness of the renewal did.
    pub urgency: Hundredths,
    /// Rounding, and the limits of 0 and 100.
    pub rest: Hundredths,
}

impl LastMove {
    /// The last move of an account by a model; `None` with fewer than two readings, where one of them was saved as a result, and where the
    /// account is of another segment since.
    pub fn of(history: &History, model: &Model, trajectory: &Trajectory) -> Option<Self> {
        let [.., before, after] = trajectory.readings.as_slice() else { return None };
        let scored = |reading: &Reading| {
            let mut account = history.blank_account();
            let is_there = history.snapshots().get(reading.snapshot)?.read(trajectory.customer, &mut account);
            let mut card = Scorecard::default();
            is_there.then(|| model.score(&account, &mut card))?;
            Some((*reading, account, card))
        };
        let (before, after) = scored(before).zip(scored(after))?;
        let is_same_segment = before.1.profile == after.1.profile;
        let change = model.plan(after.1.profile).change(&before.2, &after.2).filter(|_| is_same_segment)?;
        let signals = change.data.iter().zip(&change.coverage).map(|(data, coverage)| *data + *coverage).enumerate();
        let mut signals: Vec<_> = signals.filter(|(_, points)| *points != Hundredths::default()).collect();
        signals.sort_by_key(|(_, points)| Reverse(points.0.unsigned_abs()));
        Some(Self { before, after, signals, urgency: change.multiplier, rest: change.rest })
    }
}
