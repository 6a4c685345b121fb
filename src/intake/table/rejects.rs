//! The rows that are left out, kept for mending.

use std::io::{self, Write};

use csv::{Writer, WriterBuilder};

/// Writes rows into a table that can be read again.
pub(super) struct Rejects<'w> {
    out: Writer<&'w mut dyn Write>,
    any: bool,
}

impl<'w> Rejects<'w> {
    /// Nothing yet.
    pub fn new(out: &'w mut dyn Write, delimiter: u8) -> Self {
        Self { out: WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(out), any: false }
    }

    /// Adds a row, below the headers.
    pub fn add(&mut self, headers: &[String], cells: impl Iterator<Item = impl AsRef<str>>) -> io::Result<()> {
        if !self.any {
            self.any = true;
            self.out.write_record(headers)?;
        }
        for cell in cells {
            self.out.write_field(cell.as_ref())?;
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is not written yet.
    pub fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
