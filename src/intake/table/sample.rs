//! What a table is like, before anybody has said what its columns are.

use super::column::as_text;
use super::rows::{Broken, Cell, Rows};
use super::text_of_header;
use crate::config::mapping::propose::{ColumnSample, TableSample};

/// How many rows are looked at.
const ROWS: usize = 5000;
/// How many values of a column are kept.
const VALUES: usize = 300;
/// How many lines may stand before a header.
const MOST_TITLES: usize = 20;

/// The headers of a table with some of its values. The first row with several cells is the header: titles stand alone in theirs.
pub(in crate::intake) fn sample<R: Rows>(rows: &mut R, name: &str) -> Result<TableSample, Broken> {
    let mut first: Option<(u64, Vec<String>)> = None;
    let mut header: Option<(u64, Vec<String>)> = None;
    for _ in 0..MOST_TITLES {
        if !rows.advance()? {
            break;
        }
        let cells: Vec<String> = (0..rows.width()).map(|column| text_of_header(&as_text(rows.cell(column)))).collect();
        let line = rows.line();
        if cells.iter().filter(|cell| !cell.is_empty()).count() > 1 {
            header = Some((line, cells));
            break;
        }
        first.get_or_insert((line, cells));
    }
    let has_titles = header.is_some() && first.is_some();
    let Some((line, headers)) = header.or(first) else {
        return Err(Broken::Content {
            line: 0,
            found: "nothing".to_owned(),
            allowed: "expected a table with a header".to_owned(),
        });
    };
    let mut columns: Vec<ColumnSample> =
        headers.into_iter().map(|header| ColumnSample { header, ..ColumnSample::default() }).collect();
    let mut count = 0;
    while count < ROWS && rows.advance()? {
        count += 1;
        for (position, column) in columns.iter_mut().enumerate() {
            let cell = rows.cell(position);
            if cell == Cell::Empty {
                continue;
            }
            column.filled += 1;
            if column.values.len() < VALUES {
                column.values.push(as_text(cell).into_owned());
            }
        }
    }
    for column in &mut columns {
        column.rows = count;
    }
    Ok(TableSample {
        name: name.to_owned(),
        header_row: u32::try_from(line).ok().filter(|_| has_titles),
        columns,
        ..TableSample::default()
    })
}
