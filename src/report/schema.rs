//! The JSON Schema of a portfolio, as the model reads it.
//!
//! It refuses what the program calls an error and accepts what it only warns of, so that a file that is valid against it is read. What
//! a schema cannot say is left to the program: whether the day of a month exists, whether an id stands twice, whether a number in
//! quotes is too large.

use std::io;

use serde::{Serialize, Serializer};

use super::columns::{Column, Holds, columns, of_module};
use super::record::{Named, Sink};
use crate::account::{EntryKind, MODULES, ModuleField, Part, PartKind, PartList, Place, REVIEW, SNAPSHOT_DATE};
use crate::config::Models;
use crate::intake::{MOST_REVIEW_CHARACTERS, MOST_REVIEW_ENTRIES};

/// The JSON Schema of what `--format json` writes, and `--format ndjson` in each line.
pub const OUTPUT: &str = include_str!("../../assets/schemas/output.schema.json");

/// Where the schema of a text of the notes for reviews stands.
const NOTE: &str = "#/$defs/note";

/// Where the schema of the text that every entry of a list of them has stands.
const TITLE: &str = "#/$defs/title";

/// Where the schema of a module stands.
const MODULE: &str = "#/$defs/module";

/// Numbers in quotes, blanks around them ignored.
const NUMBER: &str = r"^\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*$";
/// The same from 0.
const FROM_0: &str =
    r"^\s*(?:\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-(?:0+\.?0*|\.0+)(?:[eE][+-]?[0-9]+)?)\s*$";
/// Yes and no in quotes, case ignored.
const FLAG: &str = "^(?:[Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[01])$";
/// A date, or a date with a time of day and perhaps an offset from UTC.
const DATE: &str = concat!(
    "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])",
    r"(?:[Tt ](?:[01][0-9]|2[0-4]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?",
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?$"
);

/// A schema, or a part of one. Keywords stand in this order.
#[derive(Debug, Default, Serialize)]
struct Definition<'a> {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    draft: Option<&'static str>,
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    reference: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "<[_]>::is_empty", serialize_with = "one_or_many")]
    types: &'static [&'static str],
    #[serde(rename = "enum", skip_serializing_if = "<[_]>::is_empty")]
    values: &'static [u8],
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    #[serde(rename = "maxLength", skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Self>>,
    #[serde(rename = "minItems", skip_serializing_if = "Option::is_none")]
    min_items: Option<u8>,
    #[serde(rename = "maxItems", skip_serializing_if = "Option::is_none")]
    max_items: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Named<'a, Self>>,
    #[serde(rename = "additionalProperties", skip_serializing_if = "Option::is_none")]
    others: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<&'static str>,
    #[serde(rename = "anyOf", skip_serializing_if = "Vec::is_empty")]
    any_of: Vec<Self>,
    #[serde(rename = "$defs", skip_serializing_if = "Option::is_none")]
    definitions: Option<Named<'a, Self>>,
}

/// One type stands alone, several in a list.
fn one_or_many<S: Serializer>(types: &[&str], serializer: S) -> Result<S::Ok, S::Error> {
    match types {
        [only] => only.serialize(serializer),
        _ => types.serialize(serializer),
    }
}

impl Definition<'_> {
    fn refer(reference: &'static str) -> Self {
        Self { reference: Some(reference), ..Self::default() }
    }

    fn of_type(types: &'static [&'static str]) -> Self {
        Self { types, ..Self::default() }
    }

    fn described(self, description: &str) -> Self {
        Self { description: Some(description.to_owned()), ..self }
    }
}

