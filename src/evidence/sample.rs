//! Accounts on evaluation dates, each with what became of it within the horizon.

use chrono::{Days, NaiveDate};

use super::{Customer, History, Intervention, Lives, Point, Score};
use crate::account::{Lifecycle, Profile};

/// The days after an evaluation date within which a customer counts as having left, unless said otherwise.
pub const HORIZON_DAYS: u32 = 90;
/// Where what became of those who did not leave is known of fewer than this share, an evaluation date whose horizon ends after the record is
/// left out: of those who leave one hears sooner than of those who stay, so that too many of the rest would have left (our choice).
pub const KNOWN_SHARE: f64 = 0.95;

/// Which score is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum On {
    /// Health: the lower, the likelier the customer leaves.
    Health,
    /// Churn risk: the higher, the likelier the customer leaves.
    Churn,
}

impl On {
    /// The name in output for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Churn => "churn",
        }
    }

    /// What the score is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Churn => "churn risk",
        }
    }

    /// The score of a point.
    pub fn score(self, point: &Point) -> Option<Score> {
        match self {
            Self::Health => point.health,
            Self::Churn => point.churn,
        }
    }

    /// A score as risk, so that more of it is worse: 100 − health, or the risk score itself.
    pub fn risk(self, score: f64) -> f64 {
        match self {
            Self::Health => 100.0 - score,
            Self::Churn => score,
        }
    }

    /// How many bands there are.
    pub fn bands(self) -> usize {
        match self {
            Self::Health => 3,
            Self::Churn => 4,
        }
    }

    /// A band by its gravity, 0 for the gravest: red, or critical.
    pub fn gravity(self, score: Score) -> usize {
        let band = usize::from(score.band).min(self.bands() - 1);
        match self {
            Self::Health => self.bands() - 1 - band,
            Self::Churn => band,
        }
    }

    /// Whether a score raises no alarm: it is green, or of low risk.
    pub fn is_calm(self, score: Score) -> bool {
        self.gravity(score) + 1 == self.bands()
    }
}

/// A day on which accounts are looked at, and how many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluation {
    /// The snapshot, by its position.
    pub snapshot: usize,
    /// Its day.
    pub date: NaiveDate,
    /// The accounts of the sample.
    pub rows: u64,
    /// Those of them that left within the horizon.
    pub churned: u64,
    /// Accounts that did not leave as far as is known, and of which not enough is known: they are left out.
    pub censored: u64,
    /// Accounts without a score: they are left out.
    pub not_scored: u64,
}

/// An account on an evaluation date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// The account.
    pub customer: Customer,
    /// The evaluation, by its position.
    pub evaluation: usize,
    /// Its segment.
    pub profile: Profile,
    /// Its ARR on that date.
    pub arr: f64,
    /// Its score on that date.
    pub score: Score,
    /// Whether it left within the horizon.
    pub churned: bool,
    /// Whether the team acted on it within the horizon, before it left.
    pub treated: bool,
}

/// Accounts on evaluation dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The score that is looked at.
    pub on: On,
    /// The days within which leaving counts.
    pub horizon: u32,
    /// The evaluation dates, at least the horizon apart, the earliest first.
    pub evaluations: Vec<Evaluation>,
    /// The accounts, by evaluation date.
    pub rows: Vec<Row>,
}

impl Sample {
    /// The accounts of a history on evaluation dates: counted back from the latest one whose horizon has been observed, each at least the
    /// horizon before the next, so that nobody leaves twice within it.
    pub fn of_history(
        history: &History,
        points: &[Vec<Point>],
        lives: &Lives,
        interventions: &[Intervention],
        on: On,
        horizon: u32,
    ) -> Self {
        let treatments = Treatments::new(history, interventions);
        let mut sample = Self { on, horizon, evaluations: Vec::new(), rows: Vec::new() };
        let mut parts = Vec::new();
        let mut next: Option<NaiveDate> = None;
        for (position, snapshot) in history.snapshots().iter().enumerate().rev() {
            let Some(until) = snapshot.date.checked_add_days(Days::new(horizon.into())) else { continue };
            if next.is_some_and(|next| until > next) {
                continue;
            }
            let evaluation =
                Evaluation { snapshot: position, date: snapshot.date, rows: 0, churned: 0, censored: 0, not_scored: 0 };
            let part = Part::of(&points[position], evaluation, until, lives, &treatments, on);
            if until > lives.observed_until && !part.is_known() {
                continue;
            }
            next = Some(snapshot.date);
            parts.push(part);
        }
        for (position, part) in parts.into_iter().rev().enumerate() {
            sample.evaluations.push(part.evaluation);
            sample.rows.extend(part.rows.into_iter().map(|row| Row { evaluation: position, ..row }));
        }
        sample
    }

