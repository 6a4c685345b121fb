//! What became of ARR.

use super::{Customer, Evaluation, History, Point, Sample};
use crate::account::Lifecycle;

/// What became of ARR within the horizon of each evaluation date.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RetainedArr {
    /// Accounts on an evaluation date, those that left included.
    pub observations: u64,
    /// Their ARR at the start.
    pub start: f64,
    /// That of those who left.
    pub churn: f64,
    /// What those who stayed pay less.
    pub contraction: f64,
    /// What those who stayed pay more.
    pub expansion: f64,
}

impl RetainedArr {
    /// Gross revenue retention: (start − contraction − churn) ÷ start, 0–1; `None` without ARR.
    pub fn grr(&self) -> Option<f64> {
        (self.start > 0.0).then(|| (self.start - self.contraction - self.churn) / self.start)
    }

    /// Net revenue retention: the same with expansion, from 0; `None` without ARR.
    pub fn nrr(&self) -> Option<f64> {
        (self.start > 0.0).then(|| (self.start - self.contraction - self.churn + self.expansion) / self.start)
    }

    fn add(&mut self, start: f64, end: Option<f64>) {
        self.observations += 1;
        self.start += start;
        match end {
            None => self.churn += start,
            Some(end) => {
                self.contraction += (start - end).max(0.0);
                self.expansion += (end - start).max(0.0);
            }
        }
    }
}

/// Retention by ARR: of each band, the gravest first, and of all.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrRetention {
    /// Of each band.
    pub bands: Vec<RetainedArr>,
    /// Of all accounts of the sample.
    pub all: RetainedArr,
}

impl ArrRetention {
    /// Retention within the horizon of each evaluation date, the dates added up.
    ///
    /// The ARR at the end is that of the last snapshot within the horizon, where there is none that of the first one behind it; an account that
    /// stayed and is in no later snapshot pays what it paid.
    pub(super) fn of(history: &History, points: &[Vec<Point>], sample: &Sample) -> Self {
        let mut retention =
            Self { bands: vec![RetainedArr::default(); sample.on.bands()], all: RetainedArr::default() };
        let payments = Payments::new(history, points);
        for row in &sample.rows {
            let Evaluation { snapshot, date, .. } = sample.evaluations[row.evaluation];
            let until = date + chrono::Days::new(sample.horizon.into());
            let within = history.snapshots().partition_point(|snapshot| snapshot.date <= until);
            let end = (!row.churned).then(|| payments.at_end(row.customer, snapshot, within).unwrap_or(row.arr));
            retention.bands[sample.on.gravity(row.score)].add(row.arr, end);
            retention.all.add(row.arr, end);
        }
        retention
    }
}

/// The ARR of each customer in each snapshot that has it, the earliest first.
struct Payments(Vec<Vec<(usize, f64)>>);

impl Payments {
    fn new(history: &History, points: &[Vec<Point>]) -> Self {
        let mut payments = vec![Vec::new(); history.ids().len()];
        for (snapshot, of_snapshot) in points.iter().enumerate() {
            for point in of_snapshot.iter().filter(|point| point.lifecycle != Lifecycle::Churned) {
                payments[point.customer.index()].push((snapshot, point.arr));
            }
        }
        Self(payments)
    }

    /// What a customer pays at the last snapshot after `start` and before `end`, else at the first one from `end` on.
    fn at_end(&self, customer: Customer, start: usize, end: usize) -> Option<f64> {
        let payments = &self.0[customer.index()];
        let behind = payments.partition_point(|(snapshot, _)| *snapshot < end);
        let within = payments[..behind].last().filter(|(snapshot, _)| *snapshot > start);
        within.or(payments.get(behind)).map(|(_, arr)| *arr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::made::{day, history, point};
    use crate::evidence::{On, Row};

    /// What became of the ARR of customers that pay so much on each day and of whom some left, within 90 days of the first one.
    fn retention(days: &[&str], customers: &[(&str, &[Option<f64>], bool)]) -> ArrRetention {
        let days: Vec<_> = days.iter().map(|text| day(text)).collect();
        let seen: Vec<Vec<Option<Point>>> = customers
            .iter()
            .map(|(_, payments, _)| payments.iter().map(|arr| arr.map(|arr| point(80.0, arr))).collect())
            .collect();
        let named: Vec<(&str, &[Option<Point>])> =
            customers.iter().zip(&seen).map(|((id, ..), points)| (*id, points.as_slice())).collect();
        let (history, points) = history(&days, &named);
        let rows = points[0].iter().map(|point| Row {
            customer: point.customer,
            evaluation: 0,
            profile: point.profile,
            arr: point.arr,
            score: point.health.expect("a score"),
            churned: customers[point.customer.index()].2,
            treated: false,
        });
        let rows = rows.collect();
        let evaluation = Evaluation { snapshot: 0, date: days[0], rows: 0, churned: 0, censored: 0, not_scored: 0 };
        let sample = Sample { on: On::Health, horizon: 90, evaluations: vec![evaluation], rows };
        ArrRetention::of(&history, &points, &sample)
    }

    #[test]
    fn arr_at_the_end_is_the_last_within_the_horizon_else_the_first_behind_it_else_as_it_was() {
        // The horizon ends on the second day.
        let days = ["2026-01-01", "2026-04-01", "2026-04-02", "2026-05-01"];
        for (payments, end) in [
            (&[Some(100.0), Some(80.0), Some(10.0), None][..], 80.0),
            (&[Some(100.0), None, Some(120.0), Some(10.0)], 120.0),
            (&[Some(100.0), None, None, Some(70.0)], 70.0),
            (&[Some(100.0)], 100.0),
        ] {
            // Another one sees to it that each day has a snapshot with somebody in it.
            let other = ("other", &[Some(100.0); 4][..], false);
            let all = retention(&days, &[("one", payments, false), other]).all;
            assert_eq!((all.observations, all.start), (2, 200.0));
            assert_eq!(all.expansion - all.contraction, end - 100.0, "{payments:?}");
        }
    }

    #[test]
    fn what_left_is_churn_and_expansion_counts_in_net_retention_alone() {
        let days = ["2026-01-01", "2026-03-31"];
        let found = retention(
            &days,
            &[
                ("left", &[Some(100.0), None], true),
                ("less", &[Some(200.0), Some(150.0)], false),
                ("more", &[Some(300.0), Some(420.0)], false),
                ("same", &[Some(400.0), Some(400.0)], false),
            ],
        );
        let RetainedArr { observations, start, churn, contraction, expansion } = found.all;
        assert_eq!((observations, start, churn, contraction, expansion), (4, 1000.0, 100.0, 50.0, 120.0));
        assert_eq!((found.all.grr(), found.all.nrr()), (Some(0.85), Some(0.97)));
        // All are green, the calmest of three.
        assert_eq!(found.bands[2], found.all);
        assert_eq!(found.bands[0].grr(), None);
    }
}
