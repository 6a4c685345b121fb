//! The records that are left out, kept for mending.

use std::io::{self, Write};

use super::Form;

/// Writes records into a document of the input's form, that can be read again.
pub(super) struct Rejects<'a> {
    out: &'a mut dyn Write,
    form: Form,
    any: bool,
    /// Whether the currency that the file gives its records stands before them, where a reading with rates wants it.
    names_currency: bool,
}

impl<'a> Rejects<'a> {
    /// Nothing yet.
    pub fn new(out: &'a mut dyn Write) -> Self {
        Self { out, form: Form::Lines, any: false, names_currency: false }
    }

    /// Says what the input's form is.
    pub fn begin(&mut self, form: Form) {
        self.form = form;
    }

    /// Adds a record as it stands in the input, which has named this currency so far.
    pub fn add(&mut self, record: &[u8], currency: Option<&str>) -> io::Result<()> {
        match (self.form, self.any) {
            (Form::Lines, _) => {}
            (_, false) => {
                self.open(currency)?;
                self.out.write_all(b"\n")?;
            }
            (_, true) => self.out.write_all(b",\n")?,
        }
        self.any = true;
        self.out.write_all(record)?;
        if self.form == Form::Lines && record.last() != Some(&b'\n') { self.out.write_all(b"\n") } else { Ok(()) }
    }

    /// Ends the document, with the currency that the file gave its records.
    pub fn end(mut self, currency: Option<&str>) -> io::Result<()> {
        if !self.any {
            self.open(currency)?;
        }
        match self.form {
            Form::Lines => {}
            Form::List => self.out.write_all(b"\n]\n")?,
            Form::Object => {
                self.out.write_all(b"\n]")?;
                if let Some(currency) = currency.filter(|_| !self.names_currency) {
                    self.out.write_all(b", \"currency\": ")?;
                    serde_json::to_writer(&mut *self.out, currency)?;
                }
                self.out.write_all(b"}\n")?;
            }
        }
        self.out.flush()
    }

    fn open(&mut self, currency: Option<&str>) -> io::Result<()> {
        match self.form {
            Form::Lines => Ok(()),
            Form::List => self.out.write_all(b"["),
            Form::Object => {
                self.out.write_all(b"{")?;
                if let Some(currency) = currency {
                    self.names_currency = true;
                    self.out.write_all(b"\"currency\": ")?;
                    serde_json::to_writer(&mut *self.out, currency)?;
                    self.out.write_all(b", ")?;
                }
                self.out.write_all(b"\"customers\": [")
            }
        }
    }
}
