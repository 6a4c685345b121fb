//! A score against what happened: ranks, rates and intervals.

use std::collections::HashMap;

use super::signal::{Grounds, signals};
use super::{
    Departure, Evaluation, History, Interval, Lives, On, Point, Ranked, Ranking, Rate, Row, Sample, SignalEvidence,
    Timing, brier, skill,
};
use crate::account::{Profile, Schema};
use crate::analysis::Assessor;
use crate::workers::Threads;

/// Below so many who left, or who stayed, the data carries no verdict (the validation standard; about what an AUC needs for an interval of
/// ±0.1).
pub const ENOUGH: u64 = 30;
/// From so many of each on, a calibration curve says something (Van Calster et al. 2016, doi 10.1016/j.jclinepi.2015.12.005).
pub const ENOUGH_FOR_CURVE: u64 = 200;
/// The share of accounts whose lift is given: those that a team looks at first (our choice).
pub const TOP_SHARE: f64 = 0.1;
/// A gains curve has at most so many points.
const CURVE_POINTS: usize = 100;
/// A calibration curve has so many groups of equal size.
const CURVE_GROUPS: usize = 10;

/// How well the order of the scores foretells who leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct RankingFigures {
    /// Rows that left.
    pub churned: u64,
    /// Rows that stayed.
    pub retained: u64,
    /// The chance that one who left had the worse score than one who stayed, ties half. `None` where one kind is missing.
    pub auc: Option<f64>,
    /// Its 95 % interval, by the variance of DeLong over accounts.
    pub interval: Option<Interval>,
    /// Its standard error by Hanley and McNeil, as a check.
    pub hanley_mcneil: Option<f64>,
    /// Average precision.
    pub average_precision: Option<f64>,
    /// The share of those who left among the worst [`TOP_SHARE`], by that share.
    pub lift: Option<f64>,
    /// The most that the lift could be.
    pub ceiling: Option<f64>,
    /// The share of those who left within the worst share of the rows.
    pub gains: Vec<(f64, f64)>,
}

impl RankingFigures {
    /// The figures of some rows.
    pub fn of<'r>(rows: impl Iterator<Item = &'r Row>, on: On) -> Self {
        let ranked =
            rows.map(|row| Ranked { value: on.risk(row.score.value), positive: row.churned, cluster: row.customer.0 });
        let ranking = Ranking::new(ranked.collect());
        Self {
            churned: ranking.positives(),
            retained: ranking.negatives(),
            auc: ranking.auc(),
            interval: ranking.auc_interval(),
            hanley_mcneil: ranking.hanley_mcneil_error(),
            average_precision: ranking.average_precision(),
            lift: ranking.lift(TOP_SHARE),
            ceiling: ranking.lift_ceiling(TOP_SHARE),
            gains: ranking.gains(CURVE_POINTS),
        }
    }

    /// Whether there are enough of both kinds for a verdict.
    pub fn is_enough(&self) -> bool {
        enough(self.churned, self.retained)
    }
}

/// Whether there are enough who left and who stayed for a verdict.
pub fn enough(churned: u64, retained: u64) -> bool {
    churned >= ENOUGH && retained >= ENOUGH
}

/// The accounts of one band.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BandFigures {
    /// Those who left, of all in the band: its churn rate, and its precision where it counts as an alarm.
    pub rate: Rate,
    /// Those who left in this band, of all who left: its recall.
    pub recall: Rate,
    /// The ARR in the band.
    pub arr: f64,
    /// That of those who left.
    pub churned_arr: f64,
    /// That of all who left.
    pub all_churned_arr: f64,
}

impl BandFigures {
    fn of<'r>(all: impl Iterator<Item = &'r Row> + Clone, is_in: impl Fn(&Row) -> bool) -> Self {
        let mut figures = Self::default();
        for row in all {
            let is_in = is_in(row);
            if row.churned {
                figures.recall.of += 1;
                figures.all_churned_arr += row.arr;
            }
            if is_in {
                figures.rate.of += 1;
                figures.arr += row.arr;
                if row.churned {
                    figures.rate.hits += 1;
                    figures.recall.hits += 1;
                    figures.churned_arr += row.arr;
                }
            }
        }
        figures
    }

    /// The share of the band's ARR that left; `None` without ARR.
    pub fn rate_by_arr(&self) -> Option<f64> {
        (self.arr > 0.0).then(|| self.churned_arr / self.arr)
    }

    /// The share of all ARR that left which left from this band; `None` without any.
    pub fn recall_by_arr(&self) -> Option<f64> {
        (self.all_churned_arr > 0.0).then(|| self.churned_arr / self.all_churned_arr)
    }
}

/// The churn rate of a band as a forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The mean squared distance of forecast and outcome.
    pub brier: f64,
    /// 1 − Brier ÷ (base rate × (1 − base rate)): 0 for a forecast that knows the base rate alone; `None` where all or none left.
    pub skill: Option<f64>,
    /// Whether the rates were taken from the earlier dates and judged on the last; else they are judged on what they were taken from.
    pub is_out_of_time: bool,
    /// Groups of equal size by score, the worst first, each with its span of scores and how many left; empty where there are too few.
    pub curve: Vec<Calibrated>,
}

