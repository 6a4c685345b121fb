//! The decoding toolkit: values that know their name and place, and tables that know which of their keys were asked for.

use std::fmt;

use super::problem::{Finding, Report};
use super::source::Origin;
use super::tree::{Data, Entry, Node};

pub(super) use crate::account::nearest;

/// What a value is called in messages.
#[derive(Clone, Copy)]
pub(super) enum Name<'a> {
    Key(&'a str),
    /// An entry of the list under a key, from 1.
    EntryOf(&'a str, usize),
    File(&'static str),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => write!(f, "`{key}`"),
            Self::EntryOf(key, position) => write!(f, "entry {position} of `{key}`"),
            Self::File(name) => f.write_str(name),
        }
    }
}

/// A value to be decoded. Each way to read it reports what is wrong and gives `None`.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) name: Name<'a>,
    /// Where a fault of the whole is shown: the key of a table, the value otherwise.
    pub(super) origin: Origin,
    node: &'a Node,
    pub(super) report: &'a Report<'a>,
}

impl<'a> Item<'a> {
    pub(super) fn root(file: &'static str, node: &'a Node, report: &'a Report<'a>) -> Self {
        Self { name: Name::File(file), origin: node.origin, node, report }
    }

    fn of(entry: &'a Entry, report: &'a Report<'a>) -> Self {
        let origin = match entry.node.data {
            Data::Table(_) => entry.key_origin,
            _ => entry.node.origin,
        };
        Self { name: Name::Key(&entry.key), origin, node: &entry.node, report }
    }

    /// The same value, whose faults are shown elsewhere.
    pub(super) fn at(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// The key that the value stands under, or the list's.
    pub(super) fn key(self) -> &'a str {
        match self.name {
            Name::Key(key) | Name::EntryOf(key, _) => key,
            Name::File(name) => name,
        }
    }

    /// A problem with this value.
    pub(super) fn finding(self, title: String) -> Finding {
        Finding::new(self.origin, title)
    }

    /// Reports that the value is of another type than expected.
    pub(super) fn mistyped<T>(self, expected: &str) -> Option<T> {
        if !matches!(self.node.data, Data::Reported) {
            let title = format!("{} is {}, expected {expected}", self.name, self.node.data.kind());
            self.report.add(Finding::new(self.node.origin, title));
        }
        None
    }

    /// A text that is not blank.
    pub(super) fn text(self) -> Option<&'a str> {
        match &self.node.data {
            Data::Text(text) if text.trim().is_empty() => {
                self.report.add(self.finding(format!("{} is empty, expected a text", self.name)));
                None
            }
            Data::Text(text) => Some(text),
            _ => self.mistyped("a string"),
        }
    }

    pub(super) fn number(self) -> Option<f64> {
        match self.node.data {
            Data::Number(number) => Some(number),
            _ => self.mistyped("a number"),
        }
    }

    /// A number that must meet a condition, with the condition in words.
    pub(super) fn number_where(self, allowed: &str, holds: impl Fn(f64) -> bool) -> Option<f64> {
        let Data::Number(number) = self.node.data else { return self.mistyped(allowed) };
        if holds(number) {
            return Some(number);
        }
        self.report.add(self.finding(format!("{} is {number}, expected {allowed}", self.name)));
        None
    }

    pub(super) fn flag(self) -> Option<bool> {
        match self.node.data {
            Data::Flag(flag) => Some(flag),
            _ => self.mistyped("true or false"),
        }
    }

    pub(super) fn list(self) -> Option<Vec<Self>> {
        let Data::List(nodes) = &self.node.data else { return self.mistyped("a list") };
        let key = self.key();
        let items = nodes.iter().enumerate().map(|(position, node)| Self {
            name: Name::EntryOf(key, position + 1),
            origin: node.origin,
            node,
            report: self.report,
        });
        Some(items.collect())
    }

    pub(super) fn fields(self) -> Option<Fields<'a>> {
        let Data::Table(table) = &self.node.data else { return self.mistyped("a table") };
        Some(Fields { item: self, entries: &table.entries, taken: vec![false; table.entries.len()], known: Vec::new() })
    }

    /// One of a few words; `what` says what they are.
    pub(super) fn one_of<T: Copy>(self, what: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*meaning);
        }
        let names = || words.iter().map(|(word, _)| *word);
        let finding = self.finding(format!("unknown {what} \"{text}\"")).suggest(nearest(text, names()));
        self.report.add(finding.help(format!("known: {}", listed(names()))));
        None
    }

    /// The value as it stands.
    pub(super) fn data(self) -> &'a Data {
        &self.node.data
    }

    /// Whether it is a text, so that it names something.
    pub(super) fn is_text(self) -> bool {
        matches!(self.node.data, Data::Text(_))
    }
}

/// A table to be decoded. What nobody asked for by the time of [`Fields::finish`] is reported.
pub(super) struct Fields<'a> {
    pub(super) item: Item<'a>,
    entries: &'a [Entry],
    taken: Vec<bool>,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The value under a key, if there is one.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<Item<'a>> {
        self.known.push(key);
        let position = self.entries.iter().position(|entry| entry.key == key)?;
        self.taken[position] = true;
        Some(Item::of(&self.entries[position], self.item.report))
    }

    /// The value under a key; a missing one is reported.
    pub(super) fn required(&mut self, key: &'static str) -> Option<Item<'a>> {
        let found = self.optional(key);
        if found.is_none() {
            let title = format!("`{key}` is missing from {}", self.item.name);
            self.item.report.add(self.item.finding(title));
        }
        found
    }

    /// Whether there is a value under a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// All values that were not asked for yet: those under names that the user chose.
    pub(super) fn rest(&mut self) -> Vec<(&'a str, Origin, Item<'a>)> {
        let report = self.item.report;
        let mut left = Vec::with_capacity(self.entries.len());
        for (entry, taken) in self.entries.iter().zip(&mut self.taken) {
            if !std::mem::replace(taken, true) {
                left.push((entry.key.as_str(), entry.key_origin, Item::of(entry, report)));
            }
        }
        left
    }

    /// Whether all values are tables.
    pub(super) fn holds_tables_only(&self) -> bool {
        !self.entries.is_empty() && self.entries.iter().all(|entry| matches!(entry.node.data, Data::Table(_)))
    }

    /// Whether all values are texts.
    pub(super) fn holds_texts_only(&self) -> bool {
        !self.entries.is_empty() && self.entries.iter().all(|entry| matches!(entry.node.data, Data::Text(_)))
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self) {
        for (entry, _) in self.entries.iter().zip(&self.taken).filter(|(_, taken)| !**taken) {
            let title = format!("unknown key `{}` in {}", entry.key, self.item.name);
            let finding =
                Finding::new(entry.key_origin, title).suggest(nearest(&entry.key, self.known.iter().copied()));
            self.item.report.add(finding.help(format!("known: {}", listed(self.known.iter().copied()))));
        }
    }
}

/// Words as a list for a message.
pub(super) fn listed<'n>(words: impl Iterator<Item = &'n str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
