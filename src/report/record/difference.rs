//! What became of a portfolio from one day to another, for machines.

use std::borrow::Cow;

use serde::Serialize;

use super::super::difference::{Comparison, OfScore, Scored};
use super::super::{Context, sentence};
use super::briefing::TallyRecord;
use super::scored::ValueRecord;
use super::{DataQuality, Provenance};
use crate::account::Account;
use crate::analysis::{Band, Model, Tally, Tier};
use crate::engine::{Hundredths, Presence, Scorecard, Value};
use crate::evidence::Score;
use crate::evidence::difference::{ComparedAccount, Parts, ScoreTotals, Shift, Single, Standing};

/// The beginning of what changed: what both sides rest on, the sums, the moves between bands, and what moved the scores.
#[derive(Debug, Serialize)]
pub struct DifferenceHead<'a> {
    report: &'static str,
    provenance: Provenance<'a>,
    provenance_old: Provenance<'a>,
    summary: DifferenceSummary,
    moves: MovesRecord,
    parts: PartsRecord<'a>,
    data_quality: DataQuality<'a>,
    data_quality_old: DataQuality<'a>,
}

/// What changed, as a part of another report.
#[derive(Debug, Serialize)]
pub struct ChangesRecord<'a> {
    provenance_old: Provenance<'a>,
    summary: DifferenceSummary,
    moves: MovesRecord,
    parts: PartsRecord<'a>,
}

/// The sums of what changed.
#[derive(Debug, Serialize)]
struct DifferenceSummary {
    old: TallyRecord,
    new: TallyRecord,
    stayed: u64,
    stayed_arr_old: f64,
    stayed_arr_new: f64,
    arrived: TallyRecord,
    departed: TallyRecord,
    churned: TallyRecord,
    health: Option<ScoreSummary>,
    churn: Option<ScoreSummary>,
}

/// How one of the scores moved over the accounts that are scored on both days.
#[derive(Debug, Serialize)]
struct ScoreSummary {
    compared: TallyRecord,
    average_old: Option<f64>,
    average_new: Option<f64>,
    risen: TallyRecord,
    fallen: TallyRecord,
    better: TallyRecord,
    worse: TallyRecord,
    newly_scored: u64,
    no_longer_scored: u64,
}

/// The moves of both scores.
#[derive(Debug, Serialize)]
struct MovesRecord {
    health: Option<Vec<MoveRecord>>,
    churn: Option<Vec<MoveRecord>>,
}

/// The accounts that moved from one standing to another, or stayed there.
#[derive(Debug, Serialize)]
struct MoveRecord {
    from: &'static str,
    to: &'static str,
    accounts: u64,
    arr: f64,
}

/// What moved both scores, summed over the accounts.
#[derive(Debug, Serialize)]
struct PartsRecord<'a> {
    health: Option<ScoreParts<SignalSum<'a>>>,
    churn: Option<ScoreParts<SignalSum<'a>>>,
}

/// What moved a score: points that add up to its change.
#[derive(Debug, Serialize)]
struct ScoreParts<S> {
    change: f64,
    model: f64,
    segment: f64,
    coverage: f64,
    data: f64,
    urgency: f64,
    rounding_and_limits: f64,
    signals: Vec<S>,
}

/// What one signal did over all accounts.
#[derive(Debug, Serialize)]
struct SignalSum<'a> {
    signal: &'a str,
    group: &'a str,
    metric: &'a str,
    coverage: f64,
    data: f64,
    accounts_up: u64,
    accounts_down: u64,
}

/// What one signal did in one account.
#[derive(Debug, Serialize)]
struct SignalChange<'a> {
    signal: &'a str,
    group: &'a str,
    metric: &'a str,
    old: ValueRecord,
    new: ValueRecord,
    presence_old: &'static str,
    presence_new: &'static str,
    coverage: f64,
    data: f64,
}

/// An account that was there on both days.
#[derive(Debug, Serialize)]
pub struct ComparedRecord<'a> {
    customer_id: &'a str,
    name: &'a str,
    segment: Cow<'a, str>,
    segment_old: Option<Cow<'a, str>>,
    csm: Option<&'a str>,
    arr: f64,
    arr_old: Option<f64>,
    health: Option<ShiftRecord<'a>>,
    churn: Option<ShiftRecord<'a>>,
}

/// A score on two days.
#[derive(Debug, Serialize)]
struct ShiftRecord<'a> {
    old: Option<f64>,
    new: Option<f64>,
    band_old: Option<&'static str>,
    band_new: Option<&'static str>,
    change: Option<f64>,
    parts: Option<ScoreParts<SignalChange<'a>>>,
}

