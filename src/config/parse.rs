//! From the text of a model file to its tree.

use toml::Spanned;
use toml::de::{DeArray, DeFloat, DeInteger, DeTable, DeValue};

use super::problem::{Finding, Report};
use super::source::{Document, Origin, Source};
use super::tree::{Data, Entry, Node, Table};

/// The format of the model files that this version reads.
const FORMAT: f64 = 1.0;

/// The most parts that a dotted key may have. Together with the parser's own limit on nesting it bounds the depth of a tree.
const MOST_KEY_PARTS: usize = 32;

/// A model file without the keys that speak of the file itself.
pub(super) struct Parsed {
    pub(super) root: Node,
    /// Whether the file starts from nothing rather than from what lies below it.
    pub(super) from_nothing: bool,
}

/// Parses a text. `None` where it is not TOML at all; what else is wrong is reported and left out of the tree.
pub(super) fn parse(source_index: usize, source: &Source, report: &Report<'_>) -> Option<Parsed> {
    let place = |span: std::ops::Range<usize>| Origin { source: source_index, start: span.start, end: span.end };
    if !source.shipped
        && let Some(span) = overlong_key(&source.text)
    {
        let title = format!("a key has more than {MOST_KEY_PARTS} parts");
        report.broken(source.document, Finding::new(place(span), title));
        return None;
    }
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    let mut seen: Vec<(usize, &str)> = Vec::new();
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        if !seen.contains(&(span.start, error.message())) {
            seen.push((span.start, error.message()));
            report.broken(source.document, Finding::new(place(span), format!("not TOML: {}", error.message())));
        }
    }
    if !errors.is_empty() {
        return None;
    }
    let reader = Reader { source: source_index, report };
    let mut root = reader.table(document.get_ref());
    check_format(&mut root, source_index, source, report)?;
    let from_nothing = source.document != Document::Mapping && takes_base_away(&mut root, report);
    let origin = Origin { source: source_index, start: 0, end: 0 };
    Some(Parsed { root: Node { origin, data: Data::Table(root) }, from_nothing })
}

/// Takes `format` out of the tree; `None` where this version cannot read the file.
fn check_format(root: &mut Table, index: usize, source: &Source, report: &Report<'_>) -> Option<()> {
    let allowed = "write `format = 1`, the only format that this version reads";
    match root.remove("format") {
        None => {
            let start = Origin { source: index, start: 0, end: 0 };
            report.add(Finding::new(start, "`format` is missing".to_owned()).help(allowed.to_owned()));
            Some(())
        }
        Some(Entry { node: Node { data: Data::Number(FORMAT), .. }, .. }) => Some(()),
        Some(Entry { node, .. }) => {
            let title = match node.data {
                Data::Number(number) => format!("format {number} is not supported, expected 1"),
                other => format!("`format` is {}, expected 1", other.kind()),
            };
            report.broken(source.document, Finding::new(node.origin, title).help(allowed.to_owned()));
            None
        }
    }
}

/// Takes `base` out of the tree; whether it says that the file starts from nothing.
fn takes_base_away(root: &mut Table, report: &Report<'_>) -> bool {
    let Some(Entry { node, .. }) = root.remove("base") else { return false };
    let found = match node.data {
        Data::Text(text) if text == "none" => return true,
        Data::Text(text) => format!("\"{text}\""),
        Data::Reported => return false,
        other => other.kind().to_owned(),
    };
    let title = format!("`base` is {found}, expected \"none\"");
    report.add(
        Finding::new(node.origin, title)
            .help("leave the key out to build on the shipped file; \"none\" starts from nothing".to_owned()),
    );
    false
}

struct Reader<'r> {
    source: usize,
    report: &'r Report<'r>,
}

impl Reader<'_> {
    fn place(&self, span: &std::ops::Range<usize>) -> Origin {
        Origin { source: self.source, start: span.start, end: span.end }
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            entries.push(Entry {
                key: key.get_ref().clone().into_owned(),
                key_origin: self.place(&key.span()),
                node: self.node(value),
            });
        }
        Table { entries }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let origin = self.place(&value.span());
        let data = match value.get_ref() {
            DeValue::String(text) => Data::Text(text.clone().into_owned()),
            DeValue::Integer(integer) => self.number(origin, integer_value(integer)),
            DeValue::Float(float) => self.number(origin, float_value(float)),
            DeValue::Boolean(flag) => Data::Flag(*flag),
            DeValue::Datetime(date) => Data::Date(date.to_string()),
            DeValue::Array(array) => Data::List(self.list(array)),
            DeValue::Table(table) => Data::Table(self.table(table)),
        };
        Node { origin, data }
    }

    fn list(&self, array: &DeArray<'_>) -> Vec<Node> {
        array.iter().map(|value| self.node(value)).collect()
    }

    fn number(&self, origin: Origin, number: Option<f64>) -> Data {
        match number.filter(|number| number.is_finite()) {
            // Adding zero makes -0 plain 0.
            Some(number) => Data::Number(number + 0.0),
            None => {
                self.report.add(Finding::new(origin, "expected a finite number".to_owned()));
                Data::Reported
            }
        }
    }
}

fn integer_value(integer: &DeInteger<'_>) -> Option<f64> {
    i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|integer| integer as f64)
}

fn float_value(float: &DeFloat<'_>) -> Option<f64> {
    float.as_str().parse().ok()
}

/// Where a dotted key has too many parts. The parser bounds nesting but not the length of a key, and a tree
/// of any depth could not even be dropped.
fn overlong_key(text: &str) -> Option<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut parts = 0;
    let mut position = 0;
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'"' | b'\'' => {
                position = string_end(bytes, position);
                continue;
            }
            b'#' => {
                parts = 0;
                while bytes.get(position).is_some_and(|byte| *byte != b'\n') {
                    position += 1;
                }
                continue;
            }
            b'.' => {
                parts += 1;
                if parts >= MOST_KEY_PARTS {
                    return Some(position..position + 1);
                }
            }
            b'=' | b',' | b'{' | b'}' | b'[' | b']' | b'\n' => parts = 0,
            _ => {}
        }
        position += 1;
    }
    None
}

/// The position behind the string that opens at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let long = [quote; 3];
    let is_long = bytes[start..].starts_with(&long);
    let mut position = start + if is_long { 3 } else { 1 };
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'\\' if quote == b'"' => position += 1,
            b'\n' if !is_long => return position,
            byte if *byte == quote && !is_long => return position + 1,
            byte if *byte == quote && bytes[position..].starts_with(&long) => return position + 3,
            _ => {}
        }
        position += 1;
    }
    position
}
