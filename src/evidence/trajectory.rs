//! How scores of accounts moved over a history: slopes, falls that a second reading confirms, time in bands.

use chrono::NaiveDate;

use super::median::{median, middle};
use super::{Cases, Customer, History, On, Point, Score};
use crate::account::Lifecycle;
use crate::analysis::{Tally, Tier};
use crate::engine::round1;

/// Over so many of the last readings slopes are taken, and a move counts as recent, unless told otherwise (our choice: a month of
/// weekly exports, a quarter and a month of monthly ones).
pub const PERIODS: usize = 4;

/// A slope is told for so many days.
const SLOPE_DAYS: f64 = 30.0;

/// A score on the day of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The position of the snapshot.
    pub snapshot: usize,
    /// The day of the snapshot.
    pub date: NaiveDate,
    /// The score and its band.
    pub score: Score,
}

/// A score that has moved from one level to another, as two readings in a row show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// The level before: the median of the readings since the last shift. Where one shift follows another in the same direction within the
    /// periods, they are one, and it is the level before the first of them.
    pub from: f64,
    /// The first reading that lay beyond the threshold, by its position among the readings.
    pub first: usize,
    /// The last reading that confirmed it.
    pub confirmed: usize,
    /// Whether it is for the worse.
    pub is_worse: bool,
}

/// What the last readings of an account say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Course {
    /// It got worse, and a second reading in a row confirmed it.
    Fall,
    /// The last reading alone lies on the worse side of the level before.
    Dip,
    /// The last reading is back at the level before, the one before it lay on the worse side.
    Recovered,
    /// It got better, and a second reading in a row confirmed it.
    Rise,
    /// Nothing of the kind.
    Steady,
    /// There are fewer than two readings.
    Short,
    /// The last snapshot does not have it, or calls it churned.
    Gone,
}

impl Course {
    /// All of them, those that ask for somebody first.
    pub const ALL: [Self; 7] =
        [Self::Fall, Self::Dip, Self::Recovered, Self::Rise, Self::Steady, Self::Short, Self::Gone];

    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fall => "fall",
            Self::Dip => "dip",
            Self::Recovered => "recovered",
            Self::Rise => "rise",
            Self::Steady => "steady",
            Self::Short => "short",
            Self::Gone => "gone",
        }
    }
}

/// What is looked at, and when a score counts as moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Following {
    /// The score.
    pub on: On,
    /// How far a reading must lie from the level before to count as moved, in points: more than this.
    pub threshold: f64,
    /// Over how many of the last readings the slope is taken, and a shift counts as recent; at least 2.
    pub periods: usize,
}

/// How the score of one account moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// The account.
    pub customer: Customer,
    /// The last that is known of it.
    pub last: Point,
    /// The snapshots that have it as a customer, by position.
    pub seen: Vec<usize>,
    /// Its scores, the earliest first; without those of snapshots that do not have it or give it none.
    pub readings: Vec<Reading>,
    /// What the last readings say.
    pub course: Course,
    /// The last shift, however long ago.
    pub shift: Option<Turn>,
    /// The level that the last readings are held against: the median of those since the last shift, without a dip; `None` without a
    /// reading.
    pub level: Option<f64>,
    /// The last reading that is confirmed: not one that lies beyond the threshold alone; `None` without a reading.
    pub settled: Option<f64>,
    /// Points in 30 days over the last readings; `None` where there are fewer than two.
    pub slope: Option<f64>,
    /// Points from the reading before to the last; `None` where there are fewer than two.
    pub change: Option<f64>,
    /// The first reading of the run of readings in the present band; `None` without a reading.
    pub in_band_since: Option<NaiveDate>,
    /// Days by band, in the order of the bands: each stretch from a snapshot to the next, where both have a score, counts for the
    /// band at its start.
    pub days_in_bands: [i64; 4],
    /// How many snapshots between its first and its last lack it.
    pub gaps: usize,
}

impl Trajectory {
    /// The last score.
    pub fn score(&self) -> Option<Score> {
        self.readings.last().map(|reading| reading.score)
    }

    /// The score at each snapshot from the first that has the account on, `None` where there is none.
    pub fn line(&self) -> Vec<Option<f64>> {
        let (Some(first), Some(last)) = (self.seen.first(), self.seen.last()) else { return Vec::new() };
        let mut line = vec![None; last + 1 - first];
        for reading in &self.readings {
            if let Some(place) = reading.snapshot.checked_sub(*first).and_then(|place| line.get_mut(place)) {
                *place = Some(reading.score.value);
            }
        }
        line
    }

