//! What the records of a source are checked for, whatever its format.

use std::sync::Arc;

use chrono::NaiveDate;

use super::block::Batch;
use super::draft::Draft;
use super::fault::{Fault, Rule};
use super::fields::Fields;
use super::join::{Held, Join, Left, key_of};
use super::ledger::{Currency, Keys, Origin, is_same};
use super::outlet::{Outlet, Portion};
use super::problem::{Problem, Problems, Severity};
use super::{AtError, Key, Options, text};
use crate::account::Field;

/// The place at which the records of one source arrive, one after the other: a format fills [`Desk::draft`], calls
/// [`Desk::check`], tells the faults that the draft then has, and calls [`Desk::accept`] or [`Desk::refuse`].
pub(super) struct Desk<'a, 'o> {
    pub draft: Draft<'a>,
    pub fields: &'a Fields,
    pub options: &'a Options<'a>,
    /// The name of the input, for messages.
    pub input: Arc<str>,
    pub problems: Problems,
    /// The record at hand, from 1.
    pub record: Option<u64>,
    /// How many records there were.
    pub records: u64,
    /// How many of them are left out.
    pub invalid: u64,
    /// What a customer that stands twice is.
    pub repeats: Repeats,
    seen: Seen,
    currency: &'o mut Currency,
    file_currency: Option<String>,
    /// The day that the source gives all of its records.
    file_day: Option<NaiveDate>,
    /// Whether a customer stands twice.
    repeats_any: bool,
    /// Whether records name currencies that do not go together.
    disagrees: bool,
    role: Role<'o>,
}

/// The keys of the records so far.
enum Seen {
    /// They are checked one by one.
    Checked(Keys),
    /// They are noted with the number of the record, to be checked together.
    Noted(Vec<(u64, u32)>),
}

/// What a customer that stands twice in a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// A warning: both are scored.
    Warned,
    /// An error.
    Refused,
}

