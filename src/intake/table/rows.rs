//! Rows of cells, whatever file they stand in.

use std::io;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::intake::block::Block;

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::intake) enum Cell<'c> {
    /// Nothing, or blanks only.
    Empty,
    /// Text without blanks at its ends.
    Text(&'c str),
    /// A finite number.
    Number(f64),
    /// A number that is shown as a percentage: 0.85 for 85 %.
    Percent(f64),
    /// A number that is shown as money, with the code of the currency, or `$` where it is a dollar of some country.
    Money(f64, &'static str),
    /// Yes or no.
    Flag(bool),
    /// A calendar day.
    Date(NaiveDate),
    /// A formula whose result is an error, such as `#N/A`.
    Error(&'c str),
    /// Bytes that are not of the encoding.
    Garbled,
}

/// Rows of cells, one at a time. Blank rows are passed over.
pub(in crate::intake) trait Rows {
    /// Moves to the next row that is not blank; false where there is none.
    fn advance(&mut self) -> Result<bool, Broken>;

    /// The line or row at hand, from 1.
    fn line(&self) -> u64;

    /// How many cells the row at hand has, empty ones between others included.
    fn width(&self) -> usize;

    /// The cell of the row at hand in a column, from 0; empty beyond the width.
    fn cell(&self, column: usize) -> Cell<'_>;

    /// Whether rows that are shorter than others lack something; in a sheet they do not.
    fn is_ragged(&self) -> bool;

    /// The sheet, where the rows stand in a workbook.
    fn sheet(&self) -> Option<&Arc<str>>;

    /// The other sheets with cells that a person would see, where nobody said which one is to be read.
    fn other_sheets(&self) -> &[String] {
        &[]
    }

    /// What the header row's cells without text are part of, where cells are merged: the columns, from 0, of each merged cell.
    fn merged_headers(&mut self, header_line: u64) -> Vec<(usize, usize)>;

    /// Runs what reads the rows behind the one at hand in blocks of about so many bytes, where they can be cut into such; goes on behind
    /// those blocks.
    fn in_blocks(&mut self, _size: usize, _run: BlockRun<'_>) {}
}

/// Reads blocks, given the sign between cells and what cuts the next block, which uses the memory that it is given; gives back the
/// blocks that are not read.
pub(in crate::intake) type BlockRun<'r> =
    &'r mut dyn FnMut(u8, &mut (dyn FnMut(Vec<u8>) -> Option<Block> + Send)) -> Vec<Block>;

/// Why there are no further rows although the input has not ended well.
#[derive(Debug)]
pub(in crate::intake) enum Broken {
    /// Bytes that cannot be read.
    Input(io::Error),
    /// The file is not what it should be.
    Content {
        /// The line or row from which on nothing can be read; 0 where it is the whole file.
        line: u64,
        /// What was found; empty where `allowed` says it.
        found: String,
        /// What is allowed, as a clause.
        allowed: String,
    },
}
