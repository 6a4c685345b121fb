//! The top level: the object, its list of customers, and the records one by one.

use std::io::{self, Read, Write};
use std::mem;

use serde::de::{Deserialize as _, DeserializeSeed as _, IgnoredAny};

use super::Form;
use super::locate::{Keys, Step, describe, keys_until, locate, value_at};
use super::parse::Parsed;
use super::rejects::Rejects;
use super::split::{At, Splitter};
use super::syntax;
use super::visit::{Track, Value};
use crate::account::{Field, SNAPSHOT_DATE};
use crate::intake::block::{Block, Outcome};
use crate::intake::buffer::{Buffer, LIMIT};
use crate::intake::bytes::content_error;
use crate::intake::date::date;
use crate::intake::desk::{Common, Desk};
use crate::intake::fault::{DATE, one_currency};
use crate::intake::fields::{Fields, NodeId};
use crate::intake::outlet::{Portion, Verdict, read_blocks};
use crate::intake::problem::Severity;
use crate::intake::{Options, ReadError, saved};

/// What the top level should be.
pub(super) const EXPECTED: &str =
    "expected an object with the list \"customers\", a list of customers, or a customer per line";

const NO_RESULT: &str =
    "expected the portfolio itself; as a former period --previous reads results, and so do csm trend and csm backtest";

/// Reads the records of a source, `chunk` bytes at a time; gives the desk back with what was found.
pub(in crate::intake) fn read<'a, 'o>(
    input: impl Read + Send,
    form: Option<Form>,
    desk: Desk<'a, 'o>,
    rejects: Option<&mut dyn Write>,
    chunk: usize,
) -> Result<Desk<'a, 'o>, ReadError> {
    let mut reader = Reader {
        buffer: Buffer::new(input, chunk),
        track: Track::new(desk.fields),
        desk,
        form: Form::Object,
        rejects: rejects.map(Rejects::new),
    };
    match reader.document(form) {
        Ok(()) | Err(Stop::Unusable | Stop::Line | Stop::Over) => {}
        Err(Stop::Input(source)) if content_error(&source).is_some() => {
            let allowed = content_error(&source).unwrap_or_default();
            reader.desk.record = None;
            let problem = reader.desk.problem(Severity::Error, "", &allowed);
            reader.desk.give_up(problem);
        }
        Err(Stop::Input(source)) => return Err(ReadError::Input { name: reader.desk.input.to_string(), source }),
        Err(Stop::Rejects(source)) => return Err(ReadError::Rejects { source }),
    }
    if let Some(rejects) = reader.rejects {
        rejects.end(reader.desk.file_currency()).map_err(|source| ReadError::Rejects { source })?;
    }
    Ok(reader.desk)
}

/// Why reading ends before the input does.
pub(super) enum Stop {
    /// The problem that says so is noted.
    Unusable,
    /// The same of a line, behind which reading can go on.
    Line,
    /// No more records are wanted.
    Over,
    Input(io::Error),
    Rejects(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Input(error)
    }
}

pub(super) struct Reader<'a, 'o, 'w, R> {
    pub(super) buffer: Buffer<R>,
    track: Track,
    pub(super) desk: Desk<'a, 'o>,
    pub(super) form: Form,
    rejects: Option<Rejects<'w>>,
}

