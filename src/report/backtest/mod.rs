//! A score held against what happened, for people.

mod charts;
mod data;
mod signals;
mod tables;
mod verdict;

use super::Context;
use super::document::{Block, Cell, Document, line};
use crate::evidence::{Backtest, History, Lives, On, Rate};

pub(in crate::report) use data::oddities;
pub(in crate::report) use signals::model_of;
pub(in crate::report) use tables::band as band_cell;
pub(in crate::report) use verdict::{doubtful_ids, plain, verdict};

/// A backtest and what it rests on.
#[derive(Clone, Copy)]
pub struct Backtested<'a> {
    /// The models, and where the data came from.
    pub context: Context<'a>,
    /// The snapshots.
    pub history: &'a History,
    /// What became of the customers; `None` where the data is a single labelled table.
    pub lives: Option<&'a Lives>,
    /// The figures.
    pub backtest: &'a Backtest,
}

/// The name of a band by its gravity.
pub(super) fn band_name(on: On, gravity: usize) -> &'static str {
    match on {
        On::Health => ["red", "yellow", "green"][gravity.min(2)],
        On::Churn => ["critical", "high", "medium", "low"][gravity.min(3)],
    }
}

/// The bands that raise an alarm, in words.
pub(super) fn alarmed(on: On) -> &'static str {
    match on {
        On::Health => "below green",
        On::Churn => "above low risk",
    }
}

/// A rate as a share; empty without any.
fn share(rate: Rate) -> Cell {
    Cell::or_empty(rate.share(), Cell::Share)
}

/// A backtest for people: the verdict, then what it rests on. `top` limits the lists of accounts.
pub fn backtest<'a>(subject: Backtested<'a>, top: Option<usize>, charts: bool) -> Document<'a> {
    let Backtested { context, backtest, lives, .. } = subject;
    let on = backtest.sample.on;
    let title = format!("Backtest of {}", on.label());
    let mut blocks: Vec<Block<'a>> = vec![Block::Heading("Verdict".into())];
    blocks.extend(verdict(subject).into_iter().map(Block::Text));
    if charts {
        blocks.extend(charts::charts(subject).into_iter().map(Block::Chart));
    }
    blocks.extend(data::data(subject));
    blocks.extend(tables::ranking(subject));
    blocks.extend(tables::bands(subject));
    blocks.extend(tables::timing(subject, top));
    blocks.extend(signals::signals(subject));
    blocks.extend(tables::forecast(backtest));
    blocks.extend(tables::retention(backtest));
    blocks.extend(tables::treatment(backtest));
    let days = u64::from(backtest.sample.horizon);
    if lives.is_some() {
        blocks.push(Block::Remark(line![
            "An observation is one account on one evaluation date; it counts as having left where it left within ",
            Cell::Count(days),
            " days. Intervals are 95 % intervals.",
        ]));
    } else {
        blocks.push(Block::Remark("One observation per account. Intervals are 95 % intervals.".into()));
    }
    Document {
        title: format!("{title} · {}", context.source),
        masthead: context.masthead(&title),
        currency: context.currency(),
        blocks: Box::new(blocks.into_iter()),
    }
}
