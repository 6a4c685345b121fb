//! Faults of a record, as they are found: which field, and what is allowed there.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::draft::MOST;
use super::fields::{Fields, NodeId, Target};
use super::problem::Severity;
use super::review::{MOST_CHARACTERS, MOST_ENTRIES};
use super::text;
use crate::account::{EntryKind, FieldKind, Kind, Lifecycle, ModuleField, Part, PartKind, Schema, Segments, nearest};
use crate::engine::Slot;

/// What is said of bytes that are not of the encoding.
pub(super) const EXPECTED_UTF8: &str = "expected UTF-8: `--encoding windows-1252` reads what older programs write";

/// A fault of the record at hand. Its place and what was found there are looked up by the format when it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    /// The field.
    pub node: NodeId,
    /// The name of the module in which the field stands, or which is the field.
    pub module: Option<String>,
    /// The position in the field's list.
    pub item: Option<usize>,
    /// The key in the object that is the item, or the field.
    pub key: Option<&'static str>,
    /// What is wrong.
    pub rule: Rule,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rule {
    /// The value is not of the field's kind, or is impossible.
    Kind,
    /// The amount is beyond [`MOST`].
    TooMuch,
    /// The key stands twice in one object.
    Twice,
    /// The format could not take the value.
    Unreadable(String),
    /// The currency is another one than here.
    OtherCurrency(String),
    /// The sign beside the amount is of another currency than the record's, which is this one.
    OwnCurrency(String),
    /// The amount is beyond [`MOST`] in this currency, into which it is turned.
    TooMuchIn(String),
    /// The amount has no currency, and is taken as this one.
    NoCurrency(String),
    /// A number beyond the plausible range.
    Range(f64, f64),
    /// As above, and it looks like a percentage of the range.
    Percentage(f64, f64),
    /// A word that the vocabulary of the metric does not hold.
    UnknownWord(Slot),
    /// A segment that the model has no figures for.
    UnknownSegment,
    /// A lifecycle of another name.
    UnknownLifecycle,
    /// The customer has no id.
    NoId,
    /// The same, where customers are followed by their ids.
    Unfollowed,
    /// The record does not say of which day it is.
    NoSnapshot,
    /// The id is that of an earlier record of the same day.
    SameDay(u64),
    /// The id is that of an earlier record.
    SameId(u64),
    /// The id is that of an earlier record, where each may stand once only.
    RepeatedKey(u64),
    /// There is nothing to join by.
    NoKey,
    /// Another source's record of the customer, at this place, has an error, so that the customer is left out.
    LeftOut(String),
    /// Another source gives the field another value: which, and where.
    Conflict { ours: String, theirs: String, place: String },
    /// Another row of the customer gives the field another value: which, and the number of the row.
    OtherRow { first: String, record: u64 },
    /// The number can be read in two ways, with `.` and with `,` before decimals, and the column has this beside it.
    TwoReadings { point: f64, comma: f64, beside: String },
    /// The number has another sign before decimals than this one in its column.
    MixedDecimals(String),
    /// A percentage, where that is no value.
    NoPercentage,
    /// No date of this format.
    NoDate(String),
    /// Bytes that are not of the encoding.
    Garbled,
    /// A date as of which something is known, after the day that counts as today.
    FutureDate(NaiveDate),
    /// A formula that failed.
    CellError,
    /// A word that says that nothing is known, which no mapping declares.
    Placeholder,
    /// The currency has no rate: those that have one.
    NoRate(String),
    /// The object has a key that is none of these.
    UnknownKey { name: String, known: Vec<&'static str> },
    /// The entry of a list lacks what every entry has under this key.
    NoTitle(&'static str),
    /// The text has more than [`MOST_CHARACTERS`].
    TooLong,
    /// The list has more than [`MOST_ENTRIES`].
    TooMany,
}

impl Rule {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Kind
            | Self::TooMuch
            | Self::Twice
            | Self::Unreadable(_)
            | Self::OtherCurrency(_)
            | Self::OwnCurrency(_)
            | Self::TooMuchIn(_)
            | Self::RepeatedKey(_)
            | Self::SameDay(_)
            | Self::Unfollowed
            | Self::NoSnapshot
            | Self::NoRate(_)
            | Self::TwoReadings { .. }
            | Self::MixedDecimals(_)
            | Self::NoPercentage
            | Self::NoDate(_)
            | Self::Garbled
            | Self::Placeholder
            | Self::NoTitle(_)
            | Self::TooLong
            | Self::TooMany
            | Self::NoKey => Severity::Error,
            _ => Severity::Warning,
        }
    }

    /// Whether a value that has this wrong with it is taken all the same.
    pub fn takes_value(&self) -> bool {
        matches!(self, Self::Range(..) | Self::Percentage(..) | Self::UnknownWord(_))
    }
}

