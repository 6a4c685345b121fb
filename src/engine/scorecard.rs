//! Evaluation, and the scorecard that it fills.

use super::{Combine, Group, Ladder, Missing, Plan, Row, Severity, Signal, Value, clamp, round1};

/// What a plan says of one row. Reused from row to row, it allocates nothing once its lists have grown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scorecard {
    /// clamp( round1( raw × multiplier ) ), 0–100, and its band; `None` where the row is not scored.
    pub grade: Option<Grade>,
    /// Σ group score × weight, not rounded; 0 where the row is not scored.
    pub raw: f64,
    /// The factor that was applied; 1 where the plan has none.
    pub multiplier: f64,
    /// The share of the model's weight, 0–1, that rests on present data, by the weights of the model whatever was handed on.
    pub coverage: f64,
    /// A score per group, in the plan's order; `None` where the group is empty, and for all groups of a row that is not scored.
    pub groups: Vec<Option<Grade>>,
    /// A score per signal, in the plan's order.
    pub signals: Vec<SignalScore>,
    /// The advice that fired, in the order of the signals.
    pub advice: Vec<Fired>,
    /// The warnings that fired, most severe first, then in the plan's order of warnings.
    pub warnings: Vec<Fired>,
}

impl Scorecard {
    /// The score; `None` where the row is not scored.
    pub fn score(&self) -> Option<f64> {
        self.grade.map(|grade| grade.score)
    }

    /// The band of the score, by its position from the highest; `None` where the row is not scored.
    pub fn band(&self) -> Option<usize> {
        self.grade.map(|grade| grade.band)
    }

    /// The raw score as it is shown: one decimal, within 0–100. It is the score that a multiplier of 1 would give. `None` where the row is
    /// not scored.
    pub fn shown_raw(&self) -> Option<f64> {
        self.grade.map(|_| Plan::settle(self.raw, 1.0))
    }

    /// Takes the scores away from a row of which too little is known.
    fn withhold(&mut self) {
        self.grade = None;
        self.raw = 0.0;
        self.groups.fill(None);
    }
}

/// A score and the band it lies in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grade {
    /// 0–100, one decimal.
    pub score: f64,
    /// The band it lies in, by the bands of the whole and its position from the highest.
    pub band: usize,
}

/// The score of one signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignalScore {
    /// The value that counted: the row's, or the signal's default; [`Value::Absent`] where none counted.
    pub value: Value,
    /// Whether the row had one.
    pub presence: Presence,
    /// What counts in the group: the clamped score where it weighs, the points where it adds up; 0 where no value counted.
    pub points: f64,
    /// The points within 0–100.
    pub score: f64,
}

/// Whether a row has a value that a signal can go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Present,
    /// It has none.
    Absent,
    /// It has one that is too old.
    Stale,
}

impl Presence {
    /// Whether there is a value to go by.
    pub fn is_present(self) -> bool {
        self == Self::Present
    }
}

/// A rule that fired.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fired {
    /// The signal, by its position in the plan; its value stands in [`Scorecard::signals`].
    pub signal: usize,
    /// The rule, by its position in the signal's ladder.
    pub rule: usize,
    /// How grave it is.
    pub severity: Option<Severity>,
}

/// The most points that one signal can add or take where points add up: far beyond what any score shows, and small enough
/// for contributions to stay exact.
const MOST_POINTS: f64 = 1e6;

impl SignalScore {
    fn of(signal: &Signal, combine: Combine, row: &Row) -> Self {
        let found = row.get(signal.slot);
        let presence = if found.is_absent() { Presence::Absent } else { Presence::Present };
        Self::judged(signal, combine, found.or(signal.default), presence)
    }

    /// The same, where values may be too old and what is absent may not count.
    fn with_gaps(signal: &Signal, combine: Combine, row: &Row, missing: Missing) -> Self {
        let found = row.get(signal.slot);
        let presence = match signal.freshness {
            _ if found.is_absent() => Presence::Absent,
            Some(freshness) if freshness.is_stale(row) => Presence::Stale,
            _ => Presence::Present,
        };
        match (presence, missing) {
            (Presence::Present, _) => Self::judged(signal, combine, found, presence),
            (_, Missing::Default) => Self::judged(signal, combine, signal.default, presence),
            (_, Missing::Redistribute) => Self { value: Value::Absent, presence, points: 0.0, score: 0.0 },
        }
    }

