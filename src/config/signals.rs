//! Groups and their signals: what `health.toml` and `churn.toml` have in common.

use super::fields::{Fields, Item, nearest};
use super::ladder::{self, Decoded, SeverityIs};
use super::metrics::Dictionary;
use super::problem::{Finding, Reported};
use super::scale::{self, ScaleBySegment};
use super::source::Origin;
use super::wording::{SignalWording, label_of};
use super::{order, segments};
use crate::analysis::{GroupName, Model, SignalName};
use crate::engine::{
    Bands, Combine, Freshness, Group, Missing, Multiplier, Plan, Signal, Slot, Value, weights_sum_to_one,
};

/// A model as it was read; what could not be is absent and has been reported.
pub(super) struct Draft<'a> {
    pub(super) groups: Vec<GroupDraft<'a>>,
    order: Option<Vec<usize>>,
    missing: Option<Missing>,
    minimum_coverage: Option<f64>,
}

pub(super) struct GroupDraft<'a> {
    name: &'a str,
    label: String,
    weight: Option<f64>,
    combine: Combine,
    /// The metric that holds the group's score of the last period.
    pub(super) previous: Result<Option<Slot>, Reported>,
    signals: Vec<SignalDraft<'a>>,
}

struct SignalDraft<'a> {
    name: &'a str,
    weight: Option<f64>,
    slot: Option<Slot>,
    freshness: Result<Option<Freshness>, Reported>,
    default: Option<Value>,
    scale: Option<ScaleBySegment>,
    advise: Option<Decoded>,
    warn: Option<Decoded>,
    before: Option<Item<'a>>,
}

/// Whether groups name the metric of their last score.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PreviousIs {
    Known,
    Unknown,
}

/// Reads what stands at the top of both files.
pub(super) fn decode<'a>(
    file: &mut Fields<'a>,
    dictionary: &mut Dictionary,
    segments: &segments::Table<'_>,
    previous: PreviousIs,
) -> Draft<'a> {
    let ways = [("default", Missing::Default), ("redistribute", Missing::Redistribute)];
    let missing = match file.optional("missing") {
        Some(item) => item.one_of("way to treat missing data", &ways),
        None => Some(Missing::default()),
    };
    let minimum_coverage = match file.optional("minimum-coverage") {
        Some(item) => item.number_where("a share from 0 to 1", |share| (0.0..=1.0).contains(&share)),
        None => Some(0.0),
    };
    let mut draft = Draft { groups: Vec::new(), order: None, missing, minimum_coverage };
    let Some(mut groups) = file.required("groups").and_then(Item::fields) else { return draft };
    let mut weights = Vec::new();
    let named = groups.rest();
    let count = named.len();
    for (name, _, item) in named {
        if let Some(mut fields) = item.fields() {
            draft.groups.push(group(name, &mut fields, dictionary, segments, previous, &mut weights));
            fields.finish();
        }
    }
    if count == 0 {
        groups.item.report.add(groups.item.finding("`groups` is empty, expected at least one group".to_owned()));
    } else if weights.len() == count {
        check_sum("the groups", &weights);
    }
    draft.order = order(&draft);
    draft
}

fn group<'a>(
    name: &'a str,
    fields: &mut Fields<'a>,
    dictionary: &mut Dictionary,
    segments: &segments::Table<'_>,
    previous: PreviousIs,
    weights: &mut Vec<Weight<'a>>,
) -> GroupDraft<'a> {
    let label = fields.optional("label").and_then(Item::text).map_or_else(|| label_of(name), str::to_owned);
    let weight = fields.required("weight").and_then(|item| share(item, weights));
    let combine = fields
        .optional("combine")
        .and_then(|item| item.one_of("way to combine", &[("add", Combine::Add), ("weigh", Combine::Weigh)]));
    let combine = combine.unwrap_or(Combine::Weigh);
    let previous = match previous {
        PreviousIs::Unknown => Ok(None),
        PreviousIs::Known => match fields.optional("previous") {
            None => Ok(None),
            Some(item) => dictionary.find_number(item).map(Some).ok_or(Reported),
        },
    };
    let mut draft = GroupDraft { name, label, weight, combine, previous, signals: Vec::new() };
    let Some(mut signals) = fields.required("signals").and_then(Item::fields) else { return draft };
    let mut inner = Vec::new();
    let named = signals.rest();
    let count = named.len();
    for (signal_name, origin, item) in named {
        if let Some(mut fields) = item.fields() {
            let place = Place { group: name, name: signal_name, origin, combine };
            draft.signals.push(signal(place, &mut fields, dictionary, segments, &mut inner));
            fields.finish();
        }
    }
    if count == 0 {
        let title = format!("the group `{name}` has no signals, expected at least one");
        signals.item.report.add(signals.item.finding(title));
    } else if combine == Combine::Weigh && inner.len() == count {
        check_sum(&format!("the signals of `{name}`"), &inner);
    }
    draft
}