/// A group of rows with like scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibrated {
    /// The worst score.
    pub from: f64,
    /// The best.
    pub to: f64,
    /// How many left.
    pub rate: Rate,
}

/// What became of ARR within the horizon of each evaluation date.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RetainedArr {
    /// Accounts present at the start whose ARR at the end is known, churned ones included.
    pub accounts: u64,
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
        self.accounts += 1;
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

/// Accounts with an alarm, by whether the team acted on them within the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Treatment {
    /// For each band, the gravest first: those who left of the treated and of the untreated.
    pub bands: Vec<(Rate, Rate)>,
    /// The same of all with an alarm.
    pub alarmed: (Rate, Rate),
}

/// What a verdict rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Fewer than [`ENOUGH`] left or stayed, or there is no interval: none is given.
    Withheld {
        /// How many left.
        churned: u64,
        /// How many stayed.
        retained: u64,
    },
    /// The scores rank those who leave before those who stay, and the interval excludes chance.
    Predicts(Strength),
    /// The interval holds 0.5.
    NoEvidence,
    /// Those who leave have the better scores.
    Reversed,
}

/// How well scores rank, by the usual words for an AUC (Hosmer, Lemeshow and Sturdivant 2013, Applied Logistic Regression, 5.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Below 0.7.
    Weak,
    /// From 0.7 on.
    Fair,
    /// From 0.8 on.
    Good,
}

impl Verdict {
    fn of(ranking: &RankingFigures) -> Self {
        let RankingFigures { churned, retained, .. } = *ranking;
        let (Some(auc), Some(interval), true) = (ranking.auc, ranking.interval, ranking.is_enough()) else {
            return Self::Withheld { churned, retained };
        };
        if interval.high < 0.5 {
            Self::Reversed
        } else if interval.low <= 0.5 {
            Self::NoEvidence
        } else if auc >= 0.8 {
            Self::Predicts(Strength::Good)
        } else if auc >= 0.7 {
            Self::Predicts(Strength::Fair)
        } else {
            Self::Predicts(Strength::Weak)
        }
    }
}

/// A score against what happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// The rows that the figures are of.
    pub sample: Sample,
    /// What it comes to.
    pub verdict: Verdict,
    /// How well the score ranks.
    pub ranking: RankingFigures,
    /// The same within each segment that has rows.
    pub segments: Vec<(Profile, RankingFigures)>,
    /// Each band, the gravest first.
    pub bands: Vec<BandFigures>,
    /// Each band that holds accounts and does not churn more than the next better one that does, by positions in `bands`.
    pub misordered: Vec<(usize, usize)>,
    /// Whether the score fell in time; `None` where there is no time.
    pub timing: Option<Timing>,
    /// What each metric says alone.
    pub signals: Vec<SignalEvidence>,
    /// Band rates as a forecast; `None` without rows.
    pub forecast: Option<Forecast>,
    /// What became of ARR; `None` where there is no time.
    pub retention: Option<ArrRetention>,
    /// Treated against untreated; `None` where no account was treated.
    pub treatment: Option<Treatment>,
}

/// What a backtest looks at.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The snapshots.
    pub history: &'a History,
    /// The scores of each.
    pub points: &'a [Vec<Point>],
    /// What became of the customers; `None` where only labels are known.
    pub lives: Option<&'a Lives>,
    /// The dictionary of metrics.
    pub schema: &'a Schema,
    /// The models.
    pub assessor: &'a Assessor<'a>,
}

impl Backtest {
    /// Holds the scores of a sample against what happened.
    pub fn of(subject: Subject<'_>, sample: Sample, threads: Threads) -> Self {
        let Subject { history, points, lives, schema, assessor } = subject;
        let on = sample.on;
        let departures = lives.map(|lives| (lives, Departure::all(history, lives)));
        let timing = departures.as_ref().map(|(lives, all)| Timing::of(all, on, history, points, lives));
        let grounds = Grounds {
            history,
            points,
            sample: &sample,
            departures: departures.as_ref().map(|(lives, all)| (*lives, all.as_slice())),
            schema,
            assessor,
        };
        let signals = signals(grounds, enough, threads);
        let ranking = RankingFigures::of(sample.rows.iter(), on);
        let bands = bands(&sample);
        Self {
            verdict: Verdict::of(&ranking),
            segments: segments(&sample),
            misordered: misordered(&bands),
            timing,
            signals,
            forecast: forecast(&sample),
            retention: lives.map(|_| retention(history, points, &sample)),
            treatment: treatment(&sample),
            ranking,
            bands,
            sample,
        }
    }
}

fn segments(sample: &Sample) -> Vec<(Profile, RankingFigures)> {
    let mut profiles: Vec<Profile> = sample.rows.iter().map(|row| row.profile).collect();
    profiles.sort_unstable_by_key(|profile| profile.index());
    profiles.dedup();
    let figures = |profile| sample.rows.iter().filter(move |row| row.profile == profile);
    profiles.into_iter().map(|profile| (profile, RankingFigures::of(figures(profile), sample.on))).collect()
}

