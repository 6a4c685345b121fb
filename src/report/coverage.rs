//! What is said of missing data: how much a score rests on, and what is not scored.

use super::document::{Block, Cell, line};
use super::piece::counted;
use crate::analysis::{LOW_COVERAGE, Model, Tally};
use crate::engine::{Missing, Scorecard};

/// How much of a score rests on data; empty where all of it does.
pub(super) fn data(coverage: f64) -> Cell {
    if coverage < 1.0 { Cell::Share(coverage) } else { Cell::Empty }
}

/// What becomes of the weight that rests on no data.
fn the_rest(model: &Model) -> &'static str {
    match model.missing() {
        Missing::Default => " of the model's weight; the rest are defaults.",
        Missing::Redistribute => " of the model's weight; what is present takes over the rest.",
    }
}

/// A remark on how much of all scores rests on data, where that is not everything.
pub(super) fn mean_coverage(model: &Model, coverage: Option<f64>, low: Tally) -> Option<Block<'static>> {
    let coverage = coverage.filter(|coverage| *coverage < 1.0)?;
    let mut line = line!["The scores rest on ", Cell::Share(coverage), the_rest(model)];
    if low.accounts > 0 {
        line.push(" ");
        line.0.extend(counted(low.accounts, "account rests", "accounts rest").0);
        line.push(" on less than ");
        line.push(Cell::Share(LOW_COVERAGE));
        line.push(": what is absent is unknown, not safe.");
    }
    Some(Block::Remark(line))
}

/// How much of a score rests on data, where that is not all of it, or why there is no score.
pub(super) fn of(model: &Model, card: &Scorecard) -> Option<Block<'static>> {
    let line = match card.grade {
        Some(_) if card.coverage >= 1.0 => return None,
        Some(_) => line!["Rests on ", Cell::Share(card.coverage), the_rest(model)],
        None if model.minimum_coverage() > 0.0 => line![
            "Not scored: ",
            Cell::Share(card.coverage),
            " of the model's weight rests on data, the minimum is ",
            Cell::Share(model.minimum_coverage()),
            ".",
        ],
        None => line!["Not scored: none of the model's metrics is known."],
    };
    Some(Block::Remark(line))
}

/// How many accounts are not scored, their ARR, and why; `None` where all are. `what` says in what they are not.
pub(super) fn not_scored(model: &Model, tally: Tally, what: &str) -> Option<Block<'static>> {
    if tally.accounts == 0 {
        return None;
    }
    let mut line = counted(tally.accounts, "account", "accounts");
    line.push(" (ARR ");
    line.push(Cell::Money(tally.arr));
    line.push(if tally.accounts == 1 { ") is not scored: " } else { ") are not scored: " });
    if model.minimum_coverage() > 0.0 {
        line.push("less than ");
        line.push(Cell::Share(model.minimum_coverage()));
        line.push(" of the model's weight, the minimum, rests on data. ");
    } else {
        line.push("none of the model's metrics is known. ");
    }
    line.push(format!("Not in {what}."));
    Some(Block::Remark(line))
}