    /// A sample of accounts of which only whether they left is known: one row each, one date.
    pub fn of_labels(on: On, date: NaiveDate, labelled: impl IntoIterator<Item = (Point, bool)>) -> Self {
        let mut evaluation = Evaluation { snapshot: 0, date, rows: 0, churned: 0, censored: 0, not_scored: 0 };
        let mut rows = Vec::new();
        for (point, churned) in labelled {
            let Some(score) = on.score(&point) else {
                evaluation.not_scored += 1;
                continue;
            };
            evaluation.rows += 1;
            evaluation.churned += u64::from(churned);
            let Point { customer, profile, arr, .. } = point;
            rows.push(Row { customer, evaluation: 0, profile, arr, score, churned, treated: false });
        }
        Self { on, horizon: 0, evaluations: vec![evaluation], rows }
    }

    /// How many rows left within the horizon.
    pub fn churned(&self) -> u64 {
        self.rows.iter().filter(|row| row.churned).count() as u64
    }

    /// The share of rows that left within the horizon; `None` without rows.
    pub fn base_rate(&self) -> Option<f64> {
        (!self.rows.is_empty()).then(|| self.churned() as f64 / self.rows.len() as f64)
    }
}

/// The accounts of one evaluation date.
struct Part {
    evaluation: Evaluation,
    rows: Vec<Row>,
}

impl Part {
    fn of(
        points: &[Point],
        mut evaluation: Evaluation,
        until: NaiveDate,
        lives: &Lives,
        treatments: &Treatments,
        on: On,
    ) -> Self {
        let date = evaluation.date;
        let mut rows = Vec::new();
        for point in points {
            let life = lives.of(point.customer);
            if point.lifecycle == Lifecycle::Churned || life.is_late(date) {
                continue;
            }
            let end = life.next_end(date);
            let churned = end.is_some_and(|end| end <= until);
            let stayed = end.is_some() || life.last_known.is_some_and(|known| known >= until);
            if !churned && !stayed {
                evaluation.censored += 1;
                continue;
            }
            let Some(score) = on.score(point) else {
                evaluation.not_scored += 1;
                continue;
            };
            // The day on which it left is the first one without it.
            let treated_until = end.filter(|_| churned).and_then(|end| end.pred_opt()).unwrap_or(until);
            evaluation.rows += 1;
            evaluation.churned += u64::from(churned);
            rows.push(Row {
                customer: point.customer,
                evaluation: 0,
                profile: point.profile,
                arr: point.arr,
                score,
                churned,
                treated: treatments.any(point.customer, date, treated_until),
            });
        }
        Self { evaluation, rows }
    }

    /// Whether what became of those who did not leave is known of enough of them.
    fn is_known(&self) -> bool {
        let Evaluation { rows, churned, censored, .. } = self.evaluation;
        let stayed = rows - churned;
        stayed > 0 && stayed as f64 >= KNOWN_SHARE * (stayed + censored) as f64
    }
}

/// The days on which the team acted on customers.
struct Treatments(Vec<(Customer, NaiveDate)>);

impl Treatments {
    fn new(history: &History, interventions: &[Intervention]) -> Self {
        let treatments = interventions.iter().filter(|intervention| intervention.status.is_treatment());
        let mut days: Vec<(Customer, NaiveDate)> = treatments
            .filter_map(|intervention| Some((history.find(&intervention.customer)?, intervention.date)))
            .collect();
        days.sort_unstable();
        Self(days)
    }

