//! Several sources joined: the first one streams, the others are held by what they are joined by.

mod merge;

use std::sync::Arc;

use super::draft::Draft;
use super::fault::Rule;
use super::given::Given;
use super::ledger::Keys;
use super::problem::{Problem, Problems, Severity};
use super::{Key, Options, text};
use crate::account::{Account, Book, Entry, Field, Texts};
use merge::Merge;

/// The sources behind the first one.
#[derive(Debug, Default)]
pub(super) struct Join {
    held: Vec<Held>,
    /// The name of the first source.
    lead: Arc<str>,
    scratch: Account,
    given: Given,
}

/// The records of one source, kept by what they are joined by.
#[derive(Debug)]
pub(super) struct Held {
    input: Arc<str>,
    book: Book,
    keys: Keys,
    /// The keys in lower case, without blanks and leading zeros.
    loose: Keys,
    rows: Vec<Row>,
    names: Texts,
    /// Which fields each record gave, one behind the other.
    given: Vec<u64>,
    modules: Vec<u8>,
    /// What customers have of this source that stand in no record of it.
    otherwise: Option<Row>,
    missing: Examples,
    alike: Examples,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    /// Its data; nothing where it has an error.
    entry: Option<Entry>,
    /// Its position in the source, from 1, and its line.
    record: u64,
    line: u64,
    /// Where its modules begin in `modules`.
    modules: usize,
    matched: bool,
}

/// How often something was met, and the first few.
#[derive(Debug, Default)]
struct Examples {
    count: u64,
    first: Vec<String>,
}

/// How many examples a message shows.
const EXAMPLES: usize = 5;
/// How many examples of either side are shown where two sources have no customer in common.
const PER_SIDE: usize = 2;

/// A customer that stands in no record of the first source: its first record, and what it is joined by.
pub(super) struct Left {
    pub input: Arc<str>,
    pub record: u64,
    pub line: u64,
    pub key: String,
}

impl Examples {
    fn add(&mut self, example: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < EXAMPLES {
            self.first.push(example());
        }
    }

    fn listed(&self) -> String {
        self.most(EXAMPLES)
    }

    fn most(&self, most: usize) -> String {
        let shown = self.first.len().min(most);
        let more = if self.count > shown as u64 { ", …" } else { "" };
        format!("{}{more}", self.first[..shown].join(", "))
    }
}

impl Held {
    /// Nothing of a source yet.
    pub fn new(input: Arc<str>) -> Self {
        Self {
            input,
            book: Book::default(),
            keys: Keys::default(),
            loose: Keys::default(),
            rows: Vec::new(),
            names: Texts::default(),
            given: Vec::new(),
            modules: Vec::new(),
            otherwise: None,
            missing: Examples::default(),
            alike: Examples::default(),
        }
    }

    /// Keeps a record.
    pub fn add(&mut self, draft: &Draft<'_>, options: &Options<'_>, record: u64, line: u64) {
        let row = self.row(draft, record, line);
        self.put(key_of(draft, options), row);
    }

    /// Keeps what customers have that stand in no record.
    pub fn add_otherwise(&mut self, draft: &Draft<'_>) {
        self.otherwise = Some(self.row(draft, 0, 0));
    }

    /// Notes that a record has an error, so that its customer is left out.
    pub fn refuse(&mut self, key: &str, line: u64) {
        if key.is_empty() {
            return;
        }
        let refused = Row { entry: None, record: 0, line, modules: 0, matched: false };
        match self.position(key) {
            Some(position) => self.rows[position] = refused,
            None => self.put(key, refused),
        }
    }

    /// Puts a row behind the others, unless a key of the same hash is there.
    fn put(&mut self, key: &str, row: Row) {
        let number = self.rows.len() as u64;
        if self.keys.note(key, number).is_none() {
            self.loose.note(&loosened(key), number);
            self.names.push(key);
            self.rows.push(row);
        }
    }

    /// Where a key stands. Keys are found by a hash, so that the key itself is compared too.
    fn position(&self, key: &str) -> Option<usize> {
        let position = usize::try_from(self.keys.find(key)?).ok()?;
        (self.names.get(position) == Some(key) && position < self.rows.len()).then_some(position)
    }

    /// A key that differs from this one only in what people overlook.
    fn near(&self, key: &str) -> Option<&str> {
        let loosened_key = loosened(key);
        let near = self.names.get(usize::try_from(self.loose.find(&loosened_key)?).ok()?)?;
        (loosened(near) == loosened_key).then_some(near)
    }

    /// The records without an error whose customer stands in no record of the first source, with their keys.
    fn left(&self) -> impl Iterator<Item = (&Row, &str)> {
        let rows = self.rows.iter().enumerate().filter(|(_, row)| !row.matched && row.entry.is_some());
        rows.map(|(position, row)| (row, self.names.get(position).unwrap_or_default()))
    }

    fn row(&mut self, draft: &Draft<'_>, record: u64, line: u64) -> Row {
        let modules = self.modules.len();
        self.given.extend_from_slice(draft.given.words());
        self.modules.extend_from_slice(&draft.given.modules);
        Row { entry: Some(self.book.push(&draft.account)), record, line, modules, matched: false }
    }