    fn judged(signal: &Signal, combine: Combine, value: Value, presence: Presence) -> Self {
        let points = signal.scale.points(value);
        let score = clamp(points);
        let points = match combine {
            Combine::Weigh => score,
            Combine::Add => points.clamp(-MOST_POINTS, MOST_POINTS),
        };
        Self { value, presence, points, score }
    }

    /// Whether it counts in the score.
    pub(super) fn counts(&self, missing: Missing) -> bool {
        missing == Missing::Default || self.presence.is_present()
    }

    /// Its points, where they count in the score.
    pub(super) fn counting_points(&self, missing: Missing) -> Option<f64> {
        self.counts(missing).then_some(self.points)
    }
}

impl Group {
    /// The rounded score that the points of the group's signals make.
    fn score(&self, points: impl Iterator<Item = f64>) -> f64 {
        match self.combine {
            Combine::Weigh => {
                let sum =
                    self.signals.iter().zip(points).fold(0.0, |sum, (signal, points)| sum + points * signal.weight);
                round1(sum)
            }
            Combine::Add => round1(clamp(points.fold(0.0, |sum, points| sum + points))),
        }
    }
}

impl Plan {
    /// Scores a row into `card` and applies the rules, replacing all that it held.
    pub fn evaluate(&self, row: &Row, card: &mut Scorecard) {
        self.score(row, card);
        self.apply_rules(card);
    }

    /// Scores a row into `card`, replacing all that it held, with no advice and no warnings: what sums over many rows need.
    pub fn score(&self, row: &Row, card: &mut Scorecard) {
        card.groups.clear();
        card.signals.clear();
        card.advice.clear();
        card.warnings.clear();
        card.multiplier = self.multiplier().map_or(1.0, |multiplier| multiplier.factor(row));
        let raw = if self.is_plain() {
            Some(self.weigh(row, card))
        } else {
            self.judge(row, card);
            self.combine(card)
        };
        self.conclude(raw, card);
        if card.coverage < self.minimum_coverage() {
            card.withhold();
        }
    }

    /// The card that signals with these scores make under a multiplier, however little is known of the row.
    pub(super) fn assemble(&self, signals: Vec<SignalScore>, multiplier: f64) -> Scorecard {
        let mut card = Scorecard { multiplier, signals, ..Scorecard::default() };
        let raw = self.combine(&mut card);
        self.conclude(raw, &mut card);
        card
    }

    /// Notes in a card with signals and groups what their sum makes of the whole.
    fn conclude(&self, raw: Option<f64>, card: &mut Scorecard) {
        card.raw = raw.unwrap_or_default();
        card.grade = raw.map(|raw| self.grade(Self::settle(raw, card.multiplier)));
        card.coverage = self.coverage(&card.signals);
    }

    /// Scores signals and groups where every signal counts; gives the sum of the groups.
    fn weigh(&self, row: &Row, card: &mut Scorecard) -> f64 {
        let mut raw = 0.0;
        for group in self.groups() {
            let start = card.signals.len();
            for signal in &group.signals {
                card.signals.push(SignalScore::of(signal, group.combine, row));
            }
            let score = group.score(card.signals[start..].iter().map(|signal| signal.points));
            card.groups.push(Some(self.grade(score)));
            raw += score * group.weight;
        }
        raw
    }

    /// Scores the signals where some may not count.
    fn judge(&self, row: &Row, card: &mut Scorecard) {
        let missing = self.missing();
        for group in self.groups() {
            let scores = group.signals.iter().map(|signal| SignalScore::with_gaps(signal, group.combine, row, missing));
            card.signals.extend(scores);
        }
    }

