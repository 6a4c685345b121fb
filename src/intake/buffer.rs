//! A window on the input that moves on, whose bytes can be looked at in place.

use std::io::{self, Read};

use super::block::Block;

/// The largest value that is read at once, in bytes.
pub(super) const LIMIT: usize = 16 << 20;
/// How many bytes are kept behind the window's start, and how many are wanted behind a place, to show its line.
pub(super) const CONTEXT: usize = 256;

/// The window: what is read of the input and not yet used, from `start` on.
#[derive(Debug)]
pub(super) struct Buffer<R> {
    /// The rest of the input; `None` where what is read is all.
    input: Option<R>,
    /// Why the input could not be read on, until that is told.
    failed: Option<io::Error>,
    chunk: usize,
    /// How many bytes are kept before the window.
    context: usize,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// The offset of the first of `bytes` in the input.
    offset: u64,
    /// Up to here lines are counted.
    counted: usize,
    line: u64,
    /// The offset of the start of the line at `counted`.
    line_start: u64,
}

/// A line and a column in bytes, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub line: u64,
    pub column: u64,
}

impl<R: Read> Buffer<R> {
    /// A window that reads `chunk` bytes at a time, at least 1.
    pub fn new(input: R, chunk: usize) -> Self {
        Self {
            input: Some(input),
            failed: None,
            chunk: chunk.max(1),
            context: CONTEXT,
            bytes: Vec::new(),
            start: 0,
            end: 0,
            ended: false,
            offset: 0,
            counted: 0,
            line: 1,
            line_start: 0,
        }
    }

    /// A window on a block, behind which nothing comes.
    pub fn of_block(block: &mut Block) -> Self {
        let Block { bytes, start, end, behind: _, offset, line, line_start } = block;
        Self {
            input: None,
            failed: None,
            chunk: 1,
            context: CONTEXT,
            bytes: std::mem::take(bytes),
            start: *start,
            end: *end,
            ended: true,
            offset: *offset,
            counted: *start,
            line: *line,
            line_start: *line_start,
        }
    }

    /// Whether it is a window on a block.
    pub fn is_block(&self) -> bool {
        self.input.is_none()
    }

    /// Gives a block its bytes back.
    pub fn return_to(self, block: &mut Block) {
        block.bytes = self.bytes;
    }

    /// Cuts the first `length` bytes off as a block, with `behind` bytes that separate them from the next one. The bytes that stay
    /// are moved to `spare`.
    pub fn cut(&mut self, length: usize, behind: usize, mut spare: Vec<u8>) -> Block {
        self.count_lines(self.start);
        let (start, end) = (self.start, self.start + length);
        let (offset, line, line_start) = (self.offset, self.line, self.line_start);
        self.start = (end + behind).min(self.end);
        self.count_lines(self.start);
        let kept = self.start.saturating_sub(self.context);
        let capacity = self.bytes.len();
        spare.clear();
        spare.extend_from_slice(&self.bytes[kept..self.end]);
        spare.resize(capacity.max(spare.len()), 0);
        let bytes = std::mem::replace(&mut self.bytes, spare);
        let block = Block { bytes, start, end, behind: self.start - end, offset, line, line_start };
        self.offset += kept as u64;
        self.start -= kept;
        self.end -= kept;
        self.counted -= kept;
        block
    }

    /// Puts blocks that were cut off before what is unread.
    pub fn put_back(&mut self, blocks: &[Block]) {
        let Some(first) = blocks.first() else { return };
        let mut bytes = first.bytes[..first.start].to_vec();
        for block in blocks {
            bytes.extend_from_slice(&block.bytes[block.start..block.end + block.behind]);
        }
        bytes.extend_from_slice(self.unread());
        self.start = first.start;
        self.end = bytes.len();
        self.bytes = bytes;
        (self.offset, self.line, self.line_start, self.counted) =
            (first.offset, first.line, first.line_start, first.start);
    }

    /// The same, with so many bytes kept before the window to go back to.
    pub fn keeping(mut self, context: usize) -> Self {
        self.context = context.max(CONTEXT);
        self
    }

    /// Goes back by bytes that are still kept, to a line.
    pub fn go_back(&mut self, length: usize, line: u64) {
        self.start = self.start.saturating_sub(length);
        self.counted = self.start;
        self.line = line;
        self.line_start = self.offset + self.start as u64;
    }

    /// The line in which the window starts, from 1.
    pub fn line_at_start(&mut self) -> u64 {
        self.count_lines(self.start);
        self.line
    }

    /// What is read and not yet used.
    pub fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Moves on.
    pub fn consume(&mut self, length: usize) {
        self.start = (self.start + length).min(self.end);
    }

