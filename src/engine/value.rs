//! Values, and the rows of slots that hold them.

/// The place of one metric in a [`Row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u16);

impl Slot {
    /// The position in the row, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A word of a metric's vocabulary, by its position there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word(pub u16);

impl Word {
    /// A word that the vocabulary does not hold.
    pub const OTHER: Self = Self(u16::MAX);
}

/// What is known of one metric.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Value {
    /// Nothing is known.
    #[default]
    Absent,
    /// A finite number, in the metric's unit.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A word.
    Word(Word),
}

impl Value {
    /// Whether nothing is known.
    pub fn is_absent(self) -> bool {
        self == Self::Absent
    }

    /// This value, or `default` where nothing is known.
    #[must_use]
    pub fn or(self, default: Self) -> Self {
        if self.is_absent() { default } else { self }
    }

    /// The number, if it is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// The values of one subject, a slot per metric; every slot starts as [`Value::Absent`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    values: Vec<Value>,
}

impl Row {
    /// A row of `slots` absent values.
    pub fn new(slots: usize) -> Self {
        Self { values: vec![Value::Absent; slots] }
    }

    /// The value in a slot; a slot that the row does not have is absent.
    pub fn get(&self, slot: Slot) -> Value {
        self.values.get(slot.index()).copied().unwrap_or_default()
    }

    /// Puts a value into a slot. A slot that the row does not have is ignored.
    pub fn set(&mut self, slot: Slot, value: Value) {
        if let Some(place) = self.values.get_mut(slot.index()) {
            *place = value;
        }
    }

    /// All values, in the order of the slots.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Makes every slot absent.
    pub fn clear(&mut self) {
        self.values.fill(Value::Absent);
    }
}
