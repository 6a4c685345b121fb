//! Rows of a text with a sign between the cells of a line.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::rows::{BlockRun, Broken, Cell, Rows};
use super::split::Splitter;
use crate::intake::block::Block;
use crate::intake::buffer::Buffer;
use crate::intake::bytes::content_error;

/// The most bytes that one row may have.
const LIMIT: u64 = 16 << 20;
/// How much is looked at to find the sign between cells, and how many lines of it.
const HEAD: usize = 1 << 16;
const HEAD_LINES: usize = 20;

/// How much is read at a time.
const PIECE: usize = 1 << 17;

/// The signs that may stand between cells, the likeliest first.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// Rows of a text.
pub(in crate::intake) struct CsvRows<R: Read> {
    reader: Reader<Metered<Buffer<R>>>,
    record: ByteRecord,
    /// The cells of the row at hand, one behind the other; empty where not all of it is UTF-8.
    text: String,
    /// The lines on which the row at hand begins and ends.
    line: u64,
    end: u64,
    passed: Rc<RefCell<Passed>>,
    /// The sign between cells.
    pub delimiter: u8,
}

/// Passes bytes through until more than a row may have were read for one row.
struct Metered<R> {
    input: R,
    passed: Rc<RefCell<Passed>>,
}

/// What is known of the bytes that were read.
#[derive(Debug, Default)]
struct Passed {
    bytes: u64,
    /// Where the row at hand begins.
    row: u64,
    /// Where the last byte that ends no line stands, from 1.
    text: u64,
    /// Where line feeds stand that may be behind the row at hand, of one piece of the input.
    newlines: VecDeque<u64>,
    /// How many stand before those, and where the last of these does.
    lines: u64,
    newline: Option<u64>,
    /// Whether the end of the input was met: a row that is read up to there is ended by no line feed, but may hold some.
    ended: bool,
}

impl Passed {
    /// The line on which a row ends, from 1, if it ends before a byte.
    fn line_before(&mut self, end: u64) -> u64 {
        while self.newlines.front().is_some_and(|newline| *newline < end) {
            self.newline = self.newlines.pop_front();
            self.lines += 1;
        }
        // The line feed that ends a row is no part of the line behind it.
        if end > 0 && !self.ended && self.newline == Some(end - 1) { self.lines } else { self.lines + 1 }
    }

    /// Notes that the row at hand ends no sooner than what was read so far.
    fn pass(&mut self) {
        if let Some(last) = self.newlines.back() {
            self.newline = Some(*last);
            self.lines += self.newlines.len() as u64;
            self.newlines.clear();
        }
        // Blank lines before a row are none of it.
        if self.text <= self.row {
            self.row = self.bytes;
        }
    }

    /// Notes a piece of the input.
    fn take(&mut self, piece: &[u8]) {
        let start = self.bytes;
        self.newlines.extend(memchr::memchr_iter(b'\n', piece).map(|position| start + position as u64));
        if let Some(position) = piece.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')) {
            self.text = start + position as u64 + 1;
        }
        self.bytes += piece.len() as u64;
    }
}

/// A row of more than [`LIMIT`] bytes.
#[derive(Debug, thiserror::Error)]
#[error("a row of more than 16 MiB")]
struct TooLong;

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut passed = self.passed.borrow_mut();
        // More is asked for when all that was read is used up.
        passed.pass();
        if passed.bytes - passed.row > LIMIT {
            return Err(io::Error::other(TooLong));
        }
        let length = self.input.read(out)?;
        passed.take(&out[..length]);
        passed.ended |= length == 0;
        Ok(length)
    }
}

impl<R: Read> CsvRows<R> {
    /// The rows of a text; where no sign between cells is given, its first lines tell.
    pub fn new(input: R, delimiter: Option<u8>) -> Result<Self, Broken> {
        let mut buffer = Buffer::new(input, PIECE).keeping(PIECE);
        buffer.want(HEAD).map_err(|error| unreadable(error, 0))?;
        let unread = buffer.unread();
        let named = named_delimiter(&unread[..unread.len().min(HEAD)]);
        if let Some((_, length)) = named {
            buffer.consume(length);
        }
        let unread = buffer.unread();
        let likely = || likely_delimiter(&unread[..unread.len().min(HEAD)]);
        let delimiter = delimiter.or(named.map(|(delimiter, _)| delimiter)).unwrap_or_else(likely);
        Ok(Self::at(buffer, delimiter, u64::from(named.is_some())))
    }