/// Writes the JSON Schema of a portfolio: every field and every metric that the models read, with units and plausible ranges.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_input(models: &Models, sink: &mut impl Sink) -> io::Result<()> {
    let columns = columns(models);
    let any_module = ModuleField::ALL.map(|field| of_module("", "Module", field));
    let customer = customer(models, &columns);
    let customers = || Definition {
        items: Some(Box::new(Definition::refer("#/$defs/customer"))),
        min_items: Some(1),
        ..Definition::of_type(&["array"])
    };
    let currency = Definition::of_type(&["string", "null"]);
    let keys = [
        ("currency", currency.described("The currency of all amounts, such as EUR")),
        (SNAPSHOT_DATE, snapshot_date("The day that all records are of; it stands before them")),
        ("customers", customers().described("One object per customer")),
    ];
    let whole = Definition { required: vec!["customers"], types: &["object"], ..object(keys) };
    let description = format!(
        "What csm reads with the model {}. Every key may be absent, null is absent, and further keys are skipped. Names of keys are \
         matched exactly, words without regard to case. Where each line is a customer, each is a `customer`.",
        models.fingerprint
    );
    let module = object(any_module.iter().zip(ModuleField::ALL).map(|(column, field)| (field.name(), value(column))));
    let definitions = [("customer", customer), ("module", module.described("A module of the product"))];
    sink.head(&Definition {
        draft: Some("https://json-schema.org/draft/2020-12/schema"),
        title: Some("A portfolio of customers for csm"),
        any_of: vec![whole, customers().described("The customers alone")],
        definitions: Some(Named(definitions.into_iter().chain(shared()).collect())),
        ..Definition::default().described(&description)
    })?;
    sink.end()
}

/// The schema of a customer.
fn customer<'c>(models: &Models, columns: &'c [Column]) -> Definition<'c> {
    let mut customer = Block::default();
    for column in columns {
        // The name of a module is one key, also where there is a dot in it.
        match models.schema.place(&column.path) {
            Some(Place::Module { name, field }) => customer.add(&[MODULES, name, field.name()], column),
            _ => customer.add(&column.path.split('.').collect::<Vec<_>>(), column),
        }
    }
    let mut blocks: Vec<(&str, Definition<'c>)> =
        customer.inner.iter().map(|(name, block)| (*name, block.definition())).collect();
    let modules = match blocks.iter().position(|(name, _)| *name == MODULES) {
        Some(position) => position,
        None => {
            blocks.push((MODULES, object([])));
            blocks.len() - 1
        }
    };
    let modules = &mut blocks[modules].1;
    for (_, module) in modules.properties.iter_mut().flat_map(|properties| &mut properties.0) {
        module.reference = Some(MODULE);
    }
    modules.others = Some(Box::new(Definition::refer(MODULE)));
    blocks.push((
        SNAPSHOT_DATE,
        snapshot_date("The day that the record is of, where a file has several; a customer stands once a day"),
    ));
    blocks.push((REVIEW, review()));
    Definition { types: &["object"], ..object(blocks) }.described("One customer")
}

/// The schema of the day of a snapshot.
fn snapshot_date<'a>(description: &str) -> Definition<'a> {
    Definition::refer("#/$defs/date").described(description)
}

/// The schema of the notes for reviews.
fn review<'a>() -> Definition<'a> {
    let part = |part: Part| match part.kind() {
        PartKind::Text(_) => Definition::refer(NOTE),
        PartKind::Date(_) => Definition::refer("#/$defs/date"),
        PartKind::List(list) => notes(*list),
    };
    object(Part::all().map(|known| (known.name(), part(known))))
        .described("Notes for a business review; a list may be a single text, and an entry a text alone")
}

/// The schema of a list of the notes.
fn notes<'a>(list: &dyn PartList) -> Definition<'a> {
    let key = |kind: EntryKind| match kind {
        EntryKind::Title => Definition::refer(TITLE),
        EntryKind::Text => Definition::refer(NOTE),
        EntryKind::Date => Definition::refer("#/$defs/date"),
    };
    let keys = list.keys();
    let text = Definition::refer(NOTE);
    let entry = match keys.first() {
        None => text,
        Some(title) => {
            let entry = object(keys.iter().map(|known| (known.name, key(known.kind))));
            let entry = Definition { required: vec![title.name], types: &["object"], ..entry };
            Definition { any_of: vec![text, entry], ..Definition::default() }
        }
    };
    let items = Some(Box::new(entry));
    let list = Definition { items, max_items: Some(MOST_REVIEW_ENTRIES), ..Definition::of_type(&["array"]) };
    Definition { any_of: vec![Definition::refer(NOTE), list], ..Definition::default() }
}