    /// Puts the scores of signals together where some may not count: the groups, and their sum; `None` where none counts.
    fn combine(&self, card: &mut Scorecard) -> Option<f64> {
        let mut start = 0;
        for group in self.groups() {
            let end = start + group.signals.len();
            let points = card.signals[start..end].iter().map(|signal| signal.counting_points(self.missing()));
            card.groups.push(group.score_of_present(points).map(|score| self.grade(score)));
            start = end;
        }
        self.sum_of_present(card.groups.iter().map(|grade| grade.map(|grade| grade.score)))
    }

    /// Notes in a card that this plan scored which rules fire. Where the weight of what is absent is handed on, nothing is known of
    /// it, and its rules are silent.
    pub fn apply_rules(&self, card: &mut Scorecard) {
        card.advice.clear();
        card.warnings.clear();
        for (position, signal) in self.signals().enumerate() {
            let scored = &card.signals[position];
            if scored.counts(self.missing()) {
                fire(&signal.advise, signal, scored, position, &mut card.advice);
                fire(&signal.warn, signal, scored, position, &mut card.warnings);
            }
        }
        let rank = |signal| self.warning_order().iter().position(|other| *other == signal);
        card.warnings.sort_unstable_by_key(|fired| (std::cmp::Reverse(fired.severity), rank(fired.signal)));
    }

    fn grade(&self, score: f64) -> Grade {
        Grade { score, band: self.bands().of(score) }
    }

    /// The score that is shown for a raw sum.
    pub(super) fn settle(raw: f64, multiplier: f64) -> f64 {
        clamp(round1(raw * multiplier))
    }

    fn coverage(&self, signals: &[SignalScore]) -> f64 {
        if signals.iter().all(|signal| signal.presence.is_present()) {
            return 1.0;
        }
        let present = signals.iter().zip(self.shares()).filter(|(signal, _)| signal.presence.is_present());
        let sum = present.fold(0.0, |sum, (_, share)| sum + share);
        // Nine decimals, so that sums of weights print as people would add them.
        (sum * 1e9).round() / 1e9
    }
}

