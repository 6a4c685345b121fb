//! A model file as a tree in which every value and every key knows where it was written.

use super::source::Origin;

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) origin: Origin,
    pub(super) data: Data,
}

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Data {
    Text(String),
    Number(f64),
    Flag(bool),
    /// A date or a time, which no model has a use for.
    Date(String),
    List(Vec<Node>),
    Table(Table),
    /// A value that has been reported already.
    Reported,
}

/// A table, in the order in which it was written.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_origin: Origin,
    pub(super) node: Node,
}

impl Table {
    pub(super) fn position(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Entry> {
        let position = self.position(key)?;
        Some(self.entries.remove(position))
    }
}

impl Data {
    /// What it is, as messages say it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Number(_) => "a number",
            Self::Flag(_) => "a boolean",
            Self::Date(_) => "a date or time",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Reported => "not readable",
        }
    }
}

/// Tables of these names stand on one line with their key; all others have a header of their own.
pub(super) const INLINE: [&str; 4] = ["scale", "bands", "share", "win-rate"];

/// The entries of a table as they are written: those that stand on a line of their own, then the tables with a header.
pub(super) fn written(table: &Table) -> (Vec<&Entry>, Vec<(&Entry, &Table)>) {
    let mut lines = Vec::new();
    let mut headers = Vec::new();
    for entry in &table.entries {
        match &entry.node.data {
            Data::Table(inner) if !INLINE.contains(&entry.key.as_str()) => headers.push((entry, inner)),
            _ => lines.push(entry),
        }
    }
    (lines, headers)
}
