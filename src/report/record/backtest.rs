//! A score held against what happened, for machines.

use std::io;

use serde::Serialize;

use super::super::backtest::{Backtested, band_name};
use super::super::document::Line;
use super::{DataQuality, Provenance, Sink};
use crate::account::Account;
use crate::analysis::Model;
use crate::evidence::{
    ArrRetention, BandFigures, Calibrated, Cases, Evaluation, Forecast, Interval, Lives, RankingFigures, Rate,
    RetainedArr, SignalEvidence, Strength, Treatment, Verdict,
};

/// A share with what it is of, and its 95 % interval.
#[derive(Debug, Serialize)]
pub(super) struct RateRecord {
    hits: u64,
    of: u64,
    share: Option<f64>,
    interval: Option<[f64; 2]>,
}

impl From<Rate> for RateRecord {
    fn from(rate: Rate) -> Self {
        Self { hits: rate.hits, of: rate.of, share: rate.share(), interval: rate.wilson().map(ends) }
    }
}

pub(super) fn ends(interval: Interval) -> [f64; 2] {
    [interval.low, interval.high]
}

#[derive(Serialize)]
struct Head<'a> {
    report: &'static str,
    provenance: Provenance<'a>,
    on: &'static str,
    verdict: &'static str,
    sentences: Vec<String>,
    data: DataRecord<'a>,
    ranking: RankingRecord,
    forecast: Option<ForecastRecord>,
    retention: Option<RetentionRecord>,
    treatment: Option<TreatmentRecord>,
    data_quality: DataQuality<'a>,
}

#[derive(Serialize)]
struct DataRecord<'a> {
    horizon_days: Option<u32>,
    snapshots: usize,
    first_snapshot: Option<String>,
    last_snapshot: Option<String>,
    observed_until: Option<String>,
    customers: usize,
    departures: Option<u64>,
    evaluations: Vec<EvaluationRecord>,
    observations: usize,
    churned: u64,
    base_rate: Option<f64>,
    oddities: Vec<OddityRecord<'a>>,
}

impl<'a> DataRecord<'a> {
    fn new(subject: &Backtested<'a>) -> Self {
        let Backtested { history, lives, backtest, .. } = *subject;
        let (sample, snapshots) = (&backtest.sample, history.snapshots());
        let timed = lives.map(|_| ());
        let evaluation = |evaluation: &Evaluation| EvaluationRecord {
            date: evaluation.date.to_string(),
            observations: evaluation.rows,
            churned: evaluation.churned,
            censored: evaluation.censored,
            not_scored: evaluation.not_scored,
        };
        Self {
            horizon_days: timed.map(|()| sample.horizon),
            snapshots: snapshots.len(),
            first_snapshot: timed.and(snapshots.first()).map(|snapshot| snapshot.date.to_string()),
            last_snapshot: timed.and(snapshots.last()).map(|snapshot| snapshot.date.to_string()),
            observed_until: lives.map(|lives| lives.observed_until.to_string()),
            customers: history.ids().len(),
            departures: backtest.timing.as_ref().map(|timing| timing.departures),
            evaluations: sample.evaluations.iter().map(evaluation).collect(),
            observations: sample.rows.len(),
            churned: sample.churned(),
            base_rate: sample.base_rate(),
            oddities: subject.lives.map(oddities).unwrap_or_default(),
        }
    }
}

#[derive(Serialize)]
struct EvaluationRecord {
    date: String,
    observations: u64,
    churned: u64,
    censored: u64,
    not_scored: u64,
}

/// A kind of oddity, with how often it was found.
#[derive(Debug, Serialize)]
pub struct OddityRecord<'a> {
    kind: &'static str,
    count: u64,
    examples: &'a [String],
}

#[derive(Serialize)]
struct RankingRecord {
    churned: u64,
    retained: u64,
    churned_accounts: u64,
    retained_accounts: u64,
    auc: Option<f64>,
    auc_interval: Option<[f64; 2]>,
    hanley_mcneil_error: Option<f64>,
    average_precision: Option<f64>,
    lift_top_10_percent: Option<f64>,
    lift_ceiling: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gains: Vec<[f64; 2]>,
}

impl RankingRecord {
    fn new(figures: &RankingFigures, gains: bool) -> Self {
        let points = if gains { figures.gains.as_slice() } else { &[] };
        Self {
            churned: figures.churned,
            retained: figures.retained,
            churned_accounts: figures.accounts.churned,
            retained_accounts: figures.accounts.retained,
            auc: figures.auc,
            auc_interval: figures.interval.map(ends),
            hanley_mcneil_error: figures.hanley_mcneil,
            average_precision: figures.average_precision,
            lift_top_10_percent: figures.lift,
            lift_ceiling: figures.ceiling,
            gains: points.iter().map(|(share, found)| [*share, *found]).collect(),
        }
    }
}