    /// How many points a confirmed fall that is told took, from the level before it to the last confirmed reading.
    pub fn fallen(&self, on: On) -> Option<f64> {
        let shift = self.shift.filter(|_| self.course == Course::Fall)?;
        Some(round1(on.risk(self.settled?) - on.risk(shift.from)))
    }

    fn new(customer: Customer, seen: Vec<(usize, Point)>, history: &History, following: &Following) -> Option<Self> {
        let last = seen.last()?.1;
        let snapshots = history.snapshots();
        let is_gone = last.lifecycle == Lifecycle::Churned || seen.last()?.0 + 1 != snapshots.len();
        let seen: Vec<(usize, Point)> =
            seen.into_iter().filter(|(_, point)| point.lifecycle != Lifecycle::Churned).collect();
        let readings: Vec<Reading> = seen
            .iter()
            .filter_map(|(snapshot, point)| {
                let score = following.on.score(point)?;
                Some(Reading { snapshot: *snapshot, date: snapshots.get(*snapshot)?.date, score })
            })
            .collect();
        let walked = Walked::over(&readings, following);
        let first_in_band = readings.iter().rev().map_while(|reading| {
            let is_same = Some(reading.score.band) == readings.last().map(|last| last.score.band);
            is_same.then_some(reading.date)
        });
        let mut days_in_bands = [0; 4];
        for pair in readings.windows(2).filter(|pair| pair[1].snapshot == pair[0].snapshot + 1) {
            if let Some(days) = days_in_bands.get_mut(usize::from(pair[0].score.band)) {
                *days += (pair[1].date - pair[0].date).num_days();
            }
        }
        let span = seen.first().zip(seen.last()).map_or(0, |(first, last)| last.0 + 1 - first.0);
        let change = match readings.as_slice() {
            [.., before, now] => Some(round1(now.score.value - before.score.value)),
            _ => None,
        };
        let from = readings.len().saturating_sub(following.periods.max(2));
        Some(Self {
            customer,
            last,
            course: if is_gone { Course::Gone } else { walked.course(readings.len(), following.periods) },
            shift: walked.shift,
            settled: walked.settled,
            level: middle(&walked.stretch).map(round1),
            slope: slope(&readings[from..]),
            change,
            in_band_since: first_in_band.last(),
            days_in_bands,
            gaps: span - seen.len(),
            seen: seen.into_iter().map(|(snapshot, _)| snapshot).collect(),
            readings,
        })
    }
}

/// Readings gone through from the first to the last.
#[derive(Default)]
struct Walked {
    /// The readings since the last shift, without those that no second one confirmed, the least first.
    stretch: Vec<f64>,
    /// The last of them.
    settled: Option<f64>,
    /// The reading behind them that lies beyond the threshold, by position, and whether it is for the worse.
    pending: Option<(usize, bool)>,
    shift: Option<Turn>,
    /// The last reading at which one for the worse was found not to be confirmed.
    recovered: Option<usize>,
}

impl Walked {
    fn over(readings: &[Reading], following: &Following) -> Self {
        let mut walked = Self::default();
        for (position, reading) in readings.iter().enumerate() {
            walked.step(position, reading.score.value, readings, following);
        }
        walked
    }

    fn step(&mut self, position: usize, value: f64, readings: &[Reading], following: &Following) {
        let Some(level) = middle(&self.stretch) else { return self.settle(value) };
        // Scores have one decimal, and so has what lies between them.
        let worse_by = round1(following.on.risk(value) - following.on.risk(level));
        let beyond = (worse_by.abs() > following.threshold).then_some(worse_by > 0.0);
        match (self.pending, beyond) {
            (Some((first, was_worse)), Some(is_worse)) if was_worse == is_worse => {
                let goes_on = self.shift.filter(|shift| {
                    shift.is_worse == is_worse && position - shift.confirmed <= following.periods.max(2)
                });
                // What goes on in the same direction is told as one move, from where it began.
                let (from, began) = goes_on.map_or((round1(level), first), |shift| (shift.from, shift.first));
                self.shift = Some(Turn { from, first: began, confirmed: position, is_worse });
                self.stretch.clear();
                self.stretch.extend(readings.get(first).map(|reading| reading.score.value));
                self.settle(value);
                self.pending = None;
            }
            (_, Some(is_worse)) => self.pending = Some((position, is_worse)),
            (pending, None) => {
                if pending.is_some_and(|(_, was_worse)| was_worse) {
                    self.recovered = Some(position);
                }
                self.pending = None;
                self.settle(value);
            }
        }
    }

