//! The charts of a backtest.

use super::signals::towards;
use super::tables::{band, figure, tone};
use super::{Backtested, band_name, share};
use crate::evidence::{On, SignalEvidence, TOP_SHARE};
use crate::report::chart::{Axis, AxisUnit, Chart, Curve, Figure, Intervals, Legend, Span, Trace};
use crate::report::document::{Cell, Column, Line, Tone, line};
use crate::report::sentence::capitalised;
use crate::report::short_number;

/// More metrics than this are too many to look at (our choice): the strongest are shown.
const MOST_METRICS: usize = 25;
/// So many metrics are named in words.
const NAMED: usize = 3;

/// Gains, churn by band and what each metric says.
pub(super) fn charts(subject: Backtested<'_>) -> Vec<Chart> {
    [gains(subject), bands(subject), metrics(subject)].into_iter().flatten().collect()
}

/// How many of those who left are found by looking at the worst accounts. A curve tells nothing of how sure it is, so that there is none
/// where there is no verdict.
fn gains(subject: Backtested<'_>) -> Option<Chart> {
    let ranking = &subject.backtest.ranking;
    let lift = ranking.lift.filter(|_| ranking.accounts.is_enough())?;
    let base = ranking.churned as f64 / (ranking.churned + ranking.retained) as f64;
    let mut summary = line![
        "The worst ",
        Cell::Share(TOP_SHARE),
        " of the accounts hold ",
        Cell::Share(lift * TOP_SHARE),
        " of those who left",
    ];
    if let Some(half) = reached(&ranking.gains, 0.5) {
        summary.0.extend([", the worst ".into(), Cell::Share(half), " half of them".into()]);
    }
    summary.push(".");
    let trace = |label: &str, tone: Tone, points: &[(f64, f64)]| Trace {
        label: label.to_owned(),
        tone,
        points: points.iter().map(|(across, up)| (across * 100.0, up * 100.0)).collect(),
    };
    let curve = Curve {
        across: "% of accounts, the worst first".into(),
        up: "% of those who left".into(),
        traces: vec![
            trace("in the best order", Tone::Good, &[(0.0, 0.0), (base, 1.0), (1.0, 1.0)]),
            trace("in the order of the scores", Tone::Plain, &ranking.gains),
        ],
        diagonal: Some("by chance".into()),
    };
    Some(Chart { title: "Who left among the worst".into(), summary, figure: Figure::Curve(curve) })
}

/// Where a rising line comes to a height, its points being joined by straight lines; `None` where it does not.
fn reached(points: &[(f64, f64)], height: f64) -> Option<f64> {
    let pair = points.windows(2).find(|pair| pair[1].1 >= height)?;
    let [(left, low), (right, high)] = [pair[0], pair[1]];
    let part = if high > low { (height - low) / (high - low) } else { 1.0 };
    Some(left + (right - left) * part)
}

/// The churn rate of each band against that of all.
fn bands(subject: Backtested<'_>) -> Option<Chart> {
    let backtest = subject.backtest;
    let base = backtest.sample.base_rate()?;
    let on = backtest.sample.on;
    let mut summary = Line::default();
    for (gravity, rate) in backtest.bands.iter().map(|figures| figures.rate.share()).enumerate() {
        if let Some(rate) = rate {
            let name = band_name(on, gravity);
            let name = if summary.0.is_empty() { capitalised(name) } else { format!(", {name}") };
            summary.0.extend([name.into(), " ".into(), Cell::Share(rate)]);
        }
    }
    summary.0.extend([", all ".into(), Cell::Share(base), ".".into()]);
    let spans: Vec<Span> = backtest
        .bands
        .iter()
        .enumerate()
        .map(|(gravity, figures)| Span {
            label: band(on, gravity),
            point: figures.rate.share(),
            ends: figures.rate.wilson().map(|interval| (interval.low, interval.high)),
            tone: tone(on, gravity),
            figures: vec![share(figures.rate), Cell::Count(figures.rate.hits), Cell::Count(figures.rate.of)],
        })
        .collect();
    let highest = spans.iter().filter_map(|span| span.ends).map(|(_, high)| high).fold(base, f64::max);
    let intervals = Intervals {
        columns: vec![
            Column::text(if on == On::Health { "Band" } else { "Tier" }, 0),
            Column::figure("Rate", 0),
            Column::figure("Left", 0),
            Column::figure("of", 0),
        ],
        axis: Axis {
            title: "Churn rate".into(),
            from: 0.0,
            to: ((highest * 20.0).ceil() / 20.0).clamp(0.05, 1.0),
            unit: AxisUnit::Share,
        },
        reference: Some((base, format!("all: {} %", short_number((base * 1000.0).round() / 10.0)))),
        legend: Legend::new(),
        spans,
    };
    let title = if on == On::Health { "Churn rate by band" } else { "Churn rate by tier" };
    Some(Chart { title: title.into(), summary, figure: Figure::Intervals(intervals) })
}