#[derive(Serialize)]
struct ForecastRecord {
    brier: f64,
    skill: Option<f64>,
    out_of_time: bool,
    calibration: Vec<CalibratedRecord>,
}

impl ForecastRecord {
    fn new(forecast: &Forecast) -> Self {
        let calibrated = |group: &Calibrated| CalibratedRecord {
            score_from: group.from,
            score_to: group.to,
            churned: group.rate.into(),
        };
        Self {
            brier: forecast.brier,
            skill: forecast.skill,
            out_of_time: forecast.is_out_of_time,
            calibration: forecast.curve.iter().map(calibrated).collect(),
        }
    }
}

#[derive(Serialize)]
struct CalibratedRecord {
    score_from: f64,
    score_to: f64,
    churned: RateRecord,
}

#[derive(Serialize)]
struct RetentionRecord {
    bands: Vec<RetainedRecord>,
    all: RetainedRecord,
}

impl RetentionRecord {
    fn new(retention: &ArrRetention, name: impl Fn(usize) -> &'static str) -> Self {
        let bands = retention.bands.iter().enumerate();
        Self {
            bands: bands.map(|(gravity, arr)| RetainedRecord::new(Some(name(gravity)), arr)).collect(),
            all: RetainedRecord::new(None, &retention.all),
        }
    }
}

#[derive(Serialize)]
struct RetainedRecord {
    band: Option<&'static str>,
    observations: u64,
    start_arr: f64,
    churn: f64,
    contraction: f64,
    expansion: f64,
    grr: Option<f64>,
    nrr: Option<f64>,
}

impl RetainedRecord {
    fn new(band: Option<&'static str>, arr: &RetainedArr) -> Self {
        let RetainedArr { observations, start, churn, contraction, expansion } = *arr;
        Self { band, observations, start_arr: start, churn, contraction, expansion, grr: arr.grr(), nrr: arr.nrr() }
    }
}

#[derive(Serialize)]
struct TreatmentRecord {
    bands: Vec<TreatedRecord>,
    alarmed: TreatedRecord,
}

impl TreatmentRecord {
    fn new(treatment: &Treatment, name: impl Fn(usize) -> &'static str) -> Self {
        let record = |band, (treated, untreated): (Rate, Rate)| TreatedRecord {
            band,
            treated_churned: treated.into(),
            untreated_churned: untreated.into(),
        };
        let bands = treatment.bands.iter().enumerate();
        Self {
            bands: bands.map(|(gravity, rates)| record(Some(name(gravity)), *rates)).collect(),
            alarmed: record(None, treatment.alarmed),
        }
    }
}

#[derive(Serialize)]
struct TreatedRecord {
    band: Option<&'static str>,
    treated_churned: RateRecord,
    untreated_churned: RateRecord,
}

#[derive(Serialize)]
struct SegmentRecord<'a> {
    segment: &'a str,
    #[serde(flatten)]
    ranking: RankingRecord,
}

#[derive(Serialize)]
struct BandRecord {
    band: &'static str,
    observations: u64,
    arr: f64,
    churned_arr: f64,
    churn_rate: RateRecord,
    churn_rate_by_arr: Option<f64>,
    recall: RateRecord,
    recall_by_arr: Option<f64>,
}

impl BandRecord {
    fn new(band: &'static str, figures: &BandFigures) -> Self {
        Self {
            band,
            observations: figures.rate.of,
            arr: figures.arr,
            churned_arr: figures.churned_arr,
            churn_rate: figures.rate.into(),
            churn_rate_by_arr: figures.rate_by_arr(),
            recall: figures.recall.into(),
            recall_by_arr: figures.recall_by_arr(),
        }
    }
}

#[derive(Serialize)]
struct CaughtRecord {
    days: u32,
    caught: RateRecord,
    without_snapshot: u64,
}

#[derive(Serialize)]
struct MissedRecord<'a> {
    customer_id: &'a str,
    name: Option<&'a str>,
    arr: f64,
    score: f64,
    last_snapshot: String,
    churned: String,
}

#[derive(Serialize)]
struct SignalRecord<'a> {
    metric: &'a str,
    dimension: Option<&'a str>,
    weight: Option<f64>,
    coverage: f64,
    observations: u64,
    churned: u64,
    auc: Option<f64>,
    auc_interval: Option<[f64; 2]>,
    evidence: bool,
    leavers_have: Option<&'static str>,
    model_expects: Option<&'static str>,
    against_model: bool,
    lead: Option<LeadRecord>,
}

