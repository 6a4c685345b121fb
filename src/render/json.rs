//! Machine output: records as JSON.

use std::io::{self, Write};

use serde::Serialize;

/// An object that ends with a list of records, written as the records come: each on a line of its own.
pub struct List<'w> {
    out: &'w mut dyn Write,
    empty: bool,
}

impl<'w> List<'w> {
    /// Writes the fields of `head` and opens the list under `name`.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written, or `head` is not serialised as an object.
    pub fn begin(out: &'w mut dyn Write, head: &impl Serialize, name: &str) -> io::Result<Self> {
        let mut text = serde_json::to_vec_pretty(head)?;
        if text.pop() != Some(b'}') {
            return Err(io::Error::other("the head of a list of records must be an object"));
        }
        text.truncate(text.trim_ascii_end().len());
        let separator = if text.ends_with(b"{") { "" } else { "," };
        out.write_all(&text)?;
        write!(out, "{separator}\n  ")?;
        serde_json::to_writer(&mut *out, name)?;
        out.write_all(b": [")?;
        Ok(Self { out, empty: true })
    }

    /// Writes the next record.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn push(&mut self, record: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if self.empty { b"\n    " } else { b",\n    " })?;
        self.empty = false;
        serde_json::to_writer(&mut *self.out, record)?;
        Ok(())
    }

    /// Closes the list and the object.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn end(self) -> io::Result<()> {
        self.out.write_all(if self.empty { b"]\n}\n" } else { b"\n  ]\n}\n" })
    }
}

/// Writes one object.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write(out: &mut dyn Write, record: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, record)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Head {
        report: &'static str,
    }

    #[test]
    fn the_list_closes_the_object() {
        for (records, expected) in [
            (&[] as &[u8], "{\n  \"report\": \"x\",\n  \"rows\": []\n}\n"),
            (&[1, 2], "{\n  \"report\": \"x\",\n  \"rows\": [\n    1,\n    2\n  ]\n}\n"),
        ] {
            let mut out = Vec::new();
            let mut list = List::begin(&mut out, &Head { report: "x" }, "rows").expect("a vector takes all");
            for record in records {
                list.push(record).expect("a vector takes all");
            }
            list.end().expect("a vector takes all");
            assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
        }
    }
}
