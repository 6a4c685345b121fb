//! What is known of a customer, and the schema that gives each metric its place.
//!
//! An [`Account`] holds identity, dates, a row of metric values and the footprint of the contract. It does
//! not know how it was read or how it will be scored. One account is refilled for each record of a
//! portfolio; a [`Book`] keeps many of them in little memory.

mod book;
mod field;
mod footprint;
mod part;
mod review;
mod schema;
mod segments;
mod term;

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::engine::{Row, Slot, Value};

pub use book::{Book, Entry};
pub use field::{AS_OF, Field, FieldKind, MODULES, ModuleField, Place, SNAPSHOT_DATE};
pub use footprint::{Departments, Footprint, Module, Modules, Texts};
pub use part::{
    At, Entry as PartEntry, EntryKey, EntryKind, EntryPlace, Filled, List as PartList, Part, PartKind, REVIEW,
};
pub use review::{
    Achievement, ActionItem, DeliveredValue, Goal, Issue, Milestone, PastPeriod, Person, Review, Risk, RoadmapItem,
};
pub use schema::{Derived, Kind, Metric, Schema, Topic, Vocabulary};
pub use segments::{Profile, Segments};
pub use term::{Renewal, Term};

/// Whether two words are the same, case ignored.
pub fn same_word(a: &str, b: &str) -> bool {
    // Most words that differ do so in their first letter.
    if let (Some(first), Some(other)) = (a.bytes().next(), b.bytes().next())
        && first.is_ascii()
        && other.is_ascii()
        && !first.eq_ignore_ascii_case(&other)
    {
        return false;
    }
    a.eq_ignore_ascii_case(b) || (!(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase())
}

/// A word in lower case, borrowed where it is so already.
pub fn lower_case(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        word.into()
    } else {
        word.to_lowercase().into()
    }
}

/// The known name that a misspelt one most likely means.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    /// Longer names are not worth the comparison.
    const LONGEST: usize = 100;
    let plain = |name: &str| name.to_lowercase().replace('-', "_");
    let wanted = plain(name);
    if wanted.len() > LONGEST {
        return None;
    }
    let near = known.filter(|known| known.len() <= LONGEST).filter_map(|known| {
        let candidate = plain(known);
        let distance = strsim::osa_distance(&wanted, &candidate);
        let limit = (wanted.chars().count().max(candidate.chars().count()) / 3).max(1);
        (distance <= limit).then_some((distance, known))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// One customer account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Account {
    /// The customer's id; `unknown` where the input names none.
    pub id: String,
    /// The customer's name; `Unknown` where the input names none.
    pub name: String,
    /// The segment as the input spells it; `None` where it names none.
    pub segment: Option<String>,
    /// The segment whose figures it is scored with.
    pub profile: Profile,
    /// Annual recurring revenue, in the portfolio's currency; 0 where unknown.
    pub arr: f64,
    /// The contract's dates.
    pub term: Term,
    /// Where the customer is in its life.
    pub lifecycle: Lifecycle,
    /// The owner of the account (the `csm` field); empty where unknown.
    pub owner: String,
    /// The metrics, by the slots of the schema.
    pub row: Row,
    /// Words that are in no vocabulary, with the slot in which they stand as [`crate::engine::Word::OTHER`].
    pub other_words: Vec<(Slot, String)>,
    /// Seats, plan, modules and departments.
    pub footprint: Footprint,
    /// The text attributes that were asked for, by their positions in the request; empty where unknown.
    pub attributes: Texts,
    /// What only people know, where that was asked for and there is something.
    pub review: Option<Box<Review>>,
    /// The day that its record is of, where that was asked for and the record or its file says it. A [`Book`] does not keep it.
    pub snapshot: Option<NaiveDate>,
}

/// Where a customer is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lifecycle {
    /// Being set up; too early to be judged beside the others.
    Onboarding,
    /// In service, which is also what an account without a lifecycle is.
    #[default]
    Live,
    /// Has left; scored no more.
    Churned,
}

impl Lifecycle {
    /// The words of the `lifecycle` field, in order.
    pub const WORDS: [&str; 3] = ["onboarding", "live", "churned"];

    /// The lifecycle that a word names, case ignored.
    pub fn from_word(word: &str) -> Option<Self> {
        let position = Self::WORDS.iter().position(|known| word.eq_ignore_ascii_case(known))?;
        Some([Self::Onboarding, Self::Live, Self::Churned][position])
    }

    /// The word of the lifecycle.
    pub fn name(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

impl Account {
    /// An empty account whose row has a slot for each metric of the schema.
    pub fn new(schema: &Schema) -> Self {
        Self { row: Row::new(schema.metrics().len()), ..Self::default() }
    }

    /// Forgets all that is known and keeps the memory.
    pub fn clear(&mut self) {
        self.id.clear();
        self.name.clear();
        self.segment = None;
        self.profile = Profile::default();
        self.arr = 0.0;
        self.term = Term::default();
        self.lifecycle = Lifecycle::default();
        self.owner.clear();
        self.row.clear();
        self.other_words.clear();
        self.footprint.clear();
        self.attributes.clear();
        self.review = None;
        self.snapshot = None;
    }

    /// Fills a metric that follows from the contract's dates, as of a day; it is absent where its date is unknown. The age of another
    /// metric does not follow from them and stays as it is.
    pub fn derive(&mut self, slot: Slot, derived: Derived, as_of: NaiveDate) {
        let days = match derived {
            Derived::DaysToRenewal => self.term.end.map(|end| (end - as_of).num_days()),
            Derived::DaysSinceStart => self.term.days_since_start(as_of),
            Derived::Age(_) => return,
        };
        self.row.set(slot, days.map_or(Value::Absent, |days| Value::Number(days as f64)));
    }

    /// Fills all metrics of the schema that follow from the contract's dates. Whoever sets the dates of an account by hand calls
    /// this before it is scored: the urgency of a renewal rests on them.
    pub fn derive_all(&mut self, schema: &Schema, as_of: NaiveDate) {
        for (slot, metric) in schema.slots() {
            if let Some(derived) = metric.derived {
                self.derive(slot, derived, as_of);
            }
        }
    }

    /// Whether the notes for reviews say nothing of a part, as they do where there are none.
    pub fn lacks_part(&self, part: Part) -> bool {
        self.review.as_ref().is_none_or(|review| part.is_empty(review))
    }

    /// The word that a slot holds although no vocabulary knows it.
    pub fn other_word(&self, slot: Slot) -> Option<&str> {
        self.other_words.iter().find(|(place, _)| *place == slot).map(|(_, word)| word.as_str())
    }
}