impl Fault {
    /// The dotted path of the field, harmless and short.
    pub fn path(&self, fields: &Fields) -> String {
        let mut path = String::new();
        for node in fields.path(self.node) {
            if !path.is_empty() {
                path.push('.');
            }
            let step = fields.node(node);
            match (&self.module, step.is_module) {
                (Some(module), true) => path.push_str(&text::plain(module)),
                _ => path.push_str(&text::plain(&step.name)),
            }
        }
        if let Some(item) = self.item {
            _ = write!(path, "[{item}]");
        }
        if let Some(key) = self.key {
            _ = write!(path, ".{key}");
        }
        path
    }

    /// What is allowed, as the clause of a message.
    pub fn allowed(&self, fields: &Fields, schema: &Schema, segments: &Segments) -> String {
        match &self.rule {
            Rule::Kind => format!("expected {}", self.kind(fields, schema)),
            Rule::TooMuch => format!("expected at most {MOST:e}"),
            Rule::Twice => "expected each key once".to_owned(),
            Rule::Unreadable(why) => why.clone(),
            Rule::OtherCurrency(other) => one_currency(other),
            Rule::OwnCurrency(own) => format!("the record's currency is {own}"),
            Rule::TooMuchIn(base) => format!("expected at most {MOST:e} in {}", text::plain(base)),
            Rule::NoCurrency(base) => format!("expected a currency: taken as {}", text::plain(base)),
            Rule::Range(low, high) => format!("outside the plausible range {low} to {high}"),
            Rule::Percentage(low, high) => format!("looks like a percentage, expected {low} to {high}"),
            Rule::UnknownWord(slot) => match &schema.metric(*slot).kind {
                Kind::Word(vocabulary) => format!("not a known word: {}", text::one_of(vocabulary.words())),
                _ => "not a known word".to_owned(),
            },
            Rule::UnknownSegment => {
                let standing_in = segments.name(segments.default_profile());
                format!("not a segment of the model: {}; scored as {standing_in}", text::one_of(segments.names()))
            }
            Rule::UnknownLifecycle => format!("not a known word: {}; taken as live", text::one_of(&Lifecycle::WORDS)),
            Rule::NoId => "expected an id; shown as unknown".to_owned(),
            Rule::Unfollowed => "expected an id, by which a customer is followed from day to day".to_owned(),
            Rule::NoSnapshot => format!("expected the day of the snapshot, {DATE}"),
            Rule::SameDay(record) => format!("stands in record {record} too: expected each customer once a day"),
            Rule::SameId(record) => format!("also the id of record {record}"),
            Rule::RepeatedKey(record) => {
                format!("stands in record {record} too: expected each customer once, or a mapping that aggregates rows")
            }
            Rule::NoKey => "expected a value to join by".to_owned(),
            Rule::LeftOut(place) => format!("left out, as its record in {place} has an error"),
            Rule::Conflict { theirs, place, .. } => format!("{place} has {theirs}; the source listed first counts"),
            Rule::OtherRow { first, record } => format!("record {record} has {first}; the first filled row counts"),
            Rule::TwoReadings { point, comma, beside } => two_readings(*point, *comma, beside),
            Rule::MixedDecimals(other) => {
                let other = text::quoted(other);
                format!(
                    "expected the sign before decimals that {other} has in this column, or one that the mapping declares"
                )
            }
            Rule::NoPercentage => format!("expected {}, not a percentage", self.kind(fields, schema)),
            Rule::NoDate(format) => format!("expected a date written as {}", text::plain(format)),
            Rule::Placeholder => {
                format!(
                    "expected {}, or an empty cell: absent = [\"…\"] in a mapping declares such words",
                    self.kind(fields, schema)
                )
            }
            Rule::Garbled => EXPECTED_UTF8.to_owned(),
            Rule::FutureDate(today) => {
                format!("which is after {today}, the day that counts as today: taken as of that day")
            }
            Rule::CellError => "which is no value: taken as absent".to_owned(),
            Rule::NoRate(known) => format!("expected a currency that the mapping has a rate for: {known}"),
            Rule::UnknownKey { name, known } => match nearest(name, known.iter().copied()) {
                Some(near) => format!("not a known key, and not read: is it {near}?"),
                None => format!("not a known key, and not read: {}", text::one_of(known)),
            },
            Rule::NoTitle(key) => format!("expected a {key} in it"),
            Rule::TooLong => format!("expected at most {MOST_CHARACTERS} characters"),
            Rule::TooMany => format!("expected at most {MOST_ENTRIES} entries"),
        }
    }