    fn read(&self, entry: Entry, row: Row, account: &mut Account, given: &mut Given) {
        self.book.read(entry, account);
        let width = given.words().len();
        let start = entry.0 as usize * width;
        given.set_words(self.given.get(start..start + width).unwrap_or_default());
        given.modules.clear();
        let end = row.modules + account.footprint.modules.len();
        given.modules.extend_from_slice(self.modules.get(row.modules..end).unwrap_or_default());
    }
}

/// What a draft is joined by.
pub(super) fn key_of<'d>(draft: &'d Draft<'_>, options: &Options<'_>) -> &'d str {
    match options.key {
        Key::Id => &draft.account.id,
        Key::Path(_) => &draft.key,
    }
}

/// A key as it is compared to find those that differ only in case, blanks or leading zeros.
fn loosened(key: &str) -> String {
    let visible = key.chars().filter(|character| !character.is_whitespace());
    visible.skip_while(|character| *character == '0').flat_map(char::to_lowercase).collect()
}

impl Join {
    /// The sources that are held, and the name of the first one, which they join.
    pub fn new(lead: Arc<str>, held: Vec<Held>, options: &Options<'_>) -> Self {
        Self { held, lead, scratch: Account::new(options.schema), given: Given::new(options.schema) }
    }

    /// Whether there is nothing to join.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Fills a draft with what the other sources know of its customer; what they give differently becomes a fault. Whether the
    /// customer is left out because another source's record of it has an error.
    pub fn complete(&mut self, draft: &mut Draft<'_>, options: &Options<'_>) -> bool {
        let mut refused = false;
        if self.held.is_empty() || key_of(draft, options).is_empty() {
            return refused;
        }
        for held in &mut self.held {
            let key = key_of(draft, options);
            let row = match held.position(key) {
                Some(position) => {
                    held.rows[position].matched = true;
                    held.rows[position]
                }
                None => {
                    held.missing.add(|| text::plain(key));
                    if let Some(near) = held.near(key) {
                        let pair = format!("{} and {}", text::quoted(key), text::quoted(near));
                        held.alike.add(|| pair);
                    }
                    let Some(row) = held.otherwise else { continue };
                    row
                }
            };
            let place = if row.line == 0 { held.input.to_string() } else { format!("{}:{}", held.input, row.line) };
            let Some(entry) = row.entry else {
                refused = true;
                draft.fault_at_key(Rule::LeftOut(place));
                continue;
            };
            held.read(entry, row, &mut self.scratch, &mut self.given);
            Merge { draft, account: &mut self.scratch, given: &self.given, place: &place, options }.run();
        }
        refused
    }

    /// The customers that stand in no record of the first source, each by its first record, in the order of the sources.
    pub fn left(&self) -> Vec<Left> {
        let mut seen = Keys::default();
        let mut left = Vec::new();
        for held in &self.held {
            for (row, key) in held.left() {
                if seen.note(key, 0).is_none() {
                    let input = held.input.clone();
                    left.push(Left { input, record: row.record, line: row.line, key: key.to_owned() });
                }
            }
        }
        left
    }

    /// Tells which customers stand in some of the sources only, and which keys are nearly the same.
    pub fn tell(&self, options: &Options<'_>, problems: &mut Problems) {
        let mut add = |severity, input: &Arc<str>, allowed: String| {
            problems.add(severity, Some(Problem::of_input(severity, input.clone(), allowed)));
        };
        for held in &self.held {
            let Held { input, missing, alike, .. } = held;
            let lead = &self.lead;
            if alike.count > 0 {
                let allowed = format!(
                    "{} differ only in case, blanks or leading zeros and are not joined with {lead}: make them equal in one \
                     export, or join by another field with --key",
                    alike.listed()
                );
                add(Severity::Warning, input, allowed);
            }
            let mut left = Examples::default();
            for (_, key) in held.left() {
                left.add(|| text::plain(key));
            }
            let scored = if options.outer { "scored by what is known" } else { "not scored without --outer" };
            let is_apart = held.rows.iter().all(|row| !row.matched) && alike.count == 0;
            if is_apart && left.count > 1 && missing.count > 0 {
                let key = options.key.path().unwrap_or(Field::Id.path());
                let allowed = format!(
                    "none of its {} customers is in {lead}, {scored}: is {} the same thing in both? Here it is {}, there {}",
                    left.count,
                    text::plain(key),
                    left.most(PER_SIDE),
                    missing.most(PER_SIDE)
                );
                add(Severity::Warning, input, allowed);
                continue;
            }
            if left.count > 0 {
                let customers = counted(left.count);
                let allowed = format!("{customers} not in {lead}, {scored}: {}", left.listed());
                add(Severity::Warning, input, allowed);
            }
            if missing.count > 0 {
                let customers = counted(missing.count);
                let allowed = format!("no record of {customers} of {lead}: {}", missing.listed());
                add(Severity::Note, input, allowed);
            }
        }
    }
}

fn counted(count: u64) -> String {
    if count == 1 { "1 customer".to_owned() } else { format!("{count} customers") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_the_same_hash_is_another_customer() {
        let mut held = Held::new("s.csv".into());
        held.refuse("a", 2);
        assert_eq!((held.position("a"), held.near("A")), (Some(0), Some("a")));
        held.keys.note("b", 0);
        held.loose.note("b", 0);
        assert_eq!((held.position("b"), held.near("B")), (None, None));
    }
}
