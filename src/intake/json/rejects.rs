//! The records that are left out, kept for mending.

use std::io::{self, Write};

/// Writes records into a document that can be read again.
pub(super) struct Rejects<'a> {
    out: &'a mut dyn Write,
    any: bool,
}

impl<'a> Rejects<'a> {
    /// Begins the document.
    pub fn new(out: &'a mut dyn Write) -> io::Result<Self> {
        out.write_all(b"{\"customers\": [")?;
        Ok(Self { out, any: false })
    }

    /// Adds a record as it stands in the input.
    pub fn add(&mut self, record: &[u8]) -> io::Result<()> {
        self.out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        self.out.write_all(record)
    }

    /// Ends the document, with the currency that the file gave its records.
    pub fn end(self, currency: Option<&str>) -> io::Result<()> {
        self.out.write_all(b"\n]")?;
        if let Some(currency) = currency {
            self.out.write_all(b", \"currency\": ")?;
            serde_json::to_writer(&mut *self.out, currency)?;
        }
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}
