//! The top level: the object, its list of customers, and the records one by one.

use std::io::{self, Read, Write};
use std::sync::Arc;

use serde::de::{Deserialize as _, DeserializeSeed as _, IgnoredAny};

use super::buffer::{Buffer, Parsed};
use super::locate::{Step, describe, locate, value_at};
use super::rejects::Rejects;
use super::syntax;
use super::visit::{Track, Value};
use crate::account::{Account, Field};
use crate::intake::draft::Draft;
use crate::intake::fault::{Rule, one_currency};
use crate::intake::fields::{Fields, NodeId};
use crate::intake::ledger::{Ledger, Origin};
use crate::intake::problem::{Problems, Severity};
use crate::intake::{Options, ReadError, Reading, text};

/// What the top level should be.
const EXPECTED: &str = "expected an object with the list \"customers\"";

/// Reads a portfolio, `chunk` bytes at a time.
pub(super) fn read(
    input: impl Read,
    options: &Options<'_>,
    rejects: Option<&mut dyn Write>,
    each: &mut dyn FnMut(&Account),
    chunk: usize,
) -> Result<Reading, ReadError> {
    let fields = Fields::new(options.schema, options.needs);
    let rejects = rejects.map(Rejects::new).transpose().map_err(|source| ReadError::Rejects { source })?;
    let mut reader = Reader {
        buffer: Buffer::new(input, chunk),
        draft: Draft::new(&fields, options),
        track: Track::new(&fields),
        fields: &fields,
        options,
        each,
        rejects,
        input: if options.name == "-" { "<stdin>".into() } else { text::plain(options.name).into() },
        problems: Problems::default(),
        ledger: Ledger::default(),
        file_currency: None,
        records: 0,
        invalid: 0,
        record: None,
    };
    match reader.document() {
        Ok(()) | Err(Stop::Unusable) => {}
        Err(Stop::Input(source)) => return Err(ReadError::Input { name: reader.input.to_string(), source }),
        Err(Stop::Rejects(source)) => return Err(ReadError::Rejects { source }),
    }
    if let Some(rejects) = reader.rejects {
        rejects.end(reader.file_currency.as_deref()).map_err(|source| ReadError::Rejects { source })?;
    }
    Ok(Reading {
        records: reader.records,
        invalid: reader.invalid,
        currency: reader.ledger.into_currency(),
        problems: reader.problems,
    })
}

/// Why reading ends before the input does.
pub(super) enum Stop {
    /// The problem that says so is noted.
    Unusable,
    Input(io::Error),
    Rejects(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Input(error)
    }
}

pub(super) struct Reader<'a, 'e, 'w, R> {
    pub(super) buffer: Buffer<R>,
    pub(super) draft: Draft<'a>,
    track: Track,
    pub(super) fields: &'a Fields,
    pub(super) options: &'a Options<'a>,
    each: &'e mut dyn FnMut(&Account),
    rejects: Option<Rejects<'w>>,
    /// The name of the input, for messages.
    pub(super) input: Arc<str>,
    pub(super) problems: Problems,
    ledger: Ledger,
    file_currency: Option<String>,
    records: u64,
    invalid: u64,
    /// The record at hand.
    pub(super) record: Option<u64>,
}

