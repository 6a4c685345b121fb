//! A proposal as a commented mapping file.

use std::fmt::Write;

use super::{AggregateProposal, Certainty, ColumnProposal, Proposal, RowsAre, TableProposal};
use crate::config::literal::{is_unseen, number, quoted, quoted_key};
use crate::config::mapping::{
    Aggregate, Decimal, Filter, FilterTest, How, Literal, Matches, SourceMapping, ValueReading,
};

/// The proposal as the text of a mapping file. What is doubtful stands in it as a comment, with why; what nothing feeds and what
/// nothing uses is listed.
pub fn to_toml(proposal: &Proposal) -> String {
    let mut out = String::from(HEAD);
    for table in &proposal.tables {
        write_table(table, &mut out);
    }
    if proposal.currencies.len() > 1 {
        write_rates(&proposal.currencies, &mut out);
    }
    if !proposal.unfed.is_empty() {
        out.push_str("\n# Metrics that nothing feeds:\n");
        for metric in &proposal.unfed {
            let unit = metric.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
            let _ = writeln!(out, "#   {}: {}{}", remark(&metric.path), remark(&metric.label), remark(&unit));
        }
    }
    out
}

/// Says that rates are needed, as a comment: nobody but the user knows them.
fn write_rates(currencies: &[String], out: &mut String) {
    out.push_str("\n# There are several currencies. Say what one unit of each is worth in one of them:\n# [rates]\n");
    for (position, currency) in currencies.iter().enumerate() {
        let _ = match position {
            0 => writeln!(out, "# base = {}", quoted(currency)),
            _ => writeln!(out, "# {} = 1.0", quoted_key(currency)),
        };
    }
}

const HEAD: &str = "\
# Which column of which file feeds what. Proposed from the headers and a sample of the values: look at every
# line behind \"unsure\", and take the # away from lines that are right.
format = 1
";

/// A text as part of a comment: on one line, and nothing in it that is not seen.
fn remark(text: &str) -> String {
    text.chars().map(|letter| if is_unseen(letter) { ' ' } else { letter }).collect()
}

fn write_table(table: &TableProposal, out: &mut String) {
    // Columns and aggregates of a proposal stand beside its source, with how firmly they are proposed.
    let SourceMapping { name, matches, sheet, encoding, header_row, date, decimal, absent, columns: _, aggregates: _ } =
        &table.source;
    let key = format!("sources.{}", quoted_key(name));
    let _ = writeln!(out, "\n[{key}]");
    match matches {
        Matches::Files(patterns) => {
            let patterns: Vec<String> = patterns.iter().map(|pattern| quoted(pattern.text())).collect();
            match patterns.as_slice() {
                [only] => _ = writeln!(out, "file = {only}"),
                several => _ = writeln!(out, "file = [{}]", several.join(", ")),
            }
        }
        Matches::Position(position) => _ = writeln!(out, "position = {position}"),
    }
    if let Some(sheet) = sheet {
        let _ = writeln!(out, "sheet = {}", quoted(sheet));
    }
    if let Some(encoding) = encoding {
        let _ = writeln!(out, "encoding = {}", quoted(encoding));
    }
    if let Some(row) = header_row {
        let _ = writeln!(out, "header-row = {row}");
    }
    if let Some(date) = date {
        let _ = writeln!(out, "date = {}", quoted(date.text()));
    }
    if let Some(decimal) = decimal {
        let _ = writeln!(out, "decimal = {}", decimal_text(*decimal));
    }
    if !absent.is_empty() {
        let _ = writeln!(out, "absent = {}", list(absent));
    }
    if !table.has_id {
        out.push_str("# No column looks like the id of the account. Name it: \"HEADER\" = \"customer_id\"\n");
    }
    match table.rows {
        RowsAre::Accounts => {}
        RowsAre::Snapshots => {
            out.push_str("# There is a row for each id and day: a history, for csm trend, backtest and calibrate.\n");
        }
        RowsAre::Events => {
            out.push_str("# There are several rows for an id, so that all else is computed from them.\n");
        }
    }
    let _ = writeln!(out, "\n[{key}.columns]");
    for column in &table.columns {
        write_column(column, out);
    }
    if !table.attributes.is_empty() {
        let _ = writeln!(out, "\n# Text to group accounts by.\n[{key}.attributes]");
    }
    for (header, path) in &table.attributes {
        let _ = writeln!(out, "{} = {}", quoted(header), quoted(path));
    }
    for aggregate in &table.aggregates {
        write_aggregate(aggregate, &key, out);
    }
    if !table.unused.is_empty() {
        out.push_str("\n# Columns that nothing uses:\n");
        for column in &table.unused {
            let example = column.example.as_ref().map(|example| format!(", such as {}", quoted(&short(example))));
            let reason = column.reason.as_ref().map(|reason| format!(": {}", remark(reason)));
            let (example, reason) = (example.unwrap_or_default(), reason.unwrap_or_default());
            let _ = writeln!(out, "#   {}{example}{reason}", quoted(&short(&column.header)));
        }
    }
}

