//! What becomes of the weight of absent signals.

use super::{Combine, Group, Plan, Row, Scorecard, Slot, Value, clamp, round1};

/// What becomes of the weight of an absent signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// It stays: the signal's default counts.
    #[default]
    Default,
    /// It goes to the present signals of the group in proportion to their weights, that of an empty group to the other groups.
    Redistribute,
}

/// How old the value of a signal may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Freshness {
    /// Where the age of the value stands, in days; a value of unknown age is fresh.
    pub age: Slot,
    /// A value that is older than this many days, from 0, counts as absent.
    pub stale_after: f64,
}

impl Freshness {
    /// Whether the value of a row is too old.
    pub fn is_stale(self, row: &Row) -> bool {
        matches!(row.get(self.age), Value::Number(age) if age > self.stale_after)
    }
}

/// The sum, left to right, of the weights that count, by which each of them is divided: 1 where all count, so that dividing changes no
/// bit of any weight. `None` where nothing that counts has weight.
fn counting_weight(weights: impl Iterator<Item = (f64, bool)>) -> Option<f64> {
    let (sum, all) = weights.fold(
        (0.0, true),
        |(sum, all), (weight, counts)| {
            if counts { (sum + weight, all) } else { (sum, false) }
        },
    );
    if all { Some(1.0) } else { Some(sum).filter(|sum| *sum > 0.0) }
}

impl Group {
    /// By what the weights of its signals are divided, given the points of those that count; `None` for an empty group.
    fn divisor(&self, mut points: impl Iterator<Item = Option<f64>>) -> Option<f64> {
        match self.combine {
            Combine::Weigh => {
                let counts = points.map(|points| points.is_some());
                counting_weight(self.signals.iter().map(|signal| signal.weight).zip(counts))
            }
            Combine::Add => points.any(|points| points.is_some()).then_some(1.0),
        }
    }

    /// The rounded score that the signals make which count; `None` for an empty group.
    pub(super) fn score_of_present(&self, points: impl Iterator<Item = Option<f64>> + Clone) -> Option<f64> {
        let divisor = self.divisor(points.clone())?;
        let present = self.signals.iter().zip(points).filter_map(|(signal, points)| Some((signal, points?)));
        Some(match self.combine {
            Combine::Weigh => {
                round1(present.fold(0.0, |sum, (signal, points)| sum + points * (signal.weight / divisor)))
            }
            Combine::Add => round1(clamp(present.fold(0.0, |sum, (_, points)| sum + points))),
        })
    }
}

impl Plan {
    /// The points of each signal of a card that counts in the score.
    pub(super) fn counting_points(&self, card: &Scorecard) -> Vec<Option<f64>> {
        card.signals.iter().map(|signal| signal.counting_points(self.missing())).collect()
    }

    /// By what the weights of the groups are divided, given the scores of those that are not empty.
    fn divisor(&self, scores: impl Iterator<Item = Option<f64>>) -> Option<f64> {
        counting_weight(self.groups().iter().map(|group| group.weight).zip(scores.map(|score| score.is_some())))
    }

    /// The sum of the groups' scores, not rounded, of those that are not empty; `None` where all are.
    pub(super) fn sum_of_present(&self, scores: impl Iterator<Item = Option<f64>> + Clone) -> Option<f64> {
        let divisor = self.divisor(scores.clone())?;
        let present = self.groups().iter().zip(scores).filter_map(|(group, score)| Some((group, score?)));
        Some(present.fold(0.0, |sum, (group, score)| sum + score * (group.weight / divisor)))
    }

    /// The same, from the points of the signals that count.
    pub(super) fn sum_of_points(&self, points: &[Option<f64>]) -> Option<f64> {
        let mut start = 0;
        let scores = self.groups().iter().map(|group| {
            let end = start + group.signals.len();
            let score = group.score_of_present(points[start..end].iter().copied());
            start = end;
            score
        });
        let scores: Vec<Option<f64>> = scores.collect();
        self.sum_of_present(scores.iter().copied())
    }

