//! How much room the rows of a sheet take.

use unicode_width::UnicodeWidthChar;

use super::LAST_ROW;
use crate::report::document::Cell;
use crate::report::sheet::{Kind, Sheet};

/// What a column is at least and at most as wide as, in digits.
const WIDTHS: (usize, usize) = (8, 44);
/// The same of a column of sentences.
const PROSE_WIDTHS: (usize, usize) = (12, 70);
/// Room for the button of the filter, and for bold letters.
const FILTER: usize = 3;
/// What a cell takes beside its text, at most.
const CELL_BYTES: u64 = 48;
/// So many rows tell how wide the columns are and how long the rows.
const SAMPLE: usize = 2000;

/// What was measured of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Extent {
    /// How many rows there are.
    pub(super) rows: u64,
    /// How wide each column is to be, in digits.
    pub(super) widths: Vec<usize>,
    /// What a row takes on average, in bytes; rather too much than too little.
    pub(super) row_bytes: u64,
}

/// Measures a sheet by its first rows.
pub(super) fn measure(sheet: &Sheet<'_>) -> Extent {
    let bounds = |kind: Kind| if kind == Kind::Prose { PROSE_WIDTHS } else { WIDTHS };
    let mut widths: Vec<usize> = sheet.columns.iter().map(|column| title_width(&column.title)).collect();
    let (mut sampled, mut bytes) = (0, 0);
    for row in sheet.rows().take(SAMPLE) {
        sampled += 1;
        for ((cell, width), column) in row.iter().zip(&mut widths).zip(&sheet.columns) {
            let most = bounds(column.kind).1;
            bytes += CELL_BYTES;
            if let Cell::Text(text) | Cell::Toned(text, _) = cell {
                // Some characters are escaped.
                bytes += 2 * text.len() as u64;
            }
            if *width < most {
                *width = (*width).max(shown_width(cell, most));
            }
        }
    }
    for (width, column) in widths.iter_mut().zip(&sheet.columns) {
        let (least, most) = bounds(column.kind);
        *width = (*width).clamp(least, most);
    }
    Extent { rows: sheet.count(), widths, row_bytes: bytes / sampled.max(1) }
}

/// What a title needs, which may take two lines: its longest word, or half of it.
fn title_width(title: &str) -> usize {
    let width = |text: &str| text.chars().map(|letter| letter.width().unwrap_or(0)).sum::<usize>();
    let longest = title.split(' ').map(width).max().unwrap_or(0);
    longest.max(width(title).div_ceil(2) + 1) + FILTER + 1
}

/// What a cell needs, up to `most`.
fn shown_width(cell: &Cell, most: usize) -> usize {
    /// Digits with a sign, separators and a currency.
    fn grouped(number: f64) -> usize {
        let digits = format!("{:.0}", number.abs()).len();
        digits + (digits - 1) / 3 + 3
    }
    match cell {
        Cell::Empty | Cell::Bar(..) | Cell::Trend(_) | Cell::Sparkline(_) | Cell::Profile(_) => 0,
        Cell::Ordered(cell, _) => shown_width(cell, most),
        Cell::Text(text) | Cell::Toned(text, _) => {
            text.chars().take(most).map(|letter| letter.width().unwrap_or(0)).sum::<usize>() + 2
        }
        Cell::Score(_) | Cell::Share(_) => 7,
        Cell::Points(_) => 9,
        Cell::Number(number) => grouped(*number) + 3,
        Cell::Count(count) => grouped(*count as f64),
        Cell::Money(amount) => grouped(*amount) + 2,
        Cell::Date(_) => 11,
    }
}

impl Extent {
    /// How many sheets the rows need where each has room below `head` rows, and how many of the rows each holds; one at least.
    pub(super) fn parts(&self, head: u32) -> Vec<u32> {
        let room = LAST_ROW - head;
        let mut parts = Vec::new();
        let mut left = self.rows;
        loop {
            let part = u32::try_from(left).map_or(room, |left| left.min(room));
            parts.push(part);
            left -= u64::from(part);
            if left == 0 {
                return parts;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_do_not_fit_go_to_further_sheets() {
        for (rows, parts) in [
            (0, vec![0]),
            (1, vec![1]),
            (1_048_574, vec![1_048_574]),
            (1_048_575, vec![1_048_574, 1]),
            (2_200_000, vec![1_048_574, 1_048_574, 102_852]),
        ] {
            let extent = Extent { rows, widths: Vec::new(), row_bytes: 0 };
            assert_eq!(extent.parts(1), parts);
        }
    }

    #[test]
    fn cells_get_the_room_that_they_need() {
        for (cell, width) in [
            (Cell::Empty, 0),
            (Cell::from("Acme"), 6),
            (Cell::from("株式"), 6),
            (Cell::from("x".repeat(10_000)), 46),
            (Cell::Money(0.0), 6),
            (Cell::Money(-1_234_567.0), 14),
            (Cell::Count(999), 6),
            (Cell::Count(1000), 8),
            (Cell::Number(f64::MAX), 417),
            (Cell::Number(f64::NAN), 9),
        ] {
            let found = shown_width(&cell, 44);
            assert_eq!(found, width, "{cell:?}");
        }
    }
}
