//! Machine output: records as JSON.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::clean::is_unsafe;
use crate::report::record::Sink;

/// Records as one JSON object: the fields of its head, then a key per list, with each record on a line of its own.
///
/// Characters that could do harm on a terminal are written as `\u` escapes; the values stay what they are.
pub struct Json<'w> {
    out: &'w mut dyn Write,
    state: State,
    /// The record that is being written, whole before it goes out: records are made of very many small pieces.
    record: Vec<u8>,
}

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
        Self { out, state: State::Head { empty: true }, record: Vec::new() }
    }

    /// Ends the list that is open, if one is.
    fn close_list(&mut self) -> io::Result<()> {
        match self.state {
            State::Head { .. } => Ok(()),
            State::List { empty: true } => self.out.write_all(b"]"),
            State::List { empty: false } => self.out.write_all(b"\n  ]"),
        }
    }
}

impl Sink for Json<'_> {
    fn head(&mut self, head: &impl Serialize) -> io::Result<()> {
        let mut text = Vec::new();
        head.serialize(&mut Serializer::with_formatter(&mut text, Harmless(PrettyFormatter::new())))?;
        if text.pop() != Some(b'}') {
            return Err(io::Error::other("the head of a report must be an object"));
        }
        text.truncate(text.trim_ascii_end().len());
        self.state = State::Head { empty: text.ends_with(b"{") };
        self.out.write_all(&text)
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
        self.record.clear();
        self.record.extend_from_slice(if first { b"\n    " } else { b",\n    " });
        record.serialize(&mut Serializer::with_formatter(&mut self.record, Harmless(CompactFormatter)))?;
        self.out.write_all(&self.record)
    }

    fn end(&mut self) -> io::Result<()> {
        self.close_list()?;
        self.out.write_all(b"\n}\n")
    }
}

/// A formatter that also escapes what is harmless to a program and harmful to a terminal.
struct Harmless<F>(F);

macro_rules! pass_on {
    ($($method:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $method<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$method(writer $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Harmless<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() && !fragment.as_bytes().contains(&0x7f) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut written = 0;
        for (position, character) in fragment.char_indices().filter(|(_, character)| is_unsafe(*character)) {
            writer.write_all(&fragment.as_bytes()[written..position])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            written = position + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[written..])
    }

    // The layout is the inner formatter's.
    pass_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }
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
