//! `industry.toml`: figures of the field, for comparison.

use super::fields::{Fields, Item};
use super::segments;
use crate::account::Profile;

/// Figures of the field. They change no score.
#[derive(Debug, Clone, PartialEq)]
pub struct Industry {
    /// What a portfolio usually aims at.
    pub targets: Targets,
    /// The average health of a portfolio, by the position of the segment; `None` where nothing is known.
    pub health: Vec<Option<HealthNorm>>,
    /// Retention over twelve months, by the position of the segment; `None` where nothing is known.
    pub retention: Vec<Option<RetentionNorm>>,
    /// Where the figures of `health` come from.
    pub health_source: String,
    /// Where the figures of `retention` come from.
    pub retention_source: String,
}

/// What a portfolio usually aims at, as shares of its accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Targets {
    /// The least share of green accounts, 0–1.
    pub green_share_at_least: f64,
    /// The share that red accounts should stay below, 0–1.
    pub red_share_below: f64,
    /// Where the figures come from.
    pub source: String,
}

/// The average health of a portfolio, 0–100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HealthNorm {
    /// What the middle of the field has.
    pub median: f64,
    /// What is worth aiming at.
    pub target: f64,
}

/// Retention over twelve months, as shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetentionNorm {
    /// Gross revenue retention, 0–1.
    pub grr_median: f64,
    /// Net revenue retention, from 0; may exceed 1.
    pub nrr_median: f64,
    /// Accounts lost, 0–1.
    pub logo_churn_median: f64,
}

impl Industry {
    /// The health of the field in a segment.
    pub fn health_of(&self, profile: Profile) -> Option<HealthNorm> {
        self.health.get(profile.index()).copied().flatten()
    }

    /// The retention of the field in a segment.
    pub fn retention_of(&self, profile: Profile) -> Option<RetentionNorm> {
        self.retention.get(profile.index()).copied().flatten()
    }
}

pub(super) fn decode(root: Item<'_>, segments: &segments::Table<'_>) -> Option<Industry> {
    let mut file = root.fields()?;
    let targets = file.required("targets").and_then(targets);
    let health = file.required("health").and_then(|item| by_segment(item, segments, health));
    let retention = file.required("retention").and_then(|item| by_segment(item, segments, retention));
    let sources = file.required("sources").and_then(sources);
    file.finish();
    let (health_source, retention_source) = sources?;
    Some(Industry { targets: targets?, health: health?, retention: retention?, health_source, retention_source })
}

fn share(fields: &mut Fields<'_>, key: &'static str) -> Option<f64> {
    fields.required(key)?.number_where("a share from 0 to 1", |share| (0.0..=1.0).contains(&share))
}

fn targets(item: Item<'_>) -> Option<Targets> {
    let mut fields = item.fields()?;
    let green = share(&mut fields, "green-share-at-least");
    let red = share(&mut fields, "red-share-below");
    let source = fields.required("source").and_then(Item::text);
    fields.finish();
    Some(Targets { green_share_at_least: green?, red_share_below: red?, source: source?.to_owned() })
}

fn by_segment<'a, T: Clone>(
    item: Item<'a>,
    segments: &segments::Table<'_>,
    read: impl Fn(&mut Fields<'a>) -> Option<T>,
) -> Option<Vec<Option<T>>> {
    let mut fields = item.fields()?;
    let mut norms = vec![None; segments.list.len()];
    let mut sound = true;
    for (name, origin, item) in fields.rest() {
        let norm = item.fields().and_then(|mut fields| {
            let norm = read(&mut fields);
            fields.finish();
            norm
        });
        sound &= norm.is_some();
        if let Some(profile) = segments.find_name(name, origin, item.report) {
            norms[profile.index()] = norm;
        }
    }
    sound.then_some(norms)
}

fn health(fields: &mut Fields<'_>) -> Option<HealthNorm> {
    let [median, target] = ["median", "target"]
        .map(|key| fields.required(key)?.number_where("a score from 0 to 100", |score| (0.0..=100.0).contains(&score)));
    Some(HealthNorm { median: median?, target: target? })
}

fn retention(fields: &mut Fields<'_>) -> Option<RetentionNorm> {
    let grr = share(fields, "grr-median");
    let nrr = fields.required("nrr-median").and_then(|item| item.number_where("a share from 0", |share| share >= 0.0));
    let churn = share(fields, "logo-churn-median");
    Some(RetentionNorm { grr_median: grr?, nrr_median: nrr?, logo_churn_median: churn? })
}

fn sources(item: Item<'_>) -> Option<(String, String)> {
    let mut fields = item.fields()?;
    let [health, retention] = ["health", "retention"].map(|key| fields.required(key).and_then(Item::text));
    fields.finish();
    Some((health?.to_owned(), retention?.to_owned()))
}