    fn settle(&mut self, value: f64) {
        let place = self.stretch.partition_point(|other| *other <= value);
        self.stretch.insert(place, value);
        self.settled = Some(value);
    }

    fn course(&self, readings: usize, periods: usize) -> Course {
        let is_recent = |shift: &&Turn| readings - shift.confirmed <= periods.max(2);
        match (self.shift.as_ref().filter(is_recent), self.pending) {
            _ if readings < 2 => Course::Short,
            (Some(shift), _) if shift.is_worse => Course::Fall,
            (_, Some((_, true))) => Course::Dip,
            _ if self.recovered.is_some_and(|at| at + 1 == readings) => Course::Recovered,
            (Some(_), _) => Course::Rise,
            _ => Course::Steady,
        }
    }
}

/// The slope of readings in points per 30 days by Theil and Sen: the median of the slopes between all pairs. One reading that is off moves it
/// little, where it would tilt a line of least squares; and it can be counted again by hand.
fn slope(readings: &[Reading]) -> Option<f64> {
    let pairs = readings.iter().enumerate().flat_map(|(position, from)| {
        readings[position + 1..].iter().map(move |to| {
            let days = (to.date - from.date).num_days() as f64;
            (to.score.value - from.score.value) / days * SLOPE_DAYS
        })
    });
    median(pairs.collect()).map(round1)
}

/// A portfolio at one snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Census {
    /// The day.
    pub date: NaiveDate,
    /// The accounts that are customers.
    pub all: Tally,
    /// Those with the score that is followed, by its band, in the order of the bands.
    pub bands: [Tally; 4],
    /// The mean of the score, one decimal; `None` where none has it.
    pub average: Option<f64>,
    /// Those at critical or high churn risk; `None` where no account has a churn risk score.
    pub at_risk: Option<Tally>,
}

impl Census {
    /// Those with the score that is followed.
    pub fn scored(&self) -> Tally {
        let mut sum = Tally::default();
        for band in &self.bands {
            sum.accounts += band.accounts;
            sum.arr += band.arr;
        }
        sum
    }
}

/// How the scores of a portfolio moved over a history.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectories {
    /// What was looked at.
    pub following: Following,
    /// The accounts that were asked for and that some snapshot has, in the order in which they came.
    pub accounts: Vec<Trajectory>,
    /// The portfolio at each snapshot.
    pub standings: Vec<Census>,
    /// Customers that came after the first snapshot.
    pub arrived: Cases,
    /// Customers that are gone.
    pub departed: Cases,
    /// Customers that were missing in between and came back.
    pub returned: Cases,
}

impl Trajectories {
    /// Follows the customers that `admits` lets through by the last that is known of them, from what snapshots say of them
    /// ([`History::points`]).
    pub fn new(
        history: &History,
        points: &[Vec<Point>],
        following: Following,
        mut admits: impl FnMut(&Point) -> bool,
    ) -> Self {
        let mut seen: Vec<Vec<(usize, Point)>> = vec![Vec::new(); history.ids().len()];
        for (snapshot, of_snapshot) in points.iter().enumerate() {
            for point in of_snapshot {
                seen[point.customer.index()].push((snapshot, *point));
            }
        }
        let mut is_admitted = vec![false; seen.len()];
        let mut accounts = Vec::new();
        for (position, seen) in seen.into_iter().enumerate() {
            let Some((_, last)) = seen.last() else { continue };
            is_admitted[position] = admits(last);
            if is_admitted[position] {
                accounts.extend(Trajectory::new(last.customer, seen, history, &following));
            }
        }
        let standings = history.snapshots().iter().zip(points).map(|(snapshot, points)| {
            let wanted = points.iter().filter(|point| is_admitted[point.customer.index()]);
            standing(snapshot.date, wanted, following.on)
        });
        let mut trajectories = Self {
            following,
            standings: standings.collect(),
            accounts: Vec::new(),
            arrived: Cases::default(),
            departed: Cases::default(),
            returned: Cases::default(),
        };
        for account in &accounts {
            let id = history.id(account.customer);
            if account.seen.first().is_some_and(|first| *first > 0) {
                trajectories.arrived.note(id);
            }
            if account.course == Course::Gone {
                trajectories.departed.note(id);
            }
            if account.gaps > 0 {
                trajectories.returned.note(id);
            }
        }
        Self { accounts, ..trajectories }
    }