impl<R: Read + Send> Reader<'_, '_, '_, R> {
    fn document(&mut self, form: Option<Form>) -> Result<(), Stop> {
        self.buffer.want(4)?;
        if self.buffer.unread().starts_with(b"\xef\xbb\xbf") {
            self.buffer.consume_mark(3);
        } else if let Some(format) = syntax::other_format(self.buffer.unread()) {
            return Err(self.refuse(format, "expected JSON in UTF-8"));
        }
        let first = self.buffer.peek()?;
        self.buffer.want(saved::HEAD)?;
        if saved::is_result(self.buffer.unread()) {
            return Err(self.refuse("what csm wrote of a portfolio", NO_RESULT));
        }
        let form = match (form, first) {
            (_, None) => return Err(self.refuse("nothing", EXPECTED)),
            (Some(form), _) => form,
            (None, Some(b'[')) => Form::List,
            (None, Some(b'{')) => self.form_of_object()?,
            (None, Some(_)) => {
                let length = self.skip()?;
                let found = describe(&self.buffer.unread()[..length]);
                return Err(self.refuse(&found, EXPECTED));
            }
        };
        self.form = form;
        if let Some(rejects) = &mut self.rejects {
            rejects.begin(form);
        }
        match form {
            Form::Lines => {
                self.blocks()?;
                return self.lines();
            }
            Form::List => {
                if first != Some(b'[') {
                    let found = describe(self.buffer.unread());
                    return Err(self.refuse(&found, "expected a list of customers"));
                }
                self.customers("")?;
            }
            Form::Object => {
                if first != Some(b'{') {
                    let found = describe(self.buffer.unread());
                    return Err(self.refuse(&found, EXPECTED));
                }
                let start = self.buffer.place(0);
                self.buffer.consume(1);
                if !self.members()? {
                    self.file_error("", start, "an object without that list", EXPECTED);
                }
            }
        }
        match self.buffer.peek()? {
            None => Ok(()),
            Some(_) => Err(self.syntax(0, form.expected_end())?),
        }
    }

    /// Whether the object at hand holds the list of customers, or is the first of many customers.
    fn form_of_object(&mut self) -> Result<Form, Stop> {
        let mut wanted = 1 << 12;
        loop {
            self.buffer.want(wanted)?;
            let unread = self.buffer.unread();
            match keys_until(unread, "customers") {
                Keys::Found => return Ok(Form::Object),
                Keys::Ended(end) => {
                    // One object alone that is no customer is told as a portfolio without its list.
                    let again = unread[end..].iter().find(|byte| !byte.is_ascii_whitespace());
                    let is_customer = || matches!(keys_until(unread, Field::Id.path()), Keys::Found);
                    return Ok(if again == Some(&b'{') || is_customer() { Form::Lines } else { Form::Object });
                }
                Keys::Cut if unread.len() < wanted || wanted > LIMIT => return Ok(Form::Object),
                Keys::Cut => wanted *= 4,
            }
        }
    }

    /// Reads a customer per line. A line that is no JSON is left out, and reading goes on behind it.
    fn lines(&mut self) -> Result<(), Stop> {
        while let Some(next) = self.buffer.peek()? {
            self.desk.record = Some(self.desk.records + 1);
            let read = if next == b'{' { self.account() } else { self.no_account() };
            match read {
                Ok(length) => {
                    self.desk.records += 1;
                    self.buffer.consume(length);
                }
                Err(Stop::Line) => {
                    let length = self.buffer.line()?;
                    self.reject(length)?;
                    self.desk.records += 1;
                    self.buffer.consume(length);
                }
                Err(stop) => return Err(stop),
            }
            self.desk.record = None;
            if self.desk.is_over() {
                return Err(Stop::Over);
            }
        }
        if self.desk.records == 0 {
            return Err(self.refuse("nothing", EXPECTED));
        }
        Ok(())
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
                    self.customers("customers")?;
                }
                "currency" => self.currency()?,
                SNAPSHOT_DATE if self.desk.options.needs.dating.is_read() => self.day()?,
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
            if self.desk.options.rates.is_some() && self.desk.records > 0 {
                let place = self.buffer.place(0);
                self.file_error("currency", place, &found, "expected before `customers`, where the mapping has rates");
            } else if let Err(other) = self.desk.take_file_currency(currency) {
                let place = self.buffer.place(0);
                self.file_error("currency", place, &found, &one_currency(&other));
            }
        }
        self.buffer.consume(length);
        Ok(())
    }

    /// Reads the day of the file.
    fn day(&mut self) -> Result<(), Stop> {
        let length = self.skip()?;
        let value = &self.buffer.unread()[..length];
        let found = describe(value);
        let text = serde_json::from_slice::<Option<String>>(value);
        let place = self.buffer.place(0);
        match text.map(|text| text.map(|text| date(&text))) {
            Ok(None) => {}
            Ok(Some(Some(_))) if self.desk.records > 0 => {
                self.file_error(SNAPSHOT_DATE, place, &found, "expected before `customers`");
            }
            Ok(Some(Some(day))) => self.desk.take_file_day(day),
            Ok(Some(None)) | Err(_) => {
                self.file_error(SNAPSHOT_DATE, place, &found, &format!("expected {DATE}"));
            }
        }
        self.buffer.consume(length);
        Ok(())
    }

    /// Reads the list of customers, which is the value of a key or the whole document.
    fn customers(&mut self, key: &str) -> Result<(), Stop> {
        if self.desk.is_over() {
            return Err(Stop::Over);
        }
        if self.buffer.peek()? != Some(b'[') {
            let length = self.skip()?;
            let found = describe(&self.buffer.unread()[..length]);
            let place = self.buffer.place(0);
            self.file_error(key, place, &found, "expected a list of customers");
            self.buffer.consume(length);
            return Ok(());
        }
        let start = self.buffer.place(0);
        self.buffer.consume(1);
        if self.buffer.peek()? == Some(b']') {
            self.file_error(key, start, "an empty list", "expected at least one customer");
        } else {
            let at = self.blocks()?;
            self.elements(at)?;
        }
        self.buffer.consume(1);
        Ok(())
    }

    /// Reads records in blocks as far as that goes, each apart from the others. Where it then stands; what is left, from a record that
    /// is no JSON on or to the end of the list, is to be read as it stands.
    fn blocks(&mut self) -> Result<At, Stop> {
        let Some((outlet, size)) = self.desk.outlet() else { return Ok(At::Record) };
        let how = InBlock {
            fields: self.desk.fields,
            options: self.desk.options,
            common: self.desk.common(),
            form: self.form,
        };
        let buffer = mem::replace(&mut self.buffer, Buffer::of_block(&mut Block::default()));
        let mut splitter = Splitter::new(buffer, self.form, size);
        let left = read_blocks(
            outlet,
            &mut |spare| splitter.next(spare),
            &|block, portion| how.read(block, portion),
            |batch, block| {
                let leaves_out = self.rejects.is_some() && batch.invalid > 0;
                if !leaves_out && self.desk.merge(batch, self.desk.records) {
                    return Ok(Verdict::HandOn);
                }
                self.again(block).map(|()| Verdict::HandedOn)
            },
        )?;
        self.buffer = splitter.buffer;
        self.buffer.put_back(&left);
        if self.desk.is_over() {
            return Err(Stop::Over);
        }
        Ok(if left.is_empty() { splitter.at } else { At::Record })
    }

    /// Reads a block in which something depends on the records before.
    fn again(&mut self, block: &mut Block) -> Result<(), Stop> {
        self.buffer = Buffer::of_block(block);
        let read = match self.form {
            Form::Lines => self.lines(),
            Form::List | Form::Object => self.elements(At::Record),
        };
        mem::replace(&mut self.buffer, Buffer::of_block(&mut Block::default())).return_to(block);
        read
    }

    /// Reads records of a list up to the bracket that ends it, or the end of a block.
    fn elements(&mut self, mut at: At) -> Result<(), Stop> {
        loop {
            if at == At::Record {
                self.desk.record = Some(self.desk.records + 1);
                let next = self.buffer.peek()?;
                let length = if next == Some(b'{') { self.account()? } else { self.no_account()? };
                self.desk.records += 1;
                self.buffer.consume(length);
                self.desk.record = None;
                if self.desk.is_over() {
                    return Err(Stop::Over);
                }
            }
            at = At::Record;
            match self.buffer.peek()? {
                Some(b',') => self.buffer.consume(1),
                Some(b']') => return Ok(()),
                None if self.buffer.is_block() => return Ok(()),
                _ => return Err(self.syntax(0, "expected `,` or `]`")?),
            }
        }
    }

    /// Reads a record that is an object; its length.
    fn account(&mut self) -> Result<usize, Stop> {
        let (draft, track) = (&mut self.desk.draft, &mut self.track);
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
        let left_out = self.desk.check();
        let invalid = left_out || self.desk.draft.is_invalid();
        if !self.desk.draft.faults.is_empty() {
            self.note_faults(length);
        }
        if invalid {
            self.reject(length)?;
        } else {
            let line = if self.desk.is_held() { self.buffer.place(0).line } else { 0 };
            self.desk.accept(line);
        }
        Ok(length)
    }

    /// Passes over a record that is no object; its length.
    fn no_account(&mut self) -> Result<usize, Stop> {
        self.desk.draft.clear();
        let length = self.skip()?;
        let found = describe(&self.buffer.unread()[..length]);
        let place = self.buffer.place(0);
        let problem = self.problem(Severity::Error, place, &found, "expected an object");
        self.desk.problems.add(Severity::Error, Some(problem));
        self.reject(length)?;
        Ok(length)
    }

    /// Takes the numbers that stand where text belongs as they are written.
    fn spell(&mut self, length: usize) {
        for node in std::mem::take(&mut self.desk.draft.spelled) {
            let bytes = &self.buffer.unread()[..length];
            let fields = self.desk.fields;
            let steps = fields.path(node).into_iter().map(|node| Step::Key(&fields.node(node).name, 0));
            let digits =
                locate(bytes, &steps.collect::<Vec<_>>()).map(|found| value_at(bytes, found.value)).unwrap_or_default();
            self.desk.draft.spell(node, &String::from_utf8_lossy(digits));
        }
    }

    /// Leaves the record at hand out.
    fn reject(&mut self, length: usize) -> Result<(), Stop> {
        let line = if self.desk.is_held() { self.buffer.place(0).line } else { 0 };
        self.desk.refuse(line);
        if let Some(rejects) = &mut self.rejects {
            let added = rejects.add(&self.buffer.unread()[..length], self.desk.file_currency());
            added.map_err(Stop::Rejects)?;
        }
        Ok(())
    }
}

/// How the blocks of a source are read.
struct InBlock<'a> {
    fields: &'a Fields,
    options: &'a Options<'a>,
    common: Common,
    form: Form,
}

impl InBlock<'_> {
    fn read(&self, block: &mut Block, portion: &mut dyn Portion) -> Outcome {
        let mut currency = self.common.currency.clone();
        let mut reader = Reader::<io::Empty> {
            buffer: Buffer::of_block(block),
            track: Track::new(self.fields),
            desk: Desk::of_block(self.fields, self.options, &self.common, &mut currency, portion),
            form: self.form,
            rejects: None,
        };
        let read = match self.form {
            Form::Lines => reader.lines(),
            Form::List | Form::Object => reader.elements(At::Record),
        };
        reader.buffer.return_to(block);
        match read {
            Ok(()) => Outcome::Read(Box::new(reader.desk.into_batch())),
            Err(_) => Outcome::Unfit,
        }
    }
}
