//! The rows that are left out, kept for mending.

use std::io::{self, Write};

use csv::{Writer, WriterBuilder};

use crate::config::mapping::SourceMapping;

/// Writes rows into a table that can be read again with the same mapping.
pub(super) struct Rejects<'w> {
    /// Where to write, as long as there is nothing.
    unused: Option<&'w mut dyn Write>,
    out: Option<Writer<&'w mut dyn Write>>,
    delimiter: u8,
    /// What tells that the text is UTF-8 where the mapping says that it is not.
    mark: &'static [u8],
    /// How many lines the mapping says that there are above the header.
    above: u32,
}

impl<'w> Rejects<'w> {
    /// Nothing yet.
    pub fn new(out: &'w mut dyn Write, delimiter: u8, source: Option<&SourceMapping>) -> Self {
        let mark: &[u8] = if source.is_some_and(|source| source.encoding.is_some()) { b"\xef\xbb\xbf" } else { b"" };
        let above = source.and_then(|source| source.header_row).map_or(0, |row| row.saturating_sub(1));
        Self { unused: Some(out), out: None, delimiter, mark, above }
    }

    /// Adds a row, below the headers.
    pub fn add(&mut self, headers: &[String], cells: &[String]) -> io::Result<()> {
        if let Some(unused) = self.unused.take() {
            unused.write_all(self.mark)?;
            for _ in 0..self.above {
                unused.write_all(b"\n")?;
            }
            let mut out = WriterBuilder::new().delimiter(self.delimiter).flexible(true).from_writer(unused);
            out.write_record(headers)?;
            self.out = Some(out);
        }
        if let Some(out) = &mut self.out {
            out.write_record(cells)?;
        }
        Ok(())
    }

    /// Writes what is not written yet.
    pub fn end(self) -> io::Result<()> {
        self.out.map_or(Ok(()), |mut out| out.flush())
    }
}