    /// The weight with which each group counts in the score of a card that this plan filled, what it was handed included; 0 for an empty
    /// group, and for all groups of a card that is not scored.
    pub fn group_weights(&self, card: &Scorecard) -> Vec<f64> {
        let scores: Vec<Option<f64>> = card.groups.iter().map(|grade| grade.map(|grade| grade.score)).collect();
        let divisor = self.divisor(scores.iter().copied());
        let weight = |(group, score): (&Group, &Option<f64>)| match (score, divisor) {
            (Some(_), Some(divisor)) => group.weight / divisor,
            _ => 0.0,
        };
        self.groups().iter().zip(&scores).map(weight).collect()
    }

    /// The factor from the points of each signal of a scored card to points of its score, multiplier included; 0 for signals that do not
    /// count.
    pub(super) fn factors(&self, card: &Scorecard) -> Vec<f64> {
        let points = self.counting_points(card);
        let mut factors = Vec::with_capacity(points.len());
        for (group, weight) in self.groups().iter().zip(self.group_weights(card)) {
            let points = &points[factors.len()..factors.len() + group.signals.len()];
            let divisor = group.divisor(points.iter().copied());
            let share = weight * card.multiplier;
            factors.extend(group.signals.iter().zip(points).map(|(signal, points)| match (points, divisor) {
                (Some(_), Some(divisor)) => match group.combine {
                    Combine::Weigh => share * (signal.weight / divisor),
                    Combine::Add => share,
                },
                _ => 0.0,
            }));
        }
        factors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Bands, Hundredths, Ladder, Multiplier, Presence, Rule, Scale, Severity, Signal, Test};
    use proptest::prelude::*;

    fn signal(slot: u16, weight: f64, scale: Scale) -> Signal {
        let rule = Rule { tests: vec![Test::ScoreBelow(101.0)], severity: Some(Severity::Medium) };
        Signal {
            slot: Slot(slot),
            freshness: None,
            default: Value::Number(50.0),
            weight,
            scale,
            advise: Ladder::new(vec![rule.clone()]),
            warn: Ladder::new(vec![rule]),
        }
    }

    fn group(weight: f64, combine: Combine, signals: Vec<Signal>) -> Group {
        Group { weight, combine, signals }
    }

    fn plan(groups: Vec<Group>) -> Plan {
        Plan::new(groups, None, Bands::new(vec![70.0, 45.0, 0.0]).expect("bounds")).expect("a plan")
    }

    /// Two groups of weight, 0.6 and 0.3, and one that adds up, 0.1, with at most 60 and 40 points; the slots number the signals.
    fn three_groups() -> Plan {
        let of_100 = || Scale::Ratio { target: 100.0 };
        let step = |points| Scale::Lookup { points: vec![Some(points)], other: 0.0 };
        plan(vec![
            group(
                0.6,
                Combine::Weigh,
                vec![signal(0, 0.5, of_100()), signal(1, 0.3, of_100()), signal(2, 0.2, of_100())],
            ),
            group(0.3, Combine::Weigh, vec![signal(3, 1.0, of_100())]),
            group(0.1, Combine::Add, vec![signal(4, 0.0, step(60.0)), signal(5, 0.0, step(40.0))]),
        ])
    }

    fn evaluate(plan: &Plan, values: &[Value]) -> Scorecard {
        let mut row = Row::new(values.len());
        for (slot, value) in (0..).zip(values) {
            row.set(Slot(slot), *value);
        }
        let mut card = Scorecard::default();
        plan.evaluate(&row, &mut card);
        card
    }

    const NONE: Value = Value::Absent;
    const WORD: Value = Value::Word(crate::engine::Word(0));

    fn number(number: f64) -> Value {
        Value::Number(number)
    }

