//! What bounds are chosen by and judged by: the accounts of one segment, or of all.

use std::cmp::Reverse;

use super::tenths::{Cuts, Tenths};
use super::{EARLY_DAYS, Material, Performance, Split};
use crate::account::{Lifecycle, Profile};
use crate::evidence::{Departure, On, Point, Ranked, Ranking, Row};

/// A customer that left, with its score early enough before.
pub(super) struct Leaver {
    risk: Tenths,
    is_late_part: bool,
}

/// The rows and leavers of one segment, or of all.
pub(super) struct Grounds<'a> {
    pub(super) on: On,
    pub(super) fit: Vec<&'a Row>,
    pub(super) holdout: Vec<&'a Row>,
    pub(super) leavers: Vec<Leaver>,
    /// The risks of the accounts of the last snapshot with their ARR.
    pub(super) today: Vec<(Tenths, f64)>,
    /// The accounts of each evaluation date of the earlier part, whatever became of them.
    pub(super) dates: Vec<Vec<Tenths>>,
}

impl<'a> Grounds<'a> {
    pub(super) fn of(material: Material<'a>, departures: &[Departure], profile: Option<Profile>) -> Self {
        let Material { history, points, lives, sample, parting } = material;
        let on = sample.on;
        let is_of = |other: Profile| profile.is_none_or(|profile| profile == other);
        let rows = || sample.rows.iter().filter(|row| is_of(row.profile));
        let leavers = departures.iter().filter_map(|departure| {
            let (snapshot, profile, score) = departure.reading_before(EARLY_DAYS, on, history, points, lives)?;
            let is_late_part = departure.end > parting.day;
            // Of the later part, nothing that was read before it counts.
            let is_clean = !is_late_part || history.snapshots()[snapshot].date >= parting.day;
            (is_of(profile) && is_clean).then(|| Leaver { risk: Tenths::of(on, score.value), is_late_part })
        });
        let scored = |of_snapshot: &'a [Point]| {
            of_snapshot
                .iter()
                .filter(move |point| is_of(point.profile) && point.lifecycle != Lifecycle::Churned)
                .filter_map(move |point| Some((Tenths::of(on, on.score(point)?.value), point.arr)))
        };
        let dates = sample.evaluations[..parting.fit].iter().map(|evaluation| {
            let mut risks: Vec<Tenths> = scored(&points[evaluation.snapshot]).map(|(risk, _)| risk).collect();
            risks.sort_unstable_by_key(|risk| Reverse(*risk));
            risks
        });
        Self {
            on,
            fit: rows().filter(|row| row.evaluation < parting.fit).collect(),
            holdout: rows().filter(|row| row.evaluation >= parting.fit).collect(),
            leavers: leavers.collect(),
            today: points.last().map(|of_snapshot| scored(of_snapshot).collect()).unwrap_or_default(),
            dates: dates.collect(),
        }
    }

    pub(super) fn risk(&self, row: &Row) -> Tenths {
        Tenths::of(self.on, row.score.value)
    }

    pub(super) fn ranking(&self, rows: &[&Row]) -> Ranking {
        let ranked = rows.iter().map(|row| Ranked {
            value: self.on.risk(row.score.value),
            positive: row.churned,
            cluster: row.customer.0,
        });
        Ranking::new(ranked.collect())
    }

    pub(super) fn performance(&self, cuts: Cuts) -> [Performance; 2] {
        let of = |rows: &[&Row], is_late_part: bool| {
            let mut performance = Performance::default();
            for row in rows {
                let risk = self.risk(row);
                let alarm = risk >= cuts.alarm;
                performance.alarms.count(alarm);
                if alarm {
                    performance.precision.count(row.churned);
                }
                let rate = if risk >= cuts.grave {
                    &mut performance.grave
                } else if alarm {
                    &mut performance.mild
                } else {
                    &mut performance.calm
                };
                rate.count(row.churned);
            }
            for leaver in self.leavers.iter().filter(|leaver| leaver.is_late_part == is_late_part) {
                performance.early.count(leaver.risk >= cuts.alarm);
                performance.early_grave.count(leaver.risk >= cuts.grave);
            }
            performance
        };
        [of(&self.fit, false), of(&self.holdout, true)]
    }

    pub(super) fn split(&self, cuts: Cuts) -> Split {
        let mut split = Split::default();
        for (risk, arr) in &self.today {
            let part = usize::from(*risk < cuts.grave) + usize::from(*risk < cuts.alarm);
            split[part].0 += 1;
            split[part].1 += arr;
        }
        split
    }

    /// The least risk that a share of those who left in the earlier part had reached early enough.
    pub(super) fn cut_for_recall(&self, share: f64) -> Option<Tenths> {
        let mut risks: Vec<Tenths> =
            self.leavers.iter().filter(|leaver| !leaver.is_late_part).map(|leaver| leaver.risk).collect();
        risks.sort_unstable_by_key(|risk| Reverse(*risk));
        // 0.7 × 10 is a little more than 7.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
        let needed = (share * risks.len() as f64 - 1e-9).ceil().max(1.0) as usize;
        risks.get(needed - 1).copied()
    }

    /// The least risk that at most so many accounts reach on any date of the earlier part and today.
    pub(super) fn cut_for_capacity(&self, capacity: u64) -> Tenths {
        let mut today: Vec<Tenths> = self.today.iter().map(|(risk, _)| *risk).collect();
        today.sort_unstable_by_key(|risk| Reverse(*risk));
        let first_beyond = |risks: &Vec<Tenths>| risks.get(usize::try_from(capacity).unwrap_or(usize::MAX)).copied();
        let beyond = self.dates.iter().chain([&today]).filter_map(first_beyond).max();
        beyond.map_or(Tenths(1), |beyond| Tenths(beyond.0 + 1))
    }

    /// The most accounts that reach a risk on any date of the earlier part and today.
    pub(super) fn most_at(&self, cut: Tenths) -> u64 {
        let of_date = |risks: &Vec<Tenths>| risks.partition_point(|risk| *risk >= cut);
        let today = self.today.iter().filter(|(risk, _)| *risk >= cut).count();
        self.dates.iter().map(of_date).fold(today, usize::max) as u64
    }

    /// The risk below the grave ones from which on alarms cost the least on the earlier part; of equal ones the highest.
    pub(super) fn cut_for_cost(&self, false_alarm: f64, missed: f64, grave: Tenths) -> Option<Tenths> {
        let mut rows: Vec<(Tenths, bool)> = self.fit.iter().map(|row| (self.risk(row), row.churned)).collect();
        rows.sort_unstable_by_key(|(risk, _)| Reverse(*risk));
        let mut cost = rows.iter().filter(|(_, churned)| *churned).count() as f64 * missed;
        let mut best: Option<(f64, Tenths)> = None;
        let mut position = 0;
        while position < rows.len() {
            let risk = rows[position].0;
            while position < rows.len() && rows[position].0 == risk {
                cost += if rows[position].1 { -missed } else { false_alarm };
                position += 1;
            }
            if risk < grave && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, risk));
            }
        }
        best.map(|(_, risk)| risk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Customer, Score};

    /// Those who left and those who stayed in the earlier part, by their risk in tenths.
    fn rows(risks: &[(i32, bool)]) -> Vec<Row> {
        let row = |(customer, (risk, churned)): (u32, &(i32, bool))| Row {
            customer: Customer(customer),
            evaluation: 0,
            profile: Profile(0),
            arr: 1.0,
            score: Score { value: f64::from(*risk) / 10.0, band: 0 },
            churned: *churned,
            treated: false,
        };
        (0..).zip(risks).map(row).collect()
    }

    fn grounds(fit: &[Row]) -> Grounds<'_> {
        let risk = |row: &Row| Tenths::of(On::Churn, row.score.value);
        let leavers = fit.iter().filter(|row| row.churned).map(|row| Leaver { risk: risk(row), is_late_part: false });
        let mut date: Vec<Tenths> = fit.iter().map(risk).collect();
        date.sort_unstable_by_key(|risk| Reverse(*risk));
        Grounds {
            on: On::Churn,
            fit: fit.iter().collect(),
            holdout: Vec::new(),
            leavers: leavers.collect(),
            today: Vec::new(),
            dates: vec![date],
        }
    }

    #[test]
    fn the_cut_for_a_recall_is_the_highest_that_reaches_it() {
        let rows = rows(&[(900, true), (500, true), (500, true), (300, true), (100, true), (950, false)]);
        let grounds = grounds(&rows);
        for (share, cut) in [(0.2, 900), (0.21, 500), (0.6, 500), (0.61, 300), (0.8, 300), (1.0, 100)] {
            assert_eq!(grounds.cut_for_recall(share), Some(Tenths(cut)), "{share}");
        }
    }

    #[test]
    fn a_capacity_is_never_exceeded_where_several_have_one_score() {
        let rows = rows(&[(900, false), (500, false), (500, false), (500, true), (300, false)]);
        let mut grounds = grounds(&rows);
        for (capacity, cut, most) in [(1, 501, 1), (2, 501, 1), (3, 501, 1), (4, 301, 4), (5, 1, 5), (9, 1, 5)] {
            assert_eq!(grounds.cut_for_capacity(capacity), Tenths(cut), "{capacity}");
            assert_eq!(grounds.most_at(Tenths(cut)), most, "{capacity}");
        }
        // The accounts of today count as well.
        grounds.today = vec![(Tenths(700), 1.0), (Tenths(950), 1.0)];
        assert_eq!((grounds.cut_for_capacity(1), grounds.most_at(Tenths(501))), (Tenths(701), 2));
    }

    #[test]
    fn costs_are_the_least_at_the_cut_and_equal_ones_take_the_highest() {
        let rows = rows(&[(900, true), (500, false), (500, true), (300, false), (100, true), (50, false)]);
        let grounds = grounds(&rows);
        for (false_alarm, missed, grave, cut) in [
            // 3 alarms for nothing against none missed: all are worth an alarm.
            (1.0, 10.0, 1001, Some(100)),
            (10.0, 1.0, 1001, Some(900)),
            // At 500 one is found and one rings for nothing: no better than to stop before.
            (1.0, 1.0, 1001, Some(900)),
            // Only cuts below the grave ones count.
            (10.0, 1.0, 900, Some(500)),
            (10.0, 1.0, 50, None),
        ] {
            let found = grounds.cut_for_cost(false_alarm, missed, Tenths(grave));
            assert_eq!(found, cut.map(Tenths), "{false_alarm} {missed} {grave}");
        }
    }
}