    /// The accounts of a course, with their last ARR.
    pub fn tally(&self, course: Course) -> Tally {
        let mut tally = Tally::default();
        for account in self.accounts.iter().filter(|account| account.course == course) {
            tally.add(account.last.arr);
        }
        tally
    }
}

fn standing<'p>(date: NaiveDate, points: impl Iterator<Item = &'p Point>, on: On) -> Census {
    let mut standing = Census { date, ..Census::default() };
    let mut sum = 0.0;
    let mut at_risk = Tally::default();
    let mut has_churn = false;
    for point in points.filter(|point| point.lifecycle != Lifecycle::Churned) {
        standing.all.add(point.arr);
        if let Some(score) = on.score(point)
            && let Some(band) = standing.bands.get_mut(usize::from(score.band))
        {
            band.add(point.arr);
            sum += score.value;
        }
        if let Some(churn) = point.churn {
            has_churn = true;
            if Tier::at(usize::from(churn.band)).at_risk() {
                at_risk.add(point.arr);
            }
        }
    }
    let scored = standing.scored().accounts;
    standing.average = (scored > 0).then(|| round1(sum / scored as f64));
    standing.at_risk = has_churn.then_some(at_risk);
    standing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::made::{self, point};

    fn day(number: u64) -> NaiveDate {
        made::day("2026-01-01") + chrono::Days::new(number)
    }

    /// A history of customers by their health every ten days: `None` where a snapshot lacks them.
    fn history(customers: &[(&str, &[Option<f64>])]) -> (History, Vec<Vec<Point>>) {
        let snapshots = customers.iter().map(|(_, scores)| scores.len() as u64).max().unwrap_or(0);
        let days: Vec<NaiveDate> = (0..snapshots).map(|snapshot| day(10 * snapshot)).collect();
        let points =
            |scores: &[Option<f64>]| scores.iter().map(|score| score.map(|score| point(score, 100.0))).collect();
        let customers: Vec<(&str, Vec<Option<Point>>)> =
            customers.iter().map(|(id, scores)| (*id, points(scores))).collect();
        let customers: Vec<(&str, &[Option<Point>])> =
            customers.iter().map(|(id, points)| (*id, points.as_slice())).collect();
        made::history(&days, &customers)
    }

    fn followed(scores: &[f64], periods: usize) -> Trajectory {
        let scores: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
        let (history, points) = history(&[("a", &scores)]);
        let following = Following { on: On::Health, threshold: 5.0, periods };
        Trajectories::new(&history, &points, following, |_| true).accounts.remove(0)
    }

    #[test]
    fn a_fall_needs_two_readings_beyond_the_threshold() {
        for (scores, course, level) in [
            (&[80.0][..], Course::Short, 80.0),
            (&[80.0, 75.0, 75.0], Course::Steady, 75.0),
            (&[80.0, 74.9], Course::Dip, 80.0),
            (&[80.0, 74.9, 74.9], Course::Fall, 74.9),
            (&[80.0, 74.9, 75.0], Course::Recovered, 77.5),
            (&[80.0, 80.0, 70.0], Course::Dip, 80.0),
            (&[80.0, 80.0, 70.0, 81.0], Course::Recovered, 80.0),
            (&[80.0, 80.0, 70.0, 81.0, 80.0], Course::Steady, 80.0),
            (&[80.0, 80.0, 70.0, 60.0], Course::Fall, 65.0),
            (&[80.0, 70.0, 80.0, 70.0], Course::Dip, 80.0),
            // One on either side confirms nothing.
            (&[80.0, 70.0, 90.0], Course::Steady, 80.0),
            (&[80.0, 90.0, 70.0], Course::Dip, 80.0),
            (&[60.0, 66.0, 66.0], Course::Rise, 66.0),
            (&[60.0, 65.0, 65.0], Course::Steady, 65.0),
            // A rise goes on where a dip follows it, and is not told beside one.
            (&[60.0, 70.0, 70.0, 64.0], Course::Dip, 70.0),
            // A fall is told beside a dip from where it led to, and ends once it has been made good.
            (&[80.0, 70.0, 70.0, 60.0], Course::Fall, 70.0),
            (&[80.0, 70.0, 70.0, 90.0], Course::Fall, 70.0),
            (&[80.0, 70.0, 70.0, 78.0], Course::Fall, 70.0),
            (&[80.0, 70.0, 70.0, 80.0, 80.0], Course::Rise, 80.0),
            // What falls slowly falls all the same.
            (&[80.0, 78.0, 76.0, 74.0, 72.0, 70.0, 68.0], Course::Fall, 69.0),
        ] {
            let found = followed(scores, 4);
            assert_eq!((found.course, found.level.map(round1)), (course, Some(level)), "{scores:?}");
        }
    }

    #[test]
    fn a_shift_is_told_as_long_as_it_is_recent_and_goes_on_from_where_it_began() {
        let scores = [80.0, 70.0, 70.0, 70.0, 70.0, 70.0, 70.0];
        for (readings, course) in [(3, Course::Fall), (6, Course::Fall), (7, Course::Steady)] {
            assert_eq!(followed(&scores[..readings], 4).course, course, "{readings}");
        }
        let found = followed(&[80.0, 70.0, 70.0, 60.0, 60.0], 4);
        assert_eq!(found.shift, Some(Turn { from: 80.0, first: 1, confirmed: 4, is_worse: true }));
        assert_eq!(found.fallen(On::Health), Some(20.0));
    }

    #[test]
    fn a_fall_is_measured_to_the_last_reading_that_is_confirmed() {
        for (last, settled) in [(90.0, 70.0), (78.0, 70.0), (60.0, 70.0), (66.0, 66.0), (74.0, 74.0)] {
            let found = followed(&[80.0, 70.0, 70.0, last], 4);
            assert_eq!((found.settled, found.fallen(On::Health)), (Some(settled), Some(80.0 - settled)), "{last}");
        }
    }

    #[test]
    fn churn_risk_gets_worse_upwards() {
        let (history, mut points) = history(&[("a", &[Some(20.0), Some(30.0), Some(30.0)])]);
        for point in points.iter_mut().flatten() {
            point.churn = point.health.take();
        }
        let following = Following { on: On::Churn, threshold: 5.0, periods: 4 };
        let found = Trajectories::new(&history, &points, following, |_| true);
        assert_eq!((found.accounts[0].course, found.accounts[0].fallen(On::Churn)), (Course::Fall, Some(10.0)));
    }

    #[test]
    fn slopes_are_medians_of_pairs_over_the_last_readings() {
        for (scores, periods, slope) in [
            (&[80.0][..], 4, None),
            (&[80.0, 79.0], 4, Some(-3.0)),
            (&[80.0, 79.0, 78.0, 77.0], 4, Some(-3.0)),
            // The readings before the last ones do not count, and one that is off counts little.
            (&[10.0, 80.0, 79.0, 78.0, 77.0], 4, Some(-3.0)),
            (&[80.0, 79.0, 20.0, 77.0, 76.0], 5, Some(-3.0)),
            (&[70.0, 80.0], 1, Some(30.0)),
        ] {
            assert_eq!(followed(scores, periods).slope, slope, "{scores:?}");
        }
    }

    #[test]
    fn days_in_bands_go_from_snapshot_to_snapshot() {
        let (history, points) = history(&[
            ("a", &[Some(80.0), Some(60.0), None, Some(60.0), Some(61.0)]),
            ("c", &[Some(80.0), Some(80.0), Some(80.0), Some(80.0), Some(80.0)]),
            ("b", &[None, Some(40.0), Some(40.0), None, None]),
        ]);
        let following = Following { on: On::Health, threshold: 5.0, periods: 4 };
        let found = Trajectories::new(&history, &points, following, |_| true);
        let [a, c, b] = &found.accounts[..] else { panic!("three") };
        assert_eq!((a.days_in_bands, a.gaps, a.in_band_since), ([10, 10, 0, 0], 1, Some(day(10))));
        assert_eq!((b.days_in_bands, b.gaps, b.course), ([0, 0, 10, 0], 0, Course::Gone));
        assert_eq!((c.days_in_bands, c.in_band_since, c.course), ([40, 0, 0, 0], Some(day(0)), Course::Steady));
        assert_eq!(a.line(), [Some(80.0), Some(60.0), None, Some(60.0), Some(61.0)]);
        let names = |cases: &Cases| cases.examples.clone();
        assert_eq!(
            (names(&found.arrived), names(&found.departed), names(&found.returned)),
            (vec!["b".to_owned()], vec!["b".to_owned()], vec!["a".to_owned()])
        );
        let figures: Vec<_> =
            found.standings.iter().map(|standing| (standing.all.accounts, standing.average)).collect();
        assert_eq!(figures, [(2, Some(80.0)), (3, Some(60.0)), (2, Some(60.0)), (2, Some(70.0)), (2, Some(70.5))]);
        assert_eq!(found.standings[1].bands.map(|band| band.accounts), [1, 1, 1, 0]);
    }
}