/// What becomes of the records of a source.
pub(super) enum Role<'o> {
    /// They are joined with those that are held, and handed out.
    Lead { join: &'o mut Join, outlet: &'o dyn Outlet },
    /// They are a block of the first source, which is joined with nothing.
    Block(&'o mut dyn Portion),
    /// They are held until the first source has been read.
    Held(&'o mut Held),
}

impl<'a, 'o> Desk<'a, 'o> {
    /// A desk for the records of one source.
    pub fn new(
        fields: &'a Fields,
        options: &'a Options<'a>,
        input: Arc<str>,
        currency: &'o mut Currency,
        role: Role<'o>,
    ) -> Self {
        let joined = match &role {
            Role::Lead { join, .. } => !join.is_empty(),
            Role::Block(_) => false,
            Role::Held(_) => true,
        };
        let seen = match &role {
            Role::Block(_) => Seen::Noted(Vec::new()),
            Role::Lead { .. } | Role::Held(_) => Seen::Checked(Keys::default()),
        };
        Self {
            draft: Draft::new(fields, options),
            fields,
            options,
            input,
            problems: Problems::new(options.keep),
            record: None,
            records: 0,
            invalid: 0,
            repeats: if joined || options.needs.dating.follows() { Repeats::Refused } else { Repeats::Warned },
            seen,
            currency,
            file_currency: None,
            file_day: None,
            repeats_any: false,
            disagrees: false,
            role,
        }
    }

    /// Whether the record in the draft says whose it is.
    pub fn has_key(&self) -> bool {
        !key_of(&self.draft, self.options).is_empty()
    }

    fn joins(&self) -> bool {
        match &self.role {
            Role::Lead { join, .. } => !join.is_empty(),
            Role::Block(_) => false,
            Role::Held(_) => true,
        }
    }

    /// Checks the record in the draft against the others, and joins it with those of other sources. What is wrong stands in the
    /// draft then. Whether the customer is left out because another source's record of it has an error.
    pub fn check(&mut self) -> bool {
        self.draft.account.snapshot = self.draft.account.snapshot.or(self.file_day);
        self.draft.close();
        let record = self.record.unwrap_or(self.records + 1);
        let key = key_of(&self.draft, self.options);
        if !key.is_empty() {
            let hash = match self.draft.account.snapshot {
                Some(day) => Keys::hash_on(key, day),
                None => Keys::hash(key),
            };
            match &mut self.seen {
                Seen::Checked(keys) => {
                    if let Some(first) = keys.note_hash(hash, record) {
                        self.repeats_any = true;
                        self.draft.fault_at_key(match self.repeats {
                            Repeats::Warned => Rule::SameId(first),
                            Repeats::Refused if self.options.needs.dating.follows() => Rule::SameDay(first),
                            Repeats::Refused => Rule::RepeatedKey(first),
                        });
                    }
                }
                Seen::Noted(keys) => keys.push((hash, u32::try_from(record).unwrap_or(u32::MAX))),
            }
        } else if self.joins() {
            self.draft.fault_at_key(Rule::NoKey);
        }
        self.check_currency(record);
        let left_out = match &mut self.role {
            Role::Lead { join, .. } => join.complete(&mut self.draft, self.options),
            Role::Block(_) => false,
            Role::Held(_) => return false,
        };
        self.draft.settle();
        left_out
    }

    fn check_currency(&mut self, record: u64) {
        if let Some(sign) = self.draft.sign {
            if self.draft.currency.is_empty() {
                self.draft.currency.push_str(sign);
            } else if !is_same(&self.draft.currency.to_uppercase(), sign) {
                let rule = Rule::OwnCurrency(text::plain(&self.draft.currency.to_uppercase()));
                self.draft.fault_at(Field::Arr, rule);
            }
        }
        if let Some(rates) = self.options.rates {
            if self.draft.currency.is_empty() {
                self.draft.currency.push_str(self.file_currency.as_deref().unwrap_or_default());
            }
            self.draft.convert(rates);
            return;
        }
        if self.draft.currency.is_empty() {
            return;
        }
        match self.currency.check(&self.draft.currency, &self.input) {
            Err(other) => {
                self.disagrees = true;
                self.draft.fault_at(self.draft.currency_field(), Rule::OtherCurrency(other));
            }
            Ok(()) if self.draft.is_invalid() => {}
            Ok(()) => self.currency.note(&self.draft.currency, Origin::Record(self.input.clone(), record)),
        }
    }

    /// Takes the currency that the source gives all of its records; where another one is known, that one for a message.
    pub fn take_file_currency(&mut self, currency: String) -> Result<(), String> {
        let checked = if self.options.rates.is_some() { Ok(()) } else { self.currency.check(&currency, &self.input) };
        if checked.is_ok() {
            self.currency.note(&currency, Origin::File(self.input.clone()));
        }
        self.file_currency = Some(currency);
        checked
    }

    /// Takes the day that the source gives all of its records.
    pub fn take_file_day(&mut self, day: NaiveDate) {
        self.file_day = Some(day);
    }

    /// Whether a customer stands twice although records are not told apart by their days.
    pub fn has_repeats(&self) -> bool {
        self.repeats_any && !self.options.needs.dating.is_read()
    }

    /// The currency that the source gives all of its records.
    pub fn file_currency(&self) -> Option<&str> {
        self.file_currency.as_deref()
    }

    /// Hands the record on, which stands in a line of the source.
    pub fn accept(&mut self, line: u64) {
        if let (Some(amend), false) = (self.options.amend, self.is_held()) {
            (amend.0)(&mut self.draft.account);
        }
        match &mut self.role {
            Role::Lead { outlet, .. } => outlet.add(&self.draft.account),
            Role::Block(portion) => portion.add(&self.draft.account),
            Role::Held(held) => {
                held.add(&self.draft, self.options, self.record.unwrap_or_default(), line);
            }
        }
    }

    /// Hands on a customer that the first source lacks, with what the others know of it.
    pub fn take_left(&mut self, left: Left) {
        let Left { input, record, line, key } = left;
        self.input = input;
        self.record = Some(record);
        self.begin(&key);
        let left_out = self.check();
        self.records += 1;
        for fault in std::mem::take(&mut self.draft.faults) {
            let found = match &fault.rule {
                Rule::Conflict { ours, .. } => ours.clone(),
                Rule::LeftOut(_) => text::quoted(&key),
                _ => "nothing".to_owned(),
            };
            let problem = Problem { line, found, ..self.fault_problem(&fault) };
            self.problems.add(fault.rule.severity(), Some(problem));
            if fault.rule.severity() == Severity::Error {
                self.draft.faults.push(fault);
            }
        }
        if left_out || self.draft.is_invalid() { self.refuse(line) } else { self.accept(line) }
    }

    /// Begins the record of a customer.
    pub fn begin(&mut self, key: &str) {
        self.draft.clear();
        match self.options.key {
            Key::Id => self.draft.account.id.push_str(key),
            Key::Path(_) => self.draft.key.push_str(key),
        }
    }

    /// Whether the records are held until the first source has been read.
    pub fn is_held(&self) -> bool {
        matches!(self.role, Role::Held(_))
    }

    /// Keeps what stands in the draft for the customers of other sources that have no record here.
    pub fn keep_otherwise(&mut self) {
        self.draft.close();
        for fault in std::mem::take(&mut self.draft.faults) {
            let found = "what the mapping has as `otherwise`".to_owned();
            let problem = Problem { found, ..self.fault_problem(&fault) };
            match fault.rule.severity() {
                Severity::Error => self.give_up(problem),
                severity => self.problems.add(severity, Some(problem)),
            }
        }
        if let Role::Held(held) = &mut self.role {
            held.add_otherwise(&self.draft);
        }
    }

    /// Leaves the record out, which stands in a line of the source.
    pub fn refuse(&mut self, line: u64) {
        self.invalid += 1;
        if let Role::Held(held) = &mut self.role {
            held.refuse(key_of(&self.draft, self.options), line);
        }
    }

    /// A problem of the record at hand, or of the file where there is none.
    pub fn problem(&self, severity: Severity, found: &str, allowed: &str) -> Problem {
        let id = self.draft.account.id.as_str();
        Problem {
            severity,
            input: self.input.clone(),
            sheet: None,
            line: 0,
            column: 0,
            header: None,
            record: self.record,
            customer: (self.record.is_some() && !matches!(id, "" | "unknown")).then(|| text::plain(id)),
            field: String::new(),
            found: found.to_owned(),
            allowed: allowed.to_owned(),
            excerpt: None,
        }
    }

    /// The problem that a fault of the record at hand is; its place and what was found there are for the format to fill in.
    pub fn fault_problem(&self, fault: &Fault) -> Problem {
        let allowed = fault.allowed(self.fields, self.options.schema, self.options.segments);
        Problem { field: fault.path(self.fields), ..self.problem(fault.rule.severity(), "", &allowed) }
    }

    /// Notes an error of the file, which is unusable then.
    pub fn give_up(&mut self, problem: Problem) {
        self.problems.add(Severity::Error, Some(problem));
        self.problems.give_up();
    }

    /// Whether no more records are wanted: behind an error that ends the reading, or where nobody takes more.
    pub fn is_over(&self) -> bool {
        let is_closed = matches!(&self.role, Role::Lead { outlet, .. } if outlet.is_closed());
        is_closed || (self.options.at_error == AtError::End && self.problems.error_count() > 0)
    }

    /// Where the records go and of how many bytes, about, the blocks are, if they can be read in blocks, each apart from the others.
    pub fn outlet(&self) -> Option<(&'o dyn Outlet, usize)> {
        match &self.role {
            Role::Lead { join, outlet } if join.is_empty() => outlet.block_size().map(|size| (*outlet, size)),
            _ => None,
        }
    }

    /// A desk for a block of the source, whose records are numbered from 1.
    pub fn of_block<'b>(
        fields: &'a Fields,
        options: &'a Options<'a>,
        common: &Common,
        currency: &'b mut Currency,
        portion: &'b mut dyn Portion,
    ) -> Desk<'a, 'b> {
        let mut desk = Desk::new(fields, options, common.input.clone(), currency, Role::Block(portion));
        desk.repeats = common.repeats;
        desk.file_currency.clone_from(&common.file_currency);
        desk.file_day = common.file_day;
        desk
    }

    /// What all blocks of the source need to know.
    pub fn common(&self) -> Common {
        Common {
            input: self.input.clone(),
            repeats: self.repeats,
            file_currency: self.file_currency.clone(),
            file_day: self.file_day,
            currency: self.currency.clone(),
        }
    }

    /// What came of the records of a block.
    pub fn into_batch(self) -> Batch {
        let Self { draft, problems, records, invalid, seen, disagrees, currency, .. } = self;
        let keys = match seen {
            Seen::Noted(keys) => keys,
            Seen::Checked(_) => Vec::new(),
        };
        let currency = std::mem::take(currency);
        Batch { records, invalid, problems, keys, currency, disagrees, sightings: draft.sightings, columns: None }
    }

    /// Takes over what is to be told of the next block, where nothing in it depends on the records before, which are numbered up to
    /// `before`; whether it does so.
    pub fn merge(&mut self, batch: Batch, before: u64) -> bool {
        let Seen::Checked(keys) = &mut self.seen else { return false };
        let mut currency = self.currency.clone();
        let fits =
            !batch.disagrees && currency.join(&batch.currency, &self.input, before) && batch.note_keys(keys, before);
        if fits {
            *self.currency = currency;
            self.problems.append(batch.problems.behind(before));
            self.records += batch.records;
            self.invalid += batch.invalid;
            self.draft.sightings.append(batch.sightings);
        }
        fits
    }
}

/// What the blocks of a source have in common.
#[derive(Debug, Clone)]
pub(super) struct Common {
    input: Arc<str>,
    repeats: Repeats,
    file_currency: Option<String>,
    file_day: Option<NaiveDate>,
    /// The currency of the portfolio, as far as it is known before the first block.
    pub currency: Currency,
}
