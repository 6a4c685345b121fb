//! Whether the score fell before customers left.

use chrono::{Days, NaiveDate};

use super::{Customer, History, Lives, On, Point, Rate, Score};
use crate::account::{Lifecycle, Profile};

/// The days before the end at which it is looked whether the score had fallen.
pub const LEADS_DAYS: [u32; 3] = [30, 60, 90];

/// A customer that left while the snapshots ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// The customer.
    pub customer: Customer,
    /// The day on which it left.
    pub end: NaiveDate,
    /// The day on which it had left before, where it had come back since.
    pub before: Option<NaiveDate>,
}

impl Departure {
    /// The customers that left after the first snapshot and as long as it was observed, in the order of the customers and their days.
    pub fn all(history: &History, lives: &Lives) -> Vec<Self> {
        let Some(first) = history.snapshots().first().map(|snapshot| snapshot.date) else { return Vec::new() };
        let mut departures = Vec::new();
        for (customer, life) in lives.iter().filter(|(_, life)| life.first_seen.is_some()) {
            let mut before = None;
            for end in life.ends.iter().copied() {
                if end > first && end <= lives.observed_until {
                    departures.push(Self { customer, end, before });
                }
                before = Some(end);
            }
        }
        departures
    }

    /// The readings before the end since the customer came: positions of snapshots with the points there, the latest first.
    pub fn readings<'h>(
        &self,
        history: &'h History,
        points: &'h [Vec<Point>],
        lives: &'h Lives,
    ) -> impl Iterator<Item = (usize, NaiveDate, &'h Point)> + use<'h> {
        let Self { customer, end, before } = *self;
        let ended = history.snapshots().partition_point(|snapshot| snapshot.date < end);
        let begun = before.map_or(0, |before| history.snapshots().partition_point(|snapshot| snapshot.date <= before));
        (begun..ended).rev().filter_map(move |position| {
            let date = history.snapshots()[position].date;
            let of_snapshot = &points[position];
            let found = of_snapshot.binary_search_by_key(&customer, |point| point.customer).ok()?;
            let point = &of_snapshot[found];
            (point.lifecycle != Lifecycle::Churned && !lives.of(customer).is_late(date))
                .then_some((position, date, point))
        })
    }

    /// The latest scored reading at least so many days before the end.
    pub fn reading_before(
        &self,
        days: u32,
        on: On,
        history: &History,
        points: &[Vec<Point>],
        lives: &Lives,
    ) -> Option<(usize, Profile, Score)> {
        let latest = self.end.checked_sub_days(Days::new(days.into()))?;
        let mut readings = self.readings(history, points, lives).filter(|(_, date, _)| *date <= latest);
        readings.find_map(|(position, _, point)| Some((position, point.profile, on.score(point)?)))
    }
}

/// Of those who left, how many had raised an alarm so many days before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caught {
    /// The days before the end.
    pub days: u32,
    /// Those below green, or above low risk, at the last snapshot at least so many days before the end, of those that have one.
    pub rate: Rate,
    /// Those without such a snapshot.
    pub without: u64,
}

/// A customer that left although its last score before raised no alarm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Missed {
    /// Who left and when.
    pub departure: Departure,
    /// The last snapshot with a score, by its position.
    pub snapshot: usize,
    /// The score there.
    pub score: Score,
    /// The ARR there.
    pub arr: f64,
}

/// Whether the score fell before customers left.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// Those who left while the snapshots ran.
    pub departures: u64,
    /// Those of them that had a score before.
    pub seen: u64,
    /// How many had raised an alarm, by the days of [`LEADS_DAYS`].
    pub caught: [Caught; 3],
    /// Those that left without one, the highest ARR first.
    pub missed: Vec<Missed>,
}

impl Timing {
    pub(super) fn of(
        departures: &[Departure],
        on: On,
        history: &History,
        points: &[Vec<Point>],
        lives: &Lives,
    ) -> Self {
        let caught = LEADS_DAYS.map(|days| {
            let mut caught = Caught { days, rate: Rate::default(), without: 0 };
            for departure in departures {
                match departure.reading_before(days, on, history, points, lives) {
                    Some((_, _, score)) => {
                        caught.rate.of += 1;
                        caught.rate.hits += u64::from(!on.is_calm(score));
                    }
                    None => caught.without += 1,
                }
            }
            caught
        });
        let mut seen = 0;
        let mut missed = Vec::new();
        for departure in departures {
            let mut readings = departure.readings(history, points, lives);
            let last = readings.find_map(|(snapshot, _, point)| Some((snapshot, point.arr, on.score(point)?)));
            let Some((snapshot, arr, score)) = last else { continue };
            seen += 1;
            if on.is_calm(score) {
                missed.push(Missed { departure: *departure, snapshot, score, arr });
            }
        }
        missed.sort_by(|a, b| b.arr.total_cmp(&a.arr));
        Self { departures: departures.len() as u64, seen, caught, missed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Fate;
    use crate::evidence::made::{day, history, lives, point};

    #[test]
    fn the_score_of_so_many_days_before_is_the_last_one_at_least_so_old() {
        // 61, 60 and 59 days before 2026-03-31.
        let days = ["2026-01-29", "2026-01-30", "2026-01-31"].map(day);
        for (scores, caught) in
            [([80.0, 80.0, 60.0], [1, 0, 0]), ([80.0, 60.0, 80.0], [0, 1, 0]), ([60.0, 80.0, 80.0], [0, 0, 0])]
        {
            let seen = scores.map(|score| Some(point(score, 100.0)));
            let (history, points) = history(&days, &[("one", &seen)]);
            let lives = lives(&history, &points, &[("one", Fate::Churned, "2026-03-31")]);
            let departures = Departure::all(&history, &lives);
            assert!(departures.is_empty(), "nobody looked that long: {departures:?}");
            let departure = Departure { customer: Customer(0), end: day("2026-03-31"), before: None };
            let found = Timing::of(&[departure], On::Health, &history, &points, &lives);
            assert_eq!(found.caught.map(|caught| caught.rate.hits), caught, "{scores:?}");
            assert_eq!(found.caught.map(|caught| caught.rate.of), [1, 1, 0]);
            assert_eq!(found.caught.map(|caught| caught.without), [0, 0, 1]);
            assert_eq!(found.missed.len(), usize::from(scores[2] >= 75.0));
        }
    }

    #[test]
    fn those_who_left_after_the_first_snapshot_and_until_the_last_are_departures() {
        let days = ["2026-01-31", "2026-03-31"].map(day);
        let green = Some(point(80.0, 100.0));
        for (end, is_one) in [("2026-01-31", false), ("2026-02-01", true), ("2026-03-31", true), ("2026-04-01", false)]
        {
            let (history, points) = history(&days, &[("one", &[green, None]), ("other", &[green; 2])]);
            let lives = lives(&history, &points, &[("one", Fate::Churned, end)]);
            assert_eq!(Departure::all(&history, &lives).len(), usize::from(is_one), "{end}");
        }
    }
}
