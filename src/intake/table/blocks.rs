//! Reading the rows of a table in blocks, each apart from the others.

use std::io;
use std::mem;

use super::csv::CsvRows;
use super::number::Writing;
use super::plan::Plan;
use super::rows::Rows;
use super::{Stop, Table};
use crate::intake::Options;
use crate::intake::block::{Batch, Block, Outcome};
use crate::intake::desk::{Common, Desk};
use crate::intake::fields::Fields;
use crate::intake::outlet::{Portion, Verdict, read_blocks};

/// What the columns have shown in the rows of a block.
#[derive(Debug)]
pub(in crate::intake) struct Columns {
    /// How many rows there were.
    rows: u64,
    /// How the numbers of each column are written.
    writings: Vec<Writing>,
    /// Whether some row said whose it is.
    has_key: bool,
    /// Whether a cell stood under no header.
    is_nameless: bool,
    /// Whether rows have to be read with what stands around them: those without data, which may be the end of the table.
    is_cut: bool,
}

/// How the blocks of a table are read.
struct InBlock<'a, 'p, 'm> {
    fields: &'a Fields,
    options: &'a Options<'a>,
    common: Common,
    delimiter: u8,
    headers: &'p [String],
    plan: &'p Plan<'m>,
    gaps: &'p [usize],
}

impl InBlock<'_, '_, '_> {
    fn read(&self, block: &mut Block, portion: &mut dyn Portion) -> Outcome {
        // Lines that end with a carriage return alone are counted row by row.
        let bytes = &block.bytes[block.start..block.end];
        if memchr::memchr_iter(b'\r', bytes).any(|position| bytes.get(position + 1) != Some(&b'\n')) {
            return Outcome::Unfit;
        }
        let mut currency = self.common.currency.clone();
        let mut desk = Desk::of_block(self.fields, self.options, &self.common, &mut currency, portion);
        let mut rows = CsvRows::of_block(block, self.delimiter);
        let mut table = Table {
            headers: self.headers.to_vec(),
            plan: self.plan.clone(),
            gaps: self.gaps.to_vec(),
            is_block: true,
            ..Table::new(&mut rows, &mut desk, None)
        };
        let read = table.records();
        let columns = Columns {
            rows: table.row,
            writings: table.plan.all().map(|column| column.cells.writing().clone()).collect(),
            has_key: table.has_key,
            is_nameless: table.nameless > 0,
            is_cut: !table.footers.is_empty(),
        };
        rows.return_to(block);
        match read {
            Ok(()) => {
                let mut batch = desk.into_batch();
                batch.columns = Some(Box::new(columns));
                Outcome::Read(Box::new(batch))
            }
            Err(_) => Outcome::Unfit,
        }
    }
}

impl<R: Rows> Table<'_, '_, '_, '_, '_, R> {
    /// Reads rows in blocks as far as that goes.
    pub(super) fn blocks(&mut self) -> Result<(), Stop> {
        let Some((outlet, size)) = self.desk.outlet() else { return Ok(()) };
        let (headers, plan, gaps) = (self.headers.clone(), self.plan.clone(), self.gaps.clone());
        let (fields, options, common) = (self.desk.fields, self.desk.options, self.desk.common());
        // The rows of each block that is read again take the place of the whole table's.
        let mut block_rows = CsvRows::of_block(&mut Block::default(), b',');
        let mut table = Table::new(&mut block_rows, &mut *self.desk, self.rejects.take());
        (table.headers, table.plan) = (mem::take(&mut self.headers), mem::take(&mut self.plan));
        table.gaps = mem::take(&mut self.gaps);
        let mut read = Ok(());
        self.rows.in_blocks(size, &mut |delimiter, next| {
            let common = common.clone();
            let how = InBlock { fields, options, common, delimiter, headers: &headers, plan: &plan, gaps: &gaps };
            let left = read_blocks(outlet, next, &|block, portion| how.read(block, portion), |batch, block| {
                if table.merge(batch) {
                    return Ok(Verdict::HandOn);
                }
                table.again(block, delimiter).map(|()| Verdict::HandedOn)
            });
            left.unwrap_or_else(|error| {
                read = Err(error);
                Vec::new()
            })
        });
        let Table { headers, plan, gaps, footers, nameless, row, has_key, fed, rejects, .. } = table;
        (self.headers, self.plan, self.gaps, self.footers) = (headers, plan, gaps, footers);
        (self.nameless, self.row, self.has_key, self.fed, self.rejects) = (nameless, row, has_key, fed, rejects);
        read
    }

    /// Takes over what is to be told of the next block, where nothing in it depends on the rows before; whether it does so.
    fn merge(&mut self, mut batch: Batch) -> bool {
        let Some(columns) = batch.columns.take() else { return false };
        let Columns { rows, writings, has_key, is_nameless, is_cut } = *columns;
        let fits = !is_cut
            && self.footers.is_empty()
            && batch.problems.error_count() == 0
            && (self.nameless > 0 || !is_nameless)
            && self.plan.all_mut().zip(&writings).all(|(column, writing)| column.cells.join(writing))
            && self.desk.merge(batch, self.row);
        if fits {
            self.row += rows;
            self.has_key |= has_key;
        }
        fits
    }
}

impl Table<'_, '_, '_, '_, '_, CsvRows<io::Empty>> {
    /// Reads a block in which something depends on the rows before.
    fn again(&mut self, block: &mut Block, delimiter: u8) -> Result<(), Stop> {
        *self.rows = CsvRows::of_block(block, delimiter);
        let read = self.records();
        mem::replace(self.rows, CsvRows::of_block(&mut Block::default(), delimiter)).return_to(block);
        read
    }
}
