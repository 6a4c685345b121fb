//! What a record gave, since 0 and nothing are not the same.

use std::collections::HashSet;

use crate::account::{Field, Schema, Texts};
use crate::engine::Slot;

/// Which fields a record gave a value to: those of the account, the metrics behind them, and those of each module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Given {
    bits: Vec<u64>,
    /// For each module of the account, in order, the positions of [`crate::account::ModuleField::ALL`] as bits.
    pub modules: Vec<u8>,
}

impl Given {
    /// Nothing, of what a schema has.
    pub fn new(schema: &Schema) -> Self {
        let places = Field::ALL.len() + schema.metrics().len();
        Self { bits: vec![0; places.div_ceil(64)], modules: Vec::new() }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.bits.fill(0);
        self.modules.clear();
    }

    /// The fields as bits.
    pub fn words(&self) -> &[u64] {
        &self.bits
    }

    /// Takes the fields from bits.
    pub fn set_words(&mut self, words: &[u64]) {
        self.bits.clear();
        self.bits.extend_from_slice(words);
    }

    fn add(&mut self, place: usize) {
        if let Some(word) = self.bits.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    fn has(&self, place: usize) -> bool {
        self.bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Whether a field of the account was given.
    pub fn field(&self, field: Field) -> bool {
        self.has(field.index())
    }

    /// Whether a metric was given.
    pub fn metric(&self, slot: Slot) -> bool {
        self.has(Field::ALL.len() + slot.index())
    }

    /// Notes that a field of the account is given.
    pub fn add_field(&mut self, field: Field) {
        self.add(field.index());
    }

    /// Notes that a metric is given.
    pub fn add_metric(&mut self, slot: Slot) {
        self.add(Field::ALL.len() + slot.index());
    }
}

/// From so many names on, a set finds those that stand twice.
const MANY: usize = 32;

/// The names of the modules of a record.
#[derive(Debug, Default)]
pub(super) struct Names {
    list: Texts,
    set: HashSet<String>,
}

impl Names {
    /// Adds a name; false where it is there already.
    pub fn add(&mut self, name: &str) -> bool {
        if self.list.len() < MANY {
            let new = self.list.iter().all(|known| known != name);
            if new {
                self.list.push(name);
            }
            return new;
        }
        if self.set.is_empty() {
            self.set.extend(self.list.iter().map(str::to_owned));
        }
        self.set.insert(name.to_owned())
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.list.clear();
        if !self.set.is_empty() {
            self.set = HashSet::new();
        }
    }
}