/// What the evidence of a metric means.
fn metric_tone(signal: &SignalEvidence) -> Tone {
    match (signal.direction, signal.weight) {
        (None, _) => Tone::Muted,
        (Some(_), _) if signal.is_reversed() => Tone::Bad,
        (Some(_), Some(_)) => Tone::Good,
        (Some(_), None) => Tone::Plain,
    }
}

/// What each metric says alone, the clearest first; `None` where no metric has an AUC.
fn metrics(subject: Backtested<'_>) -> Option<Chart> {
    let schema = &subject.context.models.schema;
    let mut shown: Vec<(&SignalEvidence, f64)> =
        subject.backtest.signals.iter().filter_map(|signal| Some((signal, towards(signal).0?))).collect();
    if shown.is_empty() {
        return None;
    }
    let all = shown.len();
    shown.sort_by(|a, b| (b.1 - 0.5).abs().total_cmp(&(a.1 - 0.5).abs()));
    shown.truncate(MOST_METRICS);
    shown.sort_by(|a, b| b.1.total_cmp(&a.1));
    let with_evidence = subject.backtest.signals.iter().filter(|signal| signal.direction.is_some()).count();
    let named: Vec<String> = shown
        .iter()
        .filter(|(signal, _)| signal.direction.is_some())
        .take(NAMED)
        .map(|(signal, auc)| format!("{} ({auc:.2})", schema.metric(signal.slot).label))
        .collect();
    let mut summary = line![
        if with_evidence == 0 { "None".into() } else { Cell::Count(with_evidence as u64) },
        " of ",
        Cell::Count(all as u64),
        if with_evidence > 1 { " metrics tell" } else { " metrics tells" },
        " those who left from those who stayed",
    ];
    if !named.is_empty() {
        summary.push(format!(", most clearly {}", named.join(", ")));
    }
    summary.push(".");
    if shown.len() < all {
        summary.0.extend([
            " The ".into(),
            Cell::Count(shown.len() as u64),
            " with the strongest figures are shown.".into(),
        ]);
    }
    let spans: Vec<Span> = shown
        .iter()
        .map(|(signal, auc)| {
            let (_, [low, high]) = towards(signal);
            Span {
                label: Cell::Text(schema.metric(signal.slot).label.clone()),
                point: Some(*auc),
                ends: low.zip(high),
                tone: metric_tone(signal),
                figures: vec![figure(Some(*auc))],
            }
        })
        .collect();
    let values = || spans.iter().flat_map(|span| span.point.into_iter().chain(span.ends.map(|(low, _)| low)));
    let highs = || values().chain(spans.iter().filter_map(|span| span.ends.map(|(_, high)| high)));
    let from = values().fold(0.4, f64::min);
    let to = highs().fold(0.6, f64::max);
    let legend = [
        (Tone::Good, "with the model"),
        (Tone::Bad, "against the model"),
        (Tone::Plain, "not in the model"),
        (Tone::Muted, "no evidence"),
    ];
    let legend = legend.into_iter().filter(|(tone, _)| spans.iter().any(|span| span.tone == *tone));
    let intervals = Intervals {
        columns: vec![Column::text("Metric", 0), Column::figure("AUC", 0)],
        axis: Axis {
            title: "AUC towards what it says".into(),
            from: (from * 10.0).floor() / 10.0,
            to: (to * 10.0).ceil() / 10.0,
            unit: AxisUnit::Number,
        },
        reference: Some((0.5, "0.5: chance".into())),
        legend: legend.map(|(tone, label)| (tone, label.to_owned())).collect(),
        spans,
    };
    Some(Chart { title: "What each metric says alone".into(), summary, figure: Figure::Intervals(intervals) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_height_is_reached_between_points() {
        let points = [(0.0, 0.0), (0.1, 0.4), (0.2, 0.6), (1.0, 1.0)];
        for (height, expected) in [(0.2, 0.05), (0.4, 0.1), (0.5, 0.15), (1.0, 1.0)] {
            let found = reached(&points, height).expect("a place");
            assert!((found - expected).abs() < 1e-12, "{height}: {found}");
        }
        assert_eq!(reached(&points, 1.1), None);
        assert_eq!(reached(&[], 0.5), None);
    }
}
