//! What moved a score from one row to another, in whole hundredths of a point.

use super::{Contributions, Hundredths, Plan, Scorecard, SignalScore};

/// What moved a score. All parts together are the change of the score exactly.
///
/// The parts follow from three steps: first what came into view or went out of it, then the values of all else, then the multiplier.
/// Each part is the difference of what the signal [contributes](Plan::contributions) before and behind its step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// What coming into view, or going out of it, did to the points of each signal, in the plan's order. Where the weight of absent signals
    /// is handed on, that is also what others gave to it or took from it.
    pub coverage: Vec<Hundredths>,
    /// What other values did, by signal; 0 for one that came into view or went out of it.
    pub data: Vec<Hundredths>,
    /// What another multiplier did.
    pub multiplier: Hundredths,
    /// What rounding and the limits of 0 and 100 gave or took (negative).
    pub rest: Hundredths,
}

impl Change {
    /// Nothing moved in so many signals.
    pub fn none(signals: usize) -> Self {
        let none = vec![Hundredths::default(); signals];
        Self { coverage: none.clone(), data: none, ..Self::default() }
    }

    /// All parts together.
    pub fn total(&self) -> Hundredths {
        let parts = self.coverage.iter().chain(&self.data).chain([&self.multiplier, &self.rest]);
        parts.copied().sum()
    }
}

/// A card with what its signals contribute to its score.
struct Split {
    signals: Vec<Hundredths>,
    rest: Hundredths,
}

impl Split {
    fn of(plan: &Plan, card: &Scorecard) -> Option<Self> {
        let Contributions { signals, rest, .. } = plan.contributions(card)?;
        Some(Self { signals, rest })
    }

    /// What each signal contributes more than in another one.
    fn since(&self, other: &Self) -> Vec<Hundredths> {
        self.signals.iter().zip(&other.signals).map(|(now, before)| *now - *before).collect()
    }
}

impl Plan {
    /// Splits what moved the score between two cards that this plan filled; `None` where one of them has no score.
    pub fn change(&self, before: &Scorecard, after: &Scorecard) -> Option<Change> {
        before.grade.and(after.grade)?;
        let is_alike =
            |before: &SignalScore, after: &SignalScore| before.presence.is_present() == after.presence.is_present();
        let pairs = || before.signals.iter().zip(&after.signals);
        let [first, last] = [Split::of(self, before)?, Split::of(self, after)?];
        let seen = if pairs().all(|(before, after)| is_alike(before, after)) {
            None
        } else {
            let seen = pairs().map(|(before, after)| if is_alike(before, after) { *before } else { *after });
            Some(Split::of(self, &self.assemble(seen.collect(), before.multiplier))?)
        };
        let valued = if before.multiplier == after.multiplier {
            None
        } else {
            Some(Split::of(self, &self.assemble(after.signals.clone(), before.multiplier))?)
        };
        let seen = seen.as_ref().unwrap_or(&first);
        let valued = valued.as_ref().unwrap_or(&last);
        Some(Change {
            coverage: seen.since(&first),
            data: valued.since(seen),
            multiplier: last.since(valued).into_iter().sum(),
            rest: last.rest - first.rest,
        })
    }