/// An account that was there on one of the days only.
#[derive(Debug, Serialize)]
pub struct SingleRecord<'a> {
    customer_id: &'a str,
    name: &'a str,
    segment: Cow<'a, str>,
    csm: Option<&'a str>,
    arr: f64,
    churned: bool,
    overall_score: Option<f64>,
    classification: Option<&'static str>,
    risk_score: Option<f64>,
    risk_tier: Option<&'static str>,
}

/// The name of a band or tier.
pub(in crate::report) fn band_name(of: Scored, score: Score) -> &'static str {
    let position = usize::from(score.band);
    match of {
        Scored::Health => Band::at(position).name(),
        Scored::Churn => Tier::at(position).name(),
    }
}

fn standing_name(of: Scored, standing: Standing) -> &'static str {
    match standing {
        Standing::Band(band) => band_name(of, Score { value: 0.0, band }),
        Standing::NotScored => "not_scored",
        Standing::Gone => "absent",
    }
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Present => "present",
        Presence::Absent => "absent",
        Presence::Stale => "stale",
    }
}

/// A text, where there is one.
fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

impl<'a> DifferenceHead<'a> {
    /// The head of what changed.
    pub fn new(comparison: &Comparison<'a>) -> Self {
        Self {
            report: "diff",
            provenance: Provenance::of(&comparison.now),
            provenance_old: Provenance::of(&comparison.then),
            summary: DifferenceSummary::of(comparison),
            moves: MovesRecord::of(comparison),
            parts: PartsRecord::of(comparison),
            data_quality: DataQuality::of(&comparison.now),
            data_quality_old: DataQuality::of(&comparison.then),
        }
    }
}

impl<'a> ChangesRecord<'a> {
    /// What changed, to go with another report of the later day.
    pub fn new(comparison: &Comparison<'a>) -> Self {
        Self {
            provenance_old: Provenance::of(&comparison.then),
            summary: DifferenceSummary::of(comparison),
            moves: MovesRecord::of(comparison),
            parts: PartsRecord::of(comparison),
        }
    }
}

/// What is made of the totals of each score that is compared.
fn of_scores<'a, T>(comparison: &Comparison<'a>, make: impl Fn(OfScore<'a>) -> T) -> [Option<T>; 2] {
    let mut records = [None, None];
    for of in comparison.scores() {
        records[of.score as usize] = Some(make(of));
    }
    records
}

impl DifferenceSummary {
    fn of(comparison: &Comparison<'_>) -> Self {
        let totals = comparison.difference.totals();
        let [health, churn] = of_scores(comparison, |of| ScoreSummary::of(of.score, of.totals));
        Self {
            old: totals.old.into(),
            new: totals.new.into(),
            stayed: totals.stayed_new.accounts,
            stayed_arr_old: totals.stayed_old.arr,
            stayed_arr_new: totals.stayed_new.arr,
            arrived: totals.arrived.into(),
            departed: totals.departed.into(),
            churned: totals.churned.into(),
            health,
            churn,
        }
    }
}

impl ScoreSummary {
    fn of(score: Scored, totals: &ScoreTotals) -> Self {
        let moves = &totals.moves;
        let (better, worse) = match score {
            Scored::Health => (moves.towards_first(), moves.towards_last()),
            Scored::Churn => (moves.towards_last(), moves.towards_first()),
        };
        let mean = |sum| (totals.compared.accounts > 0).then(|| totals.mean(sum));
        Self {
            compared: totals.compared.into(),
            average_old: mean(totals.old),
            average_new: mean(totals.new),
            risen: totals.risen.into(),
            fallen: totals.fallen.into(),
            better: better.into(),
            worse: worse.into(),
            newly_scored: moves.newly_scored().accounts,
            no_longer_scored: moves.no_longer_scored().accounts,
        }
    }
}

impl MovesRecord {
    fn of(comparison: &Comparison<'_>) -> Self {
        let [health, churn] = of_scores(comparison, |of| {
            let moves = &of.totals.moves;
            let all = moves.standings().flat_map(|from| moves.standings().map(move |to| (from, to)));
            let tallies = all.map(|(from, to)| (from, to, moves.between(from, to)));
            let record = |(from, to, tally): (Standing, Standing, Tally)| MoveRecord {
                from: standing_name(of.score, from),
                to: standing_name(of.score, to),
                accounts: tally.accounts,
                arr: tally.arr,
            };
            tallies.filter(|(.., tally)| tally.accounts > 0).map(record).collect()
        });
        Self { health, churn }
    }
}

/// What a signal is called, where it belongs, and what it reads.
fn names<'a>(context: &Context<'a>, model: &'a Model, signal: usize) -> Option<(&'a str, &'a str, &'a str)> {
    let name = model.signals().get(signal)?;
    Some((&name.name, &model.groups()[name.group].name, &context.models.schema.metric(name.slot).path))
}

