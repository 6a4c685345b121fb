//! What each metric says alone, for people.

use super::Backtested;
use super::tables::figure;
use crate::analysis::Model;
use crate::config::Models;
use crate::evidence::{Backtest, Direction, On, SignalEvidence};
use crate::report::document::{Block, Cell, Column, Table, Tone};

/// The model that a score comes from.
pub(in crate::report) fn model_of(models: &Models, on: On) -> &Model {
    match on {
        On::Health => &models.health.model,
        On::Churn => &models.churn.model,
    }
}

/// What a metric says, in a word or two.
pub(super) fn says(signal: &SignalEvidence) -> Cell {
    match (signal.direction, signal.is_reversed()) {
        (None, _) => Cell::toned("no evidence", Tone::Muted),
        (Some(direction), true) => {
            Cell::toned(format!("leavers are {}: against the model", direction.name()), Tone::Bad)
        }
        (Some(direction), false) => Cell::toned(format!("leavers are {}", direction.name()), Tone::Good),
    }
}

/// The AUC of a metric towards what it says: 0.5 and more where it says something.
pub(super) fn towards(signal: &SignalEvidence) -> (Option<f64>, [Option<f64>; 2]) {
    let (low, high) = (signal.interval.map(|interval| interval.low), signal.interval.map(|interval| interval.high));
    let is_low = match signal.direction.or(signal.expected) {
        Some(direction) => direction == Direction::Low,
        None => signal.auc.is_some_and(|auc| auc < 0.5),
    };
    let flip = |value: Option<f64>| value.map(|value| 1.0 - value);
    if is_low { (flip(signal.auc), [flip(high), flip(low)]) } else { (signal.auc, [low, high]) }
}

/// A table of all metrics.
pub(super) fn signals(subject: Backtested<'_>) -> Vec<Block<'static>> {
    let Backtested { context, backtest, lives, .. } = subject;
    let schema = &context.models.schema;
    if backtest.signals.is_empty() {
        let why = "Nothing can be said of single metrics: what earlier runs saved has scores alone.";
        return vec![Block::Heading("Metrics".into()), Block::Remark(why.into())];
    }
    let mut columns = vec![
        Column::text("Metric", 0),
        Column::figure("Weight", 1),
        Column::figure("Coverage", 2),
        Column::figure("AUC", 0),
        Column::figure("from", 0),
        Column::figure("to", 0),
        Column::text("Alone it says", 0),
    ];
    if lives.is_some() {
        columns.push(Column::figure("Days ahead", 1));
    }
    let rows = backtest.signals.iter().map(|signal| {
        let (auc, [low, high]) = towards(signal);
        let mut row = vec![
            Cell::Text(schema.metric(signal.slot).label.clone()),
            Cell::or_empty(signal.weight, Cell::Share),
            super::share(signal.coverage),
            figure(auc),
            figure(low),
            figure(high),
            says(signal),
        ];
        if lives.is_some() {
            row.push(Cell::or_empty(signal.lead.and_then(|lead| lead.median_days), Cell::Number));
        }
        row
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    vec![
        Block::Heading("Metrics".into()),
        Block::Remark(remark(backtest, lives.is_some()).into()),
        Block::Table(Table::of(columns, rows)),
    ]
}

/// How the table is to be read.
fn remark(backtest: &Backtest, has_time: bool) -> String {
    let mut remark = "Each metric alone, those of the model first. AUC towards what it says; an interval that holds 0.5 is no evidence, and \
                      one in twenty misses it by chance."
        .to_owned();
    if backtest.signals.iter().any(|signal| signal.weight.is_none()) {
        remark.push_str(" Without a weight: the model does not read it.");
    }
    if has_time {
        remark.push_str(" Days ahead: how long before the end it had turned bad for good, in the middle.");
    }
    remark
}