/// Where a signal stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    group: &'a str,
    name: &'a str,
    origin: Origin,
    combine: Combine,
}

fn signal<'a>(
    place: Place<'a>,
    fields: &mut Fields<'a>,
    dictionary: &mut Dictionary,
    segments: &segments::Table<'_>,
    weights: &mut Vec<Weight<'a>>,
) -> SignalDraft<'a> {
    let metric = match fields.optional("metric") {
        Some(item) => dictionary.find(item),
        None => {
            let path = format!("{}.{}", place.group, place.name);
            dictionary.find_path(&path, fields.item.at(place.origin))
        }
    };
    let weight = match place.combine {
        Combine::Weigh => fields.required("weight").and_then(|item| share(item, weights)),
        Combine::Add => {
            if let Some(item) = fields.optional("weight") {
                let title = "`weight` has no place here: the points of this group add up".to_owned();
                item.report.add(item.finding(title));
            }
            Some(0.0)
        }
    };
    let scale = fields.required("scale").and_then(|item| scale::decode(item, metric, segments));
    let default = fields.required("default").and_then(|item| metric.and_then(|metric| metric.value(item)));
    let known = ladder::Signal { metric, scale: scale.as_ref(), segments };
    let mut ladder = |key, severity| match fields.optional(key) {
        Some(item) => ladder::decode(item, known, severity),
        None => Some(Decoded::default()),
    };
    let advise = ladder("advise", SeverityIs::Optional);
    let warn = ladder("warn", SeverityIs::Required);
    let before = fields.optional("warn-before");
    let slot = metric.map(|metric| metric.slot);
    let freshness = match fields.optional("stale-after") {
        Some(item) => freshness(item, slot, dictionary).map(Some).ok_or(Reported),
        None => Ok(None),
    };
    SignalDraft { name: place.name, weight, slot, freshness, default, scale, advise, warn, before }
}

/// How old the value of a signal may be.
fn freshness(item: Item<'_>, slot: Option<Slot>, dictionary: &mut Dictionary) -> Option<Freshness> {
    let stale_after = item.number_where("a number of days from 0", |days| days >= 0.0)?;
    Some(Freshness { age: dictionary.age_of(slot?, item)?, stale_after })
}

/// A weight and where it stands.
struct Weight<'a> {
    value: f64,
    item: Item<'a>,
}

fn share<'a>(item: Item<'a>, weights: &mut Vec<Weight<'a>>) -> Option<f64> {
    let value = item.number_where("a number from 0 to 1", |weight| (0.0..=1.0).contains(&weight))?;
    weights.push(Weight { value, item });
    Some(value)
}