/// Notes the first rule of a ladder that holds for a signal, if any does.
fn fire(ladder: &Ladder, signal: &Signal, scored: &SignalScore, position: usize, fired: &mut Vec<Fired>) {
    if ladder.rules().is_empty() {
        return;
    }
    if let Some(rule) = ladder.first(scored.value, scored.score, signal.scale.benchmark()) {
        fired.push(Fired { signal: position, rule, severity: ladder.rules()[rule].severity });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Bands, Multiplier, Rule, Scale, Slot, Test};

    fn signal(slot: u16, weight: f64, scale: Scale) -> Signal {
        Signal {
            slot: Slot(slot),
            freshness: None,
            default: Value::Number(0.0),
            weight,
            scale,
            advise: Ladder::default(),
            warn: Ladder::default(),
        }
    }

    fn warning(signal: Signal, severity: Severity) -> Signal {
        let rule = Rule { tests: vec![Test::AtLeast(1.0)], severity: Some(severity) };
        Signal { warn: Ladder::new(vec![rule]), ..signal }
    }

    fn row(values: &[Value]) -> Row {
        let mut row = Row::new(values.len());
        for (slot, value) in (0..).zip(values) {
            row.set(Slot(slot), *value);
        }
        row
    }

    fn bands() -> Bands {
        Bands::new(vec![70.0, 45.0, 0.0]).expect("ordered bounds")
    }

    fn evaluate(plan: &Plan, values: &[Value]) -> Scorecard {
        let mut card = Scorecard::default();
        plan.evaluate(&row(values), &mut card);
        card
    }

    #[test]
    fn groups_are_rounded_before_they_are_weighed() {
        let ratio = || Scale::Ratio { target: 100.0 };
        let groups = vec![
            Group { weight: 0.5, combine: Combine::Weigh, signals: vec![signal(0, 1.0, ratio())] },
            Group { weight: 0.5, combine: Combine::Weigh, signals: vec![signal(1, 1.0, ratio())] },
        ];
        let plan = Plan::new(groups, None, bands()).expect("a plan");
        let card = evaluate(&plan, &[Value::Number(69.96), Value::Number(70.0)]);
        let grade = Some(Grade { score: 70.0, band: 0 });
        assert_eq!((card.groups[0], card.grade), (grade, grade));
    }

    #[test]
    fn added_points_are_clamped_together_and_weighed_points_each() {
        let per_unit = || Scale::PerUnit { per_unit: 60.0, offset: 0.0 };
        let signals = |weight| vec![signal(0, weight, per_unit()), signal(1, weight, per_unit())];
        for (combine, expected) in [(Combine::Add, 100.0), (Combine::Weigh, 80.0)] {
            let groups = vec![Group { weight: 1.0, combine, signals: signals(0.5) }];
            let plan = Plan::new(groups, None, bands()).expect("a plan");
            let card = evaluate(&plan, &[Value::Number(2.0), Value::Number(1.0)]);
            assert_eq!(card.score(), Some(expected), "{combine:?}");
        }
    }

    #[test]
    fn the_multiplier_comes_last_and_the_score_stays_in_range() {
        let groups = vec![Group {
            weight: 1.0,
            combine: Combine::Weigh,
            signals: vec![signal(0, 1.0, Scale::Ratio { target: 100.0 })],
        }];
        let multiplier = Multiplier::new(Slot(1), vec![(30.0, 1.5)]).expect("one step");
        let plan = Plan::new(groups, Some(multiplier), bands()).expect("a plan");
        let card = evaluate(&plan, &[Value::Number(80.0), Value::Number(10.0)]);
        assert_eq!((card.raw, card.multiplier, card.score()), (80.0, 1.5, Some(100.0)));
    }

    #[test]
    fn absent_values_take_the_default_and_lower_the_coverage() {
        let groups = vec![Group {
            weight: 1.0,
            combine: Combine::Weigh,
            signals: vec![
                Signal { default: Value::Number(5.0), ..signal(0, 0.25, Scale::Ratio { target: 10.0 }) },
                signal(1, 0.75, Scale::Ratio { target: 10.0 }),
            ],
        }];
        let plan = Plan::new(groups, None, bands()).expect("a plan");
        let card = evaluate(&plan, &[Value::Absent, Value::Number(10.0)]);
        assert_eq!((card.score(), card.coverage), (Some(87.5), 0.75));
        assert_eq!((card.signals[0].value, card.signals[0].presence), (Value::Number(5.0), Presence::Absent));
        assert_eq!(evaluate(&plan, &[Value::Number(1.0), Value::Number(1.0)]).coverage, 1.0);
    }

    #[test]
    fn warnings_run_by_severity_then_in_their_order() {
        let per_unit = || Scale::PerUnit { per_unit: 1.0, offset: 0.0 };
        let groups = vec![Group {
            weight: 1.0,
            combine: Combine::Add,
            signals: vec![
                warning(signal(0, 1.0, per_unit()), Severity::High),
                warning(signal(1, 1.0, per_unit()), Severity::Critical),
                warning(signal(2, 1.0, per_unit()), Severity::High),
            ],
        }];
        let plan = Plan::new(groups, None, bands()).expect("a plan").warnings_in(vec![2, 0, 1]).expect("an order");
        let card = evaluate(&plan, &[Value::Number(1.0); 3]);
        assert_eq!(card.warnings.iter().map(|fired| fired.signal).collect::<Vec<_>>(), [1, 2, 0]);
        assert!(plan.warnings_in(vec![0, 0, 1]).is_err());
    }

    #[test]
    fn weights_that_do_not_sum_to_one_are_refused() {
        let group = |weight, inner| Group {
            weight,
            combine: Combine::Weigh,
            signals: vec![signal(0, inner, Scale::Ratio { target: 1.0 })],
        };
        for (groups, accepted) in [
            (vec![group(1.0, 1.0)], true),
            (vec![group(1.0 + 0.9e-9, 1.0)], true),
            (vec![group(1.0 + 1.1e-9, 1.0)], false),
            (vec![group(0.9, 1.0)], false),
            (vec![group(1.0, 0.9)], false),
            (vec![group(f64::NAN, 1.0)], false),
            (vec![group(-0.5, 1.0), group(1.5, 1.0)], false),
            (vec![], false),
        ] {
            assert_eq!(Plan::new(groups.clone(), None, bands()).is_ok(), accepted, "{groups:?}");
        }
    }
}
