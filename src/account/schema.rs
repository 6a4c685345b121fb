//! The dictionary of metrics.

use std::collections::HashMap;

use super::same_word;
use crate::engine::{Slot, Word};

/// The words that a metric knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vocabulary {
    words: Vec<String>,
}

impl Vocabulary {
    /// A vocabulary of these words; their positions number them.
    pub fn new(words: Vec<String>) -> Self {
        Self { words }
    }

    /// The word that a text names, case ignored; [`Word::OTHER`] where it names none.
    pub fn word(&self, text: &str) -> Word {
        let position = self.words.iter().position(|word| same_word(word, text));
        match position.and_then(|position| u16::try_from(position).ok()) {
            Some(position) => Word(position),
            None => Word::OTHER,
        }
    }

    /// The text of a word; `None` for [`Word::OTHER`].
    pub fn text(&self, word: Word) -> Option<&str> {
        self.words.get(usize::from(word.0)).map(String::as_str)
    }

    /// The words, in order.
    pub fn words(&self) -> &[String] {
        &self.words
    }
}

/// What kind of value a metric has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A finite number.
    Number,
    /// A word of a vocabulary.
    Word(Vocabulary),
    /// Yes or no.
    Flag,
}

/// A metric that is computed from dates rather than read as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// Whole calendar days to the contract's end, negative once it is past.
    DaysToRenewal,
    /// Whole calendar days since the contract began.
    DaysSinceStart,
    /// Whole calendar days since the value of the metric in this slot was taken, 0 where its date is ahead. Its path is that of the metric
    /// with `_as_of` behind it, where the date stands; a date for all metrics of a block stands there as `as_of`.
    Age(Slot),
}

/// One metric of the dictionary.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its dotted path in the input, such as `usage.login_frequency`.
    pub path: String,
    /// Its name for people.
    pub label: String,
    /// What kind of value it has.
    pub kind: Kind,
    /// Its unit, where that is said.
    pub unit: Option<String>,
    /// The plausible range, both ends included; a number beyond it is a data warning.
    pub range: Option<(f64, f64)>,
    /// The lowest number that is possible at all; a number below it is an error.
    pub minimum: Option<f64>,
    /// Where it is not read but computed.
    pub derived: Option<Derived>,
    /// Whether it is the team's own judgement, which no document for the customer shows.
    pub internal: bool,
    /// The part of a customer's document that shows it, beside its dimension.
    pub topic: Option<Topic>,
}

/// A part of a customer's document that shows metrics of any dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// How the product is used.
    Adoption,
    /// How the customer is helped.
    Support,
}

impl Metric {
    /// A metric at a path, of which only the kind is known.
    pub fn new(path: impl Into<String>, kind: Kind) -> Self {
        Self {
            path: path.into(),
            label: String::new(),
            kind,
            unit: None,
            range: None,
            minimum: None,
            derived: None,
            internal: false,
            topic: None,
        }
    }
}

/// The dictionary of the data: every metric, each with the slot of its position.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    metrics: Vec<Metric>,
    slots: HashMap<String, Slot>,
}

impl Schema {
    /// A schema of metrics. A path that stands twice keeps its first slot; metrics beyond the 65,535th have none.
    pub fn new(metrics: Vec<Metric>) -> Self {
        let mut slots = HashMap::with_capacity(metrics.len());
        for (position, metric) in (0..u16::MAX).zip(&metrics) {
            slots.entry(metric.path.clone()).or_insert(Slot(position));
        }
        Self { metrics, slots }
    }

    /// Puts a metric behind the others; `None` where no slot is left or its path is taken.
    pub fn push(&mut self, metric: Metric) -> Option<Slot> {
        let position = u16::try_from(self.metrics.len()).ok().filter(|position| *position < u16::MAX)?;
        if self.slots.contains_key(&metric.path) {
            return None;
        }
        self.slots.insert(metric.path.clone(), Slot(position));
        self.metrics.push(metric);
        Some(Slot(position))
    }

    /// The metrics, in the order of their slots.
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// The metrics with their slots, in order.
    pub fn slots(&self) -> impl Iterator<Item = (Slot, &Metric)> {
        (0..u16::MAX).map(Slot).zip(&self.metrics)
    }

    /// The metric in a slot.
    ///
    /// # Panics
    ///
    /// Where the slot is not of this schema.
    pub fn metric(&self, slot: Slot) -> &Metric {
        &self.metrics[slot.index()]
    }

    /// The slot of a metric, by its path.
    pub fn slot(&self, path: &str) -> Option<Slot> {
        self.slots.get(path).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_ignore_case() {
        let vocabulary = Vocabulary::new(vec!["positive".into(), "Größe".into()]);
        for (text, word) in [("POSITIVE", Word(0)), ("größe", Word(1)), ("GRÖßE", Word(1)), ("meh", Word::OTHER)] {
            assert_eq!(vocabulary.word(text), word, "{text}");
        }
    }
}
