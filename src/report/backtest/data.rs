//! What a backtest rests on, and what is odd about it.

use super::Backtested;
use crate::evidence::{Cases, LATE_DAYS, Lives};
use crate::report::document::{Block, Cell, Line, line};

/// The extent of the data, then its oddities.
pub(super) fn data(subject: Backtested<'_>) -> Vec<Block<'static>> {
    let Backtested { history, lives, backtest, .. } = subject;
    let sample = &backtest.sample;
    let mut facts: Vec<(String, Line)> = Vec::new();
    let snapshots = history.snapshots();
    if let (Some(lives), Some(first), Some(last)) = (lives, snapshots.first(), snapshots.last()) {
        let mut line = line![Cell::Count(snapshots.len() as u64), " from ", Cell::Date(first.date)];
        line.0.extend([" to ".into(), Cell::Date(last.date)]);
        facts.push(("Snapshots".into(), line));
        let mut line = line![Cell::Count(history.ids().len() as u64)];
        if let Some(timing) = &backtest.timing {
            line.0.extend([", of which ".into(), Cell::Count(timing.departures), " left".into()]);
            line.0.extend([" by ".into(), Cell::Date(lives.observed_until)]);
        }
        facts.push(("Customers".into(), line));
        let mut line = Line::default();
        for (position, evaluation) in sample.evaluations.iter().enumerate() {
            if position > 0 {
                line.push(", ");
            }
            line.push(Cell::Date(evaluation.date));
        }
        if sample.evaluations.is_empty() {
            line.push(format!("none: no snapshot lies {} days before the end of the record", sample.horizon));
        }
        facts.push(("Evaluated".into(), line));
    }
    let mut line = line![Cell::Count(sample.rows.len() as u64), ", of which ", Cell::Count(sample.churned()), " left"];
    if let Some(base) = sample.base_rate() {
        line.0.extend([" (".into(), Cell::Share(base), ")".into()]);
    }
    facts.push(("Observations".into(), line));
    let (censored, not_scored) = sample
        .evaluations
        .iter()
        .fold((0, 0), |sums, evaluation| (sums.0 + evaluation.censored, sums.1 + evaluation.not_scored));
    if censored > 0 {
        facts.push(("Left out".into(), line![Cell::Count(censored), " whose fate is not known for the whole horizon"]));
    }
    if not_scored > 0 {
        facts.push((
            "Not scored".into(),
            line![Cell::Count(not_scored), format!(" without a {} score", sample.on.label())],
        ));
    }
    let mut blocks = vec![Block::Heading("Data".into()), Block::Facts(facts)];
    let oddities = lives.map(oddities).unwrap_or_default();
    if !oddities.is_empty() {
        blocks.push(Block::List(oddities));
    }
    blocks
}

/// What is odd about the outcomes and the customers, each with examples.
pub(in crate::report) fn oddities(lives: &Lives) -> Vec<Line> {
    let found = &lives.oddities;
    let late = format!("There more than {LATE_DAYS} days after they left, taken as having come back");
    let texts = [
        (&found.duplicate, "The same outcome of the same day several times, counted once"),
        (&found.contradicting, "Left and stayed on the same day: neither counts"),
        (&found.repeated, "Customers with different outcomes, such as a renewal and a later end: all of them count"),
        (&found.unknown, "Outcomes of customers that no snapshot has"),
        (&found.before, "Outcomes before the first snapshot"),
        (
            &found.after,
            "Outcomes after the last snapshot, which say nothing of those who stayed; where they are complete up to a later day, \
             --observed-until DATE says so",
        ),
        (&found.returned, late.as_str()),
        (&found.vanished, "No longer there without an outcome: known up to their last snapshot"),
        (&found.unconfirmed, "Called churned by the data without an outcome: known up to their last snapshot"),
        (&found.unseen, "Left before any snapshot that has them"),
        (&found.other_models, "Snapshots saved by another model, whose scores are taken as they stand"),
    ];
    texts.into_iter().filter_map(|(cases, text)| told(cases, text)).collect()
}

/// How many cases there are of something, with the first of them.
fn told(cases: &Cases, text: &str) -> Option<Line> {
    if cases.count == 0 {
        return None;
    }
    let more = if cases.has_more { ", …" } else { "" };
    Some(line![format!("{text}: "), Cell::Count(cases.count), format!(" ({}{more})", cases.examples.join(", "))])
}
