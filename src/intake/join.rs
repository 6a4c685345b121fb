//! Several sources joined: the first one streams, the others are held by what they are joined by.

use std::sync::Arc;

use super::draft::{Draft, Given};
use super::fault::Rule;
use super::fields::Target;
use super::ledger::Keys;
use super::problem::{Problem, Problems, Severity};
use super::{Key, Options, text};
use crate::account::{Account, Book, Entry, Field, ModuleField, Texts, same_word};
use crate::engine::{Slot, Value, Word};

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
    currencies: Vec<String>,
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
    currency: Option<u16>,
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
            currencies: Vec::new(),
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
        let currency = self.currency(&draft.currency);
        Row { entry: self.book.push(&draft.account), line, modules, currency, matched: false }
    }

    /// The number of a currency; there are few.
    fn currency(&mut self, currency: &str) -> Option<u16> {
        if currency.is_empty() {
            return None;
        }
        let position = self.currencies.iter().position(|known| known == currency).unwrap_or_else(|| {
            self.currencies.push(currency.to_owned());
            self.currencies.len() - 1
        });
        u16::try_from(position).ok()
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
            let currency = row.currency.and_then(|currency| held.currencies.get(usize::from(currency)));
            if draft.currency.is_empty()
                && let Some(currency) = currency
            {
                draft.currency.push_str(currency);
            }
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
            problems.add(severity, Some(Problem::of_file(severity, input.clone(), allowed)));
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

/// One record that is laid under a draft.
struct Merge<'m, 'a, 'o> {
    draft: &'m mut Draft<'a>,
    /// The record; what the draft lacks is taken out of it.
    account: &'m mut Account,
    given: &'m Given,
    /// Where the record stands.
    place: &'m str,
    options: &'m Options<'o>,
}

