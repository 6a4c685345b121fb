//! The records that are left out, kept for mending.

use std::io::{self, Write};

use super::Form;

/// Writes records into a document of the input's form, that can be read again.
pub(super) struct Rejects<'a> {
    out: &'a mut dyn Write,
    form: Form,
    any: bool,
}

impl<'a> Rejects<'a> {
    /// Nothing yet.
    pub fn new(out: &'a mut dyn Write) -> Self {
        Self { out, form: Form::Lines, any: false }
    }

    /// Begins the document.
    pub fn begin(&mut self, form: Form) -> io::Result<()> {
        self.form = form;
        self.out.write_all(match form {
            Form::Object => b"{\"customers\": [",
            Form::List => b"[",
            Form::Lines => b"",
        })
    }

    /// Adds a record as it stands in the input.
    pub fn add(&mut self, record: &[u8]) -> io::Result<()> {
        let before: &[u8] = match (self.form, self.any) {
            (Form::Lines, _) => b"",
            (_, false) => b"\n",
            (_, true) => b",\n",
        };
        self.any = true;
        self.out.write_all(before)?;
        self.out.write_all(record)?;
        if self.form == Form::Lines && record.last() != Some(&b'\n') { self.out.write_all(b"\n") } else { Ok(()) }
    }

    /// Ends the document, with the currency that the file gave its records.
    pub fn end(self, currency: Option<&str>) -> io::Result<()> {
        match (self.form, currency) {
            (Form::Lines, _) => {}
            (Form::List, _) => self.out.write_all(b"\n]\n")?,
            (Form::Object, None) => self.out.write_all(b"\n]}\n")?,
            (Form::Object, Some(currency)) => {
                self.out.write_all(b"\n], \"currency\": ")?;
                serde_json::to_writer(&mut *self.out, currency)?;
                self.out.write_all(b"}\n")?;
            }
        }
        self.out.flush()
    }
}