#[derive(Serialize)]
struct LeadRecord {
    limit: f64,
    turned_bad: RateRecord,
    median_days: Option<f64>,
}

impl<'a> SignalRecord<'a> {
    fn new(subject: &Backtested<'a>, model: &'a Model, signal: &SignalEvidence) -> Self {
        Self {
            metric: &subject.context.models.schema.metric(signal.slot).path,
            dimension: signal.group.map(|group| model.groups()[group].name.as_str()),
            weight: signal.weight,
            coverage: signal.coverage.share().unwrap_or_default(),
            observations: signal.coverage.hits,
            churned: signal.churned,
            auc: signal.auc,
            auc_interval: signal.interval.map(ends),
            evidence: signal.direction.is_some(),
            leavers_have: signal.direction.map(crate::evidence::Direction::name),
            model_expects: signal.expected.map(crate::evidence::Direction::name),
            against_model: signal.is_reversed(),
            lead: signal.lead.map(|lead| LeadRecord {
                limit: lead.limit,
                turned_bad: lead.turned.into(),
                median_days: lead.median_days,
            }),
        }
    }
}

fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Withheld { .. } => "withheld",
        Verdict::NoEvidence => "no_evidence",
        Verdict::Reversed => "reversed",
        Verdict::Predicts(Strength::Weak) => "weak",
        Verdict::Predicts(Strength::Fair) => "fair",
        Verdict::Predicts(Strength::Good) => "good",
    }
}

/// The kinds of oddities, with how often they were found.
pub(super) fn oddities(lives: &Lives) -> Vec<OddityRecord<'_>> {
    fn record<'a>((kind, cases): (&'static str, &'a Cases)) -> Option<OddityRecord<'a>> {
        (cases.count > 0).then_some(OddityRecord { kind, count: cases.count, examples: &cases.examples })
    }
    lives.oddities.named().into_iter().filter_map(record).collect()
}

/// A sentence without what a document makes of its values.
fn plain(line: &Line) -> String {
    crate::report::backtest::plain(line)
}

/// Writes a backtest: its figures, then `segments`, `bands`, `caught_in_time`, `false_greens` and `metrics`.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_backtest(subject: &Backtested<'_>, sink: &mut impl Sink) -> io::Result<()> {
    let Backtested { context, history, backtest, .. } = *subject;
    let snapshots = history.snapshots();
    let on = backtest.sample.on;
    let name = |gravity: usize| band_name(on, gravity);
    sink.head(&Head {
        report: "backtest",
        provenance: Provenance::of(&context),
        on: on.name(),
        verdict: verdict(&backtest.verdict),
        sentences: super::super::backtest::verdict(*subject).iter().map(plain).collect(),
        data: DataRecord::new(subject),
        ranking: RankingRecord::new(&backtest.ranking, true),
        forecast: backtest.forecast.as_ref().map(ForecastRecord::new),
        retention: backtest.retention.as_ref().map(|retention| RetentionRecord::new(retention, name)),
        treatment: backtest.treatment.as_ref().map(|treatment| TreatmentRecord::new(treatment, name)),
        data_quality: DataQuality::of(&context),
    })?;
    sink.list("segments")?;
    for (profile, figures) in &backtest.segments {
        let segment = context.models.segments.name(*profile);
        sink.record(&SegmentRecord { segment, ranking: RankingRecord::new(figures, false) })?;
    }
    sink.list("bands")?;
    for (gravity, figures) in backtest.bands.iter().enumerate() {
        sink.record(&BandRecord::new(name(gravity), figures))?;
    }
    sink.list("caught_in_time")?;
    for caught in backtest.timing.iter().flat_map(|timing| &timing.caught) {
        let record = CaughtRecord { days: caught.days, caught: caught.rate.into(), without_snapshot: caught.without };
        sink.record(&record)?;
    }
    sink.list("false_greens")?;
    let mut account: Account = history.blank_account();
    for missed in backtest.timing.iter().flat_map(|timing| &timing.missed) {
        let snapshot = &snapshots[missed.snapshot];
        let customer = missed.departure.customer;
        let is_there = snapshot.read(customer, &mut account);
        sink.record(&MissedRecord {
            customer_id: history.id(customer),
            name: is_there.then_some(account.name.as_str()),
            arr: missed.arr,
            score: missed.score.value,
            last_snapshot: snapshot.date.to_string(),
            churned: missed.departure.end.to_string(),
        })?;
    }
    sink.list("metrics")?;
    let model = super::super::backtest::model_of(context.models, on);
    for signal in &backtest.signals {
        sink.record(&SignalRecord::new(subject, model, signal))?;
    }
    sink.end()
}