    /// Whether there was one after a day, up to another.
    fn any(&self, customer: Customer, after: NaiveDate, until: NaiveDate) -> bool {
        let next = self.0.partition_point(|day| *day <= (customer, after));
        self.0.get(next).is_some_and(|(other, day)| *other == customer && *day <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::made::{day, history, lives, point};
    use crate::evidence::{Fate, InterventionStatus};

    /// A customer with these outcomes, and one that stays for good, by a horizon of 90 days from 2026-01-01 to 2026-04-01.
    fn sample(outcomes: &[(&str, Fate, &str)], interventions: &[(&str, InterventionStatus)]) -> Sample {
        let green = Some(point(80.0, 100.0));
        let days = ["2026-01-01", "2026-01-15", "2026-04-02"].map(day);
        let (history, points) = history(&days, &[("one", &[green]), ("other", &[green; 3])]);
        let interventions: Vec<Intervention> = (1..)
            .zip(interventions)
            .map(|(record, (date, status))| Intervention {
                customer: "one".to_owned(),
                date: day(date),
                play: String::new(),
                owner: String::new(),
                status: *status,
                outcome: String::new(),
                record,
            })
            .collect();
        let lives = lives(&history, &points, outcomes);
        Sample::of_history(&history, &points, &lives, &interventions, On::Health, 90)
    }

    #[test]
    fn a_customer_leaves_within_the_horizon_from_the_day_after_the_date_to_its_last_day() {
        use Fate::{Churned, Renewed};
        for (outcome, expected) in [
            // On the date itself it had left already.
            ((Churned, "2026-01-01"), None),
            ((Churned, "2026-01-02"), Some(true)),
            ((Churned, "2026-04-01"), Some(true)),
            ((Churned, "2026-04-02"), Some(false)),
            // Where it did not leave, it must be known up to the last day.
            ((Renewed, "2026-03-31"), None),
            ((Renewed, "2026-04-01"), Some(false)),
        ] {
            let found = sample(&[("one", outcome.0, outcome.1)], &[]);
            assert_eq!(found.evaluations.len(), 1);
            let evaluation = found.evaluations[0];
            let row = found.rows.iter().find(|row| row.customer == Customer(0));
            assert_eq!(row.map(|row| row.churned), expected, "{outcome:?}");
            assert_eq!(evaluation.date, day("2026-01-01"));
            assert_eq!(
                (evaluation.rows, evaluation.churned),
                (1 + u64::from(row.is_some()), u64::from(expected == Some(true)))
            );
            assert_eq!(evaluation.censored, u64::from(outcome == (Renewed, "2026-03-31")));
        }
    }

    #[test]
    fn what_is_done_after_the_date_and_before_the_customer_is_gone_is_treatment() {
        use InterventionStatus::{Cancelled, Done, Open, Started};
        let (left, stayed) = ((Fate::Churned, "2026-03-01"), (Fate::Renewed, "2026-06-01"));
        for (fate, interventions, treated) in [
            (left, &[("2026-01-01", Done)][..], false),
            (left, &[("2026-01-02", Done)], true),
            (left, &[("2026-02-28", Started)], true),
            (left, &[("2026-03-01", Done)], false),
            (stayed, &[("2026-03-01", Done)], true),
            (stayed, &[("2026-04-01", Done)], true),
            (stayed, &[("2026-04-02", Done)], false),
            (stayed, &[("2026-02-01", Open), ("2026-02-02", Cancelled)], false),
            (stayed, &[("2025-12-31", Done), ("2026-02-02", Done)], true),
        ] {
            let found = sample(&[("one", fate.0, fate.1)], interventions);
            let treated_rows: Vec<bool> = found.rows.iter().map(|row| row.treated).collect();
            assert_eq!(treated_rows, [treated, false], "{fate:?} {interventions:?}");
        }
    }

    #[test]
    fn dates_are_at_least_the_horizon_apart_from_the_last_one_on() {
        let green = Some(point(80.0, 100.0));
        let days = ["2026-01-01", "2026-02-01", "2026-04-01", "2026-05-02", "2026-06-30", "2026-07-31"].map(day);
        let (history, points) = history(&days, &[("one", &[green; 6])]);
        let lives = lives(&history, &points, &[]);
        let dates = |horizon: u32| {
            let sample = Sample::of_history(&history, &points, &lives, &[], On::Health, horizon);
            sample.evaluations.iter().map(|evaluation| evaluation.date.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(dates(90), ["2026-02-01", "2026-05-02"]);
        assert_eq!(dates(91), ["2026-04-01"]);
        assert_eq!(dates(211), ["2026-01-01"]);
        assert_eq!(dates(212), [] as [&str; 0]);
    }

    #[test]
    fn a_date_counts_where_95_of_100_who_did_not_leave_are_known() {
        let date = NaiveDate::default();
        for (rows, churned, censored, is_known) in
            [(100, 5, 5, true), (99, 5, 5, false), (5, 5, 0, false), (1, 0, 0, true), (0, 0, 3, false)]
        {
            let evaluation = Evaluation { snapshot: 0, date, rows, churned, censored, not_scored: 0 };
            let part = Part { evaluation, rows: Vec::new() };
            assert_eq!(part.is_known(), is_known, "{rows} rows, {churned} left, {censored} unknown");
        }
    }
}
