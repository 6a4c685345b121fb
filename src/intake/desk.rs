//! What the records of a source are checked for, whatever its format.

use std::sync::Arc;

use super::draft::Draft;
use super::fault::{Fault, Rule};
use super::fields::Fields;
use super::join::{Held, Join, Left, key_of};
use super::ledger::{Currency, Keys, Origin, is_same};
use super::problem::{Problem, Problems, Severity};
use super::{Key, Options, text};
use crate::account::{Account, Field};

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
    keys: Keys,
    currency: &'o mut Currency,
    file_currency: Option<String>,
    role: Role<'o>,
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
    Lead { join: &'o mut Join, each: &'o mut dyn FnMut(&Account) },
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
            Role::Held(_) => true,
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
            repeats: if joined { Repeats::Refused } else { Repeats::Warned },
            keys: Keys::default(),
            currency,
            file_currency: None,
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
            Role::Held(_) => true,
        }
    }

    /// Checks the record in the draft against the others, and joins it with those of other sources. What is wrong stands in the
    /// draft then. Whether the customer is left out because another source's record of it has an error.
    pub fn check(&mut self) -> bool {
        self.draft.close();
        let record = self.record.unwrap_or(self.records + 1);
        let key = key_of(&self.draft, self.options);
        if !key.is_empty() {
            if let Some(first) = self.keys.note(key, record) {
                self.draft.fault_at_key(match self.repeats {
                    Repeats::Warned => Rule::SameId(first),
                    Repeats::Refused => Rule::RepeatedKey(first),
                });
            }
        } else if self.joins() {
            self.draft.fault_at_key(Rule::NoKey);
        }
        self.check_currency(record);
        let Role::Lead { join, .. } = &mut self.role else { return false };
        let left_out = join.complete(&mut self.draft, self.options);
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

    /// The currency that the source gives all of its records.
    pub fn file_currency(&self) -> Option<&str> {
        self.file_currency.as_deref()
    }

    /// Hands the record on, which stands in a line of the source.
    pub fn accept(&mut self, line: u64) {
        match &mut self.role {
            Role::Lead { each, .. } => each(&self.draft.account),
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
}
