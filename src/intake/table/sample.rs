//! What a table is like, before anybody has said what its columns are.

use std::borrow::Cow;

use super::column::as_text;
use super::header::MOST_TITLES;
use super::rows::{Broken, Cell, Rows};
use super::{described, text_of_header};
use crate::config::mapping::propose::{ColumnSample, TableSample};
use crate::intake::fault::EXPECTED_UTF8;

/// How many rows are looked at.
const ROWS: usize = 5000;
/// How many values of a column are kept from the beginning.
const VALUES: usize = 300;
/// Behind them the values of every row of so many are kept, since a table may be sorted by what tells its rows apart.
const SPREAD: usize = 50;
/// How many characters of a value are kept.
const LONGEST: usize = 200;

/// The headers of a table with some of its values. The first row with several cells is the header: titles stand alone in theirs.
pub(in crate::intake) fn sample<R: Rows>(rows: &mut R, name: &str) -> Result<TableSample, Broken> {
    let mut first: Option<(u64, Vec<String>)> = None;
    let mut header: Option<(u64, Vec<String>)> = None;
    for _ in 0..MOST_TITLES {
        if !rows.advance()? {
            break;
        }
        let line = rows.line();
        let text = |column| text_of(rows.cell(column), line).map(|text| text_of_header(&text));
        let cells = (0..rows.width()).map(text).collect::<Result<Vec<String>, Broken>>()?;
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
            let text = text_of(cell, rows.line())?;
            if column.values.len() < VALUES || count % SPREAD == 0 {
                column.values.push(text.chars().take(LONGEST).collect());
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

/// The text of a cell. Names and words that are lost would be proposed as they are not.
fn text_of(cell: Cell<'_>, line: u64) -> Result<Cow<'_, str>, Broken> {
    if cell == Cell::Garbled {
        return Err(Broken::Content { line, found: described(cell), allowed: EXPECTED_UTF8.to_owned() });
    }
    Ok(as_text(cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::table::CsvRows;

    fn sampled(text: &[u8]) -> Result<TableSample, Broken> {
        sample(&mut CsvRows::new(text, Some(b',')).expect("bytes in memory"), "t.csv")
    }

    #[test]
    fn bytes_that_are_no_utf8_are_no_sample() {
        for (text, expected) in
            [(&b"id,na\xefve\n1,2\n"[..], 1), (b"Stra\xdfe\nid,name\n1,2\n", 1), (b"id,name\n1,x\n2,Gr\xf6\xdfe\n", 3)]
        {
            match sampled(text) {
                Err(Broken::Content { line, found, allowed }) => {
                    assert_eq!(
                        (line, found.as_str(), allowed.as_str()),
                        (expected, "bytes that are no UTF-8", EXPECTED_UTF8)
                    );
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn values_are_kept_up_to_a_length() {
        for (length, kept) in [(199, 199), (200, 200), (201, 200), (1 << 20, 200)] {
            let text = format!("id,note\n1,{}\n", "ß".repeat(length));
            let sample = sampled(text.as_bytes()).expect("a table");
            assert_eq!(sample.columns[1].values, ["ß".repeat(kept)]);
            assert_eq!(sample.columns[1].filled, 1);
        }
    }
    #[test]
    fn values_from_all_of_the_rows_are_kept_those_of_one_row_together() {
        let rows = (0..6000).map(|row| format!("C-{},{}\n", row % 900, row / 900));
        let sample = sampled(format!("id,day\n{}", rows.collect::<String>()).as_bytes()).expect("a table");
        let [ids, days] = &sample.columns[..] else { panic!("two columns") };
        assert_eq!((ids.values.len(), days.values.len(), days.filled), (394, 394, ROWS));
        assert_eq!((ids.values[299].as_str(), days.values[299].as_str()), ("C-299", "0"));
        assert_eq!((ids.values[393].as_str(), days.values[393].as_str()), ("C-499", "5"));
    }
}
