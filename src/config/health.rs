//! `health.toml`: the health model.

use super::fields::Item;
use super::metrics::Dictionary;
use super::problem::Reported;
use super::segments;
use super::signals::{self, Draft, PreviousIs};
use super::wording::SignalWording;
use crate::analysis::HealthModel;
use crate::engine::{Bands, Slot};

pub(super) struct HealthDraft<'a> {
    draft: Draft<'a>,
    threshold: Option<f64>,
    overall: Result<Option<Slot>, Reported>,
}

pub(super) fn decode<'a>(
    root: Item<'a>,
    dictionary: &mut Dictionary,
    segments: &segments::Table<'_>,
) -> Option<HealthDraft<'a>> {
    let mut file = root.fields()?;
    let draft = signals::decode(&mut file, dictionary, segments, PreviousIs::Known);
    let mut threshold = None;
    let mut overall = Ok(None);
    if let Some(mut trend) = file.required("trend").and_then(Item::fields) {
        threshold =
            trend.required("threshold").and_then(|item| item.number_where("points from 0", |points| points >= 0.0));
        if let Some(item) = trend.optional("overall") {
            overall = dictionary.find_number(item).map(Some).ok_or(Reported);
        }
        trend.finish();
    }
    file.finish();
    Some(HealthDraft { draft, threshold, overall })
}

impl HealthDraft<'_> {
    /// Whether a signal measures the metric by a benchmark; also where that could not be read.
    pub(super) fn has_benchmark(&self, slot: Slot) -> bool {
        self.draft.has_benchmark(slot)
    }

    pub(super) fn model(self, segments: &segments::Table<'_>) -> Option<(HealthModel, Vec<SignalWording>)> {
        let previous = self.draft.groups.iter().map(|group| group.previous).collect::<Result<_, _>>().ok()?;
        let bands: Vec<Bands> =
            segments.list.iter().map(|segment| Bands::new(segment.bands?.to_vec()).ok()).collect::<Option<_>>()?;
        let (model, wording) = self.draft.model(&bands, None)?;
        let model =
            HealthModel { model, trend_threshold: self.threshold?, previous, previous_overall: self.overall.ok()? };
        Some((model, wording))
    }
}