impl<R: Read> Reader<'_, '_, '_, R> {
    fn document(&mut self) -> Result<(), Stop> {
        self.buffer.want(4)?;
        if self.buffer.unread().starts_with(b"\xef\xbb\xbf") {
            self.buffer.consume_mark(3);
        } else if let Some(format) = syntax::other_format(self.buffer.unread()) {
            return Err(self.refuse(format, "expected JSON in UTF-8"));
        }
        match self.buffer.peek()? {
            Some(b'{') => {}
            Some(b'[') => return Err(self.refuse("a list", &format!("{EXPECTED}: {{\"customers\": […]}}"))),
            Some(_) => {
                let length = self.skip()?;
                let found = describe(&self.buffer.unread()[..length]);
                return Err(self.refuse(&found, EXPECTED));
            }
            None => return Err(self.refuse("nothing", EXPECTED)),
        }
        let start = self.buffer.place(0);
        self.buffer.consume(1);
        if !self.members()? {
            self.file_error("", start, "an object without that list", EXPECTED);
        }
        match self.buffer.peek()? {
            None => Ok(()),
            Some(_) => Err(self.syntax(0, "expected the end of the input behind the object")?),
        }
    }

    /// Reads the keys of the top level and their values; whether `customers` was among them.
    fn members(&mut self) -> Result<bool, Stop> {
        let mut customers = false;
        let mut first = true;
        loop {
            match self.buffer.peek()? {
                Some(b'}') if first => break,
                Some(b'"') => {}
                _ => return Err(self.syntax(0, if first { "expected a key or `}`" } else { "expected a key" })?),
            }
            first = false;
            let place = self.buffer.place(0);
            let key = self.key()?;
            match self.buffer.peek()? {
                Some(b':') => self.buffer.consume(1),
                _ => return Err(self.syntax(0, "expected `:`")?),
            }
            if self.buffer.peek()?.is_none() {
                return Err(self.syntax(0, "")?);
            }
            match key.as_str() {
                "customers" if customers => {
                    self.file_error("customers", place, "a second value", "expected each key once");
                    return Err(Stop::Unusable);
                }
                "customers" => {
                    customers = true;
                    self.customers()?;
                }
                "currency" => self.currency()?,
                _ => {
                    let length = self.skip()?;
                    self.buffer.consume(length);
                }
            }
            match self.buffer.peek()? {
                Some(b',') => self.buffer.consume(1),
                Some(b'}') => break,
                _ => return Err(self.syntax(0, "expected `,` or `}`")?),
            }
        }
        self.buffer.consume(1);
        Ok(customers)
    }

    /// Reads a key of the top level and moves on.
    fn key(&mut self) -> Result<String, Stop> {
        match self.buffer.parse(|deserializer| String::deserialize(deserializer))? {
            Parsed::Value(key, length) => {
                self.buffer.consume(length);
                Ok(key)
            }
            Parsed::Failed(_) => {
                // A key that is JSON but no UTF-8 is none that is read.
                let length = self.skip()?;
                self.buffer.consume(length);
                Ok(String::new())
            }
            Parsed::TooLong => Err(self.too_long()),
        }
    }

    /// Checks the value at hand for syntax only; its length.
    fn skip(&mut self) -> Result<usize, Stop> {
        match self.buffer.parse(|deserializer| IgnoredAny::deserialize(deserializer))? {
            Parsed::Value(_, length) => Ok(length),
            Parsed::Failed(error) => {
                let at = syntax::offset(&error, self.buffer.unread());
                Err(self.syntax(at, &syntax::message(&error))?)
            }
            Parsed::TooLong => Err(self.too_long()),
        }
    }

    /// Reads the currency of the file.
    fn currency(&mut self) -> Result<(), Stop> {
        let length = self.skip()?;
        let value = &self.buffer.unread()[..length];
        let found = describe(value);
        let currency = match serde_json::from_slice::<Option<String>>(value) {
            Ok(currency) => currency.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
            Err(_) => {
                let place = self.buffer.place(0);
                self.file_error("currency", place, &found, "expected text");
                None
            }
        };
        if let Some(currency) = currency {
            match self.ledger.check_currency(&currency) {
                Ok(()) => self.ledger.note_currency(&currency, Origin::File),
                Err(other) => {
                    let place = self.buffer.place(0);
                    self.file_error("currency", place, &found, &one_currency(&other));
                }
            }
            self.file_currency = Some(currency);
        }
        self.buffer.consume(length);
        Ok(())
    }

    /// Reads the list of customers.
    fn customers(&mut self) -> Result<(), Stop> {
        if self.buffer.peek()? != Some(b'[') {
            let length = self.skip()?;
            let found = describe(&self.buffer.unread()[..length]);
            let place = self.buffer.place(0);
            self.file_error("customers", place, &found, "expected a list of customers");
            self.buffer.consume(length);
            return Ok(());
        }
        let start = self.buffer.place(0);
        self.buffer.consume(1);
        if self.buffer.peek()? == Some(b']') {
            self.file_error("customers", start, "an empty list", "expected at least one customer");
        } else {
            loop {
                self.record = Some(self.records + 1);
                let next = self.buffer.peek()?;
                let length = if next == Some(b'{') { self.account()? } else { self.no_account()? };
                self.records += 1;
                self.buffer.consume(length);
                self.record = None;
                match self.buffer.peek()? {
                    Some(b',') => self.buffer.consume(1),
                    Some(b']') => break,
                    _ => return Err(self.syntax(0, "expected `,` or `]`")?),
                }
            }
        }
        self.buffer.consume(1);
        Ok(())
    }

    /// Reads a record that is an object; its length.
    fn account(&mut self) -> Result<usize, Stop> {
        let (draft, track) = (&mut self.draft, &mut self.track);
        let parsed = self.buffer.parse(|deserializer| {
            draft.clear();
            track.item = None;
            Value { draft, track, node: NodeId::ROOT }.deserialize(deserializer)
        })?;
        let length = match parsed {
            Parsed::Value((), length) => length,
            Parsed::Failed(error) => {
                let (node, item, at_key) = (self.track.node, self.track.item, self.track.at_key);
                let at = syntax::offset(&error, self.buffer.unread());
                match self.buffer.parse(|deserializer| IgnoredAny::deserialize(deserializer))? {
                    Parsed::Value(_, length) => {
                        self.note_faults(length);
                        self.note_unreadable(node, item, at_key.then_some(at), &error, length);
                        self.reject(length)?;
                        return Ok(length);
                    }
                    Parsed::Failed(skipping) => {
                        self.note_faults(self.buffer.unread().len());
                        let end = syntax::offset(&skipping, self.buffer.unread());
                        // Of the same byte, the first error says more.
                        let (at, error) = if end == at { (at, error) } else { (end, skipping) };
                        return Err(self.syntax(at, &syntax::message(&error))?);
                    }
                    Parsed::TooLong => return Err(self.too_long()),
                }
            }
            Parsed::TooLong => return Err(self.too_long()),
        };
        self.spell(length);
        self.draft.finish();
        let record = self.records + 1;
        if self.draft.has_id()
            && let Some(first) = self.ledger.id(&self.draft.account.id, record)
        {
            self.draft.fault_at(Field::Id, Rule::SameId(first));
        }
        if !self.draft.currency.is_empty() {
            match self.ledger.check_currency(&self.draft.currency) {
                Err(other) => self.draft.fault_at(Field::Currency, Rule::OtherCurrency(other)),
                Ok(()) if self.draft.is_invalid() => {}
                Ok(()) => self.ledger.note_currency(&self.draft.currency, Origin::Record(record)),
            }
        }
        if self.draft.faults.is_empty() {
            (self.each)(&self.draft.account);
            return Ok(length);
        }
        let invalid = self.draft.is_invalid();
        self.note_faults(length);
        if invalid {
            self.reject(length)?;
        } else {
            (self.each)(&self.draft.account);
        }
        Ok(length)
    }

    /// Passes over a record that is no object; its length.
    fn no_account(&mut self) -> Result<usize, Stop> {
        self.draft.clear();
        let length = self.skip()?;
        let found = describe(&self.buffer.unread()[..length]);
        let place = self.buffer.place(0);
        let problem = self.problem(Severity::Error, place, &found, "expected an object");
        self.problems.add(Severity::Error, Some(problem));
        self.reject(length)?;
        Ok(length)
    }

    /// Takes the numbers that stand where text belongs as they are written.
    fn spell(&mut self, length: usize) {
        for node in std::mem::take(&mut self.draft.spelled) {
            let bytes = &self.buffer.unread()[..length];
            let key = Step::Key(&self.fields.node(node).name, 0);
            let digits = locate(bytes, &[key]).map(|found| value_at(bytes, found.value)).unwrap_or_default();
            self.draft.spell(node, &String::from_utf8_lossy(digits));
        }
    }

    /// Leaves the record at hand out.
    fn reject(&mut self, length: usize) -> Result<(), Stop> {
        self.invalid += 1;
        if let Some(rejects) = &mut self.rejects {
            rejects.add(&self.buffer.unread()[..length]).map_err(Stop::Rejects)?;
        }
        Ok(())
    }
}