    #[test]
    fn weight_goes_to_the_present_of_the_group_then_to_the_other_groups() {
        let plan = three_groups().treating(Missing::Redistribute, 0.0).expect("a minimum");
        for (values, groups, score, coverage) in [
            // 80 × 0.5 + 60 × 0.3 + 20 × 0.2 = 62; 62 × 0.6 + 40 × 0.3 + 100 × 0.1 = 59.2.
            (
                [number(80.0), number(60.0), number(20.0), number(40.0), WORD, WORD],
                [Some(62.0), Some(40.0), Some(100.0)],
                Some(59.2),
                1.0,
            ),
            // (80 × 0.5 + 20 × 0.2) ÷ 0.7 = 62.857.
            (
                [number(80.0), NONE, number(20.0), number(40.0), WORD, WORD],
                [Some(62.9), Some(40.0), Some(100.0)],
                Some(59.7),
                0.82,
            ),
            // Points that add up stay as they are: 60 of 100 possible points are present.
            (
                [number(80.0), number(60.0), number(20.0), number(40.0), WORD, NONE],
                [Some(62.0), Some(40.0), Some(60.0)],
                Some(55.2),
                0.96,
            ),
            // (62 × 0.6 + 40 × 0.3) ÷ 0.9 = 54.667.
            (
                [number(80.0), number(60.0), number(20.0), number(40.0), NONE, NONE],
                [Some(62.0), Some(40.0), None],
                Some(54.7),
                0.9,
            ),
            // (60 × 0.1) ÷ 0.1.
            ([NONE, NONE, NONE, NONE, WORD, NONE], [None, None, Some(60.0)], Some(60.0), 0.06),
            ([NONE, NONE, NONE, number(12.3), NONE, NONE], [None, Some(12.3), None], Some(12.3), 0.3),
            ([NONE; 6], [None; 3], None, 0.0),
        ] {
            let card = evaluate(&plan, &values);
            let found: Vec<Option<f64>> = card.groups.iter().map(|grade| grade.map(|grade| grade.score)).collect();
            assert_eq!((found.as_slice(), card.score(), card.coverage), (&groups[..], score, coverage), "{values:?}");
            assert_eq!(plan.contributions(&card).is_some(), score.is_some());
        }
    }

    #[test]
    fn what_was_handed_on_shows_in_the_weights_of_the_groups() {
        let plan = three_groups().treating(Missing::Redistribute, 0.0).expect("a minimum");
        let all = [number(80.0), number(60.0), number(20.0), number(40.0), WORD, WORD];
        assert_eq!(plan.group_weights(&evaluate(&plan, &all)), [0.6, 0.3, 0.1]);
        let [a, b, c, ..] = all;
        let found = plan.group_weights(&evaluate(&plan, &[a, b, c, NONE, WORD, NONE]));
        assert_eq!(found, [0.6 / (0.6 + 0.1), 0.0, 0.1 / (0.6 + 0.1)]);
        assert_eq!(plan.group_weights(&evaluate(&plan, &[NONE; 6])), [0.0; 3]);
    }

    #[test]
    fn a_present_signal_without_weight_makes_no_group() {
        let of_100 = || Scale::Ratio { target: 100.0 };
        let groups = vec![group(1.0, Combine::Weigh, vec![signal(0, 1.0, of_100()), signal(1, 0.0, of_100())])];
        let plan = plan(groups).treating(Missing::Redistribute, 0.0).expect("a minimum");
        assert_eq!(evaluate(&plan, &[NONE, number(90.0)]).score(), None);
        assert_eq!(evaluate(&plan, &[number(30.0), NONE]).score(), Some(30.0));
    }

    #[test]
    fn rules_are_silent_on_what_hands_its_weight_on() {
        let values = [NONE, number(60.0), NONE, number(40.0), NONE, WORD];
        for (missing, expected) in [(Missing::Default, vec![0, 1, 2, 3, 4, 5]), (Missing::Redistribute, vec![1, 3, 5])]
        {
            let plan = three_groups().treating(missing, 0.0).expect("a minimum");
            let card = evaluate(&plan, &values);
            for fired in [&card.advice, &card.warnings] {
                assert_eq!(fired.iter().map(|fired| fired.signal).collect::<Vec<_>>(), expected, "{missing:?}");
            }
        }
    }

