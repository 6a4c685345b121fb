//! What moved the scores of one account.

use super::super::Score;
use crate::account::Account;
use crate::analysis::Model;
use crate::engine::{Change, Hundredths, Scorecard};

/// A score of an account on two days, and what moved it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shift {
    /// The score as it was then, by the model of then.
    pub old: Option<Score>,
    /// The score as it is now, by the model of now.
    pub new: Option<Score>,
    /// What moved it; `None` where one of the two is missing.
    pub parts: Option<Parts>,
    /// The data of then under the model of now, with the figures of the segment of now, however little was known.
    pub before: Scorecard,
    /// The data of now under the model of now.
    pub after: Scorecard,
    /// The data of then with the figures of the segment of then, and under the model of then.
    segment: Scorecard,
    model: Scorecard,
}

/// What moved a score. All parts together are its change exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    /// What another model made of the data of then. All of the change where it sees nothing in that data.
    pub model: Hundredths,
    /// What the figures of another segment then made of it.
    pub segment: Hundredths,
    /// What the data did, by signal of the model of now.
    pub change: Change,
}

/// One of the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Another model.
    Model,
    /// Another segment.
    Segment,
    /// What coming into view, or going out of it, did to a signal, by its position.
    Coverage(usize),
    /// What another value of a signal did, by its position.
    Data(usize),
    /// The nearness of the renewal.
    Urgency,
    /// Rounding, and the limits of 0 and 100.
    Rest,
}

impl Parts {
    /// No parts of a score of so many signals.
    pub fn none(signals: usize) -> Self {
        Self { change: Change::none(signals), ..Self::default() }
    }

    /// All parts together: the change of the score.
    pub fn total(&self) -> Hundredths {
        self.model + self.segment + self.change.total()
    }

    /// Each part, those that moved nothing too.
    pub fn each(&self) -> impl Iterator<Item = (Part, Hundredths)> + '_ {
        let Change { coverage, data, multiplier, rest } = &self.change;
        let of = |part: fn(usize) -> Part| {
            move |(signal, points): (usize, &Hundredths)| -> (Part, Hundredths) { (part(signal), *points) }
        };
        [(Part::Model, self.model), (Part::Segment, self.segment)]
            .into_iter()
            .chain(coverage.iter().enumerate().map(of(Part::Coverage)))
            .chain(data.iter().enumerate().map(of(Part::Data)))
            .chain([(Part::Urgency, *multiplier), (Part::Rest, *rest)])
    }

    /// The parts that moved something, those that moved most first, equal ones in their order.
    pub fn largest(&self) -> Vec<(Part, Hundredths)> {
        let mut parts: Vec<(Part, Hundredths)> = self.each().filter(|(_, points)| points.0 != 0).collect();
        parts.sort_by_key(|(_, points)| std::cmp::Reverse(points.0.unsigned_abs()));
        parts
    }

    /// Adds the parts of another score of the same model.
    pub(super) fn add(&mut self, other: &Self) {
        self.model += other.model;
        self.segment += other.segment;
        self.change.multiplier += other.change.multiplier;
        self.change.rest += other.change.rest;
        add(&mut self.change.coverage, &other.change.coverage);
        add(&mut self.change.data, &other.change.data);
    }
}

fn add(sums: &mut Vec<Hundredths>, parts: &[Hundredths]) {
    sums.resize(sums.len().max(parts.len()), Hundredths::default());
    for (sum, part) in sums.iter_mut().zip(parts) {
        *sum += *part;
    }
}

/// The model of then, where it is another one, and the model of now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scored<'m> {
    pub(super) then: Option<&'m Model>,
    pub(super) now: &'m Model,
}

/// An account on both days: as the model of then read it, as that of now reads the same data, if it can, and as it is now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) was: &'a Account,
    pub(super) reread: Option<&'a Account>,
    pub(super) is: &'a Account,
}

pub(super) fn score(card: &Scorecard) -> Option<Score> {
    card.grade.map(|grade| Score { value: grade.score, band: u8::try_from(grade.band).unwrap_or(u8::MAX) })
}

impl Shift {
    /// What there is to say where a score is not looked at.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The change of the score; `None` where it is missing on one of the days.
    pub fn change(&self) -> Option<Hundredths> {
        let (old, new) = self.old.zip(self.new)?;
        Some(Hundredths::nearest(new.value) - Hundredths::nearest(old.value))
    }

    /// Scores an account on both days, and splits the change.
    pub(super) fn fill(&mut self, models: Scored<'_>, seen: Seen<'_>) {
        let Scored { then, now } = models;
        let Seen { was, reread, is } = seen;
        let plan = now.plan(is.profile);
        now.score(is, &mut self.after);
        self.new = score(&self.after);
        // What cannot be read again is as if nothing had been known.
        let blank = Account::default();
        plan.score(&reread.unwrap_or(&blank).row, &mut self.before);
        let moved = reread.filter(|reread| reread.profile != is.profile);
        if let Some(reread) = moved {
            now.score(reread, &mut self.segment);
        }
        let Self { before, segment, model, .. } = self;
        let segment = if moved.is_some() { segment } else { &mut *before };
        self.old = match then {
            Some(then) => {
                then.score(was, model);
                score(model)
            }
            None => score(segment),
        };
        self.parts = None;
        let Some((old, new)) = self.old.zip(self.new) else { return };
        now.plan(reread.map_or(is.profile, |reread| reread.profile)).disregard_coverage(segment);
        let by_segment = segment.score().filter(|_| reread.is_some());
        plan.disregard_coverage(before);
        let by_plan = before.score();
        let [old, new] = [old, new].map(|score| Hundredths::nearest(score.value));
        let none = Parts::none(self.after.signals.len());
        self.parts = Some(match (by_segment.map(Hundredths::nearest), by_plan.map(Hundredths::nearest)) {
            (None, _) => Parts { model: new - old, ..none },
            (Some(by_segment), None) => Parts { model: by_segment - old, segment: new - by_segment, ..none },
            (Some(by_segment), Some(by_plan)) => {
                let change = plan.change(&self.before, &self.after).unwrap_or(none.change);
                Parts { model: by_segment - old, segment: by_plan - by_segment, change }
            }
        });
    }
}