    /// The rows of a buffer behind so many lines.
    fn at(buffer: Buffer<R>, delimiter: u8, line: u64) -> Self {
        let passed = Rc::new(RefCell::new(Passed { lines: line, ..Passed::default() }));
        let input = Metered { input: buffer, passed: passed.clone() };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(PIECE)
            .from_reader(input);
        Self { reader, record: ByteRecord::new(), text: String::new(), line, end: line, passed, delimiter }
    }
}

impl CsvRows<io::Empty> {
    /// The rows of a block.
    pub fn of_block(block: &mut Block, delimiter: u8) -> Self {
        let line = block.line.saturating_sub(1);
        Self::at(Buffer::of_block(block), delimiter, line)
    }

    /// Gives the block its bytes back.
    pub fn return_to(self, block: &mut Block) {
        self.reader.into_inner().input.return_to(block);
    }
}

/// The sign that a first line such as `sep=;` names, by which Excel goes, and how long that line is.
fn named_delimiter(head: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr(b'\n', head)?;
    match head[..end].trim_ascii_end() {
        [name @ .., delimiter] if name.eq_ignore_ascii_case(b"sep=") && DELIMITERS.contains(delimiter) => {
            Some((*delimiter, end + 1))
        }
        // The line of tabs ends in one, which counts as a blank.
        name if name.eq_ignore_ascii_case(b"sep=") && head.get(4) == Some(&b'\t') => Some((b'\t', end + 1)),
        _ => None,
    }
}

/// How often each sign stands in each of the first lines that are not blank, outside of quotes.
fn signs_of_lines(head: &[u8]) -> Vec<[usize; DELIMITERS.len()]> {
    let mut lines = Vec::new();
    let mut counts = [0_usize; DELIMITERS.len()];
    let (mut is_quoted, mut is_blank, mut begins) = (false, true, true);
    for byte in head.iter().chain(b"\n") {
        let sign = DELIMITERS.iter().position(|delimiter| delimiter == byte);
        match byte {
            // A quote within a cell, such as the inches of 5", opens nothing.
            b'"' if is_quoted || begins => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'\n' | b'\r' => {
                let counts = std::mem::take(&mut counts);
                if !is_blank {
                    lines.push(counts);
                }
                is_blank = true;
                if lines.len() == HEAD_LINES {
                    break;
                }
            }
            _ => {}
        }
        if is_quoted {
            is_blank = false;
        } else if let Some(sign) = sign {
            counts[sign] += 1;
        }
        is_blank &= byte.is_ascii_whitespace();
        begins = sign.is_some() || matches!(byte, b'\n' | b'\r' | b'"');
    }
    lines
}

/// The sign that stands in the most lines without a break: a title above the table and the decimals of its numbers have other signs, but
/// not in the header. Of several such, the one that is in the lines most evenly, then most often, then the likeliest.
fn likely_delimiter(head: &[u8]) -> u8 {
    let lines = signs_of_lines(head);
    let weight = |sign: usize| {
        let stretches = lines.split(|counts| counts[sign] == 0);
        let longest = stretches.max_by_key(|stretch| stretch.len()).unwrap_or_default();
        let alike =
            |counts: &[usize; DELIMITERS.len()]| longest.iter().filter(|other| other[sign] == counts[sign]).count();
        let evenness = longest.iter().map(alike).max().unwrap_or_default();
        (longest.len(), evenness, longest.iter().map(|counts| counts[sign]).sum::<usize>())
    };
    let best = (0..DELIMITERS.len()).rev().max_by_key(|sign| weight(*sign)).unwrap_or_default();
    DELIMITERS[best]
}

