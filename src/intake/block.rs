//! Blocks of an input: whole records that can be read apart from the others, and what came of that.

use super::ledger::{Currency, Keys};
use super::problem::Problems;
use super::sightings::Sightings;
use super::table::Columns;

/// So many bytes of the input, about, are read apart from the others: few enough to stay in a processor's own cache, and enough that
/// what is done once for each of them does not count.
pub(super) const BLOCK: usize = 256 << 10;

/// Whole records of an input, and where they stand in it.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The records from `start` to `end`; before them a piece of what stands there, behind them what separates them from the next
    /// block, up to `behind`, and perhaps more.
    pub bytes: Vec<u8>,
    pub start: usize,
    pub end: usize,
    pub behind: usize,
    /// The offset of the first of `bytes` in the input.
    pub offset: u64,
    /// The line in which the block starts, from 1, and the offset of its first byte.
    pub line: u64,
    pub line_start: u64,
}

/// What came of reading a block.
pub(super) enum Outcome {
    /// It was read to its end; its accounts are in the portion.
    Read(Box<Batch>),
    /// It cannot be read apart from the others.
    Unfit,
}

/// What is to be told of the records of a block, and to be checked against those before it.
#[derive(Debug)]
pub(super) struct Batch {
    /// How many records there were, and how many of them are left out.
    pub records: u64,
    pub invalid: u64,
    /// What is wrong with them; records are counted from 1 within the block.
    pub problems: Problems,
    /// A hash of what each record is known by, with the record's number within the block.
    pub keys: Vec<(u64, u32)>,
    /// The currency of the portfolio as far as the block tells.
    pub currency: Currency,
    /// Whether records of the block disagree about the currency, so that the message depends on what stands before it.
    pub disagrees: bool,
    pub sightings: Sightings,
    /// What the columns of a table have shown.
    pub columns: Option<Box<Columns>>,
}

impl Batch {
    /// Checks the keys against those of the records before, which are numbered up to `before`, and adds them; false where one was there
    /// already, and then none is added.
    pub fn note_keys(&self, known: &mut Keys, before: u64) -> bool {
        let first = known.len();
        for (hash, number) in &self.keys {
            if known.note_hash(*hash, before + u64::from(*number)).is_some() {
                known.truncate(first);
                return false;
            }
        }
        true
    }
}
