//! Machine output: records as JSON.

mod escape;
mod writer;

use std::io::{self, Write};

use serde::Serialize;

use writer::{Layout, Writer};

use crate::report::record::{Part, Sink};
use crate::workers::{self, Then, Threads};

/// Records as one JSON object: the fields of its head, then a key per list, with each record on a line of its own.
///
/// Characters that could do harm on a terminal are written as `\u` escapes; the values stay what they are.
pub struct Json<'w> {
    out: &'w mut dyn Write,
    threads: Threads,
    state: State,
    /// What has not gone out yet: records are made of very many small pieces.
    pending: Records,
}

/// Records of a list, each behind a comma.
#[derive(Debug, Default)]
pub struct Records(Vec<u8>);

impl Part for Records {
    fn record(&mut self, record: &impl Serialize) -> io::Result<()> {
        self.0.extend_from_slice(b",\n    ");
        Ok(record.serialize(&mut Writer::new(&mut self.0, Layout::Line))?)
    }
}

/// From so many bytes on, what is pending goes out.
const ENOUGH: usize = 1 << 16;
/// So many items are handed to a thread at a time.
const PIECE: usize = 64;

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The head, or nothing within it.
    Head { empty: bool },
    /// A list.
    List { empty: bool },
}

impl<'w> Json<'w> {
    /// A writer of records to `out`, which makes them itself.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self { out, threads: Threads::ONE, state: State::Head { empty: true }, pending: Records::default() }
    }

    /// The same, which has records made by several threads where there are many.
    #[must_use]
    pub fn on(self, threads: Threads) -> Self {
        Self { threads, ..self }
    }

    /// Ends the list that is open, if one is.
    fn close_list(&mut self) {
        match self.state {
            State::Head { .. } => {}
            State::List { empty: true } => self.pending.0.push(b']'),
            State::List { empty: false } => self.pending.0.extend_from_slice(b"\n  ]"),
        }
    }

    /// Takes the comma of the first record of a list away, where it stands at `place` of what is pending.
    fn join(&mut self, place: usize) {
        if self.state == (State::List { empty: true }) && place < self.pending.0.len() {
            self.pending.0.remove(place);
            self.state = State::List { empty: false };
        }
    }

    /// Takes records that another thread made.
    fn take(&mut self, records: &Records) -> io::Result<()> {
        let Some((comma, rest)) = records.0.split_first() else { return Ok(()) };
        if self.state != (State::List { empty: true }) {
            self.pending.0.push(*comma);
        }
        self.state = State::List { empty: false };
        self.write_pending()?;
        self.out.write_all(rest)
    }

    fn write_pending(&mut self) -> io::Result<()> {
        self.out.write_all(&self.pending.0)?;
        self.pending.0.clear();
        Ok(())
    }
}

/// Puts a record behind what `out` holds, in a line of its own as in the lists of [`Json`].
///
/// # Errors
///
/// Where the record holds what JSON has not.
pub fn push_line(out: &mut Vec<u8>, record: &impl Serialize) -> io::Result<()> {
    record.serialize(&mut Writer::new(out, Layout::Line))?;
    out.push(b'\n');
    Ok(())
}

impl Sink for Json<'_> {
    type Part = Records;

    fn head(&mut self, head: &impl Serialize) -> io::Result<()> {
        let pending = &mut self.pending.0;
        head.serialize(&mut Writer::new(pending, Layout::Lines(0)))?;
        if pending.pop() != Some(b'}') {
            return Err(io::Error::other("the head of a report must be an object"));
        }
        pending.truncate(pending.trim_ascii_end().len());
        self.state = State::Head { empty: pending.ends_with(b"{") };
        Ok(())
    }

    fn list(&mut self, name: &str) -> io::Result<()> {
        self.close_list();
        let separator = if self.state == (State::Head { empty: true }) { "" } else { "," };
        let pending = &mut self.pending.0;
        write!(pending, "{separator}\n  ")?;
        name.serialize(&mut Writer::new(pending, Layout::Line))?;
        self.state = State::List { empty: true };
        pending.write_all(b": [")
    }

    fn record(&mut self, record: &impl Serialize) -> io::Result<()> {
        let place = self.pending.0.len();
        self.pending.record(record)?;
        self.join(place);
        if self.pending.0.len() >= ENOUGH { self.write_pending() } else { Ok(()) }
    }

    fn records<I: Sync, D>(
        &mut self,
        items: &[I],
        begin: impl Fn() -> D + Sync,
        put: impl Fn(&I, &mut D, &mut Records) -> io::Result<()> + Sync,
    ) -> io::Result<()> {
        if !self.threads.are_many() || items.len() <= PIECE {
            let mut desk = begin();
            return items.iter().try_for_each(|item| {
                let place = self.pending.0.len();
                put(item, &mut desk, &mut self.pending)?;
                self.join(place);
                if self.pending.0.len() >= ENOUGH { self.write_pending() } else { Ok(()) }
            });
        }
        let mut pieces = items.chunks(PIECE);
        let mut written = Ok(());
        workers::in_order(
            self.threads,
            || pieces.next(),
            begin,
            |desk, piece| {
                let mut records = Records(Vec::with_capacity(2 * ENOUGH));
                piece.iter().try_for_each(|item| put(item, desk, &mut records)).map(|()| records)
            },
            |records| {
                // What arrives behind an error is not wanted any more.
                if written.is_ok() {
                    written = records.and_then(|records| self.take(&records));
                }
                if written.is_ok() { Then::GoOn } else { Then::Stop }
            },
        );
        written
    }

    fn end(&mut self) -> io::Result<()> {
        self.close_list();
        self.pending.0.extend_from_slice(b"\n}\n");
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

    /// A list of records between others, made by so many threads.
    fn list(threads: usize, count: u32) -> String {
        let threads = Threads::new(threads.try_into().expect("some threads"));
        let items: Vec<u32> = (0..count).collect();
        let mut out = Vec::new();
        let mut json = Json::new(&mut out).on(threads);
        let mut write = || {
            json.head(&Head { report: "x" })?;
            for name in ["first", "second"] {
                json.list(name)?;
                // Not every item has just one record.
                json.records(
                    &items,
                    || 0_u32,
                    |item, before, part| {
                        *before += 1;
                        assert!(*before <= count);
                        (0..item % 3).try_for_each(|turn| part.record(&(item, turn, "a\u{202e}b".repeat(40))))
                    },
                )?;
                json.record(&name)?;
            }
            json.end()
        };
        write().expect("a vector takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn records_are_the_same_whoever_makes_them() {
        let piece = u32::try_from(PIECE).expect("a small number");
        for count in [0, 1, 2, piece, piece + 1, 2 * piece + 1, 50 * piece + 7] {
            let alone = list(1, count);
            serde_json::from_str::<serde_json::Value>(&alone).expect("JSON");
            for threads in [2, 3, 8] {
                assert!(list(threads, count) == alone, "{count} items on {threads} threads");
            }
        }
    }

    #[test]
    fn the_first_error_ends_a_list() {
        for threads in [1, 2, 8] {
            let threads = Threads::new(threads.try_into().expect("some threads"));
            let items: Vec<usize> = (0..40 * PIECE).collect();
            let mut out = Vec::new();
            let mut json = Json::new(&mut out).on(threads);
            let failing = |item: &usize, (): &mut (), _: &mut Records| match item {
                100.. => Err(io::Error::other(item.to_string())),
                _ => Ok(()),
            };
            let error = json.records(&items, || (), failing).expect_err("an error");
            assert_eq!(error.to_string(), "100", "{threads:?}");
        }
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