impl<R: Read + Send> Rows for CsvRows<R> {
    fn advance(&mut self) -> Result<bool, Broken> {
        loop {
            self.passed.borrow_mut().row = self.reader.position().byte();
            let more = match self.reader.read_byte_record(&mut self.record) {
                Ok(more) => more,
                Err(error) => return Err(broken(error, self.end + 1)),
            };
            if !more {
                return Ok(false);
            }
            // UTF-8 is checked once for all cells: that costs little more than checking one of them.
            self.text.clear();
            self.text.push_str(std::str::from_utf8(self.record.as_slice()).unwrap_or_default());
            let within = memchr::memchr_iter(b'\n', self.record.as_slice()).count() as u64;
            let last = self.passed.borrow_mut().line_before(self.reader.position().byte());
            // Lines that end with a carriage return alone are not told apart by line feeds.
            self.line = last.saturating_sub(within).max(self.end + 1);
            self.end = self.line + within;
            if (0..self.record.len()).any(|column| self.cell(column) != Cell::Empty) {
                return Ok(true);
            }
        }
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn width(&self) -> usize {
        self.record.len()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        let Some(range) = self.record.range(column) else { return Cell::Empty };
        // A character whose bytes stand in two cells is none.
        let text = self.text.get(range.clone()).or_else(|| std::str::from_utf8(&self.record.as_slice()[range]).ok());
        let Some(text) = text.map(str::trim_ascii) else { return Cell::Garbled };
        let (Some(first), Some(last)) = (text.as_bytes().first(), text.as_bytes().last()) else { return Cell::Empty };
        // Blanks beyond ASCII are trimmed where there may be some.
        if first.is_ascii() && last.is_ascii() {
            return Cell::Text(text);
        }
        match text.trim() {
            "" => Cell::Empty,
            text => Cell::Text(text),
        }
    }

    fn is_ragged(&self) -> bool {
        true
    }

    fn sheet(&self) -> Option<&Arc<str>> {
        None
    }

    fn merged_headers(&mut self, _: u64) -> Vec<(usize, usize)> {
        Vec::new()
    }

    fn in_blocks(&mut self, size: usize, run: BlockRun<'_>) {
        let position = self.reader.position().byte();
        let (line, unused) = {
            let mut passed = self.passed.borrow_mut();
            passed.line_before(position);
            (passed.lines + 1, passed.bytes - position)
        };
        let nothing = Self::at(Buffer::of_block(&mut Block::default()), self.delimiter, 0);
        let mut buffer = std::mem::replace(self, nothing).reader.into_inner().input;
        buffer.go_back(usize::try_from(unused).unwrap_or_default(), line);
        let mut splitter = Splitter::new(buffer, self.delimiter, size);
        let left = run(self.delimiter, &mut |spare| splitter.next(spare));
        let mut buffer = splitter.into_rest();
        buffer.put_back(&left);
        let line = buffer.line_at_start().saturating_sub(1);
        *self = Self::at(buffer, self.delimiter, line);
    }
}

/// Bytes that cannot be had, or that are not what they should be.
fn unreadable(error: io::Error, line: u64) -> Broken {
    match content_error(&error) {
        Some(allowed) => Broken::Content { line, found: String::new(), allowed },
        None => Broken::Input(error),
    }
}

fn is_too_long(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<TooLong>()).is_some()
}

