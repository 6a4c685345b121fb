//! What is done with an input of each fuzz target. `fuzz/` gives these functions what libFuzzer makes up, `cargo test` the
//! stored corpus. They panic where something does not hold.
//!
//! An input of several parts has a line `---` between them, so that it can be read and written by hand.

mod models;
mod packed;
mod proposal;
mod reading;
mod workbook;

use std::sync::LazyLock;

use csm::config::{Mapping, Models, load, load_mapping};
use csm::intake::{Format, Key};

pub use models::{config, mapping};
pub use packed::bytes;
pub use proposal::propose;
use reading::{Found, Given, Portfolio};
pub use workbook::sheet;

/// What is done with an input.
pub type Target = fn(&[u8]);

/// The targets, by the names of their corpora.
pub const TARGETS: [(&str, Target); 11] = [
    ("json", json),
    ("ndjson", ndjson),
    ("csv", csv),
    ("mapped", mapped),
    ("xlsx", xlsx),
    ("sheet", sheet),
    ("bytes", bytes),
    ("joined", joined),
    ("mapping", mapping),
    ("propose", propose),
    ("config", config),
];

/// The shipped models.
pub static MODELS: LazyLock<Models> = LazyLock::new(|| load(Vec::new()).unwrap_or_else(|error| panic!("{error}")));

/// A mapping that gives each kind of column, and each way to compute with rows, something to do.
static MAPPING: LazyLock<Mapping> =
    LazyLock::new(|| loaded(include_str!("mapping.toml")).unwrap_or_else(|| panic!("the mapping of the targets")));

fn loaded(text: &str) -> Option<Mapping> {
    load_mapping("mapping.toml", text, &MODELS.schema, None).ok()
}

/// The parts of an input.
fn parts(data: &[u8]) -> Vec<&[u8]> {
    const BETWEEN: &[u8] = b"\n---\n";
    let mut parts = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        parts.push(&rest[..at]);
        rest = &rest[at + BETWEEN.len()..];
    }
    parts.push(rest);
    parts
}

/// JSON: an object with the list `customers`, or a list.
pub fn json(data: &[u8]) {
    let found =
        Portfolio::of(Given { format: Some(Format::Json), ..Given::new("portfolio.json", data) }).check_and_show();
    rejects_are_what_was_left_out(&found, Format::Json);
}

/// A customer per line; the same customers as a list must give the same.
pub fn ndjson(data: &[u8]) {
    let found = Portfolio::of(Given { format: Some(Format::JsonLines), ..Given::new("portfolio", data) }).check();
    rejects_are_what_was_left_out(&found, Format::JsonLines);
    let Some(list) = as_list(data) else { return };
    let other = Portfolio::of(Given { format: Some(Format::Json), ..Given::new("portfolio", &list) }).check();
    assert_eq!((found.reading.records, found.reading.invalid), (other.reading.records, other.reading.invalid));
    assert_eq!((found.reading.currency, found.accounts), (other.reading.currency, other.accounts));
}

/// Customers per line as a list, where they are objects without a mistake.
fn as_list(data: &[u8]) -> Option<Vec<u8>> {
    let mut objects = serde_json::Deserializer::from_slice(data).into_iter::<serde::de::IgnoredAny>();
    let mut list = b"[".to_vec();
    let mut start = 0;
    while let Some(object) = objects.next() {
        object.ok()?;
        let end = objects.byte_offset();
        let text = data[start..end].trim_ascii_start();
        if text.first() != Some(&b'{') {
            return None;
        }
        if start > 0 {
            list.push(b',');
        }
        list.extend_from_slice(text);
        start = end;
    }
    list.push(b']');
    (start > 0).then_some(list)
}

/// A table as text: alone, with a mapping of its columns, and with one that computes from rows.
pub fn csv(data: &[u8]) {
    let given = Given { format: Some(Format::Csv), ..Given::new("crm.csv", data) };
    let found = Portfolio::of(given).check();
    rejects_are_what_was_left_out(&found, Format::Csv);
    Portfolio::of(Given { format: Some(Format::Tsv), ..given }).check();
    for source in &MAPPING.sources {
        let given = Given { mapping: Some(source), ..given };
        Portfolio { rates: MAPPING.rates.as_ref(), ..Portfolio::of(given) }.check();
    }
}

/// A mapping, and behind it the tables that it is for.
pub fn mapped(data: &[u8]) {
    let parts = parts(data);
    let (mapping, tables) = parts.split_first().expect("one part at least");
    let Some(mapping) = str::from_utf8(mapping).ok().and_then(loaded) else { return };
    let names = ["crm.csv", "tickets.csv", "usage.csv"];
    let sources = tables.iter().zip(names).enumerate().map(|(index, (table, name))| {
        let mapping = mapping.source_for(name, index + 1);
        Given { mapping, ..Given::new(name, table) }
    });
    let portfolio = Portfolio { sources: sources.collect(), rates: mapping.rates.as_ref(), key: Key::Id, outer: true };
    if !portfolio.sources.is_empty() {
        portfolio.check_and_show();
    }
}

/// The zip file of a workbook.
pub fn xlsx(data: &[u8]) {
    let given = Given { format: Some(Format::Xlsx), ..Given::new("crm.xlsx", data) };
    Portfolio::of(given).check();
    Portfolio::of(Given { mapping: Some(&MAPPING.sources[0]), ..given }).check();
}

/// Up to three sources of any format, joined.
pub fn joined(data: &[u8]) {
    let parts = parts(data);
    let sources: Vec<Given<'_>> =
        parts.iter().zip(["crm", "usage", "tickets"]).map(|(part, name)| Given::new(name, part)).collect();
    let inner = Portfolio { sources: sources.clone(), rates: None, key: Key::Id, outer: false }.check();
    let outer = Portfolio { sources: sources.clone(), rates: MAPPING.rates.as_ref(), key: Key::Id, outer: true };
    let outer = outer.check_and_show();
    assert!(inner.reading.records <= outer.reading.records);
    let key = Key::Path("crm_id".to_owned());
    Portfolio { sources, rates: None, key, outer: true }.check();
}

/// The records that were left out can be read again, and are no more than were left out: what is no record there may look like the end
/// of a table here. A line that is no JSON may hold several values, and then there may be more of them.
fn rejects_are_what_was_left_out(found: &Found, format: Format) {
    if found.reading.problems.unusable() || found.reading.invalid == 0 {
        return;
    }
    let again = Portfolio::of(Given { format: Some(format), ..Given::new("rejects", &found.rejects) }).read();
    let may_be_several = format == Format::JsonLines;
    assert!(
        may_be_several || again.reading.records <= found.reading.invalid,
        "of {:?}",
        String::from_utf8_lossy(&found.rejects)
    );
}
