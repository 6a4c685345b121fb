//! Proposed bounds of bands and tiers, for machines.

use std::io;

use serde::Serialize;

use super::super::Context;
use super::super::calibration::{Calibration, Proposed, asked, refusal};
use super::backtest::{OddityRecord, RateRecord, ends, oddities};
use super::{DataQuality, Provenance, Sink};
use crate::evidence::{Bounds, Gain, On, Performance, Proposal, Split};

#[derive(Serialize)]
struct Head<'a> {
    report: &'static str,
    provenance: Provenance<'a>,
    asked: String,
    scores: Vec<ScoreRecord>,
    oddities: Vec<OddityRecord<'a>>,
    written: Option<&'a [String]>,
    data_quality: DataQuality<'a>,
}

#[derive(Serialize)]
struct ScoreRecord {
    on: &'static str,
    horizon_days: u32,
    observations: usize,
    churned: u64,
    fit_dates: Vec<String>,
    holdout_dates: Vec<String>,
}

impl ScoreRecord {
    fn new(calibration: &Calibration) -> Self {
        let sample = &calibration.sample;
        let dates: Vec<String> = sample.evaluations.iter().map(|evaluation| evaluation.date.to_string()).collect();
        let (fit, holdout) = match calibration.parting {
            Some(parting) => dates.split_at(parting.fit),
            None => (dates.as_slice(), &[][..]),
        };
        Self {
            on: sample.on.name(),
            horizon_days: sample.horizon,
            observations: sample.rows.len(),
            churned: sample.churned(),
            fit_dates: fit.to_vec(),
            holdout_dates: holdout.to_vec(),
        }
    }
}

#[derive(Serialize)]
struct ProposalRecord<'a> {
    on: &'static str,
    segment: Option<&'a str>,
    present: BoundsRecord,
    considered: Option<BoundsRecord>,
    proposed: Option<BoundsRecord>,
    refusals: Vec<String>,
    capacity: Option<u64>,
    most_grave_now: Option<u64>,
    gain: Option<GainRecord>,
    fit: ComparisonRecord,
    holdout: ComparisonRecord,
    last_snapshot: TodayRecord,
}

/// Bounds by their names: of bands, or of tiers.
#[derive(Serialize)]
struct BoundsRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    green: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    yellow: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    medium: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
}

impl BoundsRecord {
    fn new(on: On, Bounds { alarm, grave }: Bounds) -> Self {
        let (health, churn) = (on == On::Health, on == On::Churn);
        Self {
            green: health.then_some(alarm),
            yellow: health.then_some(grave),
            medium: churn.then_some(alarm),
            high: churn.then_some(grave),
        }
    }
}

#[derive(Serialize)]
struct ComparisonRecord {
    before: PerformanceRecord,
    after: Option<PerformanceRecord>,
}

#[derive(Serialize)]
struct PerformanceRecord {
    caught_early: RateRecord,
    caught_early_grave: RateRecord,
    alarms: RateRecord,
    precision: RateRecord,
    grave_churned: RateRecord,
    mild_churned: RateRecord,
    calm_churned: RateRecord,
}

impl From<Performance> for PerformanceRecord {
    fn from(performance: Performance) -> Self {
        Self {
            caught_early: performance.early.into(),
            caught_early_grave: performance.early_grave.into(),
            alarms: performance.alarms.into(),
            precision: performance.precision.into(),
            grave_churned: performance.grave.into(),
            mild_churned: performance.mild.into(),
            calm_churned: performance.calm.into(),
        }
    }
}

#[derive(Serialize)]
struct TodayRecord {
    before: [CountRecord; 3],
    after: Option<[CountRecord; 3]>,
}

#[derive(Serialize)]
struct CountRecord {
    accounts: u64,
    arr: f64,
}

/// A gain with its interval.
#[derive(Serialize)]
struct GainRecord {
    value: f64,
    interval: Option<[f64; 2]>,
}

impl From<Gain> for GainRecord {
    fn from(gain: Gain) -> Self {
        Self { value: gain.value, interval: gain.interval.map(ends) }
    }
}

impl<'a> ProposalRecord<'a> {
    fn new(context: &Context<'a>, on: On, proposal: &Proposal) -> Self {
        let part = |part: usize| ComparisonRecord {
            before: proposal.before[part].into(),
            after: proposal.after.map(|after| after[part].into()),
        };
        let counts = |split: Split| split.map(|(accounts, arr)| CountRecord { accounts, arr });
        Self {
            on: on.name(),
            segment: proposal.profile.map(|profile| context.models.segments.name(profile)),
            present: BoundsRecord::new(on, proposal.present),
            considered: proposal.chosen.map(|bounds| BoundsRecord::new(on, bounds)),
            proposed: proposal.bounds().map(|bounds| BoundsRecord::new(on, bounds)),
            refusals: proposal.refusals.iter().map(|reason| refusal(on, reason)).collect(),
            capacity: proposal.capacity,
            most_grave_now: proposal.most_grave,
            gain: proposal.gain.map(GainRecord::from),
            fit: part(0),
            holdout: part(1),
            last_snapshot: TodayRecord { before: counts(proposal.today.0), after: proposal.today.1.map(counts) },
        }
    }
}

/// Writes proposed bounds: what they rest on, then `proposals`.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_calibration(subject: &Proposed<'_>, sink: &mut impl Sink) -> io::Result<()> {
    let context = &subject.context;
    sink.head(&Head {
        report: "calibration",
        provenance: Provenance::of(context),
        asked: asked(subject.rule),
        scores: subject.calibrations.iter().map(ScoreRecord::new).collect(),
        oddities: oddities(subject.lives),
        written: subject.written,
        data_quality: DataQuality::of(context),
    })?;
    sink.list("proposals")?;
    for calibration in subject.calibrations {
        for proposal in &calibration.proposals {
            sink.record(&ProposalRecord::new(context, calibration.sample.on, proposal))?;
        }
    }
    sink.end()
}