    #[test]
    fn below_the_minimum_coverage_nothing_is_scored() {
        // Without the second signal the coverage is 0.82.
        let values = [number(80.0), NONE, number(20.0), number(40.0), WORD, WORD];
        for missing in [Missing::Default, Missing::Redistribute] {
            for (minimum, scored) in [(0.0, true), (0.8199, true), (0.82, true), (0.8201, false), (1.0, false)] {
                let plan = three_groups().treating(missing, minimum).expect("a minimum");
                let card = evaluate(&plan, &values);
                assert_eq!((card.grade.is_some(), card.coverage), (scored, 0.82), "{missing:?} {minimum}");
                assert!(scored || (card.raw == 0.0 && card.groups == [None; 3]), "{missing:?} {minimum}");
                assert_eq!((plan.contributions(&card).is_some(), plan.reach(&card, 1.0).is_some()), (scored, scored));
            }
        }
        for minimum in [-0.1, 1.1, f64::NAN] {
            assert!(three_groups().treating(Missing::Default, minimum).is_err(), "{minimum}");
        }
    }

    #[test]
    fn a_value_is_stale_above_its_age() {
        let freshness = Some(Freshness { age: Slot(2), stale_after: 30.0 });
        let of_100 = || Scale::Ratio { target: 100.0 };
        let signals = || vec![Signal { freshness, ..signal(0, 0.5, of_100()) }, signal(1, 0.5, of_100())];
        for (age, presence, by_default, handed_on) in [
            (NONE, Presence::Present, 60.0, 60.0),
            (number(0.0), Presence::Present, 60.0, 60.0),
            (number(30.0), Presence::Present, 60.0, 60.0),
            // The default is 50.
            (number(31.0), Presence::Stale, 45.0, 40.0),
            (number(1e6), Presence::Stale, 45.0, 40.0),
        ] {
            for (missing, score) in [(Missing::Default, by_default), (Missing::Redistribute, handed_on)] {
                let plan = plan(vec![group(1.0, Combine::Weigh, signals())]).treating(missing, 0.0).expect("a minimum");
                let card = evaluate(&plan, &[number(80.0), number(40.0), age]);
                assert_eq!((card.signals[0].presence, card.score()), (presence, Some(score)), "{age:?} {missing:?}");
                assert_eq!(card.coverage, if presence.is_present() { 1.0 } else { 0.5 });
            }
        }
        let absent = evaluate(&plan(vec![group(1.0, Combine::Weigh, signals())]), &[NONE, number(40.0), number(99.0)]);
        assert_eq!(absent.signals[0].presence, Presence::Absent, "what is not there is not stale");
        for stale_after in [-1.0, f64::NAN] {
            let freshness = Some(Freshness { age: Slot(2), stale_after });
            let signals = vec![Signal { freshness, ..signal(0, 1.0, of_100()) }];
            let bands = Bands::new(vec![0.0]).expect("bounds");
            assert!(Plan::new(vec![group(1.0, Combine::Weigh, signals)], None, bands).is_err(), "{stale_after}");
        }
    }

    /// A plan of up to four groups with a multiplier on the last slot, and the values of a row, of which some are absent.
    fn any_plan() -> impl Strategy<Value = (Vec<Group>, Option<Multiplier>, Vec<Option<f64>>)> {
        let signals = prop::collection::vec((1..=9_u32, 0.0..30.0_f64), 1..=4);
        let groups = prop::collection::vec((1..=9_u32, any::<bool>(), signals), 1..=4);
        let values = prop::collection::vec(prop::option::weighted(0.6, 0.0..25.0_f64), 16);
        (groups, values, prop::option::of(0.5..2.0_f64)).prop_map(|(drawn, values, factor)| {
            let whole: u32 = drawn.iter().map(|(weight, ..)| weight).sum();
            let mut slots = 0..;
            let groups = drawn.into_iter().map(|(weight, add, inner)| {
                let sum: u32 = inner.iter().map(|(weight, _)| weight).sum();
                let signals = inner.into_iter().zip(&mut slots).map(|((weight, default), slot)| Signal {
                    default: Value::Number(default),
                    ..signal(slot, f64::from(weight) / f64::from(sum), Scale::PerUnit { per_unit: 5.0, offset: 2.0 })
                });
                group(
                    f64::from(weight) / f64::from(whole),
                    if add { Combine::Add } else { Combine::Weigh },
                    signals.collect(),
                )
            });
            let multiplier = factor.map(|factor| Multiplier::new(Slot(16), vec![(9.0, factor)]).expect("one step"));
            (groups.collect(), multiplier, values)
        })
    }

