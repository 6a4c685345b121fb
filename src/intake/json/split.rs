//! Cutting the records of an input into blocks that can be read apart from each other.

use std::io::Read;

use super::Form;
use super::scan::Scan;
use crate::intake::block::Block;
use crate::intake::buffer::{Buffer, LIMIT};

/// Cuts the records that begin at the start of a window into blocks.
pub(super) struct Splitter<R> {
    pub buffer: Buffer<R>,
    form: Form,
    size: usize,
    scan: Scan,
    /// How many of the unread bytes have been scanned, and where the last element ends among them.
    scanned: usize,
    last: Option<usize>,
    /// Where the window stands.
    pub at: At,
    /// Whether the end of the list was met.
    is_done: bool,
}

/// Where in a list of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// Before a record.
    Record,
    /// Behind one.
    Behind,
}

impl<R: Read> Splitter<R> {
    /// Cuts blocks of about so many bytes, at least 1.
    pub fn new(buffer: Buffer<R>, form: Form, size: usize) -> Self {
        Self {
            buffer,
            form,
            size: size.max(1),
            scan: Scan::default(),
            scanned: 0,
            last: None,
            at: At::Record,
            is_done: false,
        }
    }

    /// The next block; `None` where the rest must be read as it stands. `spare` is memory for what stays behind.
    pub fn next(&mut self, mut spare: Vec<u8>) -> Option<Block> {
        let mut wanted = self.size;
        if self.is_done {
            return None;
        }
        loop {
            let length = self.buffer.unread().len();
            let more = length >= wanted || self.buffer.gather(wanted);
            let block = match self.form {
                Form::Lines => self.lines(&mut spare),
                Form::List | Form::Object => self.elements(&mut spare),
            };
            if block.is_some() {
                return block;
            }
            if !more || self.is_done || wanted > LIMIT {
                return None;
            }
            wanted = self.buffer.unread().len() + self.size;
        }
    }

    /// Cuts at a line feed between two objects: no other stands between `}` and `{`, so that it is none within a record.
    fn lines(&mut self, spare: &mut Vec<u8>) -> Option<Block> {
        let unread = self.buffer.unread();
        let mut end = unread.len();
        while let Some(newline) = memchr::memrchr(b'\n', &unread[..end]) {
            let before = unread[..newline].trim_ascii_end().last();
            let after = unread[newline + 1..].trim_ascii_start().first();
            if before == Some(&b'}') && after == Some(&b'{') {
                return Some(self.cut(newline + 1, 0, spare));
            }
            end = newline;
        }
        let is_all = self.buffer.has_ended() && unread.trim_ascii_end().ends_with(b"}");
        is_all.then(|| self.cut(self.buffer.unread().len(), 0, spare))
    }

    /// Cuts behind the last element that has come whole.
    fn elements(&mut self, spare: &mut Vec<u8>) -> Option<Block> {
        let unread = self.buffer.unread();
        let ends = self.scan.go_on(&unread[self.scanned..]);
        self.last = ends.last.map(|last| self.scanned + last).or(self.last);
        let seen = ends.list.map_or(unread.len(), |list| self.scanned + list);
        self.scanned = seen;
        if ends.list.is_some() {
            // What stands before the end may be no object.
            let end = unread[..seen].trim_ascii_end().len();
            self.at = if end > 0 { At::Behind } else { At::Record };
            self.is_done = true;
            return (end > 0).then(|| self.cut(end, 0, spare));
        }
        let end = self.last?;
        let blanks = |from: usize| unread[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let comma = end + blanks(end);
        if unread.get(comma) != Some(&b',') {
            return None;
        }
        let next = comma + 1 + blanks(comma + 1);
        // Elements that are no objects may have been passed since.
        (next < unread.len()).then(|| self.cut(end, next - end, spare))
    }

    fn cut(&mut self, length: usize, behind: usize, spare: &mut Vec<u8>) -> Block {
        let block = self.buffer.cut(length, behind, std::mem::take(spare));
        self.scanned = self.scanned.saturating_sub(length + behind);
        self.last = None;
        block
    }
}
