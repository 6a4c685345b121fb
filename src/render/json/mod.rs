//! Machine output: records as JSON.

mod escape;
mod writer;

use std::io::{self, Write};

use serde::Serialize;

use writer::{Layout, Writer};

use crate::report::record::Sink;

/// Records as one JSON object: the fields of its head, then a key per list, with each record on a line of its own.
///
/// Characters that could do harm on a terminal are written as `\u` escapes; the values stay what they are.
pub struct Json<'w> {
    out: &'w mut dyn Write,
    state: State,
    /// What has not gone out yet: records are made of very many small pieces.
    pending: Vec<u8>,
}

/// From so many bytes on, what is pending goes out.
const ENOUGH: usize = 1 << 16;

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The head, or nothing within it.
    Head { empty: bool },
    /// A list.
    List { empty: bool },
}

impl<'w> Json<'w> {
    /// A writer of records to `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self { out, state: State::Head { empty: true }, pending: Vec::new() }
    }

    /// Ends the list that is open, if one is.
    fn close_list(&mut self) {
        match self.state {
            State::Head { .. } => {}
            State::List { empty: true } => self.pending.push(b']'),
            State::List { empty: false } => self.pending.extend_from_slice(b"\n  ]"),
        }
    }

    fn write_pending(&mut self) -> io::Result<()> {
        self.out.write_all(&self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

impl Sink for Json<'_> {
    fn head(&mut self, head: &impl Serialize) -> io::Result<()> {
        head.serialize(&mut Writer::new(&mut self.pending, Layout::Lines(0)))?;
        if self.pending.pop() != Some(b'}') {
            return Err(io::Error::other("the head of a report must be an object"));
        }
        self.pending.truncate(self.pending.trim_ascii_end().len());
        self.state = State::Head { empty: self.pending.ends_with(b"{") };
        Ok(())
    }

    fn list(&mut self, name: &str) -> io::Result<()> {
        self.close_list();
        let separator = if self.state == (State::Head { empty: true }) { "" } else { "," };
        write!(self.pending, "{separator}\n  ")?;
        name.serialize(&mut Writer::new(&mut self.pending, Layout::Line))?;
        self.state = State::List { empty: true };
        self.pending.write_all(b": [")
    }

    fn record(&mut self, record: &impl Serialize) -> io::Result<()> {
        let first = self.state != (State::List { empty: false });
        self.state = State::List { empty: false };
        self.pending.extend_from_slice(if first { b"\n    " } else { b",\n    " });
        record.serialize(&mut Writer::new(&mut self.pending, Layout::Line))?;
        if self.pending.len() >= ENOUGH { self.write_pending() } else { Ok(()) }
    }

    fn end(&mut self) -> io::Result<()> {
        self.close_list();
        self.pending.extend_from_slice(b"\n}\n");
        self.write_pending()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::clean::is_unsafe;

    #[derive(Serialize)]
    struct Head {
        report: &'static str,
    }

    fn written(write: impl FnOnce(&mut Json<'_>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut Json::new(&mut out)).expect("a vector takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn lists_follow_the_head() {
        let text = written(|json| {
            json.head(&Head { report: "x" })?;
            json.list("none")?;
            json.list("some")?;
            [1, 2].iter().try_for_each(|record| json.record(record))?;
            json.end()
        });
        assert_eq!(text, "{\n  \"report\": \"x\",\n  \"none\": [],\n  \"some\": [\n    1,\n    2\n  ]\n}\n");
    }

    #[test]
    fn a_head_stands_alone_too() {
        let text = written(|json| json.head(&Head { report: "x" }).and_then(|()| json.end()));
        assert_eq!(text, "{\n  \"report\": \"x\"\n}\n");
        assert!(Json::new(&mut Vec::new()).head(&[1]).is_err());
    }

    #[test]
    fn harmful_characters_are_escaped_and_come_back() {
        for name in ["Þór 株式会社", "a\u{202e}b", "\u{9b}31m\u{7f}\u{1b}", "\u{e0041}\u{200b}x"] {
            let text = written(|json| {
                json.head(&Head { report: "x" })?;
                json.list("names")?;
                json.record(&name)?;
                json.end()
            });
            assert!(!text.chars().any(|character| character != '\n' && is_unsafe(character)), "{text:?}");
            let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(back["names"][0], name);
        }
    }
}