impl<'a> PartsRecord<'a> {
    fn of(comparison: &Comparison<'a>) -> Self {
        let context = comparison.now;
        let [health, churn] = of_scores(comparison, |of| {
            let change = &of.totals.parts.change;
            let sums = change.coverage.iter().zip(&change.data).zip(&of.totals.signals).enumerate();
            let signals = sums.filter_map(|(signal, ((coverage, data), accounts))| {
                let (signal, group, metric) = names(&context, of.model, signal)?;
                Some(SignalSum {
                    signal,
                    group,
                    metric,
                    coverage: coverage.points(),
                    data: data.points(),
                    accounts_up: accounts.up,
                    accounts_down: accounts.down,
                })
            });
            ScoreParts::of(&of.totals.parts, signals.collect())
        });
        Self { health, churn }
    }
}

impl<S> ScoreParts<S> {
    fn of(parts: &Parts, signals: Vec<S>) -> Self {
        let sum = |points: &[Hundredths]| points.iter().copied().sum::<Hundredths>().points();
        Self {
            change: parts.total().points(),
            model: parts.model.points(),
            segment: parts.segment.points(),
            coverage: sum(&parts.change.coverage),
            data: sum(&parts.change.data),
            urgency: parts.change.multiplier.points(),
            rounding_and_limits: parts.change.rest.points(),
            signals,
        }
    }
}

impl<'a> ComparedRecord<'a> {
    /// The record of an account that was there on both days.
    pub fn new(comparison: &Comparison<'a>, compared: &'a ComparedAccount) -> Self {
        let context = &comparison.now;
        let models = context.models;
        let (old, new) = (&compared.old, &compared.new);
        // What the models of now could not read again is not known.
        let reread = Some(old).filter(|old| !old.id.is_empty());
        let [health, churn] = of_scores(comparison, |of| match of.score {
            Scored::Health => ShiftRecord::new(context, of, compared, &compared.health),
            Scored::Churn => ShiftRecord::new(context, of, compared, &compared.churn),
        });
        Self {
            customer_id: &new.id,
            name: &new.name,
            segment: sentence::segment(models, new),
            segment_old: reread.map(|old| sentence::segment(models, old)),
            csm: known(&new.owner),
            arr: new.arr,
            arr_old: reread.map(|old| old.arr),
            health,
            churn,
        }
    }
}

impl<'a> ShiftRecord<'a> {
    fn new(context: &Context<'a>, of: OfScore<'a>, compared: &'a ComparedAccount, shift: &Shift) -> Self {
        let parts = shift.parts.as_ref().map(|parts| {
            let points = parts.change.coverage.iter().zip(&parts.change.data).enumerate();
            let signals = points.filter_map(|(signal, (coverage, data))| {
                let (name, group, metric) = names(context, of.model, signal)?;
                let slot = of.model.signals()[signal].slot;
                let found = |account: &Account, card: &Scorecard| {
                    let scored = card.signals.get(signal)?;
                    let value = if scored.presence.is_present() { scored.value } else { Value::Absent };
                    Some((value, ValueRecord::of(context, account, slot, value), presence(scored.presence)))
                };
                let (value_old, old, presence_old) = found(&compared.old, &shift.before)?;
                let (value_new, new, presence_new) = found(&compared.new, &shift.after)?;
                let stays = value_old == value_new && presence_old == presence_new;
                (!stays || coverage.0 != 0 || data.0 != 0).then(|| SignalChange {
                    signal: name,
                    group,
                    metric,
                    old,
                    new,
                    presence_old,
                    presence_new,
                    coverage: coverage.points(),
                    data: data.points(),
                })
            });
            ScoreParts::of(parts, signals.collect())
        });
        let name = |score: Score| band_name(of.score, score);
        Self {
            old: shift.old.map(|score| score.value),
            new: shift.new.map(|score| score.value),
            band_old: shift.old.map(name),
            band_new: shift.new.map(name),
            change: shift.change().map(Hundredths::points),
            parts,
        }
    }
}

impl<'a> SingleRecord<'a> {
    /// The record of an account that was there on one of the days, which the context is of.
    pub fn new(context: &Context<'a>, single: &Single, account: &'a Account) -> Self {
        Self {
            customer_id: &account.id,
            name: &account.name,
            segment: sentence::segment(context.models, account),
            csm: known(&account.owner),
            arr: single.arr,
            churned: single.churned,
            overall_score: single.health.map(|score| score.value),
            classification: single.health.map(|score| band_name(Scored::Health, score)),
            risk_score: single.churn.map(|score| score.value),
            risk_tier: single.churn.map(|score| band_name(Scored::Churn, score)),
        }
    }
}