    /// Gives a card that this plan filled the score that it has however little is known of its row. There is none where no signal counts.
    pub fn disregard_coverage(&self, card: &mut Scorecard) {
        if card.grade.is_none() {
            *card = self.assemble(std::mem::take(&mut card.signals), card.multiplier);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        Bands, Combine, Freshness, Group, Ladder, Missing, Multiplier, Row, Scale, Signal, Slot, Value,
    };
    use proptest::prelude::*;

    /// The slot of the days to a renewal, behind those of the signals; behind it stand the ages of the signals.
    const SIGNALS: u16 = 6;

    fn signal(slot: u16, weight: f64) -> Signal {
        let scale = match slot % 3 {
            0 => Scale::Ratio { target: 50.0 },
            1 => Scale::PerUnit { per_unit: 7.0, offset: -20.0 },
            _ => Scale::Inverse { maximum: 10.0 },
        };
        Signal {
            slot: Slot(slot),
            freshness: slot.is_multiple_of(2).then_some(Freshness { age: Slot(SIGNALS + 1 + slot), stale_after: 30.0 }),
            default: Value::Number(12.0),
            weight,
            scale,
            advise: Ladder::default(),
            warn: Ladder::default(),
        }
    }

    fn plan(add: [bool; 2], missing: Missing, minimum: f64) -> Plan {
        let combine = |add: bool| if add { Combine::Add } else { Combine::Weigh };
        let groups = vec![
            Group {
                weight: 0.5,
                combine: combine(add[0]),
                signals: vec![signal(0, 0.35), signal(1, 0.4), signal(2, 0.25)],
            },
            Group { weight: 0.3, combine: combine(add[1]), signals: vec![signal(3, 0.55), signal(4, 0.45)] },
            Group { weight: 0.2, combine: Combine::Weigh, signals: vec![signal(5, 1.0)] },
        ];
        let multiplier = Multiplier::new(Slot(SIGNALS), vec![(0.0, 0.7), (30.0, 1.5), (60.0, 1.35)]).expect("steps");
        let bands = Bands::new(vec![70.0, 45.0, 0.0]).expect("bounds");
        let plan = Plan::new(groups, Some(multiplier), bands).expect("a plan");
        plan.treating(missing, minimum).expect("a minimum")
    }

    fn row(values: &[Option<f64>], days: Option<f64>, ages: &[Option<f64>]) -> Row {
        let all = values.iter().chain([&days]).chain(ages);
        let mut row = Row::new(2 * usize::from(SIGNALS) + 1);
        for (slot, value) in (0..).zip(all) {
            row.set(Slot(slot), value.map_or(Value::Absent, Value::Number));
        }
        row
    }

    fn any_row() -> impl Strategy<Value = Row> {
        let count = usize::from(SIGNALS);
        let value = prop::option::weighted(0.8, prop_oneof![-20.0..80.0_f64, 0.0..6.0_f64]);
        let age = prop::option::weighted(0.5, 0.0..60.0_f64);
        let days = prop::option::weighted(0.9, -10.0..120.0_f64);
        (prop::collection::vec(value, count), days, prop::collection::vec(age, count))
            .prop_map(|(values, days, ages)| row(&values, days, &ages))
    }

    fn score(plan: &Plan, row: &Row) -> Scorecard {
        let mut card = Scorecard::default();
        plan.score(row, &mut card);
        card
    }

    fn missing() -> impl Strategy<Value = Missing> {
        prop_oneof![Just(Missing::Default), Just(Missing::Redistribute)]
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_change(
            add in any::<[bool; 2]>(),
            missing in missing(),
            minimum in prop_oneof![Just(0.0), Just(0.5)],
            old in any_row(),
            new in any_row(),
        ) {
            let plan = plan(add, missing, minimum);
            let (before, after) = (score(&plan, &old), score(&plan, &new));
            let change = plan.change(&before, &after);
            let scores = before.score().zip(after.score());
            prop_assert_eq!(change.is_some(), scores.is_some());
            let Some((change, (from, to))) = change.zip(scores) else { return Ok(()) };
            prop_assert_eq!(change.total(), Hundredths::nearest(to) - Hundredths::nearest(from));
            prop_assert_eq!(change.coverage.len(), usize::from(SIGNALS));
            prop_assert_eq!(change.data.len(), usize::from(SIGNALS));
            for (signal, (before, after)) in before.signals.iter().zip(&after.signals).enumerate() {
                let moved = before.presence.is_present() != after.presence.is_present();
                if moved {
                    prop_assert_eq!(change.data[signal], Hundredths(0));
                }
                if before.value == after.value && !moved {
                    prop_assert_eq!(change.data[signal], Hundredths(0));
                }
            }
            // There and back again is nothing.
            let back = plan.change(&after, &before).expect("both are scored");
            prop_assert_eq!(change.total() + back.total(), Hundredths(0));
        }

        #[test]
        fn a_row_that_stays_changes_nothing(
            add in any::<[bool; 2]>(), missing in missing(), row in any_row(),
        ) {
            let plan = plan(add, missing, 0.0);
            let card = score(&plan, &row);
            let expected = card.grade.map(|_| Change::none(usize::from(SIGNALS)));
            prop_assert_eq!(plan.change(&card, &card), expected);
        }

        #[test]
        fn a_card_put_together_again_is_the_same(
            add in any::<[bool; 2]>(), missing in missing(), row in any_row(),
        ) {
            let plan = plan(add, missing, 0.0);
            let card = score(&plan, &row);
            prop_assert_eq!(plan.assemble(card.signals.clone(), card.multiplier), card);
        }
    }

    #[test]
    fn each_step_has_its_part() {
        let signal = |slot, weight| Signal {
            freshness: None,
            default: Value::Number(10.0),
            scale: Scale::Ratio { target: 100.0 },
            ..signal(slot, weight)
        };
        let group = |signals| Group { weight: 0.5, combine: Combine::Weigh, signals };
        let groups = vec![group(vec![signal(0, 0.6), signal(1, 0.4)]), group(vec![signal(2, 1.0)])];
        let multiplier = Multiplier::new(Slot(3), vec![(30.0, 1.5)]).expect("one step");
        let plan = Plan::new(groups, Some(multiplier), Bands::new(vec![0.0]).expect("a bound")).expect("a plan");
        let row = |values: [Option<f64>; 4]| row(&values[..3], values[3], &[]);
        let (old, new) =
            (row([Some(50.0), None, Some(80.0), None]), row([Some(80.0), Some(30.0), Some(60.0), Some(30.0)]));
        // Signals before: 50, absent, 80. Once the second is seen: 50, 30, 80. Then 80, 30, 60, and all of it by 1.5.
        for (missing, from, coverage) in
            [(Missing::Redistribute, 65.0, [-1000, 600, 0]), (Missing::Default, 57.0, [0, 400, 0])]
        {
            let plan = plan.clone().treating(missing, 0.0).expect("a minimum");
            let (before, after) = (score(&plan, &old), score(&plan, &new));
            assert_eq!((before.score(), after.score()), (Some(from), Some(90.0)), "{missing:?}");
            let change = plan.change(&before, &after).expect("both are scored");
            let expected = Change {
                coverage: coverage.map(Hundredths).to_vec(),
                data: [900, 0, -1000].map(Hundredths).to_vec(),
                multiplier: Hundredths(3000),
                rest: Hundredths(0),
            };
            assert_eq!(change, expected, "{missing:?}");
        }
    }

    #[test]
    fn what_is_withheld_for_want_of_data_can_be_put_together_all_the_same() {
        let nearly_empty = row(&[Some(25.0), None, None, None, None, None], None, &[]);
        for (values, score_of_all) in [(&nearly_empty, Some(50.0)), (&row(&[None; 6], None, &[]), None)] {
            let plan = plan([false, false], Missing::Redistribute, 0.5);
            let card = score(&plan, values);
            assert_eq!(card.score(), None);
            assert_eq!(plan.change(&card, &card), None);
            let mut whole = card.clone();
            plan.disregard_coverage(&mut whole);
            assert_eq!((whole.score(), whole.signals), (score_of_all, card.signals));
        }
    }
}
