//! The scale of a signal.

use super::fields::{Item, listed};
use super::merge::SCALE_KINDS;
use super::metrics::Known;
use super::segments;
use crate::account::Kind;
use crate::engine::{Scale, Step, StepGives};

/// A scale whose benchmark may differ by segment.
pub(super) enum ScaleBySegment {
    Same(Scale),
    Ratio(Vec<f64>),
    Inverse(Vec<f64>),
}

impl ScaleBySegment {
    /// The scale of the segment at a position.
    pub(super) fn of(&self, profile: usize) -> Scale {
        let benchmark = |values: &[f64]| values.get(profile).copied().unwrap_or_default();
        match self {
            Self::Same(scale) => scale.clone(),
            Self::Ratio(targets) => Scale::Ratio { target: benchmark(targets) },
            Self::Inverse(maxima) => Scale::Inverse { maximum: benchmark(maxima) },
        }
    }

    pub(super) fn has_benchmark(&self) -> bool {
        self.of(0).benchmark().is_some()
    }
}

/// Reads a scale; `metric` is what it is for, where that is known.
pub(super) fn decode(
    item: Item<'_>,
    metric: Option<Known<'_>>,
    segments: &segments::Table<'_>,
) -> Option<ScaleBySegment> {
    let mut fields = item.fields()?;
    let mut kinds = SCALE_KINDS.into_iter().filter_map(|kind| Some((kind, fields.optional(kind)?)));
    let first = kinds.next();
    let second = kinds.next();
    drop(kinds);
    let Some((kind, value)) = first else {
        let finding = item.finding("a scale needs a kind".to_owned());
        item.report.add(finding.help(format!("one of {}", listed(SCALE_KINDS.into_iter()))));
        fields.finish();
        return None;
    };
    if let Some((other, second)) = second {
        let title = format!("a scale has one kind, and this has two: `{kind}` and `{other}`");
        item.report.add(second.finding(title));
        return None;
    }
    let fits = fits(kind, item, metric);
    let scale = match kind {
        "ratio" => benchmark(value, segments).map(|benchmark| match benchmark {
            Benchmark::Number(target) => ScaleBySegment::Same(Scale::Ratio { target }),
            Benchmark::BySegment(targets) => ScaleBySegment::Ratio(targets),
        }),
        "inverse" => benchmark(value, segments).map(|benchmark| match benchmark {
            Benchmark::Number(maximum) => ScaleBySegment::Same(Scale::Inverse { maximum }),
            Benchmark::BySegment(maxima) => ScaleBySegment::Inverse(maxima),
        }),
        "fall" => above_zero(value).map(|per_unit| ScaleBySegment::Same(Scale::Fall { per_unit })),
        "rise" => above_zero(value).map(|per_unit| ScaleBySegment::Same(Scale::Rise { per_unit })),
        "per-unit" => {
            let offset = fields.optional("offset").map_or(Some(0.0), Item::number);
            let per_unit = value.number();
            per_unit.zip(offset).map(|(per_unit, offset)| ScaleBySegment::Same(Scale::PerUnit { per_unit, offset }))
        }
        "lookup" => {
            let other = fields.required("other").and_then(Item::number);
            lookup(value, metric)
                .zip(other)
                .map(|(points, other)| ScaleBySegment::Same(Scale::Lookup { points, other }))
        }
        "points" => value.number().map(|when_set| ScaleBySegment::Same(Scale::Points { when_set })),
        _ => steps(value).map(|steps| ScaleBySegment::Same(Scale::Steps(steps))),
    };
    fields.finish();
    scale.filter(|_| fits)
}

/// Whether a scale of this kind reads what the metric holds; reports it otherwise.
fn fits(kind: &str, item: Item<'_>, metric: Option<Known<'_>>) -> bool {
    let Some(metric) = metric else { return true };
    let (reads, fits) = match kind {
        "lookup" => ("words", matches!(metric.metric.kind, Kind::Word(_))),
        "points" => ("flags", metric.metric.kind == Kind::Flag),
        _ => ("numbers", metric.metric.kind == Kind::Number),
    };
    if !fits {
        let title = format!("`{kind}` reads {reads}, but `{}` is {}", metric.metric.path, metric.kind());
        let allowed = match metric.metric.kind {
            Kind::Number => "ratio, inverse, fall, rise, per-unit or steps",
            Kind::Word(_) => "lookup",
            Kind::Flag => "points",
        };
        item.report.add(item.finding(title).help(format!("for {}: {allowed}", metric.kind())));
    }
    fits
}

enum Benchmark {
    Number(f64),
    BySegment(Vec<f64>),
}

fn benchmark(item: Item<'_>, segments: &segments::Table<'_>) -> Option<Benchmark> {
    if item.is_text() {
        return segments.benchmark(item).map(Benchmark::BySegment);
    }
    item.number_where("the name of a benchmark or a number above 0", |number| number > 0.0).map(Benchmark::Number)
}

fn above_zero(item: Item<'_>) -> Option<f64> {
    item.number_where("a number above 0", |number| number > 0.0)
}

fn lookup(item: Item<'_>, metric: Option<Known<'_>>) -> Option<Vec<Option<f64>>> {
    let mut fields = item.fields()?;
    let words = match metric.map(|metric| &metric.metric.kind) {
        Some(Kind::Word(vocabulary)) => vocabulary.words().len(),
        _ => 0,
    };
    let mut points = vec![None; words];
    let mut sound = true;
    for (word, origin, value) in fields.rest() {
        let found = value.number();
        sound &= found.is_some();
        if let Some(metric) = metric
            && let Kind::Word(_) = metric.metric.kind
        {
            match metric.word(word, value.at(origin)) {
                Some(word) => points[usize::from(word.0)] = found,
                None => sound = false,
            }
        }
    }
    sound.then_some(points)
}

fn steps(item: Item<'_>) -> Option<Vec<Step>> {
    let items = item.list()?;
    if items.is_empty() {
        item.report.add(item.finding("`steps` is empty, expected at least one step".to_owned()));
    }
    let count = items.len();
    let mut lowest = f64::INFINITY;
    let mut steps = Vec::with_capacity(count);
    for item in items {
        let Some(mut fields) = item.fields() else { continue };
        let at_least = fields.required("at-least").and_then(Item::number);
        let points = fields.optional("points");
        let each = fields.optional("each");
        let gives = match (points, each) {
            (Some(points), None) => points.number().map(StepGives::Points),
            (None, Some(each)) => each.number().map(StepGives::Each),
            _ => {
                let title = format!("{} needs either `points` or `each`", item.name);
                item.report.add(item.finding(title));
                None
            }
        };
        fields.finish();
        if let Some(at_least) = at_least {
            if at_least >= lowest {
                let title = format!("{} is never reached: a step from {lowest} stands before it", item.name);
                item.report.add(item.finding(title).help("list the highest `at-least` first".to_owned()));
                return None;
            }
            lowest = at_least;
        }
        steps.extend(at_least.zip(gives).map(|(at_least, gives)| Step { at_least, gives }));
    }
    (steps.len() == count && count > 0).then_some(steps)
}
