//! A score against what happened: ranks, rates and intervals.

use super::signal::{Grounds, signals};
use super::{
    ArrRetention, Departure, Forecast, History, Interval, Lives, On, Point, Ranked, Ranking, Rate, Row, Sample,
    SignalEvidence, Timing,
};
use crate::account::{Profile, Schema};
use crate::analysis::Assessor;
use crate::workers::Threads;

/// Below so many accounts that left, or that stayed, the data carries no verdict (the validation standard; about what an AUC needs for an interval of
/// ±0.1).
pub const ENOUGH: u64 = 30;
/// The share of accounts whose lift is given: those that a team looks at first (our choice).
pub const TOP_SHARE: f64 = 0.1;
/// A gains curve has at most so many points.
const CURVE_POINTS: usize = 100;
/// How well the order of the scores foretells who leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct RankingFigures {
    /// Rows that left.
    pub churned: u64,
    /// Rows that stayed.
    pub retained: u64,
    /// The accounts behind them.
    pub accounts: AccountCounts,
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
            accounts: AccountCounts::of(&ranking),
            auc: ranking.auc(),
            interval: ranking.auc_interval(),
            hanley_mcneil: ranking.hanley_mcneil_error(),
            average_precision: ranking.average_precision(),
            lift: ranking.lift(TOP_SHARE),
            ceiling: ranking.lift_ceiling(TOP_SHARE),
            gains: ranking.gains(CURVE_POINTS),
        }
    }
}

/// Accounts, each counted once of a kind on however many dates it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountCounts {
    /// Those that left within the horizon of a date.
    pub churned: u64,
    /// Those that stayed through the horizon of a date.
    pub retained: u64,
}

impl AccountCounts {
    /// Those of a ranking whose clusters are accounts.
    pub fn of(ranking: &Ranking) -> Self {
        let [churned, retained] = ranking.clusters();
        Self { churned, retained }
    }

    /// Whether there are [`ENOUGH`] of both kinds for a verdict.
    pub fn is_enough(self) -> bool {
        self.churned >= ENOUGH && self.retained >= ENOUGH
    }
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
    Withheld(AccountCounts),
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
        let (Some(auc), Some(interval), true) = (ranking.auc, ranking.interval, ranking.accounts.is_enough()) else {
            return Self::Withheld(ranking.accounts);
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
        let signals = signals(grounds, threads);
        let ranking = RankingFigures::of(sample.rows.iter(), on);
        let bands = bands(&sample);
        Self {
            verdict: Verdict::of(&ranking),
            segments: segments(&sample),
            misordered: misordered(&bands),
            timing,
            signals,
            forecast: Forecast::of(&sample),
            retention: lives.map(|_| ArrRetention::of(history, points, &sample)),
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

fn treatment(sample: &Sample) -> Option<Treatment> {
    let on = sample.on;
    let mut bands = vec![(Rate::default(), Rate::default()); on.bands()];
    let mut alarmed = (Rate::default(), Rate::default());
    for row in &sample.rows {
        let add = |(treated, untreated): &mut (Rate, Rate)| {
            let rate = if row.treated { treated } else { untreated };
            rate.count(row.churned);
        };
        add(&mut bands[on.gravity(row.score)]);
        if !on.is_calm(row.score) {
            add(&mut alarmed);
        }
    }
    sample.rows.iter().any(|row| row.treated).then_some(Treatment { bands, alarmed })
}