impl Merge<'_, '_, '_> {
    fn run(mut self) {
        for field in Field::ALL {
            if self.given.field(field) {
                self.field(field);
            }
        }
        for position in 0..self.options.schema.metrics().len() {
            let slot = Slot(u16::try_from(position).unwrap_or(u16::MAX));
            if self.given.metric(slot) {
                self.metric(slot);
            }
        }
        self.modules();
    }

    fn field(&mut self, field: Field) {
        let known = self.draft.given.field(field);
        let (ours, theirs) = (shown(&self.draft.account, field), shown(self.account, field));
        if known && !ours.is_empty() {
            let is_key = field == Field::Id && *self.options.key == Key::Id;
            let same = ours == theirs || (field == Field::Segment && same_word(&ours, &theirs));
            if !same && !is_key && !theirs.is_empty() {
                self.conflict(Target::Field(field), None, &ours, &theirs);
            }
            return;
        }
        self.draft.given.add_field(field);
        let (ours, theirs) = (&mut self.draft.account, &mut *self.account);
        match field {
            Field::Id => std::mem::swap(&mut ours.id, &mut theirs.id),
            Field::Name => std::mem::swap(&mut ours.name, &mut theirs.name),
            Field::Owner => std::mem::swap(&mut ours.owner, &mut theirs.owner),
            Field::Segment => {
                std::mem::swap(&mut ours.segment, &mut theirs.segment);
                ours.profile = theirs.profile;
            }
            Field::Arr => ours.arr = theirs.arr,
            Field::Currency => {}
            Field::Start => ours.term.start = theirs.term.start,
            Field::End => ours.term.end = theirs.term.end,
            Field::Notice => ours.term.notice = theirs.term.notice,
            Field::AutoRenew => ours.term.auto_renew = theirs.term.auto_renew,
            Field::Lifecycle => ours.lifecycle = theirs.lifecycle,
            Field::LicensedSeats => ours.footprint.licensed_seats = theirs.footprint.licensed_seats,
            Field::ActiveSeats => ours.footprint.active_seats = theirs.footprint.active_seats,
            Field::PlanTier => std::mem::swap(&mut ours.footprint.plan_tier, &mut theirs.footprint.plan_tier),
            Field::AvailableTiers => {
                std::mem::swap(&mut ours.footprint.available_tiers, &mut theirs.footprint.available_tiers);
            }
            Field::CurrentDepartments => {
                std::mem::swap(&mut ours.footprint.departments.current, &mut theirs.footprint.departments.current);
            }
            Field::PotentialDepartments => {
                std::mem::swap(&mut ours.footprint.departments.potential, &mut theirs.footprint.departments.potential);
            }
        }
    }

    fn metric(&mut self, slot: Slot) {
        let theirs = self.account.row.get(slot);
        if !self.draft.given.metric(slot) {
            self.draft.given.add_metric(slot);
            self.draft.account.row.set(slot, theirs);
            // The age of a value comes from where the value comes from.
            for (_, age) in self.draft.fields.ages.iter().filter(|(of, _)| *of == slot) {
                self.draft.account.row.set(*age, self.account.row.get(*age));
            }
            if let Some(word) = self.account.other_word(slot) {
                self.draft.account.other_words.push((slot, word.to_owned()));
            }
            return;
        }
        let (ours, theirs) = (self.metric_shown(&self.draft.account, slot), self.metric_shown(self.account, slot));
        if ours != theirs {
            self.conflict(Target::Metric(slot), None, &ours, &theirs);
        }
    }

    fn metric_shown(&self, account: &Account, slot: Slot) -> String {
        match account.row.get(slot) {
            Value::Absent => String::new(),
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag_shown(flag),
            Value::Word(Word::OTHER) => account.other_word(slot).unwrap_or_default().to_owned(),
            Value::Word(word) => match &self.options.schema.metric(slot).kind {
                crate::account::Kind::Word(vocabulary) => vocabulary.text(word).unwrap_or_default().to_owned(),
                _ => String::new(),
            },
        }
    }

    fn modules(&mut self) {
        for (position, theirs) in self.account.footprint.modules.iter().enumerate() {
            let given = self.given.modules.get(position).copied().unwrap_or_default();
            let ours = self.draft.account.footprint.modules.iter().position(|module| module.name == theirs.name);
            let Some(ours) = ours else {
                self.draft.account.footprint.modules.push(theirs);
                self.draft.given.modules.push(given);
                continue;
            };
            let before = self.draft.given.modules.get(ours).copied().unwrap_or_default();
            let Some(known) = self.draft.account.footprint.modules.get(ours) else { continue };
            let mut adopted = known.adopted;
            let mut usage_pct = known.usage_pct;
            let mut conflicts = Vec::new();
            for field in ModuleField::ALL.into_iter().filter(|field| given >> *field as u8 & 1 == 1) {
                let is_known = before >> field as u8 & 1 == 1;
                match field {
                    ModuleField::Adopted if !is_known => adopted = theirs.adopted,
                    ModuleField::Adopted if adopted != theirs.adopted => {
                        conflicts.push((field, flag_shown(adopted), flag_shown(theirs.adopted)));
                    }
                    ModuleField::UsagePct if !is_known => usage_pct = theirs.usage_pct,
                    ModuleField::UsagePct if usage_pct != theirs.usage_pct => {
                        conflicts.push((field, usage_pct.to_string(), theirs.usage_pct.to_string()));
                    }
                    _ => {}
                }
            }
            let name = theirs.name.to_owned();
            self.draft.account.footprint.modules.set_usage(ours, adopted, usage_pct);
            if let Some(known) = self.draft.given.modules.get_mut(ours) {
                *known |= given;
            }
            for (field, ours, theirs) in conflicts {
                let rule = Rule::Conflict {
                    ours: text::quoted(&ours),
                    theirs: text::quoted(&theirs),
                    place: self.place.to_owned(),
                };
                self.draft.fault_in_module(&name, field, rule);
            }
        }
    }

    fn conflict(&mut self, target: Target, item: Option<usize>, ours: &str, theirs: &str) {
        let rule =
            Rule::Conflict { ours: text::quoted(ours), theirs: text::quoted(theirs), place: self.place.to_owned() };
        let node = self.draft.fields.find(target);
        self.draft.fault(node, item, rule);
    }
}

fn flag_shown(flag: bool) -> String {
    if flag { "true".to_owned() } else { "false".to_owned() }
}

/// What an account has in a field, to compare and to show; empty where it has nothing.
fn shown(account: &Account, field: Field) -> String {
    let list = |texts: &Texts| texts.iter().collect::<Vec<_>>().join("; ");
    let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let footprint = &account.footprint;
    match field {
        Field::Id => account.id.clone(),
        Field::Name => account.name.clone(),
        Field::Owner => account.owner.clone(),
        Field::Segment => account.segment.clone().unwrap_or_default(),
        Field::Arr => account.arr.to_string(),
        // Currencies are checked before sources are joined.
        Field::Currency => String::new(),
        Field::Start => date(account.term.start),
        Field::End => date(account.term.end),
        Field::Notice => date(account.term.notice),
        Field::AutoRenew => account.term.auto_renew.map(flag_shown).unwrap_or_default(),
        Field::Lifecycle => account.lifecycle.name().to_owned(),
        Field::LicensedSeats => footprint.licensed_seats.to_string(),
        Field::ActiveSeats => footprint.active_seats.to_string(),
        Field::PlanTier => footprint.plan_tier.clone(),
        Field::AvailableTiers => list(&footprint.available_tiers),
        Field::CurrentDepartments => list(&footprint.departments.current),
        Field::PotentialDepartments => list(&footprint.departments.potential),
    }
}
