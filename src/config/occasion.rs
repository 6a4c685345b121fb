//! When something applies: conditions on metrics, bands, tiers, trends, segments and the gate.

use super::fields::{Fields, Item};
use super::ladder;
use super::metrics::Dictionary;
use super::problem::Reported;
use super::segments;
use super::tree::Data;
use crate::account::Profile;
use crate::analysis::{Band, Condition, Occasion, Tier, Trend};

/// What names in occasions refer to.
#[derive(Clone, Copy)]
pub(super) struct Names<'n> {
    pub(super) dictionary: &'n Dictionary,
    pub(super) segments: &'n segments::Table<'n>,
}

/// The keys of an occasion, as messages list them.
pub(super) const KEYS: &str = "when, bands, tiers, trends, segments, except-segments, gate";

/// An occasion as it was read.
pub(super) enum Read {
    Occasion(Occasion),
    /// It is only for segments that the model no longer has, or looks at metrics that it no longer has, in a shipped file.
    Moot,
}

/// Takes all that limits an entry out of it.
pub(super) fn occasion(fields: &mut Fields<'_>, names: Names<'_>) -> Result<Read, Reported> {
    let mut moot = false;
    let conditions = match fields.optional("when") {
        Some(item) if is_moot(item, names.dictionary) => {
            moot = true;
            Some(Vec::new())
        }
        Some(item) => conditions(item, names.dictionary),
        None => Some(Vec::new()),
    };
    let bands = list(fields, "bands", bands);
    let tiers = list(fields, "tiers", tiers);
    let trends = list(fields, "trends", trends);
    let profiles = limited(fields, names.segments);
    let gate_opens = match fields.optional("gate") {
        Some(item) => item.one_of("state of the gate", &[("open", true), ("closed", false)]).map(Some).ok_or(Reported),
        None => Ok(None),
    };
    let (Some(conditions), Some(bands), Some(tiers), Some(trends)) = (conditions, bands, tiers, trends) else {
        return Err(Reported);
    };
    let (profiles, gate_opens) = (profiles?, gate_opens?);
    let Some(profiles) = profiles else { return Ok(Read::Moot) };
    if moot {
        return Ok(Read::Moot);
    }
    Ok(Read::Occasion(Occasion { conditions, bands, tiers, trends, profiles, gate_opens }))
}

fn list<'a, T>(
    fields: &mut Fields<'a>,
    key: &'static str,
    read: impl FnOnce(Item<'a>) -> Option<Vec<T>>,
) -> Option<Vec<T>> {
    match fields.optional(key) {
        Some(item) => read(item).filter(|list| not_empty(item, list.is_empty(), "entry")),
        None => Some(Vec::new()),
    }
}

/// Whether conditions of a shipped file look at a metric that the dictionary no longer has.
fn is_moot(item: Item<'_>, dictionary: &Dictionary) -> bool {
    let Data::List(nodes) = item.data() else { return false };
    let unknown = |node: &super::tree::Node| {
        let Data::Table(table) = &node.data else { return false };
        let path = table.get("metric").map(|entry| &entry.node.data);
        matches!(path, Some(Data::Text(path)) if dictionary.schema.slot(path).is_none())
    };
    item.report.is_shipped(item.origin) && nodes.iter().any(unknown)
}

/// The segments that an entry is limited to, all where there are none; `Ok(None)` where the model has none of them any more.
fn limited(fields: &mut Fields<'_>, segments: &segments::Table<'_>) -> Result<Option<Vec<Profile>>, Reported> {
    let (only, except) = (fields.optional("segments"), fields.optional("except-segments"));
    if let (Some(only), Some(except)) = (only, except) {
        let finding = only.finding("`segments` and `except-segments` exclude each other".to_owned());
        let help = "to change which of them a lower file gives, write segments = { remove = true }, or the other";
        only.report.add(finding.mark(except.origin, "").latest_first().help(help.to_owned()));
        return Err(Reported);
    }
    if let Some(item) = only {
        let profiles = profiles(item, segments, "entry").ok_or(Reported)?;
        return Ok((!profiles.is_empty()).then_some(profiles));
    }
    let Some(item) = except else { return Ok(Some(Vec::new())) };
    let left_out = profiles(item, segments, "entry").ok_or(Reported)?;
    if left_out.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let all = (0..u16::MAX).map(Profile).take(segments.list.len());
    let left: Vec<Profile> = all.filter(|profile| !left_out.contains(profile)).collect();
    if left.is_empty() {
        let title = "`except-segments` names all segments, so the entry would never apply".to_owned();
        if !item.report.is_shipped(item.origin) {
            item.report.add(item.finding(title));
            return Err(Reported);
        }
        return Ok(None);
    }
    Ok(Some(left))
}

/// A list of segments, without those that only a shipped file names; `what` is what they limit.
pub(super) fn profiles(item: Item<'_>, segments: &segments::Table<'_>, what: &str) -> Option<Vec<Profile>> {
    let items = item.list()?;
    not_empty(item, items.is_empty(), what).then(|| items.into_iter().filter_map(|item| segments.find(item)).collect())
}

/// Reports a list without entries; `what` is what it limits.
pub(super) fn not_empty(item: Item<'_>, is_empty: bool, what: &str) -> bool {
    if is_empty {
        let title = format!("{} is empty, so the {what} would never apply", item.name);
        item.report.add(item.finding(title).help("leave the key out where it makes no difference".to_owned()));
    }
    !is_empty
}

/// A list of words.
fn words<T: Copy>(item: Item<'_>, what: &str, known: &[(&str, T)]) -> Option<Vec<T>> {
    let items = item.list()?;
    let count = items.len();
    let found: Vec<T> = items.into_iter().filter_map(|item| item.one_of(what, known)).collect();
    (found.len() == count).then_some(found)
}

/// A list of churn tiers.
pub(super) fn tiers(item: Item<'_>) -> Option<Vec<Tier>> {
    words(item, "tier", &Tier::ALL.map(|tier| (tier.name(), tier)))
}

/// A list of health bands.
pub(super) fn bands(item: Item<'_>) -> Option<Vec<Band>> {
    words(item, "band", &Band::ALL.map(|band| (band.name(), band)))
}

fn trends(item: Item<'_>) -> Option<Vec<Trend>> {
    words(item, "trend", &[Trend::Improving, Trend::Stable, Trend::Declining].map(|trend| (trend.name(), trend)))
}

/// A list of conditions on metrics.
pub(super) fn conditions(item: Item<'_>, dictionary: &Dictionary) -> Option<Vec<Condition>> {
    let mut conditions = Vec::new();
    let mut sound = true;
    for item in item.list()? {
        let found = condition(item, dictionary);
        sound &= found.is_some();
        conditions.extend(found.into_iter().flatten());
    }
    sound.then_some(conditions)
}

fn condition(item: Item<'_>, dictionary: &Dictionary) -> Option<Vec<Condition>> {
    let mut fields = item.fields()?;
    let metric = fields.required("metric").and_then(|item| dictionary.find(item));
    let tests = ladder::tests(&mut fields, metric, ladder::Allowed::OfValue);
    fields.finish();
    let slot = metric?.slot;
    Some(tests?.into_iter().map(|test| Condition { slot, test }).collect())
}
