//! What `csm health` and `csm churn` said of a portfolio on an earlier day, read from their records.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read};

use chrono::NaiveDate;
use memchr::memmem;
use serde::Deserialize;

use super::bytes::{self, Content, TextKind, content_error};
use super::date::date;
use super::problem::{Problem, Severity};
use super::table::Broken;
use super::{ReadError, Source, shown_name, text};
use crate::account::{Lifecycle, Segments};
use crate::analysis::{Band, Tier};
use crate::evidence::{Customer, Point, SavedPoint, Score};

/// The results of an earlier run.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The day that they are of, where they say it; lines of NDJSON do not.
    pub date: Option<NaiveDate>,
    /// The fingerprint of the model that made them; empty where they do not say it.
    pub model: String,
    /// The currency of the amounts, where it is known.
    pub currency: Option<String>,
    /// What they say of each account, with its name.
    pub points: Vec<(SavedPoint, String)>,
    /// How many accounts there were, where they say it: lists can be cut.
    pub total: Option<u64>,
    /// The scores of the dimensions of health by their names, by the customer's id.
    pub dimensions: HashMap<String, Vec<(String, f64)>>,
}

/// The names of the reports that tell a score of each account.
const REPORTS: [&str; 2] = ["customer_health_scores", "churn_risk_analysis"];
/// The report and what it rests on stand at the top of it, and in a record what tells it from that of a portfolio.
pub(super) const HEAD: usize = 1 << 10;

/// Whether a text that begins so is what the program writes for programs.
pub(super) fn is_result(text: &[u8]) -> bool {
    is_whole(text) || is_lines(text)
}

fn has(text: &[u8], keys: &[&str]) -> bool {
    keys.iter().all(|key| memmem::find(text, format!("\"{key}\"").as_bytes()).is_some())
}

fn is_whole(text: &[u8]) -> bool {
    has(&text[..text.len().min(HEAD)], &["report", "provenance", "csm_version"])
}

/// Whether the first line is a record of health or of churn risk.
fn is_lines(text: &[u8]) -> bool {
    let text = &text[..text.len().min(HEAD)];
    let line = &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())];
    line.starts_with(b"{\"customer_id\"")
        && (has(line, &["customer_id", "overall_score", "classification", "dimensions"])
            || has(line, &["customer_id", "risk_score", "risk_tier", "signal_scores"]))
}

#[derive(Deserialize)]
struct Whole {
    report: String,
    provenance: Provenance,
    summary: Option<Summary>,
    #[serde(default)]
    customers: Vec<Record>,
}

#[derive(Deserialize)]
struct Summary {
    total_customers: Option<u64>,
}

#[derive(Deserialize)]
struct Provenance {
    as_of: String,
    model: String,
    currency: Option<String>,
}

#[derive(Deserialize)]
struct Record {
    customer_id: String,
    #[serde(default)]
    name: String,
    segment: Option<String>,
    #[serde(default)]
    arr: f64,
    lifecycle: Option<String>,
    overall_score: Option<f64>,
    classification: Option<String>,
    risk_score: Option<f64>,
    risk_tier: Option<String>,
    #[serde(default)]
    dimensions: BTreeMap<String, Dimension>,
}

#[derive(Deserialize)]
struct Dimension {
    score: Option<f64>,
}

/// Reads the results of an earlier run; a problem where they cannot be used.
///
/// # Errors
///
/// Where bytes cannot be read.
pub fn read_saved(
    source: Source<'_>,
    max_unpacked: u64,
    segments: &Segments,
) -> Result<Result<Saved, Problem>, ReadError> {
    let name = shown_name(source.name);
    match read(source, max_unpacked, segments) {
        Ok(saved) => Ok(Ok(saved)),
        Err(Broken::Content { line, found, allowed }) => {
            Ok(Err(Problem { line, found, ..Problem::of_input(Severity::Error, name, allowed) }))
        }
        Err(Broken::Input(source)) => Err(ReadError::Input { name: name.to_string(), source }),
    }
}