    fn any_card(plan: &Plan, values: &[Option<f64>]) -> Scorecard {
        let values = values.iter().map(|value| value.map_or(NONE, Value::Number));
        evaluate(plan, &values.chain([number(1.0)]).collect::<Vec<_>>())
    }

    fn built(groups: &[Group], multiplier: Option<&Multiplier>, missing: Missing) -> Plan {
        let bands = Bands::new(vec![50.0, 0.0]).expect("bounds");
        let plan = Plan::new(groups.to_vec(), multiplier.cloned(), bands).expect("a plan");
        plan.treating(missing, 0.0).expect("a minimum")
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn contributions_add_up_whatever_is_absent((groups, multiplier, values) in any_plan()) {
            let plan = built(&groups, multiplier.as_ref(), Missing::Redistribute);
            let card = any_card(&plan, &values);
            let Some(contributions) = plan.contributions(&card) else {
                prop_assert!(card.signals.iter().all(|signal| !signal.presence.is_present()));
                return Ok(());
            };
            let score = card.score().expect("a score");
            let sum: Hundredths = contributions.signals.iter().copied().sum();
            prop_assert_eq!((sum + contributions.rest).points(), score);
            let mut most = 0.05;
            let mut limited = card.raw * card.multiplier > 100.0;
            let mut start = 0;
            for (group, weight) in plan.groups().iter().zip(plan.group_weights(&card)) {
                let points = card.signals[start..][..group.signals.len()].iter().map(|signal| signal.points);
                limited |= group.combine == Combine::Add && !(0.0..=100.0).contains(&points.sum::<f64>());
                most += 0.05 * weight * card.multiplier + 0.005 * group.signals.len() as f64;
                start += group.signals.len();
            }
            let rest = contributions.rest.points().abs();
            prop_assert!(limited || rest <= most + 1e-9, "{rest} of at most {most}");
            for (signal, (brought, full)) in
                card.signals.iter().zip(contributions.signals.iter().zip(&contributions.full))
            {
                prop_assert!(signal.presence.is_present() || (brought.0, full.0) == (0, 0));
            }
        }

        #[test]
        fn where_nothing_is_absent_no_bit_changes((groups, multiplier, values) in any_plan()) {
            let values: Vec<Option<f64>> = values.iter().map(|value| value.or(Some(7.3))).collect();
            let [by_default, handed_on] = [Missing::Default, Missing::Redistribute].map(|missing| {
                let plan = built(&groups, multiplier.as_ref(), missing);
                let card = any_card(&plan, &values);
                (plan.contributions(&card), plan.reach(&card, 99.0), card)
            });
            prop_assert_eq!(by_default.2.raw.to_bits(), handed_on.2.raw.to_bits());
            prop_assert_eq!(by_default, handed_on);
        }

        #[test]
        fn defaults_do_not_count_and_coverage_is_that_of_the_model(
            (groups, multiplier, values) in any_plan(),
            other in 0.0..30.0_f64,
        ) {
            let mut others = groups.clone();
            for signal in others.iter_mut().flat_map(|group| &mut group.signals) {
                signal.default = Value::Number(other);
            }
            let card = |groups: &[Group], missing| any_card(&built(groups, multiplier.as_ref(), missing), &values);
            let found = card(&groups, Missing::Redistribute);
            prop_assert_eq!(&found, &card(&others, Missing::Redistribute));
            prop_assert_eq!(found.coverage, card(&groups, Missing::Default).coverage);
        }

        #[test]
        fn a_score_lies_between_those_of_its_groups((groups, _, values) in any_plan()) {
            let card = any_card(&built(&groups, None, Missing::Redistribute), &values);
            let scores = || card.groups.iter().flatten().map(|grade| grade.score);
            if let Some(score) = card.score() {
                let (lowest, highest) = (scores().fold(100.0, f64::min), scores().fold(0.0, f64::max));
                prop_assert!((lowest..=highest).contains(&score), "{score} of {lowest} to {highest}");
            }
        }
    }
}
