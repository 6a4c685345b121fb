//! What is wrong with the data, how much of it there is, and what it looks like.

use std::sync::Arc;

use super::document::{Block, Cell, Column, Document, Line, Table, Tone, line};
use super::{Context, short_number};
use crate::account::{Metric, Schema};
use crate::analysis::{Inventory, LOW_COVERAGE, MetricCoverage, OddUnit};
use crate::intake::{Problem, Severity, by_kind, plain, quoted};

/// The data of a portfolio, looked at without scoring it.
#[derive(Debug)]
pub struct Validation {
    /// The problems: errors, then warnings, then notes, each in the order of the input; of the warnings, those that are about the data
    /// as a whole first. Of each severity up to [`crate::intake::MAX_LISTED`] from the input.
    pub problems: Vec<Problem>,
    /// How many errors, warnings and notes there are beyond those.
    unlisted: [u64; 3],
    /// The metrics that can be read.
    pub metrics: Vec<MetricCoverage>,
}

impl Validation {
    /// What was found while reading, and what the data as a whole shows.
    pub fn new(context: &Context<'_>, inventory: &mut Inventory<'_>) -> Self {
        let (read, schema) = (&context.reading.problems, &context.models.schema);
        let metrics = inventory.metrics();
        let input: Arc<str> = context.source.into();
        let mut problems: Vec<Problem> = read.errors().to_vec();
        for coverage in &metrics {
            problems.extend(odd_unit(&input, schema, coverage));
        }
        for (name, ids) in inventory.shared_names() {
            problems.push(Problem {
                field: "name".to_owned(),
                found: format!("{} for {} customers", quoted(name), ids.len()),
                ..Problem::of_input(
                    Severity::Warning,
                    input.clone(),
                    format!("is one customer there several times? {}", shortened(&ids)),
                )
            });
        }
        problems.extend(read.warnings().iter().chain(read.notes()).cloned());
        let unfed: Vec<&str> =
            metrics.iter().filter(|metric| metric.filled == 0).map(|metric| path(schema, metric)).collect();
        if !unfed.is_empty() && !inventory.accounts().is_empty() {
            let are = if unfed.len() == 1 { "metric is" } else { "metrics are" };
            let allowed = format!("{} {are} filled for no account: {}", unfed.len(), shortened(&unfed));
            problems.push(Problem::of_input(Severity::Note, input, allowed));
        }
        let beyond = |count: u64, listed: &[Problem]| count - listed.len() as u64;
        let unlisted = [
            beyond(read.error_count(), read.errors()),
            beyond(read.warning_count(), read.warnings()),
            beyond(read.note_count(), read.notes()),
        ];
        Self { problems, unlisted, metrics }
    }

    /// How many problems of a severity there are.
    pub fn count(&self, severity: Severity) -> u64 {
        let listed = self.problems.iter().filter(|problem| problem.severity == severity).count() as u64;
        listed + self.unlisted[severity as usize]
    }
}

/// Accounts of which least is known that are shown.
const LEAST_KNOWN: usize = 10;
/// Examples that a message shows.
const EXAMPLES: usize = 5;

fn shortened(names: &[&str]) -> String {
    let more = if names.len() > EXAMPLES { ", …" } else { "" };
    let examples: Vec<String> = names.iter().take(EXAMPLES).map(|name| plain(name)).collect();
    format!("{}{more}", examples.join(", "))
}

fn path<'m>(schema: &'m Schema, coverage: &MetricCoverage) -> &'m str {
    schema.metrics().get(coverage.metric).map_or("", |metric| &metric.path)
}

fn odd_unit(input: &Arc<str>, schema: &Schema, coverage: &MetricCoverage) -> Option<Problem> {
    let (odd, [least, _, greatest]) = (coverage.odd_unit?, coverage.spread?);
    let metric: &Metric = schema.metrics().get(coverage.metric)?;
    let unit = metric.unit.as_deref().unwrap_or("its own unit");
    let (looks, convert) = match odd {
        OddUnit::Ratio => ("shares from 0 to 1", "ratio-to-percent"),
        OddUnit::Percent => ("percentages", "percent-to-ratio"),
        OddUnit::NetScore => ("a net score from -100 to 100", "nps-to-ten"),
        OddUnit::TenPoints => ("points from 1 to 10", "csat-ten-to-five"),
        OddUnit::PercentOfFive => ("percentages", "csat-percent-to-five"),
    };
    Some(Problem {
        field: metric.path.clone(),
        found: format!("values from {} to {}", short_number(least), short_number(greatest)),
        ..Problem::of_input(
            Severity::Warning,
            input.clone(),
            format!("which look like {looks}, expected {unit}: convert = \"{convert}\" in a mapping changes them"),
        )
    })
}