fn read(source: Source<'_>, max_unpacked: u64, segments: &Segments) -> Result<Saved, Broken> {
    let Content::Text { bytes, kind: TextKind::Json } =
        bytes::open(source.bytes, source.name, source.format, None, max_unpacked)?
    else {
        return Err(unfit(0, "a table", "expected results of csm health or csm churn as JSON"));
    };
    let mut bytes = BufReader::with_capacity(1 << 16, bytes);
    // A record of a line may be longer than what is at hand, but not what tells it from a whole report.
    let head = bytes.fill_buf().map_err(broken)?;
    if is_whole(head) {
        let Whole { report, provenance, summary, customers } =
            serde_json::from_reader(bytes).map_err(|error| damaged(error, 0))?;
        if !REPORTS.contains(&report.as_str()) {
            let found = format!("the report {}", text::quoted(&report));
            return Err(unfit(
                0,
                &found,
                "which tells no score of each account: expected one of csm health or csm churn",
            ));
        }
        let Some(day) = date(&provenance.as_of) else {
            return Err(unfit(0, &text::quoted(&provenance.as_of), "expected a date as provenance.as_of"));
        };
        let Provenance { model, currency, .. } = provenance;
        let total = summary.and_then(|summary| summary.total_customers);
        return Ok(Saved { date: Some(day), model, currency, total, ..of_records(customers, segments)? });
    }
    let mut records = Vec::new();
    let mut line = String::new();
    for number in 1.. {
        line.clear();
        if bytes.by_ref().take(super::buffer::LIMIT as u64).read_line(&mut line).map_err(broken)? == 0 {
            break;
        }
        if !line.trim().is_empty() {
            records.push(serde_json::from_str(&line).map_err(|error| damaged(error, number))?);
        }
    }
    of_records(records, segments)
}

/// What records say that do not say of which day they are.
fn of_records(mut records: Vec<Record>, segments: &Segments) -> Result<Saved, Broken> {
    let mut seen = std::collections::HashSet::new();
    for record in &records {
        if !seen.insert(record.customer_id.as_str()) {
            let found = format!("the customer {} twice", text::quoted(&record.customer_id));
            return Err(unfit(0, &found, "expected each customer once a day"));
        }
    }
    let mut dimensions = HashMap::new();
    for record in records.iter_mut().filter(|record| !record.dimensions.is_empty()) {
        let scores = std::mem::take(&mut record.dimensions).into_iter();
        let scores = scores.filter_map(|(name, dimension)| Some((name, dimension.score?)));
        dimensions.insert(record.customer_id.clone(), scores.collect());
    }
    let points = records.into_iter().map(|record| point(record, segments)).collect();
    Ok(Saved { date: None, model: String::new(), currency: None, points, total: None, dimensions })
}

fn point(record: Record, segments: &Segments) -> (SavedPoint, String) {
    let score = |value: Option<f64>, word: Option<String>, names: &[&str]| {
        let band = names.iter().position(|known| word.as_deref() == Some(known))?;
        Some(Score { value: value?, band: u8::try_from(band).ok()? })
    };
    let profile = record.segment.as_deref().and_then(|segment| segments.find(segment));
    let point = Point {
        customer: Customer(0),
        profile: profile.unwrap_or_else(|| segments.default_profile()),
        lifecycle: record.lifecycle.as_deref().and_then(Lifecycle::from_word).unwrap_or_default(),
        arr: record.arr,
        health: score(record.overall_score, record.classification, &Band::ALL.map(Band::name)),
        churn: score(record.risk_score, record.risk_tier, &Tier::ALL.map(Tier::name)),
    };
    (SavedPoint { id: record.customer_id, point }, record.name)
}

fn damaged(error: serde_json::Error, line: u64) -> Broken {
    if error.is_io() {
        return broken(error.into());
    }
    let line = if line == 0 { error.line() as u64 } else { line };
    unfit(line, &text::plain(&error.to_string()), "expected what csm health or csm churn wrote")
}

fn broken(error: std::io::Error) -> Broken {
    match content_error(&error) {
        Some(allowed) => unfit(0, "", &allowed),
        None => Broken::Input(error),
    }
}

fn unfit(line: u64, found: &str, allowed: &str) -> Broken {
    Broken::Content { line, found: found.to_owned(), allowed: allowed.to_owned() }
}
