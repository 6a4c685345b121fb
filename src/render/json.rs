//! Machine output: records as JSON.

use std::io::{self, Write};

use serde::Serialize;

/// An object that begins with some fields and goes on with lists of records, written as the records come: each on a line of its own.
pub struct Object<'w> {
    out: &'w mut dyn Write,
    /// What is put between the fields that are there and the next list.
    separator: &'static str,
    /// The record that is being written, whole before it goes out: records are made of very many small pieces.
    record: Vec<u8>,
}

/// A list of records in an [`Object`].
pub struct List<'o, 'w> {
    object: &'o mut Object<'w>,
    empty: bool,
}

impl<'w> Object<'w> {
    /// Writes the fields of `head`.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written, or `head` is not serialised as an object.
    pub fn begin(out: &'w mut dyn Write, head: &impl Serialize) -> io::Result<Self> {
        let mut text = serde_json::to_vec_pretty(head)?;
        if text.pop() != Some(b'}') {
            return Err(io::Error::other("the head of lists of records must be an object"));
        }
        text.truncate(text.trim_ascii_end().len());
        let separator = if text.ends_with(b"{") { "" } else { "," };
        out.write_all(&text)?;
        Ok(Self { out, separator, record: Vec::new() })
    }

    /// Writes a list under `name`; `fill` puts the records into it.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn list(&mut self, name: &str, fill: impl FnOnce(&mut List<'_, 'w>) -> io::Result<()>) -> io::Result<()> {
        write!(self.out, "{}\n  ", self.separator)?;
        self.separator = ",";
        serde_json::to_writer(&mut *self.out, name)?;
        self.out.write_all(b": [")?;
        let mut list = List { object: self, empty: true };
        fill(&mut list)?;
        let end: &[u8] = if list.empty { b"]" } else { b"\n  ]" };
        self.out.write_all(end)
    }

    /// Closes the object.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn end(self) -> io::Result<()> {
        self.out.write_all(b"\n}\n")
    }
}

impl List<'_, '_> {
    /// Writes the next record.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn push(&mut self, record: &impl Serialize) -> io::Result<()> {
        let buffer = &mut self.object.record;
        buffer.clear();
        buffer.extend_from_slice(if self.empty { b"\n    " } else { b",\n    " });
        self.empty = false;
        serde_json::to_writer(&mut *buffer, record)?;
        self.object.out.write_all(buffer)
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
    fn lists_follow_the_fields() {
        let mut out = Vec::new();
        let mut object = Object::begin(&mut out, &Head { report: "x" }).expect("a vector takes all");
        object.list("none", |_| Ok(())).expect("a vector takes all");
        object.list("some", |list| [1, 2].iter().try_for_each(|record| list.push(record))).expect("a vector takes all");
        object.end().expect("a vector takes all");
        assert_eq!(
            String::from_utf8(out).expect("UTF-8"),
            "{\n  \"report\": \"x\",\n  \"none\": [],\n  \"some\": [\n    1,\n    2\n  ]\n}\n"
        );
    }

    #[test]
    fn a_head_that_is_no_object_is_refused() {
        assert!(Object::begin(&mut Vec::new(), &[1]).is_err());
    }
}