/// An object with these keys, which may be null.
fn object<'a>(keys: impl IntoIterator<Item = (&'a str, Definition<'a>)>) -> Definition<'a> {
    Definition { properties: Some(Named(keys.into_iter().collect())), ..Definition::of_type(&["object", "null"]) }
}

/// What fields can hold, by name.
fn shared<'a>() -> [(&'static str, Definition<'a>); 9] {
    const TEXT_OR_NUMBER: &[&str] = &["number", "string", "null"];
    let flag = Definition {
        any_of: vec![
            Definition::of_type(&["boolean", "null"]),
            Definition { values: &[0, 1], ..Definition::default() },
            Definition { pattern: Some(FLAG), ..Definition::of_type(&["string"]) },
        ],
        ..Definition::default()
    };
    let number = Definition { pattern: Some(NUMBER), ..Definition::of_type(TEXT_OR_NUMBER) };
    let from_0 = Definition { pattern: Some(FROM_0), minimum: Some(0.0), ..Definition::of_type(TEXT_OR_NUMBER) };
    let date = Definition { pattern: Some(DATE), ..Definition::of_type(&["string", "null"]) };
    let limited = |types| Definition { max_length: Some(MOST_REVIEW_CHARACTERS), ..Definition::of_type(types) };
    let note = limited(&["string", "number", "boolean", "null"]);
    let title = Definition { pattern: Some(r"\S"), ..limited(&["string", "number", "boolean"]) };
    let texts = Definition {
        items: Some(Box::new(Definition::of_type(&["string", "null"]))),
        ..Definition::of_type(&["array", "null"])
    };
    [
        ("name", Definition::of_type(TEXT_OR_NUMBER).described("Text, or a number taken as it is written")),
        ("note", note.described("Text; a number, or true or false, is taken as it is written")),
        ("title", title.described("The same, and not blank")),
        ("text", Definition::of_type(&["string", "null"]).described("Text")),
        ("number", number.described("A number, which may stand in quotes")),
        ("number-from-0", from_0.described("A number of at least 0, which may stand in quotes")),
        ("flag", flag.described("true or false, 1 or 0, yes or no")),
        ("date", date.described("A date such as 2026-12-31; a time of day behind it is ignored")),
        ("texts", texts.described("A list of text")),
    ]
}

/// The fields at a path and below it.
#[derive(Debug, Default)]
struct Block<'c> {
    column: Option<&'c Column>,
    inner: Vec<(&'c str, Self)>,
}

impl<'c> Block<'c> {
    fn add(&mut self, keys: &[&'c str], column: &'c Column) {
        let Some((name, rest)) = keys.split_first() else {
            self.column = Some(column);
            return;
        };
        let position = self.inner.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.inner.push((name, Self::default()));
            self.inner.len() - 1
        });
        self.inner[position].1.add(rest, column);
    }

    fn definition(&self) -> Definition<'c> {
        let block = || object(self.inner.iter().map(|(name, block)| (*name, block.definition())));
        match self.column {
            None => block(),
            Some(column) if self.inner.is_empty() => value(column),
            // A metric may stand where others stand below it: then its value, or an object with theirs.
            Some(column) => Definition { any_of: vec![value(column), block()], ..Definition::default() },
        }
    }
}

/// The schema of what a column holds.
fn value(column: &Column) -> Definition<'static> {
    let definition = match &column.holds {
        Holds::Name => Definition::refer("#/$defs/name"),
        Holds::Text { known } => Definition { examples: known.clone(), ..Definition::refer("#/$defs/text") },
        Holds::Number { minimum, maximum, .. } => match minimum {
            Some(0.0) => Definition { maximum: *maximum, ..Definition::refer("#/$defs/number-from-0") },
            _ => Definition { minimum: *minimum, maximum: *maximum, ..Definition::refer("#/$defs/number") },
        },
        Holds::Flag => Definition::refer("#/$defs/flag"),
        Holds::Date => Definition::refer("#/$defs/date"),
        Holds::Texts => Definition::refer("#/$defs/texts"),
    };
    let notes = column.notes().map(|(name, text)| match name {
        "Label" => text,
        _ => format!("{name}: {text}"),
    });
    definition.described(&notes.collect::<Vec<_>>().join(". "))
}