fn broken(error: csv::Error, line: u64) -> Broken {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if is_too_long(&error) => Broken::Content {
            line,
            found: "a row of more than 16 MiB".to_owned(),
            allowed: "expected less: is a quote not closed?".to_owned(),
        },
        csv::ErrorKind::Io(error) => unreadable(error, line),
        kind => Broken::Content { line, found: String::new(), allowed: format!("not a table: {kind:?}") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8], delimiter: Option<u8>) -> Vec<(u64, Vec<String>)> {
        let mut rows = CsvRows::new(text, delimiter).expect("bytes in memory");
        let mut found = Vec::new();
        while rows.advance().expect("rows") {
            let cells = (0..rows.width()).map(|column| match rows.cell(column) {
                Cell::Text(text) => text.to_owned(),
                other => format!("{other:?}"),
            });
            found.push((rows.line(), cells.collect()));
        }
        found
    }

    #[test]
    fn rows_are_cut_at_the_sign_of_their_first_line() {
        let strings = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        for (text, expected) in [
            ("a,b\n1,2\n", vec![(1, strings(&["a", "b"])), (2, strings(&["1", "2"]))]),
            ("a;b\r\n1,5;2\r\n", vec![(1, strings(&["a", "b"])), (2, strings(&["1,5", "2"]))]),
            ("a\tb\n\n 1 \t \n", vec![(1, strings(&["a", "b"])), (3, strings(&["1", "Empty"]))]),
            ("\"a;x\",\"b;y\"\n", vec![(1, strings(&["a;x", "b;y"]))]),
            (
                "a,b\n\"x\ny\",2\n3,4",
                vec![(1, strings(&["a", "b"])), (2, strings(&["x\ny", "2"])), (4, strings(&["3", "4"]))],
            ),
            // Line ends of all kinds, blank rows between.
            (
                "a,b\r1,2\n,\r\n\u{a0},\n3,4",
                vec![(1, strings(&["a", "b"])), (2, strings(&["1", "2"])), (5, strings(&["3", "4"]))],
            ),
            ("", vec![]),
            ("\n \n", vec![]),
        ] {
            assert_eq!(rows(text.as_bytes(), None), expected, "{text:?}");
        }
    }

    #[test]
    fn the_sign_between_cells_is_found() {
        for (text, delimiter) in [
            ("a", b','),
            ("a,b;c", b','),
            ("a;b,c;d\n", b';'),
            ("id;arr\n1;1,5\n2;2,5\n", b';'),
            ("Accounts, July\n\nid;name\n1;A\n", b';'),
            ("Accounts, July\nid;arr\n1;1,5\n2;2,5\n", b';'),
            ("Accounts; all\nid,name,tags\n1,A,x;y\n2,B,y;z\n", b','),
            ("id,name,tags\n1,x;y\n2,B,x;y\n3,x;y\n", b','),
            ("id\tname, legal\n1\tAcme, Inc., Ltd.\n2\tB\n", b'\t'),
            ("id|name\n1|\"a;b;c\nd;e\"\n2|c;d\n", b'|'),
            ("id,size\n1,5\"\n2,a;b\"\n3,4\n", b','),
        ] {
            assert_eq!(char::from(likely_delimiter(text.as_bytes())), char::from(delimiter), "{text:?}");
        }
    }

    #[test]
    fn a_first_line_may_name_the_sign_between_cells() {
        for (text, expected) in [
            ("sep=;\na,b;c\n1;2\n", vec![(2, vec!["a,b", "c"]), (3, vec!["1", "2"])]),
            ("SEP=|\r\n\r\na|b\r\n", vec![(3, vec!["a", "b"])]),
            ("sep=\t\na\tb\n", vec![(2, vec!["a", "b"])]),
            ("sep=,\n", vec![]),
            ("sep=x\na,b\n", vec![(1, vec!["sep=x"]), (2, vec!["a", "b"])]),
            ("sep,b\n", vec![(1, vec!["sep", "b"])]),
        ] {
            let found = rows(text.as_bytes(), None);
            let found: Vec<(u64, Vec<&str>)> =
                found.iter().map(|(line, cells)| (*line, cells.iter().map(String::as_str).collect())).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn blank_lines_are_of_no_row() {
        let (blank, more) = (b"\r\n".repeat(1 << 17), b"\n".repeat(17 << 20));
        let input = [b"a,b\n\"1\n\",2\n".as_slice(), &blank, b"3,\"4\n\"\n5,6\n", &more].concat();
        let mut rows = CsvRows::new(&input[..], None).expect("bytes in memory");
        let mut lines = Vec::new();
        while rows.advance().expect("rows") {
            lines.push(rows.line());
            let passed = rows.passed.borrow();
            assert!(passed.newlines.len() <= 1 << 17, "{}", passed.newlines.len());
        }
        let after = 4 + (1 << 17);
        assert_eq!(lines, [1, 2, after, after + 2]);
    }

    #[test]
    fn bytes_of_another_encoding_are_garbled() {
        for (row, cells) in [
            (&b"caf\xe9,2"[..], ["Garbled", "2"]),
            (b",\xe9", ["Empty", "Garbled"]),
            (b" caf\xc3\xa9 ,\xff", ["café", "Garbled"]),
            (b"caf\xc3,\xa9", ["Garbled", "Garbled"]),
        ] {
            assert_eq!(rows(&[b"a,b\n", row].concat(), Some(b','))[1].1, cells, "{row:?}");
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_does_not_fill_the_memory() {
        let input = io::Cursor::new(b"a,b\n\"".to_vec()).chain(io::repeat(b'x'));
        let mut rows = CsvRows::new(input, None).expect("bytes in memory");
        assert!(rows.advance().expect("a header"));
        let error = rows.advance().expect_err("an end");
        assert!(matches!(error, Broken::Content { line: 2, .. }), "{error:?}");
    }
}
