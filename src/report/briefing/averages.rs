//! Mean scores of the dimensions of health, by segment.

use super::super::{Context, piece};
use crate::account::Profile;
use crate::analysis::Findings;
use crate::engine::Scorecard;

/// A mean as it grows.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    fn add(&mut self, score: f64) {
        self.sum += score;
        self.count += 1;
    }

    fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

/// The mean score of each dimension over the listed accounts, of each segment and of all. Accounts without a score in a dimension are
/// not in its mean.
#[derive(Debug, Clone)]
pub(super) struct Averages {
    segments: Vec<Vec<Mean>>,
    all: Vec<Mean>,
}

impl Averages {
    /// The means over the listed accounts, in one pass.
    pub(super) fn of(context: &Context<'_>, findings: &Findings<'_>) -> Self {
        let dimensions = vec![Mean::default(); context.models.health.model.groups().len()];
        let segments = vec![dimensions.clone(); context.models.segments.names().len()];
        let mut averages = Self { segments, all: dimensions };
        piece::each(findings, findings.listed(), |account, assessment| {
            averages.add(account.profile, &assessment.health.card);
        })
        .for_each(drop);
        averages
    }

    fn add(&mut self, profile: Profile, card: &Scorecard) {
        for (dimension, grade) in card.groups.iter().enumerate() {
            let Some(grade) = grade else { continue };
            self.all[dimension].add(grade.score);
            if let Some(segment) = self.segments.get_mut(profile.index()) {
                segment[dimension].add(grade.score);
            }
        }
    }

    /// The mean of a dimension in a segment; `None` where no account of it has a score there.
    pub(super) fn of_segment(&self, profile: Profile, dimension: usize) -> Option<f64> {
        self.segments.get(profile.index())?.get(dimension)?.value()
    }

    /// The mean of a dimension over all.
    pub(super) fn of_all(&self, dimension: usize) -> Option<f64> {
        self.all.get(dimension)?.value()
    }
}
