//! Several sources joined: the first one streams, the others are held by what they are joined by.

mod merge;

use std::sync::Arc;

use super::draft::{Draft, Given};
use super::ledger::Keys;
use super::problem::{Problem, Problems, Severity};
use super::{Key, Options, text};
use crate::account::{Account, Book, Entry, Texts};
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
    /// The keys in lower case, without blanks.
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
    entry: Entry,
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
/// Stands for a record that has an error.
const REFUSED: u64 = u64::MAX;

impl Examples {
    fn add(&mut self, example: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < EXAMPLES {
            self.first.push(example());
        }
    }

    fn listed(&self) -> String {
        let more = if self.count > self.first.len() as u64 { ", …" } else { "" };
        format!("{}{more}", self.first.join(", "))
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
    pub fn add(&mut self, draft: &Draft<'_>, options: &Options<'_>, line: u64) {
        let key = key_of(draft, options);
        let number = self.rows.len() as u64;
        if self.keys.note(key, number).is_some() {
            return;
        }
        self.loose.note(&loosened(key), number);
        self.names.push(key);
        let row = self.row(draft, line);
        self.rows.push(row);
    }

    /// Keeps what customers have that stand in no record.
    pub fn add_otherwise(&mut self, draft: &Draft<'_>) {
        self.otherwise = Some(self.row(draft, 0));
    }

    /// Notes that a record has an error, so that its customer is left out.
    pub fn refuse(&mut self, key: &str) {
        if !key.is_empty() {
            self.keys.replace(key, REFUSED);
        }
    }

    fn row(&mut self, draft: &Draft<'_>, line: u64) -> Row {
        let modules = self.modules.len();
        self.given.extend_from_slice(draft.given.words());
        self.modules.extend_from_slice(&draft.given.modules);
        Row { entry: self.book.push(&draft.account), line, modules, matched: false }
    }

    fn read(&self, row: Row, account: &mut Account, given: &mut Given) {
        self.book.read(row.entry, account);
        let width = given.words().len();
        let start = row.entry.0 as usize * width;
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

/// A key as it is compared to find those that differ in case or blanks only.
fn loosened(key: &str) -> String {
    key.chars().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect()
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
            let row = match held.keys.find(key) {
                Some(REFUSED) => {
                    refused = true;
                    continue;
                }
                Some(number) => {
                    let Some(row) = usize::try_from(number).ok().and_then(|number| held.rows.get_mut(number)) else {
                        continue;
                    };
                    row.matched = true;
                    *row
                }
                None => {
                    held.missing.add(|| text::plain(key));
                    if let Some(near) = held.loose.find(&loosened(key)) {
                        let near = usize::try_from(near).ok().and_then(|near| held.names.get(near)).unwrap_or_default();
                        held.alike.add(|| format!("{} and {}", text::quoted(key), text::quoted(near)));
                    }
                    let Some(row) = held.otherwise else { continue };
                    row
                }
            };
            held.read(row, &mut self.scratch, &mut self.given);
            let place = if row.line == 0 { held.input.to_string() } else { format!("{}:{}", held.input, row.line) };
            Merge { draft, account: &mut self.scratch, given: &self.given, place: &place, options }.run();
        }
        refused
    }

    /// The keys of customers that stand in no record of the first source, in the order of the sources, with their places.
    pub fn left(&self) -> Vec<(Arc<str>, u64, String)> {
        let mut seen = Keys::default();
        let mut left = Vec::new();
        for held in &self.held {
            for (position, row) in held.rows.iter().enumerate().filter(|(_, row)| !row.matched) {
                let key = held.names.get(position).unwrap_or_default();
                if seen.note(key, 0).is_none() {
                    left.push((held.input.clone(), row.line, key.to_owned()));
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
            if alike.count > 0 {
                let pairs = alike.listed();
                let allowed = format!("{pairs} differ in case or blanks only and are not joined with {}", self.lead);
                add(Severity::Warning, input, allowed);
            }
            let mut left = Examples::default();
            for (position, _) in held.rows.iter().enumerate().filter(|(_, row)| !row.matched) {
                left.add(|| text::plain(held.names.get(position).unwrap_or_default()));
            }
            if left.count > 0 {
                let customers = counted(left.count);
                let scored = if options.outer { "scored by what is known" } else { "not scored without --outer" };
                let allowed = format!("{customers} not in {}, {scored}: {}", self.lead, left.listed());
                add(Severity::Warning, input, allowed);
            }
            if missing.count > 0 {
                let customers = counted(missing.count);
                let allowed = format!("no record of {customers} of {}: {}", self.lead, missing.listed());
                add(Severity::Note, input, allowed);
            }
        }
    }
}

fn counted(count: u64) -> String {
    if count == 1 { "1 customer".to_owned() } else { format!("{count} customers") }
}
