//! The data of a portfolio for machines.

use std::io;

use serde::Serialize;

use super::super::{Context, Validation};
use super::{ProblemRecord, Provenance, Sink};
use crate::analysis::{Inventory, MetricCoverage, OddUnit};
use crate::intake::{Problem, Severity};

#[derive(Serialize)]
struct ValidationHead<'a> {
    report: &'static str,
    provenance: Provenance<'a>,
    summary: ValidationSummary,
}

#[derive(Serialize)]
struct ValidationSummary {
    usable: bool,
    records: u64,
    invalid_records: u64,
    error_count: u64,
    warning_count: u64,
    note_count: u64,
}

#[derive(Serialize)]
struct SeverityRecord<'a> {
    severity: &'static str,
    #[serde(flatten)]
    problem: ProblemRecord<'a>,
}

impl<'a> SeverityRecord<'a> {
    fn new(problem: &'a Problem) -> Self {
        Self { severity: problem.severity.name(), problem: ProblemRecord(problem) }
    }
}

#[derive(Serialize)]
struct MetricRecord<'a> {
    metric: &'a str,
    label: &'a str,
    unit: Option<&'a str>,
    filled: u64,
    coverage: f64,
    min: Option<f64>,
    median: Option<f64>,
    max: Option<f64>,
    looks_like: Option<&'static str>,
}

impl<'a> MetricRecord<'a> {
    fn new(context: &Context<'a>, coverage: &MetricCoverage) -> Option<Self> {
        let metric = context.models.schema.metrics().get(coverage.metric)?;
        let spread = |position: usize| coverage.spread.map(|spread| spread[position]);
        Some(Self {
            metric: &metric.path,
            label: &metric.label,
            unit: metric.unit.as_deref(),
            filled: coverage.filled,
            coverage: coverage.share(),
            min: spread(0),
            median: spread(1),
            max: spread(2),
            looks_like: coverage.odd_unit.map(|odd| match odd {
                OddUnit::Ratio => "ratio",
                OddUnit::Percent | OddUnit::PercentOfFive => "percent",
                OddUnit::NetScore => "net_score",
                OddUnit::TenPoints => "points_of_ten",
            }),
        })
    }
}

#[derive(Serialize)]
struct AccountRecord<'a> {
    customer_id: &'a str,
    name: &'a str,
    filled: usize,
    metrics: usize,
    coverage: f64,
}

/// Writes what was found in the data of a portfolio: `problems`, `metrics` and `accounts`.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_validation(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    validation: &Validation,
    sink: &mut impl Sink,
) -> io::Result<()> {
    let reading = context.reading;
    sink.head(&ValidationHead {
        report: "data_validation",
        provenance: Provenance::of(context),
        summary: ValidationSummary {
            usable: validation.count(Severity::Error) == 0,
            records: reading.records,
            invalid_records: reading.invalid,
            error_count: validation.count(Severity::Error),
            warning_count: validation.count(Severity::Warning),
            note_count: validation.count(Severity::Note),
        },
    })?;
    sink.list("problems")?;
    for problem in &validation.problems {
        sink.record(&SeverityRecord::new(problem))?;
    }
    sink.list("metrics")?;
    for coverage in &validation.metrics {
        if let Some(record) = MetricRecord::new(context, coverage) {
            sink.record(&record)?;
        }
    }
    sink.list("accounts")?;
    for account in inventory.accounts() {
        sink.record(&AccountRecord {
            customer_id: &account.id,
            name: &account.name,
            filled: account.filled,
            metrics: account.metrics,
            coverage: account.share(),
        })?;
    }
    sink.end()
}
