//! What every report for machines begins with.

use serde::{Serialize, Serializer};

use super::super::Context;
use crate::intake::Problem;

/// The version of the records. It rises when a key is renamed, dropped or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// The beginning of a report: what it is, what it rests on, and its summary.
#[derive(Debug, Serialize)]
pub struct Head<'a, S> {
    /// The name of the report.
    pub report: &'static str,
    /// What it rests on.
    pub provenance: Provenance<'a>,
    /// The sums over the population.
    pub summary: S,
    /// What was wrong with the data.
    pub data_quality: DataQuality<'a>,
}

impl<'a, S> Head<'a, S> {
    /// The beginning of a report of this name.
    pub fn new(report: &'static str, context: &Context<'a>, summary: S) -> Self {
        Self { report, provenance: Provenance::of(context), summary, data_quality: DataQuality::of(context) }
    }
}

/// Where a result comes from.
#[derive(Debug, Serialize)]
pub struct Provenance<'a> {
    /// The version of the program.
    pub csm_version: &'static str,
    /// The version of the records.
    pub schema_version: u32,
    /// The date that stood for today.
    pub as_of: String,
    /// The fingerprint of the effective model.
    pub model: String,
    /// The model files that are not the embedded ones, lowest first.
    pub model_overlays: Vec<&'a str>,
    /// The input.
    pub input: &'a str,
    /// The currency of all amounts, where the input names one.
    pub currency: Option<&'a str>,
}

impl<'a> Provenance<'a> {
    /// The provenance of results in a context.
    pub fn of(context: &Context<'a>) -> Self {
        Self {
            csm_version: env!("CARGO_PKG_VERSION"),
            schema_version: SCHEMA_VERSION,
            as_of: context.as_of.to_string(),
            model: context.models.fingerprint.to_string(),
            model_overlays: context.models.effective.overlays().map(|(_, path)| path).collect(),
            input: context.source,
            currency: context.reading.currency.as_deref(),
        }
    }
}

/// What was wrong with the data.
#[derive(Debug, Serialize)]
pub struct DataQuality<'a> {
    /// Records that were read.
    pub records: u64,
    /// Records that were left out because of errors.
    pub invalid_records: u64,
    /// How many warnings there are.
    pub warning_count: u64,
    /// The first of them; the count says whether there are more.
    pub warnings: Vec<ProblemRecord<'a>>,
    /// How many errors there are, in the records left out.
    pub error_count: u64,
    /// The first of them.
    pub errors: Vec<ProblemRecord<'a>>,
    /// What was passed over and is no fault, such as columns that nothing is known of.
    pub notes: Vec<ProblemRecord<'a>>,
}

impl<'a> DataQuality<'a> {
    /// The quality of the data that was read in a context.
    pub fn of(context: &Context<'a>) -> Self {
        let reading = context.reading;
        Self {
            records: reading.records,
            invalid_records: reading.invalid,
            warning_count: reading.problems.warning_count(),
            warnings: reading.problems.warnings().iter().map(ProblemRecord).collect(),
            error_count: reading.problems.error_count(),
            errors: reading.problems.errors().iter().map(ProblemRecord).collect(),
            notes: reading.problems.notes().iter().map(ProblemRecord).collect(),
        }
    }
}

/// A problem of the data.
#[derive(Debug)]
pub struct ProblemRecord<'a>(pub &'a Problem);

impl Serialize for ProblemRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'p> {
            record: Option<u64>,
            customer_id: Option<&'p str>,
            input: &'p str,
            field: Option<&'p str>,
            header: Option<&'p str>,
            line: Option<u64>,
            column: Option<u64>,
            cell: Option<String>,
            found: &'p str,
            allowed: &'p str,
        }
        let known = |number: u64| (number > 0).then_some(number);
        let problem = self.0;
        Fields {
            record: problem.record,
            customer_id: problem.customer.as_deref(),
            input: &problem.input,
            field: Some(problem.field.as_str()).filter(|field| !field.is_empty()),
            header: problem.header.as_deref(),
            line: known(problem.line),
            column: known(problem.column),
            cell: problem.cell(),
            found: &problem.found,
            allowed: &problem.allowed,
        }
        .serialize(serializer)
    }
}