    fn kind(&self, fields: &Fields, schema: &Schema) -> String {
        let node = fields.node(self.node);
        let Some(target) = node.targets.first() else { return "an object".to_owned() };
        match target {
            Target::Field(field) => match (field.kind(), self.item) {
                (FieldKind::Name, _) => "text or a number",
                (FieldKind::Text, _) | (FieldKind::Texts, Some(_)) => "text",
                (FieldKind::Date, _) => DATE,
                (FieldKind::Money | FieldKind::Count, _) => "a number of at least 0",
                (FieldKind::Flag, _) => FLAG,
                (FieldKind::Texts, None) => "a list of text",
            },
            Target::MetricDate(_) | Target::BlockDate(_) | Target::Snapshot => DATE,
            Target::Key => "text or a whole number",
            Target::Attribute(_) => SCALAR,
            Target::Part(part) => return self.part_kind(*part).to_owned(),
            Target::Module(ModuleField::Adopted) => FLAG,
            Target::Module(ModuleField::UsagePct) => "a number of at least 0",
            Target::Metric(slot) => {
                let metric = schema.metric(*slot);
                match (&metric.kind, metric.minimum) {
                    (Kind::Number, Some(minimum)) => return format!("a number of at least {minimum}"),
                    (Kind::Number, None) => "a number",
                    (Kind::Flag, _) => FLAG,
                    (Kind::Word(vocabulary), _) => return format!("a word: {}", text::one_of(vocabulary.words())),
                }
            }
        }
        .to_owned()
    }

    /// What a part of the notes for reviews holds, or an entry of its list, or a key of that.
    fn part_kind(&self, part: Part) -> &'static str {
        match (part.kind(), self.item, self.key) {
            (PartKind::Text(_), ..) => SCALAR,
            (PartKind::Date(_), ..) => DATE,
            (PartKind::List(_), None, None) => "a list, or text",
            (PartKind::List(list), _, None) if list.keys().is_empty() => SCALAR,
            (PartKind::List(_), _, None) => "text or an object",
            (PartKind::List(list), _, Some(key)) => match list.keys().iter().find(|known| known.name == key) {
                Some(key) if key.kind == EntryKind::Date => DATE,
                _ => SCALAR,
            },
        }
    }
}

/// The clause about a number that can be read in two ways.
pub(super) fn two_readings(point: f64, comma: f64, beside: &str) -> String {
    format!(
        "which is {point} or {comma}: the column has {} too; say in a mapping whether \".\" or \",\" stands before decimals",
        text::quoted(beside)
    )
}

/// The clause about a currency where the portfolio has another one.
pub(super) fn one_currency(other: &str) -> String {
    format!("expected {other}: one portfolio has one currency")
}

const SCALAR: &str = "text, a number, or true or false";

pub(super) const DATE: &str = "a date such as 2026-12-31";

const FLAG: &str = "true or false, 1 or 0, yes or no";