/// Reports weights that do not sum to 1.
fn check_sum(what: &str, weights: &[Weight<'_>]) {
    let Err(sum) = weights_sum_to_one(weights.iter().map(|weight| weight.value)) else { return };
    // What binary fractions add to a sum of decimal ones is of no interest.
    let sum = (sum * 1e9).round() / 1e9;
    let [first, others @ ..] = weights else { return };
    let title = format!("the weights of {what} sum to {sum}, expected 1");
    let finding = first.item.finding(title);
    let finding = others.iter().fold(finding, |finding, weight| finding.mark(weight.item.origin, ""));
    first.item.report.add(finding.latest_first());
}

/// The order of the warnings as `warn-before` asks for it.
fn order(draft: &Draft<'_>) -> Option<Vec<usize>> {
    let signals: Vec<&SignalDraft<'_>> = draft.groups.iter().flat_map(|group| &group.signals).collect();
    let mut before = vec![None; signals.len()];
    let mut sound = true;
    for (position, item) in signals.iter().enumerate().filter_map(|(at, signal)| Some((at, signal.before?))) {
        before[position] = target(item, &signals);
        sound &= before[position].is_some();
    }
    if !sound {
        return None;
    }
    let waiting = match order::resolve(&before) {
        Ok(order) => return Some(order),
        Err(waiting) => waiting,
    };
    let items: Vec<Item<'_>> = waiting.iter().filter_map(|position| signals[*position].before).collect();
    let (first, others) = items.split_first()?;
    let finding = first.finding("`warn-before` runs in a circle".to_owned());
    first.report.add(others.iter().fold(finding, |finding, item| finding.mark(item.origin, "")));
    None
}

fn target(item: Item<'_>, signals: &[&SignalDraft<'_>]) -> Option<usize> {
    let name = item.text()?;
    let mut found = signals.iter().enumerate().filter(|(_, signal)| signal.name == name).map(|(at, _)| at);
    let Some(target) = found.next() else {
        let finding = Finding::new(item.origin, format!("there is no signal `{name}` in this file"));
        item.report.add(finding.suggest(nearest(name, signals.iter().map(|signal| signal.name))));
        return None;
    };
    if found.next().is_some() {
        let title = format!("several groups have a signal `{name}`, so it does not say which is meant");
        item.report.add(item.finding(title));
        return None;
    }
    Some(target)
}

impl Draft<'_> {
    /// Whether a signal measures the metric by a benchmark; also where that could not be read.
    pub(super) fn has_benchmark(&self, slot: Slot) -> bool {
        let signals = self.groups.iter().flat_map(|group| &group.signals);
        let mut scales = signals.filter(|signal| signal.slot == Some(slot)).map(|signal| signal.scale.as_ref());
        scales.any(|scale| scale.is_none_or(ScaleBySegment::has_benchmark))
    }

    /// The model, with the bands of each segment, and the texts of its signals; `None` where something could not be read.
    pub(super) fn model(self, bands: &[Bands], multiplier: Option<&Multiplier>) -> Option<(Model, Vec<SignalWording>)> {
        let order = self.order?;
        let mut plans = Vec::with_capacity(bands.len());
        for (profile, bands) in bands.iter().enumerate() {
            let groups = self.groups.iter().map(|group| group.group(profile)).collect::<Option<_>>()?;
            let plan = Plan::new(groups, multiplier.cloned(), bands.clone()).ok()?;
            let plan = plan.treating(self.missing?, self.minimum_coverage?).ok()?;
            plans.push(plan.warnings_in(order.clone()).ok()?);
        }
        let mut groups = Vec::with_capacity(self.groups.len());
        let mut signals = Vec::new();
        let mut wording = Vec::new();
        for (position, group) in self.groups.into_iter().enumerate() {
            groups.push(GroupName { name: group.name.to_owned(), label: group.label, weight: group.weight? });
            for signal in group.signals {
                signals.push(SignalName { name: signal.name.to_owned(), group: position, slot: signal.slot? });
                wording.push(SignalWording { advise: signal.advise?.says, warn: signal.warn?.says });
            }
        }
        Some((Model::new(plans, groups, signals).ok()?, wording))
    }
}

impl GroupDraft<'_> {
    fn group(&self, profile: usize) -> Option<Group> {
        let signals = self.signals.iter().map(|signal| signal.signal(profile)).collect::<Option<_>>()?;
        Some(Group { weight: self.weight?, combine: self.combine, signals })
    }
}

impl SignalDraft<'_> {
    fn signal(&self, profile: usize) -> Option<Signal> {
        Some(Signal {
            slot: self.slot?,
            freshness: self.freshness.ok()?,
            default: self.default?,
            weight: self.weight?,
            scale: self.scale.as_ref()?.of(profile),
            advise: self.advise.as_ref()?.ladder.clone(),
            warn: self.warn.as_ref()?.ladder.clone(),
        })
    }
}
