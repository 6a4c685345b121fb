//! Machine output: records as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::clean::is_unsafe;
use crate::report::record::Sink;

/// Records as one JSON object: the fields of its head, then a key per list, with each record on a line of its own.
///
/// Characters that could do harm on a terminal are written as `\u` escapes; the values stay what they are.
pub struct Json<'w> {
    out: &'w mut dyn Write,
    state: State,
    /// Records that have not gone out yet: they are made of very many small pieces.
    pending: Vec<u8>,
}

/// From so many bytes on, pending records go out.
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

    /// Writes what is pending, and ends the list that is open, if one is.
    fn close_list(&mut self) -> io::Result<()> {
        self.write_pending()?;
        match self.state {
            State::Head { .. } => Ok(()),
            State::List { empty: true } => self.out.write_all(b"]"),
            State::List { empty: false } => self.out.write_all(b"\n  ]"),
        }
    }

    fn write_pending(&mut self) -> io::Result<()> {
        write_harmless(self.out, &self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

impl Sink for Json<'_> {
    fn head(&mut self, head: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(head)?;
        if text.pop() != Some(b'}') {
            return Err(io::Error::other("the head of a report must be an object"));
        }
        text.truncate(text.trim_ascii_end().len());
        self.state = State::Head { empty: text.ends_with(b"{") };
        write_harmless(self.out, &text)
    }

    fn list(&mut self, name: &str) -> io::Result<()> {
        self.close_list()?;
        let separator = if self.state == (State::Head { empty: true }) { "" } else { "," };
        write!(self.out, "{separator}\n  ")?;
        serde_json::to_writer(&mut *self.out, name)?;
        self.state = State::List { empty: true };
        self.out.write_all(b": [")
    }

    fn record(&mut self, record: &impl Serialize) -> io::Result<()> {
        let first = self.state != (State::List { empty: false });
        self.state = State::List { empty: false };
        self.pending.extend_from_slice(if first { b"\n    " } else { b",\n    " });
        serde_json::to_writer(&mut self.pending, record)?;
        if self.pending.len() >= ENOUGH { self.write_pending() } else { Ok(()) }
    }

    fn end(&mut self) -> io::Result<()> {
        self.close_list()?;
        self.out.write_all(b"\n}\n")
    }
}

/// Writes JSON with every character that could do harm on a terminal as an escape. Such a character only stands within strings.
fn write_harmless(out: &mut dyn Write, json: &[u8]) -> io::Result<()> {
    let mut written = 0;
    let mut at = 0;
    while let Some(next) = beyond_ascii(&json[at..]) {
        at += next;
        let length = match json[at] {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        };
        let end = (at + length).min(json.len());
        let text = std::str::from_utf8(&json[at..end]).map_err(io::Error::other)?;
        for character in text.chars().filter(|character| is_unsafe(*character)) {
            out.write_all(&json[written..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            written = end;
        }
        at = end;
    }
    out.write_all(&json[written..])
}

/// The position of the first byte that is no visible ASCII: DEL, or one of a longer character. Bytes below a blank are escaped already.
fn beyond_ascii(bytes: &[u8]) -> Option<usize> {
    /// Blocks of this size are skipped with a few instructions each.
    const BLOCK: usize = 128;
    // From DEL on, b + 1 has its highest bit; the byte for which it would not stands in no UTF-8.
    let clean = |block: &&[u8]| block.iter().fold(0, |bits, byte| bits | byte.wrapping_add(1)) < 0x80;
    let skipped: usize = bytes.chunks(BLOCK).take_while(clean).map(<[u8]>::len).sum();
    bytes[skipped..].iter().position(|byte| *byte >= 0x7f).map(|position| skipped + position)
}

#[cfg(test)]
mod tests {
    use super::*;

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
