//! Cutting the rows of a text into blocks that can be read apart from each other.

use std::io::Read;

use crate::intake::block::Block;
use crate::intake::buffer::{Buffer, LIMIT};

/// Cuts rows into blocks. A line feed within quotes ends no row.
pub(super) struct Splitter<R> {
    buffer: Buffer<R>,
    delimiter: u8,
    size: usize,
    /// How many of the unread bytes have been looked at, and whether a quote is open behind them.
    seen: usize,
    is_quoted: bool,
    /// Behind the last line feed that ended a row among the bytes that have been looked at.
    end: usize,
}

impl<R: Read> Splitter<R> {
    /// Cuts blocks of about so many bytes, at least 1, from the start of a row or behind one.
    pub fn new(buffer: Buffer<R>, delimiter: u8, size: usize) -> Self {
        Self { buffer, delimiter, size: size.max(1), seen: 0, is_quoted: false, end: 0 }
    }

    /// What is left.
    pub fn into_rest(self) -> Buffer<R> {
        self.buffer
    }

    /// The next block; `None` where the rest must be read as it stands. `spare` is memory for what stays behind.
    pub fn next(&mut self, spare: Vec<u8>) -> Option<Block> {
        let mut wanted = self.size;
        loop {
            let length = self.buffer.unread().len();
            let more = length >= wanted || self.buffer.gather(wanted);
            self.look();
            if self.end > 0 {
                let block = self.buffer.cut(self.end, 0, spare);
                self.seen -= self.end;
                self.end = 0;
                return Some(block);
            }
            if !more || wanted > LIMIT {
                return None;
            }
            wanted = self.buffer.unread().len() + self.size;
        }
    }

    /// Looks for the last line feed outside of quotes. A quote opens a cell only where that begins.
    fn look(&mut self) {
        let unread = self.buffer.unread();
        // Whether a quote is one of two that stand for one is seen by the byte behind it.
        let until = if self.buffer.has_ended() { unread.len() } else { unread.len().saturating_sub(1) };
        let mut at = self.seen;
        while at < until {
            let Some(quote) = memchr::memchr(b'"', &unread[at..until]).map(|quote| at + quote) else { break };
            if self.is_quoted {
                if unread.get(quote + 1) == Some(&b'"') {
                    at = quote + 2;
                    continue;
                }
                self.is_quoted = false;
            } else {
                if let Some(newline) = memchr::memrchr(b'\n', &unread[at..quote]) {
                    self.end = at + newline + 1;
                }
                let before = if quote == 0 { None } else { Some(unread[quote - 1]) };
                self.is_quoted = before.is_none_or(|byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
            }
            at = quote + 1;
        }
        if at < until {
            if !self.is_quoted
                && let Some(newline) = memchr::memrchr(b'\n', &unread[at..until])
            {
                self.end = at + newline + 1;
            }
            at = until;
        }
        self.seen = at;
    }
}