fn bands(sample: &Sample) -> Vec<BandFigures> {
    let on = sample.on;
    (0..on.bands()).map(|band| BandFigures::of(sample.rows.iter(), |row| on.gravity(row.score) == band)).collect()
}

/// Neighbouring bands, empty ones left out, of which the graver one does not churn more.
fn misordered(bands: &[BandFigures]) -> Vec<(usize, usize)> {
    let held: Vec<(usize, f64)> =
        bands.iter().enumerate().filter_map(|(position, band)| Some((position, band.rate.share()?))).collect();
    held.windows(2).filter(|pair| pair[0].1 <= pair[1].1).map(|pair| (pair[0].0, pair[1].0)).collect()
}

fn forecast(sample: &Sample) -> Option<Forecast> {
    let last = sample.evaluations.len().checked_sub(1)?;
    let on = sample.on;
    let is_out_of_time = last > 0;
    let taken = |row: &&Row| !is_out_of_time || row.evaluation < last;
    let judged = |row: &&Row| !is_out_of_time || row.evaluation == last;
    let mut rates = vec![Rate::default(); on.bands()];
    let mut all = Rate::default();
    for row in sample.rows.iter().filter(taken) {
        for rate in [&mut rates[on.gravity(row.score)], &mut all] {
            rate.of += 1;
            rate.hits += u64::from(row.churned);
        }
    }
    let base = all.share()?;
    let pairs: Vec<(f64, bool)> = sample
        .rows
        .iter()
        .filter(judged)
        .map(|row| (rates[on.gravity(row.score)].share().unwrap_or(base), row.churned))
        .collect();
    let brier = brier(&pairs)?;
    Some(Forecast { brier, skill: skill(&pairs), is_out_of_time, curve: curve(sample) })
}

fn curve(sample: &Sample) -> Vec<Calibrated> {
    let churned = sample.churned();
    if churned < ENOUGH_FOR_CURVE || sample.rows.len() as u64 - churned < ENOUGH_FOR_CURVE {
        return Vec::new();
    }
    let mut rows: Vec<(f64, bool)> =
        sample.rows.iter().map(|row| (sample.on.risk(row.score.value), row.churned)).collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    let score = |risk: f64| sample.on.risk(risk);
    let mut groups: Vec<Calibrated> = Vec::new();
    let mut begin = 0;
    for group in 1..=CURVE_GROUPS {
        let mut end = (rows.len() * group / CURVE_GROUPS).max(begin);
        // Equal scores stay together.
        while end > begin && end < rows.len() && rows[end].0 == rows[end - 1].0 {
            end += 1;
        }
        if let [first, .., last] = &rows[begin..end] {
            let hits = rows[begin..end].iter().filter(|(_, churned)| *churned).count() as u64;
            let rate = Rate { hits, of: (end - begin) as u64 };
            groups.push(Calibrated { from: score(first.0), to: score(last.0), rate });
        }
        begin = end;
    }
    groups
}

fn retention(history: &History, points: &[Vec<Point>], sample: &Sample) -> ArrRetention {
    let mut bands = vec![RetainedArr::default(); sample.on.bands()];
    let mut all = RetainedArr::default();
    for (position, evaluation) in sample.evaluations.iter().enumerate() {
        let Evaluation { snapshot, date, .. } = *evaluation;
        let until = date + chrono::Days::new(sample.horizon.into());
        let end = history.snapshots().partition_point(|snapshot| snapshot.date <= until);
        // What each account pays at the last snapshot within the horizon that has it.
        let mut latest: HashMap<_, f64> = HashMap::new();
        for point in points[snapshot + 1..end].iter().flatten() {
            latest.insert(point.customer, point.arr);
        }
        for row in sample.rows.iter().filter(|row| row.evaluation == position) {
            let end = latest.get(&row.customer).copied();
            let end = match (row.churned, end) {
                (true, _) => None,
                (false, Some(end)) => Some(end),
                // It stayed, and no snapshot says what it pays.
                (false, None) => continue,
            };
            bands[sample.on.gravity(row.score)].add(row.arr, end);
            all.add(row.arr, end);
        }
    }
    ArrRetention { bands, all }
}

fn treatment(sample: &Sample) -> Option<Treatment> {
    let on = sample.on;
    let mut bands = vec![(Rate::default(), Rate::default()); on.bands()];
    let mut alarmed = (Rate::default(), Rate::default());
    for row in &sample.rows {
        let add = |(treated, untreated): &mut (Rate, Rate)| {
            let rate = if row.treated { treated } else { untreated };
            rate.of += 1;
            rate.hits += u64::from(row.churned);
        };
        add(&mut bands[on.gravity(row.score)]);
        if !on.is_calm(row.score) {
            add(&mut alarmed);
        }
    }
    sample.rows.iter().any(|row| row.treated).then_some(Treatment { bands, alarmed })
}