    /// Passes over a byte order mark, which no editor counts as a column.
    pub fn consume_mark(&mut self, length: usize) {
        self.consume(length);
        self.counted = self.start;
        self.line_start = self.offset + self.start as u64;
    }

    /// Reads on until so many bytes are unread; false where nothing more came. Why nothing could be read is told when it is tried again.
    pub fn gather(&mut self, length: usize) -> bool {
        match self.refill(length) {
            Ok(more) => more,
            Err(error) => {
                self.failed = Some(error);
                false
            }
        }
    }

    /// Whether the input ends behind what is read.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Reads until so many bytes are unread, or the input ends.
    pub fn want(&mut self, length: usize) -> io::Result<()> {
        while self.end - self.start < length && self.refill(length)? {}
        Ok(())
    }

    /// The length of the line at the window's start, its end included; at most [`LIMIT`].
    pub fn line(&mut self) -> io::Result<usize> {
        let mut searched = 0;
        loop {
            let unread = self.unread();
            let length = unread.len();
            if let Some(newline) = memchr::memchr(b'\n', &unread[searched..]) {
                return Ok(searched + newline + 1);
            }
            if length >= LIMIT || !self.refill((2 * length).min(LIMIT))? {
                return Ok(length);
            }
            searched = length;
        }
    }

    /// The next byte that is no blank, to which it moves; `None` at the end of the input.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let blanks = self.unread().iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
            match blanks {
                Some(blanks) => {
                    self.start += blanks;
                    return Ok(Some(self.bytes[self.start]));
                }
                None => self.start = self.end,
            }
            if !self.refill(1)? {
                return Ok(None);
            }
        }
    }

    /// Where a byte stands, counted from the window's start.
    pub fn place(&mut self, at: usize) -> Place {
        self.count_lines(self.start);
        let index = (self.start + at).min(self.end);
        let passed = &self.bytes[self.start..index];
        let lines = memchr::memchr_iter(b'\n', passed).count() as u64;
        let line_start = match memchr::memrchr(b'\n', passed) {
            Some(newline) => self.offset + (self.start + newline + 1) as u64,
            None => self.line_start,
        };
        Place { line: self.line + lines, column: self.offset + index as u64 - line_start + 1 }
    }

    /// The part of a byte's line that stands before it, whether the line begins earlier, and what follows.
    pub fn around(&mut self, at: usize) -> io::Result<(&[u8], bool, &[u8])> {
        self.want(at + CONTEXT)?;
        self.count_lines(self.start);
        let index = (self.start + at).min(self.end);
        let line_start = usize::try_from(self.line_start.saturating_sub(self.offset)).unwrap_or(0);
        let first = index.saturating_sub(CONTEXT).max(line_start);
        let before = &self.bytes[first..index];
        let line = memchr::memrchr(b'\n', before).map(|newline| newline + 1);
        let at_start = self.offset + first as u64 == self.line_start || first > 0 && self.bytes[first - 1] == b'\n';
        let cut = line.is_none() && !at_start;
        let after = &self.bytes[index..self.end.min(index + CONTEXT)];
        Ok((&before[line.unwrap_or(0)..], cut, after))
    }

    /// Reads on until `wanted` bytes are unread, a chunk at least; false where nothing more came.
    pub fn refill(&mut self, wanted: usize) -> io::Result<bool> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.ended {
            return Ok(false);
        }
        let kept = self.start.saturating_sub(self.context);
        self.count_lines(self.start);
        self.bytes.copy_within(kept..self.end, 0);
        self.start -= kept;
        self.end -= kept;
        self.counted -= kept;
        self.offset += kept as u64;

        let before = self.end;
        let target = self.start + wanted.max(self.chunk);
        if self.bytes.len() < target {
            self.bytes.resize(target, 0);
        }
        let Some(input) = &mut self.input else { return Ok(false) };
        while self.end < target && !self.ended {
            match input.read(&mut self.bytes[self.end..target]) {
                Ok(0) => self.ended = true,
                Ok(length) => self.end = (self.end + length).min(target),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.end > before)
    }

    fn count_lines(&mut self, index: usize) {
        let Some(passed) = self.bytes.get(self.counted..index) else { return };
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        if let Some(newline) = memchr::memrchr(b'\n', passed) {
            self.line_start = self.offset + (self.counted + newline + 1) as u64;
        }
        self.counted = index;
    }
}

impl<R: Read> Read for Buffer<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end {
            self.refill(1)?;
        }
        let unread = self.unread();
        let length = unread.len().min(out.len());
        out[..length].copy_from_slice(&unread[..length]);
        self.consume(length);
        Ok(length)
    }
}
