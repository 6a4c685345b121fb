//! Which figures are missing most, by what they weigh.

use crate::analysis::{Model, Totals};
use crate::report::Context;
use crate::report::document::{Block, Cell, Column, Table, line};

/// Metrics that the list of gaps names.
const SHOWN: usize = 10;

/// The score that a metric is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Score {
    Health,
    Churn,
}

impl Score {
    fn label(self) -> &'static str {
        match self {
            Self::Health => "Health",
            Self::Churn => "Churn risk",
        }
    }

    /// The name in output for machines.
    pub(in crate::report) fn key(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Churn => "churn",
        }
    }
}

/// A metric that is absent or too old in some accounts.
pub(in crate::report) struct Gap<'m> {
    /// Its path in the input.
    pub(in crate::report) path: &'m str,
    /// What people call it.
    pub(in crate::report) label: &'m str,
    /// The score that it is read for.
    pub(in crate::report) score: Score,
    /// The share of the whole score that rests on it, 0–1.
    pub(in crate::report) weight: f64,
    /// In how many accounts.
    pub(in crate::report) accounts: u64,
    /// In which share of all accounts, 0–1.
    pub(in crate::report) share: f64,
}

/// The metrics that are absent or too old in some accounts, those first whose absence costs the scores most. Shares are of all accounts
/// that are not onboarding or churned.
pub(in crate::report) fn gaps<'m>(context: &Context<'m>, totals: &Totals) -> Vec<Gap<'m>> {
    let models = context.models;
    let all = totals.all.accounts;
    let of = |score, model: &'m Model, absent: &[u64]| {
        // The weights are those of the default segment: plans differ by segment only in their scales.
        let weights = model.plan(models.segments.default_profile()).shares();
        let signals = model.signals().iter().zip(weights).zip(absent).filter(|(_, accounts)| **accounts > 0);
        let gaps = signals.map(|((signal, weight), accounts)| {
            let metric = models.schema.metric(signal.slot);
            let share = *accounts as f64 / all as f64;
            Gap { path: &metric.path, label: &metric.label, score, weight: *weight, accounts: *accounts, share }
        });
        gaps.collect::<Vec<_>>()
    };
    let mut gaps = of(Score::Health, &models.health.model, &totals.absent_health);
    gaps.extend(of(Score::Churn, &models.churn.model, &totals.absent_churn));
    gaps.sort_by(|a, b| (b.weight * b.share).total_cmp(&(a.weight * a.share)));
    gaps
}

/// The gaps as a section; nothing where there are none.
pub(super) fn section(context: &Context<'_>, totals: &Totals) -> Vec<Block<'static>> {
    let gaps = gaps(context, totals);
    if gaps.is_empty() {
        return Vec::new();
    }
    let row = |gap: &Gap<'_>| {
        vec![
            Cell::from(gap.label),
            Cell::from(gap.score.label()),
            Cell::Share(gap.weight),
            Cell::Count(gap.accounts),
            Cell::Share(gap.share),
        ]
    };
    let rows: Vec<Vec<Cell>> = gaps.iter().take(SHOWN).map(row).collect();
    let columns = vec![
        Column::text("Metric", 0),
        Column::text("Score", 1),
        Column::figure("Weight in it", 2),
        Column::figure("Accounts without", 0),
        Column::figure("Share", 0),
    ];
    let mut blocks = vec![
        Block::Heading("Data gaps".into()),
        Block::Remark(
            "Figures that are missing or too old, those that weigh most first; csm validate shows every column.".into(),
        ),
        Block::Table(Table::of(columns, rows)),
    ];
    let more = gaps.len().saturating_sub(SHOWN);
    if more > 0 {
        blocks.push(Block::Remark(line!["and ", Cell::Count(more as u64), " more metrics."]));
    }
    blocks
}