/// The data of a portfolio for people; `top` limits the problems and accounts that are shown.
pub fn validation<'a>(
    context: Context<'a>,
    inventory: &'a Inventory<'a>,
    validation: &'a Validation,
    top: Option<usize>,
) -> Document<'a> {
    let limit = top.unwrap_or(usize::MAX);
    let mut blocks = vec![Block::Text(verdict(&context, validation))];
    let problems = &validation.problems;
    if !problems.is_empty() {
        blocks.push(Block::Heading("Problems".into()));
        for (severity, title) in
            [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Note, "Notes")]
        {
            let of_severity = problems.iter().filter(|problem| problem.severity == severity);
            let shown = match severity {
                Severity::Warning => by_kind(of_severity),
                Severity::Error | Severity::Note => of_severity.map(|problem| (problem, 1)).collect(),
            };
            if shown.is_empty() {
                continue;
            }
            let count = validation.count(severity);
            blocks.push(Block::Subheading(line![title, " (", Cell::Count(count), ")"]));
            blocks.push(Block::List(shown.iter().take(limit).map(|(problem, count)| told(problem, *count)).collect()));
            let rest: usize = shown.iter().skip(limit).map(|(_, count)| count).sum();
            if rest > 0 {
                let them = if rest == 1 { "it" } else { "them" };
                let how = format!(" more: --top all shows {them}, --format csv writes {them} as a table.");
                blocks.push(Block::Remark(line![Cell::Count(rest as u64), how]));
            } else if count > shown.len() as u64 {
                blocks.push(Block::Remark("--format csv writes each of them, as a table.".into()));
            }
        }
    }
    let unlisted: u64 = validation.unlisted.iter().sum();
    if unlisted > 0 {
        blocks.push(Block::Remark(line![Cell::Count(unlisted), " further problems are counted and not listed."]));
    }
    if !inventory.accounts().is_empty() {
        blocks.push(Block::Heading("Coverage by metric".into()));
        blocks.push(Block::Table(metrics(&context, validation)));
        if limit > 0 {
            blocks.push(Block::Heading("Accounts of which least is known".into()));
            blocks.push(Block::Table(accounts(inventory, limit.min(LEAST_KNOWN))));
        }
    }
    Document {
        title: format!("Data as of {} · {}", context.as_of, context.source),
        masthead: context.masthead("Data"),
        currency: context.currency(),
        blocks: Box::new(blocks.into_iter()),
    }
}

/// A problem, and how many others are of its kind.
fn told(problem: &Problem, count: usize) -> Line {
    Line::from(match count {
        1 => problem.to_string(),
        _ => format!("{problem} (and {} more like it)", count - 1),
    })
}

fn verdict(context: &Context<'_>, validation: &Validation) -> Line {
    let reading = context.reading;
    // Nothing is scored of an input that cannot be used as a whole, even where some of its records are sound.
    let valid = if reading.problems.unusable() { 0 } else { reading.records - reading.invalid };
    let errors = validation.count(Severity::Error);
    let mut line = Line::default();
    if errors > 0 {
        line.push(Cell::toned("Not usable as it is", Tone::Bad));
    } else if validation.count(Severity::Warning) > 0 {
        line.push(Cell::toned("Usable, with doubts", Tone::Caution));
    } else {
        line.push(Cell::toned("Clean", Tone::Good));
    }
    line.push(": ");
    for (position, (severity, one, many)) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Note, "note", "notes"),
    ]
    .into_iter()
    .enumerate()
    {
        let count = validation.count(severity);
        line.push(if position == 0 { "" } else { ", " });
        line.push(Cell::Count(count));
        line.push(format!(" {}", if count == 1 { one } else { many }));
    }
    line.push(". ");
    line.push(Cell::Count(valid));
    line.push(" of ");
    line.push(Cell::Count(reading.records));
    line.push(if reading.records == 1 { " record can be scored." } else { " records can be scored." });
    line
}

fn metrics<'a>(context: &Context<'a>, validation: &'a Validation) -> Table<'a> {
    let schema = &context.models.schema;
    let figure = |number: f64| Cell::Text(short_number(number));
    let rows = validation.metrics.iter().map(move |coverage| {
        let metric = schema.metrics().get(coverage.metric);
        let [share, bar] = filled(coverage.share());
        let spread = |position: usize| Cell::or_empty(coverage.spread, |spread| figure(spread[position]));
        vec![
            // A path is there to be copied, so it is never shortened as a name is.
            Cell::toned(metric.map_or("", |metric| &metric.path), Tone::Plain),
            share,
            bar,
            spread(0),
            spread(1),
            spread(2),
            metric.and_then(|metric| metric.unit.clone()).unwrap_or_default().into(),
        ]
    });
    Table {
        columns: vec![
            Column::text("Metric", 0),
            Column::figure("Filled", 0),
            Column::text("", 2),
            Column::figure("Least", 1),
            Column::figure("Median", 1),
            Column::figure("Greatest", 1),
            Column::text("Unit", 3),
        ],
        rows: Box::new(rows),
    }
}

/// How much is filled, as a figure and as a bar.
fn filled(share: f64) -> [Cell; 2] {
    let tone = if share < LOW_COVERAGE { Tone::Caution } else { Tone::Good };
    [Cell::Share(share), Cell::Bar(share, tone)]
}

fn accounts<'a>(inventory: &'a Inventory<'a>, limit: usize) -> Table<'a> {
    let least = inventory.least_known().into_iter().take(limit);
    let rows = least.map(|account| {
        let [share, bar] = filled(account.share());
        vec![
            account.name.clone().into(),
            account.id.clone().into(),
            Cell::Count(account.filled as u64),
            Cell::Count(account.metrics as u64),
            share,
            bar,
        ]
    });
    Table {
        columns: vec![
            Column::text("Account", 0),
            Column::text("Id", 0),
            Column::figure("Metrics", 0),
            Column::figure("Of", 0),
            Column::figure("Filled", 0),
            Column::text("", 1),
        ],
        rows: Box::new(rows),
    }
}