/// The beginning of a text.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    let mut start: String = text.chars().take(MOST).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// Writes why something should be looked at; gives what stands before its lines.
fn write_reason(certainty: &Certainty, out: &mut String) -> &'static str {
    if let Some(reason) = certainty.reason() {
        let _ = writeln!(out, "# unsure: {}", remark(reason));
    }
    if certainty.is_in_force() { "" } else { "# " }
}

fn write_column(column: &ColumnProposal, out: &mut String) {
    let before = write_reason(&column.certainty, out);
    let (header, path) = (quoted(&column.header), quoted(&column.path));
    let keys = reading_keys(&column.reading);
    if keys.is_empty() {
        let _ = writeln!(out, "{before}{header} = {path}");
    } else {
        let _ = writeln!(out, "{before}{header} = {{ path = {path}, {} }}", keys.join(", "));
    }
}

fn write_aggregate(proposal: &AggregateProposal, source: &str, out: &mut String) {
    let Aggregate { path, how, filters, otherwise, reading } = &proposal.aggregate;
    out.push('\n');
    let before = write_reason(&proposal.certainty, out);
    let mut lines = vec![format!("[{source}.aggregates.{}]", quoted_key(path))];
    lines.extend(match how {
        How::Count => vec!["count = true".to_owned()],
        How::Share => vec!["share = true".to_owned()],
        How::Sum { column } => vec![format!("sum = {}", quoted(column))],
        How::Mean { column } => vec![format!("mean = {}", quoted(column))],
        How::Min { column } => vec![format!("min = {}", quoted(column))],
        How::Max { column } => vec![format!("max = {}", quoted(column))],
        How::Latest { column, by } => vec![format!("latest = {}", quoted(column)), format!("by = {}", quoted(by))],
    });
    if !filters.is_empty() {
        let filters: Vec<String> = filters.iter().map(filter).collect();
        lines.push(format!("where = {{ {} }}", filters.join(", ")));
    }
    lines.extend(otherwise.as_ref().map(|value| format!("otherwise = {}", literal(value))));
    lines.extend(reading_keys(reading));
    for line in lines {
        let _ = writeln!(out, "{before}{line}");
    }
}

fn filter(filter: &Filter) -> String {
    let test = match &filter.test {
        FilterTest::Is(words) => list(words),
        FilterTest::Not(words) => format!("{{ not = {} }}", list(words)),
        FilterTest::AtLeast(least) => format!("{{ at-least = {} }}", number(*least)),
        FilterTest::AtMost(most) => format!("{{ at-most = {} }}", number(*most)),
        FilterTest::WithinDays(days) => format!("{{ within-days = {} }}", number(*days)),
        FilterTest::Filled => "{ filled = true }".to_owned(),
        FilterTest::Empty => "{ filled = false }".to_owned(),
    };
    format!("{} = {test}", quoted(&filter.column))
}

fn list(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("[{}]", words.join(", "))
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Number(value) => number(*value),
        Literal::Text(text) => quoted(text),
        Literal::Flag(flag) => flag.to_string(),
    }
}

fn decimal_text(decimal: Decimal) -> &'static str {
    match decimal {
        Decimal::Point => "\".\"",
        Decimal::Comma => "\",\"",
    }
}

/// The keys that say how cells are read.
fn reading_keys(reading: &ValueReading) -> Vec<String> {
    let ValueReading { words, convert, date, decimal } = reading;
    let mut keys = Vec::new();
    keys.extend(convert.map(|convert| format!("convert = {}", quoted(convert.name()))));
    if !words.is_empty() {
        let words: Vec<String> =
            words.iter().map(|(theirs, ours)| format!("{} = {}", quoted(theirs), quoted(ours))).collect();
        keys.push(format!("words = {{ {} }}", words.join(", ")));
    }
    keys.extend(date.as_ref().map(|date| format!("date = {}", quoted(date.text()))));
    keys.extend(decimal.map(|decimal| format!("decimal = {}", decimal_text(decimal))));
    keys
}
